"""Facts on the bodies in the ethics review: whether the code, the committee, its address and the sites belong together."""

import re
from difflib import SequenceMatcher

from audit.engine.language import persian
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed, missing
from audit.model.registration import Contact, EthicsReview
from audit.model.result import Case, Fact
from audit.model.span import GIVEN, Place, Value

_INSTITUTION = re.compile(r"(?<![a-z0-9])ir ?[.,_-] ?([a-z]{2,12})(?![a-z])")
_DIGITS = re.compile(r"\d")
_WORD = re.compile(r"[a-z]{5,}")
_GENERAL = frozenset(
    re.findall(
        r"\w+",
        """
    street avenue alley boulevard square highway hospital clinic university medical sciences science research institute center centre
    department faculty school building floor college health education north south northern southern western eastern tehran province
    office ethics committee vice chancellor chancellery deputy headquarters technology therapy islamic republic province central
    """,
    )
)


@fact(cases=("code", "committee"))
def code_of_another_institution(reading: Reading) -> Fact:
    """Iranian ethics codes whose institution is known and is not the one that the committee's name says.

    A committee whose name holds no known institution, or that of the code besides another, is not compared.
    """
    reviews = reading.registration.ethics_reviews
    if not reviews.items:
        return missing(reviews.heading) or cannot_tell("unclear", reviews.heading.field)
    cases, compared = [], False
    for review in reviews:
        if not review.committee.given or not review.reference.given or persian(review.committee):
            continue
        of_code = [(match[1], match) for match in _INSTITUTION.finditer(review.reference.folded)]
        known = [(name, match) for name, match in of_code if _is_known(reading, name)]
        named = {hit.pattern.partition(".")[2]: hit for hit in reading.find("institutions", review.committee)}
        if not known or len(known) < len(of_code) or not named or reading.first("committees.national", review.committee):
            continue
        compared = True
        if not any(name in named for name, _ in known):
            _, match = known[0]
            other = next(iter(named.values()))
            code = review.reference.text.strip()
            places = (review.reference.place(match.start(), len(review.reference.text.rstrip())), other.place)
            cases.append(Case({"code": code, "committee": review.committee.text.strip()}, places))
    return listed(cases) if compared else cannot_tell("text", "no ethics code and committee of known institutions stand together")


def _is_known(reading: Reading, name: str) -> bool:
    try:
        return bool(reading.vocabulary.numbers(f"institutions.{name}"))
    except KeyError:
        return False


@fact(cases=("committee", "address", "belongs_to"))
def committee_addresses_of_others(reading: Reading) -> Fact:
    """Addresses of ethics committees that name another body, or have the postal code of a site in another street."""
    r = reading.registration
    reviews = r.ethics_reviews
    if not reviews.items:
        return missing(reviews.heading) or cannot_tell("unclear", reviews.heading.field)
    if not any(review.contact.address.given for review in reviews):
        return cannot_tell(reviews[0].contact.address.state.value, reviews[0].contact.address.field)
    cases = []
    for review in reviews:
        if not review.contact.address.given or not review.committee.given:
            continue
        found = _other_body(reading, review) or _site_with_its_code(reading, review)
        if found:
            says, places = found
            address = " ".join(review.contact.address.text.split())
            cases.append(Case({"committee": review.committee.text.strip(), "address": address, "belongs_to": says}, places))
    return listed(cases)


def _other_body(reading: Reading, review: EthicsReview) -> tuple[str, tuple[Place, ...]] | None:
    address, committee = review.contact.address, review.committee
    if persian(address) or persian(committee):
        return None
    if (hit := reading.first("committees.ministry", address)) and not reading.first("committees.national", committee):
        return hit.place.quote, (committee.whole(), address.whole())
    there: list[Hit] = [
        hit for hit in reading.find("institutions", address) if "univ" in address.folded[hit.start : hit.end + 30]
    ]  # not a street that is named after the same person
    named = {hit.pattern for hit in reading.find("institutions", committee)}
    if there and named and not any(hit.pattern in named for hit in there):
        return there[0].place.quote, (committee.whole(), address.whole())
    return None


