"""A draft registration, a mapping in the words of the model -> registration; files and the examples of the checks are written in it.

A field that the mapping does not name is UNKNOWN. ``empty`` or null leaves a field empty; coded fields take the
code or a registry's wording; ages are ``18 years`` or ``no limit``; dates ``2024-06-15``, ``2024-06``, or a registry's pair
``2024-06-15, 1403/03/26``. Lists: ``arms`` (texts, or mappings with description and category), ``primary_outcomes``
and ``secondary_outcomes`` (texts, or mappings with description, timepoint, method), ``masked_groups``, ``secondary_ids``,
``countries``, ``conditions``, ``ethics_reviews`` (committee, approval_date, reference), ``centres``, ``sponsors``, ``sharing``
(document: plan). ``earlier`` is a mapping of the same form, an earlier version of the record; ``others`` is a list of such
mappings, other records that it is compared with.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any, NamedTuple, TypeVar

from audit.model.figures import whole
from audit.model.registration import (
    LATER,
    Age,
    Arm,
    Coded,
    Contact,
    Count,
    DateValue,
    EthicsReview,
    HealthCondition,
    Items,
    Outcome,
    Registration,
    Sharing,
    Sponsor,
    as_earlier,
    as_other,
)
from audit.model.span import Source, State, Value
from audit.readers.coding import code
from audit.readers.dates import read_date

DOCUMENTS = ("ipd", "protocol", "sap", "icf", "csr", "code", "dictionary")
"""What a plan of sharing may speak of."""
OF_CONTACT = tuple(f.name for f in fields(Contact))
OF_SPONSOR = tuple(f.name for f in fields(Sponsor) if f.name != "contact")
OF_ARM = ("description", "category", "label", "interventions")
OF_OUTCOME = ("description", "timepoint", "method")
OF_CONDITION = ("description", "icd10", "icd10_description")
OF_ETHICS = ("committee", "approval_date", "reference")
CONTACTS = ("registrant", "public_contact", "scientific_contact", "updating_contact")
_PLAIN = ("registry", "language", "complete", "number")
_EMPTY = ("", "empty", "no information", "none given")
_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*(year|month|week|day)?", re.I)
_PER_YEAR = {"year": 1.0, "month": 12.0, "week": 52.18, "day": 365.25}
T = TypeVar("T")
V = TypeVar("V", bound=Value)


class Written(str):
    """A text of a draft file that knows where it stands: its JSON pointer, line and column; ``null``: nothing is written there."""

    pointer: str
    line: int
    column: int
    null: bool

    @classmethod
    def at(cls, text: str, pointer: str, line: int, column: int, null: bool = False) -> "Written":
        """Return *text* with its place."""
        made = cls(text)
        made.pointer, made.line, made.column, made.null = pointer, line, column, null
        return made


class Mistake(NamedTuple):
    """What is wrong in a draft, and on which line of its file (None where it is no file)."""

    said: str
    line: int | None


class DraftError(ValueError):
    """A mapping that is no draft; ``mistakes`` has all that is wrong with it."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("; ".join(mistake.said for mistake in self.mistakes))


def registration(data: Mapping[str, Any], source: Source | None = None, *, is_draft: bool = False) -> Registration:
    """Return the registration that *data* describes; the texts in it may be `Written`, which then know their place.

    Of a draft (*is_draft*) a field that comes later (`audit.model.registration.LATER`) and holds nothing is UNKNOWN. Raises
    DraftError, a ValueError, that names every field which is not one of the model's or holds a wrong kind of value.
    """
    mistakes: list[Mistake] = []
    made = _made(data, source or Source("draft", "draft", "", "", kind="structured"), is_draft, mistakes)
    if mistakes:
        raise DraftError(mistakes)
    return made


def _made(data: Mapping[str, Any], source: Source, is_draft: bool, mistakes: list[Mistake]) -> Registration:
    made: dict[str, Any] = {}
    values: list[Value] = []
    maker = _Maker(values, mistakes)
    for name, given in data.items():
        if name in _PLAIN:
            made[name] = maker.plain(name, given)
        elif name == "earlier":
            if isinstance(given, Mapping):
                made[name] = as_earlier(_made(given, source, False, mistakes))
            elif not _is_empty(given):
                maker.wrong("earlier is to be a mapping: an earlier version of the record", name)
        elif name == "others":
            if isinstance(given, list) and all(isinstance(one, Mapping) for one in given):
                made[name] = tuple(as_other(_made(one, source, False, mistakes)) for one in given)
            else:
                maker.wrong("others is to be a list of mappings: other records", name)
        elif name not in _FIELDS:
            maker.unknown(name, "", _FIELDS)
        elif is_draft and name in LATER and getattr(given, "null", given is None):
            continue
        elif name in _LISTS:
            made[name] = maker.items(name, given, _LISTS[name])
        elif name in CONTACTS:
            made[name] = maker.contact(name, given)
        else:
            made[name] = _SINGLE[name](maker, name, given)
    if "unlabelled" in made:
        made["unlabelled"] = (made["unlabelled"],)
    registry = made.pop("registry", None) or "IRCT"
    return Registration(source=source, registry=registry, values=tuple(values), is_draft=is_draft, **made)


