"""Who owns a company through other companies: every way up, ended at a person, an unknown owner, or where it closes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Literal

from screening.model.facts import OwnershipChain, Shareholder

MAX_DEPTH = 8
"""Companies above each other; a chain that is longer ends as ``depth``."""
MAX_CHAINS = 100
"""Ways up that are told; companies that own each other crosswise have more than anyone reads."""


def chains(number: str, owners_of: Mapping[str, Sequence[Shareholder]]) -> tuple[OwnershipChain, ...]:
    """Every way from the company up, the largest shares first. It ends: no company is met twice on one way.

    Args:
        number: the company's registration number.
        owners_of: registration number -> its shareholders, for the companies whose shareholders are known.
    """
    return tuple(islice(_up(number, owners_of, (), frozenset({number})), MAX_CHAINS))


def _up(
    number: str,
    owners_of: Mapping[str, Sequence[Shareholder]],
    above: tuple[Shareholder, ...],
    met: frozenset[str],
) -> Iterator[OwnershipChain]:
    for owner in sorted(owners_of.get(number, ()), key=_order):
        way = (*above, owner)
        if owner.holder == "person":
            yield _chain(way, "person")
        elif owner.number is not None and owner.number in met:
            yield _chain(way, "circular")
        elif owner.number is None or not owners_of.get(owner.number):
            yield _chain(way, "unknown")
        elif len(way) >= MAX_DEPTH:
            yield _chain(way, "depth")
        else:
            yield from _up(owner.number, owners_of, way, met | {owner.number})


def _order(owner: Shareholder) -> tuple[Decimal, str, str]:
    return (-(owner.share_from or Decimal(0)), owner.name, owner.person_key)


def _chain(way: tuple[Shareholder, ...], end: Literal["person", "unknown", "circular", "depth"]) -> OwnershipChain:
    last = way[-1]
    return OwnershipChain(
        names=tuple("*" if owner.anonymous else owner.name for owner in way),
        shares=tuple(owner.share_from for owner in way),
        end=end,
        country=last.country,
        number=last.number,
    )


def chain_text(chain: OwnershipChain) -> str:
    """From the supplier's shareholder up: ``Holding AB (60 %) ← Topco AB (90 %)``; ``↺`` where it closes, ``…`` where it goes on."""
    steps = [
        name if share is None else f"{name} ({f'{(share * 100).normalize():f}'.replace('.', ',')}\u00a0%)"
        for name, share in zip(chain.names, chain.shares, strict=True)
    ]
    return " ← ".join(steps) + {"circular": " ↺", "depth": " …"}.get(chain.end, "")
