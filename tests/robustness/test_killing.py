"""Killed at any point and started again: nothing stored is bought again, and the report is that of an undisturbed run."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from screening.cli import run_command
from screening.connectors import load_sources
from screening.store import Store
from screening.workspace import open_workspace

RUN = ("run", "--period", "2026-09", "--as-of", "2026-09-30")
COUNTED = ("asked", "answered", "from_store", "failed", "calls", "in_doubt", "cost_sek")
CALLS = [*((n, "asked") for n in (1, 22, 46, 55, 66, 78)), *((n, "answered") for n in (10, 50, 60, 72))]
PHASES = [("intake", 0.0), ("intake", 0.06), ("judge", 0.0), ("judge", 0.03), ("report", 0.0), ("report", 0.15)]


REFERENCE, CHECK = "Källans referens", "Kontroll"


@dataclass(frozen=True)
class Left:
    """What a finished run left: findings, sheets and manifest, without what is allowed to differ after a kill."""

    findings: list[dict[str, Any]]
    sheets: Mapping[str, list[list[Any]]]
    manifest: dict[str, Any]
    files: list[str]
    bought: Counter[tuple[str, str]]


def left_by(home: Path, bought: Counter[tuple[str, str]]) -> Left:
    """Reads the reports and the stored sheets of the newest run.

    Allowed to differ, and left out here: the run's id (a run killed after its end is followed by a new run of the same
    period), also in the check value of each row; the id that each question to Bolagsverket was given (``request_ref``); and how many calls were made, from
    store, in doubt and paid: the counts of each connector in the manifest, and the rows of the sheet *Körning* that tell
    them and the run's id.
    """
    folder = home / "reports" / "2026-09"
    findings = [json.loads(line) for line in (folder / "findings.jsonl").read_text(encoding="utf-8").splitlines()]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    with open_workspace(home) as workspace:
        store = workspace.store
        sheets = {}
        for name in store.sheets(manifest["run_id"]):
            columns, rows = store.sheet(manifest["run_id"], name)
            asked = [place for place, column in enumerate(columns) if column in (REFERENCE, CHECK)]
            sheets[name] = [[cell for place, cell in enumerate(row) if place not in asked] for row in rows]
    sheets["Körning"] = [row for row in sheets["Körning"] if row[0] != "Källor" and row[1] != "Körnings-ID"]
    for item in findings:
        del item["run_id"]
        for fact in item["evidence"]["facts"]:
            del fact["request_ref"]
    del manifest["run_id"]
    manifest["connectors"] = sorted(manifest["connectors"])
    files = sorted(
        path.relative_to(home / "reports").as_posix() for path in (home / "reports").rglob("*") if path.is_file()
    )
    return Left(findings, sheets, manifest, files, bought)


@pytest.fixture(scope="module")
def undisturbed(shared: Any, tmp_path_factory: pytest.TempPathFactory) -> Left:
    """One run that nobody killed."""
    home = shared.copy(tmp_path_factory.mktemp("undisturbed") / "home")
    shared.provider.fresh()
    assert run_command(["--home", str(home), "--quiet", *RUN]) == 0
    return left_by(home, shared.provider.bought)


def stored(home: Path) -> tuple[Counter[tuple[str, str]], Counter[str]]:
    """What the store knows after a kill: calls answered by (source, number), and calls in doubt by source."""
    answered: Counter[tuple[str, str]] = Counter()
    with closing(sqlite3.connect(home / ".screening" / "store.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = database.execute("SELECT source, supplier_id FROM intents WHERE state = 'answered'").fetchall()
    with Store.open("sqlite:///.screening/store.db", home) as store:
        for source, supplier_id in rows:
            supplier = store.supplier(supplier_id)
            assert supplier is not None
            assert supplier.identity is not None
            answered[source, supplier.identity.reveal()] += 1
        doubtful = Counter(intent.source for intent in store.in_doubt())
    return answered, doubtful


def killed_at_a_call(small: Any, home: Path, call: int, moment: str) -> None:
    """Kills the run when the stub gets its call, or has answered it."""
    process = small.start(home, *RUN)

    def at(number: int, when: str) -> None:
        if (number, when) == (call, moment):
            process.kill()

    small.provider.at = at
    process.communicate()
    assert process.returncode not in (0, 2, 3, 4), "it ended before it was killed"


def killed_in_a_phase(small: Any, home: Path, phase: str, later_s: float) -> None:
    """Kills the run some time after it has told that a phase begins."""
    process = small.start(home, *RUN)
    for line in process.stderr:
        if line.startswith(phase):
            threading.Timer(later_s, process.kill).start()
            break
    process.communicate()


def by_supplier(counted: Counter[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """Calls about a supplier's people are the supplier's: those of the source that asks about them are counted together."""
    found: Counter[tuple[str, str]] = Counter()
    for (source, number), count in counted.items():
        found[source, "" if source == "naringsforbud" else number] += count
    return found


def carries_on(small: Any, home: Path, undisturbed: Left) -> None:
    """The same command to the end: nothing stored is bought again, and all is as in the undisturbed run."""
    before = small.provider.bought
    answered, doubtful = stored(home)
    concurrent = {name: item.table.limits.concurrent for name, item in load_sources(home / "connectors").items()}
    assert {source: count for source, count in doubtful.items() if count > concurrent[source]} == {}
    small.provider.fresh()
    assert run_command(["--home", str(home), "--quiet", *RUN]) == 0
    after = small.provider.bought
    again, once, kept = (by_supplier(counted) for counted in (after, undisturbed.bought, answered))
    for key in again:
        assert again[key] <= once[key] - kept[key], key
    assert before + after - undisturbed.bought <= before
    assert (before + after - undisturbed.bought).total() <= doubtful.total()
    left = left_by(home, after)
    assert left.findings == undisturbed.findings
    for name, rows in left.sheets.items():
        for mine, theirs in zip(rows, undisturbed.sheets[name], strict=True):
            assert mine == theirs, name
    assert left.sheets == undisturbed.sheets
    assert left.manifest == undisturbed.manifest
    assert left.files == undisturbed.files
    assert not [path.name for path in (home / "reports").rglob(".*")]


@pytest.mark.parametrize(("call", "moment"), CALLS)
def test_killed_while_asking(small: Any, tmp_path: Path, undisturbed: Left, call: int, moment: str) -> None:
    """A run killed at a call goes on where it was."""
    home = small.copy(tmp_path / "home")
    killed_at_a_call(small, home, call, moment)
    carries_on(small, home, undisturbed)


@pytest.mark.parametrize(("phase", "later_s"), PHASES)
def test_killed_in_a_phase(small: Any, tmp_path: Path, undisturbed: Left, phase: str, later_s: float) -> None:
    """A run killed while reading, judging or writing goes on where it was."""
    home = small.copy(tmp_path / "home")
    killed_in_a_phase(small, home, phase, later_s)
    carries_on(small, home, undisturbed)
