from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from screening.model import Finding, Judged, clear, flag, unknown
from screening.store import Run, Store
from screening.store.base import CHUNK


def test_verdicts_come_back_with_the_facts_that_they_were_made_on(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """Exactly, also when the store has learnt more since."""
    run = begin("2026-09-30")
    one = supplier("A", run)
    fact = made.debt(10_000, "2026-09-30", key="k")
    given = [
        Judged(
            one,
            "SKA-01",
            "k",
            flag(fact, level="large", public_debt_sek=Decimal("10000.50"), since=date(2026, 9, 1), n=3, ok=True),
            "critical",
            ("AGA-03",),
            Decimal("10000.50"),
            ("A-1",),
            "kronofogden",
            date(2026, 9, 30),
        ),
        Judged(one, "SKA-02", "", unknown("too_old", age_days=50)),
        Judged(one, "SKA-05", "", clear(fact)),
    ]
    store.put_judged(run.id, given)
    store.put_facts(run.id, one, [made.debt(0, "2026-10-31", key="k")], made.noon("2026-10-31"))
    assert list(store.judged(run.id)) == given
    assert list(store.judged(run.id, one)) == given
    assert list(store.judged(run.id, "S-NOBODY")) == []


def test_judging_again_replaces_what_the_run_had(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str]
) -> None:
    """Unless it is said to be added; another run's stays."""
    run, other = begin("2026-09-30"), begin("2026-10-31")
    ids = sorted(supplier(name) for name in "ABC")
    for each in (run, other):
        store.put_judged(each.id, [Judged(ids[0], "R", "", unknown("awaited"))])
    store.put_judged(run.id, [Judged(ids[1], "R", "", unknown("awaited"))])
    store.put_judged(run.id, [Judged(ids[2], "R", "", unknown("awaited"))], add=True)
    assert [item.supplier_id for item in store.judged(run.id)] == ids[1:]
    assert [item.supplier_id for item in store.judged(other.id)] == ids[:1]


def test_many_verdicts_stream_in_order(store: Store, begin: Callable[..., Run], supplier: Callable[..., str]) -> None:
    """Over chunks, by supplier, rule and scope key; the reader may write meanwhile."""
    run = begin("2026-09-30")
    ids = [supplier(name) for name in "ABC"]
    keys = [f"{index:04d}" for index in range(CHUNK)]
    given = [Judged(item, rule, key, unknown("awaited")) for item in ids for rule in ("R1", "R2") for key in keys]
    store.put_judged(run.id, given)
    seen: list[tuple[str, str, str]] = []
    for item in store.judged(run.id):
        if not seen:
            store.put_coverage(run.id, {"R1": {"unknown": 1}})
        seen.append((item.supplier_id, item.rule, item.scope_key))
    assert seen == sorted((item.supplier_id, item.rule, item.scope_key) for item in given)


def test_coverage_is_replaced(store: Store, begin: Callable[..., Run]) -> None:
    """Rule, outcome, number."""
    run = begin("2026-09-30")
    store.put_coverage(run.id, {"A": {"clear": 1, "flag": 2}, "B": {"unknown": 3}})
    store.put_coverage(run.id, {"A": {"clear": 3}, "B": {}})
    assert store.coverage(run.id) == {"A": {"clear": 3}}


def test_findings_come_back_as_they_were(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """Evidence with its types, facts, dates and money."""
    run = begin("2026-09-30")
    one = supplier("A", run)
    full = made.finding(
        "SKA-01-00000001",
        one,
        evidence={"public_debt_sek": Decimal("10000.50"), "since": date(2026, 9, 1), "text": "å", "none": None},
        facts=({"kind": "enforcement_debt", "raw_sha256": "ab" * 32, "as_of": "2026-09-30"}, {"raw_sha256": ""}),
        missing=("accounts",),
        raised_by=("AGA-03",),
        source="kronofogden",
        as_of=date(2026, 9, 30),
        fetched_at=made.noon("2026-09-30"),
        contracts=("A-1", "A-2"),
        measure=Decimal("10000.50"),
        reported_measure=Decimal(9000),
    )
    plain = made.finding("SKA-01-00000002", one, outcome="unknown", verdict="unknown", severity=None, reason="awaited")
    store.put_findings(run.id, [plain, full])
    store.put_findings(run.id, [full], add=False)
    store.put_findings(run.id, iter([plain]), add=True)
    assert list(store.findings(run.id)) == [full, plain]
    assert store.finding("SKA-01-00000001") == [(store.run(run.id), full)]
    assert store.finding("SKA-01-99999999") == []
    assert store._raw_rows("SELECT finding_id, raw_sha256 FROM finding_raw", {}) == [("SKA-01-00000001", b"\xab" * 32)]


def test_a_findings_life_is_read_oldest_first(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """With the run of each state."""
    one = supplier("A")
    for day in ("2026-10-31", "2026-09-30"):
        store.put_findings(begin(day).id, [made.finding("F", one, first_seen=day[:7])])
    assert [(run.period, state.first_seen) for run, state in store.finding("F")] == [
        ("2026-09", "2026-09"),
        ("2026-10", "2026-10"),
    ]


def finished(
    store: Store, begin: Callable[..., Run], made: SimpleNamespace, day: str, *findings: Finding, **more: str
) -> Run:
    run = begin(day, **more)
    store.put_findings(run.id, findings)
    store.finish_run(run.id, "done", made.noon(day), 0, {})
    return run


def test_last_states_are_each_findings_newest_of_earlier_periods(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """Not of replaced, unfinished, later or case runs."""
    one = supplier("A")
    finished(store, begin, made, "2026-09-30", made.finding("A", one, level="replaced"), made.finding("Z", one))
    finished(store, begin, made, "2026-09-30", made.finding("A", one, level="september"), made.finding("B", one))
    finished(store, begin, made, "2026-10-31", made.finding("A", one, level="october"))
    finished(store, begin, made, "2026-10-31", made.finding("C", one), kind="case")
    finished(store, begin, made, "2026-11-30", made.finding("A", one, level="november"))
    unfinished = begin("2026-08-31")
    store.put_findings(unfinished.id, [made.finding("D", one)])
    assert [(item.finding_id, item.level) for item in store.last_states("2026-11")] == [("A", "october"), ("B", "")]
    assert [item.level for item in store.last_states("2026-10")] == ["september", ""]
    assert list(store.last_states("2026-09")) == []
