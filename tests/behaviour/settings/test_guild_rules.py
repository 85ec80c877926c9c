"""Every setting at both of its ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.client import ArenaBot
from tests.behaviour.place import (
    answer_to,
    buttons_of,
    gateway_session_is_new,
    moderator,
    place,
    refusals,
    restarted,
    speak,
    text_of,
    unnoticed,
)
from tests.behaviour.settings.settings import SettingsDesk
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

    from tests.behaviour.place import SimulatedServer

PAIR = ("Zephyrine", "Quillon")
CLOSE = "arena:close:1"
DAY = 24 * 3600


async def state(here: SimulatedServer) -> object:
    return here.row("select state from battles order by battle_id desc limit 1")[0]


async def test_battles_are_held_in_the_chosen_channels_alone(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        elsewhere = here.guild.create_text_channel("elsewhere")
        await desk.decide("places", battle_channel_ids=[elsewhere])
        refused = await here.alice.slash(here.channel, "battle", prompt="Why?")
        held = await here.alice.slash(elsewhere, "battle", prompt="Why?")
        await desk.choose("places", "battle_channel_ids")
        again = await here.alice.slash(here.channel, "battle", prompt="Why?")

        assert refusals(here, refused) == [
            f"Battles are not held in this channel, but here: <#{elsewhere.id}>"
        ]
        assert not held.ephemeral
        assert not again.ephemeral


async def test_battles_are_for_the_chosen_roles_alone(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        role = here.guild.create_role("Patrons")
        await desk.decide("places", battle_role_ids=[role])
        patron = here.guild.add_member(here.env.create_user("pat"), roles=[role])
        refused = await here.alice.slash(here.channel, "battle", prompt="Why?")
        held = await patron.slash(here.channel, "battle", prompt="Why?")

        assert refusals(here, refused) == [
            f"Battles here are for members with one of these roles: <@&{role.id}>"
        ]
        assert not held.ephemeral


async def test_a_battle_in_an_unrated_channel_moves_no_rating_and_says_why(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        serious = here.guild.create_text_channel("serious")
        await desk.decide("places", rated_channel_ids=[serious])
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.close()

        assert "Not rated: battles in this channel are for fun." in text_of(here.card)
        assert here.row("select unrated, votes_a from battles") == ("channel", 1)
        assert here.row("select count(*) from pair_sums") == (0,)


async def test_a_battle_in_a_rated_channel_is_rated(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.decide("places", rated_channel_ids=[here.channel])
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.close()

        assert here.row("select unrated from battles") == (None,)
        assert here.row("select count(*) from pair_sums where category = 'all'") == (1,)


@pytest.mark.parametrize(("typed", "seconds"), [("10 s", 10), ("7 d", 7 * DAY)])
async def test_a_vote_lasts_as_long_as_the_server_says(tmp_path: Path, typed: str, seconds: int) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.set_numbers("vote", voting_seconds=typed)
        await here.battle()
        await here.env.advance_time(seconds - 1.5)
        before = await state(here)
        await here.env.advance_time(2)

        assert before == "voting"
        assert await state(here) == "closed"


async def test_enough_votes_end_a_vote_at_once(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.set_numbers("vote", close_at_votes="2")
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.bob.react(card, "🅱️")
        between = await state(here)
        said = text_of(here.card)
        await here.carol.react(card, "🅱️")
        await here.env.settle()

        assert between == "voting"
        assert "The vote ends at once with 2 votes." in said
        assert here.row("select state, votes_a, votes_b from battles") == ("closed", 0, 2)


async def test_votes_found_after_a_restart_can_be_enough(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.set_numbers("vote", close_at_votes="2")
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        with unnoticed(here):
            await here.carol.react(card, "🅰️")
        async with restarted(here, map(competitor, PAIR)):
            await gateway_session_is_new(here)
            await here.env.settle()

            assert here.row("select state, votes_a from battles") == ("closed", 2)


async def test_a_battle_with_too_few_votes_is_not_rated(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.set_numbers("votes", min_votes_rated="2", min_account_days="", min_member_days="")
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.close()
        few = text_of(here.card)
        await here.alice.slash(here.channel, "battle", prompt="And now?")
        second = here.channel.history()[-1]
        await here.bob.react(second, "🅰️")
        await here.carol.react(second, "🅰️")
        await here.close()

        assert "Not rated: that takes at least 2 votes here." in few
        assert here.rows("select unrated from battles") == [("few_votes",), (None,)]
        assert here.row("select votes from pair_sums where category = 'all'") == (2,)


async def test_the_asker_can_be_left_out_of_the_count(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.decide("votes", asker_votes=["off"])
        card = await here.battle()
        await here.alice.react(card, "🅰️")
        await here.bob.react(card, "🅱️")
        await here.close()

        assert "🅰️ 0 · 🅱️ 1 · 🤝 0 · 👎 0 (1 vote)" in text_of(here.card)
        assert "1 vote is not counted by the rules of this server." in text_of(here.card)
        assert here.rows("select vote, uncounted from votes order by vote") == [("a", "asker"), ("b", None)]


@pytest.mark.parametrize(("days", "counted"), [(0, 0), (3, 1)])
async def test_an_account_has_to_be_old_enough_for_its_vote_to_count(
    tmp_path: Path, days: int, counted: int
) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.set_numbers("votes", min_votes_rated="", min_account_days="3", min_member_days="")
        newcomer = here.guild.add_member(here.env.create_user("newcomer"))
        await here.env.advance_time(days * DAY)
        card = await here.battle()
        await newcomer.react(card, "🅰️")
        await here.close()

        assert here.row("select votes_a, votes_uncounted from battles") == (counted, 1 - counted)


@pytest.mark.parametrize(("days", "counted"), [(0, 0), (3, 1)])
async def test_a_member_has_to_be_there_long_enough_for_the_vote_to_count(
    tmp_path: Path, days: int, counted: int
) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.set_numbers("votes", min_votes_rated="", min_account_days="", min_member_days="3")
        newcomer = here.guild.add_member(here.env.create_user("newcomer"))
        await here.env.advance_time(days * DAY)
        card = await here.battle()
        await newcomer.react(card, "🅰️")
        await here.close()

        assert here.row("select votes_a, votes_uncounted from battles") == (counted, 1 - counted)


async def test_since_when_someone_is_a_member_is_asked_where_no_event_told(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.set_numbers("votes", min_votes_rated="", min_account_days="", min_member_days="3")
        await here.env.advance_time(3 * DAY)
        card = await here.battle()
        newcomer = here.guild.add_member(here.env.create_user("newcomer"))
        with unnoticed(here):
            await here.bob.react(card, "🅰️")
            await newcomer.react(card, "🅱️")
        await here.close()

        assert here.row("select votes_a, votes_b, votes_uncounted from battles") == (1, 0, 1)


async def test_moderators_alone_may_close_where_the_server_says_so(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.decide("vote", early_close=["moderators"])
        card = await here.battle()
        refused = await here.alice.click(card, custom_id=CLOSE)
        await moderator(here).click(card, custom_id=CLOSE)

        assert answer_to(refused).startswith("Only members with Manage Messages can close this vote early.")
        assert await state(here) == "closed"


async def test_nobody_closes_early_where_the_server_says_so(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.decide("vote", early_close=["nobody"])
        card = await here.battle()

        assert CLOSE not in buttons_of(card)


async def test_a_member_waits_between_two_battles(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.set_numbers("pace", cooldown_seconds="5 min", member_battles_per_day="")
        await here.battle()
        early = await here.alice.slash(here.channel, "battle", prompt="Again?")
        other = await here.bob.slash(here.channel, "battle", prompt="Me too?")
        await here.env.advance_time(301)
        later = await here.alice.slash(here.channel, "battle", prompt="Again?")

        (told,) = refusals(here, early)
        assert told.startswith("Members wait a while between two battles here. You can ask again <t:")
        assert not other.ephemeral
        assert not later.ephemeral


async def test_a_member_has_so_many_battles_a_day(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.set_numbers("pace", cooldown_seconds="", member_battles_per_day="1")
        await here.battle()
        second = await here.alice.slash(here.channel, "battle", prompt="Again?")
        await here.env.advance_time(DAY)
        tomorrow = await here.alice.slash(here.channel, "battle", prompt="Again?")

        (told,) = refusals(here, second)
        assert told.startswith("You have used up your battles of today (1).")
        assert not tomorrow.ephemeral


async def test_a_role_with_a_pace_of_its_own_is_freer(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        role = here.guild.create_role("Patrons")
        patron = here.guild.add_member(here.env.create_user("pat"), roles=[role])
        await desk.set_numbers("pace", cooldown_seconds="5 min", member_battles_per_day="")
        form = await desk.olga.click(desk.message, custom_id="arena:pace:pace")
        await desk.olga.submit_modal(form, {"role": [role], "pause": "0", "battles": "2"})
        answers = [await patron.slash(here.channel, "battle", prompt="Again?") for _ in range(3)]

        assert [answer.response is not None for answer in answers] == [True, True, False]
        assert "battles of today (2)" in refusals(here, answers[-1])[0]


@pytest.mark.parametrize(("style", "seen"), [("together", "Both models are writing …"), ("off", "thinking")])
async def test_the_server_decides_what_is_shown_while_models_write(
    tmp_path: Path, style: str, seen: str
) -> None:
    async with place(tmp_path, [competitor(name, "Secret words.", 30.0, " Done.") for name in PAIR]) as here:
        desk = await SettingsDesk.opened(here)
        await desk.decide("screen", stream=[style])
        await here.alice.slash(here.channel, "battle", prompt="Why?")
        await here.env.advance_time(5)
        between = text_of(here.card)
        await here.env.advance_time(30)

        assert seen in between
        assert "Secret words" not in between
        assert "Secret words. Done." in text_of(here.card)


async def test_the_channel_speaks_the_language_that_was_chosen(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.decide("screen", language=["ja"])
        japanese = text_of(await here.battle())
        board = await here.alice.slash(here.channel, "leaderboard")
        await desk.choose("screen", "language", "en")
        speak(here, "ja")
        await here.alice.slash(here.channel, "battle", prompt="Why?")

        assert "### プロンプト" in japanese
        assert board.response
        assert "ランキング" in text_of(board.response.message)
        assert "### Prompt" in text_of(here.channel.history()[-1])


async def test_a_battle_keeps_the_rules_that_it_began_with(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        card = await here.battle()
        await desk.set_numbers("vote", voting_seconds="7 d", close_at_votes="1")
        await desk.choose("vote", "early_close", "nobody")
        await here.bob.react(card, "🅰️")
        between = await state(here)
        async with restarted(here, map(competitor, PAIR)):
            await here.close()

            assert between == "voting"
            assert await state(here) == "closed"


async def test_two_members_who_close_at_once_close_once(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        assert isinstance(here.env.bot, ArenaBot)
        for closer in (here.alice, moderator(here)):
            here.env.bot.arena.battles.end_early(1, closer.id, moderator=closer is not here.alice)
        await here.env.settle()

        assert here.row("select state, votes_a from battles") == ("closed", 1)
        assert here.row("select battles from pair_sums where category = 'all'") == (1,)
