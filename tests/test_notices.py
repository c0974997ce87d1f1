"""Pages whose whole text says why there is none, in many languages, and short articles that tell of such things."""

# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from crawler.errors import REASONS, NoArticle
from crawler.extract import extract
from crawler.reading import read_page
from crawler.records import Article, Entry, Fetched, Page, Source
from crawler.verdicts import judge
from tests.short_pages import article_head

URL = "https://www.example.com/news/a"
SOURCE = Source("example", "The Example", "https://www.example.com/")
NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)

#: Each a heading and what stands below it.
MAINTENANCE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": (
        (
            "We'll be back soon",
            "Our website is currently undergoing scheduled maintenance. Thank you for your patience.",
        ),
        (
            "Site under maintenance",
            "Sorry, we are down for maintenance at the moment. Please check back in a few hours.",
        ),
        (
            "Northport Courier",
            "This site is temporarily unavailable. We are carrying out essential maintenance and will be back shortly.",
        ),
        ("Site under maintenance", "The Example is currently under maintenance. We should be back shortly."),
        ("Maintenance", "Briefly unavailable for scheduled maintenance. Check back in a minute."),
        ("Scheduled maintenance", "We apologise for the inconvenience. Please try again later."),
    ),
    "de": (
        ("Wartungsarbeiten", "Unsere Website wird derzeit gewartet. Bitte versuchen Sie es später noch einmal."),
        (
            "Wir sind gleich zurück",
            "Kurzzeitig wegen Wartungsarbeiten nicht verfügbar. Bitte versuchen Sie es in einer Minute erneut.",
        ),
        (
            "Bote",
            "Wegen geplanter Wartungsarbeiten ist unsere Seite vorübergehend nicht erreichbar. Vielen Dank für Ihr Verständnis.",
        ),
    ),
    "fr": (
        ("Site en maintenance", "Notre site est actuellement en maintenance. Merci de votre patience."),
        (
            "Nous revenons très vite",
            "Ce site est temporairement indisponible pour cause de maintenance. Veuillez nous excuser pour la gêne occasionnée.",
        ),
    ),
    "es": (
        ("Sitio en mantenimiento", "Nuestro sitio web está en mantenimiento. Disculpe las molestias."),
        ("Volvemos pronto", "Estamos realizando tareas de mantenimiento. Por favor, vuelva a intentarlo más tarde."),
    ),
    "pt": (
        ("Em manutenção", "O nosso site está em manutenção. Pedimos desculpa pelo incómodo."),
        ("Voltaremos em breve", "Estamos realizando uma manutenção programada. Obrigado pela paciência."),
    ),
    "it": (
        ("Sito in manutenzione", "Il sito è attualmente in manutenzione. Ci scusiamo per il disagio."),
        ("Torniamo presto", "Stiamo effettuando lavori di manutenzione. La preghiamo di riprovare più tardi."),
    ),
    "nl": (
        ("Onderhoud", "Deze website is momenteel in onderhoud. Bedankt voor uw geduld."),
        ("We zijn zo terug", "Wij voeren gepland onderhoud uit. Probeer het later nog eens."),
    ),
    "pl": (
        ("Przerwa techniczna", "Trwają prace konserwacyjne. Przepraszamy za utrudnienia."),
        (
            "Zaraz wracamy",
            "Nasza strona jest chwilowo niedostępna z powodu prac technicznych. Dziękujemy za cierpliwość.",
        ),
    ),
    "ru": (
        ("Сайт на техническом обслуживании", "Приносим извинения за неудобства. Попробуйте зайти позже."),
        ("Технические работы", "На сайте проводятся технические работы. Мы скоро вернёмся."),
    ),
    "uk": (
        ("Сайт на технічному обслуговуванні", "Перепрошуємо за незручності. Спробуйте пізніше."),
        ("Технічні роботи", "На сайті проводяться технічні роботи. Незабаром повернемося."),
    ),
    "ar": (
        ("الموقع تحت الصيانة", "الموقع قيد الصيانة حاليا. نشكركم على صبركم ونعتذر عن الإزعاج."),
        ("سنعود قريبا", "نقوم حاليا بأعمال الصيانة. يرجى المحاولة لاحقا."),
    ),
    "fa": (
        (
            "سایت در دست تعمیر است",
            "وب سایت ما در حال به‌روزرسانی است. لطفا بعدا دوباره سر بزنید. از شکیبایی شما سپاسگزاریم.",
        ),
    ),
    "tr": (
        ("Bakım çalışması", "Sitemiz şu anda bakımda. Anlayışınız için teşekkür ederiz."),
        (
            "Kısa süre sonra döneceğiz",
            "Planlı bakım çalışması nedeniyle hizmet veremiyoruz. Lütfen daha sonra tekrar deneyin.",
        ),
    ),
    "zh": (
        ("网站维护中", "本站正在进行系统维护，给您带来不便，敬请谅解。请稍后再访问。"),
        ("系統維護", "網站目前正在維護，請稍後再試。造成不便，敬請見諒。"),
    ),
    "ja": (
        (
            "システムメンテナンス中",
            "ただいまシステムメンテナンスを実施しております。ご不便をおかけして申し訳ございません。しばらくお待ちください。",
        ),
        ("メンテナンスのお知らせ", "当サイトは現在メンテナンス中です。終了後に改めてアクセスしてください。"),
    ),
    "ko": (
        ("시스템 점검 중", "현재 서비스 점검 중입니다. 이용에 불편을 드려 죄송합니다. 잠시 후 다시 시도해 주세요."),
    ),
    "sv": (("Underhåll pågår", "Vår webbplats är nere för underhåll. Tack för ditt tålamod."),),
    "da": (("Vedligeholdelse", "Vores hjemmeside er nede på grund af vedligeholdelse. Prøv venligst igen senere."),),
    "cs": (("Údržba webu", "Probíhá plánovaná údržba. Omlouváme se za potíže, zkuste to prosím později."),),
    "hu": (("Karbantartás", "Az oldal jelenleg karbantartás alatt áll. Köszönjük türelmét!"),),
    "el": (("Εργασίες συντήρησης", "Η ιστοσελίδα μας βρίσκεται υπό συντήρηση. Ευχαριστούμε για την υπομονή σας."),),
    "he": (("האתר בתחזוקה", "האתר נמצא כעת בתחזוקה. תודה על הסבלנות."),),
    "vi": (("Bảo trì hệ thống", "Website đang được bảo trì. Vui lòng quay lại sau. Cảm ơn bạn."),),
    "id": (("Pemeliharaan sistem", "Situs kami sedang dalam pemeliharaan. Silakan coba lagi nanti. Terima kasih."),),
    "th": (("ปิดปรับปรุงระบบ", "เว็บไซต์อยู่ระหว่างการปรับปรุง ขออภัยในความไม่สะดวก"),),
    "hi": (("रखरखाव जारी", "हमारी वेबसाइट रखरखाव के लिए बंद है। कृपया बाद में पुनः प्रयास करें।"),),
}

