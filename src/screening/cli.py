"""The command line: arguments, printing, exit codes, environment and clock. Only this module prints or exits."""

from __future__ import annotations

import functools
import getpass
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from screening.errors import ConfigError, InputError, ScreeningError, StoreError, UsageError

if TYPE_CHECKING:
    from httpx import AsyncBaseTransport

    from screening.client import VirtualTimebase
    from screening.model import Severity
    from screening.pipeline import Outcome, Surroundings
    from screening.rules import Rule
    from screening.workspace import Workspace

LEVELS: dict[str, Severity] = {
    "critical": "critical", "high": "high", "medium": "medium", "low": "low",
    "kritisk": "critical", "hög": "high", "medel": "medium", "låg": "low",
}  # fmt: skip
"""``--fail-on`` takes the word in either language."""

UNUSABLE: Any = typer.BadParameter.__mro__[2]
"""What Typer raises for a command line that it cannot use; it carries its own command library, so it is named by descent."""

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Supplier due-diligence for Swedish public buyers.",
)
rules_app = typer.Typer(no_args_is_help=True, help="List, show, check or try rules.")
connectors_app = typer.Typer(no_args_is_help=True, help="List or test connectors.")
stub_app = typer.Typer(no_args_is_help=True, help="The embedded provider, for demo, tests and training.")
decisions_app = typer.Typer(no_args_is_help=True, help="Read back what people wrote in workbooks.")
audit_app = typer.Typer(no_args_is_help=True, help="The append-only log of who did what.")
app.add_typer(audit_app, name="audit")
app.add_typer(rules_app, name="rules")
app.add_typer(connectors_app, name="connectors")
app.add_typer(stub_app, name="stub")
app.add_typer(decisions_app, name="decisions")


@dataclass(slots=True)
class State:
    """What the options before the command said."""

    home: Path
    debug: bool = False
    quiet: bool = False


PeriodOption = Annotated[str | None, typer.Option("--period", metavar="YYYY-MM", help="The month to screen.")]
AsOfOption = Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day of the run.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
FailOption = Annotated[
    str | None, typer.Option("--fail-on", metavar="LEVEL", help="Exit 1 on findings at LEVEL or worse.")
]
OfflineOption = Annotated[bool, typer.Option("--offline", help="Ask no source; judge what is stored.")]


@app.callback()
def options(
    context: typer.Context,
    home: Annotated[Path, typer.Option(envvar="SCREENING_HOME", help="The workspace.")] = Path(),
    *,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error came from.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress lines.")] = False,
) -> None:
    """Supplier due-diligence for Swedish public buyers."""
    context.obj = State(home, debug, quiet)


# --- the commands -----------------------------------------------------------------------------------------------------
@app.command()
def init(folder: Annotated[Path, typer.Argument(metavar="[DIR]")] = Path()) -> None:
    """Make a workspace of one's own."""
    from screening.workspace import init as make

    written = make(folder)
    out(f"Arbetsytan är skapad: {folder.resolve()} ({len(written)} filer).")
    out(
        "Nästa steg: skriv in er organisation i screening.toml, lägg exporter i in/<ÅÅÅÅ-MM>/ och kör `screening plan`."
    )


@app.command(name="plan")
def plan_command(
    context: typer.Context, period: PeriodOption = None, as_of: AsOfOption = None, *, as_json: JsonOption = False
) -> None:
    """At least and at most: what would be asked of whom, price, letters, time; asks nothing."""
    from screening.console import plan_json, plan_lines
    from screening.pipeline import plan_month

    with opened(context) as workspace:
        around, day = surroundings(context, workspace, period, as_of, offline=True)
        made = plan_month(workspace, day, around)
        if as_json:
            out_json(plan_json(made))
        else:
            out_lines(plan_lines(made, workspace.config.report.language))


