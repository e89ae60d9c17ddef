"""Rows of contracts and supplier lists; one contract met in several rows becomes one, and the row says that it merged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any, cast

from screening.adapters.cells import ore, period, yes_no
from screening.identity import mask_text
from screening.model import Contract, PartyRole, Phase, Regime
from screening.stages.intake.desk import Desk, Line, Part, Refusal, Tally, check_even, data_lines

_INHERITED = ("unit", "service", "awarded_on", "starts_on", "ends_on", "option_until_on", "record_check", "owner")


@dataclass(frozen=True, slots=True)
class ContractRow:
    """One row. ``contract.id`` is empty when the export has none; ``main`` is the contract that a party works under."""

    mention: int
    contract: Contract
    main: str
    unsaid: frozenset[str]  # fields that only have their default
    tally: Tally
    file: str


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a supplier list."""

    mention: int
    tally: Tally


def read_contracts(desk: Desk, part: Part) -> Iterable[ContractRow]:
    """Every contract row of a sheet; rejected rows go to the desk."""
    for line in data_lines(part):
        try:
            yield _row(desk, line)
        except Refusal as refusal:
            desk.reject(line, refusal, name=mask_text(line.text("supplier_name")))


def read_list(desk: Desk, part: Part) -> Iterable[ListRow]:
    """Every row of a supplier list; rejected rows go to the desk."""
    for line in data_lines(part):
        try:
            check_even(line)
            yield ListRow(desk.mention(line), part.tally)
        except Refusal as refusal:
            desk.reject(line, refusal)


def _row(desk: Desk, line: Line) -> ContractRow:
    check_even(line)
    starts_on, ends_on = _term(line)
    if line.part.expired and ends_on is None:
        raise Refusal("expired_without_end")
    regime = _word(line, "regime", "LOU")
    contract = Contract(
        id=line.said("contract_id"),
        title=line.said("title"),
        unit=desk.unit(line.text("unit")),
        service=_service(line),
        regime=cast("Regime", regime),
        phase=cast("Phase", _word(line, "phase", "contract")),
        role=cast("PartyRole", _word(line, "role", "main")),
        awarded_on=line.day("awarded_on"),
        starts_on=starts_on,
        ends_on=ends_on,
        option_until_on=line.day("option_until_on"),
        value_sek=_value(line),
        record_check=_asked(line),
        owner=line.said("owner"),
        diary_number=line.said("diary_number"),
        share=_share(line),
    )
    unsaid = frozenset(name for name in ("regime", "phase", "role") if not line.meaning(name))
    # last, so that a rejected row leaves no supplier behind
    return ContractRow(
        desk.mention(line), contract, line.said("main_contract"), unsaid, line.part.tally, line.part.file
    )


def _term(line: Line) -> tuple[date | None, date | None]:
    """First and last day, from two columns or from one cell."""
    starts_on, ends_on = line.day("starts_on"), line.day("ends_on")
    try:
        first, last = period(line.raw("period"), epoch_1904=line.part.sheet.epoch_1904)
    except ValueError:
        raise Refusal("date_wrong", column=line.part.column("period")) from None
    return starts_on or first, ends_on or last


def _word(line: Line, name: str, default: str) -> str:
    """What a listed word means; an unknown one is read as the default and counted, never dropped silently."""
    meaning = line.meaning(name)
    if meaning is None:
        line.part.tally.unknown_words[line.part.column(name), default] += 1
    return meaning or default


def _service(line: Line) -> str:
    written = line.said("service").casefold()
    return line.part.export.meanings.get("service", {}).get(written, written)


def _value(line: Line) -> Decimal | None:
    try:
        found = ore(line.raw("value_sek"), line.part.export.table.options.decimal)
    except ValueError:
        raise Refusal("amount_wrong") from None
    return None if found is None else Decimal(found) / 100


def _share(line: Line) -> Decimal | None:
    """The part of the contract's value: ``15 %``, ``15`` or, as a cell of per cent holds it, ``0,15``."""
    written = line.text("share")
    if not written:
        return None
    try:
        found = Decimal(written.replace("%", "").replace(",", ".").strip())
    except InvalidOperation:
        raise Refusal("amount_wrong") from None
    share = found / 100 if "%" in written or found > 1 else found
    if not 0 <= share <= 1:
        raise Refusal("amount_wrong")
    return share


def _asked(line: Line) -> bool | None:
    """Whether the contract demands record checks; an unreadable word is no answer and is counted."""
    try:
        return yes_no(line.raw("record_check"))
    except ValueError:
        line.part.tally.unknown_words[line.part.column("record_check"), "–"] += 1
        return None


