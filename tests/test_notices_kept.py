"""Short texts with the words of notices that are none: how to log in somewhere, lists of works, news of bridges."""

# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Mapping

import pytest

from crawler.extract.telling import reports
from tests.test_notices import framed, plain, read

#: Each a title and the lines below it.
Texts = Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]

SERVICE: Texts = {
    "en": (
        (
            "How to read your meter",
            (
                "You can read your meter at home, and you need no key.",
                "Please log in to view your bill on the water board's portal.",
                "You may also contact the desk on 555-0100.",
            ),
        ),
        (
            "Voting by post",
            (
                "You must be logged in to vote for the harbour queen.",
                "Please have your card ready.",
                "If you need help, contact the town hall.",
            ),
        ),
        (
            "Word of the week",
            (
                "You do not have permission to access: five small words.",
                "They tell your story, too, if you have ever tried to reach an office.",
            ),
        ),
    ),
    "de": (
        (
            "Grippeimpfung im Rathaus",
            (
                "Bitte melden Sie sich telefonisch unter 555123 an.",
                "Ihre Hausärztin berät Sie gern, Kontakt ist das Rathaus.",
            ),
        ),
        (
            "Bitte anmelden",
            (
                "Bitte anmelden: Für den Ausflug nach Nordhafen gibt es noch 12 Plätze.",
                "Kontakt ist das Jugendamt der Stadt Nordhafen.",
            ),
        ),
    ),
    "fr": (
        (
            "Repas de Noël",
            (
                "Vous devez être inscrit pour participer au repas de Noël des anciens.",
                "Contactez la mairie de Port-Nord au 555 01 02.",
            ),
        ),
    ),
    "es": (
        (
            "Cita previa en Puerto Norte",
            (
                "Debes iniciar sesión en la sede electrónica para pedir cita con el médico.",
                "Contacta con el ayuntamiento si tienes dudas.",
            ),
        ),
    ),
    "it": (
        (
            "Iscrizioni alla mensa",
            (
                "È necessario effettuare il login con Spid per iscrivere i figli alla mensa.",
                "Contatti presso la segreteria della scuola.",
            ),
        ),
    ),
    "pt": (
        (
            "Matrículas abertas",
            (
                "É preciso fazer login no portal da escola para renovar a matrícula.",
                "Contato pelo telefone da secretaria.",
            ),
        ),
    ),
    "nl": (
        (
            "Stemmen in Noordhaven",
            (
                "U moet ingelogd zijn met uw pas om een stembiljet aan te vragen.",
                "Neem contact op met de gemeente Noordhaven.",
            ),
        ),
    ),
    "pl": (
        (
            "Karta mieszkańca",
            (
                "Musisz się zalogować profilem miejskim, aby złożyć wniosek o kartę.",
                "Kontakt prowadzi urząd miasta Nowy Port.",
            ),
        ),
    ),
    "ru": (
        (
            "Запись в кружки",
            (
                "Необходимо авторизоваться на портале города, чтобы записать ребёнка в кружок.",
                "Обратитесь в школу, если возникнут вопросы.",
            ),
        ),
    ),
    "uk": (
        (
            "Запис до гуртків",
            (
                "Необхідно авторизуватися на порталі міста, щоб записати дитину до гуртка.",
                "Зверніться до школи, якщо виникнуть питання.",
            ),
        ),
    ),
    "ar": (
        (
            "تسجيل الطلاب",
            (
                "يجب تسجيل الدخول إلى منصة المدرسة قبل الخامس من مايو لتسجيل الطلاب.",
                "تواصل مع إدارة المدرسة في الميناء الشمالي.",
            ),
        ),
    ),
    "tr": (
        (
            "Aşı randevusu",
            (
                "Görüntülemek için belediye sistemine giriş yapmanız gerekiyor, randevu oradan alınır.",
                "Randevu daha sonra iptal edilebilir.",
            ),
        ),
    ),
    "zh": (
        (
            "社保查询指南",
            (
                "请登录北港社保平台查看个人缴费记录和养老金权益，本月底以前可以打印证明。",
                "如有疑问请联系北港社保中心，窗口每天开放到下午五点，市民可提前预约办理。",
            ),
        ),
    ),
    "ko": (
        (
            "지원금 신청 안내",
            (
                "로그인이 필요합니다.",
                "북항 지원금은 5일부터 신청할 수 있으며 문의는 구청으로 하면 됩니다. 신청서는 구청 창구에서도 받을 수 있습니다.",
            ),
        ),
    ),
}
LISTS: Texts = {
    "en": (
        (
            "Planned maintenance",
            ("Mill Road: 3 May, 9am to 5pm", "Quay Lane: 4 May, 8am to 2pm", "Old Bridge estate: 5 May, all day"),
        ),
        (
            "Planned maintenance – power cuts this week",
            ("Mill Road: 3 May, 9am to 5pm", "Quay Lane: 4 May, 8am to 2pm", "Old Bridge estate: 5 May, all day"),
        ),
        (
            "Back soon",
            (
                "The tide went out and left its shoes",
                "upon the stone beside the door",
                "and every gull has heard the news",
                "that nobody comes home before",
            ),
        ),
    ),
    "de": (
        (
            "Wartungsarbeiten",
            (
                "Mühlenweg: 3. Mai, 9 bis 17 Uhr kein Strom",
                "Kaigasse: 4. Mai, 8 bis 14 Uhr kein Strom",
                "Altbrück: 5. Mai, ganztägig kein Wasser",
            ),
        ),
    ),
    "ru": (
        (
            "Технические работы",
            (
                "улица Мельничная, дома 1–25: 3 мая с 9 до 17",
                "Портовый переулок: 4 мая с 8 до 14",
                "улица Садовая: 5 мая, весь день",
            ),
        ),
    ),
    "es": (
        (
            "Mantenimiento",
            (
                "Calle del Molino: 3 de mayo, de 9 a 17",
                "Calle del Puerto: 4 de mayo, de 8 a 14",
                "Barrio Viejo: 5 de mayo, todo el día",
            ),
        ),
    ),
    "tr": (
        (
            "Planlı bakım çalışması",
            (
                "Değirmen Sokağı: 3 Mayıs, 09.00-17.00",
                "Liman Caddesi: 4 Mayıs, 08.00-14.00",
                "Eski Köprü: 5 Mayıs, tüm gün",
            ),
        ),
    ),
}
WORKS: Texts = {
    "ja": (
        (
            "北港大橋、夜間通行止め",
            (
                "メンテナンス作業のため、北港大橋は5日夜から通行止めになり、車両は渡し船に回る見通しとなっている。",
                "ご迷惑をかけると橋の管理者。",
            ),
        ),
        (
            "北港原発が停止",
            (
                "保守点検のため北港原発3号機が停止した。",
                "電力会社は改めて再稼働の時期を示す方針で、地元の町には今月中にも説明するという。",
            ),
        ),
    ),
    "ar": (
        (
            "صيانة الجسر",
            ("أعمال الصيانة تغلق جسر الميناء الشمالي حتى الخامس من مايو.", "وتتواصل الأعمال لاحقا على الضفة الأخرى."),
        ),
    ),
    "cs": (
        (
            "Odstávka elektrárny",
            ("Probíhá plánovaná odstávka elektrárny Severní Přístav.", "Blok se vrátí k síti později, než se čekalo."),
        ),
    ),
    "fa": (
        (
            "پیام‌رسان مسدود شد",
            ("دسترسی به پیام‌رسان بندر مسدود شد.", "کاربران منتظرند که بعدا باز شود و شکایت کرده‌اند."),
        ),
    ),
    "fr": (
        (
            "Géoblocage",
            (
                "Cette vidéo n'est pas disponible dans votre pays : le géoblocage sera interdit.",
                "Port-Nord veut une règle plus tard dans l'année.",
            ),
        ),
    ),
    "ru": (
        (
            "Доступ ограничен",
            (
                "Доступ к сайту заблокирован по решению суда.",
                "Речь идёт о портале «Порт», издание обещает скоро обжаловать.",
            ),
        ),
    ),
    "zh": (
        (
            "三家网站被关闭",
            (
                "网站关闭。",
                "北港网信办尽快公布名单，给您带来的影响由运营方承担，三家公司还要向用户退还今年的全部会费。",
            ),
        ),
    ),
    "vi": (
        (
            "Bảo trì trang tra cứu",
            (
                "Website đang được bảo trì, sở giáo dục Cảng Bắc tra cứu điểm sau.",
                "Thí sinh kiên nhẫn chờ ở cổng trường.",
            ),
        ),
    ),
}
TOLD: Texts = {
    "en": (
        (
            "Ads pay for papers",
            ("Please disable your ad blocker, publishers ask readers in a joint campaign.", "Ads pay for journalism."),
        ),
        (
            "Old browsers",
            (
                "Your browser is out of date if you use version 7, the cyber agency warns.",
                "Update to a newer browser today.",
            ),
        ),
        (
            "Script needed",
            (
                "Please enable JavaScript is all that blind users hear on the state's new site.",
                "The browser maker promises an update.",
            ),
        ),
        (
            "Chat down",
            (
                "You are being rate limited, thousands of users read this morning.",
                "The maker is working to fix the incident.",
            ),
        ),
    ),
    "de": (
        (
            "Werbung zahlt Zeitungen",
            (
                "Bitte deaktivieren Sie Ihren Werbeblocker, bitten die Verlage in einer Kampagne.",
                "Werbung bezahlt den Lokalteil.",
            ),
        ),
    ),
    "fr": (
        (
            "La pub paie la presse",
            (
                "Veuillez désactiver votre bloqueur de publicité, demandent les éditeurs aux lecteurs.",
                "La publicité paie les journalistes de Port-Nord.",
            ),
        ),
    ),
    "es": (
        (
            "La publicidad paga",
            (
                "Por favor, desactiva tu bloqueador de anuncios, piden los editores en una campaña.",
                "La publicidad paga a los periodistas locales.",
            ),
        ),
    ),
    "it": (
        (
            "La pubblicità paga",
            (
                "Per favore disattiva l'adblock, chiedono gli editori ai lettori.",
                "La pubblicità paga i giornalisti di Porto Nord.",
            ),
        ),
    ),
    "ru": (
        (
            "Реклама кормит газеты",
            (
                "Пожалуйста, отключите блокировщик рекламы, просят издатели своих читателей.",
                "Реклама оплачивает работу журналистов.",
            ),
        ),
    ),
}

