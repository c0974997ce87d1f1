"""An invented page of four paragraphs, and its extraction."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from crawler.extract import extract
from crawler.records import Article, Entry, Fetched, Source

URL = "https://www.example.com/2020/story"
SOURCE = Source("example", "The Example", "https://www.example.com/", timezone="Europe/Berlin", language="en")
NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
PARAGRAPHS = (
    "The harbour council of Northport voted on the new breakwater after nine hours, and the plan passed by one voice.",
    "Fishermen who waited outside since dawn will go to court, because the entrance becomes narrow for their boats.",
    "The engineers answered that model tests had shown no danger, and that work begins after the herring season only.",
    "A second vote on the costs is due in spring, when the province has said how much of the stone it will pay for.",
)


def page(
    *,
    head: str = "",
    title: str = "Harbour council votes for breakwater",
    above: str = "",
    below: str = "",
    body: tuple[str, ...] = PARAGRAPHS,
    lang: str = "en",
) -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in body)
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body><article><h1>{title}</h1>{above}{text}{below}</article>"
        "<footer><p>Copyright 2001-2024 Example Media. Page last modified: 01-02-2023 "
        "10:11:12</p></footer></body></html>"
    ).encode()


def bare(title: str, text: str) -> bytes:
    return f"<html><head><title>{title}</title></head><body><p>{text}</p></body></html>".encode()


def made(
    body: bytes,
    *,
    url: str = URL,
    source: Source = SOURCE,
    entry: Entry | None = None,
    content_type: str = "text/html",
    **more,
) -> Article:
    return extract(Fetched(url, url, body, content_type, fetched_at=NOW, entry=entry), source, **more)


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'
