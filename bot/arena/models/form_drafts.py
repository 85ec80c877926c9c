"""Forms of models that somebody is still filling in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import ArenaError
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.arena.models.form import FormBasics, FormOptions, ModelForm


EXPIRES_AFTER_SECONDS = 15 * 60.0
MOST_OF_A_GUILD = 20
"""Each may hold a list of a thousand names."""


@dataclass(frozen=True, slots=True)
class FormDraft:
    """Both forms as they were typed last, so that a mistake loses nothing, and what became of them.

    `form` is the last one that held together; it is `None` until a first form did.
    """

    guild_id: int
    basics: FormBasics
    options: FormOptions | None = None
    form: ModelForm | None = None
    listed: tuple[str, ...] = ()
    """The models that the API named, of which one is to be chosen, and what its name should contain."""
    wanted: str = ""
    is_setup: bool = False
    """It began in `/setup`, which goes on when it is done."""


class FormDrafts:
    """Keeps each draft for a quarter of an hour, in memory alone, and of a server those touched last."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[float, FormDraft]] = {}

    def keep(self, draft: FormDraft, ticket: str | None = None) -> str:
        """Keep a draft, in the place of an earlier one where a ticket is given; returns its ticket."""
        now = self._clock()
        self._kept = {each: kept for each, kept in self._kept.items() if kept[0] > now}
        ticket = ticket or secrets.token_urlsafe(9)
        self._kept.pop(ticket, None)  # so that it comes to stand behind the others
        self._kept[ticket] = (now + EXPIRES_AFTER_SECONDS, draft)
        same = [each for each, (_, kept) in self._kept.items() if kept.guild_id == draft.guild_id]
        for oldest in same[:-MOST_OF_A_GUILD]:
            del self._kept[oldest]
        return ticket

    def find(self, ticket: str, guild_id: int) -> FormDraft:
        expires_at, draft = self._kept.get(ticket, (0.0, None))
        if draft is None or draft.guild_id != guild_id or expires_at <= self._clock():
            raise ArenaError(N_("This form has expired. Please begin again; nothing was changed."))
        return draft

    def drop(self, ticket: str) -> None:
        self._kept.pop(ticket, None)
