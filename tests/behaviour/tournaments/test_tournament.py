from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import discord
import pytest

from bot.backends.base import BackendError, Failure
from bot.config import BattleDefaults, Config
from bot.domain.pauses import USUAL
from tests.behaviour.models.office import office
from tests.behaviour.pages import decide, offer_everything, privacy, suggest
from tests.behaviour.place import answer_to, buttons_of, place, restarted, speak, text_of
from tests.behaviour.ratings.boards import admin, leaderboard, refusal
from tests.competitors import asked, competitor

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    import simcord

    from tests.behaviour.place import SimulatedServer

FOUR = ("Zephyrine", "Quillon", "Marrowby", "Aurelian")
SUGGEST = "arena:suggest"


@dataclass(frozen=True, slots=True)
class TournamentRoom:
    here: SimulatedServer
    ada: simcord.MemberActor

    async def start(self, **options: object) -> simcord.InteractionResult:
        result = await self.ada.slash(self.here.channel, "tournament start", **options)
        await self.here.env.settle()
        return result

    async def suggest(self, *prompts: str, member: simcord.MemberActor | None = None) -> str:
        said = ""
        for prompt in prompts:
            said = answer_to(await suggest(member or self.here.bob, self.here.channel, prompt))
        await self.here.env.settle()
        return said

    @property
    def said(self) -> list[discord.Message]:
        """What everybody in the channel sees."""
        return self.here.channel.history(viewer=self.here.alice)

    @property
    def last(self) -> discord.Message:
        return self.said[-1]

    async def shown(self) -> str:
        result = await self.here.alice.slash(self.here.channel, "bracket")
        assert result.response
        return text_of(result.response.message)

    def cards(self) -> list[discord.Message]:
        """Return the cards whose vote is open."""
        return [
            message
            for message in self.said
            if any(str(button).startswith("arena:close:") for button in buttons_of(message))
        ]

    async def play(self, emoji: str | None = "🅰️") -> str:
        """Vote on the open match, let its time pass and the pause after it; return what was said."""
        (card,) = self.cards()
        if emoji:
            await self.here.carol.react(card, emoji)
        await self.here.env.advance_time(120)
        await self.here.env.settle()
        said = text_of(self.last)
        await self.here.env.advance_time(USUAL.between_matches)
        await self.here.env.settle()
        return said


@asynccontextmanager
async def arena(folder: Path, config: Config | None = None) -> AsyncGenerator[TournamentRoom]:
    async with place(folder, map(competitor, FOUR), config) as here:
        yield TournamentRoom(here, admin(here))


async def test_a_tournament_goes_from_its_start_to_its_champion(tmp_path: Path) -> None:
    async with arena(tmp_path) as at:
        await at.start(models="4")
        begun = at.last
        await at.suggest("One?", "Two?", "Three?")
        semis = [await at.play(), await at.play()]
        final = await at.play()

        assert "A tournament of 4 models" in text_of(begun)
        assert "Its matches are not rated. A vote lasts 2 min." in text_of(begun)
        assert SUGGEST in buttons_of(begun)
        assert [attachment.filename for attachment in begun.attachments] == ["tournament.png"]
        assert all("Semi-final: " in text and " by 1 to 0" in text for text in semis)
        assert "wins the tournament" in final
        assert "Final: " in final
        assert at.here.row("select running_in from tournaments") == (None,)
        assert at.here.rows("select * from tournament_prompts") == []


async def test_a_match_is_an_ordinary_battle_that_nobody_can_continue(tmp_path: Path) -> None:
    async with arena(tmp_path) as at:
        await at.start(models="4")
        await at.suggest("Why is the sky blue?")
        (card,) = at.cards()

        assert "### Prompt · 🏟️ Semi-final\nWhy is the sky blue?" in text_of(card)
        assert buttons_of(card) == ["arena:compare:1", "arena:close:1"]
        assert at.here.row("select asker_id, drawn_probability from battles") == (at.here.bob.id, 1.0)


async def test_until_the_reveal_nothing_tells_which_match_is_played(tmp_path: Path) -> None:
    async with arena(tmp_path) as at:
        await at.start(models="4")
        before = len(at.here.bodies)
        await at.suggest("One?")
        (card,) = at.cards()
        await at.here.carol.react(card, "🅱️")
        shown = await at.shown()

        assert not any(name in at.here.bodies[before:] for name in FOUR)
        assert "No match is decided yet." in shown
        assert "0 prompts wait for a match." in shown


async def test_a_member_whose_prompt_is_asked_cannot_end_the_vote(tmp_path: Path) -> None:
    async with arena(tmp_path) as at:
        await at.start(models="4")
        await at.suggest("One?")
        refused = await at.here.bob.click(at.cards()[0], custom_id="arena:close:1")

        assert "Only members with Manage Messages can close this vote early" in refusal(at.here, refused)


