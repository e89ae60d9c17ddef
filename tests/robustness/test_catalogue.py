"""What providers do to their callers, one by one and in pairs: nobody is shown clean by it, and nothing is bought again."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.errors import ConfigError, UsageError
from screening.network import Reach
from screening.pipeline import Surroundings, make_asking, shortfalls
from screening.rules import Judging
from screening.stages.collect import collect
from screening.stages.derive import derive
from screening.stages.intake import intake
from screening.store import Run, Store
from screening.stub.app import Embedded, make_app
from screening.stub.catalogue import CATALOGUE, faults, kinds, page, scenarios
from screening.stub.world import Fault
from screening.workspace import Workspace, open_workspace

from .conftest import change, small_workspace, small_world

DAY = date(2026, 9, 30)
NOW = datetime(2026, 9, 30, 6, tzinfo=UTC)
Key = tuple[str, str, str]  # supplier, rule, scope key
WORLD = small_world()
GOLDEN = Path(__file__).with_name("faults.golden.txt")
DERIVED = "listor"  # worked out from others' answers
OTHERWISE = frozenset({"creditsafe_se", "bolagsverket_personer", "roaring", "yente"})
"""Providers that the sample does not ask."""
CHANGES_THE_TRUTH = frozenset({"unknown", "bankrupt", "ended", "future", "no_rating", "rejected_bare"})
"""What the source then says is an answer, and others are not judged as before."""
TOLD = frozenset({
    "bad_credentials", "bad_gateway", "down", "drop", "error", "forbidden", "gateway_timeout", "html", "register_down",
    "slow", "truncated", "unauthorized",
})  # fmt: skip
"""What makes a run incomplete, and is told so."""
HARMLESS = frozenset(
    {
        "expired",
        "throttled",
        "throttled_silent",
        "throttled_next_access",
        "odd",
        "large",
        "late_import",
        "three_businesses",
    }
)
"""Faults that a careful caller gets over: everybody is answered all the same."""
ROWS = {(provider, kind): row.number for row in reversed(CATALOGUE) for provider, kind in scenarios(row)}
EVERY = [pytest.param(*about, id="-".join((number, *about))) for about, number in sorted(ROWS.items())]


@dataclass
class Seen:
    """What came of a month under faults."""

    verdicts: dict[Key, tuple[str, str, str]] = field(default_factory=dict)  # outcome, reason, level
    facts: dict[str, set[tuple[str, str, bytes]]] = field(default_factory=dict)  # source -> (supplier, kind, hash)
    answered: Counter[tuple[str, str]] = field(default_factory=Counter)  # (source, supplier) -> paid calls answered
    counted: Counter[str] = field(default_factory=Counter)  # provider -> paid calls that the budget counts
    billed: Counter[str] = field(default_factory=Counter)  # provider -> calls that it bills, by its own ledger
    incomplete: list[str] = field(default_factory=list)

    @property
    def clear(self) -> set[Key]:
        """Every verdict that somebody is in order."""
        return {key for key, (outcome, _, _) in self.verdicts.items() if outcome == "clear"}

    @property
    def clean(self) -> set[str]:
        """Suppliers about whom every expected rule has been judged, and none was flagged."""
        other = {key[0] for key, (outcome, _, _) in self.verdicts.items() if outcome in ("flag", "unknown")}
        return {key[0] for key in self.verdicts} - other


@dataclass(frozen=True)
class Month:
    """A municipality of a dozen suppliers, read in and not yet asked about."""

    workspace: Workspace
    run: Run
    database: Path
    folder: Path

    def copy(self, name: str) -> Path:
        """A store of one's own, before anything is asked; in place of an earlier one of the name."""
        home = self.folder / name
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        shutil.copy(self.database, home / "store.db")
        return home

    def source(self, provider: str) -> str:
        """The connector of a provider of the stub."""
        return next(name for name, item in self.workspace.sources.items() if item.table.adapter == provider)

    def ask(self, home: Path, given: Iterable[Fault] = ()) -> Seen:
        """Asks every source once and judges; the same folder again goes on where it was."""
        apps: list[Any] = []

        def provider(time: Any) -> Embedded:
            app = make_app(WORLD, lambda: DAY, faults=given, monotonic=time.monotonic, sleep=time.sleep)
            apps.append(app)
            return Embedded(app)

        with Store.open("sqlite:///store.db", home) as store:
            workspace = replace(self.workspace, store=store)
            reach = Reach(stub=provider, secret=lambda _name: None)
            around = Surroundings(network=reach, now=lambda: NOW, today=DAY, who="test")
            collect(store, self.run, make_asking(workspace, DAY, around, offline=False))
            derive(store, self.run, workspace.config, workspace.rules, workspace.exports, NOW)
            seen = self._judged(store)
            seen.incomplete = list(shortfalls(store, self.run, "sv"))
        paid = {item.table.adapter for item in self.workspace.sources.values() if item.table.price_sek}
        calls = [call for app in apps for call in app.state.ledger]
        seen.billed.update(call.adapter for call in calls if call.billable and call.adapter in paid)
        return seen

    def _judged(self, store: Store) -> Seen:
        seen = Seen()
        judging = Judging(self.workspace.rules, self.workspace.config, DAY)
        for dossier in store.dossiers(self.run.id, judging.kinds, DAY, self.workspace.routing.precedence):
            for call in judging.calls(dossier):
                verdict = (call.verdict.outcome, call.verdict.reason, call.verdict.level)
                seen.verdicts[dossier.supplier.id, call.bound.rule.id, call.scope_key] = verdict
        for source, *about in store._raw_rows("SELECT source, supplier_id, kind, payload_hash FROM facts", {}):
            seen.facts.setdefault(source, set()).add(tuple(about))
        for source, supplier, state in store._raw_rows("SELECT source, supplier_id, state FROM intents", {}):
            if not self.workspace.sources[source].table.price_sek:
                continue
            provider = self.workspace.sources[source].table.adapter
            seen.answered[source, supplier] += state == "answered"
            seen.counted[provider] += state in ("answered", "in_doubt", "open")
        return seen


