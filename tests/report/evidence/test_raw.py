"""Raw answers in a bundle: bytes as stored, or a masked copy, or nothing; never a personal number by default."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest

from screening.report.evidence.raw import RawAnswer, given

PERSON = "194401012382"


def raw(data: bytes | None, *, size: int | None = None, own: str = "", in_clear: bool = False) -> RawAnswer:
    """What the bundle gives of these bytes; ``own`` is the supplier's own number."""
    digest = sha256(data or b"").hexdigest()

    def shows(text: str) -> bool:
        return bool(own) and own in "".join(char for char in text if char.isdigit())

    return given(digest, data, size if data is None else len(data), shows, in_clear=in_clear)


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (b'{"orgnr": "5599999991", "skuld": 100.50}', "json"),
        ("datum;text;belopp\r\n2026-09-12;Inbetalning bokförd;1\r\n".encode("cp1252"), "txt"),
        ("\ufeffdatum;text\r\n".encode(), "txt"),
        ("räkning".encode("utf-16"), "txt"),
        (b"<html><script>alert(1)</script></html>", "txt"),
        (b"[not json", "txt"),
    ],
)
def test_an_answer_without_a_personal_number_is_given_byte_for_byte(data: bytes, ending: str) -> None:
    """Under an ending that no program takes for more than text."""
    found = raw(data)
    assert (found.state, found.content, found.ending, found.size) == ("as_stored", data, ending, len(data))


@pytest.mark.parametrize("number", [PERSON, "19440101-2382", "440101-2382", "440101+2382", "SE440101238201"])
def test_a_personal_number_is_masked_in_a_copy(number: str) -> None:
    """The rest stands as it was, in the encoding that it had."""
    data = f'{{"nr": "{number}", "namn": "Åsa"}}'.encode("cp1252")
    found = raw(data)
    assert found.state == "masked"
    assert b"2382" not in found.content
    assert "Åsa".encode("cp1252") in found.content
    assert found.sha256 == sha256(data).hexdigest()


def test_a_number_that_json_writes_with_escapes_or_as_a_number_is_masked() -> None:
    """A hyphen of another kind is still a hyphen."""
    data = json.dumps({"nr": "19440101\u20112382", "list": [194401012382, True, None], "a": {"b": 1}}).encode()
    assert b"\\u2011" in data
    found = raw(data)
    assert found.state == "masked"
    assert b"2382" not in found.content
    assert json.loads(found.content)["a"] == {"b": 1}


def test_what_is_not_text_is_left_out() -> None:
    """It cannot be masked."""
    found = raw(b"%PDF-1.7\x00\x01")
    assert (found.state, found.content, found.size) == ("withheld", b"", 10)
    assert raw(b"\xff\xfe\x00").state == "withheld"


def test_a_split_number_of_the_supplier_itself_is_left_out() -> None:
    """Where no pattern can find it, its digits do."""
    data: Any = b'{"fodd": "19440101", "kontroll": "2382"}'
    assert raw(data).state == "as_stored"
    assert raw(data, own=PERSON).state == "withheld"


def test_on_request_the_bytes_are_given_whatever_they_hold() -> None:
    """For the authority's own file; the caller logs it."""
    for data in (b'{"nr": "19440101-2382"}', b"%PDF\x00"):
        found = raw(data, own=PERSON, in_clear=True)
        assert (found.state, found.content) == ("as_stored", data)


def test_what_is_gone_or_never_was_is_told_apart() -> None:
    """Purged: the size is known. A file of the buyer's own: only its hash."""
    assert (raw(None, size=17).state, raw(None, size=17).size) == ("purged", 17)
    assert raw(None).state == "not_stored"
