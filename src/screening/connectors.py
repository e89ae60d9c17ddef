"""Loads connectors/: one TOML per place data comes from, checked against the adapter that it names."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from screening.adapters.source import Adapter, Limits
from screening.config import Strict, parse_toml
from screening.errors import ConfigError
from screening.model import KINDS


class LimitsTable(Strict):
    """How hard a source may be asked. ``reserve``: the share of the rate kept for ad-hoc checks."""

    per_second: float | None = None
    per_minute: float | None = None
    concurrent: Annotated[int, Field(ge=1)] = 4
    timeout_s: float = 30.0
    connect_s: float = 5.0
    reserve: Annotated[float, Field(ge=0, lt=1)] = 0.2
    tries: Annotated[int, Field(ge=1, le=10)] = 4
    retry_s: Annotated[float, Field(ge=0)] = 0.0  # how long a call that failed rests at least before the next try
    break_after: Annotated[int, Field(ge=1)] = 5  # failures in a row that open the circuit breaker


class SourceTable(Strict):
    """A source: something that is asked about suppliers."""

    role: Literal["source"]
    adapter: str
    enabled: bool = True  # false: laid ready, and asked nothing
    title: str = ""
    address: str = "stub:"
    token_address: str | None = None
    fresh_days: int = 25
    renew_days: Annotated[int, Field(ge=1)] = 365  # how long cheaper proofs may stand in for a new paid answer
    price_sek: Decimal = Decimal(0)
    wave: Literal[1, 2, 3] | None = None  # default: 1 when it gives company_record, 3 when it costs, else 2
    limits: LimitsTable = LimitsTable()
    secrets: dict[str, str] = Field(default_factory=dict)
    client_certificate: str | None = None
    inbox: str | None = None
    outbox: str | None = None
    wait_days: int = 10
    simulated: bool = False
    disclosure_letters: bool = False  # a question on a sole trader, HB or KB sends the person a copy
    forms: tuple[str, ...] = ()  # legal forms it can answer for; empty: all Swedish
    persons: bool = True  # whether it can be asked about sole traders at all
    origin: Literal["authority", "bureau", "supplier_submitted", "file"] | None = None  # default: the adapter's
    options: dict[str, Any] = Field(default_factory=dict)  # the adapter's own settings, checked by it
    expect: dict[str, Annotated[float, Field(gt=0, le=1)]] = Field(default_factory=dict)
    """Least share of answers, before history tells: ``kind``, ``kind.field`` or ``kind.field@FORM``."""


@dataclass(frozen=True, slots=True)
class Connector:
    """A loaded source connector: its declaration and the adapter bound to it."""

    name: str
    table: SourceTable
    adapter: Adapter
    text: str  # the TOML as read, stored with each run

    @property
    def stubbed(self) -> bool:
        """Whether the embedded provider answers."""
        return self.table.address == "stub:"

    @property
    def local(self) -> bool:
        """Whether it reads files of the workspace: neither live nor made up."""
        return not self.adapter.stub_path

    @property
    def simulated(self) -> bool:
        """Whether its answers are made up: the embedded stub, or one declared as such over a socket."""
        return self.table.simulated or (self.stubbed and not self.local)

    @property
    def limits(self) -> Limits:
        """The limits as the client takes them."""
        return Limits(**self.table.limits.model_dump())

    @property
    def wave(self) -> int:
        """1 identity and register, 2 free, 3 what costs money."""
        if self.table.wave is not None:
            return self.table.wave
        if self.table.price_sek > 0:
            return 3
        return 1 if "company_record" in self.adapter.gives else 2


def bind(name: str) -> Adapter:
    """The adapter module ``screening.adapters.<name>`` as an ``Adapter``.

    Raises:
        ConfigError: no such module, or it does not declare what an adapter must.
    """
    try:
        module = importlib.import_module(f"screening.adapters.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"screening.adapters.{name}":
            raise
        message = f'adapter = "{name}": no such adapter; expected a module src/screening/adapters/{name}.py'
        raise ConfigError(message) from None
    adapter = getattr(module, "ADAPTER", None)
    if not isinstance(adapter, Adapter):
        message = f'adapter = "{name}": the module does not declare ADAPTER; expected an Adapter'
        raise ConfigError(message)
    return adapter


def _check_expected(file: str, table: SourceTable, adapter: Adapter) -> None:
    """ConfigError for an expectation of what the adapter does not give."""
    for key in table.expect:
        kind, _, field = key.partition("@")[0].partition(".")
        if kind not in adapter.gives:
            message = f"{file}: expect.{key}: no kind of fact that it gives; expected one of {', '.join(sorted(adapter.gives))}"
            raise ConfigError(message)
        known = sorted({item.name for item in fields(KINDS[kind])} - {"provenance", "scope_key"})
        if field and field not in known:
            message = f"{file}: expect.{key}: {kind} has no such field; expected one of {', '.join(known)}"
            raise ConfigError(message)


def load_sources(folder: Path) -> Mapping[str, Connector]:
    """Every ``role = "source"`` connector in ``folder``, by name (the file's stem), in order of name.

    Raises:
        ConfigError: an unreadable file, an unknown key, an adapter that does not exist.
    """
    found: dict[str, Connector] = {}
    for path in sorted(folder.glob("*.toml")):
        text = path.read_text(encoding="utf-8-sig")
        if 'role = "export"' in " ".join(text.split()):
            continue
        table = parse_toml(path, SourceTable)
        try:
            adapter = bind(table.adapter)
        except ConfigError as error:
            message = f"{path.name}: {error}"
            raise ConfigError(message) from error
        adapter.check_options(path.name, table.options)
        _check_expected(path.name, table, adapter)
        found[path.stem] = Connector(path.stem, table, adapter, text)
    return found
