from __future__ import annotations

import json
import logging
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from crawler import plugins
from crawler.config import NamesConfig, PresswatchConfig
from crawler.config.read import Config, load
from crawler.errors import ConfigErrors, UsageError
from crawler.records import Name, Watch
from digest import tagging
from tests.commands import answer, presswatch

TEXT = "The mayor of Brest met Jon Reed."


def shouting(settings: NamesConfig):
    """The smallest tagger of one's own."""
    return lambda text, language: [Name(word.strip(".")) for word in text.split() if word.isupper()]


def broken(settings: NamesConfig):
    def tag(text: str, language: str):
        raise RuntimeError("no memory")

    return tag


def installed(monkeypatch: pytest.MonkeyPatch, **names: str) -> None:
    entries = [EntryPoint(name, value, "presswatch.taggers") for name, value in names.items()]
    monkeypatch.setattr(plugins, "entry_points", lambda group: [e for e in entries if e.group == group])


def config(**fields: object) -> Config:
    return Config(Path(), PresswatchConfig(names=NamesConfig(**fields)))


def test_our_own_plugins_are_registered_as_anybodys():
    assert {"plain", "spacy"} <= set(plugins.known("taggers"))


def test_a_plugin_of_ones_own_finds_the_names(monkeypatch: pytest.MonkeyPatch):
    installed(monkeypatch, shouting="tests.test_plugins:shouting")
    tag = tagging.tagger(config(tagger="shouting"), [Watch("a", "Brest")])

    assert tag("Hear BREST and Brest", "en") == [Name("BREST"), Name("Brest")]


def test_a_name_that_a_watch_looks_for_is_written_as_the_watch_writes_it():
    tag = tagging.tagger(None, [Watch("a", '"Иван Петров" OR 华为')])

    assert tag("Он встретил Ивана Петрова.", "ru") == [Name("Иван Петров", "person")]
    assert tag("他說，華為不同意。", "zh") == [Name("华为", "organisation")]


def test_an_unknown_plugin_lists_the_known_ones(monkeypatch: pytest.MonkeyPatch):
    installed(monkeypatch, one="a:b", two="c:d")

    with pytest.raises(UsageError, match="no tagger 'three'; installed are: one, two"):
        plugins.load("taggers", "three", None)


def test_a_plugin_that_cannot_be_loaded_says_why(monkeypatch: pytest.MonkeyPatch):
    installed(monkeypatch, one="tests.test_plugins:nothing")

    with pytest.raises(UsageError, match=r"'one' .* cannot be loaded: .*nothing"):
        plugins.load("taggers", "one", None)


def test_a_tagger_that_fails_costs_no_names_and_is_told_once(monkeypatch, caplog: pytest.LogCaptureFixture):
    installed(monkeypatch, broken="tests.test_plugins:broken")
    tag = tagging.tagger(config(tagger="broken"))
    with caplog.at_level(logging.WARNING):
        found = [*tag(TEXT, "en"), *tag(TEXT, "en")]

    assert Name("Brest", "place") in found
    assert [record.message for record in caplog.records] == [
        "the tagger 'broken' failed, names are found without it: RuntimeError('no memory')"
    ]


def test_the_configuration_knows_which_plugins_are_there(tmp_path: Path):
    (tmp_path / "presswatch.toml").write_text('[names]\n\ntagger = "spicy"\n')
    with pytest.raises(ConfigErrors) as caught:
        load(tmp_path)

    assert "presswatch.toml:3: names.tagger: found 'spicy', wanted a plug-in that is installed:" in str(caught.value)
    assert '"plain", "spacy"' in str(caught.value)


@pytest.fixture
def spacy_model(tmp_path: Path) -> Path:
    """A small pipeline with rules instead of a model, as spaCy keeps pipelines on a disk."""
    spacy = pytest.importorskip("spacy", reason="spaCy is not installed: pip install -e '.[names]'")
    model = spacy.blank("en")
    ruler = model.add_pipe("entity_ruler")
    patterns = {"Jon Reed": "PERSON", "Brest": "GPE", "Velmar Steel": "ORG", "Tuesday": "DATE"}
    ruler.add_patterns([{"label": label, "pattern": text} for text, label in patterns.items()])
    model.to_disk(tmp_path / "model")
    return tmp_path / "model"


def test_spacy_finds_names_with_the_model_of_the_language(spacy_model: Path):
    tag = tagging.tagger(config(tagger="spacy", models={"en": str(spacy_model)}))

    found = tag("On Tuesday Jon Reed of Velmar Steel left Brest. Jon Reed ran.", "en-GB")

    assert found[0] == Name("Jon Reed", "person")
    assert set(found) == {Name("Jon Reed", "person"), Name("Velmar Steel", "organisation"), Name("Brest", "place")}
    # Without a model for its language a text is left to our own tagger.
    assert tag("Ayer llegó a Lima.", "es") == [Name("Lima", "place")]


def raising(settings: object):
    raise RuntimeError("no memory")


def test_a_plugin_that_cannot_be_made_says_why_whatever_it_raises(monkeypatch: pytest.MonkeyPatch):
    installed(monkeypatch, one="tests.test_plugins:raising")

    with pytest.raises(UsageError, match=r"the tagger 'one' .* cannot be made: .*no memory"):
        plugins.load("taggers", "one", None)


@pytest.mark.parametrize("models", [{}, {"en": "/nowhere/model"}])
def test_names_are_found_without_spacy_where_it_cannot_be_loaded(models: dict[str, str], caplog):
    with caplog.at_level(logging.WARNING):
        tag = tagging.tagger(config(tagger="spacy", models=models))
        found = [*tag(TEXT, "en"), *tag(TEXT, "en")]

    assert Name("Brest", "place") in found
    assert len(caplog.records) == 1
    assert caplog.records[0].message.startswith("names are found without the tagger 'spacy': [names] ")


def test_without_spacy_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setitem(sys.modules, "spacy", None)

    with pytest.raises(UsageError, match=r"needs spaCy: pip install \"presswatch\[names\]\""):
        plugins.load("taggers", "spacy", NamesConfig(models={"fr": str(tmp_path)}))


def test_a_model_that_is_not_there_is_told_by_config_check_and_stops_nothing(tmp_path: Path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "presswatch.toml").write_text(
        '[names]\ntagger = "spacy"\nmodels = { en = "/nowhere/model" }\n'
    )
    (tmp_path / "a.jsonl").write_text('{"id": "1", "title": "Jon Reed in Brest", "text": "The mayor of Brest ran."}\n')
    presswatch(tmp_path, "import", "a.jsonl")
    checked = presswatch(tmp_path, "config", "check").stdout
    listed = presswatch(tmp_path, "story", "list", "--json")

    assert "warning: names: " in checked
    assert answer(tmp_path, "config", "check", "--json")["remarks"]
    assert json.loads(listed.stdout)["stories"][0]["names"] == ["Brest"]
    assert listed.stderr.count("names are found without the tagger 'spacy'") == 1


def test_spacy_refuses_what_is_no_model(tmp_path: Path):
    pytest.importorskip("spacy", reason="spaCy is not installed: pip install -e '.[names]'")

    with pytest.raises(UsageError, match="no folder of a spaCy model"):
        plugins.load("taggers", "spacy", NamesConfig(models={"en": str(tmp_path)}))
    with pytest.raises(UsageError, match="needs models"):
        plugins.load("taggers", "spacy", NamesConfig())
