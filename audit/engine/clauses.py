"""Words found in a value -> the part of their sentence that is short enough to be quoted."""

from audit.engine.scope import sentence_at
from audit.model.span import Place, Value

_LONGEST = 200


def clause(value: Value, start: int, end: int, longest: int = _LONGEST) -> Place:
    """Return the sentence of *value* in which the words at *start* to *end* stand, cut at blanks to about *longest*.

    >>> said = Value("design", text="A trial. Patients are blinded to the drug. Nurses are not.")
    >>> clause(said, 18, 29).quote
    'Patients are blinded to the drug.'
    """
    folded = value.folded
    first, last = sentence_at(folded, start)
    last = max(last, end)
    if last - first > longest:
        first = _blank_after(folded, max(first, min(start, end - longest // 2) - longest // 4), start)
        last = _blank_before(folded, min(last, max(end, first + longest)), end)
    while first < start and folded[first] == " ":
        first += 1
    while last > end and folded[last - 1] == " ":
        last -= 1
    return value.place(first, last)


def opening(value: Value, longest: int = 100) -> Place:
    """Return how *value* begins, cut at a blank to about *longest* characters; the whole value when it is not given."""
    if not value.given or len(value.text) <= longest:
        return value.whole()
    return value.place(0, _blank_before(value.folded, longest, 1))


def _blank_after(folded: str, at: int, limit: int) -> int:
    blank = folded.find(" ", at, limit) if at > 0 and folded[at - 1] != " " else at
    return limit if blank < 0 else blank


def _blank_before(folded: str, at: int, limit: int) -> int:
    if at >= len(folded) or folded[at] == " ":
        return at
    blank = folded.rfind(" ", limit, at)
    return at if blank < 0 else blank
