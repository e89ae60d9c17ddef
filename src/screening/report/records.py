"""Rows of Ägarförändringar and Registerkontroller: what changed against the contracts' dates, and what was attested."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from screening.identity import mask_text
from screening.model import CompanyRecord, Contract, Dossier, Event, RecordCheckAttestation, events
from screening.report import texts
from screening.report.desk import Case, Desk
from screening.report.history import event_title, event_value
from screening.report.working import Row, iso

WINDOW_DAYS = 365


def changes(desk: Desk, case: Case) -> Iterator[Row]:
    """One row per change of board, auditors or owners during the last year, and unit, against that unit's contracts."""
    contracts: dict[str, tuple[Contract, ...]] = dict.fromkeys(desk.units(case), ())
    for contract in case.dossier.contracts:
        contracts[desk.unit(contract.unit)] += (contract,)
    for event in _events(desk, case.dossier):
        for unit, own in contracts.items():
            nearest = _nearest(own, event.on)
            yield [
                case.name,
                case.number,
                case.own_numbers,
                unit,
                event_title(event, desk.language),
                _side(desk, event, event.before),
                _side(desk, event, event.after),
                iso(event.on),
                nearest[1].id if nearest else "",
                iso(nearest[0]) if nearest else None,
                (nearest[0] - event.on).days if nearest else None,
                _relation(desk, nearest, event.on),
                _dated(desk, event),
                desk.source(event.source),
                iso(event.facts[0].provenance.as_of) if event.facts else None,
            ]


def _events(desk: Desk, dossier: Dossier) -> Iterator[Event]:
    """What changed within ``WINDOW_DAYS``, in the kinds that say who leads and owns."""
    start = desk.today - timedelta(days=WINDOW_DAYS)
    records = [fact for fact in dossier.facts.get("company_record", ()) if isinstance(fact, CompanyRecord)]
    registered_on = next((fact.registered_on for fact in reversed(records) if fact.registered_on), None)
    for kind in ("officers", "beneficial_owners", "shareholders"):
        rows = dossier.facts.get(kind, ())
        for event in events(kind, rows, registered_on=registered_on, today=desk.today):
            if event.on >= start:
                yield event


def _side(desk: Desk, event: Event, text: str | None) -> str:
    """Who was, or came: one a line."""
    if text is None:
        return desk.say("Inte känt", "Not known")
    return "\n".join(event_value(event, line, desk.language) for line in text.split("\n"))


def _dated(desk: Desk, event: Event) -> str:
    """Whose day it is: the register's own, or that of the answer which showed the change."""
    if event.dated_by == "source":
        return desk.say("Registrets eget", "The register's own")
    if event.after_day is None:
        return desk.say("Svarets dag", "The answer's day")
    return desk.say(f"Svarets dag; tidigast {event.earliest}", f"The answer's day; earliest {event.earliest}")


def _nearest(contracts: tuple[Contract, ...], day: date) -> tuple[date, Contract, str] | None:
    """The contract date closest to ``day``."""
    dates = [
        (when, contract, what)
        for contract in contracts
        for what, when in (
            ("awarded", contract.awarded_on),
            ("starts", contract.starts_on),
            ("ends", contract.ends_on),
            ("option", contract.option_until_on),
        )
        if when is not None
    ]
    return min(dates, key=lambda item: (abs((item[0] - day).days), item[1].id, item[2]), default=None)


_DATES = {
    "awarded": ("tilldelningen", "the award"),
    "starts": ("avtalsstarten", "the start"),
    "ends": ("avtalsslutet", "the end"),
    "option": ("optionens slut", "the end of the option"),
}


def _relation(desk: Desk, nearest: tuple[date, Contract, str] | None, day: date) -> str:
    if nearest is None:
        return desk.say("Inget avtalsdatum", "No contract date")
    days = (nearest[0] - day).days
    what = texts.word(_DATES, nearest[2], desk.language)
    if days == 0:
        return desk.say(f"Samma dag som {what}", f"On the day of {what}")
    if days > 0:
        return desk.say(f"{days} dagar före {what}", f"{days} days before {what}")
    return desk.say(f"{-days} dagar efter {what}", f"{-days} days after {what}")


def attestations(desk: Desk, case: Case) -> Iterator[Row]:
    """One row per quarter and law area: counts and dates, never content."""
    newest = {fact.scope_key: fact for fact in case.dossier.facts.get("record_check_attestation", ())}
    for _key, fact in sorted(newest.items(), reverse=True):
        if not isinstance(fact, RecordCheckAttestation):
            continue
        unchecked = None
        if fact.in_scope is not None and fact.checked_before_start is not None:
            unchecked = max(fact.in_scope - fact.checked_before_start, 0)
        yield [
            case.name,
            case.number,
            case.own_numbers,
            "\n".join(desk.units(case)),
            fact.quarter,
            texts.word(texts.LAW_AREA, fact.area, desk.language),
            _state(desk, fact),
            fact.in_scope,
            fact.checked_before_start,
            fact.pending,
            fact.too_old,
            unchecked,
            iso(fact.signed_on),
            mask_text(fact.signatory_role or ""),
            iso(fact.provenance.as_of),
        ]


def _state(desk: Desk, fact: RecordCheckAttestation) -> str:
    if fact.state == "received":
        return desk.say("Inkommet", "Received")
    if fact.state == "none":
        return desk.say("Saknas", "Missing")
    return desk.say("Avvisat: otillåtet innehåll", "Refused: unlawful content")
