"""An extract of IVO's register of permits, one row per holder and service, as facts of the suppliers in scope.

The extract may hold every permit in the country: what it says of others than the run's suppliers is let go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from screening.identity import mask_text
from screening.model import CarePermit, Fact, Origin, Provenance
from screening.stages.intake.desk import Desk, Line, Part, Refusal, Tally, check_even, data_lines

State = Literal["valid", "pending", "ended"]


@dataclass(frozen=True, slots=True)
class PermitRow:
    """One permit of one holder."""

    mention: int
    service: str
    state: State
    dated_on: date | None
    valid_to_on: date | None
    provenance: Provenance
    tally: Tally


def read_permits(desk: Desk, part: Part) -> Iterator[PermitRow]:
    """Every permit of a sheet; rejected rows go to the desk."""
    for line in data_lines(part):
        try:
            yield _row(desk, line)
        except Refusal as refusal:
            desk.reject(line, refusal, name=mask_text(line.text("supplier_name")))


def _row(desk: Desk, line: Line) -> PermitRow:
    check_even(line)
    service = " ".join(mask_text(line.text("service")).casefold().split())
    if not service:
        raise Refusal("service_missing")
    state = line.meaning("state")
    if state is None:
        line.part.tally.unknown_words[line.part.column("state"), "valid"] += 1
    part = line.part
    return PermitRow(
        service=service,
        state=cast("State", state or "valid"),
        dated_on=line.day("dated_on"),
        valid_to_on=line.day("valid_to_on"),
        mention=desk.mention(line),
        provenance=Provenance(
            source=part.export.name,
            origin=Origin.AUTHORITY,
            as_of=desk.as_of,  # the register held it on the day that it was read
            fetched_at=desk.at,
            request_ref=f"{part.file}#{part.sheet_name}#{line.number}",
            raw_sha256=part.sha256,
        ),
        tally=part.tally,
    )


def merge_permits(rows: Sequence[PermitRow], party_of: Sequence[int]) -> dict[int, list[Fact]]:
    """Supplier -> a fact per service, the permit that lasts longest of several; and one for an application beside it."""
    held: dict[tuple[int, str, bool], PermitRow] = {}
    for row in rows:
        place = (party_of[row.mention], row.service, row.state == "pending")
        known = held.get(place)
        if known is None:
            row.tally.accepted += 1
        else:
            row.tally.merged += 1
        if known is None or _order(row) > _order(known):
            held[place] = row
    found: dict[int, list[Fact]] = {}
    for (party, service, applied), row in held.items():
        beside = applied and (party, service, False) in held  # a renewal must not hide the permit, nor be hidden by it
        fact = CarePermit(
            provenance=row.provenance,
            scope_key=f"{service}/ansökan" if beside else service,
            state=row.state,
            service=service,
            valid_to_on=row.valid_to_on,
        )
        found.setdefault(party, []).append(fact)
    return found


def _order(row: PermitRow) -> tuple[bool, date, date]:
    return row.state == "valid", row.valid_to_on or date.max, row.dated_on or date.min
