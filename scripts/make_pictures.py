"""A sample record -> docs/pictures/: the first page of its report in each language, small, for the README."""

import datetime
import io
import sys
from pathlib import Path

import pypdfium2

from audit.model.registration import Registration
from audit.pipeline import Settings, prepare
from audit.readers import read_bytes
from audit.reports import html, pdf
from audit.reports.words import Words

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / "sample_records" / "irct" / "split_mouth.txt"
AS_OF = datetime.date(2026, 6, 11)
WIDTH = 620
COLOURS = 32
"""Few colours make a small file; a page has fewer."""


def main() -> None:
    """Write the pictures."""
    catalogue, engine = prepare(Settings(as_of=AS_OF))
    (read,) = (one for one in read_bytes(RECORD.read_bytes(), RECORD.name) if isinstance(one, Registration))
    (audit,) = engine.examine([read], AS_OF)
    info = html.RunInfo.of(engine.checks, catalogue.sha256)
    folder = ROOT / "docs" / "pictures"
    folder.mkdir(exist_ok=True)
    for language in ("en", "fa"):
        path = folder / f"report.{language}.png"
        path.write_bytes(picture(pdf.render(audit, info, Words.of(language), appendix=False)))
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KB")


def picture(document: bytes) -> bytes:
    """Return the first page as PNG."""
    with pypdfium2.PdfDocument(document) as opened:
        page = opened[0]
        drawn = page.render(scale=WIDTH / page.get_width()).to_pil()
    out = io.BytesIO()
    drawn.quantize(COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
