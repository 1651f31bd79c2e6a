"""Audits -> a CSV table, one row a quote of a finding, so that each row can be checked against its source."""

import csv
import io
import re

from audit.model.result import Run
from audit.reports.json_ import evidence
from audit.reports.words import Words

COLUMNS = (
    "record", "registry", "path", "check", "severity", "confidence", "title", "message", "question", "responsible", "cluster",
    "fingerprint", "field", "label", "quote", "line", "start", "end", "page", "as_of", "value_path", "source_record",
)  # fmt: skip
_FORMULA = re.compile(r"[=+@\t\r-].*[(|!]", re.S)


def render_csv(run: Run, words: Words) -> str:
    """Return the findings as CSV (RFC 4180), a row for each quote.

    A text that a spreadsheet could run as a formula gets a ``'`` before it; all others stand as they are.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for audit in run.audits:
        registration = audit.registration
        for finding in audit.findings:
            check = finding.check
            for place in finding.evidence:
                said = evidence(place, registration.source)
                row = (
                    registration.trial_id.text, registration.registry, registration.source.path, check.code,
                    finding.severity.value, finding.confidence.value, words.title(check), words.message(finding),
                    words.question(finding), check.responsible, check.cluster, finding.fingerprint, said["field"], said["label"],
                    said["quote"], said["line"], said["start"], said["end"], said.get("page", ""), audit.as_of,
                    said.get("path", ""), registration.number,
                )  # fmt: skip
                writer.writerow([_safe(cell) for cell in row])
    return out.getvalue()


def _safe(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell
