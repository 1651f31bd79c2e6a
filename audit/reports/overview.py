"""Summaries of a batch's records -> its overview: one HTML page that loads nothing, or the page for paper that `audit.reports.pdf` prints."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from markupsafe import Markup

from audit.model.check import Check, Severity
from audit.model.dates import to_jalali
from audit.model.result import Unreadable, Verdict
from audit.reports import html
from audit.reports.charts import Bar, chart
from audit.reports.html import RunInfo
from audit.reports.summary import Summary
from audit.reports.tally import Group, Rate, Tally, largest, rate
from audit.reports.words import END, FIRST_STRONG, LTR, RTL, Words

MOST_ON_SCREEN, MOST_ON_PAPER = 50_000, 100
"""How many records are listed, the worst first; the tables of findings have all."""
_BARS, _CHECKS_DRAWN = 12, 15
_LONGEST_LABEL = 38
STYLE, SCRIPT = "overview.css", "overview.js"


@dataclass(frozen=True)
class Row:
    """One row of the table under a chart: its name, its records where they are counted, its findings."""

    name: str
    found: Counter[Severity]
    records: int | None = None


@dataclass(frozen=True)
class Chart:
    """A chart and the rows of its table. ``about`` is its key in the language file."""

    about: str
    picture: Markup
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Line:
    """One line of the table of checks."""

    check: Check
    judged: Counter[Verdict]
    rate: Rate | None

    @property
    def found(self) -> int:
        """On how many records it found something."""
        return self.judged[Verdict.FINDING]

    @property
    def assessed(self) -> int:
        """On how many records it was decided."""
        return self.found + self.judged[Verdict.PASSED]


def render(
    summaries: Iterable[Summary], unreadable: Sequence[Unreadable], run_info: RunInfo, words: Words, style: str | None = None
) -> str:
    """Return the overview of the records of *summaries*, which are read once, and of what could not be read.

    With *style* (the PDF brings its own, so it is empty) it is the page for paper: charts first, no documents linked, and only
    the first records listed. Charts and rates stand where there are several records.
    """
    on_screen = style is None
    most = MOST_ON_SCREEN if on_screen else MOST_ON_PAPER
    year = _year(words)
    tally = Tally.of(summaries, tuple(run_info.checks.values()), year, most)
    several = tally.records > 1
    lines = _lines(tally) if several else []
    script, digest = html.script(SCRIPT, run_info.templates) if on_screen else (Markup(""), "'none'")
    return html.page(
        "index.html.j2",
        words,
        run_info,
        style,
        None,
        sheets=(STYLE,),
        script=script,
        script_hash=digest,
        on_screen=on_screen,
        tally=tally,
        year=year,
        lines=lines,
        charts=_charts(tally, lines, words, on_screen) if several and tally.found else [],
        per_record=_per_record(words),
        unreadable=unreadable if on_screen else unreadable[:most],
        unread=len(unreadable),
        created=run_info.created,
    )


def _year(words: Words) -> Callable[[date], int]:
    """Return the function that says in which year of the language's calendar a day is."""
    return (lambda day: to_jalali(day)[0]) if words.rtl else (lambda day: day.year)


def _per_record(words: Words) -> Callable[[float], str]:
    return lambda number: words.number(round(number, 1 if number >= 0.1 else 2))


def _lines(tally: Tally) -> list[Line]:
    """Return the checks, the one that found something on the most records first."""
    lines = [Line(check, judged, rate(judged)) for check, judged in tally.verdicts()]
    return sorted(lines, key=lambda line: (-line.found, line.check.code))


