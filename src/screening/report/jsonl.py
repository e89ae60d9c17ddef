"""findings.jsonl: one object per finding that stands or ended this time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal

from screening.config import Config
from screening.identity import mask_text
from screening.model import Finding, Supplier
from screening.store import Run, Store

NAMES = ".names"
"""Whom the findings of a run are about, kept with its sheets: numbers may be corrected, and names change, after it."""

_EXACT = frozenset({
    "id", "run_id", "finding_id", "sha256", "previous_sha256", "raw_sha256", "file_sha256", "raw_file",
    "as_of", "fetched_at", "confirmed_at",
})  # fmt: skip
"""Keys whose values are ours and stay as they are: a hash may look like a personal number by accident."""


def lines(store: Store, run: Run, config: Config) -> Iterator[str]:
    """Each finding of the run as one line of JSON, in the store's order."""
    names = _kept(store, run) or dict(_names(store, run))
    for finding in store.findings(run.id):
        document = record(finding, None, run, config.organisation.name)
        number, name = names.get(finding.supplier_id, (finding.supplier_id, ""))
        yield json.dumps(document | {"supplier_id": number, "supplier": name}, ensure_ascii=False, default=plain)


def keep_names(store: Store, run: Run) -> None:
    """Keeps whom the run's findings are about."""
    rows = ((supplier_id, number, name) for supplier_id, (number, name) in _names(store, run))
    store.put_sheet(run.id, NAMES, ("supplier", "supplier_id", "name"), rows)


def _kept(store: Store, run: Run) -> dict[str, tuple[str, str]]:
    """What was kept; nothing for a run of an older version."""
    try:
        _columns, rows = store.sheet(run.id, NAMES)
    except KeyError:
        return {}
    return {str(row[0]): (str(row[1]), str(row[2])) for row in rows}


def _names(store: Store, run: Run) -> Iterator[tuple[str, tuple[str, str]]]:
    """Internal id -> public id and name, of every supplier that the run has a finding about."""
    wanted = {finding.supplier_id for finding in store.findings(run.id)}
    for supplier in store.suppliers(run.id):
        if supplier.id in wanted:
            wanted.remove(supplier.id)
            yield supplier.id, (supplier.public_id, mask_text(supplier.name))
    for supplier_id in sorted(wanted):
        if (gone := _gone(store, supplier_id)) is not None:
            yield supplier_id, (gone.public_id, mask_text(gone.name))


def _gone(store: Store, supplier_id: str) -> Supplier | None:
    """A supplier that an ended finding concerns and that is not in this run any more."""
    known = store.supplier(supplier_id)
    if known is None or known.identity is None:
        return None
    person = known.identity.is_person
    return Supplier(supplier_id, "person" if person else "organisation", known.identity, known.name)


def record(finding: Finding, supplier: Supplier | None, run: Run, organisation: str) -> dict[str, object]:
    """The finding under its public names; a person is a keyed hash, and numbers in texts are masked."""
    return {
        "finding_id": finding.finding_id,
        "organisation": organisation,
        "period": run.period,
        "run_id": run.id,
        "supplier_id": supplier.public_id if supplier else finding.supplier_id,
        "supplier": mask_text(supplier.name) if supplier else "",
        "rule": finding.rule,
        "scope_key": mask_text(finding.scope_key),
        "outcome": finding.outcome,
        "verdict": finding.verdict,
        "severity": finding.severity,
        "level": finding.level or None,
        "status": finding.status,
        "occurrence": finding.occurrence,
        "first_seen": finding.first_seen,
        "evidence": masked({**finding.evidence, "facts": [dict(fact) for fact in finding.facts]}),
        "source": finding.source,
        "as_of": finding.as_of,
        "fetched_at": finding.fetched_at,
        "contracts": [mask_text(item) for item in finding.contracts],
        "reason": finding.reason or None,
    }


def masked(value: object, name: str = "") -> object:
    """The same without personal numbers in any text that is not ours, also those written as numbers."""
    if isinstance(value, str):
        return value if name in _EXACT else mask_text(value)
    if isinstance(value, Mapping):
        return {mask_text(str(key)): masked(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [masked(item, name) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and name not in _EXACT:
        return value if mask_text(str(value)) == str(value) else mask_text(str(value))
    return value


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