async def test_a_match_whose_prompt_no_server_takes_is_played_again_with_the_next_one(tmp_path: Path) -> None:
    too_long = [BackendError(Failure.PROMPT_TOO_LONG, "HTTP 413")]
    async with place(tmp_path, [competitor(name, troubles=too_long) for name in FOUR]) as here:
        at = TournamentRoom(here, admin(here))
        await at.start(models="4")
        await at.suggest(long := "Why? " * 120, "Two?")
        await here.env.advance_time(USUAL.between_matches)
        await here.env.settle()

        assert here.rows("select prompt, state, voided from battles order by battle_id") == [
            (long.strip(), "voided", "prompt_too_long"),
            ("Two?", "voting", None),
        ]
        assert here.rows("select count(*) from tournament_battles where failed_model_id is not null") == [
            (0,)
        ]


async def test_prompts_cost_their_authors_neither_time_nor_battles(tmp_path: Path) -> None:
    config = Config(battle=BattleDefaults(cooldown_seconds=3600, member_battles_per_day=1))
    async with arena(tmp_path, config) as at:
        await at.start(models="4")
        await at.suggest("One?", "Two?")
        await at.play()
        await at.here.bob.slash(at.here.channel, "battle", prompt="My own?")
        await at.here.env.settle()

        assert at.here.row("select count(*) from battles where prompt = 'My own?'") == (1,)


async def test_a_rated_tournament_counts_and_another_does_not(tmp_path: Path) -> None:
    async with arena(tmp_path) as at:
        await at.start(models="4", rated=True)
        await at.suggest("One?")
        await at.play()
        rated = await leaderboard(at.here)
        await at.ada.slash(at.here.channel, "tournament stop")
        await at.start(models="4")
        await at.suggest("Two?")
        await at.play()
        end = "\n".join(map(text_of, at.said))

        assert "1 battle, 1 vote" in rated
        assert "1 battle, 1 vote" in await leaderboard(at.here)
        assert "Not rated: this tournament is for fun." in end


async def test_the_channel_is_asked_for_prompts_and_the_button_opens_a_form(tmp_path: Path) -> None:
    async with arena(tmp_path) as at:
        await at.start(models="4")
        await at.suggest("One?")
        await at.play()
        call = at.last
        form = await at.here.bob.click(call, custom_id=SUGGEST)
        said = answer_to(await at.here.bob.submit_modal(form, {"prompt": "Two?"}))
        await at.here.env.settle()

        assert "waits for a prompt" in text_of(call)
        assert "Queued. " in said
        assert len(at.cards()) == 1


async def test_without_a_winner_the_two_meet_once_more(tmp_path: Path) -> None:
    async with arena(tmp_path) as at:
        await at.start(models="4")
        await at.suggest("1?", "2?", "3?", "4?")
        said = [await at.play(None) for _ in range(4)]

        assert sum("No winner between" in text for text in said) == 2
        assert sum("advances as the higher seed" in text for text in said) == 2


async def test_a_model_that_is_switched_off_meanwhile_gives_way(tmp_path: Path) -> None:
    async with arena(tmp_path) as at:
        await at.start(models="4")
        await at.suggest("One?")
        said = await at.play()
        loser = next(name for name in FOUR if f"beats **{name}**" in said)
        left = [name for name in FOUR if name not in said]
        await decide(at.ada, at.here.channel, "disable", left[0])
        await at.suggest("Two?")
        await at.here.env.settle()
        walkover = next(text for text in map(text_of, at.said) if "without a vote" in text)

        assert f"**{left[1]}** advances without a vote: **{left[0]}** cannot answer" in walkover
        assert loser not in walkover.split("Semi-final")[-1]


async def test_a_prompt_is_no_longer_than_all_that_take_part_can_be_asked(tmp_path: Path) -> None:
    competitors = [*map(competitor, FOUR[:3]), replace(competitor(FOUR[3]), max_prompt_chars=3)]
    async with place(tmp_path, competitors) as here:
        at = TournamentRoom(here, admin(here))
        await at.start(models="4")
        refused = await suggest(here.bob, here.channel, "Why?")
        await at.suggest("Eh?")

        assert "the models of this tournament take 3 at most" in refusal(here, refused)
        assert len(at.cards()) == 1


async def test_one_at_a_time_in_a_channel(tmp_path: Path) -> None:
    async with arena(tmp_path) as at:
        await at.start(models="4")
        refused = await at.start(models="4")

        assert "under way in this channel already" in refusal(at.here, refused)


async def test_a_tournament_that_is_stopped_has_no_champion(tmp_path: Path) -> None:
    async with arena(tmp_path) as at:
        await at.start(models="4")
        await at.suggest("One?", "Two?")
        await at.ada.slash(at.here.channel, "tournament stop")
        await at.play()
        shown = await at.shown()

        assert "This tournament was stopped." in shown
        assert not at.cards()
        assert at.here.row("select state, votes_a from battles") == ("closed", 1)
        assert at.here.rows("select action from audit") == [
            ("tournament_started",),
            ("tournament_stopped",),
        ]


async def test_members_can_see_and_delete_the_prompts_that_they_suggested(tmp_path: Path) -> None:
    async with arena(tmp_path) as at:
        await at.start(models="4")
        await at.suggest("One?", "Two?", "Three?")
        before = answer_to(await at.here.bob.slash(at.here.channel, "privacy"))
        await privacy(at.here.bob, at.here.channel, "privacy:delete", "erase")

        assert "**3 prompts** that you suggested to a tournament" in before
        assert at.here.rows("select prompt from tournament_prompts") == []


