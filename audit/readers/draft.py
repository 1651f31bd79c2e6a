"""A draft registration, a mapping in the words of the model -> registration; the examples of the checks are written in it.

A field that the mapping does not name is UNKNOWN. ``empty`` or null leaves a field empty; coded fields take the
code or a registry's wording; ages are ``18 years`` or ``no limit``; dates ``2024-06-15``, ``2024-06``, or a registry's pair
``2024-06-15, 1403/03/26``. Lists: ``arms`` (texts, or mappings with description and category), ``primary_outcomes``
and ``secondary_outcomes`` (texts, or mappings with description, timepoint, method), ``masked_groups``, ``secondary_ids``,
``countries``, ``conditions``, ``ethics_reviews`` (committee, approval_date, reference), ``centres``, ``sponsors``, ``sharing`` (document: plan).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from audit.model.registration import (
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
)
from audit.model.span import Source, State, Value
from audit.readers.coding import code
from audit.readers.dates import read_date

_EMPTY = ("", "empty", "no information", "none given")
_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*(year|month|week|day)?", re.I)
_PER_YEAR = {"year": 1.0, "month": 12.0, "week": 52.18, "day": 365.25}
_CONTACT = [f.name for f in fields(Contact)]
T = TypeVar("T")
V = TypeVar("V", bound=Value)


def registration(data: Mapping[str, Any], source: Source | None = None) -> Registration:
    """Return the registration that *data* describes.

    Raises ValueError that names the field when a field is not one of the model's or holds a wrong kind of value.
    """
    source = source or Source("draft", "draft", "", "", kind="structured")
    made: dict[str, Any] = {}
    values: list[Value] = []
    maker = _Maker(values)
    for name, given in data.items():
        if name in ("registry", "language", "complete", "number"):
            made[name] = given
        elif name in _LISTS:
            made[name] = maker.items(name, given, _LISTS[name])
        elif name in ("registrant", "public_contact", "scientific_contact", "updating_contact"):
            made[name] = maker.contact(name, given)
        elif name in _SINGLE:
            made[name] = _SINGLE[name](maker, name, given)
        else:
            raise ValueError(f"no such field: {name}; the fields are {', '.join(sorted({*_LISTS, *_SINGLE}))}")
    if "unlabelled" in made:
        made["unlabelled"] = (made["unlabelled"],)
    return Registration(source=source, registry=made.pop("registry", "IRCT"), values=tuple(values), **made)


class _Maker:
    """Makes values and keeps them in order; a field's label is its name in words."""

    def __init__(self, values: list[Value]) -> None:
        self._values = values

    def value(self, name: str, given: Any) -> Value:
        return self._keep(Value(**self._parts(name, given)))

    def coded(self, name: str, given: Any, field: str | None = None) -> Coded:
        parts = self._parts(name, given)
        said = code(field or name, parts["text"]) if parts["state"] is State.GIVEN else None
        return self._keep(Coded(**parts, code=said))

    def count(self, name: str, given: Any) -> Count:
        parts = self._parts(name, given)
        whole = re.fullmatch(r"\d[\d,]*", parts["text"])
        return self._keep(Count(**parts, number=int(parts["text"].replace(",", "")) if whole else None))

    def age(self, name: str, given: Any) -> Age:
        parts = self._parts(name, given)
        match = _AGE.match(parts["text"])
        years = float(match[1]) / _PER_YEAR[(match[2] or "year").lower()] if match else None
        return self._keep(Age(**parts, years=years, limited=match is not None))

    def date(self, name: str, given: Any) -> DateValue:
        value = Value(**self._parts(name, given))
        return self._keep(read_date(value))

    def contact(self, name: str, given: Mapping[str, Any]) -> Contact:
        _only(name, given, _CONTACT)
        return Contact(**{part: self._part(name, given, part) for part in _CONTACT})

    def items(self, name: str, given: Any, make: Callable[["_Maker", str, Any], T]) -> Items[T]:
        listed = given if isinstance(given, list) else list(given.items()) if isinstance(given, dict) else None
        if not listed:
            return Items(self.value(name, "empty"))
        return Items(Value(name, _words(name)), tuple(make(self, f"{name}[{at}]", one) for at, one in enumerate(listed)))

    def _part(self, name: str, given: Mapping[str, Any], part: str, make: Callable[..., Any] | None = None) -> Any:
        full = f"{name}.{part}"
        if part in given:
            return (make or _Maker.value)(self, full, given[part])
        kind = {_Maker.date: DateValue}.get(make, Value) if make else Value
        return kind(full, _words(full), state=State.UNKNOWN)

    def _parts(self, name: str, given: Any) -> dict[str, Any]:
        text = "" if given is None else str(given).strip()
        state = State.EMPTY if text.lower() in _EMPTY else State.GIVEN
        return {"field": name, "label": _words(name), "text": text, "state": state, "path": _pointer(name)}

    def _keep(self, value: V) -> V:
        self._values.append(value)
        return value


