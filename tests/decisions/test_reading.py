"""Files that cannot be read, and where formulas stand: plain sentences, and nothing opened that would harm."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from screening.decisions.answer import NotRead
from screening.decisions.formulas import formulas
from screening.decisions.reading import read_book

HEADER = ["Flagg-ID", "Bedömning", "Motivering", "Kontroll"]


def book(path: Path, *rows: list[str]) -> Path:
    """A workbook with a list of flags."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in (HEADER, *rows):
        sheet.append(row)
    made.save(path)
    return path


def refused(path: Path) -> str:
    """Why a file is not read, in both languages."""
    with pytest.raises(NotRead) as error:
        read_book(path)
    said = error.value.remark
    return f"{said.said()}; {said.to_do()} | {said.said('en')}; {said.to_do('en')}"


def test_what_cannot_be_opened_is_said_in_plain_words(tmp_path: Path) -> None:
    """Missing, a folder, empty, a web page, an old format, an archive."""
    assert "filen finns inte; Kontrollera sökvägen" in refused(tmp_path / "a.xlsx")
    (tmp_path / "mapp.xlsx").mkdir()
    assert "är en mapp" in refused(tmp_path / "mapp.xlsx")
    for content, said in ((b"", "filen är tom"), (b"<html><body>", "webbsida"), (b"a;b\n1;2\n", "som arbetsbok")):
        path = tmp_path / "b.xlsx"
        path.write_bytes(content)
        assert said in refused(path)
    with zipfile.ZipFile(tmp_path / "c.xlsx", "w") as archive:
        archive.writestr("readme.txt", "hej")
    assert "packat arkiv" in refused(tmp_path / "c.xlsx")


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="everything may be read here, or rights work in another way"
)
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    """Somebody else's."""
    path = book(tmp_path / "a.xlsx")
    path.chmod(0)
    assert "kunde inte öppnas; Stäng den i Excel" in refused(path)


@pytest.mark.parametrize("lock", ["~$a.xlsx", ".~lock.a.xlsx#"])
def test_a_file_that_is_open_elsewhere_is_not_read(tmp_path: Path, lock: str) -> None:
    """What is not saved would be lost."""
    path = book(tmp_path / "a.xlsx")
    (tmp_path / lock).touch()
    assert "är öppen i Excel eller LibreOffice" in refused(path)


def test_a_file_that_unpacks_to_more_than_is_reasonable_is_not_opened(tmp_path: Path) -> None:
    """A hundred MiB of zeros in a small file."""
    path = book(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.bin", b"\0" * (100 << 20))
    assert "orimligt stor" in refused(path)


def test_a_workbook_with_broken_parts_is_told(tmp_path: Path) -> None:
    """The sheet is there and is no XML."""
    path = book(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = b"<worksheet><sheetData><row"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert "som arbetsbok" in refused(path)


def test_formulas_are_found_where_they_stand(tmp_path: Path) -> None:
    """In either format, also in repeated cells and rows; only in the sheets asked for."""
    path = book(tmp_path / "a.xlsx", ["F", "=A1", "text", ""], ["G", "", "", "=1"])
    content = path.read_bytes()
    assert formulas(content, "xlsx", ["Sheet"]) == {"Sheet": {(1, 1), (2, 3)}}
    assert formulas(content, "xlsx", ["Other"]) == {}
    assert formulas(book(tmp_path / "b.xlsx", ["F"]).read_bytes(), "xlsx", ["Sheet"]) == {}
    document = OpenDocumentSpreadsheet()
    table = Table(name="Blad")
    for formula, repeated in (("", 1), ("of:=1", 2)):
        row = TableRow(numberrowsrepeated=3)
        row.addElement(TableCell(numbercolumnsrepeated=2))
        cell = TableCell(numbercolumnsrepeated=repeated, **({"formula": formula} if formula else {}))
        cell.addElement(P(text="1"))
        row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(tmp_path / "a.ods")
    assert formulas((tmp_path / "a.ods").read_bytes(), "ods", ["Blad"]) == {"Blad": {(3, 2), (3, 3)}}
    with pytest.raises(ValueError, match="cannot be read"):
        formulas(b"no archive", "xlsx", ["Sheet"])


def test_day_numbers_from_1904(tmp_path: Path) -> None:
    """A workbook first made on an old Macintosh says so."""
    path = book(tmp_path / "a.xlsx", ["SKA-01-AAAAAAAA", "Åtgärdad", "", ""])
    assert [row.epoch_1904 for row in read_book(path).rows] == [False]
    other = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(other, "w") as copy:
        for name in archive.namelist():
            copy.writestr(name, archive.read(name).replace(b"<workbookPr ", b'<workbookPr date1904="1" '))
    assert [row.epoch_1904 for row in read_book(other).rows] == [True]


def test_the_run_is_found_in_the_sheet_about_it(tmp_path: Path) -> None:
    """Where the properties have been cleaned away; empty rows are no rows."""
    path = book(tmp_path / "a.xlsx", ["", "", "", ""], ["SKA-01-AAAAAAAA", "", "", ""])
    assert read_book(path).run_id == ""
    made = openpyxl.load_workbook(path)
    about = made.create_sheet("Körning")
    about.append(["Körning", "Körnings-ID", "M-2026-09-1"])
    made.save(path)
    found = read_book(path, "lista")
    assert (found.run_id, found.name, [row.place.row for row in found.rows]) == ("M-2026-09-1", "lista", [3])
    shutil.copy(path, tmp_path / "c.xlsx")
    made = openpyxl.load_workbook(path)
    made["Körning"]["C1"] = "okänd"
    made.save(path)
    assert read_book(path).run_id == ""
