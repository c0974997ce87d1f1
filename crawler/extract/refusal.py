"""Tells pages that are no articles: error pages that answer 200, challenges and consent walls."""

from __future__ import annotations

import re
import unicodedata

from crawler.errors import NoArticle
from crawler.extract import consent, notices
from crawler.extract.lines import weight
from crawler.extract.telling import is_news, own_voice, reports, sentences

_NOT_FOUND = re.compile(
    r"(?:(?:error|fehler|erreur|errore?|ошибка|помилка|błąd|hata|chyba|错误|錯誤)\W*)?404(?:\W*(?:error|not found))?|"
    r"page (?:can(?:no|['’])t be|could not be|was not|is not|not) found|(?:^|(?:this|the|that|requested) )(?:page|"
    r"article|story|content)[\w ,]{0,40}? "
    r"(?:does not|doesn['’]t|no longer) exists?|nothing (?:was )?found|"
    r"(?:page|story|article) (?:(?:that )?you (?:are|were|['’]re) looking for)[\w ,]{0,30} (?:could not|cannot|"
    r"can['’]t|is no longer|was removed|has been)|"
    r"seite (?:wurde |konnte )?(?:leider )?nicht gefunden|"
    r"seite,? die (?:sie|du) [\w ]{4,20}, (?:wurde|konnte|existiert|ist|gibt es) (?:leider )?nicht|"
    r"page (?:introuvable|non trouvée|inexistante)|"
    r"page (?:que vous \w+ |demandée |recherchée )?n['’](?:existe (?:pas|plus)|a pas été trouvée)|"
    r"p[áa]gina (?:no encontrada|não encontrada|non trovata|que (?:busca\w*|procura) n[oã]o? existe)|"
    r"pagina (?:che \w+ \w+ )?non (?:esiste|è stata trovata)|pagina niet gevonden|"
    r"pagina (?:die (?:u|je) zoekt )?bestaat niet|страница не (?:найдена|существует)|"
    r"страница не существует|сторінку не знайдено|сторінка не (?:знайдена|існує)|страница није пронађена|"
    r"stranica nije pronađena|страницата не е намерена|nie znaleziono strony|stron[ay] nie istnieje|"
    r"sayfa bulunamadı|sidan (?:hittades inte|finns inte|kunde inte hittas)|hitta sidan du (?:söker|letade)|"
    r"siden (?:blev ikke fundet|finnes ikke|ble ikke funnet|findes ikke)|siden du leder efter|sivua ei löyt[yn]\w*|"
    r"stránka (?:nenalezena|nebyla nalezena|neexistuje|sa nenašla|nebola nájdená)|stránka,? \w+ neexistuje|"
    r"(?:az )?oldal nem található|pagina (?:nu a fost găsită|pe care o căutați)|η σελίδα δεν (?:βρέθηκε|υπάρχει)|"
    r"σελίδα που αναζητάτε δεν|không tìm thấy (?:trang|nội dung)|trang (?:bạn \w+ \w+ )?không tồn tại|"
    r"halaman (?:yang \w+ \w+ )?tidak (?:ditemukan|tersedia)|laman tidak (?:ditemui|dijumpai)|"
    r"ไม่พบหน้า|ไม่พบข้อมูลที่คุณ|पृष्ठ नहीं मिला|पेज नहीं मिला|"
    r"页面不存在|頁面不存在|找不到页面|找不到頁面|(?:您|你)(?:访问|要找|访问|尋找|查找)的(?:页面|頁面|网页|網頁)|"
    r"网页不存在|"
    r"ページ(?:は|が)見つかりません|페이지를 찾을 수 없|삭제되었거나 존재하지 않는|존재하지 않는 페이지|"
    r"(?:هذه )?الصفحة (?:المطلوبة )?(?:غير موجودة|غير متوفرة)|الصفحة التي (?:تبحث|طلبت)|لم يتم العثور على الصفحة|"
    r"صفحه (?:مورد نظر )?(?:شما )?(?:پیدا|یافت) نشد|(?:הדף|העמוד)(?: ש\w+)? לא (?:נמצא|קיים)",
    re.IGNORECASE,
)
#: What a page says of the article that stood there; "this article", for an article about another says "the article".
_GONE = re.compile(
    r"(?:this|the requested|your requested) (?:article|story|page|content|post|item|link|video)(?: that | which "
    r")?[\w ,]{0,30}? "
    r"(?:(?:is|are) (?:no longer|not|currently (?:un|not ?)|temporarily (?:un|not ?)|un) ?(?:available|accessible|"
    r"online)|"
    r"has (?:been |now )?(?:been )?(?:removed|deleted|withdrawn|expired|archived|moved|unpublished|taken down)|"
    r"(?:was|were) (?:removed|deleted|withdrawn|unpublished))|"
    r"(?:page|story|article|content) (?:(?:that )?you (?:requested|wanted|asked for|tried to \w+)) [\w ,]{0,30}?"
    r"(?:expired|removed|deleted|moved|not|no longer|unavailable)|"
    r"(?:can(?:no|['’])t|cannot|could(?: not|n['’]t)) find (?:the|that) (?:page|story|article|content) you|"
    r"that page seems to|you will (?:\w+ )?be (?:\w+ )?redirected|"
    r"diese[rs]? (?:artikel|beitrag|inhalt|text|seite|meldung) (?:\w+ ){0,3}?(?:nicht (?:mehr|länger) (?:verfügbar|"
    r"online|"
    r"abrufbar|vorhanden|zur verfügung)|nicht verfügbar|gelöscht|entfernt|depubliziert)|(?:gewünschte|gesuchte|"
    r"angeforderte|aufgerufene)[nrs]? (?:artikel|beitrag|inhalt|seite|meldung) (?:\w+ ){0,4}?(?:nicht|gelöscht|"
    r"entfernt|"
    r"verschoben|existiert)|"
    r"(?:cet article|ce contenu|cette (?:page|actualité|publication)) (?:n['’]est (?:plus|pas) (?:disponible|"
    r"accessible|en "
    r"ligne)|n['’]existe plus|a (?:été |peut-être été )?(?:supprimée?|retirée?|déplacée?|dépubliée?))|(?:article|"
    r"contenu|"
    r"page) (?:que vous (?:\w+ )|demandée? |recherchée? )(?:n['’]est (?:plus|pas)|n['’]existe|a été (?:supprim|retir|"
    r"déplac))|"
    r"(?:diese seite|diese meldung|diesen (?:artikel|beitrag|inhalt)) gibt es (?:\w+ ){0,2}nicht|"
    r"ne trouvons pas (?:la page|l['’]article|le contenu)|"
    r"est[ea] (?:artículo|noticia|contenido|página) (?:ya )?no (?:está disponible|se encuentra|existe)|est[ea] "
    r"(?:artículo|"
    r"noticia|contenido|página) (?:ha sido|fue) (?:eliminad|retirad|borrad|movid)|(?:artículo|noticia|contenido|"
    r"página) que "
    r"(?:busca\w*|solicita\w*|intenta\w*)(?: \w+){0,2} (?:ya no|no|ha sido|fue|ha cambiado)|no (?:hemos encontrado|"
    r"encontramos|pudimos encontrar) la (?:página|noticia) que|"
    r"quest[oa] (?:articolo|contenuto|notizia|pagina) (?:non (?:è|esiste) (?:più|disponibile)|è stat[oa] (?:rimoss|"
    r"eliminat|cancellat|spostat))|(?:articolo|contenuto|notizia|pagina) (?:richiest[oa]|cercat[oa]|che (?:\w+ ){1,2}"
    r"cercando) (?:non|è stat[oa])|"
    r"est[ea] (?:artigo|notícia|conteúdo|matéria|página) (?:já )?não (?:está|se encontra|existe)(?: mais)?|est[ea] "
    r"(?:artigo|"
    r"notícia|conteúdo|matéria|página) foi (?:removid|excluíd|apagad|eliminad|movid)|(?:artigo|notícia|conteúdo|"
    r"matéria|"
    r"página) (?:que (?:você )?(?:procura|busca|tentou)\w*|solicitad[oa])(?: \w+)? (?:foi|não|já não)|não "
    r"encontr[aá]mos a "
    r"(?:página|notícia) que|"
    r"(?:dit (?:artikel|bericht)|deze (?:pagina|inhoud)) is (?:helaas )?(?:niet (?:meer|langer) |niet )?(?:beschikbaar|"
    r"verwijderd|verplaatst)|(?:artikel|bericht|pagina) (?:dat|die) (?:u|je) (?:zoekt|zocht|opvraagt) (?:is|bestaat|"
    r"kan)|"
    r"kunnen de pagina die|"
    r"(?:ten artykuł|ta (?:strona|treść)|ten materiał) (?:\w+ ){0,2}?(?:nie jest już|nie istnieje|został\w* (?:usunięt|"
    r"przeniesion))|(?:artykuł|materiał|stron\w+|treść),? któr\w+ szukasz|nie znaleźliśmy strony|"
    r"(?:эта|данная|запрашиваемая|запрошенная|этот|данный|запрашиваемый) (?:статья|страница|новость|публикация|"
    r"материал) "
    r"(?:\w+ ){0,2}?(?:больше не|не (?:найден|существ|доступ)|недоступ|удал[её]н|перемещ|снят)\w*|^(?:статья|материал|"
    r"новость|публикация) (?:был[аио]? )?(?:удал[её]н|снят|перемещ)\w*|"
    r"(?:ця|дана|цей|даний|запитувана) (?:стаття|сторінка|новина|публікація|матеріал) (?:\w+ ){0,2}?(?:більше не|не "
    r"(?:знайден|існує|доступ)|недоступ|видален|переміщ)\w*|^(?:стаття|матеріал|новина|публікація|статтю|новину) "
    r"(?:було )?(?:видален|переміщ)\w*|сторінку,? (?:яку|що) ви шукаєте|"
    r"(?:هذا (?:المقال|الخبر|المحتوى)|هذه (?:الصفحة|المادة)) (?:لم يعد|لم تعد|غير) (?:متاح|متوفر|موجود)\w*|تم حذف "
    r"هذ(?:ا|ه) "
    r"(?:المقال|الخبر|المحتوى|المادة|الصفحة)|(?:المقال|الخبر) الذي (?:تبحث|طلبت)|"
    r"این (?:خبر|مطلب|صفحه|مقاله|محتوا) (?:\S+ ){0,2}?(?:در دسترس نیست|حذف شده|وجود ندارد)|(?:مطلب|خبر|صفحه) مورد "
    r"نظر (?:شما )?"
    r"(?:حذف|یافت|پیدا|موجود|وجود)|"
    r"bu (?:haber|içerik|sayfa|yazı|makale) (?:artık )?(?:yayında değil|yayından kaldırıl|mevcut değil|silinmiş|"
    r"kaldırılmış)|aradığınız (?:haber|sayfa|içerik|yazı)\w* (?:bulunama|yayından|silin|kaldır|mevcut)|"
    r"(?:该|此|本|这篇|該|這篇)(?:文章|新闻|新聞|内容|內容|页面|頁面|报道|報導)(?:已|不存在|暂时无法|不再|无法)(?:经|"
    r"被)?[^。]{0,4}?(?:删除|"
    r"刪除|下线|下線|移除|失效|过期|查看|提供|不存在|存在)|(?:该|此|這篇|該)(?:文章|新闻|新聞|内容|內容|页面|"
    r"頁面)不存在|(?:您|你)(?:查看|浏览|瀏覽|请求|"
    r"請求|访问|訪問)的(?:文章|新闻|新聞|内容|內容)(?:不存在|已)|"
    r"(?:この|お探しの|ご指定の|該当の)(?:記事|ページ|コンテンツ)は[^。]{0,16}?(?:終了し|削除され|公開されて(?:い|お)|"
    r"ありません|存在し|見つかり|"
    r"移動)|"
    r"(?:이|해당|요청하신|찾으시는) (?:기사|페이지|콘텐츠|게시물)(?:는|은|가|를|을)? (?:더 이상|삭제|존재하지|찾을 수|"
    r"이용할 수)|삭제된 (?:기사|페이지|"
    r"게시물)입니다",
    re.IGNORECASE | re.MULTILINE,
)
_CHALLENGE = re.compile(
    r"^just a moment|attention required!|checking your browser|verify(?:ing)? (?:that )?you are (?:a )?human|"
    r"are you a robot|access to this page has been denied|"
    r"access denied(?: by [\w ]{0,20}(?:policy|rules?|firewall|administrator))?(?=\s*(?:$|[\n.!:|–—-]))|"
    r"pardon our interruption|request unsuccessful|ddos-guard|enable javascript and cookies to continue|"
    r"complete (?:the|a) security check|you have been blocked|"
    r"human verification|bot verification|403 forbidden|"
    r"安全验证|人机验证|访问验证|проверка браузера|вы не робот|unusual traffic from your",
    re.IGNORECASE,
)
#: Words that texts use of other things, too.
_CALLED_CHALLENGE = re.compile(r"one more step|security check|unusual traffic", re.IGNORECASE)
#: A page that refuses says little else; a character of a dense script counts three.
SHORT = 1_500
_VERY_SHORT = 400
_LEAST = 60
_LONGEST_TITLE = 300
#: The part of a title that must say so: "Room 404: a play about nothing found" is a title of something.
_MOSTLY = 0.5
_WHOLLY = 0.85


