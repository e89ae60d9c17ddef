"""OpenSanctions' matcher: batches, a status per question, and a list whose day is known."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import Any

import httpx
import pytest

from screening.adapters.source import Answer
from screening.adapters.yente import ADAPTER
from screening.client import Limits
from screening.errors import SourceUnavailable
from screening.model import Sanctions
from screening.stub.app import Embedded, make_app
from screening.stub.world import Fault, World

NUMBERS = (
    "5599999017", "5599999009", "5599999025", "5599998779", "5599995726", "5599994505", "5599990230", "5599979258",
)  # fmt: skip
NUMBER, KIND = NUMBERS[0], Sanctions.kind
NAME = "Kvarnholms Rederi AB"

Bench = Any  # the class stands in conftest.py, which a test cannot import


@pytest.fixture
def sample(bench: Bench) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((bench.samples / "yente.json").read_text("utf-8"))
    return document


def told(bench: Bench, sample: dict[str, Any], match: Callable[[httpx.Request], httpx.Response] | None = None) -> Any:
    """A desk whose yente answers as the sample."""

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/catalog"):
            return httpx.Response(200, json=sample["catalog"])
        return match(request) if match else httpx.Response(200, json=sample["match"])

    return bench.answering(ADAPTER, handler, address="http://yente.internal:8000")


def look(answer: Answer) -> Sanctions:
    """The look as a whole."""
    (fact,) = (fact for fact in answer.facts if isinstance(fact, Sanctions) and not fact.scope_key)
    return fact


def test_a_hit_with_the_alias_that_is_alike(bench: Bench, sample: dict[str, Any]) -> None:
    """The likest of the names, the higher likeness, and the list's day and version; what is less alike is no hit."""
    desk = told(bench, sample)
    answer = desk.one(bench.request(NUMBER, KIND, name=NAME))
    found = look(answer)
    (hit,) = found.hits
    assert (hit.entity_id, hit.name, hit.own_name) == ("NK-kvarnholm", "Kvarnholms Rederi", NAME)
    assert (hit.score, hit.strong_alias, hit.subject, hit.country, hit.programme) == (
        1.0, True, "enterprise", "RU", "EU-UKR",
    )  # fmt: skip
    assert found.list_on == date(2026, 11, 20)
    assert found.list_sha256 == sha256(b"eu_fsf 20261120061502-abc").hexdigest()
    assert found.provenance.request_ref == "eu_fsf 20261120061502-abc"
    assert [fact.scope_key for fact in answer.facts] == ["", "NK-kvarnholm"]
    assert b"r4nd0m" not in answer.raw
    assert desk.state == {"entities": "5911"}


def test_what_yente_alone_finds_alike_is_a_hit_too(bench: Bench, sample: dict[str, Any]) -> None:
    """By its own measure, as in another alphabet."""
    result = sample["match"]["responses"]["q0"]["results"][0]
    result["properties"] = {"name": ["Кварнхольмс Редери"], "jurisdiction": ["ru"]}
    result["caption"], result["score"] = "Кварнхольмс Редери", "0.93"
    (hit,) = look(told(bench, sample).one(bench.request(NUMBER, KIND, name=NAME))).hits
    assert (hit.name, hit.score, hit.country, hit.own_name) == ("Кварнхольмс Редери", 0.93, "RU", NAME)


def test_the_question_has_names_and_number_and_no_personal_number(bench: Bench, sample: dict[str, Any]) -> None:
    """A sole trader is asked about by name alone; nobody without a name."""
    sent: list[dict[str, Any]] = []

    def match(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content)["queries"])
        return httpx.Response(200, json={"responses": {key: {"results": []} for key in sent[-1]}})

    desk = told(bench, sample, match)
    answers = desk.ask(
        bench.request(NUMBER, KIND, name=NAME),
        bench.request(bench.person, KIND, name="Exempels Firma"),
        bench.request("196010113030", KIND),
    )
    assert sent == [
        {
            "q0": {
                "schema": "Company",
                "properties": {"jurisdiction": ["se"], "name": [NAME], "registrationNumber": [NUMBER]},
            },
            "q1": {"schema": "LegalEntity", "properties": {"country": ["se"], "name": ["Exempels Firma"]}},
        }
    ]
    assert [answer.missing.get(KIND, ("",))[0] for answer in answers] == ["", "", "rejected_input"]
    assert not any(bench.person[2:] in str(request.url) for request in desk.sent)
    assert dict(desk.sent[1].url.params) == {"algorithm": "logic-v2", "threshold": "0.7", "limit": "10"}


