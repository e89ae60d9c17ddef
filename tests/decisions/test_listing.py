"""What each decision means today, on the screen, in the report and in the order of the working list."""

from __future__ import annotations

from datetime import date
from typing import Any

from screening.decisions.listing import listed, unmatched

DEBTS = {0: 20_000, 1: 30_000, 2: 45_000, 3: 12_000, 4: 60_000}


def test_two_months_of_decisions_replayed(office: Any, filled: Any) -> None:
    """September decided on, October and November run, then both once more: the same each time, and told in the report."""
    office.month("2026-09", DEBTS)
    book = filled(office.report("2026-09"))
    book.accept(office.finding_id(0), until=date(2026, 10, 31))  # runs out before November
    book.accept(office.finding_id(1))  # holds
    book.accept(office.finding_id(2), what="Åtgärdad", until=None)  # still flagged
    book.accept(office.finding_id(3), what="Falsk träff")  # grows by half
    book.accept(office.finding_id(4))  # paid
    assert office.bring(book.save()).counts["refused"] == 0
    assert {item.state for item in listed(office.store)} == {"pending"}
    later = {0: 20_000, 1: 30_000, 2: 45_000, 3: 18_000}

    def told(period: str) -> list[tuple[str, str]]:
        run = office.month(period, later)
        states = {item.finding_id: item for item in office.store.findings(run.id) if item.outcome == "flag"}
        found = [states.get(office.finding_id(place)) for place in DEBTS]
        return [("", "") if item is None else (item.status, item.handled) for item in found]

    october = told("2026-10")
    assert october == [
        ("remaining", "accepted"),
        ("remaining", "accepted"),
        ("remaining", "not_done"),
        ("worse", "outgrown"),
        ("resolved", ""),
    ]
    november = told("2026-11")
    assert november == [
        ("new", "expired"),
        ("remaining", "accepted"),
        ("remaining", "not_done"),
        ("remaining", "outgrown"),
        ("", ""),
    ]
    assert told("2026-10") == october
    assert told("2026-11") == november
    run = office.store.runs(kind="monthly", period="2026-11")[0]
    _columns, rows = office.store.sheet(run.id, "Flaggor")
    order = list(dict.fromkeys(str(row[0]) for row in rows if str(row[0]).startswith("SKA-01")))
    assert order[0] == office.finding_id(0)  # run out: on top
    assert order[-1] == office.finding_id(1)  # settled: last
    said = {str(row[1]): str(row[2]) for row in office.store.sheet(run.id, "Körning")[1] if row[0] == "Beslut"}
    assert said["Godtagna förklaringar"] == "1"
    assert said["Beslut utan flagga"] == "1"
    assert said[office.finding_id(4)] == "motsvarar ingen flagga i den senaste körningen"


def test_every_decision_is_listed_with_what_it_means_today(office: Any, filled: Any) -> None:
    """In force, of a closed flag, without a flag; with the supplier's name."""
    office.month("2026-09", DEBTS)
    book = filled(office.report("2026-09"))
    for place in DEBTS:
        book.accept(office.finding_id(place))
    office.bring(book.save())
    office.month("2026-10", {0: 20_000, 1: 90_000})
    found = {item.decision.finding_id: item for item in listed(office.store)}
    states = [found[office.finding_id(place)].state for place in DEBTS]
    assert states == ["accepted", "outgrown", "closed", "closed", "closed"]
    assert found[office.finding_id(0)].supplier == "Leverantör 0 AB"
    assert unmatched(office.store) == []
    office.month("2026-11", {0: 20_000})
    gone = unmatched(office.store)
    assert [item.supplier for item in gone] == [
        office.names[place] for place in sorted((2, 3, 4), key=office.finding_id)
    ]


def test_many_decisions_without_a_flag_are_cut_short(office: Any) -> None:
    """The report names fifty; the command lists all."""
    from screening.store import Decision

    made = [
        Decision(
            finding_id=f"SKA-01-{place:08d}",
            by="Anna",
            assessment="Falsk träff",
            at=office.month("2026-09", {}).started if place == 0 else office.store.runs()[0].started,
            period="2026-08",
        )
        for place in range(53)
    ]
    office.store.put_decisions(made)
    run = office.month("2026-10", {})
    rows = [row for row in office.store.sheet(run.id, "Körning")[1] if row[0] == "Beslut"]
    assert len(rows) == 52
    assert rows[-1][3] == "och 3 till: screening decisions list"
    assert len(unmatched(office.store)) == 53
