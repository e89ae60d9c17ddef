"""What the stub of Bolagsverket's services says on the wire; what adapters make of it is tested with them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any

import httpx
import pytest

from screening.stub.app import make_app
from screening.stub.world import Fault, World

NUMBER = "5599990008"
HVD = "/bolagsverket_hvd/vardefulla-datamangder/v1"
V4 = "/bolagsverket_v4/foretagsinformation/v4"
COMPANY = {
    "number": NUMBER,
    "name": "Granlida Omsorg AB",
    "registered_on": date(2016, 3, 1),
    "accounts": {"period_to_on": date(2025, 12, 31), "registered_on": date(2026, 7, 1)},
}


def talk(
    *calls: tuple[str, str, Any], faults: tuple[Fault, ...] = (), company: Mapping[str, Any] = COMPANY
) -> list[httpx.Response]:
    """One after the other: (method, path, JSON or form); a token is had first and sent along."""
    app = make_app(World.model_validate({"company": [company]}), lambda: date(2026, 11, 30), faults=faults)

    async def run() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://stub") as client:
            adapter = calls[0][1].split("/")[1]
            form = {"grant_type": "client_credentials", "client_id": "a", "client_secret": "b"}
            token = (await client.post(f"/{adapter}/oauth2/token", data=form)).json().get("access_token", "")
            headers = {"Authorization": f"Bearer {token}", "X-Request-Id": "r-1"}
            return [await client.request(method, path, json=body, headers=headers) for method, path, body in calls]

    return asyncio.run(run())


def token(**form: str) -> httpx.Response:
    """A token call."""
    app = make_app(World(), lambda: date(2026, 11, 30))

    async def run() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://stub") as client:
            return await client.post("/bolagsverket_hvd/oauth2/token", data=form)

    return asyncio.run(run())


def test_a_token_is_given_for_client_credentials_alone() -> None:
    """With the scope that was asked for; wrong credentials are refused in OAuth2's words."""
    given = token(grant_type="client_credentials", client_id="a", client_secret="b", scope="x").json()
    assert (given["scope"], given["token_type"], given["expires_in"]) == ("x", "Bearer", 3600)
    assert token(grant_type="password").status_code == 400
    for wrong in ({"client_id": "a", "client_secret": "wrong"}, {"client_id": "a"}, {}):
        refused = token(grant_type="client_credentials", **wrong)
        assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


def test_every_field_has_its_producer_and_fel() -> None:
    """All fields of the specification, for a company that everyone knows."""
    (answer,) = talk(("POST", f"{HVD}/organisationer", {"identitetsbeteckning": NUMBER}))
    (organisation,) = answer.json()["organisationer"]
    assert set(organisation) == {
        "organisationsidentitet",
        "namnskyddslopnummer",
        "registreringsland",
        "organisationsnamn",
        "organisationsform",
        "avregistreradOrganisation",
        "avregistreringsorsak",
        "pagaendeAvvecklingsEllerOmstruktureringsforfarande",
        "organisationsdatum",
        "verksamhetsbeskrivning",
        "reklamsparr",
        "juridiskForm",
        "verksamOrganisation",
        "naringsgrenOrganisation",
        "postadressOrganisation",
    }
    produced = {name: field for name, field in organisation.items() if isinstance(field, dict) and "fel" in field}
    assert len(produced) == 12
    assert {field["dataproducent"] for field in produced.values()} == {"Bolagsverket", "SCB"}
    assert {field["fel"] for field in produced.values()} == {None}


def test_one_producer_out_of_order_is_200_with_fel() -> None:
    """SCB's fields are null, Bolagsverket's are not."""
    fault = Fault(source="bolagsverket_hvd", kind="partial")
    (answer,) = talk(("POST", f"{HVD}/organisationer", {"identitetsbeteckning": NUMBER}), faults=(fault,))
    (organisation,) = answer.json()["organisationer"]
    assert organisation["verksamOrganisation"]["fel"]["typ"] == "TIMEOUT"
    assert organisation["organisationsform"]["kod"] == "AB"


