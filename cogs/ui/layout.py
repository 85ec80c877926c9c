"""Messages of Components V2."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from discord import ui

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.i18n import Translations

Button = ui.Button[ui.LayoutView]
PictureGallery = ui.MediaGallery["Layout"]
LIST_LIMIT = 3800

TEXT_LIMIT = 4000
"""Characters in all the texts of one message."""


class ButtonText(NamedTuple):
    """A text with a button beside it."""

    text: str
    button: Button


class Layout(ui.LayoutView):
    """A message whose buttons are known by their ids (`cogs/battles/card_buttons.py`).

    It is stopped from the start, so that the client does not keep one for each message ever sent.
    """

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.stop()

    def add_text(self, text: str) -> None:
        self.add_item(ui.TextDisplay["Layout"](text))

    def add_section(
        self,
        *parts: str | PictureGallery | ButtonText,
        colour: int | None = None,
        spoiler: bool = False,
    ) -> None:
        """Add texts, some with a button beside them, and pictures inside a frame, which nothing can leave."""
        shown = [_item(part) for part in parts]
        self.add_item(ui.Container[ui.LayoutView](*shown, accent_colour=colour, spoiler=spoiler))

    def add_picture(self, file: str, description: str) -> None:
        """Add a picture that is attached to the message under this name."""
        self.add_item(gallery_of(file, description))

    def add_buttons(self, *buttons: Button) -> None:
        if buttons:
            self.add_item(ui.ActionRow[ui.LayoutView](*buttons))

    def add_page_buttons(self, back: Button, forward: Button, number: int, pages: int) -> None:
        """Add buttons that lead from page `number`, counted from 0, to its neighbours, if there are any."""
        back.disabled = number == 0
        forward.disabled = number + 1 == pages
        if pages > 1:
            self.add_buttons(back, forward)


def _item(part: str | PictureGallery | ButtonText) -> ui.Item[ui.LayoutView]:
    if isinstance(part, ButtonText):
        return ui.Section[ui.LayoutView](part.text, accessory=part.button)
    return ui.TextDisplay[ui.LayoutView](part) if isinstance(part, str) else part


def gallery_of(file: str, description: str) -> PictureGallery:
    """Show a file that is attached to the message; an edit finds only those that it names."""
    gallery = ui.MediaGallery["Layout"]()
    gallery.add_item(media=f"attachment://{file}", description=description)
    return gallery


def fitting(lines: Sequence[str], texts: Translations, limit: int = LIST_LIMIT) -> str:
    """Join the lines that fit into `limit` characters, by default one message, and count the rest."""
    ends = list(accumulate(len(line) + 1 for line in lines))
    shown = bisect_right(ends, limit)
    left = len(lines) - shown
    more = [texts.gettext("… and {count} more").format(count=left)] if left else []
    return "\n".join([*lines[:shown], *more])