@app.command()
def run(
    context: typer.Context,
    period: PeriodOption = None,
    as_of: AsOfOption = None,
    fail_on: FailOption = None,
    *,
    offline: OfflineOption = False,
    again: Annotated[
        bool, typer.Option("--again", help="Ask free sources again also where an answer is fresh.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Screen every supplier of a period and write the reports. The same command continues after a crash."""
    from screening.console import run_lines
    from screening.pipeline import run_month

    level = severity(fail_on)
    with opened(context) as workspace:
        around, day = surroundings(context, workspace, period, as_of, offline=offline)
        outcome = run_month(workspace, day, around, again=again, fail_on=level)
        if as_json:
            out_json(outcome.manifest)
        else:
            out_lines(run_lines(outcome.manifest, outcome.written, outcome.notes, workspace.config.report.language))
        raise typer.Exit(outcome.exit)


@app.command()
def check(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID…", help="Organisation numbers; '-' reads them from stdin.")],
    case: Annotated[str, typer.Option("--case", metavar="DNR", help="The diary number of the case.")] = "",
    as_of: AsOfOption = None,
    fail_on: FailOption = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help="Also write a workbook.")] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Also write a page to print.")] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Check one supplier, or all bidders of a procurement, before a contract."""
    from screening.pipeline import check_suppliers, identities_of
    from screening.report.card import card_json, card_lines

    level = severity(fail_on)
    certificate_paths(xlsx, html)
    written = [word for item in ids for word in (sys.stdin.read().split() if item == "-" else [item])]
    with opened(context) as workspace:
        identities = identities_of(written, workspace.store)
        around, day = surroundings(context, workspace, None, as_of, offline=False)
        outcome = check_suppliers(workspace, identities, day, around, case=case, fail_on=level)
        language = workspace.config.report.language
        arguments = (workspace.store, outcome.run, workspace.config, workspace.rules)
        if as_json:
            out_json(card_json(*arguments))
        else:
            out_lines(card_lines(*arguments, language))
        for line in certificates(workspace, outcome, xlsx, html):
            (complain if as_json else out)(line)
        raise typer.Exit(outcome.exit)


@app.command()
def report(
    context: typer.Context,
    run_id: Annotated[str | None, typer.Option("--run", metavar="RUN", help="Default: the newest monthly run.")] = None,
) -> None:
    """Write the reports again, from what the run stored; judges nothing."""
    from screening.pipeline import report_again

    with opened(context) as workspace:
        written, notes = report_again(workspace, chosen_run(workspace, run_id), who(), clock_now())
        out_lines([*notes, *(f"Skriven: {path}" for path in written)])


@app.command()
def sample(
    context: typer.Context,
    run_id: Annotated[str | None, typer.Option("--run", metavar="RUN", help="Default: the newest monthly run.")] = None,
    confidence: Annotated[str, typer.Option(metavar="PER CENT", help="How sure to meet one deviation.")] = "95",
    deviation: Annotated[str, typer.Option(metavar="PER CENT", help="If at least so many deviate.")] = "5",
    size: Annotated[int | None, typer.Option(min=1, help="How many to draw, instead of those two.")] = None,
    seed: Annotated[str | None, typer.Option(help="The same seed draws the same; default: a new one.")] = None,
    *,
    stratified: Annotated[bool, typer.Option("--stratified", help="By service and by what was bought.")] = False,
    everyone: Annotated[bool, typer.Option("--all", help="Also suppliers with a flag.")] = False,
) -> None:
    """Draw a sample of suppliers without a flag, with a protocol by which an auditor can draw it again."""
    import secrets

    from screening.console import sample_lines
    from screening.pipeline import draw_sample
    from screening.report.sample import Ask

    with opened(context) as workspace:
        ask = Ask(
            seed=seed if seed is not None else secrets.token_hex(8),
            confidence=per_cent(confidence, "--confidence"),
            deviation=per_cent(deviation, "--deviation"),
            size=size,
            stratified=stratified,
            everyone=everyone,
        )
        drawn, written, notes = draw_sample(workspace, chosen_run(workspace, run_id), ask, who(), clock_now())
        out_lines([*notes, *sample_lines(drawn, written, workspace.config.report.language)])


@app.command()
def history(context: typer.Context, supplier: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """What has been known of a supplier over time: answers that changed, and its findings."""
    from screening.report.history import history_lines

    with opened(context) as workspace:
        out_lines(history_lines(workspace.store, known_supplier(workspace, supplier), workspace.config.report.language))


@app.command()
def explain(context: typer.Context, subject: Annotated[str, typer.Argument(metavar="FINDING|ID")]) -> None:
    """Why a finding stands, or why a supplier was (not) flagged: facts, dates, limits, law, what would clear it."""
    from screening.report.explain import explain_lines

    with opened(context) as workspace:
        out_lines(
            explain_lines(
                workspace.store,
                workspace.config,
                workspace.rules,
                workspace.routing.precedence,
                subject,
                lambda text: known_supplier(workspace, text),
            )
        )


@app.command()
def evidence(
    context: typer.Context,
    subject: Annotated[str, typer.Argument(metavar="FINDING|ID|verify", help="A flag or supplier; or 'verify DIR'.")],
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="After 'verify': the bundle.")] = None,
    to: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="A new folder for the bundle.")] = None,
    run_id: Annotated[str | None, typer.Option("--run", metavar="RUN", help="Default: the newest with it.")] = None,
    case: Annotated[str, typer.Option("--case", metavar="DNR", help="The diary number for the note.")] = "",
    seal: Annotated[str | None, typer.Option("--seal", help="The seal that 'verify' is to find.")] = None,
    *,
    raw: Annotated[
        bool, typer.Option("--raw", help="Raw answers as stored also where they hold personal numbers; is logged.")
    ] = False,
) -> None:
    """A bundle of evidence for a flag or supplier, with a note to sign; `evidence verify DIR` proves it unchanged."""
    if subject == "verify":
        verify_bundle(folder, seal)
        return
    if to is None or folder is not None:
        message = f"{subject}: ange en ny mapp för bevisen med --out MAPP"
        raise UsageError(message)
    write_bundle(context, subject, to, run_id, case, raw=raw)


