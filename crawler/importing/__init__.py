"""Taking in without the network: articles and pages from files, and kept raw pages read again."""

from crawler.importing.files import ImportReport, LeftToWorkers, import_files, import_jsonl, leave_to_workers
from crawler.importing.reextracting import ReextractReport, raw_page, reextract
from crawler.importing.wanted import Wanted, read_hosts, read_languages, read_query
from crawler.importing.warc import WarcReport, import_warc_file

__all__ = [
    "ImportReport",
    "LeftToWorkers",
    "ReextractReport",
    "Wanted",
    "WarcReport",
    "import_files",
    "import_jsonl",
    "import_warc_file",
    "leave_to_workers",
    "raw_page",
    "read_hosts",
    "read_languages",
    "read_query",
    "reextract",
]
