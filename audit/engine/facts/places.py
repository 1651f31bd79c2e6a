"""A fact on addresses: whether the city lies in the province that stands with it."""

import re
from functools import cache

from audit.engine.facts.contacts import asked
from audit.engine.reading import Reading, cannot_tell, fact, listed
from audit.engine.tables import lines
from audit.model.fold import fold
from audit.model.result import Case, Fact
from audit.model.span import Value


@cache
def _provinces() -> tuple[dict[str, str], dict[str, str]]:
    """Return the provinces by their spellings, and the province of each city by its spellings."""
    provinces: dict[str, str] = {}
    cities: dict[str, str] = {}
    for line in lines("iran_cities.tsv"):
        names, towns = line.split("\t")
        name = names.split("|")[0]
        provinces.update({_plain(spelling): name for spelling in names.split("|")})
        cities.update({_plain(town): name for town in towns.split("|")})
    return provinces, cities


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]|\bprovince\b|\bcity\b", "", fold(name))


@fact(cases=("city", "province", "lies_in"))
def cities_of_other_provinces(reading: Reading) -> Fact:
    """Cities of Iran beside the name of a province in which they do not lie; cities and provinces that are not known are passed over."""
    provinces, cities = _provinces()
    pairs = [(one.contact.city, one.contact.province) for one in asked(reading.registration)]
    known: list[tuple[Value, Value]] = [
        (city, province)
        for city, province in pairs
        if city.given and province.given and _plain(city.text) in cities and _plain(province.text) in provinces
    ]
    if not known:
        return cannot_tell("text", "no city and province of the record are known here")
    found: dict[str, Case] = {}
    for city, province in known:
        lies_in = cities[_plain(city.text)]
        if lies_in != provinces[_plain(province.text)]:
            values: dict[str, object] = {"city": city.text.strip(), "province": province.text.strip(), "lies_in": lies_in}
            found.setdefault(_plain(city.text), Case(values, (city.whole(), province.whole())))
    return listed(found.values())
