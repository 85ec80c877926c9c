"""What a member asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from bot.domain.battle import BattleState
from bot.errors import ArenaError
from bot.i18n import N_
from bot.storage import battle_categories, battles

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.domain.battle import Match, UnratedReason
    from bot.domain.image import Image
    from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class EarlierBattle:
    """A battle with the same prompt that was revealed before: who fought it, and what it belonged to."""

    models: frozenset[int] = frozenset()
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ChosenPair:
    """Two models that meet without being drawn; only their sides are. Nobody steps in for one that fails.

    A match of a tournament is voted on for its own time, and neither place nor pace of its asker matter.
    """

    models: tuple[int, int]
    unrated: UnratedReason | None = None
    match: Match | None = None
    voting_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class BattleRequest:
    """A battle to be. The token reaches its card as long as the message's id is not known."""

    guild_id: int
    channel_id: int
    asker_id: int
    prompt: str
    locale: str
    interaction_token: str | None = field(repr=False)
    parent_id: int | None = None
    """The channel that a thread hangs from."""
    role_ids: frozenset[int] = frozenset()
    """The roles of the member who asks."""
    may_remove_reactions: bool = False
    """Whether the bot is allowed that in the channel."""
    category: str | None = None
    """One of the server's own, by its key or name."""
    after: EarlierBattle = EarlierBattle()
    """What it is a rematch of: other models should answer, for the same categories."""
    chosen_pair: ChosenPair | None = None
    fetch_image: Callable[[], Awaitable[Image]] | None = None
    """Brings the image that belongs to the prompt; raises `ArenaError` where models cannot be shown it."""

    @property
    def has_image(self) -> bool:
        return self.fetch_image is not None

    @property
    def places(self) -> frozenset[int]:
        return frozenset({self.channel_id, self.parent_id or self.channel_id})

    @property
    def match(self) -> Match | None:
        return self.chosen_pair.match if self.chosen_pair else None


class Asker(NamedTuple):
    """The member who asks for a further turn, with what decides whether they may."""

    user_id: int
    role_ids: frozenset[int] = frozenset()
    parent_id: int | None = None
    """The channel that the battle's thread hangs from."""


class Rematch(NamedTuple):
    """The first prompt of an earlier battle, and what the next one has to know of it."""

    prompt: str
    after: EarlierBattle


class Rematches:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, guild_id: int, battle_id: int) -> Rematch:
        async with self._database.read() as connection:
            battle = await battles.get(connection, guild_id, battle_id)
            categories = await battle_categories.of_battle(connection, battle_id)
        if battle is None:
            raise ArenaError(N_("This battle is not known here any more. /history lists those that are."))
        if battle.state is not BattleState.CLOSED:
            raise ArenaError(
                N_(
                    "There is no rematch of a battle that was called off or is still open. Please ask its"
                    " prompt anew with /battle."
                )
            )
        if not battle.prompt:
            raise ArenaError(
                N_(
                    "The prompt of this battle was deleted, so there is no rematch. Please ask anew with"
                    " /battle."
                )
            )
        if battle.image_kind is not None:
            raise ArenaError(
                N_(
                    "I do not have the image of this battle any more, so there is no rematch. Please ask anew"
                    " with /battle, and attach it again."
                )
            )
        models = frozenset({battle.a.model_id, battle.b.model_id})
        return Rematch(battle.prompt, EarlierBattle(models, frozenset(categories)))
