from __future__ import annotations

import copy
import json
import pickle
from dataclasses import asdict, dataclass
from pprint import pformat

import pytest

from screening.identity import Identity, Kind, from_stored, luhn

PERSON = Identity(Kind.PERSONNUMMER, "SE", "194012239101")
COMPANY = Identity(Kind.ORGNR, "SE", "5599999017")
ABROAD = Identity(Kind.FOREIGN, "NO", "923609016")


@dataclass(frozen=True)
class Holder:
    identity: Identity


@pytest.mark.parametrize(
    "text",
    [
        str(PERSON), repr(PERSON), f"{PERSON}", f"{PERSON:>20}", " ".join(map(repr, [PERSON])), f"{PERSON!r}", format(PERSON), PERSON.compact,
        PERSON.display, repr(Holder(PERSON)), repr(asdict(Holder(PERSON))), pformat([PERSON]), str({PERSON: 1}),
    ],
)  # fmt: skip
def test_every_text_of_a_person_is_masked(text: str) -> None:
    """Also inside containers, dataclasses and their dictionaries."""
    assert "9101" not in text
    assert "19401223-****" in text


def test_only_reveal_gives_the_digits_of_a_person() -> None:
    """Twelve of them, either way."""
    assert PERSON.reveal() == PERSON.reveal_twelve() == "194012239101"


def test_an_organisation_is_shown_in_full() -> None:
    """It is no personal data."""
    assert (COMPANY.compact, COMPANY.display, str(COMPANY)) == ("5599999017", "559999-9017", "559999-9017")
    assert (COMPANY.reveal(), COMPANY.reveal_twelve()) == ("5599999017", "165599999017")
    assert not COMPANY.is_person


def test_a_foreign_number_carries_its_country() -> None:
    """Two countries may use the same digits."""
    assert (ABROAD.compact, ABROAD.display, ABROAD.reveal_twelve()) == ("NO923609016", "NO 923609016", "923609016")
    assert Identity(Kind.FOREIGN, "DK", "923609016") != ABROAD


def test_copies_and_pickles_are_equal() -> None:
    """What multiprocessing and caches do."""
    assert copy.deepcopy(PERSON) == copy.copy(PERSON) == pickle.loads(pickle.dumps(PERSON)) == PERSON
    assert len({PERSON, copy.deepcopy(PERSON)}) == 1
    assert PERSON != "19401223-****"


def test_an_identity_cannot_be_changed() -> None:
    """Neither set nor deleted, and it has no room for more."""
    for name in ("country", "_digits", "new"):
        with pytest.raises(AttributeError, match="cannot be changed"):
            setattr(COMPANY, name, "NO")
        with pytest.raises(AttributeError, match="cannot be changed"):
            delattr(COMPANY, name)
    assert not hasattr(COMPANY, "__dict__")


def test_json_refuses_it_rather_than_leak() -> None:
    """An output must say which form it wants."""
    with pytest.raises(TypeError):
        json.dumps({"identity": PERSON})


def test_the_store_gets_back_what_it_stored() -> None:
    """Kind, country and digits make the same identity."""
    for identity in (PERSON, COMPANY, ABROAD):
        assert from_stored(identity.kind.value, identity.country, identity.reveal()) == identity
    with pytest.raises(ValueError, match="pass"):
        from_stored("pass", "SE", "1")


@pytest.mark.parametrize(
    ("digits", "right"), [("5599999017", True), ("5599999018", False), ("2120000142", True), ("0", True)]
)
def test_luhn(digits: str, right: bool) -> None:
    """Modulus ten, the check digit last."""
    assert luhn(digits) is right
