from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest

from screening.model import Gap
from screening.store import Run, Store

DEBT = "enforcement_debt"


def gaps_on(store: Store, run: Run, day: str) -> dict[str, Gap]:
    (dossier,) = store.dossiers(
        run.id, frozenset({DEBT}), date.fromisoformat(day), {DEBT: ("kronofogden", "creditsafe")}
    )
    return dict(dossier.gaps)


def test_a_gap_goes_when_the_source_answers_and_stays_in_the_past(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """A dossier of the day between still shows it."""
    run = begin("2026-09-30")
    one = supplier("A", run)
    store.put_gap(run.id, one, DEBT, "kronofogden", "source_down", "500", made.noon("2026-09-30"))
    store.put_gap(run.id, one, DEBT, "kronofogden", "partial", "half", made.noon("2026-09-30"))
    later = begin("2026-10-31")
    store.put_answer(later.id, "kronofogden", made.answer(one, made.debt(0, "2026-10-31")), made.noon("2026-10-31"))
    assert gaps_on(store, run, "2026-09-30") == {DEBT: Gap(DEBT, "partial", "kronofogden", "half")}
    assert gaps_on(store, run, "2026-10-31") == {}
    assert store.gap(one, DEBT, "kronofogden") is None
    assert store.gap_counts(run.id) == []


def test_a_late_attempt_does_not_hide_a_later_answer(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """An earlier period run again after a newer one, at its own dates."""
    run = begin("2026-09-30")
    one = supplier("A", run)
    for day in ("2026-08-31", "2026-10-31"):
        store.put_facts(run.id, one, [made.debt(0, day)], made.noon(day))
    store.put_gap(run.id, one, DEBT, "kronofogden", "source_down", "", made.noon("2026-09-30"))
    assert gaps_on(store, run, "2026-10-31") == {}
    assert store.gap(one, DEBT, "kronofogden") is None
    assert gaps_on(store, run, "2026-10-01")[DEBT].reason == "source_down"


def test_the_newest_attempt_is_shown_and_ties_go_by_precedence(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """Over all sources of the kind."""
    run = begin("2026-09-30")
    one = supplier("A", run)
    for source, reason in (("creditsafe", "not_found"), ("kronofogden", "awaited")):
        store.put_gap(run.id, one, DEBT, source, reason, "", made.noon("2026-09-30"))
    assert gaps_on(store, run, "2026-09-30")[DEBT].source == "kronofogden"
    again = begin("2026-10-31")
    store.put_gap(again.id, one, DEBT, "creditsafe", "not_found", "", made.noon("2026-10-31"))
    assert gaps_on(store, run, "2026-10-31")[DEBT].source == "creditsafe"
    assert store.gap_counts(run.id) == [("creditsafe", "not_found", 1), ("kronofogden", "awaited", 1)]


def test_an_older_gap_is_not_shown_beside_a_newer_answer_of_another_source(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """But the run still counts what its first source did not give."""
    run = begin("2026-09-30")
    one = supplier("A", run)
    store.put_gap(run.id, one, DEBT, "kronofogden", "source_down", "", made.noon("2026-09-30"))
    store.put_facts(run.id, one, [made.debt(0, "2026-09-30", source="creditsafe")], made.noon("2026-09-30"))
    assert gaps_on(store, run, "2026-09-30") == {}
    assert store.gap_counts(run.id) == [("kronofogden", "source_down", 1)]


def test_a_runs_own_attempts_are_known_to_it_also_when_made_after_its_day(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """An offline run of a past day says why it lacks what it lacks."""
    run = begin("2026-09-30")
    one = supplier("A", run)
    store.put_gap(run.id, one, DEBT, "kronofogden", "not_found", "", made.noon("2026-11-15"))
    assert gaps_on(store, run, "2026-09-30")[DEBT].reason == "not_found"


def test_a_reason_is_of_the_list(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """Anything else is a mistake of the program."""
    with pytest.raises(ValueError, match="no_luck: not a reason"):
        store.put_gap(begin("2026-09-30").id, supplier(), DEBT, "k", "no_luck", "", made.noon("2026-09-30"))


def test_fresh_are_those_answered_in_the_window(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """With a fact, an equal answer, or the answer that there is nothing; not those that failed."""
    run = begin("2026-11-30")
    old, equal, nothing, failed, new = (supplier(name) for name in "ABCDE")
    store.put_all_facts(
        run.id,
        [
            (old, made.debt(0, "2026-09-01")),
            (equal, made.debt(0, "2026-09-01")),
            (equal, made.debt(0, "2026-10-15")),
            (equal, made.debt(0, "2026-11-30")),
            (new, made.debt(0, "2026-11-30")),
        ],
        made.noon("2026-11-30"),
    )
    store.put_gap(run.id, nothing, DEBT, "kronofogden", "not_found", "", made.noon("2026-11-30"))
    store.put_gap(run.id, failed, DEBT, "kronofogden", "source_down", "", made.noon("2026-11-30"))
    since = made.noon("2026-10-01")
    assert store.fresh("kronofogden", DEBT, since) == {equal, nothing, new}
    assert store.fresh("kronofogden", DEBT, since, made.noon("2026-10-31")) == {equal}
    assert store.fresh("creditsafe", DEBT, since) == set()
