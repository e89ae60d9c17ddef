from datetime import date
from typing import Any

from screening.report.desk import lay_out
from screening.report.sheets import build_sheets
from screening.report.trend import MONTHS, months


def test_months_are_read_from_the_first_pages_of_earlier_runs(month: Any, store: Any) -> None:
    """Of the whole organisation and of each unit; a run that was replaced, or whose sheets are gone, is left out."""
    month.build()
    month.store.finish_run(month.run.id, "done", month.run.started, 0, {})
    empty = store.begin_run("monthly", "2026-12", date(2026, 12, 31), started=month.run.started, version="1", texts={})
    store.finish_run(empty.id, "done", month.run.started, 0, {})
    later = store.begin_run("monthly", "2027-01", date(2027, 1, 31), started=month.run.started, version="1", texts={})
    store.begin_population(later.id)
    found = months(lay_out(store, later, month.config, month.rules, {}))
    assert [period for period, _counts in found[""]] == ["2026-11"]
    standing = [
        item
        for item in store.findings(month.run.id)
        if item.outcome == "flag" and item.status not in ("resolved", "ended")
    ]
    assert sum(found[""][0][1].values()) == len(standing)
    assert set(found) > {"", "HVB"}
    build_sheets(store, later, month.config, month.rules, {})
    _columns, rows = store.sheet(later.id, "Sammanfattning")
    assert [row[2] for row in rows if row[0] == "" and row[1] == "month"] == ["Månad", "2026-11", "2027-01"]


def test_at_most_a_year_is_shown(month: Any, store: Any) -> None:
    """This month makes the twelfth."""
    page = [["", "severity", "HÖG", 3, 1, 2, None, None]]
    for number in range(14):
        period = f"{2025 + number // 12}-{number % 12 + 1:02d}"
        run = store.begin_run("monthly", period, date(2025, 1, 31), started=month.run.started, version="1", texts={})
        store.put_sheet(run.id, "Sammanfattning", ["Enhet", "Block", "A", "B", "C", "D", "E", "F"], page)
        store.finish_run(run.id, "done", month.run.started, 0, {})
    found = months(lay_out(store, month.run, month.config, month.rules, {}))
    assert len(found[""]) == MONTHS - 1
    assert found[""][-1] == ("2026-02", {"critical": 0, "high": 3, "medium": 0, "low": 0})
