"""A sample workspace of one's own for each test that runs the whole pipeline, and the three months run once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from screening.cli import run_command

ROOT = Path(__file__).resolve().parents[1]
PERIODS = {"2026-09": "2026-09-30", "2026-10": "2026-10-31", "2026-11": "2026-11-30"}


def sample_workspace(folder: Path) -> Path:
    """The sample municipality without its store and reports."""
    for name in ("rules", "connectors", "data"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "screening.toml", folder)
    return folder


def run_one(home: Path, period: str, *more: str) -> int:
    """One monthly run on the last day of its period; gives the exit code."""
    return run_command(["--home", str(home), "--quiet", "run", "--period", period, "--as-of", PERIODS[period], *more])


@pytest.fixture(scope="session")
def three_months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample municipality after September, October and November 2026. Only to be read."""
    home = sample_workspace(tmp_path_factory.mktemp("sample"))
    for period in PERIODS:
        assert run_one(home, period) == 0
    return home


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The sample municipality before its first run."""
    return sample_workspace(tmp_path / "home")


@pytest.fixture
def lived(three_months: Path, tmp_path: Path) -> Path:
    """A copy of the three months that a test may change."""
    return Path(shutil.copytree(three_months, tmp_path / "lived"))


@pytest.fixture
def run_period() -> Callable[..., int]:
    """One monthly run on the last day of its period; gives the exit code."""
    return run_one


@pytest.fixture
def screening(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs a command line; gives (exit code, standard output, standard error)."""

    def run(home: Path, *arguments: str) -> tuple[int, str, str]:
        code = run_command(["--home", str(home), "--quiet", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run
