"""The card of one supplier before a contract: what was seen, by which source and when, and what could not be checked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from screening.config import Config
from screening.identity import mask_text
from screening.model import SEVERITIES, CompanyRecord, Fact, Finding, Judged, Supplier
from screening.report import texts
from screening.report.jsonl import record
from screening.report.ruletexts import RuleTexts, because, titles
from screening.report.texts import Language
from screening.rules import Overall, Rule, assess
from screening.store import Run, Store

INDENT = "    "
LINE = "-" * 60


def card_lines(
    store: Store, run: Run, config: Config, rules: Mapping[str, Rule], language: Language = "sv"
) -> list[str]:
    """One card per supplier of a case run, one under the other."""
    lines: list[str] = []
    words = RuleTexts(rules, run.as_of, language, titles(store.texts(run.id)), without="tender")
    for seen in seen_in(store, run, config, rules):
        lines += [*([LINE] if lines else []), *card(run, seen, words)]
    return lines


def card_json(store: Store, run: Run, config: Config, rules: Mapping[str, Rule]) -> dict[str, object]:
    """The same as data: per supplier its findings as in findings.jsonl, what was missing, and what was looked at."""
    words = RuleTexts(rules, run.as_of, config.report.language, without="tender")
    return {
        "run_id": run.id,
        "case": run.case,
        "as_of": run.as_of.isoformat(),
        "suppliers": [
            {
                "supplier_id": seen.supplier.public_id,
                "supplier": mask_text(seen.supplier.name),
                "overall": seen.overall.state,
                "fully_checked": not seen.unknowns,
                "findings": [record(item, seen.supplier, run, config.organisation.name) for item in seen.flags],
                "not_checked": [
                    {"rule": item.rule, "missing": words.missing(item), "reason": item.verdict.reason}
                    for item in seen.unknowns
                ],
                "looked_at": [
                    {
                        "kind": fact.kind,
                        "source": fact.provenance.source,
                        "as_of": fact.provenance.held_on.isoformat(),
                        "fetched_at": fact.provenance.fetched_at.isoformat(),
                        "simulated": fact.provenance.simulated,
                    }
                    for fact in seen.facts
                ],
            }
            for seen in seen_in(store, run, config, rules)
        ],
    }


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one supplier of a case run."""

    supplier: Supplier
    flags: tuple[Finding, ...]
    unknowns: tuple[Judged, ...]
    facts: tuple[Fact, ...]
    overall: Overall


def seen_in(store: Store, run: Run, config: Config, rules: Mapping[str, Rule]) -> Iterator[Seen]:
    """Each supplier of a case run with its flags, unknowns and the newest fact of every kind, as known on its day."""
    findings: dict[str, list[Finding]] = defaultdict(list)
    for finding in store.findings(run.id):
        if finding.verdict == "flag":
            findings[finding.supplier_id].append(finding)
    kinds = frozenset[str]().union(*(rule.kinds for rule in rules.values()))
    for dossier in store.dossiers(run.id, kinds, run.as_of, config.sources):
        supplier = dossier.supplier
        flags = sorted(
            findings[supplier.id],
            key=lambda item: (SEVERITIES.index(item.severity or "low"), item.rule, item.scope_key),
        )
        judged = store.judged(run.id, supplier.id)
        unknowns = tuple(item for item in judged if item.verdict.outcome == "unknown")
        standing = [(item.rule, item.severity) for item in flags if item.severity is not None]
        overall = assess(standing, len({item.rule for item in unknowns}), config.assessment)
        facts = tuple(dossier.facts[kind][-1] for kind in sorted(kinds) if dossier.facts.get(kind))
        yield Seen(supplier, tuple(flags), unknowns, facts, overall)


def card(run: Run, seen: Seen, words: RuleTexts) -> list[str]:
    """One supplier's card as lines of text."""
    lines = [*_head(run, seen, words.language), ""]
    for finding in seen.flags:
        lines += _flag(finding, words)
    return [*lines, *_unknown(seen.unknowns, words), *_seen(seen.facts, words)]


def called(seen: Seen, language: Language) -> str:
    """The supplier's name: the buyer's own, else the register's."""
    registered = next((fact.names[0].name for fact in seen.facts if isinstance(fact, CompanyRecord) and fact.names), "")
    unknown = ("(namn okänt)", "(name unknown)")[language == "en"]
    return mask_text(seen.supplier.name or registered) or unknown


