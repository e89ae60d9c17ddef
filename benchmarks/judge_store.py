"""A store of synthetic suppliers to measure judging on: made fast, the same every time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Literal

from sqlalchemy import text

from screening.identity import Identity, Kind, luhn
from screening.model import (
    Accounts,
    CompanyName,
    CompanyRecord,
    Contract,
    Credit,
    EnforcementDebt,
    Fact,
    Origin,
    Provenance,
    Spend,
    Supplier,
    TaxRegistration,
)
from screening.store import Run, Store
from screening.store.schema import CONTRACTS, FACTS, GAPS, RUN_SUPPLIERS, SPEND, SUPPLIERS

TODAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
KINDS = frozenset({"company_record", "tax_registration", "enforcement_debt", "accounts", "credit"})
UNANSWERED = 0.03  # share of answers that are missing, each with its reason
SLICE = 20_000


def fill(home: Path, suppliers: int, *, seed: int = 1) -> tuple[Store, Run]:
    """A new store in ``home`` with one monthly run: a contract, spend and five facts for each supplier.

    Three in a hundred answers are missing, five in a hundred have debts, two in a hundred no F-skatt, five in a
    hundred a low rating. The caller closes the store.
    """
    store = Store.open("sqlite:///bench.db", home, organisation="5599990009")
    run = store.begin_run("monthly", "2026-11", TODAY, NOW, "bench", {})
    first = min(suppliers, SLICE)
    ids = _through_the_store(store, run, first, Random(seed))
    for start in range(first, suppliers, SLICE):
        copied(store, run, ids[: suppliers - start], start // SLICE, start)
    return store, run


def _through_the_store(store: Store, run: Run, count: int, random: Random) -> list[str]:
    """The first slice, as a run would write it."""
    identities = [Identity(Kind.ORGNR, "SE", number(index)) for index in range(count)]
    names = [f"Leverantör {index} AB" for index in range(count)]
    ids = store.supplier_ids(("organisation", identity, name) for identity, name in zip(identities, names, strict=True))
    made = [
        Supplier(supplier_id, "organisation", identity, name, (name,), (str(index),))
        for index, (supplier_id, identity, name) in enumerate(zip(ids, identities, names, strict=True))
    ]
    store.put_suppliers(run.id, made)
    store.put_contracts(run.id, [(supplier.id, contract(index)) for index, supplier in enumerate(made)])
    store.put_spend(run.id, [(supplier.id, spend(index)) for index, supplier in enumerate(made)])
    answered: list[tuple[str, Fact]] = []
    missing: list[tuple[str, Fact]] = []
    for supplier in made:
        for fact in facts(supplier.name, random):
            (answered if random.random() >= UNANSWERED else missing).append((supplier.id, fact))
    store.put_all_facts(run.id, answered, NOW)
    with store.batch():
        for supplier_id, fact in missing:
            store.put_gap(run.id, supplier_id, fact.kind, fact.provenance.source, "source_down", "", NOW)
    return ids


def copied(store: Store, run: Run, ids: list[str], round_: int, start: int) -> None:
    """Another slice: the rows of these suppliers under new ids and numbers, copied inside the database.

    Args:
        store: holds them.
        run: whose population they are.
        ids: the suppliers to copy.
        round_: which copy it is; makes ids and references its own.
        start: of the series of numbers.
    """
    pairs = [
        {"old": old, "new": f"{round_:06}-{old}", "digits": number(start + index)} for index, old in enumerate(ids)
    ]
    with store._write() as connection:  # noqa: SLF001 - a benchmark's short cut
        connection.execute(text("CREATE TEMP TABLE copies (old TEXT PRIMARY KEY, new TEXT, digits TEXT)"))
        connection.execute(text("INSERT INTO copies VALUES (:old, :new, :digits)"), pairs)
        for table in (SUPPLIERS, RUN_SUPPLIERS, CONTRACTS, SPEND, FACTS, GAPS):
            key = "id" if table is SUPPLIERS else "supplier_id"
            columns = [column.name for column in table.columns if column.name != "id" or table is SUPPLIERS]
            changed = {key: "c.new", "digits": "c.digits", "request_ref": f"t.request_ref || '-{round_}'"}
            values = ", ".join(changed.get(name, f"t.{name}") for name in columns)
            statement = f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT {values} FROM copies c CROSS JOIN {table.name} t"
            run_too = " AND t.run_id = :run" if table in (RUN_SUPPLIERS, CONTRACTS, SPEND) else ""
            connection.execute(text(f"{statement} WHERE t.{key} = c.old{run_too}"), {"run": run.id} if run_too else {})
        connection.execute(text("DROP TABLE copies"))


def number(index: int) -> str:
    """An organisation number of a series that nobody has: 55 and a serial with its check digit."""
    nine = f"55{index + 2_000_000:07d}"
    return next(nine + digit for digit in "0123456789" if luhn(nine + digit))


def contract(index: int) -> Contract:
    """A running contract."""
    starts = date(2025, 1, 1) + timedelta(days=index % 300)
    ends = date(2027, 12, 31)
    return Contract(
        f"A-{index}", "Ramavtal", "Enhet", "konsult", starts_on=starts, ends_on=ends, value_sek=Decimal(100_000)
    )


def spend(index: int) -> Spend:
    """A year's purchases."""
    amount = Decimal(10_000 + index % 90_000)
    return Spend(amount, amount / 4, date(2026, 1, 5), date(2026, 11, 5), 12, (("Enhet", amount),))


def facts(name: str, random: Random) -> Iterator[Fact]:
    """Five facts of four sources, fetched within a month."""
    fetched = NOW - timedelta(days=random.randrange(25), microseconds=random.randrange(3_600_000_000))

    def came(source: str) -> Provenance:
        digest = f"{random.getrandbits(256):064x}"
        return Provenance(
            source=source,
            origin=Origin.AUTHORITY,
            as_of=fetched.date(),
            fetched_at=fetched,
            request_ref=f"{random.getrandbits(32):08x}",
            raw_sha256=digest,
            simulated=True,
        )

    names = (CompanyName(name),)
    debt = Decimal(random.randrange(1_000, 200_000)) if random.random() < 0.05 else Decimal(0)
    f_tax: Literal["ended", "active"] = "ended" if random.random() < 0.02 else "active"
    score = random.randrange(40) if random.random() < 0.05 else random.randrange(40, 100)
    yield CompanyRecord(
        provenance=came("bolagsverket_hvd"),
        state="registered",
        legal_form="AB",
        names=names,
        registered_on=date(2010, 1, 1),
        has_any_tax_registration=True,
    )
    yield TaxRegistration(provenance=came("scb"), f_tax=f_tax, vat="active", employer="active")
    yield EnforcementDebt(provenance=came("kronofogden"), public_debt_sek=debt, private_debt_sek=Decimal(0))
    yield Accounts(
        provenance=came("foretagsinformation"), period_to_on=date(2025, 12, 31), turnover_sek=Decimal(1_000_000)
    )
    yield Credit(provenance=came("creditsafe"), score=score, band="ABCDE"[4 - score // 20])
