"""Tells pages that are no articles: error pages that answer 200, challenges and consent walls."""

from __future__ import annotations

import re

from crawler.errors import NoArticle

_NOT_FOUND = re.compile(
    r"\b404\b|page (?:can(?:no|')t be|could not be|was not|not) found|(?:page|article|story|content) (?:does not|"
    r"doesn't|no longer) exists?|nothing (?:was )?found|"
    r"seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)|página no encontrada|página não encontrada|"
    r"pagina non trovata|"
    r"pagina niet gevonden|страница не найдена|сторінку не знайдено|сторінка не знайдена|nie znaleziono strony|"
    r"sayfa bulunamadı|"
    r"页面不存在|頁面不存在|找不到页面|找不到頁面|您访问的页面|ページが見つかりません|페이지를 찾을 수 없|"
    r"الصفحة غير موجودة|صفحه (?:مورد نظر )?(?:پیدا|یافت) نشد",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"^just a moment|attention required!|checking your browser|verify(?:ing)? (?:that )?you are (?:a )?human|"
    r"are you a robot|access (?:to this page has been )?denied|"
    r"pardon our interruption|request unsuccessful|ddos-guard|enable javascript and cookies to continue|"
    r"one more step|security check|you have been blocked|"
    r"human verification|bot verification|403 forbidden",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"before you continue|we value your privacy|your privacy (?:choices|matters|is important)|"
    r"consent to (?:the use of )?cookies|cookie consent|we use cookies|"
    r"ihre privatsphäre|zustimmung|datenschutzeinstellungen|mit werbung weiterlesen|"
    r"nous respectons votre vie privée|votre vie privée|accepter et continuer|"
    r"valoramos tu privacidad|aceptar y continuar|tu privacidad|la tua privacy|privacygate|uw privacy",
    re.IGNORECASE,
)
#: A page that refuses says little else.
_SHORT = 1_500
_LEAST = 60


def check(title: str, text: str) -> None:
    """Raise NoArticle with the reason when a page is an error page, a challenge, a consent wall or has no text."""
    opening = text[:600]
    if len(text) < _SHORT:
        if _NOT_FOUND.search(title) or (len(text) < 400 and _NOT_FOUND.search(opening)):
            raise NoArticle("soft 404", f"the page answers 200 and says {title or opening[:80]!r}")
        if _CHALLENGE.search(title) or (len(text) < 400 and _CHALLENGE.search(opening)):
            raise NoArticle("blocked", f"the page is a challenge: {title or opening[:80]!r}")
        if _CONSENT.search(title) or (len(text) < 800 and _CONSENT.search(opening)):
            raise NoArticle("no article", "the page asks for consent and shows no article")
    if not is_text(text):
        raise NoArticle("no article", f"only {len(text)} characters of text were found")


def is_text(text: str) -> bool:
    """Tell whether there is enough of a text for an article."""
    return sum(3 if char > "\u2e7f" else 1 for char in text[:_SHORT] if char.isalnum()) >= _LEAST
