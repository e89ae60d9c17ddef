"""Binds a rule to its check: the check's signature is the declaration of what the rule needs."""

from __future__ import annotations

import importlib
import inspect
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from screening.checks import General, Params
from screening.checks._condition import Condition, Several
from screening.errors import ConfigError
from screening.model import Context, Fact, History, Verdict
from screening.rules.conditions import condition

Shape = Literal["one", "each", "history"]
PACKAGE = "screening.checks"


@dataclass(frozen=True, slots=True)
class Need:
    """One fact parameter of a check: ``one`` current fact, ``each`` one per scope key, or the ``history``."""

    name: str
    kind: str
    shape: Shape
    optional: bool


@dataclass(frozen=True, slots=True)
class Binding:
    """A check with its declaration. It is called with its facts in order, then context and params where declared."""

    name: str
    check: Callable[..., Verdict]
    needs: tuple[Need, ...]
    params: type[Params] | None
    with_context: bool
    doc: str

    @property
    def general(self) -> bool:
        """Whether the rule says which fields the check judges."""
        return self.params is not None and issubclass(self.params, General | Several)

    @property
    def kinds(self) -> frozenset[str]:
        """Every kind of fact that the check may use."""
        return frozenset(need.kind for need in self.needs)


def bind(name: str, package: str = PACKAGE) -> Binding:
    """The check ``<package>.<name>``.

    Raises:
        ConfigError: no such module, no function ``check``, or a signature that declares nothing the engine can give.
    """
    where = f'check = "{name}"'
    module_name = f"{package}.{name}"
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name != module_name:
            raise
        message = f"{where}: no such check; expected a module src/screening/checks/{name}.py"
        raise ConfigError(message) from None
    check = getattr(module, "check", None)
    if not inspect.isfunction(check):
        message = f"{where}: the module has no function check; expected def check(fact: …, c: Context, p: P) -> Verdict"
        raise ConfigError(message)
    return declaration(where, name, check)


def declaration(where: str, name: str, check: Callable[..., Verdict]) -> Binding:
    """What the signature of ``check`` declares.

    Raises:
        ConfigError: a parameter that is neither a fact, the context nor the limits, or a wrong order or return type.
    """
    hints = get_type_hints(check)
    if hints.pop("return", None) is not Verdict:
        message = f"{where}: check does not return Verdict"
        raise ConfigError(message)
    needs: list[Need] = []
    tail: list[str] = []
    params: type[Params] | None = None
    for parameter in inspect.signature(check).parameters:
        hint = hints.get(parameter)
        if hint is Context:
            tail.append("context")
        elif isinstance(hint, type) and issubclass(hint, Params):
            tail.append("params")
            params = hint
        elif (need := _need(parameter, hint)) is not None and not tail:
            needs.append(need)
        else:
            message = (
                f"{where}: parameter {parameter} of check is {hint}; expected facts (X, X | None, tuple[X, ...], "
                "History[X]) first, then c: Context, then p: a subclass of Params"
            )
            raise ConfigError(message)
    if any(need.kind == ANY for need in needs) != (params is not None and issubclass(params, General | Several)):
        message = f"{where}: check takes Fact without General limits, or the other way round; expected both or neither"
        raise ConfigError(message)
    if not needs or tail not in ([], ["context"], ["params"], ["context", "params"]):
        message = f"{where}: check takes {', '.join(hints) or 'nothing'}; expected at least one fact, then c and p"
        raise ConfigError(message)
    module = inspect.getmodule(check)
    return Binding(name, check, tuple(needs), params, "context" in tail, inspect.getdoc(module) or "")


def _need(name: str, hint: Any) -> Need | None:
    optional = False
    if get_origin(hint) in (Union, types.UnionType):
        rest = [part for part in get_args(hint) if part is not type(None)]
        if len(rest) != 1 or len(rest) == len(get_args(hint)):
            return None
        optional, hint = True, rest[0]
    shape: Shape = "one"
    if get_origin(hint) is History:
        shape, hint = "history", get_args(hint)[0]
    elif get_origin(hint) is tuple:
        arguments = get_args(hint)
        if len(arguments) != 2 or arguments[1] is not Ellipsis:
            return None
        shape, hint = "each", arguments[0]
    if hint is Fact and shape != "history":
        return Need(name, ANY, shape, optional)
    if isinstance(hint, type) and issubclass(hint, Fact) and hint is not Fact:
        return Need(name, hint.kind, shape, optional)
    return None


