from datetime import UTC, date, datetime

import pytest

from screening.model import CompanyName, CompanyRecord, Dossier, Origin, Provenance, Spend, Supplier
from screening.report.desk import Case

NOW = datetime(2026, 11, 30, 5, tzinfo=UTC)


def case(name: str, *others: str, registered: str = "") -> Case:
    """A supplier as lists spell it, and as the register does."""
    supplier = Supplier(
        id="S-1",
        kind="organisation",
        identity=None,
        name=name,
        names=(name, *others),
        country="SE",
        identity_accepted=False,
    )
    provenance = Provenance(source="r", origin=Origin.AUTHORITY, as_of=date(2026, 11, 30), fetched_at=NOW)
    names = (CompanyName(registered),) if registered else ()
    record = CompanyRecord(provenance=provenance, state="registered", names=names)
    return Case(Dossier(supplier, (), Spend(), {"company_record": (record,)}, {}, {}), frozenset())


@pytest.mark.parametrize(
    ("shown", "made"),
    [
        ("Torvtaks Anläggning AB", case("TORVTAKS  ANLÄGGNING AB", registered="Torvtaks Anläggning AB")),
        (
            "Torvtaks Anläggning AB",
            case("TORVTAKS ANLÄGGNING AB", "Torvtaks Anläggning AB", registered="TORVTAKS ANLÄGGNING AB"),
        ),
        ("TORVTAKS ANLÄGGNING AB", case("TORVTAKS ANLÄGGNING AB", registered="Torvtaks Mark AB")),
        ("TORVTAKS ANLÄGGNING AB", case("TORVTAKS ANLÄGGNING AB")),
        ("Torvtaks anläggning AB", case("Torvtaks anläggning AB", registered="Torvtaks Anläggning AB")),
    ],
)
def test_a_name_in_capitals_is_shown_as_the_register_or_another_list_spells_it(shown: str, made: Case) -> None:
    """Only where nothing else differs: another name is never put in its place."""
    assert made.name == shown
