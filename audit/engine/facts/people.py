"""Facts on names: whether names and addresses are garbled or spelt in several ways, and whose an e-mail address is."""

import re
from collections.abc import Iterable, Iterator

from audit.engine.facts.contacts import Asked, addresses, asked
from audit.engine.facts.text import SUSPECT, is_stray  # the same letters are strays here as everywhere
from audit.engine.language import persian
from audit.engine.likeness import distance, name_parts, skeleton
from audit.engine.reading import Reading, cannot_tell, fact, listed
from audit.model.registration import Contact
from audit.model.result import Case, Fact
from audit.model.span import Value

_MOJIBAKE = re.compile(
    "[ÃÂ][\u0080-\u00bf\u0152-\u0192\u2013-\u2122]|â€|‚Ä|√[\u00a0-\u00ff]|Ø[\u00a0-\u00bf]|Ù[\u0080-\u00bf]|\\?{3,}"
)
_DIGIT = re.compile(r"[0-9]")


def _names(record_people: Iterable[Asked]) -> Iterator[tuple[str, Value]]:
    for one in record_people:
        if one.contact.name.given:
            yield one.role, one.contact.name


@fact(cases=("problem", "text", "role"))
def garbled_names(reading: Reading) -> Fact:
    """Names and addresses with stray characters, digits in a name, a number run into a word, or a word that is no name."""
    people = asked(reading.registration)
    given = [
        (one.role, value, value is one.contact.name)
        for one in people
        for value in (one.contact.name, one.contact.address, one.contact.organization, one.contact.city)
        if value.given
    ]
    if not given:
        return cannot_tell("text", "the record gives no names and no addresses")
    found: dict[str, Case] = {}
    kind = reading.registration.source.kind
    for role, value, name in given:
        if problem := _garbled(reading, value, name, kind):
            text = " ".join(value.text.split())
            found.setdefault(
                text, Case({"problem": problem, "text": SUSPECT.sub("\u25a1", text), "role": role}, (value.whole(),))
            )
    return listed(found.values())


def _garbled(reading: Reading, value: Value, name: bool, kind: str) -> str | None:
    text = value.text
    if not text.isascii():
        if any(is_stray(text, match.start(), kind) for match in SUSPECT.finditer(text)):
            return "a character that cannot be seen or has no letter to stand on"
        if _MOJIBAKE.search(text):
            return "letters that were lost in a change of encoding"
    if name and "@" in text:
        return "an e-mail address in place of the name"
    if (
        name
        and reading.registration.registry == "IRCT"
        and _DIGIT.search(value.folded)
        and not reading.first("people.office", value)
    ):
        return "a digit in the name"
    if reading.first("people.no_name", value):
        return "no name or address"
    return "a number run into a word" if reading.first("people.broken_number", value) else None


@fact(cases=("email", "name", "role"))
def emails_of_others(reading: Reading) -> Fact:
    """Addresses whose mailbox is the full name of somebody else than the person it stands with."""
    people = [one for one in asked(reading.registration) if one.contact.name.given and one.contact.email.given]
    if not people:
        return cannot_tell("text", "no person of the record has both a name and an e-mail address")
    if all(persian(one.contact.name) for one in people):
        return cannot_tell("language", people[0].contact.name.field)
    found: dict[str, Case] = {}
    for one in people:
        if not persian(one.contact.name) and _of_another(reading, one.contact):
            email = one.contact.email
            case = Case(
                {"email": email.text.strip(), "name": " ".join(one.contact.name.text.split()), "role": one.role},
                (email.whole(), one.contact.name.whole()),
            )
            found.setdefault(email.folded.strip(), case)
    return listed(found.values())


def _of_another(reading: Reading, contact: Contact) -> bool:
    parts = [part for part in name_parts(contact.name.folded) if len(part) > 2]
    if not parts or len(addresses(contact.email.text)) != 1:
        return False
    hit = reading.first("people.mailbox_of_a_name", contact.email)
    if hit is None:
        return False
    given, rest = hit.match[2], hit.match[3]
    mailbox = hit.text.partition("@")[0]
    if reading.first("people.office", Value("mailbox", text=mailbox)):
        return False
    organization = frozenset(skeleton(part) for part in re.findall(r"[a-z]{4,}", contact.organization.folded))
    if skeleton(rest) in organization or skeleton(given) in organization:
        return False
    return not any(_related(part, given) or _related(part, rest) or _within(part, mailbox) for part in parts)


