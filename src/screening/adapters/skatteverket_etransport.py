"""Skatteverket's E-transport, "Förfrågan företagsuppgifter": registrations and decided employer contributions, by file."""

from __future__ import annotations

from screening.adapters.file_exchange import exchange

ADAPTER = exchange(frozenset({"tax_registration", "employer_contributions"}))
