"""Kronofogden's file service, "utdrag i upphandlingssyfte": debts, by a file handed in and one that comes back."""

from __future__ import annotations

from screening.adapters.file_exchange import exchange

ADAPTER = exchange(frozenset({"enforcement_debt"}))
