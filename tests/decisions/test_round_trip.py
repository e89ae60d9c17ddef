"""Workbooks moved about at random, and re-saved by LibreOffice: what was written comes back, whatever became of the rest."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.config import Config
from screening.decisions import import_files
from screening.rules import Rule
from screening.store import Store

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
WORDS = ("Under utredning", "Godtagen förklaring", "Åtgärdad", "Falsk träff", "Avtalsåtgärd")
FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%Y%m%d", "serial", "date")


@dataclass(frozen=True)
class Source:
    """A month in a store, and the cells of its working list."""

    home: Path
    config: Config
    header: list[str]
    rows: list[list[Any]]

    def store(self, folder: Path) -> Store:
        """A copy of the store, as it was before anything was read in."""
        shutil.copy(self.home / "store.db", folder / "store.db")
        return Store.open("sqlite:///store.db", folder, organisation="2120000000")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory, rules: Mapping[str, Rule], make_office: Any) -> Source:
    """Eight suppliers in debt, half of them in two units."""
    home = tmp_path_factory.mktemp("source")
    with Store.open("sqlite:///store.db", home, organisation="2120000000") as store:
        office = make_office(store, home, rules)
        office.month("2026-09", {place: 20_000 + place for place in range(8)})
        sheet = openpyxl.load_workbook(office.report("2026-09"))["Flaggor"]
        cells = [[cell.value for cell in row] for row in sheet]
    return Source(home, office.config, [str(name) for name in cells[0]], cells[1:])


@dataclass(frozen=True)
class Written:
    """What a person writes in a row."""

    word: str
    why: str
    until: date
    form: str

    def day(self) -> Any:
        """The date as this person, or her program, writes it."""
        if self.form == "serial":
            return (self.until - date(1899, 12, 30)).days
        return self.until if self.form == "date" else self.until.strftime(self.form)


people = st.builds(
    Written,
    st.sampled_from(WORDS),
    st.text("abcåäö ÅÄÖ,.\u00a0", min_size=1, max_size=30).map(str.strip).filter(bool),
    st.dates(date(2026, 10, 1), date(2028, 9, 1)),
    st.sampled_from(FORMS),
)


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_what_was_written_comes_back_wherever_it_was_moved(
    source: Source, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Rows sorted and deleted, columns moved and added, the header lowered, words and days mistyped."""
    folder = tmp_path_factory.mktemp("moved")
    place = {name: number for number, name in enumerate(source.header)}
    ids = sorted({str(row[0]) for row in source.rows})
    decided = data.draw(st.dictionaries(st.sampled_from(ids), people))
    wrong = data.draw(st.sets(st.sampled_from(sorted(decided)))) if decided else set()
    rows = [list(row) for row in source.rows]
    for row in rows:
        if (written := decided.get(str(row[0]))) is not None:
            row[place["Handläggare"]], row[place["Motivering"]] = "Anna Ek", written.why
            row[place["Bedömning"]] = f" {written.word.upper()}\u00a0"
            row[place["Gäller t.o.m."]] = "31 februari 2027" if row[0] in wrong else written.day()
    kept = data.draw(st.lists(st.sampled_from(range(len(rows))), unique=True))
    order = data.draw(st.permutations(range(len(source.header))))
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for _ in range(data.draw(st.integers(0, 5))):
        sheet.append(["Något ovanför"])
    sheet.append([*(source.header[column] for column in order), "Egen kolumn"])
    for number in kept:
        sheet.append([*(rows[number][column] for column in order), "eget"])
    path = folder / "flyttad.xlsx"
    book.save(path)

    with source.store(folder) as store:
        result = (
            import_files(store, source.config, [path], "ekonom", datetime(2026, 10, 2, tzinfo=UTC)) if kept else None
        )
        stored = {item.finding_id: item for item in store.decisions()}
    present = {str(rows[number][0]) for number in kept}
    assert set(stored) == (set(decided) - wrong) & present
    for finding_id, item in stored.items():
        written = decided[finding_id]
        assert (item.assessment, item.until) == (written.word, written.until)
        assert item.reason == " ".join(written.why.split())
    if result is not None:
        touched = sum(str(rows[number][0]) in decided for number in kept)
        assert len(result.answers) == touched
        assert {item.subject for item in result.of("refused")} == wrong & present


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed on this machine")
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_workbook_saved_by_libreoffice(source: Source, kind: str, tmp_path: Path) -> None:
    """Filled in with openpyxl, saved by LibreOffice in both its ways: read as it was written, and nothing else changed."""
    path = tmp_path / "in" / "ifylld.xlsx"
    path.parent.mkdir()
    shutil.copy(next((source.home / "reports" / "2026-09").glob("avvikelserapport*.xlsx")), path)
    book = openpyxl.load_workbook(path)
    sheet = book["Flaggor"]
    place = {name: number for number, name in enumerate(source.header, start=1)}
    random.Random(4).shuffle(numbers := list(range(2, sheet.max_row + 1)))
    cells = {"Handläggare": "Anna Ek", "Bedömning": "Godtagen förklaring", "Motivering": "Betald åäö"}
    for number in numbers:
        for name, value in cells.items():
            sheet.cell(number, place[name]).value = value
        sheet.cell(number, place["Gäller t.o.m."]).value = datetime(2027, 3, 31)  # noqa: DTZ001 - as a workbook holds it
    sheet.cell(2, place["Diarienummer"]).value = '=CONCATENATE("KS ",2026)'
    book.save(path)
    assert SOFFICE is not None
    profile = (tmp_path / "profile").as_uri()
    command = [
        SOFFICE,
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        str(tmp_path),
    ]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=300)
    saved = tmp_path / f"ifylld.{kind}"
    with source.store(tmp_path) as store:
        result = import_files(store, source.config, [saved], "ekonom", datetime(2026, 10, 2, tzinfo=UTC))
        stored = store.decisions()
    assert result.counts == {"taken": len(numbers)}
    assert {(item.assessment, item.until, item.reason) for item in stored} == {
        ("Godtagen förklaring", date(2027, 3, 31), "Betald åäö")
    }
    codes = {remark.code for item in result.answers for remark in item.remarks}
    assert codes <= {"merged", "formula"}
    assert "formula" in codes
    assert "KS 2026" in {item.diary for item in stored}
