from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

import httpx
import pytest

from screening.adapters.bolagsverket_v4 import ADAPTER
from screening.adapters.source import Answer, Request
from screening.errors import ConfigError
from screening.model import Accounts, CompanyName, CompanyRecord, Officers, Proceeding, Signatory, to_payload
from screening.stub.world import Fault

NUMBER = "5599990008"
SIV = "196010113030"  # published test numbers
TOR = "196107293059"
KINDS = ("officers", "signatory", "accounts", "company_record")
PEOPLE = [
    {"id": "siv", "number": SIV, "first_name": "Siv", "last_name": "Ekdal"},
    {"id": "tor", "number": TOR, "first_name": "Tor", "last_name": "Alm"},
]
COMPANY = {
    "number": NUMBER,
    "name": "Granlida Omsorg AB",
    "names": [{"name": "Granlida Städ"}],
    "registered_on": date(2016, 3, 1),
    "officers": [
        {"person": "tor", "role": "LE"},
        {"person": "siv", "role": "LE"},
        {"person": "siv", "role": "VD", "from_on": date(2026, 1, 1)},
        {"person": "tor", "role": "VD", "from_on": date(2027, 1, 1)},
    ],
    "signatory": f"Firman tecknas av {SIV} ensam",
    "accounts": {"period_to_on": date(2025, 12, 31), "registered_on": date(2026, 7, 1)},
}


def recorded(
    bench: Any, change: Callable[[dict[str, Any]], Any] = lambda _: None, *kinds: str, number: str = NUMBER
) -> Answer:
    """The recorded answer with a change."""
    document = json.loads((bench.samples / "bolagsverket_v4_merged.json").read_bytes())
    change(document[0])
    answer: Answer = answering(bench, 200, document).one(bench.request(number, *(kinds or KINDS)))
    return answer


def answering(bench: Any, status: int, document: Any, **desk: Any) -> Any:
    def handler(request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})
        return httpx.Response(status, json=document)

    return bench.answering(ADAPTER, handler, **desk)


def record(answer: Answer) -> CompanyRecord:
    (fact,) = (fact for fact in answer.facts if isinstance(fact, CompanyRecord))
    return fact


def key(bench: Any, text: str) -> str:
    """The keyed hash that the session gives."""
    from hashlib import sha256

    return "K-" + sha256(text.encode()).hexdigest()[:12]


def test_everything_of_a_company_that_was_merged(bench: Any) -> None:
    """Officers of every sort, signatory, the last accounts, and who took over."""
    answer = recorded(bench)
    officers, signatory, accounts, found = answer.facts
    assert isinstance(officers, Officers)
    assert [(o.role_code, o.name, o.person_key) for o in officers.people] == [
        ("LE", "Siv Ekdal", key(bench, SIV)),
        ("OF", "Siv Ekdal", key(bench, SIV)),
        ("REV", "Siffrorna Revision AB", key(bench, "5599990024")),
        ("SU", "Ola Nordmann", key(bench, "ola nordmann|1970-05-17")),
    ]
    assert isinstance(signatory, Signatory)
    assert signatory.text == f"Firman tecknas av styrelsen samt av {key(bench, SIV)} ensam"
    assert isinstance(accounts, Accounts)
    assert (accounts.period_to_on, accounts.registered_on, accounts.turnover_sek) == (
        date(2025, 12, 31),
        date(2026, 7, 1),
        None,
    )
    assert isinstance(found, CompanyRecord)
    assert (found.state, found.deregistered_on, found.deregistration_reason) == (
        "deregistered",
        date(2026, 10, 15),
        "FUAV",
    )
    assert (found.successor_number, found.successor_name) == ("5599990016", "Storlida Omsorg AB")
    assert found.names[0] == CompanyName("Granlida Omsorg AB", "name", date(2016, 3, 1))
    assert found.names[1].kind == "special"
    assert found.proceedings == (
        Proceeding("FR", "Företagsrekonstruktion", date(2025, 2, 1), date(2025, 9, 1)),
        Proceeding("FUOL", "Fusion", date(2026, 8, 1), date(2026, 10, 15)),
    )


