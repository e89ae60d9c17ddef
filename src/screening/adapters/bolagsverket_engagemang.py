"""The ``organisationsengagemang`` of a person in Företagsinformation v4: roles in companies, and which of those went bankrupt.

That ``/personer`` gives them is documented, what a row looks like is not: these are the members that the same API has for an
organisation, not verified. A row that is not read makes the person's answer none, never a person without roles. Of a company
its keyed hash is kept, never its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from screening.adapters.bolagsverket import Code, Identity
from screening.adapters.bolagsverket_v4 import Status
from screening.adapters.persons import person_key
from screening.adapters.wire import Wire, clean, shaped
from screening.errors import SupplierFailed
from screening.model import Engagement

MEMBER = "organisationsengagemang"
BANKRUPT, BANKRUPTCY_ENDED = "KK", "KKAV"


class Engaged(Wire):
    """One company in which the person has roles."""

    identitet: Identity | None = None
    organisationsstatusar: tuple[Status, ...] | None = None
    funktionarsroller: tuple[Code, ...] | None = None


class Person(Wire):
    """What is read of one person."""

    organisationsengagemang: tuple[Engaged, ...] | None = None


def engagements(document: Any, person: str, pseudonym: Callable[[str], str]) -> tuple[Engagement, ...]:
    """The roles of one person, in order of company and role.

    Args:
        document: the answer about the person, with or without a list around it.
        person: the person's keyed hash.
        pseudonym: number -> keyed hash.

    Raises:
        SupplierFailed: ``partial``: the answer has no such part, or one of another form.
    """
    rows = document if isinstance(document, list) else [document]
    if not rows or any(not isinstance(row, dict) or row.get(MEMBER) is None for row in rows):
        raise SupplierFailed("partial", "svaret har inget om uppdrag i andra bolag")
    found = {
        item
        for row in rows
        for company in shaped(Person, row).organisationsengagemang or ()
        for item in _roles(company, person, pseudonym)
    }
    return tuple(sorted(found, key=lambda item: (item.company_key, item.role_code)))


def _roles(company: Engaged, person: str, pseudonym: Callable[[str], str]) -> Iterator[Engagement]:
    number = clean(company.identitet.identitetsbeteckning) if company.identitet else None
    roles = [code for role in company.funktionarsroller or () if (code := clean(role.kod))]
    if number is None or not roles or company.organisationsstatusar is None:
        raise SupplierFailed("partial", "ett uppdrag saknar bolag, roll eller status")
    bankrupt, ended = _ended(company.organisationsstatusar)
    for role in roles:
        yield Engagement(person, person_key(pseudonym, number, ""), role, bankrupt_on=bankrupt, ended_on=ended)


def _ended(statuses: tuple[Status, ...]) -> tuple[date | None, date | None]:
    """(declared bankrupt on, ceased otherwise on); of a bankruptcy that has ended only the day of its end is told."""
    bankrupt = ended = None
    for status in statuses:
        code = clean(status.kod)
        if not (code in (BANKRUPT, BANKRUPTCY_ENDED) or status.ended):
            continue
        if status.datum is None:
            raise SupplierFailed("partial", "en konkurs eller avregistrering saknar dag")
        if code == BANKRUPT or (code == BANKRUPTCY_ENDED and bankrupt is None):
            bankrupt = status.datum
        elif code != BANKRUPTCY_ENDED:
            ended = status.datum
    return bankrupt, ended


def kept(document: Any, pseudonym: Callable[[str], str]) -> list[Mapping[str, Any]]:
    """What may be kept of an answer: of each company its keyed hash, the codes of roles and statuses, and their days."""
    rows = document if isinstance(document, list) else [document]
    listed = [
        item for row in rows if isinstance(row, dict) for item in _list(row.get(MEMBER)) if isinstance(item, dict)
    ]
    return [
        {
            "company": person_key(pseudonym, _number(item), ""),
            "roles": [row.get("kod") for row in _list(item.get("funktionarsroller")) if isinstance(row, dict)],
            "statuses": [
                {"kod": row.get("kod"), "datum": row.get("datum")}
                for row in _list(item.get("organisationsstatusar"))
                if isinstance(row, dict)
            ],
        }
        for item in listed
    ]


def without_numbers(companies: Any, pseudonym: Callable[[str], str]) -> Any:
    """The part in its own shape, with what is read of it alone, and a keyed hash in place of each company's number.

    What has another form stays unreadable: nobody is told to have no roles by it.
    """
    if not isinstance(companies, list):
        return [None]
    return [
        {
            "identitet": {
                "identitetsbeteckning": person_key(pseudonym, number, "") if (number := _number(item)) else None
            },
            "funktionarsroller": _codes(item, "funktionarsroller", "kod"),
            "organisationsstatusar": _codes(item, "organisationsstatusar", "kod", "typ", "datum"),
        }
        if isinstance(item, dict)
        else None
        for item in companies
    ]


def _codes(item: Mapping[str, Any], name: str, *members: str) -> list[dict[str, Any] | None] | None:
    rows = item.get(name)
    if not isinstance(rows, list):
        return None
    return [{key: row.get(key) for key in members} if isinstance(row, dict) else None for row in rows]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(item: Mapping[str, Any]) -> str:
    identity = item.get("identitet")
    number = identity.get("identitetsbeteckning") if isinstance(identity, dict) else None
    return str(number or "")
