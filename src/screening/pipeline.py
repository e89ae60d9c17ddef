"""The order: intake, plan, collect, derive, judge, compare, report. The only module that knows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from screening import __version__
from screening.decisions import standing as decisions_on
from screening.errors import InputError, Locked, StoreError, UsageError
from screening.identity import Identity, mask_text, read
from screening.model import SEVERITIES, Contract, Severity, Supplier, SupplierKind
from screening.report.manifest import manifest as build_manifest
from screening.report.texts import REASON, Language, word
from screening.rules.engine import Judging
from screening.stages.collect import SHORTFALL, Asking, collect
from screening.stages.compare import CLOSED, compare, standing
from screening.stages.plan import Plan, plan
from screening.stages.probe import Probe, Trying, probe
from screening.stages.propose import propose_numbers
from screening.stages.session import Network
from screening.store import Run, Sample, Store
from screening.workspace import Workspace

if TYPE_CHECKING:
    from screening.decisions.answer import Result
    from screening.report.sample import Ask

LOCK_NAME = "run.lock"
_SHRUNK = (
    "mycket färre rader än förra perioden; kontrollera att uttaget är helt",
    "far fewer rows than last period; check that the export is whole",
)
_PURGED = (
    "{run}: rapportens innehåll är gallrat och kan inte återskapas ({when}); körningens manifest och hashar finns kvar",
    "{run}: the report has been purged and cannot be made again ({when}); the run's manifest and hashes remain",
)
_THINNED = (
    "{run}: gallring har skett efter körningen ({when}); rader om personer utan flagga kan saknas",
    "{run}: purged since the run ({when}); rows about persons without a flag may be missing",
)
_REPLACED = (
    "{run} har ersatts av {later}; dess rapporter skrivs i en egen mapp",
    "{run} has been replaced by {later}; its reports are written to a folder of their own",
)
Tell = Callable[[str, int, int], None]
"""Told of progress: stage or source, done, total (0 when not known)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What comes from outside: network, clock, who runs, and where progress is told."""

    network: Network
    now: Callable[[], datetime]
    today: date
    who: str
    tell: Tell = lambda _what, _done, _total: None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended."""

    run: Run
    exit: int
    manifest: Mapping[str, object]
    written: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """For which day a run is made: its period, its day, and whether sources may be asked."""

    period: str
    as_of: date
    offline: bool = field(default=False)


def day_of(period: str | None, as_of: date | None, today: date, *, simulated: bool, offline: bool) -> Day:
    """The period and day of a run.

    ``--period`` alone means its last day, or today in the current month. With a live source a day in the past implies
    ``offline`` and one in the future is refused.

    Raises:
        UsageError: a period that is not ``YYYY-MM``, a day outside its period, a future day with a live source.
    """
    if period is not None:
        first, last = _month(period)
        day = as_of or (today if first <= today <= last else last)
        if not first <= day <= last:
            message = f"--as-of {day}: ligger utanför perioden {period}; ange en dag från {first} till {last}"
            raise UsageError(message)
    else:
        day = as_of or today
    if not simulated and day > today:
        message = f"{day}: ligger i framtiden; när en källa är skarp får dagen vara högst i dag ({today})"
        raise UsageError(message)
    return Day(f"{day:%Y-%m}", day, offline or (not simulated and day < today))


def _month(period: str) -> tuple[date, date]:
    try:
        first = date.fromisoformat(f"{period}-01")
    except ValueError:
        message = f"--period {period}: är ingen månad; skriv den som ÅÅÅÅ-MM, till exempel 2026-11"
        raise UsageError(message) from None
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first, date.fromordinal(following.toordinal() - 1)


