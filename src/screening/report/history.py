"""What has been known of one supplier over time, as lines: dated changes, answers that changed, the life of its findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from screening.identity import mask_text
from screening.model import FOLLOWED, KINDS, CompanyRecord, Event, Fact, events
from screening.model.states import PROCEEDING, PROTECTED
from screening.report.ruletexts import titles
from screening.report.texts import CHANGE, FILING, KIND, SEVERITY, STATUS, TAX_STATE, Language, word
from screening.rules import texts as rules_texts
from screening.rules import words
from screening.store import Store

OWN = (
    "provenance",
    "scope_key",
    "person_key",
    "births",
)  # where it is from, which one it is, and keys that say nothing


def history_lines(store: Store, supplier_id: str, language: Language) -> list[str]:
    """Changes by date; answers oldest first per kind, each with what changed; then findings run by run."""
    newest = next(iter(store.runs()), None)
    sources = titles(store.texts(newest.id)) if newest is not None else {}
    dated = [event_line(item, language) for item in known_events(store, supplier_id)]
    lines = ["", "Händelser:" if language == "sv" else "Events:", *dated] if dated else []
    for kind in sorted(KINDS):
        rows = store.history(supplier_id, kind)
        if rows:
            lines += ["", f"{word(KIND, kind, language)}:", *_changes(rows, sources, language)]
    found = list(_findings(store, supplier_id, language))
    if found:
        lines += ["", "Flaggor:" if language == "sv" else "Findings:", *found]
    if not lines:
        return [
            "Inget är hämtat om leverantören." if language == "sv" else "Nothing has been fetched about the supplier."
        ]
    return lines[1:]


def known_events(store: Store, supplier_id: str) -> list[Event]:
    """Every change that the store's answers show, oldest first."""
    records = [row for row in store.history(supplier_id, CompanyRecord.kind) if isinstance(row, CompanyRecord)]
    registered_on = next((row.registered_on for row in reversed(records) if row.registered_on), None)
    found = [
        item
        for kind in FOLLOWED
        for item in events(kind, store.history(supplier_id, kind), registered_on=registered_on)
    ]
    return sorted(found, key=lambda item: (item.on, item.kind, item.what))


def event_line(event: Event, language: Language) -> str:
    """One change: its day (or the days between which it was), what, before and after, and who gives the day."""
    swedish = language == "sv"
    day = event.on.isoformat() if event.after_day is None else f"{event.after_day}–{event.on}"
    unknown, nothing = ("inte känt", "inget") if swedish else ("not known", "nothing")
    before = unknown if event.before is None else event_value(event, event.before, language) or nothing
    after = event_value(event, event.after, language) or nothing
    if event.dated_by == "source":
        by = "källans datum" if swedish else "the source's date"
    else:
        by = "sett i svaret" if swedish else "seen in the answer"
    return f"  {day}  {event_title(event, language)}: {before} -> {after}  [{event.source}, {by}]"


def event_title(event: Event, language: Language) -> str:
    """What changed, in words; a proceeding by its code."""
    if event.what.startswith(PROCEEDING):
        return f"{word(CHANGE, PROCEEDING.strip(), language)} {event.what.removeprefix(PROCEEDING)}"
    return word(CHANGE, event.what, language)


def event_value(event: Event, text: str, language: Language) -> str:
    """One side of a change as people read it: words for states, no numbers of persons, nobody who is protected."""
    if event.what == "filing":
        return word(FILING, text, language)
    if event.kind == "tax_registration":
        return word(TAX_STATE, text, language)
    hidden = "Skyddad person" if language == "sv" else "Protected person"
    lines = [f"{hidden}{line[len(PROTECTED) :]}" if line.startswith(PROTECTED) else line for line in text.split("\n")]
    return mask_text("; ".join(lines))


def _changes(rows: tuple[Fact, ...], sources: Mapping[str, str], language: Language) -> Iterator[str]:
    before: dict[tuple[str, str], Fact] = {}
    for fact in rows:
        came = fact.provenance
        until = f"–{came.confirmed_at.date()}" if came.confirmed_at else ""
        key = f" [{words.key(fact.scope_key, language)}]" if fact.scope_key else ""
        per = "per" if language == "sv" else "as of"
        said = _said(before.get((came.source, fact.scope_key)), fact, language)
        yield f"  {came.fetched_at.date()}{until}  {sources.get(came.source, came.source)}{key} ({per} {came.as_of}): {said}"
        before[came.source, fact.scope_key] = fact


def _said(old: Fact | None, new: Fact, language: Language) -> str:
    parts = []
    for item in fields(new):
        if item.name in OWN:
            continue
        value = getattr(new, item.name)
        called = words.field(item.name, language)
        if old is None:
            if value not in (None, (), ""):
                parts.append(f"{called}: {_short(item.name, value, language)}")
        elif (was := getattr(old, item.name)) != value:
            before, after = (_short(item.name, one, language) for one in (was, value))
            parts.append(f"{called}: {before} -> {after}")
    return "; ".join(parts) or ("samma svar" if language == "sv" else "the same answer")


def _short(name: str, value: Any, language: Language) -> str:
    """A value of a fact; of what it holds several of, each by its name or code, else its parts."""
    if value in (None, (), ""):
        return "–"
    if isinstance(value, tuple):
        return ", ".join(_one(name, item, language) for item in value)
    plain = value if isinstance(value, str | int | bool | date | Decimal) else str(value)
    return mask_text(rules_texts.written(name, plain, language).replace(rules_texts.NO_BREAK, " "))


def _one(name: str, item: Any, language: Language) -> str:
    """One of several: its name or code, or its parts as ``42110 Anläggning av vägar``."""
    if isinstance(item, tuple):
        return " ".join(_short("", part, language) for part in item if part not in (None, ""))
    return _short(name, getattr(item, "name", None) or getattr(item, "code", None) or item, language)


def _findings(store: Store, supplier_id: str, language: Language) -> Iterator[str]:
    for run in reversed(store.runs(kind="monthly")):
        if run.state == "running" or run.replaced_by:
            continue
        for finding in store.findings(run.id):
            if finding.supplier_id == supplier_id and finding.outcome == "flag":
                severity = word(SEVERITY, finding.severity or "", language)
                yield f"  {run.period}  {finding.finding_id}  {severity}  {word(STATUS, finding.status, language)}"