def _charts(tally: Tally, lines: Sequence[Line], words: Words, on_screen: bool) -> list[Chart]:
    """Return the charts with the rows of their tables."""
    report = words.report["report"]
    families = sorted(tally.families, key=lambda family: -tally.families[family].total())
    made = [
        ("severity", [Row(report["columns"][severity], Counter({severity: tally.found[severity]})) for severity in Severity]),
        ("family", [Row(report["families"].get(family, family), tally.families[family]) for family in families]),
        ("year", _years(tally.years, words)),
        ("sponsor", _groups(tally.sponsors, words)),
        ("committee", _groups(tally.committees, words)),
    ]
    charts = [_chart(about, rows, words, on_screen) for about, rows in made]
    drawn = [line for line in lines[:_CHECKS_DRAWN] if line.rate and line.found]
    return [*charts[:2], Chart("check", _rates(drawn, words, on_screen), ()), *charts[2:]]


def _years(years: dict[str, Group], words: Words) -> list[Row]:
    """Return the years in their order, the earlier ones in one row where there are many; last what has no year."""
    known = sorted(int(year) for year in years if year)
    early, late = known[:-_BARS], known[-_BARS:]
    rows = [_row(words.number(year), years[str(year)]) for year in late]
    if early:
        earlier = words.report["report"]["overview"]["earlier"].format(year=words.number(late[0]))
        rows.insert(0, _row(earlier, _together(years[str(year)] for year in early)))
    return rows + ([_row(words.report["report"]["overview"]["no_year"], years[""])] if "" in years else [])


def _together(groups: Iterable[Group]) -> Group:
    whole = Group("")
    for group in groups:
        whole.records += group.records
        whole.found.update(group.found)
    return whole


def _groups(groups: dict[str, Group], words: Words) -> list[Row]:
    """Return the groups with the most records, the others in one row."""
    overview = words.report["report"]["overview"]
    shown, others, count = largest(groups.values(), _BARS)
    rows = [_row(words.apart(group.name) if group.name else overview["not_given"], group) for group in shown]
    return rows + ([_row(overview["others"].format(n=words.number(count)), others)] if count else [])


def _row(name: str, group: Group) -> Row:
    return Row(name, group.found, group.records)


def _chart(about: str, rows: Sequence[Row], words: Words, on_screen: bool) -> Chart:
    """Return the chart of *rows*: how many findings there are, or where records are counted how many a record."""
    bars, per_record = [], _per_record(words)
    for row in rows:
        if row.records is None:
            bars.append(Bar(row.name, words.number(row.found.total()), tuple(row.found[severity] for severity in Severity)))
        else:
            label = f"{_clipped(row.name)} ({words.counted('records', row.records)})"
            parts = tuple(row.found[severity] / row.records for severity in Severity)
            bars.append(Bar(label, per_record(sum(parts)), parts))
    return Chart(about, _drawn(about, bars, words.number, words, on_screen), tuple(rows))


def _rates(lines: Sequence[Line], words: Words, on_screen: bool) -> Markup:
    bars = [
        Bar(
            f"{words.apart(line.check.code)} {_clipped(words.title(line.check))}",
            words.percent(line.rate.share),
            share=line.rate.share,
            interval=(line.rate.low, line.rate.high),
        )
        for line in lines
        if line.rate
    ]
    return _drawn("check", bars, lambda share: words.percent(share, 0), words, on_screen)


def _drawn(about: str, bars: Sequence[Bar], tick: Callable[[float], str], words: Words, on_screen: bool) -> Markup:
    title = words.report["report"]["overview"]["charts"][about]
    if words.rtl:
        bars = [replace(bar, label=f"{RTL}{bar.label}{END}", said=f"{RTL}{bar.said}{END}") for bar in bars]
    return chart(f"chart-{about}", title, bars, tick, rtl=words.rtl, on_screen=on_screen)


def _clipped(name: str) -> str:
    """Return *name* short enough for a line of a chart, its isolates closed; the table beneath has it whole."""
    if len(name) > _LONGEST_LABEL:
        name = name[: _LONGEST_LABEL - 1].rstrip() + "…"
    return name + END * (name.count(LTR) + name.count(FIRST_STRONG) - name.count(END))
