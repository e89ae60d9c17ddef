"""Which rules are expected of which suppliers and contracts: ``[[profile]]`` of screening.toml, matched and cached."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from screening.checks._quarters import end, start
from screening.config import Config, Match, Profile
from screening.model import Contract, Spend, Supplier
from screening.rules.cadence import EVER, answered_since
from screening.rules.rule import DERIVED, Rule, verify

PUBLIC_BODY = "2"
"""State, municipalities and regions have numbers that start with 2; the company register does not hold them."""

Shape = tuple[tuple[str, int, tuple[int, ...]], ...]
"""Per expected rule: its id, the first profile that names it, and which contracts (by place) it is expected for."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One rule expected of a supplier.

    Attributes:
        profile: the first profile that names the rule for this supplier; its limits hold for supplier and item rules.
        contracts: contracts that the rule is expected for, each with its own profile; empty when only spend matched.
    """

    rule: Rule
    profile: Profile
    contracts: tuple[tuple[Contract, Profile], ...] = ()

    @property
    def concerned(self) -> bool:
        """Whether the rule concerns some of the contracts, or what is bought without one."""
        applies = self.rule.table.applies
        if not applies.by_contract:
            return True
        return any(applies.concerns(contract) is None for contract in self.on)

    @property
    def on(self) -> tuple[Contract | None, ...]:
        """The contracts; a single ``None`` for what is bought without one."""
        return tuple(contract for contract, _profile in self.contracts) or (None,)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected of one supplier, by rule id. Empty: outside every profile, so nothing is asked or stored."""

    supplier: Supplier
    legal_form: str | None
    rules: Mapping[str, Expected]


def owes_attestation(contract: Contract, profile: Profile) -> bool:
    """Whether statute, or the contract itself, demands record checks of whoever performs it; a tenderer owes none yet."""
    demanded = profile.record_check_by == "statute" or bool(contract.record_check)
    return profile.record_check is not None and demanded and contract.phase != "tender"


def ran_in(contract: Contract, quarter: str) -> bool:
    """Whether the contract ran on some day of the quarter (``2026Q3``); one without dates did."""
    started = contract.starts_on is None or contract.starts_on <= end(quarter)
    return started and (contract.ends_on is None or contract.ends_on >= start(quarter))


def is_public_body(supplier: Supplier) -> bool:
    """Whether the number is that of the state, a municipality or a region."""
    return (
        supplier.kind == "organisation"
        and supplier.identity is not None
        and supplier.identity.compact.startswith(PUBLIC_BODY)
    )


def outside(rule: Rule, supplier: Supplier, legal_form: str | None) -> str | None:
    """Why the rule does not concern this supplier at all: a word for ``not_applicable``; ``None`` when it may."""
    applies = rule.table.applies
    if supplier.kind == "unidentified":
        return None
    if applies.kinds and supplier.kind not in applies.kinds:
        return supplier.kind
    if not applies.public_bodies and is_public_body(supplier):
        return "public_body"
    if legal_form is None:
        return None
    if (applies.forms and legal_form not in applies.forms) or legal_form in applies.not_forms:
        return "legal_form"
    return None


def kinds_needed(expectation: Expectation, *, optional: bool = True) -> frozenset[str]:
    """Kinds of fact that the expected rules use, without rules that cannot concern this supplier.

    Args:
        expectation: what is expected of the supplier.
        optional: also those that a check can do without.
    """
    found: set[str] = set()
    for expected in expectation.rules.values():
        rule = expected.rule
        if outside(rule, expectation.supplier, expectation.legal_form) is None and expected.concerned:
            kept = {need.kind for need in rule.binding.needs if optional or not need.optional}
            found |= kept | (rule.kinds - rule.binding.kinds)
    return frozenset(found) - DERIVED


def resting(expectation: Expectation, today: date) -> Mapping[str, date]:
    """Kinds of fact that none of the supplier's profiles asks for this month: kind -> since when an answer suffices."""
    since: dict[str, date | None] = {}
    for expected in expectation.rules.values():
        profiles = expected.contracts or ((None, expected.profile),)
        days = [
            answered_since(profile, today, in_tender=contract is not None and contract.phase == "tender")
            for contract, profile in profiles
        ]
        latest = None if None in days else max(day for day in days if day is not None)
        for kind in expected.rule.kinds:
            known = since.get(kind, EVER)
            since[kind] = None if latest is None or known is None else max(known, latest)
    return {kind: day for kind, day in since.items() if day is not None}


