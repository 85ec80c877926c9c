from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from tests.behaviour.moderation.moderating import NOBODY_ELSE, PAIR, RUDE, court, rude_pair
from tests.behaviour.pages import change_settings, decide, offer_everything
from tests.behaviour.place import VOTING_SECONDS, answer_to, buttons_of, restarted, speak, text_of
from tests.behaviour.ratings.boards import admin, refusal
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "@everyone <@123456789012345678> [click](https://evil.example) ||hidden ```\nnever closed"
THANKS = "Thank you. The moderators have been told."
KEPT = "Thank you. Your report is kept"


async def test_a_report_reaches_the_log_channel_with_a_link_and_the_beginning_of_the_reply(
    tmp_path: Path,
) -> None:
    async with court(tmp_path) as there:
        card = await there.here.battle()
        thanks = await there.report(there.here.bob, "b", "It is\nrude.")
        _, link, *told = there.notice.splitlines()
        here = there.here

        assert thanks == THANKS
        assert link == f"Battle 1 · https://discord.com/channels/{here.guild.id}/{here.channel.id}/{card.id}"
        assert told[0] == RUDE
        assert told[1].startswith(f"- <@{here.bob.id}> <t:")
        assert told[1].endswith(": It is rude.")
        assert buttons_of(there.notices[0]) == ["arena:hide:1:b", "arena:read:1:b"]


async def test_the_reply_is_behind_a_spoiler_and_nothing_of_a_report_is_live(tmp_path: Path) -> None:
    async with court(tmp_path, [competitor(name, HOSTILE) for name in PAIR]) as there:
        await there.here.battle()
        await there.report(there.here.bob, reason=HOSTILE)
        await there.report(there.here.carol)
        items = discord.ui.LayoutView.from_message(there.notices[0]).children
        sent = [
            entry.json
            for entry in there.here.env.http_requests
            if entry.path.startswith(f"/channels/{there.log.id}/messages") and entry.json
        ]

        assert [item.spoiler for item in items if isinstance(item, discord.ui.Container)] == [True]
        assert not any(live in there.notice for live in ("@everyone", "<@1234", "](https"))
        assert len(sent) >= 2
        assert all(body["allowed_mentions"] == {"parse": []} for body in sent)


