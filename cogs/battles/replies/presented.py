"""A reply as Discord can show it: formulas in Unicode, tables as code or as lists."""

from __future__ import annotations

from cogs.battles.replies.latex import with_formulas
from cogs.battles.replies.reply_tables import with_tables


def presented(reply: str) -> str:
    """Return a reply in which nothing is Markdown that Discord does not know; it is not harmless yet."""
    return with_tables(with_formulas(reply))
