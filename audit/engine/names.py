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
_ALSO = dict(
    re.findall(
        r"(\w+)=(\w+)",
        """
    jundishapur=ahvaz jondishapur=ahvaz jundishapour=ahvaz jondishapour=ahvaz ahwaz=ahvaz sadoughi=yazd sadoghi=yazd
    mazandaran=sari guilan=rasht gilan=rasht golestan=gorgan hormozgan=bandarabbas bandar=bandarabbas bandare=bandarabbas
    kurdistan=sanandaj kordestan=sanandaj lorestan=khorramabad markazi=arak fars=shiraz alborz=karaj semnan=semnan
    ghom=qom ghoum=qom qum=qom ghazvin=qazvin orumieh=urmia oroumieh=urmia orumia=urmia sbmu=beheshti sbums=beheshti
    """,
    )
)
"""Other names and spellings of places after which universities are called."""
_SIMILAR = 0.82
_SIMILAR_TOGETHER = 0.7
_SAME_PERSON = 0.9
_WORDS_APART = 4


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


def resemble(one: Value, other: Value) -> bool:
    """Return whether two names share a telling word, a place or its other name, or are written apart and together.

    >>> resemble(Value("x", text="Baghe-allah University"), Value("x", text="Bagheallah Hospital"))
    True
    """
    if share_a_word(_places(telling(one)), _places(telling(other))):
        return True
    together = tuple("".join(w for w in _WORD.findall(_text(v)) if w not in _GENERIC) for v in (one, other))
    return min(map(len, together)) > 6 and max(map(len, together)) < 40 and _ratio(*together) >= _SIMILAR_TOGETHER


def _places(words: frozenset[str]) -> frozenset[str]:
    return frozenset(_ALSO.get(word, word) for word in words)


@lru_cache(maxsize=2048)
def _similar(one: str, other: str) -> bool:
    if min(len(one), len(other)) < 4:
        return False
    return _ratio(one, other) >= _SIMILAR


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def abbreviated(short: Value, long: Value) -> bool:
    """Return whether a telling word of *short* can be an abbreviation of *long*: of its initials, or of its letters in order.

    >>> abbreviated(Value("x", text="Research Office, BUMS"), Value("x", text="Bam University of Medical Sciences"))
    True
    """
    words = _WORD.findall(_text(long))
    return len(words) > 1 and any(_abbreviates(one, words) for one in telling(short))


def _abbreviates(letters: str, words: list[str]) -> bool:
    if not 2 <= len(letters) <= 8 or not (letters.isalpha() and letters.isascii()):
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
    return a == b or _nearly(a, b)


@lru_cache(maxsize=2048)
def _nearly(one: str, other: str) -> bool:
    """Whether two names are spelt nearly alike; the cheap bounds come first, since most names are different ones."""
    shorter, longer = sorted((len(one), len(other)))
    if 2 * shorter < _SAME_PERSON * (shorter + longer) or len(set(one.split()) ^ set(other.split())) > _WORDS_APART:
        return False
    return _ratio(one, other) >= _SAME_PERSON
