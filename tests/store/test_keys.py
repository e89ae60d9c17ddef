from datetime import UTC, datetime

import pytest

from screening.identity import Identity, Kind, read
from screening.store import Store
from screening.store.keys import base32

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
WRONG, RIGHT, THIRD = "559999-9900", "559999-9918", "559999-9926"


def orgnr(written: str) -> Identity:
    identity = read(written).identity
    assert identity is not None
    return identity


def test_a_supplier_keeps_its_id_over_spellings_of_the_name(store: Store) -> None:
    """The number decides; the name may change."""
    assert store.supplier_id("organisation", orgnr(WRONG), "Alfa AB") == store.supplier_id(
        "organisation", orgnr(WRONG), "Beta AB"
    )


def test_the_prefix_tells_organisations_persons_and_unidentified(store: Store) -> None:
    """S-, P- and U-; a person's is longer."""
    person = Identity(Kind.PERSONNUMMER, "SE", "194012239101")
    foreign = Identity(Kind.FOREIGN, "NO", "923609016")
    ids = store.supplier_ids(
        [
            ("organisation", orgnr(WRONG), "A"),
            ("person", person, "B"),
            ("foreign", foreign, "C"),
            ("unidentified", None, "D"),
        ]
    )
    assert [(item[:2], len(item)) for item in ids] == [("S-", 10), ("P-", 14), ("S-", 10), ("U-", 10)]
    assert "194012239101" not in "".join(ids)


def test_unidentified_suppliers_are_known_by_name(store: Store) -> None:
    """Spelling and legal form aside."""
    first = store.supplier_id("unidentified", None, "Alfa Bygg AB")
    assert store.supplier_id("unidentified", None, "ALFA BYGG AB") == first
    assert store.supplier_id("unidentified", None, "Gamma AB") != first


def test_many_ids_come_in_the_order_asked_and_twice_the_same(store: Store) -> None:
    """Also when one is asked for twice in one call."""
    wanted = [
        ("organisation", orgnr(WRONG), "A"),
        ("organisation", orgnr(RIGHT), "B"),
        ("organisation", orgnr(WRONG), "A"),
    ]
    first = store.supplier_ids(wanted)  # type: ignore[arg-type]
    assert first[0] == first[2] != first[1]
    assert store.supplier_ids(wanted) == first  # type: ignore[arg-type]


def test_a_supplier_met_by_number_alone_gets_its_name_later(store: Store) -> None:
    """A register question knows no name."""
    supplier_id = store.supplier_id("organisation", orgnr(WRONG), "")
    store.supplier_id("organisation", orgnr(WRONG), "Alfa AB")
    known = store.supplier(supplier_id)
    assert known is not None
    assert (known.name, known.identity) == ("Alfa AB", orgnr(WRONG))
    assert store.find_supplier(orgnr(WRONG)) == supplier_id
    assert store.find_supplier(orgnr(RIGHT)) is None
    assert store.supplier("S-00000000") is None


def test_an_id_that_is_taken_is_passed_over(store: Store) -> None:
    """Two suppliers never share an id, even if their hashes do."""
    taken = store._made_id("organisation", orgnr(RIGHT), "", 0)
    with store._write() as connection:
        connection.exec_driver_sql("INSERT INTO suppliers VALUES (?, 'orgnr', 'SE', '5599999926', 'X', 'x')", (taken,))
    assert store.supplier_id("organisation", orgnr(RIGHT), "B") == store._made_id("organisation", orgnr(RIGHT), "", 1)


def test_pseudonyms_are_keyed_and_stable(store: Store, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The same in this store, another in the next."""
    assert store.pseudonym("194012239101") == store.pseudonym("194012239101")
    assert store.pseudonym("194012239101").startswith("K-")
    assert len(store.pseudonym("x")) == 14
    with Store.open("sqlite:///other.db", tmp_path_factory.mktemp("other")) as other:
        assert other.pseudonym("194012239101") != store.pseudonym("194012239101")


def test_a_finding_id_depends_on_rule_supplier_and_scope_key(store: Store) -> None:
    """And reads RULE-8 characters."""
    first = store.finding_id("SKA-01", "S-1", "")
    assert first == store.finding_id("SKA-01", "S-1", "")
    assert first.startswith("SKA-01-")
    assert len(first) == len("SKA-01-7F3K9Q2M")
    others = {
        store.finding_id("SKA-02", "S-1", ""),
        store.finding_id("SKA-01", "S-2", ""),
        store.finding_id("SKA-01", "S-1", "2026Q3"),
    }
    assert len(others | {first}) == 4


def test_base32_has_no_letters_that_look_like_digits() -> None:
    """Five bits a character, from the top."""
    assert base32(bytes([0xFF] * 5), 8) == "ZZZZZZZZ"
    assert base32(bytes(5), 3) == "000"
