"""Each language says the same: the same words with the same blanks, every check, every term, field and reason; Persian is well set."""

import ast
import dataclasses
import re
from datetime import date
from string import Formatter

import pytest
from conftest import ROOT, SAMPLES

from audit.engine import facts as _facts  # noqa: F401 - fills FACTS
from audit.engine.facts import blinding, comparator, dose, masking, products, sequence, sharing, summary, wording
from audit.model.fold import fold
from audit.model.registration import Arm, Contact, EthicsReview, HealthCondition, Outcome, Registration, Sharing, Sponsor
from audit.model.result import Phrase
from audit.model.span import Value
from audit.readers.draft import registration
from audit.reports import html
from audit.reports.words import Words

STRICT = True
"""Whether every family must be translated; False only while families are, which have a file then."""
ENGLISH, PERSIAN = Words.of("en"), Words.of("fa")
LANGUAGES = ROOT / "report_templates" / "languages"
FAMILIES = {path.stem for path in (LANGUAGES / "fa").glob("*.yaml")}
PARTS = ("title", "message", "question", "rationale")
TABLES = (
    *(blinding._SAID, blinding._OBJECTS, blinding._ROUTES, masking._SAID, comparator._WORDS, dose._WHY, sequence._PREDICTABLE),
    *(sharing._DOCUMENTS, summary._SECTION_NAMES, summary._SAFETY, summary._OTHER),
    *(products._CLASSES, products._SOURCES, wording._WHY),
)
"""The words by which facts call what they found."""
NAMES = {"part", "characters", "around", "scale", "official", "title", "lies_in", "spellings"}
"""Blanks that hold names which have no translation here: the record's labels, characters, scales, titles of codes, provinces."""
ISOLATED = re.compile("[\u2066\u2068][^\u2066-\u2069]*\u2069")


def blanks(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def bare(sentence, instead=""):
    """The sentence without what is set apart in it."""
    while ISOLATED.search(sentence):
        sentence = ISOLATED.sub(instead, sentence)
    return sentence


def leaves(data, at=""):
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, f"{at}.{key}")
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from leaves(value, f"{at}[{number}]")
    else:
        yield at, str(data)


def wanted(code):
    return STRICT or code[:2] in FAMILIES


@pytest.fixture(scope="module")
def audits(catalogue, engine):
    """The audits of all examples, each with all that its record says, folded."""
    made = []
    by_day = {}
    for check in catalogue.checks:
        for example in check.examples:
            record = dict(example.record)
            by_day.setdefault(str(record.pop("as_of", "2026-06-11")), []).append(registration(record))
    for day, records in by_day.items():
        for audit in engine.examine(records, date.fromisoformat(day)):
            said = " ".join(" ".join(fold(value.text).split()) for value in audit.registration.values)
            made.append((audit, said))
    return made


@pytest.fixture(scope="module")
def findings(audits):
    return [(finding, said) for audit, said in audits for finding in (*audit.findings, *audit.below)]


def test_the_reports_have_the_same_words_with_the_same_blanks():
    plural = re.compile(r"\.(?:one|two|few|many|zero)$")
    english, persian = (
        {
            at: blanks(text)
            for at, text in leaves({key: words.report[key] for key in ("report", "reasons", "nothing", "yes", "no")})
        }
        for words in (ENGLISH, PERSIAN)
    )

    assert {at for at in english if not plural.search(at)} == {at for at in persian if not plural.search(at)}
    assert {at: there for at, there in persian.items() if there != english.get(at, there)} == {}


def test_every_check_is_translated(catalogue):
    lacking = [
        f"{check.code} {part}"
        for check in catalogue.checks
        if wanted(check.code)
        for part in PARTS
        if not PERSIAN.checks.get(check.code, {}).get(part, "").strip()
    ]

    assert lacking == []


def test_no_check_is_translated_that_is_not_there(catalogue):
    codes = {check.code for check in catalogue.checks}
    misplaced = [
        f"{code} in {path.name}"
        for path in (LANGUAGES / "fa").glob("*.yaml")
        for code in re.findall(r"^(\w+):", path.read_text(encoding="utf-8"), re.M)
        if code[:2] != path.stem
    ]

    assert set(PERSIAN.checks) - codes == set()
    assert misplaced == []
    assert {code: set(own) - set(PARTS) for code, own in PERSIAN.checks.items() if set(own) - set(PARTS)} == {}


def test_the_sentences_of_a_check_have_blanks_that_are_filled(catalogue):
    wrong = {}
    for check in catalogue.checks:
        own = PERSIAN.checks.get(check.code, {})
        if not own:
            continue
        filled = blanks(check.message) | blanks(check.question)
        said = blanks(own["message"]) | blanks(own["question"])
        if not said <= filled or blanks(check.message) - said or blanks(own["title"]) | blanks(own["rationale"]):
            wrong[check.code] = (said, filled)

    assert wrong == {}


def test_every_question_is_one():
    assert [code for code, own in PERSIAN.checks.items() if not own["question"].endswith("؟")] == []


