"""Hours and employer contributions per month as facts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from screening.model import DeliveredHours, EmployerContributions

if TYPE_CHECKING:
    from tests.stages.intake.conftest import Desk

HEADER = "Leverantör;Organisationsnummer;Månad;Timmar;Arbetsgivaravgifter"
CONTRACT = "Avtals-ID;Avtal;Leverantör;Organisationsnummer;Tjänst;Startdatum;Slutdatum"


def lay(desk: Desk, *rows: str, header: str = HEADER) -> None:
    """A contract for home care, and months."""
    desk.lay("avtal.csv", CONTRACT, "A-1;Hemtjänst;Bygg AB;5599999991;hemtjänst;2025-01-01;2027-12-31")
    desk.lay("timmar.csv", header, *rows)


def facts(desk: Desk) -> tuple[DeliveredHours | None, EmployerContributions | None]:
    """What the only supplier has."""
    own = desk.supplier().id
    hours, contributions = desk.store.current(own, "delivered_hours"), desk.store.current(own, "employer_contributions")
    assert hours is None or isinstance(hours, DeliveredHours)
    assert contributions is None or isinstance(contributions, EmployerContributions)
    return hours, contributions


def test_months_become_one_fact_of_each_kind(desk: Desk) -> None:
    """Hours of several units are added up; of two contributions for one month the last holds."""
    lay(
        desk,
        "Bygg AB;559999-9991;2026-10;800,5;31 420",
        "Bygg AB;559999-9991;202609;700;",
        "Bygg AB;559999-9991;2026-10;99,5;31 421",
    )
    desk.read()
    hours, contributions = facts(desk)
    assert hours is not None
    assert contributions is not None
    assert hours.months == (("2026-09", Decimal(700)), ("2026-10", Decimal(900)))
    assert contributions.months == (("2026-10", Decimal(31_421)),)
    assert (hours.provenance.as_of, hours.provenance.source) == (date(2026, 10, 31), "manadsuppgifter")
    assert hours.provenance.request_ref == "timmar.csv##4"


def test_a_month_to_come_is_counted_and_not_used(desk: Desk) -> None:
    """As in every file."""
    lay(desk, "Bygg AB;559999-9991;2026-12;800;", "Bygg AB;559999-9991;2026-11;700;")
    files = desk.read()
    hours, contributions = facts(desk)
    assert hours is not None
    assert hours.months == (("2026-11", Decimal(700)),)
    assert hours.provenance.as_of == date(2026, 11, 30)
    assert contributions is None
    assert any(item.connector == "manadsuppgifter" and item.accepted == 2 for item in files)


def test_a_file_may_have_contributions_alone(desk: Desk) -> None:
    """A list from the tax agency."""
    lay(desk, "Bygg AB;559999-9991;2026-10;31420", header="Leverantör;Orgnr;Månad;Arbetsgivaravgifter")
    desk.read()
    hours, contributions = facts(desk)
    assert hours is None
    assert contributions is not None


def test_rows_that_cannot_be_read_are_rejected(desk: Desk) -> None:
    """Each with its reason."""
    lay(
        desk,
        "Bygg AB;559999-9991;hösten;800;",
        "Bygg AB;559999-9991;2026-10;;",
        "Bygg AB;559999-9991;2026-10;många;",
        "Bygg AB;559999-9991;2026-10;-5;",
    )
    desk.read()
    assert [item.code for item in desk.rejects()] == ["date_wrong", "amount_missing", "amount_wrong", "amount_wrong"]
