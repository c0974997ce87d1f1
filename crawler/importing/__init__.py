"""Taking in without the network: articles and pages from files, and kept raw pages read again."""

from crawler.importing.files import ImportReport, import_files, import_jsonl
from crawler.importing.reextracting import ReextractReport, raw_page, reextract

__all__ = ["ImportReport", "ReextractReport", "import_files", "import_jsonl", "raw_page", "reextract"]
