"""Who a spelling is: by number, by what a person accepted, by the buyer's own number, else by name alone."""

from __future__ import annotations

from datetime import date

from screening.identity import Identity, read
from screening.names import normalise
from screening.stages.intake.mentions import Mentions, resolve

TODAY = date(2026, 11, 30)
TOWN = "5599999991"


def number(written: str) -> Identity:
    """A valid number."""
    found = read(written).identity
    assert found is not None
    return found


def made(*written: tuple[str, str, str]) -> Mentions:
    """Mentions, one row each."""
    mentions = Mentions()
    for place, (name, digits, own) in enumerate(written, 1):
        mentions.add(name, digits, own, "", ("a.csv", "", place))
    return mentions


def test_the_buyers_own_number_joins_when_one_file_gives_the_number() -> None:
    """Without a doubt when nothing was written; with one when the number there is wrong."""
    resolved = resolve(made(("Bygg AB", TOWN, "7"), ("Bygg", "", "7"), ("Bygg", "5599999992", "7")), {}, TODAY)
    assert resolved.party_of == [0, 0, 0]
    (doubt,) = resolved.doubts
    assert (doubt.mention, doubt.by_number) == (2, "7")


def test_a_supplier_number_that_stands_for_two_joins_nothing() -> None:
    """And is told."""
    resolved = resolve(made(("A", TOWN, "7"), ("B", "5599999983", "7"), ("C", "", "7")), {}, TODAY)
    assert resolved.conflicting == ("7",)
    assert len(resolved.parties) == 3


def test_names_alone_join_only_suppliers_without_numbers() -> None:
    """Never a name with a number."""
    resolved = resolve(made(("Bygg AB", TOWN, ""), ("Bygg AB", "", ""), ("BYGG Aktiebolag", "", "")), {}, TODAY)
    assert resolved.party_of == [0, 1, 1]
    assert resolved.parties[1].kind == "unidentified"
    assert resolved.by_name[normalise("Bygg AB")] == [0]


def test_an_accepted_number_wins_over_what_is_written() -> None:
    """Also over a number that is valid but another's, and over none at all."""
    accepted = {(normalise("Bygg AB"), "5599999983"): number(TOWN), (normalise("Rör AB"), ""): number("5599999975")}
    resolved = resolve(made(("Bygg AB", "5599999983", ""), ("Rör AB", "", "")), accepted, TODAY)
    assert [party.identity for party in resolved.parties] == [number(TOWN), number("5599999975")]
    assert all(party.accepted for party in resolved.parties)
    assert not resolved.doubts


def test_kinds_and_countries_follow_the_number() -> None:
    """Persons, foreign firms, organisations, and those with nothing but a supplier number."""
    mentions = made(
        ("Snickare Spån", "194012239101", ""), ("Nordic AS", "NO 923609016", ""), ("", "", "12"), ("", "123", "")
    )
    parties = resolve(mentions, {}, TODAY).parties
    assert [party.kind for party in parties] == ["person", "foreign", "unidentified", "unidentified"]
    assert [party.country for party in parties] == ["SE", "NO", "", ""]
    assert parties[2].spellings == ("Leverantörsnr 12",)
    assert parties[3].spellings == ("Nummer 123",)


def test_places_are_bounded() -> None:
    """Forty a sheet, or the first alone."""
    mentions = Mentions()
    for row in range(100):
        found = mentions.add("A", "", "", "", ("a.csv", "", row))
        mentions.seen(found, ("b.csv", "", row), 1, first_only=True)
    assert len(mentions.places[0]["a.csv", ""]) == 40
    assert mentions.places[0]["b.csv", ""] == (0,)
    assert mentions.rows == [200]
    assert len(mentions) == 1
