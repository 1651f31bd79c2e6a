"""Facts on the regimen: amounts, frequencies, intervals and device settings that an arm leaves out or gives in ways that do not fit."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from audit.engine.clauses import clause
from audit.engine.controls import arm_texts, may_be_cut, names_only
from audit.engine.dosage import (
    ACTIVITY,
    CELLS,
    FORM,
    MASS,
    SHARE,
    VOLUME,
    Quantity,
    Told,
    clock_slips,
    cycles,
    injections,
    lengths,
    nonsense,
    quantities,
    rates,
    sessions,
    times_a_day,
)
from audit.engine.facts.dose import product_at
from audit.engine.groups import CONTROL, Group, groups
from audit.engine.language import unread
from audit.engine.numbers import WORDS, count
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed
from audit.engine.scope import denied, sentence_at
from audit.model.registration import Registration
from audit.model.result import Case, Fact, Phrase
from audit.model.span import Place, State, Value

_REAL = (MASS, VOLUME, ACTIVITY, CELLS, SHARE)
_BIOLOGICAL = ("product_kinds.cells", "product_kinds.exosome", "product_kinds.secretome", "product_kinds.platelets")
_GIVEN_HOW = re.compile(r"\b(?:inject|infus|intraven|intra-?\w+al|subcut|transplant|iv\b|im\b|sc\b)")
_OTHER_NUMBER = re.compile(
    r"\d(?! ?(?:st|nd|rd|th)\b)(?![\d.,:-]*[ -]?(?:days?|weeks?|months?|hours?|hrs?|h|minutes?|times?|patients?|people|persons?|years?|"
    r"participants?|subjects?|groups?|sessions?|visits?|a\.?m|p\.?m|o'clock|women|children|individuals|-?fold)\b)"
)
_NUMBERED_NAME = re.compile(
    r"(?:\b(?:group|arm|covid|cov|sars-cov|phase|type|day|days|vitamin [a-z]|grade|stage|step|omega|level|no\.?|interleukin|q)[ -]*|[a-z])\d+(?![\d.]* ?(?:mg|ml|g|gr|cc|iu|mcg|ug)\b)"
)
_LISTED_TIMES = re.compile(
    r"\b(?:minutes?|hours?|days?|weeks?|months?|visits?|sessions?) \d+(?:(?:,| and|, and| or| to|-) ?\d+)*\b(?![.]\d| ?(?:mg|ml|cc|g|iu|mcg|ug)\b)"
)
_SPACED = re.compile(
    r"\b(?:dai?ly|days?|weeks?|weekly|months?|monthly|nights?|intervals?|apart|hours?|consecutive|alternate|successive|years?)\b"
)
_IN_TIME = re.compile(
    r"\b(?:over|within|in|during|for)(?: (?:a|an|about|approximately|period of|at least|the first))* (\d+(?:\.\d+)?|an?|one|two|three|four|half an) ?-?(hours?|h|hrs?|minutes?|mins?)\b"
)
_FEW = {"a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "half an": 0.5}
_FORMS = r"tablets?|capsules?|syrup|injections?|infusion|ointment|cream|gel|drops|spray|ampoules?|vials?|sachets?|suppositor\w+|powder|extract|pearls?|oil"
_SALTS = r"sul(?:f|ph)ate|chloride|gluconate|citrate|hydrochloride|acetate|oxide|phosphate"
_NAMED_FORM = re.compile(
    rf"\b(?:(?:oral|intravenous|intramuscular|subcutaneous|topical|(?:{_FORMS}) of|dose of) (?P<before>vitamin [a-z]\d?|[a-z][a-z-]{{3,}})"
    rf"|(?P<after>vitamin [a-z]\d?|[a-z][a-z-]{{3,}}) (?:{_FORMS}|{_SALTS}))\b"
)
_COUNTED = re.compile(
    r"\b(?:\d+|one|two|three|four|five|six|half|a single) (?:\w+ ){1,2}(?:tab|cap|pill|puff|drop|ampoule|vial|sachet|pearl|spoon|supposit|dose|cup)"
)
_NO_NAME_WORDS = (
    "intravenous intramuscular subcutaneous epidural intrathecal placebo saline normal single local topical combined combination "
    "herbal medicine treatment therapy steroid antibiotic general systemic standard routine regional spinal nutrition feeding "
    "with from each this that these such using hand face skin hair body tooth teeth mouth nasal wound knee breast pain acne burn oral drug daily "
    "administration intake hygiene health cavity mucosa surgery glucose tolerance contraceptive care"
)
_NO_NAMES = frozenset(_NO_NAME_WORDS.split())
_PLACEBO_OF = re.compile(r" (?:placebo|matching placebo)")
_MAGNESIUM = re.compile(r"mg[ .,]*(?:so4|sulfate|sulphate|oxide|level)")
_TAKEN = re.compile(r"\b(?:how many|number of|per|each|every|in|with|of|dose in|unit) $")


@fact(cases=("arm", "what"))
def missing_amounts(reading: Reading) -> Fact:
    """The groups that get a drug or a biological product without any amount, units without a number, numbers without a unit."""
    r = reading.registration
    values = tuple(arm.description for arm in r.arms if arm.description.given)
    if not values:
        return cannot_tell(r.arms.state.value if r.arms.state is not State.GIVEN else "empty", "arms")
    if language := unread(*values):
        return language
    if names_only(values):
        return cannot_tell("text", "the export shows the names of the products only")
    bare = [*_bare_units(reading, (*values, *_summary(r)))]
    bare += _bare_numbers(values)
    told = {place.value.field for case in bare for place in case.places}
    return listed(
        [*bare, *(case for case in _without_amount(reading, values) if told.isdisjoint(p.value.field for p in case.places))]
    )


def _bare_units(reading: Reading, values: Iterable[Value]) -> Iterator[Case]:
    seen: set[str] = set()
    for hit in reading.find("dosing.unit_without_number", *values):
        start, end = hit.match.span("unit")
        written = hit.value.text[start:end]
        before = hit.value.folded[max(0, start - 12) : start]
        if written == "Mg" or any(c.isdigit() for c in before) or _TAKEN.search(before):
            continue
        if _MAGNESIUM.match(hit.value.folded, start) or hit.text.strip() in seen:
            continue
        seen.add(hit.text.strip())
        said = " ".join(hit.place.quote.split()).rstrip(" ,.;)")
        yield Case(
            {"arm": f'"{said}"', "what": Phrase("a number before {unit}", unit=written)},
            (clause(hit.value, hit.start, hit.end, 120),),
        )


_BARE_NUMBER = re.compile(
    r"\b(?P<name>[a-z]{3,}(?:vir|in|ine|ol|one|ide|ate|ole|pam|lam|fen|tan|pril|mab|nib|cept|ium|zinc)) (?P<number>\d{2,5})(?: (?:tablets?|tabs?|capsules?|caps?))? "
    r"(?:twice|three times|two times|daily|b\.?i\.?d|t\.?d\.?s|t\.?i\.?d|every \d{1,2}(?: ?h(?:ours?)?)?|once|orally|po\b|iv\b|a day|per day)"
)
_NO_DRUG_WORDS = (
    "protein within routine medicine vaccine guideline guidelines baseline online discipline machine engine examine determine combine define decline "
    "ultimate calculate rate date phone tone alone done none zone someone everyone stone bone school alcohol protocol control until milestone "
    "provide inside outside guide decide divide wide side include slide created climate estimate repeated candidate update separate moderate "
    "appropriate immediate alternate evaluate begin again certain contain remain obtain maintain explain again train pain skin margin origin "
    "whole role hole sole console people fine line nine determine mine medium premium stadium gymnasium"
)
_NO_DRUGS = frozenset(_NO_DRUG_WORDS.split())


def _bare_numbers(values: Iterable[Value]) -> Iterator[Case]:
    """Yield the drugs with a number and no unit ("ribavirin 1200 twice daily")."""
    seen: set[str] = set()
    for value in values:
        for match in _BARE_NUMBER.finditer(value.folded):
            said = _flat(value, *match.span())
            if match["name"] not in _NO_DRUGS and said.lower() not in seen:
                seen.add(said.lower())
                yield Case(
                    {"arm": f'"{said}"', "what": Phrase("a unit after {number}", number=match["number"])},
                    (clause(value, *match.span(), 120),),
                )


def _without_amount(reading: Reading, values: tuple[Value, ...]) -> Iterator[Case]:
    r = reading.registration
    elsewhere = (*_summary(r), r.scientific_title, r.public_title, r.study_aim)
    if any(q.kind in (MASS, ACTIVITY, CELLS, VOLUME) for value in elsewhere for q in quantities(value.folded)):
        return
    if may_be_cut(r, values):
        return
    bare: dict[Phrase, Place] = {}
    for number, arm in enumerate(r.arms, 1):
        value = arm.description
        if not value.given or (not r.complete and number == len(r.arms)):
            continue
        if _has_amount(value.folded) or reading.first("dosing.as_others", value):
            continue
        for group in groups(reading, value):
            if group.role != CONTROL and (hit := _studied_drug(reading, group)):
                bare.setdefault(Phrase("group {number}", number=number), clause(value, hit.start, hit.end, 160))
    if bare:
        what = "an amount (dose, volume, strength or number of units)"
        yield Case({"arm": Phrase("What {arms} receives", arms=tuple(bare)), "what": what}, tuple(bare.values()))


def _studied_drug(reading: Reading, group: Group) -> Hit | None:
    """Return the drug or product that the trial studies and *group* receives, or None."""
    r = reading.registration
    titles = f" {r.scientific_title.folded} {r.public_title.folded} "
    for hit in reading.find(("products.drug", *_BIOLOGICAL), group.value):
        if not _in(group, hit) or denied(hit.value.folded, hit.start, hit.end):
            continue
        if _PLACEBO_OF.match(hit.value.folded, hit.end):
            continue
        if hit.pattern == "products.drug":
            if hit.text.strip() in titles:
                return hit
        elif _GIVEN_HOW.search(group.text) and reading.first(_BIOLOGICAL, r.scientific_title, r.public_title):
            return hit
    for match in _NAMED_FORM.finditer(group.text):
        at = "before" if match["before"] else "after"
        name = match[at]
        if name not in _NO_NAMES and re.search(rf"\b{re.escape(name)}\b", titles):
            start = group.body + match.start(at)
            if not denied(group.value.folded, start, start + len(name)):
                return Hit("", group.value, start, start + len(name), match)
    return None


def _has_amount(text: str) -> bool:
    if any(q.kind in _REAL or (q.numbers and not (q.numbers == (1.0,) and q.unit == "piece")) for q in quantities(text)):
        return True
    if re.search(r"\b(?:one|a single|each|1) (?:\w+ )?(?:tab|cap|pill|puff|drop|ampoule|vial|sachet|spoon|supposit)", text):
        return True
    if _COUNTED.search(text):
        return True
    plain = _NUMBERED_NAME.sub(" ", _LISTED_TIMES.sub(" ", text))
    return _OTHER_NUMBER.search(plain) is not None


def _in(group: Group, hit: Hit) -> bool:
    return hit.value is group.value and group.body <= hit.start and hit.end <= group.end


def _summary(r: Registration) -> tuple[Value, ...]:
    return tuple(value for value in (r.arms_summary, r.settings, r.design_summary) if value.given)


@fact(cases=("arm", "what"))
def missing_parameters(reading: Reading) -> Fact:
    """What a group's treatment lacks: how often a dose is taken, the interval between sessions, the settings of a device."""
    r = reading.registration
    values = tuple(arm.description for arm in r.arms if arm.description.given)
    if not values:
        return cannot_tell(r.arms.state.value if r.arms.state is not State.GIVEN else "empty", "arms")
    if language := unread(*values):
        return language
    if names_only(values):
        return cannot_tell("text", "the export shows the names of the products only")
    summary = _summary(r)
    if may_be_cut(r, values):
        return cannot_tell("text", "the export may have cut the groups")
    return listed(_lacking(reading, values, summary))


