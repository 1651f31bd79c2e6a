"""The fields of a draft -> its JSON Schema for editors, and a commented YAML form, blank or filled from a registration."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from audit.model.registration import LATER, Age, Coded, Count, DateValue, Items, Registration
from audit.model.span import EMPTY, Value
from audit.readers.coding import code, codes
from audit.readers.draft import (
    CONTACTS,
    DOCUMENTS,
    OF_CONTACT,
    OF_ETHICS,
    OF_OUTCOME,
    OF_SPONSOR,
    registration,
)
from audit.readers.draft_file import MARK, VERSION

SCHEMA_FILE = "trial-audit-draft-1.schema.json"
_FIELDS = Path(__file__).with_name("draft_fields.yaml")
_WIDTH = 110
_TEXT = {"type": ["string", "number", "null"]}
_EMPTY = "empty"
_DAY = "A day: 2026-06-15; a month: 2026-06; or both calendars: 2026-06-15, 1405/03/25."
_KINDS = {kind: {f.name for f in fields(Registration) if f.type is kind} for kind in (Coded, Count, Age, DateValue)}
_CODES_OF_ITEMS = {"masked_groups": "masked_groups", "category": "arm_category", "plan": "sharing_plan"}


@cache
def groups() -> Mapping[str, Mapping[str, str]]:
    """Return the headings of the form, each with its fields and what they are to say."""
    read: dict[str, dict[str, str]] = yaml.load(_FIELDS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return read


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a draft: descriptions for hover texts, codes for completion."""
    properties: dict[str, Any] = {
        MARK: {"enum": [int(VERSION), VERSION], "description": "Marks the file as a draft; the version of its form."},
        "$schema": {"type": "string"},
    }
    for named in groups().values():
        properties |= {name: _property(name) | {"description": _about(name, said)} for name, said in named.items()}
    properties["earlier"] = {"$ref": "#", "description": "An earlier version of the same record, to compare with."}
    properties["others"] = {"type": "array", "items": {"$ref": "#"}, "description": "Other records, to compare with."}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_FILE,
        "title": "A draft registration of a clinical trial (trial-audit)",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "$defs": {
            "outcome": _mapping(dict.fromkeys(OF_OUTCOME, _TEXT), "description"),
            "arm": _mapping(
                {
                    "description": _TEXT,
                    "category": _coded("arm_category"),
                    "label": _TEXT,
                    "interventions": {"type": "array", "items": _TEXT},
                },
                "description",
            ),
            "condition": _mapping(dict.fromkeys(("description", "icd10", "icd10_description"), _TEXT), "description"),
            "contact": _mapping(dict.fromkeys(OF_CONTACT, _TEXT)),
            "centre": _mapping(dict.fromkeys(OF_CONTACT, _TEXT), "name"),
            "ethics_review": _mapping(dict.fromkeys((*OF_ETHICS, *OF_CONTACT), _TEXT)),
            "sponsor": _mapping(dict.fromkeys((*OF_SPONSOR, *OF_CONTACT), _TEXT), "name"),
        },
    }


_LISTS = {
    "arms": "arm",
    "primary_outcomes": "outcome",
    "secondary_outcomes": "outcome",
    "conditions": "condition",
    "ethics_reviews": "ethics_review",
    "centres": "centre",
    "sponsors": "sponsor",
}


def _property(name: str) -> dict[str, Any]:
    if name in _LISTS:
        return _list({"$ref": f"#/$defs/{_LISTS[name]}"})
    if name in CONTACTS:
        return {"anyOf": [{"$ref": "#/$defs/contact"}, {"type": "null"}]}
    if name == "sharing":
        plans = {document: _coded("sharing_plan") for document in DOCUMENTS}
        return {"anyOf": [_mapping(plans), {"enum": [_EMPTY, None]}]}
    if name == "masked_groups":
        return _list(_coded(name))
    if name in ("secondary_ids", "countries"):
        return _list(_TEXT)
    if name == "language":
        return {"enum": ["en", "fa"]}
    if name in _KINDS[Coded]:
        return _coded(name)
    if name in _KINDS[DateValue]:
        return {"type": ["string", "number", "null"], "examples": ["2026-06-15", "2026-06", "2026-06-15, 1405/03/25"]}
    if name in _KINDS[Count]:
        return {"type": ["integer", "string", "null"], "examples": [60]}
    if name in _KINDS[Age]:
        return {"type": ["integer", "string", "null"], "examples": ["18 years", "6 months", "no limit"]}
    return dict(_TEXT)


def _coded(field: str) -> dict[str, Any]:
    return {"enum": [*codes(field), *(int(one) for one in codes(field) if one.isdecimal()), _EMPTY, None]}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [{"type": "array", "items": items}, {"enum": [_EMPTY, None]}]}


def _mapping(parts: dict[str, Any], short: str | None = None) -> dict[str, Any]:
    """Return the schema of a mapping; *short* is the part that may stand alone as a text."""
    whole = {"type": "object", "additionalProperties": False, "properties": parts}
    return {"anyOf": [whole, _TEXT], "description": f"A text is its {short}."} if short else whole


def _about(name: str, said: str) -> str:
    if name in _KINDS[DateValue]:
        said = f"{said} {_DAY}"
    return f"{said} Only once the trial was submitted or has begun." if name in LATER else said


