"""What every rule must show by its own cases and texts, whoever wrote it: run by ``screening rules check`` and the tests."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from screening.model import REASONS, Judged
from screening.rules import words
from screening.rules.binding import param_hints
from screening.rules.case_table import Case
from screening.rules.cases import judge_case
from screening.rules.rule import Rule
from screening.rules.table import Text
from screening.rules.texts import REASON, WHY, fields_in, fill, finding, needed_in, shown

AGE, LOOK_BACK = "max_age_days", "look_back"
FOR_EVERYONE = frozenset({"REG-06"})
"""Rules that concern whoever is in the run, so that no case shows whom they do not: what was refused is shown."""

_PARAGRAPH = re.compile(r"\d+:\d+|\d+ ?[a-z]? §|art(?:\.|ikel) \d|kap\.|[Aa]vtalets|ej kontrollerad|Lag \(20\d\d:\d+\)")
_LEFT_OVER = re.compile(r"[{}]|\bNone\b|\bTrue\b|\bFalse\b|Decimal\(")
LOADED_SV = re.compile(
    r"(?i)\b(?:ska|skall|måste|bör) (?:uteslutas|avvisas|hävas|sägas upp)|brottslig|kriminell|skyldig till|fusk|bedräg"
    r"|oseriös|skojare|svart lista|svartlist|misstänkt|avslöj"
)
LOADED_EN = re.compile(
    r"(?i)\b(?:must|shall|should) be (?:excluded|rejected|terminated)|criminal company|guilty|cheat|fraudster|rogue"
    r"|blacklist|suspect(?:ed|s)? of|dishonest"
)
"""Words that accuse, or that make a duty of an optional ground: a report is a public record, and a person decides."""


@dataclass(frozen=True)
class _Rule:
    """One rule with its cases judged once."""

    rule: Rule

    @cached_property
    def judged(self) -> list[tuple[Case, Judged]]:
        """Every verdict of every case."""
        return [(case, item) for case in self.rule.cases for item in judge_case(self.rule, case)]

    @property
    def flags(self) -> Iterator[tuple[Case, Judged]]:
        """Those that are flags."""
        return ((case, item) for case, item in self.judged if item.verdict.outcome == "flag")

    @cached_property
    def texts(self) -> dict[str, Text]:
        """Every text that a reader sees, by its key."""
        table = self.rule.table
        found = {
            name: getattr(table, name)
            for name in ("title", "condition", "why", "finding", "action", "caution", "resolves", "source")
        }
        for name, variant in table.variant.items():
            found[f"variant.{name}.finding"] = variant.finding
            if variant.action is not None:
                found[f"variant.{name}.action"] = variant.action
        found |= {f"phase_action.{phase}": text for phase, text in table.phase_action.items()}
        found |= {f"ground {n}.action": ground.action for n, ground in enumerate(table.ground, 1) if ground.action}
        found |= {f"ask {n}.what": ask.what for n, ask in enumerate(table.ask, 1)}
        if table.no_basis is not None:
            found["no_basis"] = table.no_basis
        return found


def problems(rule: Rule) -> Iterator[str]:
    """What the rule lacks, one sentence each, with the file and what was expected; none when it is whole."""
    whole = _Rule(rule)
    for check in (_outcomes, _sides, _words, _evidence, _reached, _law, _asks, _reasons):
        for problem in check(whole):
            yield f"{rule.file}: {problem}"


def _outcomes(whole: _Rule) -> Iterator[str]:
    """All four outcomes are shown, and the typical false alarm is not flagged."""
    rule = whole.rule
    exempt = {"not_applicable"} if rule.id in FOR_EVERYONE or rule.table.stops_others else set()
    for outcome in sorted({"flag", "clear", "unknown", "not_applicable"} - exempt - {c.expect for c in rule.cases}):
        yield f"case: none is {outcome}; expected one case of each outcome"
    alarms = [case for case in rule.cases if case.false_positive]
    if not alarms:
        yield "case: none has false_positive = true; expected the look-alike that must not be flagged"
    for case in alarms:
        if case.expect == "flag":
            yield f"case {case.name!r}: a false positive that is flagged; expected any other outcome"


def _sides(whole: _Rule) -> Iterator[str]:
    """Each numeric limit has a case on either side; boundaries name limits that are there."""
    rule = whole.rule
    sides: defaultdict[str, set[tuple[str, str | None, str | None]]] = defaultdict(set)
    for case in rule.cases:
        for name in case.boundaries:
            sides[name].add((case.expect, case.level, case.reason))
    hints = param_hints(rule.binding)
    wanted = {name for name, hint in hints.items() if hint in (int, Decimal)}
    if any(rule.max_age_days(kind) is not None for kind in rule.binding.kinds):
        wanted.add(AGE)
    if any(limit.event for limit in rule.table.look_back):
        wanted.add(LOOK_BACK)
    for name in sorted(wanted):
        if len(sides[name]) < 2:
            yield f'boundary = "{name}": {len(sides[name])} side shown; expected a case on each side of the limit'
    yield from _new_limits(rule, wanted)
    for name in sorted(sides.keys() - {*hints, AGE, LOOK_BACK}):
        yield f'boundary = "{name}": no such limit; expected one of {", ".join([*hints, AGE])}'


def _new_limits(rule: Rule, numbers: set[str]) -> Iterator[str]:
    """A number that changes from a day on has a case on each side of it from that day."""
    for (_start, before), (start, after) in pairwise(rule.limits.versions):
        for name in sorted(name for name in numbers & after.keys() if after[name] != before.get(name)):
            shown_by = {(c.expect, c.level, c.reason) for c in rule.cases if c.today >= start and name in c.boundaries}
            if len(shown_by) < 2:
                yield (
                    f"params.from {start}: {name} is new, and {len(shown_by)} side of it shown; expected a case on each side"
                    f' with boundary = "{name}" and today from that day'
                )


def _words(whole: _Rule) -> Iterator[str]:
    """Both languages are complete and say the same; nothing accuses; the condition is filled with limits alone."""
    limits = {name for _start, values in whole.rule.limits.versions for name in shown(values)}
    for name, text in whole.texts.items():
        if fields_in(text.sv) != fields_in(text.en):
            yield f"{name}: sv and en have other fields; expected the same in both"
        if text.sv == text.en and len(text.sv.split()) > 3:
            yield f"{name}: sv and en are the same; expected a translation"
        for language, loaded in (("sv", LOADED_SV), ("en", LOADED_EN)):
            if (word := loaded.search(text.of("sv" if language == "sv" else "en"))) is not None:
                yield f"{name}.{language}: {word[0]!r} accuses, or makes a duty of what a person decides; expected neutral words"
    for name in sorted(limits):
        if words.limit(name, "sv", whole.rule.table) == name:
            yield f'labels.{name}: missing, so readers see the name; expected {{ sv = "…", en = "…" }}'
    for language in ("sv", "en"):
        if strange := sorted(fields_in(whole.rule.table.condition.of("sv" if language == "sv" else "en")) - limits):
            yield f"condition.{language}: {{{strange[0]}}} is no limit; expected limits alone"


def _evidence(whole: _Rule) -> Iterator[str]:
    """Every field of a text is in the evidence of every flag that is told with it, in both languages."""
    for case, item in whole.flags:
        seen = item.verdict.seen
        told = _told(whole.rule, case, item)
        for name, text in told.items():
            for field in sorted((fields_in(text.sv) | fields_in(text.en)) - set(seen)):
                yield f"case {case.name!r}: {name} says {{{field}}}, which is not in the evidence"
            for filled in (fill(text.sv, seen, "sv"), fill(text.en, seen, "en")):
                if (left := _LEFT_OVER.search(filled)) is not None:
                    yield f"case {case.name!r}: {name} reads {left[0]!r}; expected words for people"


def _told(rule: Rule, case: Case, item: Judged) -> dict[str, Text]:
    """The texts that a flag is told with, under every law that may hold for it."""
    table, variant = rule.table, item.verdict.seen.get("variant")
    chosen = table.variant.get(str(variant or ""))
    found = {
        "finding": chosen.finding if chosen else table.finding,
        "caution": table.caution,
        "resolves": table.resolves,
    }
    contracts = case.contracts or (None,)
    for number, contract in enumerate(contracts):
        law = (
            rule.law(case.today, contract.regime, contract.phase, variant, contract.service)
            if contract
            else rule.law(case.today, None, "tender", variant)
        )
        found[f"action {number}"] = law.action
    found |= {f"phase_action.{phase}": text for phase, text in table.phase_action.items()}
    found |= {f"ground {n}.action": ground.action for n, ground in enumerate(table.ground, 1) if ground.action}
    return found


def _reached(whole: _Rule) -> Iterator[str]:
    """Each variant and level is shown by a case, and the measure is a number of some flag."""
    rule, table = whole.rule, whole.rule.table
    flags = [item for _case, item in whole.flags]
    for name in sorted(table.variant.keys() - {str(item.verdict.seen.get("variant")) for item in flags}):
        yield f"variant.{name}: no case is told so; expected one"
    shared = {"children_in_care"} if rule.id == "REG-03" else set()  # shared with REG-02, where it is reached
    for name in sorted(table.levels.keys() - shared - {item.verdict.level for item in flags}):
        yield f"levels.{name}: no case reaches it; expected one"
    if table.measure is not None and all(item.measure is None for item in flags):
        yield f"measure: no flag has a number in {table.measure}; expected one"
    for case, item in whole.flags:
        if not finding(rule, item.verdict.seen, "sv").strip():
            yield f"case {case.name!r}: the finding is empty; expected a sentence"


def _law(whole: _Rule) -> Iterator[str]:
    """A basis is a paragraph, an article, the contract, or a law marked as not verified; limits are dated."""
    table = whole.rule.table
    named = [("basis", item) for item in table.basis]
    named += [(f"ground {n}.basis", item) for n, ground in enumerate(table.ground, 1) for item in ground.basis or ()]
    named += [(f"variant.{n}.basis", item) for n, variant in table.variant.items() for item in variant.basis or ()]
    named += [
        (f"variant.{name}.ground {n}.basis", item)
        for name, variant in table.variant.items()
        for n, ground in enumerate(variant.ground, 1)
        for item in ground.basis or ()
    ]
    for name, basis in named:
        if _PARAGRAPH.search(basis) is None:
            yield f"{name}: {basis!r} names no paragraph; expected one, or (lydelsen ej kontrollerad)"
    for start, _values in whole.rule.limits.versions[:1]:
        if start > table.checked:
            yield f"params.from: {start} is after the law was read ({table.checked}); expected a day that has been"


def _asks(whole: _Rule) -> Iterator[str]:
    """What is asked for can be filled from the evidence of every flag, and waits on reasons that there are."""
    for number, ask in enumerate(whole.rule.table.ask, 1):
        for reason in ask.reasons:
            if reason not in REASONS:
                yield f"ask {number}.reasons: {reason!r}; expected one of {', '.join(REASONS)}"
        needed = needed_in(ask.what.sv) | needed_in(ask.what.en)
        if "unknown" in ask.outcomes and needed:
            yield f"ask {number}.what: {{{min(needed)}}} is not known of an unknown; expected it in [square brackets]"
        for case, item in whole.flags:
            if not ask.wants("flag", item.verdict.level):
                continue
            for field in sorted(needed):
                if item.verdict.seen.get(field) is None:
                    yield f"case {case.name!r}: ask {number} says {{{field}}}, which the flag has not; expected it in [square brackets]"


def _reasons(whole: _Rule) -> Iterator[str]:
    """Every word for an unknown or not applicable has a sentence; an unknown for want of a fact names it."""
    for case, item in whole.judged:
        verdict = item.verdict
        words = {"unknown": REASON, "not_applicable": WHY}.get(verdict.outcome)
        if words is not None and verdict.reason not in words:
            yield f"case {case.name!r}: {verdict.reason!r} has no sentence; expected one of {', '.join(sorted(words))}"
        if verdict.outcome == "unknown" and verdict.reason not in ("identity", "doubtful") and not verdict.missing:
            yield f"case {case.name!r}: unknown without saying what is missing; expected the kind of fact"
