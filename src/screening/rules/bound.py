"""One rule against one dossier: resolves the facts that the check declared, calls it, or says what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from screening.checks import Params
from screening.model import Context, Contract, Dossier, Fact, History, Value, Verdict, unknown
from screening.rules.binding import Need
from screening.rules.rule import Rule
from screening.rules.texts import fields_of

OLDER_ITEM = "older_item"
"""A check says this of an item that a later one has taken the place of (a quarter before the one now due)."""


class Bound:
    """A rule prepared for one day and one profile: its limits and the oldest day of evidence per fact."""

    __slots__ = ("_item_needs", "_needs", "check", "params", "rule", "shown", "values", "with_context", "with_params")

    def __init__(self, rule: Rule, today: date, override: Mapping[str, object] | None = None) -> None:
        self.rule = rule
        self.values = rule.limits.values(today, override)
        self.params: Params | None = rule.limits.params(today, override)
        self.check: Callable[..., Verdict] = rule.binding.check
        self.with_context = rule.binding.with_context
        self.with_params = rule.binding.params is not None
        self._needs = tuple((need, _cutoff(rule, need, today)) for need in rule.binding.needs)
        self._item_needs = self._needs[1:]
        used = fields_of(rule.table)
        self.shown: dict[str, Value] = {
            key: value if isinstance(value, str | int | bool | date | Decimal) else ", ".join(map(str, value))
            for key, value in (self.values or {}).items()
            if key in used and (isinstance(value, str | int | bool | date | Decimal | tuple))
        }

    def concerns(self, contract: Contract) -> str | None:
        """Why the rule does not concern this contract; ``None`` when it does."""
        applies = self.rule.table.applies
        if contract.regime in applies.not_regimes or (applies.regimes and contract.regime not in applies.regimes):
            return "regime"
        if applies.phases and contract.phase not in applies.phases:
            return "phase"
        return "role" if applies.roles and contract.role not in applies.roles else None

    def supplier(self, dossier: Dossier, context: Context) -> tuple[Verdict, tuple[str, ...]]:
        """The verdict on the supplier (or on ``context.contract``), and the optional kinds that were missing."""
        arguments: list[object] = []
        gap = _resolve(dossier, self._needs, arguments)
        if isinstance(gap, Verdict):
            return gap, ()
        return self._call(arguments, context), gap

    def items(self, dossier: Dossier, context: Context) -> Iterator[tuple[str, Verdict, tuple[str, ...]]]:
        """(scope key, verdict, missing optional kinds) per item; one unknown when there is none that counts now."""
        first, cutoff = self._needs[0]
        older = 0
        items = _current(dossier.facts.get(first.kind, ()))
        for fact in items:
            if cutoff is not None and fact.provenance.held_on < cutoff:
                yield fact.scope_key, _too_old(dossier, first.kind), ()
                continue
            arguments: list[object] = [fact]
            gap = _resolve(dossier, self._item_needs, arguments)
            if isinstance(gap, Verdict):
                yield fact.scope_key, gap, ()
                continue
            verdict = self._call(arguments, context)
            older += verdict.reason == OLDER_ITEM
            yield fact.scope_key, verdict, gap
        if older == len(items):
            yield "", lacking(dossier, first.kind), ()

    def _call(self, arguments: list[object], context: Context) -> Verdict:
        if self.with_context:
            arguments.append(context)
        if self.with_params:
            arguments.append(self.params)
        return self.check(*arguments)


# --- facts ------------------------------------------------------------------------------------------------------------
def _cutoff(rule: Rule, need: Need, today: date) -> date | None:
    days = rule.max_age_days(need.kind)
    return None if days is None else today - timedelta(days=days)


def _resolve(
    dossier: Dossier, needs: Sequence[tuple[Need, date | None]], arguments: list[object]
) -> tuple[str, ...] | Verdict:
    """Fills ``arguments`` in order; the optional kinds that were missing, or the unknown that a needed one leads to."""
    missing: tuple[str, ...] = ()
    for need, cutoff in needs:
        rows = dossier.facts.get(need.kind)
        value: object = None
        if rows:
            if need.shape == "each":
                value = (
                    tuple(fact for fact in _current(rows) if cutoff is None or fact.provenance.held_on >= cutoff)
                    or None
                )
            else:
                fact = rows[0] if len(rows) == 1 else _newest(rows)
                if cutoff is None or fact.provenance.held_on >= cutoff:
                    value = fact if need.shape == "one" else _history(dossier, rows)
        if value is None:
            if not need.optional:
                return _too_old(dossier, need.kind) if rows else lacking(dossier, need.kind)
            missing = (*missing, need.kind)
        arguments.append(value)
    return missing


def _current(rows: Sequence[Fact]) -> tuple[Fact, ...]:
    """The last row of each scope key, in order of key."""
    if len(rows) < 2:
        return tuple(rows)
    by_key = {fact.scope_key: fact for fact in rows}
    return tuple(by_key[key] for key in sorted(by_key))


def _newest(rows: Sequence[Fact]) -> Fact:
    """The last row; where a supplier has several documents of a kind, the one with the latest date."""
    last = rows[-1]
    if last.scope_key == rows[0].scope_key:
        return last
    return max(_current(rows), key=lambda fact: (fact.provenance.as_of, fact.provenance.fetched_at))


def _history(dossier: Dossier, rows: tuple[Fact, ...]) -> History[Fact]:
    first = rows[0].provenance
    observed = dossier.observed_from_on.get((rows[0].kind, first.source), first.fetched_at.date())
    return History(rows, observed)


def lacking(dossier: Dossier, kind: str) -> Verdict:
    """Unknown, for the reason that the last attempt left."""
    gap = dossier.gaps.get(kind)
    reason = gap.reason if gap is not None and gap.reason != "not_needed" else "no_source"
    return replace(unknown(reason), missing=(kind,))


def _too_old(dossier: Dossier, kind: str) -> Verdict:
    """Too old, unless a newer one has been asked for and is still inside its time."""
    gap = dossier.gaps.get(kind)
    reason = gap.reason if gap is not None and gap.reason in ("awaited", "source_down", "over_budget") else "too_old"
    return replace(unknown(reason), missing=(kind,))