def test_no_personal_number_leaves_the_adapter(bench: Any) -> None:
    """Neither in facts nor in what is stored as received; the representative's is gone, too."""
    answer = recorded(bench)
    told = answer.raw + b"".join(to_payload(fact) for fact in answer.facts)
    assert SIV.encode() not in told
    assert TOR.encode() not in told
    assert b"5599990024" in answer.raw


def test_only_the_sets_behind_the_wanted_kinds_are_asked_for(bench: Any) -> None:
    """One call, billed once, with the number in the body."""
    desk = bench.stubbed(ADAPTER, COMPANY, people=PEOPLE, price_sek=Decimal(2))
    answer = desk.one(bench.request(NUMBER, "officers"))
    assert json.loads(desk.sent[1].content) == {
        "identitetsbeteckning": NUMBER,
        "organisationInformationsmangd": ["FUNKTIONARER"],
    }
    assert [fact.kind for fact in answer.facts] == ["officers"]
    assert answer.billable_calls == 1
    assert desk.billed == [answer.supplier_id]


def test_the_same_board_in_another_order_is_the_same_fact(bench: Any) -> None:
    """Or each month would look like a change."""
    one, other = (
        recorded(bench, change, "officers").facts[0]
        for change in (lambda _: None, lambda o: o["funktionarer"].reverse())
    )
    assert to_payload(one) == to_payload(other)


def test_the_stub_gives_what_its_world_has(bench: Any) -> None:
    """Two people with their roles of the day, no accounts that come later."""
    desk = bench.stubbed(ADAPTER, COMPANY, people=PEOPLE)
    officers, signatory, accounts, found = desk.one(bench.request(NUMBER, *KINDS)).facts
    assert [(o.role_code, o.name) for o in officers.people] == [
        ("LE", "Siv Ekdal"),
        ("LE", "Tor Alm"),
        ("VD", "Siv Ekdal"),
    ]
    assert signatory.text == f"Firman tecknas av {key(bench, SIV)} ensam"
    assert accounts.period_to_on == date(2025, 12, 31)
    assert (found.state, found.legal_form, found.registered_on, found.proceedings) == (
        "registered",
        "AB",
        date(2016, 3, 1),
        (),
    )
    assert [name.name for name in found.names] == ["Granlida Omsorg AB", "Granlida Städ"]


def test_the_stub_tells_of_mergers_and_bankruptcies(bench: Any) -> None:
    """With the successor where there is one."""
    merged = COMPANY | {
        "deregistered_on": date(2026, 10, 1),
        "deregistration_reason": "FUAV",
        "successor": "5599990016",
        "officers": [],
    }
    bankrupt = {
        "number": "5599990016",
        "name": "Storlida AB",
        "proceedings": [{"code": "KK", "from_on": date(2026, 11, 1)}, {"code": "FUOT", "from_on": date(2026, 9, 1)}],
    }
    desk = bench.stubbed(ADAPTER, merged, bankrupt)
    found = record(desk.one(bench.request(NUMBER, "company_record")))
    assert (found.successor_number, found.successor_name) == ("5599990016", "Storlida AB")
    found = record(desk.one(bench.request("5599990016", "company_record")))
    assert found.state == "registered"
    assert {row.code for row in found.proceedings} == {"KK", "FUOT"}
    assert found.successor_number is None


def test_what_a_company_does_not_have_is_not_found(bench: Any) -> None:
    """No signatory, no accounts; an empty board is an answer."""
    bare = {"number": NUMBER, "name": "Tomt AB"}
    answer = bench.stubbed(ADAPTER, bare).one(bench.request(NUMBER, *KINDS))
    assert {kind: reason for kind, (reason, _) in answer.missing.items()} == {
        "signatory": "not_found",
        "accounts": "not_found",
    }
    assert answer.billable_calls == 1


def test_an_answer_without_the_sets_asked_for_leaves_gaps(bench: Any) -> None:
    """Never an empty board, never an active company."""
    fault = Fault(source="bolagsverket_v4", kind="partial")
    answer = bench.stubbed(ADAPTER, COMPANY, people=PEOPLE, faults=[fault]).one(bench.request(NUMBER, *KINDS))
    assert answer.facts == ()
    assert {kind: reason for kind, (reason, _) in answer.missing.items()} == {
        "officers": "partial",
        "signatory": "not_found",
        "accounts": "not_found",
        "company_record": "partial",
    }


