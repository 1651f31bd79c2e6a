"""A registration as any registry gives it, in the words of the WHO Trial Registration Data Set (TRDS 1.3.1).

Each field is a `Value` (or a typed kind of it) that knows its place in the source and whether it is
given, empty, absent or unknown to the export. Nothing here can be changed after reading.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, Generic, TypeVar

from audit.model.dates import PartialDate
from audit.model.span import GIVEN, UNKNOWN, Source, State, Value

T = TypeVar("T")


@dataclass(frozen=True)
class Coded(Value):
    """A value out of a short list: ``code`` is its neutral name (`audit.readers.coding`), None when not understood."""

    code: str | None = None


@dataclass(frozen=True)
class Count(Value):
    """A whole number: ``number`` is None when the text is none."""

    number: int | None = None


@dataclass(frozen=True)
class Age(Value):
    """An age limit: ``years`` (months, weeks and days as fractions), None with ``limited`` False for 'no limit'."""

    years: float | None = None
    limited: bool = True


@dataclass(frozen=True)
class Half:
    """One calendar's half of a date as written: ``value`` is its text and place; the numbers may be impossible."""

    value: Value
    year: int
    month: int
    day: int


@dataclass(frozen=True)
class DateValue(Value):
    """A date: ``date`` is what it means (None when impossible or not understood), the halves are as written."""

    date: PartialDate | None = None
    gregorian: Half | None = None
    jalali: Half | None = None


@dataclass(frozen=True)
class Items(Generic[T]):
    """A repeated group: its items, and the heading or empty marker as evidence that there are none."""

    heading: Value
    items: tuple[T, ...] = ()

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> T:
        return self.items[index]

    @property
    def state(self) -> State:
        """GIVEN when there are items, else the state of the heading."""
        return GIVEN if self.items else self.heading.state


@dataclass(frozen=True)
class Contact:
    """A person or a body that can be asked."""

    name: Value
    organization: Value
    email: Value
    phone: Value
    address: Value
    city: Value
    province: Value
    postal_code: Value
    country: Value
    position: Value
    degree: Value
    specialty: Value
    fax: Value
    web: Value


@dataclass(frozen=True)
class Arm:
    """One arm: what it receives, and the registry's category of it."""

    description: Value
    category: Coded
    label: Value
    """A name apart from the description, where the registry has one."""
    more: tuple[Value, ...] = ()
    """What else is said of what the arm receives: the names and descriptions of its interventions."""


@dataclass(frozen=True)
class Outcome:
    """One outcome: what, when and how it is measured."""

    description: Value
    timepoint: Value
    method: Value


@dataclass(frozen=True)
class EthicsReview:
    """One ethics committee and its approval."""

    committee: Value
    approval_date: DateValue
    reference: Value
    contact: Contact


@dataclass(frozen=True)
class HealthCondition:
    """One health condition studied and its ICD-10 code."""

    description: Value
    icd10: Value
    icd10_description: Value


@dataclass(frozen=True)
class Sponsor:
    """One sponsor or source of funding."""

    contact: Contact
    grant_name: Value
    grant_code: Value
    same_source: Value
    source: Value
    proportion: Value
    sector: Value
    origin: Value
    foreign_category: Value
    foreign_country: Value
    kind: Value


@dataclass(frozen=True)
class Sharing:
    """One row of the data-sharing plan; ``plan.code``: yes, no, undecided, not_applicable."""

    document: str
    """ipd, protocol, sap, icf, csr, code, dictionary."""
    plan: Coded


def _value(name: str) -> Any:
    return field(default=Value(name, state=UNKNOWN))


def _coded(name: str) -> Any:
    return field(default=Coded(name, state=UNKNOWN))


def _count(name: str) -> Any:
    return field(default=Count(name, state=UNKNOWN))


def _age(name: str) -> Any:
    return field(default=Age(name, state=UNKNOWN))


