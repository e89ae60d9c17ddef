"""Any file as sheets of rows: text in every encoding, workbooks of every kind, and what is refused before it is opened."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdsTable
from odf.table import TableCell, TableRow
from odf.text import P

from screening.adapters import table_guard
from screening.adapters.table import Column, Row, Sheet, hash_of, open_table, size_of
from screening.adapters.table_text import chunk_of
from screening.adapters.table_texts import SENTENCES, Refused, say

HEADER = ["Leverantör", "Orgnr", "Belopp"]
ROWS = [["Åkeri Ö & Ä AB", "559999-9017", "1 234,50"], ["Bygg, el och vvs", "559999-9009", "-5,00"]]


def text_file(path: Path, encoding: str, delimiter: str, newline: str = "\r\n", *, quote: bool = False) -> Path:
    """The two rows as delimited text."""
    lines = [delimiter.join(f'"{cell}"' if quote else cell for cell in row) for row in (HEADER, *ROWS)]
    path.write_bytes((newline.join(lines) + newline).encode(encoding))
    return path


def cells_of(sheet: Sheet) -> list[list[object]]:
    """Every row of a sheet."""
    return [list(row.cells) for row in sheet.rows(0)]


def refusal(path: Path) -> str:
    """The code with which a file is refused."""
    with pytest.raises(Refused) as caught:
        open_table(path).sheets[0].head()
    return caught.value.code


def texts(column: Column) -> list[object]:
    """A column's cells, however it is held."""
    return [column[at] for at in range(len(column))]


# --- text -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
@pytest.mark.parametrize(("delimiter", "quote"), [(";", False), ("\t", False), ("|", False), (",", True), (";", True)])
def test_encoding_and_delimiter_are_recognised(tmp_path: Path, encoding: str, delimiter: str, quote: bool) -> None:
    """Every letter comes through, and the cells are where they were."""
    table = open_table(text_file(tmp_path / "a.csv", encoding, delimiter, quote=quote))
    assert table.alternatives
    assert table.sheets[0].delimiter == delimiter
    assert cells_of(table.sheets[0]) == [HEADER, *ROWS]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_kind(tmp_path: Path, newline: str) -> None:
    """Bare CR too: no row of nine megabytes."""
    sheet = open_table(text_file(tmp_path / "a.csv", "utf-8", ";", newline)).sheets[0]
    assert cells_of(sheet) == [HEADER, *ROWS]
    assert sum(len(chunk) for chunk in sheet.chunks(1, 3, frozenset({0, 1, 2}), ",")) == 2


def test_mixed_line_ends(tmp_path: Path) -> None:
    """A file that was joined from several."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"Namn;Belopp\r\nA;1\rB;2\nC;3")
    assert [row.number for row in open_table(path).sheets[0].rows(1)] == [2, 3, 4]


def test_utf8_with_some_bytes_of_windows_is_read_without_loss(tmp_path: Path) -> None:
    """Two systems' exports in one file: every letter right, no U+FFFD."""
    path = tmp_path / "a.csv"
    path.write_bytes("Leverantör;Ort\nÅkeriet;Örebro\nÄngen;Umeå\n".encode() + "Brädgården;Luleå\n".encode("cp1252"))
    table = open_table(path)
    assert table.encoding == "UTF-8 + cp1252"
    assert cells_of(table.sheets[0])[-1] == ["Brädgården", "Luleå"]
    (chunk,) = table.sheets[0].chunks(1, 2, frozenset({0, 1}), "")
    assert texts(chunk.columns[0]) == ["Åkeriet", "Ängen", "Brädgården"]


