"""What moderators ask of models outside battles: whether they answer."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bot.arena.models.credentials import read_settings
from bot.arena.models.form import moved_to
from bot.arena.models.prices import Prices
from bot.arena.models.probe import Probe, ProbeFailure, VersionHint, attempt, lacks_version
from bot.backends.base import Failure
from bot.backends.http.public_addresses import opening_of
from bot.errors import ArenaError
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator

    from bot.arena.models.factory import ModelFactory
    from bot.arena.models.form import ModelForm
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
        image_bytes = self._image_bytes(form.settings.accepts_images)
        return _opening(await attempt(backend, spend, image_bytes=image_bytes), form.settings.base_url)

    async def version_hint(self, form: ModelForm, failure: ProbeFailure) -> VersionHint | None:
        """Say whether a candidate's address may lack its /v1, and whether it answers with it."""
        address = lacks_version(form.settings)
        if address is None or failure.failure not in (Failure.NOT_FOUND, Failure.BAD_ANSWER):
            return None
        return VersionHint(address, works=isinstance(await self.of_form(moved_to(form, address)), Probe))

    async def of_entry(self, entry: Entry) -> Probe | ProbeFailure:
        """Ask a model of the server one short question; one that is benched is back when it answers."""
        if entry.competitor is None:
            self._factory.credentials(entry.model)  # says why it cannot be built
            raise ArenaError(N_("{name} is not offered any more."), name=entry.model.shown)
        guild_id = entry.model.guild_id
        await self._check(guild_id)
        spend = partial(self._spending.note_question, entry.competitor.prices, guild_id)
        image_bytes = self._image_bytes(entry.accepts_images)
        backend = entry.competitor.backend
        outcome = await attempt(backend, spend, image_bytes=image_bytes, guild_id=guild_id)
        return _opening(outcome, read_settings(entry.model).base_url) if entry.model.is_own else outcome

    def _image_bytes(self, accepts_images: bool) -> int | None:  # noqa: FBT001 - a setting
        return self._limits.max_image_bytes if accepts_images else None


def _opening(outcome: Probe | ProbeFailure, base_url: str) -> Probe | ProbeFailure:
    """Have the line of the config that opens a host stand where what was said of it does."""
    if isinstance(outcome, ProbeFailure) and outcome.failure is Failure.FORBIDDEN:
        return replace(outcome, detail=opening_of(base_url))
    return outcome
