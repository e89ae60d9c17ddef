"""The figures of a run, added up supplier by supplier, for the first page and the board's report."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from screening.decisions import late_reply, unhandled
from screening.model import SEVERITIES, Contract, Finding
from screening.report import notice
from screening.report.desk import FRESH, Case, Desk, bought, outlook
from screening.report.workdays import deadline, reported_on
from screening.report.working import reply_by

What = Literal["overdue", "reply_overdue", "expired", "outgrown", "not_done", "document"]

AGES = (30, 90, 180)
"""Days that part the open flags by age; the last group is older than all."""


@dataclass(frozen=True, slots=True)
class Line:
    """One flag of one supplier in one unit, as the first page tells it. ``soon``: what about its contracts can be acted on."""

    supplier_id: str
    supplier: str
    observed: str
    unit: str
    sek: Decimal
    severity: str
    finding: Finding
    newcomer: bool = False
    soon: tuple[str, ...] = ()

    @property
    def weight(self) -> tuple[int, Decimal, str, str]:
        """Worst first, then by money."""
        return (SEVERITIES.index(self.finding.severity or "low"), -self.sek, self.supplier, self.finding.finding_id)


@dataclass(frozen=True, slots=True)
class Late:
    """Something whose last day has passed. ``line`` is the flag; ``None`` for a document that was asked for."""

    what: What
    due: date
    supplier: str
    unit: str
    text: str
    line: Line | None = None

    @property
    def weight(self) -> tuple[int, date, str]:
        """Worst first, then what has waited longest; documents last."""
        rank = len(SEVERITIES) if self.line is None else self.line.weight[0]
        return (rank, self.due, self.supplier)


@dataclass(slots=True)
class Risk:
    """A rule's standing flags in one unit: whom they concern, and by when the first of them is to be handled."""

    suppliers: set[str] = field(default_factory=set)
    due: date | None = None

    def add(self, supplier_id: str, due: date | None) -> None:
        """One flag."""
        self.suppliers.add(supplier_id)
        self.due = min(filter(None, (self.due, due)), default=None)


