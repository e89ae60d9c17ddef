from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

import pytest

from screening.checks.registered_name import P, check
from screening.identity import read
from screening.model import (
    CompanyName,
    CompanyRecord,
    Context,
    History,
    Origin,
    Provenance,
    Supplier,
    SupplierKind,
    Verdict,
)
from screening.names import likeness

State = Literal["registered", "not_registered", "deregistered"]
TODAY = date(2026, 11, 30)
LIMITS = P(min_likeness_share=Decimal("0.70"))
PROVENANCE = Provenance(
    source="register", origin=Origin.AUTHORITY, as_of=TODAY, fetched_at=datetime(2026, 11, 30, 6, tzinfo=UTC)
)


def record(*names: str, state: State = "registered", businesses: tuple[str, ...] = ()) -> CompanyRecord:
    return CompanyRecord(
        provenance=PROVENANCE, state=state, names=tuple(CompanyName(name) for name in names), businesses=businesses
    )


def judged(answer: CompanyRecord, c: Context, p: P) -> Verdict:
    return check(History((answer,), TODAY), c, p)


def context(*names: str, kind: SupplierKind = "organisation", accepted: bool = False) -> Context:
    number = "194012239101" if kind == "person" else "5599999017"
    identity = None if kind == "unidentified" else read(number).identity
    return Context(TODAY, Supplier("S-1", kind, identity, names[0], names, identity_accepted=accepted))


def test_a_flag_shows_both_names_and_the_likeness() -> None:
    """What was compared, with the fact behind it."""
    answer = record("Tallmora Åkeri AB", "Tallmora Frakt AB")
    verdict = judged(answer, context("Granliden Omsorg AB"), LIMITS)
    assert (verdict.outcome, verdict.facts) == ("flag", (answer,))
    assert verdict.seen["export_name"] == "Granliden Omsorg AB"
    assert verdict.seen["registered_name"] == "Tallmora Åkeri AB"
    assert verdict.seen["likeness_share"] == 0
    assert verdict.seen["variant"] == "unlike"


def test_the_limit_itself_is_clear() -> None:
    """At least the limit is alike enough; anything less is not."""
    names = record("Granliden Bygg Mark Städ El AB"), context("Granliden VVS El Bygg AB")
    seen = judged(*names, LIMITS).seen["likeness_share"]
    assert isinstance(seen, Decimal)
    assert judged(*names, P(min_likeness_share=seen)).outcome == "clear"
    assert judged(*names, P(min_likeness_share=seen + Decimal("0.0001"))).outcome == "flag"


def test_the_best_of_all_registered_names_counts() -> None:
    """Former, special and foreign names and a sole trader's businesses."""
    assert (
        judged(record("Sommarlöv AB", "Grindstorps El AB"), context("Grindstorps El"), LIMITS).seen["registered_name"]
        == "Grindstorps El AB"
    )
    assert (
        judged(
            record("Ingela Thunbrink", businesses=("Lövnäs Keramik",)), context("Lövnäs Keramik", kind="person"), LIMITS
        ).outcome
        == "clear"
    )


def test_another_spelling_that_fits_is_told() -> None:
    """Two suppliers with one number, or one that changed its name."""
    verdict = judged(record("Tallmora Åkeri AB"), context("Granliden Omsorg AB", "Tallmora Åkeri"), LIMITS)
    assert (verdict.outcome, verdict.seen["variant"]) == ("flag", "other_spelling")


def test_a_number_that_is_not_registered_is_flagged() -> None:
    """Of a company; a sole trader need not be in the register."""
    missing = record(state="not_registered")
    assert judged(missing, context("Granliden"), LIMITS).seen["variant"] == "not_registered"
    assert judged(missing, context("Granliden", kind="person"), LIMITS).reason == "not_found"


def test_an_accepted_number_is_clear_whatever_the_register_says() -> None:
    """A person has decided."""
    for answer in (record("Oxtorgets Factoring AB"), record(state="not_registered")):
        assert judged(answer, context("Granliden", accepted=True), LIMITS).outcome == "clear"


