"""Facts on fields that look filled and say nothing, and on texts that stop in the middle."""

import re
from collections.abc import Iterator
from dataclasses import fields

from audit.engine.language import persian
from audit.engine.reading import Reading, cannot_tell, fact, listed
from audit.model.registration import Contact, Registration
from audit.model.result import Case, Fact, Phrase
from audit.model.span import Place, Value

_PLACEHOLDER = re.compile(
    r"[-_.?*/,;:=+#~ ]+|n ?[./-]? ?a\.?|none|nil|null|nothing|no|yes|tests?|test \w{1,4}|(?:x|xx+|aaa+|bbb+|zzz+|asdf\w*|qwer\w*|abcd?|blah(?: blah)*)|others?|"
    r"0+|1234?5?6?|not (?:applicable|available|known|specified|defined|relevant)|no (?:information|data|answer|comment|description)|unknown|"
    r"(?:the )?same(?: as (?:above|before|the above))?|(?:as|see|mentioned) (?:above|before|below|protocol|attached)|ditto|tb[acd]|to be (?:determined|announced|completed|added)|"
    r"empty|lorem ipsum.*"
)
_CONTACT = re.compile(
    r"[-_.?*/,;:=+#~ ]+|n ?[./-]? ?a\.?|none|nil|null|no|yes|tests?|(?:x|xx+|aaa+|asdf\w*|qwer\w*|abcd?)|others?|0+|unknown|not (?:applicable|available|known)|"
    r"(?:the )?same(?: as above)?|as above|tb[acd]"
)
_MEANT = re.compile(
    r"none|nil|nothing|no|n ?[./-]? ?a\.?|not (?:applicable|available)|no (?:information|data)|same.*|the same.*|as (?:above|before)|yes|0+"
)
"""What says something in a field that may rightly hold nothing."""
_LONGEST = 40


@fact(cases=("part", "said"))
def placeholder_values(reading: Reading) -> Fact:
    """The fields on the trial itself that hold a filler ("-", "test", "N/A") where a text is needed."""
    r = reading.registration
    return listed(
        Case({"part": value.label or value.field, "said": value.text.strip()}, (value.whole(),)) for value in _fillers(r)
    )


def _fillers(r: Registration) -> Iterator[Value]:
    needed = [
        r.public_title,
        r.scientific_title,
        r.study_aim,
        r.design_summary,
        r.settings,
        r.criteria_summary,
        r.outcomes_summary,
    ]
    needed += [r.inclusion_criteria]
    needed += [part for o in (*r.primary_outcomes, *r.secondary_outcomes) for part in (o.description, o.timepoint, o.method)]
    needed += [condition.description for condition in r.conditions]
    needed += [review.committee for review in r.ethics_reviews]
    if r.randomization.code == "randomized":
        needed.append(r.randomization_description)
    if r.blinding.code in ("single", "double", "triple", "quadruple"):
        needed.append(r.blinding_description)
    alone = len(r.secondary_outcomes) == 1 and all(
        _said(part) is None or _MEANT.fullmatch(_said(part) or "") for part in _parts(r.secondary_outcomes[0])
    )
    for value in needed:
        said = _said(value)
        if said is None or not _PLACEHOLDER.fullmatch(said):
            continue
        if alone and value in _parts(r.secondary_outcomes[0]):
            continue  # "Secondary outcomes: none" says that there are none
        yield value
    for value in (r.exclusion_criteria, r.arms_summary, *(arm.description for arm in r.arms)):
        said = _said(value)
        if said is not None and _PLACEHOLDER.fullmatch(said) and not _MEANT.fullmatch(said):
            yield value


def _parts(outcome: object) -> tuple[Value, ...]:
    return tuple(getattr(outcome, name) for name in ("description", "timepoint", "method"))


def _said(value: Value) -> str | None:
    """Return the folded text of a short value, None when it is long or not given."""
    return value.folded.strip() if value.given and len(value.text) <= _LONGEST else None


_CONTACT_PARTS = ("name", "organization", "address", "city", "phone", "email", "specialty", "position", "degree")


@fact(cases=("part", "said"))
def placeholder_contacts(reading: Reading) -> Fact:
    """The parts of contacts, sponsors and centres that hold a filler ("Others", "-", "0")."""
    r = reading.registration
    contacts = [r.registrant, r.public_contact, r.scientific_contact, r.updating_contact, *r.centres]
    contacts += [sponsor.contact for sponsor in r.sponsors]
    found: dict[str, list[Value]] = {}
    for contact in contacts:
        for value in _contact_values(contact):
            said = _said(value)
            if said is not None and said.strip("; ") and _CONTACT.fullmatch(said):  # ";" alone is the export's
                found.setdefault(f"{value.label or value.field}\n{value.text.strip()}", []).append(value)
    return listed(
        Case({"part": values[0].label or values[0].field, "said": values[0].text.strip()}, tuple(v.whole() for v in values[:4]))
        for values in found.values()
    )


