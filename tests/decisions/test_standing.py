from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from screening.decisions import ACCEPTED, DONE, FALSE_HIT, late_reply, pair_of, standing, unhandled
from screening.model import Finding, Handled, clear, unknown
from screening.report.workdays import deadline
from screening.store import Decision

YEAR_END = date(2026, 12, 31)


def two(months: Any) -> Any:
    """September: Alfa owes 20,000 and Beta 30,000."""
    return months.run(
        "2026-09", {name: months.flag(name, amount) for name, amount in (("Alfa", 20_000), ("Beta", 30_000))}
    )


@pytest.mark.parametrize("assessment", [ACCEPTED, FALSE_HIT])
def test_an_acceptance_holds_until_its_day_and_comes_back_once_as_new(months: Any, assessment: str) -> None:
    """Neither new nor worse while it holds; its last day counts; the month after it is new, then it remains."""
    months.decide(two(months), "Alfa", assessment, until=date(2026, 10, 31))
    told = []
    for period in ("2026-10", "2026-11", "2026-12"):
        found = months.state(months.run(period, {"Alfa": months.flag("Alfa", 20_000)}), "Alfa")
        told.append((found.status, found.handled, found.settled))
    held = "accepted" if assessment == ACCEPTED else "false_hit"
    assert told == [("remaining", held, True), ("new", "expired", False), ("remaining", "expired", False)]


def test_a_period_run_again_after_its_decision_is_no_longer_new(months: Any) -> None:
    """The decision was written in a workbook of that very period."""
    first = two(months)
    assert months.state(first, "Alfa").status == "new"
    months.decide(first, "Alfa", ACCEPTED, until=YEAR_END)
    again = two(months)
    assert (months.state(again, "Alfa").status, months.state(again, "Beta").status) == ("remaining", "new")


def test_a_period_run_again_does_not_know_what_was_decided_later(months: Any) -> None:
    """October's decision says nothing of September, whenever September is run again."""
    two(months)
    months.decide(months.run("2026-10", {"Alfa": months.flag("Alfa", 20_000)}), "Alfa", ACCEPTED, until=YEAR_END)
    assert months.state(two(months), "Alfa").handled == ""
    assert months.state(months.run("2026-10", {"Alfa": months.flag("Alfa", 20_000)}), "Alfa").handled == "accepted"


@pytest.mark.parametrize(
    ("amount", "severity", "status", "state"),
    [
        (24_999, "high", "remaining", "accepted"),
        (25_000, "high", "worse", "outgrown"),
        (20_000, "critical", "worse", "outgrown"),
        (20_000, "medium", "remaining", "accepted"),
    ],
)
def test_an_acceptance_holds_until_the_facts_are_worse_than_when_it_was_made(
    months: Any, amount: int, severity: Any, status: str, state: Handled
) -> None:
    """20,000 when decided: a quarter more, or a higher severity, brings it back."""
    months.decide(two(months), "Alfa", ACCEPTED, until=YEAR_END)
    found = months.state(months.run("2026-10", {"Alfa": months.flag("Alfa", amount, severity)}), "Alfa")
    assert (found.status, found.handled) == (status, state)


def test_slow_growth_is_measured_against_the_day_of_the_decision(months: Any) -> None:
    """Two steps below a quarter add up; once outgrown, the acceptance stays so though the debt shrinks again."""
    months.decide(two(months), "Alfa", ACCEPTED, until=YEAR_END)
    told = []
    for period, amount in (("2026-10", 24_000), ("2026-11", 26_000), ("2026-12", 20_000)):
        found = months.state(months.run(period, {"Alfa": months.flag("Alfa", amount)}), "Alfa")
        told.append((found.status, found.handled))
    assert told == [("remaining", "accepted"), ("worse", "outgrown"), ("remaining", "outgrown")]


def test_a_decision_survives_that_the_finding_disappears_and_returns(months: Any) -> None:
    """Resolved in October; back in November, and still accepted."""
    months.decide(two(months), "Alfa", ACCEPTED, until=YEAR_END)
    gone = months.state(months.run("2026-10", {"Alfa": months.said("Alfa", clear())}), "Alfa")
    back = months.state(months.run("2026-11", {"Alfa": months.flag("Alfa", 20_000)}), "Alfa")
    assert gone.status == "resolved"
    assert (back.status, back.handled, back.occurrence) == ("remaining", "accepted", 2)


