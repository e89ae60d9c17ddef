"""No beneficial owner filed, filed as impossible to establish, or other than those named in the bid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from screening.checks import Params
from screening.model import (
    BeneficialOwners,
    CompanyRecord,
    Context,
    Ownership,
    OwnersInBid,
    Verdict,
    clear,
    flag,
    not_applicable,
)
from screening.model.ownership import chain_text
from screening.names import SAME, likeness


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """How long after registration a first filing may take."""

    grace_days: int


def check(  # noqa: PLR0911 - one return per answer of the register
    owners: BeneficialOwners,
    bid: OwnersInBid | None,
    record: CompanyRecord | None,
    ownership: Ownership | None,
    c: Context,
    p: P,
) -> Verdict:
    """Flags an owner that is hidden, or a register that does not say what the bid said.

    A filing that nobody controls the company, while all known shares form a circle, hides who does.
    """
    chain = _chain(ownership)
    shown = [ownership] if ownership is not None and chain else []
    if owners.state == "exempt":
        return not_applicable("exempt")
    if owners.state == "none_exists":
        if _circular(ownership):
            return flag(owners, *shown, variant="circular", chain=chain, as_of_on=owners.provenance.held_on)
        return clear(owners, none_reason=owners.none_reason)
    if owners.state == "none_registered":
        registered_on = record.registered_on if record is not None else None
        if registered_on is not None and (c.today - registered_on).days <= p.grace_days:
            return not_applicable("new_company", registered_on=registered_on)
        return flag(
            owners,
            *shown,
            variant="none",
            registered_on=registered_on,
            chain=chain,
            as_of_on=owners.provenance.held_on,
        )
    if owners.state == "unknown_filed":
        return flag(
            owners,
            *shown,
            variant="unknown",
            none_reason=owners.none_reason,
            chain=chain,
            as_of_on=owners.provenance.held_on,
        )
    if bid is None or not bid.names:
        return clear(owners, owners_now=_listed(_names(owners)))
    extra, absent = compare(owners, bid)
    if not extra and not absent:
        return clear(owners, bid, owners_now=_listed(_names(owners)))
    return flag(
        owners,
        bid,
        *shown,
        variant="differs",
        only_in_register=_listed(extra),
        only_in_bid=_listed(absent),
        stated_on=bid.stated_on,
        chain=chain,
        as_of_on=owners.provenance.held_on,
    )


TOLD = 5
"""How many chains a finding tells; the evidence has them all."""


def _chain(ownership: Ownership | None) -> str | None:
    """The ways up that the stored answers know, the largest first."""
    known = ownership.chains if ownership is not None else ()
    return "; ".join(chain_text(item) for item in known[:TOLD]) or None


def _circular(ownership: Ownership | None) -> bool:
    """Whether every way up that is known comes back to a company met before."""
    known = ownership.chains if ownership is not None else ()
    return bool(known) and all(item.end == "circular" for item in known)


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
