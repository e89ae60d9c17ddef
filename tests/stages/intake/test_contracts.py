"""Contracts, their parties and supplier lists: read, refused, merged, inherited, and who they put in scope."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest

HEADER = (
    "Avtals-ID;Avtal;Leverantör;Organisationsnummer;Leverantörsnr;Enhet;Tjänst;Regelverk;Fas;Roll;Huvudavtal;Tilldelat;"
    "Startdatum;Slutdatum;Option t.o.m.;Avtalsvärde (kr);Krav på registerkontroll;Avtalsansvarig;Diarienr"
)
FULL = (
    "A1;Hemtjänst 2026;Omsorg AB;559999-9991;7;omsorgen;Hemtjänst;LOU bilaga 2;avtal;huvudleverantör;;2025-11-01;"
    "2026-01-01;2027-12-31;2029-12-31;1 250 000,50;ja;Vera Ek;KS 2025/1"
)

if TYPE_CHECKING:
    from tests.stages.intake.conftest import Desk


def test_every_field_of_a_contract_is_read(desk: Desk) -> None:
    """Words by their meanings, units by their spellings, money exact."""
    desk.lay("a.csv", HEADER, FULL)
    desk.read(unit=[{"name": "Omsorgsförvaltningen", "match": ["Omsorgen"]}])
    (contract,) = desk.contracts()
    assert contract.id == "A1"
    assert contract.unit == "Omsorgsförvaltningen"
    assert (contract.service, contract.regime, contract.phase, contract.role) == (
        "hemtjänst",
        "LOU_annex2",
        "contract",
        "main",
    )
    assert (contract.awarded_on, contract.starts_on) == (date(2025, 11, 1), date(2026, 1, 1))
    assert (contract.ends_on, contract.option_until_on) == (date(2027, 12, 31), date(2029, 12, 31))
    assert contract.value_sek == Decimal("1250000.50")
    assert contract.record_check is True
    assert (contract.owner, contract.diary_number) == ("Vera Ek", "KS 2025/1")


@pytest.mark.parametrize(
    ("row", "code", "told"),
    [
        (
            "A1;Städ;;;;Skola;;;;;;;2026-01-01;2027-12-31;;;;;",
            "supplier_missing",
            "varken leverantörens namn eller nummer",
        ),
        ("A1;Städ;Bygg AB;;;;;;;;;;snart;;;;;;", "date_wrong", "kolumnen Startdatum"),
        ("A1;Städ;Bygg AB;;;;;;;;;;;;;mycket;;;", "amount_wrong", "Beloppet"),
    ],
)
def test_a_row_that_cannot_be_read_is_rejected_with_its_row(desk: Desk, row: str, code: str, told: str) -> None:
    """File, row number and a Swedish reason; it leaves no supplier behind."""
    desk.lay("a.csv", HEADER, FULL, "", row)
    (file,) = desk.read()
    assert (file.rows, file.accepted, file.rejected) == (2, 1, 1)
    (reject,) = [item for item in desk.rejects() if item.code == code]
    assert (reject.file, reject.row) == ("a.csv", 4)
    assert told in reject.reason
    assert list(desk.suppliers()) == ["Omsorg AB"]


def test_a_sub_supplier_inherits_from_its_main_contract(desk: Desk) -> None:
    """Where its own row is silent; its own words stand."""
    desk.lay(
        "a.csv",
        HEADER,
        FULL,
        ";;Städ AB;559999-9983;;;;;;underleverantör;A1;;;;;;;;",
        ";;Tvätt AB;559999-9975;;;;LOV;;underleverantör;A1;;;2026-12-31;;;nej;;",
    )
    desk.read()
    (sub,) = desk.contracts("Städ AB")
    assert (sub.id, sub.role, sub.title, sub.unit, sub.regime) == (
        "A1",
        "sub",
        "Hemtjänst 2026",
        "omsorgen",
        "LOU_annex2",
    )
    assert (sub.ends_on, sub.record_check, sub.value_sek) == (date(2027, 12, 31), True, None)
    (main,) = desk.contracts("Omsorg AB")
    assert (sub.main_contract, sub.main_value_sek, sub.regime_said) == ("A1", main.value_sek, True)
    assert main.value_sek is not None
    assert (main.main_value_sek, main.regime_said) == (None, True)
    (own,) = desk.contracts("Tvätt AB")
    assert (own.regime, own.ends_on, own.record_check) == ("LOV", date(2026, 12, 31), False)


def test_an_id_is_made_where_the_export_has_none_and_is_stable(desk: Desk) -> None:
    """From supplier, title and start."""
    desk.lay(
        "a.csv",
        "Leverantör;Orgnr;Avtal;Avtalsperiod;Enhet",
        "Städ AB;559999-9983;Städ;2026-01-01 - 2027-12-31;Skola",
        "STÄD;5599999983;Städ;2026-01-01 - 2027-12-31;Skola",
    )
    (file,) = desk.read(connector="avtalsregister")
    (contract,) = desk.contracts()
    assert contract.id.startswith("A-")
    assert (contract.starts_on, contract.ends_on) == (date(2026, 1, 1), date(2027, 12, 31))
    assert (file.accepted, file.merged) == (1, 1)
    first = contract.id
    desk.read(connector="avtalsregister")
    assert desk.contracts()[0].id == first


def test_the_fullest_row_of_a_contract_holds_and_differences_are_noted(desk: Desk) -> None:
    """Blanks are filled from the other file."""
    desk.lay("a.csv", HEADER, "A1;Hemtjänst;Omsorg AB;559999-9991;7;;;;;;;;2026-01-01;2027-06-30;;;;Vera Ek;")
    desk.lay("b.csv", HEADER, FULL.replace("Vera Ek", ""))
    first, second = desk.read()
    (contract,) = desk.contracts()
    assert (contract.ends_on, contract.owner, contract.title) == (date(2027, 12, 31), "Vera Ek", "Hemtjänst 2026")
    assert (first.accepted, second.merged) == (1, 1)
    assert "avtal A1 finns flera gånger med olika uppgifter (title, ends_on)" in second.notes[-1]


def test_several_suppliers_may_share_a_contract(desk: Desk) -> None:
    """Each is a party of it."""
    desk.lay("a.csv", HEADER, FULL, FULL.replace("Omsorg AB;559999-9991;7", "Vård AB;559999-9983;8"))
    desk.read()
    assert desk.contracts("Omsorg AB")[0].id == desk.contracts("Vård AB")[0].id == "A1"


def test_unknown_words_are_read_as_the_default_and_told(desk: Desk) -> None:
    """With the column and how many rows; never the row dropped."""
    desk.lay("a.csv", HEADER, FULL.replace("LOU bilaga 2", "LSP").replace(";ja;", ";kanske;"))
    (file,) = desk.read()
    assert desk.contracts()[0].regime == "LOU"
    assert desk.contracts()[0].record_check is None
    assert "okänt ord i kolumnen Regelverk (rader: 1); läst som LOU" in file.notes
    assert "okänt ord i kolumnen Krav på registerkontroll (rader: 1); läst som –" in file.notes


@pytest.mark.parametrize(
    ("row", "population", "found"),
    [
        (FULL, {}, True),
        (FULL.replace("2027-12-31", "2026-11-30"), {}, True),
        (FULL.replace("2027-12-31", "2026-11-29"), {}, False),
        (FULL.replace("2027-12-31", "2026-11-29").replace(";avtal;", ";anbud;"), {}, True),
        (FULL.replace("2027-12-31", "2026-11-29"), {"contracts": "all"}, True),
        (FULL, {"contracts": "none"}, False),
        (FULL.replace("2026-01-01", "2027-01-01"), {}, True),
        (FULL.replace("huvudleverantör", "underleverantör"), {"include_sub_suppliers": False}, False),
        (FULL.replace("huvudleverantör", "underleverantör"), {}, True),
    ],
)
def test_who_is_in_scope_by_contract(desk: Desk, row: str, population: dict[str, object], found: bool) -> None:
    """In force to the last day, in tender, signed and not yet started; sub-suppliers where wanted."""
    desk.lay("a.csv", HEADER, row)
    desk.read(population=population)
    assert bool(desk.suppliers()) is found


def test_a_supplier_list_is_the_population_only_when_it_is_alone(desk: Desk) -> None:
    """Beside contracts it gives names and numbers."""
    listed = desk.lay(
        "lista.csv",
        "Leverantörsnr;Leverantör;Organisationsnummer",
        "7;Omsorg AB;559999-9991",
        "8;Vilande AB;559999-9983",
        "8;Vilande;559999-9983",
        ";;",
    )
    (file,) = desk.read("lista.csv")
    assert set(desk.suppliers()) == {"Omsorg AB", "Vilande AB"}
    assert (file.accepted, file.merged) == (2, 1)
    assert "leverantörslistan är urvalet" in file.notes[-1]
    desk.lay("avtal.csv", HEADER, FULL)
    desk.read()
    assert set(desk.suppliers()) == {"Omsorg AB"}
    assert listed.exists()


def test_a_list_row_without_any_supplier_is_rejected(desk: Desk) -> None:
    """Nothing to know it by."""
    desk.lay("lista.csv", "Leverantörsnr;Leverantör;Organisationsnummer;Land", "7;Omsorg AB;559999-9991;SE", ";;0;NO")
    (file,) = desk.read()
    assert (file.accepted, file.rejected) == (1, 1)


def test_a_name_without_usable_number_is_accepted_and_shown(desk: Desk) -> None:
    """As an unidentified supplier, with proposals: of the same name in these files first, then by the digits."""
    desk.lay(
        "a.csv",
        HEADER,
        FULL,
        FULL.replace("A1;", "A2;").replace("559999-9991;7", "559999-9919;"),
        FULL.replace("A1;", "A3;").replace("559999-9991;7", ";").replace("Omsorg AB", "Nynamn AB"),
    )
    (file,) = desk.read()
    assert (file.accepted, file.rejected) == (3, 0)
    assert desk.suppliers()["Nynamn AB"].kind == "unidentified"
    wrong, missing = desk.rejects()
    assert (wrong.code, wrong.written, wrong.name) == ("identity.check_digit", "559999-9919", "Omsorg AB")
    assert wrong.proposals[0] == ("5599999991", "Omsorg AB", 1.0)
    assert (missing.code, missing.proposals) == ("identity.empty", ())


def test_a_wrong_number_that_the_supplier_number_corrects_is_told(desk: Desk) -> None:
    """Which number, from which file, and how many rows."""
    desk.lay("a.csv", HEADER, FULL)
    desk.lay("b.csv", HEADER, *(FULL.replace("A1;", f"B{n};").replace("559999-9991", "559999-9919") for n in range(2)))
    desk.read()
    (reject,) = desk.rejects()
    assert "Leverantörsnr 7 står för 559999-9991 i a.csv, och raderna har förts dit." in reject.reason
    assert reject.reason.endswith("Gäller 2 rader.")
    assert len(desk.contracts()) == 3


def test_an_accepted_number_is_used_for_that_name_and_number(desk: Desk, noon: Callable[[date], datetime]) -> None:
    """And the supplier says that a person accepted it."""
    desk.lay("a.csv", HEADER, FULL.replace("559999-9991", "559999-9919"))
    desk.read()
    before = desk.supplier()
    from screening.identity import read

    right = read("5599999991").identity
    assert right is not None
    desk.store.accept_number("Omsorg AB", "559999-9919", right, "vera", noon(date(2026, 11, 30)), "x")
    desk.read()
    after = desk.supplier()
    assert (after.id, after.public_id, after.identity_accepted) == (before.id, "5599999991", True)
    assert desk.rejects() == []


def test_two_organisations_under_one_supplier_number_are_told(desk: Desk) -> None:
    """In the notes of the first file."""
    desk.lay("a.csv", HEADER, FULL, FULL.replace("Omsorg AB;559999-9991;7", "Vård AB;559999-9983;7"))
    (file,) = desk.read()
    assert any("leverantörsnr 7 står för flera organisationsnummer" in note for note in file.notes)


def test_a_row_of_filler_zeros_is_no_supplier(desk: Desk) -> None:
    """e-Avrop writes 0.0 in every cell of a row that it has nothing for; a heading among zeros is a heading."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Organisation", "Diarie", "Avtal", "Kategori", "Leverantör", "Orgnr", "Fr.o.m.", "T.o.m."])
    sheet.append(["Testby", "D1", "Tak", 0.0, "Plåt AB", "559999-9991", "2024-01-01", "2027-01-01"])
    sheet.append([0.0] * 8)
    sheet.append(["Bygg", *[0.0] * 7])
    sheet.append(["Testby", "D2", "Tak", 0.0, 0.0, 0.0, "2024-01-01", "2027-01-01"])
    book.save(desk.home / "avtal.xlsx")
    (file,) = desk.read()
    assert (file.rows, file.accepted, file.rejected) == (2, 1, 1)
    assert list(desk.suppliers()) == ["Plåt AB"]
    assert desk.rejects()[0].code == "supplier_missing"


