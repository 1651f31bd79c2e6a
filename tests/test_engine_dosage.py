"""Doses and schedules as a pharmacist reads them."""

import pytest

from audit.engine.dosage import clock_slips, lengths, nonsense, quantities, rates, sessions
from audit.model.fold import fold


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("500 mg", [(500, 500, "mg", ())]),
        ("500mg tablets", [(500, 500, "mg", ())]),
        ("0.5-1 mg/kg/day", [(0.5, 1, "mg", ("kg", "day"))]),
        ("5 to 10 ml per hour", [(5, 10, "ml", ("h",))]),
        ("50 µg per cm² of plaque", [(50, 50, "ug", ("cm2",))]),
        ("10 micrograms for each square centimeter", [(10, 10, "ug", ("cm2",))]),
        ("8 mg per kilogram of body weight", [(8, 8, "mg", ("kg",))]),
        ("50,000 IU of vitamin D", [(50000, 50000, "iu", ())]),
        ("2 million units", [(2e6, 2e6, "iu", ())]),
        ("400/100 mg", [(100, 400, "mg", ())]),
        ("50, 100 and 200 micrograms", [(50, 200, "ug", ())]),
        ("two tablets", [(2, 2, "piece", ())]),
        ("half a tablespoon", [(0.5, 0.5, "spoon", ())]),
        ("one tablespoon", [(1, 1, "spoon", ())]),
        ("30 mg/m2", [(30, 30, "mg", ("m2",))]),
        ("200 cc/day", [(200, 200, "ml", ("day",))]),
        ("۲۵ mg", [(25, 25, "mg", ())]),
        ("group 2 gets 5 g", [(5, 5, "g", ())]),
        ("5 groups, 3 months", []),
        ("at a dose", []),
    ],
)
def test_quantities(text, expected):
    found = [(q.low, q.high, q.unit, q.per) for q in quantities(fold(text)) if q.numbers != (1.0,) or q.unit != "piece"]

    assert found == expected


@pytest.mark.parametrize(
    ("per", "sound"),
    [
        (("kg", "day"), True),
        (("kg", "min"), True),
        (("piece", "day"), True),
        (("m2", "day"), True),
        (("ml",), True),
        (("ml", "cm2"), False),
        (("ml", "kg"), False),
        (("kg", "m2"), False),
        (("g", "ml"), False),
    ],
)
def test_chains_of_measures(per, sound):
    assert (nonsense(per) is None) == sound


def test_sessions():
    assert [s.number for s in sessions("eight treatment sessions; 3 sessions per week; 4-6 sessions; 10 sessions of laser")] == [
        8,
        10,
    ]


@pytest.mark.parametrize(
    ("text", "a_week"),
    [
        ("twice a week", 2),
        ("three times per week", 3),
        ("3 sessions per week", 3),
        ("once weekly", 1),
        ("every other day", 3.5),
        ("every two weeks", 0.5),
        ("at 4-week intervals", 0.25),
        ("with an interval of 2 weeks", 0.5),
        ("two weeks apart", 0.5),
    ],
)
def test_rates(text, a_week):
    assert [round(rate.number, 2) for rate in rates(text)] == [a_week]


def test_lengths():
    assert [round(length.number) for length in lengths("for 8 weeks, over a period of 3 months; 2 weeks after")] == [56, 91]


@pytest.mark.parametrize(
    ("text", "slips"),
    [
        ("every 8 hours (8 am, 4 pm, 12 pm)", 1),
        ("every 8 hours (8 am, 4 pm, 12 am)", 0),
        ("every 12 hours (9 am and 9 pm)", 0),
        ("every 12 hours (9 am and 4 pm)", 1),
        ("every 8 hours (before meals)", 0),
    ],
)
def test_clock(text, slips):
    assert len(clock_slips(text)) == slips