def check(title: str, text: str, shown: str = "", *, sure: bool = False, declared: bool = False) -> None:
    """Raise NoArticle with the reason when a page is an error page, a challenge, a consent wall or has no text.

    ``shown`` is the text with what asks for payment below it: walls of consent offer that, too. ``sure`` says that
    the text is one, however short; ``declared``, that the page says that it is an article: news has the words of such
    pages, too.
    """
    opening, size, title = text[:600], weight(text), title[:_LONGEST_TITLE]
    if size < SHORT:
        # What is quoted was said elsewhere: of itself only a page speaks in its own voice.
        own = own_voice(opening) if size < _VERY_SHORT else ""
        if declared:  # a video in it may not be shown here, which says nothing of the text
            own = notices.without(own)
        missing = _is(_NOT_FOUND, title) or says_so(own)
        if missing and not (declared and is_news(text, _speaks_of_itself) and _tells_more(text)):
            raise NoArticle("soft 404", f"the page answers 200 and says {title or opening[:80]!r}")
        refused = (
            _is(_CHALLENGE, title, _WHOLLY if declared else _MOSTLY)
            or _CHALLENGE.search(own)
            or (own and _is(_CALLED_CHALLENGE, title))
        )
        if refused and not ((declared or reports(own_voice(text))) and is_news(text, _speaks_of_itself)):
            raise NoArticle("blocked", f"the page is a challenge: {title or opening[:80]!r}")
    if consent.is_wall(title, shown or text) and not _tells_of_consent(text, declared=declared):
        raise NoArticle("consent wall", f"the page asks for consent and shows no article: {opening[:80]!r}")
    if not sure and not is_text(text):
        raise NoArticle("no article", f"only {len(text)} characters of text were found")


