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
    """Countries, more than which share, and from which value a contract is above the EU threshold, by kind.

    ``doubt_share``: how far below it a value is in doubt, where the thresholds of the day are not confirmed.
    """

    may_be_zero = frozenset({"doubt_share"})  # no doubt

    countries: tuple[str, ...]
    share: Decimal
    sub_share: Decimal
    goods_sek: Decimal
    works_sek: Decimal
    annex2_sek: Decimal
    utilities_sek: Decimal
    works_services: tuple[str, ...]
    doubt_share: Decimal

    def services_known(self) -> Mapping[str, tuple[str, ...]]:
        """See ``Params``."""
        return {"works_services": self.works_services}


ABOVE = ("LOU", "LUF", "LUK")
"""Regimes that are for contracts above the EU threshold alone."""
BELOW = ("LOU_under", "direct")
"""Regimes that are for contracts below it."""
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
    measured = [(item, above(item, c, p)) for item in c.contracts]
    surely = [item for item, is_above in measured if is_above]
    perhaps = [item for item, is_above in measured if is_above is None]
    if not surely and not perhaps:
        return not_applicable("below_threshold")
    verdict = _on(surely or perhaps, owners, shareholders, ownership, c, p)
    if verdict.outcome == "flag" and surely:
        return verdict
    maybe = _on(perhaps, owners, shareholders, ownership, c, p) if surely and perhaps else verdict
    if maybe.outcome == "flag":
        return unknown("doubtful", contract_ids=maybe.seen["contract_ids"], owned_share=maybe.seen["owned_share"])
    return verdict


def _on(
    contracts: Sequence[Contract],
    owners: BeneficialOwners | None,
    shareholders: Shareholders | None,
    ownership: Ownership | None,
    c: Context,
    p: P,
) -> Verdict:
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
def above(contract: Contract, c: Context, p: P) -> bool | None:
    """Whether the contract is above the EU threshold: by the whole value, else by its regime.

    ``None``: just below one that is not confirmed, or below one though its list says a regime for what is above: many
    lists write LOU of everything. A sub-supplier's own row may hold its part alone.
    """
    then = p.at(contract.awarded_on or contract.starts_on or c.today)
    limit = _threshold(contract, then)
    if any(known is not None and known >= limit for known in (contract.value_sek, contract.main_value_sek)):
        return True
    value = contract.value_sek if contract.role in MAIN else contract.main_value_sek
    if value is None:
        return contract.regime in ABOVE
    if contract.regime_said and contract.regime in (*ABOVE, *BELOW):
        return None if contract.regime in ABOVE else False
    return None if value >= limit * (1 - then.doubt_share) else False


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
