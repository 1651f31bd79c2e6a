"""The comparison of two versions of a record -> JSON (``trial-audit-diff/1``), text for the terminal, an HTML page."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson
from click import style

from audit.model.registration import Registration
from audit.model.result import Change, Comparison, Finding
from audit.model.span import Place, Source
from audit.reports.html import RunInfo, page, record_id
from audit.reports.json_ import evidence, finding_data, source
from audit.reports.words import Words

SCHEMA = "trial-audit-diff/1"
_WIDTH = 100
_QUOTE = 300


def render_json(compared: Sequence[Comparison], words: Words) -> str:
    """Return one comparison as an object of ``trial-audit-diff/1``, several as a list of them."""
    made = [as_data(one, words) for one in compared]
    option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(made[0] if len(made) == 1 else made, option=option).decode()


def as_data(one: Comparison, words: Words) -> dict[str, Any]:
    """Return a comparison as data (interfaces.md: trial-audit-diff/1)."""
    old, new = one.old.registration, one.new.registration
    return {
        "schema": SCHEMA,
        "record": _number(new) or _number(old),
        "old": source(old.source, old.number),
        "new": source(new.source, new.number),
        "changes": [
            {
                "field": change.field,
                "kind": change.kind,
                "before": evidence(change.before, old.source),
                "after": evidence(change.after, new.source),
                "days_after_start": one.days_after_start,
            }
            for change in one.changes
        ],
        "findings": {
            "introduced": [finding_data(finding, new.source, words) for finding in one.introduced],
            "resolved": [finding_data(finding, old.source, words) for finding in one.resolved],
            "open": [finding_data(finding, new.source, words) for finding in one.open],
        },
    }


def _number(record: Registration) -> str | None:
    return record.trial_id.text if record.trial_id.given else None


def render_text(compared: Iterable[Comparison], words: Words) -> str:
    """Return the comparisons as text with ANSI colours: what changed with both quotes, then the findings."""
    return "\n".join(line for one in compared for line in _lines(one, words)) + "\n"


def _lines(one: Comparison, words: Words) -> Iterator[str]:
    said = words.report["report"]["diff"]
    yield from _changed(one, words)
    for name, found in _findings(one, words):
        yield style(f"{said[name]} ({len(found)})", bold=True)
        yield from (f"  {finding['code']} {finding['severity']}: {finding['message']}" for finding in found)
    yield ""


def _findings(one: Comparison, words: Words) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the findings that came, went and stayed, in words; only what is there now has a question."""
    went = [_said(finding, words) | {"question": ""} for finding in one.resolved]
    return [
        ("introduced", [_said(finding, words) for finding in one.introduced]),
        ("resolved", went),
        ("open", [_said(finding, words) for finding in one.open]),
    ]


def _said(finding: Finding, words: Words) -> dict[str, Any]:
    return {
        "code": finding.check.code,
        "severity": finding.severity,
        "message": words.message(finding),
        "question": words.question(finding),
    }


def _changed(one: Comparison, words: Words) -> Iterator[str]:
    old, new = one.old.registration, one.new.registration
    said = words.report["report"]["diff"]
    yield style(f"{_number(new) or _number(old) or '-'}: {old.source.path} -> {new.source.path}", bold=True)
    yield f"  {_days(one, words)}"
    yield ""
    real, wording = _parted(one.changes)
    for change in real:
        yield f"{style(_field(change), bold=True)}: {said['kinds'][change.kind]}"
        yield from _quoted("-", change.before, old.source, "red")
        yield from _quoted("+", change.after, new.source, "green")
    if not real:
        yield said["no_changes"]
    if wording:
        yield f"{said['wording']}: {', '.join(dict.fromkeys(_field(change) for change in wording))}"
    yield ""


def _parted(changes: Iterable[Change]) -> tuple[list[Change], list[Change]]:
    every = list(changes)
    return [one for one in every if not one.is_wording], [one for one in every if one.is_wording]


def _days(one: Comparison, words: Words) -> str:
    said = words.report["report"]["diff"]
    if one.days_after_start is None:
        return str(said["start_unknown"])
    key = "after_start" if one.days_after_start >= 0 else "before_start"
    return str(said[key].format(days=words.number(abs(one.days_after_start))))


def _field(change: Change) -> str:
    return change.after.value.label or change.before.value.label or change.field


def _quoted(sign: str, place: Place, read: Source, colour: str) -> Iterator[str]:
    quote = " ".join(place.quote.split())
    shown = f'"{textwrap.shorten(quote, _QUOTE, placeholder=" …")}"' if quote else "(nothing stands here)"
    lines = textwrap.wrap(f"{_where(place, read)}: {shown}", _WIDTH - 4)
    yield from (f"  {style(sign if at == 0 else ' ', fg=colour)} {line}" for at, line in enumerate(lines))


def _where(place: Place, read: Source) -> str:
    said = evidence(place, read)
    return f"line {said['line']}" if said["line"] else said.get("path", "")


def render_html(compared: Sequence[Comparison], run_info: RunInfo, words: Words, paper: bool = False) -> str:
    """Return the comparisons as one page that loads nothing; for paper without the styles of the screen."""
    shown = [_shown(one, words) | {"findings": _findings(one, words)} for one in compared]
    created = run_info.created or (compared[0].new.as_of if compared else "")
    return page("diff.html.j2", words, run_info, "" if paper else None, shown=shown, created=created)


def _shown(one: Comparison, words: Words) -> dict[str, Any]:
    old, new = one.old.registration, one.new.registration
    real, wording = _parted(one.changes)
    return {
        "id": record_id(new, words),
        "old": old.source.path,
        "new": new.source.path,
        "days": _days(one, words),
        "real": [_row(change, one, words) for change in real],
        "wording": [_row(change, one, words) for change in wording],
    }


def _row(change: Change, one: Comparison, words: Words) -> dict[str, object]:
    return {
        "field": _field(change),
        "kind": words.report["report"]["diff"]["kinds"][change.kind],
        "before": change.before.quote,
        "after": change.after.quote,
        "where_before": _where(change.before, one.old.registration.source),
        "where_after": _where(change.after, one.new.registration.source),
    }
