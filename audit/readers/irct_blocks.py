"""The labels under one heading of an IRCT page -> the items of a repeated group, or a contact."""

from functools import cache
from typing import NamedTuple

from audit.model.registration import Arm, Coded, Contact, DateValue, EthicsReview, HealthCondition, Items, Outcome, Sponsor
from audit.model.span import State, Value
from audit.readers.irct_labels import BLOCK_KEYS, BLOCKS, Block, Kind, Label
from audit.readers.irct_lines import Hit
from audit.readers.irct_slices import Slices, Span

_SINGLE = frozenset({Kind.LINE, Kind.CODED, Kind.DATE})
_OWN_CONTACT = frozenset({"centres", "registrant", "public_contact", "scientific_contact", "updating_contact"})
"""Blocks whose items are contacts, not things that have one."""
_CONTACT = tuple(Contact.__dataclass_fields__)
_SPONSOR = tuple(name for name in Sponsor.__dataclass_fields__ if name != "contact")
_TELLING = frozenset(word for word in BLOCK_KEYS if " " in word) | {"timepoint", "category"}
"""Labels that are no value: under a heading that does not have them, another heading was lost before them."""


class _Row(NamedTuple):
    """One label of a block, of which item, and the line before which its value ends; ``label`` None: not of the block."""

    item: int
    label: Label | None
    hit: Hit
    stop: int


def read_block(slices: Slices, label: Label, hit: Hit, hits: list[Hit], stop: int, later: bool) -> Items[object] | Contact:
    """Return the items (or the contact) under the heading *hit* up to the line *stop*.

    *hits* are the labels in between; *later* tells whether the page goes on after the block, so that what is not there
    is absent, not lost.
    """
    block, heading = BLOCKS[label.field], label.shown(slices.language)
    rows = _rows(slices, block, hits, hit.line, stop)
    marker = _before(slices, hit.line + 1, _first_line(slices, rows, stop))
    made: list[dict[str, Value]] = []
    places: list[int] = []
    for row in rows:
        if row.item == len(made):
            made.append({})
            places.append(slices.spans[row.hit.line][0])
        if row.label is None:
            slices.keep_odd(row.hit.line + (row.hit.word in block.opening), row.stop)
        else:
            made[row.item][row.label.field] = _read(slices, block, heading, row.item, row.label, row.hit, row.stop)
    place = slices.label_span(hit)
    if not block.repeated:
        return _contact(_Item(block, 0, heading, slices.language, made[0] if made else {}, place[0], later))
    items = [
        _item(_Item(block, at, heading, slices.language, parts, places[at], later or at < len(made) - 1))
        for at, parts in enumerate(made)
    ]
    if items:
        return Items(slices.value(label.field, heading, place), tuple(items))
    return Items(slices.value(label.field, heading, marker or place, State.EMPTY))


def absent_block(slices: Slices, label: Label, place: int) -> Items[object] | Contact:
    """Return a block that the page does not have, near *place*."""
    block, heading = BLOCKS[label.field], label.shown(slices.language)
    if block.repeated:
        return Items(Value(label.field, heading, "", place, State.ABSENT))
    return _contact(_Item(block, 0, heading, slices.language, {}, place, later=True))


def _first_line(slices: Slices, rows: list[_Row], stop: int) -> int:
    if not rows:
        return stop
    line = rows[0].hit.line
    return line - 1 if slices.number(line - 1) is not None else line


def _before(slices: Slices, first: int, stop: int) -> Span | None:
    """Return the marker of emptiness under a heading; keep all else that stands before the first label."""
    marker = None
    for line in range(first, stop):
        span = slices.span(line, line + 1)
        if marker is None and span is not None and slices.state(span) is State.EMPTY:
            marker = span
        else:
            slices.keep_odd(line, line + 1)
    return marker


