"""A moderator's model from the form to its retirement, with the real process over the wire."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from bot.arena.models.keyring import new_key
from bot.playground import DiscordError
from bot.playground.world.permissions import Permission
from tests.wire.model_server import ServerConduct, model_server
from tests.wire.scenes import RunningBot, connected_bot, scene

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from bot.playground import InteractionRecord, Member, Message

KEY = "sk-wire-secret-0123456789"
MODELS = tuple(f"maker/model-{number:02}" for number in range(40))
SUBCOMMANDS = {"list", "add", "changes", "budget", "access"}


@dataclass(slots=True)
class ModelsDesk:
    """A scene with a moderator and a model server of her own."""

    arena: RunningBot
    mona: Member
    url: str

    async def ask(self, command: str, **options: str) -> str:
        asked = self.arena.playground.people.slash(
            self.mona, self.arena.channel, f"models {command}", **options
        )
        return (await asked.finished()).content

    async def form(self, command: str, **options: str) -> InteractionRecord:
        people = self.arena.playground.people
        return await people.slash(self.mona, self.arena.channel, f"models {command}", **options).finished()

    async def page(self, name: str) -> tuple[Message, int]:
        """Open the page of a model, by its true name; returns it and the model's id."""
        listed = await self.form("list")
        rows = self.arena.installation.rows("select name, model_id from models")
        (model_id,) = (str(number) for called, number in rows if called == name)
        assert listed.message
        await self.arena.use(self.mona, listed.message, "arena:roster:chosen", [model_id])
        return listed.message, int(model_id)

    async def decide(self, name: str, *deeds: str) -> str:
        """Press buttons on the page of a model, the last one with what came of it."""
        page, model_id = await self.page(name)
        for deed in deeds:
            await self.arena.use(self.mona, page, f"arena:roster:{deed}:{model_id}")
        return await self.result(page)

    async def mask(self, name: str, code_name: str) -> str:
        page, model_id = await self.page(name)
        form = await self.arena.use(self.mona, page, f"arena:roster:mask:{model_id}")
        await self.arena.fill_in(form, {"code_name": code_name})
        return await self.result(page)

    async def unmask(self, name: str) -> str:
        page, model_id = await self.page(name)
        await self.arena.use(self.mona, page, f"arena:roster:unmask:{model_id}")
        announce = f"arena:unmask:{model_id}:{self.arena.channel.id}"
        await self.arena.use(self.mona, page, announce)
        return await self.result(page)

    async def result(self, page: Message) -> str:
        await self.arena.until(page, "✅")
        return page.text

    async def fill(self, opened: InteractionRecord, **typed: str | list[str]) -> Message:
        """Submit a form; returns the answer once the model was asked."""
        sent = await self.arena.fill_in(opened, typed)
        card = sent.message
        assert card
        await self.arena.playground.world.until(lambda: "Asking" not in card.text)
        return card

    async def press(self, card: Message, action: str) -> None:
        """Press what stands under a card, until the card shows what came of it."""
        before = card.text
        found = next(each for each in custom_ids(card) if f":{action}:" in each)
        self.arena.playground.people.press(self.mona, card, found)
        await self.arena.playground.world.until(lambda: card.text != before)

    async def use_up(self, card: Message, deed: str, words: str) -> None:
        """Press a button of the setup, and wait for what it says in the end."""
        await self.arena.use(self.mona, card, f"arena:setup:{deed}")
        await self.arena.playground.world.until(
            lambda: words in card.text and "arena:settings:" in str(card.components)
        )

    async def win(self) -> Message:
        """Hold a battle until the moderator's model won it; returns the card."""
        people, members = self.arena.playground.people, self.arena.members
        card = await self.arena.battle()
        await self.arena.until(card, "Your last reaction counts")
        side = "🅰️" if card.text.index("Pelicans") < card.text.index("Reply B") else "🅱️"
        for member in members:
            people.react(member, card, side)
        await people.press(members[0], card, close_of(card)).finished()
        await self.arena.until(card, "wins")
        return card


def custom_ids(card: Message) -> list[str]:
    return re.findall(r"arena:[a-z]+:[\w:-]+", str(card.components))


def close_of(card: Message) -> str:
    return next(each for each in custom_ids(card) if each.startswith("arena:close:"))


