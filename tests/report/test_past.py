"""A run as it was: its own rules and settings, and what this version cannot read any more."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from screening.config import Config
from screening.report.past import is_purged, past, purged_since
from screening.store import Run, Store

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 9, 30, 6, tzinfo=UTC)
TODAY = Config.model_validate(
    {"organisation": {"name": "Nu", "orgnr": "212000-0000"}, "profile": [{"name": "alla", "rules": ["SKA-01"]}]}
)
RULE = (ROOT / "rules" / "ska_01_allmanna_mal.toml").read_text(encoding="utf-8")
OLD = '[organisation]\nname = "Då"\norgnr = "212000-0000"\n[[profile]]\nname = "alla"\nrules = ["SKA-01"]\n[report]\nlanguage = "en"\n'


def begun(store: Store, **texts: str) -> Run:
    kinds = {"config": ("config", "screening.toml"), "rule": ("rule", "SKA-01")}
    return store.begin_run("monthly", "2026-09", date(2026, 9, 30), NOW, "0.1.0", {kinds[name]: text for name, text in texts.items()})  # fmt: skip


def test_rules_and_settings_are_the_runs_own(store: Store) -> None:
    """Whatever stands on disk today."""
    text = RULE.replace("Skuld i allmänna mål", "Gammal rubrik", 1)
    found = past(store, begun(store, config=OLD, rule=text), TODAY)
    assert found.rules["SKA-01"].title["sv"].startswith("Gammal rubrik")
    assert (found.config.organisation.name, found.config.report.language, found.unread) == ("Då", "en", ())


@pytest.mark.parametrize(
    ("config", "name", "language"),
    [
        (OLD + "[gammalt]\nx = 1\n", "Då", "en"),
        (OLD.replace('"en"', '"no"'), "Då", "sv"),
        ("[organisation]\n", "Nu", "sv"),
        ("inte toml", "Nu", "sv"),
    ],
)
def test_settings_that_this_version_cannot_read_give_name_and_language_at_least(
    store: Store, config: str, name: str, language: str
) -> None:
    """The rest is today's, and that is told."""
    found = past(store, begun(store, config=config), TODAY)
    assert (found.config.organisation.name, found.config.report.language) == (name, language)
    assert found.unread == ("screening.toml",)


@pytest.mark.parametrize("text", ["inte toml", 'id = "SKA-01"', RULE.replace('check    = "', 'check    = "borta_')])
def test_a_rule_that_this_version_cannot_bind_is_named(store: Store, text: str) -> None:
    """Its text is kept all the same."""
    found = past(store, begun(store, config=OLD, rule=text), TODAY)
    assert (dict(found.rules), found.unread) == ({}, ("SKA-01",))
    assert found.texts["rule", "SKA-01"] == text


def test_a_purged_run_is_told_from_one_that_is_not_finished(store: Store) -> None:
    """With the day and decision of each purge since."""
    run = begun(store, config=OLD)
    assert (is_purged(store, run), purged_since(store, run)) == (False, [])
    store.audit("kim", "purge", datetime(2026, 9, 1, tzinfo=UTC), {"decision": "förr"})
    store.finish_run(run.id, "done", NOW, 0, {})
    store.audit("kim", "purge", datetime(2026, 12, 1, tzinfo=UTC), {"decision": "KS 2026/99"})
    ended: Any = store.run(run.id)
    assert is_purged(store, ended)
    assert purged_since(store, ended) == ["2026-12-01, KS 2026/99"]
    store.put_sheet(run.id, "Regler", ["a"], [])
    assert not is_purged(store, ended)
