"""A contract for a service that takes a permit from IVO, and no valid permit for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from screening.checks import Params
from screening.checks._services import spelled
from screening.model import CarePermit, Context, Origin, Verdict, clear, flag, not_applicable, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """Which services take a permit, and how old what is known of it may be.

    Attributes:
        permits: a service as contracts call it, and other words for it: one of them must be in the permit's own service.
        max_days: how long ago the register, or the file, may have told.
        register_days: so long after its decision a permit on file goes before a register that does not have it.
    """

    permits: tuple[tuple[str, ...], ...]
    max_days: int
    register_days: int

    def services_known(self) -> Mapping[str, tuple[str, ...]]:
        """See ``Params``."""
        return {"permits": tuple(row[0] for row in self.permits)}


def check(permits: tuple[CarePermit, ...] | None, c: Context, p: P) -> Verdict:  # noqa: PLR0911 - one return per answer of the register
    """Flags by contract: ``sister`` and ``pending`` where someone else holds it, or it is being examined."""
    service = spelled(c.contract.service) if c.contract is not None else ""
    words = next((row for row in p.permits if spelled(row[0]) == service), ())
    if not words:
        return not_applicable("not_permit_bound")
    if permits is None:
        return unknown("not_found")
    oldest = c.today - timedelta(days=p.max_days)
    known = _trusted([item for item in permits if _told_on(item) >= oldest], c, p)
    if not known:
        return unknown("too_old")
    fitting = [item for item in known if item.state != "none" and _is_for(item, words)]
    valid = [item for item in fitting if _holds(item, c)]
    if own := [item for item in valid if item.state == "valid" and not item.holder_name]:
        return clear(own[0], service=own[0].service, valid_to_on=own[0].valid_to_on)
    if valid:
        softer = min(valid, key=lambda item: item.state != "valid")
        return _flag(softer, c, "pending" if softer.state == "pending" else "sister")
    if fitting:
        return _flag(max(fitting, key=lambda item: item.valid_to_on or item.provenance.as_of), c, "ended")
    others = [item for item in known if _holds(item, c)]
    return _flag(others[0], c, "wrong_branch", others) if others else _flag(known[0], c, "none")


def _told_on(permit: CarePermit) -> date:
    """The last day on which the register or the case file was read with it: a permit's own date may be long ago."""
    return max(permit.provenance.held_on, permit.provenance.fetched_at.date())


def _trusted(known: list[CarePermit], c: Context, p: P) -> list[CarePermit]:
    """Where a register has told, a copy of a permit on file counts for nothing, unless it is new."""
    if not any(item.provenance.origin is Origin.AUTHORITY for item in known):
        return known
    newest = c.today - timedelta(days=p.register_days)
    return [
        item
        for item in known
        if item.provenance.origin is Origin.AUTHORITY
        or item.state == "pending"
        or item.holder_name
        or item.provenance.as_of >= newest
    ]


def _is_for(permit: CarePermit, words: Sequence[str]) -> bool:
    """Whether the permit is for the service; one that names none may be for any."""
    return permit.service is None or any(spelled(word) in spelled(permit.service) for word in words)


def _holds(permit: CarePermit, c: Context) -> bool:
    """Whether it stands on the day: granted or being examined, and not past its end."""
    if permit.state == "pending":
        return True
    return permit.state == "valid" and (permit.valid_to_on is None or permit.valid_to_on >= c.today)


def _flag(permit: CarePermit, c: Context, what: str, others: Sequence[CarePermit] = ()) -> Verdict:
    return flag(
        permit,
        *others[1:],
        level=what if what in ("pending", "sister") else "",
        variant=what,
        contract_service=c.contract.service if c.contract is not None else None,
        permit_service=", ".join(sorted({item.service for item in others or (permit,) if item.service})) or None,
        valid_to_on=permit.valid_to_on,
        holder_name=permit.holder_name,
        as_of_on=_told_on(permit),
    )
