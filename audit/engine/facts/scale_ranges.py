"""Facts on the ranges of scales: those that a scale does not have, and those taken from the inclusion criteria."""

import re
from collections.abc import Iterator

from audit.engine.outcome_lists import outcomes_of
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed
from audit.model.result import Case, Fact
from audit.model.span import Value

_NUMBERS = re.compile(
    r"(?<![\d.])(\d{1,3})[ ]?(?:-|to|until)[ ]?(\d{1,3})(?![\d.]|[ ]?(?:days?|weeks?|months?|years?|hours?|h\b|min|mg|ml|cm|mm|%|kg))"
)
_STOP = re.compile(r"[;.,](?=\s|$)| and | or |\bafter\b")
_OTHER_VERSION = re.compile(
    r"modif|short|version|revis|adapt|brief|mini|sub|item|child|pediat|paediat|grade|change|reduc|decre|impro|differ"
)
_REST_OF_NAME = re.compile(r"(?: (?:index|scale|score|questionnaire|inventory|test))*(?: ?\([a-z0-9 -]{2,12}\))?")
_DECLARED = re.compile(r"\b(?:from|between|range|scale|score)\b|\(")
_RANGES: dict[str, tuple[tuple[int, ...], tuple[int, ...], str]] = {
    "vas": ((0,), (10, 100), "VAS"),
    "nrs": ((0,), (10, 100), "NRS"),
    "pasi": ((0,), (72,), "PASI"),
    "dlqi": ((0,), (30,), "DLQI"),
    "gcs": ((3,), (15,), "GCS"),
    "apgar": ((0,), (10,), "Apgar"),
    "karnofsky": ((0,), (100,), "Karnofsky"),
    "mmse": ((0,), (30,), "MMSE"),
    "moca": ((0,), (30,), "MoCA"),
    "bdi": ((0,), (63,), "BDI"),
    "nihss": ((0,), (42,), "NIHSS"),
    "rankin": ((0,), (6,), "modified Rankin"),
    "psqi": ((0,), (21,), "PSQI"),
    "isi": ((0,), (28,), "ISI"),
    "edss": ((0,), (10,), "EDSS"),
    "ymrs": ((0,), (60,), "YMRS"),
    "ybocs": ((0,), (40,), "Y-BOCS"),
    "epds": ((0,), (30,), "EPDS"),
    "scorad": ((0,), (103,), "SCORAD"),
    "odi": ((0,), (50, 100), "ODI"),
    "madrs": ((0,), (60,), "MADRS"),
    "bai": ((0,), (63,), "BAI"),
    "phq9": ((0,), (27,), "PHQ-9"),
    "gad7": ((0,), (21,), "GAD-7"),
    "hama": ((0,), (56,), "HAM-A"),
    "ipss": ((0,), (35,), "IPSS"),
    "epworth": ((0,), (24,), "Epworth"),
    "berg": ((0,), (56,), "Berg balance"),
    "bishop": ((0,), (13,), "Bishop"),
    "ramsay": ((1,), (6,), "Ramsay"),
}  # fmt: skip
"""Of each scale its lowest values, its highest values (one for each form) and its name."""


@fact(cases=("scale", "said", "range"))
def impossible_scale_ranges(reading: Reading) -> Fact:
    """Known scales that an outcome or a criterion gives in a range that they do not have ("GCS 0-10").

    Modified and short versions are passed over; of scales in two forms (VAS 0-10 and 0-100) both are right.
    """
    r = reading.registration
    measuring = [value for one in outcomes_of(reading) for value in (one.outcome.description, one.outcome.method)]
    given = [value for value in (*measuring, r.inclusion_criteria, r.exclusion_criteria, r.criteria_summary) if value.given]
    if not given:
        return cannot_tell(r.primary_outcomes.state.value, "primary_outcomes")
    found = [case for hit in reading.find("scale_ranges", *given) if (case := _unlike(hit, hit.value in measuring))]
    return listed([*found, *_inclusion_range_reused(reading)])


def _unlike(hit: Hit, declared: bool) -> Case | None:
    """Return the case that the numbers after the name of a scale are no part of its range.

    *declared*: they are the range of an outcome's scale, and must then begin with its lowest level.
    """
    lows, highs, name = _RANGES[hit.pattern.partition(".")[2]]
    value: Value = hit.value
    tail = value.folded[hit.end : hit.end + 45]
    rest = _REST_OF_NAME.match(tail)
    named = rest.end() if rest else 0
    stop = _STOP.search(tail, named + 1 if tail.startswith(", ", named) else named)  # "Dermatology Life Quality Index, 0 to 30"
    match = _NUMBERS.search(tail, 0, stop.start() if stop else len(tail))
    if match is None or _OTHER_VERSION.search(value.folded, max(0, hit.start - 25), hit.end + match.end()):
        return None
    low, high = int(match[1]), int(match[2])
    between = low in lows and min(highs) < high < 2 * min(highs) and high not in highs  # "VAS 0-12": no form ends there
    outside = low < min(lows) or high > max(highs) or between
    truncated = declared and low == 1 and 0 in lows and high in highs and bool(_DECLARED.search(tail, 0, match.start()))
    if low >= high or not (outside or truncated):
        return None
    place = value.place(hit.start, hit.end + match.end())
    right = " / ".join(f"{first}-{last}" for first in lows for last in highs)
    return Case({"scale": name, "said": " ".join(place.quote.split()), "range": right}, (place,))


def _inclusion_range_reused(reading: Reading) -> Iterator[Case]:
    """Outcomes measured on a scale whose range is that of the inclusion criteria ("grade 1-3"), without its lowest level."""
    r = reading.registration
    criteria = [value for value in (r.inclusion_criteria, r.criteria_summary) if value.given]
    for one in outcomes_of(reading):
        for value in (one.outcome.description, one.outcome.method):
            for hit in reading.find("graded.range", value) if value.given else ():
                low, high = int(hit.match["a"]), int(hit.match["b"])
                if low < 1 or high <= low or high > 6:
                    continue
                same = next(
                    (
                        other
                        for other in reading.find("graded.range", *criteria)
                        if (other.match["a"], other.match["b"], other.match["w"][:4])
                        == (hit.match["a"], hit.match["b"], hit.match["w"][:4])
                    ),
                    None,
                )
                if same is not None:
                    said = " ".join(hit.place.quote.split())
                    yield Case(
                        {"scale": one.name, "said": said, "range": "a lowest level below the inclusion criteria"},
                        (hit.place, same.place),
                    )
                    return
