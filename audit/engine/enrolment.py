"""The texts of a registration -> the numbers of participants they name, each as a total, a group's size or neither."""

import re
from dataclasses import dataclass

from audit.engine.numbers import count
from audit.engine.reading import Hit, Reading
from audit.engine.scope import sentence_at
from audit.model.span import Place, Value

TOTAL, PER_GROUP, PART, OTHER = "total", "per_group", "part", "other"
ABOUT = "about"
"""A total with a word that leaves it open ("about 60", "up to 60"): nothing can contradict it by a little."""
_COUNTED = ("participants.counted", "participants.counted_in_words")
_OF_GROUPS = ("participants.groups_of", "participants.groups_each", "participants.groups_sized")
_PATTERNS = (*_COUNTED, "participants.sized", "participants.n_is", *_OF_GROUPS)

_BLOCK = re.compile(r"\bblocks?\b[^.;]{0,45}$")
_BLOCK_AFTER = re.compile(
    r"[^.;,]{0,30}\b(?:in|per|for|of|to|within) (?:each|every|one|a|the|this) (?:\w+ )?block|[ -]*blocks?\b"
)
_NOT_THE_TOTAL = re.compile(
    r"\b(?:first|next|last|initial|initially|other|another|these|those|every|each|per|least|most|than|about|approximately|nearly|around|almost|"
    r"out of|of the|of these|of them|up to|minimum of|maximum of|only|additional|extra|more|remaining|after|until|group|arm|day|week|month|visit|session|phase|"
    r"stage|type|grade|class|code|number|no\.?|step|covid|between|from|to|and|or|x|bed|ward|age|aged|or)[ (:-]*$"
)
_HEDGE = re.compile(
    r"\b(?:about|approximately|approx\.?|nearly|around|almost|roughly|some|up to|at least|a minimum of|minimum of|a maximum of|maximum of|an estimated|estimated)[ (:~-]*$"
)
_PER_PLACE = re.compile(
    r"\b(?:each|every|per|all|participating|authorship) (?:\w+ )?(?:cent(?:er|re)|site|hospital|clinic|school|ward)s?\b"
)
_RECRUIT = re.compile(r"\b(?:will|to|we|plan\w*|expected|aim\w*|intend\w*) (?:\w+ ){0,2}(?:recruit|enrol)\w* (?:a total of )?$")
_YEAR = re.compile(r"(?:1[34]\d\d|20[0-4]\d),?")
_YEAR_BEFORE = re.compile(r"\byears? $")
_OF_ANOTHER = re.compile(
    r"\b(?:previous|similar|earlier|prior|another|pilot|other|mentioned|past) (?:\w+ )?(?:study|studies|trials?|research|article|articles|work)\b|\bet al\b|"
    r"\b(?:concluded|showed|shown|demonstrated|found that|responses? (?:among|in|of|rate)|results of|investigated (?:on|in)|treatments on|adverse events in|re-?contacted|"
    r"complete response|reported|evaluated as)\b|"
    r"\bpilot\b|\b(?:article|literature|reported|screened|interviewed|surveyed|invited|reviewed)\b|assess\w* for eligib"
)
_IN_STAGE = re.compile(
    r"\b(?:in|at|during|for)(?: the)? (?:first|second|third|1st|2nd|3rd|pilot|initial|primary|next|last|phase (?:i|ii|iii|1|2|3)\b)[^.;]{0,40}$|\bat first\b"
)
_EACH_AFTER = re.compile(
    r"[^.;\d]{0,45}?\b(?:in|for|to|per|into|from|of|as)? ?(?:each|every|per)(?: of)?(?: the| these)?(?: \w+){0,4}? ?(?:groups?|arms?|cohorts?|sides?)\b|"
    r"[^.;\d]{0,15}\b(?:per|each)\b"
)
_EACH_OTHER = re.compile(
    r"[^.;,)\d]{0,15}\b(?:per|each|every|a) (?:\w+ )?(?:days?|weeks?|months?|visits?|sessions?|cent(?:er|re)s?|clinics?|hospitals?|wards?|schools?|class|persons?|turn)\b"
)
_YEARLY_AFTER = re.compile(  # "500 patients with stroke are admitted to the ward a year"
    r"[^.;]{0,50}?\b(?:admi(?:t|ssion)\w*|refer\w*|visit\w*|seen|hospitali[sz]\w*|operated|come|attend\w*|present\w*)\b[^.;]{0,60}?"
    r"\b(?:annually|yearly|monthly|weekly|(?:a|per|each|every|in a|in one) (?:year|month|week))\b"
)
_PERHAPS_BEFORE = re.compile(
    r"\b(?:might|may|could|eventually|if possible|in (?:the )?future)\b[^.;]{0,25}\b(?:attain|reach|rise|increase|extend|expand|grow)\w*\b[^.;]{0,40}$"
)
_ANOTHER_NUMBER = re.compile(r"(?: [a-z]+)? ?(?:(?:,|and|or|to|-|/|&) ?\d|and (?:a|one|another) |(?:in|per|for) each )")
_STUDY_ON = re.compile(
    r"\b(?:participation of|(?:study|trial|conducted|performed|done|carried out|implemented) (?:on|with|in|among)|(?:will|to|we) (?:randomi[sz]e|enrol+|recruit)) $"
)
_OF_WHOM = re.compile(r"[^.;]{0,80}\b(?:of|from|among) (?:whom|which|them|these)\b")
_BOTH_AFTER = re.compile(r"[^.;\d]{0,40}?\b(?:to|into|in) (?:the )?(?:\w+ ){1,2}and (?:the )?controls?\b")
_MONTH_BEFORE = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[.,]? $")
_ET_AL = re.compile(r"\bet al\.? ?,?$")
_CUT_OFF = re.compile(r" (?:w(?:i|il|ill|e|er|ere)?|ar?e?|i[sn]?|be|fo?r?|of|to)$")
_PLACES = re.compile(r"\b(?:cent(?:er|re)s?|clinics|hospitals|wards|schools|classes|villages|departments)\b (?:\w+ ){0,2}$")
_EACH_BEFORE = re.compile(
    r"\beach (?:contain|compris|includ|consist|hav|with|of)\w*(?: of)? $|\b(?:each|every|per)(?: of)?(?: the)? (?:\w+ ){0,3}(?:groups?|arms?|cohorts?)\b[^.;]{0,40}$"
)
_GROUP_AFTER = re.compile(
    r"[^.;\d]{0,40}?\b(?:in|to|into|for|as|from|of|receiv\w+|were|will be|are|form|assigned to) (?:the )?(?:[a-z0-9()-]+ ){0,4}?(?:group|arm|cohort|controls?)\b(?! (?:of )?(?:patients|by|using))"
)
_MANY_GROUPS = re.compile(
    r"[^.;]{0,90}?\b(?:two|three|four|five|six|seven|\d|these|the|study|different|equal|parallel|random|several|both) (?:\w+ ){0,3}(?:groups|arms|cohorts)\b"
)
_GROUP_BEFORE = re.compile(
    r"\b(?:group|arm|cohort|controls?|(?:study|experimental|intervention|treatment|test|case|control) groups)\b(?: ?\w{1,3})?(?:[ :(]|includ\w+|consist\w*|contain\w*|compris\w*|of|with|will|be|is|n ?=)*$|"
    r"\b(?:intervention|placebo|test|treatment|experimental|drug|sham|cases?) ?\($"
)
_CUE_BEFORE = re.compile(
    r"\b(?:criteria ?:|on|totall?y?|overall|altogether|includ\w*|enrol\w*|(?:will|to|we) randomi[sz]e|recruit\w*|select\w*|study of|trial of|involv\w*|sample of|samples?:?|conducted|performed|"
    r"number of|in this (?:\w+ ){0,3}(?:study|trial|research)|in the present study|participants?:?|population|participation of|with|among|choos\w*|consist\w* of|size of|trials? in|study in)\b[^.;]{0,30}$"
)
_IN_ALL = re.compile(r" (?:in total|totally|overall|altogether|in all)\b")
_CUE_AFTER = re.compile(
    r"[^.;]{0,160}?\b(?:will|were|are|was|is|be|have been|shall)\b(?: \w+){0,3}? (?:randomi|divid|assign|allocat|select|recruit|enrol|includ|enter|participat|studied|placed|chosen|"
    r"considered|categori|classif|split|evaluated|distribut|grouped)|[^.;]{0,60}?\b(?:will (?:participate|enter|take part|be in)|participat|in total|entered)"
)
_NOT_COUNTED = re.compile(
    r" (?:of|in|on|for|per|to|at|and|or|mg|ml|cc|g|kg|iu|units?|tablets?|capsules?|pills|drops|doses?|hours?|hrs?|days?|weeks?|wks|months?|years?|minutes?|times?|until|who|every|while|with|"
    r"was|is|are|will|other|more|first|additional|each|the|that|this|by|from|percent|groups?|arms?|blocks?|centers?|centres?|hospitals?|clinics?) "
)
_TRIAL = re.compile(
    r"\b(?:stud\w+|trials?|research|conducted|performed|done|carried out|phase|blind\w*|parallel|random\w*|sample|enrol\w*|recruit\w*|includ\w*|select\w*|total|criteria|group\w*)\b"
)
_SEXES = frozenset(
    {"men", "women", "members", "nurses", "mothers", "cases", "adults", "adolescents", "girls", "boys", "females", "males"}
)


