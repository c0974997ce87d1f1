"""Editions and reports told as outlines, in the words of the frame: the same content as in mails and on pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from digest.content import Carrier, EditionContent, Erratum, FramedWord, Item, Quote, Statement, Trouble, Voice
from digest.outline import (
    Block,
    Chart,
    Heading,
    Listing,
    Outline,
    Paragraph,
    Row,
    Span,
    Spans,
    Step,
    Table,
    joined,
    plain,
)
from digest.render import notes, section_notes, subject
from digest.report import UNKNOWN, Bar, Breakdown, ReportContent, Share, Sight, percent
from digest.texts import Words, capitalise

#: A list of outlets in one paragraph ends here.
_OUTLETS = 12
#: So many steps in a row of which nothing is known are told as one.
_FEW = 3


def told(content: EditionContent | ReportContent) -> Outline:
    """Tell either of them."""
    return edition(content) if isinstance(content, EditionContent) else report(content)


def edition(content: EditionContent) -> Outline:
    """Tell an edition."""
    head = content.masthead
    words = Words(head.language, head.zone)
    return Outline(words("brand"), head.title, subject(content), words.language, tuple(_edition(content, words)))


def report(content: ReportContent) -> Outline:
    """Tell a report."""
    head = content.masthead
    words = Words(head.language, head.zone)
    since, until = words.day(head.since), words.day(head.until)
    said = words("report.subject", title=head.title, since=since, until=until)
    return Outline(words("report.brand"), head.title, said, words.language, tuple(_report(content, words)))


def _edition(content: EditionContent, words: Words) -> Iterator[Block]:
    head, figures = content.masthead, content.figures
    covers = words("covers", since=words.moment(head.since), until=words.moment(head.until))
    told = (covers, words("data_until", time=words.time(head.data_until)), words.zone_name(head.until))
    window = _sentence(words("semicolon").join(told), words)
    yield _note(f"{words.long_date(head.date)}{words('stop')}{words('space')}{window}")
    if content.editor:
        yield _editorial("editor.lead", content.editor, words)
    yield Paragraph(plain(_said(content.lead, words)), "lead")
    figured = [("collected", figures.collected)]
    figured.append(("outlets", figures.outlets) if figures.matched is None else ("matched", figures.matched))
    figured += [("stories", figures.stories), ("new", figures.new)]
    yield _figures(((f"figure.{key}", value) for key, value in figured), words)
    if sum(bar.count is not None for bar in content.chart.bars) > 1:
        yield _days(content, words)
    if content.voice:
        yield _note(_voice(content.voice, words))
    shown = {item.story for item in content.items}
    if content.top:
        yield Heading(2, plain(words("top")))
        for item in content.top:
            yield from _item(item, content, words, shown)
    for section in content.sections:
        count = words("section.count", shown=len(section.items), total=section.total)
        yield Heading(2, (Span(section.watch), Span(f" ({count})")))
        for item in section.items:
            yield from _item(item, content, words, shown)
        if said := section_notes(section, words):
            yield _note(_sentence(words("comma").join(said), words))
    if left := notes(content, words):
        yield _note(_sentence(words("comma").join(left), words))
    if content.errata:
        yield Heading(2, plain(words("errata")))
        yield Listing(tuple(_erratum(one, words, content.masthead.until) for one in content.errata))
    yield from _edition_sight(content, words)
    yield from _foot(content, words)


def _figure(words: Words, key: str, value: int) -> Spans:
    return Span(words.number(value), strong=True), Span(f" {words(key, value)}")


def _figures(figured: Iterable[tuple[str, int]], words: Words) -> Paragraph:
    return Paragraph(joined((_figure(words, key, value) for key, value in figured), words("semicolon")))


def _editorial(key: str, text: str, words: Words) -> Paragraph:
    """Tell what an editor wrote, and that an editor wrote it."""
    return Paragraph((Span(f"{words(key)}{words('colon')}", strong=True), Span(text)), "quote")


def _voice(voice: Voice, words: Words) -> str:
    """Tell who speaks in the articles: by control, then by kind."""
    listed = [
        words("comma").join(f"{words(prefix + share.of)} {words.number(share.count)}" for share in shares)
        for prefix, shares in (("control.short.", voice.controls), ("kind.", voice.kinds))
    ]
    said = [f"{words('voice', voice.articles)} {words('semicolon').join(listed)}{words('stop')}"]
    said += [words("voice.copies", voice.copies)] if voice.copies else []
    return words("space").join(said)


def _days(content: EditionContent, words: Words) -> Chart:
    bars = content.chart.bars
    key = "chart.matched" if content.figures.matched is not None else "chart.collected"
    caption = words(key, since=words.short_date(bars[0].until), until=words.short_date(bars[-1].until))
    most = max((bar.count or 0 for bar in bars), default=0)
    steps = [_step(words.short_date(bar.until), bar.count, bar.healthy, most, words) for bar in bars]
    said = [_last_day(content, words)] if bars[-1].count is not None else []
    said += [words("chart.hollow")] if any(not bar.healthy for bar in bars) else []
    said += [words("chart.unknown")] if any(bar.count is None for bar in bars) else []
    header = (words("report.column.day"), words("report.column.articles"))
    return Chart(caption, tuple(said), tuple(steps), _numbers(caption, header, steps), words("report.numbers"))


def _last_day(content: EditionContent, words: Words) -> str:
    count, average = content.chart.bars[-1].count, content.chart.average
    return words("chart.last_only", count) if average is None else words("chart.last", count, average=average)


def _step(label: str, count: int | None, healthy: bool, most: int, words: Words) -> Step:
    if count is None:
        return Step(label, "", 0.0, words("report.unknown.bar"))
    note = "" if healthy else words("report.unseen.bar")
    return Step(label, words.number(count), count / most if most else 0.0, note)


def _numbers(caption: str, header: tuple[str, ...], steps: Sequence[Step], more: Sequence[str] = ()) -> Table:
    """Say the bars of a chart in numbers, with another column where there is one; what is not known in a row is one."""
    rows = []
    numbered = list(zip(steps, more or [""] * len(steps), strict=True))
    for is_known, run in groupby(numbered, key=lambda each: bool(each[0].value)):
        listed = list(run)
        if is_known or len(listed) < _FEW:
            rows += [_number(step.label, step, (other,) if more else ()) for step, other in listed]
        else:
            label = f"{listed[0][0].label} – {listed[-1][0].label}"
            rows.append(_number(label, listed[0][0], ("–",) if more else ()))
    return Table(caption, header, tuple(rows))


def _number(label: str, step: Step, more: tuple[str, ...]) -> Row:
    note = f" ({step.note})" if step.note else ""
    return Row(plain(label + note), (step.value or "–", *more), step.height if step.value else None)


def _item(item: Item, content: EditionContent, words: Words, shown: set[int]) -> Iterator[Block]:
    yield _headline(item)
    marks = [words(f"status.{item.status}").upper(), *([words("missed.mark").upper()] if item.missed else [])]
    marks += [words.isolate(label) for label in item.labels]
    about = [item.watch] if item.watch else []
    about += [words("also_matches", watch=watch) for watch in item.also_watches]
    about += [_since(item, words)] if item.since else []
    listed = joined(map(plain, about), words("comma"))
    yield Paragraph((Span(words("comma").join(marks), strong=True), Span(" "), *listed), "note")
    yield from _quoted(item, words)
    if item.note:
        yield _editorial("editor.note", item.note, words)
    first = words("first.itself") if item.first and item.first.article == item.carrier.article else ""
    yield _lines(
        joined([_outlet(item.carrier, content.masthead.until, words), plain(first) if first else ()], words("comma")),
        _voices(item, words),
        _first(item, content, words),
        _outlets(words("also"), item.others, words),
        _copies(item, words),
        *(_also_in(item, words, shown)),
        _missed(item, words),
        _matched(item, words),
        plain(f"{words('why')} {words('comma').join(map(words.say, item.reasons[:3]))}{words('stop')}"),
    )


def _headline(item: Item) -> Heading:
    carrier = item.carrier
    return Heading(3, (Span(carrier.headline, url=carrier.url, language=carrier.language),))


def _since(item: Item, words: Words) -> str:
    since = words.moment(item.since) if item.since else ""
    return words("new_articles", item.new_articles, since=since) if item.new_articles else words("since", since=since)


def _quoted(item: Item, words: Words) -> Iterator[Block]:
    """Give the sentences of a story, then what machines wrote of it, each with its mark."""
    for quote in item.quotes:
        yield Paragraph(_quote(quote), "quote")
    for key, texts, by in (
        ("machine.translation", (item.translation.headline, *item.translation.quotes), item.translation.by)
        if item.translation
        else ("", (), ""),
        ("machine.summary", (item.machine.text,), item.machine.by) if item.machine else ("", (), ""),
    ):
        if texts:
            mark = f"{words(key)} {words('machine.by', by=by)}{words('colon')}"
            yield Paragraph((Span(mark, strong=True), Span(" ".join(texts))), "quote")


def _quote(quote: Quote) -> Spans:
    parts = [Span(text, language=quote.language, marked=marked) for text, marked in quote.parts if text]
    return (*parts, Span(f" ({quote.name})")) if quote.name else tuple(parts)


def _outlet(carrier: Carrier, until: datetime, words: Words) -> Spans:
    told = [words(f"kind.{carrier.kind}")]
    if carrier.control in {"state", "public"}:
        told.append(words(f"control.{carrier.control}"))
    if carrier.form != "article":
        told.append(words(f"form.{carrier.form}"))
    if carrier.when:
        told.append(words.when(carrier.when, until))
    if carrier.dated_by_people:
        told.append(words("erratum.dated"))
    if language := words.language_name(carrier.language):
        told.append(words("in_language", language=language))
    if carrier.credits:
        told.append(words("credits", name=carrier.credits))
    return Span(carrier.name, strong=True), Span(words("comma").join(["", *told]))


def _voices(item: Item, words: Words) -> Spans:
    told = [words("voices", item.owners)]
    if item.outside:
        told.append(words(item.outside, item.outside_state))
    if item.control:
        told.append(words("control.only" if item.control == "state-controlled only" else "control.none_yet"))
    return plain(words("comma").join(told))


def _first(item: Item, content: EditionContent, words: Words) -> Spans:
    first = item.first
    if first is None or first.article == item.carrier.article:
        return ()
    when = words("comma") + words.when(first.when, content.masthead.until) if first.when else ""
    return Span(f"{words('first')} "), Span(first.name, url=first.url), Span(when)


def _outlets(what: str, carriers: Sequence[Carrier], words: Words) -> Spans:
    if not carriers:
        return ()
    names = [
        (Span(one.name, url=one.url), *(plain(f" ({words('control.short.state')})") if one.control == "state" else ()))
        for one in carriers[:_OUTLETS]
    ]
    more = plain(f" {words('more', n=len(carriers) - _OUTLETS)}") if len(carriers) > _OUTLETS else ()
    return (Span(f"{what} "), *joined(names, words("comma")), *more)


def _copies(item: Item, words: Words) -> Spans:
    if not item.copy_count:
        return ()
    if not item.copies:
        return plain(capitalise(words(f"{item.copies_key}_short", item.copy_count)))
    return _outlets(words(item.copies_key, item.copy_count), item.copies, words)


def _also_in(item: Item, words: Words, shown: set[int]) -> Iterator[Spans]:
    for other in item.also_in:
        key = "also_in.here" if other.story in shown else "also_in"
        said = words(key, language=words.any_language(other.language))
        yield Span(f"{said} "), Span(other.title, url=other.url, language=other.language)
    for one in item.framing:
        told = [f"{words('framing.state')} {_framed(one.state, words)}"] if one.state else []
        told += [f"{words('framing.others')} {_framed(one.others, words)}"] if one.others else []
        if told:
            language = words.language_name(one.language)
            said = capitalise(words("semicolon").join(told))
            yield plain(said + (f" ({words('framing.in', language=language)})" if language else ""))


def _framed(found: Iterable[FramedWord], words: Words) -> str:
    return words("comma").join(
        f"{words.isolate(one.word)} {words('framing.count', state=one.state, others=one.others)}" for one in found
    )


def _missed(item: Item, words: Words) -> Spans:
    if not item.did_not_carry:
        return ()
    told = [words("missed.usual", one.days_with, name=one.name, days=one.days) for one in item.did_not_carry]
    return plain(f"{words('missed')} {words('comma').join(told)}")


def _matched(item: Item, words: Words) -> Spans:
    if not item.matched:
        return ()
    return (
        Span(f"{words('matched')} "),
        *joined(((Span(word, strong=True),) for word in item.matched), words("comma")),
    )


def _erratum(one: Erratum, words: Words, until: datetime) -> Spans:
    shown = one.before if one.is_gone else one.after
    edition = words("erratum.edition", slot=words.slot(one.slot))
    by = [words("erratum.editors")] if one.by_editors else []
    time = [words.when(one.new_time, until)] if one.new_time else []
    said = words("comma").join([*time, *by, words.isolate(one.name), words.moment(one.at), edition])
    was = f"{words('semicolon')}{words(one.beside)} {words.isolate(one.before)}" if one.beside else ""
    status = Span(f"{words(f'erratum.{one.kind}')}{words('colon')}", strong=True)
    headline = Span(shown, url="" if one.is_gone else one.url, language=one.language)
    return status, headline, Span(f"{words('stop')}{words('space')}{said}{was}")


def _edition_sight(content: EditionContent, words: Words) -> Iterator[Block]:
    seen = content.coverage
    yield Heading(2, plain(words("coverage")))
    if not seen.sources:
        yield Paragraph(plain(words("coverage.none")))
    elif not seen.troubles:
        yield Paragraph(plain(words("coverage.well", sources=seen.sources)))
    else:
        yield Paragraph(plain(words("coverage.some", len(seen.troubles), sources=seen.sources)))
        yield Listing(tuple(_trouble(one, words) for one in seen.troubles))
    if seen.dropped:
        yield Paragraph(plain(_dropped(seen.dropped.items(), words)))
    told = [words(key, n) for key, n in (("quiet", seen.quiet), ("backfilled", seen.backfilled)) if n]
    for line in [*told, *(words.say(fault) for fault in content.machine)]:
        yield Paragraph(plain(line))


def _trouble(one: Trouble, words: Words) -> Spans:
    state = words("comma") + words(f"state.{one.state}")
    since = f" {words('since', since=words.moment(one.since))}" if one.since else ""
    note = words("colon") + words.isolate(one.note) if one.note and one.note != one.state else ""
    return Span(one.name, strong=True), Span(f"{state}{since}{note}")


def _dropped(reasons: Iterable[tuple[str, int]], words: Words) -> str:
    listed = list(reasons)
    told = words("comma").join(f"{words.reason(reason)} {words.number(number)}" for reason, number in listed)
    return f"{words('dropped', sum(number for _, number in listed))} {told}{words('stop')}"


def _foot(content: EditionContent, words: Words) -> Iterator[Block]:
    head = content.masthead
    told = [words("footer.why", title=head.title, schedule=words.say(head.schedule))]
    if head.watches:
        told.append(words("footer.watches", watches=words("comma").join(map(words.isolate, head.watches[:12]))))
    told.append(words("footer.times", zone=words.zone_name(head.until)))
    told += [words("footer.framing")] if content.counts_words else []
    told += [words("footer.missed")] if content.counts_absence else []
    told += [words("machine.note")] if content.by_machine else []
    told.append(words("footer.rights"))
    yield from (_note(line) for line in told)


def _report(content: ReportContent, words: Words) -> Iterator[Block]:
    head = content.masthead
    since, until = words.whole_moment(head.since), words.whole_moment(head.until)
    told = (words("covers", since=since, until=until), words.zone_name(head.until))
    until_then = words("report.data_until", time=words.whole_moment(head.data_until))
    yield _note(_sentence(words("semicolon").join((*told, until_then)), words))
    lead = [_said(content.lead, words), _peak(content, words)]
    yield Paragraph(plain(words("space").join(filter(None, lead))), "lead")
    figured = [("figure.collected", content.collected.articles)]
    if content.matched is not None:
        figured.append(("figure.matched", content.matched.articles))
    figured += [("figure.stories", content.stories), ("figure.outlets", content.outlets)]
    yield _figures(figured, words)
    yield Heading(2, plain(words("report.volume")))
    yield _volume(content, words)
    for breakdown in content.shares:
        if breakdown.rows:
            yield from _breakdown(breakdown, content, words)
    yield Heading(2, plain(words("report.top")))
    if not content.top:
        yield Paragraph(plain(words("report.top.none")))
    for item in content.top:
        yield from _story(item, content, words)
    yield from (_note(words.say(fault)) for fault in content.machine)
    yield Heading(2, plain(words("report.sight")))
    yield from _sight(content.sight, words)
    yield Heading(2, plain(words("report.method")))
    yield from (_note(words.say(statement)) for statement in content.method)
    if any(item.machine or item.translation for item in content.items):
        yield _note(words("machine.note"))
    yield _note(words("footer.rights"))


def _peak(content: ReportContent, words: Words) -> str:
    """Say when there was most, where that is told of one step alone."""
    counts = [bar.articles or 0 for bar in content.volume.bars]
    most = max(counts, default=0)
    if most < 2 or counts.count(most) > 1 or len(counts) < 3:
        return ""
    bar = content.volume.bars[counts.index(most)]
    return words(f"report.peak.{content.volume.step}", most, date=_label(bar, content, words))


def _label(bar: Bar, content: ReportContent, words: Words) -> str:
    """Name a step; a week by its Monday, also where the window begins within it."""
    volume = content.volume
    years = len({words.year(one.since) for one in volume.bars}) > 1
    if volume.step == "year":
        return words.year(bar.since)
    if volume.step == "month":
        return words.month(bar.since)
    day = words.monday(bar.since) if volume.step == "week" else bar.since
    return words.day(day) if years else words.short_date(day)


def _volume(content: ReportContent, words: Words) -> Chart:
    volume, bars = content.volume, content.volume.bars
    most = max((bar.articles or 0 for bar in bars), default=0)
    steps = [_step(_label(bar, content, words), bar.articles, bar.healthy, most, words) for bar in bars]
    said = [words("report.volume.cut")] if volume.step != "day" and len(bars) > 1 else []
    said += [words("report.volume.hollow")] if any(not bar.healthy and bar.articles is not None for bar in bars) else []
    said += [words("report.volume.unknown")] if any(bar.articles is None for bar in bars) else []
    names = (f"report.column.{volume.step}", "report.column.articles", "report.column.copies")
    copies = [words.number(bar.copies) if bar.articles is not None else "–" for bar in bars]
    caption = words(f"report.volume.{volume.step}")
    table = _numbers(caption, tuple(words(name) for name in names), steps, copies)
    return Chart(caption, tuple(said), tuple(steps), table, words("report.numbers"))


def _breakdown(breakdown: Breakdown, content: ReportContent, words: Words) -> Iterator[Block]:
    by, total = breakdown.by, content.counted.articles
    yield Heading(2, plain(words(f"report.by.{by}")))
    most = max((row.part for row in breakdown.rows), default=0.0)
    names = ("articles", "copies", "stories", "part")
    header = (words(f"report.column.{by}"), *(words(f"report.column.{name}") for name in names))
    rows = tuple(
        Row(
            plain(_name(by, row, words)),
            (*map(words.number, (row.articles, row.copies, row.stories)), words("report.part", percent(row.part))),
            row.part / most if most else 0.0,
        )
        for row in breakdown.rows
    )
    yield Table(words(f"report.by.{by}"), header, rows)
    if breakdown.hidden and total:
        hidden = words("report.hidden", breakdown.hidden, articles=breakdown.hidden_articles)
        yield _note(_sentence(hidden, words))
    if by == "watch" and content.overlap:
        yield _note(words("report.overlap", content.overlap))


def _name(by: str, row: Share, words: Words) -> str:
    if row.name or by in {"watch", "source"}:
        return row.name or row.key
    if row.key == UNKNOWN:
        return words("report.unknown")
    if by == "country":
        return words.country_name(row.key)
    return words.any_language(row.key) if by == "language" else words(f"{_FRAMED[by]}.{row.key}")


#: What the frame has words for.
_FRAMED = {"kind": "kind", "control": "control.short"}


def _story(item: Item, content: ReportContent, words: Words) -> Iterator[Block]:
    yield _headline(item)
    yield from _quoted(item, words)
    told = [_voices(item, words), plain(words("index.articles", len(item.articles)))]
    yield _lines(
        _outlet(item.carrier, content.masthead.until, words),
        joined([*told, plain(item.watch) if item.watch else ()], words("comma")),
        _outlets(words("also"), item.others, words),
        _copies(item, words),
        _matched(item, words),
    )


def _sight(sight: Sight, words: Words) -> Iterator[Block]:
    if sight.began is not None:
        yield Paragraph(plain(words("report.sight.began", date=words.whole_moment(sight.began))))
    if not sight.polls:
        yield Paragraph(plain(words("report.sight.none")))
        return
    if sight.failed:
        yield Paragraph(plain(words("report.sight.polls", sight.failed, polls=sight.polls)))
    elif not (sight.troubles or sight.silent or sight.unasked):
        yield Paragraph(plain(words("report.sight.well", sight.sources)))
    if sight.troubles:
        listed = []
        for one in sight.troubles:
            told = [words("report.sight.failed", failed=one.failed, polls=one.polls)] if one.failed else []
            told += [words("report.sight.gaps", one.gaps)] if one.gaps else []
            listed.append((Span(one.name, strong=True), Span(words("colon") + words("semicolon").join(told))))
        yield Listing(tuple(listed))
    for key, names in (("report.sight.silent", sight.silent), ("report.sight.unasked", sight.unasked)):
        if names:
            listed_names = joined(map(plain, names), words("comma"))
            yield Paragraph((Span(f"{words(key)} "), *listed_names, Span(words("stop"))))
    if sight.dropped:
        yield Paragraph(plain(_dropped(sight.dropped.items(), words)))


def _lines(*lines: Spans) -> Listing:
    return Listing(tuple(line for line in lines if line))


def _note(text: str) -> Paragraph:
    return Paragraph(plain(text), "note")


def _said(statements: Iterable[Statement], words: Words) -> str:
    return words("space").join(words.say(statement) for statement in statements)


def _sentence(text: str, words: Words) -> str:
    return capitalise(text) + words("stop")