def test_signs_of_life_and_lists_of_documents() -> None:
    """The list is empty for who has filed nothing."""
    alive, listed, wrong, empty = talk(
        ("GET", f"{HVD}/isalive", None),
        ("POST", f"{HVD}/dokumentlista", {"identitetsbeteckning": NUMBER}),
        ("POST", f"{HVD}/dokumentlista", {"identitetsbeteckning": "x"}),
        ("POST", f"{HVD}/dokumentlista", {"identitetsbeteckning": "5599990016"}),
    )
    assert alive.text == "OK"
    assert listed.json()["dokument"][0]["rapporteringsperiodTom"] == "2025-12-31"
    assert wrong.status_code == 400
    assert empty.json() == {"dokument": []}


@pytest.mark.parametrize("body", [None, [], {"identitetsbeteckning": "556"}, {"identitetsbeteckning": "5599990009"}])
def test_what_is_no_number_is_an_api_error(body: Any) -> None:
    """With the four members that it must have, and our request id."""
    (answer,) = talk(("POST", f"{HVD}/organisationer", body))
    assert answer.status_code == 400
    assert {"type", "instance", "status", "title"} <= set(answer.json())
    assert answer.json()["requestId"] == "r-1"


def test_v4_is_a_bare_array_and_404_has_a_code() -> None:
    """The request id comes back as a header."""
    question = {
        "identitetsbeteckning": NUMBER,
        "organisationInformationsmangd": ["FINANSIELLA_RAPPORTER", "RAKENSKAPSAR"],
    }
    found, missing, wrong = talk(
        ("POST", f"{V4}/organisationer", question),
        ("POST", f"{V4}/organisationer", {"identitetsbeteckning": "5599990016"}),
        ("POST", f"{V4}/organisationer", {**question, "organisationInformationsmangd": ["ALLT"]}),
    )
    (organisation,) = found.json()
    assert set(organisation) >= {"identitet", "organisationsnamn", "finansiellaRapporter", "rakenskapsar"}
    assert "funktionarer" not in organisation
    assert found.headers["x-request-id"] == "r-1"
    assert (missing.status_code, missing.json()["code"]) == (404, "FM404")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "FM001")


def test_accounts_that_come_later_are_not_there_yet() -> None:
    """And a protected person has no name."""
    later = COMPANY | {
        "accounts": {"period_to_on": date(2025, 12, 31), "registered_on": date(2026, 12, 24)},
        "protected": True,
    }
    question = {
        "identitetsbeteckning": NUMBER,
        "organisationInformationsmangd": ["FINANSIELLA_RAPPORTER", "SAMTLIGA_ORGANISATIONSNAMN"],
    }
    (found,) = talk(("POST", f"{V4}/organisationer", question), company=later)
    assert found.json()[0]["finansiellaRapporter"] == []
    assert found.json()[0]["samtligaOrganisationsnamn"] == []
    (listed,) = talk(("POST", f"{HVD}/dokumentlista", {"identitetsbeteckning": NUMBER}), company=later)
    assert listed.json() == {"dokument": []}


@pytest.mark.parametrize("adapter", ["bolagsverket_hvd", "bolagsverket_v4", "verkliga_huvudman"])
def test_the_gateway_says_when_a_throttled_caller_may_come_back(adapter: str) -> None:
    """WSO2's shape; and its own code for who has no subscription."""
    base = {
        "bolagsverket_hvd": HVD,
        "bolagsverket_v4": V4,
        "verkliga_huvudman": "/verkliga_huvudman/verkliga-huvudman/v1",
    }[adapter]
    call = ("POST", f"{base}/organisationer", {"identitetsbeteckning": NUMBER})
    (throttled,) = talk(call, faults=(Fault(source=adapter, kind="throttled"),))
    assert (throttled.status_code, throttled.json()["nextAccessTime"]) == (429, "2026-Nov-30 08:01:00+0000 UTC")
    (forbidden,) = talk(call, faults=(Fault(source=adapter, kind="forbidden"),))
    assert (forbidden.status_code, forbidden.json()["code"]) == (403, "900908")