def run_month(
    workspace: Workspace, day: Day, around: Surroundings, *, again: bool = False, fail_on: Severity | None = None
) -> Outcome:
    """The monthly run of a period, from exports to reports. The same call continues after a crash.

    Raises:
        Locked: another monthly run holds the workspace.
        ConfigError, StoreError: nothing was half-written.
        InputError: no supplier could be read from any file.
    """
    from screening.decisions import import_inbox  # noqa: PLC0415 - reads workbooks; a check need not load it
    from screening.report import build_sheets, sweep, write_reports  # noqa: PLC0415
    from screening.stages.derive import derive  # noqa: PLC0415
    from screening.stages.doubt import doubt  # noqa: PLC0415
    from screening.stages.intake import intake  # noqa: PLC0415
    from screening.stages.judge import judge  # noqa: PLC0415

    store = workspace.store
    with _only_run(workspace):
        notes = read_decisions(
            workspace, import_inbox(store, workspace.config, workspace.home, by=around.who, at=around.now())
        )
        run = store.begin_run(
            "monthly", day.period, day.as_of, started=around.now(), version=__version__, texts=workspace.texts()
        )
        store.audit(around.who, "run", around.now(), {"run": run.id, "period": run.period, "as_of": run.as_of})
        around.tell("intake", 0, 0)
        intake(store, run, workspace.config, workspace.exports, workspace.home, around.now())
        _somebody_to_judge(workspace, run)
        asking = make_asking(workspace, day.as_of, around, offline=day.offline, again=again)
        collect(store, run, asking)
        if not day.offline:
            doubt(store, run, {item.name: item for item in workspace.in_use}, around.now())
        propose_numbers(store, run, asking)
        around.tell("judge", 0, 0)
        derive(store, run, workspace.config, workspace.rules, workspace.exports, around.now())
        decided = decisions_on(store, run)
        before = standing(store, run)
        judge(
            store, run, workspace.config, workspace.rules, workspace.routing.precedence, also=before, decisions=decided
        )
        compare(store, run, workspace.config.assessment.worse_share)
        around.tell("report", 0, 0)
        ended = _ended(workspace, run, around, fail_on)
        build_sheets(store, ended, workspace.config, workspace.rules, workspace.sources)
        folder = workspace.home / workspace.config.report.folder
        sweep(folder)
        written = write_reports(store, ended, workspace.config, folder, notes.append)
        _finish(store, ended)
        return Outcome(ended, ended.exit or 0, ended.manifest, tuple(written), tuple(notes))


def read_decisions(workspace: Workspace, result: Result) -> list[str]:
    """What to tell of decisions that were read in, once the answers to them are written; nothing when nothing is new."""
    from screening.report.answer import write_answers  # noqa: PLC0415 - writes workbooks

    language = workspace.config.report.language
    if not any(item.outcome != "known" for item in result.answers):
        return []
    fallback = workspace.home / workspace.config.report.folder / "svar"
    said = "Answer" if language == "en" else "Svar"
    store, lines = workspace.store, result.lines(language)
    newest = next(iter(store.runs()), None)
    for placed in write_answers(result, language, fallback, lambda path: store.workbook_sha(_answer_key(path))):
        if newest is not None:
            store.put_workbook(newest.id, _answer_key(placed.path), placed.sha256)
        lines += [*placed.told(english=language == "en"), f"{said}: {placed.path}"]
    return lines


def _answer_key(path: Path) -> str:
    """Under what the store keeps the hash of an answer workbook."""
    return f"answer:{path.resolve().as_posix()}"


def _somebody_to_judge(workspace: Workspace, run: Run) -> None:
    """Nothing is asked or written when no file gave a supplier.

    Raises:
        InputError: says of each file why not.
    """
    store, english = workspace.store, workspace.config.report.language == "en"
    if next(iter(store.suppliers(run.id)), None) is not None:
        return
    head = (
        f"{run.period}: no supplier in scope could be read; see that the files are where [[intake]] says and run again"
        if english
        else f"{run.period}: ingen leverantör att bedöma kunde läsas in; se till att filerna ligger där [[intake]] säger"
        " och kör igen"
    )
    why = (
        "{rows} rows read, but no supplier in scope ([population])"
        if english
        else "{rows} rader lästa, men ingen leverantör i omfattningen ([population])"
    )
    lines = [f"  - {item.name}: {item.error or why.format(rows=item.rows)}" for item in store.inputs(run.id)]
    raise InputError("\n".join([head, *(lines or ["  - [[intake]] saknas i screening.toml"])]))


