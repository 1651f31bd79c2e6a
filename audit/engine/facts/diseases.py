"""Facts on the health conditions: whether code, title of the code, description, titles of the record and sex agree."""

import re
from collections.abc import Iterable, Iterator

from audit.engine import icd10
from audit.engine.language import persian
from audit.engine.likeness import share_a_word, stems
from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed, missing
from audit.model.fold import fold
from audit.model.registration import HealthCondition
from audit.model.result import Case, Fact, Phrase
from audit.model.span import ABSENT, EMPTY, Place, Value

_ANY = "R00-R99 Z00-Z99 S00-T99 V00-Y99"
"""Symptoms, injuries, causes and contacts with health services: such a code can stand for what is done about any disease."""
_CODES = {
    "covid": "U00-U99 B34 B97 J00-J99",
    "diabetes": "E00-E90 O24 P70 H28 H35 H36 N08 G59 G63 L97 L98 I70-I79 M14 M86",
    "hypertension": "I00-I99 O10-O16 K76 H40 G93 P29 E26 N18 H35",
    "heart": "I00-I99 Q20-Q28 E78 P29",
    "stroke": "I60-I69 G00-G99 I63 F01 M62",
    "asthma": "J00-J99",
    "copd": "J00-J99",
    "pneumonia": "J00-J99 U00-U99 A00-B99 P23 I30",
    "lung_fibrosis": "J00-J99 M34.8 M05.1 M33 M35 D86 U00-U99 B90",
    "rhinitis": "J00-J99 H10 T78",
    "tonsil": "J00-J99 G47",
    "cancer": "C00-D49 K12 K62 L58 L59 N30 I97 D50-D89 G89 G63 E89 F00-F99 O01 B20-B24",
    "depression": "F00-F99 O99 G00-G99",
    "anxiety": "F00-F99 O99 K00-K14 G47",
    "psychosis": "F00-F99 G20-G26",
    "addiction": "F00-F99 K70-K77 G44 P96",
    "child_mind": "F00-F99 G00-G99 H93",
    "dementia": "F00-F99 G00-G99 I60-I69 U00-U99",
    "parkinson": "G20-G26 G90 F00-F99",
    "epilepsy": "G00-G99 F00-F99 P90 O15",
    "multiple_sclerosis": "G00-G99 N31 F00-F99 H46",
    "headache": "G00-G99 F00-F99 O00-O99 I60-I69",
    "sleep": "F00-F99 G00-G99 J35 N95",
    "nerve": "G00-G99 E00-E90 M00-M99 H46-H51 B02 F00-F99",
    "spine": "M00-M99 G00-G99 Q67 Q76 F45 C79",
    "osteoarthritis": "M00-M99",
    "arthritis": "M00-M99 L40 D86 H20 N08 J99 N00-N29 A00-B99 E79",
    "osteoporosis": "M00-M99 N95 E00-E90",
    "fracture": "M00-M99 D00-D49 K00-K14 E00-E90",
    "muscle_pain": "M00-M99 G00-G99 K07 K00-K14 F45",
    "tooth": "K00-K14 M26 M27 F40-F48 F99 A00-B99 Q35-Q38 D00-D49",
    "gum": "K00-K14 E00-E90",
    "mouth": "K00-K14 L43 B00-B99 M35 D00-D49 C00-C97 L28 L10",
    "stomach": "K00-K99 A00-B99 F45 P78 D13 C16",
    "bowel": "K00-K99 A00-B99 F45 P78 N94 R19",
    "liver": "K70-K77 B15-B19 A00-B99 C22 D13 E00-E90 K65 G93 I85 O26",
    "gallbladder": "K80-K87 C23 C24 Q44 O26",
    "pancreas": "K80-K87 K91 E84 C25",
    "hernia": "K40-K46 K56 N43",
    "anus": "I84 K55-K64 L05 O22 O87 I86",
    "appendix": "K35-K38 K65 D12 C18",
    "kidney": "N00-N99 I12 I13 E00-E90 D63 D50-D89 O00-O99 K76 L29 I15 C64 M32 G25",
    "urinary_stone": "N00-N99 E00-E90 G89",
    "urinary": "N00-N99 F98 O00-O99 P39 B00-B99 A00-B99 G83",
    "prostate": "N40-N51 C61 D07 D29 D40 N13 N30-N39",
    "polycystic_ovary": "E28 N00-N99 E00-E90 L68",
    "infertility": "N46 N70-N98 E28 E29 Q50-Q56 I86 E23 O00-O99",
    "endometriosis": "N80-N98",
    "menstruation": "N70-N98 F30-F48 D25 E28 D50-D64 F50-F59",
    "menopause": "N95 N50-N98 E28 M80-M82 F50-F59 E89",
    "vagina": "N70-N98 B37 A50-A64 A59 O23 B90-B99",
    "preeclampsia": "O00-O99 P00 I10-I15",
    "pregnancy": "O00-O99 P00-P96 F53 N60-N98 E00-E90 D50-D64 I95 F40-F48 U00-U99 I10-I15 K00-K14 M54 B00-B99 F52 G97",
    "newborn": "P00-P99 Q00-Q99 H35 J00-J99 O60 O00-O99 K55 L22 A00-B99 U00-U99 G93",
    "cataract": "H25-H28 H00-H59 Q12 E00-E90",
    "glaucoma": "H00-H59 Q15",
    "eye": "H00-H59 E00-E90 Q10-Q15 A00-B99 P35 M35 M32 L71 G35 L40 D31 C69 D86",
    "ear": "H60-H95 J00-J99 G45",
    "psoriasis": "L40-L45 M07",
    "acne": "L70-L75 L90 L91 L00-L99",
    "eczema": "L00-L99 B36",
    "pigment": "L80-L99",
    "hair": "L60-L75 L00-L99 E28 B35",
    "wart": "B07 A63 D23",
    "leishmaniasis": "B55 L00-L99",
    "burn": "L55-L59 L90 L91 H00-H59 L29",
    "scar": "L00-L99 O34 N99 H17",
    "pressure_ulcer": "L89 L00-L99 I83",
    "diabetic_foot": "E00-E90 L00-L99 I70-I79 M86",
    "anaemia": "D50-D89 O99 N18 P61 E61 E83",
    "haemophilia": "D65-D69 M36",
    "thyroid": "E00-E07 C73 D34 E89 D44 H06 O99 H00-H59",
    "obesity": "E00-E90 K76 K90-K93 N97 I10-I15",
    "lipids": "E00-E90 I20-I25 I70",
    "metabolic_syndrome": "E00-E90 I10-I15 K76 N97",
    "vitamin_d": "E00-E90 M80-M85 O99",
    "tuberculosis": "A15-A19 B90 J65 K93 M01 O98 N33 J99",
    "malaria": "B50-B54 P37 O98",
    "hiv": "B20-B24 O98 F02 A00-B99",
    "influenza": "J00-J22 B97 J99",
    "sepsis": "A00-B99 O85 P36 N17 J00-J99 O08 I95 N30-N39 K65",
}
"""The codes that may stand with each of the diseases of the vocabulary, widely drawn: what is outside is another matter."""
_MALE = "B26.0 C60-C63 D07.4 D07.5 D07.6 D17.6 D29 D40 E29 E89.5 F52.4 I86.1 L29.1 N40-N53 Q53-Q55 R86 Z12.5"
_FEMALE = (
    "C51-C58 D06 D07.0 D07.1 D07.2 D07.3 D25-D28 D39 E28 E89.4 F52.5 F53 L29.2 N70-N77 N80-N98 O00-O99 Q50-Q52 R87 "
    "Z12.4 Z32-Z37 Z39 C79.6 I86.3"
)
_SENTENCE_WORDS = 15


