from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from screening.adapters import skattekonto_extract
from screening.adapters.skattekonto_extract import ADAPTER, Unreadable, parse
from screening.adapters.source import Answer
from screening.errors import ConfigError
from screening.model import EmployerContributions, Origin, TaxAccount

NUMBER, OTHER = "5599990008", "5599990016"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def ask(bench: Any, inbox: Path, number: str = NUMBER) -> Answer:
    answer: Answer = bench.stubbed(ADAPTER, inbox=inbox).one(bench.request(number, "tax_account"))
    return answer


def account(answer: Answer) -> TaxAccount:
    (fact,) = answer.facts
    assert isinstance(fact, TaxAccount)
    return fact


def csv(number: str = "559999-0008", day: str = "2026-11-14", saldo: str = "-48 210", more: str = "") -> bytes:
    return f"Organisationsnummer;{number}\nUtskriftsdatum;{day}\nSaldo;{saldo}\n{more}".encode()


def workbook(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def json_extract(bench: Any, **change: Any) -> bytes:
    document = json.loads((bench.samples / "skattekonto_v2.json").read_bytes())
    return json.dumps(document | change).encode()


def test_a_recorded_csv_gives_the_whole_account(bench: Any, inbox: Path) -> None:
    """Balance, what Kronofogden has, how long, whether it is signed; handed in by the supplier, for the extract's day."""
    raw = (bench.samples / "skattekonto_extract.csv").read_bytes()
    (inbox / "utdrag.csv").write_bytes(raw)
    answer = ask(bench, inbox)
    fact = account(answer)
    assert (fact.balance_sek, fact.at_enforcement_sek, fact.signed) == (Decimal(-48210), Decimal(12500), True)
    assert (fact.deficit_since_on, fact.reconciliations_in_deficit) == (date(2026, 9, 12), 2)
    assert fact.next_reconciliation_on == date(2026, 12, 5)
    assert fact.provenance.as_of == date(2026, 11, 14)
    assert fact.provenance.origin is Origin.SUPPLIER_SUBMITTED
    assert fact.provenance.request_ref == "utdrag.csv"
    assert answer.raw == raw
    assert answer.billable_calls == 0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_may_be_in_any_encoding_of_windows(bench: Any, inbox: Path, encoding: str) -> None:
    """With another kind of dash for the minus sign where there is one."""
    text = (bench.samples / "skattekonto_extract.csv").read_text(encoding="utf-8").replace("−", "-").replace(";", "\t")
    (inbox / "utdrag.txt").write_bytes(text.encode(encoding))
    assert account(ask(bench, inbox)).balance_sek == Decimal(-48210)


def test_a_workbook_gives_the_same(bench: Any, inbox: Path) -> None:
    """Numbers as numbers, dates as dates, the number of the organisation without a hyphen."""
    rows: list[list[Any]] = [
        ["Kontoutdrag"],
        ["Organisationsnummer:", 5599990008],
        ["Period:", "2026-07-01 - 2026-11-14"],
        ["Saldo Kronofogden", -12500],
        ["Förfallet", -18210],
        [],
        ["Datum", "Text", "Belopp", "Saldo"],
        [date(2026, 11, 12), "Arbetsgivaravgift", -30000, -48210.5],
        [date(2026, 9, 12), "Arbetsgivaravgift", -20000, -18210.5],
        [date(2026, 8, 20), "Inbetalning", 1789.5, 1789.5],
        ["Summa", None, -48210.5],
    ]
    (inbox / "utdrag.xlsx").write_bytes(workbook(rows))
    fact = account(ask(bench, inbox))
    assert (fact.balance_sek, fact.at_enforcement_sek, fact.due_sek) == (
        Decimal("-48210.5"),
        Decimal(12500),
        Decimal(18210),
    )
    assert (fact.deficit_since_on, fact.reconciliations_in_deficit, fact.signed) == (date(2026, 9, 12), 2, None)
    assert fact.provenance.as_of == date(2026, 11, 14)


def test_json_in_the_shape_of_the_api_gives_the_same(bench: Any, inbox: Path) -> None:
    """The number stands beside it."""
    (inbox / "utdrag.json").write_bytes(json_extract(bench))
    fact = account(ask(bench, inbox))
    assert (fact.balance_sek, fact.at_enforcement_sek, fact.deficit_since_on) == (
        Decimal(-48210),
        Decimal(12500),
        date(2026, 9, 12),
    )
    flat = {
        "identitet": {"identitetsbeteckning": NUMBER},
        "saldoSkatteverket": -5,
        "utdragsdatum": "2026-11-20",
        "signerad": True,
    }
    (inbox / "utdrag.json").write_bytes(json.dumps(flat).encode())
    fact = account(ask(bench, inbox))
    assert (fact.balance_sek, fact.signed, fact.provenance.as_of) == (Decimal(-5), True, date(2026, 11, 20))


def test_json_may_say_from_when_its_rows_are(bench: Any) -> None:
    """Else they go back as far as the API does."""
    rows = [{"transaktionsdatum": "2026-11-01", "beloppSkatteverket": 0}]
    document = {"orgnr": NUMBER, "saldo": -5, "senastUppdaterad": "2026-11-14", "transaktioner": rows}
    assert parse(json.dumps(document).encode(), ".json").statement.rows_from == date(2025, 5, 8)
    document |= {"period": {"from": "2026-10-01"}}
    assert parse(json.dumps(document).encode(), ".json").statement.rows_from == date(2026, 10, 1)
    document |= {"period": {"from": "i fjol"}}
    assert parse(json.dumps(document).encode(), ".json").statement.rows_from == date(2026, 11, 14)


def test_the_newest_extract_wins(bench: Any, inbox: Path) -> None:
    """By its own day, whatever the files are called."""
    (inbox / "a.csv").write_bytes(csv(day="2026-11-14", saldo="0"))
    (inbox / "b.csv").write_bytes(csv(day="2026-09-14"))
    assert account(ask(bench, inbox)).balance_sek == 0


def test_a_file_that_changes_is_read_again(bench: Any, inbox: Path) -> None:
    """One that does not is read once."""
    (inbox / "a.csv").write_bytes(csv(saldo="5"))
    assert account(ask(bench, inbox)).balance_sek == 5
    (inbox / "a.csv").write_bytes(csv(saldo="-77 777"))
    assert account(ask(bench, inbox)).balance_sek == -77777


def test_no_file_is_not_found(bench: Any, inbox: Path) -> None:
    """Whether one is awaited is for others to know; a folder that is not there is an empty one."""
    assert ask(bench, inbox).missing == {"tax_account": ("not_found", "inget kontoutdrag har lämnats in")}
    assert ask(bench, inbox / "nowhere").missing["tax_account"][0] == "not_found"


def test_a_file_about_another_number_is_never_used(bench: Any, inbox: Path) -> None:
    """Neither for the number in its name nor for the one inside."""
    (inbox / f"utdrag {NUMBER}.csv").write_bytes(csv(OTHER))
    for number in (NUMBER, OTHER):
        reason, detail = ask(bench, inbox, number).missing["tax_account"]
        assert reason == "rejected_input"
        assert "inte samma" in detail


def test_a_file_named_after_its_own_number_is_used(bench: Any, inbox: Path) -> None:
    """A date in the name is no number."""
    (inbox / "utdrag_559999-0008_20261114.csv").write_bytes(csv())
    assert account(ask(bench, inbox)).balance_sek == Decimal(-48210)


@pytest.mark.parametrize(
    "content", [b"Saldo;-5\nUtskriftsdatum;2026-11-14\n", csv("559999-0009"), b"\x00\x01", b"", b"PK\x03\x04 broken"]
)
def test_a_file_without_a_number_is_refused_for_whom_it_is_named_after(bench: Any, inbox: Path, content: bytes) -> None:
    """Also a damaged one; the others are not touched."""
    (inbox / f"{NUMBER}.csv").write_bytes(content)
    (inbox / "annan.csv").write_bytes(csv(OTHER))
    assert ask(bench, inbox).missing["tax_account"][0] == "rejected_input"
    assert account(ask(bench, inbox, OTHER)).balance_sek == Decimal(-48210)


def test_a_damaged_file_of_nobody_is_told_to_all_who_have_none(bench: Any, inbox: Path) -> None:
    """With its name, masked."""
    (inbox / "skannat.pdf").write_bytes(b"%PDF")
    (inbox / f"{bench.person}.csv").write_bytes(csv())
    reason, detail = ask(bench, inbox, OTHER).missing["tax_account"]
    assert (reason, detail.endswith("1 filer kan inte läsas eller knytas till någon leverantör: skannat.pdf")) == (
        "not_found",
        True,
    )
    reason, detail = ask(bench, inbox).missing["tax_account"]
    assert reason == "rejected_input"
    assert bench.person not in detail


def test_an_older_usable_file_stands_in_for_a_damaged_one(bench: Any, inbox: Path) -> None:
    """Its age is judged elsewhere."""
    (inbox / f"{NUMBER}-ny.pdf").write_bytes(b"%PDF")
    (inbox / f"{NUMBER}-gammal.csv").write_bytes(csv(day="2026-09-01"))
    assert account(ask(bench, inbox)).provenance.as_of == date(2026, 9, 1)


def test_an_extract_dated_ahead_is_refused(bench: Any, inbox: Path) -> None:
    """Today is the run's day."""
    (inbox / "a.csv").write_bytes(csv(day="2026-12-01"))
    reason, detail = ask(bench, inbox).missing["tax_account"]
    assert reason == "rejected_input"
    assert "2026-12-01" in detail
    (inbox / "a.csv").write_bytes(csv(day="2026-11-30"))
    assert account(ask(bench, inbox)).provenance.as_of == bench.day


@pytest.mark.parametrize(
    ("content", "suffix", "problem"),
    [
        (b"%PDF", ".pdf", "begär utdraget som CSV"),
        (b"", "", "utan ändelse"),
        (b"{", ".json", "inte JSON"),
        (b"[" * 100_000, ".json", "inte JSON"),
        (b"[]", ".json", "inte ett kontoutdrag"),
        (b'{"orgnr": "5599990008", "saldo": "?"}', ".json", "oväntad form"),
        (b'{"orgnr": "5599990008", "saldo": 5}', ".json", "för vilken dag"),
        (b'{"orgnr": "5599990008", "saldo": 5, "per": "snart"}', ".json", "datum kan inte"),
        (b'{"saldo": 5, "per": "2026-11-14"}', ".json", "organisationsnummer"),
        (csv(saldo="mycket"), ".csv", "belopp eller datum"),
        (csv(day="snart"), ".csv", "belopp eller datum"),
        (b"Organisationsnummer;5599990008\nSaldo;5", ".csv", "för vilken dag"),
        (b"Organisationsnummer;5599990008\nPer;2026-11-14", ".csv", "inget saldo"),
        (csv(more="x;" * 60), ".csv", "kolumner"),
        (csv(more="\n" * 20_001), ".csv", "rader"),
        (b"\xff\xfe\x00", ".csv", "inte text"),
        (b'x;"' + b"y" * 200_000, ".csv", "inte CSV"),
        (b"PK\x03\x04 broken", ".xlsx", "inte en arbetsbok"),
        (b"broken", ".xls", "inte en arbetsbok"),
    ],
)
def test_each_file_that_cannot_be_used_says_why(content: bytes, suffix: str, problem: str) -> None:
    """In Swedish, without what stands in it."""
    with pytest.raises(Unreadable, match=problem):
        parse(content, suffix)


def test_a_workbook_that_would_fill_the_memory_is_not_opened() -> None:
    """Its size unpacked is looked at first."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (skattekonto_extract.MAX_EXPANDED + 1))
    with pytest.raises(Unreadable, match="packas upp"):
        parse(stream.getvalue(), ".xlsx")


def test_a_file_that_is_too_large_is_not_read(bench: Any, inbox: Path) -> None:
    """Nor one that cannot be opened."""
    (inbox / f"{NUMBER}.csv").write_bytes(b"x" * (skattekonto_extract.MAX_BYTES + 1))
    assert "större än 5 MB" in ask(bench, inbox).missing["tax_account"][1]


def test_labels_are_met_in_many_forms() -> None:
    """In one cell, with a date inside, as an opening and a closing balance."""
    text = (
        "Org.nr: 559999-0008\n"
        "Ingående saldo 2026-10-01;-500\n"
        "Utgående saldo 2026-11-14;(900)\n"
        "Undertecknad;kanske\n"
        "Okänt;5\n"
        "Bokföringsdatum;Belopp\n"
        ";-400\n"
        "2026-11-02;-400\n"
    )
    statement = parse(text.encode(), ".csv").statement
    assert (statement.balance, statement.as_of, statement.rows_from) == (
        Decimal(-900),
        date(2026, 11, 14),
        date(2026, 10, 1),
    )
    assert statement.signed is None
    assert len(statement.rows or ()) == 1


def test_the_last_balance_of_the_list_is_used_where_no_other_is_said() -> None:
    """Whichever end is newest."""
    head = "Orgnr;5599990008\nFr.o.m;2026-01-01\nT.o.m;2026-11-14\nDatum;Belopp;Saldo\n"
    one, two = "2026-10-01;-5;-5\n", "2026-11-01;-6;-11"
    for body in (one + two, two + "\n" + one):
        assert parse((head + body).encode(), ".csv").statement.balance == Decimal(-11)


def test_a_sole_traders_number_is_not_stored(bench: Any, inbox: Path) -> None:
    """Masked in text; of a workbook the text is kept."""
    more = f"OCR;{bench.person}6\n"
    for name, content in {
        "a.csv": csv(bench.person, more=more),
        "a.xlsx": workbook(
            [["Personnummer", bench.person], ["Per", "2026-11-14"], ["Saldo", -5], ["OCR", f"{bench.person}6"]]
        ),
        "a.json": json.dumps(
            {"identitet": bench.person, "saldo": -5, "per": "2026-11-14", "ocr": f"{bench.person}6"}
        ).encode(),
    }.items():
        (inbox / name).write_bytes(content)
        answer = ask(bench, inbox, bench.person)
        assert account(answer).provenance.as_of == date(2026, 11, 14)
        assert bench.person[2:].encode() not in answer.raw
        assert b"K-" in answer.raw
        (inbox / name).unlink()


def test_a_connector_without_a_folder_is_refused(bench: Any) -> None:
    """It would never find anything."""
    with pytest.raises(ConfigError, match="inbox"):
        bench.stubbed(ADAPTER).one(bench.request(NUMBER, "tax_account"))


ROWS = """
Datum;Text;Belopp
2026-09-12;Arbetsgivaravgift augusti 2026;-20 000
2026-10-12;Arbetsgivaravgift;-21 000
2026-10-12;Avdragen skatt september 2026;-15 000
2026-10-20;Arbetsgivaravgift september 2026;1 000
2026-11-12;Arbetsgivaravgifter och avdragen skatt;-40 000
2026-11-13;Ränta arbetsgivaravgift;-12
"""


def test_contributions_are_read_by_month(bench: Any, inbox: Path) -> None:
    """A row without a month is for the one before; corrections are added; a row with withheld tax cannot be split."""
    (inbox / "a.csv").write_bytes(csv(more=ROWS))
    kinds = ("tax_account", "employer_contributions")
    answer: Answer = bench.stubbed(ADAPTER, inbox=inbox).one(bench.request(NUMBER, *kinds))
    _account, contributions = answer.facts
    assert isinstance(contributions, EmployerContributions)
    assert contributions.months == (("2026-08", Decimal(20_000)), ("2026-09", Decimal(20_000)))
    assert contributions.provenance.as_of == date(2026, 11, 14)
    assert not answer.missing


@pytest.mark.parametrize("more", ["", "\nDatum;Belopp\n2026-10-12;-21 000\n"])
def test_an_extract_without_contributions_says_so(bench: Any, inbox: Path, more: str) -> None:
    """No row, or no text, is not a month of nothing."""
    (inbox / "a.csv").write_bytes(csv(more=more))
    answer: Answer = bench.stubbed(ADAPTER, inbox=inbox).one(bench.request(NUMBER, "employer_contributions"))
    assert answer.facts == ()
    assert answer.missing["employer_contributions"][0] == "not_found"
