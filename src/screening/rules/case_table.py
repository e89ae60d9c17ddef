"""The worked examples of a rule's TOML, typed: facts given, verdict expected."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from screening.config import Strict
from screening.model import Outcome, PartyRole, Phase, Regime, Severity, SupplierKind


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
    main_contract: str = ""
    main_value_sek: Decimal | None = None
    regime_said: bool = False
    share: Decimal | None = None
    sub_suppliers: int = 0


class CaseSpend(Strict):
    """Spend of a case."""

    last_12_months_sek: Decimal = Decimal(0)
    last_90_days_sek: Decimal = Decimal(0)
    first_on: date | None = None
    last_on: date | None = None
    rows: int = 0
    by_month: tuple[tuple[str, Decimal], ...] = ()


class Case(Strict):
    """A worked example that is also a test: facts given, verdict expected.

    ``given.<kind>`` is one fact or a list (oldest first): its own fields beside ``as_of``, ``confirmed_on``, ``source``,
    ``scope_key``. ``gaps`` says why a kind is missing. ``boundary`` names the parameter whose limit it stands at,
    ``false_positive`` that it is the typical false alarm.
    """

    name: Annotated[str, Field(min_length=1)]
    sv: str = ""  # the name in Swedish; left out where the name itself is for every reader
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

    def title(self, language: str) -> str:
        """The name for a reader."""
        return self.sv if language == "sv" and self.sv else self.name

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
