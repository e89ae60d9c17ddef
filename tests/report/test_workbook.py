import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from screening.decisions.columns import ASSESSMENTS
from screening.report import workbook
from screening.report.layout import FLAGS, LAYOUTS, SAMPLE, Column, Layout
from screening.report.workbook import Book, Page, render

Write = Callable[..., Any]
DAY = "2026-11-30 00:00:00"
NOT_SIMULATED = False


@pytest.fixture(scope="session")
def book(finished: Any) -> Any:
    """The whole workbook as openpyxl reads it."""
    return openpyxl.load_workbook(finished[1][0])


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """A workbook of one sheet, read back."""

    def write(layout: Layout, rows: list[list[object]], **changes: Any) -> Any:
        given: dict[str, Any] = {"language": "sv", "simulated": False, "summary": []} | changes
        made = Book(
            title="t",
            organisation="Org & Co",
            run_id="M-1",
            created=datetime(2026, 11, 30, tzinfo=UTC),
            pages=[Page(layout, layout.names, rows)],
            **given,
        )
        path = tmp_path / "one.xlsx"
        render(made, path)
        return openpyxl.load_workbook(path)

    return write


TEXTS = Layout(
    "Texter", (Column("A"), Column("B", "orgnr"), Column("C", "money"), Column("D", "date"), Column("E", "count"))
)


@pytest.mark.parametrize(
    "text", ["=1+1", "+46", "-x", "@SUM(A1)", "\t=1", "http://x.se", '=HYPERLINK("http://x")', "{=1}"]
)
def test_nothing_from_outside_becomes_a_formula_or_link(written: Write, text: str) -> None:
    """It is text, and stays text when the cell is edited."""
    sheet = written(TEXTS, [[text, None, None, None, None]])["Texter"]
    cell = sheet["A2"]
    assert (cell.data_type, cell.value) == ("s", text)
    assert cell.hyperlink is None
    assert cell.quotePrefix is text.startswith(("=", "+", "-", "@", "\t"))


def test_numbers_dates_and_organisation_numbers(written: Write) -> None:
    """Numbers are numbers, dates are dates, and zeros of an organisation number stay."""
    sheet = written(TEXTS, [["x", "016000-0001", 1234.5, "2026-11-30", 7]])["Texter"]
    a, b, c, d, e = sheet[2]
    assert (a.value, b.value, b.data_type) == ("x", "016000-0001", "s")
    assert (c.value, c.number_format) == (1234.5, '#,##0" kr";[Red]-#,##0" kr"')
    assert str(d.value) == DAY
    assert (d.is_date, d.number_format) == (True, "yyyy-mm-dd")
    assert e.value == 7


def test_odd_values_are_text(written: Write) -> None:
    """A date that is none and a number that is a word are shown as they stand."""
    sheet = written(TEXTS, [["x", 17, "okänt", "snart", True]])["Texter"]
    assert [cell.value for cell in sheet[2]] == ["x", "17", "okänt", "snart", "True"]


def test_the_list_can_be_filtered_and_filled_in(book: Any) -> None:
    """Frozen header, a named table, a list of assessments, checked dates, tinted columns, and no protection."""
    sheet = book["Flaggor"]
    assert sheet.freeze_panes == "I2"  # whoever writes far to the right sees the supplier
    assert sheet.tables["Flaggor"].ref == sheet.dimensions
    assert not sheet.protection.sheet
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    assert rules["AC2"].formula1 == f'"{",".join(ASSESSMENTS)}"'
    assert rules["AA2"].type == rules["AE2"].type == "date"
    assert sheet["AC2"].fill.fgColor.rgb == "FFFFF7DF"
    assert sheet["AC1"].fill.fgColor.rgb != sheet["A1"].fill.fgColor.rgb


def test_the_order_of_suppliers_says_that_it_decides_nothing(book: Any) -> None:
    """Wherever the number is shown."""
    cell = next(cell for cell in book["Leverantörer"][1] if cell.value == "Läs i ordning")
    assert "Det avgör ingenting" in cell.comment.text


def test_severity_is_colour_word_and_symbol(book: Any) -> None:
    """The cell holds the word alone; the number format shows the symbol before it."""
    cell = book["Flaggor"]["G2"]
    assert (cell.value, cell.number_format) == ("KRITISK", '"■ "@')
    assert cell.fill.fgColor.rgb == "FF7F1D1D"


def test_detail_is_folded_and_the_check_value_hidden(book: Any) -> None:
    """Law and source open with a click; the check value is neither seen nor printed."""
    columns = book["Flaggor"].column_dimensions
    assert (columns["R"].hidden, columns["R"].outlineLevel) == (True, 1)
    assert columns["AH"].hidden
    assert columns["AH"].outlineLevel == 0


