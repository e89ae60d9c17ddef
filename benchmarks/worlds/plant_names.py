"""Planted events of the IDE and SAN families: names, numbers and the sanctions list."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Literal, cast

from benchmarks.worlds import catalogue as law
from benchmarks.worlds.base import listed
from benchmarks.worlds.life import ALL, FAR_AHEAD, LONG_AGO, PENDING, Life, Planter, Says, always, company, steps

from screening.model import CompanyName, CompanyRecord, NameUse, NumberUse, Sanctions, SanctionsHit

NAME = frozenset({"record", "name"})
LIST = frozenset({"sanctions"})
EVERYTHING = frozenset({ALL})


# --- IDE-01: the name -----------------------------------------------------------------------------------------------------
def _record(life: Life) -> CompanyRecord:
    return cast("CompanyRecord", life.says["company_record"](life.first))


def _named(life: Life, *names: CompanyName) -> None:
    life.says["company_record"] = always(replace(_record(life), names=names))


def wrong_number(life: Life) -> None:
    """The number is another company's: nothing else may be said of this supplier."""
    life.other = "no_flag"
    life.mark("IDE-02", "quiet")
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


# --- IDE-02 and IDE-03: whose name, whose number ------------------------------------------------------------------------------
def anothers_number(life: Life) -> None:
    """Our lists have the name of another supplier, registered to it, with this one's number."""
    free = [
        fellow
        for fellow in life.fellows
        if fellow is not life and fellow.form == "AB" and not fellow.planted and fellow.other == "quiet"
    ]
    if not free:
        return
    other = life.random.choice(free)
    other.taken |= EVERYTHING
    life.other = "no_flag"
    life.name = other.name
    life.mark("IDE-01", "flag", severity="medium")
    life.mark("IDE-02", "flag", severity="medium")


def two_names_one_number(life: Life) -> None:
    """Two unlike names with one number, each with a number of ours (MEDEL) or only one (LÅG)."""
    other = life.random.choice(TRADES)
    apart = life.random.random() < 0.5
    life.also = (other,)
    life.says["number_use"] = _used(life, other, ("77",) if apart else (), rows=life.random.choice((2, 30)))
    life.mark("IDE-03", "flag", severity="medium" if apart else "low")


def two_spellings_one_number(life: Life) -> None:
    """The same name in capitals and with its form written out: one supplier, two numbers of ours."""
    other = life.name.upper()
    life.also = (other,)
    life.says["number_use"] = _used(life, other, ("77",), rows=20)


def special_name_in_use(life: Life) -> None:
    """The other name is a registered bifirma, however unlike."""
    other = life.random.choice(("Opalgrottans Keramik", "Fyrklövens Dans", "Isbjörnens Glass"))
    life.also = (other,)
    life.says["number_use"] = _used(life, other, ("77",), rows=20)
    _named(life, CompanyName(life.name), CompanyName(other, "special"))


def one_row_with_another_name(life: Life) -> None:
    """A slip in a single row."""
    other = life.random.choice(TRADES)
    life.also = (other,)
    life.says["number_use"] = _used(life, other, (), rows=1)
    life.mark("IDE-02", "no_flag")


def _used(life: Life, other: str, numbers: tuple[str, ...], rows: int) -> Says:
    uses = (NameUse(life.name, ("12",), 40), NameUse(other, numbers, rows))
    return always(NumberUse(provenance=PENDING, uses=uses))


# --- SAN-01: the sanctions list ---------------------------------------------------------------------------------------------
def _hit(life: Life, score: float, *, strong: bool | None = True, country: str | None = None) -> SanctionsHit:
    subject: Literal["enterprise"] = "enterprise"
    return SanctionsHit(
        f"EU.{life.tag}", life.name.upper(), score, strong, country=country, subject=subject, own_name=life.name
    )


def listed_name(life: Life) -> None:
    """The name is in the list, as an enterprise's: HÖG, never more. In half of them the list drops it again."""
    hit = _hit(life, 1.0)
    gone = life.random.choice((FAR_AHEAD, life.during(earliest=1)))
    there, not_there = listed(hit), listed()
    life.says["sanctions"] = lambda day: there(day) if day < gone else not_there(day)
    life.mark("SAN-01", "flag", key=hit.entity_id, until=gone, severity="high")


def listed_weakly(life: Life) -> None:
    """A weak alias, or nearly the name in another country: shown, but weighs less."""
    hit = life.random.choice((_hit(life, 1.0, strong=False), _hit(life, 0.95, country="BY")))
    life.says["sanctions"] = listed(hit)
    life.mark("SAN-01", "flag", key=hit.entity_id, severity="medium")


def likeness_below(life: Life) -> None:
    """A name somewhat like one in the list, and a weak alias at that."""
    life.says["sanctions"] = listed(_hit(life, 0.75, strong=False))


def old_list(life: Life) -> None:
    """The list that was looked in is from long ago."""
    listing = life.first - timedelta(days=law.SANCTIONS_LIST_DAYS + 30)
    look = Sanctions(provenance=PENDING, list_on=listing, list_sha256="cd" * 32)
    life.says["sanctions"] = always(look)
    life.mark("SAN-01", "unknown")


def _limited(life: Life) -> bool:
    return life.form == "AB" and life.kind == "organisation"


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

TRADES = ("Kobolten Miljö", "Lönnö Trädfällning", "Purpurborg Musik", "Wiksjö Cykel", "Zenitås Larm")
"""Names that no register has."""

PLANTERS = (
    Planter("IDE-01", "planted", wrong_number, EVERYTHING, company),
    Planter("IDE-01", "planted", not_registered, EVERYTHING, company),
    Planter("IDE-01", "alike", former_name, NAME, company),
    Planter("IDE-01", "alike", new_special_name, NAME, company),
    Planter("IDE-01", "alike", renamed, NAME, company),
    Planter("IDE-01", "likeness", spelled_otherwise, EVERYTHING, company),
    Planter("IDE-01", "likeness", number_of_a_namesake, EVERYTHING, company),
    Planter("IDE-02", "planted", anothers_number, EVERYTHING, _limited),
    Planter("IDE-02", "alike", two_spellings_one_number, NAME, company),
    Planter("IDE-03", "planted", two_names_one_number, NAME, company),
    Planter("IDE-03", "near", one_row_with_another_name, NAME, company),
    Planter("IDE-03", "alike", two_spellings_one_number, NAME, company),
    Planter("IDE-03", "alike", special_name_in_use, NAME, company),
    Planter("SAN-01", "planted", listed_name, LIST, company),
    Planter("SAN-01", "planted", listed_weakly, LIST, company),
    Planter("SAN-01", "near", likeness_below, LIST, company),
    Planter("SAN-01", "missing", old_list, LIST, company),
)
