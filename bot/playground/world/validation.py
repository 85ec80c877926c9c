"""Discord's rules for what a message may hold, beyond the types of its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from bot.playground.world.messages.components import (
    LINK_BUTTON,
    PREMIUM_BUTTON,
    SELECTS,
    Component,
    ComponentType,
    Embed,
    texts,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bot.playground.errors import FormErrors
    from bot.playground.wire import JsonObject

CONTENT_LIMIT = 2000
EMBED_LIMIT = 10
EMBED_TOTAL = 6000
FIELD_LIMIT = 25
V1_ROWS = 5
V2_COMPONENTS = 40
V2_TEXT = 4000
ROW_BUTTONS = 5
SELECT_OPTIONS = 25
GALLERY_ITEMS = 10

Path = tuple[str | int, ...]

V1_TOP = frozenset({ComponentType.ACTION_ROW})
CONTENTS = frozenset({1, 9, 10, 12, 13, 14})
ALLOWED_INSIDE: dict[int, frozenset[int]] = {
    ComponentType.ACTION_ROW: frozenset({2}) | SELECTS,
    ComponentType.SECTION: frozenset({ComponentType.TEXT_DISPLAY}),
    ComponentType.CONTAINER: CONTENTS,
}
ACCESSORIES = frozenset({ComponentType.BUTTON, ComponentType.THUMBNAIL})
V2_TOP = CONTENTS | {ComponentType.CONTAINER}


def check_embeds(embeds: Sequence[Embed], errors: FormErrors) -> None:
    if len(embeds) > EMBED_LIMIT:
        errors.add(("embeds",), "BASE_TYPE_MAX_LENGTH", f"Must be {EMBED_LIMIT} or fewer in length.")
    for index, embed in enumerate(embeds):
        _check_embed(("embeds", index), embed, errors)
    if sum(len(text) for embed in embeds for text in embed_texts(embed)) > EMBED_TOTAL:
        errors.add(
            ("embeds",), "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBED_TOTAL}"
        )


def _check_embed(path: Path, embed: Embed, errors: FormErrors) -> None:
    errors.length((*path, "title"), embed.title or None, 0, 256)
    errors.length((*path, "description"), embed.description or None, 0, 4096)
    errors.length((*path, "footer", "text"), _text(embed.footer, "text"), 0, 2048)
    errors.length((*path, "author", "name"), _text(embed.author, "name"), 0, 256)
    fields = embed.fields or []
    if len(fields) > FIELD_LIMIT:
        errors.add((*path, "fields"), "BASE_TYPE_MAX_LENGTH", f"Must be {FIELD_LIMIT} or fewer in length.")
    for index, field in enumerate(fields):
        errors.length((*path, "fields", index, "name"), field.name, 1, 256)
        errors.length((*path, "fields", index, "value"), field.value, 1, 1024)


def embed_texts(embed: Embed) -> Iterator[str]:
    """Yield all that an embed says, as far as it counts for its size."""
    yield embed.title or ""
    yield embed.description or ""
    yield _text(embed.footer, "text") or ""
    yield _text(embed.author, "name") or ""
    for field in embed.fields or []:
        yield field.name
        yield field.value


def _text(part: JsonObject | UnsetType | None, key: str) -> str | None:
    found = part.get(key) if part else None
    return found if isinstance(found, str) else None


def check_components(components: Sequence[Component], errors: FormErrors, *, v2: bool) -> None:
    path: Path = ("components",)
    _check_types(path, components, V2_TOP if v2 else V1_TOP, errors)
    if not v2 and len(components) > V1_ROWS:
        errors.add(path, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    if v2 and sum(1 for _ in walk(components)) > V2_COMPONENTS:
        errors.add(
            path,
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            f"The total number of components cannot exceed {V2_COMPONENTS}",
        )
    if sum(map(len, texts(components))) > V2_TEXT:
        errors.add(
            path,
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"Total text displayable text size exceeds maximum size of {V2_TEXT}",
        )
    check_custom_ids(path, components, errors)
    for index, component in enumerate(components):
        _check_component((*path, index), component, errors)


def check_custom_ids(path: Path, components: Iterable[Component], errors: FormErrors) -> None:
    seen: set[str] = set()
    for component in walk(components):
        if component.custom_id is UNSET:
            continue
        if component.custom_id in seen:
            errors.add(path, "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
        seen.add(component.custom_id)


def _check_types(
    path: Path, components: Sequence[Component], allowed: Iterable[int], errors: FormErrors
) -> None:
    choices = ", ".join(str(int(kind)) for kind in sorted(allowed))
    for index, component in enumerate(components):
        if component.type not in allowed:
            text = f'Value of field "type" must be one of ({choices},).'
            errors.add((*path, index), "UNION_TYPE_CHOICES", text)


def _check_component(path: Path, component: Component, errors: FormErrors) -> None:
    if component.custom_id is not UNSET:
        errors.length((*path, "custom_id"), component.custom_id, 1, 100)
    if component.type in SELECTS:
        _check_select(path, component, errors)
    if component.type in _CHECKS:
        _CHECKS[component.type](path, component, errors)
    inside = ALLOWED_INSIDE.get(component.type)
    if inside is not None:
        _check_types((*path, "components"), component.components or [], inside, errors)
    for index, child in enumerate(component.components or []):
        _check_component((*path, "components", index), child, errors)
    if component.accessory is not UNSET:
        _check_component((*path, "accessory"), component.accessory, errors)


def _check_row(path: Path, row: Component, errors: FormErrors) -> None:
    inside = row.components or []
    if not 1 <= len(inside) <= ROW_BUTTONS:
        errors.add((*path, "components"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    if len(inside) > 1 and any(child.type in SELECTS for child in inside):
        errors.add(
            (*path, "components"),
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The specified component exceeds the maximum width",
        )


def _check_button(path: Path, button: Component, errors: FormErrors) -> None:
    errors.length((*path, "label"), button.label or None, 0, 80)
    if button.style is UNSET:
        errors.add((*path, "style"), "BASE_TYPE_REQUIRED", "This field is required")
    if button.style == LINK_BUTTON:
        wanted = "url"
        present = bool(button.url)
    else:
        wanted = "custom_id"
        present = button.custom_id is not UNSET or button.style == PREMIUM_BUTTON
    if not present:
        errors.add((*path, wanted), "BASE_TYPE_REQUIRED", "This field is required")
    if not (button.label or button.emoji or button.style == PREMIUM_BUTTON):
        errors.add(path, "BUTTON_COMPONENT_MISSING_LABEL_OR_EMOJI", "A label or emoji is required")


def _check_select(path: Path, select: Component, errors: FormErrors) -> None:
    errors.length((*path, "placeholder"), select.placeholder or None, 0, 150)
    if select.custom_id is UNSET:
        errors.add((*path, "custom_id"), "BASE_TYPE_REQUIRED", "This field is required")
    if select.type != ComponentType.STRING_SELECT:
        return
    options = select.options or []
    if not 1 <= len(options) <= SELECT_OPTIONS:
        text = f"Must be between 1 and {SELECT_OPTIONS} in length."
        errors.add((*path, "options"), "BASE_TYPE_BAD_LENGTH", text)
    for index, option in enumerate(options):
        errors.length((*path, "options", index, "label"), option.label, 1, 100)
        errors.length((*path, "options", index, "value"), option.value, 1, 100)
        errors.length((*path, "options", index, "description"), option.description or None, 0, 100)
    if len({option.value for option in options}) < len(options):
        errors.add(
            (*path, "options"),
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
            "The specified option value is already used",
        )


def _check_text(path: Path, display: Component, errors: FormErrors) -> None:
    errors.length((*path, "content"), display.content or "", 1, V2_TEXT)


def _check_section(path: Path, section: Component, errors: FormErrors) -> None:
    if not 1 <= len(section.components or []) <= 3:  # noqa: PLR2004 - Discord's own figure
        errors.add((*path, "components"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 3 in length.")
    if section.accessory is UNSET:
        errors.add((*path, "accessory"), "BASE_TYPE_REQUIRED", "This field is required")
    elif section.accessory.type not in ACCESSORIES:
        text = 'Value of field "type" must be one of (2, 11).'
        errors.add((*path, "accessory"), "UNION_TYPE_CHOICES", text)


def _check_gallery(path: Path, gallery: Component, errors: FormErrors) -> None:
    if not 1 <= len(gallery.items or []) <= GALLERY_ITEMS:
        text = f"Must be between 1 and {GALLERY_ITEMS} in length."
        errors.add((*path, "items"), "BASE_TYPE_BAD_LENGTH", text)


_CHECKS: dict[int, Callable[[Path, Component, FormErrors], None]] = {
    ComponentType.ACTION_ROW: _check_row,
    ComponentType.BUTTON: _check_button,
    ComponentType.TEXT_DISPLAY: _check_text,
    ComponentType.SECTION: _check_section,
    ComponentType.MEDIA_GALLERY: _check_gallery,
}

MODAL_ROWS = 5
MODAL_TOP = frozenset({ComponentType.ACTION_ROW, ComponentType.TEXT_DISPLAY, ComponentType.LABEL})


def check_modal(path: Path, components: Sequence[Component], errors: FormErrors) -> None:
    _check_types(path, components, MODAL_TOP, errors)
    if not 1 <= len(components) <= MODAL_ROWS:
        errors.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MODAL_ROWS} in length.")
    check_custom_ids(path, components, errors)
    for index, component in enumerate(components):
        if component.type == ComponentType.LABEL:
            errors.length((*path, index, "label"), component.label or "", 1, 45)
            errors.length((*path, index, "description"), component.description or None, 0, 100)
        for child in component.children():
            _check_input((*path, index, "component"), child, errors)


def _check_input(path: Path, field: Component, errors: FormErrors) -> None:
    errors.length((*path, "custom_id"), field.custom_id or "", 1, 100)
    errors.length((*path, "placeholder"), field.placeholder or None, 0, 100)
    errors.length((*path, "value"), field.value or None, 0, 4000)
    if field.type == ComponentType.STRING_SELECT:
        _check_select(path, field, errors)
