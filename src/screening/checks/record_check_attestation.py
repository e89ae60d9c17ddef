"""The quarter's attestation of record checks is missing, where statute or contract demands one. Counts only, no content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from screening.checks import Params
from screening.checks._demand import UNSAID, demanded
from screening.checks._quarters import due_on, timing
from screening.model import Context, RecordCheckAttestation, Verdict, clear, flag, not_applicable, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """Which law areas, who demands it there, and how long after the quarter it must be in."""

    areas: tuple[str, ...]
    critical_areas: tuple[str, ...]
    demanded_by: Literal["statute", "contract"]
    due_days: int


def check(attestation: RecordCheckAttestation, c: Context, p: P) -> Verdict:  # noqa: PLR0911 - one return per exclusion
    """Flags the latest quarter due that has none; ``children_in_care`` in areas where hiring unchecked is forbidden."""
    if attestation.area not in p.areas:
        return not_applicable("other_area")
    by_contract = demanded(c.contracts) if p.demanded_by == "contract" else True
    if by_contract is False:
        return not_applicable("not_demanded")
    when = timing(attestation.quarter, c.today, p.due_days)
    if when == "older":
        return not_applicable("older_item")
    if attestation.state == "received":
        return clear(attestation, quarter=attestation.quarter, in_scope=attestation.in_scope)
    if when == "later":
        return not_applicable("not_due")
    if by_contract is None:
        return UNSAID
    if attestation.state == "refused":
        return unknown("rejected_input", quarter=attestation.quarter)
    return flag(
        attestation,
        level="children_in_care" if attestation.area in p.critical_areas else "",
        variant=f"area_{attestation.area}",
        quarter=attestation.quarter,
        area=attestation.area,
        due_on=due_on(attestation.quarter, p.due_days),
    )
