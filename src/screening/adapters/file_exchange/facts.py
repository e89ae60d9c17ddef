"""What the rows about one number say, as facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from screening.adapters import cells
from screening.adapters.file_exchange.layout import Layout, Meaning
from screening.adapters.file_exchange.received import Damaged, Row, money, on_day
from screening.model import EmployerContributions, EnforcementDebt, Fact, Provenance, TaxRegistration

State = Literal["never", "active", "ended", "future"]
STATES: tuple[State, ...] = ("never", "active", "ended", "future")
Missing = tuple[str, str]


def facts(
    layout: Layout, name: str, rows: Sequence[Row], kinds: frozenset[str], provenance: Provenance
) -> tuple[tuple[Fact, ...], dict[str, Missing]]:
    """The facts of the kinds that are wanted, and why there is none of the others.

    Raises:
        Damaged: a value that is not understood; then nothing of the file is believed.
    """
    found: list[Fact] = []
    missing: dict[str, Missing] = {}
    refused = _refused(layout, name, rows)
    for kind in sorted(kinds):
        if kind not in layout.gives:
            missing[kind] = ("no_source", "")
            continue
        made = refused or _READ[kind](layout, name, rows, provenance)
        if isinstance(made, Fact):
            found.append(made)
        else:
            missing[kind] = made
    return tuple(found), missing


def _refused(layout: Layout, name: str, rows: Sequence[Row]) -> Missing | None:
    """Why the answer about a number holds nothing, by the status of its own record."""
    words, subjects = layout.words, _of(rows, "subject")
    if layout.has("subject") and not subjects:
        return "partial", f"{name} har rader om leverantören, men ingen post som säger att den är besvarad"
    for row in subjects:
        if "status" not in row.said:
            continue
        status = row.said["status"]
        if status in words.not_found:
            return "not_found", f"{name}: numret är inte känt där"
        if status in words.redacted:
            return "redacted", f"{name}: uppgiften är skyddad"
        if status not in words.found:
            raise Damaged(f"{name} har statuskoden {status!r}, som layouten saknar")
    return None


def _debt(layout: Layout, name: str, rows: Sequence[Row], provenance: Provenance) -> Fact | Missing:
    """Sums by record type; what the layout has no record for is not known."""
    public, private, applied = (_of(rows, means) for means in ("public_debt", "private_debt", "application"))
    taxes = [row for row in public if row.said.get("kind", "") in layout.words.tax]
    days = [on_day(name, row.said["day"]) for row in (*public, *private) if "day" in row.said]
    has_private, has_applications = layout.has("private_debt"), layout.has("application")
    return EnforcementDebt(
        provenance=provenance,
        public_debt_sek=_sum(layout, name, public),
        public_cases=_cases(name, public),
        tax_debt_sek=_sum(layout, name, taxes) if layout.words.tax else None,
        private_debt_sek=_sum(layout, name, private) if has_private else None,
        private_cases=_cases(name, private) if has_private else None,
        applications=_cases(name, applied) if has_applications else None,
        applications_sek=_sum(layout, name, applied)
        if has_applications and all(row.said.get("amount") for row in applied)
        else None,
        last_case_on=max((day for day in days if day is not None), default=None),
    )


def _registration(layout: Layout, name: str, rows: Sequence[Row], provenance: Provenance) -> Fact | Missing:
    found = _of(rows, "registration")
    if len({tuple(sorted(row.said.items())) for row in found}) != 1:
        said = "två olika uppgifter" if found else "ingen uppgift"
        return "partial", f"{name} har {said} om registreringar"
    said_of = found[0].said

    def state(register: str) -> State | None:
        code = said_of.get(register, "")
        for word in STATES:
            if code and code in getattr(layout.words, word):
                return word
        if code:
            raise Damaged(f"{name} har registreringskoden {code!r}, som layouten saknar")
        return None

    states = {register: state(register) for register in ("f_tax", "vat", "employer")}
    if not any(states.values()):
        return "partial", f"{name} har ingen uppgift om registreringar"
    return TaxRegistration(
        provenance=provenance,
        f_tax=states["f_tax"],
        f_tax_from_on=on_day(name, said_of.get("f_tax_from", "")),
        f_tax_to_on=on_day(name, said_of.get("f_tax_to", "")),
        vat=states["vat"],
        vat_from_on=on_day(name, said_of.get("vat_from", "")),
        vat_to_on=on_day(name, said_of.get("vat_to", "")),
        employer=states["employer"],
        employer_from_on=on_day(name, said_of.get("employer_from", "")),
        employer_to_on=on_day(name, said_of.get("employer_to", "")),
    )


def _contributions(layout: Layout, name: str, rows: Sequence[Row], provenance: Provenance) -> Fact | Missing:
    """Months that are told; where none is, nothing is known of any month."""
    months: dict[str, Decimal] = {}
    for row in _of(rows, "contribution"):
        try:
            year, number = cells.month(row.said["month"])
        except ValueError:
            raise Damaged(f"{name} har en månad som inte kan läsas") from None
        month = f"{year}-{number:02}"
        months[month] = months.get(month, Decimal(0)) + money(layout, name, row.said["amount"])
    if not months:
        return "not_found", f"{name} har inga beslutade arbetsgivaravgifter"
    return EmployerContributions(provenance=provenance, months=tuple(sorted(months.items())))


def _of(rows: Sequence[Row], means: Meaning) -> list[Row]:
    return [row for row in rows if row.means == means]


def _sum(layout: Layout, name: str, rows: Sequence[Row]) -> Decimal:
    return sum((money(layout, name, row.said.get("amount") or "0") for row in rows), Decimal(0))


def _cases(name: str, rows: Sequence[Row]) -> int:
    """Each record is a case, unless it says how many it stands for."""
    try:
        return sum(int(row.said.get("cases") or 1) for row in rows)
    except ValueError:
        raise Damaged(f"{name} har ett antal mål som inte kan läsas") from None


_READ: Mapping[str, Callable[[Layout, str, Sequence[Row], Provenance], Fact | Missing]] = {
    "enforcement_debt": _debt,
    "tax_registration": _registration,
    "employer_contributions": _contributions,
}
