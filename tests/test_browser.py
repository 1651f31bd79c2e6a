"""The HTML pages in a real headless Chromium: filters, folds, links, keyboard, accessibility, and that nothing leaves or enters."""

import dataclasses
import os
import shutil

import pytest
from conftest import SAMPLES

from audit.model.result import Run, Unreadable
from audit.model.span import Value
from audit.reports import html, letter, overview
from audit.reports.summary import Summary
from audit.reports.words import Words

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium (Debian: apt-get install chromium)")
RECORD = next(path for path in SAMPLES if path.stem == "split_mouth")
HOSTILE = (
    "<script>document.title='owned'</script><img src=http://203.0.113.7/x.png onerror=\"document.title='owned'\"> "
    "<a href=\"javascript:document.title='owned'\">a</a> </style><style>body{display:none}</style> {{ 7*7 }} {% raw %} "
    "@import url(http://203.0.113.7/y.css); <base href=http://203.0.113.7/> <form action=http://203.0.113.7/><button>go</button></form> "
    "\u202egnp.exe\u202c \u2066 \u2069\u2069 \u200f <!-- ]]> </script> &lt;b&gt;"
)


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        started = running.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="module")
def audit(examine):
    (made,) = examine(RECORD, RECORD.name)
    return made


@pytest.fixture(scope="module")
def info(catalogue):
    return html.RunInfo.of(catalogue.checks, catalogue.sha256)


def index(audit, unreadable, info, words):
    """Return the overview of a batch that holds the record twice, so that it has charts too."""
    one = Summary.of(audit, info.checks.values(), words, "report.html", "report.pdf")
    return overview.render([one, one], [unreadable], info, words)


@pytest.fixture(scope="module")
def pages(audit, info, catalogue, tmp_path_factory):
    """The report, the letter and the index in both languages as files, by name."""
    made = {}
    for language in ("en", "fa"):
        words = Words.of(language)
        folder = tmp_path_factory.mktemp(language)
        texts = {
            "report": html.render(audit, info, words),
            "letter": letter.render(audit, info, words),
            "index": index(audit, Unreadable("scan.pdf", "no text layer", 3), info, words),
        }
        for name, text in texts.items():
            (folder / f"{name}.html").write_text(text, encoding="utf-8")
            made[f"{name} {language}"] = folder / f"{name}.html"
    return made


@pytest.fixture
def visit(browser):
    """A function: path of a page -> the page open in a window, where all that is asked for and complained of is kept."""
    contexts = []

    def opened(path, width=1400, **more):
        context = browser.new_context(viewport={"width": width, "height": 900}, **more)
        contexts.append(context)
        page = context.new_page()
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()


def shown(page):
    return page.locator(".findings article.finding:visible").count()


def test_the_filters_leave_what_fits(visit, pages, audit):
    page = visit(pages["report en"])
    severe = sum(finding.severity == "error" for finding in audit.findings)
    family = audit.findings[0].check.family

    assert shown(page) == len(audit.findings)
    others = page.locator("input[name=severity]:not([value=error])").all()
    for box in others:
        box.uncheck()
    assert shown(page) == severe
    assert page.locator("form.tools output").inner_text() == f"{severe} / {len(audit.findings)}"
    for box in others:
        box.check()
    page.select_option("select[name=family]", family)
    assert shown(page) == sum(finding.check.family == family for finding in audit.findings)
    page.select_option("select[name=family]", "")
    page.fill("input[name=text]", "  Split-Mouth ")
    with_word = shown(page)
    assert 0 < with_word < len(audit.findings)
    assert all("split-mouth" in text.lower() for text in page.locator(".findings article.finding:visible").all_text_contents())
    page.fill("input[name=text]", "no such words")
    assert shown(page) == 0
    assert page.locator("form.tools output").inner_text() == "No finding is left."
    assert page.complaints == []


def test_folding_leaves_the_titles(visit, pages):
    page = visit(pages["report en"])
    quote = page.locator(".findings blockquote").first

    page.get_by_role("button", name="Titles only").click()
    assert not quote.is_visible()
    assert page.locator(".findings article.finding h3").first.is_visible()
    assert page.locator("[data-fold]").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="Titles only").click()
    assert quote.is_visible()


def test_from_a_finding_to_the_line_and_back(visit, pages):
    page = visit(pages["report en"])
    link = page.locator("#finding-1 .where a").first
    line = link.get_attribute("href")

    link.click()
    target = page.locator(f'[id="{line[1:]}"]')
    assert page.url.endswith(line)
    assert target.locator("mark").count() >= 1
    assert page.evaluate(
        "(id) => { const r = document.getElementById(id).getBoundingClientRect(); return r.top > -2 && r.bottom < innerHeight + 2 }",
        line[1:],
    )
    back = target.locator('a.to[href="#finding-1"]').first
    page.fill("input[name=text]", "no such words")
    back.click()
    assert page.url.endswith("#finding-1")
    page.wait_for_function("document.getElementById('finding-1').checkVisibility()")


