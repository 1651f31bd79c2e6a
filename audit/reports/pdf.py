"""An audit -> the same report as PDF, a batch -> its overview; no other file imports WeasyPrint."""

import atexit
import gc
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from audit.errors import AuditError
from audit.model.result import Audit, Run, Unreadable
from audit.reports import archive, html, json_, letter, overview
from audit.reports.html import RunInfo
from audit.reports.summary import Summary
from audit.reports.words import Words

_INSTALL = {
    "linux": (
        "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        "   (Debian, Ubuntu; other systems: the packages of Pango 1.44 or newer)"
    ),
    "darwin": "brew install pango",
    "win32": (
        "install MSYS2 from https://www.msys2.org and type in its shell: pacman -S mingw-w64-x86_64-pango"
        "   (then set WEASYPRINT_DLL_DIRECTORIES=C:\\msys64\\mingw64\\bin)"
    ),
}


class PdfUnavailable(AuditError):  # noqa: N818 - a state of the machine, not a mistake of the user
    """PDF cannot be made here because the Pango libraries are missing; the text has the line that installs them."""

    def __init__(self) -> None:
        super().__init__(f"PDF needs the Pango libraries, which are missing here: {install_line()}")


def install_line() -> str:
    """Return the line that installs Pango on this system (as WeasyPrint's "First steps" has it)."""
    return _INSTALL.get(sys.platform, _INSTALL["linux"])


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from looking, again and again, through the many boxes of a document that are all in use."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@_uncollected()
def render(audit: Audit, run_info: RunInfo, words: Words, *, appendix: bool = True, also: Words | None = None) -> bytes:
    """Return the report of *audit* as PDF/A-3a and PDF/UA-1: the same bytes for the same input and fonts.

    The findings as JSON and the text of the record are attached inside. At most four pages to read come first; what does not fit there in full is a line in their list of questions and stands in
    full in the appendix. Nothing is fetched: the document refers to nothing outside, and all addresses but ``data:`` are
    refused. Raises PdfUnavailable where Pango is missing.
    """
    tools = _tools(run_info.templates)
    every = [shown for cluster in html.clustered(audit, words) for shown in cluster]
    lines, room = [_lines(shown, words, also) for shown in every], _ROOM * (0.9 if also else 1)
    while True:
        full = _fitting(lines, room)
        page = html.render(audit, run_info, words, html.Form("", full, appendix), also)
        document = tools.laid_out(page, of_record=True)
        first = _appendix(document) if appendix else len(document.pages)
        if first <= _PAGES or full == 0:
            return _written(document, audit, run_info, words, tools)
        room *= 0.93


def render_letter(audit: Audit, run_info: RunInfo, words: Words, also: Words | None = None) -> bytes:
    """Return the letter to the registrant as PDF of the same kind as the report; raises PdfUnavailable where Pango is missing."""
    tools = _tools(run_info.templates)
    page = letter.render(audit, run_info, words, "", also)
    document = tools.laid_out(page, of_record=True)
    return _written(document, audit, run_info, words, tools)


def _written(document: Any, audit: Audit, run_info: RunInfo, words: Words, tools: "_Tools") -> bytes:
    """Return the laid-out *document* as PDF for the archive and for everyone, with what it was made of attached inside."""
    day = datetime.fromisoformat(run_info.created or audit.as_of)
    report = words.report["report"]
    checks = tuple(run_info.checks.values())
    run = Run([audit], checks=checks, catalogue_sha256=run_info.catalogue_sha256)
    run.as_of = audit.as_of if audit.as_of_source == "option" else None
    inside = [("findings.json", json_.render(run, words).encode(), report["attached"]["findings"], "Data")]
    text = audit.registration.source.text
    if 0 < len(text) <= _ATTACHED:
        inside.append(("record.txt", text.encode("utf-8", "replace"), report["attached"]["record"], "Source"))
    attachments = [
        tools.Attachment(string=content, name=name, description=said, relationship=kind, created=day, modified=day)
        for name, content, said, kind in inside
    ]
    return _archived(document, day, attachments)


def _archived(document: Any, day: datetime, attachments: Sequence[Any] = ()) -> bytes:
    """Return the laid-out *document* as PDF/A-3a and PDF/UA-1, dated *day*."""
    tagging = archive.Tagging(document)
    with archive.clock(int(day.replace(tzinfo=UTC).timestamp())):
        made: bytes = document.write_pdf(pdf_variant="pdf/a-3a", attachments=list(attachments), finisher=tagging.complete)
    return made


def render_overview(summaries: Iterable[Summary], unreadable: Sequence[Unreadable], run_info: RunInfo, words: Words) -> bytes:
    """Return the overview of a batch as PDF of the same kind as the reports, with its first records.

    It is dated by the last as-of day of its records, where SOURCE_DATE_EPOCH gives no other. Raises PdfUnavailable where Pango
    is missing.
    """
    tools, summaries = _tools(run_info.templates, (overview.STYLE,)), list(summaries)
    document = tools.laid_out(overview.render(summaries, unreadable, run_info, words, ""))
    day = run_info.created or max((one.as_of for one in summaries), default="1970-01-01")
    return _archived(document, datetime.fromisoformat(day))


def render_page(page: str, templates: Path | None = None) -> bytes:
    """Return a page of `audit.reports.html` as PDF; raises PdfUnavailable where Pango is missing."""
    made: bytes = _tools(templates).laid_out(page).write_pdf()
    return made


