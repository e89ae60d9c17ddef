"""Which small changes of the checks nobody would notice.

    python -m benchmarks.mutants [CHECK …] [--list FILE]

First the rules' own cases try each mutant, then what they show (``tests/checks/evidence``), then the rest of ``tests/checks``; a mutant that runs for more than ten
seconds is killed. Survivors that are known, with the reason, stand in ``docs/mutation.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.mutants.operators import Mutant, mutants
from benchmarks.mutants.worker import CHECKS
from benchmarks.process import ROOT

PATIENCE_S = 10
GENERAL = ROOT / "tests" / "rules" / "test_general.py"
"""The general checks have no rule of their own until a controller writes one: their tests stand beside the rules'."""
BAR = 0.95


class Tried(NamedTuple):
    """One mutant and who noticed it: ``cases``, ``boundaries``, ``evidence``, ``tests`` or ``nobody``."""

    check: str
    mutant: Mutant
    by: str


class Worker:
    """A process that tries mutants; started again when one of them never ends."""

    def __init__(self) -> None:
        self._process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "benchmarks.mutants.worker"]
        return subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def noticed(self, check: str, source: str) -> str:
        """Who notices: ``cases``, ``evidence`` or ``nobody``."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        timer = threading.Timer(PATIENCE_S, self._process.kill)
        timer.start()
        self._process.stdin.write(f"{check}\t{json.dumps(source)}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        timer.cancel()
        if not answer:  # it ran for too long, or took the process with it
            self.close()
            self._process = self._start()
        return answer or "cases"

    def close(self) -> None:
        """Lets the process end."""
        self._process.communicate()


def tried(checks: Sequence[str], *, with_tests: bool) -> Iterator[Tried]:
    """Every mutant of these checks."""
    worker = Worker()
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / "screening"
        shutil.copytree(ROOT / "src" / "screening", copied, ignore=shutil.ignore_patterns("__pycache__"))
        for check in checks:
            original = (CHECKS / f"{check}.py").read_text(encoding="utf-8")
            for mutant in mutants(original):
                by = worker.noticed(check, mutant.source)
                if by == "nobody" and with_tests and _tests_notice(copied, check, mutant.source):
                    by = "tests"
                yield Tried(check, mutant, by)
    worker.close()


def tests_of(check: str) -> list[str]:
    """The files of tests that speak of the module: the boundaries and what cases show have been tried already."""
    files = [path for path in sorted((ROOT / "tests" / "checks").glob("test_*.py")) if check in path.read_text("utf-8")]
    return [str(path.relative_to(ROOT)) for path in (*files, GENERAL)]


def _tests_notice(copied: Path, check: str, source: str) -> bool:
    """Whether the tests of the module fail with the mutant in a copy of the package."""
    path = copied / "checks" / f"{check}.py"
    original = path.read_text(encoding="utf-8")
    path.write_text(source, encoding="utf-8")
    try:
        done = subprocess.run(
            [sys.executable, "-B", "-m", "pytest", "-q", "-x", "-p", "no:randomly", *tests_of(check)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(copied.parent), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            check=False,
            timeout=120,
        )
    except subprocess.TimeoutExpired:
        return True
    finally:
        path.write_text(original, encoding="utf-8")
    return done.returncode != 0


def main() -> None:
    """Tries, and prints a line per check and per survivor."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("check", nargs="*", help="modules of src/screening/checks; all by default")
    parser.add_argument("--cases-only", action="store_true", help="do not try survivors with pytest")
    given = parser.parse_args()
    names = given.check or sorted(path.stem for path in CHECKS.glob("*.py") if path.stem != "__init__")
    whole = dead = 0
    for name in names:
        found = list(tried([name], with_tests=not given.cases_only))
        alive = [item for item in found if item.by == "nobody"]
        whole, dead = whole + len(found), dead + len(found) - len(alive)
        share = 1 - len(alive) / len(found) if found else 1.0
        print(f"{name:<28}{len(found):>6} mutants, {len(found) - len(alive):>6} killed: {share:.1%}", flush=True)
        for item in alive:
            print(f"    line {item.mutant.line}: {item.mutant.what}", flush=True)
    print(f"{'all':<28}{whole:>6} mutants, {dead:>6} killed: {dead / max(whole, 1):.1%} (bar {BAR:.0%})")


if __name__ == "__main__":
    main()