class Months:
    """The month as the sample has it, and with the sources that lie ready in place of others; each read in once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: dict[bool, tuple[Month, Seen]] = {}

    def of(self, *providers: str) -> tuple[Month, Seen]:
        """A month in which these providers are asked, and what comes of it when all are well."""
        other = bool(OTHERWISE & set(providers))
        if other not in self.made:
            month = self._make(other)
            seen = month.ask(month.copy("undisturbed"))
            assert seen.clear
            assert not seen.incomplete
            self.made[other] = (month, seen)
        return self.made[other]

    def _make(self, other: bool) -> Month:
        home = self.folder / ("other" if other else "sample")
        (home / "months").mkdir(parents=True)
        small_workspace(home)
        if other:
            change(home / "connectors" / "creditsafe_se.toml", "enabled    = false", "enabled    = true")
            change(home / "screening.toml", r"(?m)^credit  .*$", 'credit = ["creditsafe_se"]')
            change(home / "screening.toml", r"(?m)^enforcement_debt .*$", 'enforcement_debt = ["creditsafe_se"]')
            for name in ("roaring", "opensanctions"):
                change(home / "connectors" / f"{name}.toml", r"enabled    = false", "enabled    = true")
            change(home / "screening.toml", r"(?m)^tax_registration .*$", 'tax_registration = ["roaring"]')
            change(home / "screening.toml", r"(?m)^\[sources\].*$", '[sources]\nsanctions = ["opensanctions"]')
            text = (home / "screening.toml").read_text(encoding="utf-8")
            if '"AGA-05"' not in text:
                text = text.replace('"AGA-03"', '"AGA-03", "AGA-05"')
            (home / "screening.toml").write_text(text, encoding="utf-8")
        with open_workspace(home) as workspace:
            store = workspace.store
            run = store.begin_run("monthly", "2026-09", DAY, started=NOW, version="0", texts=workspace.texts())
            intake(store, run, workspace.config, workspace.exports, home, NOW)
        return Month(workspace, run, home / ".screening" / "store.db", home / "months")


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Months:
    """See ``Months``."""
    return Months(tmp_path_factory.mktemp("catalogue"))


def never_clean(seen: Seen, undisturbed: Seen, providers: Collection[str]) -> None:
    """No verdict is clear that is not clear when every source answers in full, and nobody drops out of sight.

    While the register is silent, others are judged by the number as written, beside IDE-01 that is unknown: so nobody is
    clean, though single rules may be clear of whoever has the number.
    """
    assert seen.clean <= undisturbed.clean
    if "bolagsverket_hvd" not in providers:
        assert seen.clear <= undisturbed.clear
    assert {key[:2] for key, verdict in undisturbed.verdicts.items() if verdict[0] == "flag"} <= {
        key[:2] for key in seen.verdicts
    }


def nothing_twice(first: Seen, again: Seen, undisturbed: Seen) -> None:
    """Whoever was answered is not paid for again, and the budget counts at least what the provider bills."""
    for about, count in again.answered.items():
        assert count <= max(undisturbed.answered[about], first.answered[about]), about
    for provider, count in first.billed.items():
        assert first.counted[provider] >= count, provider
        assert again.counted[provider] >= count + again.billed[provider], provider


def once(provider: str, kind: str) -> str:
    """The fault as a command line names it; who throttles does so once."""
    return f"{provider}:{kind}{'*1' if kind.startswith('throttled') else ''}"


@pytest.mark.parametrize(("provider", "kind"), EVERY)
def test_a_fault_makes_nobody_clean_and_nothing_is_bought_twice(months: Months, provider: str, kind: str) -> None:
    """Others' answers are as ever; and the same command again, with a well source, buys only what is missing."""
    month, undisturbed = months.of(provider)
    home = month.copy(f"{provider}-{kind}")
    seen = month.ask(home, faults([once(provider, kind)]))
    source = month.source(provider)
    others = {name: facts for name, facts in seen.facts.items() if name not in (source, DERIVED)}
    if provider == "bolagsverket_hvd":  # it decides who may be asked about at all
        assert all(facts <= undisturbed.facts[name] for name, facts in others.items())
    else:  # the next in precedence may be asked for what it did not give
        assert all(facts >= undisturbed.facts[name] for name, facts in others.items())
        assert others.keys() >= undisturbed.facts.keys() - {source, DERIVED}
    if kind not in CHANGES_THE_TRUTH:
        never_clean(seen, undisturbed, {provider})
    if kind in HARMLESS:
        assert seen.verdicts == undisturbed.verdicts
        assert not seen.incomplete
    if kind in TOLD:
        assert any(line.startswith(f"{source}: ") for line in seen.incomplete), seen.incomplete
    as_told(f"{provider} {kind}", seen.incomplete)
    nothing_twice(seen, month.ask(home), undisturbed)


