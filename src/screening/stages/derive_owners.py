"""Facts that span suppliers: who owns through whom, how many share an address, and who took over in a merger."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import blake2b
from itertools import groupby

from screening.model import (
    Address,
    CompanyRecord,
    Dossier,
    Fact,
    Origin,
    Ownership,
    Provenance,
    SharedAddress,
    Shareholder,
    Shareholders,
    Successor,
)
from screening.model.ownership import chains
from screening.model.states import address_key
from screening.rules import Judging
from screening.store import Run, Store

SOURCE = "listor"
"""What the facts call the run's own answers together: no one source says this."""

Found = Iterator[tuple[str, Fact]]


def worked_out(run: Run, at: datetime) -> Provenance:
    """Where a fact comes from that this run worked out from its own answers."""
    return Provenance(source=SOURCE, origin=Origin.FILE, as_of=run.as_of, fetched_at=at)


# --- addresses --------------------------------------------------------------------------------------------------------
def shared_addresses(store: Store, run: Run, judging: Judging, at: datetime) -> Found:
    """For each company at an address that others of the run share: how many they are; one, where there were more before.

    Two passes, eight bytes a supplier between them. Persons are neither counted nor told of: theirs is a home. Only a
    monthly run knows every supplier.
    """
    if run.kind != "monthly" or SharedAddress.kind not in judging.kinds:
        return
    keys = array("Q", (key for dossier in _with_address(store, run) if (key := _place(dossier)) is not None))
    shared = {key: count for key, same in groupby(sorted(keys)) if (count := sum(1 for _ in same)) > 1}
    came = worked_out(run, at)
    for dossier in _with_address(store, run):
        key = _place(dossier)
        suppliers = shared.get(key, 1) if key is not None else 1
        if suppliers > 1 or _told_before(dossier):
            yield dossier.supplier.id, SharedAddress(provenance=came, suppliers=suppliers)


def _with_address(store: Store, run: Run) -> Iterator[Dossier]:
    kinds = frozenset({Address.kind, SharedAddress.kind})
    for dossier in store.dossiers(run.id, kinds, run.as_of, {}):
        if dossier.supplier.kind == "organisation" and dossier.facts.get(Address.kind):
            yield dossier


def _place(dossier: Dossier) -> int | None:
    """The address in 64 bits; ``None`` for one without a street."""
    address = dossier.facts[Address.kind][-1]
    if not isinstance(address, Address) or not address.street:
        return None
    return int.from_bytes(blake2b(address_key(address).encode(), digest_size=8).digest())


def _told_before(dossier: Dossier) -> bool:
    rows = dossier.facts.get(SharedAddress.kind, ())
    return bool(rows) and isinstance(rows[-1], SharedAddress) and rows[-1].suppliers > 1


# --- owners -----------------------------------------------------------------------------------------------------------
def ownership(store: Store, run: Run, judging: Judging, at: datetime) -> Found:
    """For each supplier that a company owns shares of: every way up. For a foreign supplier: its country by our lists."""
    if Ownership.kind not in judging.kinds:
        return
    came = worked_out(run, at)
    kinds = frozenset({Shareholders.kind, Ownership.kind})
    owners_of: dict[str, tuple[Shareholder, ...]] = {}
    for dossier in store.dossiers(run.id, kinds, run.as_of, {}):
        identity, held = dossier.supplier.identity, dossier.facts.get(Shareholders.kind)
        if dossier.supplier.kind == "organisation" and identity is not None and held:
            newest = held[-1]
            if isinstance(newest, Shareholders) and newest.owners:
                owners_of[identity.compact] = newest.owners
    for dossier in store.dossiers(run.id, kinds, run.as_of, {}):
        supplier = dossier.supplier
        if supplier.kind == "foreign":
            yield supplier.id, Ownership(provenance=came, country=supplier.country)
        elif supplier.kind == "organisation" and supplier.identity is not None:
            fact = _owned(supplier.identity.compact, owners_of, came)
            if fact is not None or dossier.facts.get(Ownership.kind):
                yield supplier.id, fact or Ownership(provenance=came)


def _owned(number: str, owners_of: Mapping[str, tuple[Shareholder, ...]], came: Provenance) -> Ownership | None:
    """The chains, where a company is among the shareholders; of persons alone there is no chain to tell."""
    if all(owner.holder != "organisation" for owner in owners_of.get(number, ())):
        return None
    return Ownership(provenance=came, chains=chains(number, owners_of))


# --- mergers ----------------------------------------------------------------------------------------------------------
def successors(store: Store, run: Run, judging: Judging, at: datetime) -> Found:
    """For each supplier that is gone, and whose first register does not name who took over: the newest stored answer that does."""
    if Successor.kind not in judging.kinds:
        return
    kinds, sources = frozenset({CompanyRecord.kind}), judging.profiles.config.sources
    for dossier in store.dossiers(run.id, kinds, run.as_of, sources):
        first = dossier.facts.get(CompanyRecord.kind, ())[-1:]
        newest = [
            record for rows in dossier.facts.values() for record in rows[-1:] if isinstance(record, CompanyRecord)
        ]
        if all(record.state != "deregistered" for record in newest) or any(map(_names_one, first)):
            continue
        rows = (row for same in dossier.facts.values() for row in same)
        named = [row for row in rows if isinstance(row, CompanyRecord) and _names_one(row)]
        if named:
            row = max(named, key=lambda item: item.provenance.held_on)
            yield dossier.supplier.id, _successor(row, worked_out(run, at))


def _successor(row: CompanyRecord, came: Provenance) -> Successor:
    return Successor(
        provenance=came,
        name=row.successor_name or row.successor_number or "",
        number=row.successor_number,
        told_by=row.provenance.source,
    )


def _names_one(record: Fact) -> bool:
    return isinstance(record, CompanyRecord) and bool(record.successor_name or record.successor_number)
