"""The sample municipality: what it holds, that nobody in it exists, and that its generator makes exactly it."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from screening import config
from screening.adapters.eu_sanctions import newest
from screening.stub.world import Company, World, load

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "sample"
IN = SAMPLE / "in"
PERIODS = {"2026-09": date(2026, 9, 30), "2026-10": date(2026, 10, 31), "2026-11": date(2026, 11, 30)}
LISTED = frozenset(
    re.findall(r"^\d{12}$", (SAMPLE / "test_personnummer.txt").read_text(encoding="utf-8"), re.MULTILINE)
)
PERSONAL = re.compile(
    r"(?<!\d)(?:(?:18|19|20)\d{2}|\d{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])[-+]?\d{4}(?!\d)"
)
BOOKS = {".xlsx", ".xls", ".ods"}


def luhn(digits: str) -> bool:
    """Whether the last of ten digits is the check digit of the others."""
    doubled = (int(digit) * (2 - index % 2) for index, digit in enumerate(digits))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


@cache
def world() -> World:
    """The world, read once."""
    return load(SAMPLE / "world.toml")


@cache
def expected() -> list[dict[str, str]]:
    """The expectations."""
    found: list[dict[str, str]] = tomllib.loads((SAMPLE / "expected.toml").read_text(encoding="utf-8"))["expect"]
    return found


def text_of(path: Path) -> str:
    """A text file of the sample, whatever its encoding."""
    content = path.read_bytes()
    if content.startswith(b"\xff\xfe"):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def cells_of(path: Path, sheet: str | int = 0) -> list[list[Any]]:
    """The cells of a sheet."""
    book = CalamineWorkbook.from_path(str(path))
    found = book.get_sheet_by_name(sheet) if isinstance(sheet, str) else book.get_sheet_by_index(sheet)
    return found.to_python()


def everything() -> Iterator[tuple[Path, str]]:
    """Every file of the sample as text."""
    for path in sorted(path for path in SAMPLE.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")):
        if path.suffix in BOOKS:
            book = CalamineWorkbook.from_path(str(path))
            rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
            yield path, "\n".join(" ".join(_shown(cell) for cell in row) for row in rows)
        else:
            yield path, text_of(path)


def _shown(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def supplier_rows(period: str) -> list[list[str]]:
    """The rows of a period's supplier list."""
    return [line.split(";") for line in text_of(IN / period / "leverantorer.csv").splitlines()[1:]]


# --- what it holds ----------------------------------------------------------------------------------------------------
def test_there_are_120_suppliers_or_more() -> None:
    """The supplier list names at least 120, and one is new in November."""
    assert len({row[1] for row in supplier_rows("2026-09")}) >= 120
    new = {row[1] for row in supplier_rows("2026-11")} - {row[1] for row in supplier_rows("2026-09")}
    assert new == {"Nyponbuskens Förskola AB"}


def test_every_legal_form_is_there() -> None:
    """Every form that a buyer meets is in the world, a municipal company and foreign suppliers beside them."""
    assert {company.form for company in world().company} >= {"AB", "HB", "KB", "EK", "I", "S", "BRF", "E"}
    assert any(company.owners.state == "exempt" and company.form == "AB" for company in world().company)
    assert {row[3] for row in supplier_rows("2026-09")} == {"SE", "NO", "DE", "FI", "DK"}


def _contracts(period: str) -> list[tuple[str, str]]:
    """(supplier, unit) of every contract row of a period's registers."""
    own = [(row[2], row[5]) for row in cells_of(IN / period / "avtalsregister.xlsx") if str(row[0]).startswith("SJK-")]
    catalogue = [(row[2], row[6]) for row in cells_of(IN / period / "avtalskatalog.xlsx")[1:]]
    technical = [(row[2], row[4]) for row in cells_of(IN / period / "avtal-samhallsbyggnad.xlsx")[1:] if row[0].strip()]
    eavrop = [(row[3], row[0]) for row in cells_of(IN / period / "eavrop-avtalsstatistik.xls")[4:]]
    return own + catalogue + technical + eavrop


@pytest.mark.parametrize("period", PERIODS)
def test_there_are_200_contracts_in_eight_units(period: str) -> None:
    """Every month has at least 200 contracts, in at least eight units by whatever spelling."""
    found = _contracts(period)
    units = {unit.name for unit in config.load(ROOT).unit}
    assert len(found) >= 200
    assert len({unit for _, unit in found} & units) >= 8
    assert {unit for _, unit in found} <= units | {
        spelling for unit in config.load(ROOT).unit for spelling in unit.match
    } | {unit.name.upper() for unit in config.load(ROOT).unit}