REGION: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("Harbour plan approved", "This content is not available in your region."),
        (
            "451: Unavailable due to legal reasons",
            "We recognize you are attempting to access this website from a country belonging to the European Economic Area (EEA) including the EU which enforces the General Data Protection Regulation (GDPR) and therefore access cannot be granted at this time. For any issues, contact news@courier.example or call 555-0100.",
        ),
        (
            "Northport Courier",
            "Unfortunately, our website is currently unavailable in most European countries. We are engaged on the issue and committed to looking at options that support our full range of digital offerings to the EU market.",
        ),
        ("Courier", "Sorry, this article is not available in your country due to licensing restrictions."),
        (
            "Unavailable for legal reasons",
            "Due to the General Data Protection Regulation our site cannot be shown to readers in the European Union. We apologise for the inconvenience.",
        ),
    ),
    "de": (
        ("Hafen", "Dieser Inhalt ist in Ihrem Land leider nicht verfügbar."),
        ("Bote", "Aus rechtlichen Gründen können wir Ihnen diese Seite in Ihrem Land nicht zeigen."),
    ),
    "fr": (
        ("Le port", "Ce contenu n'est pas disponible dans votre pays."),
        (
            "Indisponible pour raisons légales",
            "Cette page n'est pas accessible dans votre région. Veuillez nous excuser.",
        ),
    ),
    "es": (
        ("El puerto", "Este contenido no está disponible en tu país."),
        ("No disponible por motivos legales", "Lo sentimos, esta página no está disponible en su región."),
    ),
    "pt": (("O porto", "Este conteúdo não está disponível no seu país."),),
    "it": (("Il porto", "Questo contenuto non è disponibile nel tuo paese."),),
    "nl": (("De haven", "Deze inhoud is niet beschikbaar in uw land."),),
    "pl": (("Port", "Ta treść nie jest dostępna w Twoim kraju."),),
    "ru": (
        ("Порт", "Материал недоступен в вашем регионе."),
        ("Порт", "Доступ к ресурсу ограничен. Извините за неудобства."),
        ("Порт", "К сожалению, этот контент заблокирован в вашей стране."),
    ),
    "uk": (("Порт", "Цей матеріал недоступний у вашому регіоні."),),
    "ar": (("الميناء", "هذا المحتوى غير متاح في بلدك."),),
    "fa": (("بندر", "این محتوا در کشور شما در دسترس نیست."),),
    "tr": (("Liman", "Bu içerik bulunduğunuz ülkede kullanılamıyor."),),
    "zh": (("港口", "此内容在您所在的地区不可用。"), ("港口", "抱歉，您所在的国家或地区无法访问本站。")),
    "ja": (("港", "このコンテンツはお住まいの地域ではご利用いただけません。"),),
    "ko": (("항구", "이 콘텐츠는 현재 국가에서 이용할 수 없습니다."),),
    "sv": (("Hamnen", "Det här innehållet är inte tillgängligt i din region."),),
    "cs": (("Přístav", "Tento obsah není dostupný ve vaší zemi."),),
    "he": (("הנמל", "התוכן אינו זמין באזור שלך."),),
    "vi": (("Cảng", "Nội dung này hiện không khả dụng ở quốc gia của bạn."),),
    "id": (("Pelabuhan", "Konten ini tidak tersedia di negara Anda."),),
    "hi": (("बंदरगाह", "यह सामग्री आपके देश में उपलब्ध नहीं है।"),),
}

