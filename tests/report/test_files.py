import json
import stat
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from screening.errors import StoreError
from screening.report import write_reports
from screening.report.files import unit_files
from screening.report.place import beside, digest, safe_name

MAIN = "avvikelserapport-2026-11.xlsx"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where reports go."""
    return tmp_path / "reports"


def write(built: Any, folder: Path) -> tuple[list[str], list[str]]:
    """Names of what was written, and what was told."""
    told: list[str] = []
    paths = write_reports(built.store, built.run, built.config, folder, told.append)
    return [path.relative_to(folder / "2026-11").as_posix() for path in paths], told


def test_a_run_leaves_its_files(built: Any, folder: Path) -> None:
    """The workbook, one per unit, findings and manifest, and nothing else."""
    names, told = write(built, folder)
    assert names[0] == MAIN
    assert names[-2:] == ["findings.jsonl", "manifest.json"]
    assert "enheter/Hemtjänst.xlsx" in names
    assert "enheter/Bygg-anläggning.xlsx" in names
    assert told == []
    found = {path.relative_to(folder / "2026-11").as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == set(names)


def test_written_again_it_is_the_same(built: Any, folder: Path) -> None:
    """What is unchanged is replaced by equal bytes, and no second copy appears."""
    names, _told = write(built, folder)
    before = {name: digest(folder / "2026-11" / name) for name in names}
    again, told = write(built, folder)
    assert (again, told) == (names, [])
    assert {name: digest(folder / "2026-11" / name) for name in again} == before


def test_a_workbook_with_work_in_it_is_never_replaced(built: Any, folder: Path) -> None:
    """The new one stands beside it, and the next one too."""
    write(built, folder)
    path = folder / "2026-11" / MAIN
    path.write_bytes(path.read_bytes() + b"work")
    kept = digest(path)
    names, told = write(built, folder)
    assert names[0] == "avvikelserapport-2026-11-2.xlsx"
    assert digest(path) == kept
    assert told == [
        f"{MAIN}: ersattes inte, den innehåller arbete som gjorts efter att den skrevs",
        f"{MAIN}: den nya rapporten heter avvikelserapport-2026-11-2.xlsx",
    ]
    second = folder / "2026-11" / names[0]
    second.write_bytes(second.read_bytes() + b"more work")
    assert write(built, folder)[0][0] == "avvikelserapport-2026-11-3.xlsx"


@pytest.mark.parametrize("lock", [f"~${MAIN}", f".~lock.{MAIN}#"])
def test_a_workbook_that_is_open_is_never_replaced(built: Any, folder: Path, lock: str) -> None:
    """Excel and LibreOffice leave a file beside the one they hold."""
    write(built, folder)
    (folder / "2026-11" / lock).touch()
    names, told = write(built, folder)
    assert names[0] == "avvikelserapport-2026-11-2.xlsx"
    assert "öppen" in told[0]


def test_a_run_that_was_killed_before_noting_what_it_placed(built: Any, folder: Path) -> None:
    """The same bytes are ours, whatever was noted."""
    write(built, folder)
    built.store.put_workbook(built.run.id, f"2026-11/{MAIN}", "0" * 64)
    names, told = write(built, folder)
    assert (names[0], told) == (MAIN, [])


def test_a_changed_report_replaces_its_own_older_one(built: Any, folder: Path) -> None:
    """Nobody has worked in it, so it gives way."""
    write(built, folder)
    old = digest(folder / "2026-11" / MAIN)
    built.store.put_findings(built.run.id, [])
    built.build()
    names, told = write(built, folder)
    assert (names[0], told) == (MAIN, [])
    assert digest(folder / "2026-11" / MAIN) != old


def test_english_messages(built: Any, folder: Path) -> None:
    """What is kept is told in the language of the report."""
    built.config = built.config.model_copy(update={"report": built.config.report.model_copy(update={"language": "en"})})
    write(built, folder)
    path = folder / "2026-11" / MAIN
    path.write_bytes(b"work")
    assert write(built, folder)[1][0] == f"{MAIN}: not replaced, it holds work done after it was written"


def test_nothing_is_told_where_nobody_listens(built: Any, folder: Path) -> None:
    """The list of paths says under which name it stands."""
    write(built, folder)
    (folder / "2026-11" / MAIN).write_bytes(b"work")
    paths = write_reports(built.store, built.run, built.config, folder)
    assert paths[0].name == "avvikelserapport-2026-11-2.xlsx"


@pytest.mark.skipif(sys.platform == "win32", reason="a folder's mode does not keep its owner out on Windows")
def test_a_folder_that_cannot_be_made_is_a_sentence(built: Any, tmp_path: Path) -> None:
    """No traceback, nothing half-written."""
    (tmp_path / "reports").write_text("a file, not a folder")
    with pytest.raises(StoreError, match="kunde inte skrivas"):
        write(built, tmp_path / "reports")


def test_nothing_is_left_behind_after_a_failure(built: Any, folder: Path) -> None:
    """The hidden folder goes with what was in it."""
    bad = replace(built.run, as_of="not a day")
    with pytest.raises(TypeError):
        write_reports(built.store, bad, built.config, folder)
    built.store.put_sheet(built.run.id, "Flaggor", ["Flagg-ID"], [["a", "one cell too many"]])
    with pytest.raises(ValueError, match="expected 1"):
        write(built, folder)
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert not list(folder.rglob(".screening-*"))


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_reports_are_readable_by_their_owner_alone(built: Any, folder: Path) -> None:
    """Flags are not for everybody on the machine."""
    write(built, folder)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()} == {0o600}


def test_a_unit_sees_its_own_contracts_alone(built: Any, folder: Path) -> None:
    """No other unit is named in its workbook, and every flag of its own is there."""
    write(built, folder)
    book = openpyxl.load_workbook(folder / "2026-11" / "enheter" / "Primärvård.xlsx")
    assert book.sheetnames == [
        "Sammanfattning", "Flaggor", "Leverantörer", "Ej bedömbara", "Ägarförändringar", "Registerkontroller", "Avslutade", "Riskregister", "Underlag",
    ]  # fmt: skip
    for name in book.sheetnames:
        text = "\n".join(str(cell.value) for row in book[name].iter_rows() for cell in row)
        assert "Föreningsbidrag" not in text
        assert "Hemtjänst\n" not in text
    flags = [row[2].value for row in book["Flaggor"].iter_rows(min_row=2)]
    assert flags
    assert set(flags) == {"Primärvård"}


def test_an_older_sheet_that_this_version_does_not_know_is_kept(built: Any, folder: Path) -> None:
    """Any old report can be made again."""
    built.store.put_sheet(built.run.id, "Gammalt blad", ["Kolumn"], [["värde"]])
    write(built, folder)
    book = openpyxl.load_workbook(folder / "2026-11" / MAIN)
    assert book["Gammalt blad"]["A2"].value == "värde"
    assert "Gammalt blad" not in openpyxl.load_workbook(folder / "2026-11" / "enheter" / "IT.xlsx").sheetnames


def test_a_run_without_sheets_leaves_a_workbook_all_the_same(month: Any, folder: Path) -> None:
    """Nothing stored, nothing to show, no crash."""
    names, _told = write(month, folder)
    assert names == [MAIN, "findings.jsonl", "manifest.json"]


@pytest.mark.parametrize(
    ("unit", "name"),
    [
        ("Bygg/anläggning", "Bygg-anläggning"), ("a\\b:c*d", "a-b-c-d"), ("CON", "CON_"), ("com1.x", "com1_.x"), ("...", "enhet"),
        ("Åkeri & Ö  (Väst) ", "Åkeri & Ö (Väst)"), ("x" * 200, "x" * 80), ("../../etc/passwd", "etc-passwd"), ("~$x", "x"), ("COM¹", "COM¹_"), ("\u202etxt.exe", "txt.exe"),
    ],
)  # fmt: skip
def test_a_units_name_as_a_file(unit: str, name: str) -> None:
    """Safe on Windows too; å, ä and ö stay, and nothing leads out of the folder."""
    assert safe_name(unit) == name


def test_no_two_units_share_a_file() -> None:
    """Not even on a disk that is blind to case."""
    assert unit_files(["It", "IT", "A/B", "A-B", "It"]) == {"It": "It", "IT": "IT (2)", "A/B": "A-B", "A-B": "A-B (2)"}


def test_the_manifest_is_the_runs_own(built: Any, folder: Path) -> None:
    """What it ended with."""
    built.run = replace(built.run, manifest={"run_id": built.run.id})
    write(built, folder)
    assert json.loads((folder / "2026-11" / "manifest.json").read_text(encoding="utf-8")) == {"run_id": built.run.id}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_a_sentence(folder: Path) -> None:
    """What stood there before still stands, and nothing is left behind."""
    path = folder / "a.xlsx"
    with (
        pytest.raises(StoreError, match="disken är full"),
        beside(path),
        Path("/dev/full").open("wb", buffering=0) as full,
    ):
        full.write(b"x")
    assert list(folder.iterdir()) == []
