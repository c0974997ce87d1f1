"""Tells whose microdata is whose: an item may be a comment, a product, or another article beside the page's own."""

from __future__ import annotations

import re
from itertools import islice

from lxml.html import HtmlElement

from crawler.extract import jsonld
from crawler.extract.page import squeeze

_NOT_THE_PAGE = re.compile(r"comment|review|breadcrumb|listitem|imageobject|related|product|event", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report)(?=$|\s)")
#: A film or sound within a page is often of something else, and has no address of its own.
_MEDIA = re.compile(r"(?:VideoObject|AudioObject)(?=$|\s)")
#: In an item, so many elements are looked at for its headline and address.
_MOST = 300


class Scopes:
    """The items of a page's microdata."""

    def __init__(self, url: str, title: str):
        self._url = url
        self._title = title
        # With the elements: lxml gives their ids to others when nobody holds them.
        self._known: dict[HtmlElement, bool] = {}

    def own(self, element: HtmlElement) -> bool:
        """Tell whether an element is no part of an item that is another's: a comment's, a product's, another text's."""
        scope = _scope(element)
        if scope is None:
            return True
        if scope not in self._known:
            self._known[scope] = not self._is_foreign(scope)
        return self._known[scope]

    def _is_foreign(self, scope: HtmlElement) -> bool:
        kind = f"{scope.get('itemtype') or ''} {scope.get('itemprop') or ''}"
        if _NOT_THE_PAGE.search(kind):
            return True
        if _MEDIA.search(kind):
            named = jsonld.headline_of(_node(scope))
            return bool(named and self._title) and not jsonld.is_alike(named, self._title)
        return _ARTICLE.search(kind) is not None and jsonld.is_of_another(_node(scope), self._title, self._url)


def _scope(element: HtmlElement) -> HtmlElement | None:
    return next((node for node in element.iterancestors() if node.get("itemscope") is not None), None)


def _node(scope: HtmlElement) -> jsonld.Node:
    """Give the headline and the address of an item in the form of JSON-LD."""
    node: jsonld.Node = {}
    for element in islice(scope.iter(), _MOST):
        names = (element.get("itemprop") or "").lower().split()
        if not names or _scope(element) is not scope:
            continue
        value = element.get("content") or element.get("href") or element.get("itemid") or ""
        if "headline" in names or "name" in names:
            node.setdefault("headline", element.get("content") or squeeze(element.text_content()))
        elif value and ("url" in names or "mainentityofpage" in names):
            node.setdefault("url", value)
    return node
