"""Importing this makes a process ready to read: whatever the first page, feed or language would load is loaded then.

The process from which workers are forked imports it, so that this is paid for once and not by every worker.
"""

import gc

import trafilatura  # noqa: F401

from crawler import reading
from crawler.records import Fetched, Source

_AT = "https://example.org/ready"
_PAGE = f"""<html lang="en"><head><title>Ready</title></head><body><article><h1>Ready</h1>
<p>By Ann Other, 12 May 2021</p>
{"<p>The council met in the old hall, and said that the harbour will be open again before the winter storms.</p>" * 4}
</article></body></html>"""
_FEED = f"<rss version='2.0'><channel><title>R</title><item><link>{_AT}</link></item></channel></rss>"

reading.read_page(Fetched(_AT, _AT, _PAGE.encode(), "text/html"), Source("ready", "Ready", _AT), {})
reading.read_channel("feed", _FEED.encode(), "application/rss+xml", f"{_AT}/feed")

# What every worker shares is not looked through again, and a page makes much, but hardly a circle to be found: of 500
# pages some 2,000 objects are left, for which looking after every 20,000 took a thirtieth of the time.
gc.freeze()
gc.set_threshold(100_000, 10, 10)