def test_a_byte_that_windows_lacks_makes_it_latin(tmp_path: Path) -> None:
    """Never U+FFFD, and a stray byte in UTF-8 is kept as the letter that Latin-1 has."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"Namn;Ort\n\xc5ker\x81;\xd6\n")
    table = open_table(path)
    assert table.encoding == "latin-1"
    assert cells_of(table.sheets[0])[1] == ["Åker\x81", "Ö"]
    path.write_bytes("Namn;Ort\nÅÄÖ;åäö\n".encode() + b"A\x81;B\n")
    assert cells_of(open_table(path).sheets[0])[2] == ["A\x81", "B"]


def test_letters_lost_before_we_got_the_file_are_told(tmp_path: Path) -> None:
    """U+FFFD in the file itself is not ours, and is said."""
    path = tmp_path / "a.csv"
    path.write_text("Namn;Ort\n�keriet;Ume�\n", encoding="utf-8")
    table = open_table(path)
    assert table.replaced
    assert table.encoding == "UTF-8"
    path.write_text("Namn;Ort\n�keriet;Ume�\n", encoding="utf-16")
    assert open_table(path).replaced


def test_a_stray_quote_does_not_swallow_the_file(tmp_path: Path) -> None:
    """An odd number of quotes means that they are no quotes; whole quoted cells lose theirs."""
    path = tmp_path / "a.csv"
    path.write_text('Namn;Ort\n"Kalle;Umeå\n"Bygg";Luleå\n', encoding="utf-8")
    sheet = open_table(path).sheets[0]
    assert cells_of(sheet)[1:] == [['"Kalle', "Umeå"], ["Bygg", "Luleå"]]
    (chunk,) = sheet.chunks(1, 2, frozenset(), "")
    assert texts(chunk.columns[0]) == ['"Kalle', "Bygg"]


def test_a_line_break_inside_quotes_is_one_record(tmp_path: Path) -> None:
    """Row numbers count records, as Excel shows them, by both ways of reading."""
    path = tmp_path / "a.csv"
    path.write_text('Namn;Belopp\n"A\nB";1\n\nC;2\n', encoding="utf-8")
    sheet = open_table(path).sheets[0]
    assert [(row.number, list(row.cells)) for row in sheet.rows(1)] == [(2, ["A\nB", "1"]), (3, []), (4, ["C", "2"])]
    (chunk,) = sheet.chunks(1, 2, frozenset({0}), "")
    assert (chunk.first_number, len(chunk)) == (2, 3)


def test_columns_come_as_numbers_where_every_cell_is_one(tmp_path: Path) -> None:
    """Texts stay as written where asked, so that zeros first are kept; a filled cell too many is marked."""
    path = tmp_path / "a.csv"
    path.write_text("Nr;Belopp\n0012;1,5\n7;2\n8;3;\n", encoding="utf-8")
    (chunk,) = open_table(path).sheets[0].chunks(1, 2, frozenset({0}), ",")
    assert texts(chunk.columns[0]) == ["0012", "7", "8"]
    assert texts(chunk.columns[1]) == [1.5, 2.0, 3.0]
    assert not chunk.overflow.any()


def test_rows_that_are_too_long_do_not_stop_the_file(tmp_path: Path) -> None:
    """pandas stops at one; the rest is read record by record, and no row is lost or read twice."""
    path = tmp_path / "a.csv"
    body = "".join(f"{number};{number}\n" for number in range(300))
    path.write_text(f"Nr;Belopp\n{body}a;b;c;d;e\n{body}", encoding="utf-8")
    chunks = list(open_table(path).sheets[0].chunks(1, 2, frozenset(), ""))
    assert sum(map(len, chunks)) == 601
    assert sum(int(chunk.overflow.sum()) for chunk in chunks) == 1


def test_a_first_row_that_is_too_long_cuts_no_other(tmp_path: Path) -> None:
    """And rows that all end in empty cells are not too long."""
    path = tmp_path / "a.csv"
    path.write_text("Nr;Belopp\n1;2;3;4;5\n6;7\n", encoding="utf-8")
    (chunk,) = open_table(path).sheets[0].chunks(1, 2, frozenset(), "")
    assert chunk.overflow.tolist() == [True, False]
    path.write_text("Nr;Belopp;;\n1;2;;;\n6;7;;;\n", encoding="utf-8")
    (chunk,) = open_table(path).sheets[0].chunks(1, 2, frozenset(), "")
    assert chunk.overflow.tolist() == [False, False]


def test_only_a_header_gives_no_chunk(tmp_path: Path) -> None:
    """No rows, no error."""
    path = tmp_path / "a.csv"
    path.write_text("Nr;Belopp\n", encoding="utf-8")
    assert list(open_table(path).sheets[0].chunks(1, 2, frozenset(), "")) == []


def test_one_column_is_a_table_too(tmp_path: Path) -> None:
    """Without any delimiter."""
    path = tmp_path / "a.csv"
    path.write_text("Leverantör\nÅkeriet\n", encoding="utf-8")
    assert cells_of(open_table(path).sheets[0]) == [["Leverantör"], ["Åkeriet"]]


def test_a_cell_longer_than_csv_allows_is_a_reason() -> None:
    """What the reader cannot take is said in a sentence."""
    assert Refused("unreadable", detail="x").say("en") == "the file cannot be read (x)"


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters='\r\n\x00";\ufffd'), max_size=8),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=12,
    )
)
def test_whatever_was_written_is_read_back(rows: list[list[str]]) -> None:
    """UTF-8, semicolons: the same cells, whatever letters they hold."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.csv")
        path.write_text("\n".join(";".join(row) for row in [HEADER, *rows]) + "\n", encoding="utf-8", newline="\n")
        sheet = next(sheet for sheet in open_table(path).sheets if sheet.delimiter == ";")
        assert [list(row.cells) for row in sheet.rows(1)] == rows


