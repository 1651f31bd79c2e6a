"""Facts on the model of a trial: crossover, factorial, one arm, cluster, and what titles and summary say against the fields."""

import re
from collections.abc import Iterable, Iterator

from audit.engine.claims import after, before, claimed, of_itself, of_other_studies, sentence
from audit.engine.clauses import clause, opening
from audit.engine.groups import CONTROL, groups
from audit.engine.language import persian, unread
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed, missing
from audit.model.result import Case, Fact, Phrase
from audit.model.span import Place, State, Value

_NO_MODEL_AFTER = re.compile(
    r"^[ -]{0,2}(?:bypass|graft|sign|exercise|step|hop|walk|training|sprint|gait|fem|stent|technique|point|anastomosis|toe|flap"
    r"|to (?:the )?(?:icu|surgery|open-label|active)|effect)"
)
_RESCUE = re.compile(
    r"\b(?:may|might|can|could|allow\w*|permit\w*|eligib\w*|option\w*|offer\w*|opportunity|possib\w*|if|progress\w*|relaps\w*|fail\w*"
    r"|non-?respon\w*|rescue|unblind\w*|extension|open-label|cases? of|unless|need\w*|choose|intention|analy[sz]ed|censored|deviat\w*)\b|\bend of (?:the )?(?:study|trial)\b"
)
_ELIGIBILITY = re.compile(
    r"\b(?:before (?:the )?(?:study|start|enrol\w*|entry|randomi\w*|trial|beginning|baseline|intervention)|prior to|previous\w*|run-?in|discontinu\w*"
    r"|stop\w*|antihistamin\w*|medications?|exclu\w*|includ\w*|criteri\w*|baseline)\b"
)
_TWO_TURNS = re.compile(
    r"\b(?:other|second|next|opposite|alternate|alternative|vice versa|chang\w+|switch\w+|replac\w+|cross\w*|reverse\w*|then|both)\b"
)
_BETWEEN_PERIODS = re.compile(
    r"\bwash|\b(?:rest|break|pause|gap|interval)\b|\b(?:first|second|next) (?:\w+ )?(?:period|phase|stage|course|half)\b|\bbetween the (?:two )?groups\b"
    r"|\beach other\b|\bvice versa\b"
)
_RENEWED = re.compile(
    r"\b(?:every|daily|weekly|monthly|each (?:day|week|month|visit|session|time)|at (?:an? |the |regular )?intervals?|intervals? of|new|fresh|generic|brands?|as before|usual|routine"
    r"|expir\w*|empty|dirty|damaged|lost)\b"
)
_BEFORE_AFTER = re.compile(
    r"\b(?:before (?:and|&|with) after|pre[- ]?(?:test)?[ /-]{0,3}(?:and|versus|vs\.?|with|to)?[ -]?post|baseline|different times?|over time|time points?|graft[- ]versus|versus[- ]host"
    r"|historical|history|healthy|normal (?:people|subjects|individuals|population)|right and left|left and right|both (?:eyes|sides|hands|legs|feet|ears)"
    r"|accuracy|agreement|diagnos\w*|sensitivity|literature|retrospective|previous|dos(?:e|age)s|sides?|eyes?|cross-?over)\b"
)
_HOLDS_SEVERAL = re.compile(r"\b(?:groups|arms|controls?|versus|vs|compar\w*|placebo|sham|either)\b|\bgroup (?:b|2|ii|two)\b")
_SAMPLED = re.compile(
    r"\b(?:of|in|from|to|at|by|between|among|within|visiting|with|each|these|through|for)(?: (?:the|these|those|each|all|both|two|three|four|every|our|this|\d+))* ?$"
)
_KINDS = re.compile(
    r"\b(?:in|between|among) (?:[\w-]+ ){0,4}(?:and|with|versus|vs[.]?) (?:[\w-]+ ){0,4}"
    r"(?:women|men|patients|girls|boys|children|adults|smokers|subjects|people|individuals|females|males|participants|diabetics|mothers)\b"
)
_JOINED = re.compile(r"\b(?:and|versus|vs|with|or)\b")
_BECOMES = re.compile(r"(?:selected|chosen|considered|taken|determined)(?: \w+){0,2} as (?:the )?(?:an? )?\w+$")
_OF_A_PART = re.compile(
    r"^ (?:of|with|by) (?:the )?(?:mouth|eyes?|wounds?|nose|bladder|stomach|cavity|canal|sinus|saline|water)\b"
)
_PEOPLE = re.compile(
    r"\b(?:patients|students|women|men|children|mothers|participants|people|persons|nurses|individuals|pupils|subjects|teachers|employees)\b"
)
_TURNS = re.compile(r"cross|wash|switch|swap|chang|replac|revers|invert")
_PLAIN_FEATURE = re.compile(r"random|blind|control|phase|group|placebo|parallel")
_NO_MODEL_SAID = re.compile(r"^ (?:analys|anova|ancova|invarian|structure|valid|moment|experiment|with\b|to\b|by\b)")
_FEW_LETTERS = 4
_NO_FEATURES = re.compile(
    r"(?:none|no|nothing|other|not applicable|no information|does not have|there (?:is|are) (?:no|none)[a-z ]*)[ .]*"
)
_LONG = ("study_aim", "settings")
_STUDY = re.compile(r"\b(?:stud(?:y|ies)|trial|design|research|allocation|assignment|groups)\b")
_UNITS = re.compile(r"\b(?:wards?|schools?|cent(?:er|re)s?|clinics?|hospitals?|class(?:es)?|villages?|clusters?)\b")
_CHANCE = re.compile(r"\brandom|\blots?\b|\bcoin\b|\bdraw|\bcluster|\bchance\b|\blottery")
_FOR_THE_STUDY = re.compile(
    r"\bsampl|\brecruit|\benrol|\breserv|\bpilot|\b(?:the|this) (?:study|trial|research|project)\b|\bparticipat"
)
_SAMPLING = re.compile(r"\bcluster(?:ed|ing)?(?: random)? (?:sampl|method|select)|\bsampl")

