"""The pieces for CI, as CI uses them: a repository whose record is refused, accepted, and refused again."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
import yaml
from conftest import ROOT
from test_cli import FAULTY, run
from test_gate import RECORD, SAID, changed
from test_machine_formats import SARIF

import audit

BIN = Path(sys.executable).parent
HOOK = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))[0]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
GITLAB = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text(encoding="utf-8"))
EXAMPLES = ROOT / "docs" / "ci_examples"
TODAY = datetime.now(UTC).date()
needs_tools = pytest.mark.skipif(not (shutil.which("git") and shutil.which("bash")), reason="needs git and bash")


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with one record that contradicts itself (DS03), not yet committed."""
    place = tmp_path / "repository"
    (place / "registrations").mkdir(parents=True)
    (place / "registrations" / "trial.txt").write_bytes(FAULTY.read_bytes())
    (place / "trial-audit.toml").write_text('checks = ["DS03"]\n', encoding="utf-8")
    monkeypatch.chdir(place)
    for name in [name for name in os.environ if name.startswith(("GIT_", "GITHUB_", "PRE_COMMIT"))]:
        monkeypatch.delenv(name)
    said = {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
        "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
    }  # fmt: skip
    if "site-packages" in audit.__file__:
        del said["PYTHONPATH"]  # the installed wheel is tested, not the checkout
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    git("init", "-q")
    return place


def git(*arguments):
    return subprocess.run(["git", *arguments], capture_output=True, text=True, check=False, encoding="utf-8")


