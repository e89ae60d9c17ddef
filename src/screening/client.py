"""The one HTTP client: time-outs, retries, rate limits, tokens, circuit breaker; injectable transport."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How hard one source may be asked. ``reserve``: the share of the rate kept for ad-hoc checks."""

    per_second: float | None = None
    per_minute: float | None = None
    concurrent: int = 4
    timeout_s: float = 30.0
    connect_s: float = 5.0
    reserve: float = 0.2
    tries: int = 4
    break_after: int = 5


class Client:
    """Placeholder."""