_OF_A_STUDY = re.compile(
    r"\b(?:from|of|within|expansion|escalation|participants|members|data|nested in|part of|population of|controls?|compared (?:to|with)|historical|based on|after|following|using|than|see|according to)(?: (?:the|an?|our|its))?(?: \w+){0,4} ?$"
)
_ONE_STAGE = re.compile(
    r"\b(?:stage|part|phase|step) ?\(? ?(?:\d|i{1,3}|one|two|three|a|b) ?\)? ?[:,-][^.;]{0,40}$"
    r"|\b(?:first|second|initial|next) (?:stage|part|phase|step)\b[^.;]{0,60}$|\brandomi[sz]ed (?:and|or|/) $"
)
_TITLE_OF_OTHER = re.compile(r"\b(?:historical|control (?:group|data)|archiv\w*|protocol|follow-?up)\b")


def _titles(reading: Reading) -> tuple[Value, Value]:
    r = reading.registration
    return r.public_title, r.scientific_title


def _plan(reading: Reading) -> tuple[Value, ...]:
    """The texts that tell the plan of the trial, apart from the arms and from the titles."""
    r = reading.registration
    return (r.study_aim, r.design_summary, r.settings, r.randomization_description, r.other_design_features)


def _arms(reading: Reading) -> tuple[Value, ...]:
    r = reading.registration
    return (r.arms_summary, *(arm.description for arm in r.arms))


def _quotes(hits: Iterable[Hit], most: int = 3) -> tuple[Place, ...]:
    return tuple(clause(hit.value, hit.start, hit.end) for hit in list(hits)[:most])


def _unknown(*values: Value) -> Fact | None:
    """Return why nothing can be told where none of *values* is given."""
    return None if any(value.given for value in values) else cannot_tell(values[0].state.value, values[0].field)


@fact(cases=("about",))
def crossover_unlike_assignment(reading: Reading) -> Fact:
    """A crossover that the texts tell of and the assignment does not, or a crossover assignment without periods in any text."""
    assignment = reading.registration.assignment
    if nothing := missing(assignment):
        return nothing
    if assignment.code is None:
        return cannot_tell("unclear", "assignment")
    if assignment.code == "crossover":
        return _crossover_undescribed(reading)
    if assignment.code == "other":
        return cannot_tell("text", "the assignment is Other, which a crossover may be")
    hits = list(_crossover_words(reading))
    if not hits:
        given = [value for value in (*_titles(reading), *_plan(reading), *_arms(reading)) if value.given]
        return _unknown(*_titles(reading), *_plan(reading), *_arms(reading)) or unread(*given[:1]) or listed(())
    about = "the text tells of a crossover, in which the groups change their treatments"
    return listed([Case({"about": about}, (*_quotes(hits), assignment.whole()))])


