"""Files, settings, sources, the store and the disk that fail: the right exit code, a sentence, and nothing half-written."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from screening.stub.app import WRONG

RUN = ("run", "--period", "2026-09", "--as-of", "2026-09-30")
LATER = ("run", "--period", "2026-11", "--as-of", "2026-11-30")
Screening = Callable[..., tuple[int, str, str]]
Change = Callable[[Path, str, str], None]


@pytest.fixture
def home(small: Any, tmp_path: Path) -> Path:
    """A workspace of one's own."""
    return Path(small.copy(tmp_path / "home"))


def findings(home: Path, period: str = "2026-09") -> list[dict[str, Any]]:
    lines = (home / "reports" / period / "findings.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def states(home: Path) -> list[tuple[str, str, str, str]]:
    """Every finding with what stands of it."""
    return [(item["finding_id"], item["outcome"], item["status"], item["reason"]) for item in findings(home)]


def told(said: str) -> None:
    """A sentence, never a traceback or a word of code."""
    assert said.startswith("Fel: ")
    assert "Traceback" not in said
    assert "Oväntat" not in said


# --- the disk and the store -----------------------------------------------------------------------------------------------
def test_reports_that_cannot_be_written_leave_nothing(small: Any, home: Path, screening: Screening) -> None:
    """Exit 4; when the folder is right, the same command ends without asking anything again."""
    (home / "reports").write_text("a file", encoding="utf-8")
    code, _, said = screening(home, *RUN)
    assert code == 4
    told(said)
    assert "reports" in said
    (home / "reports").unlink()
    small.provider.fresh()
    assert screening(home, *RUN)[0] == 0
    assert not small.provider.bought
    assert findings(home)


@pytest.mark.parametrize("damage", ["a folder", "text", "cut off"])
def test_a_store_that_cannot_be_used_stops_at_once(home: Path, screening: Screening, damage: str) -> None:
    """Exit 4 and a sentence; nothing is asked, and no report is written."""
    path = home / ".screening" / "store.db"
    whole = path.read_bytes()
    path.unlink()
    if damage == "a folder":
        path.mkdir()
    elif damage == "text":
        path.write_text("this is no store " * 1000, encoding="utf-8")
    else:
        path.write_bytes(whole[: len(whole) // 2] + b"\x00" * 100)
    code, _, said = screening(home, *RUN)
    assert code == 4
    told(said)
    assert "store.db" in said
    assert not (home / "reports").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="limits on the size of files are POSIX's")
@pytest.mark.parametrize("limit", [200_000, 420_000])
def test_a_full_disk_stops_and_the_same_command_goes_on(
    small: Any, home: Path, screening: Screening, limit: int
) -> None:
    """No file may grow beyond a limit: exit 4, the store is whole, and nothing stored is bought again."""
    code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))"
    program = (
        f"{code}; import sys; from screening.cli import main; sys.argv[1:] = {['--home', str(home), *RUN]!r}; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 4, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "Samma kommando fortsätter" in done.stderr
    assert not list((home / "reports").rglob("*.xlsx")) if (home / "reports").exists() else True
    with closing(sqlite3.connect(home / ".screening" / "store.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (answered,) = database.execute("SELECT count(*) FROM intents WHERE state = 'answered'").fetchone()
    small.provider.fresh()
    assert screening(home, *RUN)[0] == 0
    with closing(sqlite3.connect(home / ".screening" / "store.db")) as database:
        (every,) = database.execute("SELECT count(*) FROM intents WHERE state = 'answered'").fetchone()
    assert small.provider.bought.total() == every - answered


# --- files ----------------------------------------------------------------------------------------------------------------
def test_an_empty_folder_is_nothing_to_judge(small: Any, home: Path, screening: Screening) -> None:
    """Exit 2; nothing was asked."""
    shutil.rmtree(home / "in" / "2026-09")
    for command in (RUN, ("plan", *RUN[1:])):
        code, _, said = screening(home, *command)
        assert code == 2
        told(said)
        assert "in/2026-09/*" in said
    assert small.provider.calls == 0
    assert not (home / "reports").exists()


def test_files_that_nobody_knows_are_nothing_to_judge(home: Path, screening: Screening) -> None:
    """Exit 2 with a line for each file, which names its columns."""
    for path in (home / "in" / "2026-09").iterdir():
        path.write_text("Kulör;Storlek\nröd;4\n", encoding="utf-8")
    code, _, said = screening(home, *RUN)
    assert code == 2
    told(said)
    assert "avtal.csv" in said
    assert "akt.csv" in said
    assert "Kulör" in said


def test_one_unknown_file_among_good_ones_falls_short(home: Path, screening: Screening) -> None:
    """Exit 3, and the file is named."""
    (home / "in" / "2026-09" / "okand.csv").write_text("Kulör;Storlek\nröd;4\n", encoding="utf-8")
    code, printed, _ = screening(home, *RUN)
    assert code == 3
    assert "okand.csv" in printed
    assert findings(home)


# --- settings -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("file", "pattern", "replacement", "named"),
    [
        ("screening.toml", r"(?m)^max_sek ", "max_sekk ", "budget.max_sekk"),
        ("screening.toml", r"(?m)^kind  =.*", 'kind = "förening"', "organisation.kind"),
        ("screening.toml", r"(?m)^name  = \"Sjövika.*\n", "", "organisation.name"),
        ("screening.toml", r"\[budget\]", "[budget", "screening.toml"),
        ("rules/ska_01_allmanna_mal.toml", r"(?m)^limit_sek", "limit_sekk", "limit_sekk"),
        ("connectors/kronofogden.toml", r"debtor_summary\"", 'debtor_sumary"', "debtor_sumary"),
        ("connectors/kronofogden.toml", r"(?m)^fresh_days = \d+", 'fresh_days = "många"', "fresh_days"),
    ],
)
def test_a_wrong_setting_is_told_before_anything_is_asked(
    small: Any, home: Path, screening: Screening, file: str, pattern: str, replacement: str, named: str
) -> None:
    """Exit 2; the message names the file and the key."""
    path = home / file
    text, count = re.subn(pattern, replacement, path.read_text(encoding="utf-8"), count=1)
    assert count == 1
    path.write_text(text, encoding="utf-8")
    code, _, said = screening(home, *RUN)
    assert code == 2
    told(said)
    assert path.name in said
    assert named in said
    assert small.provider.calls == 0


def test_a_missing_world_is_told_before_anything_is_asked(workspace: Path, screening: Screening) -> None:
    """Exit 2; no run was begun."""
    (workspace / "data" / "sample" / "world.toml").unlink()
    code, _, said = screening(workspace, *RUN)
    assert code == 2
    told(said)
    assert "world.toml" in said
    with closing(sqlite3.connect(workspace / ".screening" / "store.db")) as database:
        assert database.execute("SELECT count(*) FROM runs").fetchone() == (0,)


# --- sources --------------------------------------------------------------------------------------------------------------
def facts_from(home: Path, source: str) -> int:
    with closing(sqlite3.connect(home / ".screening" / "store.db")) as database:
        (count,) = database.execute("SELECT count(*) FROM facts WHERE source = ?", (source,)).fetchone()
    return int(count)


def fell_short(home: Path, printed: str, source: str) -> None:
    """The run ended, said why, and found nothing clear by that source."""
    assert f"- {source}: " in printed
    manifest = json.loads((home / "reports" / "2026-09" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["exit"] == 3
    assert any(line.startswith(f"{source}: ") for line in manifest["incomplete"])


def test_a_dead_source_harms_no_other(small: Any, home: Path, screening: Screening) -> None:
    """Exit 3; its suppliers are unknown, and all others' answers are there."""
    small.impatient(home)
    small.provider.instead["debtor_summary"] = small.instead(b"", status=503)
    code, printed, said = screening(home, *RUN)
    assert code == 3, said
    fell_short(home, printed, "kronofogden")
    assert facts_from(home, "kronofogden") == 0
    assert facts_from(home, "creditsafe")
    assert facts_from(home, "scb")
    unknown = [item for item in findings(home) if item["rule"] == "SKA-01" and item["reason"] != "identity"]
    assert unknown
    assert {(item["outcome"], item["reason"]) for item in unknown} == {("unknown", "source_down")}


def test_a_source_that_is_not_there_harms_no_other(small: Any, home: Path, screening: Screening) -> None:
    """Nobody listens at the port."""
    small.impatient(home)
    path = home / "connectors" / "kronofogden.toml"
    path.write_text(re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:9", path.read_text(encoding="utf-8")), encoding="utf-8")
    code, printed, said = screening(home, *RUN)
    assert code == 3, said
    fell_short(home, printed, "kronofogden")
    assert "ingen kontakt med källan" in printed


@pytest.mark.parametrize("adapter", ["debtor_summary", "bolagsverket_hvd", "creditsafe_connect"])
def test_a_source_that_comes_back_is_asked_again_at_the_end(
    small: Any, home: Path, screening: Screening, adapter: str
) -> None:
    """The rest of the batch goes on meanwhile; then the source gets one more try, and nothing is left unanswered."""
    small.impatient(home)
    small.provider.instead[adapter] = small.instead(b"", status=503, first=2)
    code, printed, said = screening(home, *RUN)
    assert code == 0, printed + said
    bought = small.provider.bought
    small.provider.fresh()
    other = home.parent / "undisturbed"
    small.copy(other)
    assert screening(other, *RUN)[0] == 0
    assert states(home) == states(other)
    assert bought.keys() == small.provider.bought.keys()
    asked_twice = {key for key, count in bought.items() if count > small.provider.bought[key]}
    assert len(asked_twice) <= (2 if adapter != "bolagsverket_hvd" else 0)  # those answered 503, and paid once


def test_asking_ends_when_the_time_is_up(workspace: Path, screening: Screening) -> None:
    """Exit 3: a minute of the register's time is not enough for the municipality; whoever was not asked is unknown."""
    path = workspace / "screening.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[budget]\n", "[budget]\nmax_minutes = 1\n"), encoding="utf-8")
    code, printed, said = screening(workspace, *RUN)
    assert code == 3, said
    fell_short(workspace, printed, "bolagsverket_hvd")
    assert "tiden för körningen är slut" in printed
    manifest = json.loads((workspace / "reports" / "2026-09" / "manifest.json").read_text(encoding="utf-8"))
    assert (
        0 < manifest["connectors"]["bolagsverket_hvd"]["answered"] < manifest["connectors"]["bolagsverket_hvd"]["asked"]
    )


def test_a_flag_stays_when_its_source_dies(small: Any, home: Path, screening: Screening) -> None:
    """When the answer has grown too old: unverified, still a flag, never resolved; and back when the source is."""
    small.impatient(home)
    assert screening(home, *RUN)[0] == 0
    flagged = {item["finding_id"] for item in findings(home) if item["rule"] == "SKA-01" and item["outcome"] == "flag"}
    assert flagged
    small.provider.instead["debtor_summary"] = small.instead(b"", status=503)
    assert screening(home, *LATER)[0] == 3
    after = {item["finding_id"]: item for item in findings(home, "2026-11")}
    assert {(after[item]["outcome"], after[item]["verdict"], after[item]["status"]) for item in flagged} == {
        ("flag", "unknown", "unverified")
    }
    small.provider.fresh()
    assert screening(home, *LATER)[0] == 0
    again = {item["finding_id"]: item["status"] for item in findings(home, "2026-11")}
    assert {again[item] for item in flagged} <= {"remaining", "resolved"}  # one has paid meanwhile


@pytest.mark.parametrize(
    ("variable", "value", "source"),
    [
        ("CREDITSAFE_PASSWORD", WRONG, "creditsafe"),
        ("BOLAGSVERKET_FI_CLIENT_SECRET", WRONG, "foretagsinformation"),
        ("DEBTOR_SUMMARY_KEY", WRONG, "kronofogden"),
        ("SCB_API_ID", None, "scb"),
    ],
)
def test_wrong_credentials_stop_that_source_alone(
    small: Any, home: Path, screening: Screening, monkeypatch: pytest.MonkeyPatch,
    variable: str, value: str | None, source: str,
) -> None:  # fmt: skip
    """Exit 3; the message says what to look at, and no secret is told."""
    small.impatient(home)
    if value is None:
        monkeypatch.delenv(variable)
    else:
        monkeypatch.setenv(variable, value)
    code, printed, said = screening(home, *RUN)
    assert code == 3, said
    fell_short(home, printed, source)
    assert facts_from(home, source) == 0
    if value is None:
        assert variable in printed
    assert "credentials for the stub" not in printed + said


def test_a_source_that_asks_for_patience_gets_it(small: Any, home: Path, screening: Screening) -> None:
    """429 with Retry-After, once: waited for, and all answers are had."""
    headers = ((b"content-type", b"application/json"), (b"retry-after", b"1"))
    small.provider.instead["scb_foretagsregister"] = small.instead(b"{}", status=429, headers=headers, first=1)
    assert screening(home, *RUN)[0] == 0
    assert facts_from(home, "scb")


ODD = [b"[]", b"null", b"5", b"{}", b"[[]]", b'{"report": [], "balance": "x", "data": {"a": [1]}}', b"\xff\xfe"]


@pytest.mark.parametrize("body", [*ODD, b"<html><body>Logga in</body></html>"], ids=repr)
def test_answers_of_another_shape_are_never_clear(small: Any, home: Path, screening: Screening, body: bytes) -> None:
    """Whatever comes in place of an answer: no traceback, no fact, and nobody is called clear by it."""
    small.impatient(home)
    kind = b"text/html" if body.startswith(b"<") else b"application/json"
    for adapter in (
        "bolagsverket_hvd", "bolagsverket_v4", "creditsafe_connect", "debtor_summary", "scb_foretagsregister",
        "skattekonto_v2", "verkliga_huvudman",
    ):  # fmt: skip
        small.provider.instead[adapter] = small.instead(body, headers=((b"content-type", kind),))
    code, printed, said = screening(home, *RUN)
    assert code == 3, said
    assert "Oväntat" not in said
    assert "Traceback" not in said
    for source in (
        "bolagsverket_hvd",
        "foretagsinformation",
        "creditsafe",
        "kronofogden",
        "scb",
        "skattekonto",
        "verkliga_huvudman",
    ):
        assert facts_from(home, source) == 0, source
    manifest = json.loads((home / "reports" / "2026-09" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["suppliers"]["fully_checked"] == 0
    for rule in ("SKA-01", "SKA-06", "KRE-01", "AGA-12", "IDE-01", "AGA-03"):
        assert "clear" not in manifest["coverage"].get(rule, {}), (rule, printed)
