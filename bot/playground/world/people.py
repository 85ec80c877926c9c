"""The people of the stand-in: what a member does with their client, the bot hears of."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import UNSET

from bot.playground.errors import DiscordError, PlaygroundError, Refusal
from bot.playground.world import payloads
from bot.playground.world.effective_permissions import permissions_in
from bot.playground.world.interactions.asking import InteractionKind, InteractionRecord
from bot.playground.world.interactions.commands import CHAT_INPUT, MESSAGE_COMMAND
from bot.playground.world.interactions.forms import CommandForm, fill_modal
from bot.playground.world.interactions.resolved import Resolved
from bot.playground.world.messages.bodies import MessageBody
from bot.playground.world.messages.components import SELECTS, Component, ComponentType, walk
from bot.playground.world.model import Channel, Member, Message
from bot.playground.world.permissions import NOTHING, Permission
from bot.playground.world.threads import can_view, check_open

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.playground.wire import JsonObject
    from bot.playground.world.interactions.asking import Interactions
    from bot.playground.world.interactions.commands import Command, Commands
    from bot.playground.world.interactions.resolved import GivenValue, OptionValue
    from bot.playground.world.messages.posting import Messages
    from bot.playground.world.messages.reactions import Reactions
    from bot.playground.world.state import WorldState
    from bot.playground.world.threads import Threads

MessageLike: TypeAlias = Message | int


class People:
    """Acts as members. What their client would not let them do raises PlaygroundError or DiscordError."""

    def __init__(
        self,
        state: WorldState,
        commands: Commands,
        messages: Messages,
        reactions: Reactions,
        interactions: Interactions,
        threads: Threads,
    ) -> None:
        self._state = state
        self._commands = commands
        self._messages = messages
        self._reactions = reactions
        self._interactions = interactions
        self._threads = threads

    def say(self, member: Member, channel: Channel, content: str) -> Message:
        in_thread = channel.is_thread
        send = Permission.SEND_MESSAGES_IN_THREADS if in_thread else Permission.SEND_MESSAGES
        self._act(member, channel, send)
        check_open(self._state, channel, member)
        return self._messages.create(channel, member.user, MessageBody(content=content))

    def delete_message(self, member: Member, message: MessageLike) -> None:
        found = self._message(message)
        needs = NOTHING if found.author is member.user else Permission.MANAGE_MESSAGES
        self._change(member, found, needs)
        self._messages.delete(found)

    def react(self, member: Member, message: MessageLike, emoji: str, *, burst: bool = False) -> None:
        """Put a reaction under a message; with `burst` a super reaction."""
        found = self._message(message)
        parsed = self._reactions.parse(emoji)
        needs = Permission.READ_MESSAGE_HISTORY
        if parsed.key not in found.reactions:
            needs |= Permission.ADD_REACTIONS
        self._change(member, found, needs)
        self._reactions.add(found, parsed, member.id, burst=burst)

    def unreact(self, member: Member, message: MessageLike, emoji: str, *, burst: bool = False) -> None:
        found = self._message(message)
        self._change(member, found, NOTHING)
        self._reactions.remove(found, self._reactions.parse(emoji), member.id, burst=burst)

    def clear_reactions(self, member: Member, message: MessageLike, emoji: str | None = None) -> None:
        """All reactions of a message, or all of one emoji."""
        found = self._message(message)
        self._change(member, found, Permission.MANAGE_MESSAGES)
        if emoji is None:
            self._reactions.clear(found)
        else:
            self._reactions.clear_emoji(found, self._reactions.parse(emoji))

    def slash(
        self, member: Member, channel: Channel, command: str, /, **options: OptionValue
    ) -> InteractionRecord:
        """Run a slash command, `"battle"` or with its subcommands `"models list"`."""
        found, path = self._command(member, channel, command)
        form = CommandForm(self._state, channel)
        data = form.fill(found, path, options)
        return self._interactions.open(InteractionKind.COMMAND, member, channel, data)

    def autocomplete(
        self, member: Member, channel: Channel, command: str, focused: str, /, **options: OptionValue
    ) -> InteractionRecord:
        """Type into the option that is named `focused`; the text so far stands among the options."""
        found, path = self._command(member, channel, command)
        form = CommandForm(self._state, channel)
        data = form.fill(found, path, {focused: "", **options}, focused=focused)
        return self._interactions.open(InteractionKind.AUTOCOMPLETE, member, channel, data)

    def use_on_message(
        self, member: Member, channel: Channel, name: str, message: MessageLike
    ) -> InteractionRecord:
        """Run a message command, from the menu of a message."""
        command = self._named(member, channel, name, MESSAGE_COMMAND)
        found = self._state.message_in(channel, self._message(message).id)
        data: JsonObject = {
            "id": str(command.id),
            "name": command.body.name,
            "type": MESSAGE_COMMAND,
            "target_id": str(found.id),
            "resolved": {"messages": {str(found.id): payloads.message(found, self._state)}},
        } | command.place()
        return self._interactions.open(InteractionKind.COMMAND, member, channel, data)

    def press(self, member: Member, message: MessageLike, custom_id: str) -> InteractionRecord:
        found = self._message(message)
        button = _component(found, custom_id)
        if button.type != ComponentType.BUTTON:
            raise PlaygroundError(f"{custom_id} is not a button.")
        return self._use(member, found, button, None)

    def select(
        self, member: Member, message: MessageLike, custom_id: str, values: Sequence[str]
    ) -> InteractionRecord:
        """Pick values of a select (ids, where it is one of users, roles or channels)."""
        found = self._message(message)
        menu = _component(found, custom_id)
        if menu.type not in SELECTS:
            raise PlaygroundError(f"{custom_id} is not a select.")
        offered = {option.value for option in menu.options or []}
        if menu.type == ComponentType.STRING_SELECT and not offered.issuperset(values):
            raise PlaygroundError(f"{custom_id} does not offer all of {values!r}.")
        if not (menu.min_values or 0) <= len(values) <= (menu.max_values or 1):
            raise PlaygroundError(f"{custom_id} does not take {len(values)} values.")
        return self._use(member, found, menu, values)

    def submit_modal(
        self, member: Member, opened_by: InteractionRecord, values: Mapping[str, GivenValue]
    ) -> InteractionRecord:
        """Fill in the modal that answered an interaction, by the custom ids of its fields."""
        modal = opened_by.modal
        if modal is None or opened_by.member is not member:
            raise PlaygroundError("There is no modal before this member.")
        kind, channel = InteractionKind.MODAL, opened_by.channel
        self._act(member, channel, NOTHING)
        resolved = Resolved(self._state, channel)
        kinds = {field.custom_id: field.type for field in walk(modal.components)}
        plain = {name: resolved.value(kinds.get(name, 0), value) for name, value in values.items()}
        data: JsonObject = {"custom_id": modal.custom_id, "components": fill_modal(modal.components, plain)}
        data |= resolved.payload()
        return self._interactions.open(kind, member, channel, data, source=opened_by.source, opener=opened_by)

    def _use(
        self, member: Member, message: Message, component: Component, values: Sequence[str] | None
    ) -> InteractionRecord:
        channel = self._state.channel(message.channel_id)
        self._act(member, channel, Permission.VIEW_CHANNEL)
        if message.ephemeral and message.answers_id != member.id:
            raise PlaygroundError("This member does not see the message.")
        if component.disabled is True:
            raise PlaygroundError(f"{component.custom_id} is disabled.")
        data: JsonObject = {
            "custom_id": component.custom_id,
            "component_type": component.type,
            "id": component.id,
        }
        if values is not None:
            resolved = Resolved(self._state, channel)
            data["values"] = [resolved.picked(component.type, value) for value in values]
            data |= resolved.payload()
        kind = InteractionKind.COMPONENT
        return self._interactions.open(kind, member, channel, data, source=message)

    def _command(self, member: Member, channel: Channel, words: str) -> tuple[Command, list[str]]:
        name, *path = words.split()
        return self._named(member, channel, name, CHAT_INPUT), path

    def _named(self, member: Member, channel: Channel, name: str, kind: int) -> Command:
        command = self._commands.find(name, channel.guild_id, kind)
        if command is None:
            raise PlaygroundError(f"The bot has registered no command {name} of type {kind}.")
        self._act(member, channel, Permission.USE_APPLICATION_COMMANDS | command.body.needs())
        return command

    def _message(self, message: MessageLike) -> Message:
        return self._messages.find(message if isinstance(message, int) else message.id)

    def _act(self, member: Member, channel: Channel, needs: Permission) -> None:
        """Let the member say or ask something: a thread that is archived wakes by it, unless it is locked.

        In a locked one the bot is asked all the same, and cannot answer: discord/discord-api-docs#5517.
        """
        self._require(member, channel, needs)
        self._threads.wake(channel, member)

    def _change(self, member: Member, message: Message, needs: Permission) -> None:
        """Let the member change something at a message."""
        channel = self._state.channel(message.channel_id)
        self._require(member, channel, needs)
        check_open(self._state, channel, member)

    def _require(self, member: Member, channel: Channel, needs: Permission) -> None:
        self._threads.archive_idle()
        allowed = permissions_in(self._state.guild(channel.guild_id), member, channel)
        if needs not in allowed:
            raise DiscordError(Refusal.MISSING_PERMISSIONS)
        if channel.is_private and not can_view(self._state, channel, member):
            raise DiscordError(Refusal.MISSING_ACCESS)


def _component(message: Message, custom_id: str) -> Component:
    for component in walk(message.components):
        if component.custom_id is not UNSET and component.custom_id == custom_id:
            return component
    raise PlaygroundError(f"The message has no component {custom_id}.")
