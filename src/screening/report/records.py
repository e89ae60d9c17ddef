"""Rows of Ägarförändringar and Registerkontroller: what changed against the contracts' dates, and what was attested."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from screening.identity import mask_text
from screening.model import BeneficialOwners, Contract, Fact, Officer, Officers, Owner, RecordCheckAttestation
from screening.report import texts
from screening.report.desk import Case, Desk
from screening.report.working import Row, iso

WINDOW_DAYS = 365


def changes(desk: Desk, case: Case) -> Iterator[Row]:
    """One row per day and register on which board or beneficial owners changed during the last year."""
    unknown = desk.say("Inte känt", "Not known")
    for kind in ("officers", "beneficial_owners"):
        for day, before, after, fact, first in _events(desk, case.dossier.facts.get(kind, ())):
            nearest = _nearest(case.dossier.contracts, day)
            yield [
                case.name,
                case.number,
                case.own_numbers,
                "\n".join(desk.units(case)),
                texts.word(texts.KIND, kind, desk.language),
                "\n".join(sorted(before)) or (unknown if first else ""),
                "\n".join(sorted(after)),
                iso(day),
                nearest[1].id if nearest else "",
                iso(nearest[0]) if nearest else None,
                (nearest[0] - day).days if nearest else None,
                _relation(desk, nearest, day),
                desk.source(fact.provenance.source),
                iso(fact.provenance.as_of),
            ]


Event = tuple[date, set[str], set[str], Fact, bool]


def _events(desk: Desk, facts: tuple[Fact, ...]) -> Iterator[Event]:
    """Who left and who came, by the day that the register gives, else by the day of the answer that showed it.

    The last says that it is the first answer: who was there before is not known.
    """
    start = desk.today - timedelta(days=WINDOW_DAYS)
    last: Mapping[str, tuple[str, date | None]] | None = None
    for fact in facts:
        now = _people(desk, fact)
        gone = {} if last is None else {key: item for key, item in last.items() if key not in now}
        came = {key: item for key, item in now.items() if last is None or key not in last}
        by_day: dict[date, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
        shown_on = fact.provenance.as_of
        came_on = []
        for text, since in came.values():
            if last is None and since is None:
                continue  # the first answer: nobody knows whether it is a change
            day = since or shown_on
            came_on.append(day)
            by_day[day][1].add(text)
        left_on = max(came_on) if len(set(came_on)) == 1 else shown_on
        for text, _since in gone.values():
            by_day[left_on][0].add(text)
        for day, (before, after) in sorted(by_day.items()):
            if start <= day <= desk.today:
                yield day, before, after, fact, last is None
        last = now


def _people(desk: Desk, fact: Fact) -> dict[str, tuple[str, date | None]]:
    """Key -> (name with role or share, since when)."""
    found: dict[str, tuple[str, date | None]] = {}
    if isinstance(fact, Officers):
        for person in fact.people:
            found[f"{person.person_key}/{person.role_code}"] = (_officer(person), person.from_on)
    if isinstance(fact, BeneficialOwners):
        for owner in fact.owners:
            found[f"{owner.person_key}/{owner.share_from}/{owner.share_to}"] = (_owner(desk, owner), owner.since_on)
    return found


def _officer(person: Officer) -> str:
    return f"{mask_text(person.name)} ({person.role or person.role_code})"


def _owner(desk: Desk, owner: Owner) -> str:
    name = desk.say("Skyddad person", "Protected person") if owner.anonymous else mask_text(owner.name)
    if owner.share_from is None:
        return name
    low = f"{owner.share_from * 100:.0f}"
    high = low if owner.share_to is None else f"{owner.share_to * 100:.0f}"
    return f"{name} ({low}\u2009%)" if low == high else f"{name} ({low}–{high}\u2009%)"


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
