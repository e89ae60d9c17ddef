"""One cell of an export as text, money, date, month, period, yes/no or count. Nothing is guessed: what cannot be read raises."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

DecimalSign = Literal["", ",", "."]

_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]+")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_WORD = re.compile(r"[\W_]+")
_CONTROL = re.compile(  # and what is not seen but turns or splits a name: soft hyphens, joiners, marks of direction
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200c-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069]"
)
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2010": "-", "\u2011": "-", "\ufe63": "-", "\uff0d": "-"})
_UNIT = re.compile(r"(?i)\s*(kr|sek|:-|tkr|mkr|mnkr)\.?$")
_FACTOR = {"tkr": 1_000, "mkr": 1_000_000, "mnkr": 1_000_000}
_GROUPED_SPACE = re.compile(r"\d{1,3}(?: \d{3})+(?![\d ])|\d+")

_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_MONTH_NAME = re.compile(
    r"(?i)(?<![a-zåäö])(jan(?:uari)?|feb(?:ruari)?|mars?|apr(?:il)?|maj|juni?|juli?|aug(?:usti)?|sept?(?:ember)?|"
    r"okt(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-zåäö])"
)
_OPEN_ENDED = frozenset(
    {"", "-", "--", "–", "tills vidare", "tv", "tillsvidare", "löpande", "n/a", "saknas", "0", "0.0"}
)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]\d{1,2}[:.]\d{2}.*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?: \d{1,2}[:.]\d{2}.*)?")
_DAY_NAMED = re.compile(r"(\d{1,2})\.?(?::?e)? ?([a-zåäö.]+) (\d{4})", re.IGNORECASE)
_YEAR_MONTH = re.compile(r"(\d{4})[-/. ]?[mM]?(\d{2})")
_TWO_DATES = re.compile(
    r"(\d{4}-\d{2}-\d{2}|\d{8})(?: \d{2}:\d{2}(?::\d{2})?)?\D{1,12}(\d{4}-\d{2}-\d{2}|\d{8})(?: .*)?"
)
_BETWEEN = re.compile(r"(?i)\s+(?:-|–|—|till|t\.?\s?o\.?\s?m\.?)\s+|\s*(?:–|—)\s*")
_QUARTER = re.compile(r"(?i)(?:(20\d{2})[ -]?(?:q|kv|kvartal)\.? ?([1-4])|(?:q|kv|kvartal)\.? ?([1-4])[ /-]*(20\d{2}))")
_YES = frozenset({"ja", "j", "yes", "y", "true", "sant", "x", "1", "krav", "1.0"})
_NO = frozenset({"nej", "n", "no", "false", "falskt", "0", "0.0", "ej", "nej.", "-"})
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000  # 1954 to 2119: what a date as a bare number can be
_FAR = 2_900  # years beyond this are a way to write "until further notice"


def clean(value: object) -> str:
    """The text of a cell: one line, single spaces, no control characters; ``""`` for an empty one; ``5.0`` is ``5``."""
    if value is None or value != value:  # noqa: PLR0124 - NaN is the only value unlike itself
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = value if isinstance(value, str) else str(value)
    if text.isascii() and text.isprintable() and "_x" not in text and "  " not in text:
        return text.strip()
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return _SPACES.sub(" ", _CONTROL.sub("", text)).strip()


def key(value: object) -> str:
    """Text for comparison of headers and listed words: lower case, without the signs people put around a word."""
    return clean(value).casefold().strip(" .:*#\"'")


def header_key(value: object) -> str:
    """A header for comparison: letters and digits alone, so that dots, dashes, spaces and line breaks do not matter."""
    return _NOT_WORD.sub("", clean(value).casefold())


# --- money --------------------------------------------------------------------------------------------------------------
def ore(value: object, decimal: DecimalSign = "") -> int | None:
    """An amount in öre, or ``None`` for an empty cell.

    Args:
        value: a number or a text (``1 234,50``, ``-1.234,50``, ``1234.5-``, ``(12)``, ``1 234,50 kr``, ``2,5 mnkr``).
        decimal: the decimal sign that the rest of the column shows; decides what ``1.234`` means. Without it, one dot
            or comma before exactly three digits is a thousands sign when it is a dot, a decimal sign when a comma.

    Raises:
        ValueError: not an amount.
    """
    if isinstance(value, bool | date | timedelta):
        message = "not an amount"
        raise ValueError(message)  # noqa: TRY004 - one error for whatever a cell holds
    if isinstance(value, int | float | Decimal):
        number = Decimal(str(value))
        if number.is_nan():
            return None
        return _ore(number)
    text = clean(value).translate(_MINUS).replace("'", "").replace("’", "")
    if not text:
        return None
    factor = 1
    if unit := _UNIT.search(text):
        factor = _FACTOR.get(unit[1].casefold(), 1)
        text = text[: unit.start()]
    negative = False
    if text.startswith("(") and text.endswith(")"):
        negative, text = True, text[1:-1].strip()
    if text.startswith(("-", "+")):
        negative, text = negative or text[0] == "-", text[1:].strip()
    elif text.endswith("-"):
        negative, text = True, text[:-1].strip()
    number = _plain(text, decimal) * factor
    return -_ore(number) if negative else _ore(number)


def _ore(number: Decimal) -> int:
    if not number.is_finite() or abs(number) >= Decimal(10) ** 14:
        message = "not an amount of money"
        raise ValueError(message)
    return int((number * 100).to_integral_value(ROUND_HALF_UP))


def _plain(text: str, decimal: DecimalSign) -> Decimal:
    """The number in a text of digits, spaces, dots and commas."""
    whole, sign, fraction = _split(text, decimal)
    if " " in whole and not _GROUPED_SPACE.fullmatch(whole):
        message = "digits are not in groups of three"
        raise ValueError(message)
    digits = whole.replace(" ", "")
    if not (digits or fraction) or not (digits + fraction).isascii() or not (digits + fraction).isdigit():
        message = "not digits"
        raise ValueError(message)
    return Decimal(f"{digits or '0'}.{fraction}" if sign else digits)


def _split(text: str, decimal: DecimalSign) -> tuple[str, str, str]:
    """Whole part without thousands signs, decimal sign, fraction."""
    last = max(text.rfind(","), text.rfind("."))
    if last < 0:
        return text, "", ""
    sign = text[last]
    other = "." if sign == "," else ","
    if text.count(sign) > 1 or (text.count(sign) == 1 and other not in text and _is_thousands(text, last, decimal)):
        return _ungrouped(text, sign), "", ""
    return _ungrouped(text[:last], other), sign, text[last + 1 :]


def _is_thousands(text: str, at: int, decimal: DecimalSign) -> bool:
    """Whether the only dot or comma is a thousands sign."""
    sign, before, after = text[at], text[:at], text[at + 1 :]
    shaped = len(after) == 3 and 1 <= len(before) <= 3 and not before.startswith("0")
    return shaped and (decimal != sign if sign == "." else decimal == ".")


def _ungrouped(text: str, sign: str) -> str:
    """``text`` without the thousands sign; ValueError when it does not stand between groups of three."""
    first, *groups = text.split(sign)
    if any(len(group) != 3 for group in groups) or (groups and not 1 <= len(first) <= 3):
        message = "digits are not in groups of three"
        raise ValueError(message)
    return first + "".join(groups)


def decimal_sign(texts: list[str]) -> DecimalSign:
    """The decimal sign that a column's own texts show: a sign before one or two last digits; ``""`` when none does."""
    commas = sum(1 for text in texts if re.search(r",\d{1,2}\)?-?$", text))
    dots = sum(1 for text in texts if re.search(r"\.\d{1,2}\)?-?$", text))
    if commas == dots == 0:
        return ""
    return "," if commas >= dots else "."


