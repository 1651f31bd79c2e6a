"""The overview in a real browser: search, order, pages, links and keyboard; nothing leaves the page; axe finds nothing."""

import shutil
from dataclasses import replace
from datetime import date

import pytest
from conftest import SAMPLES

from audit.model.result import Unreadable
from audit.reports import html, overview
from audit.reports.summary import Summary
from audit.reports.words import Words

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed here")


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def files(examine, catalogue, tmp_path_factory):
    """The overview of 250 varied records, a file for each language."""
    audits = [audit for path in SAMPLES for audit in examine(path, path.name)]
    made = [Summary.of(audit, catalogue.checks, Words.of("en"), "a.html", "a.pdf") for audit in audits]
    many = [
        replace(
            made[number % len(made)],
            record_id=f"IRCT20990101{number:06}N1",
            registered=date(2001 + number % 25, 5, 3),
            found=made[number % len(made)].found[number % 7 :],
        )
        for number in range(250)
    ]
    info, folder = html.RunInfo.of(catalogue.checks, catalogue.sha256), tmp_path_factory.mktemp("overview")
    for language in ("en", "fa"):
        page = overview.render(many, [Unreadable("a.pdf", "no text layer", 3)], info, Words.of(language))
        (folder / f"{language}.html").write_text(page, encoding="utf-8")
    return folder


@pytest.fixture
def opened(browser, files):
    """A function: language, width -> the page; afterwards nothing was asked for and nothing went wrong."""
    asked, wrong, contexts = [], [], []

    def see(language="en", width=1400, **more):
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, **more))
        page = contexts[-1].new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto((files / f"{language}.html").as_uri())
        return page

    yield see
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith("file:")] == []
    assert wrong == []


def ids(page):
    return page.locator("#ranked tbody th > a:first-child").all_inner_texts()


def numbers(page, column):
    told = page.locator(f"#ranked tbody tr > :nth-child({column})").all_inner_texts()
    return [int(one.replace("–", "0")) for one in told]


def test_a_hundred_rows_are_shown_and_the_others_are_turned_to(opened):
    page = opened()

    assert len(ids(page)) == 100
    assert page.locator("form.tools output").inner_text() == "1–100 / 250"
    first = ids(page)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    assert page.locator("form.tools output").inner_text() == "201–250 / 250"
    assert len(ids(page)) == 50
    assert page.get_by_role("button", name="Next").is_disabled()
    page.get_by_role("button", name="Previous").click()
    page.get_by_role("button", name="Previous").click()
    assert ids(page) == first


def test_search_finds_all_words_and_codes_whatever_their_capitals(opened):
    page = opened()
    box = page.get_by_role("searchbox")

    rows = page.locator("#ranked tbody tr")
    box.fill("irct20990101000017n1")
    sync_api.expect(rows).to_have_count(1)
    assert ids(page) == ["IRCT20990101000017N1"]
    box.fill("MEDICAL  mehrkuh")
    sync_api.expect(rows).not_to_have_count(1)
    assert all("Mehrkuh" in row and "Medical" in row for row in rows.all_inner_texts())
    box.fill("no such record")
    sync_api.expect(rows).to_have_count(0)
    assert page.locator("form.tools output").inner_text() == "No record has all these words."


def test_a_check_leads_to_the_records_it_found_something_on(opened):
    page = opened()
    link = page.locator("[data-find]").first
    code = link.get_attribute("data-find")
    found = link.locator("xpath=ancestor::tr/td[1]").inner_text()

    link.click()

    codes = page.locator("#ranked tbody tr").evaluate_all("rows => rows.map((row) => row.dataset.codes)")
    assert codes
    assert all(code in one for one in codes)
    assert page.get_by_role("searchbox").input_value() == code
    assert int(found) >= len(codes) > 0


def test_column_heads_sort_and_say_so(opened):
    page = opened()
    ranked = ids(page)
    head = page.locator("#ranked th", has_text="Warnings")
    button = head.get_by_role("button")

    button.focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert numbers(page, 5) == sorted(numbers(page, 5), reverse=True)
    page.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "ascending"
    assert numbers(page, 5) == sorted(numbers(page, 5))
    page.locator("#ranked th", has_text="Record").get_by_role("button").click()
    assert head.get_attribute("aria-sort") is None
    assert ids(page) == sorted(ids(page))
    for _ in range(2):
        page.locator("#ranked th", has_text="Record").get_by_role("button").click()
    assert ids(page) == ranked


def test_persian_digits_and_letters_are_sorted_and_found(opened):
    page = opened("fa")
    page.locator("#ranked th", has_text="سال ثبت").get_by_role("button").click()

    years = [
        row.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
        for row in page.locator("#ranked tbody td:nth-child(3)").all_inner_texts()
    ]
    assert years == sorted(years, reverse=True)
    assert page.locator("form.tools output").inner_text() == "۱–۱۰۰ / ۲۵۰"
    page.get_by_role("searchbox").fill("1391")
    sync_api.expect(page.locator("#ranked tbody tr")).to_have_count(10)


def test_without_scripts_every_row_is_shown(opened):
    page = opened(java_script_enabled=False)

    assert len(page.locator("#ranked tbody tr").all()) == 250
    assert page.locator("#ranked tbody").is_visible()
    assert not page.locator("form.tools").is_visible()
    assert not page.locator(".pager").is_visible()


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("width", [360, 1400])
def test_nothing_is_wider_than_the_page(opened, language, width):
    page = opened(language, width)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")

    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("width", [360, 1400])
def test_axe_finds_nothing(opened, language, width, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = opened(language, width, color_scheme=scheme)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")

    said = axe.run(page).response
    found = said["violations"]

    assert len(said["passes"]) > 20
    assert [(one["id"], one["nodes"][0]["html"][:200], one["nodes"][0]["failureSummary"]) for one in found] == []
