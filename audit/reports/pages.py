"""A check -> its page for the terminal and the documentation, and its line in a list."""

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from audit.model.check import Check, Condition

_WORDS = {
    "is": "is", "one_of": "is one of", "none_of": "is none of", "at_least": "is at least", "at_most": "is at most",
    "before": "is certainly before", "after": "is certainly after", "not_before": "is not before", "not_after": "is not after",
}  # fmt: skip
_NEEDS = {
    "versions": "earlier versions of the record",
    "records": "other records",
    "languages": "the record in its other language",
}
_VERDICTS = {"finding": "Found", "passed": "Passed", "not_applicable": "Not applicable", "not_assessable": "Not assessable"}


def page(check: Check, measured: Mapping[str, Any] | None = None) -> str:
    """Return the page of *check* in Markdown; *measured* is what `audit.engine.load.measured` returns."""
    limits = "".join(f"- {limit}\n" for limit in check.known_limits)
    parts = [
        f"# {check.code} {check.name}\n",
        f"**{check.title}**\n",
        f"Severity: {check.severity}. Confidence: {check.confidence}. To be mended by: the {check.responsible}. Cluster: {check.cluster}."
        + (f" Only for: {', '.join(check.registries)}." if check.registries else "")
        + (f" Needs {_NEEDS[check.needs]}: a record alone is not assessable." if check.needs else "")
        + (" Off by default." if check.off else "")
        + "\n",
        f"## Why\n\n{check.rationale}\n",
        f"## How it is decided\n\n{_decided(check)}",
        f"## What it says\n\n{check.message}\n\nQuestion to the registrant: {check.question}\n",
        "## References\n\n" + "".join(f"- {line}\n" for line in _references(check)),
        f"## Known limits\n\n{limits}" if limits else "",
        _measured(check, measured or {}),
        "## Examples\n\n" + "\n".join(_examples(check)),
    ]
    return "\n".join(part for part in parts if part)


def listing(checks: Iterable[Check]) -> str:
    """Return a line for each check."""
    return "".join(
        f"{check.code}  {check.severity.value:<7}  {check.title}{'  (off by default)' if check.off else ''}\n" for check in checks
    )


def table(checks: Iterable[Check]) -> str:
    """Return the checks as a Markdown table."""
    rows = (f"| {check.code} | {check.severity} | {check.confidence} | {check.title.replace('|', '/')} |\n" for check in checks)
    return "| code | severity | confidence | finding |\n|---|---|---|---|\n" + "".join(rows)


def as_data(check: Check) -> dict[str, Any]:
    """Return what a script may want to know of *check*."""
    return {
        "check": check.code, "name": check.name, "family": check.family, "title": check.title, "severity": check.severity.value,
        "confidence": check.confidence.value, "responsible": check.responsible, "cluster": check.cluster,
        "registries": list(check.registries), "needs": check.needs, "off": check.off, "message": check.message, "question": check.question,
        "rationale": check.rationale, "known_limits": list(check.known_limits),
        "references": [{"document": one.document, "item": one.item, "url": one.url} for one in check.references],
    }  # fmt: skip


def _decided(check: Check) -> str:
    when = "".join(f"- {_said(condition)}\n" for condition in check.when)
    expect = "".join(f"- {_said(condition)}\n" for condition in check.expect)
    harder = "".join(
        f"- {step.severity or check.severity}, {step.confidence or check.confidence} confidence, when "
        + " and ".join(map(_said, step.when))
        + "\n"
        for step in check.escalate
    )
    return (
        (f"It speaks of records in which\n\n{when}\n" if when else "It speaks of every record.\n\n")
        + f"and expects that\n\n{expect}"
        + (f"\nThe finding is instead of\n\n{harder}" if harder else "")
    )


def _said(condition: Condition) -> str:
    operand, field = condition.operand, f"`{condition.field}`"
    if condition.word == "present":
        return f"{field} is {'given' if operand else 'empty'}"
    if condition.word == "none":
        return f"{field} finds {'nothing' if operand else 'something'}"
    if isinstance(operand, dict):
        days = f" plus {operand['days']} days" if operand.get("days") else ""
        return f"{field} {_WORDS[condition.word]} `{operand['field']}`{days}"
    shown = (
        ", ".join(map(str, operand))
        if isinstance(operand, tuple)
        else str(operand).lower()
        if isinstance(operand, bool)
        else operand
    )
    return f"{field} {_WORDS[condition.word]} {shown}"


def _measured(check: Check, measured: Mapping[str, Any]) -> str:
    row = measured.get("checks", {}).get(check.code)
    if row is None:
        return ""
    said = (
        f"On {measured['data']}: found in {row['found']}, passed in {row['passed']}, not applicable in {row['not_applicable']}, "
        f"not assessable in {row['not_assessable']}."
    )
    judged = [f"{name} {row[name]}" for name in ("precision", "recall") if row[name] != "-"]
    figures = f" Labelled or read by people: {'; '.join(judged)} (95 % interval)." if judged else " None of it is labelled."
    return f"## Measured\n\n{said}{figures}\n"


def _references(check: Check) -> Iterable[str]:
    for one in check.references:
        yield one.document + (f", item {one.item}" if one.item else "") + (f" <{one.url}>" if one.url else "")


def _examples(check: Check) -> Iterable[str]:
    for example in check.examples:
        record = yaml.safe_dump(example.record, allow_unicode=True, sort_keys=False, width=100)
        indented = "".join(f"    {line}\n" for line in record.splitlines())
        yield f"{_VERDICTS[example.verdict]}: {example.why}\n\n{indented}"
