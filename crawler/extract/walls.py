"""Tells stubs that do not declare it: pages that show the beginning of a text and, right below it, ask for payment."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extract.lines import Line
from crawler.extract.page import ParsedPage, letters

_WALL = re.compile(
    r"subscribe (?:now )?to (?:continue|keep|read)|(?:continue|keep) reading[ ,.]+(?:please )?(?:subscribe|log "
    r"in|sign in|register|with)|(?:for|to|reserved for) (?:our )?(?:paid |paying |premium )?(?:subscribers|"
    r"members) only|(?:exclusive|only)(?:ly)? (?:available )?(?:for|to) (?:our )?(?:subscribers|members)|"
    r"become a (?:subscriber|member) to (?:read|continue)|this (?:article|story|content) is "
    r"(?:behind|locked|premium|for (?:paid|premium))|unlock this (?:article|story)|read the (?:full|rest of the) "
    r"(?:story|article) (?:with|by)|"
    r"(?:jetzt |hier )?weiterlesen mit|(?:nur|exklusiv) für abonnent|"
    r"mit (?:einem )?\S{0,12}abo (?:weiter)?lesen|dieser artikel ist (?:kostenpflichtig|abonnent)|artikel freischalten|"
    r"réservée? aux abonné|il vous reste \d+\s?% de cet article|abonnez-vous pour (?:lire|continuer)|"
    r"la suite est réservée|pour lire la suite|(?:contenido|noticia|artículo) (?:exclusiv|solo para|sólo para)\w*|"
    r"suscr[íi]b[ae]\w* para (?:seguir|continuar|leer)|para seguir leyendo|"
    r"(?:riservato|solo per|esclusiv\w+) (?:agli |per gli )?abbonati|abbonati per (?:continuare|leggere)|"
    r"(?:assine|inscreva-se) para (?:continuar|ler)|(?:exclusivo|só) para (?:assinantes|subscritores)|"
    r"(?:alleen|exclusief) voor (?:abonnees|leden)|(?:lees|verder) (?:verder|lezen) met (?:een )?|"
    r"tylko dla (?:prenumeratorów|subskrybentów)|pozostało \d+\s?% (?:tekstu|artykułu)|"
    r"(?:только|лише) (?:для )?(?:подписчик|передплатник)|доступ\w* только подписчик|"
    r"оформите подписку|чтобы (?:читать|прочитать) (?:дальше|полностью)|"
    r"(?:有料|有料会員|会員)限定|(?:この記事は)?有料(?:記事|会員)|残り\s?[\d,]+\s?文字|続きを読むには|(?:ログイン|会員登録)して続きを|"
    r"付费(?:内容|阅读|文章)|订阅后(?:可)?阅读|(?:成为|登录)会员.{0,6}阅读|訂閱(?:後|以)(?:可)?閱讀|付費(?:內容|文章|會員)|"
    r"剩余\s?\d+\s?%|유료 ?(?:회원|기사|구독)|구독(?:하고|자만|자 전용)|로그인 후 (?:계속|이용)|"
    r"للمشتركين فقط|اشترك (?:الآن )?(?:لمواصلة|لقراءة|لمتابعة)|ویژه مشترکان|"
    r"(?:sadece|yalnızca) abone|abone olun|okumak için (?:abone|üye)|"
    r"(?:logga in|bli prenumerant)\b.{0,40}(?:läsa|fortsätta)|(?:endast|bara) för prenumeranter|artikeln är låst|"
    r"(?:kun|bare) for (?:abonnenter|abonnentar|medlemmer)|(?:bliv|bli) (?:abonnent|medlem) (?:for|og)|"
    r"(?:jen|pouze|iba|len) pro (?:předplatitele|predplatiteľov)|(?:csak|kizárólag) előfizető|előfizetőknek|"
    r"(?:vain|ainoastaan) tilaajille|(?:jatkaaksesi|jatka) lukemista|μόνο για συνδρομητές|doar pentru abonați|"
    r"למנויים בלבד|המשך קריאה למנויים|chỉ dành cho (?:thành viên|người đăng ký)|khusus (?:pelanggan|member)|"
    r"เฉพาะสมาชิก|केवल सब्सक्राइबर",
    re.IGNORECASE,
)
#: A sentence of a text may end with "for members only"; of the text itself only its page speaks.
_SELF = re.compile(
    r"this (?:article|story|content)|dieser? (?:artikel|beitrag|text)|cet article|(?:este|esta) (?:artículo|noticia|"
    r"contenido|artigo|conteúdo)|quest[oa] (?:articolo|contenuto|notizia)|dit artikel|ten artykuł|материал|статья|"
    r"стаття|本文|この記事|이 기사|المقال|این مقاله|bu (?:haber|yazı|içerik)|artikeln|(?:denne|denna) artik\w+|"
    r"tento článek|(?:a|ez a) cikk|הכתבה|bài viết này|artikel ini",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!。！।]$")
#: The wall stands so many lines below the text at most, and says so in a line that is no paragraph.
_BELOW = 6
_LONGEST = 220


def below(page: ParsedPage, text: Sequence[str]) -> str:
    """Give the line that asks for payment in or right below the end of a text; "" when there is none."""
    for line in text[-2:]:
        if is_wall(line) and (_SELF.search(line) or not _SENTENCE.search(line)):
            return line
    ends = {letters(line) for line in text[-2:]}
    last = max((at for at, key in enumerate(page.keys) if key in ends), default=None)
    if last is None:
        return ""
    shown: list[Line] = [line for line in page.lines[last + 1 :] if not (line.block.hidden or line.chrome)]
    return next((line.text for line in shown[:_BELOW] if is_wall(line.text)), "")


def is_wall(line: str) -> bool:
    """Tell whether a line asks for payment before it shows more."""
    return len(line) <= _LONGEST and _WALL.search(line) is not None
