"""How near a contract's dates a change weighs more."""

from __future__ import annotations

import tomllib
from pathlib import Path

from screening.checks import address_anomaly, industry_change
from screening.checks._timing import Timing

RULES = Path(__file__).resolve().parents[2] / "rules"


def test_a_rule_from_before_it_was_weighed_has_the_limits_of_the_shipped_ones() -> None:
    """Ninety and a hundred and eighty days."""
    given = tomllib.loads((RULES / "aga_01_styrelsebyten.toml").read_text(encoding="utf-8"))["params"][-1]
    assert (Timing().near_days, Timing().option_days) == (90, 180) == (given["near_days"], given["option_days"])


def test_a_window_may_be_the_day_itself() -> None:
    """The days near a contract's dates, and how far addresses and businesses are looked back; nothing else may be zero."""
    assert Timing.may_be_zero == {"near_days", "option_days"}
    both = {"near_days", "option_days", "window_days"}
    assert address_anomaly.P.may_be_zero == industry_change.P.may_be_zero == both
