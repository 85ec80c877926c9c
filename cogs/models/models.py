"""`/models`: who fights here, and what moderators do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.acknowledgement import WITH_FORM, show
from bot.domain.model import ModelState
from bot.i18n import translations
from cogs.access import is_moderator, may_see, require_manager, require_moderator
from cogs.audit_log import done, report
from cogs.battles.past_battle_texts import past_line
from cogs.models.autocomplete import complete_family, complete_model
from cogs.models.form import open_form, open_form_of
from cogs.models.history import allowance_text, history_page
from cogs.models.probe import test_models
from cogs.models.profile import profile_page
from cogs.models.texts import entry_line, host_line
from cogs.models.unmasking import check_announcement, check_announcer, unmask
from cogs.ui.layout import Layout, fitting

if TYPE_CHECKING:
    from bot.arena.models.roster import Entry
    from bot.client import ArenaBot, Interaction
    from bot.domain.audit import Actor

MODEL = locale_str("The model")


@app_commands.guild_only()
class ModelsCog(
    commands.GroupCog,
    group_name=locale_str("models"),
    group_description=locale_str("The models of this server"),
):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("list"), description=locale_str("Show the models of this server and their state")
    )
    async def list(self, interaction: Interaction) -> None:
        texts = translations(interaction.locale.value)
        moderator = is_moderator(interaction)
        roster = await self.bot.arena.roster.of(interaction.guild_id or 0)
        entries = sorted(roster, key=lambda entry: (entry.is_retired, entry.model.shown.casefold()))
        lines = [entry_line(entry, texts, moderator=moderator) for entry in entries]
        layout = Layout()
        layout.add_text("## " + texts.gettext("Models"))
        layout.add_text(fitting(lines, texts) or texts.gettext("There are no models here yet."))
        await show(interaction, layout)

    @app_commands.command(
        name=locale_str("info"), description=locale_str("Show a model's rating and record on this server")
    )
    @app_commands.describe(name=MODEL)
    async def info(self, interaction: Interaction, name: str) -> None:
        texts = translations(interaction.locale.value)
        moderator = is_moderator(interaction)
        entry = await self.bot.arena.models.find(interaction.guild_id or 0, name, moderator=moderator)
        profile = await self.bot.arena.profiles.of(entry)
        recent = [
            past_line(battle, entry.model.guild_id, texts, may_see=may_see(interaction, battle.channel_id))
            for battle in profile.recent
        ]
        host = host_line(entry, texts) if moderator else None
        await show(interaction, profile_page(profile, recent, host, texts))

    @app_commands.command(
        name=locale_str("add"),
        description=locale_str("Bring a model of your own to this server"),
        extras=WITH_FORM,
    )
    async def add(self, interaction: Interaction) -> None:
        require_moderator(interaction)
        await open_form(interaction)

    @app_commands.command(
        name=locale_str("edit"),
        description=locale_str("Change a model that was brought to this server"),
        extras=WITH_FORM,
    )
    @app_commands.describe(name=MODEL)
    async def edit(self, interaction: Interaction, name: str) -> None:
        require_moderator(interaction)
        await open_form_of(interaction, name)

    @app_commands.command(
        name=locale_str("test"), description=locale_str("Ask one model, or all, a short question")
    )
    @app_commands.describe(name=locale_str("The model; left out, all of them"))
    async def test(self, interaction: Interaction, name: str | None = None) -> None:
        actor = require_moderator(interaction)
        if name is None:
            roster = await self.bot.arena.roster.of(actor.guild_id)
            entries = [entry for entry in roster if not entry.is_retired]
        else:
            entries = [await self.bot.arena.models.find(actor.guild_id, name, moderator=True)]
        with self.bot.arena.probes.of_guild(actor.guild_id):
            await test_models(interaction, entries)

    @app_commands.command(
        name=locale_str("disable"), description=locale_str("Switch a model off; its place and votes stay")
    )
    @app_commands.describe(name=MODEL)
    async def disable(self, interaction: Interaction, name: str) -> None:
        await self._set_state(interaction, name, ModelState.DISABLED)

    @app_commands.command(
        name=locale_str("enable"),
        description=locale_str("Let a model fight that was switched off or retired"),
    )
    @app_commands.describe(name=MODEL)
    async def enable(self, interaction: Interaction, name: str) -> None:
        await self._set_state(interaction, name, ModelState.ENABLED)

    @app_commands.command(
        name=locale_str("retire"),
        description=locale_str("Take a model out of battles for good; its history and its place stay"),
    )
    @app_commands.describe(name=MODEL)
    async def retire(self, interaction: Interaction, name: str) -> None:
        await self._set_state(interaction, name, ModelState.RETIRED)

    @app_commands.command(
        name=locale_str("remove"), description=locale_str("Delete a model that has never fought")
    )
    @app_commands.describe(name=MODEL)
    async def remove(self, interaction: Interaction, name: str) -> None:
        actor, entry = await self._found(interaction, name)
        await done(interaction, await self.bot.arena.models.remove(actor, entry.model))

    @app_commands.command(
        name=locale_str("family"),
        description=locale_str("Mark variants of one model as siblings, which never meet each other"),
    )
    @app_commands.describe(
        name=MODEL, family=locale_str("A name that all its siblings get too; left out, it has none")
    )
    async def family(
        self, interaction: Interaction, name: str, family: app_commands.Range[str, 1, 80] | None = None
    ) -> None:
        actor, entry = await self._found(interaction, name)
        await done(interaction, await self.bot.arena.models.set_family(actor, entry.model, family))

    @app_commands.command(
        name=locale_str("mask"),
        description=locale_str("Let a model fight under a code name; only moderators know its true one"),
    )
    @app_commands.describe(name=MODEL, code_name=locale_str("What everyone sees instead of its name"))
    async def mask(
        self, interaction: Interaction, name: str, code_name: app_commands.Range[str, 1, 80]
    ) -> None:
        actor, entry = await self._found(interaction, name)
        await done(interaction, await self.bot.arena.models.mask(actor, entry.model, code_name))

    @app_commands.command(
        name=locale_str("unmask"), description=locale_str("Announce the true name of a masked model")
    )
    @app_commands.describe(name=MODEL, channel=locale_str("Where it is announced; left out, in this channel"))
    async def unmask(
        self, interaction: Interaction, name: str, channel: discord.TextChannel | None = None
    ) -> None:
        actor, entry = await self._found(interaction, name)
        check_announcer(interaction, channel)
        place = check_announcement(interaction, channel)
        await done(interaction, await unmask(interaction, actor, entry.model, place))

    @app_commands.command(
        name=locale_str("history"), description=locale_str("Show who changed what, and when")
    )
    async def history(self, interaction: Interaction) -> None:
        require_moderator(interaction)
        await show(interaction, await history_page(interaction, 0))

    @app_commands.command(
        name=locale_str("budget"), description=locale_str("Show or set what this server may use in a day")
    )
    @app_commands.describe(
        usd_per_day=locale_str("US dollars that replies may cost in a day; 0 for no limit"),
        battles_per_day=locale_str("Battles in a day; 0 for the operator's limit"),
        concurrent=locale_str("Battles written at the same time; 0 for the operator's limit"),
    )
    async def budget(
        self,
        interaction: Interaction,
        usd_per_day: app_commands.Range[float, 0, 100_000] | None = None,
        battles_per_day: app_commands.Range[int, 0, 1_000_000] | None = None,
        concurrent: app_commands.Range[int, 0, 1000] | None = None,
    ) -> None:
        actor = require_moderator(interaction)
        entry = await self.bot.arena.moderation.set_limits(
            actor,
            usd_per_day=usd_per_day,
            battles_per_day=battles_per_day,
            concurrent_battles=concurrent,
        )
        today = await self.bot.arena.daily_limits.today(actor.guild_id, decided_only=True)
        layout = Layout()
        layout.add_text(allowance_text(today, translations(interaction.locale.value)))
        await show(interaction, layout)
        if entry:
            await report(interaction, entry)

    @app_commands.command(
        name=locale_str("access"), description=locale_str("Name a role whose members may manage models")
    )
    @app_commands.describe(role=locale_str("The role; left out, only Manage Server counts"))
    async def access(self, interaction: Interaction, role: discord.Role | None = None) -> None:
        actor = require_manager(interaction)
        role_id = role.id if role else None
        await done(interaction, await self.bot.arena.moderation.set_manager_role(actor, role_id))

    @app_commands.command(
        name=locale_str("log"),
        description=locale_str("Name a channel where every change, and every report of a reply, is posted"),
    )
    @app_commands.describe(channel=locale_str("The channel; left out, changes are reported nowhere"))
    async def log(self, interaction: Interaction, channel: discord.TextChannel | None = None) -> None:
        actor = require_moderator(interaction)
        if channel:
            check_announcement(interaction, channel)
        channel_id = channel.id if channel else None
        await done(interaction, await self.bot.arena.moderation.set_log_channel(actor, channel_id))

    @info.autocomplete("name")
    @edit.autocomplete("name")
    @test.autocomplete("name")
    @disable.autocomplete("name")
    @enable.autocomplete("name")
    @retire.autocomplete("name")
    @remove.autocomplete("name")
    @family.autocomplete("name")
    @mask.autocomplete("name")
    @unmask.autocomplete("name")
    async def complete(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await complete_model(interaction, typed)

    @family.autocomplete("family")
    async def complete_families(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await complete_family(interaction, typed)

    async def _found(self, interaction: Interaction, name: str) -> tuple[Actor, Entry]:
        actor = require_moderator(interaction)
        return actor, await self.bot.arena.models.find(actor.guild_id, name, moderator=True)

    async def _set_state(self, interaction: Interaction, name: str, state: ModelState) -> None:
        actor, entry = await self._found(interaction, name)
        await done(interaction, await self.bot.arena.models.set_state(actor, entry.model, state))


async def setup(bot: ArenaBot) -> None:
    await bot.add_cog(ModelsCog(bot))
