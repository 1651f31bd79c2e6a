"""The PDFs as an archive and a screen reader take them: declared and attached parts, structure tree, equal bytes.

Whole conformance is not proved here: veraPDF, which would, is a Java program that no package registry carries. outloud checks
the requirements of PDF/UA-1 (it agrees with veraPDF on its own corpus); those of PDF/A-3 are checked below one by one.
"""

import dataclasses
import io
import itertools
import json
import re
import time
from importlib.resources import files
from xml.etree import ElementTree

import pikepdf
import pytest
import tinyhtml5
from conftest import SAMPLES, SEEDS
from jsonschema import Draft202012Validator

from audit.model.registration import Registration
from audit.model.result import Run
from audit.model.span import Value
from audit.readers import read_bytes
from audit.reports import html, json_, letter, pdf
from audit.reports.listing import listing
from audit.reports.summary import Summary
from audit.reports.words import Words

SCHEMA = json.loads((files("audit") / "schemas" / "trial-audit-1.schema.json").read_text(encoding="utf-8"))
RECORD = next(path for path in SAMPLES if path.stem == "split_mouth")


@pytest.fixture(scope="module")
def audit(examine):
    (made,) = examine(RECORD, RECORD.name)
    return made


@pytest.fixture(scope="module")
def info(catalogue):
    return html.RunInfo.of(catalogue.checks, catalogue.sha256)


def made(what, audit, info, language):
    try:
        return what(audit, info, Words.of(language))
    except pdf.PdfUnavailable as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module", params=["report en", "report fa", "letter en", "letter fa"])
def document(request, audit, info):
    """A report or a letter in a language, as bytes, and its language."""
    kind, language = request.param.split()
    return made(pdf.render if kind == "report" else pdf.render_letter, audit, info, language), language


@pytest.fixture(scope="module")
def opened(document):
    with pikepdf.open(io.BytesIO(document[0])) as read:
        yield read


def elements(read):
    """Yield every element of the structure tree in order, with the types above it."""

    def below(kids, above):
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield kid, above
                yield from below(kid.get("/K", pikepdf.Array()), (*above, str(kid.S)))

    yield from below(read.Root.StructTreeRoot.K, ())


def content(read):
    """Yield for each piece of text or drawing on the pages the tag it is marked with, None where it has none."""
    drawing = {"Tj", "TJ", "'", '"', "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "Do", "sh"}
    for page in read.pages:
        tags = []
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) in ("BDC", "BMC"):
                tags.append(str(operands[0]))
            elif str(operator) == "EMC":
                tags.pop()
            elif str(operator) in drawing:
                yield tags[-1] if tags else None


def test_it_declares_both_standards(opened):
    xmp = opened.Root.Metadata.read_bytes().decode()

    assert re.findall(r'pdfaid:part="(\d)" pdfaid:conformance="(\w)"', xmp) == [("3", "A")]
    assert re.findall(r'pdfuaid:part="(\d)"', xmp) == ["1"]
    assert xmp.count("<rdf:RDF") == 1
    with opened.open_metadata() as read:
        assert read["pdfuaid:part"] == "1"
        assert read["xmp:CreateDate"] == "2026-06-11"


def test_a_checker_of_pdf_ua_finds_nothing(document, tmp_path):
    outloud = pytest.importorskip("outloud")
    path = tmp_path / "made.pdf"
    path.write_bytes(document[0])

    found = [one for one in outloud.check(path, layers=["conformance"]).findings if one.severity == "error"]

    assert [(one.rule, one.message) for one in found] == []


def test_what_the_archive_needs_is_there(opened, document):
    root = opened.Root

    assert document[0].startswith(b"%PDF-1.7\n%")
    assert not opened.is_encrypted
    assert opened.check_pdf_syntax() == []
    assert "/ID" in opened.trailer
    assert [str(intent.S) for intent in root.OutputIntents] == ["/GTS_PDFA1"]
    assert root.OutputIntents[0].DestOutputProfile.read_bytes()[12:20] == b"mntrRGB "
    assert not {"/OpenAction", "/AA", "/AcroForm", "/OCProperties"} & set(root.keys())
    assert {str(note.Subtype) for page in opened.pages for note in page.get("/Annots", ())} <= {"/Link"}
    assert all(int(note.F) == 4 for page in opened.pages for note in page.get("/Annots", ()))
    for page in opened.pages:
        for font in page.Resources.Font.values():
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor, f"{font.BaseFont} is embedded"
            named = re.findall(r"<[0-9a-f]{4}> <([0-9a-f]*)>", font.ToUnicode.read_bytes().decode())
            assert [one for one in named if one in ("", "0000", "feff", "fffe")] == [], (
                f"{font.BaseFont} has a character for each glyph"
            )


