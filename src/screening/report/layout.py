"""The sheets and their columns: names are a contract; kinds, widths and input columns are how they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from screening.decisions.columns import ASSESSMENTS, NUMBER_DECISIONS
from screening.decisions.columns import RESULTS as SAMPLE_RESULTS
from screening.rules import NEVER_DECIDES

Kind = Literal["text", "orgnr", "date", "money", "count", "severity", "state", "status"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        fill: people write in it.
        choices: the words it takes.
        detail: folded away in a group that opens with a click.
        note: stands as a comment on its name, in Swedish and English.
        hint: said, in Swedish and English, when a cell that people write in is chosen.
        notice: the notice of the row (see ``texts.NOTICE``) that makes its cell stand out.
        link: where a click on its cell leads: to the same supplier, flag or rule in that sheet.
    """

    name: str
    kind: Kind = "text"
    width: float = 14
    fill: bool = False
    choices: tuple[str, ...] = ()
    detail: bool = False
    hidden: bool = False
    note: tuple[str, str] = ("", "")
    hint: tuple[str, str] = ("", "")
    notice: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """One list sheet.

    Attributes:
        unit: the column by which a unit's own workbook takes its rows; empty: not in it.
        breaks: columns that begin a new page when it is printed; without any, all fit the width of one page.
        repeat: first and last column that every page repeats.
        frozen: how many columns stay when one scrolls.
        table: a native table; else a filter alone, for a sheet that links lead into and that nobody needs to sort.
    """

    name: str
    columns: tuple[Column, ...]
    unit: str = ""
    breaks: tuple[str, ...] = ()
    repeat: tuple[str, str] | None = None
    frozen: int = 1
    table: bool = True
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

NOTICES = Column("Observera", width=24)
"""What makes a row urgent or new, in words: so that it can be filtered, and so that other cells of the row stand out."""


def _supplier(width: float = 24, notice: str = "") -> tuple[Column, ...]:
    """Who it is; the buyer's own number leads to a person whose number is masked."""
    number = Column("Orgnr", "orgnr", 12.5, link="Leverantörer")  # not the name: LibreOffice does not wrap linked text
    return (Column("Leverantör", width=width, notice=notice), number, Column("Leverantörsnr", width=12))


FLAGS = Layout(
    "Flaggor",
    (
        Column("Flagg-ID", width=17.5, link="Underlag"),
        Column("Organisation", width=18, detail=True),
        Column("Enhet", width=20),
        Column("Avtalsansvarig", width=13),
        Column("Regel-ID", width=9.5, detail=True),
        Column("Regel", width=19),
        Column("Allvarlighet", "severity", 12),
        *_supplier(23, "new_supplier"),
        Column("Avtal", width=12.5),
        Column("Avtal t.o.m.", "date", 12.5, notice="contract"),
        Column("Fas", width=9.5),
        Column("Iakttagelse", width=37),
        Column("Belopp (kr)", "money", 13),
        Column("Köpt 12 mån (kr)", "money", 13.5),
        Column("Uppgift per", "date", 12.5),
        Column("Källa", width=24, detail=True),
        Column("Uppgiftens ålder (dagar)", "count", 15, detail=True),
        Column("Lagrum", width=26, detail=True),
        Column("Styrka", width=13, detail=True),
        Column("Föreslagen åtgärd", width=56),
        Column("Felkällor", width=38),
        Column("Status", "status", 12.5),
        Column("Först sedd", width=9.5),
        Column("Handläggs senast", "date", 12.5, notice="overdue"),
        Column(
            "Leverantörens svar senast",
            "date",
            13.5,
            fill=True,
            notice="reply_overdue",
            hint=("Sista dag för leverantörens svar, t.ex. 2026-12-15.", "Last day to reply, e.g. 2026-12-15."),
        ),
        Column("Handläggare", width=17, fill=True, hint=("Vem som handlägger.", "Who handles it.")),
        Column(
            "Bedömning",
            width=23,
            fill=True,
            choices=ASSESSMENTS,
            hint=(
                "Välj i listan. Godtagen förklaring och Falsk träff kräver Motivering och Gäller t.o.m.",
                "Choose in the list. Godtagen förklaring and Falsk träff need Motivering and Gäller t.o.m.",
            ),
        ),
        Column(
            "Motivering",
            width=46,
            fill=True,
            hint=(
                "Varför. Skriv sakligt: rapporten är allmän handling. Inga personnummer.",
                "Why. Keep to facts: the report is a public record. No personal numbers.",
            ),
        ),
        Column(
            "Gäller t.o.m.",
            "date",
            12.5,
            fill=True,
            notice="expired",
            hint=(
                "Sista dag som godkännandet gäller; därefter kommer flaggan tillbaka överst.",
                "Last day of the acceptance; after it the flag comes back on top.",
            ),
        ),
        Column("Diarienummer", width=15, fill=True, hint=("Ärendets nummer i diariet.", "The case's diary number.")),
        NOTICES,
        CHECK,
    ),
    unit="Enhet",
    breaks=("Belopp (kr)", "Leverantörens svar senast"),  # what was seen; what to do; what to fill in
    repeat=("Allvarlighet", "Leverantör"),
    frozen=8,  # up to the supplier: whoever writes far to the right sees whom it concerns
    tab="#7F1D1D",
)

