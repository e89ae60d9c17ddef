from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest

from screening.adapters.bolagsverket_hvd import ADAPTER
from screening.adapters.source import Answer
from screening.errors import SourceUnavailable
from screening.model import Address, CompanyName, CompanyRecord, Industry, Origin, Proceeding
from screening.stub.world import Fault

NUMBER = "5599990008"
KINDS = ("company_record", "address", "industry")
COMPANY = {
    "number": NUMBER,
    "name": "Granlida Omsorg AB",
    "names": [
        {"name": "Granlida Städ"},
        {"name": "Granlida Care", "kind": "foreign"},
        {"name": "Gamla", "kind": "former"},
    ],
    "registered_on": date(2016, 3, 1),
    "address": {"street": "Storgatan 1", "care_of": "c/o Ek", "postcode": "852 31", "city": "Sundsvall"},
    "sni": [("88101", "Öppna sociala insatser för äldre"), ("00000", "")],
    "description": "Hemtjänst.",
    "f_tax": {"from_on": date(2016, 3, 1)},
}


def record(answer: Answer) -> CompanyRecord:
    """The one record."""
    (fact,) = (fact for fact in answer.facts if isinstance(fact, CompanyRecord))
    return fact


def changed(bench: Any, change: Callable[[dict[str, Any]], Any], number: str = "5599999017") -> Answer:
    """The recorded answer with a change, as an adapter reads it."""
    document = json.loads((bench.samples / "bolagsverket_hvd_scb_timeout.json").read_bytes())
    change(document["organisationer"][0])

    def handler(request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})
        return httpx.Response(200, json=document)

    answer: Answer = bench.answering(ADAPTER, handler).one(bench.request(number, *KINDS))
    return answer


def test_a_company_with_all_that_the_register_has(bench: Any) -> None:
    """Names of each kind, the first one first; address, industry and provenance."""
    desk = bench.stubbed(ADAPTER, COMPANY)
    answer = desk.one(bench.request(NUMBER, *KINDS))
    assert answer.missing == {}
    found, address, industry = answer.facts
    assert isinstance(found, CompanyRecord)
    assert found.state == "registered"
    assert (found.legal_form, found.registered_on, found.proceedings) == ("AB", date(2016, 3, 1), ())
    assert found.has_any_tax_registration is True
    assert found.businesses == ()
    assert found.names == (
        CompanyName("Granlida Omsorg AB", from_on=date(2016, 3, 1)),
        CompanyName("Granlida Städ", "special"),
        CompanyName("Granlida Care", "foreign"),
    )
    assert isinstance(address, Address)
    assert (address.care_of, address.street, address.postcode, address.city) == (
        "c/o Ek",
        "Storgatan 1",
        "852 31",
        "Sundsvall",
    )
    assert isinstance(industry, Industry)
    assert industry.codes == (("88101", "Öppna sociala insatser för äldre"),)
    assert industry.description == "Hemtjänst."
    assert found.provenance.origin is Origin.AUTHORITY
    assert found.provenance.as_of == bench.day
    assert len(found.provenance.request_ref) == 36
    assert desk.sent[1].headers["x-request-id"] == found.provenance.request_ref
    assert json.loads(desk.sent[1].content) == {"identitetsbeteckning": NUMBER}
    assert NUMBER not in str(desk.sent[1].url)


def test_only_what_is_wanted_is_handed_on(bench: Any) -> None:
    """An address that no rule needs is not stored."""
    answer = bench.stubbed(ADAPTER, COMPANY).one(bench.request(NUMBER, "company_record"))
    assert [fact.kind for fact in answer.facts] == ["company_record"]


def test_scb_out_of_order_takes_only_its_own_kinds(bench: Any) -> None:
    """As in the official example: the record stands, with what is ongoing."""
    answer = changed(bench, lambda _: None)
    found = record(answer)
    assert found.proceedings == (Proceeding("FR", "Företagsrekonstruktion", date(2026, 10, 2)),)
    assert found.state == "registered"
    assert found.has_any_tax_registration is None
    assert answer.missing == {
        "address": ("source_down", "SCB: TIMEOUT"),
        "industry": ("source_down", "SCB: TIMEOUT"),
    }


def test_unknown_to_scb_alone_is_no_missing_company(bench: Any) -> None:
    """Address and industry are not there; the record is."""
    answer = bench.stubbed(ADAPTER, COMPANY | {"unknown_to": ["scb_foretagsregister"]}).one(
        bench.request(NUMBER, *KINDS)
    )
    assert record(answer).state == "registered"
    assert {kind: reason for kind, (reason, _) in answer.missing.items()} == {
        "address": "not_found",
        "industry": "not_found",
    }


def test_unknown_to_bolagsverket_is_the_fact_not_registered(bench: Any) -> None:
    """Nobody knows the number."""
    answer = bench.stubbed(ADAPTER).one(bench.request(NUMBER, *KINDS))
    assert record(answer).state == "not_registered"
    assert record(answer).names == ()
    assert set(answer.missing) == {"address", "industry"}


def test_an_authority_is_not_registered_but_has_an_address(bench: Any) -> None:
    """SCB knows municipalities, Bolagsverket does not."""
    answer = bench.stubbed(ADAPTER, COMPANY | {"unknown_to": ["bolagsverket_hvd"]}).one(bench.request(NUMBER, *KINDS))
    assert record(answer).state == "not_registered"
    assert [fact.kind for fact in answer.facts] == ["company_record", "address", "industry"]


@pytest.mark.parametrize(
    "field",
    [
        "organisationsnamn",
        "organisationsform",
        "avregistreradOrganisation",
        "avregistreringsorsak",
        "pagaendeAvvecklingsEllerOmstruktureringsforfarande",
        "organisationsdatum",
    ],
)
@pytest.mark.parametrize("typ", ["OTILLGANGLIG_UPPGIFTSKALLA", "TIMEOUT", "OGILTIG_BEGARAN", "ORGANISATION_FINNS_EJ"])
def test_a_company_is_never_active_on_half_an_answer(bench: Any, field: str, typ: str) -> None:
    """One failed field of Bolagsverket's is enough; it is named."""

    def fail(organisation: dict[str, Any]) -> None:
        organisation[field] |= {"fel": {"typ": typ, "felBeskrivning": "…"}}

    answer = changed(bench, fail)
    assert "company_record" not in {fact.kind for fact in answer.facts}
    reason, detail = answer.missing["company_record"]
    assert reason == "partial"
    assert typ in detail


def test_all_of_bolagsverket_out_of_order_is_a_source_that_is_down(bench: Any) -> None:
    """Nothing was learnt at all, and SCB's part stands."""

    def fail(organisation: dict[str, Any]) -> None:
        for field, value in organisation.items():
            if isinstance(value, dict) and value.get("dataproducent") == "Bolagsverket":
                organisation[field] = {"dataproducent": "Bolagsverket", "fel": {"typ": "OTILLGANGLIG_UPPGIFTSKALLA"}}
        organisation["postadressOrganisation"] = {
            "dataproducent": "SCB",
            "fel": None,
            "postadress": {"postort": "Umeå"},
        }

    answer = changed(bench, fail)
    assert answer.missing["company_record"][0] == "source_down"
    assert [fact.kind for fact in answer.facts] == ["address"]


@pytest.mark.parametrize("field", ["avregistreradOrganisation", "pagaendeAvvecklingsEllerOmstruktureringsforfarande"])
def test_a_field_that_decides_the_status_must_be_there(bench: Any, field: str) -> None:
    """A renamed key must not read as no bankruptcy; null is how live answers say none."""
    assert changed(bench, lambda organisation: organisation.pop(field)).missing["company_record"][0] == "partial"
    assert record(changed(bench, lambda organisation: organisation.update({field: None}))).state == "registered"


