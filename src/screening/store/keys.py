"""Keyed hashes and internal ids: who a supplier is over runs, spellings and corrected numbers.

A bare hash of a personal number is undone by trying them all; these are HMACs under a key that never leaves the store.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, Row, insert, select, update

from screening.errors import StoreError
from screening.identity import Identity, from_stored
from screening.model import SupplierKind
from screening.names import normalise
from screening.store.base import CHUNK, Base, chunks, in_lists, insert_many
from screening.store.rows import KnownSupplier
from screening.store.schema import META, SUPPLIERS

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U


def base32(digest: bytes, length: int) -> str:
    """The first ``length`` characters of a digest, five bits each."""
    number = int.from_bytes(digest, "big")
    top = len(digest) * 8
    return "".join(ALPHABET[(number >> (top - 5 * (index + 1))) & 31] for index in range(length))


Who = tuple[str | None, str, str]
"""Kind, country and digits; for unidentified suppliers ``None``, nothing and the normalised name."""
Wanted = tuple[SupplierKind, Identity | None, str]


class Keys(Base):
    """Pseudonyms, supplier ids and finding ids."""

    key: bytes
    organisation: str

    def _mac(self, *parts: str) -> bytes:
        return hmac.digest(self.key, "\x1f".join(parts).encode(), "sha256")

    def pseudonym(self, text: str) -> str:
        """The same ``K-…`` for the same text in this store, and no way back."""
        return f"K-{base32(self._mac('pseudonym', text), 12)}"

    def written_key(self, written: str) -> str:
        """The keyed hash of a number's digits as written; any spelling with the same digits gives the same."""
        return self.pseudonym("".join(char for char in written if char.isdigit()))

    def seal(self, text: str) -> str:
        """A keyed check of a row's text: shows whether the row is as this store wrote it."""
        return self._mac("row", text).hex()[:16]

    def finding_id(self, rule: str, supplier_id: str, scope_key: str) -> str:
        """``SKA-01-7F3K9Q2M``: depends on organisation, rule, supplier and scope key alone."""
        return f"{rule}-{base32(self._mac('finding', self.organisation, rule, supplier_id, scope_key), 8)}"

    # --- suppliers ----------------------------------------------------------------------------------------------------
    def supplier_id(self, kind: SupplierKind, identity: Identity | None, name: str) -> str:
        """The internal id: found by number, for unidentified suppliers by name; made when it is new."""
        return self.supplier_ids([(kind, identity, name)])[0]

    def supplier_ids(self, wanted: Iterable[tuple[SupplierKind, Identity | None, str]]) -> list[str]:
        """The internal ids of many, in order; one short transaction for every 2,000 of which some are new."""
        found: list[str] = []
        for chunk in chunks(wanted, CHUNK):
            whom = {who_is(identity, name): (kind, identity, name) for kind, identity, name in reversed(chunk)}
            with self._read() as connection:
                known = known_suppliers(connection, whom)
            if any(_lacks(known.get(who), name) for who, (_, _, name) in whom.items()):
                with self._write() as connection:
                    known = self._complete(connection, whom)
            found += [known[who_is(identity, name)][0] for _, identity, name in chunk]
        return found

    def _complete(self, connection: Connection, whom: Mapping[Who, Wanted]) -> dict[Who, tuple[str, str]]:
        """Makes those that are not known, and names those that were known by number alone."""
        known = known_suppliers(connection, whom)
        new = [(who, wanted) for who, wanted in whom.items() if who not in known]
        first = [self._made_id(*wanted, attempt=0) for _, wanted in new]
        taken = _taken(connection, first)
        rows = []
        for (who, (kind, identity, name)), wish in zip(new, first, strict=True):
            made = self._free_id(connection, kind, identity, name, wish, taken)
            rows.append({"id": made, "name": name, "name_key": normalise(name), **identity_columns(identity)})
            known[who] = (made, name)
        insert_many(connection, SUPPLIERS, rows)
        for who, (_, _, name) in whom.items():
            if _lacks(known[who], name):
                values = {"name": name, "name_key": normalise(name)}
                connection.execute(update(SUPPLIERS).where(SUPPLIERS.c.id == known[who][0]).values(**values))
        return known

    def _free_id(
        self,
        connection: Connection,
        kind: SupplierKind,
        identity: Identity | None,
        name: str,
        wish: str,
        taken: set[str],
    ) -> str:
        """``wish``, or the first id after it that is not taken: 40 bits are few for a million suppliers."""
        made, attempt = wish, 0
        while made in taken:
            attempt += 1
            made = self._made_id(kind, identity, name, attempt)
            taken |= _taken(connection, [made])
        taken.add(made)
        return made

    def _made_id(self, kind: SupplierKind, identity: Identity | None, name: str, attempt: int) -> str:
        again = (str(attempt),) if attempt else ()
        if identity is None:
            return f"U-{base32(self._mac('supplier', 'name', normalise(name), *again), 8)}"
        mac = self._mac("supplier", identity.kind.value, identity.country + identity.reveal(), *again)
        return f"P-{base32(mac, 12)}" if kind == "person" or identity.is_person else f"S-{base32(mac, 8)}"

    def find_supplier(self, identity: Identity) -> str | None:
        """The internal id of a number that the store has met."""
        with self._read() as connection:
            return self._find(connection, identity, "")

    def supplier(self, supplier_id: str) -> KnownSupplier | None:
        """Who an internal id is, whichever run it came from."""
        row = self._one(select(SUPPLIERS).where(SUPPLIERS.c.id == supplier_id))
        return None if row is None else KnownSupplier(row.id, identity_of(row), row.name)

    def _find(self, connection: Connection, identity: Identity | None, name: str) -> str | None:
        who = who_is(identity, name)
        found = known_suppliers(connection, [who]).get(who)
        return None if found is None else found[0]

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


