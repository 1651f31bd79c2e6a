"""Facts on sponsors and funding: what is missing, whether shares, flags, origin and kind agree, and who the sponsor is."""

import re
from collections.abc import Iterator

from audit.engine.language import persian
from audit.engine.names import abbreviated, plain, resemble, same_person, share_a_word, telling
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed, missing
from audit.model.registration import Contact, Sponsor
from audit.model.result import Case, Fact
from audit.model.span import EMPTY, GIVEN, UNKNOWN, Place, Value

_SHARE = re.compile(r"\W{0,3}(-?\d{1,6}(?:[.,/]\d{1,4})?) {0,2}(?:%|percent|per cent)?\W{0,3}")
_DIGITS = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W_]")
_PHONE = 8
_STREET = 10
_NAME_STOPS = frozenset(
    re.findall(
        r"\w+",
        """by from of the a an with and or in at on for to made manufactured produced product products brand purchased bought
        provided supplied donated prepared obtained is are was were be will which that this these those its their our same other
        using mg ml g mcg iu gr tablet tablets capsule capsules injection syrup cream gel under name named via between""",
    )
)
_NO_NAME = frozenset(
    re.findall(
        r"\w+",
        """pharmaceutical pharmaceuticals pharmacy drug drugs medical medicine medicinal insurance manufacturing manufacturer
        producing production producer food cosmetic knowledge based iranian domestic foreign local private public supplier
        sponsor sponsoring relevant related mentioned valid reputable specific certain one each vaccine biotech biotechnology
        oil dairy dental dentistry equipment trading commercial health herbal parent new some any same study""",
    )
)


def _nothing(reading: Reading, value: Value) -> bool:
    return value.state is EMPTY or (value.given and reading.first("support.nothing", value) is not None)


def _says(reading: Reading, value: Value, *patterns: str) -> str | None:
    """Return which one of *patterns* a short answer says; None for none or several."""
    said = [pattern for pattern in patterns if value.given and reading.first(f"support.{pattern}", value)]
    return said[0] if len(said) == 1 else None


def _no_sponsors(reading: Reading) -> Fact:
    heading = reading.registration.sponsors.heading
    return missing(heading) or cannot_tell("unclear", heading.field)


@fact(cases=("sponsor", "missing"))
def support_gaps(reading: Reading) -> Fact:
    """Sponsors without a name, or without a source of support; or no sponsor at all.

    A sponsor that is said to be its own source of funding lacks none.
    """
    r = reading.registration
    if not r.sponsors.items:
        if r.sponsors.state is not EMPTY:
            return _no_sponsors(reading)
        return listed([Case({"sponsor": None, "missing": ("sponsor", "source of support")}, (r.sponsors.heading.whole(),))])
    names = [value for one in r.sponsors for value in (one.contact.organization, one.contact.name, one.source)]
    if all(value.state is UNKNOWN for value in names):
        return cannot_tell("unknown", r.sponsors.heading.field)
    return listed(case for one in r.sponsors for case in _gaps(reading, one))


def _gaps(reading: Reading, sponsor: Sponsor) -> Iterator[Case]:
    name, source = sponsor.contact.organization, sponsor.source
    lacking: dict[str, Value] = {}
    if _nothing(reading, name) and not sponsor.contact.name.given:
        lacking["sponsor"] = name
    own = _says(reading, sponsor.same_source, "same") or reading.registration.funding_source.given
    if _nothing(reading, source) and not own:
        lacking["source of support"] = source
    if lacking:
        places = [value.whole() for value in lacking.values()] + ([name.whole()] if name.given else [])
        yield Case({"sponsor": name if name.given else None, "missing": tuple(lacking)}, tuple(places))


