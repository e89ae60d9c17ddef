"""Persons in answers: keyed hashes instead of personal numbers, the same for one person whatever source names them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from screening.identity import read
from screening.model import BeneficialOwners, Fact, Officers

_DIGITS_OF_A_COMPANY = 10
_DIGITS_OF_A_DATE = 8
_NUMBER = re.compile(r"(?<![0-9A-Za-z])((?:18|19|20)?\d{6})([-+]?)(\d{4})(?![0-9A-Za-z])")
_KEYED = re.compile(r"K-[0-9A-Za-z]{12}")  # as ``Store.pseudonym`` makes them
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|(?<![\w.+-])\d{10}(?:\d{2})?(?![\w.])')


def person_number(text: str) -> str | None:
    """Twelve digits when ``text`` reads as the number of a person, also one with a wrong check digit; else ``None``.

    Wrong check digits are real in providers' test environments, and a number with a slip still names someone.
    """
    found = _NUMBER.fullmatch(text.strip())
    if found is None or not _date_of_a_person(found[1]):
        return None
    identity = read(text.strip()).identity
    if identity is not None:
        return identity.reveal() if identity.is_person else None
    return found[1] + found[3]


def person_key(pseudonym: Callable[[str], str], number: str | None, name: str, born: str | None = None) -> str:
    """The keyed hash that stands for a person or an organisation in a role.

    By number where there is one; by name and date of birth for those who have none (persons abroad). A keyed hash that
    already stands for the number is itself, so that an answer reads the same after ``redact``.
    """
    number = (number or "").strip()
    if _KEYED.fullmatch(number):
        return number
    if number:
        return pseudonym(person_number(number) or _company_number(number))
    return pseudonym(f"{' '.join(name.casefold().split())}|{(born or '').strip()}")


def births(
    pseudonym: Callable[[str], str], people: Iterable[tuple[str, str | None, str | None]]
) -> tuple[tuple[str, str], ...]:
    """(key, keyed hash of the day of birth) of those whose day is known, in order of key, none twice.

    The day is that of the number, else of the date: year within the century, month and day. A coordination number has the
    day that the personal number will have.

    Args:
        pseudonym: text -> keyed hash.
        people: (key, number, date of birth) as the answer gives them.
    """
    found = {key: day for key, number, born in people if (day := _born(number) or _born(born)) is not None}
    return tuple((key, pseudonym(f"born|{day}")) for key, day in sorted(found.items()))


def births_in(raw: bytes, pseudonym: Callable[[str], str]) -> dict[str, str]:
    """Key -> keyed hash of the day of birth of every person whose number stands in an answer: what ``redact`` takes away."""
    text = raw.decode("utf-8", errors="surrogateescape")
    numbers = {number for found in _NUMBER.finditer(text) if (number := person_number(found[0])) is not None}
    return dict(births(pseudonym, [(pseudonym(number), number, None) for number in numbers]))


def with_births(fact: Fact, known: Mapping[str, str]) -> Fact:
    """The fact with the days of birth (``births_in``) of its people, which were not to be read from what was kept."""
    if not known or not isinstance(fact, Officers | BeneficialOwners):
        return fact
    people = fact.people if isinstance(fact, Officers) else fact.owners
    of_these = {person.person_key: known[person.person_key] for person in people if person.person_key in known}
    return replace(fact, births=tuple(sorted((dict(fact.births) | of_these).items())))


def _born(text: str | None) -> str | None:
    """Six digits, from a personal number or a date with or without hyphens."""
    number = person_number(text or "")
    digits = number[:-4] if number else re.sub(r"\D", "", (text or "")[:10])
    if number is None and (len(digits) != _DIGITS_OF_A_DATE or not _date_of_a_person(digits)):
        return None
    day = int(digits[-2:])
    return f"{digits[-6:-2]}{day - 60 if day > 60 else day:02}"


def redact(raw: bytes, pseudonym: Callable[[str], str], also: Iterable[str] = ()) -> bytes:
    """The answer with every personal number replaced by its keyed hash; everything else byte for byte as it was.

    Args:
        raw: JSON or text in UTF-8.
        pseudonym: number -> keyed hash.
        also: numbers known to belong to a person, replaced also inside longer runs of digits (an OCR number).
    """
    text = raw.decode("utf-8", errors="surrogateescape")
    for number in also:
        text = re.sub(rf"(?:\d\d)?{re.escape(number[-10:])}\d*", lambda _, known=number: pseudonym(known), text)  # type: ignore[misc]
    if not any(_date_of_a_person(found[1]) for found in _NUMBER.finditer(text)):
        pass  # most answers name nobody
    elif text.lstrip()[:1] in {"{", "["}:
        text = _TOKEN.sub(lambda found: _redacted_token(found[0], pseudonym), text)
    else:
        text = redact_text(text, pseudonym)
    return text.encode("utf-8", errors="surrogateescape")


def redact_text(text: str, pseudonym: Callable[[str], str]) -> str:
    """Free text (firmateckning) with every personal number replaced by its keyed hash."""

    def replaced(found: re.Match[str]) -> str:
        number = person_number(found[0])
        return found[0] if number is None else pseudonym(number)

    return _NUMBER.sub(replaced, text)


def _redacted_token(token: str, pseudonym: Callable[[str], str]) -> str:
    """A JSON string, or a bare number; the latter only when the check digit says that it can be nothing else."""
    if token.startswith('"'):
        return redact_text(token, pseudonym)
    identity = read(token).identity
    return f'"{pseudonym(identity.reveal())}"' if identity is not None and identity.is_person else token


def _date_of_a_person(digits: str) -> bool:
    month, day = int(digits[-4:-2]), int(digits[-2:])
    return 1 <= month <= 12 and (1 <= day <= 31 or 61 <= day <= 91)


def _company_number(text: str) -> str:
    """Ten digits of a Swedish organisation; anything else as it stands."""
    digits = re.sub(r"\D", "", text)
    if len(digits) == _DIGITS_OF_A_COMPANY + 2 and digits.startswith("16"):
        return digits[2:]
    return digits if len(digits) == _DIGITS_OF_A_COMPANY else text
