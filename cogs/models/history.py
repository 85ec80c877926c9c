"""`/models changes`: every change, page by page, and what a server may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.acknowledgement import show
from bot.i18n import translations
from cogs.access import require_moderator
from cogs.audit_log import history_line
from cogs.ui.layout import Button, Layout, fitting
from cogs.ui.persistent import PressedButton

if TYPE_CHECKING:
    from bot.arena.battles.admission import Allowance
    from bot.client import Interaction
    from bot.i18n import Translations


class PressedHistory(PressedButton, template=r"arena:history:(?P<page>\d{1,9})"):
    """Turns the pages."""

    async def press(self, interaction: Interaction) -> None:
        require_moderator(interaction)
        await show(interaction, await history_page(interaction, int(self.match["page"])))


async def history_page(interaction: Interaction, number: int) -> Layout:
    texts = translations(interaction.locale.value)
    _ = texts.gettext
    history = await interaction.client.arena.moderation.history(interaction.guild_id or 0, number)
    lines = [history_line(entry, texts, public=False) for entry in history.entries]
    layout = Layout()
    heading = "## " + _("Changes")
    layout.add_text(f"{heading} ({history.page + 1}/{history.pages})" if history.pages > 1 else heading)
    layout.add_text(fitting(lines, texts) or _("No changes yet."))
    layout.add_page_buttons(
        Button(label=_("Previous page"), custom_id=f"arena:history:{max(0, history.page - 1)}"),
        Button(label=_("Next page"), custom_id=f"arena:history:{history.page + 1}"),
        history.page,
        history.pages,
    )
    return layout


def allowance_text(today: Allowance, texts: Translations) -> str:
    """Say what a server may use a day, and what it used today."""
    _ = texts.gettext
    money = _("${used:.2f} today").format(used=today.usd_today)
    if today.usd_per_day is not None:
        money = _("${used:.2f} of ${most:.2f} today").format(used=today.usd_today, most=today.usd_per_day)
    battles = _("{used} of {most} battles today").format(used=today.battles_today, most=today.battles_per_day)
    at_once = _("battles at the same time: {count}").format(count=today.concurrent_battles)
    ends = _("Limits reset {when}.").format(when=f"<t:{today.ends_at:.0f}:R>")
    note = _("Costs are counted only for models with prices, and shown once a battle is decided.")
    return f"- {money}\n- {battles}\n- {at_once}\n-# {ends} {note}"
