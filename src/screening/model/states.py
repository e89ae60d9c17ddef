"""What one answer says of the things whose changes are followed: single values, and sets of people.

``None`` for a value means that the answer does not carry it: that is never a change. Keys are what is compared, texts what
people read; two spellings of one thing have one key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from screening.model.facts import (
    Address,
    BeneficialOwners,
    CompanyRecord,
    Credit,
    EnforcementDebt,
    Industry,
    Officer,
    Officers,
    Owner,
    Shareholder,
    Shareholders,
    Signatory,
    TaxRegistration,
)
from screening.model.provenance import Fact
from screening.names import fold, normalise

BOARD_ROLES: frozenset[str] = frozenset({"LE", "OF", "VD", "EVD", "VVD", "KPL", "BOLM"})
"""Those who lead: board members, chair, managing director, partners. Not deputies, auditors, procurists, liquidators."""

MANAGER_ROLES: frozenset[str] = frozenset({"VD", "EVD", "VVD"})
"""Those of them who manage, and sit on the board only where another role says so."""

AUDITOR_ROLES: frozenset[str] = frozenset({"REV", "REVH", "LREV"})
"""Auditors: REV as Bolagsverket writes it; the principal auditor's and the lay auditor's codes are not verified."""

ROLES: Final[Mapping[str, str]] = {
    "LE": "ledamot", "OF": "ordförande", "VD": "vd", "EVD": "extern vd", "VVD": "vice vd", "SU": "suppleant",
    "REV": "revisor", "LIKV": "likvidator", "KPL": "komplementär", "BOLM": "bolagsman", "PROK": "prokurist",
    "EFT": "extern firmatecknare",
}  # fmt: skip
"""Bolagsverket's codes in words, for answers that give the code alone."""

TELLING = ("registered", "none_exists", "exempt")
"""States of a filing that say who owns. A late first filing, or one withdrawn, says nothing about a change."""


