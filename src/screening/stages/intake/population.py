"""Who is in scope, and what the run stores of them: suppliers, contracts, spend, origins, facts, doubtful numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from screening.identity import mask_text, propose, read
from screening.model import Contract, Fact, Supplier
from screening.names import likeness, normalise
from screening.stages.intake.desk import Desk
from screening.stages.intake.ledger import Paid, kronor
from screening.stages.intake.mentions import Doubt, Party, Resolved
from screening.stages.intake.number_use import number_use
from screening.store import Reject, RowOrigin, Store

MAX_ORIGINS = 200  # rows shown per supplier
_PROPOSALS = 16  # one per place of the wrong digit, and the swaps


@dataclass(slots=True)
class Population:
    """What the files said, by supplier (its place among ``resolved.parties``)."""

    resolved: Resolved
    contracts: dict[tuple[int, str], Contract] = field(default_factory=dict)
    paid: Mapping[int, Paid] = field(default_factory=dict)
    listed: frozenset[int] = frozenset()  # from supplier lists
    facts: dict[int, list[Fact]] = field(default_factory=dict)  # of dated documents, kept whoever it is about
    of_scope: dict[int, list[Fact]] = field(
        default_factory=dict
    )  # of registers and ledgers: of suppliers in scope alone


def in_scope(desk: Desk, people: Population, *, lists_alone: bool) -> list[int]:
    """The suppliers that ``[population]`` puts in scope.

    A contract that is signed and not yet started is in scope: what happens before it starts matters most. Masked persons
    are no supplier: several may stand behind one mask, and nobody can be asked about them.
    """
    scope = desk.config.population
    found: set[int] = set(people.listed) if lists_alone else set()
    for (party, _), contract in people.contracts.items():
        if contract.role != "main" and not scope.include_sub_suppliers:
            continue
        lasts = contract.ends_on is None or contract.ends_on >= desk.as_of
        if scope.contracts == "all" or (scope.contracts == "in_force" and (lasts or contract.phase == "tender")):
            found.add(party)
    if scope.paid_within_months > 0:
        least = int(scope.min_spend_sek * 100)
        found.update(
            party for party, paid in people.paid.items() if paid.paid_rows and (least <= 0 or paid.population >= least)
        )
    return sorted(place for place in found if not people.resolved.parties[place].hidden)


class Ids:
    """The store's internal id of each supplier, asked for once and in batches."""

    def __init__(self, store: Store, parties: Sequence[Party]) -> None:
        self._store = store
        self._parties = parties

    def __call__(self, place: int) -> str:
        """The id of the supplier in ``place``."""
        if not self._parties[place].id:
            self.prepare((place,))
        return self._parties[place].id

    def prepare(self, places: Sequence[int]) -> None:
        """Asks for the ids of many suppliers at once."""
        new = [self._parties[place] for place in places if not self._parties[place].id]
        if new:
            wanted = [(party.kind, party.identity, party.spellings[0] if party.names else "") for party in new]
            for party, made in zip(new, self._store.supplier_ids(wanted), strict=True):
                party.id = made


def write(store: Store, run_id: str, desk: Desk, people: Population, *, scope: Sequence[int], ids: Ids) -> None:
    """Stores the population; facts also of suppliers outside it, since dated documents stay."""
    parties = people.resolved.parties
    chosen = set(scope)
    ids.prepare(scope)
    store.put_suppliers(run_id, (_supplier(ids(place), parties[place]) for place in scope))
    store.put_contracts(
        run_id, ((ids(party), contract) for (party, _), contract in people.contracts.items() if party in chosen)
    )
    store.put_spend(run_id, ((ids(party), paid.spend()) for party, paid in people.paid.items() if party in chosen))
    store.put_origins(run_id, _origins(desk, parties, scope, ids))
    uses = ((place, number_use(desk, parties[place])) for place in scope)
    store.put_all_facts(run_id, ((ids(place), use) for place, use in uses if use is not None), desk.at)
    ids.prepare([place for place in people.facts if place not in chosen])
    for place, facts in people.facts.items():
        store.put_facts(run_id, ids(place), facts, desk.at)
    store.put_all_facts(
        run_id,
        [(ids(place), fact) for place, facts in people.of_scope.items() if place in chosen for fact in facts],
        desk.at,
    )