SUPPLIERS = Layout(
    "Leverantörer",
    (
        Column("Leverantör", width=26, notice="new_supplier"),
        Column("Orgnr", "orgnr", 12.5),
        Column("Leverantörsnr", width=12),
        Column("Slag", width=13, detail=True),
        Column("Enhet", width=20),
        Column("Köpt 12 mån (kr)", "money", 13.5),
        Column("Skatt", "state", 14),
        Column("Registerkontroll", "state", 14),
        Column("Ägare", "state", 14),
        Column("Kredit", "state", 14),
        Column("Register", "state", 14),
        Column("Samlad status", width=16),
        Column("Flaggor", "count", 8.5, link="Flaggor"),
        Column("Allvarlighet", "severity", 12),
        Column("Läs i ordning", "count", 10.5, note=(NEVER_DECIDES.sv, NEVER_DECIDES.en)),
        Column("Förklaring", width=72),
        NOTICES,
    ),
    unit="Enhet",
    breaks=("Flaggor",),
    repeat=("Leverantör", "Leverantör"),
    tab="#1F3A5F",
)

UNKNOWNS = Layout(
    "Ej bedömbara",
    (
        Column("Leverantör", width=24),
        Column("Saknas", width=21),
        *_supplier()[1:],
        Column("Enhet", width=20),
        Column("Slag", width=9, detail=True),
        Column("Hindrar regler", width=16.5),
        Column("Orsak", width=28),
        Column("Gör så här", width=31),
        Column("Köpt 12 mån (kr)", "money", 13.5),
        Column("Sedan", width=8.5, detail=True),
        Column(
            "Begärd den",
            "date",
            12,
            fill=True,
            hint=("Dagen då uppgiften begärdes, t.ex. 2026-12-01.", "The day it was asked for, e.g. 2026-12-01."),
        ),
        Column(
            "Svar senast",
            "date",
            12,
            fill=True,
            notice="reply_overdue",
            hint=("Sista dag för svar, t.ex. 2026-12-15.", "Last day to reply, e.g. 2026-12-15."),
        ),
        Column("Handläggare", width=17, fill=True, hint=("Vem som handlägger.", "Who handles it.")),
        Column("Kommentar", width=50, fill=True),
        Column("Observera", width=14),
        CHECK,
    ),
    unit="Enhet",
    breaks=("Köpt 12 mån (kr)",),
    repeat=("Leverantör", "Saknas"),
    frozen=2,
    tab="#6B7280",
)

CHANGES = Layout(
    "Ägarförändringar",
    (
        *_supplier(22),
        Column("Enhet", width=18),
        Column("Avser", width=14),
        Column("Före", width=28),
        Column("Efter", width=28),
        Column("Datum", "date", 12.5),
        Column("Avtal", width=12.5),
        Column("Närmaste avtalsdatum", "date", 12.5),
        Column("Dagar till avtalsdatum", "count", 12.5),
        Column("I förhållande till avtalet", width=20),
        Column("Datumet är", width=18),
        Column("Källa", width=24, detail=True),
        Column("Uppgift per", "date", 12, detail=True),
    ),
    unit="Enhet",
)

ATTESTATIONS = Layout(
    "Registerkontroller",
    (
        *_supplier(),
        Column("Enhet", width=18),
        Column("Kvartal", width=9.5),
        Column("Lagområde", width=12),
        Column("Intyg", width=20),
        Column("I omfattning", "count", 12),
        Column("Kontrollerade före start", "count", 14),
        Column("Pågående", "count", 11),
        Column("För gamla", "count", 10.5),
        Column("Ej kontrollerade", "count", 14),
        Column("Undertecknat", "date", 13.5),
        Column("Undertecknarens roll", width=16),
        Column("Uppgift per", "date", 12),
    ),
    unit="Enhet",
)

