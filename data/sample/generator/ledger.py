"""A year of ledger, December 2025 to November 2026, in five dialects; August comes in three files, two of them alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from generator.contracts import ONLY_BIDS, WORTH, number_in_files
from generator.files import Cell, write_text, write_xlsx
from generator.firms import BUYER, BUYER_NUMBER, WITHOUT_CONTRACT, Firm
from generator.roll import dashed, dice

MONTHS = tuple((2025 + (month + 11) // 12, (month + 11) % 12 + 1) for month in range(12))  # from December
ACCOUNTS = {
    "hemtjänst": (4631, "Köp av hemtjänst"),
    "personlig assistans": (4632, "Köp av personlig assistans"),
    "hvb": (4633, "Köp av plats HVB"),
    "skola": (4641, "Köp av plats i skola"),
    "förskola": (4642, "Köp av plats i förskola"),
    "pedagogisk omsorg": (4643, "Köp av pedagogisk omsorg"),
    "primärvård": (4651, "Köp av vård"),
    "bygg och anläggning": (6610, "Byggentreprenader"),
    "it": (7440, "Programvara och it-tjänster"),
    "konsult": (7430, "Konsulttjänster"),
    "lokalhyra": (6010, "Lokalhyror"),
    "transport": (7010, "Transporter"),
    "städ": (6710, "Städ och renhållning"),
    "livsmedel": (6420, "Livsmedel"),
    "föreningsbidrag": (4520, "Bidrag till föreningar"),
}
UNPAID = (*ONLY_BIDS, "Skärmdungen AB")  # nothing was ever bought
PAID_FROM = {"Lodjursbackens Omsorg AB": date(2026, 11, 16), "Nyponbuskens Förskola AB": date(2026, 11, 2)}
PAID_UNTIL = {"Arkitekt Linjalvide AB": date(2026, 1, 31), "Serverhyllan i Sjövika AB": date(2026, 10, 31)}
ROWS_A_MONTH = {
    "hemtjänst": 5,
    "personlig assistans": 5,
    "hvb": 4,
    "bygg och anläggning": 4,
    "livsmedel": 6,
    "transport": 5,
}
LEFT_OUT = ("Fotograf Slutarljuset", "Tolk och Text Språkrören")  # persons whose numbers the oldest files do not give
MASKED = "[Kan innehålla personuppgifter]"


@dataclass(frozen=True, slots=True)
class Booking:
    """One row (kontering). ``cents``: net amount in öre; negative for a credit."""

    firm: Firm
    voucher: str
    booked_on: date
    invoice: str
    account: int
    account_text: str
    cents: int

    @property
    def name(self) -> str:
        """The supplier as the ledger system spells it: some in capitals, some with the form written out."""
        if self.firm.index % 6 == 1:
            return self.firm.name.upper()
        return self.firm.name.replace(" AB", " Aktiebolag") if self.firm.index % 9 == 2 else self.firm.name

    @property
    def number(self) -> str:
        """Ten digits, as ledgers have them; sole traders' personal numbers without the century."""
        number = number_in_files(self.firm)
        if self.firm.country != "SE":
            return f"{self.firm.country}{number}"
        return number[2:] if len(number) == 12 else number

    @property
    def amount(self) -> str:
        """Decimal point, two decimals."""
        sign, cents = "-" * (self.cents < 0), abs(self.cents)
        return f"{sign}{cents // 100}.{cents % 100:02d}"


def bookings(firms: Mapping[str, Firm]) -> dict[tuple[int, int], list[Booking]]:
    """Every row by month, in the order of their vouchers."""
    result: dict[tuple[int, int], list[Booking]] = {}
    number = 0
    for year, month in MONTHS:
        drafts = [draft for firm in firms.values() for draft in _month(firm, year, month)]
        drafts.sort(key=lambda draft: (draft[1], draft[0].index))
        rows: list[Booking] = []
        for firm, day, invoice, parts in drafts:
            number += 1
            account, text = ACCOUNTS[firm.service]
            rows += [
                Booking(firm, f"LR{year % 100}{number:06d}", day, invoice, account + index, text, cents)
                for index, cents in enumerate(parts)
            ]
        result[year, month] = rows
    return result


