"""The few words of ``when`` and ``expect``: a cell of the table and an operand -> true, false or a reason why not.

A cell is what a field or fact says: a code, number, text, `PartialDate`, bool or tuple; or a `Reason` why
it says nothing. Dates are compared by what is certain: "March 2020" is not before any day in March.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from audit.model.check import Condition
from audit.model.dates import PartialDate
from audit.model.result import Reason

Row = dict[str, object]
"""The cells of one record by the name of the field or fact."""
Answer = bool | Reason


def ask(condition: Condition, row: Row) -> Answer:
    """Return whether *condition* holds of the record whose cells are *row*, or the reason why it cannot be told."""
    return WORDS[condition.word](row[condition.field], condition.operand, row)


def _present(cell: object, operand: Any, row: Row) -> Answer:
    if isinstance(cell, Reason) and cell.kind not in ("empty", "unclear"):
        return cell
    there = not (isinstance(cell, Reason) and cell.kind == "empty")
    return there is operand


def _is(cell: object, operand: Any, row: Row) -> Answer:
    return cell if isinstance(cell, Reason) else cell == operand


def _one_of(cell: object, operand: Any, row: Row) -> Answer:
    return cell if isinstance(cell, Reason) else cell in operand


def _none_of(cell: object, operand: Any, row: Row) -> Answer:
    return cell if isinstance(cell, Reason) else cell not in operand


def _none(cell: object, operand: Any, row: Row) -> Answer:
    return cell if isinstance(cell, Reason) else (cell == 0) is operand


def _compare(holds: Callable[[Any, Any], bool]) -> Callable[[object, Any, Row], Answer]:
    def word(cell: object, operand: Any, row: Row) -> Answer:
        if isinstance(cell, Reason):
            return cell
        other = row[operand["field"]] if isinstance(operand, dict) else operand
        if isinstance(other, Reason):
            return other
        if isinstance(operand, dict) and "days" in operand:
            assert isinstance(other, PartialDate)
            shift = timedelta(days=operand["days"])
            other = PartialDate(other.first + shift, other.last + shift)
        return holds(cell, other)

    return word


WORDS: dict[str, Callable[[object, Any, Row], Answer]] = {
    "present": _present,
    "is": _is,
    "one_of": _one_of,
    "none_of": _none_of,
    "none": _none,
    "at_least": _compare(lambda a, b: bool(a >= b)),
    "at_most": _compare(lambda a, b: bool(a <= b)),
    "before": _compare(lambda a, b: bool(a.last < b.first)),
    "after": _compare(lambda a, b: bool(a.first > b.last)),
    "not_before": _compare(lambda a, b: bool(a.last >= b.first)),
    "not_after": _compare(lambda a, b: bool(a.first <= b.last)),
}
DATE_WORDS = frozenset({"before", "after", "not_before", "not_after"})
NUMBER_WORDS = frozenset({"at_least", "at_most"})


def others(condition: Condition) -> tuple[str, ...]:
    """Return the other field or fact that *condition* compares with, if any."""
    return (condition.operand["field"],) if isinstance(condition.operand, dict) else ()
