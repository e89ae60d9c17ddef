from collections.abc import Callable
from datetime import date
from typing import Any

from screening.store import Decision

Rows = Callable[[str], list[dict[str, Any]]]


def test_it_counts_what_was_checked_flagged_and_is_open(rows: Rows) -> None:
    """Every area that board and internal control ask for, and the open flags by age add up to all."""
    lines = rows("Nämndrapport")
    areas = list(dict.fromkeys(row["Område"] for row in lines))
    assert areas[:6] == ["Kontrollerat", "Flaggor", "Bedömt", "Öppna efter ålder", "Försenat", "Träffar per regel"]
    standing = sum(row["Värde"] for row in lines if row["Mått"] in ("KRITISK", "HÖG", "MEDEL", "LÅG"))
    ages = [row["Värde"] for row in lines if row["Område"] == "Öppna efter ålder"]
    assert len(ages) == 4
    assert sum(ages) == standing
    hits = next(row for row in lines if row["Mått"].startswith("SKA-01"))
    assert (hits["Värde"], hits["Kommentar"]) == (3, "11\u00a0% av 27 bedömda; 2 ej bedömbara")


def test_decisions_and_false_hits_are_counted(month: Any) -> None:
    """How a rule's flags came out when people looked is what tells whether its limit is right."""
    flags = [item for item in month.store.findings(month.run.id) if item.rule == "SKA-01" and item.outcome == "flag"]
    for item, assessment in zip(flags, ("Falsk träff", "Under utredning"), strict=False):
        month.store.put_decision(
            Decision(finding_id=item.finding_id, by="A", assessment=assessment, at=month.run.started, period="2026-11", until=date(2027, 1, 1))
        )  # fmt: skip
    month.build()
    columns, rows = month.store.sheet(month.run.id, "Nämndrapport")
    lines = [dict(zip(columns, row, strict=True)) for row in rows]
    decided = {row["Mått"]: row["Värde"] for row in lines if row["Område"] == "Bedömt"}
    assert decided["Stående flaggor med bedömning"] == 2
    assert decided["Falsk träff"] == 1
    hits = next(row for row in lines if row["Mått"].startswith("SKA-01"))
    assert hits["Kommentar"].endswith("1 av 2 handlagda var falsk träff")
