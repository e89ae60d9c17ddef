"""The weekly files: what a row becomes, and which files answer nothing."""

from __future__ import annotations

import tracemalloc
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from screening.adapters.bolagsverket_bulk import ADAPTER
from screening.adapters.bulk_file import Layout, read_file
from screening.adapters.source import Answer
from screening.connectors import load_sources
from screening.errors import ConfigError, SourceUnavailable
from screening.model import REASONS, Address, CompanyRecord

Bench = Any  # the class stands in conftest.py, which a test cannot import
DECLARED = load_sources(Path(__file__).parents[2] / "connectors")["bolagsverket_bulk"].table.options
OPTIONS = {**DECLARED, "least_rows_bolagsverket": 1, "least_rows_scb": 1}
TAX = {"f_tax": "Fskatt", "vat": "Moms", "employer": "Arbg"}
NUMBER, ENDED, UNKNOWN, SCB_ONLY = "5599999017", "5599999025", "5599999009", "5599999033"
KINDS = tuple(sorted(ADAPTER.gives))
HEAD = (
    "organisationsidentitet;organisationsnamn;organisationsform;registreringsdatum;avregistreringsdatum;"
    "avregistreringsorsak;pagandeAvvecklingsEllerOmstruktureringsforfarande;postadress"
)
REGISTER = f"""{HEAD}
{NUMBER}$ORGNR-IDORG;"Exempel Gräv; & Schakt AB$FORETAGSNAMN-ORGNAM$2019-04-01|Gräv$SARSKILT_FORETAGSNAMN-ORGNAM$2020-01-02";AB-ORGFO;2019-04-01;;;KK-AVOMFO$2026-10-01;Storgatan 1$c/o Exempel$STOCKHOLM$11122
{ENDED}$ORGNR-IDORG;Exempel Bygg AB$FORETAGSNAMN-ORGNAM$2018-01-01;AB-ORGFO;2018-01-01;2026-05-01;KKAV-AVORS;;$$$
194012239101$PERSON-IDORG;Exempels Firma;E-ORGFO;2018-01-01;;;;Hemgatan 1$$STOCKHOLM$11122
"""
SCB = f"""PeOrgNr\tNg1\tNg2\tNg3\tNg4\tNg5\tFtgStat\tCOAdress\tGatuadress\tPostNr\tPostOrt\tFskatt\tMoms\tArbg
16{NUMBER}\t43120\t42110\t00000\t\t\t1\t\tScbgatan 2\t22233\tLund\t1\t1\t0
16{ENDED}\t00000\t\t\t\t\t9\t\tScbgatan 3\t22233\tLund\t9\t\t
16{SCB_ONLY}\t43120\t\t\t\t\t0\t\t\t\t\t\t\t7
"""


def pack(folder: Path, name: str, text: str, *, on: date = date(2026, 11, 23), encoding: str = "utf-8") -> Path:
    path = folder / f"{name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(f"{name}.txt", (on.year, on.month, on.day, 6, 0, 0)), text.encode(encoding))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pack(tmp_path, "bolagsverket_bulkfil", REGISTER)
    pack(tmp_path, "scb_bulkfil", SCB.replace("\t", ";"))
    return tmp_path


def desk(bench: Bench, folder: Path | None, **options: Any) -> Any:
    def refuse(_request: Any) -> Any:
        raise AssertionError

    scb = {**OPTIONS["scb"], **TAX}
    return bench.answering(ADAPTER, refuse, inbox=folder, options={**OPTIONS, "scb": scb, **options}, state={})


def asked(bench: Bench, folder: Path, number: str = NUMBER, **options: Any) -> Answer:
    answer: Answer = desk(bench, folder, **options).one(bench.request(number, *KINDS))
    return answer


def fact(answer: Answer, kind: str) -> Any:
    return next(item for item in answer.facts if item.kind == kind)


def reasons(answer: Answer) -> dict[str, str]:
    assert all(reason in REASONS for reason, _ in answer.missing.values())
    return {kind: reason for kind, (reason, _) in answer.missing.items()}


def test_a_row_becomes_facts(bench: Bench, folder: Path) -> None:
    """Packed cells are opened, and each fact is dated by its file, whose hash is kept."""
    answer = asked(bench, folder)
    assert not answer.missing
    record, address = fact(answer, "company_record"), fact(answer, "address")
    assert isinstance(record, CompanyRecord)
    assert (record.state, record.legal_form, record.registered_on) == ("registered", "AB", date(2019, 4, 1))
    assert [(name.name, name.kind) for name in record.names] == [
        ("Exempel Gräv; & Schakt AB", "name"), ("Gräv", "special"),
    ]  # fmt: skip
    assert [(row.code, row.from_on) for row in record.proceedings] == [("KK", date(2026, 10, 1))]
    assert record.has_any_tax_registration is True
    assert isinstance(address, Address)
    assert (address.street, address.care_of, address.city) == ("Storgatan 1", "c/o Exempel", "STOCKHOLM")
    assert fact(answer, "industry").codes == (("43120", ""), ("42110", ""))
    tax = fact(answer, "tax_registration")
    assert (tax.f_tax, tax.vat, tax.employer) == ("active", "active", "never")
    assert {item.provenance.as_of for item in answer.facts} == {date(2026, 11, 23)}
    assert b'"sha256"' in answer.raw