SUB_ROLES: frozenset[PartyRole] = frozenset({"sub", "relied_on"})
"""Who performs under another's contract."""


# --- merging ------------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Held:
    contract: Contract
    fields: int
    unsaid: frozenset[str]


def merge_contracts(
    rows: Sequence[ContractRow], party_of: Sequence[int], id_of: Callable[[int], str], say: Callable[..., str]
) -> dict[tuple[int, str], Contract]:
    """(supplier, contract id) -> contract. The fullest row holds, and blanks are filled from the others."""
    mains = _mains(rows)
    held: dict[tuple[int, str], _Held] = {}
    for row in rows:
        party = party_of[row.mention]
        contract = _under(row, mains)
        contract = replace(contract, id=contract.id or _made_id(row, contract, id_of(party)))
        unsaid = row.unsaid
        if contract.role in SUB_ROLES:
            main = mains.get(row.main or contract.id, row)
            of_main = None if main.contract.role in SUB_ROLES else main.contract.value_sek
            contract = replace(contract, main_contract=row.main or contract.id, main_value_sek=of_main)
            unsaid -= {"regime"} - main.unsaid
        place = (party, contract.id)
        known = held.get(place)
        filled = sum(1 for item in fields(contract) if getattr(contract, item.name) not in (None, ""))
        new = _Held(contract, filled, unsaid)
        if known is None:
            row.tally.accepted += 1
            held[place] = new
            continue
        row.tally.merged += 1
        names = [name for name in _differing(known.contract, contract) if name not in known.unsaid | new.unsaid]
        if names:
            row.tally.conflicts.append(say("conflict", contract=contract.id, fields=", ".join(names)))
        held[place] = _joined(new, known) if filled > known.fields else _joined(known, new)
    said = {place: replace(item.contract, regime_said="regime" not in item.unsaid) for place, item in held.items()}
    return _with_subs(said, rows, party_of)


def _with_subs(
    contracts: dict[tuple[int, str], Contract], rows: Sequence[ContractRow], party_of: Sequence[int]
) -> dict[tuple[int, str], Contract]:
    """Each main supplier's contract with how many others the list names as sub-suppliers or relied on under it."""
    under: dict[str, set[int]] = {}
    for row in rows:
        if row.contract.role in SUB_ROLES and (main := row.main or row.contract.id):
            under.setdefault(main, set()).add(party_of[row.mention])
    return {
        place: replace(contract, sub_suppliers=len(subs - {place[0]}))
        if contract.role not in SUB_ROLES and (subs := under.get(contract.id))
        else contract
        for place, contract in contracts.items()
    }


def _mains(rows: Sequence[ContractRow]) -> dict[str, ContractRow]:
    """Contract id -> the main supplier's row."""
    found: dict[str, ContractRow] = {}
    for row in rows:
        if row.contract.id and (row.contract.id not in found or row.contract.role == "main"):
            found[row.contract.id] = row
    return found


def _under(row: ContractRow, mains: dict[str, ContractRow]) -> Contract:
    """A sub-supplier's contract with what the main contract says where its own row is silent."""
    main = mains.get(row.main)
    if main is None or main is row:
        return row.contract
    given: dict[str, Any] = {
        name: getattr(main.contract, name) for name in _INHERITED if getattr(row.contract, name) in (None, "")
    }
    if "regime" in row.unsaid:
        given["regime"] = main.contract.regime
    if not row.contract.title:
        given["title"] = main.contract.title
    return replace(row.contract, **given)


def _made_id(row: ContractRow, contract: Contract, supplier_id: str) -> str:
    """A stable id where the export has none: the main contract's, else from supplier, title and start."""
    if row.main:
        return row.main
    told = "|".join((supplier_id, contract.title, str(contract.starts_on or ""), contract.diary_number))
    return f"A-{sha256(told.encode()).hexdigest()[:8].upper()}"


def _differing(one: Contract, other: Contract) -> list[str]:
    """Fields that both have and that differ."""
    pairs = ((item.name, getattr(one, item.name), getattr(other, item.name)) for item in fields(one))
    return [
        name
        for name, first, second in pairs
        if first not in (None, "") and second not in (None, "") and first != second
    ]


def _joined(best: _Held, other: _Held) -> _Held:
    """``best`` with its blanks and defaults filled from ``other``."""
    blank = (None, "")
    given: dict[str, Any] = {
        item.name: value
        for item in fields(best.contract)
        if (value := getattr(other.contract, item.name)) not in blank
        and (getattr(best.contract, item.name) in blank or item.name in best.unsaid - other.unsaid)
    }
    return _Held(replace(best.contract, **given), max(best.fields, other.fields), best.unsaid & other.unsaid)
