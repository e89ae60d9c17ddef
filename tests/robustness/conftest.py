"""A small municipality whose sources are a stub over a real socket: for killing, locking and breaking things."""

from __future__ import annotations

import asyncio
import csv
import json
import re
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from screening.cli import run_command
from screening.connectors import load_sources
from screening.stub.app import make_app
from screening.stub.server import running
from screening.stub.world import World, load

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 9, 30)
RUN = ("run", "--period", "2026-09", "--as-of", "2026-09-30")
NUMBERS = (
    "5599999991", "5599999389", "5599998779", "5599995726", "5599994505", "5599990230", "5599979258", "5599967055",
    "5599966446", "5599964003", "5599977427",
)  # fmt: skip
WRONG_NUMBER = "559999-8168"  # a mistyped check digit: proposed, never asked about as it stands
PAID = {"creditsafe": 12, "foretagsinformation": 2, "kronofogden": 5}
CREDENTIALS = "credentials for the stub"


@dataclass
class Instead:
    """What a source answers in place of the truth; to all calls, or to the first few."""

    body: bytes
    status: int = 200
    headers: tuple[tuple[bytes, bytes], ...] = ((b"content-type", b"application/json"),)
    first: int = 1_000_000


class Provider:
    """The stub with an ear at the door: counts what is asked, and calls ``at`` around a chosen call."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.calls = 0
        self.bought: Counter[tuple[str, str]] = Counter()  # (adapter, number) of billable questions
        self.at: Callable[[int, str], None] = lambda _call, _moment: None
        self.gate: tuple[int, threading.Event] | None = None  # the call that waits, and for what
        self.instead: dict[str, Instead] = {}  # by adapter; tokens are given all the same

    def fresh(self) -> None:
        """Forget what was asked so far."""
        self.calls, self.bought = 0, Counter()
        self.at = lambda _call, _moment: None
        self.gate = None
        self.instead = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        received = []
        while scope["method"] == "POST":
            received.append(await receive())
            if not received[-1].get("more_body"):
                break
        self._note(scope, b"".join(message.get("body", b"") for message in received))
        self.calls += 1
        number = self.calls
        self.at(number, "asked")
        if self.gate is not None and number == self.gate[0]:
            await asyncio.to_thread(self.gate[1].wait, 60)

        async def replay() -> Message:
            return received.pop(0) if received else await receive()

        adapter = scope["path"].split("/")[1]
        instead = self.instead.get(adapter)
        if (
            instead is not None
            and instead.first
            and "token" not in scope["path"]
            and "authenticate" not in scope["path"]
        ):
            instead.first -= 1
            await send({"type": "http.response.start", "status": instead.status, "headers": list(instead.headers)})
            await send({"type": "http.response.body", "body": instead.body})
        else:
            await self.app(scope, replay, send)
        self.at(number, "answered")

    def _note(self, scope: Scope, body: bytes) -> None:
        path = scope["path"]
        if "/creditsafe_connect/v1/companies/" in path:
            self.bought["creditsafe", path.rpartition("-")[2]] += 1
        elif path.startswith("/bolagsverket_v4/") and path.endswith("/organisationer"):
            self.bought["foretagsinformation", str(json.loads(body)["identitetsbeteckning"])] += 1
        elif path.startswith("/bolagsverket_personer/") and path.endswith(("/organisationer", "/personer")):
            self.bought["naringsforbud", str(json.loads(body)["identitetsbeteckning"])] += 1
        elif path.startswith("/debtor_summary/companies/"):
            self.bought["kronofogden", path.split("/")[3]] += 1


@dataclass
class Small:
    """The small municipality: where it lies, and the stub that answers it."""

    home: Path
    provider: Provider
    address: str

    def copy(self, folder: Path) -> Path:
        """A workspace of one's own with the same store key, so that ids are the same."""
        return Path(shutil.copytree(self.home, folder))

    @staticmethod
    def instead(body: bytes, **more: Any) -> Instead:
        """What a source is made to answer."""
        return Instead(body, **more)

    @staticmethod
    def impatient(home: Path) -> None:
        """Clients that try once and stop after two failures, so that a dead source costs no time."""
        for path in (home / "connectors").glob("*.toml"):
            text = path.read_text(encoding="utf-8")
            path.write_text(
                re.sub(r"limits( *)= \{", r"limits\1= { tries = 1, break_after = 2,", text), encoding="utf-8"
            )

    def start(self, home: Path, *command: str) -> subprocess.Popen[str]:
        """The command line as a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "screening.cli", "--home", str(home), *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )


def write_csv(path: Path, rows: list[list[str]]) -> None:
    """An export with semicolons, as Swedish systems write them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)


def small_world() -> World:
    """The sample's world with a dozen of its companies, whatever persons they name."""
    world = load(ROOT / "data" / "sample" / "world.toml")
    traders = [company.number for company in world.company if company.form == "E"][:2]
    kept = tuple(company for company in world.company if company.number in (*NUMBERS, *traders))
    return world.model_copy(update={"company": kept, "fault": ()})


