"""Bankruptcy, winding-up, restructuring, a petition, or a company that is gone from the register."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from screening.checks import Params
from screening.model import (
    CompanyRecord,
    Context,
    Proceeding,
    StatusElsewhere,
    Successor,
    Value,
    Verdict,
    clear,
    flag,
    not_applicable,
    unknown,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """Which proceedings weigh how (Bolagsverket's codes), worst first, and which are no distress; any other is unknown."""

    critical_codes: tuple[str, ...]
    high_codes: tuple[str, ...]
    other_codes: tuple[str, ...] = ()  # rules from before it was told apart leave it out: then any other is unknown
    merger_reasons: tuple[str, ...]


def check(
    record: CompanyRecord, successor: Successor | None, elsewhere: StatusElsewhere | None, c: Context, p: P
) -> Verdict:
    """Flags what stands today: ``distress`` proceedings are critical, ``uncertain`` ones and completed mergers high.

    Where another source says otherwise both are shown; of two authorities the one that was asked last is judged by.
    """
    other = elsewhere if elsewhere is not None and elsewhere.differs else None
    if other is not None and _newer(other, record):
        return _told(_judged(_by(other, record), successor, c, p), record, record.provenance.source)
    verdict = _judged(record, successor, c, p)
    return _told(verdict, other, other.told_by if other is not None else None)


def _judged(record: CompanyRecord, successor: Successor | None, c: Context, p: P) -> Verdict:
    if record.state == "not_registered":
        return not_applicable("not_registered")
    if record.state == "deregistered":
        return _gone(record, successor, c, p)
    active = [item for item in record.proceedings if _stands(item, c.today)]
    order = (*p.critical_codes, *p.high_codes)
    grave = sorted((item for item in active if item.code in order), key=lambda item: order.index(item.code))
    codes = sorted({item.code for item in active})
    if not grave and not set(codes) <= set(p.other_codes):
        return unknown("doubtful", proceedings=", ".join(codes))
    if not grave:
        return clear(record, proceedings=", ".join(codes))
    worst = grave[0]
    return flag(
        record,
        level="distress" if worst.code in p.critical_codes else "uncertain",
        variant=worst.code,
        code=worst.code,
        text=worst.text or worst.code,
        since_on=worst.from_on,
        proceedings=", ".join(codes),
        as_of_on=record.provenance.held_on,
    )


def _newer(other: StatusElsewhere, record: CompanyRecord) -> bool:
    """Whether it is an authority's, and holds for a later day."""
    later = other.holds_on is not None and other.holds_on > record.provenance.held_on
    return other.authority and other.state is not None and later


def _by(other: StatusElsewhere, record: CompanyRecord) -> CompanyRecord:
    """The record as the other authority has it."""
    came = replace(record.provenance, source=other.told_by, as_of=other.holds_on or record.provenance.as_of)
    return replace(
        record,
        provenance=came,
        state=other.state or record.state,
        deregistered_on=other.deregistered_on,
        deregistration_reason=other.deregistration_reason,
        proceedings=other.proceedings,
    )


def _told(verdict: Verdict, other: CompanyRecord | StatusElsewhere | None, source: str | None) -> Verdict:
    """The verdict with what the other source says beside it."""
    if verdict.outcome == "not_applicable":
        return verdict
    seen: dict[str, Value] = {
        **verdict.seen,
        "elsewhere": source,
        "elsewhere_says": None if other is None else _says(other),
        "elsewhere_on": _on(other),
    }
    return replace(verdict, facts=verdict.facts if other is None else (*verdict.facts, other), seen=seen)


def _on(other: CompanyRecord | StatusElsewhere | None) -> date | None:
    """The day for which the other source says it."""
    if other is None:
        return None
    return other.holds_on if isinstance(other, StatusElsewhere) else other.provenance.held_on


def _says(other: CompanyRecord | StatusElsewhere) -> str:
    """Its own words: the codes of what runs, the state, or the bureau's word."""
    if isinstance(other, StatusElsewhere) and other.text:
        return other.text
    codes = sorted({item.code for item in other.proceedings if item.ended_on is None})
    return ", ".join(codes) or other.state or ""


def _gone(record: CompanyRecord, successor: Successor | None, c: Context, p: P) -> Verdict:
    """The payee does not exist any more. After a merger someone has taken over; otherwise nobody may be paid."""
    named = bool(record.successor_name or record.successor_number)
    untold = record.deregistration_reason is None and (named or successor is not None)  # someone took over: a merger
    merged = untold or record.deregistration_reason in p.merger_reasons
    elsewhere = successor if merged and not named else None
    parts = (elsewhere.name, elsewhere.number) if elsewhere else (record.successor_name, record.successor_number)
    if merged:
        level = "uncertain"
        variant = "merged" if named or successor is not None else "merged_unnamed"
    elif c.supplier.kind == "person":
        level, variant = "uncertain", "person_deregistered"
    else:
        level, variant = "distress", "deregistered"
    return flag(
        record,
        *([elsewhere] if elsewhere is not None else []),
        level=level,
        variant=variant,
        code=record.deregistration_reason,
        since_on=record.deregistered_on,
        successor=" ".join(dict.fromkeys(part for part in parts if part)),
        told_by=elsewhere.told_by if elsewhere is not None else None,
        as_of_on=record.provenance.held_on,
    )


def _stands(item: Proceeding, today: date) -> bool:
    """Whether it runs on the day: begun (or undated) and not ended."""
    return (item.from_on is None or item.from_on <= today) and (item.ended_on is None or item.ended_on > today)
