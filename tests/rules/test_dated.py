"""Every limit is that of the day it is judged for: limits, profiles' own, severities, ages, grounds, events."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.checks import Params
from screening.config import Config
from screening.errors import ConfigError
from screening.model import Contract, Engagement, Judged, Referral, Spend
from screening.rules import Judging, Rule, kinds_needed, load_rule
from screening.rules.bound import Bound
from screening.rules.table import LookBack

ROOT = Path(__file__).resolve().parents[2]
CHECK = '''
"""Public claims against the limit of the day on which the contract began; what is older may be too old to use."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from screening.checks import Params
from screening.model import Context, EnforcementDebt, Verdict, clear, flag


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """The limit."""

    limit_sek: Decimal


def check(debt: EnforcementDebt, c: Context, p: P) -> Verdict:
    """Flags what is at the limit or above."""
    began = c.contract.starts_on if c.contract is not None else None
    limit = (p.at(began) if began is not None else p).limit_sek
    usable = p.counts(debt.last_case_on)
    if debt.public_debt_sek < limit:
        return clear(debt)
    return flag(debt, level="large" if debt.public_debt_sek >= 10 * limit else "", last_case_on=debt.last_case_on,
                usable=usable, used_sek=limit)
'''
WORDS = "\n".join(
    f'{name} = {{ sv = "a", en = "a" }}'
    for name in ("title", "condition", "why", "finding", "action", "caution", "resolves", "source")
)
TOP = f"""
id = "PRO-01"
check = "debt_of_the_day"
severity = "medium"
levels = {{ large = "high" }}
max_age_days = 30
basis = ["Avtalets villkor"]
force = "avtal"
checked = 2026-11-30
{WORDS}
"""
LIMITS = """
[[params]]
from = 2024-01-01
limit_sek = 1_000
[[params]]
from = 2027-01-01
limit_sek = 2_000
"""
AGED = '[[case]]\nname = "x"\ntoday = 2026-11-30\nexpect = "not_applicable"\nreason = "aged_out"\n'

Make = Callable[..., Rule]


@pytest.fixture
def rule_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """A rule on a check of this test's own."""
    package = tmp_path / "checks_of_the_day"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "debt_of_the_day.py").write_text(textwrap.dedent(CHECK), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))

    def make(more: str = "", top: str = "") -> Rule:
        path = tmp_path / "pro_01_prov.toml"
        path.write_text(TOP + top + LIMITS + more, encoding="utf-8")
        return load_rule(path, package.name)

    return make


def judged(make: Any, rule: Rule, today: date, config: Config | None = None, **dossier: Any) -> list[Judged]:
    """What one debt of 2026-12-20 or the day before judging comes to."""
    debt = dossier.pop("debt", {"public_debt_sek": 1_500})
    fact = make.fact("enforcement_debt", as_of=dossier.pop("as_of", today), **debt)
    config = config or make.config({"rules": ["PRO-01"]})
    found: list[Judged] = Judging({"PRO-01": rule}, config, today).judge(make.dossier(fact, **dossier))
    return found


# --- limits -----------------------------------------------------------------------------------------------------------
def test_a_run_uses_the_limits_of_its_own_day(rule_of: Make, make: Any) -> None:
    """The limit is raised on New Year's Day: the run of December does not know of it, whenever it is made."""
    rule = rule_of()
    assert judged(make, rule, date(2026, 12, 31))[0].verdict.outcome == "flag"
    assert judged(make, rule, date(2027, 1, 1))[0].verdict.outcome == "clear"


def test_a_check_may_ask_for_the_limits_of_another_day(rule_of: Make, make: Any) -> None:
    """What held when the contract began: two contracts of one supplier get two answers, each with its limit."""
    rule = rule_of(top='scope = "contract"\n')
    old = Contract("GAMMALT", starts_on=date(2026, 12, 31))
    new = Contract("NYTT", starts_on=date(2027, 1, 1))
    seen = {item.scope_key: item.verdict for item in judged(make, rule, date(2027, 3, 31), contracts=(old, new))}
    assert (seen["GAMMALT"].outcome, seen["GAMMALT"].seen["used_sek"]) == ("flag", 1_000)
    assert seen["NYTT"].outcome == "clear"


# --- profiles' own ------------------------------------------------------------------------------------------------------
def own(*blocks: Mapping[str, object]) -> dict[str, object]:
    """A profile with dated limits of its own."""
    return {"rules": ["PRO-01"], "limits": {"PRO-01": list(blocks)}}


def test_a_profiles_own_limit_holds_from_its_day(rule_of: Make, make: Any) -> None:
    """Also where the rule's own limit changes in between."""
    rule = rule_of()
    config = make.config(
        own({"from": date(2026, 12, 1), "limit_sek": 5_000}, {"from": date(2027, 2, 1), "limit_sek": 100})
    )
    outcomes = {
        day: judged(make, rule, day, config)[0].verdict.outcome
        for day in (date(2026, 11, 30), date(2026, 12, 1), date(2027, 1, 31), date(2027, 2, 1))
    }
    assert list(outcomes.values()) == ["flag", "clear", "clear", "flag"]


def test_the_limits_of_another_day_are_the_profiles_of_that_day(rule_of: Make, make: Any) -> None:
    """``p.at`` knows the profile's dates as well as the rule's."""
    rule = rule_of(top='scope = "contract"\n')
    config = make.config(own({"from": date(2025, 7, 1), "limit_sek": 7_000}))
    days = (date(2023, 1, 1), date(2025, 6, 30), date(2025, 7, 1), date(2027, 1, 1))
    contracts = tuple(Contract(f"A-{number}", starts_on=day) for number, day in enumerate(days))
    found = judged(make, rule, date(2027, 3, 31), config, contracts=contracts, debt={"public_debt_sek": 1_000_000})
    assert [item.verdict.seen["used_sek"] for item in found] == [1_000, 1_000, 7_000, 7_000]


@pytest.mark.parametrize(
    ("blocks", "told"),
    [
        ([{"limit_sek": 5}], r"profile p0: limits.PRO-01.from: None; expected the date"),
        (
            [{"from": date(2027, 1, 1), "limit_sek": 5}, {"from": date(2026, 1, 1), "limit_sek": 5}],
            r"limits.PRO-01.from: 2026-01-01 is not after 2027-01-01",
        ),
        ([{"from": date(2027, 1, 1), "limit": 5}], r"limits.PRO-01.limit: unknown; expected one of limit_sek"),
    ],
)
def test_a_dated_limit_of_a_profile_is_verified(
    rule_of: Make, make: Any, blocks: list[Mapping[str, object]], told: str
) -> None:
    """The error names the profile, the key and what was expected."""
    rule = rule_of()
    with pytest.raises(ConfigError, match=told):
        Judging({"PRO-01": rule}, make.config(own(*blocks)), date(2027, 3, 31))


# --- severities and ages ----------------------------------------------------------------------------------------------------
CHANGE = """
[[change]]
from = 2027-01-01
levels = { large = "critical" }
max_age_days = 60
[[change]]
from = 2027-02-01
severity = "low"
max_age = { enforcement_debt = 10 }
"""


def test_a_severity_changes_from_a_day(rule_of: Make, make: Any) -> None:
    """March is graded as in March."""
    rule = rule_of(CHANGE)
    large, base = {"public_debt_sek": 50_000}, {"public_debt_sek": 2_500}
    graded = {
        day: (judged(make, rule, day, debt=large)[0].severity, judged(make, rule, day, debt=base)[0].severity)
        for day in (date(2026, 12, 31), date(2027, 1, 1), date(2027, 2, 1))
    }
    assert list(graded.values()) == [("high", "medium"), ("critical", "medium"), ("critical", "low")]
    assert rule.on(date(2026, 12, 31)) is rule
    assert rule.on(date(2027, 2, 1)).severity == "low"


def test_the_age_of_evidence_changes_from_a_day(rule_of: Make, make: Any) -> None:
    """Sixty days instead of thirty, and then ten for this kind."""
    rule = rule_of(CHANGE)
    outcomes = [
        judged(make, rule, today, as_of=as_of)[0].verdict.outcome
        for today, as_of in (
            (date(2026, 12, 31), date(2026, 11, 30)),
            (date(2027, 1, 1), date(2026, 11, 30)),
            (date(2027, 2, 1), date(2027, 1, 23)),
            (date(2027, 2, 1), date(2027, 1, 21)),
        )
    ]
    assert outcomes == ["unknown", "clear", "clear", "unknown"]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('[[change]]\nfrom = 2027-01-01\nlevels = { big = "high" }\n', r"change.levels.big: not in levels"),
        ("[[change]]\nfrom = 2027-01-01\n[[change]]\nfrom = 2026-01-01\n", r"change.from: out of order"),
        ('[[look_back]]\nfrom = 2022-07-01\nyears = 3\nbasis = "LOU 13:3 a"\nevent = "x"\n', "no case shows an event"),
    ],
)
def test_what_is_dated_is_verified(rule_of: Make, more: str, told: str) -> None:
    """A level that the check cannot choose, blocks out of order, and an age limit that nothing proves."""
    with pytest.raises(ConfigError, match=told):
        rule_of(more)


# --- events that are too old to use -------------------------------------------------------------------------------------------
LOOK_BACK = '[[look_back]]\nfrom = 2022-07-01\nyears = 3\nbasis = "LOU 13:3 a"\nevent = "last_case_on"\n' + AGED
TENDER = Contract("ANBUD", regime="LOU", phase="tender")
CARE = Contract("OMSORG", regime="LOU_annex2", phase="tender")


def event(day: date | None) -> dict[str, object]:
    """A debt whose last case is of that day."""
    return {"public_debt_sek": 1_500, "last_case_on": day}


def test_an_event_of_more_than_three_years_ago_is_not_used(rule_of: Make, make: Any) -> None:
    """On the day three years later it may still be used, on the day after not; one without a date may."""
    rule = rule_of(LOOK_BACK)
    today = date(2026, 11, 30)
    at, after = date(2023, 11, 30), date(2023, 11, 29)
    assert judged(make, rule, today, debt=event(at))[0].verdict.outcome == "flag"
    assert judged(make, rule, today, debt=event(None))[0].verdict.outcome == "flag"
    old = judged(make, rule, today, debt=event(after))[0]
    assert (old.verdict.outcome, old.verdict.reason) == ("not_applicable", "aged_out")
    assert old.verdict.seen == {"event_on": after, "look_back": "LOU 13:3 a"}
    assert old.severity is None


def test_no_event_was_too_old_before_the_limit_came(rule_of: Make, make: Any) -> None:
    """The limit has a valid-from date as every other."""
    rule = rule_of(LOOK_BACK.replace("2022-07-01", "2026-12-01"))
    assert judged(make, rule, date(2026, 11, 30), debt=event(date(2015, 1, 1)))[0].verdict.outcome == "flag"
    assert judged(make, rule, date(2026, 12, 1), debt=event(date(2015, 1, 1)))[0].verdict.outcome == "not_applicable"


def test_a_check_may_ask_whether_an_event_counts(rule_of: Make, make: Any) -> None:
    """For checks that weigh several events: each is asked about, and none is dropped by the engine."""
    rule = rule_of('[[look_back]]\nfrom = 2022-07-01\nyears = 5\nbasis = "LOU 13:1 a"\n')
    today = date(2026, 11, 30)
    used = [
        judged(make, rule, today, debt=event(day))[0].verdict.seen["usable"]
        for day in (date(2021, 11, 30), date(2021, 11, 29), None)
    ]
    assert used == [True, False, True]
    assert Params().counts(date(1990, 1, 1))


def test_where_no_paragraph_says_so_the_limit_is_a_choice(rule_of: Make, make: Any) -> None:
    """19:17 names 13:1-3 but not 13:3 a: used there by default, and not where the rule says otherwise."""
    today, old = date(2026, 11, 30), event(date(2020, 1, 1))
    everywhere = rule_of(LOOK_BACK)
    assert judged(make, everywhere, today, debt=old, contracts=(CARE,))[0].verdict.reason == "aged_out"
    by_law = rule_of(LOOK_BACK.replace("years = 3", "years = 3\nelsewhere = false"))
    outcomes = [
        judged(make, by_law, today, debt=old, contracts=contracts)[0].verdict.outcome
        for contracts in ((TENDER,), (CARE,), (TENDER, CARE), (Contract("A-1", regime="LOU", phase="contract"),))
    ]
    assert outcomes == ["not_applicable", "flag", "flag", "flag"]
    paid = judged(make, by_law, today, debt=old, contracts=(), spend=Spend(rows=1))
    assert paid[0].verdict.outcome == "flag"


def test_each_contract_has_its_own_look_back(rule_of: Make, make: Any) -> None:
    """A rule of scope contract: too old for the award under LOU, usable for the one under 19 kap."""
    rule = rule_of(LOOK_BACK.replace("years = 3", "years = 3\nelsewhere = false"), top='scope = "contract"\n')
    found = judged(make, rule, date(2026, 11, 30), debt=event(date(2020, 1, 1)), contracts=(TENDER, CARE))
    assert {item.scope_key: item.verdict.outcome for item in found} == {"ANBUD": "not_applicable", "OMSORG": "flag"}


def test_no_window_reaches_further_back_than_the_law(rules: Mapping[str, Rule], make: Any) -> None:
    """A profile may look five years and a half back: referrals of more than three years ago count no more (13:3 a)."""
    wide = {"rules": ["SKA-04"], "limits": {"SKA-04": {"window_days": 2000}}}
    judging = Judging(rules, make.config(wide), date(2026, 11, 30))

    def outcome(*days: date) -> str:
        referred = tuple(Referral(on=day, amount_sek=Decimal(5_000), ref=str(day)) for day in days)
        debt = make.fact("enforcement_debt", referrals=referred, referrals_from_on=date(2015, 1, 1))
        (found,) = judging.judge(make.dossier(debt))
        return str(found.verdict.outcome)

    assert outcome(date(2023, 11, 30), date(2025, 1, 1)) == "flag"
    assert outcome(date(2023, 11, 29), date(2025, 1, 1)) == "clear"


def test_bankruptcies_of_more_than_five_years_ago_count_no_more(rules: Mapping[str, Rule], make: Any) -> None:
    """Whatever window a profile may choose."""
    wide = {"rules": ["AGA-06"], "limits": {"AGA-06": {"window_days": 4000}}}
    judging = Judging(rules, make.config(wide), date(2026, 11, 30))

    def outcomes(day: date) -> list[str]:
        days = (day, date(2025, 1, 1))
        held = tuple(
            Engagement(person_key="K", company_key=str(one), role_code="LE", from_on=date(2010, 1, 1), bankrupt_on=one)
            for one in days
        )
        facts = [make.fact("role_engagements", engagements=held), make.fact("role_engagements", bankruptcies_on=days)]
        return [str(judging.judge(make.dossier(fact))[0].verdict.outcome) for fact in facts]

    assert outcomes(date(2021, 11, 30)) == ["flag", "unknown"]
    assert outcomes(date(2021, 11, 29)) == ["clear", "clear"]


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31)), st.integers(1, 10))
def test_the_first_usable_day_is_the_same_day_years_ago(today: date, years: int) -> None:
    """In a leap year's February the last day of the month."""
    limit = LookBack.model_validate({"from": date(2000, 1, 1), "years": years, "basis": "LOU 13:3 a"})
    first = limit.first_day(today)
    assert (first.year, first.month) == (today.year - years, today.month)
    assert first.day == today.day or (today.day, first.day) == (29, 28)


# --- whom a rule concerns -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("applies", "why"),
    [
        ('regimes = ["LOV"]', "regime"),
        ('not_regimes = ["LOU"]', "regime"),
        ('phases = ["tender"]', "phase"),
        ('services = ["Taxi"]', "service"),
        ('roles = ["sub"]', "role"),
    ],
)
@pytest.mark.parametrize("scope", ["supplier", "contract"])
def test_a_rule_may_concern_some_contracts(rule_of: Make, make: Any, applies: str, why: str, scope: str) -> None:
    """Regime, phase, service and role settle it before any fact is looked at, whatever the scope."""
    rule = rule_of(f"[applies]\n{applies}\n", top=f'scope = "{scope}"\n')
    plain = Contract("A-1", regime="LOU", service="städning")
    found = judged(make, rule, date(2026, 11, 30), contracts=(plain,))
    assert [(item.verdict.outcome, item.verdict.reason) for item in found] == [("not_applicable", why)]
    expected = Judging({"PRO-01": rule}, make.config({"rules": ["PRO-01"]}), date(2026, 11, 30))
    needs = kinds_needed(expected.expectation(make.dossier(contracts=(plain,))))
    assert needs == frozenset()


def test_only_the_contracts_that_a_rule_concerns_stand_behind_its_flag(rule_of: Make, make: Any) -> None:
    """The same supplier has one of each kind: the flag names the one."""
    rule = rule_of('[applies]\nservices = ["TAXI"]\n')
    contracts = (Contract("TAXI-1", service="taxi"), Contract("STÄD-1", service="städning"))
    found = judged(make, rule, date(2026, 11, 30), contracts=contracts)
    assert [(item.verdict.outcome, item.contracts) for item in found] == [("flag", ("TAXI-1",))]


@pytest.mark.parametrize(
    ("applies", "outcome"),
    [('not_regimes = ["LOU"]', "flag"), ('phases = ["payment"]', "flag"), ('regimes = ["LOU"]', "not_applicable")],
)
def test_what_is_paid_without_a_contract_has_a_phase_but_no_regime(
    rule_of: Make, make: Any, applies: str, outcome: str
) -> None:
    """A ledger row alone is of phase payment."""
    rule = rule_of(f"[applies]\n{applies}\n")
    found = judged(make, rule, date(2026, 11, 30), contracts=(), spend=Spend(rows=1))
    assert found[0].verdict.outcome == outcome


def test_a_bound_rule_is_that_of_its_day(rules: Mapping[str, Rule]) -> None:
    """Without changes, the very rule."""
    assert Bound(rules["SKA-01"], date(2026, 11, 30)).rule is rules["SKA-01"]
