"""The quotes of a finding -> the same in runs, with the words marked in which they differ."""

import re
from collections.abc import Sequence

Runs = tuple[tuple[str, bool], ...]
_WORD = re.compile(r"\w[\w.,/:-]*\w|\w")
_NUMBER = re.compile(r"\d")
_ALIKE = 0.6
"""From this share of common words on, two quotes say the same thing with differences; below it, only numbers are compared."""
_MOST = 0.34
"""More than this share of a quote is never marked: it would say nothing."""
_LONGEST = 600


def marked(quotes: Sequence[str]) -> tuple[Runs, ...]:
    """Return each quote in runs with True for those to be marked; the runs joined are the quote.

    Two quotes that share many words are marked where they differ; else the numbers are marked that no other quote has.

    >>> marked(["15 patients", "60 patients"])
    ((('15', True), (' patients', False)), (('60', True), (' patients', False)))
    """
    if len(quotes) < 2:
        return tuple(((quote, False),) for quote in quotes)
    words = [{word.lower() for word in _WORD.findall(quote[:_LONGEST])} for quote in quotes]
    return tuple(_runs(quote, _different(at, words)) for at, quote in enumerate(quotes))


def _different(at: int, words: Sequence[set[str]]) -> set[str]:
    own = words[at]
    others = [other for number, other in enumerate(words) if number != at and other]
    if not own or not others:
        return set()
    alike = [other for other in others if len(own & other) >= _ALIKE * max(len(own), len(other)) and own != other]
    if alike and len(own - alike[0]) <= _MOST * len(own):
        return own - alike[0]
    elsewhere = set().union(*others)
    numbers = {word for word in own if _NUMBER.search(word)}
    different = numbers - elsewhere if any(_NUMBER.search(word) for word in elsewhere) else set()
    return different if len(own) == 1 or len(different) <= _MOST * len(own) else set()


def _runs(quote: str, different: set[str]) -> Runs:
    if not different:
        return ((quote, False),)
    runs: list[tuple[str, bool]] = []
    at = 0
    for match in _WORD.finditer(quote[:_LONGEST]):
        if match[0].lower() in different:
            if match.start() > at:
                runs.append((quote[at : match.start()], False))
            runs.append((match[0], True))
            at = match.end()
    if at < len(quote) or not runs:
        runs.append((quote[at:], False))
    return tuple(runs)
