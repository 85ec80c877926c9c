"""What moderators do with their server's models. Every change is audited in the transaction that makes it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from bot.arena.models.credentials import Credentials, read_settings
from bot.arena.models.form import NAME_LIMIT, ModelForm
from bot.domain.audit import Actor, AuditAction, AuditEntry, Change
from bot.domain.model import Model, ModelState, folded
from bot.errors import ArenaError
from bot.i18n import N_
from bot.storage import audit_log, draws, models

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable

    from bot.arena.models.factory import ModelFactory
    from bot.arena.models.roster import Entry, GuildRoster, Roster
    from bot.arena.models.source import ModelSource
    from bot.config import Limits, OwnModel
    from bot.storage.database import Connection, Database

NO_OWN_MODELS = N_(
    "The operator of this bot allows servers no models of their own. They can with models_per_server under"
    " [limits] in config.toml."
)
NO_KEYS = N_(
    "This bot cannot keep API keys: its operator has set no ARENA_SECRET_KEYS (arena-bot new-key prints one)."
    " Models without a key can be added."
)


class Models:
    def __init__(
        self,
        database: Database,
        roster: Roster,
        factory: ModelFactory,
        limits: Limits,
        clock: Callable[[], float],
    ) -> None:
        self._database = database
        self._roster = roster
        self._factory = factory
        self._limits = limits
        self._clock = clock

    async def find(self, guild_id: int, name: str, *, moderator: bool) -> Entry:
        """Return the model of that name; who is no moderator cannot find a masked one by its true name."""
        return _named(name, await self._roster.of(guild_id), moderator=moderator)

    def form(self, model: Model) -> ModelForm:
        """Return a model that moderators brought as what they entered, to be changed."""
        if not model.is_own:
            raise ArenaError(
                N_("{name} is the operator's. It can only be switched off here."),
                name=model.shown,
            )
        settings = read_settings(model)
        return ModelForm(model.guild_id, settings, self._factory.credentials(model), model.model_id)

    async def admit(self, actor: Actor, form: ModelForm) -> AuditEntry:
        """Store what a candidate holds: a new model, or the changes to one that is there."""
        await self.check(form)
        settings = msgspec.json.encode(form.settings).decode()
        credentials = msgspec.json.encode(form.credentials).decode()
        sealed = self._factory.keyring.seal(credentials) if form.credentials else None
        async with self._database.write() as connection:
            known = await models.of_guild(connection, actor.guild_id)
            self._refuse_namesake(form.settings.name, known, besides=form.model_id)
            if form.model_id is None:
                self._refuse_surplus(known)
                await models.ensure_guild(connection, actor.guild_id, self._clock())
                new = Model(0, actor.guild_id, form.settings.name, settings=settings, sealed=sealed)
                new = replace(new, model_id=await models.add(connection, new, self._clock()))
                return await self._note(connection, actor, AuditAction.ADDED, new)
            before = _one(known, form.model_id)
            after = replace(before, name=form.settings.name, settings=settings, sealed=sealed)
            changes = _changes(before, after, form.settings)
            return await self._save(connection, actor, AuditAction.EDITED, after, changes)

    async def set_state(self, actor: Actor, model: Model, state: ModelState) -> AuditEntry:
        """Let a model fight, switch it off, or retire it."""
        if state is ModelState.RETIRED and not model.is_own:
            raise ArenaError(
                N_("{name} is the operator's. It can only be switched off here."),
                name=model.shown,
            )
        action = {
            ModelState.ENABLED: AuditAction.ENABLED,
            ModelState.DISABLED: AuditAction.DISABLED,
            ModelState.RETIRED: AuditAction.RETIRED,
        }[state]
        async with self._changing(actor, model) as (connection, known, before):
            if before.state is state:
                raise ArenaError(N_("Nothing to do: that is how {name} is already."), name=before.shown)
            if before.state is ModelState.RETIRED and before.is_own:
                self._refuse_surplus(known)
            return await self._save(connection, actor, action, replace(before, state=state))

    async def remove(self, actor: Actor, model: Model) -> AuditEntry:
        """Delete a model that never fought, with its credentials."""
        if not model.is_own:
            raise ArenaError(
                N_("{name} is the operator's. It can only be switched off here."),
                name=model.shown,
            )
        async with self._changing(actor, model) as (connection, _, before):
            if not await models.has_history(connection, model.model_id):
                await _refuse_during_battles(connection, actor.guild_id)
            if await _has_fought(connection, model.model_id):
                raise ArenaError(
                    N_("{name} has fought, so its history is kept. Retiring takes it out of battles."),
                    name=model.shown,
                )
            await draws.forget(connection, model.model_id)
            await models.remove(connection, model.model_id)
            entry = await self._note(connection, actor, AuditAction.REMOVED, before)
        await self._roster.forget(model.model_id)
        return entry

    async def set_family(self, actor: Actor, model: Model, family: str | None) -> AuditEntry:
        """Mark a model as a variant of others, which it will not meet; `None` ends that."""
        family = " ".join((family or "").split()) or None
        if family and (len(family) > NAME_LIMIT or not family.isprintable()):
            raise ArenaError(N_("A family's name has {most} characters at most."), most=NAME_LIMIT)
        async with self._changing(actor, model) as (connection, _, before):
            if family == before.family:
                raise ArenaError(N_("Nothing to do: that is how {name} is already."), name=before.shown)
            changes = [Change("family", before.family, family)]
            after = replace(before, family=family)
            return await self._save(connection, actor, AuditAction.FAMILY, after, changes)

    async def mask(self, actor: Actor, model: Model, code_name: str) -> AuditEntry:
        """Let a model fight, be revealed and be ranked under a code name."""
        code_name = " ".join(code_name.split())
        if not 1 <= len(code_name) <= NAME_LIMIT or not code_name.isprintable():
            raise ArenaError(N_("A code name has 1 to {most} characters."), most=NAME_LIMIT)
        async with self._changing(actor, model) as (connection, known, before):
            self._refuse_namesake(code_name, known, besides=before.model_id)
            if folded(code_name) == folded(before.name):
                raise ArenaError(N_("A code name must differ from the true name."))
            changes = [Change("code_name", before.code_name, code_name)]
            after = replace(before, code_name=code_name)
            return await self._save(connection, actor, AuditAction.MASKED, after, changes)

    async def unmask(self, actor: Actor, model: Model) -> AuditEntry:
        """End a model's masquerade; its history goes on under its true name."""
        async with self._changing(actor, model) as (connection, _, before):
            if before.code_name is None:
                raise ArenaError(N_("{name} fights under its true name already."), name=before.name)
            changes = [Change("code_name", before.code_name, None)]
            after = replace(before, code_name=None)
            return await self._save(connection, actor, AuditAction.UNMASKED, after, changes)

    def check_allowed(self) -> None:
        """Refuse at once where no server may have models of its own."""
        if not self._limits.models_per_server:
            raise ArenaError(NO_OWN_MODELS)

    async def obstacle(self, guild_id: int) -> ArenaError | None:
        """Return why a server can add no model, where that is so."""
        try:
            await self._checked(guild_id, Credentials(), is_new=True)
        except ArenaError as refusal:
            return refusal
        return None

    @property
    def can_keep_keys(self) -> bool:
        return self._factory.keyring.can_seal

    async def check(self, form: ModelForm) -> None:
        """Refuse a candidate that could not be stored."""
        known = await self._checked(form.guild_id, form.credentials, is_new=form.model_id is None)
        self._refuse_namesake(form.settings.name, known, besides=form.model_id)

    async def check_source(self, source: ModelSource) -> None:
        """Refuse a place of which no model could be stored."""
        await self._checked(source.guild_id, source.credentials, is_new=source.is_new)

    async def _checked(self, guild_id: int, credentials: Credentials, *, is_new: bool) -> list[Model]:
        if credentials and not self.can_keep_keys:
            raise ArenaError(NO_KEYS)
        # The roster knows the operator's models too, where none of them has fought here yet.
        known = [entry.model for entry in await self._roster.of(guild_id)]
        if is_new:
            self._refuse_surplus(known)
        return known

    def _refuse_surplus(self, known: Iterable[Model]) -> None:
        """Refuse one model more where a server has all that it may."""
        self.check_allowed()
        count = sum(model.is_own and model.state is not ModelState.RETIRED for model in known)
        if count >= self._limits.models_per_server:
            raise ArenaError(
                N_(
                    "The limit of models that this server may bring ({count}) is reached. Retire or remove"
                    " one first."
                ),
                count=count,
            )

    def _refuse_namesake(self, name: str, known: Iterable[Model], *, besides: int | None) -> None:
        taken = {
            folded(each) for model in known if model.model_id != besides for each in (model.name, model.shown)
        }
        if folded(name) in taken:
            raise ArenaError(N_("Another model of this server is named {name} already."), name=name)

    @asynccontextmanager
    async def _changing(
        self, actor: Actor, model: Model
    ) -> AsyncGenerator[tuple[Connection, list[Model], Model]]:
        """Begin a transaction; yields the server's models and this one as they are by now."""
        async with self._database.write() as connection:
            known = await models.of_guild(connection, actor.guild_id)
            yield connection, known, _one(known, model.model_id)

    async def _save(
        self,
        connection: Connection,
        actor: Actor,
        action: AuditAction,
        after: Model,
        changes: Iterable[Change] = (),
    ) -> AuditEntry:
        await models.save(connection, after)
        return await self._note(connection, actor, action, after, changes)

    async def _note(
        self,
        connection: Connection,
        actor: Actor,
        action: AuditAction,
        model: Model,
        changes: Iterable[Change] = (),
    ) -> AuditEntry:
        entry = AuditEntry(
            guild_id=actor.guild_id,
            at=self._clock(),
            actor_id=actor.user_id,
            action=action,
            model_id=model.model_id,
            name=model.name,
            shown_as=model.shown,
            changes=tuple(changes),
        )
        await audit_log.add(connection, entry)
        self._roster.outdate(actor.guild_id)
        return entry


