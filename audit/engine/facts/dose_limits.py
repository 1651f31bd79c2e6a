"""The fact on doses far beyond what a drug is ever given in: a slip of the unit (g for mg, mg for micrograms), as a rule."""

import re
from collections.abc import Iterator
from functools import cache

from audit.engine.clauses import clause
from audit.engine.controls import arm_texts
from audit.engine.dosage import MASS, Quantity, quantities
from audit.engine.reading import Reading, cannot_tell, fact, listed
from audit.model.result import Case, Fact, Phrase
from audit.model.span import State, Value

_HIGHEST_DAILY = (
    "acetaminophen:4000 paracetamol:4000 ibuprofen:3200 naproxen:1500 diclofenac:200 celecoxib:800 ketorolac:150 indomethacin:200 "
    "metformin:3000 atorvastatin:80 rosuvastatin:40 simvastatin:80 amlodipine:10 losartan:100 captopril:450 enalapril:40 "
    "carvedilol:100 propranolol:640 metoprolol:400 hydroxychloroquine:1600 chloroquine:1500 ivermectin:100 azithromycin:2000 "
    "doxycycline:400 colchicine:6 prednisolone:100 dexamethasone:80 hydrocortisone:2000 montelukast:20 famotidine:160 omeprazole:160 pantoprazole:240 "
    "esomeprazole:160 fluoxetine:80 sertraline:200 citalopram:60 escitalopram:30 venlafaxine:375 duloxetine:120 bupropion:450 "
    "risperidone:16 olanzapine:30 haloperidol:100 donepezil:23 memantine:28 melatonin:300 pregabalin:600 gabapentin:3600 tramadol:600 "
    "baclofen:100 tizanidine:36 letrozole:10 clomiphene:250 tamoxifen:80 methotrexate:20000 finasteride:5 tamsulosin:0.8 "
    "sildenafil:200 tadalafil:40 warfarin:15 apixaban:20 rivaroxaban:40 clopidogrel:600 aspirin:4000 digoxin:1.5 furosemide:1500 "
    "spironolactone:400 lorazepam:10 diazepam:200 midazolam:100 clonazepam:20 alprazolam:10 ondansetron:32 granisetron:9 "
    "metoclopramide:120 dexmedetomidine:3 fentanyl:10 remifentanil:20 sufentanil:2 clonidine:2.4 naltrexone:150 buprenorphine:32 "
    "methadone:200 levothyroxine:0.6 interferon:0.5 calcitriol:0.02 misoprostol:2 oxytocin:0 zinc:500 selenium:1 levofloxacin:1500 "
    "ciprofloxacin:2250 fluconazole:1600 loratadine:40 cetirizine:40 isotretinoin:120 sitagliptin:200 empagliflozin:50 pioglitazone:60"
)
_LIMITS = {name: float(limit) for name, limit in (pair.split(":") for pair in _HIGHEST_DAILY.split()) if float(limit) > 0}
"""A drug -> more milligrams than it is given in a day, high doses for special uses included."""
_NAME = re.compile(r"\b(" + "|".join(sorted(_LIMITS, key=len, reverse=True)) + r")\b")
_BETWEEN = re.compile(
    r"(?:[ :(,=-]|\b(?:beta|alpha|sub-?type|type|tablets?|tab|capsules?|ampoules?|oral|injection|infusion|hydrochloride|hcl|sul(?:f|ph)ate|"
    r"phosphate|sodium|acetate|gluconate|is|was|will be|given|with (?:(?:a|an|the|initial|total|daily) )*dos(?:e|es|age)|at|a|the|an|initial|loading|dose|doses|dosage|of|amount|group|iv|po|[1-3]?[ab])\b)*\Z"
)
_OF = re.compile(r" ?(?:of |oral |tablets? of |tablets? |capsules? of |dose of |intravenous )*\Z")
_PAIRS = (
    ("l[ou]p[ei]na?vir", "ritona?vir", (4.0,)),
    ("atazana?vir", "ritona?vir", (1.5, 2.0, 2.5, 3.0, 4.0)),
    ("sofosbu?vir", "daclatasvir", (400 / 60,)),
    ("sofosbu?vir", "velpatasvir", (4.0,)),
    ("sulfamethoxazole", "trimethoprim", (5.0,)),
    ("piperacillin", "tazobactam", (8.0,)),
    ("amoxicillin", r"clavulan\w+(?: acid)?", (2.0, 4.0, 5.0, 7.0, 10.0, 14.0, 16.0)),
)
"""Drugs that are given together, and how many times more of the first than of the second their strengths hold.

Where several are in use, another one may be too: there only a strength that is turned round is told.
"""
_BRANDS = (("lp[vr] ?/ ?r", (4.0,), True), ("kaletra", (4.0,), False), ("co-?trimoxazole", (5.0,), False))
"""Combinations named as one, and whether the name settles which part comes first."""
_STRENGTH = r"\)?(?: ?\([^()\d]{0,40}\)| tablets?| tabs?| at a dose of| dose of)*[ :]*\(?(?P<one>\d{2,4}) ?(?:mg)? ?/ ?(?P<other>\d{2,4}) ?mg\b"
_EACH = r" ?\(?(?P<one>\d{2,4}) ?mg\)?(?: *[/+-]+ *| and )(?:tablets? )?"


