"""The targets of the fuzzing: how an input of each is made, and what must be true whatever it holds.

Of every input: no crash but the clear errors, no more than two seconds of CPU time for 100 kB, and each value and each quote of
a finding or a fact verbatim in its place, found by reading the source a second time without the reader under test.
"""

import csv
import io
import json
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

import yaml

from audit import baseline, config, waivers
from audit.engine import age_limits, dosage, numbers, timepoints
from audit.engine.examine import Engine
from audit.engine.load import load
from audit.engine.reading import FACTS, Reading
from audit.engine.table import DirectRoute
from audit.engine.vocabulary import load_vocabulary
from audit.errors import AuditError, UnreadableError
from audit.folders import folder
from audit.model.fold import fold
from audit.model.registration import Registration
from audit.model.result import Run, Waiver
from audit.model.span import Place, Value
from audit.readers import read_bytes, who_design, who_lists, who_spellings
from audit.readers.ages import read_ages
from audit.readers.dates import read_date
from audit.readers.draft import registration
from audit.readers.draft_form import as_mapping, filled
from audit.readers.ictrp import _FULL as FULL
from fuzz import mutate
from fuzz.mutate import Tape

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "sample_records"
AS_OF = date(2026, 6, 11)
SECONDS, PER_BYTES = 2.0, 100_000
csv.field_size_limit(sys.maxsize)


@dataclass(frozen=True)
class Target:
    """A part that takes what strangers wrote; ``share`` is how many of a thousand inputs of a long run are for it."""

    name: str
    share: int
    make: Callable[[Tape], bytes]
    hold: Callable[[bytes], None]


class TooSlowError(AssertionError):
    """An input took longer than its size allows."""


def held(target: Target, data: bytes) -> None:
    """Assert all that must be true of *data*, and that it took no longer than it may."""
    began = time.process_time()
    target.hold(data)
    spent, allowed = time.process_time() - began, SECONDS * max(1.0, len(data) / PER_BYTES)
    if spent > allowed:
        raise TooSlowError(f"{spent:.1f} s for {len(data)} bytes")


# The samples


@cache
def texts() -> tuple[str, ...]:
    """Return the pages of the sample records."""
    return tuple(path.read_text(encoding="utf-8-sig") for path in sorted((SAMPLES / "irct").glob("*.txt")))


def sample(name: str) -> str:
    """Return the text of a sample."""
    return (SAMPLES / name).read_text(encoding="utf-8-sig")


@cache
def rows() -> list[list[str]]:
    """Return the cells of the sample export."""
    return list(csv.reader(io.StringIO(sample("ictrp/export.csv"), newline="")))


@cache
def bare_rows() -> list[list[str]]:
    """Return the cells of the sample export in the order of the WHO's full database, which has no line of names."""
    head, *body = rows()
    same = {
        "Condition": "Conditions",
        "Intervention": "Interventions",
        "Inclusion agemin": "Agemin",
        "Inclusion agemax": "Agemax",
    }
    same |= {"Inclusion gender": "Gender", "Primary outcome": "Primary Outcome", "Recruitment Status": "Recruitment status"}
    named = [dict(zip((same.get(name, name) for name in head), row, strict=True)) for row in body]
    return [[one.get(name, "") for name in FULL] for one in named]


@cache
def studies() -> Any:
    """Return the sample studies."""
    return json.loads(sample("ctgov/studies.json"))


@cache
def records() -> tuple[Registration, ...]:
    """Return the registrations of the sample pages."""
    return tuple(
        one
        for path in sorted((SAMPLES / "irct").glob("*.txt"))
        for one in read_bytes(path.read_bytes(), path.name)
        if isinstance(one, Registration)
    )


@cache
def drafts() -> tuple[str, ...]:
    """Return the sample pages as drafts."""
    return tuple(filled(one) for one in records())


@cache
def pages() -> tuple[str, ...]:
    """Return the sample pages as HTML of two kinds."""
    from html import escape

    made = []
    for text in texts():
        lines = text.splitlines()
        made.append("<!DOCTYPE html><html><body>" + "\n".join(f"<div>{escape(line)}</div>" for line in lines) + "</body></html>")
        cells = "\n".join(
            f"<tr><th>{escape(a)}</th><td>{escape(b)}</td></tr>" for a, b in zip(lines[::2], lines[1::2], strict=False)
        )
        made.append(f"<html><head><title>IRCT</title></head><table>{cells}</table></html>")
    return tuple(made)


