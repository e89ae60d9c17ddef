"""Tries a source by itself: can it be reached, does it take our keys, does it know somebody, do the clocks agree."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Final

from screening.adapters.source import UNPAID, Answer, Paid, Request, Source
from screening.client import Client
from screening.connectors import Connector
from screening.errors import ConfigError, ScreeningError
from screening.identity import Identity
from screening.stages.session import Network, client_of, secrets_of, session_of

CLOCK_S: Final = 120.0  # beyond this, tokens and waiting times go wrong


@dataclass(slots=True)
class Probe:
    """What came of trying one source. ``ok`` is ``None`` where nothing could be tried without paying or without a number."""

    source: str
    ok: bool | None = None
    lines: list[str] = field(default_factory=list)

    def fails(self, what: str) -> Probe:
        """It does not work; what to do."""
        self.ok = False
        self.lines.append(what)
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Trying:
    """What trying needs of the workspace."""

    network: Network
    home: Path
    now: Callable[[], datetime]
    pseudonym: Callable[[str], str]
    state: Callable[[str], Mapping[str, str]]
    known: tuple[str, Identity] | None  # internal id and number of an organisation that the registers should know


def probe(connector: Connector, trying: Trying) -> Probe:
    """Tries one source, step by step, up to the first that fails. Sends at most a token call and one free question."""
    found = Probe(connector.name)
    if connector.local:
        return _folders(connector, trying, found)
    found.lines.append(f"adress: {'den inbyggda stubben' if connector.stubbed else connector.table.address}")
    try:
        secrets = secrets_of(connector, trying.network)
        client = client_of(connector, trying.network, trying.now, None, adhoc=True)
    except (ScreeningError, ConfigError) as error:
        return found.fails(str(error))
    return asyncio.run(_asked(connector, trying, client, secrets, found))


def _folders(connector: Connector, trying: Trying, found: Probe) -> Probe:
    """A source that reads files: its folders must be there and take files."""
    for word, place in (("inkorg", connector.table.inbox), ("utkorg", connector.table.outbox)):
        if place is None:
            continue
        folder = trying.home / place
        if not folder.is_dir():
            return found.fails(
                f"{word}: mappen {place} finns inte; skapa den eller ändra connectors/{connector.name}.toml"
            )
        count = sum(1 for item in folder.iterdir() if item.is_file())
        found.lines.append(f"{word}: {place}, {count} {'fil' if count == 1 else 'filer'}")
        if word == "inkorg" and not count and connector.table.outbox is None:
            found.lines.append(f"inget att läsa: lägg filen i {place}; till dess är det källan ger okänt")
            return found
    found.ok = True
    return found


async def _asked(
    connector: Connector, trying: Trying, client: Client, secrets: Mapping[str, str], found: Probe
) -> Probe:
    session = session_of(
        connector,
        client,
        secrets,
        home=trying.home,
        now=trying.now,
        pseudonym=trying.pseudonym,
        billing=_never,
        state=trying.state(connector.name),
    )
    try:
        source = connector.adapter.open(session)
        begun = monotonic()
        if await client.sign_in():
            found.lines.append(f"inloggning: godtagen på {monotonic() - begun:.1f} s")
            found.ok = True
        if connector.table.price_sek:
            found.lines.append(
                "känt svar: provas inte, eftersom det kostar; kör `screening check ORGNR` på en leverantör"
            )
        elif trying.known is None:
            found.lines.append("känt svar: inget nummer att fråga om ännu; ange ett med --number ORGNR")
        else:
            await _known(connector, source, trying.known, found)
    except ScreeningError as error:
        found.fails(_advice(connector, str(error)))
    finally:
        await client.aclose()
    if not connector.simulated:
        _clock(client, found)
    limits = connector.table.limits
    rate = next((f"{value:g} per {unit}" for value, unit in ((limits.per_second, "sekund"), (limits.per_minute, "minut")) if value), "ingen")  # fmt: skip
    found.lines.append(
        f"gräns i connectors/{connector.name}.toml: {rate}, {limits.concurrent} samtidigt, {limits.reserve:.0%} sparas för "
        f"kontroller före avtal, väntar högst {limits.timeout_s:g} s"
    )
    return found


async def _known(connector: Connector, source: Source, known: tuple[str, Identity], found: Probe) -> None:
    supplier_id, identity = known
    kinds = frozenset(connector.adapter.gives)
    begun = monotonic()
    request = Request(supplier_id=supplier_id, identity=identity, kinds=kinds)
    async for answer in source.ask([request], []):
        took = monotonic() - begun
        if isinstance(answer, Answer) and answer.facts:
            dates = max(fact.provenance.as_of for fact in answer.facts)
            found.lines.append(f"känt svar: {identity.display} på {took:.1f} s, uppgifter per {dates}")
            found.ok = True
        elif isinstance(answer, Answer):
            reasons = sorted(
                {f"{reason}{f' ({detail})' if detail else ''}" for reason, detail in answer.missing.values()}
            )
            well = {reason for reason, _ in answer.missing.values()} <= {"not_found", "not_allowed", "redacted"}
            line = f"känt svar: inga uppgifter om {identity.display}: {'; '.join(reasons)}"
            if well:
                found.lines.append(f"{line}. Källan svarar; prova ett annat nummer med --number ORGNR")
                found.ok = True
            else:
                found.fails(_advice(connector, line))


def _advice(connector: Connector, said: str) -> str:
    if "ingen kontakt" in said:
        host = connector.table.address.partition("//")[2].partition("/")[0]
        return f"{said}. Se efter att {host} kan nås härifrån (brandvägg, proxy, port 443) och att adressen är rätt"
    if "certifikat godtas inte" in said:
        return f"{said}. Datorns egna utfärdare gäller: fråga it om en proxy byter certifikat, och se efter att adressen är rätt"
    if "inget svar i tid" in said:
        return f"{said}. Prova igen senare, eller höj timeout_s i connectors/{connector.name}.toml"
    return said


def _clock(client: Client, found: Probe) -> None:
    if client.ahead_s is None:
        return
    if abs(client.ahead_s) > CLOCK_S:
        way = "före" if client.ahead_s > 0 else "efter"
        found.fails(
            f"klocka: datorns klocka går {abs(client.ahead_s):.0f} s {way} källans; ställ den, annars gäller inte inloggningen"
        )
    else:
        found.lines.append(f"klocka: stämmer med källans på {abs(client.ahead_s):.0f} s när")


def _never(request: Request) -> AbstractAsyncContextManager[Paid]:
    """Nothing is bought when trying: sources that cost are not asked."""
    del request
    return nullcontext(UNPAID)