def test_what_was_said_to_be_put_right_and_is_still_flagged_is_told_so(months: Any) -> None:
    """In the period of the decision it is still open; in a later one it has not been done."""
    months.decide(two(months), "Alfa", DONE)
    assert months.state(two(months), "Alfa").handled == "open"
    assert months.state(months.run("2026-10", {"Alfa": months.flag("Alfa", 20_000)}), "Alfa").handled == "not_done"
    unsure = months.run("2026-11", {"Alfa": months.said("Alfa", unknown("source_down"))})
    assert (months.state(unsure, "Alfa").status, months.state(unsure, "Alfa").handled) == ("unverified", "open")


def test_a_decision_under_way_resets_what_worse_is_measured_against(months: Any) -> None:
    """Decided on at 24,000: 26,000 is no longer a quarter more."""
    two(months)
    october = months.run("2026-10", {"Alfa": months.flag("Alfa", 24_000)})
    months.decide(october, "Alfa", "Under utredning")
    found = months.state(months.run("2026-11", {"Alfa": months.flag("Alfa", 26_000)}), "Alfa")
    assert (found.status, found.handled, found.reported_measure) == ("remaining", "open", 24_000)


def test_an_acceptance_that_ran_out_while_the_flag_could_not_be_verified_comes_back_when_it_can(months: Any) -> None:
    """Not lost between."""
    months.decide(two(months), "Alfa", ACCEPTED, until=date(2026, 10, 15))
    unsure = months.run("2026-10", {"Alfa": months.said("Alfa", unknown("source_down"))})
    found = months.state(months.run("2026-11", {"Alfa": months.flag("Alfa", 20_000)}), "Alfa")
    assert (months.state(unsure, "Alfa").status, found.status, found.handled) == ("unverified", "new", "expired")


def test_the_newest_decision_holds(months: Any) -> None:
    """Also when it takes an acceptance back."""
    first = two(months)
    months.decide(first, "Alfa", ACCEPTED, until=YEAR_END)
    months.decide(first, "Alfa", "Under utredning")
    run = months.run("2026-10", {"Alfa": months.flag("Alfa", 20_000)})
    assert standing(months.store, run)[months.finding_id("Alfa")].assessment == "Under utredning"
    assert months.state(run, "Alfa").handled == "open"


def test_a_false_hit_on_a_sanctioned_person_holds_for_that_pair_wherever_it_turns_up(months: Any) -> None:
    """Another supplier with the same person and the same entity; not with another entity."""
    seen = {"own_name": "K-1", "entity_id": "E-9"}
    hit = {name: months.flag(name, 0, rule="SAN-01", **seen) for name in ("Alfa", "Beta")}
    first = months.run("2026-09", {"Alfa": hit["Alfa"]})
    pair = pair_of(months.state(first, "Alfa", "SAN-01"))
    months.decide(first, "Alfa", FALSE_HIT, rule="SAN-01", pair=pair)
    second = months.run("2026-10", hit)
    assert [months.state(second, name, "SAN-01").handled for name in hit] == ["false_hit", "false_hit"]
    other = {"Alfa": months.flag("Alfa", 0, rule="SAN-01", own_name="K-1", entity_id="E-8")}
    found = months.state(months.run("2026-11", other), "Alfa", "SAN-01")
    assert (found.status, found.handled) == ("new", "outgrown")


def test_a_case_run_is_told_of_decisions_but_its_findings_are_its_own(months: Any) -> None:
    """Compared with nothing: new, and accepted."""
    from decimal import Decimal

    from screening.stages.compare import compare

    months.decide(two(months), "Alfa", ACCEPTED, until=YEAR_END)
    case = months.store.begin_run("case", "2026-10", date(2026, 10, 5), datetime(2026, 10, 5, tzinfo=UTC), "1", {})
    months.store.put_judged(case.id, [months.flag("Alfa", 20_000)])
    compare(months.store, case, Decimal("0.25"))
    found = months.state(case, "Alfa")
    assert (found.status, found.handled) == ("new", "accepted")


def made(**changes: Any) -> Finding:
    """A standing flag."""
    values: dict[str, Any] = {
        "finding_id": "F",
        "supplier_id": "S",
        "rule": "IDE-01",
        "scope_key": "",
        "outcome": "flag",
        "verdict": "flag",
        "severity": "high",
        "level": "",
        "status": "new",
        "occurrence": 1,
        "first_seen": "2026-09",
    }
    return Finding(**{**values, **changes})


