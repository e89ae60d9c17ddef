from collections.abc import Callable
from datetime import date
from hashlib import sha256
from types import SimpleNamespace

import pytest

from screening.config import Retention
from screening.identity import Identity, Kind
from screening.model import Contract, Judged, Supplier, unknown
from screening.store import Decision, Purged, Reject, RowOrigin, Run, Store

TODAY = date(2026, 11, 30)
SHOW = Retention(raw_days=30, findings_days=365, unflagged_persons_days=30)
DECIDED = SHOW.model_copy(update={"decision": "KS 2026/7"})
PERSON = Identity(Kind.PERSONNUMMER, "SE", "194012239101")
OTHER = Identity(Kind.PERSONNUMMER, "SE", "194208138844")


def finish(store: Store, run: Run, made: SimpleNamespace) -> None:
    store.finish_run(run.id, "done", made.noon(run.as_of.isoformat()), 0, {})


def tables(done: list[Purged]) -> dict[str, int]:
    found: dict[str, int] = {}
    for item in done:
        found[item.table] = found.get(item.table, 0) + item.rows
    return found


@pytest.fixture
def raws(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> dict[str, str]:
    """Four old raw answers, behind nothing, a standing, a resolved and a decided finding; and a new one."""
    run, hashes = begin("2026-09-30"), {}
    for name in ("nothing", "standing", "resolved", "decided", "new"):
        day = "2026-11-15" if name == "new" else "2026-09-30"
        raw = name.encode()
        one, hashes[name] = supplier(name), sha256(raw).hexdigest()
        store.put_answer(run.id, "kronofogden", made.answer(one, made.debt(1, day), raw=raw), made.noon(day))
        if name in ("standing", "resolved", "decided"):
            facts = ({"raw_sha256": hashes[name]},)
            store.put_findings(run.id, [made.finding(name, one, facts=facts)], add=True)
    finish(store, run, made)
    later = begin("2026-10-31")
    for name in ("resolved", "decided"):
        store.put_findings(later.id, [made.finding(name, supplier(name), status="resolved")], add=True)
    store.put_findings(later.id, [made.finding("standing", supplier("standing"), status="remaining")], add=True)
    finish(store, later, made)
    store.put_decision(Decision(finding_id="decided", by="Kim", assessment="Åtgärdad", at=made.noon("2026-11-01")))
    return hashes


def test_nothing_goes_until_a_decision_is_named(store: Store, raws: dict[str, str]) -> None:
    """A dry run and a run without a decision show the same, twice."""
    shown = [store.purge(SHOW, TODAY, dry_run=dry) for dry in (True, False, True)]
    assert shown[0] == shown[1] == shown[2] == store.purge(DECIDED, TODAY, dry_run=True)
    assert tables(shown[0]) == {"raw": 2}
    assert all(store.raw(digest) is not None for digest in raws.values())


def test_raw_answers_live_as_long_as_the_finding_that_stands_on_them(store: Store, raws: dict[str, str]) -> None:
    """Standing or decided: kept; others go, and their hashes stay."""
    assert tables(store.purge(DECIDED, TODAY, dry_run=False)) == {"raw": 2}
    kept = {name for name, digest in raws.items() if store.raw(digest) is not None}
    assert kept == {"standing", "decided", "new"}
    assert store._raw_rows("SELECT COUNT(*) FROM raw", {}) == [(5,)]
    assert store.purge(DECIDED, TODAY, dry_run=False) == []


def test_a_raw_answer_that_comes_again_is_whole_again(
    store: Store, raws: dict[str, str], begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """The hash was there; now the bytes are too."""
    store.purge(DECIDED, TODAY, dry_run=False)
    answer = made.answer(supplier("nothing"), made.debt(1, "2026-11-30"), raw=b"nothing")
    store.put_answer(begin("2026-11-30").id, "kronofogden", answer, made.noon("2026-11-30"))
    assert store.raw(raws["nothing"]) == b"nothing"


def test_persons_without_a_flag_go_and_flagged_ones_and_companies_stay(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """Rows older than the limit; the number itself when nothing refers to it any more."""
    clean, flagged = store.supplier_ids([("person", PERSON, "Kim"), ("person", OTHER, "Alex")])
    company = supplier("Alfa AB")
    run = begin("2026-09-30")
    for one, identity in ((clean, PERSON), (flagged, OTHER)):
        store.put_suppliers(run.id, [Supplier(one, "person", identity, "Kim")])
    for one in (clean, flagged, company):
        store.put_contracts(run.id, [(one, Contract("A"))])
        store.put_origins(run.id, [RowOrigin(one, "a", "", 1)])
        facts = [made.debt(0, "2026-08-31"), made.debt(0, "2026-09-30")]
        store.put_facts(run.id, one, facts, made.noon("2026-09-30"))
        store.put_gap(run.id, one, "credit", "creditsafe", "not_allowed", "", made.noon("2026-09-30"))
        store.put_judged(run.id, [Judged(one, "R", "", unknown("awaited"))], add=True)
    store.put_findings(run.id, [made.finding("F", flagged)])
    finish(store, run, made)
    done = tables(store.purge(DECIDED, TODAY, dry_run=False))
    assert done == dict.fromkeys(
        ("origins", "contracts", "judged", "run_suppliers", "gaps", "observations", "facts", "suppliers"), 1
    )
    assert store.find_supplier(PERSON) is None
    assert store.find_supplier(OTHER) == flagged
    assert store.current(flagged, "enforcement_debt") is not None
    assert store.current(company, "enforcement_debt") is not None


def test_a_person_who_is_still_a_supplier_keeps_its_number(
    store: Store, begin: Callable[..., Run], made: SimpleNamespace
) -> None:
    """Only what is old goes."""
    clean = store.supplier_id("person", PERSON, "Kim")
    for day in ("2026-09-30", "2026-11-30"):
        store.put_suppliers(begin(day).id, [Supplier(clean, "person", PERSON, "Kim")])
    assert tables(store.purge(DECIDED, TODAY, dry_run=False)) == {"run_suppliers": 1}
    assert store.find_supplier(PERSON) == clean


def test_old_findings_go_with_their_sheets_unless_they_stand(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """The whole life of one that stands is kept."""
    one = supplier("A")
    old = begin("2025-03-31")
    store.put_findings(old.id, [made.finding("gone", one, status="ended"), made.finding("stands", one)])
    store.put_sheet(old.id, "Flaggor", ["a"], [[1], [2]])
    store.put_judged(old.id, [Judged(one, "R", "", unknown("awaited"))])
    store.put_rejects(old.id, [Reject(file="a", sheet="", row=1, reason="Fel")])
    store.put_origins(old.id, [RowOrigin(one, "a", "", 1)])
    finish(store, old, made)
    new = begin("2026-10-31")
    store.put_findings(new.id, [made.finding("stands", one, status="remaining")])
    finish(store, new, made)
    done = tables(store.purge(DECIDED, TODAY, dry_run=False))
    assert done == {"findings": 1, "judged": 1, "sheet_rows": 2, "sheets": 1, "rejects": 1, "origins": 1}
    assert [run.period for run, _ in store.finding("stands")] == ["2025-03", "2026-10"]
    assert store.finding("gone") == []


def test_rows_about_persons_without_a_flag_leave_old_sheets(
    store: Store, begin: Callable[..., Run], made: SimpleNamespace
) -> None:
    """Known by masked number and own number; a person with a flag and a company stay."""
    clean, flagged = store.supplier_ids([("person", PERSON, "Kim"), ("person", OTHER, "Alex")])
    old = begin("2026-09-30")
    numbers = {clean: ("5001", "194012239101"), flagged: ("5002",)}
    for one, identity in ((clean, PERSON), (flagged, OTHER)):
        store.put_suppliers(old.id, [Supplier(one, "person", identity, "Kim", (), numbers[one])])
    store.put_findings(old.id, [made.finding("F", flagged)])
    about = [PERSON.display, "5001, 19401223****"]
    rows = [
        ["Kim", *about],
        ["Alex", OTHER.display, "5002"],
        ["Alfa AB", "559900-0001", "1"],
        ["Annan", PERSON.display, "7"],
    ]
    store.put_sheet(old.id, "Ej bedömbara", ["Leverantör", "Orgnr", "Leverantörsnr"], rows)
    store.put_sheet(old.id, "Underlag", ["Leverantör", "Orgnr"], [row[:2] for row in rows])
    store.put_sheet(old.id, "Regler", ["Regel-ID"], [["SKA-01"]])
    store.put_sheet(
        old.id, ".names", ["supplier", "supplier_id", "name"], [[clean, clean, "Kim"], [flagged, flagged, "Alex"]]
    )
    finish(store, old, made)
    assert tables(store.purge(DECIDED, TODAY, dry_run=True))["sheet_rows"] == 4
    store.purge(DECIDED, TODAY, dry_run=False)
    assert [row[0] for row in store.sheet(old.id, "Ej bedömbara")[1]] == ["Alex", "Alfa AB", "Annan"]
    assert [row[0] for row in store.sheet(old.id, "Underlag")[1]] == ["Alex", "Alfa AB"]
    assert [row[0] for row in store.sheet(old.id, ".names")[1]] == [flagged]
    assert store.sheets(old.id) == ["Ej bedömbara", "Underlag", "Regler"]


def test_what_a_closed_finding_rested_on_goes_after_it(
    store: Store, begin: Callable[..., Run], supplier: Callable[..., str], made: SimpleNamespace
) -> None:
    """Raw answers behind a decided finding stay until the finding itself is purged; then the decision goes too."""
    one, raw = supplier("A"), b"answer"
    digest = sha256(raw).hexdigest()
    old = begin("2025-03-31")
    store.put_answer(
        old.id, "kronofogden", made.answer(one, made.debt(1, "2025-03-31"), raw=raw), made.noon("2025-03-31")
    )
    store.put_findings(old.id, [made.finding("gone", one, status="ended", facts=({"raw_sha256": digest},))])
    finish(store, old, made)
    store.put_decision(Decision(finding_id="gone", by="Kim", assessment="Åtgärdad", at=made.noon("2025-04-01")))
    first = tables(store.purge(DECIDED, TODAY, dry_run=False))
    assert (first["findings"], first["decisions"], first["facts"]) == (1, 1, 1)
    assert "raw" not in first
    assert tables(store.purge(DECIDED, TODAY, dry_run=False)) == {"raw": 1}
    assert store.raw(digest) is None
    assert store.raw_size(digest) == len(raw)
    assert store.decisions() == []
