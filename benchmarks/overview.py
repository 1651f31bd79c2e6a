"""Varied records -> the time that the overview of a batch and its tables take beyond the audit itself.

    python benchmarks/overview.py [--records 10000] [--out DIR]

Timed are the summaries, ``index.html``, ``findings.csv`` and ``findings.parquet``, which together have a target, and apart from
it ``index.pdf`` (totals and the first hundred records) and ``findings.xlsx``. With ``--out`` the files are left there to look at.
"""

import argparse
import datetime
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from speed import AS_OF, varied

TARGET = 15.0


def main() -> None:
    """Print the time of each file."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--records", type=int, default=10_000)
    options.add_argument("--lang", default="en")
    options.add_argument("--out", type=Path)
    chosen = options.parse_args()

    from audit.deferred import calm_the_collector, load_great_expectations

    load_great_expectations()
    from audit.model.registration import Registration
    from audit.model.result import Run
    from audit.pipeline import CHUNK, Settings, prepare
    from audit.readers import read_bytes
    from audit.reports import html, overview, pdf, tables
    from audit.reports.summary import Summary
    from audit.reports.words import Words

    calm_the_collector()
    day = datetime.date.fromisoformat(AS_OF)
    catalogue, engine = prepare(Settings(as_of=day))
    started = time.perf_counter()
    registrations = [
        one for shown, data in varied(chosen.records) for one in read_bytes(data, shown) if isinstance(one, Registration)
    ]
    run = Run(checks=engine.checks, catalogue_sha256=catalogue.sha256)
    for at in range(0, len(registrations), CHUNK):
        run.audits.extend(engine.examine(registrations[at : at + CHUNK], day))
    audited = time.perf_counter() - started
    words, info = Words.of(chosen.lang), html.RunInfo.of(engine.checks, catalogue.sha256)
    print(
        f"{len(run.audits)} records, {sum(len(audit.findings) for audit in run.audits)} findings; reading and audit {audited:.1f} s"
    )

    def timed(name: str, make: Callable[[], object]) -> tuple[float, object]:
        started, cpu = time.perf_counter(), time.process_time()
        made = make()
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
        size = f"{len(made) / 1e6:7.1f} MB" if isinstance(made, str | bytes) else ""
        print(f"  {name:<18} {seconds:6.2f} s (CPU {cpu:5.2f}) {size}")
        if chosen.out and isinstance(made, str | bytes):
            chosen.out.mkdir(parents=True, exist_ok=True)
            (chosen.out / name).write_bytes(made.encode() if isinstance(made, str) else made)
        return seconds, made

    first, summaries = timed(
        "summaries", lambda: [Summary.of(a, run.checks, words, f"{a.registration.trial_id.text}.html") for a in run.audits]
    )
    assert isinstance(summaries, list)
    together = first + sum(
        timed(name, make)[0]
        for name, make in (
            ("index.html", lambda: overview.render(summaries, (), info, words)),
            ("findings.csv", lambda: tables.render_csv(run, words)),
            ("findings.parquet", lambda: tables.render_parquet(run, words)),
        )
    )
    print(f"  {'together':<18} {together:6.2f} s   target for 10000 records at most {TARGET}")
    timed("index.pdf", lambda: pdf.render_overview(summaries, (), info, words))
    timed("findings.xlsx", lambda: tables.render_xlsx(run, words))
    print(f"  peak memory        {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:6.0f} MB, with all audits kept")


if __name__ == "__main__":
    main()
