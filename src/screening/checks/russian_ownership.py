"""A supplier, owner or relied-on company that by its registered country falls under article 5k; never by a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from screening.checks import Params
from screening.checks._services import spelled
from screening.model import (
    BeneficialOwners,
    Context,
    Contract,
    Fact,
    Ownership,
    Shareholders,
    Verdict,
    clear,
    flag,
    lacks,
    not_applicable,
    unknown,
)
from screening.model.ownership import chain_text


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """Countries, more than which share, and from which value a contract is above the EU threshold, by kind."""

    countries: tuple[str, ...]
    share: Decimal
    sub_share: Decimal
    goods_sek: Decimal
    works_sek: Decimal
    annex2_sek: Decimal
    utilities_sek: Decimal
    works_services: tuple[str, ...]

    def services_known(self) -> Mapping[str, tuple[str, ...]]:
        """See ``Params``."""
        return {"works_services": self.works_services}


MAIN = ("main", "consortium")
"""Roles that the ban concerns whatever the share."""


def check(
    owners: BeneficialOwners | None,
    shareholders: Shareholders | None,
    ownership: Ownership | None,
    c: Context,
    p: P,
) -> Verdict:
    """Flags a supplier established there, or owned to more than ``share``, on a contract that the ban concerns."""
    contracts = [item for item in c.contracts if above(item, p)]
    if not contracts:
        return not_applicable("below_threshold")
    concerned = [item for item in contracts if _counts(item, p)]
    if ownership is not None and ownership.country in p.countries:
        return _flag("established", (ownership,), concerned, Decimal(1), "", c) or clear(ownership)
    if owners is None and shareholders is None:
        return lacks("beneficial_owners")
    return _owned(owners, shareholders, ownership, concerned, c, p)


def _owned(
    owners: BeneficialOwners | None,
    shareholders: Shareholders | None,
    ownership: Ownership | None,
    concerned: Sequence[Contract],
    c: Context,
    p: P,
) -> Verdict:
    """By the shares of owners registered there, directly and through other companies; else by the top of the group."""
    facts = [fact for fact in (owners, shareholders, ownership) if fact is not None]
    listed = [item for item in owners.owners if item.country in p.countries] if owners is not None else []
    held = [item for item in shareholders.owners if item.country in p.countries] if shareholders is not None else []
    chains = [item for item in ownership.chains if item.country in p.countries] if ownership is not None else []
    indirect = [item for item in chains if len(item.names) > 1]
    owned = _sum([item.share_from for item in held]) + _sum([item.share for item in indirect])
    share = max(owned, _sum([item.share_from for item in listed]))
    parent = shareholders.ultimate_parent if shareholders is not None else None
    if share > p.share:
        told = "; ".join(chain_text(item) for item in chains)
        return _flag("owned", facts, concerned, share, told, c) or clear(*facts, owned_share=share)
    if parent is not None and parent.country in p.countries:
        return _flag("parent", facts, concerned, share, parent.name, c) or clear(*facts, owned_share=share)
    if any(item is None for item in (*(row.share_from for row in (*listed, *held)), *(row.share for row in indirect))):
        return unknown("partial", owned_share=share)  # an owner from there, but how much is not told
    if owners is not None and owners.state in ("none_registered", "unknown_filed") and shareholders is None:
        return unknown("partial")
    return clear(*facts, owned_share=share)


def _flag(
    variant: str, facts: Sequence[Fact], concerned: Sequence[Contract], share: Decimal, chain: str, c: Context
) -> Verdict | None:
    """The flag on the contracts that it concerns; ``None`` when none does.

    ``part_unknown``: of each of them the ban may or may not concern this company, since its part is not told.
    """
    if not concerned:
        return None
    subs = [item.id for item in concerned if item.role not in MAIN]
    unmeasured = [item.id for item in concerned if item.role not in MAIN and item.share is None]
    return flag(
        facts[0],
        *facts[1:],
        level="part_unknown" if len(unmeasured) == len(concerned) else "",
        variant=variant,
        owned_share=share or None,
        chain=chain or None,
        supplier_country=c.supplier.country,
        contract_ids=", ".join(sorted(item.id for item in concerned)),
        sub_contracts=", ".join(sorted(subs)) or None,
        unmeasured_contracts=", ".join(sorted(unmeasured)) or None,
        as_of_on=facts[0].provenance.held_on,
    )


def _sum(shares: Iterable[Decimal | None]) -> Decimal:
    """What is known of them, together."""
    return sum((share for share in shares if share is not None), Decimal(0))


# --- which contracts --------------------------------------------------------------------------------------------------
def above(contract: Contract, p: P) -> bool:
    """Whether the contract is above the EU threshold: by its value, else by its regime."""
    if contract.value_sek is not None:
        return contract.value_sek >= _threshold(contract, p)
    return contract.regime in ("LOU", "LUF", "LUK")


def _threshold(contract: Contract, p: P) -> Decimal:
    """The EU threshold of the contract's kind; a concession's is that of works, whatever is bought."""
    if contract.regime == "LOU_annex2":
        return p.annex2_sek
    if contract.regime == "LUK" or spelled(contract.service) in map(spelled, p.works_services):
        return p.works_sek
    return p.utilities_sek if contract.regime == "LUF" else p.goods_sek


def _counts(contract: Contract, p: P) -> bool:
    """Whether the part that the company performs may count: the main supplier's always; of others more than ``sub_share``."""
    if contract.role in MAIN or contract.share is None:
        return True
    return contract.share > p.sub_share
