"""Hours delivered and employer contributions per month, one row each, as facts of the suppliers in scope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from screening.adapters.cells import month, month_end, ore
from screening.identity import mask_text
from screening.model import DeliveredHours, EmployerContributions, Fact, Origin, Provenance
from screening.stages.intake.desk import Desk, Line, Part, Refusal, Tally, check_even, data_lines

KEPT = 24  # months of a supplier; older ones are history


@dataclass(frozen=True, slots=True)
class MonthRow:
    """What one row says of one month; ``None`` where the file has no such column, or the cell is empty."""

    mention: int
    month: str
    hours: Decimal | None
    contributions_sek: Decimal | None
    provenance: Provenance
    tally: Tally


def read_months(desk: Desk, part: Part) -> Iterator[MonthRow]:
    """Every month of a sheet up to the run's day; rejected rows go to the desk."""
    for line in data_lines(part):
        try:
            row = _row(desk, line)
        except Refusal as refusal:
            desk.reject(line, refusal, name=mask_text(line.text("supplier_name")))
            continue
        if row.month > f"{desk.as_of:%Y-%m}":
            part.tally.accepted += 1
            part.tally.after += 1
        else:
            yield row


def _row(desk: Desk, line: Line) -> MonthRow:
    check_even(line)
    try:
        year, number = month(line.raw("month"))
    except ValueError:
        raise Refusal("date_wrong", column=line.part.column("month")) from None
    hours, contributions = _amount(line, "hours"), _amount(line, "contributions_sek")
    if hours is None and contributions is None:
        raise Refusal("amount_missing")
    part = line.part
    return MonthRow(
        mention=desk.mention(line),
        month=f"{year}-{number:02}",
        hours=hours,
        contributions_sek=contributions,
        provenance=Provenance(
            source=part.export.name,
            origin=Origin.FILE,
            as_of=min(month_end(year, number), desk.as_of),
            fetched_at=desk.at,
            request_ref=f"{part.file}#{part.sheet_name}#{line.number}",
            raw_sha256=part.sha256,
        ),
        tally=part.tally,
    )


def _amount(line: Line, name: str) -> Decimal | None:
    """A number of two decimals that is not negative."""
    try:
        found = ore(line.raw(name), line.part.export.table.options.decimal)
    except ValueError:
        raise Refusal("amount_wrong") from None
    if found is not None and found < 0:
        raise Refusal("amount_wrong")
    return None if found is None else Decimal(found) / 100


# --- one fact per supplier and kind ---------------------------------------------------------------------------------------
def merge_months(rows: Sequence[MonthRow], party_of: Sequence[int]) -> dict[int, list[Fact]]:
    """Supplier -> its hours, and its contributions.

    Hours of one month are added up over rows (one per unit, for example). Contributions are decided once per month: of
    several rows the last holds.
    """
    hours: dict[int, dict[str, Decimal]] = {}
    contributions: dict[int, dict[str, Decimal]] = {}
    newest: dict[tuple[int, type[Fact]], Provenance] = {}
    for row in rows:
        party = party_of[row.mention]
        row.tally.accepted += 1
        if row.hours is not None:
            months = hours.setdefault(party, {})
            months[row.month] = months.get(row.month, Decimal(0)) + row.hours
            _keep_newest(newest, (party, DeliveredHours), row.provenance)
        if row.contributions_sek is not None:
            contributions.setdefault(party, {})[row.month] = row.contributions_sek
            _keep_newest(newest, (party, EmployerContributions), row.provenance)
    found: dict[int, list[Fact]] = {}
    for party, months in hours.items():
        fact = DeliveredHours(provenance=newest[party, DeliveredHours], months=_latest(months))
        found.setdefault(party, []).append(fact)
    for party, months in contributions.items():
        decided = EmployerContributions(provenance=newest[party, EmployerContributions], months=_latest(months))
        found.setdefault(party, []).append(decided)
    return found


def _keep_newest(
    newest: dict[tuple[int, type[Fact]], Provenance], place: tuple[int, type[Fact]], provenance: Provenance
) -> None:
    """The row of the latest month vouches for the fact."""
    if place not in newest or provenance.as_of >= newest[place].as_of:
        newest[place] = provenance


def _latest(months: dict[str, Decimal]) -> tuple[tuple[str, Decimal], ...]:
    return tuple(sorted(months.items())[-KEPT:])
