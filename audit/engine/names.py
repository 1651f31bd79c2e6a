"""Names of organisations and of persons -> their telling words, and whether two names can mean the same one."""

import re
from difflib import SequenceMatcher
from functools import lru_cache

from audit.engine.language import persian
from audit.model.span import Value

_WORD = re.compile(r"[^\W_]+")
_FILLING = frozenset(re.findall(r"\w+", "the of and for in at to a an on by و در به از برای ی"))
_GENERIC = _FILLING | frozenset(
    re.findall(
        r"\w+",
        """
    university universities univ medical medicine sciences science health healthcare services service research researches
    researcher researchers technology center centre centers centres vice chancellor chancellory chancellery chancellorship
    deputy deputyship assistant president office department dept faculty school college institute institution institutes
    organization organisation hospital hospitals clinic clinics teaching education educational affairs affair board council
    committee fund funds funding budget grant grants support supporting financial finance financing personal self own author
    authors investigator investigators researcher project plan thesis dissertation student students national international
    ministry company companies co ltd inc group laboratory laboratories unit division general public private state source
    sources none no not empty expense expenses cost costs internal same above sponsor person persons dr prof
    دانشگاه دانشکده علوم پزشکی پزشكی مرکز تحقیقات پژوهشی پژوهش معاونت معاون فناوری تحقیقات بیمارستان آموزشی درمانی خدمات
    بهداشتی بهداشت درمان وزارت شرکت موسسه مؤسسه گروه سازمان پژوهشکده بودجه طرح پایان نامه شخصی محقق کمیته دفتر صندوق
    """,
    )
)
_TITLES = re.compile(r"^\W*(?:(?:dr|prof|professor|mr|mrs|ms|miss|doctor|engineer|eng|دکتر|مهندس|آقای|خانم)\b\.?\s*)+")
_SIMILAR = 0.82
_SAME_PERSON = 0.9


def _text(value: Value) -> str:
    return value.persian.lower() if persian(value) else value.folded


def plain(value: Value) -> str:
    """Return the words of a name without filling words, marks and case.

    >>> plain(Value("x", text="The University of Bam, Centre for Bees"))
    'university bam centre bees'
    """
    return " ".join(word for word in _WORD.findall(_text(value)) if word not in _FILLING)


def telling(value: Value) -> frozenset[str]:
    """Return the words of a name that are not those of any organisation.

    >>> sorted(telling(Value("x", text="Vice Chancellor for Research, Bam University of Medical Sciences")))
    ['bam']
    """
    return frozenset(word for word in _WORD.findall(_text(value)) if word not in _GENERIC and len(word) > 1)


def share_a_word(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two sets of telling words share one, spelt alike or nearly so (Esfahan, Isfahan)."""
    return bool(one & other) or any(_similar(a, b) for a in one for b in other)


@lru_cache(maxsize=2048)
def _similar(one: str, other: str) -> bool:
    if min(len(one), len(other)) < 4:
        return False
    return SequenceMatcher(None, one, other).ratio() >= _SIMILAR


def abbreviates(short: Value, long: Value) -> bool:
    """Return whether *short* can be an abbreviation of *long*: its letters are initials, or stand in it in this order.

    >>> abbreviates(Value("x", text="BUMS"), Value("x", text="Bam University of Medical Sciences"))
    True
    """
    letters = _text(short).strip()
    words = _WORD.findall(_text(long))
    if not 2 <= len(letters) <= 8 or not letters.isalpha() or len(words) < 2:
        return False
    initials = [word[0] for word in words]
    if all(letters.count(letter) <= initials.count(letter) for letter in set(letters)):
        return True
    rest = iter("".join(words))
    return letters[0] == words[0][0] and all(letter in rest for letter in letters)


def person(value: Value) -> str:
    """Return the letters of a person's name without titles.

    >>> person(Value("x", text="Prof. Dr. Ali  Sabz"))
    'ali sabz'
    """
    return " ".join(_WORD.findall(_TITLES.sub("", _text(value))))


def same_person(one: Value, other: Value) -> bool:
    """Return whether two values name the same person, spelt alike or nearly so."""
    a, b = person(one), person(other)
    if " " not in a or " " not in b:
        return bool(a) and a == b
    return a == b or SequenceMatcher(None, a, b).ratio() >= _SAME_PERSON
