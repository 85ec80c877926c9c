"""The files of a message and the media that name them, while a body is applied to it."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from msgspec import UNSET

from bot.playground.world.messages.components import media, pictures, placed_media
from bot.playground.world.messages.uploads import sanitised
from bot.playground.world.model import Attachment
from bot.playground.world.payloads import attachment as attachment_payload

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msgspec import UnsetType

    from bot.playground.errors import FormErrors
    from bot.playground.wire import JsonObject
    from bot.playground.world.messages.components import Component, Embed
    from bot.playground.world.messages.uploads import AttachmentReference, Upload
    from bot.playground.world.model import Message
    from bot.playground.world.state import WorldState

SCHEME = "attachment://"


class BodyUse(Enum):
    """What a body is for: a new message, an edit, or the answer to a press, which is an edit as well."""

    CREATE = auto()
    EDIT = auto()
    UPDATE = auto()


class MessageFiles:
    """The files that a message keeps and gets, and the names by which its media can refer to them.

    In an edit these are the names in the request itself, of a file that stays with its id; an upload that it
    does not name is not taken (reference, Editing Message Attachments; discord/discord-api-docs#7529). Files
    stay where `attachments` is left out, but not beside new uploads (discord/discord-api-docs#5170) and not
    when a press is answered with UPDATE_MESSAGE (discord/discord-api-docs#6277, serenity-rs/serenity#3068).
    """

    def __init__(
        self,
        state: WorldState,
        message: Message,
        references: list[AttachmentReference] | UnsetType | None,
        uploads: Sequence[Upload],
        use: BodyUse,
    ) -> None:
        self._state = state
        self._message = message
        self._references = {str(each.id): each for each in references or []}
        self._is_listed = references is not UNSET
        self._is_strict = state.strict.files and use is not BodyUse.CREATE
        kept = self._kept(drop=self._is_strict and (bool(uploads) or use is BodyUse.UPDATE))
        added = [self._added(upload) for upload in uploads if self._takes(upload)]
        self.attachments = kept + added
        self._named = {each.filename: each for each in (*filter(self._is_named, kept), *added)}

    def check(self, embeds: Sequence[Embed], components: Sequence[Component], errors: FormErrors) -> None:
        """Complain of media that name a file which is not there."""
        placed = [(("embeds",), each) for each in pictures(embeds)]
        for path, each in (*placed, *placed_media(components)):
            name = _attached_name(each)
            if name is not None and name not in self._named:
                text = f"The referenced attachment was not found: {each['url']}"
                errors.add(path, "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", text)

    def resolve(self, embeds: Sequence[Embed], components: Sequence[Component], *, fresh: bool) -> None:
        """Give the media the addresses of the files that they name; fresh ones say nothing but their own."""
        for each in media(components):
            for answer in each.keys() - {"url"} if fresh and self._state.strict.files else ():
                del each[answer]
            found = self._named.get(_attached_name(each) or "")
            each.setdefault("id", str(self._state.snowflakes.next()))
            if found is not None:
                each |= {"attachment_id": str(found.id), "content_type": found.content_type}
        for each in (*pictures(embeds), *media(components)):
            found = self._named.get(_attached_name(each) or "")
            if found is not None:
                each["url"] = attachment_payload(found, self._state.base_url)["url"]
            each["proxy_url"] = each.get("url")

    def _kept(self, *, drop: bool) -> list[Attachment]:
        if self._is_listed:
            return [each for each in self._message.attachments if str(each.id) in self._references]
        return [] if drop else list(self._message.attachments)

    def _takes(self, upload: Upload) -> bool:
        return not self._is_strict or str(upload.index) in self._references

    def _is_named(self, kept: Attachment) -> bool:
        if not self._is_strict:
            return True
        reference = self._references.get(str(kept.id))
        return reference is not None and sanitised(reference.filename or "") == kept.filename

    def _added(self, upload: Upload) -> Attachment:
        about = self._references.get(str(upload.index))
        return Attachment(
            id=self._state.snowflakes.next(),
            channel_id=self._message.channel_id,
            filename=sanitised((about and about.filename) or upload.filename),
            content_type=upload.kind,
            content=upload.content,
            description=(about and about.description) or None,
            ephemeral=self._message.ephemeral,
        )


def _attached_name(item: JsonObject) -> str | None:
    url = item.get("url")
    return url.removeprefix(SCHEME) if isinstance(url, str) and url.startswith(SCHEME) else None
