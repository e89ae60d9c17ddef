"""Stage 4: "we looked and there is none" as facts, for what is owed and not in a file; and what spans suppliers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from screening.checks._quarters import end
from screening.config import Config, LawArea
from screening.model import Contract, Declaration, Dossier, Fact, Origin, Provenance, RecordCheckAttestation
from screening.rules import Expectation, Judging, Rule
from screening.rules.profiles import owes_attestation, ran_in
from screening.stages.derive_names import hits_gone, names_elsewhere
from screening.stages.derive_owners import ownership, shared_addresses, successors
from screening.stages.derive_permits import permits_missing
from screening.stages.derive_requests import replies, told_in_workbooks
from screening.stages.derive_roles import supplier_roles
from screening.stages.derive_status import statuses
from screening.store import InputFile, Run, Store

DECLARATION = Declaration.kind
ATTESTATION = RecordCheckAttestation.kind
_IN_NAME = re.compile(r"(20\d\d)[-_ ]?(?:q|kv)[-_ ]?([1-4])", re.IGNORECASE)


class ExportKind(Protocol):
    """What deriving needs to know of an export connector: the kind of file that it reads."""

    @property
    def kind(self) -> str:
        """contracts, suppliers, ledger, attestations, documents, permits or monthly."""
        ...


@dataclass(frozen=True, slots=True)
class _Read:
    """The files of one kind that this run read: the first well read one, or a doubtful one."""

    file: InputFile
    doubtful: bool


def derive(
    store: Store, run: Run, config: Config, rules: Mapping[str, Rule], exports: Mapping[str, ExportKind], at: datetime
) -> None:
    """Notes for every supplier which declaration, attestation or permit is owed and was in no file of its kind.

    Only where a file of the kind was read in this run; where that file is doubtful (it shrank), the gap says so instead:
    half a file must not accuse the other half.

    Args:
        store: holds the run's files and population.
        run: the run.
        config: profiles: who owes what.
        rules: which facts their checks use.
        exports: export connectors by name.
        at: the run's clock.
    """
    judging = Judging(rules, config, run.as_of)
    store.put_all_facts(run.id, list(names_elsewhere(store, run, judging, at)), at)
    store.put_all_facts(run.id, list(hits_gone(store, run, judging)), at)
    for spanning in (shared_addresses, ownership, successors, statuses, supplier_roles):
        store.put_all_facts(run.id, list(spanning(store, run, judging, at)), at)
    case_files = sorted(name for name, export in exports.items() if export.kind == "documents")
    if case_files:
        store.put_all_facts(run.id, list(told_in_workbooks(store, run, case_files[0], at)), at)
        store.put_all_facts(run.id, list(replies(store, run, case_files, at)), at)
    registers = [read.file for read in _files(store, run, exports, "permits")]
    store.put_all_facts(run.id, list(permits_missing(store, run, judging, registers, at)), at)
    documents = _files(store, run, exports, "documents")
    attestations = _files(store, run, exports, "attestations")
    if not documents and not attestations:
        return
    quarters = _quarters(store, run, attestations)
    facts: list[tuple[str, Fact]] = []
    for dossier in store.dossiers(run.id, judging.register_kinds | {DECLARATION, ATTESTATION}, run.as_of, {}):
        if dossier.supplier.kind == "unidentified":
            continue
        expectation = judging.expectation(dossier)
        if documents and _owes(expectation, DECLARATION) and not _has(dossier, DECLARATION, ""):
            read = documents[0]
            if read.doubtful:
                store.put_gap(run.id, dossier.supplier.id, DECLARATION, read.file.connector, "doubtful", "", at)
            else:
                facts.append(
                    (dossier.supplier.id, Declaration(provenance=_came(read.file, run.as_of, at), state="none"))
                )
        for quarter, area, read in _missing(expectation, dossier, quarters):
            if read.doubtful:
                store.put_gap(run.id, dossier.supplier.id, ATTESTATION, read.file.connector, "doubtful", quarter, at)
            else:
                facts.append((dossier.supplier.id, _no_attestation(read.file, quarter, area, at)))
    store.put_all_facts(run.id, facts, at)


# --- which files -------------------------------------------------------------------------------------------------------
def _files(store: Store, run: Run, exports: Mapping[str, ExportKind], kind: str) -> list[_Read]:
    """The files of a kind that could be read, well read ones first."""
    found = [
        _Read(item, item.doubtful)
        for item in store.inputs(run.id)
        if not item.error and item.connector in exports and exports[item.connector].kind == kind
    ]
    return sorted(found, key=lambda read: read.doubtful)


def _quarters(store: Store, run: Run, reads: list[_Read]) -> Mapping[str, _Read]:
    """Quarter -> a file that was read for it: named in the file's name, or in a row that became a fact."""
    found: dict[str, _Read] = {}
    for read in reads:
        if (name := _IN_NAME.search(read.file.name)) is not None:
            found.setdefault(f"{name[1]}Q{name[2]}", read)
    by_hash = {read.file.sha256: read for read in reversed(reads)}
    if reads:
        for dossier in store.dossiers(run.id, frozenset({ATTESTATION}), run.as_of, {}):
            for fact in dossier.facts.get(ATTESTATION, ()):
                read_for = by_hash.get(fact.provenance.raw_sha256)
                if read_for is not None and isinstance(fact, RecordCheckAttestation):
                    found.setdefault(fact.quarter, read_for)
    return {quarter: read for quarter, read in sorted(found.items()) if end(quarter) <= run.as_of}


