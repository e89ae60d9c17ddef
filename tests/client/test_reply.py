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
        (b"{}", "text/plain; charset=utf-8", True),
        (b"404 page not found", "text/plain", False),
        (b" {}", "", True),
        (b"", "", False),
        (b"<html>", "", False),
    ],
)
def test_an_interface_answers_in_json(body: bytes, label: str, own: bool) -> None:
    """A gateway's page is told from the interface's own answer by label, or by content where there is none."""
    assert reply(body, label).is_json is own


@pytest.mark.parametrize(
    ("body", "label"),
    [
        ('{"a": "Åsö"}'.encode(), "application/json"),
        ('\ufeff{"a": "Åsö"}'.encode(), "application/json; charset=UTF-8"),
        ('{"a": "Åsö"}'.encode("latin-1"), 'application/json; charset="ISO-8859-1"'),
        ('{"a": "Åsö"}'.encode("utf-16"), "application/json"),
        ('{"a": "Åsö"}'.encode("utf-16-le"), "application/json; charset=utf-16le"),
    ],
)
def test_a_text_is_utf_8_whatever_it_came_in(body: bytes, label: str) -> None:
    """By its mark of order or its label; so what is kept can be searched for personal numbers."""
    got = Reply.received(200, httpx.Headers({"Content-Type": label}), body)
    assert got.body.decode() == '{"a": "Åsö"}'
    assert got.json() == {"a": "Åsö"}


@pytest.mark.parametrize("label", ["application/json; charset=klingon", "application/json; charset=utf-16", "charset="])
def test_a_label_that_does_not_fit_changes_nothing(label: str) -> None:
    """The bytes are read as they are."""
    assert Reply.received(200, httpx.Headers({"Content-Type": label}), b'{"a": 1}x').body == b'{"a": 1}x'


@pytest.mark.parametrize(
    ("body", "page"), [(b" \r\n<html>", True), (b"<?xml?>", True), (b'{"a": "<b>"}', False), (b"", False)]
)
def test_a_page_is_told_by_its_first_sign(body: bytes, page: bool) -> None:
    """No JSON begins like one."""
    assert reply(body).is_page is page
