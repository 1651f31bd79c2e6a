"""The texts of arms -> the groups they speak of, each with its role: control, experimental or not said.

A text may describe one group ("Control group: ...") or several ("Intervention group: ... The control group receives ...").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from audit.engine.reading import Hit, Reading
from audit.model.span import Value

CONTROL, EXPERIMENTAL, UNSAID = "control", "experimental", "unsaid"
_LABELS = ("control.control_label", "control.experimental_label", "control.neutral_label")
_ROLES = dict(zip(_LABELS, (CONTROL, EXPERIMENTAL, UNSAID), strict=True))
_START = re.compile(r".*[.;:!?>\n](?=.)", re.S)
_LEAD = re.compile(
    r"(?:[^a-z]|\b(?:in|the|for|to|on|of|also|and|while|whereas|but|then|this|both|patients?|participants?|subjects?|"
    r"individuals|those|people|persons|women|men|children|members|cases|will|be|are|who|were|that|is|which|assigned|"
    r"allocated|randomi[sz]ed|an?|at|however|finally|similarly|meanwhile|one|other|another|each|all|it|includes?|"
    r"intervention|group|first|second|third|fourth|fifth|placed|st|nd|rd|th|q+|br|drug|procedure|biological|device|"
    r"behavioral|dietary|supplement)\b)*"
)
_VERB = re.compile(
    r" *(?:\([^)]{0,40}\))? *(?:patients? )?(?:will|would|receiv|recieve|is|are|was|were|takes?|gets?|uses?|does|do|has|have|had|"
    r"consume|treated|given|only|with)\b"
)
_BEFORE = re.compile(r"\b(?:the|in|to|of|with|an?|and|or|like|as|vs|versus|for|from|both|by|than|between|after) +$")
_WORDS = re.compile(r"[a-z]{2,}")


@dataclass(frozen=True)
class Group:
    """A part of a text that speaks of one group; ``body`` is where the words after its label begin."""

    value: Value
    start: int
    end: int
    body: int
    role: str

    @property
    def text(self) -> str:
        """The folded words after the label."""
        return self.value.folded[self.body : self.end]

    def holds(self, hit: Hit) -> bool:
        """Return whether *hit* stands in this group, its label included."""
        return hit.value is self.value and self.start <= hit.start and hit.end <= self.end


def groups(reading: Reading, *values: Value) -> list[Group]:
    """Return the groups in *values*, in order; a text without any label is one group whose role is not said."""
    return [group for value in values if value.given for group in _groups(reading, value)]


def _groups(reading: Reading, value: Value) -> Iterator[Group]:
    marks: list[tuple[int, int, str]] = []
    for hit in reading.find(_LABELS, value):
        start = _boundary(value, hit)
        if start is None:
            continue
        role = _ROLES[hit.pattern]
        if marks and hit.start < marks[-1][1]:  # two labels in the same words: the one that tells the role counts
            if role != UNSAID and (marks[-1][2] == UNSAID or hit.end > marks[-1][1]):
                marks[-1] = (marks[-1][0], max(hit.end, marks[-1][1]), role)
            continue
        if marks and hit.text[0] == "(" and not value.folded[marks[-1][1] : hit.start].strip():
            marks[-1] = (marks[-1][0], hit.end, role)  # "intervention group 4 (control)"
            continue
        if marks:
            start = max(start, marks[-1][1])
        marks.append((start, hit.end, role))
    end = len(value.text)
    at = [(0, 0, UNSAID), *marks] if not marks or marks[0][0] > 0 else marks
    found: list[Group] = []
    for number, (start, body, role) in enumerate(at):
        stop = max(at[number + 1][0], body) if number + 1 < len(at) else end
        words = _WORDS.search(value.folded, body, stop)
        if found and found[-1].end == start and (role == found[-1].role == CONTROL or _bare(found[-1])):
            last = found.pop()  # "Intervention 2: Control group: ..." is one group with two labels
            start, role = last.start, role if role != UNSAID else last.role
        elif words is None and number + 1 < len(at) and role == UNSAID:
            continue
        while start < body and value.folded[start] == " ":
            start += 1
        found.append(Group(value, start, stop, body, role))
    yield from found


def _bare(group: Group) -> bool:
    return _WORDS.search(group.value.folded, group.body, group.end) is None and group.body > group.start


def _boundary(value: Value, hit: Hit) -> int | None:
    """Return where the group that *hit* names begins, or None when the label is only mentioned."""
    folded, start = value.folded, hit.start
    if hit.text.startswith("("):
        return max(folded.rfind(mark, 0, start) + 1 for mark in ",.;:")
    near = max(0, start - 160)
    head = _START.match(value.text, near, start)
    begin = head.end() if head else near
    if _LEAD.fullmatch(folded, begin, start):
        return begin
    comma = folded.rfind(",", near, start) + 1
    if comma > begin and _LEAD.fullmatch(folded, comma, start) and _VERB.match(folded, hit.end):
        return comma
    if folded[hit.end : hit.end + 2].lstrip().startswith(":") or hit.text.endswith(":"):
        return start
    heading = value.text[start : start + 1].isupper() and not _BEFORE.search(folded, near, start)
    return start if heading and (hit.text[-1].isdigit() or folded[hit.end : hit.end + 2].lstrip().startswith("(")) else None