#: Beside the sentence of a notice stand others with words that such pages have, too.
BESIDE: Texts = {
    "en": (
        (
            "Trams stand still",
            (
                "This site is temporarily unavailable.",
                "We are working on the tram tracks near the harbour and will open a new stop there.",
            ),
        ),
    ),
    "de": (
        (
            "Warten auf Nachricht",
            (
                "Unsere Website wird derzeit gewartet.",
                "Der Bürgermeister bittet alle um Geduld, seit Freitag fehlt ein Bescheid.",
            ),
        ),
    ),
    "zh": (
        (
            "北港大桥",
            ("本站正在进行系统维护。", "我们将尽快公布北港大桥的通车时间并请市民提前规划出行路线和换乘方式。"),
        ),
    ),
    "ru": (
        (
            "Музей закрыт",
            (
                "Сайт временно недоступен.",
                "Мы скоро расскажем о судьбе музея и его картин, которые годами не видел никто в городе.",
            ),
        ),
    ),
}
#: Said by somebody in the present, beside what would make a notice of it.
NOW: Texts = {
    "en": (
        (
            "Site goes dark",
            ("Our site is currently undergoing maintenance, warns the library.", "Please try again later."),
        ),
    ),
    "de": (
        (
            "Seite dunkel",
            (
                "Diese Seite ist vorübergehend nicht erreichbar, warnt die Bücherei.",
                "Bitte versuchen Sie es später noch einmal.",
            ),
        ),
    ),
    "fr": (
        ("Site fermé", ("Notre site est actuellement en maintenance, avertit la mairie.", "Merci de votre patience.")),
    ),
    "es": (
        (
            "Sitio cerrado",
            ("Nuestro sitio web está en mantenimiento, advierte la biblioteca.", "Disculpe las molestias."),
        ),
    ),
    "it": (
        (
            "Sito chiuso",
            ("Il sito è attualmente in manutenzione, avverte la biblioteca.", "Ci scusiamo per il disagio."),
        ),
    ),
    "nl": (
        (
            "Site dicht",
            ("Deze website is momenteel in onderhoud, waarschuwt de bibliotheek.", "Bedankt voor uw geduld."),
        ),
    ),
    "pl": (
        (
            "Strona zamknięta",
            (
                "Nasza strona jest chwilowo niedostępna z powodu prac technicznych, ostrzega biblioteka.",
                "Dziękujemy za cierpliwość.",
            ),
        ),
    ),
    "ru": (
        (
            "Сайт закрыт",
            ("На сайте проводятся технические работы, предупреждает библиотека.", "Приносим извинения за неудобства."),
        ),
    ),
    "tr": (("Site kapalı", ("Sitemiz şu anda bakımda diye uyarıyor kütüphane.", "Anlayışınız için teşekkür ederiz.")),),
    "ja": (
        (
            "サイト停止",
            (
                "当サイトは現在メンテナンス中ですと呼びかけた。",
                "終了後に改めてアクセスしてください。市立図書館の案内。",
            ),
        ),
    ),
}


def _cases(*tables: Texts) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(lang, *text) for table in tables for lang, texts in table.items() for text in texts]


@pytest.mark.parametrize(("lang", "title", "lines"), _cases(SERVICE, LISTS, WORKS, TOLD, BESIDE, NOW))
def test_a_text_with_words_of_notices_is_kept(lang: str, title: str, lines: tuple[str, ...]) -> None:
    for make in (plain, framed):
        text = read(make(lang, title, "</p><p>".join(lines))).text

        assert [] == [line for line in lines if line not in text]


def test_a_declared_article_is_never_dropped_for_a_login() -> None:
    line = "You must be logged in to view this page. Please contact us if you have no account yet."

    assert line in read(framed("en", "Harbour plan approved", line)).text


@pytest.mark.parametrize("lang", NOW)
def test_a_sentence_told_in_the_present_tells_who_said_it(lang: str) -> None:
    assert all(reports(lines[0]) for _, lines in NOW[lang])
