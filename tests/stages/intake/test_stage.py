"""Files of a run: recognised, refused with reasons, counted, merged, compared with last period."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from screening.store import Store

if TYPE_CHECKING:
    from tests.stages.intake.conftest import Desk


AVTAL = "Avtals-ID;Avtal;Leverantör;Organisationsnummer;Leverantörsnr;Enhet;Startdatum;Slutdatum"
LISTA = "Leverantörsnr;Leverantör;Organisationsnummer"
LEDGER = "kopare_id;kopare;verifikationsnummer;leverantor;leverantor_id;bokforingsdatum;forvaltning;nettobelopp"


def test_a_file_is_recognised_and_every_column_is_named(desk: Desk) -> None:
    """Which connector took it, which column is the number and why, what is not used."""
    desk.lay("a.csv", f"{AVTAL};Kommentar;Eget", "A1;Städ;Städarna AB;559999-9991;7;Skola;2026-01-01;2027-12-31;x;y")
    (file,) = desk.read()
    notes = "\n".join(file.notes)
    assert file.connector == "avtalsregister"
    assert (file.rows, file.accepted, file.error) == (1, 1, "")
    assert "kolumn Leverantör → supplier_name" in notes
    assert "organisationsnummer tas ur kolumn 4 (Organisationsnummer)" in notes
    assert "kolumner som inte används: Kommentar" in notes
    assert "okända kolumner, inte lästa: Eget" in notes
    assert "teckenkodning UTF-8, avgränsare ;" in notes


def test_an_unknown_header_stops_the_file_with_columns_and_nearest(desk: Desk) -> None:
    """The rest goes on."""
    desk.lay("a.csv", "Leverantören;Org.numret;Avtalsslutet;Avtalsstarten;Egenhet", "A;1;2;3;4")
    desk.lay("b.csv", LISTA, "7;Städarna AB;559999-9991")
    wrong, right = desk.read()
    assert wrong.error.startswith("ingen rubrikrad känns igen. Kolumner i filen: Leverantören, Org.numret")
    assert "Närmaste connector: avtalsregister" in wrong.error
    assert (wrong.rows, right.accepted) == (0, 1)


def test_a_named_connector_that_does_not_fit_says_what_is_missing(desk: Desk) -> None:
    """And which one does."""
    desk.lay("a.csv", LISTA, "7;Städarna AB;559999-9991")
    (file,) = desk.read(connector="avtal_mercell")
    assert "rubrikraden passar inte avtal_mercell" in file.error
    assert "Närmaste connector: leverantorsregister" in file.error
    (file,) = desk.read(connector="finns_inte")
    assert 'connector = "finns_inte" finns inte' in file.error


def test_a_file_without_a_supplier_column_is_refused(desk: Desk) -> None:
    """Nothing else that looks right is picked."""
    desk.lay("a.csv", "Avtals-ID;Avtal;Startdatum;Slutdatum;Enhet", "A1;Städ;2026-01-01;2026-12-31;Skola")
    (file,) = desk.read()
    assert "ingen kolumn för leverantör" in file.error


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "filen är tom"),
        (b" \n;;\n\n", "filen är tom"),
        (b"<html><body>Logga in</body></html>", "webbsida"),
        (b'<?xml version="1.0"?><rdf:RDF/>', "XML eller RDF"),
        (LISTA.encode() + b"\n", "inga datarader"),
        (LISTA.encode() + b"\n;;\n", "inga datarader"),
    ],
)
def test_what_is_no_list_is_refused_with_the_reason(desk: Desk, content: bytes, told: str) -> None:
    """In Swedish; never nought suppliers from a file with content."""
    (desk.home / "a.csv").write_bytes(content)
    (file,) = desk.read()
    assert told in file.error
    assert file.accepted == 0


def test_reasons_follow_the_language(desk: Desk) -> None:
    """English on request."""
    (desk.home / "a.csv").write_bytes(b"")
    (file,) = desk.read(report={"language": "en"})
    assert file.error == "the file is empty"


def test_a_pattern_without_files_is_told(desk: Desk) -> None:
    """As an incomplete input, with the period filled in."""
    (file,) = desk.read("in/{period}/avtal*.xlsx")
    assert file.name == "in/2026-11/avtal*.xlsx"
    assert "inga filer" in file.error


def test_lock_files_are_passed_over_with_a_note(desk: Desk) -> None:
    """What Excel lays beside an open workbook is not a workbook."""
    desk.lay("a.csv", LISTA, "7;Städarna AB;559999-9991")
    desk.lay("~$a.csv", "x")
    (file,) = desk.read()
    assert "Excels låsfil ~$a.csv har hoppats över" in file.notes
    assert file.error == ""


def test_a_file_is_read_once_though_several_patterns_match(desk: Desk) -> None:
    """The first pattern takes it."""
    desk.lay("a.csv", LISTA, "7;Städarna AB;559999-9991")
    assert len(desk.read("a.csv", "*.csv")) == 1


def test_a_file_outside_the_workspace_is_read(desk: Desk, tmp_path: Path) -> None:
    """By an absolute pattern; it is shown by its name."""
    (tmp_path / "ute.csv").write_text(f"{LISTA}\n7;Städarna AB;559999-9991\n", encoding="utf-8")
    (file,) = desk.read((tmp_path / "ute.csv").as_posix())
    assert (file.name, file.accepted) == ("ute.csv", 1)


def test_the_same_bytes_twice_are_merged_whole(desk: Desk) -> None:
    """The second file adds nothing and says so."""
    row = "1;K;10;Städarna AB;559999-9991;2026-11-02;Skola;100.00"
    desk.lay("a.csv", LEDGER, row)
    desk.lay("b.csv", LEDGER, row)
    first, second = desk.read()
    assert (first.accepted, second.merged) == (1, 1)
    assert second.notes == ("samma innehåll som a.csv; räknas inte igen",)
    assert second.connector == "reskontra_nationell"
    assert desk.store.spend(desk.run_id, desk.supplier().id).rows == 1


def test_several_files_make_one_supplier_and_say_which_rows(desk: Desk) -> None:
    """By number, whatever the spelling; the name most often used comes first."""
    desk.lay("a.csv", AVTAL, "A1;Städ;Städarna AB;16559999-9991;;Skola;2026-01-01;2027-12-31")
    desk.lay("b.csv", LISTA, "7;STÄDARNA;SE559999999101")
    desk.lay("c.csv", LEDGER, *(f"1;K;{n};Städarna Aktiebolag;5599999991;2026-11-02;Skola;100.00" for n in range(3)))
    desk.read()
    supplier = desk.supplier()
    assert supplier.name == "Städarna Aktiebolag"
    assert set(supplier.names) == {"Städarna Aktiebolag", "Städarna AB", "STÄDARNA"}
    assert supplier.supplier_numbers == ("7",)
    assert supplier.public_id == "5599999991"
    assert supplier.id.startswith("S-")
    origins = [(item.file, item.row) for item in desk.store.origins(desk.run_id, supplier.id)]
    assert origins == [("a.csv", 2), ("b.csv", 2), ("c.csv", 2)]


def test_intake_can_be_repeated(desk: Desk) -> None:
    """The second time replaces the first."""
    desk.lay(
        "a.csv",
        AVTAL,
        "A1;Städ;Städarna AB;559999-9991;;Skola;2026-01-01;2027-12-31",
        "A2;Städ;Bygg AB;1;;;;2027-01-01",
    )
    desk.read()
    once = (desk.suppliers(), desk.rejects())
    desk.read()
    assert (desk.suppliers(), desk.rejects()) == once
    assert len(desk.files()) == 1


def test_a_file_that_shrinks_is_taken_and_doubtful(desk: Desk, store: Store, noon: Callable[[date], datetime]) -> None:
    """More than 30 % fewer rows than in the last period, by connector and name without digits."""
    rows = [f"A{n};Städ;Städarna {n} AB;;{n};Skola;2026-01-01;2027-12-31" for n in range(10)]
    desk.lay("in/2026-10/avtal-10.csv", AVTAL, *rows)
    desk.lay("in/2026-11/avtal-11.csv", AVTAL, *rows[:6])
    desk.lay("in/2026-12/avtal-12.csv", AVTAL, *rows[:5])
    for period, day, doubtful in (
        ("2026-10", date(2026, 10, 31), False),
        ("2026-11", date(2026, 11, 30), True),
        ("2026-12", date(2026, 12, 31), False),
    ):
        (file,) = desk.read("in/{period}/*.csv", period=period, as_of=day)
        assert file.doubtful is doubtful
        store.finish_run(desk.run_id, "done", noon(day), 0, {})
        if doubtful:
            assert file.notes[-1] == "6 datarader mot 10 förra perioden; filen kan vara ofullständig"


def test_sheets_that_are_not_read_are_named(desk: Desk) -> None:
    """Hidden, prose and empty sheets; each sheet that is read says its connector and rows."""
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "Läs mig"
    first.append(["Så här fyller du i listan."])
    for name, state in (("Avtal", "visible"), ("Utgångna", "visible"), ("Dolt", "hidden"), ("Tom", "visible")):
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        if name in ("Avtal", "Utgångna"):
            sheet.append(["Avtalskatalog"])
            sheet.append(["Leverantör", "Orgnr", "Avtal", "Fr.o.m.", "T.o.m."])
            ends = "2027-12-31" if name == "Avtal" else "2024-12-31"
            sheet.append(
                [f"{name} AB", "559999-9991" if name == "Avtal" else "559999-9983", "Städ", "2022-01-01", ends]
            )
    book["Utgångna"].append(["Evig AB", "", "Städ", "2022-01-01", ""])
    book.save(desk.home / "a.xlsx")
    (file,) = desk.read()
    notes = "\n".join(file.notes)
    assert "bladet Dolt är dolt och har inte lästs" in notes
    assert "bladet Läs mig har ingen rubrikrad som känns igen" in notes
    assert "bladet Tom är tomt" in notes
    assert "bladet Utgångna innehåller utgångna avtal" in notes
    assert "bladet Utgångna: läst med avtal_huddinge, datarader: 2" in notes
    assert (file.rows, file.accepted, file.rejected, file.sheet_count) == (3, 2, 1, 2)
    assert list(desk.suppliers()) == ["Avtal AB"]
    (reject,) = desk.rejects()
    assert (reject.sheet, reject.row, reject.code) == ("Utgångna", 4, "expired_without_end")


def test_rows_that_are_no_data_are_counted_by_sort(desk: Desk) -> None:
    """Blank rows, headings, repeated headers, sums."""
    desk.lay(
        "a.csv", "Avtalslista", "Uttagen 2026-11-30", AVTAL,
        "A1;Städ;Städarna AB;559999-9991;;Skola;2026-01-01;2027-12-31",
        ";;;;;;;", "Omsorg;;;;;;;", AVTAL,
        "A2;Städ;Städarna AB;559999-9991;;Skola;2026-01-01;2027-12-31",
        "Summa;;2 st;;;;;",
    )  # fmt: skip
    (file,) = desk.read()
    assert (file.rows, file.accepted) == (2, 2)
    assert "rader som inte är data: 1 tomma, 1 mellanrubriker, 1 upprepade rubriker, 1 summor" in file.notes


def test_the_buyers_number_is_never_taken_for_the_suppliers(desk: Desk) -> None:
    """Of two equal headers the one that is not the buyer's; a column that is only the buyer's stops the file."""
    desk.lay(
        "a.csv",
        "Organisationsnummer;Leverantör;Organisationsnummer",
        *(f"212000-1009;Städarna {n} AB;{n}" for n in (5599999991, 5599999983)),
    )
    (file,) = desk.read()
    assert any("tas ur kolumn 3" in note and "köparens" in note for note in file.notes)
    assert {item.public_id for item in desk.suppliers().values()} == {"5599999991", "5599999983"}
    desk.lay(
        "a.csv", "Leverantörsnr;Leverantör;Organisationsnummer", *(f"{n};Städarna {n} AB;212000-1009" for n in range(3))
    )
    (file,) = desk.read()
    assert "köparens eget organisationsnummer" in file.error


def test_a_number_column_of_internal_numbers_is_a_supplier_number(desk: Desk) -> None:
    """As in Västerås; the file says that it has no organisation number."""
    desk.lay("a.csv", LEDGER, *(f"1;K;{n};Firma {n};{10_000_000 + n};2026-11-02;Skola;1.00" for n in range(12)))
    (file,) = desk.read()
    assert any("interna nummer" in note for note in file.notes)
    assert desk.suppliers()["Firma 3"].supplier_numbers == ("10000003",)


def test_utf16_and_cp1252_files_are_read_whole(desk: Desk) -> None:
    """Every letter."""
    desk.lay("a.csv", LISTA, "7;Åkeriet Ö AB;559999-9991", encoding="utf-16")
    desk.lay("b.csv", LISTA, "8;Ängens Brädgård;559999-9983", encoding="cp1252", newline="\r")
    files = desk.read()
    assert [file.accepted for file in files] == [1, 1]
    assert set(desk.suppliers()) == {"Åkeriet Ö AB", "Ängens Brädgård"}


def test_many_notes_of_one_sort_are_cut(desk: Desk) -> None:
    """Twenty, and how many more."""
    rows = [
        f"A{n};{title};Städarna AB;559999-9991;;Skola;2026-01-01;2027-12-31"
        for n in range(30)
        for title in ("Städ", "Fönster")
    ]
    desk.lay("a.csv", AVTAL, *rows)
    (file,) = desk.read()
    assert file.merged == 30
    assert file.notes[-1] == "och 10 till"


def test_a_shifted_row_is_rejected_and_an_unnamed_column_is_not(desk: Desk) -> None:
    """A delimiter inside a text moves the cells; a column that every row has is only told."""
    row = "A1;Städ;Städarna AB;559999-9991;;Skola;2026-01-01;2027-12-31"
    desk.lay("a.csv", AVTAL, row, row.replace("A1", "A2"), row.replace("A1;Städ", "A3;Städ;fönster"))
    (file,) = desk.read()
    assert (file.accepted, file.rejected) == (2, 1)
    assert desk.rejects()[0].code == "too_many_cells"
    desk.lay("a.csv", AVTAL, row + ";x", row.replace("A1", "A2") + ";y")
    (file,) = desk.read()
    assert (file.accepted, file.rejected) == (2, 0)
    assert "kolumner utan rubrik efter den sista har inte lästs" in file.notes
