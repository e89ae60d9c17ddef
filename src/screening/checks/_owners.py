"""Changes of owner as two registers show them: beneficial owners and shareholders, one deal counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from screening.checks._timing import Timing
from screening.checks._window import all_dated
from screening.model import BeneficialOwners, Event, History, Owner, Ownership, Shareholder, Shareholders, events
from screening.model.changes import difference, same_name
from screening.model.states import owners as members


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted(Timing):
    """From more than which share a shareholder's coming or going counts, and within how many days two changes are one deal."""

    holder_share: Decimal
    same_days: int


@dataclass(frozen=True, slots=True)
class Sources:
    """What is known of who owns the supplier."""

    owners: History[BeneficialOwners] | None
    holders: History[Shareholders] | None
    ownership: Ownership | None
    registered_on: date | None
    today: date


def changes(known: Sources, what: str, p: Counted) -> list[Event]:
    """Every change of owner, oldest first.

    Args:
        known: what the registers say.
        what: ``owners``, or ``owner_name`` for names that may be another spelling or another person's.
        p: what counts.
    """
    filed = _events(known, known.owners, what)
    held = _events(known, known.holders, "shareholders" if what == "owners" else what)
    own = [item for item in held if not any(_one_deal(item, other, p) for other in filed)]
    if what == "owners":
        own = [item for item in own if _weighs(item, p) and not _within_group(item, known)]
    else:
        own = [item for item in own if not _filed_as_one(item, known)]
    return sorted((*filed, *own), key=lambda item: item.on)


def deal(item: Event, known: Sources, p: Counted) -> Event | None:
    """The shareholders' side of a change of beneficial owner, where the same deal shows there."""
    held = _events(known, known.holders, "shareholders")
    return next((other for other in held if item.kind != other.kind and _one_deal(other, item, p)), None)


def _events(
    known: Sources, rows: History[BeneficialOwners] | History[Shareholders] | None, what: str
) -> tuple[Event, ...]:
    if rows is None:
        return ()
    kind = rows.latest.kind
    return events(kind, rows.versions, registered_on=known.registered_on, today=known.today, what=(what,))


def _one_deal(one: Event, other: Event, p: Counted) -> bool:
    """Whether the days that the two may have been on come within ``same_days`` of each other."""
    apart = max(one.earliest, other.earliest) - min(one.on, other.on)
    return apart.days <= p.same_days


# --- shareholders -----------------------------------------------------------------------------------------------------
def _sides(item: Event) -> tuple[Sequence[Shareholder], Sequence[Shareholder]]:
    """(who came, who left); of a first answer that dates itself, whoever came on its day."""
    after, *older = [fact for fact in item.facts if isinstance(fact, Shareholders)]
    if not older:
        return [owner for owner in after.owners if owner.since_on == item.on], ()
    came = [owner for owner in after.owners if not _among(owner, older[0].owners)]
    return came, [owner for owner in older[0].owners if not _among(owner, after.owners)]


def _among(owner: Owner, others: Sequence[Owner]) -> bool:
    return any(owner.person_key == other.person_key or same_name(owner.name, other.name) for other in others)


def _weighs(item: Event, p: Counted) -> bool:
    """Whether those who came, or those who left, held more than ``holder_share``; a share that is not told may be more."""
    for side in _sides(item):
        shares = [owner.share_from for owner in side]
        if None in shares or sum((share for share in shares if share is not None), Decimal(0)) > p.holder_share:
            return True
    return False


def _within_group(item: Event, known: Sources) -> bool:
    """Whether whoever is behind the shares is the same: no new person came, and the control did not change.

    That is shown by the filing, which was the same before and after; by the top of the group; or by the chains above
    those who came.
    """
    came, left = _sides(item)
    before = next((fact for fact in item.facts[1:] if isinstance(fact, Shareholders)), None)
    after = item.facts[0]
    if before is not None and isinstance(after, Shareholders) and _one_top(before, after):
        return True
    stood = _filing_that_stood(item, known)
    strangers = [owner for owner in came if stood is None or not _among(owner, stood.owners)]
    if any(not _is_company(owner) for owner in strangers):
        return False
    return stood is not None or (bool(strangers) and all(_led_back(owner, left, known) for owner in strangers))


def _one_top(before: Shareholders, after: Shareholders) -> bool:
    one, other = before.ultimate_parent, after.ultimate_parent
    return one is not None and other is not None and _among(one, (other,))


def _filing_that_stood(item: Event, known: Sources) -> BeneficialOwners | None:
    """The filing, where it was known before the change and after it, and names the same; ``None`` where it does not tell."""
    owners = known.owners
    if owners is None or owners.latest.state != "registered" or owners.latest.provenance.held_on < item.on:
        return None
    first = owners.versions[0]
    told = all_dated(members(first).values()) and first.state == "registered"
    since = min(owners.observed_from_on, first.registered_on or owners.observed_from_on)
    start = first if told or since < item.earliest else None
    before = next((row for row in reversed(owners.versions) if row.provenance.as_of < item.earliest), start)
    if before is None or any(difference(members(before), members(owners.latest))[:2]):
        return None
    dated = [owner.since_on for owner in before.owners if owner.since_on is not None]
    return owners.latest if all(day < item.earliest for day in dated) else None


def _filed_as_one(item: Event, known: Sources) -> bool:
    """Whether the beneficial owners show that shareholders under nearly the same names are the same people."""
    stood = _filing_that_stood(item, known)
    after, before = (fact for fact in item.facts if isinstance(fact, Shareholders))
    _came, _left, doubtful = difference(members(before), members(after))
    return stood is not None and all(
        any(same_name(new.name, owner.name) for owner in stood.owners) for _old, new in doubtful
    )


def _led_back(owner: Shareholder, left: Sequence[Shareholder], known: Sources) -> bool:
    """Whether every chain above who came ends at one of those who left."""
    above = known.ownership.chains if known.ownership is not None else ()
    ends = [chain for chain in above if same_name(chain.names[0], owner.name)]
    return bool(ends) and all(
        chain.end == "person" and any(same_name(chain.names[-1], item.name) for item in left) for chain in ends
    )


_FORMS = frozenset({"ab", "hb", "kb", "as", "a/s", "gmbh", "ltd", "oy", "oyj", "bv", "sa", "publ", "llc", "inc"})


def _is_company(owner: Shareholder) -> bool:
    """By what the source says, else by a legal form in the name."""
    if owner.holder is not None:
        return owner.holder == "organisation"
    return owner.number is not None or not _FORMS.isdisjoint(
        owner.name.casefold().replace("(", " ").replace(")", " ").split()
    )
