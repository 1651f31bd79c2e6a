"""The cells of a WHO export that hold several things -> where each of them stands: arms, outcomes, conditions, countries."""

import re
from typing import NamedTuple

Span = tuple[int, int]
_NUMBERED = re.compile(r"\bIntervention (\d{1,2}): ")
_CONDITION = re.compile(r"\bCondition (\d{1,2}): ")
_ICD = re.compile(r"[A-Z]\d\d(?:[.]\d{1,4})?[A-Z]?")
_ICD_START = re.compile(r"[A-Z]{1,2}\d\d\b")
_TIME = re.compile(r"[\s.;,]{0,9}\bTime ?points?\s*:\s*")
_METHOD = re.compile(r"[\s.;,]{0,9}\bMethod of measurement\s*:\s*")
_BRACKETED = re.compile(r"\[([^\[\]]{2,400})\]?\s{0,9};?\s{0,9}\Z")


class OutcomeSpan(NamedTuple):
    """Where an outcome, its time and its method stand; None for what the text does not give apart."""

    description: Span
    timepoint: Span | None = None
    method: Span | None = None


class ConditionSpan(NamedTuple):
    """Where a condition and its code stand."""

    description: Span
    code: Span | None = None
    code_description: Span | None = None


def numbered_arms(text: str) -> list[Span]:
    """Return the texts of ``Intervention 1: ... Intervention 2: ...``; the whole cell where nothing is numbered.

    Only numbers that count on from one begin an arm: others are the registrant's words.
    """
    return _numbered(_NUMBERED, text)


def _numbered(pattern: re.Pattern[str], text: str) -> list[Span]:
    marks = list[re.Match[str]]()
    for match in pattern.finditer(text):
        if int(match[1]) == len(marks) + 1 and (marks or not text[: match.start()].strip()):
            marks.append(match)
    if not marks:
        return [(0, len(text))]
    stops = [mark.start() for mark in marks[1:]] + [len(text)]
    return [(mark.end(), stop) for mark, stop in zip(marks, stops, strict=True)]


def named_arms(text: str, sizes: str) -> list[tuple[Span, Span]] | None:
    """Return names and texts of ``Group A:drug;Group B:placebo;`` with the names that the target size has too.

    None where they do not stand in this order: semicolons alone do not tell one arm from the next.
    """
    names = [part.rpartition(":")[0].strip() for part in sizes.split(";") if ":" in part]
    if not names:
        return None
    marks, at = list[Span](), 0
    for name in names:
        place = text.find(name, at)
        while place >= 0 and not _is_name(text, place, name):
            place = text.find(name, place + 1)
        if place < 0 or not name:
            return None
        end = text.index(":", place + len(name)) + 1
        marks.append((place, end))
        at = end
    stops = [place for place, _ in marks[1:]] + [len(text)]
    starts = [len(text) - len(text.lstrip()), *stops[:-1]]  # a name may have a semicolon of its own, which the sizes do not show
    return [
        ((start, place + len(name)), (end, _trimmed(text, end, stop)))
        for name, start, (place, end), stop in zip(names, starts, marks, stops, strict=True)
    ]


def _is_name(text: str, place: int, name: str) -> bool:
    before, after = text[:place].rstrip(), text[place + len(name) :].lstrip()
    return after.startswith(":") and (not before or before.endswith(";"))


def _trimmed(text: str, start: int, stop: int) -> int:
    return start + len(text[start:stop].rstrip().removesuffix(";"))


def irct_outcomes(text: str) -> list[OutcomeSpan]:
    """Return the outcomes of ``X. Timepoint: Y. Method of measurement: Z.;X2. ...``."""
    found, at = list[OutcomeSpan](), 0
    while text[at:].strip(" .;\r\n\t"):
        method = _METHOD.search(text, at)
        time = _TIME.search(text, at, method.start() if method else len(text))
        end = _end_of_outcome(text, (method or time).end()) if method or time else len(text)  # type: ignore[union-attr]
        first = min(match.start() for match in (time, method) if match) if time or method else end
        found.append(
            OutcomeSpan(
                (at, first),
                (time.end(), method.start() if method else end) if time else None,
                (method.end(), end) if method else None,
            )
        )
        at = end
        while at < len(text) and text[at] in ".; \r\n\t":
            at += 1
    return found


