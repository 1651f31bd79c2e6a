"""The catalogue as a Great Expectations suite, run by a checkpoint as its documentation shows, says what the command says."""

import json
import re
import subprocess
import sys

from batches import EXPORT, ROOT
from conftest import AS_OF
from test_batch import run

from audit.batch import Batch, Telling, Work
from audit.model.check import Confidence
from audit.pipeline import Settings


def test_the_suite_has_every_check_that_is_on(catalogue):
    made = json.loads(run("suite")[1])

    assert {one["meta"]["check"] for one in made["expectations"]} == {check.code for check in catalogue.chosen()}
    assert {one["kwargs"]["catalogue"] for one in made["expectations"]} == {catalogue.sha256}


def test_the_documented_checkpoint_finds_what_the_command_finds(tmp_path):
    """In a new process, from the suite as it was written down."""
    example = re.search(r"```python\n(import json\n.*?)```", (ROOT / "docs" / "scale.md").read_text(encoding="utf-8"), re.S)[1]
    (tmp_path / "suite.json").write_text(run("suite")[1], encoding="utf-8")
    example = example.replace("trial-audit-suite.json", (tmp_path / "suite.json").as_posix()).replace(
        "export.csv", EXPORT.as_posix()
    )
    (tmp_path / "example.py").write_text(example, encoding="utf-8")

    said = subprocess.run([sys.executable, tmp_path / "example.py"], capture_output=True, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(tmp_path)})  # fmt: skip

    assert said.returncode == 0, said.stderr
    told = list(Batch(Work(Settings(as_of=AS_OF, min_confidence=Confidence.LOW), Telling())).results([str(EXPORT)]))
    wanted = {}
    for number, one in enumerate(told):
        for code, verdict in one.whole["verdicts"].items():
            if verdict["verdict"] == "finding":
                wanted.setdefault(code, []).append(number)
    found = json.loads(said.stdout.splitlines()[-1])
    assert found == wanted


def test_a_suite_of_another_catalogue_is_told(catalogue):
    import pytest

    from audit.engine.expectations import _checks

    with pytest.raises(RuntimeError, match="made of another catalogue"):
        _checks("0" * 64)
