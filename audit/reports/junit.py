"""Audits -> JUnit XML: a suite for each record, a case for each check.

A finding at or above ``--fail-on`` is a failure; one below it passes and tells itself in ``system-out``; what does not apply
or cannot be assessed, or is waived or known, is skipped with the reason; a broken check is an error.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from xml.etree import ElementTree

from audit.model.check import Check
from audit.model.result import Audit, Finding, Run, Verdict
from audit.reports.places import spot
from audit.reports.words import Words
from audit.repository import record_name

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COUNTED = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def render(run: Run, words: Words) -> bytes:
    """Return the whole run as one JUnit XML document."""
    document = ElementTree.Element("testsuites", name="trial-audit")
    for audit in run.audits:
        document.append(_suite(audit, run, words))
    if run.unreadable:
        document.append(_unreadable(run))
    for name in ("tests", "failures", "errors"):
        document.set(name, str(sum(int(suite.get(name, "0")) for suite in document)))
    written: bytes = ElementTree.tostring(document, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _suite(audit: Audit, run: Run, words: Words) -> ElementTree.Element:
    registration, found = audit.registration, _by_check(audit.findings)
    held = _by_check((*audit.waived, *audit.known))
    suite = ElementTree.Element("testsuite", name=_clean(record_name(audit.registration)))
    properties = ElementTree.SubElement(suite, "properties")
    said = {"path": registration.source.path, "registry": registration.registry, "as of": f"{audit.as_of} ({audit.as_of_source})"}
    for name, value in said.items():
        ElementTree.SubElement(properties, "property", name=name, value=_clean(value))
    for check in run.checks:
        title = _clean(f"{check.code} {words.title(check)}")
        case = ElementTree.SubElement(suite, "testcase", name=title, classname=f"trial-audit.{check.family}")
        _tell(case, check, audit, found[check.code], held[check.code], run, words)
    return _counted(suite)


def _tell(
    case: ElementTree.Element, check: Check, audit: Audit, found: list[Finding], held: list[Finding], run: Run, words: Words
) -> None:
    """Put into *case* what *check* says of the record; nothing where it passed."""
    said = audit.judgements[check.code]
    reason = words.reason(said.reason) if said.reason else ""
    if said.verdict is Verdict.BROKEN:
        _add(case, "error", "broken", reason)
    elif found:
        severity = min((finding.severity for finding in found), key=lambda one: one.rank)
        text = _clean("\n\n".join(_finding(finding, audit, words) for finding in found))
        if run.fail_on and severity.rank <= run.fail_on.rank:
            _add(case, "failure", severity.value, words.dated(found[0], audit.as_of)).text = text
        else:
            ElementTree.SubElement(case, "system-out").text = f"{severity.value}: {text}"
    elif held:
        waiver = held[0].waiver
        accepted = f"waived by {waiver.owner} until {waiver.until}: {waiver.reason}" if waiver else "known: it is in the baseline"
        _add(case, "skipped", "waived" if waiver else "known", accepted)
    elif said.verdict is not Verdict.PASSED:
        _add(case, "skipped", said.verdict.value, reason)


def _add(case: ElementTree.Element, name: str, kind: str, message: str) -> ElementTree.Element:
    return ElementTree.SubElement(case, name, {"type": kind, "message": _clean(message)} if message else {"type": kind})


def _by_check(findings: Iterable[Finding]) -> defaultdict[str, list[Finding]]:
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        found[finding.check.code].append(finding)
    return found


def _finding(finding: Finding, audit: Audit, words: Words) -> str:
    lines = [words.dated(finding, audit.as_of), words.question(finding)]
    for place in finding.evidence:
        at = spot(place, audit.registration.source)
        label = place.value.label or place.value.field
        lines.append(f"{at.file}{f':{at.line}' if at.line else ''}: {label}: {' '.join(place.quote.split())}")
    return "\n".join(lines)


def _unreadable(run: Run) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name="could not be read")
    for one in run.unreadable:
        name = _clean(f"{one.path}{f':{one.line}' if one.line else ''}")
        _add(ElementTree.SubElement(suite, "testcase", name=name, classname="trial-audit"), "error", "unreadable", one.error)
    return _counted(suite)


def _counted(suite: ElementTree.Element) -> ElementTree.Element:
    suite.set("tests", str(len(suite.findall("testcase"))))
    for name, tag in _COUNTED.items():
        suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))
    return suite


def _clean(text: str) -> str:
    """Return *text* without what no XML file can hold."""
    return _NOT_XML.sub("\ufffd", text)
