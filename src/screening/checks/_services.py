"""Services as contracts name them, held against a rule's list."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from screening.model import Contract


@lru_cache(maxsize=4096)  # a few services stand in very many contracts
def spelled(text: str) -> str:
    """A name as it is compared: without regard to case and space."""
    return " ".join(text.casefold().split())


def of_services(contracts: Iterable[Contract], services: Iterable[str]) -> tuple[Contract, ...]:
    """The contracts for one of the services."""
    listed = _listed(tuple(services))
    return tuple([item for item in contracts if spelled(item.service) in listed])


@lru_cache(maxsize=256)
def _listed(services: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(spelled, services))


def sub_suppliers(contracts: Iterable[Contract]) -> int:
    """How many sub-suppliers the contract list names under the contract that has most of them."""
    return max((item.sub_suppliers for item in contracts), default=0)
