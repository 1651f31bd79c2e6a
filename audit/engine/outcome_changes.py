"""The outcomes of two versions of a record -> which is which, and what became of each, in the kinds that raters use.

Outcomes are paired by the words that say what is measured, wherever they stand in the lists. A pair whose measure, time point
and summary are the same in other words is ``no_change``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from audit.engine.likeness import function_words, stems
from audit.engine.tables import lines
from audit.engine.timepoints import moments
from audit.engine.vocabulary import Vocabulary
from audit.model.registration import Items, Outcome, Registration
from audit.model.result import Change
from audit.model.span import Place, Value

_ALIKE, _ALIKE_ALONE, _PART = 0.3, 0.12, 0.5
"""How alike two outcomes are to be one: among several, as the only ones, and to be a part of one that is paired already."""
_SAME_LIST, _SAME_TIME = 0.08, 0.05
_NEW, _MUCH = 5, 7
"""So many new words that tell a method, or so many of any kind, are something new; less is a clearer wording."""
_LOST = 0.4
"""If so much of the old title is gone and less than `_NAMED` of the new one was said before, something else is measured."""
_NAMED = 0.7
_SENTENCE = re.compile(r"(?<=[.;:!?])\s+|\s{2,}")
_BRIEF = 6
_CLOSE, _LATER = 0.09, 0.1
_FIGURE = re.compile(r"\b([a-z]{3,}) ?\d\b")
"""A short name with its figure, as "FEV 1" and "FEV1"."""
_SHORT_NAME = re.compile(r"\b[A-Z][A-Za-z]?[A-Z]{1,5}\d?\b")
_SEVERAL = re.compile(r"(?i)\band\b|\bor\b|[,;/&+]")
"""What stands between the outcomes that one line names."""
_SAYS_NO_METHOD = ("changes.explains_scale", "changes.explains_event", "changes.of_analysis", "changes.no_data")
_AND = re.compile(r"\band\b|;|&|/")
_BRACKETS = re.compile(r"\([^()]*\)")
_POPULATION = re.compile(
    r"\b(?:in|of (?:patients|subjects|participants)|among|between|after|during|when|with|treated|given|receiving|compared|versus|vs|than|from|at|for|to)\b"
)
_CALENDAR = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,? (?:\d\d?,? )?(?:19|20)\d\d\b|\b(?:19|20)\d\d[-/]\d\d?\b"
)
_DATED = re.compile(r"(?i)\([^()]*\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|(?:19|20)\d\d)[^()]*\)")
"""The day of an analysis behind its name."""
_INITIALS = re.compile(r"\b[A-Z]{2,6}s?\b")
_WORD = re.compile(r"[a-z][a-z0-9]*")
_OWN = re.compile(r"[a-z][a-z0-9-]{2,}")
_EQUATION = re.compile(r"\([^()]*=[^()]*\)|[<>\x01\x02]=? ?\d+ \w+")


class _Side(NamedTuple):
    """An outcome of one version with its list and number, and the words that say what it measures."""

    outcome: Outcome
    primary: bool
    number: int
    title: frozenset[str]
    every: frozenset[str]
    own: frozenset[str]
    """The words of the title by their own stems: anxiety is not depression."""
    listed: frozenset[str]
    """Those of all titles of its list."""
    spelt: "Spelt"

    @property
    def field(self) -> str:
        return f"{'primary' if self.primary else 'secondary'}_outcomes[{self.number}]"


@cache
def _empty() -> frozenset[str]:
    return frozenset(word[:5] for line in lines("outcome_words.txt") for word in line.split())


@cache
def _analysis_words() -> frozenset[str]:
    return frozenset(word[:5] for line in lines("analysis_words.txt") for word in line.split())


Spelt = Mapping[str, str]
"""What short names stand for, as "progression free survival" for "pfs"."""


def _words(*values: Value, spelt: Spelt) -> frozenset[str]:
    found = (stem for value in values for stem in stems(_FIGURE.sub(r"\1", _written_out(value.folded, spelt))))
    return frozenset(stem for stem in found if stem[:5] not in _empty())


def _own(*values: Value, spelt: Spelt) -> frozenset[str]:
    found = (word for value in values for word in _OWN.findall(_written_out(value.folded, spelt)))
    return frozenset(word[:5] for word in found if word[:5] not in _empty() and word not in function_words())


def _written_out(folded: str, spelt: Spelt) -> str:
    """Return the text with what has a short name in one word, whether it says the name or the words."""
    if not spelt:
        return folded
    pattern = _either(tuple(spelt.items()))
    return pattern.sub(lambda said: f" zz{said.lastgroup} ", folded)


@lru_cache(maxsize=8)
def _either(spelt: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    longest = sorted(spelt, key=lambda pair: -len(pair[1]))
    said = (rf"(?P<{name}>{'[ -]+'.join(words.split())}s?|{name}s?(?=\d|\b))" for name, words in longest)
    return re.compile(rf"\b(?:{'|'.join(said)})(?![a-z])")


def _spelt(*records: Registration) -> Spelt:
    """Return the short names in the outcomes with the words that they are the initials of, wherever these stand in the records."""
    values = [
        value
        for record in records
        for group in _lists(record)
        for one in group
        for value in (one.description, one.method)
        if value.given
    ]
    names = {name.rstrip("s").lower() for value in values for name in _INITIALS.findall(value.text)}
    found: dict[str, str] = {}
    names -= function_words()
    for value in values:
        words = _WORD.findall(value.folded)
        initials = "".join(word[0] for word in words)
        for name in names - found.keys():
            at = initials.find(name)
            while at >= 0 and not _is_a_name(words[at : at + len(name)]):
                at = initials.find(name, at + 1)
            if at >= 0:
                found[name] = " ".join(words[at : at + len(name)])
    return found


def _is_a_name(words: Sequence[str]) -> bool:
    """Return whether words may be what a short name stands for: they begin and end with a word of content."""
    empty = function_words()
    ends = words if len(words) == 2 else (words[0], words[-1])
    return not any(len(word) < 3 or word in empty for word in ends)


def _sides(record: Registration, spelt: Spelt) -> list[_Side]:
    sides = []
    for primary, group in zip((True, False), _lists(record), strict=True):
        titles = [one.description if one.description.given else one.method for one in group]
        listed = _own(*titles, spelt=spelt)
        for number, (one, title) in enumerate(zip(group, titles, strict=True)):
            every = _words(one.description, one.method, spelt=spelt)
            own = _own(title, spelt=spelt)
            sides.append(_Side(one, primary, number, _words(title, spelt=spelt), every, own, listed, spelt))
    return sides


def outcome_changes(old: Registration, new: Registration, vocabulary: Vocabulary) -> Iterator[Change]:
    """Yield what became of the outcomes of *old* in *new*; an outcome that stands there word for word yields nothing."""
    primary, secondary = (_known(a, b) for a, b in zip(_lists(old), _lists(new), strict=True))
    spelt = _spelt(old, new)
    before, after = (
        [side for side in _sides(record, spelt) if (primary if side.primary else secondary)] for record in (old, new)
    )
    pairs, lost, gained = _paired(before, after)
    for one, other in pairs:
        yield from _pair(one, other, vocabulary)
    for side in lost:
        kind = "primary_omitted" if side.primary else "removed"
        yield Change(side.field, kind, _shown(side.outcome), _nothing(new, side))
    for side in gained:
        yield Change(side.field, "new_primary" if side.primary else "added", _nothing(old, side), _shown(side.outcome))


def _lists(record: Registration) -> tuple[Items[Outcome], Items[Outcome]]:
    return record.primary_outcomes, record.secondary_outcomes


def _known(one: Items[Outcome], other: Items[Outcome]) -> bool:
    """Return whether both exports show the list."""
    return "unknown" not in (one.state, other.state)


def _nothing(record: Registration, side: _Side) -> Place:
    group = record.primary_outcomes if side.primary else record.secondary_outcomes
    return group.heading.place(0, len(group.heading.text)) if not group.items else group.heading.place(0, 0)


def _shown(outcome: Outcome) -> Place:
    return (outcome.description if outcome.description.given else outcome.method).whole()


def _paired(before: Sequence[_Side], after: Sequence[_Side]) -> tuple[list[tuple[_Side, _Side]], list[_Side], list[_Side]]:
    """Return the pairs, best first, and what has no partner and is no part of one on either side."""
    scores = {(a, b): _likeness(one, other) for a, one in enumerate(before) for b, other in enumerate(after)}
    alone = sum(side.primary for side in before) == 1 == sum(side.primary for side in after)
    used_a: dict[int, int] = {}
    used_b: dict[int, int] = {}
    for (a, b), score in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
        least = _ALIKE_ALONE if alone and before[a].primary and after[b].primary else _ALIKE
        if score >= least and a not in used_a and b not in used_b:
            used_a[a], used_b[b] = b, a
    lost = [a for a in range(len(before)) if a not in used_a]
    gained = [b for b in range(len(after)) if b not in used_b]
    parts_lost = {
        a
        for a in lost
        if any(b in used_b and before[a].primary == after[b].primary and _is_part(before[a], after[b]) for b in used_b)
    }
    parts_gained = {
        b for b in gained if any(before[a].primary == after[b].primary and _is_part(after[b], before[a]) for a in used_a)
    }
    return (
        [(before[a], after[b]) for a, b in sorted(used_a.items(), key=lambda pair: pair[1])],
        [before[a] for a in lost if a not in parts_lost],
        [after[b] for b in gained if b not in parts_gained],
    )


def _is_part(part: _Side, whole: _Side) -> bool:
    """Return whether an outcome says one of several things that another one says: it was split off or taken in."""
    if not part.title or not whole.title:
        return False
    if _SEVERAL.search(_shown(whole.outcome).quote):
        return len(part.title & whole.title) >= _PART * len(part.title)
    title = _shown(part.outcome)
    named = _words(Value(title.value.field, text=_DATED.sub(" ", title.quote)), spelt=part.spelt)
    return whole.title <= part.title and named - whole.every <= _analysis_words()


def _likeness(one: _Side, other: _Side) -> float:
    common = len(one.title & other.title)
    if not one.title or not other.title:
        return float(_plain(_shown(one.outcome).quote) == _plain(_shown(other.outcome).quote))
    title = common / min(len(one.title), len(other.title)) / 2 + common / max(len(one.title), len(other.title)) / 2
    named_before = len(other.title & one.every) / len(other.title)
    crossed = min(len(one.title & other.every) / len(one.title), named_before)
    score = max(title, 0.9 * crossed)
    if one.outcome.method.given:
        if len(other.title) > 2:
            score = max(score, 0.9 * named_before)  # the new title is what the old description said
        if other.outcome.method.given:
            score = max(score, 2 * len(one.every & other.every) / (len(one.every) + len(other.every)))
    if not score:
        return 0.0
    if _plain(_shown(one.outcome).quote) == _plain(_shown(other.outcome).quote):
        score = 2.0  # word for word: before all others
    same_time = _times(one.outcome.timepoint) == _times(other.outcome.timepoint)
    return score + _SAME_LIST * (one.primary == other.primary) + _SAME_TIME * same_time


def _pair(one: _Side, other: _Side, vocabulary: Vocabulary) -> Iterator[Change]:
    a, b = one.outcome, other.outcome
    if one.primary != other.primary:
        kind = "primary_to_secondary" if one.primary else "primary_from_secondary"
        yield Change(other.field, kind, _shown(a), _shown(b))
    kinds = list(_kinds(one, other, vocabulary))
    for kind, before, after in kinds:
        yield Change(other.field, kind, before.whole(), after.whole())
    texts = [(getattr(a, part), getattr(b, part)) for part in ("description", "timepoint", "method")]
    if not kinds and one.primary == other.primary and any(x.text != y.text for x, y in texts if x.given or y.given):
        before, after = next((x, y) for x, y in texts if x.text != y.text and (x.given or y.given))
        if not (before.given and after.given):
            before, after = a.description, b.description
        yield Change(other.field, "no_change", before.whole(), after.whole())


def _kinds(one: _Side, other: _Side, vocabulary: Vocabulary) -> Iterator[tuple[str, Value, Value]]:
    a, b = one.outcome, other.outcome
    if (kind := _timing(a, b)) is not None:
        yield kind, _of(a.timepoint, a), _of(b.timepoint, b)
    if (kind := _measurement(one, other, vocabulary)) is not None:
        yield kind, _of(a.method, a), _of(b.method, b)
    if (kind := _aggregation(a, b, vocabulary)) is not None:
        yield kind, a.description, b.description


def _of(value: Value, outcome: Outcome) -> Value:
    return value if value.given else outcome.description


def _timing(a: Outcome, b: Outcome) -> str | None:
    if "unknown" in (a.timepoint.state, b.timepoint.state) and a.timepoint.given != b.timepoint.given:
        before, after = _every_time(a), _every_time(b)
        return "change_timing" if before and after and not _within(before, after) and not _within(after, before) else None
    before = _times(a.timepoint) or _times(a.description)
    after = _times(b.timepoint) or _times(b.description)
    if not before and not after:
        dated = [bool(_CALENDAR.search(one.timepoint.folded)) for one in (a, b)]
        return {(False, True): "added_timing", (True, False): "omitted_timing"}.get((dated[0], dated[1]))
    if not before:
        return "added_timing" if not _within(after, _every_time(a)) else None
    if not after:
        return "omitted_timing" if not _within(before, _every_time(b)) else None
    if (
        not (_within(before, after) and _within(after, before))
        and _within(before, _every_time(b))
        and _within(after, _every_time(a))
    ):
        return None  # the same times, told elsewhere
    if a.method.given and len(after) > 1 and _within(after, _times(a.method)):
        return None  # the times that the old description told
    if _within(before, after) and _within(after, before):
        dropped = frozenset(days for days in _times(a.method) - _times(b.method) if days > 1) if b.method.given else frozenset()
        return "change_timing" if dropped and not _within(dropped, after) else None
    if a.timepoint.given and b.timepoint.given:
        later = abs(max(before) - max(after)) > _LATER * max(*before, *after)
        return "change_timing" if later or not _within(before, after) else None
    return None if _within(before, _every_time(b)) and _within(after, _every_time(a)) else "change_timing"


def _times(value: Value) -> frozenset[float]:
    said = _EQUATION.sub("", value.folded)  # "(1 cycle = 28 days)" explains a unit, "< 6 months" a group
    return frozenset(round(one.days, 2) for one in moments(said) if one.days > 0 and not one.often)


def _every_time(outcome: Outcome) -> frozenset[float]:
    return _times(outcome.description) | _times(outcome.timepoint) | _times(outcome.method)


def _within(some: frozenset[float], others: frozenset[float]) -> bool:
    return all(any(abs(one - other) <= _CLOSE * max(one, other) for other in others) for one in some)


def _measurement(one: _Side, other: _Side, vocabulary: Vocabulary) -> str | None:
    before, after = one.outcome.method, other.outcome.method
    lost_title = one.own - _own(other.outcome.description, after, spelt=one.spelt)
    named_before = len(other.own & _own(one.outcome.description, before, spelt=one.spelt)) > _NAMED * len(other.own)
    few_common = len(one.own & other.own) < 2
    if few_common and len(lost_title) >= min(2, len(one.own)) and len(lost_title) > _LOST * len(one.own) and not named_before:
        return "change_measurement"
    if _another_method(before, after, one.spelt) or _drops_a_part(one, other):
        return "change_measurement"
    if _adds_a_method(one, other, vocabulary):
        return "added_measurement"
    for words in (frozenset[str]() if named_before else one.every, _words(before, spelt=one.spelt)):
        if len(words - other.every) < max(_NEW, len(words) / 2):
            continue
        return "change_measurement" if after.given else "omitted_measurement"
    return None


def _adds_a_method(one: _Side, other: _Side, vocabulary: Vocabulary) -> bool:
    """Return whether the method is told or the outcome defined where neither was before; the explanation of a scale is no method."""
    after = other.outcome.method
    if not after.given or len(other.every - one.every) < _NEW:
        return False
    if any(vocabulary.found("changes.method", value) for value in (one.outcome.description, one.outcome.method)):
        return False
    known = _short_names(one.outcome) & _short_names(other.outcome)
    if known and vocabulary.found("changes.explains_scale", after):
        return False
    new = [sentence for sentence in _sentences(after) if _is_new(sentence, one, vocabulary)]
    return len(_words(*new, spelt=one.spelt) - one.every) >= (_NEW if vocabulary.found("changes.method", after) else _MUCH)


def _drops_a_part(one: _Side, other: _Side) -> bool:
    """Return whether one of two things that the old title named, and another not, is gone without a word."""
    head = _POPULATION.split(_shown(one.outcome).quote.lower(), maxsplit=1)[0]
    parts = [_own(Value("", text=part), spelt=one.spelt) for part in _AND.split(_BRACKETS.sub(" ", head))]
    if len(parts) != 2 or not all(parts):
        return False
    said = other.listed | _own(other.outcome.description, other.outcome.method, spelt=other.spelt)
    left = [len(part & said) for part in parts]
    return 0 in left and any(left)


def _another_method(before: Value, after: Value, spelt: Spelt) -> bool:
    """Return whether two methods in a few words have none in common."""
    words = [_own(value, spelt=spelt) for value in (before, after)]
    return all(0 < len(some) <= _BRIEF for some in words) and not words[0] & words[1]


def _short_names(outcome: Outcome) -> set[str]:
    """Return the instruments and quantities that are named by their initials."""
    return {name for value in (outcome.description, outcome.method) for name in _SHORT_NAME.findall(value.text)}


def _sentences(value: Value) -> Iterator[Value]:
    for sentence in _SENTENCE.split(value.text):
        yield Value(value.field, text=sentence)


def _is_new(sentence: Value, before: _Side, vocabulary: Vocabulary) -> bool:
    words = _words(sentence, spelt=before.spelt)
    if len(words - before.every) * 2 < len(words):
        return False
    return not any(vocabulary.found(name, sentence) for name in _SAYS_NO_METHOD)


def _aggregation(a: Outcome, b: Outcome, vocabulary: Vocabulary) -> str | None:
    """Return whether the way the single values are summed up is another; wordings such as "mean change" for "change" are not."""
    before, after = (
        {name for name in ("summary_statistic", "counts", "time_to") if _says(outcome, f"changes.{name}", vocabulary)}
        for outcome in (a, b)
    )
    if "summary_statistic" in after - before:
        return "added_aggregation"
    if "summary_statistic" in before - after and vocabulary.found("changes.summary_statistic", a.description):
        return "omitted_aggregation"
    titles = [
        {name for name in ("counts", "time_to") if vocabulary.found(f"changes.{name}", outcome.description)} for outcome in (a, b)
    ]
    return "change_aggregation" if titles[0] and titles[1] and not titles[0] & titles[1] else None


def _says(outcome: Outcome, name: str, vocabulary: Vocabulary) -> bool:
    return any(vocabulary.found(name, value) for value in (outcome.description, outcome.method))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