# --- time ---------------------------------------------------------------------------------------------------------------
def day(value: object, *, epoch_1904: bool = False) -> date | None:
    """A date, or ``None`` for an empty or open-ended cell (``tills vidare``, year 9999). A month is its last day.

    Raises:
        ValueError: not a date.
    """
    if isinstance(value, datetime):
        return _bounded(value.date())
    if isinstance(value, date):
        return _bounded(value)
    if isinstance(value, bool | timedelta):
        message = "not a date"
        raise ValueError(message)  # noqa: TRY004 - one error for whatever a cell holds
    text = clean(value)
    if isinstance(value, float) and 0 < value < 1:
        message = "a time of day"
        raise ValueError(message)
    if text.casefold() in _OPEN_ENDED:
        return None
    return _bounded(_day(text, epoch_1904=epoch_1904))


def _bounded(found: date) -> date | None:
    return None if found.year >= _FAR or found.year <= 1900 else found


def _day(text: str, *, epoch_1904: bool) -> date:
    head = text.split(".", maxsplit=1)[0] if re.fullmatch(r"\d{5}\.\d+", text) else text
    if head.isascii() and head.isdigit():
        return _day_of_digits(head, epoch_1904=epoch_1904)
    if match := _ISO.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(text):
        first, second = int(match[1]), int(match[2])
        if second > 12:  # month first, as American software writes it
            first, second = second, first
        return date(int(match[3]), second, first)
    if (match := _DAY_NAMED.fullmatch(text)) and (number := _month_number(match[2])):
        return date(int(match[3]), number, int(match[1]))
    return month_end(*month(text))


