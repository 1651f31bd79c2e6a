"""The text of an IRCT page, in any shape it is passed around in -> registrations."""

import re
from collections.abc import Iterator
from operator import attrgetter
from typing import Any

from audit.errors import NoRecordError, UnreadableError
from audit.model.registration import Age, Coded, Items, Registration, Sharing
from audit.model.span import ABSENT, EMPTY, GIVEN, Source, Value
from audit.readers.ages import read_ages
from audit.readers.dates import read_date
from audit.readers.irct_blocks import absent_block, read_block
from audit.readers.irct_labels import BLOCKS, EXCLUSION, INCLUSION, LOADING, ORDER, PAGE, SINGLE, Label, key
from audit.readers.irct_lines import Hit, Record, is_record, records, scan
from audit.readers.irct_slices import Named, Slices, Span, coded

_NAMED = {
    language: [Named(label.field, label.shown(language), label.kind, label.field) for label in PAGE] for language in ("en", "fa")
}
"""What the value of each label of the page is called, by the language of the page."""
_PLAIN = frozenset({"text", *SINGLE})
_FIELDS = frozenset(Registration.__dataclass_fields__)
_FURNITURE = ("view older revisions", "دیدن نسخه")
_SHARING = frozenset(label.order for label in PAGE if label.kind == "plan")
_DESIGN = next(label for label in PAGE if label.english == ("Design",))
_SUMMARY_ROW = next(label for label in PAGE if label.english == ("Summary",))
"""Older pages have this one row for the whole summary."""
_LAST_OF_SUMMARY = ORDER["outcomes_summary"]
_SEARCH_ENDS = frozenset({"irctid", "irct id"})
"""What a search result ends with: it shows the summary, and concludes nothing about the rest."""
_MORE_AGE = re.compile(r"(?:[\d\s*.]|to\b|years?\b|months?\b|weeks?\b|days?\b|old\b|ساله?|تا|سن)+")
"""What an age that is broken over lines goes on with."""
_PLAN = re.compile(r"\W*(?:yes|no|undecided)\b", re.I)


def _marker(words: tuple[str, ...], form: str) -> re.Pattern[str]:
    names = "|".join(re.escape(word).replace(r"\ ", r"[\s\u200c]*") for word in words)
    return re.compile(form.replace("NAME", names).replace("LINE", r"(?:^|(?<=\r))").replace("$", r"(?=[\r\n]|\Z)"), re.I | re.M)


_INCLUSIONS = (_marker(INCLUSION, r"LINE[ \t*#-]*(?P<label>NAME)[ \t*]*:[*]*"),)
_EXCLUSIONS = (
    _marker(EXCLUSION, r"LINE[ \t*#-]*(?P<label>NAME)[ \t*]*:[ \t*]*$"),
    _marker(EXCLUSION, r"LINE[ \t*#-]*(?P<label>NAME)[ \t*]*:[*]*"),
    _marker(EXCLUSION, r"(?<!\w)(?P<label>NAME)[ \t*]*:[*]*"),
)
_PIECE = re.compile(r"[^,;،؛]+")


_DATA = {"<?xml": "XML", "<!DOCTYPE": "XML", "{": "JSON", "[": "JSON"}
"""How files begin that are no text of a page."""


def _search(patterns: tuple[re.Pattern[str], ...], text: str, start: int, end: int) -> re.Match[str] | None:
    return next((found for pattern in patterns if (found := pattern.search(text, start, end))), None)


def read(source: Source) -> Iterator[Registration | UnreadableError]:
    """Yield the registrations in *source*, or an error where a text is no IRCT record."""
    lines = scan(source.text)
    for number, record in enumerate(records(lines), 1):
        if is_record(record.chain):
            yield _Page(source, lines.spans, record).registration(number)
        else:
            at = lines.spans[record.first][0] if record.first < len(lines.spans) else 0
            yield NoRecordError(
                _none(source.text),
                source.line(at),
                number if number > 1 else None,
            )


