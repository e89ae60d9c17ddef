"""What a wrong number may have been meant to be: candidates with a right check digit, for a person to choose from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from screening.identity import cells
from screening.identity.number import PIVOT, Identity, Kind, luhn
from screening.identity.reading import read
from screening.identity.words import Problem

How = Literal["characters", "inside", "prefix", "zero", "swap", "digit", "twin", "missing", "extra"]
MOST = 24  # proposals per number

_GUESSED: frozenset[How] = frozenset({"swap", "digit", "twin", "missing", "extra"})
_HOPELESS = (
    Problem.EMPTY,
    Problem.MANGLED,
    Problem.MASKED,
    Problem.FILLER,
    Problem.FOREIGN_PERSON,
    Problem.FOREIGN_FORM,
)
_NOT_DIGITS = (Problem.ODD_CHARACTERS, Problem.NOT_A_NUMBER, Problem.SEVERAL)
_LETTERS = str.maketrans(
    {"O": "0", "o": "0", "Q": "0", "D": "0", "I": "1", "l": "1", "i": "1", "S": "5", "B": "8", "Z": "2"}
)
_RUN = re.compile(r"(?<![0-9])(?:[0-9]{2})?[0-9]{6}[-+ ]?[0-9]{4}(?![0-9])")
_CENTURIES = ("16", "18", "19", "20")
_FIRST_DIGITS = "12356789"  # of organisation numbers in use
_TWINS = {"22": "55", "33": "66", "44": "77", "55": "22", "66": "33", "77": "44"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One candidate.

    ``how`` it differs from what was written: ``characters`` (letters or odd signs for digits), ``inside`` (a number
    among other text), ``prefix`` (the first two of twelve), ``zero`` (lost zeros), ``swap`` (two digits changed
    places), ``digit`` (one digit wrong), ``twin`` (a doubled digit wrong twice), ``missing`` or ``extra`` (one digit).
    """

    identity: Identity
    how: How

    @property
    def may_ask(self) -> bool:
        """Whether a register may be asked: never about a person whose digits were made up, for that is a stranger."""
        return not (self.identity.is_person and self.how in _GUESSED)


def propose(raw: object) -> tuple[Proposal, ...]:
    """Candidates for a wrong number, the likeliest kind of mistake first, at most 24, none twice, always the same order.

    For an organisation number whose check digit is right (but whose name is unlike the register's) they are the
    mistakes that the check digit does not show: digits two places apart swapped, 09 for 90, a doubled digit wrong twice.
    """
    reading = read(raw)
    text = cells.cell(raw).text
    own = reading.identity
    if own is not None:
        candidates = _unseen_mistakes(own.compact) if own.kind is Kind.ORGNR else iter(())
    elif reading.problem in _HOPELESS:
        candidates = iter(())
    elif reading.problem in _NOT_DIGITS:
        candidates = _other_signs(text)
    else:
        candidates = chain(_other_signs(text), _seen_mistakes(text))
    found: dict[Identity, How] = {}
    persons = own is None and _may_be_person(text)
    for how, candidate in candidates:
        if how in _GUESSED and not luhn(candidate[-10:]):
            continue
        identity = read(candidate).identity
        if identity is not None and identity != own and _plausible(identity, how, persons=persons):
            found.setdefault(identity, how)
    return tuple(Proposal(identity, how) for identity, how in found.items())[:MOST]


def _other_signs(text: str) -> Iterator[tuple[How, str]]:
    """The same digits, in other signs or among other text."""
    plain = _ascii_digits(text)
    few_letters = sum(map(str.isalpha, plain)) <= 4
    lettered = plain.translate(_LETTERS) if few_letters else plain
    yield "characters", plain
    if few_letters:
        yield "characters", lettered
        yield "characters", _digits(lettered)
    for run in _RUN.findall(plain):
        yield "inside", run


def _seen_mistakes(text: str) -> Iterator[tuple[How, str]]:
    """Mistakes that the check digit or the length shows."""
    digits = _digits(text)
    if text[:2].upper() == "SE" and len(digits) == 12 and digits.endswith("01"):
        digits = digits[:10]
    if len(digits) in (12, 14):
        yield "prefix", digits[2:12]
    if 7 <= len(digits) <= 9:
        yield "zero", digits.zfill(10)
    if len(digits) in (9, 11):
        yield from (("zero", grown) for grown in _inserted(digits, "0"))
    yield from _moved_or_wrong(digits)
    if len(digits) in (9, 11):
        yield from (("missing", grown) for grown in _inserted(digits, "123456789"))
    if len(digits) in (11, 13):
        yield from (("extra", digits[:i] + digits[i + 1 :]) for i in range(len(digits)))


def _moved_or_wrong(digits: str) -> Iterator[tuple[How, str]]:
    """Two neighbours swapped, then one digit wrong; the century of twelve digits is left as it is."""
    start = 2 if len(digits) == 12 and digits.startswith(_CENTURIES) else 0
    if len(digits) - start != 10:
        return
    for i in range(start, len(digits) - 1):
        yield "swap", digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
    for i in range(start, len(digits)):
        yield from (("digit", digits[:i] + other + digits[i + 1 :]) for other in "0123456789")


def _unseen_mistakes(ten: str) -> Iterator[tuple[How, str]]:
    """Mistakes that leave the check digit right."""
    for i in range(len(ten) - 2):
        yield "swap", ten[:i] + ten[i + 2] + ten[i + 1] + ten[i] + ten[i + 3 :]
    for i in range(len(ten) - 1):
        pair = ten[i : i + 2]
        if pair in ("09", "90"):
            yield "swap", ten[:i] + pair[::-1] + ten[i + 2 :]
        if twin := _TWINS.get(pair):
            yield "twin", ten[:i] + twin + ten[i + 2 :]


def _inserted(digits: str, which: str) -> Iterator[str]:
    """One digit more, at every place; eleven digits become twelve with a century."""
    for i in range(len(digits) + 1):
        for digit in which:
            grown = digits[:i] + digit + digits[i:]
            if len(grown) == 10 or grown.startswith(_CENTURIES):
                yield grown


def _plausible(identity: Identity, how: How, *, persons: bool) -> bool:
    """Whether such a number is in use: an organisation's first digit, a guessed person of age, and of the class written."""
    if not identity.is_person:
        return identity.kind is Kind.FOREIGN or identity.compact[0] in _FIRST_DIGITS
    of_age = PIVOT.year - 100 <= int(identity.display[:4]) <= PIVOT.year - 15
    return how not in _GUESSED or (persons and of_age)


def _may_be_person(text: str) -> bool:
    """Whether what was written has the class of a personal number, or a length that does not tell."""
    digits = _digits(text)
    ten = digits[2:] if len(digits) == 12 else digits
    return len(ten) != 10 or ten[2] < "2"


def _ascii_digits(text: str) -> str:
    """Digits of other scripts as 0-9."""
    return "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in text)


def _digits(text: str) -> str:
    return "".join(char for char in text if "0" <= char <= "9")
