"""An audit -> the letter to the registrant: its questions, numbered as in the report, as HTML and as a Word document."""

import io
from typing import Any

from audit.model.result import Audit
from audit.reports import html
from audit.reports.html import RunInfo, Shown
from audit.reports.words import Words


def render(audit: Audit, run_info: RunInfo, words: Words, style: str | None = None, also: Words | None = None) -> str:
    """Return the letter as an HTML document; *style* replaces the style sheets (the PDF brings its own)."""
    registration = audit.registration
    return html.page(
        "letter.html.j2",
        words,
        run_info,
        style,
        also,
        registration=registration,
        record_id=html.record_id(registration, words),
        created=run_info.created or audit.as_of,
        every=_questions(audit, words),
    )


def render_docx(audit: Audit, run_info: RunInfo, words: Words, also: Words | None = None) -> bytes:
    """Return the letter as a Word document, to be edited; the same bytes for the same input."""
    from datetime import datetime

    import docx
    from docx.shared import Pt

    registration, report = audit.registration, words.report["report"]
    document = docx.Document()
    day = datetime.fromisoformat(run_info.created or audit.as_of)
    told = document.core_properties
    told.author, told.title, told.created, told.modified = "trial-audit", html.record_id(registration, words), day, day
    told.language = words.language
    document.styles["Normal"].font.size = Pt(11)
    _paragraph(document, report["letter_title"].format(id=html.record_id(registration, words)), words, "Title")
    title = registration.scientific_title if registration.scientific_title.given else registration.public_title
    if title.given:
        _paragraph(document, " ".join(title.text.split()), words, "Subtitle")
    _paragraph(document, words.day(run_info.created or audit.as_of), words)
    for text in report["letter"]["opening"]:
        _paragraph(document, text, words)
    for shown in _questions(audit, words):
        _paragraph(document, f"{words.number(shown.number)}. {words.message(shown.finding)}", words)
        _paragraph(document, words.question(shown.finding), words, bold=True)
        if also:
            _paragraph(document, also.question(shown.finding), also, bold=True)
        for quote in (quote for row in shown.quotes for quote in row if quote.text):
            said = " ".join(quote.text.split())
            _paragraph(document, f"{quote.label} ({quote.where}): “{said[:240]}{'…' if len(said) > 240 else ''}”", words, "Quote")
        _paragraph(document, f"{report['columns']['answer']}: ", words)
        document.add_paragraph()
    for text in report["letter"]["closing"]:
        _paragraph(document, text, words)
    out = io.BytesIO()
    document.save(out)
    return _dated(out.getvalue())


def _questions(audit: Audit, words: Words) -> list[Shown]:
    return [shown for cluster in html.clustered(audit, words) for shown in cluster]


def _paragraph(document: Any, text: str, words: Words, style: str | None = None, bold: bool = False) -> None:
    """Add a paragraph in the direction of the language; a run set apart by isolates is a run of its own direction."""
    from docx.oxml import OxmlElement

    paragraph = document.add_paragraph(style=style)
    if words.rtl:
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
    text = "".join(letter for letter in text if letter >= " " or letter in "\n\t")
    run = paragraph.add_run(text)
    run.bold = bold or None
    if words.rtl:
        run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))


def _dated(document: bytes) -> bytes:
    """Return the same archive with one fixed time on every part: python-docx stamps the time of day."""
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
