"""Components as the page draws them, in messages and in forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

from bot.playground.page.markdown import render
from bot.playground.world.messages.components import LINK_BUTTON, Component, ComponentType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bot.playground.wire import JsonObject
    from bot.playground.world.messages.components import SelectChoice

LARGE, PARAGRAPH = 2, 2
"""Discord's figures for a separator's spacing and a text field's style."""

ENTITIES: dict[int, str] = {
    ComponentType.USER_SELECT: "users",
    ComponentType.ROLE_SELECT: "roles",
    ComponentType.MENTIONABLE_SELECT: "mentionables",
    ComponentType.CHANNEL_SELECT: "channels",
}
KINDS: dict[int, str] = dict.fromkeys(ENTITIES, "entities") | {
    ComponentType.STRING_SELECT: "select",
    ComponentType.RADIO_GROUP: "radio",
    ComponentType.CHECKBOX_GROUP: "checkboxes",
    ComponentType.CHECKBOX: "checkbox",
    ComponentType.FILE_UPLOAD: "upload",
    ComponentType.TEXT_INPUT: "input",
}


class Parts:
    """Draws the components of one message or form."""

    def __init__(self, names: Mapping[str, str], media: Callable[[str], JsonObject]) -> None:
        self._names = names
        self._media = media

    def draw(self, part: Component) -> JsonObject:
        match part.type:
            case ComponentType.TEXT_DISPLAY:
                return {"kind": "text", "html": render(part.content or "", self._names)}
            case ComponentType.CONTAINER:
                return self._box("container", part) | {"colour": part.accent_color or None}
            case ComponentType.SECTION | ComponentType.ACTION_ROW:
                return self._box("section" if part.type == ComponentType.SECTION else "row", part)
            case ComponentType.BUTTON:
                return self._button(part)
            case ComponentType.LABEL:
                return self._label(part)
            case _:
                return self._draw_rest(part)

    def _draw_rest(self, part: Component) -> JsonObject:
        match part.type:
            case ComponentType.THUMBNAIL:
                return {"kind": "thumbnail"} | self._item({"media": part.media, "spoiler": part.spoiler})
            case ComponentType.MEDIA_GALLERY:
                return {"kind": "gallery", "items": [self._item(each) for each in part.items or []]}
            case ComponentType.SEPARATOR:
                wide = part.spacing == LARGE
                return {"kind": "separator", "divider": part.divider is not False, "wide": wide}
            case ComponentType.FILE:
                return {"kind": "file"} | self._item({"media": part.file, "spoiler": part.spoiler})
            case _:
                return self._field(part)

    def _box(self, kind: str, part: Component) -> JsonObject:
        children = [self.draw(each) for each in ([] if part.components is UNSET else part.components)]
        accessory = None if part.accessory is UNSET else self.draw(part.accessory)
        return {
            "kind": kind,
            "children": children,
            "accessory": accessory,
            "spoiler": part.spoiler is True,
        }

    def _item(self, item: JsonObject) -> JsonObject:
        match item:
            case {"media": {"url": str(url)}}:
                found = self._media(url)
            case _:
                found: JsonObject = {"link": ""}
        described = item.get("description")
        told: JsonObject = {"description": described} if isinstance(described, str) else {}
        return found | told | {"spoiler": item.get("spoiler") is True}

    def _button(self, part: Component) -> JsonObject:
        url = part.url or ""
        return {
            "kind": "button",
            "style": 1 if part.style is UNSET else part.style,
            "label": part.label or "",
            "emoji": _emoji(part.emoji),
            "link": url if part.style == LINK_BUTTON and url.startswith(("http://", "https://")) else "",
            "disabled": part.disabled is True,
            "custom_id": part.custom_id or "",
        }

    def _label(self, part: Component) -> JsonObject:
        inside = part.component
        return {
            "kind": "label",
            "label": part.label or "",
            "description": part.description or "",
            "field": None if inside is UNSET else self.draw(inside),
        }

    def _field(self, part: Component) -> JsonObject:
        """Draw what takes a value: a select, a text field, a group of choices."""
        shape: JsonObject = {
            "kind": KINDS.get(part.type, "unknown"),
            "custom_id": part.custom_id or "",
            "disabled": part.disabled is True,
            "placeholder": part.placeholder or "",
            "required": part.required is not False,
            "min": _figure(part.min_values, 1),
            "max": _figure(part.max_values, 1),
            "label": part.label or "",
        }
        if part.type in ENTITIES:
            return shape | {"of": ENTITIES[part.type], "chosen": _chosen(part)}
        if part.type == ComponentType.TEXT_INPUT:
            return shape | _text_input(part)
        if part.type == ComponentType.CHECKBOX:
            return shape | {"checked": part.default is True}
        return shape | {"options": _options([] if part.options is UNSET else part.options)}


def _text_input(part: Component) -> JsonObject:
    return {
        "long": part.style == PARAGRAPH,
        "value": part.value or "",
        "shortest": _figure(part.min_length, 0),
        "longest": _figure(part.max_length, 4000),
    }


def _chosen(part: Component) -> list[str]:
    values = [] if part.default_values is UNSET else part.default_values
    return [str(each.get("id")) for each in values]


def _options(options: Iterable[SelectChoice]) -> list[JsonObject]:
    return [
        {
            "label": each.label,
            "value": each.value,
            "description": each.description or "",
            "emoji": _emoji(each.emoji),
            "chosen": each.default is True,
        }
        for each in options
    ]


def _figure(value: object, default: int) -> int:
    return value if isinstance(value, int) else default


def _emoji(emoji: object) -> str:
    match emoji:
        case {"name": str(name), "id": str()}:
            return f":{name}:"
        case {"name": str(name)}:
            return name
        case _:
            return ""
