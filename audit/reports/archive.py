"""A laid-out document and its PDF objects -> what PDF/UA-1 and PDF/A-3 ask for beyond what WeasyPrint writes.

WeasyPrint tags the text; here running heads and what is ``aria-hidden`` become artifacts, header cells say what they head,
tables that only arrange become plain blocks, links are named, passages in another language say so, and both standards are
declared in the metadata, but only where every character could be drawn.
"""

import os
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_UA_DECLARED = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>the part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
"""The claim of PDF/UA-1, and what PDF/A asks for before it allows a property that it does not know (ISO 19005-3, 6.6.2.3)."""
_A_DECLARED = re.compile(rb"<rdf:Description(?=[^>]*pdfaid:)[^>]*/>")
_ARRANGED = {"/Table", "/THead", "/TBody", "/TFoot", "/TR", "/TD"}
_BARE = {"/Span", "/NonStruct", "/Figure"}
"""Elements that mean nothing when nothing is left in them."""


class Tagging:
    """The tags of one document: made before it is written, completed while it is written."""

    def __init__(self, document: Any) -> None:
        """*document*: a WeasyPrint document, laid out and not yet written."""
        self._marks: list[tuple[Any, dict[int, Any]]] = []
        """For each page its content, and the boxes by the numbers of their marks."""
        for page in document.pages:
            page.links = [link for link in page.links if link[3].element_tag == "a"]  # not again for what stands in the link
            page.paint = self._painting(page.paint)

    def _painting(self, paint: Any) -> Any:
        def painted(stream: Any, scale: float) -> None:
            paint(stream, scale)
            self._marks.append((stream, {mark["mcid"]: box for box, mark in stream._tags.items()}))
            _name_glyphs(stream._fonts)

        return painted

    def complete(self, document: Any, pdf: Any) -> None:
        """Complete the PDF objects of *document*; WeasyPrint calls it before it writes them (its ``finisher``)."""
        elements = {one.reference: one for one in pdf.objects if _is_element(one)}
        self._name_links(document)
        self._mark_text(document, pdf, elements)
        _head_tables(elements)
        _fill_lists(pdf, elements)
        _declare(document, pdf)
        _pack(pdf)

    def _name_links(self, document: Any) -> None:
        from pydyf import String

        for page in document.pages:
            for _, _, _, box in page.links:
                if box.link_annotation:
                    said = box.element.get("title") or "".join(box.element.itertext())
                    box.link_annotation["Contents"] = String(" ".join(said.split()))

    def _mark_text(self, document: Any, pdf: Any, elements: dict[bytes, Any]) -> None:
        """Turn what is no content into artifacts, and give passages in another language than the document's that language."""
        from pydyf import String

        root = pdf.objects[int(pdf.catalog["StructTreeRoot"].split()[0])]
        by_page = pdf.objects[int(root["ParentTree"].split()[0])]["Nums"]
        for number, (stream, boxes) in enumerate(self._marks):
            running = _running(document.pages[number]._page_box)
            owners = by_page[2 * number + 1]
            artifacts = {}
            for mark, box in boxes.items():
                hidden = box.element is not None and box.element.get("aria-hidden") == "true"
                if box in running or hidden:
                    artifacts[mark] = "/Pagination" if box in running else "/Layout"
                    _cut(elements, elements[owners[mark]], mark)
                    owners[mark] = "null"
                elif (language := box.style["lang"]) and language != document.metadata.lang:
                    elements[owners[mark]]["Lang"] = String(language)
            _as_artifacts(stream, artifacts)


def _is_element(one: Any) -> bool:
    return isinstance(one, dict) and one.get("Type") == "/StructElem"


def _name_glyphs(fonts: dict[str, Any]) -> None:
    """Give each glyph a character: WeasyPrint has none for the first of several glyphs that draw one sign (a letter and its mark)."""
    for font in fonts.values():
        if nameless := [glyph for glyph, text in font.to_unicode.items() if not text]:
            from io import BytesIO

            from fontTools.ttLib import TTFont

            face = TTFont(BytesIO(font.file_content), fontNumber=font.index)
            characters = {face.getGlyphID(name): chr(code) for code, name in face.getBestCmap().items()}
            font.to_unicode |= {glyph: characters.get(glyph, "\u25cc") for glyph in nameless}


