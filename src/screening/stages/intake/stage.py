"""Reads every file of the run, joins what they say, and stores it with the count of every row.

Per file: rows = accepted + merged + rejected. A row is *accepted* when it became a contract, a supplier, spend, an
attestation or a document; *merged* when it says again what another row said; *rejected* with its reason otherwise. A row
whose supplier has no usable number is accepted, and shown among the rejects with a code ``identity.…`` that counts as none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from re import sub

from screening.adapters.table import size_of
from screening.adapters.table_texts import Refused, say
from screening.config import Config
from screening.exports import Export
from screening.identity import Identity
from screening.stages.intake.attestations import AttestationRow, merge_attestations, read_attestations
from screening.stages.intake.contracts import ContractRow, ListRow, merge_contracts, read_contracts, read_list
from screening.stages.intake.desk import MAX_NOTES, Desk, Digest, Part, Tally
from screening.stages.intake.documents import DocumentRow, merge_documents, read_documents
from screening.stages.intake.files import Found, Opened, Opener, find_files, is_lock
from screening.stages.intake.ledger import Ledger
from screening.stages.intake.mentions import Mentions, Resolved, resolve
from screening.stages.intake.monthly import MonthRow, merge_months, read_months
from screening.stages.intake.permits import PermitRow, merge_permits, read_permits
from screening.stages.intake.population import Ids, Population, doubtful_numbers, in_scope, masked_persons, write
from screening.store import InputFile, Reject, Run, Store

_SHRUNK = 0.7  # of last period's rows: a file with fewer is taken but doubtful
_REJECTS = 2_000  # rejected rows held before they are stored


def intake(store: Store, run: Run, config: Config, exports: Mapping[str, Export], home: Path, at: datetime) -> None:
    """Reads the files that ``[[intake]]`` names for the run's period and stores what they say.

    Whatever the run had from an earlier attempt is replaced. Needs no network.
    """
    store.begin_population(run.id)
    rejects = _Rejects(lambda rows: store.put_rejects(run.id, rows))
    files = read_files(run, config, exports, home, at, rejects.add, store.accepted(), store.is_finding)
    desk, resolved = files.desk, files.resolved
    ids = Ids(store, resolved.parties)
    people = files.rows.join(desk, resolved, ids)
    lists_alone = files.rows.ledger_rows == 0 and not files.rows.contracts
    scope = in_scope(desk, people, lists_alone=lists_alone)
    write(store, run.id, desk, people, scope=scope, ids=ids)
    rejects.add([*doubtful_numbers(desk, resolved, scope), *masked_persons(desk, people)])
    rejects.flush()
    files.note(people, lists_alone=lists_alone)
    before = store.predecessor(run)
    for file in files.inputs(store.inputs(before.id) if before is not None else []):
        store.put_input(run.id, file)


def read_files(
    run: Run,
    config: Config,
    exports: Mapping[str, Export],
    home: Path,
    at: datetime,
    put_rejects: Callable[[Sequence[Reject]], None],
    accepted: Mapping[tuple[str, str], Identity],
    is_finding: Callable[[str], bool],
) -> Files:
    """Every file of the run read and its suppliers told apart; nothing is stored but what ``put_rejects`` stores."""
    desk = Desk(config, run.as_of, at, Mentions(), put_rejects, is_finding)
    files = Files(desk, Opener(exports, config.organisation.orgnr, config.report.language))
    for found in find_files(config, home, run.period):
        files.take(found)
    files.resolved = resolve(desk.mentions, accepted, desk.as_of)
    return files


class _Rejects:
    """Rejected rows on their way to the store, a bounded number at a time."""

    def __init__(self, put: Callable[[Sequence[Reject]], None]) -> None:
        self._put = put
        self._held: list[Reject] = []

    def add(self, rows: Sequence[Reject]) -> None:
        self._held.extend(rows)
        if len(self._held) >= _REJECTS:
            self.flush()

    def flush(self) -> None:
        if self._held:
            self._put(self._held)
            self._held = []


@dataclass(slots=True)
class _Rows:
    """The rows of every file, by sort."""

    ledger: Ledger
    contracts: list[ContractRow] = field(default_factory=list)
    lists: list[ListRow] = field(default_factory=list)
    attestations: list[AttestationRow] = field(default_factory=list)
    documents: list[DocumentRow] = field(default_factory=list)
    permits: list[PermitRow] = field(default_factory=list)
    months: list[MonthRow] = field(default_factory=list)
    ledger_rows: int = 0

    def read(self, desk: Desk, part: Part) -> None:
        """Reads one sheet by its kind."""
        kind = part.export.kind
        if kind == "ledger":
            before = part.tally.accepted
            self.ledger.read(part)
            self.ledger_rows += part.tally.accepted - before
        elif kind == "contracts":
            self.contracts.extend(read_contracts(desk, part))
        elif kind == "suppliers":
            self.lists.extend(read_list(desk, part))
        elif kind == "attestations":
            self.attestations.extend(read_attestations(desk, part))
        elif kind == "permits":
            self.permits.extend(read_permits(desk, part))
        elif kind == "monthly":
            self.months.extend(read_months(desk, part))
        else:
            self.documents.extend(read_documents(desk, part))

    def join(self, desk: Desk, resolved: Resolved, ids: Ids) -> Population:
        """What the rows say together of each supplier."""
        of = resolved.party_of
        listed: set[int] = set()
        for row in self.lists:
            repeated = of[row.mention] in listed
            row.tally.merged += repeated
            row.tally.accepted += not repeated
            listed.add(of[row.mention])
        ids.prepare(list(dict.fromkeys(of[row.mention] for row in self.contracts)))
        people = Population(
            resolved,
            merge_contracts(self.contracts, of, ids, desk.say),
            self.ledger.paid(of),
            frozenset(listed),
            merge_documents(self.documents, of),
        )
        for (party, _), fact in merge_attestations(desk, self.attestations, of).items():
            people.facts.setdefault(party, []).append(fact)
        for facts in (merge_permits(self.permits, of), merge_months(self.months, of)):
            for party, of_scope in facts.items():
                people.of_scope.setdefault(party, []).extend(of_scope)
        for party, charged in self.ledger.vat.facts(of).items():
            people.of_scope.setdefault(party, []).append(charged)
        return people


@dataclass(slots=True)
class _File:
    """One file and what became of it."""

    name: str
    digest: Digest | None = None
    size: int = -1
    opened: Opened | None = None
    tally: Tally = field(default_factory=Tally)
    error: str = ""
    notes: list[str] = field(default_factory=list)
    same_as: _File | None = None

    @property
    def sha256(self) -> str:
        """The hash of its bytes; empty when there is no file or it cannot be read."""
        return self.digest.value if self.digest is not None else ""

    def holds_same_as(self, other: _File) -> bool:
        """Whether the bytes are the same; hashes are waited for only when the sizes are equal."""
        return not self.error and self.size == other.size and bool(self.sha256) and self.sha256 == other.sha256


class Files:
    """Every file of the run, read one after another."""

    def __init__(self, desk: Desk, opener: Opener) -> None:
        self.desk = desk
        self.resolved = Resolved([], [], [], (), {})
        self._opener = opener
        self._pool = ThreadPoolExecutor(1)
        self._files: list[_File] = []
        self._lock_notes: list[str] = []
        self.rows = _Rows(Ledger(desk))

    def take(self, found: Found) -> None:
        """Reads one file; what is wrong with it is kept as its error, and the rest goes on."""
        if found.path is None:
            self._files.append(_File(found.name, error=self.desk.say("no_files", pattern=found.name)))
            return
        if is_lock(found.path):
            self._lock_notes.append(self.desk.say("lock_file", file=found.path.name))
            return
        file = _File(found.name, Digest(found.path, self._pool), size_of(found.path))
        file.same_as = next((other for other in self._files if other.holds_same_as(file)), None)
        self._files.append(file)
        if file.same_as is not None:
            return
        try:
            self._read(file, found)
        except Refused as refused:
            file.error = refused.say(self.desk.language)

    def _read(self, file: _File, found: Found) -> None:
        assert found.path is not None
        assert file.digest is not None
        opened = self._opener.open(found.name, found.path, found.connector, tally=file.tally, digest=file.digest)
        file.opened = opened
        try:
            for part in opened.parts:
                before = file.tally.rows
                self.rows.read(self.desk, part)
                if part.sheet_name and len(opened.parts) > 1:
                    file.notes.append(
                        self.desk.say(
                            "sheet_read",
                            sheet=part.sheet_name,
                            connector=part.export.name,
                            rows=file.tally.rows - before,
                        )
                    )
        finally:
            opened.table.close()
        if file.tally.rows == 0:
            raise Refused("no_rows")

    def note(self, people: Population, *, lists_alone: bool) -> None:
        """What can be said of the files once all have been read."""
        for file in self._files:
            file.notes.extend(self._notes(file))
        if lists_alone and people.listed:
            for file in self._files:
                if file.opened is not None and any(part.export.kind == "suppliers" for part in file.opened.parts):
                    file.notes.append(self.desk.say("list_only"))
        general = [
            *self._lock_notes,
            *(self.desk.say("number_conflict", number=own) for own in people.resolved.conflicting),
        ]
        if general and self._files:
            self._files[0].notes.extend(_bounded(general, self.desk.language))

    def _notes(self, file: _File) -> list[str]:
        say_it, tally = self.desk.say, file.tally
        if file.same_as is not None:
            return [say_it("same_file", file=file.same_as.name)]
        notes = list(file.opened.notes) if file.opened is not None else []
        if tally.blank or tally.title or tally.header or tally.total:
            notes.append(
                say_it("skipped", blank=tally.blank, title=tally.title, header=tally.header, total=tally.total)
            )
        if tally.after:
            notes.append(say_it("after", count=tally.after, day=self.desk.as_of))
        notes.extend(
            say_it("value_unknown", column=column, count=count, meaning=meaning)
            for (column, meaning), count in tally.unknown_words.items()
        )
        return [*notes, *_bounded(list(dict.fromkeys(tally.conflicts)), self.desk.language)]

    def inputs(self, before: Sequence[InputFile]) -> list[InputFile]:
        """The files as the store keeps them; those that shrank since last period are marked doubtful."""
        done = [self._input(file) for file in self._files]
        earlier = _rows_by_series(before)
        now = _rows_by_series(done)
        return [
            item
            if (shrunk := _shrunk(item, now, earlier)) is None
            else _doubtful(item, self.desk.say("shrunk", **shrunk))
            for item in done
        ]

    def _input(self, file: _File) -> InputFile:
        tally, opened = file.tally, file.opened
        if (same := file.same_as) is not None:
            rows, opened = same.tally.rows, same.opened
            tally = Tally(rows=rows, merged=rows)
        return InputFile(
            name=file.name,
            sha256=file.sha256,
            connector=opened.connector if opened is not None else "",
            sheet_count=len(opened.parts) if opened is not None else 0,
            rows=tally.rows,
            accepted=tally.accepted,
            merged=tally.merged,
            rejected=tally.rejected,
            error=file.error,
            notes=tuple(file.notes),
        )


def _bounded(notes: Sequence[str], language: str) -> list[str]:
    """The first notes of a sort, and how many more there are."""
    if len(notes) <= MAX_NOTES:
        return list(notes)
    return [*notes[:MAX_NOTES], say("more", language, count=len(notes) - MAX_NOTES)]


# --- files that shrank ----------------------------------------------------------------------------------------------------
def _series(file: InputFile) -> tuple[str, str]:
    """What a file is called in every period: its connector, and its name without digits."""
    return file.connector, sub(r"\d+", "#", file.name)


def _rows_by_series(files: Sequence[InputFile]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for file in files:
        if not file.error:
            found[_series(file)] = found.get(_series(file), 0) + file.rows
    return found


def _shrunk(
    file: InputFile, now: Mapping[tuple[str, str], int], before: Mapping[tuple[str, str], int]
) -> dict[str, int] | None:
    """Rows now and before, when they are too few."""
    series = _series(file)
    if file.error or series not in before or now[series] >= _SHRUNK * before[series]:
        return None
    return {"now": now[series], "before": before[series]}


def _doubtful(file: InputFile, note: str) -> InputFile:
    return replace(file, doubtful=True, notes=(*file.notes, note))
