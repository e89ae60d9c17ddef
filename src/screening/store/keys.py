"""Keyed hashes and internal ids: who a supplier is over runs, spellings and corrected numbers.

A bare hash of a personal number is undone by trying them all; these are HMACs under a key that never leaves the store.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, Row, delete, insert, select, update

from screening.errors import StoreError
from screening.identity import Identity, from_stored, read
from screening.model import SupplierKind
from screening.names import normalise
from screening.store.base import Base
from screening.store.rows import KnownSupplier
from screening.store.schema import ACCEPTED, FACTS, GAPS, META, SUPPLIERS
from screening.store.values import stamp

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
BOUGHT_ABOUT = ("authority", "bureau")  # origins that are asked by number


def base32(digest: bytes, length: int) -> str:
    """The first ``length`` characters of a digest, five bits each."""
    number = int.from_bytes(digest, "big")
    top = len(digest) * 8
    return "".join(ALPHABET[(number >> (top - 5 * (index + 1))) & 31] for index in range(length))


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


class Keys(Base):
    """Pseudonyms, supplier ids, finding ids, accepted numbers."""

    key: bytes
    organisation: str

    def _mac(self, *parts: str) -> bytes:
        return hmac.new(self.key, "\x1f".join(parts).encode(), sha256).digest()

    def pseudonym(self, text: str) -> str:
        """The same ``K-…`` for the same text in this store, and no way back."""
        return f"K-{base32(self._mac('pseudonym', text), 12)}"

    def written_key(self, written: str) -> str:
        """The keyed hash of a number's digits as written; any spelling with the same digits gives the same."""
        return self.pseudonym("".join(char for char in written if char.isdigit()))

    def finding_id(self, rule: str, supplier_id: str, scope_key: str) -> str:
        """``SKA-01-7F3K9Q2M``: depends on organisation, rule, supplier and scope key alone."""
        return f"{rule}-{base32(self._mac('finding', self.organisation, rule, supplier_id, scope_key), 8)}"

    # --- suppliers ----------------------------------------------------------------------------------------------------
    def supplier_id(self, kind: SupplierKind, identity: Identity | None, name: str) -> str:
        """The internal id: found by number, for unidentified suppliers by name; made when it is new."""
        with self._read() as connection:
            found = self._find(connection, identity, name)
            named = found is None or not name or self._named(connection, found)
        if found is not None and named:
            return found
        with self._write() as connection:
            found = self._find(connection, identity, name) or self._make(connection, kind, identity, name)
            if not named:  # met before by number alone
                values = {"name": name, "name_key": normalise(name)}
                connection.execute(update(SUPPLIERS).where(SUPPLIERS.c.id == found).values(**values))
            return found

    def _named(self, connection: Connection, supplier_id: str) -> bool:
        return bool(connection.execute(select(SUPPLIERS.c.name).where(SUPPLIERS.c.id == supplier_id)).scalar())

    def find_supplier(self, identity: Identity) -> str | None:
        """The internal id of a number that the store has met."""
        with self._read() as connection:
            return self._find(connection, identity, "")

    def supplier(self, supplier_id: str) -> KnownSupplier | None:
        """Who an internal id is, whichever run it came from."""
        row = self._one(select(SUPPLIERS).where(SUPPLIERS.c.id == supplier_id))
        return None if row is None else KnownSupplier(row.id, _identity(row), row.name)

    def _find(self, connection: Connection, identity: Identity | None, name: str) -> str | None:
        if identity is None:
            return self._find_unnumbered(connection, name)
        statement = select(SUPPLIERS.c.id).where(
            SUPPLIERS.c.kind == identity.kind.value,
            SUPPLIERS.c.country == identity.country,
            SUPPLIERS.c.digits == identity.reveal(),
        )
        return connection.execute(statement).scalar()

    def _find_unnumbered(self, connection: Connection, name: str) -> str | None:
        statement = select(SUPPLIERS.c.id).where(SUPPLIERS.c.kind.is_(None), SUPPLIERS.c.name_key == normalise(name))
        return connection.execute(statement.order_by(SUPPLIERS.c.id)).scalar()

    def _make(self, connection: Connection, kind: SupplierKind, identity: Identity | None, name: str) -> str:
        """A new row under the first free id: 40 bits are few for a million suppliers, so a taken id is passed over."""
        if identity is None:
            prefix, length, parts = "U", 8, ("name", normalise(name))
        else:
            person = kind == "person" or identity.is_person
            prefix, length = ("P", 12) if person else ("S", 8)
            parts = (identity.kind.value, identity.country + identity.reveal())
        attempt = 0
        while True:
            again = (str(attempt),) if attempt else ()
            made = f"{prefix}-{base32(self._mac('supplier', *parts, *again), length)}"
            if connection.execute(select(SUPPLIERS.c.id).where(SUPPLIERS.c.id == made)).first() is None:
                break
            attempt += 1
        connection.execute(insert(SUPPLIERS).values(id=made, name=name, name_key=normalise(name), **_columns(identity)))
        return made

    # --- accepted numbers -----------------------------------------------------------------------------------------------
    def accept_number(
        self, name: str, written: str, identity: Identity, by: str, at: datetime, source_sha: str = ""
    ) -> str:
        """Remembers that ``name`` with the number ``written`` is ``identity``; gives the internal id that it has.

        The supplier that stood under the wrong number keeps its id, and what was asked about the wrong number is void.
        A wrong number that is another supplier's stays that supplier's; where the right number already has an id, that
        id is used.
        """
        with self._write() as connection:
            kept = self._find(connection, identity, "")
            if kept is None:
                kept = self._mis_numbered(connection, name, written)
                if kept is None:
                    kind: SupplierKind = "person" if identity.is_person else "organisation"
                    kept = self._make(connection, kind, identity, name)
                else:
                    self._correct(connection, kept, identity)
            values = {"name_key": normalise(name), "written_key": self.written_key(written)}
            same = (ACCEPTED.c.name_key == values["name_key"]) & (ACCEPTED.c.written_key == values["written_key"])
            connection.execute(delete(ACCEPTED).where(same))
            connection.execute(
                insert(ACCEPTED).values(supplier_id=kept, by_whom=by, at=stamp(at), source_sha256=source_sha, **values)
            )
            return kept

    def _mis_numbered(self, connection: Connection, name: str, written: str) -> str | None:
        """Who has stood under this name with the wrong number, or with none that was usable."""
        wrong = read(written).identity
        if wrong is None:
            return self._find_unnumbered(connection, name)
        found = self._find(connection, wrong, name)
        if found is None:
            return None
        row = connection.execute(select(SUPPLIERS.c.name_key).where(SUPPLIERS.c.id == found)).scalar_one()
        return found if row == normalise(name) else None

    def _correct(self, connection: Connection, supplier_id: str, identity: Identity) -> None:
        """The row takes the right number; answers about the wrong one are somebody else's."""
        connection.execute(update(SUPPLIERS).where(SUPPLIERS.c.id == supplier_id).values(**_columns(identity)))
        asked = (FACTS.c.supplier_id == supplier_id) & FACTS.c.origin.in_(BOUGHT_ABOUT)
        connection.execute(update(FACTS).where(asked).values(void=1))
        connection.execute(delete(GAPS).where(GAPS.c.supplier_id == supplier_id))

    def accepted(self) -> Accepted:
        """Every acceptance, to look up by (normalised name, number as written or its digits)."""
        statement = select(ACCEPTED.c.name_key, ACCEPTED.c.written_key, SUPPLIERS).join(SUPPLIERS)
        found: dict[tuple[str, str], Identity] = {}
        for row in self._all(statement):
            identity = _identity(row)
            if identity is not None:
                found[row[0], row[1]] = identity
        return Accepted(self, found)

    # --- opening --------------------------------------------------------------------------------------------------------
    def _remember(self, connection: Connection, name: str, value: str) -> str:
        """The stored value of a name; stores ``value`` when there is none."""
        stored: str | None = connection.execute(select(META.c.value).where(META.c.name == name)).scalar()
        if stored is None:
            connection.execute(insert(META).values(name=name, value=value))
            return value
        return stored

    def _belongs_to(self, organisation: str) -> None:
        """One store holds one organisation: ids and comparisons depend on it.

        Raises:
            StoreError: the store is another organisation's.
        """
        with self._write() as connection:
            stored = connection.execute(select(META.c.value).where(META.c.name == "organisation")).scalar()
            if stored is None and organisation:
                connection.execute(insert(META).values(name="organisation", value=organisation))
        self.organisation = stored or organisation
        if organisation and self.organisation != organisation:
            message = f"{self._where}: the store is organisation {stored}'s; expected {organisation}: one store each"
            raise StoreError(message)


def _columns(identity: Identity | None) -> dict[str, str | None]:
    if identity is None:
        return {"kind": None, "country": "", "digits": None}
    return {"kind": identity.kind.value, "country": identity.country, "digits": identity.reveal()}


def _identity(row: Row[tuple[object, ...]]) -> Identity | None:
    return None if row.kind is None else from_stored(row.kind, row.country, row.digits)
