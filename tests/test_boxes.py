"""Lines within a text that speak of other things to its reader, and lines of texts that only look like them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from crawler.extract import extract
from crawler.records import Article, Fetched, Source

URL = "https://www.example.com/news/story"
TITLE = "Storm at Northport"
SOURCE = Source("example", "The Example", URL)
PARAGRAPHS = (
    "The harbour council of Northport voted on the new breakwater after nine hours, and the plan passed by one voice.",
    "Fishermen who waited outside since dawn will go to court, because the entrance becomes narrow for their boats.",
    "The engineers answered that model tests had shown no danger, and that work begins after the herring season only.",
    "A second vote on the costs is due in spring, when the province has said how much of the stone it will pay for.",
)
#: Newsletter, channels, sharing, comments, advertising, app, journalism; the last one points to another text.
BOXES: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Share this article: E-mail, Print",
        "Share this story: Facebook | X | WhatsApp | Copy link",
        "Sign up for our morning newsletter and get the news of the coast in your inbox.",
        "Follow us on Twitter and Facebook.", "Share this article", "Leave a comment", "Advertisement",
        "Download our free app for the news of the coast.", "Support our journalism with a donation today.",
        "Get the news of the harbour delivered to your inbox.", "Join the conversation",
        "READ MORE: <a href=/y>Ten harbours to see</a>",
        "Subscribe to our newsletter",
        "Sign up here for our daily newsletter.",
        "Like us on Facebook",
        "Follow us on X",
        "Click here to subscribe to our newsletter.",
        "Get our top stories in your inbox every day.",
        "Share this story",
        "ADVERTISEMENT",
        "Advertisement - story continues below",
        "Scroll down to leave a comment",
        "Add your comment",
        "Support local journalism.",
        "Join our WhatsApp channel for updates.",
    ),
    "de": (
        "Artikel teilen: Mail, Drucken",
        "Abonnieren Sie unseren Newsletter und verpassen Sie nichts.", "Folgen Sie uns auf Facebook.",
        "Artikel teilen", "Kommentar schreiben", "Anzeige", "Laden Sie unsere kostenlose App herunter.",
        "Unterstützen Sie unseren Journalismus mit einer Spende.", "Lesen Sie auch: <a href=/y>Zehn Häfen</a>",
        "Newsletter abonnieren",
        "- Werbung -",
        "Teilen Sie diesen Artikel",
        "Folgen Sie uns auch auf Instagram!",
        "Melden Sie sich für unseren Newsletter an.",
        "Jetzt kommentieren",
        "Abonnieren Sie unseren WhatsApp-Kanal.",
    ),
    "fr": (
        "Inscrivez-vous à notre newsletter pour ne rien manquer.", "Suivez-nous sur Facebook et Instagram.",
        "Partager cet article", "Laisser un commentaire", "Publicité", "Téléchargez notre application gratuite.",
        "Soutenez notre journalisme par un don.", "Lire aussi : <a href=/y>Dix ports à voir</a>",
        "Abonnez-vous à notre newsletter",
        "Recevez chaque matin notre newsletter.",
        "La suite après la publicité",
        "Suivez-nous sur WhatsApp",
        "Partagez cet article",
        "Commentez cet article",
    ),
    "es": (
        "Suscríbete a nuestro boletín y recibe las noticias de la costa.", "Síguenos en Facebook y Twitter.",
        "Comparte este artículo", "Deja un comentario", "Publicidad", "Descarga nuestra app gratis.",
        "Apoya nuestro periodismo.", "Lea también: <a href=/y>Diez puertos que ver</a>",
        "Suscríbete a nuestra newsletter",
        "Compartir esta noticia",
        "Sigue leyendo después de la publicidad",
        "Síguenos en nuestro canal de WhatsApp",
        "Comenta esta noticia",
    ),
    "it": (
        "Iscriviti alla nostra newsletter per non perdere nulla.", "Seguici su Facebook e Instagram.",
        "Condividi questo articolo", "Lascia un commento", "Pubblicità", "Scarica la nostra app gratuita.",
        "Sostieni il nostro giornalismo.", "Leggi anche: <a href=/y>Dieci porti da vedere</a>",
        "Iscriviti alla newsletter",
        "Segui il nostro canale WhatsApp",
        "Condividi l'articolo",
        "Commenta la notizia",
    ),
    "pt": (
        "Assine a nossa newsletter e receba as notícias da costa.", "Siga-nos no Facebook e no Instagram.",
        "Compartilhe este artigo", "Deixe um comentário", "Publicidade", "Baixe o nosso aplicativo.",
        "Apoie o nosso jornalismo.", "Leia também: <a href=/y>Dez portos para ver</a>",
        "Assine nossa newsletter",
        "Siga-nos nas redes sociais",
        "Continua após a publicidade",
        "Partilhe este artigo",
        "Comente esta notícia",
    ),
    "nl": (
        "Meld je aan voor onze nieuwsbrief en mis niets.", "Volg ons op Facebook en Instagram.", "Deel dit artikel",
        "Reageer op dit artikel", "Advertentie", "Download onze gratis app.", "Steun onze journalistiek.",
        "Lees ook: <a href=/y>Tien havens om te zien</a>",
        "Schrijf je in voor onze nieuwsbrief",
        "Volg ons op Instagram",
        "Tekst gaat verder onder de advertentie",
        "Deel dit bericht",
    ),
    "pl": (
        "Zapisz się do naszego newslettera.", "Obserwuj nas na Facebooku.", "Udostępnij artykuł",
        "Dodaj komentarz", "Reklama", "Pobierz naszą aplikację.", "Wesprzyj nasze dziennikarstwo.",
        "Czytaj też: <a href=/y>Dziesięć portów</a>",
        "Zapisz się na newsletter",
        "Śledź nas na Facebooku",
        "Dalsza część artykułu pod reklamą",
        "Udostępnij ten artykuł",
    ),
    "ru": (
        "Подпишитесь на нашу рассылку и узнавайте новости первыми.", "Подписывайтесь на наш канал в Telegram.",
        "Поделиться статьёй", "Оставить комментарий", "Реклама", "Скачайте наше приложение.",
        "Поддержите независимую журналистику.", "Читайте также: <a href=/y>Десять портов</a>",
        "Подпишитесь на наш Telegram-канал",
        "Подписывайтесь на нас в социальных сетях",
        "Поделиться новостью",
        "Продолжение после рекламы",
    ),
    "uk": (
        "Підпишіться на нашу розсилку, щоб нічого не пропустити.", "Підписуйтесь на наш канал у Telegram.",
        "Поділитися статтею", "Залишити коментар", "Реклама", "Завантажте наш застосунок.",
        "Підтримайте незалежну журналістику.", "Читайте також: <a href=/y>Десять портів</a>",
        "Підписуйтесь на наш Telegram-канал",
        "Поділіться новиною",
    ),
    "ar": (
        "اشترك في نشرتنا البريدية لتصلك آخر الأخبار.", "تابعونا على تويتر وفيسبوك.", "شارك هذا المقال",
        "أضف تعليقا", "إعلان", "حمل تطبيقنا المجاني.", "اقرأ أيضا: <a href=/y>عشرة موانئ تستحق الزيارة</a>",
        "اشترك في قناتنا على تلغرام",
        "تابعنا على فيسبوك",
        "شارك الخبر",
    ),
    "fa": (
        "در خبرنامه ما عضو شوید.", "ما را در تلگرام دنبال کنید.", "این خبر را به اشتراک بگذارید", "ارسال نظر",
        "تبلیغات", "اپلیکیشن ما را دانلود کنید.", "بیشتر بخوانید: <a href=/y>ده بندر دیدنی</a>",
        "به کانال تلگرام ما بپیوندید",
        "نظر خود را بنویسید",
    ),
    "tr": (
        "Bültenimize abone olun.", "Bizi Twitter'da takip edin.", "Haberi paylaş", "Yorum yap", "Reklam",
        "Uygulamamızı ücretsiz indirin.", "İlgili haber: <a href=/y>Görülmesi gereken on liman</a>",
        "E-bültenimize abone olun",
        "Bizi sosyal medyada takip edin",
        "Haberi paylaşın",
    ),
    "zh": (
        "订阅我们的电子报，第一时间获取新闻。", "关注我们的微信公众号。", "分享本文", "发表评论", "广告",
        "下载我们的客户端，随时阅读新闻。", "延伸阅读：<a href=/y>值得一看的十个港口</a>",
        "关注我们的微博",
        "扫码关注公众号",
        "分享到微信",
        "欢迎订阅我们的邮件通讯",
        "点击下载客户端",
    ),
    "ja": (
        "ニュースレターに登録する", "公式Xをフォローする", "この記事をシェアする", "コメントを書く", "広告",
        "アプリをダウンロードする", "関連記事：<a href=/y>訪れたい十の港</a>",
        "LINEで友だち追加",
        "メルマガに登録する",
        "シェアする",
        "公式アプリをダウンロード",
    ),
    "ko": (
        "뉴스레터를 구독하세요.", "페이스북에서 팔로우하세요.", "기사 공유하기", "댓글 쓰기", "광고",
        "앱을 다운로드하세요.", "관련 기사: <a href=/y>꼭 봐야 할 열 개의 항구</a>",
        "뉴스레터 구독하기",
        "카카오톡 채널을 추가하세요",
        "댓글 달기",
        "기사 공유",
    ),
}  # fmt: skip
#: Lines of texts.
LINES = (
    "Follow us, the captain called on Monday night, and thirty boats left the harbour behind her.",
    "Share this with your neighbours: the pumps need power from two places at once.",
    "“Sign up for our newsletter,” said the poster above the counter of the harbour office.",
    "Advertisement of the kind that the council forbade in May still hangs at the quay.",
    "Donations for the families can be paid at the harbour office until Friday night.",
    "Please support our work with a donation, for we tell the news of the harbour free of charge.",
    "Read more books in winter: that is the advice of the harbour library to all who wait for boats.",
    "Related: the second law on harbours, which the province passed in May, forbids such walls.",
    "Download the plan from the council's page, print it and bring it to the vote on Friday.",
    "Comments on the plan can be handed in at the harbour office until the end of the month.",
    "Source: <a href=/y>report of the harbour engineers of Northport, second part</a>",
    ("Get the Harbour News app In June the council overturned that plan and decided that the wall, of which all spoke "
    "for years, would be built of stone from the province alone."),
    "Share this article: the harbour master wants it read by all who own a boat there.",
    "Subscribe to nothing, the harbour master told the owners of the boats that night.",
    "Folgen Sie uns, rief die Kapitänin, und dreißig Boote verließen den Hafen hinter ihr.",
    "Suivez-nous, a crié la capitaine, et trente bateaux ont quitté le port derrière elle.",
    "Реклама на причале запрещена с мая, но щиты всё ещё висят над входом в гавань.",
    "广告牌自五月起在码头被禁止，但入口处仍挂着许多旧牌子，居民对此表示不满。",
    "Читайте также книги о море, советует библиотека порта всем, кто ждёт парома зимой.",
)  # fmt: skip


def page(body: str, lang: str = "en") -> Fetched:
    markup = f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{TITLE}</title></head>'
    markup += f"<body><main><article><h1>{TITLE}</h1>{body}</article></main></body></html>"
    return Fetched(URL, URL, markup.encode(), "text/html")


def made(middle: str) -> Article:
    first, second = ("".join(f"<p>{text}</p>" for text in part) for part in (PARAGRAPHS[:2], PARAGRAPHS[2:]))
    return extract(page(f"{first}{middle}{second}"), SOURCE)


@pytest.mark.parametrize("lang", BOXES)
def test_lines_that_speak_of_other_things_are_no_text(lang: str) -> None:
    told = [f"{n}: {PARAGRAPHS[n % 4]}" for n in range(len(BOXES[lang]))]
    body = "".join(f"<p>{text}</p><p><strong>{box}</strong></p>" for text, box in zip(told, BOXES[lang], strict=True))

    assert "\n\n".join(told) == extract(page(body, lang), SOURCE).text


@pytest.mark.parametrize("line", LINES)
def test_lines_that_only_begin_like_a_box_are_text(line: str) -> None:
    told = line.replace("<a href=/y>", "").replace("</a>", "")

    assert "\n\n".join((*PARAGRAPHS[:2], told, *PARAGRAPHS[2:])) == made(f"<p>{line}</p>").text


def test_headings_are_text_even_where_a_box_would_say_the_same() -> None:
    assert "Advertisement" in made(f"<h2>Advertisement</h2><p>{PARAGRAPHS[0][:-1]}, said the mayor.</p>").text


def test_a_text_of_nothing_but_such_lines_is_left_as_it_is() -> None:
    lines = ("Follow us on Twitter and Facebook.", "Sign up for our morning newsletter today.")
    body = "".join(f"<p>{line}</p>" for line in lines)

    assert "\n\n".join(lines) == extract(page(body), SOURCE).text
