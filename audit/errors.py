"""What the user can put right, told in one sentence that names the file, the place and the value."""


class AuditError(Exception):
    """Wrong use: an option, a configuration or a check file that cannot be understood (exit code 2)."""


class UnreadableError(Exception):
    """One file or record that cannot be read; the others go on (exit code 3).

    ``line`` counts from 1, or is None where no line is known; ``record`` is the number of the
    record in its file, or None where the whole file is meant.
    """

    def __init__(self, message: str, line: int | None = None, record: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.record = record


class NoRecordError(UnreadableError):
    """A readable file in which no registration record was recognised."""
