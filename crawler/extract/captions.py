"""Tells the day on which a picture was taken from that of a text, by whom its line credits right behind it."""

from __future__ import annotations

import re

from crawler.agencies import known

#: A place and a comma, as a caption ends: "Northport, ".
_PLACE = re.compile(r"[^\W\d_][^\d|•·/:;,]{0,40}(?:,\s?[^\W\d_][^\d|•·/:;,]{0,30})?,\s*(?:den|le|el|il)?\s*$")
_BY = re.compile(r"\s*(?:\w+ )?(?:by|von|par|por|di|door|av|автор)\s", re.IGNORECASE)
#: What closes a caption behind its day, with the words for a year.
_CLOSED = re.compile(r"\s*(?:року|рік|года|год|р|г|roku|r)?\.\s*(?=[^\W\d_©])", re.IGNORECASE)
_CREDIT = re.compile(
    r"\W{0,3}(?:fotos?|photos?|photograph|pictures?|images?|bild|bilder|fotoğraf|foto(?:grafía|grafia)?|φωτο\w*|фото|"
    r"снимка|зображення|zdj(?:ęcie|\.)|fot\.|kuva|图片|圖片|写真|사진|صورة|الصورة|عکس)(?:\s*[:：/©]|\s(?:by|von|de|di)\s)",
    re.IGNORECASE,
)
#: Houses that sell pictures, and no texts.
_HOUSE = re.compile(
    r"(?:getty(?: images)?|imago(?: images)?|shutterstock|picture[ -]alliance|alamy|istock|zuma(?: press)?|unsplash)",
    re.IGNORECASE,
)
_SELLS = re.compile(rf"{_HOUSE.pattern}\b.{{0,30}}", re.IGNORECASE)
#: Who took a picture is told in so many characters.
_LONGEST = 48
_PARTS = re.compile(r"\s*[/,]\s*|\s+via\s+|\s+(?:photo|pool)\b\s*/?\s*", re.IGNORECASE)


def sells_pictures(name: str) -> bool:
    """Tell whether a name is that of a house that sells pictures and no texts: "IMAGO", "Getty Images/Jane Roe"."""
    return _SELLS.fullmatch(name) is not None


def is_credit(text: str) -> bool:
    """Tell whether a line says no more than who took a picture: "Photo: Jane Roe", "© Reuters"."""
    if len(text) > _LONGEST:
        return False
    credit = _CREDIT.match(text)
    return text[:1] == "©" or sells_pictures(text) or (credit is not None and credit[0][-1] in ":：/©")


def is_of_picture(before: str, after: str) -> bool:
    """Tell whether a day stands between a place and who took a picture: "Northport, 3 May 2024. REUTERS/Jane Roe".

    "Northport, 3 May 2024 (AP)" may begin a text.
    """
    if "," not in before or _PLACE.fullmatch(before) is None or _BY.match(before):
        return False
    closed = _CLOSED.match(after)
    behind = after[closed.end() :] if closed else after.lstrip(" .,–—-|(")
    if not behind or len(behind) > 80:
        return False
    if _CREDIT.match(behind):
        return True
    parts = [part.strip(" .()") for part in _PARTS.split(behind.rstrip(" .)"))]
    if any(_HOUSE.fullmatch(part) for part in parts):
        return True
    return (closed is not None or "/" in behind) and any(part and known(part) is not None for part in parts)
