"""Tries mutants one after the other in this process: ``module<TAB>JSON source<TAB>JSON files of tests`` in, who noticed out.

``cases``, ``boundaries``, ``evidence``, ``tests`` or ``nobody``. Tests run in this process too: what they need is
imported once, and only what may hold the mutant is imported anew.
"""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from benchmarks.process import ROOT

PACKAGE = "screening.checks"
EVIDENCE = "benchmarks.mutants.evidence"
CHECKS = ROOT / "src" / "screening" / "checks"


def modules() -> list[str]:
    """Every module of the package; ``__init__`` too, since it has the limits of a day."""
    return sorted(path.stem for path in CHECKS.glob("*.py"))


def uses() -> Mapping[str, frozenset[str]]:
    """Module -> the check modules that it imports, directly or through others, with itself."""
    direct = {name: set(imported(CHECKS / f"{name}.py")) for name in modules()}
    found: dict[str, frozenset[str]] = {}
    for name in direct:
        seen, waiting = {name}, [name]
        while waiting:
            new = direct.get(waiting.pop(), set()) - seen
            seen |= new
            waiting += new
        found[name] = frozenset(seen)
    return found


def imported(path: Path) -> Iterator[str]:
    """The check modules that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == PACKAGE:
            yield from (alias.name if alias.name in modules() else "__init__" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(f"{PACKAGE}."):
            yield node.module.removeprefix(f"{PACKAGE}.")


@cache
def shared() -> frozenset[str]:
    """The check modules that the rules' own machinery holds on to: with a mutant of one it is imported anew too."""
    return frozenset(name for path in (ROOT / "src/screening/rules").glob("*.py") for name in imported(path))


def install(name: str, source: str) -> None:
    """The mutant in the place of the module; every other check is imported anew, so that none holds the old one."""
    whole = f"{PACKAGE}.{name}" if name != "__init__" else PACKAGE
    for module in [key for key in sys.modules if key.startswith((PACKAGE, "screening.rules", EVIDENCE))]:
        if name in shared() or (
            module.startswith(f"{PACKAGE}.") and module.removeprefix(f"{PACKAGE}.") not in shared()
        ):
            del sys.modules[module]
    if name in shared():
        _table.cache_clear()
    path = CHECKS / f"{name}.py"
    places = [str(CHECKS)] if name == "__init__" else None
    spec = importlib.util.spec_from_file_location(whole, path, submodule_search_locations=places)
    assert spec is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[whole] = made
    exec(compile(source, str(path), "exec"), vars(made))


def noticed(name: str, source: str, users: Mapping[str, frozenset[str]], files: Sequence[str] = ()) -> str:
    """Who notices: the rules' cases, then the tests in these files, one after the other; else nobody."""
    by = _noticed_by_cases(name, source, users)
    return "tests" if by == "nobody" and any(map(_fails, files)) else by


def _noticed_by_cases(name: str, source: str, users: Mapping[str, frozenset[str]]) -> str:
    """A case of a rule whose check uses the module, or one that comes out so but shows something else; else nobody."""
    try:
        install(name, source)
        from benchmarks.mutants.evidence import GENERAL, boundaries, changed  # noqa: PLC0415 - made anew with a shared mutant

        from screening.rules.cases import run_case, run_cases  # noqa: PLC0415
        from screening.rules.rule import make  # noqa: PLC0415

        for path in (*sorted(GENERAL.glob("*.toml")), *sorted((ROOT / "rules").glob("*.toml"))):
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


def _fails(file: str) -> bool:
    """Whether a file's tests fail with what is installed.

    Raises:
        RuntimeError: it has no tests.
    """
    for module in [key for key in sys.modules if key.startswith(("tests.checks", "tests.rules"))]:
        del sys.modules[module]
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        code = pytest.main(["-q", "-x", "-p", "no:randomly", "-p", "no:cov", str(ROOT / file)])
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        raise RuntimeError(told.getvalue())
    return code != pytest.ExitCode.OK


@cache
def _table(path: Path) -> Any:
    from screening.config import parse_toml  # noqa: PLC0415 - as above
    from screening.rules.table import RuleTable  # noqa: PLC0415

    return parse_toml(path, RuleTable)


@cache
def _check_of(path: Path) -> str:
    line = next(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("check "))
    return line.split('"')[1]


def main() -> None:
    """Until there are no more lines."""
    users = uses()
    for line in sys.stdin:
        name, source, files = line.rstrip("\n").split("\t")
        print(noticed(name, json.loads(source), users, json.loads(files)), flush=True)


if __name__ == "__main__":
    main()
