"""What an API says it has, for a moderator who is adding a model and need not type its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.arena.models.probe import WORDS, ProbeFailure, VersionHint
from bot.backends.base import BackendError, Failure
from bot.backends.http.public_addresses import opening_of
from bot.backends.protocols.openai import with_version
from bot.errors import ArenaError
from bot.i18n import N_

if TYPE_CHECKING:
    from bot.arena.models.factory import ModelFactory
    from bot.arena.models.registry import Models
    from bot.arena.models.source import ModelSource

LIST_WORDS = WORDS | {
    Failure.NOT_FOUND: N_("There is no list of models at this address."),
    Failure.BAD_ANSWER: N_("What came is no list of models. Are provider and address right?"),
    Failure.TIMEOUT: N_("The list did not come in time."),
    Failure.BROKE_OFF: N_("The list broke off in the middle."),
    Failure.TOO_LONG: N_("The list is too long to be read here."),
    Failure.CROWDED: N_("The API was not asked: others kept the bot busy. Please try again later."),
}


class ModelLists:
    """The lists of APIs, of which a Discord server has one read at a time."""

    def __init__(self, models: Models, factory: ModelFactory) -> None:
        self._models = models
        self._factory = factory
        self._under_way = set[int]()

    async def of(self, source: ModelSource) -> tuple[str, ...] | ProbeFailure:
        """Ask the API; raises `ArenaError` where what is chosen could not be stored anyway."""
        await self._models.check_source(source)
        if source.guild_id in self._under_way:
            raise ArenaError(N_("A list of models is being fetched already. Please wait until it is here."))
        self._under_way.add(source.guild_id)
        try:
            return await self._read(source, source.base_url)
        finally:
            self._under_way.discard(source.guild_id)

    async def version_hint(self, source: ModelSource, failure: ProbeFailure) -> VersionHint | None:
        """Say whether the address may lack its /v1, and whether the list is there with it."""
        address = with_version(source.base_url) if source.protocol == "openai" else None
        if address is None or failure.failure not in (Failure.NOT_FOUND, Failure.BAD_ANSWER):
            return None
        found = await self._read(source, address)
        return VersionHint(address, works=not isinstance(found, ProbeFailure))

    async def _read(self, source: ModelSource, base_url: str) -> tuple[str, ...] | ProbeFailure:
        try:
            return await self._factory.own_list(source, base_url).read()
        except BackendError as error:
            detail = opening_of(base_url) if error.failure is Failure.FORBIDDEN else error.detail
            return ProbeFailure(LIST_WORDS[error.failure], detail, error.failure)
