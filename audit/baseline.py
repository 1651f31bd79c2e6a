"""A run -> a baseline, the findings known on a day; a baseline and a later run -> the run with the known findings set apart."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from audit import __version__
from audit.errors import AuditError
from audit.model.result import Baseline, Run
from audit.repository import record_name

SCHEMA = "trial-audit-baseline/1"
_LARGEST = 64 * 1024 * 1024


def render(run: Run) -> str:
    """Return the findings of *run* as a baseline, in an order that gives small differences; waived ones are not in it."""
    known = sorted(
        (record_name(audit.registration), finding.check.code, finding.fingerprint)
        for audit in run.audits
        for finding in (*audit.findings, *audit.known)
    )
    document = {
        "schema": SCHEMA,
        "version": __version__,
        "catalogue": run.catalogue_sha256,
        "findings": [{"record": record, "check": check, "fingerprint": print_} for record, check, print_ in known],
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def apply(run: Run, path: Path) -> None:
    """Set the findings of *run* apart that the baseline in *path* has; raises AuditError where that is no baseline."""
    document = _read(path)
    known: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for one in document["findings"]:
        known[one["record"]][one["fingerprint"]] = one["check"]
    asked, stale = {check.code for check in run.checks}, 0
    there: defaultdict[str, set[str]] = defaultdict(set)
    for number, audit in enumerate(run.audits):
        record = record_name(audit.registration)
        there[record] |= {finding.fingerprint for finding in (*audit.findings, *audit.waived, *audit.below)}
        old = known.get(record, {})
        run.audits[number] = replace(
            audit,
            findings=tuple(finding for finding in audit.findings if finding.fingerprint not in old),
            known=tuple(finding for finding in audit.findings if finding.fingerprint in old),
        )
    for record, prints in there.items():
        stale += sum(check in asked and print_ not in prints for print_, check in known.get(record, {}).items())
    run.baseline = Baseline(path.as_posix(), stale, document["catalogue"] != run.catalogue_sha256)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > _LARGEST:
            raise AuditError(f"{path.as_posix()} is larger than {_LARGEST // 1024**2} MB, which no baseline is")
        document = orjson.loads(path.read_bytes())
    except OSError as error:
        raise AuditError(f"the baseline {path.as_posix()} cannot be opened: {error.strerror}") from error
    except orjson.JSONDecodeError as error:
        raise AuditError(f"{path.as_posix()} is no baseline: {error}") from error
    if not _is_baseline(document):
        raise AuditError(f"{path.as_posix()} is no baseline ({SCHEMA}); `trial-audit baseline update` writes one")
    return dict(document)


def _is_baseline(document: Any) -> bool:
    return (
        isinstance(document, dict)
        and document.get("schema") == SCHEMA
        and isinstance(document.get("catalogue"), str)
        and isinstance(document.get("findings"), list)
        and all(
            isinstance(one, dict) and all(isinstance(one.get(key), str) for key in ("record", "check", "fingerprint"))
            for one in document["findings"]
        )
    )
