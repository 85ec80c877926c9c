from __future__ import annotations

from typing import TYPE_CHECKING

from bot.config import BattleDefaults, Config
from tests.behaviour.pages import change_settings
from tests.behaviour.place import VOTING_SECONDS, place, restarted, text_of
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

    from bot.domain.rules import ResultNotice

PAIR = ("Zephyrine", "Quillon")


def telling(notice: ResultNotice) -> Config:
    return Config(battle=BattleDefaults(result_notice=notice))


async def test_a_short_reply_says_that_the_result_is_in_and_mentions_nobody(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR), is_lenient=False) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.close()
        _, notice = here.channel.history()
        sent = next(each.json for each in here.env.http_requests if "The result is in" in str(each.json))

        assert notice.content.startswith("The result is in: 🏆 ")
        assert notice.content.endswith(" wins")
        assert notice.reference
        assert notice.reference.message_id == card.id
        assert isinstance(sent, dict)
        assert sent["allowed_mentions"] == {"parse": []}


async def test_who_asked_is_mentioned_where_the_server_wants_it_and_nobody_else(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await change_settings(here, result_notice="mention")
        await here.battle()
        await here.close()
        notice = here.channel.history()[-1]

        assert notice.content == f"<@{here.alice.id}> The result is in: No votes"
        assert [member.id for member in notice.mentions] == [here.alice.id]


async def test_the_result_is_told_in_a_thread_of_the_battle(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR), telling("thread")) as here:
        card = await here.battle()
        await here.close()
        posts = [each for each in here.env.http_requests if each.method == "POST"]

        assert f"/channels/{here.channel.id}/messages/{card.id}/threads" in [each.path for each in posts]
        assert posts[-1].path == f"/channels/{card.id}/messages"
        assert "The result is in" in str(posts[-1].json)


async def test_a_silent_server_sees_the_card_change_and_no_more(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR), telling("silent")) as here:
        await here.battle()
        await here.close()

        assert len(here.channel.history()) == 1


async def test_a_result_is_told_once_whatever_is_redrawn_or_restarted(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR), is_lenient=False) as here:
        await here.battle()
        await here.close()
        here.change("update battles set redrawn_at = null")
        async with restarted(here, map(competitor, PAIR)):
            await here.env.advance_time(VOTING_SECONDS)

        assert here.row("select redrawn_at is not null from battles") == (1,)
        assert len(here.channel.history()) == 2


async def test_a_battle_that_was_called_off_has_no_result_to_tell(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR), is_lenient=False) as here:
        await here.battle()
        here.change("update battles set state = 'voided', voided = 'restarted', redrawn_at = null")
        async with restarted(here, map(competitor, PAIR)):
            pass

        assert len(here.channel.history()) == 1


async def test_after_the_reveal_the_reactions_are_those_of_the_members_alone(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.carol.react(card, "👎")
        text = text_of(await here.close())
        await here.env.advance_time(10)

        assert "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 1 (2 votes)" in text
        assert {str(each.emoji): each.count for each in here.card.reactions} == {"🅰️": 1, "👎": 1}


async def test_reactions_that_cannot_be_taken_off_keep_nothing_up(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR), is_lenient=False) as here:
        card = await here.battle()
        await here.env.advance_time(VOTING_SECONDS - 1)
        await card.clear_reactions()
        await here.close()
        await here.env.advance_time(10)

        assert "No votes" in text_of(here.card)
        assert not here.env.errors
