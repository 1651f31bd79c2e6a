"""The overview of a batch: its counts are right, its page and charts say them, nothing of a record becomes active in it."""

import base64
import hashlib
import io
import re
import subprocess
import sys
from collections import Counter
from datetime import date

import lxml.html
import pypdf
import pytest
from conftest import ROOT, SAMPLES

from audit.model.check import Severity
from audit.model.result import Unreadable, Verdict
from audit.reports import html, overview, pdf
from audit.reports.summary import Summary
from audit.reports.tally import Group, Tally, largest, rate
from audit.reports.totals import VERDICTS
from audit.reports.words import Words

WORDS = Words.of("en")
HOSTILE = '<script>alert(1)</script> {{ 7*7 }} $x^2$ "><svg onload=alert(1)> \' style="fill: #8c2f2b" id="x" </style> javascript:alert(1)'
ERROR, WARNING, NOTE = Severity


@pytest.fixture(scope="module")
def info(catalogue):
    return html.RunInfo.of(catalogue.checks, catalogue.sha256)


@pytest.fixture(scope="module")
def few(catalogue):
    """A run of a dozen checks, for what is slow with all."""
    return html.RunInfo.of([check for check in catalogue.checks if check.family == "PL"], catalogue.sha256)


@pytest.fixture(scope="module")
def samples(examine, catalogue):
    """The summaries of the sample records, with the audits they were made of."""
    audits = [audit for path in SAMPLES for audit in examine(path, path.name)]
    names = (audit.registration.trial_id.text for audit in audits)
    made = [
        Summary.of(audit, catalogue.checks, WORDS, f"{name}.html", f"{name}.pdf")
        for audit, name in zip(audits, names, strict=True)
    ]
    return made, audits


def summary(info, number=1, found=(), verdicts=(), **more):
    """Return an invented summary; *verdicts* are of the first checks, all others passed but those of the findings."""
    judged = [*verdicts, *[Verdict.PASSED] * (len(info.checks) - len(verdicts))]
    for code in {code for code, _ in found} & info.checks.keys():
        judged[list(info.checks).index(code)] = Verdict.FINDING
    standard = {
        "record_id": f"IRCT2099010100{number:04}N1", "registry": "IRCT", "address": None, "title": "A title",
        "registered": date(2024, 6, 15), "sponsor": "Mehrkuh University", "committees": ("Ethics Committee of Mehrkuh",),
        "found": tuple(found), "verdicts": bytes(VERDICTS.index(one) for one in judged), "as_of": "2026-06-11",
    }  # fmt: skip
    return Summary(**standard | more)


def tally(info, *summaries, most=100):
    return Tally.of(iter(summaries), tuple(info.checks.values()), lambda day: day.year, most)


def page(summaries, info, words=WORDS, unreadable=(), style=None):
    return lxml.html.document_fromstring(overview.render(iter(summaries), unreadable, info, words, style))


def text(element):
    return re.sub(r"\s+", " ", element.text_content()).strip()


def rows(page, selector):
    return [[text(cell) for cell in row] for row in page.xpath(f".//table[{selector}]/tbody/tr")]


# what is counted


def test_a_summary_says_what_the_audit_says(samples, info):
    for made, audit in zip(*samples, strict=True):
        assert [(code, severity) for code, severity in made.found] == [(one.check.code, one.severity) for one in audit.findings]
        assert [VERDICTS[place] for place in made.verdicts] == [audit.judgements[code].verdict for code in info.checks]
        assert made.record_id == audit.registration.trial_id.text
        assert made.as_of == audit.as_of


def test_a_summary_has_titles_year_sponsor_and_committee(samples):
    (made,) = [one for one in samples[0] if one.record_id == "IRCT20990101099991N1"]

    assert made.title == "Effect of inhaled magnesium sulphate on breathing of patients with asthma attack"
    assert made.registered.year == 2023
    assert made.sponsor == "Mehrkuh University of Medical Sciences"
    assert made.committees == ("Research Ethics Committee of Mehrkuh University of Medical Sciences",)
    assert made.address == "https://trialsearch.who.int/Trial2.aspx?TrialID=IRCT20990101099991N1"


