"""What stood in a cell, as plain text: types, odd spaces and hyphens, spreadsheet wrappers, fillers."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from numbers import Integral, Real

from screening.identity.words import Problem

LONGEST = 200  # no cell with a number is longer; more is not looked at
LARGEST = 10**15  # whole numbers above this are not exact in a spreadsheet

_INVISIBLE = (0x00AD, 0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF)
_HYPHENS = (*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63, 0xFF0D)
_PLAIN = dict.fromkeys(_INVISIBLE, "") | dict.fromkeys(_HYPHENS, "-")

_EMPTY = re.compile(
    r"[-.?_ ]+|0(?:[.,]00?)?|n[/,.] ?n|nn|#?n[/.]?a\.?|nan|<na>|nat|none|null|nil|(?:uppgift |org\.?nr )?saknas|#saknas!|okän[dt]"
    r"|okand|unknown|missing|tom|ej angive[nt]|ej tillämpligt|finns (?:ej|inte)|ing(?:en|et)|x{1,3}|x{6}-?x{4}",
    re.IGNORECASE,
)
_LOST = re.compile(
    r"#{2,}|#(?:VALUE|VÄRDEFEL|REF|REFERENS|NAME|NAMN|NUM|OGILTIGT|DIV/0|DIVISION/0)[!?]?", re.IGNORECASE
)
_SCIENTIFIC = re.compile(r"([0-9])(?:[.,]([0-9]{1,15}))?E\+?0?([0-9]{1,2})", re.IGNORECASE)
_MASK = re.compile(
    r"\*|•|●|█|[0-9][ -]?x{2,}|x{4}|personuppgift|maskera|sekretess|skydda|gdpr|anonym|borttage|dold[at]?\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:org(?:anisations?)?[ .\-]*(?:nr|nummer|no|id)?|p(?:ers(?:on)?)?[ .\-]*(?:nr|nummer)"
    r"|(?:vat|moms)(?:reg(?:istrerings)?)?[ .\-]*(?:nr|no|nummer|id)?)[ .:#]*(?=[0-9]|[A-Z]{2,3}[ \-]?[0-9])",
    re.IGNORECASE,
)
_REGISTER_TAIL = re.compile(r"\$[A-Z]+(?:-[A-Z]+)*$")  # Bolagsverket's bulk file: 5599999017$ORGNR-IDORG


@dataclass(frozen=True, slots=True)
class Cell:
    """``text`` is the cleaned text without wrappers and labels; ``problem`` is set when it cannot be a number."""

    text: str
    problem: Problem | None = None


def cell(raw: object) -> Cell:
    """The cell as clean text; every type of value is taken and none raises."""
    if raw is None or type(raw).__name__ in ("NAType", "NaTType"):
        return Cell("", Problem.EMPTY)
    if isinstance(raw, bool):
        return Cell(str(raw), Problem.NOT_A_NUMBER)
    if isinstance(raw, Integral):
        return _whole(int(raw))
    if isinstance(raw, Decimal | Real):
        return _real(raw)
    if isinstance(raw, bytes | bytearray):
        raw = bytes(raw[:LONGEST]).decode("latin-1")
    if isinstance(raw, str):
        return _text(raw)
    return Cell(type(raw).__name__, Problem.NOT_A_NUMBER)


def clean(text: str) -> str:
    """Odd spaces as one space, invisible characters gone, every hyphen a plain one, spreadsheet wrappers removed."""
    text = text[:LONGEST].translate(_PLAIN).replace("_x000D_", " ").replace("_x000d_", " ")
    text = " ".join(text.split())
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    return text.strip("'\"´`’ ").strip()


def _whole(value: int) -> Cell:
    """A whole number; a spreadsheet has none below zero for a number, and none exact above ``LARGEST``."""
    if value == 0:
        return Cell("", Problem.EMPTY)
    if not 0 < value < LARGEST:
        return Cell("", Problem.NOT_A_NUMBER if value < 0 else Problem.LENGTH)
    return Cell(str(value))


def _real(value: Decimal | Real) -> Cell:
    """A number with decimals: whole in a numeric cell, else not a number. NaN is an empty cell."""
    try:
        number = float(value)
    except (ValueError, OverflowError):  # a signalling NaN; beyond any float
        return Cell("", Problem.NOT_A_NUMBER)
    if math.isnan(number):
        return Cell("", Problem.EMPTY)
    if not math.isfinite(number) or number != math.floor(number):
        return Cell("", Problem.NOT_A_NUMBER)
    return _whole(int(number))


def _text(raw: str) -> Cell:
    """A text cell."""
    text = clean(raw)
    if not text or _EMPTY.fullmatch(text):
        return Cell(text, Problem.EMPTY)
    if _LOST.fullmatch(text):
        return Cell(text, Problem.MANGLED)
    if not text.isascii() and any(char.isdigit() and not char.isascii() for char in text):
        return Cell(text, Problem.ODD_CHARACTERS)
    if _MASK.search(text):
        return Cell(text, Problem.MASKED)
    if scientific := _SCIENTIFIC.fullmatch(text.replace(" ", "")):
        return _unrounded(text, scientific)
    return Cell(_REGISTER_TAIL.sub("", _LABEL.sub("", text, count=1) if _LABEL.match(text) else text))


def _unrounded(text: str, parts: re.Match[str]) -> Cell:
    """``5.599999017E9`` still has every digit; ``5,56E+09`` has lost them."""
    lead, decimals, exponent = parts[1], parts[2] or "", int(parts[3])
    if len(decimals) == exponent and exponent >= 8:
        return Cell(lead + decimals)
    return Cell(text, Problem.MANGLED)
