"""The sheets and their columns: names are a contract; kinds, widths and input columns are how they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "orgnr", "date", "money", "count", "severity", "state", "status"]

ASSESSMENTS = (
    "Under utredning",
    "Yttrande begärt",
    "Godtagen förklaring",
    "Åtgärdad",
    "Falsk träff",
    "Avtalsåtgärd",
    "Ej antagen/utesluten",
    "Handläggs i särskild ordning",
)
"""What people may write in *Bedömning*."""

NUMBER_DECISIONS = ("Godta nummer", "Rätta i källan", "Ignorera")
"""What people may write in *Beslut* of *Indatafel*."""

SAMPLE_RESULTS = ("Utan anmärkning", "Avvikelse", "Ej genomförd")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``fill``: people write in it. ``choices``: the words it takes. ``detail``: folded away in a group."""

    name: str
    kind: Kind = "text"
    width: float = 14
    fill: bool = False
    choices: tuple[str, ...] = ()
    detail: bool = False
    hidden: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """One list sheet. ``unit``: the column by which a unit's own workbook takes its rows; empty: not in it."""

    name: str
    columns: tuple[Column, ...]
    unit: str = ""
    pages_wide: int = 1
    frozen: int = 1
    tab: str = "#64748B"

    def column(self, name: str) -> Column:
        """The column of that name; plain text when this version does not know it (an older run's sheet)."""
        return next((column for column in self.columns if column.name == name), Column(name))

    @property
    def names(self) -> list[str]:
        """The header."""
        return [column.name for column in self.columns]


CHECK = Column("Kontroll", hidden=True)
"""Finding id and hash of what was written in the row: how the import knows that a cell was changed."""

FLAGS = Layout(
    "Flaggor",
    (
        Column("Flagg-ID", width=18),
        Column("Organisation", width=18, detail=True),
        Column("Enhet", width=26),
        Column("Avtalsansvarig", width=15),
        Column("Regel-ID", width=9.5, detail=True),
        Column("Regel", width=22),
        Column("Allvarlighet", "severity", 12.5),
        Column("Leverantör", width=25),
        Column("Orgnr", "orgnr", 13.5),
        Column("Leverantörsnr", width=14),
        Column("Avtal", width=13),
        Column("Avtal t.o.m.", "date", 12),
        Column("Fas", width=10),
        Column("Iakttagelse", width=46),
        Column("Belopp (kr)", "money", 13.5),
        Column("Köpt 12 mån (kr)", "money", 14),
        Column("Uppgift per", "date", 12),
        Column("Källa", width=24, detail=True),
        Column("Uppgiftens ålder (dagar)", "count", 15, detail=True),
        Column("Lagrum", width=26, detail=True),
        Column("Styrka", width=13, detail=True),
        Column("Föreslagen åtgärd", width=62),
        Column("Felkällor", width=42),
        Column("Status", "status", 12.5),
        Column("Först sedd", width=11),
        Column("Handläggs senast", "date", 12),
        Column("Leverantörens svar senast", "date", 14, fill=True),
        Column("Handläggare", width=14, fill=True),
        Column("Bedömning", width=23, fill=True, choices=ASSESSMENTS),
        Column("Motivering", width=34, fill=True),
        Column("Gäller t.o.m.", "date", 12.5, fill=True),
        Column("Diarienummer", width=14, fill=True),
        CHECK,
    ),
    unit="Enhet",
    pages_wide=2,
    frozen=8,  # up to the supplier: whoever writes far to the right sees whom it concerns
    tab="#7F1D1D",
)

SUPPLIERS = Layout(
    "Leverantörer",
    (
        Column("Leverantör", width=30),
        Column("Orgnr", "orgnr", 13.5),
        Column("Leverantörsnr", width=14),
        Column("Slag", width=19),
        Column("Enhet", width=26),
        Column("Köpt 12 mån (kr)", "money", 14),
        Column("Skatt", "state", 16),
        Column("Registerkontroll", "state", 16.5),
        Column("Ägare", "state", 16),
        Column("Kredit", "state", 16),
        Column("Register", "state", 16),
        Column("Samlad status", width=20),
        Column("Flaggor", "count", 9),
        Column("Allvarlighet", "severity", 12.5),
        Column("Förklaring", width=60),
    ),
    unit="Enhet",
    tab="#1F3A5F",
)

UNKNOWNS = Layout(
    "Ej bedömbara",
    (
        Column("Leverantör", width=28),
        Column("Orgnr", "orgnr", 13.5),
        Column("Leverantörsnr", width=14),
        Column("Enhet", width=26),
        Column("Saknas", width=26),
        Column("Slag", width=10),
        Column("Hindrar regler", width=25),
        Column("Orsak", width=32),
        Column("Gör så här", width=34),
        Column("Köpt 12 mån (kr)", "money", 14),
        Column("Sedan", width=9),
        Column("Begärd den", "date", 12, fill=True),
        Column("Svar senast", "date", 12, fill=True),
        Column("Handläggare", width=14, fill=True),
        Column("Kommentar", width=26, fill=True),
        CHECK,
    ),
    unit="Enhet",
    tab="#6B7280",
)

