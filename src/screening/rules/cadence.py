"""How often the suppliers of a profile are asked about: every month, some months, once a year, or at award."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from screening.config import Cadence, Profile

MONTHS: Mapping[Cadence, tuple[int, ...]] = {"quarterly": (3, 6, 9, 12), "yearly": (12,)}
"""The months in which is asked, where the profile does not name its own (``cadence_months``): a choice."""

UNASKED_DAYS: Mapping[Cadence, int] = {"monthly": 0, "quarterly": 62, "yearly": 335, "award": 366}
"""How much older than the rule says evidence may be: the months in which nobody asks. At award: a year, a choice."""

EVER = date.min


def answered_since(profile: Profile, today: date, *, in_tender: bool) -> date | None:
    """The day since which an answer suffices; ``None`` when it is time to ask, so that the source's freshness decides.

    A month of asking that gave no answer is made up for in the next one.
    """
    if profile.cadence == "monthly" or (profile.cadence == "award" and in_tender):
        return None
    if profile.cadence == "award":
        return EVER
    months = profile.cadence_months or MONTHS[profile.cadence]
    if today.month in months:
        return None
    earlier = [month for month in months if month < today.month]
    return date(today.year, max(earlier), 1) if earlier else date(today.year - 1, max(months), 1)
