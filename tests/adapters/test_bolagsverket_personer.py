"""Trading prohibitions: who is asked about, what is kept, and that nobody is clean because a call failed."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from screening.adapters.bolagsverket_engagemang import engagements, kept
from screening.adapters.bolagsverket_personer import ADAPTER, MOST, representatives, stands
from screening.adapters.bolagsverket_v4 import Organisation
from screening.errors import SupplierFailed
from screening.model import RoleEngagements, TradingProhibition
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


# --- roles elsewhere ----------------------------------------------------------------------------------------------------
ELSEWHERE = "role_engagements"


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def engaged(answer: Any) -> list[tuple[str, str | None, str | None]]:
    """(role, bankrupt on, ceased on) of everything that the one fact tells."""
    (fact,) = [item for item in answer.facts if isinstance(item, RoleEngagements)]
    return sorted((item.role_code, _iso(item.bankrupt_on), _iso(item.ended_on)) for item in fact.engagements)


def ask_roles(bench: Any, made: dict[str, Any], who: list[dict[str, Any]], *kinds: str, **more: Any) -> Any:
    return bench.stubbed(ADAPTER, made, people=who, **more).one(bench.request(NUMBER, ELSEWHERE, *kinds))


def test_roles_in_other_companies_come_with_the_days_of_bankruptcies(bench: Any) -> None:
    """Also that in the supplier itself; companies and people are keyed hashes, and no name is kept."""
    gone = [
        {"number": "5599990016", "role": "VD", "ended_on": date(2024, 5, 2), "bankrupt": True},
        {"number": "5599990024", "role": "SU", "ended_on": date(2025, 6, 3)},
    ]
    answer = ask_roles(bench, company(("siv", "LE")), people(elsewhere=gone))
    assert engaged(answer) == [("LE", None, None), ("SU", None, "2025-06-03"), ("VD", "2024-05-02", None)]
    (fact,) = answer.facts
    assert fact.partial is None
    for told in (b"5599990016", b"Bolag", SIV.encode()):
        assert told not in answer.raw
    assert b"KKAV" in answer.raw
    assert answer.billable_calls == 2


def test_one_call_a_person_tells_both(bench: Any) -> None:
    """Prohibitions and roles together cost no more than one of them."""
    answer = ask_roles(bench, company(("siv", "LE"), ("tor", "VD")), people(), KIND)
    assert {fact.kind for fact in answer.facts} == {KIND, ELSEWHERE}
    assert answer.billable_calls == 3


@pytest.mark.parametrize("kind", ["down", "unknown", "partial"])
def test_where_somebody_cannot_be_asked_about_there_may_be_more(bench: Any, kind: str) -> None:
    """What the others have is told as a part."""
    trouble = [Fault(source="bolagsverket_personer", kind=kind, numbers=(TOR,))]
    (fact,) = ask_roles(bench, company(("siv", "LE"), ("tor", "VD")), people(), faults=trouble).facts
    assert fact.partial is True


def test_roles_of_nobody_are_no_answer(bench: Any) -> None:
    """Not of a supplier whose people have none."""
    trouble = [Fault(source="bolagsverket_personer", kind="partial", numbers=(SIV,))]
    answer = ask_roles(bench, company(("siv", "LE")), people(), faults=trouble)
    assert answer.missing[ELSEWHERE][0] == "partial"


ROW = {
    "identitet": {"identitetsbeteckning": "5599990016"},
    "organisationsstatusar": [],
    "funktionarsroller": [{"kod": "LE"}],
}


@pytest.mark.parametrize(
    "part",
    [
        None,
        [{**ROW, "identitet": None}],
        [{**ROW, "funktionarsroller": []}],
        [{**ROW, "organisationsstatusar": None}],
        [{**ROW, "organisationsstatusar": [{"kod": "KK"}]}],
        [{**ROW, "organisationsstatusar": [{"kod": "LIAV"}]}],
        "inga",
    ],
)
def test_a_row_that_is_not_read_is_no_person_without_roles(part: Any) -> None:
    """A company, a role, its status and the day of a bankruptcy are needed."""
    with pytest.raises(SupplierFailed):
        engagements({"organisationsengagemang": part}, "K-1", str)
    with pytest.raises(SupplierFailed):
        engagements({}, "K-1", str)


def test_a_running_bankruptcy_is_dated_by_its_beginning() -> None:
    """Also where its end is listed beside it; an empty list is a person without roles."""
    statuses = [{"kod": "KKAV", "datum": "2026-03-01"}, {"kod": "KK", "datum": "2025-02-01"}]
    row = {**ROW, "organisationsstatusar": statuses}
    (found,) = engagements([{"organisationsengagemang": [row, row]}], "K-1", str)
    assert (found.company_key, found.bankrupt_on, found.ended_on) == ("5599990016", date(2025, 2, 1), None)
    assert engagements({"organisationsengagemang": []}, "K-1", str) == ()


def test_an_odd_answer_is_kept_without_what_it_may_not_hold() -> None:
    """Whatever its form."""
    assert kept("inga", str) == []
    assert kept({"organisationsengagemang": [{"organisationsnamn": {"namn": "Bolaget"}, "identitet": 3}]}, str) == [
        {"company": "|", "roles": [], "statuses": []}
    ]


def test_a_proceeding_that_is_no_bankruptcy_is_told_by_another_rule() -> None:
    """Of a company in a reconstruction, and of one that ended in another way."""
    statuses = [{"kod": "FR", "datum": "2026-03-01"}, {"kod": "LIAV", "datum": "2026-08-01"}]
    (found,) = engagements({"organisationsengagemang": [{**ROW, "organisationsstatusar": statuses}]}, "K-1", str)
    assert (found.bankrupt_on, found.ended_on) == (None, date(2026, 8, 1))


def test_an_answer_about_somebody_else_tells_no_roles(bench: Any) -> None:
    """By the number that it names."""

    def handler(request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})
        if request.url.path.endswith("/personer"):
            return httpx.Response(200, json=[{"identitetsbeteckning": TOR, "organisationsengagemang": []}])
        holder = {"identitet": {"identitetsbeteckning": SIV}, "funktionarsroller": [{"kod": "LE"}]}
        return httpx.Response(200, json=[{"funktionarer": [holder]}])

    answer = bench.answering(ADAPTER, handler).one(bench.request(NUMBER, ELSEWHERE))
    assert answer.missing[ELSEWHERE][0] == "partial"
