"""How many connections to models' servers there are at a time, and how Discord servers share them."""

from __future__ import annotations

from weakref import WeakValueDictionary

import yarl

from bot.backends.places import SharedPlaces

# Together three quarters of the usual limit of 1024 open files.
_OPERATORS = 512
_MODERATORS = 256


class Connections:
    """The connections to the models of the operator, or to those that moderators brought.

    Each kind has its own, and no host has more than a part of them: what a slow one keeps is not missing
    elsewhere.
    """

    def __init__(self, number: int, at_one_host: int) -> None:
        self._all = SharedPlaces(number)
        self._at_one_host = at_one_host
        # As long as a model is asked there.
        self._hosts: WeakValueDictionary[str, SharedPlaces] = WeakValueDictionary()

    def to(self, url: str) -> tuple[SharedPlaces, SharedPlaces]:
        """Return what a connection to this URL is a part of."""
        host = (yarl.URL(url).host or "").rstrip(".")
        return self._all, self._hosts.setdefault(host, SharedPlaces(self._at_one_host))


def operators_connections() -> Connections:
    return Connections(_OPERATORS, _OPERATORS // 2)


def moderators_connections() -> Connections:
    return Connections(_MODERATORS, _MODERATORS // 4)
