"""Tax accounts (skattekonto): what the account of a care supplier says on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from generator.firms import Firm
from generator.roll import dice

SERVICES = ("hemtjänst", "personlig assistans", "hvb", "primärvård")  # suppliers whose tax account is followed
HANDED_IN = (  # send extracts of their own; all others but two have made the buyer their ombud
    "Flodhamras Assistans AB",
    "Bävertorpa Hemvård HB",
    "Stenskvättans Ungdomshem AB",
    "Mossflods Vård och Omsorg AB",
    "Kråkbärsnäs Omsorg och Service AB",
    "Lavskrikans Assistans HB",
    "Doktorerna vid Tångrännan AB",
    "Snöripans Behandlingshem AB",
    "Ekorrdalens Assistanskooperativ Ekonomisk förening",
    "Stiftelsen Ormvråksgården",
)
SILENT = ("Igelkärrets Assistans AB", "Järpkullens Omsorg KB")
MONTHS = range(2, 12)

Row = tuple[date, str, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """How a supplier pays: a charge on the 12th of each month, paid the day before unless the month is ``unpaid``."""

    opening: int
    monthly: int
    unpaid: tuple[int, ...] = ()
    paid_up_on: date | None = None
    short: tuple[int, int] | None = None  # (month, kronor never paid)

    def rows(self, until: date) -> tuple[Row, ...]:
        """Everything booked up to and including a day."""
        rows: list[Row] = []
        for month in MONTHS:
            missing = (
                self.monthly if month in self.unpaid else self.short[1] if self.short and self.short[0] == month else 0
            )
            if paid := self.monthly - missing:
                rows.append((date(2026, month, 12 if self.short else 11), "Inbetalning bokförd", paid))
            rows.append((date(2026, month, 12), "Arbetsgivaravgifter och avdragen skatt", -self.monthly))
        if self.paid_up_on:
            rows.append((self.paid_up_on, "Inbetalning bokförd", self.monthly * len(self.unpaid)))
        return tuple(sorted(row for row in rows if row[0] <= until))

    def balance(self, on: date) -> int:
        """What stands on the account at the end of a day; negative is a deficit."""
        return self.opening + sum(amount for _, _, amount in self.rows(on))


PLANS = {
    "Tjäderlids Assistans AB": Plan(0, 24_105, unpaid=(8, 9, 10), paid_up_on=date(2026, 11, 4)),
    "Flodhamras Assistans AB": Plan(0, 61_380, short=(2, 2_600)),
    "Bävertorpa Hemvård HB": Plan(0, 9_400, unpaid=(10,), paid_up_on=date(2026, 10, 28)),
}


def plan(firm: Firm) -> Plan:
    """How a firm pays; in time and with a little to spare unless it has a story."""
    chance = dice("tax", firm.name)
    return PLANS.get(firm.name, Plan(chance.randrange(40, 4_000), chance.randrange(30_000, 900_000)))


def steps(firm: Firm) -> tuple[date, ...]:
    """The days on which the balance of a firm that pays late becomes another."""
    late = plan(firm)
    days = [date(2026, month, 12) for month in late.unpaid]
    return tuple(sorted([*days, *([late.paid_up_on] if late.paid_up_on else [])]))
