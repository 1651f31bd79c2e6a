"""What docs/security.md promises: no network, nothing executed, nothing read or written outside, and bounds."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT
from test_cli import AS_OF, CLEAN, FAULTY, run

import audit
from audit.engine.load import load
from audit.engine.vocabulary import load_vocabulary
from audit.errors import AuditError
from audit.folders import folder
from audit.model.span import Value
from audit.reports.words import Words

BOMB = "a: &a [x, x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20))
REFUSED = """
import socket
def refuse(*args, **kwargs):
    open({told!r}, "a").write(repr(args))
    raise OSError("no network here")
socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = refuse
socket.getaddrinfo = socket.gethostbyname = socket.create_connection = refuse
from audit.cli import main
main()
"""


def environment(place):
    """Return an environment in which everything that is written beside the result can be seen."""
    (place / "home").mkdir()
    (place / "temporary").mkdir()
    own = {} if "site-packages" in audit.__file__ else {"PYTHONPATH": str(ROOT)}
    return os.environ | own | {"HOME": str(place / "home"), "TMPDIR": str(place / "temporary"), "PYTHONDONTWRITEBYTECODE": "1"}


def test_without_a_network_all_is_the_same_and_nothing_asks_for_it(tmp_path):
    """One run with sockets refused equals one in a process that has them; neither leaves anything behind."""
    told = tmp_path / "told"
    arguments = ["check", str(FAULTY), "--format", "json", *AS_OF]
    with_sockets = run(*arguments)[1]

    said = subprocess.run(
        [sys.executable, "-c", REFUSED.format(told=str(told)), *arguments],
        capture_output=True, text=True, check=False, encoding="utf-8", env=environment(tmp_path), cwd=tmp_path,
    )  # fmt: skip

    assert said.returncode == 1, said.stderr
    assert json.loads(said.stdout) == json.loads(with_sockets)
    assert not told.exists(), told.read_text(encoding="utf-8")
    assert [path for name in ("home", "temporary") for path in (tmp_path / name).rglob("*")] == []


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="a namespace without network is Linux's")
def test_in_a_namespace_without_a_network_a_report_is_the_same(tmp_path):
    inside = ["unshare", "-rn"]
    if subprocess.run([*inside, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine gives no namespaces")
    command = [sys.executable, "-m", "audit", "report", str(CLEAN), "--format", "html", *AS_OF, "--out"]

    known = environment(tmp_path)
    for prefix, name in ((inside, "inside"), ([], "outside")):
        said = subprocess.run([*prefix, *command, str(tmp_path / name)], capture_output=True, text=True, check=False, env=known)
        assert said.returncode == 0, said.stderr

    files = sorted(path.name for path in (tmp_path / "outside").iterdir())
    assert len(files) == 2
    for name in files:
        assert (tmp_path / "inside" / name).read_bytes() == (tmp_path / "outside" / name).read_bytes()


def test_great_expectations_reports_no_use():
    code = "import os; os.environ['GX_ANALYTICS_ENABLED'] = 'true'; import audit.engine.expectations; print(os.environ['GX_ANALYTICS_ENABLED'])"

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": str(Path(audit.__file__).parents[1])})  # fmt: skip

    assert said.stdout.strip() == "false"


def template(folder, text):
    (folder / "parts").mkdir(exist_ok=True)
    (folder / "parts" / "letterhead.html.j2").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ run.templates.joinpath('secret').read_text() }}",
        "{{ run.templates.parent }}",
        "{{ words.counted.__globals__ }}",
        "{{ '{0.__class__.__mro__}'.format(run) }}",
        "{% include '../secret' %}",
        "{% include '/etc/hostname' %}",
        "{{ words.of('../../../secret') }}",
        "{{ run.checks.update({}) }}",
    ],
)
def test_a_template_of_ones_own_computes_a_page_and_reaches_nothing(tmp_path, text):
    (tmp_path / "ours").mkdir()
    (tmp_path / "secret").write_text("direction: top secret", encoding="utf-8")
    template(tmp_path / "ours", text)

    code, _, err = run(
        "report",
        CLEAN,
        "--out",
        tmp_path / "out",
        "--format",
        "html",
        "--templates",
        tmp_path / "ours",
        "--checks",
        "DS03",
        *AS_OF,
    )

    assert (code, "top secret" in err) == (2, False)
    assert not (tmp_path / "out").exists()


def test_a_template_of_ones_own_that_makes_a_page_is_used(tmp_path):
    template(tmp_path, "<p>Committee of {{ w.kind }}, {{ words.number(3) }}</p>")

    assert (
        run("report", CLEAN, "--out", tmp_path / "out", "--format", "html", "--templates", tmp_path, "--checks", "DS03", *AS_OF)[
            0
        ]
        == 0
    )
    pages = [path.read_text(encoding="utf-8") for path in (tmp_path / "out").glob("IRCT*.html")]
    assert ["Committee of Audit of a trial registration, 3" in page for page in pages] == [True]


@pytest.mark.parametrize(
    "text", [BOMB, "a: " + "[" * 100_000, "- " * 100_000 + "a", "!!python/object/apply:os.system ['touch pwned']", "{"]
)
def test_yaml_of_ones_own_is_bounded_and_executes_nothing(tmp_path, monkeypatch, text):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ZZ01-x.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "languages").mkdir()
    (tmp_path / "vocabulary").mkdir()
    (tmp_path / "vocabulary" / "x.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "languages" / "en.yaml").write_text(text, encoding="utf-8")

    code, _, err = run("check", CLEAN, "--catalogue", tmp_path)
    assert (code, "ZZ01-x.yaml:" in err, len(err) < 5000) == (2, True, True)
    with pytest.raises(AuditError, match=r"x\.yaml: not YAML"):
        load_vocabulary(tmp_path / "vocabulary")
    with pytest.raises(AuditError, match=r"en\.yaml cannot be used"):
        Words.of("en", tmp_path)
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("linked", ["XX/ZZ01-x.yaml", "vocabulary/x.yaml", "vocabulary"])
def test_no_link_in_a_catalogue_leads_out_of_it(tmp_path, linked):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "x.yaml").write_text("password: [x", encoding="utf-8")
    link = tmp_path / "catalogue" / linked
    link.parent.mkdir(parents=True)
    link.symlink_to(secret if linked == "vocabulary" else secret / "x.yaml")

    code, _, err = run("check", CLEAN, "--catalogue", tmp_path / "catalogue")

    assert (code, "leads out of" in err, "YAML" in err) == (2, True, False)
    roots = (folder("checks"), tmp_path / "catalogue")
    with pytest.raises(AuditError, match="leads out of"):
        load(*roots) if linked.startswith("XX") else load_vocabulary(*(root / "vocabulary" for root in roots))


def test_no_link_among_templates_leads_out_of_them(tmp_path):
    (tmp_path / "secret.txt").write_text("password", encoding="utf-8")
    (tmp_path / "own" / "parts").mkdir(parents=True)
    (tmp_path / "own" / "parts" / "letterhead.html.j2").symlink_to(tmp_path / "secret.txt")

    code, _, err = run("report", CLEAN, "--templates", tmp_path / "own", "--out", tmp_path / "out", "--format", "html")

    assert (code, "leads out of" in err) == (2, True)
    assert not any("password" in path.read_text(encoding="utf-8") for path in tmp_path.glob("out/*.html"))


def test_a_pattern_of_another_catalogue_takes_time_that_grows_with_the_text_alone(tmp_path):
    (tmp_path / "x.yaml").write_text("patterns: {slow: {en: '(?:a|aa|a ?)+b'}}", encoding="utf-8")
    pattern = load_vocabulary(tmp_path).patterns[0]
    began = time.process_time()

    assert pattern.matches(Value("summary", text="a" * 40_000)) == []
    assert [one.span() for one in pattern.matches(Value("summary", text="x aab"))] == [(2, 5)]
    assert time.process_time() - began < 2


@pytest.mark.parametrize("blank", ["{trial_id.__class__.__mro__}", "{trial_id[0]}", "{0}", "{__class__}"])
def test_the_blanks_of_a_message_are_names_of_fields_alone(tmp_path, blank):
    original = next((ROOT / "checks" / "ST").glob("ST02-*.yaml")).read_text(encoding="utf-8")
    text = original.replace("code: ST02", "code: ZZ01")
    start = text.index("\nquestion:")
    (tmp_path / "ZZ01-x.yaml").write_text(
        f"{text[:start]}\nquestion: Is it {blank}?\n{text[text.index(chr(10) + 'rationale:') :]}", encoding="utf-8"
    )

    code, _, err = run("check", CLEAN, "--catalogue", tmp_path)

    assert (code, "ZZ01-x.yaml:" in err) == (2, True)


@pytest.mark.parametrize("number", ["../../../../outside", "/etc/passwd", "..", "CON", "a\\..\\b", "x" * 500, "\x00"])
def test_the_number_of_a_record_is_no_path(tmp_path, number):
    text = FAULTY.read_text(encoding="utf-8").replace("IRCT20990202099992N3", number)
    (tmp_path / "record.txt").write_text(text, encoding="utf-8")
    before = sorted(tmp_path.parent.iterdir())

    run("report", tmp_path / "record.txt", "--out", tmp_path / "out", "--format", "html", "--checks", "DS03", *AS_OF)

    assert sorted(tmp_path.parent.iterdir()) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "record.txt"]
    assert all(path.is_file() and len(path.name) < 150 for path in (tmp_path / "out").iterdir())


def test_no_words_of_a_record_are_a_command_to_githubs_runner(tmp_path):
    text = FAULTY.read_text(encoding="utf-8")
    title = text.splitlines()[0]
    (tmp_path / "record.txt").write_text(text.replace(title, "::stop-commands::x ##[error]y"), encoding="utf-8")

    for command in (("check", "--checks", "DS03", *AS_OF), ("facts",)):
        _, out, _ = run(command[0], tmp_path / "record.txt", *command[1:])
        assert "stop-commands" in out
        assert [line for line in out.splitlines() if line.lstrip().startswith("::") or "##[" in line] == []


def test_the_tests_have_no_network():
    with pytest.raises(AssertionError, match="asked the network"):
        socket.create_connection(("203.0.113.7", 80))
