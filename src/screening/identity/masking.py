"""Hide personal numbers in text: in free text, and in what is echoed of a cell that was not accepted."""

from __future__ import annotations

import re

SHOWN = 40  # characters of a cell that are echoed

_SEPARATOR = r"[ .\-+/\u00a0\u2009\u202f\u2010-\u2015\u2212]"
_DATE_LIKE = r"(?:0[0-9]|1[0-2])" + _SEPARATOR + r"?(?:[0-2][0-9]|3[01]|[6-8][0-9]|9[01])"
_PERSON = re.compile(
    r"(?<![0-9])"
    rf"(?P<birth>(?:1[689]|20)?[0-9]{{2}}{_SEPARATOR}?{_DATE_LIKE})"
    rf"(?P<gap>{_SEPARATOR}{{0,3}})"
    r"[0-9] ?[0-9] ?[0-9] ?[0-9]"
    r"(?P<vat> ?01)?"
    r"(?![0-9])(?!-[0-9]{2}(?![0-9]))"  # the second date of "2026-01-01 - 2026-12-31" is no serial number
)
_MAYBE = re.compile(r'[0-9]{2}[^"0-9,:]?[0-9]{2}[^"0-9,:]?[0-9]{2}[^"0-9,:]{0,3}[0-9] ?[0-9] ?[0-9] ?[0-9]')
"""Found in all JSON that ``_PERSON`` would change, and in little else: most facts hold no ten digits that near together."""
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_BIRTH = re.compile(r"(?:(?:1[689]|20)[0-9]{2}|[0-9]{2})(?:0[0-9]|1[0-2])(?:[0-2][0-9]|3[01]|[6-8][0-9]|9[01])")


def mask_text(text: str) -> str:
    """The text with the last four digits of everything that looks like a personal number replaced by ``****``."""
    return _PERSON.sub(r"\g<birth>\g<gap>****\g<vat>", text)


def mask_json(text: str) -> str:
    """JSON with the personal numbers in its strings masked; what stands outside strings, amounts and ids as numbers, stays."""
    return _STRING.sub(lambda found: mask_text(found[0]), text) if _MAYBE.search(text) else text


def mask_cell(text: str) -> str:
    """What may be echoed of a cell that held a number: cut at 40 characters, and masked as soon as it may be a person's.

    Stricter than ``mask_text``: whatever separators or letters stand between, and also when the number is wrong, too
    short or too long.
    """
    digits = "".join(char for char in text if char.isdigit())
    keep = _shown_digits(digits)
    if keep < len(digits):
        text = _hide_after(text, keep)
    text = mask_text(text)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _shown_digits(digits: str) -> int:
    """How many of the first digits may be shown: all, unless they may be a personal number's."""
    count = len(digits)
    if not 7 <= count <= 14:
        return count
    if not digits.isascii():
        return 0
    if birth := _BIRTH.match(digits):
        return birth.end() if count >= 12 or birth.end() == count else 6  # 2001010000 may be of January 2020
    if count < 10 and _BIRTH.match(digits.zfill(10)):  # zeros lost from the start
        return count - 4
    month = digits[4] if digits.startswith(("18", "19", "20")) and count > 10 else digits[2]
    return 6 if 10 <= count <= 12 and month < "2" else count


def _hide_after(text: str, keep: int) -> str:
    """Replace every digit after the first ``keep`` by ``*``."""
    seen = 0
    out = []
    for char in text:
        seen += char.isdigit()
        out.append("*" if char.isdigit() and seen > keep else char)
    return "".join(out)