@fact
def crossover_by_name(reading: Reading) -> Fact:
    """Whether titles or texts call this trial a crossover trial in so many words."""
    hits = [hit for hit in _crossover_words(reading) if hit.pattern == "models.crossover_design"]
    return Fact(bool(hits), _quotes(hits))


def _crossover_words(reading: Reading) -> Iterator[Hit]:
    arms = [value for value in _arms(reading) if _TURNS.search(value.folded) or not value.text.isascii()]
    texts = (*_titles(reading), *_plan(reading), *arms)
    for hit in reading.find(tuple(_CROSSOVER_TESTS), *texts):
        if not hit.text.isascii():
            if hit.pattern != "models.washout":
                yield hit
        elif _CROSSOVER_TESTS[hit.pattern](hit):
            yield hit


def _is_crossover_design(hit: Hit) -> bool:
    return claimed(hit) and not _NO_MODEL_AFTER.match(after(hit)) and not re.search(r"\bparallel\b|\bor\b", hit.text)


def _is_crossing(hit: Hit) -> bool:
    return claimed(hit) and not _NO_MODEL_AFTER.match(after(hit)) and not _RESCUE.search(sentence(hit))


def _is_exchange_between_periods(hit: Hit) -> bool:
    """Return whether products go to the other group after a first period, rather than being renewed from time to time."""
    said = sentence(hit)
    return _is_crossing(hit) and bool(_BETWEEN_PERIODS.search(said)) and not _RENEWED.search(said)


def _is_washout_between(hit: Hit) -> bool:
    said = sentence(hit)
    if _OF_A_PART.match(after(hit)):
        return False
    return claimed(hit) and not _ELIGIBILITY.search(said) and not _RESCUE.search(said) and bool(_TWO_TURNS.search(said))


_CROSSOVER_TESTS = {
    "models.crossover_design": _is_crossover_design,
    "models.crossover": _is_crossing,
    "models.groups_switch": _is_crossing,
    "models.products_exchanged": _is_exchange_between_periods,
    "models.washout": _is_washout_between,
}


def _crossover_undescribed(reading: Reading) -> Fact:
    r = reading.registration
    texts = (*_plan(reading), *_arms(reading), r.blinding_description)
    given = [value for value in texts if value.given]
    if not r.arms and not r.settings.given:
        return cannot_tell(r.arms.state.value, "arms")
    if not (r.settings.given or r.design_summary.given or r.randomization_description.given):
        return cannot_tell(r.settings.state.value, "settings")
    if not r.complete:
        return cannot_tell("unknown", "arms")
    if hit := reading.first("models.period", *given):
        return Fact(0, (clause(hit.value, hit.start, hit.end),))
    if reading.first("models.washout", *given):
        return listed(())
    about = "no text tells of periods, their order or a washout between them"
    return unread(*given) or listed(
        [Case({"about": about}, (r.assignment.whole(), *(opening(arm.description) for arm in list(r.arms)[:3])))]
    )


@fact
def factorial_groups(reading: Reading) -> Fact:
    """How many groups a factorial trial registers; cannot be told where the text speaks of a partial one or of two factors."""
    arms = reading.fact("arm_count")
    if reading.registration.assignment.code != "factorial":
        return cannot_tell("text", "asked only of factorial trials")
    if not isinstance(arms.value, int):
        return arms
    if hit := reading.first("models.partial_factorial", *_titles(reading), *_plan(reading), *_arms(reading)):
        return Fact(
            reason=cannot_tell("text", "the text tells of a partial factorial or of a table of factors").reason,
            places=(hit.place,),
        )
    inside = sum(max(1, len(groups(reading, arm.description))) for arm in reading.registration.arms)
    return arms if inside < 4 else Fact(inside, arms.places)


@fact(cases=("said", "against"))
def comparison_contradicted(reading: Reading) -> Fact:
    """A text that denies a control or says one arm, against registered groups; or a title that compares, against one group."""
    arms = reading.fact("arm_count")
    if not isinstance(arms.value, int):
        return Fact(reason=arms.reason)
    if arms.value >= 2:
        return _denied_control(reading)
    return _comparing_title(reading)


