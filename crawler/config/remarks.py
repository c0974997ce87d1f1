"""What stands in a configuration and is not done as written: no fault, but nothing to be silent about."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.config.read import Config


def remarks(config: Config, archive: str) -> Iterator[str]:
    """Tell of intervals that no channel is asked at, and of workers where the archive's address has no jobs for any."""
    from crawler.archive.addresses import is_postgres
    from crawler.polling.pace import Settings

    pace, every = Settings(), config.press.crawl.every
    if every > pace.longest:
        yield "presswatch.toml: crawl.every: a channel whose rhythm is not known is asked once a day all the same"
    named = {"presswatch.toml: crawl.every": every}
    named |= {f"sources.toml: {key}.every": source.every for key, source in config.sources.items() if source.every}
    for name, interval in named.items():
        if interval < pace.shortest:
            yield f"{name}: no channel is asked more often than once in 10 minutes, out of politeness"
    if config.press.crawl.by_workers and not is_postgres(archive):
        remedy = "presswatch migrate copies it there"
        yield f"presswatch.toml: crawl.by_workers: workers need an archive on PostgreSQL; {remedy}"
