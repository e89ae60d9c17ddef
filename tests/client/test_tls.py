"""TLS against a real socket: who is believed, and whom we show our certificate."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from screening.client import REAL, Client, Limits, Reply, make_transport
from screening.errors import SupplierFailed

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="the certificates of these tests are made with openssl")


def openssl(folder: Path, *arguments: str) -> None:
    assert OPENSSL is not None
    subprocess.run([OPENSSL, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority of our own, a server by the name of 127.0.0.1, one by another name, and a client."""
    folder = tmp_path_factory.mktemp("tls")
    new = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2")
    openssl(folder, *new, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA")
    for name, alternative in (("server", "IP:127.0.0.1"), ("other", "DNS:other.example"), ("client", "DNS:client")):
        (folder / f"{name}.ext").write_text(f"subjectAltName={alternative}\n", encoding="utf-8")
        request = ("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        openssl(folder, *request, "-subj", f"/CN={name}")
        sign = (
            "x509",
            "-req",
            "-in",
            f"{name}.csr",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-days",
            "2",
        )
        openssl(folder, *sign, "-extfile", f"{name}.ext", "-out", f"{name}.crt")
        both = (folder / f"{name}.crt").read_text("utf-8") + (folder / f"{name}.key").read_text("utf-8")
        (folder / f"{name}.pem").write_text(both, encoding="utf-8")
    return folder


@contextmanager
def serving(folder: Path, name: str, seen: list[str], *, clients: bool = False) -> Iterator[str]:
    """An HTTPS server with the certificate of ``name``; ``clients``: that asks for one in return."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Quiet."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Quiet: a handshake that fails is what these tests are about."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / f"{name}.pem")
    if clients:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(folder / "ca.pem")
    server = Server(("127.0.0.1", 0), Answer)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def asked(address: str, certificate: Path | None = None) -> Reply:
    async def work() -> Reply:
        transport = make_transport(Limits(), certificate, address=address)
        client = Client("test", Limits(tries=1), transport, timebase=REAL, now=lambda: datetime.now(UTC))
        try:
            return await client.get(f"{address}/x", repeatable=False)
        finally:
            await client.aclose()

    return asyncio.run(work())


def test_a_certificate_that_the_system_trusts_is_taken(certificates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's own store decides, so that an organisation's authority needs no setting here."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "ca.pem"))
    seen: list[str] = []
    with serving(certificates, "server", seen) as address:
        assert asked(address).json() == {}
    assert seen == ["/x"]


@pytest.mark.parametrize(("name", "trusted"), [("server", False), ("other", True)])
def test_a_certificate_that_is_not_trusted_or_of_another_name_is_refused(
    certificates: Path, monkeypatch: pytest.MonkeyPatch, name: str, trusted: bool
) -> None:
    """Nothing is sent, the money is safe, and the message says that it is the certificate."""
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "ca.pem"))
    seen: list[str] = []
    with serving(certificates, name, seen) as address, pytest.raises(SupplierFailed, match="certifikat") as caught:
        asked(address)
    assert seen == []
    assert caught.value.__cause__ is None


def test_our_certificate_is_shown_to_who_asks_for_it(certificates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As SCB and the register of beneficial owners do; without one nothing is answered."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "ca.pem"))
    seen: list[str] = []
    with serving(certificates, "server", seen, clients=True) as address:
        assert asked(address, certificates / "client.pem").status == 200
        with pytest.raises(SupplierFailed, match="source_down"):
            asked(address)
    assert seen == ["/x"]
