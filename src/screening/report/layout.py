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
        Column("Flagg-ID", width=16),
        Column("Organisation", width=18, detail=True),
        Column("Enhet", width=14),
        Column("Avtalsansvarig", width=12),
        Column("Regel-ID", width=8.5),
        Column("Regel", width=21),
        Column("Allvarlighet", "severity", 11.5),
        Column("Leverantör", width=22),
        Column("Orgnr", "orgnr", 12.5),
        Column("Leverantörsnr", width=11),
        Column("Avtal", width=9),
        Column("Avtal t.o.m.", "date", 10.5),
        Column("Fas", width=9.5),
        Column("Iakttagelse", width=36),
        Column("Belopp (kr)", "money", 11.5),
        Column("Köpt 12 mån (kr)", "money", 12.5),
        Column("Uppgift per", "date", 10.5),
        Column("Källa", width=20, detail=True),
        Column("Uppgiftens ålder (dagar)", "count", 10, detail=True),
        Column("Lagrum", width=26, detail=True),
        Column("Styrka", width=9, detail=True),
        Column("Föreslagen åtgärd", width=38),
        Column("Felkällor", width=26),
        Column("Status", "status", 11),
        Column("Först sedd", width=8.5),
        Column("Handläggs senast", "date", 10.5),
        Column("Leverantörens svar senast", "date", 12, fill=True),
        Column("Handläggare", width=13, fill=True),
        Column("Bedömning", width=18, fill=True, choices=ASSESSMENTS),
        Column("Motivering", width=26, fill=True),
        Column("Gäller t.o.m.", "date", 10.5, fill=True),
        Column("Diarienummer", width=12, fill=True),
        CHECK,
    ),
    unit="Enhet",
    pages_wide=2,
    tab="#7F1D1D",
)

SUPPLIERS = Layout(
    "Leverantörer",
    (
        Column("Leverantör", width=27),
        Column("Orgnr", "orgnr", 12.5),
        Column("Leverantörsnr", width=11),
        Column("Slag", width=13),
        Column("Enhet", width=17),
        Column("Köpt 12 mån (kr)", "money", 13),
        Column("Skatt", "state", 14.5),
        Column("Registerkontroll", "state", 14.5),
        Column("Ägare", "state", 14.5),
        Column("Kredit", "state", 14.5),
        Column("Register", "state", 14.5),
        Column("Samlad status", width=17),
        Column("Flaggor", "count", 8),
        Column("Allvarlighet", "severity", 11.5),
        Column("Förklaring", width=44),
    ),
    unit="Enhet",
    tab="#1F3A5F",
)

UNKNOWNS = Layout(
    "Ej bedömbara",
    (
        Column("Leverantör", width=25),
        Column("Orgnr", "orgnr", 12.5),
        Column("Leverantörsnr", width=11),
        Column("Enhet", width=15),
        Column("Saknas", width=22),
        Column("Slag", width=9.5),
        Column("Hindrar regler", width=12),
        Column("Orsak", width=30),
        Column("Gör så här", width=32),
        Column("Köpt 12 mån (kr)", "money", 12.5),
        Column("Sedan", width=8.5),
        Column("Begärd den", "date", 10.5, fill=True),
        Column("Svar senast", "date", 10.5, fill=True),
        Column("Handläggare", width=12, fill=True),
        Column("Kommentar", width=22, fill=True),
        CHECK,
    ),
    unit="Enhet",
    tab="#6B7280",
)

CHANGES = Layout(
    "Ägarförändringar",
    (
        Column("Leverantör", width=25),
        Column("Orgnr", "orgnr", 12.5),
        Column("Leverantörsnr", width=11),
        Column("Enhet", width=15),
        Column("Avser", width=14),
        Column("Före", width=26),
        Column("Efter", width=26),
        Column("Datum", "date", 10.5),
        Column("Avtal", width=9),
        Column("Närmaste avtalsdatum", "date", 12),
        Column("Dagar till avtalsdatum", "count", 10),
        Column("I förhållande till avtalet", width=24),
        Column("Källa", width=20),
        Column("Uppgift per", "date", 10.5),
    ),
    unit="Enhet",
)

ATTESTATIONS = Layout(
    "Registerkontroller",
    (
        Column("Leverantör", width=26),
        Column("Orgnr", "orgnr", 12.5),
        Column("Leverantörsnr", width=11),
        Column("Enhet", width=17),
        Column("Kvartal", width=9),
        Column("Lagområde", width=11),
        Column("Intyg", width=20),
        Column("I omfattning", "count", 10),
        Column("Kontrollerade före start", "count", 12),
        Column("Pågående", "count", 10),
        Column("För gamla", "count", 9),
        Column("Ej kontrollerade", "count", 12),
        Column("Undertecknat", "date", 11),
        Column("Undertecknarens roll", width=18),
        Column("Uppgift per", "date", 10.5),
    ),
    unit="Enhet",
)

ENDED = Layout(
    "Avslutade",
    (
        Column("Flagg-ID", width=16),
        Column("Enhet", width=15),
        Column("Regel-ID", width=8.5),
        Column("Regel", width=23),
        Column("Allvarlighet", "severity", 11.5),
        Column("Leverantör", width=24),
        Column("Orgnr", "orgnr", 12.5),
        Column("Leverantörsnr", width=11),
        Column("Iakttagelse", width=38),
        Column("Status", "status", 11),
        Column("Varför", width=30),
        Column("Först sedd", width=8.5),
        Column("Uppgift per", "date", 10.5),
        Column("Källa", width=20),
    ),
    unit="Enhet",
)

INPUT_ERRORS = Layout(
    "Indatafel",
    (
        Column("Fil", width=22),
        Column("Blad", width=11),
        Column("Rad", "count", 6),
        Column("Leverantör", width=24),
        Column("Skrivet nummer", "orgnr", 15),
        Column("Leverantörsnr", width=11),
        Column("Fel", width=38),
        Column("Förslag", width=36),
        Column("Rätt orgnr", "orgnr", 14, fill=True),
        Column("Beslut", width=15, fill=True, choices=NUMBER_DECISIONS),
        Column("Beslutat av", width=13, fill=True),
        Column("Kommentar", width=24, fill=True),
        CHECK,
    ),
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
    (Column("Område", width=26), Column("Mått", width=46), Column("Värde", "count", 18), Column("Kommentar", width=70)),
    frozen=0,
)

RISKS = Layout(
    "Riskregister",
    (
        Column("Organisation", width=17),
        Column("Enhet", width=17),
        Column("Risk", width=26),
        Column("Beskrivning", width=42),
        Column("Sannolikhet", width=11, fill=True, choices=("1", "2", "3", "4")),
        Column("Konsekvens", width=11, fill=True, choices=("1", "2", "3", "4")),
        Column("Åtgärd", width=42),
        Column("Ansvarig", width=17),
        Column("Datum", "date", 10.5),
        Column("Extern-ID", width=18),
    ),
    unit="Enhet",
)

RULES = Layout(
    "Regler",
    (
        Column("Regel-ID", width=8.5),
        Column("Regel", width=24),
        Column("Allvarlighet", "severity", 11.5),
        Column("Villkor", width=40),
        Column("Gränser i kraft", width=24),
        Column("Lagrum", width=26),
        Column("Styrka", width=9),
        Column("Föreslagen åtgärd", width=38),
        Column("Felkällor", width=28),
        Column("Utfall", width=22),
        Column("Lagen läst", "date", 10.5),
    ),
)

RUN = Layout(
    "Körning",
    (Column("Avsnitt", width=18), Column("Post", width=36), Column("Resultat", width=64), Column("Detalj", width=70)),
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
