"""Sample records -> the time of one record cold and its parts, records a second in a batch, the dearest facts, peak memory, time a PDF.

Each figure is a median of runs that are paired: the runs of all commands take turns, so that the load of the machine
falls on all alike. Run it with ``make bench``.
"""

import argparse
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from audit.model.registration import Registration
from audit.model.result import Fact

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = sorted((ROOT / "sample_records" / "irct").glob("*.txt"))
RECORD = ROOT / "sample_records" / "irct" / "clean.txt"
AS_OF = "2026-06-11"
TARGETS = {"--help": 0.35, "explain": 0.35, "cold ratio": 0.8, "engine share": 0.10, "pdf": 0.3}
_FIRST = {
    "DT": (1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13),
    "ST": (1, 2, 3, 4, 5, 6, 8),
    "DS": (1, 2, 3, 6, 11, 12),
    "RA": (1, 2, 3, 4, 8, 10, 13),
    "BL": (2, 3, 5, 7, 8, 9),
    "PL": (1, 2, 3, 4, 5),
    "SS": (1, 2, 3, 4),
    "EL": (1, 2, 3, 4, 11),
    "IV": (1, 4, 5, 9),
    "OC": (1, 2, 9),
    "ET": (1, 3, 4, 5),
    "SU": (1, 2),
    "TX": (3, 6),
    "RS": (2,),
    "SH": (2,),
}
FIRST_CHECKS = [f"{family}{number:02}" for family, numbers in _FIRST.items() for number in numbers]
"""The 68 checks that were there first: what they cost is followed on its own."""
RATES = {"the first 68 checks": 600, "all checks": 800}


def main() -> None:
    """Print all figures with their targets."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=7, help="paired runs of the cold commands")
    options.add_argument("--records", type=int, default=1000, help="records of the batch")
    chosen = options.parse_args()
    cold(chosen.rounds)
    parts()
    batch("the first 68 checks", FIRST_CHECKS, chosen.records)
    batch("all checks", (), chosen.records)
    dearest_facts(chosen.records)
    pdf()


def cold(rounds: int) -> None:
    """Print the wall time of whole processes, paired, and the ratio to a bare import of Great Expectations."""
    trial_audit = [sys.executable, "-m", "audit"]
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "import great_expectations": [sys.executable, "-c", "import great_expectations"],
        "--help": [*trial_audit, "--help"],
        "explain": [*trial_audit, "explain", "PL03"],
        "check one record": [*trial_audit, "check", str(RECORD), "--as-of", AS_OF, "--fail-on", "never"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            started = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
            times[name].append(time.perf_counter() - started)
    print(f"Cold processes, wall seconds, median of {rounds} paired rounds (min, max)")
    for name, seconds in times.items():
        target = f"   target at most {TARGETS[name]}" if name in TARGETS else ""
        print(f"  {name:<28} {statistics.median(seconds):6.3f}  ({min(seconds):.3f}, {max(seconds):.3f}){target}")
    pairs = zip(times["check one record"], times["import great_expectations"], strict=True)
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"  check / import               {ratio:6.2f}   target at most {TARGETS['cold ratio']}")


def parts() -> None:
    """Print where the time of one record goes in a new process."""
    script = f"""
