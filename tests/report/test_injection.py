"""Nothing from outside becomes a formula, a link, a macro or another file, in any cell of any sheet, also when re-saved."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from screening.report import write_reports
from screening.report.cells import CELL, clean
from screening.report.charts import CHARTS
from screening.report.layout import LAYOUTS, SUMMARY
from screening.report.place import _RESERVED

NASTY = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", "=cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.example","klicka")', '=IMPORTXML("http://x.example","//a")', '=WEBSERVICE("http://x.example")', '=DDE("cmd";"/C calc";"1")',
    "'=1+1", "\uff1d1+1", "\uff0b1", "\uff20SUM", "sep=;", "sep=,\n=1+1", "\u202e=1+1\u202c", "\u200f=1+1", "\ufeff=1+1", "\u200b=1+1", "a\x00b\x01c\x1b[31m",
    "_x003D_1+1", "_x0041_", "_x000D_=1", "http://x.example/?a=1", "https://x.example", "mailto:a@x.example", "file:///c:/windows", "ftp://x", "\\\\server\\share",
    "internal:Regler!A1", "external:c:\\a.xlsx", "<script>alert(1)</script>", "]]>", "&amp;", '&"Arial,Bold"&A&P', "\ufffe\uffff", "{=1+1}", '{"a": 1}',
    "%0A=1", "|calc", "x" * (CELL + 10), "\U0001f4a9" * CELL, "''''", '"', "#REF!", "TRUE", "1E5", "0012", "12345678901234567890",
)  # fmt: skip
UNITS = ("CON", "nul.txt", "COM1", "LPT¹", "..\\..\\x", "../../x", "a:b*c?d", "[x]", "x" * 300, "History", "=1+1", " . ", "a/b", "A/B", "\u202etxt.exe", "'q'", "-", "~$x", ".~lock.x#")  # fmt: skip
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
OWN_SHEET = r"'?(?:[\w åäöÅÄÖ()-]+)'?!"


@pytest.fixture
def poured(built: Any, tmp_path: Path) -> tuple[Any, Path]:
    """The month with something nasty in every text of every stored sheet, and in its names."""
    store, run = built.store, built.run
    turn = cycle(NASTY)
    columns, rows = store.sheet(run.id, SUMMARY)
    units = sorted({str(row[0]) for row in rows if row[0]})
    renamed = dict(zip(units, cycle(UNITS), strict=False))
    pages, heads = [], set()
    for row in store.sheet(run.id, SUMMARY)[1]:
        head = row[1] in CHARTS and (row[0], row[1]) not in heads  # the title of a chart is our own
        heads.add((row[0], row[1]))
        pages.append([renamed.get(str(row[0]), row[0]), row[1], *(row[2:] if head else _nasty(row[2:], turn))])
    extra = [[name, *page[1:]] for name in UNITS for page in pages[:1]]
    store.put_sheet(run.id, SUMMARY, columns, [*pages, *extra])
    for name in store.sheets(run.id)[1:]:
        layout = LAYOUTS.get(name)
        columns, rows = store.sheet(run.id, name)
        own = columns.index(layout.unit) if layout is not None and layout.unit in columns else -1
        made = []
        for row in rows:
            cells = _nasty(row, turn)
            if own >= 0:
                cells[own] = renamed.get(str(row[own]), cells[own])
            made.append(cells)
        store.put_sheet(run.id, name, columns, made)
    organisation = built.config.organisation.model_copy(update={"name": '=1+1&A&"x"'})
    built.config = built.config.model_copy(update={"organisation": organisation})
    write_reports(store, run, built.config, tmp_path / "reports")
    return built, tmp_path / "reports" / "2026-11"


def _nasty(row: Any, turn: Iterator[str]) -> list[object]:
    return [next(turn) if isinstance(cell, str) and cell else cell for cell in row]


def parts(path: Path) -> Iterator[tuple[str, ET.Element]]:
    """Every XML part of a workbook, well-formed."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                yield name, ET.fromstring(archive.read(name))


