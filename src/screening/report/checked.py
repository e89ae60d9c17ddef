"""What a check before a contract looked at, as data for its papers: every expected rule, its outcome, limits, law, sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from screening.config import Config
from screening.identity import mask_text
from screening.model import SEVERITIES, Dossier, Finding, Outcome
from screening.report.card import Seen, called, seen_in
from screening.report.cells import capped
from screening.report.ruletexts import RuleTexts, because, titles
from screening.report.texts import FORCE, KIND, SEVERITY, SYMBOL, Language, word
from screening.rules import Judging, Rule
from screening.rules import texts as rules_texts
from screening.rules import words as rule_words
from screening.rules.explain import Explained, explain
from screening.store import Run, Store

NAME = 120  # characters of a name from outside that a paper shows
_ORDER: tuple[Outcome, ...] = ("flag", "unknown", "clear", "not_applicable")
OUTCOMES: Mapping[str, tuple[str, str]] = {
    "flag": ("Iakttagelse", "Observation"),
    "unknown": ("Kunde inte kontrolleras", "Could not be checked"),
    "clear": ("Utan anmärkning", "Clear"),
    "not_applicable": ("Berörs inte", "Not concerned"),
}
MARKS: Mapping[str, str] = {"unknown": "?", "clear": "✓", "not_applicable": "–"}


@dataclass(frozen=True, slots=True)
class Check:
    """One verdict of one expected rule.

    Attributes:
        mark: the severity's sign for a flag; else ``?``, ``✓`` or ``–``.
        told: what was seen, why it could not be judged, or why it is not concerned.
        limits: name and value of each limit in force.
        basis: paragraphs and how binding they are.
        facts: kind, source and the day that it holds for.
    """

    rule: str
    title: str
    scope_key: str
    outcome: Outcome
    mark: str
    severity: str
    told: str
    limits: tuple[str, ...]
    basis: str
    action: str
    caution: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Blocked:
    """One missing thing with the rules that it blocks."""

    thing: str
    rules: tuple[str, ...]
    why: str
    to_do: str


@dataclass(frozen=True, slots=True)
class Source:
    """One fact that was looked at."""

    kind: str
    source: str
    as_of: str
    fetched: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """One supplier of a check."""

    name: str
    number: str
    overall: str
    sentence: str
    checks: tuple[Check, ...]
    blocked: tuple[Blocked, ...]
    sources: tuple[Source, ...]

    def of(self, outcome: Outcome) -> tuple[Check, ...]:
        """The verdicts with that outcome."""
        return tuple(check for check in self.checks if check.outcome == outcome)


@dataclass(frozen=True, slots=True)
class Paper:
    """One check as its papers tell it."""

    language: Language
    organisation: str
    case: str
    day: str
    run_id: str
    suppliers: tuple[Checked, ...]

    @property
    def simulated(self) -> bool:
        """Whether any of it is made up."""
        return any(source.simulated for supplier in self.suppliers for source in supplier.sources)

    @property
    def rules(self) -> tuple[tuple[str, str], ...]:
        """Every rule that was expected of somebody: id and title."""
        return tuple(sorted({(check.rule, check.title) for item in self.suppliers for check in item.checks}))

    def say(self, swedish: str, english: str) -> str:
        """The text in the language of the paper."""
        return english if self.language == "en" else swedish


def paper(
    store: Store,
    run: Run,
    config: Config,
    rules: Mapping[str, Rule],
    precedence: Mapping[str, tuple[str, ...]],
) -> Paper:
    """The papers' data, from what the run stored and what was known on its day.

    Args:
        store: holds the run, judged.
        run: a run of kind ``case``.
        config: the workspace.
        rules: those that judged.
        precedence: kind -> sources, best first, as they were judged by.
    """
    language = config.report.language
    words = RuleTexts(rules, run.as_of, language, titles(store.texts(run.id)), without="tender")
    judging = Judging(rules, config, run.as_of)
    seen = {item.supplier.id: item for item in seen_in(store, run, config, rules)}
    dossiers = store.dossiers(run.id, judging.kinds, run.as_of, precedence, supplier_ids=seen)
    suppliers = [_checked(seen[dossier.supplier.id], dossier, judging, words) for dossier in dossiers]
    return Paper(
        language,
        mask_text(config.organisation.name),
        mask_text(run.case),
        run.as_of.isoformat(),
        run.id,
        tuple(sorted(suppliers, key=lambda item: (item.name.casefold(), item.number))),
    )


def _checked(seen: Seen, dossier: Dossier, judging: Judging, words: RuleTexts) -> Checked:
    language = words.language
    unknown = ("okänt nummer", "no known number")[language == "en"]
    identity = seen.supplier.identity
    flags = {(item.rule, item.scope_key): item for item in seen.flags}
    checks = [
        _check(item, flags.get((item.rule.id, item.scope_key)), words) for item in explain(judging, dossier, language)
    ]
    heading = seen.overall.heading(language)
    if not seen.facts and not seen.flags:
        heading = ("Ingen källa har svarat", "No source has answered")[language == "en"]
    return Checked(
        name=capped(called(seen, language), NAME),
        number=unknown if identity is None else identity.display,
        overall=heading,
        sentence=f"{seen.overall.sentence(language)}{_also_unknown(seen, language)}",
        checks=tuple(sorted(checks, key=_order)),
        blocked=tuple(_blocked(seen, words)),
        sources=tuple(_sources(seen, words)),
    )


def _also_unknown(seen: Seen, language: Language) -> str:
    """That flags are not all: under them stands what could not be checked."""
    if not (seen.flags and seen.unknowns):
        return ""
    return (" Allt kunde inte kontrolleras.", " Not everything could be checked.")[language == "en"]


def _order(check: Check) -> tuple[object, ...]:
    worst = next((place for place, level in enumerate(SEVERITIES) if SYMBOL[level] == check.mark), len(SEVERITIES))
    return (_ORDER.index(check.outcome), worst, check.rule, check.scope_key)


def _check(item: Explained, finding: Finding | None, words: RuleTexts) -> Check:
    language = words.language
    severity = (finding.severity if finding else item.severity) or "low"
    evidence = {**item.limits, **item.seen}
    law = item.law
    basis = "; ".join(law.basis) or words.no_basis(item.rule.id) or "–"
    flagged = item.outcome == "flag"
    return Check(
        rule=item.rule.id,
        title=item.rule.title[language],
        scope_key=mask_text(rule_words.key(item.scope_key, language) if item.rule.scope == "item" else item.scope_key),
        outcome=item.outcome,
        mark=SYMBOL[severity] if flagged else MARKS[item.outcome],
        severity=word(SEVERITY, severity, language) if flagged else "",
        told=mask_text(words.observed(finding) if finding else item.sentence),
        limits=tuple(_limits(item, language)),
        basis=f"{basis} ({word(FORCE, law.force, language)})",
        action=mask_text(rules_texts.fill(law.action.of(language), evidence, language)) if flagged else "",
        caution=mask_text(rules_texts.fill(item.rule.table.caution.of(language), evidence, language))
        if flagged
        else "",
        facts=tuple(
            f"{word(KIND, kind, language)}, {words.source(source)}, {held_on}"
            for kind, source, held_on, _fetched in item.facts
        ),
    )


def _limits(item: Explained, language: Language) -> Iterator[str]:
    for name, value in item.limits.items():
        yield f"{rule_words.limit(name, language, item.rule.table)}: {rules_texts.written(name, value, language)}"


def _blocked(seen: Seen, words: RuleTexts) -> Iterator[Blocked]:
    rules: dict[tuple[str, str], set[str]] = defaultdict(set)
    for item in seen.unknowns:
        rules[words.missing(item), item.verdict.reason].add(item.rule)
    for (thing, reason), ids in sorted(rules.items()):
        why, to_do = because(reason, words.language)
        yield Blocked(word(KIND, thing, words.language), tuple(sorted(ids)), why, to_do)


def _sources(seen: Seen, words: RuleTexts) -> Iterator[Source]:
    for fact in seen.facts:
        came = fact.provenance
        fetched = came.confirmed_at or came.fetched_at
        yield Source(
            word(KIND, fact.kind, words.language),
            words.source(came.source),
            came.held_on.isoformat(),
            f"{fetched:%Y-%m-%d %H:%M} UTC",
            came.simulated,
        )


def in_groups(items: Iterable[Checked], size: int) -> Iterator[list[Checked]]:
    """The suppliers in groups that fit beside each other on a page."""
    every = list(items)
    for start in range(0, len(every), size):
        yield every[start : start + size]


Say = Callable[[str, str], str]
