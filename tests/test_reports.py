"""The HTML and PDF reports: what they show, that nothing of a record becomes active in them, that equal input gives equal bytes."""

import dataclasses
import html.parser
import io
import re
import sys
from datetime import date

import pypdf
import pytest

from audit.errors import AuditError
from audit.model.check import Check, Confidence, Reference, Severity
from audit.model.dates import PartialDate
from audit.model.registration import Coded, Contact, Count, DateValue, EthicsReview, Items, Registration, Sponsor
from audit.model.result import Audit, Finding, Judgement, Reason, Verdict
from audit.model.span import Source, State, Value
from audit.reports import html as report
from audit.reports import pdf, timeline
from audit.reports.words import Words

WORDS = Words.of("en")
HOSTILE = (
    "<script>alert(1)</script> {{ 7*7 }} {% include 'x' %} <img src=http://203.0.113.7/x.png> "
    "<link rel=attachment href=file:///etc/passwd> <a rel=attachment href='file:///etc/passwd'>a</a> "
    "</style></title></svg><style>@import url(file:///etc/passwd);</style> url(http://203.0.113.7/y) "
    '"><svg onload=alert(1)> javascript:alert(1) &lt;b&gt; ]]> <!-- '
)
PERSIAN = "بی‌حسی موضعی ۱۴۰۳/۰۳/۲۶"
TEXT = """\
IRCT registration number: IRCT20990101000001N9
Recruitment status
Recruitment complete
Actual recruitment start date
empty
Placebo
Not used
Description
Control: one millilitre of
salted water, given <b>twice</b>.
Comments
"""
DESCRIPTION = "Control: one millilitre of\nsalted water, given <b>twice</b>."


def given(field, label, text, kind=Value, state=State.GIVEN, **more):
    """Return the value of *text* where it stands in TEXT, or at its start when it does not."""
    return kind(field, label, text, max(0, TEXT.find(text)), state, **more)


def day(field, text, when=None, state=State.GIVEN):
    return DateValue(field, field, text, 0, state, date=when and PartialDate.of(*when))


def check(code, severity=Severity.ERROR, cluster="status", **more):
    standard = {
        "code": code, "name": "some-name", "title": f"Title of {code}", "severity": severity, "confidence": Confidence.HIGH,
        "responsible": "registrant", "cluster": cluster, "registries": (), "when": (), "expect": (), "escalate": (),
        "evidence": (), "message": f"Message of {code}.", "question": f"Question of {code}?", "rationale": f"Why {code} matters.",
        "references": (Reference("Some Guideline (2020)", "7", "https://example.org/guideline"),), "known_limits": (),
        "off": False, "examples": (), "file": f"XX/{code}.yaml",
    }  # fmt: skip
    return Check(**standard | more)


def finding(of, *places, **more):
    return Finding(of, of.severity, of.confidence, places, more.pop("blanks", {}), {}, "f" * 16, **more)


STATUS = given("recruitment_status", "Recruitment status", "Recruitment complete", Coded, code="complete")
START = given("actual_recruitment_start", "Actual recruitment start date", "empty", DateValue, State.EMPTY)
CONTROL = given("arms[0].description", "Intervention groups 1: Description", DESCRIPTION)
SILENT = given("sharing_comments", "Comments", "", state=State.ABSENT)
FOUND = {
    "PL03": check("PL03", Severity.WARNING, "placebo"),
    "ST02": check("ST02"),
    "ST08": check("ST08", Severity.NOTE, responsible="registry"),
}
OTHERS = {
    "DT01": (check("DT01"), Judgement(Verdict.PASSED)),
    "DT04": (check("DT04"), Judgement(Verdict.NOT_ASSESSABLE, Reason("empty", "actual_recruitment_end"))),
    "RA01": (check("RA01"), Judgement(Verdict.NOT_APPLICABLE)),
    "XX01": (check("XX01"), Judgement(Verdict.BROKEN, Reason("broken", "division by zero"))),
}


def registration(**more):
    source = Source("records/one.txt", "irct-text", TEXT, "ab" * 32)
    standard = {
        "trial_id": given("trial_id", "IRCT registration number", "IRCT20990101000001N9"),
        "public_title": given("public_title", "Public title", PERSIAN),
        "recruitment_status": STATUS,
        "actual_recruitment_start": START,
        "registration_date": day("registration_date", "2024-06-15", (2024, 6, 15)),
        "expected_recruitment_start": day("expected_recruitment_start", "2024-06", (2024, 6)),
        "expected_recruitment_end": day("expected_recruitment_end", "2024-09-20", (2024, 9, 20)),
        "completion_date": day("completion_date", "31 June"),
        "unlabelled": (given("", "", "salted water, given <b>twice</b>."),),
    }
    return Registration(source, "IRCT", **standard | more)


