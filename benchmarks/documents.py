"""Varied records -> the time of a report of each as PDF by one process and by two, and of a second run that finds them all there.

    python benchmarks/documents.py [--records 500] [--rounds 1]

Each figure is of the whole command, start and Great Expectations included. One process and two take turns. Where the machine is
shared the wall says as much of the others as of us: beside it stands the gain that the CPU seconds let expect on two free cores,
those of one process over those of the command itself and half of those of its two helpers. Run it with ``make bench-documents``.
"""

import argparse
import filecmp
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from speed import AS_OF, ROOT, varied

TARGET = 1.7
_SCRIPT = """
import resource, sys
from audit.cli import cli
try:
    cli(sys.argv[1:])
except SystemExit as end:
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(own.ru_utime + own.ru_stime, others.ru_utime + others.ru_stime, max(own.ru_maxrss, others.ru_maxrss) // 1024)
    sys.exit(end.code)
"""


def run(script: Path, source: Path, out: Path, jobs: int, *more: str) -> tuple[float, float, float, int, str]:
    """Report on *source*; return wall, the CPU of the command itself and of its helpers, the peak memory in MB, and its notes."""
    command = [sys.executable, str(script), "report", str(source), "--out", str(out), "--as-of", AS_OF, "--format", "pdf"]
    began = time.perf_counter()
    said = subprocess.run(
        [*command, "--jobs", str(jobs), "--no-progress", *more],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    if said.returncode:
        sys.exit(said.stderr)
    own, others, memory = said.stdout.split()[-3:]
    return time.perf_counter() - began, float(own), float(others), int(memory), said.stderr


def main() -> None:
    """Print all figures."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--records", type=int, default=500)
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--no-appendix", action="store_true", help="only the pages to read")
    chosen = options.parse_args()
    more = ("--no-appendix",) if chosen.no_appendix else ()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, script = folder / "records", folder / "command.py"
        source.mkdir()
        script.write_text(_SCRIPT, encoding="utf-8")
        for shown, data in varied(chosen.records):
            (source / shown).write_bytes(data)
        walls, gains, expected = [], [], []
        for number in range(chosen.rounds):
            outs = [folder / f"{number}-{jobs}" for jobs in (1, 2)]
            one, two = (run(script, source, out, jobs, *more) for jobs, out in zip((1, 2), outs, strict=True))
            walls.append((one[0], two[0]))
            gains.append(one[0] / two[0])
            expected.append((one[1] + one[2]) / (two[1] + two[2] / 2))
            files = sorted(path.name for path in outs[0].iterdir())
            same = filecmp.cmpfiles(*outs, files, shallow=False)[0] == files
            print(
                f"one process {one[0]:6.1f} s (CPU {one[1]:.1f}, {one[3]} MB)   two {two[0]:6.1f} s (CPU {two[1]:.1f} and {two[2]:.1f} of the helpers, "
                f"{two[3]} MB)   gain {gains[-1]:.2f}, by CPU {expected[-1]:.2f}   {'same bytes' if same else 'OTHER BYTES'}; load {os.getloadavg()[0]:.1f}"
            )
        again = run(script, source, folder / "0-2", 2, *more)
        print(
            f"{chosen.records} PDFs: {statistics.median(wall[0] for wall in walls) / chosen.records * 1000:.0f} ms a record by one process; "
            f"gain {statistics.median(gains):.2f}, by CPU {statistics.median(expected):.2f}   target at least {TARGET}"
        )
        print(f"again, all there: {again[0]:.1f} s (CPU {again[1] + again[2]:.1f}); {again[4].strip().splitlines()[-1]}")


if __name__ == "__main__":
    main()
