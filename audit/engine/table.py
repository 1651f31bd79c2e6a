"""Registrations -> one table of cells, a row a record and a column a field or fact; and a catalogue asked of it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from audit.engine.conditions import Answer, Question, Row, answers, question
from audit.engine.reading import FACTS, Reading
from audit.model.check import Check, Condition
from audit.model.registration import Age, Coded, Count, DateValue, Items, Registration
from audit.model.result import Judgement, Reason, Verdict
from audit.model.span import GIVEN, Value

FIELDS = frozenset(
    name
    for name, kind in Registration.__dataclass_fields__.items()
    if getattr(kind.type, "__origin__", kind.type) in (Value, Coded, Count, Age, DateValue, Items)
)
"""The fields of a registration that a check may ask for."""

_PASSED = Judgement(Verdict.PASSED)
_FINDING = Judgement(Verdict.FINDING)
_NOT_APPLICABLE = Judgement(Verdict.NOT_APPLICABLE)


def columns(checks: Iterable[Check]) -> list[str]:
    """Return the fields and facts that decide *checks*, each once: the columns of the table."""
    return list(dict.fromkeys(name for check in checks for name in check.asks))


_NOT_ASKED = Reason("not_asked")
"""The cell of a fact that no check needs of this record: its checks do not apply."""


class Asked:
    """A check made ready to be asked: its questions, and what it expects something of."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self.when: tuple[Question, ...] = tuple(map(question, check.when))
        self.expect: tuple[Question, ...] = tuple(map(question, check.expect))
        self.names = tuple(dict.fromkeys(name for condition in check.expect for name in condition.names))


