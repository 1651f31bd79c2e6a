"""An audit -> one HTML page that loads nothing; several audits -> their index page."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import groupby

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from audit import __version__
from audit.errors import AuditError
from audit.folders import folder
from audit.model.check import Check, Severity
from audit.model.registration import Registration
from audit.model.result import Audit, Finding, Judgement, Unreadable, Verdict
from audit.model.span import Place, Source, State, Value
from audit.reports import timeline
from audit.reports.words import Words

_WIDE, _NARROW = 680, 320
_SHORT = 26
"""Quotes of at most so many characters stand three abreast, longer ones two."""


@dataclass(frozen=True)
class RunInfo:
    """What all reports of one run share. ``created`` is the day they are dated, None for each record's as-of day."""

    version: str
    catalogue_sha256: str
    checks: Mapping[str, Check]
    """The checks of the run by their codes."""
    created: str | None = None

    @classmethod
    def of(cls, checks: Iterable[Check], catalogue_sha256: str) -> "RunInfo":
        """Return the facts of a run of *checks*; the day comes from SOURCE_DATE_EPOCH where it is set.

        Raises AuditError when SOURCE_DATE_EPOCH is no number of seconds (reproducible-builds.org).
        """
        return cls(__version__, catalogue_sha256, {check.code: check for check in checks}, _source_date())


@dataclass(frozen=True)
class Entry:
    """One line of the index: an audit and the names of its documents, relative to the index."""

    audit: Audit
    html: str | None
    pdf: str | None = None


@dataclass(frozen=True)
class Quote:
    """A place of the record as it is shown: the field's label, the verbatim text, where it stands, and what there is to say of it."""

    label: str
    text: str
    where: str
    remark: str


@dataclass(frozen=True)
class Shown:
    """A finding with its number in the document and its quotes in rows."""

    number: int
    finding: Finding
    quotes: tuple[tuple[Quote, ...], ...]
    basis: tuple[tuple[str, str | None, tuple[str, ...]], ...]
    """The documents it rests on, each once: name, address, items."""


def render(audit: Audit, run_info: RunInfo, words: Words, style: str | None = None) -> str:
    """Return the report of *audit* as an HTML document; *style* replaces the style sheets (the PDF brings its own)."""
    registration = audit.registration
    clusters = _clusters(audit, words)
    told = timeline.dates(registration, date.fromisoformat(audit.as_of))
    page = _environment().get_template("record.html.j2")
    return _clean(
        page.render(
            **_common(words, run_info, style),
            audit=audit,
            registration=registration,
            record_id=_record_id(registration, words),
            created=run_info.created or audit.as_of,
            sponsor=_sponsor(registration),
            clusters=clusters,
            severities=Counter(finding.severity for finding in audit.findings),
            verdicts=_verdicts(audit.judgements.values()),
            families=_families(audit, words),
            listed={verdict: _listed(audit, run_info, verdict, words) for verdict in Verdict},
            dates=told,
            pictures=_pictures(told, on_screen=style is None),
            unplaced=[_quote(registration.source, value.whole(), words) for value in registration.unlabelled],
        )
    )


def index(entries: Sequence[Entry], unreadable: Sequence[Unreadable], run_info: RunInfo, words: Words) -> str:
    """Return the index page of a batch: the records, worst first, with their counts, and what could not be read."""
    rows = [
        (
            entry,
            _record_id(entry.audit.registration, words),
            Counter(finding.severity for finding in entry.audit.findings),
            _verdicts(entry.audit.judgements.values()),
        )
        for entry in entries
    ]
    rows.sort(key=lambda row: (*(-row[2][severity] for severity in Severity), row[1]))
    page = _environment().get_template("index.html.j2")
    return _clean(
        page.render(
            **_common(words, run_info, None),
            rows=rows,
            severities=sum((row[2] for row in rows), Counter()),
            verdicts=sum((row[3] for row in rows), Counter()),
            unreadable=unreadable,
            created=run_info.created,
        )
    )


def style_sheets() -> dict[str, str]:
    """Return the style sheets by medium, ``all`` and ``print``."""
    root = folder("report_templates")
    return {medium: (root / name).read_text(encoding="utf-8") for medium, name in (("all", "report.css"), ("print", "print.css"))}


@lru_cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder("report_templates")),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["web_address"] = lambda text: str(text).startswith(("https://", "http://"))
    environment.globals.update(Severity=Severity, Verdict=Verdict, State=State)
    return environment


@lru_cache
def _styles() -> Markup:
    parts = (f'<style media="{medium}">\n{text}</style>\n' for medium, text in style_sheets().items())
    return Markup("".join(parts))


def _common(words: Words, run_info: RunInfo, style: str | None) -> dict[str, object]:
    counted = _counter(words.report["report"]["counted"])

    def numbered(found: Mapping[Severity, int]) -> str:
        """Return "5 errors and 1 note": the severities of which there are any."""
        parts = tuple(counted(severity, found[severity]) for severity in Severity if found[severity])
        return words.said(parts or (counted("findings", 0),))

    return {
        "words": words,
        "w": words.report["report"],
        "say": _speaker(words.report["report"]),
        "counted": counted,
        "numbered": numbered,
        "run": run_info,
        "style": _styles() if style is None else Markup(style),
    }


def _speaker(report: Mapping[str, str]) -> Callable[..., Markup]:
    """Return ``say(key, blank=value)``: the sentence *key* with its blanks filled, all that is not markup escaped."""

    def say(key: str, **values: object) -> Markup:
        return escape(report[key]).format(**values)

    return say


