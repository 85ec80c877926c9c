"""The structured parts of a message, as they come in and as they go out again."""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum

import msgspec
from msgspec import UNSET, UnsetType

from bot.playground.wire import JsonObject


class ComponentType(IntEnum):
    """Kinds of message and modal components."""

    ACTION_ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT_DISPLAY = 10
    THUMBNAIL = 11
    MEDIA_GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18
    FILE_UPLOAD = 19
    RADIO_GROUP = 21
    CHECKBOX_GROUP = 22
    CHECKBOX = 23


Path = tuple[str | int, ...]
ADDRESS = re.compile(r"/attachments/\d+/(\d+)/")
SELECTS = frozenset({3, 5, 6, 7, 8})
LINK_BUTTON = 5
PREMIUM_BUTTON = 6
DEFAULTS: dict[int, dict[str, object]] = {
    ComponentType.THUMBNAIL: {"description": None, "spoiler": False},
    ComponentType.FILE: {"name": None, "size": None, "spoiler": False},
    ComponentType.SEPARATOR: {"spacing": 1, "divider": True},
    ComponentType.CONTAINER: {"accent_color": None, "spoiler": False},
    **{kind: {"min_values": 1, "max_values": 1} for kind in SELECTS},
}
"""What Discord fills in where the sender says nothing."""

ITEM_DEFAULTS: JsonObject = {"description": None, "spoiler": False}


class SelectChoice(msgspec.Struct, omit_defaults=True, kw_only=True):
    """One line of a select, a radio group or a checkbox group."""

    label: str
    value: str
    description: str | UnsetType | None = UNSET
    emoji: JsonObject | UnsetType | None = UNSET
    default: bool | UnsetType = UNSET

    def __post_init__(self) -> None:
        _drop_nulls(self)
        self.emoji = _without_nulls(self.emoji)


class Component(msgspec.Struct, omit_defaults=True, kw_only=True):
    """Any component; which fields are set depends on its type."""

    type: int
    id: int | UnsetType = UNSET
    custom_id: str | UnsetType = UNSET
    style: int | UnsetType = UNSET
    label: str | UnsetType | None = UNSET
    emoji: JsonObject | UnsetType | None = UNSET
    url: str | UnsetType | None = UNSET
    sku_id: str | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET
    components: "list[Component] | UnsetType" = UNSET
    accessory: "Component | UnsetType" = UNSET
    component: "Component | UnsetType" = UNSET
    content: str | UnsetType = UNSET
    options: list[SelectChoice] | UnsetType = UNSET
    placeholder: str | UnsetType | None = UNSET
    min_values: int | UnsetType | None = UNSET
    max_values: int | UnsetType | None = UNSET
    default_values: list[JsonObject] | UnsetType = UNSET
    channel_types: list[int] | UnsetType = UNSET
    required: bool | UnsetType = UNSET
    default: bool | UnsetType = UNSET
    value: str | UnsetType | None = UNSET
    min_length: int | UnsetType | None = UNSET
    max_length: int | UnsetType | None = UNSET
    media: JsonObject | UnsetType = UNSET
    items: list[JsonObject] | UnsetType = UNSET
    file: JsonObject | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    spoiler: bool | UnsetType = UNSET
    accent_color: int | UnsetType | None = UNSET
    divider: bool | UnsetType = UNSET
    spacing: int | UnsetType = UNSET
    name: str | UnsetType | None = UNSET
    size: int | UnsetType | None = UNSET

    def __post_init__(self) -> None:
        kept = DEFAULTS.get(self.type, {})
        _drop_nulls(self, keep=[name for name, value in kept.items() if value is None])
        self.emoji = _without_nulls(self.emoji)
        if self.default_values is not UNSET:  # ids come as numbers too, and are told as texts
            self.default_values = [chosen | {"id": str(chosen["id"])} for chosen in self.default_values]

    def children(self) -> Iterator["Component"]:
        if self.components is not UNSET:
            yield from self.components
        for single in (self.accessory, self.component):
            if single is not UNSET:
                yield single


