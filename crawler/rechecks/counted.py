"""Sentences in which a page counts its own readers or tells the time: they change by themselves. Pure.

Only what a page says of itself in a whole sentence ("This article was viewed 100 times."): "The video was viewed 100
times in parliament." is news, and so is every other number.
"""

from __future__ import annotations

import re
from functools import cache

_N = (
    r"(?:(?:more than|over|about|nearly|almost|mehr als|über|plus de|más de|mais de|più di|meer dan|более|понад|"
    r"超过|約|약) )?"
    r"\d[\d.,'\u00a0\u202f ]{0,14}(?:k|m|mn|mio|mil|tsd|тыс\.?|млн\.?|万|萬|億|亿|만|천|هزار|ألف|พัน|หมื่น|แสน)?\s?"
)
_SO_FAR = r"(?: (?:so far|today|already|now|right now|since \w+|this week|this month|in total))?"
_THIS = r"this (?:article|story|page|post|video|gallery|podcast|interview|report|piece|item|recipe|column|photo)"
_COUNTED = (
    r"(?:^|(?<=[.!?؟।…] )|(?<=[。！？]))[(\[]?(?:"
    rf"{_THIS} (?:has been|was|is)(?: already)? (?:viewed|read|shared|seen|watched|liked|downloaded|visited|opened|"
    rf"clicked|printed|recommended|played|commented on) (?:by )?{_N}(?:times?|people|readers?|users?|"
    rf"visitors?){_SO_FAR}|"
    rf"{_THIS} (?:has had|has|had)(?: already)? {_N}(?:views?|comments?|reads?|shares?|likes?|hits?|"
    rf"visits?){_SO_FAR}|"
    rf"(?:viewed|read|shared|watched|opened) {_N}times{_SO_FAR}|"
    rf"{_N}(?:people|readers?|users?|visitors?|others)(?: (?:have|has|are|is))?(?: (?:already|also|now))? (?:read|"
    rf"viewed|"
    rf"shared|liked|seen|watched|reading|viewing|watching|commented on|recommended?|like) {_THIS}{_SO_FAR}|"
    rf"there (?:are|is|have been) (?:currently )?{_N}(?:comments?|replies|reactions) (?:on|to|about) {_THIS}|"
    rf"(?:estimated )?reading time\s?:? {_N}min(?:ute)?s?|lesezeit\s?:? {_N}min\w*|temps de lecture\s?:? {_N}min\w*|"
    rf"tiempo de lectura\s?:? {_N}min\w*|tempo d[ie] (?:leitura|lettura)\s?:? {_N}min\w*|время чтения\s?:? "
    rf"{_N}мин\w*|"
    r"(?:it is now|it['’]s now|the (?:current |local )+time is|current time\s?:?|local time\s?:?) \d{1,2}[:.]\d{2}"
    r"(?:[:.]\d{2})?(?: ?[ap]\.?m\b)?(?: [A-Z]{2,4})?(?: in [\w ]{2,40})?|"
    rf"(?:dieser (?:artikel|beitrag|text|bericht)|diese (?:seite|meldung|nachricht|geschichte|galerie)|dieses video) "
    rf"(?:wurde|ist|hat)(?: (?:bisher|bereits|schon|heute))? {_N}(?:-?mal|x|leser|aufrufe|kommentare)(?: (?:gelesen|"
    r"aufgerufen|angesehen|angeklickt|geteilt|kommentiert|besucht))?|"
    rf"{_N}(?:leser|personen|nutzer|menschen|besucher) (?:haben|lesen)(?: gerade)? (?:diesen (?:artikel|beitrag|"
    rf"text)|"
    r"diese (?:seite|meldung))(?: (?:gelesen|angesehen|geteilt|kommentiert))?|"
    rf"(?:cet(?:te)? (?:article|page|vidéo|info)|ce (?:texte|contenu|billet|reportage)) a (?:déjà )?été (?:lu|vu|"
    rf"consulté|"
    rf"partagé|visionné|aimé|commenté)e? {_N}fois|{_N}(?:personnes|lecteurs|internautes) (?:ont (?:lu|vu|aimé|"
    rf"partagé|"
    r"consulté)|lisent) (?:cet article|cette page|ce texte)|"
    rf"est[ea] (?:artículo|noticia|nota|página|v[ií]deo|texto|publicación) (?:ha sido|fue|se ha) (?:leíd|vist|"
    rf"compartid|"
    rf"visitad|consultad|reproducid)[oa] (?:por )?{_N}(?:veces|personas|lectores)|"
    rf"est[ea] (?:artigo|notícia|matéria|página|vídeo|texto|reportagem) (?:já )?foi (?:lid|vist|compartilhad|"
    rf"partilhad|"
    rf"visualizad|acessad|acedid)[oa] (?:por )?{_N}(?:vezes|pessoas|leitores)|"
    rf"quest(?:o articolo|a notizia|a pagina|o video) è stat[oa] (?:lett|vist|condivis|visualizzat|visitat)[oa] "
    rf"(?:da )?{_N}(?:volte|persone|lettori)|"
    rf"(?:dit (?:artikel|bericht|verhaal)|deze (?:pagina|video)) (?:is|werd)(?: al| inmiddels)? {_N}(?:keer|maal) "
    r"(?:gelezen|bekeken|gedeeld|bezocht)|"
    rf"(?:denna|den här|denne|dette|det här) \w+ (?:har|är|er|ble|blev|er blevet|er blitt|har blitt)(?: \w+)? "
    rf"(?:lästs|läst|"
    rf"visats|delats|lest|vist|delt|læst|set) {_N}(?:gånger|ganger|gange)|"
    rf"tämä (?:juttu|artikkeli|uutinen|sivu) on (?:luettu|katsottu|jaettu) {_N}kertaa|"
    rf"(?:ten|ta) (?:artykuł|tekst|wiadomość|strona) (?:został|została|był|była)?(?: już)? ?(?:przeczytan|wyświetlon|"
    rf"odsłonięt|udostępnion|obejrzan)\w* (?:już )?{_N}raz\w*|"
    rf"(?:tento|tato|táto) (?:článek|článok|stránka|zpráva|správa) (?:byl|bol)[ao]? (?:přečten|zobrazen|sdílen|"
    rf"prečítan|"
    rf"zobrazen|čítan)\w* {_N}(?:krát|x)|"
    rf"ezt a (?:cikket|oldalt|hírt) (?:eddig )?{_N}(?:alkalommal|-?sz[eoö]r|ember|olvasó)(?: (?:olvasták|olvasta|"
    rf"nézték "
    r"meg|tekintették meg))?|"
    rf"bu (?:haber|yazı|makale|sayfa|video) {_N}(?:kez|defa|kere) (?:okundu|görüntülendi|paylaşıldı|izlendi)|"
    rf"bu (?:haberi|yazıyı|makaleyi) {_N}kişi okudu|"
    rf"αυτό το (?:άρθρο|κείμενο|θέμα) (?:διαβάστηκε|προβλήθηκε|έχει διαβαστεί) {_N}φορές|"
    rf"acest articol a fost (?:citit|vizualizat|distribuit|accesat) de {_N}(?:de )?ori|"
    rf"(?:эт[ауои]т?|данн\w+) (?:стать[яю]|новость|материал|страниц[ау]|публикаци[яю]|запись|видео) (?:был[ао]? "
    rf")?(?:уже )?"
    rf"(?:прочитан\w*|просмотрен\w*|прочитали|просмотрели|посмотрели|прочли|открыли) (?:уже )?{_N}(?:раза?|человека?|"
    r"читател\w+)|"
    rf"(?:ц[яюе]й?|дан\w+) (?:статт[яю]|новин[ау]|матеріал|сторінк[ау]|публікаці[яю]) (?:бул[ао] |був )?(?:вже )?"
    rf"(?:прочитан\w*|переглянут\w*|прочитали|переглянули) {_N}(?:раз\w*|людей|читач\w+)|"
    rf"(?:本文|本页|本頁|此文|该文|該文|本篇|本新闻|本视频)章?(?:已经|已|共)?被?(?:阅读|閱讀|浏览|瀏覽|点击|點擊|"
    rf"查看|分享|转发|轉發)(?:了|量|数|數)?"
    rf"[:：]?\s?{_N}[次人]?|(?:已有)?{_N}人(?:已)?(?:阅读|閱讀|浏览|瀏覽)(?:了|过)?(?:本文|此文)?|"
    rf"(?:この|本)(?:記事|ページ|動画)は、?(?:これまでに)?{_N}(?:回|人|件)(?:に)?(?:閲覧|読まれ|表示|シェア|再生|"
    rf"見られ)(?:され)?(?:まし"
    r"た|ています|ている|た)?|"
    rf"(?:이|본) (?:기사|글|페이지|영상)(?:는|은|가|이)? (?:지금까지 )?{_N}(?:번|회|명이) ?(?:조회|읽|공유|열람)\w*|"
    rf"(?:تمت? (?:قراءة|مشاهدة)|قرئ|قرئت|شوهد|قرأ) (?:هذا|هذه) (?:المقال|الخبر|الصفحة|التقرير|المقالة|الموضوع) {_N}"
    r"(?:مرة|مرات|شخص|قارئ)|"
    rf"این (?:مطلب|خبر|مقاله|صفحه) {_N}(?:بار|مرتبه) (?:خوانده|دیده|بازدید) شده(?: است)?|"
    rf"(?:כתבה|ידיעה) זו (?:נקראה|נצפתה) {_N}(?:פעמים|פעם)|"
    rf"bài (?:viết|báo) này (?:đã )?(?:được (?:đọc|xem|chia sẻ)|có) {_N}(?:lần|lượt)(?: (?:xem|đọc))?|"
    rf"(?:artikel|berita|halaman) ini (?:telah |sudah )?(?:dibaca|dilihat|dibagikan) (?:sebanyak )?{_N}(?:kali|"
    rf"orang)|"
    rf"(?:บทความ|ข่าว|หน้า)นี้(?:ถูก|มี|ได้)?(?:เปิดอ่าน|อ่าน|ดู|คนอ่าน|ผู้อ่าน|แชร์)(?:แล้ว|ไปแล้ว)? ?{_N}(?:ครั้ง|คน)|"
    rf"(?:यह|इस) (?:लेख|खबर|समाचार|पेज)(?: को)? (?:अब तक )?{_N}(?:बार|लोगों ने) (?:पढ़ा|देखा|शेयर)(?: (?:किया )?गया)?"
    r"(?: है| जा चुका है)?"
    r")\s?[)\]]?(?:[.!。！।](?:[)\]])?(?:\s|$|(?<=[。！]))|\s*$)"
)


@cache
def _counted() -> re.Pattern[str]:
    # Only where a page is looked at again: compiling it takes longer than reading a page.
    return re.compile(_COUNTED, re.IGNORECASE)


def without(line: str) -> str:
    """Take the sentences out of a folded line in which its page speaks of its own readers or of the time."""
    bare = _counted().sub("", line)
    return line if bare == line else " ".join(bare.split())
