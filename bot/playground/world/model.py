"""The things that live in the stand-in's Discord."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.playground.wire import JsonObject  # noqa: TC001 - a saved world is read by these annotations
from bot.playground.world.messages.components import Component, Embed, attachment_ids, texts
from bot.playground.world.permissions import NOTHING, Permission

TEXT_CHANNEL = 0
PUBLIC_THREAD = 11
PRIVATE_THREAD = 12

HAS_THREAD = 1 << 5
EPHEMERAL = 1 << 6
LOADING = 1 << 7
SUPPRESS_NOTIFICATIONS = 1 << 12
COMPONENTS_V2 = 1 << 15


@dataclass(slots=True, eq=False)
class User:
    """An account, the same in every guild."""

    id: int
    name: str
    bot: bool = False


@dataclass(slots=True, eq=False)
class Role:
    """A role of a guild; the one with the guild's id is @everyone, one with a bot's id came with that bot."""

    id: int
    guild_id: int
    name: str
    permissions: Permission
    position: int = 1
    bot_id: int | None = None


@dataclass(slots=True, frozen=True)
class Overwrite:
    """What a channel allows and denies to one role or one member."""

    target_id: int
    is_member: bool
    allow: Permission = NOTHING
    deny: Permission = NOTHING


@dataclass(slots=True, eq=False)
class Member:
    """A user in a guild."""

    user: User
    guild_id: int
    joined_at: float
    role_ids: list[int] = field(default_factory=list[int])
    nick: str | None = None
    locale: str = "en-US"

    @property
    def id(self) -> int:
        return self.user.id


@dataclass(slots=True, eq=False)
class Channel:
    """A text channel, or a thread in one. `thread_members` says since when each is in it."""

    id: int
    guild_id: int
    name: str
    kind: int = TEXT_CHANNEL
    parent_id: int | None = None
    position: int = 0
    overwrites: dict[int, Overwrite] = field(default_factory=dict[int, Overwrite])
    messages: dict[int, Message] = field(default_factory=dict[int, "Message"])
    last_message_id: int | None = None
    archived: bool = False
    created_at: float = 0.0
    owner_id: int = 0
    late_edits: list[float] = field(default_factory=list[float])
    locked: bool = False
    thread_members: dict[int, float] = field(default_factory=dict[int, float])
    auto_archive_minutes: int = 1440
    active_at: float = 0.0
    archived_at: float = 0.0

    @property
    def is_thread(self) -> bool:
        return self.kind in (PUBLIC_THREAD, PRIVATE_THREAD)

    @property
    def is_private(self) -> bool:
        return self.kind == PRIVATE_THREAD


@dataclass(slots=True, eq=False)
class Guild:
    """A server. Its members are people and bots; roles and channels are kept by id.

    `locale` is what its members speak. Discord knows of it only where the server is a Community.
    """

    id: int
    name: str
    owner_id: int
    created_at: float
    locale: str = "en-US"
    roles: dict[int, Role] = field(default_factory=dict[int, Role])
    channels: dict[int, Channel] = field(default_factory=dict[int, Channel])
    members: dict[int, Member] = field(default_factory=dict[int, Member])
    emojis: dict[int, Emoji] = field(default_factory=dict[int, "Emoji"])
    community: bool = True

    @property
    def preferred_locale(self) -> str:
        return self.locale if self.community else "en-US"

    @property
    def features(self) -> list[str]:
        return ["COMMUNITY"] if self.community else []


@dataclass(slots=True, frozen=True)
class Emoji:
    """A Unicode emoji by name, or a guild's own by id as well."""

    name: str
    id: int | None = None

    @property
    def key(self) -> str:
        """What two spellings of one emoji have in common: Discord ignores the variation selector."""
        return str(self.id) if self.id else self.name.replace("\N{VARIATION SELECTOR-16}", "")


@dataclass(slots=True, eq=False)
class Reaction:
    """One emoji under a message and the people behind it, in order of arrival; `bursts` reacted super."""

    emoji: Emoji
    users: dict[int, None] = field(default_factory=dict[int, None])
    bursts: dict[int, None] = field(default_factory=dict[int, None])

    def of_kind(self, *, burst: bool) -> dict[int, None]:
        return self.bursts if burst else self.users


@dataclass(slots=True, eq=False)
class Attachment:
    """A file of a message, kept in memory."""

    id: int
    channel_id: int
    filename: str
    content_type: str
    content: bytes
    description: str | None = None
    ephemeral: bool = False


@dataclass(slots=True, eq=False)
class Message:
    """A message as the channel shows it now. `answers_id` is the user whose interaction it answers."""

    id: int
    channel_id: int
    guild_id: int
    author: User
    created_at: float
    content: str = ""
    kind: int = 0
    flags: int = 0
    embeds: list[Embed] = field(default_factory=list[Embed])
    components: list[Component] = field(default_factory=list[Component])
    attachments: list[Attachment] = field(default_factory=list[Attachment])
    reactions: dict[str, Reaction] = field(default_factory=dict[str, Reaction])
    mention_ids: list[int] = field(default_factory=list[int])
    mention_everyone: bool = False
    edited_at: float | None = None
    is_webhook: bool = False
    reference: JsonObject | None = None
    interaction: JsonObject | None = None
    answers_id: int | None = None
    nonce: str | int | None = None

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def listed_attachments(self) -> list[Attachment]:
        """The files that nothing else in the message shows."""
        shown = attachment_ids(self.embeds, self.components)
        return [each for each in self.attachments if each.id not in shown]

    @property
    def is_v2(self) -> bool:
        return bool(self.flags & COMPONENTS_V2)

    @property
    def loading(self) -> bool:
        """Whether it only says that the bot is thinking."""
        return bool(self.flags & LOADING)

    @property
    def text(self) -> str:
        """All that it says, in reading order: content, embeds and text displays."""
        parts = [self.content, *texts(self.components)]
        for embed in self.embeds:
            parts += [embed.title, embed.description]
            parts += [f"{field.name}\n{field.value}" for field in embed.fields or []]
        return "\n".join(part for part in parts if part)