ENDED = Layout(
    "Avslutade",
    (
        Column("Flagg-ID", width=17.5),
        Column("Enhet", width=18),
        Column("Regel-ID", width=9.5, detail=True),
        Column("Regel", width=20),
        Column("Allvarlighet", "severity", 12),
        *_supplier(22),
        Column("Iakttagelse", width=38),
        Column("Status", "status", 12.5),
        Column("Varför", width=26),
        Column("Först sedd", width=9.5),
        Column("Uppgift per", "date", 12),
        Column("Källa", width=24, detail=True),
    ),
    unit="Enhet",
)

INPUT_ERRORS = Layout(
    "Indatafel",
    (
        Column("Fil", width=25),
        Column("Blad", width=11),
        Column("Rad", "count", 7),
        Column("Leverantör", width=22),
        Column("Skrivet nummer", "orgnr", 13.5),
        Column("Leverantörsnr", width=12),
        Column("Fel", width=38),
        Column("Förslag", width=30),
        Column(
            "Rätt orgnr",
            "orgnr",
            14,
            fill=True,
            hint=("Det rätta numret, t.ex. 559999-9991.", "The right number, e.g. 559999-9991."),
        ),
        Column(
            "Beslut",
            width=15,
            fill=True,
            choices=NUMBER_DECISIONS,
            hint=("Välj i listan.", "Choose in the list."),
        ),
        Column("Beslutat av", width=13, fill=True, hint=("Vem som beslutat.", "Who decided.")),
        Column("Kommentar", width=22, fill=True),
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
        Column("Dragning", width=18),
        Column("Granskad den", "date", 12, fill=True),
        Column("Granskare", width=16, fill=True),
        Column("Resultat", width=18, fill=True, choices=SAMPLE_RESULTS),
        Column("Anteckning", width=60, fill=True),
        CHECK,
    ),
)

BOARD = Layout(
    "Nämndrapport",
    (Column("Område", width=26), Column("Mått", width=60), Column("Värde", "count", 14), Column("Kommentar", width=60)),
    frozen=0,
)

RISKS = Layout("Riskregister", ())
"""Its columns are the buyer's own: see ``risks.risk_layout``."""

RULES = Layout(
    "Regler",
    (
        Column("Regel-ID", width=9.5),
        Column("Regel", width=20),
        Column("Allvarlighet", "severity", 12),
        Column("Villkor", width=38),
        Column("Gränser i kraft", width=25),
        Column("Lagrum", width=25),
        Column("Styrka", width=10),
        Column("Föreslagen åtgärd", width=40),
        Column("Felkällor", width=27),
        Column("Utfall", width=17),
        Column("Lagen läst", "date", 11.5),
    ),
)

RUN = Layout(
    "Körning",
    (Column("Avsnitt", width=18), Column("Post", width=36), Column("Resultat", width=46), Column("Detalj", width=84)),
    frozen=0,
)

EVIDENCE = Layout(
    "Underlag",
    (
        Column("Flagg-ID", width=17.5, link="Flaggor"),
        Column("Regel-ID", width=9.5, detail=True),
        Column("Leverantör", width=24),
        Column("Orgnr", "orgnr", 12.5),
        Column("Leverantörsnr", width=12),
        Column("Enhet", width=20, detail=True),
        Column("Iakttagna värden", width=36),
        Column("Uppgift", width=20),
        Column("Avser", width=12),
        Column("Källa", width=22),
        Column("Ursprung", width=15.5),
        Column("Uppgift per", "date", 12.5),
        Column("Hämtad (UTC)", width=16.5),
        Column("Bekräftad (UTC)", width=16.5, detail=True),
        Column("Källans referens", width=24, detail=True),
        Column("SHA-256 av svaret", width=24),
    ),
    unit="Enhet",
    table=False,
    tab="#334155",
)

SUMMARY = "Sammanfattning"
SUMMARY_COLUMNS = ["Enhet", "Block", "A", "B", "C", "D", "E", "F"]
"""The first page is stored as blocks: whose page (empty: the whole organisation's), what kind of line, and its cells."""


def own_rows(name: str) -> str:
    """Under which name a run keeps the rows of a sheet that read otherwise in one unit's workbook: number, unit, cells."""
    return f".{name}"


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
        EVIDENCE,
    )
}
"""Every list sheet, in the order of the workbook; *Sammanfattning* comes before them."""
