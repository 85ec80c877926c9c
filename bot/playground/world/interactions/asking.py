"""Interactions: what a member asked of the bot, and what the bot answered so far."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import takewhile
from typing import TYPE_CHECKING

import msgspec

from bot.playground.errors import DiscordError, Refusal
from bot.playground.world import payloads, place_payloads
from bot.playground.world.effective_permissions import permissions_in
from bot.playground.world.events import GatewayEvent, Intent
from bot.playground.world.messages.bodies import ATTACHMENT_SIZE_LIMIT
from bot.playground.world.messages.components import Component
from bot.playground.world.state import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.playground.wire import JsonObject
    from bot.playground.world.interactions.commands import OptionChoice
    from bot.playground.world.model import Channel, Guild, Member, Message
    from bot.playground.world.state import WorldState

ACKNOWLEDGE_WITHIN = 3.0
TOKEN_LIFETIME = 15 * 60.0


class InteractionKind(IntEnum):
    """What the member did."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Callback(IntEnum):
    """How the bot can acknowledge an interaction."""

    PONG = 1
    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE_MESSAGE = 7
    CHOICES = 8
    MODAL = 9


@dataclass(slots=True, eq=False)
class InteractionRecord:
    """One interaction from the member's side.

    `message` is the original response: for `DEFERRED_UPDATE` and `UPDATE_MESSAGE` the message that the
    component sits in.
    """

    id: int
    token: str
    kind: InteractionKind
    member: Member
    channel: Channel
    created_at: float
    source: Message | None
    opener: InteractionRecord | None
    data: JsonObject
    state: WorldState = field(repr=False)
    callback: Callback | None = None
    message: Message | None = None
    followups: list[Message] = field(default_factory=list["Message"])
    modal: Modal | None = None
    choices: Sequence[OptionChoice] = ()

    def metadata(self) -> JsonObject:
        """Say of a message which interaction it answers."""
        shape: JsonObject = {
            "id": str(self.id),
            "type": int(self.kind),
            "user": payloads.user(self.member.user),
            "authorizing_integration_owners": {"0": str(self.channel.guild_id)},
        }
        if self.message is not None:
            shape["original_response_message_id"] = str(self.message.id)
        if self.kind is InteractionKind.COMPONENT and self.source is not None:
            shape["interacted_message_id"] = str(self.source.id)
        if self.opener is not None:
            shape["triggering_interaction_metadata"] = self.opener.metadata()
        return shape

    @property
    def ephemeral(self) -> bool:
        return self.message is not None and self.message.ephemeral

    @property
    def thinking(self) -> bool:
        return self.message is not None and self.message.loading

    @property
    def content(self) -> str:
        """The text of the original response, or an empty string while there is none."""
        return "" if self.message is None else self.message.text

    async def answered(self, *, timeout: float = PATIENCE) -> InteractionRecord:  # noqa: ASYNC109 - a test waits for what the bot does, and says how long
        """Wait for the acknowledgement, a deferral too. Raises TimeoutError."""
        await self.state.until(lambda: self.callback is not None, timeout=timeout)
        return self

    async def finished(self, *, timeout: float = PATIENCE) -> InteractionRecord:  # noqa: ASYNC109 - as above
        """Wait until the bot has answered and is no longer thinking. Raises TimeoutError."""
        await self.state.until(lambda: self.callback is not None and not self.thinking, timeout=timeout)
        return self

    async def told(self, *, timeout: float = PATIENCE) -> Message:  # noqa: ASYNC109 - as above
        """Wait for a message that follows the answer, or takes its place. Raises TimeoutError."""
        await self.state.until(lambda: bool(self.followups), timeout=timeout)
        return self.followups[-1]


