"""Audits -> SARIF 2.1.0 (OASIS): a result for each finding, its further quotes as related locations, what failed as notifications."""

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

import orjson

from audit import __version__
from audit.model.check import Check, Confidence
from audit.model.result import Audit, Finding, Run, Verdict
from audit.model.span import Place, Source
from audit.reports.places import Spot, spot
from audit.reports.words import Words
from audit.repository import record_name, relative

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_PRECISION = {Confidence.HIGH: "high", Confidence.MEDIUM: "medium", Confidence.LOW: "low"}


def render(run: Run, words: Words) -> str:
    """Return the whole run as one SARIF log; waived findings are suppressed results, known ones are ``unchanged``."""
    told = [
        (audit, finding, state)
        for audit in run.audits
        for state, findings in (("new", audit.findings), ("unchanged", audit.known), ("new", audit.waived))
        for finding in findings
    ]
    broken = [code for audit in run.audits for code, said in audit.judgements.items() if said.verdict is Verdict.BROKEN]
    named = {finding.check.code for _, finding, _ in told} | set(broken)
    rules = {code: number for number, code in enumerate(sorted(named))}
    checks = {check.code: check for check in run.checks}
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "trial-audit",
                        "semanticVersion": __version__,
                        "rules": [_rule(checks[code], words) for code in rules],
                        "properties": {"catalogueSha256": run.catalogue_sha256, "checks": len(run.checks)},
                    }
                },
                "language": words.language,
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": not (run.unreadable or broken), "toolExecutionNotifications": [*_notifications(run, rules, words)]}],
                "results": [_result(audit, finding, rules, words) | ({"baselineState": state} if run.baseline else {}) for audit, finding, state in told],
            }
        ],
    }  # fmt: skip
    return orjson.dumps(log, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _rule(check: Check, words: Words) -> dict[str, Any]:
    why = words.rationale(check)
    links = [(one.document + (f", item {one.item}" if one.item else ""), one.url) for one in check.references]
    explain = f"trial-audit explain {check.code}"
    rule = {
        "id": check.code,
        "name": "".join(part.capitalize() for part in check.name.split("-")),
        "shortDescription": {"text": words.title(check)},
        "fullDescription": {"text": why},
        "help": {
            "text": "\n".join([why, "", *(f"{name} {url or ''}".strip() for name, url in links), "", explain]),
            "markdown": "\n".join([why, "", *(f"- [{name}]({url})" if url else f"- {name}" for name, url in links), "", f"`{explain}`"]),
        },
        "defaultConfiguration": {"level": check.severity.value},
        "properties": {
            "tags": ["trial registration", check.family, check.cluster],
            "precision": _PRECISION[check.confidence],
            "problem.severity": "recommendation" if check.severity == "note" else check.severity.value,
        },
    }  # fmt: skip
    if address := next((url for _, url in links if url), None):
        rule["helpUri"] = address
    return rule


def _result(audit: Audit, finding: Finding, rules: Mapping[str, int], words: Words) -> dict[str, Any]:
    first, *others = (_location(place, audit.registration.source) for place in finding.evidence)
    result: dict[str, Any] = {
        "ruleId": finding.check.code,
        "ruleIndex": rules[finding.check.code],
        "level": finding.severity.value,
        "message": {"text": f"{words.dated(finding, audit.as_of)}\n\n{words.question(finding)}"},
        "locations": [first],
        "relatedLocations": [{"id": number, **one} for number, one in enumerate(others, 1)],
        "partialFingerprints": {"trialAudit/v1": finding.fingerprint},
        "properties": {
            "record": record_name(audit.registration),
            "confidence": finding.confidence.value,
            "responsible": finding.check.responsible,
            "asOf": audit.as_of,
            "dependsOnAsOf": finding.depends_on_as_of,
        },
    }
    if finding.waiver and not finding.lapsed:
        said = f"{finding.waiver.reason} ({finding.waiver.owner}, until {finding.waiver.until})"
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": said}]
    return result


def _location(place: Place, source: Source) -> dict[str, Any]:
    at, said = spot(place, source), " ".join(place.quote.split()) or "(nothing stands here)"
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(at.file)}}
    if region := _region(at):
        physical["region"] = region | {"snippet": {"text": place.quote}}
    location: dict[str, Any] = {
        "physicalLocation": physical,
        "message": {"text": f"{place.value.label or place.value.field}: {said}"},
    }
    if place.value.path is not None:
        location["logicalLocations"] = [{"fullyQualifiedName": place.value.path, "kind": "value"}]
    return location


def _region(at: Spot) -> dict[str, int]:
    named = {"startLine": at.line, "startColumn": at.column, "endLine": at.end_line, "endColumn": at.end_column}
    return {name: number for name, number in named.items() if number is not None}


def _uri(file: str) -> str:
    return PurePath(file).as_uri() if PurePath(file).is_absolute() else quote(file)


def _notifications(run: Run, rules: Mapping[str, int], words: Words) -> Iterator[dict[str, Any]]:
    for one in run.unreadable:
        physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(relative(one.path))}}
        if one.line:
            physical["region"] = {"startLine": one.line}
        yield {
            "level": "error",
            "message": {"text": f"cannot be read: {one.error}"},
            "locations": [{"physicalLocation": physical}],
        }
    for audit in run.audits:
        for code, said in audit.judgements.items():
            if said.verdict is Verdict.BROKEN and said.reason:
                yield {
                    "level": "error",
                    "message": {"text": f"{record_name(audit.registration)}: {words.reason(said.reason)}"},
                    "associatedRule": {"id": code, "index": rules[code]},
                }
