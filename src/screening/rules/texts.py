"""Fills texts from evidence, in Swedish or English; a field's suffix says how its value is written.

What stands in ``[square brackets]`` is left out when a field in it has no value.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from screening.checks._condition import Condition
from screening.model import Contract, PartyRole, Value
from screening.model.timing import Moment, decode
from screening.rules import words
from screening.rules.conditions import limits_of
from screening.rules.rule import Rule
from screening.rules.table import Language, RuleTable

NO_BREAK = "\u00a0"
UNKNOWN_VALUE: Mapping[Language, str] = {"sv": "uppgift saknas", "en": "not known"}

WHY: Mapping[str, tuple[str, str]] = {
    "aged_out": ("Uppgiften är så gammal att den inte längre används.", "The matter is too old to be used."),
    "agreement_ended": ("Överenskommelsen har upphört.", "The agreement has ended."),
    "below_limit": ("Skulden är under gränsen.", "The debt is below the limit."),
    "below_threshold": ("Inget avtal över EU:s tröskelvärde.", "No contract above the EU threshold."),
    "exempt": ("Leverantören är undantagen från registrering.", "The supplier is exempt from filing."),
    "exempt_form": ("Gäller inte den här juridiska formen.", "Does not concern this legal form."),
    "foreign": ("Gäller inte utländska leverantörer.", "Does not concern foreign suppliers."),
    "judged_per_hit": ("Varje träff bedöms för sig.", "Each hit is judged by itself."),
    "legal_form": ("Gäller inte den här juridiska formen.", "Does not concern this legal form."),
    "new_company": ("Nyregistrerat: tiden för anmälan har inte gått ut.", "Newly registered: the time to file still runs."),
    "no_agreement": ("Ingen överenskommelse finns.", "There is no agreement."),
    "no_attestation": ("Inget intyg att bedöma; se reglerna om saknat intyg.", "No attestation to judge; see the rules on missing ones."),
    "no_contract": ("Leverantören har inget avtal som regeln gäller.", "The supplier has no contract that the rule concerns."),
    "no_decision": ("Ingen jurist har noterat något avgörande i akten.", "No lawyer has noted a decision in the case file."),
    "no_name": ("Frågan ställdes på numret ensamt; det finns inget namn att jämföra.", "Asked by number alone; there is no name to compare."),
    "no_owner_filed": ("Ingen huvudman är anmäld; se AGA-03.", "No owner is filed; see AGA-03."),
    "no_request": ("Inget har begärts av leverantören.", "Nothing has been asked of the supplier."),
    "no_payments": ("Inget har betalats de senaste 90 dagarna.", "Nothing was paid in the last 90 days."),
    "not_demanded": ("Avtalet kräver inte registerkontroll.", "The contract does not demand record checks."),
    "not_answered_yet": ("Tiden att svara har inte gått ut.", "The time to reply has not run out."),
    "not_due": ("Kvartalets intyg behöver inte vara inne ännu.", "The quarter's attestation is not due yet."),
    "not_final": ("Avgörandet kan ännu överklagas.", "The decision can still be appealed."),
    "not_in_force": ("Regeln gällde inte den dagen.", "The rule was not in force on that day."),
    "not_invoiced": ("Inget är fakturerat.", "Nothing is invoiced."),
    "not_permit_bound": ("Tjänsten kräver inget tillstånd från IVO.", "The service takes no permit from IVO."),
    "not_recorded": ("Utfärdandedag får inte noteras i området; antalet behöver inte lämnas.", "The day of issue may not be noted in this area; the count need not be given."),
    "not_registered": ("Numret finns inte i registret; se IDE-01.", "The number is not registered; see IDE-01."),
    "nothing_to_compare": ("Varken timmar eller betalningar är kända för månaderna.", "Neither hours nor payments are known for the months."),
    "older_item": ("Ett äldre kvartal; det som nu ska vara inne bedöms.", "An older quarter; the one now due is judged."),
    "organisation": ("Gäller inte juridiska personer.", "Does not concern legal persons."),
    "other_area": ("Lagområdet hör till en annan regel.", "The law area belongs to another rule."),
    "person": ("Gäller inte enskilda näringsidkare.", "Does not concern sole traders."),
    "phase": ("Gäller inte i den här fasen.", "Does not concern this phase."),
    "public_body": ("Gäller inte offentliga organ.", "Does not concern public bodies."),
    "recent_change": ("Nyligen undertecknat; registret kan släpa efter.", "Signed lately; the register may lag."),
    "regime": ("Gäller inte det här regelverket.", "Does not concern this procurement regime."),
    "service": ("Gäller inte den här tjänsten.", "Does not concern this service."),
    "role": ("Gäller inte den här rollen i avtalet.", "Does not concern this role in the contract."),
}  # fmt: skip
"""Why a rule is not applicable, by the word that checks and engine use."""

REASON: Mapping[str, tuple[str, str]] = {
    "no_source": (
        "Ingen ansluten källa lämnar uppgiften för den här formen eller landet. Anslut en källa eller begär uppgiften av leverantören.",
        "No connected source gives this for the legal form or country. Connect one, or ask the supplier.",
    ),
    "not_allowed": (
        "Uppgiften får inte hämtas enligt inställningarna. Begär den av leverantören om den behövs.",
        "The settings do not allow the question. Ask the supplier if it is needed.",
    ),
    "over_budget": ("Budgeten var slut. Höj den eller vänta till nästa körning.", "The budget was spent. Raise it, or wait for the next run."),
    "awaited": ("Begärd och inom svarstiden. Avvakta svaret.", "Asked for and inside its time. Wait for the reply."),
    "not_found": ("Källan har ingen uppgift om leverantören. Begär den av leverantören.", "The source has nothing on the supplier. Ask the supplier."),
    "too_old": ("Uppgiften är för gammal att bedöma på. Hämta en ny.", "The answer is too old to judge by. Get a new one."),
    "redacted": ("Uppgiften är skyddad. Hantera ärendet manuellt.", "The answer is protected. Handle the matter by hand."),
    "partial": ("Källans svar är ofullständigt. Komplettera uppgiften eller hämta om.", "The answer is incomplete. Complete it, or ask again."),
    "source_down": ("Källan svarade inte. Kör om när den fungerar.", "The source did not answer. Run again when it works."),
    "doubtful": ("Uppgifterna motsäger varandra eller är orimliga. Kontrollera dem vid källan.", "The answers contradict each other or are implausible. Check them at the source."),
    "identity": ("Numret är inte bekräftat. Rätta eller godta det i Indatafel.", "The number is not confirmed. Correct or accept it in Indatafel."),
    "short_history": ("Leverantören har följts för kort tid. Bedöms när historiken räcker.", "The supplier has been followed for too short a time. Judged when the history suffices."),
    "rejected_input": ("Underlaget kunde inte tas emot. Begär ett nytt utan otillåtet innehåll.", "What was handed in was refused. Ask for a new one without unlawful content."),
}  # fmt: skip
"""Why a rule could not be judged, with what to do."""


def why(word: str, language: Language = "sv") -> str:
    """The sentence of a not_applicable word; KeyError for a word that is not listed."""
    return WHY[word][0 if language == "sv" else 1]


def reason(word: str, language: Language = "sv") -> str:
    """The sentence of a reason for unknown; KeyError for one that is not listed."""
    return REASON[word][0 if language == "sv" else 1]


ROLES: Mapping[PartyRole, tuple[str, str]] = {
    "sub": ("underleverantör", "sub-supplier"),
    "relied_on": ("åberopat företag", "relied on"),
    "consortium": ("i konsortium", "in a consortium"),
}
"""What the supplier is in a contract that is not its own alone."""


def contract_name(contract: Contract, language: Language = "sv") -> str:
    """The contract's id; of a sub-supplier's, also what the supplier is in it and the main contract it works under."""
    if contract.role == "main":
        return contract.id
    words = ROLES[contract.role][0 if language == "sv" else 1]
    under = contract.main_contract
    if under in ("", contract.id):
        return f"{contract.id} ({words})"
    return f"{contract.id} ({words}, {'under' if language == 'en' else 'till'} {under})"


def finding(rule: Rule, evidence: Mapping[str, Value], language: Language = "sv") -> str:
    """What was seen, as one text; ``evidence`` is a flag's ``seen`` as the engine or the store hands it on."""
    chosen = rule.table.variant.get(str(evidence.get("variant", "")))
    template = (chosen.finding if chosen else rule.table.finding).of(language)
    return fill(template, evidence, language)


