"""A model under a code name: who learns its true one, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest

from tests.behaviour.models.office import Office, office
from tests.behaviour.pages import change_settings, page_of, press, told, unmask
from tests.behaviour.place import answer_to, text_of
from tests.behaviour.settings.test_permissions import channel_without

if TYPE_CHECKING:
    from pathlib import Path

TRUE, CODE = "Zephyrine", "gpt2-chatbot"


async def fought(at: Office) -> str:
    """Hold a battle of the masked model to its end; returns the reveal."""
    card = await at.here.battle()
    await at.here.bob.react(card, "🅰️")
    return text_of(await at.here.close())


async def test_a_masked_model_fights_and_is_ranked_under_its_code_name(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.decide("mask", TRUE, CODE)
        reveal = await fought(at)
        board = await at.here.alice.slash(at.here.channel, "leaderboard")
        listed = answer_to(await at.here.alice.slash(at.here.channel, "model"))
        info = answer_to(await at.here.alice.slash(at.here.channel, "model", name=CODE))

        assert board.response
        for said in (reveal, text_of(board.response.message), listed, info):
            assert CODE in said.replace("\\", "")
            assert TRUE not in said


async def test_its_true_name_reaches_nobody_but_moderators(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with office(tmp_path) as at:
        log = at.here.guild.create_text_channel("log")
        await change_settings(at.here, log_channel_id=log.id)
        masked = await at.decide("mask", TRUE, CODE)
        await fought(at)
        await at.decide("disable", TRUE)
        logged = "\n".join(text_of(message) for message in log.history())
        asked = await at.here.alice.slash(at.here.channel, "model", name=TRUE)
        listed = await at.ask("list")
        history = await at.ask("changes")

        assert TRUE in masked
        assert f"true name: {TRUE}" in listed
        assert TRUE in history
        assert TRUE not in logged
        assert CODE in logged.replace("\\", "")
        assert "no model named" in answer_to(asked)
        assert TRUE not in capsys.readouterr().out


async def test_a_reply_that_says_the_true_name_is_a_leak(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.bring(name="Borealis")
        for name in (TRUE, "Quillon"):
            await at.decide("disable", name)
        await at.bring(name="Aurora")
        await at.decide("mask", "Borealis", CODE)
        at.server.answer(at.saying("I am Borealis, at your service."))
        await at.battle()

        assert at.here.rows("select unrated from battles") == [("leak",)]


async def test_unmasking_is_announced_once_and_the_history_goes_on(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        news = at.here.guild.create_text_channel("news")
        await at.decide("mask", TRUE, CODE)
        await fought(at)
        asked = await page_of(at.mona, at.here.channel, TRUE)
        await press(at.mona, asked, "Unmask")
        said = await unmask(at.mona, at.here.channel, TRUE, news)
        again = told(asked, await press(at.mona, asked, "Announce it"))
        board = await at.here.alice.slash(at.here.channel, "leaderboard")

        assert board.response
        assert [text_of(message).replace("\\", "") for message in news.history()] == [
            f"🎭 **{CODE}** was **{TRUE}** all along."
        ]
        assert f"**{TRUE}** fights under its true name from now on" in said
        assert "under its true name already" in again
        assert TRUE in text_of(board.response.message)
        assert "1 battle, 1 vote" in text_of(board.response.message)


async def test_where_the_bot_may_not_write_nothing_is_unmasked(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        closed = channel_without(at.here, send_messages=False)
        await at.decide("mask", TRUE, CODE)
        refused = await unmask(at.mona, at.here.channel, TRUE, closed)

        assert "may not write in that channel" in refused
        assert at.here.rows("select code_name from models where code_name is not null") == [(CODE,)]


async def test_a_moderator_announces_nothing_where_they_may_not_write(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        assert at.here.env.bot.user
        read_only = discord.PermissionOverwrite(send_messages=False)
        may_write = discord.PermissionOverwrite(send_messages=True)
        news = at.here.guild.create_text_channel(
            "news", overwrites={at.here.guild.default_role: read_only, at.here.env.bot.user: may_write}
        )
        await at.decide("mask", TRUE, CODE)
        refused = await unmask(at.mona, at.here.channel, TRUE, news)

        assert "You may not write in that channel" in refused
        assert news.history() == []
        assert at.here.rows("select code_name from models where code_name is not null") == [(CODE,)]


@pytest.mark.parametrize("code_name", ["Quillon", "quillon", TRUE])
async def test_a_code_name_is_nobody_s_name(tmp_path: Path, code_name: str) -> None:
    async with office(tmp_path) as at:
        await at.ask("list")
        refused = await at.decide("mask", TRUE, code_name)

        assert "named" in refused or "must differ" in refused
        assert at.here.rows("select code_name from models where code_name is not null") == []
