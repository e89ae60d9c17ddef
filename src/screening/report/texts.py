"""Words for people, Swedish and English: severities, statuses, kinds of facts, months and sums."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from screening.rules import words

Language = Literal["sv", "en"]

SEVERITY = {
    "critical": ("KRITISK", "CRITICAL"),
    "high": ("HÖG", "HIGH"),
    "medium": ("MEDEL", "MEDIUM"),
    "low": ("LÅG", "LOW"),
}
SYMBOL = {"critical": "■", "high": "▲", "medium": "●", "low": "○"}

STATUS = {
    "new": ("Ny", "New"),
    "remaining": ("Kvarstår", "Remaining"),
    "worse": ("Värre", "Worse"),
    "resolved": ("Löst", "Resolved"),
    "unverified": ("Ej verifierad", "Unverified"),
    "ended": ("Upphörd", "Ended"),
}

AREA_STATE = {
    "ok": ("OK", "OK"),
    "flag": ("FLAGGA", "FLAG"),
    "unknown": ("EJ BEDÖMBAR", "NOT ASSESSABLE"),
    "none": ("EJ AKTUELL", "NOT RELEVANT"),
}

OUTCOME = {
    "clear": ("utan anmärkning", "clear"),
    "flag": ("med flagga", "flagged"),
    "unknown": ("ej bedömbara", "not assessable"),
    "not_applicable": ("ej aktuella", "not applicable"),
}

PHASE = {
    "tender": ("Anbud", "Tender"),
    "contract": ("Avtal", "Contract"),
    "payment": ("Löpande betalning", "Payment"),
}

SUPPLIER_KIND = {
    "organisation": ("Juridisk person", "Legal person"),
    "person": ("Enskild näringsidkare", "Sole trader"),
    "foreign": ("Utländsk", "Foreign"),
    "unidentified": ("Ej identifierad", "Unidentified"),
}

REASON = {
    "no_source": (
        "Ingen ansluten källa svarar för den här formen eller landet.",
        "No connected source covers this legal form or country.",
    ),
    "not_allowed": (
        "Uppgiften får inte hämtas enligt inställningarna eller lagen.",
        "The settings or the law do not allow the question.",
    ),
    "over_budget": ("Budgeten för köpta uppgifter var slut.", "The budget for bought answers was spent."),
    "awaited": (
        "Uppgiften är begärd och svarstiden har inte gått ut.",
        "It has been asked for and the time to answer has not passed.",
    ),
    "not_found": ("Källan har inget svar om leverantören.", "The source has no answer about the supplier."),
    "too_old": ("Den senaste uppgiften är för gammal för att bedömas.", "The latest answer is too old to judge."),
    "redacted": ("Källan har dolt uppgiften.", "The source has hidden the answer."),
    "partial": ("Källan svarade bara delvis.", "The source answered only in part."),
    "source_down": ("Källan svarade inte.", "The source did not answer."),
    "doubtful": (
        "Svaret är tveksamt: det stämmer inte med vad källan brukar ge.",
        "The answer is doubtful: unlike what the source usually gives.",
    ),
    "identity": ("Organisationsnumret är inte bekräftat.", "The organisation number is not confirmed."),
    "short_history": (
        "Historiken är för kort för att täcka kontrollens tidsfönster.",
        "The history is too short for the period of the rule.",
    ),
    "rejected_input": ("Raden i indata avvisades.", "The input row was rejected."),
    "not_needed": ("Uppgiften behövs inte.", "Not needed."),
}

KIND = words.KIND
CHANGE = {
    "board": ("Styrelse eller ledning", "Board or management"),
    "auditor": ("Revisor", "Auditor"),
    "role": ("Annan roll", "Other role"),
    "title": ("Ny roll, samma person", "New role, same person"),
    "owners": ("Verklig huvudman", "Beneficial owner"),
    "shareholders": ("Aktieägare", "Shareholders"),
    "owner_name": ("Ägarens namn", "Name of the owner"),
    "share": ("Ändrad andel", "Changed share"),
    "filing": ("Anmälan om verklig huvudman", "Filing of beneficial owner"),
    "name": ("Namn", "Name"),
    "legal_form": ("Juridisk form", "Legal form"),
    "status": ("Registrering", "Registration"),
    "proceeding": ("Förfarande", "Proceeding"),
    "address": ("Adress", "Address"),
    "care_of": ("C/o-adress", "Care of"),
    "industry": ("Verksamhet (SNI)", "Industry (SNI)"),
    "description": ("Verksamhetsbeskrivning", "Description of business"),
    "signatory": ("Firmateckning", "Signatories"),
    "f_tax": ("F-skatt", "F-tax"),
    "vat": ("Moms", "VAT"),
    "employer": ("Arbetsgivarregistrering", "Employer registration"),
    "rating": ("Kreditvärdering", "Credit rating"),
    "score": ("Kreditpoäng", "Credit score"),
    "public_debt": ("Skuld i allmänna mål", "Public claims"),
    "private_debt": ("Skuld i enskilda mål", "Private claims"),
}
"""What changed (``model.Event.what``), in words."""

FILING = {
    "registered": ("huvudman anmäld", "owner filed"),
    "none_registered": ("ingen anmälan", "nothing filed"),
    "none_exists": ("anmält att huvudman saknas", "filed that there is none"),
    "unknown_filed": ("anmält att huvudman inte kan utses", "filed that it cannot be established"),
    "exempt": ("undantagen", "exempt"),
}
TAX_STATE = {
    "never": ("aldrig registrerad", "never registered"),
    "active": ("registrerad", "registered"),
    "ended": ("upphörd", "ended"),
}

DOCUMENTS = frozenset(
    [
        "tax_account",
        "payment_agreement",
        "final_decision",
        "record_check_attestation",
        "declaration",
        "owners_in_bid",
        "address_in_bid",
        "power_of_attorney",
    ]
)
"""Kinds that the supplier or the case file hands in; the others come from a source."""

NOTICE = {
    "new_supplier": ("Ny leverantör", "New supplier"),
    "contract": ("Avtal", "Contract"),
    "overdue": ("Handläggningen är försenad", "Handling is overdue"),
    "reply_overdue": ("Svaret är försenat", "The reply is overdue"),
    "expired": ("Godkännandet har gått ut", "The acceptance has expired"),
    "outgrown": ("Godkännandet gäller inte längre: läget är värre", "The acceptance no longer holds: worse now"),
    "not_done": ("Åtgärdad enligt bedömningen, men flaggan står kvar", "Said to be put right, and still flagged"),
}
"""How a line of *Observera* begins."""

ORIGIN = {
    "authority": ("Myndighet", "Authority"),
    "bureau": ("Upplysningsföretag", "Bureau"),
    "supplier_submitted": ("Leverantören", "The supplier"),
    "file": ("Egen fil", "Own file"),
}
"""Who vouches for an answer."""

FORCE = {
    "ska": ("ska", "must"),
    "får": ("får", "may"),
    "avtal": ("avtal", "contract"),
    "intern kontroll": ("intern kontroll", "internal control"),
    "signal": ("signal", "signal"),
}
"""What a rule's law allows or demands."""

