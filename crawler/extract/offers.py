"""Tells offers of something else than the rest of a text: newsletters, channels, comments, alerts, apps, papers.

They ask to subscribe or to log in with the words of walls, below texts that are whole.
"""

from __future__ import annotations

import re

from crawler.extract.telling import own_voice

_THINGS = re.compile(
    # Newsletters
    r"news-?\s?letter|e-?mail (?:list|brief)|mailing|rundbrief|infolettre|lettre d['’]info|bolet[íi][nm]|"
    r"nieuwsbrief|biuletyn|рассылк|розсилк|дайджест|النشرة|نشرتنا|نشرة (?:بريدية|إخبارية)|خبرنامه|bülten|ניוזלטר|"
    r"דיוור|"
    r"电子报|電子報|电邮|電郵|简报|簡報|通讯|邮件|郵件|ニュースレター|メルマガ|メールマガジン|뉴스레터|소식지|"
    r"न्यूज़?लेटर|न्यूज़लेटर|จดหมายข่าว|bản tin|buletin|"
    r"nyhetsbrev|nyhedsbrev|uutiskirje|newsletter\w*|zpravodaj|hírlev[eé]l|ενημερωτικ\w+ δελτί\w+|"
    # Channels, networks and what is heard there
    r"youtube|whats\s?app|telegram|телеграм|вотсап|ватсап|ютуб|تلغرام|تليغرام|تيليغرام|تلگرام|واتساب|واتس آب|يوتيوب|"
    r"یوتیوب|اینستاگرام|טלגרם|וואטסאפ|יוטיוב|यूट्यूब|व्हाट्सऐ?प|टेलीग्राम|유튜브|텔레그램|카카오|微信|微博|公众号|"
    r"公眾號|facebook|instagram|"
    r"twitter|tik\s?tok|linkedin|google (?:news|haberler|noticias|nouvelles)|"
    r"\brss\b|(?:our|your|news) channel|\w*kan[aá]l(?:en|ın|ım|imi|un|u|i|e|em|om|y|on)?\w*|kanavam|\bcanal\b|"
    r"\bcanale\b|\bcha[iî]ne\b|\bканал|قناتنا|قناة|کانال|ערוץ|频道|頻道|チャンネル|채널|चैनल|\bkênh\b|κανάλι|"
    r"podcasts?|podd\w*|podkast\w*|подкаст|بودكاست|پادکست|播客|ポッドキャスト|팟캐스트|"
    # Comments
    r"\bcomments?\b|\bcommentaires?\b|kommentar\w*|comentarios?|comentários?|\bcommenti\b|\breacties\b|komentarz\w*|"
    r"koment[áa]ř\w*|komentar\b|коммент|комент|تعليق|التعليقات|نظرات|نظر خود|yorum(?!la)|תגוב|评论|評論|留言|"
    r"コメント|댓글|टिप्प|"
    r"ความคิดเห็น|bình luận|kommentteja|kommentit|hozzászól|comentarii|σχόλι|"
    # Alerts, apps
    r"\balerts?\b|\balertes?\b|notifications?\b|push-?(?:nachricht|mitteil|meldung|mail|bericht)|alertas?\b|"
    r"notificaciones|notificações|notifiche|powiadomie|уведомлен|сповіщен|إشعار|تنبيه|اعلان[‌ ]?ها|bildirim|"
    r"התראות|推送|通知|"
    r"알림|सूचनाएँ|แจ้งเตือน|thông báo|notifikasi|\bapps?\b(?! store)|\bappli(?:cation)?\b|aplicación|aplicativo|"
    r"aplikac\w+|"
    r"приложени|застосунок|додаток|تطبيق|اپلیکیشن|uygulama|אפליקצי|客户端|客戶端|アプリ|앱|"
    # Papers and magazines as such, and what goes with them
    r"\bmagazine?s?\b|\bmagazin\w{0,3}\b|magazyn\w*|magasin\w{0,3}\b|\brevistas?\b|\brivista\b|журнал(?!ист)|مجلة|"
    r"مجله|derg[ií]\w*|dergi|"
    r"מגזין|杂志|雜誌|雑誌|잡지|tạp chí|majalah|časopis|περιοδικ|print(?:ed)? (?:edition|version|paper|issue)|"
    r"gedruckte|printausgabe|édition papier|"
    r"edición impresa|edizione cartacea|edição impressa|papieren krant|печатн\w+ (?:верси|выпуск|издани)|"
    r"друкован\w+ (?:газет|версі)|"
    r"gazetemize|纸质|紙質|報紙|报纸|紙面|지면|"
    # Minutes, reports and books of which a text speaks
    r"\bthe (?:\w+ )?(?:report|minutes|book|study|statement)\b|\bbericht|\bprotokoll\w*|\bbuch\b|\brapport\w*|"
    r"compte[- ]rendu|\binforme\b|\bel acta\b|\bverbale\b|\brapporto\b|\brelatório|\bata d|\bnotulen\b|"
    r"\bprotokół|\braport\w*|\bотч[её]т|\bпротокол|\bзвіт|\breferat\w*|pöytäkirja|\btutanağ|\brapor\w*|"
    r"报告|報告|会议记录|會議記錄|議事録|회의록|보고서|"
    r"\bdigest\b|\b\w*briefing\b|(?:stories|articles|news) like this|"
    r"\bevents?\b|veranstaltung|événement|イベント|活动通知|行사|\bgrupo\b|\bgroupe\b|\bgrup\w*\b|\bчат\b|"
    r"групп[аеуы]\b",
    re.IGNORECASE,
)
#: The rest of the text at hand: whoever asks for a newsletter before it shows that, is a wall.
_REST = re.compile(
    r"this (?:article|story|content|report)|(?:full|whole|entire|rest of the) (?:article|story|text|report)|"
    r"continue reading|"
    r"(?:to|and) keep reading(?! on\b)|dies(?:en|er|em) (?:artikel|beitrag|text|inhalt)|(?:ganzen|vollständigen) "
    r"(?:artikel|text|beitrag)|weiterlesen|weiterzulesen|dies(?:en|er) bericht|(?:ganzen|vollständigen) bericht|"
    r"lire la suite|la suite de|cet article|poursuivre (?:la|"
    r"votre) "
    r"lecture|continuer (?:à lire|la lecture|votre lecture)|"
    r"(?:seguir|continuar) leyendo|est[ea] (?:artículo|noticia|contenido|artigo|matéria|conteúdo|texto)|"
    r"(?:artículo|artigo|texto|articolo|testo) complet|continuar (?:lendo|a ler)|continuare a leggere|"
    r"continuare la lettura|"
    r"quest[oa] (?:articolo|contenuto)|verder (?:te )?lezen|(?:dit|hele) artikel|czytać dalej|czytaj dalej|"
    r"(?:ten|cały) (?:artykuł|tekst)|"
    r"дочитать|чита(?:ть|йте) дальше(?! нов)|прочитать полностью|(?:этот|весь|полный) (?:материал|текст)|"
    r"эт(?:а|у) стать|дочитати|"
    r"читати далі|прочитати повністю|(?:цей|весь|повний) (?:матеріал|текст)|(?:لمتابعة|لمواصلة|لإكمال) القراءة|"
    r"(?:هذا|هذه) (?:المقال|المحتوى|المادة)|المقال كاملا|ادامه (?:این )?مطلب|این (?:مطلب|مقاله|محتوا)|متن کامل|"
    r"(?:haber|yazı|makale)\w* (?:devamı|tamamı)|devamını oku|okumaya devam|bu (?:haber|yazı|içeri)|"
    r"להמשך (?:ה)?קריאה|המשך קריאה|הכתבה המלאה|(?<![录錄録])全文(?!评论|評論)|继续阅读|繼續閱讀|本文|"
    r"剩余内容|続き|この記事|ここから先|残り|이 기사|전문을|"
    r"계속 읽|पूरा लेख|यह लेख|อ่านต่อ|บทความนี้|đọc tiếp|bài viết này|artikel ini|fortsätta läsa|"
    r"läsa (?:vidare|hela)|(?:hela|hele) (?:artik|sak)|lese videre|læse videre|"
    r"jatka(?:aksesi)? lukemista|tento článek|číst dál|tovább olvas|"
    r"a (?:teljes )?cikk|acest articol|continua lectura|αυτό το άρθρο|"
    r"συνέχεια του άρθρου",
    re.IGNORECASE,
)


def is_offer(line: str) -> bool:
    """Tell whether a line speaks of a newsletter, a channel, comments or the like, and not of the rest of the text."""
    own = own_voice(line)
    return _THINGS.search(own) is not None and _REST.search(own) is None
