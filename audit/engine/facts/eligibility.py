"""Facts on who may take part: sex, pregnancy, and conditions that are asked for and kept out at once."""

import re

from audit.engine.criteria import IN, OUT, Item, criteria_items, several_lists
from audit.engine.language import unread
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed, missing
from audit.engine.scope import denied, sentence_at
from audit.model.result import Case, Fact
from audit.model.span import Place, Value

_WORDS_OF = {"male": ("sexes.women", "sexes.womens_condition"), "female": ("sexes.men", "sexes.mens_condition")}
_LEAD = re.compile(
    r"(?:(?:being|be|is|to be|are|the|an?|study|participants?|patients?|subjects?|sex|gender|population|will be|must be|should be)[ :=]*)*"
)
_MOTHER = re.compile(rf"\W*(?:{_LEAD.pattern})(?P<who>mothers? (?:of|with|who|whose|having)\b[^.;]*)")
_BESIDE_MOTHERS = re.compile(
    r"\b(?:fathers?|parents?|husbands?|couples?|famil\w+|care-?givers?|newborns?|neonat\w+|infants?|bab(?:y|ies))\b"
)
_ADMITTED = re.compile(
    r"[^.;\n]{0,60}\b(?:may|can|could|are allowed to|are permitted to) (?:also )?"
    r"(?:join|take part|participate|enter|enrol\w*|be (?:included|enrolled|admitted|recruited))\b"
)
_ALLOWED = re.compile(r"[^.;]{0,40}\b(?:can|may|also|if)\b")
_NEWBORN = re.compile(r"\b(?:newborns?|neonat\w*|infants?|preterm|premature|bab(?:y|ies)|f[o]?etus\w*|f[o]?etal)\b")


def _unknown(reading: Reading) -> Fact | None:
    r = reading.registration
    detailed = [value for value in (r.inclusion_criteria, r.exclusion_criteria) if value.given]
    values = detailed or [value for value in (r.criteria_summary,) if value.given]
    if not values:
        return cannot_tell(r.inclusion_criteria.state.value, r.inclusion_criteria.field)
    return unread(*values)


def _in_item(item: Item, hits: list[Hit]) -> list[Hit]:
    return [hit for hit in hits if hit.value is item.value and item.start <= hit.start and hit.end <= item.end]


@fact(cases=("text_says", "field_says"))
def sex_contradicted(reading: Reading) -> Fact:
    """Words that ask for the other sex than the field, for both sexes, or for one sex where the field says both."""
    r = reading.registration
    if nothing := missing(r.sex):
        return nothing
    if r.sex.code is None:
        return cannot_tell("unclear", "sex")
    if (unknown := _unknown(reading)) is not None and not len(r.conditions):
        return unknown
    place = _of_both(reading) if r.sex.code == "both" else _of_one(reading, r.sex.code)
    return listed([Case({"text_says": place.quote, "field_says": r.sex.text}, (place, r.sex.whole()))] if place else [])


def _of_both(reading: Reading) -> Place | None:
    """What makes a trial of both sexes one of one sex: the subject of an inclusion criterion, or every condition."""
    r = reading.registration
    texts = (r.inclusion_criteria, r.criteria_summary, r.public_title, r.scientific_title)
    if mothers := _mothers(reading, texts):
        return mothers
    if reading.first(("sexes.both", "sexes.others"), *texts, *(one.description for one in r.conditions)):
        return None
    women, men = reading.find("sexes.women", *texts), reading.find("sexes.men", *texts)
    if women and men:
        return None
    for item in criteria_items(reading) if women or men else ():
        if item.role == IN and (place := _subject(reading, item, [*women, *men])):
            return place
    named = [reading.first(("sexes.womens_condition", "sexes.mens_condition"), one.description) for one in r.conditions]
    hits = [hit for hit in named if hit is not None]
    if hits and len(hits) == len(r.conditions) and len({hit.pattern for hit in hits}) == 1:
        other = men if hits[0].pattern == "sexes.womens_condition" else women
        return None if other else hits[0].value.whole()
    return None