def _speaks_of_itself(sentence: str) -> bool:
    """Tell whether a sentence is the page's word on itself: that it is not there, or not for everybody."""
    return any(pattern.search(sentence) for pattern in (_NOT_FOUND, _GONE, _CHALLENGE))


def _tells_more(text: str) -> bool:
    """Tell whether a text that says of itself that it is gone tells in another sentence what somebody said."""
    parts = [own_voice(each) for each in sentences(text)]
    gone = [each for each in parts if _GONE.search(each)]
    return not gone or any(reports(each) for each in parts if each not in gone)


def _tells_of_consent(text: str, *, declared: bool) -> bool:
    """Tell whether a text about consent is news: it says who said so, and on a declared page also on which day."""
    if any(map(consent.asks, text.split("\n"))):
        return False
    return (declared or reports(own_voice(text))) and is_news(text, consent.is_of_it)


def is_missing(heading: str, *, wholly: bool = False) -> bool:
    """Tell whether a heading says that a page is not there; ``wholly``, that it says nothing else."""
    if wholly:
        return _is(_NOT_FOUND, heading, _WHOLLY)
    return _NOT_FOUND.search(heading) is not None


def says_so(text: str) -> bool:
    """Tell whether a text says that something is not there: a number alone may count anything."""
    found = (match[0] for match in _NOT_FOUND.finditer(text))
    return any(each != "404" or text.strip() == each for each in found) or _GONE.search(text) is not None


def _is(pattern: re.Pattern[str], title: str, part: float = _MOSTLY) -> bool:
    """Tell whether that is what a title says, not only a part of it."""
    found = max((_letters(match[0]) for match in pattern.finditer(title)), default=0)
    return found > 0 and found >= part * _letters(title)


def _letters(text: str) -> int:
    return weight("".join(filter(_is_letter, text)))


def _is_letter(character: str) -> bool:
    """Tell whether a character is a letter, a digit, or one of the vowel signs that other scripts write above them."""
    return character.isalnum() or (character > "\u02ff" and unicodedata.category(character)[0] == "M")


def is_text(text: str) -> bool:
    """Tell whether there is enough of a text for an article."""
    start = text[:SHORT]
    return sum(map(str.isalnum, start)) >= _LEAST or _letters(start) >= _LEAST
