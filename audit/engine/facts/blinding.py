"""Facts on whether the level of blinding, the masked groups, the texts and the comparison agree."""

import re
from collections.abc import Iterator

from audit.engine.clauses import clause, opening
from audit.engine.controls import IMITATIONS, OTHER_USES, arm_texts, is_denied, is_given
from audit.engine.facts.masking import statements
from audit.engine.groups import CONTROL, groups
from audit.engine.language import persian, unread
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed, missing
from audit.engine.scope import denied, sentence_at
from audit.model.result import Case, Fact, Phrase
from audit.model.span import Place, Value

_LEVELS = {"single": 1, "double": 2, "triple": 3, "quadruple": 4}
_LEVEL_PATTERNS = {f"blinding.{level}": level for level in (*_LEVELS, "not_blinded")}
_STAFF = frozenset({"care_provider", "investigator", "outcome_assessor"})
_SAID = {
    "participant": "participants",
    "care_provider": "care providers",
    "investigator": "investigators",
    "outcome_assessor": "outcome assessors",
    "data_analyst": "data analysts",
}
_OBJECTS = {
    "blinding.object_group": "the group or treatment",
    "blinding.object_dose": "the dose",
    "blinding.object_aim": "the aim or hypothesis",
}
_ROUTES = {
    "blinding.by_mouth": "by mouth",
    "blinding.by_injection": "by injection",
    "blinding.on_skin": "on the skin",
    "blinding.inhaled": "by inhaling",
    "blinding.inserted": "as a suppository",
}
_NEAR_OBJECT = 90
_ALONE = re.compile(r"\b(?:only|just|alone|merely)\b")
_SHORT_TEXT = 10
_HIDES = re.compile(r"\b(?:conceal|hid(?:e|es|den|ing)\b|withh|secret|disclos|reveal|deceiv|decept|cover story|without)")
_SPEAKS_OF_LEVELS = re.compile("blind|mask|label")
_OTHER_STUDY = re.compile(
    r"\b(?:previous|prior|earlier|other|another|similar|published|reference|past|parent|original|pivotal|several|many|recent|existing)\b[^.;]{0,50}$"
    r"|\bet al\b|\b(?:according to|based on|derived from|results of|results from) (?:the |a |an |some )?(?:\w+ ){0,4}$"
)
_OTHER_STUDY_AFTER = re.compile(
    r"[^.;]{0,40}\b(?:et al|(?:study|trial)s? (?:by|of [a-z]+ and colleagues|showed|has shown|have shown|demonstrated))\b|[- ]*(?:peer )?review"
)
_PERIOD_AFTER = re.compile(
    r"[^.;]{0,60}\bfollowed by\b|,? ?(?:\w+ ){0,2}(?:extension|period|stage|follow[- ]?up|rescue|run-?in|lead-?in|continuation|phase(?! ?(?:[0-4]|i))|food challenge|oral challenge)"
    r"| placebos?\b(?![- ]*control)"
)
_PERIOD_BEFORE = re.compile(
    r"\b(?:after (?:the|that|this)|followed by|then|afterwards|extension|subsequently|thereafter|rescue|phase (?:i|ii|1|2|a|b) (?:is|will be)|part (?:a|b|1|2)|pilot|concomitant|background)\b[^.;]{0,45}$"
)
_NAMED_PARTY = re.compile(
    r" ?(?:\(|:|,)? ?(?:drug|medication|treatment|use|therapy) (?:of|with|in) (?:rescue|background)|(?:,? \w+)?,? (?:\w*(?:assessor|observer|examiner|evaluator|rater|reader|investigator|radiologist|pathologist|pharmacist|nurse|physician|dentist|surgeon|researcher|technician|statistician|person|expert|specialist|reviewer|operator|clinician|dermatologist))s?\b"
)
_DOUBTED = re.compile(r"\b(?:whether|if possible|instead of|rather than|not be|neither|impossible|no possibility)\b[^.;]{0,30}$")
_ASSESSOR = re.compile(
    r"\b(?:assess\w+|evaluat\w+|observer|rater|examiner|investigator|analyst|analy[sz]er|statistic\w+|end[- ]?point|outcome)s?(?:'s)?[ -]+(?:(?:is|are|was|were|will be) )?(?:blind|mask)"
    r"|\b(?:blind|mask)(?:ed|ing)?(?: of)?(?: the)?[ -]+(?:outcomes? |end[- ]?points? )?(?:assess|evaluat|observ|rater|end[- ]?point|adjudicat|analy|statistic|radiolog|read)"
)


