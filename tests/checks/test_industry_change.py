"""Expectations of codes per service are verified when the rule is loaded."""

from __future__ import annotations

from datetime import date

import pytest

from screening.checks.industry_change import P
from screening.errors import ConfigError


def limits(*expected: str) -> P:
    return P(
        near_days=90,
        option_days=180,
        sensitive=("88",),
        window_days=365,
        recoding_from_on=date(2026, 1, 1),
        recoding_to_on=date(2026, 6, 30),
        expected=expected,
    )


def test_a_service_with_its_codes() -> None:
    """Whatever the case and spaces."""
    assert limits(" Personlig  assistans = 87, 88").by_service == {"personlig assistans": ("87", "88")}


@pytest.mark.parametrize("line", ["hemtjänst", "hemtjänst =", "= 88", "hemtjänst = vård"])
def test_an_expectation_that_says_nothing_is_refused(line: str) -> None:
    """The message says what was expected."""
    with pytest.raises(ConfigError, match='expected "service = 88, 87"'):
        limits(line)
