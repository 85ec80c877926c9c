"""What members are told of the past, as Discord would get it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_battle_that_is_over_is_linked_and_counted(tmp_path: Path) -> None:
    async with scene(tmp_path) as here, connected_bot(here):
        people, asker = here.playground.people, here.members[0]
        card = await here.battle("Why is the sky blue?")
        await here.until(card, "Your last reaction counts")
        people.react(here.members[1], card, "🅰️")
        await here.installation.until("select count(vote) from votes", [(1,)])
        people.press(asker, card, "arena:close:1")
        await here.until(card, "wins")
        history = people.slash(asker, here.channel, "history", member=asker, model="Northern Light")
        await history.finished()
        voter = people.slash(here.members[1], here.channel, "me")
        await voter.finished()
        info = people.slash(asker, here.channel, "model", name="Northern Light")
        await info.finished()

        link = f"https://discord.com/channels/{here.guild.id}/{here.channel.id}/{card.id}"
        assert history.message
        assert voter.message
        assert info.message
        assert "“Why is the sky blue?”" in history.message.text
        assert link in history.message.text
        assert link in info.message.text
        assert "**1** vote of yours counts" in voter.message.text
