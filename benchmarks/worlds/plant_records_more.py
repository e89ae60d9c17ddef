"""Planted events of the REG family's other half: old extracts, permits, signatures and replies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from benchmarks.worlds.base import PERMITS, dated, quarter_end
from benchmarks.worlds.life import FAR_AHEAD, PENDING, Life, Planter, always, taxed
from benchmarks.worlds.plant_records import RECORDS, a_quarter, all_but, cares, next_due

from screening.model import CarePermit, DocumentRequest, PowerOfAttorney, RecordCheckAttestation, Severity

PERMIT = frozenset({"permit"})
ASKED = frozenset({"request", "declaration"})  # a declaration that comes for another reason answers the request, too
LIMITS = {"school": 365, "lss_child": 365, "hvb": 183, "home_care": 183}
"""How old an extract may be at hire: 2007:171 half a year (183 d); school a year; 2010:479 and 2026:43 are the buyer's own
choice until their texts have been seen."""


# --- REG-05 and REG-08: what an attestation says of itself -------------------------------------------------------------------
def _attested(life: Life, quarter: str, came: date, **changes: object) -> None:
    """The quarter's attestation as it was, with something else in it."""
    found = next(
        paper for _on, paper in life.papers if isinstance(paper, RecordCheckAttestation) and paper.quarter == quarter
    )
    life.papers = [(on, paper) for on, paper in life.papers if all_but(quarter)(paper)]
    other = replace(found, provenance=dated(came), signed_on=came, **changes)  # type: ignore[arg-type]
    life.hand_in(other, came)


def _mark(
    life: Life, rule: str, quarter: str, came: date, label: Literal["flag", "unknown"], severity: Severity
) -> None:
    """From the run that sees it until a later quarter is due."""
    seen = life.month_of(came)
    for number, day in enumerate(life.days):
        if number >= seen and next_due(quarter) >= day:
            key, after = f"{quarter}/{life.area}", day + timedelta(days=1)
            life.mark(rule, label, key=key, since=day, until=after, severity=severity if label == "flag" else None)


def extracts_too_old(life: Life) -> None:
    """One or more counted as too old, or not counted, and the oldest a day older than the law allows."""
    quarter = a_quarter(life)
    came = quarter_end(quarter) + timedelta(days=life.random.randint(3, 25))
    if life.random.random() < 0.5:
        _attested(life, quarter, came, too_old=1)
    else:
        _attested(life, quarter, came, too_old=None, oldest_days=LIMITS[life.area] + 1)
    _mark(life, "REG-05", quarter, came, "flag", "medium")


def count_contradicts_itself(life: Life) -> None:
    """None too old, it says, and the oldest is older than the law allows: one of the two is wrong."""
    quarter = a_quarter(life)
    came = quarter_end(quarter) + timedelta(days=life.random.randint(3, 25))
    _attested(life, quarter, came, too_old=0, oldest_days=LIMITS[life.area] + 1)
    _mark(life, "REG-05", quarter, came, "unknown", "medium")


def extract_just_in_time(life: Life) -> None:
    """The oldest exactly as old as the law allows when the person started; older by far today."""
    quarter = a_quarter(life)
    came = quarter_end(quarter) + timedelta(days=9)
    _attested(life, quarter, came, too_old=0, oldest_days=LIMITS[life.area])


def signed_by_another(life: Life) -> None:
    """A role that no register and no power of attorney knows."""
    quarter = a_quarter(life)
    came = quarter_end(quarter) + timedelta(days=life.random.randint(3, 25))
    _attested(life, quarter, came, signatory_role="platschef")
    _mark(life, "REG-08", quarter, came, "flag", "low")


def signed_under_power(life: Life) -> None:
    """The head of personnel with a power of attorney on file."""
    quarter = a_quarter(life)
    came = quarter_end(quarter) + timedelta(days=9)
    _attested(life, quarter, came, signatory_role="personalchef")
    given = came - timedelta(days=400)
    life.hand_in(
        PowerOfAttorney(provenance=dated(given), role="personalchef", signed_on=given, valid_to_on=came), given
    )


def signature_without_role(life: Life) -> None:
    """The role is not told."""
    quarter = a_quarter(life)
    came = quarter_end(quarter) + timedelta(days=9)
    _attested(life, quarter, came, signatory_role=None)
    _mark(life, "REG-08", quarter, came, "unknown", "low")


# --- REG-07: IVO's permit -----------------------------------------------------------------------------------------------------
def _permit(life: Life, permit: CarePermit | None) -> None:
    if permit is None:
        del life.says["care_permit"]
    else:
        life.says["care_permit"] = always(permit)