def _lacking(reading: Reading, values: tuple[Value, ...], summary: tuple[Value, ...]) -> Iterator[Case]:
    r = reading.registration
    spaced = any(rates(v.folded) or _SPACED.search(v.folded) for v in (r.arms_summary, r.settings) if sessions(v.folded))
    often = bool(reading.first("dosing.frequency", *summary))
    lasting = any(_LASTING.search(v.folded) for v in (*summary, r.study_aim, r.scientific_title, r.public_title))
    seen: set[str] = set()
    for number, arm in enumerate(r.arms, 1):
        value = arm.description
        if not value.given or (not r.complete and number == len(r.arms)):
            continue
        lacking: list[tuple[str, Place]] = []
        told = sessions(value.folded)
        more = " ".join(part.folded for part in arm.more if part.given)
        if told and not spaced and told[0].number > 1 and not _SPACED.search(value.folded) and not _SPACED.search(more):
            lacking.append(("the interval between the sessions", clause(value, told[0].start, told[0].end, 160)))
        if place := _bare_device(reading, value, summary):
            lacking.append(("the settings of the device (energy, intensity, time)", place))
        if not often and not reading.first("dosing.frequency", *arm.more) and (place := _untimed_dose(reading, value)):
            lacking.append(("how often the dose is taken", place))
        told_elsewhere = lasting or _LASTING.search(more)
        if not told_elsewhere and not _LASTING.search(value.folded) and (place := _daily_dose(reading, value)):
            lacking.append(("for how long it is taken", place))
        for what, place in lacking:
            if what not in seen:
                seen.add(what)
                yield Case({"arm": Phrase("group {number}", number=number), "what": what}, (place,))


