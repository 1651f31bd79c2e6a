"""Facts on what changed since an earlier version of the record: outcomes, size, methods, start, status, and the reason for it.

Without an earlier version nothing can be told. What changed before recruitment began is a change of plan and no finding.
"""

import itertools
from collections.abc import Iterable, Iterator

from audit.engine.reading import Reading, cannot_tell, fact, listed
from audit.engine.versions import changes, days_after_start
from audit.model.registration import Registration
from audit.model.result import Case, Change, Fact
from audit.model.span import Place

_VERSION = "this needs an earlier version of the record"
_DRAFT = "the earlier version is a draft that was not registered"
_DAY = "the day of the change or the start of recruitment is not known to the day"
_REPLACED = ("new_primary", "primary_omitted")
_SWITCHED = ("primary_to_secondary", "primary_from_secondary")
_DETAILS = (*(f"{how}_{part}" for how in ("change", "omitted") for part in ("timing", "measurement")), "change_aggregation")
_METHODS = frozenset(
    {
        *("inclusion_criteria", "exclusion_criteria", "minimum_age", "maximum_age", "sex", "arms"),
        *("randomization", "randomization_description", "blinding", "blinding_description", "masked_groups"),
        *("placebo", "assignment"),
    }
)
_UPKEEP = frozenset({"last_update", "update_count", "update_reason", "registration_timing", "verification_date"})
"""What changes with every update."""
_FIFTH = 0.2
_ORDER = {"pending": 0, "recruiting": 1, "suspended": 1, "closed": 2, "complete": 3, "terminated": 3, "withdrawn": 3}
_OFTEN = 3


@fact(cases=("field", "kind", "before", "after"))
def version_changes(reading: Reading) -> Fact:
    """What changed since the earlier version, also in notation and wording alone."""
    if (unsaid := _no_version(reading)) is not None:
        return unsaid
    return listed(
        Case(
            {"field": one.field, "kind": one.kind, "before": _said(one.before), "after": _said(one.after)},
            (one.before, one.after),
        )
        for one in _changes(reading)
    )


@fact(cases=("before", "after"))
def primary_outcomes_changed(reading: Reading) -> Fact:
    """The primary outcomes that were added, dropped or replaced after the first enrolment."""
    return _after_start(reading, (one for one in _changes(reading) if one.kind in _REPLACED))


@fact(cases=("before", "after"))
def outcomes_switched(reading: Reading) -> Fact:
    """The outcomes that were primary and became secondary, or the other way round, unless that was before the first enrolment."""
    if (unsaid := _no_version(reading)) is not None:
        return unsaid
    if (days := _days(reading)) is not None and days <= 0:
        return listed(())
    return listed(_case(one) for one in _changes(reading) if one.kind in _SWITCHED)


@fact(cases=("before", "after"))
def primary_outcome_details_changed(reading: Reading) -> Fact:
    """The primary outcomes whose time point or method was changed after the first enrolment."""
    found = (one for one in _changes(reading) if one.field.startswith("primary_outcomes") and one.kind in _DETAILS)
    return _after_start(reading, found)


@fact(cases=("before", "after"))
def target_size_changed(reading: Reading) -> Fact:
    """The changes of the target size by more than a fifth, or to the number reached, after the first enrolment."""
    return _after_start(reading, (one for one in _changes(reading) if one.field == "target_sample_size" and _is_far(reading)))


def _is_far(reading: Reading) -> bool:
    record, earlier = reading.registration, reading.registration.earlier
    before = earlier.target_sample_size.number if earlier else None
    after = record.target_sample_size.number
    if not before or after is None or before == after:
        return False
    return abs(after - before) > _FIFTH * before or after == record.actual_sample_size.number


@fact(cases=("part", "before", "after"))
def methods_changed(reading: Reading) -> Fact:
    """The changes of criteria, groups, doses, blinding or allocation after the first enrolment."""
    found = (one for one in _changes(reading) if one.field.split("[")[0] in _METHODS and not one.field.endswith(".category"))
    return _after_start(reading, found, part=True)


