"""The form that `/battle` opens for who has no prompt yet, with three ideas."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import discord
from discord import ui

from bot.acknowledgement import Acknowledgement, keep_typed
from bot.arena.battles.images.file_types import check_declared
from bot.errors import ArenaError
from bot.i18n import N_, translations
from cogs.access import check_place
from cogs.battles.asking.ideas import three_ideas
from cogs.battles.asking.start import MAX_PROMPT, hold, request_of
from cogs.battles.chosen_models import chosen
from cogs.battles.images import fetch
from cogs.ui.forms import Form

if TYPE_CHECKING:
    from bot.client import Interaction

NOTHING_ASKED = N_("Write a prompt, or choose one of the ideas.")


class AskOptions(NamedTuple):
    """What a member gave beside the prompt."""

    category: str | None = None
    models: str | None = None
    image: discord.Attachment | None = None


NOTHING_GIVEN = AskOptions()


async def ask(interaction: Interaction, prompt: str, given: AskOptions) -> None:
    """Begin the battle that a member asks for, here."""
    image, arena = given.image, interaction.client.arena
    keep_typed(interaction, prompt)
    await check_place(interaction, pictures=image is not None)
    most_bytes = arena.config.limits.max_image_bytes
    if image:
        check_declared(image.content_type, image.size, most_bytes)
    request = replace(
        request_of(interaction, prompt, given.category),
        chosen_pair=None if given.models is None else await chosen(interaction, given.models),
        fetch_image=partial(fetch, arena.images, image, most_bytes) if image else None,
    )
    await hold(interaction, request)


class AskForm(Form):
    """A prompt of one's own, or one of three ideas."""

    acknowledgement = Acknowledgement.PUBLIC

    def __init__(self, interaction: Interaction, given: AskOptions = NOTHING_GIVEN) -> None:
        texts = translations(interaction.locale.value)
        _ = texts.gettext
        super().__init__(_("Ask two models"))
        self.given = given
        own = interaction.client.arena.categories.open_in(interaction.guild_id or 0)
        self.ideas = three_ideas(own, texts)
        self.prompt = ui.TextInput["AskForm"](
            custom_id="prompt",
            style=discord.TextStyle.paragraph,
            max_length=MAX_PROMPT,
            required=False,
        )
        self.idea = ui.Select["AskForm"](
            custom_id="idea",
            placeholder=_("Three ideas"),
            min_values=0,
            required=False,
            options=[
                discord.SelectOption(
                    label=idea.prompt[:100], value=str(number), description=idea.shown or None
                )
                for number, idea in enumerate(self.ideas)
            ],
        )
        self.add_item(ui.Label["AskForm"](text=_("What both models are asked"), component=self.prompt))
        self.add_item(ui.Label["AskForm"](text=_("Or one of these"), component=self.idea))

    async def enter(self, interaction: Interaction) -> None:
        prompt, given = self.prompt.value.strip(), self.given
        if not prompt and self.idea.values:
            idea = self.ideas[int(self.idea.values[0])]
            prompt, given = idea.prompt, given._replace(category=given.category or idea.category)
        if not prompt:
            raise ArenaError(NOTHING_ASKED)
        await ask(interaction, prompt, given)
