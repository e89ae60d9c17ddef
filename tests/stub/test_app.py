"""The embedded provider: the day, tokens, faults, limits and the ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import httpx
import pytest

from screening.client import VirtualTimebase
from screening.errors import ConfigError
from screening.stub.app import Embedded, make_app
from screening.stub.world import Fault, World

NUMBER = "5599999017"
WORLD = World.model_validate(
    {
        "company": [
            {
                "number": NUMBER,
                "name": "Exempel AB",
                "registered_on": "2020-01-01",
                "f_tax": {"from_on": "2020-01-01"},
                "debts": {"public_sek": 100, "public_cases": 1},
                "event": [{"on": "2026-10-15", "set": {"debts": {"public_sek": 900}}}],
            }
        ]
    }
)
BASE = "http://stub"
KEY = {"x-api-key": "k"}
PATH = f"{BASE}/debtor_summary/companies/{NUMBER}/debtor-summary"


def asked(work: Callable[[httpx.AsyncClient, Any, VirtualTimebase], Awaitable[Any]], **options: Any) -> Any:
    time = VirtualTimebase()
    app = make_app(WORLD, lambda: date(2026, 11, 30), monotonic=time.monotonic, sleep=time.sleep, **options)

    async def all_of_it() -> Any:
        async with httpx.AsyncClient(transport=Embedded(app), timeout=30) as http:
            return await work(http, app.state.ledger, time)

    return asyncio.run(all_of_it())


def owed(**headers: str) -> Any:
    async def work(http: httpx.AsyncClient, _ledger: Any, _time: Any) -> Any:
        reply = await http.get(PATH, headers={**KEY, **headers})
        return reply.json()["debtBalance"]["totalAmountInSEK"]

    return work


def test_the_day_is_the_runs_or_its_own() -> None:
    """A run says its day in a header; otherwise, or when it cannot be read, the stub's own day holds."""
    assert asked(owed()) == 900
    assert asked(owed(**{"X-Screening-Date": "2026-09-30"})) == 100
    assert asked(owed(**{"X-Screening-Date": "yesterday"})) == 900


def test_a_token_ends_after_an_hour_of_the_stubs_time() -> None:
    """Time passes virtually, so the test takes no hour."""

    async def work(http: httpx.AsyncClient, _ledger: Any, time: VirtualTimebase) -> list[int]:
        login = await http.post(f"{BASE}/creditsafe_connect/v1/authenticate", json={"username": "u", "password": "p"})
        headers = {"Authorization": f"Bearer {login.json()['token']}"}
        statuses = []
        for seconds in (0, 3599, 2):
            await time.sleep(seconds)
            url = f"{BASE}/creditsafe_connect/v1/companies?countries=SE&regNo={NUMBER}"
            statuses.append((await http.get(url, headers=headers)).status_code)
        return statuses

    assert asked(work) == [200, 200, 401]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/creditsafe_connect/v1/authenticate", {"username": "u"}, 400),
        ("/creditsafe_connect/v1/authenticate", None, 400),
        ("/scb_foretagsregister/api/je/hamtaforetag", {"variabler": []}, 400),
        ("/scb_foretagsregister/api/je/hamtaforetag", None, 400),
        (
            "/scb_foretagsregister/api/je/hamtaforetag",
            {"variabler": [{"Variabel": "Namn", "Operator": "Innehaller", "Varde1": "x"}]},
            400,
        ),
    ],
)
def test_a_question_of_the_wrong_shape_is_refused(path: str, body: object, status: int) -> None:
    """As the real ones do: a client that sends nonsense learns it here."""

    async def work(http: httpx.AsyncClient, _ledger: Any, _time: Any) -> int:
        return (await http.post(BASE + path, json=body, headers={"ApiId": "x"})).status_code

    assert asked(work) == status


def test_a_search_needs_its_criteria() -> None:
    """Country and number, and pages that count from one."""

    async def work(http: httpx.AsyncClient, _ledger: Any, _time: Any) -> list[Any]:
        login = await http.post(f"{BASE}/creditsafe_connect/v1/authenticate", json={"username": "u", "password": "p"})
        headers = {"Authorization": f"Bearer {login.json()['token']}"}
        url = f"{BASE}/creditsafe_connect/v1/companies"
        bad = await http.get(url, headers=headers)
        second = await http.get(url, params={"countries": "SE", "regNo": NUMBER, "page": "2"}, headers=headers)
        return [bad.status_code, second.json()["totalSize"], second.json()["companies"]]

    assert asked(work) == [400, 1, []]


def test_a_filter_on_active_companies_hides_the_others() -> None:
    """What SCB does to whoever filters on status."""
    gone = World.model_validate({"company": [{"number": NUMBER, "name": "A", "deregistered_on": "2026-01-01"}]})
    app = make_app(gone, lambda: date(2026, 11, 30))
    body = {"variabler": [{"Variabel": "OrgNr (10 siffror)", "Operator": "ArLikaMed", "Varde1": NUMBER}]}

    async def work(more: dict[str, str]) -> int:
        async with httpx.AsyncClient(transport=Embedded(app)) as http:
            url = f"{BASE}/scb_foretagsregister/api/je/hamtaforetag"
            return len((await http.post(url, json={**body, **more}, headers={"ApiId": "x"})).json())

    assert asyncio.run(work({})) == 1
    assert asyncio.run(work({"Företagsstatus": "1"})) == 0


