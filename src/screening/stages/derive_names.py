"""Facts that span suppliers, worked out once over the whole run: a name that is another supplier's, a hit that is gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from screening.checks._names import likest, registered_names, said
from screening.model import (
    CompanyRecord,
    Dossier,
    Fact,
    History,
    NameElsewhere,
    Origin,
    Provenance,
    Sanctions,
    Supplier,
)
from screening.names import likeness
from screening.names.parts import parts
from screening.rules import Judging
from screening.rules.evidence import current
from screening.rules.profiles import is_public_body
from screening.store import Run, Store

REGISTER = "company_record"
SOURCE = "listor"
DOUBT = Decimal("0.90")
"""Names less like their own number's than this are looked for among the others; the rule's own limit is lower."""
ELSEWHERE = 0.70
"""From here on another supplier's registered name is worth telling."""


@dataclass(slots=True)
class _Search:
    """One doubtful name, and the best found for it so far."""

    supplier_id: str
    name: str
    share: float = 0.0
    other: Supplier | None = None
    other_name: str = ""


def names_elsewhere(store: Store, run: Run, judging: Judging, at: datetime) -> Iterator[tuple[str, Fact]]:
    """For each supplier with a name unlike its own number's: whether some other supplier of the run is registered so.

    Two passes over the register's answers: which names are doubtful, then who has a name like one of them. Memory grows
    with the doubtful names alone. Only a monthly run knows every supplier, so a check before a contract says nothing.
    """
    if run.kind != "monthly" or NameElsewhere.kind not in judging.kinds:
        return
    found: dict[str, list[_Search]] = defaultdict(list)
    by_word: dict[str, list[_Search]] = defaultdict(list)
    for dossier in _registered(store, run):
        for name in _doubtful(dossier):
            search = _Search(dossier.supplier.id, name)
            found[search.supplier_id].append(search)
            for word in _words(name):
                by_word[word].append(search)
    if by_word:
        for dossier in _registered(store, run):
            _look_up(dossier, by_word)
    came = Provenance(source=SOURCE, origin=Origin.FILE, as_of=run.as_of, fetched_at=at)
    for supplier_id, searches in found.items():
        yield supplier_id, _fact(max(searches, key=lambda item: item.share), came)


def _registered(store: Store, run: Run) -> Iterator[Dossier]:
    """The suppliers that the register has answered about, or should know."""
    for dossier in store.dossiers(run.id, frozenset({REGISTER}), run.as_of, {}):
        supplier = dossier.supplier
        if supplier.kind in ("organisation", "person") and not is_public_body(supplier) and dossier.facts.get(REGISTER):
            yield dossier


def _names(dossier: Dossier) -> tuple[str, ...]:
    records = tuple(item for item in dossier.facts[REGISTER] if isinstance(item, CompanyRecord))
    return registered_names(History(records, records[0].provenance.as_of)) if records else ()


def _doubtful(dossier: Dossier) -> Iterator[str]:
    supplier = dossier.supplier
    if supplier.identity_accepted:
        return
    registered = _names(dossier)
    for name in said(dict.fromkeys((supplier.name, *supplier.names))):
        if likest(name, registered)[1] < DOUBT:
            yield name


def _words(name: str) -> Iterable[str]:
    """What two spellings of a word have in common: its first letters, with sounds that are written in two ways as one."""
    for word in {word for part in (parts(name).main, *parts(name).others) for word in part.words}:
        yield word[:4].translate(_SOUNDS)


_SOUNDS = str.maketrans({"c": "k", "w": "v"})


def _look_up(dossier: Dossier, by_word: Mapping[str, list[_Search]]) -> None:
    """Whether some doubtful name is like one of this supplier's registered ones."""
    for registered in said(_names(dossier)):
        searches = {id(item): item for word in _words(registered) for item in by_word.get(word, ())}
        for search in searches.values():
            if search.supplier_id == dossier.supplier.id or search.share == 1:
                continue
            share = likeness(search.name, registered)
            if share > search.share:
                search.share, search.other, search.other_name = share, dossier.supplier, registered


def _fact(search: _Search, came: Provenance) -> NameElsewhere:
    if search.other is None or search.share < ELSEWHERE:
        return NameElsewhere(provenance=came, state="none", export_name=search.name)
    return NameElsewhere(
        provenance=came,
        state="found",
        export_name=search.name,
        other_name=search.other_name,
        other_id=search.other.public_id,
        likeness_share=Decimal(str(search.share)),
    )


def hits_gone(store: Store, run: Run, judging: Judging) -> Iterator[tuple[str, Fact]]:
    """For each earlier hit that the newest look no longer has, that it is gone, dated as that look."""
    if Sanctions.kind not in judging.kinds:
        return
    for dossier in store.dossiers(run.id, frozenset({Sanctions.kind}), run.as_of, {}):
        rows = [item for item in current(dossier.facts.get(Sanctions.kind, ())) if isinstance(item, Sanctions)]
        look = next((item for item in rows if not item.scope_key), None)
        if look is None:
            continue
        standing = {hit.entity_id for hit in look.hits}
        for item in rows:
            if item.scope_key and item.scope_key not in standing:
                yield dossier.supplier.id, replace(look, scope_key=item.scope_key, hits=())
