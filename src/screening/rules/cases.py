"""A rule's own cases: facts given, verdict expected. They are its examples, its documentation and its tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time
from typing import Any, cast

import msgspec

from screening.errors import ConfigError
from screening.identity import from_stored
from screening.model import (
    Context,
    Contract,
    Dossier,
    Fact,
    Gap,
    Judged,
    Origin,
    Provenance,
    Spend,
    Supplier,
    fact_type,
    from_payload,
    not_applicable,
)
from screening.rules import texts
from screening.rules.bound import Bound
from screening.rules.case_table import Case
from screening.rules.engine import legal_form
from screening.rules.evidence import lacking
from screening.rules.profiles import outside
from screening.rules.rule import Rule
from screening.rules.weighing import Call, weigh

NUMBER = "5599999017"
"""The fictitious company of every case."""

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_ABOUT = ("as_of", "confirmed_on", "historic", "source", "origin", "scope_key")


def run_cases(rule: Rule) -> Iterator[str]:
    """A line for every case that does not come out as it says; none when all hold."""
    for case in rule.table.case:
        if problem := run_case(rule, case):
            yield f"{rule.file}: case {case.name!r}: {problem}"


def run_case(rule: Rule, case: Case) -> str:
    """What is wrong with one case; empty when it holds."""
    try:
        verdicts = judge_case(rule, case)
    except ConfigError as error:
        return str(error)
    chosen = [item for item in verdicts if case.scope_key is None or item.scope_key == case.scope_key]
    if len(chosen) != 1:
        keys = ", ".join(repr(item.scope_key) for item in verdicts)
        return f"{len(chosen)} verdicts; expected one (scope keys: {keys or 'none'})"
    got = chosen[0]
    seen: list[tuple[str, object, object]] = [("outcome", got.verdict.outcome, case.expect)]
    if case.level is not None:
        seen.append(("level", got.verdict.level, case.level))
    if case.severity is not None:
        seen.append(("severity", got.severity, case.severity))
    if case.reason is not None:
        seen.append(("reason", got.verdict.reason, case.reason))
    problems = [f"{what} {is_!r}; expected {wanted!r}" for what, is_, wanted in seen if is_ != wanted]
    if got.verdict.outcome == "flag":
        sentence = texts.finding(rule, got.verdict.seen, "sv").replace(texts.NO_BREAK, " ")
        problems += [
            f"the text is {sentence!r}; expected it to hold {part!r}" for part in case.says if part not in sentence
        ]
    return "; ".join(problems)


def judge_case(rule: Rule, case: Case) -> list[Judged]:
    """The rule's verdicts on the case's dossier; outside profiles, since the rule itself is what is tried.

    Raises:
        ConfigError: a given fact that is not of its kind.
    """
    dossier = dossier_of(case)
    bound = Bound(rule, case.today)
    if bound.values is None:
        message = f"today {case.today} is before the first [[params]] from"
        raise ConfigError(message)
    form = legal_form(dossier)
    calls: list[Call]
    if (why := outside(rule, dossier.supplier, form)) is not None:
        calls = [Call(bound, "", not_applicable(why))]
    elif form is None and (rule.table.applies.forms or rule.table.applies.not_forms):
        calls = [Call(bound, "", lacking(dossier, "company_record", case.today))]
    else:
        calls = list(
            _calls(bound, dossier, Context(case.today, dossier.supplier, None, dossier.contracts, dossier.spend))
        )
    return weigh(calls, dossier.supplier.id)


def _calls(bound: Bound, dossier: Dossier, context: Context) -> Iterator[Call]:
    scope = bound.rule.scope
    if scope == "item":
        for key, verdict, missing in bound.items(dossier, context):
            yield Call(bound, key, verdict, context.contracts, missing)
    elif scope == "supplier":
        verdict, missing = bound.supplier(dossier, context)
        yield Call(bound, "", verdict, context.contracts, missing)
    else:
        for contract in context.contracts:
            if (why := bound.concerns(contract)) is not None:
                yield Call(bound, contract.id, not_applicable(why), (contract,))
            else:
                verdict, missing = bound.supplier(dossier, replace(context, contract=contract))
                yield Call(bound, contract.id, verdict, (contract,), missing)


# --- the dossier ------------------------------------------------------------------------------------------------------
def dossier_of(case: Case) -> Dossier:
    """What the case gives as a dossier.

    Raises:
        ConfigError: a given fact that is not of its kind.
    """
    facts: dict[str, tuple[Fact, ...]] = {}
    for kind, given in case.given.items():
        rows = given if isinstance(given, list) else [given]
        facts[kind] = tuple(_fact(kind, row, case.today) for row in rows)
    observed = {
        (kind, fact.provenance.source): case.observed_from or rows[0].provenance.as_of
        for kind, rows in facts.items()
        for fact in rows
    }
    gaps = {kind: Gap(kind, reason) for kind, reason in case.gaps.items()}
    contracts = tuple(Contract(**item.model_dump()) for item in case.contracts)
    spend = Spend(**case.spend.model_dump())
    return Dossier(_supplier(case), contracts, spend, facts, gaps, observed)


def _supplier(case: Case) -> Supplier:
    given = case.supplier
    identity = None
    if given.kind == "foreign":
        identity = from_stored("foreign", given.country, NUMBER)
    elif given.kind != "unidentified":
        identity = from_stored("orgnr", "SE", NUMBER)
    return Supplier(
        id=f"S-CASE-{given.kind}",
        kind=given.kind,
        identity=identity,
        name=given.name,
        names=given.names or (given.name,),
        country=given.country,
        identity_accepted=given.identity_accepted,
    )


def _fact(kind: str, given: Mapping[str, Any], today: date) -> Fact:
    known = {item.name for item in fields(fact_type(kind))} - {"provenance", "scope_key"}
    own = {key: value for key, value in given.items() if key in known or key not in _ABOUT}
    if unknown := sorted(set(own) - known):
        message = f"given.{kind}.{unknown[0]}: unknown; expected one of {', '.join(sorted(known))}"
        raise ConfigError(message)
    as_of = cast("date", given.get("as_of", today))
    confirmed = None if "confirmed_on" in known else given.get("confirmed_on")
    historic = bool(given.get("historic"))
    provenance = Provenance(
        source=given.get("source", "case"),
        origin=Origin(given.get("origin", Origin.AUTHORITY)),
        as_of=as_of,
        fetched_at=datetime.combine(today if historic else as_of, time(6), UTC),
        confirmed_at=datetime.combine(confirmed, time(6), UTC) if confirmed else None,
        historic=historic,
    )
    scope_key = given.get("scope_key")
    if scope_key is None:
        scope_key = f"{own['quarter']}/{own['area']}" if kind == "record_check_attestation" else ""
    try:
        return from_payload(kind, _ENCODER.encode(own), provenance, scope_key)
    except msgspec.ValidationError as error:
        message = f"given.{kind}: {error}"
        raise ConfigError(message) from None