def test_one_that_has_ended(bench: Bench, folder: Path) -> None:
    """Its address is SCB's, for the register has none."""
    answer = asked(bench, folder, ENDED)
    record = fact(answer, "company_record")
    assert (record.state, record.deregistered_on, record.deregistration_reason) == (
        "deregistered", date(2026, 5, 1), "KKAV",
    )  # fmt: skip
    assert record.has_any_tax_registration is False
    assert fact(answer, "address").street == "Scbgatan 3"
    assert (fact(answer, "tax_registration").f_tax, fact(answer, "tax_registration").vat) == ("ended", None)
    assert reasons(answer) == {"industry": "not_found"}


def test_who_is_not_in_a_file_that_is_whole(bench: Bench, folder: Path) -> None:
    """Not found, by each file for itself; a code that nobody knows is doubtful."""
    assert reasons(asked(bench, folder, UNKNOWN)) == dict.fromkeys(KINDS, "not_found")
    assert reasons(asked(bench, folder, SCB_ONLY)) == {
        "address": "not_found", "company_record": "not_found", "tax_registration": "doubtful",
    }  # fmt: skip


def test_sole_traders_are_not_in_the_files(bench: Bench, folder: Path) -> None:
    """Not even when one stands there: persons' numbers are not taken in."""
    answer = asked(bench, folder, bench.person)
    assert reasons(answer) == dict.fromkeys(KINDS, "no_source")
    layout = Layout((("names", "organisationsnamn"), ("number", "organisationsidentitet")))
    found = read_file(folder / "bolagsverket_bulkfil.zip", layout, 1, 1)
    assert found.rows == 3
    assert not found.about("4012239101")


def test_a_file_that_is_not_there_is_its_kinds_alone(bench: Bench, folder: Path) -> None:
    """And without its columns in the connector it is not looked for."""
    expected = dict.fromkeys(("industry", "tax_registration"), "no_source")
    assert reasons(asked(bench, folder, scb={})) == expected
    (folder / "scb_bulkfil.zip").unlink()
    answer = asked(bench, folder)
    assert reasons(answer) == expected
    assert fact(answer, "company_record").has_any_tax_registration is None
    (folder / "bolagsverket_bulkfil.zip").unlink()
    with pytest.raises(SourceUnavailable, match="ligger inte i mappen"):
        asked(bench, folder)


def test_a_file_that_is_too_old_answers_nothing(bench: Bench, folder: Path) -> None:
    """Which is told as such; the other file's facts stand."""
    pack(folder, "bolagsverket_bulkfil", REGISTER, on=date(2026, 11, 2))
    answer = asked(bench, folder)
    assert reasons(answer) == {"company_record": "too_old"}
    assert fact(answer, "address").street == "Scbgatan 2"
    pack(folder, "scb_bulkfil", SCB.replace("\t", ";"), on=date(2026, 11, 2))
    assert reasons(asked(bench, folder)) == dict.fromkeys(KINDS, "too_old")
    assert "company_record" not in reasons(asked(bench, folder, max_age_days=60))


def test_a_file_that_does_not_say_when_it_was_packed(bench: Bench, folder: Path) -> None:
    """Its own day on disk counts; here it lies ahead of, or behind, the day of the run."""
    path = pack(folder, "bolagsverket_bulkfil", REGISTER, on=date(1980, 1, 1))
    seen = read_file(path, Layout((("number", "organisationsidentitet"),)), 2, 2)
    assert seen.file_on.year > 2000


