"""From the web to the archive."""

__version__ = "0.1.0"
