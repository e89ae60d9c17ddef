"""The buyer's side: suppliers, contracts, parties and spend, as one run's files say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from screening.identity import Identity
from screening.model.quick import quick

Regime = Literal["LOU", "LOU_under", "LOU_annex2", "LUF", "LUK", "LOV", "direct"]
Phase = Literal["tender", "contract", "payment"]
PartyRole = Literal["main", "sub", "relied_on", "consortium"]
SupplierKind = Literal["organisation", "person", "foreign", "unidentified"]


@quick
@dataclass(frozen=True, slots=True)
class Supplier:
    """One supplier of one run.

    Attributes:
        id: the store's internal id; stable over runs, spellings and corrected numbers; holds no personal number.
        kind: ``person`` for a sole trader (the number is a personnummer), ``unidentified`` when no number is usable.
        identity: ``None`` exactly when ``kind == "unidentified"``.
        name: the export's name most often used.
        names: every spelling met in the exports of this run, ``name`` first.
        supplier_numbers: the buyer's own supplier numbers (leverantörsnr).
        country: ISO 3166 alpha-2.
        identity_accepted: a person has accepted this number for this name (``IDE-01`` then stays clear).
    """

    id: str
    kind: SupplierKind
    identity: Identity | None
    name: str
    names: tuple[str, ...] = ()
    supplier_numbers: tuple[str, ...] = ()
    country: str = "SE"
    identity_accepted: bool = False

    @property
    def public_id(self) -> str:
        """What outputs call it: the organisation number, or the internal id for persons and unidentified."""
        if self.kind in ("organisation", "foreign") and self.identity is not None:
            return self.identity.compact
        return self.id


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract of one supplier as the export says. ``id`` is unique in the organisation and stable over runs.

    ``ends_on`` counts options already taken; ``option_until_on`` is the last day with every option. ``record_check``
    says whether the contract itself demands record checks; ``None`` when the export does not say. ``sub_suppliers`` counts
    the companies that the contract list names as sub-suppliers or relied on under a main supplier's contract; of theirs,
    ``main_contract`` is that contract's id and ``main_value_sek`` its whole value. ``regime_said``: a list says the regime;
    it was not taken for granted.
    """

    id: str
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
    owner: str = ""  # avtalsansvarig
    diary_number: str = ""
    share: Decimal | None = None  # the part of the value that a sub-supplier or relied-on company performs, 0-1
    sub_suppliers: int = 0
    main_contract: str = ""
    main_value_sek: Decimal | None = None
    regime_said: bool = False

    def in_force(self, today: date) -> bool:
        """Whether the contract runs on ``today``; a missing date does not end or delay it."""
        started = self.starts_on is None or self.starts_on <= today
        return started and (self.ends_on is None or self.ends_on >= today)


@dataclass(frozen=True, slots=True)
class Spend:
    """What was bought and paid, excluding VAT where the ledger says so. Windows end on the run's day."""

    last_12_months_sek: Decimal = Decimal(0)
    last_90_days_sek: Decimal = Decimal(0)
    first_on: date | None = None
    last_on: date | None = None
    rows: int = 0
    by_unit: tuple[tuple[str, Decimal], ...] = ()  # 12 months, largest first
    by_month: tuple[tuple[str, Decimal], ...] = ()  # (YYYY-MM, SEK) of the last months, oldest first
