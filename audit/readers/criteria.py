"""A text that holds inclusion and exclusion criteria under their headings -> where each of them stands."""

_INCLUSION = "inclusion criteria"
_EXCLUSION = "exclusion criteria"
_BLANK = " \t\r\n"


def after_heading(text: str, heading: str, start: int = 0) -> int:
    """Return where the criteria begin: behind blanks, ``<br>`` and the *heading*, which may stand twice.

    >>> text = "Inclusion criteria: <br> Inclusion Criteria: adults"
    >>> text[after_heading(text, "inclusion criteria") :]
    ' adults'
    """
    at = start
    for _ in range(2):
        begin = _skip(text, at)
        end = begin + len(heading)
        if text[begin:end].lower() != heading or (stop := _colon(text, end)) is None:
            break
        at = stop
    return at


def _skip(text: str, at: int) -> int:
    while at < len(text):
        if text[at] in _BLANK:
            at += 1
        elif text.startswith("<br>", at):
            at += 4
        else:
            break
    return at


def _colon(text: str, at: int) -> int | None:
    """Return the place behind the colon, or the line's end, that makes words a heading."""
    while at < len(text) and text[at] in " \t":
        at += 1
    if at >= len(text) or text[at] in "\r\n<":
        return at
    return at + 1 if text[at] == ":" else None


def exclusion_part(text: str, start: int = 0) -> tuple[int, int] | None:
    """Return where the heading of the exclusion criteria begins and ends in a text that holds both kinds.

    It counts at the beginning of a line. Where it stands twice (cohorts, parts of a trial) nothing is parted: None.
    """
    lower, found = text.lower(), list[tuple[int, int]]()
    at = lower.find(_EXCLUSION, start)
    while at >= 0:
        before = lower[max(0, at - 60) : at].rstrip(" \t*-#")
        opens = not before or before.endswith((">", "\n", "\r")) or at == start
        end = _colon(text, at + len(_EXCLUSION))
        if opens and end is not None:
            found.append((at, end))
        at = lower.find(_EXCLUSION, at + 1)
    return found[0] if len(found) == 1 else None
