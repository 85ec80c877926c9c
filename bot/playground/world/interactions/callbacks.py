"""The bot's answers to an interaction: the acknowledgement, and what follows by its token."""

from collections.abc import Sequence

import msgspec

from bot.playground.errors import DiscordError, FormErrors, Refusal
from bot.playground.wire import JsonObject, decode
from bot.playground.world import payloads
from bot.playground.world.interactions.asking import Callback, InteractionKind, InteractionRecord, Modal
from bot.playground.world.interactions.autocompletion import check_choices, focused_type
from bot.playground.world.interactions.commands import OptionChoice
from bot.playground.world.interactions.form_limits import check_modal_limits
from bot.playground.world.messages.bodies import MessageBody
from bot.playground.world.messages.components import assign_ids
from bot.playground.world.messages.files import BodyUse
from bot.playground.world.messages.posting import Messages
from bot.playground.world.messages.uploads import Upload
from bot.playground.world.model import EPHEMERAL, LOADING, Message
from bot.playground.world.state import WorldState
from bot.playground.world.threads import check_open
from bot.playground.world.validation import check_modal

ALLOWED = {
    InteractionKind.COMMAND: frozenset({4, 5, 9}),
    InteractionKind.COMPONENT: frozenset({4, 5, 6, 7, 9}),
    InteractionKind.AUTOCOMPLETE: frozenset({8}),
    InteractionKind.MODAL: frozenset({4, 5, 6, 7}),
}
SHOWS_MESSAGE = frozenset({Callback.MESSAGE, Callback.UPDATE_MESSAGE})
"""The callbacks whose result has the message in it; a deferral's has only its id."""


class CallbackBody(msgspec.Struct):
    """An acknowledgement; the shape of its data depends on its type."""

    type: int
    data: msgspec.Raw = msgspec.Raw(b"null")


class Choices(msgspec.Struct):
    """What an autocomplete offers."""

    choices: list[OptionChoice]