_LASTING = re.compile(
    r"\b(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|thirty|several|few|the|this|whole|entire|first|second|third|last|next|each|qq+)"
    r"[ -]*(?:consecutive |successive |more |of |and \w+ )?(?:days(?! ?(?:a|per) week)|weeks?(?<!a week)(?<!per week)(?<!each week)|wks?|months?|years?|period|course|trimester|cycles?|nights)\b"
    r"|\b(?:first|second|third|fourth|fifth|sixth|seventh|tenth|fourteenth|last) day\b|\b(?:days? ?\d|d\d|until|till|throughout|during|discharge|recover|end of|through|up to|as long as|single|stat|prn|as needed|if needed|(?:before|after)(?! (?:(?:or|and) (?:before|after) )?(?:an? |the |each |every |any |main )?(?:meals?|food|eating|breakfast|lunch|dinner|supper)\b)|prior|pre-?op|post-?op|"
    r"chronic\w*|life-?long|remission|hospitali[sz]ation|pregnancy|delivery|cured?)\b|(?<![\d.])-\d{1,2} (?:to|till|through) [-+]?\d"
)
_DAILY = re.compile(
    r"\b(?:dai?ly|(?:a|per|every|each) (?:day|night)|nightly|b\.?i\.?d|t\.?d\.?s|t\.?i\.?d|q\.?i\.?d|q ?\d+ ?h|"
    r"every (?:\d{1,2}|two|three|four|six|eight|twelve) ?h\w*)\b|/ ?(?:day|d)\b"
)
_USUAL = re.compile(
    r"\b(?:standard|usual|routine|conventional|common|supportive)(?: of)? (?:care|treatments?|therapy|drugs?|medications?|medicines?|protocol|regimen)"
    r"(?: \w+){0,4}?(?: ?[({:]| (?:with|including|includes?|containing|consisting of|contains|of)\b)[^+;,)]*$"
)
"""Words that end where a drug of the usual care begins: how long that is given is not for the trial to say."""
_BESIDE = re.compile(r"[;,+()]|\b(?:in addition|along with|together with|as well as|besides|plus|and)\b")
_BY_RULE = re.compile(r"\b(?:guidelines?|protocols?|schedule|regimen|prescription)\b")
"""What may say how long a dose is taken, in the words beside it: the usual care that is given with it has a protocol too."""


