"""Facts on the lists of criteria: whether one of them is empty behind its label."""

import re

from audit.engine.reading import Reading, cannot_tell, fact, listed
from audit.model.result import Case, Fact
from audit.model.span import State, Value

_LABEL = re.compile(
    r"(?:(?:main |key |major )?(?:inclusion|exclusion|non-?inclusion) ?(?:criteria|criterion|conditions)?|criteria) ?:?"
)
_BLANK = re.compile(r"[\s.:;*_\x7f-]*")
_OTHER_LIST = {
    "inclusion": re.compile(r"inclu(?:sion|ded)|entry criteria"),
    "exclusion": re.compile(r"exclu|non-?(?:inclusion|entry)|not (?:entering|to enter|be included)|no entry"),
}


@fact(cases=("list_name",))
def empty_criteria_lists(reading: Reading) -> Fact:
    """The list of criteria, inclusion or exclusion, that holds nothing but its label while the other one is given."""
    r = reading.registration
    lists = {"inclusion": r.inclusion_criteria, "exclusion": r.exclusion_criteria}
    unknown = next((value for value in lists.values() if value.state in (State.UNKNOWN, State.ABSENT)), None)
    if unknown is not None:
        return cannot_tell(unknown.state.value, unknown.field)
    empty = [name for name, value in lists.items() if _holds_nothing(value)]
    for name in empty:
        other = lists["exclusion" if name == "inclusion" else "inclusion"]
        if other.given and _OTHER_LIST[name].search(_without_label(other)):
            return cannot_tell("text", "the inclusion and exclusion criteria stand in one text")
    return listed(Case({"list_name": name}, (lists[name].whole(),)) for name in empty)


def _without_label(value: Value) -> str:
    label = _LABEL.match(value.folded.lstrip())
    return value.folded.lstrip()[label.end() :] if label else value.folded


def _holds_nothing(value: Value) -> bool:
    return not value.given or bool(_BLANK.fullmatch(_without_label(value)))
