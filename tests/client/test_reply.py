"""What came back, read as JSON or refused."""

from __future__ import annotations

from decimal import Decimal

import httpx
import pytest

from screening.client import Reply
from screening.errors import SupplierFailed


def reply(body: bytes, label: str = "") -> Reply:
    return Reply(200, httpx.Headers({"Content-Type": label} if label else {}), body)


def test_amounts_are_decimals() -> None:
    """Money is never a binary fraction on its way in."""
    assert reply(b'{"a": 0.1}').table() == {"a": Decimal("0.1")}


@pytest.mark.parametrize(
    ("body", "what"),
    [(b"", "tomt"), (b"<html>", "en webbsida"), (b'{"a": ', "avhugget"), (b'{"a": "\xff"}', "avhugget")],
)
def test_what_is_not_json_is_partial(body: bytes, what: str) -> None:
    """Empty, a web page, cut off or in another encoding: this supplier has no whole answer."""
    with pytest.raises(SupplierFailed, match=what) as caught:
        reply(body).json()
    assert caught.value.reason == "partial"


def test_a_table_is_an_object() -> None:
    """A list where an object belongs is partial."""
    with pytest.raises(SupplierFailed, match="oväntad form"):
        reply(b"[]").table()


@pytest.mark.parametrize(
    ("body", "label", "own"),
    [
        (b"{}", "application/json; charset=utf-8", True),
        (b"", "application/problem+json", True),
        (b"{}", "text/html", False),
        (b" {}", "", True),
        (b"", "", False),
        (b"<html>", "", False),
    ],
)
def test_an_interface_answers_in_json(body: bytes, label: str, own: bool) -> None:
    """A gateway's page is told from the interface's own answer by label, or by content where there is none."""
    assert reply(body, label).is_json is own
