"""Findings -> a random sample of them as a table for two readers; the table they filled in -> precision and agreement."""

import csv
import io
import random
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.errors import AuditError
from audit.reports.tables import safe
from audit.reports.told import Told

VERDICTS = ("right", "wrong", "unsure")
"""What a reader may say of a finding."""
READERS = ("reader_1", "reader_2")
COLUMNS = (
    *("nr", "record", "registry", "file", "check", "severity", "title", "message", "question", "quotes", "page", "fingerprint"),
    *READERS,
    "remark",
)
_WIDTHS = {"title": 40, "message": 60, "question": 50, "quotes": 80, "record": 24, "page": 30, "remark": 40}
_LONGEST_CELL = 32_000
_HOW = f"Say {', '.join(VERDICTS[:-1])} or {VERDICTS[-1]}; do not look at what the other reader says."


class Sample:
    """A sample in which every finding has the same chance, whatever their number (reservoir sampling, Vitter's algorithm R)."""

    def __init__(self, size: int, seed: int) -> None:
        """*size* findings are chosen; the same *seed* and the same findings give the same sample."""
        self._size, self._chance = size, random.Random(seed)
        self._chosen: list[tuple[int, dict[str, Any]]] = []
        self.seen = 0
        """Findings that were to choose from."""

    def add(self, told: Told) -> None:
        """Take the findings of one record into account."""
        for finding in told.record["findings"]:
            self.seen += 1
            at = self.seen - 1 if self.seen <= self._size else self._chance.randrange(self.seen)
            if at >= self._size:
                continue
            row = (self.seen, _row(told, finding))
            if at == len(self._chosen):
                self._chosen.append(row)
            else:
                self._chosen[at] = row

    def rows(self) -> list[dict[str, Any]]:
        """Return the chosen findings in the order of the input."""
        return [{"nr": number, **row} for number, (_, row) in enumerate(sorted(self._chosen, key=lambda one: one[0]), 1)]


def _row(told: Told, finding: Mapping[str, Any]) -> dict[str, Any]:
    record = told.record
    quoted = (f"{said['label'] or said['field']}{_line(said)}: {said['quote']}" for said in finding["evidence"])
    row = {name: finding.get(name, "") for name in COLUMNS}
    row |= {"record": record["id"] or "", "registry": record["registry"], "quotes": "\n".join(quoted), "page": told.address or ""}
    row["file"] = f"{record['source']['path']} ({record['source']['record']})"
    return {name: row[name] for name in COLUMNS[1:]}


def _line(said: Mapping[str, Any]) -> str:
    return f" (line {said['line']})" if said["line"] else ""


