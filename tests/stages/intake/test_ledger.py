"""Ledgers: windows, dates, amounts, each row once, and every row accounted for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.model import Spend
from screening.stages.intake import amounts, ledger

if TYPE_CHECKING:
    from tests.stages.intake.conftest import Desk

HEADER = "kopare_id;kopare;verifikationsnummer;leverantor;leverantor_id;bokforingsdatum;forvaltning;fakturanummer;nettobelopp"


def row(
    amount: str = "100.00",
    day: str = "2026-11-02",
    voucher: str = "1",
    name: str = "Bygg AB",
    number: str = "5599999991",
    unit: str = "Skola",
    invoice: str = "F1",
) -> str:
    """One row of a ledger after the national specification."""
    return f"2120001009;Provköping;{voucher};{name};{number};{day};{unit};{invoice};{amount}"


def spend(desk: Desk) -> Spend:
    """What the only supplier was paid."""
    return desk.store.spend(desk.run_id, desk.supplier().id)


def test_windows_end_on_the_runs_day(desk: Desk) -> None:
    """Twelve months and ninety days, both exclusive of their first day."""
    days = {
        "2025-11-30": "1",
        "2025-12-01": "2",
        "2026-09-01": "4",
        "2026-09-02": "8",
        "2026-11-30": "16",
        "2026-12-01": "32",
    }
    desk.lay("a.csv", HEADER, *(row(f"{amount}.00", day, voucher=amount) for day, amount in days.items()))
    (file,) = desk.read()
    found = spend(desk)
    assert found.last_12_months_sek == Decimal(2 + 4 + 8 + 16)
    assert found.last_90_days_sek == Decimal(8 + 16)
    assert (found.first_on, found.last_on, found.rows) == (date(2025, 11, 30), date(2026, 11, 30), 5)
    assert file.accepted == 6
    assert "rader daterade efter 2026-11-30 räknas inte i perioden: 1" in file.notes


def test_units_are_largest_first_and_by_their_names(desk: Desk) -> None:
    """Of twelve months; credits take away."""
    desk.lay(
        "a.csv",
        HEADER,
        row("10.00", unit="Skola"),
        row("30.25", voucher="2", unit="OMSORG"),
        row("-5.00", voucher="3", unit="skola"),
        row("7.00", voucher="4", unit=""),
    )
    desk.read(unit=[{"name": "Skola"}, {"name": "Omsorgen", "match": ["Omsorg"]}])
    found = spend(desk)
    assert found.by_unit == (("Omsorgen", Decimal("30.25")), ("Skola", Decimal("5.00")))
    assert found.last_12_months_sek == Decimal("42.25")


def test_a_row_counts_once_whatever_files_it_came_in(desk: Desk) -> None:
    """By buyer, voucher and content; also from a workbook with numbers for texts."""
    desk.lay("a.csv", HEADER, row(), row("200.00", voucher="2"), row())
    desk.lay("b.csv", HEADER, row("200.00", voucher="0002"), row("300.00", voucher="3"), encoding="utf-16")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER.split(";"))
    sheet.append([2120001009, "Provköping", 3, "Bygg AB", 5599999991, date(2026, 11, 2), "Skola", "F1", 300])
    book.save(desk.home / "c.xlsx")
    files = desk.read()
    assert [(file.accepted, file.merged) for file in files] == [(2, 1), (1, 1), (0, 1)]
    assert spend(desk).last_12_months_sek == Decimal(600)


def test_rows_that_differ_in_any_column_are_two(desk: Desk) -> None:
    """Another invoice, unit, supplier spelling or unknown column."""
    extra = f"{HEADER};projekt"
    desk.lay("a.csv", extra, row() + ";1", row() + ";2", row(invoice="F2") + ";1", row(unit="Omsorg") + ";1")
    (file,) = desk.read()
    assert file.accepted == 4


def test_without_a_voucher_equal_rows_of_one_file_both_count(desk: Desk) -> None:
    """But the same rows in an overlapping file do not."""
    desk.lay("a.csv", HEADER, row(voucher=""), row(voucher=""), row("5.00", voucher=""))
    desk.lay("b.csv", HEADER, row(voucher=""), row(voucher=""), row(voucher=""), row("6.00", voucher=""))
    files = desk.read()
    assert [(file.accepted, file.merged) for file in files] == [(3, 0), (2, 2)]


def test_rows_are_known_across_chunks(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ordinals and hashes are kept from chunk to chunk."""
    seen, ordinals = amounts.Seen(), amounts.Ordinals()
    first = np.array([1, 2, 2, 3], dtype=np.uint64)
    second = np.array([2, 4, 4, 3], dtype=np.uint64)
    assert seen.repeats(first).tolist() == [False, False, True, False]
    assert seen.repeats(second).tolist() == [True, False, True, True]
    assert seen.repeats(second).all()
    assert ordinals.of(first).tolist() == [0, 0, 1, 0]
    assert ordinals.of(second).tolist() == [2, 0, 1, 1]


