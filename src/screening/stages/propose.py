"""Asks the free register whose the proposed numbers are, so that a person can choose by name. Changes no number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from screening.identity import Identity, propose, read
from screening.model import CompanyRecord
from screening.names import best
from screening.stages.collect import Asking, Collector, to_end
from screening.store import Reject, Run, Store

ASKED_PER_NUMBER = 16
"""The likeliest mistakes come first; a register that takes 60 questions a minute is not asked about all of them."""


def propose_numbers(store: Store, run: Run, asking: Asking) -> None:
    """Fills the proposals of wrong numbers with the register's names, the most alike first.

    For rows that intake could not use, and for suppliers whose registered name is unlike the export's (a number whose
    check digit is right but that is another company's). Proposals that the register does not know are dropped once it
    has answered; while it is silent they stand without names.
    """
    rejects = store.rejects(run.id)
    doubtful = _doubtful(store, run, asking)
    wanted = {number: _identity(number) for row in rejects for number, _, _ in row.proposals[:ASKED_PER_NUMBER]}
    for proposals in doubtful.values():
        wanted |= {identity.compact: identity for identity in proposals}
    known = {number: identity for number, identity in wanted.items() if identity is not None}
    if not known:
        return
    registered = to_end(_names(store, run, asking, list(known.values())))
    store.replace_rejects(run.id, [_with_names(row, registered) for row in rejects])
    names = {supplier.id: supplier.name for supplier in store.suppliers(run.id) if supplier.id in doubtful}
    for supplier_id, proposals in doubtful.items():
        numbers = [identity.compact for identity in proposals]
        store.put_proposals(run.id, supplier_id, _ranked(names[supplier_id], numbers, registered))


def _doubtful(store: Store, run: Run, asking: Asking) -> dict[str, list[Identity]]:
    """Suppliers whose number is somebody else's, with what it may have been meant to be."""
    found: dict[str, list[Identity]] = {}
    for dossier in store.dossiers(run.id, asking.register_kinds, run.as_of, asking.routing.precedence):
        identity = dossier.supplier.identity
        if identity is None or identity.is_person or identity.country != "SE" or not asking.stopped(dossier):
            continue
        candidates = [
            item.identity for item in propose(identity.compact) if item.may_ask and not item.identity.is_person
        ]
        found[dossier.supplier.id] = candidates[:ASKED_PER_NUMBER]
    return found


def _identity(number: str) -> Identity | None:
    """The organisation behind a proposal; never a person, whose digits would be a stranger's."""
    identity = read(number).identity
    return None if identity is None or identity.is_person or identity.country != "SE" else identity


async def _names(
    store: Store, run: Run, asking: Asking, identities: Sequence[Identity]
) -> Mapping[str, tuple[str, ...] | None]:
    """Compact number -> registered names; an empty tuple when it is not registered, ``None`` when nobody answered."""
    collector = Collector(store, run, asking)
    try:
        ids = await collector.look_up(identities)
    finally:
        await collector.close()
    found: dict[str, tuple[str, ...] | None] = {}
    for identity in identities:
        fact = store.current(ids[identity], "company_record")
        found[identity.compact] = tuple(name.name for name in fact.names) if isinstance(fact, CompanyRecord) else None
    return found


def _with_names(row: Reject, registered: Mapping[str, tuple[str, ...] | None]) -> Reject:
    return replace(row, proposals=_ranked(row.name, [number for number, _, _ in row.proposals], registered))


def _ranked(
    name: str, numbers: Iterable[str], registered: Mapping[str, tuple[str, ...] | None]
) -> tuple[tuple[str, str, float], ...]:
    known, silent = [], []
    for number in numbers:
        names = registered.get(number)
        if names:
            found, score = best(name, names)
            known.append((number, found, round(score, 3)))
        elif names is None:
            silent.append((number, "", 0.0))
    return (*sorted(known, key=lambda item: (-item[2], item[0])), *([] if known else silent))
