"""What stands behind a flag, or all that a run said of a supplier: read from the store, judged by nobody again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from screening.config import Config, Profile
from screening.errors import UsageError
from screening.model import Contract, Dossier, Fact, Finding, Judged, Phase, Supplier, SupplierKind
from screening.report.past import Past, past
from screening.report.ruletexts import RuleTexts, titles
from screening.rules import Profiles, legal_form
from screening.store import AuditEntry, Decision, Run, Store

REGISTER = "company_record"
_FINDING = re.compile(r"[A-Za-z]{3}-\d{2}-\w+")
_OWN = frozenset({"evidence", "report"})
"""Lines of the audit log about papers that were made later: they are no part of what the flag rests on."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One subject in one run.

    Attributes:
        subject: the finding's id, or the supplier's as reports show it.
        finding: the finding itself; ``None`` when the subject is a supplier.
        run: the run that is told of.
        past: the rules and configuration that it used.
        findings: the flag, or the supplier's flags in that run.
        lives: finding id -> every state of it with its run, oldest first.
        unknowns: the supplier's verdicts that could not be reached; none when the subject is a flag.
        expected: the rules that were expected of the supplier, by id, with the profile of each.
        facts: what was looked at, with the ids of the flags that rest on it.
        confirming: fact -> hashes of the newest equal answers, which show that it still held at ``confirmed_at``.
        decisions: what people wrote about the findings.
        log: the lines of the audit log that concern the runs and decisions.
    """

    subject: str
    finding: Finding | None
    run: Run
    past: Past
    supplier: Supplier
    contracts: tuple[Contract, ...]
    findings: tuple[Finding, ...]
    lives: Mapping[str, tuple[tuple[Run, Finding], ...]]
    unknowns: tuple[Judged, ...]
    expected: Mapping[str, Profile]
    facts: tuple[tuple[Fact, tuple[str, ...]], ...]
    confirming: Mapping[Fact, tuple[str, ...]]
    decisions: tuple[Decision, ...]
    log: tuple[AuditEntry, ...]

    @property
    def words(self) -> RuleTexts:
        """The texts of the run's own rules, on its own day and in its language."""
        language = self.past.config.report.language
        without: Phase = "tender" if self.run.kind == "case" else "payment"
        return RuleTexts(self.past.rules, self.run.as_of, language, titles(self.past.texts), without=without)

    def concerned(self, finding: Finding) -> tuple[Contract, ...]:
        """The contracts that a finding concerns; all of the supplier's where it names none."""
        return tuple(item for item in self.contracts if not finding.contracts or item.id in finding.contracts)


def gather(
    store: Store, config: Config, subject: str, supplier_of: Callable[[str], str], run_id: str | None = None
) -> Evidence:
    """Everything that the store holds behind a flag, or about a supplier in one run.

    A check before a contract is told only where it is named, or no monthly run knows the subject: who has bid is secret.

    Args:
        store: holds runs, facts and answers.
        config: today's; the run's own goes before it.
        subject: a finding id such as ``SKA-01-7F3K9Q2M``, or a supplier in any spelling.
        supplier_of: the internal id of a supplier that a user named.
        run_id: the run to tell of; the newest one that has the subject unless given.

    Raises:
        UsageError: no such finding, supplier or run.
    """
    written = subject.strip().upper()
    states = store.finding(written)
    if not states and _FINDING.fullmatch(written):
        message = f"{subject}: ingen sådan flagga finns; ange ett Flagg-ID ur en rapport eller ett organisationsnummer"
        raise UsageError(message)
    if states:
        run, finding = _state(states, subject, run_id)
        same = [item for item in states if item[0].kind == run.kind and _not_after(item[0], run)]
        return _of_finding(store, config, run, finding, same if run.kind == "monthly" else [(run, finding)])
    supplier_id = supplier_of(subject)
    return _of_supplier(store, config, _run_with(store, supplier_id, subject, run_id), supplier_id)


