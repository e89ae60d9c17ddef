"""A run as it was: the rules and the configuration that it used, read from the texts that it kept."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from screening.config import NAME, Config, validate
from screening.errors import ConfigError
from screening.rules import Rule, of_text
from screening.store import Run, Store

_LANGUAGES = ("sv", "en")


@dataclass(frozen=True, slots=True)
class Past:
    """What a run used.

    Attributes:
        rules: by id; those that this version can still bind to a check.
        config: the run's own; today's, with the run's name and language, when this version cannot read the old one.
        texts: (kind, name) -> text of every file that it used.
        unread: names of the texts that this version cannot read any more.
    """

    rules: Mapping[str, Rule]
    config: Config
    texts: Mapping[tuple[str, str], str]
    unread: tuple[str, ...]


def past(store: Store, run: Run, config: Config) -> Past:
    """What ``run`` used; ``config`` is today's, for what cannot be read."""
    texts = store.texts(run.id)
    unread: list[str] = []
    rules: dict[str, Rule] = {}
    for (kind, name), text in texts.items():
        if kind != "rule":
            continue
        try:
            rules[name] = of_text(f"{name}.toml", text)
        except ConfigError:
            unread.append(name)
    settings = _document(texts.get(("config", NAME), ""))
    found = _config(settings)
    if found is None:
        unread.append(NAME)
        found = _named_as(config, settings)
    return Past(rules, found, texts, tuple(unread))


def _document(text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError:
        return {}


def _config(document: Mapping[str, Any]) -> Config | None:
    try:
        return validate(NAME, document, Config)
    except ConfigError:
        return None


def _named_as(config: Config, document: Mapping[str, Any]) -> Config:
    """Today's configuration under the name and in the language of an older one."""
    name = document.get("organisation", {}).get("name")
    language = document.get("report", {}).get("language")
    if isinstance(name, str):
        config = config.model_copy(update={"organisation": config.organisation.model_copy(update={"name": name})})
    if language in _LANGUAGES:
        config = config.model_copy(update={"report": config.report.model_copy(update={"language": language})})
    return config


def is_purged(store: Store, run: Run) -> bool:
    """Whether the rows of a finished run's sheets are gone: every finished monthly run has some."""
    return run.finished is not None and not store.sheets(run.id)


def purged_since(store: Store, run: Run) -> list[str]:
    """Day and decision of every purge after the run ended, oldest first."""
    if run.finished is None:
        return []
    found = []
    for entry in store.audit_log():
        if entry.action == "purge" and datetime.fromisoformat(entry.at) >= run.finished:
            decision = json.loads(entry.detail).get("decision", "")
            found.append(f"{entry.at[:10]}, {decision}")
    return found
