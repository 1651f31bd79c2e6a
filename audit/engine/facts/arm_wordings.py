"""Facts on arms as texts: those that say the same, and those whose labels do not tell them apart."""

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

from audit.engine.clauses import opening
from audit.engine.reading import Reading, cannot_tell, fact, listed
from audit.model.fold import fold_persian
from audit.model.registration import Arm
from audit.model.result import Case, Fact
from audit.model.span import State

_LABEL = re.compile(
    r"^\W*(?:\d{1,2} ?[:.)])?(?:[\s*:.,()\[\]-]|\b(?:group|arm|intervention|control|case|گروه|مداخله)s?\W{0,2}(?:\d{1,2}|[a-d])(?![\w.]\w?)|\b(?:the|in|for|intervention|interventional|experimental|experiment|treatment|treated|control|comparison|comparator|case|test|"
    r"study|group|groups|arm|patients|participants|subjects|of|first|second|third|fourth|fifth|one|two|three|four|other|another|trial|both|is|are|"
    r"گروه|مداخله|کنترل|شاهد|آزمایش|اول|دوم|سوم|چهارم|در)(?!\w))*"
)
_WORD = re.compile(r"\w+")
_INSIDE = re.compile(r"\b(?:control|intervention|experimental|case|test|group|arm|first|second|third|one|two|a|b|c|d)\b(?: \d)?")
_NUMBER = re.compile(r"\d[\d.,/]*")
_SHORT_NAME = 3
_NAMES_OF_ARMS = frozenset(
    [
        "group",
        "groups",
        "intervention",
        "interventional",
        "experimental",
        "experiment",
        "control",
        "controls",
        "comparison",
        "comparator",
        "study",
        "test",
        "case",
        "treatment",
        "treated",
        "first",
        "second",
        "third",
        "trial",
        "active",
        "patients",
        "participants",
        "گروه",
        "مداخله",
        "کنترل",
        "شاهد",
        "آزمایش",
    ]
)
_FEWEST = 5
_DIFFERING = 0.03
_MOST_EXTRA = 8
_BOTH = re.compile(
    r"\b(?:both|all|each|every|other|cross-?over|alternat\w*|respectively|same (?:as|treatment)|also|too|similar(?:ly)?|randoml?y|code[ds]?|"
    r"one (?:side|eye|half))\b"
)
_NAMED = re.compile(r"^\s*(?:the )?(intervention|control|experimental|comparison|placebo|case|test) group *(\d*)([a-h]\b)? *:")


@fact(cases=("arms", "text"))
def identical_arms(reading: Reading) -> Fact:
    """The arms whose descriptions say the same, apart from their labels."""
    r = reading.registration
    if len(r.arms) < 2:
        return cannot_tell(r.arms.state.value, "arms") if r.arms.state is not State.GIVEN else listed(())
    said = [(number, arm, _content(arm)) for number, arm in enumerate(r.arms, 1) if arm.description.given]
    return listed(_twins(said))


def _content(arm: Arm) -> str:
    text = fold_persian(arm.description.text).lower()
    label = None if arm.label.given else _LABEL.match(text)  # where the registry has names, the text begins with its matter
    body = text[label.end() :] if label else text
    return " ".join(_WORD.findall(body))


def _twins(said: list[tuple[int, Arm, str]]) -> Iterator[Case]:
    done: set[int] = set()
    for at, (number, arm, text) in enumerate(said):
        if number in done or len(text.split()) < _FEWEST:
            continue
        same = [(n, other) for n, other, words in said[at + 1 :] if _alike(text, words) and not _told_by_name(arm, other, text)]
        if same:
            done.update(n for n, _ in same)
            names = (number, *(n for n, _ in same))
            places = tuple(opening(a.description, 220) for a in (arm, *(other for _, other in same)))
            yield Case({"arms": names, "text": _short(arm)}, places)


def _told_by_name(arm: Arm, other: Arm, text: str) -> bool:
    """Return whether the names that the registry gives two arms, or what it lists for each, may say what is different.

    They do not where both names are only "control group" and the like, or where *text*, the words of both, names what the
    one arm is called after and not what the other is.
    """
    if not arm.label.given and not other.label.given:
        return False
    mine, theirs = _own_words(arm), _own_words(other)
    if not mine and not theirs:
        return [part.folded for part in arm.more] != [part.folded for part in other.more]
    words = set(text.split())
    mine, theirs = mine - theirs, theirs - mine
    return not (mine and theirs and bool(mine & words) != bool(theirs & words))


def _own_words(arm: Arm) -> set[str]:
    """Return the words of an arm's name that say more than which arm it is."""
    label = fold_persian(arm.label.text).lower() if arm.label.given else ""
    return {word for word in _WORD.findall(label) if len(word) > _SHORT_NAME and word not in _NAMES_OF_ARMS}


def _short(arm: Arm) -> str:
    return " ".join(opening(arm.description, 120).quote.split())


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    if abs(len(one) - len(other)) > 0.03 * max(len(one), len(other)) or _NUMBER.findall(one) != _NUMBER.findall(other):
        return False
    if min(len(one), len(other)) < 150:
        return False
    mine, theirs = one.split(), other.split()
    extra = set(mine) ^ set(theirs)
    if len(extra) > _MOST_EXTRA:
        return False
    if any(len(word) > 3 and not _INSIDE.fullmatch(word) and not _slip(word, extra - {word}) for word in extra):
        return False  # one word may be the whole difference
    counted, others = Counter(mine), Counter(theirs)
    differing = sum(((counted - others) + (others - counted)).values())
    return differing <= _DIFFERING * (len(mine) + len(theirs))


def _slip(word: str, others: set[str]) -> bool:
    """Return whether *word* is another one of *others* with a slip of the keyboard."""
    near = (other for other in others if len(word) > 5 and word[0] == other[0] and abs(len(word) - len(other)) < 3)
    return any(SequenceMatcher(None, word, other).ratio() > 0.85 for other in near)


@fact(cases=("label", "arms"))
def repeated_labels(reading: Reading) -> Fact:
    """The labels without a number that several arms have, so that nobody can refer to one of them."""
    r = reading.registration
    if not len(r.arms):
        return cannot_tell(r.arms.state.value, "arms")
    labels: dict[str, list[tuple[int, Arm]]] = {}
    for number, arm in enumerate(r.arms, 1):
        match = _NAMED.match(arm.description.folded) if arm.description.given and not arm.label.given else None
        if match and not match[2] and not match[3]:
            labels.setdefault(match[1], []).append((number, arm))
    cases = []
    for label, arms in labels.items():
        bodies = [arm.description.folded[:160] for _, arm in arms]
        if len(arms) < 2 or (label == "intervention" and all(_OWN_NAME.search(body) for body in bodies)):
            continue
        if len({tuple(_NUMBER.findall(_content(arm))) for _, arm in arms}) == len(arms) and label == "intervention":
            continue  # a comparison of doses
        numbers = tuple(number for number, _ in arms)
        places = tuple(opening(arm.description, 80) for _, arm in arms)
        cases.append(Case({"label": f"{label.capitalize()} group", "arms": numbers}, places))
    return listed(cases)


_OWN_NAME = re.compile(r"\b(?:group|arm) ?(?:\d|[a-h]\b|one|two|three|four)|\b(?:first|second|third|fourth) group")
