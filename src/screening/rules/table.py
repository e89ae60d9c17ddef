"""A rule's TOML as a typed table: words, law, dated limits and cases. Conditions are code, in ``checks/``."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Collection, Mapping
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from screening.checks._services import spelled
from screening.config import Strict
from screening.model import Contract, PartyRole, Phase, Regime, Severity, SupplierKind
from screening.rules.case_table import Case

Force = Literal["ska", "får", "avtal", "intern kontroll", "signal"]
"""How binding the basis is: *ska* and *får* are exclusion grounds; the others are none by themselves."""

Language = Literal["sv", "en"]
Scope = Literal["supplier", "contract", "item"]


class Text(Strict):
    """One text in both languages."""

    sv: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def of(self, language: Language) -> str:
        """The text in ``language``."""
        return self.sv if language == "sv" else self.en


class Applies(Strict):
    """Whom the rule concerns, settled before any fact is looked at. An empty list does not limit."""

    kinds: tuple[SupplierKind, ...] = ()
    forms: tuple[str, ...] = ()
    not_forms: tuple[str, ...] = ()
    public_bodies: bool = True  # false: not state, municipalities and regions (numbers that start with 2)
    regimes: tuple[Regime, ...] = ()
    not_regimes: tuple[Regime, ...] = ()
    phases: tuple[Phase, ...] = ()
    roles: tuple[PartyRole, ...] = ()
    services: tuple[str, ...] = ()

    @property
    def by_contract(self) -> bool:
        """Whether it depends on the contract, not on the supplier alone."""
        return bool(self.regimes or self.not_regimes or self.phases or self.roles or self.services)

    def concerns(self, contract: Contract | None) -> str | None:
        """Why a contract, or what is paid without one, is not concerned: a word for ``not_applicable``."""
        if contract is None:
            return self.lacks(None, "payment", "", "main")
        return self.lacks(contract.regime, contract.phase, contract.service, contract.role)

    def lacks(self, regime: Regime | None, phase: Phase, service: str, role: PartyRole) -> str | None:
        """Why a contract is not concerned: a word for ``not_applicable``; ``None`` when it is.

        ``regime`` is ``None`` for what is paid without a contract.
        """
        if regime in self.not_regimes or (self.regimes and regime not in self.regimes):
            return "regime"
        if self.phases and phase not in self.phases:
            return "phase"
        if self.services and spelled(service) not in map(spelled, self.services):
            return "service"
        return "role" if self.roles and role not in self.roles else None


class RaisedBy(Strict):
    """Other rules, or families of them, whose flag on the same supplier raises this one's severity.

    ``seen`` limits it to flags whose evidence has a value in one of these fields: of a rule that flags several things.
    """

    rules: tuple[str, ...] = ()
    families: tuple[Annotated[str, Field(pattern=r"^[A-Z]{3}$")], ...] = ()  # the first letters of their ids: AGA
    seen: tuple[str, ...] = ()
    to: Severity

    @model_validator(mode="after")
    def _some(self) -> Self:
        """Someone must be able to raise it."""
        if not self.rules and not self.families:
            message = "raised_by: expected rules or families"
            raise ValueError(message)
        return self

    def among(self, flagged: Mapping[str, Collection[str]]) -> tuple[str, ...]:
        """Which of the flagged rules raise it, the named ones first. Each rule comes with the fields of its evidence."""
        if self.seen:
            flagged = {name: fields for name, fields in flagged.items() if not set(self.seen).isdisjoint(fields)}
        by_family = (name for name in sorted(flagged) if name.partition("-")[0] in self.families)
        return tuple(dict.fromkeys([*(name for name in self.rules if name in flagged), *by_family]))


class Ground(Strict):
    """Law for some regimes, phases and services between two days; what is left out is as at the top of the rule.

    ``to`` is the last day on which it holds. An empty list does not limit.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, populate_by_name=True)

    regime: tuple[Regime, ...] = ()
    phase: tuple[Phase, ...] = ()
    service: tuple[str, ...] = ()
    from_: Annotated[date, Field(alias="from")]
    to: date | None = None
    basis: tuple[str, ...] | None = None
    force: Force | None = None
    action: Text | None = None

    def holds(self, today: date, regime: Regime | None, phase: Phase | None, service: str) -> bool:
        """Whether this ground is the law on ``today``. What is paid without a contract has no regime."""
        return (
            self.from_ <= today
            and (self.to is None or today <= self.to)
            and (not self.regime or regime in self.regime)
            and (not self.phase or phase in self.phase)
            and (not self.service or spelled(service) in map(spelled, self.service))
        )


class Variant(Strict):
    """Other words for one way of being flagged; the check names it in ``seen["variant"]``."""

    finding: Text
    action: Text | None = None
    basis: tuple[str, ...] | None = None  # where the law is another, whatever the regime and phase
    force: Force | None = None
    ground: tuple[Ground, ...] = ()  # where that other law differs in turn; the first that holds goes before ``basis``


AskedFor = Literal[
    "tax_account", "record_check_attestation", "declaration", "payment_agreement", "care_permit", "explanation"
]
"""What a supplier can be asked for: documents, by the kind of fact that they become, and an explanation."""


class Ask(Strict):
    """One point of the letter to the supplier: what to ask for when the rule comes out so, and by when.

    ``outcomes``, ``levels`` and ``phases`` say when; an empty list of levels or phases does not limit. Of an unknown,
    ``reasons`` say which, and what is asked for is what is missing.
    """

    kind: AskedFor
    what: Text  # neutral: what is asked for, and what it concerns; fields as in ``finding``
    days: Annotated[int, Field(ge=1)] = 10  # working days
    outcomes: Annotated[tuple[Literal["flag", "unknown"], ...], Field(min_length=1)] = ("flag",)
    reasons: tuple[str, ...] = ("not_found", "too_old", "rejected_input", "partial")
    levels: tuple[str, ...] = ()  # of a flag: at which of the rule's levels
    phases: tuple[Phase, ...] = ()

    def wants(self, outcome: str, level: str) -> bool:
        """Whether it is asked when the rule comes out so, of a flag at that level."""
        return outcome in self.outcomes and (outcome != "flag" or not self.levels or level in self.levels)


