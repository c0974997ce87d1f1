"""Reads the bylines of Korea, China and Japan, which have the word for reporter before or behind the name."""

from __future__ import annotations

import re

from crawler.agencies import agency, is_medium
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
#: Chinese papers put the house before the word for reporter and the names behind it, with or without a space.
_EMPLOYED = re.compile(
    "([\u4e00-\u9fff]{2,10}?)[ \u3000]?(?:特[约約派]|见习|見習)?(?:记者|記者)([ \u3000:：]*)"
    "([\u4e00-\u9fff]{2,4}(?:[ \u3000、，,]+[\u4e00-\u9fff]{2,4}){0,5})"
)
#: With these nearly all names of China begin; what follows "reporter" without a space may be a sentence.
_SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭程曹袁邓鄧许許傅沈曾彭吕呂"
    "苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎余潘杜戴夏钟鍾汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱秦江史顾顧侯邵孟龙龍万萬段"
    "雷钱錢汤湯尹黎易常武乔喬贺賀赖賴龚龔文庞龐樊兰蘭殷施陶洪翟安颜顏倪严嚴牛温溫芦季俞章鲁魯葛伍韦韋申尤毕畢聂聶"
)
_OF_JAPAN = (
    "佐藤|鈴木|高橋|田中|伊藤|渡辺|渡邊|山本|中村|小林|加藤|吉田|山田|佐々木|山口|松本|井上|木村|斎藤|斉藤|清水|山崎|"
    "池田|橋本|阿部|石川|山下|中島|石井|小川|前田|岡田|長谷川|藤田|後藤|近藤|村上|遠藤|青木|坂本|福田|太田|西村|藤井|"
    "金子|岡本|藤原|三浦|中野|中川|原田|松田|竹内|小野|田村|中山|和田|石田|森田|上田|内田|柴田|酒井|宮崎|横山|高木|安藤|"
    "宮本|大野|小島|工藤|谷口|今井|高田|増田|丸山|杉山|村田|大塚|小山|藤本|平野|新井|河野|上野|武田|野口|松井|千葉|菅原|"
    "岩崎|久保|木下|佐野|野村|松尾|市川|菊地|杉本|古川|大西|島田|水野|桜井|吉川|山内|飯田|西田|菊池|北村|服部"
)
_OF_KOREA = (
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지엄채원천방공현함변염여추"
)
#: Of these surnames parts of Japan are called, too: "千葉 市川".
_PLACES_OF_JAPAN = "千葉|石川|山口|宮崎"
_OF_JAPANESE = re.compile(f"(?:{_OF_JAPAN})[ \u3000]?(?![県市区町村駅港湾大新放銀])[\u4e00-\u9fff\u3040-\u30ff]{{1,3}}")
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
#: "김민지 기자, 이영희 기자"
_NEXT_REPORTER = re.compile(r"(?<=기자|파원)\s?[,·/]\s?(?=[가-힣]{2,4}\s?(?:기자|특파원))")
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


def employed(text: str) -> tuple[str, ...]:
    """Read for which house who reported: "新华社记者李明华、王芳"; the agency stands behind the names."""
    found = _EMPLOYED.fullmatch(text) if "记者" in text or "記者" in text else None
    if found is None:
        return ()
    house, names = found[1], re.findall("[\u4e00-\u9fff]+", found[3])
    if not (agency(house) or is_medium(house) or re.match("本[报報刊网網台站社]", house)):
        return ()
    if not found[2] and names[0][0] not in _SURNAMES:
        return ()  # "新华社记者走进北港"
    return (*names, house) if agency(house) else tuple(names)


def is_japanese_name(text: str) -> bool:
    """Tell whether a text is the name of a person of Japan for certain: a surname, a space and no second surname.

    Without the space companies, clubs and places begin so, too: 清水建設, 千葉ロッテ, 大西洋.
    """
    surname, _, given = text.replace("\u3000", " ").partition(" ")
    if not given or re.fullmatch(_PLACES_OF_JAPAN, surname) or re.fullmatch(_OF_JAPAN, given):
        return False
    return _OF_JAPANESE.fullmatch(text) is not None


def is_eastern_name(text: str, language: str, *, marked: bool = False) -> bool:
    """Tell whether a text has the form of a name of its language's country, by its surname: 王芳, 佐藤 美咲, 김민지.

    Where the page has ``marked`` it as a name, or its place has, none of Japan needs its space.
    """
    if language[:2] == "zh":
        return re.fullmatch("[\u4e00-\u9fff]{2,3}", text) is not None and text[0] in _SURNAMES and text[-1] != "完"
    if language[:2] == "ko":
        return re.fullmatch(f"[{_OF_KOREA}][가-힣]{{2}}", text) is not None
    return language[:2] == "ja" and (is_japanese_name(text) or (marked and _OF_JAPANESE.fullmatch(text) is not None))


def reporter(text: str, language: str) -> tuple[tuple[str, ...], Printed | None] | None:
    """Read names with the word for reporter beside them, and the date that may stand there, too."""
    if _REPORTER.search(text) is None or _DREW.match(text):
        return None
    dates = find_spans(text, language, short_years=True)[:1]
    start, end, found = dates[0] if dates else (len(text), len(text), None)
    left = f"{text[:start]} {text[end:]}".strip(f"{_TRIM}\u3000[]【】()（）〔〕")
    if names := employed(left):
        return names, found
    named = [_NAMED_REPORTER.fullmatch(part) for part in _NEXT_REPORTER.split(left)]
    names = tuple(next(filter(None, each.groups())) for each in named if each)
    return (names, found) if len(names) == len(named) else None
