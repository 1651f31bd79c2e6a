"""Labelled development data and the catalogue -> hits, misses, false alarms, precision and recall with 95 % intervals.

Run it with ``make validity`` where ``../shared`` is; ``--write`` puts the figures of each check into ``checks/measured.yaml``, from
where the check's page takes them. The intervals are Wilson's.

What the labels can tell: the three gold records are labelled whole, so both precision and recall; the observed contradictions
are what careful readers saw and not exhaustive, so recall alone; the traps are what must not be found; the findings read by us
(``read_findings.csv``: the finding's fingerprint, right or wrong) give precision on the other records.
"""

import argparse
import csv
import hashlib
import io
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from scipy.stats import binomtest

from audit.engine.examine import Engine, all_facts
from audit.engine.load import load
from audit.engine.outcome_changes import outcome_changes
from audit.engine.table import DirectRoute
from audit.engine.versions import changes
from audit.folders import folder
from audit.model.check import Confidence
from audit.model.registration import Registration
from audit.model.result import Audit, Fact, Finding, Verdict
from audit.readers import read_bytes, read_path
from audit.readers.draft import registration as draft

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
DATA = SHARED / "data"
AS_OF = date(2026, 6, 11)
FAMILIES = {"A": "PL", "B": "DS RA SS", "C": "BL PL", "D": "SS RA DS", "E": "EL SU TX SS", "F": "DT ST", "G": "IV TX", "H": "TX ID SU IV OC DS HC", "I": "OC", "J": "HC"}  # fmt: skip
"""The families of checks that can find an observed contradiction, by the letter its kind begins with."""
AGES = ("minimum_age_years_in_text", "maximum_age_years_in_text")


@dataclass
class Counts:
    """What one check (or fact) made of labelled data."""

    hits: int = 0
    misses: int = 0
    right: int = 0
    wrong: int = 0
    told: Counter[Verdict] = field(default_factory=Counter)

    def recall(self) -> str:
        """Return hits of all that should be found, with the interval."""
        return interval(self.hits, self.hits + self.misses)

    def precision(self) -> str:
        """Return right ones of all findings that were judged, with the interval."""
        return interval(self.right, self.right + self.wrong)


