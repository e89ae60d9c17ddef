from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from screening.adapters.bolagsverket_hvd import ADAPTER, SCOPES
from screening.errors import SourceUnavailable


def body(request: httpx.Request) -> dict[str, list[str]]:
    return parse_qs(request.content.decode())


def test_id_and_secret_stand_in_the_form_by_default(bench: Any) -> None:
    """With the documented scopes; the token goes on the question."""
    desk = bench.stubbed(ADAPTER)
    desk.one(bench.request("5599990008", "company_record"))
    token, question = desk.sent
    assert str(token.url) == "http://stub/bolagsverket_hvd/oauth2/token"
    assert body(token) == {
        "grant_type": ["client_credentials"],
        "scope": [SCOPES],
        "client_id": ["stub"],
        "client_secret": ["stub"],
    }
    assert question.headers["authorization"].startswith("Bearer ")


def test_id_and_secret_may_go_as_basic(bench: Any) -> None:
    """And are then not in the form."""
    desk = bench.stubbed(ADAPTER, options={"token_credentials": "basic", "scope": ""})
    desk.one(bench.request("5599990008", "company_record"))
    assert body(desk.sent[0]) == {"grant_type": ["client_credentials"]}
    assert desk.sent[0].headers["authorization"] == "Basic c3R1YjpzdHVi"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(400, json={"error": "invalid_grant"}),
        httpx.Response(200, json={"error": "invalid_grant"}),
        httpx.Response(200, json={"access_token": "x", "expires_in": "soon"}),
    ],
)
def test_a_token_call_without_a_token_stops_the_source(bench: Any, answer: httpx.Response) -> None:
    """And says what to look at, without the secret."""
    desk = bench.answering(ADAPTER, lambda _: answer, address="https://bv.test/v1", secrets={"client_secret": "hemlig"})
    with pytest.raises(SourceUnavailable, match="token_address") as raised:
        desk.one(bench.request("5599990008", "company_record"))
    assert "hemlig" not in str(raised.value)
    assert str(desk.sent[0].url) == "https://bv.test/v1/oauth2/token"


def test_a_page_in_place_of_a_token_is_an_outage(bench: Any) -> None:
    """It may pass: tried again, and the keys are not called wrong."""
    pages = [httpx.Response(200, text="<html></html>"), httpx.Response(200, json={"access_token": "t"})]

    def answer(request: httpx.Request) -> httpx.Response:
        return pages.pop(0) if "token" in request.url.path else httpx.Response(404, json={})

    desk = bench.answering(ADAPTER, answer, address="https://bv.test/v1")
    assert desk.one(bench.request("5599990008", "company_record")).missing["company_record"][0] == "source_down"
    assert not pages
