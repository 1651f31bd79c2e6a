"""Development records -> how often each check of the anchors finds something, beside the rate that is known from elsewhere.

Run it with ``make prevalence`` where ``../shared`` is. The anchors are those of section 2 of the catalogue: counts by rough
patterns over 234 IRCT rows and 1,291 rows of ClinicalTrials.gov in WHO exports of 2020 (what was read as true in brackets), and
the literature. A rate is far off where its 95 % interval (Wilson) and the range from half to twice the anchor do not meet.
"""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from scipy.stats import binomtest

from audit.engine.examine import Engine
from audit.engine.load import load
from audit.engine.table import DirectRoute
from audit.folders import folder
from audit.model.registration import Registration
from audit.model.result import Audit, Verdict
from audit.readers import read_path

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
AS_OF = date(2026, 6, 11)
Of = Callable[[Audit], bool]


def all_records(audit: Audit) -> bool:
    """Every record is in the denominator."""
    return True


def code_of(field: str, *codes: str) -> Of:
    """Return whether a field of a record has one of *codes*."""
    return lambda audit: getattr(audit.registration, field).code in codes


def decided(code: str) -> Of:
    """Return whether a check says something of a record: found or passed."""
    return lambda audit: audit.judgements[code].verdict in (Verdict.FINDING, Verdict.PASSED)


class Anchor(NamedTuple):
    """A rate known from elsewhere: of which checks (any of them), how many of how many, and of which records."""

    checks: str
    what: str
    hits: float
    of: int
    among: Of = all_records


IRCT = (
    Anchor("DT07", "registered after the first enrolment", 122, 234),
    Anchor("RA11", "randomised, no word on concealment (upper bound)", 119, 189, decided("RA11")),
    Anchor("EL08", "pregnancy not mentioned, not for men only (upper bound)", 74, 234),
    Anchor("TX01", "mojibake", 45, 234),
    Anchor("TX02", "lost operator", 27, 234),
    Anchor("OC05", "bare method (most true)", 40, 234),
    Anchor("ID05", "titles identical", 29, 234),
    Anchor(
        "BL07", "blinded without description", 18, 106, code_of("blinding", "single", "double", "triple", "quadruple", "masked")
    ),
    Anchor("PL01", "placebo used, none described (5 true)", 10, 234),
    Anchor("OC03", "vague time point (most true)", 10, 234),
    Anchor("OC04", "a time point that is none", 2, 234),
    Anchor("IV02", "arm without any digit (4 true)", 9, 234),
    Anchor("EL02", "age in the text differs (4 true)", 7, 111, decided("EL02")),
    Anchor("DS12", "phase N/A with drug or supplement (3 clear)", 7, 234),
    Anchor("DS02", "parallel, one arm (4-5 true)", 6, 234),
    Anchor("RA03", "randomised, one arm (4-5 true)", 6, 234),
    Anchor("BL05", "the description negates blinding (2 clear)", 6, 234),
    Anchor("SS02", "another sample size in the text (1 true)", 6, 234),
    Anchor("RA04", "N/A with two arms or more", 4, 234),
    Anchor("DS01", "single with two arms", 2, 234),
    Anchor("BL08", "single arm blinded", 4, 234),
    Anchor("EL11", "no exclusion criteria", 5, 234),
    Anchor("DS13", "phase 3 with n < 30", 4, 234),
    Anchor("PL02", "not used, but a placebo in the arms (1-2 true)", 3, 234),
    Anchor("OC01", "no primary outcome", 0, 234),
    Anchor("BL03", "not blinded, but masked", 0, 234),
    Anchor("DS08", "design words contradict the design", 0, 234),
    Anchor("DS01 DS02 DS05 RA03 RA04 BL08 PL04 PL05", "any structural contradiction", 15, 234),
)
_SINGLE = code_of("assignment", "single")
CTGOV = (
    Anchor("RA03", "single group, randomised", 15, 260, _SINGLE),
    Anchor("BL08", "single group, masked", 8, 260, _SINGLE),
    Anchor("BL04", "title and masking differ (open or double-blind)", 13, 1291),
    Anchor("PL01", "placebo in the title, no placebo arm", 24, 1291),
    Anchor("DT07", "not prospective (Al-Durra 2020: 58 % of trials published 2018)", 58.3, 100),
    Anchor("SH02", "IPD undecided (Bergeris 2018: 26.3 % of answers)", 26.3, 100, decided("SH02")),
)


