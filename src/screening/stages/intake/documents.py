"""What the case file holds, one row each, as facts: declarations, plans, decisions, permits, powers, requests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from screening.adapters.cells import clean, day
from screening.exports import ASKED_FOR
from screening.identity import mask_text
from screening.model import (
    AddressInBid,
    CarePermit,
    Declaration,
    DocumentRequest,
    Fact,
    FinalDecision,
    Origin,
    OwnersInBid,
    PaymentAgreement,
    PowerOfAttorney,
    Provenance,
)
from screening.stages.intake.desk import Desk, Line, Part, Refusal, Tally, check_even, data_lines

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_POINT = re.compile(r"[A-Z]{3}-\d{2}-[0-9A-Z]{8}|\d{4}Q[1-4]/[a-z_]+", re.IGNORECASE)
"""What tells one request from another of its kind: the id of a finding, or a quarter and law area."""
_REQUESTED, _RECEIVED = "_requested", "_received"


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One document: what it is, its dates, and the words that its kind may keep."""

    mention: int
    sort: str
    dated_on: date
    valid_to_on: date | None
    received_on: date | None  # when the reply to a request came, where its row says so
    role: str | None
    checked_by: str
    detail: str
    point: str  # what of its kind a request is about
    provenance: Provenance
    tally: Tally


def read_documents(desk: Desk, part: Part) -> Iterator[DocumentRow]:
    """Every document of a sheet up to the run's day; rejected rows go to the desk."""
    for line in data_lines(part):
        try:
            row = _row(desk, line)
        except Refusal as refusal:
            desk.reject(line, refusal, name=mask_text(line.text("supplier_name")))
            continue
        if row is None:  # a point of the run's own list that nobody has sent
            part.tally.rows -= 1
            part.tally.blank += 1
        elif row.dated_on > desk.as_of:
            part.tally.accepted += 1
            part.tally.after += 1
        else:
            yield row


def _row(desk: Desk, line: Line) -> DocumentRow | None:
    """One row; ``None`` for a request that has not been sent.

    Raises:
        Refusal: a word that is no document, or no date.
    """
    check_even(line)
    sort = line.meaning("document")
    if not sort:
        raise Refusal("document_unknown")
    dated_on = line.day("dated_on")
    if dated_on is None:
        if sort.endswith(_REQUESTED) and "received_on" in line.part.places:
            return None
        raise Refusal("date_missing")
    received_on = line.day("received_on")
    if sort.endswith(_REQUESTED) and received_on is not None and received_on < dated_on:
        raise Refusal("reply_before_request", received_on=received_on, dated_on=dated_on)
    point = _point(clean(line.raw("detail"))) if sort.endswith((_REQUESTED, _RECEIVED)) else ""
    if point and "/" not in point and not desk.is_finding(point):
        raise Refusal("finding_unknown", finding_id=point)
    part = line.part
    return DocumentRow(
        mention=desk.mention(line),
        sort=sort,
        dated_on=dated_on,
        valid_to_on=line.day("valid_to_on"),
        received_on=received_on if received_on is not None and received_on <= desk.as_of else None,
        role=line.meaning("signatory_role") or mask_text(line.text("signatory_role")) or None,
        checked_by=_role_or_initials(line.text("checked_by")),
        detail=mask_text(clean(line.raw("detail"))),
        point=point,
        provenance=Provenance(
            source=part.export.name,
            origin=Origin.FILE,
            as_of=dated_on,
            fetched_at=desk.at,
            request_ref=f"{part.file}#{part.sheet_name}#{line.number}",
            raw_sha256=part.sha256,
        ),
        tally=part.tally,
    )


def _role_or_initials(text: str) -> str:
    """A role or initials as written; a full name (two words or more, each with a capital) as its initials."""
    words = text.split()
    if len(words) > 1 and all(word[:1].isupper() and word[1:2].islower() for word in words):
        return "".join(word[0] for word in words)
    return mask_text(text)


