"""Facts on outcomes: their time points, and whether the summary's main outcomes are those registered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from audit.engine.language import unread
from audit.engine.reading import Reading, cannot_tell, fact, listed
from audit.model.registration import Items, Outcome
from audit.model.result import Case, Fact
from audit.model.span import Place, State, Value

_NOTHING = frozenset({"", "-", "--", ".", "...", "no", "none", "n/a", "na", "nothing", "?"})
_SEPARATOR = re.compile(
    r"[;,\n]|\.(?=\s|$)|(?<=\s)(?:and|&|as well as)(?=\s)|(?:^|\s)(?:\d{1,2}[.)](?=\s?[A-Za-z])|\d-(?=\s?[A-Z]))"
)
_PARENTHESIS = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"[a-z][a-z0-9]{2,}")
_INITIALS = re.compile(r"\b[A-Z][A-Za-z]{0,3}[A-Z]{1,4}\b")
_ANY_WORD = re.compile(r"[a-z]+")
_SMALL_WORDS = frozenset(("of", "the", "and", "in", "for", "to", "on", "by", "a", "an", "with", "at"))
_SPELT_OUT = re.compile(r"\b(?:[A-Z]?[a-z]{3,}|[A-Z]{10,})\b")
_SUBSTANCE = re.compile(r"\b(?:serum|plasma|blood|levels?|concentrations?|expression)\b")
_INSTRUMENT = re.compile(
    r"\b(?:scales?|scores?|scoring|ind(?:ex|ices)|tests?|criteri(?:a|on)|questionnaires?|inventory|grad(?:e|es|ing)|checklist|classification)\b"
)
_SAYS_NOTHING = frozenset(
    re.findall(
        r"\w+",
        """
    the and for with from that this than before after during between within of in on at to by as its their patient
    patients participant participants subject subjects people group groups level levels score scores rate rates index
    indices indexes measure measures measured measurement measurements measuring amount amounts change changes severity
    intensity degree grade grades number numbers percentage percent mean average value values frequency incidence
    occurrence duration time times effect effects effectiveness efficacy evaluation evaluate assessment assess assessing
    determine determination comparison compare variable variables outcome outcomes main primary secondary result results
    total serum plasma blood clinical rating scale scales questionnaire test tests examination physical type types
    treatment therapy intervention drug dose use using study disease condition status quality size need different other
    reduction reduce decrease decreased increase increased improvement improve improving presence lack based according per
    day days week weeks month months year years hour hours minutes also such including include includes etc will been
    being was were are any all each both
    sleep sleeping mental
    """,
    )
)
_OVERALL = "outcomes.overall"
_UMBRELLAS = ("outcomes.adverse", _OVERALL)
_TIME = "times.given"


@dataclass(frozen=True)
class Item:
    """One outcome as a text names it: its place, what it is about (concepts), and its words as written and folded."""

    place: Place
    concepts: frozenset[str]
    text: str
    folded: str

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of the words that say something."""
        return frozenset([_stem(word) for word in _WORD.findall(self.folded) if word not in _SAYS_NOTHING])

    @cached_property
    def initials(self) -> frozenset[str]:
        """The abbreviations in it, in small letters."""
        return frozenset([found.lower() for found in _INITIALS.findall(self.text)])

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All its words."""
        return tuple(_ANY_WORD.findall(self.folded))

    @cached_property
    def opaque(self) -> bool:
        """Whether it names only an instrument or an abbreviation of which the vocabulary does not know what it measures."""
        if self.concepts or _SUBSTANCE.search(self.folded):
            return False
        if _INSTRUMENT.search(self.place.value.folded, self.place.start, self.place.end):
            return True
        return all(word.lower() in _SAYS_NOTHING for word in _SPELT_OUT.findall(self.place.quote))

    @property
    def vague(self) -> bool:
        """Whether the words say nothing that can be compared, or are an umbrella for what else may happen."""
        return not (self.concepts or self.stems) or not self.concepts.isdisjoint(_UMBRELLAS)

    def like(self, other: "Item") -> bool:
        """Return whether the two may be the same outcome."""
        return (
            not self.concepts.isdisjoint(other.concepts)
            or _OVERALL in self.concepts
            or _OVERALL in other.concepts
            or not self.stems.isdisjoint(other.stems)
            or self.opaque
            or other.opaque
            or not self.initials.isdisjoint(other.initials)
            or _abbreviates(self, other)
            or _abbreviates(other, self)
        )


def _abbreviates(one: Item, other: Item) -> bool:
    """Whether *one* has an abbreviation of words of *other*: IOP of intraocular pressure, SSI of surgical site infection."""
    return any(_spelt(short, other.words, at, 0) for short in one.initials for at in range(len(other.words) - 1))


def _spelt(short: str, words: tuple[str, ...], at: int, used: int) -> bool:
    """Whether *short* takes its letters from words[at:], from each its first letter and perhaps more, from two at least."""
    if not short:
        return used >= 2
    if at == len(words):
        return False
    if used and words[at] in _SMALL_WORDS and _spelt(short, words, at + 1, used):
        return True
    if words[at][0] != short[0]:
        return False
    rest = iter(words[at][1:])
    for length in range(1, len(short) + 1):
        if length > 1 and short[length - 1] not in rest:
            return False
        if _spelt(short[length:], words, at + 1, used + 1):
            return True
    return False


def _stem(word: str) -> str:
    word = word[:-1] if word.endswith("s") and not word.endswith("ss") else word
    return word[:6] if len(word) > 6 else word


def _summary_items(reading: Reading, value: Value) -> Iterator[Item]:
    hits = reading.find("outcomes", value)
    masked = _PARENTHESIS.sub(lambda inside: "x" * len(inside[0]), value.text)
    at = 0
    for start, end in [match.span() for match in _SEPARATOR.finditer(masked)] + [(len(masked), len(masked))]:
        words = value.text[at:start]
        if words.strip(" .:-*\n"):
            first = at + len(words) - len(words.lstrip(" .:-*\n"))
            last = at + len(words.rstrip(" .:-*\n"))
            concepts = [hit.pattern for hit in hits if hit.start >= at and hit.end <= start]
            yield Item(value.place(first, last), frozenset(concepts), words, value.folded[at:start])
        at = end


def _registered(reading: Reading, outcomes: Items[Outcome]) -> Iterator[Item]:
    for outcome in outcomes:
        parts = [part for part in (outcome.description, outcome.method) if part.given]
        if parts:
            hits = [hit.pattern for hit in reading.find("outcomes", *parts)]
            texts = " ".join([part.text for part in parts]), " ".join([part.folded for part in parts])
            yield Item(parts[0].whole(), frozenset(hits), *texts)


@fact
def primary_outcome_list(reading: Reading) -> Fact:
    """How many primary outcomes there are, with all of them as evidence."""
    outcomes = reading.registration.primary_outcomes
    if outcomes.state is not State.GIVEN:
        return cannot_tell(outcomes.state.value, "primary_outcomes")
    return Fact(len(outcomes), tuple(outcome.description.whole() for outcome in outcomes))


@fact
def secondary_outcomes_listed(reading: Reading) -> Fact:
    """Whether there is a secondary outcome; cannot be told of a record that is cut."""
    outcomes = reading.registration.secondary_outcomes
    if outcomes.state is State.GIVEN:
        return Fact(True, (outcomes[0].description.whole(),))
    if outcomes.state is State.EMPTY and reading.registration.complete:
        return Fact(False, (outcomes.heading.whole(),))
    return cannot_tell("unknown" if outcomes.state is State.EMPTY else outcomes.state.value, "secondary_outcomes")


@fact(cases=("number", "outcome"))
def primary_outcomes_without_timepoint(reading: Reading) -> Fact:
    """Primary outcomes whose time point is empty and whose description names no time either."""
    outcomes = reading.registration.primary_outcomes
    if outcomes.state is not State.GIVEN:
        return cannot_tell(outcomes.state.value, "primary_outcomes")
    cases = []
    known = False
    for number, outcome in enumerate(outcomes, 1):
        time = outcome.timepoint
        if time.state is State.UNKNOWN:
            continue
        known = True
        if time.given and time.folded.strip() not in _NOTHING:
            continue
        if outcome.description.given and ("timepoint" in outcome.description.folded or reading.first(_TIME, outcome.description)):
            continue
        said = " ".join(outcome.description.text.split()) if outcome.description.given else ""
        cases.append(
            Case({"number": number, "outcome": said}, tuple(v.whole() for v in (outcome.description, time) if v.text or v.label))
        )
    return listed(cases) if known else cannot_tell("unknown", "primary_outcomes")


@lru_cache(maxsize=4)
def _compared(reading: Reading) -> Fact | tuple[list[Item], list[Item], list[Item]]:
    """The items of the summary, the primary and the secondary outcomes, or why they cannot be compared."""
    r = reading.registration
    if not r.outcomes_summary.given:
        return cannot_tell(r.outcomes_summary.state.value, r.outcomes_summary.field)
    if r.primary_outcomes.state is not State.GIVEN:
        return cannot_tell(r.primary_outcomes.state.value, "primary_outcomes")
    if r.secondary_outcomes.state in (State.UNKNOWN, State.ABSENT) and not r.complete:
        return cannot_tell("unknown", "secondary_outcomes")
    if foreign := unread(r.outcomes_summary, *(outcome.description for outcome in r.primary_outcomes)):
        return foreign
    items = list(_summary_items(reading, r.outcomes_summary))
    primary, secondary = list(_registered(reading, r.primary_outcomes)), list(_registered(reading, r.secondary_outcomes))
    if not items or not primary or all(item.vague for item in items):
        return cannot_tell("text", "the summary names no outcome that can be compared")
    return items, primary, secondary


@fact
def primary_outcome_in_summary(reading: Reading) -> Fact:
    """Whether one of the primary outcomes may be what an item of the summary names."""
    compared = _compared(reading)
    if isinstance(compared, Fact):
        return compared
    items, primary, _ = compared
    return Fact(any(item.like(outcome) for item in items for outcome in primary))


@fact
def summary_outcomes_registered(reading: Reading) -> Fact:
    """Whether every outcome that the summary names may be one of those registered."""
    compared = _compared(reading)
    if isinstance(compared, Fact):
        return compared
    items, primary, secondary = compared
    return Fact(all(item.vague or any(item.like(outcome) for outcome in (*primary, *secondary)) for item in items))


@fact(cases=("summary_only", "registered_only"))
def outcomes_differing_from_summary(reading: Reading) -> Fact:
    """What only the summary names, and which primary outcomes it does not name: nothing when they agree."""
    compared = _compared(reading)
    if isinstance(compared, Fact):
        return compared
    items, primary, secondary = compared
    extra = [item for item in items if not item.vague and not any(item.like(outcome) for outcome in (*primary, *secondary))]
    unnamed = [outcome for outcome in primary if not any(item.like(outcome) for item in items)]
    if not extra and len(unnamed) < len(primary):
        return listed([])
    names = [_words(item.place) for item in extra], [_words(outcome.place) for outcome in unnamed]
    places = tuple(item.place for item in (extra or items)) + tuple(outcome.place for outcome in (unnamed or primary))
    return listed(
        [Case({"summary_only": "; ".join(names[0]) or "nothing else", "registered_only": "; ".join(names[1]) or "none"}, places)]
    )


def _words(place: Place) -> str:
    text = " ".join(place.quote.split())
    return text if len(text) <= 80 else text[:80].rsplit(" ", 1)[0] + " …"