@cache
def _combined() -> tuple[tuple[re.Pattern[str], tuple[float, ...], bool], ...]:
    """Return how a combination and its strength are written, the ratios in use, and whether the order counts."""
    forms = []
    for first, second, made in _PAIRS:
        turned = tuple(1 / ratio for ratio in made)
        for one, other, ratios in ((first, second, made), (second, first, turned)):
            forms.append((rf"\b(?P<name>{one} ?[/-] ?{other}){_STRENGTH}", ratios, True))
            forms.append((rf"\b(?P<name>{one}){_EACH}{other} ?\(?(?P<other>\d{{2,4}}) ?mg\b", ratios, True))
    forms += [(rf"\b(?P<name>{name}){_STRENGTH}", made, ordered) for name, made, ordered in _BRANDS]
    return tuple((re.compile(pattern), ratios, ordered) for pattern, ratios, ordered in forms)


_PARTS = re.compile("|".join([second for _, second, _ in _PAIRS] + [name for name, _, _ in _BRANDS]))
_TOO_MUCH = 3.0


@fact(cases=("product", "dose", "why"))
def implausible_doses(reading: Reading) -> Fact:
    """The doses several times above the highest one in use, and the strengths in which a combined tablet is not made."""
    r = reading.registration
    values = tuple(dict.fromkeys((*arm_texts(r), *(v for v in (r.arms_summary, r.settings, r.design_summary) if v.given))))
    if not values:
        return cannot_tell("unknown" if r.arms.state is State.UNKNOWN else "empty", "arms")
    cases = [case for value in values for case in (*_implausible(value), *_no_such_tablet(value))]
    return listed({(str(case.values["product"]), str(case.values["dose"])): case for case in cases}.values())


def _implausible(value: Value) -> Iterator[Case]:
    folded = value.folded
    names = list(_NAME.finditer(folded))
    done: set[str] = set()
    for quantity in quantities(folded) if names else ():
        if quantity.kind != MASS or quantity.several or set(quantity.per) - {"kg", "day"}:
            continue
        drug = _drug_of(folded, names, quantity)
        if drug is None or drug in done:
            continue
        milligrams = quantity.low * quantity.factor / 1e3 * (10.0 if "kg" in quantity.per else 1.0)  # of a small child
        if milligrams > _TOO_MUCH * _LIMITS[drug]:
            done.add(drug)
            dose = " ".join(value.text[quantity.start : quantity.end].split())
            limit = f"{_LIMITS[drug]:g} mg" if _LIMITS[drug] >= 1 else f"{_LIMITS[drug] * 1000:g} µg"
            why = Phrase("it is several times more than the highest doses in use (about {limit} a day)", limit=limit)
            yield Case({"product": drug, "dose": dose, "why": why}, (clause(value, quantity.start, quantity.end, 160),))


def _no_such_tablet(value: Value) -> Iterator[Case]:
    """Yield the strengths of fixed combinations whose two parts are not in the ratio in which these are made."""
    folded, told = value.folded, set[int]()
    for pattern, made, ordered in _combined() if _PARTS.search(folded) else ():
        for match in pattern.finditer(folded):
            ratio = float(match["one"]) / float(match["other"]) if float(match["other"]) else 0.0
            if not ratio or any(_near(ratio, one) or (not ordered and _near(1 / ratio, one)) for one in made):
                continue
            turned = any(_near(1 / ratio, one) for one in made)
            start = match.start("one")
            if start in told or (len(made) > 1 and not turned):
                continue
            told.add(start)
            dose = " ".join(value.text[start : match.end()].split())
            if turned:
                why = Phrase("its two parts are turned round")
            else:
                why = Phrase("its parts are {ratio} to 1, and the tablet is made with {made} to 1", ratio=f"{ratio:.3g}", made=f"{made[0]:.3g}")  # fmt: skip
            yield Case({"product": match["name"], "dose": dose, "why": why}, (clause(value, match.start(), match.end(), 160),))


def _near(ratio: float, made: float) -> bool:
    return abs(ratio - made) <= 0.05 * made


def _drug_of(folded: str, names: list[re.Match[str]], quantity: Quantity) -> str | None:
    for name in reversed(names):
        if name.end() <= quantity.start and quantity.start - name.end() < 50:
            between = folded[name.end() : quantity.start]
            return name[1] if _BETWEEN.match(between) else None
    for name in names:
        if quantity.end <= name.start() < quantity.end + 30:
            return name[1] if _OF.match(folded[quantity.end : name.start()]) else None
    return None
