"""Stubs that end with a wall of payment in many words, and short texts that only speak of such walls."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from crawler.extract import extract
from crawler.records import Article, Fetched, Source

URL = "https://www.example.com/news/story"
TITLE = "Storm at Northport"
STUB = (
    "The harbour council of Northport voted on the new breakwater after nine hours, and the plan passed by one voice.",
    "Fishermen who waited outside since dawn will go to court, because the entrance becomes narrow for their boats.",
)
#: What stands below the beginning of a text; lines of one box are parted by "|".
ASKED: Mapping[str, tuple[str, ...]] = {
    "en": (
        "To continue reading, subscribe or log in.",
        "The rest of this article is for subscribers.|Already a subscriber? Log in.",
        "Log in or create a free account to read the full story.",
        "This is a premium article.|Try Herald Plus for one month.",
        "Want to read more? Subscribe today.",
        "You need a subscription to read this article.",
        "Create an account to continue reading.",
        "Get full access to this article with a subscription.",
        "This article is for subscribers only.",
        "Unlock the full article by subscribing.",
    ),
    "de": (
        "Weiterlesen mit Bote+",
        "Um diesen Artikel weiterlesen zu können, benötigen Sie ein Abo.",
        "Sie möchten weiterlesen? Jetzt Abo abschließen.|Bereits Abonnent? Anmelden.",
        "Dieser Beitrag ist Teil unseres Plus-Angebots.",
        "Den vollständigen Artikel lesen Sie mit einem Digitalabo.",
        "Lesen Sie den ganzen Artikel mit Plus.",
        "Jetzt kostenlos testen und weiterlesen.",
        "Exklusiv für Abonnenten",
        "Dieser Artikel ist nur für registrierte Nutzer.",
        "Registrieren Sie sich, um weiterzulesen.",
        "Noch kein Abo? Jetzt freischalten.",
    ),
    "fr": (
        "Le reste de l'article est réservé aux abonnés.",
        "La suite de cet article est réservée à nos abonnés.|Déjà abonné ? Connectez-vous.",
        "Pour lire la suite, abonnez-vous.",
        "Connectez-vous pour lire la suite de l'article.",
        "Article réservé aux abonnés.",
        "Il vous reste 75 % de cet article à lire.",
        "Abonnez-vous pour lire la suite.",
        "Vous devez être abonné pour lire cet article.",
        "Créez un compte pour continuer la lecture.",
    ),
    "es": (
        "Suscríbete para seguir leyendo.",
        "Para continuar leyendo, inicia sesión o suscríbete.",
        "Este contenido es exclusivo para suscriptores.|¿Ya eres suscriptor? Inicia sesión.",
        "Hazte suscriptor para leer el artículo completo.",
        "Regístrate gratis para seguir leyendo.",
        "Contenido exclusivo para suscriptores.",
        "Necesitas una suscripción para leer este artículo.",
    ),
    "it": (
        "Abbonati per continuare a leggere.",
        "Per leggere l'articolo completo, accedi o abbonati.",
        "Questo contenuto è riservato agli abbonati.|Sei già abbonato? Accedi.",
        "Per continuare la lettura devi essere abbonato.",
        "Registrati per continuare a leggere.",
        "Articolo riservato agli abbonati.",
        "Continua a leggere con un abbonamento.",
    ),
    "pt": (
        "Assine para ler o texto completo.",
        "Este conteúdo é exclusivo para assinantes.|Já é assinante? Entre.",
        "Para continuar a ler este artigo, inicie sessão ou torne-se assinante.",
        "Conteúdo exclusivo para assinantes.",
        "Torne-se assinante para continuar a ler.",
        "Faça login para ler a matéria completa.",
        "Quer continuar lendo? Assine agora.",
    ),
    "nl": (
        "Word abonnee om verder te lezen.",
        "Dit artikel is exclusief voor abonnees.|Al abonnee? Log in.",
        "Verder lezen? Neem een abonnement.",
        "Log in of word abonnee om dit artikel te lezen.",
        "Je hebt een abonnement nodig om verder te lezen.",
        "Exclusief voor abonnees.",
    ),
    "pl": (
        "Aby przeczytać cały artykuł, wykup prenumeratę.",
        "Ten artykuł jest dostępny tylko dla prenumeratorów.|Masz już prenumeratę? Zaloguj się.",
        "Czytaj dalej z subskrypcją.",
        "Chcesz czytać dalej? Kup subskrypcję.",
        "Pozostało jeszcze 70% artykułu.",
        "Treść dostępna tylko dla subskrybentów.",
        "Załóż konto, aby czytać dalej.",
    ),
    "ru": (
        "Чтобы прочитать полностью, оформите подписку.",
        "Полный текст доступен только подписчикам.",
        "Войдите или оформите подписку, чтобы читать дальше.",
        "Этот материал доступен по подписке.",
        "Читать далее могут только подписчики.",
        "Статья доступна только подписчикам.",
        "Для чтения полной версии войдите в аккаунт.",
        "Купите подписку, чтобы дочитать статью.",
    ),
    "uk": (
        "Щоб прочитати повністю, оформіть передплату.",
        "Повний текст доступний лише передплатникам.",
        "Увійдіть або передплатіть, щоб читати далі.",
        "Стаття доступна лише передплатникам.",
        "Щоб читати далі, увійдіть або зареєструйтеся.",
        "Купіть підписку, щоб дочитати статтю.",
    ),
    "ar": (
        "لقراءة المقال كاملا، اشترك الآن.",
        "هذا المحتوى متاح للمشتركين فقط.|هل أنت مشترك؟ سجل الدخول.",
        "سجل الدخول لمتابعة القراءة.",
        "اشترك لقراءة المقال كاملا.",
        "هذه المادة حصرية للمشتركين.",
        "للاطلاع على بقية المقال يرجى تسجيل الدخول.",
    ),
    "fa": (
        "برای خواندن ادامه مطلب، مشترک شوید.",
        "این مطلب ویژه مشترکان است.",
        "برای مطالعه متن کامل وارد حساب خود شوید.",
        "برای دسترسی به متن کامل اشتراک تهیه کنید.",
        "ادامه این مطلب فقط برای مشترکان است.",
    ),
    "tr": (
        "Haberin devamını okumak için abone olun.",
        "Bu içerik yalnızca abonelerimize özeldir.|Zaten abone misiniz? Giriş yapın.",
        "Devamını okumak için giriş yapın.",
        "Yazının tamamı abonelere özel.",
        "Devamı için abone ol.",
        "Bu içeriği görmek için giriş yapmalısınız.",
    ),
    "zh": (
        "订阅后阅读全文",
        "本文仅限订阅用户阅读。|已是会员？请登录",
        "登录后可阅读全文。",
        "閱讀全文，請先訂閱。",
        "剩余内容需要订阅后查看",
        "成为会员，阅读全文",
        "本文为会员专享内容",
        "请登录后继续阅读",
    ),
    "ja": (
        "この記事は有料会員限定です。",
        "続きを読むには会員登録が必要です。",
        "残り800文字。ログインして続きを読む",
        "ここから先は有料会員の方のみご覧いただけます。",
        "この続きは有料会員になると読めます。",
        "会員限定記事です。",
        "残り1,200文字",
        "ログインすると続きをお読みいただけます。",
    ),
    "ko": (
        "이 기사는 유료 구독자 전용입니다.",
        "전문을 읽으려면 로그인하세요.",
        "구독하고 계속 읽기|이미 구독자이신가요? 로그인",
        "이 기사는 회원 전용 콘텐츠입니다.",
        "로그인 후 기사 전문을 볼 수 있습니다.",
        "유료 구독자만 볼 수 있는 기사입니다.",
    ),
}  # fmt: skip
#: The last paragraphs of whole short texts.
TOLD = {
    "a sentence about members": "The club was founded by fishermen and is open for members only.",
    "a quotation": "Since Monday the site of the Herald says: “Subscribe to continue reading.”",
    "another's quotation": "“To read the full story, subscribe or log in,” its page told the fishermen that night.",
    "a plan": "Readers must subscribe to read the full text from May on, the publisher said on Monday.",
    "an account": "This story is based on her account to the harbour police.",
    "a version": "A version of this story was sent to subscribers of our letter.",
    "a signed treaty": "Полная версия договора подписана в понедельник.",
    "a law": "Cet article inscrit dans la loi le droit de pêche.",
    "a session": "La sesión del consejo sobre este artículo dura dos días.",
    "a toll": "この先は有料道路となり、通行料は五百円である。",
    "a writer": "이 기사는 회원 기자가 북항에서 보내온 것입니다.",
    "joint work": "این مطلب کار مشترک دو خبرنگار بندر شمالی است.",
    "a member wrote": "本文由北港记者协会会员撰写。",
    "insurance": "The premium is named in full in the text of the contract.",
    "a call": "The council asks all boat owners to log in to read the full plan before the second vote.",
    "donations": "Donations for the families of the fishermen can be paid at the harbour office until Friday.",
    "an appeal": "Please support our work with a donation, for we tell the news of the harbour free of charge.",
    "a short sentence": "Das Konzert im Hafen war nur für Abonnenten.",
    "a short sentence of a house": "Το θέατρο ανοίγει μόνο για συνδρομητές.",
    "a short sentence of a club": "Klubben er kun for medlemmer.",
    "a magazine": "Bu yazı için dergimize abone olun, dedi balıkçı.",
    "Abonnenten": "Die Oper in Nordhafen war am Abend der Premiere nur für Abonnenten geöffnet, sagte der Intendant.",
    "abonnés": "La salle de Port-Nord sera réservée aux abonnés du théâtre, a dit la directrice lundi.",
    "подписчики": "По словам директора, концерт в порту увидят только подписчики филармонии, и вход свободный.",
    "会员": "北港俱乐部负责人表示，新码头将成为会员才能进入的地方，居民对此表示反对。",
    "会員": "港のクラブは会員限定の施設として来年開業すると、市の担当者が月曜日に発表した。",
    "abonnees": "Het concert in Noordhaven is alleen voor abonnees, zei de directeur maandag.",
}


def made(*below: str, lang: str = "en", tag: str = "p") -> Article:
    lines = "".join(f"<p>{text}</p>" for text in STUB) + "".join(f"<{tag}>{text}</{tag}>" for text in below)
    page = (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{TITLE}</title></head>'
        f"<body><main><article><h1>{TITLE}</h1>{lines}</article></main></body></html>"
    )
    return extract(Fetched(URL, URL, page.encode(), "text/html"), Source("example", "The Example", URL))


@pytest.mark.parametrize(("lang", "wall"), [(lang, wall) for lang, walls in ASKED.items() for wall in walls])
def test_a_stub_that_asks_in_its_last_lines_is_a_lead_without_them(lang: str, wall: str) -> None:
    article = made(*wall.split("|"), lang=lang)

    assert ("lead", True, "\n\n".join(STUB)) == (article.completeness, article.paywalled, article.text)


@pytest.mark.parametrize("told", TOLD)
def test_a_short_text_that_speaks_of_such_walls_is_whole(told: str) -> None:
    article = made(TOLD[told])

    assert ("full", None, "\n\n".join((*STUB, TOLD[told]))) == (
        article.completeness,
        article.paywalled,
        article.text,
    )