def _running(page: Any) -> set[Any]:
    """Return the boxes of the running heads and feet of a page."""
    margins = [box for box in page.children if type(box).__name__ == "MarginBox"]
    return {box for margin in margins for box in margin.descendants()}


def _cut(elements: dict[bytes, Any], element: Any, mark: int) -> None:
    """Take a mark out of its element, and the element out of the tree when nothing is left in it."""
    element["K"].remove(mark)
    while not element["K"] and element["S"] in _BARE and (parent := elements.get(element["P"])) is not None:
        if element.reference in parent["K"]:
            parent["K"].remove(element.reference)
        element = parent


def _as_artifacts(stream: Any, artifacts: dict[int, str]) -> None:
    """Mark pieces of a page's content as artifacts of a type, by the numbers of their marks."""
    from pydyf import Dictionary

    for at, operand in enumerate(stream.stream):
        if isinstance(operand, dict) and operand.get("MCID") in artifacts:
            stream.stream[at - 1 : at + 1] = ["/Artifact", Dictionary({"Type": artifacts[operand["MCID"]]})]


def _head_tables(elements: dict[bytes, Any]) -> None:
    """Say of each header cell what it heads; make plain blocks of tables without header cells, which only arrange."""
    from pydyf import Dictionary

    headed, parts = set(), []
    for element in elements.values():
        if element["S"] not in _ARRANGED and element["S"] != "/TH":
            continue
        table, rows = element, []
        while table is not None and table["S"] != "/Table":
            rows.append(table["S"])
            table = elements.get(table["P"])
        if table is None:
            continue
        parts.append((element, table))
        if element["S"] == "/TH":
            headed.add(table.reference)
            element.pop("ID", None)
            element["A"]["Scope"] = "/Column" if "/THead" in rows else "/Row"
        elif "A" in element:
            element["A"].pop("Headers", None)
    for element, table in parts:
        if table.reference not in headed:
            element["S"] = "/Div"
            element.pop("A", None)
        elif element.get("A") == Dictionary({"O": "/Table"}):
            del element["A"]


def _fill_lists(pdf: Any, elements: dict[bytes, Any]) -> None:
    """Give each item of a list a body: WeasyPrint makes none where the item holds paragraphs."""
    from pydyf import Array, Dictionary

    for item in [element for element in elements.values() if element["S"] == "/LI"]:
        loose = [kid for kid in item["K"] if elements[kid]["S"] not in ("/Lbl", "/LBody")]
        if loose:
            body = Dictionary({"Type": "/StructElem", "S": "/LBody", "K": Array(loose), "P": item.reference})
            pdf.add_object(body)
            for kid in loose:
                elements[kid]["P"] = body.reference
            item["K"][:] = [*(kid for kid in item["K"] if kid not in loose), body.reference]


def _declare(document: Any, pdf: Any) -> None:
    """Declare PDF/UA-1 beside PDF/A-3a in the metadata, or neither where a character has no glyph in any font."""
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    metadata.compress = False  # for programs that look for it without reading the file
    (xml,) = metadata.stream
    if any(font.missing for font in document.fonts.values()):
        metadata.stream = [_A_DECLARED.sub(b"", xml)]
    else:
        metadata.stream = [xml.replace(b"</rdf:RDF>", _UA_DECLARED + b"</rdf:RDF>")]
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])  # WeasyPrint lists each twice


def _pack(pdf: Any) -> None:
    """Compress all streams now: pydyf would do it twice, once for the file's identifier and once for the file."""
    for one in pdf.objects:
        if getattr(one, "compress", False):
            one.compress = False
            plain: bytes = one.data
            start = plain.index(b"\nstream\n") + len(b"\nstream\n")
            one.stream = [zlib.compress(plain[start : -len(b"\nendstream")])]
            one.extra["Filter"] = "/FlateDecode"


@contextmanager
def clock(seconds: int) -> Iterator[None]:
    """Let *seconds* since 1970 be the time that fontTools writes into fonts.

    Where HarfBuzz-Subset is missing, and for variable fonts, it is fontTools that makes the embedded fonts, with the time of
    day in them; it reads SOURCE_DATE_EPOCH.
    """
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(seconds)
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before
