"""What to ask suppliers for: a point per document or flag, from the rules' ``[[ask]]``, and the requests that are open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from screening.model import Contract, DocumentRequest, Finding, Judged, Regime, Value
from screening.report import texts
from screening.report.desk import Case, Desk
from screening.report.layout import Column, Layout
from screening.report.workdays import add
from screening.report.working import Row, iso
from screening.rules import Rule
from screening.rules.evidence import REPLY_DAYS, current
from screening.rules.grounds import EXCLUSION
from screening.rules.table import Ask
from screening.rules.texts import NO_BREAK, fill

EXPLANATION, ATTESTATION = "explanation", "record_check_attestation"
ASKED_AGAIN_DAYS = 25
"""So long after a document has come it is not asked for again, though a rule still lacks it: a choice, as ``fresh_days``."""
LEAVE_ALONE = frozenset({
    "Yttrande begärt", "Godtagen förklaring", "Åtgärdad", "Falsk träff", "Avtalsåtgärd", "Ej antagen/utesluten",
    "Handläggs i särskild ordning",
})  # fmt: skip
"""Assessments after which a flag is not asked about: it has been, it is settled, or the supplier must not be warned."""

HANDLING: Mapping[str, str] = {
    "tax_account": "kontoutdrag begärt",
    "record_check_attestation": "intyg begärt",
    "declaration": "sanningsförsäkran begärd",
    "payment_agreement": "betalningsplan begärd",
    "care_permit": "tillstånd begärt",
    "explanation": "förklaring begärd",
}
"""What a request is called in the case file, so that the list is read back as it stands."""

HEARD: Mapping[Regime, str] = {
    "LOU": "LOU 13:4",
    "LOU_under": "LOU 19:17",
    "LOU_annex2": "LOU 19:17",
    "LUF": "LUF 13:5",
    "LUK": "LUK 11:5",
}
"""Where the law itself says that a tenderer is to be heard before it is excluded; in other regimes nothing is cited."""

POINTS = Layout(
    "Begäran",
    (
        Column("Punkt", width=18),
        Column("Leverantör", width=28),
        Column("Orgnr", "orgnr", 13.5),
        Column("Leverantörsnr", width=14),
        Column("Enhet", width=24),
        Column("Avtal", width=14),
        Column("Fas", width=10),
        Column("Begäran", width=22),
        Column("Avser", width=19),
        Column("Vad som begärs", width=62),
        Column("Regler", width=16),
        Column("Yttrande enligt", width=13),
        Column("Arbetsdagar", "count", 11),
        Column("Svar senast", "date", 12, fill=True),
        Column("Skickad", "date", 12, fill=True),
        Column("Svar inkom", "date", 12, fill=True),
        Column("Handläggare", width=14, fill=True),
    ),
)
OPEN = Layout(
    "Begärda",
    (
        Column("Leverantör", width=28),
        Column("Orgnr", "orgnr", 13.5),
        Column("Leverantörsnr", width=14),
        Column("Begäran", width=22),
        Column("Avser", width=19),
        Column("Skickad", "date", 12),
        Column("Svar senast", "date", 12),
        Column("Läge", width=22),
    ),
)


@dataclass(slots=True)
class Point:
    """One point: what is asked for, and what it is about.

    Attributes:
        about: of several of a kind, which: the id of a flag, or a quarter and law area.
        heard: the paragraph by which the supplier is heard; empty where none applies.
    """

    kind: str
    about: str
    id: str
    what: str
    days: int
    rules: list[str] = field(default_factory=list)
    contracts: dict[str, Contract] = field(default_factory=dict)
    heard: str = ""

    @property
    def key(self) -> str:
        """As requests are kept: by kind, and by what it is about where there may be several."""
        return f"{self.kind}/{self.about}" if self.about else self.kind


def points(desk: Desk, case: Case) -> list[Point]:
    """What the supplier is to be asked for now: nothing that is asked for already, answered lately or settled."""
    found: dict[str, Point] = {}
    requests = _requests(case)
    for finding in case.flags:
        if finding.status == "unverified" or finding.settled or _left_alone(desk, finding):
            continue
        for rule, ask, contracts in _asks(desk, case, finding.rule, "flag", finding.contracts, finding.level):
            _take(desk, found, finding, rule, ask, contracts)
    for item in case.unknowns:
        for rule, ask, contracts in _asks(desk, case, item.rule, "unknown", item.contracts):
            if item.verdict.reason in ask.reasons and ask.kind in item.verdict.missing:
                _take(desk, found, item, rule, ask, contracts)
    again = {finding.finding_id for finding in case.flags if finding.status == "worse"}
    return [point for point in found.values() if not _asked(point, requests, desk.today, again)]


def _left_alone(desk: Desk, finding: Finding) -> bool:
    decision = desk.decisions.get(finding.finding_id)
    return decision is not None and decision.assessment in LEAVE_ALONE and finding.handled in ("open", "")


def _asks(
    desk: Desk, case: Case, rule_id: str, outcome: str, concerned: Iterable[str], level: str = ""
) -> Iterator[tuple[Rule, Ask, list[Contract]]]:
    """The points of a rule that came out so, each with the contracts in whose phase it is asked."""
    rule = desk.words.rules.get(rule_id)
    wanted = set(concerned)
    contracts = [item for item in case.dossier.contracts if item.id in wanted]
    for ask in rule.table.ask if rule is not None else ():
        if not ask.wants(outcome, level):
            continue
        here = [item for item in contracts if not ask.phases or item.phase in ask.phases]
        if here or not ask.phases or (not contracts and desk.words.without in ask.phases):
            assert rule is not None
            yield rule, ask, here


def _take(
    desk: Desk, found: dict[str, Point], item: Finding | Judged, rule: Rule, ask: Ask, contracts: Sequence[Contract]
) -> None:
    """Adds a point, or one rule more to a point that another rule asks for too."""
    about = ""
    if ask.kind == EXPLANATION:
        about = item.finding_id if isinstance(item, Finding) else ""
    elif ask.kind == ATTESTATION and "/" in item.scope_key:
        about = item.scope_key
    key = f"{ask.kind}/{about}" if about else ask.kind
    point = found.get(key)
    if point is None:
        name = about if ask.kind == EXPLANATION and about else desk.store.finding_id("BEG", item.supplier_id, key)
        evidence = _evidence(item, about)
        what = fill(ask.what.of(desk.language), evidence, desk.language).replace(NO_BREAK, " ")
        point = found[key] = Point(ask.kind, about, name, what, ask.days)
    point.days = min(point.days, ask.days)
    if rule.id not in point.rules:
        point.rules.append(rule.id)
    point.contracts |= {contract.id: contract for contract in contracts}
    if isinstance(item, Finding) and not point.heard:
        point.heard = _heard(desk, item, contracts)


def _evidence(item: Finding | Judged, about: str) -> Mapping[str, Value]:
    seen = dict(item.evidence if isinstance(item, Finding) else item.verdict.seen)
    if about and "/" in about:
        seen.setdefault("quarter", about.partition("/")[0])
    return seen


def _heard(desk: Desk, finding: Finding, contracts: Sequence[Contract]) -> str:
    """The paragraph on hearing, where the flag may exclude the supplier from one of the procurements it concerns."""
    for contract in contracts:
        law = desk.words.law(finding, contract)
        if contract.phase == "tender" and law is not None and law.force in EXCLUSION and contract.regime in HEARD:
            return HEARD[contract.regime]
    return ""


# --- what has been asked for -----------------------------------------------------------------------------------------
def _requests(case: Case) -> list[DocumentRequest]:
    rows = (
        row
        for kind, rows in case.dossier.facts.items()
        if kind.partition("@")[0] == DocumentRequest.kind
        for row in current(rows)
    )
    return [row for row in rows if isinstance(row, DocumentRequest)]


def _asked(point: Point, requests: Iterable[DocumentRequest], today: date, again: frozenset[str] | set[str]) -> bool:
    """Whether the point is asked for and open, or was answered: a document lately, an explanation before it got worse."""
    for request in requests:
        if request.scope_key not in (point.key, point.kind):
            continue
        if request.received_on is None:
            return True
        if point.kind == EXPLANATION:
            return point.about not in again or _lately(request.received_on, today)
        if _lately(request.received_on, today):
            return True
    return False


def _lately(day: date, today: date) -> bool:
    return today - day <= timedelta(days=ASKED_AGAIN_DAYS)


# --- rows ------------------------------------------------------------------------------------------------------------
def rows(desk: Desk, case: Case) -> Iterator[Row]:
    """One row per point of the supplier, in order of kind."""
    for point in sorted(points(desk, case), key=lambda item: (item.kind == EXPLANATION, item.key)):
        contracts = [point.contracts[key] for key in sorted(point.contracts)]
        units = sorted({desk.unit(item.unit) for item in contracts}) or desk.units(case)
        phases = {item.phase for item in contracts} or {desk.words.without}
        yield [
            point.id,
            case.name,
            case.number,
            case.own_numbers,
            "\n".join(units),
            "\n".join(item.id for item in contracts),
            "\n".join(sorted(texts.word(texts.PHASE, phase, desk.language) for phase in phases)),
            HANDLING[point.kind],
            point.about,
            point.what,
            ", ".join(sorted(point.rules)),
            point.heard,
            point.days,
            iso(add(desk.today, point.days)),
            None,
            None,
            None,
        ]


def open_rows(desk: Desk, case: Case) -> Iterator[Row]:
    """One row per request that has not been answered: what stands open, and what is late."""
    for request in sorted(_requests(case), key=lambda item: (item.requested_on, item.scope_key)):
        if request.received_on is not None:
            continue
        last = request.reply_by_on or request.requested_on + timedelta(days=REPLY_DAYS)
        late = desk.say("Försenad", "Late"), desk.say("Inom svarstiden", "Inside its time")
        yield [
            case.name,
            case.number,
            case.own_numbers,
            HANDLING.get(request.for_kind, request.for_kind),
            request.scope_key.partition("/")[2],
            iso(request.requested_on),
            iso(last),
            late[desk.today <= last],
        ]
