from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from screening.identity import Identity, Kind
from screening.model import Contract, Dossier, Origin, Spend, Supplier
from screening.store import Run, Store
from screening.store.dossiers import SUPPLIERS

DEBT, CREDIT = "enforcement_debt", "credit"
ORDER = {DEBT: ("kronofogden", "creditsafe")}


def on(store: Store, run: Run, day: str) -> Dossier:
    (dossier,) = store.dossiers(run.id, frozenset({DEBT}), date.fromisoformat(day), ORDER)
    return dossier


def amounts(dossier: Dossier, key: str = DEBT) -> list[int]:
    return [int(fact.public_debt_sek) for fact in dossier.facts.get(key, ())]  # type: ignore[attr-defined]


def test_a_dossier_holds_supplier_contracts_and_spend(store: Store, begin: Callable[..., Run]) -> None:
    """Of the run that it is made for."""
    identity = Identity(Kind.ORGNR, "SE", "5599999900")
    runs = begin("2026-09-30"), begin("2026-10-31")
    supplier_id = store.supplier_id("organisation", identity, "Alfa AB")
    for index, run in enumerate(runs):
        store.put_suppliers(run.id, [Supplier(supplier_id, "organisation", identity, "Alfa AB", ("Alfa AB",), ("1",))])
        store.put_contracts(run.id, [(supplier_id, Contract(f"A-{index}"))])
    store.put_spend(runs[0].id, [(supplier_id, Spend(Decimal(5)))])
    first, second = on(store, runs[0], "2026-10-31"), on(store, runs[1], "2026-10-31")
    assert first.supplier == Supplier(supplier_id, "organisation", identity, "Alfa AB", ("Alfa AB",), ("1",))
    assert (first.contracts, first.spend) == ((Contract("A-0"),), Spend(Decimal(5)))
    assert (second.contracts, second.spend) == ((Contract("A-1"),), Spend())
    assert (first.facts, first.gaps, first.observed_from_on) == ({}, {}, {})


