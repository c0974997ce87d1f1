"""The words of clocks, dates and counters of readers, in 29 languages: parts of patterns. Pure.

A word stands here when a page's machinery writes it; whether a line is the machinery's is for ``counters`` to say.
"""

from __future__ import annotations

NUMBER = (
    r"\d(?:[\d.,'٬٫ ]{0,18}\d)?\s?(?:k|m|mn|mio|mil|tsd|million(?:s|en)?|millones|milhões|milioni|тыс\.?|млн\.?|"
    r"万|萬|億|亿|만|"
    r"천|هزار|میلیون|ألف|مليون|พัน|หมื่น|แสน|ล้าน|हज़ार|हजार|लाख|bin|rb|ribu|nghìn|tis\.?|tys\.?|χιλ\.?)?"
)
RELATIVE = (
    r"\b(?:just now|moments? ago|(?:an?|one|\d+)\s?(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|"
    r"months?|"
    r"years?|[smhdw]) ago)\b|"
    r"\bvor (?:einer|einem|wenigen|\d+) (?:sekunden?|minuten?|stunden?|tag(?:en)?|wochen?|monat(?:en)?)\b|"
    r"\bil y a (?:une?|\d+) (?:secondes?|minutes?|min|heures?|h|jours?|semaines?|mois)\b|"
    r"\bhace (?:una?|\d+) (?:segundos?|minutos?|min|horas?|h|d[ií]as?|semanas?|mes(?:es)?)\b|"
    r"\bhá (?:uma?|\d+) (?:segundos?|minutos?|horas?|dias?|semanas?|m[êe]s(?:es)?)\b|"
    r"\b(?:una?|un'|\d+)\s?(?:second[oi]|minut[oi]|or[ae]|giorn[oi]|settiman[ae]) fa\b|"
    r"\b(?:\d+\s)?(?:секунд\w*|минут\w*|час\w*|день|дня|дней|недел\w*|хвилин\w*|годин\w*) (?:назад|тому)\b|"
    r"\b\d+ (?:sekund\w*|minut\w*|godzin\w*|dni) temu\b|\b\d+ (?:seconden|minuten|uur|uren|dagen) geleden\b|"
    r"\b\d+ (?:saniye|dakika|saat|gün|hafta) önce\b|\b\d+ (?:giây|phút|giờ|ngày) trước\b|"
    r"\b\d+ (?:detik|menit|jam|hari)(?: yang)? lalu\b|"
    r"\d+\s*(?:秒|分|分钟|分鐘|小时|小時|時間|天|日|周|週|週間|个月|個月|か月)钟?[之以]?前|刚刚|剛剛|たった今|"
    r"\d+\s*(?:초|분|시간|일|주|개월) ?전|방금 전?|"
    r"(?:منذ|قبل) (?:\d+ )?(?:ثاني[هة]|ثوان\w*|دقيق[هة]|دقيقتين|دقائق|ساع[هة]|ساعتين|ساعات|يوم|يومين|أيام)|"
    r"\d+ (?:ثانیه|دقیقه|ساعت|روز) (?:پیش|قبل)|לפני (?:\d+ )?(?:דקות|דקה|שעות|שעה|שעתיים|ימים|יום)|"
    r"\d+ ?(?:วินาที|นาที|ชั่วโมง|วัน) ?(?:ที่แล้ว|ที่ผ่านมา|ก่อน)|เมื่อสักครู่|"
    r"\d+ (?:सेकंड|मिनट|घंटे|घंटा|दिन) (?:पहले|पूर्व)"
)
#: What only a page is given by its readers: comments, views, reads.
OF_PAGES = (
    r"(?:total )?(?:views?|page ?views|reads?|comments?|min(?:ute)?s? read)|kommentare?|aufrufe|mal (?:gelesen|"
    r"aufgerufen)|"
    r"commentaires?|vues?|lectures?|comentarios?|vistas|lecturas|comentários?|visualizaç(?:ão|ões)|leituras|"
    r"commenti|"
    r"visualizzazioni|letture|просмотр\w*|комментари\w*|прочтени\w*|перегляд\w*|коментар\w*|wyświetle\w*|odsłon\w*|"
    r"komentarz\w*|reacties|weergaven|keer (?:gelezen|bekeken)|visningar|visninger|kommentarer|lukukertaa|"
    r"katselukertaa|"
    r"kommentti(?:a)?|zobrazení|přečtení|komentářů|komentárov|megtekintés|hozzászólás|yorum|görüntülenme|"
    r"görüntüleme|okunma|"
    r"προβολές|σχόλια|αναγνώσεις|vizualizări|afișări|comentarii|lượt (?:xem|đọc)|bình luận|komentar|"
    r"(?:kali )?dibaca|"
    r"kali dilihat|tayangan|次?(?:阅读|閱讀|浏览|瀏覽|点击|點擊|观看|觀看)[量数數]?|人阅读|评论数?|評論|留言|"
    r"閲覧数?|回閲覧|回視聴|"
    r"コメント|件のコメント|조회수?|댓글|مشاهد[ةه]|مشاهدات|تعليقا?|تعليقات|قراء[ةه]|بازدید|نظر|نظرات|"
    r"بار خوانده شده|צפיות|"
    r"תגובות|ความคิดเห็น|ยอดเข้าชม|เข้าชม|ยอดวิว|วิว|व्यूज़?|टिप्पणियाँ?|टिप्पणियां|बार (?:देखा|पढ़ा) गया"
)
#: What other things have, too ("500 shares"): a counter only in a line that holds nothing else.
OF_ANYTHING = (
    r"(?:now )?(?:watching|reading|viewing|online)(?: (?:right )?now)?|"
    r"(?:people|followers?|subscribers?|readers?|visitors?|viewers?|users?|members|guests) (?:are )?"
    r"(?:(?:right )?now|online)(?: now)?|"
    r"(?:people|readers?|users?|visitors?|viewers?|others|members|guests)(?: (?:have|has|are|is))?"
    r"(?: (?:already|also|now|currently))? (?:(?:read|viewed|seen|watched|liked?|shared|visited) (?:this|it)|"
    r"(?:reading|watching|viewing|listening)(?: this)?)(?: (?:article|story|page|post|video))?"
    r"(?: (?:so far|today|(?:right )?now|online))?|"
    r"readers?|shares?|likes?|reactions?|(?:re)?tweets?|replies|reply|followers?|subscribers?|downloads?|visits?|"
    r"visitors?|hits(?=\s?:)|upvotes?|claps|[👁👀💬👍❤]\ufe0f?|"
    r"(?:personen|nutzer|leser) (?:lesen|schauen)(?: gerade)?|(?:personnes|lecteurs) (?:lisent|regardent)|"
    r"personas (?:leyendo|viendo)|pessoas (?:lendo|vendo|assistindo)|человек (?:читают|смотрят)|"
    r"lesern?|leserinnen|zugriffe|klicks|abonnenten|gefällt mir|geteilt|lecteurs|partages?|abonnés|j'aime|"
    r"réactions|"
    r"visitas?|compartid[oa]s?|lectores|seguidores|suscriptores|me gusta|reacciones|leitores|curtidas|acessos|"
    r"inscritos|"
    r"compartilhamentos|partilhas|condivisioni|lettori|iscritti|mi piace|lezers|volgers|abonnees|läsare|"
    r"delningar|följare|"
    r"lesere|læsere|delinger|følgere|lukijaa|jakoa|tykkäystä|seuraajaa|czytelnik\w+|udostępnień|polubień|"
    r"obserwujących|"
    r"čtenářů|sdílení|čitateľov|zdieľaní|olvasó|megosztás|kedvelés|követő|feliratkozó|okuyucu|okur|izlenme|"
    r"beğeni|paylaşım|"
    r"takipçi|abone|αναγνώστες|κοινοποιήσεις|ακόλουθοι|συνδρομητές|cititori|distribuiri|abonați|urmăritori|"
    r"читател\w+|"
    r"лайк\w*|репост\w*|подписчик\w*|читач\w*|вподобан\w*|поширен\w*|підписник\w*|lượt (?:thích|chia sẻ)|"
    r"người (?:đọc|theo dõi|đăng ký)|độc giả|pembaca|suka|pengikut|pelanggan|[位名]?读者|位讀者|点赞|點讚|转发|"
    r"轉發|分享|收藏|粉丝|"
    r"人(?:参与|看过|在看|在线|關注|关注)|次播放|读者|讀者|いいね|シェア|フォロワー|人の読者|読者|人が(?:閲覧|"
    r"視聴)中|回再生|공감|추천|구독자|"
    r"팔로워|좋아요|명이 읽음|명의? 독자|독자|명 시청 중|مشارك[ةه]|مشاركات|إعجاب|إعجابات|قارئا?|قراء|"
    r"متابع(?:ين)?|مشترك(?:ين)?|"
    r"زيار[ةه]|زيارات|خواننده|دنبال ?کننده|پسند|لایک|שיתופים|קוראים|לייקים|עוקבים|מנויים|ครั้ง|แชร์|ถูกใจ|คนอ่าน|"
    r"คนดู|ผู้อ่าน|"
    r"ผู้ติดตาม|शेयर|पाठक|लाइक|फॉलोअर्स|सब्सक्राइबर"
)
TIMES = (
    ("(?:viewed|read|seen|watched|shared|liked)(?: by)?", "times|people|readers|users|visitors"),
    ("(?:gelesen|aufgerufen|angesehen)", "mal"),
    ("(?:lu|vu|consulté|partagé)e?", "fois"),
    ("(?:leíd|vist|compartid|visitad)[oa]", "veces"),
    ("(?:lid|vist|acessad|compartilhad)[oa]", "vezes"),
    ("(?:lett|vist|visualizzat|condivis)[oa]", "volte"),
    ("(?:gelezen|bekeken|gedeeld)", "keer"),
    ("(?:visad|läst|lest|læst|vist|set|delad|delt)", "gånger|ganger|gange"),
    ("(?:luettu|katsottu|jaettu)", "kertaa"),
    ("(?:przeczytano|wyświetlono|obejrzano|udostępniono)", "razy?"),
    ("(?:přečteno|zobrazen[oé]|prečítané)", "x|krát"),
    ("(?:olvasták|megtekintették|megtekintve)", "alkalommal|-?sz[eoö]r"),
    ("(?:διαβάστηκε|προβλήθηκε)", "φορές"),
    ("(?:citit|vizualizat|accesat)(?: de)?", "(?:de )?ori"),
    ("(?:прочитал[аио]|прочитано|просмотрели|просмотрено|посмотрели|прочли)", "раза?|человека?"),
    ("(?:прочитали|прочитано|переглянули|переглянуто)", "раз[иів]*|людей"),
    ("(?:đã )?(?:xem|đọc)", "lần|lượt"),
    ("(?:dibaca|dilihat|dibagikan)", "kali|orang"),
    ("(?:已|被)?(?:阅读|閱讀|浏览|瀏覽|播放|观看)了?", "次|人"),
    ("(?:閲覧|再生|視聴)", "回"),
    ("(?:조회|재생)", "회|번"),
    ("تمت? (?:قراءت?[هة]ا?|مشاهدت?[هة]ا?)", "مرة|مرات"),
    ("(?:خوانده|دیده) شده", "بار|مرتبه"),
    ("(?:נקרא|נצפה)ה?", "פעמים"),
    ("(?:อ่าน|เปิดอ่าน|เข้าชม|ดู)(?:แล้ว)?", "ครั้ง|คน"),
    ("(?:पढ़ा|देखा) गया", "बार"),
)
#: Words that stand around clocks and counters, and days.
AROUND = (
    r"(?<!\w)(?:(?:last|first)(?= (?:updat|publi|post|modif|edit|view|seen|read|visit|refresh|check|access|load))|"
    r"updated?|published|posted|modified|edited|created|upload(?:ed)?|on|at|by|the|of|and|"
    r"it|this|"
    r"was|article|story|page|(?:local|current) time|date|share|tweet|print|e-?mail|save|listen|read|min|views?|"
    r"comments?|facebook|"
    r"twitter|"
    r"whatsapp|telegram|linkedin|copy|link|follow|us|viewed|seen|visited|refreshed|checked|accessed|loaded|"
    r"currently|now|"
    r"so far|today|stand|aktualisiert|zuletzt|veröffentlicht|am|um|uhr|teilen|drucken|angesehen|aufgerufen|"
    r"gelesen|"
    r"mis|à|jour|publié|modifié|le|la|partager|dernière|visite|consultation|mise|consulté|lu|vu|"
    r"actualizado|publicado|el|las|a|compartir|última|visita|actualización|visto|leído|atualizado|em|às|"
    r"visualização|acesso|"
    r"lido|atualização|aggiornato|pubblicato|il|alle|ultim[ao]|visualizzazione|aggiornamento|letto|laatst|"
    r"bekeken|bijgewerkt|"
    r"gelezen|om|senast|visad|läst|uppdaterad|kl|sist|sidst|oppdatert|opdateret|vist|lest|læst|viimeksi|"
    r"päivitetty|luettu|"
    r"katsottu|klo|ostatnio|wyświetlono|przeczytano|aktualizacja|zaktualizowano|godz|naposledy|zobrazen[oé]|"
    r"přečteno|prečítané|"
    r"aktualizov[aá]no|aktualizované|utoljára|frissítve|megtekintve|olvasva|τελευταία|ενημέρωση|προβολή|"
    r"actualizare|vizualizare|"
    r"обновлено|опубликовано|изменено|в|поделиться|последн(?:ий|ее|яя)|обновление|просмотр|перегляд|просмотрено|"
    r"прочитано|"
    r"оновлено|опубліковано|останн(?:ій|є)|оновлення|переглянуто|прочитано|güncelleme|son|tarihi|görüntüleme|"
    r"güncellendi|"
    r"更新|更新时间|更新時間|發布|发布|发布时间|发表于|时间|来源|最后(?:更新|浏览|访问)|最近(?:更新|浏览|访问)|"
    r"当前时间|現在時刻|編集|最終(?:更新|閲覧)|公開|배포|입력|수정|"
    r"업데이트|마지막|최근|조회|현재 시각|آخر|تحديث|نشر|نشرت?|في|زيارة|مشاهدة|الساعة|بتوقيت|غرينتش|بروزرسانی|آخرین|"
    r"بازدید|ساعت|"
    r"עודכן|פורסם|נצפה|לאחרונה|בשעה|lần cuối|cập nhật|xem|lúc|terakhir|diperbarui|dilihat|dibaca|pukul|"
    r"(?:อัปเดต|อัพเดต|เข้าชม|อ่าน|เปิด)(?:ล่าสุด)?(?:เมื่อ)?|ล่าสุด|เผยแพร่(?:เมื่อ)?|เมื่อ|เวลา|अपडेटेड|"
    r"प्रकाशित|अंतिम|अपडेट|"
    r"(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?|wed|thu|sat|(?:mon|diens|donners|frei|sams|sonn)tag|"
    r"mittwoch|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|"
    r"jan(?:uary?|vier|eiro)?|feb(?:ruary?)?|m[aä]r(?:ch|z|s)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|"
    r"o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?|gmt|utc|ago|hrs|am|pm)(?!\w)"
)
#: In the languages of the counters, as CLDR writes them.
MONTHS = (
    "abr abril ago agosto agu agustus août apr april aprile aprilie apríl apríla ara aralık aug august "
    "augusta augusti augustus augusztus avr avril ağu ağustos bře březen března cze czerwca czerwiec dec "
    "december decembra decembrie des desember dez dezember dezembro dic dicembre diciembre dub duben dubna "
    "déc décembre eki ekim elo elokuu elokuuta ene enero eyl eylül feb febbraio febr febrero februar februari "
    "februarie february február februára fev fevereiro févr février gen gennaio giu giugno gru grudnia "
    "grudzień haz haziran heinä heinäkuu heinäkuuta helmi helmikuu helmikuuta huhti huhtikuu huhtikuuta ian "
    "ianuarie iul iulie iun iunie jan janeiro januar januari january január januára janv janvier joulu "
    "joulukuu joulukuuta juil juillet juin jul julho juli julio july jun june junho juni junio jänner júl "
    "júla július jún júna június kas kasım kesä kesäkuu kesäkuuta kvě květen května kwi kwiecień kwietnia led "
    "leden ledna lip lipca lipiec lis listopad listopada listopadu loka lokakuu lokakuuta lug luglio lut "
    "lutego luty maalis maaliskuu maaliskuuta maart mag maggio mai maio maj maja mar marca march marec maret "
    "marras marraskuu marraskuuta mars mart martie marts marzec marzo março may mayo mayıs mei mrt máj mája "
    "május márc március mär märz nis nisan noiembrie nov november novembra novembre novembro noviembre oca "
    "ocak oct october octobre octombrie octubre okt oktober október októbra ott ottobre out outubro paź "
    "październik października pro prosince prosinec sep sept september septembra septembre septembrie "
    "septiembre set setembro settembre sie sierpień sierpnia srp srpen srpna sty styczeń stycznia syys "
    "syyskuu syyskuuta szept szeptember tammi tammikuu tammikuuta tem temmuz touko toukokuu toukokuuta wrz "
    "wrzesień września zář září ápr április úno únor února červen července červenec června čvc čvn říj říjen "
    "října şub şubat απρ απρίλιοσ απριλίου αυγ αυγούστου αύγ αύγουστοσ δεκ δεκέμβριοσ δεκεμβρίου ιαν "
    "ιανουάριοσ ιανουαρίου ιουλ ιουλίου ιουν ιουνίου ιούλ ιούλιοσ ιούν ιούνιοσ μάι μάιοσ μάρ μάρτιοσ μαΐ "
    "μαΐου μαρ μαρτίου νοέ νοέμβριοσ νοε νοεμβρίου οκτ οκτωβρίου οκτώβριοσ σεπ σεπτέμβριοσ σεπτεμβρίου φεβ "
    "φεβρουάριοσ φεβρουαρίου авг август августа апр апрель апреля бер березень березня вер вересень вересня "
    "груд грудень грудня дек декабрь декабря жовт жовтень жовтня июл июль июля июн июнь июня квіт квітень "
    "квітня лип липень липня лист листопад листопада лют лютий лютого май мар март марта мая нояб ноябрь "
    "ноября окт октябрь октября сент сентябрь сентября серп серпень серпня січ січень січня трав травень "
    "травня февр февраль февраля черв червень червня янв январь января אוגוסט אוג׳ אוקטובר אוק׳ אפריל אפר׳ "
    "באוגוסט באוקטובר באפריל בדצמבר ביולי ביוני בינואר במאי במרץ בנובמבר בספטמבר בפברואר דצמבר דצמ׳ יולי יוני "
    "ינואר ינו׳ מאי מרץ נובמבר נוב׳ ספטמבר ספט׳ פברואר פבר׳ آب آبان آذار آذر آوریل أبريل أغسطس أكتوبر أيار "
    "أيلول اردیبهشت اسفند اوت اکتبر بهمن تشرين تموز تیر حزيران خرداد دسامبر ديسمبر دی سبتمبر سپتامبر شباط "
    "شهریور فبراير فروردین فوریه فوریهٔ كانون مارس مايو مرداد مه مهر مهٔ نوامبر نوفمبر نيسان يناير يوليو "
    "يونيو ژانویه ژانویهٔ ژوئن ژوئیه ژوئیهٔ अक्टूबर अक्टू॰ अगस्त अग॰ अप्रैल जनवरी जन॰ जुलाई जुल॰ जून दिसंबर "
    "दिस॰ नवंबर नव॰ फ़रवरी फ़र॰ मई मार्च सितंबर सित॰ ก.ค ก.พ ก.ย กรกฎาคม กันยายน กุมภาพันธ์ ต.ค ตุลาคม ธ.ค "
    "ธันวาคม พ.ค พ.ย พฤศจิกายน พฤษภาคม ม.ค มกราคม มิ.ย มิถุนายน มี.ค มีนาคม ส.ค สิงหาคม เม.ย เมษายน "
)
