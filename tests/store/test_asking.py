from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from screening.adapters.source import Ticket
from screening.config import Budget
from screening.errors import SupplierFailed
from screening.store import Counts, Run, Store

DEBT = "enforcement_debt"


def test_money_counts_from_before_the_call_is_sent(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """Open, answered and in doubt count; failed and released do not."""
    run, one = begin("2026-09-30"), supplier()
    now = made.noon("2026-09-30")
    intents = [store.intend(run.id, "creditsafe", one, 1200, now, letter=True) for _ in range(4)]
    assert (store.spent_ore("2026-09"), store.letters("2026-09")) == (4800, 4)
    store.settle(intents[0], "failed", now)
    store.settle(intents[1], "released", now)
    store.settle(intents[2], "in_doubt", now)
    assert (store.spent_ore("2026-09"), store.letters("2026-09")) == (2400, 2)
    assert store.spent_ore("2026-10") == store.letters("2026-10") == 0
    assert [item.id for item in store.in_doubt()] == [intents[2]]


def test_two_processes_cannot_both_spend_what_is_left(tmp_path: Path, made: SimpleNamespace) -> None:
    """The budget of a period is held over all its runs and processes; what is refused is not noted."""
    url, now, budget = "sqlite:///s.db", made.noon("2026-09-30"), Budget(max_sek=Decimal(30), max_letters=1)
    with Store.open(url, tmp_path) as monthly, Store.open(url, tmp_path) as check:
        one = monthly.supplier_id("unidentified", None, "A")
        runs = (
            monthly.begin_run("monthly", "2026-09", date(2026, 9, 30), now, "1", {}),
            check.begin_run("case", "2026-09", date(2026, 9, 30), now, "1", {}),
        )
        monthly.intend(runs[0].id, "creditsafe", one, 1200, now, letter=True, budget=budget)
        with pytest.raises(SupplierFailed, match="max_letters = 1"):
            check.intend(runs[1].id, "creditsafe", one, 1200, now, letter=True, budget=budget)
        check.intend(runs[1].id, "creditsafe", one, 1200, now, budget=budget)
        for store, run in ((monthly, runs[0]), (check, runs[1])):
            with pytest.raises(SupplierFailed, match="max_sek = 30"):
                store.intend(run.id, "creditsafe", one, 1200, now, budget=budget)
        assert monthly.spent_ore("2026-09") == 2400
        other = check.begin_run("case", "2026-10", date(2026, 10, 31), now, "1", {})
        check.intend(other.id, "creditsafe", one, 1200, now, letter=True, budget=budget)


def test_an_answer_closes_its_intent_with_the_facts(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """In one transaction; another supplier's stays open."""
    run, one, two = begin("2026-09-30"), supplier("A"), supplier("B")
    now = made.noon("2026-09-30")
    for each in (one, two):
        store.intend(run.id, "kronofogden", each, 200, now)
    store.put_answer(run.id, "kronofogden", made.answer(one, made.debt(0, "2026-09-30")), now, billed=1, cost_ore=200)
    assert store.spent_ore("2026-09") == 400
    assert store._raw_rows("SELECT state FROM intents ORDER BY id", {}) == [("answered",), ("open",)]
    assert store.calls(run.id)["kronofogden"] == Counts(asked=1, answered=1, calls=2, in_doubt=1, cost_ore=400)


def test_billed_calls_without_an_intent_are_counted_too(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """The cost beyond the intents is shared over them to the öre."""
    run, one = begin("2026-09-30"), supplier()
    now = made.noon("2026-09-30")
    store.intend(run.id, "kronofogden", one, 200, now)
    store.put_answer(run.id, "kronofogden", made.answer(one, made.debt(0, "2026-09-30")), now, billed=3, cost_ore=601)
    assert store.spent_ore("2026-09") == 601
    assert store.calls(run.id)["kronofogden"].calls == 3


def test_open_intents_of_an_earlier_process_are_in_doubt(tmp_path: Path, made: SimpleNamespace) -> None:
    """Counted, listed, and not closed by the answer to the question asked again."""
    url, now = "sqlite:///s.db", made.noon("2026-09-30")
    with Store.open(url, tmp_path) as store:
        run = store.begin_run("monthly", "2026-09", date(2026, 9, 30), now, "1", {})
        one = store.supplier_id("unidentified", None, "A")
        lost = store.intend(run.id, "creditsafe", one, 1200, now)
        assert store.in_doubt(run_id=run.id) == []
    with Store.open(url, tmp_path) as store:
        (intent,) = store.in_doubt("creditsafe", run.id)
        assert (intent.id, intent.supplier_id, intent.price_ore, intent.at, intent.state) == (
            lost,
            one,
            1200,
            now,
            "open",
        )
        assert store.in_doubt("other") == []
        store.intend(run.id, "creditsafe", one, 1200, now)
        store.put_answer(run.id, "creditsafe", made.answer(one, made.debt(0, "2026-09-30")), now, billed=1)
        assert [item.id for item in store.in_doubt()] == [lost]
        assert store.spent_ore("2026-09") == 2400
        assert store.calls(run.id)["creditsafe"].in_doubt == 1


def test_a_ticket_is_open_until_every_supplier_is_answered(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """And lists those that are not."""
    run, one, two = begin("2026-09-30"), supplier("A"), supplier("B")
    now = made.noon("2026-09-30")
    ticket = Ticket("f-1", tuple(sorted((one, two))), frozenset({DEBT}), now, date(2026, 10, 10))
    store.put_ticket(run.id, "kronofogden", ticket)
    store.put_ticket(run.id, "kronofogden", ticket)
    assert store.open_tickets("kronofogden") == [ticket]
    assert store.open_tickets("creditsafe") == []
    assert store.calls(run.id)["kronofogden"] == Counts(asked=2)
    store.put_answer(run.id, "kronofogden", made.answer(one, made.debt(0, "2026-09-30"), ticket="f-1"), now)
    assert store.open_tickets("kronofogden")[0].supplier_ids == (two,)
    store.put_answer(run.id, "kronofogden", made.answer(two, made.debt(0, "2026-09-30"), ticket="f-1"), now)
    assert store.open_tickets("kronofogden") == []
    store.put_answer(run.id, "kronofogden", made.answer(two, made.debt(0, "2026-10-30"), ticket="unknown"), now)


def test_a_ticket_can_be_closed_unanswered(store: Store, begin: Callable[..., Run], made: SimpleNamespace) -> None:
    """When its time is up."""
    now = made.noon("2026-09-30")
    store.put_ticket(begin("2026-09-30").id, "k", Ticket("f-1", ("S-1",), frozenset(), now))
    store.close_ticket("k", "f-1", now)
    assert store.open_tickets("k") == []


def test_a_sources_state_is_replaced_whole(store: Store) -> None:
    """Per source."""
    store.put_state("a", {"cursor": "1", "portfolio": "x"})
    store.put_state("b", {"cursor": "9"})
    store.put_state("a", {"cursor": "2"})
    store.put_state("a", {"cursor": "2"})
    assert (store.state("a"), store.state("b"), store.state("c")) == ({"cursor": "2"}, {"cursor": "9"}, {})
    store.put_state("a", {})
    assert store.state("a") == {}


def test_counts_are_of_suppliers_and_survive_being_counted_again(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """A resumed run counts as an undisturbed one: what it had asked itself is not 'from the store'."""
    run, now = begin("2026-09-30"), made.noon("2026-09-30")
    one, two, three, four = (supplier(name) for name in "ABCD")
    store.put_answer(run.id, "k", made.answer(one, made.debt(0, "2026-09-30", source="k")), now)
    store.put_answer(run.id, "k", made.answer(two, missing={DEBT: ("source_down", "")}), now)
    store.put_answer(run.id, "k", made.answer(three, missing={DEBT: ("not_found", "")}), now)
    store.put_failed(run.id, "k", [one, two])
    for _ in range(2):
        store.put_from_store(run.id, "k", [one, four])
    store.put_calls(run.id, "k", 5)
    store.put_calls(run.id, "k", 2)
    assert store.calls(run.id) == {"k": Counts(asked=3, answered=2, from_store=1, failed=1, calls=7)}
    assert store.calls("M-1999-01-1") == {}