def test_only_what_was_had_by_the_end_of_the_day_is_known(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """Later answers and later confirmations are not."""
    run = begin("2026-09-30")
    one = supplier("A", run)
    facts = [
        made.debt(1, "2026-09-01"),
        made.debt(1, "2026-09-20"),
        made.debt(1, "2026-10-20"),
        made.debt(2, "2026-11-20"),
    ]
    store.put_facts(run.id, one, facts, made.noon("2026-11-20"))
    assert amounts(on(store, run, "2026-08-31")) == []
    september = on(store, run, "2026-09-30").facts[DEBT][0].provenance
    assert september.confirmed_at == made.noon("2026-09-20")
    assert on(store, run, "2026-09-02").facts[DEBT][0].provenance.confirmed_at is None
    assert on(store, run, "2026-10-31").facts[DEBT][0].provenance.confirmed_at == made.noon("2026-10-20")
    assert amounts(on(store, run, "2026-11-30")) == [1, 2]
    assert on(store, run, "2026-11-30").observed_from_on == {(DEBT, "kronofogden"): date(2026, 9, 1)}


def test_a_document_dated_after_the_day_is_not_known(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """However early it was read."""
    run = begin("2026-09-30")
    one = supplier("A", run)
    store.put_facts(
        run.id, one, [made.debt(1, "2026-09-01", as_of="2026-10-15", origin=Origin.FILE)], made.noon("2026-09-01")
    )
    assert amounts(on(store, run, "2026-09-30")) == []
    assert amounts(on(store, run, "2026-10-15")) == [1]


def test_the_first_source_in_precedence_is_the_kinds_and_the_others_stand_beside(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """A source that is not named comes last."""
    run = begin("2026-09-30")
    one = supplier("A", run)
    for amount, source in ((1, "annan"), (2, "creditsafe"), (3, "kronofogden")):
        store.put_facts(run.id, one, [made.debt(amount, "2026-09-30", source=source)], made.noon("2026-09-30"))
    dossier = on(store, run, "2026-09-30")
    assert (amounts(dossier), amounts(dossier, f"{DEBT}@creditsafe"), amounts(dossier, f"{DEBT}@annan")) == (
        [3],
        [2],
        [1],
    )
    assert set(dossier.facts) == {DEBT, f"{DEBT}@creditsafe", f"{DEBT}@annan"}


def test_a_source_that_has_failed_since_gives_way(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """Its old answer stands beside; alone it is still the kind's."""
    run = begin("2026-09-30")
    one = supplier("A", run)
    store.put_facts(run.id, one, [made.debt(1, "2026-08-31")], made.noon("2026-08-31"))
    store.put_gap(run.id, one, DEBT, "kronofogden", "source_down", "", made.noon("2026-09-30"))
    assert amounts(on(store, run, "2026-09-30")) == [1]
    assert on(store, run, "2026-09-30").gaps[DEBT].reason == "source_down"
    store.put_facts(run.id, one, [made.debt(2, "2026-09-30", source="creditsafe")], made.noon("2026-09-30"))
    dossier = on(store, run, "2026-09-30")
    assert (amounts(dossier), amounts(dossier, f"{DEBT}@kronofogden")) == ([2], [1])
    assert dossier.gaps == {}


def test_rows_of_all_scope_keys_come_oldest_first(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """Checks pick by scope key."""
    run = begin("2026-09-30")
    one = supplier("A", run)
    facts = [
        made.debt(amount, "2026-09-30", as_of=as_of, key=key, origin=Origin.FILE)
        for amount, as_of, key in ((1, "2026-03-31", "b"), (2, "2026-06-30", "a"), (3, "2026-09-30", "b"))
    ]
    store.put_facts(run.id, one, facts, made.noon("2026-09-30"))
    assert amounts(on(store, run, "2026-09-30")) == [1, 2, 3]
    assert [fact.scope_key for fact in on(store, run, "2026-09-30").facts[DEBT]] == ["b", "a", "b"]


def test_only_the_kinds_and_suppliers_asked_for_are_read(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """No kind at all still gives contracts; a supplier of no run is left out."""
    run = begin("2026-09-30")
    one, two, stranger = supplier("A", run), supplier("B", run), supplier("C")
    store.put_facts(run.id, one, [made.debt(1, "2026-09-30")], made.noon("2026-09-30"))
    today = date(2026, 9, 30)
    assert [item.facts for item in store.dossiers(run.id, frozenset(), today, {})] == [{}, {}]
    some = list(store.dossiers(run.id, frozenset({DEBT, CREDIT}), today, {}, supplier_ids=[stranger, one, one]))
    assert [item.supplier.id for item in some] == [one]
    assert set(some[0].facts) == {DEBT}
    assert [
        item.supplier.id for item in store.dossiers(run.id, frozenset(), today, {}, supplier_ids=[two, one])
    ] == sorted([one, two])


def test_chunks_join_without_a_seam(store: Store, begin: Callable[..., Run], made: SimpleNamespace) -> None:
    """More suppliers than one chunk: each once, in order of id, with its own facts."""
    run = begin("2026-09-30")
    count = SUPPLIERS * 2 + 3
    ids = store.supplier_ids(("unidentified", None, f"Leverantör {index}") for index in range(count))
    store.put_suppliers(run.id, (Supplier(item, "unidentified", None, item) for item in ids))
    store.put_all_facts(
        run.id, ((item, made.debt(index, "2026-09-30")) for index, item in enumerate(ids)), made.noon("2026-09-30")
    )
    seen = list(store.dossiers(run.id, frozenset({DEBT}), date(2026, 9, 30), {}))
    assert [item.supplier.id for item in seen] == sorted(ids)
    amount = {item: index for index, item in enumerate(ids)}
    assert all(amounts(item) == [amount[item.supplier.id]] for item in seen)
