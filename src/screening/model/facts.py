"""The kinds of fact: each small enough that one source can fill it.

Money is ``Decimal`` SEK with at most two decimals; shares are 0-1; a suffix says the unit (``_sek``, ``_days``, ``_on``,
``_share``). ``None`` means that the source did not say, never zero or no.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from screening.model.provenance import Fact


# --- the company register ---------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class CompanyName:
    """A registered name. ``kind``: ``name``, ``special`` (särskilt företagsnamn / bifirma), ``foreign`` or ``former``."""

    name: str
    kind: Literal["name", "special", "foreign", "former"] = "name"
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class Proceeding:
    """A winding-up or restructuring. ``code`` is Bolagsverket's: KK konkurs, LI likvidation, FR rekonstruktion, AC
    ackord, RES resolution, OM/GROM ombildning, FUOL/FUOT fusion (transferring / taking over), DEOL/DEOT delning, and
    ours: KKAN konkursansökan (petition filed, not decided)."""  # noqa: D205, D209 - a table in words

    code: str
    text: str = ""
    from_on: date | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyRecord(Fact):
    """What the company register says. ``state = "not_registered"`` is an answer, not a missing one."""

    kind: ClassVar[str] = "company_record"
    state: Literal["registered", "not_registered", "deregistered"]
    legal_form: str | None = None  # Bolagsverket's code: AB, HB, KB, EK, BRF, E, I, S, FL, BAB, FAB, SE …
    names: tuple[CompanyName, ...] = ()
    registered_on: date | None = None
    deregistered_on: date | None = None
    deregistration_reason: str | None = None  # KKAV, LIAV, FUAV, …
    proceedings: tuple[Proceeding, ...] = ()
    successor_number: str | None = None  # who took over in a completed merger
    successor_name: str | None = None
    has_any_tax_registration: bool | None = None  # verksamOrganisation; False does not mean inactive
    businesses: tuple[str, ...] = ()  # a sole trader's several business names


@dataclass(frozen=True, slots=True, kw_only=True)
class Address(Fact):
    """Registered postal address. Never filled for a person with protected identity."""

    kind: ClassVar[str] = "address"
    care_of: str | None = None
    street: str | None = None
    postcode: str | None = None
    city: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Industry(Fact):
    """SNI codes with texts, most important first, and the registered description of the business."""

    kind: ClassVar[str] = "industry"
    codes: tuple[tuple[str, str], ...] = ()
    description: str | None = None
    version: str | None = None  # of SNI, where the source says: SNI2007, SNI2025


@dataclass(frozen=True, slots=True)
class Officer:
    """One person (or organisation) in one role.

    ``role_code`` is Bolagsverket's (LE ledamot, OF ordförande, VD, VVD vice VD, SU suppleant, REV revisor, LIKV
    likvidator, KPL komplementär, BOLM bolagsman, EVD extern VD, PROK prokurist, EFT extern firmatecknare);
    ``person_key`` is a keyed hash, the same for one person in every company of this store.
    """

    person_key: str
    name: str
    role_code: str
    role: str = ""
    from_on: date | None = None


Births = tuple[tuple[str, str], ...]
"""(person key, keyed hash of the day of birth) of those whose day the answer gives: tells people of one name apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Officers(Fact):
    """Everyone in a role on the day, as one answer."""

    kind: ClassVar[str] = "officers"
    people: tuple[Officer, ...] = ()
    births: Births = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatory(Fact):
    """Who may sign for the firm, in the register's words."""

    kind: ClassVar[str] = "signatory"
    text: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """A beneficial owner or shareholder; shares 0-1, ``None`` where the register gives none."""

    person_key: str
    name: str
    country: str | None = None
    share_from: Decimal | None = None
    share_to: Decimal | None = None
    since_on: date | None = None
    anonymous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BeneficialOwners(Fact):
    """Verkliga huvudmän.

    ``registered``: owners are listed. ``none_registered``: nothing was ever filed. ``none_exists``: filed as "no
    beneficial owner" (spread ownership). ``unknown_filed``: filed as "cannot be established". ``exempt``: listed
    companies, sole traders and public bodies.
    """

    kind: ClassVar[str] = "beneficial_owners"
    state: Literal["registered", "none_registered", "none_exists", "unknown_filed", "exempt"]
    owners: tuple[Owner, ...] = ()
    none_reason: str | None = None
    registered_on: date | None = None
    births: Births = ()


@dataclass(frozen=True, slots=True)
class Shareholder(Owner):
    """A shareholder. ``number`` is an organisation's registration number; a person's is never kept."""

    holder: Literal["person", "organisation"] | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shareholders(Fact):
    """Shareholders as a bureau reports them; ``ultimate_parent`` is the top of the group, by the bureau's own measure."""

    kind: ClassVar[str] = "shareholders"
    owners: tuple[Shareholder, ...] = ()
    ultimate_parent: Shareholder | None = None
    births: Births = ()