@fact(cases=("level", "listed"))
def masked_groups_not_fitting(reading: Reading) -> Fact:
    """The number of masked groups when the level of blinding needs more or fewer: single one, double two, triple three, quadruple four.

    On IRCT, where no rule says how groups are counted, more than the level needs fit double and higher levels.
    """
    r = reading.registration
    needed = _LEVELS.get(r.blinding.code or "")
    if needed is None:
        return missing(r.blinding) or cannot_tell("text", "asked only of blinded trials")
    if not len(r.masked_groups):
        return cannot_tell(r.masked_groups.state.value, "masked_groups")
    said = tuple(dict.fromkeys(group.code or group.folded for group in r.masked_groups))
    exact = r.registry == "ClinicalTrials.gov" and "blind" not in r.blinding.folded  # up to 2016 its "Double Blind" took in three
    if len(said) == needed or (not exact and needed > 1 and len(said) > needed):
        return listed(())
    names = tuple(group.text for group in r.masked_groups)
    places = (r.blinding.whole(), *(group.whole() for group in r.masked_groups))
    return listed([Case({"level": r.blinding.text, "listed": names}, places)])


@fact
def masked_groups_nearly_fitting(reading: Reading) -> Fact:
    """Whether the masked groups are fewer by one only in a triple or quadruple blind trial, which may be a way of counting."""
    r = reading.registration
    said = {group.code or group.folded for group in r.masked_groups}
    needed = _LEVELS.get(r.blinding.code or "", 0)
    two_of_staff = needed == 1 and len(said) == 2 and "participant" not in said
    return Fact((needed >= 3 and len(said) == needed - 1) or two_of_staff)


@fact(cases=("text_says", "part", "level"))
def blinding_levels_differing(reading: Reading) -> Fact:
    """Levels of blinding in titles, summary and descriptions ("single-blind", "open-label") that are not the level registered."""
    r = reading.registration
    code = r.blinding.code
    if code not in _LEVELS and code != "not_blinded":
        return missing(r.blinding) or cannot_tell("unclear", "blinding")
    values = tuple(value for value in _level_texts(reading) if value.given)
    if not values:
        return cannot_tell("empty", "design_summary")
    cases: dict[str, Case] = {}
    for value in values:
        if value.text.isascii() and not _SPEAKS_OF_LEVELS.search(value.folded):
            continue
        found = [hit for hit in reading.find(tuple(_LEVEL_PATTERNS), value) if _is_of_the_trial(hit)]
        fitting = {code, "double"} if r.registry == "ClinicalTrials.gov" and code in ("triple", "quadruple") else {code}
        if any(_LEVEL_PATTERNS[hit.pattern] in fitting for hit in found):
            continue
        for hit in found:
            said = _LEVEL_PATTERNS[hit.pattern]
            if said == "not_blinded" and code == "single" and _assessor_only(reading, value):
                continue
            if said not in cases:
                words = " ".join(hit.place.quote.split())
                places = (clause(hit.value, hit.start, hit.end), r.blinding.whole())
                cases[said] = Case({"text_says": words, "part": value.label or value.field, "level": said}, places)
    return listed(cases.values())


@fact
def open_against_blinded(reading: Reading) -> Fact:
    """Whether a text says open-label where a level of blinding is registered, or a level of blinding where none is."""
    differing = reading.fact("blinding_levels_differing")
    if differing.value is None:
        return Fact(reason=differing.reason)
    open_said = any(case.values["level"] == "not_blinded" for case in differing.cases)
    return Fact(bool(differing.cases) and (open_said or reading.registration.blinding.code == "not_blinded"))


