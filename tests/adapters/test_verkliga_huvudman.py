from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

import httpx
import pytest

from screening.adapters.source import Answer
from screening.adapters.verkliga_huvudman import ADAPTER
from screening.errors import ConfigError
from screening.model import BeneficialOwners, to_payload
from screening.stub.world import Fault

NUMBER = "5599990008"
SIV = "196010113030"  # published test number
WHY = {"purpose": "Kontroll av leverantör", "legal_basis": "LOU 13 kap."}


def key(text: str) -> str:
    return "K-" + sha256(text.encode()).hexdigest()[:12]


def answered(bench: Any, document: Any, status: int = 200, **desk: Any) -> Answer:
    """The answer to one question that the register answers with ``document``."""

    def handler(request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})
        return httpx.Response(status, json=document)

    answer: Answer = bench.answering(ADAPTER, handler, options=WHY, **desk).one(
        bench.request(NUMBER, "beneficial_owners")
    )
    return answer


def owners(answer: Answer) -> BeneficialOwners:
    (fact,) = answer.facts
    assert isinstance(fact, BeneficialOwners)
    return fact


def sample(bench: Any) -> Any:
    return json.loads((bench.samples / "verkliga_huvudman.json").read_bytes())


def test_owners_with_share_country_and_date(bench: Any) -> None:
    """One with a number, one from abroad, one who is anonymous."""
    fact = owners(answered(bench, sample(bench)))
    assert (fact.state, fact.none_reason, fact.registered_on) == ("registered", None, date(2024, 2, 1))
    anonymous, abroad, swedish = fact.owners
    assert (swedish.name, swedish.person_key, swedish.country) == ("Siv Maria Ekdal", key(SIV), "SE")
    assert (swedish.share_from, swedish.share_to, swedish.since_on) == (
        Decimal("0.5"),
        Decimal("0.75"),
        date(2024, 2, 1),
    )
    assert (abroad.name, abroad.person_key, abroad.country) == ("Ola Nordmann", key("ola nordmann|1970-05-17"), "NO")
    assert (abroad.share_from, abroad.share_to) == (Decimal("0.255"), Decimal(1))
    born = {swedish.person_key: key(f"born|{SIV[2:8]}"), abroad.person_key: key("born|700517")}
    assert dict(fact.births) == born
    assert (anonymous.name, anonymous.anonymous, anonymous.share_from, anonymous.country) == (
        "Anonym",
        True,
        None,
        None,
    )


def test_no_personal_number_leaves_the_adapter(bench: Any) -> None:
    """Also not those of representatives, who are no owners."""
    answer = answered(bench, sample(bench))
    told = answer.raw + to_payload(answer.facts[0])
    assert SIV.encode() not in told
    assert b"196107293059" not in told


def test_purpose_and_legal_basis_go_with_the_question_and_stay_with_the_answer(bench: Any) -> None:
    """As headers, in the body or, where the service wants neither, only here."""
    company = {"number": NUMBER, "name": "Granlida AB", "owners": {"state": "exempt"}}
    desk = bench.stubbed(ADAPTER, company, options=WHY)
    answer = desk.one(bench.request(NUMBER, "beneficial_owners"))
    assert desk.sent[1].headers["x-andamal"] == "Kontroll%20av%20leverant%C3%B6r"
    assert answer.facts[0].provenance.request_ref.endswith("; Kontroll av leverantör; LOU 13 kap.")
    desk = bench.stubbed(ADAPTER, company, options={**WHY, "send_purpose": "body"})
    assert owners(desk.one(bench.request(NUMBER, "beneficial_owners"))).state == "exempt"
    assert json.loads(desk.sent[1].content)["rattsligGrund"] == "LOU 13 kap."
    desk = bench.stubbed(ADAPTER, company, options={**WHY, "send_purpose": "no"})
    answer = desk.one(bench.request(NUMBER, "beneficial_owners"))
    assert answer.missing["beneficial_owners"] == ("rejected_input", "Ändamål saknas.")


def test_a_connector_without_a_purpose_is_refused(bench: Any) -> None:
    """When it is loaded, and again when it is opened."""
    with pytest.raises(ConfigError, match=r"vh\.toml: options\.purpose: missing"):
        ADAPTER.check_options("vh.toml", {})
    with pytest.raises(ConfigError, match="legal_basis"):
        bench.stubbed(ADAPTER, options={"purpose": "x"}).one(bench.request(NUMBER, "beneficial_owners"))


