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
    width: int = 14
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
        Column("Organisation", width=20, detail=True),
        Column("Enhet", width=17),
        Column("Avtalsansvarig", width=16),
        Column("Regel-ID", width=9),
        Column("Regel", width=24),
        Column("Allvarlighet", "severity", 12),
        Column("Leverantör", width=25),
        Column("Orgnr", "orgnr", 14),
        Column("Leverantörsnr", width=13),
        Column("Avtal", width=17),
        Column("Avtal t.o.m.", "date", 11),
        Column("Fas", width=11),
        Column("Iakttagelse", width=44),
        Column("Belopp (kr)", "money", 13),
        Column("Köpt 12 mån (kr)", "money", 14),
        Column("Uppgift per", "date", 11),
        Column("Källa", width=22, detail=True),
        Column("Uppgiftens ålder (dagar)", "count", 11, detail=True),
        Column("Lagrum", width=28, detail=True),
        Column("Styrka", width=9, detail=True),
        Column("Föreslagen åtgärd", width=44),
        Column("Felkällor", width=30),
        Column("Status", "status", 11),
        Column("Först sedd", width=10),
        Column("Handläggs senast", "date", 12),
        Column("Leverantörens svar senast", "date", 13, fill=True),
        Column("Handläggare", width=16, fill=True),
        Column("Bedömning", width=22, fill=True, choices=ASSESSMENTS),
        Column("Motivering", width=34, fill=True),
        Column("Gäller t.o.m.", "date", 12, fill=True),
        Column("Diarienummer", width=15, fill=True),
        CHECK,
    ),
    unit="Enhet",
    pages_wide=2,
    tab="#7F1D1D",
)

SUPPLIERS = Layout(
    "Leverantörer",
    (
        Column("Leverantör", width=30),
        Column("Orgnr", "orgnr", 14),
        Column("Leverantörsnr", width=13),
        Column("Slag", width=16),
        Column("Enhet", width=24),
        Column("Köpt 12 mån (kr)", "money", 15),
        Column("Skatt", "state", 15),
        Column("Registerkontroll", "state", 16),
        Column("Ägare", "state", 15),
        Column("Kredit", "state", 15),
        Column("Register", "state", 15),
        Column("Samlad status", width=24),
        Column("Flaggor", "count", 9),
        Column("Allvarlighet", "severity", 12),
        Column("Förklaring", width=56),
    ),
    unit="Enhet",
    tab="#1F3A5F",
)

UNKNOWNS = Layout(
    "Ej bedömbara",
    (
        Column("Leverantör", width=28),
        Column("Orgnr", "orgnr", 14),
        Column("Leverantörsnr", width=13),
        Column("Enhet", width=20),
        Column("Saknas", width=26),
        Column("Slag", width=10),
        Column("Hindrar regler", width=18),
        Column("Orsak", width=38),
        Column("Gör så här", width=40),
        Column("Köpt 12 mån (kr)", "money", 14),
        Column("Sedan", width=9),
        Column("Begärd den", "date", 12, fill=True),
        Column("Svar senast", "date", 12, fill=True),
        Column("Handläggare", width=16, fill=True),
        Column("Kommentar", width=28, fill=True),
        CHECK,
    ),
    unit="Enhet",
    tab="#6B7280",
)

CHANGES = Layout(
    "Ägarförändringar",
    (
        Column("Leverantör", width=28),
        Column("Orgnr", "orgnr", 14),
        Column("Leverantörsnr", width=13),
        Column("Enhet", width=20),
        Column("Avser", width=18),
        Column("Före", width=34),
        Column("Efter", width=34),
        Column("Datum", "date", 11),
        Column("Avtal", width=16),
        Column("Närmaste avtalsdatum", "date", 13),
        Column("Dagar till avtalsdatum", "count", 13),
        Column("I förhållande till avtalet", width=30),
        Column("Källa", width=22),
        Column("Uppgift per", "date", 11),
    ),
    unit="Enhet",
)

ATTESTATIONS = Layout(
    "Registerkontroller",
    (
        Column("Leverantör", width=28),
        Column("Orgnr", "orgnr", 14),
        Column("Leverantörsnr", width=13),
        Column("Enhet", width=20),
        Column("Kvartal", width=9),
        Column("Lagområde", width=14),
        Column("Intyg", width=22),
        Column("I omfattning", "count", 11),
        Column("Kontrollerade före start", "count", 13),
        Column("Pågående", "count", 10),
        Column("För gamla", "count", 10),
        Column("Ej kontrollerade", "count", 13),
        Column("Undertecknat", "date", 12),
        Column("Undertecknarens roll", width=20),
        Column("Uppgift per", "date", 11),
    ),
    unit="Enhet",
)

ENDED = Layout(
    "Avslutade",
    (
        Column("Flagg-ID", width=16),
        Column("Enhet", width=18),
        Column("Regel-ID", width=9),
        Column("Regel", width=28),
        Column("Allvarlighet", "severity", 12),
        Column("Leverantör", width=28),
        Column("Orgnr", "orgnr", 14),
        Column("Leverantörsnr", width=13),
        Column("Iakttagelse", width=46),
        Column("Status", "status", 11),
        Column("Varför", width=40),
        Column("Först sedd", width=10),
        Column("Uppgift per", "date", 11),
        Column("Källa", width=22),
    ),
    unit="Enhet",
)

INPUT_ERRORS = Layout(
    "Indatafel",
    (
        Column("Fil", width=28),
        Column("Blad", width=14),
        Column("Rad", "count", 7),
        Column("Leverantör", width=28),
        Column("Skrivet nummer", "orgnr", 17),
        Column("Leverantörsnr", width=13),
        Column("Fel", width=44),
        Column("Förslag", width=46),
        Column("Rätt orgnr", "orgnr", 15, fill=True),
        Column("Beslut", width=16, fill=True, choices=NUMBER_DECISIONS),
        Column("Beslutat av", width=16, fill=True),
        Column("Kommentar", width=28, fill=True),
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
        Column("Organisation", width=20),
        Column("Enhet", width=20),
        Column("Risk", width=32),
        Column("Beskrivning", width=46),
        Column("Sannolikhet", width=12, fill=True, choices=("1", "2", "3", "4")),
        Column("Konsekvens", width=12, fill=True, choices=("1", "2", "3", "4")),
        Column("Åtgärd", width=46),
        Column("Ansvarig", width=20),
        Column("Datum", "date", 11),
        Column("Extern-ID", width=22),
    ),
    unit="Enhet",
)

RULES = Layout(
    "Regler",
    (
        Column("Regel-ID", width=9),
        Column("Regel", width=30),
        Column("Allvarlighet", "severity", 12),
        Column("Villkor", width=48),
        Column("Gränser i kraft", width=30),
        Column("Lagrum", width=30),
        Column("Styrka", width=10),
        Column("Föreslagen åtgärd", width=44),
        Column("Felkällor", width=34),
        Column("Utfall", width=30),
        Column("Lagen läst", "date", 11),
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