def _day_of_digits(digits: str, *, epoch_1904: bool) -> date:
    """``YYYYMMDD``, ``YYYYMM``, or an Excel serial."""
    if len(digits) == 8:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if len(digits) == 6:
        return month_end(*month(digits))
    if len(digits) == 5 and _FIRST_SERIAL <= int(digits) <= _LAST_SERIAL:
        start = date(1904, 1, 1) if epoch_1904 else date(1899, 12, 30)
        return start + timedelta(days=int(digits))
    message = "not a date"
    raise ValueError(message)


def month(value: object) -> tuple[int, int]:
    """Year and month of ``202605``, ``2026-05``, ``2026M05``, ``maj 2026`` or a date.

    Raises:
        ValueError: not a month.
    """
    if isinstance(value, date):
        return value.year, value.month
    text = clean(value)
    if match := _YEAR_MONTH.fullmatch(text):
        year, number = int(match[1]), int(match[2])
        if 1990 <= year <= 2100 and 1 <= number <= 12:
            return year, number
    years = re.findall(r"(?<!\d)((?:19|20)\d{2})(?!\d)", text)
    if len(years) == 1 and (name := _MONTH_NAME.search(text)):
        return int(years[0]), _month_number(name[1])
    if match := _ISO.fullmatch(text):
        found = date(int(match[1]), int(match[2]), int(match[3]))
        return found.year, found.month
    message = "not a month"
    raise ValueError(message)


def _month_number(name: str) -> int:
    """1-12 for a Swedish month by its first three letters, else 0."""
    start = name.casefold()[:3]
    return _MONTHS.index(start) + 1 if start in _MONTHS else 0


def month_end(year: int, number: int) -> date:
    """The last day of a month."""
    return date(year, number, monthrange(year, number)[1])


def is_month(value: object) -> bool:
    """Whether a cell in a date column says only year and month."""
    if isinstance(value, date):
        return False
    text = clean(value)
    return bool(_YEAR_MONTH.fullmatch(text)) or (bool(_MONTH_NAME.search(text)) and not _DAY_NAMED.fullmatch(text))


def month_in(name: str) -> tuple[int, int | None] | None:
    """Year and month, or year alone, that a file name says; ``None`` when it says neither."""
    for pattern in (
        r"(?<!\d)(20\d{2})[-_. ]?(0[1-9]|1[0-2])(?!\d)",
        r"(?<!\d)(20\d{2})[-_. ]?(0[1-9]|1[0-2])[-_. ]?\d{2}(?!\d)",
    ):
        if match := re.search(pattern, name):
            return int(match[1]), int(match[2])
    if match := re.search(r"(?<!\d)(0[1-9]|1[0-2])[-_. ](20\d{2})(?!\d)", name):
        return int(match[2]), int(match[1])
    if year := re.search(r"(?<!\d)(20\d{2})(?!\d)", name):
        named = _MONTH_NAME.search(name.replace("_", " "))
        return int(year[1]), _month_number(named[1]) if named else None
    return None


def period(value: object, *, epoch_1904: bool = False) -> tuple[date | None, date | None]:
    """First and last day of ``from - to`` in one cell.

    Raises:
        ValueError: neither two dates nor one.
    """
    text = clean(value)
    if not text:
        return None, None
    if match := _TWO_DATES.fullmatch(text):
        return day(match[1]), day(match[2])
    parts = [part.strip() for part in _BETWEEN.split(text, maxsplit=1)]
    if len(parts) == 2:
        return day(parts[0], epoch_1904=epoch_1904), day(parts[1], epoch_1904=epoch_1904)
    return day(value, epoch_1904=epoch_1904), None


def quarter(value: object) -> str:
    """``2026Q3`` from ``2026Q3``, ``Q3 2026`` or ``kvartal 3 2026``.

    Raises:
        ValueError: not a quarter.
    """
    match = _QUARTER.fullmatch(clean(value))
    if match is None:
        message = "not a quarter"
        raise ValueError(message)
    return f"{match[1] or match[4]}Q{match[2] or match[3]}"


def quarter_end(name: str) -> date:
    """The last day of ``2026Q3``."""
    return month_end(int(name[:4]), int(name[5]) * 3)


# --- words and counts ---------------------------------------------------------------------------------------------------
def yes_no(value: object) -> bool | None:
    """Yes or no, ``None`` for an empty cell.

    Raises:
        ValueError: neither.
    """
    word = key(value)
    if not word:
        return None
    if word in _YES:
        return True
    if word in _NO:
        return False
    message = "neither yes nor no"
    raise ValueError(message)


def count(value: object) -> int | None:
    """A count, ``None`` for an empty cell.

    Raises:
        ValueError: anything but up to six digits.
    """
    text = clean(value)
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        message = "not a count"
        raise ValueError(message)
    return int(text)