def _named(name: str, roster: GuildRoster, *, moderator: bool) -> Entry:
    wanted = name.strip().casefold()
    for entry in roster:
        known = {entry.model.shown, entry.model.name} if moderator else {entry.model.shown}
        if wanted in {each.casefold() for each in known}:
            return entry
    raise ArenaError(N_("This server has no model named {name}."), name=name)


async def _refuse_during_battles(connection: Connection, guild_id: int) -> None:
    """Whether a model can go that never fought before would tell who is in an open battle."""
    here, _ = await models.since_undecided(connection, guild_id)
    if here is not None:
        raise ArenaError(
            N_("A battle is open on this server. Models can be removed as soon as all of them are decided.")
        )


async def _has_fought(connection: Connection, model_id: int) -> bool:
    return await models.has_fought(connection, model_id) or await draws.has_been_drawn(connection, model_id)


def _one(known: Iterable[Model], model_id: int) -> Model:
    for model in known:
        if model.model_id == model_id:
            return model
    raise ArenaError(N_("This model was removed in the meantime."))


def _changes(before: Model, after: Model, settings: OwnModel) -> list[Change]:
    old = msgspec.json.decode(before.settings or "{}", type=dict[str, object])
    new: dict[str, object] = msgspec.to_builtins(settings)
    changed = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    changes = [Change(name, _brief(old.get(name)), _brief(new.get(name))) for name in changed]
    return [*changes, Change("credentials", None, None)] if before.sealed != after.sealed else changes


def _brief(value: object) -> str | None:
    return None if value is None else str(value)[:NAME_LIMIT]
