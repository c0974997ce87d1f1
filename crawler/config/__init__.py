"""The configuration: four TOML files in one folder, checked as a whole.

``load`` reads them, ``crawler.config.edit`` changes them, ``crawler.config.begin`` writes the first ones.
"""

from crawler.config.models import (
    AlertsConfig,
    CrawlConfig,
    DigestConfig,
    KeepConfig,
    MailConfig,
    NamesConfig,
    OperatorConfig,
    PlanConfig,
    PresswatchConfig,
    RawConfig,
    SourceConfig,
    SummaryConfig,
    TranslationConfig,
    WatchConfig,
    WebConfig,
    target_variable,
)
from crawler.config.read import FILES, Config, Marks, definition_hash, file_marks, find_folder, load
from crawler.config.remarks import remarks
from crawler.config.remembered import Remembered
from crawler.config.units import read_duration, read_size, show_duration, show_size

__all__ = [
    "FILES",
    "AlertsConfig",
    "Config",
    "CrawlConfig",
    "DigestConfig",
    "KeepConfig",
    "MailConfig",
    "Marks",
    "NamesConfig",
    "OperatorConfig",
    "PlanConfig",
    "PresswatchConfig",
    "RawConfig",
    "Remembered",
    "SourceConfig",
    "SummaryConfig",
    "TranslationConfig",
    "WatchConfig",
    "WebConfig",
    "definition_hash",
    "file_marks",
    "find_folder",
    "load",
    "read_duration",
    "read_size",
    "remarks",
    "show_duration",
    "show_size",
    "target_variable",
]