@pytest.mark.parametrize(
    ("wrong", "code", "written"),
    [
        (row("tolv"), "amount_wrong", "tolv"),
        (row("1e15"), "amount_wrong", "1000000000000000"),
        (row(""), "amount_missing", ""),
        (row(day="snart"), "date_wrong", "snart"),
        (row(day=""), "date_missing", ""),
        (row(name="", number="0"), "supplier_missing", ""),
        (row() + ";x;y", "too_many_cells", ""),
        (row() + ";x", "too_many_cells", ""),
    ],
)
def test_rows_that_cannot_be_counted_are_rejected(desk: Desk, wrong: str, code: str, written: str) -> None:
    """With file, row number, reason and what stood there; the rest counts."""
    desk.lay("a.csv", HEADER, row(), "", wrong, row("7.00", voucher="9"))
    (file,) = desk.read()
    assert (file.rows, file.accepted, file.rejected) == (3, 2, 1)
    (reject,) = [item for item in desk.rejects() if not item.code.startswith("identity.")]
    assert (reject.code, reject.row, reject.written) == (code, 4, written)
    assert spend(desk).last_12_months_sek == Decimal(107)


def test_headings_headers_and_sums_are_no_rows(desk: Desk) -> None:
    """Repeated in blocks; a supplier called Summa with a voucher is a supplier."""
    desk.lay(
        "a.csv",
        "Reskontra november",
        HEADER,
        row(),
        "Skola" + ";" * 8,
        HEADER,
        row("5.00", voucher="2"),
        ";;;Summa;;;;;105.00",
        "Totalt;;;;;;;;105.00",
        row("9.00", voucher="3", name="Summa Bygg", number=""),
    )
    (file,) = desk.read()
    assert (file.rows, file.accepted) == (3, 3)
    assert "rader som inte är data: 0 tomma, 1 mellanrubriker, 1 upprepade rubriker, 2 summor" in file.notes
    assert set(desk.suppliers()) == {"Bygg AB", "Summa Bygg"}


OLD = "Förvaltning;Leverantör;Organisationsnummer;Konto;Kontotext;Belopp"


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("faktura_202609.csv", date(2026, 9, 30)),
        ("november 2026.csv", date(2026, 11, 20)),
        ("faktura%202026-08.csv", date(2026, 8, 31)),
    ],
)
def test_the_month_may_stand_in_the_file_name_alone(desk: Desk, name: str, day: date) -> None:
    """Its last day, but never after the run's own day."""
    desk.lay(name, OLD, "Skola;Åkeriet AB;559999-9991;5;Frakt;1 234,50", encoding="cp1252")
    (file,) = desk.read(as_of=date(2026, 11, 20))
    assert file.connector == "reskontra_goteborg_aldre"
    found = spend(desk)
    assert (found.last_on, found.last_12_months_sek) == (day, Decimal("1234.50"))