ANY = ""
"""The kind of a fact that the rule names, not the check."""


# --- the limits -------------------------------------------------------------------------------------------------------
Dated = tuple[tuple[date, Mapping[str, object]], ...]
"""(valid from, values that change on that day), oldest first."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The dated limits of a rule: (valid from, values), oldest first; empty for a check without limits."""

    cls: type[Params] | None
    versions: Dated

    def values(self, today: date, override: Mapping[str, object] | Dated | None = None) -> Mapping[str, object] | None:
        """What is in force on ``today`` as plain values; ``None`` before the first valid-from date.

        ``override`` is a profile's own: dated, or a mapping that holds on every day.
        """
        if self.cls is None:
            return {}
        chosen: dict[str, object] | None = None
        for start, values in self.versions:
            if start <= today:
                chosen = dict(values)
        if chosen is not None:
            for start, own in _dated(override):
                if start <= today:
                    chosen.update(own)
        return chosen

    def params(
        self, today: date, override: Mapping[str, object] | Dated | None = None, **engine: object
    ) -> Params | None:
        """What is in force on ``today`` as the check's own dataclass, knowing its other dates.

        ``engine`` are fields of ``Params`` itself, the same on every date.
        """
        values = self.values(today, override)
        if self.cls is None or values is None:
            return None
        make: Callable[..., Params] = self.cls
        first = self.versions[0][0]
        starts = sorted(
            {start for start, _values in self.versions} | {max(start, first) for start, _own in _dated(override)}
        )
        timeline = tuple((start, make(**engine, **(self.values(start, override) or {}))) for start in starts)
        return make(timeline=timeline, **engine, **values)


def _dated(override: Mapping[str, object] | Dated | None) -> Dated:
    if isinstance(override, Mapping):
        return ((date.min, override),)
    return override or ()