# --- workbooks --------------------------------------------------------------------------------------------------------------
def xlsx(path: Path) -> Path:
    """A workbook with two title rows, a hidden sheet and an empty one."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Avtal"
    sheet["A1"] = "Uttag 2026-11-30"
    sheet.append([])
    sheet.append(["Leverantör", "Start", "Värde"])
    sheet.append(["Åkeriet AB", date(2026, 1, 2), 12.5])
    hidden = book.create_sheet("Dolt")
    hidden.sheet_state = "hidden"
    book.create_sheet("Tom")
    book.save(path)
    return path


def xls(path: Path) -> Path:
    """The same as BIFF."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Avtal")
    sheet.write(0, 0, "Uttag 2026-11-30")
    for place, text in enumerate(("Leverantör", "Start", "Värde")):
        sheet.write(2, place, text)
    sheet.write(3, 0, "Åkeriet AB")
    sheet.write(3, 1, date(2026, 1, 2), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    sheet.write(3, 2, 12.5)
    book.save(str(path))
    return path


def ods(path: Path, repeat: int = 1) -> Path:
    """The same as OpenDocument."""
    document = OpenDocumentSpreadsheet()
    table = OdsTable(name="Avtal")
    document.spreadsheet.addElement(table)
    for values in (["Uttag 2026-11-30"], [], ["Leverantör", "Start", "Värde"], ["Åkeriet AB", date(2026, 1, 2), 12.5]):
        row = TableRow()
        table.addElement(row)
        for value in values:
            if isinstance(value, date):
                cell = TableCell(valuetype="date", datevalue=value.isoformat())
            elif isinstance(value, float):
                cell = TableCell(valuetype="float", value=str(value), numbercolumnsrepeated=str(repeat))
            else:
                cell = TableCell(valuetype="string")
            cell.addElement(P(text=str(value)))
            row.addElement(cell)
        if not values:
            row.addElement(TableCell())
    document.save(str(path))
    return path


@pytest.mark.parametrize(("make", "name"), [(xlsx, "a.xlsx"), (xls, "a.xls"), (ods, "a.ods"), (xlsx, "wrong.csv")])
def test_workbooks_of_every_kind_by_their_bytes(tmp_path: Path, make: Callable[[Path], Path], name: str) -> None:
    """Typed cells and the row numbers of the sheet, whatever the file is called."""
    target = tmp_path / name
    made = make(tmp_path / ("b.xlsx" if make is xlsx else name))
    made.replace(target)
    sheet = open_table(target).sheets[0]
    last = next(row for row in sheet.rows(3) if any(row.cells))
    assert last.number == 4
    assert list(last.cells) == ["Åkeriet AB", date(2026, 1, 2), 12.5]
    assert sheet.head()[0].cells[0] == "Uttag 2026-11-30"
    (chunk,) = sheet.chunks(3, 3, frozenset(), "")
    assert isinstance(chunk.columns[2], np.ndarray)
    assert chunk.columns[2].dtype == np.float64


def test_hidden_and_empty_sheets_are_known_as_such(tmp_path: Path) -> None:
    """Hidden ones are marked and not loaded."""
    table = open_table(xlsx(tmp_path / "a.xlsx"))
    assert [(sheet.name, sheet.hidden) for sheet in table.sheets] == [("Avtal", False), ("Dolt", True), ("Tom", False)]
    assert table.sheets[2].head() == []
    assert cells_of(table.sheets[0])[0][0] == "Uttag 2026-11-30"
    table.close()


def test_the_date_system_of_1904_is_seen(tmp_path: Path) -> None:
    """Said by the workbook."""
    book = openpyxl.Workbook()
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book.epoch = CALENDAR_MAC_1904
    book.save(tmp_path / "a.xlsx")
    assert open_table(tmp_path / "a.xlsx").sheets[0].epoch_1904


def rezip(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The workbook with its members changed; ``None`` leaves one out."""
    with zipfile.ZipFile(path) as source:
        members = [(name, change(name, source.read(name))) for name in source.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members:
            if data is not None:
                target.writestr(name, data)
    return path


def test_a_declared_range_to_the_last_row_costs_nothing(tmp_path: Path) -> None:
    """The dimension is a claim, not content."""
    path = rezip(
        xlsx(tmp_path / "a.xlsx"),
        lambda name, data: data.replace(b'ref="A1:C4"', b'ref="A1:XFD1048576"') if "sheet1" in name else data,
    )
    assert len(cells_of(open_table(path).sheets[0])) == 4


def test_what_calamine_cannot_open_is_tried_with_openpyxl(tmp_path: Path) -> None:
    """A second opinion, streamed; hidden sheets are known there too."""
    path = rezip(
        xlsx(tmp_path / "a.xlsx"),
        lambda name, data: (
            data.replace(b"relationships/worksheet", b"relationships/oddsheet")
            if name.endswith("workbook.xml.rels")
            else data
        ),
    )
    table = open_table(path)
    assert [(sheet.name, sheet.hidden) for sheet in table.sheets] == [("Avtal", False), ("Dolt", True), ("Tom", False)]
    assert cells_of(table.sheets[0])[0][0] == "Uttag 2026-11-30"
    assert table.sheets[0].head()[3].cells[0] == "Åkeriet AB"
    assert next(table.sheets[0].rows(3)).number == 4
    table.close()


@pytest.mark.parametrize("opener", ["calamine", "openpyxl"])
def test_a_cell_that_cannot_be_read_makes_the_workbook_damaged(tmp_path: Path, opener: str) -> None:
    """Also when it is met in the middle."""

    def spoil(name: str, data: bytes) -> bytes:
        if opener == "openpyxl" and name.endswith("workbook.xml.rels"):
            return data.replace(b"relationships/worksheet", b"relationships/oddsheet")
        return data.replace(b"<v>12.5</v>", b"<v>abc</v>") if name.endswith("sheet1.xml") else data

    assert refusal(rezip(xlsx(tmp_path / "a.xlsx"), spoil)) == "damaged"


# --- refusals ---------------------------------------------------------------------------------------------------------------
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n  \n", "empty"),
        (b"<!DOCTYPE html><html><body>Logga in</body></html>", "html"),
        (b"\n<table><tr><td>1</td></tr></table>", "html"),
        (b"<?xml version='1.0'?><html xmlns='x'></html>", "html"),
        (b"<?xml version='1.0'?><rdf:RDF></rdf:RDF>", "xml"),
        ("<rdf:RDF/>".encode("utf-16"), "xml"),
        (b'{"a": 1}', "json"),
        (b'[{"a": 1}]', "json"),
        (b"%PDF-1.7 x", "pdf"),
        (b"\x1f\x8b\x08\x00abc", "packed"),
        (b"Namn;Ort\nA\x00;B\n", "binary"),
        (b"\x00" * 10_000, "binary"),
        (OLE + b"\x00" * 600, "binary"),
        (OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "password"),
        (OLE + b"\x00" * 600 + "Workbook".encode("utf-16-le"), "damaged"),
        (b"PK\x03\x04" + b"x" * 50, "damaged"),
        (b"\xff\xfeN\x00a\x00\x00\xd8;\x00", "binary"),
    ],
)
def test_what_is_no_table_is_refused_by_its_bytes(tmp_path: Path, content: bytes, code: str) -> None:
    """Whatever the file is called."""
    path = tmp_path / "lista.csv"
    path.write_bytes(content)
    assert refusal(path) == code


def archive(path: Path, members: dict[str, bytes]) -> Path:
    """A ZIP of members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members.items():
            target.writestr(name, data)
    return path


def test_other_archives_and_half_workbooks_are_refused(tmp_path: Path) -> None:
    """An archive is to be unpacked; a workbook without its workbook is damaged; a protected ODS is locked."""
    assert refusal(archive(tmp_path / "a.zip", {"lista.csv": b"x"})) == "packed"
    assert refusal(archive(tmp_path / "b.xlsx", {"xl/styles.xml": b"<x/>"})) == "damaged"
    assert refusal(archive(tmp_path / "c.xlsx", {"xl/workbook.xml": b"<x"})) == "damaged"
    locked = {"content.xml": b"x", "META-INF/manifest.xml": b"<manifest:encryption-data/>"}
    assert refusal(archive(tmp_path / "d.ods", locked)) == "password"
    assert refusal(archive(tmp_path / "e.ods", {"content.xml": b"<x", "META-INF/manifest.xml": b"<x/>"})) == "damaged"


def test_a_protected_member_is_a_password(tmp_path: Path) -> None:
    """The flag of an encrypted member."""
    path = archive(tmp_path / "a.xlsx", {"xl/workbook.xml": b"<x/>"})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(bytes(data))
    assert refusal(path) == "password"


def test_a_bomb_is_not_opened(tmp_path: Path) -> None:
    """A member that unpacks to far more than its packed size."""
    path = archive(tmp_path / "a.xlsx", {"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b"\x00" * (80 << 20)})
    assert refusal(path) == "too_big"


def test_a_bomb_that_lies_about_its_size_is_not_opened(tmp_path: Path) -> None:
    """The declared size is not believed."""
    path = archive(tmp_path / "a.xlsx", {"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * (80 << 20)})
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    path.write_bytes(bytes(data))
    assert refusal(path) == "too_big"


def sheet_with(path: Path, cells: bytes) -> Path:
    """A workbook whose first sheet has these cells."""
    return rezip(
        xlsx(path),
        lambda name, data: (
            b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            + cells
            + b"</sheetData></worksheet>"
            if name.endswith("sheet1.xml")
            else data
        ),
    )


def test_two_cells_in_opposite_corners_are_refused(tmp_path: Path) -> None:
    """Sixteen billion cells would be made of two."""
    corners = b'<row r="1"><c r="XFD1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    assert refusal(sheet_with(tmp_path / "a.xlsx", corners)) == "too_big"


def test_formatted_empty_cells_far_away_are_harmless(tmp_path: Path) -> None:
    """Only cells with a value count."""
    cells = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert len(cells_of(open_table(sheet_with(tmp_path / "a.xlsx", cells)).sheets[0])) == 1


def test_a_repeated_cell_of_an_ods_is_refused(tmp_path: Path) -> None:
    """A filled cell said to stand a million times."""
    assert refusal(ods(tmp_path / "a.ods", repeat=1_000_000)) == "too_big"


def test_a_repeated_row_is_refused_only_when_it_is_filled() -> None:
    """Empty rows to the end of the sheet are how OpenDocument ends."""
    table_guard._check_repeats(
        b'<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    )
    with pytest.raises(Refused):
        table_guard._check_repeats(
            b'<table:table-row table:number-rows-repeated="9000"><table:table-cell office:value-type="float"/></table:table-row>'
        )


def test_a_file_that_excel_holds_open_is_said_so(tmp_path: Path) -> None:
    """A folder stands in for it: reading one is refused by the system."""
    folder = tmp_path / "a.csv"
    folder.mkdir()
    assert refusal(folder) in ("unreadable", "locked")
    assert hash_of(folder) == ""
    assert size_of(tmp_path / "saknas.csv") == -1


def test_unpacked_members_may_be_stored_or_odd(tmp_path: Path) -> None:
    """Stored members are counted as they are; other methods than deflate are not read."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("xl/workbook.xml", b"<x/>")
    path = tmp_path / "a.xlsx"
    path.write_bytes(buffer.getvalue())
    assert refusal(path) == "damaged"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as target:
        target.writestr("xl/workbook.xml", b"<x/>")
    assert refusal(path) == "damaged"


def test_every_sentence_is_there_in_both_languages() -> None:
    """With the same values in both."""
    import re

    for code, (swedish, english) in SENTENCES.items():
        assert swedish
        assert english
        assert set(re.findall(r"{(\w+)}", swedish)) == set(re.findall(r"{(\w+)}", english)), code
    assert say("empty", "en") == "the file is empty"


def test_rows_of_different_length_become_even_columns() -> None:
    """Short rows are filled, long ones marked."""
    chunk = chunk_of([Row(5, ["a"]), Row(6, ["b", 2, "", ""]), Row(7, ["c", 3, "x"])], 2)
    assert chunk.overflow.tolist() == [False, False, True]
    assert texts(chunk.columns[1]) == ["", 2, 3]
