from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from screening.model import BeneficialOwners, Officer, Officers, Origin, Owner, Provenance, RecordCheckAttestation

Rows = Callable[[str], list[dict[str, Any]]]


def test_a_change_of_the_board_against_the_contract(rows: Rows) -> None:
    """Before, after, the register's day, and how far from the nearest date of a contract."""
    found = [row for row in rows("Ägarförändringar") if row["Avser"] == "Styrelse eller ledning"]
    row = next(row for row in found if row["Leverantör"] == "Björkliden HVB AB")
    assert (row["Före"], row["Efter"], row["Datum"]) == (
        "Nils Övning (ledamot)",
        "Mona Testman (ledamot)",
        "2026-10-12",
    )
    assert (row["Närmaste avtalsdatum"], row["Dagar till avtalsdatum"]) == ("2027-02-20", 131)
    assert row["I förhållande till avtalet"] == "131 dagar före avtalsslutet"
    late = next(row for row in found if row["Leverantör"] == "Stenmurens Bygg AB")
    assert late["I förhållande till avtalet"].endswith("dagar efter avtalsstarten")


def test_a_change_of_owner_and_one_that_is_protected(rows: Rows) -> None:
    """Shares as per cent; a protected person is never named."""
    found = {row["Leverantör"]: row for row in rows("Ägarförändringar") if row["Avser"] == "Verklig huvudman"}
    assert found["Mälarö Hemtjänst AB"]["Före"] == "Greta Provsson (100\u2009%)"
    assert found["Granit & Grus i Väst AB"]["Efter"] == "Skyddad person (51–75\u2009%)"
    assert "Hemlig (51–75\u2009%)" in found["Mälarö Hemtjänst AB"]["Efter"]


def test_attestations_are_counts_and_dates(rows: Rows) -> None:
    """Received, and how many were not checked before they started; or missing."""
    found = rows("Registerkontroller")
    received = next(row for row in found if row["I omfattning"] == 14)
    assert (received["Intyg"], received["Ej kontrollerade"], received["Undertecknat"]) == ("Inkommet", 3, "2026-10-02")
    missing = next(row for row in found if row["Intyg"] == "Saknas")
    assert (missing["Lagområde"], missing["I omfattning"]) == ("HVB", None)


def test_changes_without_dates_contracts_or_shares(month: Any) -> None:
    """The day of the answer stands in; without a contract there is nothing to compare with."""
    came = provenance("register", 3)
    before = replace(came, as_of=came.as_of - timedelta(days=30), fetched_at=came.fetched_at - timedelta(days=30))
    owner = Owner("K-X", "Rut Prov")
    lone = month.ids[31]
    month.store.put_facts(
        month.run.id, lone, [BeneficialOwners(provenance=before, state="none_exists")], before.fetched_at
    )
    month.store.put_facts(
        month.run.id, lone, [BeneficialOwners(provenance=came, state="registered", owners=(owner,))], came.fetched_at
    )
    signed = month.ids[4]
    day = month.store.contracts(month.run.id, signed)[0].starts_on
    people = (Officer("K-Z", "Ida Prov", "OF", "", date(2020, 1, 1)), Officer("K-Y", "Ove Test", "LE", "", day))
    month.store.put_facts(month.run.id, signed, [Officers(provenance=came, people=people)], came.fetched_at)
    refused = RecordCheckAttestation(
        provenance=came, scope_key="2026Q2/hvb", state="refused", quarter="2026Q2", area="hvb", refused_for="free_text"
    )
    month.store.put_facts(month.run.id, signed, [refused], came.fetched_at)
    month.build()
    columns, found = month.store.sheet(month.run.id, "Ägarförändringar")
    changes = {row["Efter"]: row for row in (dict(zip(columns, row, strict=True)) for row in found)}
    assert changes["Rut Prov"]["Datum"] == came.as_of.isoformat()
    assert changes["Rut Prov"]["I förhållande till avtalet"] == "Inget avtalsdatum"
    assert changes["Ove Test (ledamot)"]["I förhållande till avtalet"] == "Samma dag som avtalsstarten"
    columns, found = month.store.sheet(month.run.id, "Registerkontroller")
    states = [dict(zip(columns, row, strict=True))["Intyg"] for row in found]
    assert "Avvisat: otillåtet innehåll" in states


def provenance(source: str, days: int) -> Provenance:
    """An answer some days before the run."""
    at = datetime(2026, 11, 30, 5, tzinfo=UTC) - timedelta(days=days)
    return Provenance(source=source, origin=Origin.AUTHORITY, as_of=at.date(), fetched_at=at)
