"""Waivers and a run -> the run with the waived findings set apart; a waiver of a finding -> the file it is kept in."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from audit.errors import AuditError
from audit.model.result import Audit, Finding, Lapse, Run, Waiver
from audit.repository import record_name


def apply(run: Run, waivers: Sequence[Waiver], day: date) -> None:
    """Set the findings of *run* apart that a waiver holds back on *day*, and mark those that one holds back no more.

    A waiver ends after its day, and when the text that it was given for is no longer there.
    """
    by_record: defaultdict[str, list[Waiver]] = defaultdict(list)
    for waiver in waivers:
        by_record[waiver.record].append(waiver)
    asked, idle = {check.code for check in run.checks}, []
    for number, audit in enumerate(run.audits):
        mine = [waiver for waiver in by_record.get(record_name(audit.registration), ()) if waiver.check in asked]
        if mine:
            run.audits[number] = audit = _applied(audit, mine, day)
            idle += [waiver for waiver in mine if not _told(waiver, audit)]
    run.idle_waivers = tuple(idle)


def _applied(audit: Audit, waivers: Sequence[Waiver], day: date) -> Audit:
    there = {finding.fingerprint for finding in (*audit.findings, *audit.below)}
    findings, waived = [], []
    for finding in audit.findings:
        speaking = [waiver for waiver in waivers if waiver.check == finding.check.code]
        exact = [waiver for waiver in speaking if finding.fingerprint in waiver.fingerprints]
        gone = [waiver for waiver in speaking if there.isdisjoint(waiver.fingerprints)]
        waiver = max(exact or gone, key=lambda one: one.until, default=None)
        if waiver is None:
            findings.append(finding)
        elif exact and waiver.until >= day:
            waived.append(replace(finding, waiver=waiver))
        else:
            findings.append(replace(finding, waiver=waiver, lapsed=Lapse.EXPIRED if exact else Lapse.TEXT_CHANGED))
    return replace(audit, findings=tuple(findings), waived=tuple(waived))


def _told(waiver: Waiver, audit: Audit) -> bool:
    every = (*audit.findings, *audit.waived, *audit.below)
    return any(finding.waiver == waiver or finding.fingerprint in waiver.fingerprints for finding in every)


def named(run: Run, name: str) -> list[tuple[str, list[Finding]]]:
    """Return the findings that *name* speaks of, by record: a fingerprint, or the record and the check as ``RECORD:CHECK``.

    Raises AuditError where there is none.
    """
    record, _, code = name.rpartition(":")
    found = []
    for audit in run.audits:
        its = record_name(audit.registration)
        every = (*audit.findings, *audit.waived, *audit.known, *audit.below)
        if mine := [f for f in every if f.fingerprint == name or (its == record and f.check.code == code.upper())]:
            found.append((its, mine))
    if not found:
        raise AuditError(f"no finding is called {name}; give its fingerprint (check --format json shows it), or RECORD:CHECK")
    return found


def write(path: Path, waiver: Waiver, there: Iterable[str]) -> str:
    """Return the text of the configuration *path* with *waiver* in it; all else in it stays as it is, comments too.

    It takes the place of older waivers of the same record and check that speak of the same findings, or of findings that are
    no longer *there* (fingerprints of the record).
    """
    import tomlkit

    text = path.read_text(encoding="utf-8") if path.exists() else ""
    document: Any = tomlkit.parse(text)
    table = document["tool"]["trial-audit"] if path.name == "pyproject.toml" else document
    older = [dict(one) for one in table.get("waiver", ())]
    kept = tomlkit.aot()
    for old in older:
        same = (old["record"], old["check"]) == (waiver.record, waiver.check)
        if not (same and (set(old["fingerprints"]) & set(waiver.fingerprints) or set(old["fingerprints"]).isdisjoint(there))):
            kept.append(tomlkit.item(old))
    new = tomlkit.table()
    for key in ("record", "check", "fingerprints", "reason", "owner", "until"):
        value = getattr(waiver, key)
        new.add(key, list(value) if isinstance(value, tuple) else value)
    kept.append(new)
    if "waiver" in table:
        table.remove("waiver")
    table.append("waiver", kept)
    made = tomlkit.dumps(document)
    tomllib.loads(made)  # raises where the other library does not read it as it was meant
    return made
