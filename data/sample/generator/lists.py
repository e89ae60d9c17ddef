"""What is fetched from elsewhere and laid in: IVO's register of permits, and a made-up EU list of sanctions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import quoteattr

from generator.casefile import PERMITS
from generator.contracts import END_OF, Contract
from generator.files import Cell, write_xlsx
from generator.firms import Firm
from generator.roll import dashed, dice
from generator.stories import ALL

# --- IVO --------------------------------------------------------------------------------------------------------------
PERMIT_HEADER = (
    "Tillståndshavare", "Organisationsnummer", "Verksamhetstyp", "Tillståndsstatus", "Beslutsdatum", "Tillstånd till",
    "Diarienummer",
)  # fmt: skip
BRANCHES = {
    "hemtjänst": "Hemtjänst",
    "personlig assistans": "Personlig assistans enligt LSS",
    "hvb": "HVB, hem för vård eller boende",
}
OTHER_WORDS = {"Lavskrikans Assistans HB": "Assistansverksamhet"}
PERMIT_ENDS = {"Snöripans Behandlingshem AB": date(2026, 10, 31)}


def permits(made: Sequence[Contract], home: Path) -> None:
    """The register's extract of each period: one row per holder and service, also of those that only bid."""
    for period in ALL:
        held: dict[tuple[str, str], Firm] = {}
        for contract in made:
            if contract.service in PERMITS and not contract.main:
                held.setdefault((contract.firm.name, contract.service), contract.firm)
        rows = [_permit(firm, service, END_OF[period]) for (_, service), firm in sorted(held.items())]
        write_xlsx(
            home / period / "ivo-tillstand.xlsx",
            [("Tillstånd", [("Utdrag", END_OF[period]), (), PERMIT_HEADER, *rows])],
        )


def _permit(firm: Firm, service: str, today: date) -> list[Cell]:
    chance = dice("permit", firm.name, service)
    decided = date(2019, 3, 1) + timedelta(days=chance.randrange(0, 1_500))
    ends = PERMIT_ENDS.get(firm.name)
    state = "upphört" if ends is not None and ends < today else "giltigt"
    branch = OTHER_WORDS.get(firm.name, BRANCHES[service])
    diary = f"IVO-{decided.year}-{10_000 + chance.randrange(0, 80_000)}"
    return [firm.name, dashed(firm.number), branch, state, decided, ends, diary]


# --- the EU list ------------------------------------------------------------------------------------------------------
GENERATED = (date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 30), date(2026, 11, 30))  # none older than 31 days


@dataclass(frozen=True, slots=True)
class Listed:
    """A made-up entry: names with whether they are strong, a country, and the day it was entered."""

    number: int
    subject: str
    names: Mapping[str, bool]
    country: str
    since: date

    def xml(self) -> list[str]:
        """The entry's lines."""
        act = f"{self.since.year}/99{self.number:02d}"
        place = "citizenship" if self.subject == "person" else "address"
        aliases = [
            f"    <nameAlias wholeName={quoteattr(name)} strong={quoteattr(str(strong).lower())}/>"
            for name, strong in self.names.items()
        ]
        return [
            f'  <sanctionEntity euReferenceNumber="EU.99{self.number:02d}.1" logicalId="99{self.number:02d}">',
            "    <remark>Påhittad; finns inte</remark>",
            f'    <regulation publicationDate="{self.since}" numberTitle="{act} (påhittad)" programme="TEST"/>',
            f'    <subjectType code="{self.subject}"/>',
            *aliases,
            f'    <{place} countryIso2Code="{self.country}"/>',
            "  </sanctionEntity>",
        ]


LISTED = (
    Listed(1, "enterprise", {"Kvarnholm Rederi": True, "Kvarnholm Shipping": False}, "BY", date(2024, 3, 4)),
    Listed(2, "person", {"Osvald Grimhed": True, "Osvald Grimhede": False}, "BY", date(2024, 3, 4)),
    Listed(3, "enterprise", {"Tvättbäckens Textilhandel": True}, "BY", date(2025, 6, 2)),
    Listed(4, "enterprise", {"Bageri Nordsten": True}, "RU", date(2025, 6, 2)),
    Listed(5, "enterprise", {"Nebelwiesen Softwarehaus": True}, "BY", date(2026, 10, 12)),
    Listed(6, "person", {"Ingvald Torrmo": True}, "RU", date(2026, 10, 12)),
)


def sanctions(folder: Path) -> None:
    """One list a month, in the form of the EU's consolidated list (XML 1.1), of entities that nobody is."""
    for day in GENERATED:
        entries = [line for item in LISTED if item.since <= day for line in item.xml()]
        lines = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f"<!-- Påhittad lista för Sjövika, {day}: ingen i den finns. -->",
            f'<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="{day}T16:00:00.000+01:00">',
            *entries,
            "</export>",
        ]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"pahittad-lista-{day}.xml").write_bytes(("\n".join(lines) + "\n").encode())