def _mothers(reading: Reading, texts: tuple[Value, ...]) -> Place | None:
    """The criterion that only mothers can fulfil, where a title is of mothers and no text speaks of fathers or the newborn."""
    if any(_BESIDE_MOTHERS.search(value.folded) for value in texts) or not any("mothers" in value.folded for value in texts[2:]):
        return None
    for item in criteria_items(reading):
        if item.role == IN and (match := _MOTHER.match(item.folded)):
            return item.value.place(item.start + match.start("who"), item.start + match.end())
    return None


def _of_one(reading: Reading, code: str) -> Place | None:
    r = reading.registration
    for both in reading.find("sexes.both", r.inclusion_criteria):
        start, end = sentence_at(both.value.folded, both.start)
        others = any(start <= hit.start < end for hit in reading.find("sexes.others", both.value))
        if not others and not denied(both.value.folded, both.start, both.end):
            return both.place
    words, condition = _WORDS_OF[code]
    hits = reading.find(words, r.inclusion_criteria)
    own = reading.first(_WORDS_OF["female" if code == "male" else "male"][0], r.inclusion_criteria)
    for item in criteria_items(reading) if hits else ():
        if (
            item.role == IN
            and (place := _subject(reading, item, hits))
            and (
                not own
                or (_ADMITTED.match(item.value.folded, place.end) and not denied(item.value.folded, place.start, place.end))
            )
        ):
            return place
    for one in r.conditions:
        if len(r.conditions) == 1 and (hit := reading.first(condition, one.description)):
            return hit.value.whole()
    return None


def _admitted(place: Place) -> bool:
    """Return whether those at *place* may join, who are not meant: "men of the same house may join"."""
    folded = place.value.folded
    return _ADMITTED.match(folded, place.end) is not None and not denied(folded, place.start, place.end)


def _subject(reading: Reading, item: Item, hits: list[Hit]) -> Place | None:
    """The words at the start of a criterion that say of which sex the participants are, unless they limit another rule."""
    for hit in _in_item(item, hits):
        lead = _LEAD.match(item.folded)
        if lead and item.start + lead.end() >= hit.start and not _in_item(item, reading.find("sexes.not_a_rule", item.value)):
            return hit.place
    return None


@fact(cases=("text_says", "other_says"))
def pregnancy_contradictions(reading: Reading) -> Fact:
    """Criteria that ask for pregnancy and keep it out at once, or that keep it out of a trial of men."""
    if (unknown := _unknown(reading)) is not None:
        return unknown
    r = reading.registration
    if not any("pregnan" in value.folded for value in texts_of(reading)):
        return listed(())
    found = criteria_items(reading)
    kept_out = [item for item in found if item.role == OUT and _keeps_out_pregnancy(reading, item)]
    if not kept_out:
        return listed(())
    if r.sex.given and r.sex.code == "male":
        return listed(
            [Case({"text_says": kept_out[0].place.quote, "other_says": r.sex.text}, (kept_out[0].place, r.sex.whole()))]
        )
    asked = _asks_for_pregnancy(reading, [item for item in found if item.role == IN])
    if asked is None:
        return listed(())
    return listed([Case({"text_says": asked.quote, "other_says": kept_out[0].place.quote}, (asked, kept_out[0].place))])


def _keeps_out_pregnancy(reading: Reading, item: Item) -> bool:
    if "pregnan" not in item.folded or len(item.folded) > 120:
        return False
    (pattern,) = (reading.vocabulary.patterns[number] for number in reading.vocabulary.numbers("pregnancy.excluded"))
    return bool(pattern.english and pattern.english.search(item.folded))


def _asks_for_pregnancy(reading: Reading, found: list[Item]) -> Place | None:
    hits = reading.find("pregnancy.required", *dict.fromkeys(item.value for item in found))
    if not hits or any(_NEWBORN.search(item.folded) for item in found):
        return None
    women = reading.registration.sex.code == "female" or any("women" in item.folded for item in found)
    pregnant = women or any("pregnan" in hit.text for hit in hits)
    for item in found:
        for hit in _in_item(item, hits):
            lead = _LEAD.match(item.folded)
            first = lead is not None and item.start + lead.end() >= hit.start
            allowed = _ALLOWED.match(item.value.folded, hit.end, item.end)
            if (
                first
                and not allowed
                and (pregnant or "women" in item.folded)
                and not denied(item.value.folded, hit.start, hit.end)
            ):
                return item.place
    return None