def registrations(*names: str) -> list[Registration]:
    """Return the records of development files."""
    return [one for name in names for one in read_path(DATA / name, name) if isinstance(one, Registration)]


def interventional(records: Iterable[Registration], registry: str) -> list[Registration]:
    """Return the interventional trials of a registry, each number once."""
    kept = {
        one.trial_id.text: one for one in records if one.registry == registry and one.study_type.code in ("interventional", None)
    }
    return list(kept.values())


def table(title: str, records: list[Registration], anchors: Iterable[Anchor], engine: Engine) -> list[str]:
    """Return the lines of a table: our rate, the anchor, and whether they are far from each other."""
    audits = engine.examine(records, AS_OF)
    lines = [f"{title}, {len(records)} records", f"  {'':<9} {'ours':>16} {'95 %':>13} {'anchor':>15}  what the anchor counts"]
    for anchor in anchors:
        codes = anchor.checks.split()
        among = [audit for audit in audits if anchor.among(audit)]
        hits = sum(any(audit.judgements[code].verdict is Verdict.FINDING for code in codes) for audit in among)
        rate = anchor.hits / anchor.of
        name = codes[0] if len(codes) == 1 else f"{len(codes)} checks"
        known = f"{100 * rate:5.1f} % of {anchor.of}"
        if not among:
            lines.append(f"  {name:<9} {'no such record':>16} {'':>13} {known:>15}  {anchor.what}")
            continue
        low, high = binomtest(hits, len(among)).proportion_ci(method="wilson")
        anchor_low, anchor_high = (binomtest(round(anchor.hits), anchor.of).proportion_ci(method="wilson") if anchor.of > 100 else (rate, rate))  # fmt: skip
        far = (
            "  FAR"
            if high < anchor_low / 2 or low > anchor_high * 2
            else "  more than twice"
            if _twice(hits / len(among), rate)
            else ""
        )
        ours = f"{hits}/{len(among)} {100 * hits / len(among):5.1f} %"
        lines.append(f"  {name:<9} {ours:>16} {100 * low:5.1f} - {100 * high:5.1f} {known:>15}  {anchor.what}{far}")
    return lines


def _twice(ours: float, known: float) -> bool:
    return ours > 2 * known or ours < known / 2


def main() -> None:
    """Print the tables."""
    if not DATA.is_dir():
        raise SystemExit(f"the development data are not here: {DATA.name} beside the checkout")
    catalogue = load(folder("checks"))
    engine = Engine(catalogue, catalogue.checks, [folder("checks")], DirectRoute(catalogue.checks))
    covid = registrations("ictrp/irct_rows.csv", "ictrp/who_export.csv", "ictrp/who_export.xlsx")
    parts = (
        ("IRCT rows of the export of the anchors", interventional(registrations("ictrp/irct_rows.csv"), "IRCT"), IRCT),
        ("ClinicalTrials.gov in WHO exports", interventional(covid, "ClinicalTrials.gov"), CTGOV),
        (
            "ClinicalTrials.gov",
            interventional(registrations("ctgov/graph_bigquery.json", "ctgov/herniated_disc.json"), "ClinicalTrials.gov"),
            CTGOV,
        ),
    )
    for title, records, anchors in parts:
        print("\n".join(table(title, records, anchors, engine)), end="\n\n")


if __name__ == "__main__":
    main()
