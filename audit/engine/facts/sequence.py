"""Facts on the order of allocation: whether it can be foreseen, how and by whom it is made, how it is hidden, its blocks and ratio."""

import re
from collections.abc import Iterator
from math import comb

from audit.engine.claims import after, before, of_other_studies, sentence
from audit.engine.clauses import clause
from audit.engine.enrolment import PART, PER_GROUP, sizes
from audit.engine.facts.allocation import block_sizes
from audit.engine.language import persian, unread
from audit.engine.numbers import WORDS, count
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed, missing
from audit.engine.scope import denied, sentence_at
from audit.model.registration import Registration
from audit.model.result import Case, Fact, Phrase
from audit.model.span import Place, Value

_SHORTEST = 15
_SHORT = 40
_EXPORT_CUTS_AT = 850
_END = (".", "!", "?", ")", '"', "'", ":", ";")
_PREDICTABLE = {
    "sequence.alternation": "alternation",
    "sequence.odd_even": "odd and even numbers",
    "sequence.calendar": "days or dates",
    "sequence.person_number": "a number that belongs to the person",
    "sequence.arrival": "the order of arrival or somebody's choice",
}
_NEED_A_LINK = ("sequence.calendar", "sequence.person_number")
_LINK = re.compile(
    r"\b(?:based|according|basis|depend\w*|terms|regard\w*|consider\w*|respect|relation|criteri\w*|whose)\b(?: \w+){0,5} ?$"
    r"|\b(?:odd|even) ?$|\b(?:by|order of|using)(?: (?:the|their|patients?|last|his|her))* ?$"
)
_BY_ITSELF = re.compile(r"\b(?:odd|even|alternate|specific|different|weeks?|mornings?|\w+days?)\b[^.;]* |\blast\b")
_ENDS = re.compile(
    r",? (?:(?:that|which|who) )?(?:end(?:s|ed|ing)?|finish(?:es|ed|ing)?|terminat\w+) (?:in|with|by|at|to|on|is|are)\b"
)
_NOT_RANDOM = re.compile(r"\b(?:not|no|without|never|regardless|independent(?:ly)? of|except)\b|n't\b")
_RATIO = re.compile(
    r"(?<![\d:.,/-])([1-9])((?: ?: ?| to | ?/ ?)[1-9])((?: ?: ?| to | ?/ ?)[1-9])?((?: ?: ?| to | ?/ ?)[1-9])?((?: ?: ?| to | ?/ ?)[1-9])?"
    r"(?! ?(?:[:\d/%]|\.\d|hours?|days?|weeks?|months?|years?|times?|minutes?|mg|ml|cc|of the))"
)
_RATIO_IN_WORDS = re.compile(r"\b(one|two|three)[ -]to[ -](one|two|three)(?:[ -]to[ -](one|two|three))?\b")
_ALLOCATION = re.compile(r"\b(?:ratio|alloca\w*|random\w*|assign\w*|divid\w*)\b")
_OTHER_RATIO = re.compile(
    r"\b(?:match\w*|dilut\w*|titers?|titres?|concentrat\w*|males?|females?|sex|gender|[ea]*drenaline|epinephrine|solution|mixed|mixture|odds|risk|i:e|inspirat\w*|weight|volume"
    r"|powder|extract|scale|score|omega|nurse|staff|sub-?groups?|again|re-?randomi\w*|second(?:ly)? random\w*|stage|strat\w*|case-control|phase|steps?)\b"
)
_RATIO_OF_ALLOCATION = re.compile(r"\balloca\w* ratio(?: (?:of|is|was|will be|with))?[ :=]*$")
_BLOCK_COUNT = re.compile(rf"(?<![\d.:-])\b(\d{{1,3}}|{WORDS}) (?:\w+ ){{0,2}}?blocks\b")
_BLOCK_PARTS = re.compile(
    rf"\bblocks? ?\(? ?(?:including|includes?|with|of|contain\w*|consist\w*(?: of)?|each (?:with|of|including|containing)|that include) (\d|{WORDS}) [^.;()]{{0,50}}? (?:and|,) (\d|{WORDS}) [^.;()]{{0,40}}?(?:group|control|placebo|arm)"
)
_STRATA = re.compile(
    r"\bstrat(?:a|um|ified|ification|ify)\b|\bstrati|\beach (?:cent(?:er|re)|hospital|site|stratum)\b|\bvariable|\bdifferent (?:block )?(?:sizes?|lengths?)|\brandom (?:block )?sizes?"
)
_ALLOCATES = re.compile(r"\brandom|\balloca|\bassign|\bgroup|\benvelope|\bcoin\b|\bdice\b|\blots?\b|\bcards?\b|\bsequence\b")
_OF_LETTERS = re.compile(
    r"\bletters?\b|\bblocks?\b|\bstart(?:ing)?\b|\bfirst number\b|\bwhich (?:group|letter|code) (?:is|was|will be) (?:the )?(?:drug|placebo|intervention|control)|\bconceal|\bopaque|\bsealed\b[^.;]{0,40}\bnumbered"
)
_ORDER = re.compile(
    r"\brandom\w*|\balloca\w*|\bsequences?\b|\blists?\b|\bassign\w*|\bcodes?\b|\bblocks?\b|\bcoins?\b|\blots?\b|\blottery|\btoss\w*|\benvelop\w*|\bdraw\w*"
)
_MIXED = re.compile(
    r"\b(?:mix\w*|shuffl\w*|lots?|(?:pick|draw|choos|select|pull)\w*|chosen|tak(?:e|es|en|ing) (?:out|one|an?|the|from)|took|at random|by chance|blindly)\b"
)
_SOMEBODY = re.compile(
    r"^(?:pharmac|statistic|epidemiolog|methodolog|independent|third|another|other|separate|neutral|outside|different|by |phone|someone|out)"
)
_LEVEL = re.compile(r"[a-z]-$|\b(?:single|double|triple|quadruple|one|two|three|both|side|sided|way|and)[- ]{1,2}$")
_SITE_AFTER = re.compile(
    r"(?:[ -]?envelop\w*)?(?:[ ]?(?:ltd|inc))?\W{0,2}(?:[.] ?(?:com|org|net)\b| ?(?:online |internet )?(?:web-? ?)?(?:sites?|pages?|softwares?|programs?|applications?|app)\b)"
)
_SITE_BEFORE = re.compile(
    r"\b(?:www[. ]+|https?://\S*|(?:site|website|software|page) (?:of |called |named )?[\"'(]?)(?:sealed[ ]?)?$"
)
_SAMPLE = re.compile(r"\bsampl|\brecruit|\benrol")
_NEAR = 150
_SPARE = re.compile(r"\b(?:drop-?outs?|attrition|loss(?:es)? to follow|spare|extra|additional)\b")


