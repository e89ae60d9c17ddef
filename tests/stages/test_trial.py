"""A changed rule on a year that has been: what would come, go and get another severity, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from screening.config import Config, validate
from screening.errors import UsageError
from screening.identity import read
from screening.model import CompanyName, CompanyRecord, EnforcementDebt, Origin, Provenance, Spend, Supplier
from screening.report.trial import trial_lines
from screening.rules import load
from screening.rules.trial import Month, changed
from screening.stages.trial import months, trial
from screening.store import Decision, Store

RULES = load(Path(__file__).resolve().parents[2] / "rules")
DAYS = {"2026-10": date(2026, 10, 31), "2026-11": date(2026, 11, 30)}
COMPANIES = {"5599990008": "Alfa", "5599990016": "Beta", "5599990024": "Gamma"}


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def came(day: date) -> Provenance:
    return Provenance(source="kfm", origin=Origin.AUTHORITY, as_of=day, fetched_at=noon(day))


@dataclass
class History:
    """Two finished months in which companies owed something."""

    store: Store
    config: Config
    ids: dict[str, str] = field(default_factory=dict)

    def live(self, period: str, debts: dict[str, int]) -> None:
        day = DAYS[period]
        run = self.store.begin_run("monthly", period, day, noon(day), "1.0", {})
        self.store.begin_population(run.id)
        for number, name in COMPANIES.items():
            identity = read(number).identity
            supplier_id = self.ids[name] = self.store.supplier_id("organisation", identity, name)
            self.store.put_suppliers(run.id, [Supplier(supplier_id, "organisation", identity, name, (name,))])
            self.store.put_spend(run.id, [(supplier_id, Spend(last_12_months_sek=Decimal(1_000_000)))])
            record = CompanyRecord(provenance=came(day), state="registered", names=(CompanyName(f"{name} AB"),))
            debt = EnforcementDebt(provenance=came(day), public_debt_sek=Decimal(debts[name]))
            self.store.put_facts(run.id, supplier_id, [record, debt], noon(day))
        self.store.finish_run(run.id, "done", noon(day), 0, {})

    def trial(self, **values: Any) -> list[Month]:
        rule = changed(RULES["SKA-01"], values)
        return list(trial(self.store, self.config, RULES, rule, {}, months(self.store, None, None)))

    def told(self, language: Any = "sv", **values: Any) -> str:
        lines = trial_lines(RULES["SKA-01"], values, self.trial(**values), language)
        return "\n".join(lines).replace("\u00a0", " ")


def config(*rules: str, **profile: Any) -> Config:
    document = {
        "organisation": {"name": "Fjärdvik", "orgnr": "5599999009"},
        "profile": [{"name": "alla", "rules": list(rules), **profile}],
    }
    return validate("screening.toml", document, Config)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with Store.open("sqlite:///.screening/store.db", tmp_path, organisation="5599999009") as store:
        made = History(store, config("SKA-01", "IDE-01", "AGA-12"))
        made.live("2026-10", {"Alfa": 15_000, "Beta": 9_000, "Gamma": 0})
        made.live("2026-11", {"Alfa": 150_000, "Beta": 25_000, "Gamma": 5_000})
        yield made


def test_a_higher_limit_takes_away_what_is_below_it(history: History) -> None:
    """Per period, as of its day, with amount and what is bought."""
    october, november = history.trial(limit_sek=Decimal(20_000))
    assert (october.flags_before, october.flags_after) == (1, 0)
    (gone,) = october.went
    assert (gone.supplier, gone.before, gone.after) == ("Alfa", "high", "clear")
    assert (gone.amount_sek, gone.bought_sek) == (Decimal(15_000), Decimal(1_000_000))
    assert gone.finding_id == history.store.finding_id("SKA-01", history.ids["Alfa"], "")
    assert (november.flags_before, november.flags_after, november.went) == (2, 2, [])


def test_a_lower_limit_brings_more(history: History) -> None:
    """In each month those that were there then."""
    found = history.trial(limit_sek=Decimal(5_000))
    assert [[item.supplier for item in month.came] for month in found] == [["Beta"], ["Gamma"]]


def test_another_severity_is_told_apart(history: History) -> None:
    """The same findings, weighed otherwise."""
    october, november = history.trial(large_sek=Decimal(12_000))
    assert [(item.supplier, item.before, item.after) for item in october.altered] == [("Alfa", "high", "critical")]
    assert [item.supplier for item in november.altered] == ["Beta"]
    assert "HÖG → KRITISK" in history.told(large_sek=Decimal(12_000))


def test_what_becomes_unknown_goes(history: History) -> None:
    """An answer too old to judge by is no finding; it is not called clear."""
    october, _ = history.trial(max_age_days=0, limit_sek=Decimal(10_000))
    assert october.went == []
    unjudged = changed(RULES["SKA-01"], {"max_age_days": 0})
    runs = months(history.store, "2026-10", "2026-10")
    later = [run.__class__(**{**vars_of(run), "as_of": date(2026, 11, 5)}) for run in runs]
    (month,) = trial(history.store, history.config, RULES, unjudged, {}, later)
    assert [(item.before, item.after) for item in month.went] == [("high", "unknown")]


def vars_of(run: Any) -> dict[str, Any]:
    return {name: getattr(run, name) for name in run.__slots__}


def test_a_profiles_own_limit_goes_before(history: History) -> None:
    """As it would when the rule's file is changed."""
    history.config = config("SKA-01", limits={"SKA-01": {"limit_sek": 10_000}})
    assert all(not month.went for month in history.trial(limit_sek=Decimal(20_000)))


