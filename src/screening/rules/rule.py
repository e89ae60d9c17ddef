"""A rule: its table, its check and its limits, loaded from ``rules/`` and verified as a whole."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from screening.config import Config, Profile, parse_toml, validate
from screening.errors import ConfigError
from screening.model import KINDS, Contract, Phase, Regime, Severity
from screening.rules.binding import PACKAGE, Binding, Dated, Limits, bind, limits, overrides
from screening.rules.case_table import Case
from screening.rules.general import named, verify_own
from screening.rules.grounds import verify_law
from screening.rules.table import Force, RuleTable, Scope, Text

DOCUMENTS: frozenset[str] = frozenset({
    "address_in_bid",
    "care_permit",
    "declaration",
    "document_request",
    "final_decision",
    "owners_in_bid",
    "payment_agreement",
    "power_of_attorney",
    "record_check_attestation",
})  # fmt: skip
"""Kinds from the case file: how long a document counts is for the check to say, so ``max_age_days`` does not bite."""

DERIVED: frozenset[str] = frozenset(
    {"name_elsewhere", "number_use", "ownership", "shared_address", "status_elsewhere", "successor", "supplier_roles"}
)
"""Kinds worked out from the run's own lists and register answers: no source is asked for them."""


@dataclass(frozen=True, slots=True)
class Law:
    """What a finding rests on for one contract: paragraphs, how binding, and what to do."""

    basis: tuple[str, ...]
    force: Force
    action: Text


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, ready to judge. ``text`` is the file as read, stored with each run."""

    table: RuleTable
    binding: Binding
    limits: Limits
    file: str
    text: str

    @property
    def id(self) -> str:
        """For example ``SKA-01``."""
        return self.table.id

    @property
    def family(self) -> str:
        """The first three letters of the id."""
        return self.table.id[:3]

    @property
    def scope(self) -> Scope:
        """What one verdict is about."""
        return self.table.scope

    @property
    def severity(self) -> Severity:
        """The base severity."""
        return self.table.severity

    @property
    def title(self) -> Mapping[str, str]:
        """Language -> title."""
        return {"sv": self.table.title.sv, "en": self.table.title.en}

    @property
    def cases(self) -> tuple[Case, ...]:
        """Its worked examples."""
        return self.table.case

    @property
    def sha256(self) -> str:
        """Hash of the file's text."""
        return sha256(self.text.encode()).hexdigest()

    @property
    def kinds(self) -> frozenset[str]:
        """Every kind of fact that judging by this rule may look at."""
        by_form = self.table.applies.forms or self.table.applies.not_forms
        return self.binding.kinds | (frozenset({"company_record"}) if by_form else frozenset())

    def on(self, today: date) -> Rule:
        """The rule as it is on ``today``: with every ``[[change]]`` that has come into force."""
        table = self.table.on(today)
        return self if table is self.table else replace(self, table=table)

    def severity_of(self, level: str) -> Severity:
        """The severity of a level that the check chose; the base without one."""
        return self.table.levels[level] if level else self.table.severity

    def max_age_days(self, kind: str) -> int | None:
        """How old a fact of ``kind`` may be to be judged; ``None`` where the check itself weighs its age."""
        if kind in self.table.max_age:
            return self.table.max_age[kind]
        return None if kind in DOCUMENTS else self.table.max_age_days

    def law(
        self,
        today: date,
        regime: Regime | None = None,
        phase: Phase | None = None,
        variant: object = None,
        service: str = "",
    ) -> Law:
        """Basis, force and action for a contract of this regime, phase and service; the first ground that holds wins.

        What is paid without a contract has no regime, and phase ``payment``. A variant with a basis has
        its own grounds, in the place of the rule's. An action of the ground goes before the variant's, the phase's and the rule's own, in that order.
        """
        table = self.table
        chosen = table.variant.get(variant) if isinstance(variant, str) else None
        action = (chosen.action if chosen is not None else None) or table.action_in(phase)
        basis, force, grounds = table.basis, table.force, table.ground
        if chosen is not None and chosen.basis is not None:
            basis, force, grounds = chosen.basis, chosen.force or table.force, chosen.ground
        for ground in grounds:
            if ground.holds(today, regime, phase, service):
                own = basis if ground.basis is None else ground.basis
                return Law(own, ground.force or force, ground.action or action)
        return Law(basis, force, action)

    def law_of(self, contract: Contract | None, today: date, variant: object = None, without: Phase = "payment") -> Law:
        """The law for one contract; without one, for the phase ``without``: who is checked before a contract tenders."""
        if contract is None:
            return self.law(today, None, without, variant)
        return self.law(today, contract.regime, contract.phase, variant, contract.service)

    def laws_of(
        self, contracts: Iterable[Contract], today: date, variant: object = None, without: Phase = "payment"
    ) -> tuple[tuple[Law, tuple[str, ...]], ...]:
        """Each law that some of the contracts rest on, with their ids; tenders first, then as the contracts are given."""
        found: dict[Law, list[str]] = {}
        for contract in sorted(contracts, key=lambda item: item.phase != "tender"):
            found.setdefault(self.law_of(contract, today, variant), []).append(contract.id)
        if not found:
            return ((self.law_of(None, today, variant, without), ()),)
        return tuple((law, tuple(ids)) for law, ids in found.items())


