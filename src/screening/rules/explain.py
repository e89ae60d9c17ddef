"""The reasoning behind a verdict, also a clear one: facts, dates, limits, law, what resembles it, what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from screening.model import Contract, Dossier, Fact, Judged, Outcome, Severity, Value
from screening.rules import texts
from screening.rules.alike import alike
from screening.rules.engine import Judging
from screening.rules.rule import Law, Rule
from screening.rules.table import Language, Text
from screening.rules.turns import Turn, turns
from screening.rules.weighing import Call, weigh

CLEAR = Text(sv="Utan anmärkning.", en="Clear.")


_SETTINGS: Mapping[str, tuple[str, str]] = {
    "LOU_under": ("LOU under tröskelvärdet", "LOU below the threshold"),
    "LOU_annex2": ("LOU bilaga 2", "LOU annex 2"),
    "direct": ("direktupphandling", "direct procurement"),
    "tender": ("anbud", "tender"),
    "contract": ("avtal", "contract"),
    "payment": ("löpande betalning", "payments"),
    "consortium": ("konsortium", "consortium"),
    "sub": ("underleverantör", "sub-supplier"),
    "relied_on": ("åberopat företag", "relied-on company"),
}


@dataclass(frozen=True, slots=True)
class Explained:
    """One verdict with everything that led to it.

    Attributes:
        sentence: what was seen, why it could not be judged, or why it is not concerned.
        facts: kind, source, the day it holds for and when it was fetched, of each fact behind the verdict.
        seen: the values that were weighed.
        limits: those in force, under the supplier's profile; ``limits_from`` is the day from which the rule has them.
        law: of the contract that is first to be acted on.
        laws: every law that its contracts rest on, with their ids, where they rest on several.
        settings: contract id -> regime, phase and service, which decide the law.
        parts: per profile, where profiles with other limits gave answers of their own.
        alike: names of the rule's own cases that came out the same way, the most alike first.
        turns: single changes of a fact that would clear a flag, found by trying.
    """

    rule: Rule
    scope_key: str
    outcome: Outcome
    severity: Severity | None
    sentence: str
    facts: tuple[tuple[str, str, date, date], ...]
    seen: Mapping[str, Value]
    limits: Mapping[str, Value]
    limits_from: date | None
    law: Law
    missing: tuple[str, ...]
    raised_by: tuple[str, ...]
    contracts: tuple[str, ...]
    alike: tuple[str, ...]
    laws: tuple[tuple[Law, tuple[str, ...]], ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Explained, ...] = ()
    turns: tuple[Turn, ...] = ()


def explain(
    judging: Judging, dossier: Dossier, language: Language = "sv", rule: str | None = None, scope_key: str | None = None
) -> list[Explained]:
    """Why each expected rule came out as it did for this supplier; of one rule or scope key when named."""
    calls = judging.calls(dossier)
    judged = weigh(calls, dossier.supplier.id)
    return [
        _explained(judging, dossier, call, item, language)
        for call, item in zip(calls, judged, strict=True)
        if rule in (None, item.rule) and scope_key in (None, item.scope_key)
    ]


def _explained(judging: Judging, dossier: Dossier, call: Call, item: Judged, language: Language) -> Explained:
    rule, verdict, today = call.bound.rule, item.verdict, judging.today
    laws = rule.laws_of(call.contracts, today, verdict.seen.get("variant"))
    starts = [start for start, _values in rule.limits.versions if start <= today]
    parts = [(part, weigh([part], item.supplier_id)[0]) for part in call.parts]
    flagged = verdict.outcome == "flag"
    return Explained(
        rule=rule,
        scope_key=item.scope_key,
        outcome=verdict.outcome,
        severity=item.severity,
        sentence=sentence(rule, item, language),
        facts=tuple(_fact(fact) for fact in verdict.facts),
        seen={name: value for name, value in verdict.seen.items() if name not in call.bound.shown},
        limits=texts.shown(call.bound.values or {}, language),
        limits_from=starts[-1] if starts else None,
        law=laws[0][0],
        missing=verdict.missing,
        raised_by=item.raised_by,
        contracts=item.contracts,
        alike=alike(rule, item, language),
        laws=laws if len(laws) > 1 else (),
        settings={contract.id: _setting(contract, language) for contract in call.contracts},
        parts=tuple(_explained(judging, dossier, part, one, language) for part, one in parts),
        turns=tuple(turns(judging, dossier, rule, item.scope_key)) if flagged else (),
    )


def _setting(contract: Contract, language: Language) -> str:
    """What of a contract decides its law, and under which contract a sub-supplier works."""
    told = [_said(contract.regime, language), _said(contract.phase, language), contract.service]
    told += [_said(contract.role, language), contract.main_contract] if contract.role != "main" else []
    return ", ".join(filter(None, told))


def _said(word: str, language: Language) -> str:
    """A regime, phase or role as people say it; LOU, LUF, LUK and LOV are called so in both languages."""
    return _SETTINGS[word][language == "en"] if word in _SETTINGS else word


def sentence(rule: Rule, item: Judged, language: Language = "sv") -> str:
    """A verdict in one sentence: what was seen, or why there is nothing to see."""
    verdict = item.verdict
    if verdict.outcome == "flag":
        return texts.finding(rule, verdict.seen, language)
    if verdict.outcome == "unknown":
        return texts.reason(verdict.reason, language)
    if verdict.outcome == "not_applicable":
        return texts.why(verdict.reason, language)
    return CLEAR.of(language)


def _fact(fact: Fact) -> tuple[str, str, date, date]:
    return fact.kind, fact.provenance.source, fact.provenance.held_on, fact.provenance.fetched_at.date()
