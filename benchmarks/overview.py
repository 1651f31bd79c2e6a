"""Varied records -> the time that the overview of a batch and its tables take beyond the audit itself.

    python benchmarks/overview.py [--records 10000] [--out DIR]

Timed are what is told of each record (the rows of all tables), the summaries, ``index.html``, ``findings.csv``,
``findings.parquet`` and ``index.pdf`` (totals and the first hundred records), which together have a target, and apart from it
``findings.xlsx``. With ``--out`` the files are left there to look at.
Run it with ``make bench-overview``.
"""

import argparse
import datetime
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from speed import AS_OF, varied

TARGET = 15.0
_CHUNK = 500


class Watch:
    """The seconds that each part has taken, of wall and of CPU."""

    def __init__(self) -> None:
        self.spent: dict[str, tuple[float, float]] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Add the time of what is done within to the part *name*."""
        began, worked = time.perf_counter(), time.process_time()
        yield
        wall, cpu = self.spent.get(name, (0.0, 0.0))
        self.spent[name] = wall + time.perf_counter() - began, cpu + time.process_time() - worked

    def tell(self, *names: str) -> tuple[float, float]:
        """Print the parts *names* and return their sum."""
        for name in names:
            print(f"  {name:<18} {self.spent[name][0]:6.2f} s (CPU {self.spent[name][1]:5.2f})")
        wall, cpu = zip(*(self.spent[name] for name in names), strict=True)
        return sum(wall), sum(cpu)


def main() -> None:
    """Print the time of each file."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--records", type=int, default=10_000)
    options.add_argument("--lang", default="en")
    options.add_argument("--out", type=Path)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = chosen.out or Path(folder)
        out.mkdir(parents=True, exist_ok=True)
        measure(chosen.records, chosen.lang, out)


def measure(count: int, lang: str, out: Path) -> None:
    """Audit *count* records, write their overview into the folder *out*, and print what took how long."""
    from audit.deferred import calm_the_collector, load_great_expectations

    load_great_expectations()
    from audit.model.registration import Registration
    from audit.model.result import Run
    from audit.pipeline import Settings, prepare
    from audit.readers import read_bytes
    from audit.reports import html, overview, pdf
    from audit.reports.streams import STREAMS
    from audit.reports.summary import Summary
    from audit.reports.told import Told
    from audit.reports.totals import Totals
    from audit.reports.words import Words

    calm_the_collector()
    day, watch = datetime.date.fromisoformat(AS_OF), Watch()
    catalogue, engine = prepare(Settings(as_of=day))
    run, words = Run(checks=engine.checks, catalogue_sha256=catalogue.sha256), Words.of(lang)
    files = {form: (out / f"findings.{form}").open("wb") for form in ("csv", "parquet", "xlsx")}
    streams = {form: STREAMS[form](file, run, words) for form, file in files.items()}
    totals, summaries, texts = Totals(), list[Summary](), varied(count)
    for at in range(0, count, _CHUNK):
        with watch("audit"):
            read = [one for shown, data in texts[at : at + _CHUNK] for one in read_bytes(data, shown)]
            audits = engine.examine([one for one in read if isinstance(one, Registration)], day)
        with watch("told"):
            told = [Told.of(audit, words) for audit in audits]
            for one in told:
                totals.add(one)
        with watch("summaries"):
            summaries += [Summary.of(audit, run.checks, words, f"{audit.registration.trial_id.text}.html") for audit in audits]
        for form, stream in streams.items():
            with watch(f"findings.{form}"):
                for one in told:
                    stream.add(one)
    for form, stream in streams.items():
        with watch(f"findings.{form}"), files[form]:
            stream.end(run, totals)
    info = html.RunInfo.of(run.checks, run.catalogue_sha256)
    with watch("index.html"):
        (out / "index.html").write_text(overview.render(summaries, (), info, words), encoding="utf-8")
    with watch("index.pdf"):
        (out / "index.pdf").write_bytes(pdf.render_overview(summaries, (), info, words))
    print(f"{totals.records} records, {totals.findings.total()} findings, {lang}; load {os.getloadavg()[0]:.1f}")
    watch.tell("audit")
    wall, cpu = watch.tell("told", "summaries", "index.html", "findings.csv", "findings.parquet", "index.pdf")
    print(f"  {'together':<18} {wall:6.2f} s (CPU {cpu:5.2f})   target for 10000 records at most {TARGET}")
    watch.tell("findings.xlsx")
    for name in ("index.html", "index.pdf", *(f"findings.{form}" for form in files)):
        print(f"  {name:<18} {(out / name).stat().st_size / 1e6:6.1f} MB")
    print(f"  peak memory        {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:6.0f} MB")


if __name__ == "__main__":
    main()
