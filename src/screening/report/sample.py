"""Samples of a run's suppliers: who is in the population, what is drawn, and the rows that reviewers fill in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from screening.decisions import sealed
from screening.errors import UsageError
from screening.identity import mask_text
from screening.model import Contract, Supplier
from screening.report import texts
from screening.report.desk import NO_UNIT, Case, Desk
from screening.report.layout import SAMPLE
from screening.report.texts import Language
from screening.sampling import Estimate, Unit, draw, estimate, population_hash, shares, size, size_of_endless
from screening.store import Member, Sample, SampleResult, Store

Row = list[object]
NO_SERVICE = "utan avtal"
BANDS = (
    (Decimal(100_000), "under 100 tkr"),
    (Decimal(1_000_000), "100 tkr–1 mnkr"),
    (Decimal(10_000_000), "1–10 mnkr"),
)
"""Sizes of suppliers, by what was bought from them in twelve months: a choice, written in the protocol."""
LARGEST = "minst 10 mnkr"
FOUND, CLEAN = "Avvikelse", "Utan anmärkning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What sample is wanted. ``size``: how many, in place of what confidence and deviation lead to."""

    seed: str
    confidence: Decimal = Decimal("0.95")
    deviation: Decimal = Decimal("0.05")
    size: int | None = None
    stratified: bool = False
    everyone: bool = False


def draw_sample(desk: Desk, ask: Ask, by: str, at: datetime) -> Sample:
    """Draws from the run's suppliers and stores the sample with its whole population; the same again is the same sample.

    Raises:
        UsageError: nobody to draw from, or a share outside its bounds.
    """
    members, unchecked = _population(desk, ask)
    if not members:
        message = desk.say(
            f"{desk.run.id}: ingen leverantör att dra ur; välj en annan körning med --run, eller --all",
            f"{desk.run.id}: no supplier to draw from; choose another run with --run, or --all",
        )
        raise UsageError(message)
    units = [Unit(item.public_id, item.stratum) for item in members]
    strata = Counter(unit.stratum for unit in units)
    wanted = _wanted(ask, len(units))
    counts = shares(strata, wanted)
    drawn = {unit.id: place for place, unit in enumerate(draw(units, counts, ask.seed), start=1)}
    method: dict[str, object] = {
        "seed": ask.seed,
        "population": len(units),
        "population_sha256": population_hash(units),
        "everyone": ask.everyone,
        "not_fully_checked": unchecked,
        "confidence": str(ask.confidence),
        "deviation": str(ask.deviation),
        "given_size": ask.size,
        "wanted": wanted,
        "endless": size_of_endless(ask.confidence, ask.deviation),
        "drawn": len(drawn),
        "stratified": ask.stratified,
        "strata": {name: (strata[name], counts[name]) for name in sorted(strata)},
        "period": desk.run.period,
        "as_of": desk.run.as_of.isoformat(),
    }
    same = (item for item in desk.store.samples(desk.run.period) if item.run_id == desk.run.id)
    if (known := next((item for item in same if item.method == method), None)) is not None:
        return known
    placed = [Member(item.supplier_id, item.public_id, item.stratum, drawn.get(item.public_id)) for item in members]
    return desk.store.put_sample(desk.run, method, placed, by, at)


def _wanted(ask: Ask, population: int) -> int:
    try:
        exact = size(population, ask.confidence, ask.deviation)
        size_of_endless(ask.confidence, ask.deviation)
    except ValueError as error:
        raise UsageError(str(error)) from error
    return exact if ask.size is None else min(ask.size, population)


def _population(desk: Desk, ask: Ask) -> tuple[list[Member], int]:
    """Suppliers that some profile concerns, without a standing flag unless everyone is asked for; how many not fully checked."""
    members = []
    unchecked = 0
    for case in desk.cases(frozenset({"company_record"})):
        if not case.expected or (case.flags and not ask.everyone):
            continue
        unchecked += not case.checked
        stratum = _stratum(case) if ask.stratified else ""
        members.append(Member(case.supplier.id, case.supplier.public_id, stratum))
    return members, unchecked


def _stratum(case: Case) -> str:
    """Service of the contract worth most, and how much was bought in twelve months."""
    contract = max(case.dossier.contracts, key=lambda item: (item.value_sek or Decimal(0), item.id), default=None)
    service = " ".join(mask_text(contract.service).casefold().split()) if contract else ""
    band = next((word for limit, word in BANDS if case.spend < limit), LARGEST)
    return f"{service or NO_SERVICE}, {band}"


