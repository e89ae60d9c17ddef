"""What another source says of a company's status than the register in first precedence: both are shown, and the newer authority wins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from screening.model import CompanyRecord, Credit, Dossier, Origin, Provenance, StatusElsewhere
from screening.rules import Judging
from screening.stages.derive_owners import SOURCE
from screening.store import Run, Store

LIVING = frozenset({"active", "aktiv", "aktivt", "1", "100"})
"""Words by which bureaus say that nothing is the matter."""


def statuses(store: Store, run: Run, judging: Judging, at: datetime) -> Iterator[tuple[str, StatusElsewhere]]:
    """For each supplier of whom two stored answers differ: what the other one says. Nothing is asked for it.

    Args:
        store: holds the answers.
        run: the run.
        judging: whether some rule looks at it, and which source comes first.
        at: the run's clock.
    """
    if StatusElsewhere.kind not in judging.kinds:
        return
    kinds = frozenset({CompanyRecord.kind, Credit.kind, StatusElsewhere.kind})
    for dossier in store.dossiers(run.id, kinds, run.as_of, judging.profiles.config.sources):
        rows = dossier.facts.get(CompanyRecord.kind)
        if not rows or not isinstance(rows[-1], CompanyRecord):
            continue
        record = rows[-1]
        came = Provenance(source=SOURCE, origin=Origin.FILE, as_of=run.as_of, fetched_at=at)
        found = max(_others(dossier, record, came), key=_weight, default=None)
        if found is not None:
            yield dossier.supplier.id, found
        elif dossier.facts.get(StatusElsewhere.kind):
            yield dossier.supplier.id, StatusElsewhere(provenance=came, differs=False)


def _others(dossier: Dossier, record: CompanyRecord, came: Provenance) -> Iterator[StatusElsewhere]:
    for kind, rows in dossier.facts.items():
        newest = rows[-1]
        if isinstance(newest, CompanyRecord) and kind != CompanyRecord.kind and _grave(newest) != _grave(record):
            yield StatusElsewhere(
                provenance=came,
                told_by=newest.provenance.source,
                holds_on=newest.provenance.held_on,
                authority=newest.provenance.origin is Origin.AUTHORITY,
                state=newest.state,
                deregistered_on=newest.deregistered_on,
                deregistration_reason=newest.deregistration_reason,
                proceedings=newest.proceedings,
            )
        elif isinstance(newest, Credit) and newest.company_status:
            living = newest.company_status.strip().casefold() in LIVING
            if living and _grave(record):
                yield StatusElsewhere(
                    provenance=came,
                    told_by=newest.provenance.source,
                    holds_on=newest.provenance.held_on,
                    text=newest.company_status,
                )


def _grave(record: CompanyRecord) -> frozenset[str]:
    """What is the matter with the company by one answer; empty for nothing."""
    ended = frozenset({record.state}) if record.state != "registered" else frozenset[str]()
    return ended | {item.code for item in record.proceedings if item.ended_on is None}


def _weight(item: StatusElsewhere) -> tuple[bool, object, str]:
    """Authorities before bureaus, the newest first."""
    return item.authority, item.holds_on, item.told_by
