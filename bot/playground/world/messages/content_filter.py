"""The filter of links and images that all messages pass, and the AutoMod that only members pass."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.playground.errors import DiscordError, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.playground.world.messages.uploads import Upload
    from bot.playground.world.model import User

LINK = re.compile(r"https?://([^\s/<>\"')\]:]+)", re.IGNORECASE)


class ContentFilter:
    """Refuses what Discord would take for harmful or explicit, by whomever and in whatever way it is sent.

    What it takes for that is a matter of these fields: hosts, whole contents of images, or simply every one.
    Links are judged for everybody, everywhere (discord/discord-api-docs#5328), images with status 400
    (discord-userdoccers, resources/message). `blocked_words` is what AutoMod blocks; "all bot alerts and
    messages will be exempt", as its FAQ has it.
    """

    def __init__(self) -> None:
        self.harmful_hosts = {"harmful.example"}
        self.explicit_images: set[bytes] = set()
        self.blocked_words: set[str] = set()
        self.every_link = False
        self.every_image = False

    def check(self, author: User, texts: Iterable[str], uploads: Sequence[Upload]) -> None:
        """Raise DiscordError for the first thing that would be blocked."""
        text = "\n".join(texts)
        if any(self.every_link or host.lower() in self.harmful_hosts for host in LINK.findall(text)):
            raise DiscordError(Refusal.HARMFUL_LINK)
        if any(self._is_explicit(upload) for upload in uploads):
            raise DiscordError(Refusal.EXPLICIT_CONTENT)
        if not author.bot and any(word in text.lower() for word in self.blocked_words):
            raise DiscordError(Refusal.AUTOMOD)

    def _is_explicit(self, upload: Upload) -> bool:
        is_image = upload.kind.startswith("image/")
        return upload.content in self.explicit_images or (self.every_image and is_image)
