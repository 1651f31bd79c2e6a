"""Audits -> text for the terminal: a finding with its quotes under each other, as a good linter shows it."""

import textwrap
from collections.abc import Iterator

from click import style

from audit.model.check import Severity
from audit.model.result import Audit, Finding, Run, Verdict
from audit.model.span import Place, Source
from audit.reports.totals import Totals
from audit.reports.words import Words

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_WIDTH = 100
_QUOTE = 240
_LABEL = 44
_NARROW = 12
"""Places of more characters than a page and a line stand above their quotes."""


def render(run: Run, words: Words) -> str:
    """Return the whole run as text with ANSI colours (whoever prints it strips them where they do not belong)."""
    return "".join(render_record(audit, words) for audit in run.audits) + render_end(run, Totals.of(run.audits))


def render_end(run: Run, totals: Totals) -> str:
    """Return what follows on the records: what could not be read, and the counts."""
    return "".join(f"{line}\n" for line in (*_unreadable(run), *_summary(run, totals)))


def render_record(audit: Audit, words: Words) -> str:
    """Return one record as text with ANSI colours."""
    return "".join(f"{line}\n" for line in _record(audit, words))


def _unreadable(run: Run) -> Iterator[str]:
    for one in run.unreadable:
        at = f":{one.line}" if one.line else ""
        yield f"{style(f'{one.path}{at}', bold=True)}: {style('cannot be read', fg='red')}: {one.error}"
    if run.unreadable:
        yield ""


def _record(audit: Audit, words: Words) -> Iterator[str]:
    registration = audit.registration
    name = registration.trial_id.text if registration.trial_id.given else "(no registration number)"
    yield f"{style(registration.source.path, bold=True)}: {style(name, bold=True)}"
    title = registration.scientific_title if registration.scientific_title.given else registration.public_title
    if title.given:
        yield from textwrap.wrap(words.said(title), _WIDTH, initial_indent="  ", subsequent_indent="  ")
    yield ""
    for finding in audit.findings:
        yield from _finding(finding, audit, words)
    if not audit.findings:
        yield "  No other findings." if audit.waived or audit.known else "  No findings."
        yield ""
    for finding in audit.waived:
        yield style(f"{finding.check.code} waived: {words.title(finding.check)}", dim=True)
        yield from textwrap.wrap(words.waived(finding), _WIDTH, initial_indent="  ", subsequent_indent="  ")
        yield ""
    if audit.known:
        codes = ", ".join(dict.fromkeys(finding.check.code for finding in audit.known))
        yield from textwrap.wrap(f"Known from the baseline: {codes}.", _WIDTH, initial_indent="  ", subsequent_indent="  ")
        yield ""
    for code, said in audit.judgements.items():
        if said.verdict is Verdict.BROKEN and said.reason:
            yield f"{style(code, bold=True)} {style('broken', fg='magenta')}: {words.reason(said.reason)}"


def _finding(finding: Finding, audit: Audit, words: Words) -> Iterator[str]:
    check, colour = finding.check, _COLOURS[finding.severity]
    sure = "" if finding.confidence == "high" else style(f"  [{finding.confidence} confidence]", dim=True)
    severity = style(finding.severity.value, fg=colour, bold=True)
    yield f"{style(check.code, fg=colour, bold=True)} {severity}: {words.title(check)}{sure}"
    text = words.message(finding)
    if finding.depends_on_as_of and audit.as_of not in text:
        text += f" (As of {audit.as_of}.)"
    yield from textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="  ")
    source = audit.registration.source
    numbers = [_place(place, source) for place in finding.evidence]
    width = max((len(number) for number in numbers if len(number) <= _NARROW), default=0)
    for number, place in zip(numbers, finding.evidence, strict=True):
        if len(number) > _NARROW:  # a path in a structured source: it stands above its quote
            yield f"  {style(number, fg='blue')}"
            number = ""
        yield from _quote(number.rjust(width), place)
    if finding.lapsed:
        yield from textwrap.wrap(words.waived(finding), _WIDTH, initial_indent="  = waiver: ", subsequent_indent="    ")
    yield style(f"  = explain: trial-audit explain {check.code}", dim=True)
    yield ""


def _place(place: Place, source: Source) -> str:
    other = place.value.source or source
    at = _place_in(place, other)
    return f"{other.path}: {at}" if at and other.path != source.path else at


def _place_in(place: Place, source: Source) -> str:
    start = place.value.start + place.start
    page = source.page(start)
    if source.reader == "draft" and place.value.line is not None:
        return str(place.value.line)
    if not source.text:
        return place.value.path or ""
    return f"{source.line(start)}" if page is None else f"p{page}:{source.line(start)}"


def _quote(number: str, place: Place) -> Iterator[str]:
    bar = style("|", fg="blue")
    label = place.value.label or place.value.field
    quote = " ".join(place.quote.split())
    if len(quote) > _QUOTE:
        quote = quote[:_QUOTE].rsplit(" ", 1)[0] + " …"
    said = f'"{quote}"' if quote else "(nothing stands here)"
    first, *rest = textwrap.wrap(f"{label}: {said}", _WIDTH - len(number) - 4) or [label]
    yield f"  {style(number, fg='blue')} {bar} {first}"
    for line in rest:
        yield f"  {' ' * len(number)} {bar}   {line}"


def _summary(run: Run, totals: Totals) -> Iterator[str]:
    findings, verdicts = totals.findings, totals.verdicts
    counts = ", ".join(
        style(_many(findings[severity], severity.value), fg=_COLOURS[severity] if findings[severity] else None)
        for severity in Severity
    )
    yield f"{_many(totals.records, 'record')} audited: {counts}."
    yield (
        f"Checks: {verdicts[Verdict.FINDING]} found something, {verdicts[Verdict.PASSED]} passed, "
        f"{verdicts[Verdict.NOT_APPLICABLE]} not applicable, {verdicts[Verdict.NOT_ASSESSABLE]} not assessable, "
        f"{verdicts[Verdict.BROKEN]} broken."
    )
    if totals.below:
        yield f"{_many(totals.below, 'finding')} of lower confidence not shown (--min-confidence low shows all)."
    yield from gate(run)
    for (day, origin), _ in totals.days.most_common(1):
        told = {"option": "--as-of", "record": "the record's own print date", "today": "today; set it with --as-of"}[origin]
        yield f"As of {day} ({told})" + (f" and {len(totals.days) - 1} other days." if len(totals.days) > 1 else ".")
    if run.unreadable:
        yield style(f"{_many(len(run.unreadable), 'file or record', 'files or records')} could not be read.", fg="red")


def gate(run: Run) -> Iterator[str]:
    """Yield what there is to say of waivers and the baseline: what they hold back, and what of them fits no more."""
    if waived := sum(len(audit.waived) for audit in run.audits):
        yield f"{_many(waived, 'finding')} waived and not counted."
    for waiver in run.idle_waivers:
        yield f"A waiver matches nothing and can be removed: {waiver.record} {waiver.check} ({waiver.owner}, until {waiver.until})."
    if run.baseline:
        known = sum(len(audit.known) for audit in run.audits)
        yield f"{_many(known, 'finding')} known from the baseline {run.baseline.path} and not counted."
        if run.baseline.other_catalogue:
            yield "The baseline was made with another catalogue: a finding may be new because its check is (trial-audit baseline update)."
        if stale := run.baseline.stale:
            yield f"{_many(stale, 'entry', 'entries')} of the baseline match nothing any more (trial-audit baseline update)."


def _many(number: int, noun: str, plural: str | None = None) -> str:
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
