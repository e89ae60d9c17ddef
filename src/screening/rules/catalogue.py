"""A page per rule in Markdown, made from the rule alone: condition, why, law, example, exclusions, cautions, limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from screening.model import Phase, Value
from screening.rules import words
from screening.rules.binding import Need
from screening.rules.case_table import Case
from screening.rules.cases import judge_case
from screening.rules.notes import notes_of
from screening.rules.rule import DOCUMENTS, Rule
from screening.rules.table import Ask, Ground, Language, RuleTable, Text
from screening.rules.texts import NO_BREAK, fill, finding, reason, shown, why, written

_SEVERITY: Mapping[Language, Mapping[str, str]] = {
    "sv": {"critical": "KRITISK", "high": "HÖG", "medium": "MEDEL", "low": "LÅG"},
    "en": {"critical": "CRITICAL", "high": "HIGH", "medium": "MEDIUM", "low": "LOW"},
}
_OUTCOME: Mapping[str, str] = {
    "flag": "flaggas",
    "clear": "utan anmärkning",
    "unknown": "ej bedömbar",
    "not_applicable": "ej aktuell",
}
_PHASE: Mapping[Phase, str] = {"tender": "anbud", "contract": "avtal", "payment": "löpande betalning"}
_SCOPE: Mapping[str, str] = {
    "supplier": "en bedömning per leverantör",
    "contract": "en bedömning per avtal",
    "item": "en bedömning per sak (ett kvartal och lagområde, en träff, en begäran …)",
}
_FAMILY: Mapping[str, str] = {
    "SKA": "Skatt",
    "REG": "Registerkontroll, försäkran, tillstånd och begärda svar",
    "AGA": "Ägare, styrelse och register",
    "KRE": "Kredit",
    "IDE": "Identitet: rätt leverantör bakom numret",
    "SAN": "Sanktioner",
    "BET": "Betalningar och avtal",
    "TID": "Utförd tid",
}
_KIND: Mapping[str, str] = {
    "organisation": "juridiska personer",
    "person": "enskilda näringsidkare",
    "foreign": "utländska leverantörer",
    "unidentified": "leverantörer utan nummer",
}
_ASKED: Mapping[str, str] = {
    "tax_account": "kontoutdrag",
    "record_check_attestation": "intyg om registerkontroll",
    "declaration": "sanningsförsäkran",
    "payment_agreement": "betalningsplan eller anstånd",
    "care_permit": "tillstånd",
    "explanation": "förklaring",
}


def index(rules: Iterable[Rule]) -> str:
    """The catalogue's first page: every rule by family, with its severity and a link."""
    by_family: dict[str, list[Rule]] = {}
    for rule in rules:
        by_family.setdefault(rule.family, []).append(rule)
    parts = ["# Regler"]
    for family, own in by_family.items():
        rows = [
            f"| [{rule.id}]({rule.id}.md) | {rule.title['sv']} | {_severities(rule)} | {rule.scope} |" for rule in own
        ]
        head = ["| Regel | Titel | Allvarlighet | Gäller per |", "|---|---|---|---|"]
        parts.append("\n".join([f"## {family}: {_FAMILY.get(family, family)}", "", *head, *rows]))
    return "\n\n".join(parts) + "\n"


