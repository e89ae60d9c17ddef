from collections.abc import Callable
from datetime import date
from decimal import Decimal

from screening.identity import Identity, Kind
from screening.model import Contract, Spend, Supplier
from screening.store import InputFile, Reject, RowOrigin, Run, Store

PERSON = Identity(Kind.PERSONNUMMER, "SE", "194012239101")
CONTRACT = Contract(
    "A-1",
    "Hemtjänst",
    "Nord",
    "hemtjänst",
    "LOV",
    role="sub",
    starts_on=date(2026, 1, 1),
    value_sek=Decimal("100.50"),
    record_check=True,
)
SPEND = Spend(Decimal("12.30"), Decimal(1), date(2026, 1, 2), date(2026, 9, 1), 3, (("Nord", Decimal("12.30")),))


def test_suppliers_come_back_as_they_were(store: Store, begin: Callable[..., Run]) -> None:
    """Names, numbers, country, identity and acceptance; in order of id."""
    run = begin("2026-09-30")
    person, nobody = store.supplier_ids([("person", PERSON, "Kim"), ("unidentified", None, "Okänd")])
    given = [
        Supplier(person, "person", PERSON, "Kim", ("Kim", "KIM"), ("17", "18"), identity_accepted=True),
        Supplier(nobody, "unidentified", None, "Okänd", country="NO"),
    ]
    store.put_suppliers(run.id, given)
    assert list(store.suppliers(run.id)) == sorted(given, key=lambda item: item.id)


def test_contracts_and_spend_come_back_exactly(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str]
) -> None:
    """Money to the öre; a supplier without a ledger row has spent zero."""
    run = begin("2026-09-30")
    one, two = supplier("Alfa AB", run), supplier("Beta AB", run)
    store.put_contracts(run.id, [(one, CONTRACT), (one, Contract("A-0"))])
    store.put_spend(run.id, [(one, SPEND)])
    assert store.contracts(run.id, one) == (Contract("A-0"), CONTRACT)
    assert store.contracts(run.id, two) == ()
    assert (store.spend(run.id, one), store.spend(run.id, two)) == (SPEND, Spend())


def test_most_at_stake_comes_first(store: Store, begin: Callable[..., Run], supplier: Callable[..., str]) -> None:
    """Contract value plus what was bought; so money is spent where it matters when it is short."""
    run = begin("2026-09-30")
    low, high, mid = (supplier(name, run) for name in ("A", "B", "C"))
    store.put_contracts(run.id, [(high, CONTRACT), (high, CONTRACT), (mid, CONTRACT)])
    store.put_spend(run.id, [(low, SPEND), (mid, SPEND)])
    assert store.suppliers_by_value(run.id) == [high, mid, low]


def test_inputs_and_rejects_keep_their_order(store: Store, begin: Callable[..., Run]) -> None:
    """Every count, note and proposal."""
    run = begin("2026-09-30")
    files = [
        InputFile(
            name="b.csv", sha256="1", connector="x", rows=3, accepted=1, merged=1, rejected=1, notes=("Dold flik",)
        ),
        InputFile(name="a.csv", sha256="2", error="okänt sidhuvud", doubtful=True),
    ]
    for item in files:
        store.put_input(run.id, item)
    rejects = [
        Reject(
            file="b.csv",
            sheet="",
            row=7,
            reason="Fel",
            code="x",
            written="5",
            name="A",
            proposals=(("1", "A AB", 0.5),),
        ),
        Reject(file="b.csv", sheet="", row=8, reason="Fel"),
    ]
    store.put_rejects(run.id, rejects[:1])
    store.put_rejects(run.id, rejects[1:])
    assert store.inputs(run.id) == files
    assert store.rejects(run.id) == rejects
    store.replace_rejects(run.id, rejects[1:])
    assert store.rejects(run.id) == rejects[1:]


def test_proposals_are_a_suppliers_newest(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str]
) -> None:
    """In place of what there was."""
    run = begin("2026-09-30")
    one = supplier("Alfa AB", run)
    store.put_proposals(run.id, one, [("1", "A", 0.1)])
    store.put_proposals(run.id, one, iter([("2", "B", 0.2), ("3", "C", 0.1)]))
    assert store.proposals(run.id) == {one: (("2", "B", 0.2), ("3", "C", 0.1))}


def test_beginning_again_forgets_the_runs_own_population(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str]
) -> None:
    """And no other run's."""
    run, other = begin("2026-09-30"), begin("2026-10-31")
    for each in (run, other):
        one = supplier("Alfa AB", each)
        store.put_contracts(each.id, [(one, CONTRACT)])
        store.put_spend(each.id, [(one, SPEND)])
        store.put_input(each.id, InputFile(name="a", sha256="1"))
        store.put_rejects(each.id, [Reject(file="a", sheet="", row=1, reason="Fel")])
        store.put_origins(each.id, [RowOrigin(one, "a", "Blad1", 2)])
        store.put_proposals(each.id, one, [])
    store.begin_population(run.id)
    assert (list(store.suppliers(run.id)), store.inputs(run.id), store.rejects(run.id)) == ([], [], [])
    assert store.origins(run.id, one) == []
    assert store.origins(other.id, one) == [RowOrigin(one, "a", "Blad1", 2)]
    assert store.contracts(other.id, one) == (CONTRACT,)
    assert store.proposals(other.id) == {one: ()}
    store.put_suppliers(run.id, list(store.suppliers(other.id)))