def _head(run: Run, seen: Seen, language: Language) -> list[str]:
    english = language == "en"
    supplier, flags = seen.supplier, seen.flags
    number = (
        supplier.identity.display if supplier.identity is not None else ("okänt nummer", "no known number")[english]
    )
    name = called(seen, language)
    if flags:
        worst = flags[0].severity or "low"
        mark = f"{texts.SYMBOL[worst]} {texts.word(texts.SEVERITY, worst, language)}"
    elif seen.unknowns or not seen.facts:
        mark = f"? {texts.word(texts.AREA_STATE, 'unknown', language)}"
    else:
        mark = "OK"
    lines = [f"{name}  {number}", _verdict(mark, seen, language)]
    if flags and seen.unknowns:
        lines.append(("Allt kunde inte kontrolleras.", "Not everything could be checked.")[english])
    case = f", {('ärende', 'case')[english]} {run.case}" if run.case else ""
    lines.append(f"{('Kontrollerad', 'Checked')[english]} {run.as_of}{case}. {('Körning', 'Run')[english]} {run.id}.")
    if any(fact.provenance.simulated for fact in seen.facts):
        lines.append(
            "SIMULATED SOURCES: nothing here is true of a real company."
            if english
            else "SIMULERADE KÄLLOR: uppgifterna gäller inget verkligt företag."
        )
    return lines


def _verdict(mark: str, seen: Seen, language: Language) -> str:
    """The verdict as one line; without an answer from any source nothing is in order."""
    if not seen.facts and not seen.flags:
        nothing = ("Ingen källa har svarat om leverantören.", "No source has answered about the supplier.")
        return f"{mark}: {nothing[language == 'en']}"
    return f"{mark}: {seen.overall.heading(language)}. {seen.overall.sentence(language)}"


def _flag(finding: Finding, words: RuleTexts) -> list[str]:
    language = words.language
    english = language == "en"
    severity = finding.severity or "low"
    law = words.law(finding, None)
    dated = f", {('uppgift per', 'as of')[english]} {finding.as_of}" if finding.as_of else ""
    lines = [
        f"{texts.SYMBOL[severity]} {texts.word(texts.SEVERITY, severity, language)}  {finding.rule} {words.title(finding.rule)}",
        f"{INDENT}{words.observed(finding)}",
        f"{INDENT}{('Källa', 'Source')[english]}: {words.source(finding.source)}{dated}",
        f"{INDENT}{('Gör så här', 'To do')[english]}: {words.action(finding, None)}",
        f"{INDENT}{('Kan bero på', 'May be due to')[english]}: {words.caution(finding)}",
    ]
    if law and law.basis:
        lines.append(
            f"{INDENT}{('Lagrum', 'Law')[english]}: {'; '.join(law.basis)} ({texts.word(texts.FORCE, law.force, language)})"
        )
    return [*lines, ""]


def _unknown(unknowns: Iterable[Judged], words: RuleTexts) -> list[str]:
    language = words.language
    english = language == "en"
    blocked: dict[tuple[str, str], set[str]] = defaultdict(set)
    for item in unknowns:
        blocked[words.missing(item), item.verdict.reason].add(item.rule)
    if not blocked:
        return []
    lines = [("Kunde inte kontrolleras", "Could not be checked")[english]]
    for (thing, why), rules in sorted(blocked.items()):
        lines.append(f"{INDENT}? {texts.word(texts.KIND, thing, language)} ({', '.join(sorted(rules))})")
        lines.append(f"{INDENT}  {' '.join(because(why, language))}")
    return [*lines, ""]


def _seen(facts: Iterable[Fact], words: RuleTexts) -> list[str]:
    language = words.language
    english = language == "en"
    lines = []
    for fact in facts:
        came = fact.provenance
        lines.append(
            f"{INDENT}{texts.word(texts.KIND, fact.kind, language)}: {words.source(came.source)}, "
            f"{('uppgift per', 'as of')[english]} {came.held_on}, {('hämtad', 'fetched')[english]} {(came.confirmed_at or came.fetched_at).date()}"
        )
    return [("Underlag", "Looked at")[english], *lines] if lines else []