def test_a_company_without_name_or_form_is_half_an_answer(bench: Any) -> None:
    """Every company has both."""
    empty: dict[str, Any] = {"dataproducent": "Bolagsverket", "fel": None, "organisationsnamnLista": []}
    assert changed(bench, lambda o: o.update(organisationsnamn=empty)).missing["company_record"][0] == "partial"
    assert changed(bench, lambda o: o.update(organisationsform=None)).missing["company_record"][0] == "partial"


def test_dates_that_scb_answers_for_do_not_decide(bench: Any) -> None:
    """``organisationsdatum`` has either producer."""
    fel = {"dataproducent": "SCB", "fel": {"typ": "TIMEOUT"}}
    found = record(changed(bench, lambda o: o.update(organisationsdatum=fel)))
    assert found.state == "registered"
    assert found.registered_on is None


def test_what_is_seen_beside_the_specification_is_read(bench: Any) -> None:
    """The misspelt key, a date with a time, an identity without kind, a field nobody knows."""
    ended = COMPANY | {"deregistered_on": date(2026, 10, 1), "deregistration_reason": "KKAV"}
    ongoing = COMPANY | {"number": "5599990016", "proceedings": [{"code": "KK", "from_on": date(2026, 11, 2)}]}
    desk = bench.stubbed(ADAPTER, ended, ongoing, stub_options={"bolagsverket_hvd": {"quirks": True}})
    found = record(desk.one(bench.request(NUMBER, "company_record")))
    assert (found.state, found.deregistered_on, found.deregistration_reason) == (
        "deregistered",
        date(2026, 10, 1),
        "KKAV",
    )
    found = record(desk.one(bench.request("5599990016", "company_record")))
    assert found.proceedings == (Proceeding("KK", "Konkurs", date(2026, 11, 2)),)


def test_codes_that_nobody_knows_are_kept(bench: Any) -> None:
    """Also one without a code, and n/a as a text."""
    rows = [
        {"kod": "ZZ", "klartext": "n/a", "fromDatum": None},
        {"kod": None, "klartext": "Nytt"},
        {"kod": None, "klartext": None},
    ]
    key = "pagaendeAvvecklingsEllerOmstruktureringsforfarande"
    found = record(changed(bench, lambda o: o[key].update({f"{key}Lista": rows})))
    assert found.proceedings == (Proceeding("ZZ"), Proceeding("?", "Nytt"))


def test_a_sole_trader_with_three_businesses_is_one_record(bench: Any) -> None:
    """Names of a business that ended are former names; the person's number is in no raw answer."""
    trader = {
        "number": bench.person,
        "name": "Eks Bygg",
        "form": "E",
        "registered_on": date(2010, 1, 1),
        "names": [{"name": "Eks Måleri"}, {"name": "Eks Kafé"}],
    }
    desk = bench.stubbed(ADAPTER, trader)
    answer = desk.one(bench.request(bench.person, *KINDS))
    assert record(answer).businesses == ("Eks Bygg", "Eks Måleri", "Eks Kafé")
    assert record(answer).legal_form == "E"
    assert bench.person.encode() not in answer.raw
    assert b"K-" in answer.raw
    document = json.loads(answer.raw)
    document["organisationer"][1]["avregistreradOrganisation"]["avregistreringsdatum"] = "2024-05-05"

    def handler(request: httpx.Request) -> httpx.Response:
        token = {"access_token": "t", "expires_in": 3600}
        return httpx.Response(200, json=token if "token" in request.url.path else document)

    for organisation in document["organisationer"]:
        organisation["organisationsidentitet"]["identitetsbeteckning"] = bench.person
    found = record(bench.answering(ADAPTER, handler).one(bench.request(bench.person, "company_record")))
    assert found.state == "registered"
    assert found.businesses == ("Eks Bygg", "Eks Kafé")
    assert found.names[-1].kind == "former"
    assert found.names[-1].to_on == date(2024, 5, 5)
    for day, organisation in zip(("2024-05-01", "2024-05-05", "2024-04-05"), document["organisationer"], strict=True):
        organisation["avregistreradOrganisation"]["avregistreringsdatum"] = day
    found = record(bench.answering(ADAPTER, handler).one(bench.request(bench.person, "company_record")))
    assert (found.state, found.deregistered_on) == ("deregistered", date(2024, 5, 5))


