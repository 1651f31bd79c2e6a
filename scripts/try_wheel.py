"""A folder with a built wheel -> it installed in an empty environment outside the checkout, where it audits a record."""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main(dist: Path) -> None:
    """Install the wheel and audit the clean sample; raise when it does not work."""
    (wheel,) = dist.glob("*.whl")
    record = ROOT / "sample_records" / "irct" / "clean.txt"
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        venv.create(place / "env", with_pip=True)
        python = place / "env" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel], check=True, cwd=place)
        (place / "record.txt").write_bytes(record.read_bytes())
        said = subprocess.run(
            [python, "-m", "audit", "check", "record.txt", "--format", "json", "--as-of", "2026-06-11", "--fail-on", "never"],
            check=True, cwd=place, capture_output=True,
        )  # fmt: skip
        result = json.loads(said.stdout)
    assert result["summary"]["records"] == 1, result["summary"]
    assert result["catalogue"]["checks"] > 0, result["catalogue"]
    print(f"{wheel.name} audits a record with {result['catalogue']['checks']} checks: {result['summary']['findings']}")


main(Path(sys.argv[1]))
