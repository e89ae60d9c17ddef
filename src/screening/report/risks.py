"""Riskregister: one neutral row per unit and rule with standing flags, in the columns that the buyer's register takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from screening.config import Report
from screening.report.desk import Desk
from screening.report.layout import RISKS, Column, Layout
from screening.report.tally import Tally
from screening.report.working import Row, iso

WIDE = ("description", "cause", "effect", "control", "action")

COLUMNS: Mapping[str, Column] = {
    "organisation": Column("Organisation", width=15),
    "unit": Column("Enhet", width=20),
    "process": Column("Process", width=18),
    "risk": Column("Risk", width=24),
    "description": Column("Beskrivning", width=46),
    "cause": Column("Orsak", width=40),
    "effect": Column("Effekt", width=30, fill=True),
    "likelihood": Column("Sannolikhet", width=14, fill=True),
    "consequence": Column("Konsekvens", width=14, fill=True),
    "value": Column("Riskvärde", width=11, fill=True),
    "control": Column("Befintlig kontroll", width=36),
    "action": Column("Åtgärd", width=46),
    "owner": Column("Ansvarig", width=20),
    "date": Column("Datum", "date", 12.5),
    "due": Column("Slutdatum", "date", 12.5),
    "status": Column("Status", width=12),
    "comment": Column("Kommentar", width=30, fill=True),
    "suppliers": Column("Leverantörer", "count", 13),
    "id": Column("Extern-ID", width=24),
}
"""What a column of the register may hold (``[report] risk_columns``), and how it is shown."""


def risk_layout(report: Report) -> Layout:
    """The register's columns under the names that the buyer gave them, with its words for the two scales."""
    scales = {"likelihood": report.risk_likelihood, "consequence": report.risk_consequence}
    columns = [_named(COLUMNS[what], name, scales.get(what, ())) for name, what in report.risk_columns.items()]
    unit = next((name for name, what in report.risk_columns.items() if what == "unit"), "")
    return Layout(RISKS.name, tuple(columns), unit=unit)


def _named(column: Column, name: str, choices: tuple[str, ...]) -> Column:
    return Column(name, column.kind, column.width, fill=column.fill, choices=choices)


def risks(desk: Desk, tally: Tally) -> Iterator[Row]:
    """One row per unit and rule that has standing flags."""
    owners = {desk.unit(unit.name): unit.risk_owner for unit in desk.config.unit}
    for (unit, name), flagged in sorted(tally.risks.items()):
        values = _values(desk, unit, name, len(flagged.suppliers), flagged.due) | {"owner": owners.get(unit, "")}
        yield [values.get(what) for what in desk.config.report.risk_columns.values()]


def _values(desk: Desk, unit: str, name: str, count: int, due: date | None) -> dict[str, object]:
    rule = desk.words.rules.get(name)
    described = desk.say(f"{count} leverantörer har en stående flagga.", f"{count} suppliers have a standing flag.")
    if count == 1:
        described = desk.say("1 leverantör har en stående flagga.", "1 supplier has a standing flag.")
    why = rule.table.why.of(desk.language) if rule else ""
    check = desk.say(
        f"Månatlig granskning av leverantörer, regel {name}", f"Monthly screening of suppliers, rule {name}"
    )
    return {
        "organisation": desk.config.organisation.name,
        "unit": unit,
        "process": desk.say("Inköp och avtal", "Purchasing and contracts"),
        "risk": desk.words.title(name),
        "description": f"{described} {why}".strip(),
        "cause": why,
        "control": check,
        "action": rule.table.action.of(desk.language) if rule else "",
        "date": iso(desk.today),
        "due": iso(due),
        "status": desk.say("Öppen", "Open"),
        "suppliers": count,
        "id": f"{name}/{unit}",
    }
