"""What the two ways to a skattekonto share: rows, balances, and what they say about how long a deficit has lasted.

Amounts are whole kronor; a negative balance is a deficit (underskott). Skatteverket reconciles each account on the first
Saturday of the month. A length of time is only stated when it is shown: by rows without a gap back to a day on which the
account was not in deficit, or by at least a year of deficit.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from screening.adapters.cells import month_in
from screening.model import EmployerContributions, Fact, Provenance, TaxAccount

SHOWN_LONG_ENOUGH = timedelta(days=365)
"""A deficit that fills the whole window is stated as at least so long when the window is this long."""
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One booked transaction; ``amount`` is ``None`` where Skatteverket left it out."""

    on: date
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A skattekonto on a day.

    Attributes:
        as_of: the day for which the balance holds.
        balance: negative for a deficit.
        at_enforcement: what Kronofogden has, as a positive debt; ``None`` when not said.
        due: the part of a deficit that is past its due date, where that is said.
        next_reconciliation: where it is said.
        signed: whether the extract is signed, where that is said.
        rows: every booked row from ``rows_from`` to ``as_of``; ``None`` when no rows were given.
        rows_from: the first day that the rows cover.
        contributions: (month, employer contributions booked for it), oldest first; empty when no row tells of any.
    """

    as_of: date
    balance: Decimal
    at_enforcement: Decimal | None = None
    due: Decimal | None = None
    next_reconciliation: date | None = None
    signed: bool | None = None
    rows: tuple[Row, ...] | None = None
    rows_from: date | None = None
    contributions: tuple[tuple[str, Decimal], ...] = ()


KINDS = frozenset({TaxAccount.kind, EmployerContributions.kind})
"""What a skattekonto tells."""

Missing = dict[str, tuple[str, str]]


def facts(statement: Statement, provenance: Provenance, kinds: Collection[str]) -> tuple[tuple[Fact, ...], Missing]:
    """The facts asked for, and why there is none of a kind."""
    found: list[Fact] = []
    missing: Missing = {}
    if TaxAccount.kind in kinds:
        found.append(tax_account(statement, provenance))
    if EmployerContributions.kind in kinds:
        if statement.contributions:
            found.append(EmployerContributions(provenance=provenance, months=statement.contributions))
        else:
            missing[EmployerContributions.kind] = ("not_found", "kontot visar inga bokförda arbetsgivaravgifter")
    return tuple(found), missing


def contributions(rows: Iterable[tuple[date | None, str, Decimal | None]]) -> tuple[tuple[str, Decimal], ...]:
    """(month, contributions) of the rows that are about nothing else, oldest first; corrections are added.

    A row that holds withheld tax, too, cannot be split and is left out. A row that names no month is for the one before
    the day on which it is booked. Nothing else is kept of the text.
    """
    found: dict[str, Decimal] = {}
    for on, text, amount in rows:
        if amount is None or not _CONTRIBUTIONS.match(text) or _OTHER_TAX.search(text):
            continue
        year, number = month_in(text) or (0, None)
        if number is None and on is not None:
            year, number = (on.year, on.month - 1) if on.month > 1 else (on.year - 1, 12)
        if number is not None:
            month = f"{year}-{number:02}"
            found[month] = found.get(month, Decimal(0)) - amount
    return tuple(sorted((month, amount) for month, amount in found.items() if amount >= 0))


_CONTRIBUTIONS = re.compile(r"\s*(?:beslut(?:ad)?:?\s+)?arbetsgivaravgift", re.IGNORECASE)
_OTHER_TAX = re.compile(r"skatt|ränta|avgift för sen|anstånd", re.IGNORECASE)


def tax_account(statement: Statement, provenance: Provenance) -> TaxAccount:
    """The fact."""
    return TaxAccount(
        provenance=provenance,
        balance_sek=statement.balance,
        at_enforcement_sek=statement.at_enforcement,
        due_sek=statement.due,
        next_reconciliation_on=statement.next_reconciliation,
        deficit_since_on=deficit_since(statement),
        reconciliations_in_deficit=reconciliations_in_deficit(statement),
        signed=statement.signed,
    )


def deficit_since(statement: Statement) -> date | None:
    """The day from which the balance has been negative without a break.

    ``None`` when it is not negative, or when the rows do not reach back to the day it became so. When the rows show a year
    or more of nothing but deficit, it is their first day: the deficit is at least so old.
    """
    if statement.balance >= 0:
        return None
    first = statement.as_of
    for start, balance in _balances(statement):
        if balance >= 0:
            return first
        first = start
    return first if statement.as_of - first >= SHOWN_LONG_ENOUGH else None


def reconciliations_in_deficit(statement: Statement) -> int | None:
    """How many monthly reconciliations in a row, counted back from the newest, ended in deficit; ``None`` when not shown.

    The row ends at a reconciliation without deficit, or with a list of rows that begins without one.
    """
    known = list(_balances(statement))
    if not known:
        return None
    count = 0
    for day in _reconciliations_back_from(statement.as_of):
        balance = next((balance for start, balance in known if start <= day), None)
        if balance is None:
            first, opening = known[-1]
            return count if opening >= 0 or statement.as_of - first >= SHOWN_LONG_ENOUGH else None
        if balance >= 0:
            return count
        count += 1
    return count


def _balances(statement: Statement) -> Iterator[tuple[date, Decimal]]:
    """(from this day, the balance at the end of it and until the next), newest first, as far back as it can be known.

    A row without an amount ends what can be known: before it the balance may have been anything.
    """
    if statement.rows is None:
        return
    balance = statement.balance
    days: dict[date, list[Row]] = {}
    for row in statement.rows:
        if row.on <= statement.as_of:
            days.setdefault(row.on, []).append(row)
    for day in sorted(days, reverse=True):
        yield day, balance
        amounts = [row.amount for row in days[day]]
        if any(amount is None for amount in amounts):
            return
        balance -= sum((amount for amount in amounts if amount is not None), Decimal(0))
    if statement.rows_from is not None and statement.rows_from < min(days, default=statement.as_of):
        yield statement.rows_from, balance
    elif days:
        yield min(days) - timedelta(days=1), balance


def _reconciliations_back_from(day: date) -> Iterator[date]:
    """First Saturdays, newest first, for three years."""
    year, month = day.year, day.month
    for _ in range(36):
        first = date(year, month, 1)
        saturday = first + timedelta(days=(_SATURDAY - first.weekday()) % 7)
        if saturday <= day:
            yield saturday
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)


def rows_of(pairs: Sequence[tuple[date | None, Decimal | None]], as_of: date) -> tuple[Row, ...]:
    """Rows, oldest first. One without a day could be anywhere, so it stands last and leaves what is before it unknown."""
    rows = [Row(as_of, None) if day is None else Row(day, amount) for day, amount in pairs]
    return tuple(sorted(rows, key=lambda row: row.on))
