"""Numbers that a person has accepted for a name: the internal id, and with it every finding, survives the correction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from screening.identity import Identity, read
from screening.model import SupplierKind
from screening.names import SAME, likeness, normalise
from screening.store.keys import Keys, identity_columns, identity_of, known_suppliers, who_is
from screening.store.schema import ACCEPTED, FACTS, GAPS, RUN_SUPPLIERS, SUPPLIERS
from screening.store.values import stamp, unpack

BOUGHT_ABOUT = ("authority", "bureau")  # origins that are asked by number


class Accepted(Mapping[tuple[str, str], Identity]):
    """(normalised name, digits as written) -> the number that a person accepted for them.

    The written digits may be a person's, so only their keyed hash is held: look up, do not list.
    """

    def __init__(self, keys: Keys, rows: Mapping[tuple[str, str], Identity]) -> None:
        self._keys = keys
        self._rows = rows

    def __getitem__(self, key: tuple[str, str]) -> Identity:
        name, written = key
        return self._rows[name, self._keys.written_key(written)]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def listed(self) -> list[tuple[str, Identity]]:
        """(normalised name, accepted number), by name: without the number as written, which may be a person's."""
        found = {(name, identity) for (name, _), identity in self._rows.items()}
        return sorted(found, key=lambda item: (item[0], item[1].display))


class Accepting(Keys):
    """Accepted numbers, remembered for (normalised name, number as written)."""

    def accept_number(
        self, name: str, written: str, identity: Identity, by: str, at: datetime, source_sha: str = ""
    ) -> str:
        """Remembers that ``name`` with the number ``written`` is ``identity``; gives the internal id that it has.

        The supplier that stood under the wrong number keeps its id, and what was asked about the wrong number is void.
        A wrong number that is another supplier's stays that supplier's. Where the right number has an id that some run
        has had among its suppliers, that id is used.
        """
        who = who_is(identity, name)
        with self._write() as connection:
            right = self._find(connection, identity, name)
            wrong = self._mis_numbered(connection, name, written)
            if right is None and wrong is None:
                kind: SupplierKind = "person" if identity.is_person else "organisation"
                kept = self._complete(connection, {who: (kind, identity, name)})[who][0]
            elif wrong is None or wrong == right or (right is not None and _has_been_a_supplier(connection, right)):
                assert right is not None
                kept = right
            else:
                kept = wrong
                _correct(connection, wrong, right, identity)
            key = {"name_key": normalise(name), "written_key": self.written_key(written)}
            same = (ACCEPTED.c.name_key == key["name_key"]) & (ACCEPTED.c.written_key == key["written_key"])
            connection.execute(delete(ACCEPTED).where(same))
            connection.execute(
                insert(ACCEPTED).values(supplier_id=kept, by_whom=by, at=stamp(at), source_sha256=source_sha, **key)
            )
            return kept

    def accept_names(self, run_id: str, supplier_id: str, by: str, at: datetime, source_sha: str = "") -> None:
        """Accepts a supplier's own number for every name that a run's files gave it, however exports spell the number."""
        columns = (RUN_SUPPLIERS.c.name, RUN_SUPPLIERS.c.names, SUPPLIERS)
        same = (RUN_SUPPLIERS.c.run_id == run_id) & (RUN_SUPPLIERS.c.supplier_id == supplier_id)
        row = self._one(select(*columns).join(SUPPLIERS).where(same))
        identity = None if row is None else identity_of(row)
        if identity is None:
            return
        names = dict.fromkeys([row[0], *(unpack(row[1]) if row[1] else ())])
        digits = identity.reveal()
        spellings = (digits, digits[2:]) if identity.is_person else (digits, f"16{digits}", f"{digits}01")
        for name in names:
            for written in spellings:
                self.accept_number(name, written, identity, by, at, source_sha)

    def _mis_numbered(self, connection: Connection, name: str, written: str) -> str | None:
        """Who has stood under this name with the wrong number, or with none that was usable."""
        wrong = read(written).identity
        if wrong is None:
            return self._find(connection, None, name)
        found = known_suppliers(connection, [who_is(wrong, name)]).get(who_is(wrong, name))
        return found[0] if found is not None and likeness(found[1], name) >= SAME else None

    def accepted(self) -> Accepted:
        """Every acceptance, to look up by (normalised name, number as written or its digits)."""
        statement = select(ACCEPTED.c.name_key, ACCEPTED.c.written_key, SUPPLIERS).join(SUPPLIERS)
        found: dict[tuple[str, str], Identity] = {}
        for row in self._all(statement):
            identity = identity_of(row)
            if identity is not None:
                found[row[0], row[1]] = identity
        return Accepted(self, found)


def _has_been_a_supplier(connection: Connection, supplier_id: str) -> bool:
    """Whether any run had it, or a person accepted it; else it is only a number that the register was asked about."""
    return any(
        connection.execute(select(column).where(column == supplier_id).limit(1)).first() is not None
        for column in (RUN_SUPPLIERS.c.supplier_id, ACCEPTED.c.supplier_id)
    )


def _correct(connection: Connection, kept: str, looked_up: str | None, identity: Identity) -> None:
    """The row takes the right number; answers about the wrong one are somebody else's, those about the right one its."""
    asked = (FACTS.c.supplier_id == kept) & FACTS.c.origin.in_(BOUGHT_ABOUT)
    connection.execute(update(FACTS).where(asked).values(void=1))
    connection.execute(delete(GAPS).where(GAPS.c.supplier_id == kept))
    if looked_up is not None:
        for table in (FACTS, GAPS):
            connection.execute(update(table).where(table.c.supplier_id == looked_up).values(supplier_id=kept))
        connection.execute(delete(SUPPLIERS).where(SUPPLIERS.c.id == looked_up))
    connection.execute(update(SUPPLIERS).where(SUPPLIERS.c.id == kept).values(**identity_columns(identity)))