def broken(path: Path, how: str) -> None:
    whole = path.read_bytes()
    match how:
        case "cut":
            path.write_bytes(whole[: len(whole) // 2])
        case "bit":
            with zipfile.ZipFile(path) as archive:
                start = archive.infolist()[0].header_offset + 60
            path.write_bytes(
                whole[:start] + bytes(byte ^ 0xFF for byte in whole[start : start + 8]) + whole[start + 8 :]
            )
        case "page":
            path.write_bytes(b"<html></html>")
        case "empty":
            pack(path.parent, path.stem, HEAD + "\n")
        case "headless":
            pack(path.parent, path.stem, REGISTER.partition("\n")[2])
        case "latin":
            pack(path.parent, path.stem, REGISTER, encoding="latin-1")
        case "quote":
            pack(path.parent, path.stem, REGISTER + f'{UNKNOWN};"Exempel')
        case "two":
            with zipfile.ZipFile(path, "a") as archive:
                archive.writestr("more.csv", "x")
        case "tomorrow":
            pack(path.parent, path.stem, REGISTER, on=date(2026, 12, 24))


@pytest.mark.parametrize("how", ["cut", "bit", "page", "empty", "headless", "latin", "quote", "two", "tomorrow"])
def test_a_file_that_is_damaged_answers_nothing(bench: Bench, folder: Path, how: str) -> None:
    """Nobody is *not found* by half a file; the other one's facts stand."""
    broken(folder / "bolagsverket_bulkfil.zip", how)
    for number in (NUMBER, UNKNOWN):
        answer = asked(bench, folder, number)
        assert reasons(answer)["company_record"] == "source_down"
    (folder / "scb_bulkfil.zip").unlink()
    with pytest.raises(SourceUnavailable, match="hämta filerna på nytt"):
        asked(bench, folder)


def test_a_file_cut_between_two_rows(bench: Bench, folder: Path) -> None:
    """By the least number of rows, or by those of the file before."""
    assert reasons(asked(bench, folder, UNKNOWN, least_rows_bolagsverket=4))["company_record"] == "source_down"
    one = desk(bench, folder)
    one.one(bench.request(NUMBER, *KINDS))
    assert one.state == {"rows:bolagsverket": "3", "rows:scb": "3"}
    pack(folder, "bolagsverket_bulkfil", "\n".join(REGISTER.splitlines()[:2]))
    assert reasons(one.one(bench.request(NUMBER, *KINDS)))["company_record"] == "source_down"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (";AB-ORGFO;2019", ";;2019", "partial"),
        ("2019-04-01;;;KK", "igår;;;KK", "partial"),
        (";Storgatan 1$c/o Exempel$STOCKHOLM$11122", "", "doubtful"),
        (f"{ENDED}$", f"{NUMBER}$", "doubtful"),
    ],
)
def test_a_row_that_cannot_be_read(bench: Bench, folder: Path, old: str, new: str, reason: str) -> None:
    """One supplier's unknown."""
    pack(folder, "bolagsverket_bulkfil", REGISTER.replace(old, new))
    assert reasons(asked(bench, folder))["company_record"] == reason


def test_the_file_without_tax_registrations(bench: Bench, folder: Path) -> None:
    """As the connector declares it: that kind is another source's."""
    assert reasons(asked(bench, folder, scb=OPTIONS["scb"])) == {"tax_registration": "no_source"}


def test_quotation_marks_may_be_letters(bench: Bench, folder: Path) -> None:
    """Where the connector says so."""
    text = REGISTER.replace('"', "").replace("Gräv; &", 'Gräv 5" &')
    pack(folder, "bolagsverket_bulkfil", text)
    names = fact(asked(bench, folder, quoted=False), "company_record").names
    assert names[0].name == 'Exempel Gräv 5" & Schakt AB'


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"separator": ";;"}, "one character"),
        ({"encoding": "utf-77"}, "utf-77"),
        ({"scb": {"number": "a", "colour": "b"}}, r"options\.scb\.colour: no such field"),
        ({"bolagsverket": {"number": "a"}}, r"options\.bolagsverket\.deregistered_on: missing"),
    ],
)
def test_a_layout_that_cannot_be(bench: Bench, folder: Path, options: dict[str, Any], said: str) -> None:
    """Said before anything is read."""
    with pytest.raises(ConfigError, match=said):
        asked(bench, folder, **options)
    with pytest.raises(ConfigError, match="inbox: missing"):
        desk(bench, None).one(bench.request(NUMBER, *KINDS))


def test_a_part_that_is_no_number(bench: Bench, folder: Path) -> None:
    """The file cannot be read by it."""
    columns = {**OPTIONS["bolagsverket"], "street": "postadress#ett"}
    assert "rubrik#2" in asked(bench, folder, bolagsverket=columns).missing["company_record"][1]


def test_it_is_read_once_and_never_whole_in_memory(bench: Bench, tmp_path: Path) -> None:
    """Chunks of one run share one reading; what is held at once is far less than the file."""
    rows = (f"5{n:09d};{'x' * 200} AB;AB;2019-04-01;;;;Gatan$$Ort$11122" for n in range(220_000_000, 220_020_000))
    path = pack(tmp_path, "bolagsverket_bulkfil", "\n".join([HEAD, *rows]))
    with zipfile.ZipFile(path) as archive:
        size = archive.infolist()[0].file_size
    tracemalloc.start()
    one = desk(bench, tmp_path, scb={})
    one.one(bench.request(NUMBER, "company_record"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < size / 2
    before = read_file.cache_info().misses
    one.one(bench.request(UNKNOWN, "company_record"))
    assert read_file.cache_info().misses == before
