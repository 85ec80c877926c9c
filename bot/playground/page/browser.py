"""One browser: what it asks, what it is told."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import msgspec
from aiohttp import WSMsgType

from bot.playground.errors import DiscordError, PlaygroundError
from bot.playground.page import asks
from bot.playground.page.actions import run_command, suggest_option
from bot.playground.page.happenings import make_happen
from bot.playground.page.panel import make_trouble
from bot.playground.page.parts import Parts
from bot.playground.page.places import draw_places
from bot.playground.page.submission import submit_form
from bot.playground.page.switches import read_switches, set_switch
from bot.playground.wire import encode

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from aiohttp import web

    from bot.playground.page.crowd import Crowd
    from bot.playground.page.feed import Feed
    from bot.playground.page.panel import Panel
    from bot.playground.server import Playground
    from bot.playground.world.interactions.asking import InteractionRecord
    from bot.playground.world.model import Channel, Guild, Member

ANSWER_SECONDS = 3.5
REPORT_SECONDS = 1.0
LOCALES = {"en": "en-US", "ja": "ja"}


class Browser:
    """A WebSocket, the member that it acts as, and the channel that it shows."""

    def __init__(
        self, socket: web.WebSocketResponse, playground: Playground, feed: Feed, crowd: Crowd, panel: Panel
    ) -> None:
        self._socket = socket
        self._playground = playground
        self._world = playground.world
        self._feed = feed
        self._crowd = crowd
        self._panel = panel
        self._outbox: asyncio.Queue[bytes] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._watching: asyncio.Task[None] | None = None
        self._forms: dict[str, InteractionRecord] = {}
        self._language = "en"
        self.member_id = 0
        self.channel_id = 0

    async def serve(self) -> None:
        """Answer the browser until it leaves."""
        self._feed.listeners.add(self)
        self._start(self._write())
        self.send_places()
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    await self._receive(message.data)
        finally:
            self._feed.listeners.discard(self)
            for task in self._tasks:
                task.cancel()

    def send(self, kind: str, **fields: object) -> None:
        self._outbox.put_nowait(encode({"type": kind, **fields}))

    def send_places(self) -> None:
        self.send("places", **draw_places(self._world, self._language))

    async def _write(self) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                await self._socket.send_frame(await self._outbox.get(), WSMsgType.TEXT)

    async def _receive(self, text: str) -> None:
        try:
            ask = msgspec.json.decode(text, type=asks.AnyAsk)
        except msgspec.DecodeError as exc:
            self.send("failed", n=0, reason="refused", text=str(exc))
            return
        try:
            await self._carry_out(ask)
        except DiscordError as exc:
            self.send("failed", n=ask.n, reason=exc.refusal.name.lower(), text=exc.message)
        except PlaygroundError as exc:
            self.send("failed", n=ask.n, reason="refused", text=str(exc))
        else:
            self.send("done", n=ask.n)

    async def _carry_out(self, ask: asks.AnyAsk) -> None:
        match ask:
            case asks.Look():
                self._look(ask)
            case asks.CrowdAsk():
                self._crowd.vote(self._channel, ask.count)
            case asks.TroubleAsk():
                await make_trouble(self._playground, ask.kind)
            case asks.HappenAsk():
                make_happen(self._world, self._member, self._channel, ask.kind)
            case asks.SwitchAsk():
                set_switch(self._world, self._guild, ask.name, on=ask.on)
            case asks.WatchAsk():
                self._watch(on=ask.on)
            case asks.Say() | asks.React() | asks.ClearReactions() | asks.Delete():
                self._do(ask)
            case _:
                self._start(self._follow(ask.n, self._interact(ask)))

    def _do(self, ask: asks.Say | asks.React | asks.ClearReactions | asks.Delete) -> None:
        people, member = self._world.people, self._member
        match ask:
            case asks.Say():
                people.say(member, self._channel, ask.text)
            case asks.React():
                act = people.react if ask.on else people.unreact
                act(member, int(ask.message), ask.emoji)
            case asks.ClearReactions():
                people.clear_reactions(member, int(ask.message))
            case asks.Delete():
                people.delete_message(member, int(ask.message))

    def _interact(
        self, ask: asks.Run | asks.Suggest | asks.UseOn | asks.PressAsk | asks.Choose | asks.Submit
    ) -> InteractionRecord:
        people, member, channel = self._world.people, self._member, self._channel
        match ask:
            case asks.Run():
                return run_command(self._world, member, channel, ask.path, ask.options)
            case asks.Suggest():
                return suggest_option(self._world, member, channel, ask)
            case asks.UseOn():
                return people.use_on_message(member, channel, ask.name, int(ask.message))
            case asks.PressAsk():
                return people.press(member, int(ask.message), ask.custom_id)
            case asks.Choose():
                return people.select(member, int(ask.message), ask.custom_id, ask.values)
            case asks.Submit():
                return self._submit(ask)

    def _submit(self, ask: asks.Submit) -> InteractionRecord:
        form = self._forms.get(ask.form)
        if form is None:
            raise PlaygroundError("This form is not open any more.")
        sent = submit_form(self._world, form, ask.values)
        del self._forms[ask.form]
        return sent

    async def _follow(self, number: int, record: InteractionRecord) -> None:
        """Tell what comes of an interaction, where it is not a message that all see anyway."""
        try:
            await record.answered(timeout=ANSWER_SECONDS)
        except TimeoutError:
            self.send("failed", n=number, reason="no_answer", text="")
            return
        if record.modal is not None:
            self._forms[str(record.id)] = record
            parts = Parts(self._feed.view.names(record.channel.guild_id), self._feed.view.media)
            drawn = [parts.draw(each) for each in record.modal.components]
            self.send("form", form=str(record.id), title=record.modal.title, parts=drawn)
        self.send("choices", n=number, choices=record.choices)

    def _look(self, ask: asks.Look) -> None:
        self.member_id, self.channel_id = int(ask.member), int(ask.channel)
        channel = self._channel
        # The member sits before a client in the language of the page.
        self._member.locale = LOCALES.get(ask.language, ask.language)
        if self._language != ask.language:
            self._language = ask.language
            self.send_places()
        drawn = self._feed.history(channel, self.member_id, int(ask.around or 0))
        self.send("history", channel=ask.channel, member=ask.member, messages=drawn)

    def _watch(self, *, on: bool) -> None:
        if self._watching is not None:
            self._watching.cancel()
        self._watching = self._start(self._report()) if on else None

    async def _report(self) -> None:
        while True:
            self.send("report", **self._panel.report(), switches=read_switches(self._world, self._guild))
            await asyncio.sleep(REPORT_SECONDS)

    @property
    def _channel(self) -> Channel:
        return self._world.channel(self.channel_id)

    @property
    def _guild(self) -> Guild:
        return self._world.guild(self._channel.guild_id)

    @property
    def _member(self) -> Member:
        return self._world.member(self._channel.guild_id, self.member_id)

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
