"""Invented pages that say little: news of a sentence or two among the boxes of their sites, and pages without any."""

# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tongue:
    """What a site says in one language."""

    headline: str
    sentences: tuple[str, str]
    #: A box that asks for consent; one for a letter; what stands below a stub.
    cookies: tuple[str, ...]
    letter: tuple[str, str]
    login: tuple[str, str]
    gone: tuple[str, str]
    section: str
    found: str


TONGUES = {
    "en": Tongue(
        "Ferry runs aground off Northport",
        ("A ferry ran aground off Northport.", "Nobody was hurt, the coast guard said on Monday."),
        ("We and our 842 partners store and access information on a device, such as unique identifiers in cookies.", "You may accept or manage your choices at any time by clicking below.", "Accept all", "Manage settings"),
        ("Morning letter", "Sign up for our daily newsletter and get the news in your inbox."),
        ("Subscribe to continue reading.", "Already a subscriber? Log in."),
        ("Page not found", "We can't find the page you're looking for."),
        "Politics", "8 results for “harbour”",
    ),
    "de": Tongue(
        "Fähre läuft vor Nordhafen auf Grund",
        ("Eine Fähre ist vor Nordhafen auf Grund gelaufen.", "Verletzt wurde laut Küstenwache niemand."),
        ("Wir und unsere 214 Partner verarbeiten personenbezogene Daten, etwa Cookies, um Inhalte und Anzeigen zu messen.", "Ihre Zustimmung können Sie jederzeit widerrufen.", "Alle akzeptieren", "Einstellungen"),
        ("Newsletter", "Melden Sie sich jetzt für unseren Newsletter an."),
        ("Jetzt abonnieren und weiterlesen.", "Bereits Abonnent? Hier anmelden."),
        ("Seite nicht gefunden", "Die angeforderte Seite existiert nicht."),
        "Politik", "8 Treffer für „Hafen“",
    ),
    "fr": Tongue(
        "Un ferry s'échoue au large de Port-Nord",
        ("Un ferry s'est échoué au large de Port-Nord.", "Il n'y a pas de blessés, selon la préfecture maritime."),
        ("Nous et nos 640 partenaires utilisons des cookies pour stocker et accéder à des informations personnelles.", "Vous pouvez accepter ou refuser à tout moment.", "Tout accepter", "Continuer sans accepter"),
        ("La lettre du matin", "Inscrivez-vous gratuitement à notre newsletter."),
        ("Abonnez-vous pour lire la suite.", "Déjà abonné ? Connectez-vous."),
        ("Page introuvable", "Nous ne trouvons pas la page que vous cherchez."),
        "Politique", "8 résultats pour « port »",
    ),
    "es": Tongue(
        "Un ferri encalla frente a Puerto Norte",
        ("Un ferri encalló frente a Puerto Norte.", "No hubo heridos, informó la guardia costera."),
        ("Nosotros y nuestros 187 socios usamos cookies para tratar datos personales en su dispositivo.", "Puede retirar su consentimiento en cualquier momento.", "Aceptar todo", "Configurar"),
        ("Boletín", "Suscríbete gratis a nuestro boletín diario."),
        ("Suscríbete para seguir leyendo.", "¿Ya eres suscriptor? Inicia sesión."),
        ("Página no encontrada", "No hemos encontrado la página que buscas."),
        "Política", "8 resultados para «puerto»",
    ),
    "ru": Tongue(
        "Паром сел на мель",
        ("Паром сел на мель у Северного порта.", "Никто не пострадал, сообщила береговая охрана."),
        ("Мы и наши партнёры обрабатываем персональные данные, в том числе файлы cookie, чтобы показывать рекламу.", "Продолжая пользоваться сайтом, вы соглашаетесь на их обработку.", "Принять все", "Настройки cookie"),
        ("Рассылка", "Подпишитесь на нашу рассылку, чтобы получать новости."),
        ("Войдите или оформите подписку, чтобы читать дальше.", "Статья доступна только подписчикам."),
        ("Страница не найдена", "К сожалению, запрашиваемая страница не найдена."),
        "Политика", "Найдено 8 материалов: «порт»",
    ),
    "ar": Tongue(
        "جنوح عبارة قبالة ميناء الشمال",
        ("جنحت عبارة ركاب قبالة ميناء الشمال صباح اليوم.", "ولم يصب أحد بأذى بحسب خفر السواحل."),
        ("نحن وشركاؤنا نستخدم ملفات تعريف الارتباط لمعالجة البيانات الشخصية وعرض الإعلانات.", "بالنقر على قبول فإنك توافق على معالجة بياناتك.", "قبول الكل", "إعدادات الخصوصية"),
        ("النشرة", "اشترك في نشرتنا اليومية لتصلك الأخبار."),
        ("سجل الدخول لمتابعة القراءة.", "هذا المحتوى متاح للمشتركين فقط."),
        ("الصفحة غير موجودة", "لم يتم العثور على الصفحة التي تبحث عنها."),
        "سياسة", "8 نتائج عن «الميناء»",
    ),
    "zh": Tongue(
        "北港附近一艘渡轮搁浅",
        ("一艘载有旅客的渡轮周一清晨在北港附近海域搁浅。", "海警表示，事故没有造成人员伤亡。"),
        ("我们和我们的合作伙伴使用Cookie存储和访问您设备上的信息，以展示个性化广告。", "继续浏览即表示您同意我们处理您的个人数据。", "接受并继续", "隐私设置"),
        ("晨报", "订阅我们的电子报，每天获取新闻。"),
        ("登录后可阅读全文。", "本文仅限订阅用户阅读。"),
        ("页面不存在", "您访问的页面不存在或已被移除。"),
        "政治", "“港口”共有8条结果",
    ),
    "ja": Tongue(
        "北港沖でフェリーが座礁",
        ("月曜日の未明、北港の沖でフェリーが座礁した。", "海上保安庁によると、けが人はいない。"),
        ("当社とパートナーは、広告の表示のためにクッキーを使用し、個人データを処理します。", "閲覧を続けると、データの利用に同意したものとみなします。", "同意して続ける", "プライバシー設定"),
        ("朝の便り", "メールマガジンに登録すると、毎朝ニュースが届きます。"),
        ("ログインすると続きをお読みいただけます。", "この記事は有料会員限定です。"),
        ("ページが見つかりません", "お探しのページは見つかりませんでした。"),
        "政治", "「港」の検索結果 8件",
    ),
    "ko": Tongue(
        "북항 앞바다에서 여객선 좌초",
        ("월요일 새벽 북항 앞바다에서 여객선이 좌초했다.", "해경은 다친 사람이 없다고 밝혔다."),
        ("당사와 파트너는 맞춤형 광고를 위해 쿠키를 사용하고 개인정보를 처리합니다.", "계속 이용하시면 데이터 처리에 동의하는 것으로 간주됩니다.", "동의하고 계속하기", "개인정보 설정"),
        ("아침 편지", "뉴스레터를 구독하고 매일 소식을 받아 보세요."),
        ("로그인 후 기사 전문을 볼 수 있습니다.", "이 기사는 유료 구독자 전용입니다."),
        ("페이지를 찾을 수 없습니다", "요청하신 페이지를 찾을 수 없습니다."),
        "정치", "'항구' 검색 결과 8건",
    ),
    "hi": Tongue(
        "उत्तरी बंदरगाह के पास नौका फँसी",
        ("उत्तरी बंदरगाह के पास एक नौका फँस गई।", "तटरक्षक ने कहा कि कोई घायल नहीं हुआ।"),
        ("हम और हमारे 120 पार्टनर आपके डिवाइस पर कुकीज़ जैसी जानकारी रखते हैं और निजी डेटा का उपयोग करते हैं।", "आप अपनी सहमति कभी भी वापस ले सकते हैं।", "सभी स्वीकार करें", "सेटिंग"),
        ("सुबह की चिट्ठी", "हमारे न्यूज़लेटर की सदस्यता लें।"),
        ("आगे पढ़ने के लिए लॉग इन करें।", "केवल सब्सक्राइबर के लिए।"),
        ("पेज नहीं मिला", "पेज नहीं मिला। कृपया पता जाँचें।"),
        "राजनीति", "“बंदरगाह” के 8 नतीजे",
    ),
}  # fmt: skip

