"""The letter to the registrant: the questions of the report by their numbers, ready to send, in every form."""

import io

import docx
import pytest
from conftest import SAMPLES

from audit.reports import html, letter, pdf
from audit.reports.words import Words


@pytest.fixture(scope="module")
def audit(examine):
    (made,) = examine(next(path for path in SAMPLES if path.stem == "split_mouth"), "split_mouth.txt")
    return made


@pytest.fixture(scope="module")
def info(catalogue):
    return html.RunInfo.of(catalogue.checks, catalogue.sha256)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_question_is_in_it_once(audit, info, language):
    words = Words.of(language)
    page = letter.render(audit, info, words)

    questions = [str(html.isolated(words.question(finding))) for finding in audit.findings]
    assert len(questions) > 5
    assert [question for question in questions if question not in page] == []
    assert page.count('id="question-') == len(questions)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_word_document_has_the_questions_and_the_quotes(audit, info, language):
    words = Words.of(language)
    made = letter.render_docx(audit, info, words)
    document = docx.Document(io.BytesIO(made))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)

    assert [finding.check.code for finding in audit.findings if words.question(finding) not in text] == []
    assert any(" ".join(place.quote.split())[:80] in text for finding in audit.findings for place in finding.evidence)
    assert made == letter.render_docx(audit, info, words)
    assert ("w:bidi" in document.element.xml) == (language == "fa")


def test_two_languages_stand_side_by_side(audit, info):
    page = letter.render(audit, info, Words.of("fa"), also=Words.of("en"))

    assert page.count('<p class="ask" dir="ltr" lang="en">') == len(audit.findings)


def test_as_pdf(audit, info):
    try:
        made = pdf.render_letter(audit, info, Words.of("en"))
    except pdf.PdfUnavailable as error:
        pytest.skip(str(error))

    assert made.startswith(b"%PDF-")