def _level_texts(reading: Reading) -> Iterator[Value]:
    r = reading.registration
    yield from (r.scientific_title, r.public_title, r.study_aim, r.design_summary, r.settings, r.arms_summary)
    yield from (r.other_design_features, r.randomization_description, r.blinding_description)
    yield from (arm.description for arm in r.arms)


_CHANGES_TO = re.compile(
    r"\b(?:switch\w*|cross(?:es|ed)?(?: over)?|mov(?:e|es|ed)|chang(?:e|es|ed)|transfer\w*|roll(?:s|ed)? over|continu\w*|enter\w*|go(?:es)?(?: on)?)"
    r"(?: \w+){0,3} (?:to|in|into|on|with)(?: (?:the|an?))? $"
)
"""Before the level of a later part: "patients switch to the open-label drug"."""


def _is_of_the_trial(hit: Hit) -> bool:
    """Return whether a level is said of this trial as a whole: not denied, of no other study, no later or earlier period."""
    folded = hit.value.folded
    if denied(folded, hit.start, hit.end) and hit.pattern != "blinding.not_blinded":
        return False
    first, last = sentence_at(folded, hit.start)
    before, after = folded[max(first, hit.start - 70) : hit.start], folded[hit.end : min(last, hit.end + 60)]
    if _OTHER_STUDY.search(before) or _OTHER_STUDY_AFTER.match(after):
        return False
    if _CHANGES_TO.search(before):
        return False
    if _PERIOD_AFTER.match(after) or _PERIOD_BEFORE.search(before) or _NAMED_PARTY.match(after):
        return False
    return not _DOUBTED.search(before)


def _assessor_only(reading: Reading, value: Value) -> bool:
    """Return whether an open trial can be called blinded for those who only assess or analyse: the text or the list says so."""
    return bool(_ASSESSOR.search(value.folded)) or reading.fact("only_readers_masked").value is True


@fact(cases=("in_text", "listed"))
def masked_parties_differing(reading: Reading) -> Fact:
    """Those whom the text says to be masked and the list of masked groups lacks, or the other way round for the participants.

    Care providers, investigators and outcome assessors are often the same people, so that one of them stands for another.
    """
    r = reading.registration
    if r.blinding.code not in _LEVELS:
        return missing(r.blinding) or cannot_tell("text", "asked only of blinded trials")
    if not len(r.masked_groups):
        return cannot_tell(r.masked_groups.state.value, "masked_groups")
    if not r.blinding_description.given:
        return cannot_tell(r.blinding_description.state.value, "blinding_description")
    if nothing := unread(r.blinding_description):
        return nothing
    on_list = {group.code for group in r.masked_groups if group.code}
    if len(on_list) < len({group.folded for group in r.masked_groups}):
        return cannot_tell("unclear", "masked_groups")
    texts = (r.blinding_description, r.design_summary, r.settings)
    said = [s for text in texts if not persian(text) for s in statements(reading, text) if s.masked and s.parties]
    unmasked = {p for text in texts if not persian(text) for s in statements(reading, text) if not s.masked for p in s.parties}
    named = {party for s in said for party in s.parties if party in _SAID} - unmasked
    if not named:
        return cannot_tell("text", "the text does not say who is masked")
    lacking = {party for party in named - on_list if not (party in _STAFF and on_list & _STAFF)}
    if on_list & {"investigator"} or r.registry == "ClinicalTrials.gov":  # which has no group for analysts
        lacking.discard("data_analyst")
    left_out = "participant" in on_list and _leaves_out_participants(reading, named)
    if not lacking and not left_out:
        return listed(())
    places = [s.place for s in said if s.parties & lacking] if lacking else [s.place for s in said][:2]
    places = list(dict.fromkeys(places))[:3] + [group.whole() for group in r.masked_groups]
    in_text = tuple(_SAID[p] for p in _SAID if p in (lacking or named))
    return listed([Case({"in_text": in_text, "listed": tuple(g.text for g in r.masked_groups)}, tuple(places))])


def _leaves_out_participants(reading: Reading, named: set[str]) -> bool:
    """Return whether the description names those masked, at least two of them or the one with "only", and no participant."""
    value = reading.registration.blinding_description
    signs = ("masking.participant", "masking.maybe_participant", *IMITATIONS, "blinding.both_sides")
    if "participant" in named or reading.first(signs, value):
        return False
    return len(named) >= 2 or bool(re.search(r"\bonly\b", value.folded))