def _state(states: Sequence[tuple[Run, Finding]], subject: str, run_id: str | None) -> tuple[Run, Finding]:
    if run_id is not None:
        found = next((item for item in states if item[0].id == run_id), None)
        if found is None:
            told = ", ".join(run.id for run, _finding in states)
            message = f"--run {run_id}: flaggan {subject} finns inte i den körningen; ange en av {told}"
            raise UsageError(message)
        return found
    monthly = [item for item in states if item[0].kind == "monthly"]
    standing = [item for item in monthly or states if item[0].replaced_by is None]
    return (standing or monthly or states)[-1]


def _not_after(run: Run, chosen: Run) -> bool:
    """Whether a run belongs to the life as it was in the chosen one; replaced runs are no part of it."""
    return run.id == chosen.id or (run.replaced_by is None and run.period < chosen.period)


def _run_with(store: Store, supplier_id: str, subject: str, run_id: str | None) -> Run:
    finished = [item for kind in ("monthly", "case") for item in store.runs(kind=kind) if item.finished is not None]
    if run_id is not None:
        finished = [item for item in finished if item.id == run_id]
    else:
        finished = [item for item in finished if item.replaced_by is None]
    found = next((item for item in finished if store.supplier_in(item.id, supplier_id) is not None), None)
    if found is None:
        where = f"körningen {run_id}" if run_id is not None else "någon klar körning"
        message = f"{subject}: finns inte i {where}; ange ett Flagg-ID ur en rapport eller en leverantör i den"
        raise UsageError(message)
    return found


# --- one flag -----------------------------------------------------------------------------------------------------------
def _of_finding(
    store: Store, config: Config, run: Run, finding: Finding, states: Sequence[tuple[Run, Finding]]
) -> Evidence:
    """The flag with the facts behind it: those of this run's verdict, and of the last one that flagged it."""
    own = past(store, run, config)
    supplier = _supplier(store, [state[0] for state in reversed(states)], finding.supplier_id)
    flagged = next((item.id for item, state in reversed(states) if state.verdict == "flag"), run.id)
    facts: list[Fact] = []
    for one in dict.fromkeys((flagged, run.id)):
        for judged in store.judged(one, finding.supplier_id):
            if (judged.rule, judged.scope_key) == (finding.rule, finding.scope_key):
                facts += [fact for fact in judged.verdict.facts if fact not in facts]
    decisions = tuple(store.decisions(finding.finding_id))
    runs = [item.id for item, _state in states]
    contracts = _contracts(store, [run.id, *reversed(runs)], finding.supplier_id)
    return Evidence(
        subject=finding.finding_id,
        finding=finding,
        run=run,
        past=own,
        supplier=supplier,
        contracts=contracts,
        findings=(finding,),
        lives={finding.finding_id: tuple(states)},
        unknowns=(),
        expected=_expected(store, own, run, supplier.id),
        facts=tuple((fact, (finding.finding_id,)) for fact in facts),
        confirming=_confirming(store, finding.supplier_id, facts),
        decisions=decisions,
        log=_log(store, runs, decisions, [finding.finding_id]),
    )


# --- one supplier -------------------------------------------------------------------------------------------------------
def _of_supplier(store: Store, config: Config, run: Run, supplier_id: str) -> Evidence:
    """All that the run knew of the supplier: flags, what could not be judged, and every fact that a rule may look at."""
    own = past(store, run, config)
    supplier = _supplier(store, [run], supplier_id)
    findings = tuple(item for item in store.findings_of(run.id, supplier_id) if item.outcome == "flag")
    judged = list(store.judged(run.id, supplier_id))
    flags = {(item.rule, item.scope_key): item.finding_id for item in findings}
    behind: list[tuple[Fact, tuple[str, ...]]] = []
    for fact in [*_looked_at(store, own, run, supplier_id), *(fact for item in judged for fact in item.verdict.facts)]:
        if all(fact != other for other, _ids in behind):
            ids = {flags.get((item.rule, item.scope_key), "") for item in judged if fact in item.verdict.facts}
            behind.append((fact, tuple(sorted(ids - {""}))))
    lives = {item.finding_id: _life(store, run, item) for item in findings}
    decisions = tuple(decision for item in findings for decision in store.decisions(item.finding_id))
    runs = dict.fromkeys([*(state[0].id for life in lives.values() for state in life), run.id])
    return Evidence(
        subject=supplier.public_id,
        finding=None,
        run=run,
        past=own,
        supplier=supplier,
        contracts=_contracts(store, [run.id], supplier_id),
        findings=findings,
        lives=lives,
        unknowns=tuple(item for item in judged if item.verdict.outcome == "unknown"),
        expected=_expected(store, own, run, supplier_id),
        facts=tuple(behind),
        confirming=_confirming(store, supplier_id, [fact for fact, _ids in behind]),
        decisions=decisions,
        log=_log(store, runs, decisions, flags.values()),
    )