def report_again(workspace: Workspace, run: Run, who: str, at: datetime) -> tuple[list[Path], list[str]]:
    """The reports of a run from what it stored; judges nothing. Excludes runs, as both write the same files.

    They are told under the name and in the language that the run had. Those of a run that a later one of its period has
    replaced go to a folder of their own, so that they never take the place of the period's.

    Returns:
        The files written, and what to tell of workbooks that were not replaced, or of what has been purged.

    Raises:
        UsageError: the run's reports have been purged.
        Locked: a monthly run holds the workspace.
        StoreError: the disk is full or the folder cannot be written.
    """
    from screening.report import sweep, write_reports  # noqa: PLC0415 - as above
    from screening.report.past import is_purged, past, purged_since  # noqa: PLC0415 - as above

    store, language = workspace.store, workspace.config.report.language
    notes: list[str] = []
    folder = workspace.home / workspace.config.report.folder
    if is_purged(store, run):
        raise UsageError(_PURGED[language == "en"].format(run=run.id, when="; ".join(purged_since(store, run)) or "–"))
    if since := purged_since(store, run):
        notes.append(_THINNED[language == "en"].format(run=run.id, when="; ".join(since)))
    if run.replaced_by:
        notes.append(_REPLACED[language == "en"].format(run=run.id, later=run.replaced_by))
    with _only_run(workspace):
        sweep(folder)
        written = write_reports(store, run, past(store, run, workspace.config).config, folder, notes.append)
        store.audit(who, "report", at, {"run": run.id})
    return written, notes


def draw_sample(
    workspace: Workspace, run: Run, ask: Ask, who: str, at: datetime
) -> tuple[Sample, list[Path], list[str]]:
    """Draws a sample of a run's suppliers and writes its protocol; the same seed and method again is the same sample.

    Returns:
        The sample, the files written, and what to tell of a workbook that holds work and was not replaced.

    Raises:
        UsageError: nobody to draw from, or a share outside its bounds.
        StoreError: the folder cannot be written.
    """
    from screening.report import protocol, sample  # noqa: PLC0415 - as above
    from screening.report.desk import lay_out  # noqa: PLC0415

    store, config = workspace.store, workspace.config
    drawn = sample.draw_sample(lay_out(store, run, config, workspace.rules, workspace.sources), ask, who, at)
    detail = {name: drawn.method[name] for name in ("seed", "population_sha256", "drawn")}
    store.audit(who, "sample", at, {"sample": drawn.id, "run": run.id, **detail})
    written, kept = protocol.write(store, drawn, config, workspace.home / config.report.folder)
    return drawn, written, kept


def check_suppliers(
    workspace: Workspace,
    identities: Sequence[Identity],
    day: Day,
    around: Surroundings,
    *,
    case: str = "",
    fail_on: Severity | None = None,
) -> Outcome:
    """An ad-hoc check: the same pipeline for a few suppliers. Takes no lock, and stays out of the monthly figures.

    What the newest monthly run knew of a supplier (names, contracts, spend) is used; one that it did not know is judged
    as a tenderer under the profile that matches anything.
    """
    from screening.stages.derive import derive  # noqa: PLC0415 - as above
    from screening.stages.judge import judge  # noqa: PLC0415

    store = workspace.store
    case = mask_text(case)
    run = store.begin_run(
        "case", day.period, day.as_of, started=around.now(), version=__version__, texts=workspace.texts(), case=case
    )
    store.audit(around.who, "check", around.now(), {"run": run.id, "case": case, "suppliers": len(identities)})
    _case_population(store, run, identities)
    collect(store, run, make_asking(workspace, day.as_of, around, offline=day.offline, monthly=False))
    derive(store, run, workspace.config, workspace.rules, workspace.exports, around.now())
    decided = decisions_on(store, run)
    judge(store, run, workspace.config, workspace.rules, workspace.routing.precedence, decisions=decided)
    compare(store, run, workspace.config.assessment.worse_share)
    ended = _ended(workspace, run, around, fail_on)
    _finish(store, ended)
    return Outcome(ended, ended.exit or 0, ended.manifest)


