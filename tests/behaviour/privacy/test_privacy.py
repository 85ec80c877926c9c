from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest

from tests.behaviour.pages import privacy
from tests.behaviour.place import answer_to, buttons_of, place, restarted, speak, text_of
from tests.behaviour.ratings.boards import description_of
from tests.competitors import competitor
from tests.traces import traces

if TYPE_CHECKING:
    from pathlib import Path

    import simcord

    from bot.arena.models.roster import Competitor
    from tests.behaviour.place import SimulatedServer

SECRET = "My neighbour Fukuzawa snores"


def pair() -> list[Competitor]:
    return [
        competitor("Zephyrine", "Fukuzawa snores, you say?", later=("So Fukuzawa it is.",)),
        competitor("Quillon", "Poor Fukuzawa!"),
    ]


async def judged(here: SimulatedServer) -> discord.Message:
    """Hold a battle that Alice asked for, and on which she and Bob voted."""
    card = await here.battle(SECRET)
    await here.alice.react(card, "🅰️")
    await here.bob.react(card, "🅱️")
    return await here.close()


async def delete(here: SimulatedServer, member: simcord.MemberActor) -> str:
    """Let a member have their data deleted; returns what they are told."""
    return answer_to(await privacy(member, here.channel, "privacy:delete", "erase"))


def refuse_edits(here: SimulatedServer, card: discord.Message, status: int, code: int = 0) -> None:
    """Let Discord not take the next edit of a card."""
    path = f"/channels/{here.channel.id}/messages/{card.id}"
    here.env.inject_error("PATCH", path, status=status, code=code, times=1)


def left_of(here: SimulatedServer, *members: simcord.MemberActor) -> list[str]:
    texts = [str(member.id) for member in members] or ["Fukuzawa"]
    return [trace for text in texts for trace in traces(here.folder / "arena.sqlite3", text)]


