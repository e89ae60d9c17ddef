"""The figures of a run, added up supplier by supplier, for the first page and the board's report."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from screening.model import SEVERITIES, Finding
from screening.report.desk import FRESH, Case, Desk, outlook
from screening.report.ruletexts import BEFORE_PAYMENT
from screening.report.working import bought, deadline


@dataclass(frozen=True, slots=True)
class Line:
    """One flag of one supplier in one unit, as the first page tells it."""

    supplier: str
    observed: str
    unit: str
    sek: Decimal
    severity: str
    fresh: bool
    finding: Finding

    @property
    def weight(self) -> tuple[int, Decimal, str, str]:
        """Worst first, then by money."""
        return (SEVERITIES.index(self.finding.severity or "low"), -self.sek, self.supplier, self.finding.finding_id)


@dataclass(slots=True)
class Tally:
    """Figures of the whole organisation, or of one unit.

    Attributes:
        simulated: which sources made up their answers, in words; empty when none did.
        why_not: (missing thing, reason) -> suppliers not fully checked because of it.
        by_severity: (severity, new or worse) -> standing flags.
        by_unit: (unit, new or worse) -> standing flags.
        risks: (unit, rule) -> suppliers with a standing flag.
        states: how suppliers stand when their flags are weighed together.
        lines: new or worse flags, and those that cannot wait.
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
    overdue: int = 0
    why_not: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    by_severity: Counter[tuple[str, bool]] = field(default_factory=Counter)
    by_unit: Counter[tuple[str, bool]] = field(default_factory=Counter)
    risks: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    states: Counter[str] = field(default_factory=Counter)
    urgent: list[Line] = field(default_factory=list)
    fresh: list[Line] = field(default_factory=list)

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
            self._why_not(desk, case)
        for finding in case.flags:
            self._flag(desk, case, finding, unit)

    def _why_not(self, desk: Desk, case: Case) -> None:
        reasons = {(desk.words.missing(item), item.verdict.reason) for item in case.unknowns} or {
            ("identity", "identity")
        }
        for reason in reasons:
            self.why_not[reason].add(case.supplier.id)

    def _flag(self, desk: Desk, case: Case, finding: Finding, wanted: str | None) -> None:
        units = [name for name in desk.by_unit(case, finding.contracts) if wanted in (None, name)]
        if not units:
            return
        fresh = finding.status in FRESH
        severity = finding.severity or "low"
        self.by_severity[severity, fresh] += 1
        due = deadline(desk, finding)
        self.overdue += due is not None and due < desk.today
        for name in units:
            self.by_unit[name, fresh] += 1
            self.risks[name, finding.rule].add(case.supplier.id)
        sek = case.spend if wanted is None else bought(case, wanted)
        line = Line(
            case.name, desk.words.observed(finding, persons=False), ", ".join(units), sek, severity, fresh, finding
        )
        if finding.rule in BEFORE_PAYMENT or severity == "critical":
            self.urgent.append(line)
        elif fresh:
            self.fresh.append(line)

    @property
    def standing(self) -> int:
        """Standing flags."""
        return sum(self.by_severity.values())

    @property
    def new_or_worse(self) -> int:
        """Flags that are new or worse."""
        return sum(count for (_severity, fresh), count in self.by_severity.items() if fresh)
