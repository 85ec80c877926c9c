"""What moderators do with their server's models. Every change is audited in the transaction that makes it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from bot.arena.models.credentials import read_settings
from bot.arena.models.form import ModelForm
from bot.arena.models.probe import attempt
from bot.domain.audit import Actor, AuditAction, AuditEntry, Change
from bot.domain.model import Model, ModelState, folded
from bot.errors import ArenaError
from bot.i18n import N_
from bot.storage import audit_log, draws, models

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from bot.arena.models.factory import ModelFactory
    from bot.arena.models.probe import Probe, ProbeFailure
    from bot.arena.models.roster import Entry, GuildRoster, Roster
    from bot.config import Limits, OwnModel
    from bot.storage.database import Connection, Database

NAME_LIMIT = 80


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
        self._testing = set[int]()

    @contextmanager
    def testing(self, guild_id: int) -> Generator[None]:
        """Keep a server, whose models are being asked in this block, from asking them once more meanwhile."""
        if guild_id in self._testing:
            raise ArenaError(
                N_("Models of this server are being tested already. Please wait until that is done.")
            )
        self._testing.add(guild_id)
        try:
            yield
        finally:
            self._testing.discard(guild_id)

    async def find(self, guild_id: int, name: str, *, moderator: bool) -> Entry:
        """Return the model of that name; who is no moderator cannot find a masked one by its true name."""
        return _named(name, await self._roster.of(guild_id), moderator=moderator)

    def find_known(self, guild_id: int, name: str) -> Entry | None:
        """Return the model of that name for a moderator; `None` where this can only be looked up."""
        roster = self._roster.known(guild_id)
        return roster and _named(name, roster, moderator=True)

    def form(self, model: Model) -> ModelForm:
        """Return a model that moderators brought as what they entered, to be changed."""
        if not model.is_own:
            raise ArenaError(
                N_("{name} is the operator's. It can be switched off here with /models disable."),
                name=model.shown,
            )
        settings = read_settings(model)
        return ModelForm(model.guild_id, settings, self._factory.credentials(model), model.model_id)

    async def probe_form(self, form: ModelForm) -> Probe | ProbeFailure:
        """Ask the model one short question; nothing is stored."""
        await self._check(form)
        backend = self._factory.own_backend(form.settings, form.credentials, form.guild_id)
        return await attempt(backend, image_bytes=self._image_bytes(form.settings.accepts_images))

    async def try_entry(self, entry: Entry) -> Probe | ProbeFailure:
        """Ask a model of the server one short question; one that is benched is back when it answers."""
        if entry.competitor is None:
            self._factory.credentials(entry.model)  # says why it cannot be built
            raise ArenaError(N_("{name} is not offered any more."), name=entry.model.shown)
        return await attempt(
            entry.competitor.backend,
            image_bytes=self._image_bytes(entry.accepts_images),
            guild_id=entry.model.guild_id,
        )

    def _image_bytes(self, accepts_images: bool) -> int | None:  # noqa: FBT001 - a setting
        return self._limits.max_image_bytes if accepts_images else None

    async def admit(self, actor: Actor, form: ModelForm) -> AuditEntry:
        """Store what a candidate holds: a new model, or the changes to one that is there."""
        await self._check(form)
        settings = msgspec.json.encode(form.settings).decode()
        credentials = msgspec.json.encode(form.credentials).decode()
        sealed = self._factory.keyring.seal(credentials) if form.credentials else None
        async with self._database.write() as connection:
            known = await models.of_guild(connection, actor.guild_id)
            self._refuse_namesake(form.settings.name, known, besides=form.model_id)
            if form.model_id is None:
                await models.ensure_guild(connection, actor.guild_id, self._clock())
                new = Model(0, actor.guild_id, form.settings.name, settings=settings, sealed=sealed)
                new = replace(new, model_id=await models.add(connection, new, self._clock()))
                return await self._note(connection, actor, AuditAction.ADDED, new)
            before = _one(known, form.model_id)
            after = replace(before, name=form.settings.name, settings=settings, sealed=sealed)
            await models.save(connection, after)
            changes = _changes(before, after, form.settings)
            return await self._note(connection, actor, AuditAction.EDITED, after, changes)

    async def set_state(self, actor: Actor, model: Model, state: ModelState) -> AuditEntry:
        """Let a model fight, switch it off, or retire it."""
        if state is ModelState.RETIRED and not model.is_own:
            raise ArenaError(
                N_("{name} is the operator's. It can be switched off here with /models disable."),
                name=model.shown,
            )
        if model.state is state:
            raise ArenaError(N_("Nothing to do: that is how {name} is already."), name=model.shown)
        if model.state is ModelState.RETIRED and model.is_own:
            await self._refuse_surplus(model.guild_id)
        action = {
            ModelState.ENABLED: AuditAction.ENABLED,
            ModelState.DISABLED: AuditAction.DISABLED,
            ModelState.RETIRED: AuditAction.RETIRED,
        }[state]
        return await self._save(actor, replace(model, state=state), action)

    async def remove(self, actor: Actor, model: Model) -> AuditEntry:
        """Delete a model that never fought, with its credentials."""
        if not model.is_own:
            raise ArenaError(
                N_("{name} is the operator's. It can be switched off here with /models disable."),
                name=model.shown,
            )
        async with self._database.write() as connection:
            if not await models.has_history(connection, model.model_id):
                await _refuse_during_battles(connection, actor.guild_id)
            if await _has_fought(connection, model.model_id):
                raise ArenaError(
                    N_("{name} has fought, so its history is kept. /models retire takes it out of battles."),
                    name=model.shown,
                )
            await draws.forget(connection, model.model_id)
            await models.remove(connection, model.model_id)
            entry = await self._note(connection, actor, AuditAction.REMOVED, model)
        await self._roster.forget(model.model_id)
        return entry

    async def set_family(self, actor: Actor, model: Model, family: str | None) -> AuditEntry:
        """Mark a model as a variant of others, which it will not meet; `None` ends that."""
        family = " ".join((family or "").split()) or None
        if family and (len(family) > NAME_LIMIT or not family.isprintable()):
            raise ArenaError(N_("A family's name has {most} characters at most."), most=NAME_LIMIT)
        if family == model.family:
            raise ArenaError(N_("Nothing to do: that is how {name} is already."), name=model.shown)
        changes = [Change("family", model.family, family)]
        return await self._save(actor, replace(model, family=family), AuditAction.FAMILY, changes)

    async def mask(self, actor: Actor, model: Model, code_name: str) -> AuditEntry:
        """Let a model fight, be revealed and be ranked under a code name."""
        code_name = " ".join(code_name.split())
        if not 1 <= len(code_name) <= NAME_LIMIT or not code_name.isprintable():
            raise ArenaError(N_("A code name has 1 to {most} characters."), most=NAME_LIMIT)
        async with self._database.write() as connection:
            known = await models.of_guild(connection, actor.guild_id)
            self._refuse_namesake(code_name, known, besides=model.model_id)
            if folded(code_name) == folded(model.name):
                raise ArenaError(N_("A code name must differ from the true name."))
            after = replace(model, code_name=code_name)
            await models.save(connection, after)
            return await self._note(
                connection,
                actor,
                AuditAction.MASKED,
                after,
                [Change("code_name", model.code_name, code_name)],
            )

    async def unmask(self, actor: Actor, model: Model) -> AuditEntry:
        """End a model's masquerade; its history goes on under its true name."""
        if model.code_name is None:
            raise ArenaError(N_("{name} fights under its true name already."), name=model.name)
        changes = [Change("code_name", model.code_name, None)]
        return await self._save(actor, replace(model, code_name=None), AuditAction.UNMASKED, changes)

    async def _check(self, form: ModelForm) -> None:
        if form.credentials and not self._factory.keyring.can_seal:
            raise ArenaError(
                N_(
                    "This bot cannot keep API keys: its operator has set no ARENA_SECRET_KEYS."
                    " Models without a key can be added."
                )
            )
        # The roster knows the operator's models too, where none of them has fought here yet.
        known = [entry.model for entry in await self._roster.of(form.guild_id)]
        self._refuse_namesake(form.settings.name, known, besides=form.model_id)
        if form.model_id is None:
            await self._refuse_surplus(form.guild_id)

    async def _refuse_surplus(self, guild_id: int) -> None:
        """Refuse one model more where a server has all that it may."""
        known = [entry.model for entry in await self._roster.of(guild_id)]
        count = sum(model.is_own and model.state is not ModelState.RETIRED for model in known)
        if count >= self._limits.models_per_server:
            raise ArenaError(
                N_(
                    "This server has as many models of its own as it may ({count})."
                    " Retire or remove one first."
                ),
                count=count,
            )

    def _refuse_namesake(self, name: str, known: Iterable[Model], *, besides: int | None) -> None:
        taken = {
            folded(each) for model in known if model.model_id != besides for each in (model.name, model.shown)
        }
        if folded(name) in taken:
            raise ArenaError(N_("Another model of this server is named {name} already."), name=name)

    async def _save(
        self, actor: Actor, model: Model, action: AuditAction, changes: Iterable[Change] = ()
    ) -> AuditEntry:
        async with self._database.write() as connection:
            await models.save(connection, model)
            return await self._note(connection, actor, action, model, changes)

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
