"""The battle that a new demo opens with, held by the bot among the members who live there."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.playground.errors import DiscordError, PlaygroundError
from bot.playground.world.messages.components import custom_ids

if TYPE_CHECKING:
    from bot.playground.page import Seeded
    from bot.playground.world.model import Message
    from bot.playground.world.world import World

PROMPTS = {"en": "What makes a good cup of tea?", "ja": "おいしいお茶をいれるコツは？"}
VOTES = ("🅰️", "🅰️", "🅱️")
REPLY_SECONDS, CLOSE_SECONDS = 60.0, 20.0

_log = logging.getLogger(__name__)


async def hold_opening(world: World, seeded: Seeded, language: str) -> None:
    """Ask as one member, vote as others, close; a battle that comes to nothing is left as it is."""
    members = [member for member in seeded.members if not member.user.bot]
    moderator, asker, *voters = members
    channel, people = seeded.channels[0], world.people
    try:
        asked = people.slash(asker, channel, "battle", prompt=PROMPTS[language])
        await world.until(lambda: bool(_button(asked.message, ":close:")), timeout=REPLY_SECONDS)
        card = asked.message
        if card is None:
            return
        for voter, emoji in zip(voters, VOTES, strict=False):
            people.react(voter, card, emoji)
        people.press(moderator, card, _button(card, ":close:"))
        await world.until(lambda: not _button(asked.message, ":close:"), timeout=CLOSE_SECONDS)
    except (DiscordError, PlaygroundError, TimeoutError) as exc:
        _log.warning("The demo opens without a battle: %s", exc)


def _button(message: Message | None, part: str) -> str:
    """Return the id of the button that has this in it; empty where there is none."""
    ids = custom_ids(message.components) if message else []
    return next((each for each in ids if part in each), "")
