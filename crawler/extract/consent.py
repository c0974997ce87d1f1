"""Tells walls of consent: pages that say nothing but what they do with data, and ask their reader to agree or to pay.

An article about such things speaks of others; a wall speaks of itself and to its reader, in most of its sentences.
"""

from __future__ import annotations

import re

from crawler.extract.lines import weight
from crawler.extract.telling import dated, is_to_reader, own_voice, reports

#: A wall is no longer than this, where a character of a dense script counts three; a long one asks more than once.
LONGEST = 4_000
_SHORT = 800
_OFTEN = 3
#: So much of what it says is of the matter.
_MOSTLY = 0.5
#: A paragraph as long as this that has none of its words is text.
_PARAGRAPH = 100
#: A line with so many of its words explains what is asked.
_TWO = 2
#: What news calls it, too.
_NAMED = re.compile(
    r"consent or pay|pur[- ]abo|(?:einwilligen|zustimmen) oder|mit werbung|werbefrei|subscribe|privacygate|"
    r"cookie consent",
    re.IGNORECASE,
)
#: A line without the mark of a sentence is one when it is so long.
_LONG = 80
_ENDS = re.compile(r"[.!?…。！？．।؟۔։][\"\'”’»“)\]」』）]*$")
_UNMARKED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff].{40}")
_ASKS = re.compile(
    r"(?:this|our) (?:web)?site uses (?:\w+ ){0,3}cookies|(?:diese|unsere) (?:web)?(?:seite|site) (?:verwendet|nutzt) "
    r"(?:\w+ ){0,3}cookies|ce site (?:utilise|dépose) (?:\w+ ){0,3}cookies|este (?:sitio|site)(?: web)? (?:usa|"
    r"utiliza) "
    r"(?:\w+ ){0,3}cookies|questo sito (?:usa|utilizza) (?:\w+ ){0,3}cookie|deze (?:web)?site (?:gebruikt|plaatst) "
    r"(?:\w+ ){0,3}cookies|ta strona (?:używa|korzysta) (?:\w+ ){0,3}cookie|(?:クッキー|cookie)を利用し(?:て|ます)|"
    r"(?:当サイト|当社|弊社)[^。]{0,16}(?:クッキー|cookie)を(?:使用|利用)|"
    r"tout (?:accepter|refuser)|aceptar todo|accetta tutt[io]|aceitar tod?u?[do]s?|alles accepteren|akceptuję wszystk|"
    r"принять все|прийняти все|全部接受|すべて(?:許可|同意)|모두 동의|قبول الكل|"
    r"privacidad(?:e)? es? (?:muy )?importante para|privacidade é (?:muito )?importante|privacy è importante per noi|"
    r"ми дбаємо про вашу|мы заботимся о вашей|consent or pay|(?:einwilligen|zustimmen) oder (?:zahlen|pur)|"
    r"acceptez les cookies|"
    r"before you continue|we (?:value|respect|care about) your privacy|your privacy (?:choices|matters|is important)|"
    r"consent to (?:the use of )?cookies|cookie consent|\bwe,? and (?:our|\d+) |\bour (?:\d+ |[a-z]+ )?partners|"
    r"\bwe (?:[a-z]+ ){0,3}(?:use|store|set|place) (?:[a-z]+ ){0,3}cookies|accept (?:all )?(?:cookies )?and continue|"
    r"agree and continue|continue without (?:accepting|agreeing)|this (?:web)?site uses (?:\w+ ){0,3}cookies|"
    r"(?:accept|allow|reject|refuse) all(?: cookies)?(?:\s*$)|you can withdraw (?:your )?consent|"
    r"subscribe (?:[a-z]+ ){0,5}(?:without|free of) ads|"
    r"ihre privatsphäre|\bwir,? und (?:unsere|\d+) |unsere[nr]? (?:\d+ |\w+ )?partner|datenschutzeinstellungen|"
    r"\bwir (?:\w+ ){0,3}(?:verwenden|nutzen|setzen|verarbeiten) (?:\w+ ){0,4}cookies|weiterlesen mit werbung|"
    r"mit werbung (?:weiterlesen|zu lesen|zuzustimmen)|(?:ihre|deine) (?:zustimmung|einwilligung)(?: \w+){0,3} "
    r"widerruf|"
    r"akzeptieren und weiter|alle(?:s)?(?: cookies)? akzeptieren|werbefrei(?: \w+){0,4} lesen|\bpur[- ]abo|"
    r"nos (?:\d+ )?partenaires|\bnous,? et (?:nos|\d+) |\bnous (?:\w+ )?(?:utilisons|déposons) (?:\w+ ){0,3}(?:cookie|"
    r"traceur)|nous respectons votre vie privée|respect de votre vie privée est|accepter et (?:continuer|accéder|"
    r"fermer)|"
    r"continuer sans (?:accepter|cookies)|vous avez choisi de (?:ne pas accepter|refuser)|gérer (?:mes|vos|les) "
    r"cookies|"
    r"nuestros (?:\d+ )?socios|(?:usamos|utilizamos) (?:\w+ ){0,3}cookies|aceptar y continuar|continuar sin aceptar|"
    r"rechazar y suscrib|valoramos (?:tu|su) privacidad|retirar su consentimiento en cualquier|"
    r"i nostri (?:\d+ )?partner|(?:utilizziamo|usiamo) (?:\w+ ){0,3}cookie|accetta e continua|continua senza accettare|"
    r"rifiuta e abbonati|la tua privacy (?:è|ci)|rispettiamo la (?:tua|vostra) privacy|"
    r"nossos (?:\d+ )?parceiros|parceiros armazenamos|aceitar e continuar|continuar sem aceitar|"
    r"(?:valorizamos|respeitamos) (?:a )?sua privacidade|"
    r"onze (?:\d+ )?partners|\bwij en (?:onze|\d+) |\b(?:wij|we) (?:\w+ ){0,3}(?:gebruiken|plaatsen) (?:\w+ "
    r"){0,3}cookies|"
    r"(?:gebruiken|plaatsen) (?:wij|we) (?:\w+ ){0,3}cookies|akkoord en (?:doorgaan|verder)|privacygate|"
    r"accepteren en doorgaan|(?:uw|jouw|je) privacy (?:is|staat)|"
    r"\bmy i nasi |nasi (?:\d+ )?(?:zaufani )?partnerzy|naszy(?:ch|mi|m) (?:zaufany\w+ )?partner|dbamy o (?:twoj|"
    r"państw)|"
    r"używamy (?:\w+ ){0,3}(?:cookie|ciastecz)|(?:cenimy|szanujemy) (?:twoją|państwa) prywatność|"
    r"akceptuj\w* i przech|przejdź do serwisu|"
    r"vi värnar om din integritet|vi använder (?:oss av )?cookies|våra (?:\d+ )?partner|"
    r"vi (?:og vores partnere )?bruger cookies|vores (?:\d+ )?partnere|våre (?:\d+ )?partnere|"
    r"vi bruker (?:informasjonskapsler|cookies)|"
    r"vážíme si vašeho soukromí|používáme (?:soubory )?cookies?|ceníme si vašeho|záleží nám na vašem súkromí|"
    r"naši (?:\d+ )?partneři|"
    r"gizliliğinize|ortağımız|ortaklarımız|çerez(?:ler|leri)? (?:\w+ ){0,3}kullan(?:ıyoruz|maktayız|maktadır|"
    r"ılmaktadır)|"
    r"kabul et ve devam|"
    r"\bмы,? и наши |наши(?:ми|х)? партн[её]р|(?:\bмы|сайт|портал) (?:\w+ ){0,2}использу(?:ем|ет) (?:\w+ "
    r"){0,3}(?:cookie|"
    r"куки)|принять и продолжить|вы соглашаетесь|да[её]те (?:сво[её] )?согласие|"
    r"\bми,? (?:та|і|й) наші |наші партнери|наши(?:ми|х) партнер|(?:\bми|сайт|портал) (?:\w+ ){0,2}використову(?:ємо|"
    r"є) "
    r"(?:\w+ ){0,3}(?:cookie|кукі)|ви погоджуєтес|нада[єё]те (?:свою )?згоду|"
    r"(?:クッキー|cookie)\s?を使用し(?:て(?:い|お)り?ます|、)|プライバシーを尊重|(?:当社|弊社|当サイト|私たち)(?:と|"
    r"および|及び)"
    r"(?:その)?パートナー|同意して(?:続|次|進|閉)|同意したものとみなし|"
    r"(?:당사|저희|우리)(?:와|및| 및) ?(?:당사의 |그 )?(?:파트너|제휴)|(?:당사|저희|웹사이트|"
    r"사이트)[는은가] (?:\S+ ){0,4}쿠키를 사용|"
    r"쿠키를 사용합니다|동의하고 계속|"
    r"我们(?:和|及|与)?我们的|我們(?:和|及|與)?我們的|(?:我们的|我們的)(?:合作|\d+)|(?:我们|本网站|"
    r"本站)(?:会)?使用.{0,6}cookie|"
    r"(?:我們|本網站|本站)(?:會)?使用.{0,6}cookie|接受并继续|同意并继续|接受並繼續|同意並繼續|即表示(?:您|你)同意|"
    r"sütiket használunk|az ön adatainak védelme|σεβόμαστε (?:την )?(?:ιδιωτικότητ|απόρρητ)\w+|χρησιμοποιούμε cookies|"
    r"οι συνεργάτες μας|arvostamme yksityisyyttäsi|käytämme evästeitä|kumppanimme|folosim (?:module )?cookie|"
    r"respectăm confidențialitatea|partenerii noștri|"
    r"نحن و ?شركاؤنا|شركا(?:ؤنا|ئنا)|(?:نستخدم|نستعمل|يستخدم (?:هذا )?الموقع) (?:\w+ ){0,2}(?:ملفات تعريف|الكوكيز)|"
    r"خصوصيتك تهمنا|فإنك "
    r"توافق|"
    r"ما و شرکا|شرکای ما|از کوکی\S* (?:\S+ ){0,12}استفاده می\W?کن|شما با (?:\S+ ){0,4}موافقت می\W?کنید|"
    r"(?:हम|हमारी (?:वेबसाइट|साइट)|यह (?:वेबसाइट|साइट)) (?:[^\s।]+ ){0,12}?कुकी|हम और हमारे (?:[^\s।]+ )?(?:पार्टनर|"
    r"साझेदार|भागीदार)|सभी (?:कुकीज़? )?स्वीकार कर|(?:เรา|เว็บไซต์นี้)[^\n]{0,24}ใช้คุกกี้|ยอมรับ(?:คุกกี้)?ทั้งหมด|"
    r"אנ(?:ו|חנו) (?:\w+ ){0,3}משתמשים ב(?:עוגיות|-?cookies)|האתר (?:\w+ ){0,2}משתמש ב(?:עוגיות|-?cookies)|"
    r"kami menggunakan cookie|mitra kami|chúng tôi sử dụng cookie|đối tác của chúng tôi",
    re.IGNORECASE | re.MULTILINE,
)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _stems(text: str) -> re.Pattern[str]:
    """Look for stems where words begin; in scripts that write words without spaces or with others before, anywhere."""
    stems = _words(text)
    spaced = [stem for stem in stems if stem[0] < "\u0530"]
    return re.compile(
        rf"(?<![a-zà-ÿа-я])(?:{'|'.join(spaced)})|{'|'.join(stem for stem in stems if stem not in spaced)}"
    )


