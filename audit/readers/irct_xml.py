"""A trial in IRCT's XML (the WHO's format for registries, ``<trials><trial>``) -> its registration.

Its single elements are those of a WHO export's row and are read as one; what may stand several times is read here.
"""

from collections.abc import Iterator
from typing import Any

from audit.errors import NoRecordError, UnreadableError
from audit.model.registration import Contact, EthicsReview, HealthCondition, Items, Registration, Sponsor
from audit.model.span import GIVEN, Source, Value
from audit.readers.cells import Cell, blank, unknown
from audit.readers.opened import Opened
from audit.readers.raw import Reading
from audit.readers.who_record import Columns, Row
from audit.readers.xml_stream import Piece, RawElement, Text, xml_texts

_NEAR = 4096
_TRIAL = "/trials/trial"
_SINGLE = ("main", "criteria")
_LISTS = {
    "countries": ("countries/country2", "countries"),
    "secondary_ids": ("secondary_ids/secondary_id/sec_id", "secondary ids"),
}
_PERSON = {
    "address": "address",
    "city": "city",
    "country1": "country",
    "zip": "postal_code",
    "telephone": "phone",
    "email": "email",
    "affiliation": "organization",
}
_REVIEW = {"contact_address": "address", "contact_phone": "phone", "contact_email": "email"}
_SPONSOR = tuple(name for name in Sponsor.__dataclass_fields__ if name != "contact")


def is_irct_xml(start: str) -> bool:
    """Return whether a text that begins so is IRCT's XML.

    >>> is_irct_xml("<trials><trial><main><trial_id>"), is_irct_xml("<trials/>")
    (True, False)
    """
    near = start[:_NEAR]
    return "<trial>" in near and "<main>" in near


def read(opened: Opened) -> Reading:
    """Yield the raw trials in *opened*, and an error for each that is none."""
    source = Source(opened.shown, "irct-xml", "", opened.sha256, "structured")
    found = False
    for text in xml_texts(opened, "trial"):
        found = True
        yield text if isinstance(text, UnreadableError) else RawElement(source, text, _TRIAL, _trial)
    if not found:
        raise NoRecordError("there is no trial in this XML", 1)


def again(source: Source, number: int, line: int, text: str) -> RawElement:
    """Return the raw trial that was packed."""
    return RawElement(source, Text(number, text, line), _TRIAL, _trial)


def _trial(piece: Piece, source: Source) -> Iterator[Registration | UnreadableError]:
    if not _text(piece.root.find("main/trial_id")):
        yield UnreadableError("this trial has no trial_id", piece.line, piece.number)
    else:
        yield _Trial(piece).registration(source, piece.number)


def _text(element: Any) -> str:
    return "" if element is None else "".join(element.itertext())


