"""General checks: which kind and field, or which conditions, they judge is what the rule says; verified here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from screening.checks import General
from screening.checks._condition import Condition, Several
from screening.errors import ConfigError
from screening.model import Verdict
from screening.rules.binding import Binding, Dated, Need
from screening.rules.conditions import condition, verify, verify_field


def named(where: str, binding: Binding, tables: Sequence[Mapping[str, Any]], scope: str) -> Binding:
    """A general check bound to what the rule's ``[[params]]`` name; any other check as it is.

    Raises:
        ConfigError: no such kind or field, one that the check cannot judge, or another one in a later block.
    """
    if binding.params is None or not binding.general:
        return binding
    if issubclass(binding.params, Several):
        return _of_several(where, binding, tables, scope)
    chosen = {key: {str(table[key]) for table in tables if key in table} for key in ("kind", "field")}
    for key, values in chosen.items():
        if len(values) != 1:
            message = f"{where}: params.{key}: {len(values)} of them; expected one, the same for every date"
            raise ConfigError(message)
    kind, field = (next(iter(values)) for values in chosen.values())
    types = binding.params.holds if issubclass(binding.params, General) else ()
    verify_field(f"{where}: params", kind, field, types)
    return replace(binding, needs=tuple(replace(need, kind=need.kind or kind) for need in binding.needs))


def _of_several(where: str, binding: Binding, tables: Sequence[Mapping[str, Any]], scope: str) -> Binding:
    blocks = [table["of"] for table in tables if isinstance(table.get("of"), list | tuple)]
    if not blocks:
        message = f"{where}: params.of: missing; expected a list of conditions"
        raise ConfigError(message)
    here = f"{where}: params.of"
    read = [tuple(_read(f"{here}: condition {place}", item) for place, item in enumerate(block, 1)) for block in blocks]
    kinds = verify(here, read[0], scope)
    for later in read[1:]:
        _same(here, about(read[0]), about(later))
        verify(here, later, scope)
    check, count = binding.check, len(kinds)

    def together(*arguments: object) -> Verdict:
        """The check with its facts as one tuple."""
        return check(arguments[:count], *arguments[count:])

    needs = tuple(Need(kind, kind, "one", optional=False) for kind in kinds)
    return replace(binding, needs=needs, check=together)


def _read(where: str, item: object) -> Condition:
    """One condition; what is wrong with it is told with where it stands."""
    try:
        return condition(item)
    except ConfigError as error:
        told = str(error).removeprefix("condition: ")
        message = f"{where}: {told}"
        raise ConfigError(message) from None


def about(of: Sequence[Any]) -> frozenset[tuple[str, str]]:
    """What conditions are about, whatever their limits: kind and field."""
    return frozenset((item.kind, item.field) for item in of)


def _same(where: str, wanted: frozenset[tuple[str, str]], given: frozenset[tuple[str, str]]) -> None:
    if given != wanted:
        told = ", ".join(sorted(f"{kind}.{field}" for kind, field in wanted))
        message = f"{where}: other fields; expected the same on every day and for every profile: {told}"
        raise ConfigError(message)


def verify_own(where: str, binding: Binding, versions: Dated, own: Dated) -> None:
    """A profile changes the limits of a general check, not what it is about.

    Raises:
        ConfigError: names the key and what was expected.
    """
    if not binding.general or not versions:
        return
    for _start, values in own:
        if fixed := sorted({"kind", "field"} & values.keys()):
            message = f"{where}.{fixed[0]}: what the rule is about; expected its limits alone"
            raise ConfigError(message)
        of, wanted = values.get("of"), versions[0][1].get("of")
        if isinstance(of, tuple) and isinstance(wanted, tuple):
            _same(f"{where}.of", about(wanted), about(of))
