"""VAT and payments by month from ledgers: which rows tell, on which invoice day, credits set off."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from screening.model import InvoicedVat, Origin

if TYPE_CHECKING:
    from tests.stages.intake.conftest import Desk

HEADER = "Vernr;Leverantör;Orgnr;Fakturadatum;Bokföringsdatum;Belopp exkl moms;Moms"


def row(
    vat: str,
    invoiced: str = "2026-11-01",
    booked: str = "2026-11-15",
    voucher: str = "1",
    amount: str = "100,00",
    number: str = "5599999991",
) -> str:
    """One row of a ledger with VAT."""
    return f"{voucher};Bygg AB;{number};{invoiced};{booked};{amount};{vat}"


def vat(desk: Desk) -> InvoicedVat | None:
    """What the only supplier has charged."""
    fact = desk.store.current(desk.supplier().id, "invoiced_vat")
    assert fact is None or isinstance(fact, InvoicedVat)
    return fact


def test_vat_is_summed_by_invoice_day(desk: Desk) -> None:
    """Twelve months of invoice days; a row that tells no VAT is not counted, one that tells nothing charged is."""
    desk.lay(
        "a.csv",
        HEADER,
        row("25,00"),
        row("12,50", voucher="2"),
        row("-5,00", invoiced="2026-11-02", voucher="3"),
        row("0,00", invoiced="2026-11-03", voucher="4"),
        row("", invoiced="2026-11-04", voucher="5"),
        row("99,00", invoiced="2025-11-30", booked="2025-12-10", voucher="6"),
    )
    (file,) = desk.read()
    fact = vat(desk)
    assert fact is not None
    assert file.connector == "reskontra_moms"
    assert fact.days == ((date(2026, 11, 1), 2, Decimal("37.50")), (date(2026, 11, 2), 1, Decimal("-5.00")))
    assert (fact.rows, fact.vat_sek) == (4, Decimal("32.50"))
    assert (fact.provenance.source, fact.provenance.origin, fact.provenance.as_of) == (
        "reskontra",
        Origin.FILE,
        date(2026, 11, 30),
    )
    assert fact.provenance.request_ref == "a.csv"


def test_a_row_without_invoice_day_takes_the_day_it_was_booked(desk: Desk) -> None:
    """Also where the cell cannot be read as a date."""
    desk.lay("a.csv", HEADER, row("25,00", invoiced=""), row("5,00", invoiced="okänd", voucher="2"))
    desk.read()
    fact = vat(desk)
    assert fact is not None
    assert fact.days == ((date(2026, 11, 15), 2, Decimal("30.00")),)


def test_a_vat_that_is_no_amount_tells_nothing_and_is_noted(desk: Desk) -> None:
    """The row still counts as paid."""
    desk.lay("a.csv", HEADER, row("momsfri"), row("25,00", voucher="2"))
    (file,) = desk.read()
    fact = vat(desk)
    assert fact is not None
    assert fact.rows == 1
    assert desk.store.spend(desk.run_id, desk.supplier().id).last_12_months_sek == Decimal(200)
    assert any("Moms" in note for note in file.notes)


def test_rows_that_differ_in_vat_alone_are_two_rows(desk: Desk) -> None:
    """VAT and invoice day are content; an equal row again is the same."""
    desk.lay("a.csv", HEADER, row("25,00"), row("26,00"), row("25,00"))
    desk.lay("b.csv", HEADER, row("25,00"))
    desk.read()
    fact = vat(desk)
    assert fact is not None
    assert fact.vat_sek == Decimal("51.00")
    assert fact.provenance.request_ref == "a.csv"  # nothing of b.csv counted


def test_a_ledger_without_the_column_makes_no_fact(desk: Desk) -> None:
    """Nobody has said whether VAT was charged, which is not the same as none."""
    desk.lay(
        "a.csv",
        "kopare_id;kopare;verifikationsnummer;leverantor;leverantor_id;bokforingsdatum;forvaltning;fakturanummer;nettobelopp",
        "2120001009;Provköping;1;Bygg AB;5599999991;2026-11-02;Skola;F1;100.00",
    )
    desk.read()
    assert vat(desk) is None


def test_a_ledger_that_charges_nothing_is_an_answer(desk: Desk) -> None:
    """Rows that tell, and no day on which anything was charged."""
    desk.lay("a.csv", HEADER, row("0,00"))
    desk.read()
    fact = vat(desk)
    assert fact is not None
    assert (fact.rows, fact.vat_sek, fact.days) == (1, Decimal(0), ())


def test_vat_of_a_supplier_out_of_scope_is_not_kept(desk: Desk) -> None:
    """What is not needed is not stored."""
    desk.lay("a.csv", HEADER, row("25,00"))
    desk.read(population={"min_spend_sek": 1_000})
    assert not desk.suppliers()


def test_many_files_are_named_by_the_first_and_counted(desk: Desk) -> None:
    """The evidence says where it was read without growing with the files."""
    for number in range(5):
        desk.lay(f"{number}.csv", HEADER, row("25,00", voucher=str(number)))
    desk.read()
    fact = vat(desk)
    assert fact is not None
    assert fact.provenance.request_ref == "0.csv; 1.csv; 2.csv; +2"


def test_payments_are_summed_by_month(desk: Desk) -> None:
    """The run's own month and six before, oldest first; a month that comes to nothing is left out."""
    desk.lay(
        "a.csv",
        HEADER,
        row("0", booked="2026-04-30", voucher="1", amount="1,00"),
        row("0", booked="2026-05-01", voucher="2", amount="2,00"),
        row("0", booked="2026-05-31", voucher="3", amount="4,00"),
        row("0", booked="2026-11-30", voucher="4", amount="8,00"),
        row("0", booked="2026-09-01", voucher="5", amount="16,00"),
        row("0", booked="2026-09-01", voucher="6", amount="-16,00"),
    )
    desk.lay("b.csv", HEADER, row("0", booked="2026-05-02", voucher="7", amount="32,00"))
    desk.read()
    found = desk.store.spend(desk.run_id, desk.supplier().id)
    assert found.by_month == (("2026-05", Decimal(38)), ("2026-11", Decimal(8)))