def test_the_findings_and_the_record_are_inside(opened, audit, document, catalogue):
    words = Words.of(document[1])
    attached = {str(file.UF): file for file in opened.Root.AF}

    assert list(attached) == list(opened.attachments) == ["findings.json", "record.txt"]
    assert [str(file.AFRelationship) for file in attached.values()] == ["/Data", "/Source"]
    assert [str(file.EF.F.Subtype) for file in attached.values()] == ["/application/json", "/text/plain"]
    assert all(
        str(file.EF.F.Params[key]) == "D:20260611000000Z" for file in attached.values() for key in ("/CreationDate", "/ModDate")
    )
    said = json.loads(attached["findings.json"].EF.F.read_bytes())
    run = Run([audit], checks=catalogue.checks, catalogue_sha256=catalogue.sha256)
    assert said["records"] == json.loads(json_.render(run, words))["records"]
    Draft202012Validator(SCHEMA).validate(said)
    text = attached["record.txt"].EF.F.read_bytes().decode()
    assert text == audit.registration.source.text
    for finding in said["records"][0]["findings"]:
        for place in finding["evidence"]:
            assert text[place["start"] : place["end"]] == place["quote"]


def test_it_is_tagged_in_the_order_of_reading(opened, document):
    root = opened.Root
    tree = list(elements(opened))
    headings = [int(str(one.S)[2]) for one, _ in tree if re.fullmatch(r"/H\d", str(one.S))]

    assert bool(root.MarkInfo.Marked)
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert str(root.Lang) == document[1]
    assert {str(page.Tabs) for page in opened.pages} == {"/S"}
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(headings)), "no level is left out"
    assert None not in set(content(opened)), "all that is drawn is marked"


def test_tables_have_header_cells_and_lists_bodies(opened):
    tree = list(elements(opened))
    tables = [one for one, _ in tree if str(one.S) == "/Table"]
    cells = {"/TH": 0, "/TD": 0}
    for one, above in tree:
        if str(one.S) == "/TH":
            assert str(one.A.Scope) == ("/Column" if "/THead" in above else "/Row")
        if str(one.S) in cells:
            cells[str(one.S)] += 1
            assert "/Table" in above
        if str(one.S) == "/LI":
            assert [str(kid.S) for kid in one.K] == ["/Lbl", "/LBody"]

    assert bool(cells["/TH"]) == bool(tables)
    for table in tables:
        assert any(str(one.S) == "/TH" for one, _ in elements_of(table)), "a table has a header cell"


def elements_of(element):
    for kid in element.K:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid, ()
            yield from elements_of(kid)


def test_pictures_and_running_feet_are_artifacts(opened):
    assert [str(one.S) for one, _ in elements(opened) if str(one.S) == "/Figure"] == []
    for page in opened.pages:
        kinds = [
            str(operands[1].Type)
            for operands, operator in pikepdf.parse_content_stream(page)
            if str(operator) == "BDC" and str(operands[0]) == "/Artifact"
        ]
        assert kinds.count("/Pagination") == 1, "the running foot"


def test_links_work_and_are_named(opened):
    names = {str(name) for name in opened.Root.Names.Dests.Names[::2]}
    notes = [note for page in opened.pages for note in page.get("/Annots", ())]
    owned = {
        one.Obj.objgen for element, _ in elements(opened) for one in element.K if _is_reference(one) and str(element.S) == "/Link"
    }

    assert [str(note.Dest) for note in notes if "/Dest" in note and str(note.Dest) not in names] == []
    assert [note for note in notes if not str(note.get("/Contents", "")).strip()] == []
    assert not any(re.fullmatch(r"L?\d+|finding-\d+|https?://.*", str(note.Contents)) for note in notes)
    assert {note.objgen for note in notes} == owned


def _is_reference(kid):
    return isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"


def test_words_in_another_language_say_so(opened, document):
    spoken = {str(one.Lang) for one, _ in elements(opened) if "/Lang" in one}

    assert spoken == ({"en"} if document[1] == "fa" else set())


@pytest.mark.parametrize("language", ["en", "fa"])
def test_equal_bytes_without_harfbuzz_subset_too(audit, info, language, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    made(pdf.render_letter, audit, info, language)
    monkeypatch.setattr("weasyprint.pdf.fonts.harfbuzz_subset", None)
    first = made(pdf.render_letter, audit, info, language)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)

    assert first == made(pdf.render_letter, audit, info, language)


