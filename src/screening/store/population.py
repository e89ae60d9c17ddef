"""The population of a run: which files, rows and rejects; which suppliers, contracts and spend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import delete, insert, select

from screening.identity import from_stored
from screening.model import Contract, Spend, Supplier
from screening.store.base import CHUNK, Base, fetch
from screening.store.rows import InputFile, Reject, RowOrigin
from screening.store.schema import CONTRACTS, INPUTS, ORIGINS, PROPOSALS, REJECTS, RUN_SUPPLIERS, SPEND
from screening.store.values import pack, unpack

_ENCODER = msgspec.json.Encoder(decimal_format="number", order="deterministic")
_CONTRACT = msgspec.json.Decoder(Contract)
_SPEND = msgspec.json.Decoder(Spend)
_NAMES = msgspec.json.Decoder(tuple[str, ...])

SUPPLIER_COLUMNS = """rs.supplier_id, rs.kind, s.kind, s.country, s.digits, rs.name, rs.names, rs.supplier_numbers,
rs.country, rs.identity_accepted"""


def ore(amount: Decimal) -> int:
    """Kronor as whole öre; halves go to the even öre, as everywhere in Decimal arithmetic."""
    return int((amount * 100).to_integral_value())


def decode_supplier(row: tuple[Any, ...]) -> Supplier:
    """A supplier from ``SUPPLIER_COLUMNS``."""
    return Supplier(
        id=row[0],
        kind=row[1],
        identity=None if row[2] is None else from_stored(row[2], row[3], row[4]),
        name=row[5],
        names=() if row[6] is None else _NAMES.decode(row[6]),
        supplier_numbers=() if row[7] is None else _NAMES.decode(row[7]),
        country=row[8],
        identity_accepted=bool(row[9]),
    )


def decode_contract(payload: str) -> Contract:
    """A contract from its payload."""
    return _CONTRACT.decode(payload)


def decode_spend(payload: str) -> Spend:
    """Spend from its payload."""
    return _SPEND.decode(payload)


class Population(Base):
    """What intake made of the files of one run."""

    def begin_population(self, run_id: str) -> None:
        """Forgets what the run had, so that intake can be repeated."""
        with self._write() as connection:
            for table in (INPUTS, REJECTS, PROPOSALS, ORIGINS, CONTRACTS, SPEND, RUN_SUPPLIERS):
                connection.execute(delete(table).where(table.c.run_id == run_id))

    def put_input(self, run_id: str, file: InputFile) -> None:
        """One file that was read, or could not be."""
        with self._write() as connection:
            connection.execute(
                insert(INPUTS).values(
                    run_id=run_id,
                    name=file.name,
                    sha256=file.sha256,
                    connector=file.connector,
                    sheet_count=file.sheet_count,
                    rows=file.rows,
                    accepted=file.accepted,
                    merged=file.merged,
                    rejected=file.rejected,
                    error=file.error,
                    doubtful=int(file.doubtful),
                    notes=pack(file.notes),
                )
            )

    def put_rejects(self, run_id: str, rejects: Iterable[Reject]) -> None:
        """Rows that were not taken, beside those that the run has."""
        self._put_rejects(run_id, rejects, add=True)

    def replace_rejects(self, run_id: str, rejects: Iterable[Reject]) -> None:
        """The same rows again, when more is known of them."""
        with self.batch():
            self._put_rejects(run_id, rejects, add=False)

    def _put_rejects(self, run_id: str, rejects: Iterable[Reject], *, add: bool) -> None:
        rows = (
            {
                "run_id": run_id,
                "file": item.file,
                "sheet": item.sheet,
                "row": item.row,
                "reason": item.reason,
                "code": item.code,
                "written": item.written,
                "name": item.name,
                "proposals": pack(item.proposals),
            }
            for item in rejects
        )
        self._replace(REJECTS, run_id, rows, add=add)

    def put_proposals(self, run_id: str, supplier_id: str, proposals: Iterable[tuple[str, str, float]]) -> None:
        """What a doubtful number may have been meant to be: (number, registered name, likeness), likeliest first."""
        with self._write() as connection:
            same = (PROPOSALS.c.run_id == run_id) & (PROPOSALS.c.supplier_id == supplier_id)
            connection.execute(delete(PROPOSALS).where(same))
            values = {"run_id": run_id, "supplier_id": supplier_id, "proposals": pack(tuple(proposals))}
            connection.execute(insert(PROPOSALS).values(**values))

    def proposals(self, run_id: str) -> dict[str, tuple[tuple[str, str, float], ...]]:
        """Supplier id -> what its number may have been meant to be."""
        statement = select(PROPOSALS).where(PROPOSALS.c.run_id == run_id).order_by(PROPOSALS.c.supplier_id)
        return {row.supplier_id: unpack(row.proposals) for row in self._all(statement)}

    def put_origins(self, run_id: str, origins: Iterable[RowOrigin]) -> None:
        """Which rows made which suppliers."""
        rows = (
            {"run_id": run_id, "supplier_id": item.supplier_id, "file": item.file, "sheet": item.sheet, "row": item.row}
            for item in origins
        )
        self._replace(ORIGINS, run_id, rows, add=True)

    def put_suppliers(self, run_id: str, suppliers: Iterable[Supplier]) -> None:
        """The suppliers of the run; their ids come from ``supplier_id``."""
        rows = (
            {
                "run_id": run_id,
                "supplier_id": item.id,
                "kind": item.kind,
                "name": item.name,
                "names": pack(item.names) if item.names else None,
                "supplier_numbers": pack(item.supplier_numbers) if item.supplier_numbers else None,
                "country": item.country,
                "identity_accepted": int(item.identity_accepted),
            }
            for item in suppliers
        )
        self._replace(RUN_SUPPLIERS, run_id, rows, add=True)

    def put_contracts(self, run_id: str, contracts: Iterable[tuple[str, Contract]]) -> None:
        """(supplier id, contract) pairs; one contract may be several suppliers'."""
        rows = (
            {
                "run_id": run_id,
                "supplier_id": supplier_id,
                "contract_id": item.id,
                "value_ore": None if item.value_sek is None else ore(item.value_sek),
                "payload": _ENCODER.encode(item).decode(),
            }
            for supplier_id, item in contracts
        )
        self._replace(CONTRACTS, run_id, rows, add=True)

    def put_spend(self, run_id: str, spend: Iterable[tuple[str, Spend]]) -> None:
        """(supplier id, spend) pairs."""
        rows = (
            {
                "run_id": run_id,
                "supplier_id": supplier_id,
                "last_12_months_ore": ore(item.last_12_months_sek),
                "payload": _ENCODER.encode(item).decode(),
            }
            for supplier_id, item in spend
        )
        self._replace(SPEND, run_id, rows, add=True)

    # --- reading ------------------------------------------------------------------------------------------------------
    def inputs(self, run_id: str) -> list[InputFile]:
        """The files of the run in the order read."""
        return [
            InputFile(
                name=row.name,
                sha256=row.sha256,
                connector=row.connector,
                sheet_count=row.sheet_count,
                rows=row.rows,
                accepted=row.accepted,
                merged=row.merged,
                rejected=row.rejected,
                error=row.error,
                doubtful=bool(row.doubtful),
                notes=unpack(row.notes),
            )
            for row in self._all(select(INPUTS).where(INPUTS.c.run_id == run_id).order_by(INPUTS.c.id))
        ]

    def rejects(self, run_id: str) -> list[Reject]:
        """The rows that were not taken, in the order read."""
        return [
            Reject(
                file=row.file,
                sheet=row.sheet,
                row=row.row,
                reason=row.reason,
                code=row.code,
                written=row.written,
                name=row.name,
                proposals=unpack(row.proposals),
            )
            for row in self._all(select(REJECTS).where(REJECTS.c.run_id == run_id).order_by(REJECTS.c.id))
        ]

    def origins(self, run_id: str, supplier_id: str) -> list[RowOrigin]:
        """The rows that made one supplier."""
        same = (ORIGINS.c.run_id == run_id) & (ORIGINS.c.supplier_id == supplier_id)
        rows = self._all(select(ORIGINS).where(same).order_by(ORIGINS.c.id))
        return [RowOrigin(row.supplier_id, row.file, row.sheet, row.row) for row in rows]

    def suppliers(self, run_id: str) -> Iterator[Supplier]:
        """The suppliers of the run, streamed in order of id."""
        sql = f"""SELECT {SUPPLIER_COLUMNS} FROM run_suppliers rs JOIN suppliers s ON s.id = rs.supplier_id
            WHERE rs.run_id = :run AND rs.supplier_id > :last ORDER BY rs.supplier_id LIMIT :size"""  # noqa: S608 - names of columns
        last = ""
        while rows := self._raw_rows(sql, {"run": run_id, "last": last, "size": CHUNK}):
            last = rows[-1][0]
            yield from map(decode_supplier, rows)

    def supplier_in(self, run_id: str, supplier_id: str) -> Supplier | None:
        """One supplier as the run had it."""
        sql = f"""SELECT {SUPPLIER_COLUMNS} FROM run_suppliers rs JOIN suppliers s ON s.id = rs.supplier_id
            WHERE rs.run_id = :run AND rs.supplier_id = :supplier"""  # noqa: S608 - names of columns
        rows = self._raw_rows(sql, {"run": run_id, "supplier": supplier_id})
        return decode_supplier(rows[0]) if rows else None

    def newcomers(self, run_id: str, before_id: str) -> frozenset[str]:
        """The ids of the run's suppliers that an earlier run did not have."""
        sql = """SELECT now.supplier_id FROM run_suppliers now WHERE now.run_id = :run AND NOT EXISTS (
            SELECT 1 FROM run_suppliers old WHERE old.run_id = :before AND old.supplier_id = now.supplier_id)"""
        return frozenset(row[0] for row in self._raw_rows(sql, {"run": run_id, "before": before_id}))

    def suppliers_by_value(self, run_id: str) -> list[str]:
        """The ids of the run's suppliers, most at stake first: contract value plus what was bought in twelve months."""
        sql = """SELECT rs.supplier_id FROM run_suppliers rs
            LEFT JOIN (SELECT supplier_id, SUM(value_ore) AS value FROM contracts WHERE run_id = :run
                GROUP BY supplier_id) c ON c.supplier_id = rs.supplier_id
            LEFT JOIN spend sp ON sp.run_id = rs.run_id AND sp.supplier_id = rs.supplier_id
            WHERE rs.run_id = :run
            ORDER BY COALESCE(c.value, 0) + COALESCE(sp.last_12_months_ore, 0) DESC, rs.supplier_id"""
        return [row[0] for row in self._raw_rows(sql, {"run": run_id})]

    def contracts(self, run_id: str, supplier_id: str) -> tuple[Contract, ...]:
        """One supplier's contracts in the run."""
        sql = """SELECT payload FROM contracts WHERE run_id = :run AND supplier_id = :supplier
            ORDER BY contract_id, id"""
        return tuple(decode_contract(row[0]) for row in self._raw_rows(sql, {"run": run_id, "supplier": supplier_id}))

    def spend(self, run_id: str, supplier_id: str) -> Spend:
        """What was bought of one supplier; zero when the ledgers have no row of it."""
        sql = "SELECT payload FROM spend WHERE run_id = :run AND supplier_id = :supplier"
        with self._read() as connection:
            rows = fetch(connection, sql, {"run": run_id, "supplier": supplier_id})
        return decode_spend(rows[0][0]) if rows else Spend()
