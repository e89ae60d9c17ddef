"""A court or authority decision on unpaid tax that is final: noted in the case file by a lawyer, never found by a machine."""

from __future__ import annotations

from dataclasses import dataclass

from screening.checks import Params
from screening.checks._agreement import bars, ends_on
from screening.model import Context, FinalDecision, PaymentAgreement, Verdict, clear, flag, not_applicable, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """Words by which the role of whoever noted the decision is a lawyer's, and how long an open agreement counts."""

    lawyers: tuple[str, ...]
    open_ended_days: int


def check(decision: FinalDecision | None, agreement: PaymentAgreement | None, c: Context, p: P) -> Verdict:
    """Flags a final decision that is neither paid nor under an agreement; unproven finality is unknown."""
    if decision is None:
        return not_applicable("no_decision")
    if decision.settled_on is not None and decision.settled_on <= c.today:
        return clear(decision, decided_on=decision.decided_on, settled_on=decision.settled_on)
    if decision.final_on is not None and decision.final_on > c.today:
        return not_applicable("not_final", decided_on=decision.decided_on, final_on=decision.final_on)
    if agreement is not None and bars(agreement, c.today, p.open_ended_days):
        return clear(
            decision,
            agreement,
            decided_on=decision.decided_on,
            agreement_to_on=ends_on(agreement, p.open_ended_days),
        )
    if decision.final_on is None or not _is_lawyer(decision.set_by, p.lawyers):
        return unknown("partial", decided_on=decision.decided_on, final_on=decision.final_on, set_by=decision.set_by)
    return flag(
        decision,
        decided_on=decision.decided_on,
        final_on=decision.final_on,
        set_by=decision.set_by,
        as_of_on=decision.provenance.held_on,
    )


def _is_lawyer(role: str, words: tuple[str, ...]) -> bool:
    """Whether a role such as ``kommunjurist`` or ``upphandlingsjurist`` is one that may note such a decision."""
    said = role.casefold()
    return any(word.casefold() in said for word in words)