class Cells(Row):
    """The cells of one record, each found when it is first asked for."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self._reading = reading

    def __missing__(self, name: str) -> object:
        reading = self._reading
        cell = _cell_of_fact(reading, name) if name in FACTS else _cell(getattr(reading.registration, name))
        self[name] = cell
        return cell

    def ask(self, checks: Iterable[Asked]) -> None:
        """Find out what *checks* ask of the record; what a check expects only where the check applies."""
        for check in checks:
            if not check.when or _applies(check.when, self) is True:
                for name in check.names:
                    self[name]

    def listed(self, names: Iterable[str]) -> list[object]:
        """Return the cells in the order of *names*, as a row of the table; nothing more is found out."""
        return [self.get(name, _NOT_ASKED) for name in names]


def _cell_of_fact(reading: Reading, name: str) -> object:
    fact = reading.fact(name)
    return fact.value if fact.value is not None else fact.reason or Reason("unclear", name)


@lru_cache(maxsize=4096)
def _reason(kind: str, about: str) -> Reason:
    return Reason(kind, about)


def _cell(value: Value | Items[object]) -> object:
    if value.state is not GIVEN:
        return _reason(value.state.value, value.heading.field if isinstance(value, Items) else value.field)
    if isinstance(value, Items):
        return len(value)
    if isinstance(value, Coded):
        said: object = value.code
    elif isinstance(value, Count):
        said = value.number
    elif isinstance(value, Age):
        said = value.years if value.limited else _reason("empty", value.field)
    elif isinstance(value, DateValue):
        said = value.date
    else:
        said = value.text
    return said if said is not None else _reason("unclear", value.field)


@dataclass
class Outcome:
    """What one check says of every record of a table, or the error that kept it from saying anything."""

    judgements: list[Judgement] = field(default_factory=list)
    error: str | None = None


Table = Mapping[str, Sequence[object]]
"""A column of cells, one for each record, by the name of the field or fact."""


def judge(
    checks: Iterable[Check], names: Sequence[str], rows: Iterable[Sequence[object]], registries: Sequence[str]
) -> dict[str, Outcome]:
    """Return the outcome of each check by its code over the table *rows* whose columns are *names*."""
    cells = list(zip(*rows, strict=True)) or [()] * len(names)
    return judge_columns(checks, dict(zip(names, cells, strict=True)), registries)


def judge_columns(checks: Iterable[Check], table: Table, registries: Sequence[str]) -> dict[str, Outcome]:
    """Return the outcome of each check by its code over *table*, whose records are of *registries*.

    A check that fails on a record is broken there, whatever other records are in the table, and stops none of the others.
    """
    outcomes: dict[str, Outcome] = {}
    rows: list[Row] = []
    for check in checks:
        try:
            outcomes[check.code] = Outcome(_judged(check, table, registries))
        except Exception:  # noqa: BLE001 - a broken check is a verdict of its own
            rows = rows or [{name: column[at] for name, column in table.items()} for at in range(len(registries))]
            outcomes[check.code] = Outcome(
                [_guarded(check, row, registry) for row, registry in zip(rows, registries, strict=True)]
            )
    return outcomes


def _judged(check: Check, table: Table, registries: Sequence[str]) -> list[Judgement]:
    """Return what *check* says of all records, column by column: the same as `_judge` says of each."""
    spoken_of = [registry in check.registries for registry in registries] if check.registries else None
    if spoken_of is not None and not any(spoken_of):
        return [_NOT_APPLICABLE] * len(registries)
    judgements = [_PASSED if said is True else _FINDING if said is False else _unsaid(said) for said in _all(check.expect, table)]
    if check.when:
        judgements = [
            judgement if said is True else _NOT_APPLICABLE if said is False else _unsaid(said)
            for said, judgement in zip(_all(check.when, table), judgements, strict=True)
        ]
    if spoken_of is not None:
        judgements = [one if meant else _NOT_APPLICABLE for one, meant in zip(judgements, spoken_of, strict=True)]
    return judgements


def _all(conditions: Sequence[Condition], table: Table) -> list[Answer]:
    """Return of each record whether all of *conditions* hold: false as soon as one does not, else the first reason, else true."""
    said, *others = (answers(condition, table) for condition in conditions)
    for more in others:
        said = [
            False if one is False or another is False else another if one is True else one
            for one, another in zip(said, more, strict=True)
        ]
    return said


def _guarded(check: Check, row: Row, registry: str) -> Judgement:
    try:
        return _judge(Asked(check), row, registry)
    except Exception as error:  # noqa: BLE001 - see above
        return Judgement(Verdict.BROKEN, Reason("broken", f"{type(error).__name__}: {error}"))


def _judge(asked: Asked, row: Row, registry: str) -> Judgement:
    registries = asked.check.registries
    if registries and registry not in registries:
        return _NOT_APPLICABLE
    if asked.when:
        applies = _applies(asked.when, row)
        if applies is not True:
            return _unsaid(applies) if type(applies) is Reason else _NOT_APPLICABLE
    unknown: Reason | None = None
    for holds in asked.expect:
        answer = holds(row)
        if answer is False:
            return _FINDING
        if type(answer) is Reason:
            unknown = unknown or answer
    return _unsaid(unknown) if unknown is not None else _PASSED


def _applies(when: tuple[Question, ...], row: Row) -> Answer:
    """Return whether all of *when* holds of the record: false as soon as one does not, whatever else is unknown."""
    unknown: Reason | None = None
    for holds in when:
        answer = holds(row)
        if answer is False:
            return False
        if type(answer) is Reason:
            unknown = unknown or answer
    return unknown or True


@lru_cache(maxsize=4096)
def _unsaid(reason: Reason) -> Judgement:
    return Judgement(Verdict.BROKEN if reason.kind == "broken" else Verdict.NOT_ASSESSABLE, reason)


def tally(records: Sequence[str], outcomes: dict[str, Outcome]) -> list[tuple[str, str, int, list[str]]]:
    """Return how often each check came to each verdict over *records*, and in which of them it found something."""
    rows = []
    for code, outcome in outcomes.items():
        found = [record for record, said in zip(records, outcome.judgements, strict=True) if said.verdict is Verdict.FINDING]
        for verdict, count in Counter(said.verdict for said in outcome.judgements).items():
            rows.append((code, verdict.value, count, found if verdict is Verdict.FINDING else []))
    return rows


class DirectRoute:
    """The catalogue asked without Great Expectations: what the engine's answers are held against, by test."""

    def __init__(self, checks: Iterable[Check]) -> None:
        self._checks = tuple(checks)

    def outcomes(self, names: Sequence[str], rows: Sequence[Sequence[object]], registries: Sequence[str]) -> dict[str, Outcome]:
        """Return each check's outcome by its code over one table."""
        return judge(self._checks, names, rows, registries)
