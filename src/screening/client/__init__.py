"""The one HTTP client: time-outs, retries, rate limits, tokens, circuit breaker; injectable transport and time."""

from screening.client.http import REDIRECTS, Client
from screening.client.pace import REAL, Limits, Timebase, VirtualTimebase
from screening.client.reply import Reply, Token
from screening.client.transport import clock_header, make_transport

__all__ = [
    "REAL",
    "REDIRECTS",
    "Client",
    "Limits",
    "Reply",
    "Timebase",
    "Token",
    "VirtualTimebase",
    "clock_header",
    "make_transport",
]
