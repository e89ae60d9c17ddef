"""What the sheets are made from: a run's suppliers one by one, with their findings and what is expected of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from screening.config import Config
from screening.connectors import Connector
from screening.identity import mask_text
from screening.model import (
    SEVERITIES,
    CompanyRecord,
    Contract,
    Dossier,
    Fact,
    Finding,
    Judged,
    Severity,
    Supplier,
)
from screening.report.cells import capped
from screening.report.ruletexts import RuleTexts, titles
from screening.report.texts import KIND, Language, word
from screening.rules import Overall, Profiles, Rank, Rule, assess, legal_form, rank
from screening.rules.profiles import outside
from screening.store import Decision, FollowUp, Run, Store

LONGEST_NAME = 200  # characters: a name from outside must not push a row apart
STANDING = frozenset({"new", "remaining", "worse", "unverified"})
FRESH = frozenset({"new", "worse"})
NO_UNIT = {"sv": "Ingen enhet angiven", "en": "No unit given"}
KINDS = frozenset(
    {
        "company_record",
        "officers",
        "beneficial_owners",
        "shareholders",
        "record_check_attestation",
        "document_request",
    }
)
"""The kinds of fact that the sheets show beside findings."""


@dataclass(slots=True)
class Case:
    """One supplier of the run. ``expected``: the rules that concern it; empty when it is outside every profile."""

    dossier: Dossier
    expected: frozenset[str]
    flags: list[Finding] = field(default_factory=list)
    unknowns: list[Judged] = field(default_factory=list)

    @property
    def supplier(self) -> Supplier:
        """The supplier."""
        return self.dossier.supplier

    @property
    def spend(self) -> Decimal:
        """Bought for in the last 12 months."""
        return self.dossier.spend.last_12_months_sek

    @property
    def checked(self) -> bool:
        """Whether every rule that is expected has been judged."""
        return bool(self.expected) and not self.unknowns and self.supplier.kind != "unidentified"

    @property
    def worst(self) -> Severity | None:
        """The worst severity of its standing flags."""
        return min((flag.severity for flag in self.flags if flag.severity), key=SEVERITIES.index, default=None)

    @property
    def number(self) -> str:
        """The number as it may be printed."""
        return self.supplier.identity.display if self.supplier.identity is not None else ""

    @property
    def name(self) -> str:
        """The name as it may be printed: of spellings that differ in capitals only, the one that is not all capitals."""
        return capped(mask_text(_spelling(self.supplier, self.dossier.facts.get("company_record", ()))), LONGEST_NAME)

    @property
    def own_numbers(self) -> str:
        """The buyer's own supplier numbers, by which a person is found in the buyer's systems."""
        return ", ".join(mask_text(number) for number in self.supplier.supplier_numbers)


@dataclass(slots=True)
class Desk:
    """A run laid out for reporting.

    Attributes:
        decisions: finding id -> the newest decision on it.
        follow_ups: (supplier id, missing thing) -> what was last written about it.
        newcomers: ids of the suppliers that the run before did not have; empty for a first run.
    """

    store: Store
    run: Run
    config: Config
    words: RuleTexts
    sources: Mapping[str, Connector]
    flags: dict[str, list[Finding]]
    ended: dict[str, list[Finding]]
    unknowns: dict[str, list[Judged]]
    first_seen: dict[tuple[str, str, str], str]
    profiles: Profiles
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    follow_ups: Mapping[tuple[str, str], FollowUp] = field(default_factory=dict)
    newcomers: frozenset[str] = frozenset()
    _needed: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def language(self) -> Language:
        """Of the texts."""
        return self.words.language

    @property
    def today(self) -> date:
        """The run's day."""
        return self.run.as_of

    def say(self, swedish: str, english: str) -> str:
        """The text in the language of the report."""
        return english if self.language == "en" else swedish

    def source(self, name: str) -> str:
        """The title of a source, or of the kind of export that a fact was read from."""
        found = self.sources.get(name)
        return (found.table.title if found else "") or self.words.source(name)

    def needed(self, rule: str) -> frozenset[str]:
        """Where the facts that a rule cannot do without come from: titles of sources, or kinds of documents."""
        if rule not in self._needed:
            found = self.words.rules.get(rule)
            kinds = [need.kind for need in found.binding.needs if not need.optional] if found else []
            self._needed[rule] = frozenset(map(self.supply, kinds))
        return self._needed[rule]

    def supply(self, kind: str) -> str:
        """Where a kind of fact comes from: its first source's title, else the kind's own name."""
        order = sorted(self.sources.values(), key=lambda item: (item.wave, item.table.price_sek, item.name))
        names = self.config.sources.get(kind) or [item.name for item in order if kind in item.adapter.gives]
        return self.source(names[0]) if names else word(KIND, kind, self.language)

    def cases(self, kinds: frozenset[str] = KINDS) -> Iterator[Case]:
        """Every supplier in scope, one at a time, with facts of these kinds."""
        dossiers = self.store.dossiers(self.run.id, kinds, self.today, self.config.sources)
        for dossier in dossiers:
            supplier = dossier.supplier
            yield Case(
                dossier,
                self.expected(dossier),
                self.flags.get(supplier.id, []),
                self.unknowns.get(supplier.id, []),
            )

    def expected(self, dossier: Dossier) -> frozenset[str]:
        """The rules that are expected of the supplier and can concern it."""
        form = legal_form(dossier)
        found = self.profiles.expected(dossier.supplier, dossier.contracts, dossier.spend, form, self.today)
        return frozenset(
            name for name, item in found.rules.items() if outside(item.rule, dossier.supplier, form) is None
        )

    def unit(self, written: str) -> str:
        """The unit's name as printed."""
        return " ".join(written.split()) or NO_UNIT[self.language]

    def units(self, case: Case) -> list[str]:
        """The units that a supplier's contracts belong to; without contracts, those that bought."""
        names = [self.unit(contract.unit) for contract in case.dossier.contracts]
        names = names or [self.unit(name) for name, _sek in case.dossier.spend.by_unit]
        return sorted(set(names)) or [NO_UNIT[self.language]]

    def part(self, case: Case, unit: str) -> Case:
        """What of a supplier is one unit's: its contracts, the flags that concern them, and what it bought for."""
        contracts = tuple(item for item in case.dossier.contracts if self.unit(item.unit) == unit)
        spend = replace(case.dossier.spend, last_12_months_sek=bought(case, unit))
        if not contracts:
            spend = replace(spend, by_unit=((unit, spend.last_12_months_sek),))
        flags = [flag for flag in case.flags if unit in self.by_unit(case, flag.contracts)]
        dossier = replace(case.dossier, contracts=contracts, spend=spend)
        return Case(dossier, case.expected, flags, case.unknowns)

    def by_unit(self, case: Case, concerned: Iterable[str]) -> dict[str, list[Contract]]:
        """The contracts concerned, by unit; every unit of the supplier where no contract is named."""
        wanted = set(concerned)
        found: dict[str, list[Contract]] = defaultdict(list)
        for contract in case.dossier.contracts:
            if contract.id in wanted or not wanted:
                found[self.unit(contract.unit)].append(contract)
        return dict(sorted(found.items())) or {unit: [] for unit in self.units(case)}


