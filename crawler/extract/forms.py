"""Tells pages that are no plain article: live blogs, picture galleries and videos."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lxml.html import HtmlElement

from crawler.extract import jsonld
from crawler.extract.body import of_article_body
from crawler.extract.dates import read_machine

_LIVE = re.compile(r"LiveBlogPosting$")
_GALLERY = re.compile(r"(?:ImageGallery|MediaGallery)$")
_VIDEO = re.compile(r"(?:VideoObject|NewsVideo)$")


def form(node: Mapping[str, Any], tree: HtmlElement) -> str:
    """Name the form of a page: "live blog", "gallery" or "video"; "" for an article."""
    for pattern, name in ((_LIVE, "live blog"), (_GALLERY, "gallery"), (_VIDEO, "video")):
        if jsonld.is_type(dict(node), pattern):
            return name
    for element in tree.iter("meta"):
        if element.get("property") == "og:type" and (element.get("content") or "").lower().startswith("video"):
            return "video"
    return ""


def newest_post(node: Mapping[str, Any]) -> tuple[list[str], int] | None:
    """Give the lines of the newest post of a live blog and the number of its posts; None where it declares no posts."""
    if not jsonld.is_type(dict(node), _LIVE):
        return None
    posts = []
    for update in jsonld.listed(node.get("liveBlogUpdate")):
        if not isinstance(update, dict) or not isinstance(update.get("articleBody"), str):
            continue
        printed = read_machine(jsonld.text_of(update.get("datePublished")))
        lines = of_article_body(update["articleBody"])
        if printed and lines:
            heading = jsonld.text_of(update.get("headline"))
            posts.append((printed.iso, [heading, *lines] if heading and heading != lines[0] else lines))
    if len(posts) < 2:
        return None
    # As printed: the posts of one page share their zone.
    return max(posts, key=lambda post: post[0])[1], len(posts)
