"""Exports of many records -> records a second by one process and by two, where the time goes, peak memory, a second run with a store.

The records are those of the samples, or of files that are given, each with its own number and other numbers in its texts.
Each rate is of whole commands, start and Great Expectations included; the shares are of CPU seconds in one process without its
start. Run it with ``make bench-batch``, or ``python benchmarks/batch.py --records 10000 --csv FILE --json FILE``.
"""

import argparse
import csv
import json
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = {"csv": ROOT / "sample_records/ictrp/export.csv", "json": ROOT / "sample_records/ctgov/studies.json"}
AS_OF = "2026-06-11"
_DIGITS = re.compile(r"\b\d{2}\b(?=[ -]*(?:patients|participants|subjects|years|women|men|children|weeks|mg|ml|days|months))")
csv.field_size_limit(64 * 1024 * 1024)


def varied(text: str, chance: random.Random) -> str:
    """Return *text* with other numbers of people, years and doses."""
    return _DIGITS.sub(lambda match: str(chance.randint(20, 99)), text)


def table(source: Path, count: int) -> list[list[str]]:
    """Return the columns and *count* rows made of those in *source*."""
    chance = random.Random(7)
    with source.open(encoding="utf-8-sig", newline="") as file:
        names, *rows = csv.reader(file)
    at = names.index("TrialID")
    made = [names]
    for number in range(count):
        cells = [varied(cell, chance) for cell in rows[number % len(rows)]]
        cells[at] = (
            re.sub(r"\d{2,}", lambda match, n=number: f"{n:0{len(match[0])}d}"[-len(match[0]) :], cells[at], count=1)
            + f"-{number}"
        )
        made.append(cells)
    return made


def write_csv(path: Path, rows: list[list[str]]) -> None:
    """Write *rows* as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def write_xlsx(path: Path, rows: list[list[str]]) -> None:
    """Write *rows* as a workbook."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False})
    sheet = book.add_worksheet("results")
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(at, column, cell[:32_767])
    book.close()


def write_json(path: Path, source: Path, count: int) -> None:
    """Write *count* studies made of those in *source*."""
    chance = random.Random(7)
    data = json.loads(source.read_text(encoding="utf-8"))
    studies = [json.dumps(one) for one in (data["studies"] if isinstance(data, dict) else data)]
    with path.open("w", encoding="utf-8") as file:
        file.write('{"studies": [')
        for number in range(count):
            text = varied(studies[number % len(studies)], chance)
            file.write(("," if number else "") + re.sub(r'"nctId": "NCT\d{8}"', f'"nctId": "NCT{number:08}"', text, count=1))
        file.write("]}")


def run(source: Path, jobs: int, out: Path, *more: str) -> tuple[float, float, int]:
    """Audit *source* and return the wall seconds, the CPU seconds of all processes, and the peak memory of the largest in MB."""
    script = (
        "import resource, sys\nfrom audit.cli import cli\ntry:\n    cli(sys.argv[1:])\nexcept SystemExit as end:\n    code = end.code\n"
        "own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))\n"
        "print(max(own.ru_maxrss, others.ru_maxrss) // 1024)\nsys.exit(code if code == 2 else 0)"
    )
    command = [sys.executable, "-c", script, "check", str(source), "--as-of", AS_OF, "--format", "jsonl", "--output", str(out)]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    said = subprocess.run(
        [*command, "--jobs", str(jobs), "--quiet", *more],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))},
    )
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, cpu, int(said.stdout.split()[-1])


