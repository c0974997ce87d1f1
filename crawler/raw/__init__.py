"""Raw pages as they came: the folder of WARC files, its gzip members, and the thread that writes them."""

from crawler.raw.folder import RawError, RawFolder, RawPage, RawSize, cut_day, expiry, raw_folder, raw_to_keep
from crawler.raw.thread import RawThread

__all__ = ["RawError", "RawFolder", "RawPage", "RawSize", "RawThread", "cut_day", "expiry", "raw_folder", "raw_to_keep"]
