"""The facts of a dossier as a check gets them: the current ones, the history, and the reason when there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from screening.model import DocumentRequest, Dossier, Fact, History, Verdict, unknown
from screening.rules.binding import Need
from screening.rules.rule import DERIVED, DOCUMENTS

REQUEST = "document_request"
REPLY_DAYS = 30  # for a request that names no last day: a choice

ABSENCES = frozenset({"care_permit", "declaration", "record_check_attestation"})
"""Kinds of which "we looked and there is none" is a fact. Any document displaces it, whatever day that bears."""

_STANDING = ("awaited", "source_down", "over_budget", "doubtful")
"""Reasons that say more than that the old answer is too old."""


Wanted = tuple[str, bool, date | None, Need]
"""Kind, whether it is one needed fact or one optional (not several, not the history), the oldest day, the declaration."""


def resolve(
    dossier: Dossier, wanted: Sequence[Wanted], arguments: list[object], today: date
) -> tuple[str, ...] | Verdict:
    """Fills ``arguments`` in order of ``wanted``.

    Returns:
        The optional kinds that were missing, or the unknown that a needed one leads to.
    """
    missing: tuple[str, ...] = ()
    facts = dossier.facts
    for kind, is_one, oldest, need in wanted:
        rows = facts.get(kind)
        value: object = None
        if rows is not None and is_one and len(rows) == 1:  # the way that most facts take
            fact = rows[0]
            if oldest is None or fact.provenance.as_of >= oldest or fact.provenance.held_on >= oldest:
                value = fact
        elif rows:
            value = _value(dossier, need, rows, oldest)
        if value is None:
            if not need.optional:
                return too_old(dossier, kind, today) if rows else lacking(dossier, kind, today)
            if kind not in DERIVED:  # of what is worked out here there is mostly nothing to tell
                missing = (*missing, kind)
        arguments.append(value)
    return missing


def _value(dossier: Dossier, need: Need, rows: tuple[Fact, ...], oldest: date | None) -> object:
    """What a check gets for one parameter; ``None`` when all there is is too old."""
    if need.shape == "each":
        every = current(rows) if need.kind not in DOCUMENTS else _of_every_source(dossier, need.kind)
        return tuple(fact for fact in every if oldest is None or fact.provenance.held_on >= oldest) or None
    fact = newest(rows)
    if oldest is not None and fact.provenance.held_on < oldest:
        return None
    return fact if need.shape == "one" else _history(dossier, rows)


def _of_every_source(dossier: Dossier, kind: str) -> tuple[Fact, ...]:
    """The current documents of a kind, whichever file or register holds them: one does not displace another's."""
    sources = (rows for name, rows in sorted(dossier.facts.items()) if name.partition("@")[0] == kind)
    return tuple(fact for rows in sources for fact in current(rows))


def current(rows: Sequence[Fact]) -> tuple[Fact, ...]:
    """The last row of each scope key, in order of key; a document goes before the note that there was none."""
    if len(rows) < 2:
        return tuple(rows)
    by_key: dict[str, Fact] = {}
    absences = rows[0].kind in ABSENCES
    for fact in rows:
        if absences and fact.scope_key in by_key and _is_absence(fact) and not _is_absence(by_key[fact.scope_key]):
            continue
        by_key[fact.scope_key] = fact
    return tuple(by_key[key] for key in sorted(by_key))


def newest(rows: Sequence[Fact]) -> Fact:
    """The current fact; where a supplier has several of a kind, the one with the latest date."""
    if len(rows) == 1:
        return rows[0]
    found = current(rows)
    if len(found) == 1:
        return found[0]
    return max(found, key=lambda fact: (fact.provenance.as_of, fact.provenance.fetched_at))


def _is_absence(fact: Fact) -> bool:
    return getattr(fact, "state", None) == "none"


def _history(dossier: Dossier, rows: tuple[Fact, ...]) -> History[Fact]:
    first = rows[0].provenance
    observed = dossier.observed_from_on.get((rows[0].kind, first.source), first.fetched_at.date())
    return History(rows, observed)


# --- why there is none --------------------------------------------------------------------------------------------------
def lacking(dossier: Dossier, kind: str, today: date) -> Verdict:
    """Unknown, for the reason that the last attempt left; a document that nobody handed in was not found."""
    gap = dossier.gaps.get(kind)
    reason = gap.reason if gap is not None and gap.reason != "not_needed" else "no_source"
    if reason == "no_source" and kind in DOCUMENTS:
        reason = "not_found"
    if reason in ("no_source", "not_found") and _is_awaited(dossier, kind, today):
        reason = "awaited"
    return _unknown(reason, kind)


def too_old(dossier: Dossier, kind: str, today: date) -> Verdict:
    """Unknown: too old, unless a newer one is on its way or there is a better reason why it did not come."""
    gap = dossier.gaps.get(kind)
    reason = gap.reason if gap is not None and gap.reason in _STANDING else "too_old"
    if reason == "too_old" and _is_awaited(dossier, kind, today):
        reason = "awaited"
    return _unknown(reason, kind)


def _is_awaited(dossier: Dossier, kind: str, today: date) -> bool:
    """Whether the supplier has been asked for it and the time to reply has not run out."""
    requests = dossier.facts.get(REQUEST)
    for fact in current(requests) if requests else ():
        if isinstance(fact, DocumentRequest) and fact.for_kind == kind and fact.received_on is None:
            last = fact.reply_by_on or fact.requested_on + timedelta(days=REPLY_DAYS)
            if fact.requested_on <= today <= last:
                return True
    return False


@lru_cache(maxsize=1024)
def _unknown(reason: str, kind: str) -> Verdict:
    return replace(unknown(reason), missing=(kind,))
