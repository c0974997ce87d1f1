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
#: Agencies behind a day end at a stroke, before who took the picture.
_WHOM = re.compile(r"([^/,(|]{2,40}?)(?:\s(?:photo|pool))?(?:\s?[/,(|].*|\svia\s.*|\.)?$", re.IGNORECASE)


def is_of_picture(before: str, after: str) -> bool:
    """Tell whether a day stands between a place and who took a picture: "Northport, 3 May 2024. REUTERS/Jane Roe"."""
    if "," not in before or _PLACE.fullmatch(before) is None or _BY.match(before):
        return False
    closed = _CLOSED.match(after)
    behind = after[closed.end() :] if closed else after.lstrip(" ,–—-|(")
    if not behind or len(behind) > 80:
        return False
    if _CREDIT.match(behind):
        return True
    whom = _WHOM.match(behind) if closed else None
    return whom is not None and known(whom[1]) is not None
