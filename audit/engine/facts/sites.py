"""Facts on the places of a trial: whether the text names those that are registered, and as many."""

import re
from functools import cache

from audit.engine.language import persian
from audit.engine.likeness import distance, skeleton
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed, missing
from audit.engine.scope import sentence_at
from audit.engine.tables import lines
from audit.model.registration import Contact, Registration
from audit.model.result import Case, Fact, Phrase
from audit.model.span import EMPTY, GIVEN, Value

_UMBRELLA = re.compile(r"hospital|clinic|cent(?:er|re)|institut|ward|office|practice", re.I)


@cache
def _general() -> frozenset[str]:
    return frozenset(word for line in lines("place_words.txt") for word in line.split())


def _centres(record: Registration) -> list[Contact]:
    return [centre for centre in record.centres if centre.organization.given or centre.name.given]


def _texts(record: Registration) -> list[Value]:
    return [
        value
        for value in (record.settings, record.design_summary, record.scientific_title, record.public_title)
        if value.given and not persian(value)
    ]


@fact
def recruitment_places(reading: Reading) -> Fact:
    """How many recruitment centres the record gives, or countries where it gives no centres; 0 when it says that there are none."""
    record = reading.registration
    for places in (record.centres, record.countries):
        if places.state is GIVEN:
            return Fact(len(places), (places.heading.whole(),))
    for places in (record.centres, record.countries):
        if places.state is EMPTY:
            return Fact(0, (places.heading.whole(),))
    return cannot_tell(record.centres.state.value, record.centres.heading.field)


@fact(cases=("difference", "named", "centres"))
def site_differences(reading: Reading) -> Fact:
    """Hospitals and clinics that the text names as the place of the trial while it names none of the registered centres."""
    record = reading.registration
    if reason := missing(record.centres):
        return reason
    centres = _centres(record)
    if not centres or all(persian(centre.organization) for centre in centres):
        return cannot_tell("language" if centres else "unclear", record.centres.heading.field)
    texts = _texts(record)
    if not record.settings.given and not record.design_summary.given:
        return missing(record.settings, record.design_summary) or cannot_tell("unknown", "settings")
    if not texts:
        return cannot_tell("language", record.settings.field)
    cases = _unlisted(reading, texts, centres)
    without = reading.fact("settings_name_no_place")
    if not cases and without.value is True:
        names = ", ".join(centre.organization.text for centre in centres)
        values: dict[str, object] = {"difference": "names no place", "named": "", "centres": names}
        cases = [Case(values, (record.settings.whole(), centres[0].organization.whole()))]
    return listed(cases)


def _unlisted(reading: Reading, texts: list[Value], centres: list[Contact]) -> list[Case]:
    registered = {word for centre in centres for word in _words_of(centre)}
    own = {word for centre in centres for word in _particular(centre.organization.folded)}
    if not own or any(not _UMBRELLA.search(centre.organization.text) for centre in centres):
        return []  # a university or a town stands for its hospitals
    everything = {word for value in texts for word in re.findall(r"[a-z]{3,}", value.folded)}
    if _share(own, everything):
        return []
    found: dict[str, tuple[Hit, int]] = {}
    for hit in reading.find("sites.named", *texts):
        start = hit.start + _from_last_break(hit.match[1])
        before = hit.value.folded[sentence_at(hit.value.folded, hit.start)[0] : start]
        words = _particular(hit.value.folded[start : hit.end])
        if not words or reading.first("sites.beside", Value("before", text=before)):
            continue
        if _share(set(words), registered):
            return []
        if ("hospital" in hit.match[2] or "clinic" in hit.match[2]) and _is_a_name(hit.value, start, hit.end):
            found.setdefault(" ".join(words), (hit, start))
    if not found:
        return []
    hit, start = next(iter(found.values()))
    start = _from_first_particular(hit.value.folded, start)
    place = hit.value.place(start, hit.end)
    names = ", ".join(" ".join(centre.organization.text.split()) for centre in centres)
    values: dict[str, object] = {
        "difference": Phrase('names "{place}"', place=" ".join(place.quote.split())),
        "named": place.quote,
        "centres": names,
    }
    return [Case(values, (place, *(centre.organization.whole() for centre in centres[:3])))]


_BREAK = re.compile(
    r".*\b(?:in|at|to|of|from|by|with|for|on|and|or|is|are|was|were|be|will|the|a|this|that|which|where|who)\b[ ,]*|.*,[ ]*"
)


def _from_last_break(words: str) -> int:
    """Return where the name begins in the words before "hospital": after the last function word."""
    match = _BREAK.match(words)
    return match.end() if match else 0


