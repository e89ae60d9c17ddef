"""What the buyer asked the supplier for and has not got in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from screening.checks import Params
from screening.model import Context, DocumentRequest, Verdict, clear, flag, not_applicable, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """How long a request runs that names no last day, and how long after its last day it is still spoken of."""

    default_days: int
    keep_days: int


def check(request: DocumentRequest, c: Context, p: P) -> Verdict:
    """Flags a request whose last day has passed without a reply; any reply closes it, whatever it shows."""
    if request.received_on is not None:
        if request.received_on < request.requested_on:
            return unknown("doubtful")
        return clear(request, requested_on=request.requested_on, received_on=request.received_on)
    last = request.reply_by_on or request.requested_on + timedelta(days=p.default_days)
    if last < request.requested_on:
        return unknown("doubtful")
    if c.today <= last:
        return not_applicable("not_answered_yet")
    if c.today > last + timedelta(days=p.keep_days):
        return not_applicable("aged_out")
    return flag(
        request,
        variant=request.for_kind,
        requested_on=request.requested_on,
        reply_by_on=last,
        overdue_days=(c.today - last).days,
        point=request.scope_key.partition("/")[2] or None,
    )
