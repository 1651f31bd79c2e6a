"""The labels under one heading of an IRCT page -> the items of a repeated group, or a contact."""

from dataclasses import fields
from functools import cache
from typing import Any, NamedTuple

from audit.model.registration import Arm, Contact, EthicsReview, HealthCondition, Items, Outcome, Sponsor
from audit.model.span import ABSENT, EMPTY, UNKNOWN, Value
from audit.readers.irct_labels import BLOCK_KEYS, BLOCKS, Block, Label
from audit.readers.irct_lines import Hit
from audit.readers.irct_slices import Named, Slices, Span
from audit.readers.quick import group_of

_CONTACT = {name: f"contact.{name}" for name in Contact.__dataclass_fields__}
"""What a contact consists of -> the part of a block that it is."""
_ITEMS: dict[str, type] = {
    "ethics_reviews": EthicsReview,
    "conditions": HealthCondition,
    "primary_outcomes": Outcome,
    "secondary_outcomes": Outcome,
    "arms": Arm,
    "sponsors": Sponsor,
}
"""The items of a block; those of the other blocks are contacts, and a secondary id is a plain value."""
_OWN = {field: [part.name for part in fields(kind) if part.name not in ("contact", "more")] for field, kind in _ITEMS.items()}
_OWN["secondary_ids"] = [""]
"""What the items of a block consist of besides a contact."""
_WITH_CONTACT = frozenset({"ethics_reviews", "sponsors"})
_TELLING = frozenset(word for word in BLOCK_KEYS if " " in word) | {"timepoint", "category"}
"""Labels that are no value: under a heading that does not have them, another heading was lost before them."""
_Row = tuple[int, Label | None, Hit, bool]
"""The number of the item (-1: of no item here), the label (None: the item's own heading), where it stands, and whether a
number stands before it."""


class _Names(NamedTuple):
    """What the parts of an item are called on the page, in page order, and all parts as yet unknown."""

    on_page: dict[str, Named]
    unknown: dict[str, Value]


class _Item(NamedTuple):
    """An item as far as it is read: its names, the parts that are there, and where it begins."""

    names: _Names
    parts: dict[str, Value]
    place: int


def read_block(slices: Slices, label: Label, hit: Hit, hits: list[Hit], stop: int, later: bool) -> Items[Any] | Contact:
    """Return the items (or the contact) under the heading *hit* up to the line *stop*.

    *hits* are the labels in between; *later* tells whether the page goes on after the block, so that what is not there
    is absent, not lost.
    """
    block, heading = BLOCKS[label.field], label.shown(slices.language)
    rows = _rows(slices, block, hits, hit.line)
    marker = _before(slices, hit.line + 1, rows[0][2].line - rows[0][3] if rows else stop)
    stops = [row[2].line - row[3] for row in rows[1:]] + [stop]
    made: list[_Item] = []
    for (at, part, row, _), last in zip(rows, stops, strict=False):
        if at < 0:
            slices.keep_odd(row.line, last)
            continue
        if at == len(made):
            made.append(_Item(_names(label.field, at, heading, slices.language), {}, slices.spans[row.line][0]))
        if part is None:
            slices.keep_odd(row.line + 1, last)
            continue
        names, parts, _ = made[at]
        parts[part.field] = slices.read(names.on_page[part.field], row, last)
    place = slices.label_span(hit)
    if not block.repeated:
        names, parts = made[0][:2] if made else (_names(label.field, 0, heading, slices.language), {})
        return _contact(_complete(names, parts, place[0], later))
    if made:
        items = [_whole(label.field, _complete(*item, later=later or item is not made[-1])) for item in made]
        return Items(slices.value(label.field, heading, place), tuple(items))
    return Items(slices.value(label.field, heading, marker or place, slices.empty(hit)))


def absent_block(slices: Slices, label: Label, place: int) -> Items[Any] | Contact:
    """Return a block that the page does not have, near *place*."""
    heading = label.shown(slices.language)
    if BLOCKS[label.field].repeated:
        return Items(Value(label.field, heading, "", place, ABSENT))
    return _contact(_complete(_names(label.field, 0, heading, slices.language), {}, place, later=True))


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
    labels, repeated = block.labels.get, block.repeated
    item, seen, numbered, before = -1, set[str](), False, heading
    lost = bool(hits) and hits[0].line > heading + 1 and slices.state(slices.spans[heading + 1]) is EMPTY
    for hit in hits:
        line, word, _ = hit
        label = labels(word)
        opens = label is None and word in block.opening
        if lost or (label is None and not opens):
            if lost or word in _TELLING:
                rows.append((-1, None, hit, False))
                before = line
            continue
        number = slices.number(line - 1) if repeated and line - 1 > before else None
        if number == 1 and item >= 0:
            lost = True
            rows.append((-1, None, hit, True))
            continue
        counted = number == item + 2
        again = label is not None and label.field in seen
        if again and rows[-1][1] is label and rows[-1][2].line == line - 1:
            rows.pop()
        elif item < 0 or counted or (repeated and (again or (bool(seen) and (label is None or label.order == 0)))):
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
def _names(field: str, at: int, heading: str, language: str) -> _Names:
    """Return the names of all parts of item *at* of a block."""
    block = BLOCKS[field]
    owner, group = (f"{field}[{at}]", f"{heading} {at + 1}") if block.repeated else (field, heading)
    labels = {label.field: label for label in block.labels.values()}
    names = _Names({}, {})
    contact = () if field in _OWN and field not in _WITH_CONTACT else _CONTACT.values()
    for part in (*labels, *_OWN.get(field, ()), *contact):
        if part in names.unknown:
            continue
        name = part if field in _OWN else part.removeprefix("contact.")
        path = f"{owner}.{name}" if name else owner
        label = labels.get(part)
        if label is None:
            names.unknown[part] = Value(path, state=UNKNOWN)
        else:
            named = Named(path, f"{group}: {label.shown(language)}", label.kind, "arm_category")
            names.on_page[part] = named
            names.unknown[part] = named.unknown()
    return names


def _complete(names: _Names, parts: dict[str, Value], place: int, later: bool) -> dict[str, Value]:
    """Return *parts* with what is not there: absent when the page shows it and goes on after it, else unknown."""
    whole = names.unknown | parts
    if len(parts) == len(names.on_page):
        return whole
    following = len(parts)
    for part, named in names.on_page.items():
        if part in parts:
            place = parts[part].start
            following -= 1
        elif later or following:
            whole[part] = named.absent(place)
    return whole


def _contact(parts: dict[str, Value]) -> Contact:
    return group_of(Contact, {name: parts[part] for name, part in _CONTACT.items()})


def _whole(field: str, parts: dict[str, Value]) -> Any:
    if field not in _OWN:
        return _contact(parts)
    if field == "secondary_ids":
        return parts[""]
    own: dict[str, Any] = {name: parts[name] for name in _OWN[field]}
    if field in _WITH_CONTACT:
        own["contact"] = _contact(parts)
    return group_of(_ITEMS[field], own)