class Change(Strict):
    """What is otherwise from a day on, beside the limits: how serious it is, and how old evidence may be."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, populate_by_name=True)

    from_: Annotated[date, Field(alias="from")]
    severity: Severity | None = None
    levels: dict[str, Severity] = Field(default_factory=dict)
    max_age_days: Annotated[int, Field(ge=0)] | None = None
    max_age: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)


class LookBack(Strict):
    """How old an event may be to be used (LOU 13:1 a five years, 13:3 a three).

    Attributes:
        from_: the day from which the limit holds.
        years: events of the same day so many years ago may still be used.
        event: the date in a flag's evidence that is weighed; left out where the check asks ``p.counts(day)``.
        basis: the paragraph.
        elsewhere: also where no paragraph says so: 19:17, LOV, direct procurement, and during the contract.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, populate_by_name=True)

    from_: Annotated[date, Field(alias="from")]
    years: Annotated[int, Field(ge=1)]
    event: str = ""
    basis: Annotated[str, Field(min_length=1)]
    elsewhere: bool = True

    def first_day(self, today: date) -> date:
        """The oldest day of which an event may be used."""
        year = today.year - self.years
        leap = (today.month, today.day) == (2, 29)
        return date(year, 2, 28) if leap and not isleap(year) else today.replace(year=year)


class RuleTable(Strict):
    """One rule as its file says."""

    id: Annotated[str, Field(pattern=r"^[A-Z]{3}-\d{2}$")]
    check: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    scope: Scope = "supplier"
    severity: Severity
    levels: dict[str, Severity] = Field(default_factory=dict)
    raised_by: RaisedBy | None = None
    measure: str | None = None
    stops_others: bool = False  # a flag means that the number is in doubt: no other rule is used
    about_number: bool = False  # judged also then: it says what may be wrong with the number
    title: Text
    condition: Text  # when it flags, in words
    why: Text  # why that is a signal
    finding: Text
    variant: dict[str, Variant] = Field(default_factory=dict)
    action: Text
    phase_action: dict[Phase, Text] = Field(default_factory=dict)  # where what to do differs by phase
    caution: Text
    resolves: Text  # what would clear it
    source: Text  # what it needs to see
    basis: tuple[str, ...] = ()
    no_basis: Text | None = None  # why there is no paragraph to name
    force: Force
    checked: date
    max_age_days: Annotated[int, Field(ge=0)]
    max_age: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)  # kind -> days, where it differs
    applies: Applies = Applies()
    ground: tuple[Ground, ...] = ()
    change: tuple[Change, ...] = ()
    look_back: tuple[LookBack, ...] = ()
    labels: dict[str, Text] = Field(default_factory=dict)  # what readers see instead of the names of the limits
    params: tuple[dict[str, Any], ...] = ()
    ask: tuple[Ask, ...] = ()
    case: tuple[Case, ...] = ()

    def action_in(self, phase: Phase | None) -> Text:
        """What to do in a phase, where no ground and no variant says otherwise."""
        return self.action if phase is None else self.phase_action.get(phase, self.action)

    def on(self, today: date) -> RuleTable:
        """The table with every change that has come into force; itself where none has."""
        now = [item for item in self.change if item.from_ <= today]
        if not now:
            return self
        return self.model_copy(
            update={
                "severity": next((item.severity for item in reversed(now) if item.severity), self.severity),
                "levels": self.levels | {name: to for item in now for name, to in item.levels.items()},
                "max_age_days": next(
                    (d for item in reversed(now) if (d := item.max_age_days) is not None), self.max_age_days
                ),
                "max_age": self.max_age | {kind: days for item in now for kind, days in item.max_age.items()},
            }
        )

    def looks_back(self, today: date) -> LookBack | None:
        """How old events may be on ``today``; ``None`` where no limit is in force."""
        return next((item for item in reversed(self.look_back) if item.from_ <= today), None)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """A rule names its law or says why there is none; cases name levels that exist."""
        if not self.basis and self.no_basis is None:
            message = "basis: empty; expected a paragraph, or no_basis with the reason why there is none"
            raise ValueError(message)
        named = [(f"case {case.name!r}: level", case.level) for case in self.case if case.level]
        named += [("ask.levels:", level) for ask in self.ask for level in ask.levels]
        for where, level in named:
            if level not in self.levels:
                message = f"{where} {level!r} is not in levels; expected one of {_list(self.levels)}"
                raise ValueError(message)
        starts = {"change": [item.from_ for item in self.change], "look_back": [item.from_ for item in self.look_back]}
        for name, days in starts.items():
            if any(later <= before for before, later in pairwise(days)):
                message = f"{name}.from: out of order; expected blocks oldest first"
                raise ValueError(message)
        for item in self.change:
            if unknown := sorted(item.levels.keys() - self.levels.keys()):
                message = f"change.levels.{unknown[0]}: not in levels; expected one of {_list(self.levels)}"
                raise ValueError(message)
        aged = any(case.reason == "aged_out" for case in self.case)
        if not aged and any(item.event for item in self.look_back):
            message = 'look_back: no case shows an event that is too old; expected one with reason = "aged_out"'
            raise ValueError(message)
        return self


def _list(names: Mapping[str, object]) -> str:
    return ", ".join(sorted(names)) or "none"
