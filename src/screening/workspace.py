"""A workspace: one folder with screening.toml, rules/, connectors/ and a store; opened, checked, or made anew."""

from __future__ import annotations

import shutil
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import Self

from screening import config as configuration
from screening.config import Config
from screening.connectors import Connector, load_sources
from screening.errors import ConfigError, UsageError
from screening.exports import Export, load_exports
from screening.rules import Rule, verify
from screening.rules import load as load_rules
from screening.stages.routing import Routing, routing
from screening.store import Store

SHARED = ("rules", "connectors")
"""Folders of TOML that every workspace has its own copy of."""
COPIED = (*SHARED, "connectors/layouts")
"""Those, and what they refer to."""
SAMPLE = "data/sample/"
"""Where this repository's own workspace keeps its files; a workspace of one's own has them in the folder itself."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Everything loaded and checked; the store is open. Use as a context manager."""

    home: Path
    config: Config
    sources: Mapping[str, Connector]
    exports: Mapping[str, Export]
    rules: Mapping[str, Rule]
    routing: Routing
    store: Store

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.store.close()

    @property
    def in_use(self) -> tuple[Connector, ...]:
        """The source connectors that some kind of fact may be asked of."""
        names = {name for order in self.routing.precedence.values() for name in order}
        return tuple(self.sources[name] for name in sorted(names))

    @property
    def simulated(self) -> bool:
        """Whether every source in use is made up, so that the clock may run at any day."""
        return all(item.simulated for item in self.in_use if not item.local)

    def texts(self) -> dict[tuple[str, str], str]:
        """What a run stores of the files it used: (kind, name) -> text."""
        found = {("config", configuration.NAME): (self.home / configuration.NAME).read_text(encoding="utf-8-sig")}
        found |= {("rule", rule_id): rule.text for rule_id, rule in self.rules.items()}
        found |= {("connector", name): item.text for name, item in self.sources.items()}
        found |= {("connector", name): item.text for name, item in self.exports.items()}
        return found


def open_workspace(home: Path) -> Workspace:
    """The workspace in ``home``.

    Raises:
        ConfigError: a file is missing or wrong; the message names file and key.
        StoreError: the store cannot be opened.
    """
    config = configuration.load(home)
    for name in SHARED:
        if not (home / name).is_dir():
            message = f"{home / name}: mappen saknas; gör en arbetsyta med `screening init`"
            raise ConfigError(message)
    sources = load_sources(home / "connectors")
    exports = load_exports(home / "connectors")
    rules = load_rules(home / "rules")
    routes = routing(config, sources)
    verify(config, rules)
    store = Store.open(config.store.url, home, organisation=config.organisation.orgnr)
    return Workspace(home, config, sources, exports, rules, routes, store)


def _distributed(beside: str, installed: str) -> Path:
    """A file or folder that came with the program: beside the source, or where the wheel put it."""
    for place in (
        Path(__file__).resolve().parents[2] / beside,
        Path(sysconfig.get_path("data")) / "share" / "screening" / installed,
    ):
        if place.exists():
            return place
    message = f"{beside}: följde inte med programmet; installera om det"
    raise ConfigError(message)


def init(folder: Path) -> list[Path]:
    """Makes a workspace in ``folder``: its own screening.toml, rules and connectors. Never replaces a file.

    Returns:
        What was written.

    Raises:
        UsageError: the folder already is a workspace, or cannot be written.
    """
    target = folder / configuration.NAME
    if target.exists():
        message = f"{target}: finns redan; ange en mapp som inte är en arbetsyta"
        raise UsageError(message)
    template = resources.files("screening").joinpath("template.toml").read_text(encoding="utf-8")
    written = []
    try:
        for name in COPIED:
            (folder / name).mkdir(parents=True, exist_ok=True)
            for source in sorted(_distributed(name, name).glob("*.toml")):
                if not (copy := folder / name / source.name).exists():
                    text = source.read_text(encoding="utf-8").replace(SAMPLE, "")
                    copy.write_text(text, encoding="utf-8", newline="\n")
                    written.append(copy)
        shutil.copyfile(_distributed("data/sample/world.toml", "world.toml"), folder / "world.toml")
        for name in ("in", "in/skattekonto", "in/sanktioner", "in/beslut", "reports"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        target.write_text(template, encoding="utf-8", newline="\n")
    except OSError as error:
        message = f"{folder}: går inte att skriva i ({error.strerror}); ange en mapp som ni får skriva i"
        raise UsageError(message) from error
    return [target, *written]