@pytest.mark.parametrize(
    ("found", "passed", "share", "low", "high"),
    [  # Newcombe, Stat Med 1998;17:857-72, table I, method 3: the interval without continuity correction
        (81, 263 - 81, 0.3080, 0.2553, 0.3662),
        (15, 148 - 15, 0.1014, 0.0624, 0.1605),
        (0, 20, 0.0, 0.0, 0.1611),
        (1, 29 - 1, 0.0345, 0.0061, 0.1718),
        (29, 0, 1.0, 0.8830, 1.0),
    ],
)
def test_rates_have_their_wilson_interval(found, passed, share, low, high):
    made = rate(Counter({Verdict.FINDING: found, Verdict.PASSED: passed, Verdict.NOT_ASSESSABLE: 50, Verdict.NOT_APPLICABLE: 9}))

    assert (made.share, made.low, made.high) == pytest.approx((share, low, high), abs=5e-5)


def test_a_check_that_was_decided_nowhere_has_no_rate():
    assert rate(Counter({Verdict.NOT_ASSESSABLE: 3, Verdict.BROKEN: 1})) is None


def test_records_are_counted_by_what_they_have_in_common(info):
    made = tally(
        info,
        summary(info, 1, [("PL03", ERROR), ("PL01", NOTE)]),
        summary(info, 2, [("PL03", ERROR)], sponsor="mehrkuh  University.", committees=("A", "B")),
        summary(info, 3, sponsor="دانشگاه كاشان", registered=date(2020, 1, 1)),
        summary(info, 4, sponsor="دانشگاه کاشان", registered=None, committees=()),
    )

    assert [(one.name, one.records, dict(one.found)) for one in made.sponsors.values()] == [
        ("Mehrkuh University", 2, {ERROR: 2, NOTE: 1}),
        ("دانشگاه كاشان", 2, {}),
    ]
    assert {key: one.records for key, one in made.years.items()} == {"2024": 2, "2020": 1, "": 1}
    assert {one.name: one.records for one in made.committees.values()} == {
        "Ethics Committee of Mehrkuh": 2,
        "A": 1,
        "B": 1,
        "": 1,
    }
    assert (made.records, made.clean, made.with_errors) == (4, 2, 2)
    assert made.families == {"PL": Counter({ERROR: 2, NOTE: 1})}


def test_verdicts_are_counted_for_each_check(info):
    made = tally(
        info,
        summary(info, 1, verdicts=[Verdict.FINDING, Verdict.BROKEN]),
        summary(info, 2, verdicts=[Verdict.NOT_ASSESSABLE, Verdict.NOT_APPLICABLE]),
        summary(info, 3, verdicts=[Verdict.FINDING, Verdict.PASSED]),
    )
    first, second, third = [{verdict: n for verdict, n in judged.items() if n} for _, judged in made.verdicts()][:3]

    assert first == {Verdict.FINDING: 2, Verdict.NOT_ASSESSABLE: 1}
    assert second == {Verdict.BROKEN: 1, Verdict.NOT_APPLICABLE: 1, Verdict.PASSED: 1}
    assert third == {Verdict.PASSED: 3}
    assert made.all_verdicts.total() == 3 * len(info.checks)


def test_records_are_ranked_by_errors_then_warnings_then_notes(info):
    one = summary(info, 1, [("A", WARNING)] * 9)
    two = summary(info, 2, [("A", ERROR)])
    three = summary(info, 3, [("A", ERROR), ("B", NOTE)])
    four = summary(info, 4)

    assert tally(info, one, two, three, four).ranked == [three, two, one, four]
    assert tally(info, one, two, three, four, most=2).ranked == [three, two]


