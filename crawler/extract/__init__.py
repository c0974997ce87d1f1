"""One page in, one clean, dated and provable article out; or the reason why there is none."""

from crawler.extract.article import EXTRACTOR_VERSION, extract, from_entry
from crawler.extract.trim import block_hashes

__all__ = ["EXTRACTOR_VERSION", "block_hashes", "extract", "from_entry"]
