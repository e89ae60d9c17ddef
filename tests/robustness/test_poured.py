"""Personal numbers poured into every text field of exports and answers: no byte of any output shows one."""

from __future__ import annotations

import csv
import itertools
import json
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from screening.cli import run_command
from screening.stub.app import make_app
from screening.stub.server import running
from screening.stub.world import World

ROOT = Path(__file__).resolve().parents[2]
PERIOD = "2026-09"
DAY = ("--as-of", "2026-09-30")
NUMBER = "194401012382"
OTHER = "196107293059"
SPELLINGS = (
    f"{NUMBER[2:8]}-{NUMBER[8:]}", NUMBER, f"{NUMBER[:8]}-{NUMBER[8:]}", f"{NUMBER[2:8]}+{NUMBER[8:]}", f"{NUMBER[:8]} {NUMBER[8:]}",
    f"{NUMBER[2:8]}\u2013{NUMBER[8:]}", f"{NUMBER[:4]}-{NUMBER[4:6]}-{NUMBER[6:8]}-{NUMBER[8:]}", f"SE{NUMBER[2:]}01", NUMBER[2:],
)  # fmt: skip
LAST = (NUMBER[8:], OTHER[8:])
SHOWN = re.compile(
    rf"(?:440101|19440101|1944-01-01|44-01-01|610729|19610729)[-+ \u2010-\u2015]{{0,3}}(?:{'|'.join(LAST)})"
)


def poured(text: str, turn: Iterator[str]) -> str:
    """The text with a personal number after it, spelt in the next way."""
    return f"{text} {next(turn)}".strip()


def poured_world(world: World) -> World:
    """Every free text that a register may hold."""
    turn = itertools.cycle(SPELLINGS)
    companies = []
    for company in world.company:
        names = tuple(item.model_copy(update={"name": poured(item.name, turn)}) for item in company.names)
        sni = tuple((code, poured(name, turn)) for code, name in company.sni)
        account = company.tax_account
        if account is not None:
            rows = tuple((day, poured(text, turn), amount) for day, text, amount in account.transactions)
            account = account.model_copy(update={"transactions": rows})
        companies.append(
            company.model_copy(
                update={
                    "name": poured(company.name, turn),
                    "names": names,
                    "description": poured(company.description, turn),
                    "signatory": poured(company.signatory, turn),
                    "sni": sni,
                    "tax_account": account,
                }
            )
        )
    people = tuple(person.model_copy(update={"last_name": poured(person.last_name, turn)}) for person in world.person)
    return world.model_copy(update={"company": tuple(companies), "person": people})


def pour_file(path: Path, kept: set[str]) -> None:
    """Every cell of a CSV whose column is free text."""
    turn = itertools.cycle(SPELLINGS)
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    free = [place for place, name in enumerate(header) if name not in kept]
    for row in rows:
        for place in free:
            row[place] = poured(row[place], turn)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([header, *rows])


CODED = {
    "Organisationsnummer", "Regelverk", "Fas", "Roll", "Tilldelat", "Startdatum", "Slutdatum", "Option t.o.m.", "Avtalsvärde (kr)",
    "Krav på registerkontroll", "Handling", "Datum", "Giltig till", "Tjänst",
}  # fmt: skip
"""Columns that hold a number, a day or a word from a list; anything else in them rejects the row or the cell."""


def write_ledger(path: Path, numbers: tuple[str, ...]) -> None:
    """Payments with a personal number in every text."""
    turn = itertools.cycle(SPELLINGS)
    header = [
        "kopare_id",
        "kopare",
        "verifikationsnummer",
        "leverantor",
        "leverantor_id",
        "konto_nr",
        "konto_text",
        "bokforingsdatum",
        "forvaltning",
        "fakturanummer",
        "nettobelopp",
    ]
    rows = [
        ["212000-0000", poured("Kommunen", turn), poured(f"V{place}", turn), poured(f"Firma {place}", turn), number, poured("4010", turn),
         poured("Köp", turn), "2026-08-15", poured("Förvaltning", turn), poured("F", turn), "125000,50"]
        for place, number in enumerate([*numbers[:6], NUMBER])
    ]  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([header, *rows])


@dataclass
class Lived:
    """What the poured municipality left."""

    home: Path
    said: list[tuple[tuple[str, ...], str]]


def parts(path: Path) -> Iterator[tuple[str, bytes]]:
    """The bytes of a file, and of everything in it when it is an archive."""
    data = path.read_bytes()
    yield path.name, data
    if zipfile.is_zipfile(BytesIO(data)):
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for name in archive.namelist():
                yield f"{path.name}/{name}", archive.read(name)


def shown_in(data: bytes) -> list[str]:
    """Personal numbers in bytes, as text and as a reader of XML sees them."""
    text = data.decode("utf-8", errors="replace")
    bare = re.sub(r"<[^>]+>", "", text)
    return [found[0] for view in (text, bare) for found in SHOWN.finditer(view)]


