"""An archive on PostgreSQL, for those whom one machine is not enough."""

from crawler.archive.postgres.store import open_store

__all__ = ["open_store"]
