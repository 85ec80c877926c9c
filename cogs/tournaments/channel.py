"""A tournament's channel on Discord."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from bot.arena.battles.card import CardAddress, PartialReply
from bot.domain.battle import CardPart, Side
from bot.errors import MessageRefusedError
from bot.i18n import translations
from cogs.battles.card import replies_card
from cogs.battles.card_message import translated
from cogs.tournaments.texts import call_layout, draw_text, results_message
from cogs.ui.layout import Layout
from cogs.ui.picture_messages import files_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.client import ArenaBot
    from bot.domain.battle import Battle
    from bot.domain.tournament import MatchResult, Tournament
    from bot.errors import ArenaError


class DiscordTournamentChannel:
    """What is said here goes by the bot's own token: there is no interaction that it would answer."""

    def __init__(self, bot: ArenaBot, tournament: Tournament) -> None:
        self._bot = bot
        self._tournament_id, self._guild_id = tournament.tournament_id, tournament.guild_id
        self._is_thread = tournament.parent_id is not None
        self._texts = translations(tournament.locale)
        self._channel = bot.get_partial_messageable(tournament.channel_id, guild_id=tournament.guild_id)

    @property
    def may_remove_reactions(self) -> bool:
        guild = self._bot.get_guild(self._guild_id)
        channel = guild.get_channel_or_thread(self._channel.id) if guild else None
        return bool(guild and channel and channel.permissions_for(guild.me).manage_messages)

    @property
    def is_shut(self) -> bool:
        guild = self._bot.get_guild(self._guild_id)
        if not self._is_thread or guild is None:
            return False
        thread = guild.get_thread(self._channel.id)  # which knows of those alone that are not archived
        return thread is None or (thread.locked and not thread.permissions_for(guild.me).manage_threads)

    async def post(self, battle: Battle) -> CardAddress:
        nothing_yet = dict.fromkeys(Side, PartialReply("", 0))
        occasion = f"battle{battle.battle_id}"
        try:
            message = await self._send(replies_card(battle, nothing_yet), occasion)
        except MessageRefusedError:
            unseen = replace(battle, refused=frozenset({CardPart.PROMPT}))
            message = await self._send(replies_card(unseen, nothing_yet), occasion)
        return CardAddress(message.id)

    async def show_results(self, tournament: Tournament, results: Sequence[MatchResult]) -> None:
        message = results_message(tournament, results, self._texts)
        files = await files_of(self._bot.arena.pictures, message)
        await self._send(message.layout, f"results{len(tournament.results)}", files)

    async def show_draw(self, tournament: Tournament, battle: Battle) -> None:  # noqa: ARG002 - as the protocol has it
        await self._say(draw_text(battle, self._texts), f"draw{battle.battle_id}")

    async def call_for_prompts(self, tournament: Tournament) -> None:
        await self._send(call_layout(self._texts), f"call{tournament.battles}")

    async def show_delay(self, tournament: Tournament, reason: ArenaError) -> None:
        said = self._texts.gettext("The next match of the tournament has to wait.")
        why = self._bot.wording(reason, self._texts)
        await self._say(f"🏟️ {said}\n-# {why}", f"delay{tournament.battles}")

    async def _say(self, text: str, occasion: str) -> None:
        layout = Layout()
        layout.add_text(text)
        await self._send(layout, occasion)

    async def _send(
        self, layout: Layout, occasion: str, files: Sequence[discord.File] = ()
    ) -> discord.Message:
        """Post a message; by its nonce Discord knows one that it took without our hearing of it."""
        with translated():
            return await self._channel.send(
                view=layout,
                files=list(files),
                nonce=f"t{self._tournament_id}-{occasion}",
                allowed_mentions=discord.AllowedMentions.none(),
            )
