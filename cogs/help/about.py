"""`/about`: how the arena works, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.acknowledgement import show
from bot.i18n import N_, translations
from cogs.help.fairness import PressedFairness, fairness_page
from cogs.ui.layout import Layout

if TYPE_CHECKING:
    from bot.client import ArenaBot, Interaction

RATINGS = (
    N_(
        "A vote is a game between two models. A tie, or both bad, is half a win for each; a model with more"
        " than half of its votes both bad is marked 👎. Only battles whose models kept their secret count."
    ),
    N_(
        "The ratings are those under which this server's votes are the least surprising (a Bradley–Terry"
        " model). 1000 is the average; who stands 174 points higher is preferred about 73 times in 100. A"
        " battle weighs the square root of its votes, one of 100 as much as ten of one: in simulations that"
        " came closer to the truth than counting all votes alike, or a cap."
    ),
    N_(
        "± is a 95% interval: the true rating lies in it about 19 times out of 20. The votes on one battle"
        " belong together, so a popular one does not look like many. A rank such as 1–3 goes from the"
        " best to the worst place that the intervals leave open. All of this speaks of the members who voted:"
        " the leaderboard says how many they were."
    ),
    N_(
        "Models with fewer than {votes} votes, or votes in fewer than {battles} battles, are provisional and"
        " have no rank yet. Groups of models that never met, not even by way of others, have no rank in"
        " common. An open vote moves nothing; the board moves when a battle is revealed."
    ),
    N_(
        "Chance decides which two meet: pairs from whose votes most can be learned, and new models, come "
        "up more often, and one draw in five is wholly even, so that no pair is left out."
    ),
)


@app_commands.guild_only()
class AboutCog(
    commands.GroupCog, group_name=locale_str("about"), group_description=locale_str("How the arena works")
):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("ratings"), description=locale_str("Explain how votes become ratings and ranks")
    )
    async def ratings(self, interaction: Interaction) -> None:
        _ = translations(interaction.locale.value).gettext
        rules = self.bot.arena.config.battle
        least = {"votes": rules.min_votes_ranked, "battles": rules.min_battles_ranked}
        layout = Layout()
        layout.add_text("## " + _("How votes become ratings"))
        layout.add_text("\n\n".join(_(each).format(**least) for each in RATINGS))
        await show(interaction, layout)

    @app_commands.command(
        name=locale_str("fairness"),
        description=locale_str("Show how often each model was drawn here, and what the rules promise"),
    )
    async def fairness(self, interaction: Interaction) -> None:
        await show(interaction, await fairness_page(interaction, 0))


async def setup(bot: ArenaBot) -> None:
    bot.add_dynamic_items(PressedFairness)
    await bot.add_cog(AboutCog(bot))