_NOISE = re.compile(
    r"\b(?:patients?|participants?|subjects?|people|persons?|individuals?|cases?|those|who|that|with|having|have|has|had|suffering|suffers?|from|the|an?|any|of|to|in|"
    r"presence|existence|diagnosis|diagnosed|known|confirmed|being|be|is|are|and|or)\b|[^a-z0-9<>=%.\x01\x02/]+"
)
_NEGATIVE = re.compile(
    r"\b(?:no|not|non|without|lack|absence|absent|un\w+|in(?:ability|tolerance)|never|free|refus\w*|dissatisf\w*|other|except|deny|denial)\b|\bdis(?:agree|sent)"
)
_HEADING = re.compile(
    r"\b(?:groups?|cohorts?|stage \w+|phase \w+|sub-?stud\w+|arms?|part \w+|recipients?|dona?tors?|donors?|controls?|cancel\w*|following|criteria|section|exclu\w+|healthy \w+|cases?)\W*$|exclu|cancel|^for |\bprotocol|^see "
)
_CONSENT = re.compile(
    r"consent|satisf|willing|agree|tendency|desire|particip|cooperat|complian|access|able\b|ability|availab|permission|approval|interest"
)
_QUALIFIERS = re.compile(
    r"(?:\b(?:mild|moderate|severe|stable|chronic|primary|essential|definitive|type [12i]{1,2}|type one|type two|controlled|uncontrolled|active|definite|well|poorly|symptomatic|early|late|"
    r"advanced|proven|clinical|newly|by|specialists?|physicians?|doctors?|\w+ologists?|to|disease|mellitus|disorders?|patients|for|(?:at least|more than) \w+ (?:months?|years?|weeks?)|\w+ (?:months?|years?))\b[ ]?)*"
)
_QUALIFIED = re.compile(
    r"\b(?:mild|moderate|severe|stable|unstable|chronic|acute|primary|secondary|type|\w*controlled|active|history|without|due|caused|related|induced|requir\w+|resistant|"
    r"advanced|end|stage|family|for|than|need\w*|treated|on|complicat\w+|if|other|recent|current|poorly|symptomatic|gestational|bipolar|post)\b|\d"
)
_PART = re.compile(r"[^,/&]+?(?=,|/|&| and | or |$)")
_MOST = 3
_FORESEEN = re.compile(
    r"\b(?:plan\w*|intend\w*|intention|wish\w*|may|might|possib\w*|likely|probab\w*|risk|expect\w*|predict\w*|anticipat\w*|will be|consider\w*|potential\w*|should have|right to|forecast\w*|history|previous\w*|candidates?|decision)\b"
)
_LED = re.compile(r"(?:patients with|people with|any|with|having|have|has|other|no|of|from|suffering)\b")
_NOTHING_BEFORE = re.compile(r"(?:^|[\r\n.;,:\u2022*>-])[ \t]*$")
_NOTHING_AFTER = re.compile(
    r"[ \t]*(?!,? ?(?:such as|including|includ|e\.?g|for example|for instance|like|i\.e|namely|as assessed|according|defined))(?:$|[\r\n.;,)]|<br|_x000D_)"
)
_OPEN_END = (" face", " in any part", " and other", " or other")
_LINK = re.compile(r"^(?:with|of|from|having|has|have|suffering) +")
_SOON = re.compile(r"[^.;]{0,40}\bwithin (?:the )?(?:next )?\d")
_DEATH = re.compile(r"(?:the )?(?:patient.?s? )?deaths?(?: of (?:the )?(?:patients?|participants?))?")
_LEAVING = re.compile(
    r"\b(?:exit|withdrawal|drop-?out|elimination|termination|discontinuation|removal|rejection|suspension|post-randomi[sz]ation exclusion)s? (?:criteria|criterion|standards?)\b"
    r"|\b(?:criteria|reasons|conditions|standards?) (?:for|of) (?:the )?(?:early |premature )?(?:exit|withdraw|drop|eliminat|terminat|discontinu|removal|leaving|suspen)"
)
"""A heading from which on the text says who leaves the study."""
_SHORT = 160
_SHORTEST = 5


