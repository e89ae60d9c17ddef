# ruff: noqa: PLC0415 - what is imported is part of what is measured
"""Judging suppliers streamed from the store, against a pandas-mask script over the same store.

    python -m benchmarks.judge [--suppliers 100000] [--folder DIR] [--repeat 3]

Each measurement runs in a process of its own, ours and the script's taking turns; the fastest of each counts. Memory is
the peak above what the imports took. The pandas script is what a careful analyst would write in an afternoon: one query
per kind of fact, a left join, a mask per rule. A missing answer compares as false there, so the supplier comes out clear:
those are counted as wrong. Likeness of names (IDE-01) cannot be said as a mask; ours is measured with and without it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.process import ROOT, Figures, above, in_turn, mib, peak_mib, run

SNAPSHOT = ("AGA-12", "KRE-01", "SKA-01", "SKA-06")
NAMES = "IDE-01"
TODAY = "2026-11-30"


def ours(folder: Path, names: tuple[str, ...]) -> Figures:
    """The real stage: dossiers from the store, the rules, verdicts and coverage written back."""
    from screening.config import Config, validate
    from screening.rules import load
    from screening.stages.judge import judge
    from screening.store import Store

    document = {
        "organisation": {"name": "Fjärdvik", "orgnr": "5599999009"},
        "profile": [{"name": "alla", "rules": list(names)}],
    }
    config = validate("benchmark", document, Config)
    rules = load(ROOT / "rules")
    store = Store.open("sqlite:///bench.db", folder, organisation="5599990009")
    found = store.runs(kind="monthly")[0]
    before = peak_mib()
    started = time.perf_counter()
    tally = judge(store, found, config, rules, {})
    seconds = time.perf_counter() - started
    memory = above(before)
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


def pandas_masks(folder: Path) -> Figures:
    """A mask per rule over a joined frame, its flags written to a table.

    It has no reasons, no evidence beyond the values, no history, and no likeness of names.
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
    return {"seconds": seconds, "mib": above(before), "coverage": coverage, "wrong": wrong}


PEOPLE = """SELECT rs.supplier_id AS id, s.payload AS spend FROM run_suppliers rs
    LEFT JOIN spend s ON s.supplier_id = rs.supplier_id AND s.run_id = rs.run_id WHERE rs.run_id = ?"""
CONTRACTS = "SELECT supplier_id AS id, payload FROM contracts WHERE run_id = ?"
FACTS = """SELECT f.supplier_id AS id, f.payload, MAX(f.as_of, COALESCE(substr(f.confirmed_at, 1, 10), '')) AS held_on
    FROM run_suppliers rs JOIN facts f ON f.supplier_id = rs.supplier_id
    WHERE rs.run_id = ? AND f.kind = ? AND f.superseded_at IS NULL"""


def measured(folder: Path, suppliers: int, repeat: int) -> tuple[Figures, Figures, Figures]:
    """Ours, the script, and ours with likeness of names, over a store that is filled unless one is there."""
    if not (folder / "bench.db").exists():
        folder.mkdir(parents=True, exist_ok=True)
        run("judge", "--only", "fill", "--suppliers", suppliers, "--folder", folder)

    def way(name: str) -> Figures:
        return run("judge", "--only", name, "--folder", folder)

    mine, masks, named = in_turn(repeat, lambda: way("ours"), lambda: way("pandas"), lambda: way("names"))
    return mine, masks, named


def alone(what: str, folder: Path, suppliers: int) -> Figures:
    """One measurement, in this process."""
    if what == "fill":
        from benchmarks.judge_store import fill

        fill(folder, suppliers)[0].close()
        return {}
    if what == "pandas":
        return pandas_masks(folder)
    return ours(folder, SNAPSHOT if what == "ours" else (*SNAPSHOT, NAMES))


def main() -> None:
    """Measures and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--suppliers", type=int, default=100_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", choices=("fill", "ours", "names", "pandas"))
    given = parser.parse_args()
    if given.only:
        print(json.dumps(alone(given.only, given.folder, given.suppliers)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        mine, masks, named = measured(given.folder or Path(temporary), given.suppliers, given.repeat)
    print(f"{given.suppliers:,} suppliers, rules {', '.join(SNAPSHOT)}")
    print(f"  checks  {mine['seconds']:7.2f} s  {mib(mine['mib'])} above imports")
    print(f"  masks   {masks['seconds']:7.2f} s  {mib(masks['mib'])} above imports")
    print(f"  ratio   {mine['seconds'] / masks['seconds']:7.2f}")
    print(f"  checks with {NAMES}  {named['seconds']:.2f} s  {mib(named['mib'])}; masks: not possible")
    for name in SNAPSHOT:
        said, wrong = masks["coverage"][name], masks["wrong"][name]
        print(f"  {name}: checks {mine['coverage'][name]}; masks {said}, of which clear without an answer {wrong:,}")
    print(f"  masks call {sum(masks['wrong'].values()):,} verdicts clear that nobody has answered; checks none")


if __name__ == "__main__":
    main()
