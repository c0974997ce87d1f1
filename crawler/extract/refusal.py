"""Tells pages that are no articles: error pages that answer 200, challenges and consent walls."""

from __future__ import annotations

import re

from crawler.errors import NoArticle
from crawler.extract.lines import weight

_NOT_FOUND = re.compile(
    r"(?:(?:error|fehler|erreur|errore?|ошибка|помилка|błąd|hata|chyba|错误|錯誤)\W*)?404(?:\W*(?:error|not found))?|"
    r"page (?:can(?:no|['’])t be|could not be|was not|is not|not) found|(?:page|article|story|content)[\w ,]{0,40}? "
    r"(?:does not|doesn['’]t|no longer) exists?|nothing (?:was )?found|"
    r"(?:page|story|article) (?:(?:that )?you (?:are|were|['’]re) looking for)[\w ,]{0,30} (?:could not|cannot|"
    r"can['’]t|is no longer|was removed|has been)|"
    r"seite (?:wurde |konnte )?(?:leider )?nicht gefunden|page (?:introuvable|non trouvée|inexistante)|"
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
    r"页面不存在|頁面不存在|找不到页面|找不到頁面|(?:您|你)(?:访问|要找|访问|尋找|查找)的(?:页面|頁面|网页|網頁)|网页不存在|"
    r"ページ(?:は|が)見つかりません|페이지를 찾을 수 없|삭제되었거나 존재하지 않는|존재하지 않는 페이지|"
    r"(?:هذه )?الصفحة (?:المطلوبة )?(?:غير موجودة|غير متوفرة)|الصفحة التي (?:تبحث|طلبت)|لم يتم العثور على الصفحة|"
    r"صفحه (?:مورد نظر )?(?:شما )?(?:پیدا|یافت) نشد|(?:הדף|העמוד)(?: ש\w+)? לא (?:נמצא|קיים)",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"^just a moment|attention required!|checking your browser|verify(?:ing)? (?:that )?you are (?:a )?human|"
    r"are you a robot|access (?:to this page has been )?denied|"
    r"pardon our interruption|request unsuccessful|ddos-guard|enable javascript and cookies to continue|"
    r"one more step|security check|you have been blocked|"
    r"human verification|bot verification|403 forbidden|"
    r"安全验证|人机验证|访问验证|проверка браузера|вы не робот|unusual traffic",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"before you continue|we (?:value|respect|care about) your privacy|your privacy (?:choices|matters|is important)|"
    r"consent to (?:the use of )?cookies|cookie consent|we (?:and our partners )?use cookies|"
    r"ihre privatsphäre|ihre (?:zustimmung|einwilligung)|datenschutzeinstellungen|mit werbung weiterlesen|"
    r"wir(?: und unsere partner)? (?:verwenden|nutzen) cookies|"
    r"nous respectons votre vie privée|votre vie privée|accepter et continuer|continuer sans accepter|"
    r"valoramos (?:tu|su) privacidad|aceptar y continuar|tu privacidad|"
    r"(?:la|della) tua privacy|(?:utilizziamo|usiamo) i cookie|"
    r"(?:valorizamos|respeitamos|a) (?:a )?sua privacidade|parceiros armazenamos|utilizamos cookies|"
    r"privacygate|uw privacy|wij(?: en onze partners)? gebruiken cookies|cenimy (?:twoją|państwa) prywatność|"
    r"szanujemy twoją prywatność|twoja prywatność|vi värnar om din integritet|vi använder (?:oss av )?cookies|"
    r"vi (?:og vores partnere )?bruger cookies|vi bruker (?:informasjonskapsler|cookies)|"
    r"vážíme si vašeho soukromí|používáme (?:soubory )?cookies?|ceníme si vašeho|záleží nám na vašem súkromí|"
    r"gizliliğinize|çerez(?:leri)? kullanıyoruz|мы используем (?:файлы )?(?:cookies?|куки)|"
    r"ми використовуємо файли cookie|"
    r"(?:クッキー|cookie)\s?を使用しています|プライバシーを尊重|쿠키를 사용|我们使用\s?cookie|我們(?:會)?使用\s?cookie|"
    r"sütiket használunk|az ön adatainak védelme|σεβόμαστε (?:την )?(?:ιδιωτικότητ|απόρρητ)\w+|χρησιμοποιούμε cookies|"
    r"arvostamme yksityisyyttäsi|käytämme evästeitä|folosim (?:module )?cookie|respectăm confidențialitatea|"
    r"نستخدم ملفات تعريف الارتباط|خصوصيتك تهمنا|kami menggunakan cookie|chúng tôi sử dụng cookie",
    re.IGNORECASE,
)
#: A page that refuses says little else; a character of a dense script counts three.
_SHORT = 1_500
_CONSENT_SHORT = 800
_VERY_SHORT = 400
_LEAST = 60
_LONGEST_TITLE = 300
#: The part of a title that must say so: "Room 404: a play about nothing found" is a title of something.
_MOSTLY = 0.5


def check(title: str, text: str) -> None:
    """Raise NoArticle with the reason when a page is an error page, a challenge, a consent wall or has no text."""
    opening, size, title = text[:600], weight(text), title[:_LONGEST_TITLE]
    if size < _SHORT:
        if _is(_NOT_FOUND, title) or (size < _VERY_SHORT and _NOT_FOUND.search(opening)):
            raise NoArticle("soft 404", f"the page answers 200 and says {title or opening[:80]!r}")
        if _is(_CHALLENGE, title) or (size < _VERY_SHORT and _CHALLENGE.search(opening)):
            raise NoArticle("blocked", f"the page is a challenge: {title or opening[:80]!r}")
        if _is(_CONSENT, title) or (size < _CONSENT_SHORT and _CONSENT.search(opening)):
            raise NoArticle("consent wall", f"the page asks for consent and shows no article: {opening[:80]!r}")
    if not is_text(text):
        raise NoArticle("no article", f"only {len(text)} characters of text were found")


def _is(pattern: re.Pattern[str], title: str) -> bool:
    """Tell whether that is what a title says, not only a part of it."""
    found = max((_letters(match[0]) for match in pattern.finditer(title)), default=0)
    return found > 0 and found >= _MOSTLY * _letters(title)


def _letters(text: str) -> int:
    return weight("".join(filter(str.isalnum, text)))


def is_text(text: str) -> bool:
    """Tell whether there is enough of a text for an article."""
    return _letters(text[:_SHORT]) >= _LEAST