def _life(store: Store, run: Run, finding: Finding) -> tuple[tuple[Run, Finding], ...]:
    if run.kind != "monthly":
        return ((run, finding),)
    states = store.finding(finding.finding_id)
    return tuple(item for item in states if item[0].kind == "monthly" and _not_after(item[0], run))


def _looked_at(store: Store, own: Past, run: Run, supplier_id: str) -> list[Fact]:
    """The newest fact per kind, source and scope key that the run's rules may look at, as known on its day."""
    newest: dict[tuple[str, str, str], Fact] = {}
    for dossier in _dossiers(store, own, run, supplier_id):
        for rows in dossier.facts.values():
            for fact in rows:  # oldest first
                newest[fact.kind, fact.provenance.source, fact.scope_key] = fact
    return [fact for _key, fact in sorted(newest.items(), key=lambda item: item[0])]


# --- shared -------------------------------------------------------------------------------------------------------------
def _dossiers(store: Store, own: Past, run: Run, supplier_id: str) -> Iterable[Dossier]:
    kinds = frozenset({REGISTER}).union(*(rule.kinds for rule in own.rules.values()))
    return store.dossiers(run.id, kinds, run.as_of, own.config.sources, supplier_ids=[supplier_id])


def _expected(store: Store, own: Past, run: Run, supplier_id: str) -> Mapping[str, Profile]:
    """The rules expected of the supplier in that run with the profile that names each; none where they cannot be read."""
    if own.unread:
        return {}
    profiles = Profiles(own.config, own.rules)
    for dossier in _dossiers(store, own, run, supplier_id):
        form = legal_form(dossier)
        found = profiles.expected(dossier.supplier, dossier.contracts, dossier.spend, form, run.as_of)
        return {name: item.profile for name, item in sorted(found.rules.items())}
    return {}


def _confirming(store: Store, supplier_id: str, facts: Iterable[Fact]) -> Mapping[Fact, tuple[str, ...]]:
    found = {fact: store.confirming(supplier_id, fact) for fact in facts if fact.provenance.confirmed_at is not None}
    return {fact: digests for fact, digests in found.items() if digests}


def _supplier(store: Store, runs: Iterable[Run], supplier_id: str) -> Supplier:
    """The supplier as the newest of the runs had it; as the store remembers it where it is in none of them."""
    for run in runs:
        if (found := store.supplier_in(run.id, supplier_id)) is not None:
            return found
    known = store.supplier(supplier_id)
    identity = None if known is None else known.identity
    kind: SupplierKind = "unidentified" if identity is None else "person" if identity.is_person else "organisation"
    return Supplier(supplier_id, kind, identity, "" if known is None else known.name)


def _contracts(store: Store, runs: Iterable[str], supplier_id: str) -> tuple[Contract, ...]:
    for run_id in runs:
        if found := store.contracts(run_id, supplier_id):
            return found
    return ()


def _log(
    store: Store, runs: Iterable[str], decisions: Iterable[Decision], findings: Iterable[str]
) -> tuple[AuditEntry, ...]:
    names = {*runs, *findings, *(item.file_sha for item in decisions)} - {""}
    told = tuple(f'"{name}"' for name in names)
    lines = store.audit_log()
    return tuple(item for item in lines if item.action not in _OWN and any(name in item.detail for name in told))
