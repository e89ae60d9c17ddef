"""Judging a run: what is stored, what is counted, and what is kept because it stood before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest

from screening.config import Config, validate
from screening.errors import ConfigError
from screening.identity import from_stored
from screening.model import Contract, EnforcementDebt, Origin, Provenance, Supplier
from screening.rules import Rule, load
from screening.stages.judge import judge
from screening.store import Run, Store

RULES = Path(__file__).resolve().parents[2] / "rules"
AT = datetime.combine(date(2026, 11, 20), time(12), UTC)
NUMBERS = ("5599999017", "5599999025", "5599999033")


@pytest.fixture(scope="module")
def rules() -> dict[str, Rule]:
    return dict(load(RULES))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open("sqlite:///.screening/store.db", tmp_path, organisation="5599999009") as opened:
        yield opened


def config(*names: str) -> Config:
    profile = {"name": "alla", "rules": list(names), "match": {"role": ["main"]}}
    document = {"organisation": {"name": "Fjärdvik", "orgnr": "5599999009"}, "profile": [profile]}
    return validate("screening.toml", document, Config)


def debt(amount: int) -> EnforcementDebt:
    came = Provenance(source="kronofogden", origin=Origin.AUTHORITY, as_of=AT.date(), fetched_at=AT)
    return EnforcementDebt(provenance=came, public_debt_sek=Decimal(amount))


@pytest.fixture
def run(store: Store) -> Run:
    """Four suppliers: one in debt, one without, one never asked about, one outside every profile; and an unidentified."""
    begun = store.begin_run("monthly", "2026-11", date(2026, 11, 30), AT, "1.0", {})
    store.begin_population(begun.id)
    for number, amount in zip(NUMBERS, (12_500, 0, None), strict=True):
        identity = from_stored("orgnr", "SE", number)
        supplier_id = store.supplier_id("organisation", identity, number)
        store.put_suppliers(begun.id, [Supplier(supplier_id, "organisation", identity, number)])
        store.put_contracts(begun.id, [(supplier_id, Contract(id=f"A-{number}"))])
        if amount is not None:
            store.put_facts(begun.id, supplier_id, [debt(amount)], AT)
    other = store.supplier_id("unidentified", None, "Okänd")
    store.put_suppliers(begun.id, [Supplier(other, "unidentified", None, "Okänd")])
    store.put_contracts(begun.id, [(other, Contract(id="U"))])
    outside = store.supplier_id("unidentified", None, "Utanför")
    store.put_suppliers(begun.id, [Supplier(outside, "unidentified", None, "Utanför")])
    return begun


def test_flags_and_unknowns_are_stored_and_all_are_counted(store: Store, run: Run, rules: dict[str, Rule]) -> None:
    """The clear one is in the coverage alone; the one outside every profile nowhere."""
    tally = judge(store, run, config("SKA-01"), rules, {})
    stored = {(item.verdict.outcome, item.verdict.reason) for item in store.judged(run.id)}
    assert stored == {("flag", ""), ("unknown", "no_source"), ("unknown", "identity")}
    assert store.coverage(run.id) == {"SKA-01": {"clear": 1, "flag": 1, "unknown": 2}}
    assert (tally.in_scope, tally.fully_checked, tally.unidentified) == (4, 2, 2)


def test_a_flag_is_stored_with_its_evidence(store: Store, run: Run, rules: dict[str, Rule]) -> None:
    """Amount, limit, measure, source and contract, as the report and the next run need them."""
    judge(store, run, config("SKA-01"), rules, {})
    (found,) = (item for item in store.judged(run.id) if item.verdict.outcome == "flag")
    assert (found.severity, found.measure, found.source) == ("high", Decimal(12_500), "kronofogden")
    assert found.contracts == (f"A-{NUMBERS[0]}",)
    assert found.verdict.seen["limit_sek"] == 10_000
    assert found.verdict.facts[0].kind == "enforcement_debt"


def test_a_finding_that_stood_keeps_its_verdict_also_when_clear(store: Store, run: Run, rules: dict[str, Rule]) -> None:
    """Comparison must see that a newer answer clears it; silence would not resolve."""
    supplier_id = store.supplier_id("organisation", from_stored("orgnr", "SE", NUMBERS[1]), NUMBERS[1])
    judge(store, run, config("SKA-01", "SKA-05"), rules, {}, also={(supplier_id, "SKA-01", "")})
    (found,) = store.judged(run.id, supplier_id)
    assert (found.rule, found.verdict.outcome) == ("SKA-01", "clear")
    assert found.verdict.facts[0].provenance.as_of == date(2026, 11, 20)


def test_judging_again_replaces(store: Store, run: Run, rules: dict[str, Rule]) -> None:
    """The same function of the same dossiers, so nothing doubles."""
    judge(store, run, config("SKA-01"), rules, {})
    first = list(store.judged(run.id))
    judge(store, run, config("SKA-01"), rules, {})
    assert list(store.judged(run.id)) == first


def test_another_day_may_be_judged(store: Store, run: Run, rules: dict[str, Rule]) -> None:
    """Before the answer was had, nothing was known."""
    judge(store, run, config("SKA-01"), rules, {}, today=date(2026, 11, 19))
    assert store.coverage(run.id) == {"SKA-01": {"unknown": 4}}


def test_a_profile_with_a_misspelt_rule_judges_nothing(store: Store, run: Run, rules: dict[str, Rule]) -> None:
    """A configuration error comes before any verdict."""
    with pytest.raises(ConfigError, match="no rule SKA-1"):
        judge(store, run, config("SKA-1"), rules, {})
