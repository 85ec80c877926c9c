"""Who can fight, server by server: the operator's models, and those that moderators brought."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations
from math import inf
from typing import TYPE_CHECKING, TypeVar

from bot.arena.models.breaker import Health
from bot.arena.models.prices import Prices
from bot.domain.model import Model, ModelState
from bot.storage import models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from bot.arena.models.breaker import CircuitBreaker, CircuitBreakers
    from bot.arena.models.spending import Spending
    from bot.backends.base import Backend
    from bot.storage.database import Connection, Database

    _Watched = tuple["Competitor", CircuitBreaker]

Number = TypeVar("Number", int, float)


@dataclass(frozen=True, slots=True)
class Competitor:
    """A model that can be drawn.

    `name` is how it is shown. `gives_away` are the names whose appearance in a reply tells which model
    wrote it.
    """

    name: str
    backend: Backend
    gives_away: tuple[str, ...]
    prices: Prices = field(default_factory=Prices)
    max_prompt_chars: int | None = None
    """The longest conversation that it is asked to answer, with the new prompt; `None` without a limit."""
    family: str | None = None
    """By the operator's config; those who share one do not meet."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Names that nothing which leaves the bot may hold, because the model is masked."""

    accepts_images: bool = False

    def under(self, code_name: str) -> Competitor:
        return replace(
            self, name=code_name, gives_away=(*self.gives_away, code_name), secrets=self.gives_away
        )

    def discreet(self, text: str) -> str:
        """Return `text` without the names of a masked model."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = re.sub(re.escape(secret), "***", text, flags=re.IGNORECASE)
        return text


@dataclass(frozen=True, slots=True)
class Entry:
    """A model of one server; without a competitor where it is offered no more, or its key cannot be read."""

    model: Model
    competitor: Competitor | None = None
    breaker: CircuitBreaker | None = None
    undecided_since: float = inf
    """What befell it since then may tell who is in an open battle."""

    @property
    def shown_health(self) -> Health:
        """What may be told of its health, and that to moderators alone."""
        return self.breaker.seen_before(self.undecided_since) if self.breaker else Health()

    @property
    def seems_ready(self) -> bool:
        """It can be drawn, as far as may be told."""
        return self.fights and self.breaker is not None and self.shown_health.is_well

    @property
    def fights(self) -> bool:
        return self.competitor is not None and self.model.state is ModelState.ENABLED

    @property
    def is_ready(self) -> bool:
        """It can be drawn at this moment."""
        return self.fights and self.breaker is not None and self.breaker.is_ready

    @property
    def max_prompt_chars(self) -> int | None:
        """What was set, or what its server's refusals taught, whichever is less."""
        return _least(self.decided_max_prompt_chars, self.breaker.max_prompt_chars if self.breaker else None)

    @property
    def shown_max_prompt_chars(self) -> int | None:
        """The same, as far as may be told."""
        return _least(self.decided_max_prompt_chars, self.shown_health.max_prompt_chars)

    @property
    def decided_max_prompt_chars(self) -> int | None:
        """What was set, by the operator or a moderator."""
        return self.competitor.max_prompt_chars if self.competitor else None

    @property
    def families(self) -> dict[str, str]:
        """The families that its operator and the server's moderators put it in, by their folded names."""
        named = (self.competitor.family if self.competitor else None, self.model.family)
        return {family.casefold(): family for family in named if family}

    def takes(self, chars: int) -> bool:
        """Tell whether it can be asked something of this length."""
        return self.max_prompt_chars is None or chars <= self.max_prompt_chars

    @property
    def accepts_images(self) -> bool:
        return self.competitor is not None and self.competitor.accepts_images

    @property
    def price(self) -> float | None:
        """Its blended price, unless it is masked: a price may tell who it is."""
        return None if self.competitor is None or self.model.code_name else self.competitor.prices.blended()

    @property
    def is_imported(self) -> bool:
        """It is known here by imported battles alone, and cannot be asked."""
        return self.competitor is None and self.model.origin is not None

    @property
    def is_retired(self) -> bool:
        """It takes part no more, and its place on the leaderboard is history."""
        gone = self.competitor is None and not self.model.is_own
        return gone or self.model.state is ModelState.RETIRED