def _plan(reading: Reading) -> tuple[Value, ...]:
    """The texts that may tell of the allocation: its own description first."""
    r = reading.registration
    return (r.randomization_description, r.design_summary, r.settings, r.other_design_features, r.blinding_description)


def _told(reading: Reading) -> Fact | None:
    """Return why nothing can be told: no description of the randomisation, or one too short to be any (RA01 asks for it)."""
    described = reading.registration.randomization_description
    if nothing := missing(described):
        return nothing
    if len(described.text.strip()) < _SHORTEST:
        return cannot_tell("unclear", described.field)
    return None


def _is_cut(registration: Registration) -> bool:
    """Whether an export may have cut the description: it is long and stops within a sentence."""
    last = (
        registration.blinding_description if registration.blinding_description.given else registration.randomization_description
    )
    long = len(registration.randomization_description.text) + len(registration.blinding_description.text) >= _EXPORT_CUTS_AT
    return registration.source.kind == "structured" and long and not last.text.rstrip().endswith(_END)


@fact(cases=("rule",))
def predictable_allocation(reading: Reading) -> Fact:
    """Rules by which the next group can be foreseen: alternation, odd and even, days, file numbers, order of arrival, choice."""
    r = reading.registration
    described = r.randomization_description
    if nothing := missing(described):
        return nothing
    cases: list[Case] = []
    tool = reading.first("sequence.tool", described)
    for hit in reading.find(tuple(_PREDICTABLE), described, r.design_summary, r.settings):
        rule = _PREDICTABLE[hit.pattern]
        place = clause(hit.value, hit.start, hit.end)
        known = any(case.values["rule"] == rule or case.places[0].quote == place.quote for case in cases)
        if not known and _is_rule(reading, hit, tool if hit.value is described else None):
            cases.append(Case({"rule": rule}, (place, r.randomization.whole())))
    return listed(cases)


