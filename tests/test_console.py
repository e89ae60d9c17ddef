"""What commands tell on the terminal."""

from __future__ import annotations

from screening.console import PURGE_WORDS, purge_lines, served_addresses
from screening.store import Purged
from screening.store.purge import steps


def test_the_addresses_of_the_served_stub_are_told_whole() -> None:
    """As they are to be written in a connector's file, with the token's where it is another."""
    report, registry, *_, last = served_addresses("http://127.0.0.1:8765", ["creditsafe_connect", "bolagsverket_hvd"])
    assert report.endswith('address = "http://127.0.0.1:8765/creditsafe_connect/v1"')
    assert 'address = "http://127.0.0.1:8765/bolagsverket_hvd/vardefulla-datamangder/v1"' in registry
    assert registry.endswith('token_address = "http://127.0.0.1:8765/bolagsverket_hvd/oauth2/token"')
    assert "simulated = true" in last


def test_a_purge_is_told_in_swedish() -> None:
    """Every reason that the store gives has its words."""
    assert {step.what for step in steps()} == PURGE_WORDS.keys()
    (line,) = purge_lines([Purged("facts", "verdicts older than findings_days", 3)], "Gallrat")
    assert line == "Gallrat: 3 rader i facts (bedömningar äldre än findings_days)"