def blank(answers: Mapping[str, str] | None = None) -> str:
    """Return a blank draft in YAML, every field with a comment; *answers* are filled in."""
    shown = dict(answers or {})
    for name in (one for named in groups().values() for one in named if one not in LATER):
        shown.setdefault(name, _blank(name))
    shown["registry"] = shown["registry"] or "IRCT"
    shown["language"] = "en"
    del shown["exported"]
    return _form(shown)


def _blank(name: str) -> Any:
    if name == "arms":
        return [dict.fromkeys(("description", "category"))]
    if name in ("primary_outcomes", "secondary_outcomes"):
        return [dict.fromkeys(OF_OUTCOME)]
    if name == "conditions":
        return [dict.fromkeys(("description", "icd10"))]
    if name == "ethics_reviews":
        return [dict.fromkeys(OF_ETHICS)]
    if name in ("public_contact", "scientific_contact"):
        return dict.fromkeys(("name", "organization", "email", "phone", "city", "country"))
    if name == "sponsors":
        return [dict.fromkeys(("name", "organization"))]
    return dict.fromkeys(DOCUMENTS[:5]) if name == "sharing" else None


def filled(record: Registration) -> str:
    """Return the draft that says what *record* says; what its export does not show is left as a comment."""
    return _form(as_mapping(record))


def as_mapping(record: Registration) -> dict[str, Any]:
    """Return *record* in the form of a draft: codes where they are known, else the text as it stands."""
    made: dict[str, Any] = {"registry": record.registry, "language": record.language}
    for name in (one for named in groups().values() for one in named if one not in made):
        part = getattr(record, name)
        if isinstance(part, Items):
            if part.items:
                said = [_item(name, item) for item in part]
                made[name] = dict(said) if name == "sharing" else said
            elif part.state is EMPTY:
                made[name] = _EMPTY
        elif isinstance(part, Value):
            if (text := _text(part)) is not None:
                made[name] = text
        elif part is not None and (parts := _parts(part, OF_CONTACT)):
            made[name] = parts
    return made


def _item(name: str, item: Any) -> Any:
    if isinstance(item, Value):
        return _text(item, _CODES_OF_ITEMS.get(name))
    if name == "sharing":
        return item.document, _text(item.plan, "sharing_plan")
    if name == "centres":
        return _parts(item, OF_CONTACT)
    own = [f.name for f in fields(item) if f.name not in ("contact", "more")]
    made: dict[str, Any] = _parts(item, own)
    if (contact := getattr(item, "contact", None)) is not None:
        made |= {part: text for part, text in _parts(contact, OF_CONTACT).items() if part not in made}
    if more := [text for one in getattr(item, "more", ()) if (text := _text(one)) is not None]:
        made["interventions"] = more
    return made


def _parts(group: Any, names: Any) -> dict[str, str]:
    said = {name: _text(getattr(group, name), _CODES_OF_ITEMS.get(name)) for name in names}
    return {name: text for name, text in said.items() if text is not None}


def _text(value: Value, field: str | None = None) -> str | None:
    """Return what a draft says for *value* so that the same is understood of it; None where the export does not show it."""
    if value.state is EMPTY:
        return _EMPTY
    if not value.given:
        return None
    text = value.text
    if isinstance(value, Coded):
        if value.code is not None:
            return value.code
        return text if code(field or value.field, text) is None else None
    if isinstance(value, Count) and value.number is not None:
        return str(value.number)
    if isinstance(value, Age):
        if not value.limited:
            return "no limit"
        return text if value.years is None or _same_age(text, value) else f"{value.years:g} years"
    if isinstance(value, DateValue) and value.date is not None:
        read = registration({"last_update": text}).last_update
        return text if read.date == value.date else str(value.date)
    return text


def _same_age(text: str, value: Age) -> bool:
    years = registration({"minimum_age": text}).minimum_age.years
    return years is not None and value.years is not None and abs(years - value.years) < 0.001


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, and nothing for what is missing."""


def _represented(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represented)
_Dumper.add_representer(type(None), lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", ""))


def _form(shown: Mapping[str, Any]) -> str:
    return "\n".join(_lines(shown)) + "\n"


def _lines(shown: Mapping[str, Any]) -> Iterator[str]:
    yield f"# yaml-language-server: $schema={SCHEMA_FILE}"
    yield "# A draft registration. trial-audit check reads it; what is left empty counts as missing, what is"
    yield '# commented out is not looked at. "trial-audit schema" prints the schema named above, for editors.'
    yield f"{MARK}: {VERSION}"
    for heading, named in groups().items():
        yield from ("", f"# --- {heading} ---", "")
        for name, said in named.items():
            yield f"# {said}"
            if allowed := [one for one in _property(name).get("enum", ()) if isinstance(one, str) and one != _EMPTY]:
                yield f"# One of: {', '.join(allowed)}."
            if name in shown:
                yield _dumped({name: shown[name]})
            else:
                yield f"# {name}:"


def _dumped(data: Mapping[str, Any]) -> str:
    text: str = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH)
    return "\n".join(line.rstrip() if not line.strip() or line.endswith(": ") else line for line in text.rstrip("\n").split("\n"))