def _given_codes(condition: HealthCondition) -> list[str]:
    alone = icd10.plain(condition.icd10.folded)
    return [alone] if alone else icd10.within(condition.icd10.folded)


def _no_conditions(reading: Reading) -> Fact | None:
    conditions = reading.registration.conditions
    return missing(conditions)


@fact(cases=("problem", "entry"))
def condition_gaps(reading: Reading) -> Fact:
    """Health conditions that are missing or have no code, and codes that are malformed or not in the classification."""
    conditions = reading.registration.conditions
    if not conditions.items:
        if conditions.state is not EMPTY:
            return cannot_tell(conditions.state.value, conditions.heading.field)
        return listed([Case({"problem": "no health condition", "entry": ""}, (conditions.heading.whole(),))])
    return listed(case for condition in conditions for case in _gaps(reading, condition))


def _gaps(reading: Reading, condition: HealthCondition) -> Iterator[Case]:
    named = condition.description if condition.description.given else condition.icd10_description
    missing_there = reading.registration.complete and condition.description.state is ABSENT
    if (condition.description.state is EMPTY or missing_there) and not condition.icd10_description.given:
        yield Case({"problem": "no description", "entry": condition.icd10.text}, (condition.description.whole(),))
    if condition.icd10.state is EMPTY:
        yield Case({"problem": "no ICD-10 code", "entry": named.text}, (condition.icd10.whole(), *_whole(named)))
    if condition.icd10.given and (problem := _wrong_code(condition.icd10)):
        yield Case({"problem": problem, "entry": condition.icd10.text}, (condition.icd10.whole(),))


