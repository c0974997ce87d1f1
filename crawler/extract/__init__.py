"""One page in, one clean, dated and provable article out; or the reason why there is none.

What does it is imported when it is first asked for: whoever only names a function for the workers does not pay for it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawler.extract.article import EXTRACTOR_VERSION, extract, from_entry
    from crawler.extract.trim import block_hashes, repeated_by, with_repeats, without_repeats

_OF_TRIM = ("block_hashes", "repeated_by", "with_repeats", "without_repeats")
__all__ = [
    "EXTRACTOR_VERSION",
    "block_hashes",
    "extract",
    "from_entry",
    "repeated_by",
    "with_repeats",
    "without_repeats",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    home = import_module(f"{__name__}.{'trim' if name in _OF_TRIM else 'article'}")
    return getattr(home, name)
