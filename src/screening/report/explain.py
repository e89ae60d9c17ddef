"""Why a finding stands, or why a supplier was or was not flagged: judged again from what the store held on that day."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from screening.config import Config
from screening.errors import UsageError
from screening.report.texts import SEVERITY, STATUS, Language, word
from screening.rules import Judging, Rule
from screening.rules.explain import explain, lines
from screening.store import Run, Store

_FINDING = re.compile(r"[A-Za-z]{3}-\d{2}-\w+")


def explain_lines(
    store: Store,
    config: Config,
    rules: Mapping[str, Rule],
    precedence: Mapping[str, tuple[str, ...]],
    subject: str,
    supplier_of: Callable[[str], str],
) -> list[str]:
    """The reasoning about a finding id, or about every expected rule of a supplier, in its newest run.

    A check before a contract is told only where no monthly run knows the finding or supplier.

    Args:
        store: holds runs and facts.
        config: the workspace.
        rules: as they are now; the run's own texts are kept with the run.
        precedence: kind -> sources, first choice first.
        subject: a finding id such as ``SKA-01-7F3K9Q2M``, or a supplier in any spelling.
        supplier_of: the internal id of a supplier that a user named.

    Raises:
        UsageError: no such finding or supplier.
    """
    language: Language = config.report.language
    states = store.finding(subject.strip().upper())
    states = [item for item in states if item[0].kind == "monthly"] or states  # who has bid is secret until award
    if states:
        run, finding = states[-1]
        told = [
            f"{period.period}: {word(SEVERITY, item.severity or '', language)} {word(STATUS, item.status, language)}".strip()
            for period, item in states
            if not period.replaced_by
        ]
        reasoning = _judged(store, config, rules, precedence, run, finding.supplier_id, finding.rule, finding.scope_key)
        return [f"{finding.finding_id}", *reasoning, "", *told]
    if _FINDING.fullmatch(subject.strip()):
        message = f"{subject}: ingen sådan flagga finns; ange ett Flagg-ID ur en rapport eller ett organisationsnummer"
        raise UsageError(message)
    supplier_id = supplier_of(subject)
    for run in (*store.runs(kind="monthly"), *store.runs(kind="case")):
        if run.state == "running":
            continue
        found = _judged(store, config, rules, precedence, run, supplier_id)
        if found:
            return [f"{run.id}, {run.as_of}", "", *found]
    message = f"{subject}: finns inte i någon klar körning; ange ett Flagg-ID ur en rapport eller en leverantör i den"
    raise UsageError(message)


def _judged(
    store: Store,
    config: Config,
    rules: Mapping[str, Rule],
    precedence: Mapping[str, tuple[str, ...]],
    run: Run,
    supplier_id: str,
    rule: str | None = None,
    scope_key: str | None = None,
) -> list[str]:
    judging = Judging(rules, config, run.as_of)
    language: Language = config.report.language
    found: list[str] = []
    for dossier in store.dossiers(run.id, judging.kinds, run.as_of, precedence, supplier_ids=[supplier_id]):
        identity = dossier.supplier.identity
        found += [f"{dossier.supplier.name}  {identity.display if identity is not None else ''}".strip(), ""]
        found += lines(explain(judging, dossier, language, rule, scope_key), language)
    return found
