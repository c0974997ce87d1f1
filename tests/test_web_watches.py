"""The pages of watches: what they show, what a change would find before it is saved, and what is never lost."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from crawler.archive import Kept
from crawler.records import Delivery, Edition
from digest.web import application
from digest.web.call import Visitor
from tests.archive_sample import DAY, HOUR, NOW, article
from tests.newsroom import Newsroom, filled, words

WATCHES = """# The desk's own list: ask Ines before you change it.

[harbours]
query = 'harbour'  # the port, too?
urgent = true

# Ships of any kind.
[ships]
query = 'ferry OR ship'
muted = true
"""


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    made = Newsroom(tmp_path, watches=WATCHES)
    with made.archive() as archive:
        for number, (title, age) in enumerate(
            [
                ("Ferry sinks", 20 * DAY),
                ("Port strike", 2 * DAY),
                ("Harbour and port", 25 * HOUR),
                ("Harbour opens", HOUR),
            ]
        ):
            at = NOW - age
            told = article(
                f"https://herald.test/{number}", title=title, text=f"{title}.", published_utc=at,
                published=at.isoformat(),
            )  # fmt: skip
            archive.articles.keep([Kept(told, mentions=archive.watches.match(told, None))], at)
    return made


def watches(room: Newsroom) -> dict[str, Any]:
    return tomllib.loads(room.file("watches").read_text(encoding="utf-8"))


def fields(page: str) -> dict[str, Any]:
    """Read what the form of a watch sends that nobody has touched."""
    return {name: values if name == "on" else values[0] for name, values in filled(page, "/watches/save").items()}


# What is shown


def test_watches_are_listed_with_what_each_found_lately(room: Newsroom) -> None:
    page = words(room.page("/watches"))

    assert "1 came in 24 hours; the last came 60 min ago published: 2 in 7 days, 2 in 30 days" in page
    assert "urgent" in page
    assert page.index("harbours") < page.index("ships") < page.index("muted")


def test_many_watches_are_turned_over(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, watches="".join(f"[w{number:02}]\nquery = 'word{number}'\n" for number in range(70)))

    first, second = room.page("/watches"), room.page("/watches?from=50")

    assert (50, 20) == (first.count('href="/watch?name='), second.count('href="/watch?name='))
    assert 'href="/watches?from=50"' in first
    assert '<a href="/watches" rel="prev">' in second
    assert "51 to 70 of 70" in words(second)


def test_the_page_of_a_watch_tells_what_it_matched_and_by_which_words(room: Newsroom) -> None:
    page = words(room.page("/watch?name=harbours"))

    assert "2 mentions, newest first" in page
    assert page.index("Harbour opens") < page.index("Harbour and port")
    assert "Matched: Harbour" in page
    assert "at once when it matches something new" in page


def test_the_last_alerts_are_told_and_to_whom_only_to_editors(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    edition = Edition(0, "alert:harbours", "urgent 7", 0, 1, NOW, "final", "harbours: <b>Harbour opens")
    parcel = Delivery(0, 0, "alert:harbours", "urgent 7", "ann@press.test", "email", "<1@press.test>", b"")
    with room.archive() as archive:
        archive.editions.commit(edition, [parcel], None, NOW)

    page = room.page("/watch?name=harbours")

    assert 'href="/digests/1" dir="auto">harbours: &lt;b&gt;Harbour opens</a>' in page
    assert "ann@press.test waiting" in page
    monkeypatch.setattr(application, "visitor_of", lambda *_: Visitor("ann", "reader", is_user=True))
    assert "ann@press.test" not in room.page("/watch?name=harbours")


def test_mentions_are_turned_over_page_by_page(room: Newsroom) -> None:
    with room.archive() as archive:
        for number in range(30):
            told = article(f"https://herald.test/n{number}", title=f"Harbour number {number:02}")
            archive.articles.keep([Kept(told, mentions=archive.watches.match(told, None))], NOW)

    first = room.page("/watch?name=harbours")
    (following,) = re.findall(r'<a class="more" href="([^"]+)"', first)
    second = room.page(unescape(following))

    seen = re.findall(r'<a href="/article/(\d+)">', first), re.findall(r'<a href="/article/(\d+)">', second)
    assert (20, 12) == (len(seen[0]), len(seen[1]))
    assert not set(seen[0]) & set(seen[1])


def test_versions_tell_what_each_changed(room: Newsroom) -> None:
    for text in ("harbour OR port", "harbour OR port OR quay"):
        form = fields(room.page("/watches/edit?name=harbours"))
        room.told("/watches/save", {**form, "query": text})

    page = room.page("/watch?name=harbours")

    assert "harbour OR port<ins> OR quay</ins>" in page
    assert "<b>3</b>, 23 Nov 2026, 12:00 UTC" in page


@pytest.mark.parametrize("name", ["a&b=c#d?e%.x", "<b>x|", "间谍"])
def test_a_watch_may_have_any_name(room: Newsroom, name: str) -> None:
    new = fields(room.page("/watches/new?q=harbour"))

    page = room.told("/watches/save", {**new, "name": name})
    listed = room.page("/watches")

    assert name in words(page) or "&lt;b&gt;" in page
    assert name in watches(room)
    assert "<b>x" not in listed
    hrefs = [unescape(href) for href in re.findall(r'href="(/watch(?:es/[^"]+\.xml|\?name=[^"]+))"', listed)]
    assert len(hrefs) == 6
    assert all(room.ask(href).status_code == 200 for href in hrefs)


def test_a_watch_that_is_not_there_is_told(room: Newsroom) -> None:
    assert room.ask("/watch?name=none").status_code == 404
    assert room.ask("/watches/edit?name=none").status_code == 404


def test_what_was_changed_by_hand_and_is_not_taken_over_yet_is_told(room: Newsroom) -> None:
    text = WATCHES.replace("'harbour'", "'port'").replace("ships", "boats")
    room.file("watches").write_text(text, encoding="utf-8")

    page = words(room.page("/watches"))

    assert "Its query was changed in watches.toml" in page
    assert "boats is new in watches.toml" in page
    assert "ships was taken out of watches.toml" in page


# Trying


def test_a_change_shows_what_would_be_matched_more_and_less(room: Newsroom) -> None:
    form = fields(room.page("/watches/edit?name=harbours"))

    page = words(room.send("/watches/try", {**form, "query": "port"}).text)

    assert "1 more, 1 less than now; both find 1." in page
    assert "Only as it stands here: 1 Port strike" in page
    assert "Only as it is saved: 1 Harbour opens" in page
    assert tomllib.loads(WATCHES) == watches(room)


def test_a_new_query_is_tried_before_there_is_a_watch(room: Newsroom) -> None:
    page = words(room.page("/watches/new?q=ferry&name=boats"))

    assert "1 article in 30 days" in page
    assert "Ferry sinks" in page
    assert "boats" not in watches(room)


def test_the_span_of_a_trial_is_chosen(room: Newsroom) -> None:
    form = fields(room.page("/watches/new?q=ferry"))

    assert "0 articles in 7 days" in words(room.send("/watches/try", {**form, "span": "7"}).text)


def test_a_faulty_query_shows_the_place_and_the_remedy_and_keeps_what_was_typed(room: Newsroom) -> None:
    form = fields(room.page("/watches/edit?name=harbours"))

    tried = room.send("/watches/try", {**form, "query": "port OR"})
    saved = room.send("/watches/save", {**form, "query": "port after:7d"})

    assert '<pre class="place"' in tried.text
    assert saved.status_code == 400
    assert "a watch cannot use a date that moves" in saved.text
    assert "port after:7d</textarea>" in saved.text
    assert tomllib.loads(WATCHES) == watches(room)


# Saving


def test_a_search_is_saved_as_a_watch_and_finds_what_is_kept(room: Newsroom) -> None:
    form = fields(room.page("/watches/new?q=port&name=ports"))

    page = room.told("/watches/save", {**form, "on": ["spike", "feed"], "weight": "2"})

    assert "ports is saved: 2 stored articles match." in page
    assert {"query": "port", "spike": True, "feed": True, "weight": 2.0} == watches(room)["ports"]
    assert room.file("watches").read_text(encoding="utf-8").startswith(WATCHES)


def test_a_change_keeps_comments_and_writes_only_what_was_decided(room: Newsroom) -> None:
    form = fields(room.page("/watches/edit?name=harbours"))

    room.told("/watches/save", {**form, "query": "harbour OR port"})

    assert WATCHES.replace("'harbour'", '"harbour OR port"') == room.file("watches").read_text(encoding="utf-8")


def test_a_query_of_several_lines_stays_as_it_is_written_while_its_rules_change(tmp_path: Path) -> None:
    written = '[ships]\nquery = """\nferry OR\n  ship"""  # by hand\n'
    room = Newsroom(tmp_path, watches=written)

    room.press({"on": ["feed"]}, room.page("/watches/edit?name=ships"), "/watches/save")

    assert written + "feed = true\n" == room.file("watches").read_text(encoding="utf-8")


def test_rules_are_turned_off_and_recipients_named(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, watches=WATCHES, press='[mail]\nhost = "127.0.0.1"\nfrom = "desk@press.test"\n')
    form = fields(room.page("/watches/edit?name=harbours"))

    room.told("/watches/save", {**form, "on": [], "recipients": "ann@press.test; bob@press.test"})

    found = watches(room)["harbours"]
    assert {"query": "harbour", "urgent": False, "recipients": ["ann@press.test", "bob@press.test"]} == found


TARGETS = """
[alerts]
chat = ["newsdesk"]

