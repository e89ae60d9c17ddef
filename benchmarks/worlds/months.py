"""Takes a world through its months: facts into the real store, then derive, judge and compare as a run does them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Literal

from benchmarks.process import ROOT
from benchmarks.worlds.base import quarter_end
from benchmarks.worlds.life import LONG_AGO, Life

from screening.config import Config, validate
from screening.model import Fact, Origin, Provenance, RecordCheckAttestation, Severity, Supplier
from screening.rules import Rule, load
from screening.stages.compare import CLOSED, compare, standing
from screening.stages.derive import derive
from screening.stages.judge import judge
from screening.store import InputFile, Run, Store

OWNER = "5599990009"
SOURCES: Mapping[str, tuple[str, Origin]] = {
    "company_record": ("bolagsverket", Origin.AUTHORITY),
    "officers": ("bolagsverket", Origin.AUTHORITY),
    "signatory": ("bolagsverket", Origin.AUTHORITY),
    "address": ("bolagsverket", Origin.AUTHORITY),
    "industry": ("scb", Origin.AUTHORITY),
    "tax_registration": ("scb", Origin.AUTHORITY),
    "beneficial_owners": ("huvudman", Origin.AUTHORITY),
    "enforcement_debt": ("kronofogden", Origin.AUTHORITY),
    "accounts": ("bureau", Origin.BUREAU),
    "credit": ("bureau", Origin.BUREAU),
    "sanctions": ("eu", Origin.AUTHORITY),
    "number_use": ("listor", Origin.FILE),
}
OTHERS = ("ombud", Origin.AUTHORITY)
FILE, ATTESTED = "akt", "registerkontroll"
PROFILES: tuple[tuple[str, tuple[str, ...], str | None, str], ...] = (
    ("hemtjänst", ("hemtjänst",), "home_care", "contract"),
    ("assistans", ("personlig assistans",), "lss_child", "statute"),
    ("hvb", ("hvb",), "hvb", "statute"),
    ("skola", ("skola",), "school", "statute"),
    ("standard", (), None, "contract"),
)


@dataclass(frozen=True, slots=True)
class Export:
    """As much of an export connector as deriving looks at."""

    kind: str


EXPORTS = {ATTESTED: Export("attestations"), FILE: Export("documents")}
Verdicts = dict[tuple[str, str], tuple[Literal["flag", "unknown"], Severity | None]]
"""(rule, scope key) -> what a rule says of a supplier; what is not there is clear or not applicable."""


class Said(dict[str, Verdicts]):
    """What every rule said of each supplier (by tag) in one month. ``stands`` are (tag, rule, scope key) of open findings."""

    stands: set[tuple[str, str, str]]


def rules() -> Mapping[str, Rule]:
    """The catalogue as it is in ``rules/``."""
    return load(ROOT / "rules")


def configured(catalogue: Mapping[str, Rule]) -> Config:
    """Every rule is expected of every supplier, so that each is also tried on whom it does not concern."""
    profiles = [
        {
            "name": name,
            "rules": list(catalogue),
            **({"match": {"service": list(services)}} if services else {}),
            **({"record_check": area, "record_check_by": by} if area else {}),
        }
        for name, services, area, by in PROFILES
    ]
    document = {"organisation": {"name": "Fjärdvik", "orgnr": OWNER}, "profile": profiles}
    return validate("world", document, Config)


def live(
    lives: Sequence[Life], catalogue: Mapping[str, Rule], config: Config | None = None, store: Store | None = None
) -> Iterator[Said]:
    """What the rules say month by month; in a store of the world's own, held in memory, unless one is given."""
    if store is None:
        with Store.open("sqlite://", Path(), organisation=OWNER) as own:
            yield from live(lives, catalogue, config, own)
        return
    config = config or configured(catalogue)
    ids = store.supplier_ids((life.kind, life.identity, life.name) for life in lives)
    tags = {supplier_id: life.tag for supplier_id, life in zip(ids, lives, strict=True)}
    before = LONG_AGO
    for day in lives[0].days:
        run = _month(store, lives, ids, before, day, config, catalogue)
        yield _said(store, run, tags)
        before = day


