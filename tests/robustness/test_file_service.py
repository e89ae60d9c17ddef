"""Row 25 of the catalogue, over the whole pipeline: whatever comes back from a file service, nobody is clean by it or asked twice."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from screening.cli import run_command

from .conftest import change

RUN = ("run", "--period", "2026-09", "--as-of", "2026-09-30")
Screening = Callable[..., tuple[int, str, str]]
WORLD = Path(__file__).resolve().parents[2] / "data" / "sample" / "world.toml"
RESPOND = ("stub", "answer-files", "kronofogden_fil", "--date", "2026-09-30", "--world", str(WORLD))
SAID_BY = {"rejected": "source_down", "missing": "awaited", "short": "partial", "damaged": "partial"}


@dataclass(frozen=True)
class Service:
    """A municipality whose debts come from the file service alone, as it is when the batch has been handed in."""

    home: Path
    well: dict[str, tuple[str, str | None]]  # what a whole answer shows


@pytest.fixture(scope="module")
def service(shared: Any, tmp_path_factory: pytest.TempPathFactory) -> Service:
    """One run that waits; and in a copy of it what the answer shows."""
    shared.provider.fresh()  # well, whatever another test made it say
    home = Path(shared.copy(tmp_path_factory.mktemp("service") / "home"))
    change(home / "screening.toml", r"(?m)^enforcement_debt .*$", 'enforcement_debt = ["kronofogden_fil"]')
    change(home / "connectors" / "kronofogden_fil.toml", r"enabled    = false", "enabled    = true")
    assert command(home, *RUN) == 0
    assert manifest(home)["state"] == "waiting"
    assert manifest(home)["coverage"]["SKA-01"].get("clear", 0) == 0
    assert len(asked(home)) == 1
    answered = Path(shutil.copytree(home, home.with_name("answered")))
    assert command(answered, *RESPOND) == 0
    assert command(answered, *RUN) == 0
    assert manifest(answered)["state"] == "done"
    assert manifest(answered)["coverage"]["SKA-01"]["clear"] > 0
    assert len(asked(answered)) == 1
    return Service(home, verdicts(answered))


def command(home: Path, *words: str) -> int:
    """The command line in this process."""
    return run_command(["--home", str(home), *words])


def manifest(home: Path) -> dict[str, Any]:
    """What the newest run left."""
    found: dict[str, Any] = json.loads((home / "reports" / "2026-09" / "manifest.json").read_text(encoding="utf-8"))
    return found


def verdicts(home: Path) -> dict[str, tuple[str, str | None]]:
    """SKA-01 of everybody who is not clear."""
    lines = (home / "reports" / "2026-09" / "findings.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return {item["supplier_id"]: (item["verdict"], item["reason"]) for item in found if item["rule"] == "SKA-01"}


def asked(home: Path) -> list[list[str]]:
    """Whom each batch was about."""
    notes = sorted((home / "data" / "sample" / "ut" / "kronofogden" / "skickat").glob("*.json"))
    return [sorted(json.loads(path.read_text(encoding="utf-8"))["subjects"]) for path in notes]


@pytest.mark.parametrize(("fault", "reason"), SAID_BY.items())
def test_whatever_comes_back_nobody_is_clean_by_it_or_asked_twice(
    service: Service, tmp_path: Path, fault: str, reason: str
) -> None:
    """Whoever is not clear when everything is answered is not clear; the report says what is wrong; one batch meanwhile."""
    home = Path(shutil.copytree(service.home, tmp_path / "home"))
    (first,) = asked(home)
    assert command(home, *RESPOND, "--fault", fault) == 0
    code = command(home, *RUN)
    shown, told = verdicts(home), manifest(home)
    assert service.well.keys() <= shown.keys()
    assert reason in {why for verdict, why in shown.values() if verdict == "unknown"}
    assert asked(home) == [first]
    assert told["state"] == ("waiting" if fault in ("missing", "damaged") else "done")
    assert code == (0 if fault == "missing" else 3)
    assert any(line.startswith("kronofogden_fil: ") for line in told["incomplete"]) is (fault != "missing")
    command(home, *RUN)
    later = asked(home)[1:]
    assert len(later) == (1 if fault in ("rejected", "short") else 0)
    assert all(set(again) < set(first) for again in later)


def test_the_receiver_acts_out_what_it_knows_and_says_what_that_is(
    service: Service, tmp_path: Path, screening: Screening
) -> None:
    """Nothing in the outbox is nothing to answer; another connector or fault is refused with those that there are."""
    home = Path(shutil.copytree(service.home, tmp_path / "home"))
    assert "1 frågefiler" in screening(home, *RESPOND)[1]
    assert "0 frågefiler" in screening(home, *RESPOND)[1]
    code, _, said = screening(home, *RESPOND, "--fault", "slow")
    assert (code, "rejected, missing" in said) == (2, True)
    code, _, said = screening(home, "stub", "answer-files", "scb")
    assert (code, "kronofogden_fil, skatteverket_etransport" in said) == (2, True)
    change(home / "connectors" / "kronofogden_fil.toml", r"(?m)^outbox .*$", "")
    assert screening(home, *RESPOND)[0] == 2
