"""Facts on ages: the limits in the fields, the limits in the criteria text, and where they contradict each other."""

from audit.engine.age_limits import Limits, first, limits_in_criteria
from audit.engine.language import unread
from audit.engine.reading import Reading, cannot_tell, fact
from audit.model.registration import Age
from audit.model.result import Fact
from audit.model.span import Value

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
    for statements in _criteria(reading):
        found = first((one for _, one in statements), "low" if bound == "minimum" else "high")
        if found:
            value = next(value for value, one in statements if one is found)
            return Fact(found.minimum() if bound == "minimum" else found.maximum(), (value.place(found.start, found.end),))
    return cannot_tell("text", f"the criteria name no {bound} age")


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
