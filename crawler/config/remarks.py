"""What stands in a configuration and is not done as written: no fault, but nothing to be silent about."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.config.read import Config


def remarks(config: Config) -> Iterator[str]:
    """Tell of intervals that no channel is asked at."""
    from crawler.polling.pace import Settings

    pace, every = Settings(), config.press.crawl.every
    if every > pace.longest:
        yield "presswatch.toml: crawl.every: a channel whose rhythm is not known is asked once a day all the same"
    named = {"presswatch.toml: crawl.every": every}
    named |= {f"sources.toml: {key}.every": source.every for key, source in config.sources.items() if source.every}
    for name, interval in named.items():
        if interval < pace.shortest:
            yield f"{name}: no channel is asked more often than once in 10 minutes, out of politeness"
