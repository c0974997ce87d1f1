"""Days of the calendars that the press prints beside ours: Jalali, Hijri, Japanese eras, and Chinese numerals."""

from __future__ import annotations

from datetime import date, timedelta

from hijridate import Hijri

#: The year before the first of each era.
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
JALALI_MONTHS = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip
#: Afghanistan's names of the same months.
DARI_MONTHS = ("حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبله", "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت")
HIJRI_MONTHS = {
    "محرم": 1, "المحرم": 1, "صفر": 2, "ربيع الأول": 3, "ربيع الاول": 3, "ربيع الآخر": 4, "ربيع الثاني": 4,
    "جمادى الأولى": 5, "جمادى الاولى": 5, "جمادى الأول": 5, "جمادى الآخرة": 6, "جمادى الثانية": 6, "رجب": 7, "شعبان": 8,
    "رمضان": 9, "شوال": 10, "ذو القعدة": 11, "ذي القعدة": 11, "ذو الحجة": 12, "ذي الحجة": 12,
}  # fmt: skip


def from_hijri(year: int, month: int, day: int) -> date | None:
    """Make a day of our calendar of one of the Umm al-Qura calendar."""
    try:
        return date(*Hijri(year, month, day).to_gregorian().datetuple())
    except (ValueError, OverflowError):
        return None


def from_jalali(year: int, month: int, day: int) -> date | None:
    """Make a day of our calendar of one of Iran's."""
    if not (1300 <= year <= 1450 and 1 <= month <= 12 and 1 <= day <= (31 if month <= 6 else 30)):
        return None
    # The 33-year rule, true from 1799 to 2256 (Borkowski): eight leap years in 33.
    leaps = (8 * year + 21) // 33 - (8 * 1300 + 21) // 33
    elapsed = (year - 1300) * 365 + leaps + (month - 1) * 30 + min(month - 1, 6) + day - 1
    return date(1921, 3, 21) + timedelta(days=elapsed)


def to_jalali(day: date) -> tuple[int, int, int]:
    """Give year, month and day of Iran's calendar."""
    year = day.year - 621
    new_year = from_jalali(year, 1, 1)
    if new_year is None or new_year > day:
        year -= 1
        new_year = from_jalali(year, 1, 1)
    if new_year is None:
        raise ValueError(f"{day} is beyond the years that are converted")
    passed = (day - new_year).days
    # Six months of 31 days, then months of 30.
    month = passed // 31 if passed < 186 else 6 + (passed - 186) // 30
    return year, month + 1, passed - month * 30 - min(month, 6) + 1


def han_number(text: str) -> int:
    """Read a Chinese numeral below two hundred."""
    if text.startswith(("一百", "百")):
        return 100 + han_number(text.partition("百")[2].lstrip("零〇"))
    tens, _, ones = text.rpartition("十")
    value = "一二三四五六七八九".find(ones) + 1 if ones else 0
    if "十" not in text:
        return value
    return ("一二三四五六七八九".find(tens) + 1 if tens else 1) * 10 + value