def _month(firm: Firm, year: int, month: int) -> Iterable[tuple[Firm, date, str, list[int]]]:
    """A firm's vouchers of one month: (firm, day, invoice number, öre per account)."""
    chance = dice("ledger", firm.name, year, month)
    if firm.name in UNPAID and firm.name not in PAID_FROM:
        return
    often = ROWS_A_MONTH.get(firm.service, 3)
    if firm.name in WITHOUT_CONTRACT:
        often = int(chance.random() < 0.5)
    if firm.service in ("föreningsbidrag", "lokalhyra"):
        often = int(month % 3 == (firm.index % 3 if firm.service == "föreningsbidrag" else month % 3))
    low, high = WORTH[firm.service]
    yearly = dice("worth", firm.name).randrange(low, high) * 1_000 // (10 if firm.name in WITHOUT_CONTRACT else 2)
    for index in range(often):
        day = _weekday(date(year, month, 1) + timedelta(days=chance.randrange(0, 27)))
        if not PAID_FROM.get(firm.name, day) <= day <= PAID_UNTIL.get(firm.name, day):
            continue
        cents = max(80_000, yearly * 100 // 12 // often * chance.randrange(70, 131) // 100)
        if chance.random() < 0.04:
            cents = -cents // 5  # a credit
        parts = [cents * 7 // 10, cents - cents * 7 // 10] if index == 1 else [cents]
        yield firm, day, f"{firm.index + 100}{year % 100}{month:02d}{index}", parts


def _weekday(day: date) -> date:
    """The same day, or the Monday after a weekend unless that is another month."""
    moved = day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
    return moved if moved.month == day.month else day - timedelta(days=day.weekday() - 4)


Bookings = Mapping[tuple[int, int], Sequence[Booking]]
BUILDING = "bygg och anläggning"
NATIONAL = (
    "kopare_id", "kopare", "verifikationsnummer", "leverantor", "leverantor_id", "konto_nr", "konto_text", "{date}",
    "forvaltning", "fakturanummer", "{amount}", "grund", "avtal", "kommun_id", "s_kod_nr",
)  # fmt: skip


def export(made: Bookings, home: Path) -> None:
    """The files: those of the past in ``reskontra/``, each period's own in its folder."""
    past = home / "reskontra"
    for index, (year, month) in enumerate(MONTHS[:3]):
        _older(
            made[year, month],
            past / f"leverantorsfakturor-{year}-{month:02d}.csv",
            encoding="cp1252" if index == 2 else "utf-8-sig",
        )
    builders, made = _apart(made)
    _specification(_months(made, MONTHS[3:5]), past / "leverantorsreskontra-2026-03--2026-04.csv")
    _with_vat(_months(builders, MONTHS[3:5]), past / "reskontra-bygg-2026-03--2026-04.xlsx")
    _boras(made[MONTHS[5]], past / "reskontra-2026-05.xlsx")
    _specification(_months(made, MONTHS[6:9]), past / "leverantorsreskontra-2026-06--2026-08.csv")
    _with_vat(_months(builders, MONTHS[6:9]), past / "reskontra-bygg-2026-06--2026-08.xlsx")
    august = made[MONTHS[8]]
    _specification(august, past / "leverantorsreskontra-2026-08-ny.csv")
    september, october = made[MONTHS[9]], made[MONTHS[10]]
    _utf16([*august[-25:], *september], home / "2026-09" / "reskontra-2026-09.csv")
    _utf16([*september, *october], home / "2026-10" / "reskontra-2026-09--2026-10.csv")
    _specification(_months(made, MONTHS[9:]), home / "2026-11" / "reskontra-2026-T3.csv")
    for end in (10, 11, 12):
        period = f"2026-{MONTHS[end - 1][1]:02d}"
        _with_vat(_months(builders, MONTHS[9:end]), home / period / f"reskontra-bygg-{period}.xlsx")


def _apart(made: Bookings) -> tuple[Bookings, Bookings]:
    """The builders' rows since March, which the technical office has in a report of its own (but for May), and all others."""
    with_vat = [month for month in MONTHS[3:] if month != MONTHS[5]]
    own = {month: [row for row in made[month] if row.firm.service == BUILDING] for month in with_vat}
    rest = {month: [row for row in made[month] if row.firm.service != BUILDING] for month in with_vat}
    return own, {**made, **rest}


def _months(made: Bookings, months: Iterable[tuple[int, int]]) -> list[Booking]:
    return [row for month in months for row in made[month]]


def _national(rows: Iterable[Booking], date_name: str, amount_name: str, *, comma: bool) -> list[Sequence[Cell]]:
    lines: list[Sequence[Cell]] = [[name.format(date=date_name, amount=amount_name) for name in NATIONAL]]
    for row in rows:
        amount = row.amount.replace(".", ",") if comma else row.amount
        lines.append(
            (
                BUYER_NUMBER, BUYER, row.voucher, row.name, row.number, row.account, row.account_text, row.booked_on,
                row.firm.unit, row.invoice, amount, "", "", "9999", "",
            )
        )  # fmt: skip
    return lines


def _specification(rows: Iterable[Booking], path: Path) -> None:
    """As Västra Götaland publishes it: UTF-8 without mark, semicolons, line ends of a bare CR."""
    lines = _national(rows, "bokforingsdatum", "nettobelopp", comma=False)
    write_text(path, lines, delimiter=";", encoding="utf-8", newline="\r")


def _utf16(rows: Iterable[Booking], path: Path) -> None:
    """As Göteborg publishes it from 2026: UTF-16 with mark, commas between cells and in amounts."""
    lines = [list(line) for line in _national(rows, "datum", "belopp", comma=True)]
    lines[0][0] = f"\N{ZERO WIDTH NO-BREAK SPACE}{lines[0][0]}"
    write_text(path, lines, delimiter=",", encoding="utf-16-le", newline="\r\n")


def _with_vat(rows: Iterable[Booking], path: Path) -> None:
    """A report of the technical office's own: invoice date and VAT beside the net amount."""
    lines: list[Sequence[Cell]] = [
        (
            "Vernr", "Bokföringsdatum", "Leverantör", "Organisationsnummer", "Leverantörsnr", "Fakturanr", "Fakturadatum",
            "Konto", "Kontotext", "Belopp exkl moms", "Moms", "Förvaltning",
        )
    ]  # fmt: skip
    lines += [
        (
            row.voucher, row.booked_on, row.name, row.number, row.firm.supplier_no, row.invoice,
            row.booked_on - timedelta(days=6), row.account, row.account_text, row.cents / 100, row.cents // 4 / 100,
            row.firm.unit,
        )
        for row in rows
    ]  # fmt: skip
    write_xlsx(path, [("Reskontra", lines)])


def _older(rows: Iterable[Booking], path: Path, *, encoding: str) -> None:
    """As Göteborg published it until 2025: `1 234,50`, numbers with dash, no date but the file's name."""
    lines: list[Sequence[Cell]] = [
        ("Förvaltning", "Leverantör", "Organisationsnummer", "Fakturanummer", "Konto", "Kontotext", "Belopp")
    ]
    for row in rows:
        number = dashed(row.number) if len(row.number) == 10 and row.number.isdecimal() else row.number
        if row.firm.name in LEFT_OUT:
            number = ""
        whole, _, decimals = row.amount.partition(".")
        amount = f"{int(whole):,}".replace(",", " ") + f",{decimals}"
        amount = f"-{amount}" if whole == "-0" else amount
        lines.append((row.firm.unit, row.name, number, row.invoice, row.account, row.account_text, amount))
    write_text(path, lines, delimiter=";", encoding=encoding, newline="\r\n")


def _boras(rows: Iterable[Booking], path: Path) -> None:
    """As Borås publishes it: numeric numbers, persons as 0, days as text with a time."""
    lines: list[Sequence[Cell]] = [
        (
            "kopare_id", "kopare", "verifikationsnummer", "leverantor", "leverantor_id", "konto_nr", "konto_text", "belopp",
            "datum", "forvaltning",
        )
    ]  # fmt: skip
    for row in rows:
        number: Cell = int(row.number) if row.number.isdecimal() else row.number
        name, number = (MASKED, 0) if row.firm.is_person else (row.name, number)
        lines.append(
            (
                int(BUYER_NUMBER), BUYER, row.voucher, name, number, row.account, row.account_text, row.cents / 100,
                f"{row.booked_on.isoformat()} 00:00:00", row.firm.unit,
            )
        )  # fmt: skip
    write_xlsx(path, [("Leverantörsreskontra", lines)])
