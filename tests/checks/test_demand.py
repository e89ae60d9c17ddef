"""Whether contracts demand record checks, by what the list of contracts says."""

from __future__ import annotations

import pytest

from screening.checks._demand import demanded
from screening.model import Contract

YES, NO = Contract("A-1", record_check=True), Contract("A-2", record_check=False)
UNSAID, BID = Contract("A-3"), Contract("A-4", phase="tender")


@pytest.mark.parametrize(
    ("contracts", "answer"),
    [
        ((), False),
        ((NO,), False),
        ((NO, YES), True),
        ((UNSAID, YES), True),
        ((NO, UNSAID), None),
        ((UNSAID, BID), None),
        ((BID,), False),
    ],
)
def test_one_that_demands_is_enough_and_one_that_does_not_say_leaves_it_open(
    contracts: tuple[Contract, ...], answer: bool | None
) -> None:
    """A tender has no contract yet that could demand it."""
    assert demanded(contracts) is answer
