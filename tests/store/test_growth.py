"""Histories grow only on change, and a day sees what was known by its end: the store against a naive model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count, groupby

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from screening.adapters.source import Answer
from screening.model import Dossier, EnforcementDebt, Fact, Origin, Provenance, Supplier
from screening.store import Run, Store

START = date(2026, 9, 1)
_NUMBERS = count()
KIND = "enforcement_debt"


@dataclass(frozen=True)
class Met:
    """One answer: on which day it was had, the day it is dated, and what it said."""

    met: int
    dated: int
    amount: int
    historic: bool = False  # the source was asked for its state on an earlier day


def _fact(item: Met, origin: Origin) -> EnforcementDebt:
    provenance = Provenance(
        source="s",
        origin=origin,
        as_of=START + timedelta(days=item.dated),
        fetched_at=datetime.combine(START + timedelta(days=item.met), time(12), UTC),
        historic=item.historic,
    )
    return EnforcementDebt(provenance=provenance, public_debt_sek=Decimal(item.amount))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Run]]:
    """One store in memory for all examples: each has a supplier of its own."""
    with Store.open("sqlite://", tmp_path_factory.mktemp("history")) as store:
        yield store, store.begin_run("monthly", "2026-09", START, datetime(2026, 9, 1, tzinfo=UTC), "1", {})


def _read_back(
    shared: tuple[Store, Run], items: list[Met], origin: Origin, days: range
) -> dict[int, list[EnforcementDebt]]:
    found = _dossiers(shared, items, origin, days)
    return {
        day: [fact for fact in dossier.facts.get(KIND, ()) if isinstance(fact, EnforcementDebt)]
        for day, dossier in found.items()
    }


def _dossiers(shared: tuple[Store, Run], items: list[Met], origin: Origin, days: range) -> dict[int, Dossier]:
    store, run = shared
    supplier_id = store.supplier_id("unidentified", None, f"Leverantör {next(_NUMBERS)}")
    store.put_suppliers(run.id, [Supplier(supplier_id, "unidentified", None, "Leverantör")])
    for item in items:
        fact = _fact(item, origin)
        store.put_answer(run.id, "s", Answer(supplier_id=supplier_id, facts=(fact,)), fact.provenance.fetched_at)
    found = {}
    for day in days:
        (dossier,) = store.dossiers(run.id, frozenset({KIND}), START + timedelta(days=day), {}, [supplier_id])
        found[day] = dossier
    history = [fact.provenance.as_of for fact in store.history(supplier_id, KIND)]
    assert history == sorted(history)
    return found


answers = st.builds(Met, met=st.integers(0, 6), dated=st.just(0), amount=st.integers(0, 2))
documents = st.builds(Met, met=st.integers(0, 6), dated=st.integers(0, 6), amount=st.integers(0, 2)).filter(
    lambda item: item.dated <= item.met
)
historic = st.builds(
    Met, met=st.integers(0, 6), dated=st.integers(-6, 5), amount=st.integers(0, 2), historic=st.sampled_from([True])
)
mixed = st.one_of(
    st.integers(0, 6).flatmap(lambda day: st.builds(Met, st.just(day), st.just(day), st.integers(0, 2))),
    historic.filter(lambda item: item.dated < item.met),
)


@settings(max_examples=60, deadline=None)
@given(items=st.lists(answers, max_size=8))
def test_answers_in_any_order_make_the_rows_of_the_naive_model(shared: tuple[Store, Run], items: list[Met]) -> None:
    """Each change is a row, each equal answer a confirmation, whichever order they arrive in, on every day."""
    unique = list(dict.fromkeys(items))  # the same answer stored twice is one
    in_time = sorted(unique, key=lambda item: item.met)
    found = _read_back(shared, items, Origin.AUTHORITY, range(8))
    for day, rows in found.items():
        known = [item for item in in_time if item.met <= day]
        expected = [list(group) for _, group in groupby(known, key=lambda item: item.amount)]
        assert [int(row.public_debt_sek) for row in rows] == [group[0].amount for group in expected]
        for row, group in zip(rows, expected, strict=True):
            assert row.provenance.fetched_at.date() == START + timedelta(days=group[0].met)
            confirmed = row.provenance.confirmed_at
            last = START + timedelta(days=group[-1].met)
            assert (confirmed.date() if confirmed else START + timedelta(days=group[0].met)) == last


@settings(max_examples=60, deadline=None)
@given(items=st.lists(documents, max_size=8))
@example(items=[Met(1, 1, 0), Met(2, 0, 0), Met(2, 2, 0), Met(0, 0, 0), Met(3, 1, 0)])  # two rows become one
def test_documents_stand_where_they_are_dated_whenever_they_are_read(
    shared: tuple[Store, Run], items: list[Met]
) -> None:
    """On every day the newest row is the document dated last of those read by then, and holds on its date, no later."""
    found = _read_back(shared, items, Origin.FILE, range(8))
    for day, rows in found.items():
        known = [item for item in items if item.met <= day and item.dated <= day]
        assert bool(rows) == bool(known)
        if not known:
            continue
        last = max(item.dated for item in known)
        assert int(rows[-1].public_debt_sek) in {item.amount for item in known if item.dated == last}
        assert rows[-1].provenance.held_on == START + timedelta(days=last)
        assert [row.provenance.as_of for row in rows] == sorted(row.provenance.as_of for row in rows)
        said = {(item.dated, item.amount) for item in known}
        shown = {((row.provenance.as_of - START).days, int(row.public_debt_sek)) for row in rows}
        assert shown <= said
        assert {amount for _, amount in shown} == {amount for _, amount in said}


@settings(max_examples=80, deadline=None)
@given(items=st.lists(mixed, max_size=8, unique_by=lambda item: (item.dated, item.historic)))
@example(
    items=[Met(3, -4, 0, historic=True), Met(3, -2, 0, historic=True), Met(3, 3, 0)]
)  # the same board all along is one row
@example(items=[Met(1, 1, 0), Met(3, -2, 1, historic=True), Met(3, 3, 0)])  # looked back late
@example(items=[Met(0, -1, 0, historic=True), Met(2, -3, 0, historic=True), Met(4, 1, 1, historic=True), Met(6, 6, 0)])
def test_historic_answers_stand_on_their_day_and_are_known_when_they_were_had(
    shared: tuple[Store, Run], items: list[Met]
) -> None:
    """On every day: the states by the day they were had for, equal neighbours as one, and known as far back as asked."""
    for day, dossier in _dossiers(shared, items, Origin.AUTHORITY, range(8)).items():
        rows = dossier.facts.get(KIND, ())
        known = sorted((item for item in items if item.met <= day), key=lambda item: (item.dated, not item.historic))
        assert bool(rows) == bool(known)
        if not known:
            assert dossier.observed_from_on == {}
            continue
        assert dossier.observed_from_on == {(KIND, "s"): START + timedelta(days=known[0].dated)}
        assert [row.provenance.as_of for row in rows] == sorted(row.provenance.as_of for row in rows)
        assert _states(rows) == [amount for amount, _ in groupby(item.amount for item in known)]
        expected = {(item.dated, item.amount, item.historic) for item in known}
        shown = {
            ((row.provenance.as_of - START).days, int(row.public_debt_sek), row.provenance.historic)
            for row in rows
            if isinstance(row, EnforcementDebt)
        }
        assert shown <= expected
        assert rows[-1].provenance.held_on == START + timedelta(days=known[-1].dated)


def _states(rows: Sequence[Fact]) -> list[int]:
    """What the rows say one after another; a row opened only because it was had earlier says the same as its neighbour."""
    amounts = (int(row.public_debt_sek) for row in rows if isinstance(row, EnforcementDebt))
    return [amount for amount, _ in groupby(amounts)]


@settings(max_examples=30, deadline=None)
@given(items=st.lists(documents, max_size=6))
def test_reading_the_same_documents_again_adds_nothing(shared: tuple[Store, Run], items: list[Met]) -> None:
    """A folder of documents that is read every month makes no new rows and no younger evidence."""
    once = _read_back(shared, items, Origin.SUPPLIER_SUBMITTED, range(7, 8))[7]
    later = [Met(6, item.dated, item.amount) for item in items]
    again = _read_back(shared, items + later, Origin.SUPPLIER_SUBMITTED, range(7, 8))[7]
    assert [(row.public_debt_sek, row.provenance) for row in again] == [
        (row.public_debt_sek, row.provenance) for row in once
    ]