@pytest.mark.parametrize("kind", ["foreign", "unidentified"])
def test_it_does_not_concern_who_has_no_swedish_number(kind: SupplierKind) -> None:
    """There is nothing to compare with."""
    verdict = judged(record("Tallmora AB"), context("Nordfjell", kind=kind), LIMITS)
    assert (verdict.outcome, verdict.reason) == ("not_applicable", kind)


@pytest.mark.parametrize(("kind", "reason"), [("organisation", "partial"), ("person", "redacted")])
def test_an_answer_without_a_name_is_unknown(kind: SupplierKind, reason: str) -> None:
    """Never clear; of a person the name may be protected."""
    assert judged(record(), context("Granliden", kind=kind), LIMITS).reason == reason
    assert judged(record(" "), context("Granliden", kind=kind), LIMITS).reason == reason


def test_a_name_that_the_publisher_took_away_is_no_name_to_compare_with() -> None:
    """Nor one that is blank; beside them the one that says something is shown."""
    assert judged(record("[Kan innehålla personuppgifter]"), context("Granliden"), LIMITS).reason == "partial"
    seen = judged(record("", "Tallmora Åkeri AB"), context("Granliden Omsorg AB"), LIMITS).seen
    assert seen["registered_name"] == "Tallmora Åkeri AB"


def test_a_business_named_after_its_owner_is_clear() -> None:
    """For a sole trader alone."""
    answer = record("Ingela Thunbrink")
    assert judged(answer, context("Thunbrinks Keramik", kind="person"), LIMITS).outcome == "clear"
    assert judged(answer, context("Thunbrinks Keramik"), LIMITS).outcome == "flag"
    assert judged(answer, context("Lövnäs Keramik", kind="person"), LIMITS).outcome == "flag"


def test_a_deregistered_company_still_has_its_name() -> None:
    """That it is gone is another rule's matter."""
    assert judged(record("Granliden AB", state="deregistered"), context("Granliden"), LIMITS).outcome == "clear"


def test_without_a_name_there_is_nothing_to_compare() -> None:
    """A number asked about by itself, before a contract, has no name that could be unlike."""
    verdict = judged(record("Tallmora Åkeri AB"), context(""), LIMITS)
    assert (verdict.outcome, verdict.reason) == ("not_applicable", "no_name")


def test_a_name_of_an_earlier_answer_is_a_former_name() -> None:
    """The register has changed the name since; the export has not."""
    before, after = record("Tallmora Åkeri AB"), record("Granliden Frakt AB")
    verdict = check(History((before, after), TODAY), context("Tallmora Åkeri AB"), LIMITS)
    assert (verdict.outcome, verdict.facts) == ("clear", (after,))


def test_a_name_without_letters_is_compared_where_the_register_has_the_same() -> None:
    """There is nothing to doubt in it then."""
    assert judged(record("–"), context("–"), LIMITS).outcome == "clear"
    assert judged(record("Tallmora AB"), context("–"), LIMITS).reason == "no_name"


def test_a_less_used_spelling_exactly_at_the_limit_is_alike() -> None:
    """As for the name used most."""
    one, other = "Granliden Bygg Mark Städ El AB", "Granliden VVS El Bygg AB"
    limit = P(min_likeness_share=Decimal(str(likeness(one, other))))
    verdict = judged(record(one), context("Tallmora Åkeri AB", other), limit)
    assert (verdict.outcome, verdict.seen["variant"]) == ("flag", "other_spelling")


def test_a_business_may_be_named_after_a_person_of_a_short_name() -> None:
    """Four letters are a name; three may be any word."""
    assert judged(record("Bo Lind"), context("Lind Keramik", kind="person"), LIMITS).outcome == "clear"
    assert judged(record("Bo Ek"), context("Ek Keramik", kind="person"), LIMITS).outcome == "flag"


def test_a_business_whose_name_is_exactly_as_like_as_the_limit_is_named_after_its_owner() -> None:
    """A spelling away."""
    share = Decimal(str(likeness("thunbring", "thunbrinks")))
    answer, owner = record("Ingela Thunbrinks"), context("Thunbring Keramik", kind="person")
    assert judged(answer, owner, P(min_likeness_share=share)).outcome == "clear"
    assert judged(answer, owner, P(min_likeness_share=share + Decimal("0.0001"))).outcome == "flag"