def test_every_link_inside_has_its_place(visit, pages):
    for path in pages.values():
        page = visit(path)
        lost = page.evaluate(
            "() => [...document.querySelectorAll('a[href^=\"#\"]')].map(a => decodeURIComponent(a.hash.slice(1))).filter(id => !document.getElementById(id))"
        )
        twice = page.evaluate(
            "() => { const ids = [...document.querySelectorAll('[id]')].map(e => e.id); return ids.filter((id, at) => ids.indexOf(id) !== at) }"
        )

        assert (lost, twice) == ([], [])


def test_a_question_is_copied(visit, pages, audit):
    page = visit(pages["report en"], permissions=["clipboard-read", "clipboard-write"])
    wanted = page.locator("#finding-1 .question").inner_text()

    assert page.locator("#finding-1 button.copy").inner_text() == "Copy"
    page.locator("#finding-1 button.copy").click()

    assert page.evaluate("navigator.clipboard.readText()") == wanted
    assert page.locator("#finding-1 button.copy").inner_text() == "Copied"


def test_the_keyboard_reaches_all_in_order(visit, pages):
    page = visit(pages["report en"])

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0, "seen when it has the focus"
    page.keyboard.press("Enter")
    assert page.url.endswith("#findings")
    page.locator("input[name=text]").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hasAttribute('data-fold')")
    page.keyboard.press("Space")
    assert page.locator("[data-fold]").get_attribute("aria-pressed") == "true"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_without_javascript_everything_is_shown(visit, pages, audit):
    page = visit(pages["report fa"], java_script_enabled=False)

    assert shown(page) == len(audit.findings)
    assert page.locator(".findings blockquote").first.is_visible()
    assert not page.locator("form.tools").is_visible()
    assert not page.locator("p.none").is_visible()


@pytest.mark.parametrize("name", [f"{name} {language}" for name in ("report", "letter", "index") for language in ("en", "fa")])
def test_axe_finds_nothing_and_nothing_is_asked_for(visit, pages, name):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    contrast = {"runOnly": ["color-contrast"]}
    for width, scheme, options in ((360, "light", {}), (1400, "light", {}), (1400, "dark", contrast)):
        page = visit(pages[name], width, color_scheme=scheme)

        found = axe.run(page, options={"resultTypes": ["violations"], **options}).response["violations"]

        assert [(one["id"], one["nodes"][0]["target"], one["nodes"][0]["failureSummary"]) for one in found] == []
        assert page.asked == [pages[name].as_uri()]
        assert page.complaints == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width, "no scrolling sideways"


def test_axe_does_find_something_where_something_is(visit, pages):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit(pages["index en"])
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=\"data:,\"><p style=\"color: #bbb\">faint</p>')")

    assert {"image-alt", "color-contrast"} <= {one["id"] for one in axe.run(page).response["violations"]}


def test_dark_is_dark(visit, pages):
    shades = [
        visit(pages["report en"], color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    ]

    assert shades == ["rgb(255, 255, 255)", "rgb(25, 24, 22)"]


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_hostile_record_changes_nothing_but_the_text(visit, audit, info, tmp_path, language):
    long = "<b>x</b> " * 120_000
    plain = {
        name: dataclasses.replace(getattr(audit.registration, name), text=HOSTILE, label=HOSTILE)
        for name in ("trial_id", "public_title", "scientific_title", "recruitment_status")
    }
    record = dataclasses.replace(audit.registration, **plain, unlabelled=(Value("", "", HOSTILE), Value("", "", long)))
    findings = tuple(
        dataclasses.replace(one, evidence=(Value("f", HOSTILE, HOSTILE).whole(),), blanks=dict.fromkeys(one.blanks, HOSTILE))
        for one in audit.findings
    )
    words = Words.of(language)
    run = Run([audit])
    hostile = dataclasses.replace(audit, registration=record, findings=findings)
    made = {
        "report": html.render(hostile, info, words),
        "letter": letter.render(hostile, info, words),
        "index": index(hostile, Unreadable(HOSTILE, HOSTILE), info, words),
    }
    tame = {
        "report": html.render(run.audits[0], info, words),
        "letter": letter.render(run.audits[0], info, words),
        "index": index(run.audits[0], Unreadable("a", "b"), info, words),
    }
    for name in made:
        tags, links = [], []
        for kind, text in (("tame", tame[name]), ("hostile", made[name])):
            path = tmp_path / f"{kind}.html"
            path.write_text(text, encoding="utf-8")
            page = visit(path)
            tags.append(set(page.evaluate("() => [...document.querySelectorAll('*')].map(e => e.tagName)")))
            links.append(
                set(
                    page.evaluate(
                        "() => [...document.querySelectorAll('a')].map(e => e.getAttribute('href')).filter(to => to[0] !== '#')"
                    )
                )
            )
            assert page.asked == [path.as_uri()]
            assert page.complaints == []
        assert links[1] <= links[0]
        assert tags[1] <= tags[0]
        assert page.title() != "owned"
        assert "document.title='owned'" in page.locator("body").inner_text()
        assert page.locator("main").is_visible()
        assert page.evaluate("() => getComputedStyle(document.querySelector('main')).direction") == words.direction
