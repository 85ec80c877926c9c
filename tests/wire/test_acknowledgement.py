"""Discord waits for an acknowledgement for 3 seconds, whatever the database is doing."""

from __future__ import annotations

import fcntl
import sqlite3
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from discord import AppCommandOptionType

from bot.playground import DiscordError
from bot.playground.world.interactions.commands import CHAT_INPUT
from bot.playground.world.messages.components import SELECTS, ComponentType, walk
from bot.playground.world.messages.uploads import Upload
from bot.playground.world.permissions import Permission
from tests.forked import BotStart
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from bot.playground import InteractionRecord, Member, Message
    from bot.playground.world.interactions.commands import Option
    from bot.playground.world.interactions.resolved import GivenValue, OptionValue
    from tests.wire.scenes import RunningBot

HOLD = "database.hold"
SUBCOMMAND = 1


class HeldBotStart(BotStart):
    """A bot whose driver executes nothing as long as somebody holds a lock on a file."""

    def run(self) -> None:
        hold = self.folder / HOLD
        hold.touch()

        class HeldCursor(sqlite3.Cursor):
            def execute(self, statement: str, values: Any = (), /) -> Self:  # noqa: ANN401 - sqlite3 names its type nowhere
                with hold.open() as file:
                    fcntl.flock(file, fcntl.LOCK_SH)  # in the driver's thread
                return super().execute(statement, values)

        class HeldConnection(sqlite3.Connection):
            def cursor(self, _factory: None = None) -> HeldCursor:  # pyright: ignore[reportIncompatibleMethodOverride] - nobody else names one
                return super().cursor(HeldCursor)

        sqlite3.connect = partial(sqlite3.connect, factory=HeldConnection)
        super().run()


@contextmanager
def held(folder: Path) -> Generator[None]:
    """Let the database do nothing until the block ends."""
    with (folder / HOLD).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def commands(arena: RunningBot) -> Iterator[tuple[str, list[Option]]]:
    """Return every command that is typed, with its options."""
    for command in arena.playground.world.commands.every:
        options = command.body.options
        parts = [each for each in options if each.type == SUBCOMMAND]
        for part in parts:
            yield f"{command.body.name} {part.name}", part.options or []
        if command.body.type == CHAT_INPUT and not parts:
            yield command.body.name, options


def value(arena: RunningBot, option: Option) -> OptionValue:
    if option.choices:
        return option.choices[0].value
    values: dict[int, OptionValue] = {
        AppCommandOptionType.string.value: "1",
        AppCommandOptionType.user.value: arena.members[1],
        AppCommandOptionType.channel.value: arena.channel,
        AppCommandOptionType.attachment.value: Upload(0, "a.json", "application/json", b"{}"),
    }
    return values[option.type]


def every_command(arena: RunningBot, member: Member) -> list[InteractionRecord]:
    """Let a member use all that they are offered, with the options that must be given."""
    people = arena.playground.people
    asked: list[InteractionRecord] = []
    for name, options in commands(arena):
        given = {each.name: value(arena, each) for each in options if each.required}
        with suppress(DiscordError):  # who may not use a command is not offered it
            asked.append(people.slash(member, arena.channel, name, **given))
    written = people.say(member, arena.channel, "Why is the sky blue?")
    return [*asked, people.use_on_message(member, arena.channel, "Battle this", written)]


def every_component(arena: RunningBot, member: Member, message: Message) -> list[InteractionRecord]:
    """Let a member press and choose all that there is under a message."""
    people = arena.playground.people
    used: list[InteractionRecord] = []
    for each in walk(message.components):
        if each.type == ComponentType.BUTTON and each.disabled is not True:
            used.append(people.press(member, message, str(each.custom_id)))
        elif each.type in SELECTS:
            values = [each.options[0].value] if each.options else []
            used.append(people.select(member, message, str(each.custom_id), values))
    return used


def filled(form: InteractionRecord) -> dict[str, GivenValue]:
    assert form.modal
    fields = [each for each in walk(form.modal.components) if each.custom_id]
    return {
        str(each.custom_id): [each.options[0].value] if each.options else [] if each.type in SELECTS else "1"
        for each in fields
    }


async def test_every_interaction_is_acknowledged_while_the_database_does_nothing(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena, start=HeldBotStart):
        olga = arena.member_with(Permission.MANAGE_GUILD | Permission.MANAGE_MESSAGES, "olga")
        card = await arena.battle()
        await arena.until(card, "last reaction counts")
        with held(tmp_path):
            asked = [*every_command(arena, olga), *every_command(arena, arena.members[1])]
            for each in asked:
                await each.answered()
        for each in asked:
            await each.finished()

        answers = {each.message.id: each.message for each in asked if each.message and each.member is olga}
        with held(tmp_path):
            pressed = [
                record
                for message in (card, *answers.values())
                for record in every_component(arena, olga, message)
            ]
            for each in pressed:
                await each.answered()
        for each in pressed:
            await each.finished()

        forms = [each for each in (*asked, *pressed) if each.modal]
        with held(tmp_path):
            sent = [arena.playground.people.submit_modal(each.member, each, filled(each)) for each in forms]
            for each in sent:
                await each.answered()
        for each in sent:
            await each.finished()

        assert len(asked) > 30 + 10
        assert len(pressed) > 10
        assert len(forms) > 3


async def test_a_refusal_leaves_nothing_where_everyone_was_to_see_an_answer(tmp_path: Path) -> None:
    async with scene(tmp_path, models=2) as arena:
        arena.installation.edit("cooldown_seconds = 0", "cooldown_seconds = 3600")
        async with connected_bot(arena):
            card = await arena.battle()
            await arena.until(card, "last reaction counts")
            people, world = arena.playground.people, arena.playground.world
            refused = people.slash(arena.members[0], arena.channel, "battle", prompt="Again?")
            await world.until(lambda: bool(refused.followups))
            (told,) = refused.followups
            public = [
                each
                for each in world.messages.every
                if each.channel_id == arena.channel.id and not each.ephemeral
            ]

            assert told.ephemeral
            assert "Members wait a while" in told.text
            assert public == [card]
