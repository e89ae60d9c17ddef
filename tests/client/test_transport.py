"""The real network, against a real socket on this machine."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from screening.client import REAL, Client, Limits, Reply, make_transport
from screening.errors import ConfigError, SupplierFailed


@contextmanager
def serving(seen: list[str], *, drop: bool = False) -> Iterator[str]:
    """A plain HTTP server."""

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            seen.append(self.path)
            if drop:
                self.close_connection = True
                return
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def asked(address: str, limits: Limits, calls: int = 1, *, repeatable: bool = True, via: str = "") -> list[Reply]:
    async def work() -> list[Reply]:
        transport = make_transport(limits, address=via or address)
        client = Client("test", limits, transport, timebase=REAL, now=lambda: datetime.now(UTC))
        try:
            return await asyncio.gather(*(client.get(f"{address}/{n}", repeatable=repeatable) for n in range(calls)))
        finally:
            await client.aclose()

    return asyncio.run(work())


def test_it_asks_over_a_socket_and_leaves_nothing_open() -> None:
    """Many calls share few connections, and all are closed at the end."""
    seen: list[str] = []
    with serving(seen) as address:
        replies = asked(address, Limits(concurrent=4), 20)
    assert [reply.json() for reply in replies] == [{}] * 20
    assert len(seen) == 20


def test_a_dropped_paid_call_reaches_the_provider_once() -> None:
    """The transport does not send a GET again behind our back."""
    seen: list[str] = []
    with serving(seen, drop=True) as address, pytest.raises(SupplierFailed, match="source_down"):
        asked(address, Limits(), repeatable=False)
    assert len(seen) == 1


def test_nobody_at_home_is_no_contact() -> None:
    """A closed port is told from a lost answer."""
    with serving([]) as address:
        pass
    with pytest.raises(SupplierFailed, match="ingen kontakt"):
        asked(address, Limits(tries=1))


def test_the_systems_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the machine says about proxies holds for addresses outside it."""
    seen: list[str] = []
    with serving(seen) as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        replies = asked("http://api.example", Limits())
    assert replies[0].status == 200
    assert seen == ["http://api.example/0"]


def test_a_certificate_that_cannot_be_read_is_a_fault_of_the_connector(tmp_path: Path) -> None:
    """The message names the key and the file, and says what was expected."""
    (tmp_path / "scb.pem").write_text("not a certificate")
    with pytest.raises(ConfigError, match=r"client_certificate = scb.pem: SSLError; expected PEM"):
        make_transport(Limits(), tmp_path / "scb.pem")
    with pytest.raises(ConfigError, match="FileNotFoundError"):
        make_transport(Limits(), tmp_path / "none.pem")
