"""Two registrations -> what they have in common: numbers, people and sponsors, runs of words, passages word for word."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from audit.engine.names import person, plain
from audit.model.registration import Registration
from audit.model.span import Place, Value

_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"[.!?;\u061b\u061f\u06d4\u3002](?=\s|$|<)|[\r\n]+|<br\s*/?>|_x000[dD]_")
_EUDRACT = re.compile(r"(?<!\d)(20\d\d-\d{6}-\d\d)(?!\d)")
_SIGN = re.compile(r"[^0-9a-z]")
_REGISTRANT = re.compile(r"irct(\d{8,})n\d+")
_PARTS = re.compile(r"[;,|\s]+")
_RUN = 3
"""So many words make a run."""
LEAST_WORDS = 12
"""A sentence that is shorter than this says nothing of where it comes from."""
_LEAST_DIGITS = 6
_LEAST_OF_A_CODE = 8


def number(text: str) -> str:
    """Return a trial's number in one spelling: of a number of the EU without the country, of a Japanese one without JPRN.

    >>> number("EUCTR2099-000001-11-ES"), number("IRCT 20990101000001N1"), number("JPRN-jRCTs031990001")
    ('2099-000001-11', 'irct20990101000001n1', 'jrcts031990001')
    """
    if found := _EUDRACT.search(text):
        return found[1]
    return _SIGN.sub("", text.lower()).removeprefix("jprn")


def own_number(record: Registration) -> str:
    """Return the record's number in one spelling, empty where it has none."""
    return number(record.trial_id.text) if record.trial_id.given else ""


def numbers_named(record: Registration) -> frozenset[str]:
    """Return the numbers among the secondary identifiers, without the record's own."""
    said = [one.text for one in record.secondary_ids if one.given]
    found = {number(text) for whole in said for text in (whole, *_PARTS.split(whole))}
    return frozenset(one for one in found if sum(map(str.isdigit, one)) >= _LEAST_DIGITS) - {own_number(record)}


def linked(one: Registration, other: Registration) -> bool:
    """Return whether one of two records names the other, or both have a number of a third record: then they know of each other."""
    here, there = own_number(one), own_number(other)
    if here in numbers_named(other) or there in numbers_named(one):
        return True
    if any(_EUDRACT.fullmatch(shared) or shared.startswith("u1111") for shared in numbers_named(one) & numbers_named(other)):
        return True
    return _says(one, there) or _says(other, here)


def _says(record: Registration, of: str) -> bool:
    texts = (record.public_title, record.scientific_title, record.study_aim, record.settings, record.other_design_features)
    return bool(of) and any(of in _SIGN.sub("", value.text.lower()) for value in texts if value.given)


def team(record: Registration) -> frozenset[str]:
    """Return by what the people behind a record are known: the registrant's number, names, e-mail addresses, bodies."""
    found: set[str] = set()
    if registrant := _REGISTRANT.match(own_number(record)):
        found.add(registrant[1])
    contacts = (record.registrant, record.public_contact, record.scientific_contact, record.updating_contact)
    for contact in (*filter(None, contacts), *(sponsor.contact for sponsor in record.sponsors)):
        if contact.email.given:
            found.add(contact.email.text.strip().lower())
        if contact.name.given and " " in (name := person(contact.name)):
            found.add(name)
        for body in (contact.name, contact.organization):
            if body.given and " " in (name := plain(body)):
                found.add(name)
    return frozenset(found)


def strangers(*teams: frozenset[str]) -> bool:
    """Return whether all *teams* are known and no two of them have a name in common."""
    return all(teams) and len(frozenset(chain(*teams))) == sum(map(len, teams))


def codes(record: Registration) -> dict[str, Value]:
    """Return the codes of the ethics approvals in one spelling; one that is not told by the country goes with its committee."""
    found: dict[str, Value] = {}
    for review in record.ethics_reviews:
        if not review.reference.given:
            continue
        code = _SIGN.sub("", review.reference.text.lower())
        if sum(map(str.isdigit, code)) < 3 or len(code) < 4:
            continue
        if code.startswith("ir") and len(code) >= _LEAST_OF_A_CODE:
            found.setdefault(code, review.reference)
        elif review.committee.given and (committee := plain(review.committee)):
            found.setdefault(f"{code} {committee}", review.reference)
    return found


def words(text: str) -> list[str]:
    """Return the words of a text in small letters."""
    return _WORD.findall(text.lower())


def described(record: Registration) -> Iterator[Value]:
    """Yield the texts by which two records are held to be nearly the same: titles, groups, primary outcomes."""
    texts = chain(
        (record.public_title, record.scientific_title),
        chain.from_iterable((arm.label, arm.description) for arm in record.arms),
        (outcome.description for outcome in record.primary_outcomes),
    )
    yield from (value for value in texts if value.given)


def runs(record: Registration) -> set[str]:
    """Return the runs of three words in titles, groups and primary outcomes."""
    found: set[str] = set()
    for value in described(record):
        said = words(value.text)
        found.update(map(" ".join, zip(*(said[at:] for at in range(_RUN)), strict=False)))
    return found


def similarity(one: set[str], other: set[str]) -> float:
    """Return how much of two sets is common (Jaccard)."""
    return len(one & other) / len(one | other) if one or other else 0.0


class Passage(NamedTuple):
    """A sentence of some length: its words, by which it is told from others, and where it stands."""

    said: str
    place: Place


def passages(values: Iterable[Value]) -> Iterator[Passage]:
    """Yield the sentences of *values* that are long enough to tell where they come from."""
    for value in values:
        if not value.given:
            continue
        text, at = value.persian, 0
        for end in chain((match.span() for match in _SENTENCE_END.finditer(text)), ((len(text), len(text)),)):
            sentence = text[at : end[0]]
            if len(said := words(sentence)) >= LEAST_WORDS:
                start = at + len(sentence) - len(sentence.lstrip())
                yield Passage(" ".join(said), value.place(start, at + len(sentence.rstrip())))
            at = end[1]


class Shared(NamedTuple):
    """Sentences of a text of the record that stand in another record too."""

    here: list[Passage]
    there: list[Passage]


def shared(here: Sequence[Value], other: Iterable[Value]) -> Shared:
    """Return the long sentences of *here* that stand word for word in *other*, and how they stand there."""
    theirs = {passage.said: passage for passage in passages(other)}
    mine = [passage for passage in passages(here) if passage.said in theirs]
    return Shared(mine, [theirs[passage.said] for passage in mine])


def methods(record: Registration) -> tuple[Value, ...]:
    """Return the texts on allocation and blinding."""
    return record.randomization_description, record.blinding_description


def measured(record: Registration) -> Iterator[Value]:
    """Yield the texts of the outcomes."""
    for outcome in (*record.primary_outcomes, *record.secondary_outcomes):
        yield from (outcome.description, outcome.timepoint, outcome.method)
