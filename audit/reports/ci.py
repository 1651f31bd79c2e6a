"""Audits -> what CI services show beside a change: GitHub annotations, a GitHub step summary, GitLab's code quality."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import orjson

from audit.model.check import Severity
from audit.model.result import Audit, Finding, Run, Verdict
from audit.reports import console
from audit.reports.places import primary
from audit.reports.words import Words
from audit.repository import record_name, relative

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_SHOWN = 10
"""Annotations of a kind that GitHub shows for a step; further ones stand in the log alone."""
_LISTED = 200
"""Findings that the step summary lists: GitHub takes one mebibyte a step."""
_NO_CONTROLS = re.compile(r"[^\t\r\n -~\u00a0-\U0010ffff]")
_GITLAB = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}


def render_github(run: Run, words: Words) -> str:
    """Return a workflow command for each finding, the worst first, and a last line that counts them."""
    lines = [_annotation(audit, finding, words) for audit, finding in _worst_first(run)]
    for one in run.unreadable:
        at = f",line={one.line}" if one.line else ""
        lines.insert(0, f"::error file={_property(relative(one.path))}{at},title=cannot be read::{_data(one.error)}")
    for audit, code, reason in _broken(run, words):
        said = _data(f"{record_name(audit.registration)}: {reason}")
        lines.insert(0, f"::error file={_property(relative(audit.registration.source.path))},title={code} is broken::{said}")
    return "\n".join([*lines, _last(run, lines)]) + "\n"


def _last(run: Run, lines: list[str]) -> str:
    kinds = Counter(line[2:].partition(" ")[0] for line in lines)
    hidden = [f"{number - _SHOWN} of {number} {kind}s" for kind, number in kinds.items() if number > _SHOWN]
    waived, known = (sum(map(len, held)) for held in ((a.waived for a in run.audits), (a.known for a in run.audits)))
    said = f"trial-audit: {len(run.audits)} records, " + ", ".join(f"{kinds[kind]} {kind}s" for kind in _COMMANDS.values())
    said += f"; {waived} waived" * bool(waived) + f"; {known} known from the baseline" * bool(known) + "."
    if hidden:
        said += (
            f" GitHub shows {_SHOWN} annotations of a kind a step: {', '.join(hidden)} stand here and in the step summary only."
        )
    return said


def _annotation(audit: Audit, finding: Finding, words: Words) -> str:
    at = primary(audit, finding)
    where = {"file": at.file, "line": at.line, "endLine": at.end_line}
    if at.column and at.line == at.end_line:
        where |= {"col": at.column, "endColumn": at.end_column}
    where["title"] = f"{finding.check.code} {words.title(finding.check)}"
    named = ",".join(f"{name}={_property(str(value))}" for name, value in where.items() if value is not None)
    return f"::{_COMMANDS[finding.severity]} {named}::{_data(f'{words.dated(finding, audit.as_of)} {words.question(finding)}')}"


def _data(text: str) -> str:
    return _NO_CONTROLS.sub("", text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _worst_first(run: Run) -> list[tuple[Audit, Finding]]:
    told = [(audit, finding) for audit in run.audits for finding in audit.findings]
    return sorted(told, key=lambda one: (one[1].severity.rank, one[1].confidence.rank))


def _broken(run: Run, words: Words) -> Iterator[tuple[Audit, str, str]]:
    for audit in run.audits:
        for code, said in audit.judgements.items():
            if said.verdict is Verdict.BROKEN and said.reason:
                yield audit, code, words.reason(said.reason)


def render_gitlab(run: Run, words: Words) -> str:
    """Return the findings as GitLab's code quality report (the part of the Code Climate form that GitLab reads)."""
    issues: list[dict[str, Any]] = []
    for audit, finding in _worst_first(run):
        at = primary(audit, finding)
        issues.append(
            {
                "description": f"{words.dated(finding, audit.as_of)} {words.question(finding)}",
                "check_name": f"{finding.check.code} {finding.check.name}",
                # GitLab keeps one of those that share a fingerprint, and the same record may stand in two files.
                "fingerprint": f"{finding.fingerprint}:{at.file}",
                "severity": _GITLAB[finding.severity],
                "location": {"path": at.file, "lines": {"begin": at.line or 1}},
            }
        )
    return orjson.dumps(issues, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def render_summary(run: Run, words: Words) -> str:
    """Return the step summary as Markdown: the counts, the findings worst first, what is held back, what could not be read."""
    told = _worst_first(run)
    counts = Counter(finding.severity for _, finding in told)
    lines = ["## trial-audit", "", f"{words.counted('records', len(run.audits))}: " + ", ".join(words.counted(s, counts[s]) for s in Severity) + "."]  # fmt: skip
    if told:
        lines += ["", "| | record | check | where | finding |", "|---|---|---|---|---|"]
        lines += [_row(audit, finding, words) for audit, finding in told[:_LISTED]]
    if len(told) > _LISTED:
        lines += ["", f"{len(told) - _LISTED} more findings are not listed here."]
    lines += _held(run, words)
    failed = [f"- {_cell(relative(one.path))}: {_cell(one.error)}" for one in run.unreadable]
    failed += [
        f"- {_cell(record_name(audit.registration))}: {code}: {_cell(reason)}" for audit, code, reason in _broken(run, words)
    ]
    if failed:
        lines += ["", "### Not complete", "", *failed]
    if any(finding.depends_on_as_of for _, finding in told):
        lines += [
            "",
            "A finding that says on which day it was decided may come or go with the day, without a change to the record.",
        ]
    return "\n".join(lines) + "\n"


def _row(audit: Audit, finding: Finding, words: Words) -> str:
    at = primary(audit, finding)
    where = f"{at.file}{f':{at.line}' if at.line else ''}"
    cells = (
        finding.severity.value,
        record_name(audit.registration),
        finding.check.code,
        where,
        words.dated(finding, audit.as_of),
    )
    return f"| {' | '.join(map(_cell, cells))} |"


def _held(run: Run, words: Words) -> Iterator[str]:
    waived = [(audit, finding) for audit in run.audits for finding in audit.waived]
    if waived:
        yield from ("", "### Waived", "")
    for audit, finding in waived:
        waiver = finding.waiver
        if waiver:
            yield f"- {_cell(record_name(audit.registration))} {finding.check.code} {_cell(words.title(finding.check))}: {_cell(waiver.reason)} ({_cell(waiver.owner)}, until {waiver.until})"
    yield from ("", *(f"- {_cell(line)}" for line in console.gate(run)))


def _cell(text: str) -> str:
    """Return *text* as one cell of a Markdown table in which nothing of a record becomes markup."""
    escaped = "".join(
        f"\\{letter}" if letter in r"\`*_{}[]<>#|~$!" else letter for letter in " ".join(_NO_CONTROLS.sub("", text).split())
    )
    return escaped.replace("@", "@\u200b").replace("://", ":\u200b//")
