"""The rows of every sheet as data, from what a run stored; kept with the run, so that any report can be made again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from screening.config import Config
from screening.connectors import Connector
from screening.identity import mask_text
from screening.model import SETTLED, SEVERITIES, Dossier, Handled, Severity, Spend
from screening.report import about, asking, records, summary, working
from screening.report.behind import behind
from screening.report.board import board
from screening.report.desk import Case, Desk, lay_out, place
from screening.report.layout import (
    ATTESTATIONS,
    BOARD,
    CHANGES,
    ENDED,
    EVIDENCE,
    FLAGS,
    INPUT_ERRORS,
    LAYOUTS,
    RISKS,
    RULES,
    RUN,
    SAMPLE,
    SUMMARY,
    SUMMARY_COLUMNS,
    SUPPLIERS,
    UNKNOWNS,
    Layout,
    own_rows,
)
from screening.report.risks import risk_layout, risks
from screening.report.ruletexts import WRONG_NAME
from screening.report.tally import Tally
from screening.report.texts import SEVERITY, STATUS
from screening.report.trend import months
from screening.report.working import Row
from screening.rules import Rule
from screening.store import Run, Store

Own = Sequence[tuple[str, Row]]
Sorted = list[tuple[tuple[object, ...], Row, Own]]
"""By what a row is sorted, the row, and how it reads in each unit's own workbook where that differs."""


def build_sheets(
    store: Store, run: Run, config: Config, rules: Mapping[str, Rule], sources: Mapping[str, Connector]
) -> None:
    """Builds the rows of every sheet from the run's findings and facts, and stores them.

    Args:
        store: holds the run, judged and compared.
        run: the run.
        config: the workspace.
        rules: the rules that judged.
        sources: the source connectors, for titles and for whether their answers are simulated.
    """
    desk = lay_out(store, run, config, rules, sources)
    sheets = _Sheets(desk)
    for case in desk.cases():
        sheets.add(case)
    sheets.finish()
    for name, columns, rows in sheets.all():
        store.put_sheet(run.id, name, columns, rows)