def test_decisions_are_told_and_sums_count_each_finding_once(history: History) -> None:
    """How people had decided what would go, in whichever month."""
    finding_id = history.store.finding_id("SKA-01", history.ids["Alfa"], "")
    history.store.put_decision(
        Decision(finding_id=finding_id, by="AB", assessment="Falsk träff", at=noon(DAYS["2026-10"]), period="2026-10")
    )
    text = history.told(limit_sek=Decimal(1_000_000))
    assert "(limit_sek) = 1 000 000 kr (nu 10 000 kr)" in text
    assert "2026-10 (M-2026-10-1, 2026-10-31): 1 flaggor nu, 0 med ändringen: 0 tillkommer, 1 försvinner" in text
    assert "HÖG → utan anmärkning; belopp 15 000 kr; köpt 12 mån 1 000 000 kr; Falsk träff" in text
    assert "Försvinner i någon period: 2 flaggor; belopp 175 000 kr; köpt 12 mån 2 000 000 kr; Falsk träff: 1" in text
    assert "Tillkommer i någon period: 0 flaggor" in text


def test_it_can_be_told_in_english(history: History) -> None:
    """Also without any difference."""
    text = history.told("en", limit_sek=Decimal(10_000))
    assert "nothing is written" in text
    assert "2 flags now, 2 with the change: 0 come, 0 go, 0 get another severity." in text
    assert "no decision" in history.told("en", limit_sek=Decimal(20_000))


def test_nothing_is_written(history: History, tmp_path: Path) -> None:
    """Not a byte of the store."""

    def content() -> list[bytes]:
        return [path.read_bytes() for path in sorted((tmp_path / ".screening").glob("store.db"))]

    before = content()
    history.trial(limit_sek=Decimal(20_000))
    assert content() == before
    assert history.store.audit_log() == []


def test_periods_can_be_chosen_and_must_exist(history: History) -> None:
    """What is there is told."""
    assert [run.period for run in months(history.store, "2026-11", None)] == ["2026-11"]
    assert [run.period for run in months(history.store, None, "2026-10")] == ["2026-10"]
    with pytest.raises(UsageError, match="klara: 2026-10, 2026-11"):
        months(history.store, "2027-01", None)


def test_a_rule_that_nobody_expects_cannot_be_tried(history: History) -> None:
    """Told before anything is judged, with what to do."""
    rule = RULES["SKA-02"]
    with pytest.raises(UsageError, match="ingen profil"):
        trial(history.store, history.config, RULES, rule, {}, [])
