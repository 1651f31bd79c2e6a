"""The exit codes: every case, in one table."""

import re

import pytest
from test_cli import AS_OF, FAULTY, PNG, run

from audit.cli import cli
from audit.reports import pdf

RECORD = "IRCT20990202099992N3"
ONE = ("--checks", "DS03", *AS_OF)
"""An error of high confidence."""
SOFT = ("--checks", "PL03", *AS_OF)
"""A warning."""
UNTIL = ("--reason", "Asked.", "--owner", "A. Rahimi", "--until", "2099-12-31")


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A working directory with a record that contradicts itself, and with what cannot be used."""
    (tmp_path / "record.txt").write_bytes(FAULTY.read_bytes())
    (tmp_path / "picture.txt").write_bytes(PNG)
    (tmp_path / "empty").mkdir()
    (tmp_path / "known.json").write_text("{}", encoding="utf-8")
    (tmp_path / "wrong.toml").write_text('fail_on = "error"', encoding="utf-8")
    (tmp_path / "never.toml").write_text('fail-on = "never"', encoding="utf-8")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "ZZ01-x.yaml").write_text("code: ZZ01", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def broken(monkeypatch):
    def fails(*_):
        raise ZeroDivisionError("no such luck")

    monkeypatch.setattr("audit.engine.examine.findings", fails)


def without_pango(monkeypatch):
    def missing(*_, **__):
        raise pdf.PdfUnavailable

    monkeypatch.setattr(pdf, "render", missing)


def waived(_):
    assert run("waive", f"{RECORD}:DS03", *UNTIL, *ONE)[0] == 0


def with_baseline(_):
    assert run("baseline", "update", "record.txt", "--baseline", "known.json", *ONE)[0] == 0


CASES = [
    # audited; nothing at or above --fail-on
    (0, "nothing found", ("check", "record.txt", "--checks", "PL04", *AS_OF), None),
    (0, "a warning is below error", ("check", "record.txt", *SOFT), None),
    (0, "never", ("check", "record.txt", "--fail-on", "never", *ONE), None),
    (0, "never, from the configuration", ("check", "record.txt", "--config", "never.toml", *ONE), None),
    (0, "below the confidence asked for", ("check", "record.txt", "--checks", "RA11", "--min-confidence", "high", "--fail-on", "note", *AS_OF), None),
    (0, "waived", ("check", "record.txt", *ONE), waived),
    (0, "known from the baseline", ("check", "record.txt", "--baseline", "known.json", *ONE), with_baseline),
    (0, "a report does not fail of itself", ("report", "record.txt", "--out", "out", "--format", "html", *ONE), None),
    (0, "PDF not asked for by name, no Pango", ("report", "record.txt", "--out", "out", *ONE), without_pango),
    (0, "facts", ("facts", "record.txt"), None),
    (0, "the list of checks", ("checks",), None),
    (0, "one check", ("explain", "PL03"), None),
    (0, "the settings in force", ("check", "--show-config"), None),
    (0, "a waiver is written", ("waive", f"{RECORD}:DS03", *UNTIL, *ONE), None),
    (0, "a baseline is written", ("baseline", "update", "record.txt", "--baseline", "new.json", *ONE), None),
    (0, "help", ("check", "--help"), None),
    # audited; something at or above --fail-on
    (1, "an error", ("check", "record.txt", *ONE), None),
    (1, "an error is above warning", ("check", "record.txt", "--fail-on", "warning", *ONE), None),
    (1, "a warning", ("check", "record.txt", "--fail-on", "warning", *SOFT), None),
    (1, "a warning is above note", ("check", "record.txt", "--fail-on", "note", *SOFT), None),
    (1, "a report that is told to", ("report", "record.txt", "--out", "out", "--format", "html", "--fail-on", "error", *ONE), None),
    (1, "the command line wins", ("check", "record.txt", "--config", "never.toml", "--fail-on", "error", *ONE), None),
    (1, "the waiver is not read", ("check", "record.txt", "--no-config", *ONE), waived),
    # wrong use
    (2, "no path", ("check",), None),
    (2, "no such command", ("audit", "record.txt"), None),
    (2, "no such option", ("check", "record.txt", "--loud"), None),
    (2, "no such format", ("check", "record.txt", "--format", "poem"), None),
    (2, "no such level", ("check", "record.txt", "--fail-on", "all"), None),
    (2, "no such day", ("check", "record.txt", "--as-of", "yesterday"), None),
    (2, "no such check", ("check", "record.txt", "--checks", "QQ99"), None),
    (2, "no such check to explain", ("explain", "QQ99"), None),
    (2, "no such reader", ("check", "record.txt", "--reader", "fortran"), None),
    (2, "formats without outputs", ("check", "record.txt", "--format", "json", "--format", "sarif", "--output", "a"), None),
    (2, "one output twice", ("check", "record.txt", "--format", "json", "--output", "a", "--format", "sarif", "--output", "a"), None),
    (2, "an output that cannot be written", ("check", "record.txt", "--output", "no/such/file", *ONE), None),
    (2, "a configuration that is not understood", ("check", "record.txt", "--config", "wrong.toml"), None),
    (2, "a configuration that is not there", ("check", "record.txt", "--config", "no.toml"), None),
    (2, "a check file that is not understood", ("check", "record.txt", "--catalogue", "more"), None),
    (2, "a baseline that is none", ("check", "record.txt", "--baseline", "known.json", *ONE), None),
    (2, "a report without a folder", ("report", "record.txt"), None),
    (2, "a waiver without an owner", ("waive", f"{RECORD}:DS03", "--reason", "x", "--until", "2099-12-31"), None),
    (2, "a waiver of nothing", ("waive", f"{RECORD}:PL04", *UNTIL, *ONE), None),
    (2, "a baseline without a place", ("baseline", "update", "record.txt", *ONE), None),
    # the audit is not complete
    (3, "a path that does not exist", ("check", "no.txt", *ONE), None),
    (3, "an unreadable file", ("check", "picture.txt", *ONE), None),
    (3, "nothing to read", ("check", "empty", *ONE), None),
    (3, "nothing on standard input", ("check", "-", *ONE), None),
    (3, "3 wins over 1", ("check", "record.txt", "no.txt", *ONE), None),
    (3, "3 also with never", ("check", "record.txt", "no.txt", "--fail-on", "never", *ONE), None),
    (3, "a broken check", ("check", "record.txt", *ONE), broken),
    (3, "a report of what is not there", ("report", "no.txt", "--out", "out", "--format", "html", *ONE), None),
    (3, "PDF asked for by name, no Pango", ("report", "record.txt", "--out", "out", "--format", "pdf", *ONE), without_pango),
    (3, "facts of what is not there", ("facts", "no.txt"), None),
    (3, "a baseline of what is not complete", ("baseline", "update", "record.txt", "no.txt", "--baseline", "new.json", *ONE), None),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "arguments", "before"), [(e, a, b) for e, _, a, b in CASES], ids=[name for _, name, _, _ in CASES])  # fmt: skip
def test_exit_code(place, monkeypatch, expected, arguments, before):
    if before:
        before(monkeypatch)

    code, out, err = run(*arguments, stdin=b"")

    assert code == expected, out + err
    assert "Traceback" not in out + err


def test_the_table_has_every_code_that_the_help_tells():
    told = re.findall(r"(?m)^\s+(\d)  ", cli.help.partition("Exit codes:")[2])

    assert {int(code) for code in told} == {code for code, *_ in CASES}