_ATTACHED = 1_000_000
"""Characters of the longest source that is attached: a file of many records would be in each of their reports."""
_PAGES = 4
"""Pages to read, before the appendix."""
_ROOM = 162.0
"""Lines of text on the pages to read after the first (measured: the fonts are ours, and a page holds 57 to 62 such lines)."""
_HEADING = 4.0
"""Lines that the list of questions takes for its headings."""


def _fitting(lines: list[tuple[float, float]], room: float) -> int:
    """Return how many findings can stand in full in a *room* of lines: *lines* has for each its lines in full and as a question alone."""
    full, used = len(lines), sum(whole for whole, _ in lines)
    while full and used + (_HEADING if full < len(lines) else 0) > room:
        full -= 1
        whole, brief = lines[full]
        used += brief - whole
    return full


def _lines(shown: html.Shown, words: Words, also: Words | None) -> tuple[float, float]:
    """Return about how many lines a finding takes in full, and as a question alone."""
    one = shown.finding
    question = max(_wrapped(words.question(one), 44 if also else 62), _wrapped(also.question(one), 44) if also else 0, 2)
    quotes = sum(1.6 + max(_wrapped(quote.text, 100 // len(row)) for quote in row) for row in shown.quotes)
    prose = sum(
        _wrapped(text, 118) for text in (words.title(one.check) + " " * 24, words.message(one), words.rationale(one.check))
    )
    basis = _wrapped(" " * 60 + "".join(document + ", ".join(items) for document, _, items in shown.basis), 135)
    brief = max(_wrapped(words.question(one) + " " * 34, 52 if also else 84), _wrapped(also.question(one), 40) if also else 0)
    return 1.9 + prose + quotes + question + basis, 0.2 + brief * 0.92


def _wrapped(text: str, width: int) -> int:
    return sum(1 + len(line) // width for line in text.split("\n")) if text else 0


def _appendix(document: Any) -> int:
    """Return how many pages stand before the appendix."""
    for number, page in enumerate(document.pages):
        if _APPENDIX in page.anchors:
            return number
    return len(document.pages)


_APPENDIX = "appendix"


class _Tools:
    """What all documents share: made once, it saves a tenth of the time of each."""

    def __init__(self, weasyprint: Any, templates: Path | None, sheets: tuple[str, ...]) -> None:
        from weasyprint import html as of_html
        from weasyprint import urls
        from weasyprint.text import fonts

        def sheet(text: str, **more: Any) -> Any:
            return weasyprint.CSS(string=text, font_config=self.fonts, url_fetcher=self.fetcher, **more)

        class Ours(weasyprint.HTML):  # type: ignore[misc]
            """A page of our own templates: it is XML, and only the items of its lists have marks."""

            wrapper_element: Any

            def __init__(self, string: str, url_fetcher: Any) -> None:
                super().__init__(string="<p>", url_fetcher=url_fetcher)
                self.etree_element = ElementTree.fromstring(string)
                self.wrapper_element = type(self.wrapper_element).from_html_root(self.etree_element)

            def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
                return [unmarked]

        self.Attachment, self.HTML, self._ours = weasyprint.Attachment, weasyprint.HTML, weasyprint.HTML if templates else Ours
        self.fetcher = urls.URLFetcher(allowed_protocols=("data",))
        self.fonts = fonts.FontConfiguration()
        atexit.register(self._end)
        self.stylesheets = [sheet(text) for text in (html.paper_faces(), *_plain_styles(templates, sheets))]
        unmarked = sheet(_unmarked(of_html.UA), counter_style=of_html.UA_COUNTER_STYLE)

    def _end(self) -> None:
        """Remove the files of the fonts while that can be done: at the end of Python WeasyPrint fails to, and complains."""
        self.fonts.__del__()
        self.fonts._folder = None

    def laid_out(self, page: str, of_record: bool = False) -> Any:
        """Return *page* as a WeasyPrint document, laid out and not yet written.

        The report and the letter of a record are read as XML, which takes a twentieth of the time, unless the templates are
        the user's. Nothing of the record can be markup there; the templates escape it.
        """
        read = (self._ours if of_record else self.HTML)(string=page, url_fetcher=self.fetcher)
        return read.render(stylesheets=self.stylesheets, font_config=self.fonts)


def _unmarked(sheet: str) -> str:
    """Return WeasyPrint's own style sheet with markers for the items of lists alone, and without the marks of footnotes.

    With them each element has a style for each of six marks, drawn or not.
    """
    return re.sub(r"^::marker", "li::marker", re.sub(r"^::(?:foot)?note-.*$", "", sheet, flags=re.M), flags=re.M)


def _plain_styles(templates: Path | None, more: tuple[str, ...]) -> list[str]:
    """Return the style sheets with the colours of paper in place of their names, which WeasyPrint would resolve for each element."""
    sheets = [text for _, text in html.style_sheets(templates, more) if text.strip()]
    colours = dict(re.findall(r"(--\w+): (#\w+)", "".join(sheets[1:])))  # those of paper, and the user's own after them
    return [re.sub(r"var\((--\w+)\)", lambda name: colours.get(name[1], name[0]), text) for text in sheets]


@lru_cache
def _tools(templates: Path | None, sheets: tuple[str, ...] = ()) -> _Tools:
    try:
        import weasyprint
    except OSError as error:
        raise PdfUnavailable from error
    return _Tools(weasyprint, templates, sheets)