@asynccontextmanager
async def desk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[ModelsDesk]:
    monkeypatch.setenv("ARENA_SECRET_KEYS", new_key())
    conduct = ServerConduct(models=MODELS)
    async with scene(folder) as arena, model_server("Pelicans glide over the bay.", conduct=conduct) as url:
        host = urlsplit(url).netloc
        arena.installation.edit("[battle]", f'[security]\nallowed_private_hosts = ["{host}"]\n[battle]')
        mona = arena.member_with(Permission.MANAGE_GUILD, "mona")
        async with connected_bot(arena):
            yield ModelsDesk(arena, mona, url)


async def test_a_model_is_added_wins_is_masked_unmasked_and_retired(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as at:
        card = await at.fill(
            await at.form("add"),
            name="Aurora",
            provider=["at-openai"],
            base_url=at.url,
            model="aurora-9",
            key=KEY,
        )
        tried = card.text
        stored_before = at.arena.installation.rows("select * from models where settings is not null")
        await at.press(card, "save")
        await at.decide("Northern Light", "disable")
        won = await at.win()
        await at.mask("Aurora", "gpt2-chatbot")
        masked = await at.win()
        unmasked = await at.unmask("Aurora")
        retired = await at.decide("Aurora", "retire", "retired")
        refused = at.arena.playground.people.slash(
            at.arena.members[0], at.arena.channel, "battle", prompt="Why?"
        )
        told = await refused.told()
        board = at.arena.playground.people.slash(at.arena.members[0], at.arena.channel, "leaderboard")
        await board.finished()
        await at.arena.playground.world.until(
            lambda: board.message is not None and "Aurora" in board.message.text
        )
        history = await at.ask("changes")

        assert "**Aurora** answers. Save it?" in tried
        assert stored_before == []
        assert "Aurora wins" in won.text
        assert re.search(r"gpt2.?-chatbot.* wins", masked.text)
        assert "under its true name from now on" in unmasked
        assert "**Aurora** is retired" in retired
        assert "this server has 1 at the moment" in told.text
        assert board.message
        assert re.search(r"\*\*Aurora\*\* \(retired\)", board.message.text)
        assert all(word in history for word in ("added", "code name", "unmasked", "retired"))
        announced = at.arena.playground.world.messages.every
        assert sum("all along" in message.text for message in announced) == 1
        assert not at.arena.installation.holds(KEY)


async def test_a_model_is_chosen_from_the_list_of_its_api_on_the_way_through_the_setup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as at:
        people, world = at.arena.playground.people, at.arena.playground.world
        opened = await people.slash(at.mona, at.arena.channel, "setup").finished()
        card = opened.message
        assert card
        begun = card.text
        await at.use_up(card, "test", "2 of 2 models asked")
        tested = card.text
        form = await at.arena.use(at.mona, card, "arena:setup:add")
        typed = {"provider": ["at-openai"], "base_url": at.url.removesuffix("/v1"), "key": KEY}
        await at.arena.fill_in(form, typed)
        await world.until(lambda: "Is /v1 missing" in card.text)
        await at.press(card, "version")
        await world.until(lambda: "(1/2)" in card.text)
        form = await at.arena.use(at.mona, card, next(each for each in custom_ids(card) if ":find:" in each))
        await at.arena.fill_in(form, {"wanted": "31"})
        await world.until(lambda: "1 of 40" in card.text)
        menu = next(each for each in custom_ids(card) if ":listed:" in each)
        people.select(at.mona, card, menu, ["31"])
        await world.until(lambda: "answers. Save it?" in card.text)
        await at.press(card, "save")
        await at.arena.use(at.mona, card, "arena:settings:models")
        await world.until(lambda: "Models that can fight" in card.text)

        assert "Models that can fight: **2** of 2." in begun
        assert tested.count("✅") == 2
        assert "Models that can fight: **3** of 3." in card.text
        assert "maker/model-31" in card.text
        assert not at.arena.installation.holds(KEY)


async def test_a_member_without_the_right_is_offered_no_subcommand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as at:
        for command in SUBCOMMANDS:
            with pytest.raises(DiscordError, match="Missing Permissions"):
                at.arena.playground.people.slash(at.arena.members[0], at.arena.channel, f"models {command}")
        registered = at.arena.playground.world.commands.find("models", at.arena.guild.id, 1)
        assert registered
        assert {option.name for option in registered.body.options or []} == SUBCOMMANDS
        assert at.arena.installation.rows("select * from audit") == []
