"""What moderators ask of models outside battles: whether they answer."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from bot.arena.models.prices import Prices
from bot.arena.models.probe import attempt
from bot.errors import ArenaError
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator

    from bot.arena.models.factory import ModelFactory
    from bot.arena.models.form import ModelForm
    from bot.arena.models.probe import Probe, ProbeFailure
    from bot.arena.models.registry import Models
    from bot.arena.models.roster import Entry
    from bot.arena.models.spending import Spending
    from bot.config import Limits


class Probes:
    """Short questions to models, within the limits of the server that wants to know, and on its account."""

    def __init__(
        self,
        models: Models,
        factory: ModelFactory,
        limits: Limits,
        spending: Spending,
        check: Callable[[int], Awaitable[None]],
    ) -> None:
        """`check` refuses a server that has used up what it may; it takes the server's id."""
        self._models = models
        self._factory = factory
        self._limits = limits
        self._spending = spending
        self._check = check
        self._under_way = set[int]()

    @contextmanager
    def of_guild(self, guild_id: int) -> Generator[None]:
        """Keep a server, whose models are being asked in this block, from asking them once more meanwhile."""
        if guild_id in self._under_way:
            raise ArenaError(
                N_("Models of this server are being tested already. Please wait until that is done.")
            )
        self._under_way.add(guild_id)
        try:
            yield
        finally:
            self._under_way.discard(guild_id)

    async def of_form(self, form: ModelForm) -> Probe | ProbeFailure:
        """Ask a candidate one short question; nothing of it is stored."""
        await self._models.check(form)
        await self._check(form.guild_id)
        backend = self._factory.own_backend(form.settings, form.credentials, form.guild_id)
        prices = Prices(form.settings.price_in, form.settings.price_out)
        spend = partial(self._spending.note_question, prices, form.guild_id)
        return await attempt(backend, spend, image_bytes=self._image_bytes(form.settings.accepts_images))

    async def of_entry(self, entry: Entry) -> Probe | ProbeFailure:
        """Ask a model of the server one short question; one that is benched is back when it answers."""
        if entry.competitor is None:
            self._factory.credentials(entry.model)  # says why it cannot be built
            raise ArenaError(N_("{name} is not offered any more."), name=entry.model.shown)
        guild_id = entry.model.guild_id
        await self._check(guild_id)
        spend = partial(self._spending.note_question, entry.competitor.prices, guild_id)
        image_bytes = self._image_bytes(entry.accepts_images)
        return await attempt(entry.competitor.backend, spend, image_bytes=image_bytes, guild_id=guild_id)

    def _image_bytes(self, accepts_images: bool) -> int | None:  # noqa: FBT001 - a setting
        return self._limits.max_image_bytes if accepts_images else None
