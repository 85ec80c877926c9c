from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.domain.battle import UnratedReason
from tests.behaviour.moderation.moderating import HIDDEN, NOBODY_ELSE, PAIR, RUDE, court, rude_pair
from tests.behaviour.place import answer_to, buttons_of, restarted, text_of
from tests.behaviour.ratings.boards import admin, refusal
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

    from tests.behaviour.moderation.moderating import ReportingServer


async def reported(there: ReportingServer, side: str = "a") -> None:
    """Hold a battle and let Bob report one of its replies."""
    await there.here.battle()
    await there.report(there.here.bob, side)


def parts(text: str) -> list[str]:
    """Return what a card says for A and for B."""
    _, _, replies = text.partition("### 🅰️ ")
    return list(replies.partition("### 🅱️ ")[::2])


async def test_a_hidden_reply_is_a_notice_on_the_card_and_the_other_stays(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await reported(there)
        await there.rule("hide")
        card = there.here.card
        a, b = parts(text_of(card))

        assert HIDDEN in a
        assert RUDE not in a
        assert RUDE in b
        assert HIDDEN not in b
        assert buttons_of(card)[0] == "arena:compare:1:hides-a"
        assert not any(name in there.here.bodies for name in PAIR)


async def test_the_vote_goes_on_and_the_reveal_keeps_the_notice(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await reported(there, "b")
        await there.rule("hide", "b")
        await there.here.bob.react(there.here.card, "🅱️")
        a, b = parts(text_of(await there.here.close()))

        assert there.here.row("select state, votes_b from battles") == ("closed", 1)
        assert there.here.row("select votes from pair_sums where category = 'all'") == (1,)
        assert RUDE in a
        assert HIDDEN in b
        assert RUDE not in b


async def test_a_reply_can_be_hidden_after_the_reveal_and_shown_again(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await reported(there)
        before = text_of(await there.here.close())
        await there.rule("hide")
        hidden = text_of(there.here.card)
        await there.rule("show")
        after = text_of(there.here.card)

        assert HIDDEN in parts(hidden)[0]
        assert "rating 1000" in hidden
        assert after == before


async def test_the_notice_in_the_log_says_who_hid_the_reply_until_it_is_shown_again(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await reported(there)
        done = await there.rule("hide")
        hidden, buttons = there.notice, buttons_of(there.notices[0])
        await there.rule("show")

        assert f"🙈 Hidden by <@{there.mona.id}> <t:" in hidden
        assert buttons[0] == "arena:show:1:a"
        assert "The reply is hidden behind a notice" in answer_to(done)
        assert "Hidden by" not in there.notice


async def test_both_rulings_are_in_the_record_and_in_the_log_channel(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await reported(there)
        await there.rule("hide")
        await there.rule("show")
        record = answer_to(await admin(there.here).slash(there.here.channel, "models changes"))
        log = "\n".join(map(text_of, there.log.history()))

        for text in (record, log):
            assert f"<@{there.mona.id}> hid a reply\n-# battle: not set → 1\n-# side: not set → A" in text
            assert f"<@{there.mona.id}> let a hidden reply be shown again" in text


async def test_a_member_can_hide_nothing(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await reported(there)
        refused = await there.rule("hide", member=there.here.bob)

        assert refusal(there.here, refused) == NOBODY_ELSE
        assert there.here.rows("select hidden_at from contestants") == [(None,), (None,)]


async def test_who_may_manage_messages_in_the_log_channel_alone_can_hide_nothing(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await reported(there)
        there.deny(there.here.channel, there.mona.id, discord.Permissions(manage_messages=True))
        refused = await there.rule("hide")

        assert refusal(there.here, refused) == NOBODY_ELSE
        assert RUDE in parts(text_of(there.here.card))[0]


async def test_the_second_of_two_moderators_is_told_that_it_is_done(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await reported(there)
        page = await there.read(there.mona)
        await there.rule("hide")
        late = await there.mona.click(page, label="Hide A")

        assert refusal(there.here, late) == "This reply is hidden already."


async def test_a_hidden_reply_cannot_be_reported_any_more(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await reported(there)
        page = await there.read(there.here.carol)
        await there.rule("hide")
        late = await there.send(there.here.carol, card=page)

        assert refusal(there.here, late) == "A moderator has hidden this reply already."


async def test_members_read_the_notice_and_moderators_the_reply(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await reported(there)
        await there.rule("hide")
        read = await there.read(there.here.bob)
        moderated = await there.read(there.mona)
        from_log = await there.mona.click(there.notices[0], label="Read A")
        member_from_log = await there.here.bob.click(there.notices[0], label="Read A")
        assert from_log.response

        assert text_of(read) == f"### Compare\n### 🅰️ Reply A\n{HIDDEN}\n### 🅱️ Reply B\n{RUDE}"
        assert buttons_of(read) == ["arena:report:1:b"]
        assert text_of(moderated).count(RUDE) == 2
        assert "This reply is hidden." in text_of(moderated)
        assert buttons_of(moderated) == ["arena:report:1:b", "arena:show:1:a", "arena:hide:1:b"]
        assert RUDE in answer_to(from_log)
        assert "This reply is hidden." in answer_to(from_log)
        assert buttons_of(from_log.response.message) == ["arena:show:1:a"]
        assert answer_to(member_from_log) == f"### Reply A\n{HIDDEN}"


async def test_a_moderator_hides_a_reply_that_nobody_reported_while_reading_it(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await there.here.battle()
        await there.mona.click(await there.read(there.mona), label="Hide A")
        await there.here.env.settle()

        assert HIDDEN in parts(text_of(there.here.card))[0]
        assert there.notices == []


async def test_a_reply_is_hidden_from_the_list_of_reports(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await reported(there)
        page = await there.mona.slash(there.here.channel, "reports")
        assert page.response
        await there.mona.click(page.response.message, label="Hide this reply")
        await there.here.env.settle()

        assert "Hidden by" in answer_to(page)
        assert buttons_of(page.response.message)[0] == "arena:show:1:a:0"
        assert "Hidden by" in there.notice
        assert HIDDEN in text_of(there.here.card)


async def continue_battle(there: ReportingServer) -> None:
    form = await there.here.alice.click(there.here.card, custom_id="arena:continue:1")
    await there.here.alice.submit_modal(form, {"prompt": "And then?"})


async def test_hiding_covers_the_whole_conversation_of_a_side(tmp_path: Path) -> None:
    async with court(tmp_path, [competitor(name, RUDE, later=("Ruder.",)) for name in PAIR]) as there:
        await reported(there)
        await there.rule("hide")
        await continue_battle(there)
        await there.here.env.settle()
        a, b = parts(text_of(there.here.card))
        read = answer_to(await there.here.bob.click(there.here.card, label="Read A"))

        assert HIDDEN in a
        assert "Ruder." not in a
        assert "Ruder." in b
        assert read == f"### Reply A\n{HIDDEN}"


async def test_a_restart_keeps_a_reply_hidden_to_the_end(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await reported(there)
        await there.rule("hide")
        async with restarted(there.here, rude_pair()):
            between = text_of(there.here.card)
            end = text_of(await there.here.close())

        assert HIDDEN in parts(between)[0]
        assert HIDDEN in parts(end)[0]
        assert "rating 1000" in end


async def test_the_buttons_of_the_log_work_after_a_restart(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await reported(there)
        async with restarted(there.here, rude_pair()):
            refused = await there.rule("hide", member=there.here.bob)
            await there.rule("hide")
            hidden = text_of(there.here.card)
            await there.rule("show")

        assert answer_to(refused) == NOBODY_ELSE
        assert HIDDEN in parts(hidden)[0]
        assert HIDDEN not in text_of(there.here.card)


async def test_a_card_that_a_bot_left_before_it_hid_the_reply_is_mended(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await reported(there)
        there.here.change("update contestants set hidden_at = 1.0, hidden_by = 2 where side = 'a'")
        async with restarted(there.here, rude_pair()):
            hidden = text_of(there.here.card)
        there.here.change("update contestants set hidden_at = null")
        async with restarted(there.here, rude_pair()):
            shown = text_of(there.here.card)

        assert HIDDEN in parts(hidden)[0]
        assert HIDDEN not in shown


async def test_what_gave_a_model_away_is_not_quoted_from_a_hidden_reply(tmp_path: Path) -> None:
    async with court(tmp_path, [competitor(name, "I am Zephyrine.") for name in PAIR]) as there:
        await reported(there)
        await there.rule("hide")
        text = text_of(await there.here.close())

        assert there.here.row("select unrated from battles") == (UnratedReason.LEAK,)
        assert "reply A gives its model away (“…”)" in text
        assert "I am Zephyrine" not in parts(text)[0]