def interval(successes: int, trials: int) -> str:
    """Return a proportion with its 95 % interval by Wilson's formula, as "8 of 9, 89 % (57-98)"."""
    if not trials:
        return "-"
    ends = binomtest(successes, trials).proportion_ci(method="wilson")
    return f"{successes} of {trials}, {successes / trials:.0%} ({ends.low:.0%}-{ends.high:.0%})".replace("%", " %")


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a label file."""
    with (DATA / "labels" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def lines(name: str) -> list[dict[str, Any]]:
    """Return the objects of a label file."""
    text = (DATA / "labels" / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]  # not splitlines: a text may hold other line ends


def as_export(records: Iterable[dict[str, str]], columns: dict[str, str]) -> list[Registration]:
    """Return *records* read as a WHO export whose *columns* are: label file's name -> export's name; one row each."""
    out = io.StringIO()
    known = ("TrialID", "Public title", "Study design", "Intervention", "Inclusion Criteria", "Recruitment Status", "Target size")
    writer = csv.DictWriter(out, list(dict.fromkeys((*columns.values(), *known))), restval="")
    writer.writeheader()
    count = 0
    for record in records:
        writer.writerow({new: record[old] for old, new in columns.items()})
        count += 1
    read = [one for one in read_bytes(out.getvalue().encode(), "labels.csv", "ictrp") if isinstance(one, Registration)]
    if len(read) != count:
        raise ValueError(f"{count} rows were written and {len(read)} read")
    return read


class Bench:
    """The catalogue over the development records."""

    def __init__(self) -> None:
        root = folder("checks")
        catalogue = load(root)
        self.checks = catalogue.checks
        self.engine = Engine(catalogue, self.checks, [root], DirectRoute(self.checks))
        self.counts: dict[str, Counts] = defaultdict(Counts)
        self.audits: dict[str, Audit] = {}
        for name, paths in self.files().items():
            read = [one for path in paths for one in read_path(path, path.name) if isinstance(one, Registration)]
            for audit in self.engine.examine(read, AS_OF, Confidence.MEDIUM):
                key = audit.registration.trial_id.text if name == "rows" else Path(audit.registration.source.path).stem
                self.audits.setdefault(key, audit)
                for code, judgement in audit.judgements.items():
                    self.counts[code].told[judgement.verdict] += 1

    @staticmethod
    def files() -> dict[str, list[Path]]:
        """Return the development records by where they are from."""
        return {
            "seeds": sorted((SHARED / "seeds").glob("*.txt")),
            "pages": sorted((DATA / "irct_pages").glob("*.txt")),
            "rows": [DATA / "ictrp" / "irct_rows.csv"],
        }

    def facts(self, registrations: Iterable[Registration]) -> list[dict[str, Fact]]:
        """Return the facts of each registration."""
        return [all_facts(one, self.engine.vocabulary, AS_OF) for one in registrations]


def gold(bench: Bench) -> Iterator[str]:
    """Yield what the gold labels of the three records say: found by kind, and what gold has not."""
    labels = json.loads((SHARED / "reference" / "gold_seeds.json").read_text(encoding="utf-8"))
    codes = {check.code for check in bench.checks}
    kinds: dict[str, list[bool]] = defaultdict(list)
    missed = []
    for label in labels["findings"]:
        if not codes & set(label["checks"]):
            continue
        audit = bench.audits[label["record"]]
        by = [one for one in audit.findings if one.check.code in label["checks"] and overlaps(one, label["quotes"], audit)]
        kinds[label["detect"]].append(bool(by))
        if not by:
            missed.append(f"{label['id']} {label['detect']} {' '.join(label['checks'])}")
        for code in {one.check.code for one in by} or set(label["checks"]) & codes:
            if by:
                bench.counts[code].hits += 1
            else:
                bench.counts[code].misses += 1
    known = {(label["record"], code) for label in labels["findings"] for code in label["checks"]}
    extra = []
    for record in {label["record"] for label in labels["findings"]}:
        for finding in bench.audits[record].findings:
            right = (record, finding.check.code) in known
            bench.counts[finding.check.code].right += right
            bench.counts[finding.check.code].wrong += not right
            if not right:
                extra.append(f"{record} {finding.check.code} {finding.severity} {finding.confidence}")
    yield "Gold records (3): " + "; ".join(f"{kind} {interval(sum(found), len(found))}" for kind, found in sorted(kinds.items()))
    yield from (f"  missed  {one}" for one in missed if " X " not in one)
    yield f"  found and not in gold: {len(extra)}"
    yield from (f"  extra   {one}" for one in sorted(extra))


def overlaps(finding: Finding, quotes: Iterable[str], audit: Audit) -> bool:
    """Return whether the evidence of *finding* overlaps one of *quotes*."""
    text = audit.registration.source.text
    for place in finding.evidence:
        for quote in quotes:
            if text:
                begin, start = text.find(quote), place.value.start + place.start
                while begin >= 0:
                    if begin < start + max(1, len(place.quote)) and start < begin + len(quote):
                        return True
                    begin = text.find(quote, begin + 1)
            elif together(place.quote, quote):
                return True
    return False


def quotes_nothing_in(finding: Finding, columns: tuple[str, ...]) -> bool:
    """Return whether *finding* says that nothing stands in one of the *columns* of an export."""
    return any(not place.quote and (place.value.path or "").endswith(columns) for place in finding.evidence)


def together(one: str, other: str) -> bool:
    """Return whether two texts say the same place: one holds the other, or they share a long run of words."""
    one, other = " ".join(one.split()).lower(), " ".join(other.split()).lower()
    if not one or not other:
        return False
    words = other.split()
    runs = {" ".join(words[at : at + 5]) for at in range(max(1, len(words) - 4))}
    return one in other or other in one or any(run in one for run in runs)


def observed(bench: Bench) -> Iterator[str]:
    """Yield which observed contradictions are found, by certainty."""
    codes = {check.code[:2] for check in bench.checks}
    found: dict[str, list[bool]] = defaultdict(list)
    missed = []
    for label in lines("observed.jsonl"):
        audit = bench.audits.get(label["record"])
        families = set(FAMILIES[label["kind"][0]].split()) & codes
        if audit is None or not families:
            missed.append(f"{label['kind'][:2]} {label['record']} (no such record here)")
            continue
        quotes = [quote["quote"] for quote in label["quotes"]]
        columns = tuple(f"column {quote['field']}" for quote in label["quotes"])
        every = (*audit.findings, *audit.below)
        by = [
            one
            for one in every
            if one.check.family in families and (overlaps(one, quotes, audit) or quotes_nothing_in(one, columns))
        ]
        shown = [one for one in by if one.confidence is not Confidence.LOW]
        found[label["certainty"]].append(bool(shown))
        for code in {one.check.code for one in shown}:
            bench.counts[code].hits += 1
        if not shown:
            hint = f" (low: {' '.join(one.check.code for one in by)})" if by else ""
            missed.append(f"{label['kind']} {label['record']} {label['certainty']}{hint}: {quotes[0][:70]}")
    yield "Observed contradictions (61): " + "; ".join(f"{kind} {interval(sum(one), len(one))}" for kind, one in found.items())
    yield from (f"  missed  {one}" for one in missed)


def traps(bench: Bench) -> Iterator[str]:
    """Yield the traps that were taken."""
    taken = []
    for label in lines("observed_traps.jsonl"):
        audit = bench.audits.get(label["record"])
        if audit is None:
            continue
        taken += [
            f"{label['record']} {one.check.code}: {label['why']}"
            for one in audit.findings
            if any(together(place.quote, label["quote"]) for place in one.evidence)
        ]
    yield f"Traps (9): {len(taken)} findings quote one; each is to be read"
    yield from (f"  {one}" for one in taken)


NAMED = (
    "placebo",
    "sham",
    "vehicle",
    "saline",
    "dextrose",
    "simulat",
    "distilled water",
    "dummy",
    "water for injection",
    "inert",
)


def control_arms(bench: Bench) -> Iterator[str]:
    """Yield how the fact ``control_types`` agrees with the arms coded by people."""
    coded = rows("control_arms.csv")
    columns = {"trn": "TrialID"} | {name: name for name in ("Source Register", "Date registration3", "Date enrollement", "Target size", "Recruitment Status", "Study design", "Intervention", "Public title", "Inclusion agemin", "Inclusion agemax", "Retrospective flag")}  # fmt: skip
    facts = bench.facts(as_export(coded, columns))
    kinds: dict[str, Callable[[tuple[str, ...]], bool]] = {
        "placebo": lambda said: bool({"placebo", "sham"} & set(said)),
        "usual care": lambda said: "usual_care" in said,
        "no treatment": lambda said: "no_treatment" in said,
    }
    labels = {
        "placebo": ("placebo",),
        "usual care": ("soc", "standard"),
        "no treatment": ("no treatment", "no_treatment", "nothing"),
    }
    yield f"Control arms coded by people ({len(coded)} trials)"
    for kind, said in kinds.items():
        hits = misses = wrong = named_hits = named = 0
        for row, found in zip(coded, facts, strict=True):
            value = found["control_types"].value
            told = said(value if isinstance(value, tuple) else ())
            is_kind = any(label in row["control_types"].lower() for label in labels[kind])
            hits, misses, wrong = hits + (told and is_kind), misses + (is_kind and not told), wrong + (told and not is_kind)
            if kind == "placebo" and is_kind:
                text = f"{row['Intervention']} {row['Study design']} {row['Public title']}".lower()
                names = any(word in text for word in NAMED)
                named, named_hits = named + names, named_hits + (names and told)
        more = f"; of those whose row names one {interval(named_hits, named)}" if named else ""
        yield f"  {kind:<13} recall {interval(hits, hits + misses)}; precision {interval(hits, hits + wrong)}{more}"


def years(text: str) -> float | None:
    """Return an age of the labels in years; None for no limit."""
    match = re.search(r"(\d+(?:\.\d+)?)\s*([YMWD]?)", text.upper())
    return float(match[1]) / {"Y": 1.0, "M": 12.0, "W": 52.18, "D": 365.25, "": 1.0}[match[2]] if match else None


def ages(bench: Bench) -> Iterator[str]:
    """Yield how the ages read in the criteria agree with those that people corrected from the same text."""
    coded = rows("ages.csv")
    facts = bench.facts(as_export(coded, {"TrialID": "TrialID", "INCLUSION_CRITERIA": "Inclusion Criteria"}))
    right = wrong = silent = wanted = 0
    shown = []
    for row, found in zip(coded, facts, strict=True):
        for name, column, final in zip(AGES, ("INCLUSION_AGEMIN", "INCLUSION_AGEMAX"), ("age_min", "age_max"), strict=True):
            label, before = row[final], row[column]
            true, said = years(label), found[name].value
            corrected = label.strip().upper() != before.strip().upper()
            same = said == true or (
                isinstance(said, int | float)
                and isinstance(true, float)
                and (abs(said - true) < 0.02 or (label.endswith("D") and said == int(true)))  # completed years
            )
            unlimited = true is None or (final == "age_min" and true == 0)  # 0 says no limit as well
            same = same or (unlimited and said in (None, 0))
            if label.strip().upper() in ("N/A", "NOT SPECIFIED", ""):
                continue
            if said is not None and not same:
                wrong += 1
                shown.append(f"{row['TrialID']} {name}: {said} for {label}")
            if corrected and isinstance(true, float):
                wanted, right, silent = wanted + 1, right + bool(said is not None and same), silent + (said is None)
    yield f"Ages corrected by people ({len(coded)} trials): right {interval(right, wanted)} of the corrected limits, {silent} not told; wrong {interval(wrong, 2 * len(coded))} of all"
    yield from (f"  wrong   {one}" for one in shown)


def read_by_us(bench: Bench) -> Iterator[str]:
    """Yield the precision over the findings that were read, and how many of them are still found."""
    path = Path(__file__).with_name("read_findings.csv")
    if not path.is_file():
        return
    with path.open(encoding="utf-8", newline="") as file:
        judged = {(row["record"], row["check"], row["fingerprint"]): row["verdict"] for row in csv.DictReader(file)}
    right = wrong = unread = 0
    for record, audit in bench.audits.items():
        for finding in audit.findings:
            verdict = judged.get((record, finding.check.code, finding.fingerprint))
            right, wrong, unread = right + (verdict == "right"), wrong + (verdict == "wrong"), unread + (verdict is None)
            bench.counts[finding.check.code].right += verdict == "right"
            bench.counts[finding.check.code].wrong += verdict == "wrong"
    yield f"Findings read against the text: {interval(right, right + wrong)} right; {unread} not read"


OUTCOME_PARTS = re.compile(r"(?s)(.*?)(?:\n\[ Time Frame: (.*?) \])?(?:\n\s*\n(.*))?")
"""An outcome as the label file has it: title, time frame, description."""


def outcome_changes_as_rated(bench: Bench) -> Iterator[str]:
    """Yield how the changes of primary outcomes agree with those that people rated, of the pairs looked at while building and the others.

    The pairs with an even SHA-256 of their id, and those with an odd one whose next bit is 0, were looked at.
    """
    counted: dict[str, Counter[str]] = {"looked at": Counter(), "kept apart": Counter()}
    for pair in lines("outcome_changes.jsonl"):
        number = int(hashlib.sha256(pair["id"].encode()).hexdigest(), 16)
        count = counted["kept apart" if number % 4 == 3 else "looked at"]
        old, new = (draft(as_draft_outcomes(pair[version])) for version in ("before", "after"))
        kinds = {one.kind for one in outcome_changes(old, new, bench.engine.vocabulary) if "primary" in f"{one.field} {one.kind}"}
        if pair["labels"] == ["no_change"]:
            count["same"] += 1
            count["left alone"] += kinds <= {"no_change"}
        for label in pair["labels"]:
            if label != "no_change" and not label.endswith("aggregation"):
                count["rated"] += 1
                count["named"] += label in kinds
    counted["all"] = counted["looked at"] + counted["kept apart"]
    yield "Changes of primary outcomes rated by people (74 pairs)"
    for name, count in counted.items():
        same, named = interval(count["left alone"], count["same"]), interval(count["named"], count["rated"])
        yield f"  {name:<11} rated as no change and not called one {same}; rated changes named as such {named}"


def as_draft_outcomes(version: dict[str, Any]) -> dict[str, Any]:
    """Return the outcomes of the label file in the form of a draft."""
    return {
        f"{kind}_outcomes": [
            dict(zip(("description", "timepoint", "method"), (part or "empty" for part in match.groups()), strict=True))
            for one in version[kind]
            if (match := OUTCOME_PARTS.fullmatch(one["text"]))
        ]
        or "empty"
        for kind in ("primary", "secondary")
    }


COMPARED = {
    "Target size": ("target_sample_size",),
    "Study design": ("randomization", "blinding", "placebo", "assignment", "purpose", "study_type"),
    "Date enrollement": ("expected_recruitment_start", "actual_recruitment_start"),
    "Inclusion agemin": ("minimum_age",),
    "Inclusion agemax": ("maximum_age",),
}
DESIGN_LABEL = re.compile(r"\b(Randomization|Blinding|Placebo|Assignment|Purpose): ([^,]*)")


def row_versions(bench: Bench) -> Iterator[str]:
    """Yield which changes of size, design labels, start and ages between exports are found, and what is found that is none."""
    path = DATA / "ictrp" / "irct_row_versions.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = list(csv.DictReader(file))
    records = [one for one in read_path(path, path.name) if isinstance(one, Registration)]
    latest: dict[str, tuple[dict[str, str], Registration]] = {}
    counts: dict[str, Counter[str]] = {column: Counter() for column in COMPARED}
    pairs = others = 0
    same: list[str] = []
    for row, record in sorted(zip(cells, records, strict=True), key=lambda both: both[0]["snapshot"]):
        before = latest.get(row["TrialID"])
        latest[row["TrialID"]] = (row, record)
        if before is None:
            continue
        pairs += 1
        real = [one for one in changes(before[1], record, bench.engine.vocabulary) if not one.is_wording]
        found = {one.field for one in real}
        others += len(found.difference(*COMPARED.values()))
        same += [
            f"{row['TrialID']} {one.field}"
            for one in real
            if one.kind == "changed" and letters(one.before.quote) == letters(one.after.quote)
        ]
        for column, fields in COMPARED.items():
            differs = plain_cell(column, before[0][column]) != plain_cell(column, row[column])
            said = not found.isdisjoint(fields)
            counts[column][
                {(True, True): "found", (True, False): "missed", (False, True): "wrong"}.get((differs, said), "same")
            ] += 1
            counts[column]["notation"] += not differs and before[0][column] != row[column]
    yield f"Successive versions of rows ({len(cells)} rows, {pairs} pairs)"
    yield f"  {'':<17} {'real':>5} {'found':>6} {'missed':>7} {'wrong':>6} {'notation only':>14}"
    for column, one in counts.items():
        yield f"  {column:<17} {one['found'] + one['missed']:>5} {one['found']:>6} {one['missed']:>7} {one['wrong']:>6} {one['notation']:>14}"
    yield f"  in other fields {others} changes; called a change though only blanks or the encoding differ: {len(same)}"
    yield from (f"  wrong   {one}" for one in same)


def letters(text: str) -> str:
    """Return what of a text survives any encoding and any blanks: letters and digits of ASCII, and the signs that compare."""
    return re.sub(r"[^a-z0-9<>=]", "", re.sub(r"<br ?/?>|_x000D_|&[a-z]+;", "", text).lower())


def plain_cell(column: str, text: str) -> object:
    """Return what a cell says, without blanks and the midnight of a date; of the design its labels."""
    if column == "Study design":
        return sorted(DESIGN_LABEL.findall(" ".join(text.split())))
    return " ".join(text.removesuffix(" 00:00:00").split())


def measured(bench: Bench) -> dict[str, Any]:
    """Return the figures of each check, as its page shows them."""
    records = len(bench.audits)
    found = {}
    for check in bench.checks:
        counts = bench.counts[check.code]
        found[check.code] = {
            "found": counts.told[Verdict.FINDING],
            "passed": counts.told[Verdict.PASSED],
            "not_applicable": counts.told[Verdict.NOT_APPLICABLE],
            "not_assessable": counts.told[Verdict.NOT_ASSESSABLE],
            "precision": counts.precision(),
            "recall": counts.recall(),
        }
    return {
        "data": f"development data of {records} IRCT records (3 whole pages, page excerpts, rows of a WHO export)",
        "checks": found,
    }


def main() -> None:
    """Print all, and with ``--write`` keep the figures of the checks."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--write", action="store_true", help="write checks/measured.yaml")
    chosen = options.parse_args()
    if not DATA.is_dir():
        raise SystemExit(f"the development data are not here: {DATA.name} beside the checkout")
    bench = Bench()
    for part in (gold, observed, traps, read_by_us, control_arms, ages, outcome_changes_as_rated, row_versions):
        print("\n".join(part(bench)), end="\n\n")
    table = measured(bench)
    print(f"Each check on the {table['data']}")
    print(f"  {'':<5} {'found':>5} {'pass':>5} {'n/a':>5} {'n/ass':>5}  {'precision':<28} recall")
    for code, row in table["checks"].items():
        print(
            f"  {code:<5} {row['found']:>5} {row['passed']:>5} {row['not_applicable']:>5} {row['not_assessable']:>5}  {row['precision']:<28} {row['recall']}"
        )
    if chosen.write:
        text = yaml.safe_dump(table, allow_unicode=True, sort_keys=False, width=120)
        (ROOT / "checks" / "measured.yaml").write_text(f"# Made by benchmarks/validity.py --write.\n{text}", encoding="utf-8")


if __name__ == "__main__":
    main()
