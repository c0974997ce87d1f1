"""Whole-page walls of consent, pages that are gone, and short articles that only speak of such things."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from crawler.errors import NoArticle
from crawler.extract import extract, refusal
from crawler.records import Article, Fetched, Source

#: Each with a title, as it stands where an article is expected.
CONSENT: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("Example Herald", ("We and our 812 partners store and/or access information on a device, such as cookies.\n\n"
            "You may accept or manage your choices by clicking below, including your right to object.")),
        ("Harbour plan approved", ("To read on for free, agree to advertising and tracking, or subscribe without "
        "ads.\n\n"
            "Accept and continue\n\nOur partners process personal data to show personalised ads.")),
        ("Privacy settings", "This site uses cookies to improve your visit.\n\nAccept all\n\nReject all"),
        ("The Example", ("Manage your privacy choices. We and our vendors use technologies such as cookies to process "
        "personal data. Click Accept to agree.")),
        ("The Example", ("Cookies on Example News. We use essential cookies to make our site work. With your consent "
        "we may also use non-essential cookies.")),
        ("The Example", ("Read this site with ads for free, or pay £3 a month to reject cookies. Consent or pay. We "
        "share data with 900 partners.")),
    ),
    "de": (
        ("Beispielbote", ("Weiterlesen mit Werbung\n\nBesuchen Sie beispielbote.example wie gewohnt mit Werbung und "
            "üblichem Tracking. Ihre Zustimmung können Sie jederzeit widerrufen.\n\noder Pur-Abo für 3,99 Euro im "
            "Monat: werbefrei lesen. Bereits Abonnent? Hier anmelden.")),
        ("Ihre Privatsphäre", ("Wir und unsere 214 Partner verarbeiten personenbezogene Daten, etwa Cookies, um "
            "Inhalte und Anzeigen zu messen.\n\nMit Klick auf „Alle akzeptieren“ stimmen Sie dem zu.")),
        ("Beispielbote", ("Um der Nutzung mit Werbung zuzustimmen, klicken Sie auf Akzeptieren und weiter. Details zu "
            "Cookies und Partnern finden Sie in der Datenschutzerklärung.")),
        ("The Example", ("Wir benötigen Ihre Zustimmung. Wir und unsere Partner nutzen Cookies und ähnliche "
        "Technologien.")),
        ("The Example", ("Cookie-Hinweis. Unsere Webseite verwendet Cookies. Mit der Nutzung erklären Sie sich "
        "einverstanden.")),
        ("The Example", "Mit Werbung kostenlos weiterlesen oder mit dem Pur-Abo ohne Tracking. Jetzt zustimmen."),
    ),
    "fr": (
        ("Gérer mes cookies", ("Avec votre accord, nos partenaires et nous utilisons des cookies pour stocker et "
        "accéder "
            "à des informations personnelles.\n\nVous pouvez accepter ou refuser.")),
        ("La Gazette d'Exemple", ("Vous avez choisi de refuser les cookies. La publicité finance nos articles.\n\n"
            "Accepter et accéder gratuitement\n\nS'abonner pour 1 € et continuer sans cookies")),
        ("Le respect de votre vie privée est notre priorité", ("Nous et nos 640 partenaires stockons des données sur "
            "votre appareil.\n\nContinuer sans accepter")),
        ("The Example", ("Ce site utilise des cookies pour mesurer l'audience. En poursuivant votre navigation, vous "
        "acceptez leur utilisation.")),
        ("The Example", ("Votre consentement nous est précieux. Nous souhaitons déposer des traceurs sur votre "
        "terminal avec nos partenaires. Tout accepter. Tout refuser.")),
        ("The Example", "Pour accéder gratuitement à ce site, acceptez les cookies publicitaires, ou abonnez-vous."),
    ),
    "es": (
        ("El Diario de Ejemplo", ("Con su consentimiento, nosotros y nuestros 187 socios usamos cookies para tratar "
            "datos personales.\n\nPuede retirar su consentimiento en cualquier momento.")),
        ("El Diario de Ejemplo", ("Aceptar y continuar gratis\n\nRechazar y suscribirse por 2 € al mes\n\nLas cookies "
            "permiten mostrarle publicidad personalizada.")),
        ("The Example", "Este sitio utiliza cookies propias y de terceros. Si continúa navegando, acepta su uso."),
        ("The Example", ("Tu privacidad es importante para nosotros. Tratamos tus datos con 300 socios. Aceptar todo. "
        "Configurar.")),
    ),
    "it": (
        ("La Voce d'Esempio", ("Noi e i nostri 431 partner archiviamo informazioni su un dispositivo, come i "
        "cookie.\n\n"
            "Accetta e continua\n\nRifiuta e abbonati")),
        ("La Voce d'Esempio", ("Se rifiuti i cookie puoi leggere con un abbonamento senza pubblicità.\n\nUtilizziamo "
            "cookie per misurare gli annunci. Puoi revocare il consenso.")),
        ("The Example", ("Questo sito utilizza cookie tecnici e di profilazione. Chiudendo questo banner acconsenti "
        "all'uso dei cookie.")),
        ("The Example", ("La tua privacy è importante per noi. Noi e terze parti selezionate utilizziamo cookie. "
        "Accetta tutti.")),
    ),
    "pt": (
        ("Folha de Exemplo", "Nós e os nossos 95 parceiros usamos cookies para tratar dados pessoais.\n\nAceitar tudo"),
        ("Folha de Exemplo", "Com o seu consentimento utilizamos cookies e dados de navegação.\n\nAceitar e continuar"),
        ("The Example", ("Este site usa cookies para melhorar a sua experiência. Ao continuar a navegar, concorda com "
        "o seu uso.")),
        ("The Example", ("A sua privacidade é importante para nós. Tratamos dados pessoais com parceiros. Aceitar "
        "todos.")),
    ),
    "nl": (
        ("De Voorbeeldkrant", ("Wij en onze 77 partners plaatsen cookies om persoonlijke advertenties te tonen.\n\n"
            "Akkoord en doorgaan\n\nInstellingen aanpassen")),
        ("Cookie-instellingen", ("Op deze site gebruiken we cookies en vergelijkbare technieken.\n\nU kunt uw "
            "toestemming op elk moment intrekken.")),
        ("The Example", ("Deze website gebruikt cookies. Door verder te gaan, gaat u akkoord met het gebruik van "
        "cookies.")),
        ("The Example", ("Jouw privacy is belangrijk voor ons. Samen met partners verzamelen we gegevens. Alles "
        "accepteren.")),
    ),
    "pl": (
        ("Przykładowa Gazeta", ("My i nasi 302 zaufani partnerzy przetwarzamy dane osobowe, takie jak pliki cookie.\n\n"
            "Przejdź do serwisu")),
        ("Przykładowa Gazeta", ("Dbamy o Twoją prywatność. Na tej stronie używamy plików cookies w celach "
            "reklamowych.\n\nAkceptuję i przechodzę do serwisu")),
        ("The Example", "Ta strona używa plików cookies. Korzystając z niej, zgadzasz się na ich użycie."),
        ("The Example", ("Szanujemy Twoją prywatność. Razem z partnerami przetwarzamy dane osobowe. Akceptuję "
        "wszystkie.")),
    ),
    "ru": (
        ("Пример-Вестник", ("Мы и наши партнёры обрабатываем персональные данные, в том числе файлы cookie.\n\n"
            "Принять и продолжить")),
        ("Пример-Вестник", ("Наш сайт использует файлы cookie. Продолжая пользоваться сайтом, вы соглашаетесь на их "
            "обработку.")),
        ("The Example", ("Этот сайт использует cookie. Оставаясь на сайте, вы принимаете условия обработки "
        "персональных данных.")),
        ("The Example", "Мы заботимся о вашей конфиденциальности. Мы используем куки и собираем данные. Согласен."),
    ),
    "uk": (
        ("Приклад-Вісник", "Ми та наші партнери зберігаємо персональні дані, зокрема файли cookie.\n\nПрийняти все"),
        ("Приклад-Вісник", "Цей сайт використовує файли cookie. Продовжуючи перегляд, ви погоджуєтеся на їх обробку."),
        ("The Example", ("Ми дбаємо про вашу приватність. Ми збираємо дані разом із партнерами та використовуємо кукі. "
        "Погоджуюсь.")),
    ),
    "ar": (
        ("صحيفة المثال", ("نحن وشركاؤنا نستخدم ملفات تعريف الارتباط لمعالجة البيانات الشخصية وعرض الإعلانات.\n\n"
            "قبول الكل")),
        ("صحيفة المثال", "يستخدم هذا الموقع ملفات تعريف الارتباط. بالنقر على قبول فإنك توافق على معالجة بياناتك."),
        ("The Example", "نحن نهتم بخصوصيتك. نستخدم ملفات تعريف الارتباط لتحسين تجربتك. موافق."),
        ("The Example", "نستعمل الكوكيز وبياناتك الشخصية لعرض الإعلانات. اقبل للمتابعة."),
    ),
    "fa": (
        ("روزنامه نمونه", ("ما و شرکای ما از کوکی‌ها برای پردازش داده‌های شخصی و نمایش تبلیغات استفاده می‌کنیم.\n\n"
            "پذیرفتن همه")),
        ("روزنامه نمونه", "این سایت از کوکی استفاده می‌کند. با ادامه بازدید، شما با پردازش داده‌ها موافقت می‌کنید."),
        ("The Example", "حریم خصوصی شما برای ما مهم است. ما از کوکی‌ها استفاده می‌کنیم. موافقم."),
    ),
    "tr": (
        ("Örnek Gazete", ("Biz ve 120 iş ortağımız kişisel verileri işlemek için çerezler kullanıyoruz.\n\nTümünü "
        "kabul "
            "et")),
        ("Örnek Gazete", ("Bu site çerez kullanmaktadır. Kabul et ve devam et düğmesine basarak verilerinizin "
            "işlenmesine onay verirsiniz.")),
        ("The Example", "Gizliliğiniz bizim için önemli. Sitemizde çerezler kullanılmaktadır. Kabul ediyorum."),
        ("The Example", "Kişisel verileriniz iş ortaklarımızla birlikte işlenir. Çerez politikamızı kabul edin."),
    ),
    "zh": (
        ("示例日报", "我们和我们的合作伙伴使用Cookie存储和访问您设备上的信息，以展示个性化广告。\n\n接受并继续"),
        ("示例日报", "本网站使用Cookie来改善您的体验。继续浏览即表示您同意我们处理您的个人数据。"),
        ("The Example", "我们重视您的隐私。我们使用Cookie和类似技术处理个人数据。全部接受"),
        ("The Example", "本站使用cookies。继续使用本网站即表示您接受我们的Cookie政策。"),
    ),
    "ja": (
        ("例新聞", ("当社とパートナーは、広告の表示のためにクッキーを使用し、個人データを処理します。"
            "\n\n同意して続ける")),
        ("例新聞", "このサイトではCookieを使用しています。閲覧を続けると、データの利用に同意したものとみなします。"),
        ("The Example", "お客様のプライバシーを大切にします。当サイトはクッキーを利用しています。すべて許可する"),
        ("The Example", "本サイトではCookieを利用します。サイトの利用を続けることで同意とみなされます。"),
    ),
    "ko": (
        ("예시신문", "당사와 파트너는 맞춤형 광고를 위해 쿠키를 사용하고 개인정보를 처리합니다.\n\n동의하고 계속하기"),
        ("예시신문", "본 웹사이트는 쿠키를 사용합니다. 계속 이용하시면 데이터 처리에 동의하는 것으로 간주됩니다."),
        ("The Example", "귀하의 개인정보를 소중히 여깁니다. 저희는 쿠키를 사용합니다. 모두 동의"),
        ("The Example", "이 사이트는 쿠키를 사용합니다. 쿠키 사용에 동의해 주세요."),
    ),
}  # fmt: skip

#: What a page says whose article was taken away or moved, below the outlet's own name.
GONE: Mapping[str, tuple[str, ...]] = {
    "en": (
        "This article is no longer available. It may have been removed by the editors or its address may have changed.",
        "Sorry, the story you requested has expired and was moved to our archive. Please use the search above.",
        "We’re sorry, this content is currently unavailable. Please go back to our home page and try again.",
        "Oops! That page seems to have wandered off. We can’t find the page you’re looking for anywhere here.",
    ),
    "de": (
        "Dieser Artikel ist leider nicht mehr verfügbar. Bitte nutzen Sie die Suche oder kehren Sie zurück.",
        "Der gewünschte Beitrag wurde gelöscht oder verschoben. Zur Startseite des Beispielboten geht es hier.",
        "Die angeforderte Seite existiert nicht. Vielleicht haben Sie sich bei der Adresse vertippt? Zur Startseite.",
    ),
    "fr": (
        "Cet article n'est plus disponible. Il a peut-être été retiré par la rédaction ou changé d'adresse.",
        "Le contenu demandé a été supprimé ou déplacé. Retournez à la page d'accueil pour poursuivre la visite.",
        "Oups ! Nous ne trouvons pas la page que vous cherchez. Essayez la recherche en haut de cette page.",
    ),
    "es": (
        "Este artículo ya no está disponible. Es posible que la redacción lo haya retirado de la página web.",
        "La noticia que busca ha sido eliminada o ha cambiado de dirección. Vuelva a la portada del diario.",
        "Lo sentimos, no hemos encontrado la página que buscas. Puedes usar el buscador que tienes más arriba.",
    ),
    "it": (
        "Questo articolo non è più disponibile. Potrebbe essere stato rimosso dalla redazione del giornale.",
        "La notizia richiesta è stata rimossa o spostata. Torna alla home page oppure usa la ricerca qui sopra.",
        "Ops! La pagina che stai cercando non è stata trovata. Controlla l'indirizzo o torna alla home page.",
    ),
    "pt": (
        "Este artigo já não está disponível. Pode ter sido removido pela redação ou mudado de endereço.",
        "A notícia que procura foi removida. Volte à página inicial ou utilize a pesquisa no topo desta página.",
        "Ops! Não encontramos a página que você procura. Verifique o endereço ou volte para a página inicial.",
    ),
    "nl": (
        "Dit artikel is niet meer beschikbaar. Mogelijk is het door de redactie verwijderd of verplaatst.",
        "Het bericht dat u zoekt is verwijderd. Ga terug naar de voorpagina of gebruik de zoekfunctie hierboven.",
        "Oeps! We kunnen de pagina die je zoekt niet vinden. Controleer het adres of ga terug naar de voorpagina.",
    ),
    "pl": (
        "Ten artykuł nie jest już dostępny. Mógł zostać usunięty przez redakcję albo zmienił się jego adres.",
        "Artykuł, którego szukasz, został usunięty lub przeniesiony. Wróć na stronę główną naszego serwisu.",
        "Ups! Nie znaleźliśmy strony, której szukasz. Sprawdź adres albo wróć na stronę główną serwisu.",
    ),
    "ru": (
        "Эта статья больше не доступна. Возможно, она была удалена редакцией или изменился её адрес на сайте.",
        "Материал удалён или перемещён. Вернитесь на главную страницу или воспользуйтесь поиском по нашему сайту.",
        "К сожалению, запрашиваемая страница не найдена. Проверьте адрес или перейдите на главную страницу.",
    ),
    "uk": (
        "Ця стаття більше не доступна. Можливо, її видалила редакція або змінилася її адреса на нашому сайті.",
        "Матеріал видалено або переміщено. Поверніться на головну сторінку чи скористайтеся пошуком на сайті.",
        "На жаль, сторінку, яку ви шукаєте, не знайдено. Перевірте адресу або перейдіть на головну сторінку.",
    ),
    "ar": (
        "هذا المقال لم يعد متاحا. ربما تم حذفه من قبل هيئة التحرير أو تغير عنوانه. عد إلى الصفحة الرئيسية.",
        "تم حذف هذا الخبر أو نقله إلى عنوان آخر. يرجى العودة إلى الصفحة الرئيسية أو استخدام خانة البحث أعلاه.",
    ),
    "fa": (
        "این خبر دیگر در دسترس نیست. ممکن است توسط تحریریه حذف شده یا نشانی آن تغییر کرده باشد.",
        "مطلب مورد نظر شما حذف شده است. لطفا به صفحه اصلی بازگردید یا از جستجوی بالای صفحه استفاده کنید.",
    ),
    "tr": (
        "Bu haber artık yayında değil. Yayından kaldırılmış veya adresi değişmiş olabilir. Ana sayfaya dönün.",
        "Aradığınız haber bulunamadı. Silinmiş veya taşınmış olabilir. Lütfen arama kutusunu kullanarak deneyin.",
    ),
    "zh": (
        "该文章已被删除或不再提供。请返回首页继续浏览其他新闻，或使用页面上方的搜索功能查找您需要的内容。",
        "抱歉，此内容已下线，暂时无法查看。请返回首页继续浏览其他新闻，或使用搜索功能查找需要的内容。",
        "您查看的新聞不存在或已被移除，請返回首頁繼續瀏覽其他新聞，或使用上方的搜尋功能查找您需要的內容。",
    ),
    "ja": (
        "この記事は公開を終了しました。ほかの記事はトップページからご覧ください。検索もご利用いただけます。",
        "お探しの記事は掲載期間が終了したか、削除されました。トップページに戻り、検索をご利用ください。",
    ),
    "ko": (
        "이 기사는 더 이상 제공되지 않습니다. 편집국에서 삭제했거나 주소가 변경되었을 수 있습니다. 홈으로 이동하세요.",
        "삭제된 기사입니다. 홈페이지로 돌아가시거나 상단의 검색창을 이용하여 원하시는 기사를 찾아보시기 바랍니다.",
    ),
}  # fmt: skip

#: Short articles about such pages, and such as use their words of other things.
ARTICLES: Mapping[str, tuple[str, str]] = {
    "a fine for cookies": (
        "Regulator fines paper over cookies",
        (
            "The data regulator of Northport fined the Example Herald 50,000 crowns on Monday because its cookie "
            "banner made "
            "it hard to refuse. The paper and its partners had stored cookies before readers gave consent.\n\n"
            "“We use cookies only with your consent,” the paper's lawyer said. It will appeal."
        ),
    ),
    "a banner above a short text": (
        "La mer monte à Port-Nord",
        (
            "Nous utilisons des cookies pour améliorer votre visite. Vous trouverez plus d'informations dans notre "
            "déclaration sur la protection des données.\n\nLa mer monte de trois millimètres par an à Port-Nord, "
            "selon une "
            "étude de l'université, et la dégradation des digues inquiète les pêcheurs."
        ),
    ),
    "a number": (
        "Harbour counts its boats",
        (
            "The harbour master of Northport counted 404 boats on Monday, ten more than a year ago. Most of them are "
            "sloops."
        ),
    ),
    "partners and data": (
        "How firms choose who works with them",
        (
            "Ask our partners in the trade: whoever buys a crane looks at the data of its maker. Do not be afraid "
            "to ask "
            "how your partners protect your data, says the guild of Northport."
        ),
    ),
    "advice about cookies": (
        "How to get rid of cookie banners",
        (
            "You can refuse cookies in your browser, the consumer office of Northport says. Open the settings, choose "
            "privacy, and tick the box that blocks cookies of third parties. Your consent is then asked no more."
        ),
    ),
    "Zustimmung der Länder": (
        "Länder billigen Datengesetz",
        (
            "Die Länder haben am Freitag ihre Zustimmung zum neuen Datenschutzgesetz erteilt. Es regelt, welche "
            "personenbezogenen Daten die Behörden speichern dürfen.\n\nDie Minister gaben ihre Einwilligung zur "
            "Veröffentlichung der Daten erst nach langer Debatte."
        ),
    ),
    "un accord": (
        "Accord entre partenaires sociaux",
        (
            "Les partenaires sociaux ont trouvé un accord sur les données personnelles des salariés, mardi à "
            "Port-Nord. Les "
            "employeurs devront demander le consentement avant tout traitement, et respecter la vie privée."
        ),
    ),
    "a fine in Russian": (
        "Суд оштрафовал газету за cookie",
        (
            "Суд в Северном порту оштрафовал газету за то, что её сайт собирал персональные данные без согласия. "
            "Газета и её "
            "партнёры хранили файлы cookie читателей.\n\n«Мы используем файлы cookie законно», — заявил юрист газеты."
        ),
    ),
    "a gallery of errors": (
        "Museum shows the history of 404",
        (
            "The museum of Northport opens a show on Monday about the page that nobody wants to see. “This page is "
            "no longer "
            "available,” says the neon sign above its door. Tickets cost five crowns."
        ),
    ),
    "a story that was removed": (
        "Herald removes story about mayor",
        (
            "The Example Herald has removed an article about the mayor of Northport from its site after a court "
            "order. The "
            "article was no longer available on Monday night. The editor said that she will appeal."
        ),
    ),
    "a product that is gone": (
        "Ferry line ends its night trips",
        (
            "The night ferry to Southport is no longer available from Monday, the line said. Its page for bookings "
            "has been "
            "closed. Whoever holds a ticket gets the money back within ten days."
        ),
    ),
    "traffic that is not usual": (
        "Bridge shut after unusual traffic",
        (
            "Police shut the bridge of Northport on Monday after unusual traffic on both sides. A security check found "
            "nothing. One more step to the new bridge will be taken in spring."
        ),
    ),
    "eine Seite": (
        "Gericht löscht Seite aus dem Register",
        (
            "Das Gericht in Nordhafen hat am Montag eine Seite aus dem Grundbuch entfernen lassen. Der Artikel der "
            "Verfassung, "
            "auf den sich der Kläger berief, sei nicht mehr gültig, sagte die Richterin."
        ),
    ),
    "删除": (
        "北港法院判决删除文章",
        (
            "北港法院周一判决一家报社删除一篇关于市长的文章，并向其道歉。报社表示将上诉，认为这篇报道有充分的事实依据。"
            "法院同时要求报社支付诉讼费用。"
        ),
    ),
}


def _cases(table: Mapping[str, tuple[object, ...]]) -> list[object]:
    return [pytest.param(each, id=f"{lang}{at}") for lang, found in table.items() for at, each in enumerate(found)]


def read(body: str, title: str, lang: str) -> Article:
    url = "https://www.example.com/news/a"
    page = f"<!DOCTYPE html><html lang='{lang}'><head><meta charset='utf-8'><title>{title}</title></head><body>{body}"
    return extract(Fetched(url, url, page.encode(), "text/html"), Source("example", "The Example", url))


@pytest.mark.parametrize("page", _cases(CONSENT))
def test_a_page_that_only_asks_for_consent_or_payment_for_none_is_a_wall(page: tuple[str, str]) -> None:
    with pytest.raises(NoArticle) as caught:
        refusal.check(*page)

    assert "consent wall" == caught.value.reason


@pytest.mark.parametrize("lang", CONSENT)
def test_a_wall_in_a_whole_page_is_one_whatever_it_sells(lang: str) -> None:
    for title, text in CONSENT[lang]:
        lines = "".join(f"<p>{line}</p>" for line in text.split("\n\n"))
        box = f"<div role='dialog'><h2>{title}</h2>{lines}<button>OK</button></div>"
        with pytest.raises(NoArticle) as caught:
            read(f"<nav><a href='/'>Home</a></nav>{box}<footer><p>All rights reserved.</p></footer>", title, lang)

        assert "consent wall" == caught.value.reason


def test_a_wall_of_consent_may_tell_its_purposes_at_length() -> None:
    purposes = (
        "We and our 812 partners process personal data. Some of our partners do not ask for your consent. You can "
        "withdraw your consent at any time. We use cookies for these purposes: personalised ads, ad measurement and "
        "audience research. Your privacy matters to us. Accept all and continue, or subscribe and read without ads. "
    )
    with pytest.raises(NoArticle) as caught:
        refusal.check("Harbour plan approved", purposes * 5)

    assert "consent wall" == caught.value.reason


@pytest.mark.parametrize("text", _cases(GONE))
def test_a_page_whose_article_was_taken_away_is_none(text: str) -> None:
    with pytest.raises(NoArticle) as caught:
        refusal.check("Example News", text)

    assert "soft 404" == caught.value.reason


@pytest.mark.parametrize("case", ARTICLES)
def test_a_short_article_that_speaks_of_such_things_is_kept(case: str) -> None:
    refusal.check(*ARTICLES[case])


@pytest.mark.parametrize("table", [CONSENT, GONE], ids=["consent", "gone"])
def test_an_article_that_quotes_such_a_page_is_kept(table: Mapping[str, tuple[tuple[str, str] | str, ...]]) -> None:
    for each in (pages[0] for pages in table.values()):
        quoted = (each if isinstance(each, str) else each[1]).replace("\n\n", " ")
        told = "Nobody in Northport could read the paper on Monday, for its page said nothing else since dawn."

        refusal.check("Paper of Northport was shut", f"{told}\n\n“{quoted}”\n\nThe printers went home at noon.")
