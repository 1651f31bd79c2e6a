"""Words found in a text -> whether the text claims them of this trial: not denied, not of other studies."""

import re

from audit.engine.reading import Hit
from audit.engine.scope import denied, sentence_at

_OTHERS_BEFORE = re.compile(
    r"\b(?:previous|prior|earlier|original|parent|published|future|subsequent|further|past|existing|literature|reviews? of|meta-analys[ei]s of|results of|lack of|quality of|numerous"
    r"|recent|similar)\b[^.;:]{0,45}$|\b(?:several|other|another|many|most|few|some|larger)(?: [\w-]+){0,2} ?$|\b(?:et al|colleagues)\b[^.;]{0,80}$"
)
_OTHERS_AFTER = re.compile(
    r"^[^.;,]{0,40}?\b(?:have|has|had)(?: \w+)? (?:shown|demonstrated|suggested|reported|found|been (?:conducted|published|done|reported))\b"
    r"|^ (?:showed|shows|suggests?|reported|demonstrated|found)\b|^ (?:in|of|by) (?:the )?(?:earlier|previous|prior|other|past|published|similar)\b|^[^.;]{0,30}\b(?:et al|published|previously|in 19\d\d|in 20[01]\d)\b"
)

_ITSELF = re.compile(
    r"\b(?:this|present|current|our|it|in an?|is an?|was an?|be an?|as an?|types?|design(?:ed)?|we|methods?)\b|\b(?:study|trial|research|project) (?:is|was|will)\b"
)
_PAST = re.compile(r"^ (?:was|were|has|have|had)\b")


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


def of_itself(hit: Hit) -> bool:
    """Return whether a long text names its own design with the words: "this ... study", "it is a ...", or a sentence that begins with them.

    Long texts also cite others: "A cohort study was conducted at ...".
    """
    said = before(hit)
    return bool(_ITSELF.search(said + hit.text)) or (said.strip() in ("", "a", "an", "the") and not _PAST.match(after(hit)))
