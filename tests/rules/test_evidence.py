from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from screening.model import Accounts, Credit, History, Verdict
from screening.rules.binding import Need
from screening.rules.evidence import Wanted, current, lacking, newest, resolve, too_old


def wanted(need: Need, oldest: date | None = None) -> Wanted:
    """A declaration as the engine prepares it."""
    return need.kind, need.shape == "one", oldest, need


NEED = Need("x", "credit", "one", optional=False)


def test_the_current_fact_of_each_scope_key_is_the_last(make: Any) -> None:
    """Rows are oldest first; keys are independent."""
    rows = (
        make.fact("accounts", scope_key="2024", employees=1),
        make.fact("accounts", scope_key="2025", employees=2),
        make.fact("accounts", scope_key="2024", employees=3),
    )
    assert [getattr(row, "employees", None) for row in current(rows)] == [3, 2]


def test_a_document_handed_in_late_displaces_the_note_that_there_was_none(make: Any) -> None:
    """A statement dated before the day we looked stands before that note in the history, and still counts."""
    signed = make.fact("declaration", as_of=date(2026, 2, 1), state="received", signed_on=date(2026, 2, 1))
    none = make.fact("declaration", as_of=date(2026, 10, 31), state="none")
    assert newest((signed, none)) is signed
    assert newest((none, signed)) is signed
    assert newest((none, none)) is none


def test_of_several_documents_the_latest_dated_counts(make: Any) -> None:
    """Two agreements under two keys: the one with the later date."""
    old = make.fact("payment_agreement", as_of=date(2025, 1, 1), scope_key="b", agreement="respite")
    new = make.fact("payment_agreement", as_of=date(2026, 1, 1), scope_key="a", agreement="payment_plan")
    assert newest((new, old)) is new


def test_each_gives_those_that_are_young_enough(make: Any) -> None:
    """``tuple[X, ...]`` holds the current facts; none young enough is missing."""
    need = replace(NEED, kind="accounts", shape="each")
    rows = (
        make.fact("accounts", as_of=date(2020, 1, 1), scope_key="2019", employees=1),
        make.fact("accounts", scope_key="2025", employees=2),
    )
    arguments: list[object] = []
    assert resolve(make.dossier(*rows), [wanted(need, date(2026, 1, 1))], arguments, make.today) == ()
    assert [fact.employees for fact in arguments[0] if isinstance(fact, Accounts)] == [2]  # type: ignore[attr-defined]
    gap = resolve(make.dossier(rows[0]), [wanted(need, date(2026, 1, 1))], [], make.today)
    assert isinstance(gap, Verdict)
    assert gap.reason == "too_old"


def test_a_history_knows_since_when_the_source_was_asked(make: Any) -> None:
    """From the store's observations; else the first row's own day."""
    need = replace(NEED, shape="history")
    row = make.fact("credit", as_of=date(2026, 11, 20), score=50)
    dossier = make.dossier(row)
    for given, expected in (({}, date(2026, 11, 20)), ({("credit", "kalla"): date(2025, 1, 1)}, date(2025, 1, 1))):
        arguments: list[object] = []
        resolve(replace(dossier, observed_from_on=given), [wanted(need)], arguments, make.today)
        history = arguments[0]
        assert isinstance(history, History)
        assert (history.observed_from_on, history.latest) == (expected, row)


def test_confirmation_makes_an_old_answer_young(make: Any) -> None:
    """What counts is the last day that it is shown to hold."""
    row = make.fact("credit", as_of=date(2026, 1, 1), score=50)
    confirmed = replace(row, provenance=replace(row.provenance, confirmed_at=datetime(2026, 11, 20, tzinfo=UTC)))
    cutoff = make.today - timedelta(days=30)
    assert resolve(make.dossier(confirmed), [wanted(NEED, cutoff)], [], make.today) == ()
    assert isinstance(resolve(make.dossier(row), [wanted(NEED, cutoff)], [], make.today), Verdict)


# --- reasons --------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Asked:
    """A request for an extract, and what the engine should say on the day."""

    requested_on: date
    reply_by_on: date | None
    received_on: date | None
    reason: str


@pytest.mark.parametrize(
    "asked",
    [
        Asked(date(2026, 11, 20), date(2026, 11, 30), None, "awaited"),
        Asked(date(2026, 11, 20), date(2026, 11, 29), None, "not_found"),
        Asked(date(2026, 10, 31), None, None, "awaited"),
        Asked(date(2026, 10, 30), None, None, "not_found"),
        Asked(date(2026, 11, 20), date(2026, 12, 30), date(2026, 11, 25), "not_found"),
    ],
)
def test_what_was_asked_for_is_awaited_inside_its_time(make: Any, asked: Asked) -> None:
    """After the last day, or once the reply came, the plain reason stands."""
    request = make.fact(
        "document_request",
        scope_key="tax_account",
        for_kind="tax_account",
        requested_on=asked.requested_on,
        reply_by_on=asked.reply_by_on,
        received_on=asked.received_on,
    )
    dossier = make.dossier(request, gaps={"tax_account": "not_found"})
    assert lacking(dossier, "tax_account", make.today).reason == asked.reason
    assert lacking(dossier, "credit", make.today).reason == "no_source"
    assert too_old(dossier, "tax_account", make.today).reason == ("awaited" if asked.reason == "awaited" else "too_old")


def test_a_document_nobody_handed_in_was_not_found(make: Any) -> None:
    """Documents come from the case file, so there is no source to connect."""
    assert lacking(make.dossier(), "declaration", make.today).reason == "not_found"
    assert lacking(make.dossier(gaps={"declaration": "doubtful"}), "declaration", make.today).reason == "doubtful"
    assert lacking(make.dossier(gaps={"credit": "not_needed"}), "credit", make.today).reason == "no_source"


def test_too_old_gives_way_to_a_better_reason(make: Any) -> None:
    """A source that is down explains why nothing newer came."""
    assert too_old(make.dossier(gaps={"credit": "source_down"}), "credit", make.today).reason == "source_down"
    assert too_old(make.dossier(gaps={"credit": "not_found"}), "credit", make.today).reason == "too_old"


def test_a_fact_of_another_source_is_not_mixed_in(make: Any) -> None:
    """The store puts other sources under ``kind@source``; only the first in precedence is judged."""
    row = make.fact("credit", score=50)
    arguments: list[object] = []
    dossier = replace(make.dossier(row), facts={"credit": (row,), "credit@annan": (replace(row, score=1),)})
    assert resolve(dossier, [wanted(NEED)], arguments, make.today) == ()
    assert isinstance(arguments[0], Credit)
    assert arguments[0].score == 50
