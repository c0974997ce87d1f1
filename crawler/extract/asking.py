"""Tells sentences that ask their reader to pay or to log in before they show the rest of a text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extract.lines import weight
from crawler.extract.offers import is_offer
from crawler.extract.telling import own_voice, reports

#: They speak to whoever reads, so each begins a sentence; told of others, it would stand within one.
_ASKS = re.compile(
    r"(?:^|(?<=[.!?:|…。！？؟–—])\s*)(?:"
    r"(?:to|in order to) (?:continue|keep|read|finish|view|access)\b[^.!?]{0,60}?(?:,|"
    r"\bplease) (?:please )?(?:subscribe|"
    r"log ?in|sign (?:in|up)|register|create|become|start|join)\b|(?:please )?(?:subscribe|log ?in|sign (?:in|up)|"
    r"register|join)(?: (?:now|today|here))?(?:,? (?:or|and)(?: [a-z]+){1,5}?)? (?:to|and) (?:continue|keep reading|"
    r"read|"
    r"finish|unlock|access the (?:full|rest))\b|you need (?:an? )?(?:\w+ )?(?:subscription|account) to (?:read|"
    r"continue)|"
    r"read the (?:full|whole|rest of (?:the|this)) (?:story|article) with (?:an?|your) "
    r"(?:[\w-]+ ){0,3}?(?:subscription|membership|account|plan|pass|trial|login)\b|the (?:rest|"
    r"remainder) of this (?:article|story) is (?:for|only|"
    r"available|"
    r"reserved)|this (?:is an? |article is |story is |content is )(?:an? )?(?:premium|subscriber|member|"
    r"exclusive (?:to|for))|"
    r"(?:jetzt |hier )?weiterlesen mit (?!werbung)|um (?:\w+ ){0,4}(?:weiterlesen|weiterzulesen|"
    r"lesen)\b[^.!?]{0,40}(?:abo|anmeld|melden sie sich|"
    r"registr)|(?:sie )?(?:möchten|wollen) (?:sie )?(?:\w+ ){0,3}(?:weiter)?lesen\?|"
    r"abonnieren sie[^.!?]{0,40} um (?:\w+ ){0,3}(?:weiter)?(?:zu)?lesen|(?:jetzt )?(?:abo abschließen|"
    r"abonnieren|anmelden|registrieren) und weiterlesen|diese[rs]? (?:artikel|beitrag|text|"
    r"inhalt) (?:ist (?:\w+ ){0,2}?"
    r"(?:kostenpflichtig|(?:nur|exklusiv) für|teil unseres)|gehört zu unserem)|den (?:vollständigen|ganzen|"
    r"kompletten) "
    r"(?:artikel|text|beitrag) (?:lesen|finden) sie (?:\w+ ){0,5}(?:\w*abo\b|plus\b|e-paper)|"
    r"le reste de (?:cet |l['’])article|la suite (?:de (?:cet |l['’])article )?est réservée|pour (?:lire (?:la suite|"
    r"l['’]article|l['’]intégralité)|continuer|poursuivre)[^.!?]{0,50}(?:abonne|connecte|inscri|identifie)\w*|"
    r"(?:connectez|"
    r"abonnez|inscrivez|identifiez)-vous(?: ou \S+)? (?:pour|et) (?:lire|continue|poursuiv|accéde)|(?:cet article|ce "
    r"contenu) est réservé|"
    r"(?:suscr[íi]b\w+|reg[íi]strat?e|reg[íi]strese) (?:\w+ )?(?:para|y) (?:seguir|continuar|leer|sigue|continúa)|"
    r"(?:inicia\w*|inicie) sesión (?:\w+ )"
    r"{0,3}para (?:seguir|continuar|leer)|para (?:seguir|continuar|leer)[^.!?]{0,50}(?:suscr[íi]b|inici[ae]|"
    r"reg[íi]str)"
    r"\w*|est[ea] (?:contenido|artículo|noticia) es (?:exclusiv[oa]|s[oó]lo) para|"
    r"abbonat[ie] (?:ora )?per (?:continuare|leggere)|acced[ia] (?:\w+ ){0,3}per (?:continuare|leggere)|per "
    r"(?:continuare|leggere|proseguire)[^.!?]{0,50}(?:abbona|accedi|registra)\w*|quest[oa] (?:contenuto|articolo) è "
    r"riservato|"
    r"assine (?:\w+ ){0,3}(?:para|e) (?:continu|ler|lei)\w*|para (?:continuar|ler|aceder)[^.!?]{0,50}(?:assin|sessão|"
    r"regist|cadastr|login)\w*|(?:faça login|inicie sessão) para (?:continuar|ler)|est[ea] (?:conteúdo|artigo|"
    r"matéria|"
    r"texto) é exclusiv|"
    r"word (?:\w+ )?(?:abonnee|lid) (?:om|en)\b|(?:lees verder|verder lezen|doorlezen)(?: met\b|\?)|(?:log in|"
    r"registreer|"
    r"neem een abonnement) om (?:\w+ ){0,4}lezen|om (?:\w+ ){0,4}lezen[^.!?]{0,40}(?:abonn|log in)|dit artikel is "
    r"(?:exclusief|alleen) voor|"
    r"pozostało (?:jeszcze )?\d+\s?% |aby (?:prze|do)?czytać[^.!?]{0,50}(?:prenumerat|subskry|zaloguj|wykup)\w*|"
    r"(?:zaloguj się|wykup \w+|kup \w+),? "
    r"(?:aby|żeby|i) (?:prze)?czyta|czytaj dalej z\b|(?:ten )?(?:artykuł|tekst) (?:jest )?(?:dostępny )?(?:tylko|"
    r"wyłącznie) dla (?:prenum|subskr)|"
    r"чтобы (?:про|до)?читать[^.!?]{0,60}(?:подпиш|подписк|войди|авториз|зарегистр)|(?:войдите|оформите|подпишитесь|"
    r"зарегистрируйтесь|авторизуйтесь)[^.!?]{0,50}(?:чтобы|для) (?:\w+ )?(?:читать|прочитать|дочитать|чтени|продолж)|"
    r"полн(?:ый текст|ая версия)[^.!?]{0,40}подпис(?:к|чик)|(?:этот|данный) (?:материал|"
    r"текст) доступен (?:только )?(?:по|для) "
    r"подпис|эта статья доступна (?:только )?(?:по|для) подпис|"
    r"щоб (?:про|до)?читати[^.!?]{0,60}(?:передпла|підпиш|увійд)|(?:увійдіть|оформіть|підпишіться|передплатіть)"
    r"[^.!?]{0,50}(?:щоб|для) (?:\w+ )?(?:чита|прочита|дочита|продовж)|повний текст[^.!?]{0,40}(?:передпла|"
    r"підпис(?:к|ник))|"
    r"(?:цей) "
    r"(?:матеріал|текст) доступний (?:лише |тільки )?(?:за|для) перед|"
    r"ل(?:قراءة|متابعة|مواصلة|إكمال) [^.!؟]{0,50}(?:اشترك|سج[ّ]?ل)|(?:سج[ّ]?ل|قم بتسجيل) (?:الدخول|دخولك) (?:\w+ ){0,2}"
    r"ل(?:متابعة|قراءة|مواصلة)|اشترك (?:الآن )?ل(?:متابعة|قراءة|مواصلة|إكمال)|هذا (?:المحتوى|"
    r"المقال) (?:\w+ )?للمشتركين|"
    r"برای (?:خواندن|مطالعه|ادامه)[^.!؟]{0,60}(?:مشترک شوید|وارد \w+|ثبت.?نام|اشتراک)|(?:ادامه )?این (?:مطلب|مقاله|"
    r"محتوا) (?:فقط )?"
    r"(?:ویژه|مخصوص|برای) مشترک|"
    r"(?:\w+ ){0,2}(?:devamı|tamamı) için (?:\w+ ){0,2}(?:abone|üye|giriş)|"
    r"(?:\w+ ){0,2}(?:devamını |tamamını )okumak için (?:\w+ ){0,3}(?:abone|üye|giriş|oturum)|"
    r"okumaya devam etmek için "
    r"(?:\w+ ){0,3}(?:abone|üye|giriş|oturum)|bu (?:içerik|haber|yazı) (?:yalnızca|sadece) abone|"
    r"(?:订阅|登录|登入|开通会员|加入会员|付费|訂閱|登錄|付費)(?:后|後|即|以|并|並)?(?:可|即可)?(?:继续|"
    r"繼續)?(?:阅读|"
    r"閱讀|查看|解锁|解鎖)|"
    r"(?:阅读|閱讀|查看)(?:全文|完整)[^。]{0,8}(?:订阅|登录|訂閱|登入|会员|會員|付费|付費)|(?:本文|此文|此内容|"
    r"该文章)(?:仅限|为|仅供|僅限|僅供)"
    r"[^。]{0,6}(?:订阅|会员|付费|訂閱|會員|付費)|"
    r"続きを(?:読む|お読み|ご覧)[^。]{0,12}(?:会員|登録|ログイン|購読)|(?:ログイン|会員登録|登録|購読)して(?:続き|"
    r"全文)|(?:この記事|この続き|ここから先|"
    r"以降)は[^。]{0,6}(?:有料|会員)|残り\s?[\d,]+\s?文字|"
    r"(?:전문|계속|나머지|이 기사)[^.]{0,14}(?:읽으려면|보시려면|보려면)[^.]{0,12}(?:로그인|구독|가입)|"
    r"구독하고 (?:계속|전문)|로그인"
    r"(?:하고|하시면| ?후)[^.]{0,6}(?:계속|전문)|(?:이|본) 기사는 유료|유료 ?(?:기사|콘텐츠)|(?:이 기사는 |"
    r"본 기사는 )?(?:유료 ?)?(?:(?:회원|구독자) ?(?:만|"
    r"전용))|"
    r"(?:[^\s।]+ ){0,4}?पढ़ने के लिए (?:[^\s।]+ ){0,3}?(?:लॉग|साइन|सब्सक्राइब|सदस्य|रजिस्टर)|यह (?:लेख|खबर|ख़बर|"
    r"सामग्री) "
    r"(?:केवल|सिर्फ़?) (?:सब्सक्राइबर|सदस्य|ग्राहक)|(?:เข้าสู่ระบบ|สมัครสมาชิก|ล็อกอิน)เพื่อ(?:อ่าน|ดู)|(?:vui lòng )?"
    r"đăng (?:nhập|ký) để (?:đọc|xem|tiếp tục)|"
    r"(?:logga in|bli (?:prenumerant|medlem)|skaffa prenumeration)[^.!?]{0,30} (?:för att|och) (?:fortsätta |"
    r"få )?läs\w*|"
    r"(?:logg inn|bli (?:abonnent|medlem)|kjøp tilgang)[^.!?]{0,30} (?:for å|og) (?:fortsette |få )?les\w*|"
    r"(?:log ind|bliv (?:abonnent|medlem)|køb adgang)[^.!?]{0,30} (?:for at|og) (?:fortsætte |få )?læs\w*|"
    r"(?:kirjaudu|tilaa)[^.!?]{0,30} (?:ja|niin) (?:jatka|lue)\w*|jatka(?:aksesi)? lukemista[^.!?]{0,20} "
    r"(?:tilaa|kirjau)\w*|"
    r"(?:přihlaste|předplaťte|prihláste|predplaťte) (?:se|si|sa)[^.!?]{0,30} a (?:čtěte|čítajte)|pro (?:přečtení|"
    r"pokračování)[^.!?]{0,40}(?:předpl|přihl)|a (?:teljes cikk|folytatás)\w*[^.!?]{0,30}(?:előfizet|jelentkez)|"
    r"fizessen elő[^.!?]{0,30}olvas|(?:abonează-te|abonați-vă|autentifică-te)[^.!?]{0,30} (?:pentru a|ca să) "
    r"(?:cit|continu)|γίνετε συνδρομη\w+[^.!;]{0,30}(?:διαβ|συνεχ)|συνδεθείτε για να (?:διαβ|συνεχ)|"
    r"(?:הירשמו|התחברו|הצטרפו)[^.!?]{0,20}(?:כדי ל|ל)(?:המשך|קרוא|המשיך)|(?:masuk|login|berlangganan) untuk "
    r"(?:membaca|melanjutkan|lanjut)|(?:成为|成為|加入)(?:会员|會員)[^。]{0,4}(?:阅读|閱讀)(?:全文|本文)|"
    r"(?:登录|登入)(?:会员|會員)(?:即可|后可|後可)?(?:阅读|閱讀)全文"
    r")",
    re.IGNORECASE,
)
#: The two things of which a short line makes a wall: how one gets in, and what is behind.
_HOW = re.compile(
    r"subscri|log ?in\b|sign (?:in|up)|create an? (?:\w+ )?account|\bregister\b|become a member|membership|\babo\b|"
    r"\w+abo\b|"
    r"abonn|anmelde[nt]|registrier|mit (?:\S+ )?plus\b|kostenlos testen|un compte|connectez|inscrivez|inscription|"
    r"suscrib|suscrip|inici\w+ sesión|reg[íi]str[ae]te|abbon|accedi\b|registrat[ie]\b|assinante|assine\b|assinatura|"
    r"inici\w+ sessão|faça login|prenumer|subskry|zaloguj|załóż konto|подписк|подписчик|подпиш|передплат|підписк|"
    r"підпиш|"
    r"войдите|увійд|аккаунт|акаунт|регистрир|реєструй|اشترك|للمشتركين|تسجيل الدخول|مشترکان|مشترکین|مشترک شوید|"
    r"اشتراک تهیه|"
    r"وارد شوید|abone|üye ol|giriş yap|订阅|訂閱|登录|登錄|登入|会员|會員|付费|付費|有料会員|有料記事|会員|ログイン|"
    r"購読|구독|로그인|유료",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"continue reading|keep reading|continue to read|read (?:on\b|more\b|the (?:full|whole|rest|entire))|full access|"
    r"unlock (?:this|the)\b|"
    r"(?:read|access to) this (?:article|story|content)|weiterlesen|weiterzulesen|(?:ganzen|"
    r"vollständigen) (?:artikel|"
    r"beitrag|text)|freischalten|lire la suite|la suite est|lire cet article|la lecture|^article réservé|(?:seguir|"
    r"continuar) leyendo|(?:artículo|texto) completo|leer este (?:artículo|contenido)|^(?:contenido|"
    r"artículo) exclusiv|"
    r"continuare (?:a leggere|la lettura)|continua a leggere|leggere quest|^(?:articolo|contenuto) (?:riservato|"
    r"esclusivo)|continuar (?:a ler|lendo)|ler (?:este|esta)|(?:matéria|texto|artigo) complet|^conteúdo exclusivo|"
    r"verder "
    r"(?:te )?lezen|dit artikel (?:verder )?te lezen|hele artikel|^exclusief voor|(?:czytać|czytaj) dalej|"
    r"cały (?:artykuł|"
    r"tekst)|^(?:treść|artykuł|tekst) dostępn|дочитать|читать (?:дальше|далее)|полн\w+ верси|^(?:статья|материал) "
    r"доступ|дочитати|читати далі|повн\w+ верс|^(?:стаття|матеріал) доступ|بقية المقال|المقال كامل|هذه المادة|"
    r"هذا المحتوى|"
    r"ادامه|متن کامل|devamı|tamamı|bu (?:içeri|haberi)|全文|继续阅读|繼續閱讀|剩余内容|続き|この先|^会員限定記事|"
    r"계속|"
    r"전문",
    re.IGNORECASE,
)
#: A line of both is no longer, where a character of a dense script counts three: what is longer tells of them.
_SHORT = 72
#: What stands before the asking in its line is short, or it is text.
_BEFORE = 60


def asks(line: str) -> bool:
    """Tell whether a line, in its own voice, asks its reader to pay or to log in before it shows more."""
    own = own_voice(line)
    found = _ASKS.search(own)
    # Who tells whose word that is tells of others who ask.
    return found is not None and found.start() <= _BEFORE and not reports(own[found.end() :]) and not is_offer(line)


def is_gate(line: str, text: Sequence[str]) -> bool:
    """Tell whether a short line below a text names a way in and what is behind; a text about such things may, too."""
    if weight(line) > _SHORT:
        return False
    own = own_voice(line)
    return bool(_HOW.search(own) and _BEHIND.search(own)) and not (is_offer(line) or any(map(_HOW.search, text)))


def sells(line: str) -> bool:
    """Tell whether a line names a way in, in a box of which its page says that it is a wall."""
    return _HOW.search(own_voice(line)) is not None and not is_offer(line)