def test_what_no_font_can_draw_is_not_called_conforming(audit, info):
    title = Value("public_title", "Public title", "a \u0378 b")
    odd = dataclasses.replace(audit, registration=dataclasses.replace(audit.registration, public_title=title))

    with pikepdf.open(io.BytesIO(made(pdf.render, odd, info, "en"))) as read:
        xmp = read.Root.Metadata.read_bytes()

    assert b"pdfaid:part" not in xmp
    assert b"pdfuaid:part" not in xmp
    assert b"dc:title" in xmp


@pytest.mark.long
@pytest.mark.parametrize("path", [*SAMPLES, *SEEDS], ids=lambda path: path.stem)
def test_every_sample_conforms(examine, info, path, tmp_path):
    outloud = pytest.importorskip("outloud")
    for audit in examine(path, path.name):
        for language in ("en", "fa"):
            (tmp_path / "made.pdf").write_bytes(made(pdf.render, audit, info, language))

            found = [
                one for one in outloud.check(tmp_path / "made.pdf", layers=["conformance"]).findings if one.severity == "error"
            ]

            assert [(one.rule, one.message) for one in found] == []


@pytest.mark.parametrize("language", ["en", "fa"])
def test_at_most_four_pages_are_to_be_read(audit, info, language):
    many = dataclasses.replace(audit, findings=audit.findings * 3)

    def whole(audit, info, words):
        return pdf.render(audit, info, words, appendix=False)

    with pikepdf.open(io.BytesIO(made(whole, many, info, language))) as read:
        assert 2 <= len(read.pages) <= 4
        names = read.Root.Names.Dests.Names
        questions = [str(name) for name in names[::2] if str(name).startswith("question-")]
    assert len(questions) == len(many.findings), "none is left out"


@pytest.mark.parametrize("languages", ["fa en", "en fa"])
def test_two_languages_need_no_more_pages(audit, info, languages):
    many = dataclasses.replace(audit, findings=audit.findings * 3)
    first, second = map(Words.of, languages.split())

    def whole(audit, info, words):
        return pdf.render(audit, info, words, appendix=False, also=second)

    with pikepdf.open(io.BytesIO(made(whole, many, info, first.language))) as read:
        assert len(read.pages) <= 4


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("path", [*SAMPLES[:4], RECORD], ids=lambda path: path.stem)
def test_our_pages_are_the_same_read_as_xml_and_as_html(examine, info, path, language):
    """The PDF is made of a page read as XML; a browser reads it as HTML."""
    words = Words.of(language)
    (one,) = examine(path, path.name)
    pages = [html.render(one, info, words, html.Form("", full, appendix)) for full in (None, 1, 0) for appendix in (True, False)]
    pages.append(letter.render(one, info, words, ""))

    for page in pages:
        as_xml, as_html = ElementTree.fromstring(page), tinyhtml5.parse(page, namespace_html_elements=False)
        assert [*told(as_xml.find("head"))] == [*told(as_html.find("head"))]
        assert [*told(as_xml.find("body"))] == [*told(as_html.find("body"))]


def told(element):
    """Yield the elements in order with their attributes and texts."""
    yield (
        element.tag,
        {name: said for name, said in element.attrib.items() if not name.endswith("}xmlns")},
        (element.text or "").split(),
        (element.tail or "").split(),
    )
    for child in element:
        yield from told(child)


def test_each_record_of_a_file_is_listed_alone():
    joined = "\n".join(path.read_text(encoding="utf-8").rstrip() + "\n" for path in SAMPLES[:3])

    records = [one for one in read_bytes(joined.encode(), "three.txt") if isinstance(one, Registration)]

    assert len(records) == 3
    rows = [(int(line.name), "".join(piece.text for piece in line.pieces)) for one in records for line in listing(one, ()).lines]
    lines = joined.split("\n")
    numbers = [number for number, _ in rows]
    assert [text for _, text in rows] == [lines[number - 1].rstrip("\r") for number in numbers]
    assert numbers == sorted(set(numbers)), "no line is in two records"
    assert {number for number, line in enumerate(lines, 1) if line.strip()} <= set(numbers), "none is in no record"


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_overview_is_of_the_same_kind(audit, catalogue, info, language, tmp_path):
    outloud = pytest.importorskip("outloud")
    words = Words.of(language)
    summaries = [Summary.of(audit, catalogue.checks, words, html="one.html")] * 3

    def whole(audit, info, words):
        return pdf.render_overview(summaries, (), info, words)

    first = made(whole, audit, info, language)
    path = tmp_path / "index.pdf"
    path.write_bytes(first)

    assert [one.message for one in outloud.check(path, layers=["conformance"]).findings if one.severity == "error"] == []
    assert b'pdfaid:part="3"' in first
    assert b'pdfuaid:part="1"' in first
    assert first == whole(audit, info, words)