# --- one fact per supplier, kind and scope key ----------------------------------------------------------------------------
def merge_documents(rows: Sequence[DocumentRow], party_of: Sequence[int]) -> dict[int, list[Fact]]:
    """Supplier -> facts: of each kind and scope key the one that holds now. An equal row again is merged."""
    groups: dict[tuple[int, str], list[DocumentRow]] = {}
    seen: set[tuple[object, ...]] = set()
    for row in rows:
        content = (
            party_of[row.mention],
            row.sort,
            row.dated_on,
            row.valid_to_on,
            row.role,
            row.detail,
            row.received_on,
        )
        if content in seen:
            row.tally.merged += 1
            continue
        seen.add(content)
        row.tally.accepted += 1
        maker, scope = _SORTS[row.sort]
        groups.setdefault((content[0], f"{maker.__name__}/{scope(row)}"), []).append(row)
    found: dict[int, list[Fact]] = {}
    for (party, _), group in groups.items():
        group.sort(key=lambda row: row.dated_on)
        maker, scope = _SORTS[group[0].sort]
        fact = maker(group)
        if fact is not None:
            found.setdefault(party, []).append(replace(fact, scope_key=scope(group[-1])))
    return found


def _declaration(rows: Sequence[DocumentRow]) -> Fact | None:
    """The newest declaration, and the newest confirmation of it (LOU 15:2)."""
    signed = [row for row in rows if row.sort == "declaration"]
    confirmed = [row for row in rows if row.sort == "declaration_confirmed"]
    newest = signed[-1] if signed else None
    later = [row for row in confirmed if newest is None or row.dated_on >= newest.dated_on]
    latest = later[-1] if later else newest
    if latest is None:
        return None
    return Declaration(
        provenance=latest.provenance,
        state="received",
        signed_on=newest.dated_on if newest else None,
        signatory_role=newest.role if newest else latest.role,
        confirmed_on=later[-1].dated_on if later else None,
    )


def _agreement(rows: Sequence[DocumentRow]) -> Fact:
    """The agreement that lasts longest; of equally long ones the newest."""
    row = max(rows, key=lambda item: (item.valid_to_on or date.max, item.dated_on))
    return PaymentAgreement(
        provenance=row.provenance,
        agreement="payment_plan" if row.sort == "payment_plan" else "respite",
        decided_on=row.dated_on,
        valid_to_on=row.valid_to_on,
    )


def _decision(rows: Sequence[DocumentRow]) -> Fact | None:
    """The newest decision, and the note that what it concerns was paid; a note without a decision is none."""
    decisions = [row for row in rows if row.sort == "final_decision"]
    if not decisions:
        return None
    row = decisions[-1]
    final = _DAY.search(row.detail)
    settled = [item for item in rows if item.sort == "final_decision_settled" and item.dated_on >= row.dated_on]
    return FinalDecision(
        provenance=settled[-1].provenance if settled else row.provenance,
        decided_on=row.dated_on,
        final_on=_day(final[0]) if final else None,
        set_by=row.checked_by,
        settled_on=settled[-1].dated_on if settled else None,
    )


def _day(text: str) -> date | None:
    try:
        return day(text)
    except ValueError:
        return None


def _permit(rows: Sequence[DocumentRow]) -> Fact:
    row = rows[-1]
    ended = row.valid_to_on is not None and row.valid_to_on < row.dated_on
    return CarePermit(
        provenance=row.provenance,
        state="ended" if ended else "valid",
        service=row.detail.casefold() or None,
        valid_to_on=row.valid_to_on,
    )


def _permit_of_sister(rows: Sequence[DocumentRow]) -> Fact:
    """A permit that another company holds: the detail says for which service, and after a semicolon who."""
    row = rows[-1]
    service, _, holder = row.detail.partition(";")
    return CarePermit(
        provenance=row.provenance,
        state="valid",
        service=service.strip().casefold() or None,
        valid_to_on=row.valid_to_on,
        holder_name=holder.strip() or "annat bolag",
    )


def _permit_applied(rows: Sequence[DocumentRow]) -> Fact:
    row = rows[-1]
    return CarePermit(provenance=row.provenance, state="pending", service=row.detail.casefold() or None)


_PLACE = re.compile(r"(?P<postcode>\d{3} ?\d{2})\s+(?P<city>.*)")


