"""A big module that is imported when something of it is used for the first time."""

from __future__ import annotations

from importlib import import_module


class Deferred:
    """Stands where `import` would bind the module: its attributes are the module's.

    Not `importlib.util.LazyLoader`, which lets a second thread see a module that is half imported.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> object:
        found: object = getattr(import_module(self._name), attribute)
        setattr(self, attribute, found)
        return found