def test_an_unknown_number_is_not_found_and_was_a_call(bench: Any) -> None:
    """404 with an ``ApiError``."""
    answer = bench.stubbed(ADAPTER).one(bench.request(NUMBER, *KINDS))
    assert set(answer.missing.values()) == {("not_found", "Organisationen finns inte. (FM404)")}
    assert answer.billable_calls == 1


def test_a_404_of_the_gateway_is_no_answer_about_the_company(bench: Any) -> None:
    """The address of the connector is wrong."""
    answer = answering(bench, 404, {"code": "404", "message": "No matching resource found"}).one(
        bench.request(NUMBER, "officers")
    )
    assert answer.missing["officers"][0] == "source_down"


@pytest.mark.parametrize(
    "document", [[], {}, [{"funktionarer": 5}], [{"identitet": {"identitetsbeteckning": "5599990016"}}]]
)
def test_a_paid_answer_that_cannot_be_used_is_still_paid_for(bench: Any, document: Any) -> None:
    """Kept as it came, with the reason, and not bought again."""
    answer = answering(bench, 200, document, price_sek=Decimal(2)).one(bench.request(NUMBER, "officers"))
    assert answer.billable_calls == 1
    assert answer.missing["officers"][0] in {"partial", "doubtful"}
    assert json.loads(answer.raw) == document


def test_a_paid_call_without_an_answer_is_not_repeated(bench: Any) -> None:
    """Nobody knows whether it was counted; a free one is."""
    fault = Fault(source="bolagsverket_v4", kind="error", first=1)
    paid = bench.stubbed(ADAPTER, COMPANY, people=PEOPLE, faults=[fault], price_sek=Decimal(2))
    assert paid.one(bench.request(NUMBER, "officers")).missing["officers"][0] == "source_down"
    free = bench.stubbed(ADAPTER, COMPANY, people=PEOPLE, faults=[fault])
    assert free.one(bench.request(NUMBER, "officers")).missing == {}


def test_statuses_alone_are_enough_for_a_record(bench: Any) -> None:
    """Where the detailed status is not there."""

    def alone(organisation: dict[str, Any]) -> None:
        del organisation["detaljeradStatus"], organisation["samtligaOrganisationsnamn"]

    found = record(recorded(bench, alone, "company_record"))
    assert (found.state, found.deregistered_on, found.deregistration_reason) == (
        "deregistered",
        date(2026, 10, 15),
        "FUAV",
    )
    assert found.names == (CompanyName("Granlida Omsorg AB"),)

    def ongoing(organisation: dict[str, Any]) -> None:
        alone(organisation)
        status = {
            "kod": "KK",
            "klartext": "Konkurs",
            "typ": "AvvecklingsOmstruktureringsforfarande",
            "datum": "2026-11-01",
        }
        organisation["organisationsstatusar"] = [status]

    found = record(recorded(bench, ongoing, "company_record"))
    assert (found.state, found.proceedings) == ("registered", (Proceeding("KK", "Konkurs", date(2026, 11, 1)),))


def test_a_deregistration_without_a_reason_is_one_all_the_same(bench: Any) -> None:
    """And a foreign company that took over has a name only."""

    def abroad(organisation: dict[str, Any]) -> None:
        status = organisation["detaljeradStatus"]
        status["avregistreradOrganisation"]["avregistreringsorsak"] = None
        party = {"utlandskOrganisation": {"organisationsnamn": {"namn": "Storlida AS"}}}
        status["fusionsDelningsEllerOmbildningsforfaranden"][0]["overtagandeOrganisationer"] = [party]

    found = record(recorded(bench, abroad, "company_record"))
    assert (found.state, found.deregistration_reason) == ("deregistered", None)
    assert (found.successor_number, found.successor_name) == (None, "Storlida AS")