class Interactions:
    """All interactions, known by their tokens."""

    def __init__(self, state: WorldState) -> None:
        self._state = state
        self._by_token: dict[str, InteractionRecord] = {}

    def __len__(self) -> int:
        return len(self._by_token)

    def open(
        self,
        kind: InteractionKind,
        member: Member,
        channel: Channel,
        data: JsonObject,
        *,
        source: Message | None = None,
        opener: InteractionRecord | None = None,
    ) -> InteractionRecord:
        """Tell the bot that a member did something.

        `source` is the message that they did it to, `opener` what opened the modal that they sent.
        """
        state = self._state
        record = InteractionRecord(
            id=state.snowflakes.next(),
            token=secrets.token_urlsafe(120),
            kind=kind,
            member=member,
            channel=channel,
            created_at=state.clock(),
            source=source,
            opener=opener,
            data=data,
            state=state,
        )
        self._forget_expired()
        self._by_token[record.token] = record
        payload = self._payload(record, data)
        state.publish(
            GatewayEvent("INTERACTION_CREATE", payload, guild_id=channel.guild_id, intent=Intent.ALWAYS)
        )
        return record

    def unacknowledged(self, interaction_id: int, token: str) -> InteractionRecord:
        """Find the interaction that a callback is for, if it is not too late for one."""
        record = self._by_token.get(token)
        if record is None or record.id != interaction_id:
            raise DiscordError(Refusal.UNKNOWN_INTERACTION)
        if record.callback is not None:
            raise DiscordError(Refusal.ALREADY_ACKNOWLEDGED)
        if self._state.clock() - record.created_at > ACKNOWLEDGE_WITHIN:
            raise DiscordError(Refusal.UNKNOWN_INTERACTION)
        return record

    def by_token(self, application_id: int, token: str) -> InteractionRecord:
        """Find the acknowledged interaction behind a webhook route."""
        if application_id != self._state.bot.id:
            raise DiscordError(Refusal.UNKNOWN_WEBHOOK)
        record = self._by_token.get(token)
        if record is None or self._expired(record):
            raise DiscordError(Refusal.INVALID_WEBHOOK_TOKEN)
        if record.callback is None or record.callback is Callback.CHOICES:
            raise DiscordError(Refusal.UNKNOWN_WEBHOOK)
        return record

    def age(self, seconds: float) -> None:
        """Let all interactions so far have begun earlier, so that their tokens end sooner."""
        for record in self._by_token.values():
            record.created_at -= seconds

    def _expired(self, record: InteractionRecord) -> bool:
        return self._state.clock() - record.created_at > TOKEN_LIFETIME

    def _forget_expired(self) -> None:
        for record in list(takewhile(self._expired, self._by_token.values())):
            del self._by_token[record.token]

    def _payload(self, record: InteractionRecord, data: JsonObject) -> JsonObject:
        state, channel, member = self._state, record.channel, record.member
        guild = state.guild(channel.guild_id)
        entitlements: list[JsonObject] = []
        payload: JsonObject = {
            "id": str(record.id),
            "application_id": str(state.bot.id),
            "type": int(record.kind),
            "token": record.token,
            "version": 1,
            "data": data,
            "channel_id": str(channel.id),
            "channel": place_payloads.interaction_channel(channel, permissions_in(guild, member, channel)),
            "member": place_payloads.interaction_member(member, guild, channel),
            "locale": member.locale,
            "entitlements": entitlements,
            "context": 0,
            "attachment_size_limit": ATTACHMENT_SIZE_LIMIT,
        } | self._guild_fields(guild, channel)
        if record.source is not None:
            payload["message"] = payloads.message(record.source, state)
        return payload

    def _guild_fields(self, guild: Guild, channel: Channel) -> JsonObject:
        allowed = permissions_in(guild, guild.members[self._state.bot.id], channel)
        return {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": guild.preferred_locale, "features": guild.features},
            "guild_locale": guild.preferred_locale,
            "app_permissions": str(int(allowed)),
            "authorizing_integration_owners": {"0": str(guild.id)},
        }


class Modal(msgspec.Struct):
    """A form that the bot puts before a member."""

    custom_id: str
    title: str
    components: list[Component]
