"""Rows of the working lists: Flaggor, Leverantörer, Ej bedömbara and Avslutade, for one supplier at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from screening.decisions import sealed as check_value
from screening.model import Contract, DocumentRequest, Finding
from screening.report import notice, texts
from screening.report.desk import Case, Desk, bought, outlook, place
from screening.report.layout import FLAGS, UNKNOWNS, Layout
from screening.report.ruletexts import RuleTexts, area, because
from screening.report.workdays import deadline
from screening.rules.texts import contract_name
from screening.store import Decision, FollowUp

Row = list[object]


def money(value: Decimal | None) -> float | int | None:
    """An amount as a cell holds it."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def sealed(desk: Desk, layout: Layout, row: Row, name: str) -> Row:
    """The row with its check value: whose it is, of which run, and a hash of every cell that people do not write in."""
    fixed = [cell for column, cell in zip(layout.columns, row, strict=False) if not column.fill]
    return [*row, check_value(desk.store, desk.run.id, name, fixed)]


# --- Flaggor ----------------------------------------------------------------------------------------------------------
def flags(desk: Desk, case: Case) -> Iterator[Row]:
    """One row per standing flag and unit."""
    for finding in case.flags:
        for unit, contracts in desk.by_unit(case, finding.contracts).items():
            yield sealed(desk, FLAGS, _flag(desk, case, finding, unit, contracts), finding.finding_id)


def _flag(desk: Desk, case: Case, finding: Finding, unit: str, contracts: list[Contract]) -> Row:
    language, words = desk.language, desk.words
    contract = min(
        contracts, key=lambda item: (item.phase != "tender", item.ends_on or date.max, item.id), default=None
    )
    phase = contract.phase if contract else "payment"
    return [
        finding.finding_id,
        desk.config.organisation.name,
        unit,
        ", ".join(sorted({item.owner for item in contracts if item.owner})),
        finding.rule,
        words.title(finding.rule),
        texts.word(texts.SEVERITY, finding.severity or "low", language),
        case.name,
        case.number,
        case.own_numbers,
        "\n".join(contract_name(item, language) for item in contracts),
        iso(min((item.ends_on for item in contracts if item.ends_on), default=None)),
        texts.word(texts.PHASE, phase, language),
        words.observed(finding),
        money(amount(desk, finding)),
        money(bought(case, unit)),
        iso(finding.as_of),
        desk.source(finding.source),
        (desk.today - finding.as_of).days if finding.as_of else None,
        *told(words, finding, contracts),
        words.caution(finding),
        texts.word(texts.STATUS, finding.status, language),
        finding.first_seen,
        iso(deadline(finding, desk.run)),
        *_decided(desk.decisions.get(finding.finding_id)),
        "\n".join(notice.of_flag(desk, case, finding, contracts)),
    ]


def told(words: RuleTexts, finding: Finding, contracts: Iterable[Contract]) -> tuple[str, str, str]:
    """Paragraphs, force and what to do; where the contracts rest on several laws, a line for each with its contracts.

    An action that several laws want is told once.
    """
    laws = words.laws(finding, contracts)
    bases = [f"{whose}{'; '.join(law.basis)}" for law, whose in laws]
    forces = [f"{whose}{texts.word(texts.FORCE, law.force, words.language)}" for law, whose in laws]
    actions: dict[str, str] = {}
    for law, whose in laws:
        action = words.filled(law.action, finding)
        actions[action] = f"{actions[action][:-2]}, {whose}" if action in actions else whose
    several = len(actions) > 1
    to_do = [f"{whose if several else ''}{action}" for action, whose in actions.items()]
    return "\n".join(bases), "\n".join(forces), "\n".join(to_do)


def _decided(decision: Decision | None) -> Row:
    """What people wrote last, in the columns that they write in: they go on from there."""
    if decision is None:
        return [None] * 6
    return [
        iso(decision.reply_by),
        decision.by or None,
        decision.assessment or None,
        decision.reason or None,
        iso(decision.until),
        decision.diary or None,
    ]


