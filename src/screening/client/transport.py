"""The real network: TLS with the system's trust store, proxies, client certificates, and no addresses in logs."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
import truststore
from httpx_aiohttp import AiohttpTransport

from screening.client.pace import Limits
from screening.errors import ConfigError

LOST: Final = (httpx.RequestError, aiohttp.ClientError, TimeoutError, OSError)
"""Everything that an attempt without an answer may raise."""


def what_happened(error: BaseException) -> tuple[str, bool]:
    """In a few words why there is no answer, and whether the provider may have seen the call.

    The kind of aiohttp's own error decides where there is one: its translation calls most of them connect time-outs.
    """
    inner = error.__cause__ if isinstance(error.__cause__, aiohttp.ClientError) else error
    if isinstance(inner, (aiohttp.ClientConnectorCertificateError, aiohttp.ClientConnectorSSLError)):
        return "källans certifikat godtas inte (TLS)", False
    if isinstance(inner, (httpx.ConnectError, aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)):
        return "ingen kontakt med källan", False
    if isinstance(inner, (httpx.TimeoutException, TimeoutError)):
        return "inget svar i tid", True
    return "förbindelsen bröts", True


def clock_header(now: Callable[[], datetime]) -> Callable[[], Mapping[str, str]]:
    """Tells a stub over a socket which day it is. For ``headers=`` of simulated sources; live ones never get it."""
    return lambda: {"X-Screening-Date": now().date().isoformat()}


def make_transport(limits: Limits, certificate: Path | None = None, *, address: str = "") -> httpx.AsyncBaseTransport:
    """The real transport: system trust store, keep-alive, the system's proxy, optionally a client certificate.

    It is aiohttp's: httpx's own pool scans its connections for each call and falls to a third at 32 of them.

    Args:
        limits: for the number of connections.
        certificate: one PEM file with the key and its certificates.
        address: whose proxy to use; empty for none.

    Raises:
        ConfigError: the certificate cannot be read.
    """
    context = _context(certificate)
    parts = urlsplit(address)
    proxy = None
    if parts.hostname and not proxy_bypass(parts.hostname):
        proxy = getproxies().get(parts.scheme)

    def session() -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(limit=limits.concurrent + 1, ssl=context, keepalive_timeout=15)
        made = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        # aiohttp sends a GET again by itself when a kept connection turns out to be dead; a paid GET must not be.
        made._retry_connection = False  # noqa: SLF001
        return made

    return AiohttpTransport(verify=context, client=session, proxy=httpx.Proxy(proxy) if proxy else None)


def _context(certificate: Path | None) -> ssl.SSLContext:
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if certificate is not None:
        try:
            context.load_cert_chain(certificate)
        except (OSError, ssl.SSLError) as error:
            message = f"client_certificate = {certificate.name}: {error.__class__.__name__}; expected PEM with key and certificate"
            raise ConfigError(message) from None
    return context


def _keep_warnings(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


def silence() -> None:
    """Keep httpx, httpcore and aiohttp from logging addresses, which may name a supplier."""
    for name in ("httpx", "httpcore", "httpcore.connection", "httpcore.http11", "aiohttp.client"):
        logger = logging.getLogger(name)
        if _keep_warnings not in logger.filters:
            logger.addFilter(_keep_warnings)
