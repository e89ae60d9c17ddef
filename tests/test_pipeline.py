"""The whole pipeline on the sample municipality: what its stories should lead to, and the contract of its files."""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from screening.identity import read
from screening.model import Finding, Judged
from screening.names import normalise
from screening.rules import Judging
from screening.workspace import Workspace, open_workspace

ROOT = Path(__file__).resolve().parents[1]
EXPECTED = tomllib.loads((ROOT / "data" / "sample" / "expected.toml").read_text(encoding="utf-8"))
FINDING_KEYS = {
    "finding_id", "organisation", "period", "run_id", "supplier_id", "supplier", "rule", "scope_key", "outcome", "verdict",
    "severity", "level", "status", "occurrence", "first_seen", "evidence", "source", "as_of", "fetched_at", "contracts",
    "reason",
}  # fmt: skip
MANIFEST_KEYS = {
    "run_id", "kind", "period", "as_of", "state", "started", "finished", "version", "inputs", "rules", "connectors",
    "suppliers", "coverage", "findings", "incomplete", "at_or_above", "exit",
}  # fmt: skip
SHEETS = [
    "Sammanfattning", "Flaggor", "Leverantörer", "Ej bedömbara", "Ägarförändringar", "Registerkontroller", "Avslutade",
    "Indatafel", "Stickprov", "Nämndrapport", "Riskregister", "Regler", "Körning",
]  # fmt: skip
FLAG_COLUMNS = [
    "Flagg-ID",
    "Organisation",
    "Enhet",
    "Avtalsansvarig",
    "Regel-ID",
    "Regel",
    "Allvarlighet",
    "Leverantör",
    "Orgnr",
    "Leverantörsnr",
    "Avtal",
    "Avtal t.o.m.",
    "Fas",
    "Iakttagelse",
    "Belopp (kr)",
    "Köpt 12 mån (kr)",
    "Uppgift per",
    "Källa",
    "Uppgiftens ålder (dagar)",
    "Lagrum",
    "Styrka",
    "Föreslagen åtgärd",
    "Felkällor",
    "Status",
    "Först sedd",
    "Handläggs senast",
    "Leverantörens svar senast",
    "Handläggare",
    "Bedömning",
    "Motivering",
    "Gäller t.o.m.",
    "Diarienummer",
]


class Months:
    """What the three months said, by period, supplier and rule."""

    def __init__(self, workspace: Workspace) -> None:
        self.verdicts: dict[tuple[str, str, str], list[Judged]] = defaultdict(list)
        self.findings: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
        self.ids: dict[tuple[str, str], str] = {}
        store = workspace.store
        for run in store.runs(kind="monthly"):
            judging = Judging(workspace.rules, workspace.config, run.as_of)
            for dossier in store.dossiers(run.id, judging.kinds, run.as_of, workspace.routing.precedence):
                supplier = dossier.supplier
                for name in (supplier.name, *supplier.names):
                    self.ids[run.period, normalise(name)] = supplier.id
                if supplier.identity is not None:
                    self.ids[run.period, supplier.identity.reveal()] = supplier.id
                for item in judging.judge(dossier):
                    self.verdicts[run.period, supplier.id, item.rule].append(item)
            for finding in store.findings(run.id):
                self.findings[run.period, finding.supplier_id, finding.rule].append(finding)

    def supplier(self, expected: Mapping[str, Any]) -> str:
        identity = read(expected["number"]).identity
        key = identity.reveal() if identity is not None else normalise(expected["supplier"])
        try:
            return self.ids[expected["period"], key]
        except KeyError:  # gone from that period's files
            return next(found for (_, known), found in self.ids.items() if known == key)


@pytest.fixture(scope="module")
def months(three_months: Path) -> Iterator[Months]:
    with open_workspace(three_months) as workspace:
        yield Months(workspace)


def told(expected: Mapping[str, Any]) -> str:
    return f"{expected['period']} {expected.get('rule', '')} {expected['supplier']}"


@pytest.mark.parametrize("expected", EXPECTED["expect"], ids=told)
def test_a_story_leads_to_what_it_should(months: Months, expected: Mapping[str, Any]) -> None:
    """Outcome, severity, status and reason, as far as the story decides them."""
    supplier = months.supplier(expected)
    verdicts = months.verdicts[expected["period"], supplier, expected["rule"]]
    findings = months.findings[expected["period"], supplier, expected["rule"]]
    outcomes = {item.verdict.outcome for item in verdicts}
    if expected.get("outcome") == "quiet":
        assert "flag" not in outcomes
    elif expected.get("outcome"):
        assert expected["outcome"] in outcomes, [(item.scope_key, item.verdict.reason) for item in verdicts]
    if "severity" in expected:
        assert expected["severity"] in {item.severity for item in verdicts}
    if "status" in expected:
        assert expected["status"] in {item.status for item in findings}
    if "reason" in expected:
        assert expected["reason"] in {item.verdict.reason for item in verdicts}


