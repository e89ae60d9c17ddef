"""Trading prohibitions: who is asked about, what is kept, and that nobody is clean because a call failed."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from screening.adapters.bolagsverket_personer import ADAPTER, MOST, representatives, stands
from screening.adapters.bolagsverket_v4 import Organisation
from screening.errors import SupplierFailed
from screening.model import TradingProhibition
from screening.stub.bolagsverket_personer import REASON
from screening.stub.world import Fault

NUMBER = "5599990008"
SIV, TOR = "196010113030", "196107293059"  # published test numbers
LIST = Path(__file__).parents[2] / "data" / "sample" / "test_personnummer.txt"
PUBLISHED = re.findall(r"^\d{12}$", LIST.read_text(encoding="utf-8"), re.MULTILINE)[: MOST + 1]
KIND = "trading_prohibition"
TODAY = date(2026, 11, 21)


def company(*officers: tuple[str, str]) -> dict[str, Any]:
    return {
        "number": NUMBER,
        "name": "Granlida Omsorg AB",
        "registered_on": date(2016, 3, 1),
        "officers": [{"person": person, "role": role} for person, role in officers],
    }


def people(**siv: Any) -> list[dict[str, Any]]:
    return [
        {"id": "siv", "number": SIV, "first_name": "Siv", "last_name": "Ekdal", **siv},
        {"id": "tor", "number": TOR, "first_name": "Tor", "last_name": "Alm"},
    ]


def ask(bench: Any, made: dict[str, Any], who: list[dict[str, Any]], **more: Any) -> Any:
    return bench.stubbed(ADAPTER, made, people=who, **more).one(bench.request(NUMBER, KIND))


def told(answer: Any) -> list[tuple[str, str]]:
    return sorted((fact.role_code, fact.state) for fact in answer.facts if isinstance(fact, TradingProhibition))


def test_everyone_in_the_circle_is_asked_about_once(bench: Any) -> None:
    """In the gravest role; auditors are not asked about. Each call counts, and the reason is nowhere."""
    made = company(("siv", "SU"), ("siv", "VD"), ("tor", "LE"))
    who = people(prohibition={"from_on": date(2025, 3, 1), "to_on": date(2030, 2, 28)})
    answer = ask(bench, made, who)
    assert told(answer) == [("LE", "none"), ("VD", "active")]
    active = next(fact for fact in answer.facts if fact.state == "active")
    assert (active.from_on, active.to_on) == (date(2025, 3, 1), date(2030, 2, 28))
    assert active.scope_key == active.person_key
    assert answer.billable_calls == 3
    assert REASON.encode() not in answer.raw
    assert b"DOM" not in answer.raw
    assert SIV.encode() not in answer.raw


@pytest.mark.parametrize(
    ("ban", "state"),
    [
        ({"from_on": date(2020, 3, 1), "to_on": date(2025, 2, 28)}, "ended"),
        ({"from_on": date(2025, 3, 1), "exempt_from_on": date(2026, 1, 1)}, "exempted"),
        ({"from_on": date(2025, 3, 1), "exempt_from_on": date(2025, 6, 1), "exempt_to_on": date(2026, 6, 1)}, "active"),
        ({"from_on": date(2027, 3, 1)}, "none"),
    ],
)
def test_ended_exempted_and_future_prohibitions(bench: Any, ban: dict[str, Any], state: str) -> None:
    """By the day of the run; an exemption that has run out is none."""
    assert told(ask(bench, company(("siv", "LE")), people(prohibition=ban))) == [("LE", state)]


def test_a_call_that_fails_makes_nobody_clean(bench: Any) -> None:
    """What was found stands; without anything found the answer is partial."""
    made = company(("siv", "LE"), ("tor", "LE"))
    trouble = [Fault(source="bolagsverket_personer", kind="down", numbers=(TOR,))]
    answer = ask(bench, made, people(), faults=trouble)
    assert answer.missing == {KIND: ("partial", "alla företrädare kunde inte slås upp")}
    who = people(prohibition={"from_on": date(2025, 3, 1)})
    assert told(ask(bench, made, who, faults=trouble)) == [("LE", "active")]


@pytest.mark.parametrize("kind", ["partial", "unknown"])
def test_a_person_whose_answer_lacks_the_part_is_not_told_to_be_without(bench: Any, kind: str) -> None:
    """Nor one that the register says it does not have."""
    trouble = [Fault(source="bolagsverket_personer", kind=kind, numbers=(SIV,))]
    assert KIND in ask(bench, company(("siv", "LE")), people(), faults=trouble).missing


def test_nobody_to_ask_about(bench: Any) -> None:
    """An auditor alone is no representative."""
    answer = ask(bench, company(("siv", "REV")), people())
    assert answer.missing == {KIND: ("not_found", "inga företrädare med svenskt personnummer")}


def test_an_unknown_company(bench: Any) -> None:
    """404 is the register's own word."""
    answer = bench.stubbed(ADAPTER).one(bench.request(NUMBER, KIND))
    assert answer.missing[KIND][0] == "not_found"