def _month(
    store: Store,
    lives: Sequence[Life],
    ids: Sequence[str],
    before: date,
    day: date,
    config: Config,
    catalogue: Mapping[str, Rule],
) -> Run:
    at = datetime.combine(day, time(12), UTC)
    run = store.begin_run("monthly", f"{day:%Y-%m}", day, at, "world", {})
    store.begin_population(run.id)
    pairs = list(zip(ids, lives, strict=True))
    store.put_suppliers(
        run.id,
        [
            Supplier(who, life.kind, life.identity, life.name, (life.name, *life.also), (), life.identity.country)
            for who, life in pairs
        ],
    )
    store.put_contracts(run.id, [(who, contract) for who, life in pairs for contract in life.contracts])
    store.put_spend(run.id, [(who, life.spend(day)) for who, life in pairs])
    for file in _files(day):
        store.put_input(run.id, file)
    asked = [(who, kind, says(day)) for who, life in pairs for kind, says in life.says.items()]
    answers = (
        (who, _answered(fact, at))
        for who, _kind, said in asked
        if not isinstance(said, str | None)
        for fact in (said if isinstance(said, tuple) else (said,))
    )
    store.put_all_facts(run.id, answers, at)
    if before == LONG_AGO:
        past = ((who, _asked_of(fact, day_, at)) for who, life in pairs for day_, fact in life.past)
        store.put_all_facts(run.id, past, at)
    papers = ((who, _filed(paper, at)) for who, life in pairs for on, paper in life.papers if before < on <= day)
    store.put_all_facts(run.id, papers, at)
    with store.batch():
        for who, kind, said in asked:
            if isinstance(said, str):
                store.put_gap(run.id, who, kind, SOURCES.get(kind, OTHERS)[0], said, "", at)
    derive(store, run, config, catalogue, EXPORTS, at)
    judge(store, run, config, catalogue, {}, also=standing(store, run))
    compare(store, run, config.assessment.worse_share)
    store.finish_run(run.id, "done", at + timedelta(hours=1), 0, {})
    return run


def _files(day: date) -> Iterator[InputFile]:
    """The files of a month: the case file, and the attestations of the three last quarters that have ended."""
    yield InputFile(name=f"akt-{day}.csv", sha256=sha256(f"akt {day}".encode()).hexdigest(), connector=FILE)
    year, place = day.year, (day.month - 1) // 3 + 1
    ended: list[str] = []
    while len(ended) < 3:
        if quarter_end(f"{year}Q{place}") <= day:
            ended.append(f"{year}Q{place}")
        year, place = (year, place - 1) if place > 1 else (year - 1, 4)
    for quarter in ended:
        digest = sha256(f"{quarter} {day}".encode()).hexdigest()
        yield InputFile(name=f"registerkontroll-{quarter}.csv", sha256=digest, connector=ATTESTED)


def _answered(fact: Fact, at: datetime) -> Fact:
    """An answer of the run's day."""
    source, origin = SOURCES.get(fact.kind, OTHERS)
    return replace(fact, provenance=Provenance(source=source, origin=origin, as_of=at.date(), fetched_at=at))


def _asked_of(fact: Fact, day: date, at: datetime) -> Fact:
    """An answer about an earlier day."""
    return replace(fact, provenance=replace(_answered(fact, at).provenance, as_of=day, historic=True))


def _filed(paper: Fact, at: datetime) -> Fact:
    """A document that was read on the run's day and bears its own."""
    source = ATTESTED if isinstance(paper, RecordCheckAttestation) else FILE
    came = Provenance(source=source, origin=Origin.FILE, as_of=paper.provenance.as_of, fetched_at=at)
    return replace(paper, provenance=came)


def _said(store: Store, run: Run, tags: Mapping[str, str]) -> Said:
    found = Said()
    for item in store.judged(run.id):
        outcome = item.verdict.outcome
        if outcome in ("flag", "unknown"):
            word: Literal["flag", "unknown"] = "flag" if outcome == "flag" else "unknown"
            found.setdefault(tags[item.supplier_id], {})[item.rule, item.scope_key] = (word, item.severity)
    found.stands = {
        (tags[finding.supplier_id], finding.rule, finding.scope_key)
        for finding in store.findings(run.id)
        if finding.outcome == "flag" and finding.status not in CLOSED
    }
    return found