def test_the_largest_groups_come_first_and_the_unknown_is_none_of_the_others():
    groups = [Group("a", 1), Group("", 9), Group("b", 5), Group("c", 3), Group("d", 3)]

    shown, others = largest(groups, 2)

    assert [group.name for group in shown] == ["b", "c", ""]
    assert [group.name for group in others] == ["d", "a"]
    assert Group.together(others).records == 4


# the page


@pytest.fixture(scope="module", params=["en", "fa"])
def shown(request, samples, info):
    return page(samples[0], info, Words.of(request.param), [Unreadable("scans/three.pdf", "no text layer", 3, 2)])


def test_totals_and_rows_say_what_was_counted(samples, info):
    made = page(samples[0], info)
    found = Counter(severity for one in samples[0] for _, severity in one.found)

    assert (
        f"{len(samples[0])} records audited: {found[ERROR]} errors, {found[WARNING]} warnings and {found[NOTE]} notes."
        in text(made)
    )
    ranked = rows(made, "@id='ranked'")
    assert len(ranked) == len(samples[0])
    by_errors = [int(row[3].replace("–", "0")) for row in ranked]
    assert by_errors == sorted((one.count(ERROR) for one in samples[0]), reverse=True)
    first = rows(made, "contains(@class, 'rates')")[0]
    judged = Counter(audit.judgements[first[0][:4]].verdict for audit in samples[1])
    assert [int(cell.replace("–", "0")) for cell in first[1:5]] == [
        judged[Verdict.FINDING], judged[Verdict.FINDING] + judged[Verdict.PASSED], judged[Verdict.NOT_ASSESSABLE], judged[Verdict.NOT_APPLICABLE],
    ]  # fmt: skip
    assert len(rows(made, "contains(@class, 'rates')")) == len(info.checks)


def test_records_link_to_their_documents_and_the_registry(samples, info):
    made = page(samples[0], info)
    (head,) = made.xpath("//table[@id='ranked']//th[.//*[text()='IRCT20990101099991N1']]")

    assert head.xpath(".//a/@href") == [
        "IRCT20990101099991N1.html", "IRCT20990101099991N1.pdf", "https://trialsearch.who.int/Trial2.aspx?TrialID=IRCT20990101099991N1",
    ]  # fmt: skip


def test_each_chart_is_named_and_has_its_figures_as_text(shown):
    figures = shown.xpath("//figure")

    assert len(figures) == 6
    for figure in figures:
        (svg,) = figure.xpath(".//svg")
        assert svg.get("role") == "img"
        assert figure.xpath(f".//title[@id='{svg.get('aria-labelledby')}']")[0].text == text(figure.xpath("./figcaption")[0])
        assert not svg.xpath(".//text")
        drawn = figure.xpath(".//*[@class='row']")
        told = rows(figure, "contains(@class, 'figures')") or shown.xpath("//table[contains(@class, 'rates')]/tbody/tr")
        assert 1 <= len(drawn) <= len(told)
        assert all(row.get("aria-hidden") == "true" for row in drawn)


def test_the_figures_under_a_chart_add_up(samples, info):
    made = page(samples[0], info)

    for about in ("family", "year", "sponsor"):
        told = rows(made.xpath(f"//figure[@class='by-{about}']")[0], "contains(@class, 'figures')")
        at = 1 if about == "family" else 2
        numbers = [[int(cell.replace("–", "0")) for cell in row[at : at + 3]] for row in told]
        assert [sum(column) for column in zip(*numbers, strict=True)] == [
            sum(one.count(severity) for one in samples[0]) for severity in Severity
        ]