# --- who owes what -----------------------------------------------------------------------------------------------------
def _owes(expectation: Expectation, kind: str) -> bool:
    """Whether some rule expected of the supplier uses the kind, for a contract that it can concern."""
    return any(
        kind in expected.rule.binding.kinds and expected.contracts and expected.concerned
        for expected in expectation.rules.values()
    )


def _has(dossier: Dossier, kind: str, scope_key: str) -> bool:
    """Whether a document is there; an earlier note that there was none is none."""
    return any(
        getattr(fact, "state", "none") != "none"
        for fact in dossier.facts.get(kind, ())
        if not scope_key or fact.scope_key == scope_key
    )


def _missing(
    expectation: Expectation, dossier: Dossier, quarters: Mapping[str, _Read]
) -> Iterator[tuple[str, LawArea, _Read]]:
    """(quarter, area, file) of each attestation that is owed and was not in the quarter's file."""
    contracts: dict[LawArea, dict[str, Contract]] = defaultdict(dict)
    for expected in expectation.rules.values():
        if ATTESTATION in expected.rule.binding.kinds:
            for contract, profile in expected.contracts:
                if profile.record_check is not None and owes_attestation(contract, profile):
                    contracts[profile.record_check][contract.id] = contract
    for quarter, read in quarters.items():
        for area, owing in sorted(contracts.items()):
            during = any(ran_in(contract, quarter) for contract in owing.values())
            if during and not _has(dossier, ATTESTATION, f"{quarter}/{area}"):
                yield quarter, area, read


# --- facts -------------------------------------------------------------------------------------------------------------
def _came(file: InputFile, as_of: date, at: datetime) -> Provenance:
    return Provenance(
        source=file.connector,
        origin=Origin.FILE,
        as_of=as_of,
        fetched_at=at,
        request_ref=file.name,
        raw_sha256=file.sha256,
    )


def _no_attestation(file: InputFile, quarter: str, area: LawArea, at: datetime) -> RecordCheckAttestation:
    """None for the quarter. It is dated the quarter's last day, so that an attestation handed in late stands after it."""
    return RecordCheckAttestation(
        provenance=_came(file, end(quarter), at),
        scope_key=f"{quarter}/{area}",
        state="none",
        quarter=quarter,
        area=area,
    )