def _arm(maker: _Maker, name: str, given: Any) -> Arm:
    given = given if isinstance(given, dict) else {"description": given}
    _only(name, given, ("description", "category", "label"))
    category = given.get("category")
    return Arm(
        maker._part(name, given, "description"),
        maker.coded(f"{name}.category", category, "arm_category")
        if category is not None
        else Coded(f"{name}.category", state=State.UNKNOWN),
        maker._part(name, given, "label"),
    )


def _outcome(maker: _Maker, name: str, given: Any) -> Outcome:
    given = given if isinstance(given, dict) else {"description": given}
    _only(name, given, ("description", "timepoint", "method"))
    return Outcome(*(maker._part(name, given, part) for part in ("description", "timepoint", "method")))


def _condition(maker: _Maker, name: str, given: Any) -> HealthCondition:
    given = given if isinstance(given, dict) else {"description": given}
    _only(name, given, ("description", "icd10", "icd10_description"))
    return HealthCondition(*(maker._part(name, given, part) for part in ("description", "icd10", "icd10_description")))


def _ethics(maker: _Maker, name: str, given: Any) -> EthicsReview:
    _only(name, given, ("committee", "approval_date", "reference", *_CONTACT))
    return EthicsReview(
        maker._part(name, given, "committee"),
        maker._part(name, given, "approval_date", _Maker.date),
        maker._part(name, given, "reference"),
        Contact(**{part: maker._part(f"{name}.contact", given, part) for part in _CONTACT}),
    )


def _centre(maker: _Maker, name: str, given: Any) -> Contact:
    return maker.contact(name, given if isinstance(given, dict) else {"name": given})


def _sponsor(maker: _Maker, name: str, given: Any) -> Sponsor:
    given = given if isinstance(given, dict) else {"name": given}
    own = [f.name for f in fields(Sponsor) if f.name != "contact"]
    _only(name, given, (*own, *_CONTACT))
    contact = Contact(**{part: maker._part(f"{name}.contact", given, part) for part in _CONTACT})
    return Sponsor(contact, **{part: maker._part(name, given, part) for part in own})


def _sharing(maker: _Maker, name: str, given: Any) -> Sharing:
    document, plan = given
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


def _words(name: str) -> str:
    parts = re.findall(r"[a-z_0-9]+|\[\d+\]", name)
    said = " ".join(str(int(part[1:-1]) + 1) if part[0] == "[" else part.replace("_", " ") for part in parts)
    return said[:1].upper() + said[1:]


def _pointer(name: str) -> str:
    return "/" + re.sub(r"[.\[]+", "/", name).replace("]", "")


def _only(name: str, given: Mapping[str, Any], allowed: Any) -> None:
    if unknown := [key for key in given if key not in allowed]:
        raise ValueError(f"{name} has no {', '.join(unknown)}; it has {', '.join(allowed)}")
