"""Opens a source: its secrets, its client, and the session that its adapter works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

import httpx

from screening.adapters.source import Billing, Kept, Request, Session
from screening.client import Client, Timebase, clock_header
from screening.connectors import Connector
from screening.errors import SourceUnavailable


class Network(Protocol):
    """How sources are reached: transports and time, injected so that tests and the stub need no network."""

    def transport(self, connector: Connector) -> httpx.AsyncBaseTransport:
        """The transport of one connector."""
        ...

    def timebase(self, connector: Connector) -> Timebase:
        """Real time, or virtual time for the embedded provider."""
        ...

    def secret(self, name: str) -> str | None:
        """A secret from the environment or keyring; ``None`` when it is not set."""
        ...


def secrets_of(connector: Connector, network: Network) -> Mapping[str, str]:
    """The secrets that the adapter needs.

    Raises:
        SourceUnavailable: names the environment variable that is not set.
    """
    found = {}
    for key in connector.adapter.secrets:
        variable = connector.table.secrets.get(key, "")
        value = "stub" if connector.stubbed else network.secret(variable) if variable else None
        if value is None:
            where = variable or f"som connectors/{connector.name}.toml ska namnge under secrets"
            message = f"{connector.name}: {key} saknas; sätt miljövariabeln {where} och kör igen"
            raise SourceUnavailable(message)
        found[key] = value
    return found


def client_of(
    connector: Connector, network: Network, now: Callable[[], datetime], deadline: float | None, *, adhoc: bool
) -> Client:
    """The one client of a source.

    Raises:
        ConfigError: its certificate cannot be read.
    """
    return Client(
        connector.name,
        connector.limits,
        network.transport(connector),
        timebase=network.timebase(connector),
        deadline=deadline,
        now=now,
        headers=clock_header(now) if connector.simulated else {},
        adhoc=adhoc,
    )


def session_of(
    connector: Connector,
    client: Client,
    secrets: Mapping[str, str],
    *,
    home: Path,
    now: Callable[[], datetime],
    pseudonym: Callable[[str], str],
    billing: Billing,
    state: Mapping[str, str],
    kept: Callable[[Request, str], Kept | None] = lambda _request, _part: None,
) -> Session:
    """A session for the connector's adapter; calls in doubt after a crash never exceed ``concurrent``."""
    table, adapter = connector.table, connector.adapter
    token_address = table.token_address
    if connector.stubbed and adapter.stub_token_path:
        token_address = "http://stub" + adapter.stub_token_path
    return Session(
        connector=connector.name,
        origin=adapter.origin if table.origin is None else type(adapter.origin)(table.origin),
        address=("http://stub" + adapter.stub_path if connector.stubbed else table.address).rstrip("/"),
        token_address=token_address,
        secrets=secrets,
        client=client,
        now=now,
        pseudonym=pseudonym,
        billing=billing,
        state=dict(state),
        kept=kept,
        options=table.options,
        price_sek=table.price_sek,
        concurrent=max(1, table.limits.concurrent // adapter.open_calls),
        simulated=connector.simulated,
        inbox=home / table.inbox if table.inbox else None,
        outbox=home / table.outbox if table.outbox else None,
        files=home,
        wait_days=table.wait_days,
    )
