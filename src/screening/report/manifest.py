"""manifest.json: what a run used, asked, found, and did not get."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256

from screening.config import Config
from screening.model import SEVERITIES
from screening.report.desk import lay_out
from screening.report.jsonl import plain
from screening.rules import Rule
from screening.store import Run, Store


def manifest(
    store: Store,
    run: Run,
    config: Config,
    rules: Mapping[str, Rule],
    *,
    incomplete: Sequence[str],
    at_or_above: int,
) -> dict[str, object]:
    """The manifest of a run that has been judged and compared.

    Args:
        store: holds the run.
        run: the run with the state, time and exit code that it ends with.
        config: the workspace; a supplier outside every profile does not count as checked.
        rules: the rules that judged.
        incomplete: what the run set out to get and did not, one sentence each; empty when it got all.
        at_or_above: how many standing flags there are at or above ``--fail-on``.
    """
    desk = lay_out(store, run, config, rules, {})
    standing = Counter(flag.severity for flags in desk.flags.values() for flag in flags)
    in_scope = unidentified = checked = 0
    for case in desk.cases(frozenset({"company_record"})):
        in_scope += 1
        unidentified += case.supplier.kind == "unidentified"
        checked += case.checked
    return {
        "run_id": run.id,
        "kind": run.kind,
        "period": run.period,
        "as_of": run.as_of.isoformat(),
        "state": run.state,
        "started": run.started.isoformat(),
        "finished": run.finished.isoformat() if run.finished else None,
        "version": run.version,
        "inputs": [
            {
                "name": item.name,
                "sha256": item.sha256,
                "connector": item.connector,
                "rows": item.rows,
                "accepted": item.accepted,
                "merged": item.merged,
                "rejected": item.rejected,
            }
            for item in store.inputs(run.id)
        ],
        "rules": {
            name: sha256(text.encode()).hexdigest()
            for (kind, name), text in sorted(store.texts(run.id).items())
            if kind == "rule"
        },
        "connectors": _connectors(store, run),
        "suppliers": {"in_scope": in_scope, "fully_checked": checked, "unidentified": unidentified},
        "coverage": {rule: dict(counts) for rule, counts in sorted(store.coverage(run.id).items())},
        "findings": {severity: standing[severity] for severity in SEVERITIES},
        "incomplete": list(incomplete),
        "at_or_above": at_or_above,
        "exit": run.exit,
    }


def _connectors(store: Store, run: Run) -> dict[str, dict[str, object]]:
    doubted = store.doubted(run.id)
    return {
        name: {
            "asked": counts.asked,
            "answered": counts.answered,
            "from_store": counts.from_store,
            "failed": counts.failed,
            "calls": counts.calls,
            "in_doubt": counts.in_doubt,
            "cost_sek": counts.cost_ore / 100,
            "doubtful": name in doubted,
        }
        for name, counts in sorted(store.calls(run.id).items())
    }


def dump(document: Mapping[str, object]) -> str:
    """The manifest as text that a person can read too."""
    return json.dumps(document, ensure_ascii=False, indent=2, default=plain)
