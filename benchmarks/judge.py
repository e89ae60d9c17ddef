# ruff: noqa: PLC0415 - what is imported is part of what is measured
"""Judging suppliers streamed from the store, against a pandas-mask script over the same store.

    python benchmarks/judge.py [--suppliers 100000] [--folder DIR] [--repeat 3]

Each measurement runs in a process of its own; the fastest counts. Memory is the peak above what the imports took. The
pandas script is what a careful analyst would write in an afternoon: one query per kind of fact, a left join, a mask per
rule. A missing answer compares as false there, so the supplier comes out clear: those are counted as wrong.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SNAPSHOT = ("AGA-12", "IDE-01", "KRE-01", "SKA-01", "SKA-06")
TODAY = "2026-11-30"


def peak_mib() -> float:
    """The most memory that this process has had."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def ours(folder: Path) -> Mapping[str, Any]:
    """The real stage: dossiers from the store, five rules, verdicts and coverage written back."""
    from screening.config import Config, validate
    from screening.rules import load
    from screening.stages.judge import judge
    from screening.store import Store

    document = {
        "organisation": {"name": "Fjärdvik", "orgnr": "5599999009"},
        "profile": [{"name": "alla", "rules": list(SNAPSHOT)}],
    }
    config = validate("benchmark", document, Config)
    rules = load(ROOT / "rules")
    store = Store.open("sqlite:///bench.db", folder, organisation="5599990009")
    run = store.runs(kind="monthly")[0]
    before = peak_mib()
    started = time.perf_counter()
    tally = judge(store, run, config, rules, {})
    seconds = time.perf_counter() - started
    memory = peak_mib() - before
    store.close()
    return {
        "seconds": seconds,
        "mib": memory,
        "coverage": {name: dict(counts) for name, counts in tally.coverage.items()},
    }


AGES: Mapping[str, int] = {
    "company_record": 90,
    "enforcement_debt": 45,
    "accounts": 900,
    "tax_registration": 30,
    "credit": 90,
}


def pandas_masks(folder: Path) -> Mapping[str, Any]:
    """A mask per rule over a joined frame, its flags written to a table.

    It has no reasons, no evidence beyond the values, no history, and no likeness of names (IDE-01 is left out).
    """
    import sqlite3

    import pandas as pd

    before = peak_mib()
    started = time.perf_counter()
    with sqlite3.connect(folder / "bench.db") as connection:
        (run_id,) = connection.execute("SELECT id FROM runs WHERE kind = 'monthly'").fetchone()
        frame: Any = pd.read_sql_query(PEOPLE, connection, params=(run_id,)).set_index("id")
        contracts: Any = pd.read_sql_query(CONTRACTS, connection, params=(run_id,))
        terms: Any = pd.DataFrame.from_records(map(json.loads, contracts["payload"]))
        ended = pd.to_datetime(terms["ends_on"]) < pd.Timestamp(TODAY)
        frame = frame.loc[frame.index.isin(contracts.loc[~ended, "id"])]
        spend: Any = pd.DataFrame.from_records(
            [json.loads(text) if text else {} for text in frame.pop("spend")], index=frame.index
        )
        for kind, days in AGES.items():
            rows: Any = pd.read_sql_query(FACTS, connection, params=(run_id, kind)).drop_duplicates("id", keep="last")
            facts: Any = pd.DataFrame.from_records(list(map(json.loads, rows["payload"])), index=rows["id"])
            held: Any = pd.to_datetime(rows["held_on"]).set_axis(rows["id"])
            frame = frame.join(facts[held >= pd.Timestamp(TODAY) - pd.Timedelta(days=days)].add_prefix(f"{kind}."))

        def get(name: str) -> Any:
            return frame[name] if name in frame else pd.Series(index=frame.index, dtype=object)

        debt, turnover = get("enforcement_debt.public_debt_sek"), get("accounts.turnover_sek")
        paid = spend["last_90_days_sek"].astype(float)
        codes = get("company_record.proceedings").map(str)
        flags = {
            "AGA-12": codes.str.contains("'KK|'LI|'FR|'AC|'RES") | get("company_record.state").eq("deregistered"),
            "KRE-01": get("credit.score").lt(40) | get("credit.no_rating_reason").notna(),
            "SKA-01": debt.ge(10_000),
            "SKA-06": get("tax_registration.f_tax").isin(["never", "ended"])
            & paid.gt(0)
            & ~get("company_record.legal_form").isin(["I", "S"]),
        }
        critical = debt.ge(100_000) | (debt / turnover).ge(0.01)
        found = pd.concat(
            [
                pd.DataFrame(
                    {
                        "supplier_id": frame.index[mask],
                        "rule": name,
                        "values": frame[mask].to_json(orient="records", lines=True).splitlines(),
                    }
                )
                for name, mask in flags.items()
                if mask.any()
            ]
        )
        found["critical"] = found["supplier_id"].map(critical)
        found.to_sql("pandas_flags", connection, if_exists="replace", index=False)
    # What an analyst would call clear, though nobody has answered:
    answered = {
        "AGA-12": "company_record.state",
        "KRE-01": "credit.score",
        "SKA-01": "enforcement_debt.public_debt_sek",
        "SKA-06": "tax_registration.f_tax",
    }
    wrong = {name: int((~flags[name] & get(column).isna()).sum()) for name, column in answered.items()}
    coverage = {name: {"flag": int(mask.sum()), "clear": int((~mask).sum())} for name, mask in flags.items()}
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "mib": peak_mib() - before, "coverage": coverage, "wrong": wrong}