@app.command()
def purge(
    context: typer.Context,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be removed.")] = False,
) -> None:
    """Remove what [retention] says; only shows it until `decision` names the archive decision."""
    from screening.console import purge_lines

    with opened(context) as workspace:
        policy = workspace.config.retention
        show_only = dry_run or not policy.decision
        removed = workspace.store.purge(policy, clock_now().date(), dry_run=show_only)
        verb = "Skulle gallras" if show_only else "Gallrat"
        out_lines(purge_lines(removed, verb) or ["Inget att gallra."])
        if not dry_run and not policy.decision:
            out(
                "Inget togs bort: [retention] decision i screening.toml är tom. Skriv in gallringsbeslutets beteckning först."
            )
        if not show_only:
            tables: dict[str, int] = {}
            for item in removed:
                tables[item.table] = tables.get(item.table, 0) + item.rows
            limits = policy.model_dump(exclude={"decision"})
            detail = {"decision": policy.decision, "rows": sum(tables.values()), "tables": tables, "limits": limits}
            workspace.store.audit(who(), "purge", clock_now(), detail)


@audit_app.command("verify")
def audit_verify(
    context: typer.Context,
    known: Annotated[
        list[str] | None, typer.Argument(metavar="[SHA256]…", help="Hashes of lines kept elsewhere.")
    ] = None,
) -> None:
    """Prove that no line of the audit log was changed, removed or cut from the end."""
    from screening.audit import broken_at, is_cut
    from screening.console import audit_lines

    with opened(context) as workspace:
        entries = workspace.store.audit_log()
        hashes = {entry.sha256 for entry in entries}
        missing = [item for item in known or () if item.strip().lower() not in hashes]
        broken = broken_at(entries)
        cut = is_cut(entries, workspace.store.audit_tail())
        out_lines(audit_lines(entries, broken, missing, cut=cut))
        if broken is not None or cut or missing:
            raise typer.Exit(2)


# --- rules ------------------------------------------------------------------------------------------------------------
@rules_app.command("list")
def rules_list(context: typer.Context) -> None:
    """Every rule: id, severity, title, and the profiles that expect it."""
    from screening.report.rulelist import rule_lines

    with opened(context) as workspace:
        out_lines(list(rule_lines(workspace.config, workspace.rules)))


