"""The user's own templates stand in for ours by name; the example of the documentation works."""

from conftest import ROOT, SAMPLES

from audit.reports import html, letter
from audit.reports.words import Words

EXAMPLE = ROOT / "docs" / "example_templates"


def test_the_example_letterhead_stands_on_report_and_letter(examine, catalogue):
    (audit,) = examine(next(path for path in SAMPLES if path.stem == "split_mouth"), "split_mouth.txt")
    info = html.RunInfo.of(catalogue.checks, catalogue.sha256, EXAMPLE)
    words = Words.of("en", EXAMPLE)

    report, sent = html.render(audit, info, words), letter.render(audit, info, words)

    for page in (report, sent):
        assert "Research Ethics Committee<br>Mehrkuh University of Medical Sciences" in page
        assert "#1d5c63" in page
    assert "Please answer within 30 days." in sent
    assert "Dear registrant," in sent
    assert "Please answer within 30 days." not in letter.render(audit, html.RunInfo.of(catalogue.checks, "0"), Words.of("en"))


def test_every_file_that_the_page_names_is_there():
    named = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")

    for name in (
        "record.html.j2",
        "letter.html.j2",
        "index.html.j2",
        "report.css",
        "print.css",
        "overview.css",
        "report.js",
        "overview.js",
        "house.css",
    ):
        assert name in named
        assert (ROOT / "report_templates" / name).is_file()