#: Stems of words of cookies and agreement: a wall that asks by nothing but its partners has one of them.
_CORE = (
    "cookie куки кукі クッキー 쿠키 çerez eväste informasjonskaps sütik süti traceur ملفات تعريف كوكيز کوکی ciastecz "
    "consent einwillig zustimm zuzustimmen accept akzept acept accett accetta aceit akcept agree akkoord toestemm "
    "zgad zgod соглас соглаш приня згод погодж прийня 同意 接受 동의 موافق توافق قبول پذیر samtyck samtykk souhlas "
    "συναίν suostum कुकी सहमति स्वीकार คุกกี้ ยินยอม ยอมรับ עוגיות הסכמ אישור "
)  # fmt: skip
_CORE_WORDS = _words(_CORE)
#: And of the other words by which a sentence is of the matter: data, advertising, partners, payment.
_MATTER = _stems(
    _CORE +
    "partner partenair socios parceir партнер партнёр パートナー 合作 파트너 شركا شرکا ortağ ortakl kumppan "
    "privac privé privat datenschutz prywat приватн конфиденц конфіденц gizlili 隐私 隱私 プライバシー 개인정보 خصوصي "
    "personal persönlich personnel personen kişisel персональ 个人 個人 شخص data daten données datos dados dati "
    "gegevens osobow danych данны дані даних verileri 数据 數據 データ 데이터 بيانات داده onay kabul "
    "werb publicit annonc advert anuncio werbung reklam реклам 广告 廣告 広告 광고 إعلان اعلان تبلیغ track anzeig "
    "pur-abo abo- subscri suscri abonn assin подпис передпл 订阅 訂閱 device gerät appareil dispositi apparaat urządz "
    "устройств пристро cihaz デバイス 设备 設備 기기 جهاز دستگاه preferen einstell paramètr settings instelling "
    "purpose zweck "
    "finalité reject refus rechaz rifiut weiger odrzu отказ reddet 拒否 拒绝 거부 رفض widerruf withdraw retir revoc "
    "serwisu خصوصی पार्टनर डेटा डिवाइस निजी सेटिंग พาร์ทเนอร์ พันธมิตร ข้อมูลส่วนบุคคล อุปกรณ์ שותפ פרטיות מידע"
)  # fmt: skip
_OF_CORE = _stems(_CORE)
_WEAK = re.compile(
    r"partn|parten|socios|parceir|партн|パートナー|合作|파트너|제휴|شركا|شرکا|ortağ|ortak|kumppan|συνεργάτ|mitra|"
    r"đối tác|"
    r"^\W*(?:we|wir|nous|wij|мы|ми|my i|naszy|我们|我們).{0,16}$"
)
#: Without one of them no page is a wall, which most texts show at once.
_GATE = _words(
    "cookie куки кукі クッキー 쿠키 çerez eväste informasjonskaps süti ملفات كوكيز کوکی privac privat privée privatsph "
    "datenschutz prywat integritet soukrom súkrom gizlili continue werbung partner partenair socios "
    "parceir партн パートナー 合作 파트너 شركا شرکا プライバシー 隐私 隱私 خصوصي consent accept adatai απόρρητ ιδιωτικ "
    "yksityis confiden कुकी คุกกี้ עוגיות"
)  # fmt: skip
_SENTENCES = re.compile(r"(?<=[.!?؟])\s+|(?<=[。！？])|\n+")