def test_some_contracts_are_sub_suppliers_and_bids() -> None:
    """The own register has every role and every phase."""
    rows = [row for row in cells_of(IN / "2026-09" / "avtalsregister.xlsx") if str(row[0]).startswith("SJK-")]
    ids = {row[0] for row in rows}
    assert {row[9] for row in rows} == {"huvudleverantör", "underleverantör", "konsortium", "åberopat företag"}
    assert {row[8] for row in rows} == {"anbud", "avtal", "löpande betalning"}
    assert all(row[10] in ids for row in rows if row[9] != "huvudleverantör")
    assert {row[7] for row in rows} >= {"LOV", "LOU bilaga 2", "LOU", "direktupphandling"}


def test_no_contract_id_is_used_twice() -> None:
    """Ids are unique within each register."""
    for period in PERIODS:
        rows = [row[0] for row in cells_of(IN / period / "avtalsregister.xlsx") if str(row[0]).startswith("SJK-")]
        assert len(rows) == len(set(rows))


def _national(path: Path) -> list[list[str]]:
    return [line.split(";") for line in text_of(path).split("\r")[1:-1]]


def test_the_ledger_is_a_year_with_credits() -> None:
    """Twelve months, 6,000 rows or more, some negative, all with the buyer's number first."""
    past = IN / "reskontra"
    rows = [
        *_national(past / "leverantorsreskontra-2026-03--2026-04.csv"),
        *_national(past / "leverantorsreskontra-2026-06--2026-08.csv"),
        *_national(IN / "2026-11" / "reskontra-2026-T3.csv"),
    ]
    older = [
        line
        for month in ("2025-12", "2026-01", "2026-02")
        for line in text_of(past / f"leverantorsfakturor-{month}.csv").splitlines()[1:]
    ]
    may = cells_of(past / "reskontra-2026-05.xlsx")[1:]
    assert {row[7][:7] for row in rows} == {f"2026-{month:02d}" for month in (3, 4, 6, 7, 8, 9, 10, 11)}
    assert {row[8][:7] for row in may} == {"2026-05"}
    assert any(row[4] == 0 and row[3] == "[Kan innehålla personuppgifter]" for row in may)
    assert len(rows) + len(older) + len(may) >= 6_000
    assert sum(float(row[10]) < 0 for row in rows) > 50
    assert {row[0] for row in rows} == {"5599900015"}


def test_the_months_overlap() -> None:
    """August comes twice alike, and a few of its rows once more in the next dialect."""
    lines = text_of(IN / "reskontra" / "leverantorsreskontra-2026-06--2026-08.csv").split("\r")
    again = text_of(IN / "reskontra" / "leverantorsreskontra-2026-08-ny.csv").split("\r")
    assert set(again) < set(lines)
    september = text_of(IN / "2026-09" / "reskontra-2026-09.csv")
    assert september.count(",2026-08-") == 25


