"""Fewer persons checked before they started than were in scope: a gap that the supplier itself reports."""

from __future__ import annotations

from dataclasses import dataclass

from screening.checks import Params
from screening.checks._demand import UNSAID, demanded
from screening.checks._quarters import timing
from screening.model import Context, RecordCheckAttestation, Verdict, clear, flag, not_applicable, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """Areas where statute demands the check, and when a quarter is due (older ones are history)."""

    statutory_areas: tuple[str, ...]
    due_days: int


def check(attestation: RecordCheckAttestation, c: Context, p: P) -> Verdict:  # noqa: PLR0911 - one return per exclusion
    """Flags ``checked_before_start < in_scope``: base in statutory areas, ``by_contract`` elsewhere."""
    if timing(attestation.quarter, c.today, p.due_days) == "older":
        return not_applicable("older_item")
    if attestation.state != "received":
        return not_applicable("no_attestation")
    by_contract = True if attestation.area in p.statutory_areas else demanded(c.contracts)
    if by_contract is False:
        return not_applicable("not_demanded")
    scope, checked = attestation.in_scope, attestation.checked_before_start
    if scope == 0:
        return clear(attestation, quarter=attestation.quarter, in_scope=0)
    if scope is None or checked is None:
        return unknown("partial", quarter=attestation.quarter)
    if checked > scope:
        return unknown("doubtful", quarter=attestation.quarter, in_scope=scope, checked=checked)
    if checked == scope:
        return clear(attestation, quarter=attestation.quarter, in_scope=scope, checked=checked)
    if by_contract is None:
        return UNSAID
    return flag(
        attestation,
        level="" if attestation.area in p.statutory_areas else "by_contract",
        variant=f"area_{attestation.area}",
        quarter=attestation.quarter,
        area=attestation.area,
        in_scope=scope,
        checked=checked,
        unchecked=scope - checked,
        pending=attestation.pending,
    )
