"""The world file: fictitious companies and persons with a timeline, from which the stub answers for any day.

A world is TOML or JSON. Each company has its state from the start, and events: ``on`` a day, ``set`` what is different
from that day on (tables are merged key by key, lists and values replaced). ``docs/world-file.md`` is made from here.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError, model_validator

from screening.config import Strict
from screening.errors import ConfigError


class Prohibition(Strict):
    """A trading prohibition (näringsförbud) of a person, perhaps with an exemption. The stub has no reason to tell."""

    from_on: date
    to_on: date | None = None
    exempt_from_on: date | None = None
    exempt_to_on: date | None = None


class Elsewhere(Strict):
    """A person's role in a company outside this world; ``ended_on``: it is gone since, after a bankruptcy or not."""

    number: str
    role: str = "LE"
    ended_on: date | None = None
    bankrupt: bool = False


class Person(Strict):
    """A fictitious person. ``number``: one of Skatteverket's published test personal numbers, 12 digits."""

    id: str
    number: str
    first_name: str
    last_name: str
    prohibition: Prohibition | None = None
    elsewhere: tuple[Elsewhere, ...] = ()


class Name(Strict):
    """A registered name beside the first: ``special`` (bifirma), ``foreign`` or ``former``."""

    name: str
    kind: Literal["name", "special", "foreign", "former"] = "special"
    from_on: date | None = None
    to_on: date | None = None


class Proceeding(Strict):
    """KK konkurs, LI likvidation, FR rekonstruktion, AC ackord, FUOL/FUOT fusion … (Bolagsverket's codes)."""

    code: str
    from_on: date
    ended_on: date | None = None


class Role(Strict):
    """A person (``Person.id``) in a role: LE, OF, VD, SU, REV, LIKV, KPL, BOLM, PROK and so on."""

    person: str
    role: str = "LE"
    from_on: date | None = None


class OwnerRow(Strict):
    """A beneficial owner: a person of this world, or a name with a country."""

    person: str | None = None
    name: str = ""
    country: str = "SE"
    share_from: Decimal | None = None
    share_to: Decimal | None = None
    since_on: date | None = None
    anonymous: bool = False


class HolderRow(Strict):
    """A shareholder: a person of this world, or a company, by its number where it has a Swedish one."""

    person: str | None = None
    name: str = ""
    number: str | None = None
    country: str = "SE"
    share: Decimal | None = None
    since_on: date | None = None


class ParentRow(Strict):
    """The top of a company's group."""

    name: str
    number: str | None = None
    country: str = "SE"


class Owners(Strict):
    """What the beneficial-owner register holds."""

    state: Literal["registered", "none_registered", "none_exists", "unknown_filed", "exempt"] = "registered"
    rows: tuple[OwnerRow, ...] = ()
    none_reason: str | None = None
    registered_on: date | None = None


class Registration(Strict):
    """A tax registration: ``never`` when no date is set; it may have ended or start in the future."""

    from_on: date | None = None
    to_on: date | None = None
    end_reason: str | None = None
    form: Literal["F", "FA"] = "F"


class AddressRow(Strict):
    """Postal address."""

    street: str = ""
    care_of: str = ""
    postcode: str = ""
    city: str = ""


class AccountsRow(Strict):
    """The latest annual accounts."""

    period_to_on: date
    registered_on: date | None = None
    turnover_sek: Decimal | None = None
    equity_sek: Decimal | None = None
    employees: int | None = None
    year_ends: str = "12-31"  # month and day on which the fiscal year ends from now on


class CreditRow(Strict):
    """A bureau's rating; ``no_rating`` a negative provider code such as -29 (bankruptcy application)."""

    score: int | None = None
    no_rating: int | None = None
    limit_sek: Decimal | None = None
    previous_score: int | None = None
    changed_on: date | None = None
    failed_sections: tuple[str, ...] = ()


