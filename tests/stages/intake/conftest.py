"""A workspace in a folder, files laid in it by a test, and the stage run on them with a real store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from screening.config import Config
from screening.exports import load_exports
from screening.model import Contract, Supplier
from screening.stages.intake import intake
from screening.store import InputFile, Reject, Run, Store

ROOT = Path(__file__).resolve().parents[3]
EXPORTS = load_exports(ROOT / "connectors")
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
TODAY = date(2026, 11, 30)


class Desk:
    """One workspace: lay files, run intake, look at what the store got."""

    def __init__(self, home: Path, store: Store) -> None:
        self.home = home
        self.store = store
        self.run: Run | None = None
        self.settings: dict[str, Any] = {}

    def lay(self, name: str, *rows: str, encoding: str = "utf-8", newline: str = "\n") -> Path:
        """A text file of rows."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((newline.join(rows) + newline).encode(encoding))
        return path

    def read(
        self,
        *patterns: str,
        connector: str | None = None,
        period: str = "2026-11",
        as_of: date = TODAY,
        **settings: Any,
    ) -> list[InputFile]:
        """Runs intake on the patterns (default: everything) and gives the files."""
        config = Config.model_validate(
            {
                "organisation": {"name": "Provköpings kommun", "orgnr": "212000-1009"},
                "intake": [{"files": item, "connector": connector} for item in patterns or ("*.*",)],
                "profile": [{"name": "alla", "rules": ["SKA-01"]}],
                **settings,
            }
        )
        at = datetime(as_of.year, as_of.month, as_of.day, 12, tzinfo=UTC)
        self.run = self.store.begin_run("monthly", period, as_of, at, "test", {})
        intake(self.store, self.run, config, EXPORTS, self.home, at)
        return self.files()

    @property
    def run_id(self) -> str:
        """The run that was last made."""
        assert self.run is not None
        return self.run.id

    def files(self) -> list[InputFile]:
        """The files of the run; every row of each is accounted for."""
        files = self.store.inputs(self.run_id)
        for file in files:
            assert file.rows == file.accepted + file.merged + file.rejected, file
        counted = [item for item in self.rejects() if not item.code.startswith("identity.")]
        assert len(counted) == sum(file.rejected for file in files)
        return files

    def rejects(self) -> list[Reject]:
        """Rejected rows and doubtful numbers."""
        return self.store.rejects(self.run_id)

    def suppliers(self) -> dict[str, Supplier]:
        """The suppliers by name."""
        return {item.name: item for item in self.store.suppliers(self.run_id)}

    def supplier(self) -> Supplier:
        """The only supplier."""
        (found,) = self.suppliers().values()
        return found

    def contracts(self, name: str | None = None) -> tuple[Contract, ...]:
        """The contracts of a supplier, or of the only one."""
        supplier = self.supplier() if name is None else self.suppliers()[name]
        return self.store.contracts(self.run_id, supplier.id)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store of its own."""
    opened = Store.open("sqlite:///store.db", tmp_path / "store", organisation="2120001009")
    yield opened
    opened.close()


@pytest.fixture
def desk(tmp_path: Path, store: Store) -> Desk:
    """An empty workspace."""
    home = tmp_path / "home"
    home.mkdir()
    return Desk(home, store)


@pytest.fixture
def noon() -> Callable[[date], datetime]:
    """Noon of a day, UTC."""
    return lambda day: datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
