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
from tests.test_web import fill

_HOST = "http://127.0.0.1:8765"
#: Of queries and cursors the document can only say that they are texts: what is drawn for them is some that are good.
_WORDS = ["harbour", "间谍", '"two days"', "storm OR ship", "ship* -sport", "source:herald", "after:7d", ""]
_CURSORS = ["p9999999999", "s8", "c1", "e9", "m9999999999999999.3"]
schemathesis.openapi.format("query", st.sampled_from(_WORDS))
schemathesis.openapi.format("time-or-age", st.sampled_from(["2026-11-01", "2026-11", "7d", "yesterday"]))
schemathesis.openapi.format("cursor", st.sampled_from(_CURSORS))
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

    @settings(max_examples=10, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate()

    ask()


def test_every_address_stands_in_the_document(operations: dict[str, Any]) -> None:
    assert set(_LABELS) == set(operations)
