"""An audit -> the same report as PDF; no other file imports WeasyPrint."""

import re
import sys
from functools import lru_cache
from typing import Any

from audit.errors import AuditError
from audit.model.result import Audit
from audit.reports import html
from audit.reports.html import RunInfo
from audit.reports.words import Words

_INSTALL = {
    "linux": (
        "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        "   (Debian, Ubuntu; other systems: the packages of Pango 1.44 or newer)"
    ),
    "darwin": "brew install pango",
    "win32": (
        "install MSYS2 from https://www.msys2.org and type in its shell: pacman -S mingw-w64-x86_64-pango"
        "   (then set WEASYPRINT_DLL_DIRECTORIES=C:\\msys64\\mingw64\\bin)"
    ),
}


class PdfUnavailable(AuditError):  # noqa: N818 - a state of the machine, not a mistake of the user
    """PDF cannot be made here because the Pango libraries are missing; the text has the line that installs them."""

    def __init__(self) -> None:
        super().__init__(f"PDF needs the Pango libraries, which are missing here: {install_line()}")


def install_line() -> str:
    """Return the line that installs Pango on this system (as WeasyPrint's "First steps" has it)."""
    return _INSTALL.get(sys.platform, _INSTALL["linux"])


def render(audit: Audit, run_info: RunInfo, words: Words) -> bytes:
    """Return the report of *audit* as PDF: the same bytes for the same input and fonts.

    Nothing is fetched: the document refers to nothing outside, and all addresses but ``data:`` are refused.
    Raises PdfUnavailable where Pango is missing.
    """
    tools = _tools()
    document = tools.HTML(string=html.render(audit, run_info, words, style=""), url_fetcher=tools.fetcher)
    made: bytes = document.write_pdf(stylesheets=tools.stylesheets, font_config=tools.fonts)
    return made


class _Tools:
    """What all documents share: made once, it saves a tenth of the time of each."""

    def __init__(self, weasyprint: Any, urls: Any, fonts: Any) -> None:
        self.HTML = weasyprint.HTML
        self.fetcher = urls.URLFetcher(allowed_protocols=("data",))
        self.fonts = fonts.FontConfiguration()
        self.stylesheets = [
            weasyprint.CSS(string=text, font_config=self.fonts, url_fetcher=self.fetcher) for text in _plain_styles()
        ]


def _plain_styles() -> list[str]:
    """Return the style sheets with the colours of paper in place of their names, which WeasyPrint would resolve for each element."""
    sheets = html.style_sheets()
    colours = dict(re.findall(r"(--\w+): (#\w+)", sheets["print"]))
    return [re.sub(r"var\((--\w+)\)", lambda name: colours[name[1]], text) for text in sheets.values()]


@lru_cache
def _tools() -> _Tools:
    try:
        import weasyprint
        from weasyprint import urls
        from weasyprint.text import fonts
    except OSError as error:
        raise PdfUnavailable from error
    return _Tools(weasyprint, urls, fonts)
