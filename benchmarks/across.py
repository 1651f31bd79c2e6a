"""Exports of many records -> what comparing the records of a run with one another costs beyond auditing each alone.

The records are those of a sample, or of a file that is given, in other words: no two are alike but those that are planted, two in
a hundred. Whole commands into JSON lines; with and without ``--alone`` they take turns. Run it with
``python benchmarks/across.py --records 10000 --csv FILE``.
"""

import argparse
import os
import random
import re
import statistics
import tempfile
from pathlib import Path

from batch import SAMPLES, run, table, write_csv

_WORD = re.compile(r"[a-z]{5,}")
_KEPT = (
    "TrialID",
    "Source",
    "date",
    "Date",
    "status",
    "Study type",
    "Study_type",
    "Study design",
    "Study_design",
    "age",
    "gender",
)
EVERY = 50
"""One record in so many is planted again under the next one's number."""


def reworded(rows: list[list[str]]) -> list[list[str]]:
    """Return *rows* with two in three of the long words in their texts replaced by others, and one in `EVERY` repeated."""
    chance = random.Random(3)
    names = rows[0]
    texts = [at for at, name in enumerate(names) if not any(kept in name for kept in _KEPT)]
    pool = sorted({word for row in rows[1:1000] for at in texts for word in _WORD.findall(row[at])})
    made = [names]
    for number, row in enumerate(rows[1:]):
        cells = [
            _WORD.sub(lambda word: chance.choice(pool) if chance.random() < 0.66 else word[0], cell) if at in texts else cell
            for at, cell in enumerate(row)
        ]
        if number % EVERY == 1:
            cells = [made[-1][at] if name != "TrialID" else cells[at] for at, name in enumerate(names)]
        made.append(cells)
    return made


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--records", type=int, default=3000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--jobs", type=int, default=1)
    options.add_argument("--csv", type=Path, default=SAMPLES["csv"], help="a WHO ICTRP export whose rows are multiplied")
    options.add_argument("--checks", help="only these checks, separated by commas")
    chosen = options.parse_args()
    more = ("--checks", chosen.checks) if chosen.checks else ()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "export.csv"
        write_csv(source, reworded(table(chosen.csv, chosen.records)))
        runs: dict[str, list[tuple[float, float, int]]] = {"alone": [], "compared": []}
        for _ in range(chosen.rounds):
            runs["alone"].append(run(source, chosen.jobs, folder / "alone", *more, "--alone"))
            runs["compared"].append(run(source, chosen.jobs, folder / "compared", *more))
        found = (folder / "compared").read_bytes().count(b'"check":"XR04"')
    print(f"{chosen.records} records, {chosen.jobs} processes, median of {chosen.rounds} rounds; load {os.getloadavg()[0]:.1f}")
    for kind, some in runs.items():
        wall, cpu, memory = (statistics.median(one[at] for one in some) for at in range(3))
        print(f"{kind:<9} wall {wall:6.1f} s  CPU {cpu:6.1f} s  {memory:.0f} MB")
    more_cpu = statistics.median(b[1] - a[1] for a, b in zip(runs["alone"], runs["compared"], strict=True))
    print(
        f"comparing costs {more_cpu:.1f} s of CPU, {more_cpu / chosen.records * 1000:.2f} ms a record; {found} findings of XR04"
    )


if __name__ == "__main__":
    main()