def _daily_dose(reading: Reading, value: Value) -> Place | None:
    """Return a dose that is taken every day and of which the record does not say for how long, or None."""
    folded = value.folded
    often = [match.span() for match in _DAILY.finditer(folded)]
    if not often:
        return None
    taken = reading.first("dosing.self_given", value) is not None or "spoon" in folded
    elsewhere = [arm.description for arm in reading.registration.arms if arm.description is not value]
    kinds: tuple[str, ...] = (MASS, ACTIVITY)
    if taken and not any(_LASTING.search(other.folded) for other in elsewhere if other.given):
        kinds += (FORM, VOLUME)  # pieces and volumes without a strength are often those of the placebo, taken as long as the drug
    others = [hit.start for hit in reading.find("dosing.as_others", value)]
    for quantity in quantities(folded):
        if quantity.kind not in kinds:
            continue
        start, end = sentence_at(folded, quantity.start)
        daily = next((one for one in often if start <= one[0] < end and one[1] > quantity.start), None)
        if daily is None or _USUAL.search(folded, max(start, quantity.start - 120), quantity.start):
            continue
        first, last = _beside(folded, (start, end), (quantity.start, daily[1]))
        if not _BY_RULE.search(folded, first, last) and not any(first <= at < last for at in others):
            return clause(value, quantity.start, quantity.end, 160)
    return None


