"""A battle's message on Discord."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

import discord
from aiohttp import ClientError

from bot.arena.voting.message import CardSnapshot, CardState
from bot.client import FILTERED
from bot.domain.battle import CardPart, Side, VoidReason
from bot.domain.vote import Vote
from bot.errors import MessageGoneError, MessageRefusedError, MessageUnavailableError, ReactionsFullError
from cogs.battles.card import ballot_card, end_card, replies_card
from cogs.battles.card_buttons import hidden_by
from cogs.battles.images import KeptImage
from cogs.battles.result_notice import announce
from cogs.battles.vote_emoji import EMOJI, vote_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Mapping

    from bot.arena.battles.card import PartialReply
    from bot.client import ArenaBot
    from bot.domain.battle import Battle
    from cogs.ui.layout import Layout

TOKEN_SECONDS = 14.5 * 60
"""An interaction's token lives 15 minutes; an edit must not set out at the last moment."""

UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK = 10003, 10004, 10008, 10015
INVALID_WEBHOOK_TOKEN = 50027
UNKNOWN_EMOJI, NOT_FOUND = 10014, 404
MAX_REACTIONS = 30010
SILENT = discord.AllowedMentions.none()
LOST = {
    UNKNOWN_CHANNEL: VoidReason.CHANNEL_GONE,
    UNKNOWN_GUILD: VoidReason.GUILD_GONE,
    UNKNOWN_MESSAGE: VoidReason.MESSAGE_GONE,
}
LATER = {30046, 50083, 160005}
"""Too many edits of an old message; the thread is archived, or locked. It comes with 400 or with 403."""


class DiscordCard:
    """Edits go through the interaction's token while it lives: they do not count under the bot's limit."""

    def __init__(self, bot: ArenaBot, battle: Battle) -> None:
        token = battle.interaction_token
        self._bot = bot
        self._battle_id, self._guild_id = battle.battle_id, battle.guild_id
        self._webhook = self._webhook_of(token) if token is not None else None
        self._token_ends_at = battle.opened_at + TOKEN_SECONDS
        self._image = _kept_image(battle)
        channel = bot.get_partial_messageable(battle.channel_id, guild_id=battle.guild_id)
        self._message = channel.get_partial_message(battle.message_id) if battle.message_id else None
        self._seen: discord.Message | None = None

    def renew(self, token: str) -> None:
        """Go on with the token of a later interaction that came from the message."""
        self._webhook = self._webhook_of(token)
        self._token_ends_at = self._bot.arena.clock() + TOKEN_SECONDS

    def _webhook_of(self, token: str) -> discord.Webhook:
        return discord.Webhook.partial(self._bot.application_id or 0, token, client=self._bot)

    async def show_replies(self, battle: Battle, replies: Mapping[Side, PartialReply]) -> None:
        channel = self._bot.get_channel(battle.channel_id)
        await self._edit(partial(replies_card, replies=replies, channel=channel), battle)

    async def show_ballot(self, battle: Battle) -> None:
        max_turns = self._bot.arena.config.limits.max_turns
        channel = self._bot.get_channel(battle.channel_id)
        await self._edit(partial(ballot_card, max_turns=max_turns, channel=channel), battle)

    async def show_end(self, battle: Battle) -> None:
        await self._edit(end_card, battle)

    async def seed(self, choices: Collection[Vote]) -> None:
        for vote in choices:
            try:
                await self._react(vote)
            except ReactionsFullError as full:
                await self._take_strangers_away(full)
                await self._react(vote)

    async def _react(self, vote: Vote) -> None:
        with translated():
            await self._posted().add_reaction(EMOJI[vote])

    async def _take_strangers_away(self, full: ReactionsFullError) -> None:
        """Take all reactions off the message that are no votes; raises `full` where the bot may not."""
        try:
            with translated():
                message = await self._posted().fetch()
            for reaction in message.reactions:
                if vote_of(str(reaction.emoji)) is None:
                    with translated(), _unless_gone():
                        await reaction.clear()
        except MessageGoneError as lost:
            if lost.reason is VoidReason.NO_PERMISSION:
                raise full from lost
            raise

    async def unseed(self, choice: Vote) -> None:
        if self._bot.user is not None:
            await self.remove(choice, self._bot.user.id)

    async def announce(self, battle: Battle) -> None:
        with translated():
            await announce(self._bot, self._posted(), battle)

    async def remove(self, vote: Vote, user_id: int) -> None:
        with translated(), _unless_gone():
            await self._posted().remove_reaction(EMOJI[vote], discord.Object(user_id))

    async def look(self) -> CardSnapshot:
        with translated():
            self._seen = await self._posted().fetch()
        reactions = _ballot_reactions(self._seen)
        return CardSnapshot(
            state=self._state(self._seen),
            counts={vote: sum(each.count - each.me for each in found) for vote, found in reactions.items()},
            unseeded=tuple(vote for vote, found in reactions.items() if not any(each.me for each in found)),
            hidden=self._hidden(self._seen),
        )

    async def voters(self, vote: Vote) -> frozenset[int]:
        found = _ballot_reactions(self._seen)[vote] if self._seen else []
        with translated():
            return frozenset(
                [
                    user.id
                    for reaction in found
                    for kind, count in _kinds(reaction).items()
                    async for user in reaction.users(type=kind, limit=count)
                    if not user.bot
                ]
            )

    async def joined_at(self, user_id: int) -> float | None:
        guild = self._bot.get_guild(self._guild_id)
        if guild is None:
            return None
        with translated():
            try:
                member = await guild.fetch_member(user_id)
            except discord.NotFound:
                return None
        return member.joined_at.timestamp() if member.joined_at else None

    def _state(self, message: discord.Message) -> CardState:
        """Tell by its buttons what a card shows; an end without any was redrawn by nobody but us."""
        # Those of a secret ballot are also there while models write.
        passing = ("arena:vote:", "arena:cancel:")
        ids = {each for each in _button_ids(message) if not (each or "").startswith(passing)}
        if f"arena:close:{self._battle_id}" in ids:
            return CardState.BALLOT
        return CardState.END if ids else CardState.REPLIES

    def _hidden(self, message: discord.Message) -> frozenset[Side]:
        """Tell by its buttons which replies a card hides; on earlier cards those that nobody can report."""
        ids = _button_ids(message)
        for each in ids:
            if each and each.startswith(f"arena:compare:{self._battle_id}"):
                return hidden_by(each)
        return frozenset(side for side in Side if f"arena:report:{self._battle_id}:{side}" not in ids)

    def _posted(self) -> discord.PartialMessage:
        if self._message is None:
            raise MessageGoneError(VoidReason.MESSAGE_GONE)
        return self._message

    async def _edit(self, draw: Callable[[Battle], Layout], battle: Battle) -> None:
        image = await self._image_of(battle)
        if image is None:
            battle = replace(battle, refused=battle.refused | {CardPart.IMAGE})
        card = draw(battle)
        # discord.py knows no other files that are kept than those that Discord lists.
        files = [cast("discord.Attachment", image)] if image else []
        attachments = files if battle.image_kind else discord.utils.MISSING
        if not await self._edit_by_token(card, attachments):
            with translated():
                await self._posted().edit(view=card, attachments=attachments, allowed_mentions=SILENT)

    async def _image_of(self, battle: Battle) -> KeptImage | None:
        """Return the image of a card that shows one, unless it is gone."""
        if battle.image_kind is None or not battle.shows_image:
            return None
        if self._image is None:
            with translated():
                self._image = KeptImage.on(await self._posted().fetch(), battle.image_kind.file_name)
        return self._image

    async def _edit_by_token(self, card: Layout, attachments: list[discord.Attachment]) -> bool:
        """Tell whether the edit is done; what a token does not reach may still be there for the bot."""
        if self._webhook is None or self._bot.arena.clock() >= self._token_ends_at:
            return False
        try:
            with translated():
                await self._webhook.edit_message(
                    cast("int", _Original()), view=card, attachments=attachments, allowed_mentions=SILENT
                )
        except (_TokenRefusedError, MessageGoneError) as exc:
            self._webhook = None
            if self._message is None:
                raise MessageGoneError(VoidReason.MESSAGE_GONE) from exc
            return False
        except MessageRefusedError as exc:
            if self._message is None:
                # The card never came, and the member was told why in its place.
                raise MessageGoneError(VoidReason.MESSAGE_GONE) from exc
            raise
        return True