def _is_rule(reading: Reading, hit: Hit, tool: Hit | None) -> bool:
    start, end = sentence_at(hit.value.folded, hit.start)
    described = hit.value is reading.registration.randomization_description
    short = described and (
        len(hit.value.text) < _SHORT or hit.text.startswith("first ")
    )  # "the first five get A, the next five B"
    around = short or [one for one in reading.find("sequence.allocating", hit.value) if start <= one.start < end]
    if not around or of_other_studies(hit):
        return False
    if hit.text.isascii() and (denied(hit.value.folded, hit.start, hit.end) or _NOT_RANDOM.search(before(hit, 30))):
        return False
    linked = _LINK.search(before(hit, 50)) or _BY_ITSELF.search(hit.text) or _ENDS.match(hit.value.folded, hit.end)
    if hit.pattern in _NEED_A_LINK and hit.text.isascii() and not linked:
        return False
    if hit.pattern == "sequence.alternation":
        return not any(start <= one.start < end for one in reading.find("sequence.sure_tool", hit.value))
    if hit.value is not reading.registration.randomization_description:
        return _strongly_allocates(hit) and reading.first("sequence.tool", *_plan(reading)) is None
    return tool is None


def _strongly_allocates(hit: Hit) -> bool:
    """Whether a sentence outside the description of the randomisation tells who comes into which group."""
    return not hit.text.isascii() or bool(re.search(r"\b(?:assign|alloc|divid|random|into (?:the|two) )", sentence(hit)))


@fact(cases=("method",))
def selection_instead_of_allocation(reading: Reading) -> Fact:
    """A randomisation description that tells how participants are selected or sampled, and nothing of how they come to a group."""
    described = reading.registration.randomization_description
    if nothing := _told(reading):
        return nothing
    hit = reading.first("sequence.selection", described)
    if hit is None or reading.first("sequence.allocation_told", described):
        return listed(())
    return listed(
        [Case({"method": hit.place.quote}, (clause(described, hit.start, hit.end), reading.registration.randomization.whole()))]
    )


@fact(cases=("ratio", "groups"))
def ratio_unlike_groups(reading: Reading) -> Fact:
    """Allocation ratios with another number of terms than there are groups, or that the sizes of the groups do not have."""
    r = reading.registration
    arms = reading.fact("arm_count")
    if not isinstance(arms.value, int):
        return Fact(reason=arms.reason)
    texts = (r.randomization_description, r.design_summary, r.settings, r.other_design_features)
    if not any(text.given for text in texts):
        return missing(*texts[:1]) or listed(())
    found = list(_ratios(texts))
    if arms.value < 2 or not found:
        return listed(()) if found else unread(r.randomization_description) or listed(())
    if r.assignment.code in ("factorial", "crossover") or reading.fact("within_person").value or "healthy" in _all_arms(r):
        return cannot_tell("text", "the ratio may be that of another division")
    fitting = [terms for terms, _ in found if len(terms) == arms.value]
    if not fitting:
        if any(sum(terms) == arms.value for terms, _ in found):
            return listed(())  # "2:1, drug to placebo", where two of three groups get the drug
        place = found[0][1]
        return listed(
            [Case({"ratio": place.quote, "groups": Phrase("{number} groups", number=arms.value)}, (_wider(place), *arms.places))]
        )
    return listed(_sizes_unlike(reading, found, arms.value))