class Profiles:
    """The profiles of a workspace, matched against suppliers; the same contract features are matched once."""

    def __init__(self, config: Config, rules: Mapping[str, Rule]) -> None:
        """Raises ConfigError when a profile names a rule or a limit that is not there."""
        verify(config, rules)
        self.config = config
        self.rules = rules
        self.profiles = config.profile
        self._units = {_key(spelling): _key(unit.name) for unit in config.unit for spelling in (unit.name, *unit.match)}
        self._values = sorted(
            {item.match.min_value_sek for item in config.profile if item.match.min_value_sek is not None}
        )
        self._spends = sorted(
            {item.match.min_spend_sek for item in config.profile if item.match.min_spend_sek is not None}
        )
        self._matched: dict[tuple[object, ...], int] = {}
        self._shapes: dict[tuple[int, ...], Shape] = {}
        self._matches = tuple(_Matcher(item.match) for item in config.profile)

    # --- which profile ------------------------------------------------------------------------------------------------
    def place(self, contract: Contract, supplier: Supplier, spend: Spend, legal_form: str | None) -> int:
        """The place of the first profile that matches the contract; -1 when none does."""
        value = contract.value_sek
        key = (
            contract.unit,
            contract.service,
            contract.role,
            supplier.kind,
            legal_form,
            -1 if value is None else bisect_right(self._values, value),
            self._spend_bucket(spend),
        )
        found = self._matched.get(key)
        if found is None:
            unit = _key(contract.unit)
            features = _Features(
                (self._units.get(unit, unit),),
                _key(contract.service),
                contract.role,
                supplier.kind,
                legal_form,
                value,
                spend.last_12_months_sek,
            )
            found = self._matched[key] = self._first(features)
        return found

    def place_of_spend(self, supplier: Supplier, spend: Spend, legal_form: str | None) -> int:
        """The place of the first profile that matches a supplier without contracts; -1 when none does or nothing is bought.

        What only a contract has (service, role, value) cannot hold for it.
        """
        units = tuple(name for name, _sek in spend.by_unit)
        key = ("spend", units, supplier.kind, legal_form, self._spend_bucket(spend))
        found = self._matched.get(key)
        if found is None:
            spelled = (_key(unit) for unit in units)
            names = tuple(self._units.get(unit, unit) for unit in spelled)
            features = _Features(names, None, None, supplier.kind, legal_form, None, spend.last_12_months_sek)
            found = self._matched[key] = self._first(features)
        return found

    def _spend_bucket(self, spend: Spend) -> int:
        return bisect_right(self._spends, spend.last_12_months_sek) if self._spends else 0

    def _first(self, features: _Features) -> int:
        return next((place for place, match in enumerate(self._matches) if match.holds(features)), -1)

    # --- which rules --------------------------------------------------------------------------------------------------
    def concerned(self, contracts: Sequence[Contract], today: date) -> tuple[Contract, ...]:
        """The contracts that count on ``today``: in force, in tender or paid without end, as ``[population]`` says."""
        population = self.config.population
        if population.contracts == "none":
            return ()
        found = tuple(
            [
                item
                for item in contracts
                if (population.contracts == "all" or item.phase != "contract" or item.in_force(today))
                and (population.include_sub_suppliers or item.role != "sub")
            ]
        )
        if len(found) < 2:
            return found
        return tuple({item.id: item for item in reversed(found)}.values())[::-1]  # one verdict per contract

    def shape(self, places: tuple[int, ...]) -> Shape:
        """Per expected rule of a supplier whose contracts have these profiles; a single negative place means none."""
        found = self._shapes.get(places)
        if found is None:
            by_rule: dict[str, list[int]] = {}
            for number, place in enumerate(places):
                if place >= 0:
                    for name in self.profiles[place].rules:
                        by_rule.setdefault(name, []).append(number)
            shared: dict[tuple[int, ...], tuple[int, ...]] = {}  # one object for rules of the same contracts
            found = tuple(
                (name, min(places[number] for number in numbers), shared.setdefault(tuple(numbers), tuple(numbers)))
                for name, numbers in sorted(by_rule.items())
            )
            self._shapes[places] = found
        return found

    def places(
        self, supplier: Supplier, contracts: tuple[Contract, ...], spend: Spend, legal_form: str | None
    ) -> tuple[tuple[int, ...], bool]:
        """(profile places, by contract?): of each contract, or one place of the spend when no contract matches."""
        if contracts:
            found = tuple([self.place(item, supplier, spend, legal_form) for item in contracts])
            if max(found) >= 0:
                return found, True
        return (self.place_of_spend(supplier, spend, legal_form),), False

    def expected(
        self, supplier: Supplier, contracts: Sequence[Contract], spend: Spend, legal_form: str | None, today: date
    ) -> Expectation:
        """What is expected of one supplier on ``today``."""
        concerned = self.concerned(contracts, today)
        places, by_contract = self.places(supplier, concerned, spend, legal_form)
        rules = {
            name: Expected(
                self.rules[name],
                self.profiles[first],
                tuple((concerned[number], self.profiles[places[number]]) for number in numbers) if by_contract else (),
            )
            for name, first, numbers in self.shape(places)
        }
        return Expectation(supplier, legal_form, rules)


@dataclass(frozen=True, slots=True)
class _Features:
    units: tuple[str, ...]
    service: str | None
    role: str | None
    kind: str
    legal_form: str | None
    value_sek: Decimal | None
    spend_sek: Decimal


class _Matcher:
    """One profile's match, normalised."""

    def __init__(self, match: Match) -> None:
        self.units = {_key(item) for item in match.unit}
        self.services = {_key(item) for item in match.service}
        self.forms = set(match.legal_form)
        self.roles = set(match.role)
        self.min_value = match.min_value_sek
        self.min_spend = match.min_spend_sek

    def holds(self, seen: _Features) -> bool:
        return (
            (not self.units or not self.units.isdisjoint(seen.units))
            and (not self.services or seen.service in self.services)
            and (not self.forms or not self.forms.isdisjoint({seen.kind, seen.legal_form}))
            and (not self.roles or seen.role in self.roles)
            and (self.min_value is None or (seen.value_sek is not None and seen.value_sek >= self.min_value))
            and (self.min_spend is None or seen.spend_sek >= self.min_spend)
        )


def _key(text: str) -> str:
    return " ".join(text.casefold().split())
