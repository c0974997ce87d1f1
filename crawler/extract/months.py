"""Month and weekday names: CLDR's, and those that the press prints and CLDR lacks."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError

from crawler.extract.calendars import DARI_MONTHS, JALALI_MONTHS

#: The month names of the Arab press that are not in CLDR's "ar" are the Levant's and the Maghreb's; Slavic and Baltic
#: pages inflect what CLDR gives in one case.
_MORE = {
    "ar": {
        "كانون الثاني": 1, "شباط": 2, "آذار": 3, "نيسان": 4, "أيار": 5, "حزيران": 6, "تموز": 7, "آب": 8, "أيلول": 9,
        "تشرين الأول": 10, "تشرين الثاني": 11, "كانون الأول": 12, "جانفي": 1, "فيفري": 2, "أفريل": 4, "جوان": 6,
        "جويلية": 7, "أوت": 8,
    },
    "fa": {name: month + 100 for names in (JALALI_MONTHS, DARI_MONTHS) for month, name in enumerate(names, 1)},
    "en": {"sept": 9},
    "de": {"jänner": 1, "feber": 2, "mrz": 3},
    "nl": {"mrt": 3},
    "th": {
        "มค": 1, "กพ": 2, "มีค": 3, "เมย": 4, "พค": 5, "มิย": 6, "กค": 7, "สค": 8, "กย": 9, "ตค": 10, "พย": 11, "ธค": 12,
    },
    "sl": {
        "januarja": 1, "februarja": 2, "marca": 3, "aprila": 4, "maja": 5, "junija": 6, "julija": 7, "avgusta": 8,
        "septembra": 9, "oktobra": 10, "novembra": 11, "decembra": 12,
    },
    "sr": {
        "januara": 1, "februara": 2, "marta": 3, "aprila": 4, "maja": 5, "juna": 6, "jula": 7, "avgusta": 8,
        "septembra": 9, "oktobra": 10, "novembra": 11, "decembra": 12, "јануара": 1, "фебруара": 2, "марта": 3,
        "априла": 4, "маја": 5, "јуна": 6, "јула": 7, "августа": 8, "септембра": 9, "октобра": 10, "новембра": 11,
        "децембра": 12,
    },
    "bs": {
        "januara": 1, "februara": 2, "marta": 3, "aprila": 4, "maja": 5, "juna": 6, "jula": 7, "augusta": 8,
        "avgusta": 8, "septembra": 9, "oktobra": 10, "novembra": 11, "decembra": 12,
    },
    "lv": {
        "janvārī": 1, "februārī": 2, "martā": 3, "aprīlī": 4, "maijā": 5, "jūnijā": 6, "jūlijā": 7, "augustā": 8,
        "septembrī": 9, "oktobrī": 10, "novembrī": 11, "decembrī": 12,
    },
    "eu": {
        "urtarrilaren": 1, "otsailaren": 2, "martxoaren": 3, "apirilaren": 4, "maiatzaren": 5, "ekainaren": 6,
        "uztailaren": 7, "abuztuaren": 8, "irailaren": 9, "urriaren": 10, "azaroaren": 11, "abenduaren": 12,
    },
    "ms": {"januari": 1, "februari": 2, "ogos": 8, "oktober": 10, "disember": 12},
    "hy": {"հունվար": 1, "փետրվար": 2, "մարտ": 3, "ապրիլ": 4, "մայիս": 5, "հունիս": 6, "հուլիս": 7, "օգոստոս": 8},
}  # fmt: skip
#: Languages that are written in two scripts, whatever a page declares.
_SCRIPTS = {"sr": ("sr_Latn",), "bs": ("bs_Cyrl",), "uz": ("uz_Cyrl",), "az": ("az_Cyrl",), "sh": ("sr_Latn", "hr")}
#: Hebrew writes "in" on the month; Khmer may write "month" on it.
_PREFIXES = ("ב", "ខែ")


def month_of(name: str, language: str) -> int | None:
    """Give the month of a name in a language or in English; Jalali months are 101 to 112."""
    name = name.casefold().replace("\u200c", "")
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    for tongue in dict.fromkeys((language.split("-", maxsplit=1)[0] or "en", "en")):
        month = _months(tongue).get(name)
        if month:
            return month
    return None


@lru_cache(maxsize=64)
def weekdays(language: str) -> frozenset[str]:
    """List the words of a language's weekday names, from CLDR."""
    names: list[str] = []
    for locale in _locales(language.split("-", maxsplit=1)[0].lower() or "en"):
        for width in ("wide", "abbreviated"):
            names += [name.replace("\u200c", "") for name in locale.days["format"][width].values()]
    return frozenset(word.strip(".") for name in names for word in name.casefold().split())


@lru_cache(maxsize=64)
def _months(language: str) -> dict[str, int]:
    names = {name.casefold(): month for name, month in _MORE.get(language, {}).items()}
    for locale in _locales(language):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for month, printed in locale.months[context][width].items():
                    name = printed.casefold().strip(".")
                    if not any(map(str.isdigit, name)):
                        names.setdefault(name, month)
                        names.setdefault(name.split()[-1], month)
    return names


def _locales(language: str) -> list[Locale]:
    found = []
    for name in (language, *_SCRIPTS.get(language, ())):
        try:
            found.append(Locale.parse(name))
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    return found