def load(folder: Path, package: str = PACKAGE) -> Mapping[str, Rule]:
    """Every rule in ``folder`` by id, in order of id.

    Raises:
        ConfigError: a file that is not a rule, a check that does not exist, limits that do not fit; all files' errors.
    """
    found: dict[str, Rule] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            rule = load_rule(path, package)
        except ConfigError as error:
            problems.append(str(error))
            continue
        if rule.id in found:
            problems.append(f"{path.name}: id: {rule.id} is also in {found[rule.id].file}; expected each id once")
        found[rule.id] = rule
    for rule in found.values():
        raisers = rule.table.raised_by.rules if rule.table.raised_by else ()
        problems += [
            f"{rule.file}: raised_by.rules: no rule {name}; expected one of {', '.join(sorted(found))}"
            for name in raisers
            if name not in found and not problems
        ]
        told = [found[name].text for name in raisers if name in found]
        problems += [
            f"{rule.file}: raised_by.seen: {field} is in no finding of {', '.join(raisers)}"
            for field in (rule.table.raised_by.seen if rule.table.raised_by and told else ())
            if not any(f"{{{field}}}" in text for text in told)
        ]
    if problems:
        raise ConfigError("\n".join(problems))
    if not found:
        message = f"{folder}: no rules; expected one TOML file per rule"
        raise ConfigError(message)
    return dict(sorted(found.items()))


def load_rule(path: Path, package: str = PACKAGE) -> Rule:
    """One rule from its file.

    Raises:
        ConfigError: names the file, the key and what was expected.
    """
    table = parse_toml(path, RuleTable)
    text = path.read_text(encoding="utf-8-sig")
    return make(path.name, table, text, package)


def of_text(file: str, text: str, package: str = PACKAGE) -> Rule:
    """One rule from the text that a run kept of it.

    Raises:
        ConfigError: this version cannot read it any more.
    """
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        message = f"{file}: not TOML; {error}"
        raise ConfigError(message) from error
    return make(file, validate(file, document, RuleTable), text, package)


def make(file: str, table: RuleTable, text: str, package: str = PACKAGE) -> Rule:
    """A rule from its table; binds the check and verifies limits, levels and ages against it.

    Raises:
        ConfigError: names the file, the key and what was expected.
    """
    try:
        binding = bind(table.check, package)
    except ConfigError as error:
        message = f"{file}: {error}"
        raise ConfigError(message) from error
    binding = named(file, binding, table.params, table.scope)
    if table.scope == "item" and binding.needs[0].shape != "one":
        message = f"{file}: scope: the check's first fact is not taken one at a time; expected one fact for scope item"
        raise ConfigError(message)
    for kind in table.max_age:
        if kind not in binding.kinds:
            message = (
                f"{file}: max_age.{kind}: not used by the check; expected one of {', '.join(sorted(binding.kinds))}"
            )
            raise ConfigError(message)
    for case in table.case:
        for kind in (*case.given, *case.gaps):
            if kind not in KINDS:
                message = f"{file}: case {case.name!r}: given.{kind}: no such kind; expected one of {', '.join(sorted(KINDS))}"
                raise ConfigError(message)
    dated = limits(file, binding, table.params)
    _verify_labels(file, table)
    verify_law(file, table, [start for start, _values in dated.versions])
    return Rule(table, binding, dated, file, text)


def _verify_labels(file: str, table: RuleTable) -> None:
    """Each label is of a limit; a general rule on several fields has limits of its own naming."""
    known = {name for block in table.params for name in block} - {"from"}
    strange = [name for name in table.labels if name not in known]
    if strange and "of" not in known:
        message = f"{file}: labels.{strange[0]}: no such limit; expected one of {', '.join(sorted(known)) or 'none'}"
        raise ConfigError(message)


def verify(config: Config, rules: Mapping[str, Rule]) -> None:
    """Every profile names rules that exist and overrides limits that they have.

    Raises:
        ConfigError: names the profile, the key and what was expected.
    """
    for profile in config.profile:
        where = f"screening.toml: profile {profile.name}"
        for name in (*profile.rules, *profile.limits):
            if name not in rules:
                message = f"{where}: no rule {name}; expected one of {', '.join(rules)}"
                raise ConfigError(message)
        for name in profile.limits:
            own_limits(profile, rules[name])


def own_limits(profile: Profile, rule: Rule) -> Dated:
    """A profile's own limits for a rule, dated.

    Raises:
        ConfigError: names the profile, the key and what was expected.
    """
    given = profile.limits.get(rule.id, {})
    where = f"screening.toml: profile {profile.name}: limits.{rule.id}"
    own = overrides(where, rule.binding, given)
    verify_own(where, rule.binding, rule.limits.versions, own)
    return own