def _date(name: str) -> Any:
    return field(default=DateValue(name, state=UNKNOWN))


def _items(name: str) -> Any:
    return field(default=Items(Value(name, state=UNKNOWN)))


@dataclass(frozen=True)
class Registration:
    """One registration record; a field not set is UNKNOWN, that is, this export cannot show it."""

    source: Source
    registry: str
    number: int = 1
    """Which record of its source this is; the first is 1."""
    extent: tuple[int, int] | None = None
    """From where to where it reaches in the text of its source, None where its reader does not tell."""
    values: tuple[Value, ...] = ()
    """All values in the order of the source: for checks that look at every text."""
    unlabelled: tuple[Value, ...] = ()
    """Lines the reader could not give to a field."""
    complete: bool = True
    """Whether the record reaches its usual end; a record that is cut concludes nothing from what is missing."""
    language: str = "en"
    """The language of the labels: ``en`` or ``fa``."""
    earlier: "Registration | None" = None
    """An earlier version of the same record, where it is compared with one."""
    others: "tuple[Registration, ...] | None" = None
    """Those of the other records of a run that may have to do with this one; None where it is looked at alone."""
    is_draft: bool = False
    """Whether it is a draft that was not submitted yet: what comes later does not apply to it (see `LATER`)."""
    exported: DateValue = _date("exported")
    """The day the record was printed or exported, where it says so."""

    trial_id: Value = _value("trial_id")
    secondary_ids: Items[Value] = _items("secondary_ids")
    public_title: Value = _value("public_title")
    scientific_title: Value = _value("scientific_title")
    acronym: Value = _value("acronym")

    registration_date: DateValue = _date("registration_date")
    registration_timing: Coded = _coded("registration_timing")
    last_update: DateValue = _date("last_update")
    update_count: Count = _count("update_count")
    update_reason: Value = _value("update_reason")

    recruitment_status: Coded = _coded("recruitment_status")
    expected_recruitment_start: DateValue = _date("expected_recruitment_start")
    expected_recruitment_end: DateValue = _date("expected_recruitment_end")
    actual_recruitment_start: DateValue = _date("actual_recruitment_start")
    actual_recruitment_end: DateValue = _date("actual_recruitment_end")
    completion_date: DateValue = _date("completion_date")
    primary_completion_date: DateValue = _date("primary_completion_date")
    start_date_type: Coded = _coded("start_date_type")
    primary_completion_date_type: Coded = _coded("primary_completion_date_type")
    completion_date_type: Coded = _coded("completion_date_type")
    """``actual`` or ``anticipated``, where the registry has one date and says which it is."""
    verification_date: DateValue = _date("verification_date")
    stop_reason: Value = _value("stop_reason")
    """Why a trial was suspended, terminated or withdrawn."""
    retrospective_flag: Value = _value("retrospective_flag")
    """The WHO's mark for a registration after the start; it means the opposite in the rows of some registries."""

    results_date: DateValue = _date("results_date")
    results_summary: Value = _value("results_summary")
    results_link: Value = _value("results_link")

    study_aim: Value = _value("study_aim")
    design_summary: Value = _value("design_summary")
    settings: Value = _value("settings")
    criteria_summary: Value = _value("criteria_summary")
    arms_summary: Value = _value("arms_summary")
    outcomes_summary: Value = _value("outcomes_summary")

    study_type: Coded = _coded("study_type")
    purpose: Coded = _coded("purpose")
    phase: Coded = _coded("phase")
    randomization: Coded = _coded("randomization")
    randomization_description: Value = _value("randomization_description")
    blinding: Coded = _coded("blinding")
    blinding_description: Value = _value("blinding_description")
    masked_groups: Items[Coded] = _items("masked_groups")
    placebo: Coded = _coded("placebo")
    assignment: Coded = _coded("assignment")
    other_design_features: Value = _value("other_design_features")

    target_sample_size: Count = _count("target_sample_size")
    actual_sample_size: Count = _count("actual_sample_size")
    sample_size_type: Coded = _coded("sample_size_type")
    """``actual`` or ``anticipated``, where the registry says which its one number is."""
    more_than_one_sample: Value = _value("more_than_one_sample")
    samples_per_individual: Value = _value("samples_per_individual")

    inclusion_criteria: Value = _value("inclusion_criteria")
    exclusion_criteria: Value = _value("exclusion_criteria")
    minimum_age: Age = _age("minimum_age")
    maximum_age: Age = _age("maximum_age")
    sex: Coded = _coded("sex")

    conditions: Items[HealthCondition] = _items("conditions")
    primary_outcomes: Items[Outcome] = _items("primary_outcomes")
    secondary_outcomes: Items[Outcome] = _items("secondary_outcomes")
    arms: Items[Arm] = _items("arms")

    ethics_reviews: Items[EthicsReview] = _items("ethics_reviews")
    registrant: Contact | None = None
    public_contact: Contact | None = None
    scientific_contact: Contact | None = None
    updating_contact: Contact | None = None
    centres: Items[Contact] = _items("centres")
    countries: Items[Value] = _items("countries")
    sponsors: Items[Sponsor] = _items("sponsors")
    funding_source: Value = _value("funding_source")
    sharing: Items[Sharing] = _items("sharing")
    sharing_details: Value = _value("sharing_details")
    """What is said about the sharing, as one text; its parts follow."""
    sharing_reason: Value = _value("sharing_reason")
    sharing_title: Value = _value("sharing_title")
    sharing_when: Value = _value("sharing_when")
    sharing_whom: Value = _value("sharing_whom")
    sharing_criteria: Value = _value("sharing_criteria")
    sharing_where: Value = _value("sharing_where")
    sharing_process: Value = _value("sharing_process")