@pytest.mark.parametrize("name", ["Sammanfattning", *LAYOUTS])
def test_every_sheet_prints_as_wide_as_its_paper(book: Any, name: str) -> None:
    """A4; organisation, run and page number below, the header on each page; a wide list on the pages that it names."""
    sheet = book[name]
    a4 = 9
    assert sheet.page_setup.paperSize == a4
    if name in LAYOUTS and LAYOUTS[name].breaks:
        assert len(sheet.col_breaks.brk) == len(LAYOUTS[name].breaks)
        assert 65 <= sheet.page_setup.scale <= 100
    else:
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.oddFooter.left.text, sheet.oddFooter.center.text) == ("Granby kommun", "M-2026-11-1")
    assert "Sida &[Page] av &N" in sheet.oddFooter.right.text.replace("&P", "&[Page]")
    if name != "Sammanfattning":
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.print_title_rows == "$1:$1"
        assert "SIMULERADE KÄLLOR" in sheet.oddHeader.right.text


def test_the_first_page_prints_on_one_page_with_charts(book: Any) -> None:
    """Charts are native, and the page says that the sources are made up."""
    sheet = book["Sammanfattning"]
    assert (sheet.page_setup.fitToHeight, sheet.page_setup.fitToWidth) in ((None, None), (1, 1), ("1", "1"))
    assert len(sheet._charts) == 3
    text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)
    assert "24 av 34" in text
    assert "SIMULERADE KÄLLOR (alla källor)" in text
    questions = [text.index(words) for words in ("Vad är nytt eller värre?", "Vad kunde inte", "Vad är försenat?")]
    assert questions == sorted(questions)
    links = {cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert "'Flaggor'!A1" in links


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    """Nothing in the file depends on when or where it was written."""
    book = Book(
        "t", "o", "M-1", datetime(2026, 11, 30, tzinfo=UTC), "sv", NOT_SIMULATED, [], [Page(SAMPLE, SAMPLE.names, [])]
    )
    for name in ("a.xlsx", "b.xlsx"):
        render(book, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_english_prints_in_english(written: Write) -> None:
    """Footers and messages follow the language; names do not."""
    book = written(FLAGS, [[None] * len(FLAGS.names)], language="en", simulated=True)
    sheet = book["Flaggor"]
    assert "SIMULATED SOURCES" in sheet.oddHeader.right.text
    assert sheet.oddFooter.left.text == "Org && Co"
    assert {rule.error for rule in sheet.data_validations.dataValidation if rule.error} == {
        "Choose a word in the list.",
        "Write a date: 2026-11-30.",
    }


def test_a_big_list_goes_to_disk_as_it_is_written(written: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the limit there is a filter in place of a table; the cells are the same."""
    monkeypatch.setattr(workbook, "IN_MEMORY_CELLS", 3)
    sheet = written(TEXTS, [["a", "b", 1, "2026-11-30", 2], ["c\nd", None, None, None, None]])["Texter"]
    assert not sheet.tables
    assert sheet.auto_filter.ref == "A1:E3"
    assert [sheet.row_dimensions[number].height for number in (2, 3)] == pytest.approx([16, 28], abs=0.5)
    assert [str(cell.value) if cell.is_date else cell.value for cell in sheet[2]] == ["a", "b", 1, DAY, 2]


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(written: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """No row is lost."""
    monkeypatch.setattr(workbook, "ROWS", 2)
    book = written(TEXTS, [[str(number), None, None, None, None] for number in range(5)])
    assert book.sheetnames == ["Sammanfattning", "Texter", "Texter (2)", "Texter (3)"]
    assert [book[name]["A2"].value for name in book.sheetnames[1:]] == ["0", "2", "4"]


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    """Whoever writes files says it in a sentence."""
    book = Book("t", "o", "M-1", datetime(2026, 11, 30, tzinfo=UTC), "sv", NOT_SIMULATED, [], [])
    with pytest.raises(FileNotFoundError):
        render(book, tmp_path / "missing" / "a.xlsx")


def test_a_block_of_a_kind_not_known_is_written_as_text(written: Write) -> None:
    """An older run's page still shows."""
    summary = [["", "verdict", "Något annat", None, None, None, None, None], ["", "simulated", "Påhittat", *[None] * 5]]
    sheet = written(TEXTS, [], summary=summary)["Sammanfattning"]
    assert [sheet["A1"].value, sheet["A2"].value] == ["Något annat", "Påhittat"]


def test_a_name_on_the_first_page_that_looks_like_a_formula_stays_text_when_it_is_edited(written: Write) -> None:
    """As in the lists; figures and our own words are as they were."""
    summary = [["", "news", "=1+1 AB", "Skuld", "-x", 125, None, "SKA-01-AAAAAAAA"]]
    sheet = written(TEXTS, [], summary=summary)["Sammanfattning"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.value: bool(cell.quotePrefix) for cell in cells if cell.value in ("=1+1 AB", "Skuld", "-x")} == {
        "=1+1 AB": True,
        "Skuld": False,
        "-x": True,
    }


def test_the_file_holds_no_macro_and_no_outside_link(finished: Any) -> None:
    """Excel opens it without a warning."""
    with zipfile.ZipFile(finished[1][0]) as archive:
        names = archive.namelist()
        assert not [name for name in names if "vba" in name.lower() or "externalLink" in name]
        relations = b"".join(archive.read(name) for name in names if name.endswith(".rels"))
        sheets = b"".join(archive.read(name) for name in names if "worksheets/sheet" in name)
    assert b'TargetMode="External"' not in relations
    assert b"<f>" not in sheets