class DebtRow(Strict):
    """What Kronofogden holds, as a debtor summary tells it. All zero: the summary answers 404."""

    public_sek: Decimal = Decimal(0)
    public_cases: int = 0
    tax_sek: Decimal | None = None  # the part of public_sek that is tax, where a source tells
    private_sek: Decimal = Decimal(0)
    private_cases: int = 0
    applications: int = 0
    applications_sek: Decimal = Decimal(0)
    remarks: int = 0  # betalningsanmärkningar
    remarks_sek: Decimal = Decimal(0)
    last_case_on: date | None = None


class TaxAccountRow(Strict):
    """Skattekonto as the supplier or its ombud sees it; negative balance is a deficit. Whole kronor."""

    ombud: bool = False  # the supplier has registered the buyer as ombud
    balance_sek: int = 0
    at_enforcement_sek: int = 0
    transactions: tuple[tuple[date, str, int], ...] = ()  # day, text, amount


class Listed(Strict):
    """Somebody on a sanctions list, as a matcher of such lists tells; the first of ``names`` is the one it goes by."""

    id: str
    names: tuple[str, ...]
    weak_names: tuple[str, ...] = ()
    subject: Literal["person", "enterprise"] = "enterprise"
    country: str = ""
    programme: str = ""


class Event(Strict):
    """From ``on`` the company is as ``set`` says."""

    on: date
    set: dict[str, Any]
    note: str = ""


class Company(Strict):
    """One organisation or sole trader."""

    number: str  # 10 digits, or a 12-digit test personal number for a sole trader
    name: str
    form: str = "AB"
    names: tuple[Name, ...] = ()
    registered_on: date | None = None
    deregistered_on: date | None = None
    deregistration_reason: str | None = None  # KKAV, LIAV, FUAV …
    successor: str | None = None  # number of the company that took over
    proceedings: tuple[Proceeding, ...] = ()
    address: AddressRow = AddressRow()
    sni: tuple[tuple[str, str], ...] = ()
    description: str = ""
    f_tax: Registration = Registration()
    vat: Registration = Registration()
    employer: Registration = Registration()
    officers: tuple[Role, ...] = ()
    signatory: str = ""
    owners: Owners = Owners(state="none_registered")
    shareholders: tuple[HolderRow, ...] = ()  # none: those of ``owners`` stand in
    ultimate_parent: ParentRow | None = None
    accounts: AccountsRow | None = None
    credit: CreditRow | None = None
    debts: DebtRow = DebtRow()
    tax_account: TaxAccountRow | None = None
    protected: bool = False  # protected identity: name and address are never given out
    unknown_to: tuple[str, ...] = ()  # adapters that do not know this number
    event: tuple[Event, ...] = ()


class Fault(Strict):
    """A source that misbehaves between two days, for all or for some numbers.

    ``kind``: one that every provider can be struck by (``COMMON_FAULTS``), or one of the provider's own (``SCENARIOS`` of
    its module); ``docs/faults.md`` lists them all.
    """

    source: str
    kind: str
    from_on: date | None = None
    to_on: date | None = None
    numbers: tuple[str, ...] = ()
    first: int | None = None  # only the first N calls, then well again
    seconds: float = 0.0


COMMON_FAULTS: Mapping[str, str] = {
    "down": "503 on every call",
    "error": "500 on every call",
    "bad_gateway": "502 with a web page",
    "gateway_timeout": "504 with a web page",
    "html": "200 with a web page in place of the answer",
    "truncated": "half of the answer, with 200",
    "drop": "the connection closes in the middle of the answer",
    "slow": "answers after `seconds`; beyond the client's time-out it is no answer",
    "unauthorized": "401 on data, whatever the token",
    "expired": "the token ends in the middle of the batch; the next one is good",
    "forbidden": "403: not in the subscription",
    "bad_credentials": "401 on the call for a token",
    "throttled": "429 with Retry-After",
    "throttled_silent": "429 that does not say for how long",
    "throttled_next_access": "429 with WSO2's nextAccessTime in the body",
    "throttled_prolonged": "429 without a word, and whoever comes back too early waits anew",
    "partial": "parts of the answer are not there",
    "unknown": "the provider does not know the number, and says so in its own way",
    "protected": "protected identity: no name, no address",
    "ended": "tax registrations that ended a month ago",
    "future": "tax registrations that begin in a month",
}
"""Kind -> what the caller meets. Each provider says it in its own way."""


