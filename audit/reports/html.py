"""An audit -> one HTML page that loads nothing; what all pages share."""

import base64
import hashlib
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from audit import __version__
from audit.errors import AuditError
from audit.folders import folder, link_out
from audit.model.check import Check, Severity
from audit.model.registration import Registration
from audit.model.result import Audit, Finding, Judgement, Verdict
from audit.model.span import Place, Source, State, Value
from audit.reports import differing, timeline
from audit.reports.coverage import coverage
from audit.reports.listing import listing
from audit.reports.words import END, FIRST_STRONG, LANGUAGE_OF, LTR, Words, direction

_SHORT = 26
"""Quotes of at most so many characters stand three abreast, longer ones two."""
_FIRST = 5
"""How many findings the first page names."""


@dataclass(frozen=True)
class RunInfo:
    """What all reports of one run share. ``created`` is the day they are dated, None for each record's as-of day."""

    version: str
    catalogue_sha256: str
    checks: Mapping[str, Check]
    """The checks of the run by their codes."""
    created: str | None = None
    templates: Path | None = None
    """A folder whose files stand in for ours of the same name."""

    @classmethod
    def of(cls, checks: Iterable[Check], catalogue_sha256: str, templates: Path | None = None) -> "RunInfo":
        """Return the facts of a run of *checks*; the day comes from SOURCE_DATE_EPOCH where it is set.

        Raises AuditError when SOURCE_DATE_EPOCH is no number of seconds (reproducible-builds.org).
        """
        return cls(__version__, catalogue_sha256, {check.code: check for check in checks}, _source_date(), templates)


@dataclass(frozen=True)
class Form:
    """How a record's report is made: for the screen, or for paper."""

    style: str | None = None
    """Replaces the style sheets (the PDF brings its own); None for the screen."""
    full: int | None = None
    """How many findings stand in full among the pages to read; the others stand in one line there and in full in the appendix."""
    appendix: bool = True
    """Whether the checks, the source and what the report rests on follow."""


@dataclass(frozen=True)
class Quote:
    """A place of the record as it is shown: the field's label, the verbatim text in pieces, where it stands, and what there is to
    say of it. ``anchor`` is its line in the listing."""

    label: str
    pieces: tuple[tuple[str, bool], ...]
    """Runs of the quote, and whether a run differs from the quote beside it."""
    where: str
    remark: str
    anchor: str

    @property
    def text(self) -> str:
        """The verbatim quote."""
        return "".join(piece for piece, _ in self.pieces)


@dataclass(frozen=True)
class Shown:
    """A finding with its number in the document and its quotes in rows."""

    number: int
    finding: Finding
    quotes: tuple[tuple[Quote, ...], ...]
    basis: tuple[tuple[str, str | None, tuple[str, ...]], ...]
    """The documents it rests on, each once: name, address, items."""


def render(audit: Audit, run_info: RunInfo, words: Words, form: Form = Form(), also: Words | None = None) -> str:
    """Return the report of *audit* as an HTML document; *also* is a second language for the questions."""
    registration = audit.registration
    clusters = clustered(audit, words)
    every = [shown for cluster in clusters for shown in cluster]
    told = timeline.dates(registration, date.fromisoformat(audit.as_of))
    on_screen = form.style is None
    return page(
        "record.html.j2",
        words,
        run_info,
        form.style,
        also,
        audit=audit,
        registration=registration,
        form=form,
        on_screen=on_screen,
        record_id=record_id(registration, words),
        address=registry_page(registration),
        created=run_info.created or audit.as_of,
        sponsor=sponsor(registration),
        clusters=clusters,
        every=every,
        first=[cluster[0] for cluster in clusters][:_FIRST],
        full=len(every) if form.full is None else form.full,
        severities=Counter(finding.severity for finding in audit.findings),
        verdicts=_verdicts(audit.judgements.values()),
        families=_families(audit, words),
        coverage=coverage(registration, audit.findings),
        ledger=_ledger(audit, run_info, every, words) if form.appendix else (),
        dates=told,
        picture=timeline.picture(told),
        source=listing(
            registration, [(shown.number, place) for shown in every for place in shown.finding.evidence if not place.value.source]
        )
        if form.appendix
        else None,
        unplaced=[_quote(registration.source, value.whole(), words) for value in registration.unlabelled],
    )