class _Sheets:
    """The sheets while suppliers are read one by one."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        simulated = _simulated(desk)
        self.tally = Tally(simulated=simulated)
        self.units: dict[str, Tally] = defaultdict(lambda: Tally(simulated=simulated))
        self.sorted: dict[str, Sorted] = defaultdict(list)
        self.doubtful: list[Case] = []
        self.met: set[str] = set()

    def add(self, case: Case) -> None:
        """One supplier's rows and figures."""
        firsts: dict[str, tuple[object, ...]] = {}
        desk = self.desk
        self.met.add(case.supplier.id)
        self.tally.add(desk, case)
        units = desk.units(case)
        parts = [(unit, desk.part(case, unit)) for unit in units] if len(units) > 1 else []
        for unit in units:
            self.units[unit].add(desk, case, unit)
        if case.supplier.kind == "unidentified" or any(flag.rule == WRONG_NAME for flag in case.flags):
            self.doubtful.append(case)
        if case.supplier.kind == "person" and not case.flags and not case.unknowns:
            self.tally.persons_not_listed += 1
        else:
            own = [(unit, working.supplier(desk, part)) for unit, part in parts]
            self._put(SUPPLIERS.name, _supplier_key(desk, case), working.supplier(desk, case), own)
        handled = {flag.finding_id: flag.handled for flag in case.flags}
        for row in working.flags(desk, case):
            key = _flag_key(row, case.spend, handled[str(row[0])])
            self._put(FLAGS.name, key, row)
            firsts.setdefault(str(row[0]), key)
        for finding in case.flags:
            for number, row in enumerate(behind(desk, case, finding)):
                self._put(EVIDENCE.name, (*firsts[finding.finding_id], number), row)
        missing = {
            unit: {(thing, why): row for thing, why, row in working.unknowns(desk, part)} for unit, part in parts
        }
        for thing, reason, row in working.unknowns(desk, case):
            own = [(unit, rows[thing, reason]) for unit, rows in missing.items()]
            self._put(UNKNOWNS.name, (-case.spend, case.name, case.supplier.id, thing, reason), row, own)
        for row in records.changes(desk, case):
            self._put(CHANGES.name, (_newest(row[7]), case.name, case.supplier.id, str(row[4])), row)
        for row in records.attestations(desk, case):
            self._put(ATTESTATIONS.name, (_newest(row[4]), case.name, case.supplier.id, str(row[5])), row)
        self._asked(case)
        self._ended(case, case.name, case.supplier.id)

    def _asked(self, case: Case) -> None:
        """What to ask the supplier for, and what has been asked."""
        for layout, rows in ((asking.POINTS, asking.rows), (asking.OPEN, asking.open_rows)):
            for number, row in enumerate(rows(self.desk, case)):
                self._put(layout.name, (case.name, case.supplier.id, number), row)

    def _ended(self, case: Case | None, name: str, supplier_id: str) -> None:
        for finding in self.desk.ended.get(supplier_id, ()):
            self.tally.ended += 1
            for unit in self.desk.by_unit(case, finding.contracts) if case else ():
                if unit in self.units:  # no page for a unit whose last supplier is gone
                    self.units[unit].ended += 1
            for row in working.ended(self.desk, case, name, finding):
                key = (finding.status != "resolved", _rank(finding.severity), name, finding.finding_id, str(row[1]))
                self._put(ENDED.name, key, row)

    def finish(self) -> None:
        """Flags that ended because their supplier is no longer in the run: named as the run before named them."""
        gone = {supplier_id for supplier_id in self.desk.ended if supplier_id not in self.met}
        before = self.desk.store.predecessor(self.desk.run) if gone else None
        known = {item.id: item for item in self.desk.store.suppliers(before.id) if item.id in gone} if before else {}
        for supplier_id in sorted(gone):
            case = None
            if before is not None and (supplier := known.get(supplier_id)) is not None:
                contracts = tuple(self.desk.store.contracts(before.id, supplier_id))
                case = Case(Dossier(supplier, contracts, Spend(), {}, {}, {}), frozenset())
            self._ended(case, case.name if case else mask_text(supplier_id), supplier_id)

    def _put(self, sheet: str, key: tuple[object, ...], row: Row, own: Own = ()) -> None:
        self.sorted[sheet].append((key, row, own))

    def all(self) -> Iterable[tuple[str, list[str], Iterable[Row]]]:
        """(name, header, rows) in the order of the workbook."""
        desk, tally = self.desk, self.tally
        trend = months(desk)
        pages = list(summary.blocks(desk, tally, trend))
        for unit, own in sorted(self.units.items()):
            pages += summary.blocks(desk, own, trend, unit)
        yield SUMMARY, SUMMARY_COLUMNS, pages
        written: dict[str, Iterable[Row]] = {
            INPUT_ERRORS.name: about.input_errors(desk, self.doubtful),
            SAMPLE.name: about.sample(desk, tally),
            BOARD.name: board(desk, tally, trend),
            RISKS.name: risks(desk, tally),
            RULES.name: about.rules(desk),
            RUN.name: about.run(desk, tally),
        }
        for name, layout in (*LAYOUTS.items(), *((item.name, item) for item in (asking.POINTS, asking.OPEN))):
            if name == RISKS.name:
                yield name, risk_layout(desk.config.report).names, written[name]
            elif name in written:
                yield name, layout.names, written[name]
            else:
                yield from self._sorted(name, layout)

    def _sorted(self, name: str, layout: Layout) -> Iterator[tuple[str, list[str], Iterable[Row]]]:
        """The rows in order, and those that read otherwise in a unit's own workbook by their row's number and unit."""
        rows = self.sorted.pop(name, [])
        rows.sort(key=lambda item: item[0])
        yield name, layout.names, (row for _key, row, _own in rows)
        own = [[number, unit, *cells] for number, (_key, _row, own) in enumerate(rows) for unit, cells in own]
        if own:
            yield own_rows(name), ["row", "unit", *layout.names], own


def _simulated(desk: Desk) -> str:
    """Which sources made up their answers; empty when none did."""
    asked = set(desk.store.calls(desk.run.id))
    made_up = {name for name in asked if name in desk.sources and desk.sources[name].simulated}
    behind = (fact for flags in desk.flags.values() for flag in flags for fact in flag.facts)
    made_up |= {str(fact.get("source")) for fact in behind if fact.get("simulated")}
    if not made_up:
        return ""
    local = {name for name in asked if name in desk.sources and desk.sources[name].local}
    if asked - local <= made_up:
        return desk.say("alla källor", "all sources")
    return ", ".join(sorted(desk.source(name) for name in made_up))


def _supplier_key(desk: Desk, case: Case) -> tuple[object, ...]:
    """Flagged first, by risk × money; then what is not fully checked; then clear; each by money."""
    group = 0 if case.flags else 1 if not case.checked and case.expected else 2 if case.checked else 3
    return (group, place(desk, case).order, _rank(case.worst), -case.spend, case.name, case.supplier.id)


def _flag_key(row: Row, spend: Decimal, handled: Handled) -> tuple[object, ...]:
    """What was accepted and has run out on top, what is settled last; else worst, then new or worse, then by money."""
    group = 0 if handled == "expired" else 2 if handled in SETTLED else 1
    severity = next(key for key in SEVERITIES if str(row[6]) in SEVERITY[key])
    status = next(
        place for place, key in enumerate(("worse", "new", "remaining", "unverified")) if str(row[23]) in STATUS[key]
    )
    return (group, SEVERITIES.index(severity), max(status, 1), -spend, str(row[7]), str(row[0]), str(row[2]))


def _rank(severity: Severity | None) -> int:
    return len(SEVERITIES) if severity is None else SEVERITIES.index(severity)


def _newest(value: object) -> tuple[int, ...]:
    """Sorts ISO text with the latest first."""
    return tuple(-ord(char) for char in str(value))