def test_more_than_a_hundred_are_asked_in_batches(bench: Bench) -> None:
    """A hundred and one questions at once would be refused."""
    desk = bench.stubbed(ADAPTER)
    requests = [bench.request(NUMBER, KIND, name=f"Exempel {n} AB") for n in range(101)]
    assert len([answer for answer in desk.ask(*requests) if answer.facts]) == 101
    assert [len(json.loads(request.content)["queries"]) for request in desk.sent[1:]] == [100, 1]


@pytest.mark.parametrize(
    ("fault", "answered"), [("small_batch", 8), ("half_batch", 7), ("no_answer", 7), ("odd", 8), ("partial", 7)]
)
def test_a_batch_in_trouble(bench: Bench, fault: str, answered: int) -> None:
    """A refused batch is asked in halves; a question that failed inside a 200 is unknown, and no other is."""
    desk = bench.stubbed(ADAPTER, faults=[Fault(source="yente", kind=fault)])
    answers = desk.ask(*(bench.request(number, KIND, name="Exempel AB") for number in NUMBERS))
    assert sum(bool(answer.facts) for answer in answers) == answered
    assert {answer.missing[KIND][0] for answer in answers if answer.missing} <= {"source_down", "partial"}


def test_one_question_that_cannot_be_read_fails_alone(bench: Bench, sample: dict[str, Any]) -> None:
    """The 400 of a whole batch is somebody's own."""

    def match(request: httpx.Request) -> httpx.Response:
        queries = json.loads(request.content)["queries"]
        if any("Ond AB" in query["properties"]["name"] for query in queries.values()):
            return httpx.Response(400, json={"detail": "Cannot parse example entity"})
        return httpx.Response(200, json={"responses": {key: {"status": 200, "results": []} for key in queries}})

    names = ("A AB", "B AB", "Ond AB", "C AB")
    answers = told(bench, sample, match).ask(
        *(bench.request(number, KIND, name=name) for number, name in zip(NUMBERS, names, strict=False))
    )
    assert [answer.missing.get(KIND, ("",))[0] for answer in answers] == ["", "", "rejected_input", ""]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (httpx.Response(200, json={"responses": []}), "partial"),
        (httpx.Response(200, json={"responses": {"q0": {"status": 503, "results": []}}}), "source_down"),
        (httpx.Response(200, json={"responses": {"q0": {"results": [{"caption": "x"}]}}}), "partial"),
        (httpx.Response(200, json={"responses": {"q0": "x"}}), "partial"),
        (httpx.Response(200, text='{"responses": {'), "partial"),
        (httpx.Response(414, json={"detail": "URL too long"}), "source_down"),
    ],
)
def test_an_answer_that_is_none_is_no_clean_record(
    bench: Bench, sample: dict[str, Any], reply: httpx.Response, reason: str
) -> None:
    """Whatever stands inside the 200."""
    answer = told(bench, sample, lambda _: reply).one(bench.request(NUMBER, KIND, name=NAME))
    assert (answer.facts, answer.missing[KIND][0]) == ((), reason)


