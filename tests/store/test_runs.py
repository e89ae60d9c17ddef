from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest

from screening.errors import StoreError
from screening.store import Run, Store


def test_an_unfinished_monthly_run_goes_on(store: Store, begin: Callable[..., Run], made: SimpleNamespace) -> None:
    """Same id, the day and the texts of now, the start of then."""
    first = begin("2026-09-15", texts={("rule", "A"): "old", ("rule", "B"): "gone"})
    store.set_stage(first.id, "collect")
    again = begin("2026-09-30", texts={("rule", "A"): "new"})
    assert (again.id, again.as_of, again.started, again.stage) == (
        first.id,
        date(2026, 9, 30),
        made.noon("2026-09-15"),
        "collect",
    )
    assert store.texts(first.id) == {("rule", "A"): "new"}


def test_a_waiting_run_goes_on_and_a_finished_one_is_replaced(
    store: Store, begin: Callable[..., Run], made: SimpleNamespace
) -> None:
    """A new run of a finished period has the next number; when it ends, the earlier one is replaced."""
    first = begin("2026-09-30")
    store.finish_run(first.id, "waiting", made.noon("2026-09-30"), 0, {"run_id": first.id})
    assert begin("2026-09-30").id == first.id
    store.finish_run(first.id, "done", made.noon("2026-09-30"), 0, {"run_id": first.id})
    second = begin("2026-09-30")
    assert (first.id, second.id) == ("M-2026-09-1", "M-2026-09-2")
    assert store.run(first.id).replaced_by is None
    store.finish_run(second.id, "done", made.noon("2026-09-30"), 3, {"run_id": second.id})
    ended = store.run(second.id)
    assert (ended.state, ended.exit, ended.finished) == ("done", 3, made.noon("2026-09-30"))
    assert ended.manifest == {"run_id": second.id}
    assert store.run(first.id).replaced_by == second.id


def test_cases_are_always_new_and_replace_nothing(
    store: Store, begin: Callable[..., Run], made: SimpleNamespace
) -> None:
    """Two checks may run at once."""
    monthly = begin("2026-09-30")
    store.finish_run(monthly.id, "done", made.noon("2026-09-30"), 0, {})
    one, two = begin("2026-09-30", kind="case", case="KS 2026/1"), begin("2026-09-30", kind="case")
    assert (one.id, two.id, one.case) == ("C-2026-09-1", "C-2026-09-2", "KS 2026/1")
    store.finish_run(two.id, "done", made.noon("2026-09-30"), 0, {})
    assert store.run(one.id).replaced_by is None
    assert store.run(monthly.id).replaced_by is None


def test_a_plan_goes_on_as_a_plan(begin: Callable[..., Run]) -> None:
    """It is not a monthly run, and asking for the price twice makes one row."""
    assert begin("2026-09-30", kind="plan").id == begin("2026-09-30", kind="plan").id == "P-2026-09-1"


def test_runs_are_listed_newest_first(store: Store, begin: Callable[..., Run], made: SimpleNamespace) -> None:
    """By period and number, of a kind or a period."""
    for day in ("2026-10-31", "2026-09-30"):
        store.finish_run(begin(day).id, "done", made.noon(day), 0, {})
    begin("2026-09-30")
    begin("2026-09-30", kind="case")
    assert [run.id for run in store.runs(kind="monthly")] == ["M-2026-10-1", "M-2026-09-2", "M-2026-09-1"]
    assert [run.id for run in store.runs(period="2026-10")] == ["M-2026-10-1"]
    assert len(store.runs()) == 4


def test_the_predecessor_is_of_an_earlier_period_finished_and_not_replaced(
    store: Store, begin: Callable[..., Run], made: SimpleNamespace
) -> None:
    """A re-run compares with the same predecessor as the run that it replaces."""
    assert store.predecessor(begin("2026-09-30")) is None
    store.finish_run("M-2026-09-1", "done", made.noon("2026-09-30"), 0, {})
    second = begin("2026-09-30")
    assert store.predecessor(second) is None
    store.finish_run(second.id, "waiting", made.noon("2026-09-30"), 0, {})
    october = begin("2026-10-31")
    found = store.predecessor(october)
    assert found is not None
    assert found.id == second.id
    store.finish_run(october.id, "done", made.noon("2026-10-31"), 0, {})
    assert store.predecessor(begin("2026-10-31")) == store.run(second.id)


def test_a_text_is_stored_once(store: Store, begin: Callable[..., Run]) -> None:
    """However many runs used it."""
    begin("2026-09-30", texts={("rule", "A"): "same", ("config", "screening.toml"): "same"})
    begin("2026-10-31", texts={("rule", "A"): "same"})
    assert store._raw_rows("SELECT COUNT(*) FROM texts", {}) == [(1,)]


def test_a_run_that_is_not_there_is_named(store: Store) -> None:
    """As a sentence."""
    with pytest.raises(StoreError, match="no run M-2020-01-1"):
        store.run("M-2020-01-1")
