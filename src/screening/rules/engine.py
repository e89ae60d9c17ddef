"""A whole supplier: which rules, each rule's verdicts, and the severities after they are weighed against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from screening.checks._demand import UNSAID, demanded
from screening.checks._quarters import latest_due
from screening.config import Config
from screening.model import (
    CompanyRecord,
    Context,
    Contract,
    Dossier,
    Judged,
    Spend,
    Supplier,
    Verdict,
    not_applicable,
    unknown,
)
from screening.rules.bound import Bound
from screening.rules.cadence import UNASKED_DAYS
from screening.rules.evidence import REQUEST, lacking, newest
from screening.rules.profiles import (
    Expectation,
    Profiles,
    is_public_body,
    kinds_needed,
    outside,
    owes_attestation,
    ran_in,
    resting,
)
from screening.rules.rule import Rule, own_limits
from screening.rules.table import Scope
from screening.rules.weighing import Call, weigh, worst_of

REGISTER = "company_record"
IDENTITY = unknown("identity")
NOT_IN_FORCE = not_applicable("not_in_force")
NO_CONTRACT = not_applicable("no_contract")
NOT_DEMANDED = not_applicable("not_demanded")
NOTHING_ASKED = not_applicable("no_request")
NO_ATTESTATION = not_applicable("no_attestation")
NOT_DUE = not_applicable("not_due")
ATTESTATION = "record_check_attestation"


@dataclass(frozen=True, slots=True)
class _Step:
    """One expected rule of every supplier of one shape.

    Attributes:
        numbers: places of the contracts that the rule is expected for.
        per_contract: place and the rule bound to that contract's profile, for rules of scope ``contract``.
        groups: contracts whose profiles have the same limits, and the rule bound to them; empty where all have.
        fixed: a verdict settled for the whole shape.
        needs_form: the rule depends on the legal form, and the form is not known.
        simple: one verdict from the facts alone: scope ``supplier``, whatever the form and the contracts.
    """

    rule_id: str
    scope: Scope
    bound: Bound
    numbers: tuple[int, ...]
    per_contract: tuple[tuple[int, Bound], ...]
    groups: tuple[tuple[tuple[int, ...], Bound], ...]
    fixed: Verdict | None
    needs_form: bool
    simple: bool


class _Plan:
    """What is expected of one dossier; contexts are made once per set of contracts."""

    __slots__ = ("contexts", "contracts", "dossier", "places", "profiles", "steps", "stoppers", "today")

    def __init__(
        self,
        profiles: Profiles,
        today: date,
        dossier: Dossier,
        contracts: tuple[Contract, ...],
        places: tuple[int, ...],
        steps: tuple[_Step, ...],
        stoppers: tuple[_Step, ...],
    ) -> None:
        self.profiles = profiles
        self.today = today
        self.dossier = dossier
        self.contracts = contracts
        self.places = places
        self.steps = steps
        self.stoppers = stoppers
        self.contexts: dict[tuple[int, ...], Context] = {}

    def context(self, numbers: tuple[int, ...]) -> Context:
        """What checks may know beside facts; made once for the rules that concern the same contracts."""
        found = self.contexts.get(numbers)
        if found is None:
            contracts = tuple([self.contract(number) for number in numbers])
            found = Context(self.today, self.dossier.supplier, None, contracts, self.dossier.spend)
            self.contexts[numbers] = found
        return found

    def contract(self, number: int) -> Contract:
        return self.contracts[number]

    def calls(self, step: _Step) -> list[Call]:
        """Every verdict of one rule."""
        bound, numbers = step.bound, step.numbers
        if bound.by_contract and step.scope != "contract":
            numbers, why = self.concerned(bound, numbers)
            if why is not None:
                return [
                    Call(bound, key, not_applicable(why), own) for key, own in self.keys(step, self.context(numbers))
                ]
        context = self.context(numbers)
        contracts = context.contracts
        if step.needs_form:
            verdict = lacking(self.dossier, REGISTER, self.today)
            return [Call(bound, key, verdict, owning) for key, owning in self.keys(step, context)]
        if step.scope == "supplier":
            return [self.on_supplier(step, numbers)]
        if step.scope == "item":
            items = [Call(bound, *item[:2], contracts, item[2]) for item in bound.items(self.dossier, context)]
            nothing = self.owes_nothing(bound, numbers) if all(not call.scope_key for call in items) else None
            return items if nothing is None else [Call(bound, "", nothing, contracts)]
        return [self.on_contract(bound, number, context) for number, bound in step.per_contract]

    def concerned(self, bound: Bound, numbers: tuple[int, ...]) -> tuple[tuple[int, ...], str | None]:
        """(places of the contracts that the rule concerns, why it concerns none)."""
        if not numbers:
            return (), bound.concerns(None)
        why = {number: bound.concerns(self.contracts[number]) for number in numbers}
        kept = tuple(number for number in numbers if why[number] is None)
        return (kept, None) if kept else (numbers, why[numbers[0]])

    def owes_nothing(self, bound: Bound, numbers: tuple[int, ...]) -> Verdict | None:
        """Why the item that is not there is not one that the supplier owes; ``None`` when it does.

        An attestation is owed where something demands it, of the latest quarter whose time is up, if the contract ran then.
        A rule that does not say when quarters are due judges what was handed in alone: there, nothing says nothing.
        """
        kind = bound.rule.binding.needs[0].kind
        if kind != ATTESTATION:
            return NOTHING_ASKED if kind == REQUEST else None
        due_days = getattr(bound.params, "due_days", None)
        if due_days is None:
            return NO_ATTESTATION
        profiles = self.profiles.profiles
        demanding = [
            contract
            for number in numbers
            if owes_attestation(contract := self.contract(number), profiles[self.places[number]])
        ]
        if not demanding:
            return self.not_demanded(numbers)
        quarter = latest_due(self.today, due_days)
        return None if any(ran_in(contract, quarter) for contract in demanding) else NOT_DUE

    def not_demanded(self, numbers: tuple[int, ...]) -> Verdict:
        """Nothing demands record checks of these contracts; or it is not known, where only a contract can and does not say."""
        profiles = self.profiles.profiles
        by_contract = [self.contracts[n] for n in numbers if profiles[self.places[n]].record_check_by == "contract"]
        return UNSAID if demanded(by_contract) is None else NOT_DEMANDED

    def on_supplier(self, step: _Step, numbers: tuple[int, ...]) -> Call:
        """One answer; of several, where the profiles of these contracts differ in limits, the worst."""
        groups = [(kept, bound) for own, bound in step.groups if (kept := tuple(n for n in own if n in numbers))]
        parts = []
        for own, bound in groups or [(numbers, step.bound)]:
            context = self.context(own)
            verdict, missing = bound.supplier(self.dossier, context)
            parts.append(Call(bound, "", verdict, context.contracts, missing))
        return worst_of(parts) if len(parts) > 1 else parts[0]

    def on_contract(self, bound: Bound, number: int, context: Context) -> Call:
        contract = self.contract(number)
        if (why := bound.concerns(contract)) is not None:
            return Call(bound, contract.id, not_applicable(why), (contract,))
        verdict, missing = bound.supplier(self.dossier, replace(context, contract=contract))
        return Call(bound, contract.id, verdict, (contract,), missing)

    def keys(self, step: _Step, context: Context) -> Iterator[tuple[str, tuple[Contract, ...]]]:
        """The scope keys that a verdict on the whole rule is about, so that a finding that stands keeps its place."""
        if step.scope == "contract":
            for contract in context.contracts:
                yield contract.id, (contract,)
            return
        rows = self.dossier.facts.get(step.bound.rule.binding.needs[0].kind, ())
        keys = sorted({fact.scope_key for fact in rows}) if step.scope == "item" else []
        for key in keys or [""]:
            yield key, context.contracts


class Judging:
    """Judges dossiers on one day under one configuration. Pure: the same dossier gives the same verdicts."""

    def __init__(self, rules: Mapping[str, Rule], config: Config, today: date) -> None:
        """Raises ConfigError when a profile names a rule or a limit that is not there."""
        self.rules = rules
        self.today = today
        self.profiles = Profiles(config, rules)
        self._every_month = all(profile.cadence == "monthly" for profile in config.profile)
        self._bound: dict[tuple[str, int], Bound] = {}
        self._steps: dict[tuple[object, ...], tuple[tuple[_Step, ...], tuple[_Step, ...]]] = {}
        self._stoppers = frozenset(name for name, rule in rules.items() if rule.table.stops_others)

    def only(self, rule_id: str) -> Judging:
        """The same for one rule, with those that stop it or raise its severity: quick to ask many times."""
        table = self.rules[rule_id].table
        kept = {rule_id, *self._stoppers, *(table.raised_by.rules if table.raised_by else ())}
        return Judging(self.rules, self.profiles.config.for_rules(kept), self.today)

    @property
    def kinds(self) -> frozenset[str]:
        """Every kind of fact that some profile's rules may look at."""
        named = {name for profile in self.profiles.profiles for name in profile.rules}
        return self.register_kinds.union({REQUEST}, *(self.rules[name].kinds for name in named))

    @property
    def register_kinds(self) -> frozenset[str]:
        """The kinds that decide whether a supplier may be asked about further."""
        return frozenset({REGISTER}).union(*(self.rules[name].kinds for name in self._stoppers))

    def expectation(self, dossier: Dossier) -> Expectation:
        """What is expected of this supplier."""
        form = legal_form(dossier)
        return self.profiles.expected(dossier.supplier, dossier.contracts, dossier.spend, form, self.today)

    def needs(
        self, supplier: Supplier, contracts: Sequence[Contract], spend: Spend, form: str | None
    ) -> frozenset[str]:
        """Kinds of fact that the rules expected of this supplier use."""
        return kinds_needed(self.profiles.expected(supplier, contracts, spend, form, self.today))

    def rests(
        self, supplier: Supplier, contracts: Sequence[Contract], spend: Spend, form: str | None
    ) -> Mapping[str, date]:
        """Kinds of fact that no profile asks for this month: kind -> since when an answer suffices."""
        if self._every_month:
            return {}
        expectation = self.profiles.expected(supplier, contracts, spend, form, self.today)
        return resting(expectation, self.today)

    def stopped(self, dossier: Dossier) -> bool:
        """Whether the number is in doubt, so that nothing more is asked and no other rule is used."""
        return self._stop(self._plan(dossier), {})

    def calls(self, dossier: Dossier) -> list[Call]:
        """Every verdict that is expected of this supplier, in order of rule and scope key; empty outside all profiles."""
        plan = self._plan(dossier)
        if not plan.steps:
            return []
        done: dict[str, list[Call]] = {}
        stopped = self._stop(plan, done)
        found: list[Call] = []
        context: Context | None = None
        numbers: tuple[int, ...] = ()
        for step in plan.steps:
            if step.rule_id in done:
                found += done[step.rule_id]
            elif step.fixed is not None:
                found.append(Call(step.bound, "", step.fixed))
            elif stopped and not (step.bound.rule.table.about_number and dossier.supplier.identity is not None):
                found += [
                    Call(step.bound, key, IDENTITY, contracts)
                    for key, contracts in plan.keys(step, plan.context(step.numbers))
                ]
            elif step.simple:  # the way that most verdicts take
                if context is None or step.numbers is not numbers:
                    numbers = step.numbers
                    context = plan.context(numbers)
                verdict, missing = step.bound.supplier(dossier, context)
                found.append(Call(step.bound, "", verdict, context.contracts, missing))
            else:
                found += plan.calls(step)
        return found

    def judge(self, dossier: Dossier) -> list[Judged]:
        """Every verdict with its severity, raised where another rule's flag says so."""
        return weigh(self.calls(dossier), dossier.supplier.id)

    # --- how ----------------------------------------------------------------------------------------------------------
    def _stop(self, plan: _Plan, done: dict[str, list[Call]]) -> bool:
        """Whether other rules are stopped; leaves the verdicts of the rules that decided it in ``done``."""
        supplier = plan.dossier.supplier
        if supplier.kind == "unidentified":
            return True
        if supplier.identity_accepted:
            return False
        stopped = _not_registered(plan.dossier)
        for step in plan.stoppers:
            calls = done[step.rule_id] = plan.calls(step)
            stopped = stopped or any(call.verdict.outcome == "flag" for call in calls)
        return stopped

    def _plan(self, dossier: Dossier) -> _Plan:
        supplier = dossier.supplier
        form = legal_form(dossier)
        contracts = self.profiles.concerned(dossier.contracts, self.today) if dossier.contracts else ()
        places, by_contract = self.profiles.places(supplier, contracts, dossier.spend, form)
        key = (places, by_contract, supplier.kind, form, is_public_body(supplier))
        shape = self._steps.get(key)
        if shape is None:
            steps = tuple(self._make_steps(supplier, places, form, by_contract=by_contract))
            stoppers = tuple(step for step in steps if step.rule_id in self._stoppers and step.fixed is None)
            shape = self._steps[key] = (steps, stoppers)
        return _Plan(self.profiles, self.today, dossier, contracts, places, *shape)

    def _make_steps(
        self, supplier: Supplier, places: tuple[int, ...], form: str | None, *, by_contract: bool
    ) -> Iterator[_Step]:
        for name, first, numbers in self.profiles.shape(places):
            rule = self.rules[name]
            bound = self.bound(name, first)
            here = numbers if by_contract else ()
            fixed: Verdict | None = None
            if bound.values is None:
                fixed = NOT_IN_FORCE
            elif (why := outside(rule, supplier, form)) is not None:
                fixed = not_applicable(why)
            elif rule.scope == "contract" and not here:
                fixed = NO_CONTRACT
            by_form = bool(rule.table.applies.forms or rule.table.applies.not_forms)
            needs_form = form is None and by_form and supplier.kind == "organisation"
            groups = self._groups(name, here, places) if rule.scope == "supplier" else ()
            simple = rule.scope == "supplier" and not needs_form and not bound.by_contract and not groups
            per_contract = tuple((number, self.bound(name, places[number])) for number in here)
            yield _Step(name, rule.scope, bound, here, per_contract, groups, fixed, needs_form, simple)

    def _groups(
        self, name: str, numbers: tuple[int, ...], places: tuple[int, ...]
    ) -> tuple[tuple[tuple[int, ...], Bound], ...]:
        """The contracts by what their profiles say of the rule; empty where they all say the same."""
        found: dict[str, list[int]] = {}
        for number in numbers:
            profile = self.profiles.profiles[places[number]]
            found.setdefault(f"{profile.limits.get(name)} {profile.cadence}", []).append(number)
        if len(found) < 2:
            return ()
        return tuple((tuple(own), self.bound(name, places[own[0]])) for own in found.values())

    def bound(self, name: str, place: int) -> Bound:
        """The rule bound to this day and to the limits of the profile at ``place``."""
        found = self._bound.get((name, place))
        if found is None:
            rule, profile = self.rules[name], self.profiles.profiles[place]
            unasked = UNASKED_DAYS[profile.cadence]
            found = self._bound[name, place] = Bound(rule, self.today, own_limits(profile, rule), unasked)
        return found


def legal_form(dossier: Dossier) -> str | None:
    """The legal form as the company register last said."""
    rows = dossier.facts.get(REGISTER)
    record = newest(rows) if rows else None
    return record.legal_form if isinstance(record, CompanyRecord) else None


def _not_registered(dossier: Dossier) -> bool:
    """Whether the register does not know a number that it should; it holds no public bodies and not all sole traders."""
    rows = dossier.facts.get(REGISTER)
    record = newest(rows) if rows else None
    return (
        isinstance(record, CompanyRecord)
        and record.state == "not_registered"
        and dossier.supplier.kind == "organisation"
        and not is_public_body(dossier.supplier)
    )