@pytest.mark.parametrize("state", ["none_registered", "none_exists", "unknown_filed", "exempt"])
def test_none_listed_has_its_state_and_reason(bench: Any, state: str) -> None:
    """As the stub words them."""
    company = {"number": NUMBER, "name": "Granlida AB", "owners": {"state": state, "none_reason": "Spritt ägande"}}
    fact = owners(bench.stubbed(ADAPTER, company, options=WHY).one(bench.request(NUMBER, "beneficial_owners")))
    assert (fact.state, fact.owners, fact.none_reason) == (state, (), "Spritt ägande")


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("Undantagen från registrering", "exempt"),
        ("Inga registrerade verkliga huvudmän", "none_registered"),
        ("Inte anmäld", "none_registered"),
        ("Verklig huvudman saknas", "none_exists"),
        ("Verklig huvudman okänd", "unknown_filed"),
    ],
)
def test_the_words_of_a_status_are_read(bench: Any, words: str, state: str) -> None:
    """Their codes are not known."""
    document = {"organisation": {"status": {"kod": None, "klartext": words}}, "verkligHuvudman": []}
    fact = owners(answered(bench, document))
    assert (fact.state, fact.none_reason) == (state, words)


@pytest.mark.parametrize("status", [None, {"klartext": "Registrerad"}, {"kod": "X7"}])
def test_no_owners_and_no_reason_is_no_answer(bench: Any, status: Any) -> None:
    """Not "none registered", and not clean."""
    answer = answered(bench, {"organisation": {"statusForVerkligHuvudman": status}}, price_sek=Decimal(1))
    assert answer.facts == ()
    assert answer.missing["beneficial_owners"][0] == "partial"
    assert answer.billable_calls == 1


def test_owners_that_a_registered_company_should_have_are_missed(bench: Any) -> None:
    """The stub leaves them out when it is told to."""
    company = {"number": NUMBER, "name": "Granlida AB", "owners": {"rows": [{"name": "Ola Nordmann", "country": "NO"}]}}
    fault = Fault(source="verkliga_huvudman", kind="partial")
    desk = bench.stubbed(ADAPTER, company, faults=[fault], options=WHY)
    assert desk.one(bench.request(NUMBER, "beneficial_owners")).missing["beneficial_owners"][0] == "partial"


def test_the_stub_lists_the_owners_of_its_world(bench: Any) -> None:
    """Shares come back as they were, also with decimals."""
    rows = [
        {"person": "siv", "share_from": Decimal("0.25"), "share_to": Decimal("0.5"), "since_on": date(2024, 2, 1)},
        {"name": "Ola Nordmann", "country": "NO", "share_from": Decimal("0.333")},
        {"name": "Kari", "country": "DK"},
        {"anonymous": True},
    ]
    company = {"number": NUMBER, "name": "Granlida AB", "owners": {"rows": rows, "registered_on": date(2024, 2, 1)}}
    people = [{"id": "siv", "number": SIV, "first_name": "Siv", "last_name": "Ekdal"}]
    desk = bench.stubbed(ADAPTER, company, people=people, options=WHY)
    fact = owners(desk.one(bench.request(NUMBER, "beneficial_owners")))
    assert [(o.name, o.country, o.share_from, o.share_to) for o in fact.owners] == [
        ("Anonym", None, None, None),
        ("Kari", "DK", None, None),
        ("Ola Nordmann", "NO", Decimal("0.333"), Decimal(1)),
        ("Siv Ekdal", "SE", Decimal("0.25"), Decimal("0.5")),
    ]
    assert fact.owners[-1].person_key == key(SIV)


def test_an_array_or_a_wrapper_is_read_like_an_object(bench: Any) -> None:
    """What the service gives is not verified."""
    document = sample(bench)
    for shape in ([document], {"organisationer": [document]}):
        assert len(owners(answered(bench, shape)).owners) == 3


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ([], "partial"),
        ([{}, {}], "partial"),
        ({"organisation": {"identitetsbeteckning": "5599990016"}}, "doubtful"),
        (5, "partial"),
    ],
)
def test_what_is_not_one_organisation_of_ours_is_not_used(bench: Any, document: Any, reason: str) -> None:
    """Two, none, or another."""
    assert answered(bench, document).missing["beneficial_owners"][0] == reason


def test_a_share_may_be_one_number_or_none(bench: Any) -> None:
    """Words without figures say no share."""
    rows = [
        {"personnamn": {"fornamn": "A"}, "omfattningAvKontroll": {"klartext": "100 %"}},
        {
            "personnamn": {"fornamn": "B"},
            "omfattningAvKontroll": {"kod": "ANNAT"},
            "bosattningsland": {"kod": "Sverige"},
        },
    ]
    one, other = owners(answered(bench, {"verkligHuvudman": rows})).owners
    assert (one.share_from, one.share_to) == (Decimal(1), Decimal(1))
    assert (other.share_from, other.country) == (None, None)


def test_an_unknown_organisation_is_not_found(bench: Any) -> None:
    """404 with an ``ApiError``."""
    desk = bench.stubbed(ADAPTER, options=WHY)
    assert desk.one(bench.request(NUMBER, "beneficial_owners")).missing["beneficial_owners"][0] == "not_found"
