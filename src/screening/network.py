"""How sources are reached: real transports for live addresses, the embedded provider in process for ``stub:``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx

from screening.client import REAL, Timebase, VirtualTimebase, make_transport
from screening.connectors import Connector


class Reach:
    """Transports and time for a run.

    Args:
        stub: makes the transport of the embedded provider, on the time it is given; called once, when first needed;
            ``None`` when no source is the embedded provider, or none is asked.
        secret: a secret by the name of its environment variable.
    """

    def __init__(
        self, stub: Callable[[VirtualTimebase], httpx.AsyncBaseTransport] | None, secret: Callable[[str], str | None]
    ) -> None:
        self._make_stub, self._secret = stub, secret
        self._time = VirtualTimebase()  # one for the provider and its clients, so that limits agree and cost no waiting
        self._stub: httpx.AsyncBaseTransport | None = None

    def transport(self, connector: Connector) -> httpx.AsyncBaseTransport:
        """In process for ``stub:``, else over the network with TLS verified against the system's trust store."""
        if connector.local:
            return _Nowhere()
        if connector.stubbed:
            if self._stub is None:
                self._stub = _Nowhere() if self._make_stub is None else self._make_stub(self._time)
            return self._stub
        certificate = connector.table.client_certificate
        return make_transport(
            connector.limits, Path(certificate) if certificate else None, address=connector.table.address
        )

    def timebase(self, connector: Connector) -> Timebase:
        """Virtual time for the embedded provider, real time elsewhere."""
        return self._time if connector.stubbed else REAL

    def secret(self, name: str) -> str | None:
        """A secret from the environment."""
        return self._secret(name)


class _Nowhere(httpx.AsyncBaseTransport):
    """For connectors that read files of the workspace, and for runs that ask nobody."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Never an answer.

        Raises:
            httpx.ConnectError: always.
        """
        message = "nobody to call"
        raise httpx.ConnectError(message, request=request)