def _whole(value: Value) -> tuple[Place, ...]:
    return (value.whole(),) if value.given else ()


_DASHED = re.compile(r"[a-z]\d[\da-z] ?[-_,/;:] ?\d", re.I)
"""A code with another mark than its dot ("M54-5"); two figures after the mark would make a range."""


def _wrong_code(value: Value) -> str | None:
    """Return what is wrong with the code or codes of a field, or None."""
    one = icd10.plain(value.folded)
    if one is None and _DASHED.fullmatch(value.folded.strip()):
        return "the code has not the form of ICD-10"
    codes = [one] if one else icd10.within(value.folded)
    if not codes:
        return "the code has not the form of ICD-10"
    unknown = [code for code in codes if not icd10.exists(code)]
    return Phrase("there is no code {code} in ICD-10", code=unknown[0]) if unknown else None


@fact
def conditions_lack_only_codes(reading: Reading) -> Fact:
    """Whether all that is missing of the health conditions is ICD-10 codes, which not every condition has."""
    gaps = reading.fact("condition_gaps")
    if gaps.value is None:
        return Fact(reason=gaps.reason)
    return Fact(all(case.values["problem"] == "no ICD-10 code" for case in gaps.cases))


@fact(cases=("code", "said", "official"))
def code_titles_that_differ(reading: Reading) -> Fact:
    """Descriptions of a code that share no word with the titles of the code and of its category."""
    if reason := _no_conditions(reading):
        return reason
    conditions = reading.registration.conditions
    told = [condition for condition in conditions if condition.icd10.given and condition.icd10_description.given]
    if not told:
        return (
            missing(conditions[0].icd10)
            or missing(conditions[0].icd10_description)
            or cannot_tell("text", "no code is described")
        )
    readable = [condition for condition in told if not persian(condition.icd10_description)]
    if not readable:
        return cannot_tell("language", told[0].icd10_description.field)
    return listed(case for condition in readable if (case := _other_title(condition)))


def _other_title(condition: HealthCondition) -> Case | None:
    codes = _given_codes(condition)
    said = condition.icd10_description
    if len(codes) != 1 or not stems(said.folded) or not (official := icd10.title(codes[0])):
        return None
    if icd10.within(said.text) or not icd10.exists(codes[0]) or _only_abbreviations(said.text):
        return None  # the description is itself a code, cannot be read, or HC01 speaks
    relatives = () if codes[0].startswith("U") else icd10.family(codes[0])  # the codes for emergencies have nothing in common
    others = icd10.titled(said.text)
    another = (
        bool(others) and codes[0][:3] not in others and not stems(said.folded) <= stems(fold(" ".join((official, *relatives))))
    )
    if not another and share_a_word(said.folded, fold(" ".join((official, *relatives)))):
        return None
    values: dict[str, object] = {"code": codes[0], "said": said.text, "official": official}
    return Case(values, (condition.icd10.whole(), said.whole()))


def _only_abbreviations(text: str) -> bool:
    words = re.findall(r"[A-Za-z]{2,}", text)
    return all(word.isupper() and len(word) < 6 and word != "COVID" for word in words)


def _words(titles: Iterable[str]) -> frozenset[str]:
    return frozenset(stem for title in titles for stem in stems(fold(title)))


def _named(reading: Reading, *values: Value) -> dict[str, Place]:
    """Return the diseases of the vocabulary that *values* name, each with its first place."""
    found: dict[str, Place] = {}
    for hit in reading.find("diseases", *values):
        if not _is_only_a_time(hit):
            found.setdefault(hit.pattern.partition(".")[2], _whole_words(hit))
    return found


_REST = re.compile(r"[a-z0-9-]*")
_TIME = re.compile(
    r"^(?:[a-z0-9() -]{0,20}|[a-z0-9-]*(?: (?:disease|pneumonia|infection|virus))*(?: ?[(][a-z0-9 -]{1,14}[)])? ?)(?:epidemic|outbreak|pandemic|crisis|quarantine|lockdown|period|era)\b"
)


