"""Polls of channels: what is sent, what an answer means, when to ask again. Pure, but for ``polls``, which does it."""

from crawler.polling.answers import Answer, Contents
from crawler.polling.deciding import Decision, decide, headers, permanent_address, wants_body

__all__ = ["Answer", "Contents", "Decision", "decide", "headers", "permanent_address", "wants_body"]
