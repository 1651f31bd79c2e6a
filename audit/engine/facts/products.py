"""Facts on what is given: whether its name stays the same through the record, and whether its category fits what is described."""

import re
from collections.abc import Iterable, Iterator

from audit.engine.clauses import clause
from audit.engine.controls import IMITATIONS, names_only
from audit.engine.dosage import ACTIVITY, MASS, SHARE, quantities
from audit.engine.groups import EXPERIMENTAL, groups
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed
from audit.engine.scope import denied, sentence_at
from audit.model.registration import Arm, Registration
from audit.model.result import Case, Fact, Phrase
from audit.model.span import State, Value

_CLASSES = {
    "cells": "a cell therapy",
    "exosome": "exosomes or vesicles",
    "secretome": "a secretome or conditioned medium",
    "platelets": "platelet-rich plasma or fibrin",
    "lysate": "a lysate",
}
_CELL_FREE = ("exosome", "secretome", "lysate")
_SOURCES = {
    "adipose": "adipose tissue",
    "placenta": "placenta or amnion",
    "cord": "umbilical cord or Wharton's jelly",
    "marrow": "bone marrow",
    "teeth": "dental pulp or menstrual blood",
}
_LOOK_ALIKES = (
    ("hydroxychloroquine", "chloroquine"),
    ("methylprednisolone", "prednisolone"),
    ("beta_1a", "beta_1b"),
    ("bupivacaine", "ropivacaine"),
    ("ketamine", "ketorolac"),
    ("sufentanil", "fentanyl"),
    ("remifentanil", "fentanyl"),
    ("sufentanil", "remifentanil"),
    ("escitalopram", "citalopram"),
)
"""Products whose names are easily taken for each other."""
_ALL_ALIKE = tuple(dict.fromkeys(name for pair in _LOOK_ALIKES for name in pair))
_FROM = re.compile(r"(?:deriv\w+|extract\w*|isolat\w+|obtain\w*|prepar\w+|from|produced|secreted|released) (?:\w+[ -]){0,6}$")
_TO = re.compile(
    r"[ -]*(?:deriv|exosom|secretom|condition|medium|vesicle|lysate|supernatant|extract|cultur|research|cent(?:er|re)|technolog|bank|clinic)"
)
_CHANGED = re.compile(r"\b(?:convert|switch|chang|replac|then|follow|after|taper|if|instead)")
_GIVEN = re.compile(
    r"\b(?:inject\w*|infus\w*|intraven\w*|intra-?[ ]?(?:derm|muscul|articul|les|trach)\w*|subcutan\w*|iv|im|sc)\b"
)


@fact(cases=("here", "there", "shown", "said"))
def product_differences(reading: Reading) -> Fact:
    """Where titles, aim and summary name another kind or source of product than the groups, or than each other."""
    texts = _texts(reading.registration)
    if not texts[1]:
        return cannot_tell("unknown" if reading.registration.arms.state is State.UNKNOWN else "empty", "arms")
    return listed([*_other_class(reading, *texts), *_other_source(reading, *texts), *_look_alikes(reading, *texts)])


@fact(cases=("here", "there", "shown", "said"))
def product_omissions(reading: Reading) -> Fact:
    """Where the groups leave out the source of a biological product that the title names, or the product has several names."""
    named, arms = _texts(reading.registration)
    if names_only(arms):
        return cannot_tell("text", "the export shows the names of the products only")
    if not arms:
        return cannot_tell("unknown" if reading.registration.arms.state is State.UNKNOWN else "empty", "arms")
    return listed([*_source_left_out(reading, named, arms), *_two_names(reading, named, arms)])


def _texts(r: Registration) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """Return the texts that name the product, and those that describe what is given."""
    named = (r.public_title, r.scientific_title, r.study_aim)
    summary = tuple(v for v in (r.arms_summary, r.settings, r.design_summary) if v.given)
    arms = tuple(arm.description for arm in r.arms if arm.description.given)
    return tuple(v for v in named if v.given), arms or summary


def _said(reading: Reading, names: Iterable[str], values: Iterable[Value]) -> dict[str, Hit]:
    """Return which of *names* are named in *values*, each with its first place."""
    found: dict[str, Hit] = {}
    for hit in reading.find(tuple(f"product_kinds.{name}" for name in names), *values):
        name = hit.pattern.removeprefix("product_kinds.")
        if name not in found and not denied(hit.value.folded, hit.start, hit.end):
            found[name] = hit
    return found


def _case(here: Hit, there: Hit, said: str, shown: str) -> Case:
    flat = (re.sub(r"^\w\W+(?=\w{4})", "", " ".join(hit.place.quote.split())) for hit in (here, there))
    words = dict(zip(("here", "there"), flat, strict=True))
    places = tuple(clause(hit.value, hit.start, hit.end, 150) for hit in (here, there))
    return Case({**words, "said": said, "shown": shown}, places)