def test_protected_identity_has_no_address_and_no_name(bench: Any) -> None:
    """The status is known all the same."""
    trader = COMPANY | {"number": bench.person, "form": "E", "protected": True}
    answer = bench.stubbed(ADAPTER, trader).one(bench.request(bench.person, *KINDS))
    assert record(answer).state == "registered"
    assert record(answer).names == ()
    assert answer.missing["address"][0] == "redacted"


def test_an_address_that_says_protected_is_not_kept(bench: Any) -> None:
    """The post box that Skatteverket gives instead."""
    post = {"utdelningsadress": "Skyddade personuppgifter", "postort": "Sundbyberg"}

    def protect(organisation: dict[str, Any]) -> None:
        organisation["organisationsidentitet"]["identitetsbeteckning"] = bench.person
        organisation["postadressOrganisation"] = {"dataproducent": "SCB", "fel": None, "postadress": post}

    assert changed(bench, protect, bench.person).missing["address"] == ("redacted", "skyddade personuppgifter")


def test_an_empty_address_and_industry_are_not_found(bench: Any) -> None:
    """Looked for and not there."""
    bare = {"number": NUMBER, "name": "Tomt AB"}
    answer = bench.stubbed(ADAPTER, bare).one(bench.request(NUMBER, *KINDS))
    assert {kind: reason for kind, (reason, _) in answer.missing.items()} == {
        "address": "not_found",
        "industry": "not_found",
    }
    assert record(answer).has_any_tax_registration is False


def test_a_failure_of_the_whole_element_is_no_company(bench: Any) -> None:
    """``fel`` on the organisation counts for each field."""
    answer = changed(bench, lambda o: o.update(fel={"typ": "OGILTIG_BEGARAN"}))
    assert answer.facts == ()
    assert {reason for reason, _ in answer.missing.values()} == {"partial"}
    assert record(changed(bench, lambda o: o.update(fel={"typ": "ORGANISATION_FINNS_EJ"}))).state == "not_registered"


def test_an_answer_about_someone_else_is_doubtful(bench: Any) -> None:
    """Never the facts of a stranger."""
    answer = changed(bench, lambda _: None, number=NUMBER)
    assert {reason for reason, _ in answer.missing.values()} == {"doubtful"}