@rules_app.command("show")
def rules_show(context: typer.Context, rule_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """One rule: condition, limits, law, examples, cautions, cases, and what of it is this workspace's own."""
    from screening.report.rulelist import rule_here
    from screening.rules.catalogue import page

    with opened(context) as workspace:
        rule, today = known_rule(workspace, rule_id), clock_now().date()
        out(page(rule, today))
        out_lines(list(rule_here(workspace.config, rule, today)))


@rules_app.command("check")
def rules_check(
    context: typer.Context,
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 2 also on advice.")] = False,
) -> None:
    """Load every rule and run its own cases; advise on what a rule does not show yet: limits, texts, law, neutral words."""
    from screening.rules.cases import run_cases
    from screening.rules.proof import problems
    from screening.rules.services import unlisted

    with opened(context) as workspace:
        failed = [line for rule in workspace.rules.values() for line in run_cases(rule)]
        wrong = {line.partition(":")[0] for line in failed}
        whole = [rule for rule in workspace.rules.values() if rule.file not in wrong]
        told = [*(line for rule in whole for line in problems(rule)), *unlisted(workspace.config, workspace.rules)]
        advice = [f"råd: {line}" for line in told]
        out_lines([*failed, *advice])
        count = sum(len(rule.cases) for rule in workspace.rules.values())
        out(f"{len(workspace.rules)} regler, {count} fall, {len(failed)} fel, {len(advice)} råd.")
        if failed or (strict and advice):
            raise typer.Exit(2)


@rules_app.command("try")
def rules_try(
    context: typer.Context,
    rule_id: Annotated[str, typer.Argument(metavar="ID")],
    changes: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A limit to try, as in the rule's file.")
    ] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="YYYY-MM", help="The first period.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="YYYY-MM", help="The last period.")] = None,
) -> None:
    """Run a changed rule on stored history: which findings would come and go, and how people decided them. Writes nothing."""
    from screening.report.trial import trial_lines
    from screening.rules.trial import changed, settings
    from screening.stages.trial import months, trial

    with opened(context) as workspace:
        rule = known_rule(workspace, rule_id)
        values = settings(rule, changes or [])
        runs = months(workspace.store, chosen_period("--from", first), chosen_period("--to", last))
        found = trial(
            workspace.store,
            workspace.config,
            workspace.rules,
            changed(rule, values),
            workspace.routing.precedence,
            runs,
        )
        for line in trial_lines(rule, values, found, workspace.config.report.language):
            out(line)


# --- connectors, stub, decisions --------------------------------------------------------------------------------------
@connectors_app.command("list")
def connectors_list(context: typer.Context) -> None:
    """Every connector: address, freshness, price, last success, secrets set or missing (names only)."""
    from screening.console import connector_lines

    with opened(context) as workspace:
        out_lines(connector_lines(workspace, lambda name: name in os.environ))


@connectors_app.command("test")
def connectors_test(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]")] = None,
    number: Annotated[
        str | None, typer.Option("--number", metavar="ORGNR", help="An organisation that the sources know.")
    ] = None,
) -> None:
    """Try each source, or one: reached, keys taken, one known answer, clock, limits; buys nothing."""
    from screening.pipeline import try_sources

    with opened(context) as workspace:
        around, _day = surroundings(context, workspace, None, None, offline=False)
        well = True
        for found in try_sources(workspace, around, name, number):
            mark = {True: "OK", False: "FEL", None: "INTE PROVAD"}[found.ok]
            out(f"{found.source}: {mark}")
            out_lines([f"    {line}" for line in found.lines])
            well = well and found.ok is not False
        if not well:
            raise typer.Exit(3)