def _rows(slices: Slices, block: Block, hits: list[Hit], heading: int, stop: int) -> list[_Row]:
    """Return the labels of a block with their items.

    An item begins with its number, its own heading, its first label, or a label that the item has already.
    Where items are numbered, a label that comes again without a number is a line of a value.
    """
    found: list[tuple[int, Label | None, Hit, bool]] = []
    item, seen, numbered, lost, before = -1, set[str](), False, False, heading
    for hit in hits:
        label, opens = block.labels.get(hit.word), hit.word in block.opening
        number = slices.number(hit[0] - 1) if block.repeated and hit[0] - 1 > before else None
        if lost or (label is None and not opens):
            if lost or hit.word in _TELLING:
                found.append((max(item, 0), None, hit, False))
                before = hit.line
            continue
        if number == 1 and item >= 0:
            lost = True
            found.append((item, None, hit, True))
            continue
        next_number = number == item + 2
        again = label is not None and label.field in seen
        first = label is not None and label.order == 0 and bool(seen)
        if again and found and found[-1][1] is label and found[-1][2].line == hit.line - 1:
            found.pop()
        elif item < 0 or next_number or (block.repeated and ((opens and bool(seen)) or again or first)):
            if again and numbered and not next_number:
                continue
            item, seen = item + 1, set[str]()
            numbered = numbered or next_number
        elif again:
            continue
        if label is not None:
            seen.add(label.field)
        found.append((item, label, hit, next_number))
        before = hit.line
    stops = [hit.line - after_number for _, _, hit, after_number in found[1:]] + [stop]
    return [_Row(at, label, hit, last) for (at, label, hit, _), last in zip(found, stops, strict=False)]


def _read(slices: Slices, block: Block, heading: str, at: int, label: Label, hit: Hit, stop: int) -> Value:
    if label.kind in _SINGLE:
        stop = slices.one_line(hit, stop)
    field, shown = _names(block, at, heading, label, slices.language)
    span = slices.span(hit.line + 1, stop, hit.value)
    return slices.typed(label.kind, field, shown, span, hit, "arm_category")


@cache
def _names(block: Block, at: int, heading: str, label: Label, language: str) -> tuple[str, str]:
    """Return the name of a field and its label, with the group and the number of the item."""
    part = label.field.removeprefix("contact.") if block.field in _OWN_CONTACT else label.field
    owner, shown = (f"{block.field}[{at}]", f"{heading} {at + 1}") if block.repeated else (block.field, heading)
    return f"{owner}.{part}" if part else owner, f"{shown}: {label.shown(language)}"


class _Item(NamedTuple):
    """What was read of one item, and what is needed to say that a part of it is not there."""

    block: Block
    at: int
    heading: str
    language: str
    parts: dict[str, Value]
    place: int
    later: bool


def _part(item: _Item, name: str) -> Value:
    """Return a part of an item; one that is not there is absent when the page shows it and goes on, else unknown."""
    value = item.parts.get(name)
    return value if value is not None else _not_there(item, name, Value)


def _not_there(item: _Item, name: str, kind: type[Value]) -> Value:
    label = _by_field(item.block.field).get(name)
    if label is None:
        own = name.removeprefix("contact.") if item.block.field in _OWN_CONTACT else name
        return _unknown(kind, f"{_owner(item)}.{own}")
    field, shown = _names(item.block, item.at, item.heading, label, item.language)
    place, later = item.place, item.later
    for part, value in item.parts.items():
        if _by_field(item.block.field)[part].order < label.order:
            place = max(place, value.start)
        else:
            later = True
    return kind(field, shown, "", place, State.ABSENT) if later else _unknown(kind, field)


def _owner(item: _Item) -> str:
    return f"{item.block.field}[{item.at}]" if item.block.repeated else item.block.field


@cache
def _unknown(kind: type[Value], field: str) -> Value:
    return kind(field, state=State.UNKNOWN)


@cache
def _by_field(block: str) -> dict[str, Label]:
    return {label.field: label for label in BLOCKS[block].labels.values()}


def _contact(item: _Item) -> Contact:
    return Contact(*(_part(item, f"contact.{name}") for name in _CONTACT))


def _item(item: _Item) -> object:
    part = item.parts.get
    match item.block.field:
        case "arms":
            category = part("category")
            return Arm(
                _part(item, "description"),
                category if isinstance(category, Coded) else _not_there(item, "category", Coded),  # type: ignore[arg-type]
                _part(item, "label"),
            )
        case "primary_outcomes" | "secondary_outcomes":
            return Outcome(_part(item, "description"), _part(item, "timepoint"), _part(item, "method"))
        case "conditions":
            return HealthCondition(_part(item, "description"), _part(item, "icd10"), _part(item, "icd10_description"))
        case "ethics_reviews":
            date = part("approval_date")
            return EthicsReview(
                _part(item, "committee"),
                date if isinstance(date, DateValue) else _not_there(item, "approval_date", DateValue),  # type: ignore[arg-type]
                _part(item, "reference"),
                _contact(item),
            )
        case "sponsors":
            return Sponsor(_contact(item), *(_part(item, name) for name in _SPONSOR))
        case "centres":
            return _contact(item)
        case _:
            return _part(item, "")
