"""Facts on numbers of trials: whether the record's own is well formed, and what other numbers the record gives as its own."""

import calendar
import re
from collections.abc import Iterator

from audit.engine.reading import Hit, Reading, cannot_tell, fact, listed, missing
from audit.engine.scope import sentence_at
from audit.model.registration import Registration
from audit.model.result import Case, Fact, Phrase
from audit.model.span import EMPTY, Value

_FORMS = {
    "ISRCTN": r"ISRCTN\d{8}",
    "IRCT": r"IRCT(?:1[34]\d{6}|20\d{6})\d{1,6}N\d{1,4}",
    "NCT": r"NCT\d{8}",
    "ACTRN": r"ACTRN\d{14}",
    "CHICTR": r"CHICTR-?(?:[A-Z]{2,5}-)?\d{8,10}",
    "CTRI": r"CTRI/\d{4}/\d{2,3}/\d{6}",
    "DRKS": r"DRKS\d{8}",
    "EUCTR": r"EUCTR\d{4}-\d{6}-\d{2}(?:-[A-Z]{2,3}|-OUTSIDE-EU/EEA)?",
    "CTIS": r"CTIS20\d{2}-5\d{5}-\d{2}(?:-\d{2})?",
    "PACTR": r"PACTR\d{15,16}",
    "KCT": r"KCT\d{7}",
    "TCTR": r"TCTR\d{11}",
    "SLCTR": r"SLCTR/\d{4}/\d{3}",
    "RPCEC": r"RPCEC\d{8}",
    "RBR": r"RBR-[0-9A-Z]{6,7}",
    "LBCTR": r"LBCTR\d{10}",
    "ITMCTR": r"ITMCTR\d{10}",
}
_UTN = re.compile(r"U1111-\d{4}-\d{4}")


@fact
def trial_id_is_well_formed(reading: Reading) -> Fact:
    """Whether the identifier has the form that its registry gives, with a day that exists where a day is part of it.

    Source: the public formats of the registries. The day in a number of IRCT is that of the account; nothing else follows from it.
    """
    value = reading.registration.trial_id
    if reason := missing(value):
        return reason
    text = value.folded.upper().strip()
    prefix = next((prefix for prefix in _FORMS if text.startswith(prefix)), None)
    if prefix is None and reading.registration.registry != "IRCT":
        return cannot_tell("text", "the form of the identifiers of this registry is not known here")
    right = prefix is not None and re.fullmatch(_FORMS[prefix], text) is not None
    return Fact(right and (prefix != "IRCT" or _has_a_day(text)), (value.whole(),))


def _has_a_day(number: str) -> bool:
    """Return whether the eight digits after IRCT are a day; days of the Jalali calendar are taken as they are.

    >>> _has_a_day("IRCT20230230012345N1"), _has_a_day("IRCT138811022027N3"), _has_a_day("IRCT20200101012345N12")
    (False, True, True)
    """
    year, month, day = int(number[4:8]), int(number[8:10]), int(number[10:12])
    if not 1 <= month <= 12:
        return False
    return 1 <= day <= (31 if year < 1900 else calendar.monthrange(year, month)[1])


def _texts(record: Registration) -> list[Value]:
    texts = [
        record.public_title, record.scientific_title, record.study_aim, record.design_summary, record.settings, record.criteria_summary,
        record.arms_summary, record.outcomes_summary, record.inclusion_criteria, record.exclusion_criteria, record.randomization_description,
        record.blinding_description, record.other_design_features, record.sharing_details, record.sharing_title, record.funding_source,
        *(arm.description for arm in record.arms),
    ]  # fmt: skip
    return [value for value in texts if value.given]


def _plain(number: str) -> str:
    return re.sub(r"[^0-9a-z]", "", number.lower())


def _claimed(reading: Reading) -> Iterator[Hit]:
    """Yield the numbers in the texts that the record gives as its own and that are neither its identifier nor a secondary one."""
    record = reading.registration
    known = _plain(" ".join(value.text for value in (record.trial_id, *record.secondary_ids) if value.given))
    for hit in reading.find("registry_numbers", *_texts(record)):
        if _plain(hit.text) in known:
            continue
        folded = hit.value.folded
        first, last = sentence_at(folded, hit.start)
        before = Value("before", text=folded[max(first, hit.start - 90) : hit.start])
        after = Value("after", text=folded[hit.end : min(last, hit.end + 40)])
        if reading.first("identity.claims", before) and not reading.first("identity.cites", before, after):
            yield hit


@fact(cases=("number", "trial"))
def other_numbers_as_its_own(reading: Reading) -> Fact:
    """Numbers of the record's own registry that a text gives as the number of this trial, and that are not its identifier."""
    record = reading.registration
    if reason := missing(record.trial_id):
        return reason
    if not _texts(record):
        return cannot_tell("text", "the record has no texts")
    own = reading.first("registry_numbers", record.trial_id)
    if own is None:
        return cannot_tell("unclear", record.trial_id.field)
    found = {_plain(hit.text): hit for hit in _claimed(reading) if hit.pattern == own.pattern}
    return listed(
        Case({"number": hit.place.quote, "trial": record.trial_id.text}, (hit.place, record.trial_id.whole()))
        for hit in found.values()
    )


@fact(cases=("number",))
def unlisted_numbers(reading: Reading) -> Fact:
    """Numbers of other registries that a text gives as numbers of this trial, and that are not among the secondary identifiers."""
    record = reading.registration
    secondary = record.secondary_ids
    if not secondary.items and secondary.state is not EMPTY:
        return cannot_tell(secondary.state.value, secondary.heading.field)
    if not _texts(record):
        return cannot_tell("text", "the record has no texts")
    own = reading.first("registry_numbers", record.trial_id)
    found = {_plain(hit.text): hit for hit in _claimed(reading) if own is None or hit.pattern != own.pattern}
    return listed(Case({"number": hit.place.quote}, (hit.place, secondary.heading.whole())) for hit in found.values())


@fact(cases=("problem",))
def secondary_id_gaps(reading: Reading) -> Fact:
    """Secondary identifiers that are missing, malformed or the record's own identifier again."""
    record = reading.registration
    secondary = record.secondary_ids
    if not secondary.items:
        if secondary.state is not EMPTY:
            return cannot_tell(secondary.state.value, secondary.heading.field)
        return listed([Case({"problem": "there is none"}, (secondary.heading.whole(),))])
    cases = []
    for value in secondary:
        if not value.given:
            continue
        text = value.text.upper().strip()
        if text.startswith("U1111") and not _UTN.fullmatch(text):
            cases.append(
                Case(
                    {"problem": Phrase('"{number}" has not the form U1111-nnnn-nnnn', number=value.text.strip())},
                    (value.whole(),),
                )
            )
        elif record.trial_id.given and _plain(text) == _plain(record.trial_id.text):
            cases.append(
                Case(
                    {"problem": Phrase('"{number}" is the identifier of the record itself', number=value.text.strip())},
                    (value.whole(), record.trial_id.whole()),
                )
            )
    return listed(cases)
