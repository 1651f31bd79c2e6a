"""Facts on the population: minors and pregnancy thought of, look-back times, kinds of a condition, and treatments kept out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from audit.engine.clauses import clause, opening
from audit.engine.criteria import IN, OUT, Item, criteria_items
from audit.engine.facts.phase import biological, medicinal
from audit.engine.language import unread
from audit.engine.numbers import COUNT, count
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed
from audit.engine.scope import denied
from audit.model.registration import Arm
from audit.model.result import Case, Fact
from audit.model.span import GIVEN, Place, Value

_EARLY = ("0", "1", "1-2", "2")
_LOCAL = re.compile(
    r"\b(?:creams?|ointments?|gels?|topical(?:ly)?|(?:eye|ear|nasal) drops?|mouth-?wash(?:es)?|tooth-?paste|varnish|patch(?:es)?|spray|nerve block|plane block|spinal|epidural|local an[a]?esthe\w+|"
    r"infiltrat\w+|intra-?dermal|intra-?articular|lotion|shampoo|dressing|suppositor\w+|vaginal)\b"
)
_CHILDBEARING = (15.0, 50.0)


@fact
def minimum_age_open(reading: Reading) -> Fact:
    """Whether the field sets no lower age limit: even newborns may be taken."""
    age = reading.registration.minimum_age
    if not age.given:
        return cannot_tell(age.state.value, age.field)
    if age.limited and age.years is None:
        return cannot_tell("unclear", age.field)
    return Fact(not age.limited or age.years == 0, (age.whole(),))


@fact
def new_medicinal_product(reading: Reading) -> Fact:
    """Whether an arm gives cells, plasma, a vaccine or the like, or any drug in an early phase (0 to 2)."""
    r = reading.registration
    if not len(r.arms):
        return cannot_tell(r.arms.state.value, "arms")
    find = medicinal if r.phase.given and r.phase.code in _EARLY else biological
    for arm in r.arms:
        if hits := find(reading, arm):
            places = [clause(hits[0].value, hits[0].start, hits[0].end, 160)]
            return Fact(True, (*places, r.phase.whole()) if find is medicinal else tuple(places))
    return Fact(False, tuple(opening(arm.description) for arm in r.arms))


@fact
def medicine_given(reading: Reading) -> Fact:
    """Whether an arm gives a medicinal product, whatever the phase; foods, herbs, devices and what is used locally are none."""
    r = reading.registration
    if not len(r.arms):
        return cannot_tell(r.arms.state.value, "arms")
    for arm in r.arms:
        if (hits := medicinal(reading, arm)) and (not _LOCAL.search(arm.description.folded) or biological(reading, arm)):
            return Fact(True, (clause(hits[0].value, hits[0].start, hits[0].end, 160),))
    if any(_may_be(reading, arm) for arm in r.arms):
        return cannot_tell("text", "no arm has a category, and the product is none that is known")
    return Fact(False)


def _may_be(reading: Reading, arm: Arm) -> bool:
    """Return whether an arm without a category gives something in the form of a medicine that is not known as a food or herb."""
    said = arm.description
    given = not arm.category.given and reading.first("products.dose_form", said)
    return bool(given) and not _LOCAL.search(said.folded) and not reading.first("products.food_or_herb", said)


def _described(reading: Reading) -> tuple[Value, ...]:
    r = reading.registration
    values = (r.inclusion_criteria, r.exclusion_criteria, r.criteria_summary, r.public_title, r.scientific_title)
    more = (r.design_summary, r.settings, r.study_aim, *(one.description for one in r.conditions))
    return tuple(value for value in (*values, *more) if value.given)


def _named(reading: Reading, pattern: str) -> Fact:
    """Whether the texts on the population name a matter; nothing follows from criteria that are cut or missing."""
    r = reading.registration
    if hit := reading.first(pattern, *_described(reading)):
        return Fact(True, (hit.place,))
    for value in (r.inclusion_criteria, r.exclusion_criteria):
        if value.state is not GIVEN and not (value is r.exclusion_criteria and r.registry != "IRCT"):
            return cannot_tell(value.state.value, value.field)
    if not r.complete:
        return cannot_tell("text", "the record is cut")
    return Fact(False)


@fact
def age_group_named(reading: Reading) -> Fact:
    """Whether the texts speak of adults, children, parents, consent for minors, or another group that is of age."""
    named = _named(reading, "ages.minors_named")
    if named.value is True:
        return named
    r = reading.registration
    subjects = (r.public_title, r.scientific_title, *(one.description for one in r.conditions))
    if hit := reading.first(("sexes.womens_condition", "pregnancy.required"), *subjects):
        return Fact(True, (hit.place,))
    asked = {hit.start: hit for hit in reading.find("pregnancy.required", r.inclusion_criteria)}
    for item in criteria_items(reading):
        if item.role == IN and item.start in asked:
            return Fact(True, (item.place,))
    return named


@fact
def pregnancy_named(reading: Reading) -> Fact:
    """Whether criteria, titles or summary speak of pregnancy, breastfeeding, contraception or the like."""
    return _named(reading, "pregnancy.named")


@fact
def women_of_childbearing_age(reading: Reading) -> Fact:
    """Whether the fields for sex and age let women of 15 to 50 years take part."""
    r = reading.registration
    for value in (r.sex, r.minimum_age, r.maximum_age):
        if not value.given:
            return cannot_tell(value.state.value, value.field)
    if r.sex.code not in ("both", "female"):
        return Fact(False, (r.sex.whole(),)) if r.sex.code == "male" else cannot_tell("unclear", "sex")
    least, most = r.minimum_age.years or 0.0, r.maximum_age.years or 200.0
    return Fact(least < _CHILDBEARING[1] and most > _CHILDBEARING[0], (r.sex.whole(),))


_DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.4, "year": 365.25}
_N = rf"(?P<n>{COUNT}|a|an|one)"
_WINDOW = re.compile(
    rf"\b(?:last|past|previous|preceding|recent)(?: {_N})?[ -](?P<unit>hour|day|week|month|year)s?\b"
    rf"|\b{_N.replace('<n>', '<n2>')}[ -](?P<unit2>hour|day|week|month|year)s?.? (?:before|prior|ago|preceding|earlier|previous)\b"
    rf"|\bfor (?:at least |the last |more than )?{_N.replace('<n>', '<n3>')} (?P<unit3>day|week|month|year)s?\b(?! of\b)"
)
_WITHOUT = re.compile(
    r"\b(?:no|not|non|without|never|lack|absence|avoid\w*|free|did not|didn.t|stop\w*|discontinu\w*|wash-?out)\b"
)
_NEAR = 70
_SAME = 1.2


@dataclass(frozen=True)
class _Time:
    subject: str
    named: str
    days: float
    said: str
    item: Item


@fact(cases=("subject", "first_says", "second_says"))
def look_back_conflicts(reading: Reading) -> Fact:
    """The medicines for which two criteria set different times without them."""
    r = reading.registration
    detailed = [value for value in (r.inclusion_criteria, r.exclusion_criteria) if value.given]
    values = detailed or [value for value in (r.criteria_summary,) if value.given]
    if not values:
        return cannot_tell(r.inclusion_criteria.state.value, r.inclusion_criteria.field)
    if foreign := unread(*values):
        return foreign
    hits = [hit for hit in reading.find("lookback", *values) if hit.pattern != "lookback.qualified"]
    if len(hits) < 2:
        return listed(())
    found = [time for item in criteria_items(reading) for time in _times(reading, item, hits)]
    cases = []
    for subject in dict.fromkeys(time.subject for time in found):
        mine = [time for time in found if time.subject == subject]
        other = next((time for time in mine if _differ(time.days, mine[0].days)), None)
        if other is not None and other.item is not mine[0].item:
            said: dict[str, object] = {"subject": mine[0].named, "first_says": mine[0].said, "second_says": other.said}
            cases.append(Case(said, (mine[0].item.place, other.item.place)))
    return listed(cases)


def _differ(one: float, other: float) -> bool:
    return max(one, other) / min(one, other) > _SAME


def _times(reading: Reading, item: Item, hits: list[Hit]) -> Iterator[_Time]:
    """The times without a medicine in one criterion; none where it is qualified or the criterion sets several times."""
    inside = [hit for hit in hits if hit.value is item.value and item.start <= hit.start and hit.end <= item.end]
    if not inside or _qualified(reading, item):
        return
    windows = list(_WINDOW.finditer(item.value.folded, item.start, item.end))
    if len(windows) != 1:
        return
    window = windows[0]
    denies = bool(_WITHOUT.search(item.folded))
    if denies is (item.role == OUT) or (window["unit3"] and not denies):  # only what has to be without the medicine
        return
    number = window["n"] or window["n2"] or window["n3"]
    unit = window["unit"] or window["unit2"] or window["unit3"]
    amount = 1 if number in (None, "a", "an", "one") else count(number)
    if not amount:
        return
    for hit in inside:
        if min(abs(window.start() - hit.end), abs(hit.start - window.end())) <= _NEAR:
            named = item.value.text[hit.start : hit.end]
            subject = f"{hit.pattern} {hit.text}" if hit.pattern == "lookback.supplements" else hit.pattern
            yield _Time(subject, named, amount * _DAYS[unit], item.value.text[window.start() : window.end()], item)


def _qualified(reading: Reading, item: Item) -> bool:
    return any(item.start <= hit.start < item.end for hit in reading.find("lookback.qualified", item.value))


_ALL_KINDS = "kinds"


@fact(cases=("summary_says", "criteria_says"))
def kinds_differing(reading: Reading) -> Fact:
    """Conditions of which titles or summary name one kind and the criteria the other (type 1 and type 2 diabetes)."""
    r = reading.registration
    criteria = r.inclusion_criteria if r.inclusion_criteria.given else r.criteria_summary
    if not criteria.given:
        return cannot_tell(r.inclusion_criteria.state.value, r.inclusion_criteria.field)
    if foreign := unread(criteria):
        return foreign
    asked = _affirmed(
        [
            hit
            for item in criteria_items(reading)
            if item.role == IN
            for hit in reading.find(_ALL_KINDS, item.value)
            if item.start <= hit.start and hit.end <= item.end
        ]
    )
    elsewhere = {hit.pattern for hit in reading.find(_ALL_KINDS, *(one.description for one in r.conditions))}
    cases: dict[str, Case] = {}
    for value in (r.public_title, r.scientific_title, r.study_aim, r.design_summary, r.settings):
        said = _affirmed(reading.find(_ALL_KINDS, value)) if asked else {}
        for one, here in said.items():
            other = _other_side(one)
            if other not in said and other in asked and one not in asked and one not in elsewhere and one not in cases:
                there = asked[other]
                values: dict[str, object] = {"summary_says": here.place.quote, "criteria_says": there.place.quote}
                places = (clause(here.value, here.start, here.end), clause(there.value, there.start, there.end))
                cases[one] = Case(values, places)
    return listed(cases.values())


def _other_side(pattern: str) -> str:
    pair, _, side = pattern.rpartition("_")
    return f"{pair}_{'second' if side == 'first' else 'first'}"


def _affirmed(hits: list[Hit]) -> dict[str, Hit]:
    found: dict[str, Hit] = {}
    for hit in hits:
        if not denied(hit.value.folded, hit.start, hit.end) and not _OR_BEFORE.search(hit.value.folded[: hit.start][-12:]):
            found.setdefault(hit.pattern, hit)
    return found


_OR_BEFORE = re.compile(r"\b(?:or|versus|vs\.?|than) $")
_DURING = re.compile(
    r"\b(?:during|throughout|in the course of|over the course of|while (?:participating )?in) (?:the |this )?(?:entire |whole )?(?:study|trial|research|intervention|treatment|project|follow-?up)\b"
    r"|\b(?:simultaneous|concomitant|concurrent)(?:ly)? (?:us(?:e|ing)|taking|intake|administration|treatment|consumption)\b"
)
_USE = re.compile(
    r"\b(?:us(?:e|es|ing|age)|taking|take|takes|receiv\w+|consum\w+|intake|treatment with|administration|prescri\w+|requir\w+|need\w*)\b"
)
_OTHERWISE = re.compile(
    r"\b(?:not?|non|without|never|less|more|fewer|irregular\w*|discontinu\w*|stop\w*|incomplete|additional|extra|rescue)\b|\d"
)
_MEMBERS = {
    "lookback.corticosteroids": re.compile(
        r"\b(?:\w*prednisolone|prednisone|dexamethasone|betamethasone|hydrocortisone|triamcinolone|budesonide|clobetasol|mometasone)\b"
    ),
    "lookback.antibiotics": re.compile(
        r"\b(?:amoxi\w+|azithromycin|doxycycline|metronidazole|ciprofloxacin|cef\w{4,}|clindamycin|clarithromycin|levofloxacin|vancomycin|tetracycline|penicillin)\b"
    ),
    "lookback.nsaids": re.compile(
        r"\b(?:ibuprofen|diclofenac|naproxen|ketorolac|indomethacin|celecoxib|mefenamic acid|piroxicam|meloxicam)\b"
    ),
    "lookback.analgesics": re.compile(
        r"\b(?:morphine|fentanyl|tramadol|oxycodone|pethidine|meperidine|acetaminophen|paracetamol|ibuprofen|diclofenac|ketorolac)\b"
    ),
    "lookback.probiotics": re.compile(r"\b(?:probiotics?|lactobacillus|bifidobacterium)\b"),
    "lookback.antioxidants": re.compile(
        r"\b(?:vitamin c|vitamin e|selenium|coenzyme q10|n-acetylcysteine|alpha[- ]lipoic acid)\b"
    ),
    "lookback.antihistamines": re.compile(r"\b(?:cetirizine|loratadine|fexofenadine|hydroxyzine|diphenhydramine)\b"),
    "lookback.anticoagulants": re.compile(r"\b(?:warfarin|\w*heparin|rivaroxaban|apixaban|enoxaparin|aspirin|clopidogrel)\b"),
    "lookback.bronchodilators": re.compile(
        r"\b(?:salbutamol|albuterol|ipratropium|salmeterol|formoterol|terbutaline|tiotropium)\b"
    ),
    "lookback.sedatives": re.compile(r"\b(?:midazolam|diazepam|lorazepam|alprazolam|clonazepam|zolpidem)\b"),
}


@fact(cases=("excluded", "given"))
def excluded_but_given(reading: Reading) -> Fact:
    """Treatments whose use during the study is a reason for exclusion, and which an arm gives."""
    r = reading.registration
    if not any(value.given for value in (r.exclusion_criteria, r.inclusion_criteria, r.criteria_summary)):
        return cannot_tell(r.exclusion_criteria.state.value, r.exclusion_criteria.field)
    if not len(r.arms):
        return cannot_tell(r.arms.state.value, "arms")
    arms = [arm.description for arm in r.arms if arm.description.given]
    if foreign := unread(*arms, *(v for v in (r.inclusion_criteria, r.exclusion_criteria) if v.given)):
        return foreign
    cases = []
    for item in criteria_items(reading):
        said = item.folded
        if item.role != OUT or not _DURING.search(said) or not _USE.search(said) or _OTHERWISE.search(said):
            continue
        if any(item.start <= hit.start < item.end for hit in reading.find("criteria.surroundings", item.value)):
            continue
        given = _given(reading, item, arms)
        if given is not None:
            cases.append(Case({"excluded": item.place.quote, "given": given.quote}, (item.place, given)))
    return listed(cases[:1])


def _given(reading: Reading, item: Item, arms: list[Value]) -> Place | None:
    for hit in reading.find((*_MEMBERS, "substances.active_drug", "products.drug"), item.value):
        if not (item.start <= hit.start and hit.end <= item.end):
            continue
        pattern = _MEMBERS.get(hit.pattern) or re.compile(rf"\b{re.escape(hit.text)}\b")
        for arm in arms:
            match = pattern.search(arm.folded)
            if match and not denied(arm.folded, match.start(), match.end()):
                return clause(arm, match.start(), match.end(), 150)
    return None
