"""Months with flags in a real store: what was found in each, set against what people decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from screening.config import Config
from screening.decisions import import_files, standing
from screening.decisions.answer import Result
from screening.identity import Identity, from_stored, luhn
from screening.model import (
    Contract,
    EnforcementDebt,
    Finding,
    Judged,
    Origin,
    Provenance,
    Severity,
    Supplier,
    Verdict,
    flag,
)
from screening.report import build_sheets, write_reports
from screening.rules import Rule, load
from screening.stages.compare import compare
from screening.stages.compare import standing as stood
from screening.stages.judge import judge
from screening.store import Decision, Run, Store

DAYS = {"2026-08": 31, "2026-09": 30, "2026-10": 31, "2026-11": 30, "2026-12": 31}


def at(period: str) -> datetime:
    """The last day of a month, at dawn."""
    return datetime(int(period[:4]), int(period[5:]), DAYS[period], 6, tzinfo=UTC)


class Months:
    """Runs of several periods over a few suppliers, judged as a test says."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.config = Config.model_validate(
            {"organisation": {"name": "Granby", "orgnr": "212000-0000"}, "profile": [{"name": "a", "rules": []}]}
        )

    def supplier(self, name: str) -> str:
        """The id of a supplier by name."""
        return self.store.supplier_id("unidentified", None, name)

    def finding_id(self, name: str, rule: str = "SKA-01") -> str:
        """The id of a supplier's finding."""
        return self.store.finding_id(rule, self.supplier(name), "")

    def run(self, period: str, verdicts: Mapping[str, Judged | None], *, finish: bool = True) -> Run:
        """One monthly run, compared and finished."""
        day = at(period)
        run = self.store.begin_run("monthly", period, day.date(), day, "1.0", {})
        self.store.begin_population(run.id)
        self.store.put_suppliers(
            run.id, [Supplier(self.supplier(name), "unidentified", None, name) for name in verdicts]
        )
        self.store.put_judged(run.id, [item for item in verdicts.values() if item is not None])
        compare(self.store, run, Decimal("0.25"))
        if finish:
            self.store.finish_run(run.id, "done", day, 0, {})
        return run

    def flag(self, name: str, amount: int, severity: Severity = "high", rule: str = "SKA-01", **seen: str) -> Judged:
        """A flag on a debt of so much."""
        came = Provenance(
            source="kronofogden", origin=Origin.AUTHORITY, as_of=date(2026, 8, 20), fetched_at=at("2026-08")
        )
        debt = EnforcementDebt(provenance=came, public_debt_sek=Decimal(amount))
        verdict = flag(debt, public_debt_sek=Decimal(amount), **seen)
        return Judged(self.supplier(name), rule, "", verdict, severity=severity, measure=Decimal(amount))

    def said(self, name: str, verdict: Verdict, rule: str = "SKA-01") -> Judged:
        """Any other verdict."""
        return Judged(self.supplier(name), rule, "", verdict)

    def state(self, run: Run, name: str, rule: str = "SKA-01") -> Finding:
        """The finding of a supplier in a run."""
        wanted = self.finding_id(name, rule)
        return next(item for item in self.store.findings(run.id) if item.finding_id == wanted)

    def decide(self, run: Run, name: str, assessment: str, **more: object) -> None:
        """A decision on the finding as it stands in a run."""
        found = self.state(run, name, str(more.pop("rule", "SKA-01")))
        values: dict[str, object] = {
            "finding_id": found.finding_id,
            "by": "Anna Ek",
            "assessment": assessment,
            "reason": "Betald",
            "at": at(run.period),
            "run_id": run.id,
            "period": run.period,
            "severity": found.severity,
            "measure": found.measure,
            "occurrence": found.occurrence,
        }
        self.store.put_decision(Decision(**{**values, **more}))  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A real store."""
    with Store.open("sqlite:///store.db", tmp_path, organisation="2120000000") as found:
        yield found


@pytest.fixture
def months(store: Store) -> Months:
    """See ``Months``."""
    return Months(store)


# --- whole months, from facts to workbooks ------------------------------------------------------------------------------
RULES = Path(__file__).resolve().parents[2] / "rules"
UNITS = ("Hemtjänst", "Skola & förskola")


def number(place: int) -> Identity:
    """A fictitious organisation number with a right check digit."""
    stem = f"5599{place:05d}"
    return from_stored("orgnr", "SE", next(f"{stem}{digit}" for digit in range(10) if luhn(f"{stem}{digit}")))


class Office:
    """A municipality whose suppliers owe what a test says, month by month, with the workbooks that people fill in."""

    def __init__(self, store: Store, home: Path, rules: Mapping[str, Rule], language: str = "sv") -> None:
        self.store, self.home, self.rules = store, home, rules
        self.config = Config.model_validate(
            {
                "organisation": {"name": "Granby kommun", "orgnr": "212000-0000"},
                "profile": [{"name": "alla", "rules": ["SKA-01", "REG-01"]}],
                "decisions": {"inbox": "beslut"},
                "report": {"language": language},
            }
        )
        self.names = [f"Leverantör {place} AB" for place in range(8)]

    def supplier(self, place: int) -> Supplier:
        """The supplier at a place, with the number that it has."""
        identity, name = number(place), self.names[place]
        found = self.store.supplier_id("organisation", identity, name)
        return Supplier(found, "organisation", identity, name, (name,), (f"00{place}",))

    def month(self, period: str, debts: Mapping[int, int]) -> Run:
        """One whole monthly run: every supplier is known, and owes what ``debts`` says, else nothing."""
        day = at(period)
        run = self.store.begin_run("monthly", period, day.date(), day, "1.0", {})
        self.store.begin_population(run.id)
        suppliers = [self.supplier(place) for place in range(len(self.names))]
        self.store.put_suppliers(run.id, suppliers)
        for place, item in enumerate(suppliers):
            units = UNITS if place % 2 == 0 else UNITS[:1]
            contracts = [Contract(id=f"A-{place}-{unit[0]}", unit=unit, service=unit.lower()) for unit in units]
            self.store.put_contracts(run.id, [(item.id, contract) for contract in contracts])
            came = Provenance(source="kronofogden", origin=Origin.AUTHORITY, as_of=day.date(), fetched_at=day)
            owed = Decimal(debts.get(place, 0))
            self.store.put_facts(run.id, item.id, [EnforcementDebt(provenance=came, public_debt_sek=owed)], day)
        decided = standing(self.store, run)
        judge(self.store, run, self.config, self.rules, {}, also=stood(self.store, run), decisions=decided)
        compare(self.store, run, Decimal("0.25"))
        build_sheets(self.store, run, self.config, self.rules, {})
        self.store.finish_run(run.id, "done", day, 0, {})
        write_reports(self.store, run, self.config, self.home / "reports")
        return run

    def report(self, period: str) -> Path:
        """The workbook of a month."""
        return self.home / "reports" / period / f"avvikelserapport-{period}.xlsx"

    def unit(self, period: str, name: str) -> Path:
        """A unit's workbook of a month."""
        return self.home / "reports" / period / "enheter" / f"{name}.xlsx"

    def finding_id(self, place: int) -> str:
        """The finding on the debt of the supplier at a place."""
        return self.store.finding_id("SKA-01", self.supplier(place).id, "")

    def state(self, run: Run, place: int) -> Finding:
        """That finding as a run left it."""
        wanted = self.finding_id(place)
        return next(item for item in self.store.findings(run.id) if item.finding_id == wanted)

    def bring(self, *paths: Path, by: str = "ekonom", day: datetime | None = None) -> Result:
        """Reads workbooks in."""
        return import_files(self.store, self.config, paths, by, day or datetime(2026, 12, 1, 8, tzinfo=UTC))