@dataclass(frozen=True, slots=True)
class OwnershipChain:
    """One way from the supplier up to an owner.

    ``names`` and ``shares`` go from the supplier's own shareholder to the last one known; ``end`` says why it ends there:
    a ``person``, an organisation whose owners are not known (``unknown``), one met before (``circular``), or ``depth``.
    """

    names: tuple[str, ...]
    shares: tuple[Decimal | None, ...]
    end: Literal["person", "unknown", "circular", "depth"]
    country: str | None = None  # of the last one, as registered
    number: str | None = None

    @property
    def share(self) -> Decimal | None:
        """The part of the supplier that is owned this way: the shares multiplied; ``None`` where one is not known."""
        product = Decimal(1)
        for share in self.shares:
            if share is None:
                return None
            product *= share
        return product


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership(Fact):
    """Who owns the supplier through other companies, as far as the stored answers go. Derived.

    ``country`` is where a foreign supplier is registered by our own lists.
    """

    kind: ClassVar[str] = "ownership"
    chains: tuple[OwnershipChain, ...] = ()
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Successor(Fact):
    """Who took over in a completed merger, by another answer than the register's own on this supplier. Derived."""

    kind: ClassVar[str] = "successor"
    name: str
    number: str | None = None
    told_by: str = ""  # the connector whose answer names it


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusElsewhere(Fact):
    """What another stored answer says of the company's status than the register in first precedence. Derived.

    ``holds_on`` is the last day on which the other answer is shown to hold. ``differs = False``: it did once, and does no
    longer.
    """

    kind: ClassVar[str] = "status_elsewhere"
    told_by: str = ""  # the connector whose answer it is
    holds_on: date | None = None
    authority: bool = False
    state: Literal["registered", "not_registered", "deregistered"] | None = None
    deregistered_on: date | None = None
    deregistration_reason: str | None = None
    proceedings: tuple[Proceeding, ...] = ()
    text: str = ""  # a bureau's own word
    differs: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedAddress(Fact):
    """How many of the run's suppliers are registered at this one's address, itself counted. Derived; none below two."""

    kind: ClassVar[str] = "shared_address"
    suppliers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts(Fact):
    """The latest accounts known. ``turnover_sek`` is a year's."""

    kind: ClassVar[str] = "accounts"
    period_to_on: date | None = None
    registered_on: date | None = None
    turnover_sek: Decimal | None = None
    equity_sek: Decimal | None = None
    employees: int | None = None
    assets_sek: Decimal | None = None
    next_period_to_on: date | None = None  # the end of the year after it, where the source says (a changed fiscal year)


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingProhibition(Fact):
    """Näringsförbud of a person in a role: role and dates, never the reason."""

    kind: ClassVar[str] = "trading_prohibition"
    state: Literal["none", "active", "ended", "exempted"]
    person_key: str = ""
    role_code: str = ""
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class Engagement:
    """One role of one of the supplier's people in another company.

    ``group_key`` is the same for companies of one group, where the source tells; ``bankrupt_on`` the day that the company
    was declared bankrupt, ``ended_on`` the day that it ceased otherwise.
    """

    person_key: str
    company_key: str
    role_code: str
    from_on: date | None = None
    to_on: date | None = None
    bankrupt_on: date | None = None
    ended_on: date | None = None
    employees: int | None = None
    group_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleEngagements(Fact):
    """The roles of the supplier's people in other companies, and which of those went bankrupt.

    ``active_roles`` and ``bankruptcies_on`` are totals over everyone, for a source that tells no more. ``partial``: not
    everyone could be asked about, so that there may be more.
    """

    kind: ClassVar[str] = "role_engagements"
    active_roles: int | None = None
    bankruptcies_on: tuple[date, ...] = ()
    engagements: tuple[Engagement, ...] = ()
    partial: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierRoles(Fact):
    """The roles of the supplier's people in suppliers of the run, its own among them: some of all that they have. Derived.

    Empty where they had such roles before, and have none.
    """

    kind: ClassVar[str] = "supplier_roles"
    engagements: tuple[Engagement, ...] = ()