PEOPLE = """SELECT rs.supplier_id AS id, s.payload AS spend FROM run_suppliers rs
    LEFT JOIN spend s ON s.supplier_id = rs.supplier_id AND s.run_id = rs.run_id WHERE rs.run_id = ?"""
CONTRACTS = "SELECT supplier_id AS id, payload FROM contracts WHERE run_id = ?"
FACTS = """SELECT f.supplier_id AS id, f.payload, MAX(f.as_of, COALESCE(substr(f.confirmed_at, 1, 10), '')) AS held_on
    FROM run_suppliers rs JOIN facts f ON f.supplier_id = rs.supplier_id
    WHERE rs.run_id = ? AND f.kind = ? AND f.superseded_at IS NULL"""


def measured(what: str, folder: Path, repeat: int) -> Mapping[str, Any]:
    """The fastest of some runs, each in its own process."""
    results = []
    for _ in range(repeat):
        command = [sys.executable, __file__, "--only", what, "--folder", str(folder)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        results.append(json.loads(done.stdout))
    return min(results, key=lambda result: float(result["seconds"]))


def main() -> None:
    """Fills a store unless one is there, measures both, and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--suppliers", type=int, default=100_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", choices=("ours", "pandas"))
    given = parser.parse_args()
    if given.only:
        print(json.dumps((ours if given.only == "ours" else pandas_masks)(given.folder)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        if not (folder / "bench.db").exists():
            fill_store(folder, given.suppliers)
        mine, masks = measured("ours", folder, given.repeat), measured("pandas", folder, given.repeat)
    print(f"{given.suppliers:,} suppliers, rules {', '.join(SNAPSHOT)}")
    print(f"  checks  {mine['seconds']:7.2f} s  {mine['mib']:7.1f} MiB above imports")
    print(f"  masks   {masks['seconds']:7.2f} s  {masks['mib']:7.1f} MiB above imports, without IDE-01")
    print(f"  ratio   {float(mine['seconds']) / float(masks['seconds']):7.2f}")
    for name in SNAPSHOT:
        said = masks["coverage"].get(name)
        wrong = (
            f"masks {said}, of which clear without an answer {masks['wrong'][name]:,}"
            if said
            else "masks: not possible"
        )
        print(f"  {name}: checks {mine['coverage'][name]}; {wrong}")
    print(f"  masks call {sum(masks['wrong'].values()):,} verdicts clear that nobody has answered; checks none")


def fill_store(folder: Path, suppliers: int) -> None:
    """A store of synthetic suppliers, by the filler beside this file; in a process of its own, for the memory's sake."""
    program = "import sys; from pathlib import Path; from judge_store import fill; "
    program += "fill(Path(sys.argv[1]), int(sys.argv[2]))[0].close()"
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-c", program, str(folder), str(suppliers)], check=True, cwd=ROOT / "benchmarks")


if __name__ == "__main__":
    main()
