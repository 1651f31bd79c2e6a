"""Facts on arms: how many are registered, how many of them are groups of their own, and whether one text holds several."""

import re
from collections.abc import Sequence

from audit.engine.clauses import clause, opening
from audit.engine.groups import UNSAID, Group, groups
from audit.engine.reading import Hit, Reading, cannot_tell, fact
from audit.engine.scope import denied
from audit.model.registration import Arm
from audit.model.result import Fact
from audit.model.span import Place, State

_NUMBER_OF_GROUP = re.compile(
    r"(?:\b|(?<=group)|(?<=arm))(\d+|[a-h]|i{1,3}|iv|one|two|three|four|five|first|second|third|fourth|fifth|1st|2nd|3rd|4th)\b(?! \w+ (?:patients|people|persons))"
)
_NUMBER_AFTER = re.compile(r" ?,? ?\(?(?:number|no[.]?|nr[.]?) ?:? ?(\d|one|two|three|four|five)\b")
_ORDER = {
    **{word: str(number) for number, word in enumerate(("one", "two", "three", "four", "five"), 1)},
    **{word: str(number) for number, word in enumerate(("first", "second", "third", "fourth", "fifth"), 1)},
    **{"i": "1", "ii": "2", "iii": "3", "iv": "4", "1st": "1", "2nd": "2", "3rd": "3", "4th": "4"},
}
_SEVERAL_GROUPS = re.compile(r"\b(?:group|arm|cohort)s\b")


@fact
def arm_count(reading: Reading) -> Fact:
    """How many arms are registered."""
    r = reading.registration
    if not len(r.arms):
        return cannot_tell(r.arms.state.value, "arms")
    if not r.complete and not len(r.centres) and not len(r.sponsors):
        return cannot_tell("unknown", "arms")  # the record is cut, perhaps within the list of arms
    if r.arms[-1].description.cut:
        return cannot_tell("text", "the export ends within the list of the arms")
    return Fact(len(r.arms), _openings(r.arms.items))


@fact
def group_count(reading: Reading) -> Fact:
    """How many groups there are: the arms registered; in a record cut before them, the groups that the summary names."""
    arms = reading.fact("arm_count")
    r = reading.registration
    if arms.value is not None or not r.arms_summary.given or r.outcomes_summary.state is State.UNKNOWN:
        return arms
    named: dict[str, Group] = {}
    for group in groups(reading, r.arms_summary):
        label = r.arms_summary.folded[group.start : group.body]
        number = _NUMBER_OF_GROUP.search(label) or _NUMBER_AFTER.match(r.arms_summary.folded, group.body)
        if not label or _SEVERAL_GROUPS.search(label) or (group.role == UNSAID and not number):
            return arms
        named.setdefault(f"{group.role} {_ORDER.get(number[1], number[1])}" if number else group.role, group)
    if len(named) < 2:
        return arms
    return Fact(len(named), tuple(clause(r.arms_summary, g.start, g.body, 80) for g in named.values()))


def _openings(arms: Sequence[Arm]) -> tuple[Place, ...]:
    return tuple(opening(arm.description) for arm in arms)


@fact
def arms_in_one_text(reading: Reading) -> Fact:
    """Whether the only arm registered speaks of a second group inside its own description."""
    arms = reading.fact("arm_count")
    if arms.value is None:
        return Fact(reason=arms.reason)
    hit = _second_group(reading) if arms.value == 1 else None
    return Fact(hit is not None, (clause(hit.value, hit.start, hit.end),) if hit else ())


def _second_group(reading: Reading) -> Hit | None:
    (arm,) = reading.registration.arms
    for hit in reading.find("design.inside_one_arm", arm.description):
        named = hit.start < 3 and hit.text.rstrip(" :").endswith(("group", "arm", "control", "controls"))
        if not named and not denied(arm.description.folded, hit.start, hit.end):
            return hit
    return None


@fact
def groups_described(reading: Reading) -> Fact:
    """How many groups the arms describe: the number of arms, or at least 2 when the only one holds several."""
    arms = reading.fact("arm_count")
    inside = reading.fact("arms_in_one_text")
    return Fact(2, inside.places) if inside.value else arms


@fact
def compared_groups(reading: Reading) -> Fact:
    """How many arms are groups of this trial's own participants: without historical controls.

    Cannot be told where the assignment does not speak of several groups, and the arms may be steps of one
    treatment, doses or cohorts: where one reads like a step, or none is named as a group.
    """
    arms = reading.fact("arm_count")
    if not isinstance(arms.value, int) or arms.value < 2:
        return arms
    descriptions = [arm.description for arm in reading.registration.arms]
    historical = {hit.value.field for hit in reading.find("design.historical", *descriptions)}
    if len(historical) < len(descriptions) and historical:
        return Fact(len(descriptions) - len(historical), arms.places)
    assignment = reading.registration.assignment
    if assignment.given and assignment.code != "single":
        return arms
    named = {hit.value.field for hit in reading.find("design.named_group", *descriptions)}
    steps = {hit.value.field for hit in reading.find("design.step", *descriptions[1:])}
    if steps - named or (not named and reading.fact("is_randomized").value is not True):
        return cannot_tell("text", "the arms may be steps, doses or cohorts of one group")
    return arms


@fact
def one_group_only(reading: Reading) -> Fact:
    """Whether the record shows one group: one arm that holds no other, or no arms in this export and assignment single."""
    arms = reading.fact("arm_count")
    assignment = reading.registration.assignment
    if isinstance(arms.value, int):
        return Fact(arms.value == 1 and not reading.fact("arms_in_one_text").value, arms.places)
    if assignment.given and assignment.code == "single":
        return Fact(True, (assignment.whole(),))
    return Fact(reason=arms.reason)
