from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from xlsxwriter import Workbook

from screening.config import Config
from screening.decisions import import_files, import_inbox
from screening.decisions.answer import Result
from screening.identity import read
from screening.names import normalise
from screening.store import Store

AT = datetime(2026, 12, 1, 8, tzinfo=UTC)
RIGHT = "559900-1004"
OTHER = "559900-1012"
WRONG = "559900-1005"
HEADER = [
    "Fil",
    "Blad",
    "Rad",
    "Leverantör",
    "Skrivet nummer",
    "Leverantörsnr",
    "Fel",
    "Förslag",
    "Rätt orgnr",
    "Beslut",
    "Beslutat av",
    "Kommentar",
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A real store."""
    opened = Store.open("sqlite:///store.db", tmp_path, organisation="2120000000")
    yield opened
    opened.close()


def bring(store: Store, files: list[Path]) -> Result:
    """Reads the files in."""
    return import_files(store, config(None), files, "anna", AT)


def said(result: Result, outcome: Any) -> list[str]:
    """The lines of an outcome."""
    return [item.line() for item in result.of(outcome)]


def book(path: Path, rows: list[list[Any]], *, header: list[str] = HEADER, sheet: str = "Indatafel") -> Path:
    """A workbook as somebody filled it in."""
    with Workbook(str(path)) as file:
        found = file.add_worksheet(sheet)
        for number, row in enumerate([header, *rows]):
            for place, value in enumerate(row):
                found.write(number, place, value)
    return path


def row(
    name: str = "Ek AB", written: str = WRONG, right: Any = RIGHT, decision: str = "Godta nummer", who: str = ""
) -> list[Any]:
    """One row of Indatafel."""
    return ["avtal.xlsx", "Blad1", 7, name, written, "4711", "fel", "", right, decision, who, ""]


def test_an_accepted_number_is_remembered_for_the_name_and_number(store: Store, tmp_path: Path) -> None:
    """The next intake reads the row as the right supplier."""
    result = bring(store, [book(tmp_path / "a.xlsx", [row()])])
    assert said(result, "taken") == ["a.xlsx, Indatafel rad 2, Ek AB: 559900-1004"]
    assert store.accepted()[normalise("Ek AB"), WRONG] == read(RIGHT).identity


def test_the_written_number_itself_can_be_accepted(store: Store, tmp_path: Path) -> None:
    """The number is right although the register's name is another."""
    bring(store, [book(tmp_path / "a.xlsx", [row(written=RIGHT, right="")])])
    assert store.accepted()[normalise("Ek AB"), RIGHT] == read(RIGHT).identity


def test_the_same_file_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    """It is told as accepted before."""
    path = book(tmp_path / "a.xlsx", [row()])
    bring(store, [path])
    again = bring(store, [path])
    assert (said(again, "taken"), len(said(again, "known"))) == ([], 1)
    assert [entry.action for entry in store.audit_log()].count("decisions import") == 2


def test_columns_moved_rows_added_and_numbers_as_numbers(store: Store, tmp_path: Path) -> None:
    """People sort and move, and Excel makes a number of what looks like one."""
    header = ["Beslut", "Egen", "Rätt orgnr", "Skrivet nummer", "Leverantör"]
    path = book(
        tmp_path / "a.xlsx",
        [["Något ovanför"], header, ["godta  NUMMER", "x", 5599001004, WRONG, "Ek AB"]],
        header=["Titel"],
    )
    assert len(bring(store, [path]).of("taken")) == 1


def test_a_file_saved_again_by_another_program(store: Store, tmp_path: Path) -> None:
    """openpyxl stands for whatever saved it."""
    path = book(tmp_path / "a.xlsx", [row()])
    openpyxl.load_workbook(path).save(path)
    assert len(bring(store, [path]).of("taken")) == 1


def test_who_decided_is_kept(store: Store, tmp_path: Path) -> None:
    """The name in the row goes before that of whoever imports."""
    result = bring(store, [book(tmp_path / "a.xlsx", [row(who="Bo Alm")])])
    assert len(said(result, "taken")) == 1
    assert store.audit_log()[-1].who == "anna"


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (row(right="559900-1003"), "kan inte godtas"),
        (row(right="", written=""), "kan inte godtas"),
        (row(decision=""), "Beslut är tom"),
        (row(decision="Kanske"), "finns inte i listan"),
        (row(name=""), "Leverantör är tom"),
        (row(written="19440101-****"), "Rätta det i källsystemet"),
    ],
)
def test_what_cannot_be_taken_is_told_with_its_row(store: Store, tmp_path: Path, cells: list[Any], why: str) -> None:
    """Nothing is guessed, and nothing is dropped."""
    result = bring(store, [book(tmp_path / "a.xlsx", [cells])])
    assert (said(result, "taken"), len(said(result, "refused"))) == ([], 1)
    assert why in said(result, "refused")[0]
    assert said(result, "refused")[0].startswith("a.xlsx, Indatafel rad 2")
    assert len(store.accepted()) == 0


