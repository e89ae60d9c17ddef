"""The sheets that people fill in, as the import knows them: by their headers, wherever columns and sheets were moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from screening.adapters.cells import header_key

Kind = Literal["flags", "unknowns", "numbers", "sample"]
Says = Literal["word", "day", "text", "number"]

FINDING, ORGANISATION, UNIT, RULE, SUPPLIER, NUMBER = (
    "Flagg-ID", "Organisation", "Enhet", "Regel-ID", "Leverantör", "Orgnr",
)  # fmt: skip
REPLY_BY, WHO, WHAT, WHY, UNTIL, DIARY = (
    "Leverantörens svar senast", "Handläggare", "Bedömning", "Motivering", "Gäller t.o.m.", "Diarienummer",
)  # fmt: skip
MISSING, ASKED, ANSWER_BY, COMMENT = "Saknas", "Begärd den", "Svar senast", "Kommentar"
WRITTEN, RIGHT, VERDICT, DECIDED_BY = "Skrivet nummer", "Rätt orgnr", "Beslut", "Beslutat av"
REVIEWED, REVIEWER, RESULT, NOTE = "Granskad den", "Granskare", "Resultat", "Anteckning"
CHECK = "Kontroll"
SAMPLE_FIXED = (SUPPLIER, NUMBER, "Leverantörsnr", UNIT, "Stratum", "Dragning")
"""What the check value of a row of *Stickprov* covers, in order."""

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
NUMBER_DECISIONS = ("Godta nummer", "Rätta i källan", "Ignorera")
RESULTS = ("Utan anmärkning", "Avvikelse", "Ej genomförd")


@dataclass(frozen=True, slots=True)
class Form:
    """One sheet that people fill in.

    Attributes:
        needs: headers that make a sheet this one, whatever it is called.
        fills: the columns that people write in, and what a cell of each says.
        own: the columns that say whose row it is: a row in which one of them was changed is not taken.
        words: the words that a column of the kind ``word`` takes.
    """

    kind: Kind
    name: str
    needs: frozenset[str]
    fills: Mapping[str, Says]
    own: tuple[str, ...] = ()
    words: Sequence[str] = ()


FORMS: tuple[Form, ...] = (
    Form(
        "flags",
        "Flaggor",
        frozenset({FINDING, WHAT}),
        {REPLY_BY: "day", WHO: "text", WHAT: "word", WHY: "text", UNTIL: "day", DIARY: "text"},
        (FINDING, ORGANISATION, UNIT, RULE, SUPPLIER, NUMBER),
        ASSESSMENTS,
    ),
    Form(
        "unknowns",
        "Ej bedömbara",
        frozenset({MISSING, ASKED, ANSWER_BY}),
        {ASKED: "day", ANSWER_BY: "day", WHO: "text", COMMENT: "text"},
        (SUPPLIER, NUMBER, MISSING),
    ),
    Form(
        "numbers",
        "Indatafel",
        frozenset({SUPPLIER, WRITTEN, RIGHT, VERDICT}),
        {RIGHT: "number", VERDICT: "word", DECIDED_BY: "text", COMMENT: "text"},
        (SUPPLIER, WRITTEN),
        NUMBER_DECISIONS,
    ),
    Form(
        "sample",
        "Stickprov",
        frozenset({RESULT, REVIEWER, REVIEWED}),
        {REVIEWED: "day", REVIEWER: "text", RESULT: "word", NOTE: "text"},
        (SUPPLIER, NUMBER),
        RESULTS,
    ),
)
FORM: Mapping[Kind, Form] = {form.kind: form for form in FORMS}

_KEYS = {form.kind: frozenset(map(header_key, form.needs)) for form in FORMS}


def form_of(headers: Sequence[object]) -> Form | None:
    """Which sheet a row of headers belongs to; ``None`` when it is none of ours."""
    keys = {header_key(value) for value in headers if isinstance(value, str)}
    return next((form for form in FORMS if _KEYS[form.kind] <= keys), None)
