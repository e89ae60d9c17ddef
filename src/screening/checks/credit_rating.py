"""A rating below the contract's line, one that the bureau withdrew for a negative reason, or a fall of several bands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from screening.checks import Params
from screening.model import Accounts, Context, Credit, History, Verdict, clear, flag, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """The score that the contract asks for, the fall that counts, and the bureau's own codes for no rating."""

    min_score: int
    bands: str
    fall_bands: int
    fall_days: int
    petition_codes: tuple[str, ...]
    no_data_codes: tuple[str, ...]


def check(ratings: History[Credit], accounts: Accounts | None, c: Context, p: P) -> Verdict:
    """Flags a low, withdrawn or fallen rating; ``petition`` when it was withdrawn for a bankruptcy petition."""
    credit = ratings.latest
    code = (credit.no_rating_reason or "").partition(" ")[0]
    if credit.score is None and code:
        if code in p.no_data_codes:
            return unknown("partial", no_rating_reason=credit.no_rating_reason)
        petition = code in p.petition_codes
        return _flag(
            credit, accounts, level="petition" if petition else "", variant="petition" if petition else "withdrawn"
        )
    if credit.score is None:
        return unknown("partial")
    if credit.score < p.min_score:
        return _flag(credit, accounts, variant="low" if accounts is not None else "low_no_accounts")
    fall = worst_fall(ratings, p.bands, c.today - timedelta(days=p.fall_days))
    if fall is not None and fall.bands >= p.fall_bands:
        return _flag(credit, accounts, variant="fallen", fall=fall)
    return clear(credit, score=credit.score, band=credit.band, previous_band=credit.previous_band)


@dataclass(frozen=True, slots=True)
class Fall:
    """How many bands the rating is below what it was, when it last changed, and the answer that showed the former band."""

    bands: int
    before: str
    on: date
    shown_by: Credit


def worst_fall(ratings: History[Credit], bands: str, first_day: date) -> Fall | None:
    """From the best band that was in force on or after ``first_day`` to today's; ``None`` when it is not known.

    Several small falls within the time are one large. What an answer itself tells of the rating before it counts from the
    day that it was changed.
    """
    now = ratings.latest
    if not now.band or now.band not in bands:
        return None
    falls = [fall for fall in _falls(ratings.versions, bands) if fall.on >= first_day]
    return max(falls, key=lambda fall: fall.bands, default=None)


def _falls(versions: tuple[Credit, ...], bands: str) -> Iterator[Fall]:
    """Each former band with the day on which it was left."""
    now = versions[-1]
    assert now.band is not None
    place = bands.index(now.band)
    for number, row in enumerate(versions):
        if row.previous_band and row.previous_band in bands and row.rating_changed_on is not None:
            yield Fall(place - bands.index(row.previous_band), row.previous_band, row.rating_changed_on, row)
        if row is not now and row.band and row.band in bands:
            after = versions[number + 1]
            on = after.rating_changed_on or after.provenance.as_of
            yield Fall(place - bands.index(row.band), row.band, on, row)


def _flag(
    credit: Credit, accounts: Accounts | None, *, variant: str, level: str = "", fall: Fall | None = None
) -> Verdict:
    earlier = (fall.shown_by,) if fall is not None and fall.shown_by is not credit else ()
    return flag(
        credit,
        *earlier,
        *((accounts,) if accounts is not None else ()),
        level=level,
        variant=variant,
        score=credit.score,
        band=credit.band,
        previous_score=credit.previous_score,
        previous_band=fall.before if fall is not None else credit.previous_band,
        rating_changed_on=fall.on if fall is not None else credit.rating_changed_on,
        no_rating_reason=credit.no_rating_reason,
        accounts_to_on=accounts.period_to_on if accounts is not None else None,
        as_of_on=credit.provenance.held_on,
    )
