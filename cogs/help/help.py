"""`/help`: what the bot is, what this member can do with it, and how votes become ratings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.acknowledgement import show
from bot.i18n import N_, translations
from cogs.access import is_moderator
from cogs.ui.layout import LIST_LIMIT, Layout, fitting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import discord

    from bot.client import ArenaBot, Interaction
    from bot.i18n import Translations

    Command = app_commands.Command[commands.Cog, ..., None]

MANAGERS = frozenset({"models access", "settings show", "settings export", "settings import", "setup"})
"""What Manage Server is needed for, whatever role was named by /models access."""

WHAT = N_(
    "Two models answer the same prompt without their names, and the channel votes for the better reply. Then"
    " the names are revealed, and this server's own leaderboard moves. Start with {battle}."
)
RATINGS = N_(
    "Each vote is a game between two models; ratings are those under which the votes are the least"
    " surprising. {ratings} explains it on one screen."
)


class HelpCog(commands.Cog):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("help"), description=locale_str("What the bot is, and what you can do with it")
    )
    @app_commands.guild_only()
    async def help(self, interaction: Interaction) -> None:
        texts = translations(interaction.locale.value)
        _ = texts.gettext
        mention = self.bot.mention_of
        layout = Layout()
        for title, text in (
            ("## " + _("Blind battles between language models"), _(WHAT).format(battle=mention("battle"))),
            ("### " + _("For everyone"), _lines(self._members(), mention, texts)),
            ("### " + _("For moderators"), _summary(await self._allowed(interaction), texts)),
            ("### " + _("How votes become ratings"), _(RATINGS).format(ratings=mention("about ratings"))),
        ):
            if text:
                layout.add_text(f"{title}\n{text}")
        await show(interaction, layout)

    def _members(self) -> list[Command]:
        return [each for each in self._commands() if needed_for(each) is None]

    async def _allowed(self, interaction: Interaction) -> list[Command]:
        """Return what this member can do beside what everyone can."""
        granted, moderates = interaction.permissions, is_moderator(interaction)
        return [
            each
            for each in self._commands()
            if (needed := needed_for(each)) and (needed <= granted or (moderates and is_for_moderators(each)))
        ]

    def _commands(self) -> Iterator[Command]:
        for command in self.bot.tree.walk_commands():
            if isinstance(command, app_commands.Command):
                yield command


def needed_for(command: Command) -> discord.Permissions | None:
    """Return which permissions Discord wants of a member to whom it offers a command; `None`: none."""
    return (command.root_parent or command).default_permissions


def is_for_moderators(command: Command) -> bool:
    """Tell whether the role that was named by /models access is enough for it."""
    needed = needed_for(command)
    return needed is not None and needed.manage_guild and command.qualified_name not in MANAGERS


def _lines(found: list[Command], mention: Callable[[str], str], texts: Translations) -> str:
    return fitting(
        [f"{mention(each.qualified_name)} {texts.gettext(each.description)}" for each in found],
        texts,
        LIST_LIMIT // 2,
    )


def _summary(found: list[Command], texts: Translations) -> str:
    """Say each group in one line, with the names of its commands."""
    groups: dict[str, list[Command]] = {}
    for command in found:
        groups.setdefault((command.root_parent or command).name, []).append(command)
    lines: list[str] = []
    for name, members in groups.items():
        parent = members[0].root_parent
        names = ", ".join(f"`{each.name}`" for each in members if each.parent)
        described = texts.gettext((parent or members[0]).description)
        lines.append(f"`/{name}` {names}\n-# {described}" if parent else f"`/{name}`\n-# {described}")
    return fitting(lines, texts, LIST_LIMIT // 3)


async def setup(bot: ArenaBot) -> None:
    await bot.add_cog(HelpCog(bot))