@pytest.mark.parametrize("command", ["tournament start", "tournament stop"])
async def test_only_moderators_begin_and_end_one(tmp_path: Path, command: str) -> None:
    async with arena(tmp_path) as at:
        offer_everything(at.here)
        refused = await at.here.bob.slash(at.here.channel, command)

        assert "Only members with Manage Server" in refusal(at.here, refused)


async def test_what_cannot_be_is_said(tmp_path: Path) -> None:
    async with arena(tmp_path) as at:
        nothing = await at.here.bob.slash(at.here.channel, "bracket")
        few = await at.start(models="9")
        soon = await at.start(models="4", voting="soon")

        assert "No tournament here yet" in answer_to(nothing)
        assert "Only 4 models can answer" in answer_to(few)
        assert "“soon” is not a time" in refusal(at.here, soon)


async def test_moderators_are_offered_numbers_and_names_that_go_on(tmp_path: Path) -> None:
    async with arena(tmp_path) as at:

        async def offered(typed: str, member: simcord.MemberActor = at.ada) -> list[str]:
            found = await member.autocomplete(at.here.channel, "tournament start", "models", typed)
            return [choice["value"] for choice in found]

        assert await offered("") == ["4"]
        assert await offered("Zephyrine / qui") == ["Zephyrine / Quillon"]
        assert await offered("mar") == ["Marrowby"]
        offer_everything(at.here)
        assert await offered("", at.here.bob) == []


async def test_a_restart_in_the_middle_of_a_match_goes_on_with_it(tmp_path: Path) -> None:
    async with arena(tmp_path) as at:
        await at.start(models="4")
        await at.suggest("One?", "Two?", "Three?")
        (card,) = at.cards()
        await at.here.carol.react(card, "🅰️")
        async with restarted(at.here, [competitor(name) for name in FOUR]):
            await at.play(None)
            await at.play()
            final = await at.play()

        assert "wins the tournament" in final
        assert at.here.row("select count(*) from battles where state = 'closed'") == (3,)


async def test_a_restart_between_two_matches_goes_on_too(tmp_path: Path) -> None:
    async with arena(tmp_path) as at:
        await at.start(models="4")
        await at.suggest("One?")
        await at.play()
        waiting = at.said
        async with restarted(at.here, [competitor(name) for name in FOUR]):
            again = at.said
            await at.suggest("Two?")
            await at.play()

        assert len(again) == len(waiting)
        assert at.here.row("select count(*) from tournament_matches") == (2,)


async def test_a_tournament_ends_with_its_channel(tmp_path: Path) -> None:
    async with arena(tmp_path) as at:
        await at.start(models="4")
        at.here.env.backend.delete_channel(at.here.channel.id)
        await at.here.env.settle()

        assert at.here.row("select running_in from tournaments") == (None,)


async def test_a_thread_has_a_tournament_of_its_own(tmp_path: Path) -> None:
    async with arena(tmp_path) as at:
        channel = at.here.env.bot.get_channel(at.here.channel.id)
        assert isinstance(channel, discord.TextChannel)
        await channel.create_thread(name="cup", type=discord.ChannelType.public_thread)
        await at.here.env.settle()
        (thread,) = at.here.channel.threads
        await at.ada.slash(thread, "tournament start", models="4")
        await suggest(at.here.bob, thread, "One?")
        await at.here.env.settle()
        elsewhere = await at.here.bob.slash(at.here.channel, "bracket")

        assert "Semi-final" in text_of(thread.history(viewer=at.here.alice)[-1])
        assert "No tournament here yet" in refusal(at.here, elsewhere)


async def test_a_model_that_takes_part_is_not_removed(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.bring()
        await at.bring(name="Borealis")
        await at.mona.slash(at.here.channel, "tournament start", models="4")
        refused = await at.decide("remove", "Aurora")

        assert "has fought, so its history is kept" in refused


async def test_a_japanese_server_is_spoken_to_in_japanese(tmp_path: Path) -> None:
    async with arena(tmp_path) as at:
        speak(at.here, "ja")
        await at.start(models="4")
        begun = text_of(at.last)
        await at.suggest("なぜ？")
        card = text_of(at.cards()[0])
        said = await at.play()

        assert "4モデルのトーナメント" in begun
        assert "準決勝" in card
        assert "1対0" in said


async def test_all_models_answer_only_what_they_are_asked(tmp_path: Path) -> None:
    competitors = [competitor(name) for name in FOUR]
    async with place(tmp_path, competitors) as here:
        at = TournamentRoom(here, admin(here))
        await at.start(models="Zephyrine / Quillon / Marrowby / Aurelian")
        await at.suggest("One?", "Two?")
        await at.play()
        await at.play()

        assert sorted(prompt for one in competitors for prompt in asked(one)) == [
            "One?",
            "One?",
            "Two?",
            "Two?",
        ]
        assert [len(asked(one)) for one in competitors] == [1, 1, 1, 1]