def _related(part: str, other: str) -> bool:
    """Return whether a part of a name and a part of a mailbox can be the same name, also cut short."""
    one, two = skeleton(part), skeleton(other)
    shorter, longer = sorted((one, two), key=len)
    if len(shorter) < 2:
        return distance(part, other, 1) <= 1 or other.startswith(part[:3])
    return longer.startswith(shorter) or longer.endswith(shorter) or distance(one, two, 1) <= (1 if len(shorter) > 2 else 0)


def _within(part: str, mailbox: str) -> bool:
    sound, letters = skeleton(part), skeleton(re.sub(r"[^a-z]", "", mailbox))
    return (len(sound) > 2 and (sound[:3] in letters)) or part[:4] in mailbox


@fact(cases=("spellings", "what"))
def spelling_variants(reading: Reading) -> Fact:
    """Names of people, and of streets in their addresses, that are spelt in more than one way."""
    people = asked(reading.registration)
    names = {" ".join(name_parts(value.folded)): value for _, value in _names(people) if not persian(value)}
    streets = {one.contact.address.folded: one.contact.address for one in people if one.contact.address.given}
    if len(names) + len(streets) == 0:
        return cannot_tell("text", "the record gives no names and no addresses in English")
    cases = []
    every = sorted(names)
    for at, one in enumerate(every):
        for other in every[at + 1 :]:
            if _one_person(one.split(), other.split()):
                said = tuple(" ".join(names[name].text.split()) for name in (one, other))
                cases.append(Case({"spellings": said, "what": "one person"}, (names[one].whole(), names[other].whole())))
    return listed([*cases, *_street_variants(list(streets.values()))])


def _one_person(one: list[str], other: list[str]) -> bool:
    if len(one) < 2 or len(other) < 2 or one == other:
        return False
    if len(one) != len(other):  # "Mohammadreza" and "Mohamad Reza"
        together = "".join(one), "".join(other)
        return one[0][0] == other[0][0] and together[0] != together[1] and _one_word(*together)
    return all(_one_word(a, b) for a, b in zip(one, other, strict=True))


def _one_word(one: str, other: str) -> bool:
    """Return whether two words are one name in two spellings; a last letter more can make it another's name."""
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < 5 or skeleton(one) != skeleton(other) or longer.startswith(shorter):
        return False
    return one[-1] == other[-1] and distance(one, other, 2) <= (2 if len(shorter) > 7 else 1)


def _street_variants(values: list[Value]) -> Iterator[Case]:
    """Yield the first pair of spellings of each street name; names are the words of seven letters and more."""
    seen: dict[str, dict[str, tuple[Value, int]]] = {}
    for value in values:
        for match in re.finditer(r"[a-z]{7,}", value.folded):
            seen.setdefault(skeleton(match[0]), {}).setdefault(match[0], (value, match.start()))
    for spellings in seen.values():
        words = sorted(spellings)
        pairs = ((a, b) for at, a in enumerate(words) for b in words[at + 1 :])
        pair = next(
            ((a, b) for a, b in pairs if _one_word(a, b) and a[0] == b[0] and spellings[a][0] is not spellings[b][0]), None
        )
        if pair:
            places = [(spellings[word], word) for word in pair]
            yield Case(
                {"spellings": tuple(value.text[at : at + len(word)] for (value, at), word in places), "what": "one place"},
                tuple(value.place(at, at + len(word)) for (value, at), word in places),
            )


@fact(cases=("email", "organization", "role"))
def emails_of_other_universities(reading: Reading) -> Fact:
    """Addresses under the domain of one medical university of Iran beside the name of another."""
    people = [one for one in asked(reading.registration) if one.contact.email.given and one.contact.organization.given]
    if not people:
        return cannot_tell("text", "no address of the record stands beside the name of an organization")
    if all(persian(one.contact.organization) for one in people):
        return cannot_tell("language", people[0].contact.organization.field)
    found: dict[str, Case] = {}
    for one in people:
        domain = re.search(r"[@.]([a-z]+)\.ac\.ir[ ]*$", one.contact.email.folded)
        if not domain or f"universities.{domain[1]}" not in _known(reading):
            continue
        named = {hit.pattern for hit in reading.find("universities", one.contact.organization)}
        if named and f"universities.{domain[1]}" not in named:
            values: dict[str, object] = {
                "email": one.contact.email.text.strip(),
                "organization": " ".join(one.contact.organization.text.split()),
                "role": one.role,
            }
            found.setdefault(
                one.contact.email.folded, Case(values, (one.contact.email.whole(), one.contact.organization.whole()))
            )
    return listed(found.values())


def _known(reading: Reading) -> frozenset[str]:
    return frozenset(reading.vocabulary.patterns[number].name for number in reading.vocabulary.numbers("universities"))
