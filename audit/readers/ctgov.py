"""ClinicalTrials.gov studies as its API (version 2) gives them -> registrations; each value is named by its JSON pointer.

A module that an extract leaves out is unknown. In a whole record a field that the form always asks for is empty when
it is not there; a field that may be left out is absent.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from audit.errors import NoRecordError, UnreadableError
from audit.model.origin import Origin
from audit.model.registration import (
    Age,
    Arm,
    Coded,
    Contact,
    DateValue,
    HealthCondition,
    Items,
    Outcome,
    Registration,
    Sharing,
    Sponsor,
)
from audit.model.span import ABSENT, EMPTY, GIVEN, UNKNOWN, Source, State, Value
from audit.readers.cells import Cell, Maker, blank, iso_day, unknown
from audit.readers.criteria import after_heading, exclusion_part
from audit.readers.json_stream import Study, parse, read_studies
from audit.readers.opened import Opened
from audit.readers.quick import group_of
from audit.readers.raw import Packed, Raw, Reading, encoded
from audit.readers.who_spellings import age_limit


class _Named(NamedTuple):
    """A field, the module and the keys where it stands, what the registry calls it, and whether its form always asks for it."""

    field: str
    module: str
    keys: tuple[str, ...]
    label: str
    asked: bool = False


_PLAIN = (
    _Named("trial_id", "identificationModule", ("nctId",), "NCT Number"),
    _Named("public_title", "identificationModule", ("briefTitle",), "Brief Title", True),
    _Named("scientific_title", "identificationModule", ("officialTitle",), "Official Title"),
    _Named("acronym", "identificationModule", ("acronym",), "Acronym"),
    _Named("stop_reason", "statusModule", ("whyStopped",), "Why Study Stopped"),
    _Named("study_aim", "descriptionModule", ("briefSummary",), "Brief Summary", True),
    _Named("settings", "descriptionModule", ("detailedDescription",), "Detailed Description"),
    _Named("design_summary", "designModule", ("designInfo", "interventionModelDescription"), "Interventional Model Description"),
    _Named("blinding_description", "designModule", ("designInfo", "maskingInfo", "maskingDescription"), "Masking Description"),
    _Named("sharing_when", "ipdSharingStatementModule", ("timeFrame",), "IPD Sharing Time Frame"),
    _Named("sharing_criteria", "ipdSharingStatementModule", ("accessCriteria",), "IPD Sharing Access Criteria"),
    _Named("sharing_where", "ipdSharingStatementModule", ("url",), "IPD Sharing URL"),
)
_CODED = (
    _Named("recruitment_status", "statusModule", ("overallStatus",), "Overall Recruitment Status"),
    _Named("study_type", "designModule", ("studyType",), "Study Type"),
    _Named("purpose", "designModule", ("designInfo", "primaryPurpose"), "Primary Purpose"),
    _Named("randomization", "designModule", ("designInfo", "allocation"), "Allocation"),
    _Named("assignment", "designModule", ("designInfo", "interventionModel"), "Interventional Study Model"),
    _Named("blinding", "designModule", ("designInfo", "maskingInfo", "masking"), "Masking"),
    _Named("sex", "eligibilityModule", ("sex",), "Sex"),
)
_DATES = (
    _Named("registration_date", "statusModule", ("studyFirstSubmitDate",), "First Submitted Date"),
    _Named("last_update", "statusModule", ("lastUpdateSubmitDate",), "Last Update Submitted"),
    _Named("verification_date", "statusModule", ("statusVerifiedDate",), "Record Verification Date"),
    _Named("primary_completion_date", "statusModule", ("primaryCompletionDateStruct", "date"), "Primary Completion Date"),
    _Named("completion_date", "statusModule", ("completionDateStruct", "date"), "Study Completion Date"),
    _Named("results_date", "statusModule", ("resultsFirstPostDateStruct", "date"), "First Posted Results"),
)
_TYPES = (
    _Named("start_date_type", "statusModule", ("startDateStruct", "type"), "Study Start Date Type"),
    _Named(
        "primary_completion_date_type", "statusModule", ("primaryCompletionDateStruct", "type"), "Primary Completion Date Type"
    ),
    _Named("completion_date_type", "statusModule", ("completionDateStruct", "type"), "Study Completion Date Type"),
    _Named("sample_size_type", "designModule", ("enrollmentInfo", "type"), "Enrollment Type"),
)
_PHASES = {"EARLY_PHASE1": "0", "PHASE1": "1", "PHASE2": "2", "PHASE3": "3", "PHASE4": "4", "NA": "na"}
_DOCUMENTS = {"STUDY_PROTOCOL": "protocol", "SAP": "sap", "ICF": "icf", "CSR": "csr", "ANALYTIC_CODE": "code"}
_FEW = 1000
_LONGEST = 8 * 1024 * 1024
"""The longest text that is read, as in a table: more is no part of a registration."""
_SPONSOR = tuple(name for name in Sponsor.__dataclass_fields__ if name != "contact")
_CENTRE = (("facility", "name"), ("city", "city"), ("state", "province"), ("zip", "postal_code"), ("country", "country"))


def is_ctgov(start: str) -> bool:
    """Return whether a text that begins so may be studies in JSON.

    >>> is_ctgov('[{"protocolSection": {}}]'), is_ctgov('{"name": 1}'), is_ctgov("[1] Study aim")
    (True, False, False)
    """
    bare = start.lstrip("\ufeff \t\r\n")
    return bare.startswith(("{", "[")) and ('"protocolSection"' in start or '"studies"' in start[:2000])


def read(opened: Opened) -> Reading:
    """Yield the raw studies in *opened*, and an error for each that is none."""
    source = Source(opened.shown, "ctgov", "", opened.sha256, "structured")
    found = False
    others: list[UnreadableError] = []  # not told unless there is a study: the file may be any JSON
    for study in read_studies(opened):
        if isinstance(study, UnreadableError):
            found = True
            yield study
            continue
        one = study.data
        if isinstance(one, dict) and isinstance(one.get("protocolSection"), dict):
            found = True
            yield from others
            others.clear()
            yield RawStudy(source, study)
        elif found or len(others) < _FEW:
            others.append(UnreadableError("this is no study: it has no protocolSection", study.line, study.number))
    if found:
        yield from others
    else:
        raise NoRecordError("there is no study in this JSON: nothing in it has a protocolSection")


class RawStudy(Raw):
    """The JSON of a study; another process gets its text and parses it again."""

    __slots__ = ("source", "study")

    def __init__(self, source: Source, study: Study) -> None:
        self.source, self.study = source, study

    @property
    def origin(self) -> Origin:
        """The JSON value."""
        return Origin(self.source.path, self.source.sha256, self.study.number, self.study.pointer, self.study.line)

    @property
    def size(self) -> int:
        """The length of the text."""
        return len(self.study.text)

    def parts(self) -> Iterator[bytes]:
        """Yield the text."""
        yield b"ctgov" if self.study.line is None else b"ctgov, on a line"
        yield encoded(self.study.text)

    def read(self) -> Iterator[Registration | UnreadableError]:
        """Yield the registration of the study, or why it is none."""
        if "\\ud" in self.study.text.lower() and _half_characters(self.study.data):
            said = "this study holds half a character (a lone \\ud8.. or \\udc..), which no text has"
            yield UnreadableError(said, self.study.line, self.study.number)
            return
        if len(self.study.text) > _LONGEST and (longest := _longest(self.study.data)) > _LONGEST:
            said = f"a value of this study has {longest:,} characters; no more than {_LONGEST:,} are read"
            yield UnreadableError(said, self.study.line, self.study.number)
            return
        yield _Record(self.study, self.study.data["protocolSection"]).registration(self.source)

    def packed(self) -> Packed:
        """Return its number, its pointer, its line and its text."""
        return Packed("ctgov", (self.study.number, self.study.line, self.study.pointer), encoded(self.study.text))

    def __reduce__(self) -> tuple[Any, ...]:
        """Send the text alone: it is smaller than what is made of it."""
        return _study_again, (self.source, self.study._replace(data=None))


def again(source: Source, number: int, line: int | None, pointer: str, text: str) -> RawStudy:
    """Return the raw study that was packed; raises ValueError where it is none."""
    data = parse(text)
    if not isinstance(data, dict) or not isinstance(data.get("protocolSection"), dict):
        raise ValueError("a study has no protocolSection")
    return RawStudy(source, Study(number, pointer, line, data, text))


def _half_characters(data: object) -> bool:
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _longest(data: object) -> int:
    """Return the length of the longest text in a JSON value."""
    if isinstance(data, str):
        return len(data)
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return max(map(_longest, parts), default=0)


def _study_again(source: Source, study: Study) -> "RawStudy":
    return RawStudy(source, study._replace(data=parse(study.text)))


class _Record:
    """One study being read."""

    def __init__(self, study: Study, sections: dict[str, Any]) -> None:
        self._study = study
        self._root = f"{study.pointer}/protocolSection"
        self._sections = sections
        self._whole = "derivedSection" in study.data and "hasResults" in study.data
        self._maker = Maker()
        self._made: dict[str, Any] = {}

    def registration(self, source: Source) -> Registration:
        """Return the registration of the study."""
        made, maker = self._made, self._maker
        for named in _PLAIN:
            made[named.field] = self._read(named)
        for named in (*_CODED, *_TYPES):
            made[named.field] = self._read_coded(named)
        for named in _DATES:
            made[named.field] = self._read_date(named)
        self._exported()
        self._ids()
        self._start()
        self._phase()
        self._masking()
        self._size()
        self._eligibility()
        self._conditions()
        self._arms()
        made["primary_outcomes"] = self._outcomes("primary_outcomes", "primaryOutcomes", "Primary Outcome", asked=True)
        made["secondary_outcomes"] = self._outcomes("secondary_outcomes", "secondaryOutcomes", "Secondary Outcome")
        self._sponsors()
        self._contacts()
        self._sharing()
        self._results()
        own = {
            "source": source,
            "registry": "ClinicalTrials.gov",
            "number": self._study.number,
            "values": tuple(maker.values),
        }
        return group_of(Registration, own | made)

    def _module(self, name: str) -> dict[str, Any]:
        module = self._sections.get(name)
        return module if isinstance(module, dict) else {}

    def _cell(self, label: str, text: object, path: str) -> Cell | None:
        """Return the JSON value at *path* as a cell; None where it says nothing."""
        if isinstance(text, bool):
            text = "true" if text else "false"
        elif isinstance(text, int | float):
            text = str(text)
        if not isinstance(text, str) or not text.strip():
            return None
        return Cell(label, text, path, self._study.line)

    def _at(self, named: _Named) -> Cell | None:
        value: Any = self._module(named.module)
        for key in named.keys:
            if not isinstance(value, dict):
                return None
            value = value.get(key)
        if value is None:
            return None
        return self._cell(named.label, value, f"{self._root}/{named.module}/{'/'.join(named.keys)}")

    def _missing(self, kind: Any, named: _Named) -> Any:
        """Return the field that is not there: unknown in an extract, empty or absent in a whole record."""
        if not self._whole:
            return kind(named.field, state=UNKNOWN)
        path = f"{self._root}/{named.module}" if named.module in self._sections else self._root
        return blank(kind, named.field, Cell(named.label, "", path, self._study.line), EMPTY if named.asked else ABSENT)

    def _read(self, named: _Named) -> Value:
        cell = self._at(named)
        value: Value = self._maker.value(named.field, cell) if cell else self._missing(Value, named)
        return value

    def _read_coded(self, named: _Named) -> Coded:
        cell = self._at(named)
        value: Coded = self._maker.coded(named.field, cell) if cell else self._missing(Coded, named)
        return value

    def _read_date(self, named: _Named) -> DateValue:
        cell = self._at(named)
        value: DateValue = self._maker.date(named.field, cell) if cell else self._missing(DateValue, named)
        return value

    def _exported(self) -> None:
        """Take the day of the registry's data, which the record carries, for the day of the export."""
        derived = self._study.data.get("derivedSection")
        misc = derived.get("miscInfoModule") if isinstance(derived, dict) else None
        text = misc.get("versionHolder") if isinstance(misc, dict) else None
        if isinstance(text, str) and (day := iso_day(text)) is not None:
            path = f"{self._study.pointer}/derivedSection/miscInfoModule/versionHolder"
            value = blank(DateValue, "exported", Cell("Version of the data", text, path, self._study.line), GIVEN)
            value.__dict__.update(text=text, date=day)
            self._made["exported"] = value

    def _ids(self) -> None:
        module, base = self._module("identificationModule"), f"{self._root}/identificationModule"
        places: list[tuple[object, str]] = []
        own = module.get("orgStudyIdInfo")
        if isinstance(own, dict):
            places.append((own.get("id"), f"{base}/orgStudyIdInfo/id"))
        for at, other in enumerate(_dicts(module.get("secondaryIdInfos"))):
            places.append((other.get("id"), f"{base}/secondaryIdInfos/{at}/id"))
        self._made["secondary_ids"] = self._texts("secondary_ids", "Other Study ID Numbers", places, base)

    def _texts(self, field: str, label: str, places: list[tuple[object, str]], base: str) -> Items[Value]:
        items: list[Value] = []
        for text, path in places:
            if (cell := self._cell(label, text, path)) is not None:
                items.append(self._maker.value(f"{field}[{len(items)}]", cell))
        return Items(self._heading(field, label, base, bool(items)), tuple(items))

    def _heading(self, field: str, label: str, path: str, given: bool, asked: bool = False) -> Value:
        state = GIVEN if given else UNKNOWN if not self._whole else EMPTY if asked else ABSENT
        return blank(Value, field, Cell(label, "", path, self._study.line), state)

    def _start(self) -> None:
        """Put the one start date where its type belongs.

        A date without a type, which old records have, is actual when the record was updated after it and the trial had begun.
        """
        named = _Named("", "statusModule", ("startDateStruct", "date"), "Study Start Date")
        cell = self._at(named)
        if cell is None:
            if self._whole:
                self._made["expected_recruitment_start"] = self._missing(
                    DateValue, named._replace(field="expected_recruitment_start")
                )
            return
        kind, status = self._made["start_date_type"].code, self._made["recruitment_status"].code
        value = self._maker.date("expected_recruitment_start", cell)
        updated = self._made["last_update"].date
        if kind is None and value.date is not None and updated is not None and status not in (None, "pending", "withdrawn"):
            kind = "actual" if value.date.last <= updated.first else None
        if kind == "actual":
            value.__dict__["field"] = "actual_recruitment_start"
        self._made[value.field] = value

    def _phase(self) -> None:
        phases = self._module("designModule").get("phases")
        named = _Named("phase", "designModule", ("phases",), "Phase")
        if not isinstance(phases, list) or not phases:
            self._made["phase"] = self._missing(Coded, named)
            return
        codes = [_PHASES.get(phase) for phase in phases if isinstance(phase, str)]
        meant = "-".join(code for code in codes if code) if codes and all(codes) else None
        path = f"{self._root}/designModule/phases"
        text, path = (phases[0], f"{path}/0") if len(phases) == 1 else (json.dumps(phases, separators=(",", ":")), path)
        if (cell := self._cell("Phase", text, path)) is not None:
            self._made["phase"] = self._maker.known("phase", cell, meant)

    def _masking(self) -> None:
        info = self._module("designModule").get("designInfo")
        masking = info.get("maskingInfo") if isinstance(info, dict) else None
        who = masking.get("whoMasked") if isinstance(masking, dict) else None
        base = f"{self._root}/designModule/designInfo/maskingInfo/whoMasked"
        masked = [
            self._maker.coded(f"masked_groups[{at}]", cell, codes="masked_groups")
            for at, one in enumerate(who if isinstance(who, list) else ())
            if (cell := self._cell("Roles Masked", one, f"{base}/{at}")) is not None
        ]
        if masked:
            self._made["masked_groups"] = Items(self._heading("masked_groups", "Roles Masked", base, True), tuple(masked))

    def _size(self) -> None:
        named = _Named("target_sample_size", "designModule", ("enrollmentInfo", "count"), "Enrollment")
        if (cell := self._at(named)) is None:
            return
        number = int(cell.text) if cell.text.isdecimal() and len(cell.text) < 10 else None
        self._made["target_sample_size"] = self._maker.count("target_sample_size", cell, number)

    def _eligibility(self) -> None:
        cell = self._at(_Named("", "eligibilityModule", ("eligibilityCriteria",), "Eligibility Criteria"))
        if cell is not None:
            start, stop = after_heading(cell.text, "inclusion criteria"), len(cell.text)
            if (mark := exclusion_part(cell.text, start)) is not None:
                self._made["exclusion_criteria"] = self._maker.value(
                    "exclusion_criteria", cell, mark[1], label="Exclusion Criteria"
                )
                stop = mark[0]
            self._made["inclusion_criteria"] = self._maker.value("inclusion_criteria", cell, start, stop, "Inclusion Criteria")
        else:
            named = _Named("inclusion_criteria", "eligibilityModule", (), "Eligibility Criteria", True)
            self._made["inclusion_criteria"] = self._missing(Value, named)
        for field, key, label in (("minimum_age", "minimumAge", "Minimum Age"), ("maximum_age", "maximumAge", "Maximum Age")):
            self._made[field] = self._age(_Named(field, "eligibilityModule", (key,), label))

    def _age(self, named: _Named) -> Age:
        cell = self._at(named)
        if cell is not None:
            return self._maker.age(named.field, cell, *age_limit(cell.text))
        if "sex" not in self._module("eligibilityModule"):
            return Age(named.field, state=UNKNOWN)
        path = f"{self._root}/eligibilityModule"  # the registry leaves the key out where it shows "N/A": no limit
        value = blank(Age, named.field, Cell(named.label, "", path, self._study.line), GIVEN)
        value.__dict__["limited"] = False
        return value

    def _conditions(self) -> None:
        base = f"{self._root}/conditionsModule/conditions"
        listed = self._module("conditionsModule").get("conditions")
        items: list[HealthCondition] = []
        for at, one in enumerate(listed if isinstance(listed, list) else ()):
            if (cell := self._cell("Condition", one, f"{base}/{at}")) is not None:
                owner = f"conditions[{len(items)}]"
                described = self._maker.value(f"{owner}.description", cell)
                items.append(HealthCondition(described, unknown(f"{owner}.icd10"), unknown(f"{owner}.icd10_description")))
        self._made["conditions"] = Items(self._heading("conditions", "Conditions", base, bool(items), True), tuple(items))

    def _arms(self) -> None:
        module, base = self._module("armsInterventionsModule"), f"{self._root}/armsInterventionsModule"
        named = {}
        for at, one in enumerate(_dicts(module.get("interventions"))):
            kind = str(one.get("type", "")).replace("_", " ")
            named[f"{kind}: {one.get('name', '')}".lower()] = (at, one)
        arms = [self._arm(at, arm, named, base) for at, arm in enumerate(_dicts(module.get("armGroups")))]
        if arms:
            self._made["arms"] = Items(self._heading("arms", "Arms", f"{base}/armGroups", True), tuple(arms))
            return
        self._made["arms"] = Items(self._heading("arms", "Arms", base, False))
        for at, one in named.values():  # an old record: what is given is known, the arms are not
            for key in ("description", "name"):
                cell = self._cell("Intervention", one.get(key), f"{base}/interventions/{at}/{key}")
                if cell is not None:
                    self._made.setdefault("arms_summary", self._maker.value("arms_summary", cell))

    def _arm(self, at: int, arm: dict[str, Any], named: dict[str, tuple[int, Any]], base: str) -> Arm:
        """Return an arm: its own description, else the first of its interventions, and all else said of those."""
        owner, place, group = f"arms[{at}]", f"{base}/armGroups/{at}", f"Arm {at + 1}"
        label = self._cell(f"{group}: Label", arm.get("label"), f"{place}/label")
        category = self._cell(f"{group}: Type", arm.get("type"), f"{place}/type")
        texts: list[Cell] = []
        if (own := self._cell(f"{group}: Description", arm.get("description"), f"{place}/description")) is not None:
            texts.append(own)
        names = arm.get("interventionNames")
        for number, name in enumerate(names if isinstance(names, list) else ()):
            found = named.get(str(name).lower())
            if (cell := self._cell(f"{group}: Intervention", name, f"{place}/interventionNames/{number}")) is not None:
                texts.append(cell)
            if found is not None:
                path = f"{base}/interventions/{found[0]}/description"
                if (cell := self._cell(f"{group}: Intervention Description", found[1].get("description"), path)) is not None:
                    texts.append(cell)
        if own is None and len(texts) > 1:
            texts.sort(key=lambda cell: not cell.path.endswith("/description"))
        described = (
            self._maker.value(f"{owner}.description", texts[0])
            if texts
            else blank(Value, f"{owner}.description", Cell(f"{group}: Description", "", place, self._study.line), ABSENT)
        )
        return Arm(
            described,
            self._maker.coded(f"{owner}.category", category, codes="arm_category")
            if category
            else Coded(f"{owner}.category", state=UNKNOWN),
            self._maker.value(f"{owner}.label", label) if label else unknown(f"{owner}.label"),
            tuple(self._maker.value(f"{owner}.more[{number}]", cell) for number, cell in enumerate(texts[1:])),
        )

    def _outcomes(self, field: str, key: str, label: str, asked: bool = False) -> Items[Outcome]:
        base = f"{self._root}/outcomesModule/{key}"
        items = tuple(
            self._outcome(f"{field}[{at}]", one, f"{base}/{at}", f"{label} {at + 1}")
            for at, one in enumerate(_dicts(self._module("outcomesModule").get(key)))
        )
        return Items(self._heading(field, label, base if items else self._root, bool(items), asked), items)

    def _outcome(self, owner: str, one: dict[str, Any], path: str, label: str) -> Outcome:
        def part(name: str, key: str, said: str, state: State) -> Value:
            cell = self._cell(f"{label}: {said}", one.get(key), f"{path}/{key}")
            if cell is not None:
                return self._maker.value(f"{owner}.{name}", cell)
            return blank(Value, f"{owner}.{name}", Cell(f"{label}: {said}", "", path, self._study.line), state)

        return Outcome(
            part("description", "measure", "Title", EMPTY),
            part("timepoint", "timeFrame", "Time Frame", EMPTY),
            part("method", "description", "Description", ABSENT),
        )

    def _sponsors(self) -> None:
        module, base = self._module("sponsorCollaboratorsModule"), f"{self._root}/sponsorCollaboratorsModule"
        bodies: list[tuple[Any, str, str]] = []
        if isinstance(lead := module.get("leadSponsor"), dict):
            bodies.append((lead, f"{base}/leadSponsor", "Sponsor"))
        for at, one in enumerate(_dicts(module.get("collaborators"))):
            bodies.append((one, f"{base}/collaborators/{at}", "Collaborator"))
        sponsors = list[Sponsor]()
        for body, path, label in bodies:
            if (cell := self._cell(label, body.get("name"), f"{path}/name")) is None:
                continue
            owner = f"sponsors[{len(sponsors)}]"
            name = self._maker.value(f"{owner}.contact.organization", cell)
            parts = {part: unknown(f"{owner}.{part}") for part in _SPONSOR}
            if (kind := self._cell(f"{label} Class", body.get("class"), f"{path}/class")) is not None:
                parts["kind"] = self._maker.value(f"{owner}.kind", kind)
            sponsors.append(Sponsor(self._maker.contact(f"{owner}.contact", {"organization": name}), **parts))
        self._made["sponsors"] = Items(self._heading("sponsors", "Sponsor", base, bool(sponsors), True), tuple(sponsors))

    def _contacts(self) -> None:
        module, base = self._module("contactsLocationsModule"), f"{self._root}/contactsLocationsModule"
        keys = (("name", "name"), ("phone", "phone"), ("email", "email"))
        for one in _dicts(module.get("centralContacts"))[:1]:
            self._made["public_contact"] = self._person(
                "public_contact", one, f"{base}/centralContacts/0", "Central Contact", keys
            )
        keys = (("name", "name"), ("affiliation", "organization"), ("role", "position"))
        for one in _dicts(module.get("overallOfficials"))[:1]:
            label = "Overall Official"
            self._made["scientific_contact"] = self._person("scientific_contact", one, f"{base}/overallOfficials/0", label, keys)
        places = _dicts(module.get("locations"))
        centres = tuple(
            self._person(f"centres[{at}]", one, f"{base}/locations/{at}", f"Location {at + 1}", _CENTRE)
            for at, one in enumerate(places)
        )
        if centres:
            self._made["centres"] = Items(self._heading("centres", "Locations", f"{base}/locations", True), centres)
            seen: dict[str, tuple[object, str]] = {}
            for at, one in enumerate(places):
                seen.setdefault(str(one.get("country")).lower(), (one.get("country"), f"{base}/locations/{at}/country"))
            self._made["countries"] = self._texts("countries", "Country", list(seen.values()), base)

    def _person(self, owner: str, one: dict[str, Any], path: str, label: str, keys: tuple[tuple[str, str], ...]) -> Contact:
        parts = {
            part: self._maker.value(f"{owner}.{part}", cell)
            for key, part in keys
            if (cell := self._cell(f"{label}: {key}", one.get(key), f"{path}/{key}")) is not None
        }
        return self._maker.contact(owner, parts)

    def _sharing(self) -> None:
        module, base = self._module("ipdSharingStatementModule"), f"{self._root}/ipdSharingStatementModule"
        cell = self._cell("Plan to Share IPD", module.get("ipdSharing"), f"{base}/ipdSharing")
        told = self._cell("IPD Sharing Description", module.get("description"), f"{base}/description")
        plans = list[Sharing]()
        if cell is not None:
            plan = self._maker.coded("sharing[0].plan", cell, codes="sharing_plan")
            plans.append(Sharing("ipd", plan))
            if told is not None:
                field = "sharing_details" if plan.code == "yes" else "sharing_reason"
                self._made[field] = self._maker.value(field, told)
        kinds = module.get("infoTypes")
        for at, kind in enumerate(kinds if isinstance(kinds, list) else ()):
            document = _DOCUMENTS.get(str(kind))
            typed = self._cell("Supporting Information Type", kind, f"{base}/infoTypes/{at}")
            if document is not None and typed is not None:
                plans.append(Sharing(document, self._maker.known(f"sharing[{len(plans)}].plan", typed, "yes")))
        path = base if module else self._root
        self._made["sharing"] = Items(self._heading("sharing", "Plan to Share IPD", path, bool(plans)), tuple(plans))

    def _results(self) -> None:
        for at, one in enumerate(_dicts(self._module("referencesModule").get("references"))):
            if one.get("type") == "RESULT":
                path = f"{self._root}/referencesModule/references/{at}/citation"
                if (cell := self._cell("Publications: Results", one.get("citation"), path)) is not None:
                    self._made["results_link"] = self._maker.value("results_link", cell)
                    return


def _dicts(listed: object) -> list[dict[str, Any]]:
    """Return the objects of a JSON list; nothing where there is no list."""
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
