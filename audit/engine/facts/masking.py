"""Facts on masking: who is kept unaware, who is not, who is told, and whether it is described how."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from audit.engine.clauses import clause
from audit.engine.language import unread
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed, missing
from audit.engine.scope import denied, sentence_at, sentences
from audit.model.registration import Registration
from audit.model.result import Case, Fact
from audit.model.span import Place, State, Value

_PARTIES = ("participant", "care_provider", "investigator", "outcome_assessor", "data_analyst", "data_safety_board")
_SAID = {
    "participant": "the participants",
    "care_provider": "the care providers",
    "investigator": "the investigators",
    "outcome_assessor": "the outcome assessors",
    "data_analyst": "the data analysts",
    "data_safety_board": "the monitoring board",
}
_PEOPLE = tuple(f"masking.{name}" for name in (*_PARTIES, "other_person"))
_VERBS = ("masking.kept_unaware", "masking.left_aware", "masking.aware_of_group")
_LEVELS = {"single": 1, "double": 2, "triple": 3, "quadruple": 4}
_CORE = frozenset({"participant", "care_provider", "investigator"})
_PART_END = re.compile(r"[;]|,? (?:but|however|whereas|while|although)[ ,]|\. ?,? ?(?:so|and|also)\b")
_LABEL_BEFORE = re.compile(r"(?:single|double|triple|quadruple|one|two|three|both|simple|sides?|sided|way)[- ]{1,2}$")
_OBJECT_BEFORE = re.compile(
    r"\b(?:of|for|with|from|treat(?:s|ing)?|visit(?:s|ing)?|sees?|examin(?:es?|ing)|evaluat(?:es?|ing)|assess(?:es|ing)?|follow(?:s|ing)|informs?|gives?|provides?|to|by"
    r"|among|between|measures?)(?: (?:the|these|all|each|a|every|our|this|those))*(?: (?!and\b|or\b)\w+)? ?$"
    r"|\b(?:on|in|with) \d+ (?:\w+ )?$"
)
_PART_OF_THEM = re.compile(r"\b(?:none|neither|all|each|both|any|either|most|some|one) of(?: (?:the|these|our|study))* ?$")
_TASK_AFTER = re.compile(
    r"^,? ?\(?(?:who|that|which|responsible|in charge|preparing|dispensing|performing)\b"
    r"[^.;]{0,30}\b(?:prepar|dispens|cod(?:e|ing)|allocat|randomi|packag|deliver|open|fill|inject|administ|perform)"
)
_ONE_BEFORE = re.compile(r"\b(?:one of(?: the| our)?|only(?: the| one)?|another) $")
_EXCEPT = re.compile(r"\b(?:except|other than|apart from)\b")
_PRONOUN = re.compile(
    r"^\W*(?:(?:but|however|while|whereas|although|and|so|therefore|hence|thus|also|all of|none of|both|of|in fact),? )*"
    r"(?:they|them|he|she|both)\b"
)
_NOBODY = re.compile(
    r"\b(?:none of|neither|nor|nobody|no (?:one|body|patients?|participants?|subjects?|person|physicians?|nurses?|researchers?))\b[^.;]{0,60}$"
)
_NOT_GROUP = re.compile(r"\b(?:either|whether|particip\w+|consent|or (?:the )?(?:placebo|control))\b")
_LATER = re.compile(r"\b(?:extension|rescue|emergency|after the|end of|at the end|code break)\b")
_DONE_SO_THAT = re.compile(
    r"^blind\w* .*\b(?:done|performed|carried|conducted|achieved|implemented|applied|observed|maintained|ensured)\b"
    r".*(?:\b(?:not|never|cannot|impossible|unable)\b|n.t\b)"
)
_GROUP_OF = re.compile(
    r"\b(?:group(?:s|ing)?|allocation|assignment|type|treatments?|names?|results?|data|information|files?|codes?|drugs?) of (?:(?:the|these|each|every|all) )*$"
)
_PROPERLY = re.compile(  # "informed about taking the drug regularly" tells how, not what
    r"[^.;,]{0,25}\b(?:regular\w*|correct\w*|proper\w*|on time|at the right|as prescribed|completely|side[- ]effects?|complications?)\b"
)
_ONCE_OVER = re.compile(
    r"\b(?:after|at) (?:the )?(?:end|completion|finish\w*|conclusion|analysis|analy[sz]ing|data analysis|decod\w+|unblinding|last|final)\b[^.;]{0,60}$"
)
_EVERYBODY = re.compile(
    r"\b(?:everyone|everybody|all (?:of )?(?:the |those )?(?:people|persons|parties|individuals|members|staff and)|all involved)\b"
)
_MANNER_BEFORE = re.compile(
    r"\b(?:way|manner|method|how|time|times|duration|importance|benefits?|side[- ]effects?|complications?|advantages?|risks?)(?: (?:of|to|for|in))? $"
)
_IF = re.compile(r"\b(?:if|unless|in case|until|should)\b[^,]*$")
_WORD = re.compile(r"[a-z]+")
_LABEL_WORDS = frozenset(
    [
        "this",
        "study",
        "trial",
        "research",
        "is",
        "was",
        "will",
        "be",
        "a",
        "the",
        "an",
        "in",
        "of",
        "as",
        "it",
        "has",
        "been",
        "have",
        "by",
        "and",
        "our",
        "double",
        "single",
        "triple",
        "quadruple",
        "one",
        "two",
        "three",
        "blind",
        "blinded",
        "blinding",
        "blindness",
        "masked",
        "masking",
        "clinical",
        "type",
        "design",
        "method",
        "performed",
        "conducted",
        "done",
        "randomized",
        "randomised",
        "controlled",
        "are",
        "were",
        "side",
        "sided",
        "sides",
        "way",
        "both",
        "level",
        "describe",
        "description",
        "yes",
        "no",
        "none",
        "project",
        "used",
        "use",
        "which",
        "that",
        "means",
        "so",
    ]
)
_IS_TOLD = re.compile(r"\b(?:is|are|was|were|be|been|being|get|gets|not)(?: \w+ly| also| then| all| both| only)? $")
_NEXT = 12
_LONGEST_LABEL = 80
_CONSENT_FORM = re.compile(r"\bconsent\b")


@dataclass(frozen=True)
class Statement:
    """That some parties, or with none named the study as a whole, are masked or are not."""

    parties: frozenset[str]
    masked: bool
    general: bool
    place: Place


_BLINDED_TOO = re.compile(r"\b(?:single|double|triple|quadruple)[ -]?(?:blind|mask)")


@fact
def masked_parties(reading: Reading) -> Fact:
    """Who is masked: from the field where the record has it, else from the blinding description."""
    r = reading.registration
    groups = r.masked_groups
    if groups.state is State.GIVEN:
        return Fact(tuple(group.code for group in groups if group.code), tuple(group.whole() for group in groups))
    if groups.state is State.EMPTY:
        return Fact((), (groups.heading.whole(),))
    if r.blinding.given and r.blinding.code == "not_blinded":
        return Fact((), (r.blinding.whole(),))
    if nothing := missing(r.blinding_description) or unread(r.blinding_description):
        return nothing
    said = [s for s in statements(reading, r.blinding_description) if s.masked]
    parties = {party for s in said for party in s.parties}
    if not parties:
        return cannot_tell("unclear", "blinding_description")
    return Fact(tuple(p for p in _PARTIES if p in parties), tuple(s.place for s in said if s.parties))


@fact
def participants_masked(reading: Reading) -> Fact:
    """Whether the participants are among those masked: by the list, or by the description of a blinded trial whose list leaves them out."""
    parties = reading.fact("masked_parties")
    if not isinstance(parties.value, tuple):
        return Fact(reason=parties.reason)
    masked = "participant" in parties.value
    if not masked and (in_words := _participants_masked_in_words(reading)):
        return Fact(True, in_words)
    places = [p for p in parties.places if p.value.field != "masked_groups" or _is_participant(p)]
    if masked and any(p.value is reading.registration.blinding_description for p in places):
        said = statements(reading, reading.registration.blinding_description)
        places = [s.place for s in said if s.masked and "participant" in s.parties]
    return Fact(masked, tuple(places))


def _participants_masked_in_words(reading: Reading) -> tuple[Place, ...]:
    """Return where the description of a blinded trial says that participants are masked, unless it also says that they are not."""
    r = reading.registration
    if r.blinding.code not in _LEVELS or r.masked_groups.state is not State.GIVEN or unread(r.blinding_description):
        return ()
    said = [s for s in statements(reading, r.blinding_description) if "participant" in s.parties]
    if not all(s.masked for s in said) or not any(_participants_lead(reading, s.place) for s in said):
        return ()
    return tuple(s.place for s in said)


def _participants_lead(reading: Reading, place: Place) -> bool:
    """Return whether participants are the subject ("patients are blind"), not what somebody is blind to."""
    verbs = [hit for hit in reading.find("masking.kept_unaware", place.value) if place.start <= hit.start < place.end]
    people = [p for p in reading.find("masking.participant", place.value) if place.start <= p.start and not _is_object(p)]
    return bool(verbs) and any(p.end <= verbs[0].start for p in people)


def _is_participant(place: Place) -> bool:
    return getattr(place.value, "code", None) == "participant" or not getattr(place.value, "code", None)


@fact
def only_readers_masked(reading: Reading) -> Fact:
    """Whether none but those who assess outcomes or analyse data are masked."""
    parties = reading.fact("masked_parties")
    if not isinstance(parties.value, tuple):
        return Fact(False)
    return Fact(bool(parties.value) and not _CORE & set(parties.value), parties.places)


@fact
def blinding_described(reading: Reading) -> Fact:
    """Whether the blinding description says more than the label ("double blind") does."""
    value = reading.registration.blinding_description
    if value.state is State.EMPTY:
        return Fact(False, (value.whole(),))
    if nothing := missing(value):
        return nothing
    if len(value.text) > _LONGEST_LABEL:  # an export may have cut it off before it comes to the point
        return Fact(True, (value.whole(),))
    words = _WORD.findall(value.folded)
    return Fact(any(word not in _LABEL_WORDS and len(word) > 2 for word in words), (value.whole(),))


@fact
def masking_in_description(reading: Reading) -> Fact:
    """Whether the blinding description says of somebody, or of the study, that there is masking."""
    value = reading.registration.blinding_description
    if value.state is State.EMPTY:
        return Fact(False)
    if reading.registration.blinding.code in _LEVELS:
        return cannot_tell("text", "asked only of trials that are not blinded")
    if nothing := missing(value) or unread(value):
        return nothing
    places = [s.place for s in statements(reading, value) if s.masked]
    places += [clause(value, hit.start, hit.end) for hit in reading.find("masking.kept_unaware", value) if _is_claimed_level(hit)]
    return Fact(bool(places), tuple(places))


def _is_claimed_level(verb: Hit) -> bool:
    """Whether the words are a level of blinding ("double blind") that is not denied."""
    folded = verb.value.folded
    return bool(_LABEL_BEFORE.search(folded[max(0, verb.start - 12) : verb.start])) and not denied(folded, verb.start, verb.end)


@fact(cases=("not_masked",))
def blinding_denied(reading: Reading) -> Fact:
    """Statements that the study, or the very parties that its level or list of masked groups needs, are not masked."""
    r = reading.registration
    if nothing := missing(r.blinding):
        return nothing
    if r.blinding.code not in _LEVELS:
        return cannot_tell("text", "asked only of blinded trials")
    texts = (r.blinding_description, r.design_summary, r.settings, r.public_title, r.scientific_title)
    if not any(text.given for text in texts):
        return cannot_tell(r.blinding_description.state.value, "blinding_description")
    if nothing := unread(*texts):
        return nothing
    if not any(_says_unmasked(reading, text) for text in texts):
        return listed(())
    found = [s for text in texts for s in statements(reading, text)]
    masked = {party for s in found if s.masked for party in s.parties}
    denied_ones = [s for s in found if not s.masked and s.parties - masked]
    general = [s for s in found if s.general and not s.masked and not _has_a_blinded_part(s.place.value, r)]
    listed_ones = {group.code for group in r.masked_groups if group.code}
    others_masked = bool(listed_ones) and listed_ones.isdisjoint(("participant", "care_provider"))
    nobody = any(" nobody" in s.place.quote.lower() or "no one" in s.place.quote.lower() for s in general)
    if general and not masked and (nobody or not others_masked):
        return listed([Case({"not_masked": "the study"}, tuple(s.place for s in general[:2]))])
    left = {party for s in denied_ones for party in s.parties} - masked
    wrong = left & listed_ones or (left if not listed_ones and _too_few(left, masked, r.blinding.code) else set())
    if not wrong:
        denied_ones = [s for s in found if _takes_back(s, masked)]
        wrong = {party for s in denied_ones for party in s.parties & masked}
    if not wrong:
        return listed(())
    places = [s.place for s in denied_ones if s.parties & wrong]
    places += [group.whole() for group in r.masked_groups if group.code in wrong]
    said = tuple(_SAID[party] for party in _PARTIES if party in wrong)
    return listed([Case({"not_masked": said}, tuple(places))])


def _takes_back(said: Statement, masked: set[str]) -> bool:
    """Return whether participants together with their carers are said not to be masked, though other words say that both are *masked*.

    One party alone may be another person of the same kind ("the surgeon"), or be told at another time.
    """
    both = said.parties & masked & _CORE
    start, end = sentence_at(said.place.value.folded, said.place.start)
    sentence = said.place.value.folded[start:end]
    return not said.masked and "participant" in both and len(both) > 1 and not (_LATER.search(sentence) or _IF.search(sentence))


def _has_a_blinded_part(value: Value, r: Registration) -> bool:
    """Whether a text apart from the blinding description calls the trial, or a later part of it, blinded as well."""
    return value is not r.blinding_description and _BLINDED_TOO.search(value.folded) is not None


def _says_unmasked(reading: Reading, value: Value) -> bool:
    """Whether some words of *value* can mean that somebody is not masked: "aware of the group", but not in "not aware of the group"."""
    if reading.first(("masking.left_aware", "masking.aware_of_group"), value) is None:
        return False
    return any(verb.pattern != "masking.kept_unaware" for verb in _without_overlaps(reading.find(_VERBS, value)))


def _too_few(left: set[str], masked: set[str], level: str | None) -> bool:
    """Whether *level* cannot hold when the parties *left* are not masked: double needs one at least of either side.

    One unmasked party is compatible with any level but the highest; two are not compatible even with the lowest,
    when the participants are among them and nobody is said to be *masked*.
    """
    needed = _LEVELS.get(level or "", 0)
    either_side = "participant" in left and len(left & _CORE) >= 2
    if needed >= 2:
        return either_side or 5 - len(left) < needed
    return needed == 1 and either_side and not masked


@fact
def masked_to_group(reading: Reading) -> Fact:
    """Whether a text says that somebody is kept unaware of which group participants are in."""
    r = reading.registration
    if not reading.fact("one_group_only").value:
        return cannot_tell("text", "asked only where there is one group")
    texts = (r.settings, r.blinding_description, r.design_summary, r.arms_summary)
    places = []
    for hit in reading.find("masking.kept_unaware", *texts):
        start, end = sentence_at(hit.value.folded, hit.start)
        if any(start <= group.start < end for group in reading.find("masking.to_group", hit.value)):
            places.append(clause(hit.value, hit.start, hit.end))
    return Fact(bool(places), tuple(places[:2]))


@fact
def no_control_said(reading: Reading) -> Fact:
    """Whether a text says that there is one group only or no control group."""
    r = reading.registration
    if not reading.fact("one_group_only").value:
        return cannot_tell("text", "asked only where there is one group")
    texts = (r.arms_summary, r.design_summary, r.scientific_title, r.public_title, r.settings)
    places = [clause(hit.value, hit.start, hit.end, 120) for hit in reading.find("design.no_control", *texts)]
    return Fact(bool(places), tuple(places[:2]))


@fact
def participants_told(reading: Reading) -> Fact:
    """Whether a text says that the participants are told, or know, what they receive."""
    r = reading.registration
    if reading.fact("participants_masked").value is False:
        return cannot_tell("text", "asked only where participants are masked")
    texts = (r.settings, r.blinding_description, r.design_summary, r.arms_summary, *(arm.description for arm in r.arms))
    places = [clause(hit.value, hit.start, hit.end) for hit in reading.find("masking.told", *texts) if _tells(reading, hit)]
    if not places and (nothing := unread(*(text for text in texts if text.given))):
        return nothing
    return Fact(bool(places), tuple(places[:2]))


def _tells(reading: Reading, hit: Hit) -> bool:
    folded = hit.value.folded
    start, end = sentence_at(folded, hit.start)
    part_start, part_end = _part_at(folded, start, end, hit.start)
    before, after = folded[part_start : hit.start], folded[hit.end : part_end]
    if (
        denied(folded, hit.start, hit.end)
        or _NOBODY.search(before)
        or _IF.search(before)
        or after.startswith((" consent", " written"))
    ):
        return False
    people = [p for p in reading.find(_PEOPLE, hit.value) if part_start <= p.start < part_end]
    subjects = [p for p in people if p.end <= hit.start and not _is_object(p)]
    tells = hit.text.startswith("tell") or hit.text in ("inform", "informs") or after.startswith(" to ")
    told = [p for p in people if p.start >= hit.end][:1]
    active = hit.text in ("told", "informed") and told and told[0].start - hit.end <= _NEXT and not _IS_TOLD.search(before)
    party = told if tells or active else subjects[-1:]
    if not any(p.pattern == "masking.participant" for p in party):
        return False
    if _CONSENT_FORM.search(folded[part_start:part_end]) or _among(reading, "masking.either", hit.value, hit.end, part_end):
        return False
    return any(
        hit.end <= what.start < part_end
        and not _PROPERLY.match(folded, what.end)
        and not _denied_before(folded, hit.end, what.start)
        and not _MANNER_BEFORE.search(folded, hit.end, what.start)
        for what in reading.find("masking.what_they_receive", hit.value)
    )


def _among(reading: Reading, name: str, value: Value, start: int, end: int) -> bool:
    return any(start <= hit.start < end for hit in reading.find(name, value))


def _denied_before(folded: str, start: int, end: int) -> bool:
    return bool(re.search(r"\b(?:not|without|no|nor|unaware|blind)\b|n't", folded[start:end]))


def _part_at(folded: str, start: int, end: int, at: int) -> tuple[int, int]:
    """Return the part of the sentence *start* to *end*, between "but", "while" and the like, in which *at* stands."""
    for part_start, part_end in _parts(folded, start, end):
        if part_start <= at < part_end:
            return part_start, part_end
    return start, end


def _parts(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for stop in _PART_END.finditer(folded, start, end):
        yield at, stop.start()
        at = stop.start()
    yield at, end


def statements(reading: Reading, value: Value) -> list[Statement]:
    """Return what *value* says on who is masked and who is not, in order."""
    if not value.given:
        return []
    verbs = _without_overlaps(reading.find(_VERBS, value))
    if not verbs:
        return []
    people = _without_overlaps(sorted(reading.find(_PEOPLE, value), key=_longest_first))
    found: list[Statement] = []
    last: frozenset[str] = frozenset()
    for start, end in sentences(value.folded):
        for part_start, part_end in _parts(value.folded, start, end):
            inside = [v for v in verbs if part_start <= v.start < part_end]
            for at, verb in enumerate(inside):
                since = inside[at - 1].end if at else part_start
                until = inside[at + 1].start if at + 1 < len(inside) else part_end
                named = _subjects(people, verb, since, until)
                pronoun = not at and _PRONOUN.match(value.folded[part_start:part_end])
                if pronoun and not any(since <= p.start < verb.start for p in people):
                    named = last or frozenset({"other_person"})
                elif not named and at:
                    named = last
                if statement := _statement(verb, named, since):
                    found.append(statement)
                last = named or last
            if not inside:
                last = frozenset(_names(p for p in people if part_start <= p.start < part_end and not _is_object(p))) or last
    return found


def _statement(verb: Hit, named: frozenset[str], since: int) -> Statement | None:
    folded = verb.value.folded
    # "blinding of the patients is done so that it is not possible to tell the tubes apart" is no denial
    masked = verb.pattern == "masking.kept_unaware" or bool(_DONE_SO_THAT.search(verb.text))
    if verb.pattern == "masking.aware_of_group":
        nobody = bool(_NOBODY.search(folded[since : verb.start])) or denied(folded, verb.start, verb.end)
        if _NOT_GROUP.search(folded[verb.start : verb.end + 40]) or not named or _ONCE_OVER.search(folded, since, verb.start):
            return None
        if named == {"other_person"} and not nobody and _EVERYBODY.search(folded, since, verb.start):
            named = frozenset()
        masked = nobody
    elif (masked and _LABEL_BEFORE.search(folded[max(0, verb.start - 12) : verb.start])) or (
        not masked and _LATER.search(folded[max(0, verb.start - 60) : verb.end + 60])
    ):
        return None
    parties = named - {"other_person"}
    return Statement(parties, masked, not named, clause(verb.value, verb.start, verb.end))


def _subjects(people: list[Hit], verb: Hit, since: int, until: int) -> frozenset[str]:
    """Return the parties that *verb* speaks of: those before it that are no objects, else those after it."""
    if joined := [p for p in people if p.end == verb.start - 1 and verb.value.folded[p.end] == "-"]:
        return frozenset(_names(joined))  # "assessor-blinded"
    without = _EXCEPT.search(verb.value.folded, since, verb.start)
    before_end = without.start() if without else verb.start
    leading = [p for p in people if since <= p.start and p.end <= before_end and not _is_object(p)]
    if verb.pattern != "masking.kept_unaware" and any(_has_a_task(p) for p in leading):
        return frozenset({"other_person"})
    before = _names(leading)
    if verb.pattern == "masking.aware_of_group":
        return frozenset(before)
    inside = _names(p for p in people if verb.start <= p.start < verb.end)
    return frozenset(inside or before or _names(p for p in people if verb.end <= p.start < until and not _has_a_group(p)))


def _has_a_group(person: Hit) -> bool:
    """Whether the words are of somebody's group or treatment ("does not know the group of the men")."""
    return bool(_GROUP_OF.search(person.value.folded, max(0, person.start - 40), person.start))


def _has_a_task(person: Hit) -> bool:
    """Whether one is meant who must know the treatment ("the nurse who prepares the drug"), not all of the kind."""
    folded = person.value.folded
    return bool(
        _TASK_AFTER.match(folded[person.end : person.end + 70])
        or _ONE_BEFORE.search(folded[max(0, person.start - 20) : person.start])
    )


def _names(people: Iterable[Hit]) -> set[str]:
    return {p.pattern.split(".")[1] for p in people}


def _is_object(person: Hit) -> bool:
    folded = person.value.folded
    if folded[person.end : person.end + 1] == "'":
        return True
    before = folded[max(0, person.start - 40) : person.start]
    return bool(_OBJECT_BEFORE.search(before)) and not _PART_OF_THEM.search(before)


def _longest_first(hit: Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def _without_overlaps(hits: list[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in sorted(hits, key=_longest_first):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept
