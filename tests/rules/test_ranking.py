"""In which order suppliers are read: risk × money, deterministic, and nothing more."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from screening.config import Assessment
from screening.model import SEVERITIES, Contract, Severity, Spend
from screening.rules import NEVER_DECIDES, assess, formula, rank
from screening.rules.ranking import Order

DAY = date(2026, 11, 30)
LIMITS = Assessment()


def placed(
    *flags: str, bought: int = 0, contracts: tuple[Contract, ...] = (), unknown: int = 0
) -> tuple[int, int, int]:
    """Risk, money and points of a supplier with these flags (rule and severity)."""
    standing = [(rule, severity) for rule, severity in (flag.split() for flag in flags)]
    overall = assess(standing, unknown, LIMITS)  # type: ignore[arg-type]  # words of the test
    found = rank(overall, contracts, Spend(last_12_months_sek=Decimal(bought)), DAY, LIMITS)
    assert found.points == found.risk * found.money
    return found.risk, found.money, found.points


@pytest.mark.parametrize(
    ("flags", "risk"),
    [
        ((), 0),
        (("SKA-05 low",), 1),
        (("KRE-01 medium",), 2),
        (("SKA-01 high",), 3),
        (("SKA-01 critical",), 4),
        (("SKA-02 medium", "KRE-01 medium", "AGA-01 medium", "REG-03 medium"), 3),
        (("SKA-05 low", "KRE-03 low", "AGA-09 low", "REG-08 low"), 3),
    ],
)
def test_risk_is_that_of_the_flags_together(flags: tuple[str, ...], risk: int) -> None:
    """A critical one; else a deeper check or a serious one; else medium; else light; and nothing that stands is none."""
    assert placed(*flags)[0] == risk


@pytest.mark.parametrize(
    ("bought", "money"),
    [(0, 1), (99_999, 1), (100_000, 2), (999_999, 2), (1_000_000, 3), (9_999_999, 3), (10_000_000, 4)],
)
def test_money_has_four_steps(bought: int, money: int) -> None:
    """At the step it is the higher one."""
    assert placed("SKA-01 high", bought=bought) == (3, money, 3 * money)


def test_money_is_the_larger_of_contracts_and_spend() -> None:
    """The contracts that run, and those in tender; not the one that has ended, nor one that names no value."""
    running = Contract("A", value_sek=Decimal(600_000), ends_on=DAY)
    tender = Contract("B", value_sek=Decimal(500_000), phase="tender", starts_on=date(2027, 1, 1))
    ended = Contract("C", value_sek=Decimal(50_000_000), ends_on=date(2026, 11, 29))
    assert placed("SKA-01 high", contracts=(running, tender, ended, Contract("D")))[1] == 3
    assert placed("SKA-01 high", contracts=(running,), bought=10_000_000)[1] == 4


def test_a_supplier_without_a_standing_flag_has_no_number() -> None:
    """What could not be checked is no risk that was seen; it is shown as not checked."""
    assert placed(bought=50_000_000, unknown=7) == (0, 4, 0)


@given(st.lists(st.tuples(st.sampled_from(["SKA-01", "AGA-02", "KRE-01"]), st.sampled_from(SEVERITIES)), max_size=4))
def test_a_worse_supplier_is_never_read_later(flags: list[tuple[str, Severity]]) -> None:
    """One flag more, at the same money, never lowers the place; the place is the same however the flags are listed."""
    spend = Spend(last_12_months_sek=Decimal(250_000))
    here = rank(assess(flags, 0, LIMITS), (), spend, DAY, LIMITS)
    more = rank(assess([*flags, ("REG-01", "high")], 0, LIMITS), (), spend, DAY, LIMITS)
    assert more.order < here.order
    assert rank(assess(flags[::-1], 0, LIMITS), (), spend, DAY, LIMITS).order == here.order


def test_equal_numbers_are_told_apart() -> None:
    """Risk first, then the worse flags, then money."""

    def order(*flags: tuple[str, Severity], bought: int) -> Order:
        return rank(assess(flags, 0, LIMITS), (), Spend(last_12_months_sek=Decimal(bought)), DAY, LIMITS).order

    twelve = order(("SKA-01", "critical"), bought=2_000_000), order(("SKA-01", "high"), bought=20_000_000)
    assert twelve[0] < twelve[1]
    assert order(("SKA-01", "high"), ("KRE-01", "low"), ("AGA-01", "medium"), bought=200_000) < order(
        ("SKA-01", "high"), bought=900_000
    )
    assert order(("SKA-01", "high"), bought=900_000) < order(("SKA-01", "high"), bought=200_000)


def test_the_page_says_how_and_that_it_decides_nothing() -> None:
    """In both languages, with the steps that are in force."""
    assert "en handläggare bedömer" in NEVER_DECIDES.sv
    assert "decides nothing" in NEVER_DECIDES.en
    assert "2 från 100\u00a0000, 3 från 1\u00a0000\u00a0000" in formula(LIMITS)
    assert "1 below SEK 50,000" in formula(
        Assessment(money_sek=(Decimal(50_000), Decimal(60_000), Decimal(70_000))), "en"
    )
    found = rank(assess([("SKA-01", "high")], 0, LIMITS), (), Spend(), DAY, LIMITS)
    assert (found.sentence(), found.sentence("en")) == (
        "Risk 3 av 4 × pengar 1 av 4 = 3.",
        "Risk 3 of 4 × money 1 of 4 = 3.",
    )


@pytest.mark.parametrize("steps", [(1, 1, 2), (3, 2, 1), (0, 1, 2)])
def test_steps_that_do_not_rise_are_an_error(steps: tuple[int, int, int]) -> None:
    """The number would not be one."""
    with pytest.raises(ValidationError, match="three rising sums"):
        Assessment.model_validate({"money_sek": steps})


def test_every_number_from_one_to_sixteen_is_risk_times_money() -> None:
    """Never more than sixteen, and never below one where a flag stands."""
    flags = ("SKA-05 low", "KRE-01 medium", "SKA-01 high", "SKA-01 critical")
    seen = {placed(flag, bought=bought)[2] for flag, bought in product(flags, (0, 100_000, 1_000_000, 10_000_000))}
    assert seen == {a * b for a, b in product(range(1, 5), repeat=2)}
