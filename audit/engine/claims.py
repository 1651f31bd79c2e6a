"""Words found in a text -> whether the text claims them of this trial: not denied, not of other studies."""

import re

from audit.engine.reading import Hit
from audit.engine.scope import denied, sentence_at

_OTHERS_BEFORE = re.compile(
    r"\b(?:previous|prior|earlier|published|future|subsequent|further|past|existing|literature|reviews? of|meta-analys[ei]s of|results of|lack of|quality of|numerous"
    r"|recent|similar)\b[^.;:]{0,45}$|\b(?:several|other|another|many|most|few|some|larger)(?: [\w-]+){0,2} ?$|\b(?:et al|colleagues)\b[^.;]{0,80}$"
)
_OTHERS_AFTER = re.compile(
    r"^[^.;,]{0,40}?\b(?:have|has|had)(?: \w+)? (?:shown|demonstrated|suggested|reported|found|been (?:conducted|published|done|reported))\b"
    r"|^ (?:showed|shows|suggests?|reported|demonstrated|found)\b|^[^.;]{0,30}\b(?:et al|published|in 19\d\d|in 20[01]\d)\b"
)


def before(hit: Hit, longest: int = 160) -> str:
    """Return what stands before the words in their sentence, at most *longest* characters."""
    start, _ = sentence_at(hit.value.folded, hit.start)
    return hit.value.folded[max(start, hit.start - longest) : hit.start]


def after(hit: Hit, longest: int = 160) -> str:
    """Return what stands after the words in their sentence, at most *longest* characters."""
    _, end = sentence_at(hit.value.folded, hit.start)
    return hit.value.folded[hit.end : min(max(end, hit.end), hit.end + longest)]


def sentence(hit: Hit) -> str:
    """Return the folded sentence in which the words stand."""
    start, end = sentence_at(hit.value.folded, hit.start)
    return hit.value.folded[start:end]


def of_other_studies(hit: Hit) -> bool:
    """Return whether the words are said of other studies ("previous crossover trials have shown")."""
    return bool(_OTHERS_BEFORE.search(before(hit)) or _OTHERS_AFTER.match(after(hit)))


def claimed(hit: Hit) -> bool:
    """Return whether the text says the words of this trial, neither denied nor of other studies; Persian words are taken as said."""
    if not hit.text.isascii():
        return True
    return not denied(hit.value.folded, hit.start, hit.end) and not of_other_studies(hit)
