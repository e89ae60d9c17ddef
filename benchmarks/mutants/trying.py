"""Asks who notices a mutant, of a process that has the rules' cases and the tests loaded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Self

from benchmarks.mutants.worker import imported, uses
from benchmarks.process import ROOT

BY = ("cases", "boundaries", "evidence", "tests", "nobody")
"""Who noticed, in the order that they are asked."""
SAME_ORDER = {"PYTHONHASHSEED": "0"}
"""Sets have one order, so that two runs find the same survivors."""
PATIENCE_S = 10
TESTS_PATIENCE_S = 60
GENERAL = ("all_of", "field_at_least", "field_below", "field_one_of", "older_than")
GENERAL_TESTS = "tests/rules/test_general.py"


class Worker:
    """A process that tries mutants; started again when one of them never ends."""

    def __init__(self) -> None:
        self._process = self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.communicate()

    def _start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "benchmarks.mutants.worker"]
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **SAME_ORDER},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def noticed(self, module: str, source: str, files: Sequence[str] = ()) -> str:
        """Who notices: one of ``BY``; ``files`` of tests are tried last."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        timer = threading.Timer(TESTS_PATIENCE_S if files else PATIENCE_S, self._process.kill)
        timer.start()
        self._process.stdin.write(f"{module}\t{json.dumps(source)}\t{json.dumps(list(files))}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        timer.cancel()
        if not answer:  # it ran for too long, or took the process with it
            self._process.communicate()
            self._process = self._start()
        return answer or "cases"


def files_of(module: str) -> list[str]:
    """The files of tests that import the module; of what the general checks use, also the tests of rules on them."""
    folder = ROOT / "tests" / "checks"
    by_size = sorted(folder.glob("test_*.py"), key=lambda path: path.stat().st_size)
    files = [path for path in by_size if module in imported(path)]
    found = [path.relative_to(ROOT).as_posix() for path in files]
    return [*found, GENERAL_TESTS] if any(module in uses()[name] for name in GENERAL) else found