def _site_with_its_code(reading: Reading, review: EthicsReview) -> tuple[str, tuple[Place, ...]] | None:
    """The site that has the committee's postal code although it stands in another street."""
    contact = review.contact
    code = _code(contact.postal_code)
    if len(code) != 10 or len(set(code)) < 3 or not reading.first("committees.street", contact.address):
        return None
    for site in reading.registration.centres:
        if _code(site.postal_code) != code or not reading.first("committees.street", site.address):
            continue
        here = _names(contact.address, review.committee)
        if not here & _names(site.address, site.name, site.organization) and not _alike(contact.address, site.address):
            name = " ".join(site.address.text.split())
            places = (contact.address.whole(), contact.postal_code.whole(), site.address.whole(), site.postal_code.whole())
            return name, places
    return None


def _code(value: Value) -> str:
    return "".join(_DIGITS.findall(value.folded))


def _names(*values: Value) -> frozenset[str]:
    return frozenset(word[:7] for value in values for word in _WORD.findall(value.folded) if word not in _GENERAL)


def _alike(one: Value, other: Value) -> bool:
    return SequenceMatcher(None, one.folded, other.folded).ratio() > 0.6


@fact(cases=("sites", "committee"))
def sites_beyond_the_committee(reading: Reading) -> Fact:
    """Sites in several countries or at several universities, where one committee, of one of them, has approved the trial."""
    r = reading.registration
    if not r.ethics_reviews.items:
        return missing(r.ethics_reviews.heading) or cannot_tell("unclear", r.ethics_reviews.heading.field)
    if r.centres.state is not GIVEN:
        return cannot_tell(r.centres.state.value, "centres")
    if not r.complete:
        return cannot_tell("unknown", "ethics_reviews")
    if len(r.ethics_reviews) > 1:
        return listed(())
    committee = r.ethics_reviews[0].committee
    if not committee.given or persian(committee):
        return cannot_tell(committee.state.value if not committee.given else "language", committee.field)
    if reading.first("committees.national", committee):
        return listed(())
    at: dict[str, Place] = {}
    for site in r.centres:
        for value in _says_where(site):
            for hit in reading.find("institutions", value):
                at.setdefault(hit.pattern, hit.place)
    approved = {hit.pattern for hit in reading.find("institutions", committee)}
    countries: dict[str, Place] = {}
    for site in r.centres:
        if site.country.given:
            countries.setdefault(site.country.folded.strip(), site.country.whole())
    if len(countries) > 1:
        sites = list(countries.values())
    elif len(at) > 1 and approved & set(at):
        sites = list(at.values())
    else:
        return listed(())
    said = tuple(dict.fromkeys(" ".join(place.quote.split()) for place in sites))
    return listed([Case({"sites": said, "committee": committee.text.strip()}, (*sites, committee.whole()))])


def _says_where(site: Contact) -> tuple[Value, ...]:
    return tuple(value for value in (site.name, site.organization, site.address) if value.given and not persian(value))


@fact(cases=("committee",))
def committees_without_contact(reading: Reading) -> Fact:
    """Ethics committees whose telephone and e-mail are both asked for by the registry and left empty."""
    reviews = reading.registration.ethics_reviews
    if not reviews.items:
        return missing(reviews.heading) or cannot_tell("unclear", reviews.heading.field)
    asked = [review for review in reviews if {review.contact.phone.state, review.contact.email.state} <= {"given", "empty"}]
    if not asked:
        return cannot_tell("unknown", reviews[0].contact.phone.field)
    return listed(
        Case(
            {"committee": review.committee.text.strip()},
            (review.committee.whole(), review.contact.phone.whole(), review.contact.email.whole()),
        )
        for review in asked
        if not review.contact.phone.given and not review.contact.email.given
    )