def _from_first_particular(folded: str, start: int) -> int:
    while match := re.match(r"([a-z'-]+)[ ,]+", folded[start:]):
        if match[1] not in _general() or match[1] in ("imam", "emam", "shahid", "st", "saint", "hazrat", "ayatollah", "dr"):
            break
        start += match.end()
    return start


def _is_a_name(value: Value, start: int, end: int) -> bool:
    """Return whether the words are a name: a particular word has a capital, or a word of honour stands before it."""
    text, folded = value.text[start:end], value.folded[start:end]
    if _HONOUR.search(folded):
        return True
    return any(
        text[m.start()].isupper() and m[0] not in _general() and not _FIELD.search(m[0])
        for m in re.finditer(r"[a-z]{3,}", folded)
    )


_HONOUR = re.compile(r"\b(?:imam|emam|shahid|shaheed|hazrat|ayatollah|saint|st)\b")
_FIELD = re.compile(
    r"(?:ology|surgery|therapy|iatrics?|iatry|metry|dontics?|logical|surgical|plasty|scopy|graphy|esthesia|medicine|dentistry)$"
)


def _particular(folded: str) -> tuple[str, ...]:
    """Return the words that tell one place from others."""
    return tuple(word for word in re.findall(r"[a-z]{3,}", folded) if word not in _general() and not _FIELD.search(word))


def _words_of(centre: Contact) -> list[str]:
    parts = (centre.organization, centre.address, centre.city, centre.province)
    return [word for value in parts if value.given for word in re.findall(r"[a-z]{3,}", value.folded)]


def _share(some: set[str], others: set[str]) -> bool:
    """Return whether the same word is in both, in any spelling."""
    if some & others:
        return True
    sounds = {sound for word in some if len(sound := skeleton(word)) > 2}
    if any(skeleton(word) in sounds for word in others):
        return True
    if len(some) * len(others) > _MOST_PAIRS:
        return False
    return any(a[0] == b[0] and len(a) > 4 and distance(a, b, 1) <= 1 for a in some for b in others)


_MOST_PAIRS = 20000


@fact
def settings_name_no_place(reading: Reading) -> Fact:
    """Whether the text on settings and conduct (a field of IRCT) speaks of no place at all: no hospital, ward, school, home or town."""
    record = reading.registration
    if reason := missing(record.settings, record.centres):
        return reason
    text = record.settings
    own = {word for centre in record.centres for word in _words_of(centre) if word not in _general()}
    named = bool(reading.first("sites.place", text)) or any(word in own for word in re.findall(r"[a-z]{3,}", text.folded))
    return Fact(record.registry == "IRCT" and not named and not persian(text), (text.whole(),))


@fact(cases=("claim", "centres"))
def centre_number_differences(reading: Reading) -> Fact:
    """Claims of several centres beside one registered centre, and of a single centre beside several that differ."""
    record = reading.registration
    if reason := missing(record.centres):
        return reason
    texts = [*_texts(record), *(v for v in (record.study_aim, record.other_design_features) if v.given and not persian(v))]
    if not texts:
        return cannot_tell("text", "the record has no text in English on how it is done")
    centres = _centres(record)
    if len(record.centres) == 1 and centres:
        if reading.first("sites.several", centres[0].organization):
            return listed(())
        hit = _claim(reading, "sites.many", texts)
    elif _differ(centres):
        hit = _claim(reading, "sites.single", texts)
    else:
        return listed(())
    if hit is None:
        return listed(())
    names = ", ".join(name for centre in centres[:3] if (name := " ".join(centre.organization.text.split())))
    number = len(record.centres)
    said = Phrase("{number} ({names})", number=number, names=names) if names else str(number)
    return listed(
        [Case({"claim": hit.place.quote, "centres": said}, (hit.place, *(c.organization.whole() for c in centres[:3])))]
    )


def _claim(reading: Reading, pattern: str, texts: list[Value]) -> Hit | None:
    for hit in reading.find(pattern, *texts):
        folded = hit.value.folded
        first, last = sentence_at(folded, hit.start)
        before, after = Value("before", text=folded[first : hit.start]), Value("after", text=folded[hit.end : last])
        if not reading.first("sites.elsewhere", before) and not reading.first("sites.reported", after):
            return hit
    return None


def _differ(centres: list[Contact]) -> bool:
    """Return whether the centres are in several cities, or are hospitals or clinics of different names."""
    cities = {skeleton(centre.city.folded.strip()) for centre in centres if centre.city.given}
    if len(cities) > 1:
        return True
    named = [set(_particular(c.organization.folded)) for c in centres if re.search("hospital|clinic", c.organization.folded)]
    return any(one and other and not one & other for at, one in enumerate(named) for other in named[at + 1 :])
