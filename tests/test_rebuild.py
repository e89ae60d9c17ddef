"""Any old report is made again from the store, byte for byte, whatever has happened since."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from screening.store import Decision
from screening.workspace import open_workspace

Screening = Callable[..., tuple[int, str, str]]
RunPeriod = Callable[..., int]
LATER = datetime(2026, 12, 5, 9, tzinfo=UTC)


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of one report; folders of replaced runs are not part of it."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in found
        if not path.relative_to(folder).parts[0].startswith("M-")
    }


def cells(content: Path) -> dict[tuple[str, str], object]:
    """Every cell of a workbook that has a value."""
    book = openpyxl.load_workbook(content)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def change(path: Path, pattern: str, replacement: str) -> None:
    text, count = re.subn(pattern, replacement, path.read_text(encoding="utf-8"))
    assert count, pattern
    path.write_text(text, encoding="utf-8", newline="\n")


@pytest.fixture
def changed(lived: Path, run_period: RunPeriod) -> tuple[Path, dict[str, dict[str, bytes]]]:
    """Three months, then decisions, other rules, another name and language, and October run once more."""
    before = {name: bytes_of(lived / "reports" / name) for name in ("2026-09", "2026-10", "2026-11")}
    with open_workspace(lived) as workspace:
        store = workspace.store
        for finding in store.findings("M-2026-11-1"):
            store.put_decision(
                Decision(finding_id=finding.finding_id, by="Kim", assessment="Falsk träff", reason="x", at=LATER)
            )
    change(lived / "screening.toml", r'(?m)^name( *)= "Sjövika kommun"', 'name = "Nya kommunen"')
    change(lived / "screening.toml", r'(?m)^language( *)= "sv"', 'language = "en"')
    change(
        lived / "rules" / "ska_01_allmanna_mal.toml", r'(?m)^title( *)= \{ sv = "[^"]*"', 'title = { sv = "Annat namn"'
    )
    change(lived / "rules" / "kre_01_kreditvardering.toml", r'(?m)^severity( *)= "\w+"', 'severity = "critical"')
    change(lived / "connectors" / "kronofogden.toml", r'(?m)^title( *)= "[^"]*"', 'title = "En annan källa"')
    assert run_period(lived, "2026-10") == 0
    return lived, before


@pytest.mark.parametrize("period", ["2026-09", "2026-11"])
def test_an_old_report_is_made_again_byte_for_byte(
    changed: tuple[Path, dict[str, dict[str, bytes]]], screening: Screening, period: str
) -> None:
    """Workbooks, findings.jsonl and manifest.json: after later runs, decisions, other rules, name and language."""
    home, before = changed
    shutil.rmtree(home / "reports" / period)
    code, said, _ = screening(home, "report", "--run", f"M-{period}-1")
    assert code == 0, said
    assert bytes_of(home / "reports" / period) == before[period]


def test_a_replaced_report_is_made_again_beside_the_new_one(
    changed: tuple[Path, dict[str, dict[str, bytes]]], screening: Screening
) -> None:
    """It never takes the place of the period's own."""
    home, before = changed
    folder = home / "reports" / "2026-10"
    new = bytes_of(folder)
    assert new["manifest.json"] != before["2026-10"]["manifest.json"]
    code, said, _ = screening(home, "report", "--run", "M-2026-10-1")
    assert code == 0
    assert "replaced by M-2026-10-2" in said
    assert bytes_of(folder) == new
    assert bytes_of(folder / "M-2026-10-1") == before["2026-10"]


def test_every_cell_is_what_the_run_stored(lived: Path, screening: Screening) -> None:
    """Read by another program than the one that wrote: each stored value stands in its cell, and nothing else does."""
    folder = lived / "reports" / "2026-09"
    asked = {where: value for path in folder.glob("begaran/*.xlsx") for where, value in cells(path).items()}
    book = asked | cells(folder / "avvikelserapport-2026-09.xlsx")
    with open_workspace(lived) as workspace:
        store = workspace.store
        for name in store.sheets("M-2026-09-1")[1:]:
            columns, rows = store.sheet("M-2026-09-1", name)
            every: list[Sequence[object]] = [columns, *rows]
            stored = {
                (name, f"{get_column_letter(place)}{number}"): _shown(value)
                for number, row in enumerate(every, start=1)
                for place, value in enumerate(row, start=1)
                if value not in (None, "")
            }
            written = {where: _shown(value) for where, value in book.items() if where[0] == name}
            assert written == stored


def _shown(value: object) -> object:
    """A day as ISO text, a number as a number, a text without what no cell can hold."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return float(value)
    return str(value).replace("\r\n", "\n")


def test_a_purged_report_is_told_plainly(lived: Path, screening: Screening) -> None:
    """Day and decision; nothing is written, and no empty workbook takes its place."""
    change(lived / "screening.toml", r"(?m)^decision( *)= .*$", 'decision = "KS 2026/99"')
    change(lived / "screening.toml", r"(?m)^findings_days( *)= .*$", "findings_days = 1")
    before = bytes_of(lived / "reports" / "2026-09")
    assert screening(lived, "purge")[0] == 0
    code, _, said = screening(lived, "report", "--run", "M-2026-09-1")
    assert code == 2
    assert "gallrat" in said
    assert "KS 2026/99" in said
    assert bytes_of(lived / "reports" / "2026-09") == before