class World(Strict):
    """Everything the stub knows."""

    title: str = ""
    person: tuple[Person, ...] = ()
    company: tuple[Company, ...] = ()
    listed: tuple[Listed, ...] = ()
    fault: tuple[Fault, ...] = ()

    @model_validator(mode="after")
    def _references(self) -> World:
        """Every role and owner names a person of this world; every event gives a valid company."""
        people = {person.id for person in self.person}
        if len(people) != len(self.person) or len({company.number for company in self.company}) != len(self.company):
            message = "two persons with one id, or two companies with one number"
            raise ValueError(message)
        for company in self.company:
            for day in sorted({event.on for event in company.event}) or [date.max]:
                state = _at(company, day)
                named = [role.person for role in state.officers]
                named += [row.person for row in state.owners.rows if row.person]
                named += [row.person for row in state.shareholders if row.person]
                if missing := sorted(set(named) - people):
                    message = f"company {company.name}: no such person {', '.join(missing)}"
                    raise ValueError(message)
        return self

    def at(self, day: date) -> Mapping[str, Company]:
        """Every company as it is on ``day``, by number; those registered later are not there."""
        return _world_at(self, day)

    def people(self) -> Mapping[str, Person]:
        """Persons by id."""
        return {person.id: person for person in self.person}

    def __hash__(self) -> int:
        return id(self)


@lru_cache(maxsize=16)
def _world_at(world: World, day: date) -> Mapping[str, Company]:
    states = (_at(company, day) for company in world.company)
    return {state.number: state for state in states if state.registered_on is None or state.registered_on <= day}


@lru_cache(maxsize=16)
def companies_of(world: World, day: date) -> Mapping[str, tuple[Company, ...]]:
    """Person -> every company in which the person has a role on ``day``."""
    found: dict[str, dict[str, Company]] = {}
    for company in world.at(day).values():
        for role in company.officers:
            if role.from_on is None or role.from_on <= day:
                found.setdefault(role.person, {})[company.number] = company
    return {person: tuple(companies.values()) for person, companies in found.items()}


def _at(company: Company, day: date) -> Company:
    """The company on ``day``: its start with every event up to then laid on top."""
    due = [event for event in sorted(company.event, key=lambda event: event.on) if event.on <= day]
    if not due:
        return company
    values: dict[str, Any] = company.model_dump()
    for event in due:
        values = _merge(values, event.set)
    return Company.model_validate({**values, "event": ()})


def _merge(base: dict[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in change.items():
        old = merged.get(key)
        merged[key] = _merge(old, value) if isinstance(old, dict) and isinstance(value, Mapping) else value
    return merged


def load(path: Path) -> World:
    """A world from TOML or JSON.

    Raises:
        ConfigError: unreadable, or not of the schema; names the place.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        document = (
            json.loads(text, parse_float=Decimal)
            if path.suffix.lower() == ".json"
            else tomllib.loads(text, parse_float=Decimal)
        )
    except (OSError, UnicodeDecodeError, ValueError) as error:
        message = f"{path.name}: cannot be read as a world; {error}"
        raise ConfigError(message) from error
    try:
        return World.model_validate(document)
    except ValidationError as error:
        lines = [
            f"{path.name}: {'.'.join(map(str, e['loc']))}: {e['msg']}"
            for e in error.errors(include_url=False, include_input=False)
        ]
        raise ConfigError("\n".join(lines)) from None
