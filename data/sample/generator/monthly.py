"""Hours delivered and employer contributions per month, as the unit for follow-up keeps them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from generator.casefile import PERMITS
from generator.files import Cell, write_xlsx
from generator.firms import Firm
from generator.ledger import MONTHS, Bookings
from generator.roll import dashed, dice
from generator.stories import ALL

RATE = 0.3142  # of wages; full contributions
PRICE = 340  # kronor paid for an hour delivered
SHARES: Mapping[str, Mapping[int, float]] = {  # of what is paid that is wages: low where that is the story, by month
    "Storlomsuddens Assistans AB": dict.fromkeys(range(13), 0.25),
    "Ekorrdalens Assistanskooperativ Ekonomisk förening": {8: 0.21},
}
IDLE_WAGES = 400_000  # a month, of those from whom nothing is bought yet
HEADER = ("Leverantör", "Organisationsnummer", "Månad", "Utförda timmar", "Arbetsgivaravgifter (kr)")


def export(firms: Mapping[str, Firm], made: Bookings, home: Path) -> None:
    """The months from June up to the one before, in each period."""
    paid: Counter[tuple[str, tuple[int, int]]] = Counter()
    for month, booked in made.items():
        for item in booked:
            paid[item.firm.name, month] += item.cents
    for period in ALL:
        months = [month for month in MONTHS[6:] if f"{month[0]}-{month[1]:02d}" < period]
        rows = [row for firm in firms.values() if firm.service in PERMITS for row in _firm(firm, months, paid)]
        write_xlsx(home / period / "manadsuppgifter.xlsx", [("Månader", [HEADER, *rows])])


def _firm(
    firm: Firm, months: list[tuple[int, int]], paid: Counter[tuple[str, tuple[int, int]]]
) -> Iterator[list[Cell]]:
    for year, month in months:
        share = SHARES.get(firm.name, {}).get(month, dice("wages", firm.name, month).randrange(56, 74) / 100)
        sek = paid[firm.name, (year, month)] / 100
        wages = sek * share if sek > 0 else IDLE_WAGES
        hours = round(sek / PRICE) if sek > 0 else None
        yield [firm.name, dashed(firm.number), f"{year}-{month:02d}", hours, round(wages * RATE)]
