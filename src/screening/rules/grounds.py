"""What a rule's law must be, whatever the rule: every ground can be reached, and exclusion only where the law has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import product
from typing import NamedTuple, get_args

from screening.checks._services import spelled
from screening.errors import ConfigError
from screening.model import Phase, Regime
from screening.rules.table import Force, Ground, RuleTable

EXCLUSION: frozenset[Force] = frozenset({"ska", "får"})
"""What excludes from a procurement. It belongs to the award phase: afterwards the contract decides."""

UNDER: frozenset[Regime] = frozenset({"LOU_under", "LOU_annex2"})
"""Regimes under 19 kap. LOU, to which 13 kap. applies through 19:17 alone, and 17 kap. not at all (19:1)."""

REGIMES: tuple[Regime, ...] = get_args(Regime)
PHASES: tuple[Phase, ...] = get_args(Phase)
OTHER = "någon annan tjänst"


class Setting(NamedTuple):
    """A kind of contract on a day. Without a contract there is no regime, and the phase is ``payment``."""

    today: date
    regime: Regime | None
    phase: Phase
    service: str

    def __str__(self) -> str:
        service = f", {self.service}" if self.service != OTHER else ""
        return f"{self.regime or 'no contract'}, {self.phase}{service}, {self.today}"


def verify_law(file: str, table: RuleTable, starts: Sequence[date]) -> None:
    """Every ground is the law of some contract, and no contract is told of an exclusion that its law does not have.

    Args:
        file: the rule's file, for the error.
        table: the rule.
        starts: the valid-from dates of its limits.

    Raises:
        ConfigError: names the ground or the setting, and what was expected.
    """
    reached: set[int] = set()
    for setting in _settings(table, starts):
        number = next((n for n, ground in enumerate(table.ground) if ground.holds(*setting)), None)
        ground = None if number is None else table.ground[number]
        if number is not None:
            reached.add(number)
        basis, force = _said(table, ground)
        _verify(f"{file}: {_named(number)}", setting, basis, force)
        for name, variant in table.variant.items():
            if variant.basis is not None:
                own = next((ground for ground in variant.ground if ground.holds(*setting)), None)
                force = variant.force or table.force
                basis = variant.basis if own is None or own.basis is None else own.basis
                _verify(f"{file}: variant.{name}", setting, basis, own.force or force if own is not None else force)
    for number, ground in enumerate(table.ground):
        if ground.to is not None and ground.to < ground.from_:
            message = (
                f"{file}: {_named(number)}.to: {ground.to} is before from; expected the last day on which it holds"
            )
            raise ConfigError(message)
        if number not in reached:
            message = (
                f"{file}: {_named(number)}: never reached, since earlier grounds or [applies] take all that it names; "
                "expected it before them, or narrower ones"
            )
            raise ConfigError(message)


def _named(number: int | None) -> str:
    """A ground as one counts them in the file."""
    return "basis" if number is None else f"ground {number + 1}"


def _said(table: RuleTable, ground: Ground | None) -> tuple[tuple[str, ...], Force]:
    if ground is None:
        return table.basis, table.force
    return (table.basis if ground.basis is None else ground.basis), ground.force or table.force


def _settings(table: RuleTable, starts: Sequence[date]) -> Iterator[Setting]:
    """Every kind of contract that the rule can concern, on every day on which its law changes."""
    first = min(starts, default=table.checked)
    changes = {first, *starts, *(ground.from_ for ground in table.ground)}
    changes |= {ground.to + timedelta(days=1) for ground in table.ground if ground.to is not None}
    changes |= {ground.to for ground in table.ground if ground.to is not None}
    services = dict.fromkeys([OTHER, *(spelled(name) for ground in table.ground for name in ground.service)])
    services |= dict.fromkeys(spelled(name) for name in table.applies.services)
    kinds = [*product(REGIMES, PHASES), (None, PHASES[-1])]
    for today, (regime, phase), service in product(sorted(changes), kinds, services):
        roles = table.applies.roles or ("main",)
        if today >= first and table.applies.lacks(regime, phase, service, roles[0]) is None:
            yield Setting(today, regime, phase, service)


def _verify(where: str, setting: Setting, basis: tuple[str, ...], force: Force) -> None:
    """One setting's law."""
    if force not in EXCLUSION:
        return
    if setting.phase != "tender":
        message = f"force {force!r} for {setting}; expected avtal, since exclusion belongs to the award phase"
    elif setting.regime == "direct":
        message = f"force {force!r} for {setting}; expected intern kontroll, since 19 a kap. LOU has no exclusion"
    elif setting.regime in UNDER and force == "ska":
        message = f"force 'ska' for {setting}; expected får, since every ground is optional under 19:17"
    elif setting.regime in UNDER and not any("19:17" in item for item in basis):
        message = f"no 19:17 for {setting}; expected it, since 13 kap. LOU applies there through it alone"
    elif setting.regime in UNDER and any("13:5" in item for item in basis):
        message = f"13:5 for {setting}; expected none, since there is no right to self-cleaning under 19 kap."
    else:
        return
    message = f"{where}: {message}"
    raise ConfigError(message)
