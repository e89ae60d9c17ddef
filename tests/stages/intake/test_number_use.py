"""Unlike names of one number, with the supplier numbers and rows that they stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.model import NameUse, NumberUse

if TYPE_CHECKING:
    from tests.stages.intake.conftest import Desk

HEADER = "Leverantör;Organisationsnummer;Leverantörsnr;Avtalsnr;Avtalsstart;Avtalsslut"


def contract(name: str, own: str, number: str, orgnr: str = "559999-9991") -> str:
    """One row."""
    return f"{name};{orgnr};{own};{number};2026-01-01;2027-12-31"


def use(desk: Desk) -> NumberUse | None:
    """What was noted of the only supplier."""
    found = desk.store.current(desk.supplier().id, "number_use")
    assert found is None or isinstance(found, NumberUse)
    return found


def test_two_unlike_names_are_noted_with_their_own_numbers(desk: Desk) -> None:
    """What stands in most rows first; every supplier number that a name has stood with."""
    desk.lay(
        "avtal.csv",
        HEADER,
        contract("Tallmora Åkeri AB", "1001", "A-1"),
        contract("Granliden Omsorg AB", "2044", "A-2"),
        contract("Tallmora Åkeri AB", "1001", "A-3"),
        contract("Tallmora Åkeri AB", "1003", "A-4"),
        contract("*****", "", "A-5"),
    )
    desk.read()
    found = use(desk)
    assert found is not None
    assert found.uses == (
        NameUse("Tallmora Åkeri AB", ("1001", "1003"), 3),
        NameUse("Granliden Omsorg AB", ("2044",), 1),
    )
    assert found.provenance.as_of == desk.run.as_of  # type: ignore[union-attr]


def test_spellings_of_one_name_are_not(desk: Desk) -> None:
    """Legal form, capitals and an abbreviation make no second supplier."""
    desk.lay(
        "avtal.csv",
        HEADER,
        contract("Tallmora Åkeri AB", "1001", "A-1"),
        contract("TALLMORA AAKERI AKTIEBOLAG", "1002", "A-2"),
        contract("Tallmora Åkeri och Frakt AB", "1002", "A-3"),
    )
    desk.read()
    assert use(desk) is None


def test_a_persons_trading_names_are_not_kept(desk: Desk) -> None:
    """A sole trader may call the business anything."""
    desk.lay(
        "avtal.csv",
        HEADER,
        contract("Lövnäs Keramik", "1001", "A-1", "19401223-9101"),
        contract("Granliden Foto", "1002", "A-2", "19401223-9101"),
    )
    desk.read()
    assert use(desk) is None


def test_read_again_it_is_the_same_row(desk: Desk) -> None:
    """And confirmed for the later day."""
    desk.lay("avtal.csv", HEADER, contract("Tallmora AB", "1", "A-1"), contract("Granliden AB", "2", "A-2"))
    desk.read()
    desk.read()
    assert len(desk.store.history(desk.supplier().id, "number_use")) == 1