@fact(cases=("text_says",))
def later_events_among_exclusions(reading: Reading) -> Fact:
    """The exclusion criteria that can only be met after enrolment: withdrawal, loss, death, harm during the study."""
    if (unknown := _unknown(reading)) is not None:
        return unknown
    places: list[Place] = []
    for item in criteria_items(reading):
        if item.role != OUT or _LEAVING.search(item.value.folded, 0, item.start):
            continue
        hits = [
            hit
            for hit in _in_item(item, reading.find("criteria.after_enrolment", item.value))
            if not _FORESEEN.search(item.value.folded, max(item.start, hit.start - 60), hit.end)
            and not _SOON.match(item.value.folded, hit.end, item.end)
        ]
        if hits or _DEATH.fullmatch(item.folded):
            places.append(item.place if len(item.folded) <= _SHORT or not hits else hits[0].place)
    return listed([Case({"text_says": places[0].quote}, tuple(places[:_MOST]))] if places else [])


@fact(cases=("text_says",))
def vague_criteria(reading: Reading) -> Fact:
    """The first criteria that name no disease, scale or limit by which they could be judged."""
    if (unknown := _unknown(reading)) is not None:
        return unknown
    hits = reading.find(("criteria.vague", "criteria.vague_degree"), *texts_of(reading))
    places = [_trimmed(hit) for hit in hits if hit.pattern == "criteria.vague_degree" or _is_all(hit)]
    return listed([Case({"text_says": places[0].quote}, tuple(places[:_MOST]))] if places else [])


def _is_all(hit: Hit) -> bool:
    """Whether nothing in its criterion says more than *hit*: no "severe disease such as heart failure"."""
    text = hit.value.text
    begins = _LED.match(hit.text) or _NOTHING_BEFORE.search(text[max(0, hit.start - 5) : hit.start])
    return bool(begins and (hit.text.endswith(_OPEN_END) or _NOTHING_AFTER.match(text, hit.end)))


@fact(cases=("required", "excluded"))
def required_and_excluded(reading: Reading) -> Fact:
    """Criteria that stand in both lists: the same words, or a disease that is asked for and, as such, kept out."""
    if (unknown := _unknown(reading)) is not None:
        return unknown
    found = criteria_items(reading)
    if not any(item.role == OUT for item in found) or not any(item.role == IN for item in found):
        return cannot_tell("text", "there are not both inclusion and exclusion criteria")
    if several_lists(reading.registration.inclusion_criteria):
        return cannot_tell("text", "there are lists of criteria for several groups")
    asked = {_plain(item): item for item in reversed(found) if item.role == IN}
    diseases = _diseases_asked(reading, found)
    cases = []
    for item in found:
        if item.role != OUT:
            continue
        words = _plain(item)
        twin = asked.get(words) if len(words) > _SHORTEST else None
        if twin is not None and (_denies(twin) or _is_heading(twin) or _is_heading(item) or twin.value is item.value):
            twin = None  # lists for several groups in one text repeat their headings
        if twin is None and not _is_heading(item):
            twin = _same_gist(item, found) or _drug_asked_for(item, found)
        if twin is None and diseases:
            twin = next((diseases[one] for one in _bare_diseases(reading, item) if one in diseases), None)
        if twin is not None and not _denies(item) and not _CONSENT.search(item.folded):
            cases.append(Case({"required": twin.place.quote, "excluded": item.place.quote}, (twin.place, item.place)))
    return listed(cases[:_MOST])


_MORE = re.compile(r"(?:more|longer|greater|higher|older) than|at least|\bover\b|\babove\b|>=?|\bminimum\b")
_LESS = re.compile(r"(?:less|shorter|lower|fewer|younger) than|at most|\bunder\b|\bbelow\b|<=?|\bmaximum\b|\bup to\b")
_EMPTY = frozenset(
    [
        "for",
        "with",
        "of",
        "the",
        "a",
        "an",
        "in",
        "and",
        "or",
        "to",
        "from",
        "since",
        "patients",
        "patient",
        "having",
        "have",
        "has",
        "duration",
        "history",
        "being",
        "who",
        "are",
        "is",
    ]
)
_GIST = 4
"""So many words of content make a criterion that is told again in other words."""


def _gist(item: Item) -> frozenset[str]:
    """Return the words of content of a criterion, with more and less as signs."""
    said = _LESS.sub(" < ", _MORE.sub(" > ", item.folded))
    return frozenset(re.findall(r"[a-z]+|\d+(?:\.\d+)?|[<>]", said)) - _EMPTY


