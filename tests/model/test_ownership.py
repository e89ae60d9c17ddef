"""Chains of ownership end, whoever owns whom."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from screening.model import OwnershipChain, Shareholder
from screening.model.ownership import MAX_CHAINS, MAX_DEPTH, chain_text, chains


def company(number: str, share: str | None, country: str = "SE") -> Shareholder:
    part = Decimal(share) if share else None
    return Shareholder(f"K-{number}", f"Bolag {number}", country, part, part, holder="organisation", number=number)


def person(name: str, share: str) -> Shareholder:
    return Shareholder(f"K-{name}", name, "SE", Decimal(share), Decimal(share), holder="person")


def test_a_chain_goes_up_to_persons_and_to_companies_whose_owners_are_not_known() -> None:
    """The largest share first; the part of the supplier is the shares multiplied."""
    known = {
        "1": (person("Alva Ek", "0.25"), company("2", "0.6"), company("9", None)),
        "2": (person("Bo Lind", "0.5"),),
    }
    found = chains("1", known)
    assert [(item.names, item.end, item.share) for item in found] == [
        (("Bolag 2", "Bo Lind"), "person", Decimal("0.30")),
        (("Alva Ek",), "person", Decimal("0.25")),
        (("Bolag 9",), "unknown", None),
    ]
    assert chains("7", known) == ()


def test_a_circle_is_told_where_it_closes() -> None:
    """Two companies that own each other, and one that owns itself."""
    known = {"1": (company("2", "1"),), "2": (company("1", "1"),), "3": (company("3", "0.1"),)}
    (found,) = chains("1", known)
    assert (found.names, found.end) == (("Bolag 2", "Bolag 1"), "circular")
    assert chain_text(found) == "Bolag 2 (100\u00a0%) ← Bolag 1 (100\u00a0%) ↺"
    assert [item.end for item in chains("3", known)] == ["circular"]


def test_a_long_chain_ends() -> None:
    """Twenty companies above each other are told to the depth that anyone reads."""
    known = {str(place): (company(str(place + 1), "0.905"),) for place in range(20)}
    (found,) = chains("0", known)
    assert (len(found.names), found.end) == (MAX_DEPTH, "depth")
    assert chain_text(found).endswith("(90,5\u00a0%) …")


def test_a_protected_owner_is_not_named() -> None:
    """Nor does a share that is not known hide the owner."""
    hidden = Shareholder("K", "Hemlig", anonymous=True, holder="person")
    assert [chain_text(item) for item in chains("1", {"1": (hidden,)})] == ["*"]
    assert OwnershipChain((), (), "unknown").share == 1


@given(
    st.dictionaries(
        st.integers(0, 9).map(str),
        st.lists(st.integers(0, 12).map(str), max_size=6, unique=True).map(
            lambda rows: tuple(company(number, "0.2") for number in rows)
        ),
    )
)
def test_every_net_of_owners_ends(known: dict[str, tuple[Shareholder, ...]]) -> None:
    """However the companies own each other: no way is longer than the limit, meets a company twice, or is one of too many."""
    found = chains("0", known)
    assert len(found) <= MAX_CHAINS
    for item in found:
        assert len(item.names) <= MAX_DEPTH
        middle = item.names[:-1]
        assert len(set(middle)) == len(middle)
        assert "Bolag 0" not in middle
        assert item.end in ("unknown", "circular", "depth")
        assert item.share == Decimal("0.2") ** len(item.names)