def _whole_words(hit: Hit) -> Place:
    """Return the place of the words found, to the end of the last."""
    rest = _REST.match(hit.value.folded, hit.end)
    return hit.value.place(hit.start, rest.end() if rest else hit.end)


def _is_only_a_time(hit: Hit) -> bool:
    """Return whether a disease only tells when something is done ("during the corona epidemic")."""
    folded = hit.value.folded
    return (
        folded[: hit.start].rstrip().endswith(("during", "during the")) or _TIME.match(folded[hit.end : hit.end + 60]) is not None
    )


def _belongs(code: str, disease: str) -> bool:
    return icd10.lies_in(code, _CODES[disease]) or icd10.lies_in(code, _ANY)


@fact(cases=("condition", "code", "official"))
def codes_that_do_not_fit(reading: Reading) -> Fact:
    """Codes of another field of medicine than the condition they stand with and the titles of the record."""
    if reason := _no_conditions(reading):
        return reason
    record = reading.registration
    coded = [condition for condition in record.conditions if condition.icd10.given]
    if not coded:
        return missing(record.conditions[0].icd10) or cannot_tell("text", "no condition has a code")
    cases, known = list[Case](), False
    titles = [record.public_title, record.scientific_title]
    around = _named(reading, *titles)
    for condition in coded:
        own = _named(reading, condition.description) or around
        codes = [code for code in _given_codes(condition) if icd10.exists(code)]
        if not own or not codes:
            continue
        known = True
        if any(_belongs(code, disease) for code in codes for disease in (*own, *around)):
            continue
        said = " ".join(value.folded for value in (condition.description, *titles))
        titled = [(code, title) for code in codes if (title := icd10.title(code))]
        if not titled or share_a_word(
            said, fold(" ".join(icd10.title(part) or "" for code in codes for part in (code, code[:3])))
        ):
            continue
        first = next(iter(own.values()))
        shown = first.value.whole()
        values: dict[str, object] = {"condition": shown.quote, "code": titled[0][0], "official": titled[0][1]}
        cases.append(Case(values, (condition.icd10.whole(), shown)))
    return listed(cases) if known else cannot_tell("text", "no condition with a code names a disease that is known here")


@fact(cases=("code", "official", "meant"))
def codes_of_the_other_sex(reading: Reading) -> Fact:
    """Codes that only women or only men can have, in a record whose gender field takes in others."""
    record = reading.registration
    if reason := _no_conditions(reading) or missing(record.sex):
        return reason
    if record.sex.code is None:
        return cannot_tell("unclear", record.sex.field)
    found = [
        (condition, [code for code in _given_codes(condition) if icd10.exists(code)])
        for condition in record.conditions
        if condition.icd10.given
    ]
    found = [(condition, codes) for condition, codes in found if codes]
    if not found:
        return missing(record.conditions[0].icd10) or cannot_tell("unclear", record.conditions[0].icd10.field)
    texts = [
        record.public_title,
        record.scientific_title,
        record.inclusion_criteria,
        record.criteria_summary,
        record.design_summary,
    ]
    texts += [condition.description for condition in record.conditions]
    bound = {_sex_of(code) for _, codes in found for code in codes}
    if record.sex.code == "both" and (bound in ({"female", "male"}, {None}) or None in bound):
        return listed(())
    if bound != {None} and reading.first("people_beside.partner", *texts):
        return listed(())
    cases = []
    for condition, codes in found:
        for code in codes:
            of = _sex_of(code)
            if of and of != record.sex.code:
                values: dict[str, object] = {"code": code, "official": icd10.title(code) or "", "meant": _ONLY[of]}
                cases.append(Case(values, (condition.icd10.whole(), record.sex.whole())))
    return listed(cases)


_ONLY = {"female": "women", "male": "men"}


def _sex_of(code: str) -> str | None:
    return "male" if icd10.lies_in(code, _MALE) else "female" if icd10.lies_in(code, _FEMALE) else None


@fact(cases=("entry",))
def conditions_that_are_none(reading: Reading) -> Fact:
    """Entries under the health conditions that are the aim of a study or a whole sentence."""
    if reason := _no_conditions(reading):
        return reason
    given = [condition.description for condition in reading.registration.conditions if condition.description.given]
    if not given:
        return missing(reading.registration.conditions[0].description) or cannot_tell("unclear", "conditions")
    readable = [value for value in given if not persian(value)]
    if not readable:
        return cannot_tell("language", given[0].field)
    return listed(
        Case({"entry": value.text}, (value.whole(),))
        for value in readable
        if len(value.text.split()) > _SENTENCE_WORDS or reading.first("people_beside.aim", value)
    )


