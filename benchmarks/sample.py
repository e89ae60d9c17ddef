"""The sample municipality's three months in a copy of the workspace: the first time, and the second on the same store.

python -m benchmarks.sample
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.process import ROOT

PARTS = ("connectors", "data", "rules", "screening.toml")


def measured() -> tuple[float, float]:
    """Seconds of the first and of the second time, from start to end of the process."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in PARTS:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, folder / name)
        return _seconds(folder), _seconds(folder)


def _seconds(folder: Path) -> float:
    start = time.perf_counter()
    command = [sys.executable, str(folder / "data" / "sample" / "run.py")]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    return time.perf_counter() - start


if __name__ == "__main__":
    print("first {:.1f} s, second {:.1f} s".format(*measured()))