@cache
def pdf() -> bytes:
    """Return the first page as PDF, its streams open to changes."""
    from weasyprint import HTML

    return bytes(HTML(string=pages()[0][:6000]).write_pdf(uncompressed_pdf=True))


# What must be true


def fail(said: str) -> None:
    raise AssertionError(said)


def read(data: bytes, reader: str | None, second: Callable[[bytes], Callable[[Value], str | None] | None] | None = None) -> None:
    """Read *data* and hold the values to the second reading; errors are the clear ones and no fault of the reader."""
    lookup = second(data) if second else None
    for one in read_bytes(data, "input", reader):
        if isinstance(one, UnreadableError):
            if "fault of trial-audit" in str(one):
                fail(str(one))
            continue
        for value in (*one.values, *one.unlabelled):
            if value.path is None:
                if value.text != one.source.text[value.start : value.start + len(value.text)]:
                    fail(f"{value.field} is not verbatim in the text")
                continue
            said = lookup(value) if lookup else None
            if said is not None and value.text != said[value.start : value.start + len(value.text)]:
                fail(f"{value.field} is not verbatim at {value.path}: {value.text[:80]!r}, {said[:80]!r}")


def table(data: bytes) -> Callable[[Value], str | None] | None:
    """Return the cells of CSV in UTF-8 that is well formed, by their paths."""
    try:
        cells = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None
    head = cells[0] if cells else []
    if len(set(head)) < len(head) or "TrialID" not in head or any(len(row) != len(head) for row in cells):
        return None
    known = {f"row {at}, column {name}": said for at, row in enumerate(cells, 1) for name, said in zip(head, row, strict=True)}
    return lambda value: known.get(value.path or "")


def tree(data: bytes) -> Callable[[Value], str | None] | None:
    """Return the values of JSON by their pointers."""
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return partial(_at, document)


def _at(document: Any, value: Value) -> str | None:
    node = document
    for step in (value.path or "").split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        try:
            node = node[int(step)] if isinstance(node, list) else node[step]
        except (KeyError, ValueError, IndexError, TypeError):
            return None
    return node if isinstance(node, str) else None


