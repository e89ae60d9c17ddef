"""Planted events of the REG family: declarations, attestations and permits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import cast

from benchmarks.worlds import catalogue as law
from benchmarks.worlds.base import attest, dated, declare, quarter_end, quarters, without_papers
from benchmarks.worlds.life import FAR_AHEAD, LONG_AGO, Life, Planter

from screening.model import Declaration, Fact, LawArea, RecordCheckAttestation, Severity

STATEMENT = frozenset({"declaration", "board"})
RECORDS = frozenset({"attestation"})
STATUTORY = ("school", "hvb", "lss_child")


# --- REG-01: the sworn statement ------------------------------------------------------------------------------------------
def statement_lacks(life: Life, since: date, until: date = FAR_AHEAD) -> None:
    """A flag on every contract with such a duty; HÖG before award, MEDEL in contract."""
    for contract in life.contracts:
        if contract.regime != "direct":
            severity: Severity = "high" if contract.phase == "tender" else "medium"
            life.mark("REG-01", "flag", key=contract.id, since=since, until=until, severity=severity)


def _no_statement(life: Life) -> None:
    without_papers(life, lambda paper: not isinstance(paper, Declaration))


def never_declared(life: Life) -> None:
    """None on file; in half of them it comes in the end."""
    _no_statement(life)
    came = life.random.choice((FAR_AHEAD, life.during(earliest=1)))
    if came < FAR_AHEAD:
        declare(life, came)
    statement_lacks(life, LONG_AGO, came)


def declared_long_ago(life: Life) -> None:
    """A year and a day on the day of some run; a year on the run before is current."""
    _no_statement(life)
    month = life.random.randrange(len(life.days))
    turns = life.days[month]
    declare(life, turns - timedelta(days=law.DECLARATION_DAYS + 1))
    statement_lacks(life, turns)


def declared_a_year_ago(life: Life) -> None:
    """Exactly a year on the last run's day."""
    _no_statement(life)
    declare(life, life.last - timedelta(days=law.DECLARATION_DAYS))


def confirmed_again(life: Life) -> None:
    """An old statement, reused and confirmed as still right."""
    _no_statement(life)
    confirmed = life.first - timedelta(days=life.random.randint(1, 100))
    paper = Declaration(
        provenance=dated(confirmed),
        state="received",
        signed_on=confirmed - timedelta(days=700),
        signatory_role="VD",
        confirmed_on=confirmed,
    )
    life.hand_in(paper, confirmed)


def tender_without_statement(life: Life) -> None:
    """A tender under way: the duty of evidence weighs more than in a contract."""
    life.contracts[0] = replace(life.contracts[0], phase="tender")
    _no_statement(life)
    statement_lacks(life, LONG_AGO)


def direct_without_statement(life: Life) -> None:
    """Direct procurement asks for none."""
    life.contracts = [replace(contract, regime="direct") for contract in life.contracts]
    _no_statement(life)


def statement_without_date(life: Life) -> None:
    """A statement that nobody dated."""
    _no_statement(life)
    life.hand_in(Declaration(provenance=dated(life.first - timedelta(days=30)), state="received"), life.first)
    for contract in life.contracts:
        if contract.regime != "direct":
            life.mark("REG-01", "unknown", key=contract.id)


# --- REG-02, -03, -04: attestations of record checks -----------------------------------------------------------------------
def area_of(life: Life) -> LawArea:
    """The area of record checks."""
    return cast("LawArea", life.area)


def _latest_due(day: date, quarter: str, life: Life) -> bool:
    """Whether the quarter is the one whose attestation should last have come: due, and the next is not."""
    ends = [quarter_end(name) for name in quarters(life)]
    due = [end for end in ends if end + timedelta(days=law.ATTESTATION_DUE_DAYS) < day]
    return bool(due) and max(due) == quarter_end(quarter)


def all_but(quarter: str) -> Callable[[Fact], bool]:
    """Every paper but the quarter's attestation."""

    def other(paper: Fact) -> bool:
        return not (isinstance(paper, RecordCheckAttestation) and paper.quarter == quarter)

    return other


def _mark_quarter(life: Life, rule: str, quarter: str, until: date, severity: Severity) -> None:
    for day in life.days:
        if day < until and _latest_due(day, quarter, life):
            life.mark(
                rule, "flag", key=f"{quarter}/{life.area}", since=day, until=day + timedelta(days=1), severity=severity
            )


def a_quarter(life: Life) -> str:
    """One whose time to be due lies in the world's months."""
    return life.random.choice(
        [name for name in quarters(life) if any(_latest_due(day, name, life) for day in life.days)]
    )


def _demand(area: str) -> tuple[str, Severity]:
    """Which rule asks for it, and how severe its absence is."""
    if area in STATUTORY:
        return "REG-02", "critical" if area == "hvb" else "high"
    return "REG-03", "medium"


def not_attested(life: Life) -> None:
    """No attestation for a quarter, or one that comes late."""
    quarter = a_quarter(life)
    without_papers(life, all_but(quarter))
    rule, severity = _demand(life.area)
    due = quarter_end(quarter) + timedelta(days=law.ATTESTATION_DUE_DAYS)
    came = life.random.choice((FAR_AHEAD, due + timedelta(days=life.random.randint(2, 60))))
    if came < FAR_AHEAD:
        attest(life, quarter, area_of(life), came, in_scope=9, checked=9)
    _mark_quarter(life, rule, quarter, came, severity)