def _same_gist(item: Item, found: tuple[Item, ...]) -> Item | None:
    mine = _gist(item)
    if len(mine) < _GIST:
        return None
    return next(
        (one for one in found if one.role == IN and one.value is not item.value and not _denies(one) and _gist(one) == mine), None
    )


_ON_DRUG = re.compile(
    r"(?:(?:patients?|subjects?|people|persons?|participants?|women|men|those) )?(?:who (?:are |is )?)?"
    r"(?:on|taking|take|using|use of|receiving|receive|treated with|treatment with) (?P<drug>[a-z-]{6,})(?: (?:therapy|treatment|tablets?))?"
)
_NO_DRUGS = frozenset(
    [
        "dialysis",
        "haemodialysis",
        "hemodialysis",
        "medication",
        "medications",
        "treatment",
        "therapy",
        "ventilator",
        "insulin",
        "steroids",
        "oxygen",
        "regular",
        "another",
    ]
)


def _drug_asked_for(item: Item, found: tuple[Item, ...]) -> Item | None:
    """Return the criterion that asks for the drug which *item* keeps out, when the drug is all that *item* says."""
    kept_out = _ON_DRUG.fullmatch(item.folded.strip(" .,;:-"))
    if kept_out is None or kept_out["drug"] in _NO_DRUGS:
        return None
    asked = re.compile(
        rf"\b(?:on|taking|using|receiving|treated with)(?: (?:a |the )?(?:stable |fixed |constant )?(?:dose of )?)? ?{kept_out['drug']}\b"
    )
    return next((one for one in found if one.role == IN and not _denies(one) and asked.search(one.folded)), None)


def _is_heading(item: Item) -> bool:
    return bool(_HEADING.search(item.folded)) or item.value.folded.startswith(":", item.end)


def _denies(item: Item) -> bool:
    return bool(_NEGATIVE.search(item.folded))


def _diseases_asked(reading: Reading, found: tuple[Item, ...]) -> dict[str, Item]:
    """The diseases that are asked for, each with its criterion."""
    asked: dict[str, Item] = {}
    if reading.first("criteria.disease", *dict.fromkeys(item.value for item in found if item.role == OUT)):
        for item in found:
            if item.role == IN:
                for disease in _asked_diseases(reading, item):
                    if not _denies(item):
                        asked.setdefault(disease, item)
    return asked


def _asked_diseases(reading: Reading, item: Item) -> list[str]:
    """The disease that is the whole of a criterion, but for its degree, type and length."""
    hits = _in_item(item, reading.find("criteria.disease", item.value))
    if len(hits) != 1:
        return []
    rest = item.folded[: hits[0].start - item.start] + " " + item.folded[hits[0].end - item.start :]
    return [_singular(hits[0].text)] if _QUALIFIERS.fullmatch(" ".join(_NOISE.sub(" ", rest).split())) else []


def _bare_diseases(reading: Reading, item: Item) -> list[str]:
    """The diseases that a criterion names without any qualifier, alone or in a list."""
    hits = _in_item(item, reading.find("criteria.disease", item.value))
    if not hits or _QUALIFIED.search(item.folded):
        return []
    parts = {" ".join(_NOISE.sub(" ", part[0]).split()).removesuffix(" disease") for part in _PART.finditer(item.folded)}
    return [_singular(hit.text) for hit in hits if hit.text in parts]


def _singular(disease: str) -> str:
    disease = disease.removesuffix(" mellitus")
    return disease if disease in ("diabetes", "multiple sclerosis") else disease.removesuffix("s")


def _plain(item: Item) -> str:
    return " ".join(_NOISE.sub(" ", item.folded).split()).rstrip(".")


def _trimmed(hit: Hit) -> Place:
    inside = _LINK.sub("", hit.text.strip(" .;,:()-"))
    start = hit.start + hit.text.index(inside)
    return hit.value.place(start, start + len(inside))


def texts_of(reading: Reading) -> tuple[Value, ...]:
    """Return the texts of the criteria that are given, the summary among them."""
    r = reading.registration
    return tuple(value for value in (r.inclusion_criteria, r.exclusion_criteria, r.criteria_summary) if value.given)