@dataclass(frozen=True, slots=True)
class State:
    """One value as an answer has it.

    ``since_on``: since when it has been so, and ``before``: what was before it, where the answer itself tells (``None``:
    it does not; empty: there was nothing).
    """

    what: str
    key: object
    text: str
    since_on: date | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One person or organisation in a group: its role or share, and since when by the source.

    ``name`` is empty for one with protected identity, who is shown as ``*``. ``born`` is the keyed hash of the day of
    birth, ``number`` an organisation's registration number, ``sort`` which of the two it is: empty where not told.
    """

    name: str
    role: str = ""
    since_on: date | None = None
    born: str = ""
    number: str = ""
    sort: str = ""

    @property
    def text(self) -> str:
        """Name and role as people read them."""
        return f"{self.name or PROTECTED} ({self.role})" if self.role else self.name or PROTECTED


PROTECTED = "*"
"""Stands for the name of one with protected identity."""

PROCEEDING = "proceeding "
"""Begins the ``what`` of a winding-up or restructuring; its code follows. One that an answer does not list is not there."""


# --- single values ----------------------------------------------------------------------------------------------------
def states(fact: Fact) -> tuple[State, ...]:
    """The values that the answer carries; empty for a kind that has none."""
    reader = _READERS.get(type(fact))
    return () if reader is None else tuple(reader(fact))


def _record(fact: CompanyRecord) -> Iterable[State]:
    if fact.state == "not_registered":
        return
    current = next((item for item in fact.names if item.kind == "name"), None)
    if current is not None:
        former = [item for item in fact.names if item.kind == "former"]
        last = max(former, key=lambda item: item.to_on or date.min, default=None)
        yield State("name", normalise(current.name), current.name, current.from_on, last.name if last else None)
    if fact.legal_form:
        yield State("legal_form", fact.legal_form, fact.legal_form)
    if fact.state == "deregistered":
        yield State("status", fact.state, fact.deregistration_reason or fact.state, fact.deregistered_on, "registered")
    else:
        yield State("status", fact.state, fact.state)
    for item in fact.proceedings:
        text, ended = item.text or item.code, item.ended_on is not None
        yield State(
            f"{PROCEEDING}{item.code}",
            ended,
            "" if ended else text,
            item.ended_on or item.from_on,
            text if ended else "",
        )


def _address(fact: Address) -> Iterable[State]:
    place = (fact.street, fact.postcode, fact.city)
    if any(place):
        yield State("address", address_key(fact), ", ".join(part for part in place if part))
    yield State("care_of", fold(fact.care_of or ""), fact.care_of or "")


def _industry(fact: Industry) -> Iterable[State]:
    if fact.codes:
        code, text = fact.codes[0]
        yield State("industry", tuple(code for code, _text in fact.codes), f"{code} {text}".strip())
    if fact.description:
        yield State("description", _words(fact.description), fact.description)


def _signatory(fact: Signatory) -> Iterable[State]:
    if fact.text:
        yield State("signatory", _words(fact.text), fact.text)


def _tax(fact: TaxRegistration) -> Iterable[State]:
    for what, state, from_on, to_on in (
        ("f_tax", fact.f_tax, fact.f_tax_from_on, fact.f_tax_to_on),
        ("vat", fact.vat, fact.vat_from_on, fact.vat_to_on),
        ("employer", fact.employer, fact.employer_from_on, fact.employer_to_on),
    ):
        if state is not None and state != "future":
            before = "active" if state == "ended" else None
            yield State(what, state, state, to_on if state == "ended" else from_on, before)


def _credit(fact: Credit) -> Iterable[State]:
    """By band where the bureau gives bands, else by score; a withdrawn rating has its reason instead."""
    what = "score" if fact.band is None and fact.no_rating_reason is None else "rating"
    key = fact.no_rating_reason or fact.band or fact.score
    if key is not None:
        before = _rating(fact.previous_band, fact.previous_score)
        text = fact.no_rating_reason or _rating(fact.band, fact.score)
        yield State(what, key, text, fact.rating_changed_on, before or None)


def _rating(band: str | None, score: int | None) -> str:
    return " ".join(str(part) for part in (band, score) if part is not None)


def _debts(fact: EnforcementDebt) -> Iterable[State]:
    for what, value in (("public_debt", fact.public_debt_sek), ("private_debt", fact.private_debt_sek)):
        if value is not None:
            yield State(what, value, _kronor(value), fact.last_case_on if value else None)


def _kronor(value: Decimal) -> str:
    return f"{value.normalize():,f} kr".replace(",", "\u00a0").replace(".", ",").replace(" ", "\u00a0")


_READERS: Final[Mapping[type[Fact], Callable[[Any], Iterable[State]]]] = {
    CompanyRecord: _record,
    Address: _address,
    Industry: _industry,
    Signatory: _signatory,
    TaxRegistration: _tax,
    Credit: _credit,
    EnforcementDebt: _debts,
}


# --- groups -----------------------------------------------------------------------------------------------------------
def board(fact: Officers) -> dict[str, Member]:
    """Person -> member since the first day in any leading role; one who only changes role stays one person."""
    return _in_roles(fact, BOARD_ROLES.__contains__)


def directors(fact: Officers) -> dict[str, Member]:
    """The board proper, or the partners: without managing directors who are not on it."""
    return _in_roles(fact, (BOARD_ROLES - MANAGER_ROLES).__contains__)


def auditors(fact: Officers) -> dict[str, Member]:
    """The auditors, persons and firms."""
    return _in_roles(fact, AUDITOR_ROLES.__contains__)


def others(fact: Officers) -> dict[str, Member]:
    """Deputies, procurists, special signatories, liquidators and whoever else the register names."""
    return _in_roles(fact, lambda role: role not in BOARD_ROLES | AUDITOR_ROLES)


def owners(fact: BeneficialOwners | Shareholders) -> dict[str, Member]:
    """Owner -> member with its share."""
    born = dict(fact.births)
    return {owner.person_key: _owner(owner, born) for owner in fact.owners}


def _owner(owner: Owner, born: Mapping[str, str]) -> Member:
    holder = owner if isinstance(owner, Shareholder) else None
    return Member(
        "" if owner.anonymous else owner.name,
        share_text(owner),
        owner.since_on,
        born.get(owner.person_key, ""),
        (holder.number or "") if holder else "",
        (holder.holder or "") if holder else "",
    )


def share_text(owner: Owner) -> str:
    """The share as people read it; empty where the register gives none."""
    if owner.share_from is None:
        return ""
    low = _percent(owner.share_from)
    high = low if owner.share_to is None else _percent(owner.share_to)
    return f"{low if low == high else f'{low}–{high}'}\u2009%"


def _percent(share: Decimal) -> str:
    return f"{share * 100:.0f}"


def role_text(officer: Officer) -> str:
    """The role in the register's words, else in ours; a code that has none stands as it is."""
    return officer.role or ROLES.get(officer.role_code, officer.role_code)


def _in_roles(fact: Officers, wanted: Callable[[str], bool]) -> dict[str, Member]:
    found: dict[str, list[Officer]] = {}
    for person in fact.people:
        if wanted(person.role_code):
            found.setdefault(person.person_key, []).append(person)
    born = dict(fact.births)
    return {key: _member(roles, born.get(key, "")) for key, roles in found.items()}


def _member(roles: list[Officer], born: str) -> Member:
    days = [role.from_on for role in roles if role.from_on is not None]
    titles = ", ".join(dict.fromkeys(role_text(role) for role in roles))
    return Member(roles[-1].name, titles, min(days) if days else None, born)


# --- one spelling -----------------------------------------------------------------------------------------------------
_WORD = re.compile(r"[a-z0-9]+")
_SHORT: Final = {"g": "gatan", "gat": "gatan", "v": "vagen"}


def address_key(fact: Address) -> str:
    """The place of a registered address, whatever the spelling."""
    return place_key(fact.street, fact.postcode, fact.city)


def place_key(street: str | None, postcode: str | None, city: str | None) -> str:
    """Street, postcode and city with ``|`` between them, whatever the spelling; each empty where it is not given."""
    street = " ".join(_SHORT.get(word, word) for word in _WORD.findall(fold(street or "")))
    for short, whole in (("g ", "gatan "), ("v ", "vagen ")):
        street = re.sub(rf"(?<=[a-z]{{4}}){short}(?=\d)", whole, street)
    digits = "".join(_WORD.findall(fold(postcode or "")))
    return "|".join((street, digits, _words(city or "")))


def _words(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))