def _supplier(supplier_id: str, party: Party) -> Supplier:
    names = tuple(mask_text(name) for name in party.spellings)
    shown = party.identity.display if party.identity is not None else supplier_id
    return Supplier(
        id=supplier_id,
        kind=party.kind,
        identity=party.identity,
        name=names[0] if names else shown,
        names=names,
        supplier_numbers=tuple(dict.fromkeys(mask_text(own) for own in party.numbers)),
        country=party.country if len(party.country) == 2 and party.country.isalpha() else "SE",
        identity_accepted=party.accepted,
    )


def _origins(desk: Desk, parties: Sequence[Party], scope: Sequence[int], ids: Ids) -> Iterator[RowOrigin]:
    """Which rows made each supplier: every row of lists, the first of each ledger and spelling."""
    for place in scope:
        left = MAX_ORIGINS
        for mention in parties[place].mentions:
            for (file, sheet), rows in desk.mentions.places[mention].items():
                for row in rows[:left]:
                    yield RowOrigin(ids(place), file, sheet, row)
                left -= len(rows[:left])


# --- numbers that a person should look at ---------------------------------------------------------------------------------
def doubtful_numbers(desk: Desk, resolved: Resolved, scope: Sequence[int]) -> Iterator[Reject]:
    """One line per spelling in scope whose number is missing or wrong; its rows are accepted, so it counts as none."""
    chosen = set(scope)
    for doubt in resolved.doubts:
        if doubt.party in chosen and desk.mentions.places[doubt.mention]:
            yield _doubtful(desk, resolved, doubt)


def masked_persons(desk: Desk, people: Population) -> Iterator[Reject]:
    """One line per mask: where it stands first, how many rows, and how much they come to. The rows are accepted."""
    for place, party in enumerate(people.resolved.parties):
        where = [(at, mention) for mention in party.mentions for at in desk.mentions.places[mention].items()]
        if party.hidden and where:
            ((file, sheet), rows), mention = where[0]
            paid = people.paid.get(place)
            amount = f"{kronor(paid.year):,.2f}".replace(",", "\u00a0").replace(".", ",") if paid else "0"
            count = sum(desk.mentions.rows[item] for item in party.mentions)
            written = read(desk.mentions.written[mention][1]).written
            reason = desk.say("masked_person", count=count, amount=amount)
            yield Reject(
                file=file,
                sheet=sheet,
                row=rows[0],
                reason=reason,
                code="identity.masked_person",
                written=written,
                name=party.spellings[0],
            )


def _doubtful(desk: Desk, resolved: Resolved, doubt: Doubt) -> Reject:
    name, number, _, _ = desk.mentions.written[doubt.mention]
    places = desk.mentions.places[doubt.mention]
    (file, sheet), rows = next(iter(places.items()))
    problem = doubt.reading.problem
    told = problem.text("en" if desk.language == "en" else "sv") if problem is not None else ""
    reason = told
    if doubt.by_number:
        identity = resolved.parties[doubt.party].identity
        source = _file_of(desk, resolved.parties[doubt.party])
        reason = desk.say("number_by_supplier_no", problem=told, number=doubt.by_number, identity=identity, file=source)
    count = desk.mentions.rows[doubt.mention]
    if count > 1:
        reason += desk.say("rows_concerned", count=count)
    return Reject(
        file=file,
        sheet=sheet,
        row=rows[0],
        reason=reason,
        code=f"identity.{problem.value if problem is not None else 'unknown'}",
        written=doubt.reading.written,
        name=mask_text(name),
        proposals=_proposals(resolved, name, number),
    )


def _file_of(desk: Desk, party: Party) -> str:
    """The first file in which a supplier stands with its number."""
    with_number = (mention for mention in party.mentions if desk.mentions.written[mention][1])
    return next((file for mention in with_number for file, _ in desk.mentions.places[mention]), "")


def _proposals(resolved: Resolved, name: str, number: str) -> tuple[tuple[str, str, float], ...]:
    """Numbers it may have been meant to be: of a supplier of the same name in these files first, then by the digits."""
    found: dict[str, tuple[str, float]] = {}
    for place in resolved.by_name.get(normalise(name), ()) if name else ():
        party = resolved.parties[place]
        if party.identity is not None:
            called = party.spellings[0]
            found[party.identity.compact] = (mask_text(called), round(likeness(name, called), 2))
    for proposal in propose(number):
        found.setdefault(proposal.identity.compact, ("", 0.0))
    return tuple((compact, called, score) for compact, (called, score) in list(found.items())[:_PROPOSALS])
