"""Every decision with what it means in the newest finished run: in force, run out, outgrown, or of a flag that is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from screening.identity import mask_text
from screening.model import Finding, Handled
from screening.store import Decision, Run, Store

State = Literal[Handled, "pending", "closed", "gone"]

WORDS: dict[State, tuple[str, str]] = {
    "accepted": ("gäller", "in force"),
    "false_hit": ("gäller", "in force"),
    "expired": ("har gått ut", "has run out"),
    "outgrown": ("uppgifterna är värre eller andra än när det fattades", "the facts are worse, or others, than then"),
    "not_done": ("åtgärdad enligt beslutet, men fortfarande flaggad", "put right as decided, but still flagged"),
    "open": ("pågår", "under way"),
    "pending": ("räknas från nästa körning", "counts from the next run"),
    "closed": ("flaggan är avslutad", "the flag is closed"),
    "gone": ("motsvarar ingen flagga i den senaste körningen", "matches no flag in the newest run"),
    "": ("", ""),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """The newest decision on a finding. ``supplier``: its name, masked; empty when the store has forgotten it."""

    decision: Decision
    state: State
    supplier: str = ""


def listed(store: Store) -> Iterator[Listed]:
    """The newest decision on each finding, in order of finding id."""
    newest = next(
        (run for run in store.runs(kind="monthly") if run.state != "running" and run.replaced_by is None), None
    )
    found = {} if newest is None else {item.finding_id: item for item in store.findings(newest.id)}
    for finding_id, decision in sorted(store.newest_decisions("9999-12").items()):
        finding = found.get(finding_id)
        yield Listed(decision, _state(decision, finding, newest), _supplier(store, finding_id, finding))


def _state(decision: Decision, finding: Finding | None, newest: Run | None) -> State:
    if newest is None or decision.period > newest.period:
        return "pending"
    if finding is None or finding.outcome != "flag":
        return "gone"
    if finding.status in ("resolved", "ended"):
        return "closed"
    return finding.handled if finding.decision == decision.id else "pending"


def _supplier(store: Store, finding_id: str, finding: Finding | None) -> str:
    if finding is None:
        finding = next((state for _run, state in reversed(store.finding(finding_id))), None)
    known = store.supplier(finding.supplier_id) if finding else None
    return mask_text(known.name) if known else ""


def unmatched(store: Store) -> list[Listed]:
    """Decisions whose flag is not in the newest run at all."""
    return [item for item in listed(store) if item.state == "gone"]
