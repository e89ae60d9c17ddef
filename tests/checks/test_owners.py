"""Changes of owner as two registers show them: what counts, what is one deal, and what stays within a group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from screening.checks._owners import Counted, Sources, changes, deal
from screening.model import (
    BeneficialOwners,
    History,
    Origin,
    Owner,
    Ownership,
    OwnershipChain,
    Provenance,
    Shareholder,
    Shareholders,
)

TODAY = date(2026, 11, 30)
BEFORE, HELD, AFTER = date(2026, 1, 10), date(2026, 9, 20), date(2026, 10, 20)
LIMITS = Counted(near_days=90, option_days=180, holder_share=Decimal("0.25"), same_days=60)
HALF = Decimal("0.5")


def came(as_of: date, confirmed_on: date | None = None, source: str = "register") -> Provenance:
    fetched = datetime(as_of.year, as_of.month, as_of.day, 6, tzinfo=UTC)
    seen = (
        None
        if confirmed_on is None
        else datetime(confirmed_on.year, confirmed_on.month, confirmed_on.day, 6, tzinfo=UTC)
    )
    return Provenance(source=source, origin=Origin.AUTHORITY, as_of=as_of, fetched_at=fetched, confirmed_at=seen)


def holder(key: str, name: str, share: Decimal | None = HALF, **more: object) -> Shareholder:
    return Shareholder(person_key=key, name=name, share_from=share, **more)  # type: ignore[arg-type]  # fields by name


def held(
    before: Sequence[Shareholder], after: Sequence[Shareholder], tops: tuple[Shareholder | None, ...] = (None, None)
) -> History[Shareholders]:
    rows = (
        Shareholders(provenance=came(BEFORE, HELD, "bureau"), owners=tuple(before), ultimate_parent=tops[0]),
        Shareholders(provenance=came(AFTER, TODAY, "bureau"), owners=tuple(after), ultimate_parent=tops[1]),
    )
    return History(rows, BEFORE)


def filing(*rows: BeneficialOwners, observed: date = BEFORE) -> History[BeneficialOwners]:
    return History(rows, observed)


def filed(*owners: Owner, as_of: date = BEFORE, until: date = TODAY, state: str = "registered") -> BeneficialOwners:
    return BeneficialOwners(
        provenance=came(as_of, until),
        state=state,  # type: ignore[arg-type]  # one of its words
        owners=owners,
    )


def found(
    holders: History[Shareholders] | None,
    owners: History[BeneficialOwners] | None = None,
    ownership: Ownership | None = None,
    *,
    what: str = "owners",
    registered_on: date | None = date(2010, 1, 1),
    today: date = TODAY,
) -> list[tuple[str, date]]:
    known = Sources(owners, holders, ownership, registered_on, today)
    return [(item.kind, item.on) for item in changes(known, what, LIMITS)]


ALVA, BO, CIA = holder("K-A", "Alva Ek"), holder("K-B", "Bo Lind"), holder("K-C", "Cia Berg")
SEEN = [("shareholders", AFTER)]


def test_a_shareholder_who_sold_to_another_is_a_change() -> None:
    """Seen on the day of the answer that shows it."""
    assert found(held([ALVA, BO], [ALVA, CIA])) == SEEN
    assert found(held([ALVA, BO], [ALVA, BO])) == []


@pytest.mark.parametrize(("share", "counts"), [("0.25", False), ("0.2501", True)])
def test_more_than_a_share_must_come_or_go(share: str, counts: bool) -> None:
    """Either is enough, and small ones are added up."""
    sold, bought = replace(BO, share_from=Decimal(share)), replace(CIA, share_from=Decimal("0.01"))
    assert bool(found(held([ALVA, sold], [ALVA, bought]))) is counts
    assert bool(found(held([ALVA, bought], [ALVA, sold]))) is counts
    halves = [replace(item, share_from=Decimal(share) / 2) for item in (BO, CIA)]
    assert bool(found(held([ALVA, *halves], [ALVA]))) is counts


def test_a_share_that_is_not_told_may_be_large() -> None:
    """Also beside one that is told to be small."""
    small = replace(CIA, share_from=Decimal("0.01"))
    assert found(held([ALVA, replace(BO, share_from=None), small], [ALVA])) == SEEN


def test_one_person_under_another_key_or_name_has_neither_come_nor_gone() -> None:
    """By the key, else by the name."""
    for same in (replace(ALVA, person_key="K-Z"), replace(ALVA, name="Ek Holmqvist, Alva Maria")):
        small = replace(BO, share_from=Decimal("0.1"))
        assert found(held([ALVA, small], [same])) == []


def test_a_first_answer_that_dates_whoever_came_after_the_founding_shows_a_change() -> None:
    """Of those who came on that day alone."""
    late = replace(BO, since_on=date(2026, 5, 5))
    first = Shareholders(
        provenance=came(AFTER, TODAY, "bureau"), owners=(replace(ALVA, since_on=date(2010, 1, 1)), late)
    )
    assert found(History((first,), AFTER)) == [("shareholders", date(2026, 5, 5))]
    small = replace(first, owners=(replace(ALVA, since_on=date(2010, 1, 1)), replace(late, share_from=Decimal("0.1"))))
    assert found(History((small,), AFTER)) == []
    assert found(History((first,), AFTER), today=date(2026, 5, 4)) == []


# --- one deal ---------------------------------------------------------------------------------------------------------
def test_two_registers_that_show_one_deal_show_one_change() -> None:
    """The filing's; the shareholders' side is told beside it."""
    owners = filing(filed(ALVA, BO, until=HELD), filed(ALVA, CIA, as_of=AFTER))
    holders = held([ALVA, BO], [ALVA, CIA])
    assert found(holders, owners) == [("beneficial_owners", AFTER)]
    known = Sources(owners, holders, None, date(2010, 1, 1), TODAY)
    beside = deal(changes(known, "owners", LIMITS)[0], known, LIMITS)
    assert beside is not None
    assert (beside.kind, beside.on) == ("shareholders", AFTER)
    alone = Sources(None, holders, None, date(2010, 1, 1), TODAY)
    assert deal(changes(alone, "owners", LIMITS)[0], alone, LIMITS) is None


@pytest.mark.parametrize(("since", "several"), [(date(2026, 7, 23), False), (date(2026, 7, 22), True)])
def test_sixty_days_apart_is_one_deal_and_sixty_one_two(since: date, several: bool) -> None:
    """From the filing's own day to the first that the shareholders can have changed on."""
    owners = filing(filed(ALVA, BO, until=HELD), filed(ALVA, replace(CIA, since_on=since), as_of=AFTER))
    assert (len(found(held([ALVA, BO], [ALVA, CIA]), owners)) == 2) is several


