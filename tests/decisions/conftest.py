"""Months with flags in a real store: what was found in each, set against what people decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from screening.config import Config
from screening.model import EnforcementDebt, Finding, Judged, Origin, Provenance, Severity, Supplier, Verdict, flag
from screening.stages.compare import compare
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
