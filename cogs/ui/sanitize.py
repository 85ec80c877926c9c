"""Foreign text made safe to show: no mention, masked link or hidden character works in it."""

from __future__ import annotations

import re

import discord

from cogs.ui.markdown_reader import read

# discord.py's escape_mentions uses the same character. The word joiner U+2060 would serve as well, but
# forbids a line break where a long address may need one; a backslash would show where code is in doubt.
BREAK = "\u200b"

_NEWLINE = re.compile(r"\r\n?|[\u2028\u2029]")

# Beside what the eye cannot see: lone surrogates, which no request body can carry.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

# Invites are broken behind the slash: inside a host name a browser would drop the break and follow the link.
_LIVE = re.compile(
    r"""@(?=everyone|here)
    |<(?=@[!&]?\d|\#\d|/[^<>\n]{1,110}:\d|id:)
    |\](?=\()
    |(?:discord[.。．｡](?:gg|gift|new|me|io|li|link)|dsc[.。．｡]gg|invite[.。．｡]gg
       |discord(?:app)?[.。．｡]com[/\\]+(?:\#[/\\]+)?(?:invite|gifts|template|events)
     )[/\\]++(?=[^\s\u200b])""",
    re.IGNORECASE | re.VERBOSE,
)


def sanitize(text: str) -> str:
    """Break whatever in a text would ping, invite, or hide a link's address; idempotent.

    Cutting the result keeps it harmless. Outside certain code nothing live is left, and a cut adds none.
    Certain code stays code on any page: it is closed and reopened where it is cut, nothing before it on the
    page can reach into it, and a cut only ever takes away what stands before.
    """
    text = _UNSEEN.sub("", _NEWLINE.sub("\n", text))
    pieces: list[str] = []
    done = 0
    for start, end in read(text).code:
        pieces += (_LIVE.sub(rf"\g<0>{BREAK}", text[done:start]), text[start:end])
        done = end
    return "".join((*pieces, _LIVE.sub(rf"\g<0>{BREAK}", text[done:])))


def display_name(name: str) -> str:
    """Return a model's name so that nothing in it reads as Markdown or as a mention."""
    return sanitize(discord.utils.escape_markdown(name))


def short_name(name: str, most: int) -> str:
    """Return a model's name as `display_name` does, cut where it would take more than `most` characters."""
    shown = display_name(name)
    while len(shown) > most:
        name = name[:-1]
        shown = display_name(name) + "…"
    return shown
