"""Finding the ways into a site: ``choosing`` and ``frontpage`` decide, ``scout`` and ``trial`` ask."""

from crawler.discovery.choosing import (
    Discovery,
    Find,
    Look,
    What,
    children,
    choose,
    fault_of,
    is_home,
    look,
    robots_sitemaps,
    rotates,
    samples,
    usual_feeds,
)

__all__ = [
    "Discovery",
    "Find",
    "Look",
    "What",
    "children",
    "choose",
    "fault_of",
    "is_home",
    "look",
    "robots_sitemaps",
    "rotates",
    "samples",
    "usual_feeds",
]