def attested_on_the_last_day(life: Life) -> None:
    """Thirty days after the quarter: in time."""
    quarter = a_quarter(life)
    without_papers(life, all_but(quarter))
    last = quarter_end(quarter) + timedelta(days=law.ATTESTATION_DUE_DAYS)
    attest(life, quarter, area_of(life), last, in_scope=9, checked=9)


def nobody_hired(life: Life) -> None:
    """An attestation of a quarter in which nobody was in scope."""
    quarter = a_quarter(life)
    without_papers(life, all_but(quarter))
    attest(life, quarter, area_of(life), quarter_end(quarter) + timedelta(days=9), in_scope=0, checked=0)


def some_unchecked(life: Life) -> None:
    """One or more started unchecked, as the supplier itself says."""
    quarter = a_quarter(life)
    without_papers(life, all_but(quarter))
    scope = life.random.randint(2, 30)
    came = quarter_end(quarter) + timedelta(days=life.random.randint(3, 30))
    attest(life, quarter, area_of(life), came, in_scope=scope, checked=scope - life.random.choice((1, 1, 2)))
    severity: Severity = "high" if life.area in STATUTORY else "medium"
    seen = life.month_of(came)
    for number, day in enumerate(life.days):
        if number >= seen and next_due(quarter) >= day:
            key = f"{quarter}/{life.area}"
            life.mark("REG-04", "flag", key=key, since=day, until=day + timedelta(days=1), severity=severity)


def next_due(quarter: str) -> date:
    """The last day for the attestation of the quarter after this one: after it, this one is history."""
    year, place = int(quarter[:4]), int(quarter[5])
    following = f"{year}Q{place + 1}" if place < 4 else f"{year + 1}Q1"
    return quarter_end(following) + timedelta(days=law.ATTESTATION_DUE_DAYS)


def counts_left_out(life: Life) -> None:
    """An attestation that does not say how many were checked."""
    quarter = a_quarter(life)
    found = [
        paper for _on, paper in life.papers if isinstance(paper, RecordCheckAttestation) and paper.quarter == quarter
    ]
    without_papers(life, all_but(quarter))
    came = quarter_end(quarter) + timedelta(days=9)
    life.hand_in(replace(found[0], checked_before_start=None, provenance=dated(came)), came)
    seen = life.month_of(came)
    for number, day in enumerate(life.days):
        if number >= seen and next_due(quarter) >= day:
            life.mark("REG-04", "unknown", key=f"{quarter}/{life.area}", since=day, until=day + timedelta(days=1))


# --- REG-06: what may not be held -----------------------------------------------------------------------------------------
def unlawful_row(life: Life) -> None:
    """The row held what may not be held; in half of the cases a clean one takes its place."""
    quarter = a_quarter(life)
    without_papers(life, all_but(quarter))
    came = quarter_end(quarter) + timedelta(days=life.random.randint(3, 25))
    area = area_of(life)
    life.hand_in(
        RecordCheckAttestation(
            provenance=dated(came),
            scope_key=f"{quarter}/{area}",
            state="refused",
            quarter=quarter,
            area=area,
            refused_for=life.random.choice(("personal_number", "offence_word", "free_text", "unknown_column")),
        ),
        came,
    )
    mended = life.random.choice((FAR_AHEAD, came + timedelta(days=life.random.randint(5, 60))))
    if mended < FAR_AHEAD:
        attest(life, quarter, area, mended, in_scope=4, checked=4)
    key = f"{quarter}/{area}"
    life.mark("REG-06", "flag", key=key, since=came, until=mended, severity="high")
    rule, _severity = _demand(area)
    for day in life.days:
        if came <= day < mended and _latest_due(day, quarter, life):
            life.mark(rule, "unknown", key=key, since=day, until=day + timedelta(days=1))


def cares(life: Life) -> bool:
    """Whether it owes attestations of record checks."""
    return bool(life.area)


def _may_declare(life: Life) -> bool:
    return life.kind == "organisation" and any(contract.regime != "direct" for contract in life.contracts)


PLANTERS = (
    Planter("REG-01", "planted", never_declared, STATEMENT, _may_declare),
    Planter("REG-01", "planted", declared_long_ago, STATEMENT, _may_declare),
    Planter("REG-01", "planted", tender_without_statement, STATEMENT | {"award", "attestation"}, _may_declare),
    Planter("REG-01", "near", declared_a_year_ago, STATEMENT, _may_declare),
    Planter("REG-01", "alike", confirmed_again, STATEMENT, _may_declare),
    Planter("REG-01", "alike", direct_without_statement, STATEMENT | {"award", "attestation"}, _may_declare),
    Planter("REG-01", "missing", statement_without_date, STATEMENT, _may_declare),
    Planter("REG-02", "planted", not_attested, RECORDS, lambda life: life.area in STATUTORY),
    Planter("REG-03", "planted", not_attested, RECORDS, lambda life: life.area == "home_care"),
    Planter("REG-02", "near", attested_on_the_last_day, RECORDS, lambda life: life.area in STATUTORY),
    Planter("REG-03", "near", attested_on_the_last_day, RECORDS, lambda life: life.area == "home_care"),
    Planter("REG-02", "alike", nobody_hired, RECORDS, lambda life: life.area in STATUTORY),
    Planter("REG-03", "alike", nobody_hired, RECORDS, lambda life: life.area == "home_care"),
    Planter("REG-04", "planted", some_unchecked, RECORDS, cares),
    Planter("REG-04", "near", nobody_hired, RECORDS, cares),
    Planter("REG-04", "missing", counts_left_out, RECORDS, cares),
    Planter("REG-06", "planted", unlawful_row, RECORDS, cares),
)
