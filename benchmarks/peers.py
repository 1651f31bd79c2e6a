"""Twelve field rules over one table of invented registrations -> how long four engines take for them, and that they agree.

Great Expectations as it is usually written (its own expectations with row conditions, one validation for the whole batch),
pandera, Pointblank, and the engine of trial-audit, each given the same table in the form that it likes best. Evaluation only:
reading, and building rules and tables, do not count. A time counts only if the failures of each rule are equal.

The peers are installed in an environment of their own: ``make bench-peers`` or ``python benchmarks/peers.py``.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import time
import venv
import warnings
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("pandera[pandas]", "pointblank", "polars", "pyarrow")
SIZES = (300, 3000)

PAIRS = {
    "DT03": ("start_date", "end_date"),
    "DT05": ("end_date", "completion_date"),
    "DT07": ("registration_date", "start_date"),
    "ET02": ("approval_date", "registration_date"),
    "EL01": ("minimum_age", "maximum_age"),
}
"""The first is not after, or above, the second."""
RANGES = {"SS01": ("sample_size", 1, 100_000)}
GIVEN = {"OC01": "primary_outcome"}
CONDITIONS: dict[str, tuple[str, tuple[str, ...], str, str, Any]] = {
    "DS01": ("assignment", ("single",), "arm_count", "at_most", 1),
    "DS02": ("assignment", ("parallel", "crossover", "factorial"), "arm_count", "at_least", 2),
    "RA03": ("allocation", ("randomized",), "arm_count", "at_least", 2),
    "PL04": ("placebo", ("used",), "blinding", "none_of", ("open",)),
    "DS12": ("category", ("drug", "biological"), "phase", "none_of", ("not_applicable",)),
}
"""Where a field is one of some codes, something holds of another field."""
RULES = (*PAIRS, *RANGES, *GIVEN, *CONDITIONS)
DATES = ("registration_date", "start_date", "end_date", "completion_date", "approval_date")


def table(count: int) -> dict[str, list[Any]]:
    """Return *count* invented registrations, a list a field; 4 % of the values are missing."""
    chance = random.Random(7)
    rows = []
    for number in range(count):
        start = date(2020, 1, 1) + timedelta(days=chance.randint(0, 1800))
        end = start + timedelta(days=chance.randint(-20, 700))
        registered = start - timedelta(days=chance.randint(-40, 90))
        row: dict[str, Any] = {
            "registration_date": registered,
            "start_date": start,
            "end_date": end,
            "completion_date": end + timedelta(days=chance.randint(-20, 400)),
            "approval_date": registered - timedelta(days=chance.randint(-20, 200)),
            "minimum_age": chance.randint(0, 70),
            "maximum_age": chance.randint(50, 99),
            "sample_size": chance.choice((0, 20, 40, 66, 100, 250, 1200)),
            "arm_count": chance.choice((1, 2, 2, 2, 3)),
            "assignment": chance.choice(("single", "parallel", "parallel", "crossover", "factorial", "other")),
            "allocation": chance.choice(("randomized", "randomized", "not_randomized", "not_applicable")),
            "blinding": chance.choice(("open", "single", "double", "triple")),
            "placebo": chance.choice(("used", "not_used", "not_used")),
            "category": chance.choice(("drug", "biological", "device", "behavioral")),
            "phase": chance.choice(("not_applicable", "phase_1", "phase_2", "phase_3", "phase_4")),
            "primary_outcome": f"Pain on a scale of 0 to 10 after {number % 52} weeks",
        }
        rows.append({name: None if chance.random() < 0.04 else value for name, value in row.items()})
    return {name: [row[name] for row in rows] for name in rows[0]}


Engine = Callable[[], Callable[[], dict[str, int]]]
"""Evaluates when it is called; what it returns then counts the failures of each rule, outside of the time that counts."""


def pandas_frame(data: dict[str, list[Any]]) -> Any:
    """Return the table for pandas."""
    import pandas as pd

    frame = pd.DataFrame(data)
    for name in DATES:
        frame[name] = pd.to_datetime(frame[name])
    return frame


def great_expectations(data: dict[str, list[Any]]) -> Engine:
    """Return Great Expectations with its own expectations."""
    import great_expectations as gx
    from great_expectations import expectations as e

    made = []
    for code, (first, second) in PAIRS.items():
        made.append(
            e.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A=second, column_B=first, or_equal=True, ignore_row_if="either_value_is_missing", meta={"code": code}
            )
        )
    for code, (column, least, most) in RANGES.items():
        made.append(e.ExpectColumnValuesToBeBetween(column=column, min_value=least, max_value=most, meta={"code": code}))
    for code, column in GIVEN.items():
        made.append(e.ExpectColumnValuesToNotBeNull(column=column, meta={"code": code}))
    for code, (column, codes, of, word, operand) in CONDITIONS.items():
        where: dict[str, Any] = {"row_condition": f"{column} in {list(codes)}", "condition_parser": "pandas"}
        if word == "none_of":
            made.append(e.ExpectColumnValuesToNotBeInSet(column=of, value_set=list(operand), meta={"code": code}, **where))
        else:
            limit = {"min_value" if word == "at_least" else "max_value": operand}
            made.append(e.ExpectColumnValuesToBeBetween(column=of, meta={"code": code}, **limit, **where))
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("registrations").add_dataframe_asset("records")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": pandas_frame(data)})
    suite = gx.ExpectationSuite(name="rules", expectations=made)

    def evaluate() -> Callable[[], dict[str, int]]:
        results = batch.validate(suite).results
        return lambda: {one.expectation_config.meta["code"]: one.result["unexpected_count"] for one in results}

    return evaluate


def pandera(data: dict[str, list[Any]]) -> Engine:
    """Return pandera, all of whose failures are told at once."""
    import pandera.pandas as pa

    columns: dict[str, list[Any]] = {name: [] for name in data}
    for column, least, most in RANGES.values():
        columns[column].append(pa.Check.in_range(least, most))
    needed = set(GIVEN.values())
    whole = []
    for code, (first, second) in PAIRS.items():
        whole.append(
            pa.Check(lambda f, a=first, b=second: (f[a] <= f[b]) | f[a].isna() | f[b].isna(), name=code, ignore_na=False)
        )
    for code, (column, codes, of, word, operand) in CONDITIONS.items():
        whole.append(
            pa.Check(
                lambda f, c=column, v=codes, o=of, w=word, x=operand: ~f[c].isin(v) | f[o].isna() | _holds(f[o], w, x),
                name=code,
                ignore_na=False,
            )
        )
    schema = pa.DataFrameSchema(
        {name: pa.Column(checks=checks, nullable=name not in needed) for name, checks in columns.items()}, checks=whole
    )
    frame = pandas_frame(data)

    def evaluate() -> Callable[[], dict[str, int]]:
        try:
            schema.validate(frame, lazy=True)
        except pa.errors.SchemaErrors as errors:
            cases = errors.failure_cases
        codes = {"not_nullable": "OC01", "in_range(1, 100000)": "SS01"}

        def count() -> dict[str, int]:
            found = cases.assign(code=cases["check"].replace(codes)).drop_duplicates(["code", "index"])
            return {code: int((found["code"] == code).sum()) for code in RULES}

        return count

    return evaluate


def _holds(column: Any, word: str, operand: Any) -> Any:
    if word == "none_of":
        return ~column.isin(operand)
    return column >= operand if word == "at_least" else column <= operand


def pointblank(data: dict[str, list[Any]]) -> Engine:
    """Return Pointblank on polars; it collects no extracts of the failing rows."""
    import pointblank as pb
    import polars as pl

    frame = pl.DataFrame(data)

    def evaluate() -> Callable[[], dict[str, int]]:
        plan = pb.Validate(frame)
        for first, second in PAIRS.values():
            plan = plan.col_vals_le(columns=first, value=pb.col(second), na_pass=True)
        for column, least, most in RANGES.values():
            plan = plan.col_vals_between(columns=column, left=least, right=most, na_pass=True)
        for column in GIVEN.values():
            plan = plan.col_vals_not_null(columns=column)
        for column, codes, of, word, operand in CONDITIONS.values():

            def where(f: Any, column: str = column, codes: tuple[str, ...] = codes, of: str = of) -> Any:
                return f.filter(pl.col(column).is_in(codes) & pl.col(of).is_not_null())

            if word == "none_of":
                plan = plan.col_vals_not_in_set(columns=of, set=list(operand), pre=where)
            elif word == "at_least":
                plan = plan.col_vals_ge(columns=of, value=operand, pre=where)
            else:
                plan = plan.col_vals_le(columns=of, value=operand, pre=where)
        done = plan.interrogate(collect_extracts=False)
        return lambda: dict(zip(RULES, (done.n_failed(i=at, scalar=True) for at in range(1, len(RULES) + 1)), strict=True))

    return evaluate


def trial_audit(data: dict[str, list[Any]]) -> Engine:
    """Return the engine of trial-audit, by Great Expectations; making cells of plain values counts."""
    from dataclasses import replace
    from functools import lru_cache

    from audit.engine.expectations import GraphRoute
    from audit.engine.load import load
    from audit.engine.table import columns
    from audit.folders import folder
    from audit.model.check import Condition
    from audit.model.dates import PartialDate
    from audit.model.result import Reason, Verdict

    conditions: dict[str, tuple[tuple[Condition, ...], tuple[Condition, ...]]] = {}
    for code, (first, second) in PAIRS.items():
        word = "not_after" if first in DATES else "at_most"
        conditions[code] = (), (Condition(first, word, {"field": second}),)
    for code, (column, least, most) in RANGES.items():
        conditions[code] = (), (Condition(column, "at_least", least), Condition(column, "at_most", most))
    for code, column in GIVEN.items():
        conditions[code] = (), (Condition(column, "present", True),)
    for code, (column, codes, of, word, operand) in CONDITIONS.items():
        conditions[code] = (Condition(column, "one_of", codes),), (Condition(of, word, operand),)
    any_check = next(check for check in load(folder("checks")).checks if not check.registries)
    checks = [replace(any_check, code=code, name=code, when=when, expect=expect) for code, (when, expect) in conditions.items()]
    names, route = columns(checks), GraphRoute(checks, "peers")
    size = len(data[names[0]])

    @lru_cache(maxsize=8192)
    def day(of: date) -> PartialDate:
        return PartialDate(of, of)

    def evaluate() -> Callable[[], dict[str, int]]:
        cells = []
        for name in names:
            empty = Reason("empty", name)
            if name in DATES:
                cells.append([empty if value is None else day(value) for value in data[name]])
            else:
                cells.append([empty if value is None else value for value in data[name]])
        outcomes = route.outcomes(names, list(zip(*cells, strict=True)), ["IRCT"] * size)
        return lambda: {code: sum(one.verdict is Verdict.FINDING for one in outcomes[code].judgements) for code in RULES}

    return evaluate


ENGINES: dict[str, Callable[[dict[str, list[Any]]], Engine]] = {
    "trial-audit": trial_audit,
    "Great Expectations": great_expectations,
    "pandera": pandera,
    "Pointblank": pointblank,
}


def measure(rounds: int) -> bool:
    """Print the times of all engines, which take turns; return whether trial-audit is as much faster as is wanted."""
    from importlib.metadata import version

    packages = ("great_expectations", "pandas", "pandera", "pointblank", "polars")
    print(", ".join(f"{name} {version(name)}" for name in packages), f"; {rounds} paired rounds, load {os.getloadavg()[0]:.1f}")
    held = True
    for size in SIZES:
        data = table(size)
        engines = {name: make(data) for name, make in ENGINES.items()}
        totals = {name: evaluate()() for name, evaluate in engines.items()}
        wanted = totals["trial-audit"]
        for name, found in totals.items():
            if found != wanted:
                raise SystemExit(f"{name} does not agree on {size} records: {found}, trial-audit {wanted}")
        cpu: dict[str, list[float]] = {name: [] for name in engines}
        wall: dict[str, list[float]] = {name: [] for name in engines}
        for _ in range(rounds):
            for name, evaluate in engines.items():
                began, used = time.perf_counter(), time.process_time()
                evaluate()
                cpu[name].append(time.process_time() - used)
                wall[name].append(time.perf_counter() - began)
        print(f"\n{size} records, {len(RULES)} rules, {sum(wanted.values()):,} failures, equal for each rule and engine")
        print(f"{'':20} {'wall ms':>9} {'CPU ms':>9} {'rule-records/s':>15} {'times the time of trial-audit':>30}")
        for name in engines:
            ratio = statistics.median(other / own for other, own in zip(wall[name], wall["trial-audit"], strict=True))
            took = statistics.median(wall[name])
            rate = size * len(RULES) / took
            print(f"{name:20} {took * 1000:9.1f} {statistics.median(cpu[name]) * 1000:9.1f} {rate:15,.0f} {ratio:30.1f}")
            if name != "trial-audit":
                held &= ratio > (10 if name == "Great Expectations" else 1)
    print("\nten times Great Expectations, and ahead of the others:", "yes" if held else "NO")
    return held


def environment(folder: Path) -> Path:
    """Return the Python of the environment of the peers, made in *folder* if it is not there."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ready = folder / "installed"
    if not ready.exists():
        print(f"the peers are installed in {folder}", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        install = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", ROOT, *PACKAGES]
        subprocess.run(install, check=True)
        ready.touch()
    return python


def main() -> None:
    """Print the figures; exits with 1 where the engine is not as much faster as is wanted."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--inside", action="store_true", help="the peers are installed in this environment")
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "trial-audit" / "peers"
    options.add_argument("--environment", type=Path, default=cache, help="where the environment of the peers is, or is made")
    chosen = options.parse_args()
    if not chosen.inside:
        command = [environment(chosen.environment), __file__, "--inside", "--rounds", str(chosen.rounds)]
        sys.exit(subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}).returncode)
    warnings.simplefilter("ignore")
    sys.exit(0 if measure(chosen.rounds) else 1)


if __name__ == "__main__":
    main()
