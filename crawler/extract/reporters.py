"""Reads the bylines of Korea, China and Japan, which have the word for reporter before or behind the name."""

from __future__ import annotations

import re

from crawler.extract.dates import Printed, find_spans

_REPORTER = re.compile("기자|특파원|논설위원|記者|记者|特派員|編集委員|論説委員")
#: Korea and Japan put the word for reporter behind the name, Korea a mail address behind that.
_NAMED_REPORTER = re.compile(
    r"(?:[(（\[]?[가-힣]{2,8}\s?=\s?(?:(?:연합뉴스|뉴시스|뉴스1)[)）\]]\s?)?)?([가-힣]{2,4})\s?(?:기자|특파원|논설위원)"
    r"(?:\s*=)?(?:\s*[\w.+-]+@[\w.-]+)?|"
    "([\u4e00-\u9fff\u3040-\u30ff]{2,5}(?:[ \u3000][\u4e00-\u9fff\u3040-\u30ff]{1,5})?)"
    "[ \u3000]?(?:[:：] ?)?(?:記者|特派員|編集委員)|"
    "(?:編集委員|論説委員|特派員|記者)[・:：= \u3000]([\u4e00-\u9fff\u3040-\u30ff]{2,5})|"
    # China and Taiwan put it before the name, the house before that, and the place behind.
    "[\u4e00-\u9fff]{2,8}(?:记者|記者)[ \u3000:：]+([\u4e00-\u9fff]{2,4})|"
    "(?:[\u4e00-\u9fff]{2,8}[ \u3000／/]+)?〔?(?:记者|記者)([\u4e00-\u9fff]{2,4})[／/]"
    "(?:[\u4e00-\u9fff]{2,4}?)?(?:综合|綜合|即時)?(?:报导|報導|报道|報道)〕?"
)
#: Agencies name who reported in the dateline: "(서울=연합뉴스) 홍길동 기자 =", "新华社北京3月4日电（记者刘欣、王伟）".
_DATELINE = re.compile(
    r"[(（\[][^()（）\[\]]{2,24}[)）\]]\s?([가-힣]{2,4}(?:[·,\s]\s?[가-힣]{2,4}){0,3})\s?(?:기자|특파원)\s?=|"
    "[\u4e00-\u9fff]{2,12}\\d{1,2}月\\d{1,2}日[\u4e00-\u9fff]{0,4}[电電]\\s?[（(](?:记者|記者)[ \u3000:：]?"
    "([\u4e00-\u9fff]{2,4}(?:[、，, \u3000]+[\u4e00-\u9fff]{2,4}){0,4})[）)]|"
    # A name of three characters and a place of two, as nearly all of them are there; others leave it open.
    "[（(]中央社(?:记者|記者)([\u4e00-\u9fff]{3})[\u4e00-\u9fff]{2}\\d{1,2}日"
)
#: Whose a picture or a figure is.
_DREW = re.compile(r"[(（\[【■▲]?\s?(?:사진|그래픽|영상|편집|삽화|일러스트|디자인)(?:\s?[=:/·]|\s제공)")
#: Behind who wrote a text, who took or drew its pictures or edited it: "文/王小明 图/李华", "记者 王小明 摄影 李华".
_BESIDE = re.compile(
    "(?<=[\u4e00-\u9fff]{2})[ \u3000]+(?:摄影|攝影|图片|圖片|图|圖|制图|製圖|视频|编辑|編輯|责编|責編|校对)"
    "(?:[ \u3000]?[/／:：][ \u3000]?|[ \u3000]+)"
    "[\u4e00-\u9fff]{2,4}(?:[ \u3000、][\u4e00-\u9fff]{2,4})*(?![\u4e00-\u9fff])"
)
_SPACED = re.compile("(?<![\u4e00-\u9fff])([\u4e00-\u9fff])[ \u3000]+([\u4e00-\u9fff])(?![\u4e00-\u9fff])")
_TRIM = " \t|•·,;-–—/"


def of_dateline(paragraph: str) -> tuple[str, ...]:
    """Read who reported a text from the dateline with which it begins."""
    found = _DATELINE.match(paragraph) if _REPORTER.search(paragraph, 0, 60) else None
    return tuple(re.findall(r"\w+", next(filter(None, found.groups())))) if found else ()


def joined(text: str) -> str:
    """Join the names of two characters that papers space to the width of three: "王 伟 李小明"."""
    return _SPACED.sub(r"\1\2", text)


def without_others(text: str) -> str:
    """Take off who took the pictures of a text or edited it."""
    return _BESIDE.sub("", text)


def reporter(text: str, language: str) -> tuple[str, Printed | None] | None:
    """Read a name with the word for reporter behind it, and the date that may stand beside it."""
    if _REPORTER.search(text) is None or _DREW.match(text):
        return None
    dates = find_spans(text, language, short_years=True)[:1]
    start, end, found = dates[0] if dates else (len(text), len(text), None)
    named = _NAMED_REPORTER.fullmatch(f"{text[:start]} {text[end:]}".strip(f"{_TRIM}\u3000[]【】()（）〔〕"))
    return (next(filter(None, named.groups())), found) if named else None
