"""The message of `/settings`: its pages, and what can be pressed and chosen on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.arena.settings.kinds import KINDS, MOST_LISTED, NUMBERS, SettingKind, choices, standing
from bot.i18n import N_, translations
from cogs.settings.texts import NAMES, WORDS, standing_text, value_text
from cogs.ui.layout import Button, Layout

if TYPE_CHECKING:
    from bot.arena.settings.kinds import SettingValue
    from bot.client import Interaction
    from bot.i18n import Translations

    AnySelect = ui.Select[Layout] | ui.ChannelSelect[Layout] | ui.RoleSelect[Layout]

DEFAULT = "default"
"""The option that goes back to the default."""

TEXT_CHANNELS = [discord.ChannelType.text, discord.ChannelType.news]
BATTLE_CHANNELS = [*TEXT_CHANNELS, discord.ChannelType.voice, discord.ChannelType.forum]


@dataclass(frozen=True, slots=True)
class SettingsPage:
    title: str
    fields: tuple[str, ...]
    hint: str = ""


PAGES = {
    "places": SettingsPage(
        N_("Where, and who"), ("battle_channel_ids", "battle_role_ids", "rated_channel_ids")
    ),
    "vote": SettingsPage(
        N_("The vote"), ("voting_seconds", "close_at_votes", "early_close", "ballot", "single_reaction")
    ),
    "votes": SettingsPage(
        N_("Which votes count"), ("asker_votes", "min_votes_rated", "min_account_days", "min_member_days")
    ),
    "pace": SettingsPage(N_("How often"), ("cooldown_seconds", "member_battles_per_day", "role_allowances")),
    "screen": SettingsPage(N_("On screen"), ("stream", "result_notice", "language")),
    "records": SettingsPage(
        N_("Log, recap, retention"), ("log_channel_id", "weekly_channel_id", "retention_days")
    ),
}

HERDING = N_(
    "With reactions, everyone sees the counts while the vote is open, and many follow the majority (herding)."
    " With buttons the vote is secret: nobody sees a count before the end, and the votes say more."
)

MODELS = "models"
"""The first page of `/setup`, where no setting is changed."""

STEPS = {
    "step1": SettingsPage(N_("Where are battles held?"), ("battle_channel_ids",)),
    "step2": SettingsPage(N_("How do members vote?"), ("ballot", "voting_seconds", "asker_votes"), HERDING),
    "step3": SettingsPage(N_("In which language?"), ("language",)),
    "step4": SettingsPage(N_("Which channel logs changes and reports?"), ("log_channel_id",)),
}
"""Those after it."""

CHECK = "check"
"""The last one, where there is nothing to choose."""


def settings_page(interaction: Interaction, name: str) -> Layout:
    """Draw a page with what holds in the server now."""
    arena = interaction.client.arena
    own = arena.moderation.settings(interaction.guild_id or 0)
    texts = translations(interaction.locale.value)
    page = PAGES.get(name) or STEPS[name]
    layout = Layout()
    layout.add_text(_heading(name, page, texts))
    for field in page.fields:
        found = standing(arena.config.battle, own, field)
        layout.add_text(standing_text(found, texts))
        if (select := _select(name, found, texts)) is not None:
            layout.add_item(ui.ActionRow[Layout](select))
    layout.add_buttons(*_buttons(name, page, texts))
    if name in PAGES:
        layout.add_item(ui.ActionRow[Layout](_page_select(name, texts)))
    else:
        layout.add_buttons(*step_buttons(name, texts))
    return layout


def step_buttons(name: str, texts: Translations) -> list[Button]:
    """Return what leads to the step before and to the one after."""
    _ = texts.gettext
    order = [MODELS, *STEPS, CHECK]
    place = order.index(name)
    buttons: list[Button] = []
    if place > 0:
        buttons.append(Button(label=_("Back"), custom_id=f"arena:settings:{order[place - 1]}"))
    if place + 1 < len(order):
        buttons.append(
            Button(
                label=_("Next"),
                custom_id=f"arena:settings:{order[place + 1]}",
                style=discord.ButtonStyle.primary,
            )
        )
    return buttons


def _heading(name: str, page: SettingsPage, texts: Translations) -> str:
    _ = texts.gettext
    if name in PAGES:
        hint = _("A change holds for the battles that begin after it, and is seen in /models changes.")
        return f"## {_('Settings')}: {_(page.title)}\n-# {hint}"
    hint = f"\n{_(page.hint)}" if page.hint else ""
    return step_heading(name, _(page.title), texts) + hint


def step_heading(name: str, title: str, texts: Translations) -> str:
    """Say how far `/setup` is, and what it asks."""
    order = [MODELS, *STEPS]
    step = texts.gettext("Step {number} of {count}").format(number=order.index(name) + 1, count=len(order))
    return f"-# {step}\n## {title}"


def _select(name: str, found: SettingValue, texts: Translations) -> AnySelect | None:
    """Return the menu of a setting that is chosen, with what is chosen now."""
    custom_id = f"arena:set:{name}:{found.field}"
    kind = KINDS[found.field]
    chosen = found.value if isinstance(found.value, tuple) else ()
    ids = [each for each in chosen if isinstance(each, int)]
    placeholder = value_text(found.field, found.default, texts)
    match kind:
        case SettingKind.CHANNELS:
            return ui.ChannelSelect["Layout"](
                custom_id=custom_id,
                channel_types=BATTLE_CHANNELS,
                min_values=0,
                max_values=MOST_LISTED,
                placeholder=placeholder,
                default_values=[discord.SelectDefaultValue(id=each, type=_CHANNEL) for each in ids],
            )
        case SettingKind.CHANNEL:
            present = [int(found.value)] if isinstance(found.value, int) else []
            return ui.ChannelSelect["Layout"](
                custom_id=custom_id,
                channel_types=TEXT_CHANNELS,
                min_values=0,
                placeholder=placeholder,
                default_values=[discord.SelectDefaultValue(id=each, type=_CHANNEL) for each in present],
            )
        case SettingKind.ROLES:
            return ui.RoleSelect["Layout"](
                custom_id=custom_id,
                min_values=0,
                max_values=MOST_LISTED,
                placeholder=placeholder,
                default_values=[discord.SelectDefaultValue(id=each, type=_ROLE) for each in ids],
            )
        case SettingKind.CHOICE | SettingKind.SWITCH:
            return ui.Select["Layout"](custom_id=custom_id, options=_options(found, texts))
        case _:
            return None


_CHANNEL, _ROLE = discord.SelectDefaultValueType.channel, discord.SelectDefaultValueType.role


def _options(found: SettingValue, texts: Translations) -> list[discord.SelectOption]:
    _ = texts.gettext
    words = WORDS[found.field]
    values = choices(found.field) or tuple(words)
    current = found.value
    if isinstance(current, bool):
        current = "on" if current else "off"
    default = _("Default: {value}").format(value=value_text(found.field, found.default, texts))
    return [
        discord.SelectOption(label=default, value=DEFAULT, default=not found.is_own),
        *(
            discord.SelectOption(label=_(words[each]), value=each, default=found.is_own and each == current)
            for each in values
        ),
    ]


def _buttons(name: str, page: SettingsPage, texts: Translations) -> list[Button]:
    _ = texts.gettext
    buttons: list[Button] = []
    if any(KINDS[field] in NUMBERS for field in page.fields):
        buttons.append(Button(label="✏️ " + _("Change the numbers"), custom_id=f"arena:numbers:{name}"))
    if "role_allowances" in page.fields:
        buttons.append(Button(label="✏️ " + _("A role's own pace"), custom_id=f"arena:pace:{name}"))
    return buttons


def _page_select(name: str, texts: Translations) -> ui.Select[Layout]:
    _ = texts.gettext
    return ui.Select["Layout"](
        custom_id="arena:settings",
        options=[
            discord.SelectOption(
                label=_(page.title),
                value=key,
                description=_(", ").join(_(NAMES[field]) for field in page.fields)[:100],
                default=key == name,
            )
            for key, page in PAGES.items()
        ],
    )


def numbers_of(name: str) -> list[str]:
    """Return the settings of a page that are typed in."""
    page = PAGES.get(name) or STEPS[name]
    return [field for field in page.fields if KINDS[field] in NUMBERS]
