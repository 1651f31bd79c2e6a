"""The examples notice a changed check, and a planted defect wakes its check and no other (`mutation.py`)."""

import mutation
import pytest

PLANTS = list(mutation.plants())


def test_the_examples_kill_nine_of_ten_condition_mutants():
    told = list(mutation.survivors(mutation.catalogue().checks))

    alive = [f"{code}: {name}" for code, name, survived in told if survived]

    assert len(alive) <= 0.1 * len(told), alive


def test_an_emptied_pattern_turns_its_phrases_red():
    assert [pattern.name for pattern in mutation.vocabulary().patterns if not pattern.yes] == []


@pytest.mark.parametrize("shape", mutation.SHAPES)
@pytest.mark.parametrize("record", sorted({plant.record for plant in PLANTS}))
def test_a_clean_record_wakes_nothing_in_any_shape(record, shape):
    assert mutation.woken(mutation.SHAPES[shape](mutation.clean(record))) == {}


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_a_planted_defect_wakes_its_check_and_no_other(plant):
    assert list(mutation.planting(plant, ["as it is"])) == [("as it is", True, set())]


@pytest.mark.long
def test_planted_defects_in_every_shape():
    told = [(plant.name, *said) for plant in PLANTS for said in mutation.planting(plant)]

    asleep = [(name, shape) for name, shape, woke, _ in told if not woke]
    collateral = [(name, shape, others) for name, shape, _, others in told if others]

    assert len(asleep) <= 0.05 * len(told), asleep
    assert len(collateral) <= 0.02 * len(told), collateral
