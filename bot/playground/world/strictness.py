"""The points in which the stand-in is as strict as Discord, and the switches that make it kinder."""

from __future__ import annotations

from dataclasses import dataclass

from bot.playground.errors import DiscordError, Refusal

BAD_REQUEST = 400


@dataclass(slots=True)
class Strictness:
    """Switches, all on from the start. Where sources differ, on means the stricter of them.

    `statuses` refuses the 21st kind of reaction, and what an archived thread does not take, with 403;
    `threads` has them archive themselves, be private and be locked; `files` has an edit name those that its
    media show, and leaves what is shown out of the attachments; `late_edits` counts edits of hour-old
    messages by an interaction's token, too; `tokens` has such a token find a message that it has not made
    under `@original` alone; `limits` are those of nonces, autocompletion, selects and galleries;
    `white_space` takes a text of nothing else for no text.
    """

    statuses: bool = True
    threads: bool = True
    files: bool = True
    late_edits: bool = True
    tokens: bool = True
    limits: bool = True
    white_space: bool = True

    def error(self, refusal: Refusal) -> DiscordError:
        """Make the error of a refusal that has been seen with 400 as well as with its own status."""
        return DiscordError(refusal, status=None if self.statuses else BAD_REQUEST)
