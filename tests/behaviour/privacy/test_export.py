from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import msgspec
import pytest

from bot.exports.formats import Format
from tests.behaviour.pages import offer_everything, privacy
from tests.behaviour.place import VOTING_SECONDS, answer_to, place
from tests.behaviour.settings.settings import SettingsDesk
from tests.competitors import competitor
from tests.exports.loading import rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import simcord

    from tests.behaviour.place import SimulatedServer

COMPETITORS = [competitor("Zephyrine"), competitor("Quillon")]


def boss(here: SimulatedServer) -> simcord.MemberActor:
    role = here.guild.create_role("Boss", permissions=discord.Permissions(manage_guild=True))
    return here.guild.add_member(here.env.create_user("mona"), roles=[role])


async def judged(here: SimulatedServer) -> None:
    """Hold a battle that Alice asked for, and on which Bob and Carol voted."""
    card = await here.battle()
    await here.bob.react(card, "🅰️")
    await here.carol.react(card, "👎")
    await here.close()


async def exported(here: SimulatedServer, member: simcord.MemberActor, format_: str, folder: Path) -> Path:
    """Save what the command attached to an answer for the member alone."""
    result = await member.slash(here.channel, "export", format=format_)
    assert result.response
    assert result.ephemeral
    (attachment,) = result.response.message.attachments
    path = folder / attachment.filename
    path.write_bytes(await attachment.read())
    return path


def limit_files(here: SimulatedServer, limit: int) -> None:
    """Let Discord take only files up to so many bytes from now on."""
    subscribers = here.env.backend.subscribers
    listening = list(subscribers)

    def feed(event: str, payload: Mapping[str, object]) -> None:
        limits = {"attachment_size_limit": limit} if event == "INTERACTION_CREATE" else {}
        for subscriber in listening:
            subscriber(event, {**payload, **limits})

    subscribers[:] = [feed]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("format_", Format)
async def test_a_moderator_gets_the_file_alone(tmp_path: Path, out: Path, format_: Format) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        await judged(here)
        path = await exported(here, boss(here), format_, out)

    assert path.name == format_.file_name
    assert len(rows(path)) == (1 if format_.has_everything else 2)


async def test_the_answer_says_what_the_file_holds(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        await judged(here)
        result = await boss(here).slash(here.channel, "export", format="csv")

        assert '"type": 5, "data": {"flags": 64}' in here.bodies
        assert answer_to(result).startswith("1 battle. Members appear as codes")


async def test_other_members_are_refused(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        await judged(here)
        offer_everything(here)
        result = await here.bob.slash(here.channel, "export", format="csv")

        assert "Only members with Manage Server" in answer_to(result)
        assert result.response
        assert not result.response.message.attachments
        assert len(here.env.errors) == 1


async def test_a_file_that_discord_would_not_take_is_told_with_the_way_around(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    async with place(tmp_path, COMPETITORS) as here:
        await judged(here)
        limit_files(here, 100)
        result = await boss(here).slash(here.channel, "export", format="lmarena")
        text = answer_to(result)

        assert "too large" in text
        assert f"`arena-bot export --guild {here.guild.id} --format lmarena --out .`" in text
        assert len(here.env.errors) == 1
    assert list(temporary.iterdir()) == []


async def test_an_open_battle_is_not_exported(tmp_path: Path, out: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        await here.battle()
        path = await exported(here, boss(here), Format.JSONL, out)

    assert path.read_text() == ""


async def test_a_member_who_wants_to_be_left_out_is(tmp_path: Path, out: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        await judged(here)
        told = answer_to(await privacy(here.bob, here.channel, "privacy:leave_out"))
        without = rows(await exported(here, mona := boss(here), Format.LMARENA, out))
        told_again = answer_to(await privacy(here.bob, here.channel, "privacy:allow"))
        whole = rows(await exported(here, mona, Format.LMARENA, out))

    assert "are left out of this server's exports" in told
    assert [row["winner"] for row in without] == ["both_bad"]
    assert "may be part of this server's exports" in told_again
    assert len(whole) == 2


async def test_the_battles_of_who_asked_go_with_them(tmp_path: Path, out: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        await judged(here)
        await privacy(here.alice, here.channel, "privacy:leave_out")
        found = rows(await exported(here, boss(here), Format.LMARENA, out))

    assert found == []


@pytest.mark.parametrize("format_", [Format.JSONL, Format.CSV, Format.PARQUET])
async def test_no_code_leads_from_a_prompt_or_a_public_vote_to_a_secret_one(
    tmp_path: Path, out: Path, format_: Format
) -> None:
    """Who asked is known to whoever saw the card, and who reacted too; the export names neither's votes."""
    async with place(tmp_path, COMPETITORS) as here:
        desk = await SettingsDesk.opened(here)
        card = await here.battle("Asked by Alice, judged in public.")
        await here.alice.react(card, "🅰️")
        await here.close()
        await desk.decide("vote", ballot=["secret"])
        for number in (2, 3):
            await here.alice.slash(
                here.channel, "battle", prompt=f"Asked by Alice, judged secretly: {number}"
            )
            secret = here.channel.history()[-1]
            await here.alice.click(secret, custom_id=f"arena:vote:{number}:b")
            await here.env.advance_time(VOTING_SECONDS)
        path = await exported(here, boss(here), format_, out)
        found = rows(path)
        askers = {str(row["asker"]) for row in found}
        voters = [voter for row in found for voter in voters_of(row)]

        assert len(found) == 3
        assert len(askers) == 1
        assert len(set(voters)) == len(voters) == 3
        assert askers.isdisjoint(voters)


def voters_of(row: Mapping[str, object]) -> list[str]:
    """Return the codes of those who voted, of a battle or of a vote."""
    cast = msgspec.convert(row.get("votes", [row]), list[dict[str, object]])
    return [str(vote["member"]) for vote in cast]