def mapped(part: Any, value: Callable[[Value], Value]) -> Any:
    """Return the model's *part* (a record, a group, a list) with every value in it replaced by what *value* makes of it."""
    if isinstance(part, Value):
        return value(part)
    if isinstance(part, tuple):
        return tuple(mapped(one, value) for one in part)
    if is_dataclass(part) and not isinstance(part, Source | type):
        return replace(part, **{one.name: mapped(getattr(part, one.name), value) for one in fields(part)})
    return part


def as_earlier(record: Registration) -> Registration:
    """Return *record* as the earlier version of another: every value says so in its label, and keeps its own source."""
    made: Registration = _relabelled(replace(record, earlier=None, others=None), "earlier version", record.source)
    return replace(made, earlier=record.earlier)


def as_other(record: Registration) -> Registration:
    """Return *record* as another one than that audited: its values say whose they are, and keep their own source.

    Of what it compares nothing is kept beside the fields: not the list of all values, no versions.
    """
    named = record.trial_id.text if record.trial_id.given else "no number"
    plain = replace(record, earlier=None, others=None, values=(), unlabelled=())
    made: Registration = _relabelled(plain, named, replace(record.source, record=named))
    return made


def _relabelled(record: Registration, said: str, source: Source) -> Registration:
    known: dict[int, Value] = {}

    def value(old: Value) -> Value:
        if id(old) not in known:
            known[id(old)] = replace(old, label=f"{old.label or old.field} ({said})", source=old.source or source)
        return known[id(old)]

    made: Registration = mapped(record, value)
    return made


LATER = frozenset(
    {
        *("trial_id", "registration_date", "registration_timing", "last_update", "update_count", "update_reason"),
        *("actual_recruitment_start", "actual_recruitment_end", "completion_date", "primary_completion_date"),
        *("start_date_type", "completion_date_type", "primary_completion_date_type", "sample_size_type", "actual_sample_size"),
        *("verification_date", "stop_reason", "retrospective_flag", "results_date", "results_summary", "results_link"),
    }
)
"""What a registration has only once it was submitted or the trial has begun."""
