"""Takes boxes out of a text: newsletters, channels, sharing, comments, advertising, apps, pointers to other texts.

Only whole short lines in the page's own voice that speak to the reader in such words from their beginning on; a
pointer's words must be followed by a link. What looks like them in part is text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extract.lines import HEADINGS, Line, letters, weight

#: A box says what it wants in a line of this length; a character of a dense script counts three.
_LONGEST = 200
#: What stands behind the asking is no longer.
_REST = 90
#: Of a text at least this share stays: more than that would be what it says.
_KEEP = 0.5
_NETWORK = (
    r"(?:twitter|facebook|instagram|x(?![a-z])|youtube|telegram|whatsapp|linkedin|tiktok|google news|threads|bluesky|"
    r"mastodon)"
)
#: Whole lines, without what stands around their letters.
_ALONE = re.compile(
    r"(?:teilen sie|teile) diesen (?:artikel|beitrag)|jetzt kommentieren|commentez cet article|coment[ae] (?:esta|"
    r"la) "
    r"(?:noticia|notícia)|commenta (?:la notizia|l['’]articolo)|deel dit bericht|add your comment|"
    r"scroll down to leave a "
    r"comment|la suite après (?:la|cette) publicité|(?:sigue|continúa) leyendo (?:después de|tras) la publicidad|"
    r"continua "
    r"(?:após a publicidade|dopo la pubblicità)|l['’]articolo continua dopo la pubblicità|"
    r"(?:de )?tekst gaat verder onder "
    r"de advertentie|(?:artikel|text) (?:geht )?(?:weiter )?nach der (?:anzeige|werbung)(?: weiter)?|dalsza część "
    r"(?:artykułu|tekstu) pod reklamą|продолжение после рекламы|продовження після реклами|"
    r"поділіться (?:цією )?(?:статтею|"
    r"новиною)|نظر خود را بنویسید|分享到微信|シェアする|"
    r"advertisement(?:\W+(?:(?:story|article|content) continues below|scroll to continue(?: reading)?))?|anzeige|"
    r"werbung|publicité|publicidad|publicidade|pubblicità|"
    r"advertentie|reklama|реклама|إعلان|اعلان|تبلیغات|آگهی|reklam|annons|annonse|广告|廣告|広告|광고|"
    r"share (?:this|the) (?:article|story|post|page|news)(?: on \w+)?|(?:diesen )?(?:artikel|beitrag) teilen|"
    r"partage[rz] (?:cet |l['’])article|compart(?:e|ir|a) (?:este|esta|el|la) (?:artículo|noticia)|"
    r"condividi (?:questo |"
    r"l['’])articolo|(?:compartilhe|partilhe|compartilhar) (?:este|esta|o|a) (?:artigo|notícia|matéria)|"
    r"deel dit artikel|"
    r"artikel delen|udostępnij (?:ten )?artykuł|подели(?:ться|тесь) (?:этой )?(?:стать[её]й|новостью|материалом)|"
    r"поділи(?:тися|ться) (?:цією )?(?:статтею|новиною)|شارك (?:هذا )?(?:المقال|الخبر)|این (?:خبر|مطلب) را به اشتراک "
    r"بگذارید|(?:bu )?haberi paylaş(?:ın)?|分享(?:本文|文章|这篇文章|這篇文章)|(?:この)?記事をシェア(?:する)?|"
    r"(?:이 )?기사 공유(?:하기)?|"
    r"(?:\d+ )?comments?(?: \d+)?|(?:leave|post|add|write) a (?:comment|reply)|join the (?:conversation|discussion)|"
    r"(?:show|view|read|see) (?:all )?(?:\d+ )?comments|kommentar (?:schreiben|verfassen)|(?:laisser|ajouter|"
    r"écrire) un "
    r"commentaire|réagir à cet article|dej[ae] (?:un|su|tu) comentario|lascia un commento|deixe (?:um|seu|o seu) "
    r"comentário|reageer op dit artikel|plaats een reactie|dodaj komentarz|(?:оставить|добавить) комментарий|"
    r"(?:залишити|додати) коментар|(?:أضف|اترك) تعليق\w*|ارسال نظر|yorum yap(?:ın)?|(?:发表|發表|我要)(?:评论|評論)|"
    r"コメントを(?:書く|投稿する|見る)|댓글 ?(?:쓰기|달기|보기|작성)",
    re.IGNORECASE,
)
#: What may follow: the ways to share.
_WAYS = re.compile(
    rf"(?:\W*(?:e-?mail|mail|post|print|drucken|imprimer|imprimir|stampa|копировать|link|copy|kopieren|reddit|sms|"
    rf"pinterest|"
    rf"pocket|flipboard|微信|微博|line|kakao|{_NETWORK}))+\W*",
    re.IGNORECASE,
)
#: How lines begin that ask their reader for something that is not about the text.
_ASKS = re.compile(
    r"(?:please )?(?:sign up|subscribe|register)(?: (?:now|here|today|for free))? (?:for|to) (?:our|the|"
    r"[\w’']{1,20}['’]s?) "
    r"(?:[\w’'-]+ ){0,6}?newsletters?\b|get (?:our|the|all) (?:[\w’',-]+ ){1,12}?(?:in|to) your inbox|"
    rf"(?:follow (?:us|me|\w[\w.’'-]{{2,20}})|like us|find us) on (?:our )?{_NETWORK}|"
    r"click here to (?:subscribe|sign up) (?:to|for) our (?:\w+ ){0,3}newsletter|join our (?:whatsapp|"
    r"telegram) (?:channel|"
    r"group)|abonnieren sie unseren (?:whatsapp|telegram)-kanal|recevez (?:chaque \w+ |gratuitement )?(?:notre|nos) "
    r"newsletter|s[íi]guenos en nuestro canal|segui il nostro canale|siga-nos nas redes|подписывайтесь на нас в|"
    r"به کانال \w+ ما بپیوندید|扫码关注|(?:欢迎|歡迎)(?:订阅|訂閱)我[们們]的|(?:点击|點擊)下[载載].{0,8}客[户戶]端|"
    r"lineで友だち追加|"
    r"카카오톡 채널을 추가|"
    r"(?:download|install|get) our (?:[\w’'-]+ ){0,4}app\b|(?:click here to )?get the (?:[\w’'-]+ ){0,3}(?:news|"
    r"times) app\b|"
    r"support (?:our|independent|quality|local) (?:independent |local )?(?:journalism|newsroom)\b|"
    r"(?:jetzt |hier )?(?:melden sie sich|abonnieren sie|bestellen sie|abonniere|melde dich)(?: \w+){0,4} (?:\w+-)?"
    r"newsletter\b|(?:jetzt )?(?:unseren )?newsletter (?:abonnieren|bestellen)\b|folge(?:n sie|"
    r") uns (?:auch )?(?:auf|"
    r"bei) "
    rf"{_NETWORK}|laden sie (?:\w+ )?unsere (?:\w+ )?app\b|unterstützen sie (?:unseren|unabhängigen) journalismus|"
    r"(?:inscrivez-vous|abonnez-vous) (?:gratuitement )?(?:à|aux) (?:notre|nos|la) (?:\w+ ){0,3}?(?:newsletters?|"
    r"infolettre)"
    rf"|suivez-nous (?:aussi )?sur (?:notre )?(?:\w+ )?{_NETWORK}|téléchargez (?:gratuitement )?notre appli|"
    r"soutenez notre journalisme|"
    r"suscr[íi]b\w+ (?:gratis )?a (?:nuestr[oa]s?|las?|los?) (?:\w+ ){0,3}?(?:newsletters?|bolet[íi]n\w*)|s[íi]gue"
    rf"(?:nos|n) (?:también )?en {_NETWORK}|descarg\w+ (?:gratis )?nuestra (?:app|aplicación)|"
    rf"apoya nuestro periodismo|"
    rf"iscriv(?:iti|etevi) (?:\w+ )?(?:alla|alle) (?:nostr[ae] )?newsletter|seguici (?:anche )?su {_NETWORK}|"
    r"scarica la nostra app|sostieni il (?:nostro giornalismo|giornalismo indipendente)|"
    r"(?:assine|subscreva|inscreva-se)(?: \w+){0,3} newsletter|siga(?:-nos|m-nos) (?:também )?(?:no|na|"
    r"nas) (?:nosso )?"
    rf"{_NETWORK}|(?:baixe|descarregue) (?:o nosso|nosso|a nossa) (?:app|aplica)|apoie o (?:nosso )?jornalismo|"
    r"(?:meld je|meld u|schrijf je|schrijf u|abonneer je)(?: \w+){0,4} nieuwsbrief|volg ons (?:ook )?op "
    rf"{_NETWORK}|download (?:gratis )?onze (?:\w+ )?app\b|steun onze journalistiek|"
    r"zapisz się (?:\w+ ){0,3}newsletter|(?:obserwuj|śledź|polub) nas (?:też )?(?:na|w) \w|pobierz naszą aplikację|"
    r"wesprzyj (?:nasze|niezależne) dziennikarstwo|"
    r"подпи(?:шитесь|сывайтесь) на наш\w* (?:\w+ )?(?:рассылк|канал|telegram|телеграм|групп|страниц|youtube)|"
    r"(?:скачайте|"
    r"установите) наше приложение|поддержите (?:нашу|независимую) журналистику|"
    r"підпи(?:шіться|суйтесь|суйтеся) на наш\w* (?:\w+ )?(?:розсилк|канал|telegram|телеграм|груп|сторінк|youtube)|"
    r"(?:завантажте|встановіть) наш (?:застосунок|додаток)|підтримайте (?:нашу|незалежну) журналістику|"
    r"اشترك(?:وا)? في (?:نشرتنا|النشرة|قناتنا)|تابع(?:ونا|وا حسابنا|نا)(?: \w+)? (?:على|عبر) \w|"
    r"حم[ّ]?ل(?:وا)? تطبيقنا|"
    r"در (?:خبرنامه|کانال) (?:\w+ ){0,3}عضو شوید|ما را در \w+ دنبال کنید|اپلیکیشن (?:\w+ ){0,2}را (?:دانلود|"
    r"نصب) کنید|"
    r"(?:e-)?(?:bültenimize|haber bültenimize) (?:abone|kayd)|bizi (?:[\w’']+ ){1,5}takip edin|"
    r"uygulamamızı (?:\w+ )?indirin|"
    r"(?:订阅|訂閱)(?:我们|我們)的?(?:电子报|電子報|新闻简报|新聞簡報|邮件|newsletter)|(?:欢迎|歡迎)?(?:关注|"
    r"關注)(?:我们|我們)的?(?:微信|微博|公众号|"
    r"公眾號)|(?:下载|下載)(?:我们|我們)的.{0,6}(?:客户端|客戶端|app|应用|應用)|"
    rf"(?:ニュースレター|メールマガジン|メルマガ)[にを](?:登録|購読)|(?:公式)?(?:line|sns|"
    rf"{_NETWORK})[^。]{{0,8}}を?フォロー|(?:公式)?"
    r"アプリを?(?:ダウンロード|インストール)|"
    r"(?:订阅|訂閱)(?:我们|我們)的?(?:每日|每周|每週)?(?:简报|簡報|通讯|通訊|电邮|電郵)|(?:عضویت|"
    r"عضو شوید) در (?:خبرنامه|کانال)|"
    r"(?:đăng ký|theo dõi) (?:nhận (?:bản )?tin|kênh|bản tin)|(?:daftar|berlangganan|ikuti) (?:buletin|newsletter|"
    r"kanal|saluran)|"
    r"(?:สมัครรับ|ลงทะเบียนรับ)(?:จดหมาย)?ข่าว|(?:ติดตาม|กดติดตาม)ช่อง|(?:הירשמו|הצטרפו) (?:ל|אל )(?:ה)?(?:ניוזלטר|"
    r"ערוץ|עדכונים)|"
    r"(?:हमारे )?न्यूज़?लेटर (?:की सदस्यता|के लिए|को सब्सक्राइब)|"
    r"(?:뉴스레터|소식지)를? ?(?:구독|신청)|(?:페이스북|트위터|인스타그램|카카오톡|유튜브|"
    r"네이버)에서 ?(?:\w+ )?(?:팔로우|구독|친구)|앱을? (?:다운로드|설치)",
    re.IGNORECASE,
)
#: What stands before the link of a line that points to another text.
_POINTS = re.compile(
    r"(?:read (?:more|also|next)|also read|see also|more on this(?: story)?|related(?: (?:stor(?:y|ies)|articles?|"
    r"reading))?|"
    r"lesen sie (?:auch|mehr)|mehr zum thema|auch interessant|lesetipp|mehr dazu|"
    r"(?:à )?lire (?:aussi|également)|voir aussi|sur le même sujet|le[ae] también|lee además|te puede interesar|"
    r"leggi anche|vedi anche|leia (?:também|mais)|veja também|saiba mais|lees (?:ook|meer)|zie ook|bekijk ook|"
    r"(?:czytaj|przeczytaj|zobacz) (?:też|także|również|więcej)|(?:читайте|смотрите) также|по теме|(?:читайте|"
    r"дивіться) "
    r"також|за темою|[اإ]قرأ (?:أيضا|أيضًا|أيضاً|المزيد)|شاهد أيضا|(?:بیشتر|همچنین) بخوانید|مطالب مرتبط|ayrıca okuyun|"
    r"i̇?lgili haber(?:ler)?|(?:延伸|相关|相關|推荐|推薦)(?:阅读|閱讀|新闻|新聞|报道|報導)|関連記事|"
    r"[あ合]わせて読みたい|こちらも読む|"
    r"관련 ?기사|함께 읽기|이 기사도)\s?[:：|»>–—-]",
    re.IGNORECASE,
)
#: So much of what follows is the link.
_LINKED = 0.8
_WORD = re.compile(r"\w")


def without(text: Sequence[str], page_lines: Sequence[Line]) -> list[str]:
    """Give the lines of a text without those that are boxes."""
    wanted = [line for line in text if weight(line) <= _LONGEST and speaks(line)]
    if not wanted:
        return list(text)
    keys = set(map(letters, wanted))
    seen: dict[str, list[Line]] = {}
    for shown in page_lines:
        if letters(shown.text) in keys:
            seen.setdefault(letters(shown.text), []).append(shown)
    boxes = {line for line in wanted if _is_box(line, seen.get(letters(line), []))}
    kept = [line for line in text if line not in boxes]
    return kept if sum(map(len, kept)) >= _KEEP * sum(map(len, text)) else list(text)


def speaks(line: str) -> bool:
    """Tell whether a line speaks to its reader in the words of a box."""
    bare = _bare(line)
    head, _, ways = bare.partition(":")
    if _ALONE.fullmatch(bare) or (ways and _ALONE.fullmatch(head.rstrip()) and _WAYS.fullmatch(ways)):
        return True
    if line[:1] in '“"«„「':
        return False
    asked = _ASKS.match(bare)
    # What goes on for long may be a paragraph that nobody parted from the box above it.
    return bool(asked and weight(bare[asked.end() :]) <= _REST) or _POINTS.match(bare) is not None


def _bare(line: str) -> str:
    """Take off what stands around the words of a line."""
    first = _WORD.search(line)
    last = _WORD.search(line[::-1])
    return line[first.start() : len(line) - last.start()] if first and last else ""


def _is_box(line: str, shown: Sequence[Line]) -> bool:
    if any(each.tag in HEADINGS for each in shown):
        return False
    label = _POINTS.match(bare := _bare(line))
    if label is None:
        return True
    rest = len(bare) - label.end()
    return bool(shown) and all(each.link_chars >= _LINKED * rest for each in shown)