_NODE = '<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{}","datePublished":"2026-11-23T08:10:00Z"}}</script>'
_ARTICLE = '<meta property="og:type" content="article">'
_SITE = '<meta property="og:type" content="website">'
_MENU = '<header><nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav></header>'
_FOOT = "<footer><p>© 2026 The Example</p></footer>"


@dataclass(frozen=True, slots=True)
class Item:
    """A page with news of a sentence or two."""

    title: str
    html: str
    sentences: Sequence[str]
    #: What its site says beside them.
    foreign: Sequence[str]


def items() -> Iterator[tuple[str, Item]]:
    """Give pages with news; each layout says in another way that it is news, and keeps its boxes elsewhere."""
    for lang, said in TONGUES.items():
        first, second = said.sentences
        head = f"<h1>{said.headline}</h1>"
        foreign = (*TONGUES["en"].cookies, *said.cookies, *said.letter, *said.login)
        bodies = {
            "cookies of another language above": (
                _ARTICLE,
                f"{shown(TONGUES['en'].cookies)}{_MENU}<main><article>{head}<div itemprop='articleBody'><p>{first}</p></div></article></main>",
                (first,),
            ),
            "cookies in a dialogue above": (
                _NODE.format(said.headline),
                f"<div role='dialog' class='cmp'>{shown(said.cookies, 'div')}</div>{_MENU}<main><article>{head}{shown(said.sentences)}</article></main>",
                (first, second),
            ),
            "a letter and a login below": (
                "",
                (
                    f"{_MENU}<div class='story'>{head}<time datetime='2026-11-23T08:10:00Z'>23.11.2026</time><p>{first} {second}</p></div>"
                    f"<div class='promo'>{shown(said.letter)}</div><div>{shown(said.login)}</div>"
                ),
                (f"{first} {second}",),
            ),
            "cookies right below": (
                '<meta property="article:published_time" content="2026-11-23T08:10:00Z">',
                f"{_MENU}<article>{head}{shown(said.sentences)}</article>{shown(said.cookies)}",
                (first, second),
            ),
        }
        for name, (meta, body, sentences) in bodies.items():
            yield f"{lang}, {name}", Item(said.headline, page(lang, said.headline, meta, body), sentences, foreign)


