"""Whether contracts demand record checks where only a contract can: yes, no, or not said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from screening.model import Contract, unknown

UNSAID = replace(unknown("partial"), missing=("record_check_clause",))
"""The list of contracts does not say whether the contract demands it: not judged, and nothing is asked of the supplier."""


def demanded(contracts: Iterable[Contract]) -> bool | None:
    """True where some contract demands it, ``None`` where some that runs does not say, else false."""
    contracts = tuple(contracts)
    if any(contract.record_check for contract in contracts):
        return True
    unsaid = any(contract.record_check is None and contract.phase != "tender" for contract in contracts)
    return None if unsaid else False
