"""A message body on its way to being a message."""

import re
from collections.abc import Iterator, Sequence

import msgspec
from msgspec import UNSET, UnsetType

from bot.playground.errors import DiscordError, FormErrors, Refusal
from bot.playground.wire import JsonObject
from bot.playground.world.effective_permissions import permissions_in
from bot.playground.world.interactions.form_limits import check_limits, check_white_space, is_blank_embed
from bot.playground.world.messages.components import (
    Component,
    Embed,
    assign_ids,
    fill_in,
    texts,
    walk,
)
from bot.playground.world.messages.files import BodyUse, MessageFiles
from bot.playground.world.messages.uploads import AttachmentReference, Upload
from bot.playground.world.model import COMPONENTS_V2, SUPPRESS_NOTIFICATIONS, Message
from bot.playground.world.permissions import Permission
from bot.playground.world.state import WorldState
from bot.playground.world.validation import CONTENT_LIMIT, check_components, check_embeds, embed_texts

SUPPRESS_EMBEDS = 1 << 2
REPLY = 19
MAX_ATTACHMENTS = 10
NONCE_LIMIT = 25
ATTACHMENT_SIZE_LIMIT = 10 * 1024 * 1024
SETTABLE_FLAGS = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2
MENTION = re.compile(r"<@!?(\d{15,20})>")
EVERYONE = re.compile(r"@(?:everyone|here)\b")


class AllowedMentions(msgspec.Struct, kw_only=True):
    """Whom a message may notify; like discord.py's, ids may be numbers."""

    parse: list[str] | UnsetType = UNSET
    users: list[int | str] | UnsetType = UNSET
    roles: list[int | str] | UnsetType = UNSET
    replied_user: bool = False


class MessageReference(msgspec.Struct, kw_only=True):
    """The message that is replied to."""

    message_id: int | str = 0
    fail_if_not_exists: bool = True


class MessageBody(msgspec.Struct, kw_only=True):
    """What a bot sends to make or to change a message."""

    content: str | UnsetType | None = UNSET
    embeds: list[Embed] | UnsetType | None = UNSET
    components: list[Component] | UnsetType | None = UNSET
    attachments: list[AttachmentReference] | UnsetType | None = UNSET
    allowed_mentions: AllowedMentions | UnsetType | None = UNSET
    message_reference: MessageReference | UnsetType | None = UNSET
    flags: int | UnsetType | None = UNSET
    nonce: str | int | UnsetType | None = UNSET
    enforce_nonce: bool | None = False


