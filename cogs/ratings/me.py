"""`/me`: how a member voted, and which models they like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.acknowledgement import show
from bot.domain.vote import Vote
from bot.i18n import translations
from cogs.battles.vote_emoji import EMOJI
from cogs.ratings.pages import standing_line
from cogs.ui.layout import Layout

if TYPE_CHECKING:
    from bot.arena.ratings.member_profiles import Agreement, Voter
    from bot.client import ArenaBot, Interaction
    from bot.domain.vote import Tally
    from bot.i18n import Translations

FAVOURITES = 10


class MeCog(commands.Cog):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("me"), description=locale_str("Show how you voted, and a leaderboard of your own")
    )
    @app_commands.guild_only()
    async def me(self, interaction: Interaction) -> None:
        voter = await self.bot.arena.voters.of(interaction.guild_id or 0, interaction.user.id)
        await show(interaction, voter_page(voter, translations(interaction.locale.value)))


def voter_page(voter: Voter, texts: Translations) -> Layout:
    _ = texts.gettext
    layout = Layout()
    layout.add_text("## 🗳️ " + _("Your votes"))
    if voter.is_excluded:
        layout.add_text(
            _(
                "The moderators of this server have taken your votes out of the ratings. They are kept, and"
                " can be brought back."
            )
        )
        return layout
    if not voter.tally.votes:
        layout.add_text(_("No counted votes yet. A vote counts when a rated battle is revealed."))
        return layout
    layout.add_text("\n".join(_habits(voter.tally, texts)) + "\n" + _agreement(voter.agreement, texts))
    lines = [standing_line(standing, texts) for standing in voter.standings[:FAVOURITES]]
    layout.add_section("### 🏆 " + _("Your own leaderboard"), "\n".join(lines))
    layout.add_text("-# " + _("From your votes alone, in all seasons. ± is the 95% range."))
    return layout


def _habits(tally: Tally, texts: Translations) -> list[str]:
    number = texts.ngettext(
        "**{count}** vote of yours counts in the ratings.",
        "**{count}** votes of yours count in the ratings.",
        tally.votes,
    ).format(count=tally.votes)
    shares = (f"{EMOJI[vote]} {round(100 * tally.count(vote) / tally.votes)}%" for vote in Vote)
    return [number, " · ".join(shares)]


def _agreement(agreement: Agreement, texts: Translations) -> str:
    if not agreement.comparable:
        return texts.gettext("Nobody else voted in these battles, so there is no majority to compare with.")
    return texts.ngettext(
        "In **{agreed}** of {count} battle where others voted too, you chose what most of them chose"
        " ({percent}%).",
        "In **{agreed}** of {count} battles where others voted too, you chose what most of them chose"
        " ({percent}%).",
        agreement.comparable,
    ).format(
        agreed=agreement.agreed,
        count=agreement.comparable,
        percent=round(100 * agreement.agreed / agreement.comparable),
    )


async def setup(bot: ArenaBot) -> None:
    await bot.add_cog(MeCog(bot))
