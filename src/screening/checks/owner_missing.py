"""No beneficial owner filed, filed as impossible to establish, or other than those named in the bid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from screening.checks import Params
from screening.model import (
    BeneficialOwners,
    CompanyRecord,
    Context,
    OwnersInBid,
    Verdict,
    clear,
    flag,
    not_applicable,
)
from screening.names import SAME, likeness


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """How long after registration a first filing may take."""

    grace_days: int


def check(owners: BeneficialOwners, bid: OwnersInBid | None, record: CompanyRecord | None, c: Context, p: P) -> Verdict:  # noqa: PLR0911 - one return per answer of the register
    """Flags an owner that is hidden, or a register that does not say what the bid said."""
    if owners.state == "exempt":
        return not_applicable("exempt")
    if owners.state == "none_exists":
        return clear(owners, none_reason=owners.none_reason)
    if owners.state == "none_registered":
        registered_on = record.registered_on if record is not None else None
        if registered_on is not None and (c.today - registered_on).days <= p.grace_days:
            return not_applicable("new_company", registered_on=registered_on)
        return flag(owners, variant="none", registered_on=registered_on, as_of_on=owners.provenance.held_on)
    if owners.state == "unknown_filed":
        return flag(owners, variant="unknown", none_reason=owners.none_reason, as_of_on=owners.provenance.held_on)
    if bid is None or not bid.names:
        return clear(owners, owners_now=_listed(_names(owners)))
    extra, absent = compare(owners, bid)
    if not extra and not absent:
        return clear(owners, bid, owners_now=_listed(_names(owners)))
    return flag(
        owners,
        bid,
        variant="differs",
        only_in_register=_listed(extra),
        only_in_bid=_listed(absent),
        stated_on=bid.stated_on,
        as_of_on=owners.provenance.held_on,
    )


def compare(owners: BeneficialOwners, bid: OwnersInBid) -> tuple[list[str], list[str]]:
    """Names only in the register and only in the bid.

    Owners who came after the bid are a change (AGA-02), not a difference, and explain names that are gone; an owner with
    protected identity may be any of those named in the bid.
    """
    left = list(bid.names)
    extra: list[str] = []
    explained = 0
    for owner in owners.owners:
        if owner.anonymous or not owner.name:
            explained += 1
            continue
        same = max(left, key=lambda name: likeness(name, owner.name), default=None)
        if same is not None and likeness(same, owner.name) >= SAME:
            left.remove(same)
        elif bid.stated_on is not None and owner.since_on is not None and owner.since_on > bid.stated_on:
            explained += len(left)
        else:
            extra.append(owner.name)
    return extra, [] if explained >= len(left) else left


def _names(owners: BeneficialOwners) -> list[str]:
    return [owner.name for owner in owners.owners if owner.name and not owner.anonymous]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(sorted(names))