#: Ad blockers, old browsers.
BLOCKED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("Harbour plan approved", "Please disable your ad blocker to continue. Advertising pays for our journalism."),
        (
            "Ad blocker detected",
            "It looks like you are using an ad blocker. Please whitelist our site and reload the page.",
        ),
        ("Courier", "Your browser is out of date. Please update your browser to view this site."),
    ),
    "de": (
        ("Hafen", "Bitte deaktivieren Sie Ihren Adblocker, um fortzufahren."),
        ("Bote", "Ihr Browser ist leider veraltet. Bitte aktualisieren Sie ihn."),
    ),
    "fr": (
        ("Le port", "Veuillez désactiver votre bloqueur de publicité pour continuer."),
        ("Gazette", "Votre navigateur est obsolète. Veuillez le mettre à jour."),
    ),
    "es": (
        ("El puerto", "Por favor, desactiva tu bloqueador de anuncios para continuar."),
        ("Diario", "Tu navegador está obsoleto. Por favor, actualízalo."),
    ),
    "pt": (("O porto", "Por favor, desative o seu bloqueador de anúncios para continuar."),),
    "it": (
        ("Il porto", "Per favore disattiva l'adblock per continuare."),
        ("Voce", "Il tuo browser non è supportato. Aggiorna il browser, per favore."),
    ),
    "nl": (("De haven", "Schakel uw adblocker uit om verder te gaan."),),
    "pl": (("Port", "Prosimy wyłącz blokowanie reklam, aby kontynuować."),),
    "ru": (
        ("Порт", "Пожалуйста, отключите блокировщик рекламы, чтобы продолжить."),
        ("Курьер", "Ваш браузер устарел. Пожалуйста, обновите его."),
    ),
    "uk": (("Порт", "Будь ласка, вимкніть блокувальник реклами, щоб продовжити."),),
    "ar": (
        ("الميناء", "يرجى تعطيل مانع الإعلانات للمتابعة."),
        ("الصحيفة", "متصفحك قديم. يرجى تحديثه."),
    ),
    "fa": (("بندر", "لطفا مسدودکننده تبلیغات خود را غیرفعال کنید."),),
    "tr": (("Liman", "Lütfen reklam engelleyicinizi kapatın."),),
    "zh": (
        ("港口", "请关闭广告拦截插件后继续访问。"),
        ("日报", "您的浏览器版本过低，请升级后访问。"),
    ),
    "ja": (
        ("港", "広告ブロックを無効にしてください。"),
        ("新聞", "お使いのブラウザは古いため、サポートされていません。最新版をご利用ください。"),
    ),
    "ko": (("항구", "광고 차단 프로그램을 해제해 주세요."),),
}

