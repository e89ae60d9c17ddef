"""The reasoning behind a verdict, also a clear one: facts, dates, limits, law, what resembles it, what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from screening.model import Dossier, Fact, Judged, Outcome, Severity, Value
from screening.rules import texts
from screening.rules.engine import Judging
from screening.rules.rule import Law, Rule
from screening.rules.table import Language
from screening.rules.weighing import Call, weigh

_WORDS: Mapping[str, tuple[str, str]] = {
    "flag": ("FLAGGA", "FLAG"),
    "clear": ("utan anmärkning", "clear"),
    "unknown": ("EJ BEDÖMBAR", "NOT ASSESSABLE"),
    "not_applicable": ("ej aktuell", "not applicable"),
    "critical": ("KRITISK", "CRITICAL"),
    "high": ("HÖG", "HIGH"),
    "medium": ("MEDEL", "MEDIUM"),
    "low": ("LÅG", "LOW"),
    "facts": ("Uppgifter", "Facts"),
    "seen": ("Sett", "Seen"),
    "limits": ("Gränser", "Limits"),
    "law": ("Lag", "Law"),
    "missing": ("Kunde inte vägas in", "Could not be weighed"),
    "resolves": ("Löses av", "Resolved by"),
    "condition": ("Flaggar när", "Flags when"),
    "caution": ("Felkällor", "Cautions"),
    "action": ("Åtgärd", "Action"),
    "alike": ("Liknande fall", "Cases alike"),
    "raised": ("Höjd på grund av", "Raised by"),
    "contracts": ("Avtal", "Contracts"),
    "as_of": ("per", "as of"),
    "fetched": ("hämtad", "fetched"),
    "nothing": (
        "Ingen profil förväntar någon regel av leverantören; inget frågas, bedöms eller sparas.",
        "No profile expects a rule of this supplier; nothing is asked, judged or kept.",
    ),
}


@dataclass(frozen=True, slots=True)
class Explained:
    """One verdict with everything that led to it.

    Attributes:
        sentence: what was seen, why it could not be judged, or why it is not concerned.
        facts: kind, source, the day it holds for and when it was fetched, of each fact behind the verdict.
        seen: the values that were weighed.
        limits: those in force, under the supplier's profile.
        law: of the contract that is first to be acted on.
        laws: every law that its contracts rest on, with their ids, where they rest on several.
        parts: per profile, where profiles with other limits gave answers of their own.
        alike: names of the rule's own cases that came out the same way.
    """

    rule: Rule
    scope_key: str
    outcome: Outcome
    severity: Severity | None
    sentence: str
    facts: tuple[tuple[str, str, date, date], ...]
    seen: Mapping[str, Value]
    limits: Mapping[str, Value]
    law: Law
    missing: tuple[str, ...]
    raised_by: tuple[str, ...]
    contracts: tuple[str, ...]
    alike: tuple[str, ...]
    laws: tuple[tuple[Law, tuple[str, ...]], ...] = ()
    parts: tuple[Explained, ...] = ()


def explain(
    judging: Judging, dossier: Dossier, language: Language = "sv", rule: str | None = None, scope_key: str | None = None
) -> list[Explained]:
    """Why each expected rule came out as it did for this supplier; of one rule or scope key when named."""
    calls = judging.calls(dossier)
    judged = weigh(calls, dossier.supplier.id)
    return [
        _explained(call, item, judging.today, language)
        for call, item in zip(calls, judged, strict=True)
        if rule in (None, item.rule) and scope_key in (None, item.scope_key)
    ]


def _explained(call: Call, item: Judged, today: date, language: Language) -> Explained:
    rule, verdict = call.bound.rule, item.verdict
    laws = rule.laws_of(call.contracts, today, verdict.seen.get("variant"))
    return Explained(
        rule=rule,
        scope_key=item.scope_key,
        outcome=verdict.outcome,
        severity=item.severity,
        sentence=sentence(rule, item, language),
        facts=tuple(_fact(fact) for fact in verdict.facts),
        seen={name: value for name, value in verdict.seen.items() if name not in call.bound.shown},
        limits=texts.shown(call.bound.values or {}, language),
        law=laws[0][0],
        missing=verdict.missing,
        raised_by=item.raised_by,
        contracts=item.contracts,
        alike=tuple(case.name for case in rule.table.case if _is_alike(case.expect, case.level, case.reason, item))[:3],
        laws=laws if len(laws) > 1 else (),
        parts=tuple(_explained(part, weigh([part], item.supplier_id)[0], today, language) for part in call.parts),
    )


def sentence(rule: Rule, item: Judged, language: Language = "sv") -> str:
    """A verdict in one sentence: what was seen, or why there is nothing to see."""
    verdict = item.verdict
    if verdict.outcome == "flag":
        return texts.finding(rule, verdict.seen, language)
    if verdict.outcome == "unknown":
        return texts.reason(verdict.reason, language)
    if verdict.outcome == "not_applicable":
        return texts.why(verdict.reason, language)
    return _of("clear", language).capitalize() + "."


def _fact(fact: Fact) -> tuple[str, str, date, date]:
    return fact.kind, fact.provenance.source, fact.provenance.held_on, fact.provenance.fetched_at.date()


def _is_alike(expect: Outcome, level: str | None, reason: str | None, item: Judged) -> bool:
    verdict = item.verdict
    same_level = verdict.outcome != "flag" or level in (None, verdict.level)
    return expect == verdict.outcome and same_level and reason in (None, verdict.reason)


# --- lines ------------------------------------------------------------------------------------------------------------
def lines(explained: Sequence[Explained], language: Language = "sv") -> Iterator[str]:
    """The reasoning as lines to print, an empty line between verdicts."""
    if not explained:
        yield _of("nothing", language)
    for number, item in enumerate(explained):
        if number:
            yield ""
        yield from _lines(item, language)


def _lines(item: Explained, language: Language) -> Iterator[str]:
    title = item.rule.title[language]
    head = [_of(item.outcome, language)]
    if item.severity is not None:
        head.append(_of(item.severity, language))
    key = f" ({item.scope_key})" if item.scope_key else ""
    yield f"{item.rule.id} {title}{key}: {', '.join(head)}"
    yield f"  {item.sentence}"
    rows: list[tuple[str, Iterable[str]]] = [
        ("raised", item.raised_by),
        ("contracts", item.contracts),
        ("facts", (_told(fact, language) for fact in item.facts)),
        ("seen", _values(item.seen, language)),
        ("missing", item.missing),
        ("limits", _values(item.limits, language)),
    ]
    for name, parts in rows:
        if told := "; ".join(parts):
            yield f"  {_of(name, language)}: {told}"
    for part in item.parts:
        limits = "; ".join(_values(part.limits, language))
        yield f"  {', '.join(part.contracts)}: {_of(part.outcome, language)}. {part.sentence} {_of('limits', language)}: {limits}"
    if item.outcome == "not_applicable":
        return
    for law, contracts in item.laws or ((item.law, ()),):
        about = f" ({', '.join(contracts)})" if contracts else ""
        yield f"  {_of('law', language)}{about}: {'; '.join(law.basis) or '–'} ({law.force})"
    evidence = {**item.limits, **item.seen}
    table = item.rule.table
    if item.outcome == "flag":
        for action in dict.fromkeys(law.action for law, _contracts in item.laws or ((item.law, ()),)):
            yield f"  {_of('action', language)}: {texts.fill(action.of(language), evidence, language)}"
        yield f"  {_of('caution', language)}: {texts.fill(table.caution.of(language), evidence, language)}"
        yield f"  {_of('resolves', language)}: {texts.fill(table.resolves.of(language), evidence, language)}"
    else:
        yield f"  {_of('condition', language)}: {texts.fill(table.condition.of(language), evidence, language)}"
    if item.alike:
        yield f"  {_of('alike', language)}: {'; '.join(item.alike)}"


def _told(fact: tuple[str, str, date, date], language: Language) -> str:
    kind, source, as_of, fetched_on = fact
    return f"{kind} ({source}) {_of('as_of', language)} {as_of}, {_of('fetched', language)} {fetched_on}"


def _values(values: Mapping[str, Value], language: Language) -> Iterator[str]:
    for name, value in values.items():
        if value is not None and name != "variant":
            yield f"{name} = {texts.written(name, value, language)}"


def _of(word: str, language: Language) -> str:
    return _WORDS[word][0 if language == "sv" else 1]
