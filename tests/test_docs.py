"""README, --help and the pages of the checks agree with the code."""

import re
import subprocess
import sys

from conftest import ROOT

from audit.model.check import Confidence, Severity
from audit.model.result import Verdict
from audit.reports import RENDERERS

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_generated_parts_are_up_to_date():
    said = subprocess.run(
        [sys.executable, ROOT / "scripts" / "make_docs.py", "--check"], capture_output=True, text=True, check=False
    )

    assert (said.returncode, said.stdout + said.stderr) == (0, "")


def test_the_readme_names_every_verdict_format_and_level():
    names = [
        *(v.value.replace("_", " ") for v in Verdict),
        *RENDERERS,
        *(s.value for s in Severity),
        *(c.value for c in Confidence),
    ]

    assert [name for name in names if name not in README] == []


def test_the_readme_names_every_command_of_make():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))

    assert set(re.findall(r"`?make ([a-z-]+)`?\b", README)) - {"and"} <= targets


def test_the_changelog_speaks_of_the_version():
    from audit import __version__

    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_no_file_has_a_machine_path():
    tracked = [*ROOT.glob("audit/**/*.py"), *ROOT.glob("checks/**/*.yaml"), *ROOT.glob("scripts/*"), *ROOT.glob("*.md")]

    assert [path.name for path in tracked if re.search(r"/(?:home|root|Users|work|tmp)/", path.read_text(encoding="utf-8"))] == []
