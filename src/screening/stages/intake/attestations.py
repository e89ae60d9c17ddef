"""Attestations of record checks: an allow-list of columns, each a count, a date or a listed word.

Every row is scanned before any of it is read. A row with a personal number, a word about offences, free text or a value
in a column that is not on the list is refused: it is not read, nothing of it is shown or stored, and the fact says only
that it was refused and why. The supplier's own columns are not scanned for words, and its number may be a person's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from screening.adapters.cells import clean, count, day, quarter, quarter_end
from screening.identity import mask_text
from screening.identity.offences import speaks_of_record
from screening.model import LawArea, Origin, Provenance, RecordCheckAttestation
from screening.stages.intake.desk import Desk, Line, Part, Refusal, Tally, data_lines

RefusedFor = Literal["personal_number", "offence_word", "free_text", "unknown_column", "issue_age"]

_COUNTS = ("in_scope", "checked_before_start", "pending", "too_old", "oldest_days")
_NOTE_ONLY = frozenset({"school"})
"""Areas where nothing but that the extract was shown may be noted (skollagen 2:32), so not how old it was either."""
_OWN = ("supplier_name", "supplier_id", "supplier_no")
_PERSON = re.compile(
    r"(?<!\d)(?:19|20)?\d{2}(?:0\d|1[0-2])(?:[0-2]\d|3[01]|[67]\d|8\d|9[01])[-+ ]?(?:\d{4}|[*xX]{4}|[Tt][Ff]\d{2})(?!\d)"
)


@dataclass(frozen=True, slots=True)
class AttestationRow:
    """One row that became a fact, received or refused. ``refused`` rows are counted as rejected."""

    mention: int
    fact: RecordCheckAttestation
    tally: Tally


def read_attestations(desk: Desk, part: Part) -> Iterator[AttestationRow]:
    """Every attestation of a sheet; rejected rows go to the desk without their content."""
    for line in data_lines(part):
        why = _forbidden(line)
        try:
            if why is not None:
                row = _refused(desk, line, why)
                desk.reject(line, Refusal(f"refused_{why}"), name=_safe_name(line))
                if row is not None:
                    yield row
            else:
                yield _received(desk, line)
        except Refusal as refusal:
            desk.reject(line, refusal, name=_safe_name(line))


def _safe_name(line: Line) -> str:
    """The supplier's name, unless something stands in its place that may be a person's number."""
    name = line.text("supplier_name")
    return "" if _PERSON.search(name) or mask_text(name) != name else name


# --- scanning -----------------------------------------------------------------------------------------------------------
def _forbidden(line: Line) -> RefusedFor | None:
    """Why a row may not be read, the gravest reason first."""
    part = line.part
    own = {part.places[name] for name in _OWN if name in part.places}
    mapped = set(part.places.values())
    cells = [(place, clean(cell)) for place, cell in enumerate(line.cells)]
    scanned = [text for place, text in cells if place not in own and text]
    if any(_holds_number(text) for text in scanned) or _PERSON.search(line.text("supplier_name")):
        return "personal_number"
    if any(speaks_of_record(text) for text in scanned):
        return "offence_word"
    strange = [text for place, text in cells if place not in mapped and text]
    if any(re.search(r"[^\W\d_]", text) for text in strange) or not _is_listed(line):
        return "free_text"
    if strange:
        return "unknown_column"
    return "issue_age" if line.meaning("area") in _NOTE_ONLY and line.text("oldest_days") else None


def _holds_number(text: str) -> bool:
    return _PERSON.search(text) is not None or mask_text(text) != text


def _is_listed(line: Line) -> bool:
    """Whether every cell of the allow-list is a count, a date or a listed word, or empty."""
    try:
        for name in _COUNTS:
            count(line.raw(name))
        if line.text("quarter"):
            quarter(line.raw("quarter"))
        day(line.raw("signed_on"), epoch_1904=line.part.sheet.epoch_1904)
    except ValueError:
        return False
    return line.meaning("area") is not None and line.meaning("signatory_role") is not None


# --- reading ------------------------------------------------------------------------------------------------------------
def _received(desk: Desk, line: Line) -> AttestationRow:
    name = _quarter(line)
    area = line.meaning("area")
    if not area:
        raise Refusal("area_wrong")
    signed_on = line.day("signed_on")
    in_scope, checked, pending, too_old, oldest = (count(line.raw(field)) for field in _COUNTS)
    fact = RecordCheckAttestation(
        provenance=_provenance(desk, line, signed_on or quarter_end(name)),
        scope_key=f"{name}/{area}",
        state="received",
        quarter=name,
        area=cast("LawArea", area),
        in_scope=in_scope,
        checked_before_start=checked,
        pending=pending,
        too_old=too_old,
        oldest_days=oldest,
        signed_on=signed_on,
        signatory_role=line.meaning("signatory_role") or None,
    )
    return AttestationRow(desk.mention(line), fact, line.part.tally)


def _quarter(line: Line) -> str:
    try:
        return quarter(line.raw("quarter"))
    except ValueError:
        raise Refusal("quarter_wrong") from None


def _refused(desk: Desk, line: Line, why: RefusedFor) -> AttestationRow | None:
    """The fact that a row was refused, when its supplier and quarter can be told from their own columns alone."""
    try:
        name = quarter(line.raw("quarter"))
        mention = desk.mention(line)
    except (ValueError, Refusal):
        return None
    area = line.meaning("area") or "other"
    fact = RecordCheckAttestation(
        provenance=_provenance(desk, line, quarter_end(name)),
        scope_key=f"{name}/{area}",
        state="refused",
        quarter=name,
        area=cast("LawArea", area),
        refused_for=why,
    )
    return AttestationRow(mention, fact, line.part.tally)


def _provenance(desk: Desk, line: Line, as_of: date) -> Provenance:
    part = line.part
    return Provenance(
        source=part.export.name,
        origin=Origin.SUPPLIER_SUBMITTED,
        as_of=min(as_of, desk.as_of),
        fetched_at=desk.at,
        request_ref=f"{part.file}#{part.sheet_name}#{line.number}",
        raw_sha256=part.sha256,
    )


# --- one fact per supplier, quarter and area ------------------------------------------------------------------------------
def merge_attestations(
    desk: Desk, rows: Sequence[AttestationRow], party_of: Sequence[int]
) -> dict[tuple[int, str], RecordCheckAttestation]:
    """(supplier, scope key) -> fact. What was refused stands over what was received; else the one signed last."""
    found: dict[tuple[int, str], RecordCheckAttestation] = {}
    for row in rows:
        place = (party_of[row.mention], row.fact.scope_key)
        known = found.get(place)
        if row.fact.state == "received":
            if known is None:
                row.tally.accepted += 1
            else:
                row.tally.merged += 1
                if known.state == "received" and _values(known) != _values(row.fact):
                    row.tally.conflicts.append(desk.say("attestation_conflict", scope=row.fact.scope_key))
        if known is None or _order(row.fact) >= _order(known):
            found[place] = row.fact
    return found


def _order(fact: RecordCheckAttestation) -> tuple[bool, date]:
    return fact.state == "refused", fact.signed_on or date.min


def _values(fact: RecordCheckAttestation) -> tuple[object, ...]:
    return fact.in_scope, fact.checked_before_start, fact.pending, fact.too_old, fact.oldest_days, fact.signed_on