def who_is(identity: Identity | None, name: str) -> Who:
    """What a supplier is known by: its number, else its name."""
    if identity is None:
        return (None, "", normalise(name))
    return (identity.kind.value, identity.country, identity.reveal())


def known_suppliers(connection: Connection, whom: Collection[Who]) -> dict[Who, tuple[str, str]]:
    """Internal id and name of those that the store has met."""
    found: dict[Who, tuple[str, str]] = {}
    for kind in {who[0] for who in whom}:
        keys = sorted({who[2] for who in whom if who[0] == kind})
        key = SUPPLIERS.c.name_key if kind is None else SUPPLIERS.c.digits
        statement = select(SUPPLIERS.c.country, key, SUPPLIERS.c.id, SUPPLIERS.c.name)
        same_kind = SUPPLIERS.c.kind.is_(None) if kind is None else SUPPLIERS.c.kind == kind
        for some in in_lists(keys):
            for country, value, supplier_id, name in connection.execute(statement.where(key.in_(some), same_kind)):
                found[kind, country, value] = (supplier_id, name)
    return found


def _taken(connection: Connection, ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for some in in_lists(ids):
        found |= set(connection.execute(select(SUPPLIERS.c.id).where(SUPPLIERS.c.id.in_(some))).scalars())
    return found


def _lacks(known: tuple[str, str] | None, name: str) -> bool:
    """Whether there is something to write: a supplier that is new, or one met before by number alone."""
    return known is None or bool(name and not known[1])


def identity_columns(identity: Identity | None) -> dict[str, str | None]:
    """A number as the columns of the table of suppliers."""
    if identity is None:
        return {"kind": None, "country": "", "digits": None}
    return {"kind": identity.kind.value, "country": identity.country, "digits": identity.reveal()}


def identity_of(row: Row[tuple[object, ...]]) -> Identity | None:
    """The number of a row of the table of suppliers."""
    return None if row.kind is None else from_stored(row.kind, row.country, row.digits)