def _counter(forms: Mapping[str, Mapping[str, str]]) -> Callable[[str, int], str]:
    def counted(what: str, number: int) -> str:
        return forms[what]["one" if number == 1 else "many"].format(n=number)

    return counted


def _pictures(told: timeline.Dates, on_screen: bool) -> dict[str, timeline.Picture]:
    """Return the time line as wide as a page, and for screens another for telephones."""
    wide = {"wide": timeline.picture(told, _WIDE, beside=True)}
    return wide | {"narrow": timeline.picture(told, _NARROW, beside=False)} if on_screen else wide


def _clusters(audit: Audit, words: Words) -> list[list[Shown]]:
    """Return the findings by cluster, the cluster with the worst finding first; the first of each is its head."""

    def badness(finding: Finding) -> tuple[int, int, str]:
        return finding.severity.rank, finding.confidence.rank, finding.check.code

    together: dict[str, list[Finding]] = {}
    for finding in sorted(audit.findings, key=badness):
        together.setdefault(finding.check.cluster, []).append(finding)
    number, clusters = 0, []
    for group in together.values():
        shown = []
        for finding in group:
            number += 1
            quotes = [_quote(audit.registration.source, place, words) for place in finding.evidence]
            shown.append(Shown(number, finding, _rows(quotes), _basis(finding.check)))
        clusters.append(shown)
    return clusters


def _quote(source: Source, place: Place, words: Words) -> Quote:
    value, report = place.value, words.report["report"]
    label = value.label or value.field.replace("_", " ")
    said = label.endswith(place.quote.strip(" :*"))  # nothing, or only the label itself
    remark = report["states"][value.state] if said and value.state is not State.GIVEN else ""
    return Quote(label, place.quote, _where(source, place, report), remark)


def _where(source: Source, place: Place, report: Mapping[str, str]) -> str:
    if place.value.path is not None:
        return place.value.path
    if source.kind == "structured":
        return ""
    at = place.value.start + place.start
    page = source.page(at)
    if page is not None:
        return report["page_line"].format(page=page, line=source.line(at))
    return report["line"].format(line=source.line(at))


def _rows(quotes: Sequence[Quote]) -> tuple[tuple[Quote, ...], ...]:
    abreast = 3 if len(quotes) not in (2, 4) and all(len(quote.text) <= _SHORT for quote in quotes) else 2
    return tuple(tuple(quotes[at : at + abreast]) for at in range(0, len(quotes), abreast))


def _basis(check: Check) -> tuple[tuple[str, str | None, tuple[str, ...]], ...]:
    cited: dict[tuple[str, str | None], list[str]] = {}
    for reference in check.references:
        cited.setdefault((reference.document, reference.url), []).extend([reference.item] if reference.item else [])
    return tuple((document, url, tuple(items)) for (document, url), items in cited.items())


def _verdicts(judgements: Iterable[Judgement]) -> Counter[Verdict]:
    return Counter(judgement.verdict for judgement in judgements)


def _families(audit: Audit, words: Words) -> list[tuple[str, Counter[Severity], Counter[Verdict]]]:
    """Return for each family its findings by severity and its checks by verdict."""
    rows = []
    for family, codes in groupby(sorted(audit.judgements, key=_by_family(words)), key=lambda code: code[:2]):
        found = Counter(finding.severity for finding in audit.findings if finding.check.family == family)
        rows.append((family, found, _verdicts(audit.judgements[code] for code in codes)))
    return rows


def _by_family(words: Words) -> Callable[[str], tuple[int, str]]:
    """Return the order of codes in reports: the families as the language file lists them, unknown ones last."""
    place = {family: number for number, family in enumerate(words.report["report"]["families"])}
    return lambda code: (place.get(code[:2], len(place)), code)


def _listed(audit: Audit, run_info: RunInfo, verdict: Verdict, words: Words) -> list[tuple[str, list[Check]]]:
    """Return the checks with *verdict* by what they have in common: the reason where there is one, else the subject."""
    names = words.report["report"]["families"]
    groups: dict[str, list[Check]] = {}
    for code in sorted(audit.judgements, key=_by_family(words)):
        judgement = audit.judgements[code]
        if judgement.verdict is verdict:
            name = words.reason(judgement.reason) if judgement.reason else names.get(code[:2], code[:2])
            groups.setdefault(name, []).append(run_info.checks[code])
    return list(groups.items())


def _record_id(registration: Registration, words: Words) -> str:
    number = " ".join(registration.trial_id.text.split()) if registration.trial_id.given else ""
    return number or words.report["report"]["no_id"].format(number=registration.number)


def _sponsor(registration: Registration) -> Value:
    contacts = [sponsor.contact for sponsor in registration.sponsors]
    named = (value for contact in contacts for value in (contact.organization, contact.name) if value.given)
    return next(named, registration.sponsors.heading)


def _source_date() -> str | None:
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    if not seconds:
        return None
    try:
        return datetime.fromtimestamp(int(seconds), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise AuditError(f"SOURCE_DATE_EPOCH is {seconds!r}; it is to be a number of seconds since 1970") from error


def _clean(page: str) -> str:
    """Return *page* without what no HTML file can hold: lone surrogates and control characters."""
    page = page.encode("utf-8", "replace").decode("utf-8")
    return page.translate(_CONTROLS)


_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, 65534, 65535), "�")
