"""What has been known of one supplier over time, as lines: answers that changed, and the life of its findings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from screening.model import KINDS, Fact
from screening.report.texts import KIND, SEVERITY, STATUS, Language, word
from screening.store import Store

OWN = ("provenance", "scope_key")


def history_lines(store: Store, supplier_id: str, language: Language) -> list[str]:
    """Answers oldest first per kind, each with what changed against the one before; then findings run by run."""
    lines: list[str] = []
    for kind in sorted(KINDS):
        rows = store.history(supplier_id, kind)
        if rows:
            lines += ["", f"{word(KIND, kind, language)}:", *_changes(rows)]
    found = list(_findings(store, supplier_id, language))
    if found:
        lines += ["", "Flaggor:" if language == "sv" else "Findings:", *found]
    if not lines:
        return [
            "Inget är hämtat om leverantören." if language == "sv" else "Nothing has been fetched about the supplier."
        ]
    return lines[1:]


def _changes(rows: tuple[Fact, ...]) -> Iterator[str]:
    before: dict[tuple[str, str], Fact] = {}
    for fact in rows:
        came = fact.provenance
        until = f"–{came.confirmed_at.date()}" if came.confirmed_at else ""
        key = f" [{fact.scope_key}]" if fact.scope_key else ""
        yield f"  {came.fetched_at.date()}{until}  {came.source}{key} (per {came.as_of}): {_said(before.get((came.source, fact.scope_key)), fact)}"
        before[came.source, fact.scope_key] = fact


def _said(old: Fact | None, new: Fact) -> str:
    parts = []
    for item in fields(new):
        if item.name in OWN:
            continue
        value = getattr(new, item.name)
        if old is None:
            if value not in (None, (), ""):
                parts.append(f"{item.name} = {_short(value)}")
        elif (was := getattr(old, item.name)) != value:
            parts.append(f"{item.name}: {_short(was)} -> {_short(value)}")
    return "; ".join(parts) or "samma svar"


def _short(value: Any) -> str:
    if value in (None, ()):
        return "–"
    if isinstance(value, tuple):
        return ", ".join(str(getattr(item, "name", None) or getattr(item, "code", None) or item) for item in value)
    return str(value)


def _findings(store: Store, supplier_id: str, language: Language) -> Iterator[str]:
    for run in reversed(store.runs(kind="monthly")):
        if run.state == "running" or run.replaced_by:
            continue
        for finding in store.findings(run.id):
            if finding.supplier_id == supplier_id and finding.outcome == "flag":
                severity = word(SEVERITY, finding.severity or "", language)
                yield f"  {run.period}  {finding.finding_id}  {severity}  {word(STATUS, finding.status, language)}"