@connectors_app.command("accept")
def connectors_accept(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    period: PeriodOption = None,
) -> None:
    """Say that a source's answers are as they should be, though they look unlike earlier ones; from a period on."""
    from screening.stages.doubt import ACCEPTED

    with opened(context) as workspace:
        if name not in workspace.sources:
            message = f"{name}: det finns ingen sådan källa; ange en av {', '.join(workspace.sources)}"
            raise UsageError(message)
        since = period or f"{clock_now():%Y-%m}"
        workspace.store.put_state(name, {**workspace.store.state(name), ACCEPTED: since})
        workspace.store.audit(who(), "connectors accept", clock_now(), {"connector": name, "from": since})
        out(f"{name}: svaren godtas som de är från och med {since}; tidigare månader jämförs inte längre med.")


@stub_app.command("serve")
def stub_serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="Loopback port.")] = 8765,
    world: Annotated[Path | None, typer.Option(metavar="FILE", help="The world to answer from.")] = None,
    day: Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="The day it is there.")] = None,
    fault: Annotated[
        list[str] | None, typer.Option("--fault", metavar="SOURCE:KIND", help="A fault to act out; see `stub faults`.")
    ] = None,
) -> None:
    """Serve the embedded provider on 127.0.0.1, under /<adapter>/…; stop with Ctrl-C."""
    from screening.console import served_addresses
    from screening.stub.app import make_app
    from screening.stub.catalogue import faults
    from screening.stub.server import serve
    from screening.stub.world import load

    state: State = context.obj
    path = world or world_path(state.home)
    fixed = day.date() if day is not None else None
    loaded = load(path)
    provider = make_app(loaded, lambda: fixed or clock_now().date(), faults=faults(fault or ()))
    out(
        f"Stubben svarar på http://127.0.0.1:{port}/<adapter>/ ({len(loaded.company)} organisationer, {path.name}). Ctrl-C avslutar."
    )
    out_lines(served_addresses(f"http://127.0.0.1:{port}", provider.state.adapters))
    serve(provider, port)


@stub_app.command("faults")
def stub_faults() -> None:
    """List the faults that each source of the embedded provider can act out."""
    from screening.stub.catalogue import kinds

    for name, known in kinds().items():
        out(name)
        out_lines([f"  {kind:<24} {said}" for kind, said in known.items()])


@stub_app.command("answer-files")
def stub_answer_files(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="CONNECTOR", help="A file exchange of this workspace.")],
    world: Annotated[Path | None, typer.Option(metavar="FILE", help="The world to answer from.")] = None,
    day: Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="The day it is there.")] = None,
    fault: Annotated[
        str, typer.Option(metavar="KIND", help="rejected, missing, short, damaged, stranger, twice.")
    ] = "",
) -> None:
    """Answer the batches in a file exchange's outbox, as the receiver would: receipt, answer or error file in its inbox."""
    from screening.adapters.file_exchange.layout import load as load_layout
    from screening.connectors import load_sources
    from screening.stub.file_exchange import FAULTS, Answering
    from screening.stub.world import load

    home = context.obj.home
    known = {key: item for key, item in load_sources(home / "connectors").items() if item.adapter.in_one_batch}
    if name not in known:
        message = f"{name}: är inget filutbyte i den här arbetsytan; ange ett av {', '.join(known)}"
        raise UsageError(message)
    if fault and fault not in FAULTS:
        message = f"--fault {fault}: finns inte; ange ett av {', '.join(FAULTS)}"
        raise UsageError(message)
    table = known[name].table
    if table.inbox is None or table.outbox is None:
        message = f"{name}.toml: inbox and outbox: expected two folders"
        raise ConfigError(message)
    layout = load_layout(home / table.options["layout"], known[name].adapter.gives)
    the_day = day.date() if day is not None else clock_now().date()
    end = Answering(layout, home / table.outbox, home / table.inbox, load(world or world_path(home)), the_day)
    refs = end.answer(fault)
    out(f"{name}: {len(refs)} frågefiler besvarade i {table.inbox}{': ' + ', '.join(refs) if refs else ''}")


@decisions_app.command("import")
def decisions_import(context: typer.Context, files: Annotated[list[Path], typer.Argument(metavar="FILE…")]) -> None:
    """Read what people wrote in workbooks: decisions, numbers, follow-ups, results of samples. Writes svar-FILE.xlsx."""
    from screening.decisions import import_files
    from screening.pipeline import read_decisions

    with opened(context) as workspace:
        result = import_files(workspace.store, workspace.config, files, by=who(), at=clock_now())
        out_lines(read_decisions(workspace, result) or result.lines(workspace.config.report.language))
        if result.of("refused"):
            raise typer.Exit(3 if result.of("taken") or result.of("known") else 2)