def contract_rows() -> list[list[str]]:
    """The sample's own register of contracts, cut to the suppliers of the small world, and two rows with a fault."""
    book = CalamineWorkbook.from_path(ROOT / "data" / "sample" / "in" / "2026-09" / "avtalsregister.xlsx")
    rows = [[_text(cell) for cell in row] for row in book.get_sheet_by_name("Avtal").to_python()]
    header = next(index for index, row in enumerate(rows) if row[0] == "Avtals-ID")
    known = {company.number for company in small_world().company}
    kept = [row for row in rows[header + 1 :] if _digits(row[3]) in known]
    mistyped = [*kept[0]]
    mistyped[0], mistyped[2], mistyped[3] = "SJK-2026-998", "Hjortronholma Hemtjänst AB", WRONG_NUMBER
    unlike = [*kept[0]]
    unlike[0], unlike[2] = "SJK-2026-999", "Blåklintens Städ och Fönsterputs"
    unlike[3] = "559997-7427"
    return [[" ".join(cell.split()) for cell in rows[header]], *kept, mistyped, unlike]


def document_rows() -> list[list[str]]:
    """The sample's documents about the suppliers of the small world."""
    book = CalamineWorkbook.from_path(ROOT / "data" / "sample" / "in" / "2026-09" / "akt.ods")
    rows = [[_text(cell) for cell in row] for row in book.get_sheet_by_name("Handlingar").to_python()]
    known = {company.number for company in small_world().company}
    return [rows[0], *(row for row in rows[1:] if _digits(row[1]) in known)]


def _text(cell: Any) -> str:
    if isinstance(cell, float):
        return f"{cell:.0f}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _digits(text: str) -> str:
    digits = "".join(char for char in text if char.isdigit())
    return digits[2:] if len(digits) == 12 and digits.startswith("16") else digits


def over_a_socket(home: Path, address: str) -> None:
    """Every connector asks the stub at ``address`` as if it were a live source, at full speed."""
    for name, connector in load_sources(ROOT / "connectors").items():
        if connector.local:
            continue
        path = home / "connectors" / f"{name}.toml"
        live = f'address = "{address}{connector.adapter.stub_path}"\nsimulated = true\n'
        if connector.adapter.stub_token_path:
            live += f'token_address = "{address}{connector.adapter.stub_token_path}"\n'
        text = re.sub(r'(?m)^address\s*=\s*"stub:".*\n', live, path.read_text(encoding="utf-8"))
        text = re.sub(r"per_(second|minute) = \d+", "per_second = 1000", text)
        if name in PAID:
            text = re.sub(r"(?m)^price_sek.*\n", "", text)
            text = text.replace("simulated = true\n", f"simulated = true\nprice_sek = {PAID[name]}\n", 1)
        path.write_text(text, encoding="utf-8")


def change(path: Path, pattern: str, replacement: str) -> None:
    """Changes a file of a workspace; the pattern must be there."""
    text, count = re.subn(pattern, replacement, path.read_text(encoding="utf-8"), count=1)
    assert count == 1, f"{pattern} is not in {path.name}"
    path.write_text(text, encoding="utf-8")


def small_workspace(home: Path, address: str = "") -> None:
    """The small municipality's files; its sources are at ``address``, or the stub in process."""
    for name in ("rules", "connectors"):
        shutil.copytree(ROOT / name, home / name)
    listed = Path("data", "sample", "in", "sanktioner")  # as the connector names it
    shutil.copytree(ROOT / listed, home / listed)
    text = (ROOT / "screening.toml").read_text(encoding="utf-8")
    intake = '[[intake]]\nfiles = "in/{period}/*"\n\n'
    text = re.sub(r"(?m)^\[\[intake\]\]\nfiles *= .*\n(connector *= .*\n)?", "", text)
    text = re.sub(r"(?m)^inbox *= .*\n", "", text)
    (home / "screening.toml").write_text(intake + text, encoding="utf-8")
    for period in ("2026-09", "2026-11"):
        (home / "in" / period).mkdir(parents=True)
        write_csv(home / "in" / period / "avtal.csv", contract_rows())
        write_csv(home / "in" / period / "akt.csv", document_rows())
    if address:
        over_a_socket(home, address)


@pytest.fixture(scope="session")
def provider() -> Iterator[tuple[Provider, str]]:
    """One stub for all, over a real socket."""
    app = Provider(make_app(small_world(), lambda: DAY))
    with running(app) as address:
        yield app, address


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory, provider: tuple[Provider, str]) -> Path:
    """The small municipality with a store that has its key and nothing more. Only to be copied."""
    home = tmp_path_factory.mktemp("small") / "home"
    home.mkdir()
    small_workspace(home, provider[1])
    assert run_command(["--home", str(home), "decisions", "list"]) == 0
    return home


@pytest.fixture(scope="module")
def secrets(small_home: Path) -> Iterator[None]:
    """The environment that live sources ask for."""
    with pytest.MonkeyPatch.context() as patch:
        for connector in load_sources(small_home / "connectors").values():
            for variable in connector.table.secrets.values():
                patch.setenv(variable, CREDENTIALS)
        patch.setenv("PYTHONUTF8", "1")
        yield


@pytest.fixture(scope="module")
def shared(small_home: Path, provider: tuple[Provider, str], secrets: None) -> Small:
    """The small municipality and its provider, for a whole module."""
    return Small(small_home, *provider)


@pytest.fixture
def small(shared: Small) -> Small:
    """The small municipality, and its provider with nothing asked yet."""
    shared.provider.fresh()
    return shared