def _power(rows: Sequence[DocumentRow]) -> Fact:
    row = rows[-1]
    return PowerOfAttorney(
        provenance=row.provenance, role=row.role, signed_on=row.dated_on, valid_to_on=row.valid_to_on
    )


def _owners(rows: Sequence[DocumentRow]) -> Fact:
    row = rows[-1]
    names = tuple(name for part in row.detail.split(";") if (name := part.strip()))
    return OwnersInBid(provenance=row.provenance, names=names, stated_on=row.dated_on)


def _address(rows: Sequence[DocumentRow]) -> Fact | None:
    """``Storgatan 1, 123 45 Sjövika``; a place without a street is none."""
    row = rows[-1]
    street, *rest = (part.strip() for part in row.detail.split(","))
    found = _PLACE.fullmatch(" ".join(rest))
    if not street:
        return None
    return AddressInBid(
        provenance=row.provenance,
        street=street,
        postcode=found["postcode"] if found else None,
        city=(found["city"] if found else " ".join(rest)) or None,
        stated_on=row.dated_on,
    )


def _request(rows: Sequence[DocumentRow]) -> Fact | None:
    """The newest request; one that was answered says when, and one that nobody made is none."""
    asked = [row for row in rows if row.sort.endswith(_REQUESTED)]
    if not asked:
        return None
    newest = asked[-1]
    replies = [(row.dated_on, row) for row in rows if row.sort.endswith(_RECEIVED) and row.dated_on >= newest.dated_on]
    replies += [(row.received_on, row) for row in asked if row.received_on and row.received_on >= newest.dated_on]
    received_on, reply = max(replies, key=lambda item: item[0], default=(None, newest))
    return DocumentRequest(
        provenance=reply.provenance if received_on is None else replace(reply.provenance, as_of=received_on),
        requested_on=newest.dated_on,
        for_kind=newest.sort.removesuffix(_REQUESTED),
        reply_by_on=newest.valid_to_on,
        received_on=received_on,
    )


def _single(row: DocumentRow) -> str:  # noqa: ARG001 - a supplier has one of these
    return ""


def _per_service(row: DocumentRow) -> str:
    return row.detail.casefold()


def _per_holder(row: DocumentRow) -> str:
    return f"{row.detail.casefold()}/systerbolag"


def _per_application(row: DocumentRow) -> str:
    return f"{row.detail.casefold()}/ansökan"


def _per_role(row: DocumentRow) -> str:
    return (row.role or "").casefold()


def _per_point(row: DocumentRow) -> str:
    """The kind that was asked for, and which of several where the row names a finding or a quarter."""
    kind = row.sort.removesuffix(_REQUESTED).removesuffix(_RECEIVED)
    return f"{kind}/{row.point}" if row.point else kind


def _point(text: str) -> str:
    """``2026Q3/hvb`` or ``SKA-01-7F3K9Q2M``, however it was typed; empty where the text names neither.

    Read before personal numbers are masked: an id of digits alone would look like one.
    """
    found = _POINT.search(text)
    quarter, _, area = found[0].partition("/") if found else ("", "", "")
    return f"{quarter.upper()}/{area.lower()}" if area else quarter.upper()


_Maker = Callable[[Sequence[DocumentRow]], Fact | None]
_SORTS: Mapping[str, tuple[_Maker, Callable[[DocumentRow], str]]] = {
    "declaration": (_declaration, _single),
    "declaration_confirmed": (_declaration, _single),
    "payment_plan": (_agreement, _single),
    "respite": (_agreement, _single),
    "final_decision": (_decision, _single),
    "final_decision_settled": (_decision, _single),
    "care_permit": (_permit, _per_service),
    "care_permit_sister": (_permit_of_sister, _per_holder),
    "care_permit_applied": (_permit_applied, _per_application),
    "power_of_attorney": (_power, _per_role),
    "owners_in_bid": (_owners, _single),
    "address_in_bid": (_address, _single),
    **{f"{kind}{what}": (_request, _per_point) for kind in ASKED_FOR for what in (_REQUESTED, _RECEIVED)},
}
"""Sort of document -> what makes the fact, and its scope key."""