def _none(text: str) -> str:
    """Return why *text* is no record."""
    kind = next((kind for start, kind in _DATA.items() if text[:64].lstrip().startswith(start)), None)
    if kind is not None:
        return f"no registration record was found: this {kind} is no export of ClinicalTrials.gov, WHO ICTRP or IRCT"
    return (
        "no registration record was found: the labels of an IRCT page (Study aim, Registration date, Primary "
        "outcomes ...) are not there; give the text of the whole page"
    )


class _Page:
    """Reads one record: each value is what stands between two labels of the page."""

    def __init__(self, source: Source, spans: list[Span], record: Record) -> None:
        ascii_words = sum([hit.word.isascii() for _, hit in record.chain])
        language = "en" if ascii_words * 2 >= len(record.chain) else "fa"
        self._source, self._spans = source, spans
        self._record = record
        self._first, self._last = record.chain[0][0], record.chain[-1][0]
        self._complete = self._last >= ORDER["csr"]
        self._slices = Slices(source, spans, language, -1 if self._complete else record.stop - 1)
        self._named = _NAMED[language]
        self._made: dict[str, Any] = {}
        self._plans: list[Sharing] = []
        self._details: list[Value] = []

    def registration(self, number: int) -> Registration:
        """Return the record as a registration."""
        chain = self._record.chain
        self._before(*chain[0])
        stops = [hit.line for _, hit in chain[1:]] + [self._end(chain[-1][1].line)]
        hits, at = self._record.hits, 0
        for (order, hit), stop in zip(chain, stops, strict=True):
            label = PAGE[order]
            if label.kind == "block":
                while at < len(hits) and hits[at].line <= hit.line:
                    at += 1
                first = at
                while at < len(hits) and hits[at].line < stop:
                    at += 1
                inside, later = hits[first:at], self._last > order
                self._made[label.field] = read_block(self._slices, label, hit, inside, stop, later)
            else:
                self._field(label, hit, stop)
        self._missing()
        self._share()
        return Registration(
            source=self._source,
            registry="IRCT",
            number=number,
            extent=self._extent(),
            values=tuple(sorted(self._slices.values, key=attrgetter("start"))),
            unlabelled=tuple(self._unlabelled()),
            complete=self._complete,
            language=self._slices.language,
            **self._made,
        )

    def _extent(self) -> tuple[int, int]:
        """Return from where to where the record reaches: the text before the first and after the last record is theirs."""
        spans, text = self._spans, self._source.text
        first = spans[self._record.first][0] if self._record.first and self._record.first < len(spans) else 0
        return first, spans[self._record.stop][0] if self._record.stop < len(spans) else len(text)

    def _unlabelled(self) -> Iterator[Value]:
        """Yield the lines of no field, without the page's title, which is one of the two, and the page's furniture."""
        titles = {self._made[name].text for name in ("public_title", "scientific_title") if name in self._made}
        for line in self._slices.unlabelled:
            if line.text not in titles and not line.text.lower().startswith(_FURNITURE):
                yield line

    def _before(self, order: int, hit: Hit) -> None:
        """Read what stands before the first label: nothing known, or a study aim that has lost its label."""
        slices, stop = self._slices, hit.line
        if order == _DESIGN.order and stop > self._record.first:
            stop -= 1
            self._first = ORDER["study_aim"]
            self._put("study_aim", slices.typed(self._named[self._first], slices.span(stop, hit.line), hit))
        slices.keep_odd(self._record.first, stop)

    def _end(self, last: int) -> int:
        """Return the line after the record's last value.

        What follows the page's 'Loading...' is not of the record, and a record that is cut may end with half a label.
        """
        stop, spans, text = self._record.stop, self._slices.spans, self._source.text
        if not self._complete and stop - 1 > last and stop == len(spans):
            half = key(text[slice(*spans[stop - 1])])
            if len(half) > 1 and any(word.startswith(half) for word in self._next_words()):
                self._slices.keep_odd(stop - 1, stop)
                return stop - 1
        for line in range(max(last + 1, stop - 30), stop):
            if text[slice(*spans[line])].strip().lower() == LOADING:
                self._slices.keep_odd(line + 1, stop)
                return line
        return stop

    def _next_words(self) -> Iterator[str]:
        """Yield the labels that may come next."""
        following = PAGE[self._last + 1 : self._last + 4]
        yield from (key(word) for label in following for word in (*label.english, *label.persian))
        if PAGE[self._last].kind == "block":
            block = BLOCKS[PAGE[self._last].field]
            yield from (*block.labels, *block.opening)

    def _field(self, label: Label, hit: Hit, stop: int) -> None:
        kind, named = label.kind, self._named[label.order]
        if kind in _PLAIN:
            self._put(label.field, self._slices.read(named, hit, stop))
        elif kind == "heading":
            self._heading(named, hit.line + 1, stop)
        elif kind == "plan":
            self._plan(named, hit, stop)
        elif kind == "criteria":
            self._criteria(hit, stop)
        elif kind == "masked":
            self._masked(named.shown, hit, stop)
        else:
            self._age(named, hit, stop)

    def _put(self, field: str, value: Value) -> None:
        """Set a field of the registration; the page shows some twice, and the first that says something counts."""
        if field in _FIELDS and (field not in self._made or not self._made[field].given):
            self._made[field] = value
        if field.startswith("sharing_"):
            self._details.append(value)

    def _heading(self, named: Named, first: int, stop: int) -> None:
        slices = self._slices
        if named.field == "exported" and first < stop:
            span = slices.span(first, first + 1)
            date = read_date(slices.value("exported", named.shown, span)) if span else None
            if date is not None and date.date is not None:
                self._made["exported"] = date
                slices.values.append(date)
                first += 1
        slices.keep_odd(first, stop)

    def _age(self, named: Named, hit: Hit, stop: int) -> None:
        slices = self._slices
        last = hit.line + 2 - (hit.value >= 0)
        while last < stop and _MORE_AGE.fullmatch(self._source.text, *slices.spans[last]):
            last += 1
        slices.keep_odd(last, stop)
        span = slices.span(hit.line + 1, min(last, stop), hit.value)
        if span is None or slices.state(span) is EMPTY:
            whole = slices.typed(named, span, hit)
        else:
            whole = slices.value("age", named.shown, span)
        for age in read_ages(whole):
            self._made[age.field] = age
            if age.given:
                slices.values.append(age)

    def _criteria(self, hit: Hit, stop: int) -> None:
        """Read the two lists: their own labels stand on lines of their own, before a text, or in the middle of it."""
        slices, text = self._slices, self._source.text
        if slices.span(hit.line + 1, stop, hit.value) is None:
            self._list("inclusion_criteria", None, None, hit)
            self._list("exclusion_criteria", None, None, hit)
            return
        start = hit.value if hit.value >= 0 else slices.spans[hit.line][1]
        end = slices.spans[stop - 1][1]
        inside = _search(_INCLUSIONS, text, start, end)
        outside = _search(_EXCLUSIONS, text, inside.end() if inside else start, end)
        if inside is None and outside is None:
            slices.keep_odd(hit.line + 1, stop)
            return
        first = inside.end() if inside else start
        if inside:
            slices.keep_loose(start, inside.start())
        last = outside.start() if outside else end
        if inside or slices.trim_dashes(first, last):
            self._list("inclusion_criteria", inside, slices.trim_dashes(first, last), hit)
        if outside:
            self._list("exclusion_criteria", outside, slices.trim_dashes(outside.end(), end), hit)

    def _list(self, field: str, marker: re.Match[str] | None, span: Span | None, hit: Hit) -> None:
        slices = self._slices
        place = marker.span("label") if marker else slices.label_span(hit)
        label = self._source.text[slice(*place)]
        state = slices.state(span) if span else slices.empty(hit)
        value = slices.value(field, label, span or place, state)
        if value.given:
            slices.values.append(value)
        self._made[field] = value

    def _masked(self, label: str, hit: Hit, stop: int) -> None:
        slices = self._slices
        spans = [span for line in range(hit.line + 1, stop) for span in self._parties(*slices.spans[line])]
        if hit.value >= 0:
            spans = self._parties(hit.value, slices.spans[hit.line][1]) + spans
        given = [span for span in spans if slices.state(span) is GIVEN]
        items = tuple(
            slices.typed(Named(f"masked_groups[{at}]", label, "coded", "masked_groups"), span, hit)
            for at, span in enumerate(given)
        )
        place = slices.label_span(hit) if given or not spans else spans[0]
        heading = slices.value("masked_groups", label, place, GIVEN if given else slices.empty(hit))
        self._made["masked_groups"] = Items(heading, items)

    def _parties(self, start: int, end: int) -> list[Span]:
        """Return the parties named in one line: apart where commas part what is known."""
        slices, text = self._slices, self._source.text
        pieces = [slices.item(*match.span()) for match in _PIECE.finditer(text, start, end)]
        known = [piece for piece in pieces if piece and coded("masked_groups", text[slice(*piece)])]
        if known and len(known) == len(pieces):
            return known
        whole = slices.item(start, end)
        return [whole] if whole else []

    def _plan(self, named: Named, hit: Hit, stop: int) -> None:
        """Read a row of the sharing plan; its wording ends with 'available' where it is broken over lines."""
        slices, text = self._slices, self._source.text
        first = hit.line + (hit.value < 0)
        last = min(first + 1, stop)
        if stop > last and _PLAN.match(text, slices.spans[first][0], slices.spans[first][1]):
            ends = (line + 1 for line in range(first, min(stop, first + 3)) if self._ends(line))
            last = next(ends, last)
        slices.keep_odd(max(last, hit.line + 1), stop)
        row = Named(f"sharing[{len(self._plans)}].plan", named.shown, "coded", "sharing_plan")
        plan = slices.typed(row, slices.span(hit.line + 1, last, hit.value), hit)
        if isinstance(plan, Coded):
            self._plans.append(Sharing(named.field, plan))

    def _ends(self, line: int) -> bool:
        start, end = self._slices.spans[line]
        return self._source.text[start:end].rstrip(" \t\r*.").lower().endswith("available")

    def _share(self) -> None:
        """Set the sharing plan's rows, and its details as one text."""
        slices = self._slices
        rows = [value for value in self._details if value.given and value.field != "sharing_reason"]
        reasons = [value for value in self._details if value.given and value.field == "sharing_reason"]
        if rows:
            span = (rows[0].start, rows[-1].start + len(rows[-1].text))
            self._made["sharing_details"] = slices.value("sharing_details", rows[0].label, span)
        elif reasons:
            self._made["sharing_details"] = reasons[0].named("sharing_details", reasons[0].label)
        else:
            self._made.pop("sharing_details", None)
        label = PAGE[ORDER["sharing"]]
        heading = next((hit for order, hit in self._record.chain if order == label.order), None)
        first = next((hit for order, hit in self._record.chain if order in _SHARING), heading)
        if first is not None:
            state = GIVEN if self._plans else EMPTY
            place = slices.label_span(heading or first)
            self._made["sharing"] = Items(slices.value("sharing", label.shown(slices.language), place, state), tuple(self._plans))

    def _missing(self) -> None:
        """Say of each field that was not met whether it is absent; a field that is not set is unknown."""
        if self._record.chain[-1][1].word in _SEARCH_ENDS:
            return
        slices = self._slices
        places = dict(self._record.chain)
        nearest = self._record.chain[0][1]
        old = _SUMMARY_ROW.order in places
        for label in PAGE[self._first : self._last]:
            if label.order in places:
                nearest = places[label.order]
            elif label.field not in self._made and label is not _SUMMARY_ROW and not (old and label.order <= _LAST_OF_SUMMARY):
                self._absent(label, slices.label_span(nearest)[0])

    def _absent(self, label: Label, place: int) -> None:
        slices = self._slices
        field, kind, named = label.field, label.kind, self._named[label.order]
        if kind == "block":
            self._made[field] = absent_block(slices, label, place)
        elif kind == "masked":
            self._made[field] = Items(named.absent(place))
        elif kind == "age":
            for name in ("minimum_age", "maximum_age"):
                self._made[name] = Age(name, named.shown, "", place, ABSENT)
        elif kind == "criteria":
            for name in ("inclusion_criteria", "exclusion_criteria"):
                self._made[name] = Value(name, named.shown, "", place, ABSENT)
        elif field in _FIELDS and kind not in ("heading", "plan"):
            self._made[field] = named.absent(place)