#: Logins and doors, which a declared article may tell of.
DOORS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("Courier", "You must be logged in to view this page. Don't have an account yet? Please contact the desk."),
        ("Access denied", "You don't have permission to access this page. Reference #18.2d3c"),
        (
            "Courier",
            "Your IP address has been blocked. If you believe this is an error, contact support@courier.example.",
        ),
    ),
    "de": (
        ("Bote", "Sie müssen angemeldet sein, um diese Seite zu sehen."),
        ("Zugriff verweigert", "Ihre Anfrage wurde blockiert. Bitte kontaktieren Sie uns."),
    ),
    "fr": (
        ("Gazette", "Vous devez être connecté pour voir cette page."),
        ("Accès refusé", "Votre adresse IP a été bloquée. Contactez-nous."),
    ),
    "es": (("Acceso denegado", "Su solicitud ha sido bloqueada. Contacte con nosotros."),),
    "pt": (("Acesso negado", "Acesso negado. Entre em contato com o suporte."),),
    "it": (("Accesso negato", "Accesso negato. Contattaci per assistenza."),),
    "nl": (("Toegang geweigerd", "Toegang geweigerd. Neem contact met ons op."),),
    "pl": (("Dostęp zabroniony", "Odmowa dostępu. Skontaktuj się z nami: kontakt@kurier.example."),),
    "ru": (
        ("Курьер", "Вам необходимо авторизоваться, чтобы увидеть эту страницу."),
        ("Доступ запрещён", "Доступ запрещён. Обратитесь в службу поддержки."),
    ),
    "uk": (("Доступ заборонено", "Доступ заборонено. Зверніться до підтримки."),),
    "ar": (("تم رفض الوصول", "تم رفض الوصول. يرجى الاتصال بنا."),),
    "tr": (("Erişim engellendi", "Erişiminiz engellendi. Lütfen iletişime geçin."),),
    "zh": (
        ("访问被拒绝", "您没有权限访问此页面。"),
        ("日报", "您需要登录才能查看此页面。"),
    ),
    "ja": (("アクセスが拒否されました", "このページの閲覧にはログインが必要です。"),),
    "ko": (("접근 거부", "접근이 차단되었습니다. 관리자에게 문의하세요."),),
}

SCRIPTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("Courier", "You need to enable JavaScript to run this app."),
        (
            "Courier",
            "We're sorry but quay2-front doesn't work properly without JavaScript enabled. Please enable it to continue.",
        ),
        ("Courier", "This site requires JavaScript. Please enable it in your browser settings and reload the page."),
    ),
    "de": (("Bote", "Bitte aktivieren Sie JavaScript, um diese Seite zu nutzen."),),
    "fr": (("Gazette", "Veuillez activer JavaScript pour afficher cette page."),),
    "es": (("Diario", "Por favor, active JavaScript para ver esta página."),),
    "pt": (("Folha", "Por favor, ative o JavaScript para continuar."),),
    "it": (("Voce", "Per favore abilita JavaScript per continuare."),),
    "pl": (("Kurier", "Prosimy włączyć JavaScript w przeglądarce."), ("Kurier", "Nasza strona wymaga JavaScript.")),
    "ru": (("Курьер", "Пожалуйста, включите JavaScript в вашем браузере."),),
    "uk": (("Кур'єр", "Будь ласка, увімкніть JavaScript."),),
    "ar": (("الصحيفة", "يرجى تفعيل جافا سكريبت لعرض هذه الصفحة."),),
    "tr": (("Gazete", "Lütfen JavaScript'i etkinleştirin."),),
    "zh": (("日报", "请启用JavaScript以继续访问。"),),
    "ja": (("新聞", "このサイトを利用するにはJavaScriptを有効にしてください。"),),
    "ko": (("신문", "이 사이트를 이용하려면 자바스크립트를 활성화해 주세요."),),
}

PAUSES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("Too many requests", "You have exceeded the rate limit. Please try again later."),
        ("429", "Too many requests. Please slow down and try again in a few minutes."),
    ),
    "de": (("Bote", "Zu viele Anfragen. Bitte versuchen Sie es später erneut."),),
    "fr": (("Gazette", "Trop de requêtes. Veuillez réessayer plus tard."),),
    "es": (("Diario", "Demasiadas solicitudes. Por favor, inténtelo más tarde."),),
    "pt": (("Folha", "Muitas solicitações. Tente novamente mais tarde."),),
    "it": (("Voce", "Troppe richieste. Riprova più tardi."),),
    "nl": (("Krant", "Te veel verzoeken. Probeer het later opnieuw."),),
    "pl": (("Kurier", "Zbyt wiele żądań. Spróbuj ponownie później."),),
    "ru": (("Курьер", "Слишком много запросов. Попробуйте позже."),),
    "uk": (("Кур'єр", "Забагато запитів. Спробуйте пізніше."),),
    "ar": (("الصحيفة", "لقد تجاوزت عدد الطلبات المسموح به. يرجى المحاولة لاحقا."),),
    "fa": (("روزنامه", "درخواست‌های بیش از حد. لطفا بعدا دوباره تلاش کنید."),),
    "tr": (("Gazete", "Çok fazla istek gönderdiniz. Lütfen daha sonra tekrar deneyin."),),
    "zh": (("日报", "您的访问过于频繁，请稍后再试。"),),
    "ja": (("新聞", "リクエストが多すぎます。しばらくしてから再度お試しください。"),),
    "ko": (("신문", "요청이 너무 많습니다. 잠시 후 다시 시도해 주세요."),),
}