class _Maker:
    """Makes values and keeps them in order, and what is wrong beside them; a field's label is its name in words."""

    def __init__(self, values: list[Value], mistakes: list[Mistake]) -> None:
        self._values = values
        self._mistakes = mistakes

    def wrong(self, said: str, where: Any) -> None:
        """Keep a mistake; *where* is what stands there."""
        while isinstance(where, Mapping | list) and where:
            where = next(iter(where))
        self._mistakes.append(Mistake(said, getattr(where, "line", None)))

    def unknown(self, key: str, owner: str, allowed: Iterable[str]) -> None:
        """Keep the mistake that *key* is none of the *allowed* ones, with the nearest of them."""
        allowed = sorted(allowed)
        near = difflib.get_close_matches(key.lower().replace(" ", "_").replace("-", "_"), allowed, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(allowed)}"
        self.wrong(f"{f'{owner} has no' if owner else 'no such'} field{':' if not owner else ''} {key}; {hint}", key)

    def only(self, name: str, given: Any, allowed: Iterable[str]) -> Mapping[str, Any]:
        """Return the parts of *given* that are *allowed*; what else there is becomes a mistake."""
        if _is_empty(given):
            return {}
        if not isinstance(given, Mapping):
            self.wrong(f"{name} is to be a mapping with {', '.join(allowed)}", given)
            return {}
        for key in given:
            if key not in allowed:
                self.unknown(key, name, allowed)
        return given

    def plain(self, name: str, given: Any) -> Any:
        if isinstance(given, Mapping | list):
            self.wrong(f"{name} is to be one text", given)
            return None
        return str(given) if isinstance(given, Written) else given

    def value(self, name: str, given: Any) -> Value:
        return self._keep(Value(**self._parts(name, given)))

    def coded(self, name: str, given: Any, field: str | None = None) -> Coded:
        parts = self._parts(name, given)
        said = code(field or name, parts["text"]) if parts["state"] is State.GIVEN else None
        return self._keep(Coded(**parts, code=said))

    def count(self, name: str, given: Any) -> Count:
        parts = self._parts(name, given)
        figures = parts["text"].replace(",", "") if re.fullmatch(r"\d[\d,]*", parts["text"]) else ""
        return self._keep(Count(**parts, number=whole(figures) if figures else None))

    def age(self, name: str, given: Any) -> Age:
        parts = self._parts(name, given)
        match = _AGE.match(parts["text"])
        years = float(match[1]) / _PER_YEAR[(match[2] or "year").lower()] if match else None
        return self._keep(Age(**parts, years=years, limited=match is not None))

    def date(self, name: str, given: Any) -> DateValue:
        value = Value(**self._parts(name, given))
        return self._keep(read_date(value))

    def contact(self, name: str, given: Any) -> Contact:
        given = self.only(name, given, OF_CONTACT)
        return Contact(**{part: self.part(name, given, part) for part in OF_CONTACT})

    def items(self, name: str, given: Any, make: Callable[["_Maker", str, Any], T]) -> Items[T]:
        listed = given if isinstance(given, list) else list(given.items()) if isinstance(given, dict) else None
        if listed is None and not _is_empty(given):
            self.wrong(f"{name} is to be a list", given)
        if isinstance(given, dict) and name != "sharing":
            self.wrong(f"{name} is to be a list: its items begin with a dash", given)
            return Items(Value(name, state=State.UNKNOWN))
        if not listed:
            nothing = Written.at("", name.pointer, name.line, name.column) if isinstance(name, Written) else "empty"
            return Items(self.value(name, nothing))
        heading = Value(str(name), _words(name), path=_pointer(name), line=_line(name), column=getattr(name, "column", None))
        return Items(heading, tuple(make(self, f"{name}[{at}]", one) for at, one in enumerate(listed)))

    def part(self, name: str, given: Mapping[str, Any], part: str, make: Callable[..., Any] | None = None) -> Any:
        full = f"{name}.{part}"
        if part in given:
            return (make or _Maker.value)(self, full, given[part])
        kind = {_Maker.date: DateValue}.get(make, Value) if make else Value
        return kind(full, _words(full), state=State.UNKNOWN)

    def _parts(self, name: str, given: Any) -> dict[str, Any]:
        if isinstance(given, Mapping | list):
            self.wrong(f"{name} is to be one text", given)
            given = None
        written = "" if given is None else str(given)
        text = written.strip()
        state = State.EMPTY if text.lower() in _EMPTY else State.GIVEN
        parts: dict[str, Any] = {"field": str(name), "label": _words(name), "text": text, "state": state, "path": _pointer(name)}
        if isinstance(given, Written):
            start = len(written) - len(written.lstrip()) if text else 0
            parts |= {"path": given.pointer, "line": given.line, "column": given.column, "start": start}
        return parts

    def _keep(self, value: V) -> V:
        self._values.append(value)
        return value


