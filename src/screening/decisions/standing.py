"""What the newest decision on a finding means on a day: whether an acceptance holds, has run out, or was outgrown."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from screening.model import SETTLED, SEVERITIES, Finding, Handled, Severity
from screening.names import normalise
from screening.store import Decision, Run, Store

ACCEPTED, FALSE_HIT, DONE = "Godtagen förklaring", "Falsk träff", "Åtgärdad"
OPEN_DAYS = 60  # a choice: so long after its month a flag "under utredning" is not called overdue
"""The assessments that change what a finding is; the others say how far its handling has come."""
_PAIRS: Mapping[str, tuple[str, ...]] = {"IDE": ("export_name",), "SAN": ("own_name", "entity_id")}
"""Family of rules about identity -> the values seen that say whom and what the finding took for the same."""


def standing(store: Store, run: Run) -> Mapping[str, Decision]:
    """Finding id -> the newest decision on it among those written in workbooks of the run's period or of earlier ones.

    So an old period that is run again sees what had been decided by then, whenever it was read in. What a decision means
    for the finding in this run stands in ``Finding.handled``.
    """
    return store.newest_decisions(run.period)


def handled(
    decision: Decision | None, finding: Finding, before: Finding | None, run: Run, worse_share: Decimal
) -> Handled:
    """What ``decision`` means for ``finding`` in ``run``.

    Args:
        decision: the newest one on it, or a false hit on the same pair.
        finding: as this run found it.
        before: as the last earlier period left it: an acceptance once outgrown stays so until a new decision.
        run: gives the day and the period.
        worse_share: how much a measure must have grown since it was decided on to be called worse (0-1).
    """
    if decision is None:
        return ""
    if decision.assessment == DONE:
        return "not_done" if run.period > decision.period and finding.verdict == "flag" else "open"
    if decision.assessment not in (ACCEPTED, FALSE_HIT):
        return "open"
    once_outgrown = before is not None and before.decision == decision.id and before.handled == "outgrown"
    if once_outgrown or _others(decision, finding) or worse(decision, finding.severity, finding.measure, worse_share):
        return "outgrown"
    if not in_time(decision, run.as_of):
        return "expired"
    return "accepted" if decision.assessment == ACCEPTED else "false_hit"


def in_time(decision: Decision, day: date) -> bool:
    """Whether an acceptance or a false hit has not run out on a day; the last day counts."""
    return decision.assessment in (ACCEPTED, FALSE_HIT) and (decision.until is None or decision.until >= day)


def _others(decision: Decision, finding: Finding) -> bool:
    """Whether a false hit was about another pair than what the finding now takes for the same."""
    return decision.assessment == FALSE_HIT and bool(decision.pair) and decision.pair != pair_of(finding)


def worse(decision: Decision, severity: Severity | None, measure: Decimal | None, worse_share: Decimal) -> bool:
    """Whether a finding is of a higher severity, or measures so much more, than when it was decided on."""
    if decision.severity and severity and SEVERITIES.index(severity) < SEVERITIES.index(decision.severity):
        return True
    if measure is None or decision.measure is None or measure <= decision.measure:
        return False
    return measure >= decision.measure * (1 + worse_share)


def pair_of(finding: Finding) -> str:
    """For rules about identity: whom and what the finding took for the same, as text; empty for others or when not told."""
    names = _PAIRS.get(finding.rule[:3], ())
    values = [finding.evidence.get(name) for name in names]
    if not names or not all(isinstance(value, str) and value for value in values):
        return ""
    own = (finding.supplier_id,) if finding.rule.startswith("IDE") else ()  # a name is one supplier's own
    return " | ".join((finding.rule[:3], *own, *(normalise(str(value)) or str(value) for value in values)))


def unhandled(finding: Finding, decision: Decision | None, due: date | None, today: date) -> bool:
    """Whether a standing flag is overdue: its last day has passed, no decision holds, and nobody is known to be at work."""
    if due is None or due >= today or finding.handled in SETTLED:
        return False
    return finding.handled != "open" or not at_work(decision, today)


def at_work(decision: Decision | None, today: date) -> bool:
    """Whether a decision that settles nothing still says that somebody is at work: until its own day, or for ``OPEN_DAYS``.

    They are counted from the month of the workbook that it was written in, so that an old period run again says the same.
    """
    if decision is None or not decision.period:
        return True
    if decision.until is not None:
        return decision.until >= today
    year, month = (int(part) for part in decision.period.split("-"))
    return date(year, month, monthrange(year, month)[1]) + timedelta(days=OPEN_DAYS) >= today


def late_reply(finding: Finding, decision: Decision | None, today: date) -> bool:
    """Whether the supplier's answer is overdue: its last day has passed, and the flag is not settled."""
    return decision is not None and decision.reply_by is not None and decision.reply_by < today and not finding.settled