import time; t0 = time.perf_counter()
from audit.deferred import load_great_expectations; load_great_expectations(); t1 = time.perf_counter()
import audit.engine.expectations, audit.pipeline as p; from audit.reports import RENDERERS; from audit.reports.words import Words; t2 = time.perf_counter()
from datetime import date
s = p.Settings(as_of=date.fromisoformat({AS_OF!r})); c, e = p.prepare(s); t3 = time.perf_counter()
r = list(p.read_paths([{str(RECORD)!r}], s, p.Reading())); t4 = time.perf_counter()
from audit.engine.reading import Reading; from audit.engine.table import Cells
c = Cells(Reading(r[0], e.vocabulary, s.as_of)); c.ask(e.asked); row = c.listed(e.names); t5 = time.perf_counter()
e._route.outcomes(e.names, [row], ["IRCT"]); t6 = time.perf_counter()
run = p.Run(audits=e.examine(r, s.as_of), checks=e.checks); t7 = time.perf_counter()
RENDERERS["text"](run, Words.of("en")); t8 = time.perf_counter()
print(t1-t0, t2-t1, t3-t2, t4-t3, t5-t4, t6-t5, t8-t7)
"""
    names = ("imports: Great Expectations", "imports: ours", "catalogue", "reading", "facts", "engine (GX)", "output")
    runs = [
        [
            float(x)
            for x in subprocess.run(
                [sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=ROOT
            ).stdout.split()
        ]
        for _ in range(5)
    ]
    print("Parts of one record, seconds, median of 5 processes")
    for name, seconds in zip(names, zip(*runs, strict=True), strict=True):
        print(f"  {name:<28} {statistics.median(seconds):6.3f}")


_LONG = 20
"""A line of more characters is a text: in no two records of the batch does it stand alike."""
_WORD = re.compile(r"[^\W\d_]{4,}")
_NAME = re.compile(r"(?:Dr |Prof )?[A-Z][a-z]+ [A-Z][a-z]+(?: [A-Z][a-z]+)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d.*")


def varied(count: int) -> list[tuple[str, bytes]]:
    """Return *count* records: the samples with their ids, names, numbers and some words of each text varied.

    No text, that is no line of more than 20 characters that is no label or wording of the page, comes twice: what is
    kept of one text helps with no other.
    """
    from audit.readers.irct_labels import BLOCK_KEYS, ORDERS, key

    chance = random.Random(7)
    samples = [path.read_bytes().decode("utf-8-sig") for path in SAMPLES]
    of_page = Counter(line.strip() for text in samples for line in set(text.splitlines()))
    words = [_WORD.findall(" ".join(line for line in text.splitlines() if len(line) > 2 * _LONG)) for text in samples]
    seen: set[str] = set()
    made = []
    for number in range(count):
        at = number % len(samples)
        text = re.sub(r"IRCT\d{14}N\d+", f"IRCT20990101{number:06}N1", samples[at])
        lines = text.split("\n")
        for place, line in enumerate(lines):
            bare = line.strip(" \r*#-:")
            if of_page[line.strip()] > 1 or key(bare) in ORDERS or key(bare) in BLOCK_KEYS or _DATE.fullmatch(bare):
                continue
            if _NAME.fullmatch(bare):
                lines[place] = " ".join(_changed(word, chance) for word in line.split(" "))
            elif len(bare) > _LONG:
                changed, more = line, 0
                while changed in seen or changed == line:
                    changed, more = _vary(line, words[at], more, chance), more + 1
                seen.add(changed)
                lines[place] = changed
        made.append((f"record-{number}.txt", "\n".join(lines).encode()))
    return made


def _vary(line: str, words: list[str], more: int, chance: random.Random) -> str:
    """Return *line* with its numbers of two and three digits changed, and every tenth word and *more* exchanged or misspelt."""
    line = re.sub(r"(?<![\d/.-])\d{2,3}(?![\d/.-])", lambda match: str(chance.randint(10, 10 ** len(match[0]) - 1)), line)
    parts = line.split(" ")
    for _ in range(len(parts) // 10 + 1 + more):
        at = chance.randrange(len(parts))
        if _WORD.fullmatch(parts[at]):
            parts[at] = chance.choice(words) if chance.random() < 0.7 else _changed(parts[at], chance)
        else:
            parts[at] = re.sub(r"\d", lambda _: str(chance.randint(1, 9)), _changed(parts[at], chance))
    return " ".join(parts)


def _changed(word: str, chance: random.Random) -> str:
    """Return *word* with two of its small letters changed, or of another script two exchanged."""
    letters = list(word)
    for _ in range(2 if len(letters) > 1 else 0):
        at = chance.randrange(1, len(letters))
        if letters[at].isascii() and letters[at].islower():
            letters[at] = chance.choice("aeioubdklmnrst")
        elif not letters[at].isascii():
            letters[at - 1], letters[at] = letters[at], letters[at - 1]
    return "".join(letters)


def batch(title: str, codes: Iterable[str], count: int) -> None:
    """Print records a second of a batch on one core, where the time goes, the share of Great Expectations, and peak memory."""
    from audit.deferred import calm_the_collector, load_great_expectations

    load_great_expectations()
    import datetime

    from audit.engine.reading import Reading
    from audit.engine.table import Cells, DirectRoute
    from audit.model.result import Run
    from audit.pipeline import Settings, prepare
    from audit.reports import RENDERERS
    from audit.reports.words import Words

    day = datetime.date.fromisoformat(AS_OF)
    records = varied((_ROUNDS + 1) * count)  # no round sees a record of another
    catalogue, engine = prepare(Settings(as_of=day, checks=tuple(codes)))
    engine.examine(_read(records[:count]), day)
    calm_the_collector()
    rates, shares, split = [], [], []
    for at in range(count, len(records), count):
        chunk = records[at : at + count]
        whole = time.process_time()
        read = _read(chunk)
        after_reading = time.process_time()
        audits = engine.examine(read, day)
        examined = time.process_time()
        RENDERERS["json"](Run(audits=audits, checks=engine.checks, catalogue_sha256=catalogue.sha256), Words.of("en"))
        written = time.process_time()
        cells = [Cells(Reading(one, engine.vocabulary, day)) for one in _read(chunk)]
        started = time.process_time()
        for record in cells:
            record.ask(engine.asked)
        after_facts = time.process_time()
        rows, registries = [record.listed(engine.names) for record in cells], [one.registry for one in read]
        before_engine = time.process_time()
        engine._route.outcomes(engine.names, rows, registries)
        after_engine = time.process_time()
        DirectRoute(engine.checks).outcomes(engine.names, rows, registries)
        direct = time.process_time() - after_engine
        total = written - whole
        rates.append(count / total)
        shares.append((after_engine - before_engine) / total)
        split.append((after_reading - whole, after_facts - started, after_engine - before_engine, direct, written - examined))
    characters = sum(len(data) for _, data in records) / len(records)
    names = ("reading", "facts", "engine (GX)", "of it the checks alone", "output (JSON)")
    print(
        f"{title} ({len(engine.checks)}), batches of {count} varied records of {characters:.0f} bytes, one core, CPU time, median of {_ROUNDS}"
    )
    print(f"  records a second             {statistics.median(rates):6.0f}   target at least {RATES[title]}")
    for name, seconds in zip(names, zip(*split, strict=True), strict=True):
        print(f"  {name:<28} {statistics.median(seconds) / count * 1000:6.3f} ms a record")
    print(f"  share of the GX step         {statistics.median(shares):6.1%}   target at most {TARGETS['engine share']:.0%}")
    print(f"  peak memory                  {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:6.0f} MB")


_ROUNDS = 5


def _read(records: Iterable[tuple[str, bytes]]) -> list[Registration]:
    from audit.readers import read_bytes

    return [one for shown, data in records for one in read_bytes(data, shown) if isinstance(one, Registration)]


def dearest_facts(count: int, most: int = 5) -> None:
    """Print the facts that take the most time of their own, without the facts that they ask for."""
    import dataclasses
    import datetime

    from audit.engine.reading import FACTS, Reading
    from audit.engine.table import Cells
    from audit.pipeline import Settings, prepare

    day = datetime.date.fromisoformat(AS_OF)
    records = _read(varied(2 * count))
    _, engine = prepare(Settings(as_of=day))
    taken: Counter[str] = Counter()
    inner = [0.0]

    def timed(name: str, find: Callable[[Reading], Fact]) -> Callable[[Reading], Fact]:
        def find_in_time(reading: Reading) -> Fact:
            started = time.process_time()
            inner.append(0.0)
            try:
                return find(reading)
            finally:
                whole = time.process_time() - started
                taken[name] += whole - inner.pop()
                inner[-1] += whole

        return find_in_time

    kinds = dict(FACTS)
    FACTS.update({name: dataclasses.replace(kind, find=timed(name, kind.find)) for name, kind in kinds.items()})
    for at, record in enumerate(records):
        if at == count:
            taken.clear()  # the first half only warms up
        Cells(Reading(record, engine.vocabulary, day)).ask(engine.asked)
    FACTS.update(kinds)
    whole = sum(taken.values())
    print(f"The {most} dearest of {len(taken)} facts, CPU time of their own, {count} varied records")
    for name, seconds in taken.most_common(most):
        print(f"  {name:<36} {seconds / count * 1000:6.3f} ms a record  {seconds / whole:5.1%}")


def pdf() -> None:
    """Print the time of a warm PDF and its pages."""
    import datetime

    import pypdfium2

    from audit.pipeline import Settings, prepare
    from audit.readers import read_bytes
    from audit.reports import html
    from audit.reports import pdf as pdf_report
    from audit.reports.words import Words

    day = datetime.date.fromisoformat(AS_OF)
    catalogue, engine = prepare(Settings(as_of=day))
    info = html.RunInfo.of(engine.checks, catalogue.sha256)
    print("A PDF in a warm process, wall seconds, median of 7")
    for path in SAMPLES:
        (read,) = [one for one in read_bytes(path.read_bytes(), path.name) if isinstance(one, Registration)][:1]
        (audit,) = engine.examine([read], day)
        make: Callable[[], bytes] = lambda audit=audit: pdf_report.render(audit, info, Words.of("en"))  # noqa: E731
        pages = len(pypdfium2.PdfDocument(make()))
        seconds = []
        for _ in range(7):
            started = time.perf_counter()
            made = make()
            seconds.append(time.perf_counter() - started)
        print(
            f"  {path.name:<28} {statistics.median(seconds):6.3f}   {pages} pages, {len(made) // 1024} KB, {len(audit.findings)} findings   target for four pages at most {TARGETS['pdf']}"
        )


if __name__ == "__main__":
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or every cold process would compile our modules anew
    main()
