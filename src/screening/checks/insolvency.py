"""Bankruptcy, winding-up, restructuring, a petition, or a company that is gone from the register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from screening.checks import Params
from screening.model import CompanyRecord, Context, Proceeding, Successor, Verdict, clear, flag, not_applicable


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """Which proceedings weigh how (Bolagsverket's codes), worst first; what is in neither list is no distress."""

    critical_codes: tuple[str, ...]
    high_codes: tuple[str, ...]
    merger_reasons: tuple[str, ...]


def check(record: CompanyRecord, successor: Successor | None, c: Context, p: P) -> Verdict:
    """Flags what stands today: ``distress`` proceedings are critical, ``uncertain`` ones and completed mergers high."""
    if record.state == "not_registered":
        return not_applicable("not_registered")
    if record.state == "deregistered":
        return _gone(record, successor, c, p)
    active = [item for item in record.proceedings if _stands(item, c.today)]
    order = (*p.critical_codes, *p.high_codes)
    grave = sorted((item for item in active if item.code in order), key=lambda item: order.index(item.code))
    if not grave:
        return clear(record, proceedings=", ".join(sorted(item.code for item in active)))
    worst = grave[0]
    return flag(
        record,
        level="distress" if worst.code in p.critical_codes else "uncertain",
        variant=worst.code,
        code=worst.code,
        text=worst.text or worst.code,
        since_on=worst.from_on,
        proceedings=", ".join(sorted({item.code for item in active})),
        as_of_on=record.provenance.held_on,
    )


def _gone(record: CompanyRecord, successor: Successor | None, c: Context, p: P) -> Verdict:
    """The payee does not exist any more. After a merger someone has taken over; otherwise nobody may be paid."""
    merged = record.deregistration_reason in p.merger_reasons
    named = bool(record.successor_name or record.successor_number)
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
