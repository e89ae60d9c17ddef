import zlib
from collections.abc import Callable
from hashlib import sha256
from types import SimpleNamespace

import pytest

from screening.errors import StoreError
from screening.store import Run, Store

DEBT = "enforcement_debt"


def rows(store: Store, table: str) -> int:
    found: int = store._raw_rows(f"SELECT COUNT(*) FROM {table}", {})[0][0]
    return found


def test_an_equal_answer_confirms_and_adds_no_row(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """One row, one observation, and the day of the second answer."""
    run, one = begin("2026-09-30"), supplier()
    for day in ("2026-09-30", "2026-10-31"):
        store.put_answer(run.id, "kronofogden", made.answer(one, made.debt(0, day)), made.noon(day))
    (fact,) = store.history(one, DEBT)
    assert fact.provenance.confirmed_at == made.noon("2026-10-31")
    assert fact.provenance.fetched_at == made.noon("2026-09-30")
    assert (rows(store, "facts"), rows(store, "observations")) == (1, 1)


def test_the_same_answer_stored_again_changes_nothing(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """After a crash a stage may store what it has stored."""
    run, one = begin("2026-09-30"), supplier()
    for _ in range(2):
        store.put_answer(run.id, "kronofogden", made.answer(one, made.debt(0, "2026-09-30")), made.noon("2026-09-30"))
    assert (rows(store, "facts"), rows(store, "observations"), rows(store, "asks")) == (1, 0, 1)


def test_a_changed_answer_ends_the_row_before(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """Two neighbours: before and after."""
    run, one = begin("2026-09-30"), supplier()
    store.put_facts(run.id, one, [made.debt(1, "2026-09-30"), made.debt(2, "2026-10-31")], made.noon("2026-10-31"))
    assert [fact.public_debt_sek for fact in store.history(one, DEBT)] == [1, 2]  # type: ignore[attr-defined]
    ended = store._raw_rows("SELECT superseded_at FROM facts ORDER BY id", {})
    assert ended == [("2026-10-31T12:00:00.000000+00:00",), (None,)]
    newest = store.current(one, DEBT, "kronofogden", "")
    assert newest is not None
    assert newest.provenance.fetched_at == made.noon("2026-10-31")
    assert store.current(one, DEBT, "creditsafe") is None
    assert store.current(one, DEBT, scope_key="other") is None


def test_raw_answers_are_stored_once_compressed_and_found_by_hash(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """The hash is over the uncompressed bytes, and stands behind facts that have none of their own."""
    run, raw = begin("2026-09-30"), b"{}" * 500
    for name in ("Alfa", "Beta"):
        one = supplier(name)
        answer = made.answer(one, made.debt(0, "2026-09-30"), raw=raw)
        store.put_answer(run.id, "kronofogden", answer, made.noon("2026-09-30"))
    digest = sha256(raw).hexdigest()
    assert store.raw(digest) == raw
    assert store.raw("00" * 32) is None
    assert [zlib.decompress(row[0]) for row in store._raw_rows("SELECT data FROM raw", {})] == [raw]
    newest = store.current(one, DEBT)
    assert newest is not None
    assert newest.provenance.raw_sha256 == digest
    with pytest.raises(StoreError, match="avvisade"), store._write() as connection:
        connection.exec_driver_sql("DELETE FROM raw")  # facts stand on it


def test_a_cheaper_proof_confirms_what_is_stored(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """A monitoring cursor without changes is as good as an equal answer."""
    run, one = begin("2026-09-30"), supplier()
    store.put_facts(run.id, one, [made.debt(0, "2026-09-30")], made.noon("2026-09-30"))
    store.put_gap(run.id, one, DEBT, "kronofogden", "source_down", "", made.noon("2026-10-01"))
    proof = made.answer(one, confirms=frozenset({DEBT, "credit"}))
    for _ in range(2):
        store.put_answer(run.id, "kronofogden", proof, made.noon("2026-10-31"))
    (fact,) = store.history(one, DEBT)
    assert fact.provenance.held_on == made.noon("2026-10-31").date()
    assert store.gap(one, DEBT, "kronofogden") is None
    assert rows(store, "observations") == 1


def test_many_free_answers_go_in_together(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """In one transaction: all of them or none."""
    run = begin("2026-09-30")
    answers = [made.answer(supplier(name), made.debt(0, "2026-09-30")) for name in "ABC"]
    store.put_answers(run.id, "kronofogden", answers, made.noon("2026-09-30"))
    assert store.calls(run.id)["kronofogden"].answered == 3
    with pytest.raises(StoreError):
        store.put_answers(
            run.id,
            "kronofogden",
            [
                made.answer(answers[0].supplier_id, made.debt(5, "2026-10-31")),
                made.answer("S-NOBODY", made.debt(5, "2026-10-31")),
            ],
            made.noon("2026-10-31"),
        )
    assert len(store.history(answers[0].supplier_id, DEBT)) == 1


def test_the_newest_answer_of_a_source_is_known(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """About anybody."""
    assert store.last_success("kronofogden") is None
    run = begin("2026-09-30")
    store.put_all_facts(
        run.id,
        [(supplier("A"), made.debt(0, "2026-09-30")), (supplier("B"), made.debt(0, "2026-10-31"))],
        made.noon("2026-10-31"),
    )
    assert store.last_success("kronofogden") == made.noon("2026-10-31")


def test_facts_of_one_kind_are_told_apart_by_scope_key_and_source(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """Each has a history of its own."""
    run, one = begin("2026-09-30"), supplier()
    facts = [made.debt(1, "2026-09-30", key=key, source=source) for key in ("a", "b") for source in ("x", "y")]
    store.put_facts(run.id, one, [*facts, made.debt(1, "2026-10-31", key="a", source="x")], made.noon("2026-10-31"))
    assert rows(store, "facts") == 4
    assert rows(store, "observations") == 1