@pytest.mark.parametrize("given_up", ["forfallenDatum", "atergangenDatum"])
def test_a_merger_that_was_given_up_has_no_successor(bench: Any, given_up: str) -> None:
    """And has ended."""

    def stopped(organisation: dict[str, Any]) -> None:
        merger = organisation["detaljeradStatus"]["fusionsDelningsEllerOmbildningsforfaranden"][0]
        merger["fusionsDelningsEllerOmbildningsforfarandehandelse"] = {
            "inleddDatum": "2026-08-01",
            given_up: "2026-09-01",
        }

    found = record(recorded(bench, stopped, "company_record"))
    assert found.successor_number is None
    assert found.proceedings[-1].ended_on == date(2026, 9, 1)


def test_divisions_are_coded_as_in_hvd_and_unknown_kinds_as_they_are(bench: Any) -> None:
    """``DEOT`` takes over."""

    def divided(organisation: dict[str, Any]) -> None:
        organisation["detaljeradStatus"]["fusionsDelningsEllerOmbildningsforfaranden"] = [
            {"rollIForfarandet": "OVERTAGANDE", "fusionsDelningsEllerOmbildningsforfarandetyp": {"kod": "DELNING"}},
            {"rollIForfarandet": None, "fusionsDelningsEllerOmbildningsforfarandetyp": {"kod": "OM"}},
            {},
        ]

    found = record(recorded(bench, divided, "company_record"))
    assert [row.code for row in found.proceedings] == ["FR", "DEOT", "OM", "?"]
    assert found.successor_number is None


def test_a_sole_trader_with_two_businesses_is_one_record(bench: Any) -> None:
    """Each element is a business."""
    element = {
        "identitet": {"identitetsbeteckning": SIV},
        "organisationsform": {"kod": "E"},
        "organisationsstatusar": [],
        "organisationsnamn": {"namn": "Ekdals Bygg"},
    }
    other = element | {"organisationsnamn": {"namn": "Ekdals Måleri"}}
    found = record(answering(bench, 200, [element, other]).one(bench.request(SIV, "company_record")))
    assert found.businesses == ("Ekdals Bygg", "Ekdals Måleri")
    assert found.state == "registered"


def test_a_report_that_only_came_in_counts_when_there_is_no_other(bench: Any) -> None:
    """And then has no day of registration."""

    def unregistered(organisation: dict[str, Any]) -> None:
        rows = organisation["finansiellaRapporter"] = organisation["finansiellaRapporter"][:1]
        rows[0]["rapporter"][0]["registreradDatum"] = None

    (accounts,) = recorded(bench, unregistered, "accounts").facts
    assert isinstance(accounts, Accounts)
    assert (accounts.period_to_on, accounts.registered_on) == (date(2024, 12, 31), None)


def test_the_stub_refuses_what_v4_refuses(bench: Any) -> None:
    """A number of the wrong length and an unknown set of information."""
    desk = bench.stubbed(ADAPTER)
    request = bench.request(NUMBER, "officers")
    wrong = type(request.identity)(request.identity.kind, "SE", "123")
    answer = desk.one(type(request)(supplier_id="S-1", identity=wrong, kinds=request.kinds))
    assert answer.missing["officers"][0] == "rejected_input"
    assert "måste vara 10 eller 12 siffror" in answer.missing["officers"][1]


# --- earlier days -----------------------------------------------------------------------------------------------------
BACK = {"history_days": [365, 270, 180, 90]}
LATELY = COMPANY | {
    "officers": [{"person": "tor", "role": "LE"}],
    "event": [{"on": date(2026, 7, 1), "set": {"officers": [{"person": "siv", "role": "LE"}]}}],
}


def first(bench: Any, *kinds: str) -> Request:
    """A request for kinds that this source was never asked for about this supplier."""
    request: Request = bench.request(NUMBER, *(kinds or ("officers",)))
    return replace(request, first=request.kinds)


def boards(answer: Answer) -> list[tuple[str, bool, list[str]]]:
    return [
        (str(fact.provenance.as_of), fact.provenance.historic, [person.name for person in fact.people])
        for fact in answer.facts
        if isinstance(fact, Officers)
    ]