@fact(cases=("here", "there"))
def objects_of_blinding(reading: Reading) -> Fact:
    """Two texts that say of the same people to what they are blinded, and do not agree: the group, the dose or the aim."""
    r = reading.registration
    if r.blinding.code == "not_blinded":
        return cannot_tell("text", "asked only of blinded trials")
    texts = [v for v in (r.settings, r.design_summary, r.blinding_description, r.arms_summary) if v.given and not persian(v)]
    if len(texts) < 2:
        return cannot_tell("text", "fewer than two texts speak of the blinding")
    found = [one for text in texts for one in _objects(reading, text)]
    types = reading.fact("control_types").value
    doses = isinstance(types, tuple) and "dose_comparison" in types
    for at, (kind, parties, place) in enumerate(found):
        for other, others, second in found[at + 1 :]:
            if other == kind or second.value is place.value or (parties and others and not parties & others):
                continue
            if doses and {kind, other} == {"blinding.object_group", "blinding.object_dose"}:
                continue
            if any(k == other and p.value is place.value for k, _, p in found) or any(
                k == kind and p.value is second.value for k, _, p in found
            ):
                continue  # one of the texts names both
            return listed([Case({"here": _OBJECTS[kind], "there": _OBJECTS[other]}, (place, second))])
    return listed(())


@fact
def blinded_to_aim(reading: Reading) -> Fact:
    """Whether one of two texts that differ says that the aim is hidden, which may be so besides the group."""
    cases = reading.fact("objects_of_blinding").cases
    return Fact(any(_OBJECTS["blinding.object_aim"] in case.values.values() for case in cases))


def _objects(reading: Reading, value: Value) -> Iterator[tuple[str, frozenset[str], Place]]:
    hits = reading.find(tuple(_OBJECTS), value)
    if not hits:
        return
    for statement in statements(reading, value):
        if not statement.masked:
            continue
        folded = value.folded
        for verb in reading.find("masking.kept_unaware", value):
            if not statement.place.start <= verb.start < statement.place.end:
                continue
            end = sentence_at(folded, verb.start)[1]
            after = [h for h in hits if verb.end <= h.start < min(end, verb.end + _NEAR_OBJECT)]
            if after:
                yield after[0].pattern, statement.parties, statement.place


@fact(cases=("control_gets",))
def visible_controls(reading: Reading) -> Fact:
    """Controls that get nothing or only the usual care while participants are masked and no text speaks of an imitation."""
    if reading.fact("participants_masked").value is not True:
        reason = reading.fact("participants_masked").reason
        return Fact(reason=reason) if reason else cannot_tell("text", "asked only where participants are masked")
    controls = reading.fact("control_arms")
    if controls.value is None:
        return Fact(reason=controls.reason)
    if not controls.cases:
        return cannot_tell("text", "no control is described")
    kinds = {str(case.values["kind"]) for case in controls.cases}
    if not kinds <= {"no_treatment", "usual_care"} or _speaks_of_imitation(reading) or _same_for_all(reading):
        return listed(())
    if _controls_take_part(reading):
        return listed(())
    what = (
        "no treatment" if kinds == {"no_treatment"} else "usual care" if kinds == {"usual_care"} else "usual care or no treatment"
    )
    places = [_short(case.places[0]) for case in controls.cases[:2]]
    others = reading.fact("participants_masked").places[:1]
    return listed([Case({"control_gets": what}, (*places, *others))])


@fact
def visible_intervention(reading: Reading) -> Fact:
    """Whether what the others get is something that nobody can receive without knowing: training, exercise, massage, a diet, counselling."""
    r = reading.registration
    values = arm_texts(r)
    controls = {(case.places[0].value, case.places[0].start) for case in reading.fact("control_arms").cases}
    for group in groups(reading, *values):
        if group.role == CONTROL or (group.value, group.start) in controls:
            continue
        for hit in reading.find("blinding.visible", group.value):
            if (
                group.body <= hit.start < group.body + 160
                and hit.end <= group.end
                and not denied(hit.value.folded, hit.start, hit.end)
            ):
                return Fact(True, (clause(hit.value, hit.start, hit.end),))
    return Fact(False)


