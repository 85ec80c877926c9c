"""What stands behind the ids that a member picked: it goes with the interaction, a bot cannot look it up."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from bot.playground.errors import PlaygroundError
from bot.playground.world import payloads, place_payloads
from bot.playground.world.effective_permissions import permissions_in
from bot.playground.world.messages.components import ComponentType
from bot.playground.world.messages.uploads import Upload, sanitised
from bot.playground.world.model import Attachment, Channel, Member, Role, User

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.playground.wire import JsonObject
    from bot.playground.world.state import WorldState

    GivenValue = str | bool | Sequence[str | Upload]

PEOPLE = frozenset({ComponentType.USER_SELECT, ComponentType.MENTIONABLE_SELECT})
ROLES = frozenset({ComponentType.ROLE_SELECT, ComponentType.MENTIONABLE_SELECT})

OptionValue: TypeAlias = str | int | float | bool | Member | User | Role | Channel | Upload
FieldValue: TypeAlias = str | bool | list[str]


class Resolved:
    """Collects objects by kind and id, as they are seen from a channel. Each method returns the id."""

    def __init__(self, state: WorldState, channel: Channel) -> None:
        self._state = state
        self._channel = channel
        self._guild = state.guild(channel.guild_id)
        self._found: dict[str, JsonObject] = {}

    def payload(self) -> JsonObject:
        return {"resolved": self._found} if self._found else {}

    def user(self, user_id: int) -> str:
        member = self._guild.members.get(user_id)
        if member is not None:
            allowed = permissions_in(self._guild, member, self._channel)
            shape = payloads.member(member, with_user=False) | {"permissions": str(int(allowed))}
            self._add("members", user_id, shape)
        return self._add("users", user_id, payloads.user(self._state.user(user_id)))

    def role(self, role: Role) -> str:
        return self._add("roles", role.id, payloads.role(role))

    def channel(self, channel: Channel) -> str:
        allowed = permissions_in(self._guild, self._guild.members[self._state.bot.id], channel)
        return self._add("channels", channel.id, place_payloads.interaction_channel(channel, allowed))

    def file(self, upload: Upload) -> str:
        made = Attachment(
            id=self._state.snowflakes.next(),
            channel_id=self._channel.id,
            filename=sanitised(upload.filename),
            content_type=upload.content_type,
            content=upload.content,
            ephemeral=True,
        )
        self._state.attachments[made.id] = made
        return self._add("attachments", made.id, payloads.attachment(made, self._state.base_url))

    def picked(self, kind: int, key: str) -> str:
        """Note what was picked in a select of this kind. Raises PlaygroundError where nothing is there."""
        number = int(key) if key.isdecimal() else 0
        if kind in ROLES and number in self._guild.roles:
            return self.role(self._guild.roles[number])
        if kind in PEOPLE and number in self._guild.members:
            return self.user(number)
        if kind == ComponentType.CHANNEL_SELECT and number in self._guild.channels:
            return self.channel(self._guild.channels[number])
        if kind in PEOPLE | ROLES | {ComponentType.CHANNEL_SELECT}:
            raise PlaygroundError(f"There is nothing to pick with the id {key}.")
        return key

    def value(self, kind: int, given: GivenValue) -> FieldValue:
        """Return what a modal's field holds as the bot gets it: of files and of what was picked the ids."""
        if isinstance(given, str | bool):
            return given
        return [self.file(each) if isinstance(each, Upload) else self.picked(kind, each) for each in given]

    def _add(self, kind: str, key: int, payload: JsonObject) -> str:
        self._found.setdefault(kind, {})[str(key)] = payload
        return str(key)
