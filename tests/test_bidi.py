"""Latin numbers, dates, ids and phrases in Persian PDFs: in order in the text that a program takes out, and on the page that an eye sees."""

import dataclasses
import re
import shutil
import subprocess

import numpy
import pypdfium2
import pytest
from conftest import SAMPLES

from audit.model.result import Finding
from audit.model.span import Value
from audit.reports import html, pdf
from audit.reports.words import Words

pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext (Debian: apt-get install poppler-utils)")
TOKENS = ("5.2-1011 × 1011", "2024-06-15", "60 sealed envelopes", "IR.TUMS.HORCSCT.REC.1402.014", "+98 21 2665 7438")
SENTENCE = "در رکورد {t0} و تاریخ {t1} آمده، ولی در متن {t2} با شناسهٔ {t3} و تلفن {t4} نوشته شده است."
QUESTION = "چرا {t1} و {t2} با {t0} و {t3} و {t4} نمی‌خواند؟"
SCALE = 6


@pytest.fixture(scope="module")
def document(examine, catalogue, tmp_path_factory):
    """A Persian report with a finding that has the tokens in its sentences and quotes, as a file."""
    path = next(path for path in SAMPLES if path.stem == "clean")
    (audit,) = examine(path, path.name)
    check = next(iter(catalogue.checks))
    values = {f"t{number}": Value("field", "برچسب", token) for number, token in enumerate(TOKENS)}
    finding = Finding(
        check, check.severity, check.confidence, tuple(value.whole() for value in values.values()), values, {}, "f" * 16
    )
    own = {check.code: {"title": "آزمون جهت", "message": SENTENCE, "question": QUESTION}}
    words = dataclasses.replace(Words.of("fa"), checks=own)
    info = html.RunInfo.of(catalogue.checks, catalogue.sha256)
    return kept(lambda: pdf.render(dataclasses.replace(audit, findings=(finding,)), info, words), tmp_path_factory)


def kept(make, tmp_path_factory):
    try:
        path = tmp_path_factory.mktemp("bidi") / "made.pdf"
        path.write_bytes(make())
    except pdf.PdfUnavailable as error:
        pytest.skip(str(error))
    return path


def set_as(body, way, tmp_path_factory):
    """Return a page of *body* in the type of the Persian reports, as a file."""
    tools = pdf._tools(None)
    page = f'<html lang="fa" dir="{way}"><body>{body}'
    return kept(
        lambda: tools.HTML(string=page, url_fetcher=tools.fetcher).write_pdf(
            stylesheets=tools.stylesheets, font_config=tools.fonts
        ),
        tmp_path_factory,
    )


def places(path, token):
    """Return where the words of *token* stand beside each other on a line, from left to right: the page, and the box around them."""
    found = []
    said = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, check=True, encoding="utf-8").stdout
    for number, page in enumerate(said.split("<page ")[1:]):
        words = re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*)</word>', page)
        lines = {}
        for left, top, right, bottom, text in words:
            lines.setdefault(round(float(bottom)), []).append(
                (float(left), float(top), float(right), float(bottom), text.strip("،؛.؟:"))
            )
        for line in lines.values():
            line.sort()
            for at in range(len(line)):
                run = line[at : at + len(token.split())]
                if [word[4] for word in run] == token.split():
                    found.append((number, (run[0][0], min(word[1] for word in run), run[-1][2], max(word[3] for word in run))))
    return found


def picture(path, place):
    """Return the ink of a place, cut out close, as numbers from 0 (paper) to 1."""
    number, (left, top, right, bottom) = place
    with pypdfium2.PdfDocument(path) as read:
        grey = 255 - read[number].render(scale=SCALE, grayscale=True).to_numpy().squeeze().astype(float)
    cut = grey[int(top * SCALE) : int(bottom * SCALE), int(left * SCALE) - 2 : int(right * SCALE) + 3]
    ink = cut / cut.max()
    rows, columns = numpy.where(ink.max(axis=1) > 0.4)[0], numpy.where(ink.max(axis=0) > 0.4)[0]
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def likeness(one, other):
    """Return how alike two pictures are, 1 for equal ones, after the second is brought to the size of the first."""
    rows = numpy.linspace(0, other.shape[0] - 1, one.shape[0]).round().astype(int)
    columns = numpy.linspace(0, other.shape[1] - 1, one.shape[1]).round().astype(int)
    return float(numpy.corrcoef(one.ravel(), other[numpy.ix_(rows, columns)].ravel())[0, 1])


@pytest.mark.parametrize("token", TOKENS)
def test_a_program_takes_the_token_out_in_order(document, token):
    text = subprocess.run(["pdftotext", document, "-"], capture_output=True, check=True, encoding="utf-8").stdout

    assert len(re.findall(rf"{re.escape(token)}.*نوشته|{re.escape(token)}", re.sub(r"\s+", " ", text))) >= 3, (
        "message, quote, question"
    )


@pytest.mark.parametrize("token", TOKENS)
def test_it_stands_in_order_among_persian_words_and_looks_as_it_does_alone(document, token, tmp_path_factory):
    alone = set_as(f'<p dir="ltr">{token}</p>', "ltr", tmp_path_factory)
    (there,) = places(alone, token)
    wanted = picture(alone, there)

    found = places(document, token)

    assert len(found) >= 2, "in order on the line, in the message or the question, and in the quote"
    assert max(likeness(wanted, picture(document, place)) for place in found) > 0.9


@pytest.mark.parametrize("token", [token for token in TOKENS if " " in token])
def test_the_comparison_would_see_it_turned_round(token, tmp_path_factory):
    around = " ".join(reversed(token.split()))
    straight, turned = (set_as(f'<p dir="ltr">{said}</p>', "ltr", tmp_path_factory) for said in (token, around))

    assert likeness(picture(straight, places(straight, token)[0]), picture(turned, places(turned, around)[0])) < 0.6


def test_a_date_that_is_not_set_apart_would_be_seen(tmp_path_factory):
    bare = set_as("<p>تاریخ 2024-06-15 در رکورد</p>", "rtl", tmp_path_factory)
    apart = set_as('<p>تاریخ <bdi dir="ltr">2024-06-15</bdi> در رکورد</p>', "rtl", tmp_path_factory)
    (seen,) = places(apart, "2024-06-15")

    turned = places(bare, "2024-06-15") + places(bare, "15-06-2024")

    assert not turned or likeness(picture(apart, seen), picture(bare, turned[0])) < 0.9