_LETTERS = re.compile(r"[a-z]{4,}")


@fact(cases=("code", "narrower", "title", "words"))
def codes_with_a_narrower_one(reading: Reading) -> Fact:
    """Codes of three characters whose category has a code for what the condition or a title says."""
    if reason := _no_conditions(reading):
        return reason
    record = reading.registration
    short = [(condition, code) for condition in record.conditions for code in _given_codes(condition) if len(code) == 3]
    if not short:
        if not any(condition.icd10.given for condition in record.conditions):
            return missing(record.conditions[0].icd10) or cannot_tell("unclear", "conditions")
        return listed(())
    titles = [record.public_title, record.scientific_title]
    return listed(
        case
        for condition, code in short
        if icd10.exists(code) and (case := _narrower(code, condition, [condition.description, *titles], reading))
    )


def _narrower(code: str, condition: HealthCondition, texts: list[Value], reading: Reading) -> Case | None:
    said = frozenset(word for value in texts for word in _LETTERS.findall(value.folded))
    parent = frozenset(_LETTERS.findall(fold(icd10.title(code) or "")))
    for hit in reading.find("narrower_codes", *texts):
        narrower = hit.pattern.partition(".")[2].upper().replace("_", ".")
        if narrower.startswith(code):
            values: dict[str, object] = {
                "code": code,
                "narrower": narrower,
                "title": icd10.title(narrower) or "",
                "words": _whole_words(hit).quote,
            }
            return Case(values, (condition.icd10.whole(), _whole_words(hit)))
    for narrower, title in icd10.children(code):
        folded = fold(title)
        every = frozenset(_LETTERS.findall(folded))
        own = every - parent
        if narrower[-1] in "89" or not own or " or " in folded or "," in folded or not every <= said:
            continue
        place = _first_place(max(own, key=len), texts)
        if place is not None:
            values = {"code": code, "narrower": narrower, "title": title, "words": place.quote}
            return Case(values, (condition.icd10.whole(), place))
    return None


def _first_place(word: str, texts: list[Value]) -> Place | None:
    for value in texts:
        at = value.folded.find(word)
        if at >= 0:
            return value.place(at, at + len(word))
    return None


@fact(cases=("disease", "title"))
def title_diseases_not_listed(reading: Reading) -> Fact:
    """Diseases that a title says are treated and that no health condition and no code covers."""
    if reason := _no_conditions(reading):
        return reason
    record = reading.registration
    listed_values = [value for one in record.conditions for value in (one.description, one.icd10_description) if value.given]
    if not listed_values or any(persian(value) for value in listed_values):
        return cannot_tell("text", "the health conditions have no description in English")
    titles = [value for value in (record.scientific_title, record.public_title) if value.given]
    if not titles:
        return missing(record.scientific_title) or cannot_tell("unclear", "titles")
    conditions = _named(reading, *listed_values)
    codes = [code for one in record.conditions if one.icd10.given for code in _given_codes(one)]
    words = frozenset(stem for value in listed_values for stem in stems(value.folded))
    named = _named(reading, *titles)
    if not named:
        return cannot_tell("text", "the titles name no disease that is known here")
    open_ = {disease: place for disease, place in named.items() if not _covered(disease, place, conditions, codes, words)}
    strange = (
        bool(conditions)
        and len(open_) == len(named)
        and not words & frozenset(stem for title in titles for stem in stems(title.folded))
    )
    cases = []
    for place in open_.values():
        if strange or _is_treated(reading, place):
            values: dict[str, object] = {"disease": place.quote, "title": place.value.text}
            cases.append(Case(values, (place.value.whole(), *(value.whole() for value in listed_values[:2]))))
    return listed(cases[:1])


def _covered(disease: str, place: Place, conditions: dict[str, Place], codes: list[str], words: frozenset[str]) -> bool:
    if disease in conditions or any(icd10.lies_in(code, _CODES[disease]) for code in codes):
        return True
    first = _CODES[disease].partition("-")[0].partition(" ")[0]
    if any(icd10.lies_in(first, _CODES[other]) for other in conditions):
        return True  # a listed disease of the same field, of which it may be a part
    return bool(stems(place.value.folded[place.start : place.end + 12]) & words)


def _is_treated(reading: Reading, place: Place) -> bool:
    return any(0 <= place.start - hit.end <= 12 for hit in reading.find("people_beside.treats", place.value))