class Filled:
    """A workbook opened as a person does, with cells named by their columns."""

    def __init__(self, path: Path, sheet: str = "Flaggor") -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)
        self.sheet = self.book[sheet]

    @property
    def columns(self) -> dict[str, int]:
        """Header -> column number."""
        return {str(cell.value): int(cell.column or 0) for cell in self.sheet[1]}

    def rows(self, finding_id: str) -> list[int]:
        """The rows of a finding: one per unit."""
        return [row for row in range(2, self.sheet.max_row + 1) if self.sheet.cell(row, 1).value == finding_id]

    def write(self, row: int, **cells: object) -> Filled:
        """Writes in a row, by what the columns are called in short."""
        names = {
            "reply": "Leverantörens svar senast", "who": "Handläggare", "what": "Bedömning", "why": "Motivering",
            "until": "Gäller t.o.m.", "diary": "Diarienummer", "asked": "Begärd den", "due": "Svar senast",
            "comment": "Kommentar", "supplier": "Leverantör", "seen": "Iakttagelse",
        }  # fmt: skip
        for name, value in cells.items():
            self.sheet.cell(row, self.columns[names.get(name, name)]).value = value  # type: ignore[assignment]
        return self

    def accept(self, finding_id: str, **more: object) -> Filled:
        """Accepts the explanation in every row of a finding."""
        cells: dict[str, object] = {"who": "Anna Ek", "what": "Godtagen förklaring", "why": "Betald 3/10"}
        for row in self.rows(finding_id):
            self.write(row, **{**cells, "until": date(2027, 3, 31), **more})
        return self

    def save(self, path: Path | None = None) -> Path:
        """Saved where it was, or elsewhere."""
        self.book.save(path or self.path)
        return path or self.path


@pytest.fixture(scope="session")
def rules() -> Mapping[str, Rule]:
    """The rules of the sample."""
    return dict(load(RULES))


@pytest.fixture(scope="session")
def make_office() -> type[Office]:
    """See ``Office``."""
    return Office


@pytest.fixture
def office(store: Store, tmp_path: Path, rules: Mapping[str, Rule]) -> Office:
    """See ``Office``."""
    return Office(store, tmp_path, rules)


@pytest.fixture
def filled() -> type[Filled]:
    """See ``Filled``."""
    return Filled