NOTICES = {
    "maintenance": MAINTENANCE,
    "region": REGION,
    "blocked": {lang: BLOCKED.get(lang, ()) + DOORS.get(lang, ()) for lang in {**BLOCKED, **DOORS}},
    "needs javascript": SCRIPTS,
    "too many requests": PAUSES,
}
#: Short articles that tell of such things.
NEWS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": (
        (
            "City website down for maintenance",
            "The city's website is down for maintenance. Residents of Northport cannot pay their bills there.",
        ),
        ("Bridge closed", "The old bridge is closed for maintenance. Drivers take the ferry instead."),
        (
            "Observers shut out",
            "Access denied to observers of the vote in Northport has led to protests at the harbour.",
        ),
        (
            "Court blocks film",
            "The film is not available in Northland since a court forbade it. Its makers go to a higher court.",
        ),
        (
            "Ad blockers win in court",
            "Publishers may not forbid ad blockers, a court in Northport has ruled. The case began with a line that read “Please disable your ad blocker to continue”.",
        ),
        (
            "Browser maker stops support",
            "Your browser is out of date, the old one of Northsoft will say from May. The firm ends its support.",
        ),
        ("Cookie law passes", "Parliament passed the cookie law. It takes effect in spring."),
        ("Ferry service suspended", "The ferry service is suspended for maintenance until Friday. Buses run instead."),
        (
            "Servers overloaded",
            "Too many requests at once broke the tax office's servers. Forms may be handed in a day later.",
        ),
        (
            "Paper shut out",
            "“This content is not available in your region”: Readers of the Courier saw nothing else for a day. The paper blames a switch.",
        ),
        ("We'll be back soon, says band", "The band of Northport plays again in May. Tickets are sold from today."),
    ),
    "de": (
        (
            "Rathaus-Seite gestört",
            "Die Internetseite des Rathauses ist wegen Wartungsarbeiten nicht erreichbar. Anträge nimmt das Bürgerbüro an.",
        ),
        ("Prozess vertagt", "Aus rechtlichen Gründen wird der Prozess nicht fortgesetzt."),
        ("Brücke gesperrt", "Wartungsarbeiten an der Brücke dauern bis Mai. Die Fähre fährt öfter."),
    ),
    "fr": (
        ("Le pont fermé", "Le pont est fermé pour maintenance. Les bacs passent toutes les heures."),
        ("Justice", "Pour des raisons légales, le maire n'a pas assisté au vote."),
    ),
    "es": (
        ("Puente cerrado", "El puente está cerrado por mantenimiento. Los transbordadores salen cada hora."),
        ("Justicia", "Por motivos legales, el alcalde no asistió a la votación."),
    ),
    "ru": (
        ("Сайт мэрии недоступен", "Сайт мэрии недоступен из-за технических работ. Заявления принимают в ратуше."),
        ("Мост закрыт", "На мосту проводятся технические работы. Паром ходит чаще."),
        ("Доступ к архиву", "Доступ к архиву города ограничен по решению суда. Историки подали жалобу."),
    ),
    "zh": (
        ("大桥维护", "北港大桥正在维护，车辆改走渡轮。工程预计五月完成。"),
        ("案件延期", "因法律原因，被告周一无法到北港法院出庭作证。"),
    ),
    "ja": (
        ("橋を点検", "北港橋は現在点検中で、車両はフェリーに回っている。工事は五月に終わる。"),
        ("裁判延期", "法的理由により、被告は北港の裁判所に出廷できない。"),
    ),
    "ar": (("إغلاق الجسر", "الجسر مغلق لأعمال الصيانة. وتعمل العبارات كل ساعة."),),
}