def test_ids_are_used_once_and_what_is_referred_to_is_there(shown):
    ids = shown.xpath("//@id")

    assert len(ids) == len(set(ids))
    referred = [href for href in shown.xpath("//@href | //@*[name()='xlink:href']") if href.startswith("#")]
    referred += [
        f"#{one}" for name in ("aria-labelledby", "aria-controls", "aria-describedby") for one in shown.xpath(f"//@{name}")
    ]
    assert {one[1:] for one in referred} <= set(ids)


def test_nothing_is_loaded_and_only_our_script_may_run(shown):
    assert not shown.xpath("//link | //img | //iframe | //*[@src]")
    (policy,) = shown.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    (script,) = shown.xpath("//script")
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy


def test_persian_has_jalali_years_persian_digits_and_bars_from_the_right(samples, info):
    made = page(samples[0], info, Words.of("fa"))
    english = page(samples[0], info)
    (years,) = made.xpath("//figure[@class='by-year']")

    assert (made.get("dir"), made.get("lang")) == ("rtl", "fa")
    assert text(years.xpath(".//tbody/tr/th")[0]) == "۱۴۰۰"
    assert not re.search(r"[0-9]", text(years.xpath(".//table")[0]))
    left, right = (
        [float(path.split()[1]) for path in one.xpath("//figure[@class='by-severity']//path[contains(@style, '--error')]/@d")]
        for one in (english, made)
    )
    assert left[0] == 0
    assert right[0] == 340


def test_equal_input_gives_equal_bytes(samples, info):
    first, second = (overview.render(iter(samples[0]), (), info, WORDS) for _ in range(2))

    assert first == second
    assert not re.search(r"<dc:date|Matplotlib|<metadata", first)


def test_nothing_of_a_record_becomes_active(info):
    plain = [summary(info, 1, [("PL03", ERROR)]), summary(info, 2)]
    bad = [
        summary(info, 1, [("PL03", ERROR)], record_id=HOSTILE, registry=HOSTILE, title=HOSTILE, sponsor=HOSTILE, committees=(HOSTILE,)),
        summary(info, 2),
    ]  # fmt: skip
    harmless, hostile = (page(one, info, WORDS, [Unreadable(HOSTILE, HOSTILE, 3, 2)]) for one in (plain, bad))

    assert {one.tag for one in hostile.iter()} == {one.tag for one in harmless.iter()}
    assert len(hostile.xpath("//script")) == 1
    assert not [name for one in hostile.iter() for name in one.attrib if name.startswith("on")]
    assert text(hostile).count(re.sub(r"\s+", " ", HOSTILE)) >= 8


def test_a_record_alone_has_no_rates_and_needs_no_plotting_library():
    code = (
        "import sys; from datetime import date; from audit.reports import html, overview; from audit.reports.summary import Summary;"
        "from audit.reports.words import Words;"
        "one = Summary('NCT99990001', 'ClinicalTrials.gov', None, 'T', None, '', (), (), b'', '2026-06-11');"
        "page = overview.render([one], (), html.RunInfo.of((), '0'), Words.of('en'));"
        "assert 'NCT99990001' in page and 'id=\"charts\"' not in page and '<figure' not in page;"
        "sys.exit(bool({'matplotlib', 'scipy'} & set(sys.modules)))"
    )

    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (said.returncode, said.stderr) == (0, "")


def test_no_record_and_what_was_not_read_are_said(info):
    made = page([], info, WORDS, [Unreadable("scans/three.pdf", "a PDF without a text layer", 3, 2)])

    assert "No record was audited." in text(made)
    assert "scans/three.pdf, record 2, line 3" in text(made)
    assert "a PDF without a text layer" in text(made)
    assert not made.xpath("//table[@id='ranked']")


def test_findings_without_any_finding_draw_nothing(info):
    made = page([summary(info, 1), summary(info, 2)], info)

    assert not made.xpath("//figure")
    assert "2 records audited: 0 findings." in text(made)
    assert "on 2 records no check found anything" in text(made)
    assert rows(made, "contains(@class, 'rates')")[0][-1] == "0.0% (0.0 to 65.8)"