class GuildRoster:
    """One server's models, by their ids."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries: Mapping[int, Entry] = {entry.model.model_id: entry for entry in entries}

    def __getitem__(self, model_id: int) -> Entry:
        return self._entries[model_id]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    @property
    def names(self) -> dict[int, str]:
        """The public name of each model, be it that it fights or not."""
        return {model_id: entry.model.shown for model_id, entry in self._entries.items()}

    def competitor(self, model_id: int) -> Competitor:
        competitor = self._entries[model_id].competitor
        if competitor is None:
            raise KeyError(model_id)
        return competitor

    def ready(self) -> frozenset[int]:
        """Return the models that can be drawn at this moment."""
        return frozenset(model_id for model_id, entry in self._entries.items() if entry.is_ready)

    def seeming_ready(self) -> list[int]:
        """Return the models that can be drawn, as far as may be told."""
        return [model_id for model_id, entry in self._entries.items() if entry.seems_ready]

    def siblings(self) -> frozenset[tuple[int, int]]:
        """Return the pairs (i, j), i < j, that share a family."""
        members: dict[str, list[int]] = {}
        for model_id, entry in self._entries.items():
            for family in entry.families:
                members.setdefault(family, []).append(model_id)
        return frozenset(pair for ids in members.values() for pair in combinations(sorted(ids), 2))


class Roster:
    """Reads a server's models anew each time, and keeps what was built for them."""

    def __init__(
        self,
        database: Database,
        operators: Iterable[Competitor],
        bench: CircuitBreakers,
        build: Callable[[Model], Competitor | None],
        clock: Callable[[], float],
        spending: Spending,
    ) -> None:
        """`build` makes a competitor of a moderators' model; `None` where its key cannot be read."""
        self._database = database
        self._bench = bench
        self._build = build
        self._clock = clock
        self._spending = spending
        self._operators = {
            competitor.name: self._watched(competitor, competitor.name, None) for competitor in operators
        }
        self._own: dict[int, tuple[tuple[str | None, ...], _Watched | None]] = {}
        self._read: dict[int, GuildRoster] = {}

    def known(self, guild_id: int) -> GuildRoster | None:
        """Return a server's models as they were read last, if this process has read them."""
        return self._read.get(guild_id)

    def outdate(self, guild_id: int) -> None:
        """Forget what was read of a server whose models are about to change."""
        self._read.pop(guild_id, None)

    async def of(self, guild_id: int) -> GuildRoster:
        async with self._database.read() as connection:
            found = await models.of_guild(connection, guild_id)
        if missing := self._operators.keys() - {model.name for model in found}:
            async with self._database.write() as connection:
                names = [name for name in self._operators if name in missing]
                await models.ensure(connection, guild_id, names, self._clock())
                found = await models.of_guild(connection, guild_id)
        async with self._database.read() as connection:
            return await self._roster(connection, guild_id, found)

    async def within(self, connection: Connection, guild_id: int) -> GuildRoster:
        """Return a server's models as a transaction finds them; all must have been read before."""
        return await self._roster(connection, guild_id, await models.of_guild(connection, guild_id))

    async def _roster(self, connection: Connection, guild_id: int, found: Iterable[Model]) -> GuildRoster:
        entries = [await self._entry(model) for model in found]
        if not all(entry.breaker is None or entry.breaker.is_spotless for entry in entries):
            here, elsewhere = await models.since_undecided(connection, guild_id)
            entries = [_discreet(entry, here, elsewhere) for entry in entries]
        self._read[guild_id] = roster = GuildRoster(entries)
        return roster

    async def forget(self, model_id: int) -> None:
        """Drop what was built for a model that is removed."""
        _, watched = self._own.pop(model_id, (None, None))
        if watched:
            await self._bench.dismiss(watched[1])

    async def _entry(self, model: Model) -> Entry:
        watched = await self._built(model) if model.is_own else self._operators.get(model.name)
        if watched is None:
            return Entry(model)
        competitor, breaker = watched
        if model.is_own and model.state is not ModelState.ENABLED:
            await breaker.forgive()
        return Entry(model, competitor.under(model.code_name) if model.code_name else competitor, breaker)

    async def _built(self, model: Model) -> _Watched | None:
        written = (model.name, model.settings, model.sealed)
        known = self._own.get(model.model_id)
        if known and known[0] == written:
            return known[1]
        if known and known[1]:
            await self._bench.dismiss(known[1][1])
        competitor = self._build(model)
        called = f"{model.guild_id}/{model.model_id}"
        watched = self._watched(competitor, called, model.guild_id) if competitor else None
        self._own[model.model_id] = (written, watched)
        return watched

    def _watched(self, competitor: Competitor, called: str, guild_id: int | None) -> _Watched:
        spend = partial(self._spending.note_question, competitor.prices, guild_id)
        breaker = self._bench.watch(competitor.backend, called, spend)
        return replace(competitor, backend=breaker), breaker


def _discreet(entry: Entry, here: float | None, elsewhere: Mapping[str, float]) -> Entry:
    since = _least(here, None if entry.model.is_own else elsewhere.get(entry.model.name))
    return replace(entry, undecided_since=inf if since is None else since)


def _least(*values: Number | None) -> Number | None:
    return min((value for value in values if value is not None), default=None)