@decisions_app.command("list")
def decisions_list(context: typer.Context) -> None:
    """Every decision with what it means in the newest run, and the numbers that people have accepted."""
    from screening.console import decision_lines

    with opened(context) as workspace:
        out_lines(decision_lines(workspace))


# --- surroundings: environment, clock, network ------------------------------------------------------------------------
def clock_now() -> datetime:
    """The machine's clock, UTC."""
    return datetime.now(UTC)


def who() -> str:
    """The user's name on this machine, for the audit log."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "okänd"


@contextmanager
def opened(context: typer.Context) -> Iterator[Workspace]:
    """The workspace of this command."""
    from screening.workspace import open_workspace

    state: State = context.obj
    with open_workspace(state.home.resolve()) as workspace:
        yield workspace


def surroundings(
    context: typer.Context, workspace: Workspace, period: str | None, as_of: datetime | None, *, offline: bool
) -> tuple[Surroundings, Any]:
    """Network, clock and progress of a run, and its day. With simulated sources alone the clock runs at that day."""
    from screening.network import Reach
    from screening.pipeline import Surroundings, day_of

    simulated = workspace.simulated
    day = day_of(period, as_of.date() if as_of else None, clock_now().date(), simulated=simulated, offline=offline)
    state: State = context.obj
    fixed = datetime.combine(day.as_of, time(6), UTC)
    moment: Callable[[], datetime] = (lambda: fixed) if simulated else clock_now
    made_up = not day.offline and any(item.stubbed and not item.local for item in workspace.in_use)
    stub = embedded(workspace, day.as_of) if made_up else None  # a wrong world is told before anything is asked
    reach = Reach(stub=stub, secret=os.environ.get)
    around = Surroundings(
        network=reach, now=moment, today=clock_now().date(), who=who(), tell=teller(quiet=state.quiet)
    )
    return around, day


def embedded(workspace: Workspace, day: date) -> Callable[[VirtualTimebase], AsyncBaseTransport]:
    """Makes the embedded provider in process, on the time it is given; it answers from the workspace's world.

    Raises:
        ConfigError: there is no world, or it is wrong.
    """
    from screening.stub.world import load

    world = load(world_path(workspace.home))

    def make(shared: VirtualTimebase) -> AsyncBaseTransport:
        from screening.stub.app import Embedded, make_app

        return Embedded(make_app(world, lambda: day, monotonic=shared.monotonic, sleep=shared.sleep))

    return make


def world_path(home: Path) -> Path:
    """The world file of a workspace, by ``[stub] world``."""
    from screening import config as configuration

    path = home / configuration.load(home).stub.world
    if not path.is_file():
        message = f'{path}: finns inte; en koppling har address = "stub:" och svarar ur filen som [stub] world i screening.toml anger'
        raise ConfigError(message)
    return path


def severity(word: str | None) -> Severity | None:
    """The level that ``--fail-on`` names."""
    if word is None:
        return None
    level = LEVELS.get(word.strip().lower())
    if level is None:
        message = (
            f"--fail-on {word}: är ingen allvarlighet; ange kritisk, hög, medel eller låg (critical, high, medium, low)"
        )
        raise UsageError(message)
    return level


def per_cent(written: str, option: str) -> Decimal:
    """A share (0-1) of a number of per cent, as people write it."""
    try:
        return Decimal(written.strip().rstrip("%").strip().replace(",", ".")) / 100
    except InvalidOperation:
        message = f"{option} {written}: är inget tal; skriv procent, till exempel 95"
        raise UsageError(message) from None


def chosen_run(workspace: Workspace, run_id: str | None) -> Any:
    """The run named, or the newest finished monthly one."""
    finished = [item for item in workspace.store.runs(kind="monthly") if item.finished is not None]
    if not finished:
        message = "ingen månadskörning är klar ännu; gör en med `screening run --period ÅÅÅÅ-MM`"
        raise UsageError(message)
    found = next((item for item in finished if run_id in (None, item.id)), None)
    if found is None:
        message = f"--run {run_id}: ingen sådan klar körning; ange en av {', '.join(item.id for item in finished[:12])}"
        raise UsageError(message)
    return found


def known_rule(workspace: Workspace, rule_id: str) -> Rule:
    """The rule of that id."""
    rule = workspace.rules.get(rule_id.strip().upper())
    if rule is None:
        message = f"{rule_id}: det finns ingen sådan regel; ange en av {', '.join(workspace.rules)}"
        raise UsageError(message)
    return rule


def chosen_period(option: str, text: str | None) -> str | None:
    """A period as ``YYYY-MM``."""
    if text is None:
        return None
    try:
        return f"{date.fromisoformat(f'{text.strip()}-01'):%Y-%m}"
    except ValueError:
        message = f"{option} {text}: är ingen månad; skriv den som ÅÅÅÅ-MM, till exempel 2026-11"
        raise UsageError(message) from None


def known_supplier(workspace: Workspace, text: str) -> str:
    """The internal id behind an organisation number in any spelling, or an id as reports show it."""
    from screening.pipeline import supplier_of

    return supplier_of(workspace.store, text)


def certificate_paths(xlsx: Path | None, html: Path | None) -> None:
    """Tries the names of a check's papers before any source is asked.

    Raises:
        UsageError: a folder, or a name with another ending.
        StoreError: nothing can be written there.
    """
    from screening.report.place import writable

    for option, path, ending in (("--xlsx", xlsx, ".xlsx"), ("--html", html, ".html")):
        if path is None:
            continue
        if path.is_dir():
            message = f"{option} {path}: är en mapp; ange ett filnamn i den, till exempel {path / f'kontroll{ending}'}"
            raise UsageError(message)
        if path.suffix.lower() != ending:
            message = f"{option} {path}: ska sluta på {ending}, till exempel {path.with_suffix(ending)}"
            raise UsageError(message)
        writable(path)


def certificates(workspace: Workspace, outcome: Outcome, xlsx: Path | None, html: Path | None) -> list[str]:
    """Writes the papers of a check, where asked for, and says where they are; logs each with its hash."""
    if xlsx is None and html is None:
        return []
    from screening.report.certificate import write_html
    from screening.report.certificate_book import write_xlsx
    from screening.report.checked import paper
    from screening.report.place import place

    store, run, english = workspace.store, outcome.run, workspace.config.report.language == "en"
    told = paper(store, run, workspace.config, workspace.rules, workspace.routing.precedence)
    lines: list[str] = []
    for path, write in ((xlsx, write_xlsx), (html, write_html)):
        if path is None:
            continue
        placed = place(
            path, functools.partial(write, told), lambda one: store.workbook_sha(f"check:{one.resolve().as_posix()}")
        )
        store.put_workbook(run.id, f"check:{placed.path.resolve().as_posix()}", placed.sha256)
        detail = {"run": run.id, "file": placed.path.name, "sha256": placed.sha256}
        store.audit(who(), "check paper", clock_now(), detail)
        lines += [*placed.told(english=english), f"{'Written' if english else 'Skriven'}: {placed.path}"]
    return lines


def write_bundle(
    context: typer.Context, subject: str, folder: Path, run_id: str | None, case: str, *, raw: bool
) -> None:
    """A bundle of evidence in a new folder, and the line of it in the audit log."""
    from screening import __version__
    from screening.console import bundle_lines
    from screening.report.evidence import gather, papers, write

    with opened(context) as workspace:
        store = workspace.store
        found = gather(store, workspace.config, subject, lambda text: known_supplier(workspace, text), run_id)
        made = papers(store, found, case=case, in_clear=raw)
        sealed = write(found, made, folder, version=__version__, in_clear=raw)
        detail = {"subject": sealed.subject, "run": found.run.id, "seal": sealed.seal, "sha256": sealed.manifest_sha256}
        store.audit(who(), "evidence", clock_now(), {**detail, "raw": raw, "case": case})
        out_lines(bundle_lines(folder, sealed, made.raw, workspace.config.report.language))


def verify_bundle(folder: Path | None, seal: str | None) -> None:
    """Says whether a bundle stands as it was written; needs no workspace."""
    from screening.console import verified_lines
    from screening.report.evidence import verify

    if folder is None:
        message = "verify: ange mappen som ska kontrolleras, till exempel `screening evidence verify bevis/`"
        raise UsageError(message)
    found = verify(folder, seal)
    out_lines(verified_lines(folder, found))
    if found.problems:
        raise typer.Exit(2)


# --- printing ---------------------------------------------------------------------------------------------------------
def out(text: str) -> None:
    """One line to standard output; a character that the console cannot show becomes a question mark."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding))  # noqa: T201 - the one place that prints