def overrides(where: str, binding: Binding, given: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Dated:
    """A profile's own limits: one table that holds on every day, or blocks with ``from``, oldest first.

    Raises:
        ConfigError: an unknown name, a wrong type, a block without its date or out of order.
    """
    if isinstance(given, Mapping):
        return ((date.min, typed(where, binding, given)),)
    found: list[tuple[date, Mapping[str, object]]] = []
    for block in given:
        start = _start(where, block, found[-1][0] if found else None)
        found.append((start, typed(where, binding, {key: value for key, value in block.items() if key != "from"})))
    return tuple(found)


def _start(where: str, block: Mapping[str, Any], before: date | None) -> date:
    """The day from which a block holds, after that of the block before it."""
    start = block.get("from")
    if not isinstance(start, date) or isinstance(start, datetime):
        message = f"{where}.from: {start!r}; expected the date from which the limits hold"
        raise ConfigError(message)
    if before is not None and start <= before:
        message = f"{where}.from: {start} is not after {before}; expected blocks oldest first"
        raise ConfigError(message)
    return start


def limits(where: str, binding: Binding, tables: tuple[Mapping[str, Any], ...]) -> Limits:
    """The ``[[params]]`` of a rule against the check's dataclass; a later block says only what changes.

    Raises:
        ConfigError: unknown, misspelt, missing or of the wrong type; names the key and what was expected.
    """
    hints = param_hints(binding)
    if not hints and tables:
        message = f"{where}: params: the check {binding.name} has no limits; expected no [[params]]"
        raise ConfigError(message)
    versions: list[tuple[date, Mapping[str, object]]] = []
    for table in tables:
        start = _start(f"{where}: params", table, versions[-1][0] if versions else None)
        given = {key: value for key, value in table.items() if key != "from"}
        values = dict(versions[-1][1]) if versions else _defaults(binding)
        values.update(typed(f"{where}: params", binding, given))
        if missing := sorted(set(hints) - set(values)):
            message = (
                f"{where}: params.{missing[0]}: missing; expected {_name(hints[missing[0]])}. A newer version of the program may"
                f" have brought it: `screening init` in an empty folder writes this version's {where}, to compare with"
            )
            raise ConfigError(message)
        versions.append((start, values))
    if hints and not versions:
        message = f"{where}: params: missing; expected [[params]] with from, {', '.join(hints)}"
        raise ConfigError(message)
    return Limits(binding.params if hints else None, tuple(versions))


def param_hints(binding: Binding) -> Mapping[str, Any]:
    """Name -> type of the check's own limits."""
    if binding.params is None:
        return {}
    hints = get_type_hints(binding.params)
    return {item.name: hints[item.name] for item in fields(binding.params) if item.name not in _ENGINE}


_ENGINE = frozenset(item.name for item in fields(Params))
"""What the engine tells every check, beside the limits of the rule."""


def _defaults(binding: Binding) -> dict[str, object]:
    """Limits that a rule may leave out, with what they then are."""
    own = fields(binding.params) if binding.params is not None else ()
    return {item.name: item.default for item in own if item.name not in _ENGINE and item.default is not MISSING}


def typed(where: str, binding: Binding, given: Mapping[str, Any]) -> dict[str, object]:
    """``given`` limits as the check's types.

    Raises:
        ConfigError: an unknown name or a wrong type.
    """
    hints = param_hints(binding)
    found: dict[str, object] = {}
    for key, value in given.items():
        if key not in hints:
            message = f"{where}.{key}: unknown; expected one of {', '.join(sorted(hints)) or 'none'}"
            raise ConfigError(message)
        try:
            found[key] = _lawful(binding, key, _coerce(hints[key], value))
        except ConfigError as error:
            message = f"{where}.{key}: {error}"
            raise ConfigError(message) from None
        except ValueError:
            message = f"{where}.{key}: {value!r}; expected {_name(hints[key])}"
            raise ConfigError(message) from None
    return found


LONGEST = 36_525
"""A hundred years: no window is longer."""


def _lawful(binding: Binding, key: str, value: object) -> object:
    """``value``, if a limit of its kind (told by its name) can be so; what a rule names itself may be any number.

    Raises:
        ConfigError: a value that turns the rule off, or flags everyone.
    """
    if binding.general or binding.params is None or isinstance(value, bool) or not isinstance(value, int | Decimal):
        return value
    kind = key.rpartition("_")[2]
    if value == 0 and key in binding.params.may_be_zero:
        return value
    if kind == "share":
        well, expected = 0 < value <= 1, "a share above 0 and at most 1, such as 0.25 for 25 per cent"
    elif kind == "sek":
        well, expected = value > 0, "a sum above 0"
    elif kind == "days":
        well, expected = 1 <= value <= LONGEST, f"a number of days from 1 to {LONGEST}"
    else:
        well, expected = value >= 1, "a number of at least 1"
    if not well:
        message = f"{value}; expected {expected}"
        raise ConfigError(message)
    return value


def _coerce(hint: Any, value: object) -> object:
    """``value`` from TOML as ``hint``; a text is never read as a number, nor a yes as one."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        if value in arguments:
            return value
    elif origin is tuple:
        if isinstance(value, list | tuple):
            return tuple(_coerce(arguments[0], item) for item in value)
    elif hint is Condition:
        return condition(value)
    else:
        return _plain(hint, value)
    raise ValueError


def _plain(hint: Any, value: object) -> object:
    if hint is Decimal:
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return Decimal(value)
    elif hint is date:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
    elif type(value) is hint:
        return value
    raise ValueError


def _name(hint: Any) -> str:
    """A type in the words of someone who edits TOML."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return "one of " + ", ".join(str(item) for item in arguments)
    if origin is tuple:
        return f"a list of {_name(arguments[0])}"
    words = {int: "a whole number", Decimal: "a number", bool: "true or false", str: "a text", date: "a date"}
    return words.get(hint, str(hint))
