"""The process of the command line made quick: Great Expectations without what it never uses here, a calm collector, a deep stack.

Only the command line does this, because it touches `sys.modules` and the collector of the whole process; a library user
imports Great Expectations as it is.
"""

import gc
import importlib
import importlib.machinery
import sys
import types
from collections.abc import Callable

_UNUSED = ("altair", "scipy.stats")
"""Imported by Great Expectations for three statistical expectations; they are a third of its import time."""
_ABSENT = ("pyspark", "pyarrow")
"""What Great Expectations and pandas do without where it is not installed. Where it is, it costs as much again, and pyspark
ends the whole process (``python -c``) when what it needs itself is not there."""


class _Deferred(types.ModuleType):
    """A module that loads the real one when something is first asked of it."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        parent, _, child = self.__name__.rpartition(".")
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        if parent and vars(sys.modules[parent]).get(child) is self:
            delattr(sys.modules[parent], child)  # the real one looks itself up there while it is loaded
        return getattr(importlib.import_module(self.__name__), name)


def defer_unused_imports() -> None:
    """Put stand-ins for the modules that are not needed, unless they are loaded already."""
    for name in _UNUSED:
        if name in sys.modules:
            continue
        stand_in = _Deferred(name)
        stand_in.__spec__ = importlib.machinery.ModuleSpec(name, None)
        sys.modules[name] = stand_in
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(importlib.import_module(parent), child, stand_in)


def load_great_expectations() -> None:
    """Import Great Expectations without its unused parts; if a release does not bear that, as it is."""
    defer_unused_imports()
    hidden = [name for name in _ABSENT if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None says that there is no such module
    try:
        import great_expectations
    except Exception:  # noqa: BLE001 - whatever went wrong, the plain import decides
        for name, module in list(sys.modules.items()):
            if isinstance(module, _Deferred) or name.startswith("great_expectations") or name in hidden:
                del sys.modules[name]
        import great_expectations  # noqa: F401
    finally:
        for name in hidden:
            sys.modules.pop(name, None)


def calm_the_collector() -> None:
    """Let the collector of cyclic garbage look rarely, and never at what is there by now: it costs a quarter of a batch."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


_DEEP = 140_000
"""Places in a frame, 8 bytes each: it takes a chunk of 2 MB, of which other frames get the rest."""


def with_deep_stack(function: Callable[[], None]) -> Callable[[], None]:
    """Let what *function* calls find room for its frames in one chunk of memory.

    CPython keeps frames in chunks of 16 KB, which it asks of the system and gives back at once: where a loop's calls happen to
    cross the end of a chunk, each of them costs two system calls (70,000 in the audit of one record, a fifth of its time).
    A first frame that says it is large makes the first chunk large.
    """
    function.__code__ = function.__code__.replace(co_stacksize=_DEEP)
    return function
