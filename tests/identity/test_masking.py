from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.identity import mask_json, mask_text
from screening.identity.masking import mask_cell


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("ring 401223-9101 i dag", "ring 401223-**** i dag"),
        ("19401223-9101", "19401223-****"),
        ("194012239101", "19401223****"),
        ("pnr:4012239101.", "pnr:401223****."),
        ("401223+9101", "401223+****"),
        ("1940-12-23-9101", "1940-12-23-****"),
        ("1940 12 23 91 01", "1940 12 23 ****"),
        ("401223\u20119101", "401223\u2011****"),
        ("SE401223910101", "SE401223****01"),
        ("samordningsnummer 401283-9101", "samordningsnummer 401283-****"),
        ("två: 401223-9101, 030314-2392", "två: 401223-****, 030314-****"),
    ],
)
def test_personal_numbers_in_free_text_lose_their_last_four(text: str, masked: str) -> None:
    """Whatever separators stand in them, right check digit or not."""
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "559999-9017", "165599999017", "SE559999901701", "2026-01-01 - 2026-12-31", "2026-11-30", "1 234 567,50 kr", "S-7F3K9Q2M",
        "08-123 456", "212000-0142", "",
    ],
)  # fmt: skip
def test_what_is_no_personal_number_is_left(text: str) -> None:
    """Company numbers, dates, spans of dates and amounts stay readable."""
    assert mask_text(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("303142392", "30314****"),  # the zero of 030314-2392 is lost
        ("401223/9101", "401223/****"),
        ("401223_91O1", "401223_**O*"),
        ("40122391011", "401223*****"),
        ("2001010000", "200101****"),
        ("1940122391011", "19401223*****"),
        ("401323-9101", "401323-****"),  # the month is wrong, but it is a person's class
        ("194013239101", "194013******"),
        ("٤٠١٢٢٣٩١٠١", "**********"),
        ("55999990177", "55999990177"),
        ("2026-11-30", "2026-11-30"),
        ("12345", "12345"),
    ],
)
def test_a_cell_is_masked_as_soon_as_it_may_be_a_persons(text: str, masked: str) -> None:
    """Wrong, too short and too long numbers too."""
    assert mask_cell(text) == masked


@given(st.text())
def test_masking_twice_changes_nothing(text: str) -> None:
    """What was masked stays as it is."""
    assert mask_text(mask_text(text)) == mask_text(text)
    assert len(mask_cell(text)) <= 40


@given(
    st.lists(
        st.sampled_from(["19440101-2382", "Ö", "440101-2382", '"', "\\", "x", "2026-11-30", "5599999991", "\u2013"])
    )
)
def test_json_is_masked_in_its_strings_alone(parts: list[str]) -> None:
    """The same as masking each string, and still JSON; amounts and numbers stand."""
    text = "".join(parts)
    document = {"namn": text, "belopp": 4401012382, "rader": [text, {"a": 194401012382.5}]}
    masked = json.loads(mask_json(json.dumps(document, ensure_ascii=False)))
    hidden = mask_text(text)
    assert masked == {"namn": hidden, "belopp": 4401012382, "rader": [hidden, {"a": 194401012382.5}]}
