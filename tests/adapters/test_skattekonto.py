"""What a skattekonto's rows say of employer contributions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from screening.adapters.skattekonto import contributions

TWELFTH = date(2026, 10, 12)


@pytest.mark.parametrize(
    ("on", "text", "amount", "told"),
    [
        (TWELFTH, "Arbetsgivaravgift augusti 2026", -5, (("2026-08", Decimal(5)),)),
        (TWELFTH, "Beslutad arbetsgivaravgift 2026-08", -5, (("2026-08", Decimal(5)),)),
        (TWELFTH, "arbetsgivaravgifter", -5, (("2026-09", Decimal(5)),)),
        (date(2026, 1, 12), "Arbetsgivaravgift", -5, (("2025-12", Decimal(5)),)),
        (TWELFTH, "Arbetsgivaravgift 2026", -5, (("2026-09", Decimal(5)),)),  # a year alone is no month
        (None, "Arbetsgivaravgift juli 2026", -5, (("2026-07", Decimal(5)),)),
        (None, "Arbetsgivaravgift", -5, ()),
        (TWELFTH, "Arbetsgivaravgift augusti 2026", None, ()),
        (TWELFTH, "Arbetsgivaravgift augusti 2026", 5, ()),  # more was given back than the list shows as decided
        (TWELFTH, "Anstånd arbetsgivaravgift", -5, ()),
        (TWELFTH, "Arbetsgivaravgift, anstånd beviljat", -5, ()),
        (TWELFTH, "Inbetalning för arbetsgivaravgift", 5, ()),
    ],
)
def test_a_row_is_of_a_month_or_of_none(
    on: date | None, text: str, amount: int | None, told: tuple[tuple[str, Decimal], ...]
) -> None:
    """Only what is about contributions alone, and of a known month."""
    assert contributions([(on, text, None if amount is None else Decimal(amount))]) == told