def amount(desk: Desk, finding: Finding) -> Decimal | None:
    """The sum that the flag is about, if it is about one."""
    name = desk.words.amount_name(finding)
    value = finding.evidence.get(name) if name else None
    return Decimal(str(value)) if isinstance(value, int | float | Decimal) else None


def iso(day: date | None) -> str | None:
    """A date as the store keeps it in a row."""
    return day.isoformat() if day else None


# --- Leverantörer -----------------------------------------------------------------------------------------------------
AREAS = ("Skatt", "Registerkontroll", "Ägare", "Kredit", "Register")


def supplier(desk: Desk, case: Case) -> Row:
    """One row: how the supplier stands in each area, and in a sentence."""
    language = desk.language
    worst = case.worst
    return [
        case.name,
        case.number,
        case.own_numbers,
        texts.word(texts.SUPPLIER_KIND, case.supplier.kind, language),
        "\n".join(desk.units(case)),
        money(case.spend),
        *(texts.word(texts.AREA_STATE, state, language) for state in areas(case)),
        overall(desk, case),
        len(case.flags) or None,
        texts.word(texts.SEVERITY, worst, language) if worst else None,
        place(desk, case).points or None,
        sentence(desk, case),
        "\n".join([*notice.of_supplier(desk, case), *notice.of_contracts(desk, case)]),
    ]


def areas(case: Case) -> list[str]:
    """Per area: a flag shows first, then what is not known; OK only where rules were judged and nothing was found."""
    flagged = {area(item.rule) for item in case.flags}
    unknown = {area(item.rule) for item in case.unknowns}
    expected = {area(rule) for rule in case.expected}
    doubt = case.supplier.kind == "unidentified"
    found = []
    for name in AREAS:
        if name in flagged:
            found.append("flag")
        elif name in unknown or (doubt and name in expected):
            found.append("unknown")
        else:
            found.append("ok" if name in expected else "none")
    return found


def overall(desk: Desk, case: Case) -> str:
    """The status of the supplier as a whole, in neutral words."""
    if not case.flags and not case.expected:
        return desk.say("Utanför kontroll", "Outside the check")
    return outlook(desk, case).heading(desk.language)


def sentence(desk: Desk, case: Case) -> str:
    """Why: what was flagged and how it weighs together, and what could not be judged."""
    parts = []
    if case.flags:
        parts.append(f"{'; '.join(sorted({desk.words.title(flag.rule) for flag in case.flags}))}.")
    if case.flags or case.checked:
        parts.append(outlook(desk, case).sentence(desk.language))
    if case.supplier.kind == "unidentified":
        parts.append(desk.say("Organisationsnummer saknas eller är fel.", "No usable organisation number."))
    missing = {desk.words.missing(item) for item in case.unknowns}
    if "identity" in missing and case.supplier.kind != "unidentified":
        parts.append(desk.say("Numret måste bekräftas först.", "The number has to be confirmed first."))
    things = sorted(texts.word(texts.KIND, thing, desk.language) for thing in missing - {"identity"})
    if things:
        parts.append(desk.say(f"Underlag saknas: {', '.join(things)}.", f"Missing: {', '.join(things)}."))
    if not case.expected:
        parts.append(desk.say("Ingen profil gäller leverantören.", "No profile concerns the supplier."))
    return " ".join(parts)


