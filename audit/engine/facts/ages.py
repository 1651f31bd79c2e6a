"""Facts on ages: the limits in the fields, the limits in the criteria text, and where they contradict each other."""

import re

from audit.engine.age_limits import Limits, exclusion_begins, first, limits_in_criteria, widest
from audit.engine.language import unread
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed
from audit.engine.scope import sentence_at
from audit.model.registration import Age
from audit.model.result import Case, Fact
from audit.model.span import Place, Value

Statement = tuple[Value, Limits]
"""An age named in a text, and the value it stands in."""


def _criteria(reading: Reading) -> tuple[list[Statement], list[Statement]]:
    """The ages in the detailed criteria: those that let in, and what those that keep out leave."""
    r = reading.registration
    into: list[Statement] = []
    out: list[Statement] = []
    for value, excluding in ((r.inclusion_criteria, False), (r.exclusion_criteria, True)):
        if value.given:
            lets_in, keeps_out = limits_in_criteria(value.folded, excluding)
            into += [(value, one) for one in lets_in]
            out += [(value, one) for one in keeps_out]
    return into, out


def _in_text(reading: Reading, bound: str) -> Fact:
    r = reading.registration
    if not r.inclusion_criteria.given and not r.exclusion_criteria.given:
        return cannot_tell(r.inclusion_criteria.state.value, r.inclusion_criteria.field)
    if foreign := unread(r.inclusion_criteria, r.exclusion_criteria):
        return foreign
    side = _SIDES[bound]
    for statements in _criteria(reading):
        found = widest([one for _, one in statements], side)
        if found is not None:
            value = next(value for value, one in statements if one is found)
            if bound == "minimum" and (found.low or 0) >= _NOT_A_CHILD and _children_too(reading, statements):
                return cannot_tell("text", "children are taken too, of an age that the criteria do not name")
            return Fact(found.minimum() if bound == "minimum" else found.maximum(), (value.place(found.start, found.end),))
        if any(getattr(one, side) is not None and not one.partial for _, one in statements):
            least = bound == "minimum"
            return cannot_tell(
                "text", "the criteria name several minimum ages" if least else "the criteria name several maximum ages"
            )
    years, pattern = _TABLE_OF_AGES[bound]
    if hit := reading.first(pattern, r.inclusion_criteria):
        return Fact(years, (hit.place,))
    return cannot_tell("text", "the criteria name no minimum age" if bound == "minimum" else "the criteria name no maximum age")


def _children_too(reading: Reading, statements: list[Statement]) -> bool:
    """Whether children are let in by an item of the criteria that names no age."""
    value = reading.registration.inclusion_criteria
    hit = _people(reading, "ages.child", value)
    if hit is None or hit.text.lstrip().startswith(("adol", "teen")) or "adol" in hit.text:
        return False
    first_place, last_place = sentence_at(value.folded, hit.start)
    return not any(one_value is value and first_place <= one.start < last_place for one_value, one in statements)


@fact
def minimum_age_years(reading: Reading) -> Fact:
    """The minimum age in years as the field gives it."""
    return _field(reading.registration.minimum_age)


@fact
def maximum_age_years(reading: Reading) -> Fact:
    """The maximum age in years as the field gives it."""
    return _field(reading.registration.maximum_age)


def _field(age: Age) -> Fact:
    if age.years is not None:
        return Fact(round(age.years, 2), (age.whole(),))
    if not age.given:
        return cannot_tell(age.state.value, age.field)
    return cannot_tell("unclear" if age.limited else "text", age.field if age.limited else "the field sets no limit")


@fact
def minimum_age_years_in_text(reading: Reading) -> Fact:
    """The minimum age in years that the criteria text names: the inclusion criteria, else the exclusion criteria."""
    return _in_text(reading, "minimum")


@fact
def maximum_age_years_in_text(reading: Reading) -> Fact:
    """The maximum age in years that the criteria text names: the inclusion criteria, else the exclusion criteria."""
    return _in_text(reading, "maximum")


