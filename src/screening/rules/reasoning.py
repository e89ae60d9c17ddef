"""The reasoning behind verdicts as lines to print, in Swedish or English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from screening.model import Value
from screening.rules import texts, words
from screening.rules.explain import Explained
from screening.rules.table import Language
from screening.rules.turns import Turn

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
    "turns": ("Blir utan anmärkning om", "Clear if"),
    "is": ("är", "is"),
    "at_most": ("är högst", "is at most"),
    "at_least": ("är minst", "is at least"),
    "from_day": ("är tidigast", "is at the earliest"),
    "to_day": ("är senast", "is at the latest"),
    "empty": ("är tom", "is empty"),
    "given": ("finns, till exempel", "is there, for example"),
    "now": ("nu", "now"),
    "no_one": ("ingen enskild uppgift räcker", "no single fact is enough"),
    "since": ("från", "from"),
    "no_contract": ("utan avtal", "without a contract"),
    "raised": ("Höjd på grund av", "Raised by"),
    "contracts": ("Avtal", "Contracts"),
    "as_of": ("per", "as of"),
    "fetched": ("hämtad", "fetched"),
    "nothing": (
        "Ingen profil förväntar någon regel av leverantören; inget frågas, bedöms eller sparas.",
        "No profile expects a rule of this supplier; nothing is asked, judged or kept.",
    ),
}


NO_TITLES: Mapping[str, str] = {}


def lines(
    explained: Sequence[Explained], language: Language = "sv", sources: Mapping[str, str] = NO_TITLES
) -> Iterator[str]:
    """The reasoning as lines to print, an empty line between verdicts."""
    if not explained:
        yield _of("nothing", language)
    for number, item in enumerate(explained):
        if number:
            yield ""
        yield from lines_of(item, language, sources)


def outside_every_profile(language: Language = "sv") -> str:
    """Why there is nothing to tell."""
    return _of("nothing", language)


def lines_of(item: Explained, language: Language = "sv", sources: Mapping[str, str] = NO_TITLES) -> Iterator[str]:
    """The reasoning about one verdict, its heading first.

    Args:
        item: the verdict.
        language: Swedish or English.
        sources: connector -> its title; one that is not there is called by its name.
    """
    title = item.rule.title[language]
    head = [_of(item.outcome, language)]
    if item.severity is not None:
        head.append(_of(item.severity, language))
    about = words.key(item.scope_key, language) if item.rule.scope == "item" else item.scope_key
    key = f" ({about})" if about else ""
    yield f"{item.rule.id} {title}{key}: {', '.join(head)}"
    yield f"  {item.sentence}"
    rows: list[tuple[str, Iterable[str]]] = [
        ("raised", item.raised_by),
        ("contracts", item.contracts),
        ("facts", (_told(fact, sources, language) for fact in item.facts)),
        ("seen", _values(item.seen, language)),
        ("missing", (words.kind(name, language) for name in item.missing)),
    ]
    for name, parts in rows:
        if told := "; ".join(parts):
            yield f"  {_of(name, language)}: {told}"
    if limits := "; ".join(_limits(item, language)):
        since = f" ({_of('since', language)} {item.limits_from})" if item.limits_from else ""
        yield f"  {_of('limits', language)}{since}: {limits}"
    yield from _parts(item, language)
    if item.outcome != "not_applicable":
        yield from _law_lines(item, language)
        yield from _ending(item, language)


def _parts(item: Explained, language: Language) -> Iterator[str]:
    """What each profile with limits of its own made of the same facts."""
    for part in item.parts:
        limits = "; ".join(_limits(part, language))
        yield f"  {', '.join(part.contracts)}: {_of(part.outcome, language)}. {part.sentence} {_of('limits', language)}: {limits}"


def _law_lines(item: Explained, language: Language) -> Iterator[str]:
    """The law, per kind of contract where they differ; what to do under each, when it is a flag."""
    evidence = {**item.limits, **item.seen}
    for law, contracts in item.laws or ((item.law, ()),):
        whose = "; ".join(f"{name}: {item.settings[name]}" for name in contracts)
        about = f" ({whose})" if whose else ""
        yield f"  {_of('law', language)}{about}: {'; '.join(law.basis) or '–'} ({law.force})"
        if item.outcome == "flag":
            yield f"  {_of('action', language)}{about}: {texts.fill(law.action.of(language), evidence, language)}"


def _ending(item: Explained, language: Language) -> Iterator[str]:
    evidence = {**item.limits, **item.seen}
    table = item.rule.table
    if item.outcome == "flag":
        yield f"  {_of('caution', language)}: {texts.fill(table.caution.of(language), evidence, language)}"
        yield f"  {_of('resolves', language)}: {texts.fill(table.resolves.of(language), evidence, language)}"
        told = "; ".join(_turn(turn, language) for turn in item.turns) or _of("no_one", language)
        yield f"  {_of('turns', language)}: {told}"
    else:
        yield f"  {_of('condition', language)}: {texts.fill(table.condition.of(language), evidence, language)}"
    if item.alike:
        yield f"  {_of('alike', language)}: {'; '.join(item.alike)}"


def _turn(turn: Turn, language: Language) -> str:
    """One change in words, with what it is now."""
    if turn.limit == "given":
        example = ", ".join(_values(dict(turn.example), language))
        return f"{words.kind(turn.kind, language)} {_of('given', language)} {example}"
    name = f"{words.kind(turn.kind, language)}: {words.field(turn.field, language)}"
    if turn.limit == "empty":
        return f"{name} {_of('empty', language)}"
    day = {"at_least": "from_day", "at_most": "to_day"} if isinstance(turn.then, date) else {}
    how = _of(day.get(turn.limit, turn.limit), language)
    then, now = (_quoted(texts.written(turn.field, value, language), value) for value in (turn.then, turn.now))
    return f"{name} {how} {then} ({_of('now', language)} {now})"


def _quoted(told: str, value: Value) -> str:
    """A word between quotation marks, so that it does not run into the sentence."""
    return f"”{told}”" if isinstance(value, str) else told


def _told(fact: tuple[str, str, date, date], sources: Mapping[str, str], language: Language) -> str:
    kind, source, as_of, fetched_on = fact
    came = sources.get(source, source)
    return f"{words.kind(kind, language)} ({came}) {_of('as_of', language)} {as_of}, {_of('fetched', language)} {fetched_on}"


def _values(values: Mapping[str, Value], language: Language) -> Iterator[str]:
    for name, value in values.items():
        if value not in (None, "") and name != "variant":
            yield f"{words.field(name, language)}: {texts.written(name, value, language)}"


def _limits(item: Explained, language: Language) -> Iterator[str]:
    for name, value in item.limits.items():
        if value not in (None, ""):
            yield f"{words.limit(name, language, item.rule.table)}: {texts.written(name, value, language)}"


def _of(word: str, language: Language) -> str:
    return _WORDS[word][0 if language == "sv" else 1]
