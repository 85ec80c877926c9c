"""The form that `/battle` opens for who has no prompt yet, with three ideas."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from random import SystemRandom
from typing import TYPE_CHECKING, NamedTuple

import discord
from discord import ui

from bot.acknowledgement import Acknowledgement, keep_typed
from bot.arena.battles.images.file_types import check_declared
from bot.arena.categories.rules import CODE
from bot.errors import ArenaError
from bot.i18n import N_
from cogs.access import check_place
from cogs.battles.asking.start import MAX_PROMPT, hold, request_of
from cogs.battles.chosen_models import chosen
from cogs.battles.images import fetch
from cogs.ratings.board_filter import CATEGORIES
from cogs.ui.forms import Form

if TYPE_CHECKING:
    from bot.client import Interaction
    from bot.i18n import Translations

IDEAS = (
    ("", N_("Explain to a ten-year-old why ice floats.")),
    ("", N_("Write a haiku about the last train home.")),
    ("", N_("Which is better for a small flat, a cat or a dog? Decide.")),
    ("", N_("Give me three dinners from eggs, rice and whatever is in season.")),
    ("", N_("Rewrite “we regret any inconvenience” so that somebody believes it.")),
    (CODE, N_("Write a Python function that finds the duplicate files in a folder.")),
    (CODE, N_("Explain this regular expression: ^(?=.*\\d)(?=.*[a-z]).{8,}$")),
)
"""Each with the category that it belongs to, if it does to one that all servers have."""

OFFERED = 3
NOTHING_ASKED = N_("Write a prompt, or choose one of the ideas.")

_random = SystemRandom()


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

    def __init__(self, texts: Translations, given: AskOptions = NOTHING_GIVEN) -> None:
        _ = texts.gettext
        super().__init__(_("Ask two models"))
        self.given = given
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
                    label=_(idea),
                    value=str(number),
                    description=_(CATEGORIES[category]) if category else None,
                )
                for number, (category, idea) in _random.sample(list(enumerate(IDEAS)), OFFERED)
            ],
        )
        self.ideas = [_(idea) for _category, idea in IDEAS]
        self.add_item(ui.Label["AskForm"](text=_("What both models are asked"), component=self.prompt))
        self.add_item(ui.Label["AskForm"](text=_("Or one of these"), component=self.idea))

    async def enter(self, interaction: Interaction) -> None:
        prompt = self.prompt.value.strip()
        if not prompt and self.idea.values:
            prompt = self.ideas[int(self.idea.values[0])]
        if not prompt:
            raise ArenaError(NOTHING_ASKED)
        await ask(interaction, prompt, self.given)