def _controls_take_part(reading: Reading) -> bool:
    """Return whether a control is taught, trained or massaged itself, so that it may not notice the difference."""
    for case in reading.fact("control_arms").cases:
        (span,) = case.places
        for hit in reading.find("blinding.visible", span.value):
            inside = span.start <= hit.start and hit.end <= span.end and not hit.text.startswith("diet")  # "the usual diet"
            if inside and not denied(hit.value.folded, hit.start, hit.end):
                return True
    return False


def _speaks_of_imitation(reading: Reading) -> bool:
    """Return whether any text speaks of a placebo, sham or look-alike, of double dummies, or of hiding the aim from participants."""
    r = reading.registration
    texts = (
        *arm_texts(r),
        r.arms_summary,
        r.settings,
        r.design_summary,
        r.blinding_description,
        r.randomization_description,
        r.scientific_title,
        r.public_title,
        r.other_design_features,
    )
    used = reading.find(OTHER_USES, *texts)
    if any(_imitates(hit, used) for hit in reading.find(IMITATIONS, *texts)):
        return True
    plan = (r.blinding_description, r.settings, r.design_summary)
    if reading.first("blinding.hidden_how", *plan):
        return True
    return any(_is_kept_from_somebody(reading, hit) for hit in reading.find("blinding.object_aim", *plan))


def _is_kept_from_somebody(reading: Reading, aim: Hit) -> bool:
    """Return whether the sentence hides the *aim* of the study, rather than explaining it or denying that it is hidden."""
    start, end = sentence_at(aim.value.folded, aim.start)
    shown = [hit for hit in reading.find("masking.left_aware", aim.value) if start <= hit.start < end]
    kept = [hit for hit in reading.find("masking.kept_unaware", aim.value) if start <= hit.start < end]
    if any(not any(one.start < hit.end and hit.start < one.end for one in shown) for hit in kept):
        return True
    return not shown and bool(_HIDES.search(aim.value.folded, start, end))


def _imitates(hit: Hit, used: list[Hit]) -> bool:
    """Return whether the words are not denied and no solvent, rinse or fluid."""
    if hit.pattern == "substances.inert":
        return is_given(hit, [other for other in used if other.value is hit.value])
    return not is_denied(hit)


def _same_for_all(reading: Reading) -> bool:
    """Return whether the participants are asleep, newborn or unconscious, or get the same but for a hidden part."""
    r = reading.registration
    texts = (*arm_texts(r), r.settings, r.design_summary, r.blinding_description, r.scientific_title, r.public_title)
    return (
        reading.first("blinding.cannot_notice", *texts) is not None
        or reading.first("blinding.operated", *arm_texts(r)) is not None
    )


def _short(place: Place) -> Place:
    return clause(place.value, place.start, min(place.end, place.start + 80))


@fact(cases=("one", "other"))
def routes_differing(reading: Reading) -> Fact:
    """Two arms that get their treatments by different routes while participants are masked and no text speaks of an imitation."""
    r = reading.registration
    if reading.fact("participants_masked").value is not True:
        reason = reading.fact("participants_masked").reason
        return Fact(reason=reason) if reason else cannot_tell("text", "asked only where participants are masked")
    descriptions = [arm.description for arm in r.arms if arm.description.given]
    if len(descriptions) < 2:
        return cannot_tell("text", "fewer than two arms are described")
    if nothing := unread(*descriptions):
        return nothing
    if r.assignment.code == "crossover" or _speaks_of_imitation(reading) or _same_for_all(reading):
        return listed(())
    found: list[tuple[str, Hit]] = []
    for description in descriptions:
        hits = [hit for hit in reading.find(tuple(_ROUTES), description) if not denied(description.folded, hit.start, hit.end)]
        if len({hit.pattern for hit in hits}) != 1:
            return listed(())
        found.append((hits[0].pattern, hits[0]))
    kinds = list(dict.fromkeys(kind for kind, _ in found))
    if len(kinds) < 2:
        return listed(())
    shown = [next(hit for kind, hit in found if kind == wanted) for wanted in kinds[:2]]
    places = (*(clause(hit.value, hit.start, hit.end) for hit in shown), *reading.fact("participants_masked").places[:1])
    return listed([Case({"one": _ROUTES[kinds[0]], "other": _ROUTES[kinds[1]]}, places)])