# --- within a group ---------------------------------------------------------------------------------------------------
NEW = holder("C-N", "Nya Holding AB", holder="organisation", number="5599990015")


def test_a_company_under_the_same_filing_is_a_move_within_the_group() -> None:
    """The filing stood before and after; without one it may be anybody's."""
    stood = filing(filed(ALVA, BO))
    assert found(held([ALVA, BO], [NEW]), stood) == []
    assert found(held([ALVA, BO], [NEW])) == SEEN


def test_a_new_person_is_a_change_whatever_the_filing_says() -> None:
    """One is enough, beside a company of the group; one whom the filing names is none."""
    stood = filing(filed(ALVA, BO))
    assert found(held([ALVA, BO], [NEW, CIA]), stood) == SEEN
    assert found(held([holder("C-O", "Gamla Holding AB")], [ALVA, BO]), stood) == []


@pytest.mark.parametrize(
    "owners",
    [
        filing(filed(ALVA, BO, until=date(2026, 10, 19))),
        filing(filed(state="none_exists")),
        filing(filed(ALVA, BO, until=HELD), filed(ALVA, BO, as_of=AFTER, state="unknown_filed")),
        filing(filed(ALVA, BO, as_of=AFTER), observed=AFTER),
        filing(filed(replace(ALVA, since_on=date(2026, 9, 21)), BO)),
    ],
    ids=["older than the change", "names nobody", "withdrawn", "first seen after it", "an owner since the change"],
)
def test_a_filing_that_does_not_tell_of_both_sides_shows_nothing(owners: History[BeneficialOwners]) -> None:
    """It must be known before the change and after it, and have no owner who came with it."""
    assert ("shareholders", AFTER) in found(held([ALVA, BO], [NEW]), owners, registered_on=None)