def walls() -> Iterator[tuple[str, str]]:
    """Give pages that show no article, the first of each language in the place and with the head of one."""
    for lang, said in TONGUES.items():
        cards = "".join(
            f"<div class='card'><h3><a href='/{at}'>{said.headline} ({at})</a></h3><p>{said.sentences[at % 2]}</p></div>"
            for at in range(8)
        )
        listed = "".join(f"<li><a href='/{at}'>{said.headline} ({at})</a></li>" for at in range(8))
        title, text = said.gone
        bodies = {
            "consent for an article": (said.headline, article_head(said.headline), f"<main><article><h1>{said.headline}</h1>{shown(said.cookies)}</article></main>"),
            "consent": (said.headline, article_head(said.headline), f"<div role='dialog'>{shown(said.cookies)}{shown(said.login)}</div>"),
            "gone": (title, _SITE, f"<main><h1>{title}</h1><p>{text}</p><ul>{listed}</ul></main>"),
            "gone from its place": (said.headline, _ARTICLE, f"<main><article><h1>{title}</h1><p>{text}</p></article></main>"),
            "login": (said.headline, article_head(said.headline), f"<main><article><h1>{said.headline}</h1><div class='gate'>{shown(said.login)}</div></article></main>"),
            "section": (said.section, _SITE, f"<main><h1>{said.section}</h1><ul>{listed}</ul></main>"),
            "search": (said.found, _SITE, f"<main><h1>{said.found}</h1><form><input name='q'></form>{listed}</main>"),
            "tag": (said.section, _SITE, f"<main><h1>{said.section}</h1>{cards}</main>"),
        }  # fmt: skip
        for name, (title, meta, body) in bodies.items():
            yield f"{lang}, {name}", page(lang, title, meta, _MENU + body)


def article_head(title: str) -> str:
    """Declare an article in every way."""
    return _ARTICLE + _NODE.format(title)


def shown(lines: Sequence[str], tag: str = "p") -> str:
    """Write lines one below the other."""
    return "".join(f"<{tag}>{line}</{tag}>" for line in lines)


def page(lang: str, title: str, meta: str, body: str) -> str:
    """Write a page."""
    return (
        f"<!DOCTYPE html><html lang='{lang}'><head><meta charset='utf-8'><title>{title}</title>{meta}</head>"
        f"<body>{body}{_FOOT}</body></html>"
    )
