"""Messages of Components V2."""

from __future__ import annotations

from discord import ui

Button = ui.Button[ui.LayoutView]


class Layout(ui.LayoutView):
    """A message whose buttons are known by their ids (`cogs/buttons.py`).

    It is stopped from the start, so that the client does not keep one for each message ever sent.
    """

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.stop()

    def add_text(self, text: str) -> None:
        self.add_item(ui.TextDisplay["Layout"](text))

    def add_section(self, *texts: str, colour: int | None = None) -> None:
        """Add texts inside a frame, which nothing written in them can leave."""
        displays = (ui.TextDisplay["Layout"](text) for text in texts)
        self.add_item(ui.Container["Layout"](*displays, accent_colour=colour))

    def add_buttons(self, *buttons: Button) -> None:
        if buttons:
            self.add_item(ui.ActionRow[ui.LayoutView](*buttons))

    def add_page_buttons(self, back: Button, forward: Button, number: int, pages: int) -> None:
        """Add buttons that lead from page `number`, counted from 0, to its neighbours, if there are any."""
        back.disabled = number == 0
        forward.disabled = number + 1 == pages
        if pages > 1:
            self.add_buttons(back, forward)