def test_broken_checks_are_said_in_totals_row_and_table(info):
    made = page([summary(info, 1, verdicts=[Verdict.BROKEN]), summary(info, 2)], info)

    assert "1 times a check failed to run, so this audit is not complete." in text(made)
    assert "1 check failed to run" in rows(made, "@id='ranked'")[0][0]
    (row,) = [row for row in rows(made, "contains(@class, 'rates')") if row[0].startswith(next(iter(info.checks)))]
    assert row[5] == "1"


def test_what_is_waived_or_known_is_counted_apart(info):
    made = page([summary(info, 1, [("PL03", ERROR)]), summary(info, 2, held_back=2)], info)

    assert "2 findings held back by a waiver or the baseline are not counted above" in text(made)
    assert "on 0 records no check found anything" in text(made)
    assert "held back" not in text(page([summary(info, 1), summary(info, 2)], info))


def test_the_prefix_of_committees_is_left_out_of_the_bars_only(info):
    name, persian = "Research Ethics Committee of Mehrkuh Hospital", "کمیته اخلاق در پژوهش دانشگاه بهار"
    made = page(
        [summary(info, 1, [("PL03", ERROR)], committees=(name, persian, "Mehrkuh committee")), summary(info, 2)], info
    )  # fmt: skip
    (figure,) = made.xpath("//figure[@class='by-committee']")

    assert {"Mehrkuh Hospital", "دانشگاه بهار", "Mehrkuh committee", "Mehrkuh"} == {
        text(row[-1]) for row in figure.xpath(".//*[@class='row']")
    }
    assert {name, persian} <= {row[0] for row in rows(figure, "true()")}


def test_many_years_are_drawn_as_the_latest_and_those_before(info):
    made = page([summary(info, year, [("PL03", ERROR)], registered=date(year, 3, 1)) for year in range(1999, 2026)], info)
    names = [row[0] for row in rows(made.xpath("//figure[@class='by-year']")[0], "true()")]

    assert names == ["before 2014", *(str(year) for year in range(2014, 2026))]


# on paper, and written


def test_the_pdf_has_the_totals_and_the_first_hundred_records(few):
    many = [summary(few, number, [("PL03", ERROR)] * (number % 7)) for number in range(1, 151)]
    unread = [Unreadable(f"scans/{number}.pdf", "no text layer") for number in range(130)]
    try:
        made = pdf.render_overview(iter(many), unread, few, WORDS)
    except pdf.PdfUnavailable as error:
        pytest.skip(str(error))
    said = re.sub(r"\s+", " ", " ".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(made)).pages))

    assert "150 records audited" in said
    assert "Listed here are the first 100 of 150." in said
    assert "Listed here are the first 100 of 130." in said
    assert len(set(re.findall(r"IRCT2099010100\d{4}N1", said))) == 100
    assert "Findings a record by primary sponsor" in said


def test_persian_of_the_pdf_is_text_and_equal_input_gives_equal_bytes(few):
    many = [summary(few, number, [("PL03", ERROR)], sponsor="دانشگاه علوم پزشکی بهارستان") for number in range(1, 4)]
    try:
        made, again = (pdf.render_overview(iter(many), (), few, Words.of("fa")) for _ in range(2))
    except pdf.PdfUnavailable as error:
        pytest.skip(str(error))
    said = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(made)).pages)

    assert made == again
    assert said.count("بهارستان") >= 2 or said.count("ناتسراهب") >= 2


def test_the_tables_beside_it_are_linked(samples, info):
    made = lxml.html.document_fromstring(
        overview.render(samples[0], (), info, WORDS, tables=("findings.csv", "findings.parquet"))
    )

    assert made.xpath("//p[contains(@class, 'tables')]//a/@href") == ["findings.csv", "findings.parquet"]
    assert not page(samples[0], info).xpath("//p[contains(@class, 'tables')]")