def as_csv(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the sample as CSV that spreadsheets open as UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([safe(row[name]) for name in COLUMNS] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the sample as a workbook; the readers' columns offer what may be said."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head, wrap = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("sample")
    sheet.freeze_panes(1, 2)
    for at, name in enumerate(COLUMNS):
        sheet.set_column(at, at, _WIDTHS.get(name, 14), wrap)
        sheet.write_string(0, at, name, head)
        for number, row in enumerate(rows, 1):
            if name == "nr":
                sheet.write_number(number, at, row[name])
            else:
                sheet.write_string(number, at, str(row[name])[:_LONGEST_CELL])
        if name in READERS:
            rule = {"validate": "list", "source": list(VERDICTS), "input_title": name, "input_message": _HOW}
            sheet.data_validation(1, at, max(1, len(rows)), at, rule)
    book.close()
    return out.getvalue()


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a filled sample; raises AuditError for what is none, and for a verdict that is none, with its row."""
    try:
        lines = list(_xlsx(path) if path.suffix.lower() == ".xlsx" else _csv(path))
    except (OSError, UnicodeDecodeError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise AuditError(f"{path.as_posix()} cannot be read as a sample: {error}") from error
    names = lines[0] if lines else []
    if missing := [name for name in ("check", *READERS) if name not in names]:
        raise AuditError(f"{path.as_posix()} is no sample of findings: it has no column {', '.join(missing)}")
    rows = []
    for number, line in enumerate(lines[1:], 2):
        row = dict(zip(names, line, strict=False))
        for reader in READERS:
            row[reader] = row.get(reader, "").strip().lower()
            if row[reader] not in ("", *VERDICTS):
                said = f"{path.as_posix()}, row {number}, {reader}: {row[reader]!r} is none of {', '.join(VERDICTS)}"
                raise AuditError(said)
        if row.get("check"):
            rows.append(row)
    return rows


def _csv(path: Path) -> Iterator[list[str]]:
    text = path.read_text(encoding="utf-8-sig")
    separator = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _xlsx(path: Path) -> Iterator[list[str]]:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    for cells in book.worksheets[0].iter_rows(values_only=True):
        yield ["" if cell is None else str(cell) for cell in cells]
    book.close()


@dataclass(frozen=True)
class Share:
    """How many of the judged findings are right, with the 95 % interval (Wilson); no share where none was judged."""

    right: int
    judged: int
    share: float | None = None
    low: float | None = None
    high: float | None = None

    @classmethod
    def of(cls, verdicts: Iterable[str]) -> "Share":
        """Return the share of *verdicts*; what is unsure or not said counts nowhere."""
        counts = Counter(verdicts)
        right, judged = counts["right"], counts["right"] + counts["wrong"]
        if not judged:
            return cls(right, judged)
        from scipy.stats import binomtest  # half a second to import

        interval = binomtest(right, judged).proportion_ci(0.95, "wilson")
        return cls(right, judged, right / judged, float(interval.low), float(interval.high))


@dataclass(frozen=True)
class Score:
    """What two readers found of one check, or of all."""

    check: str
    findings: int
    agreed: Share
    """Of the findings of which both readers say right, or both wrong."""
    readers: tuple[Share, Share]
    both: int
    """Findings of which both said something, "unsure" too."""
    agreement: float | None
    """The share of those of which they said the same."""
    kappa: float | None
    """Cohen's kappa over these; None where it is not defined: nothing was said, or both said one and the same of all."""


def score(rows: Sequence[Mapping[str, str]]) -> list[Score]:
    """Return the score of each check, and of all checks last."""
    codes = sorted({row["check"] for row in rows})
    return [_score(code, [row for row in rows if row["check"] == code]) for code in codes] + [_score("all", rows)]


def _score(check: str, rows: Sequence[Mapping[str, str]]) -> Score:
    pairs = [(row[READERS[0]], row[READERS[1]]) for row in rows]
    said = [pair for pair in pairs if all(pair)]
    agreed = Share.of(one for one, other in pairs if one == other)
    first, second = (Share.of(pair[at] for pair in pairs) for at in (0, 1))
    same = sum(one == other for one, other in said) / len(said) if said else None
    return Score(check, len(rows), agreed, (first, second), len(said), same, kappa(said))


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Return Cohen's kappa (1960): the agreement beyond chance, None where it is not defined.

    >>> kappa([("right", "right")] * 20 + [("right", "wrong")] * 5 + [("wrong", "right")] * 10 + [("wrong", "wrong")] * 15)
    0.4
    """
    if not pairs:
        return None
    size = len(pairs)
    observed = sum(one == other for one, other in pairs) / size
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    expected = sum(first[verdict] * second[verdict] for verdict in VERDICTS) / size**2
    return None if expected == 1 else round((observed - expected) / (1 - expected), 10)


def as_text(scores: Iterable[Score]) -> str:
    """Return the scores as a table."""
    lines = [f"{'check':<6} {'findings':>8}  {'both agree: precision':<32}  {'reader 1':<28}  {'reader 2':<28}  agreement  kappa"]
    for one in scores:
        shares = (_share(share) for share in (one.agreed, *one.readers))
        agreement = "-" if one.agreement is None else f"{one.agreement:.0%}"
        chance = "-" if one.kappa is None else f"{one.kappa:.2f}"
        lines.append(
            "{:<6} {:>8}  {:<32}  {:<28}  {:<28}  {:>9}  {:>5}".format(one.check, one.findings, *shares, agreement, chance)
        )
    return "\n".join(lines) + "\n"


def _share(share: Share) -> str:
    if share.share is None or share.low is None or share.high is None:
        return "nothing judged"
    return f"{share.right}/{share.judged} = {share.share:.0%} ({share.low:.0%} to {share.high:.0%})"