def plan_month(workspace: Workspace, day: Day, around: Surroundings) -> Plan:
    """What the monthly run of a period would ask, from its files and what is stored. Asks nothing, reports nothing."""
    from screening.stages.intake import intake  # noqa: PLC0415 - as above

    with _only_run(workspace):
        run = workspace.store.begin_run(
            "plan", day.period, day.as_of, started=around.now(), version=__version__, texts=workspace.texts()
        )
        intake(workspace.store, run, workspace.config, workspace.exports, workspace.home, around.now())
        _somebody_to_judge(workspace, run)
        return plan(workspace.store, run, make_asking(workspace, day.as_of, around, offline=True))


def try_sources(workspace: Workspace, around: Surroundings, name: str | None, number: str | None) -> Iterator[Probe]:
    """Tries every source in use, or one, with an organisation that it should know: the one named, or the largest met.

    Raises:
        UsageError: no such source; or what was named is no identity.
    """
    if name is not None and name not in workspace.sources:
        message = f"{name}: det finns ingen sådan källa; ange en av {', '.join(workspace.sources)}"
        raise UsageError(message)
    store = workspace.store
    known: tuple[str, Identity] | None = None
    if number is not None:
        (identity,) = identities_of([number], store)
        known = (store.supplier_id("organisation", identity, ""), identity)
    else:
        known = _somebody(store)
    trying = Trying(
        network=around.network,
        home=workspace.home,
        now=around.now,
        pseudonym=store.pseudonym,
        state=store.state,
        known=known,
    )
    for connector in workspace.in_use if name is None else (workspace.sources[name],):
        yield probe(connector, trying)


def _somebody(store: Store) -> tuple[str, Identity] | None:
    """The organisation of the newest monthly run with the most at stake."""
    newest = next(iter(store.runs(kind="monthly")), None)
    if newest is None:
        return None
    known = {item.id: item for item in store.suppliers(newest.id) if item.kind == "organisation"}
    first = next((known[place] for place in store.suppliers_by_value(newest.id) if place in known), None)
    return None if first is None or first.identity is None else (first.id, first.identity)


def make_asking(
    workspace: Workspace,
    day: date,
    around: Surroundings,
    *,
    offline: bool,
    again: bool = False,
    monthly: bool = True,
) -> Asking:
    """What collecting needs of this workspace on this day. A check before a contract asks whatever the cadence."""
    judging = Judging(workspace.rules, workspace.config, day)
    return Asking(
        config=workspace.config,
        routing=workspace.routing,
        network=around.network,
        home=workspace.home,
        now=around.now,
        needs=judging.needs,
        stopped=judging.stopped,
        rests=judging.rests if monthly else lambda *_supplier: {},
        register_kinds=judging.register_kinds,
        forms=tuple(sorted({form for profile in workspace.config.profile for form in profile.match.legal_form})),
        progress=around.tell,
        offline=offline,
        again=again,
    )


def _case_population(store: Store, run: Run, identities: Sequence[Identity]) -> None:
    store.begin_population(run.id)
    newest = next(iter(store.runs(kind="monthly")), None)
    known = {} if newest is None else {item.id: item for item in store.suppliers(newest.id)}
    tender = Contract(id=f"anbud {run.case}".strip(), title="Kontroll före avtal", phase="tender")
    suppliers, contracts, spends = [], [], []
    for identity in identities:
        kind: SupplierKind = (
            "person" if identity.is_person else "foreign" if identity.country != "SE" else "organisation"
        )
        supplier_id = store.supplier_id(kind, identity, "")
        supplier = known.get(supplier_id) or Supplier(supplier_id, kind, identity, "", country=identity.country)
        suppliers.append(supplier)
        contracts.append((supplier_id, tender))
        if newest is not None and supplier_id in known:
            contracts += [(supplier_id, item) for item in store.contracts(newest.id, supplier_id)]
            spends.append((supplier_id, store.spend(newest.id, supplier_id)))
    store.put_suppliers(run.id, suppliers)
    store.put_contracts(run.id, contracts)
    store.put_spend(run.id, spends)