def test_a_main_contract_counts_the_sub_suppliers_that_the_list_names(desk: Desk) -> None:
    """By its own id or the main contract's; the same company twice is one, and a consortium is none."""
    desk.lay(
        "avtal.csv",
        "Avtals-ID;Avtal;Leverantör;Organisationsnummer;Tjänst;Roll;Huvudavtal;Startdatum;Slutdatum",
        "A-1;Städ;Bygg AB;5599999991;städ;huvudleverantör;;2025-01-01;2027-12-31",
        "U-1;Städ;Under Ett AB;5599990107;städ;underleverantör;A-1;2025-01-01;2027-12-31",
        "U-2;Fönster;Under Ett AB;5599990107;städ;underleverantör;A-1;2025-01-01;2027-12-31",
        "A-1;Städ;Under Två AB;5599990065;städ;åberopat företag;;2025-01-01;2027-12-31",
        "A-1;Städ;Med AB;5599990016;städ;konsortium;;2025-01-01;2027-12-31",
        "A-2;Glas;Bygg AB;5599999991;städ;huvudleverantör;;2025-01-01;2027-12-31",
    )
    desk.read()
    assert {item.id: item.sub_suppliers for item in desk.contracts("Bygg AB")} == {"A-1": 2, "A-2": 0}
    assert [item.sub_suppliers for item in desk.contracts("Under Två AB")] == [0]
    assert [item.sub_suppliers for item in desk.contracts("Med AB")] == [2]


@pytest.mark.parametrize(
    ("written", "share"),
    [("15 %", "0.15"), ("15", "0.15"), ("0,15", "0.15"), ("100", "1"), ("1", "1"), ("", None)],
)
def test_a_sub_suppliers_part_of_the_value_is_read(desk: Desk, written: str, share: str | None) -> None:
    """As per cent, as a number of it, or as the cell of a sheet holds it."""
    desk.lay("a.csv", f"{HEADER};Andel av avtalsvärdet", f"{FULL};{written}")
    desk.read()
    (contract,) = desk.contracts()
    assert contract.share == (None if share is None else Decimal(share))


@pytest.mark.parametrize("written", ["hälften", "150 %", "-5"])
def test_a_part_that_is_none_is_refused(desk: Desk, written: str) -> None:
    """The row says why."""
    desk.lay("a.csv", f"{HEADER};Andel av avtalsvärdet", f"{FULL};{written}")
    desk.read()
    assert [reject.code for reject in desk.rejects()] == ["amount_wrong"]
