"""The rules of the network: whom we may ask, how often, what we take in.

``Fetcher.get`` is the only way out. Each of its requests passes the host gate, robots.txt and the address guard,
redirect hops and robots.txt itself included; the guard sits where connections are made, so nothing gets around it.
"""

from crawler.net.endings import list_ends_early, page_ends_early
from crawler.net.fetcher import Answer, Ask, Fetcher
from crawler.net.gate import Gate, HostBusy, Stop, Stopped
from crawler.net.guard import Guard

__all__ = [
    "Answer",
    "Ask",
    "Fetcher",
    "Gate",
    "Guard",
    "HostBusy",
    "Stop",
    "Stopped",
    "list_ends_early",
    "page_ends_early",
]
