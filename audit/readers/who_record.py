"""One row of a WHO ICTRP export, its cells by the names of their columns -> a registration.

A blank cell is evidence of an empty field only where every registry sends that field; else it is unknown, for the
WHO drops what it does not understand. A text that ends where the WHO cuts cells is marked as cut.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from audit.model.registration import (
    Arm,
    Coded,
    Count,
    DateValue,
    EthicsReview,
    HealthCondition,
    Items,
    Outcome,
    Registration,
    Sharing,
    Sponsor,
)
from audit.model.span import EMPTY, GIVEN, UNKNOWN, Source, State, Value
from audit.readers.cells import Cell, Maker, blank, coded, unknown
from audit.readers.criteria import after_heading, exclusion_part
from audit.readers.quick import group_of
from audit.readers.who_design import Piece, irct_design, other_design
from audit.readers.who_lists import (
    ConditionSpan,
    OutcomeSpan,
    distinct,
    irct_conditions,
    irct_outcomes,
    named_arms,
    numbered_arms,
    other_outcomes,
    split,
)
from audit.readers.who_spellings import (
    age_limit,
    date_order,
    eu_phase,
    export_day,
    group_sizes,
    is_slashed,
    registry_of,
    who_day,
)

_ALIASES = {
    "dateenrollment": "dateenrollement",
    "dateenrolment": "dateenrollement",
    "enrollmentdate": "dateenrollement",
    "registrationdate": "dateregistration",
    "conditions": "condition",
    "interventions": "intervention",
    "primaryoutcomes": "primaryoutcome",
    "secondaryoutcomes": "secondaryoutcome",
    "secondaryid": "secondaryids",
    "secondarysponsor": "secondarysponsors",
    "agemin": "inclusionagemin",
    "agemax": "inclusionagemax",
    "gender": "inclusiongender",
    "url": "webaddress",
    "publiccontactfirstname": "contactfirstname",
    "publiccontactlastname": "contactlastname",
    "publiccontactaddress": "contactaddress",
    "publiccontactemail": "contactemail",
    "publiccontacttel": "contacttel",
    "publiccontactaffiliation": "contactaffiliation",
    "typeenrollment": "typeenrolment",
    "resultsactualenrollment": "resultsactualenrolment",
    "bridgingflag": "bridgingflagtruefalse",
    "sourceregistry": "sourceregister",
    "regname": "sourceregister",
    "hcfreetext": "condition",
    "ifreetext": "intervention",
    "ictrpdate": "lastrefreshedon",
}
_CONTACT = {
    "firstname": "name",
    "address": "address",
    "email": "email",
    "tel": "phone",
    "affiliation": "organization",
}
_READ = frozenset(
    (
        *("trialid", "publictitle", "scientifictitle", "acronym", "primarysponsor", "dateregistration", "dateregistration3"),
        *("exportdate", "sourceregister", "recruitmentstatus", "inclusionagemin", "inclusionagemax", "inclusiongender"),
        *("dateenrollement", "targetsize", "studytype", "studydesign", "phase", "countries", "inclusioncriteria"),
        *("exclusioncriteria", "condition", "intervention", "primaryoutcome", "secondaryoutcome", "secondaryids"),
        *("secondarysponsors", "sourcesupport", "retrospectiveflag", "typeenrolment", "resultsdateposted"),
        *("resultsdatecompleted", "resultsurllink", "resultssummary", "resultsactualenrolment", "resultsipdplan"),
        *("resultsipddescription", "ethicsstatus", "ethicsapprovaldate", "ethicscontactname", "ethicscontactaddress"),
        *("ethicscontactphone", "ethicscontactemail"),
        *(f"{owner}contact{part}" for owner in ("", "scientific") for part in (*_CONTACT, "lastname")),
    )
)
_KEPT_AS_EXPORT = frozenset(
    (
        *("lastrefreshedon", "webaddress", "otherrecords", "bridgingflagtruefalse", "bridgedtype", "resultsyesno"),
        *("internalnumber", "childs", "children", "resultsdatefirstpublication", "resultsfirstpublicationdate"),
        *("resultsbaselinechar", "resultsparticipantflow", "resultsadverseevents", "resultsoutcomemeasures"),
        *("resultsurlprotocol", "utrn", "scientificacronym"),
    )
)
"""Columns about the export or the results database, which no field of a registration holds."""
_CUTS = ((1980, 2005), (3988, 4001), (7988, 8001), (32700, 32768))
"""The lengths at which exports cut cells: the WHO at about 2,000, 4,000 and 8,000, Excel at 32,767."""
_CUT_EARLY = {"studydesign": (985, 1003), "intervention": (1785, 2005), "condition": (1785, 2005)}
_SENT = frozenset(("publictitle", "scientifictitle", "primaryoutcome", "inclusioncriteria", "condition", "targetsize"))
_SENDERS = frozenset(("IRCT", "ChiCTR"))
"""The registries that send these fields of every trial, so that a blank cell says that the field is empty."""


def column_key(name: str) -> str:
    """Return the name of a column without case, blanks and underscores, in the spelling of the portal.

    >>> column_key("Date_enrollement"), column_key("Date enrollment"), column_key("ethics_approval_date_str")
    ('dateenrollement', 'dateenrollement', 'ethicsapprovaldate')
    """
    key = "".join(letter for letter in name.lower() if letter.isalnum()).removesuffix("str")
    return _ALIASES.get(key, key)


class Columns:
    """The columns of one file: which of them are known, and what they are called there."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = [" ".join(name.split()) for name in names]
        self.index: dict[str, int] = {}
        self.strange: list[int] = []
        """The columns that are not the WHO's."""
        for at, name in enumerate(self.names):
            key = column_key(name)
            if key in self.index or key not in _READ:
                if key not in _KEPT_AS_EXPORT:
                    self.strange.append(at)
                continue
            self.index[key] = at

    @property
    def known(self) -> bool:
        """Whether this is the WHO's export: a number and some of its other columns."""
        return "trialid" in self.index and len(self.index) >= 4


