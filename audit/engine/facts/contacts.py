"""Facts on the people and bodies that can be asked: whether they are there, and whether e-mails, telephones and postal codes can be right."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from audit.engine.likeness import skeleton
from audit.engine.reading import Reading, cannot_tell, fact, listed
from audit.engine.tables import lines
from audit.model.fold import fold_persian
from audit.model.registration import Contact, Registration
from audit.model.result import Case, Fact, Phrase
from audit.model.span import ABSENT, EMPTY, UNKNOWN, Place, Value

_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+([A-Za-z]{2,24})"
)
_NO_DOMAINS = frozenset(("con", "comm", "cmo", "ocm", "coom", "vom", "irr", "ri"))
_LONGEST_EMAIL = 320
_MOST = 60
"""How many numbers or codes of one record are compared with each other."""
_HIDDEN = re.compile(r"\*|email protected|\[at\]|\(at\)|<at>| at |hidden|x{3,}@|\.\.\.", re.I)
_FREE = re.compile(
    r"@(?:[a-z0-9-]+\.)*(?:gmail|googlemail|yahoo|ymail|rocketmail|hotmail|outlook|live|msn|aol|icloud|me|mail|gmx|protonmail|proton|yandex|chmail|inbox|rediffmail|163|126|qq|sina)"
    r"\.(?:com|co\.[a-z]{2}|[a-z]{2,3}|co)$"
)


class Asked(NamedTuple):
    """Somebody who can be asked: the role in words, and the contact."""

    role: str
    contact: Contact


def asked(record: Registration) -> list[Asked]:
    """Return all people and bodies of a record, in its order."""
    people: list[tuple[str, Contact | None]] = [
        ("registrant", record.registrant),
        *(("ethics committee", review.contact) for review in record.ethics_reviews),
        *(("recruitment centre", centre) for centre in record.centres),
        *(("sponsor", sponsor.contact) for sponsor in record.sponsors),
        ("person for general inquiries", record.public_contact),
        ("person for scientific inquiries", record.scientific_contact),
        ("person for updates", record.updating_contact),
    ]
    return [Asked(role, contact) for role, contact in people if contact is not None]


@fact(cases=("role", "lacks"))
def contact_gaps(reading: Reading) -> Fact:
    """The people for general and for scientific inquiries who are missing, or have no name or neither e-mail nor telephone."""
    record = reading.registration
    later = record.updating_contact is not None and record.complete
    cases, seen = list[Case](), False
    for role, contact in (
        ("person for general inquiries", record.public_contact),
        ("person for scientific inquiries", record.scientific_contact),
    ):
        if contact is None:
            if later:
                cases.append(Case({"role": role, "lacks": "the whole entry"}, _places_of(record.updating_contact)))
                seen = True
            continue
        lacks = _lacks(contact, record.complete)
        seen = seen or lacks is not None
        if lacks:
            cases.append(Case({"role": role, "lacks": tuple(lacks)}, _places_of(contact)))
    return listed(cases) if seen else cannot_tell("unknown", "public_contact")


def _lacks(contact: Contact, complete: bool) -> list[str] | None:
    """Return what a contact lacks, or None when that cannot be seen."""

    def gone(value: Value) -> bool:
        return value.state is EMPTY or (value.state is ABSENT and complete) or (value.given and not re.search(r"\w", value.text))

    if all(value.state is UNKNOWN for value in (contact.name, contact.organization, contact.email, contact.phone)):
        return None
    if any(value.given and not value.text.strip("; ") for value in (contact.email, contact.phone)):
        return None  # the bare separators of an export that joins several people's
    lacks = []
    if gone(contact.name) and (not contact.organization.given or contact.name.state is EMPTY):
        lacks.append("a name")
    if gone(contact.email) and gone(contact.phone):
        lacks.append("e-mail and telephone")
    return lacks


def _places_of(contact: Contact | None) -> tuple[Place, ...]:
    if contact is None:
        return ()
    parts = (contact.name, contact.organization, contact.email, contact.phone)
    return tuple(value.whole() for value in parts if value.state is not UNKNOWN)


@fact(cases=("email", "role"))
def invalid_emails(reading: Reading) -> Fact:
    """E-mail addresses that no mail can reach by their form; those that are hidden on purpose are passed over."""
    given = [(one.role, one.contact.email) for one in asked(reading.registration) if one.contact.email.given]
    if not given:
        return cannot_tell("text", "the record gives no e-mail address")
    found: dict[str, Case] = {}
    for role, value in given:
        if _bad_email(value.text):
            found.setdefault(value.text.strip(), Case({"email": value.text.strip(), "role": role}, (value.whole(),)))
    return listed(found.values())


def addresses(text: str) -> list[str]:
    """Return the e-mail addresses written in a field, each without what stands around it.

    >>> addresses("Mailto:a.b@example.org; c@example.ac.ir")
    ['a.b@example.org', 'c@example.ac.ir']
    """
    text = re.sub(r"^mailto:|\u200c|\u200f|\u200e|[<>\[\]]", "", text.strip(), flags=re.I)
    return [part for part in re.split(r"[\s;,/|]+|&|\band\b", text) if "@" in part]


def _bad_email(text: str) -> bool:
    if len(text) > _LONGEST_EMAIL or _HIDDEN.search(text) or not re.search(r"\w", text):
        return False
    stripped = text.strip()
    if "@" not in stripped:
        return re.search(r"[a-z0-9][.,][a-z]{2,}", stripped, re.I) is not None
    rest = re.sub(r"^mailto:|[<>\[\]()]", " ", stripped, flags=re.I).strip()
    parts = [
        part for part in re.split(r"\s*[;|]\s*|\s*,\s*(?=\S+@)|\s*/\s*(?=\S+@)|\s+(?:and|or|&)\s+|\s+(?=\S+@\S)", rest) if part
    ]
    return any(not (match := _EMAIL.fullmatch(part)) or match[1].lower() in _NO_DOMAINS for part in parts)


@fact(cases=("emails", "number"))
def free_mail(reading: Reading) -> Fact:
    """The addresses of free mail services, where a person for general or scientific inquiries has no other: one case a record."""
    record = reading.registration
    heads = [
        contact for contact in (record.public_contact, record.scientific_contact) if contact is not None and contact.email.given
    ]
    if not heads:
        return cannot_tell("text", "the record gives no e-mail address of the people to be asked")
    if not any(_only_free(contact.email) for contact in heads):
        return listed(())
    found = {one.contact.email.text.strip(): one.contact.email for one in asked(record) if _only_free(one.contact.email)}
    return listed([Case({"emails": tuple(found), "number": len(found)}, tuple(value.whole() for value in found.values()))])


def _only_free(value: Value) -> bool:
    written = addresses(value.text) if value.given else []
    return bool(written) and all(is_free(address) for address in written)


def is_free(address: str) -> bool:
    """Return whether an e-mail address is one of a free mail service.

    >>> is_free("a@yahoo.co.uk"), is_free("a@sina.example.ac.ir")
    (True, False)
    """
    return _FREE.search(address.lower().strip(". ")) is not None


_EXTENSION = re.compile(r"(?:ext|int|dakh|داخلی|#|x).*$", re.I)
_PHONE_PARTS = re.compile(r"[,;/|\n]| and | or |\s-\s(?=[+0(])|و")
_RANGE = re.compile(r"(?:[-~–_]|\bto\b)\s*\d{1,3}$")


@dataclass(frozen=True)
class Phone:
    """A number as written: ``national`` are the digits without the country code 98 and a leading 0, None where it is none of Iran."""

    place: Place
    national: str | None
    international: bool
    digits: str


def _phones(value: Value, home: bool) -> Iterator[Phone]:
    """Yield the numbers in a field; ``home`` where a number without a country code is one of Iran."""
    text = fold_persian(value.text)
    at = 0
    for part in re.split(rf"({_PHONE_PARTS.pattern})", text):
        start, at = at, at + len(part)
        if not re.search(r"\d", part):
            continue
        said = _RANGE.sub("", _EXTENSION.sub("", part).strip()).replace("(0)", "")
        digits = re.sub(r"\D", "", said)
        if len(digits) < 5:
            continue
        abroad = "+" in said or digits.startswith("00")
        digits = digits.lstrip("0") if abroad else digits
        national = None
        if digits.startswith("98") and (abroad or len(digits) > 10):
            national, abroad = digits[2:], True
        elif not abroad and home:
            national = digits
        if national is not None and national.startswith("0") and (not abroad or len(national) > 10):
            national, abroad = national.lstrip("0"), True
        blank = len(part) - len(part.lstrip())
        yield Phone(value.place(start + blank, at - (len(part) - len(part.rstrip()))), national, abroad, digits)


def _of_iran(record: Registration, contact: Contact) -> bool:
    if contact.country.given:
        return "iran" in contact.country.folded or "ایران" in fold_persian(contact.country.text)
    return record.registry == "IRCT"


def _numbers(record: Registration) -> list[tuple[Asked, Value, Phone]]:
    return [
        (one, value, phone)
        for one in asked(record)
        for value in (one.contact.phone, one.contact.fax)
        if value.given
        for phone in _phones(value, _of_iran(record, one.contact))
    ]


@fact(cases=("problem", "number", "role"))
def malformed_phones(reading: Reading) -> Fact:
    """Telephone numbers of Iran with too many or too few digits or none but one digit, and pairs that differ in one digit.

    Source: the numbering plan of Iran since 2014: after +98 an area code of two digits and eight digits, or a mobile number of ten.
    """
    numbers = _numbers(reading.registration)
    if not numbers:
        return cannot_tell("text", "the record gives no telephone number")
    found: dict[str, Case] = {}
    right: dict[str, tuple[Asked, Place]] = {}
    for one, _value, phone in numbers:
        if phone.national is None:
            continue
        problem = _wrong_number(phone)
        said = " ".join(phone.place.quote.split())
        if problem:
            found.setdefault(phone.national, Case({"problem": problem, "number": said, "role": one.role}, (phone.place,)))
        elif len(phone.national) == 10:
            right.setdefault(phone.national, (one, phone.place))
    return listed([*found.values(), *_near_twins(right)])


def _wrong_number(phone: Phone) -> str | None:
    national = phone.national or ""
    subscriber = national[2:]
    if len(national) >= 8 and (len(set(subscriber)) == 1 or subscriber in ("12345678", "87654321")):
        return "the digits are no real number"
    if not phone.international:
        return Phrase("{digits} digits are too few", digits=len(national)) if len(national) < 6 else None
    if len(national) in (6, 7, 10):  # institutions have numbers of four or five digits after the area code
        return None
    if len(national) > 15:
        return None  # two numbers with nothing between them
    if 10 < len(national) <= 14 and re.search(r"\D\d{1,4}$", phone.place.quote) and _ten_before(phone):
        return None  # the last group may be an extension
    return Phrase("{digits} digits follow the country code or 0, where Iranian numbers have 10", digits=len(national))


def _ten_before(phone: Phone) -> bool:
    groups = re.findall(r"\d+", fold_persian(phone.place.quote))
    rest = (phone.national or "")[: -len(groups[-1])]
    return len(groups) > 2 and len(rest) == 10


def _near_twins(numbers: dict[str, tuple[Asked, Place]]) -> Iterator[Case]:
    """Yield the pairs of numbers that differ in one digit, or in two neighbours that changed places, before the last three."""
    every = list(numbers)[:_MOST]
    for at, one in enumerate(every):
        for other in every[at + 1 :]:
            differs = [n for n in range(10) if one[n] != other[n]]
            swapped = len(differs) == 2 and one[differs[0]] == other[differs[1]] and one[differs[1]] == other[differs[0]]
            if not (len(differs) == 1 or (swapped and differs[1] == differs[0] + 1)) or differs[0] < 2 or differs[-1] > 6:
                continue
            (asked_one, place), (_, twin) = numbers[one], numbers[other]
            said = tuple(" ".join(p.quote.split()) for p in (place, twin))
            problem = "two numbers differ in one digit" if len(differs) == 1 else "two numbers differ in the order of two digits"
            yield Case({"problem": problem, "number": said, "role": asked_one.role}, (place, twin))


@fact(cases=("number", "role"))
def only_mobile_numbers(reading: Reading) -> Fact:
    """Mobile numbers of Iran that are the only telephone of the people for general and scientific inquiries."""
    record = reading.registration
    heads = [
        Asked(role, contact)
        for role, contact in (
            ("person for general inquiries", record.public_contact),
            ("person for scientific inquiries", record.scientific_contact),
        )
        if contact is not None and contact.phone.given
    ]
    if not heads:
        return cannot_tell("text", "the record gives no telephone of the people to be asked")
    found: dict[str, Case] = {}
    for one in heads:
        numbers = list(_phones(one.contact.phone, _of_iran(record, one.contact)))
        if numbers and all(p.national is not None and len(p.national) == 10 and p.national[0] == "9" for p in numbers):
            first = numbers[0]
            found.setdefault(first.national or "", Case({"number": first.place.quote, "role": one.role}, (first.place,)))
    return listed(found.values())


_TEN = re.compile(r"[13-9]{5}[0-9]{5}")
_STREETS = re.compile(
    r"(?<![a-z])([a-z]{1,30})[ ]{1,3}(?:st|str|street|streets|ave|avenue|blvd|blv|boulev\w*|boulv\w*|bulv\w*|bolv\w*|alley|ally|sq|square|highway|hwy|road|rd|freeway|exp|expressway|impasse|hospital|crossroad|intersection|bridge)\b"
    r"|\b(?:st|str|street|ave|avenue|blvd|blv|boulevard|alley|sq|square|kooche|koocheh|khiaban|meydan)\.?,?[ ]{1,3}(?:of[ ]{1,3})?([a-z]{1,30})"
)


@fact(cases=("problem", "codes"))
def odd_postal_codes(reading: Reading) -> Fact:
    """Postal codes of Iran that have not ten digits or an impossible one, that two streets share, or that resemble each other.

    Source: postal codes of Iran have ten digits, none of the first five a 0 or 2.
    """
    record = reading.registration
    given = [
        (one, one.contact.postal_code)
        for one in asked(record)
        if one.contact.postal_code.given
        and _of_iran(record, one.contact)
        and re.search(r"\d", fold_persian(one.contact.postal_code.text))
    ]
    if not given:
        return cannot_tell("text", "the record gives no postal code of Iran")
    wrong: dict[str, Case] = {}
    right: dict[str, list[tuple[Asked, Value]]] = {}
    for one, value in given:
        digits = re.sub(r"[\s._-]", "", fold_persian(value.text))
        if _TEN.fullmatch(digits) and len(set(digits[:4])) > 1:
            right.setdefault(digits, []).append((one, value))
        else:
            problem = "not ten digits" if not re.fullmatch(r"\d{10}", digits) else "ten digits that cannot be a postal code"
            wrong.setdefault(digits, Case({"problem": problem, "codes": value.text.strip()}, (value.whole(),)))
    return listed([*wrong.values(), *_shared(right), *_alike(right)])


def _shared(codes: dict[str, list[tuple[Asked, Value]]]) -> Iterator[Case]:
    """Yield the codes that stand with two addresses that name different streets or hospitals."""
    for holders in codes.values():
        addressed = [(one, value) for one, value in holders if one.contact.address.given][:12]
        pair = next(
            ((a, b) for n, a in enumerate(addressed) for b in addressed[n + 1 :] if _different_places(a[0], b[0])),
            None,
        )
        if pair:
            (one, code), (other, twin) = pair
            streets = tuple(" ".join(x.contact.address.text.split()) for x in (one, other))
            problem = Phrase('one code for "{one}" and "{other}"', one=streets[0], other=streets[1])
            values: dict[str, object] = {"problem": problem, "codes": code.text.strip()}
            yield Case(values, (one.contact.address.whole(), code.whole(), other.contact.address.whole(), twin.whole()))


def _different_places(one: Asked, other: Asked) -> bool:
    if one.contact.address.folded == other.contact.address.folded:
        return False
    streets = [_street_names(x.contact.address.folded) for x in (one, other)]
    if not streets[0] or not streets[1]:
        return False
    everything = [
        frozenset(
            skeleton(part) for part in re.findall(r"[a-z]{3,}", f"{x.contact.address.folded} {x.contact.organization.folded}")
        )
        for x in (one, other)
    ]
    return not (streets[0] & everything[1] or streets[1] & everything[0])


def _street_names(folded: str) -> frozenset[str]:
    names = (name for match in _STREETS.finditer(folded) for name in match.groups() if name)
    return frozenset(skeleton(name) for name in names if len(name) > 3 and name not in _common_in_streets())


@cache
def _common_in_streets() -> frozenset[str]:
    return frozenset(word for line in lines("place_words.txt") for word in line.split())


def _alike(codes: dict[str, list[tuple[Asked, Value]]]) -> Iterator[Case]:
    """Yield the pairs of codes that differ in one to three digits, one of them among the first five."""
    every = list(codes)[:_MOST]
    for n, one in enumerate(every):
        for other in every[n + 1 :]:
            differs = [at for at in range(10) if one[at] != other[at]]
            if len(differs) <= 3 and differs[0] < 5 and _one_city(codes[one][0][0], codes[other][0][0]):
                values = [codes[code][0][1] for code in (one, other)]
                said = tuple(value.text.strip() for value in values)
                yield Case(
                    {"problem": Phrase("two codes that differ in {digits} digits", digits=len(differs)), "codes": said},
                    tuple(v.whole() for v in values),
                )


def _one_city(one: Asked, other: Asked) -> bool:
    cities = (one.contact.city.folded.strip(), other.contact.city.folded.strip())
    return not all(cities) or skeleton(cities[0]) == skeleton(cities[1])
