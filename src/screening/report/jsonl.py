"""findings.jsonl: one object per finding that stands or ended this time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from screening.config import Config
from screening.identity import mask_text
from screening.model import Finding, Supplier
from screening.store import Run, Store


def lines(store: Store, run: Run, config: Config) -> Iterator[str]:
    """Each finding of the run as one line of JSON, in the store's order."""
    suppliers = {supplier.id: supplier for supplier in store.suppliers(run.id)}
    for finding in store.findings(run.id):
        if finding.supplier_id not in suppliers and (gone := _gone(store, finding.supplier_id)) is not None:
            suppliers[finding.supplier_id] = gone
        document = record(finding, suppliers.get(finding.supplier_id), run, config.organisation.name)
        yield json.dumps(document, ensure_ascii=False, default=plain)


def _gone(store: Store, supplier_id: str) -> Supplier | None:
    """A supplier that an ended finding concerns and that is not in this run any more."""
    known = store.supplier(supplier_id)
    if known is None or known.identity is None:
        return None
    person = known.identity.is_person
    return Supplier(supplier_id, "person" if person else "organisation", known.identity, known.name)


def record(finding: Finding, supplier: Supplier | None, run: Run, organisation: str) -> dict[str, object]:
    """The finding under its public names; a person is a keyed hash, and numbers in names are masked."""
    return {
        "finding_id": finding.finding_id,
        "organisation": organisation,
        "period": run.period,
        "run_id": run.id,
        "supplier_id": supplier.public_id if supplier else finding.supplier_id,
        "supplier": mask_text(supplier.name) if supplier else "",
        "rule": finding.rule,
        "scope_key": finding.scope_key,
        "outcome": finding.outcome,
        "verdict": finding.verdict,
        "severity": finding.severity,
        "level": finding.level or None,
        "status": finding.status,
        "occurrence": finding.occurrence,
        "first_seen": finding.first_seen,
        "evidence": {**finding.evidence, "facts": [dict(fact) for fact in finding.facts]},
        "source": finding.source,
        "as_of": finding.as_of,
        "fetched_at": finding.fetched_at,
        "contracts": list(finding.contracts),
        "reason": finding.reason or None,
    }


def plain(value: object) -> object:
    """Dates as ISO text and money as a number.

    Raises:
        TypeError: anything else that JSON does not know.
    """
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    message = f"{type(value).__name__}: not a value of evidence"
    raise TypeError(message)
