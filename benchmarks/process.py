"""One measurement in a process of its own, so that imports and peak memory of one do not colour the next."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
Figures = Mapping[str, Any]


def peak_mib() -> float | None:
    """The most memory that this process has had, in MiB; ``None`` on Windows, which does not tell in this way."""
    try:
        import resource  # noqa: PLC0415 - POSIX only
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def above(before: float | None) -> float | None:
    """How far the peak has risen above an earlier one."""
    now = peak_mib()
    return None if now is None or before is None else now - before


def run(module: str, *arguments: object) -> Figures:
    """What ``python -m benchmarks.<module> <arguments>`` prints as JSON on its last line."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


def in_turn(rounds: int, *ways: Callable[[], Figures], by: str = "seconds") -> Sequence[Figures]:
    """The fastest of each way; the ways take turns, so that a slow minute of the machine is everybody's."""
    taken = [[way() for way in ways] for _ in range(rounds)]
    return [min(column, key=lambda figures: float(figures[by])) for column in zip(*taken, strict=True)]


def mib(value: float | None) -> str:
    """Memory in a table."""
    return "n/a" if value is None else f"{value:.0f} MiB"