def _all_arms(registration: Registration) -> str:
    return " ".join(arm.description.folded for arm in registration.arms)


def _wider(place: Place) -> Place:
    return clause(place.value, place.start, place.end)


def _ratios(texts: tuple[Value, ...]) -> Iterator[tuple[tuple[int, ...], Place]]:
    for value in texts:
        if not value.given or not _ALLOCATION.search(value.folded):
            continue
        for match in (*_RATIO.finditer(value.folded), *_RATIO_IN_WORDS.finditer(value.folded)):
            start, end = sentence_at(value.folded, match.start())
            near = value.folded[max(start, match.start() - 110) : min(end, match.end() + 90)]
            named = _RATIO_OF_ALLOCATION.search(value.folded, start, match.start())
            if not named and (not _ALLOCATION.search(near) or _OTHER_RATIO.search(near)):
                continue
            if "/" in match[0] and "ratio" not in near:
                continue
            if " to " in match[0] and ":" not in match[0] and "ratio" not in near:
                continue
            terms = tuple(
                number for part in match.groups() if part and (number := count(part.strip(" :/").removeprefix("to ").strip()))
            )
            yield terms, value.place(match.start(), match.end())


def _sizes_unlike(reading: Reading, found: list[tuple[tuple[int, ...], Place]], arms: int) -> Iterator[Case]:
    """Yield the case that a text gives the groups sizes that are not in the ratio; a difference of one person is none."""
    r = reading.registration
    terms, place = next((terms, place) for terms, place in found if len(terms) == arms)
    given = sizes(reading, r.design_summary, r.settings, r.arms_summary, r.randomization_description)
    each = next((size for size in given if size.kind == PER_GROUP), None)
    if each and len(set(terms)) > 1:
        yield Case(
            {"ratio": place.quote, "groups": Phrase("groups of {number} each", number=each.number)}, (_wider(place), each.place)
        )
        return
    parts = [size for size in given if size.kind == PART]
    for at in range(len(parts) - arms + 1):
        run = parts[at : at + arms]
        if any(one.place.value is not run[0].place.value for one in run) or run[-1].place.start - run[0].place.start > 200:
            continue
        numbers = sorted(one.number for one in run)
        whole = sum(numbers)
        wanted = sorted(whole * term / sum(terms) for term in terms)
        if any(abs(number - want) > 1 for number, want in zip(numbers, wanted, strict=True)):
            said = tuple(one.number for one in run)
            yield Case(
                {"ratio": place.quote, "groups": Phrase("groups of {sizes}", sizes=said)},
                (_wider(place), *dict.fromkeys(one.place for one in run)),
            )
        return


@fact(cases=("blocks_said", "sample"))
def block_products_unlike_sample(reading: Reading) -> Fact:
    """A number of blocks and their size whose product is not the sample; a number of possible permutations does not count."""
    if nothing := _no_blocks(reading):
        return nothing
    r = reading.registration
    arms = reading.fact("arm_count").value
    groups = arms if isinstance(arms, int) and arms > 1 else 2
    for size, value, start, end in _blocks(reading):
        for number, first, last in _block_counts(value):
            bare = number == size and "includ" not in value.folded[start:end]  # "6 blocks" that are blocks of six
            if abs(first - start) > _NEAR or bare or _explained(reading, number, size, groups):
                continue
            if _STRATA.search(value.folded) or _SPARE.search(value.folded):
                continue
            said = Phrase("{number} blocks of {size}, that is {product}", number=number, size=size, product=number * size)
            places = (clause(value, min(first, start), max(last, end)), r.target_sample_size.whole())
            return listed([Case({"blocks_said": said, "sample": r.target_sample_size.number}, places)])
    return listed(())