class _Trial(Row):
    """One trial being read."""

    def __init__(self, piece: Piece) -> None:
        self._element = piece
        self._base = f"{_TRIAL}[{piece.number}]"
        fields = [
            (f"{group}/{field.tag}", field)
            for group in _SINGLE
            for parent in piece.root.findall(group)
            for field in parent
            if isinstance(field.tag, str)
        ]
        columns = Columns(field.tag for _, field in fields)
        places = [(f"{self._base}/{path}", self._line(field)) for path, field in fields]
        super().__init__(columns, [_text(field) for _, field in fields], lambda at: places[at])
        self._order = "day"

    def _line(self, element: Any) -> int:
        return int(self._element.line + element.sourceline - 1)

    def _elements(self, path: str, within: Any = None) -> list[Cell]:
        """Return the elements at *path* that say something, as cells."""
        root = self._element.root if within is None else within
        found: list[Cell] = []
        tag = path.rpartition("/")[2]
        for element in root.findall(path):
            text = _text(element)
            if text.strip():
                place = self._element.root.getroottree().getelementpath(element)
                found.append(Cell(tag.replace("_", " "), text, f"{self._base}/{place}", self._line(element)))
        return found

    def _items(self, field: str, path: str, label: str) -> Items[Value] | None:
        cells = self._elements(path)
        if not cells:
            return None
        items = tuple(self._maker.value(f"{field}[{at}]", cell._replace(label=label)) for at, cell in enumerate(cells))
        return Items(blank(Value, field, cells[0], GIVEN), items)

    def _list(self, field: str, key: str) -> None:
        path, label = _LISTS[field]
        if (items := self._items(field, path, label)) is not None:
            self._made[field] = items

    def _outcomes(self, field: str, key: str) -> None:
        path = "primary_outcome/prim_outcome" if key == "primaryoutcome" else "secondary_outcome/sec_outcome"
        cells = self._elements(path)
        outcomes: list[Any] = []
        for cell in cells:
            outcomes += self._outcomes_in(field, key, cell, len(outcomes))
        if outcomes:
            self._made[field] = Items(blank(Value, field, cells[0], GIVEN), tuple(outcomes))
        elif key == "primaryoutcome":
            where = Cell("primary outcome", "", f"{self._base}/primary_outcome", self._element.line)
            self._made[field] = Items(blank(Value, field, where))

    def _conditions(self) -> None:
        super()._conditions()
        codes = self._elements("health_condition_code/hc_code")
        names = self._elements("health_condition_keyword/hc_keyword")
        conditions: Items[HealthCondition] | None = self._made.get("conditions")
        if conditions is None or len(codes) != len(conditions) or any(one.icd10.given for one in conditions):
            return
        made = [
            HealthCondition(
                one.description,
                self._maker.value(f"conditions[{at}].icd10", codes[at]),
                self._maker.value(f"conditions[{at}].icd10_description", names[at])
                if len(names) == len(codes)
                else unknown(f"conditions[{at}].icd10_description"),
            )
            for at, one in enumerate(conditions)
        ]
        self._made["conditions"] = Items(conditions.heading, tuple(made))

    def _sponsors(self) -> None:
        super()._sponsors()
        sponsors: Items[Sponsor] | None = self._made.get("sponsors")
        made = list(sponsors or ())
        cells = self._elements("secondary_sponsor/sponsor_name")
        for cell in cells:
            owner = f"sponsors[{len(made)}]"
            body = self._maker.value(f"{owner}.contact.organization", cell)
            contact = self._maker.contact(f"{owner}.contact", {"organization": body})
            made.append(Sponsor(contact, **{part: unknown(f"{owner}.{part}") for part in _SPONSOR}))
        if made:
            heading = sponsors.heading if sponsors is not None else blank(Value, "sponsors", cells[0], GIVEN)
            self._made["sponsors"] = Items(heading, tuple(made))
        for cell in self._elements("source_support/source_name")[:1]:
            self._made["funding_source"] = self._maker.value("funding_source", cell)

    def _contact(self, field: str, prefix: str) -> None:
        wanted = "scientific" if prefix.startswith("scientific") else "public"
        for contact in self._element.root.findall("contacts/contact"):
            if _text(contact.find("type")).strip().lower() == wanted:
                parts = self._parts(field, contact, _PERSON)
                names = [cell for tag in ("firstname", "middlename", "lastname") for cell in self._elements(tag, contact)]
                for at, cell in enumerate(names):
                    value = self._maker.value(f"{field}.name" if not at else f"{field}.name[{at}]", cell)
                    parts.setdefault("name", value)
                self._made[field] = self._maker.contact(field, parts)
                return

    def _parts(self, owner: str, element: Any, names: dict[str, str]) -> dict[str, Value]:
        return {
            part: self._maker.value(f"{owner}.{part}", cell)
            for tag, part in names.items()
            for cell in self._elements(tag, element)[:1]
        }

    def _ethics(self) -> None:
        elements = self._element.root.findall("ethics_reviews/ethics_review")
        if not elements:
            return
        where = Cell("ethics reviews", "", f"{self._base}/ethics_reviews", self._line(elements[0]))
        reviews = tuple(self._one_review(f"ethics_reviews[{at}]", element, where) for at, element in enumerate(elements))
        self._made["ethics_reviews"] = Items(blank(Value, "ethics_reviews", where, GIVEN), reviews)

    def _one_review(self, owner: str, element: Any, where: Cell) -> EthicsReview:
        committee = self._elements("contact_name", element)
        approved = self._elements("approval_date", element)
        contact: Contact = self._maker.contact(f"{owner}.contact", self._parts(f"{owner}.contact", element, _REVIEW))
        return EthicsReview(
            self._maker.value(f"{owner}.committee", committee[0]) if committee else blank(Value, f"{owner}.committee", where),
            self._date(f"{owner}.approval_date", approved[0] if approved else where._replace(label="approval date")),
            unknown(f"{owner}.reference"),
            contact,
        )