def is_asked(line: str) -> bool:
    """Tell whether a line asks for consent or explains what is asked."""
    own = own_voice(line)
    folded = own.casefold()
    return _ASKS.search(own) is not None or (
        _OF_CORE.search(folded) is not None and len(set(_MATTER.findall(folded))) >= _TWO
    )


def asks(line: str) -> bool:
    """Tell whether a line asks for consent in its own voice, and does not tell of others who do."""
    if not _has_word(line):
        return False
    own = own_voice(line)
    asked = [each[0] for each in _ASKS.finditer(own) if not _NAMED.match(each[0])]
    if not asked or (all(map(_WEAK.search, asked)) and not _OF_CORE.search(own.casefold())):
        return False
    return not is_told(line)


def is_told(line: str) -> bool:
    """Tell whether a line is news of consent: somebody says it, or it has its day."""
    own = own_voice(line)
    return reports(own) or dated(own)


def _has_word(text: str) -> bool:
    return any(map(text.casefold().__contains__, _GATE))


def has_core_word(line: str) -> bool:
    """Tell, at once for most lines, whether a line has a word of consent itself."""
    folded = line.casefold()
    return any(map(folded.__contains__, _CORE_WORDS))


def explains(line: str) -> bool:
    """Tell whether a line explains to its reader what is asked."""
    own = own_voice(line).casefold()
    return is_to_reader(line) and _OF_CORE.search(own) is not None and len(set(_MATTER.findall(own))) >= _TWO