def _beside(folded: str, sentence: tuple[int, int], dose: tuple[int, int]) -> tuple[int, int]:
    """Return from where to where the words around a *dose* in its *sentence* go, as far as the next thing that is listed."""
    breaks = [match.start() for match in _BESIDE.finditer(folded, *sentence)]
    first = max((at for at in breaks if at < dose[0]), default=sentence[0])
    return first, min((at for at in breaks if at >= dose[1]), default=sentence[1])


def _bare_device(reading: Reading, value: Value, summary: tuple[Value, ...]) -> Place | None:
    for hit in reading.find("dosing.device", value):
        if denied(value.folded, hit.start, hit.end):
            continue
        if reading.first(("dosing.setting", "placebo.sham"), value) or reading.first("dosing.setting", *summary):
            return None
        return clause(value, hit.start, hit.end, 160)
    return None


def _untimed_dose(reading: Reading, value: Value) -> Place | None:
    """Return a dose that is taken by the patient and of which the text never says how often, or None."""
    if reading.first(("dosing.frequency", "dosing.as_others"), value):
        return None
    form = reading.first("dosing.self_given", value)
    if form is None or _GIVEN_HOW.search(value.folded):
        return None
    for quantity in quantities(value.folded):
        if quantity.kind in (MASS, ACTIVITY) and not set(quantity.per) & {"day", "h", "min", "week"}:
            return clause(value, quantity.start, quantity.end, 160)
    return None


@fact(cases=("quote", "why"))
def dose_dimensions(reading: Reading) -> Fact:
    """The doses whose unit makes no sense, and those whose unit is of another kind in another place."""
    r = reading.registration
    values = tuple(dict.fromkeys((*arm_texts(r), *_summary(r))))
    if not values:
        return cannot_tell("unknown" if r.arms.state is State.UNKNOWN else "empty", "arms")
    cases = [*_nonsense(values)]
    cases += _other_kind(r)
    return listed(cases)


def _nonsense(values: Iterable[Value]) -> Iterator[Case]:
    for value in values:
        for quantity in quantities(value.folded):
            why = nonsense(quantity.per) if len(quantity.per) > 1 and quantity.kind in _REAL else None
            if why:
                quote = " ".join(value.text[quantity.start : quantity.end].split())
                yield Case({"quote": quote, "why": why}, (clause(value, quantity.start, quantity.end, 160),))
                break


def _other_kind(r: Registration) -> Iterator[Case]:
    """Yield the doses of one product that have the same number and a unit of another kind in summary and groups."""
    arms = [arm.description for arm in r.arms if arm.description.given]
    here, there = _by_product((*_summary(r), r.scientific_title, r.public_title)), _by_product(arms)
    for product, (value, quantity) in here.items():
        if product not in there:
            continue
        other, second = there[product]
        same_number = quantity.numbers == second.numbers
        if same_number and quantity.kind != second.kind and not (quantity.per or second.per):
            one = " ".join(value.text[quantity.start : quantity.end].split())
            two = " ".join(other.text[second.start : second.end].split())
            yield Case(
                {"quote": f"{one} / {two}", "why": Phrase("{product} has units of two kinds", product=product)},
                (clause(value, quantity.start, quantity.end, 150), clause(other, second.start, second.end, 150)),
            )