@pytest.mark.parametrize(
    "owners",
    [
        filing(filed(ALVA, BO, until=AFTER)),
        filing(replace(filed(ALVA, BO, as_of=AFTER), registered_on=date(2015, 1, 1)), observed=AFTER),
        filing(replace(filed(ALVA, BO, as_of=AFTER)), observed=HELD),
        filing(filed(*(replace(item, since_on=date(2015, 1, 1)) for item in (ALVA, BO)), as_of=AFTER), observed=AFTER),
        filing(filed(replace(ALVA, since_on=date(2026, 9, 20)), BO)),
    ],
    ids=["of the same day", "registered before", "asked before", "dates its owners", "an owner since the day before"],
)
def test_a_filing_that_tells_of_both_sides_shows_that_control_stayed(owners: History[BeneficialOwners]) -> None:
    """By its own day, by when it was first asked about, or by its owners' days."""
    assert found(held([ALVA, BO], [NEW]), owners, registered_on=None) == []


def test_the_filing_of_the_time_is_the_newest_before_the_change() -> None:
    """What stood years before does not count."""
    old, own = filed(CIA, as_of=date(2020, 1, 1), until=date(2020, 2, 1)), filed(ALVA, BO, as_of=date(2021, 1, 1))
    assert ("shareholders", AFTER) not in found(held([ALVA, BO], [NEW]), filing(old, own, observed=date(2020, 1, 1)))


TOP = holder("C-T", "Toppbolaget AB", holder="organisation", number="5599990023")


@pytest.mark.parametrize(
    ("tops", "counts"),
    [((TOP, TOP), False), ((TOP, replace(CIA, name="Cia Berg AB")), True), ((None, TOP), True), ((TOP, None), True)],
)
def test_one_top_of_the_group_before_and_after_is_a_move_within_it(
    tops: tuple[Shareholder | None, ...],
    counts: bool,
) -> None:
    """As the bureau reports it, both times."""
    assert bool(found(held([ALVA, BO], [NEW], tops))) is counts


def chain(*names: str, end: str = "person") -> OwnershipChain:
    return OwnershipChain(names, tuple(Decimal(1) for _name in names), end)  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize(
    ("chains", "counts"),
    [
        ((chain("Nya Holding AB", "Bo Lind"), chain("Nya Holding AB", "Alva Ek")), False),
        ((chain("Nya Holding AB", "Mellan AB", "Bo Lind"),), False),
        ((chain("Nya Holding AB", "Bo Lind"), chain("Nya Holding AB", "Dan Holm")), True),
        ((chain("Nya Holding AB", "Bo Lind", end="unknown"),), True),
        ((chain("Andra Holding AB", "Bo Lind"),), True),
        ((chain("Nya Holding AB", "Bo Lind"), chain("Andra Holding AB", "Dan Holm")), False),
        ((), True),
    ],
)
def test_chains_that_all_lead_back_to_those_who_left_show_a_move_within_the_group(
    chains: tuple[OwnershipChain, ...],
    counts: bool,
) -> None:
    """Every one above whoever came, to a person who left."""
    ownership = Ownership(provenance=came(AFTER), chains=chains)
    assert bool(found(held([ALVA, BO], [NEW]), None, ownership)) is counts
    second = holder("C-M", "Fjärde Holding AB", holder="organisation")
    assert found(held([ALVA, BO], [NEW, second]), None, ownership) == SEEN