def page(
    template: str,
    words: Words,
    run_info: RunInfo,
    style: str | None,
    also: Words | None = None,
    *,
    sheets: tuple[str, ...] = (),
    **given: object,
) -> str:
    """Return the page that *template* makes of *given* and of what all pages share; *sheets* are style sheets of its own.

    Raises AuditError where a template of the user's own cannot be used.
    """
    common = _common(words, run_info, style, also, sheets)
    try:
        made = _environment(run_info.templates).get_template(template).render({**common, "also": also, **given})
    except TemplateError as error:
        if run_info.templates is None:
            raise
        raise AuditError(f"the templates in {run_info.templates.as_posix()} cannot be used: {template}: {error}") from error
    return _clean(made)


def style_sheets(templates: Path | None = None, more: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Return the style sheets with their media, ``all`` and ``print``; the last is the user's own (empty if there is none).

    *more* are sheets that one kind of page has besides.
    """
    own = [("all", name) for name in more]
    sheets = (("all", "report.css"), ("print", "print.css"), *own, ("all", "house.css"))
    return [(medium, _file(name, templates).read_text(encoding="utf-8")) for medium, name in sheets]


def _file(name: str, templates: Path | None) -> Path:
    """Return the file *name* of the templates: the user's where there is one."""
    own = templates / name if templates else None
    return own if own and own.is_file() else folder("report_templates") / name


class _Confined(ImmutableSandboxedEnvironment):
    """For templates of the user's own, which a configuration beside the records may name: they make a page and reach no file."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return not isinstance(obj, Path) and super().is_safe_attribute(obj, attr, value)


@lru_cache
def _environment(templates: Path | None) -> Environment:
    if templates is not None and (link := link_out(templates)) is not None:
        raise AuditError(f"{link.as_posix()} is a link that leads out of {templates.as_posix()}")
    environment = (_Confined if templates else Environment)(
        loader=FileSystemLoader([*([templates] if templates else []), folder("report_templates")]),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["web_address"] = lambda text: str(text).startswith(("https://", "http://"))
    environment.filters["bdi"] = isolated
    environment.filters["direction"] = direction
    environment.globals.update(Severity=Severity, Verdict=Verdict, State=State)
    return environment


@lru_cache
def _styles(languages: tuple[str, ...], templates: Path | None, more: tuple[str, ...]) -> Markup:
    parts = (f'<style media="{medium}">\n{text}</style>\n' for medium, text in style_sheets(templates, more) if text.strip())
    return Markup(f"<style>\n{faces}</style>\n" if (faces := font_faces(languages)) else "") + Markup("".join(parts))


@lru_cache
def font_faces(languages: tuple[str, ...]) -> str:
    """Return the style sheet of the fonts that come with the package, for the languages that need them: as data, nothing to load."""
    if "fa" not in languages:
        return ""
    return _face("Vazirmatn", 400, "Vazirmatn-Regular.woff2") + _face("Vazirmatn", 700, "Vazirmatn-Bold.woff2")


def paper_faces() -> str:
    """Return the style sheet of all fonts of the PDFs: they come with the package, so that every machine makes the same pages."""
    return font_faces(("fa",)) + "".join(
        _face(f"Report {kind}", weight, f"Liberation{kind}-{'Bold' if weight == 700 else 'Regular'}.ttf")
        for kind, weight in (("Sans", 400), ("Sans", 700), ("Serif", 400), ("Mono", 400))
    )


def _face(family: str, weight: int, name: str) -> str:
    data = base64.b64encode((folder("report_templates") / "fonts" / name).read_bytes()).decode()
    kind = name.rpartition(".")[2]
    return f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url(data:font/{kind};base64,{data}); }}\n'


@lru_cache
def script(name: str, templates: Path | None) -> tuple[Markup, str]:
    """Return the script *name* of a page, and its hash for the policy that lets no other run."""
    text = _file(name, templates).read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(f"<script>{text}</script>"), f"'sha256-{digest}'"


def upright(text: str, words: Words) -> Markup:
    """Return a short id, which always runs left to right, set apart where it has to be."""
    return escape(text) if _plain(text, words) else Markup(f'<bdi dir="ltr">{escape(text)}</bdi>')


def _plain(text: str, words: Words) -> bool:
    return words.direction == "ltr" and not _MAY_TURN.search(text)


def isolated(sentence: str) -> Markup:
    """Return a sentence of `Words` with its isolates as ``<bdi>``, all else escaped; an isolate that is not closed is closed."""
    made, depth = "", 0
    parts = _ISOLATES.split(sentence)
    if len(parts) == 1:
        return escape(sentence)
    for part, following in zip_longest(parts, parts[1:], fillvalue=""):
        if part == END:
            made, depth = made + "</bdi>" * bool(depth), max(depth - 1, 0)
        elif part in (LTR, FIRST_STRONG):
            runs = "ltr" if part == LTR else direction(following)
            spoken = f' lang="{LANGUAGE_OF[runs]}"' if any(map(str.isalpha, following)) else ""
            made, depth = f'{made}<bdi dir="{runs}"{spoken}>', depth + 1
        else:
            made += str(escape(part))
    return Markup(made + "</bdi>" * depth)


def _common(words: Words, run_info: RunInfo, style: str | None, also: Words | None, sheets: tuple[str, ...]) -> dict[str, object]:
    report = words.report["report"]

    def counted(what: str, number: int) -> str:
        return words.counted(what, number)

    def numbered(found: Mapping[Severity, int]) -> str:
        """Return "5 errors and 1 note": the severities of which there are any."""
        return words.listed(
            [counted(severity, found[severity]) for severity in Severity if found[severity]] or [counted("findings", 0)]
        )

    def runs(text: str) -> Markup:
        """Return the attributes of an element that holds words of a record: their direction, and their language if it is another."""
        way = direction(text)
        return Markup(f'dir="{way}"' + (f' lang="{LANGUAGE_OF[way]}"' if way != words.direction else ""))

    def apart(text: str) -> Markup:
        """Return words of a record within a sentence of ours, set apart where their direction or ours may be another."""
        return escape(text) if _plain(text, words) else Markup(f"<bdi {runs(text)}>{escape(text)}</bdi>")

    def ltr(text: object) -> Markup:
        return upright(str(text), words)

    code, digest = script("report.js", run_info.templates)
    return {
        "words": words,
        "w": report,
        "say": _speaker(report),
        "counted": counted,
        "numbered": numbered,
        "runs": runs,
        "apart": apart,
        "ltr": ltr,
        "run": run_info,
        "style": _styles((words.language, *([also.language] if also else [])), run_info.templates, sheets)
        if style is None
        else Markup(style),
        "script": code if style is None else Markup(""),
        "script_hash": digest if style is None else "'none'",
    }


def _speaker(report: Mapping[str, str]) -> Callable[..., Markup]:
    """Return ``say(key, blank=value)``: the sentence *key* with its blanks filled, all that is not markup escaped."""

    def say(key: str, **values: object) -> Markup:
        filled = {name: value if hasattr(value, "__html__") else isolated(str(value)) for name, value in values.items()}
        return escape(report[key]).format(**filled)

    return say


def clustered(audit: Audit, words: Words) -> list[list[Shown]]:
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
            pieces = differing.marked([place.quote for place in finding.evidence])
            quotes = [
                _quote(audit.registration.source, place, words, runs)
                for place, runs in zip(finding.evidence, pieces, strict=True)
            ]
            shown.append(Shown(number, finding, _rows(quotes), _basis(finding.check)))
        clusters.append(shown)
    return clusters


def _quote(source: Source, place: Place, words: Words, pieces: tuple[tuple[str, bool], ...] | None = None) -> Quote:
    value, report = place.value, words.report["report"]
    apart = value.source is not None and value.source.path != source.path
    source = value.source or source
    label = value.label or value.field.replace("_", " ")
    said = label.endswith(place.quote.strip(" :*"))  # nothing, or only the label itself
    remark = report["states"][value.state] if said and value.state is not State.GIVEN else ""
    name = str(source.line(value.start + place.start)) if source.text else value.path or ""
    return Quote(
        label, pieces or ((place.quote, False),), _where(source, place, words, apart), remark, "" if value.source else f"L{name}"
    )


def _where(source: Source, place: Place, words: Words, apart: bool = False) -> str:
    """Return where a place stands; *apart* says whether that is another file than the record's."""
    said = _where_in(source, place, words)
    return f"{words.apart(source.path)}, {said}" if apart and said else said


def _where_in(source: Source, place: Place, words: Words) -> str:
    report = words.report["report"]
    if place.value.path is not None:
        return words.apart(place.value.path)
    source = place.value.source or source
    if source.kind == "structured":
        return ""
    at = place.value.start + place.start
    line, page = words.number(source.line(at)), source.page(at)
    if page is not None:
        return str(report["page_line"].format(page=words.number(page), line=line))
    return str(report["line"].format(line=line))


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


@dataclass(frozen=True)
class Line:
    """One line of the ledger: the code and title of a check, the reason where there is one, and the findings' numbers."""

    check: Markup
    reason: str
    findings: tuple[int, ...]


def _ledger(
    audit: Audit, run_info: RunInfo, every: Sequence[Shown], words: Words
) -> list[tuple[str, list[tuple[Verdict, list[Line]]]]]:
    """Return every check of the run, by family and verdict."""
    found: dict[str, list[int]] = {}
    for shown in every:
        found.setdefault(shown.finding.check.code, []).append(shown.number)
    families: dict[str, dict[Verdict, list[Line]]] = {}
    for code in sorted(audit.judgements, key=_by_family(words)):
        judgement = audit.judgements[code]
        reason = words.reason(judgement.reason) if judgement.reason else ""
        check = upright(code, words) + " " + isolated(words.title(run_info.checks[code]))
        line = Line(check, reason, tuple(found.get(code, ())))
        families.setdefault(code[:2], {}).setdefault(judgement.verdict, []).append(line)
    return [(family, sorted(judged.items())) for family, judged in families.items()]


def record_id(registration: Registration, words: Words) -> str:
    """Return the record's number, or where it has none which record of its source it is."""
    number = " ".join(registration.trial_id.text.split()) if registration.trial_id.given else ""
    return number or words.report["report"]["no_id"].format(number=words.number(registration.number))


def registry_page(registration: Registration) -> str | None:
    """Return the registry's page of the record, where its address follows from the number."""
    number = registration.trial_id.text.strip()
    for pattern, address in _ADDRESSES.items():
        if re.fullmatch(pattern, number):
            return address.format(number)
    return None


_ADDRESSES = {
    r"NCT\d{8}": "https://clinicaltrials.gov/study/{}",
    r"ISRCTN\d{8}": "https://www.isrctn.com/{}",
    r"ACTRN\d{14}": "https://www.anzctr.org.au/{}.aspx",
    r"DRKS\d{8}": "https://drks.de/search/en/trial/{}",
    r"IRCT\d+N\d+": "https://trialsearch.who.int/Trial2.aspx?TrialID={}",
    r"(?:ChiCTR|CTRI|JPRN|KCT|PACTR|RBR|SLCTR|TCTR|NL|EUCTR|LBCTR)[\w/.-]+": "https://trialsearch.who.int/Trial2.aspx?TrialID={}",
}


def sponsor(registration: Registration) -> Value:
    """Return the first sponsor's name, or the heading that has none."""
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
    if not _IMPOSSIBLE.search(page):
        return page
    return page.encode("utf-8", "replace").decode("utf-8").translate(_CONTROLS)


_ISOLATES = re.compile(f"([{LTR}{FIRST_STRONG}{END}])")
_MAY_TURN = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""What does not run left to right, or says so of what stands beside it: the scripts written from the right, their digits, controls."""
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, 65534, 65535), "�")