@fact(cases=("blocks_said", "sample"))
def last_block_incomplete(reading: Reading) -> Fact:
    """The only block size, where the sample is no multiple of it, so that the last block stays incomplete."""
    if nothing := _no_blocks(reading):
        return nothing
    target = reading.registration.target_sample_size
    found = _blocks(reading)
    if len({size for size, *_ in found}) != 1 or reading.fact("block_products_unlike_sample").value:
        return listed(())
    size, value, start, end = found[0]
    if (target.number or 0) % size == 0 or (target.number or 0) < size or _STRATA.search(value.folded):
        return listed(())
    return listed(
        [
            Case(
                {"blocks_said": Phrase("blocks of {size}", size=size), "sample": target.number},
                (clause(value, start, end), target.whole()),
            )
        ]
    )


def _no_blocks(reading: Reading) -> Fact | None:
    r = reading.registration
    if nothing := missing(r.randomization_description) or missing(r.target_sample_size) or unread(r.randomization_description):
        return nothing
    return None if r.target_sample_size.number else cannot_tell("unclear", r.target_sample_size.field)


def _blocks(reading: Reading) -> list[tuple[int, Value, int, int]]:
    """Return each size of blocks that the texts give, and where: the value and two offsets."""
    found = [(size, hit.value, hit.start, hit.end) for size, hit in block_sizes(reading)]
    r = reading.registration
    for value in (r.randomization_description, r.design_summary, r.settings):
        if "block" in value.folded:
            for match in _BLOCK_PARTS.finditer(value.folded):
                parts = [count(part) or 0 for part in match.groups()]
                if sum(parts) not in [size for size, *_ in found]:
                    found.append((sum(parts), value, match.start(), match.end()))
    return found


def _block_counts(value: Value) -> Iterator[tuple[int, int, int]]:
    """Yield each number of blocks in *value*, and where it stands."""
    for match in _BLOCK_COUNT.finditer(value.folded):
        number = count(match[1])
        if number and number > 1:
            yield number, match.start(), match.end()


def _explained(reading: Reading, number: int, size: int, groups: int) -> bool:
    """Whether that many blocks fit the sample, or are the ways in which a block can be arranged."""
    r = reading.registration
    target = r.target_sample_size.number or 0
    product = number * size
    fits = (target, target * groups, r.actual_sample_size.number)
    if product in fits or product * groups in fits or target < product <= target + size:
        return True
    if target < product <= 1.25 * target and any(_SPARE.search(value.folded) for value in _plan(reading)):
        return True
    return size % groups == 0 and number == _arrangements(size, groups)