@pytest.fixture(scope="module")
def lived(
    small_home: Path, secrets: None, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Lived]:
    """A month, a check, and every command that tells something, with numbers in all that is free text."""
    from datetime import date

    conftest: Any = request.config.pluginmanager.get_plugin(str(Path(__file__).parent / "conftest.py"))
    home = Path(shutil.copytree(small_home, tmp_path_factory.mktemp("poured") / "home"))
    world = poured_world(conftest.small_world())
    trader = next(company.number for company in world.company if company.form == "E")
    capture = request.getfixturevalue("capsys_module")
    with running(make_app(world, lambda: date(2026, 9, 30))) as address:
        _point(home, address)
        for name in ("avtal", "akt"):
            pour_file(home / "in" / PERIOD / f"{name}.csv", CODED)
        write_ledger(home / "in" / PERIOD / "reskontra.csv", conftest.NUMBERS)
        (home / "in" / PERIOD / "akt.csv").rename(home / "in" / PERIOD / f"akt {SPELLINGS[0]}.csv")
        said: list[tuple[tuple[str, ...], str]] = []

        def tell(*command: str) -> int:
            code = run_command(["--home", str(home), "--debug", *command])
            out, err = capture()
            said.append((command, out + err))
            return code

        assert tell("run", "--period", PERIOD, *DAY) in (0, 3)
        findings = [
            json.loads(line)
            for line in (home / "reports" / PERIOD / "findings.jsonl").read_text(encoding="utf-8").splitlines()
        ]
        flag = next(item["finding_id"] for item in findings if item["outcome"] == "flag")
        tell("plan", "--period", PERIOD, *DAY)
        tell("plan", "--period", PERIOD, *DAY, "--json")
        tell("run", "--period", PERIOD, *DAY, "--json")
        tell("report")
        papers = ("--html", str(home / "reports" / "kort.html"), "--xlsx", str(home / "reports" / "kort.xlsx"))
        tell("check", trader, "5599999991", *DAY, "--case", SPELLINGS[0], *papers)
        tell("check", trader, "5599999991", *DAY, "--json")
        tell("history", trader)
        tell("history", "5599999991")
        tell("explain", trader)
        tell("explain", flag)
        tell("evidence", flag, "--out", str(home / "reports" / "bevis-flagga"), "--case", SPELLINGS[0])
        tell("evidence", "5599999991", "--out", str(home / "reports" / "bevis-leverantor"))
        tell("evidence", trader, "--out", str(home / "reports" / "bevis-person"))
        tell("evidence", "verify", str(home / "reports" / "bevis-flagga"))
        tell("decisions", "import", str(home / "reports" / PERIOD / f"avvikelserapport-{PERIOD}.xlsx"))
        tell("decisions", "list")
        tell("connectors", "list")
        tell("purge", "--dry-run")
        yield Lived(home, said)


def _point(home: Path, address: str) -> None:
    """The connectors ask another provider."""
    for path in (home / "connectors").glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"http://127\.0\.0\.1:\d+", address, text), encoding="utf-8")


@pytest.fixture(scope="module")
def capsys_module() -> Iterator[Callable[[], tuple[str, str]]]:
    """What was printed since last asked, for a whole module."""
    from _pytest.capture import MultiCapture, SysCapture

    capture = MultiCapture(in_=SysCapture(0), out=SysCapture(1), err=SysCapture(2))
    capture.start_capturing()

    def since() -> tuple[str, str]:
        out, err = capture.readouterr()
        return out, err

    yield since
    capture.pop_outerr_to_orig()
    capture.stop_capturing()


def test_something_was_poured_and_found_its_way(lived: Lived) -> None:
    """Masked numbers stand where the others would have: the test is not about an empty month."""
    told = "".join(text for _command, text in lived.said)
    assert "440101-****" in told or "19440101-****" in told
    assert (lived.home / "reports" / "bevis-person").is_dir()
    data = b"".join(
        data for path in (lived.home / "reports").rglob("*") if path.is_file() for _name, data in parts(path)
    )
    assert data.count(b"****") > 50


def test_no_command_prints_one(lived: Lived) -> None:
    """Output, messages and traces with --debug."""
    assert [(command, SHOWN.findall(text)) for command, text in lived.said if SHOWN.search(text)] == []


def test_no_file_shows_one(lived: Lived) -> None:
    """Every byte of every output: workbooks unpacked, pages, JSON, letters, bundles and the names of files."""
    found = []
    for path in sorted((lived.home / "reports").rglob("*")):
        if SHOWN.search(path.name):
            found.append((path.name, "its name"))
        if path.is_file():
            found += [(name, shown) for name, data in parts(path) for shown in shown_in(data)]
    assert found == []


def test_the_store_has_them_in_one_table_alone(lived: Lived) -> None:
    """The table of suppliers; raw answers stand as received. Not facts, findings, sheets, refused rows, or the log."""
    path = lived.home / ".screening" / "store.db"
    connection = sqlite3.connect(path)
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = []
    for table in sorted(set(tables) - {"suppliers", "raw"}):
        for row in connection.execute(f"SELECT * FROM {table}"):
            texts = [cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell) for cell in row]
            found += [(table, hit[0]) for text in texts for hit in SHOWN.finditer(text)]
    connection.close()
    assert sorted(set(found)) == []