def _ended(workspace: Workspace, run: Run, around: Surroundings, fail_on: Severity | None) -> Run:
    """The run with its state, exit code and manifest, not yet written as finished."""
    store = workspace.store
    waiting = any(store.open_tickets(item.name) for item in workspace.in_use)
    incomplete = list(shortfalls(store, run, workspace.config.report.language))
    at_or_above = _at_or_above(store, run, fail_on)
    code = 3 if incomplete else 1 if at_or_above else 0
    ended = replace(run, state="waiting" if waiting else "done", finished=around.now(), exit=code)
    document = build_manifest(
        store, ended, workspace.config, workspace.rules, incomplete=incomplete, at_or_above=at_or_above
    )
    return replace(ended, manifest=document)


def _finish(store: Store, run: Run) -> None:
    assert run.finished is not None
    assert run.exit is not None
    store.finish_run(run.id, run.state, run.finished, run.exit, dict(run.manifest))


def shortfalls(store: Store, run: Run, language: Language) -> Iterator[str]:
    """What the run did not get though it set out to: files rejected or doubtful, sources stopped, budget cut."""
    for item in store.inputs(run.id):
        if item.error:
            yield f"{item.name}: {item.error}"
        elif item.doubtful:
            yield f"{item.name}: {_SHRUNK[language == 'en']}"
    for source, reason, suppliers in store.gap_counts(run.id):
        if reason in SHORTFALL:
            detail = store.gap_detail(run.id, source, reason).removeprefix(f"{source}: ")
            why = f"{word(REASON, reason, language)[:-1]}{f' ({detail})' if detail else ''}"
            yield f"{source}: {why}: {suppliers} {'suppliers' if language == 'en' else 'leverantörer'} ({reason})"


def _at_or_above(store: Store, run: Run, fail_on: Severity | None) -> int:
    """Standing flags that serious; those that a person has settled are none."""
    if fail_on is None:
        return 0
    serious = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    return sum(
        finding.outcome == "flag"
        and finding.status not in CLOSED
        and not finding.settled
        and finding.severity in serious
        for finding in store.findings(run.id)
    )


@contextmanager
def _only_run(workspace: Workspace) -> Iterator[None]:
    """Monthly runs of one workspace exclude each other; the lock is let go when the process dies."""
    folder = workspace.store.folder
    if folder is None:
        yield
        return
    lock = FileLock(folder / LOCK_NAME)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        message = "en annan månadskörning använder arbetsytan; vänta tills den är klar och ge samma kommando igen"
        raise Locked(message) from None
    except OSError as error:
        message = f"{folder}: går inte att skriva i ({error.strerror}); ge er skrivrätt till mappen och kör igen"
        raise StoreError(message) from error
    try:
        yield
    finally:
        lock.release()


def identities_of(written: Sequence[str], store: Store) -> list[Identity]:
    """The identities a user named, each once, in the order given: numbers in any spelling, or ids as reports show them.

    Raises:
        UsageError: one that is not an identity; says why, and echoes no personal number.
    """
    found: dict[Identity, None] = {}
    for text in written:
        known = store.supplier(text)
        identity = known.identity if known is not None else None
        if identity is None:
            reading = read(text)
            if reading.identity is None:
                why = "" if reading.problem is None else reading.problem.typed("sv")
                message = f"{reading.written}: {why}"
                raise UsageError(message)
            identity = reading.identity
        found.setdefault(identity)
    return list(found)


def supplier_of(store: Store, text: str) -> str:
    """The internal id behind an organisation number in any spelling, or an id as reports show it.

    Raises:
        UsageError: not an identity, or one that no run has met.
    """
    if (known := store.supplier(text)) is not None:
        return known.id
    (identity,) = identities_of([text], store)
    found = store.find_supplier(identity)
    if found is None:
        message = f"{identity}: ingen körning har mött leverantören; ange en som står i någon rapport"
        raise UsageError(message)
    return found
