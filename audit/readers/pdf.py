"""The bytes of a PDF -> the text of its text layer, and where each page begins in it."""

import re
from collections import Counter
from typing import TYPE_CHECKING

from audit.errors import UnreadableError

if TYPE_CHECKING:
    import pypdfium2

_EDGE_LINES = 3
_DIGITS = re.compile(r"\d+")
_FEWEST_LETTERS = 20
_LAST_CHARACTER = re.compile(r"(?<=[^\s\ufffe]) \S(?=\s|\Z)")


def pdf_text(data: bytes) -> tuple[str, tuple[int, ...]]:
    """Return the text of a PDF without its running heads and feet, and the offset at which each page begins.

    Running lines are those that stand at the same place, but for their numbers, on most pages; the first page keeps its
    head. Raises UnreadableError for a damaged or protected file and for one without a text layer.
    """
    pages = _running_lines_dropped([_page_lines(page) for page in _pages(data)])
    if sum(len(line.strip()) for page in pages for line in page) < _FEWEST_LETTERS:
        raise UnreadableError("the PDF has no text layer (a scan?); run OCR on it first, or save the page as text")
    text, starts = "", []
    for page in pages:
        starts.append(len(text))
        text += "\n".join(page) + "\n"
    return text, tuple(starts)


def _pages(data: bytes) -> list[str]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if b"/Encrypt" in data:
            raise UnreadableError("the PDF is protected by a password; save a copy without one") from error
        raise UnreadableError("the PDF is damaged and cannot be opened; export or download it again") from error
    try:
        return [_page_text(page.get_textpage()) for page in document]
    except pypdfium2.PdfiumError as error:
        raise UnreadableError("a page of the PDF is damaged; export or download it again") from error
    finally:
        document.close()


def _page_text(page: "pypdfium2.PdfTextPage") -> str:
    """Return the text of a page; PDFium puts a line of one character, such as an item's number, behind the line before."""
    text: str = page.get_text_range()
    if len(text) != page.count_chars():
        return text  # places in the text are not those on the page
    whole, at = "", 0
    for match in _LAST_CHARACTER.finditer(text):
        _, bottom, _, _ = page.get_charbox(match.start() - 1)
        _, _, _, top = page.get_charbox(match.start() + 1)
        if top < bottom:
            whole += text[at : match.start()] + "\n"
            at = match.start() + 1
    return whole + text[at:]


def _page_lines(text: str) -> list[str]:
    # PDFium writes a hyphen at the end of a line as U+FFFE
    return text.replace("\ufffe", "-").replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _running_lines_dropped(pages: list[list[str]]) -> list[list[str]]:
    if len(pages) < 2:
        return pages
    heads = _running([page[:_EDGE_LINES] for page in pages])
    feet = _running([page[::-1][:_EDGE_LINES] for page in pages])
    return [
        [
            line
            for at, line in enumerate(page)
            if not (number and (at, _shape(line)) in heads) and (len(page) - 1 - at, _shape(line)) not in feet
        ]
        for number, page in enumerate(pages)
    ]


def _running(edges: list[list[str]]) -> set[tuple[int, str]]:
    """Return the lines, with their distance from the edge, that most pages have there."""
    counts = Counter((at, _shape(line)) for edge in edges for at, line in enumerate(edge) if line.strip())
    return {place for place, count in counts.items() if count > 1 and count > 0.6 * len(edges)}


def _shape(line: str) -> str:
    return _DIGITS.sub("#", line.strip())