[chat.desk]
url_file = "/run/secrets/chat-of-the-desk"

[webhooks.wire]
url_file = "/run/secrets/hook-of-the-wire"
"""


def test_web_hook_chats_and_cool_down_are_chosen_by_the_names_that_the_configuration_has(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, watches=WATCHES, press=TARGETS)
    before = room.page("/watches/edit?name=harbours")

    told = room.press({"cool_down": "90m", "webhook": "wire", "chat": ["desk"]}, before, "/watches/save")

    assert "None of them: newsdesk, as [alerts] says." in words(before)
    assert "secrets" not in before + told
    assert '<option value="wire">' in before
    found = watches(room)["harbours"]
    assert ("90m", "wire", ["desk"]) == (found["cool_down"], found["webhook"], found["chat"])
    assert "webhook:wire, chat:desk, files" in words(told)
    assert "# The desk's own list: ask Ines" in room.file("watches").read_text(encoding="utf-8")
    again = room.page("/watches/edit?name=harbours")
    assert ("90m", "wire", ["desk"]) == tuple(
        values if name == "chat" else values[0]
        for name in ("cool_down", "webhook", "chat")
        for values in [filled(again, "/watches/save")[name]]
    )
    room.told("/watches/save", {**fields(again), "cool_down": "", "webhook": "", "chat": []})
    found = watches(room)["harbours"]
    assert ("1h", "", []) == (found["cool_down"], found["webhook"], found["chat"])


def test_a_watch_that_is_saved_as_it_is_writes_nothing_of_its_alerts(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, watches=WATCHES, press=TARGETS)
    room.told("/watches/save", fields(room.page("/watches/edit?name=harbours")))

    assert WATCHES == room.file("watches").read_text(encoding="utf-8")


def test_the_address_of_a_web_hook_is_shown_to_editors_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hook = "https://chat.test/hooks/T0P"
    room = Newsroom(tmp_path, watches=WATCHES.replace("urgent = true", f'urgent = true\nwebhook = "{hook}"'))

    assert hook in room.page("/watches/edit?name=harbours")
    assert "T0P" not in room.page("/watch?name=harbours")
    monkeypatch.setattr(application, "visitor_of", lambda *_: Visitor("ann", "reader", is_user=True))
    assert 403 == room.ask("/watches/edit?name=harbours").status_code
    assert "chat.test" not in room.page("/watch?name=harbours")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"cool_down": "soon"}, "cool_down: found"),
        ({"webhook": "ftp://files.test/x"}, "webhook: found"),
        ({"webhook": "nowhere"}, "Web hook: found 'nowhere', wanted wire; names are given by"),
        ({"webhook": "https://h.test/T0 K"}, "webhook: found 'https://h.test/T0 K', wanted an address without spaces"),
        ({"webhook": "https://h..test/"}, "wanted an address with a host that can exist"),
        (
            {"webhook": "http://127.0.0.1:22/"},
            "Web hook: 127.0.0.1 is loopback, and only public addresses are saved here",
        ),
        ({"webhook": "http://2130706433/"}, "is loopback"),
        ({"webhook": "http://１２７.1/"}, "is loopback"),
        ({"webhook": "http://[::ffff:10.0.0.1]/"}, "10.0.0.1 inside IPv6: private"),
        ({"webhook": "http://169.254.169.254/latest"}, "link-local, cloud metadata"),
        ({"webhook": "http://LocalHost./x"}, "Web hook: localhost is loopback"),
        ({"webhook": "http://redis:6379/x"}, "Web hook: redis is a name of a private network"),
        ({"webhook": "https://nas.fritz.home.arpa/x"}, "is a name of a private network"),
        ({"chat": "family"}, "Chat: found 'family', wanted desk, newsdesk; names are given by"),
    ],
)
def test_where_alerts_go_is_checked_as_in_the_file_and_what_was_typed_stays(
    tmp_path: Path, changed: dict[str, str], told: str
) -> None:
    room = Newsroom(tmp_path, watches=WATCHES, press=TARGETS)
    form = {**fields(room.page("/watches/edit?name=harbours")), **changed}
    answer = room.send("/watches/save", form)

    assert (400, WATCHES) == (answer.status_code, room.file("watches").read_text(encoding="utf-8"))
    assert told in words(answer.text)
    assert all(f'value="{value}"' in answer.text for name, value in changed.items() if name != "chat")


def test_a_web_hook_in_our_network_stays_where_the_operator_wrote_it(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, watches=WATCHES.replace("urgent = true", 'webhook = "http://10.0.0.5/hook"'))
    form = fields(room.page("/watches/edit?name=harbours"))

    room.told("/watches/save", {**form, "cool_down": "90m"})
    assert "http://10.0.0.5/hook" == watches(room)["harbours"]["webhook"]
    other = room.send(
        "/watches/save", {**fields(room.page("/watches/edit?name=harbours")), "webhook": "http://10.0.0.6"}
    )
    assert 400 == other.status_code


def test_a_web_hook_in_our_network_is_saved_where_the_operator_allows_it(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, watches=WATCHES, press='[crawl]\nallow_private = ["127.0.0.0/8"]\n')
    for hook in ("http://127.0.0.1:8080/x", "http://localhost:8080/x"):
        form = fields(room.page("/watches/edit?name=harbours"))

        room.told("/watches/save", {**form, "webhook": hook})
        assert hook == watches(room)["harbours"]["webhook"]
    form = fields(room.page("/watches/edit?name=harbours"))
    assert 400 == room.send("/watches/save", {**form, "webhook": "http://10.0.0.6/"}).status_code


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"weight": "heavy"}, "Weight: found 'heavy', wanted a number above 0"),
        ({"weight": "nan"}, "Weight: found 'nan'"),
        ({"name": ""}, "The watch has no name"),
        ({"name": "two words"}, "a name of at most 64 letters, without spaces"),
        ({"name": "harbours"}, "There is a watch “harbours” already"),
        ({"query": ""}, "The query is empty"),
        ({"recipients": "nobody"}, "nobody"),
    ],
)
def test_what_cannot_be_saved_is_told_beside_what_was_typed(room: Newsroom, changed: dict[str, str], told: str) -> None:
    form = fields(room.page("/watches/new?q=port&name=ports"))

    response = room.send("/watches/save", {**form, **changed})

    assert response.status_code == 400
    assert told in words(response.text)
    assert changed.get("query", "port") in response.text
    assert tomllib.loads(WATCHES) == watches(room)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"name": "two words"}, "name: found 'two words', wanted a name of at most 64 letters"),
        ({"weight": "heavy"}, "Weight: found 'heavy'"),
        ({"recipients": "nobody"}, "recipients: found"),
    ],
)
def test_a_query_is_not_blamed_for_what_stands_in_another_field(
    room: Newsroom, changed: dict[str, str], told: str
) -> None:
    form = fields(room.page("/watches/new?q=port&name=ports"))

    page = room.send("/watches/save", {**form, **changed}).text

    refusal, behind = page.split('<form class="edit"', 1)
    assert "Nothing was saved: " in words(refusal)
    assert f" {told}" in words(refusal)
    assert "watches.toml:" not in page
    assert "aria-invalid" not in behind
    assert "2 articles in 30 days" in words(behind)


# Nothing is lost


def test_a_form_from_before_another_change_is_not_applied_silently(room: Newsroom) -> None:
    form = fields(room.page("/watches/edit?name=harbours"))
    room.file("watches").write_text(WATCHES.replace("'harbour'", "'quay'"), encoding="utf-8")

    refused = room.send("/watches/save", {**form, "query": "port"})

    assert refused.status_code == 409
    assert "was changed meanwhile" in refused.text
    assert "Now it is quay" in words(refused.text)
    assert "quay" == watches(room)["harbours"]["query"]
    again = fields(refused.text)
    assert "port" == again["query"]
    room.told("/watches/save", again)
    assert "port" == watches(room)["harbours"]["query"]


def test_a_change_beside_it_does_not_disturb(room: Newsroom) -> None:
    form = fields(room.page("/watches/edit?name=harbours"))
    beside = WATCHES + "\n[spies]\nquery = 'spy'\n"
    room.file("watches").write_text(beside, encoding="utf-8")

    room.told("/watches/save", {**form, "query": "port"})

    assert {"harbours", "ships", "spies"} == set(watches(room))


def test_a_watch_that_was_removed_meanwhile_can_be_saved_anew(room: Newsroom) -> None:
    form = fields(room.page("/watches/edit?name=harbours"))
    room.file("watches").write_text("", encoding="utf-8")

    refused = room.send("/watches/save", {**form, "query": "port"})
    room.told("/watches/save", fields(refused.text))

    assert refused.status_code == 409
    assert "port" == watches(room)["harbours"]["query"]


def test_a_configuration_that_cannot_be_read_is_told_and_what_was_typed_stays(room: Newsroom) -> None:
    form = fields(room.page("/watches/edit?name=harbours"))
    room.file("watches").write_text("[harbours\n", encoding="utf-8")

    listed, response = room.page("/watches"), room.send("/watches/save", {**form, "query": "port"})

    assert "The configuration cannot be read just now" in listed
    assert "valid TOML" in listed
    assert "harbours" in listed
    assert response.status_code == 503
    assert "port</textarea>" in response.text
    assert "[harbours\n" == room.file("watches").read_text(encoding="utf-8")


def test_a_configuration_that_cannot_be_written_is_told(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    from crawler.config import edit

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    form = fields(room.page("/watches/edit?name=harbours"))
    monkeypatch.setattr(edit.tempfile, "mkstemp", refuse)

    response = room.send("/watches/save", {**form, "query": "port"})

    assert response.status_code == 400
    assert "wanted write access" in words(response.text)
    assert "port</textarea>" in response.text


# Muting and removing


def test_a_watch_is_muted_and_heard_again(room: Newsroom) -> None:
    page = room.page("/watch?name=harbours")
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page)

    assert "harbours is muted" in room.told("/watches/mute", {"name": "harbours", "muted": "yes", "seen": seen})
    assert watches(room)["harbours"]["muted"] is True
    # The form of before is not of this state any more.
    assert 400 == room.send("/watches/mute", {"name": "harbours", "muted": "yes", "seen": seen}).status_code


def test_a_removal_is_asked_on_a_page_that_says_what_is_lost(room: Newsroom) -> None:
    page = room.page("/watches/remove?name=harbours")
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page)

    assert "2 mentions are not shown any more" in words(page)
    assert "harbours is removed" in room.told("/watches/remove", {"name": "harbours", "seen": seen})
    assert ["ships"] == list(watches(room))
    assert "ask Ines" in room.file("watches").read_text(encoding="utf-8")
    assert room.ask("/watch?name=harbours").status_code == 404


def test_a_watch_that_is_used_cannot_be_removed(tmp_path: Path) -> None:
    used = WATCHES + "\n[both]\nquery = 'watch:harbours spy'\n"
    room = Newsroom(tmp_path, watches=used, plans='[morning]\nwatches = ["harbours"]\n')

    page = words(room.page("/watches/remove?name=harbours"))

    assert "It cannot be removed yet: the plan morning, the watch both use it." in page


def test_a_reader_sees_watches_and_changes_none(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    form = fields(room.page("/watches/edit?name=harbours"))
    monkeypatch.setattr(application, "visitor_of", lambda *_: Visitor("ann", "reader", is_user=True))

    page = room.page("/watch?name=harbours")

    assert "Change and try" not in page
    assert '<form method="post"' not in page
    assert "1 reader and files" not in page
    for path in ("/watches/save", "/watches/try", "/watches/mute", "/watches/remove"):
        assert room.send(path, form).status_code == 403
    assert room.ask("/watches/new").status_code == 403


def test_a_watch_of_yesterday_counts_as_of_its_publication(room: Newsroom) -> None:
    room.now = NOW + timedelta(days=25)

    assert "published: 0 in 7 days, 2 in 30 days" in words(room.page("/watches"))


def test_in_24_hours_means_what_came_then_on_every_page(room: Newsroom) -> None:
    with room.archive() as archive:
        late = article("https://herald.test/late", published="2026-11-03", published_precision="day")
        archive.articles.keep([Kept(late, mentions=archive.watches.match(late, None))], NOW)

    for path in ("/", "/watches", "/watch?name=harbours"):
        assert "2 came in 24 hours" in words(room.page(path))
