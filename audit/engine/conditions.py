"""The few words of ``when`` and ``expect``: a cell of the table and an operand -> true, false or a reason why not.

A cell is what a field or fact says: a code, number, text, `PartialDate`, bool or tuple; or a `Reason` why
it says nothing. Dates are compared by what is certain: "March 2020" is not before any day in March.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from audit.model.check import Condition
from audit.model.dates import PartialDate
from audit.model.result import Reason

Row = dict[str, object]
"""The cells of one record by the name of the field or fact."""
Answer = bool | Reason


Question = Callable[[Row], Answer]
"""A condition made ready to be asked of many records."""


def ask(condition: Condition, row: Row) -> Answer:
    """Return whether *condition* holds of the record whose cells are *row*, or the reason why it cannot be told."""
    return question(condition)(row)


def question(condition: Condition) -> Question:
    """Return the question whether *condition* holds of a record; its answer is a reason where that cannot be told."""
    field, operand = condition.field, condition.operand
    holds = WORDS[condition.word]
    if type(operand) is dict:
        return _comparison(field, holds, operand)
    if condition.word == "present":
        return _presence(field, operand)

    def ask_cell(row: Row) -> Answer:
        cell = row[field]
        return cell if type(cell) is Reason else holds(cell, operand)

    return ask_cell


def _comparison(field: str, holds: Callable[[Any, Any], bool], operand: dict[str, Any]) -> Question:
    """Return the question about a cell and another one."""
    other, shift = operand["field"], timedelta(days=operand.get("days") or 0)

    def ask_cells(row: Row) -> Answer:
        cell = row[field]
        if type(cell) is Reason:
            return cell
        against: Any = row[other]
        if type(against) is Reason:
            return against
        return holds(cell, _shifted(against, shift) if shift else against)

    return ask_cells


def _presence(field: str, there: object) -> Question:
    """Return the question whether a cell says something; one that is empty or unclear answers it too."""

    def ask_presence(row: Row) -> Answer:
        cell = row[field]
        return _present(cell, there) if type(cell) is Reason else bool(there)

    return ask_presence


def _present(reason: Reason, there: object) -> Answer:
    """Return whether what says nothing is there (*there* is true) or is not; the reason where it is neither."""
    return (reason.kind == "unclear") is there if reason.kind in ("empty", "unclear") else reason


def _shifted(date: Any, by: timedelta) -> PartialDate:
    return PartialDate(date.first + by, date.last + by)


def answers(condition: Condition, table: Mapping[str, Sequence[object]]) -> list[Answer]:
    """Return the answers of `question` for all records of *table* at once: a column of cells by the name of the field or fact."""
    column, operand, holds = table[condition.field], condition.operand, WORDS[condition.word]
    if type(operand) is dict:
        others, shift = table[operand["field"]], timedelta(days=operand.get("days") or 0)
        if shift:
            others = [cell if type(cell) is Reason else _shifted(cell, shift) for cell in others]
        return [
            cell if type(cell) is Reason else against if type(against) is Reason else holds(cell, against)
            for cell, against in zip(column, others, strict=True)
        ]
    if condition.word == "present":
        return [_present(cell, operand) if type(cell) is Reason else bool(operand) for cell in column]
    return [cell if type(cell) is Reason else holds(cell, operand) for cell in column]


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
