"""Sample records -> the time of a PDF page, beside a headless Chromium that prints the same page, and HTML reports a second.

The two take turns in one run, so that the load of the machine falls on both alike. Run it with ``make bench``.
"""

import argparse
import datetime
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pypdfium2

from audit.model.registration import Registration
from audit.model.result import Audit
from audit.pipeline import Settings, prepare
from audit.readers import read_bytes
from audit.reports import html
from audit.reports import pdf as pdf_report
from audit.reports.words import Words

ROOT = Path(__file__).resolve().parents[1]
AS_OF = datetime.date(2026, 6, 11)
TARGETS = {"read": 75, "whole": 120, "chromium": 1 / 3, "html": 100}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def main() -> None:
    """Print all figures with their targets."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=7, help="paired runs")
    options.add_argument("--record", type=Path, default=ROOT / "sample_records" / "irct" / "split_mouth.txt")
    chosen = options.parse_args()
    catalogue, engine = prepare(Settings(as_of=AS_OF))
    read = [one for one in read_bytes(chosen.record.read_bytes(), chosen.record.name) if isinstance(one, Registration)]
    (audit,) = engine.examine(read[:1], AS_OF)
    info = html.RunInfo.of(engine.checks, catalogue.sha256)
    for language in ("en", "fa"):
        compare(audit, info, Words.of(language), chosen.rounds)


def compare(audit: Audit, info: html.RunInfo, words: Words, rounds: int) -> None:
    """Print the figures of one record in one language."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(html.render(audit, info, words, html.Form(appendix=False)), encoding="utf-8")
        ways: dict[str, Callable[[], object]] = {
            "read": lambda: pdf_report.render(audit, info, words, appendix=False),
            "whole": lambda: pdf_report.render(audit, info, words),
            "html": lambda: html.render(audit, info, words),
        }
        if CHROMIUM:
            ways["chromium"] = lambda: printed(page)
        pages = {name: len(pypdfium2.PdfDocument(ways[name]())) for name in ("read", "whole")}
        wall: dict[str, list[float]] = {name: [] for name in ways}
        cpu: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, way in ways.items():
                started, worked = time.perf_counter(), time.process_time()
                way()
                wall[name].append(time.perf_counter() - started)
                cpu[name].append(time.process_time() - worked)
    print(
        f"{words.language}, {len(audit.findings)} findings, median of {rounds} paired rounds: milliseconds of wall (of CPU) a page"
    )
    for name in ("read", "whole"):
        said = {"read": "the pages to read", "whole": "the whole file"}[name]
        spent, worked = (statistics.median(times[name]) / pages[name] * 1000 for times in (wall, cpu))
        print(f"  {said:<28} {spent:6.0f}  ({worked:.0f})   {pages[name]} pages   target at most {TARGETS[name]}")
    if CHROMIUM:
        ratio = statistics.median(ours / its for ours, its in zip(wall["read"], wall["chromium"], strict=True))
        print(f"  ours / Chromium's            {ratio:6.2f}   target at most {TARGETS['chromium']:.2f}")
    else:
        print("  no Chromium here to compare with")
    print(f"  HTML reports a second        {1 / statistics.median(wall['html']):6.0f}   target at least {TARGETS['html']}")


def printed(page: Path) -> None:
    """Let a new headless Chromium print *page*."""
    command = [CHROMIUM, "--headless", "--no-pdf-header-footer", f"--print-to-pdf={page.with_suffix('.pdf')}", page.as_uri()]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.insert(1, "--no-sandbox")
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    main()
