"""A value -> whether its registrant left it blank."""

from audit.engine.reading import Reading
from audit.model.span import ABSENT, EMPTY, Value


def left_blank(reading: Reading, value: Value) -> bool:
    """Return whether *value* is a field that the registrant left blank.

    On a page a blank field stands with nothing in it; a page that does not show the row says nothing. In a whole record
    of a structured file (ClinicalTrials.gov) a blank field is left out.
    """
    if value.state is EMPTY:
        return True
    record = reading.registration
    return value.state is ABSENT and record.source.kind == "structured" and record.complete
