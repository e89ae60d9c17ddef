"""Requests to suppliers as facts: those that workbooks tell of, and the replies that close exactly what they answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from screening.exports import ASKED_FOR
from screening.model import DocumentRequest, Dossier, Fact, Origin, Provenance
from screening.rules.evidence import current
from screening.store import Decision, FollowUp, Run, Store

REQUEST = DocumentRequest.kind
EXPLANATION = "explanation"
STATEMENT_ASKED = "Yttrande begärt"
UNDER_WAY = frozenset({"", "Under utredning", STATEMENT_ASKED})
"""Assessments that do not tell that the supplier has answered."""
ABSENT = frozenset({"none", "refused"})
"""States of a document that say that it is not there."""


def told_in_workbooks(store: Store, run: Run, source: str, at: datetime) -> Iterator[tuple[str, Fact]]:
    """A request for each *Begärd den* of *Ej bedömbara* and each *Yttrande begärt* of *Flaggor*, by the run's period.

    Args:
        store: holds what people wrote.
        run: the run.
        source: the connector whose facts requests are, so that a supplier's all stand together.
        at: the run's clock.
    """
    for (supplier_id, thing), item in sorted(store.follow_ups(run.period).items()):
        if thing in ASKED_FOR and item.requested_on is not None and item.requested_on <= run.as_of:
            came = _came(source, item, item.requested_on, at)
            yield supplier_id, _request(came, thing, thing, item.requested_on, item.reply_by)
    for finding_id, decision in sorted(store.newest_decisions(run.period).items()):
        about = _supplier(store, finding_id) if decision.assessment == STATEMENT_ASKED else None
        if about is not None:
            asked_on = min(decision.at.date(), run.as_of)
            came = _came(source, decision, asked_on, at)
            scope_key = f"{EXPLANATION}/{finding_id}"
            yield about, _request(came, EXPLANATION, scope_key, asked_on, decision.reply_by)


def _request(came: Provenance, kind: str, scope_key: str, asked_on: date, reply_by: date | None) -> DocumentRequest:
    return DocumentRequest(
        provenance=came, scope_key=scope_key, requested_on=asked_on, for_kind=kind, reply_by_on=reply_by
    )


def _came(source: str, written: FollowUp | Decision, on: date, at: datetime) -> Provenance:
    return Provenance(
        source=source,
        origin=Origin.FILE,
        as_of=on,
        fetched_at=at,
        request_ref=written.place,
        raw_sha256=written.file_sha,
    )


def _supplier(store: Store, finding_id: str) -> str | None:
    states = store.finding(finding_id)
    return states[-1][1].supplier_id if states else None


def replies(store: Store, run: Run, sources: Iterable[str], at: datetime) -> Iterator[tuple[str, Fact]]:
    """The open requests that something has answered since: the same request with the day of the reply.

    A document of the kind closes the request for it, whatever it shows: one dated, or first met, on the day of the request
    or later; of attestations, that of the quarter and area where the request names them. An explanation is closed by
    hand, in the file or by an assessment in the workbook.
    """
    ids: set[str] = set()
    for source in sources:
        ids |= store.fresh(source, REQUEST, datetime.min.replace(tzinfo=UTC))
    if not ids:
        return
    decisions = store.newest_decisions(run.period)
    for dossier in store.dossiers(run.id, frozenset({REQUEST, *ASKED_FOR}), run.as_of, {}, supplier_ids=ids):
        for request in _open(dossier):
            if (reply := _reply(dossier, request, decisions, run.as_of)) is not None:
                came = replace(reply, source=request.provenance.source, origin=Origin.FILE, fetched_at=at)
                yield dossier.supplier.id, replace(request, provenance=came, received_on=came.as_of)


def _open(dossier: Dossier) -> list[DocumentRequest]:
    rows = (row for kind, rows in dossier.facts.items() if kind.partition("@")[0] == REQUEST for row in current(rows))
    return [row for row in rows if isinstance(row, DocumentRequest) and row.received_on is None]


def _reply(
    dossier: Dossier, request: DocumentRequest, decisions: Mapping[str, Decision], today: date
) -> Provenance | None:
    """Where the reply stands, dated the day from which it was there; ``None`` when there is none."""
    point = request.scope_key.partition("/")[2]
    if request.for_kind == EXPLANATION:
        decision = decisions.get(point)
        if decision is None or decision.assessment in UNDER_WAY or decision.at.date() < request.requested_on:
            return None
        return _came("", decision, min(decision.at.date(), today), decision.at)
    for kind, rows in dossier.facts.items():
        if kind.partition("@")[0] != request.for_kind:
            continue
        for row in current(rows):
            met_on = max(row.provenance.as_of, row.provenance.fetched_at.date())
            named = not point or row.scope_key == point
            if named and getattr(row, "state", None) not in ABSENT and met_on >= request.requested_on:
                dated = row.provenance.as_of
                return replace(row.provenance, as_of=dated if dated >= request.requested_on else met_on)
    return None
