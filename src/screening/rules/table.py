"""A rule's TOML as a typed table: words, law, dated limits and cases. Conditions are code, in ``checks/``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from screening.config import Strict
from screening.model import Outcome, PartyRole, Phase, Regime, Severity, SupplierKind

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


class Variant(Strict):
    """Other words for one way of being flagged; the check names it in ``seen["variant"]``."""

    finding: Text
    action: Text | None = None
    basis: tuple[str, ...] | None = None  # where the law is another, whatever the regime and phase
    force: Force | None = None


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
    """Other rules whose flag on the same supplier raises this one's severity."""

    rules: Annotated[tuple[str, ...], Field(min_length=1)]
    to: Severity


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


class CaseSupplier(Strict):
    """The supplier of a case; a fictitious limited company unless said."""

    kind: SupplierKind = "organisation"
    name: str = "Exempel AB"
    names: tuple[str, ...] = ()
    country: str = "SE"
    identity_accepted: bool = False


class CaseContract(Strict):
    """A contract of a case."""

    id: str = "A-1"
    title: str = ""
    unit: str = ""
    service: str = ""
    regime: Regime = "LOU"
    phase: Phase = "contract"
    role: PartyRole = "main"
    awarded_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    option_until_on: date | None = None
    value_sek: Decimal | None = None
    record_check: bool | None = None


class CaseSpend(Strict):
    """Spend of a case."""

    last_12_months_sek: Decimal = Decimal(0)
    last_90_days_sek: Decimal = Decimal(0)
    first_on: date | None = None
    last_on: date | None = None
    rows: int = 0


class Case(Strict):
    """A worked example that is also a test: facts given, verdict expected.

    ``given.<kind>`` is one fact or a list (oldest first): its own fields beside ``as_of``, ``confirmed_on``, ``source``,
    ``scope_key``. ``gaps`` says why a kind is missing. ``boundary`` names the parameter whose limit it stands at,
    ``false_positive`` that it is the typical false alarm.
    """

    name: Annotated[str, Field(min_length=1)]
    today: date
    supplier: CaseSupplier = CaseSupplier()
    contract: CaseContract | tuple[CaseContract, ...] | None = None
    spend: CaseSpend = CaseSpend()
    given: dict[str, dict[str, Any] | list[dict[str, Any]]] = Field(default_factory=dict)
    gaps: dict[str, str] = Field(default_factory=dict)
    observed_from: date | None = None  # first successful question; default: the first fact's as_of
    scope_key: str | None = None  # which verdict is meant where there are several
    boundary: str | tuple[str, ...] = ()
    false_positive: bool = False
    expect: Outcome
    level: str | None = None
    severity: Severity | None = None
    reason: str | None = None
    says: tuple[str, ...] = ()  # what the Swedish sentence must hold

    @property
    def contracts(self) -> tuple[CaseContract, ...]:
        """The contracts given; none, one or several."""
        if self.contract is None:
            return ()
        return self.contract if isinstance(self.contract, tuple) else (self.contract,)

    @property
    def boundaries(self) -> tuple[str, ...]:
        """The parameters whose limit this case stands at."""
        return (self.boundary,) if isinstance(self.boundary, str) else self.boundary


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
    params: tuple[dict[str, Any], ...] = ()
    case: tuple[Case, ...] = ()

    def action_in(self, phase: Phase | None) -> Text:
        """What to do in a phase, where no ground and no variant says otherwise."""
        return self.action if phase is None else self.phase_action.get(phase, self.action)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """A rule names its law or says why there is none; cases name levels that exist."""
        if not self.basis and self.no_basis is None:
            message = "basis: empty; expected a paragraph, or no_basis with the reason why there is none"
            raise ValueError(message)
        for case in self.case:
            if case.level and case.level not in self.levels:
                message = (
                    f"case {case.name!r}: level {case.level!r} is not in levels; expected one of {_list(self.levels)}"
                )
                raise ValueError(message)
        return self


def spelled(service: str) -> str:
    """A service as it is compared: without regard to case and space."""
    return " ".join(service.casefold().split())


def _list(names: Mapping[str, object]) -> str:
    return ", ".join(sorted(names)) or "none"