@fact(cases=("shares", "total"))
def funding_shares_wrong(reading: Reading) -> Fact:
    """Shares of the funding sources that are no shares (below 0, above 100) or do not make 100 together.

    Several sources of 100 each may each mean their own grant and are passed over; so are rounding and shares of 1.
    """
    sponsors = reading.registration.sponsors
    if not sponsors.items:
        return _no_sponsors(reading)
    shares = [one.proportion for one in sponsors]
    if all(value.state not in (GIVEN, EMPTY) for value in shares):
        return missing(shares[0]) or cannot_tell("unclear", shares[0].field)
    numbers: list[float] = []
    for value in shares:
        if value.given and (match := _SHARE.fullmatch(value.folded)):
            numbers.append(float(match[1].replace(",", ".").replace("/", ".")))
        elif not _nothing(reading, value):
            return cannot_tell("unclear" if value.given else value.state.value, value.field)
    total = round(sum(numbers), 2)
    if not numbers and not any(one.source.given and not _nothing(reading, one.source) for one in sponsors):
        return cannot_tell("empty", shares[0].field)
    impossible = any(not 0 <= number <= 100 for number in numbers)
    slack = 0.5 if len(numbers) < 3 else 1.0
    each_whole = len(numbers) > 1 and all(number in (0, 100) for number in numbers)
    if not impossible and (abs(total - 100) <= slack or each_whole or abs(total - 1) < 0.01):
        return listed(())
    said = tuple(value.text.strip() if value.given else None for value in shares)
    places = [value.whole() for value in shares] + [one.source.whole() for one in sponsors if one.source.given]
    return listed([Case({"shares": said, "total": total}, tuple(places))])


@fact
def funding_share_blank(reading: Reading) -> Fact:
    """Whether the share of a funding source is left blank."""
    shares = [one.proportion for one in reading.registration.sponsors]
    blank = [value.whole() for value in shares if _nothing(reading, value) and not _SHARE.fullmatch(value.folded)]
    return Fact(bool(blank), tuple(blank))


def _pairs(reading: Reading, flag: str) -> Fact | list[Sponsor]:
    """Return the sponsors whose flag "same as the source of funding" says *flag*, with both names given."""
    sponsors = reading.registration.sponsors
    if not sponsors.items:
        return _no_sponsors(reading)
    for one in sponsors:
        if (unsaid := missing(one.same_source)) is not None:
            return unsaid
    known = [
        one
        for one in sponsors
        if _says(reading, one.same_source, "same", "other") == flag and one.source.given and one.contact.organization.given
    ]
    return known


@fact(cases=("sponsor", "source"))
def funders_named_otherwise(reading: Reading) -> Fact:
    """Sponsors said to be the source of funding themselves, whose source bears a name that cannot be theirs.

    Names that share a telling word, abbreviations, and a unit beside a university or ministry may be the same.
    """
    pairs = _pairs(reading, "same")
    if isinstance(pairs, Fact):
        return pairs
    return listed(_named(one) for one in pairs if _cannot_be_same(reading, one.contact.organization, one.source))


@fact(cases=("sponsor", "source"))
def funders_named_alike(reading: Reading) -> Fact:
    """Sponsors said not to be the source of funding, whose source bears the very same name."""
    pairs = _pairs(reading, "other")
    if isinstance(pairs, Fact):
        return pairs
    return listed(_named(one) for one in pairs if telling(one.source) and plain(one.source) == plain(one.contact.organization))


def _named(one: Sponsor) -> Case:
    name, source = one.contact.organization, one.source
    return Case({"sponsor": name, "source": source}, (one.same_source.whole(), name.whole(), source.whole()))


def _cannot_be_same(reading: Reading, name: Value, source: Value) -> bool:
    if persian(name) != persian(source):
        return False
    if reading.first("support.oneself", source):
        return reading.first("support.body", name) is not None
    if (
        not telling(name)
        or not telling(source)
        or resemble(name, source)
        or abbreviated(source, name)
        or abbreviated(name, source)
    ):
        return False
    kinds = [
        {kind for kind in ("university", "ministry", "unit", "company", "national") if reading.first(f"support.{kind}", value)}
        for value in (name, source)
    ]
    for own, others in (kinds, kinds[::-1]):
        if "unit" in own and not own & {"university", "ministry", "national"} and others & {"university", "ministry", "unit"}:
            return False
    return True


@fact(cases=("origin", "filled"))
def funding_origin_contradictions(reading: Reading) -> Fact:
    """Domestic funding with a foreign category or country, and foreign funding without a country or with that of Iran."""
    sponsors = reading.registration.sponsors
    if not sponsors.items:
        return _no_sponsors(reading)
    if not any(one.origin.given for one in sponsors):
        return missing(sponsors[0].origin) or cannot_tell("unclear", sponsors[0].origin.field)
    return listed(case for one in sponsors for case in _origins(reading, one))


def _origins(reading: Reading, one: Sponsor) -> Iterator[Case]:
    origin = _says(reading, one.origin, "domestic", "foreign")
    country, category = one.foreign_country, one.foreign_category
    at_home = bool(country.given and reading.first("support.iran", country))
    filled = [value for value in (category, country) if value.given and not _nothing(reading, value)]
    if origin == "domestic":
        said = [value for value in filled if not reading.first(("support.domestic", "support.iran"), value)]
        if said:
            texts = tuple(value.text.strip() for value in said)
            yield Case({"origin": one.origin, "filled": texts}, (one.origin.whole(), *(value.whole() for value in said)))
    elif origin == "foreign" and (_nothing(reading, country) or at_home):
        text = country.text.strip() if at_home else None
        yield Case({"origin": one.origin, "filled": (text,)}, (one.origin.whole(), country.whole()))