_NOT_A_CHILD = 12
"""A least age from which on children would not be among the participants, but for another item of the criteria."""
_TABLE_OF_AGES = {"minimum": (18.0, "ages.only_adults"), "maximum": (65.0, "ages.no_elderly")}
"""What the European register says of ages by yes and no, below the criteria."""
_CASES = ("bound", "text_says", "field_says")
_ITEM = re.compile(r"[\n>;:.•*]")
_SIDES = {"minimum": "low", "maximum": "high"}
_NO_UPPER = 90
"""A maximum of 90 years or more keeps hardly anybody out; a summary may leave it away."""
_ADULT_FROM, _CHILD_UNTIL = 12, 21


@fact(cases=_CASES)
def ages_differing_in_criteria(reading: Reading) -> Fact:
    """Age limits in the detailed criteria that cannot be those of the fields; "adult patients" is no limit of one year."""
    return _differing(reading, [reading.registration.inclusion_criteria, reading.registration.exclusion_criteria])


@fact(cases=_CASES)
def ages_differing_in_summary(reading: Reading) -> Fact:
    """Age limits in the summary of the criteria that cannot be those of the fields."""
    return _differing(reading, [reading.registration.criteria_summary])


@fact(cases=_CASES)
def ages_left_out_of_summary(reading: Reading) -> Fact:
    """A limit that the field sets and the summary does not name, although it names the other one."""
    r = reading.registration
    value = r.criteria_summary
    if (unknown := _unknown(reading, [value])) is not None:
        return unknown
    into, out = limits_in_criteria(value.folded)
    named = {side: [one for one in (*into, *out) if getattr(one, side) is not None] for side in ("low", "high")}
    cases = []
    for bound, other, age in (("minimum", "high", r.minimum_age), ("maximum", "low", r.maximum_age)):
        said = first(named[other], other)
        if age.years is None or named[_SIDES[bound]] or said is None or not said.sure:
            continue
        if (bound == "maximum" and age.years >= _NO_UPPER) or (bound == "minimum" and age.years <= 1):
            continue
        if bound == "minimum" and reading.first("ages.adult", value):
            continue
        cases.append(_case(bound, value.place(said.start, said.end), age))
    return listed(cases)


@fact(cases=("text_says", "field_says"))
def ages_despite_no_limit(reading: Reading) -> Fact:
    """Words that limit the age although the field says that there is no limit."""
    r = reading.registration
    free = [
        (bound, age) for bound, age in (("minimum", r.minimum_age), ("maximum", r.maximum_age)) if age.given and not age.limited
    ]
    if not free:
        return cannot_tell("text", "the fields limit the age or cannot be read")
    values = [v for v in (r.inclusion_criteria, r.exclusion_criteria, r.criteria_summary) if v.given]
    if not values:
        return cannot_tell(r.inclusion_criteria.state.value, r.inclusion_criteria.field)
    if foreign := unread(*values):
        return foreign
    cases: dict[int, Case] = {}
    for bound, age in free:
        place = _limiting(reading, bound, values)
        if place is not None and not any(place == case.places[0] for case in cases.values()):
            cases.setdefault(
                age.start if age.path is None else 0,
                Case({"text_says": place.quote, "field_says": age.text or "no limit"}, (place, age.whole())),
            )
    return listed(cases.values())


def _limiting(reading: Reading, bound: str, values: list[Value]) -> Place | None:
    """The first words that set a bound: a number in the criteria, or adults (children) who are to be taken."""
    r = reading.registration
    for value in values:
        into, out = limits_in_criteria(value.folded, value is r.exclusion_criteria)
        found = widest((*into, *out), _SIDES[bound])
        if found is not None and found.sure and (bound == "maximum" or (found.low or 0) > 0):
            said = {getattr(one, _SIDES[bound]) for one in (*into, *out)} - {None}
            if len(said) > 1 or (r.registry != "IRCT" and not _is_an_item(value, found)):
                return None  # for a part of the participants, in the long lists of other registries
            return value.place(found.start, found.end)
    for value in (r.inclusion_criteria, r.criteria_summary):
        hit = _people(reading, "ages.adult" if bound == "minimum" else "ages.child", value)
        if hit is not None and _opens_an_item(value, hit.start):
            return hit.place
    return None


