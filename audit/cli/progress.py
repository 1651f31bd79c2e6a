"""How far a run has come -> a bar on a terminal, and elsewhere a line now and then; both on standard error."""

import sys
import time
from typing import Any

import click

_EVERY = 10.0
"""Seconds between two lines."""
_DELAY = 1.0
"""Seconds before there is a bar."""


class Progress:
    """Tells of a run; give it to `audit.batch.Batch` and close it at the end."""

    def __init__(self, on_terminal: bool) -> None:
        """*on_terminal* says whether standard error is a terminal, where a bar can be drawn."""
        self._on_terminal = on_terminal
        self._began = self._told = time.monotonic()
        self._bar: Any = None
        self._anew = False

    def __call__(self, done: int, read: int, total: int) -> None:
        """Tell that *done* records are audited and *read* of *total* bytes read; a total of 0 is unknown."""
        self._tell(done, read, total, "audited")

    def before(self, done: int, read: int, total: int) -> None:
        """Tell that *done* records are looked through before they are audited; all begins anew with the first that is."""
        self._tell(done, read, total, "looked through")
        self._anew = True

    def _tell(self, done: int, read: int, total: int, what: str) -> None:
        now = time.monotonic()
        if self._anew and what == "audited":
            self.close()
            self._anew, self._began, self._told = False, now, now
        rate = done / max(now - self._began, 0.001)
        if self._on_terminal:
            self._draw(f"{done:,} records {what}, {_rate(rate)}/s", read, total)
        elif now - self._told >= _EVERY:
            self._told = now
            share = read / total if total else 0.0
            left = f", {share:.0%} read, {_time((now - self._began) * (1 - share) / share)} left" if 0 < share < 1 else ""
            click.echo(f"{done:,} records {what}, {_rate(rate)} a second{left}", err=True)

    def _draw(self, said: str, read: int, total: int) -> None:
        if self._bar is None:
            if time.monotonic() - self._began < _DELAY:
                return
            from tqdm import tqdm

            tqdm.monitor_interval = 0  # its thread would be in the way of new processes
            form = "{percentage:3.0f}%|{bar}| {desc} [{elapsed}<{remaining}]" if total else "{desc} [{elapsed}]"
            self._bar = tqdm(total=total or None, bar_format=form, leave=False, file=sys.stderr)
            self._bar.start_t -= time.monotonic() - self._began
        self._bar.set_description_str(said, refresh=False)
        self._bar.n = read
        self._bar.refresh()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def _rate(rate: float) -> str:
    """Return records a second.

    >>> _rate(0.42), _rate(12.3), _rate(1234.5)
    ('0.4', '12', '1,234')
    """
    return f"{rate:.1f}" if rate < 10 else f"{rate:,.0f}"


def _time(seconds: float) -> str:
    """Return a time to wait in words.

    >>> _time(40), _time(400), _time(9000)
    ('40 s', '7 min', '2.5 h')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
