"""Summaries of a batch's records -> its overview: one HTML page that loads nothing, or the page for paper that `audit.reports.pdf` prints."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup

from audit.model.check import Check, Severity
from audit.model.dates import to_jalali
from audit.model.result import Unreadable, Verdict
from audit.reports import html
from audit.reports.charts import Bar, draw
from audit.reports.html import RunInfo
from audit.reports.summary import Summary
from audit.reports.tally import Group, Rate, Tally, largest, rate
from audit.reports.words import Words

MOST_ON_SCREEN, MOST_ON_PAPER = 50_000, 100
"""How many records are listed, the worst first; the tables of findings have all."""
_BARS, _CHECKS_DRAWN = 12, 15
_COMMITTEE = re.compile(
    r"^(\u2068?)(?:(?:the )?(?:(?:institutional|regional|national|local|research|medical|biomedical) )*ethics committee (?:of|at|in|for) (?:the )?"
    r"|کمیته[\u0654\u200cی ]*اخلاق (?:در پژوهش(?:[\u200c ]?های \w+)? )?)",
    re.I,
)
"""What the names of all ethics committees begin with."""
STYLE, SCRIPT = "overview.css", "overview.js"


@dataclass(frozen=True)
class Row:
    """One row of a chart: what it is, its findings, in a group of records their number; ``said`` stands at the end of its bar."""

    name: str
    said: str
    found: Counter[Severity] = field(default_factory=Counter)
    records: int | None = None
    code: str = ""

    @property
    def label(self) -> str:
        """The name without what all ethics committees are called: it is cut where it is longer than the bar."""
        return _COMMITTEE.sub(r"\1", self.name)


@dataclass(frozen=True)
class Chart:
    """A chart with its rows; ``about`` is its key in the language file, ``ticks`` are the numbers of its axis with their places."""

    about: str
    svg: Markup
    ticks: tuple[tuple[float, str], ...]
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
    summaries: Iterable[Summary],
    unreadable: Sequence[Unreadable],
    run_info: RunInfo,
    words: Words,
    style: str | None = None,
    tables: Sequence[str] = (),
) -> str:
    """Return the overview of the records of *summaries*, which are read once, and of what could not be read.

    With *style* (the PDF brings its own, so it is empty) it is the page for paper: charts first, no documents linked, and only
    the first records listed. Charts and rates stand where there are several records. *tables* are the names of the tables of
    findings that are written beside it.
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
        amount=_amount(words),
        per_record=_per_record(words),
        unreadable=unreadable if on_screen else unreadable[:most],
        unread=len(unreadable),
        tables=tables,
        created=run_info.created or max(tally.as_of, default=None),
    )


def _year(words: Words) -> Callable[[date], int]:
    """Return the function that says in which year of the language's calendar a day is."""
    return (lambda day: to_jalali(day)[0]) if words.rtl else (lambda day: day.year)


def _amount(words: Words) -> Callable[[float], str]:
    return lambda number: words.number(number, grouped=True)


def _per_record(words: Words) -> Callable[[float], str]:
    return lambda number: words.number(round(number, 1 if number >= 0.1 else 2))


def _lines(tally: Tally) -> list[Line]:
    """Return the checks, the one that found something on the most records first."""
    lines = [Line(check, judged, rate(judged)) for check, judged in tally.verdicts()]
    return sorted(lines, key=lambda line: (-line.found, line.check.code))


def _charts(tally: Tally, lines: Sequence[Line], words: Words, on_screen: bool) -> list[Chart]:
    """Return the charts with the rows of their tables."""
    report, amount = words.report["report"], _amount(words)
    families = sorted(tally.families, key=lambda family: -tally.families[family].total())
    by_severity = [(report["columns"][severity], Counter({severity: tally.found[severity]})) for severity in Severity]
    by_family = [(report["families"].get(family, family), tally.families[family]) for family in families]
    draw = _Drawer(words, on_screen)
    drawn = [line for line in lines[:_CHECKS_DRAWN] if line.found]
    return [
        draw("severity", [Row(name, amount(found.total()), found) for name, found in by_severity], amount),
        draw("family", [Row(name, amount(found.total()), found) for name, found in by_family], amount),
        *([draw.rates(drawn)] if drawn else []),
        draw("year", _years(tally.years, words), words.number),
        draw("sponsor", _groups(tally.sponsors, words), words.number),
        draw("committee", _groups(tally.committees, words), words.number),
    ]


@dataclass(frozen=True)
class _Drawer:
    """Draws rows as a chart in one language."""

    words: Words
    on_screen: bool

    def __call__(self, about: str, rows: Sequence[Row], tick: Callable[[float], str]) -> Chart:
        """Return the chart of *rows*: how many findings there are, or of groups of records how many a record."""
        bars = [Bar(tuple(row.found[severity] / (row.records or 1) for severity in Severity)) for row in rows]
        return self._chart(about, rows, bars, tick)

    def rates(self, lines: Sequence[Line]) -> Chart:
        """Return the chart of the rates of some checks, with their intervals."""
        rows, bars = [], []
        for line in lines:
            if line.rate:
                said = self.words.percent(line.rate.share)
                rows.append(Row(self.words.title(line.check), said, code=line.check.code))
                bars.append(Bar(share=line.rate.share, interval=(line.rate.low, line.rate.high)))
        return self._chart("check", rows, bars, lambda share: self.words.percent(share, 0))

    def _chart(self, about: str, rows: Sequence[Row], bars: Sequence[Bar], tick: Callable[[float], str]) -> Chart:
        title = self.words.report["report"]["overview"]["charts"][about]
        made = draw(f"chart-{about}", title, bars, rtl=self.words.rtl, on_screen=self.on_screen)
        return Chart(about, made.svg, tuple((place, tick(number)) for place, number in made.ticks), tuple(rows))


def _years(years: dict[str, Group], words: Words) -> list[Row]:
    """Return the years in their order, the earlier ones in one row where there are many; last what has no year."""
    overview = words.report["report"]["overview"]
    known = sorted(int(year) for year in years if year)
    early, late = known[:-_BARS], known[-_BARS:]
    rows = [_row(words.number(year), years[str(year)], words) for year in late]
    if early:
        earlier = overview["earlier"].format(year=words.number(late[0]))
        rows.insert(0, _row(earlier, Group.together(years[str(year)] for year in early), words))
    return rows + ([_row(overview["no_year"], years[""], words)] if "" in years else [])


def _groups(groups: dict[str, Group], words: Words) -> list[Row]:
    """Return the groups with the most records, the others in one row."""
    overview = words.report["report"]["overview"]
    shown, others = largest(groups.values(), _BARS)
    rows = [_row(words.apart(group.name) or overview["not_given"], group, words) for group in shown]
    name = overview["others"].format(n=words.number(len(others), grouped=True))
    return rows + ([_row(name, Group.together(others), words)] if others else [])


def _row(name: str, group: Group, words: Words) -> Row:
    return Row(name, _per_record(words)(group.found.total() / group.records), group.found, group.records)