async def test_members_see_what_is_kept_of_them(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        await judged(here)
        mine = answer_to(await here.alice.slash(here.channel, "privacy"))
        bobs = answer_to(await here.bob.slash(here.channel, "privacy"))

    assert "**1 battle** that you asked for" in mine
    assert "**1 vote**:" in mine
    assert "**0 battles**" in bobs
    assert "Prompts and replies are kept until you delete them." in mine
    assert "deleted 30 days later" in mine
    assert "change" not in bobs.partition("### ")[0]


async def test_what_is_kept_is_told_in_the_member_s_language(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        await judged(here)
        speak(here, "ja")
        shown = answer_to(await here.alice.slash(here.channel, "privacy"))
        told = await delete(here, here.alice)

    assert "あなたが始めた**対戦1件**" in shown
    assert told.startswith(
        "このサーバーでのあなたのデータを削除しました（1戦のプロンプトと回答、1票の投票者の記録）。"
    )


async def test_a_deletion_takes_the_texts_and_the_names_and_leaves_the_votes(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        await judged(here)
        board = here.rows("select * from pair_sums order by category")
        told = await delete(here, here.alice)

        assert told.startswith(
            "Your data in this server was deleted: the texts of 1 battle, and your name on 1 vote."
        )
        assert left_of(here) == left_of(here, here.alice) == []
        assert left_of(here, here.bob) == ["votes.user_id", "voters.user_id"]
        assert here.row("select votes_a, votes_b from battles") == (1, 1)
        assert here.row("select count(*), min(user_id) < 0 from votes where vote = 'a'") == (1, 1)
        assert here.rows("select * from pair_sums order by category") == board


async def test_the_card_loses_what_was_deleted(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        card = await judged(here)
        await delete(here, here.alice)
        await here.env.advance_time(10)

        assert SECRET in text_of(card)
        assert "Fukuzawa" not in text_of(here.card)
        assert text_of(here.card).count("(deleted)") == 3
        assert "🅰️ 1 · 🅱️ 1" in text_of(here.card)
        assert buttons_of(here.card) == []
        assert here.rows("select * from stale_cards") == []


async def test_a_card_that_discord_does_not_take_is_tried_again_after_a_restart(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        refuse_edits(here, await judged(here), status=503)
        await delete(here, here.alice)
        await here.env.advance_time(10)
        refused = text_of(here.card)
        async with restarted(here, pair()):
            await here.env.advance_time(10)

            assert SECRET in refused
            assert "Fukuzawa" not in text_of(here.card)


async def test_a_card_that_is_gone_is_not_looked_for_again(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        card = await judged(here)
        await here.env.bot.http.delete_message(here.channel.id, card.id)
        await delete(here, here.alice)
        await here.env.advance_time(10)

        assert here.rows("select * from stale_cards") == []


async def test_an_old_read_button_says_that_the_text_was_deleted(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        card = await judged(here)
        refuse_edits(here, card, status=404, code=10003)
        await delete(here, here.alice)
        read = await here.bob.click(card, label="🔍 Compare")

        assert answer_to(read) == (
            "The prompt and the replies of this battle were deleted. Its result is kept: /history"
        )


@pytest.mark.parametrize(("locale", "said"), [("en-US", "(deleted)"), ("ja", "（削除済み）")])
async def test_the_history_shows_that_a_prompt_was_deleted(tmp_path: Path, locale: str, said: str) -> None:
    async with place(tmp_path, pair()) as here:
        await judged(here)
        await delete(here, here.alice)
        speak(here, locale)
        history = answer_to(await here.bob.slash(here.channel, "history"))
        hers = answer_to(await here.bob.slash(here.channel, "history", member=here.alice.user))

        assert said in history
        assert "🅰️ 1 · 🅱️ 1" in history
        assert said not in hers


async def test_nothing_breaks_that_counts_or_names_members(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        await judged(here)
        await delete(here, here.alice)
        recap = await here.alice.slash(here.channel, "recap")
        assert recap.response
        answers = [
            answer_to(await here.alice.slash(here.channel, "me")),
            answer_to(await here.alice.slash(here.channel, "privacy")),
            description_of(recap.response.message),
            answer_to(await here.bob.slash(here.channel, "model", name="Quillon")),
        ]

        assert "**0 battles**" in answers[1]
        assert "1 member voted" in answers[2]
        assert "Fukuzawa" not in str(answers)
        assert not here.env.errors


async def test_a_moderator_is_offered_a_deleted_battle_without_its_prompt(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        await judged(here)
        await delete(here, here.alice)
        role = here.guild.create_role("Boss", permissions=discord.Permissions(manage_guild=True))
        mona = here.guild.add_member(here.env.create_user("mona"), roles=[role])
        (offered,) = await mona.autocomplete(here.channel, "void", "battle", "")
        await mona.slash(here.channel, "void", battle="1", reason="A test")
        await here.env.advance_time(10)

        assert str(offered["name"]).endswith(": (deleted)")
        assert "A moderator took this battle out" in text_of(here.card)
        assert "Fukuzawa" not in text_of(here.card)


async def test_whoever_keeps_their_data_keeps_all_of_it(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        await judged(here)
        asked = await privacy(here.alice, here.channel, "privacy:delete")
        warned = answer_to(asked)
        assert asked.response
        await here.alice.click(asked.response.message, custom_id="arena:keep")

        assert "**This cannot be undone.**" in warned
        assert "The prompt and the replies of 1 battle that you asked for are deleted" in warned
        assert "1 vote still counts" in warned
        assert answer_to(asked) == "Nothing was deleted."
        assert buttons_of(asked.response.message) == []
        assert "battles.prompt" in left_of(here)
        assert "votes.user_id" in left_of(here, here.alice)


async def test_the_confirmation_works_after_a_restart(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        await judged(here)
        asked = await privacy(here.alice, here.channel, "privacy:delete")
        assert asked.response
        async with restarted(here, pair()):
            await here.alice.click(asked.response.message, custom_id="arena:erase")

            assert left_of(here) == left_of(here, here.alice) == []


async def test_an_open_battle_goes_on_and_forgets_when_it_ends(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        card = await here.battle(SECRET)
        await here.alice.react(card, "🅰️")
        told = await delete(here, here.alice)
        still = text_of(here.card)
        await here.bob.react(card, "🅰️")
        await here.alice.react(card, "🅱️")
        end = text_of(await here.close())

        assert "1 battle is still open and follows when it ends." in told
        assert SECRET in still
        assert "🅰️ 1 · 🅱️ 1 · 🤝 0 · 👎 0 (2 votes)" in end
        assert "Fukuzawa" not in end
        assert left_of(here) == left_of(here, here.alice) == []


async def test_an_open_battle_forgets_after_a_restart_too(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        card = await here.battle(SECRET)
        await here.alice.react(card, "🅰️")
        await delete(here, here.alice)
        async with restarted(here, pair()):
            await here.bob.react(card, "🅰️")
            end = text_of(await here.close())

            assert "🅰️ 2" in end
            assert left_of(here) == left_of(here, here.alice) == []


async def test_a_vote_of_the_very_moment_is_forgotten_too(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        card = await here.battle(SECRET)
        await delete(here, here.bob)
        await here.bob.react(card, "🅰️")
        await here.close()

        assert left_of(here, here.bob) == []


async def test_a_battle_that_is_called_off_forgets_too(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        card = await here.battle(SECRET)
        await here.alice.react(card, "🅰️")
        await delete(here, here.alice)
        await here.env.bot.http.delete_channel(here.channel.id)
        await here.env.advance_time(10)

        assert here.row("select state from battles") == ("voided",)
        assert left_of(here) == left_of(here, here.alice) == []


async def test_a_conversation_that_goes_on_is_forgotten_whole(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        card = await here.battle("Good morning")
        await delete(here, here.alice)
        form = await here.alice.click(card, custom_id="arena:continue:1")
        await here.alice.submit_modal(form, {"prompt": SECRET})
        await here.env.settle()
        kept = left_of(here)
        await here.close()

        assert "turns.prompt" in kept
        assert left_of(here) == []


async def test_members_can_vote_and_ask_again_afterwards(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        await judged(here)
        await delete(here, here.alice)
        await here.alice.slash(here.channel, "battle", prompt="And now?")
        card = here.channel.history()[1]
        await here.alice.react(card, "🅰️")
        await here.close()
        shown = answer_to(await here.alice.slash(here.channel, "privacy"))

    assert "**1 battle** that you asked for" in shown
    assert "**1 vote**:" in shown


async def test_a_deletion_is_about_one_server(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        await judged(here)
        other = here.env.create_guild("elsewhere")
        there = other.create_text_channel("arena")
        alice = other.add_member(here.alice.user)
        asked = await privacy(alice, there, "privacy:delete")
        assert asked.response
        await alice.click(asked.response.message, custom_id="arena:erase")

        assert "battles.prompt" in left_of(here)
        assert "votes.user_id" in left_of(here, here.alice)


async def test_what_a_moderator_changed_stays_on_record(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        role = here.guild.create_role("Boss", permissions=discord.Permissions(manage_guild=True))
        mona = here.guild.add_member(here.env.create_user("mona"), roles=[role])
        await judged(here)
        await mona.slash(
            here.channel, "void", battle="1", reason=f"<@{here.alice.id}> asked about a neighbour"
        )
        shown = answer_to(await mona.slash(here.channel, "privacy"))
        await delete(here, mona)
        await delete(here, here.alice)

        assert "**1 change** that you made as a moderator" in shown
        assert left_of(here, mona) == ["audit.actor_id"]
        assert left_of(here, here.alice) == []
        assert here.row("select void_note from battles") == ("<@…> asked about a neighbour",)


async def test_a_card_still_says_why_its_battle_is_not_rated(tmp_path: Path) -> None:
    async with place(tmp_path, [competitor("Zephyrine", "I am Zephyrine."), competitor("Quillon")]) as here:
        before = text_of(await judged(here))
        await delete(here, here.alice)
        await here.env.advance_time(10)

        assert "gives its model away (“" in before
        assert "Not rated: a reply gives its model away." in text_of(here.card)
