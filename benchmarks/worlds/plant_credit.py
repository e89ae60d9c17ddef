"""Planted events of the KRE family: ratings and unpaid claims."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import cast

from benchmarks.worlds import catalogue as law
from benchmarks.worlds.base import nothing_owed
from benchmarks.worlds.life import LONG_AGO, PENDING, Life, Planter, always, company, steps

from screening.model import Credit, Severity

RATING = frozenset({"credit"})
CLAIMS = frozenset({"debt", "agreement", "accounts"})


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


# --- KRE-02, -03, -04: claims of others than the state -----------------------------------------------------------------------
def _owing(life: Life, **changes: object) -> None:
    life.says["enforcement_debt"] = always(replace(nothing_owed(life), **changes))  # type: ignore[arg-type]


def _turning_over(life: Life, sek: int) -> None:
    """Accounts with this turnover."""
    life.turnover_sek = sek


def private_claims(life: Life) -> None:
    """Decided claims that are large or middling for the turnover."""
    _turning_over(life, 5_000_000)
    sek = life.random.choice((10_000, 60_000, 99_999, 100_000, 400_000))
    _owing(life, private_debt_sek=Decimal(sek), private_cases=1)
    large = sek >= law.PRIVATE_LARGE_SHARE * 5_000_000
    life.mark("KRE-02", "flag", severity="high" if large else "medium")


def private_claims_below(life: Life) -> None:
    """A krona below the limit, or a krona below a thousandth of a large turnover."""
    sek, turnover = life.random.choice(((9_999, 5_000_000), (99_999, 100_000_000)))
    _turning_over(life, turnover)
    _owing(life, private_debt_sek=Decimal(sek), private_cases=1)


def remarks(life: Life) -> None:
    """Two payment remarks of a sum that matters; five are many whatever they come to."""
    _turning_over(life, 5_000_000)
    count, sek, severity = life.random.choice(((2, 5_000, "low"), (4, 90_000, "low"), (5, 100, "medium")))
    _owing(life, remarks=count, remarks_sek=Decimal(sek))
    life.mark("KRE-03", "flag", severity=cast("Severity", severity))


def one_remark(life: Life) -> None:
    """One; or a few of hardly any money."""
    _turning_over(life, 5_000_000)
    count, sek = life.random.choice(((1, 90_000), (4, 4_999)))
    _owing(life, remarks=count, remarks_sek=Decimal(sek))


def applications_only(life: Life) -> None:
    """Claims that nobody has tried, withdrawn again but for one."""
    _turning_over(life, 5_000_000)
    _owing(life, applications=1, applications_sek=Decimal(300_000))


def applications(life: Life) -> None:
    """Several that stand: LÅG, since nobody has tried them."""
    _turning_over(life, 5_000_000)
    _owing(life, applications=2, applications_sek=Decimal(life.random.choice((10_000, 90_000))))
    life.mark("KRE-04", "flag", severity="low")


def applications_small(life: Life) -> None:
    """Two of little money."""
    _turning_over(life, 5_000_000)
    _owing(life, applications=2, applications_sek=Decimal(9_999))


def private_register_silent(life: Life) -> None:
    """A source that gives public claims alone."""
    _owing(life, private_debt_sek=None, private_cases=None, applications=None, applications_sek=None, remarks=None)
    for rule in ("KRE-02", "KRE-03", "KRE-04"):
        life.mark(rule, "unknown")


PLANTERS = (
    Planter("KRE-01", "planted", low_score, RATING, company),
    Planter("KRE-01", "planted", rating_withdrawn, RATING, company),
    Planter("KRE-01", "planted", rating_fell, RATING, company),
    Planter("KRE-01", "near", score_at_line, RATING, company),
    Planter("KRE-01", "alike", one_band_lower, RATING, company),
    Planter("KRE-01", "missing", no_accounts_yet, RATING, company),
    Planter("KRE-02", "planted", private_claims, CLAIMS, company),
    Planter("KRE-02", "near", private_claims_below, CLAIMS, company),
    Planter("KRE-02", "missing", private_register_silent, CLAIMS, company),
    Planter("KRE-03", "planted", remarks, CLAIMS, company),
    Planter("KRE-03", "near", one_remark, CLAIMS, company),
    Planter("KRE-04", "planted", applications, CLAIMS, company),
    Planter("KRE-04", "near", applications_small, CLAIMS, company),
    Planter("KRE-04", "alike", applications_only, CLAIMS, company),
)
