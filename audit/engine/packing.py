"""The cells of a record <-> bytes, for tables that hold no Python objects."""

import io
import pickle
from collections.abc import Sequence

_KINDS = {
    ("audit.model.result", "Reason"),
    ("audit.model.dates", "PartialDate"),
    ("audit.model.span", "State"),
    ("datetime", "date"),
}
"""What a cell may be beside numbers, texts and tuples of them; nothing else is made of bytes, whoever has written them."""


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        if (module, name) not in _KINDS:
            raise ValueError(f"{module}.{name} is no cell of a record: make the table with audit.spark.frame")
        return super().find_class(module, name)


def packed(cells: Sequence[object]) -> bytes:
    """Return *cells* as bytes."""
    return pickle.dumps(list(cells), 5)


def unpacked(data: bytes) -> list[object]:
    """Return the cells of *data*; raises ValueError where they are not those of a record."""
    cells = _Unpickler(io.BytesIO(data)).load()
    if not isinstance(cells, list):
        raise ValueError("these are no cells of a record: make the table with audit.spark.frame")
    return cells
