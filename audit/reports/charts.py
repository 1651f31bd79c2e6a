"""Rows of figures -> a bar chart as SVG that stands in a page; no other file imports Matplotlib.

Text stays text: the page's font and the browser's shaping draw it, so that Persian is as good as English. Matplotlib lays out
bars, intervals and axis. Equal input gives equal bytes.
"""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from audit.model.check import Severity

WIDTH = 340
"""Units of the picture; a chart is shown about so many pixels wide, so that its letters have the size of the page's."""
_ROW, _AXIS, _BAR = 33, 20, 10
_LETTERS = 11
COLOURS = {"error": "#8c2f2b", "warning": "#c07f3c", "note": "#fffffe", "ink": "#26241f", "faint": "#6b675f", "rule": "#dcd8d0"}
"""The colours of paper by the names that the style sheet has for them; dark, middling and hollow also in black and white."""


@dataclass(frozen=True)
class Bar:
    """One row of a chart: what it is, what stands at its end, and the lengths of its pieces, one a severity; or a share with its
    interval."""

    label: str
    said: str
    parts: tuple[float, ...] = ()
    share: float = 0
    interval: tuple[float, float] | None = None


def chart(name: str, title: str, bars: Sequence[Bar], tick: Callable[[float], str], *, rtl: bool, on_screen: bool) -> Markup:
    """Return the chart of *bars*: each its label and figure above, its bar beneath; *tick* words the numbers of the axis.

    *name* is what its ids begin with. On the screen the colours are the style sheet's, elsewhere those of paper. From right to
    left with *rtl*.
    """
    import matplotlib  # a second to import
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    height = _ROW * len(bars) + _AXIS
    settings = {"svg.fonttype": "none", "svg.hashsalt": name, "font.size": _LETTERS, "font.family": "DejaVu Sans"}
    out = io.StringIO()
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72, frameon=False)
        _draw(figure, bars, height, tick, rtl)
        FigureCanvasSVG(figure).print_svg(out, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    texts = {_place(row, of): text for row, bar in enumerate(bars) for of, text in (("label", bar.label), ("said", bar.said))}
    svg = _cleaned(out.getvalue(), name, title, height, on_screen)
    return Markup(re.sub(r"(?<=>)@\w+(?=<)", lambda match: escape(texts[match[0]]), svg))


def _place(row: int, of: str) -> str:
    """Return what Matplotlib writes for a text that is put in afterwards: it knows neither all letters nor which are dollars."""
    return f"@{of}{row}"


def _draw(figure: object, bars: Sequence[Bar], height: int, tick: Callable[[float], str], rtl: bool) -> None:
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    assert isinstance(figure, Figure)
    axes = figure.add_axes((0.01, _AXIS / height, 0.98, 1 - _AXIS / height), frameon=False)
    start, end = ("right", "left") if rtl else ("left", "right")
    for row, bar in enumerate(bars):
        above = {"transform": axes.get_yaxis_transform(), "color": COLOURS["ink"], "va": "baseline"}
        axes.text(rtl, row - 0.12, _place(row, "label"), ha=start, **above)
        axes.text(not rtl, row - 0.12, _place(row, "said"), ha=end, **above)
        if bar.interval:
            reach = [[max(0, bar.share - bar.interval[0])], [max(0, bar.interval[1] - bar.share)]]
            axes.errorbar(
                [bar.share], [row + 0.2], xerr=reach, fmt="D", ms=5, capsize=3.5, lw=1.2, color=COLOURS["error"], clip_on=False
            )
            continue
        left = 0.0
        for severity, length in zip(Severity, bar.parts, strict=True):
            if length:
                axes.barh(
                    row + 0.2, length, _BAR / _ROW, left, color=COLOURS[severity],
                    edgecolor=COLOURS["faint" if severity is Severity.NOTE else severity], linewidth=0.7, clip_on=False,
                )  # fmt: skip
            left += length
    furthest = max((bar.interval[1] if bar.interval else sum(bar.parts) for bar in bars), default=0) or 1
    axes.set_xlim((furthest * 1.02, 0) if rtl else (0, furthest * 1.02))
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=not bars[0].interval and furthest >= 4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda number, _: tick(number)))
    axes.tick_params(axis="x", length=0, pad=3, labelsize=_LETTERS - 1, labelcolor=COLOURS["faint"])
    axes.grid(axis="x", color=COLOURS["rule"], linewidth=0.7)
    axes.set_axisbelow(True)
    labels, ticks = axes.get_xticklabels(), axes.get_xticks()
    for label, at in zip(labels, ticks, strict=True):  # the first label would begin left of the picture, the last end right of it
        label.set_horizontalalignment(start if at <= 0 else end if at > furthest * 0.93 else "center")


def _cleaned(svg: str, name: str, title: str, height: int, on_screen: bool) -> str:
    """Return what Matplotlib wrote as an element of a page: named, without the rules and ids that would reach over the page."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"\s*<style.*?</style>", "", svg, flags=re.S)
    svg = re.sub(r'(font-size: \d+)px; font-family: [^;"]*', r"\1px", svg)
    svg = re.sub(r' transform="rotate\(-0 [^"]*"', "", svg)
    used = set(re.findall(r'"#([\w-]+)"|url\(#([\w-]+)\)', svg))
    names = {one for pair in used for one in pair if one}
    svg = re.sub(r' id="([^"]*)"', lambda match: match[0] if match[1] in names else "", svg)
    svg = re.sub(r"(?<=[ \d])\s*\n(?=[LCz])", "", svg)
    head = (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{name}-title" direction="ltr">'
        f'<title id="{name}-title">{escape(title)}</title>'
    )
    svg = re.sub(r"<svg[^>]*>", lambda _: head, svg, count=1)
    if on_screen:
        for colour, value in COLOURS.items():
            svg = svg.replace(value, f"var(--{colour})")
    return svg