def plain_yaml(data: bytes) -> Callable[[Value], str | None] | None:
    """Return the scalars of YAML by their pointers."""
    try:
        document = yaml.load(data.decode("utf-8-sig"), Loader=yaml.CBaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    return partial(_at, document)


def elements(data: bytes) -> Callable[[Value], str | None] | None:
    """Return the elements of XML by their paths."""
    from lxml import etree

    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return None

    def said(value: Value) -> str | None:
        try:
            found = root.getroottree().xpath(value.path)
        except etree.XPathError:
            return None
        return "".join(found[0].itertext()) if isinstance(found, list) and len(found) == 1 and etree.iselement(found[0]) else None

    return said


def quoted(places: Iterable[Place], within: str = "") -> None:
    """Hold that each place lies in its value, and of a text in its source."""
    for place in places:
        if not 0 <= place.start <= place.end <= len(place.value.text):
            fail(f"{place.value.field}: {place.start}-{place.end} is not within {len(place.value.text)} characters")
        start = place.value.start + place.start
        if within and place.quote != within[start : start + len(place.quote)]:
            fail(f"{place.value.field} is quoted as {place.quote[:80]!r}")


@cache
def engine() -> Engine:
    """Return the catalogue, asked without Great Expectations."""
    catalogue = load(folder("checks"))
    return Engine(catalogue, catalogue.checks, [folder("checks")], DirectRoute(catalogue.checks))


def examined(data: bytes) -> None:
    """Read a page and ask every check of it."""
    for one in read_bytes(data, "input"):
        if isinstance(one, UnreadableError):
            if "fault of trial-audit" in str(one):
                fail(str(one))
            continue
        (audit,) = engine().examine([one], AS_OF)
        for code, judgement in audit.judgements.items():
            if judgement.verdict.value == "broken":
                fail(f"{code} is broken: {judgement.reason}")
        for finding in (*audit.findings, *audit.below):
            quoted((place for place in finding.evidence if place.value.source is None), one.source.text)


PARTS = ("inclusion_criteria", "exclusion_criteria", "scientific_title", "public_title", "summary", "sample_size_text", "blinding_description", "randomization_description", "minimum_age", "maximum_age", "target_sample_size", "blinding", "placebo", "registration_date", "expected_recruitment_start", "completion_date")  # fmt: skip
_SEPARATOR = "\x1e"


def stated(data: bytes) -> None:
    """Ask every fact of a record with the texts in *data*."""
    from audit.model.registration import Registration as Model

    known = {
        name: said
        for name, said in zip(_facts_fields(), data.decode("utf-8", "replace").split(_SEPARATOR), strict=False)
        if said.strip()
    }
    given: dict[str, Any] = {name: said for name, said in known.items() if name in Model.__dataclass_fields__}
    for name, parts in (("primary_outcomes", ("description", "timepoint", "method")), ("arms", ("description", "category"))):
        if found := {part: known[f"{name}.{part}"] for part in parts if f"{name}.{part}" in known}:
            given[name] = [{"description": "-", **found}]
    reading = Reading(registration(given), engine().vocabulary, AS_OF)
    for name in FACTS:
        fact = reading.fact(name)
        if fact.reason and fact.reason.kind == "broken":
            fail(f"{name} is broken: {fact.reason.about}")
        quoted((*fact.places, *(place for case in fact.cases for place in case.places)))


@cache
def _facts_fields() -> tuple[str, ...]:
    from audit.model.registration import Registration as Model

    plain = [name for name in PARTS if name in Model.__dataclass_fields__]
    return (
        *plain,
        "primary_outcomes.description",
        "primary_outcomes.timepoint",
        "primary_outcomes.method",
        "arms.description",
        "arms.category",
    )


@cache
def _facts_samples() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {name: [] for name in _facts_fields()}
    for record in records():
        said = as_mapping(record)
        for name in found:
            field, _, part = name.partition(".")
            value = said.get(field)
            if part:
                found[name] += [one[part] for one in value or () if isinstance(one, dict) and isinstance(one.get(part), str)]
            elif isinstance(value, str):
                found[name].append(value)
    return {name: tuple(some) or ("-",) for name, some in found.items()}


def make_facts(tape: Tape) -> bytes:
    """Return texts for a few fields."""
    names = _facts_fields()
    chosen = {tape.below(len(names)): tape.below(3) for _ in range(1 + tape.below(4))}
    said = [""] * len(names)
    for at in chosen:
        said[at] = tape.one(_facts_samples()[names[at]])
    for at in chosen:
        if tape:
            said[at] = mutate.text([said[at]], Tape(bytes(tape.below(256) for _ in range(6 + tape.below(12)))))
    return _SEPARATOR.join(one.replace(_SEPARATOR, " ") for one in said).encode("utf-8", "replace")


def spelt(data: bytes) -> None:
    """Read a short text as each of the things that short texts can be."""
    said = data.decode("utf-8", "replace")
    folded = fold(said)
    value = Value("input", text=said)
    read_date(value)
    read_ages(value)
    for part in timepoints.moments(folded):
        if not 0 <= part.start < part.end <= len(folded):
            fail(f"a moment at {part.start}-{part.end}")
    for ask in (numbers.count, numbers.ranges, age_limits.age_limits, age_limits.limits_in_criteria, dosage.quantities, dosage.sessions, dosage.rates, dosage.lengths, dosage.clock_slips, dosage.times_a_day):  # fmt: skip
        ask(folded)
    for ask in (who_spellings.who_day, who_spellings.export_day, who_spellings.age_limit, who_spellings.group_sizes, who_spellings.eu_phase, who_spellings.looks_like_id, who_design.irct_design, who_lists.irct_outcomes, who_lists.irct_conditions, who_lists.numbered_arms, who_lists.distinct):  # fmt: skip
        ask(said)
    for registry in ("ChiCTR", "EUCTR", "CTRI"):
        who_design.other_design(said, registry)
        who_lists.other_outcomes(said, registry)


@cache
def spellings() -> tuple[str, ...]:
    """Return short texts of the samples: the lines of pages and the cells of exports."""
    lines = {line for text in texts() for line in text.splitlines() if 2 < len(line) < 400}
    return tuple(sorted(lines | {cell for row in rows() for cell in row if 2 < len(cell) < 1500}))


# Files that are configured


@cache
def place() -> Path:
    """Return an empty folder that is gone at the end."""
    import atexit

    made = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None, prefix="fuzz-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    (made / "more").mkdir()
    return made


CONFIGURATIONS = (
    'checks = ["PL03", "DT"]\nskip = ["TX"]\nmin-confidence = "low"\nfail-on = "warning"\nas-of = "record"\nlang = "fa"\n'
    'catalogue = ["more"]\nbaseline = "known.json"\n[severity]\nDT02 = "note"\nPL = "error"\n',
    'as-of = 2026-06-11\ncatalogue = "more"\ntemplates = "more"\n\n[[waiver]]\nrecord = "IRCT20990101099991N1"\ncheck = "DT02"\n'
    'fingerprints = ["0123456789abcdef"]\nreason = "The date is as it was."  # told\nowner = "Nika"\nuntil = 2031-01-31\n\n'
    '[[waiver]]\nrecord = "a/b.txt"\ncheck = "PL03"\nfingerprints = ["0123456789abcdef", "fedcba9876543210"]\nreason = """\nLong\n"""\n'
    "owner = 'O'\nuntil = 2027-02-28\n",
)
OWN_TOML = ("[tool.trial-audit]\n" + CONFIGURATIONS[0].replace("[severity]", "[tool.trial-audit.severity]"), "[tool]\ntrial-audit = 3\n", "tool = 1\n", "[tool.trial-audit.waiver]\nrecord = 1\n")  # fmt: skip
TOML = (*mutate.TOKENS, "[waiver]\n", "[[waiver]]\n", "[[waiver.record]]\n", "= 1", "= [", "= {}", "= 2026-13-01", "= 07:00:00", "= inf", "..", "/etc", "../..", "\n[tool]\n", "more", "[[[[[[[[", "a.b.c = 1\n", "'''")  # fmt: skip


def configured(name: str, data: bytes) -> None:
    """Read a configuration; where it is understood, a waiver is written into it and read again."""
    path = place() / name
    path.write_bytes(data)
    try:
        one = config.read(path)
    except AuditError:
        return
    for value in one.values.values():
        for said in value if isinstance(value, tuple) else (value,):
            if isinstance(said, Path) and not said.resolve().is_relative_to(path.parent.resolve()):
                fail(f"{said} leads out")
    if name == "pyproject.toml":
        return
    new = Waiver("IRCT20990101099992N1", "DT05", ("0" * 16,), 'A "reason"\n\u202e', "Sara", date(2030, 1, 1))
    path.write_text(waivers.write(path, new, ["1" * 16]), encoding="utf-8")
    again = config.read(path)
    if again.waivers[-1:] != (new,) or not set(again.waivers) <= {*one.waivers, new} or again.values != one.values:
        fail("a waiver that was written is not read as it was meant")


BASELINE = json.dumps({"schema": baseline.SCHEMA, "version": "0.1.0", "catalogue": "0" * 64, "findings": [{"record": "IRCT20990101099991N1", "check": "DT02", "fingerprint": "0123456789abcdef"}, {"record": "a.txt", "check": "PL03", "fingerprint": "f" * 16}]}, indent=2)  # fmt: skip


def known(data: bytes) -> None:
    """Apply a baseline."""
    path = place() / "known.json"
    path.write_bytes(data)
    try:
        baseline.apply(Run(), path)
    except AuditError:
        return


@cache
def _checks() -> tuple[tuple[str, str], ...]:
    paths = sorted(folder("checks").glob("[A-Z][A-Z]/*.yaml"))[::12]
    return tuple((path.name, path.read_text(encoding="utf-8")) for path in paths)


YAML = (*mutate.TOKENS, "\nwhen:\n", "\nexpect:\n", "{field: placebo, is: used}", "{fact: x}", "  - ", "\n  ", ": {}", ": []", ": 1", ": >\n", "code: AA01", "&a [*a]", "yes: ", "{placebo}", "{0.__class__}", "{placebo!r:>99999}", "{", "}")  # fmt: skip


def make_check(tape: Tape) -> bytes:
    """Return a check's file behind a line with its name."""
    name, said = tape.one(_checks())
    return f"{name}\n{mutate.text([said], tape, YAML)}".encode("utf-8", "replace")


def loaded(data: bytes) -> None:
    """Load a catalogue of one check."""
    name, _, said = data.partition(b"\n")
    root = place() / "catalogue"
    shutil.rmtree(root, ignore_errors=True)
    (root / "XX").mkdir(parents=True)
    (root / "references.yaml").write_text(_references(), encoding="utf-8")
    (root / "XX" / (name.decode("ascii", "ignore").replace("/", "") or "a.yaml")).write_bytes(said)
    try:
        load(root)
    except AuditError:
        return


@cache
def _references() -> str:
    return (folder("checks") / "references.yaml").read_text(encoding="utf-8")[:4000].rpartition("\n")[0]


@cache
def _vocabularies() -> tuple[str, ...]:
    return tuple(
        path.read_text(encoding="utf-8")[:3000] for path in sorted((folder("checks") / "vocabulary").glob("*.yaml"))[::4]
    )


def worded(data: bytes) -> None:
    """Load a vocabulary, and look for its patterns."""
    root = place() / "vocabulary"
    root.mkdir(exist_ok=True)
    (root / "topic.yaml").write_bytes(data)
    try:
        made = load_vocabulary(root)
    except AuditError:
        return
    value = Value("input", text="120 patients with asthma in two groups")
    for pattern in made.patterns:
        made.found(pattern.name, value)


# Files of records


def make_xlsx(tape: Tape) -> bytes:
    """Return a workbook, its cells changed, and seldom its bytes."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    blur = tape.below(4) == 3
    for at, row in enumerate(rows() if blur else mutate.cells(rows(), tape)):
        for column, said in enumerate(row):
            sheet.write_string(at, column, said.encode("utf-8", "replace").decode()[:32_000])
    book.close()
    return mutate.blurred(out.getvalue(), tape) if blur else out.getvalue()


def make_zip(tape: Tape) -> bytes:
    """Return a zip of studies, seldom with its bytes changed."""
    import warnings

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two entries may have one name
        for at in range(1 + tape.below(2)):
            name = tape.one(("NCT99990001.json", "a/b.json", "../c.json", "/d.json", "e.txt", "", "f\\g.json", "h.json/"))
            said = (
                mutate.encoded(mutate.text([json.dumps(tape.one(_studies()))], tape), tape)
                if at
                else json.dumps(mutate.tree(tape.one(_studies()), tape)).encode()
            )
            archive.writestr(name or "x", said)
    return mutate.blurred(out.getvalue(), tape) if tape.below(2) else out.getvalue()


@cache
def _studies() -> list[Any]:
    document = studies()
    return list(document if isinstance(document, list) else document.get("studies", [document]))


def make_csv(table_of: Callable[[], list[list[str]]], tape: Tape) -> bytes:
    """Return an export, its cells changed, or its text."""
    out = io.StringIO(newline="")
    whole = tape.below(3)
    csv.writer(out, delimiter=tape.one((",", ",", ",", ";", "\t"))).writerows(
        table_of() if whole == 0 else mutate.cells(table_of()[:4], tape)
    )
    if whole == 0:
        return mutate.encoded(mutate.text([out.getvalue()], tape), tape)
    return out.getvalue().encode("utf-8", "replace")


def make_json(document: Callable[[Tape], Any], tape: Tape) -> bytes:
    """Return JSON, its values changed, or its text."""
    if tape.below(3) == 0:
        return mutate.encoded(mutate.text([json.dumps(document(tape), indent=1)], tape), tape)
    return json.dumps(mutate.tree(document(tape), tape), ensure_ascii=tape.below(2) == 0).encode("utf-8", "replace")


def make_ndjson(tape: Tape) -> bytes:
    """Return studies, one a line."""
    lines = [
        json.dumps(mutate.tree(tape.one(_studies()), Tape(bytes(tape.below(256) for _ in range(8)))))
        for _ in range(1 + tape.below(3))
    ]
    return mutate.encoded(mutate.text(["\n".join(lines)], tape) if tape.below(2) else "\n".join(lines), tape)


def make_text(samples: Callable[[], Iterable[str]], tape: Tape) -> bytes:
    """Return the text of a sample, changed, in some encoding."""
    some = tuple(samples())
    return mutate.encoded(mutate.text(some, tape), tape)


def make_toml(samples: tuple[str, ...], tape: Tape) -> bytes:
    """Return a configuration, changed."""
    return mutate.text(samples, tape, TOML).encode("utf-8", "replace")


def make_whole(tape: Tape) -> bytes:
    """Return a whole page with a few changes, for every check."""
    said = tape.one(texts())
    lines = said.split("\n")
    while tape:
        at = tape.below(len(lines))
        lines[at] = mutate.text([lines[at] or " "], Tape(bytes(tape.below(256) for _ in range(6))))
    return "\n".join(lines).encode("utf-8", "replace")


def make_draft_tree(tape: Tape) -> Any:
    """Return the mapping of a draft with some of its fields."""
    said = list(_mappings()[tape.below(len(_mappings()))].items())
    start = tape.below(len(said))
    return {"trial-audit-draft": 1, **dict(said[start : start + 2 + tape.below(16)])}


@cache
def _mappings() -> tuple[dict[str, Any], ...]:
    return tuple(as_mapping(one) for one in records())


@cache
def small_drafts() -> tuple[str, ...]:
    """Return drafts of a few fields, so that most inputs are small."""
    made = []
    for draft in drafts():
        lines = draft.split("\n")
        made += ["\n".join([*lines[:3], *lines[at : at + 60]]) for at in range(0, len(lines), 60)]
    return tuple(made)


def everything() -> Iterator[str]:
    """Yield a sample of each format."""
    yield from (texts()[0], sample("ictrp/export.csv"), sample("ictrp/portal.xml"), sample("ctgov/studies.json"))
    yield from (sample("irct-xml/tablets.xml"), small_drafts()[0], pages()[0], "%PDF-1.7\n" + texts()[0])


TARGETS = {
    one.name: one
    for one in (
        Target("irct-text", 80, partial(make_text, texts), partial(read, reader="irct-text")),
        Target("irct-html", 30, partial(make_text, pages), partial(read, reader="irct-html")),
        Target("irct-pdf", 4, lambda tape: mutate.blurred(pdf(), tape), partial(read, reader="irct-pdf")),
        Target("irct-xml", 50, partial(make_text, lambda: [sample("irct-xml/tablets.xml")]), partial(read, reader="irct-xml", second=elements)),
        Target("ictrp-csv", 50, partial(make_csv, rows), partial(read, reader="ictrp", second=table)),
        Target("ictrp-headerless", 30, partial(make_csv, bare_rows), partial(read, reader="ictrp")),
        Target("ictrp-xlsx", 4, make_xlsx, partial(read, reader="ictrp")),
        Target("ictrp-xml", 50, partial(make_text, lambda: [sample("ictrp/portal.xml")]), partial(read, reader="ictrp", second=elements)),
        Target("ctgov-json", 50, partial(make_json, lambda tape: studies()), partial(read, reader="ctgov", second=tree)),
        Target("ctgov-ndjson", 30, make_ndjson, partial(read, reader="ctgov")),
        Target("ctgov-zip", 15, make_zip, partial(read, reader="ctgov")),
        Target("draft-yaml", 50, partial(make_text, small_drafts), partial(read, reader="draft", second=plain_yaml)),
        Target("draft-json", 30, partial(make_json, make_draft_tree), partial(read, reader="draft", second=tree)),
        Target("guessed", 30, partial(make_text, everything), partial(read, reader=None)),
        Target("configuration", 150, partial(make_toml, CONFIGURATIONS), partial(configured, "trial-audit.toml")),
        Target("pyproject", 70, partial(make_toml, OWN_TOML), partial(configured, "pyproject.toml")),
        Target("baseline", 130, partial(make_json, lambda tape: json.loads(BASELINE)), known),
        Target("catalogue", 30, make_check, loaded),
        Target("vocabulary", 10, lambda tape: mutate.text(_vocabularies(), tape, YAML).encode("utf-8", "replace"), worded),
        Target("spellings", 120, partial(make_text, spellings), spelt),
        Target("facts", 90, make_facts, stated),
        Target("checks", 4, make_whole, examined),
    )
}  # fmt: skip
"""Every target by its name."""
