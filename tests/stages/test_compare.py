"""The life of a finding: what each verdict makes of what stood before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from screening.model import EnforcementDebt, Finding, Judged, Origin, Provenance, Verdict, clear, flag, unknown
from screening.stages.compare import life

SHARE = Decimal("0.25")


def debt(amount: int, day: date = date(2026, 11, 20)) -> EnforcementDebt:
    came = Provenance(
        source="kronofogden",
        origin=Origin.AUTHORITY,
        as_of=day,
        fetched_at=datetime(day.year, day.month, day.day, 6, tzinfo=UTC),
        raw_sha256="ab" * 32,
    )
    return EnforcementDebt(provenance=came, public_debt_sek=Decimal(amount))


def judged(verdict: Verdict, measure: int | None = None) -> Judged:
    return Judged(
        supplier_id="S-1",
        rule="SKA-01",
        scope_key="",
        verdict=verdict,
        severity="high" if verdict.outcome == "flag" else None,
        measure=None if measure is None else Decimal(measure),
        source="kronofogden",
    )


def flagged(amount: int) -> Judged:
    return judged(flag(debt(amount), public_debt_sek=Decimal(amount)), amount)


def state(item: Judged, old: Finding | None, period: str = "2026-11") -> Finding | None:
    return life("SKA-01-ABCDEFGH", item, old, period, SHARE)


def stood(amount: int = 20_000, **changes: object) -> Finding:
    first = state(flagged(amount), None, "2026-10")
    assert first is not None
    return replace(first, **changes)  # type: ignore[arg-type]


def test_a_flag_never_seen_is_new() -> None:
    """First seen this period, with its evidence and facts."""
    found = state(flagged(20_000), None)
    assert found is not None
    assert (found.status, found.occurrence, found.first_seen) == ("new", 1, "2026-11")
    assert found.evidence == {"public_debt_sek": Decimal(20_000)}
    assert found.facts[0]["raw_sha256"] == "ab" * 32


@pytest.mark.parametrize(("amount", "status"), [(24_999, "remaining"), (25_000, "worse"), (10_000, "remaining")])
def test_a_flag_is_worse_from_a_quarter_above_what_was_reported(amount: int, status: str) -> None:
    """20,000 reported: 25,000 is worse, 24,999 is not."""
    found = state(flagged(amount), stood())
    assert found is not None
    assert found.status == status
    assert found.first_seen == "2026-10"


def test_slow_growth_is_measured_against_what_was_last_reported() -> None:
    """Two steps below a quarter add up: the second is worse, because the first was never reported as such."""
    first = state(flagged(24_000), stood())
    assert first is not None
    assert first.reported_measure == Decimal(20_000)
    second = state(flagged(26_000), first, "2026-12")
    assert second is not None
    assert second.status == "worse"
    assert second.reported_measure == Decimal(26_000)


def test_a_higher_severity_is_worse() -> None:
    """The same amount, raised to critical."""
    found = state(replace(flagged(20_000), severity="critical"), stood())
    assert found is not None
    assert found.status == "worse"


def test_unknown_does_not_resolve_a_flag() -> None:
    """Silence never resolves: the flag stays, unverified, with the reason."""
    found = state(judged(unknown("source_down")), stood())
    assert found is not None
    assert (found.outcome, found.verdict, found.status, found.reason) == (
        "flag",
        "unknown",
        "unverified",
        "source_down",
    )
    assert found.severity == "high"


def test_an_unverified_flag_that_is_seen_again_remains() -> None:
    """It never stopped standing."""
    found = state(flagged(20_000), stood(status="unverified"))
    assert found is not None
    assert (found.status, found.occurrence) == ("remaining", 1)


def test_a_newer_answer_resolves() -> None:
    """The resolved finding carries the dates of the answer that showed it."""
    found = state(judged(clear(debt(0, date(2026, 11, 25)))), stood())
    assert found is not None
    assert (found.status, found.as_of) == ("resolved", date(2026, 11, 25))


def test_a_rule_that_no_longer_concerns_ends_the_finding() -> None:
    """Not applicable is not resolved."""
    found = state(judged(Verdict("not_applicable", reason="phase")), stood())
    assert found is not None
    assert found.status == "ended"


@pytest.mark.parametrize("closed", ["resolved", "ended"])
def test_a_closed_finding_that_returns_is_new_again(closed: str) -> None:
    """It keeps its id and first period and counts one occurrence more."""
    found = state(flagged(20_000), stood(status=closed))
    assert found is not None
    assert (found.status, found.occurrence, found.first_seen) == ("new", 2, "2026-10")


def test_a_closed_finding_that_stays_away_is_not_shown_again() -> None:
    """Closed once is listed once."""
    assert state(judged(clear()), stood(status="resolved")) is None


def test_unknown_findings_remain_and_close_silently() -> None:
    """Two months unknown is one finding; clear leaves nothing."""
    first = state(judged(unknown("awaited")), None, "2026-10")
    assert first is not None
    second = state(judged(unknown("source_down")), first)
    assert second is not None
    assert (first.status, second.status, second.first_seen, second.severity) == ("new", "remaining", "2026-10", None)
    assert state(judged(clear()), second) is None


def test_an_unknown_that_becomes_a_flag_is_new() -> None:
    """Its life as a flag begins now."""
    first = state(judged(unknown("awaited")), None, "2026-10")
    found = state(flagged(20_000), first)
    assert found is not None
    assert (found.status, found.first_seen) == ("new", "2026-11")