def condition(rule: Rule, today: date, language: Language = "sv") -> str:
    """When the rule flags, with the limits in force on ``today``; the last ones where none is yet."""
    versions = rule.limits.versions
    values = rule.limits.values(today) or (versions[-1][1] if versions else {})
    return fill(rule.table.condition.of(language), shown(values), language)


def shown(values: Mapping[str, object], language: Language = "sv") -> dict[str, Value]:
    """Limits as evidence may hold them: a list of several as one text, conditions by limit and field."""
    flat: dict[str, object] = {}
    for name, value in values.items():
        of = [item for item in value if isinstance(item, Condition)] if isinstance(value, tuple) else []
        flat |= limits_of(of) if of else {name: value}
    return {name: _shown(name, value, language) for name, value in flat.items()}


def _shown(name: str, value: object, language: Language) -> Value:
    if isinstance(value, tuple):
        return ", ".join(written(name, _shown(name, item, language), language) for item in value) or "–"
    return value if isinstance(value, str | int | bool | date | Decimal) else str(value)


def fill(template: str, evidence: Mapping[str, Value], language: Language = "sv") -> str:
    """``template`` with its fields written in ``language``; a field without a value says that it is not known.

    A part in ``[square brackets]`` is left out when one of its fields has no value.
    """
    parts: list[str] = []
    for optional, pieces in _parsed(template):
        if optional and any(field is not None and evidence.get(field) in (None, "") for _literal, field in pieces):
            continue
        for literal, field in pieces:
            parts.append(literal)
            if field is not None:
                parts.append(written(field, evidence.get(field), language))
    return "".join(parts)