def out_lines(lines: Sequence[str]) -> None:
    """Several lines to standard output."""
    for line in lines:
        out(line)


def out_json(value: object) -> None:
    """A JSON document to standard output."""
    out(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def complain(text: str) -> None:
    """A message to standard error."""
    encoding = sys.stderr.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), file=sys.stderr)  # noqa: T201 - the one place that prints


def teller(*, quiet: bool) -> Callable[[str, int, int], None]:
    """Progress: one line that moves on a terminal, one quiet line per stage and source elsewhere."""
    if quiet:
        return lambda _what, _done, _total: None
    if sys.stderr.isatty():
        from screening.console import live_progress

        return live_progress()
    from screening.console import STAGE_WORDS

    told: set[str] = set()

    def tell(what: str, done: int, total: int) -> None:
        if total == 0 and what not in told:
            told.add(what)
            complain(f"{STAGE_WORDS.get(what, what)} …")
        elif total and done >= total:
            complain(f"{what}: {done} av {total}")

    return tell


def run_command(arguments: Sequence[str]) -> int:
    """Runs one command line and returns its exit code: 0 done, 1 findings, 2 wrong, 3 fell short, 4 stopped."""
    try:
        result = app(list(arguments), standalone_mode=False, prog_name="screening")
    except UNUSABLE as error:
        return _wrong_arguments(error)
    except (ConfigError, UsageError, InputError) as error:
        return _refused(error, arguments, 2)
    except (ScreeningError, OSError) as error:
        return _refused(error, arguments, 4)
    except (KeyboardInterrupt, typer.Abort):
        complain("Avbrutet. Samma kommando fortsätter där det slutade.")
        return 4
    except Exception as error:  # noqa: BLE001 - the last line of defence: a user is never shown a traceback
        return _refused(error, arguments, 4, unexpected=True)
    return result if isinstance(result, int) else 0