def test_someone_elses_answer_is_doubtful(bench: Any) -> None:
    """The number in the answer is another."""

    def handler(request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})
        return httpx.Response(200, json=[{"identitet": {"identitetsbeteckning": "5599999017"}}])

    assert bench.answering(ADAPTER, handler).one(bench.request(NUMBER, KIND)).missing[KIND][0] == "doubtful"


@pytest.mark.parametrize("body", [b"<html>", b'[{"naringsforbud": {"slutligt": "ja"}}]', b"[]"])
def test_an_odd_answer_about_a_person_is_no_answer(bench: Any, body: bytes) -> None:
    """Of another form: partial, never clean."""

    def handler(request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})
        if request.url.path.endswith("/personer"):
            return httpx.Response(200, content=body)
        holder = {"identitet": {"identitetsbeteckning": SIV}, "funktionarsroller": [{"kod": "LE"}]}
        return httpx.Response(200, json=[{"funktionarer": [holder]}])

    assert bench.answering(ADAPTER, handler).one(bench.request(NUMBER, KIND)).missing[KIND][0] == "partial"


def test_people_without_a_swedish_number_are_counted() -> None:
    """They cannot be asked about; the same person in two businesses is one."""
    rows = [
        {"identitet": {"identitetsbeteckning": SIV}, "funktionarsroller": [{"kod": "SU"}]},
        {"personnamn": {"fornamn": "Ann", "efternamn": "Abroad"}, "funktionarsroller": [{"kod": "LE"}]},
        {"identitet": {"identitetsbeteckning": NUMBER}, "funktionarsroller": [{"kod": "REV"}]},
    ]
    other = [{"identitet": {"identitetsbeteckning": SIV}, "funktionarsroller": [{"kod": "OF"}]}]
    found = [Organisation.model_validate({"funktionarer": item}) for item in (rows, other, rows, None)]
    assert representatives(found) == ({SIV: "OF"}, 2)


def test_a_temporary_prohibition_and_one_object_without_a_list() -> None:
    """As the specification's examples have it."""
    row = {"naringsforbud": {"slutligt": None, "tillfalligt": {"from": "2026-10-01"}}}
    assert stands(row, TODAY)[0] == "active"
    assert stands([{"naringsforbud": {}}], TODAY) == ("none", None)
    with pytest.raises(SupplierFailed):
        stands([{"naringsforbud": None}, 7], TODAY)


def test_a_large_board_is_partial(bench: Any) -> None:
    """More people than are asked about for one supplier."""
    sent = []

    def handler(request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})
        if request.url.path.endswith("/personer"):
            sent.append(request)
            return httpx.Response(200, json=[{"naringsforbud": None}])
        rows = [
            {"identitet": {"identitetsbeteckning": number}, "funktionarsroller": [{"kod": "LE"}]}
            for number in PUBLISHED
        ]
        return httpx.Response(200, json=[{"funktionarer": rows}])

    assert bench.answering(ADAPTER, handler).one(bench.request(NUMBER, KIND)).missing[KIND][0] == "partial"
    assert len(sent) == MOST


@pytest.mark.parametrize(
    "row",
    [
        {"identitetsbeteckning": TOR, "naringsforbud": None},
        {"identitet": {"typ": "PERSONNUMMER", "identitetsbeteckning": TOR}, "naringsforbud": None},
    ],
)
def test_an_answer_about_another_person_clears_nobody(bench: Any, row: dict[str, Any]) -> None:
    """Nor does one that was cut off; the next of the board is asked about all the same."""
    sent = []

    def handler(request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})
        if request.url.path.endswith("/personer"):
            sent.append(request)
            return httpx.Response(200, json=[row]) if len(sent) == 1 else httpx.Response(200, text="[{")
        holders = [
            {"identitet": {"identitetsbeteckning": number}, "funktionarsroller": [{"kod": "LE"}]}
            for number in (SIV, TOR)
        ]
        return httpx.Response(200, json=[{"funktionarer": holders}])

    assert bench.answering(ADAPTER, handler).one(bench.request(NUMBER, KIND)).missing[KIND][0] == "partial"
    assert len(sent) == 2
