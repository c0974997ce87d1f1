"""An archive on PostgreSQL, for those whom one machine is not enough."""

from crawler.archive.postgres.store import close_pools, open_store

__all__ = ["close_pools", "open_store"]