def asked(desk: Any) -> list[str]:
    """The days that were asked about, in order."""
    bodies = [json.loads(sent.content) for sent in desk.sent if sent.url.path.endswith("organisationer")]
    return [body.get("tidpunkt", "")[:10] for body in bodies]


def test_the_first_time_the_boards_of_earlier_days_are_asked_for_too(bench: Any) -> None:
    """Oldest first, each dated by its day and billed; one array holds every answer, and its hash stands in each fact."""
    desk = bench.stubbed(ADAPTER, LATELY, people=PEOPLE, price_sek=Decimal(2), options=BACK)
    answer = desk.one(first(bench, "officers", "signatory"))
    assert boards(answer) == [
        ("2025-11-30", True, ["Tor Alm"]),
        ("2026-03-05", True, ["Tor Alm"]),
        ("2026-06-03", True, ["Tor Alm"]),
        ("2026-09-01", True, ["Siv Ekdal"]),
        ("2026-11-30", False, ["Siv Ekdal"]),
    ]
    assert [fact.kind for fact in answer.facts].count("signatory") == 1
    assert (answer.billable_calls, len(desk.billed)) == (5, 5)
    assert sum(call.billable for call in desk.ledger) == 5
    assert asked(desk) == ["", "2026-09-01", "2026-06-03", "2026-03-05", "2025-11-30"]
    whole = json.loads(answer.raw)
    assert [part["tidpunkt"] for part in whole] == ["2025-11-30", "2026-03-05", "2026-06-03", "2026-09-01", None]
    assert {fact.provenance.raw_sha256 for fact in answer.facts} == {sha256(answer.raw).hexdigest()}
    assert SIV.encode() not in answer.raw
    earlier = json.loads(desk.sent[-1].content)
    assert earlier["organisationInformationsmangd"] == ["FUNKTIONARER"]
    assert earlier["tidpunkt"] == "2025-11-30T12:00:00Z"


def test_later_and_for_other_kinds_one_call_is_enough(bench: Any) -> None:
    """Each earlier day is bought once; without days nothing is looked back for."""
    desk = bench.stubbed(ADAPTER, LATELY, people=PEOPLE, options=BACK)
    assert desk.one(bench.request(NUMBER, "officers")).billable_calls == 1
    assert desk.one(first(bench, "signatory")).billable_calls == 1
    desk.options = {"history_days": []}
    assert desk.one(first(bench)).billable_calls == 1


@pytest.mark.parametrize(
    ("registered_on", "days"),
    [
        ("2026-07-10", ["", "2026-09-01", "2026-07-11"]),
        ("2026-08-31", ["", "2026-09-01"]),
        ("2026-11-28", ["", "2026-11-29"]),
        ("2026-11-30", [""]),
        ("2025-11-30", ["", "2026-09-01", "2026-06-03", "2026-03-05", "2025-12-01"]),
    ],
)
def test_a_young_company_is_followed_from_its_registration(bench: Any, registered_on: str, days: list[str]) -> None:
    """Days before it are not bought; the day after it stands for them."""
    young = COMPANY | {"registered_on": registered_on, "officers": [{"person": "tor", "role": "LE"}]}
    desk = bench.stubbed(ADAPTER, young, people=PEOPLE, options=BACK)
    answer = desk.one(first(bench))
    assert asked(desk) == days
    assert [day for day, _, _ in boards(answer)] == sorted([*days[1:], "2026-11-30"])
    assert answer.billable_calls == len(days)


def looking_back(bench: Any, earlier: Callable[[str], httpx.Response], **desk: Any) -> Any:
    """A provider that answers for today, and as told for earlier days."""
    today = [{"identitet": {"identitetsbeteckning": NUMBER}, "funktionarer": []}]

    def handler(request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})
        day = json.loads(request.content).get("tidpunkt", "")[:10]
        return earlier(day) if day else httpx.Response(200, json=today)

    return bench.answering(ADAPTER, handler, options=BACK, price_sek=Decimal(2), **desk)


BOARD = [{"identitet": {"identitetsbeteckning": NUMBER}, "funktionarer": []}]
OTHER = [{"identitet": {"identitetsbeteckning": "5599990016"}, "funktionarer": []}]