def _arrangements(size: int, groups: int) -> int:
    """Return in how many orders a balanced block of *size* can be written.

    >>> _arrangements(4, 2), _arrangements(6, 3)
    (6, 90)
    """
    ways = 1
    for taken in range(groups):
        ways *= comb(size - taken * size // groups, size // groups)
    return ways


@fact
def concealment(reading: Reading) -> Fact:
    """How the texts say the allocation is kept hidden: described, only lots that are drawn, or nothing."""
    r = reading.registration
    if nothing := _told(reading):
        return nothing
    if reading.fact("arm_count").value == 1:
        return cannot_tell("text", "there is one group, so that nothing is allocated")
    described = r.randomization_description
    drawn = next(
        (hit for hit in reading.find("sequence.drawn_on_the_spot", described) if not hit.text.isascii() or _is_drawn(hit)), None
    )
    if drawn and not reading.first("sequence.numbered_lots", *_plan(reading)):
        return Fact("lots that are drawn, or a coin or dice that are thrown", (clause(described, drawn.start, drawn.end),))
    for hit in reading.find(("sequence.concealment", "sequence.kept_from"), *_plan(reading)):
        if not hit.text.isascii() or _conceals(hit, described):
            return Fact("described", (clause(hit.value, hit.start, hit.end),))
    if _is_cut(r) or not r.complete:
        return cannot_tell("text", "the description may be cut off")
    if persian(described):
        return cannot_tell("language", described.field)
    return Fact("nothing", (clause(described, 0, 1),))


def _conceals(hit: Hit, described: Value) -> bool:
    """Whether the words tell of the list being kept from somebody, rather than of blinding, of a visit or of the analysis."""
    if hit.text.startswith("blind") and (
        denied(hit.value.folded, hit.start, hit.end) or _LEVEL.search(hit.value.folded, max(0, hit.start - 15), hit.start)
    ):
        return False
    if _SITE_AFTER.match(hit.value.folded, hit.end) or _SITE_BEFORE.search(hit.value.folded, max(0, hit.start - 30), hit.start):
        return False  # "sealedenvelope.com" makes lists and hides none
    plain = hit.pattern == "sequence.kept_from" or (hit.value is not described and _SOMEBODY.search(hit.text))
    return not plain or bool(_ORDER.search(sentence(hit)))


def _is_drawn(hit: Hit) -> bool:
    """Whether lots are drawn: not denied, of no other study, and envelopes taken out rather than kept in a box in their order."""
    if (
        "envelop" in hit.text
        and not _MIXED.search(sentence(hit))
        and not _MIXED.search(hit.value.folded, hit.end, hit.end + _NEAR)
    ):
        return False
    return not denied(hit.value.folded, hit.start, hit.end) and not of_other_studies(hit)


@fact(cases=("said",))
def allocation_in_own_hands(reading: Reading) -> Fact:
    """Sentences in which those who treat, assess or lead the trial make or apply the random allocation themselves."""
    r = reading.registration
    if nothing := _told(reading):
        return nothing
    if nothing := unread(r.randomization_description):
        return nothing
    for hit in reading.find("sequence.own_hands", r.randomization_description, r.blinding_description, r.settings):
        start, end = sentence_at(hit.value.folded, hit.start)
        others = [one for one in reading.find("sequence.not_own_hands", hit.value) if start <= one.start < end + _NEAR]
        if not others and _applies(hit):
            place = clause(hit.value, hit.start, hit.end)
            return listed([Case({"said": place.quote}, (place, r.blinding.whole()))])
    return listed(())


def _applies(hit: Hit) -> bool:
    """Whether what is done is the allocation, and not the like ("the physician puts the cream on the wound")."""
    return bool(_ALLOCATES.search(hit.text) or _ALLOCATES.search(after(hit, 100))) and not of_other_studies(hit)


@fact(cases=("about",))
def mechanisms_in_conflict(reading: Reading) -> Fact:
    """Two ways of making the random order in one description, or codes that stand for an undefined first and second group."""
    r = reading.registration
    described = r.randomization_description
    if nothing := _told(reading):
        return nothing
    cases: list[Case] = []
    made = reading.first("sequence.generated", described)
    drawn = next((hit for hit in reading.find("sequence.drawn_on_the_spot", described) if _makes_order(hit)), None)
    if made and drawn:
        places = (clause(described, made.start, made.end), clause(described, drawn.start, drawn.end))
        cases.append(
            Case({"about": Phrase('names both "{one}" and "{other}"', one=made.place.quote, other=drawn.place.quote)}, places)
        )
    if code := reading.first("sequence.undefined_code", described):
        cases.append(
            Case(
                {"about": Phrase('has the code "{code}", which no text explains', code=code.place.quote)},
                (clause(described, code.start, code.end),),
            )
        )
    return listed(cases)


_OF_STAFF = re.compile(
    r"\b(?:names?|order|turns?|shifts?) of (?:the )?(?:\w+ )?(?:nurses?|assessors?|examiners?|observers?|raters?|surgeons?|physicians?|therapists?|interviewers?|investigators?)\b"
)
"""Lots that choose among those who do the work, and not the group of a participant."""


def _makes_order(hit: Hit) -> bool:
    """Whether lots decide on the group of a participant, rather than on the letter of a group or the order of blocks."""
    if not hit.text.isascii():
        return True
    # an envelope that is opened may well hold the order that a computer made
    said = sentence(hit)
    return _is_drawn(hit) and not (_OF_LETTERS.search(said) or _SAMPLE.search(said) or _OF_STAFF.search(said))