def test_every_word_of_a_fact_has_its_term(findings):
    terms = PERSIAN.report["terms"]
    needed = {word: "a table" for table in TABLES for word in table.values()}
    for finding, record in findings:
        for name, value in finding.blanks.items():
            for one in value if isinstance(value, tuple) else (value,):
                if isinstance(one, Phrase):
                    needed[one.pattern] = f"{finding.check.code} {name}"
                elif isinstance(one, str) and not isinstance(one, Value) and name not in NAMES and not _is_said(one, record):
                    needed[one] = f"{finding.check.code} {name}"

    assert len(needed) > 150
    assert {word: where for word, where in needed.items() if word not in terms} == {}


def _is_said(text, record):
    """Whether words are the record's own, which stay as they are; what has no letters is nobody's."""
    parts = [" ".join(fold(part).split()).removesuffix(" …").strip('"') for part in re.split(r"[;,] | / ", text)]
    return not re.search("[A-Za-z]{2}", text) or all(part in record for part in parts) or fold(text) in record


def test_every_clause_with_blanks_has_its_term():
    terms = PERSIAN.report["terms"]
    patterns = {"primary {number}", "secondary {number}"}
    for path in (ROOT / "audit" / "engine").rglob("*.py"):
        for call in _calls(path, "Phrase"):
            patterns |= {one.value for one in ast.walk(call.args[0]) if isinstance(one, ast.Constant) and "{" in str(one.value)}
    patterns -= {" {number}"}  # of the f-string for "primary" and "secondary"

    assert len(patterns) > 20
    assert {pattern for pattern in patterns if pattern not in terms} == set()
    assert {pattern for pattern, own in terms.items() if blanks(pattern) != blanks(own)} == set()


def _calls(path, name):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name]