def test_a_persons_number_is_never_echoed(store: Store, tmp_path: Path) -> None:
    """A sole trader's number can be accepted; it is shown masked."""
    result = bring(store, [book(tmp_path / "a.xlsx", [row(written="", right="194401012382")])])
    assert said(result, "taken") == ["a.xlsx, Indatafel rad 2, Ek AB: 19440101-****"]


def test_two_rows_that_disagree_are_both_refused(store: Store, tmp_path: Path) -> None:
    """Also across files; two that agree count once."""
    files = [
        book(tmp_path / "a.xlsx", [row(), row(name="Al AB"), row(name="Al AB")]),
        book(tmp_path / "b.xlsx", [row(right=OTHER)]),
    ]
    result = bring(store, files)
    assert len(said(result, "refused")) == 2
    assert [line.split(": ")[0] for line in said(result, "taken")] == ["a.xlsx, Indatafel rad 3, Al AB"]


def test_decisions_that_need_nothing_here(store: Store, tmp_path: Path) -> None:
    """They are told, and rows nobody touched are not."""
    rows = [row(decision="Ignorera", right=""), row(decision="Rätta i källan", right=""), row(decision="", right="")]
    result = bring(store, [book(tmp_path / "a.xlsx", rows)])
    assert (len(said(result, "noted")), said(result, "taken"), said(result, "refused")) == (2, [], [])


def test_files_that_are_not_reports(store: Store, tmp_path: Path) -> None:
    """Each is refused with a sentence; the others are read all the same."""
    (tmp_path / "b.xlsx").write_text("not a workbook")
    files = [
        tmp_path / "missing.xlsx",
        tmp_path / "b.xlsx",
        book(tmp_path / "c.xlsx", [row(name="Alm AB")], sheet="Annat"),
        book(tmp_path / "d.xlsx", [], header=["Fel"]),
        book(tmp_path / "e.xlsx", [row()]),
    ]
    result = bring(store, files)
    told = "\n".join(said(result, "refused"))
    assert "missing.xlsx: filen finns inte" in told
    assert "b.xlsx: kunde inte läsas som arbetsbok" in told
    assert "d.xlsx: inget blad känns igen" in told
    assert len(said(result, "refused")) == 3
    assert len(said(result, "taken")) == 2  # c.xlsx is known by its headers


def test_a_file_too_large_is_refused_unread(store: Store, tmp_path: Path) -> None:
    """A report is never that large."""
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        file.truncate(200_000_001)
    assert "större än 200 MB" in said(bring(store, [path]), "refused")[0]


def test_lines_for_the_screen(store: Store, tmp_path: Path) -> None:
    """Counted by what came of them, in both languages."""
    result = bring(store, [book(tmp_path / "a.xlsx", [row(), row(name="B", decision="")])])
    assert [line for line in result.lines() if not line.startswith(" ")] == ["Godtagna nummer: 1", "Togs inte emot: 1"]
    assert result.lines("en")[0] == "Numbers accepted: 1"
    empty = bring(store, [])
    assert (empty.lines(), empty.lines("en")) == (["Inga beslut hittades."], ["No decisions were found."])


def config(inbox: str | None) -> Config:
    """A workspace that reads an inbox, or none."""
    organisation = {"name": "Granby", "orgnr": "212000-0000"}
    return Config.model_validate(
        {"organisation": organisation, "profile": [{"name": "a", "rules": []}], "decisions": {"inbox": inbox}}
    )


def test_the_inbox_is_read_by_itself(store: Store, tmp_path: Path) -> None:
    """New decisions are told once; lock files are not workbooks."""
    inbox = tmp_path / "in"
    assert import_inbox(store, config("in"), tmp_path, "anna", AT).answers == []
    inbox.mkdir()
    book(inbox / "a.xlsx", [row()])
    for name in ("~$b.xlsx", "svar-a.xlsx", ".hidden.xlsx", "notes.txt"):
        (inbox / name).write_text("not a workbook")
    told = [import_inbox(store, config("in"), tmp_path, "anna", AT).counts for _ in range(2)]
    assert told == [{"taken": 1}, {"known": 1}]
    assert import_inbox(store, config(None), tmp_path, "anna", AT).answers == []


def test_no_number_is_accepted_for_a_mask(store: Store, tmp_path: Path) -> None:
    """Several persons may stand behind it."""
    path = book(tmp_path / "a.xlsx", [row(name="[Kan innehålla personuppgifter]", written="0")])
    result = bring(store, [path])
    assert "maskerat" in said(result, "refused")[0]
    assert not store.accepted()