def dangers(path: Path) -> list[str]:
    """What a program might run, fetch or follow."""
    with zipfile.ZipFile(path) as archive:
        found = [name for name in archive.namelist() if re.search(r"vba|macro|external|activeX|embed|ole|connections|query|customXml", name, re.IGNORECASE)]  # fmt: skip
    for name, root in parts(path):
        for node in root.iter():
            tag = node.tag.rpartition("}")[2]
            if tag == "f" and node.tag.startswith(MAIN):
                found.append(f"{name}: formula {node.text}")
            elif tag == "f" and not re.match(OWN_SHEET, node.text or ""):
                found.append(f"{name}: chart of {node.text}")
            elif tag == "c" and node.get("t") in ("str", "e"):
                found.append(f"{name}: {node.get('r')} is a result")
            elif tag == "hyperlink" and (node.get(f"{RELS}id") or not re.match(OWN_SHEET, node.get("location", ""))):
                found.append(f"{name}: link {node.attrib}")
            elif tag == "Relationship" and node.get("TargetMode") == "External":
                found.append(f"{name}: leads to {node.get('Target')}")
            elif tag == "definedName" and not re.match(OWN_SHEET, (node.text or "").lstrip("$")):
                found.append(f"{name}: name {node.get('name')} is {node.text}")
            elif tag in ("ddeLink", "oleLink", "webPublishItem", "oleObject", "control"):
                found.append(f"{name}: {tag}")
    return found


def test_nothing_becomes_a_formula_a_link_or_a_macro(poured: tuple[Any, Path]) -> None:
    """In every sheet, table, chart, property and name of every workbook."""
    _month, folder = poured
    books = sorted(folder.rglob("*.xlsx"))
    assert len(books) > 10
    assert {path.name: found for path in books if (found := dangers(path))} == {}


def test_every_text_stands_as_it_was(poured: tuple[Any, Path]) -> None:
    """Cleaned of what a cell cannot hold, cut where it is too long, and text also where it looks like a number."""
    month, folder = poured
    book = openpyxl.load_workbook(folder / "avvikelserapport-2026-11.xlsx")
    seen = set()
    for name in month.store.sheets(month.run.id)[1:]:
        columns, rows = month.store.sheet(month.run.id, name)
        for number, row in enumerate(rows, start=2):
            for place, value in enumerate(row, start=1):
                if not isinstance(value, str) or value not in NASTY or (name not in book.sheetnames):
                    continue
                cell = book[name].cell(number, place)
                said = clean(value)
                assert (cell.value or "") == said, (name, columns[place - 1])
                assert cell.data_type in ("s", "n", "inlineStr"), value
                assert cell.data_type == "s" or cell.value is None
                if said.startswith(("=", "+", "-", "@", "'", "\uff1d")):
                    assert cell.quotePrefix or cell.hyperlink is not None, (name, value)
                seen.add(value)
    assert seen == set(NASTY)
    book.close()


def test_properties_and_names_of_sheets_are_plain(poured: tuple[Any, Path]) -> None:
    """And none is one that Excel keeps for itself."""
    _month, folder = poured
    for path in folder.rglob("*.xlsx"):
        book = openpyxl.load_workbook(path)
        assert book.properties.creator == '=1+1&A&"x"'
        assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in book.sheetnames)
        for sheet in book:
            assert "&A&" not in ((sheet.oddFooter and sheet.oddFooter.left.text) or "").replace("&&", "")
        book.close()


def test_comments_are_our_own_words(poured: tuple[Any, Path]) -> None:
    """Help for a column, nothing from outside."""
    _month, folder = poured
    ours = "".join("".join((*column.note, *column.hint)) for layout in LAYOUTS.values() for column in layout.columns)
    for path in folder.rglob("*.xlsx"):
        for name, root in parts(path):
            if name.startswith("xl/comments"):
                for node in root.iter(f"{MAIN}comment"):
                    assert "".join(node.itertext()).strip() in ours


def test_units_make_plain_files_in_their_own_folder(poured: tuple[Any, Path]) -> None:
    """Whatever a unit is called: no device, no path, no hidden or lock file, no two the same on a blind disk."""
    _month, folder = poured
    outside = [path for path in folder.parent.parent.rglob("*.xlsx") if folder not in path.parents]
    assert outside == []
    names = [path.name for path in (folder / "enheter").iterdir()]
    assert len(names) >= len(UNITS)
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert name.split(".")[0].strip().casefold() not in _RESERVED, name
        assert not name.startswith((".", "~", " ", "-")), name
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f\u202a-\u202e]', name)
        assert len(name) <= 100


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_nothing_becomes_a_formula_when_it_is_saved_again(poured: tuple[Any, Path], tmp_path: Path) -> None:
    """Opened and saved by LibreOffice: still text, still no link out of the file."""
    _month, folder = poured
    for path in (folder / "avvikelserapport-2026-11.xlsx", next((folder / "enheter").glob("*.xlsx"))):
        command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "again"), str(path)]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        again = tmp_path / "again" / path.name
        assert [found for found in dangers(again) if "definedName" not in found and "chart" not in found] == []