class Responder:
    """Answers one interaction on behalf of the bot."""

    def __init__(self, state: WorldState, messages: Messages, record: InteractionRecord) -> None:
        self._state = state
        self._messages = messages
        self._record = record

    def acknowledge(self, body: CallbackBody, uploads: Sequence[Upload]) -> JsonObject:
        """Take the callback and return what Discord says of it."""
        self._check_type(body.type)
        callback = Callback(body.type)
        try:
            self._carry_out(callback, body, uploads)
        except DiscordError as exc:
            if exc.errors is None:
                raise
            raise DiscordError(exc.refusal, {"data": exc.errors}) from exc
        self._record.callback = callback
        self._state.touch()
        return self._result(callback)

    def _carry_out(self, callback: Callback, body: CallbackBody, uploads: Sequence[Upload]) -> None:
        record = self._record
        match callback:
            case Callback.MESSAGE:
                record.message = self._send(_message_body(body), uploads)
            case Callback.DEFERRED_MESSAGE:
                record.message = self._think(_message_body(body))
            case Callback.DEFERRED_UPDATE:
                record.message = record.source
            case Callback.UPDATE_MESSAGE:
                record.message = self._update(record.source, _message_body(body), uploads)
            case Callback.CHOICES:
                record.choices = self._choices(body)
            case Callback.MODAL:
                record.modal = self._modal(body)
            case Callback.PONG:
                pass

    def _check_open(self) -> None:
        """Raise DiscordError where no message can be made or changed, by a token either.

        Discord answers so to those who use a command and then see the thread locked, and will not change it
        (discord/discord-api-docs#5517, #6884). That the bot does not see a private thread is no hindrance.
        """
        channel = self._record.channel
        if channel.is_thread:
            check_open(self._state, channel, self._state.bot_in(channel.guild_id))

    def _check_edit(self, message: Message) -> None:
        # No source sets an edit by token apart from one by the bot's own route.
        self._check_open()
        if self._state.strict.late_edits:
            self._messages.count_late_edit(message)

    def follow_up(self, body: MessageBody, uploads: Sequence[Upload]) -> Message:
        """Send a further message; the first after a deferral takes the place of the thinking one."""
        record = self._record
        if record.message is not None and record.thinking and self._messages.exists(record.message):
            self.edit(record.message, body, uploads)
            return record.message
        message = self._send(body, uploads)
        record.followups.append(message)
        self._state.touch()
        return message

    def find(self, message_id: str) -> Message:
        """`@original`, or one of the messages that this token made.

        The message under a pressed component is `@original` once the press has been deferred or answered with
        an update. That its id opens it as well is nowhere documented, so it does not.
        """
        record = self._record
        is_made = record.message is not record.source or not self._state.strict.tokens
        by_id = [record.message, *record.followups] if is_made else record.followups
        for message in [record.message] if message_id == "@original" else by_id:
            if message is not None and message_id in ("@original", str(message.id)):
                return self._messages.find(message.id)
        raise DiscordError(Refusal.UNKNOWN_MESSAGE)

    def edit(self, message: Message, body: MessageBody, uploads: Sequence[Upload]) -> None:
        self._check_edit(message)
        self._messages.edit(message, body, uploads)

    def delete(self, message: Message) -> None:
        self._check_open()
        self._messages.delete(message)

    def _check_type(self, kind: int) -> None:
        allowed = set(ALLOWED[self._record.kind])
        if self._record.source is None:
            allowed -= {Callback.DEFERRED_UPDATE, Callback.UPDATE_MESSAGE}
        if kind not in allowed:
            choices = ", ".join(map(str, sorted(allowed)))
            errors = FormErrors()
            errors.add(
                ("type",), "BASE_TYPE_CHOICES", f"Value must be one of {{{choices}}} for this interaction."
            )
            errors.raise_if_any()

    def _blank(self, flags: int) -> Message:
        self._check_open()
        record = self._record
        message = self._messages.blank(record.channel, self._state.bot)
        message.kind = 20 if record.kind is InteractionKind.COMMAND else 0
        message.flags = flags
        message.is_webhook = True
        message.interaction = record.metadata()
        message.answers_id = record.member.id
        return message

    def _send(self, body: MessageBody, uploads: Sequence[Upload]) -> Message:
        record = self._record
        blank = self._blank((body.flags or 0) & EPHEMERAL)
        return self._messages.create(record.channel, self._state.bot, body, uploads, origin=blank)

    def _think(self, body: MessageBody) -> Message:
        blank = self._blank(LOADING | (body.flags or 0) & EPHEMERAL)
        self._messages.add(blank)
        return blank

    def _update(self, source: Message | None, body: MessageBody, uploads: Sequence[Upload]) -> Message | None:
        if source is not None:
            self._check_edit(source)
            self._messages.edit(self._messages.find(source.id), body, uploads, use=BodyUse.UPDATE)
        return source

    def _choices(self, body: CallbackBody) -> list[OptionChoice]:
        choices = decode(bytes(body.data), Choices).choices
        check_choices(choices, focused_type(self._record.data), strict=self._state.strict.limits)
        return choices

    def _modal(self, body: CallbackBody) -> Modal:
        modal = decode(bytes(body.data), Modal)
        errors = FormErrors()
        errors.length(("custom_id",), modal.custom_id, 1, 100)
        errors.length(("title",), modal.title, 1, 45)
        check_modal(("components",), modal.components, errors)
        if self._state.strict.limits:
            check_modal_limits(modal.components, errors)
        errors.raise_if_any()
        assign_ids(modal.components)
        return modal

    def _result(self, callback: Callback) -> JsonObject:
        record = self._record
        about: JsonObject = {"id": str(record.id), "type": int(record.kind)}
        if record.message is None:
            return {"interaction": about}
        about |= {
            "response_message_id": str(record.message.id),
            "response_message_loading": record.thinking,
            "response_message_ephemeral": record.ephemeral,
            "channel_id": str(record.channel.id),
            "guild_id": str(record.channel.guild_id),
        }
        if callback not in SHOWS_MESSAGE:
            return {"interaction": about}
        message = payloads.message(record.message, self._state)
        return {"interaction": about, "resource": {"type": int(callback), "message": message}}


def _message_body(body: CallbackBody) -> MessageBody:
    content = bytes(body.data)
    return MessageBody() if content == b"null" else decode(content, MessageBody)
