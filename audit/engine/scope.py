"""A folded text and a place in it -> its clause, and whether the words there are denied, hedged or about something else."""

import re
from functools import lru_cache

_CLAUSE_END = re.compile(
    r"[;!?](?= |$)|\.(?= |$|[a-z])(?!(?:com|org|gov|net|edu|ir)\b)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)(?<!\bno\.)(?<!\bdr\.)(?<!\bapprox\.)"
)
_DENIAL = re.compile(
    r"\b(?:no|not|non|nor|neither|never|without|cannot|n't|lack of|absence of|free of|instead of|rather than|other than|except(?: for)?|excluding)\b|n't\b"
)
_DENIED_AFTER = re.compile(
    r"^[^.;]{0,40}?\b(?:(?:is|are|was|were|will|would|be|has|have|been|shall|do|does|did) (?:\w+ ){0,2}?not|is not|not (?:be )?(?:used|given|applicable|available|performed|done|needed|required|considered|allowed|permitted))\b"
)
_BREAK = re.compile(r"[,;:.()]| but | however | while | whereas | and then | although ")


@lru_cache(maxsize=512)
def sentences(folded: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences of a folded text as pairs of offsets, without decimals and common abbreviations being taken for ends.

    >>> text = "dose is 0.5 ml. blinded."
    >>> [text[a:b] for a, b in sentences(text)]
    ['dose is 0.5 ml.', ' blinded.']
    """
    spans, at = [], 0
    for end in _CLAUSE_END.finditer(folded):
        spans.append((at, end.end()))
        at = end.end()
    if at < len(folded):
        spans.append((at, len(folded)))
    return tuple(spans)


def sentence_at(folded: str, offset: int) -> tuple[int, int]:
    """Return the sentence in which *offset* stands."""
    for start, end in sentences(folded):
        if start <= offset < end:
            return start, end
    return 0, len(folded)


def denied(folded: str, start: int, end: int, reach: int = 45) -> bool:
    """Return whether the words at *start* to *end* are denied in their clause ("no placebo", "placebo is not used").

    A denial counts when it stands at most *reach* characters before, in the same clause, or when the verb after the
    words is denied.

    >>> text = "the control group gets no supplement or placebo"
    >>> denied(text, text.index("placebo"), len(text))
    True
    >>> denied("not smokers, placebo", 13, 20)
    False
    """
    first, last = sentence_at(folded, start)
    before = folded[max(first, start - reach) : start]
    breaks = [match.end() for match in _BREAK.finditer(before)]
    if _DENIAL.search(before[breaks[-1] :] if breaks else before):
        return True
    after = folded[end:last]
    stop = _BREAK.search(after)
    return bool(_DENIED_AFTER.match(after[: stop.start()] if stop else after))