def test_a_year_in_the_file_name_is_told_to_be_coarse(desk: Desk) -> None:
    """The sum of ninety days may be too high."""
    desk.lay("faktura 2026.csv", OLD, "Skola;Åkeriet AB;559999-9991;5;Frakt;1 234,50")
    (file,) = desk.read()
    assert any("bara året är känt" in note for note in file.notes)
    assert spend(desk).last_on == date(2026, 11, 30)


def test_amounts_that_cannot_be_placed_in_time_stop_the_file(desk: Desk) -> None:
    """No column, no month in the name."""
    desk.lay("faktura.csv", OLD, "Skola;Åkeriet AB;559999-9991;5;Frakt;1 234,50")
    (file,) = desk.read()
    assert "ingen månad i filnamnet" in file.error


def test_a_connectors_own_expression_finds_the_month(tmp_path: Path, desk: Desk) -> None:
    """Groups year and month; negated amounts turn; volatile columns are no content; defaults fill in the unit."""
    from datetime import UTC, datetime

    from screening.config import Config
    from screening.exports import Export, ExportTable
    from screening.stages.intake import intake

    table = ExportTable.model_validate({
        "role": "export", "kind": "ledger",
        "columns": {"supplier_name": ["Namn"], "amount_sek": ["Kr"]},
        "options": {"file_month": r"P(?P<month>\d\d)-(?P<year>\d{4})", "negate": True, "volatile": ["Rad"], "defaults": {"unit": "Skola"}},
    })  # fmt: skip
    desk.lay("P09-2026 a.csv", "Namn;Kr;Rad", "Bygg;-5,00;1", "Rör;-7,00;2")
    desk.lay("P09-2026 b.csv", "Namn;Kr;Rad", "Rör;-7,00;1")
    config = Config.model_validate(
        {
            "organisation": {"name": "P", "orgnr": "212000-1009"},
            "intake": [{"files": "*.csv"}],
            "profile": [{"name": "a", "rules": []}],
        }
    )
    at = datetime(2026, 11, 30, 12, tzinfo=UTC)
    desk.run = desk.store.begin_run("monthly", "2026-11", date(2026, 11, 30), at, "test", {})
    intake(desk.store, desk.run, config, {"egen": Export("egen", table, "")}, desk.home, at)
    assert [file.merged for file in desk.files()] == [0, 1]
    (pipes,) = [item for item in desk.suppliers().values() if item.name == "Rör"]
    assert desk.store.spend(desk.run_id, pipes.id).by_unit == (("Skola", Decimal(7)),)