def written(field: str, value: Value, language: Language = "sv") -> str:  # noqa: PLR0911 - one return per type
    """One value as people read it: money by ``_sek``, shares by ``_share``, places in files by ``_ref``, dates as ISO."""
    if value is None:
        return UNKNOWN_VALUE[language]
    if isinstance(value, bool):
        return {"sv": ("nej", "ja"), "en": ("no", "yes")}[language][value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        value = str(words.word(field, value, language))
        return _place(value, language) if field.endswith("_ref") else _told(field, value, language)
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if field.endswith("_sek"):
        return _money(number, language)
    if field == "share" or field.endswith("_share"):
        return _per_cent(number * 100, language)
    return _number(number, language)


def _per_cent(number: Decimal, language: Language) -> str:
    """With one decimal; what is something but less than that is not told as nothing."""
    sign = f"{NO_BREAK}%" if language == "sv" else "%"
    least = Decimal("0.1")
    if 0 < number < least:
        return {"sv": "under ", "en": "below "}[language] + _number(least, language) + sign
    return _number(round(number, 1), language) + sign


def fields_of(table: RuleTable) -> frozenset[str]:
    """Every field that some text of the rule is filled with."""
    texts = [table.finding, table.action, table.caution, table.resolves]
    texts += [text for item in table.variant.values() for text in (item.finding, item.action) if text is not None]
    texts += [item.action for item in table.ground if item.action is not None]
    texts += table.phase_action.values()
    texts += [item.what for item in table.ask]
    return frozenset().union(*(fields_in(text.of(language)) for text in texts for language in ("sv", "en")))


def fields_in(template: str) -> frozenset[str]:
    """The fields of one template."""
    return frozenset(
        field for _optional, pieces in _parsed(template) for _literal, field in pieces if field is not None
    )


def needed_in(template: str) -> frozenset[str]:
    """The fields of one template that do not stand in square brackets: without a value they would say that it is not known."""
    return frozenset(
        field
        for optional, pieces in _parsed(template)
        if not optional
        for _literal, field in pieces
        if field is not None
    )


Pieces = tuple[tuple[str, str | None], ...]
"""What stands before a field, and the field; the last has none."""

_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


@lru_cache(maxsize=1024)
def _parsed(template: str) -> tuple[tuple[bool, Pieces], ...]:
    """The parts of a template: whether it may be left out, and its pieces."""
    parts = _OPTIONAL.split(template)  # every second part stood in brackets
    return tuple((number % 2 == 1, _pieces(part)) for number, part in enumerate(parts) if part)


def _pieces(part: str) -> Pieces:
    return tuple((literal, field) for literal, field, _spec, _conversion in string.Formatter().parse(part))


_POINTS: Mapping[str, tuple[str, str]] = {
    "tender": ("kontrollen av anbud {}", "this check of tender {}"),
    "award": ("tilldelning av avtal {}", "the award of contract {}"),
    "start": ("start av avtal {}", "the start of contract {}"),
    "option": ("option i avtal {}", "an option of contract {}"),
    "end": ("slutet på avtal {}", "the end of contract {}"),
}


_TENDER = re.compile(r"anbud(?: |$)", re.IGNORECASE)
"""Begins the name of a tender, which the text has said already; a check without a case has no more than that."""


def _told(field: str, value: str, language: Language) -> str:
    """A text as it stands; the dates of contracts (``_timing``) as a list of so many days before or after."""
    if not field.endswith("_timing"):
        return value
    return "; ".join(_moment(item, language) for item in decode(value))


def _moment(item: Moment, language: Language) -> str:
    swedish = language == "sv"
    name = item.contract_id if item.point != "tender" else _TENDER.sub("", item.contract_id)
    point = _POINTS[item.point][not swedish].format(name).rstrip()
    dated = "" if item.point == "tender" else f" ({item.on})"
    days = abs(item.days)
    if days == 0:
        return f"{'samma dag som' if swedish else 'on the day of'} {point}{dated}"
    unit = ("dag" if swedish else "day") if days == 1 else ("dagar" if swedish else "days")
    before = item.days < 0
    side = ("före" if before else "efter") if swedish else ("before" if before else "after")
    return f"{days} {unit} {side} {point}{dated}"


def _place(reference: str, language: Language) -> str:
    """``in/2026-11/intyg.xlsx#Intyg#2`` as a person finds it: file, sheet and row."""
    path, *inside = reference.split("#")
    sheet, row = ("bladet", "rad") if language == "sv" else ("sheet", "row")
    named = [f"{row} {part}" if part.isdigit() else f"{sheet} {part}" for part in inside if part]
    return ", ".join([path.replace("\\", "/").rsplit("/", 1)[-1], *named])


def _money(number: Decimal, language: Language) -> str:
    whole = number == number.to_integral_value()
    text = _number(number if whole else number.quantize(Decimal("0.01")), language, fixed=not whole)
    return f"{text}{NO_BREAK}kr" if language == "sv" else f"SEK{NO_BREAK}{text}"


def _number(number: Decimal, language: Language, *, fixed: bool = False) -> str:
    if not fixed and number == number.to_integral_value():
        number = number.to_integral_value()
    text = f"{number:,f}"
    if language == "en":
        return text.replace("-", "\u2212")
    return text.replace(",", NO_BREAK).replace(".", ",").replace("-", "\u2212")
