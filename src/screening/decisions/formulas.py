"""Where formulas stand in a workbook: what is read is the value saved with them, and the reader is told so."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from posixpath import normpath
from zipfile import BadZipFile, ZipFile

from defusedxml.ElementTree import ParseError, fromstring, iterparse  # type: ignore[import-untyped]

from screening.adapters.table_guard import FileKind

Cell = tuple[int, int]
"""Row and column, from 0."""

_FORMULA = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<(?:\w+:)?f\b')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def formulas(content: bytes, kind: FileKind, sheets: Collection[str]) -> Mapping[str, frozenset[Cell]]:
    """Sheet -> the cells that hold a formula; sheets without any are left out.

    Raises:
        ValueError: the workbook's own parts cannot be read.
    """
    try:
        with ZipFile(BytesIO(content)) as archive:
            found = _of_ods(archive, sheets) if kind == "ods" else _of_xlsx(archive, sheets)
            return {name: cells for name, cells in found if cells}
    except (BadZipFile, KeyError, ParseError) as error:
        message = "the workbook's parts cannot be read"
        raise ValueError(message) from error


def _of_xlsx(archive: ZipFile, sheets: Collection[str]) -> Iterator[tuple[str, frozenset[Cell]]]:
    parts = {item.get("Id"): item.get("Target", "") for item in fromstring(archive.read("xl/_rels/workbook.xml.rels"))}
    for item in fromstring(archive.read("xl/workbook.xml")).iter():
        name = item.get("name", "")
        target = parts.get(item.get(_RELATION))
        if not item.tag.endswith("}sheet") or name not in sheets or not target:
            continue
        path = target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")
        text = archive.read(path)
        if b"f>" in text or b"f " in text or b"f/>" in text:
            yield name, frozenset((int(found[2]) - 1, _column(found[1]) - 1) for found in _FORMULA.finditer(text))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _of_ods(archive: ZipFile, sheets: Collection[str]) -> Iterator[tuple[str, frozenset[Cell]]]:
    if b"table:formula=" not in archive.read("content.xml"):
        return
    name, row, cells = "", 0, set[Cell]()
    for event, item in iterparse(archive.open("content.xml"), events=("start", "end")):
        if event == "start" and item.tag == f"{_TABLE}table":
            name, row, cells = item.get(f"{_TABLE}name", ""), 0, set()
        elif event == "end" and item.tag == f"{_TABLE}table-row":
            cells |= {(row, column) for column in _filled(item)}
            row += int(item.get(f"{_TABLE}number-rows-repeated", "1"))
            item.clear()
        elif event == "end" and item.tag == f"{_TABLE}table" and name in sheets:
            yield name, frozenset(cells)


def _filled(row: object) -> Iterator[int]:
    """The columns of a row whose cells hold a formula."""
    column = 0
    for cell in row:  # type: ignore[attr-defined]
        repeated = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        if cell.get(f"{_TABLE}formula") is not None:
            yield from range(column, column + repeated)
        column += repeated