@pytest.mark.parametrize(
    "useless",
    [
        httpx.Response(404, json={"type": "urn:bolagsverket", "detail": "Organisationen finns inte.", "code": "FM404"}),
        httpx.Response(400, json={"type": "urn:bolagsverket", "detail": "tidpunkt"}),
        httpx.Response(200, json=OTHER),
        httpx.Response(200, json=[{"organisationsnamn": {"namn": "A"}}]),
        httpx.Response(200, json=[5]),
        httpx.Response(200, text="[{"),
    ],
)
def test_a_day_that_gives_no_board_ends_the_looking_back(bench: Any, useless: httpx.Response) -> None:
    """It was paid for and is kept; older days behind it would leave a hole that nobody sees."""
    desk = looking_back(bench, lambda day: httpx.Response(200, json=BOARD) if day == "2026-09-01" else useless)
    answer = desk.one(first(bench))
    assert asked(desk) == ["", "2026-09-01", "2026-06-03"]
    assert [day for day, _, _ in boards(answer)] == ["2026-09-01", "2026-11-30"]
    assert answer.missing == {}
    assert answer.billable_calls == 3
    assert [part["tidpunkt"] for part in json.loads(answer.raw)] == ["2026-06-03", "2026-09-01", None]


@pytest.mark.parametrize(("status", "body"), [(500, "{}"), (401, "{}"), (200, "<html>")])
def test_a_source_that_fails_while_looking_back_has_still_answered_for_today(
    bench: Any, status: int, body: str
) -> None:
    """The call without an answer is not repeated, and not counted as one that was answered."""
    desk = looking_back(bench, lambda _day: httpx.Response(status, text=body))
    answer = desk.one(first(bench))
    assert boards(answer) == [("2026-11-30", False, [])]
    assert answer.billable_calls == 1


def test_without_a_board_today_nothing_is_looked_back_for(bench: Any) -> None:
    """Nor for a number that is not there."""
    desk = answering(bench, 200, [{"organisationsnamn": {"namn": "A"}}], options=BACK)
    assert desk.one(first(bench)).missing["officers"][0] == "partial"
    assert asked(desk) == [""]
    assert bench.stubbed(ADAPTER, options=BACK).one(first(bench)).billable_calls == 1


@pytest.mark.parametrize("days", [365, [0], [-90], ["90"], [True], [90.0]])
def test_history_days_are_whole_numbers_above_zero(days: Any) -> None:
    """The message names the option."""
    with pytest.raises(ConfigError, match=r"x\.toml: options\.history_days"):
        ADAPTER.check_options("x.toml", {"history_days": days})
    ADAPTER.check_options("x.toml", BACK)
    assert ADAPTER.first_calls["officers"](BACK) == 4


@pytest.mark.parametrize("day", ["2026-06-01", "2026-12-01T12:00:00Z", "i fjol", 5])
def test_the_stub_takes_only_times_that_have_been(bench: Any, day: Any) -> None:
    """With seconds and a zone."""
    import asyncio

    async def ask() -> int:
        async with desk.session() as session:
            ADAPTER.open(session)
            body = {"identitetsbeteckning": NUMBER, "organisationInformationsmangd": ["FUNKTIONARER"], "tidpunkt": day}
            reply = await session.client.post(f"{session.address}/organisationer", json=body, repeatable=True)
            return int(reply.status)

    desk = bench.stubbed(ADAPTER, COMPANY, people=PEOPLE)
    assert asyncio.run(ask()) == 400


@pytest.mark.parametrize(
    ("ends", "last", "following"),
    [
        ("12-31", "2025-12-31", None),
        ("06-30", "2025-12-31", date(2027, 6, 30)),
        ("08-31", "2025-12-31", date(2026, 8, 31)),
        ("02-28", "2025-12-31", date(2027, 2, 28)),
    ],
)
def test_a_changed_fiscal_year_ends_on_the_last_day_that_it_can(
    bench: Any, ends: str, last: str, following: date | None
) -> None:
    """Prolonged to eighteen months where that is possible; the same end of year says nothing new."""
    accounts = {**COMPANY["accounts"], "period_to_on": date.fromisoformat(last), "year_ends": ends}  # type: ignore[dict-item]
    (fact,) = (
        bench.stubbed(ADAPTER, {**COMPANY, "accounts": accounts}, people=PEOPLE)
        .one(bench.request(NUMBER, "accounts"))
        .facts
    )
    assert fact.next_period_to_on == following


