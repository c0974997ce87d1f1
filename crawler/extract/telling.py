"""Tells news from what a page says in its own voice: who said it, on which day, and to whom.

A wall asks or turns away whoever reads it; news of the same words tells what others said and did.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from crawler.extract.lines import weight

#: Verbs of those who are quoted, as no page uses them of itself.
_REPORTS = re.compile(
    r"\b(?:said|told|announced|reported|ruled|fined|joked|apologi[sz]ed|"
    # As they are told in the present.
    r"says|warns|urges|(?:publishers|experts|officials|they|agencies|critics|doctors|police) (?:say|ask|warn|urge)|"
    r"warnt|warnen|mahnt|mahnen|sagt|bitten die|bittet (?:die|der|das)|"
    r"avertit|avertissent|demandent|prévient|préviennent|exhortent?|disent|"
    r"advierten?|piden|dicen|alertam|avisam|pedem|dizem|avverte|avvertono|chiedono|dicono|esortano|"
    r"waarschuwt|waarschuwen|zegt|zeggen|roepen|ostrzega|ostrzegają|mówi|mówią|apeluj[eą]|"
    r"предупрежда[ею]т|просят|говор[ия]т|призыва[ею]т|обеща[ею]т|попереджа[єю]\w*|кажуть|закликають|обіцяють|"
    r"uyarıyor|diyor|varnar|uppmanar|säger|advarer|siger|sier|varoittaa|varuje|říká|figyelmeztet|"
    r"avertizează|προειδοποιεί|λέει|cảnh báo|memperingatkan|يحذر|تحذر|يحث|מזהיר|אומר|"
    r"sagte|sagten|teilte|teilten|erklärte|kündigte|berichtete|urteilte|"
    r"a (?:déclaré|annoncé|indiqué|dit|expliqué|précisé|affirmé|infligé)|ont (?:déclaré|annoncé|indiqué|dit)|"
    r"dijo|anunció|informó|declaró|explicó|aseguró|dijeron|anunciaron|"
    r"disse|anunciou|informou|afirmou|"
    r"ha (?:detto|annunciato|dichiarato|spiegato|multato)|hanno (?:detto|annunciato)|"
    r"zei|zeiden|meldde|maakte bekend|oordeelde|aldus|"
    r"powiedział\w*|poinformował\w*|ogłosił\w*|oświadczył\w*|"
    r"сообщил\w*|заявил\w*|сказал\w*|объявил\w*|рассказал\w*|повідомил\w*|заявив|сказав|повідомив|оголосил\w*|"
    r"dedi|açıkladı|duyurdu|söyledi|bildirdi|"
    r"sade|meddelade|uppgav|slog fast|sagde|oplyste|sa|opplyste|sanoi|kertoi|řekl\w*|uvedl\w*|oznámil\w*|povedal\w*|"
    r"mondta|közölte|bejelentette|a spus|a declarat|a anunțat|είπε|δήλωσε|ανακοίνωσε|"
    r"cho biết|công bố|mengatakan|mengumumkan|قال|قالت|أعلن|أعلنت|صرح|אמר|אמרה|הודיע|הודיעה)\b|"
    r"(?:گفت|می‌گوید|می‌گویند|هشدار (?:داد|می‌دهد)|اعلام کرد)(?!\w)|ने (?:कहा|बताया)|(?:चेतावनी दी|कहते हैं)|กล่าวว่า|"
    r"と(?:発表し|述べ|話し|語っ|説明し|明らかにし)|を(?:発表した|命じた|呼びかけ)|と(?:警告|訴え|呼びかけ)|表示(?:[，,：]|将|會|会|已)|宣布|呼[吁籲]|(?:方|员|員|者|长|長)[称稱]|"
    r"밝혔다|경고했다|당부했다|말했다|전했다|발표했다|부과했다",
    re.IGNORECASE,
)
#: Days, by which news says when: what a page says of itself holds whenever it is read.
_DAYS = re.compile(
    r"\bon (?:mon|tues|wednes|thurs|fri|satur|sun)day|\bsince (?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"\b(?:am|seit|vom) (?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)|"
    r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b|"
    r"\b(?:lunes|martes|miércoles|jueves|viernes|el sábado|el domingo)\b|"
    r"\b(?:lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica)\b|"
    r"\b(?:segunda|terça|quarta|quinta|sexta)(?:-feira)?\b|\bno (?:sábado|domingo)\b|"
    r"\b(?:maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)\w*|"
    r"\b(?:poniedział\w+|we wtorek|w środę|w czwartek|w piątek|w sobotę|w niedzielę)\b|"
    r"\b(?:понедельник\w*|во вторник|в среду|в четверг|в пятницу|в субботу|в воскресенье)\b|"
    r"\b(?:понеділ\w+|у вівторок|у середу|у четвер|у п['’]ятницю|у суботу|у неділю)\b|"
    r"\bpå (?:mån|tis|ons|tors|fre|lör|sön)dagen|"
    r"\b(?:v pondělí|v úterý|ve středu|ve čtvrtek|v pátek|v sobotu|v neděli)\b|"
    r"\b(?:pazartesi|salı günü|çarşamba|perşembe|cuma günü|cumartesi|pazar günü)\b|"
    r"يوم (?:ال)?(?:اثنين|ثلاثاء|أربعاء|خميس|جمعة|سبت|أحد)|"
    r"(?:منذ|مساء|صباح) (?:ال)?(?:اثنين|ثلاثاء|أربعاء|خميس|جمعة|سبت|أحد)|"
    r"(?:周|週|星期)[一二三四五六日天]|[月火水木金土日]曜日|\d日(?:、|に)|(?:월|화|수|목|금|토|일)요일|\d일\s",
    re.IGNORECASE,
)
#: Words to whoever reads, and for who cannot be served.
_TO_READER = re.compile(
    r"\byou(?:r|rs|['’]re|['’]ve)?\b|\bplease\b|\bsorry\b|\btry (?:again|our|the|these|searching)|\bbelow\b|"
    r"(?<!^)(?<![.!?] )\b(?-i:Sie|Ihre?[nmrs]?)\b|\bbitte\b|\bleider\b|\bdein\w*|"
    r"\bvous\b|\bvo(?:tre|s)\b|désolé|\bveuillez\b|"
    r"\busted\b|\btu\b|\btus\b|\bte\b|por favor|lo sentimos|\bvuelva\b|\bbusca\b|"
    r"\bvocê\b|\btente\b|\bvolte\b|desculpe|\btorna\b|\bprova\b|\bpuoi\b|spiacenti|\bcerchi\b|"
    r"\bje\b|\bjouw\b|\buw?\b|\bprobeer\b|\bhelaas\b|\btwoj\w+|\bszukasz\b|\bprzepraszamy\b|\bspróbuj\b|\bwróć\b|"
    r"\bвы\b|\bвам\b|\bваш\w*|\bвас\b|пожалуйста|\bпопробуйте\b|\bвернитесь\b|\bви\b|\bвас\b|на жаль|\bперейдіть\b|"
    r"\blütfen\b|\baradığınız\b|\bdenediğiniz\b|üzgünüz|\bdu\b|\bdin\b|tyvärr|beklager|"
    r"يرجى|الرجاء|عذر|يمكنك|لطفا|شما|متأسف|אנא|מצטערים|vui lòng|\bbạn\b|\banda\b|कृपया|आप|ขออภัย|คุณ|กรุณา|"
    r"您|请(?:返|重|检|点|稍)|請(?:返|重|檢|點|稍)|抱歉|ください|お探し|申し訳|"
    r"いただ|하세요|십시오|주세요|죄송|시기 바랍",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"\n]*\"|«[^»]*»|„[^“”\n]*[“”]|「[^」]*」|『[^』]*』|‘[^’\n]{12,}’")
_SENTENCES = re.compile(r"(?<=[.!?؟।])\s+|(?<=[。！？])|\n+")
_ENDED = re.compile(r"[.!?…。！？؟۔।]\W*$")
#: A sentence that tells something is as long as this, where a character of a dense script counts three.
_LEAST = 30
_TWO = 2


def own_voice(text: str) -> str:
    """Give a text without what it quotes: of itself only a page speaks in its own voice."""
    return _QUOTED.sub(" ", text) if any(mark in text for mark in '“"«„「『‘') else text


def sentences(text: str) -> list[str]:
    """Cut a text into its sentences."""
    return _SENTENCES.split(text)


def reports(text: str) -> bool:
    """Tell whether a text names who said what it tells."""
    return _REPORTS.search(text) is not None


def dated(text: str) -> bool:
    """Tell whether a text says on which day something happened."""
    return _DAYS.search(text) is not None


def is_to_reader(text: str) -> bool:
    """Tell whether a text speaks to whoever reads it."""
    return _TO_READER.search(own_voice(text)) is not None


def is_news(text: str, wall: Callable[[str], object]) -> bool:
    """Tell whether a text tells something beside the words of a wall, which ``wall`` finds in what a page itself says.

    A sentence is enough that is dated or says whose word it is, or there are two others.
    """
    told = []
    marked = False
    for sentence in sentences(text):
        own = own_voice(sentence)
        if _TO_READER.search(own):
            continue
        mark = reports(own) or dated(own)
        if mark:
            marked = True
        elif wall(own):
            continue
        if mark or (weight(sentence) >= _LEAST and _ENDED.search(sentence)):
            told.append(sentence)
    return bool(told) and (marked or len(told) >= _TWO)