@fact(cases=("source", "sector", "kind"))
def funder_kind_contradictions(reading: Reading) -> Fact:
    """Funding sources whose name does not go with their sector or kind: a company that is academic, a ministry that is private.

    Names of several kinds, and universities that may be private, are passed over.
    """
    sponsors = reading.registration.sponsors
    if not sponsors.items:
        return _no_sponsors(reading)
    if not any(value.given for one in sponsors for value in (one.sector, one.kind)):
        return missing(sponsors[0].kind) or cannot_tell("unclear", sponsors[0].kind.field)
    return listed(case for one in sponsors for case in _kinds(reading, one))


def _kinds(reading: Reading, one: Sponsor) -> Iterator[Case]:
    name = one.source if one.source.given else one.contact.organization
    named = _says(reading, name, "university", "ministry", "company")
    sector, kind = _says(reading, one.sector, "public", "private"), _says(reading, one.kind, "academic", "industry", "persons")
    wrong: list[Value] = []
    if named == "company" and kind == "academic":
        wrong = [one.kind, *([one.sector] if sector == "public" else [])]
    elif named in ("university", "ministry"):
        state = named == "ministry" or reading.first("support.medical_sciences", name) is not None
        if state and sector == "private" and not reading.first("support.not_public", name):
            wrong.append(one.sector)
        if kind in ("industry", "persons"):
            wrong.append(one.kind)
    if wrong:
        said: dict[str, object] = {"source": name, "sector": one.sector, "kind": one.kind}
        yield Case(said, (name.whole(), *(value.whole() for value in wrong)))


@fact(cases=("sponsor", "person"))
def sponsors_that_are_investigators(reading: Reading) -> Fact:
    """Sponsors that are a person, or the site's own unit represented by the investigator."""
    r = reading.registration
    if not r.sponsors.items:
        return _no_sponsors(reading)
    names = [one.contact.organization for one in r.sponsors]
    if not any(name.given for name in names):
        return missing(names[0]) or cannot_tell("unclear", names[0].field)
    return listed(case for one in r.sponsors for case in _investigators(reading, one))


def _investigators(reading: Reading, one: Sponsor) -> Iterator[Case]:
    r, name = reading.registration, one.contact.organization
    people = [contact.name for contact in (r.scientific_contact, r.registrant, r.public_contact) if contact]
    if not name.given:
        return
    titled = reading.first("support.titled", name) and not reading.first("support.body", name)
    namesake = next((p for p in people if p.given and telling(p) and same_person(p, name)), None)
    if titled or reading.first("support.oneself", name) or namesake:
        yield Case({"sponsor": name, "person": namesake or name}, (name.whole(), *([namesake.whole()] if namesake else [])))
        return
    lead = r.scientific_contact.name if r.scientific_contact else None
    if lead is None or not lead.given or not one.contact.name.given or not same_person(lead, one.contact.name):
        return
    if not reading.first("support.unit", name):
        return
    for centre in r.centres:
        if centre.organization.given and _same_place(name, centre.organization):
            places = (name.whole(), one.contact.name.whole(), centre.organization.whole(), lead.whole())
            yield Case({"sponsor": name, "person": one.contact.name}, places)
            return


def _same_place(name: Value, other: Value) -> bool:
    """Whether two names of units mean the same place: one has all the words of the other ("Clinic of X Center", "X Center")."""
    one, two = set(plain(name).split()), set(plain(other).split())
    return len(one & two) >= 2 and (one <= two or two <= one)


@fact(cases=("sponsor", "other"))
def sponsor_address_copied(reading: Reading) -> Fact:
    """Sponsors with the street and the telephone of a contact or centre of another organisation, under another person."""
    r = reading.registration
    if not r.sponsors.items:
        return _no_sponsors(reading)
    for one in r.sponsors:
        if (unsaid := missing(one.contact.organization, one.contact.address, one.contact.phone)) is not None:
            return unsaid
    others = [contact for contact in (r.scientific_contact, r.public_contact, *r.centres) if contact is not None]
    return listed(case for one in r.sponsors for case in _copied(one.contact, others))


