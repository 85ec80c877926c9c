"""Settings over the wire, and what a battle makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground import Permission
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_moderator_changes_the_rules_and_the_next_battle_follows_them(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        people = arena.playground.people
        olga = arena.member_with(Permission.MANAGE_GUILD, "olga")
        shown = await people.slash(olga, arena.channel, "settings show").finished()
        assert shown.message
        people.select(olga, shown.message, "arena:settings", ["vote"])
        await arena.use(olga, shown.message, "arena:set:vote:early_close", ["nobody"])
        form = await arena.use(olga, shown.message, "arena:numbers:vote")
        await arena.fill_in(form, {"voting_seconds": "1 h", "close_at_votes": "2"})
        await arena.until(shown.message, "1 h")
        card = await arena.battle()
        await arena.until(card, "The vote ends at once with 2 votes.")
        await arena.until(card, "Your last reaction counts")
        people.react(arena.members[1], card, "🅰️")
        people.react(arena.members[2], card, "🅰️")
        await arena.until(card, "🅰️ 2")

        assert "**Voting time** · set here\n1 h" in shown.content
        assert arena.installation.rows("select state, votes_a from battles") == [("closed", 2)]
        assert arena.installation.rows("select count(*) from audit") == [(2,)]