def _end_of_outcome(text: str, at: int) -> int:
    """Return where the outcome whose last part begins at *at* ends: before the ``;`` after which another has its time."""
    following = _TIME.search(text, at)
    if following is None:
        return at + len(text[at:].rstrip(" .;\r\n\t"))
    end = text.find(".;", at, following.start())
    if end < 0:
        end = text.rfind(";", at, following.start())
    return end if end >= 0 else following.start()


def other_outcomes(text: str, registry: str) -> list[OutcomeSpan]:
    """Return the outcomes of another registry's cell: one for each ``;`` where the registry parts them so."""
    if registry in ("ChiCTR", "ClinicalTrials.gov", "PACTR"):
        return [OutcomeSpan(span) for span in split(text, ";")]
    if registry == "ANZCTR":
        return [_bracketed(text, span) for span in _after_brackets(text)]
    bare = text.rstrip()
    return [OutcomeSpan((0, len(bare)))] if bare else []


def _after_brackets(text: str) -> list[Span]:
    spans, at = list[Span](), 0
    for match in re.finditer(r"\];", text):
        spans.append((at, match.end() - 1))
        at = match.end()
    if text[at:].strip(" ;\r\n"):
        spans.append((at, len(text)))
    return spans


def _bracketed(text: str, span: Span) -> OutcomeSpan:
    start, end = span
    match = _BRACKETED.search(text[start:end])
    if match is None or not match.start():
        return OutcomeSpan(span)
    return OutcomeSpan((start, start + match.start()), (start + match.start(1), start + match.end(1)))


def irct_conditions(text: str) -> list[ConditionSpan]:
    """Return the conditions of ``Condition 1: A. Condition 2: B. <br>name <br>name;code;code`` and of its shorter forms."""
    stop = text.find("<br>")
    stop = len(text) if stop < 0 else stop
    names = _numbered(_CONDITION, text[:stop])
    names = [(start, start + len(text[start:end].rstrip(" .\r\n"))) for start, end in names]
    semicolon = text.find(";", stop)
    semicolon = len(text) if semicolon < 0 else semicolon
    described = _parted(text, stop, semicolon, "<br>")
    codes = _parted(text, semicolon, len(text), ";")
    if not described and not codes:
        return [ConditionSpan(name) for name in names]
    if len(described) != len(names) or len(codes) not in (0, len(names)):
        return (
            [ConditionSpan(name) for name in names]
            if len(names) > 1
            else [ConditionSpan(names[0], *_code(text, described, codes))]
        )
    return [ConditionSpan(name, *_code(text, described[at : at + 1], codes[at : at + 1])) for at, name in enumerate(names)]


def _code(text: str, described: list[Span], codes: list[Span]) -> tuple[Span | None, Span | None]:
    """Return the code and its name; registrants write them in either order, and the code with more or less than belongs to it."""
    code = next((span for span in (*codes, *described) if _ICD.fullmatch(text, *span)), None)
    code = code or next((span for span in codes if described and _ICD_START.match(text, *span)), None)
    name = next((span for span in (*described, *codes) if span != code), None)
    return code, name


def _parted(text: str, start: int, stop: int, mark: str) -> list[Span]:
    spans = list[Span]()
    while start < stop:
        end = text.find(mark, start, stop)
        end = stop if end < 0 else end
        piece = text[start:end]
        if bare := piece.strip():
            first = start + piece.index(bare)
            spans.append((first, first + len(bare)))
        start = end + len(mark)
    return spans


def split(text: str, mark: str) -> list[Span]:
    """Return the parts of *text* between *mark*, those that say something, without blanks around them.

    >>> split("Iran; ;Iraq;", ";")
    [(0, 4), (7, 11)]
    """
    return _parted(text, 0, len(text), mark)


def distinct(text: str, mark: str = ";") -> list[Span]:
    """Return the parts of `split`, each wording once."""
    seen: dict[str, Span] = {}
    for start, end in split(text, mark):
        seen.setdefault(text[start:end].lower(), (start, end))
    return list(seen.values())