def _by_product(values: Iterable[Value]) -> dict[str, tuple[Value, Quantity]]:
    """Return the products that have one amount only in *values*, with it."""
    found: dict[str, tuple[Value, Quantity] | None] = {}
    for value in values:
        for quantity in quantities(value.folded):
            if quantity.kind not in (MASS, VOLUME, ACTIVITY):
                continue
            product = product_at(value.folded, quantity.start, quantity.end)
            if not product:
                continue
            old = found.get(product, (value, quantity))
            same = old is not None and (old[1].unit, old[1].numbers) == (quantity.unit, quantity.numbers)
            found[product] = old if same else None
    return {product: pair for product, pair in found.items() if pair}


@fact(cases=("what",))
def schedule_contradictions(reading: Reading) -> Fact:
    """Where numbers of sessions, intervals and durations do not fit each other, in a group or between summary and groups."""
    r = reading.registration
    arms = [arm.description for arm in r.arms if arm.description.given]
    if not arms:
        return cannot_tell("unknown" if r.arms.state is State.UNKNOWN else "empty", "arms")
    if language := unread(*arms):
        return language
    values = (*arms, *_summary(r))
    cases = [case for value in values for case in _inside(value)]
    cases += [case for value in arms if len(groups(reading, value)) == 1 for case in _doses_given(value)]
    cases += _between(r, arms)
    return listed(_merged(cases))


def _merged(cases: Iterable[Case]) -> Iterator[Case]:
    """Yield the cases, those that say the same as one."""
    same: dict[object, list[Case]] = {}
    for case in cases:
        same.setdefault(case.values["what"], []).append(case)
    for what, several in same.items():
        yield Case({"what": what}, tuple(place for case in several for place in case.places)[:4])


_TIMES_TIMES = re.compile(rf"\b(?:{WORDS}|\d{{1,2}}) times,? (?:{WORDS}|\d{{1,2}}) times (?:a|per|each|every|in a|dai?ly|week)")
_DOSES = re.compile(rf"\b({WORDS}|\d{{1,2}}) doses of (?!each\b)")
_REST = re.compile(
    r"\b(?:one|a|1|last|third|fourth|another|other|remaining|additional|extra|next|final|booster|loading|each|or|then|followed|repeat\w*) (?:\w+ )?doses?\b"
    r"|\bthen\b|\bfollowed\b|\bmore\b|\badditional"
)


def _doses_given(value: Value) -> Iterator[Case]:
    """Yield the group that gets "three doses" in one sentence and "two doses" in the next, of which no third is told."""
    found = list(_DOSES.finditer(value.folded)) if "doses" in value.folded else []
    said = [count(match[1]) for match in found]
    if len(found) == 2 and None not in said and said[0] != said[1] and not _REST.search(value.folded):
        one, other = found
        first, last = sentence_at(value.folded, one.start()), sentence_at(value.folded, other.start())
        if first[1] == last[0] and not value.folded[last[0] : other.start()].strip():
            said_here, said_there = _flat(value, *one.span()), _flat(value, *other.span())
            what = Phrase('"{one}" in one sentence and "{other}" in another', one=said_here, other=said_there)
            yield Case({"what": what}, (clause(value, *one.span(), 160), clause(value, *other.span(), 160)))


def _inside(value: Value) -> Iterator[Case]:
    """Yield the sentences of *value* in which sessions, frequency and duration do not fit."""
    folded = value.folded
    for start, end in clock_slips(folded):
        what = Phrase('"{words}" are not the hours of that interval', words=_flat(value, start, end))
        yield Case({"what": what}, (clause(value, start, end, 160),))
    for match in _TIMES_TIMES.finditer(folded) if " times" in folded else ():
        what = Phrase('"{words}" gives two frequencies', words=_flat(value, *match.span()))
        yield Case({"what": what}, (clause(value, *match.span(), 160),))
    often_a_day = times_a_day(folded)
    for one, other in pairwise(often_a_day):
        between = folded[one.end : other.start]
        if _NEXT_TO.fullmatch(between) and not _may_be_awake(one.number, other.number):
            what = Phrase('"{words}" gives two frequencies', words=_flat(value, one.start, other.end))
            yield Case({"what": what}, (clause(value, one.start, other.end, 160),))
    told = sessions(folded)
    for one in told:
        first, last = sentence_at(folded, one.start)
        if len([other for other in told if first <= other.start < last]) > 1:
            continue
        often = [rate for rate in rates(folded) if first <= rate.start < last]
        long = [length for length in lengths(folded) if first <= length.start < last]
        if len(often) != 1 or len(long) != 1:
            continue
        expected = often[0].number * long[0].number / 7.0
        slack = 0.15 if long[0].number % 7 == 0 else 0.25  # a month may be four weeks
        if long[0].number >= 7 and not expected * (1 - slack) - 1 <= one.number <= expected * (1 + slack) + 1:
            parts = tuple(f'"{_flat(value, p.start, p.end)}"' for p in sorted((one, often[0], long[0]), key=lambda p: p.start))
            places = tuple(value.place(p.start, p.end) for p in sorted((one, often[0], long[0]), key=lambda p: p.start))
            what = Phrase("{parts} do not fit ({expected} would)", parts=parts, expected=round(expected))
            yield Case({"what": what}, places)