def test_with_nobody_new_and_no_filing_who_left_has_sold() -> None:
    """No chain is needed to see it."""
    ownership = Ownership(provenance=came(AFTER), chains=(chain("Nya Holding AB", "Bo Lind"),))
    assert found(held([ALVA, BO], [ALVA]), None, ownership) == SEEN


# --- persons and companies --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("owner", "company"),
    [
        *((holder("K", f"Nya Namnet {form}"), True) for form in ("AB", "hb", "KB", "AS", "A/S", "GmbH", "Ltd", "Oy")),
        *((holder("K", f"Nya Namnet {form}"), True) for form in ("Oyj", "BV", "SA", "(publ)", "LLC", "Inc")),
        (holder("K", "Nya(publ)Namnet"), True),
        (holder("K", "Dan Holm"), False),
        (holder("K", "Dan Abrahamsson"), False),
        (holder("K", "Dan Holm", number="5599990031"), True),
        (holder("K", "Dan Holm AB", holder="person"), False),
        (holder("K", "Dan Holm", holder="organisation"), True),
    ],
)
def test_a_company_is_known_by_what_the_source_says_its_number_or_its_form(owner: Shareholder, company: bool) -> None:
    """A person who comes is a change, a company under the same filing is none."""
    assert (found(held([ALVA, BO], [owner]), filing(filed(ALVA, BO))) == []) is company


@pytest.mark.parametrize(
    ("stood", "told"),
    [
        (("Lars Bergh", "Nils Bergh"), False),
        (("Dan Holm", "Lars Bergh"), True),
        (("Dan Holm", "Alva Ek"), True),
        ((), True),
    ],
)
def test_names_that_are_nearly_the_same_are_told_unless_the_filing_has_them_all(
    stood: tuple[str, ...], told: bool
) -> None:
    """It is no change of owner, and weighed by no share."""
    before = [holder(f"K-{name}", f"{name} Berg", Decimal("0.01")) for name in ("Lars", "Nils")]
    after = [holder(f"N-{name}", f"{name} Bergh", Decimal("0.01")) for name in ("Lars", "Nils")]
    owners = filing(filed(*(holder(f"F-{name}", name) for name in stood))) if stood else None
    assert (found(held(before, after), owners, what="owner_name") == SEEN) is told
    assert found(held(before, after), owners) == []


SPRING = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("later", "counts"),
    [
        ((ALVA, BO), False),
        ((ALVA, BO, CIA), True),
        ((ALVA,), True),
        ((ALVA, holder("K-Y", "Bo Lindh")), False),
    ],
    ids=["the same", "one more", "one less", "a name nearly the same"],
)
def test_a_filing_that_has_changed_months_after_the_shares_does_not_tell_of_them(
    later: tuple[Owner, ...], counts: bool
) -> None:
    """Whoever stands in it now, and did not then, may have been behind the shares."""
    owners = filing(filed(ALVA, BO, until=date(2027, 2, 10)), filed(*later, as_of=date(2027, 2, 20), until=SPRING))
    assert (("shareholders", AFTER) in found(held([ALVA, BO], [NEW]), owners, today=SPRING)) is counts


@pytest.mark.parametrize(("first", "counts"), [(date(2026, 9, 20), False), (date(2026, 9, 21), True)])
def test_a_filing_tells_of_the_time_before_from_the_day_before_the_change(first: date, counts: bool) -> None:
    """As asked about, and as answered: on the first day that the shares can have moved it may be the new owners'."""
    asked = filing(filed(ALVA, BO, as_of=AFTER), observed=first)
    answered = filing(filed(ALVA, BO, as_of=first), observed=first)
    for owners in (asked, answered):
        assert bool(found(held([ALVA, BO], [NEW]), owners, registered_on=None)) is counts