def _copied(sponsor: Contact, others: list[Contact]) -> Iterator[Case]:
    phone, street = _number(sponsor.phone), _letters(sponsor.address)
    if len(street) < _STREET or len(phone) < _PHONE:
        return
    for other in others:
        if _number(other.phone) != phone or _letters(other.address) != street or not other.organization.given:
            continue
        person = sponsor.name.given and other.name.given and same_person(sponsor.name, other.name)
        if not _one_house(sponsor.organization, other.organization) and not person:
            parts = (sponsor.organization, sponsor.address, sponsor.phone, other.organization, other.address, other.phone)
            places = tuple(value.whole() for value in parts)
            yield Case({"sponsor": sponsor.organization, "other": other.organization}, places)
            return


_UNIT = re.compile(r"\b(?:faculty|school|college|department|dept|hospital|clinic|cent(?:er|re)|institute|ward|laboratory)\b")


def _one_house(sponsor: Value, other: Value) -> bool:
    """Return whether two organisations are one, or the sponsor is a unit of the same name: units of a house share an address."""
    if plain(sponsor) == plain(other):
        return True
    return bool(telling(sponsor) & telling(other)) and bool(_UNIT.search(sponsor.folded))


def _letters(value: Value) -> str:
    return "".join(_LETTERS.findall(value.persian.lower()))


def _number(value: Value) -> str:
    return "".join(_DIGITS.findall(value.folded))[-_PHONE:]


@fact(cases=("company",))
def companies_not_among_sponsors(reading: Reading) -> Fact:
    """Companies that the arms name and that are neither a sponsor nor a source of funding; each is listed once."""
    r = reading.registration
    if not r.sponsors.items:
        return _no_sponsors(reading)
    if not any(one.source.given for one in r.sponsors) and not r.funding_source.given:
        return missing(r.sponsors[0].source) or cannot_tell("unclear", r.sponsors[0].source.field)
    texts = [arm.description for arm in r.arms if arm.description.given]
    if not texts:
        return missing(r.arms.heading) or cannot_tell("unclear", r.arms.heading.field)
    support = [
        value
        for one in r.sponsors
        for value in (one.contact.organization, one.source, one.grant_name, one.contact.name, one.contact.web)
    ]
    known = frozenset[str]().union(*(telling(value) for value in (*support, r.funding_source) if value.given))
    cases: dict[frozenset[str], Case] = {}
    for hit in reading.find("support.maker", *texts):
        place = _company(hit)
        if place is None:
            continue
        words = telling(Value("company", text=place.quote)) - _NO_NAME
        if words and not share_a_word(words, known) and not any(share_a_word(words, one) for one in cases):
            shown = [one.source.whole() for one in r.sponsors if one.source.given]
            cases[words] = Case({"company": " ".join(place.quote.split())}, (place, *shown))
    return listed(cases.values())


def _company(hit: Hit) -> Place | None:
    """Return the place of the company's name and its marker ("Sabz Darou Company"), or None where no name stands there."""
    value = hit.value
    if persian(value):
        stop = min((at for mark in "،.()؛\n" if (at := value.text.find(mark, hit.end)) >= 0), default=len(value.text))
        end = min(stop, hit.end + 25)
        return value.place(hit.start, end) if value.text[hit.end : end].strip() else None
    end = hit.end - (hit.text[-1] in ",) ")
    start, named, at = hit.start, False, hit.start
    words = list(re.finditer(r"[^\s]+", value.text[max(0, hit.start - 60) : hit.start]))
    base = max(0, hit.start - 60)
    for match in reversed(words[-5:]):
        word, folded = match[0], value.folded[base + match.start() : base + match.end()].strip("(\"'[")
        if folded.strip(",;:.)") in _NAME_STOPS or word[-1] in ",;:.)]" or (base and match.start() == 0):
            break
        at = base + match.start() + len(word) - len(word.lstrip("(\"'["))
        if folded.strip("-") not in _NO_NAME and word.lstrip("(\"'[")[:1].isupper():
            start, named = at, True
        if word[0] in '(["':
            break
    return value.place(start, end) if named else None


@fact
def company_supplies(reading: Reading) -> Fact:
    """Whether the arms say that a company named in them supplies or supports something."""
    for case in reading.fact("companies_not_among_sponsors").cases:
        place = case.places[0]
        for hit in reading.find("support.supplied", place.value):
            if 0 <= place.start - hit.end <= 40 or 0 <= hit.start - place.end <= 40:
                return Fact(True, (hit.place,))
    return Fact(False)
