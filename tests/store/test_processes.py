"""Several processes at one store, and processes that die."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from screening.store import Store

WRITER = """
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from screening.adapters.source import Answer
from screening.model import EnforcementDebt, Origin, Provenance
from screening.store import Store

home, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
now = datetime(2026, 9, 30, 12, tzinfo=UTC)
with Store.open("sqlite:///s.db", home) as store:
    run = store.begin_run("case", "2026-09", date(2026, 9, 30), now, "1", {})
    for index in range(count):
        supplier = store.supplier_id("unidentified", None, f"{name} {index}")
        intent = store.intend(run.id, "k", supplier, 200, now)
        print(f"intended {supplier}", flush=True)
        came = Provenance(source="k", origin=Origin.AUTHORITY, as_of=date(2026, 9, 30), fetched_at=now)
        fact = EnforcementDebt(provenance=came, public_debt_sek=Decimal(index))
        raw = f"{name} {index}".encode()
        store.put_answer(run.id, "k", Answer(supplier_id=supplier, facts=(fact,), raw=raw), now, billed=1)
        store.audit(name, "answer", now, {"n": index})
        print(f"stored {supplier}", flush=True)
"""


def start(home: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-c", WRITER, str(home), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_processes_write_side_by_side(tmp_path: Path) -> None:
    """Also the first opening: nobody is told that the store is busy, and the log's chain holds."""
    with start(tmp_path, "a", 25) as one, start(tmp_path, "b", 25) as two:
        said = [process.communicate(timeout=120) for process in (one, two)]
        assert [process.returncode for process in (one, two)] == [0, 0], said
    with Store.open("sqlite:///s.db", tmp_path) as store:
        assert [len(store._raw_rows(f"SELECT id FROM {name}", {})) for name in ("facts", "raw", "audit")] == [
            50,
            50,
            50,
        ]
        assert {run.id for run in store.runs()} == {"C-2026-09-1", "C-2026-09-2"}
        hashes = [entry.sha256 for entry in store.audit_log()]
        assert [entry.previous_sha256 for entry in store.audit_log()] == ["", *hashes[:-1]]


def test_what_was_stored_survives_a_kill_and_at_most_one_call_is_in_doubt(tmp_path: Path) -> None:
    """Killed at three points: every answer told as stored is there with its intent answered."""
    for lines in (1, 4, 7):
        home = tmp_path / str(lines)
        home.mkdir()
        with start(home, "a", 1000) as process:
            assert process.stdout is not None
            told = [process.stdout.readline().split() for _ in range(lines)]
            process.kill()
            told += [line.split() for line in process.stdout.read().splitlines()]
        with Store.open("sqlite:///s.db", home) as store:
            stored = {item[1] for item in told if item[0] == "stored"}
            kept = store.fresh("k", "enforcement_debt", datetime(2026, 9, 1, tzinfo=UTC))
            assert stored <= kept
            doubtful = store.in_doubt(run_id="C-2026-09-1")
            assert len(doubtful) <= 1
            assert not {intent.supplier_id for intent in doubtful} & kept
            assert store.spent_ore("2026-09") == 200 * (len(kept) + len(doubtful))
            again = store.begin_run("case", "2026-09", date(2026, 9, 30), datetime(2026, 9, 30, tzinfo=UTC), "1", {})
            assert again.id == "C-2026-09-2"
