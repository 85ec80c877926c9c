"""Routes of threads: starting, unarchiving, archiving and locking them, joining and leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET, UnsetType

from bot.playground.errors import DiscordError, FormErrors, Refusal
from bot.playground.rest.dispatcher import Call, Route
from bot.playground.world import place_payloads
from bot.playground.world.access import Access
from bot.playground.world.permissions import Permission
from bot.playground.world.threads import can_manage

if TYPE_CHECKING:
    from bot.playground.wire import JsonObject
    from bot.playground.world.model import Channel
    from bot.playground.world.world import World

CHANNEL = "/channels/{channel_id}"
MYSELF = f"{CHANNEL}/thread-members/@me"
STARTED = f"{CHANNEL}/messages/{{message_id}}/threads"
NAME_LIMIT, SLOWEST = 100, 21600
DAY = 1440
DURATIONS = (60, 1440, 4320, 10080)


class ThreadBody(msgspec.Struct, kw_only=True):
    """What of a thread is to be changed."""

    name: str | UnsetType | None = UNSET
    archived: bool | UnsetType | None = UNSET
    locked: bool | UnsetType | None = UNSET
    auto_archive_duration: int | UnsetType | None = UNSET

    def check(self) -> None:
        errors = FormErrors()
        errors.length(("name",), self.name or None, 1, NAME_LIMIT)
        _check_duration(self.auto_archive_duration, errors)
        errors.raise_if_any()


class StartBody(msgspec.Struct, kw_only=True):
    """The thread that is to be started."""

    name: str | UnsetType = UNSET
    auto_archive_duration: int | UnsetType | None = UNSET
    rate_limit_per_user: int | UnsetType | None = UNSET

    def check(self) -> None:
        errors = FormErrors()
        if self.name is UNSET:
            errors.add(("name",), "BASE_TYPE_REQUIRED", "This field is required")
        else:
            errors.length(("name",), self.name.strip(), 1, NAME_LIMIT)
        _check_duration(self.auto_archive_duration, errors)
        if not 0 <= (self.rate_limit_per_user or 0) <= SLOWEST:
            text = f"int value should be between 0 and {SLOWEST}."
            errors.add(("rate_limit_per_user",), "NUMBER_TYPE_MAX", text)
        errors.raise_if_any()


def _check_duration(minutes: int | UnsetType | None, errors: FormErrors) -> None:
    if minutes and minutes not in DURATIONS:
        text = f"Value must be one of {DURATIONS}."
        errors.add(("auto_archive_duration",), "BASE_TYPE_CHOICES", text)


class ThreadRoutes:
    """What the bot does with threads themselves. Other channels it does not change."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._access = Access(world)

    def routes(self) -> list[Route]:
        return [
            Route("POST", STARTED, self._start, created=True),
            Route("PATCH", CHANNEL, self._edit),
            Route("PUT", MYSELF, self._join),
            Route("DELETE", MYSELF, self._leave),
        ]

    def _start(self, call: Call) -> JsonObject:
        channel = self._access.channel(call.id("channel_id"), Permission.CREATE_PUBLIC_THREADS)
        if channel.is_thread:
            raise DiscordError(Refusal.WRONG_CHANNEL_TYPE)
        message, body = self._world.message_in(channel, call.id("message_id")), call.body(StartBody)
        body.check()
        if message.id in self._world.channels:
            raise DiscordError(Refusal.THREAD_EXISTS)
        thread = self._world.start_thread(
            message, str(body.name).strip(), auto_archive_minutes=body.auto_archive_duration or DAY
        )
        return place_payloads.channel(thread, self._world.bot.id)

    def _edit(self, call: Call) -> JsonObject:
        thread, body = self._thread(call), call.body(ThreadBody)
        body.check()
        self._check_rights(thread, body)
        if thread.archived and body.archived is not False:
            # Even for the lock alone: discord/discord-api-docs#6928.
            raise self._world.strict.error(Refusal.ARCHIVED_THREAD)
        thread.name = body.name or thread.name
        if body.auto_archive_duration:
            thread.auto_archive_minutes = body.auto_archive_duration
            thread.active_at = self._world.clock()
        if isinstance(body.locked, bool):
            thread.locked = body.locked
        archived = body.archived if isinstance(body.archived, bool) else thread.archived
        if archived != thread.archived:
            self._world.threads.set_archived(thread, archived=archived)
        else:
            self._world.threads.publish("THREAD_UPDATE", thread)
        return place_payloads.channel(thread, self._world.bot.id)

    def _check_rights(self, thread: Channel, body: ThreadBody) -> None:
        """Raise DiscordError where the bot may not change so much.

        topics/threads asks for membership to unarchive, resources/channel for the right to send: here for the
        first. Who made a locked thread may unarchive it after topics/threads, not after resources/channel.
        """
        bot_id = self._world.bot.id
        if can_manage(self._world, thread, self._world.bot_in(thread.guild_id)):
            return
        is_settled = body.name in (UNSET, None) and body.auto_archive_duration in (UNSET, None)
        if thread.locked or body.locked not in (UNSET, None):
            allowed = False
        elif body.archived is False and is_settled:
            allowed = bot_id in thread.thread_members
        else:
            allowed = thread.owner_id == bot_id
        if not allowed:
            raise DiscordError(Refusal.MISSING_PERMISSIONS)

    def _join(self, call: Call) -> None:
        thread = self._active(call)
        self._world.threads.add(thread, self._world.bot_in(thread.guild_id))

    def _leave(self, call: Call) -> None:
        thread = self._active(call)
        self._world.threads.remove(thread, self._world.bot_in(thread.guild_id))

    def _active(self, call: Call) -> Channel:
        thread = self._thread(call)
        if thread.archived:
            raise self._world.strict.error(Refusal.ARCHIVED_THREAD)
        return thread

    def _thread(self, call: Call) -> Channel:
        channel = self._access.channel(call.id("channel_id"))
        if not channel.is_thread:
            raise DiscordError(Refusal.WRONG_CHANNEL_TYPE)
        return channel