@dataclass(frozen=True)
class Size:
    """One number of participants: what it counts, where, and for "two groups of 40" the number of groups."""

    kind: str
    number: int
    place: Place
    groups: int | None = None
    drop_out: bool = False
    """Whether its text speaks of drop-outs, so that the number may or may not hold an allowance."""


def sizes(reading: Reading, *values: Value) -> list[Size]:
    """Return the numbers of participants that English *values* name, in order."""
    found: list[Size] = []
    for value in values:
        hits = reading.find(_PATTERNS, value) if value.given else []
        if not hits:
            continue
        drop_out = reading.first("participants.drop_out", value) is not None
        taken = -1
        for hit in sorted(hits, key=lambda h: (h.start, h.pattern not in _OF_GROUPS)):
            if hit.match.start("n") < taken:
                continue
            size = _size(hit, drop_out)
            if size is not None:
                found.append(size)
                taken = hit.match.end("n")
    return found


def _size(hit: Hit, drop_out: bool) -> Size | None:
    number = count(hit.match["n"])
    folded = hit.value.folded
    at = hit.match.start("n")
    if number is None or number < 2 or _inside_a_word(folded, at) or _is_year(number, folded, at, hit.match.end("n")):
        return None
    if _YEAR.fullmatch(hit.match["n"]) and (hit.match["n"][-1] == "," or _YEAR_BEFORE.search(folded, max(0, at - 12), at)):
        return None
    if hit.pattern in _COUNTED and _NOT_COUNTED.search(folded[hit.match.end("n") : hit.match.start("noun")]):
        return None
    if _CUT_OFF.fullmatch(folded, hit.end):  # the text breaks off before it says what the number is
        return None
    first, last = sentence_at(folded, hit.start)
    first, last = max(first, hit.start - 160), min(max(last, hit.end), hit.end + 200)
    before, after = folded[first : hit.start], folded[hit.end : last]
    groups = count(hit.match["k"]) if hit.pattern in _OF_GROUPS else None
    uneven = hit.pattern == _OF_GROUPS[0] and _ANOTHER_NUMBER.match(folded, hit.match.end("n"))  # "groups of 15 and 17"
    kind = OTHER if uneven else PER_GROUP if groups else _kind(hit, before, after)
    if kind == OTHER and not uneven and (hedge := _HEDGE.search(before)):
        plain = before[: hedge.start()]
        told = _CUE_BEFORE.search(plain) or _CUE_AFTER.match(after)
        kind = ABOUT if told and not _PER_PLACE.search(plain) and _kind(hit, plain, after) == TOTAL else OTHER
    if kind != OTHER and _blocked(number, before, after, folded[first:last]):
        kind, groups = OTHER, None
    return Size(kind, number, _sentence(hit, first, last), groups, drop_out)