def _denied_control(reading: Reading) -> Fact:
    r = reading.registration
    compared = reading.fact("compared_groups")
    if not isinstance(compared.value, int):
        return Fact(reason=compared.reason)
    if compared.value < 2:
        return listed(())
    texts = (*_titles(reading), *_plan(reading), r.arms_summary, r.blinding_description)
    for hit in reading.find("models.single_arm", *texts):
        if claimed(hit):
            case = Case(
                {"said": "that there is one arm", "against": Phrase("{number} groups", number=compared.value)},
                (*_quotes([hit]), *compared.places),
            )
            return listed([case])
    control = next((group for arm in r.arms for group in groups(reading, arm.description) if group.role == CONTROL), None)
    if control is None or reading.first("models.no_control_group", control.value):
        return listed(())
    for hit in reading.find("models.no_control_group", *texts):
        if not of_other_studies(hit):
            where = clause(control.value, control.start, min(control.end, control.start + 100))
            return listed(
                [Case({"said": "that there is no control group", "against": "a control group"}, (*_quotes([hit]), where))]
            )
    return listed(())


def _comparing_title(reading: Reading) -> Fact:
    r = reading.registration
    one = reading.fact("one_group_only")
    if one.value is not True or reading.fact("within_person").value:
        return listed(()) if one.reason is None else Fact(reason=one.reason)
    (arm,) = r.arms
    if _HOLDS_SEVERAL.search(arm.description.folded):
        return listed(())
    for hit in reading.find("models.comparison", r.scientific_title, r.public_title):
        if hit.text.isascii() and (of_other_studies(hit) or _BEFORE_AFTER.search(hit.value.folded) or _of_kinds(hit)):
            continue
        if not hit.text.isascii() and ("قبل" in hit.value.text or "سالم" in hit.value.text):
            continue
        case = Case(
            {"said": "that something is compared", "against": "one group"}, (clause(hit.value, hit.start, hit.end), *one.places)
        )
        return listed([case])
    return listed(())


def _of_kinds(hit: Hit) -> bool:
    """Whether what is compared are kinds of participants who all get the same ("comparison of the effect in women and men")."""
    rest = after(hit)
    kinds = _KINDS.search(rest)
    return kinds is not None and not _JOINED.search(rest[: kinds.start()])


@fact(cases=("said", "field_says"))
def design_words_against_fields(reading: Reading) -> Fact:
    """Words for the design in titles and summary that a field contradicts: not randomised, parallel, factorial."""
    r = reading.registration
    texts = (*_titles(reading), *_plan(reading))
    if nothing := _unknown(*texts):
        return nothing
    cases: list[Case] = []
    if r.randomization.code == "randomized" and (hit := _first_claim(reading, "models.non_randomised", texts, denials=True)):
        cases.append(_against("not randomised", hit, r.randomization))
    hit = _first_claim(reading, "models.parallel", texts)
    crossing = r.assignment.code == "crossover" and hit is not None and "cross" not in hit.value.folded
    if hit and (r.assignment.code == "single" or crossing):
        cases.append(_against("parallel", hit, r.assignment))
    if r.assignment.code in ("single", "parallel", "crossover") and (hit := _first_claim(reading, "models.factorial", texts)):
        cases.append(_against("factorial", hit, r.assignment))
    return listed(cases) if cases else unread(*[value for value in texts if value.given][:1]) or listed(())


def _first_claim(reading: Reading, name: str, texts: tuple[Value, ...], denials: bool = False) -> Hit | None:
    """Return the first words of *name* that the text says of this trial; with *denials* the words are denials themselves."""
    for hit in reading.find(name, *texts):
        if not hit.text.isascii():
            return hit
        if hit.text.endswith(("parallel", "factorial")) and _NO_MODEL_SAID.match(after(hit)):
            continue
        if (_denies(hit) if denials else claimed(hit)) and (hit.value.field not in _LONG or of_itself(hit)):
            return hit
    return None


def _denies(hit: Hit) -> bool:
    """Whether the words deny that this trial is randomised; patients who were "not randomised" are another matter."""
    return not of_other_studies(hit) and (not hit.text.startswith("not ") or bool(_STUDY.search(sentence(hit))))


def _against(said: str, hit: Hit, field: Value) -> Case:
    return Case({"said": said, "field_says": field.text}, (clause(hit.value, hit.start, hit.end), field.whole()))


