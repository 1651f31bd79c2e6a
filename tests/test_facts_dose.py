"""Facts on doses, comparators and letters: what is garbled, and what differs between the places of a record."""

from datetime import date

import pytest

from audit.engine.facts.dose import doses
from audit.engine.reading import Reading
from audit.engine.vocabulary import load_vocabulary
from audit.folders import folder
from audit.model.span import Source, Value
from audit.readers.draft import registration

VOCABULARY = load_vocabulary(folder("checks") / "vocabulary")


def read(source=None, **record):
    return Reading(registration(record, source), VOCABULARY, date(2026, 6, 11))


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("between 4.1-1010 × 1010 a session", ("4.1-1010 × 1010",)),
        ("0.5 * 107 NK cells per kg", ("0.5 * 107 NK cells",)),
        ("drops with 1x109 CFU", ("1x109 CFU",)),
        ("contains, 108 viable cells", ("108 viable cells",)),
        ("about 30 particles/unit", ("particles/unit",)),
        ("20 mg mg daily", ("20 mg mg",)),
        ("1.2.5 ml", ("1.2.5 ml",)),
        ("ivermectin 400-200 mcg/kg", ("400-200 mcg/kg",)),
        ("2 x 100 mg", ()),
        ("a patch of 10 x 20 cm", ()),
        ("2 × 10⁸ cells", ()),
        ("2 x 10^8 cells", ()),
        ("2 x 1000 IU", ()),
        ("106 patients with cells", ()),
        ("until 105 cells/mm3", ()),
        ("phone 021-1234 x 106, 2021-03-05", ()),
        ("amoxicillin 500-125 mg", ()),
        ("200-400 mcg/kg", ()),
        ("1.200.000 units", ()),
        ("500 mg. mg is the unit", ()),
        ("5 ml ml-1", ()),
        ("103 cells were counted", ()),
        ("5x106cells/kg", ("5x106cells",)),
        ("2 × 106 /kg cells", ("2 × 106 /kg cells",)),
        ("1×109 of Lactobacillus casei", ("1×109 of Lactobacillus",)),
        ("10 9 CFU", ("10 9 CFU",)),
    ],
)
def test_garbled_doses(text, quotes):
    cases = read(arms=[text]).fact("garbled_doses").cases

    assert tuple(quote for case in cases for quote in case.values["quote"]) == quotes


def test_powers_in_a_pdf_may_be_damage_of_the_export():
    pdf = Source("a.pdf", "draft", "", "", kind="pdf")

    for name in ("garbled_doses", "lost_superscripts"):
        assert read(pdf, arms=["5 * 107 cells"]).fact(name).value is None
        assert read(pdf, arms=["between 4.1-1010 × 1010"]).fact(name).value is None
        assert read(pdf, arms=["5 mg daily"]).fact(name).value == 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("50, 100 and 200 micrograms per milliliter per square centimeter", [(50.0, "cm2 ml"), (100.0, "cm2 ml"), (200.0, "cm2 ml")]),
        ("50 µg of the serum per cm² of skin", [(50.0, "cm2")]),
        ("0.2 mg/kg", [(200.0, "kg")]),
        ("1 g daily", [(1e6, "")]),
        ("1,500 mg twice, then 5 mg per kg", [(1.5e6, ""), (5000.0, "kg")]),
        ("5 groups of 4", []),
    ],
)  # fmt: skip
def test_doses(text, found):
    assert [(dose.amount, " ".join(sorted(dose.per))) for dose in doses(Value("arms", text=text))] == found


@pytest.mark.parametrize(
    ("summary", "arm", "differ"),
    [
        ("40 micrograms of serum", "40 µg of serum per cm² of scar", 1),
        ("8 mg of the drug", "8 mg/kg of the drug", 1),
        ("pregabalin 75 mg before surgery", "pregabalin 300 mg before surgery", 1),
        ("pregabalin 75 mg", "pregabalin 75000 mcg", 0),
        ("metformin 1000 mg daily", "metformin 500 mg twice a day", 0),
        ("colchicine 1 mg", "an initial dose of colchicine 1.5 mg", 0),
        ("50 mg of the drug", "50 mg/ml of the drug", 0),
        ("rosuvastatin 20 mg tablets once a day", "rosuvastatin 10 mg tablets once a day", 1),
        ("sildenafil tab 25 mg every 8 hours", "sildenafil tab 50 mg every 8 hours", 1),
        ("vitamin D 50000 IU/week", "vitamin D 5000 IU weekly", 1),
        ("the dose of oseltamivir is 75 mg", "oseltamivir: 150 mg", 1),
        ("30 mg/kg magnesium sulfate", "magnesium sulfate 50 mg/kg", 1),
        ("letrozole 5 mg", "letrozole 2.5 mg two tablets daily", 0),
        ("vitamin C 6 g daily", "vitamin C 1.5 g every 6 hours", 0),
        ("acetylcysteine 600 mg twice a day", "acetylcysteine 1200 mg in two divided doses", 0),
    ],
)
def test_dose_differences(summary, arm, differ):
    assert read(arms_summary=summary, arms=[arm]).fact("dose_differences").value == differ


def test_one_of_three_groups_has_another_dose_in_its_arm():
    summary = "Group 1: hops 5 mg. Group 2: hops 15 mg. Group 3: hops 45 mg."
    arms = ["Capsules with 5 mg of hops.", "Capsules with 30 mg of hops.", "Capsules with 45 mg of hops."]

    (case,) = read(arms_summary=summary, arms=arms).fact("dose_differences").cases

    assert [place.quote for place in case.places] == ["Group 2: hops 15 mg.", "Capsules with 30 mg of hops."]


@pytest.mark.parametrize(
    ("title", "control", "differ"),
    [
        ("Serum with laser compared to laser alone", "Control group: laser and saline injection.", 1),
        ("Serum with laser compared to laser alone", "Control group: laser.", 0),
        ("Serum versus placebo", "Control group: routine care.", 1),
        ("Serum versus placebo", "Control group: saline injection.", 0),
        ("Serum without placebo", "Control group: routine care.", 0),
        ("Serum versus placebo", "Control group: minoxidil 5%.", 1),
        ("Serum versus placebo", "Control group: an unnamed lotion daily.", 0),
        ("Serum versus usual care", "Control group: placebo drops.", 1),
        ("Serum versus usual care", "Control group: placebo drops and the usual care.", 0),
    ],
)
def test_comparator_differences(title, control, differ):
    arms = ["Intervention group: laser and serum.", control]

    assert read(scientific_title=title, arms=arms).fact("comparator_differences").value == differ


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("plain", ()),
        ("Café, 25 °C, 5 µg", ()),
        ("می\u200cشود", ()),
        ("\u0650Dr", ("U+0650 arabic kasra",)),
        ("a\u200bb \u200e", ("U+200B zero width space", "U+200E left-to-right mark")),
        ("\uf0b7 item", ("U+F0B7 private use",)),
        (
            "Vita\u00admin \ufeffD",
            ("U+00AD soft hyphen", "U+FEFF zero width no-break space"),
        ),
    ],
)
def test_stray_characters(text, names):
    cases = read(public_title=text).fact("stray_characters").cases

    assert tuple(name for case in cases for name in case.values["characters"]) == names
