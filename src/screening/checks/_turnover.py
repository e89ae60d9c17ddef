"""A sum held against a year's turnover."""

from __future__ import annotations

from decimal import Decimal

from screening.model import Accounts


def share_of_turnover(amount: Decimal, accounts: Accounts | None) -> Decimal | None:
    """The sum as a share of a year's turnover; ``None`` without a turnover to measure against."""
    if accounts is None or accounts.turnover_sek is None or accounts.turnover_sek <= 0:
        return None
    return amount / accounts.turnover_sek
