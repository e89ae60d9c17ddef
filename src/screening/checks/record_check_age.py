"""Extracts that were older than the law allows when the person started: counted by the supplier, never against today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from screening.checks import Params
from screening.checks._demand import UNSAID, demanded
from screening.checks._quarters import timing
from screening.model import Context, LawArea, RecordCheckAttestation, Verdict, clear, flag, not_applicable, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """How many count, how old an extract may be at the start in each area, and where no date of issue may be noted."""

    limit: int
    statutory_areas: tuple[str, ...]
    note_only_areas: tuple[str, ...]
    due_days: int
    school_days: int
    hvb_days: int
    lss_child_days: int
    child_other_days: int
    home_care_days: int
    other_days: int

    def max_days(self, area: LawArea) -> int:
        """How old an extract may be when the person starts."""
        days: Mapping[LawArea, int] = {
            "school": self.school_days,
            "hvb": self.hvb_days,
            "lss_child": self.lss_child_days,
            "child_other": self.child_other_days,
            "home_care": self.home_care_days,
            "other": self.other_days,
        }
        return days[area]


def check(attestation: RecordCheckAttestation, c: Context, p: P) -> Verdict:
    """Flags ``limit`` or more extracts too old at hire, or one older than the area's, as the attestation itself tells."""
    area, quarter = attestation.area, attestation.quarter
    if timing(quarter, c.today, p.due_days) == "older":
        return not_applicable("older_item")
    if attestation.state != "received":
        return not_applicable("no_attestation")
    by_contract = True if area in p.statutory_areas else demanded(c.contracts)
    if by_contract is False:
        return not_applicable("not_demanded")
    verdict = _judged(attestation, p)
    return UNSAID if by_contract is None and verdict.outcome == "flag" else verdict


def _judged(attestation: RecordCheckAttestation, p: P) -> Verdict:
    """What the attestation says; in areas where only that the extract was shown may be noted, silence is no gap."""
    area, quarter, scope = attestation.area, attestation.quarter, attestation.in_scope
    count, oldest = attestation.too_old, attestation.oldest_days
    if count is None and oldest is None:
        if scope == 0:
            return clear(attestation, quarter=quarter, in_scope=0)
        return not_applicable("not_recorded") if area in p.note_only_areas else unknown("partial", quarter=quarter)
    if count is not None and scope is not None and count > scope:
        return unknown("doubtful", quarter=quarter, in_scope=scope, too_old=count)
    days = p.max_days(area)
    if count == 0 and oldest is not None and oldest > days:  # none too old, and one that is
        return unknown("doubtful", quarter=quarter, in_scope=scope, too_old=count, oldest_days=oldest)
    if (count or 0) < p.limit and (oldest is None or oldest <= days):
        return clear(attestation, quarter=quarter, in_scope=scope, too_old=count, oldest_days=oldest)
    return flag(
        attestation,
        variant=f"area_{area}",
        quarter=quarter,
        area=area,
        too_old=count,
        oldest_days=oldest,
        max_days=days,
        in_scope=scope,
    )
