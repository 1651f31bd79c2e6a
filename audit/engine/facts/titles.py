"""Facts on the titles: whether they say something, differ, name the condition and the design, and whether people are studied."""

import re
from collections import Counter
from string import ascii_lowercase

from audit.engine.language import persian, unread
from audit.engine.likeness import stems
from audit.engine.reading import Reading, cannot_tell, fact, listed, missing
from audit.model.registration import Registration
from audit.model.result import Case, Fact, Phrase
from audit.model.span import Value

_LONG_ENOUGH = 10
"""From so many words on, a difference of one word makes no other title."""
_SHORT_TITLE = 30
_JARGON = 3
_ACRONYM = re.compile(r"\b[A-Z][A-Za-z]?[A-Z]+\b")


def _words(value: Value) -> list[str]:
    if value.folded.isascii() and not persian(value):
        return re.findall(r"[a-z0-9]+", value.folded.replace("-", ""))
    return value.persian.split()


@fact
def titles_are_the_same(reading: Reading) -> Fact:
    """Whether the public and the scientific title have the same words, in a long title but for one."""
    record = reading.registration
    if reason := missing(record.public_title, record.scientific_title):
        return reason
    public, scientific = Counter(_words(record.public_title)), Counter(_words(record.scientific_title))
    more, less = (public - scientific).total(), (scientific - public).total()
    near = max(more, less) <= 1 and public.total() >= _LONG_ENOUGH
    joined = "".join(_words(record.public_title)) == "".join(_words(record.scientific_title))
    return Fact(joined or near or more == less == 0, (record.public_title.whole(), record.scientific_title.whole()))


def _titles(record: Registration) -> list[tuple[str, Value]]:
    return [("public title", record.public_title), ("scientific title", record.scientific_title)]


def _rest(reading: Reading, value: Value, patterns: tuple[str, ...]) -> str:
    """Return what is left of a title without the words of *patterns*."""
    left = value.folded
    for hit in reading.find(patterns, value):
        rest = left[hit.end :]
        if hit.text[-1:].isalpha():
            rest = rest.lstrip(ascii_lowercase)  # "osteoarthr" stands for the whole word
        left = left[: hit.start] + " " * (len(left) - hit.start - len(rest)) + rest
    return left


@fact(cases=("which", "title", "lacks"))
def empty_titles(reading: Reading) -> Fact:
    """Titles that are made of words every trial has, or that name a disease and no more than treatment."""
    record = reading.registration
    given = [(which, value) for which, value in _titles(record) if value.given]
    if not given:
        return missing(record.public_title) or cannot_tell("unclear", record.public_title.field)
    readable = [(which, value) for which, value in given if not persian(value)]
    if not readable:
        return cannot_tell("language", given[0][1].field)
    cases = []
    for which, value in readable:
        title = " ".join(value.text.split())
        if len(title) > 90:
            continue
        if not re.search(r"[a-z]{2}", _rest(reading, value, ("identity.hollow_words",))) or (
            len(title) <= _SHORT_TITLE and _names_a_kind_only(reading, value)
        ):
            cases.append(Case({"which": which, "title": title, "lacks": "what is studied"}, (value.whole(),)))
        elif which == "public title" and _no_product(reading, value):
            cases.append(Case({"which": which, "title": title, "lacks": "what is given or done"}, (value.whole(),)))
    return listed(cases)


def _names_a_kind_only(reading: Reading, value: Value) -> bool:
    """Return whether a title names no more than a kind of treatment ("Exercise study"): neither which one nor for whom."""
    left = _rest(reading, value, ("identity.hollow_words", "identity.broad_treatment", "identity.kinds"))
    return reading.first("diseases", value) is None and not re.search(r"[a-z]{2}", left)


def _no_product(reading: Reading, value: Value) -> bool:
    if reading.registration.study_type.code == "observational":
        return False
    left = _rest(reading, value, ("identity.hollow_words", "identity.broad_treatment", "diseases"))
    words = [word for word in re.findall(r"[a-z]{3,}", left) if word != "sars"]
    return reading.first("diseases", value) is not None and not words