class MessageDraft:
    """What a message will be once a body is applied to it: what the body leaves out stays."""

    def __init__(
        self,
        state: WorldState,
        message: Message,
        body: MessageBody,
        uploads: Sequence[Upload],
        use: BodyUse,
    ) -> None:
        self._state = state
        self._message = message
        self._body = body
        self._uploads = uploads
        self.content = message.content if body.content is UNSET else (body.content or "").strip()
        self.embeds = message.embeds if body.embeds is UNSET else body.embeds or []
        self.components = message.components if body.components is UNSET else body.components or []
        self.flags = self._new_flags()
        self._files = MessageFiles(state, message, body.attachments, uploads, use)
        self.attachments = self._files.attachments

    def check(self) -> None:
        """Raise DiscordError where Discord would refuse the message."""
        if sum(len(each.content) for each in self._uploads) > ATTACHMENT_SIZE_LIMIT:
            raise DiscordError(Refusal.TOO_LARGE)
        errors = FormErrors()
        v2 = bool(self.flags & COMPONENTS_V2)
        if v2:
            self._check_legacy_fields(errors)
        errors.length(("content",), self.content, 0, CONTENT_LIMIT)
        if len(self.attachments) > MAX_ATTACHMENTS:
            text = f"Must be {MAX_ATTACHMENTS} or fewer in length."
            errors.add(("attachments",), "BASE_TYPE_MAX_LENGTH", text)
        self._check_reference(errors)
        check_embeds(self.embeds, errors)
        check_components(self.components, errors, v2=v2)
        self._files.check(self.embeds, self.components, errors)
        self._check_strictly(errors)
        errors.raise_if_any()
        embeds = self.embeds
        if self._state.strict.white_space:
            embeds = [each for each in embeds if not is_blank_embed(each)]
        if not (self.content or embeds or self.components or self.attachments):
            raise DiscordError(Refusal.EMPTY_MESSAGE)
        self._state.filter.check(self._message.author, self._said(), self._uploads)

    def apply(self) -> None:
        message = self._message
        assign_ids(self.components)
        fill_in(self.components)
        for gone in set(message.attachments).difference(self.attachments):
            self._state.attachments.pop(gone.id, None)
        message.attachments = self.attachments
        message.content = self.content
        message.embeds = self.embeds
        message.components = self.components
        message.flags = self.flags
        if isinstance(self._body.nonce, str | int):
            message.nonce = self._body.nonce
        if (answered := self._answered()) is not None:
            message.reference = {"type": 0, **self._place(), "message_id": str(answered)}
            message.kind = REPLY
        self._state.attachments |= {each.id: each for each in self.attachments}
        self._files.resolve(self.embeds, self.components, fresh=self._body.components is not UNSET)
        self._mention()

    def _check_strictly(self, errors: FormErrors) -> None:
        if self._state.strict.limits:
            nonce = self._body.nonce
            errors.length(("nonce",), nonce if isinstance(nonce, str) else None, 0, NONCE_LIMIT)
            check_limits(self.components, errors)
        if self._state.strict.white_space:
            check_white_space(self.embeds, self.components, errors)

    def _said(self) -> Iterator[str]:
        """Yield every text and every link that a member would see."""
        yield self.content
        yield from texts(self.components)
        yield from (each.url for each in walk(self.components) if each.url)
        for embed in self.embeds:
            yield from embed_texts(embed)
            yield embed.url or ""

    def _new_flags(self) -> int:
        """Components V2, once on, stays on."""
        old, wanted = self._message.flags, self._body.flags
        if not isinstance(wanted, int):
            return old
        return old & ~SETTABLE_FLAGS | old & COMPONENTS_V2 | wanted & SETTABLE_FLAGS

    def _place(self) -> JsonObject:
        return {"channel_id": str(self._message.channel_id), "guild_id": str(self._message.guild_id)}

    def _check_legacy_fields(self, errors: FormErrors) -> None:
        for name, value in (("content", self.content), ("embeds", self.embeds)):
            if value:
                errors.add(
                    (name,),
                    "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                    f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
                )

    def _answered(self) -> int | None:
        """Find the id of the message that this one replies to, if it is still there."""
        reference = self._body.message_reference or MessageReference()
        known = self._state.channel(self._message.channel_id).messages
        return int(reference.message_id) if int(reference.message_id) in known else None

    def _check_reference(self, errors: FormErrors) -> None:
        reference = self._body.message_reference
        if reference and reference.fail_if_not_exists and self._answered() is None:
            errors.add(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")

    def _mention(self) -> None:
        allowed = self._body.allowed_mentions or AllowedMentions(parse=["users", "roles", "everyone"])
        text = "\n".join((self.content, *texts(self.components)))
        parse = allowed.parse or []
        named = {int(found) for found in MENTION.findall(text)} & self._state.users.keys()
        if "users" not in parse:
            named &= {int(user_id) for user_id in allowed.users or []}
        message = self._message
        message.mention_ids = sorted(named)
        message.mention_everyone = (
            "everyone" in parse and bool(EVERYONE.search(text)) and self._may_mention_everyone()
        )

    def _may_mention_everyone(self) -> bool:
        guild = self._state.guild(self._message.guild_id)
        author = guild.members.get(self._message.author.id)
        if author is None:
            return False
        channel = self._state.channel(self._message.channel_id)
        return Permission.MENTION_EVERYONE in permissions_in(guild, author, channel)
