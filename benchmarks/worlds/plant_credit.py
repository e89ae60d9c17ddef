"""Planted events of the KRE, IDE and SAN families: ratings, names and numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import cast

from benchmarks.worlds import catalogue as law
from benchmarks.worlds.life import LONG_AGO, PENDING, Life, Planter, always, company, steps

from screening.model import CompanyName, CompanyRecord, Credit, Severity

RATING = frozenset({"credit"})
NAME = frozenset({"record", "name"})
EVERYTHING = frozenset(
    [
        "debt",
        "agreement",
        "account",
        "registration",
        "spend",
        "declaration",
        "board",
        "attestation",
        "owners",
        "award",
        "bid",
        "record",
        "credit",
        "name",
        "accounts",
    ]
)


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


# --- IDE-01: the name -----------------------------------------------------------------------------------------------------
def _record(life: Life) -> CompanyRecord:
    return cast("CompanyRecord", life.says["company_record"](life.first))


def _named(life: Life, *names: CompanyName) -> None:
    life.says["company_record"] = always(replace(_record(life), names=names))


def wrong_number(life: Life) -> None:
    """The number is another company's: nothing else may be said of this supplier."""
    life.other = "no_flag"
    _named(life, CompanyName(f"{life.random.choice(OTHERS)} {life.random.choice(('AB', 'Handelsbolag'))}"))
    life.mark("IDE-01", "flag", severity="medium")


def not_registered(life: Life) -> None:
    """The register does not know the number."""
    life.other = "no_flag"
    life.says["company_record"] = always(CompanyRecord(provenance=PENDING, state="not_registered"))
    life.mark("IDE-01", "flag", severity="medium")


def former_name(life: Life) -> None:
    """The ledger has the name from before."""
    _named(life, CompanyName("Qvistalund Partner AB"), CompanyName(life.name, "former"))


def new_special_name(life: Life) -> None:
    """A bifirma is registered in some month; the ledger still has the name."""
    sound = _record(life)
    more = replace(sound, names=(*sound.names, CompanyName("Nya Bifirman Zeta", "special")))
    life.says["company_record"] = steps((LONG_AGO, sound), (life.during(), more))


def renamed(life: Life) -> None:
    """The company takes another name while we have it; a register without history tells the new one alone."""
    sound = _record(life)
    other = replace(sound, names=(CompanyName("Ylvaforsens Nya Bolag AB"),))
    life.says["company_record"] = steps((LONG_AGO, sound), (life.during(), other))


def spelled_otherwise(life: Life) -> None:
    """The same company as ledgers write it. No fact decides: how often the likeness of names fails is measured."""
    life.other = "no_flag"
    life.name = life.random.choice(_spellings(life.name))


def _spellings(name: str) -> tuple[str, ...]:
    words = [word for word in name.split() if word != "AB"]
    first, rest = words[0], " ".join(words[1:])
    return (
        " ".join(words),
        name.upper(),
        name.replace("AB", "Aktiebolag"),
        f"{first} AB",
        f"AB {' '.join(words)}",
        f"{first}s {rest}",
        f"{name} (publ)",
        f"{name} Region Väst",
        f"{first[:6]}. {rest}",
        name.translate(str.maketrans("åäöÅÄÖ", "aaoAAO")),
        f"{first[:-1]}{first[-1] * 2} {rest}",
        f"{first[:3]}{first[4:]} {rest}",
        f"{first[1]}{first[0]}{first[2:]} {rest}",
        f"{first[:3]} {first[3:]} {rest}",
        f"{first[0]}{rest[:1]}B",
        f"{first[:4].upper()} {rest}",
        f"{name} c/o Redovisningsbyrån",
    )


def number_of_a_namesake(life: Life) -> None:
    """The number of another company whose name is nearly the same: a sister, or one letter apart."""
    words = life.name.split()
    first, rest = words[0], " ".join(words[1:])
    other = (
        f"{first} Holding AB",
        f"{first} Förvaltning i Sverige AB",
        f"{first[:2]}{'e' if first[2] != 'e' else 'u'}{first[3:]} {rest}",
        f"{first}by {rest}",
        f"{first} Data AB",
    )
    life.other = "no_flag"
    _named(life, CompanyName(life.random.choice(other)))
    life.mark("IDE-01", "flag")


OTHERS = (
    "Tegelkronans Måleri",
    "Havsvik Logistik",
    "Granlunda Redovisning",
    "Svartåns Sågverk",
    "Mobergs Kakel",
    "Vintergatans Förskola",
    "Ystaborg Måltid",
    "Östra Skogens Rör",
)

PLANTERS = (
    Planter("KRE-01", "planted", low_score, RATING, company),
    Planter("KRE-01", "planted", rating_withdrawn, RATING, company),
    Planter("KRE-01", "planted", rating_fell, RATING, company),
    Planter("KRE-01", "near", score_at_line, RATING, company),
    Planter("KRE-01", "alike", one_band_lower, RATING, company),
    Planter("KRE-01", "missing", no_accounts_yet, RATING, company),
    Planter("IDE-01", "planted", wrong_number, EVERYTHING, company),
    Planter("IDE-01", "planted", not_registered, EVERYTHING, company),
    Planter("IDE-01", "alike", former_name, NAME, company),
    Planter("IDE-01", "alike", new_special_name, NAME, company),
    Planter("IDE-01", "alike", renamed, NAME, company),
    Planter("IDE-01", "likeness", spelled_otherwise, EVERYTHING, company),
    Planter("IDE-01", "likeness", number_of_a_namesake, EVERYTHING, company),
)
