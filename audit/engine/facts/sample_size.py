"""Facts on numbers of participants: totals and group sizes in the texts, against the target."""

import re
from functools import lru_cache

from audit.engine.enrolment import ABOUT, PART, PER_GROUP, TOTAL, Size, sizes
from audit.engine.language import persian
from audit.engine.numbers import count
from audit.engine.reading import Reading, cannot_tell, fact, listed
from audit.model.registration import Registration
from audit.model.result import Case, Fact
from audit.model.span import State, Value

_ONE_PERSON = re.compile(r"n[- ]of[- ](?:1|one)|single[- ](?:patient|case|subject)|case report")
_FLOW = re.compile(r"\b(?:were|was) excluded\b|met the (?:inclusion|eligib)|remained|completed the")
_DECIMAL = re.compile(r"\d+[.,]\d{1,2}")


@lru_cache(maxsize=4)
def _texts(reading: Reading) -> tuple[Value, ...]:
    """The English texts that may name numbers of participants; several facts of one record ask for them."""
    r = reading.registration
    values = (
        r.design_summary,
        r.study_aim,
        r.settings,
        r.criteria_summary,
        r.arms_summary,
        r.randomization_description,
        r.blinding_description,
        r.other_design_features,
    )
    return tuple([value for value in values if value.given and not persian(value)])


def _unread(reading: Reading) -> Fact:
    r = reading.registration
    texts = (r.design_summary, r.settings, r.randomization_description, r.arms_summary)
    given = next((value for value in texts if value.given), None)
    return cannot_tell("language", given.field) if given else cannot_tell(r.design_summary.state.value, r.design_summary.field)


@lru_cache(maxsize=4)
def _sizes(reading: Reading) -> tuple[Size, ...]:
    """The numbers of participants in the texts apart from the arms; several facts of one record ask for them."""
    return tuple(sizes(reading, *_texts(reading)))


@fact
def sample_sizes_in_text(reading: Reading) -> Fact:
    """The numbers of this trial's participants in total that its texts name; not group, block, screening or literature numbers."""
    aim = reading.registration.study_aim
    aims = (aim,) if aim.given and not persian(aim) else ()
    if not _texts(reading) and not aims:
        return _unread(reading)
    totals = [size for size in (*_sizes(reading), *sizes(reading, *aims)) if size.kind in (TOTAL, ABOUT)]
    return Fact(tuple(dict.fromkeys(size.number for size in totals)), tuple(size.place for size in totals))


@fact(cases=("target_says",))
def target_sample_size_unusable(reading: Reading) -> Fact:
    """A target that is missing, no number, no whole number, or too small for a trial that is not of one person."""
    target = reading.registration.target_sample_size
    if target.state in (State.UNKNOWN, State.ABSENT):
        return cannot_tell(target.state.value, target.field)
    r = reading.registration
    if r.recruitment_status.code == "withdrawn" or (r.study_type.code not in (None, "interventional")):
        return cannot_tell("text", "a withdrawn or an observational record need not enrol anybody")
    case = Case({"target_says": target.text if target.given else ""}, (target.whole(),))
    if not target.given:
        return listed([case])
    if target.number is None:
        if any(character.isdigit() for character in target.folded) and not _DECIMAL.fullmatch(target.folded.strip()):
            return cannot_tell("unclear", target.field)
        return listed([case])
    if target.number <= 2 and _was_reached(r):
        return cannot_tell("text", "the registered number may be the number reached, not the target")
    if target.number == 0:
        return listed([case])
    if target.number <= 2 and not _one_person(reading):
        return listed([case])
    return listed([])


def _one_person(reading: Reading) -> bool:
    r = reading.registration
    texts = (r.public_title, r.scientific_title, r.design_summary, r.other_design_features)
    return any(_ONE_PERSON.search(value.folded) for value in texts)


def _was_reached(r: Registration) -> bool:
    """Whether the one number that ClinicalTrials.gov has is, or may be, the number reached.

    Old records do not say which it is; a trial that still recruits or is to begin has none but the target.
    """
    if r.sample_size_type.code is not None or r.registry != "ClinicalTrials.gov":
        return r.sample_size_type.code == "actual"
    return r.recruitment_status.code not in ("pending", "recruiting")


def _target(reading: Reading) -> int | Fact:
    r = reading.registration
    target = r.target_sample_size
    if target.number and _was_reached(r):
        return cannot_tell("text", "the registered number may be the number reached, not the target")
    if target.number:
        return target.number
    return cannot_tell("unclear" if target.given else target.state.value, target.field)


@fact(cases=("text_says", "target_says"))
def sample_sizes_differing(reading: Reading) -> Fact:
    """Totals in the texts that are not the target, and are no group's size and no number with an allowance for drop-outs."""
    target = _target(reading)
    if isinstance(target, Fact):
        return target
    texts = _texts(reading)
    if not texts:
        return _unread(reading)
    found = _sizes(reading)
    totals = [size for size in found if size.kind == TOTAL and not _a_flow(size, found)]
    if not totals:
        return cannot_tell("text", "no text names a total number of participants")
    field = reading.registration.target_sample_size
    cases: dict[int, Case] = {}
    for size in totals:
        if size.number != target and not _explained(reading, size, target, found):
            cases.setdefault(size.number, Case({"text_says": size.number, "target_says": target}, (size.place, field.whole())))
    return listed(cases.values())


