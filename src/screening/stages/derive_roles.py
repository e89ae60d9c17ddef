"""Which people sit in several of the run's suppliers: their roles there, as the stored answers tell them."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from hashlib import blake2b
from itertools import groupby

from screening.model import (
    Accounts,
    CompanyRecord,
    Dossier,
    Engagement,
    Fact,
    Officer,
    Officers,
    Shareholders,
    SupplierRoles,
)
from screening.model.states import AUDITOR_ROLES
from screening.rules import Judging
from screening.stages.derive_owners import worked_out
from screening.store import Run, Store

KINDS = frozenset({Officers.kind, CompanyRecord.kind, Accounts.kind, Shareholders.kind, SupplierRoles.kind})
BANKRUPT, BANKRUPTCY_ENDED = "KK", "KKAV"
"""Bolagsverket's codes of a running bankruptcy, and of a deregistration after one."""


def supplier_roles(store: Store, run: Run, judging: Judging, at: datetime) -> Iterator[tuple[str, Fact]]:
    """For each supplier with people who sit, or sat, in others of the run: their roles in all of these, its own too.

    Two passes, eight bytes a person between them. Auditors are left out: they sit in many by calling. Only a monthly run
    knows every supplier.
    """
    if run.kind != "monthly" or SupplierRoles.kind not in judging.kinds:
        return
    sources = judging.profiles.config.sources
    keys = array("Q")
    for dossier in store.dossiers(run.id, frozenset({Officers.kind}), run.as_of, sources):
        keys.extend(_small(person) for person in _people(dossier))
    several = {key for key, same in groupby(sorted(keys)) if sum(1 for _ in same) > 1}
    by_person: defaultdict[str, list[Engagement]] = defaultdict(list)
    sitting: dict[str, tuple[str, ...]] = {}
    for dossier in store.dossiers(run.id, KINDS, run.as_of, sources):
        shared = [person for person in _people(dossier) if _small(person) in several]
        for item in _engagements(dossier, shared, store):
            by_person[item.person_key].append(item)
        now = _now(dossier)
        if shared or _told_before(dossier):
            sitting[dossier.supplier.id] = tuple(person for person in shared if person in now)
    for supplier_id, people in sitting.items():
        found = (item for person in people if len(by_person[person]) > 1 for item in by_person[person])
        told = tuple(sorted(found, key=lambda item: (item.person_key, item.company_key)))
        yield supplier_id, SupplierRoles(provenance=worked_out(run, at), engagements=told)


def _small(person: str) -> int:
    """A person's key in 64 bits."""
    return int.from_bytes(blake2b(person.encode(), digest_size=8).digest())


def _boards(dossier: Dossier) -> Sequence[Officers]:
    """The answers on who sits there, oldest first; none of a person's own business."""
    if dossier.supplier.kind != "organisation" or dossier.supplier.identity is None:
        return ()
    return [row for row in dossier.facts.get(Officers.kind, ()) if isinstance(row, Officers)]


def _people(dossier: Dossier) -> list[str]:
    """Everybody who sits or sat there, auditors aside."""
    people = (person for row in _boards(dossier) for person in row.people if person.role_code not in AUDITOR_ROLES)
    return list(dict.fromkeys(person.person_key for person in people))


def _now(dossier: Dossier) -> frozenset[str]:
    """Those who sit there by the newest answer."""
    newest = _boards(dossier)[-1:]
    return frozenset(person.person_key for row in newest for person in row.people)


def _told_before(dossier: Dossier) -> bool:
    rows = dossier.facts.get(SupplierRoles.kind, ())
    return bool(rows) and isinstance(rows[-1], SupplierRoles) and bool(rows[-1].engagements)


# --- one company ------------------------------------------------------------------------------------------------------
def _engagements(dossier: Dossier, people: Sequence[str], store: Store) -> Iterator[Engagement]:
    """The roles of some people in one supplier."""
    identity, boards = dossier.supplier.identity, _boards(dossier)
    if not people or identity is None:
        return
    bankrupt, ended = _ended(_newest(dossier, CompanyRecord.kind))
    accounts, held = _newest(dossier, Accounts.kind), _newest(dossier, Shareholders.kind)
    top = held.ultimate_parent if isinstance(held, Shareholders) else None
    for person in people:
        role, left = _role(person, boards)
        yield Engagement(
            person_key=person,
            company_key=store.pseudonym(identity.compact),
            role_code=role.role_code,
            from_on=role.from_on,
            to_on=left,
            bankrupt_on=bankrupt,
            ended_on=ended,
            employees=accounts.employees if isinstance(accounts, Accounts) else None,
            group_key=top.person_key if top is not None else "",
        )


def _newest(dossier: Dossier, kind: str) -> Fact | None:
    return next(reversed(dossier.facts.get(kind, ())), None)


def _role(person: str, boards: Sequence[Officers]) -> tuple[Officer, date | None]:
    """The role last held, and the day of the answer by which the person had left; ``None`` for one who sits there."""
    rows = boards[::-1]
    place, role = next((n, item) for n, row in enumerate(rows) for item in row.people if _holds(item, person))
    return role, rows[place - 1].provenance.as_of if place else None


def _holds(item: Officer, person: str) -> bool:
    return item.person_key == person and item.role_code not in AUDITOR_ROLES


def _ended(record: Fact | None) -> tuple[date | None, date | None]:
    """(declared bankrupt on, ceased otherwise on). Of a bankruptcy that has ended the day of its end is all that is told."""
    if not isinstance(record, CompanyRecord):
        return None, None
    bankrupt = next((item.from_on for item in record.proceedings if item.code == BANKRUPT), None)
    if record.deregistration_reason == BANKRUPTCY_ENDED:
        return bankrupt or record.deregistered_on, None
    return bankrupt, record.deregistered_on