def _is_empty(given: Any) -> bool:
    return given is None or (isinstance(given, str) and given.strip().lower() in _EMPTY)


def _arm(maker: _Maker, name: str, given: Any) -> Arm:
    given = given if isinstance(given, dict) else {"description": given}
    given = maker.only(name, given, OF_ARM)
    category = given.get("category")
    more = given.get("interventions") or ()
    if not isinstance(more, list | tuple):
        maker.wrong(f"{name}.interventions is to be a list", more)
        more = ()
    return Arm(
        maker.part(name, given, "description"),
        maker.coded(f"{name}.category", category, "arm_category")
        if category is not None
        else Coded(f"{name}.category", state=State.UNKNOWN),
        maker.part(name, given, "label"),
        tuple(maker.value(f"{name}.interventions[{at}]", one) for at, one in enumerate(more)),
    )


def _outcome(maker: _Maker, name: str, given: Any) -> Outcome:
    given = given if isinstance(given, dict) else {"description": given}
    given = maker.only(name, given, OF_OUTCOME)
    return Outcome(*(maker.part(name, given, part) for part in OF_OUTCOME))


def _condition(maker: _Maker, name: str, given: Any) -> HealthCondition:
    given = given if isinstance(given, dict) else {"description": given}
    given = maker.only(name, given, OF_CONDITION)
    return HealthCondition(*(maker.part(name, given, part) for part in OF_CONDITION))


def _ethics(maker: _Maker, name: str, given: Any) -> EthicsReview:
    given = maker.only(name, given, (*OF_ETHICS, *OF_CONTACT))
    return EthicsReview(
        maker.part(name, given, "committee"),
        maker.part(name, given, "approval_date", _Maker.date),
        maker.part(name, given, "reference"),
        Contact(**{part: maker.part(f"{name}.contact", given, part) for part in OF_CONTACT}),
    )


def _centre(maker: _Maker, name: str, given: Any) -> Contact:
    return maker.contact(name, given if isinstance(given, dict) else {"name": given})


def _sponsor(maker: _Maker, name: str, given: Any) -> Sponsor:
    given = given if isinstance(given, dict) else {"name": given}
    given = maker.only(name, given, (*OF_SPONSOR, *OF_CONTACT))
    contact = Contact(**{part: maker.part(f"{name}.contact", given, part) for part in OF_CONTACT})
    return Sponsor(contact, **{part: maker.part(name, given, part) for part in OF_SPONSOR})


def _sharing(maker: _Maker, name: str, given: Any) -> Sharing:
    document, plan = given if isinstance(given, tuple) else (given, None)
    if not isinstance(document, str):
        maker.wrong("sharing is to be a mapping of documents to plans", document)
        document = ""
    elif document not in DOCUMENTS:
        maker.unknown(document, "sharing", DOCUMENTS)
    return Sharing(document, maker.coded(f"{name}.plan", plan, "sharing_plan"))


_LISTS: dict[str, Callable[[_Maker, str, Any], Any]] = {
    "secondary_ids": lambda maker, name, given: maker.value(name, given),
    "countries": lambda maker, name, given: maker.value(name, given),
    "masked_groups": lambda maker, name, given: maker.coded(name, given, "masked_groups"),
    "arms": _arm,
    "primary_outcomes": _outcome,
    "secondary_outcomes": _outcome,
    "conditions": _condition,
    "ethics_reviews": _ethics,
    "centres": _centre,
    "sponsors": _sponsor,
    "sharing": _sharing,
}
_KINDS: dict[str, Callable[[_Maker, str, Any], Any]] = {
    "Value": _Maker.value,
    "Coded": _Maker.coded,
    "Count": _Maker.count,
    "Age": _Maker.age,
    "DateValue": _Maker.date,
}
_SINGLE = {f.name: _KINDS[kind] for f in fields(Registration) if (kind := getattr(f.type, "__name__", str(f.type))) in _KINDS}
_SINGLE["unlabelled"] = _Maker.value
_FIELDS = frozenset((*_LISTS, *_SINGLE, *CONTACTS, *_PLAIN, "earlier", "others"))


def _words(name: str) -> str:
    parts = re.findall(r"[a-z_0-9]+|\[\d+\]", name)
    said = " ".join(str(int(part[1:-1]) + 1) if part[0] == "[" else part.replace("_", " ") for part in parts)
    return said[:1].upper() + said[1:]


def _line(name: str) -> int | None:
    return getattr(name, "line", None)


def _pointer(name: str) -> str:
    if isinstance(name, Written):
        return name.pointer
    return "/" + re.sub(r"[.\[]+", "/", name).replace("]", "")
