"""An extract of a register of permits: one fact per service, of the suppliers in scope alone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from screening.model import CarePermit, Origin

if TYPE_CHECKING:
    from tests.stages.intake.conftest import Desk

HEADER = "Tillståndshavare;Organisationsnummer;Verksamhetstyp;Status;Beslutsdatum;Tillstånd till"
CONTRACT = "Avtals-ID;Avtal;Leverantör;Organisationsnummer;Tjänst;Startdatum;Slutdatum"


def permits(desk: Desk) -> dict[str, CarePermit]:
    """The supplier's permits by service."""
    rows = desk.store.history(desk.supplier().id, "care_permit")
    return {row.scope_key: row for row in rows if isinstance(row, CarePermit)}


def lay(desk: Desk, *rows: str) -> None:
    """A contract for home care, and a register."""
    desk.lay("avtal.csv", CONTRACT, "A-1;Hemtjänst;Bygg AB;5599999991;hemtjänst;2025-01-01;2027-12-31")
    desk.lay("ivo.csv", HEADER, *rows)


def test_each_service_is_one_permit(desk: Desk) -> None:
    """With its state and last day; of several for one service the one that lasts longest."""
    lay(
        desk,
        "Bygg AB;559999-9991;Hemtjänst;Giltigt;2024-02-01;2026-12-31",
        "Bygg AB;559999-9991;hemtjänst;Upphört;2019-02-01;2024-01-31",
        "Bygg AB;559999-9991;hemtjänst;Giltigt;2026-02-01;2028-12-31",
        "Bygg AB;559999-9991;Stödboende;Under prövning;2026-10-01;",
    )
    files = desk.read()
    found = permits(desk)
    assert set(found) == {"hemtjänst", "stödboende"}
    assert (found["hemtjänst"].state, found["hemtjänst"].valid_to_on) == ("valid", date(2028, 12, 31))
    assert (found["stödboende"].state, found["stödboende"].service) == ("pending", "stödboende")
    came = found["stödboende"].provenance
    assert (came.source, came.origin, came.as_of) == ("ivo_tillstand", Origin.AUTHORITY, date(2026, 11, 30))
    assert [(item.accepted, item.merged) for item in files if item.connector == "ivo_tillstand"] == [(2, 2)]


def test_a_holder_who_is_no_supplier_is_let_go(desk: Desk) -> None:
    """The register holds every permit in the country."""
    lay(desk, "Annan Vård AB;559999-0065;Hemtjänst;Giltigt;2024-02-01;")
    desk.read()
    assert permits(desk) == {}
    assert len(desk.suppliers()) == 1


def test_a_row_without_service_is_rejected_and_an_unknown_state_is_read_as_valid(desk: Desk) -> None:
    """The unknown word is told."""
    lay(
        desk,
        "Bygg AB;559999-9991;;Giltigt;2024-02-01;",
        "Bygg AB;559999-9991;Hemtjänst;Prolongerat;2024-02-01;",
        "Bygg AB;559999-9991;HVB;Giltigt;2024-02-31;",
    )
    files = desk.read()
    assert permits(desk)["hemtjänst"].state == "valid"
    assert sorted(item.code for item in desk.rejects()) == ["date_wrong", "service_missing"]
    (file,) = [item for item in files if item.connector == "ivo_tillstand"]
    assert any("Status" in note for note in file.notes)


def test_a_renewal_beside_a_permit_is_kept_whichever_row_comes_first(desk: Desk) -> None:
    """A permit that has ended must not hide that its renewal is being examined."""
    lay(
        desk,
        "Bygg AB;559999-9991;Hemtjänst;Giltigt;2024-02-01;2026-08-31",
        "Bygg AB;559999-9991;Hemtjänst;Under prövning;2026-06-01;",
        "Bygg AB;559999-9991;HVB;Under prövning;2026-06-01;",
        "Bygg AB;559999-9991;HVB;Upphört;2020-06-01;2026-05-31",
    )
    files = desk.read()
    assert {scope: (item.state, item.service) for scope, item in permits(desk).items()} == {
        "hemtjänst": ("valid", "hemtjänst"),
        "hemtjänst/ansökan": ("pending", "hemtjänst"),
        "hvb": ("ended", "hvb"),
        "hvb/ansökan": ("pending", "hvb"),
    }
    assert [(item.accepted, item.merged) for item in files if item.connector == "ivo_tillstand"] == [(4, 0)]
