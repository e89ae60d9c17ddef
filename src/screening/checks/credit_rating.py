"""A rating below the contract's line, one that the bureau withdrew for a negative reason, or a fall of several bands."""

from __future__ import annotations

from dataclasses import dataclass

from screening.checks import Params
from screening.model import Accounts, Context, Credit, Verdict, clear, flag, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """The score that the contract asks for, the fall that counts, and the bureau's own codes for no rating."""

    min_score: int
    bands: str
    fall_bands: int
    fall_days: int
    petition_codes: tuple[str, ...]
    no_data_codes: tuple[str, ...]


def check(credit: Credit, accounts: Accounts | None, c: Context, p: P) -> Verdict:
    """Flags a low, withdrawn or fallen rating; ``petition`` when it was withdrawn for a bankruptcy petition."""
    code = (credit.no_rating_reason or "").split(" ", 1)[0]
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
    fall = bands_fallen(credit, p.bands)
    changed_on = credit.rating_changed_on
    if fall >= p.fall_bands and changed_on is not None and (c.today - changed_on).days <= p.fall_days:
        return _flag(credit, accounts, variant="fallen")
    return clear(credit, score=credit.score, band=credit.band, previous_band=credit.previous_band)


def bands_fallen(credit: Credit, bands: str) -> int:
    """How many bands lower than before; 0 when either is unknown or not of this scale."""
    if not credit.band or not credit.previous_band or credit.band not in bands or credit.previous_band not in bands:
        return 0
    return bands.index(credit.band) - bands.index(credit.previous_band)


def _flag(credit: Credit, accounts: Accounts | None, *, variant: str, level: str = "") -> Verdict:
    return flag(
        credit,
        *((accounts,) if accounts is not None else ()),
        level=level,
        variant=variant,
        score=credit.score,
        band=credit.band,
        previous_score=credit.previous_score,
        previous_band=credit.previous_band,
        rating_changed_on=credit.rating_changed_on,
        no_rating_reason=credit.no_rating_reason,
        accounts_to_on=accounts.period_to_on if accounts is not None else None,
        as_of_on=credit.provenance.held_on,
    )