def _between(r: Registration, arms: list[Value]) -> Iterator[Case]:
    summary = [value for value in (r.arms_summary, r.settings, r.design_summary) if value.given]
    here = [(value, one) for value in summary for one in sessions(value.folded)]
    there = [(value, one) for value in arms for one in sessions(value.folded)]
    yield from _one_each(here, there)
    if here and not there:
        yield from _one_each(here, _sessions_worked_out(arms))
    given = _told(arms, injections)
    repeated = {one.number - 1 for _, one in given}  # "repeated three times" may make four
    yield from _one_each([(v, one) for v, one in _told(summary, injections) if one.number not in repeated], given)
    short = [value for value in (r.arms_summary,) if value.given]
    if short:
        yield from _one_each(_told(short, times_a_day), _told(arms, times_a_day))
        yield from _one_each(_treatments(short), _treatments(arms))
        yield from _one_each(_told(short, cycles), _told(arms, cycles))


def _sessions_worked_out(arms: Iterable[Value]) -> list[tuple[Value, Told]]:
    """Return how many sessions a sentence comes to that gives nothing but sessions a week and a number of weeks."""
    found = []
    for value in arms:
        often, long = rates(value.folded), lengths(value.folded)
        if len(often) != 1 or len(long) != 1 or "session" not in value.folded or long[0].number < 7:
            continue
        first, last = sentence_at(value.folded, often[0].start)
        if first <= long[0].start < last and long[0].number % 7 == 0:
            start, end = min(often[0].start, long[0].start), max(often[0].end, long[0].end)
            found.append((value, Told(often[0].number * long[0].number / 7.0, start, end)))
    return found


def _told(values: Iterable[Value], read: Callable[[str], list[Told]]) -> list[tuple[Value, Told]]:
    return [(value, one) for value in values for one in read(value.folded)]


def _treatments(values: Iterable[Value]) -> list[tuple[Value, Told]]:
    """Return the durations that stand in a sentence with a frequency, and not with a follow-up."""
    found = []
    for value, one in _told(values, lengths):
        first, last = sentence_at(value.folded, one.start)
        sentence = value.folded[first:last]
        if _FREQUENT.search(sentence) and not _LATER.search(sentence):
            found.append((value, one))
    return found


def _one_each(here: list[tuple[Value, Told]], there: list[tuple[Value, Told]]) -> Iterator[Case]:
    """Yield the case that summary and groups give one number each, and not the same."""
    mine, theirs = {round(one.number) for _, one in here}, {round(one.number) for _, one in there}
    if len(mine) == len(theirs) == 1 and mine != theirs:
        (value, one), (other, second) = here[0], there[0]
        if abs(one.number - second.number) <= 0.1 * max(one.number, second.number):
            return  # a month and four weeks
        said_here, said_there = _flat(value, one.start, one.end), _flat(other, second.start, second.end)
        what = Phrase('"{one}" in the summary and "{other}" in the groups', one=said_here, other=said_there)
        yield Case({"what": what}, (clause(value, one.start, one.end, 160), clause(other, second.start, second.end, 160)))