def _on_contracts(
    life: Life, label: Literal["flag", "unknown"], severity: Severity | None = None, since: date = date.min
) -> None:
    for contract in life.contracts:
        life.mark("REG-07", label, key=contract.id, since=since, severity=severity)


def _service(life: Life) -> str:
    return PERMITS[life.contracts[0].service]


def no_permit(life: Life) -> None:
    """None in the register, or revoked."""
    state: Literal["none", "ended"] = life.random.choice(("none", "ended"))
    _permit(life, CarePermit(provenance=PENDING, scope_key=_service(life), state=state, service=_service(life)))
    _on_contracts(life, "flag", "critical")


def permit_for_another_service(life: Life) -> None:
    """A permit, but for other work."""
    _permit(life, CarePermit(provenance=PENDING, scope_key="Familjehem", state="valid", service="Familjehem"))
    _on_contracts(life, "flag", "critical")


def permit_runs_out(life: Life) -> None:
    """Its last day is the day of some run: the next run is too late."""
    month = life.random.randrange(len(life.days) - 1)
    last = life.days[month]
    _permit(
        life,
        CarePermit(
            provenance=PENDING, scope_key=_service(life), state="valid", service=_service(life), valid_to_on=last
        ),
    )
    _on_contracts(life, "flag", "critical", since=life.days[month + 1])


def renewal_pending(life: Life) -> None:
    """Run out, and the renewal is being examined: told, but not as unlawful."""
    _permit(life, CarePermit(provenance=PENDING, scope_key=_service(life), state="pending", service=_service(life)))
    _on_contracts(life, "flag", "medium")


def register_of_permits_not_read(life: Life) -> None:
    """Nobody has looked."""
    _permit(life, None)
    _on_contracts(life, "unknown")


def no_permit_needed(life: Life) -> None:
    """School takes no permit from IVO."""
    life.says["care_permit"] = always(CarePermit(provenance=PENDING, state="none"))


# --- REG-09: asked and not answered --------------------------------------------------------------------------------------------
def _asked(life: Life, asked: date, last: date, came: date) -> None:
    """A request in the case file, and the reply when it has come."""
    request = DocumentRequest(
        provenance=dated(asked), scope_key="declaration", requested_on=asked, for_kind="declaration", reply_by_on=last
    )
    life.hand_in(request, asked)
    if came < FAR_AHEAD:
        life.hand_in(replace(request, provenance=dated(came), received_on=came), came)


def reply_overdue(life: Life) -> None:
    """No reply in time; in half of them it comes late and closes the point."""
    asked = life.during(latest=2)
    last = asked + timedelta(days=10)
    came = life.random.choice((FAR_AHEAD, last + timedelta(days=life.random.randint(1, 50))))
    _asked(life, asked, last, came)
    life.mark("REG-09", "flag", key="declaration", since=last + timedelta(days=1), until=came, severity="medium")


def replied_on_the_last_day(life: Life) -> None:
    """In time."""
    asked = life.during(latest=2)
    _asked(life, asked, asked + timedelta(days=10), asked + timedelta(days=10))


def reply_not_due_yet(life: Life) -> None:
    """The time to reply runs out on the day of the last run."""
    _asked(life, life.during(latest=4), life.last, FAR_AHEAD)


def _licensed(life: Life) -> bool:
    return life.kind == "organisation" and bool(life.contracts) and life.contracts[0].service in PERMITS


PLANTERS = (
    Planter("REG-05", "planted", extracts_too_old, RECORDS, cares),
    Planter("REG-05", "near", extract_just_in_time, RECORDS, cares),
    Planter("REG-05", "missing", count_contradicts_itself, RECORDS, cares),
    Planter("REG-07", "planted", no_permit, PERMIT, _licensed),
    Planter("REG-07", "planted", permit_for_another_service, PERMIT, _licensed),
    Planter("REG-07", "near", permit_runs_out, PERMIT, _licensed),
    Planter("REG-07", "alike", renewal_pending, PERMIT, _licensed),
    Planter("REG-07", "alike", no_permit_needed, PERMIT, lambda life: life.area == "school"),
    Planter("REG-07", "missing", register_of_permits_not_read, PERMIT, _licensed),
    Planter("REG-08", "planted", signed_by_another, RECORDS, cares),
    Planter("REG-08", "alike", signed_under_power, RECORDS, cares),
    Planter("REG-08", "missing", signature_without_role, RECORDS, cares),
    Planter("REG-09", "planted", reply_overdue, ASKED, taxed),
    Planter("REG-09", "near", replied_on_the_last_day, ASKED, taxed),
    Planter("REG-09", "near", reply_not_due_yet, ASKED, taxed),
)
