"""What a trial of a changed rule found, in lines to print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from screening.report.texts import SEVERITY, Language, word
from screening.rules import Rule, words
from screening.rules import texts as rules_texts
from screening.rules.trial import Difference, Month, now

_OUTCOME: Mapping[str, tuple[str, str]] = {
    "clear": ("utan anmärkning", "clear"),
    "unknown": ("EJ BEDÖMBAR", "NOT ASSESSABLE"),
    "not_applicable": ("ej aktuell", "not applicable"),
}


def trial_lines(rule: Rule, values: Mapping[str, object], months: Iterable[Month], language: Language) -> Iterator[str]:
    """Per period the findings that would come, go or change, how people had decided them, and the sums in kronor."""
    english = language == "en"
    yield f"{rule.id} {rule.title[language]}"
    for name, value in values.items():
        told = rules_texts.written(name, rules_texts.shown({name: value}, language)[name], language)
        called = words.limit(name, language, rule.table)
        yield f"  {called if called == name else f'{called} ({name})'} = {told} ({'now' if english else 'nu'} {now(rule, name)})"
    yield "Tried on stored answers; nothing is written." if english else "Prövas på lagrade svar; inget skrivs."
    done = []
    for month in months:
        done.append(month)
        yield ""
        yield from _month(month, language)
    if len(done) > 1:
        yield ""
        yield from _all(done, language)


def _month(month: Month, language: Language) -> Iterator[str]:
    english = language == "en"
    counts = (month.flags_before, month.flags_after, len(month.came), len(month.went), len(month.altered))
    said = (
        "{} flags now, {} with the change: {} come, {} go, {} get another severity."
        if english
        else "{} flaggor nu, {} med ändringen: {} tillkommer, {} försvinner, {} får annan allvarlighet."
    )
    yield f"{month.period} ({month.run_id}, {month.as_of}): {said.format(*counts)}"
    for sign, differences in (("+", month.came), ("−", month.went), ("~", month.altered)):
        for item in sorted(differences, key=lambda item: (-item.bought_sek, item.supplier, item.finding_id)):
            yield f"  {sign} {_told(item, language)}"
    for label, differences in ((("Come", "Tillkommer"), month.came), (("Go", "Försvinner"), month.went)):
        if differences:
            yield f"  {label[not english]}: {_sums(differences, language)}"


def _told(item: Difference, language: Language) -> str:
    english = language == "en"
    parts = [f"{item.finding_id}  {item.supplier} {item.number}".rstrip()]
    parts.append(f"{_state(item.before, language)} → {_state(item.after, language)}")
    if item.amount_sek is not None:
        parts.append(f"{'amount' if english else 'belopp'} {_sek(item.amount_sek, language)}")
    parts.append(f"{'bought in 12 months' if english else 'köpt 12 mån'} {_sek(item.bought_sek, language)}")
    decided = item.decision or ("no decision" if english else "inget beslut")
    return "; ".join([*parts, decided])


def _sums(differences: Sequence[Difference], language: Language) -> str:
    """Amounts and what is bought, each supplier once, and how people had decided."""
    english = language == "en"
    bought = {(item.supplier, item.number): item.bought_sek for item in differences}
    parts = []
    amounts = [item.amount_sek for item in differences if item.amount_sek is not None]
    if amounts:
        parts.append(f"{'amount' if english else 'belopp'} {_sek(sum(amounts, Decimal(0)), language)}")
    parts.append(
        f"{'bought in 12 months' if english else 'köpt 12 mån'} {_sek(sum(bought.values(), Decimal(0)), language)}"
    )
    decided = Counter(item.decision for item in differences if item.decision)
    parts += [f"{assessment}: {count}" for assessment, count in sorted(decided.items())]
    return "; ".join(parts)


def _all(months: Sequence[Month], language: Language) -> Iterator[str]:
    """Over all periods: each finding once, however many months it would have stood."""
    english = language == "en"
    for label, picked in ((("Come", "Tillkommer"), "came"), (("Go", "Försvinner"), "went")):
        once = {item.finding_id: item for month in months for item in getattr(month, picked)}
        told = f"; {_sums(list(once.values()), language)}" if once else ""
        head = f"{label[not english]} {'in any period' if english else 'i någon period'}"
        yield f"{head}: {len(once)} {'findings' if english else 'flaggor'}{told}"


def _state(word_: str, language: Language) -> str:
    if word_ in _OUTCOME:
        return _OUTCOME[word_][language == "en"]
    return word(SEVERITY, word_, language)


def _sek(amount: Decimal, language: Language) -> str:
    return rules_texts.written("amount_sek", amount, language)
