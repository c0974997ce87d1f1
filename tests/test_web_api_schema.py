"""The whole API against its own document: schemathesis asks every address, well and badly."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from starlette.types import ASGIApp, Receive, Scope, Send

from crawler.archive import open_archive
from crawler.config import load
from digest.definitions import synchronise
from digest.web import app
from digest.web.api.document import document
from digest.web.api.reading import RECORDS
from digest.web.api.routes import ENDPOINTS
from digest.web.api.table import ROOT
from tests.archive_sample import NOW
from tests.test_web import HOSTILE, fill

_HOST = "http://127.0.0.1:8765"
#: Of queries and cursors the document can only say that they are texts: what is drawn for them is some that are good.
_WORDS = ["harbour", "间谍", '"two days"', "storm OR ship", "ship* -sport", "source:herald", "after:7d", ""]
_CURSORS = ["p9999999999", "s8", "c1", "e9", "m9999999999999999.3"]
#: What attackers and accidents write: each is an answer or a refusal, and never a fault of ours.
_HOSTILE = [
    HOSTILE, "'; DROP TABLE articles;--", '") OR 1=1 --', "title:((((", "-" * 300, "NEAR(a b, 9) ^ * {x}", "a\0b",
    "\u202egnp.exe \ufdfa\ufeff", "after:99999999d before:-1", "source:%s%n watch:${jndi:ldap://x/}", "\U0001d4d0" * 99,
]  # fmt: skip
schemathesis.openapi.format("query", st.sampled_from([*_WORDS, *_HOSTILE]))
schemathesis.openapi.format("time-or-age", st.sampled_from(["2026-11-01", "2026-11", "7d", "yesterday"]))
schemathesis.openapi.format("cursor", st.sampled_from([*_CURSORS, *_HOSTILE[:3], "p" + "9" * 40, "s-1", "\0"]))
_CONFIG = {
    "base-url": _HOST,
    "generation": {"database": "none"},
    "checks": {
        # Good data may still ask for what is not there: a cursor of another list, a date that is to come.
        "positive_data_acceptance": {"expected-statuses": ["2xx", "400", "404", "422"]},
        # Nobody has to log in on one's own machine.
        "ignored_auth": {"enabled": False},
    },
}
#: What is wrong costs twice as much to draw: texts that are longer than they may be.
_EXAMPLES = {GenerationMode.POSITIVE: 16, GenerationMode.NEGATIVE: 10}
_LABELS = [f"{each.method} {ROOT}{each.path}" for each in ENDPOINTS]
_ASKED = [
    (label, mode)
    for label, each in zip(_LABELS, ENDPOINTS, strict=True)
    for mode in GenerationMode
    # Where nothing may be said, nothing can be said wrongly.
    if mode is GenerationMode.POSITIVE or each.parameters or each.takes
]


def _from_this_machine(asked: ASGIApp) -> ASGIApp:
    """Let what schemathesis sends come from where a browser of this machine would send it."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await asked({**scope, "client": ("127.0.0.1", 50_000)}, receive, send)

    return answer


@pytest.fixture(scope="module")
def operations(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("api")
    url = f"sqlite:///{folder / 'a.db'}"
    (folder / "presswatch.toml").write_text("")
    (folder / "watches.toml").write_text('[harbours]\nquery = "harbour"\n')
    fill(url)
    with open_archive(url) as archive:
        synchronise(archive, load(folder), NOW)
    described = json.loads(json.dumps(document(ENDPOINTS, RECORDS)))
    schema = schemathesis.openapi.from_dict(described, config=schemathesis.Config.from_dict(_CONFIG))
    schema.app = _from_this_machine(app(url, lambda: NOW, config=lambda: load(folder)))
    return {operation.label: operation for operation in (each.ok() for each in schema.get_all_operations())}


@pytest.mark.parametrize(("label", "mode"), _ASKED)
def test_every_address_answers_as_the_document_says(
    operations: dict[str, Any], label: str, mode: GenerationMode
) -> None:
    operation = operations[label]

    @settings(
        max_examples=_EXAMPLES[mode], deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate()

    ask()


def test_every_address_stands_in_the_document(operations: dict[str, Any]) -> None:
    assert set(_LABELS) == set(operations)


@pytest.mark.parametrize("text", _HOSTILE)
def test_every_hostile_query_and_cursor_is_answered_or_refused(operations: dict[str, Any], text: str) -> None:
    """Each of them at each address that takes a query or a cursor, whatever was drawn above."""
    for operation in operations.values():
        for name in {each.name for each in operation.query} & {"q", "cursor"}:
            operation.Case(path_parameters={"id": 7, "name": "harbours"}, query={name: text}).call_and_validate()
