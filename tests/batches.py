"""Exports of many invented records, for tests and measurements."""

import csv
import io
import random
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXPORT = ROOT / "sample_records" / "ictrp" / "export.csv"


def rows(count: int, seed: int = 1) -> list[list[str]]:
    """Return the names of the columns and *count* rows: the sample's, each with its own number and other numbers in its texts."""
    chance = random.Random(seed)
    names, *samples = csv.reader(io.StringIO(EXPORT.read_bytes().decode("utf-8-sig"), newline=""))
    at = names.index("TrialID")
    made = [names]
    for number in range(count):
        cells = [
            re.sub(r"\b\d{2}\b(?= )", lambda m: str(chance.randint(20, 99)), cell) for cell in samples[number % len(samples)]
        ]
        cells[at] = f"IRCT20990101{number:06}N1"
        made.append(cells)
    return made


def export(path: Path, count: int, seed: int = 1) -> Path:
    """Write an export of *count* records to *path* and return it."""
    return write(path, rows(count, seed))


def write(path: Path, table: list[list[str]]) -> Path:
    """Write *table* as CSV to *path* and return it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table)
    return path