@fact(cases=("what",))
def sessions_in_groups_only(reading: Reading) -> Fact:
    """The number of sessions that the groups give and the summary of the same groups does not."""
    r = reading.registration
    arms = [arm.description for arm in r.arms if arm.description.given]
    if not arms:
        return cannot_tell(r.arms.state.value if r.arms.state is not State.GIVEN else "empty", "arms")
    if not r.arms_summary.given:
        return listed(())
    if language := unread(*arms, r.arms_summary):
        return language
    told = next(((value, one) for value in arms for one in sessions(value.folded) if one.number > 1), None)
    summary = (*_summary(r), r.study_aim, r.scientific_title, r.public_title)
    if told is None or any(_speaks_of_times(value) for value in summary):
        return listed(())
    value, one = told
    what = Phrase(
        'the groups say "{words}", the summary of the groups does not say how many there are',
        words=_flat(value, one.start, one.end),
    )
    return listed((Case({"what": what}, (_short(r.arms_summary), clause(value, one.start, one.end, 160))),))


_NEXT_TO = re.compile(r"[ ,(:=]{1,3}(?:and |or |i\.e\.? ?|that is,? |at )?(?:one (?:tablet|capsule) )?")
_FREQUENT = re.compile(
    r"\b(?:daily|twice|thrice|times|every|weekly|a day|per day|a week|per week|bid|tid|tds|nightly|each (?:day|night|week))\b"
)
_LATER = re.compile(r"\bfollow|\bafter (?:the )?(?:treatment|intervention)|\bassess|\bevaluat|\bmeasur|\bvisit")


def _may_be_awake(one: float, other: float) -> bool:
    """Return whether two frequencies may be one: the same, or "three times a day, every 4 hours" of a day of waking."""
    return one == other or (min(one, other) >= 3 and max(one, other) / min(one, other) <= 2)


_TIMES = re.compile(
    r"\bsessions?\b|\bcourses?\b|\btimes?\b|\bweekly\b|\bdaily\b|\b(?:weeks|months|days)\b|\bonce\b|\btwice\b|\binterval"
)


def _speaks_of_times(value: Value) -> bool:
    return value.given and bool(_TIMES.search(value.folded))


def _short(value: Value) -> Place:
    return clause(value, 0, min(1, len(value.text)), 200)


def _flat(value: Value, start: int, end: int) -> str:
    return " ".join(value.text[start:end].split()).strip(" ,.;:")


@fact(cases=("volume", "rate", "time", "expected"))
def rates_unlike_times(reading: Reading) -> Fact:
    """The volumes, flow rates and times of one sentence that do not fit each other."""
    r = reading.registration
    values = tuple(dict.fromkeys((*arm_texts(r), *_summary(r))))
    if not values:
        return cannot_tell("unknown" if r.arms.state is State.UNKNOWN else "empty", "arms")
    return listed(case for value in values for case in _flows(value))


_GAS = re.compile(r"\b(?:oxygen|o2|air|gas|fresh gas|nitrous|nebuli[sz]\w*|sevoflurane|isoflurane|cpap|cannula|heliox)\b")
"""Beside a flow that carries a drug or is breathed, and empties no bag."""


def _flows(value: Value) -> Iterator[Case]:
    folded = value.folded
    found = [q for q in quantities(folded) if q.kind == VOLUME and q.low == q.high]
    for rate in found:
        if rate.per not in (("min",), ("h",)):
            continue
        if _GAS.search(folded, max(0, rate.start - 25), min(len(folded), rate.end + 12)):
            continue
        first, last = sentence_at(folded, rate.start)
        volumes = [q for q in found if first <= q.start < last and not q.per]
        times = list(_IN_TIME.finditer(folded, first, last))
        if len(volumes) != 1 or len(times) != 1:
            continue
        said = _FEW.get(times[0][1]) or float(times[0][1])
        minutes = said * (60 if times[0][2].startswith("h") else 1)
        expected = volumes[0].base / (rate.base / (60 if rate.per == ("h",) else 1))
        if not 0.7 <= minutes / expected <= 1.4:
            quoted = [(volumes[0].start, volumes[0].end), (rate.start, rate.end), times[0].span()]
            shown = [_flat(value, a, b) for a, b in quoted]
            what = dict(zip(("volume", "rate", "time"), shown, strict=True))
            yield Case(
                {**what, "expected": Phrase("{number} minutes", number=round(expected))},
                (clause(value, quoted[0][0], quoted[-1][1], 200),),
            )