class Row:
    """One row being read; each value goes where its column belongs."""

    def __init__(self, columns: Columns, cells: Sequence[str], place: Callable[[int], tuple[str, int | None]]) -> None:
        """*place* returns the path and the line of a column's cell."""
        self._columns, self._cells, self._place = columns, cells, place
        self._maker = Maker()
        self._made: dict[str, Any] = {}
        self._cut = False
        self._order = ""
        self.registry = ""

    def registration(self, source: Source, number: int) -> Registration:
        """Return the registration of the row."""
        made, maker = self._made, self._maker
        identity, register = self._cell("trialid"), self._cell("sourceregister")
        self.registry = registry_of(register.text if register else "", identity.text if identity else "")
        self._plain("trial_id", "trialid")
        self._list("secondary_ids", "secondaryids")
        for field, key in (("public_title", "publictitle"), ("scientific_title", "scientifictitle"), ("acronym", "acronym")):
            self._plain(field, key)
        self._dates()
        self._coded("recruitment_status", "recruitmentstatus")
        self._coded("study_type", "studytype")
        self._design()
        self._phase()
        self._size()
        self._criteria()
        self._age("minimum_age", "inclusionagemin")
        self._age("maximum_age", "inclusionagemax")
        self._coded("sex", "inclusiongender")
        self._conditions()
        self._arms()
        self._outcomes("primary_outcomes", "primaryoutcome")
        self._outcomes("secondary_outcomes", "secondaryoutcome")
        self._sponsors()
        self._list("countries", "countries")
        self._contact("public_contact", "contact")
        self._contact("scientific_contact", "scientificcontact")
        self._ethics()
        self._results()
        self._plain("retrospective_flag", "retrospectiveflag")
        own = {
            "source": source,
            "registry": self.registry or "unknown",
            "number": number,
            "values": tuple(maker.values),
            "unlabelled": tuple(self._strange()),
            "complete": not self._cut,
        }
        return group_of(Registration, own | made)

    def _cell(self, key: str) -> Cell | None:
        """Return the cell of a column, None where the export has no such column."""
        at = self._columns.index.get(key)
        if at is None:
            return None
        path, line = self._place(at)
        return Cell(self._columns.names[at], self._cells[at], path, line)

    def _said(self, key: str) -> Cell | None:
        """Return the cell of a column, None where it is blank or not there."""
        at = self._columns.index.get(key)
        if at is None:
            return None
        text = self._cells[at]
        if not text or text.isspace():
            return None
        path, line = self._place(at)
        return Cell(self._columns.names[at], text, path, line)

    def _plain(self, field: str, key: str) -> None:
        if (cell := self._said(key)) is not None:
            self._made[field] = value = self._maker.value(field, cell)
            self._mark(value, cell, key)
        else:
            self._nothing(Value, field, key)

    def _nothing(self, kind: type[Value], field: str, key: str) -> None:
        """Say of a field that its cell is blank, where that means something."""
        if key in self._columns.index and (cell := self._cell(key)) is not None and self._sent(key):
            self._made[field] = blank(kind, field, cell)

    def _sent(self, key: str) -> bool:
        return key in _SENT and self.registry in _SENDERS

    def _is_cut(self, text: str, key: str) -> bool:
        length = len(text.replace("_x000D_", " "))  # what Excel made of one sign
        if length < 985:
            return False
        first, last = _CUT_EARLY.get(key, (0, 0))
        return first <= length <= last or any(low <= length <= high for low, high in _CUTS)

    def _mark(self, value: Value, cell: Cell, key: str) -> None:
        """Mark a value that reaches to the end of a cell that is cut."""
        if len(cell.text) >= 985 and self._is_cut(cell.text.rstrip(), key):
            value.__dict__["cut"] = True
            self._cut = True

    def _coded(self, field: str, key: str) -> None:
        if (cell := self._said(key)) is None:
            return
        said = cell.text.replace("<br>", " ") if "<br>" in cell.text else cell.text
        self._made[field] = self._maker.known(field, cell, coded(field, said))

    def _list(self, field: str, key: str) -> None:
        if (cell := self._said(key)) is None:
            return
        spans = distinct(cell.text)
        items = tuple(self._maker.value(f"{field}[{at}]", cell, *span) for at, span in enumerate(spans))
        self._made[field] = Items(_heading(field, cell), items)

    def _date(self, field: str, cell: Cell) -> DateValue:
        meant = who_day(cell.text.strip(), self._order) if cell.text else None
        value = self._maker.dated(field, cell, meant) if meant is not None else self._maker.date(field, cell)
        if meant is None and value.date is not None and is_slashed(value.text):
            value.__dict__["date"] = None  # day and month may have changed places
        return value

    def _dates(self) -> None:
        registered, packed = self._said("dateregistration"), self._said("dateregistration3")
        if registered and packed:
            self._order = date_order(registered.text.strip(), packed.text.strip()) or self._order
        if registered is not None:
            value = self._date("registration_date", registered)
            if packed is not None and (day := who_day(packed.text.strip())) is not None and value.date != day:
                self._maker.forget(value)
                value = self._maker.dated("registration_date", packed, day)
            self._made["registration_date"] = value
        elif packed is not None:
            self._made["registration_date"] = self._date("registration_date", packed)
        kind = self._said("typeenrolment")
        actual = False
        if kind is not None:
            self._made["start_date_type"] = typed = self._maker.coded("start_date_type", kind)
            actual = typed.code == "actual"
        if (cell := self._said("dateenrollement")) is not None:
            field = "actual_recruitment_start" if actual else "expected_recruitment_start"
            self._made[field] = self._date(field, cell)
        if (cell := self._said("exportdate")) is not None:
            self._made["exported"] = _quiet(DateValue, "exported", cell, date=export_day(cell.text.strip()))

    def _design(self) -> None:
        cell = self._said("studydesign")
        if cell is None:
            return
        irct = self.registry == "IRCT"
        pieces = (irct_design(cell.text) if irct else other_design(cell.text, self.registry)) or []
        if not pieces:
            self._made["design_summary"] = value = self._maker.value("design_summary", cell)
            self._mark(value, cell, "studydesign")
            return
        masked = list[Coded]()
        for piece in pieces:
            if piece.field == "masked_groups":
                masked.append(self._piece(f"masked_groups[{len(masked)}]", cell, piece))
            elif piece.code == "":
                label = _sublabel(cell, piece.field)
                self._made[piece.field] = self._maker.value(piece.field, cell, piece.start, piece.end, label)
            else:
                self._made[piece.field] = self._piece(piece.field, cell, piece)
        if masked:
            self._made["masked_groups"] = Items(_heading("masked_groups", cell), tuple(masked))
        if irct:
            self._descriptions(cell, pieces)
        elif len(pieces) == 1 and pieces[0].field == "purpose":
            end = pieces[0].start - 1  # "Pragmatic randomised trial (Treatment)"
            self._made["design_summary"] = self._maker.value("design_summary", cell, 0, end)

    def _piece(self, field: str, cell: Cell, piece: Piece) -> Coded:
        return self._maker.known(field, cell, piece.code, piece.start, piece.end, _sublabel(cell, piece.field))

    def _descriptions(self, cell: Cell, pieces: list[Piece]) -> None:
        """Say of IRCT's descriptions that they are empty, unless the cell is cut before them."""
        cut = self._is_cut(cell.text.rstrip(), "studydesign")
        if cut:
            self._cut = True
            self._made[pieces[-1].field].__dict__["cut"] = True
        order = ("other_design_features", "randomization_description", "blinding_description")
        last = next((at for at in (2, 1, 0) if order[at] in self._made), -1)
        for at, field in enumerate(order):
            if field not in self._made and (not cut or at < last):
                self._made[field] = blank(Value, field, cell._replace(label=_sublabel(cell, field)))

    def _phase(self) -> None:
        if (cell := self._said("phase")) is None:
            return
        text = cell.text.strip()
        if self.registry == "EUCTR" and len(text) > 20:
            meant = eu_phase(text)
        elif self.registry == "ChiCTR" and text == "0":
            meant = None  # this registry's zero is no phase but "other"
        else:
            meant = coded("phase", text)
        self._made["phase"] = self._maker.known("phase", cell, meant)

    def _size(self) -> None:
        if (cell := self._said("targetsize")) is not None:
            number = group_sizes(cell.text)
            if number or self.registry != "ClinicalTrials.gov":  # whose 0 is what a withdrawn trial reached
                self._made["target_sample_size"] = self._maker.count("target_sample_size", cell, number)
        else:
            self._nothing(Count, "target_sample_size", "targetsize")
        if (cell := self._said("resultsactualenrolment")) is not None:
            self._made["actual_sample_size"] = self._maker.count("actual_sample_size", cell, group_sizes(cell.text))

    def _age(self, field: str, key: str) -> None:
        if (cell := self._said(key)) is not None:
            years, limited = age_limit(cell.text)
            if years == 0 and field == "maximum_age":
                years = None  # a registry's way to leave it open, or nobody
            self._made[field] = self._maker.age(field, cell, years, limited)

    def _criteria(self) -> None:
        included, excluded = self._said("inclusioncriteria"), self._said("exclusioncriteria")
        if included is not None:
            start, stop = after_heading(included.text, "inclusion criteria"), len(included.text)
            if excluded is None and (mark := exclusion_part(included.text, start)) is not None:
                value = self._maker.value("exclusion_criteria", included, mark[1])
                self._mark(value, included, "inclusioncriteria")
                self._made["exclusion_criteria"] = value
                stop = mark[0]
            value = self._maker.value("inclusion_criteria", included, start, stop)
            if stop == len(included.text):
                self._mark(value, included, "inclusioncriteria")
            self._made["inclusion_criteria"] = value
        else:
            self._nothing(Value, "inclusion_criteria", "inclusioncriteria")
        if excluded is not None:
            start = after_heading(excluded.text, "exclusion criteria")
            self._made["exclusion_criteria"] = value = self._maker.value("exclusion_criteria", excluded, start)
            self._mark(value, excluded, "exclusioncriteria")
        elif self.registry == "IRCT" and (cell := self._cell("exclusioncriteria")) is not None:
            self._made["exclusion_criteria"] = blank(Value, "exclusion_criteria", cell)

    def _conditions(self) -> None:
        cell = self._said("condition")
        if cell is None:
            if self._sent("condition") and (cell := self._cell("condition")) is not None:
                self._made["conditions"] = Items(blank(Value, "conditions", cell))
            return
        if self.registry == "IRCT":
            spans = irct_conditions(cell.text)
        elif self.registry == "ClinicalTrials.gov":
            spans = [ConditionSpan(span) for span in split(cell.text, ";")]
        else:
            spans = [ConditionSpan((0, len(cell.text)))]
        items = [self._condition(at, cell, span) for at, span in enumerate(spans)]
        if items and self._is_cut(cell.text.rstrip(), "condition"):
            self._cut = True
        self._made["conditions"] = Items(_heading("conditions", cell), tuple(items))

    def _condition(self, at: int, cell: Cell, span: ConditionSpan) -> HealthCondition:
        parts = {"description": span.description, "icd10": span.code, "icd10_description": span.code_description}
        owner, irct = f"conditions[{at}]", self.registry == "IRCT"
        return HealthCondition(**{name: self._part(f"{owner}.{name}", cell, where, irct) for name, where in parts.items()})

    def _part(self, field: str, cell: Cell, span: tuple[int, int] | None, sent: bool) -> Value:
        """Return a part of a list's item; one that is not there is empty where the registry sends it, else unknown."""
        if span is not None:
            return self._maker.value(field, cell, *span)
        return blank(Value, field, cell) if sent else unknown(field)

    def _arms(self) -> None:
        cell = self._said("intervention")
        if cell is None:
            return
        heading = _heading("arms", cell)
        arms: list[Arm] | None = None
        if self.registry == "IRCT":
            spans = numbered_arms(cell.text)
            arms = [self._arm(at, cell, None, span) for at, span in enumerate(spans)]
        elif self.registry == "DRKS" and len(spans := numbered_arms(cell.text)) > 1:
            arms = [self._arm(at, cell, None, span) for at, span in enumerate(spans)]
        elif self.registry == "ChiCTR" and (sizes := self._said("targetsize")) is not None:
            named = named_arms(cell.text, sizes.text)
            if named is not None:
                arms = [self._arm(at, cell, name, span) for at, (name, span) in enumerate(named)]
        if arms is None:  # products, or arms that cannot be told apart: their text is known, their number is not
            self._made["arms_summary"] = value = self._maker.value("arms_summary", cell)
            self._mark(value, cell, "intervention")
            return
        if len(cell.text) >= 985:
            self._mark(arms[-1].description, cell, "intervention")
        self._made["arms"] = Items(heading, tuple(arms))

    def _arm(self, at: int, cell: Cell, name: tuple[int, int] | None, span: tuple[int, int]) -> Arm:
        owner = f"arms[{at}]"
        label = f"{cell.label} {at + 1}"
        named = self._maker.value(f"{owner}.label", cell, *name) if name else unknown(f"{owner}.label")
        described = self._maker.value(f"{owner}.description", cell, *span, label=label)
        return Arm(described, Coded(f"{owner}.category", state=UNKNOWN), named)

    def _outcomes(self, field: str, key: str) -> None:
        cell = self._said(key)
        if cell is not None:
            self._made[field] = Items(_heading(field, cell), tuple(self._outcomes_in(field, key, cell)))
        elif key in self._columns.index and self._sent(key) and (cell := self._cell(key)) is not None:
            self._made[field] = Items(blank(Value, field, cell))

    def _outcomes_in(self, field: str, key: str, cell: Cell, first: int = 0) -> list[Outcome]:
        """Return the outcomes of a cell; the first of them is number *first*."""
        start = 0
        if cell.text[:19].lower().startswith(("primary outcome:", "secondary outcome:")):
            start = cell.text.index(":") + 1
        irct = self.registry == "IRCT"
        spans = irct_outcomes(cell.text) if irct else other_outcomes(cell.text, self.registry)
        if start and spans and spans[0].description[0] < start:
            spans[0] = spans[0]._replace(description=(start, max(start, spans[0].description[1])))
        cut = len(cell.text) >= 985 and self._is_cut(cell.text.rstrip(), key)
        self._cut = self._cut or cut
        return [
            self._outcome(f"{field}[{at + first}]", cell, span, irct and not (cut and at == len(spans) - 1))
            for at, span in enumerate(spans)
        ]

    def _outcome(self, owner: str, cell: Cell, span: OutcomeSpan, sent: bool) -> Outcome:
        return Outcome(
            self._part(f"{owner}.description", cell, span.description, sent),
            self._part(f"{owner}.timepoint", cell._replace(label=_sublabel(cell, "timepoint")), span.timepoint, sent),
            self._part(f"{owner}.method", cell._replace(label=_sublabel(cell, "method")), span.method, sent),
        )

    def _sponsors(self) -> None:
        sponsors = list[Sponsor]()
        heading: Value | None = None
        for key in ("primarysponsor", "secondarysponsors"):
            if (cell := self._said(key)) is None:
                continue
            heading = heading or _heading("sponsors", cell)
            spans = [(0, len(cell.text))] if key == "primarysponsor" else distinct(cell.text)
            for span in spans:
                owner = f"sponsors[{len(sponsors)}]"
                body = self._maker.value(f"{owner}.contact.organization", cell, *span)
                contact = self._maker.contact(f"{owner}.contact", {"organization": body})
                sponsors.append(Sponsor(contact, **{part: unknown(f"{owner}.{part}") for part in _SPONSOR}))
        if heading is not None:
            self._made["sponsors"] = Items(heading, tuple(sponsors))
        self._plain_if_said("funding_source", "sourcesupport")

    def _plain_if_said(self, field: str, key: str) -> None:
        if (cell := self._said(key)) is not None:
            self._made[field] = self._maker.value(field, cell)

    def _contact(self, field: str, prefix: str) -> None:
        parts: dict[str, Value] = {}
        for key, part in _CONTACT.items():
            if (cell := self._said(prefix + key)) is not None:
                parts[part] = self._maker.value(f"{field}.{part}", cell)
        if (cell := self._said(f"{prefix}lastname")) is not None:
            family = self._maker.value(f"{field}.{'family_name' if 'name' in parts else 'name'}", cell)
            parts.setdefault("name", family)
        if parts:
            self._made[field] = self._maker.contact(field, parts)

    def _ethics(self) -> None:
        cells = {key: self._said(f"ethics{key}") for key in ("contactname", "approvaldate", "contactaddress", "contactemail")}
        if not any(cells.values()):
            return
        heading = next(cell for cell in cells.values() if cell is not None)
        parted = {key: split(cell.text, ";") if cell else [] for key, cell in cells.items()}
        number = max(len(spans) for spans in parted.values())
        if any(len(spans) not in (0, number) for spans in parted.values()):
            number, parted = 1, {key: [(0, len(cell.text))] if cell else [] for key, cell in cells.items()}
        reviews = tuple(self._review(at, cells, parted) for at in range(number))
        self._made["ethics_reviews"] = Items(_heading("ethics_reviews", heading), reviews)

    def _review(self, at: int, cells: dict[str, Cell | None], parted: dict[str, list[tuple[int, int]]]) -> EthicsReview:
        owner = f"ethics_reviews[{at}]"

        def part(field: str, key: str) -> Value:
            cell = cells[key]
            return self._maker.value(field, cell, *parted[key][at]) if cell else unknown(field)

        contact = {
            name: part(f"{owner}.contact.{name}", key)
            for name, key in (("address", "contactaddress"), ("email", "contactemail"))
            if cells[key]
        }
        when = cells["approvaldate"]
        approved = DateValue(f"{owner}.approval_date", state=UNKNOWN)
        if when is not None:
            start, end = parted["approvaldate"][at]
            approved = self._maker.date(f"{owner}.approval_date", when, start, end)
            approved.__dict__["date"] = who_day(approved.text, self._order)
        return EthicsReview(
            part(f"{owner}.committee", "contactname"),
            approved,
            unknown(f"{owner}.reference"),
            self._maker.contact(f"{owner}.contact", contact),
        )

    def _results(self) -> None:
        for field, key in (("results_date", "resultsdateposted"), ("completion_date", "resultsdatecompleted")):
            if (cell := self._said(key)) is not None:
                self._made[field] = value = self._date(field, cell)
                if field == "completion_date" and self._lies_ahead(value):
                    kind = _quiet(Coded, "completion_date_type", cell, code="anticipated")
                    self._made["completion_date_type"] = kind
        self._plain_if_said("results_link", "resultsurllink")
        self._plain_if_said("results_summary", "resultssummary")
        self._plain_if_said("sharing_details", "resultsipddescription")
        if (cell := self._said("resultsipdplan")) is not None:
            plan = self._maker.coded("sharing[0].plan", cell, codes="sharing_plan")
            self._made["sharing"] = Items(_heading("sharing", cell), (Sharing("ipd", plan),))

    def _lies_ahead(self, value: DateValue) -> bool:
        exported: DateValue | None = self._made.get("exported")
        ahead = exported is not None and exported.date is not None and value.date is not None
        return ahead and value.date.first > exported.date.last  # type: ignore[union-attr]

    def _strange(self) -> Iterable[Value]:
        """Return the cells of columns that are not the WHO's."""
        for at in self._columns.strange:
            if self._cells[at].strip():
                path, line = self._place(at)
                yield _quiet(Value, "unlabelled", Cell(self._columns.names[at], self._cells[at], path, line))


_SPONSOR = tuple(name for name in Sponsor.__dataclass_fields__ if name != "contact")


@lru_cache(maxsize=512)
def _named(label: str, part: str) -> str:
    return f"{label}: {part.replace('_', ' ')}"


def _sublabel(cell: Cell, part: str) -> str:
    """Return the name of a part of a cell, such as ``Study design: randomization description``."""
    return _named(cell.label, part)


def _heading(field: str, cell: Cell) -> Value:
    """Return the heading of a list: the name of its column, in no text of its own."""
    return blank(Value, field, cell, GIVEN)


def _quiet(kind: type[Any], field: str, cell: Cell, state: State = GIVEN, **more: object) -> Any:
    """Return a value of the whole cell that is none of the registrant's words, so that no check of texts looks at it."""
    text = cell.text.strip()
    start = len(cell.text) - len(cell.text.lstrip())
    value = object.__new__(kind)
    value.__dict__.update(field=field, label=cell.label, text=text, start=start, state=state if text else EMPTY)
    value.__dict__.update(path=cell.path, line=cell.line, **more)
    return value