def _cases(table: Mapping[str, tuple[tuple[str, str], ...]]) -> list[tuple[str, str, str]]:
    return [(lang, *page) for lang, pages in table.items() for page in pages]


def plain(lang: str, title: str, text: str) -> bytes:
    """Write a page that shows nothing else."""
    return (
        f"<!DOCTYPE html><html lang='{lang}'><head><meta charset='utf-8'><title>{title}</title></head><body><div class='box'>"
        f"<h1>{title}</h1><p>{text}</p></div></body></html>"
    ).encode()


def framed(lang: str, title: str, text: str) -> bytes:
    """Write a page of an outlet that declares an article and shows something in its place."""
    links = "".join(f"<li><a href='/s/{at}'>Section {at}</a></li>" for at in range(9))
    return (
        f"<!DOCTYPE html><html lang='{lang}'><head><meta charset='utf-8'><title>{title} | Northport Courier</title>"
        f"{article_head(title)}</head><body><header><nav><ul>{links}</ul></nav></header><main><article><h1>{title}</h1>"
        f"<div class='article-body'><p>{text}</p></div></article></main><footer><p>© Northport Courier</p></footer></body></html>"
    ).encode()


def read(body: bytes) -> Article:
    return extract(Fetched(URL, URL, body, "text/html"), SOURCE)


def refused(body: bytes) -> NoArticle:
    with pytest.raises(NoArticle) as caught:
        read_page(Fetched(URL, URL, body, "text/html"), SOURCE, frozenset())
    return caught.value


@pytest.mark.parametrize("lang", sorted({lang for table in NOTICES.values() for lang in table}))
def test_a_page_that_says_nothing_but_why_it_shows_no_text_is_none(lang: str) -> None:
    told = [
        (reason, title, text, str(refused(make(lang, title, text)).reason))
        for reason, table in NOTICES.items()
        for title, text in table.get(lang, ())
        for make in ((plain,) if (title, text) in DOORS.get(lang, ()) else (plain, framed))
    ]

    assert [] == [each for each in told if each[0] != each[3]]


@pytest.mark.parametrize("lang", NEWS)
def test_news_of_such_things_is_kept_however_short(lang: str) -> None:
    for title, text in NEWS[lang]:
        told = f"{text} {text}" if lang in ("zh", "ja") else f"{text} The mayor stays at home."
        for make in (plain, framed):
            assert told in read(make(lang, title, told)).text
        assert text.split(". ")[-1] in read(framed(lang, title, text)).text


@pytest.mark.parametrize("table", NOTICES.values(), ids=NOTICES)
def test_news_that_shows_such_a_notice_is_kept(table: Mapping[str, tuple[tuple[str, str], ...]]) -> None:
    told = "The harbour council of Northport has bought a second ferry. It sails from May."
    for at, (lang, pages) in enumerate(table.items()):
        title, text = pages[0]
        shown = f"“{title}”: “{text}”" if at % 2 else text

        assert told in read(framed(lang, "Northport buys a ferry", f"{told}</p><p>{shown}")).text


def test_what_a_notice_says_at_length_is_one_and_a_long_text_is_none() -> None:
    title, text = MAINTENANCE["en"][0]
    told = "Workers count the stones of mill {} and write them down in a book that nobody has read since then. "
    long = "".join(told.format(at) for at in range(12))

    assert "maintenance" == refused(plain("en", title, f"{text} We are working hard to bring our site back.")).reason
    assert long.strip() in read(plain("en", title, f"{text}</p><p>{long}")).text


@pytest.mark.parametrize("reason", ["maintenance", "region", "too many requests"])
def test_a_notice_that_passes_is_asked_about_again_in_time(reason: str) -> None:
    page = Page(1, URL, "example", "www.example.com", attempts=1, entry=Entry(URL, "Harbour plan approved"))
    verdict = judge(page, reason, "", until=None, now=NOW, tries=3)
    waits = timedelta(minutes=5) if reason == "too many requests" else timedelta(hours=1)

    assert ("retry", NOW + waits) == (verdict.act, verdict.at)
    assert reason in REASONS


@pytest.mark.parametrize("reason", ["maintenance", "region", "blocked", "needs javascript"])
def test_of_a_page_that_never_shows_its_text_the_entry_is_kept(reason: str) -> None:
    page = Page(1, URL, "example", "www.example.com", attempts=3, entry=Entry(URL, "Harbour plan approved"))

    assert "entry" == judge(page, reason, "", until=None, now=NOW, tries=3).act