def test_the_files_have_the_encodings_and_line_ends_of_their_dialects() -> None:
    """Bare CR, UTF-16 with mark, cp1252 and UTF-8 with mark are all there."""
    national = (IN / "reskontra" / "leverantorsreskontra-2026-03--2026-04.csv").read_bytes()
    assert b"\n" not in national
    assert b"\r" in national
    assert (IN / "2026-10" / "reskontra-2026-09--2026-10.csv").read_bytes().startswith(b"\xff\xfek\x00")
    assert b"F\xf6rvaltning" in (IN / "reskontra" / "leverantorsfakturor-2026-02.csv").read_bytes()
    assert (IN / "reskontra" / "leverantorsfakturor-2025-12.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert b"Leverant\xf6rsnr;" in (IN / "2026-09" / "leverantorer.csv").read_bytes()


def test_the_workbooks_have_the_traps_of_their_dialects() -> None:
    """Headers far down, on other sheets, in several lines; hidden and expired sheets; filler."""
    book = CalamineWorkbook.from_path(str(IN / "2026-09" / "avtalsregister.xlsx"))
    assert [str(sheet.visible).rpartition(".")[2] for sheet in book.sheets_metadata] == ["Visible", "Hidden"]
    own = cells_of(IN / "2026-09" / "avtalsregister.xlsx")
    headers = [index for index, row in enumerate(own) if row[0] == "Avtals-ID"]
    assert headers[0] == 3
    assert len(headers) == 2
    assert "Krav på\nregisterkontroll" in own[3]
    assert cells_of(IN / "2026-09" / "mercell.xlsx", "Blad2")[1] == ["Avtal", "Leverantör", "Avtalstyp", "Avtalsperiod"]
    assert cells_of(IN / "2026-09" / "eavrop-avtalsstatistik.xls")[3][4] == "Orgnr"
    assert 0.0 in cells_of(IN / "2026-09" / "eavrop-avtalsstatistik.xls")[4]
    assert len(cells_of(IN / "2026-09" / "avtalskatalog.xlsx", "Blad2")) > 10


# --- nobody in it exists ----------------------------------------------------------------------------------------------
def test_every_organisation_number_is_luhn_valid_and_high_in_the_5599_series() -> None:
    """The world's organisations, and the municipality, have numbers that nobody is known to have."""
    numbers = [company.number for company in world().company if company.form != "E"]
    assert all(len(number) == 10 and number.startswith("55999") and luhn(number) for number in numbers)
    assert luhn(config.load(ROOT).organisation.orgnr.replace("-", ""))


def test_every_person_has_a_listed_test_number_of_its_own() -> None:
    """Persons and sole traders of the world have published test numbers; only a respelt name shares one."""
    numbers = [person.number for person in world().person if not person.id.endswith("b")]
    assert set(numbers) <= LISTED
    assert len(numbers) == len(set(numbers))
    assert {company.number for company in world().company if company.form == "E"} <= set(numbers)


def test_no_file_holds_a_personal_number_that_is_not_listed() -> None:
    """Whatever looks like a personal number with a valid check digit is one of the published test numbers."""
    short = {number[2:] for number in LISTED}
    for path, text in everything():
        for match in PERSONAL.findall(text):
            digits = re.sub(r"\D", "", match)[-10:]
            assert digits in short or not luhn(digits), f"{path.relative_to(ROOT)}: a number that is not listed"


# --- the stories ------------------------------------------------------------------------------------------------------
def test_every_expectation_is_well_formed() -> None:
    """Expectations name a period, a rule, an outcome, and a supplier of the files."""
    names = {row[1] for row in supplier_rows("2026-11")}
    for item in expected():
        assert item["period"] in PERIODS
        assert re.fullmatch(r"(SKA|REG|AGA|KRE|SAN|IDE)-\d\d", item["rule"])
        assert item["outcome"] in {"flag", "clear", "unknown", "not_applicable", "quiet", ""}
        assert item["supplier"] in names
    assert {item["rule"] for item in expected() if item["outcome"] == "flag"} == {
        *("SKA-01", "SKA-02", "SKA-04", "SKA-05", "SKA-06", "SKA-07", "SKA-09"),
        *("REG-01", "REG-02", "REG-03", "REG-04", "REG-06", "REG-07", "REG-08"),
        *("AGA-01", "AGA-02", "AGA-03", "AGA-05", "AGA-09", "AGA-10", "AGA-12", "AGA-13"),
        *("KRE-01", "KRE-03", "SAN-01", "IDE-01"),
    }


@pytest.mark.parametrize("period", PERIODS)
def test_most_suppliers_are_in_order(period: str) -> None:
    """At least seven of ten have no expected flag in any month."""
    flagged = {item["supplier"] for item in expected() if item["period"] == period and item["outcome"] == "flag"}
    assert len(flagged) <= 0.30 * len(supplier_rows(period))


def _on(period: str) -> dict[str, Company]:
    return {company.name: company for company in world().at(PERIODS[period]).values()}


@pytest.mark.parametrize("period", PERIODS)
def test_the_base_rates_are_those_of_a_real_list(period: str) -> None:
    """Two or three in a hundred are insolvent; about one in twenty has public claims at the limit."""
    companies = _on(period).values()
    insolvent = sum(
        any(item.ended_on is None and item.code != "FUOL" for item in company.proceedings) for company in companies
    )
    owing = sum(company.debts.public_sek >= 10_000 for company in companies)
    assert 0.01 <= insolvent / len(companies) <= 0.03
    assert 0.04 <= owing / len(companies) <= 0.08


def test_the_world_tells_the_stories_on_their_days() -> None:
    """Debts, revocation, bankruptcy, merger, change of name and change of owner come when they should."""
    before, between, after = (_on(period) for period in PERIODS)
    assert [int(month["Skarvhamra Hemtjänst AB"].debts.public_sek) for month in (before, between, after)] == [
        64_300,
        118_500,
        0,
    ]
    assert before["Rördragaren i Sjövika AB"].f_tax.to_on is None
    assert between["Rördragaren i Sjövika AB"].f_tax.to_on == date(2026, 10, 8)
    assert not before["Kyltransport Frostnäbben AB"].proceedings
    assert between["Kyltransport Frostnäbben AB"].proceedings[0].code == "KK"
    merged = between["Serverhyllan i Sjövika AB"]
    assert (merged.deregistration_reason, merged.successor) == ("FUAV", after["Molnmyrens Data AB"].number)
    assert "Pixelmossen Webb AB" in before
    assert between["Bildmossens Webb AB"].number == before["Pixelmossen Webb AB"].number
    name = "Måsklippans Vårdcentral AB"
    assert between[name].owners == before[name].owners
    assert after[name].owners.rows[0].since_on == date(2026, 11, 9)
    respelt = "Knipholmens Friskola AB"
    people = world().people()
    old, new = (people[str(month[respelt].owners.rows[0].person)] for month in (before, after))
    assert old.number == new.number
    assert old.first_name != new.first_name


def test_the_swapped_number_belongs_to_a_stranger_with_debts() -> None:
    """The number in the exports is valid, registered and another company's."""
    row = next(row for row in supplier_rows("2026-09") if row[1] == "Elfången Installation AB")
    stranger = world().at(PERIODS["2026-09"])[row[2].replace("-", "")]
    own = next(company for company in world().company if company.name == "Elfången Installation AB")
    assert stranger.name == "Kvasthammars Åkeri AB"
    assert stranger.debts.public_sek == 310_000
    assert sorted(own.number) == sorted(stranger.number)


def test_unlawful_remarks_are_planted_twice() -> None:
    """One in an allowed column, with a personal number; one in a column that may not be there."""
    second = cells_of(IN / "2026-09" / "registerkontroll-2026Q2.xlsx")
    assert sum("dömd" in str(row[10]) for row in second) == 1
    late = cells_of(IN / "2026-11" / "registerkontroll-2026Q3-sena.xlsx")
    assert late[0][11] == "Anmärkning"
    assert "åtalad" in late[1][11]


@pytest.mark.parametrize(("period", "listed"), [("2026-09", 4), ("2026-10", 6), ("2026-11", 6)])
def test_the_list_of_sanctions_is_made_up_whole_and_new_each_month(period: str, listed: int) -> None:
    """Each run finds a list of that month; every entry says that nobody is meant, and none is a firm of the sample."""
    found = newest(IN / "sanktioner", PERIODS[period])
    firms = {row[1].casefold() for row in supplier_rows(period)}
    assert f"{found.list_on:%Y-%m}" == period
    assert len(found.entities) == listed
    assert {entity.programme for entity in found.entities} == {"TEST"}
    assert not firms & {alias.name.casefold() for entity in found.entities for alias in entity.aliases}


@pytest.mark.parametrize("period", PERIODS)
def test_everyone_who_delivers_care_has_a_permit_of_its_service(period: str) -> None:
    """The register has one row per holder and service; only the one whose permit is a story ends."""
    rows = cells_of(IN / period / "ivo-tillstand.xlsx")
    table = rows[next(index for index, row in enumerate(rows) if row[0] == "Tillståndshavare") + 1 :]
    assert len({(row[0], row[2]) for row in table}) == len(table) >= 35
    assert {row[0] for row in table if row[5]} == {"Snöripans Behandlingshem AB"}
    assert {row[0] for row in table if row[3] == "upphört"} == (
        {"Snöripans Behandlingshem AB"} if period == "2026-11" else set()
    )


def test_builders_alone_have_vat_in_the_ledger_a_fourth_of_the_net() -> None:
    """The technical office's own report has the column, and its rows stand in no other file."""
    header, *rows = cells_of(IN / "2026-11" / "reskontra-bygg-2026-11.xlsx")
    net, vat, voucher = (header.index(name) for name in ("Belopp exkl moms", "Moms", "Vernr"))
    assert all(row[vat] == pytest.approx(row[net] / 4, abs=0.01) for row in rows)
    others = {row[2] for row in _national(IN / "2026-11" / "reskontra-2026-T3.csv")}
    assert not others & {row[voucher] for row in rows}


# --- the generator ----------------------------------------------------------------------------------------------------
def _content(path: Path) -> object:
    """What a file holds: for zipped workbooks each part unpacked, since packing may differ between builds of zlib."""
    if path.suffix in {".xlsx", ".ods"}:
        with zipfile.ZipFile(path) as packed:
            return [(item.filename, item.date_time, packed.read(item)) for item in packed.infolist()]
    return path.read_bytes()


def test_the_generator_makes_exactly_the_files_of_the_repository(tmp_path: Path) -> None:
    """Every generated file equals the one that is kept, and none is missing on either side."""
    subprocess.run([sys.executable, str(SAMPLE / "make_sample.py"), "--out", str(tmp_path)], check=True)
    made = {path.relative_to(tmp_path).as_posix(): path for path in tmp_path.rglob("*") if path.is_file()}
    kept = {path.relative_to(SAMPLE).as_posix() for path in IN.rglob("*") if path.is_file()}
    assert made.keys() == kept | {"world.toml", "expected.toml", "STORIES.md"}
    for name, path in made.items():
        assert _content(path) == _content(SAMPLE / name), name


def test_the_sample_is_small() -> None:
    """Everything together stays under three megabytes."""
    assert (
        sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file() and path.suffix != ".pyc") < 3_000_000
    )
