from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.names import is_hidden, normalise
from screening.names.parts import parts
from screening.names.words import GENERIC, NUMBER, OWN, PERSON, PLACE, VAGUE, weight


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Svalört Bygg AB", "svalort bygg"), ("SVALOERT BYGG Aktiebolag (publ)", "svalort bygg"), ("Svalört  Bygg\u00a0AB i likvidation", "svalort bygg"),
        ("Svalo\u0308rt & Bygg A.B.", "svalort bygg"), ("Ekhagen ekonomisk förening", "ekhagen"), ("Ideella föreningen Ekhagen", "ekhagen"),
        ("Nordfjell AS", "nordfjell"), ("AS Nordfjell", "as nordfjell"), ("Krakowia Sp. z o.o.", "krakowia"), ("Smøgen Æbler ApS", "smogen abler"),
        ("Grenverket AB c/o Någon Annan", "grenverket"), ("(Tussilago)", "tussilago"), ("c/o Grenverket", "grenverket"), ("AB", "ab"), ("", ""), ("...", ""),
        ("Hjortbergs Rör AB, dess konkursbo", "hjortbergs ror"), ("och i", "och i"),
    ],
)  # fmt: skip
def test_a_key_is_the_same_for_every_spelling(name: str, key: str) -> None:
    """Legal form, status, case, spaces and å/ä/ö aside."""
    assert normalise(name) == key


@given(st.text(max_size=60))
def test_a_key_of_a_key_is_the_key(name: str) -> None:
    """At most one more legal form can come to light; after that it is stable. It never raises."""
    key = normalise(normalise(name))
    assert normalise(key) == key or len(normalise(key)) < len(key)


def test_other_names_are_kept_beside_the_first() -> None:
    """In brackets, after bifirma, c/o, formerly or a slash."""
    found = parts("Backåkra Vård AB (bifirma Tussilago) c/o Oxtorget / Grenverket")
    assert found.main.words == ("backakra", "vard")
    assert [other.joined for other in found.others] == ["oxtorget", "grenverket", "tussilago"]


def test_legal_forms_are_told_apart() -> None:
    """AB and its long form are one; HB is another."""
    assert parts("Kvarnsjö Aktiebolag").main.forms == parts("AB Kvarnsjö").main.forms == {"ab"}
    assert parts("Kvarnsjö HB").main.forms == {"hb"}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("svalort", OWN), ("svensson", PERSON), ("svenssons", PERSON), ("malmo", PLACE), ("bygg", GENERIC), ("sverige", VAGUE), ("12", NUMBER),
        ("2b", NUMBER), ("takmaleri", GENERIC + 0.15),
    ],
)  # fmt: skip
def test_words_weigh_by_how_much_they_say(word: str, expected: float) -> None:
    """A word of its own most, a compound of two common words little."""
    assert weight(word) == expected


@pytest.mark.parametrize(
    "name",
    [
        "[Kan innehålla personuppgifter]", "*****", "xxxx", "***** *****", "Maskerad", "Skyddad identitet", "Privatperson",
        "Fysisk person", "(sekretess)", "Sekretessbelagd uppgift", "PERSONUPPGIFT", "*",
    ],
)  # fmt: skip
def test_a_mask_is_no_name(name: str) -> None:
    """Whatever publishers write where a private person stood."""
    assert is_hidden(name)


@pytest.mark.parametrize(
    "name", ["Maskerad AB", "Skydda Tak AB", "Sekretess Arkiv AB", "GDPR-konsulten HB", "X AB", "Dold", "A*B AB", ""]
)
def test_a_company_named_like_a_mask_is_one(name: str) -> None:
    """The whole cell must be the mask."""
    assert is_hidden(name) is (name == "Dold")