def is_sentence(line: str) -> bool:
    """Tell whether a line is a sentence: it ends as one, or is long; some scripts have no such mark."""
    return weight(line) >= _LONG or _ENDS.search(line) is not None or _UNMARKED.search(line) is not None


def is_of_it(line: str) -> bool:
    """Tell whether a line has a word of the matter, as news may, too."""
    return _MATTER.search(line.casefold()) is not None


def is_wall(title: str, text: str) -> bool:
    """Tell whether a page asks for consent and says nothing else."""
    if weight(text) > LONGEST:
        return False
    if not _has_word(text) and not _ASKS.search(title):
        return False
    # Nearly every text ends here, at its first paragraph of something else, above which a banner may stand.
    if any(weight(line) >= _PARAGRAPH and not _MATTER.search(line.casefold()) for line in text.split("\n")):
        return False
    own = own_voice(text)
    asked = {match[0].casefold() for match in _ASKS.finditer(own)}
    if _ASKS.search(title):
        asked.add(title)
    if all(map(_WEAK.search, asked)) and not _OF_CORE.search(f"{title} {own}".casefold()):
        return False
    if not asked or (weight(text) > _SHORT and len(asked) < _OFTEN):
        return False
    sentences = [(weight(each), _MATTER.search(each.casefold())) for each in _SENTENCES.split(own) if each]
    return sum(size for size, found in sentences if found) >= _MOSTLY * sum(size for size, _ in sentences)
