"""OAuth2 client credentials, as Bolagsverket and Skatteverket have them."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable

from screening.adapters.source import Session
from screening.client import Token
from screening.errors import SourceUnavailable, SupplierFailed

_USUAL_LIFE_S = 3600


def client_credentials(session: Session, *, scope: str = "") -> Callable[[], Awaitable[Token]]:
    """What ``Client.authenticate`` calls for a token.

    The connector's option ``token_credentials`` says where id and secret go: ``body`` (default) or ``basic``.

    Args:
        session: whose token address (default: ``/oauth2/token`` under the address) and secrets ``client_id`` and
            ``client_secret``.
        scope: sent unless empty.
    """
    address = session.token_address or f"{session.address}/oauth2/token"
    identifier, secret = session.secrets.get("client_id", ""), session.secrets.get("client_secret", "")

    async def fetch() -> Token:
        form = {"grant_type": "client_credentials", **({"scope": scope} if scope else {})}
        headers = {}
        if session.options.get("token_credentials", "body") == "basic":
            pair = base64.b64encode(f"{identifier}:{secret}".encode()).decode()
            headers["Authorization"] = f"Basic {pair}"
        else:
            form |= {"client_id": identifier, "client_secret": secret}
        reply = await session.client.post(address, data=form, headers=headers, repeatable=True, auth=False)
        try:
            answer = reply.table() if reply.status == 200 else {}
            return Token(str(answer["access_token"]), float(answer.get("expires_in") or _USUAL_LIFE_S))
        except (SupplierFailed, KeyError, ValueError):
            message = (
                f"{session.connector}: inloggningen svarade {reply.status} utan token; "
                "kontrollera token_address och nycklarna (testnycklar gäller inte i produktion)"
            )
            raise SourceUnavailable(message) from None

    return fetch
