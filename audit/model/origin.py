"""Where the raw text of a record stands: in which file, as which of its records, behind which path and line."""

from typing import NamedTuple


class Origin(NamedTuple):
    """The place of a raw record. ``prefix`` begins the path of each of its values, ``line`` is where it begins.

    Of a text, which is read whole, there is no prefix and no line: its quotes count in the file.
    """

    shown: str
    sha256: str
    number: int = 1
    prefix: str = ""
    line: int | None = None
