"""That Excel and LibreOffice open the workbook without a word: what each has been seen to complain of is looked for."""

import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HIGHEST = {"row": 1_048_576, "column": 16_384, "links": 65_530, "text": 32_767, "name": 31, "list": 255, "hint": 255}


@pytest.fixture(scope="session")
def books(finished: Any) -> list[Path]:
    """Every workbook of the run: the whole and one per unit."""
    return [path for path in finished[1] if path.suffix == ".xlsx"]


@pytest.fixture(scope="session")
def parts(books: list[Path]) -> list[tuple[str, ET.Element]]:
    """Every XML part of every workbook, parsed."""
    found = []
    for path in books:
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            names = [name for name in archive.namelist() if name.endswith((".xml", ".rels"))]
            found += [(f"{path.name}/{name}", ET.fromstring(archive.read(name))) for name in names]
    return found


def sheets(parts: list[tuple[str, ET.Element]]) -> list[ET.Element]:
    """The sheets among the parts."""
    return [root for _name, root in parts if root.tag == f"{MAIN}worksheet"]


def edges(ref: str) -> tuple[int, int, int, int]:
    """Left, top, right, bottom."""
    left, top, right, bottom = (int(edge or 0) for edge in range_boundaries(ref))
    return left, top, right, bottom


def test_no_table_has_two_headers_alike_and_each_has_its_own_name(books: list[Path]) -> None:
    """Excel repairs such a file; headers are compared without case."""
    for path in books:
        book = openpyxl.load_workbook(path)
        names = [table.name.casefold() for sheet in book for table in sheet.tables.values()]
        assert len(names) == len(set(names))
        assert not {name.casefold() for name in book.defined_names} & set(names)
        for sheet in book:
            for table in sheet.tables.values():
                left, top, right, _bottom = edges(table.ref)
                headers = [str(sheet.cell(top, column).value) for column in range(left, right + 1)]
                assert headers == [column.name for column in table.tableColumns]
                assert len({header.casefold() for header in headers}) == len(headers)
                assert table.autoFilter.ref == table.ref


def test_no_sheet_has_both_a_table_and_a_filter_of_its_own(parts: list[tuple[str, ET.Element]]) -> None:
    """Two filters over the same cells are a corrupt file."""
    for sheet in sheets(parts):
        assert sheet.find(f"{MAIN}tableParts") is None or sheet.find(f"{MAIN}autoFilter") is None


def test_names_texts_and_links_are_within_what_excel_takes(
    books: list[Path], parts: list[tuple[str, ET.Element]]
) -> None:
    """Sheet names, shared texts, links and the used range."""
    for path in books:
        names = openpyxl.load_workbook(path).sheetnames
        assert len({name.casefold() for name in names}) == len(names)
        assert all(len(name) <= HIGHEST["name"] and not re.search(r"[\[\]:*?/\\]", name) for name in names)
    for _name, root in parts:
        for text in root.iter(f"{MAIN}t"):
            assert len((text.text or "").encode("utf-16-le")) // 2 <= HIGHEST["text"]
    for sheet in sheets(parts):
        assert len(sheet.findall(f".//{MAIN}hyperlink")) <= HIGHEST["links"]


def test_lists_and_hints_are_within_what_excel_takes(parts: list[tuple[str, ET.Element]]) -> None:
    """A longer list is dropped by Excel, with a repair."""
    seen = 0
    for sheet in sheets(parts):
        for rule in sheet.iter(f"{MAIN}dataValidation"):
            seen += 1
            assert len(rule.findtext(f"{MAIN}formula1") or "") <= HIGHEST["list"] + 2
            assert len(rule.get("prompt") or "") <= HIGHEST["hint"]
            assert len(rule.get("promptTitle") or "") <= 32
    assert seen > 10


def test_ranges_that_are_merged_do_not_overlap(parts: list[tuple[str, ET.Element]]) -> None:
    """Nor do they touch a table."""
    for sheet in sheets(parts):
        merged = [edges(str(item.get("ref"))) for item in sheet.iter(f"{MAIN}mergeCell")]
        cells = [(row, column) for left, top, right, bottom in merged for row in range(top, bottom + 1) for column in range(left, right + 1)]  # fmt: skip
        assert len(cells) == len(set(cells))


def test_no_formula_no_macro_no_protection_and_nothing_from_outside(parts: list[tuple[str, ET.Element]]) -> None:
    """A list can be sorted, and opens without asking whether to trust it."""
    for name, root in parts:
        assert "externalLink" not in name
        assert "vba" not in name.lower()
        assert not [item for item in root.iter() if item.get("TargetMode") == "External"]
    for sheet in sheets(parts):
        assert sheet.find(f".//{MAIN}f") is None
        assert sheet.find(f"{MAIN}sheetProtection") is None


def test_styles_are_few(parts: list[tuple[str, ET.Element]]) -> None:
    """Excel takes 64,000; a look per cell would get there."""
    for _name, root in parts:
        if root.tag == f"{MAIN}styleSheet":
            formats = root.find(f"{MAIN}cellXfs")
            assert formats is not None
            assert len(formats) < 300
