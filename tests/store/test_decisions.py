from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from screening.errors import StoreError
from screening.identity import Identity, Kind
from screening.store import Decision, FollowUp, Store


def test_decisions_are_added_and_listed(store: Store, made: SimpleNamespace) -> None:
    """All, or those on one finding; oldest first."""
    first = Decision(finding_id="F", by="Kim", assessment="Under utredning", at=made.noon("2026-09-30"))
    second = Decision(
        finding_id="F",
        by="Kim",
        assessment="Godtagen förklaring",
        reason="Betald",
        until=date(2026, 12, 31),
        diary="KS 2026/1",
        at=made.noon("2026-10-01"),
        file_sha="ab",
    )
    other = Decision(finding_id="G", by="Kim", assessment="Åtgärdad", at=made.noon("2026-10-01"))
    for item in (first, second, other):
        store.put_decision(item)
    assert store.decisions("F") == [first, second]
    assert store.decisions() == [first, second, other]


def test_a_line_of_the_log_can_neither_be_changed_nor_deleted(store: Store, made: SimpleNamespace) -> None:
    """The database itself refuses."""
    store.audit("Kim", "run", made.noon("2026-09-30"), {"run": "M-2026-09-1"})
    for sql in ("UPDATE audit SET who = 'x'", "DELETE FROM audit"):
        with pytest.raises(StoreError, match="append-only"), store._write() as connection:
            connection.exec_driver_sql(sql)
    assert len(store.audit_log()) == 1


def test_each_line_carries_the_hash_of_the_one_before(store: Store, made: SimpleNamespace) -> None:
    """The first follows from nothing."""
    hashes = [store.audit("Kim", "run", made.noon("2026-09-30"), {"n": index}) for index in range(3)]
    assert [entry.previous_sha256 for entry in store.audit_log()] == ["", *hashes[:2]]
    assert [entry.sha256 for entry in store.audit_log()] == hashes


def test_personal_numbers_are_masked_before_they_are_logged(store: Store, made: SimpleNamespace) -> None:
    """In texts, keys, lists and identities."""
    person = Identity(Kind.PERSONNUMMER, "SE", "194012239101")
    detail = {"ids": ["19401223-9101"], "by": {"401223-9101": person}, "day": date(2026, 9, 30), "n": 1}
    store.audit("Kim 19401223-9101", "check", made.noon("2026-09-30"), detail)
    (entry,) = store.audit_log()
    assert "9101" not in entry.detail + entry.who
    assert "19401223-****" in entry.detail


def test_what_a_decision_was_made_on_is_kept_and_the_newest_by_period_is_told(
    store: Store, made: SimpleNamespace
) -> None:
    """Whatever was written in workbooks of later periods is not yet known in an earlier one."""
    first = Decision(
        finding_id="F",
        by="Kim",
        assessment="Yttrande begärt",
        reply_by=date(2026, 10, 20),
        at=made.noon("2026-10-01"),
        place="a.xlsx, Flaggor rad 2",
        run_id="M-2026-09-1",
        period="2026-09",
        severity="high",
        measure=Decimal("20000.50"),
        occurrence=2,
        pair="IDE | ek",
    )
    later = Decision(finding_id="F", by="Kim", assessment="Åtgärdad", at=made.noon("2026-11-01"), period="2026-10")
    store.put_decisions([first, later])
    assert store.newest_decisions("2026-09") == {"F": first}
    assert store.newest_decisions("2026-10") == {"F": later}
    assert [item.id for item in store.decisions()] == [1, 2]


def test_follow_ups_of_what_is_missing(store: Store, made: SimpleNamespace) -> None:
    """The newest one for a supplier and a thing, as known in a period."""
    first = FollowUp(
        supplier_id="S",
        thing="tax_account",
        requested_on=date(2026, 10, 1),
        reply_by=date(2026, 10, 15),
        by="Kim",
        comment="Ringt",
        at=made.noon("2026-10-01"),
        run_id="M-2026-09-1",
        period="2026-09",
        place="a.xlsx, Ej bedömbara rad 2",
        file_sha="ab",
    )
    later = FollowUp(supplier_id="S", thing="tax_account", at=made.noon("2026-11-01"), period="2026-10")
    store.put_follow_ups([first, later])
    assert store.follow_ups("2026-09") == {("S", "tax_account"): first}
    assert store.follow_ups("2026-12") == {("S", "tax_account"): later}
