"""Figures -> the bars of a chart as SVG that stands in a page; no other file imports Matplotlib.

Matplotlib lays out bars, intervals and axis. The words beside them are the page's own text: neither Matplotlib nor WeasyPrint's
SVG joins the letters of Persian, and text of the page is cut or wrapped as there is room. Equal input gives equal bytes.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from audit.model.check import Severity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH, _ROW = 340, 30
"""Units of the picture, which is stretched to its place: its width, and the height of a bar with the line of text above it."""
_BAR, _BELOW = 0.27, 0.24
"""How high a bar is, and how far beneath the middle of its row it lies, in rows."""
COLOURS = {"error": "#8c2f2b", "warning": "#c07f3c", "note": "#fffffe", "faint": "#6b675f", "rule": "#dcd8d0"}
"""The colours of paper by the names that the style sheet has for them; dark, middling and hollow also in black and white."""


@dataclass(frozen=True)
class Bar:
    """One row of a chart: the lengths of its pieces, one a severity, or a share with its interval."""

    parts: tuple[float, ...] = ()
    share: float = 0
    interval: tuple[float, float] | None = None

    @property
    def end(self) -> float:
        """How far it reaches."""
        return self.interval[1] if self.interval else sum(self.parts)


@dataclass(frozen=True)
class Drawing:
    """The bars, each in a row of equal height, and the numbers of the axis with their places in percent from the left."""

    svg: Markup
    ticks: tuple[tuple[float, float], ...]


def draw(name: str, title: str, bars: Sequence[Bar], *, rtl: bool, on_screen: bool) -> Drawing:
    """Return the drawing of *bars*, from right to left with *rtl*; *name* is what its ids begin with.

    On the screen the colours are the style sheet's, elsewhere those of paper.
    """
    import matplotlib  # a second to import
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    height, out = _ROW * len(bars), io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure = Figure(figsize=(_WIDTH / 72, height / 72), dpi=72, frameon=False)
        axes = figure.add_axes((0, 0, 1, 1), frameon=False)
        for row, bar in enumerate(bars):
            _bar(axes, row + _BELOW, bar)
        ticks = _axis(axes, bars, rtl)
        FigureCanvasSVG(figure)
        figure.savefig(out, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    return Drawing(_cleaned(out.getvalue(), name, title, height, on_screen), ticks)


def _bar(axes: "Axes", at: float, bar: Bar) -> None:
    if bar.interval:
        reach = [[max(0, bar.share - bar.interval[0])], [max(0, bar.interval[1] - bar.share)]]
        axes.errorbar([bar.share], [at], xerr=reach, fmt="D", ms=4.5, capsize=3, lw=1.2, color=COLOURS["error"], clip_on=False)
        return
    left = 0.0
    for severity, length in zip(Severity, bar.parts, strict=True):
        if length:
            edge = COLOURS["faint" if severity is Severity.NOTE else severity]
            axes.barh(at, length, _BAR, left, color=COLOURS[severity], edgecolor=edge, linewidth=0.7, clip_on=False)
        left += length


def _axis(axes: "Axes", bars: Sequence[Bar], rtl: bool) -> tuple[tuple[float, float], ...]:
    from matplotlib.ticker import MaxNLocator

    end = (max(bar.end for bar in bars) or 1) * 1.02
    start, end = (end, 0.0) if rtl else (0.0, end)
    axes.set_xlim(start, end)
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=max(start, end) >= 4))
    axes.tick_params(axis="x", length=0, labelbottom=False)
    axes.grid(axis="x", color=COLOURS["rule"], linewidth=0.7)
    axes.set_axisbelow(True)
    low, high = sorted((start, end))
    return tuple((round((at - start) / (end - start) * 100, 1), float(at)) for at in axes.get_xticks() if low <= at <= high)


def _cleaned(svg: str, name: str, title: str, height: int, on_screen: bool) -> Markup:
    """Return what Matplotlib wrote as an element of a page: named, without the rules and ids that would reach over the page."""
    svg = re.sub(r"\s*<style.*?</style>", "", svg[svg.index("<svg") :], flags=re.S)
    used = set(re.findall(r'(?<=href="#)[\w-]+', svg))
    svg = re.sub(r' id="([^"]*)"', lambda match: match[0] if match[1] in used else "", svg)
    svg = re.sub(r"\s*\n\s*", "\n", svg)
    head = (
        f'<svg viewBox="0 0 {_WIDTH} {height}" preserveAspectRatio="none" role="img" aria-labelledby="{name}-title">'
        f'<title id="{name}-title">{escape(title)}</title>'
    )
    svg = re.sub(r"<svg[^>]*>", lambda _: head, svg, count=1)
    if on_screen:
        for colour, value in COLOURS.items():
            svg = svg.replace(value, f"var(--{colour})")
    return Markup(svg)