@pytest.mark.parametrize("year", [None, {}, {"rakenskapsarAvslutas": "sommar"}, {"rakenskapsarAvslutas": "02-30"}])
def test_an_end_of_year_that_is_none_says_nothing(bench: Any, year: Any) -> None:
    """The accounts are there all the same."""

    def change(item: dict[str, Any]) -> None:
        item["rakenskapsar"] = year

    (fact,) = recorded(bench, change, "accounts").facts
    assert isinstance(fact, Accounts)
    assert fact.next_period_to_on is None


def test_the_short_names_of_notes_are_read_too(bench: Any) -> None:
    """``typ`` and ``handelse``; codes by themselves; a deregistration known by its code alone."""

    def short(organisation: dict[str, Any]) -> None:
        organisation["organisationsnamn"]["typ"] = "FORETAGSNAMN"
        organisation["organisationsstatusar"] = [
            {"kod": "KK", "klartext": "Konkurs", "typ": {"kod": "X"}, "datum": None},
            {"kod": "AKT", "klartext": "Aktiv", "typ": None, "datum": None},
        ]
        organisation["detaljeradStatus"] = {
            "avvecklingsEllerOmstruktureringsforfaranden": [
                {"typ": "KK", "handelse": {"inleddDatum": "2026-10-02", "malnummer": "K 1-26", "avslutadDatum": None}},
                {"typ": {"kod": "FR", "klartext": "Rekonstruktion"}, "handelse": {"beslutsdatum": "2026-09-01"}},
            ],
            "fusionsDelningsEllerOmbildningsforfaranden": [
                {"typ": "FU", "rollIForfarandet": "OVERTAGANDE", "handelse": {"inleddDatum": "2026-01-01"}}
            ],
        }

    found = record(recorded(bench, short))
    assert found.state == "registered"
    assert [(row.code, row.from_on) for row in found.proceedings] == [
        ("KK", date(2026, 10, 2)),
        ("FR", date(2026, 9, 1)),
        ("FUOT", date(2026, 1, 1)),
    ]

    def gone(organisation: dict[str, Any]) -> None:
        organisation["detaljeradStatus"] = None
        organisation["organisationsstatusar"] = [{"kod": "KKAV", "klartext": "Konkurs avslutad", "datum": "2026-10-02"}]

    ended = record(recorded(bench, gone))
    assert (ended.state, ended.deregistered_on, ended.deregistration_reason) == (
        "deregistered",
        date(2026, 10, 2),
        "KKAV",
    )
    assert ended.proceedings == ()


def test_the_stub_writes_the_same_in_other_ways(bench: Any) -> None:
    """Codes by themselves, short names, moments for dates: the same facts but for the words of the codes."""
    company = COMPANY | {
        "proceedings": [{"code": "KK", "from_on": date(2026, 10, 2)}, {"code": "FUOL", "from_on": date(2026, 9, 1)}]
    }
    request = bench.request(NUMBER, *KINDS)
    usual = bench.stubbed(ADAPTER, company, people=PEOPLE).one(request)
    odd = bench.stubbed(ADAPTER, company, people=PEOPLE, faults=[Fault(source="bolagsverket_v4", kind="odd")]).one(
        request
    )
    assert odd.missing == usual.missing == {}
    assert [(row.code, row.from_on) for row in record(odd).proceedings] == [
        (row.code, row.from_on) for row in record(usual).proceedings
    ]
    for one, other in zip(usual.facts, odd.facts, strict=True):
        if isinstance(one, Officers) and isinstance(other, Officers):
            assert [(o.person_key, o.role_code) for o in one.people] == [
                (o.person_key, o.role_code) for o in other.people
            ]
        elif isinstance(one, Accounts | Signatory):
            assert replace(other, provenance=one.provenance) == one
