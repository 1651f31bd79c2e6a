"""The labels under one heading of an IRCT page -> the items of a repeated group, or a contact."""

from functools import cache
from typing import Any, NamedTuple

from audit.model.registration import Arm, Coded, Contact, DateValue, EthicsReview, HealthCondition, Items, Outcome, Sponsor
from audit.model.span import ABSENT, EMPTY, UNKNOWN, Value
from audit.readers.irct_labels import BLOCK_KEYS, BLOCKS, Block, Kind, Label
from audit.readers.irct_lines import Hit
from audit.readers.irct_slices import Slices, Span, quick

_SINGLE = frozenset({Kind.LINE, Kind.CODED, Kind.DATE})
_TYPES: dict[Kind, type[Value]] = {Kind.CODED: Coded, Kind.DATE: DateValue}
_NOTHING: dict[type[Value], dict[str, None]] = {
    Value: {},
    Coded: {"code": None},
    DateValue: {"date": None, "gregorian": None, "jalali": None},
}
_CONTACT = tuple(f"contact.{name}" for name in Contact.__dataclass_fields__)
_SPONSOR = tuple(name for name in Sponsor.__dataclass_fields__ if name != "contact")
_OUTCOME = ("description", "timepoint", "method")
_PARTS = {
    "secondary_ids": ("",),
    "ethics_reviews": ("committee", "approval_date", "reference", *_CONTACT),
    "conditions": ("description", "icd10", "icd10_description"),
    "primary_outcomes": _OUTCOME,
    "secondary_outcomes": _OUTCOME,
    "arms": ("description", "category", "label"),
    "sponsors": (*_SPONSOR, *_CONTACT),
}
"""The parts of an item of each block, as the model has them; the other blocks are contacts."""
_TELLING = frozenset(word for word in BLOCK_KEYS if " " in word) | {"timepoint", "category"}
"""Labels that are no value: under a heading that does not have them, another heading was lost before them."""
_Row = tuple[int, Label | None, Hit, bool]
"""The number of the item (-1: of no item here), the label (None: the item's own heading), where it stands, and whether a
number stands before it."""


class _Names(NamedTuple):
    """What a part of an item is called, and its value where the page cannot show it."""

    field: str
    shown: str
    kind: type[Value]
    unknown: Value
    on_page: bool
    nothing: dict[str, None]
    """What its kind has besides a plain value, when nothing is there."""


def read_block(slices: Slices, label: Label, hit: Hit, hits: list[Hit], stop: int, later: bool) -> Items[Any] | Contact:
    """Return the items (or the contact) under the heading *hit* up to the line *stop*.

    *hits* are the labels in between; *later* tells whether the page goes on after the block, so that what is not there
    is absent, not lost.
    """
    block, heading = BLOCKS[label.field], label.shown(slices.language)
    rows = _rows(slices, block, hits, hit.line)
    marker = _before(slices, hit.line + 1, rows[0][2].line - rows[0][3] if rows else stop)
    stops = [row[2].line - row[3] for row in rows[1:]] + [stop]
    made: list[dict[str, Value]] = []
    places: list[int] = []
    names: dict[str, _Names] = {}
    for (at, part, row, _), last in zip(rows, stops, strict=False):
        if at < 0:
            slices.keep_odd(row.line, last)
            continue
        if at == len(made):
            made.append({})
            places.append(slices.spans[row.line][0])
            names = _names(block.field, at, heading, slices.language)
        if part is None:
            slices.keep_odd(row.line + 1, last)
            continue
        if part.kind in _SINGLE:
            last = slices.one_line(row, last)
        name = names[part.field]
        span = slices.span(row.line + 1, last, row.value)
        made[at][part.field] = slices.typed(part.kind, name.field, name.shown, span, row, "arm_category")
    place = slices.label_span(hit)
    if not block.repeated:
        return _contact(_complete(label.field, 0, heading, slices, made[0] if made else {}, place[0], later))
    items = tuple(
        _item(label.field, _complete(label.field, at, heading, slices, parts, places[at], later or at < len(made) - 1))
        for at, parts in enumerate(made)
    )
    if items:
        return Items(slices.value(label.field, heading, place), items)
    return Items(slices.value(label.field, heading, marker or place, slices.empty(hit)))


def absent_block(slices: Slices, label: Label, place: int) -> Items[Any] | Contact:
    """Return a block that the page does not have, near *place*."""
    heading = label.shown(slices.language)
    if BLOCKS[label.field].repeated:
        return Items(Value(label.field, heading, "", place, ABSENT))
    return _contact(_complete(label.field, 0, heading, slices, {}, place, later=True))