FAULTS = {
    "down": 503,
    "error": 500,
    "unauthorized": 401,
    "forbidden": 403,
    "throttled": 429,
    "html": 200,
    "truncated": 200,
}


@pytest.mark.parametrize(("kind", "status"), FAULTS.items())
def test_faults_answer_as_they_are_named(kind: str, status: int) -> None:
    """Each kind has its status; a throttled caller is told when to come back."""

    async def work(http: httpx.AsyncClient, _ledger: Any, _time: Any) -> httpx.Response:
        return await http.get(PATH, headers=KEY)

    reply = asked(work, faults=[Fault(source="debtor_summary", kind=kind)])
    assert reply.status_code == status
    if kind == "throttled":
        assert reply.headers["retry-after"] == "60"
    if kind in ("html", "truncated"):
        with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
            reply.json()


def test_faults_that_lose_the_call() -> None:
    """A dropped connection and an answer after the read time-out are errors of the transport; a slow one arrives."""

    async def work(http: httpx.AsyncClient, _ledger: Any, time: VirtualTimebase) -> Any:
        try:
            return (await http.get(PATH, headers=KEY)).status_code
        except httpx.TransportError as error:
            return type(error), time.monotonic()

    assert asked(work, faults=[Fault(source="debtor_summary", kind="drop")]) == (httpx.RemoteProtocolError, 0)
    assert asked(work, faults=[Fault(source="debtor_summary", kind="slow", seconds=31)]) == (httpx.ReadTimeout, 30)
    assert asked(work, faults=[Fault(source="debtor_summary", kind="slow", seconds=29)]) == 200


def test_faults_have_days_numbers_and_an_end() -> None:
    """From and to, for some numbers, for the first calls."""

    def statuses(**fault: Any) -> list[int]:
        async def work(http: httpx.AsyncClient, _ledger: Any, _time: Any) -> list[int]:
            return [(await http.get(PATH, headers=KEY)).status_code for _ in range(3)]

        found: list[int] = asked(work, faults=[Fault(source="debtor_summary", kind="down", **fault)])
        return found

    assert statuses(first=2) == [503, 503, 200]
    assert statuses(numbers=(NUMBER,), first=1) == [503, 200, 200]
    assert statuses(numbers=("5599999009",)) == [200, 200, 200]
    assert statuses(from_on=date(2026, 12, 1)) == [200, 200, 200]
    assert statuses(to_on=date(2026, 11, 29)) == [200, 200, 200]


def test_a_fault_of_nobody_is_an_error() -> None:
    """A misspelt source must not be a fault that never strikes."""
    with pytest.raises(
        ConfigError, match=r"fault.source = creditsafe: no such provider; expected one of .*debtor_summary"
    ):
        make_app(WORLD, date.today, faults=[Fault(source="creditsafe", kind="down")])


def test_real_limits_are_imitated_on_request() -> None:
    """The eleventh call in ten seconds is refused, and one after the window is not."""

    async def work(http: httpx.AsyncClient, _ledger: Any, time: VirtualTimebase) -> list[int]:
        body = {"variabler": [{"Variabel": "OrgNr (10 siffror)", "Operator": "ArLikaMed", "Varde1": NUMBER}]}
        url = f"{BASE}/scb_foretagsregister/api/je/hamtaforetag"
        found = [(await http.post(url, json=body, headers={"ApiId": "x"})).status_code for _ in range(11)]
        await time.sleep(10)
        return [*found, (await http.post(url, json=body, headers={"ApiId": "x"})).status_code]

    assert asked(work, imitate_limits=True) == [200] * 10 + [429, 200]
    assert asked(work) == [200] * 12


def test_a_provider_may_throttle_without_a_word() -> None:
    """Creditsafe documents no ``Retry-After``."""

    async def work(http: httpx.AsyncClient, _ledger: Any, _time: Any) -> httpx.Response:
        return await http.get(PATH, headers=KEY)

    reply = asked(
        work,
        faults=[Fault(source="debtor_summary", kind="throttled")],
        options={"debtor_summary": {"silent_throttle": True}},
    )
    assert "retry-after" not in reply.headers


def test_the_ledger_knows_every_call_and_no_number() -> None:
    """Operation, price and status in order; the number as a keyed hash, the same for one supplier everywhere."""

    async def work(http: httpx.AsyncClient, ledger: Any, _time: Any) -> Any:
        await http.get(PATH, headers=KEY)
        await http.get(PATH, headers=KEY)
        await http.get(PATH)
        return list(ledger), (await http.get(f"{BASE}/ledger")).json()

    calls, told = asked(work)
    assert [(call.operation, call.status, call.billable) for call in calls] == [
        ("debtor_summary", 200, True),
        ("debtor_summary", 200, True),
        ("debtor_summary", 401, False),
    ]
    assert calls[0].subject == calls[1].subject != ""
    assert NUMBER not in repr(calls)
    assert [row["status"] for row in told] == [200, 200, 401]