def _contact_values(contact: Contact | None) -> Iterator[Value]:
    if contact is not None:
        yield from (getattr(contact, part.name) for part in fields(contact) if part.name in _CONTACT_PARTS)


_LEADS_ON_WORDS = (
    "the an and or will be of their its his her these than between into because is are was were whose would should can may "
    "whether every each using including containing"
)
_LEADS_ON = frozenset(_LEADS_ON_WORDS.split())
_PREPOSITIONS_WORDS = "with by from for in at on to during after before within per via as under"
_PREPOSITIONS = frozenset(_PREPOSITIONS_WORDS.split())
_RELATIVE = frozenset(("which", "what", "that", "whom", "who", "where", "whose", "how"))
_ENDS = re.compile(
    r"ed$|en$|ing$|^(?:so|go|log|came|come|live|lives|refer|refers|lie|lies|belong|belongs|whom|which|what|drop|walk|check|breath|breathe|carry|hold|keep|and|or|work|depend|look)$"
)
_ARTICLE_LEAD_WORDS = "of with in as to is by for from on receive receives received have has be was at into takes gets"
_ARTICLE_LEAD = frozenset(_ARTICLE_LEAD_WORDS.split())
_INFLECTIONS_WORDS = (
    "s es ed d ing ly al er ers r n 's y ies ness ful ment ments ally ic ical ically ity e en able ate ated ation ations ion ions ive ists ist or ors ry a i um us is age ling "
    "ized ised ization isation ize izes izing base bases time times book day days ache point points line lines work works man men hood ship wise less like ward wards fold"
)
_INFLECTIONS = frozenset(_INFLECTIONS_WORDS.split())
_SHORT_FORMS_WORDS = (
    "min max inj tab cap amp no lab exam info hr hrs sec wk wks mo mon yr yrs vit med meds approx resp temp cm mm kg mg ml pt pts dept univ hosp dr prof st ave fig "
    "in on at to of be by he we me so do go am an as is it or up us if my"
)
_SHORT_FORMS = frozenset(_SHORT_FORMS_WORDS.split())
_PART_WORD = re.compile(r"[a-z]{2,}")
_LEAST = 120


@fact(cases=("part", "ending", "why"))
def cut_texts(reading: Reading) -> Fact:
    """The texts that stop in the middle of a sentence, a bracket or a word."""
    r = reading.registration
    values = [value for value in _long_texts(r) if value.given]
    if not values:
        return cannot_tell("unknown", "settings")
    last = max((value.start + len(value.text) for value in r.values), default=0)
    cases = []
    for value in dict.fromkeys(values):
        if persian(value):
            continue
        if not r.complete and value.start + len(value.text) >= last - 5:
            continue  # where the record itself is cut
        why = _why_cut(reading, value)
        if why:
            place = _ending(value)
            quote = " ".join(place.quote.split())
            cases.append(Case({"part": value.label or value.field, "ending": quote, "why": why}, (place,)))
    return listed(cases)


def _long_texts(r: Registration) -> Iterator[Value]:
    yield from (r.study_aim, r.design_summary, r.settings, r.criteria_summary, r.arms_summary, r.inclusion_criteria)
    yield from (r.exclusion_criteria, r.randomization_description, r.blinding_description, r.outcomes_summary)
    yield from (arm.description for arm in r.arms)
    yield from (outcome.description for outcome in (*r.primary_outcomes, *r.secondary_outcomes))


def _ending(value: Value) -> Place:
    end = len(value.text.rstrip())
    start = value.text.rfind(" ", 0, max(0, end - 60)) + 1
    while start < end and value.text[start].isspace():
        start += 1
    return value.place(start, end)


def _why_cut(reading: Reading, value: Value) -> str | None:
    folded = value.folded.rstrip()
    if not folded or not folded[-1].isalpha() or len(folded) < 30:
        return None
    words = folded[-60:].replace("\n", " ").split()
    if len(words) < 4:
        return None
    last, before = words[-1], words[-2].strip(",;:(")
    if (
        last in _LEADS_ON
        or (last in _PREPOSITIONS and before and not _ENDS.search(before) and not _RELATIVE & {*words[-9:]})
        or (last == "a" and before in _ARTICLE_LEAD)
    ):
        return Phrase('it ends with "{word}"', word=last)
    if len(folded) >= _LEAST and _unknown_beginning(reading, value, last):
        return Phrase('it ends with "{word}", which begins a longer word', word=last)
    return None


def _unknown_beginning(reading: Reading, value: Value, last: str) -> bool:
    """Return whether *last* is no word of this record and begins a longer one that is, more than by an ending."""
    if len(last) < 2 or not last.isalpha() or last in _SHORT_FORMS or not value.text.rstrip()[-len(last) :].islower():
        return False
    longer, alone = False, 0
    for other in _long_texts(reading.registration):
        if not other.given or last not in other.folded:
            continue
        for match in _PART_WORD.finditer(other.folded):
            if match[0] == last:
                alone += 1
            elif match[0].startswith(last) and match[0][len(last) :] not in _INFLECTIONS and len(last) >= 2:
                longer = True
    return longer and alone <= 1
