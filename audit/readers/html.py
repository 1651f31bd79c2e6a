"""The bytes of a page saved as HTML (or as one-file MHTML) -> its text, a block element a line."""

import re
from typing import Any

from audit.errors import UnreadableError
from audit.readers.decode import decode

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_INVISIBLE = ("script", "style", "noscript", "template", "head", "svg")
_CELLS = ("td", "th", "section", "label", "button", "option")
_POWER = re.compile(r"[+\-−–]?\d+\Z")


def is_html(start: str) -> bool:
    """Return whether a text that begins so is HTML.

    >>> is_html("<!DOCTYPE html><html>"), is_html("Study aim"), is_html("<http://example.org>")
    (True, False, False)
    """
    start = start.lstrip("\ufeff \t\r\n").lower()
    return start.startswith("<") and any(tag in start for tag in ("<!doctype html", "<html", "<body", "<div", "<table"))


def is_mhtml(data: bytes) -> bool:
    """Return whether the file is a page saved with its parts in one file."""
    head = data[:4096].lower()
    return b"mime-version:" in head and b"multipart/related" in head


def html_text(data: bytes) -> str:
    """Return the text of an HTML page: scripts and styles dropped, ``10<sup>9</sup>`` as ``10^9``.

    The charset is that of the byte order mark, of the page's own declaration, or guessed. Raises UnreadableError
    where nothing can be read.
    """
    if is_mhtml(data):
        data = _main_part(data)
    import html_text as extractor

    tree = extractor.parse_html(_XML_DECLARATION.sub("", _decode(data)))
    if tree is None:
        raise UnreadableError("the HTML page has no text; save the whole page again", 1)
    for element in list(tree.iter(*_INVISIBLE)):
        if element.getparent() is not None:
            element.drop_tree()
    for element in list(tree.iter("sup", "sub")):
        if element.tag == "sup":
            _raise(element)
        element.drop_tag()  # or a blank would part it from what it belongs to
    newlines = extractor.NEWLINE_TAGS | frozenset(_CELLS)
    text: str = extractor.etree_to_text(tree, newline_tags=newlines)
    if not text.strip():
        raise UnreadableError("the HTML page has no text; save the whole page again, or copy its text", 1)
    return text


def _decode(data: bytes) -> str:
    declared = _CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass  # the page is not what it says: guess
    return decode(data)


def _raise(element: Any) -> None:
    """Mark a power: without its mark 10 to the 9th would read as 109."""
    before = element.getprevious()
    text = element.getparent().text if before is None else before.tail or before.text_content()
    if text and text.rstrip()[-1:].isdigit() and _POWER.match(element.text_content().strip()):
        element.text = "^" + (element.text or "")


def _main_part(data: bytes) -> bytes:
    from email import message_from_bytes

    for part in message_from_bytes(data).walk():
        if part.get_content_type() == "text/html":
            body = part.get_payload(decode=True)
            if isinstance(body, bytes):
                return body
    raise UnreadableError("the saved page holds no HTML; save it again as HTML or text", 1)
