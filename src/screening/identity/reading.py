"""From what stood in a cell to an identity or a problem; nothing raises, and no wrong number is taken silently."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from screening.identity import cells, foreign
from screening.identity.masking import mask_cell
from screening.identity.number import PIVOT, Identity, Kind, luhn, person_kind, with_century
from screening.identity.words import Caution, Problem

# Bolagsverket's own test environment accepts these although their check digits are wrong.
TEST_ORGANISATIONS = frozenset({"5560000002", "7140000001", "9160000001"})
TEST_PERSON = "198210300002"

_TEN = re.compile(r"([0-9]{6})-?([0-9]{4})")
_DIGITS = re.compile(r"[0-9](?:[ .\-]{0,3}[0-9])*")
_PLUS = re.compile(r"([0-9](?:[ .\-]{0,3}[0-9])*) ?\+ ?([0-9]{4})")
_WHOLE = re.compile(r"([0-9]{6,12})[.,]0{1,2}")
_AMOUNT = re.compile(r"[0-9 ]+[.,][0-9]{1,2}")
_THOUSANDS = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+)(?:\.0{1,2})?")
_ONE = re.compile(r"(?<![0-9])(?:[0-9]{2})?[0-9]{6}[-+ ]?[0-9]{4}(?![0-9])")
_FILLERS = frozenset(str(n) * 10 for n in range(1, 10)) | {"1234567890", "1234567897", "0123456789", "9876543210"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says.

    Attributes:
        identity: the number, when it was accepted.
        problem: why it was not; exactly one of the two is set.
        warnings: remarks on an accepted number; each is its Swedish sentence, ``.text("en")`` the English.
        written: what stood in the cell, cut and masked: safe to print.
    """

    identity: Identity | None
    problem: Problem | None = None
    warnings: tuple[Caution, ...] = ()
    written: str = ""


def read(raw: object, *, country: str | None = None, today: date | None = None) -> Reading:
    """Read one cell.

    Args:
        raw: text, whole number, number with decimals, ``None``, NaN or anything else that a reader gives.
        country: what the row's country column says (code or name), if there is one.
        today: decides the century of ten-digit personal numbers and that no birth lies ahead; a fixed day without.
    """
    if isinstance(raw, str) and country is None and (plain := _TEN.fullmatch(raw)):  # nearly every cell: a short way
        found = _by_length(plain[1] + plain[2], today or PIVOT)
        return Reading(found.identity, found.problem, found.warnings, _echo(found, raw))
    cell = cells.cell(raw)
    if cell.problem is not None:
        return Reading(None, cell.problem, written=mask_cell(cell.text))
    found = _read(cell.text, foreign.country_code(country), today or PIVOT)
    return Reading(found.identity, found.problem, found.warnings, _echo(found, cell.text))


def _echo(found: Reading, text: str) -> str:
    """What stood there; a person's number is shown only as its masked form, an organisation's as it was written."""
    if found.identity is not None and found.identity.is_person:
        return found.identity.display
    if found.identity is not None and found.identity.kind is not Kind.FOREIGN:
        return text
    written = mask_cell(text)
    return re.sub("[0-9]", "*", written) if found.problem is Problem.FOREIGN_PERSON else written


def _no(problem: Problem) -> Reading:
    return Reading(None, problem)


def _read(text: str, column: str | None, latest: date) -> Reading:
    """Swedish or foreign, by the number's own country code first and the country column second."""
    code, rest = foreign.split_country(text)
    if code == "SE":
        return _vat(rest, latest)
    if code is not None:
        return _abroad(code, rest, latest, column)
    if column not in (None, "SE"):
        return _abroad(column, text, latest, column)
    return _swedish(text, latest)


def _abroad(code: str, rest: str, latest: date, column: str | None) -> Reading:
    """A number of another country, unless it only fits Sweden (a branch, or "No." taken for Norway)."""
    found = foreign.foreign(code, rest)
    if not found.usual and found.problem is not Problem.FOREIGN_PERSON:
        swedish = _swedish(rest, latest)
        if swedish.identity is not None:
            despite = () if column in (None, "SE") else (Caution.SWEDISH_DESPITE_COUNTRY,)
            return Reading(swedish.identity, None, (*swedish.warnings, *despite))
    cautions = found.cautions
    if found.identity is not None and column not in (None, "SE", code):
        cautions = (*cautions, Caution.OTHER_COUNTRY)
    return Reading(found.identity, found.problem, cautions if found.identity is not None else ())


def _vat(rest: str, latest: date) -> Reading:
    """What follows ``SE``: ten digits and 01, or the number alone."""
    found = _DIGITS.fullmatch(rest)
    digits = _only_digits(rest)
    if found is not None and len(digits) == 12 and digits[-2:] != "00":
        inner = _ten(digits[:10], latest)
        if inner.identity is not None:
            suffix = () if digits.endswith("01") else (Caution.VAT_SUFFIX,)
            return Reading(inner.identity, None, (*inner.warnings, *suffix))
        without = _swedish(rest, latest)
        return inner if without.identity is None and digits.endswith("01") else without
    return _swedish(rest, latest)