def main() -> None:
    """Print all figures."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--records", type=int, default=3000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument(
        "--csv", type=Path, default=SAMPLES["csv"], help="a WHO ICTRP export whose rows are multiplied, for CSV and XLSX"
    )
    options.add_argument("--json", type=Path, default=SAMPLES["json"], help="ClinicalTrials.gov studies that are multiplied")
    options.add_argument("--only", default="csv,xlsx,json,store", help="some of csv, xlsx, json, store")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, count = Path(name), chosen.records
        makers: dict[str, Callable[[Path], None]] = {
            "csv": lambda path: write_csv(path, table(chosen.csv, count)),
            "xlsx": lambda path: write_xlsx(path, table(chosen.csv, count)),
            "json": lambda path: write_json(path, chosen.json, count),
        }
        print(f"{count} records, whole commands into JSON lines, median of {chosen.rounds} rounds; load {os.getloadavg()[0]:.1f}")
        for kind in (kind for kind in chosen.only.split(",") if kind in makers):
            source = folder / f"export.{kind}"
            makers[kind](source)
            rates(kind, source, count, chosen.rounds, folder)
            shares(source, min(count, 1000))
        if "store" in chosen.only:
            again(folder, table(chosen.csv, count))


def rates(kind: str, source: Path, count: int, rounds: int, folder: Path) -> None:
    """Print the rates by one and by two processes, which take turns, and the peak memory."""
    one, two = [], []
    for _ in range(rounds):
        one.append(run(source, 1, folder / "one"))
        two.append(run(source, 2, folder / "two"))
    same = (folder / "one").read_bytes() == (folder / "two").read_bytes()
    rate = [statistics.median(count / wall for wall, _, _ in runs) for runs in (one, two)]
    gain = statistics.median(a[0] / b[0] for a, b in zip(one, two, strict=True))
    cpu = [statistics.median(runs[1] for runs in some) for some in (one, two)]
    print(
        f"{kind:<5} {source.stat().st_size / count / 1024:5.1f} KB a record  one process {rate[0]:6.0f}/s (CPU {count / cpu[0]:.0f}/s, {one[0][2]} MB)  "
        f"two {rate[1]:6.0f}/s (CPU {cpu[1] / cpu[0]:.2f} times, {max(r[2] for r in two)} MB a process)  gain {gain:.2f}  {'same bytes' if same else 'OTHER BYTES'}"
    )


def shares(source: Path, count: int) -> None:
    """Print where the CPU time of *count* records goes: reading, facts, engine, findings, telling, writing."""
    import io
    from datetime import date
    from itertools import islice

    from audit.batch import Telling, Work, Workshop
    from audit.engine.examine import as_of_day
    from audit.engine.reading import Reading
    from audit.engine.table import Cells, Outcome
    from audit.model.registration import Registration
    from audit.model.result import Audit
    from audit.pipeline import Found, Settings, find
    from audit.readers import read_raw
    from audit.reports.streams import STREAMS
    from audit.reports.words import Words

    shop = Workshop(Work(Settings(as_of=date.fromisoformat(AS_OF)), Telling(), quick=True))
    engine, spent = shop.engine, dict.fromkeys(("reading", "facts", "engine", "findings", "telling", "writing"), 0.0)

    def timed(part: str, work: Callable[[], Any]) -> Any:
        began = time.process_time()
        made = work()
        spent[part] += time.process_time() - began
        return made

    def read() -> list[Registration]:
        raws = (item.raw for item in find([str(source)], None) if isinstance(item, Found))
        return [one for raw in islice(raws, count) for one in read_raw(raw) if isinstance(one, Registration)]

    def cells() -> list[Cells]:
        made = [Cells(reading) for reading in readings]
        for record in made:
            record.ask(engine.asked)
        return made

    def asked() -> dict[str, Outcome]:
        rows = [record.listed(engine.names) for record in made]
        return engine._route.outcomes(engine.names, rows, [record.registry for record in some])

    def found() -> list[Audit]:
        of = enumerate(zip(readings, made, days, strict=True))
        return [engine._audit(at, reading, row, *day, outcomes, least) for at, (reading, row, day) in of]

    def telling() -> list[Any]:
        return [shop.work.make(audit, shop.run) for audit in audits]

    def written() -> None:
        for one in told:
            stream.add(one)

    records, least = timed("reading", read), shop.work.settings.min_confidence
    stream = STREAMS["jsonl"](io.BytesIO(), shop.run, Words.of("en"))
    for start in range(0, len(records), 500):
        some = records[start : start + 500]
        days = [as_of_day(record, shop.work.settings.as_of) for record in some]
        readings = [Reading(record, engine.vocabulary, day) for record, (day, _) in zip(some, days, strict=True)]
        made = timed("facts", cells)
        outcomes = timed("engine", asked)
        audits = timed("findings", found)
        told = timed("telling", telling)
        timed("writing", written)
    whole = sum(spent.values())
    said = ", ".join(f"{part} {seconds / whole:.0%}" for part, seconds in spent.items())
    print(f"      {1000 * whole / len(records):.1f} ms of CPU a record: {said}")


def again(folder: Path, rows: list[list[str]]) -> None:
    """Print the time of a run that fills a store, and of a second one after 1 % of the records have changed."""
    source, store, out = folder / "again.csv", folder / "store.db", folder / "out"
    write_csv(source, rows)
    first = run(source, 1, out, "--store", str(store))
    at = rows[0].index("Scientific title" if "Scientific title" in rows[0] else "Scientific_title")
    for row in rows[1::100]:
        row[at] += " (changed)"
    write_csv(source, rows)
    second = run(source, 1, out, "--store", str(store))
    third = run(source, 1, out, "--store", str(store))
    print(
        f"store: first {first[0]:.1f} s (CPU {first[1]:.1f}), 1 % changed {second[0]:.1f} s (CPU {second[1]:.1f}; {first[1] / second[1]:.1f} times faster), "
        f"nothing changed {third[0]:.1f} s (CPU {third[1]:.1f}); {store.stat().st_size / (len(rows) - 1):.0f} bytes a record"
    )


if __name__ == "__main__":
    main()
