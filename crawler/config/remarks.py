"""What stands in a configuration and is not done as written: no fault, but nothing to be silent about."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.config.read import Config

#: In seconds, as ``polling.pace`` has them: an interval is held between them, but for the longer one of a source.
_SHORTEST, _LONGEST = 600.0, 86_400.0


def remarks(config: Config) -> Iterator[str]:
    """Tell of intervals that no channel is asked at."""
    every = config.press.crawl.every
    if every > _LONGEST:
        yield "presswatch.toml: crawl.every: a channel whose rhythm is not known is asked once a day all the same"
    named = {"presswatch.toml: crawl.every": every}
    named |= {f"sources.toml: {key}.every": source.every for key, source in config.sources.items() if source.every}
    for name, interval in named.items():
        if interval < _SHORTEST:
            yield f"{name}: no channel is asked more often than once in 10 minutes, out of politeness"
