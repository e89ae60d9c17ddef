"""Tries mutants one after the other in this process: ``check name<TAB>JSON source`` in, ``cases``, ``evidence`` or ``nobody`` out."""

from __future__ import annotations

import ast
import importlib.util
import json
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.process import ROOT

PACKAGE = "screening.checks"
SHARED = "_condition"  # the only check module that the rules' own machinery holds on to
EVIDENCE = "benchmarks.mutants.evidence"
CHECKS = ROOT / "src" / "screening" / "checks"


def uses() -> Mapping[str, frozenset[str]]:
    """Module -> the check modules that it imports, directly or through others, with itself."""
    direct = {path.stem: set(_imported(path)) for path in CHECKS.glob("*.py") if path.stem != "__init__"}
    found: dict[str, frozenset[str]] = {}
    for name in direct:
        seen, waiting = {name}, [name]
        while waiting:
            new = direct.get(waiting.pop(), set()) - seen
            seen |= new
            waiting += new
        found[name] = frozenset(seen)
    return found


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(f"{PACKAGE}."):
            yield node.module.removeprefix(f"{PACKAGE}.")


def install(name: str, source: str) -> None:
    """The mutant in the place of the module; every other check is imported anew, so that none holds the old one."""
    everything = name == SHARED
    for module in [key for key in sys.modules if key.startswith((f"{PACKAGE}.", "screening.rules", EVIDENCE))]:
        if everything or (module.startswith(f"{PACKAGE}.") and module != f"{PACKAGE}.{SHARED}"):
            del sys.modules[module]
    spec = importlib.util.spec_from_loader(f"{PACKAGE}.{name}", loader=None)
    assert spec is not None
    module_ = ModuleType(f"{PACKAGE}.{name}")
    module_.__spec__, module_.__file__ = spec, str(CHECKS / f"{name}.py")
    sys.modules[f"{PACKAGE}.{name}"] = module_
    exec(compile(source, module_.__file__, "exec"), module_.__dict__)


def noticed(name: str, source: str, users: Mapping[str, frozenset[str]]) -> str:
    """Who notices: a case of a rule whose check uses the module, or one that comes out so but shows something else; else nobody."""
    try:
        install(name, source)
        from benchmarks.mutants.evidence import boundaries, changed  # noqa: PLC0415 - made anew with a mutant of SHARED

        from screening.rules.cases import run_case, run_cases  # noqa: PLC0415
        from screening.rules.rule import make  # noqa: PLC0415

        for path in sorted((ROOT / "rules").glob("*.toml")):
            if name in users.get(_check_of(path), frozenset()):
                rule = make(path.name, _table(path), path.read_text(encoding="utf-8"))
                if next(iter(run_cases(rule)), None) is not None:
                    return "cases"
                if any(run_case(rule, case) for case in boundaries().get(rule.id, ())):
                    return "boundaries"
                if changed(rule):
                    return "evidence"
    except Exception:  # noqa: BLE001 - a mutant may fail in any way; each is noticed
        return "cases"
    return "nobody"


@cache
def _table(path: Path) -> Any:
    from screening.config import parse_toml  # noqa: PLC0415 - as above
    from screening.rules.table import RuleTable  # noqa: PLC0415

    return parse_toml(path, RuleTable)


_CHECK: dict[Path, str] = {}


def _check_of(path: Path) -> str:
    if path not in _CHECK:
        line = next(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("check "))
        _CHECK[path] = line.split('"')[1]
    return _CHECK[path]


def main() -> None:
    """Until there are no more lines."""
    users = uses()
    for line in sys.stdin:
        name, source = line.rstrip("\n").split("\t", 1)
        print(noticed(name, json.loads(source), users), flush=True)


if __name__ == "__main__":
    main()