@fact(cases=("outcome",))
def unmasked_judgements(reading: Reading) -> Fact:
    """Primary outcomes that rest on a judgement, of the participant or an assessor, while neither of those is masked."""
    r = reading.registration
    if not len(r.primary_outcomes):
        return cannot_tell(r.primary_outcomes.state.value, "primary_outcomes")
    parties = reading.fact("masked_parties")
    if not isinstance(parties.value, tuple):
        return Fact(reason=parties.reason)
    masked = set(parties.value)
    if reading.fact("one_group_only").value is not False:
        return cannot_tell("text", "asked only where there are groups to compare")
    from_text = not len(r.masked_groups) and "care_provider" in masked  # "the doctors who collect the data"
    if masked & {"outcome_assessor", "investigator"} or from_text or _assessor_masked(reading):
        return listed(())
    if nothing := unread(*(o.description for o in r.primary_outcomes)):
        return nothing
    names, places = [], []
    for outcome in r.primary_outcomes:
        hit = _judged(reading, outcome.description, outcome.method, "participant" in masked)
        if hit:
            names.append(" ".join(opening(outcome.description, 60).quote.split()))
            places.append(opening(outcome.description))
            if hit.value is outcome.method:
                places.append(opening(outcome.method))
    if not names:
        return listed(())
    said = [place for place in parties.places if place not in places]
    return listed([Case({"outcome": tuple(names)}, (*places, *said[:4]))])


def _judged(reading: Reading, description: Value, method: Value, participant_masked: bool) -> Hit | None:
    if reading.first("blinding.hard_outcome", description, method):
        return None
    rated = reading.first("blinding.rated", description, method)
    reported = reading.first("blinding.reported", description, method)
    if reported and participant_masked:
        return None
    return reported or rated


def _assessor_masked(reading: Reading) -> bool:
    r = reading.registration
    texts = [v for v in (r.blinding_description, r.settings, r.design_summary) if v.given and not persian(v)]
    if any(_ASSESSOR.search(text.folded) for text in (*texts, r.scientific_title)):
        return True
    return any(s.masked and s.parties & {"outcome_assessor", "investigator"} for text in texts for s in statements(reading, text))


@fact(cases=("arm", "says"))
def category_placebo_amiss(reading: Reading) -> Fact:
    """Arms in the category Placebo where the field Placebo says "Not used", or whose own text gives usual care or nothing."""
    r = reading.registration
    if not len(r.arms):
        return cannot_tell(r.arms.state.value, "arms")
    if all(not arm.category.given for arm in r.arms):
        return cannot_tell(r.arms[0].category.state.value, "arms")
    controls = {case.places[0].value: str(case.values["kind"]) for case in reading.fact("control_arms").cases}
    cases = []
    for number, arm in enumerate(r.arms, 1):
        if arm.category.code != "placebo":
            continue
        if r.placebo.code == "not_used":
            says: str = Phrase('the field Placebo says "{placebo}"', placebo=r.placebo.text)
            cases.append(Case({"arm": number, "says": says}, (arm.category.whole(), r.placebo.whole())))
            continue
        kind = controls.get(arm.description)
        imitation = any(not is_denied(hit) for hit in reading.find(IMITATIONS, arm.description))
        if kind == "usual_care" and not _ALONE.search(arm.description.folded) and len(arm.description.text.split()) > _SHORT_TEXT:
            continue  # what is given besides the usual care may be a placebo in words that are not known
        if kind in ("usual_care", "no_treatment") and not imitation and not persian(arm.description):
            says = "its text speaks of usual care" if kind == "usual_care" else "its text speaks of no treatment"
            cases.append(Case({"arm": number, "says": says}, (arm.category.whole(), opening(arm.description))))
    return listed(cases)