@fact(cases=("about",))
def design_paragraph_thin(reading: Reading) -> Fact:
    """A design paragraph without any feature of a design, or that tells only the favourable ones of a trial with one group."""
    r = reading.registration
    paragraph = r.design_summary
    if paragraph.state is State.EMPTY:
        return cannot_tell("empty", paragraph.field)
    if nothing := missing(paragraph):
        return nothing
    favourable = next((hit for hit in reading.find("models.favourable", paragraph) if claimed(hit)), None)
    told = reading.first("models.one_group_told", paragraph)
    one = reading.fact("one_group_only")
    single = r.assignment.code == "single" or not r.assignment.given
    if favourable and not told and single and one.value is True and not reading.fact("within_person").value:
        about: str = Phrase(
            'calls the trial "{word}", but does not say that there is one group without a comparison', word=favourable.place.quote
        )
        return listed([Case({"about": about}, (clause(paragraph, favourable.start, favourable.end), *one.places))])
    if persian(paragraph):
        return cannot_tell("language", paragraph.field)
    if _PLAIN_FEATURE.search(paragraph.folded) or reading.first("models.feature", paragraph):
        return listed(())
    about = "names none of these: control, allocation, blinding, groups, sample size, phase"
    return listed([Case({"about": about}, (clause(paragraph, 0, 1),))])


@fact(cases=("about",))
def clusters_undeclared(reading: Reading) -> Fact:
    """Clusters (wards, schools, centres) that are allocated, where the design is not called cluster-randomised or their number is not given."""
    r = reading.registration
    if r.design_summary.state is State.UNKNOWN and r.settings.state is State.UNKNOWN:
        return cannot_tell("unknown", "design_summary")
    texts = (*_titles(reading), *_plan(reading), r.arms_summary)
    declared = [
        hit
        for hit in reading.find("models.cluster_design", *texts)
        if claimed(hit) and not _SAMPLING.match(hit.value.folded, hit.start)
    ]
    allocated = [hit for hit in reading.find("models.clusters_allocated", *_plan(reading), r.arms_summary) if _is_allocated(hit)]
    if not declared and not allocated:
        given = [value for value in texts if value.given]
        return _unknown(*texts) or unread(*given[:1]) or listed(())
    if not declared:
        return listed([Case({"about": "the design is nowhere called cluster-randomised"}, _quotes(allocated))])
    if not reading.first("models.number_of_clusters", *texts, r.inclusion_criteria) and r.complete:
        return listed([Case({"about": "the number of clusters is not given"}, _quotes([*declared, *allocated], 2))])
    return listed(())


def _is_allocated(hit: Hit) -> bool:
    """Whether the units themselves are allocated, rather than the people in them, or a sample of units being drawn."""
    if not hit.text.isascii():
        return True
    if not claimed(hit) or not _CHANCE.search(sentence(hit)):
        return False
    if hit.text.startswith("one of") and not _UNITS.search(hit.value.folded, max(0, hit.start - 150), hit.end):
        return False
    if _PEOPLE.search(hit.text) or _FOR_THE_STUDY.search(hit.text):
        return False
    if _BECOMES.search(hit.text):  # "two of the four centres are chosen as intervention"
        return True
    unit_first = not hit.text.startswith(("randomly", "as ", "into ", "in ", "of ", "one "))
    return not (unit_first and _SAMPLED.search(before(hit))) and not (
        hit.text.startswith(("in ", "of ")) and "sampl" in sentence(hit)
    )


@fact(cases=("words",))
def observational_words(reading: Reading) -> Fact:
    """Names of observational designs (cross-sectional, cohort, case-control, retrospective) that the texts give this study."""
    texts = (*_titles(reading), *_plan(reading))
    if nothing := _unknown(*texts):
        return nothing
    hits = [hit for hit in reading.find("models.observational", *texts) if _is_own_design(hit)]
    if not hits:
        return unread(*[value for value in texts if value.given][:1]) or listed(())
    return listed([Case({"words": hits[0].place.quote}, _quotes(hits))])


def _is_own_design(hit: Hit) -> bool:
    if not hit.text.isascii():
        return True
    if (
        not claimed(hit)
        or _OF_A_STUDY.search(before(hit))
        or _ONE_STAGE.search(before(hit))
        or (hit.value.field in _LONG and not of_itself(hit))
    ):
        return False
    return not (hit.text.startswith(("cohort", "retrospective")) and _TITLE_OF_OTHER.search(sentence(hit)))


@fact
def other_features_told(reading: Reading) -> Fact:
    """Whether the field for other design features says anything: more than a dash, "none" or "other"."""
    told = reading.registration.other_design_features
    if told.state is State.EMPTY:
        return Fact(False, (told.whole(),))
    if nothing := missing(told):
        return nothing
    letters = [character for character in told.text if character.isalpha()]
    return Fact(len(letters) > _FEW_LETTERS and not _NO_FEATURES.fullmatch(told.folded.strip()), (told.whole(),))