@fact(cases=("before", "after"))
def start_moved_behind_registration(reading: Reading) -> Fact:
    """The change of the start date by which a late registration became an early one."""
    if (unsaid := _no_version(reading)) is not None:
        return unsaid
    record, earlier = reading.registration, reading.registration.earlier
    registered = record.registration_date.date or (earlier.registration_date.date if earlier else None)
    if registered is None:
        return cannot_tell(record.registration_date.state.value, record.registration_date.field)
    moved = []
    for name in ("expected_recruitment_start", "actual_recruitment_start"):
        before, after = getattr(earlier, name), getattr(record, name)
        if before.date and after.date and before.date.last < registered.first <= after.date.first:
            moved.append(
                Case({"before": before, "after": after}, (before.whole(), after.whole(), record.registration_date.whole()))
            )
    return listed(moved)


@fact(cases=("before", "after"))
def status_went_back(reading: Reading) -> Fact:
    """The changes of the status against its order, and the end put off three times or more."""
    if (unsaid := _no_version(reading)) is not None:
        return unsaid
    return listed(_back(reading.registration))


def _back(record: Registration) -> Iterator[Case]:
    earlier = record.earlier
    if earlier is None:
        return
    before, after = earlier.recruitment_status, record.recruitment_status
    if before.code in _ORDER and after.code in _ORDER and _ORDER[before.code] > _ORDER[after.code]:
        yield Case({"before": before, "after": after}, (before.whole(), after.whole()))
    ends = [one.expected_recruitment_end for one in _versions(record) if one.expected_recruitment_end.date is not None]
    put_off = sum(
        new.date.first > old.date.last for new, old in itertools.pairwise(ends) if new.date is not None and old.date is not None
    )
    if put_off >= _OFTEN:
        yield Case({"before": ends[-1], "after": ends[0]}, tuple(end.whole() for end in reversed(ends)))


def _versions(record: Registration | None) -> Iterator[Registration]:
    """Yield the versions of a record, the newest first."""
    while record is not None:
        yield record
        record = record.earlier


@fact(cases=("part",))
def changes_without_reason(reading: Reading) -> Fact:
    """The changes of a registered trial for which no reason is given."""
    if (unsaid := _no_version(reading)) is not None:
        return unsaid
    reason = reading.registration.update_reason
    if reason.given:
        return listed(())
    if reason.state.value == "unknown":
        return cannot_tell("unknown", reason.field)
    found = [one for one in _changes(reading) if not one.is_wording and one.field not in _UPKEEP]
    if not found:
        return listed(())
    parts = tuple(dict.fromkeys(_label(one) for one in found))
    places = [place for one in found for place in (one.before, one.after)]
    return listed([Case({"part": parts[0] if len(parts) == 1 else parts}, (*places, reason.whole()))])


def _no_version(reading: Reading) -> Fact | None:
    earlier = reading.registration.earlier
    if earlier is None:
        return cannot_tell("text", _VERSION)
    return cannot_tell("text", _DRAFT) if earlier.is_draft else None


def _changes(reading: Reading) -> tuple[Change, ...]:
    """Return the changes since the earlier version, found once for each record."""
    earlier = reading.registration.earlier
    if earlier is None:
        return ()
    if reading.changes is None:
        reading.changes = changes(earlier, reading.registration, reading.vocabulary)
    return reading.changes


def _days(reading: Reading) -> int | None:
    """Return how many days after the start of recruitment the record was changed; None where it is not known."""
    record, earlier = reading.registration, reading.registration.earlier
    if earlier is None:
        return None
    if record.recruitment_status.code == "pending":
        return 0
    return days_after_start(earlier, record)


def _after_start(reading: Reading, found: Iterable[Change], *, part: bool = False) -> Fact:
    """Return the changes *found* as cases where they were made after the start, none where before, else why it is not known."""
    if (unsaid := _no_version(reading)) is not None:
        return unsaid
    real = [one for one in found if not one.is_wording]
    if not real:
        return listed(())
    if (days := _days(reading)) is None:
        return cannot_tell("text", _DAY)
    return listed(_case(one, part=part) for one in real) if days > 0 else listed(())


def _case(one: Change, *, part: bool = False) -> Case:
    values = {"before": _said(one.before), "after": _said(one.after)}
    return Case({"part": _label(one)} | values if part else values, (one.before, one.after))


def _said(place: Place) -> object:
    """Return the value of a place as a message says it: nothing where the place is empty."""
    return place.value if place.quote and place.value.given else None


def _label(one: Change) -> str:
    return one.after.value.label or one.before.value.label or one.field.replace("_", " ")
