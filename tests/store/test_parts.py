"""Paid parts of an answer: each on disk with what it cost, and gone when the answer is whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from screening.adapters.source import Answer
from screening.config import Retention
from screening.store import Run, Store

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
SINCE = NOW - timedelta(days=25)


def test_a_part_is_answered_and_given_back(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str]
) -> None:
    """Nothing is in doubt then; the newest of its name counts, and old ones do not."""
    run, who = begin("2026-09-30"), supplier()
    for data in (b"first", b"second"):
        store.keep_part(store.intend(run.id, "v4", who, 200, NOW), "today", data, NOW)
    kept = store.part("v4", who, "today", SINCE)
    assert kept is not None
    assert (kept.data, kept.at) == (b"second", NOW)
    assert store.in_doubt() == []
    assert store.spent_ore(run.period) == 400
    assert store.in_parts("v4", SINCE) == {who}
    later = NOW + timedelta(days=1)
    assert store.part("v4", who, "today", later) is None
    assert store.in_parts("v4", later) == set()


def test_a_whole_answer_ends_its_parts(store: Store, begin: Callable[..., Run], supplier: Callable[..., str]) -> None:
    """Their calls are not noted again; a failed try leaves them."""
    run, who = begin("2026-09-30"), supplier()
    store.keep_part(store.intend(run.id, "v4", who, 200, NOW), "today", b"x", NOW)
    store.put_answer(run.id, "v4", Answer(supplier_id=who, missing={"officers": ("source_down", "")}), NOW)
    assert store.in_parts("v4", SINCE) == {who}
    store.intend(run.id, "v4", who, 200, NOW)
    whole = Answer(supplier_id=who, missing={"officers": ("not_found", "")}, raw=b"{}")
    store.put_answer(run.id, "v4", whole, NOW, billed=2, cost_ore=400)
    assert store.in_parts("v4", SINCE) == set()
    assert store.spent_ore(run.period) == 400
    assert store.in_doubt() == []


def test_parts_that_were_never_made_whole_are_purged_with_raw_answers(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str]
) -> None:
    """By the same days."""
    run, who = begin("2026-09-30"), supplier()
    store.keep_part(store.intend(run.id, "v4", who, 200, NOW), "today", b"x", NOW)
    policy = Retention(decision="KS 2026/1")
    taken = store.purge(policy, NOW.date() + timedelta(days=policy.raw_days + 1), dry_run=False)
    assert [(item.table, item.rows) for item in taken if item.table == "parts"] == [("parts", 1)]
    assert store.in_parts("v4", SINCE) == set()
    assert store.spent_ore(run.period) == 200
