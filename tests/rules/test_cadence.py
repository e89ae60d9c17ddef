"""How often is asked: the months of a profile, at award, and how old evidence may then be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.config import Profile
from screening.errors import ConfigError
from screening.model import Contract, Spend
from screening.rules import Judging, Rule
from screening.rules.cadence import EVER, MONTHS, answered_since

CARE = Contract("OMSORG", service="hemtjänst")
OTHER = Contract("ANNAT", service="städning")


def profile(cadence: str, **more: Any) -> Profile:
    return Profile.model_validate({"name": "p", "rules": [], "cadence": cadence, **more})


@pytest.mark.parametrize(
    ("cadence", "today", "since"),
    [
        ("monthly", date(2026, 11, 30), None),
        ("quarterly", date(2026, 12, 31), None),
        ("quarterly", date(2026, 11, 30), date(2026, 9, 1)),
        ("quarterly", date(2027, 2, 28), date(2026, 12, 1)),
        ("yearly", date(2026, 12, 1), None),
        ("yearly", date(2027, 11, 30), date(2026, 12, 1)),
        ("award", date(2026, 11, 30), EVER),
    ],
)
def test_an_answer_suffices_since_the_last_month_of_asking(cadence: str, today: date, since: date | None) -> None:
    """In a month of asking the source's own freshness decides."""
    assert answered_since(profile(cadence), today, in_tender=False) == since


def test_a_profile_may_name_its_months() -> None:
    """The months after each quarter, when attestations are due."""
    own = profile("quarterly", cadence_months=[1, 4, 7, 10])
    assert answered_since(own, date(2026, 10, 31), in_tender=False) is None
    assert answered_since(own, date(2026, 12, 31), in_tender=False) == date(2026, 10, 1)
    with pytest.raises(ValueError, match="less than or equal to 12"):
        profile("quarterly", cadence_months=[13])


def test_a_tenderer_is_asked_about_at_award() -> None:
    """Whatever is stored of it."""
    assert answered_since(profile("award"), date(2026, 11, 30), in_tender=True) is None


@given(st.sampled_from(["quarterly", "yearly"]), st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_the_last_month_of_asking_is_at_most_a_cadence_away(cadence: Any, today: date) -> None:
    """It is one of the cadence's months, before today's, and no other lies between."""
    since = answered_since(profile(cadence), today, in_tender=False)
    if since is None:
        assert today.month in MONTHS[cadence]
        return
    between = (today.year - since.year) * 12 + today.month - since.month
    assert since.month in MONTHS[cadence]
    assert 1 <= between <= 12 // len(MONTHS[cadence]) - 1


# --- a supplier's kinds -----------------------------------------------------------------------------------------------------
def rests(make: Any, rules: Mapping[str, Rule], today: date, *contracts: Contract) -> Mapping[str, date]:
    """What rests for a supplier with a quarterly profile for home care, and a yearly one for the rest."""
    config = make.config(
        {"match": {"service": ["hemtjänst"]}, "rules": ["SKA-01"], "cadence": "quarterly"},
        {"rules": ["SKA-01", "AGA-12"], "cadence": "yearly"},
    )
    found: Mapping[str, date] = Judging(rules, config, today).rests(make.supplier(), contracts, Spend(rows=1), "AB")
    return found


def test_the_most_frequent_of_a_suppliers_profiles_decides(rules: Mapping[str, Rule], make: Any) -> None:
    """Home care is asked about in September, so its kinds rest since then; what the rest alone needs rests since last year."""
    november, september = date(2026, 11, 30), date(2026, 9, 30)
    both = rests(make, rules, november, CARE, OTHER)
    assert both["enforcement_debt"] == date(2026, 9, 1)
    assert both["company_record"] == date(2025, 12, 1)
    due = rests(make, rules, september, CARE, OTHER)
    assert "enforcement_debt" not in due
    assert due["company_record"] == date(2025, 12, 1)


def test_what_is_bought_without_a_contract_has_the_cadence_of_its_profile(rules: Mapping[str, Rule], make: Any) -> None:
    """The ledger alone matches the last profile."""
    assert rests(make, rules, date(2026, 11, 30))["enforcement_debt"] == date(2025, 12, 1)


def test_where_every_profile_asks_every_month_nothing_rests(rules: Mapping[str, Rule], make: Any) -> None:
    """The usual workspace does no work for it."""
    judging = Judging(rules, make.config({"rules": ["SKA-01"]}), date(2026, 11, 30))
    assert judging.rests(make.supplier(), (CARE,), Spend(), "AB") == {}


@pytest.mark.parametrize(("cadence", "days"), [("monthly", 45), ("quarterly", 107), ("yearly", 380), ("award", 411)])
def test_evidence_may_be_older_by_the_months_in_which_nobody_asks(
    rules: Mapping[str, Rule], make: Any, cadence: str, days: int
) -> None:
    """Judged on what is stored until then, and unknown the day after: never clear on old evidence."""
    today = date(2026, 11, 30)
    judging = Judging(rules, make.config({"rules": ["SKA-01"], "cadence": cadence}), today)
    outcomes = [
        judging.judge(make.dossier(make.fact("enforcement_debt", as_of=today - timedelta(days=age))))[0].verdict
        for age in (days, days + 1)
    ]
    assert [(item.outcome, item.reason) for item in outcomes] == [("clear", ""), ("unknown", "too_old")]


def test_a_misspelt_cadence_is_an_error(make: Any) -> None:
    """It would otherwise ask every month."""
    with pytest.raises(ConfigError, match=r"profile.0.cadence: Input should be 'monthly', 'quarterly'"):
        make.config({"rules": ["SKA-01"], "cadence": "weekly"})
