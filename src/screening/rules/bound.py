"""One rule against one dossier: resolves the facts that the check declared, calls it, or says what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from screening.checks import Params
from screening.model import Context, Contract, Dossier, Regime, Verdict, not_applicable
from screening.rules.binding import Binding, Dated, Need
from screening.rules.evidence import current, lacking, resolve, too_old
from screening.rules.rule import Rule
from screening.rules.texts import fields_of, shown

OLDER_ITEM = "older_item"
"""A check says this of an item that a later one has taken the place of (a quarter before the one now due)."""


LIMITED: frozenset[Regime] = frozenset({"LOU", "LUF", "LUK"})
"""Regimes with a look-back limit of their own; 19:17 LOU names 13:1-3 but not 13:1 a and 13:3 a."""


Said = Callable[[list[object], Context], Verdict]
"""A check prepared for a day: facts in the order that it declares them, and the context."""


class Bound:
    """A rule prepared for one day and one profile: its limits and the oldest day of evidence per fact."""

    __slots__ = (
        "_item_needs",
        "_look_back",
        "_needs",
        "_said",
        "_unaged",
        "by_contract",
        "call",
        "params",
        "rule",
        "shown",
        "today",
        "values",
    )

    def __init__(
        self,
        rule: Rule,
        today: date,
        override: Mapping[str, object] | Dated | None = None,
        unasked_days: int = 0,
    ) -> None:
        self.rule = rule = rule.on(today)
        self.today = today
        self.values = rule.limits.values(today, override)
        self._look_back = look_back = rule.table.looks_back(today)
        first_day = None if look_back is None else look_back.first_day(today)
        self.params: Params | None = rule.limits.params(today, override, events_from_on=first_day)
        self._said = _caller(rule.binding, self.params)
        self._unaged = self._said if look_back is None else _caller(rule.binding, rule.limits.params(today, override))
        self.call: Said = self._said if look_back is None else self._looking_back
        self.by_contract = rule.table.applies.by_contract
        self._needs = tuple(
            (need.kind, need.shape == "one", _cutoff(rule, need, today, unasked_days), need)
            for need in rule.binding.needs
        )
        self._item_needs = self._needs[1:]
        used = fields_of(rule.table)
        self.shown = {key: value for key, value in shown(self.values or {}).items() if key in used}

    def concerns(self, contract: Contract | None) -> str | None:
        """Why the rule does not concern this contract; ``None`` when it does."""
        return self.rule.table.applies.concerns(contract)

    def supplier(self, dossier: Dossier, context: Context) -> tuple[Verdict, tuple[str, ...]]:
        """The verdict on the supplier (or on ``context.contract``), and the optional kinds that were missing."""
        arguments: list[object] = []
        gap = resolve(dossier, self._needs, arguments, self.today)
        if isinstance(gap, Verdict):
            return gap, ()
        verdict = self.call(arguments, context)
        if (
            verdict.missing and not verdict.reason and verdict.outcome == "unknown"
        ):  # the check lacks an optional fact in this case after all
            (kind,) = verdict.missing
            known = kind in dossier.facts
            verdict = too_old(dossier, kind, self.today) if known else lacking(dossier, kind, self.today)
        return verdict, gap

    def items(self, dossier: Dossier, context: Context) -> Iterator[tuple[str, Verdict, tuple[str, ...]]]:
        """(scope key, verdict, missing optional kinds) per item; one unknown when there is none that counts now."""
        kind, _one, cutoff, _need = self._needs[0]
        older = 0
        items = current(dossier.facts.get(kind, ()))
        for fact in items:
            if cutoff is not None and fact.provenance.held_on < cutoff:
                yield fact.scope_key, too_old(dossier, kind, self.today), ()
                continue
            arguments: list[object] = [fact]
            gap = resolve(dossier, self._item_needs, arguments, self.today)
            if isinstance(gap, Verdict):
                yield fact.scope_key, gap, ()
                continue
            verdict = self.call(arguments, context)
            older += verdict.reason == OLDER_ITEM
            yield fact.scope_key, verdict, gap
        if older == len(items):
            yield "", lacking(dossier, kind, self.today), ()

    # --- look-back ----------------------------------------------------------------------------------------------------
    def _looking_back(self, arguments: list[object], context: Context) -> Verdict:
        """The verdict without events that are too old to be used; with them where some contract has no such limit."""
        limit = self._look_back
        assert limit is not None
        contracts = context.contracts if context.contract is None else (context.contract,)
        if not limit.elsewhere and not (contracts and all(map(_is_limited, contracts))):
            return self._unaged(arguments, context)
        verdict = self._said(arguments, context)
        day = verdict.seen.get(limit.event) if limit.event and verdict.outcome == "flag" else None
        if isinstance(day, date) and day < limit.first_day(self.today):
            return not_applicable("aged_out", event_on=day, look_back=limit.basis)
        return verdict


def _caller(binding: Binding, params: Params | None) -> Said:
    """The check as one call on the facts and the context, whatever of them it declares."""
    check = binding.check
    if binding.params is None:
        if binding.with_context:
            return lambda facts, context: check(*facts, context)
        return lambda facts, _context: check(*facts)
    if binding.with_context:
        return lambda facts, context: check(*facts, context, params)
    return lambda facts, _context: check(*facts, params)


def _is_limited(contract: Contract) -> bool:
    """Whether the law itself sets the look-back limit: an award under 13 kap. LOU, 13 kap. LUF or 11 kap. LUK."""
    return contract.phase == "tender" and contract.regime in LIMITED


def _cutoff(rule: Rule, need: Need, today: date, unasked_days: int) -> date | None:
    """The oldest day on which a fact may have been shown to hold; ``None`` where its age does not matter."""
    days = rule.max_age_days(need.kind)
    return None if days is None else today - timedelta(days=days + unasked_days)