def test_a_list_that_yente_has_not_stops_the_source(bench: Bench, sample: dict[str, Any]) -> None:
    """In the catalogue, or between it and the question."""
    gone = told(bench, sample, lambda _: httpx.Response(404, json={"detail": "No such dataset."}))
    with pytest.raises(SourceUnavailable, match="ingen lista eu_fsf"):
        gone.one(bench.request(NUMBER, KIND, name=NAME))
    desk = told(bench, sample)
    desk.options = {"dataset": "sanctions"}
    with pytest.raises(SourceUnavailable, match=r"options\.dataset"):
        desk.one(bench.request(NUMBER, KIND, name=NAME))
    assert len(desk.sent) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"index_version": "20260801061502-abc"}, "uppdatera indexet"),
        ({"index_version": "20270101061502-abc"}, "uppdatera indexet"),
        ({"index_version": None}, "inget index"),
        ({"index_version": "static"}, "static"),
        ({"index_version": "20261399-x"}, "20261399"),
        ({"entity_count": 100}, "väntat minst 4137"),
    ],
)
def test_a_list_that_is_old_undated_or_cut_is_none(
    bench: Bench, sample: dict[str, Any], change: dict[str, Any], said: str
) -> None:
    """Nobody is looked for in it."""
    sample["catalog"]["datasets"][0] |= change
    desk = told(bench, sample)
    desk.state["entities"] = "5911"
    with pytest.raises(SourceUnavailable, match=said):
        desk.one(bench.request(NUMBER, KIND, name=NAME))
    assert len(desk.sent) == 1


@pytest.mark.parametrize(
    ("status", "text", "reason"),
    [(200, "{}", "partial"), (200, "[]", "partial"), (503, "{}", "source_down"), (200, "<html>", "source_down")],
)
def test_without_a_catalogue_nobody_is_looked_for(bench: Bench, status: int, text: str, reason: str) -> None:
    """Nothing is asked without the day of the list; trouble may pass, and a wrong address does not."""
    desk = bench.answering(
        ADAPTER, lambda _: httpx.Response(status, text=text), address="http://x", limits=Limits(tries=1)
    )
    assert desk.one(bench.request(NUMBER, KIND, name=NAME)).missing[KIND][0] == reason
    assert len(desk.sent) == 1
    lost = bench.answering(ADAPTER, lambda _: httpx.Response(404, json={"detail": "Not Found"}), address="http://x")
    with pytest.raises(SourceUnavailable, match="kontrollera address"):
        lost.one(bench.request(NUMBER, KIND, name=NAME))


def test_the_current_version_is_that_of_the_index(bench: Bench, sample: dict[str, Any]) -> None:
    """Where the index's own is not told; how many there are need not be, either."""
    row = sample["catalog"]["datasets"][0]
    for name in ("index_version", "entity_count"):
        del row[name]
    row |= {"version": "2026-11-21T06:15:02", "index_current": True}
    desk = told(bench, sample)
    assert look(desk.one(bench.request(NUMBER, KIND, name=NAME))).list_on == date(2026, 11, 21)
    assert not desk.state


def test_the_stub_lists_whom_its_world_says(bench: Bench) -> None:
    """A company, a person, a weak alias; somebody else is looked for and not found."""
    listed = [
        {"id": "EU.1", "names": ["Kvarnholms Rederi"], "country": "RU", "programme": "UKR"},
        {
            "id": "EU.2",
            "names": ["Ivan Exempel", "Exempel Ivan"],
            "subject": "person",
            "weak_names": ["Blåklinten Städ"],
        },
    ]
    world = World.model_validate({"listed": listed})
    desk = bench.stubbed(ADAPTER)
    desk.transport = Embedded(make_app(world, lambda: bench.day))
    names = (NAME, "Blåklinten Städ AB", "Granlida Omsorg AB")
    answers = desk.ask(*(bench.request(number, KIND, name=name) for number, name in zip(NUMBERS, names, strict=False)))
    found = [[(hit.entity_id, hit.strong_alias, hit.subject) for hit in look(answer).hits] for answer in answers]
    assert found == [[("EU.1", True, "enterprise")], [("EU.2", False, "person")], []]


@pytest.mark.parametrize("body", [[], {}, {"queries": {}}, {"queries": []}])
def test_the_stub_refuses_what_yente_refuses(bench: Bench, body: Any) -> None:
    """No questions."""

    async def ask() -> int:
        app = make_app(World(), lambda: bench.day)
        async with httpx.AsyncClient(transport=Embedded(app), base_url="http://stub") as client:
            return (await client.post("/yente/match/eu_fsf", json=body)).status_code

    import asyncio

    assert asyncio.run(ask()) == 400
