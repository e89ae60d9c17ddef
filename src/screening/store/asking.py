"""What was asked: intents for calls that cost, tickets, the sources' own state, and the counts of a run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from sqlalchemy import Connection, Function, Row, bindparam, delete, func, insert, or_, select, text, update

from screening.adapters.source import Ticket
from screening.errors import SupplierFailed
from screening.store.base import Base, in_lists, insert_one
from screening.store.rows import Counts, Intent, IntentState
from screening.store.schema import ASKS, INTENTS, RUN_SOURCES, RUNS, SOURCE_STATE, TICKET_SUPPLIERS, TICKETS
from screening.store.values import maybe_day, maybe_iso, moment, pack, stamp, unpack

_I = INTENTS.c
SPENT = ("open", "answered", "in_doubt")  # states that count against the budget
_OWN = (
    (_I.run_id == bindparam("run"))
    & (_I.source == bindparam("whence"))
    & (_I.supplier_id == bindparam("who"))
    & (_I.state == "open")
    & (_I.owner == bindparam("whose"))
)
_OPENED = select(_I.id, _I.price_ore).where(_OWN)
_ANSWERED = update(INTENTS).where(_OWN).values(state="answered", settled_at=bindparam("now"))
_NOTE = text("""INSERT INTO asks (run_id, source, supplier_id, outcome) VALUES (:run, :source, :who, :outcome)
    ON CONFLICT (run_id, source, supplier_id) DO UPDATE SET outcome = excluded.outcome WHERE asks.outcome <> 'answered'""")


class Allowance(Protocol):
    """What a period's calls may cost: ``[budget]`` of screening.toml."""

    @property
    def max_sek(self) -> Decimal | None:
        """In kronor; ``None``: no bound."""

    @property
    def max_letters(self) -> int | None:
        """Copies sent to persons; ``None``: no bound."""