def _wrong_arguments(error: Any) -> int:
    """What the command line's own reader says, without any personal number that it repeats."""
    from screening.identity import mask_text

    if type(error).__name__ == "NoArgsIsHelpError":
        complain(error.format_message())
        return 2
    if getattr(error, "ctx", None) is not None:
        complain(error.ctx.get_usage())
    complain(f"Fel: {mask_text(error.format_message())} Prova --help.")
    return 2


def _refused(error: Exception, arguments: Sequence[str], code: int, *, unexpected: bool = False) -> int:
    from screening.identity import mask_text  # what a user wrote may be repeated, but no personal number

    if unexpected:
        complain(f"Oväntat fel ({type(error).__name__}). Inget halvskrivet är kvar; --debug visar var det uppstod.")
    elif isinstance(error, OSError) and not isinstance(error, ScreeningError):
        complain(f"Fel: {error.filename or 'fil'}: {error.strerror or type(error).__name__}. Åtgärda det och kör igen.")
    else:
        complain(f"Fel: {mask_text(str(error))}")
    if isinstance(error, StoreError):
        complain("Samma kommando fortsätter där det slutade.")
    if "--debug" in arguments:
        complain(mask_text("".join(traceback.format_exception(error))))
    return code


def main() -> None:
    """The console script."""
    sys.exit(run_command(sys.argv[1:]))


if __name__ == "__main__":
    main()
