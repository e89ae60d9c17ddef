"""Who notices a mutant: a worker that has the rules' cases loaded, then the tests that name the module."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Self

from benchmarks.mutants.worker import imported, uses
from benchmarks.process import ROOT

BY = ("cases", "boundaries", "evidence", "tests", "nobody")
"""Who noticed, in the order that they are asked."""
SAME_ORDER = {"PYTHONHASHSEED": "0"}
"""Sets have one order, so that two runs find the same survivors."""
PATIENCE_S = 10
TESTS_PATIENCE_S = 120
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

    def noticed(self, module: str, source: str) -> str:
        """Who notices: ``cases``, ``boundaries``, ``evidence`` or ``nobody``."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        timer = threading.Timer(PATIENCE_S, self._process.kill)
        timer.start()
        self._process.stdin.write(f"{module}\t{json.dumps(source)}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        timer.cancel()
        if not answer:  # it ran for too long, or took the process with it
            self._process.communicate()
            self._process = self._start()
        return answer or "cases"


class OwnTests:
    """The tests that name a module, run on a copy of the package in which it is changed."""

    def __init__(self, module: str) -> None:
        self._files = files_of(module)
        self._folder = tempfile.TemporaryDirectory()
        self._path = Path(self._folder.name) / "screening" / "checks" / f"{module}.py"
        self._passed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._folder.cleanup()

    def notice(self, source: str) -> bool:
        """Whether they fail with this in the place of the module.

        Raises:
            RuntimeError: they fail without it too.
        """
        if not self._files:
            return False
        if not self._passed:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / "src" / "screening", self._path.parents[1], ignore=ignored)
            if self._fail():
                message = f"{', '.join(self._files)}: fail as the module is; expected them to pass"
                raise RuntimeError(message)
            self._passed = True
        self._path.write_text(source, encoding="utf-8")
        return self._fail()

    def _fail(self) -> bool:
        """File by file, the smallest first: most mutants need no other."""
        return any(map(self._fails, self._files))

    def _fails(self, file: str) -> bool:
        command = [sys.executable, "-B", "-m", "pytest", "-q", "-x", "-p", "no:randomly", file]
        try:
            done = subprocess.run(
                command,
                cwd=ROOT,
                env={**os.environ, **SAME_ORDER, "PYTHONPATH": self._folder.name, "PYTHONDONTWRITEBYTECODE": "1"},
                capture_output=True,
                check=False,
                timeout=TESTS_PATIENCE_S,
            )
        except subprocess.TimeoutExpired:
            return True
        return done.returncode != 0


def files_of(module: str) -> list[str]:
    """The files of tests that import the module; of what the general checks use, also the tests of rules on them."""
    folder = ROOT / "tests" / "checks"
    by_size = sorted(folder.glob("test_*.py"), key=lambda path: path.stat().st_size)
    files = [path for path in by_size if module in imported(path)]
    found = [path.relative_to(ROOT).as_posix() for path in files]
    return [*found, GENERAL_TESTS] if any(module in uses()[name] for name in GENERAL) else found