def test_a_pair_is_told_for_identity_alone() -> None:
    """A name in capitals is the same name; a rule that does not tell whom it compared has no pair."""
    one = made(evidence={"export_name": "EK  AB"})
    assert pair_of(one) == pair_of(made(evidence={"export_name": "Ek AB"}))
    assert pair_of(one) != pair_of(made(evidence={"export_name": "Ek AB"}, supplier_id="T"))
    assert pair_of(made()) == pair_of(made(rule="SKA-01", evidence={"export_name": "Ek AB"})) == ""


def test_work_that_nobody_ends_is_overdue_in_the_end() -> None:
    """Sixty days after the month of the workbook, or after the day that was written; an acceptance has its own rules."""
    due = date(2026, 9, 10)
    open_ = Decision(finding_id="F", by="A", assessment="Under utredning", at=datetime.now(UTC), period="2026-09")

    def late(decision: Decision, day: date) -> bool:
        return unhandled(made(handled="open"), decision, due, day)

    assert not late(open_, date(2026, 11, 29))
    assert late(open_, date(2026, 11, 30))
    dated = replace(open_, until=date(2026, 12, 15))
    assert not late(dated, date(2026, 12, 15))
    assert late(dated, date(2026, 12, 16))
    assert not unhandled(made(handled="accepted"), open_, due, date(2027, 1, 1))


def test_what_is_overdue() -> None:
    """A flag whose day has passed and that nobody has taken; an answer that has not come."""
    day, before = date(2026, 10, 10), date(2026, 10, 9)
    states: tuple[Handled, ...] = ("", "open", "accepted", "false_hit", "expired", "outgrown", "not_done")
    late = [state for state in states if unhandled(made(handled=state), None, before, day)]
    assert late == ["", "expired", "outgrown", "not_done"]
    assert not unhandled(made(), None, day, day)
    assert not unhandled(made(), None, None, day)
    asked = Decision(finding_id="F", by="A", assessment="Yttrande begärt", at=datetime.now(UTC), reply_by=before)
    assert late_reply(made(handled="open"), asked, day)
    assert not late_reply(made(handled="accepted"), asked, day)
    assert not late_reply(made(), replace(asked, reply_by=day), day)
    assert not late_reply(made(), replace(asked, reply_by=None), day)
    assert not late_reply(made(), None, day)


def test_the_days_to_handle_a_flag_count_from_when_it_last_got_new_or_worse(months: Any) -> None:
    """Not backwards to its first month the month after it grew, came back, or was told again as new."""
    told = []
    for period, amount in (("2026-08", 20_000), ("2026-09", 40_000), ("2026-10", 40_000)):
        run = months.run(period, {"Alfa": months.flag("Alfa", amount)})
        told.append((months.state(run, "Alfa").status, deadline(months.state(run, "Alfa"), run)))
    months.run("2026-11", {"Alfa": months.said("Alfa", clear())})
    back = months.run("2026-12", {"Alfa": months.flag("Alfa", 20_000)})
    told.append((months.state(back, "Alfa").status, deadline(months.state(back, "Alfa"), back)))
    assert told == [
        ("new", date(2026, 9, 7)),
        ("worse", date(2026, 10, 7)),
        ("remaining", date(2026, 10, 7)),
        ("new", date(2027, 1, 11)),
    ]


def test_a_flag_that_came_back_keeps_its_day_while_it_remains(months: Any) -> None:
    """First seen in August, gone in September, back in October: in November it still counts from October."""
    months.run("2026-08", {"Alfa": months.flag("Alfa", 20_000)})
    months.run("2026-09", {"Alfa": months.said("Alfa", clear())})
    months.run("2026-10", {"Alfa": months.flag("Alfa", 20_000)})
    run = months.run("2026-11", {"Alfa": months.flag("Alfa", 20_000)})
    found = months.state(run, "Alfa")
    assert (found.status, found.first_seen, found.since) == ("remaining", "2026-08", date(2026, 10, 31))
    assert deadline(found, run) == date(2026, 11, 6)
    assert deadline(replace(found, since=None), run) == date(2026, 9, 7)  # where nothing tells


def test_the_day_of_flags_stored_before_it_was_kept_is_read_from_their_history(months: Any) -> None:
    """The newest run in which it was new or worse; a state of another kind of run does not count."""
    for period, amount in (("2026-08", 20_000), ("2026-09", 40_000), ("2026-10", 40_000)):
        run = months.run(period, {"Alfa": months.flag("Alfa", amount)})
        months.store.put_findings(run.id, [replace(months.state(run, "Alfa"), since=None)])
    run = months.run("2026-11", {"Alfa": months.flag("Alfa", 40_000)})
    assert months.state(run, "Alfa").since == date(2026, 9, 30)