class _Original:
    """The message that an interaction was answered with, or whose button it pressed, as a token finds it.

    By its id a token finds a message only where it made it; a text would be escaped in the address.
    """

    def __str__(self) -> str:
        return "@original"


class _TokenRefusedError(Exception):
    """The interaction's token is spent; the bot's own may still do."""


@contextmanager
def translated() -> Generator[None]:
    """Say in the arena's terms what Discord's errors mean for a battle."""
    try:
        yield
    except discord.HTTPException as exc:
        if exc.code in {UNKNOWN_WEBHOOK, INVALID_WEBHOOK_TOKEN}:
            raise _TokenRefusedError from exc
        if reason := LOST.get(exc.code):
            raise MessageGoneError(reason) from exc
        if exc.code in FILTERED:
            raise MessageRefusedError(str(exc), is_filtered=True) from exc
        if exc.code == MAX_REACTIONS:  # with 400 or with 403
            raise ReactionsFullError(str(exc), is_filtered=False) from exc
        if exc.status >= 500 or exc.status == 429 or exc.code in LATER:  # noqa: PLR2004 - HTTP's own numbers
            raise MessageUnavailableError(str(exc)) from exc
        if isinstance(exc, discord.Forbidden):
            raise MessageGoneError(VoidReason.NO_PERMISSION) from exc
        raise MessageRefusedError(str(exc), is_filtered=False) from exc
    except (discord.RateLimited, ClientError, OSError) as exc:
        raise MessageUnavailableError(str(exc) or type(exc).__name__) from exc


def _button_ids(message: discord.Message) -> set[str | None]:
    items = discord.ui.LayoutView.from_message(message).walk_children()
    return {item.custom_id for item in items if isinstance(item, discord.ui.Button)}


def _kept_image(battle: Battle) -> KeptImage | None:
    if battle.image_kind is None or battle.image_id is None:
        return None
    return KeptImage(battle.image_id, battle.image_kind.file_name)


@contextmanager
def _unless_gone() -> Generator[None]:
    """Take it for done where the reaction, or who put it there, is gone, but not the message."""
    try:
        yield
    except discord.HTTPException as exc:
        is_gone = exc.status == NOT_FOUND or exc.code == UNKNOWN_EMOJI  # which comes with 400 as well
        if exc.code in LOST or not is_gone:
            raise


def _kinds(reaction: discord.Reaction) -> Mapping[discord.ReactionType, int]:
    """Count each kind of a reaction: Discord says in one list who is behind one kind only."""
    if not reaction.burst_count:
        return {discord.ReactionType.normal: reaction.count}
    return {
        discord.ReactionType.normal: reaction.normal_count,
        discord.ReactionType.burst: reaction.burst_count,
    }


def _ballot_reactions(message: discord.Message) -> dict[Vote, list[discord.Reaction]]:
    """Sort the reactions by choice; one may stand there twice, with the variation selector and without."""
    return {
        vote: [reaction for reaction in message.reactions if vote_of(str(reaction.emoji)) is vote]
        for vote in Vote
    }