def _swedish(text: str, latest: date) -> Reading:
    """A Swedish number without country code."""
    if plus := _PLUS.fullmatch(text):
        return _by_length(_only_digits(plus[1]) + plus[2], latest, plus=True)
    if whole := _WHOLE.fullmatch(text) or _THOUSANDS.fullmatch(text):
        return _by_length(_only_digits(whole[1]), latest)
    found = _no(Problem.NOT_A_NUMBER)
    if _DIGITS.fullmatch(text) and not _AMOUNT.fullmatch(text):
        found = _by_length(_only_digits(text), latest)
        if found.identity is not None and "-" in text and not _hyphen_in_place(text):
            found = Reading(found.identity, None, (*found.warnings, Caution.DASH_PLACE))
    if found.identity is None and len(_ONE.findall(text)) > 1:
        return _no(Problem.SEVERAL)
    return found


def _hyphen_in_place(text: str) -> bool:
    """Before the last four digits, or as a date is written (``1985-01-01-1234``)."""
    compact = text.replace(" ", "").replace(".", "")
    return (
        re.fullmatch(r"[0-9]{6,8}-[0-9]{4}|16-?[0-9]{6}-[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2}-?[0-9]{4}", compact)
        is not None
    )


def _only_digits(text: str) -> str:
    return "".join(char for char in text if "0" <= char <= "9")


def _by_length(digits: str, latest: date, *, plus: bool = False) -> Reading:
    """Ten or twelve digits; anything else has lost or gained some."""
    if not digits.strip("0"):
        return _no(Problem.EMPTY)
    if len(digits) == 10:
        return _ten(digits, latest, plus=plus)
    if len(digits) == 12:
        return _twelve(digits, latest)
    if 7 <= len(digits) <= 9:  # no organisation number begins with a zero; those born 2000-2009 do
        padded = _ten(digits.zfill(10), latest).identity
        if padded is not None and padded.is_person:
            return _no(Problem.LOST_ZERO)
    return _no(Problem.LENGTH)


def _ten(ten: str, latest: date, *, plus: bool = False) -> Reading:
    """An organisation's number when the third digit is 2 or more, else a person's."""
    if ten in TEST_ORGANISATIONS:
        return Reading(Identity(Kind.ORGNR, "SE", ten), None, (Caution.TEST_NUMBER,))
    if ten == TEST_PERSON[2:]:
        return _person(TEST_PERSON, latest)
    if (problem := _never_a_number(ten)) is not None:
        return _no(problem)
    if ten[2] >= "2" and not plus:
        return Reading(Identity(Kind.GD if ten.startswith("302") else Kind.ORGNR, "SE", ten))
    twelve = with_century(ten, latest, plus=plus)
    return _no(Problem.IMPOSSIBLE_DATE) if twelve is None else _person(twelve, latest)


def _never_a_number(ten: str) -> Problem | None:
    """What is wrong with ten digits whatever they stand for."""
    if ten in _FILLERS:
        return Problem.FILLER
    if ten.endswith("000000"):
        return Problem.MANGLED
    return None if luhn(ten) else Problem.CHECK_DIGIT


def _twelve(digits: str, latest: date) -> Reading:
    """``16`` and an organisation's number, a personal number with its century, or a VAT number without ``SE``."""
    century, ten = digits[:2], digits[2:]
    organisation = ten[2] >= "2"
    if century == "16" and organisation:
        return _ten(ten, latest)
    if century in ("18", "19", "20") and not organisation and (luhn(ten) or digits == TEST_PERSON):
        person = _person(digits, latest)
        if person.identity is not None:
            return person
    if digits.endswith("01"):
        vat = _ten(digits[:10], latest)
        if vat.identity is not None:
            return Reading(vat.identity, None, (*vat.warnings, Caution.VAT_WITHOUT_SE))
    if century not in ("16", "18", "19", "20") or organisation is not (century == "16"):
        return _no(Problem.PREFIX)
    return _no(Problem.IMPOSSIBLE_DATE if luhn(ten) else Problem.CHECK_DIGIT)


def _person(twelve: str, latest: date) -> Reading:
    """A personal number whose check digit is right (or which is the allow-listed one)."""
    kind = person_kind(twelve, latest)
    if kind is None:
        return _no(Problem.IMPOSSIBLE_DATE)
    cautions = []
    if twelve == TEST_PERSON:
        cautions.append(Caution.TEST_NUMBER)
    if kind is Kind.SAMORDNINGSNUMMER and (twelve[4:6] == "00" or twelve[6:8] == "60"):
        cautions.append(Caution.UNKNOWN_BIRTHDAY)
    if latest.year - int(twelve[:4]) > 110:
        cautions.append(Caution.VERY_OLD)
    return Reading(Identity(kind, "SE", twelve), None, tuple(cautions))