def bought(case: Case, unit: str) -> Decimal:
    """What the unit bought for in 12 months; of the whole organisation where the ledger names no units."""
    spend = case.dossier.spend
    if not spend.by_unit:
        return spend.last_12_months_sek
    wanted = unit.casefold()
    return sum((sek for name, sek in spend.by_unit if " ".join(name.split()).casefold() == wanted), Decimal(0))


def lay_out(
    store: Store, run: Run, config: Config, rules: Mapping[str, Rule], sources: Mapping[str, Connector]
) -> Desk:
    """Reads what the run found; suppliers themselves are streamed later."""
    flags: dict[str, list[Finding]] = defaultdict(list)
    ended: dict[str, list[Finding]] = defaultdict(list)
    first_seen: dict[tuple[str, str, str], str] = {}
    for finding in store.findings(run.id):
        first_seen[finding.supplier_id, finding.rule, finding.scope_key] = finding.first_seen
        if finding.outcome == "flag":
            (flags if finding.status in STANDING else ended)[finding.supplier_id].append(finding)
    unknowns: dict[str, list[Judged]] = defaultdict(list)
    for item in store.judged(run.id):
        if item.verdict.outcome == "unknown":
            unknowns[item.supplier_id].append(item)
    words = RuleTexts(rules, run.as_of, config.report.language, titles(store.texts(run.id)))
    before = store.predecessor(run)
    return Desk(
        store,
        run,
        config,
        words,
        sources,
        flags,
        ended,
        unknowns,
        first_seen,
        Profiles(config, rules),
        decisions=store.newest_decisions(run.period),
        follow_ups=store.follow_ups(run.period),
        newcomers=store.newcomers(run.id, before.id) if before is not None else frozenset(),
    )


def _spelling(supplier: Supplier, records: Iterable[Fact]) -> str:
    """The name as the register or another list spells it, where this one has it in capitals and nothing else differs."""
    if not supplier.name.isupper():
        return supplier.name
    registered = [item.name for record in records if isinstance(record, CompanyRecord) for item in record.names]
    same = " ".join(supplier.name.split()).casefold()
    others = (name for name in (*reversed(registered), *supplier.names) if not name.isupper())
    return next((name for name in others if " ".join(name.split()).casefold() == same), supplier.name)


def outlook(desk: Desk, case: Case) -> Overall:
    """The supplier's flags weighed together; those accepted as explained, and false hits, do not weigh."""
    standing = [(flag.rule, flag.severity) for flag in case.flags if flag.severity is not None and not flag.settled]
    settled = sum(flag.settled for flag in case.flags)
    unknown = {item.rule for item in case.unknowns}
    return assess(standing, max(len(unknown), not case.checked), desk.config.assessment, settled=settled)


def place(desk: Desk, case: Case) -> Rank:
    """Where the supplier stands among those to read: risk × money."""
    dossier = case.dossier
    return rank(outlook(desk, case), dossier.contracts, dossier.spend, desk.today, desk.config.assessment)