def _other_class(reading: Reading, named: tuple[Value, ...], arms: tuple[Value, ...]) -> Iterator[Case]:
    """Yield the title that speaks of a cell therapy where the groups get a cell-free product, or the other way round."""
    there = _said(reading, _CLASSES, arms)
    if "cells" not in there and (bare := _cells_given(reading, arms)):
        there["cells"] = bare
    everywhere = _said(reading, _CELL_FREE, (*named, *arms))
    for value in named:
        here = _said(reading, _CLASSES, (value,))
        free = [name for name in _CELL_FREE if name in everywhere]
        if "cells" in here and "cells" not in there and free and not set(here) & set(_CELL_FREE):
            other = there.get(free[0]) or everywhere[free[0]]
            yield _case(here["cells"], other, _CLASSES["cells"], _CLASSES[free[0]])
            return
    for value in named:
        here = _said(reading, _CELL_FREE, (value,))
        if here and "cells" in there and not set(there) & set(_CELL_FREE):
            name, hit = next(iter(here.items()))
            if not _FROM.search(there["cells"].value.folded, 0, there["cells"].start):
                yield _case(hit, there["cells"], _CLASSES[name], _CLASSES["cells"])
                return


def _cells_given(reading: Reading, arms: tuple[Value, ...]) -> Hit | None:
    """Return where the groups get cells themselves, not what cells were the source of."""
    for hit in reading.find("product_kinds.named_cells", *arms):
        folded = hit.value.folded
        if not _FROM.search(folded, max(0, hit.start - 60), hit.start) and not _TO.match(folded, hit.end):
            return hit
    return None


def _other_source(reading: Reading, named: tuple[Value, ...], arms: tuple[Value, ...]) -> Iterator[Case]:
    if not _said(reading, ("cells", "exosome", "secretome"), (*named, *arms)):
        return
    here, there = _said(reading, _SOURCES, named), _said(reading, _SOURCES, arms)
    if len(here) == len(there) == 1 and here.keys() != there.keys():
        (mine, one), (other, two) = *here.items(), *there.items()
        yield _case(one, two, _SOURCES[mine], _SOURCES[other])


def _look_alikes(reading: Reading, named: tuple[Value, ...], arms: tuple[Value, ...]) -> Iterator[Case]:
    """Yield the product of a title that no group gets while a group gets the one with nearly the same name."""
    all_here, all_there = _said(reading, _ALL_ALIKE, named), _said(reading, _ALL_ALIKE, arms)
    if not all_here or not all_there:
        return
    for pair in _LOOK_ALIKES:
        here, there = ({name: hit for name, hit in said.items() if name in pair} for said in (all_here, all_there))
        if len(here) == 1 and len(there) == 1 and here.keys() != there.keys():
            (mine, one), (other, two) = *here.items(), *there.items()
            if _with_its_dose(two) and _certain(reading, mine, other):
                yield _case(one, two, mine.replace("_", " "), other.replace("_", " "))


def _with_its_dose(hit: Hit) -> bool:
    first, last = max(0, hit.start - 45), hit.end + 45
    near = any(first <= q.start and q.end <= last for q in quantities(hit.value.folded) if q.kind in (MASS, ACTIVITY, SHARE))
    start, _ = sentence_at(hit.value.folded, hit.start)
    return near and not _CHANGED.search(hit.value.folded, start, hit.start)


def _certain(reading: Reading, mine: str, other: str) -> bool:
    """Return whether no other text speaks of the title's product being given ("on chloroquine" may be background)."""
    r = reading.registration
    rest = tuple(v for v in (r.arms_summary, r.settings, r.design_summary) if v.given)
    return mine not in _said(reading, (mine,), rest) and other not in _said(
        reading, (other,), (r.public_title, r.scientific_title)
    )


def _source_left_out(reading: Reading, named: tuple[Value, ...], arms: tuple[Value, ...]) -> Iterator[Case]:
    product = _said(reading, ("exosome", "secretome", "cells"), arms)
    here, there = _said(reading, _SOURCES, named), _said(reading, (*_SOURCES, "peripheral_blood"), arms)
    if product and len(here) == 1 and not there:
        ((source, one),) = here.items()
        two = next(iter(product.values()))
        yield _case(one, two, _SOURCES[source], "no source")
        return
    summary = tuple(v for v in (reading.registration.arms_summary,) if v.given)
    short = _said(reading, ("exosome", "secretome", "cells"), summary)
    if short and len(there) == 1 and not _said(reading, _SOURCES, summary):
        ((source, one),) = there.items()
        yield _case(one, next(iter(short.values())), _SOURCES[source], "no source")


