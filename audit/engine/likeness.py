"""Words and names -> whether they are the same: stems of content words, and names as different people write them."""

import re
from functools import lru_cache

_WORD = re.compile(r"[a-z][a-z0-9-]{2,}")
_FUNCTION = frozenset(
    "the and for with from that this into than not nor are was were been being has have had its their his her our any all other "
    "others unspecified specified elsewhere classified due without associated related disease diseases disorder disorders syndrome "
    "syndromes condition conditions patient patients certain type types form forms site sites cause causes caused type-1 type-2 "
    "acute chronic primary secondary mild moderate severe stage grade following including excluding unknown various multiple".split()
)
_SPELLINGS = (("aem", "em"), ("oed", "ed"), ("oes", "es"), ("aes", "es"), ("tumour", "tumor"), ("oea", "ea"), ("aec", "ec"), ("ph", "f"))
_SAME = (
    "kidney renal nephr nefr",
    "heart cardi coronar myocard",
    "liver hepat",
    "lung pulmon pneum respir bronch",
    "skin derm cutan",
    "brain cereb encef crani",
    "stomach gastr",
    "bone osteo skelet",
    "joint arthr articul",
    "muscle muscul myo myal",
    "eye ocul oftalm vis",
    "tooth teeth dent odont molar",
    "mouth oral stomat",
    "gum gingiv periodon",
    "cancer tumor neoplas carcin malig sarcom leuk lymfom",
    "blood hem",
    "pregn gestat matern obstet labor deliver childb cesar birth partur puerper",
    "newborn neonat infant perinat prematur preterm",
    "mental psych mood anxi depress emotion stress",
    "sleep insomn",
    "vein ven varic fleb",
    "pain algi ache dolor neuralg",
    "itch prurit",
    "infertil steril fertil",
    "overweight obes weight",
    "smok tobacco nicotin",
    "alcohol ethanol",
    "opioid opiat heroin opium drug substanc addict depend",
    "covid coronav corona sars ncov",
    "stroke cerebrov infarct hemipl hemipar",
    "hypertens pressure",
    "diabet hyperglyc glucose insulin",
    "burn scald corros",
    "wound injur trauma lacer cut",
    "fractur broken",
    "hair alopec",
    "bladder urin cystit vesic",
    "bowel colon intestin colit rectal rectum",
    "back dors lumb spin vertebr disc disk sciat radicul",
    "neck cervic",
    "knee gonarthr",
    "hip coxarthr",
    "nausea vomit emes",
    "surg operat postoper procedur anesth anaesth postproced",
    "uterus uter endometr womb",
    "ovar ovul polycystic",
    "menop climact",
    "menstr dysmen",
    "hemorrhoid haemorrhoid piles",
    "anemi iron",
    "lipid cholest triglyc",
    "throat faryn tonsil laryn",
    "nose nasal rhin sinus",
    "ear otit audit hear",
    "vertigo dizz giddi",
    "allerg atop hypersens urticar",
    "worm helminth parasit",
    "virus viral vir",
    "infect sepsis septic",
    "fibros fibrot cicatr scar keloid",
    "healthy normal general examin",
    "memor cognit dement alzheim",
)


@lru_cache(maxsize=1)
def _groups() -> dict[str, str]:
    return {stem: group.split()[0] for group in _SAME for stem in group.split()}


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    for there, here in _SPELLINGS:
        word = word.replace(there, here)
    groups = _groups()
    for length in range(min(len(word), 9), 2, -1):
        if word[:length] in groups:
            return groups[word[:length]]
    return word[:5]


@lru_cache(maxsize=1024)
def stems(folded: str) -> frozenset[str]:
    """Return the stems of the content words of a folded text; what names the same organ or trouble has the same stem.

    >>> sorted(stems("chronic renal failure in dialysis") & stems("end-stage kidney disease"))
    ['kidney']
    """
    return frozenset(_stem(word) for word in _WORD.findall(folded.replace("/", " ")) if word not in _FUNCTION)


_NAME = re.compile(r"[a-z]+")
_TITLES = frozenset("dr mr mrs ms prof professor doctor phd md msc mph eng seyed seyyed sayed seyedeh sayyed".split())


@lru_cache(maxsize=1024)
def name_parts(folded: str) -> tuple[str, ...]:
    """Return the parts of a folded name without titles.

    >>> name_parts("dr. sara rad-manesh")
    ('sara', 'rad', 'manesh')
    """
    return tuple(part for part in _NAME.findall(folded) if part not in _TITLES)


@lru_cache(maxsize=4096)
def skeleton(part: str) -> str:
    """Return the sound of a name's part without its vowels and double letters, the same for most transliterations.

    >>> skeleton("mohammad"), skeleton("muhamed"), skeleton("kamraniyeh") == skeleton("kamranieh")
    ('mhmd', 'mhmd', True)
    """
    for there, here in (("kh", "x"), ("gh", "q"), ("ph", "f"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("w", "v"), ("ck", "k"), ("c", "k")):
        part = part.replace(there, here)
    kept = re.sub(r"[aeiouy]", "", part)
    return re.sub(r"(.)\1+", r"\1", kept)


def distance(one: str, other: str, most: int = 3) -> int:
    """Return how many letters must be added, dropped or changed to make *one* the *other*; *most* + 1 when it is more.

    >>> distance("mohamad", "mohammad"), distance("abc", "xyzuvw")
    (1, 4)
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row[0] = row[0], at
        for there, its in enumerate(other, 1):
            before, row[there] = row[there], min(row[there] + 1, row[there - 1] + 1, before + (letter != its))
    return min(row[-1], most + 1)
