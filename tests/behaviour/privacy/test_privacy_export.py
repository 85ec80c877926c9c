from __future__ import annotations

import io
from typing import TYPE_CHECKING
from zipfile import ZipFile

import discord
import msgspec

from bot.domain.vote import Vote
from tests.behaviour.pages import decide, privacy, privacy_file
from tests.behaviour.past import HeldBattle, hold
from tests.behaviour.place import answer_to, place
from tests.behaviour.privacy.test_export import limit_files
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

    import simcord

    from bot.arena.models.roster import Competitor
    from tests.behaviour.place import SimulatedServer


class SideOfIt(msgspec.Struct):
    model: str | None
    reply: str | None
    cost: float | None
    total_seconds: float | None
    output_tokens: int | None


class AnswerOfIt(msgspec.Struct):
    input_tokens: int | None
    output_tokens: int | None


class TurnOfIt(msgspec.Struct):
    prompt: str
    a: AnswerOfIt
    b: AnswerOfIt


class BattleOfIt(msgspec.Struct):
    number: int
    state: str
    prompt: str | None
    a: SideOfIt
    b: SideOfIt
    turns: list[TurnOfIt]
    votes: dict[str, int] | None


class VoteOfIt(msgspec.Struct):
    battle: int
    vote: str | None
    changed_at: str


class ChangeOfIt(msgspec.Struct):
    action: str
    model: str | None
    fields: list[str]


class PrivacyDocument(msgspec.Struct, forbid_unknown_fields=True):
    server: str
    member: str
    written_at: str
    left_out_of_exports: bool
    battles_that_will_forget_you: list[int]
    battles: list[BattleOfIt]
    votes: list[VoteOfIt]
    reports: list[dict[str, object]]
    suggestions: list[dict[str, object]]
    changes: list[ChangeOfIt]


UNCOUNTED = AnswerOfIt(None, None)


def pair() -> list[Competitor]:
    return [competitor("Zephyrine"), competitor("Quillon", later=("And so on.",))]


async def attached(here: SimulatedServer, member: simcord.MemberActor) -> tuple[str, bytes]:
    """Return the name and the content of the file that only the member gets."""
    result = await privacy_file(member, here.channel)
    assert result.response
    assert result.ephemeral
    (attachment,) = result.response.message.attachments
    return attachment.filename, await attachment.read()


async def exported(here: SimulatedServer, member: simcord.MemberActor) -> PrivacyDocument:
    name, content = await attached(here, member)
    assert name == "arena-bot-data.json"
    return msgspec.json.decode(content, type=PrivacyDocument)


async def test_members_get_their_battles_and_votes(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        card = await here.battle("Tea or coffee?")
        await here.alice.react(card, "🅰️")
        await here.bob.react(card, "👎")
        await here.close()
        hers = await exported(here, here.alice)
        his = await exported(here, here.bob)

    (battle,) = hers.battles
    assert (hers.server, hers.member) == (str(here.guild.id), str(here.alice.id))
    assert (battle.number, battle.state, battle.prompt) == (1, "closed", "Tea or coffee?")
    assert {battle.a.model, battle.b.model} == {"Zephyrine", "Quillon"}
    assert battle.a.reply
    assert battle.votes == {"a": 1, "b": 0, "tie": 0, "both_bad": 1}
    assert [(vote.battle, vote.vote) for vote in hers.votes] == [(1, "a")]
    assert his.battles == []
    assert [(vote.battle, vote.vote) for vote in his.votes] == [(1, "both_bad")]


async def test_the_models_of_an_open_battle_are_not_told(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        card = await here.battle("Tea or coffee?")
        form = await here.alice.click(card, custom_id="arena:continue:1")
        await here.alice.submit_modal(form, {"prompt": "Or water?"})
        await here.env.settle()
        _, content = await attached(here, here.alice)
        document = msgspec.json.decode(content, type=PrivacyDocument)

    (battle,) = document.battles
    assert battle.state == "voting"
    assert battle.a == SideOfIt(None, battle.a.reply, None, None, None)
    assert battle.votes is None
    assert [turn.prompt for turn in battle.turns] == ["Or water?"]
    assert b"Zephyrine" not in content
    assert b"Quillon" not in content
    assert [(turn.a, turn.b) for turn in battle.turns] == [(UNCOUNTED, UNCOUNTED)]


async def test_nothing_of_other_members_is_in_it(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        votes = {here.alice.id: Vote.A, here.carol.id: Vote.B}
        bobs = HeldBattle(asker_id=here.bob.id, prompt="A secret", votes=votes)
        await hold(
            here, bobs, HeldBattle(votes={here.carol.id: Vote.TIE}, void_note=f"<@{here.carol.id}> lied")
        )
        _, content = await attached(here, here.alice)

    assert b"secret" not in content
    assert str(here.bob.id).encode() not in content
    assert str(here.carol.id).encode() not in content


async def test_a_masked_model_has_its_code_name_alone(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        mona = boss(here)
        await hold(here, HeldBattle(asker_id=mona.id))
        await decide(mona, here.channel, "mask", "Quillon", "Kite")
        _, content = await attached(here, mona)
        document = msgspec.json.decode(content, type=PrivacyDocument)

    assert b"Quillon" not in content
    assert document.battles[0].b.model == "Kite"
    assert [(change.action, change.model) for change in document.changes] == [("masked", "Kite")]


async def test_opting_out_and_what_is_still_to_be_forgotten_are_in_it(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        await here.battle("Tea or coffee?")
        before = await exported(here, here.alice)
        await privacy(here.alice, here.channel, "privacy:delete", "erase")
        await privacy(here.alice, here.channel, "privacy:leave_out")
        after = await exported(here, here.alice)

    assert (before.left_out_of_exports, before.battles_that_will_forget_you) == (False, [])
    assert (after.left_out_of_exports, after.battles_that_will_forget_you) == (True, [1])


async def test_whoever_did_nothing_gets_an_empty_file(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        document = await exported(here, here.carol)

    assert (document.battles, document.votes, document.changes) == ([], [], [])


async def test_a_large_file_is_packed(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        await hold(here, HeldBattle(prompt="Why? " * 400))
        limit_files(here, 1000)
        name, content = await attached(here, here.alice)

    with ZipFile(io.BytesIO(content)) as archive:
        document = msgspec.json.decode(archive.read("arena-bot-data.json"), type=PrivacyDocument)
    assert name == "arena-bot-data.zip"
    assert document.battles[0].prompt == "Why? " * 400


async def test_a_file_that_discord_would_not_take_is_told_with_the_way_around(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        await hold(here, HeldBattle())
        limit_files(here, 10)
        said = answer_to(await privacy_file(here.alice, here.channel))

        assert f"`arena-bot member-data --guild {here.guild.id} --member {here.alice.id} --out .`" in said


def boss(here: SimulatedServer) -> simcord.MemberActor:
    role = here.guild.create_role("Boss", permissions=discord.Permissions(manage_guild=True))
    return here.guild.add_member(here.env.create_user("mona"), roles=[role])
