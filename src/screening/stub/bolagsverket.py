"""What the stub's three services of Bolagsverket share: error bodies, tokens, codes with texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.responses import JSONResponse, Response

from screening.identity import luhn
from screening.stub.app import WRONG, Ask

FORMS: Mapping[str, tuple[str, str]] = {
    "AB": ("Aktiebolag", "49"),
    "BAB": ("Bankaktiebolag", "41"),
    "BRF": ("Bostadsrättsförening", "53"),
    "E": ("Enskild näringsidkare", "10"),
    "EK": ("Ekonomisk förening", "51"),
    "FAB": ("Försäkringsaktiebolag", "42"),
    "FL": ("Utländsk filial", "96"),
    "HB": ("Handelsbolag", "31"),
    "I": ("Ideell förening", "61"),
    "KB": ("Kommanditbolag", "31"),
    "S": ("Stiftelse", "72"),
    "SE": ("Europabolag", "43"),
}
"""Legal form -> (text, SCB's juridisk form)."""
PROCEEDINGS: Mapping[str, str] = {
    "AC": "Ackordsförhandling",
    "DEOL": "Delning, överlåtande",
    "DEOT": "Delning, övertagande",
    "FR": "Företagsrekonstruktion",
    "FUOL": "Fusion, överlåtande",
    "FUOT": "Fusion, övertagande",
    "GROM": "Gränsöverskridande ombildning",
    "KK": "Konkurs",
    "LI": "Likvidation",
    "OM": "Ombildning",
    "RES": "Resolution",
}
REASONS: Mapping[str, str] = {
    "ARSEED": "Årsredovisning saknas",
    "AVREG": "Avregistrerad",
    "FUAV": "Fusion avslutad",
    "KKAV": "Konkurs avslutad",
    "LIAV": "Likvidation avslutad",
    "OVERK": "Overksamhet",
    "VDSAK": "VD saknas",
    "VERKUPP": "Verksamheten har upphört",
}
ROLES: Mapping[str, str] = {
    "BOLM": "Bolagsman",
    "EFT": "Extern firmatecknare",
    "EVD": "Extern verkställande direktör",
    "KPL": "Komplementär",
    "LE": "Ledamot",
    "LIKV": "Likvidator",
    "OF": "Ordförande",
    "PROK": "Prokurist",
    "REV": "Revisor",
    "SU": "Suppleant",
    "VD": "Verkställande direktör",
    "VVD": "Vice verkställande direktör",
}


def code(kod: str | None, texts: Mapping[str, str] | None = None) -> dict[str, str | None]:
    """``{kod, klartext}``."""
    return {"kod": kod, "klartext": None if kod is None else (texts or {}).get(kod, kod)}


def identity(number: str) -> dict[str, Any]:
    """An identity with its kind, as seen in live answers."""
    person = len(number) == 12
    kind = (
        {"kod": "PERSON", "klartext": "Personnummer"} if person else {"kod": "ORGNR", "klartext": "Organisationsnummer"}
    )
    return {"identitetsbeteckning": number, "typ": kind}


async def number_in(ask: Ask) -> str:
    """The number that the body asks about, as it stands; empty when there is none."""
    body = await ask.json()
    return str(body.get("identitetsbeteckning", "")) if isinstance(body, dict) else ""


def wrong_number(ask: Ask, number: str) -> Response | None:
    """400 for what cannot be a number."""
    if not (number.isdigit() and len(number) in (10, 12)):
        return api_error(ask, 400, "Felaktig begäran", f"Identitetsbeteckning måste vara 10 eller 12 siffror: {number}")
    if not luhn(number[-10:]):
        return api_error(ask, 400, "Felaktig begäran", "Identitetsbeteckning har ogiltig kontrollsiffra.")
    return None


def api_error(ask: Ask, status: int, title: str, detail: str, error_code: str = "") -> Response:
    """An ``ApiError``; with ``code`` and ``source`` where v4 gives them."""
    body = _error("urn:bolagsverket:error:validation", "validation.client", status, title=title, detail=detail, ask=ask)
    if error_code:
        body |= {"code": error_code, "source": "identitetsbeteckning"}
    return JSONResponse(body, status)


async def token(ask: Ask) -> Response:
    """OAuth2 client credentials in the form or as HTTP Basic; any but the wrong secret will do."""
    form = dict(parse_qsl((await ask.request.body()).decode(errors="replace")))
    if form.get("grant_type") != "client_credentials":
        return JSONResponse({"error": "unsupported_grant_type"}, 400)
    basic = ask.request.headers.get("authorization", "").startswith("Basic ")
    if not basic and (not form.get("client_id") or form.get("client_secret") in (None, "", WRONG)):
        return JSONResponse(BAD_CREDENTIALS, 401)
    scope = form.get("scope", "default")
    return JSONResponse(
        {"access_token": ask.stub.issue_token(), "scope": scope, "token_type": "Bearer", "expires_in": 3600}
    )


def _error(kind: str, instance: str, status: int, *, title: str, detail: str, ask: Ask | None = None) -> dict[str, Any]:
    reference = ask.request.headers.get("x-request-id") if ask else None
    return {
        "type": kind,
        "instance": instance,
        "status": status,
        "timestamp": None,
        "requestId": reference,
        "title": title,
        "detail": detail,
    }


def _throttled(ask: Ask) -> dict[str, Any]:
    """WSO2's body, which Bolagsverket's gateway is believed to give."""
    return {
        "code": "900804",
        "message": "Message throttled out",
        "description": "You have exceeded your quota. You can access API after the time given.",
        "nextAccessTime": ask.next_access_text,
    }


BAD_CREDENTIALS = {"error": "invalid_client", "error_description": "Client Authentication failed."}
ERRORS: Mapping[str, Any] = {
    "bad_credentials": BAD_CREDENTIALS,
    "down": _error(
        "urn:bolagsverket:error:network",
        "network.error",
        503,
        title="Tjänsten är inte tillgänglig",
        detail="Försök senare.",
    ),
    "error": _error("about:blank", "server.error", 500, title="Internt fel", detail="Ett ohanterat fel har uppstått."),
    "forbidden": {
        "code": "900908",
        "message": "Resource forbidden",
        "description": "API Subscription validation failed.",
    },
    "throttled": _throttled,
    "unauthorized": _error(
        "urn:bolagsverket:error:auth",
        "auth.error",
        401,
        title="Obehörig",
        detail="Anroparen saknar giltiga autentiseringsuppgifter.",
    ),
}
