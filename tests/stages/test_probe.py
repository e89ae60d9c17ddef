"""Trying a source by itself: what works, what does not, and what to do about it, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from screening.client import Timebase, VirtualTimebase
from screening.connectors import Connector, load_sources
from screening.identity import read
from screening.stages.probe import Probe, Trying, probe

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
KNOWN = read("5599999017").identity
ROW = {"PeOrgNr": "165599999017", "Fskattstatus, kod": "1", "Momsstatus, kod": "1", "Arbetsgivarstatus, kod": "0"}
Screening = Callable[..., tuple[int, str, str]]


@dataclass
class Wire:
    """A network of one handler, with every secret set unless it is told otherwise."""

    handler: Callable[[httpx.Request], httpx.Response]
    secrets: Mapping[str, str | None] = field(default_factory=dict)

    def transport(self, connector: Connector) -> httpx.AsyncBaseTransport:
        return httpx.MockTransport(self.handler)

    def timebase(self, connector: Connector) -> Timebase:
        return VirtualTimebase()

    def secret(self, name: str) -> str | None:
        return self.secrets.get(name, "a secret")


def tried(folder: Path, name: str, handler: Callable[[httpx.Request], httpx.Response], **more: Any) -> Probe:
    """A connector with a live address, tried."""
    for path in (ROOT / "connectors").glob(f"{name}.toml"):
        text = path.read_text(encoding="utf-8").replace('"stub:"', '"https://api.example"', 1)
        (folder / path.name).write_text(text, encoding="utf-8")
    known = ("S-1", KNOWN) if KNOWN and more.pop("known", True) else None
    trying = Trying(
        network=Wire(handler, more.pop("secrets", {})),
        home=folder,
        now=lambda: NOW,
        pseudonym=lambda text: f"K-{hash(text)}",
        state=lambda _name: {},
        known=known,
    )
    return probe(load_sources(folder)[name], trying)


def dated(moment: datetime) -> dict[str, str]:
    return {"Date": format_datetime(moment, usegmt=True)}


def test_a_source_that_answers_is_well(tmp_path: Path) -> None:
    """Address, answer, clock and limits, each on a line."""
    found = tried(tmp_path, "scb", lambda _: httpx.Response(200, json=[ROW], headers=dated(NOW)))
    assert found.ok
    said = "\n".join(found.lines)
    for words in (
        "https://api.example",
        "känt svar: 559999-9017",
        "uppgifter per 2026-11-30",
        "stämmer",
        "1 per sekund",
    ):
        assert words in said


def test_a_clock_that_is_wrong_is_told(tmp_path: Path) -> None:
    """Tokens and waiting times would go wrong."""
    early = datetime(2026, 11, 30, 8, tzinfo=UTC)
    found = tried(tmp_path, "scb", lambda _: httpx.Response(200, json=[ROW], headers=dated(early)))
    assert found.ok is False
    assert "3600 s före" in "\n".join(found.lines)


def test_a_missing_secret_is_named(tmp_path: Path) -> None:
    """The environment variable, before anything is sent."""
    found = tried(tmp_path, "scb", lambda _: pytest.fail("asked"), secrets={"SCB_API_ID": None})
    assert found.ok is False
    assert "SCB_API_ID" in found.lines[-1]


def test_no_contact_says_what_to_look_at(tmp_path: Path) -> None:
    """The host, and the usual causes."""

    def nobody(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no", request=request)

    found = tried(tmp_path, "scb", nobody)
    assert found.ok is False
    assert "api.example kan nås" in "\n".join(found.lines)


def test_a_slow_source_says_what_to_change(tmp_path: Path) -> None:
    """The time-out of the connector."""

    def slow(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow", request=request)

    assert "höj timeout_s i connectors/scb.toml" in "\n".join(tried(tmp_path, "scb", slow).lines)


def test_refused_keys_are_told(tmp_path: Path) -> None:
    """What the sign-in said."""
    found = tried(tmp_path, "bolagsverket_hvd", lambda _: httpx.Response(401, json={"error": "invalid_client"}))
    assert found.ok is False
    assert "användarnamn, lösenord eller nyckel" in "\n".join(found.lines)


def test_a_source_that_knows_nobody_answers_all_the_same(tmp_path: Path) -> None:
    """Another number may be known."""
    found = tried(tmp_path, "scb", lambda _: httpx.Response(200, json=[]))
    assert found.ok
    assert "--number" in "\n".join(found.lines)


def test_without_a_number_nothing_is_asked(tmp_path: Path) -> None:
    """Before the first run nobody is known."""
    found = tried(tmp_path, "scb", lambda _: pytest.fail("asked"), known=False)
    assert found.ok is None
    assert "--number ORGNR" in "\n".join(found.lines)


def test_nothing_is_bought(tmp_path: Path) -> None:
    """Signing in is free; a report is not asked for."""
    asked = []

    def sign_in(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, json={"token": "t"})

    found = tried(tmp_path, "creditsafe", sign_in)
    assert found.ok
    assert asked == ["/authenticate"]
    assert "provas inte, eftersom det kostar" in "\n".join(found.lines)


def test_a_source_of_files_needs_its_folder(tmp_path: Path) -> None:
    """And says which one."""
    found = tried(tmp_path, "skattekonto_utdrag", lambda _: pytest.fail("asked"))
    assert found.ok is False
    assert "finns inte; skapa den" in found.lines[-1]
    folder = tmp_path / "data" / "sample" / "in" / "skattekonto"
    folder.mkdir(parents=True)
    found = tried(tmp_path, "skattekonto_utdrag", lambda _: pytest.fail("asked"))
    assert found.ok is None, "nothing there is not a source that works"
    assert "lägg filen i" in found.lines[-1]
    (folder / "utdrag.csv").touch()
    assert tried(tmp_path, "skattekonto_utdrag", lambda _: pytest.fail("asked")).ok


def test_the_command_tries_all_or_one(workspace: Path, screening: Screening) -> None:
    """Exit 0 when all are well, 2 for a name that is none."""
    code, printed, _ = screening(workspace, "connectors", "test", "scb", "--number", "559996-9499")
    assert (code, printed.splitlines()[0]) == (0, "scb: OK")
    code, _, said = screening(workspace, "connectors", "test", "scp")
    assert code == 2
    assert "bolagsverket_hvd" in said