def _before(slices: Slices, first: int, stop: int) -> Span | None:
    """Return the marker of emptiness under a heading; keep all else that stands before the first label."""
    marker = None
    for line in range(first, stop):
        span = slices.span(line, line + 1)
        if marker is None and span is not None and slices.state(span) is EMPTY:
            marker = span
        else:
            slices.keep_odd(line, line + 1)
    return marker


def _rows(slices: Slices, block: Block, hits: list[Hit], heading: int) -> list[_Row]:
    """Return the labels of a block with their items.

    An item begins with its number, its own heading, its first label, or a label that the item has already.
    Where items are numbered, a label that comes again without a number is a line of a value. After a marker of emptiness,
    a second number one or a label of another block, a heading was lost: what follows is of no item here.
    """
    rows: list[_Row] = []
    item, seen, numbered, before = -1, set[str](), False, heading
    lost = bool(hits) and hits[0].line > heading + 1 and slices.state(slices.spans[heading + 1]) is EMPTY
    for hit in hits:
        line, word, _ = hit
        label = block.labels.get(word)
        opens = label is None and word in block.opening
        if lost or (label is None and not opens):
            if lost or word in _TELLING:
                rows.append((-1, None, hit, False))
                before = line
            continue
        number = slices.number(line - 1) if block.repeated and line - 1 > before else None
        if number == 1 and item >= 0:
            lost = True
            rows.append((-1, None, hit, True))
            continue
        counted = number == item + 2
        again = label is not None and label.field in seen
        if again and rows[-1][1] is label and rows[-1][2].line == line - 1:
            rows.pop()
        elif item < 0 or counted or (block.repeated and (again or (bool(seen) and (label is None or label.order == 0)))):
            if again and numbered and not counted:
                continue
            item, seen = item + 1, set()
            numbered = numbered or counted
        elif again:
            continue
        if label is not None:
            seen.add(label.field)
        rows.append((item, label, hit, counted))
        before = line
    return rows


@cache
def _names(field: str, at: int, heading: str, language: str) -> dict[str, _Names]:
    """Return the names of all parts of item *at* of a block, in page order."""
    block = BLOCKS[field]
    owner, group = (f"{field}[{at}]", f"{heading} {at + 1}") if block.repeated else (field, heading)
    labels = {label.field: label for label in block.labels.values()}
    names = {}
    for part in dict.fromkeys((*labels, *_PARTS.get(field, _CONTACT))):
        own = part if field in _PARTS else part.removeprefix("contact.")
        path, label = f"{owner}.{own}" if own else owner, labels.get(part)
        kind = _TYPES.get(label.kind, Value) if label else Value
        shown = f"{group}: {label.shown(language)}" if label else ""
        names[part] = _Names(path, shown, kind, kind(path, state=UNKNOWN), label is not None, _NOTHING[kind])
    return names


def _complete(
    field: str, at: int, heading: str, slices: Slices, parts: dict[str, Value], place: int, later: bool
) -> dict[str, Any]:
    """Return *parts* with what is not there: absent when the page shows it and goes on after it, else unknown."""
    names = _names(field, at, heading, slices.language)
    last = "" if later else next((part for part in reversed(names) if part in parts), "")
    whole: dict[str, Value] = {}
    goes_on = later or bool(last)
    for part, name in names.items():
        value = parts.get(part)
        if value is not None:
            place = value.start
        elif name.on_page and goes_on:
            value = quick(name.kind, name.field, name.shown, "", place, ABSENT, **name.nothing)
        else:
            value = name.unknown
        whole[part] = value
        if part == last:
            goes_on = later
    return whole


def _contact(parts: dict[str, Any]) -> Contact:
    return Contact(*[parts[name] for name in _CONTACT])


def _item(field: str, parts: dict[str, Any]) -> Any:
    own = [parts[name] for name in _PARTS.get(field, ()) if name not in _CONTACT]
    match field:
        case "arms":
            return Arm(*own)
        case "primary_outcomes" | "secondary_outcomes":
            return Outcome(*own)
        case "conditions":
            return HealthCondition(*own)
        case "ethics_reviews":
            committee, approval_date, reference = own
            return EthicsReview(committee, approval_date, reference, _contact(parts))
        case "sponsors":
            return Sponsor(_contact(parts), *own)
        case "secondary_ids":
            return own[0]
        case _:
            return _contact(parts)