CHANGES = Layout(
    "Ägarförändringar",
    (
        Column("Leverantör", width=28),
        Column("Orgnr", "orgnr", 13.5),
        Column("Leverantörsnr", width=14),
        Column("Enhet", width=26),
        Column("Avser", width=18),
        Column("Före", width=32),
        Column("Efter", width=32),
        Column("Datum", "date", 12),
        Column("Avtal", width=13),
        Column("Närmaste avtalsdatum", "date", 13),
        Column("Dagar till avtalsdatum", "count", 12),
        Column("I förhållande till avtalet", width=25),
        Column("Källa", width=24),
        Column("Uppgift per", "date", 12),
    ),
    unit="Enhet",
)

ATTESTATIONS = Layout(
    "Registerkontroller",
    (
        Column("Leverantör", width=30),
        Column("Orgnr", "orgnr", 13.5),
        Column("Leverantörsnr", width=14),
        Column("Enhet", width=26),
        Column("Kvartal", width=9.5),
        Column("Lagområde", width=12.5),
        Column("Intyg", width=24),
        Column("I omfattning", "count", 12),
        Column("Kontrollerade före start", "count", 14),
        Column("Pågående", "count", 11),
        Column("För gamla", "count", 11),
        Column("Ej kontrollerade", "count", 14),
        Column("Undertecknat", "date", 13.5),
        Column("Undertecknarens roll", width=18),
        Column("Uppgift per", "date", 12),
    ),
    unit="Enhet",
)

ENDED = Layout(
    "Avslutade",
    (
        Column("Flagg-ID", width=18),
        Column("Enhet", width=26),
        Column("Regel-ID", width=9.5),
        Column("Regel", width=24),
        Column("Allvarlighet", "severity", 12.5),
        Column("Leverantör", width=26),
        Column("Orgnr", "orgnr", 13.5),
        Column("Leverantörsnr", width=14),
        Column("Iakttagelse", width=44),
        Column("Status", "status", 12.5),
        Column("Varför", width=32),
        Column("Först sedd", width=11),
        Column("Uppgift per", "date", 12),
        Column("Källa", width=24),
    ),
    unit="Enhet",
)

INPUT_ERRORS = Layout(
    "Indatafel",
    (
        Column("Fil", width=32),
        Column("Blad", width=13),
        Column("Rad", "count", 7),
        Column("Leverantör", width=28),
        Column("Skrivet nummer", "orgnr", 15),
        Column("Leverantörsnr", width=14),
        Column("Fel", width=52),
        Column("Förslag", width=40),
        Column("Rätt orgnr", "orgnr", 14, fill=True),
        Column("Beslut", width=16, fill=True, choices=NUMBER_DECISIONS),
        Column("Beslutat av", width=14, fill=True),
        Column("Kommentar", width=26, fill=True),
        CHECK,
    ),
    frozen=4,
    tab="#B45309",
)

SAMPLE = Layout(
    "Stickprov",
    (
        Column("Leverantör", width=30),
        Column("Orgnr", "orgnr", 14),
        Column("Leverantörsnr", width=13),
        Column("Enhet", width=20),
        Column("Stratum", width=18),
        Column("Dragning", width=12),
        Column("Granskad den", "date", 12, fill=True),
        Column("Granskare", width=16, fill=True),
        Column("Resultat", width=18, fill=True, choices=SAMPLE_RESULTS),
        Column("Anteckning", width=60, fill=True),
    ),
)

BOARD = Layout(
    "Nämndrapport",
    (Column("Område", width=26), Column("Mått", width=60), Column("Värde", "count", 18), Column("Kommentar", width=50)),
    frozen=0,
)

RISKS = Layout(
    "Riskregister",
    (
        Column("Organisation", width=17),
        Column("Enhet", width=26),
        Column("Risk", width=26),
        Column("Beskrivning", width=52),
        Column("Sannolikhet", width=12.5, fill=True, choices=("1", "2", "3", "4")),
        Column("Konsekvens", width=12.5, fill=True, choices=("1", "2", "3", "4")),
        Column("Åtgärd", width=50),
        Column("Ansvarig", width=22),
        Column("Datum", "date", 12),
        Column("Extern-ID", width=26),
    ),
    unit="Enhet",
)

RULES = Layout(
    "Regler",
    (
        Column("Regel-ID", width=9.5),
        Column("Regel", width=24),
        Column("Allvarlighet", "severity", 12.5),
        Column("Villkor", width=48),
        Column("Gränser i kraft", width=30),
        Column("Lagrum", width=30),
        Column("Styrka", width=11),
        Column("Föreslagen åtgärd", width=46),
        Column("Felkällor", width=32),
        Column("Utfall", width=22),
        Column("Lagen läst", "date", 12),
    ),
)

RUN = Layout(
    "Körning",
    (Column("Avsnitt", width=22), Column("Post", width=44), Column("Resultat", width=50), Column("Detalj", width=105)),
    frozen=0,
)

SUMMARY = "Sammanfattning"
SUMMARY_COLUMNS = ["Enhet", "Block", "A", "B", "C", "D", "E", "F"]
"""The first page is stored as blocks: whose page (empty: the whole organisation's), what kind of line, and its cells."""

LAYOUTS = {
    layout.name: layout
    for layout in (
        FLAGS,
        SUPPLIERS,
        UNKNOWNS,
        CHANGES,
        ATTESTATIONS,
        ENDED,
        INPUT_ERRORS,
        SAMPLE,
        BOARD,
        RISKS,
        RULES,
        RUN,
    )
}
"""Every list sheet, in the order of the workbook; *Sammanfattning* comes before them."""
