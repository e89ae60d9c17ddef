import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

from screening.report.manifest import dump, manifest

KEYS = [
    "run_id", "kind", "period", "as_of", "state", "started", "finished", "version", "inputs", "rules", "connectors", "suppliers",
    "coverage", "findings", "incomplete", "at_or_above", "exit",
]  # fmt: skip


def made(month: Any, **changes: Any) -> dict[str, Any]:
    """The manifest of the month."""
    run = replace(month.run, state="done", finished=month.run.started + timedelta(minutes=4), exit=3, **changes)
    return manifest(
        month.store, run, month.config, month.rules, incomplete=["kronofogden: source_down (2)"], at_or_above=4
    )


def test_keys_are_those_of_the_contract(month: Any) -> None:
    """Exactly these."""
    document = made(month)
    assert list(document) == KEYS
    assert list(document["inputs"][0]) == ["name", "sha256", "connector", "rows", "accepted", "merged", "rejected"]


def test_it_counts_what_was_checked_and_found(month: Any) -> None:
    """Standing flags by severity; a supplier with an unknown rule is not fully checked."""
    document = made(month)
    assert document["suppliers"] == {"in_scope": 34, "fully_checked": 24, "unidentified": 1}
    assert document["findings"] == {"critical": 4, "high": 16, "medium": 8, "low": 7}
    assert document["rules"]["SKA-01"] == sha256(month.rules["SKA-01"].text.encode()).hexdigest()
    assert (document["exit"], document["at_or_above"], document["state"]) == (3, 4, "done")
    assert document["coverage"]["SKA-01"]["clear"] == 24


def test_connectors_are_counted(month: Any) -> None:
    """Calls, answers and cost in kronor."""
    month.store.put_failed(month.run.id, "kronofogden", [month.ids[3]])
    counts = made(month)["connectors"]["kronofogden"]
    assert list(counts) == ["asked", "answered", "from_store", "failed", "calls", "in_doubt", "cost_sek", "doubtful"]
    assert (counts["failed"], counts["cost_sek"]) == (1, 0)


def test_as_text_it_is_json(month: Any) -> None:
    """Readable by people too, with å, ä and ö."""
    assert json.loads(dump({"namn": "Ö"})) == {"namn": "Ö"}
    assert "Ö" in dump({"namn": "Ö"})
