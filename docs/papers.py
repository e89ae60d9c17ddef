"""The tables in ``docs/papper/`` that tell what the program does: made from the code, so that the papers stay true to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from screening.config import Retention
from screening.connectors import Connector, load_sources
from screening.console import PURGE_WORDS
from screening.exports import FIELDS
from screening.model import KINDS, Origin
from screening.report.layout import SUMMARY
from screening.report.texts import KIND
from screening.store.purge import steps

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "papper"
_BLOCK = re.compile(r"(<!-- (\w+): görs av docs/generate\.py -->\n).*?(<!-- slut -->)", re.DOTALL)

ORIGINS = {
    Origin.AUTHORITY: "myndighet",
    Origin.BUREAU: "kreditupplysningsföretag",
    Origin.SUPPLIER_SUBMITTED: "leverantören",
    Origin.FILE: "egna handlingar",
}

PERSONAL: Mapping[str, str] = {
    "company_record": "enskild näringsidkares namn, form, status, konkurs",
    "address": "enskild näringsidkares postadress; aldrig vid skyddade personuppgifter",
    "industry": "enskild näringsidkares verksamhet",
    "officers": "namn och roll för styrelse, vd och revisor; nyckelhash i stället för personnummer och födelsedag",
    "signatory": "namn i registrets text om firmateckning",
    "beneficial_owners": "namn, land och andelar för verkliga huvudmän; nyckelhash i stället för personnummer och födelsedag",
    "shareholders": "namn och andelar för aktieägare; personnummer sparas aldrig",
    "ownership": "namn på ägare genom andra bolag; härledd",
    "successor": "nej (bolag)",
    "shared_address": "antal leverantörer på samma adress; härledd",
    "accounts": "enskild näringsidkares bokslut, om något finns",
    "trading_prohibition": "roll och datum för näringsförbud; aldrig skälet",
    "role_engagements": "uppdrag i andra bolag för företrädare, och konkurser där; nyckelhash i stället för namn på person och bolag",
    "supplier_roles": "uppdrag i andra leverantörer till organisationen; härledd",
    "credit": "enskild näringsidkares kreditvärdering; frågas inte utan [privacy] credit_on_persons = true",
    "enforcement_debt": "enskild näringsidkares skulder hos Kronofogden",
    "tax_registration": "enskild näringsidkares F-skatt, moms och arbetsgivarregistrering",
    "employer_contributions": "enskild näringsidkares beslutade arbetsgivaravgifter",
    "delivered_hours": "nej (timmar per månad och avtal)",
    "invoiced_vat": "nej (belopp per leverantör)",
    "name_elsewhere": "namn i egna listor som är ett annat bolags registrerade namn; härledd",
    "number_use": "namn som står vid samma nummer i egna listor; härledd",
    "address_in_bid": "adress enligt anbudet",
    "status_elsewhere": "enskild näringsidkares status enligt en andra källa",
    "tax_account": "enskild näringsidkares skattekonto, bara ur eget utdrag eller genom ombud",
    "payment_agreement": "enskild näringsidkares betalningsplan eller anstånd",
    "final_decision": "slutligt avgörande som leverantören eller akten visar; ingen text ur domen",
    "record_check_attestation": "antal och datum; aldrig namn, personnummer eller innehåll ur belastningsregistret",
    "declaration": "datum och undertecknarens roll",
    "care_permit": "datum och verksamhet",
    "owners_in_bid": "namn på huvudmän enligt anbudet",
    "power_of_attorney": "datum",
    "document_request": "vad som begärts och när",
    "sanctions": "namn i träff mot sanktionslista, för jämförelse av en människa",
}
"""What of each kind of fact may be personal data."""

VERIFIED, MEMORY = "läst i källa", "ur minnet, ej verifierat"
GROUNDS: Mapping[str, tuple[str, str, str]] = {
    SUMMARY: ("antal, belopp, de allvarligaste flaggorna", "OSL 31:16; OSL 17:1–2", f"31:16 {VERIFIED}; 17:1–2 {MEMORY}"),
    "Flaggor": ("iakttagelser per leverantör, beslut", "OSL 31:16; OSL 17:1–2; vid pågående upphandling OSL 19:3", f"31:16 och 19:3 {VERIFIED}; 17:1–2 {MEMORY}"),
    "Leverantörer": ("status per kontroll", "OSL 31:16", VERIFIED),
    "Ej bedömbara": ("vad som saknas och varför", "OSL 31:16; OSL 17:1–2", f"31:16 {VERIFIED}; 17:1–2 {MEMORY}"),
    "Ägarförändringar": ("namn på företrädare och ägare", "OSL 31:16; OSL 21:7 vid spridning i strid mot GDPR", f"31:16 {VERIFIED}; 21:7 {MEMORY}"),
    "Registerkontroller": ("intyg: antal och datum", "OSL 31:16", VERIFIED),
    "Avslutade": ("flaggor som stängts", "OSL 31:16", VERIFIED),
    "Indatafel": ("rader i egna register", "ingen särskild; maskera personuppgifter", "–"),
    "Stickprov": ("vilka som granskas", "OSL 17:1–2 före granskningen", MEMORY),
    "Nämndrapport": ("antal", "ingen; avsedd att lämnas ut", "–"),
    "Riskregister": ("antal och åtgärd per risk och enhet", "OSL 31:16; OSL 17:1–2", f"31:16 {VERIFIED}; 17:1–2 {MEMORY}"),
    "Regler": ("gränser och villkor", "OSL 17:1–2 för gränser som motverkar kontrollen om de blir kända", MEMORY),
    "Körning": ("källor, kostnad, filer", "ingen särskild", "–"),
    "Underlag": ("uppgifter och hashar bakom flaggorna", "OSL 31:16; skatteuppgifter OSL 27:1 – följer sekretessen med?", f"31:16 {VERIFIED}; 27:1 {MEMORY}"),
}  # fmt: skip
"""Sheet → what it holds, proposed ground, and whether the ground was read in a source or written from memory."""

ACTIONS: Mapping[str, str] = {
    "run": "månadskörning",
    "check": "kontroll före avtal",
    "check paper": "papper från en kontroll skrivet, med hash",
    "report": "rapport skriven igen",
    "evidence": "bevismapp skriven, med sigill; om råsvar lämnats omaskerade",
    "decisions import": "beslut inlästa, med filens hash",
    "sample": "stickprov draget",
    "connectors accept": "källas ändrade format godtaget",
    "purge": "gallring: beslut, frister och antal rader per tabell",
}
"""What is written in the audit log."""


def papers() -> Iterator[tuple[Path, str]]:
    """Every paper with its tables as the code has them now."""
    made = dict(blocks())
    for path in sorted(FOLDER.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        yield path, _BLOCK.sub(lambda found: f"{found[1]}{made[found[2]]}{found[3]}", text)


def blocks() -> Iterator[tuple[str, str]]:
    """Name of a block and its text."""
    yield "uppgiftsslag", _table(("Uppgift", "Källor", "Vad som är personuppgift"), _kinds())
    yield "indata", _table(("Fil", "Fält som läses"), ((kind, ", ".join(fields)) for kind, fields in FIELDS.items()))
    yield "frister", _table(("Inställning", "Förval"), ((f"`{name}`", str(value)) for name, value in _limits()))
    yield (
        "gallring",
        _table(("Tabell", "Vad som tas bort"), ((f"`{step.table}`", _told(step.what)) for step in steps())),
    )
    yield (
        "blad",
        _table(
            ("Blad", "Innehåll", "Föreslagen grund", "Kontrollerad"), ((name, *row) for name, row in GROUNDS.items())
        ),
    )
    yield "logg", _table(("Rad", "Betyder"), ((f"`{name}`", text) for name, text in ACTIONS.items()))


def _kinds() -> Iterator[tuple[str, ...]]:
    sources = load_sources(ROOT / "connectors")
    for kind in sorted(KINDS):
        use, ready = (
            [
                _named(name, item)
                for name, item in sources.items()
                if kind in item.adapter.gives and item.table.enabled is enabled
            ]
            for enabled in (True, False)
        )
        told = ["; ".join(use) or "egna filer, eller härledd"]
        if ready:
            told.append(f"*finns men används inte: {'; '.join(ready)}*")
        yield KIND[kind][0], ". ".join(told), PERSONAL[kind]


def _named(name: str, source: Connector) -> str:
    return f"{source.table.title or name} ({ORIGINS[source.adapter.origin]})"


def _limits() -> Iterator[tuple[str, object]]:
    for name, value in Retention().model_dump().items():
        yield name, f"{value} dagar" if isinstance(value, int) else value or "tomt: inget tas bort"


def _told(what: str) -> str:
    return PURGE_WORDS[what]


def _table(heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _head in heads), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "/") for cell in row) + " |\n" for row in lines)