# --- Ej bedömbara -----------------------------------------------------------------------------------------------------
def unknowns(desk: Desk, case: Case) -> Iterator[tuple[str, str, Row]]:
    """(missing thing, reason, row) per source or document that is missing, with the rules that it blocks."""
    blocked: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for item in case.unknowns:
        since = desk.first_seen.get((item.supplier_id, item.rule, item.scope_key), desk.run.period)
        blocked[desk.words.missing(item), item.verdict.reason].append((item.rule, since))
    if not blocked and case.supplier.kind == "unidentified":
        blocked["identity", "identity"] = []
    asked = _requests(case)
    for (thing, reason), items in sorted(blocked.items()):
        why, to_do = because(reason, desk.language)
        request = asked.get(thing)
        document = thing in texts.DOCUMENTS
        if document and reason == "too_old":
            to_do = desk.say("Begär en ny av leverantören.", "Ask the supplier for a new one.")
        if thing == CLAUSE:
            why, to_do = desk.say(*UNSAID[0]), desk.say(*UNSAID[1])
        row: Row = [
            case.name,
            texts.word(texts.KIND, thing, desk.language),
            case.number,
            case.own_numbers,
            "\n".join(desk.units(case)),
            desk.say("Handling", "Document") if document else desk.say(*WHERE.get(thing, ("Källa", "Source"))),
            ", ".join(sorted({rule for rule, _since in items})),
            why,
            to_do,
            money(case.spend),
            min((since for _rule, since in items), default=desk.run.period),
            *_followed(desk.follow_ups.get((case.supplier.id, thing)), request),
        ]
        row.append(notice.late_document(desk, row[12]))
        yield thing, reason, sealed(desk, UNKNOWNS, row, f"{case.supplier.id} {thing}")


CLAUSE = "record_check_clause"
UNSAID = (
    (
        "Avtalslistan säger inte om avtalet kräver registerkontroll.",
        "The contract list does not say whether the contract demands record checks.",
    ),
    ("Skriv ja eller nej i listan.", "Write yes or no in the list."),
)
WHERE = {"identity": ("Indata", "Input"), CLAUSE: ("Indata", "Input")}
"""Where a missing thing is to be found, when it is neither a document nor an answer of a source."""


def _followed(wrote: FollowUp | None, request: DocumentRequest | None) -> Row:
    """Begärd den, Svar senast, Handläggare and Kommentar: what people wrote last, else what the case file says."""
    asked_on, reply_by = (request.requested_on, request.reply_by_on) if request else (None, None)
    if wrote is None:
        return [iso(asked_on), iso(reply_by), None, None]
    return [
        iso(wrote.requested_on or asked_on),
        iso(wrote.reply_by or reply_by),
        wrote.by or None,
        wrote.comment or None,
    ]


def reply_by(desk: Desk, case: Case, thing: str) -> date | None:
    """The last day to hand in a missing thing, where somebody has asked for it."""
    wrote, request = desk.follow_ups.get((case.supplier.id, thing)), _requests(case).get(thing)
    if wrote is not None and wrote.reply_by is not None:
        return wrote.reply_by
    return request.reply_by_on if request else None


def _requests(case: Case) -> Mapping[str, DocumentRequest]:
    """The newest request per kind of document."""
    facts = case.dossier.facts.get("document_request", ())
    return {fact.for_kind: fact for fact in facts if isinstance(fact, DocumentRequest)}


# --- Avslutade --------------------------------------------------------------------------------------------------------
def ended(desk: Desk, case: Case | None, name: str, finding: Finding) -> Iterator[Row]:
    """One row per unit for a flag that was resolved or ended this time."""
    units = list(desk.by_unit(case, finding.contracts)) if case else [desk.unit("")]
    resolved = finding.status == "resolved"
    why = desk.say(
        "En nyare uppgift visar att flaggan inte längre gäller.", "A newer answer shows that it no longer holds."
    )
    gone = desk.say(
        "Leverantören, avtalet eller regeln omfattas inte längre.",
        "The supplier, contract or rule is no longer concerned.",
    )
    for unit in units:
        yield [
            finding.finding_id,
            unit,
            finding.rule,
            desk.words.title(finding.rule),
            texts.word(texts.SEVERITY, finding.severity or "low", desk.language),
            name,
            case.number if case else "",
            case.own_numbers if case else "",
            desk.words.observed(finding),
            texts.word(texts.STATUS, finding.status, desk.language),
            why if resolved else gone,
            finding.first_seen,
            iso(finding.as_of),
            desk.source(finding.source),
        ]