@dataclass(slots=True)
class Tally:
    """Figures of the whole organisation, or of one unit.

    Attributes:
        simulated: which sources made up their answers, in words; empty when none did.
        why_not: (missing thing, reason) -> suppliers not fully checked because of it, and what was bought of each.
        by_severity: (severity, new or worse) -> standing flags.
        by_unit: (unit, new or worse) -> standing flags.
        needed, missing: title of a source or kind of document -> suppliers that it was needed for; that it is missing for.
        risks: (unit, rule) -> what of its flags stands.
        states: how suppliers stand when their flags are weighed together.
        fresh: new or worse flags.
        late: what is overdue.
        decided: assessment -> standing flags that people have written it about.
        ages: group of age -> standing flags that nobody has settled.
        soon: suppliers with a flag and a contract that can be acted on within days.
    """

    simulated: str = ""
    in_scope: int = 0
    checked: int = 0
    unidentified: int = 0
    outside: int = 0
    persons_not_listed: int = 0
    sek: Decimal = Decimal(0)
    checked_sek: Decimal = Decimal(0)
    ended: int = 0
    settled: int = 0
    why_not: dict[tuple[str, str], dict[str, Decimal]] = field(default_factory=lambda: defaultdict(dict))
    by_severity: Counter[tuple[str, bool]] = field(default_factory=Counter)
    by_unit: Counter[tuple[str, bool]] = field(default_factory=Counter)
    needed: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    risks: dict[tuple[str, str], Risk] = field(default_factory=lambda: defaultdict(Risk))
    states: Counter[str] = field(default_factory=Counter)
    fresh: list[Line] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)
    decided: Counter[str] = field(default_factory=Counter)
    ages: Counter[int] = field(default_factory=Counter)
    soon: set[str] = field(default_factory=set)

    def add(self, desk: Desk, case: Case, unit: str | None = None) -> None:
        """Counts one supplier; for ``unit`` only the flags and money of that unit."""
        sek = case.spend if unit is None else bought(case, unit)
        self.in_scope += 1
        self.sek += sek
        self.unidentified += case.supplier.kind == "unidentified"
        self.outside += not case.expected
        self.states["outside" if not case.expected else outlook(desk, case).state] += 1
        if case.checked:
            self.checked += 1
            self.checked_sek += sek
        elif case.expected:
            self._why_not(desk, case, sek)
        self._sources(desk, case)
        self._documents(desk, case, unit)
        for finding in case.flags:
            self._flag(desk, case, finding, unit)

    def _why_not(self, desk: Desk, case: Case, sek: Decimal) -> None:
        reasons = {(desk.words.missing(item), item.verdict.reason) for item in case.unknowns}
        for reason in reasons or {("identity", "identity")}:
            self.why_not[reason][case.supplier.id] = sek

    def _sources(self, desk: Desk, case: Case) -> None:
        """For which of the sources that its rules need there is an answer to judge by."""
        needed = {title for rule in case.expected for title in desk.needed(rule)}
        self.needed.update(needed)
        if case.supplier.kind == "unidentified":
            self.missing.update(needed)
            return
        missing: set[str] = set()
        for item in case.unknowns:
            named = () if item.verdict.reason == "identity" else item.verdict.missing
            missing |= {desk.supply(kind) for kind in named} or desk.needed(item.rule)
        self.missing.update(missing & needed)

    def _documents(self, desk: Desk, case: Case, wanted: str | None) -> None:
        """Documents that were asked for and have not come in time."""
        units = ", ".join(desk.units(case)) if wanted is None else wanted
        for thing in sorted({desk.words.missing(item) for item in case.unknowns}):
            due = reply_by(desk, case, thing)
            if due is not None and due < desk.today:
                self.late.append(Late("document", due, case.name, units, thing))

    def _flag(self, desk: Desk, case: Case, finding: Finding, wanted: str | None) -> None:
        by_unit = desk.by_unit(case, finding.contracts)
        units = [name for name in by_unit if wanted in (None, name)]
        if not units:
            return
        fresh = finding.status in FRESH
        severity = finding.severity or "low"
        self.by_severity[severity, fresh] += 1
        self.settled += finding.settled
        for name in units:
            self.by_unit[name, fresh] += 1
            self.risks[name, finding.rule].add(case.supplier.id, deadline(finding, desk.run))
        line = _line(desk, case, finding, {name: by_unit[name] for name in units}, wanted)
        if line.soon:
            self.soon.add(case.supplier.id)
        if fresh:
            self.fresh.append(line)
        self._handling(desk, line)

    def _handling(self, desk: Desk, line: Line) -> None:
        """Who has decided what, how old it is, and what of it is overdue."""
        finding = line.finding
        decision = desk.decisions.get(finding.finding_id)
        if decision is not None and decision.assessment:
            self.decided[decision.assessment] += 1
        if not finding.settled:
            age = (desk.today - reported_on(finding.first_seen, desk.run)).days
            self.ages[next((group for group, most in enumerate(AGES) if age <= most), len(AGES))] += 1
        due = deadline(finding, desk.run)
        if due is not None and unhandled(finding, decision, due, desk.today):
            self._late("overdue", due, line)
        if decision is not None and decision.reply_by is not None and late_reply(finding, decision, desk.today):
            self._late("reply_overdue", decision.reply_by, line)
        if finding.handled == "expired" and decision is not None and decision.until is not None:
            self._late("expired", decision.until, line)

    def _late(self, what: What, due: date, line: Line) -> None:
        self.late.append(Late(what, due, line.supplier, line.unit, line.observed, line))

    @property
    def standing(self) -> int:
        """Standing flags."""
        return sum(self.by_severity.values())

    @property
    def new_or_worse(self) -> int:
        """Flags that are new or worse."""
        return sum(count for (_severity, fresh), count in self.by_severity.items() if fresh)

    def overdue(self, *what: What) -> int:
        """How many are overdue in these ways; a flag that is so in two is told in each."""
        return sum(item.what in what for item in self.late)

    @property
    def late_flags(self) -> int:
        """Flags that are overdue in some way, and documents that have not come."""
        flags = {item.line.finding.finding_id for item in self.late if item.line is not None}
        return len(flags) + self.overdue("document")


def _line(desk: Desk, case: Case, finding: Finding, by_unit: dict[str, list[Contract]], wanted: str | None) -> Line:
    contracts = [contract for own in by_unit.values() for contract in own]
    return Line(
        case.supplier.id,
        case.name,
        desk.words.observed(finding, persons=False),
        ", ".join(by_unit),
        case.spend if wanted is None else bought(case, wanted),
        finding.severity or "low",
        finding,
        newcomer=case.supplier.id in desk.newcomers,
        soon=tuple(text for contract in contracts for text in notice.soon(desk, contract)),
    )