class Asking(Base):
    """Money is counted from before a call is sent, so that no crash loses sight of it."""

    owner: str  # which opening of the store this is: another's open intents were left by a crash

    # --- intents --------------------------------------------------------------------------------------------------------
    def intend(
        self,
        run_id: str,
        source: str,
        supplier_id: str,
        price_ore: int,
        at: datetime,
        *,
        letter: bool = False,
        budget: Allowance | None = None,
    ) -> int:
        """Notes a billable call before it is sent; on disk when this returns.

        The budget is read and the call noted in one transaction, so that two processes cannot both spend what is left.

        Args:
            run_id: the run that asks.
            source: the connector's name.
            supplier_id: who is asked about.
            price_ore: of this call.
            at: the run's clock.
            letter: the person asked about is sent a copy.
            budget: what the calls of the run's period may cost at most.

        Raises:
            SupplierFailed: ``over_budget``; nothing was noted.
        """
        with self._write() as connection:
            if budget is not None:
                _within(connection, run_id, price_ore, letter=letter, budget=budget)
            values: dict[str, object] = {"run_id": run_id, "source": source, "supplier_id": supplier_id}
            values |= {"price_ore": price_ore}
            values |= {"state": "open", "owner": self.owner, "at": stamp(at), "letter": int(letter)}
            return insert_one(connection, INTENTS, values)

    def settle(self, intent_id: int, state: IntentState, at: datetime) -> None:
        """How a call ended that gave no answer: ``failed`` and ``released`` cost nothing, ``in_doubt`` may have."""
        with self._write() as connection:
            values = {"state": state, "settled_at": stamp(at)}
            connection.execute(update(INTENTS).where(_I.id == intent_id).values(**values))

    def in_doubt(self, source: str | None = None, run_id: str | None = None) -> list[Intent]:
        """Calls that were sent, or about to be, and of which no answer is known: lost, or cut off by a crash.

        Without ``run_id`` the open calls of another living process are among them.
        """
        lost = or_(_I.state == "in_doubt", (_I.state == "open") & (_I.owner != self.owner))
        statement = select(INTENTS).where(lost).order_by(_I.id)
        if source is not None:
            statement = statement.where(_I.source == source)
        if run_id is not None:
            statement = statement.where(_I.run_id == run_id)
        return [_intent(row) for row in self._all(statement)]

    def bought(self, source: str, since: datetime, until: datetime) -> set[str]:
        """The suppliers about whom the source has been paid for an answer between two times, whatever it told."""
        paid = (_I.source == source) & (_I.state == "answered") & (_I.at >= stamp(since)) & (_I.at <= stamp(until))
        return {row.supplier_id for row in self._all(select(_I.supplier_id).where(paid).distinct())}

    def spent_ore(self, period: str) -> int:
        """What calls of a period's runs have cost, or may have."""
        return self._spent(period, func.sum(_I.price_ore))

    def letters(self, period: str) -> int:
        """How many letters calls of a period's runs have caused, or may have."""
        return self._spent(period, func.sum(_I.letter))

    def _spent(self, period: str, total: Function[int]) -> int:
        statement = select(total).join(RUNS, RUNS.c.id == _I.run_id).where(RUNS.c.period == period, _I.state.in_(SPENT))
        return int(self._one(statement)[0] or 0)

    def _close_intents(
        self, connection: Connection, run_id: str, source: str, supplier_id: str, now: str, billed: int, cost_ore: int
    ) -> None:
        """The answer is here: its open intents are answered; billed calls beyond them are noted with what is left to pay."""
        own = {"run": run_id, "whence": source, "who": supplier_id, "whose": self.owner}
        opened = connection.execute(_OPENED, own).all()
        if opened:
            connection.execute(_ANSWERED, {**own, "now": now})
        beyond = billed - len(opened)
        if beyond > 0:
            price = max(0, cost_ore - sum(row.price_ore for row in opened))
            shares = [price // beyond + (1 if index < price % beyond else 0) for index in range(beyond)]
            common = {"run_id": run_id, "source": source, "supplier_id": supplier_id, "state": "answered"}
            common |= {"owner": self.owner, "at": now, "settled_at": now}
            connection.execute(insert(INTENTS), [{**common, "price_ore": share} for share in shares])

    # --- tickets --------------------------------------------------------------------------------------------------------
    def put_ticket(self, run_id: str, source: str, ticket: Ticket) -> None:
        """A batch that was handed in and will be answered later."""
        with self._write() as connection:
            same = (TICKETS.c.source == source) & (TICKETS.c.ref == ticket.ref)
            ticket_id = connection.execute(select(TICKETS.c.id).where(same)).scalar()
            if ticket_id is None:
                ticket_id = insert_one(
                    connection,
                    TICKETS,
                    {
                        "run_id": run_id,
                        "source": source,
                        "ref": ticket.ref,
                        "kinds": pack(sorted(ticket.kinds)),
                        "submitted_at": stamp(ticket.submitted_at),
                        "due_on": maybe_iso(ticket.due_on),
                    },
                )
                connection.execute(
                    insert(TICKET_SUPPLIERS),
                    [
                        {"ticket_id": ticket_id, "supplier_id": supplier_id, "answered": 0}
                        for supplier_id in dict.fromkeys(ticket.supplier_ids)
                    ],
                )
            for supplier_id in ticket.supplier_ids:
                note_ask(connection, run_id, source, supplier_id, "awaited")

    def open_tickets(self, source: str) -> list[Ticket]:
        """The source's tickets that still await answers, with the suppliers not yet answered; oldest first."""
        statement = (
            select(TICKETS, TICKET_SUPPLIERS.c.supplier_id)
            .join(TICKET_SUPPLIERS)
            .where(TICKETS.c.source == source, TICKETS.c.closed_at.is_(None), TICKET_SUPPLIERS.c.answered == 0)
            .order_by(TICKETS.c.id, TICKET_SUPPLIERS.c.supplier_id)
        )
        found: dict[int, tuple[Row[tuple[object, ...]], list[str]]] = {}
        for row in self._all(statement):
            found.setdefault(row.id, (row, []))[1].append(row.supplier_id)
        return [
            Ticket(
                ref=row.ref,
                supplier_ids=tuple(supplier_ids),
                kinds=frozenset(unpack(row.kinds)),
                submitted_at=moment(row.submitted_at),
                due_on=maybe_day(row.due_on),
            )
            for row, supplier_ids in found.values()
        ]

    def close_ticket(self, source: str, ref: str, at: datetime) -> None:
        """Nothing more is awaited of it."""
        with self._write() as connection:
            same = (TICKETS.c.source == source) & (TICKETS.c.ref == ref)
            connection.execute(update(TICKETS).where(same).values(closed_at=stamp(at)))

    def _answer_ticket(self, connection: Connection, source: str, ref: str, supplier_id: str, now: str) -> None:
        """One supplier of a ticket is answered; the last one closes it."""
        same = (TICKETS.c.source == source) & (TICKETS.c.ref == ref)
        ticket_id = connection.execute(select(TICKETS.c.id).where(same)).scalar()
        if ticket_id is None:
            return
        whole = TICKET_SUPPLIERS.c.ticket_id == ticket_id
        one = whole & (TICKET_SUPPLIERS.c.supplier_id == supplier_id)
        connection.execute(update(TICKET_SUPPLIERS).where(one).values(answered=1))
        left = select(func.count()).where(whole, TICKET_SUPPLIERS.c.answered == 0)
        if connection.execute(left).scalar_one() == 0:
            connection.execute(update(TICKETS).where(TICKETS.c.id == ticket_id).values(closed_at=now))

    # --- a source's own state -------------------------------------------------------------------------------------------
    def state(self, source: str) -> dict[str, str]:
        """The source's own ids and cursors."""
        statement = select(SOURCE_STATE.c.name, SOURCE_STATE.c.value).where(SOURCE_STATE.c.source == source)
        return {row.name: row.value for row in self._all(statement.order_by(SOURCE_STATE.c.name))}

    def put_state(self, source: str, state: Mapping[str, str]) -> None:
        """Keeps the source's state in place of what there was."""
        if self.state(source) == dict(state):
            return
        with self._write() as connection:
            connection.execute(delete(SOURCE_STATE).where(SOURCE_STATE.c.source == source))
            rows = [{"source": source, "name": name, "value": value} for name, value in sorted(state.items())]
            if rows:
                connection.execute(insert(SOURCE_STATE), rows)

    # --- counts ---------------------------------------------------------------------------------------------------------
    def put_from_store(self, run_id: str, source: str, supplier_ids: Collection[str]) -> None:
        """The suppliers whose stored answers were fresh; those that this very run had asked do not count."""
        asked = 0
        for ids in in_lists(sorted(supplier_ids)):
            same = (ASKS.c.run_id == run_id) & (ASKS.c.source == source) & ASKS.c.supplier_id.in_(ids)
            asked += self._one(select(func.count()).where(same))[0]
        self._count(run_id, source, from_store=len(set(supplier_ids)) - asked)

    def put_failed(self, run_id: str, source: str, supplier_ids: Collection[str]) -> None:
        """The suppliers that were asked about without an answer."""
        with self._write() as connection:
            for supplier_id in sorted(set(supplier_ids)):
                note_ask(connection, run_id, source, supplier_id, "failed")

    def asked(self, run_id: str, source: str) -> set[str]:
        """The suppliers about whom a run has asked the source, answered or not."""
        same = (ASKS.c.run_id == run_id) & (ASKS.c.source == source)
        return {row.supplier_id for row in self._all(select(ASKS.c.supplier_id).where(same))}

    def put_calls(self, run_id: str, source: str, calls: int) -> None:
        """Calls sent to a source, also free ones; added to what the run had."""
        row = self._one(
            select(RUN_SOURCES.c.calls).where(RUN_SOURCES.c.run_id == run_id, RUN_SOURCES.c.source == source)
        )
        self._count(run_id, source, calls=calls + (0 if row is None else row.calls))

    def _count(self, run_id: str, source: str, **values: int) -> None:
        same = (RUN_SOURCES.c.run_id == run_id) & (RUN_SOURCES.c.source == source)
        with self._write() as connection:
            if connection.execute(update(RUN_SOURCES).where(same).values(**values)).rowcount == 0:
                both = {"from_store": 0, "calls": 0, **values}
                connection.execute(insert(RUN_SOURCES).values(run_id=run_id, source=source, **both))

    def calls(self, run_id: str) -> dict[str, Counts]:
        """What each source did in a run. Without a count of all calls, ``calls`` are those that cost money."""
        counts: dict[str, dict[str, int]] = {}

        def add(source: str, name: str, count: int) -> None:
            one = counts.setdefault(source, {})
            one[name] = one.get(name, 0) + count

        outcomes = select(ASKS.c.source, ASKS.c.outcome, func.count().label("n")).where(ASKS.c.run_id == run_id)
        for row in self._all(outcomes.group_by(ASKS.c.source, ASKS.c.outcome)):
            add(row.source, "asked", row.n)
            if row.outcome != "awaited":
                add(row.source, row.outcome, row.n)
        sent = select(_I.source, _I.state, func.count().label("n"), func.sum(_I.price_ore).label("ore"))
        billed: dict[str, int] = {}
        for row in self._all(sent.where(_I.run_id == run_id).group_by(_I.source, _I.state)):
            billed[row.source] = billed.get(row.source, 0) + (row.n if row.state != "released" else 0)
            add(row.source, "in_doubt", row.n if row.state in ("open", "in_doubt") else 0)
            add(row.source, "cost_ore", row.ore if row.state in SPENT else 0)
        for row in self._all(select(RUN_SOURCES).where(RUN_SOURCES.c.run_id == run_id)):
            add(row.source, "from_store", row.from_store)
            add(row.source, "calls", row.calls)
        for source, count in billed.items():
            counts[source]["calls"] = max(counts[source].get("calls", 0), count)
        return {source: Counts(**values) for source, values in sorted(counts.items())}


def note_ask(connection: Connection, run_id: str, source: str, supplier_id: str, outcome: str) -> None:
    """What became of asking one source about one supplier in one run; an answer is not undone by a later failure."""
    connection.execute(_NOTE, {"run": run_id, "source": source, "who": supplier_id, "outcome": outcome})


def _within(connection: Connection, run_id: str, price_ore: int, *, letter: bool, budget: Allowance) -> None:
    period = select(RUNS.c.period).where(RUNS.c.id == run_id).scalar_subquery()
    counted = (RUNS.c.period == period) & _I.state.in_(SPENT)
    sums = select(func.sum(_I.price_ore), func.sum(_I.letter)).join(RUNS, RUNS.c.id == _I.run_id).where(counted)
    spent, letters = (int(value or 0) for value in connection.execute(sums).one())
    if budget.max_sek is not None and spent + price_ore > budget.max_sek * 100:
        raise SupplierFailed("over_budget", f"max_sek = {budget.max_sek}")
    if letter and budget.max_letters is not None and letters >= budget.max_letters:
        raise SupplierFailed("over_budget", f"max_letters = {budget.max_letters}")


def _intent(row: Row[tuple[object, ...]]) -> Intent:
    return Intent(row.id, row.run_id, row.source, row.supplier_id, row.price_ore, moment(row.at), row.state)