class Embed(msgspec.Struct, omit_defaults=True, kw_only=True):
    """An embed; Discord keeps what it knows and drops the rest."""

    title: str | UnsetType | None = UNSET
    type: str = msgspec.field(default_factory=lambda: "rich")  # so that it is written, too
    description: str | UnsetType | None = UNSET
    url: str | UnsetType | None = UNSET
    timestamp: str | UnsetType | None = UNSET
    color: int | UnsetType | None = UNSET
    footer: JsonObject | UnsetType | None = UNSET
    image: JsonObject | UnsetType | None = UNSET
    thumbnail: JsonObject | UnsetType | None = UNSET
    author: JsonObject | UnsetType | None = UNSET
    fields: list["EmbedField"] | UnsetType = UNSET

    def __post_init__(self) -> None:
        _drop_nulls(self)
        self.type = "rich"
        self.footer, self.author = _without_nulls(self.footer), _without_nulls(self.author)
        self.image, self.thumbnail = _without_nulls(self.image), _without_nulls(self.thumbnail)


class EmbedField(msgspec.Struct, kw_only=True):
    """A name and a value; inline ones stand side by side."""

    name: str
    value: str
    inline: bool = False


def _drop_nulls(part: msgspec.Struct, keep: Sequence[str] = ()) -> None:
    """Take a null for nothing, as Discord does: it sends none back."""
    for name in part.__struct_fields__:
        if getattr(part, name) is None and name not in keep:
            setattr(part, name, UNSET)


def _without_nulls(part: JsonObject | UnsetType | None) -> JsonObject | UnsetType:
    return {key: value for key, value in part.items() if value is not None} if part else UNSET


def walk(components: Iterable[Component]) -> Iterator[Component]:
    """Every component, outer before inner."""
    yield from (component for _, component in placed(components))


def custom_ids(components: Iterable[Component]) -> list[str]:
    """Return the ids of what can be pressed or chosen from."""
    return [str(each.custom_id) for each in walk(components) if each.custom_id is not UNSET]


def placed(components: Iterable[Component], path: Path = ("components",)) -> Iterator[tuple[Path, Component]]:
    """Every component, outer before inner, and where in the form it is."""
    for at, component in enumerate(components):
        yield from _placed_within((*path, at), component)


def _placed_within(path: Path, component: Component) -> Iterator[tuple[Path, Component]]:
    yield path, component
    if component.components is not UNSET:
        yield from placed(component.components, (*path, "components"))
    for step, single in (("accessory", component.accessory), ("component", component.component)):
        if single is not UNSET:
            yield from _placed_within((*path, step), single)


def pictures(embeds: Iterable[Embed]) -> Iterator[JsonObject]:
    """Every picture of the embeds, as it is stored."""
    parts = [part for embed in embeds for part in (embed.image, embed.thumbnail)]
    yield from (part for part in parts if isinstance(part, dict))


def media(components: Iterable[Component]) -> Iterator[JsonObject]:
    """Every media object of the components, as it is stored."""
    yield from (found for _, found in placed_media(components))


def placed_media(components: Iterable[Component]) -> Iterator[tuple[Path, JsonObject]]:
    """Every media object, and where in the form its address is."""
    for path, component in placed(components):
        parts: dict[Path, object] = {("media",): component.media, ("file",): component.file}
        parts |= {("items", at, "media"): item.get("media") for at, item in enumerate(component.items or [])}
        for step, part in parts.items():
            if isinstance(part, dict):
                yield (*path, *step, "url"), part


def attachment_ids(embeds: Iterable[Embed], components: Iterable[Component]) -> set[int]:
    """List the files that embeds or components show: Discord does not list them as attachments too."""
    ids = {str(each["attachment_id"]) for each in media(components) if "attachment_id" in each}
    places = [ADDRESS.search(str(each.get("url", ""))) for each in pictures(embeds)]
    return {int(key) for key in ids} | {int(found[1]) for found in places if found}


def fill_in(components: Iterable[Component]) -> None:
    """Give the components what their sender left out."""
    for component in walk(components):
        for name, value in DEFAULTS.get(component.type, {}).items():
            if getattr(component, name) is UNSET:
                setattr(component, name, value)
        if component.items is not UNSET:
            component.items = [ITEM_DEFAULTS | item for item in component.items]


def assign_ids(components: Iterable[Component]) -> None:
    """Give the components that the sender left without an id the first free ones, as Discord does."""
    every = list(walk(components))
    taken = {component.id for component in every if component.id}
    free = (number for number in range(1, len(every) + len(taken) + 1) if number not in taken)
    for component in every:
        if not component.id:
            component.id = next(free)


def texts(components: Iterable[Component]) -> Iterator[str]:
    """Yield the contents of all text displays, in reading order."""
    for component in walk(components):
        if component.type == ComponentType.TEXT_DISPLAY and component.content is not UNSET:
            yield component.content
