from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace

from screening.identity import Identity, read
from screening.model import Supplier
from screening.names import normalise
from screening.store import Run, Store

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
WRONG, RIGHT, THIRD = "559999-9900", "559999-9918", "559999-9926"


def orgnr(written: str) -> Identity:
    identity = read(written).identity
    assert identity is not None
    return identity


def in_run(store: Store, run: Run, identity: Identity, name: str) -> str:
    supplier_id = store.supplier_id("organisation", identity, name)
    store.put_suppliers(run.id, [Supplier(supplier_id, "organisation", identity, name)])
    return supplier_id


def test_a_corrected_number_keeps_the_internal_id(
    store: Store, begin: Callable[..., Run], made: SimpleNamespace
) -> None:
    """And what was asked about the wrong number is somebody else's; what the file said of the supplier stays."""
    run = begin("2026-09-30")
    old = in_run(store, run, orgnr(WRONG), "Alfa Bygg AB")
    store.put_facts(run.id, old, [made.debt(1, "2026-09-30")], NOW)
    store.put_facts(
        run.id, old, [made.debt(2, "2026-09-30", source="akt", origin=made.came("2026-09-30").origin.FILE)], NOW
    )
    store.put_gap(run.id, old, "credit", "creditsafe", "not_found", "", NOW)
    assert store.accept_number("Alfa Bygg AB", WRONG, orgnr(RIGHT), "Kim", NOW, "sha") == old
    assert store.supplier_id("organisation", orgnr(RIGHT), "Alfa Bygg AB") == old
    assert [fact.provenance.source for fact in store.history(old, "enforcement_debt")] == ["akt"]
    assert store.fresh("kronofogden", "enforcement_debt", NOW) == set()
    assert store.gap(old, "credit", "creditsafe") is None
    assert store.supplier_id("organisation", orgnr(WRONG), "Helt Annan AB") != old


def test_a_number_that_the_register_was_asked_about_is_taken_over(
    store: Store, begin: Callable[..., Run], made: SimpleNamespace
) -> None:
    """A proposal's answer is kept, under the id that the supplier has."""
    run = begin("2026-09-30")
    old = in_run(store, run, orgnr(WRONG), "Alfa Bygg AB")
    looked_up = store.supplier_id("organisation", orgnr(RIGHT), "")
    store.put_facts(run.id, looked_up, [made.debt(7, "2026-09-30")], NOW)
    store.put_gap(run.id, looked_up, "credit", "creditsafe", "not_found", "", NOW)
    assert store.accept_number("Alfa Bygg AB", WRONG, orgnr(RIGHT), "Kim", NOW) == old
    assert store.supplier(looked_up) is None
    assert store.current(old, "enforcement_debt") is not None
    assert store.gap(old, "credit", "creditsafe") is not None


def test_a_right_number_that_is_a_supplier_already_keeps_its_own_id(store: Store, begin: Callable[..., Run]) -> None:
    """The mis-numbered one then becomes it."""
    run = begin("2026-09-30")
    in_run(store, run, orgnr(WRONG), "Alfa Bygg AB")
    right = in_run(store, run, orgnr(RIGHT), "Alfa Bygg AB")
    assert store.accept_number("Alfa Bygg AB", WRONG, orgnr(RIGHT), "Kim", NOW) == right


def test_a_wrong_number_that_is_another_suppliers_stays_theirs(store: Store, begin: Callable[..., Run]) -> None:
    """Beta wrote Alfa's number; Alfa keeps it and its id."""
    alfa = in_run(store, begin("2026-09-30"), orgnr(WRONG), "Alfa Bygg AB")
    beta = store.accept_number("Tandläkarna i Luleå AB", WRONG, orgnr(RIGHT), "Kim", NOW)
    assert beta != alfa
    assert store.find_supplier(orgnr(WRONG)) == alfa
    assert store.find_supplier(orgnr(RIGHT)) == beta


def test_an_unidentified_supplier_keeps_its_id_when_it_gets_a_number(store: Store) -> None:
    """Its number could not be used before."""
    old = store.supplier_id("unidentified", None, "Alfa AB")
    assert store.accept_number("Alfa AB", "559999-99", orgnr(RIGHT), "Kim", NOW) == old
    assert store.supplier_id("organisation", orgnr(RIGHT), "Alfa AB") == old


def test_an_acceptance_for_somebody_new_makes_the_supplier(store: Store) -> None:
    """Nobody of that name has been met, nor the number."""
    made = store.accept_number("Ny AB", "", orgnr(RIGHT), "Kim", NOW)
    assert store.find_supplier(orgnr(RIGHT)) == made


def test_acceptances_are_looked_up_by_name_and_digits(store: Store) -> None:
    """The digits themselves are not stored; a later acceptance replaces an earlier."""
    store.accept_number("Alfa AB", WRONG, orgnr(RIGHT), "Kim", NOW)
    store.accept_number("Alfa AB", WRONG, orgnr(THIRD), "Kim", NOW)
    accepted = store.accepted()
    assert accepted[normalise("Alfa AB"), "5599999900"] == orgnr(THIRD)
    assert accepted.get((normalise("Alfa AB"), WRONG)) == orgnr(THIRD)
    assert accepted.get((normalise("Beta AB"), WRONG)) is None
    assert len(accepted) == 1
    assert all("5599999900" not in key for pair in accepted for key in pair)
