"""Tells stubs that do not declare it: pages that show the beginning of a text and, right below it, ask for payment."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extract.asking import asks, is_gate, sells
from crawler.extract.counts import ends_sentence
from crawler.extract.lines import ASIDE, Block, Line, holds, weight
from crawler.extract.offers import is_offer
from crawler.extract.page import ParsedPage, letters
from crawler.extract.telling import is_to_reader, own_voice, reports

#: How a page asks its reader to pay or to log in, and says that there is more.
_WALL = re.compile(
    r"subscribe (?:now )?to (?:continue|keep|read)|(?:continue|keep) reading[ ,.]+(?:please )?(?:subscribe|log "
    r"in|sign in|register|with)|become a (?:subscriber|member) to (?:read|continue)|"
    r"this (?:article|story|content) is (?:behind|locked|premium|for (?:paid|premium))|unlock this (?:article|story)|"
    r"read the (?:full|rest of the) (?:story|article) (?:with (?:(?:an?|your|our) )?(?:[\w-]+ ){0,3}?(?:subscription|"
    r"membership|account|plan|pass|trial|login|plus|premium|\w+\+)|by (?:subscrib|join|sign|logg|regist|becom))|"
    r"start (?:your|a) (?:\w+ )?trial (?:to|and) "
    r"(?:continue|keep|read)|"
    r"(?:jetzt |hier )?weiterlesen mit (?!werbung)|lesen sie (?:weiter )?mit (?:\w+ ){0,2}\w*abo\b|"
    r"mit (?:einem )?\S{0,12}abo (?:weiter)?lesen|dieser artikel ist (?:kostenpflichtig|abonnent)|artikel "
    r"freischalten|"
    r"il vous reste \d+\s?% de cet article|abonnez-vous pour (?:lire|continuer)|la suite est réservée|pour lire la "
    r"suite|"
    r"suscr[íi]b[ae]\w* para (?:seguir|continuar|leer)|para seguir leyendo|abbonati per (?:continuare|leggere)|"
    r"(?:assine|inscreva-se) para (?:continuar|ler)|(?:lees|verder) (?:verder|lezen) met (?:een )?|"
    r"pozostało (?:jeszcze )?\d+\s?% (?:tekstu|artykułu)|чтобы (?:читать|прочитать) (?:дальше|полностью)|"
    r"(?:この記事は)?有料記事|残り\s?[\d,]+\s?文字|続きを読むには|(?:ログイン|会員登録)して続きを|"
    r"付费(?:内容|阅读|文章)|付費(?:內容|文章|閱讀)|订阅后(?:可)?阅读|訂閱(?:後|以)(?:可)?閱讀|"
    r"(?:成为|登录|成為|登入)(?:会员|會員)[^。]{0,6}(?<![论論藏])(?:阅读|閱讀)|剩余\s?\d+\s?%|剩餘\s?\d+\s?%|"
    r"유료 ?기사|구독하고 (?:계속|전문|읽)|로그인 후 계속|"
    r"اشترك (?:الآن )?(?:لمواصلة|لقراءة|لمتابعة)|"
    r"(?:devamı\w*|tamamı\w*) (?:için|okumak için) (?:\w+ )?(?:abone|üye)|okumak için (?:abone|üye)|"
    r"(?:logga in|bli prenumerant)\b.{0,40}(?:läsa|fortsätta)|artikeln är låst|"
    r"(?:bliv|bli) (?:abonnent|medlem) (?:for|og) (?:at |å )?(?:les|læs|få adgang|fortsæt|fortset)|"
    r"(?:jatkaaksesi|jatka) lukemista|המשך קריאה (?:למנויים|התחברו|הירשמו)",
    re.IGNORECASE,
)
#: For whom something is: the text where that is named before, or nothing else is.
_AUDIENCE = re.compile(
    r"(?:for|to|reserved for) (?:our )?(?:paid |paying |premium )?(?:subscribers|members) only|(?:subscribers|"
    r"members)"
    r"[ -]only\b|(?:exclusive|only)(?:ly)? (?:available )?(?:for|to) (?:our )?(?:subscribers|members)|"
    r"(?:nur|exklusiv) für (?:unsere )?abonnent\w*|(?:uniquement |exclusivement )?réservée?s? (?:aux|"
    r"à nos) abonnée?s?|"
    r"(?:exclusiv[oa]s?|s[óo]lo) para (?:\w+ ){0,2}(?:suscri|abonad|soci|miembr|usuari|"
    r"lector)\w*(?: registrad[oa]s)?|"
    r"(?:riservat\w|sol[oa]|esclusiv\w+) (?:agli |per |per gli )(?:nostri )?abbonati|"
    r"(?:exclusiv[oa]s?|só) para (?:os )?(?:nossos )?(?:assinantes|subscritores)|"
    r"(?:alleen|exclusief) voor (?:abonnees|leden)|(?:tylko|wyłącznie) dla (?:prenumeratorów|subskrybentów)|"
    r"(?:только|лише|тільки) (?:для )?(?:подписчик\w*|передплатник\w*)|доступ\w* только подписчик\w*|"
    r"(?:有料会員|会員)(?:だけ|のみ|限定|専用)(?:の?(?:記事|コンテンツ|ページ))?(?:です|となります)?|"
    r"有料(?:会員)?(?:記事)|"
    r"有料会員の方(?:のみ|が)\S{0,12}|付費會員|付费会员(?:专享|可读)?|会员(?:专享|专属)(?:内容|文章)?|會員(?:專享|"
    r"專屬)(?:內容|文章)?|"
    r"유료 ?(?:회원|구독자?) ?(?:전용|만|용)(?: (?:기사|콘텐츠|볼 수))?(?:입니다|이에요)?|구독자 ?(?:만|"
    r"전용)(?: (?:기사|콘텐츠|볼 수))?(?:입니다|이에요)?|"
    r"للمشتركين فقط|(?:ویژه|مخصوص) مشترکان|(?:sadece|yalnızca) abone\w*|"
    r"(?:endast|bara) för prenumeranter|(?:kun|bare) for (?:abonnenter|abonnentar|medlemmer)|"
    r"(?:jen|pouze|iba|len) pro (?:předplatitele|predplatiteľov)|(?:csak|kizárólag) előfizető\w*|előfizetőknek|"
    r"(?:vain|ainoastaan) tilaajille|μόνο για συνδρομητές|doar pentru abonați|למנויים בלבד|"
    r"chỉ dành cho (?:thành viên|người đăng ký)|khusus (?:pelanggan|member)|เฉพาะสมาชิก(?:เท่านั้น)?|"
    r"केवल सब्सक्राइबर",
    re.IGNORECASE,
)
#: What pages call a text of theirs, or what is left of it.
_CALLED = re.compile(
    r"\b(?:this|article|story|content|text|report|rest|full|access|reading|read)\b|artikel|beitrag|inhalt|\btext|"
    r"\bartic|articol|articul|artícul|artigo|artykuł|artikkel|artikkeli|contenu|contenid|conteúdo|contenut|conținut|"
    r"texte|suite|lecture|noticia|notícia|nota\b|texto|matéria|reportage|reportaje|testo|tekst|treść|pełn|inhoud|"
    r"verhaal|"
    r"стат[ьт]|материал|матеріал|текст|верси|полн|повн|чита|المقال|المحتوى|المادة|مطلب|مقاله|محتوا|ادامه|متن|"
    r"haber|yazı|içerik|içeri|devamı|tamamı|okum|記事|続き|この先|ここから|以降|全文|コンテンツ|本文|内容|內容|"
    r"文章|기사|전문|콘텐츠|"
    r"이하|이 글|"
    r"innehåll|innhold|indhold|\bsaken?\b|sisältö|juttu|článek|článok|obsah|cikk|tartalom|άρθρο|περιεχόμενο|"
    r"כתבה|תוכן|מאמר|bài|nội dung|konten|berita|บทความ|เนื้อหา|लेख|खबर|ख़बर|सामग्री",
    re.IGNORECASE,
)
#: What may follow: that it is so, or how one gets in.
_ONLY = re.compile(
    r"(?:です|でございます|となります|である|입니다|可[读讀看])?[^\w:：]*|"
    r"[^\W\d_\u2e80-\ud7ff]*(?:[^\w:：]+[^\W\d_\u2e80-\ud7ff]+)?[^\w:：]*|\s*[.!|·•].*"
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
    r"(?:tento )?článek|(?:a|ez a) cikk|הכתבה|כתבה זו|bài viết này|(?:artikel|konten|berita) ini|acest articol|"
    r"το άρθρο|यह (?:लेख|खबर)|^(?:content|inhalt|artikel|contenu|article|contenido|artículo|noticia|conteúdo|artigo|"
    r"matéria|contenuto|articolo|treść|artykuł|conținut|articol|innehåll|innhold|indhold|obsah|tartalom|sisältö) ",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!。！।]$")
#: Nor does a text end with a sentence of hardly more than such words: "For subscribers only."
_LABEL, _WHOLE, _BEFORE = 64, 0.65, 28
#: Blocks that their page calls walls, in its templates.
_WALLS = frozenset(("paywall", "paywalled", "regwall", "paygate", "payfence", "paymeter"))
#: A wall that was taken for text ends it with so many lines: what is asked, for how much, and "log in".
_LAST = 5
#: The wall stands so many lines below the text at most, and says so in a line that is no paragraph.
_BELOW = 6
_LONGEST = 220
#: A card reaches so far around its label, and its headline is as long as this.
_CARD, _HEADLINE = 3, 20
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
    main = [(at, line) for at, line in enumerate(shown) if not line.chrome][:_BELOW]
    plain = [line.text for at, line in main if asks(line.text) or not _is_of_other(shown, at, page.lines[last])]
    # In a column beside the text stand teasers of what is for subscribers, too: there only what asks outright counts.
    beside = [line.text for line in shown[:_BELOW] if line.block.inside & ASIDE]
    return next(filter(_is_below, plain), "") or next(filter(asks, beside), "") or _in_box(page, text, last)


def _is_of_other(shown: Sequence[Line], at: int, end: Line) -> bool:
    """Tell whether a line below a text stands on a card, beside the linked headline of another text."""
    linked = [line for line in (*shown[max(at - 1, 0) : at], *shown[at + 1 : at + 3]) if line.linked]
    headlines = [line for line in linked if weight(line.text) >= _HEADLINE and not sells(line.text)]
    around = shown[at].block.parent
    for _ in range(_CARD):
        if not headlines or around is None or holds(around, end.block):
            return False
        if any(holds(around, line.block) for line in headlines):
            return True
        around = around.parent
    return False


def _in_box(page: ParsedPage, text: Sequence[str], last: int) -> str:
    """Give the line at the end of a text, or right below it, that sells in a box which its page calls a wall."""
    first = page.keys.index(letters(text[0])) if letters(text[0]) in page.keys else last
    begins = page.lines[first].block
    for line in page.lines[max(first + 1, last - _LAST) : last + 1 + _BELOW]:
        box = _wall_of(line.block)
        if box is None or line.block.hidden or holds(box, begins) or len(line.text) > _LONGEST:
            continue
        if sells(line.text):
            return line.text
    return ""


def _wall_of(block: Block | None) -> Block | None:
    while block is not None and _WALLS.isdisjoint(block.names) and "data-paywall" not in block.element.attrib:
        block = block.parent
    return block


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
    if _SELF.search(line) or _SENTENCE.search(line) is None:
        return True
    found = _AUDIENCE.search(line) or _WALL.match(line)
    if found is None or weight(line) > _LABEL:
        return False
    before = line[: found.start()]
    named = weight(before) <= _BEFORE and _CALLED.search(before) is not None
    return named or (not before and found.end() >= _WHOLE * len(line))


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
    return (_names(line) is not None and not is_offer(line)) or asks(line) or _is_metered(line)


def _names(line: str) -> re.Match[str] | None:
    """Find the words of a wall in what a line says in its own voice."""
    own = own_voice(line)
    found = _WALL.search(own)
    if found is None and (found := _AUDIENCE.search(own)) is not None:
        # What else is for members only is a prize, a letter, a concert.
        before, after = own[: found.start()], own[found.end() :]
        alone = not any(map(str.isalnum, before)) and _ONLY.fullmatch(after)
        if not (alone or _CALLED.search(before)):
            return None
    return None if found is None or reports(own[found.end() :]) else found


def _is_metered(line: str) -> bool:
    # In this order: hardly a line has a word of the second, which is the faster of the two.
    return len(line) <= _LONGEST and _FREE.search(line) is not None and _METER.search(line) is not None