LAW_AREA = {
    "school": ("skola", "school"),
    "hvb": ("HVB", "residential care of children"),
    "lss_child": ("LSS barn", "LSS children"),
    "child_other": ("övrigt barn", "other work with children"),
    "home_care": ("hemtjänst", "home care"),
    "other": ("annat", "other"),
}

MONTHS = {
    "sv": [
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


def word(table: Mapping[str, tuple[str, str]], key: str, language: Language) -> str:
    """The word for ``key``; the key itself where the table has none."""
    pair = table.get(key)
    return key if pair is None else pair[language == "en"]


def notices(text: str) -> frozenset[str]:
    """Which notices the lines of a cell of *Observera* give, in either language."""
    lines = text.split("\n")
    return frozenset(code for code, words in NOTICE.items() if any(line.startswith(words) for line in lines))


def month(period: str, language: Language) -> str:
    """``2026-11`` as ``november 2026``; anything else as it stands."""
    found = re.fullmatch(r"(\d{4})-(\d{2})", period)
    if found is None or not 1 <= int(found[2]) <= 12:
        return period
    return f"{MONTHS[language][int(found[2]) - 1]} {found[1]}"


def number(value: float | Decimal, decimals: int = 0) -> str:
    """``1234567`` as ``1 234 567`` with no-break spaces and a decimal comma."""
    return f"{value:,.{decimals}f}".replace(",", "\u00a0").replace(".", ",")


def kronor(value: float | Decimal) -> str:
    """An amount as people write it: ``12 345 kr``, with öre only where there is any."""
    return f"{number(value, 0 if value == int(value) else 2)}\u00a0kr"


_SIZES = ((Decimal(10**9), "mdkr", "bn"), (Decimal(10**6), "mkr", "m"), (Decimal(1000), "tkr", "k"))


def kronor_short(value: float | Decimal, language: Language) -> str:
    """An amount for a glance: ``312 mkr``, ``4,1 mkr``, ``850 tkr``; in English ``SEK 4.1 m``."""
    for size, swedish, english in _SIZES:
        if abs(Decimal(value)) >= size:
            part = Decimal(value) / size
            text = number(part, 1 if abs(part) < 10 else 0)
            return f"{text}\u00a0{swedish}" if language == "sv" else f"SEK\u00a0{text.replace(',', '.')}\u00a0{english}"
    return kronor(value) if language == "sv" else f"SEK\u00a0{number(value)}"


def share(part: float | Decimal, whole: float | Decimal) -> str:
    """``part`` of ``whole`` in whole per cent, never 100 unless it is all and never 0 unless it is none."""
    if not whole:
        return "–"
    exact = 100 * float(part) / float(whole)
    rounded = 99 if 99 < exact < 100 else 1 if 0 < exact < 1 else round(exact)
    return f"{rounded}\u00a0%"