def documents(home: Path, period: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    folder = home / "reports" / period
    lines = (folder / "findings.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines], json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("period", ["2026-09", "2026-10", "2026-11"])
def test_the_files_of_a_run_keep_their_contract(three_months: Path, period: str) -> None:
    """findings.jsonl and manifest.json have exactly the keys that others rely on, and agree with each other."""
    findings, manifest = documents(three_months, period)
    assert all(set(item) == FINDING_KEYS for item in findings)
    assert set(manifest) == MANIFEST_KEYS
    assert all(item["severity"] is None for item in findings if item["outcome"] == "unknown")
    assert all(item["evidence"]["facts"] for item in findings if item["outcome"] == "flag")
    assert all(item["rows"] == item["accepted"] + item["merged"] + item["rejected"] for item in manifest["inputs"])
    standing = [
        item["severity"]
        for item in findings
        if item["outcome"] == "flag" and item["status"] not in ("resolved", "ended")
    ]
    assert {level: standing.count(level) for level in manifest["findings"]} == manifest["findings"]
    assert manifest["suppliers"]["in_scope"] >= 120
    assert (manifest["state"], manifest["exit"]) == ("done", 0)


def test_a_completed_merger_names_who_took_over(three_months: Path) -> None:
    """The register in use does not; the one that does was asked about that supplier, in the month of the merger."""
    findings, _ = documents(three_months, "2026-10")
    (merger,) = (
        item["evidence"] for item in findings if (item["rule"], item["supplier_id"]) == ("AGA-12", "5599948147")
    )
    assert merger["variant"] == "merged"
    assert merger["successor"].startswith("Molnmyrens Data AB ")


def test_most_suppliers_are_in_order(three_months: Path) -> None:
    """A list that flags most suppliers is unusable."""
    for period in ("2026-09", "2026-10", "2026-11"):
        findings, manifest = documents(three_months, period)
        flagged = {
            item["supplier_id"]
            for item in findings
            if item["outcome"] == "flag" and item["status"] not in ("resolved", "ended")
        }
        assert len(flagged) / manifest["suppliers"]["in_scope"] <= 1 - EXPECTED["in_order_share"]


def test_the_workbook_has_its_sheets_and_columns(three_months: Path) -> None:
    """Sheet names and the columns of Flaggor are a contract; numbers are text with their zeros."""
    book = CalamineWorkbook.from_path(three_months / "reports" / "2026-11" / "avvikelserapport-2026-11.xlsx")
    assert book.sheet_names[: len(SHEETS)] == SHEETS
    rows = book.get_sheet_by_name("Flaggor").to_python()
    header = next(row for row in rows if row[0] == "Flagg-ID")
    assert [str(cell) for cell in header[: len(FLAG_COLUMNS)]] == FLAG_COLUMNS
    data = rows[rows.index(header) + 1 :]
    findings, _ = documents(three_months, "2026-11")
    standing = {
        f["finding_id"] for f in findings if f["outcome"] == "flag" and f["status"] not in ("resolved", "ended")
    }
    assert {str(row[0]) for row in data if row[0]} == standing
    assert all(isinstance(row[header.index("Belopp (kr)")], float | str) for row in data)


def test_no_personal_number_leaves_the_store(three_months: Path) -> None:
    """No output of any run holds a test personal number in full, in any common spelling."""
    numbers = (ROOT / "data" / "sample" / "test_personnummer.txt").read_text(encoding="utf-8").split()
    people = [number for number in numbers if number.isdigit() and len(number) == 12]
    spellings = [f"{n[2:8]}-{n[8:]}" for n in people] + [n[2:] for n in people] + people
    for path in sorted((three_months / "reports").rglob("*")):
        if path.suffix == ".xlsx":
            book = CalamineWorkbook.from_path(path)
            text = "\n".join(
                str(cell)
                for name in book.sheet_names
                for row in book.get_sheet_by_name(name).to_python()
                for cell in row
            )
        elif path.is_file():
            text = path.read_text(encoding="utf-8")
        else:
            text = path.name
        assert not [spelling for spelling in spellings if spelling in text or spelling in path.name]


def test_what_is_unlawful_is_not_echoed(three_months: Path) -> None:
    """The attestation row with an offence word leads to REG-06, and the word is nowhere: not in the store either."""
    findings, _ = documents(three_months, "2026-11")
    assert any(item["rule"] == "REG-06" and item["outcome"] == "flag" for item in findings)
    store = (three_months / ".screening" / "store.db").read_bytes()
    reports = b"".join(path.read_bytes() for path in (three_months / "reports").rglob("*.jsonl"))
    for word in ("dömd för misshandel", "misshandel"):
        assert word.encode() not in store
        assert word.encode() not in reports


def test_a_run_again_says_the_same_and_buys_nothing(lived: Path, run_period: Callable[..., int]) -> None:
    """The same period again is a new run of the same content, from what is stored."""
    before, first = documents(lived, "2026-11")
    assert run_period(lived, "2026-11") == 0
    after, second = documents(lived, "2026-11")
    assert second["run_id"] != first["run_id"]
    assert sum(item["cost_sek"] for item in second["connectors"].values()) == 0
    drop = {"run_id"}
    assert [{k: v for k, v in item.items() if k not in drop} for item in after] == [
        {k: v for k, v in item.items() if k not in drop} for item in before
    ]


def test_days_of_a_run_follow_the_period() -> None:
    """A period alone is its last day, or today in the current month; live sources are not asked about other days."""
    from screening.errors import UsageError
    from screening.pipeline import day_of

    today = date(2026, 11, 21)
    assert day_of("2026-09", None, today, simulated=True, offline=False).as_of == date(2026, 9, 30)
    assert day_of("2026-11", None, today, simulated=True, offline=False).as_of == today
    assert day_of("2026-12", None, date(2026, 12, 31), simulated=True, offline=False).as_of == date(2026, 12, 31)
    assert day_of(None, date(2026, 9, 15), today, simulated=True, offline=False).period == "2026-09"
    live = day_of("2026-09", None, today, simulated=False, offline=False)
    assert live.offline
    for period, day in (("2026-13", None), ("september", None), ("2026-09", date(2026, 10, 1))):
        with pytest.raises(UsageError):
            day_of(period, day, today, simulated=True, offline=False)
    with pytest.raises(UsageError, match="framtiden"):
        day_of("2026-12", None, today, simulated=False, offline=False)
