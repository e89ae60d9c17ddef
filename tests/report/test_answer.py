"""The answer workbook: what was refused first, and never in the place of one that is open."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from screening.decisions.answer import Answer, Place, Result, remark
from screening.errors import StoreError
from screening.report import answer


def result(folder: Path, name: str = "lista.xlsx") -> Result:
    """Three rows of one file, and nothing of another."""
    why = remark("conflict", place=Place("b.xlsx", "Flaggor", 3), written="=1+1; 19440101-2382")
    answers = [
        Answer("taken", Place(name, "Flaggor", 2), "SKA-01-AAAAAAAA", "Ek AB", "Åtgärdad"),
        Answer("refused", Place(name, "Flaggor", 7), "SKA-01-BBBBBBBB", "=HYPERLINK()", "Falsk träff", (why,)),
        Answer("noted", Place(name), remarks=(remark("no_sheet"),)),
    ]
    return Result(answers, {name: folder / name, "b.xlsx": folder / "b.xlsx"})


LEDGERS: dict[Path, dict[Path, str]] = {}


def write_answers(made: Result, language: Literal["sv", "en"], fallback: Path) -> list[Path]:
    """As an import writes them: what was written where is remembered per test's folder."""
    ledger = LEDGERS.setdefault(fallback, {})
    placed = answer.write_answers(made, language, fallback, ledger.get)
    ledger.update({item.path: item.sha256 for item in placed})
    return [item.path for item in placed]


def rows(path: Path) -> list[list[object]]:
    """What stands in the only sheet."""
    return [list(row) for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()]


def test_an_answer_says_row_by_row_what_came_of_it(tmp_path: Path) -> None:
    """Refused first, with why and what to do; text from outside stays text; nothing for a file without news."""
    (path,) = write_answers(result(tmp_path), "sv", tmp_path / "svar")
    assert path == tmp_path / "svar-lista.xlsx"
    title, counts, _, header, *told = rows(path)
    assert (title[0], counts[0]) == ("Svar på lista.xlsx", "Togs inte emot: 1 · Läs: 1 · Togs emot: 1")
    assert header[:5] == ["Blad", "Rad", "Gäller", "Leverantör", "Besked"]
    assert [row[4] for row in told] == ["Togs inte emot", "Läs", "Togs emot"]
    assert told[0][:4] == ["Flaggor", 7, "SKA-01-BBBBBBBB", "=HYPERLINK()"]
    assert told[0][6] == "beslutet skiljer sig från b.xlsx, Flaggor rad 3 (=1+1; 19440101-****)"
    assert str(told[0][7]).startswith("Kom överens")


def test_in_english(tmp_path: Path) -> None:
    """By the language of the workspace."""
    (path,) = write_answers(result(tmp_path), "en", tmp_path / "svar")
    title, counts, _, header, *told = rows(path)
    assert (title[0], header[4], told[0][4]) == ("Answer to lista.xlsx", "Answer", "Not taken")
    assert str(counts[0]).startswith("Not taken: 1")
    assert "the decision differs from b.xlsx, Flaggor row 3" in str(told[0][6])


def test_an_answer_replaces_the_last_one_unless_that_is_open(tmp_path: Path) -> None:
    """An open one keeps its place, and the new one gets a number."""
    first = write_answers(result(tmp_path), "sv", tmp_path)
    assert write_answers(result(tmp_path), "sv", tmp_path) == first
    (tmp_path / "~$svar-lista.xlsx").touch()
    assert write_answers(result(tmp_path), "sv", tmp_path) == [tmp_path / "svar-lista-2.xlsx"]


def test_an_answer_that_people_have_written_in_is_kept(tmp_path: Path) -> None:
    """Their notes are work; the next answer stands beside it."""
    (path,) = write_answers(result(tmp_path), "sv", tmp_path)
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["J5"] = "Ring Anna"
    book.save(path)
    assert write_answers(result(tmp_path), "sv", tmp_path) == [tmp_path / "svar-lista-2.xlsx"]
    assert "Ring Anna" in str(rows(path))


def test_files_that_only_differ_in_their_ending_each_have_an_answer(tmp_path: Path) -> None:
    """A list and the same list saved by LibreOffice lie side by side."""
    both = Result([], {})
    for name in ("lista.xlsx", "lista.ods", "b/lista.ods"):
        one = result(tmp_path, name)
        both.add(one.answers)
        both.paths[name] = tmp_path / Path(name).name
    names = [path.name for path in write_answers(both, "sv", tmp_path)]
    assert names == ["svar-lista.xlsx", "svar-lista.ods.xlsx", "svar-lista.ods-2.xlsx"]
    titles = [rows(tmp_path / name)[0][0] for name in names]
    assert titles == ["Svar på lista.xlsx", "Svar på lista.ods", "Svar på b/lista.ods"]


def test_a_personal_number_in_a_files_name_is_masked(tmp_path: Path) -> None:
    """In the name of the answer, and in it."""
    (path,) = write_answers(result(tmp_path, "om 19440101-2382.xlsx"), "sv", tmp_path)
    assert path.name == "svar-om 19440101-----.xlsx" or "2382" not in path.name
    assert "2382" not in str(rows(path))


def test_an_answer_to_a_file_in_a_folder_that_cannot_be_written_goes_to_the_reports(tmp_path: Path) -> None:
    """A folder that is a file cannot be written by anybody."""
    blocked = tmp_path / "in"
    blocked.write_text("")
    (path,) = write_answers(result(blocked), "sv", tmp_path / "svar")
    assert path == tmp_path / "svar" / "svar-lista.xlsx"
    with pytest.raises(StoreError, match="kunde inte skrivas"):
        write_answers(result(blocked), "sv", blocked)


def test_a_file_whose_rows_were_all_read_before_gets_no_answer(tmp_path: Path) -> None:
    """An inbox is read in every run."""
    known = Result([Answer("known", Place("a.xlsx", "Flaggor", 2))], {"a.xlsx": tmp_path / "a.xlsx"})
    assert write_answers(known, "sv", tmp_path) == []
