"""Creditsafe Connect: a free search for the company's id, then a report that costs money.

The id found is kept in ``session.state`` so that next month needs no search. What Swedish reports hold under
``negativeInformation`` is not public: debts are read only where the connector's ``[options.debts]`` says at which paths.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from screening.adapters.creditsafe_monitoring import Monitoring
from screening.adapters.creditsafe_report import RATED_FORMS, READERS, Report, numbers_of
from screening.adapters.fanout import UNLIKE, each
from screening.adapters.persons import redact
from screening.adapters.source import Adapter, Answer, Request, Session, Ticket
from screening.adapters.wire import Many, Wire, day, shaped
from screening.client import REDIRECTS, Reply, Token
from screening.errors import SourceUnavailable, SupplierFailed
from screening.model import Fact, Origin

TOKEN_LIFE_S: Final = 3600.0


class Message(Wire):
    """A remark on the answer; type Information, Warning or Error."""

    type: str | None = None
    code: str | None = None


class Hit(Wire):
    """One company in a search answer."""

    id: str
    reg_no: str | None = None
    vat_no: tuple[str, ...] | str | None = None
    status: str | None = None

    @property
    def numbers(self) -> set[str]:
        """The organisation numbers that it is told by, as ten digits; none where it is told by neither."""
        vat = self.vat_no if isinstance(self.vat_no, tuple) else (self.vat_no or "",)
        written = [self.reg_no or "", *(number.strip().removesuffix("01") for number in vat)]
        return {digits for text in written if len(digits := _digits(text)[-10:]) == 10}


class Found(Wire):
    """A search answer; no company is 200 with ``totalSize`` 0."""

    messages: Many[Message] = ()
    total_size: int | None = None
    companies: Many[Hit] = ()

    @property
    def nobody(self) -> bool:
        """Whether it says in so many words that there is no such company; an answer without hits alone does not."""
        return self.total_size == 0 or (not self.companies and any(row.code == "NoResults" for row in self.messages))


async def sign_in(session: Session, address: str) -> Token:
    """A token of Connect's, which Creditsafe's Swedish services take too."""
    secrets = session.secrets
    credentials = {"username": secrets.get("username", ""), "password": secrets.get("password", "")}
    reply = await session.client.post(
        f"{address}/authenticate", json=credentials, repeatable=True, auth=False, expect=frozenset({429})
    )
    if reply.status == 429:  # only invalid logins are counted: more of them prolong the block
        raise SourceUnavailable(f"{session.connector}: för många misslyckade inloggningar; försök igen senare")
    token = reply.table().get("token") if reply.status == 200 else None
    if not isinstance(token, str):
        message = f"{session.connector}: inloggningen svarade {reply.status} utan token; kontrollera adressen"
        raise SourceUnavailable(message)
    return Token(token, TOKEN_LIFE_S)


class CreditsafeConnect:
    """The opened source."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._client = session.client
        self._client.authenticate(lambda: sign_in(session, session.address))
        self._monitoring: Monitoring | None = None

    def ask(self, requests: Sequence[Request], open_tickets: Sequence[Ticket]) -> AsyncIterator[Answer | Ticket]:
        """One answer per request."""
        del open_tickets
        return self._watched(requests) if self._session.options.get("monitoring") else self._each(requests)

    def _each(self, requests: Sequence[Request]) -> AsyncIterator[Answer]:
        return each(self._session, requests, self._one)

    async def _watched(self, requests: Sequence[Request]) -> AsyncIterator[Answer]:
        """The events first, once in a run: whoever had none need not be bought again. What could not be read is read again."""
        if self._monitoring is None or not self._monitoring.whole:
            self._monitoring = Monitoring(self._session)
            await self._monitoring.open()
        async for answer in self._each(requests):
            yield answer

    async def _one(self, request: Request) -> Answer:
        refusal = self._refusal(request)
        if refusal is not None:
            return Answer(supplier_id=request.supplier_id, missing=dict.fromkeys(sorted(request.kinds), refusal))
        key = f"id:{request.supplier_id}"
        known = self._session.state.get(key)
        if self._monitoring is not None and self._monitoring.proves(request, known):
            return Answer(supplier_id=request.supplier_id, confirms=request.kinds)
        connect_id = known or await self._search(request)
        if connect_id is None:
            missing = dict.fromkeys(sorted(request.kinds), ("not_found", "kreditupplysaren har inget sådant företag"))
            return Answer(supplier_id=request.supplier_id, missing=missing)
        reply = await self._buy(request, connect_id)
        if reply.status in (400, 404) and known is not None and reply.is_json:
            self._session.state.pop(key, None)
            connect_id = await self._search(request)
            if connect_id is not None and connect_id != known:
                reply = await self._buy(request, connect_id)
        answer = self._read(request, reply) if reply.status == 200 else await self._other(request, reply)
        if any(reason == "doubtful" for reason, _ in answer.missing.values()):
            self._session.state.pop(key, None)  # the id is somebody else's now: searched for anew
        elif answer.billable_calls and connect_id is not None and not request.identity.is_person:
            self._session.state[key] = connect_id
            if self._monitoring is not None:
                self._monitoring.renewed(connect_id)
        return answer

    def _refusal(self, request: Request) -> tuple[str, str] | None:
        """Why nothing is sent: the search has the number in its address, and a report on a person is no routine."""
        if request.identity.is_person and not self._session.options.get("persons", False):
            return "not_allowed", "kreditupplysning på fysisk person är avstängd"
        if request.kinds <= {"enforcement_debt"} and not self._session.options.get("debts"):
            return "no_source", "kreditupplysarens skulduppgifter är inte inlagda i kopplingen"
        return None

    async def _search(self, request: Request) -> str | None:
        digits = request.identity.reveal_twelve() if request.identity.is_person else request.identity.reveal()
        reply = await self._client.get(
            f"{self._session.address}/companies",
            params={"countries": request.identity.country, "regNo": digits, "page": "1", "pageSize": "10"},
        )
        if reply.status != 200:
            raise _unexpected("sökningen", reply)
        found = shaped(Found, reply.table())
        self._heed(found.messages)
        if found.nobody:
            return None
        if not found.companies:
            raise SupplierFailed("partial", "sökningen räknade träffar men gav inga")
        same = [hit for hit in found.companies if digits[-10:] in hit.numbers]
        if not same:
            raise SupplierFailed("doubtful", "sökningen gav bara andra företag än det vi frågade om")
        return min(same, key=lambda hit: hit.status != "Active").id

    def _heed(self, messages: Sequence[Message]) -> None:
        """Act on messages of type Error: an answer with one is no answer."""
        for message in messages:
            if message.type != "Error":
                continue
            if message.code in ("AccessRestricted", "InvalidCredentials", "EndpointShutdown"):
                raise SourceUnavailable(f"{self._session.connector}: källan svarar {message.code}; kontrollera avtalet")
            if message.code == "ReportUnavailableDueToLegal":
                raise SupplierFailed("redacted", "kreditupplysaren får inte lämna ut uppgiften")
            raise SupplierFailed("source_down", f"källan svarar {message.code or 'fel'}")

    async def _buy(self, request: Request, connect_id: str) -> Reply:
        """One report. A lost one is not asked for again by itself: it may have been charged."""
        options = self._session.options
        params = {"language": str(options.get("language", "en")), "template": str(options.get("template", "full"))}
        address = f"{self._session.address}/companies/{quote(connect_id, safe='')}"
        if self._monitoring is not None and not request.identity.is_person:
            with suppress(SupplierFailed):  # not watched: its report is bought again when it is no longer fresh
                await self._monitoring.watch(connect_id)
        async with self._session.billing(request) as paid:
            reply = await self._client.get(address, params=params, repeatable=False, expect=REDIRECTS)
        if reply.status in (400, 404):  # no report: taken to cost nothing, as the price is for reports
            paid.free()
        return reply

    async def _other(self, request: Request, reply: Reply) -> Answer:
        """What is not a report: a report elsewhere, or none."""
        if reply.status in REDIRECTS:
            return await self._large(request, reply)
        if reply.status == 404 and reply.is_json:
            raise SupplierFailed("not_found", "kreditupplysaren har ingen rapport om företaget")
        if reply.status == 400 and reply.is_json:
            raise SupplierFailed("rejected_input", "kreditupplysaren godtog inte frågan")
        raise _unexpected("rapporten", reply)

    async def _large(self, request: Request, reply: Reply) -> Answer:
        """A large report lies at another host, whose address is its own key: our token is not sent there."""
        try:
            there = await self._fetched(reply.headers.get("location", ""))
        except SupplierFailed as error:  # partial, whatever it was: it is paid for, and not to be bought again
            missing = dict.fromkeys(sorted(request.kinds), ("partial", error.detail))
            return Answer(supplier_id=request.supplier_id, missing=missing, billable_calls=1)
        return self._read(request, there)

    async def _fetched(self, told: str) -> Reply:
        if not told:
            raise SupplierFailed("partial", "rapporten hänvisas vidare, men inte vart")
        place = urljoin(self._session.address, told)
        if urlsplit(place).scheme != "https" and urlsplit(self._session.address).scheme == "https":
            raise SupplierFailed("partial", "rapporten hänvisas till en osäker adress")
        reply = await self._client.get(place, auth=False, expect=frozenset({400, 401, 403, 404}))
        if reply.status != 200:
            raise SupplierFailed("partial", f"den stora rapporten kunde inte hämtas ({reply.status})")
        return reply

    def _read(self, request: Request, reply: Reply) -> Answer:
        """A report that was paid for, whatever it holds."""
        raw = redact(reply.body, self._session.pseudonym)
        facts: list[Fact] = []
        missing: dict[str, tuple[str, str]] = {}
        try:
            report = self._report(request, reply, raw)
        except SupplierFailed as error:
            missing = dict.fromkeys(sorted(request.kinds), (error.reason, error.detail))
            return Answer(supplier_id=request.supplier_id, missing=missing, raw=raw, billable_calls=1)
        for kind in sorted(request.kinds):
            try:
                facts.append(READERS[kind](report))
            except SupplierFailed as error:
                missing[kind] = (error.reason, error.detail)
            except UNLIKE as error:
                missing[kind] = ("partial", f"rapporten ser inte ut som väntat ({type(error).__name__})")
        return Answer(supplier_id=request.supplier_id, facts=tuple(facts), missing=missing, raw=raw, billable_calls=1)

    def _report(self, request: Request, reply: Reply, raw: bytes) -> Report:
        table = reply.table()
        body, failed = table.get("report"), table.get("failedSections") or []
        if not isinstance(body, dict) or not isinstance(failed, list):
            raise SupplierFailed("partial", "svaret saknar rapport")
        told = numbers_of(body)
        if told and request.identity.reveal()[-10:] not in told:
            raise SupplierFailed("doubtful", "rapporten gäller ett annat företag än det vi frågade om")
        try:
            ordered = day(table.get("dateOfOrder"))
        except ValueError:
            ordered = None
        reference = table.get("correlationId")
        provenance = self._session.provenance(
            raw, as_of=ordered, request_ref=reference if isinstance(reference, str) else ""
        )
        rated = request.legal_form is None or request.legal_form in RATED_FORMS
        return Report(body, tuple(str(name) for name in failed), provenance, self._session, rated=rated)


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdecimal())


def _unexpected(what: str, reply: Reply) -> SupplierFailed:
    return SupplierFailed("source_down", f"{what} svarade {reply.status}")


ADAPTER = Adapter(
    gives=frozenset(READERS),
    origin=Origin.BUREAU,
    open=CreditsafeConnect,
    secrets=("username", "password"),
    options={"language": str, "template": str, "persons": bool, "debts": dict, "monitoring": bool},
    proves=lambda options: bool(options.get("monitoring")),
    stub_path="/creditsafe_connect/v1",
)