def _a_flow(size: Size, found: tuple[Size, ...]) -> bool:
    """Whether the text tells how many were seen, excluded and left, so that none of its totals is plainly the target."""
    value = size.place.value
    totals = {one.number for one in found if one.kind == TOTAL and one.place.value is value}
    return len(totals) > 1 and bool(_FLOW.search(value.folded))


def _explained(reading: Reading, size: Size, target: int, found: tuple[Size, ...]) -> bool:
    arms = len(reading.registration.arms) or 0
    if size.number * max(arms, 1) == target or any(size.number * (one.groups or 0) == target for one in found):
        return True
    if size.number + sum(one.number for one in _beside(size, found)) == target:
        return True
    if _allows(size, target):
        return True
    if size.number in (2 * target, target / 2):
        return reading.fact("within_person").value is True
    return False


def _beside(size: Size, found: tuple[Size, ...]) -> list[Size]:
    """The other numbers in the same words as *size*: "40 patients and 20 volunteers"."""
    return [
        one
        for one in found
        if one is not size
        and one.place.value is size.place.value
        and one.place.start < size.place.end
        and size.place.start < one.place.end
    ]


def _allows(size: Size, target: int, total: int | None = None) -> bool:
    """Whether an allowance for drop-outs, which the text speaks of, may be the difference."""
    number = total or size.number
    return size.drop_out and 1 < max(number, target) / min(number, target) <= 1.5


@fact(cases=("text_says", "sum_says", "target_says"))
def group_sizes_not_adding_up(reading: Reading) -> Fact:
    """Group sizes whose sum is not the target: "two groups of 33", "34 in group A, 34 in group B", or a size in every arm."""
    target = _target(reading)
    if isinstance(target, Fact):
        return target
    r = reading.registration
    texts = _texts(reading)
    arm_texts = [arm.description for arm in r.arms if arm.description.given and not persian(arm.description)]
    if not texts and not arm_texts:
        return _unread(reading)
    found = _sizes(reading)
    sums = [*_whole_groups(found, len(r.arms)), *_parts(found, len(r.arms)), *_of_arms(reading, arm_texts, len(r.arms))]
    if not sums:
        return cannot_tell("text", "no text gives the sizes of the groups")
    if any(total == target for total, _ in sums) and not any(
        size.groups for total, group in sums if total != target for size in group
    ):
        return listed([])
    cases: dict[int, Case] = {}
    for total, group in sums:
        if total == target or any(_allows(size, target, total) for size in group) or _halved(reading, total, target):
            continue
        words = "; ".join(dict.fromkeys(size.place.quote for size in group))
        places = (*dict.fromkeys(size.place for size in group), r.target_sample_size.whole())
        cases.setdefault(total, Case({"text_says": words, "sum_says": total, "target_says": target}, places))
    return listed(cases.values())


def _halved(reading: Reading, total: int, target: int) -> bool:
    return total in (2 * target, target / 2) and reading.fact("within_person").value is True


def _whole_groups(found: tuple[Size, ...], arms: int) -> list[tuple[int, list[Size]]]:
    """Sums of "two groups of 40" (the number of groups is said) and of "25 in each group" (it is that of the arms)."""
    sums = []
    for size in found:
        if size.kind == PER_GROUP and (groups := size.groups or arms) >= 2:
            sums.append((size.number * groups, [size]))
    return sums


def _parts(found: tuple[Size, ...], arms: int) -> list[tuple[int, list[Size]]]:
    """Sums of the sizes that one sentence gives to as many groups as there are arms."""
    sums = []
    run: list[Size] = []
    for size in [one for one in found if one.kind == PART]:
        near = run and run[-1].place.value is size.place.value and size.place.start - run[-1].place.end < 60
        if not near:
            run = []
        run.append(size)
        if len(run) >= 2 and len(run) == arms:
            sums.append((sum(one.number for one in run), list(run)))
    return sums


def _of_arms(reading: Reading, texts: list[Value], arms: int) -> list[tuple[int, list[Size]]]:
    """The sum of the sizes of the arms, when the description of every arm begins with one."""
    if arms < 2 or len(texts) != arms:
        return []
    group = []
    for value in texts:
        near = [size for size in sizes(reading, value) if size.kind in (PART, TOTAL) and size.place.start < 120]
        if len(near) != 1:
            return []
        group.append(near[0])
    return [(sum(size.number for size in group), group)]


@fact(cases=("text_says", "groups_say", "target_says"))
def split_not_equal(reading: Reading) -> Fact:
    """A target that cannot be split into the equal groups that a text promises (1:1, two equal groups)."""
    target = _target(reading)
    if isinstance(target, Fact):
        return target
    texts = _texts(reading)
    if not texts:
        return _unread(reading)
    r = reading.registration
    hits = reading.find("participants.equal", *texts)
    if not hits:
        return cannot_tell("text", "no text promises groups of equal size")
    cases: dict[int, Case] = {}
    for hit in hits:
        ratio = hit.match["ratio"] or hit.match["ratio2"] or hit.match["ratio3"]
        said = hit.match["k"] or hit.match["k2"]
        groups = ratio.count("1") + ratio.count("one") if ratio else count(said) if said else len(r.arms)
        if groups and groups >= 2 and target % groups and not (len(r.arms) and len(r.arms) != groups):
            values = {"text_says": hit.place.quote, "groups_say": groups, "target_says": target}
            cases.setdefault(groups, Case(values, (hit.place, r.target_sample_size.whole())))
    return listed(cases.values())