def audit_of(record=None, findings=None, **more):
    found = findings or (
        finding(FOUND["ST08"], START.whole(), depends_on_as_of=True),
        finding(FOUND["PL03"], CONTROL.whole(), SILENT.whole()),
        finding(FOUND["ST02"], STATUS.whole(), START.whole()),
    )
    judgements = {code: judgement for code, (_, judgement) in OTHERS.items()}
    judgements |= {one.check.code: Judgement(Verdict.FINDING) for one in found}
    return Audit(record or registration(), "2026-06-11", "option", found, judgements, **more)


def run_info(*checks):
    known = {**FOUND, **{code: one for code, (one, _) in OTHERS.items()}, **{one.code: one for one in checks}}
    return report.RunInfo.of(known.values(), "cd" * 32)


class Page(html.parser.HTMLParser):
    """What a browser makes of a page: its elements with their attributes, and its text."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.texts = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def text(self):
        return "".join(self.texts)


@pytest.fixture(scope="module")
def page():
    return Page(report.render(audit_of(), run_info(), WORDS))


def pdf_of(*args):
    try:
        return pdf.render(*args, WORDS)
    except pdf.PdfUnavailable as error:
        pytest.skip(str(error))


def read(document):
    return pypdf.PdfReader(io.BytesIO(document))


def test_quotes_are_verbatim_with_label_and_line(page):
    assert DESCRIPTION in page.texts
    assert "Intervention groups 1: Description · line 9" in re.sub(r"\s+", " ", page.text)
    assert ("blockquote", {"dir": "ltr"}) in page.elements


def test_a_place_where_nothing_stands_is_said_in_words(page):
    assert "nothing stands here" in page.text
    assert "not in the record" in page.text


def test_a_finding_has_all_that_is_said_of_it(page):
    for said in ("Title of PL03", "Message of PL03.", "Question of PL03?", "Why PL03 matters.", "PL03", "Warning", "item 7"):
        assert said in page.text
    assert "the registry, whose software makes this value" in page.text
    assert "Decided as of 2026-06-11." in page.text
    assert ("a", {"href": "https://example.org/guideline", "rel": "noreferrer"}) in page.elements


def test_findings_stand_by_cluster_worst_first(page):
    headings = re.findall(
        r'<h([34]) .*<span class="heading">Title of (\w+)</span></h', report.render(audit_of(), run_info(), WORDS)
    )

    assert headings == [("3", "ST02"), ("4", "ST08"), ("3", "PL03")]


def test_every_verdict_is_counted_and_listed(page):
    text = re.sub(r"\s+", " ", page.text)

    assert "Of 7 checks, 4 could be decided on this record: 3 found something to ask about" in text
    assert "namely 1 error, 1 warning and 1 note, and 1 found nothing wrong." in text
    assert "1 check could not be assessed" in text
    assert "DT04 Title of DT04 (actual recruitment end is empty)" in text
    assert "XX01 Title of XX01 (the check failed: division by zero)" in text
    assert "1 check failed to run, so this audit is not complete." in text


def test_a_record_without_findings_is_not_called_right():
    clean = dataclasses.replace(audit_of(), findings=(), judgements={"DT01": Judgement(Verdict.PASSED)})

    text = Page(report.render(clean, run_info(), WORDS)).text

    assert "none of them found anything wrong" in text
    assert "does not prove that the record is right" in text


def test_the_page_says_what_it_rests_on(page):
    for said in ("records/one.txt", "ab" * 32, "cd" * 32, "irct-text", "as asked for", "1 line"):
        assert said in page.text


def test_a_cut_record_and_held_back_findings_are_told():
    held = finding(FOUND["PL03"], STATUS.whole())

    text = Page(report.render(audit_of(registration(complete=False), below=(held,)), run_info(), WORDS)).text

    assert "The record ends before its usual end." in text
    assert "1 finding of lower confidence than was asked for" in re.sub(r"\s+", " ", text)


def test_the_page_loads_nothing(page):
    tags = {tag for tag, _ in page.elements}
    addresses = {
        value for _, attrs in page.elements for name, value in attrs.items() if name in ("src", "srcset", "data", "poster")
    }

    assert not tags & {"link", "img", "iframe", "object", "embed", "base", "audio", "video", "image", "use"}
    assert [attrs for tag, attrs in page.elements if tag == "script"] == [{}]
    assert [attrs for tag, attrs in page.elements if tag == "form" and "action" in attrs] == []
    assert addresses == set()
    assert not any(re.search(r"url\(|@import", text) for _, text in report.style_sheets())
    assert ("html", {"lang": "en", "dir": "ltr"}) in page.elements
    assert "IRCT20990101000001N9: audit of the registration" in page.texts


def hostile_audit():
    """Return an audit of a record, and by a check, whose every text is hostile."""
    words = HOSTILE.replace("{", "(").replace("}", ")")  # braces are the blanks of a check's sentences
    value = Value("field", HOSTILE, HOSTILE)
    contact = Contact(*(value for _ in dataclasses.fields(Contact)))
    sponsor = Sponsor(contact, *(value for _ in dataclasses.fields(Sponsor)[1:]))
    plain = {
        name: dataclasses.replace(getattr(registration(), name), label=HOSTILE, text=HOSTILE, state=State.GIVEN)
        for name in ("trial_id", "public_title", "scientific_title", "recruitment_status", "registration_timing", "study_type")
    }
    record = registration(
        **plain,
        target_sample_size=Count("n", HOSTILE, HOSTILE),
        last_update=DateValue("last_update", HOSTILE, HOSTILE),
        ethics_reviews=Items(value, (EthicsReview(value, DateValue("d", HOSTILE, HOSTILE), value, contact),)),
        sponsors=Items(value, (sponsor,)),
        unlabelled=(value,),
    )
    record = dataclasses.replace(record, registry=HOSTILE, source=Source(HOSTILE, HOSTILE, TEXT, HOSTILE))
    bad = check(
        "PL03", title=words, message=words + "{said}", question=words, rationale=words, responsible=words, cluster=words,
        references=(Reference(words, words, "javascript:alert(1)"), Reference(words, words, "file:///etc/passwd")),
    )  # fmt: skip
    one = finding(bad, value.whole(), Value("f", HOSTILE, HOSTILE, path=HOSTILE).whole(), blanks={"said": HOSTILE})
    broken = {"XX01": Judgement(Verdict.BROKEN, Reason("broken", HOSTILE)), "PL03": Judgement(Verdict.FINDING)}
    return dataclasses.replace(audit_of(record, (one,)), judgements=broken), run_info(bad)


def test_nothing_of_a_record_becomes_active_in_html():
    harmless = Page(report.render(audit_of(), run_info(), WORDS))
    audit, info = hostile_audit()
    hostile = Page(report.render(audit, info, WORDS))

    assert {tag for tag, _ in hostile.elements} <= {tag for tag, _ in harmless.elements}
    assert len([tag for tag, _ in hostile.elements if tag == "style"]) == 2
    assert not [name for _, attrs in hostile.elements for name in attrs if name.startswith("on") or name in ("style", "src")]
    assert all(attrs["href"].startswith("#") for _, attrs in hostile.elements if "href" in attrs)
    assert HOSTILE in hostile.text, "the record's words stand as they are"


def test_nothing_of_a_record_becomes_active_in_pdf(monkeypatch):
    audit, info = hostile_audit()
    pdf_of(audit, info)
    fetched = []
    monkeypatch.setattr("weasyprint.urls.URLFetcher.fetch", lambda self, url, headers=None: fetched.append(url))

    made = pdf_of(audit, info)

    document = read(made)
    assert fetched == []
    assert sorted(document.attachments) == ["findings.json", "record.txt"], "ours alone"
    links = [note.get_object() for sheet in document.pages for note in sheet.get("/Annots", ())]
    assert all("/Dest" in link or link.get("/A", {}).get("/S") == "/GoTo" for link in links)
    assert not re.search(rb"/(JavaScript|JS|Launch|URI)\b", made)


def test_the_pdf_maker_refuses_all_addresses_but_data():
    pdf_of(audit_of(), run_info())
    fetcher = pdf._tools(None).fetcher

    for address in ("file:///etc/passwd", "http://203.0.113.7/", "https://example.org/", "ftp://example.org/"):
        with pytest.raises(ValueError, match="disallowed protocol"):
            fetcher.fetch(address)


def test_pdf_has_title_language_bookmarks_and_page_numbers():
    document = read(pdf_of(audit_of(), run_info()))

    assert document.metadata.title == "IRCT20990101000001N9: audit of the registration"
    assert document.trailer["/Root"]["/Lang"] == "en"
    assert document.metadata.creation_date.date() == date(2026, 6, 11)
    titles = [entry.title for entry in _flat(document.outline)]
    assert [title for title in titles if title in ("At a glance", "The dates", "Findings", "All checks")] == [
        "At a glance", "The dates", "Findings", "All checks",
    ]  # fmt: skip
    assert "1. ST02 Title of ST02" in titles
    for number, sheet in enumerate(document.pages, 1):
        text = sheet.extract_text()
        assert f"{number} / {len(document.pages)}" in text
        assert "IRCT20990101000001N9" in text
        assert [round(float(side)) for side in sheet.mediabox[2:]] == [595, 842]


def _flat(outline):
    for entry in outline:
        if isinstance(entry, list):
            yield from _flat(entry)
        else:
            yield entry


def test_equal_input_gives_equal_bytes(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    first = pdf_of(audit_of(), run_info())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    dated = pdf_of(audit_of(), run_info())

    assert first == pdf_of(audit_of(), dataclasses.replace(run_info(), created=None))
    assert read(dated).metadata.creation_date.date() == date(1970, 1, 2)
    assert read(dated).metadata.modification_date.date() == date(1970, 1, 2)


def test_a_wrong_source_date_is_told(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")

    with pytest.raises(AuditError, match="SOURCE_DATE_EPOCH is 'yesterday'"):
        run_info()


def test_a_quote_longer_than_a_page_is_whole_in_pdf():
    long = " ".join(f"word{number}" for number in range(2500)) + " " + "x" * 400
    place = Value("inclusion_criteria", "Inclusion criteria", long).whole()

    document = read(pdf_of(audit_of(findings=(finding(FOUND["ST02"], STATUS.whole(), place),)), run_info()))

    text = "".join(sheet.extract_text() for sheet in document.pages)
    assert [number for number in range(2500) if f"word{number}" not in text] == []
    assert text.count("x" * 20) >= 5, "a word without end is broken, not cut off"


def test_text_that_no_html_can_hold_is_replaced():
    odd = Value("public_title", "Public title", "a\x00b\x0bc\ud800d\ufffee")

    made = report.render(audit_of(registration(public_title=odd)), run_info(), WORDS)

    assert "a�b�c?d�e" in made
    assert made.encode()


@pytest.mark.parametrize(
    ("platform", "line"),
    [
        ("linux", "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"),
        ("darwin", "brew install pango"),
        ("win32", "pacman -S mingw-w64-x86_64-pango"),
    ],
)
def test_without_pango_the_error_has_the_line_that_installs_it(monkeypatch, platform, line):
    class Missing:
        def find_spec(self, name, *_):
            if name == "weasyprint":
                raise OSError("cannot load library 'libgobject-2.0-0'")

    pdf._tools.cache_clear()
    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    monkeypatch.setattr(sys, "platform", platform)

    with pytest.raises(pdf.PdfUnavailable, match=re.escape(line)) as told:
        pdf.render(audit_of(), run_info(), WORDS)
    assert isinstance(told.value, AuditError)


def test_time_line_is_in_order_and_to_scale():
    told = timeline.dates(registration(), date(2026, 6, 11))
    drawn = timeline.picture(told)

    assert [r.name for r in drawn.rows] == [
        "expected_recruitment_start",
        "registration_date",
        "expected_recruitment_end",
        "as_of",
    ]
    start, registered, end, as_of = drawn.rows
    assert start.right > start.x, "a month is as wide as a month"
    assert registered.x == registered.right
    days = (date(2024, 9, 20) - date(2024, 6, 15)).days / (date(2026, 6, 11) - date(2024, 6, 15)).days
    assert (end.x - registered.x) / (as_of.x - registered.x) == pytest.approx(days, abs=0.005)
    assert (start.x, end.right) == drawn.band
    assert all(0 <= x <= drawn.width for row in drawn.rows for x in (row.x, row.right))


def test_dates_that_cannot_be_drawn_are_named(page):
    told = timeline.dates(registration(), date(2026, 6, 11))

    assert ("actual_recruitment_start", State.EMPTY) in told.missing
    assert ("completion_date", State.GIVEN) in told.missing
    assert "Trial completion (not understood)" in re.sub(r"\s+", " ", page.text)
    assert "Actual recruitment start (left empty)" in re.sub(r"\s+", " ", page.text)


@pytest.mark.parametrize("years", [(1, 9999), (1399, 2026), (2024, 2024)])
def test_time_line_of_any_span_has_a_few_ticks(years):
    drawn = tuple((name, PartialDate.of(year)) for name, year in zip(("last_update", "as_of"), years, strict=True))

    assert 1 <= len(timeline.picture(timeline.Dates(drawn, (), None)).ticks) <= 6