@pytest.mark.parametrize("body", [b'{"organisationer": []}', b'{"organisationer": null}', b"{}", b"[]", b""])
def test_an_answer_without_an_organisation_is_partial(bench: Any, body: bytes) -> None:
    """Nothing is concluded from it."""

    def handler(request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            return httpx.Response(200, json={"access_token": "t"})
        return httpx.Response(200, content=body)

    answer = bench.answering(ADAPTER, handler).one(bench.request(NUMBER, "company_record"))
    assert answer.facts == ()
    assert answer.missing["company_record"][0] == "partial"


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (
            400,
            {"type": "urn:bolagsverket:error:validation", "detail": "Ogiltig 196010113030", "title": "Fel"},
            "rejected_input",
        ),
        (400, {"message": "bad"}, "rejected_input"),
        (404, {"code": "404", "message": "No matching resource"}, "source_down"),
        (302, {}, "source_down"),
    ],
)
def test_other_statuses_have_their_reason(bench: Any, status: int, body: dict[str, str], reason: str) -> None:
    """A path that is not there is not a company that is not there; numbers in error texts are masked."""

    def handler(request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            return httpx.Response(200, json={"access_token": "t"})
        return httpx.Response(status, json=body)

    answer = bench.answering(ADAPTER, handler).one(bench.request(NUMBER, "company_record"))
    assert answer.missing["company_record"][0] == reason
    assert "3030" not in answer.missing["company_record"][1]
    assert b"3030" not in answer.raw


def test_a_wrong_check_digit_is_told_by_the_stub_as_by_bolagsverket(bench: Any) -> None:
    """400 with the sentence seen live."""
    desk = bench.stubbed(ADAPTER)
    request = bench.request(NUMBER, "company_record")
    wrong = type(request.identity)(request.identity.kind, "SE", "5599990009")
    answer = desk.one(type(request)(supplier_id="S-1", identity=wrong, kinds=request.kinds))
    assert answer.missing["company_record"] == ("rejected_input", "Identitetsbeteckning har ogiltig kontrollsiffra.")


def test_one_supplier_that_fails_does_not_stop_the_others(bench: Any) -> None:
    """Many in one go, each with its own answer."""
    others = [COMPANY | {"number": number} for number in ("5599990016", "5599990024")]
    fault = Fault(source="bolagsverket_hvd", kind="error", numbers=("5599990016",))
    desk = bench.stubbed(ADAPTER, COMPANY, *others, faults=[fault])
    answers = desk.ask(*(bench.request(number, "company_record") for number in (NUMBER, "5599990016", "5599990024")))
    assert sorted(len(answer.facts) for answer in answers) == [0, 1, 1]


@pytest.mark.parametrize("kind", ["bad_credentials", "forbidden", "unauthorized"])
def test_wrong_keys_stop_the_source(bench: Any, kind: Any) -> None:
    """Nobody is judged on nothing."""
    desk = bench.stubbed(ADAPTER, COMPANY, faults=[Fault(source="bolagsverket_hvd", kind=kind)])
    with pytest.raises(SourceUnavailable):
        desk.one(bench.request(NUMBER, "company_record"))


def test_a_throttled_call_waits_until_it_may_come_back(bench: Any) -> None:
    """The gateway says when, in WSO2's way."""
    desk = bench.stubbed(
        ADAPTER,
        COMPANY,
        faults=[Fault(source="bolagsverket_hvd", kind="throttled", first=1)],
        stub_options={"bolagsverket_hvd": {"silent_throttle": True}},
    )
    assert record(desk.one(bench.request(NUMBER, "company_record"))).state == "registered"
    assert desk.timebase.monotonic() >= 60


@pytest.mark.parametrize("field", ["avregistreradOrganisation", "pagaendeAvvecklingsEllerOmstruktureringsforfarande"])
def test_a_field_without_its_own_member_is_no_clean_record(bench: Any, field: str) -> None:
    """A third spelling of the list, or of the date, would hide a bankruptcy: partial, and named."""

    def misspelt(organisation: dict[str, Any]) -> None:
        value = organisation[field]
        organisation[field] = {"dataproducent": "Bolagsverket", "fel": None, "lista": list(value.values())}

    reason, detail = changed(bench, misspelt).missing["company_record"]
    assert reason == "partial"
    assert "svaret saknar" in detail


def test_a_field_that_is_null_is_none(bench: Any) -> None:
    """Whole, or inside its wrapper: nothing is going on."""

    def null(organisation: dict[str, Any]) -> None:
        organisation["avregistreradOrganisation"] = None
        organisation["pagaendeAvvecklingsEllerOmstruktureringsforfarande"] = None

    assert record(changed(bench, null)).proceedings == ()


def test_a_reason_to_be_struck_off_without_a_day_is_doubtful(bench: Any) -> None:
    """Such a company is not shown as registered."""

    def because(organisation: dict[str, Any]) -> None:
        organisation["avregistreringsorsak"] = {"kod": "KKAV", "klartext": "Konkurs avslutad", "fel": None}

    assert changed(bench, because).missing["company_record"][0] == "doubtful"


def test_codes_may_stand_by_themselves(bench: Any) -> None:
    """A text where an object with code and words is usual."""

    def bare(organisation: dict[str, Any]) -> None:
        organisation["organisationsidentitet"]["typ"] = "ORGANISATIONSNUMMER"
        organisation["organisationsnamn"]["organisationsnamnLista"][0]["organisationsnamntyp"] = "FORETAGSNAMN"

    assert record(changed(bench, bare)).names[0].kind == "name"
