"""The few words of ``when`` and ``expect``: a cell of the table and an operand -> true, false or a reason why not.

A cell is what a field or fact says: a code, number, text, `PartialDate`, bool or tuple; or a `Reason` why
it says nothing. Dates are compared by what is certain: "March 2020" is not before any day in March.
"""

import operator
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
    cell = row[condition.field]
    if type(cell) is Reason:
        return _unsaid(condition, cell)
    operand: Any = condition.operand
    if type(operand) is dict:
        operand = row[operand["field"]]
        if type(operand) is Reason:
            return operand
        if days := condition.operand.get("days"):  # type: ignore[attr-defined]
            shift = timedelta(days=days)
            operand = PartialDate(operand.first + shift, operand.last + shift)
    return WORDS[condition.word](cell, operand)


def _unsaid(condition: Condition, cell: Reason) -> Answer:
    if condition.word == "present" and cell.kind in ("empty", "unclear"):
        return (cell.kind == "unclear") is condition.operand
    return cell


WORDS: dict[str, Callable[[Any, Any], bool]] = {
    "present": lambda cell, there: bool(there),
    "is": operator.eq,
    "one_of": lambda cell, several: cell in several,
    "none_of": lambda cell, several: cell not in several,
    "none": lambda cell, none: (cell == 0) is none,
    "at_least": operator.ge,
    "at_most": operator.le,
    "before": lambda cell, other: cell.last < other.first,
    "after": lambda cell, other: cell.first > other.last,
    "not_before": lambda cell, other: cell.last >= other.first,
    "not_after": lambda cell, other: cell.first <= other.last,
}
"""What each word asks of a cell and its operand, when both say something."""
DATE_WORDS = frozenset({"before", "after", "not_before", "not_after"})
NUMBER_WORDS = frozenset({"at_least", "at_most"})
