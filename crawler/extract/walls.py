"""Tells stubs that do not declare it: pages that show the beginning of a text and, right below it, ask for payment."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extract.asking import asks, is_gate
from crawler.extract.counts import ends_sentence
from crawler.extract.lines import ASIDE, Line, weight
from crawler.extract.page import ParsedPage, letters
from crawler.extract.telling import is_to_reader, own_voice, reports

_WALL = re.compile(
    r"subscribe (?:now )?to (?:continue|keep|read)|(?:continue|keep) reading[ ,.]+(?:please )?(?:subscribe|log "
    r"in|sign in|register|with)|(?:for|to|reserved for) (?:our )?(?:paid |paying |premium )?(?:subscribers|"
    r"members) only|(?:exclusive|only)(?:ly)? (?:available )?(?:for|to) (?:our )?(?:subscribers|members)|"
    r"become a (?:subscriber|member) to (?:read|continue)|this (?:article|story|content) is "
    r"(?:behind|locked|premium|for (?:paid|premium))|unlock this (?:article|story)|read the (?:full|rest of the) "
    r"(?:story|article) (?:with|by)|"
    r"(?:jetzt |hier )?weiterlesen mit (?!werbung)|(?:nur|exklusiv) für abonnent|"
    r"mit (?:einem )?\S{0,12}abo (?:weiter)?lesen|dieser artikel ist (?:kostenpflichtig|abonnent)|artikel "
    r"freischalten|"
    r"réservée? aux abonné|il vous reste \d+\s?% de cet article|abonnez-vous pour (?:lire|continuer)|"
    r"la suite est réservée|pour lire la suite|(?:contenido|noticia|artículo) (?:exclusiv|solo para|sólo para)\w*|"
    r"suscr[íi]b[ae]\w* para (?:seguir|continuar|leer)|para seguir leyendo|"
    r"(?:riservato|solo per|esclusiv\w+) (?:agli |per gli )?abbonati|abbonati per (?:continuare|leggere)|"
    r"(?:assine|inscreva-se) para (?:continuar|ler)|(?:exclusivo|só) para (?:assinantes|subscritores)|"
    r"(?:alleen|exclusief) voor (?:abonnees|leden)|(?:lees|verder) (?:verder|lezen) met (?:een )?|"
    r"tylko dla (?:prenumeratorów|subskrybentów)|pozostało (?:jeszcze )?\d+\s?% (?:tekstu|artykułu)|"
    r"(?:только|лише) (?:для )?(?:подписчик|передплатник)|доступ\w* только подписчик|"
    r"оформите подписку|чтобы (?:читать|прочитать) (?:дальше|полностью)|"
    r"(?:有料|有料会員|会員)限定|(?:この記事は)?有料(?:記事|会員)|残り\s?[\d,]+\s?文字|続きを読むには|(?:ログイン|"
    r"会員登録)して続きを|"
    r"付费(?:内容|阅读|文章)|订阅后(?:可)?阅读|(?:成为|登录)会员.{0,6}阅读|訂閱(?:後|以)(?:可)?閱讀|付費(?:內容|"
    r"文章|會員)|"
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
#: By which pages tell that a reader has had all that is free; not how much of it is left, which whole texts show too.
#: It speaks to who reads, so that no text that tells of it says it in these words.
_METER = re.compile(
    r"you(?:['’]ve| have)(?: now| already)? (?:reached|hit|exceeded|exhausted|used(?: up)?|read|viewed)"
    r"(?: all(?: of)?)? (?:your|the|our|this month['’]s) (?:[\w'’-]+ ){0,5}?(?:(?:limit|allowance|quota)\b|"
    r"free (?:articles?|stories|reads|views|pages))|"
    r"you(?:['’]ve| have) (?:no|0|zero) (?:more )?free (?:articles?|stories|reads|views) "
    r"(?:left|remaining)|(?<!\w)(?:0|no) (?:more )?free (?:articles?|stories) (?:left|remaining)|"
    r"your (?:[\w-]+ ){0,3}free (?:[\w-]+ ){0,2}(?:limit|allowance|quota|articles?|trial) (?:has been|have been|is|"
    r"has|"
    r"have) (?:reached|used up|exhausted|expired|run out)|"
    r"sie haben (?:\w+ ){0,6}?(?:artikel|limit|kontingent|leseproben|beiträge)[\w-]* (?:\w+ ){0,4}?(?:gelesen|"
    r"erreicht|"
    r"aufgebraucht|ausgeschöpft|verbraucht)|(?:ihr|dein) (?:\w+ ){0,3}(?:kontingent|limit|artikellimit|"
    r"artikelkontingent) (?:\w+ ){0,5}?(?:erreicht|aufgebraucht|ausgeschöpft|erschöpft)|"
    r"vous avez (?:déjà )?(?:atteint|épuisé|lu|utilisé|consulté|dépassé) (?:tous |toutes )?(?:la|le|votre|vos|les|"
    r"l['’])\s?(?:[\w'’]+ ){0,5}?(?:limite|quota|articles? (?:gratuits?|offerts?|en accès libre))|"
    r"(?:has|ha|usted ha|hemos) (?:alcanzado|agotado|superado|llegado|leído|consumido) (?:ya )?(?:el|al|tu|tus|su|"
    r"sus|"
    r"todos) (?:\w+ ){0,5}?(?:límite|artículos (?:gratuitos|gratis)|notas (?:gratuitas|gratis)|lecturas gratuitas)|"
    r"(?:você|já) (?:já )?(?:atingiu|alcançou|esgotou|chegou|leu|usou|ultrapassou) (?:o|ao|os|as|seu|seus|suas|todos|"
    r"todas) (?:\w+ ){0,5}?(?:limite|matérias (?:gratuitas|grátis)|artigos (?:gratuitos|grátis)|textos gratuitos)|"
    r"hai (?:già )?(?:raggiunto|esaurito|letto|superato) (?:il|i|tutti|gli|la|tuoi) (?:\w+ ){0,5}?(?:limite|articoli "
    r"(?:gratuiti|gratis|omaggio))|"
    r"(?:je|u) (?:hebt|heeft) (?:\w+ ){0,5}?(?:limiet|gratis artikel\w*|maximum\w*) (?:\w+ ){0,5}?(?:bereikt|gelezen|"
    r"opgebruikt|verbruikt)|"
    r"du har (?:\w+ ){0,2}?(?:nått|läst|förbrukat|nådd|nået|lest|læst|brukt|brugt)(?: opp| op)? (?:\w+ ){0,4}?"
    r"(?:gräns\w*|grens\w*|græns\w*|kvote\w*|(?:gratis|fria|kostnadsfria|gratis ?)\s?artik\w+)|"
    r"olet (?:jo )?(?:lukenut|käyttänyt) (?:\w+ ){0,4}?(?:ilmais\w+|maksuttom\w+)|"
    r"(?:wykorzystałeś|wykorzystano|przekroczyłeś|osiągnąłeś|osiągnięto|wyczerpałeś|wyczerpano|"
    r"przeczytałeś)(?:\(a?[śs]\)|"
    r"[/\w]*)? (?:\w+ ){0,5}?(?:limit\w*|(?:darmow|bezpłatn)\w+ artykuł\w*)|limit (?:darmowych|bezpłatnych) "
    r"(?:artykułów|tekstów) (?:\w+ ){0,4}?(?:wyczerpan|wykorzystan|przekroczon)\w+|"
    r"вы (?:уже )?(?:исчерпали|достигли|прочитали|превысили|использовали) (?:\w+ ){0,5}?(?:лимит\w*|бесплатны\w+ "
    r"(?:стат|материал|публикац)\w+)|лимит бесплатных (?:статей|материалов|публикаций) (?:\w+ ){0,3}?исчерпан|"
    r"ви (?:вже )?(?:вичерпали|досягли|прочитали|перевищили|використали) (?:\w+ ){0,5}?(?:ліміт\w*|безкоштовн\w+ "
    r"(?:стат|матеріал|публікац)\w+)|"
    r"(?:vyčerpali|dosáhli|přečetli|prečítali) (?:jste|ste) (?:\w+ ){0,5}?(?:limit\w*|(?:bezplatn\w+ )?člán\w+ "
    r"zdarma|"
    r"bezplatn\w+ člán\w+)|(?:elérte|elérted) (?:\w+ ){0,5}?(?:limit\w*|ingyenes\w* cikk\w*|korlát\w*)|"
    r"(?:elolvasta|felhasználta) (?:\w+ ){0,4}?ingyenes\w* (?:\w+ )?cikk\w*|ați (?:atins|epuizat|citit) (?:\w+ "
    r"){0,4}?"
    r"(?:limit\w*|articole\w* gratuite)|έχετε (?:φτάσει|εξαντλήσει|διαβάσει) (?:\w+ ){0,5}?(?:όριο|δωρεάν άρθρ\w+)|"
    r"(?:ücretsiz|bedava) (?:\w+ ){0,3}?(?:limit|hak|sınır|kota)\w* (?:\w+ ){0,2}?(?:dol|ulaş|bit|tüken)\w+|"
    r"無料(?:記事|会員|で読める|閲覧)[^。]{0,24}(?:上限に|達しました|読み終え|使い切)|閲覧(?:できる|"
    r"可能な)?(?:本数|記事|回数)[^。]{0,16}上限に達|"
    r"(?:您|你)[^。]{0,14}(?:免费|免費)[^。]{0,14}(?:用完|用尽|用盡|上限|已满|已滿)|(?:免费|免費)(?:文章|阅读|閱讀|"
    r"篇数|次数|次數|额度|額度)"
    r"[^。]{0,6}(?:已用完|已用尽|已用盡|已达上限|已達上限)|"
    r"무료\s?(?:기사|열람|로 볼 수)[^.]{0,24}(?:초과|소진|모두 (?:읽|사용|이용|보)|한도)|"
    r"لقد (?:وصلت|بلغت|استنفدت|استهلكت|قرأت|تجاوزت) (?:\w+ ){0,5}?(?:الحد|حد|المقالات المجانية|مقالاتك المجانية)|"
    r"(?:شما|سقف) (?:\w+ ){0,5}?(?:رایگان) (?:\w+ ){0,4}?(?:رسیده|تمام|پایان)|"
    r"הגעת ל?(?:מגבל|מכס|סף)\w*|סיימת את (?:\w+ ){0,3}?(?:הכתבות|החינמיות)|"
    r"(?:bạn|quý vị) đã (?:đọc hết|dùng hết|đạt (?:đến |tới )?giới hạn)[^.]{0,30}(?:miễn phí|bài)|"
    r"anda (?:telah|sudah) (?:mencapai|menghabiskan|membaca) (?:\w+ ){0,4}?(?:batas|kuota|artikel gratis)|"
    r"คุณ(?:ได้)?(?:อ่าน|ใช้)[^.]{0,30}ฟรี[^.]{0,20}(?:ครบ|หมด)|आप(?:ने|की|के)? [^।]{0,40}(?:मुफ़्त|मुफ्त|निःशुल्क|"
    r"फ्री) "
    r"(?:लेख|आर्टिकल|खबर)[^।]{0,30}(?:सीमा|पढ़ चुके|समाप्त|खत्म)",
    re.IGNORECASE,
)
#: Of what readers have had all: speed, debt and patience have their limits, too.
_FREE = re.compile(
    r"\bfree\b|\bmonth|\barticles\b|\bstories\b|gratis|gratuit|kostenl|\bfreien? |freiartikel|leseprobe|kontingent|"
    r"offert|accès libre|grát|omaggio|maksut|ilmais|darmow|bezpłat|bezplat|zdarma|\bfria\b|kostnadsfri|бесплатн|"
    r"безкоштовн|ingyen|δωρεάν|ücretsiz|bedava|無料|閲覧|免费|免費|무료|مجاني|رایگان|חינמי|כתבות|miễn phí|ฟรี|"
    r"मुफ|निःशुल्क|फ्री",
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
#: A wall that was taken for text ends it with so many lines: what is asked, for how much, and "log in".
_LAST = 5
#: The wall stands so many lines below the text at most, and says so in a line that is no paragraph.
_BELOW = 6
_LONGEST = 220
#: A text goes on below a box that sells when so many sentences follow that are as long as this.
_GOES_ON, _TOLD = 2, 40


def below(page: ParsedPage, text: Sequence[str]) -> str:
    """Give the line that asks for payment in or right below the end of a text; "" when there is none."""
    if line := metered(text):
        return line
    if line := _in_the_end(text):
        return line
    ends = {letters(line) for line in text[-2:]}
    last = max((at for at, key in enumerate(page.keys) if key in ends), default=None)
    if last is None:
        return ""
    shown: list[Line] = [line for line in page.lines[last + 1 :] if not line.block.hidden]
    plain = [line.text for line in shown if not line.chrome][:_BELOW]
    # In a column beside the text stand teasers of what is for subscribers, too: there only what asks outright counts.
    beside = [line.text for line in shown[:_BELOW] if line.block.inside & ASIDE]
    return next(filter(_is_below, plain), "") or next(filter(asks, beside), "")


def without_offers(page: ParsedPage, text: Sequence[str]) -> list[str]:
    """Give a text without boxes that ask for payment between its paragraphs, below which it goes on."""
    kept = list(text)
    while (line := metered(kept) or _in_the_end(kept)) and _goes_on(page, kept, line):
        kept.remove(line)
    return kept


def _goes_on(page: ParsedPage, text: Sequence[str], wall: str) -> bool:
    """Tell whether below a wall more is told than what it sells, in the block in which the text began."""
    at = text.index(wall)
    above = {letters(line) for line in text[:at]}
    below = {letters(line) for line in text[at + 1 :] if _is_told(line)}
    if len(below) < _GOES_ON:
        return False
    homes = {line.block.parent for line, key in zip(page.lines, page.keys, strict=True) if key in above}
    told = {key for line, key in zip(page.lines, page.keys, strict=True) if key in below and line.block.parent in homes}
    return len(told) >= _GOES_ON


def _is_told(line: str) -> bool:
    return ends_sentence(line) and weight(line) >= _TOLD and not (is_to_reader(line) or is_wall(line))


def _in_the_end(text: Sequence[str]) -> str:
    """Give the first line of a wall that was taken for the last lines of a text."""
    begin = max(len(text) - _LAST, 0)
    for at, line in enumerate(text[begin:], begin):
        if len(line) > _LONGEST or any(len(below) > _LONGEST for below in text[at + 1 :]):
            continue
        # Of what stands further above, only what speaks to the reader is no text.
        if asks(line) or is_gate(line, text[:at]) or (at >= len(text) - 2 and is_wall(line) and _is_no_text(line)):
            return line
    return ""


def _is_below(line: str) -> bool:
    """Tell whether a line below a text is a wall, and no sentence that speaks of others' members and prices."""
    return is_wall(line) and (asks(line) or _is_metered(line) or _is_no_text(line))


def _is_no_text(line: str) -> bool:
    return _SELF.search(line) is not None or _SENTENCE.search(line) is None


def metered(text: Sequence[str]) -> str:
    """Give the line among the last of a text that says that all free articles were read; "" when there is none."""
    return next((line for line in text[-_LAST:] if _is_metered(line)), "")


def without(text: Sequence[str], wall: str) -> list[str]:
    """Give a text without the wall and what stands below it."""
    if not wall:
        return list(text)
    begin = max(len(text) - _LAST, 0)
    at = next((at for at, line in enumerate(text[begin:], begin) if line == wall), None)
    if at is not None and all(len(line) <= _LONGEST for line in text[at:]):
        text = text[:at]
    return [line for line in text if line != wall]


def is_wall(line: str) -> bool:
    """Tell whether a line asks for payment before it shows more."""
    if len(line) > _LONGEST:
        return False
    own = own_voice(line)
    found = _WALL.search(own)
    return bool(found and not reports(own[found.end() :])) or asks(line) or _is_metered(line)


def _is_metered(line: str) -> bool:
    # In this order: hardly a line has a word of the second, which is the faster of the two.
    return len(line) <= _LONGEST and _FREE.search(line) is not None and _METER.search(line) is not None