def _is_an_item(value: Value, said: Limits) -> bool:
    """Whether the words of an age are a criterion of their own, or nearly."""
    rest = _ITEM.split(value.text[said.end : said.end + 80].replace("<br", "\n"))[0]
    return len(rest.strip()) <= 20 and _opens_an_item(value, said.start)


def _opens_an_item(value: Value, at: int) -> bool:
    """Whether words stand at the beginning of a criterion, or nearly, and not in a list of alternatives."""
    before = value.text[max(0, at - 80) : at]
    return len(_ITEM.split(before)[-1].strip()) <= 25 and not before.rstrip().endswith((" or", "/", " and"))


def _people(reading: Reading, pattern: str, value: Value) -> Hit | None:
    """The first words that say whom a text of criteria lets in; not whose parents."""
    if not value.given:
        return None
    hits = reading.find(pattern, value)
    if not hits:
        return None
    end = exclusion_begins(value.folded)
    others = {hit.end for hit in reading.find("ages.others", value)}
    return next((hit for hit in hits if hit.start < end and hit.start not in others), None)


def _unknown(reading: Reading, values: list[Value]) -> Fact | None:
    """Why the ages of the fields and of *values* cannot be compared, or None."""
    r = reading.registration
    given = [value for value in values if value.given]
    if not given:
        return cannot_tell(values[0].state.value, values[0].field)
    if r.minimum_age.years is None and r.maximum_age.years is None:
        limited = r.minimum_age.given and r.minimum_age.limited
        return cannot_tell(
            "unclear" if limited else "text" if r.minimum_age.given else r.minimum_age.state.value,
            "minimum_age" if limited or not r.minimum_age.given else "the fields set no age limit",
        )
    return unread(*given)


def _differing(reading: Reading, values: list[Value]) -> Fact:
    if (unknown := _unknown(reading, values)) is not None:
        return unknown
    r = reading.registration
    if r.minimum_age.years is not None and r.maximum_age.years is not None and r.minimum_age.years > r.maximum_age.years:
        return cannot_tell("text", "the minimum age of the fields is above their maximum age")
    named = False
    cases = []
    for bound, age in (("minimum", r.minimum_age), ("maximum", r.maximum_age)):
        for value in values:
            if not value.given:
                continue
            for statements in limits_in_criteria(value.folded, value is r.exclusion_criteria):
                place, disagrees = _against(statements, bound, age, value)
                named |= place is not None
                if place is not None and disagrees:
                    cases.append(_case(bound, place, age))
    if not cases and r.minimum_age.years is not None and r.minimum_age.years < _ADULT_FROM:
        for value in values:
            if value is not r.exclusion_criteria and not named and (hit := _people(reading, "ages.adult", value)):
                return listed([_case("minimum", hit.place, r.minimum_age)])
    return listed(cases) if named or cases else cannot_tell("text", "the text names no age")


def _against(statements: tuple[Limits, ...], bound: str, age: Age, value: Value) -> tuple[Place | None, bool]:
    """The first statement of a bound, and whether every statement of it disagrees with the field."""
    side = _SIDES[bound]
    having = [one for one in statements if getattr(one, side) is not None]
    whole = [one for one in having if not one.partial]
    if not whole:
        return None, False
    place = value.place(whole[0].start, whole[0].end)
    if age.years is None:
        return place, False
    agrees = any(one.may_be(side, age.years) or not one.sure for one in having)
    return place, not agrees


def _case(bound: str, place: Place, age: Age) -> Case:
    return Case({"bound": bound, "text_says": place.quote, "field_says": age.text}, (place, age.whole()))