def golden(kind: str = "") -> list[str]:
    """What the report says of every fault, or of one."""
    lines = GOLDEN.read_text(encoding="utf-8").splitlines() if GOLDEN.is_file() else []
    return [line for line in lines if line.partition(": ")[0] == kind] if kind else lines


def as_told(name: str, incomplete: list[str]) -> None:
    """The sentences under *ofullständig* are those of ``faults.golden.txt``; ``UPDATE_GOLDEN=1`` writes them anew."""
    told = [f"{name}: {line}" for line in incomplete or ["-"]]
    if os.environ.get("UPDATE_GOLDEN"):
        lines = sorted({*(line for line in golden() if line.partition(": ")[0] != name), *told})
        GOLDEN.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    assert told == golden(name)


PAIRS = st.lists(
    st.sampled_from([param.values for param in EVERY]), min_size=2, max_size=2, unique_by=lambda item: item[0]
)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(pair=PAIRS)
def test_two_faults_at_once(months: Months, pair: list[tuple[str, str]]) -> None:
    """What holds of each holds of both."""
    month, undisturbed = months.of(*(provider for provider, _ in pair))
    home = month.copy("pair")
    seen = month.ask(home, faults([once(*item) for item in pair]))
    if not {kind for _, kind in pair} & CHANGES_THE_TRUTH:
        never_clean(seen, undisturbed, {provider for provider, _ in pair})
    sources = {month.source(provider) for provider, _ in pair}
    for name, facts in seen.facts.items():
        assert name in (*sources, DERIVED) or facts <= undisturbed.facts[name] or facts >= undisturbed.facts[name]
    nothing_twice(seen, month.ask(home), undisturbed)


# --- on the command line ------------------------------------------------------------------------------------------------
def test_a_fault_is_named_with_its_source_kind_calls_and_numbers() -> None:
    """``SOURCE:KIND``, ``SOURCE:KIND*3``, ``SOURCE:KIND:NUMBER,NUMBER``."""
    some = faults(["scb_foretagsregister:down*3", "creditsafe_connect:partial:5599999017,5599998019"])
    assert [(item.source, item.kind, item.first, item.numbers) for item in some] == [
        ("scb_foretagsregister", "down", 3, ()),
        ("creditsafe_connect", "partial", None, ("5599999017", "5599998019")),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("scb:down", "scb_foretagsregister"),
        ("scb_foretagsregister:downn", "not_ordered"),
        ("scb_foretagsregister:down*x", "inget antal anrop"),
    ],
)
def test_a_misspelt_fault_says_what_there_is(text: str, said: str) -> None:
    """Nothing is served."""
    with pytest.raises(UsageError, match=said):
        faults([text])


def test_a_world_with_a_fault_that_its_source_has_not_is_refused() -> None:
    """The message lists those that it has."""
    with pytest.raises(ConfigError, match="three_businesses"):
        make_app(WORLD, lambda: DAY, faults=[Fault(source="bolagsverket_hvd", kind="gone_404")])


def test_the_page_names_every_row_and_kind() -> None:
    """Nothing in the catalogue is left out of its documentation, and each row is acted out or says how."""
    text = page()
    assert {str(number) for number in range(1, 29)} | {"1b"} <= {row.number for row in CATALOGUE}
    assert all(row.kinds or row.note for row in CATALOGUE)
    for row in CATALOGUE:
        assert f"| {row.number} |" in text
    for known in kinds().values():
        for kind in known:
            assert f"`{kind}`" in text