# --- Stickprov --------------------------------------------------------------------------------------------------------
def rows(store: Store, sample: Sample, sheet_run: str, language: Language) -> Iterator[Row]:
    """The drawn, as reviewers meet them, with what they found so far; persons by pseudonym and the buyer's own number.

    Args:
        store: holds the sample.
        sample: which.
        sheet_run: the run whose sheet the rows stand in.
        language: for a unit that has no name.
    """
    drawn = store.sample_members(sample.id, drawn=True)
    wanted = {item.supplier_id for item in drawn}
    known = {item.id: item for item in store.suppliers(sample.run_id) if item.id in wanted}
    found = {item.supplier_id: item for item in store.sample_results(sample.id)}
    for member in drawn:
        supplier = known.get(member.supplier_id)
        contracts = store.contracts(sample.run_id, member.supplier_id)
        yield _row(store, sample, sheet_run, language, member, supplier, contracts, found.get(member.supplier_id))


def _row(
    store: Store,
    sample: Sample,
    sheet_run: str,
    language: Language,
    member: Member,
    supplier: Supplier | None,
    contracts: tuple[Contract, ...],
    result: SampleResult | None,
) -> Row:
    person = supplier is None or supplier.kind == "person"
    identity = None if person or supplier is None else supplier.identity
    units = sorted({" ".join(item.unit.split()) for item in contracts if item.unit.strip()})
    fixed: Row = [
        member.public_id if person or supplier is None else mask_text(supplier.name),
        identity.display if identity is not None else "",
        ", ".join(mask_text(number) for number in supplier.supplier_numbers) if supplier else "",
        "\n".join(units) or NO_UNIT[language],
        member.stratum,
        f"{sample.id} nr {member.drawn}",
    ]
    filled: Row = [None] * 4
    if result is not None:
        day = result.reviewed_on.isoformat() if result.reviewed_on else None
        filled = [day, result.reviewer, result.result, result.note or None]
    return [*fixed, *filled, sealed(store, sheet_run, f"{sample.id} {member.supplier_id}", fixed)]


def newest(store: Store, period: str) -> list[Sample]:
    """The samples of the newest period that has any, up to ``period``; in the order in which they were drawn."""
    found = store.samples(period)
    if not found:
        return []
    last = found[0].method["period"]
    return sorted(
        (item for item in found if item.method["period"] == last), key=lambda item: (item.run_id, item.number)
    )


def sheet(desk: Desk, clear: int) -> Iterator[Row]:
    """The rows of *Stickprov*: those of the newest samples; where none has been drawn, how to draw one."""
    samples = newest(desk.store, desk.run.period)
    for item in samples:
        yield from rows(desk.store, item, desk.run.id, desk.language)
    if not samples:
        text = desk.say(
            f"Inget stickprov är draget (screening sample). Populationen utan flagga är {clear} leverantörer. "
            "För att med 95 % sannolikhet träffa minst en avvikelse dras 59 om 5 % avviker, 29 om 10 % avviker.",
            f"No sample is drawn (screening sample). {clear} suppliers have no flag. "
            "To hit one deviation with 95 % probability draw 59 if 5 % deviate, 29 if 10 % do.",
        )
        yield [*[None] * (len(SAMPLE.columns) - 2), text, None]


# --- Nämndrapport -----------------------------------------------------------------------------------------------------
def said(store: Store, sample: Sample) -> Estimate:
    """What the reviewed part of a sample says of its population; those not carried out say nothing."""
    results = {item.supplier_id: item.result for item in store.sample_results(sample.id)}
    reviewed = sum(word in (FOUND, CLEAN) for word in results.values())
    deviating = sum(word == FOUND for word in results.values())
    return estimate(int(str(sample.method["population"])), reviewed, deviating)


def board(desk: Desk) -> Iterator[Row]:
    """The lines of *Nämndrapport*: drawn, reviewed, deviating, and what that says of the rest."""
    say, head = desk.say, desk.say("Stickprov", "Samples")
    samples = newest(desk.store, desk.run.period)
    if not samples:
        yield [head, say("Dragna", "Drawn"), 0, ""]
    for item in samples:
        found = said(desk.store, item)
        yield [head, say("Dragna", "Drawn"), item.method["drawn"], _of(desk, item)]
        yield [head, say("Granskade", "Reviewed"), found.reviewed, item.id]
        yield [head, say("Med avvikelse", "With a deviation"), found.deviating, _means(desk, item, found)]


def _of(desk: Desk, sample: Sample) -> str:
    count, everyone = sample.method["population"], sample.method["everyone"]
    who = ("leverantörer", "suppliers") if everyone else ("leverantörer utan flagga", "suppliers without a flag")
    return f"{sample.id}: {desk.say('ur', 'of')} {count} {desk.say(*who)}"


def _means(desk: Desk, sample: Sample, found: Estimate) -> str:
    if found.share is None:
        return desk.say("inget är granskat ännu", "nothing has been reviewed yet")
    share = texts.share(found.deviating, found.reviewed)
    means = desk.say(
        f"{share} av de granskade; mellan {found.low} och {found.high} av {found.population} med 95 % konfidens",
        f"{share} of those reviewed; between {found.low} and {found.high} of {found.population} with 95 % confidence",
    )
    rough = desk.say(
        "; stratifierat urval, intervallet är ungefärligt", "; stratified sample, the interval is approximate"
    )
    return means + rough if sample.method["stratified"] else means
