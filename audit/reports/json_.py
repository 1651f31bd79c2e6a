"""Audits -> JSON of the schema ``trial-audit/1`` (docs/trial-audit-1.schema.json)."""

import dataclasses
from typing import Any

import orjson

from audit import __version__
from audit.model.check import Severity
from audit.model.dates import PartialDate
from audit.model.result import Audit, Finding, Judgement, Run, Unreadable, Verdict, Waiver
from audit.model.span import Place, Source, Value
from audit.reports.totals import Totals
from audit.reports.words import Words

SCHEMA = "trial-audit/1"


def render(run: Run, words: Words) -> str:
    """Return the whole run as one JSON document."""
    return pretty(document(run, Totals.of(run.audits), [record(audit, words) for audit in run.audits])).decode()


def pretty(data: Any) -> bytes:
    """Return *data* as indented JSON that ends with a line end."""
    return orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def document(run: Run, totals: Totals, records: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the JSON document of a run of which *totals* was counted."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "trial-audit", "version": __version__},
        "catalogue": {"checks": len(run.checks), "sha256": run.catalogue_sha256},
        "as_of": run.as_of,
        "summary": summary(run, totals),
        "records": records,
        "unreadable": [unreadable(one) for one in run.unreadable],
        "idle_waivers": [_waiver(waiver) for waiver in run.idle_waivers],
        "baseline": dataclasses.asdict(run.baseline) if run.baseline else None,
    }


def summary(run: Run, totals: Totals) -> dict[str, Any]:
    """Return how many records, findings by severity and verdicts there are."""
    return {
        "records": totals.records,
        "unreadable": len(run.unreadable),
        "findings": {severity.value: totals.findings[severity] for severity in Severity},
        "verdicts": {verdict.value: totals.verdicts[verdict] for verdict in Verdict},
        "waived": totals.waived,
        "known": totals.known,
    }


def record(audit: Audit, words: Words) -> dict[str, Any]:
    """Return one record: its source, findings and verdicts."""
    registration = audit.registration
    return {
        "id": registration.trial_id.text if registration.trial_id.given else None,
        "registry": registration.registry,
        "as_of": audit.as_of,
        "as_of_source": audit.as_of_source,
        "source": source(registration.source, registration.number),
        "findings": [
            finding_data(finding, registration.source, words) | {"known": findings is audit.known}
            for findings in (audit.findings, audit.known, audit.waived)
            for finding in findings
        ],
        "verdicts": _verdicts(audit.judgements, words),
    }


def source(read: Source, number: int) -> dict[str, Any]:
    """Return where a record was read."""
    return {"path": read.path, "reader": read.reader, "sha256": read.sha256, "record": number}


def evidence(place: Place, read: Source) -> dict[str, Any]:
    """Return a quote with its place (interfaces.md: Quotes)."""
    value = place.value
    read = value.source or read
    start = value.start + place.start
    said: dict[str, Any] = {
        "field": value.field,
        "label": value.label,
        "quote": place.quote,
        "line": value.line if value.path is not None else read.line(start) if read.text else None,
        "start": start,
        "end": value.start + place.end,
    }
    if value.path is not None:
        said["path"] = value.path
    if value.column is not None:
        said["column"] = value.column
    if value.source is not None:
        said["source"] = {"path": read.path, "sha256": read.sha256}
    if read.record is not None:
        said["record"] = read.record
    if (page := read.page(start)) is not None:
        said["page"] = page
    return said


def plain(value: object) -> Any:
    """Return a value of a fact or field as JSON has it: dates as ISO text."""
    if isinstance(value, PartialDate):
        return str(value)
    if isinstance(value, Value):
        return value.text
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return str(value)


def unreadable(one: Unreadable) -> dict[str, Any]:
    """Return a file or record that could not be read."""
    return {"path": one.path, "record": one.record, "line": one.line, "error": one.error}


def finding_data(finding: Finding, read: Source, words: Words) -> dict[str, Any]:
    """Return one finding with its sentences and quotes."""
    check = finding.check
    return {
        "check": check.code,
        "name": check.name,
        "family": check.family,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "title": words.title(check),
        "message": words.message(finding),
        "question": words.question(finding),
        "responsible": check.responsible,
        "evidence": [evidence(place, read) for place in finding.evidence],
        "computed": {name: plain(value) for name, value in finding.computed.items()},
        "references": [{"document": one.document, "item": one.item, "url": one.url} for one in check.references],
        "cluster": check.cluster,
        "fingerprint": finding.fingerprint,
        "waived": _waiver(finding.waiver) if finding.waiver and not finding.lapsed else None,
        "lapsed": _waiver(finding.waiver) | {"why": finding.lapsed.value} if finding.waiver and finding.lapsed else None,
    }


def _waiver(waiver: Waiver) -> dict[str, str]:
    return {
        "record": waiver.record, "check": waiver.check, "reason": waiver.reason, "owner": waiver.owner,
        "until": waiver.until.isoformat(),
    }  # fmt: skip


def _verdicts(judgements: dict[str, Judgement], words: Words) -> dict[str, dict[str, str]]:
    """Return what each check says; checks that say the same share it, for a record has some 200 of them."""
    worded = {id(said): said for said in judgements.values()}
    shown = {one: _judgement(said, words) for one, said in worded.items()}
    return {code: shown[id(said)] for code, said in judgements.items()}


def _judgement(said: Judgement, words: Words) -> dict[str, str]:
    if said.reason is None:
        return {"verdict": said.verdict.value}
    return {"verdict": said.verdict.value, "reason": words.reason(said.reason)}
