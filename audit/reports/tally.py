"""Summaries of records -> the counts of a batch: by check with rates and intervals, by family, year, sponsor and committee."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from audit.model.check import Check, Severity
from audit.model.fold import fold_persian
from audit.model.result import Verdict
from audit.reports.summary import Summary
from audit.reports.totals import ByCheck


@dataclass(frozen=True)
class Rate:
    """On how many of the assessed records a check found something, as a share, with its 95 % interval (Wilson)."""

    share: float
    low: float
    high: float


@dataclass
class Group:
    """Records that have something in common, and their findings by severity."""

    name: str
    """What they have in common, as the first of them has it; empty where nothing is given."""
    records: int = 0
    found: Counter[Severity] = field(default_factory=Counter)

    def add(self, found: Counter[Severity]) -> None:
        """Count one record more."""
        self.records += 1
        self.found.update(found)

    @classmethod
    def together(cls, groups: Iterable["Group"]) -> "Group":
        """Return several groups as one without a name."""
        whole = cls("")
        for group in groups:
            whole.records += group.records
            whole.found.update(group.found)
        return whole


@dataclass
class Tally:
    """The counts of a batch."""

    checks: tuple[Check, ...]
    records: int = 0
    clean: int = 0
    """Records on which nothing was found."""
    held_back: int = 0
    """Findings that are waived or known from the baseline: no others count them, but the verdicts and rates of the checks do."""
    with_errors: int = 0
    found: Counter[Severity] = field(default_factory=Counter)
    families: dict[str, Counter[Severity]] = field(default_factory=dict)
    years: dict[str, Group] = field(default_factory=dict)
    sponsors: dict[str, Group] = field(default_factory=dict)
    committees: dict[str, Group] = field(default_factory=dict)
    """A record with several committees counts for each of them."""
    as_of: tuple[str, ...] = ()
    """The first and the last of the as-of days; one where they are the same."""
    ranked: list[Summary] = field(default_factory=list)
    """The records in their order, as many as were asked for."""
    _judged: ByCheck = field(default_factory=ByCheck)

    @classmethod
    def of(cls, summaries: Iterable[Summary], checks: Sequence[Check], year: Callable[[date], int], most: int) -> "Tally":
        """Return the counts of *summaries*, read once; *year* is the year of a day, and the *most* worst records are kept."""
        tally = cls(tuple(checks))
        tally.ranked = heapq.nsmallest(most, tally._counted(summaries, year), key=lambda summary: summary.rank)
        return tally

    def verdicts(self) -> Iterator[tuple[Check, Counter[Verdict]]]:
        """Yield each check with how often it came to each verdict."""
        yield from zip(self.checks, self._judged.counts or [Counter() for _ in self.checks], strict=True)

    @property
    def all_verdicts(self) -> Counter[Verdict]:
        """How often all checks together came to each verdict."""
        return sum((judged for _, judged in self.verdicts()), Counter())

    def _counted(self, summaries: Iterable[Summary], year: Callable[[date], int]) -> Iterator[Summary]:
        for summary in summaries:
            found = Counter(severity for _, severity in summary.found)
            self.records += 1
            if summary.as_of not in self.as_of:
                days = sorted((*self.as_of, summary.as_of))
                self.as_of = tuple(dict.fromkeys((days[0], days[-1])))
            self.clean += not (found or summary.held_back)
            self.held_back += summary.held_back
            self.with_errors += bool(found[Severity.ERROR])
            self.found.update(found)
            for code, severity in summary.found:
                self.families.setdefault(code[:2], Counter())[severity] += 1
            self._judged.add(summary.verdicts)
            _group(self.years, str(year(summary.registered)) if summary.registered else "").add(found)
            _group(self.sponsors, summary.sponsor).add(found)
            for committee in summary.committees or ("",):
                _group(self.committees, committee).add(found)
            yield summary


def _group(groups: dict[str, Group], name: str) -> Group:
    """Return the group of *name*, whatever its blanks, capitals, digits and Persian letters."""
    key = " ".join(fold_persian(name).split()).casefold().strip(" .,;")
    return groups.setdefault(key, Group(name))


def largest(groups: Iterable[Group], most: int) -> tuple[list[Group], list[Group]]:
    """Return the *most* groups with the most records, and the others.

    Records of which nothing is known are none of the largest: they come last of them, where there are any.
    """
    named = sorted(groups, key=lambda group: (not group.name, -group.records, group.name))
    unknown = [named.pop()] if named and not named[-1].name else []
    return named[:most] + unknown, named[most:]


def rate(judged: Counter[Verdict]) -> Rate | None:
    """Return the rate of a check that came to these verdicts, None where it was decided on no record.

    >>> rate(Counter({Verdict.FINDING: 1, Verdict.PASSED: 9}))
    Rate(share=0.1, low=0.017876213095072924, high=0.40415002679523837)
    """
    found, assessed = judged[Verdict.FINDING], judged[Verdict.FINDING] + judged[Verdict.PASSED]
    if not assessed:
        return None
    from scipy.stats import binomtest  # half a second to import

    interval = binomtest(found, assessed).proportion_ci(0.95, "wilson")
    return Rate(found / assessed, float(interval.low), float(interval.high))