def _two_names(reading: Reading, named: tuple[Value, ...], arms: tuple[Value, ...]) -> Iterator[Case]:
    """Yield a secretome that is called conditioned medium elsewhere: the same product, under two names."""
    names: dict[str, Hit] = {}
    for hit in reading.find("product_kinds.secretome", *named, *arms):
        names.setdefault(re.sub(r"[ -]+|s$", " ", hit.text).strip(), hit)
    if len(names) > 1:
        one, two = list(names.values())[:2]
        yield _case(one, two, f'"{one.text}"', f'"{two.text}"')


@fact(cases=("arm", "category", "described"))
def category_differences(reading: Reading) -> Fact:
    """The groups whose category does not fit what their description says."""
    r = reading.registration
    if not len(r.arms):
        return cannot_tell(r.arms.state.value, "arms")
    if not any(arm.category.given and arm.description.given for arm in r.arms):
        return cannot_tell("unknown", "arms.category")
    cases = [case for number, arm in enumerate(r.arms, 1) if (case := _misplaced(reading, number, arm))]
    return listed(_once(cases))


def _once(cases: list[Case]) -> Iterator[Case]:
    """Yield the cases, with the groups of the same category and kind put together."""
    merged: dict[tuple[object, object], list[Case]] = {}
    for case in cases:
        merged.setdefault((case.values["category"], case.values["described"]), []).append(case)
    for (category, described), same in merged.items():
        arms = tuple(case.values["arm"] for case in same)
        places = tuple(place for case in same for place in case.places)
        yield Case({"arm": arms, "category": category, "described": described}, places)


def _misplaced(reading: Reading, number: int, arm: Arm) -> Case | None:
    value, category = arm.description, arm.category
    if not (value.given and category.given) or category.code is None:
        return None
    described = _described(reading, value, category.code)
    if described is None:
        return None
    what, start, end = described
    values: dict[str, object] = {
        "arm": Phrase("group {number}", number=number),
        "category": " ".join(category.text.split()),
        "described": what,
    }
    return Case(values, (category.whole(), clause(value, start, end, 160)))


def _described(reading: Reading, value: Value, code: str) -> tuple[str, int, int] | None:
    """Return what *value* describes and where, when it is not of the category *code*."""
    drug = _first(reading, ("products.drug", "substances.active_drug"), value)
    biological = _first(
        reading, ("products.biological", "product_kinds.exosome", "product_kinds.secretome", "product_kinds.cells"), value
    )
    form = _first(reading, "products.dose_form", value)
    dose = next((q for q in quantities(value.folded) if q.kind in (MASS, ACTIVITY)), None)
    behaviour, surgery = _first(reading, "dosing.behaviour_word", value), _first(reading, "dosing.surgery_word", value)
    device, inert = _first(reading, "dosing.device", value), _first(reading, (*IMITATIONS, "control.no_treatment"), value)
    food = next((hit for hit in reading.find("products.food_or_herb", value) if not _NO_FOOD.match(hit.text.strip())), None)
    if code == "placebo":
        role = groups(reading, value)[0].role
        if role == EXPERIMENTAL and drug and dose and not inert:
            return "a drug with its dose and no placebo", drug.start, drug.end
    elif code == "drug":
        nothing = not (drug or biological or form or dose or food or inert or _usual(reading, value))
        if nothing and (plain := behaviour or device or surgery):
            kind = "a behavioural or physical treatment" if behaviour else "a device" if device else "an operation"
            return Phrase("{kind} and no drug", kind=kind), plain.start, plain.end
    elif code in ("behaviour", "lifestyle", "rehabilitation"):
        if drug and dose and not (behaviour or device or inert or food):
            return "a drug with its dose", drug.start, drug.end
    elif code == "surgery":
        if drug and dose and not surgery and not inert and not re.search(r"block|inject|an?esthe|laser|suture", value.folded):
            return "a drug with its dose and no operation", drug.start, drug.end
    elif code == "device":
        if drug and dose and form and not device and not behaviour and not inert and not _DEVICE.search(value.folded):
            return "a drug with its dose and no device", drug.start, drug.end
    elif code in ("treatment_other", "other"):
        if biological and _GIVEN.search(value.folded):
            return "a biological product that is injected", biological.start, biological.end
        if drug and dose and form and not (surgery or device or behaviour or food or inert):
            return "a drug with its dose", drug.start, drug.end
    return None


_NO_FOOD = re.compile(r"lasers?|acupuncture|patch")
_DEVICE = re.compile(
    r"\b(?:device|machine|apparatus|pump|catheter|mask|tube|nebuli|inhaler|instrument|patch|lamp|light|stimulat)"
)


def _usual(reading: Reading, value: Value) -> bool:
    return reading.first("control.usual_care", value) is not None


def _first(reading: Reading, names: str | tuple[str, ...], value: Value) -> Hit | None:
    return next((hit for hit in reading.find(names, value) if not denied(value.folded, hit.start, hit.end)), None)