@fact
def empty_titles_name_a_disease(reading: Reading) -> Fact:
    """Whether the titles that lack something at least name a disease."""
    found = reading.fact("empty_titles")
    if found.value is None:
        return Fact(reason=found.reason)
    return Fact(bool(found.cases) and all(case.values["lacks"] == "what is given or done" for case in found.cases))


@fact(cases=("problem", "title"))
def public_title_not_for_the_public(reading: Reading) -> Fact:
    """What keeps the public from understanding the public title: it names no condition of the record, or is made of terms of art."""
    record = reading.registration
    title = record.public_title
    if reason := missing(title) or unread(title):
        return reason
    conditions = [
        value
        for one in record.conditions
        for value in (one.description, one.icd10_description)
        if value.given and not persian(value)
    ]
    cases = []
    if conditions and not _names_one_of(reading, title, conditions):
        said = ", ".join(dict.fromkeys(" ".join(value.text.split()) for value in conditions))
        values: dict[str, object] = {
            "problem": Phrase("names no condition of the record ({conditions})", conditions=said),
            "title": title.text,
        }
        cases.append(Case(values, (title.whole(), *(value.whole() for value in conditions[:2]))))
    terms = list({hit.text: hit for hit in reading.find("identity.jargon", title)}.values())
    if len(terms) >= _JARGON:
        words = ", ".join(hit.place.quote for hit in terms)
        values = {"problem": Phrase("has terms that few people know ({words})", words=words), "title": title.text}
        cases.append(Case(values, (title.whole(), *(hit.place for hit in terms))))
    if not conditions and not cases:
        return missing(record.conditions) or cannot_tell("text", "the health conditions are not described in English")
    return listed(cases)


def _names_one_of(reading: Reading, title: Value, conditions: list[Value]) -> bool:
    said = stems(title.folded)
    if any(said & stems(value.folded) for value in conditions):
        return True
    if _ACRONYM.search(title.text):
        return True  # an abbreviation may be the condition
    named = {hit.pattern for hit in reading.find("diseases", *conditions)}
    return any(hit.pattern in named for hit in reading.find("diseases", title)) or _initials(title, conditions)


def _initials(title: Value, conditions: list[Value]) -> bool:
    """Return whether the title has the initials of a condition ("PCOS"), or a condition those of words of the title."""
    words = set(re.findall(r"[a-z]{2,}", title.folded))
    for value in conditions:
        parts = re.findall(r"[a-z]+", value.folded)
        if "".join(part[0] for part in parts) in words or any(len(p) > 2 and p in _initial_runs(title.folded) for p in parts):
            return True
    return False


def _initial_runs(folded: str) -> set[str]:
    firsts = "".join(part[0] for part in re.findall(r"[a-z]+", folded))
    return {firsts[at : at + length] for length in (3, 4, 5) for at in range(len(firsts) - length + 1)}


@fact
def scientific_title_tells_the_design(reading: Reading) -> Fact:
    """Whether the scientific title has a word for the design or for a comparison."""
    title = reading.registration.scientific_title
    if reason := missing(title) or unread(title):
        return reason
    hit = reading.first("identity.design_words", title)
    return Fact(hit is not None, (hit.place if hit else title.whole(),))


@fact(cases=("words",))
def subjects_that_are_no_people(reading: Reading) -> Fact:
    """Animals, cells or extracted teeth as what is studied, in a record that speaks of no people."""
    record = reading.registration
    texts = [
        value
        for value in (
            record.scientific_title,
            record.public_title,
            record.design_summary,
            record.settings,
            record.inclusion_criteria,
        )
        if value.given and not persian(value)
    ]
    if not texts:
        return cannot_tell("text", "the record has no text in English on what is studied")
    hits = [
        hit
        for hit in reading.find(("subjects.animals", "subjects.bench"), *texts)
        if not reading.first("subjects.not_here", Value("around", text=hit.value.folded[max(0, hit.start - 60) : hit.end + 40]))
    ]
    if not hits:
        return listed(())
    everything = [*texts, *(arm.description for arm in record.arms), record.criteria_summary]
    if reading.first("subjects.humans", *everything):
        return listed(())
    return listed([Case({"words": hits[0].place.quote}, tuple(hit.place for hit in hits[:3]))])
