"""Planted events of the KRE family: ratings and unpaid claims."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from benchmarks.worlds import catalogue as law
from benchmarks.worlds.life import LONG_AGO, PENDING, Life, Planter, always, company, steps

from screening.model import Credit, Severity

RATING = frozenset({"credit"})


# --- KRE-01: rating -------------------------------------------------------------------------------------------------------
def low_score(life: Life) -> None:
    """Below the contract's line."""
    low = Credit(provenance=PENDING, score=life.random.choice((law.LOWEST_SCORE - 1, 5, 20)), band="D")
    start = life.random.choice((LONG_AGO, life.during()))
    life.says["credit"] = steps((LONG_AGO, life.says["credit"](life.first)), (start, low))
    life.mark("KRE-01", "flag", since=start, severity="medium")


def score_at_line(life: Life) -> None:
    """Exactly what the contract asks for."""
    life.says["credit"] = always(Credit(provenance=PENDING, score=law.LOWEST_SCORE, band="C"))


def rating_withdrawn(life: Life) -> None:
    """Withdrawn with a negative code; for a bankruptcy petition it weighs more."""
    code, severity = life.random.choice((("-29 bankruptcy application", "high"), ("-33 ceased", "medium")))
    life.says["credit"] = always(Credit(provenance=PENDING, no_rating_reason=code))
    life.mark("KRE-01", "flag", severity=cast("Severity", severity))


def rating_fell(life: Life) -> None:
    """Two bands or more within a year; the fall is a year old at some run and a day more at the next."""
    fell = life.random.choice((life.during(), life.days[2] - timedelta(days=law.FALL_DAYS)))
    given = Credit(provenance=PENDING, score=45, band="C", previous_score=90, previous_band="A", rating_changed_on=fell)
    life.says["credit"] = steps((LONG_AGO, Credit(provenance=PENDING, score=90, band="A")), (fell, given))
    life.mark("KRE-01", "flag", since=fell, until=fell + timedelta(days=law.FALL_DAYS + 1), severity="medium")


def one_band_lower(life: Life) -> None:
    """One band is not two; and a rise is no fall."""
    given = Credit(
        provenance=PENDING,
        score=65,
        band="B",
        previous_score=90,
        previous_band=life.random.choice(("A", "D")),
        rating_changed_on=life.first - timedelta(days=9),
    )
    life.says["credit"] = always(given)


def no_accounts_yet(life: Life) -> None:
    """No rating for lack of data says nothing."""
    life.says["credit"] = always(Credit(provenance=PENDING, no_rating_reason="-95 too little data"))
    life.mark("KRE-01", "unknown")


PLANTERS = (
    Planter("KRE-01", "planted", low_score, RATING, company),
    Planter("KRE-01", "planted", rating_withdrawn, RATING, company),
    Planter("KRE-01", "planted", rating_fell, RATING, company),
    Planter("KRE-01", "near", score_at_line, RATING, company),
    Planter("KRE-01", "alike", one_band_lower, RATING, company),
    Planter("KRE-01", "missing", no_accounts_yet, RATING, company),
)
