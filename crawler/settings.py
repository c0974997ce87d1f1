"""Scrapy's settings: almost everything that it would do by itself is switched off, because ours does it.

Its retries, redirects, robots.txt, duplicate filter, cookies, compression, telnet and remote control are replaced by
``crawler.net`` and by the frontier in the archive.
"""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess

from crawler.config import Config
from crawler.net.fetcher import user_agent
from crawler.net.guard import Guard, Resolver

if sys.platform != "win32":
    import resource

BOT_NAME = "presswatch"
SPIDER_MODULES: list[str] = []
SCHEDULER = "crawler.scheduler.FrontierScheduler"
ITEM_PIPELINES = {"crawler.pipelines.KeepPipeline": 100}
DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {}
DOWNLOADER_MIDDLEWARES = {"crawler.net.middleware.FetchMiddleware": 100}
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
EXTENSIONS_BASE: dict[str, int] = {}
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
DOWNLOAD_HANDLERS = {
    "http": "crawler.net.handler.Handler",
    "https": "crawler.net.handler.Handler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}

# Switched off a second time by name, should one of them ever come in by another way.
COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
RETRY_ENABLED = False
REDIRECT_ENABLED = False
METAREFRESH_ENABLED = False
REFERER_ENABLED = False
HTTPPROXY_ENABLED = False
COMPRESSION_ENABLED = False
ROBOTSTXT_OBEY = False

# The host gate counts; Scrapy's download slots must not wait a second time.
DOWNLOAD_DELAY = 0
DOWNLOAD_DELAY_JITTER = 0
CONCURRENT_REQUESTS = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 8
# A callback of ours gives one item at most; Scrapy would start a hundred tasks for each answer.
CONCURRENT_ITEMS = 1
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 1 << 30

DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_FAIL_ON_DATALOSS = True
DOWNLOAD_WARNSIZE = 0
TWISTED_DNS_RESOLVER = Resolver
REACTOR_THREADPOOL_MAXSIZE = 20
LOG_ENABLED = False
LOG_INSTALL_ROOT_HANDLER = False
STATS_DUMP = False
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"


def quiet_process(config: Config, settings: Mapping[str, Any] = MappingProxyType({})) -> AsyncCrawlerProcess:
    """Make Scrapy's process; its log tells of every request, so only its warnings are let through."""
    _allow_connections()
    log = logging.getLogger("scrapy")
    log.propagate = False
    process = AsyncCrawlerProcess(crawl_settings(config) | dict(settings))  # sets the level of that log, and greets
    log.setLevel(logging.WARNING)
    log.propagate = True
    return process


def _allow_connections() -> None:
    """Let this process open as many files as it may: systems begin with 256 or 1024, a connection is one of them."""
    if sys.platform != "win32":
        enough = 8192
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft < enough and soft != resource.RLIM_INFINITY:
            most = enough if hard == resource.RLIM_INFINITY else min(hard, enough)
            with contextlib.suppress(OSError, ValueError):  # macOS promises more than it gives
                resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def crawl_settings(config: Config) -> dict[str, Any]:
    """Give the settings of a crawl by a configuration."""
    crawl = config.press.crawl
    ours = {name: value for name, value in globals().items() if name.isupper()}
    return ours | {
        "USER_AGENT": user_agent(crawl.contact),
        "DOWNLOAD_TIMEOUT": crawl.timeout,
        "DOWNLOAD_MAXSIZE": crawl.max_size,
        "PRESSWATCH_GUARD": Guard.of(crawl.allow_private, crawl.connect_to, crawl.proxy),
    }
