"""How many flags stood, by severity, in the months before: read from the first pages that earlier runs stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from screening.model import SEVERITIES
from screening.report.desk import Desk
from screening.report.layout import SUMMARY
from screening.report.texts import SEVERITY

MONTHS = 12
Counts = Mapping[str, int]
Trend = Mapping[str, Sequence[tuple[str, Counts]]]

_CODES = {word: code for code, words in SEVERITY.items() for word in words}


def months(desk: Desk) -> Trend:
    """Unit (empty: the whole organisation) -> (period, standing flags by severity) of earlier periods, oldest first."""
    found: dict[str, list[tuple[str, Counts]]] = {}
    for period, run_id in _earlier(desk):
        by_unit: dict[str, dict[str, int]] = {}
        _columns, rows = desk.store.sheet(run_id, SUMMARY)
        for unit, block, *cells in rows:
            severity = _CODES.get(str(cells[0])) if block == "severity" else None
            if severity is not None and isinstance(cells[1], int):
                by_unit.setdefault(str(unit), {})[severity] = cells[1]
        for unit, counts in by_unit.items():
            found.setdefault(unit, []).append((period, {severity: counts.get(severity, 0) for severity in SEVERITIES}))
    return found


def _earlier(desk: Desk) -> list[tuple[str, str]]:
    """(period, run) of the earlier periods whose first page is stored, oldest first."""
    newest: dict[str, str] = {}
    for run in desk.store.runs("monthly"):
        finished = run.state in ("done", "waiting") and not run.replaced_by
        if finished and run.period < desk.run.period and run.period not in newest:
            newest[run.period] = run.id
    kept = [(period, run_id) for period, run_id in sorted(newest.items()) if SUMMARY in desk.store.sheets(run_id)]
    return kept[-(MONTHS - 1) :]
