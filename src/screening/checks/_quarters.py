"""Quarters as attestations name them: ``2026Q3``."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Literal


def start(quarter: str) -> date:
    """The first day of ``2026Q3``."""
    return date(int(quarter[:4]), 3 * int(quarter[5]) - 2, 1)


def end(quarter: str) -> date:
    """The last day of ``2026Q3``."""
    return start(_next(quarter)) - timedelta(days=1)


@lru_cache(maxsize=1024)
def due_on(quarter: str, due_days: int) -> date:
    """The day on which the quarter's attestation must be in."""
    return end(quarter) + timedelta(days=due_days)


@lru_cache(maxsize=1024)
def latest_due(today: date, due_days: int) -> str:
    """The latest quarter whose attestation must be in by now."""
    year, number = today.year, (today.month + 2) // 3
    while due_on(f"{year}Q{number}", due_days) >= today:
        year, number = (year, number - 1) if number > 1 else (year - 1, 4)
    return f"{year}Q{number}"


@lru_cache(maxsize=1024)
def timing(quarter: str, today: date, due_days: int) -> Literal["older", "due", "later"]:
    """Whether the quarter is the latest whose attestation must be in, an older one, or not due yet."""
    if due_on(quarter, due_days) >= today:
        return "later"
    return "due" if due_on(_next(quarter), due_days) >= today else "older"


def _next(quarter: str) -> str:
    year, number = int(quarter[:4]), int(quarter[5])
    return f"{year}Q{number + 1}" if number < 4 else f"{year + 1}Q1"