def _named(path):
    """The texts to which a module gives a name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assigned = [node for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)]
    return {target.id: node.value.value for node in assigned for target in node.targets if isinstance(target, ast.Name)}


def _constants(node):
    return [one for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def test_every_field_has_its_label():
    labels = PERSIAN.report["fields"]
    no_values = {"source", "registry", "number", "values", "language", "complete", "earlier", "others", "is_draft"}
    names = {field.name for field in dataclasses.fields(Registration)} - no_values
    for part in (Arm, Contact, EthicsReview, HealthCondition, Outcome, Sharing, Sponsor):
        names |= {field.name for field in dataclasses.fields(part)} - {"contact", "more", "document"}

    assert {name for name in names if name not in labels} == set()


def test_every_field_or_fact_of_a_reason_has_its_label(audits):
    labels = PERSIAN.report["fields"]
    reasons = {judgement.reason for audit, _ in audits for judgement in audit.judgements.values() if judgement.reason}
    named = {reason.about for reason in reasons if reason.kind not in ("text", "broken", "confidence")}
    parts = {part for name in named for part in re.sub(r"\[\d+\]", "", name).replace(".contact.", ".").split(".")}

    assert len(parts) > 30
    assert {part for part in parts if part not in labels} == set()


def test_every_clause_of_a_reason_is_translated(audits):
    own = PERSIAN.report["texts"]
    written, made = set(), []
    for path in (ROOT / "audit" / "engine").rglob("*.py"):
        named = _named(path)
        for call in _calls(path, "cannot_tell"):
            if isinstance(call.args[0], ast.Constant) and call.args[0].value == "text" and not _constants(call.args[1]):
                about = named.get(getattr(call.args[1], "id", ""))
                written |= {about} if about else set()
                made += [] if about else [f"{path.name}:{call.lineno}"]
            for one in (one for arg in call.args for one in ast.walk(arg)):
                if isinstance(one, ast.JoinedStr):
                    made.append(f"{path.name}:{one.lineno}")
                elif isinstance(one, ast.Constant) and " " in str(one.value):
                    written.add(one.value)
    said = {judgement.reason for audit, _ in audits for judgement in audit.judgements.values() if judgement.reason}

    assert made == [], "a reason that is put together cannot be translated; say it in whole sentences"
    assert len(written) > 60
    assert {text for text in written | {one.about for one in said if one.kind == "text"} if text not in own} == set()


def test_a_persian_sentence_has_no_latin_letters_but_set_apart(catalogue, findings, audits):
    sentences = [
        sentence
        for check in catalogue.checks
        if wanted(check.code)
        for sentence in (PERSIAN.title(check), PERSIAN.rationale(check))
    ]
    sentences += [
        sentence
        for finding, _ in findings
        if wanted(finding.check.code)
        for sentence in (PERSIAN.message(finding), PERSIAN.question(finding))
    ]
    reasons = {judgement.reason for audit, _ in audits for judgement in audit.judgements.values() if judgement.reason}
    sentences += [PERSIAN.reason(reason) for reason in reasons]

    assert len(sentences) > 800
    assert {one for one in sentences if re.search("[A-Za-z]", bare(one))} == set()
    assert {one for one in sentences if "{" in bare(one)} == set()


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("marks of another script", r"[?;,\"'%]"),
        ("letters of Arabic", "[يكىۀ]"),
        ("digits of another script", r"[0-9٠-٩]"),
        ("a blank before a mark", r"[ \u200c][،؛؟.:»)]"),
        ("no blank after a mark", r"[،؛؟:](?=[^\s»)\u2066-\u2069])"),
        ("a blank inside quotation marks", "« | »"),
        ("a blank where a half-space belongs", r"(?<!\w)ن?می |\w (?:ها|های|هایی|هایش|تر|ترین)(?!\w)|ه ی(?!\w)"),
        ("a half-space at the edge of a word", "(?<!\\w)\u200c|\u200c(?!\\w)"),
        ("two blanks", "  "),
    ],
)
def test_persian_is_well_set(what, pattern):
    kept = {key: PERSIAN.report[key] for key in ("report", "reasons", "terms", "fields", "texts")}
    texts = dict(leaves({**kept, "checks": PERSIAN.checks}))
    wrong = {
        at: text
        for at, text in texts.items()
        if re.search(pattern, re.sub(r"\{\w+\}", "نام", bare(text, "نام"))) and not re.search(r"SHA|PDF|XLSX|CSV", text)
    }

    assert wrong == {}, what


def test_a_persian_report_says_that_nobody_has_signed_off_the_translation(examine, catalogue, tmp_path):
    (audit,) = examine(next(path for path in SAMPLES if path.stem == "split_mouth"), "split_mouth.txt")
    own = tmp_path / "languages" / "fa.yaml"
    own.parent.mkdir()
    own.write_text("reviewer: بازبین ساختگی\n", encoding="utf-8")
    said = PERSIAN.report["report"]["not_reviewed"]
    info = html.RunInfo.of(catalogue.checks, catalogue.sha256)

    assert PERSIAN.report["reviewer"] is None
    assert said in html.render(audit, info, PERSIAN)
    assert said not in html.render(audit, info, Words.of("fa", tmp_path))
    assert "signed off" not in html.render(audit, info, ENGLISH)


def test_a_committee_has_its_own_words_for_a_check(tmp_path):
    own = tmp_path / "languages" / "fa" / "BL.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("BL01:\n  title: عنوانی دیگر\n", encoding="utf-8")
    words = Words.of("fa", tmp_path)

    assert words.checks["BL01"] == {**PERSIAN.checks["BL01"], "title": "عنوانی دیگر"}
    assert words.checks["BL02"] == PERSIAN.checks["BL02"]


def test_what_a_code_means_depends_on_its_field():
    record = registration({"assignment": "Single", "blinding": "Single blinded"})

    assert (PERSIAN.coded(record.assignment), PERSIAN.coded(record.blinding)) == ("تک‌گروهی", "یک‌سویه کور")
    assert PERSIAN.coded(record.public_title) is None


def test_a_clause_with_blanks_is_worded_in_each_language():
    phrase = Phrase("repeats the section {section} word for word", section="design")
    unknown = Phrase("a clause of {number} words", number=4)

    assert (ENGLISH.said(phrase), str(phrase)) == ("repeats the section design word for word",) * 2
    assert PERSIAN.said(phrase) == "بخش «طراحی» را کلمه‌به‌کلمه تکرار می‌کند"
    assert PERSIAN.said(unknown) == "\u2066a clause of 4 words\u2069"


def test_a_part_of_a_group_is_called_by_both_names():
    assert PERSIAN.field("ethics_reviews[1].approval_date") == "تأییدیهٔ کمیته‌های اخلاق ۲: تاریخ تأیید"
    assert PERSIAN.field("sponsors[0].contact.phone") == "حمایت‌کنندگان / منابع مالی ۱: تلفن"
    assert ENGLISH.field("ethics_reviews[1].approval_date") == "ethics reviews 2: approval date"


def test_a_check_that_is_only_in_english_is_english_throughout(findings):
    finding = next(finding for finding, _ in findings if finding.check.code == "OC07")
    none = dataclasses.replace(PERSIAN, checks={})

    assert none.message(finding) == f"\u2066{ENGLISH.message(finding)}\u2069"
    assert none.question(finding) == f"\u2066{ENGLISH.question(finding)}\u2069"
    assert none.title(finding.check) == f"\u2066{finding.check.title}\u2069"


def test_what_is_the_same_in_every_language_is_said_in_its_own_way():
    said = {"registration_date": "2022-04-16, 1401/01/27", "target_sample_size": "60", "completion_date": "empty"}
    record = registration(said)
    other = registration({"registration_date": "2022-04-16, 1401/01/26"})

    assert PERSIAN.said(record.registration_date) == "۲۷ فروردین ۱۴۰۱ (\u20662022-04-16\u2069)"
    assert PERSIAN.said(other.registration_date) == "\u20682022-04-16, 1401/01/26\u2069"
    assert (PERSIAN.said(record.target_sample_size), PERSIAN.said(record.completion_date)) == ("۶۰", "خالی")
    assert (ENGLISH.said(record.target_sample_size), ENGLISH.said(record.completion_date)) == ("60", "empty")
    assert PERSIAN.listed(["one, and two", "three", "four"]) == "one, and two،\u200f three و four"
