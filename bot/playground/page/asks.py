"""What a browser asks for over its WebSocket."""

from typing import Annotated

import msgspec

from bot.playground.world.messages.uploads import Upload

Id = Annotated[str, msgspec.Meta(pattern=r"^\d{1,20}$")]
Path = Annotated[str, msgspec.Meta(pattern=r"\S")]
MAX_ASK = 16 * 1024 * 1024


class File(msgspec.Struct):
    """A file that was picked in the browser; its content is base64 on the wire."""

    name: str
    type: str
    content: bytes

    def upload(self) -> Upload:
        return Upload(0, self.name, self.type or "application/octet-stream", self.content)


class Ask(msgspec.Struct, tag_field="ask", kw_only=True):
    """A wish with a number, under which the browser hears what became of it."""

    n: int = 0


class Look(Ask, tag="look"):
    """Look at a channel through the eyes of a member; `around` is a message that is wanted among the rest."""

    member: Id
    channel: Id
    language: str = "en"
    around: Id | None = None


class Say(Ask, tag="say"):
    text: Annotated[str, msgspec.Meta(min_length=1)]


class Run(Ask, tag="run"):
    """Run a slash command; `path` is `models list` for a subcommand."""

    path: Path
    options: dict[str, str | int | float | bool | File] = {}


class Suggest(Ask, tag="suggest"):
    """Ask the bot to complete the option `focused`."""

    path: Path
    focused: str
    options: dict[str, str | int | float | bool] = {}


class UseOn(Ask, tag="use_on"):
    """Run a message command."""

    message: Id
    name: str


class React(Ask, tag="react"):
    message: Id
    emoji: str
    on: bool


class ClearReactions(Ask, tag="clear_reactions"):
    message: Id


class Delete(Ask, tag="delete"):
    message: Id


class PressAsk(Ask, tag="press"):
    message: Id
    custom_id: str


class Choose(Ask, tag="choose"):
    message: Id
    custom_id: str
    values: list[str]


class Submit(Ask, tag="submit"):
    """Send in a form; `form` is the id under which it came."""

    form: Id
    values: dict[str, str | bool | list[str | File]]


class CrowdAsk(Ask, tag="crowd"):
    """Let so many members vote on the newest ballot of the channel."""

    count: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20


class TroubleAsk(Ask, tag="trouble"):
    kind: str


class HappenAsk(Ask, tag="happen"):
    """Let members or Discord do something in the channel at once."""

    kind: str


class SwitchAsk(Ask, tag="switch"):
    """Make the stand-in stricter or kinder in one point."""

    name: str
    on: bool


class WatchAsk(Ask, tag="watch"):
    """Begin or end to hear what passes between the bot and the stand-in."""

    on: bool


AnyAsk = (
    Look
    | Say
    | Run
    | Suggest
    | UseOn
    | React
    | ClearReactions
    | Delete
    | PressAsk
    | Choose
    | Submit
    | CrowdAsk
    | TroubleAsk
    | HappenAsk
    | SwitchAsk
    | WatchAsk
)