def page(rule: Rule, today: date | None = None) -> str:
    """Everything that a controller or a lawyer wants to know of one rule; its texts with the limits of ``today``, or the last."""
    table = rule.table
    facts = [
        f"**Allvarlighet:** {_severities(rule)}.",
        f"**Räknas:** {_SCOPE[rule.scope]}.",
        f"**Fil:** `rules/{rule.file}`.",
        f"**Kontroll:** `checks/{table.check}.py`.",
    ]
    parts = [
        f"# {rule.id} {table.title.sv}",
        f"*{table.title.en}*",
        " ".join(facts),
        _section("När den flaggar", _filled(table.condition, rule, today)),
        _section("Varför det är en signal", table.why.sv),
        _section("Vad som behöver ses", table.source.sv, *_needs(rule)),
        _section("Gränser", *_limits(rule), *_changes(rule)),
        _section("Lag", *_law(rule)),
        _section("Exempel", *_example(rule)),
        _section("När den inte gäller", *_exclusions(rule)),
        _section("Felkällor", table.caution.sv),
        _section("Föreslagen åtgärd", *_actions(table)),
        _section("Vad som löser den", _filled(table.resolves, rule, today)),
        _section("Vad som begärs av leverantören", *_asks(rule)),
        _section("Prövade fall", *_cases(table.case)),
        _section("In English", *_english(rule, today)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(heading: str, *paragraphs: str) -> str:
    kept = [text for text in paragraphs if text]
    return f"## {heading}\n\n" + "\n\n".join(kept) if kept else ""


def _severities(rule: Rule) -> str:
    severities = _SEVERITY["sv"]
    levels = sorted({severities[severity] for severity in rule.table.levels.values()} - {severities[rule.severity]})
    raised = rule.table.raised_by
    more = []
    if raised is not None:
        by = [*raised.rules, *(f"{name}-regler" for name in raised.families)]
        told = f" som anger {', '.join(f'`{name}`' for name in raised.seen)}" if raised.seen else ""
        more = [f"{severities[raised.to]} tillsammans med {', '.join(by)}{told}"]
    return "; ".join([severities[rule.severity], *levels, *more])


def _needs(rule: Rule) -> Iterator[str]:
    yield "\n".join(
        f"- {words.kind(need.kind, 'sv')} (`{need.kind}`): {_need(need)}; {_age(rule, need)}"
        for need in rule.binding.needs
    )


def _need(need: Need) -> str:
    how = {"one": "senaste svaret", "each": "alla gällande", "history": "historiken"}[need.shape]
    return f"{how}, {'vägs in när det finns' if need.optional else 'krävs'}"


def _age(rule: Rule, need: Need) -> str:
    days = rule.max_age_days(need.kind)
    if need.kind in DOCUMENTS and days is None:
        return "handlingens egen ålder avgör"
    return f"högst {days} dagar gammalt"


def _limits(rule: Rule) -> Iterator[str]:
    notes = notes_of(rule.text)
    for start, values in rule.limits.versions:
        rows = [
            f"| {words.limit(name, 'sv', rule.table)} (`{name}`) | {written(name, value).replace(NO_BREAK, ' ')} | {notes.get((start, name), '')} |"
            for name, value in shown(values).items()
        ]
        yield "\n".join([f"Från {start}:", "", "| gräns | värde | varifrån, och hur säkert |", "|---|---|---|", *rows])


def _changes(rule: Rule) -> Iterator[str]:
    """What is otherwise from a day on, beside the limits, and how old an event may be."""
    severities = _SEVERITY["sv"]
    for change in rule.table.change:
        told = [f"allvarlighet {severities[change.severity]}"] if change.severity else []
        told += [f"`{name}` {severities[severity]}" for name, severity in change.levels.items()]
        told += [f"högst {change.max_age_days} dagar gammalt underlag"] if change.max_age_days is not None else []
        told += [f"{words.kind(kind, 'sv')} högst {days} dagar gammalt" for kind, days in change.max_age.items()]
        yield f"Från {change.from_}: {'; '.join(told)}."
    for limit in rule.table.look_back:
        where = "" if limit.elsewhere else " Bara i upphandlingar enligt LOU, LUF och LUK."
        yield f"Från {limit.from_}: händelser äldre än {limit.years} år används inte ({limit.basis}).{where}"


def _law(rule: Rule) -> Iterator[str]:
    table = rule.table
    if table.no_basis is not None:
        yield table.no_basis.sv
    rows = [
        f"| {_words(ground.regime)} | {_words(_PHASE[phase] for phase in ground.phase)} | {_words(ground.service)} | {_days(ground)} "
        f"| {'; '.join(table.basis if ground.basis is None else ground.basis)} | {ground.force or table.force} |"
        for ground in table.ground
    ]
    rows.append(f"| övriga | övriga | övriga | | {'; '.join(table.basis) or '–'} | {table.force} |")
    head = ["| regelverk | fas | tjänst | gäller | lagrum | styrka |", "|---|---|---|---|---|---|"]
    yield "\n".join([*head, *rows])
    yield "Den första raden som stämmer gäller. Utan avtal finns inget regelverk, och fasen är löpande betalning."
    yield f"Lagen senast läst {table.checked}. Texterna är neutrala: en handläggare bedömer, och leverantören hörs först."


def _days(ground: Ground) -> str:
    return f"från {ground.from_}" + (f" till {ground.to}" if ground.to is not None else "")


def _actions(table: RuleTable) -> Iterator[str]:
    yield table.action.sv
    yield from (f"I fasen {_PHASE[phase]}: {text.sv}" for phase, text in table.phase_action.items())


def _words(values: Iterable[str]) -> str:
    return ", ".join(values) or "alla"


def _example(rule: Rule, language: Language = "sv") -> Iterator[str]:
    """One sentence as the report would hold it for each way of being flagged: the rule's own cases, executed."""
    told: dict[tuple[str, str], str] = {}
    for case in rule.table.case:
        if case.expect != "flag":
            continue
        for judged in judge_case(rule, case):
            verdict = judged.verdict
            if verdict.outcome == "flag" and judged.severity is not None:
                sentence = finding(rule, verdict.seen, language).replace(NO_BREAK, " ")
                key = (verdict.level, str(verdict.seen.get("variant", "")))
                told.setdefault(key, f"> **{_SEVERITY[language][judged.severity]}** {sentence}")
    yield "\n>\n".join(dict.fromkeys(told.values()))


def _exclusions(rule: Rule) -> Iterator[str]:
    """What the rule says of whom it concerns, and what its cases show that it does not."""
    applies = rule.table.applies
    phases = [_PHASE[phase] for phase in applies.phases]
    limits: list[tuple[str, Sequence[str]]] = [
        ("Gäller bara {}.", [_KIND[kind] for kind in applies.kinds]),
        ("Gäller bara formerna {}.", applies.forms),
        ("Gäller inte formerna {}.", applies.not_forms),
        ("Gäller inte {}.", [] if applies.public_bodies else ["stat, kommuner och regioner"]),
        ("Gäller bara regelverken {}.", applies.regimes),
        ("Gäller inte regelverken {}.", applies.not_regimes),
        ("Gäller bara i fasen {}.", phases),
        ("Gäller bara i rollen {}.", applies.roles),
        ("Gäller bara tjänsten {}.", applies.services),
    ]
    told = [text.format(", ".join(names)) for text, names in limits if names]
    reasons = sorted({case.reason for case in rule.table.case if case.expect == "not_applicable" and case.reason})
    told += [why(word) for word in reasons]
    if told:
        yield "\n".join(f"- {line}" for line in dict.fromkeys(told))


def _asks(rule: Rule) -> Iterator[str]:
    """The points of the letter with the values of one of the rule's cases, and by when."""
    for ask in rule.table.ask:
        when = " och ".join(
            {"flag": "en flagga", "unknown": "underlag som saknas"}[outcome] for outcome in ask.outcomes
        )
        phases = f" i fasen {', '.join(_PHASE[phase] for phase in ask.phases)}" if ask.phases else ""
        levels = f" med nivån {', '.join(f'`{level}`' for level in ask.levels)}" if ask.levels else ""
        yield f"Vid {when}{levels}{phases}, inom {ask.days} arbetsdagar: **{_ASKED[ask.kind]}**. {_asked(rule, ask)}"


def _asked(rule: Rule, ask: Ask, language: Language = "sv") -> str:
    """What is asked for, as of the first flagged case; without values where it is asked of an unknown alone."""
    seen: Mapping[str, Value] = {}
    if "flag" in ask.outcomes:
        cases = (judged for case in rule.cases if case.expect == "flag" for judged in judge_case(rule, case))
        seen = next((item.verdict.seen for item in cases if ask.wants(item.verdict.outcome, item.verdict.level)), {})
    return fill(ask.what.of(language), seen, language).replace(NO_BREAK, " ")


def _english(rule: Rule, today: date | None) -> Iterator[str]:
    """The same rule in English, for whoever reads no Swedish."""
    table = rule.table
    yield f"**Flags when.** {_filled(table.condition, rule, today, 'en')}"
    yield f"**Why.** {table.why.en}"
    yield from _example(rule, "en")
    yield f"**Action.** {table.action.en}"
    yield f"**Cautions.** {table.caution.en}"
    yield f"**Resolved by.** {_filled(table.resolves, rule, today, 'en')}"
    if table.no_basis is not None:
        yield table.no_basis.en
    yield from (f"**Ask for** ({ask.days} working days): {_asked(rule, ask, 'en')}" for ask in table.ask)


def _filled(template: Text, rule: Rule, today: date | None, language: Language = "sv") -> str:
    """A text with the limits in force on ``today``; without a day, or before the first, with the last ones."""
    versions = rule.limits.versions
    values = (rule.limits.values(today) if today is not None else None) or (versions[-1][1] if versions else {})
    return fill(template.of(language), shown(values, language), language).replace(NO_BREAK, " ")


def _cases(cases: Iterable[Case]) -> Iterator[str]:
    yield "\n".join(
        f"- {case.title('sv')}: **{_OUTCOME[case.expect]}**{_because(case)}{_marks(case)}" for case in cases
    )


def _marks(case: Case) -> str:
    """Which limit a case stands at, and that it is the typical false alarm."""
    marks = [f"vid gränsen `{name}`" for name in case.boundaries]
    marks += ["typiskt falsklarm"] if case.false_positive else []
    return f" – {', '.join(marks)}" if marks else ""


def _because(case: Case) -> str:
    value: Value = case.reason
    if case.expect == "unknown" and isinstance(value, str):
        return f" ({reason(value).split('. ')[0].lower()})"
    return ""