def test_months_and_serials_in_a_workbook(desk: Desk) -> None:
    """Huddinge: the date is empty in some rows, the period says the month."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Lev.nr(T)", "Organisationsnr.", "Belopp", "Period", "Ver.datum"])
    sheet.append(["Bygg AB", 5599999991, 12.5, 202605, None])
    sheet.append(["Bygg AB", 5599999991, "1 000,25-", 202611, "2026-11-05"])
    sheet.append([None, None, None, None, None])
    sheet.append(["Bygg AB", 5599999991, 3, 202611, None])
    book.save(desk.home / "h.xlsx")
    (file,) = desk.read(as_of=date(2026, 11, 20))
    assert file.connector == "reskontra_huddinge"
    found = spend(desk)
    assert (found.first_on, found.last_on) == (date(2026, 5, 31), date(2026, 11, 20))
    assert found.last_12_months_sek == Decimal("-984.75")


@pytest.mark.parametrize(
    ("rows", "population", "found"),
    [
        ([("100.00", "2026-11-02")], {}, True),
        ([("100.00", "2025-11-02")], {}, False),
        ([("100.00", "2025-11-02")], {"paid_within_months": 13}, True),
        ([("100.00", "2026-11-02")], {"paid_within_months": 0}, False),
        ([("100.00", "2026-11-02")], {"min_spend_sek": 101}, False),
        ([("100.00", "2026-11-02"), ("1.00", "2026-10-02")], {"min_spend_sek": 101}, True),
        ([("-100.00", "2026-11-02")], {}, False),
        ([("100.00", "2026-11-02"), ("-150.00", "2026-11-03")], {}, True),
    ],
)
def test_who_is_in_scope_by_payment(
    desk: Desk, rows: list[tuple[str, str]], population: dict[str, object], found: bool
) -> None:
    """Paid within the months, at least so much; credits alone pay nobody."""
    desk.lay("a.csv", HEADER, *(row(amount, day, voucher=str(place)) for place, (amount, day) in enumerate(rows)))
    desk.read(population=population)
    assert bool(desk.suppliers()) is found


def test_months_before_are_bounded_by_the_month() -> None:
    """29 February has no day a year before."""
    assert ledger.months_before(date(2024, 2, 29), 12) == date(2023, 2, 28)
    assert ledger.months_before(date(2026, 1, 31), 2) == date(2025, 11, 30)


def test_equal_cells_have_equal_marks_and_empty_ones_none() -> None:
    """A number, a text of it, with zeros first; NaN and empty are nothing."""
    texts = np.array(["12", "0012", "", "A", None, 12.0, "A "], dtype=object)
    found = amounts.marks(texts)
    assert found[0] == found[1] == found[5] == amounts.marks(np.array([12]))[0] == amounts.marks(np.array([12.0]))[0]
    assert found[3] == found[6] != 0
    assert found[2] == found[4] == 0
    assert amounts.marks(np.array([np.nan, 1.5]))[0] == 0
    assert len(set(amounts.marks(np.array([0.5, 1.5, 2.0, 0.0])).tolist())) == 4


CELL = st.sampled_from(
    ["", "100.00", "-5.00", "x", "1 234,50", "2026-11-02", "Summa", "Bygg AB", "5599999991", "0", "1", ";", '"']
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELL, max_size=10), max_size=12))
def test_no_row_is_ever_lost(desk: Desk, rows: list[list[str]]) -> None:
    """Whatever stands in it: rows = accepted + merged + rejected, and every rejected row is shown."""
    desk.lay("a.csv", HEADER, *(";".join(cells) for cells in rows))
    (file,) = desk.read("a.csv")
    assert file.rows <= len(rows)


def test_masked_persons_are_spend_and_no_supplier(desk: Desk) -> None:
    """Several may stand behind one mask: the rows count, one line tells how many and how much, and nobody is screened."""
    desk.lay(
        "l.csv",
        "verifikationsnummer;leverantor;leverantor_id;datum;belopp",
        "1;[Kan innehålla personuppgifter];0;2026-09-01;1000,25",
        "2;[Kan innehålla personuppgifter];0;2026-09-02;2000,50",
        "3;Klart AB;5599999991;2026-09-02;10,00",
        "4;*****;******-****;2026-09-03;7,00",
    )
    (file,) = desk.read()
    assert (file.rows, file.accepted) == (4, 4)
    assert list(desk.suppliers()) == ["Klart AB"]
    first, second = desk.rejects()
    assert (first.code, first.row, first.name) == ("identity.masked_person", 2, "[Kan innehålla personuppgifter]")
    assert "(rader: 2): 3\u00a0000,75 kr" in first.reason
    assert (second.row, second.written) == (5, "******-****")


def test_a_wrong_check_digit_is_among_the_proposals(desk: Desk) -> None:
    """Each of the ten digits may be the wrong one, so that many are kept until the register has been asked."""
    desk.lay("l.csv", "leverantor;leverantor_id;datum;belopp", "Fel AB;5599701092;2026-09-01;10,00")
    desk.read()
    (reject,) = desk.rejects()
    assert "5599701090" in {number for number, _, _ in reject.proposals}