def _inside_a_word(folded: str, at: int) -> bool:
    """Whether the number is the end of a decimal, a range, a ratio or a name like covid-19."""
    before = folded[max(0, at - 2) : at].rjust(2)
    if before[1].isalnum():
        return True
    return (before[1] in ".-/:," and before[0].isdigit()) or (before[1] == "-" and before[0].isalpha())


def _is_year(number: int, folded: str, start: int, end: int) -> bool:
    """Whether a number is the year of a date before a clause: "in January 2020, patients ..."."""
    return 1990 <= number <= 2040 and (
        folded.startswith(",", end) or bool(_MONTH_BEFORE.search(folded, max(0, start - 14), start))
    )


def _blocked(number: int, before: str, after: str, sentence: str) -> bool:
    if "block" not in sentence:
        return False
    if before.endswith(("total of ", "total ", "totally ")):
        return False
    return bool(_BLOCK.search(before) or _BLOCK_AFTER.match(after)) or (number <= 10 and " blocks of " not in after)


def _kind(hit: Hit, before: str, after: str) -> str:
    if (
        _OF_ANOTHER.search(before)
        or _OF_ANOTHER.search(after[:40])
        or "re-contact" in after
        or "recontact" in after
        or _ET_AL.search(hit.value.folded, max(0, hit.start - 12), hit.start)
        or _IN_STAGE.search(before)
        or _YEARLY_AFTER.match(after)
        or _PERHAPS_BEFORE.search(before)
    ):
        return OTHER
    if before.endswith(("total of ", "total ", "totally ")) or _IN_ALL.match(after):
        return TOTAL
    if hit.pattern == "participants.n_is":
        return PART if _GROUP_BEFORE.search(before) else OTHER
    if _EACH_OTHER.match(after) or _PLACES.search(before):
        return OTHER
    if _EACH_AFTER.match(after) or _EACH_BEFORE.search(before):
        return PER_GROUP
    if hit.pattern == "participants.sized":
        return TOTAL
    many = _MANY_GROUPS.match(after)
    if _GROUP_BEFORE.search(before) or (not many and _GROUP_AFTER.match(after) and not _BOTH_AFTER.match(after)):
        return PART
    if _NOT_THE_TOTAL.search(before) or (_OF_WHOM.match(after) and not _RECRUIT.search(before)):
        return OTHER
    noun = hit.match["noun"]
    if noun in _SEXES and not many and not _CUE_AFTER.match(after) and not _STUDY_ON.search(before):
        return OTHER
    if (_CUE_BEFORE.search(before) and _TRIAL.search(before + after)) or _CUE_AFTER.match(after) or many:
        return TOTAL
    opening = not before.strip() and noun != "members"
    return TOTAL if opening or (hit.value.field == "design_summary" and noun != "samples") else OTHER


def _sentence(hit: Hit, first: int, last: int) -> Place:
    """The words around the number that show what it counts."""
    folded = hit.value.folded
    start = max(first, hit.start - 60)
    end = min(last, hit.end + 80)
    if start > first:
        blank = folded.find(" ", start, hit.start)
        start = blank + 1 if blank >= 0 else hit.start
    if end < last:
        blank = folded.rfind(" ", hit.end, end)
        end = blank if blank > 0 else hit.end
    while start < hit.start and folded[start] in " .;,":
        start += 1
    while end > hit.end and folded[end - 1] in " ,;":
        end -= 1
    return hit.value.place(start, end)