async def test_a_report_can_be_made_from_the_page_that_shows_the_whole_reply(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await there.here.battle()
        page = await there.read(there.here.bob)
        thanks = await there.report(there.here.bob, "b", card=page)

        assert thanks == THANKS
        assert there.notice.startswith("### 🚩 Reply B: 1 report\n")


async def test_before_the_reveal_a_report_names_no_model_and_afterwards_the_code_name(
    tmp_path: Path,
) -> None:
    async with court(tmp_path) as there:
        boss = admin(there.here)
        await decide(boss, there.here.channel, "mask", "Zephyrine", "Kite")
        await there.here.battle()
        await there.report(there.here.bob)
        await there.report(there.here.bob, "b")
        before = [text_of(message) for message in there.notices]
        await there.here.close()
        await there.report(there.here.carol)
        await there.report(there.here.carol, "b")
        after = [text_of(message) for message in there.notices]

        assert not any(name in text for text in before for name in (*PAIR, "Kite"))
        assert sorted(text.splitlines()[1].rpartition(" · ")[2] for text in after) == [
            "**Kite**",
            "**Quillon**",
        ]
        assert not any("Zephyrine" in text for text in after)


async def test_a_member_reports_a_reply_once(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await there.here.battle()
        await there.report(there.here.bob)
        again = await there.send(there.here.bob)
        other = await there.report(there.here.bob, "b")

        assert "You have reported this reply already." in refusal(there.here, again)
        assert other == THANKS
        assert there.here.rows("select side, user_id from reports order by side") == [
            ("a", there.here.bob.id),
            ("b", there.here.bob.id),
        ]


async def test_a_form_that_was_open_twice_is_taken_once(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await there.here.battle()
        page = await there.read(there.here.bob)
        forms = [await there.here.bob.click(page, custom_id="arena:report:1:a") for _ in range(2)]
        first, second = [await there.here.bob.submit_modal(form, {"reason": ""}) for form in forms]

        assert answer_to(first) == THANKS
        assert "You have reported this reply already." in refusal(there.here, second)
        assert there.here.row("select count(*) from reports") == (1,)


async def test_further_reports_of_a_reply_are_added_to_its_one_message(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await there.here.battle()
        for member, reason in ((there.here.bob, "Rude"), (there.here.carol, ""), (there.here.alice, "Yes")):
            await there.report(member, reason=reason)
            await there.here.env.advance_time(1)
        heading, *_, bob, carol, alice = there.notice.splitlines()

        assert heading == "### 🚩 Reply A: 3 reports"
        assert (bob.partition(": ")[2], carol.partition(": ")[2]) == ("Rude", "")
        assert alice.startswith(f"- <@{there.here.alice.id}>")


async def test_a_battle_that_was_called_off_shows_no_reply_to_report(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        card = await there.here.battle()
        await there.report(there.here.bob)
        page = await there.read(there.here.carol)
        await card.delete()
        await there.here.env.advance_time(VOTING_SECONDS)
        late = await there.send(there.here.carol, card=page)
        await there.rule("hide")

        assert "This reply is not shown any more." in refusal(there.here, late)
        assert not any(name in there.notice for name in PAIR)


async def test_a_battle_that_a_moderator_took_out_can_still_be_reported(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await there.here.battle()
        await there.here.close()
        await admin(there.here).slash(there.here.channel, "void", battle="1", reason="Spam")
        await there.here.env.settle()

        assert await there.report(there.here.bob) == THANKS


async def test_without_a_log_channel_the_report_is_kept_for_the_moderators_list(tmp_path: Path) -> None:
    async with court(tmp_path, with_log=False) as there:
        await there.here.battle()
        told = await there.report(there.here.bob, reason="Rude")
        page = await there.mona.slash(there.here.channel, "reports")

        assert told.startswith(KEPT)
        assert "no log channel" in told
        assert "### 🚩 Reply A: 1 report" in answer_to(page)
        assert "Rude" in answer_to(page)


async def test_a_log_channel_named_later_is_told_of_the_earlier_reports_too(tmp_path: Path) -> None:
    async with court(tmp_path, with_log=False) as there:
        await there.here.battle()
        await there.report(there.here.bob, reason="Rude")
        await change_settings(there.here, log_channel_id=there.log.id)
        told = await there.report(there.here.carol)

        assert told == THANKS
        assert ": Rude" in there.notice


async def test_a_deleted_log_channel_loses_no_report(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await there.here.battle()
        await there.report(there.here.bob)
        there.here.env.backend.delete_channel(there.log.id)
        told = await there.report(there.here.carol)
        page = await there.mona.slash(there.here.channel, "reports")

        assert told.startswith(KEPT)
        assert "could not write to this server's log channel" in told
        assert "### 🚩 Reply A: 2 reports" in answer_to(page)


async def test_a_log_channel_that_is_closed_to_the_bot_loses_no_report(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        assert there.here.env.bot.user
        await there.here.battle()
        there.deny(there.log, there.here.env.bot.user.id, discord.Permissions(view_channel=True))
        told = await there.report(there.here.carol)

        assert "could not write to this server's log channel" in told
        assert there.here.row("select count(*) from reports") == (1,)


async def test_a_notice_that_was_deleted_is_posted_anew_with_the_next_report(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await there.here.battle()
        await there.report(there.here.bob)
        await there.notices[0].delete()
        told = await there.report(there.here.carol)

        assert told == THANKS
        assert "2 reports" in there.notice


async def test_a_new_report_goes_to_the_channel_that_is_the_log_now(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await there.here.battle()
        await there.report(there.here.bob)
        moved = there.here.guild.create_text_channel("new-log")
        await change_settings(there.here, log_channel_id=moved.id)
        await there.report(there.here.carol)

        assert "1 report\n" in there.notice
        assert "2 reports\n" in text_of(moved.history()[-1])


async def test_a_report_begun_on_an_old_card_works_after_a_restart(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await there.here.battle()
        async with restarted(there.here, rude_pair()):
            assert await there.report(there.here.bob) == THANKS

        assert "1 report" in there.notice


async def test_the_list_shows_the_latest_report_first_and_leads_to_the_others(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await there.here.battle()
        await there.report(there.here.bob)
        await there.here.env.advance_time(10)
        await there.report(there.here.bob, "b")
        page = await there.mona.slash(there.here.channel, "reports")
        first = answer_to(page)
        assert page.response
        await there.mona.click(page.response.message, label="Next page")
        second = answer_to(page)

        assert first.startswith("### 🚩 Reply B: 1 report\n")
        assert second.startswith("### 🚩 Reply A: 1 report\n")


async def test_the_list_is_empty_before_the_first_report(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        page = await there.mona.slash(there.here.channel, "reports")

        assert answer_to(page) == "No reply has been reported here."


async def test_the_list_is_for_moderators(tmp_path: Path) -> None:
    async with court(tmp_path) as there:
        await there.here.battle()
        await there.report(there.here.bob)
        offer_everything(there.here)
        refused = await there.here.bob.slash(there.here.channel, "reports")

        assert refusal(there.here, refused) == NOBODY_ELSE


async def test_the_list_tells_nothing_of_a_channel_that_the_moderator_does_not_moderate(
    tmp_path: Path,
) -> None:
    async with court(tmp_path) as there:
        await there.here.battle()
        await there.report(there.here.bob)
        there.deny(there.here.channel, there.mona.id, discord.Permissions(manage_messages=True))
        page = await there.mona.slash(there.log, "reports")
        assert page.response

        assert answer_to(page) == "A reply in a channel that you do not moderate"
        assert buttons_of(page.response.message) == []


async def test_a_japanese_server_reads_reports_in_japanese(tmp_path: Path) -> None:
    async with court(tmp_path, [competitor(name, "ひどい言葉。") for name in PAIR]) as there:
        speak(there.here, "ja")
        card = await there.here.battle("良い一日とは？")
        labels = [
            item.label
            for item in discord.ui.LayoutView.from_message(card).walk_children()
            if isinstance(item, discord.ui.Button)
        ]
        thanks = await there.report(there.here.bob, reason="失礼です")
        again = await there.send(there.here.bob)

        assert labels[0] == "🔍 比べて読む"
        assert thanks == "ご協力ありがとうございます。モデレーターに知らせました。"
        assert there.notice.startswith("### 🚩 回答A：通報1件\n対戦1 · https://")
        assert "：失礼です" in there.notice
        assert (
            refusal(there.here, again)
            == "この回答はすでに通報済みです。モデレーターは/reportsで確認できます。"
        )