def in_bash(script, place, **environment):
    """Run *script* as GitHub's runner does."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        capture_output=True, text=True, check=False, cwd=place, env=os.environ | environment, encoding="utf-8",
    )  # fmt: skip


def gate(*options):
    """Return the exit code of check as the hook calls it, and what it tells."""
    code, out, _ = run(*HOOK["entry"].split()[1:], *options, "registrations/trial.txt")
    return code, " ".join(out.split())


@pytest.mark.long
@needs_tools
def test_the_hook_refuses_a_commit_and_a_waiver_lets_it_pass(repository):
    hook = HOOK | {"language": "system"}
    (repository / ".pre-commit-config.yaml").write_text(
        yaml.safe_dump({"repos": [{"repo": "local", "hooks": [hook]}]}), encoding="utf-8"
    )
    installed = subprocess.run([BIN / "pre-commit", "install"], capture_output=True, text=True, check=False)
    assert installed.returncode == 0, installed.stderr
    git("add", ".")

    refused = git("commit", "-qm", "A record")
    assert refused.returncode == 1
    assert "DS03 error:" in refused.stdout + refused.stderr
    assert run("waive", f"{RECORD}:DS03", *SAID, "--until", TODAY.isoformat())[0] == 0
    git("add", ".")
    accepted = git("commit", "-qm", "A record, with a waiver")
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr


@needs_tools
def test_the_script_of_the_action_refuses_annotates_and_tells_the_lines(repository, tmp_path):
    (script,) = [step["run"] for step in ACTION["runs"]["steps"] if step.get("id") == "audit"]
    output, summary = tmp_path / "output", tmp_path / "summary"

    said = in_bash(
        script, repository, PATHS="registrations\n", OPTIONS="--fail-on=error\n", SARIF="out.sarif", JUNIT="out.xml",
        GITHUB_OUTPUT=str(output), GITHUB_STEP_SUMMARY=str(summary),
    )  # fmt: skip

    assert said.returncode == 1, said.stderr
    assert output.read_text(encoding="utf-8") == "exit-code=1\nsarif=out.sarif\n"
    lines = FAULTY.read_text(encoding="utf-8").splitlines()
    log = json.loads((repository / "out.sarif").read_text(encoding="utf-8"))
    SARIF.validate(log)
    (result,) = log["runs"][0]["results"]
    places = [one["physicalLocation"] for one in (*result["locations"], *result["relatedLocations"])]
    assert {place["artifactLocation"]["uri"] for place in places} == {"registrations/trial.txt"}
    assert len(places) > 2
    for place in places:
        assert place["region"]["snippet"]["text"] in lines[place["region"]["startLine"] - 1]
    first = places[0]["region"]["startLine"]
    assert said.stdout.startswith(f"::error file=registrations/trial.txt,line={first},")
    assert "| error |" in summary.read_text(encoding="utf-8")
    assert "<failure" in (repository / "out.xml").read_text(encoding="utf-8")


@pytest.mark.long
@needs_tools
def test_the_script_of_the_gitlab_job_refuses_and_writes_its_reports(repository):
    job = GITLAB[".trial-audit"]
    environment = {name: value for name, value in job["variables"].items() if name.startswith("TRIAL")}

    said = in_bash("\n".join(job["script"]), repository, **environment)

    assert said.returncode == 1, said.stderr
    assert "DS03 error:" in said.stdout
    for name in job["artifacts"]["reports"].values():
        assert "DS03" in (repository / name).read_text(encoding="utf-8")


def test_what_becomes_of_a_waiver_and_of_a_baseline(repository):
    record = repository / "registrations" / "trial.txt"
    code, told = gate()
    assert (code, "DS03 error:" in told) == (1, True)

    run("waive", f"{RECORD}:DS03", *SAID, "--until", TODAY.isoformat())
    code, told = gate()
    assert (code, f"Accepted by A. Rahimi until {TODAY}" in told) == (0, True)

    code, told = gate("--as-of", (TODAY + timedelta(days=1)).isoformat())
    assert (code, "that day has passed" in told) == (1, True)

    record.write_text(changed(record.read_text(encoding="utf-8")), encoding="utf-8")
    code, told = gate()
    assert (code, "the text has changed since" in told) == (1, True)

    assert run("baseline", "update", "registrations", "--baseline", "known.json")[0] == 0
    code, told = gate("--baseline", "known.json")
    assert (code, "1 finding known from the baseline known.json" in told) == (0, True)

    (repository / "trial-audit.toml").write_text('checks = ["DS03", "ST02"]\n', encoding="utf-8")
    code, told = gate("--baseline", "known.json")
    assert (code, "ST02 error:" in told, "DS03 error:" in told) == (1, True, False)


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("github-actions", ROOT / "action.yml"),
        ("github-workflows", EXAMPLES / "workflow.yml"),
        ("gitlab-ci", ROOT / "ci" / "gitlab.yml"),
        ("gitlab-ci", EXAMPLES / "gitlab-ci.yml"),
    ],
)
def test_the_pieces_keep_the_schemas_of_the_services(schema, file):
    from importlib.resources import files

    held = json.loads((files("check_jsonschema") / "builtin_schemas" / "vendor" / f"{schema}.json").read_text(encoding="utf-8"))
    data = {("on" if key is True else key): value for key, value in yaml.safe_load(file.read_text(encoding="utf-8")).items()}

    jsonschema.validate(data, held)


def test_pre_commit_takes_the_hook_and_the_example():
    from pre_commit.clientlib import load_config, load_manifest

    (hook,) = load_manifest(ROOT / ".pre-commit-hooks.yaml")
    (repo,) = load_config(EXAMPLES / "pre-commit-config.yaml")["repos"]

    assert [one["id"] for one in repo["hooks"]] == [hook["id"]]


def test_the_examples_name_what_there_is():
    workflow = yaml.safe_load((EXAMPLES / "workflow.yml").read_text(encoding="utf-8"))
    (step,) = [one for one in workflow["jobs"]["audit"]["steps"] if one.get("id") == "audit"]
    job = yaml.safe_load((EXAMPLES / "gitlab-ci.yml").read_text(encoding="utf-8"))["trial-audit"]

    assert step["with"].keys() <= ACTION["inputs"].keys()
    assert job["extends"] in GITLAB
    assert job["variables"].keys() <= GITLAB[".trial-audit"]["variables"].keys()
    for file in EXAMPLES.iterdir():
        assert file.read_text(encoding="utf-8") in (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")


def test_the_settings_of_the_page_are_all_there_are():
    import re
    import tomllib

    from audit.config import KEYS

    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    settings, waiver = (tomllib.loads(block) for block in re.findall(r"```toml\n(.*?)```", page, re.S))

    assert settings.keys() == KEYS.keys()
    assert waiver["waiver"][0].keys() == {"record", "check", "fingerprints", "reason", "owner", "until"}
