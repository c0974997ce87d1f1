"""Hostile texts through every parameter that a page reads: none is markup, or leads elsewhere, in what is answered."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import httpx
import pytest
from lxml import etree

from digest import web
from digest.web.application import PAGES
from tests.newsroom import Newsroom
from tests.quick_passwords import quickly  # noqa: F401
from tests.test_hostile import naughty, vectors
from tests.test_web import HOSTILE, fill

_WEB = Path(web.__file__).parent
#: module of digest/web -> addresses with what it reads behind the question mark; each {} is a hostile text in its turn.
ADDRESSES = {
    "access": ["/feeds/search.xml?q=harbour&token={}"],
    "editions": ["/digests?plan={}&before={}"],
    "judgements": ["/judgements?kind={}&who={}&cursor={}"],
    "login": ["/login?next={}", "/login?ended={}"],
    "searching": ["/search?q={}", "/search?q=harbour&sort={}&cursor={}&from={}&to={}", "/search/explain?q={}"],
    "source_new": ["/new-source?address={}", "/new-source?look={}"],
    "sources": ["/sources?state={}&from={}"],
    "stories": ["/story/7?out={}&new={}", "/story/7/merge?q={}", "/story/7/merge?other={}"],
    "today": ["/?all={}"],
    "watch_edit": ["/watches/new?q={}&name={}", "/watches/edit?name={}", "/watches/remove?name={}"],
    "watches": ["/watches?from={}", "/watch?name={}", "/watch?name=harbours&cursor={}"],
    # What they read is told by tables of their own, of which the API is made; see tests/test_web_api_schema.py.
    "streams": ["/search.csv?q={}&limit={}&bom={}", "/search.jsonl?text={}&{}=1", "/feeds/search.json?q={}"],
}  # fmt: skip
_WATCH = "name=harbours&query=ship&weight=1&recipients=x&cool_down=x&webhook=x&seen=x&span=x&chat=x&on=x"
#: module -> forms that it takes: where each is sent, and what it says; each of its texts is hostile in its turn.
FORMS = {
    "articles": [
        *(("/article/1/judge", f"act={said}") for said in (
            "note&text=x&public=yes", "tag&tags=x", "untag&tag=x", "date&date=2026&seen=x", "authors&authors=x&seen=x",
            "take-back&judgement=1",
        )),
    ],
    "call": [("/sources/herald/poll", "stamp=x")],
    "drafts": [
        ("/digests/2/review", "order=note&number=1&text=x"), ("/digests/2/review", "order=before&number=1&other=2"),
        ("/digests/2/approve", "revision=x"), ("/digests/1/reject", "reason=x"),
    ],
    "judgements": [("/judgements/take-back", "judgement=1&kind=x&who=x&cursor=x")],
    "login": [
        ("/login", "name=x&password=x&next=/"), ("/account", "password=x&new=x&again=x"), ("/logout", "where=here"),
    ],
    "source_new": [
        ("/new-source/look", "address=x"),
        ("/new-source/add", "look=x&key=x&name=x&kind=x&control=x&owner=x&way=x&country=x&language=x&timezone=x"),
    ],
    "stories": [("/story/7/split", "out=1&seen=1"), ("/story/7/merge", "other=8&seen=1")],
    "watch_edit": [
        ("/watches/try", f"{_WATCH}&new=yes"), ("/watches/save", f"{_WATCH}&new=yes"),
        ("/watches/save", f"{_WATCH}&new="),
        ("/watches/mute", "name=harbours&muted=yes&seen=x"), ("/watches/remove", "name=harbours&seen=x"),
    ],
}  # fmt: skip
#: The page of a recipient is asked with a key that is theirs alone; tests/test_web_leave.py sends its forms.
_ELSEWHERE = {"leave"}

_CANARY = "\"'><canary canary=1> canary=1 ' canary=1 \" canary=1 --></script></title></textarea><canary>"
#: What would lead away, or run, where the whole text is an address.
_WHOLE = ["javascript:canary(1)", "//canary.test/x", "https://canary.test/x"]
_FORBIDDEN = {
    "animate", "applet", "audio", "base", "canary", "embed", "foreignobject", "frame", "frameset", "iframe", "image",
    "img", "marquee", "math", "object", "set", "style", "use", "video",
}  # fmt: skip
_LEADING = {"action", "data", "formaction", "href", "poster", "src", "hx-get", "hx-post", "hx-delete", "hx-put"}


def _read_by(module: str, of: set[str]) -> set[str]:
    """Find the names of the parameters that a module reads, of a form or of an address."""
    found = set()
    tree = ast.parse((_WEB / f"{module}.py").read_text(encoding="utf-8"))
    loops = {}
    for node in ast.walk(tree):  # what is within comes after what it is within
        if isinstance(node, ast.GeneratorExp | ast.DictComp | ast.ListComp):
            targets = {each.target.id: each.iter for each in node.generators if isinstance(each.target, ast.Name)}
            loops |= {within: targets[within.id] for within in ast.walk(node) if getattr(within, "id", "") in targets}

    def names(said: ast.expr) -> list[str]:
        if isinstance(said, ast.Constant):
            return [said.value]
        assert isinstance(said, ast.Name), f"{module}, line {said.lineno}: nobody can tell which parameter this is"
        listed = loops[said]
        if isinstance(listed, ast.Name):
            return list(getattr(importlib.import_module(f"digest.web.{module}"), listed.id))
        return list(ast.literal_eval(listed))

    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr="get" | "all" | "as_sent" | "number"), args=[said, *_]):
                pass
            case ast.Compare(left=said, ops=[ast.In()], comparators=[owner]):
                pass
            case ast.Subscript(value=owner, slice=said):
                pass
            case _:
                continue
        if (owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")) in of:
            found |= set(names(said))
    return found


def _modules() -> list[str]:
    return sorted(path.stem for path in _WEB.glob("*.py"))


@pytest.mark.parametrize("module", _modules())
def test_every_parameter_that_is_read_stands_in_the_tables(module: str) -> None:
    read_of_address, read_of_forms = _read_by(module, {"query", "query_params"}), _read_by(module, {"form"})
    if module in _ELSEWHERE:
        assert not read_of_address
        return
    in_address = {name for path in ADDRESSES.get(module, []) for name, _ in parse_qsl(urlsplit(path).query)}
    in_forms = {name for _, said in FORMS.get(module, []) for name, _ in parse_qsl(said, keep_blank_values=True)}

    assert read_of_address <= in_address
    assert read_of_forms <= in_forms


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    # Whatever is asked to be looked at: nothing but this machine is reached.
    crawl = '[crawl]\nconnect_to = { "*" = "127.0.0.1:9" }\n'
    made = Newsroom(tmp_path_factory.mktemp("desk"), watches='[harbours]\nquery = "harbour"\n', press=crawl)
    fill(made.archive_url)
    return made


@pytest.fixture(scope="module")
def texts(corpus: Path) -> Iterator[str]:
    """Give the lists of the corpus, many at a time, over and over."""
    every = [text.encode("utf-8", "replace").decode() for text in [*vectors(corpus), *naughty(corpus)]]
    return cycle([" ".join(every[start : start + 30]) for start in range(0, len(every), 30)])


def _tries(texts: Iterator[str]) -> list[str]:
    """List what is given to one parameter: short and long, in the midst of a text and as all of it."""
    return [f"{HOSTILE}{_CANARY}", *_WHOLE, next(texts) + _CANARY, next(texts)]


def _faults(answer: httpx.Response) -> list[str]:
    """Tell what in an answer runs, or leads to a host of an attacker."""
    faults = [f"status {answer.status_code}"] if answer.status_code >= 500 else []
    place = answer.headers.get("location", "/")
    if not re.match(r"/(?![/\\])", place):
        faults.append(f"leads to {place}")
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return faults if answer.headers["x-content-type-options"] == "nosniff" else [*faults, "its type is guessed"]
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    root = etree.fromstring(answer.content, etree.HTMLParser(encoding="utf-8", huge_tree=True))
    for element in root.iter(etree.Element):
        faults += _faults_of(str(element.tag).lower(), {str(key).lower(): str(said) for key, said in element.items()})
    return faults


def _faults_of(tag: str, attributes: dict[str, str]) -> Iterator[str]:
    if tag in _FORBIDDEN or (tag == "script" and not attributes.get("src", "").startswith("/static/")):
        yield f"<{tag}>"
    if tag == "meta" and "url" in attributes.get("content", "").lower() and "http-equiv" in attributes:
        yield f"<meta> leads to {attributes['content']}"
    for name, said in attributes.items():
        if name.startswith("on") or name in {"canary", "style", "srcdoc", "xlink:href"}:
            yield f"<{tag} {name}={said}>"
        if name in _LEADING and re.match(r"(?i)\s*(?:(?!https?:)[a-z][\w+.-]*:|(?:https?:)?[/\\]{2}canary)", said):
            yield f"<{tag} {name}={said}>"


def _filled(address: str, texts: Iterator[str]) -> Iterator[str]:
    """Put the hostile texts into one place of an address after the other; the other places are harmless."""
    pieces = address.split("{}")
    for place in range(1, len(pieces)):
        for text in _tries(texts):
            said = [quote(text, safe="") if at == place else "1" for at in range(1, len(pieces))]
            yield "".join(piece + value for piece, value in zip(pieces, [*said, ""], strict=True))


def _asked(desk: Newsroom, addresses: Iterator[str]) -> None:
    for address in addresses:
        assert [] == _faults(desk.ask(address)), address[:300]


@pytest.mark.parametrize("module", ADDRESSES)
def test_no_parameter_of_an_address_becomes_markup(desk: Newsroom, texts: Iterator[str], module: str) -> None:
    for address in ADDRESSES[module]:
        _asked(desk, _filled(address, texts))


def test_no_part_of_a_path_becomes_markup(desk: Newsroom, texts: Iterator[str]) -> None:
    for page in PAGES:
        if "{" in page.path and not page.takes_body:
            _asked(desk, _filled(re.sub(r"\{\w+\}", "{}", page.path), texts))


@pytest.mark.parametrize("module", FORMS)
def test_no_field_of_a_form_becomes_markup(desk: Newsroom, texts: Iterator[str], module: str) -> None:
    for path, said in FORMS[module]:
        fields = dict(parse_qsl(said, keep_blank_values=True))
        for name in fields:
            for text in _tries(texts)[::4]:
                answer = desk.send(path, fields | {name: text})

                assert [] == _faults(answer), (path, name)
                if answer.status_code == 303:
                    assert [] == _faults(desk.ask(answer.headers["location"])), (path, name)


def test_what_was_given_stands_on_the_page_as_text(desk: Newsroom) -> None:
    """The texts above do reach pages: they are not left out before anybody could fail to escape them."""
    for address in ("/search?q={}", "/new-source?address={}", "/watches/new?q={}&name={}"):
        page = desk.ask(address.replace("{}", quote(HOSTILE))).content
        said: Any = etree.fromstring(page, etree.HTMLParser(encoding="utf-8")).xpath("//@value | //textarea/text()")

        assert HOSTILE in {str(text).strip() for text in said}, address


@pytest.mark.parametrize(
    "markup",
    [
        "<canary>", "<p canary=1>", "<img src=x>", "<svg onload=alert(1)>", "<script>1</script>",
        "<a href=//canary.test>",
        "<a href=' javascript:alert(1)'>", "<meta http-equiv=refresh content='0;url=x'>", "<form action=data:x>",
    ],
)  # fmt: skip
def test_what_would_run_is_told(markup: str) -> None:
    policy = {"content-security-policy": "script-src 'self'"}

    assert _faults(httpx.Response(200, headers=policy, html=f"<p>harbour</p>{markup}"))
