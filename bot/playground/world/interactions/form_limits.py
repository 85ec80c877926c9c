"""The narrower of Discord's limits on components and embeds, which are easily met only in production."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

from bot.playground.world.messages.components import SELECTS, Component, ComponentType, Embed, placed
from bot.playground.world.validation import embed_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.playground.errors import FormErrors
    from bot.playground.wire import JsonObject
    from bot.playground.world.messages.components import Path

SELECT_VALUES = 25
BUTTON_URL = 512
MEDIA_URL = 2048
DESCRIPTION = 1024
CONTAINED = 40
REQUIRED = "This field is required"


def check_limits(components: Sequence[Component], errors: FormErrors) -> None:
    """Complain of what the API description and the component reference do not allow."""
    for path, component in placed(components):
        if component.type in SELECTS:
            _check_values(path, component, errors)
        match component.type:
            case ComponentType.BUTTON:
                errors.length((*path, "url"), component.url or None, 0, BUTTON_URL)
            case ComponentType.MEDIA_GALLERY:
                for at, item in enumerate(component.items or []):
                    _check_item((*path, "items", at), item.get("media"), item.get("description"), errors)
            case ComponentType.THUMBNAIL:
                _check_item(path, component.media, component.description, errors)
            case ComponentType.FILE:
                _check_item(path, component.file, None, errors, step="file")
            case ComponentType.CONTAINER if not 1 <= len(component.components or []) <= CONTAINED:
                text = f"Must be between 1 and {CONTAINED} in length."
                errors.add((*path, "components"), "BASE_TYPE_BAD_LENGTH", text)
            case _:
                pass


def check_modal_limits(components: Sequence[Component], errors: FormErrors) -> None:
    """Complain likewise of a modal, whose selects may be left empty only where that is said."""
    check_limits(components, errors)
    for path, component in placed(components):
        needs = component.required is UNSET or component.required
        if component.type in SELECTS and needs and component.min_values == 0:
            text = "min_values must be at least 1 when the component is required"
            errors.add((*path, "min_values"), "NUMBER_TYPE_MIN", text)


def check_white_space(embeds: Sequence[Embed], components: Sequence[Component], errors: FormErrors) -> None:
    """Complain of texts of nothing but white space, which Discord trims before it looks."""
    for path, component in placed(components):
        blank: dict[Path, bool] = {
            ("content",): component.type == ComponentType.TEXT_DISPLAY and _is_blank(component.content),
            ("label",): component.type == ComponentType.BUTTON and _is_blank(component.label),
        }
        for at, option in enumerate(component.options or []):
            blank |= {("options", at, "label"): _is_blank(option.label)}
        for step in (step for step, found in blank.items() if found):
            errors.add((*path, *step), "BASE_TYPE_REQUIRED", REQUIRED)
    for number, embed in enumerate(embeds):
        for at, field in enumerate(embed.fields or []):
            for step, text in (("name", field.name), ("value", field.value)):
                if _is_blank(text):
                    errors.add(("embeds", number, "fields", at, step), "BASE_TYPE_REQUIRED", REQUIRED)


def is_blank_embed(embed: Embed) -> bool:
    """Say whether an embed shows nothing once it is trimmed."""
    return not (any(text.strip() for text in embed_texts(embed)) or embed.image or embed.thumbnail)


def _is_blank(text: object) -> bool:
    return isinstance(text, str) and text != "" and not text.strip()


def _check_values(path: Path, select: Component, errors: FormErrors) -> None:
    low = 1 if select.min_values in (UNSET, None) else select.min_values
    high = 1 if select.max_values in (UNSET, None) else select.max_values
    for step, figure, least in (("min_values", low, 0), ("max_values", high, 1)):
        if not least <= figure <= SELECT_VALUES:
            text = f"int value should be between {least} and {SELECT_VALUES}."
            errors.add((*path, step), "NUMBER_TYPE_MAX", text)
    if low > high:
        # Once answered with 500 (discord/discord-api-docs#3202), where the default of one is exceeded.
        text = "min_values should be less than or equal to max_values"
        errors.add((*path, "min_values"), "SELECT_COMPONENT_MIN_VALUES_TOO_LARGE", text)
    options = select.options or []
    if select.type == ComponentType.STRING_SELECT and len(options) < high:
        # Rapptz/discord.py#6984.
        text = f"Must be between {high} and {SELECT_VALUES} in length."
        errors.add((*path, "options"), "BASE_TYPE_BAD_LENGTH", text)
    if sum(option.default is True for option in options) > high:
        text = f"Must be {high} or fewer in length."
        errors.add((*path, "options"), "BASE_TYPE_MAX_LENGTH", text)
    if select.default_values and not low <= len(select.default_values) <= high:
        text = f"Must be between {low} and {high} in length."
        errors.add((*path, "default_values"), "BASE_TYPE_BAD_LENGTH", text)


def _check_item(
    path: Path, item: object, description: object, errors: FormErrors, step: str = "media"
) -> None:
    url = _url(item)
    if not url:
        errors.add((*path, step, "url"), "BASE_TYPE_REQUIRED", REQUIRED)
    errors.length((*path, step, "url"), url, 0, MEDIA_URL)
    if isinstance(description, str):
        errors.length((*path, "description"), description, 1, DESCRIPTION)


def _url(item: object) -> str | None:
    shape: JsonObject = item if isinstance(item, dict) else {}  # pyright: ignore[reportUnknownVariableType] - a decoded JSON object has strings for keys
    url = shape.get("url")
    return url if isinstance(url, str) else None
