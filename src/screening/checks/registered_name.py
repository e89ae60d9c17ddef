"""The export's name against every name that the company register has, or had, for the number: also former and bifirma."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from screening.checks import Params
from screening.checks._names import alike, likest, registered_names, said
from screening.model import CompanyRecord, Context, History, Supplier, Verdict, clear, flag, not_applicable, unknown
from screening.names import normalise


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """From which likeness (0-1) two names are taken for the same."""

    min_likeness_share: Decimal


def check(records: History[CompanyRecord], c: Context, p: P) -> Verdict:
    """Flags a number that is not registered, or is but under names unlike the export's; never one that a person accepted.

    Names of earlier answers count as former names: a register without history answers with the new name alone, and a
    change of name is no alarm.
    """
    supplier, record = c.supplier, records.latest
    if supplier.kind in ("foreign", "unidentified"):
        return not_applicable(supplier.kind)
    if supplier.identity_accepted:
        return clear(record, accepted=True)
    if record.state == "not_registered":
        if supplier.kind == "person":  # a sole trader need not be in the company register
            return unknown("not_found")
        return flag(record, variant="not_registered", export_name=supplier.name, as_of_on=record.provenance.held_on)
    registered = registered_names(records)
    if supplier.name not in registered and not normalise(supplier.name):  # asked by number alone: no name to doubt
        return not_applicable("no_name")
    return _by_name(record, registered, supplier, p)


def _by_name(record: CompanyRecord, registered: tuple[str, ...], supplier: Supplier, p: P) -> Verdict:
    """The name used most in the export against the registered ones."""
    if supplier.name in registered:  # most are spelled as the register does; comparing costs more than all else
        return clear(record, export_name=supplier.name, registered_name=supplier.name, likeness_share=Decimal(1))
    registered = tuple(said(registered))
    if not registered:
        return unknown("redacted" if supplier.kind == "person" else "partial")
    closest, share = likest(supplier.name, registered)
    if share >= p.min_likeness_share or (supplier.kind == "person" and _named_after(supplier.name, registered, p)):
        return clear(record, export_name=supplier.name, registered_name=closest, likeness_share=share)
    return flag(
        record,
        variant="other_spelling" if _some_alike(supplier.names, registered, p) else "unlike",
        export_name=supplier.name,
        registered_name=closest,
        likeness_share=share,
        as_of_on=record.provenance.held_on,
    )


def _some_alike(spellings: tuple[str, ...], registered: tuple[str, ...], p: P) -> bool:
    """Whether a less used spelling of the export is alike: two suppliers may have got one number, or one changed name."""
    return any(likest(spelling, registered)[1] >= p.min_likeness_share for spelling in spellings)


def _named_after(name: str, registered: tuple[str, ...], p: P) -> bool:
    """Whether a sole trader's business carries a name of the person's: ``Thunbrinks Keramik`` of Ingela Thunbrink."""
    own = [word for person in registered for word in normalise(person).split() if len(word) >= 4]
    return any(alike(word, other) >= p.min_likeness_share for word in normalise(name).split() for other in own)
