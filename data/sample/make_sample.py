"""Makes the sample municipality: `python data/sample/make_sample.py [--out DIR]`. The same files, byte for byte, each time."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from generator import casefile, contracts, ledger, lists, monthly, story_tables, world
from generator.firms import firms
from generator.roll import People
from generator.stories import ALL

HERE = Path(__file__).resolve().parent


def make(out: Path) -> None:
    """Write the world, the expectations and every export under ``out``."""
    people = People(HERE / "test_personnummer.txt")
    suppliers = firms(people)
    known = world.build(suppliers, people)
    secret = people.take().number
    made = contracts.contracts(suppliers)
    files = out / "in"
    if files.exists():
        shutil.rmtree(files)
    out.mkdir(parents=True, exist_ok=True)
    (out / "world.toml").write_bytes(world.as_toml(known, people).encode())
    (out / "expected.toml").write_bytes(story_tables.as_toml(suppliers).encode())
    (out / "STORIES.md").write_bytes(story_tables.as_markdown(suppliers).encode())
    for period in ALL:
        contracts.export(suppliers, made, period, files / period)
    booked = ledger.bookings(suppliers)
    ledger.export(booked, files)
    monthly.export(suppliers, booked, files)
    casefile.attestations(suppliers, made, casefile.Signing(known, f"{secret[:8]}-{secret[8:]}"), files)
    casefile.documents(suppliers, known, files)
    casefile.extracts(suppliers, files / "skattekonto")
    lists.permits(made, files)
    lists.sanctions(files / "sanktioner")


def main() -> None:
    """The command line."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--out", type=Path, default=HERE)
    make(arguments.parse_args().out)


if __name__ == "__main__":
    main()
