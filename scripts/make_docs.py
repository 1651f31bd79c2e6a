"""The catalogue and the command -> docs/checks/*.md and the marked parts of README.md; ``--check`` only compares."""

import re
import sys
from collections import Counter
from pathlib import Path

import click
from click.testing import CliRunner

from audit.cli import cli
from audit.engine.load import load, measured
from audit.folders import folder
from audit.reports import pages, tables
from audit.reports.words import Words

ROOT = Path(__file__).resolve().parents[1]


def documents() -> dict[Path, str]:
    """Return what each generated file is to hold."""
    checks = load(folder("checks")).checks
    figures = measured(folder("checks"))
    made = {ROOT / "docs" / "checks" / f"{check.code}.md": pages.page(check, figures) for check in checks}
    made[ROOT / "docs" / "checks" / "README.md"] = "# The checks\n\n" + re.sub(
        r"^\| ([A-Z]{2}\d{2}) ", r"| [\1](\1.md) ", pages.table(checks), flags=re.M
    )
    made[ROOT / "docs" / "codebook.md"] = tables.codebook()
    made[ROOT / "README.md"] = _readme(checks)
    return made


def _readme(checks) -> str:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    parts = {
        "finding": _block(_finding()),
        "help": _block(_help()),
        "check help": _block(_help("check")),
        "checks": f"{len(checks)} checks; [the list](docs/checks/README.md) has the page of each.\n\n" + _families(checks),
    }
    for name, part in parts.items():
        text = re.sub(
            f"(?s)<!-- {name} -->.*<!-- end {name} -->", lambda _, n=name, p=part: f"<!-- {n} -->\n{p}<!-- end {n} -->", text
        )
    return text


def _families(checks) -> str:
    names = Words.of("en").report["report"]["families"]
    counted = Counter(check.family for check in checks)
    return "".join(f"- {names[family]} (`{family}`): {number}\n" for family, number in sorted(counted.items()))


def _block(text: str) -> str:
    return f"```\n{text.rstrip()}\n```\n"


def _help(*command: str) -> str:
    return CliRunner().invoke(cli, [*command, "--help"], prog_name="trial-audit", terminal_width=100).output


def _finding() -> str:
    record = "sample_records/irct/split_mouth.txt"
    said = CliRunner().invoke(cli, ["check", str(ROOT / record), "--checks", "DS03", "--as-of", "2026-06-11"]).stdout
    shown = click.unstyle(said).replace(str(ROOT / record), record)
    return f"$ trial-audit check {record} --checks DS03 --as-of 2026-06-11\n{shown}"


def main() -> None:
    """Write the files, or with ``--check`` end with 1 when one is not up to date."""
    made = documents()
    stale = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    gone = [path for path in (ROOT / "docs" / "checks").glob("*.md") if path not in made]
    if "--check" in sys.argv:
        for path in (*stale, *gone):
            print(f"not up to date: {path.relative_to(ROOT)} (python scripts/make_docs.py)")
        sys.exit(bool(stale or gone))
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made[path], encoding="utf-8")
    for path in gone:
        path.unlink()
    print(f"{len(stale)} files written, {len(gone)} removed")


if __name__ == "__main__":
    main()