# --- credit, debts and tax --------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Credit(Fact):
    """A bureau's rating. ``score`` is 0-100; a negative provider code becomes ``no_rating_reason``."""

    kind: ClassVar[str] = "credit"
    score: int | None = None
    band: str | None = None  # A-E
    no_rating_reason: str | None = None  # e.g. "-29 bankruptcy application"
    previous_score: int | None = None
    previous_band: str | None = None
    rating_changed_on: date | None = None
    credit_limit_sek: Decimal | None = None
    company_status: str | None = None
    failed_sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Referral:
    """One public claim as the register dates it; ``ref`` is the register's number of the case, the same when it moves."""

    on: date
    amount_sek: Decimal | None = None
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnforcementDebt(Fact):
    """Debts at Kronofogden. Zero is an answer; ``tax_debt_sek`` is ``None`` when the split is not known.

    ``referrals`` are the public claims that the source dates itself, paid ones too where it keeps them, and
    ``referrals_from_on`` the day from which that list is whole; ``None`` where it gives no such list. ``remarks`` are
    payment remarks (betalningsanmärkningar): decided or admitted non-payment, whoever the creditor.
    """

    kind: ClassVar[str] = "enforcement_debt"
    public_debt_sek: Decimal = Decimal(0)
    public_cases: int | None = None
    tax_debt_sek: Decimal | None = None
    private_debt_sek: Decimal | None = None
    private_cases: int | None = None
    applications: int | None = None  # payment orders applied for: unproven
    applications_sek: Decimal | None = None
    last_case_on: date | None = None
    referrals: tuple[Referral, ...] = ()
    referrals_from_on: date | None = None
    remarks: int | None = None
    remarks_sek: Decimal | None = None
    last_remark_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRegistration(Fact):
    """F-skatt, moms and employer registration.

    States: ``never``, ``active``, ``ended``, ``future``; ``None`` where the source does not carry that register.
    """

    kind: ClassVar[str] = "tax_registration"
    f_tax: Literal["never", "active", "ended", "future"] | None = None
    f_tax_form: Literal["F", "FA"] | None = None
    f_tax_from_on: date | None = None
    f_tax_to_on: date | None = None
    f_tax_end_reason: str | None = None
    vat: Literal["never", "active", "ended", "future"] | None = None
    vat_from_on: date | None = None
    vat_to_on: date | None = None
    employer: Literal["never", "active", "ended", "future"] | None = None
    employer_from_on: date | None = None
    employer_to_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployerContributions(Fact):
    """Decided employer contributions per month: (``YYYY-MM``, SEK), oldest first. A month with nothing decided is zero."""

    kind: ClassVar[str] = "employer_contributions"
    months: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredHours(Fact):
    """Hours of work that the supplier has delivered to the buyer per month: (``YYYY-MM``, hours), oldest first."""

    kind: ClassVar[str] = "delivered_hours"
    months: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicedVat(Fact):
    """VAT that the supplier has charged the buyer in the last twelve months, from the ledger.

    ``days`` holds each invoice day on which VAT was charged or credited: (day, rows, VAT), oldest first. ``rows`` counts
    every row whose VAT the ledger tells, also of nothing; a ledger without such a column makes no fact at all.
    """

    kind: ClassVar[str] = "invoiced_vat"
    rows: int
    vat_sek: Decimal
    days: tuple[tuple[date, int, Decimal], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxAccount(Fact):
    """Skattekonto: only from the supplier's own extract, or through Skatteverket when the buyer is its ombud.

    ``balance_sek`` negative means a deficit (underskott); ``due_sek`` is the part of it past its due date where the
    extract says so; ``deficit_since_on`` the day from which the balance has been negative without a break, and
    ``reconciliations_in_deficit`` how many monthly reconciliations (avstämningar) in a row ended in deficit.
    """

    kind: ClassVar[str] = "tax_account"
    balance_sek: Decimal
    at_enforcement_sek: Decimal | None = None  # saldoKronofogden, given as a positive debt
    due_sek: Decimal | None = None
    next_reconciliation_on: date | None = None
    deficit_since_on: date | None = None
    reconciliations_in_deficit: int | None = None
    signed: bool | None = None  # a signed extract straight from the e-service


# --- what the case file and suppliers hand in -------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAgreement(Fact):
    """A payment plan (betalningsplan / bindande överenskommelse) or a respite (anstånd) on file."""

    kind: ClassVar[str] = "payment_agreement"
    agreement: Literal["payment_plan", "respite"]
    decided_on: date | None = None
    valid_to_on: date | None = None
    documented: bool = True  # a decision is on file, not only said


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalDecision(Fact):
    """A final court or authority decision on unpaid tax; set by a lawyer only.

    ``final_on`` is the day from which it cannot be appealed, ``None`` when nothing on file proves it; ``set_by`` the role
    of whoever noted it; ``settled_on`` the day on which what it concerns was paid, with interest and fees.
    """

    kind: ClassVar[str] = "final_decision"
    decided_on: date
    final_on: date | None = None
    set_by: str = ""
    settled_on: date | None = None


LawArea = Literal["school", "hvb", "lss_child", "child_other", "home_care", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCheckAttestation(Fact):
    """A supplier's aggregate attestation of belastningsregister checks for one quarter and law area: counts and dates.

    ``received``: an attestation is in. ``none``: the quarter's file was read and this supplier, who owes one, is not in
    it. ``refused``: the row held what may not be held (``refused_for``: personal_number | offence_word | free_text |
    unknown_column | issue_age) and was not read. ``too_old`` counts the extracts that were too old when the person started, and
    ``oldest_days`` is the age of the oldest on that day. ``scope_key`` is ``<quarter>/<area>``, for example ``2026Q3/hvb``.
    """

    kind: ClassVar[str] = "record_check_attestation"
    state: Literal["received", "none", "refused"]
    quarter: str
    area: LawArea
    in_scope: int | None = None
    checked_before_start: int | None = None
    pending: int | None = None
    too_old: int | None = None
    oldest_days: int | None = None
    signed_on: date | None = None
    signatory_role: str | None = None
    refused_for: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration(Fact):
    """A sworn statement (sanningsförsäkran) on file, or that none is."""

    kind: ClassVar[str] = "declaration"
    state: Literal["received", "none"]
    signed_on: date | None = None
    signatory_role: str | None = None
    confirmed_on: date | None = None  # reused and confirmed as still correct (LOU 15:2)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarePermit(Fact):
    """A permit from IVO for a service, or that none is registered. ``scope_key`` is the service.

    ``valid``: granted, until ``valid_to_on`` where it has an end. ``pending``: an application, or one for renewal, is
    being examined. ``ended``: revoked, or no longer in the register. ``none``: the register was read and the supplier is
    not in it. ``holder_name`` is who holds it, where that is another company than the supplier.
    """

    kind: ClassVar[str] = "care_permit"
    state: Literal["valid", "pending", "ended", "none"]
    service: str | None = None
    valid_to_on: date | None = None
    holder_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnersInBid(Fact):
    """The beneficial owners that the supplier named in its bid. Names only; numbers are never kept."""

    kind: ClassVar[str] = "owners_in_bid"
    names: tuple[str, ...] = ()
    stated_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressInBid(Fact):
    """The address that the supplier gave in its bid."""

    kind: ClassVar[str] = "address_in_bid"
    street: str | None = None
    postcode: str | None = None
    city: str | None = None
    stated_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerOfAttorney(Fact):
    """A power of attorney on file for someone who signs for the supplier; the role, never the person."""

    kind: ClassVar[str] = "power_of_attorney"
    role: str | None = None
    signed_on: date | None = None
    valid_to_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRequest(Fact):
    """A document that the buyer has asked the supplier for. ``scope_key`` is the kind of fact asked for.

    ``received_on`` closes the request: the document came, whatever it showed.
    """

    kind: ClassVar[str] = "document_request"
    requested_on: date
    for_kind: str
    reply_by_on: date | None = None
    received_on: date | None = None


# --- whose name and whose number ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class NameUse:
    """One name that our lists have for a number, with the buyer's supplier numbers it stands with and how many rows."""

    name: str
    supplier_numbers: tuple[str, ...] = ()
    rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberUse(Fact):
    """Names that our lists have for one number, where they are not all spellings of one; most rows first."""

    kind: ClassVar[str] = "number_use"
    uses: tuple[NameUse, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NameElsewhere(Fact):
    """Whether a name that is unlike the number's own registered names is registered to another supplier of the run.

    ``none``: every supplier of the run was looked through and none has it. ``other_id`` is the other's organisation
    number, or its internal id for a person.
    """

    kind: ClassVar[str] = "name_elsewhere"
    state: Literal["found", "none"]
    export_name: str
    other_name: str = ""
    other_id: str = ""
    likeness_share: Decimal | None = None


# --- sanctions --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SanctionsHit:
    """One listed entity whose name is like one of the supplier's. Nobody but a person confirms it.

    ``subject``: what the list says that the entity is. ``own_name``: the supplier's name that is like ``name``.
    ``regulation``: the act that the entry names, with the day it was published.
    """

    entity_id: str
    name: str
    score: float
    strong_alias: bool | None = None
    programme: str | None = None
    country: str | None = None
    subject: Literal["person", "enterprise"] | None = None
    own_name: str = ""
    regulation: str | None = None
    listed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanctions(Fact):
    """The outcome of one look in one dated list.

    ``scope_key`` is empty for the look as a whole, which has every hit, and an entity's id for that hit by itself; such a
    one without hits says that the newest list no longer has the entity, or that no name is like it any more.
    """

    kind: ClassVar[str] = "sanctions"
    list_on: date
    list_sha256: str = ""
    hits: tuple[SanctionsHit, ...] = ()
