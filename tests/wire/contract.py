"""Discord's own description of its API, as a judge of what went over the wire."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

import jsonschema_rs
import msgspec
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.playground import RequestRecord

DESCRIPTION = Path(__file__).parents[3] / "shared" / "discord-openapi.json"
ROOT = "urn:discord"
PARAMETER = re.compile(r"\{\w+\}")
SERVER_ERRORS = 500
"""From here on it is trouble that was asked for, or a route that the stand-in does not know."""

ID_AS_NUMBER = re.compile(rb"(?<=[:\[,])(\d{15,20})(?=[,\]}])")
NUMBER_FOR_ID = re.compile(r': \d+ is not of type "string"$')
"""discord.py writes some ids, and the index of an attachment, as numbers, and Discord takes them."""

INDEX_OF_A_FILE = re.compile(rb'(?<="id":)(\d{1,2})(?=,"filename")')
"""Where it is part of something larger, what is wrong is not said of the index alone."""

VARIES = re.compile(rb"\d{6,}|(?<=[a-z])\d+")
"""What tells two bodies of one shape apart: ids, times, numbered names."""

ITEMS_OF_ERRORS = re.compile(rb'("_errors":\s*\{[^{}]*"items":\s*)\{[^{}]*\}')
ERROR_OF_A_FIELD = b'{"required": ["code", "message"], "properties": {"code": {"type": "string"}}}'

MEMBER, LONE_MEMBER = "GuildMemberResponse", "BasicGuildMemberResponse"
USER, ROLE, EMOJI = "UserResponse", "GuildRoleResponse", "MessageReactionEmojiResponse"
CHANNEL, THREAD = "GuildChannelResponse", "ThreadResponse"
MESSAGE = "MessageResponse"
EVENTS: dict[str, dict[str, str]] = {
    "READY": {"user": USER},
    "RESUMED": {},
    "GUILD_CREATE": {
        "": "GuildResponse",
        "members.*": MEMBER,
        "channels.*": CHANNEL,
        "threads.*": THREAD,
    },
    "GUILD_UPDATE": {"": "GuildResponse"},
    "GUILD_DELETE": {},
    "GUILD_ROLE_CREATE": {"role": ROLE},
    "GUILD_ROLE_UPDATE": {"role": ROLE},
    "GUILD_EMOJIS_UPDATE": {"emojis.*": "EmojiResponse"},
    "GUILD_MEMBER_ADD": {"": MEMBER},
    "GUILD_MEMBER_UPDATE": {"": MEMBER},
    "GUILD_MEMBER_REMOVE": {"user": USER},
    "GUILD_MEMBERS_CHUNK": {"members.*": MEMBER},
    "CHANNEL_CREATE": {"": CHANNEL},
    "CHANNEL_UPDATE": {"": CHANNEL},
    "CHANNEL_DELETE": {"": CHANNEL},
    "THREAD_CREATE": {"": THREAD},
    "THREAD_UPDATE": {"": THREAD},
    "THREAD_DELETE": {},
    "THREAD_MEMBERS_UPDATE": {"added_members.*": "ThreadMemberResponse"},
    "MESSAGE_CREATE": {"": MESSAGE, "member": LONE_MEMBER},
    "MESSAGE_UPDATE": {"": MESSAGE, "member": LONE_MEMBER},
    "MESSAGE_DELETE": {},
    "MESSAGE_DELETE_BULK": {},
    "MESSAGE_REACTION_ADD": {"member": MEMBER, "emoji": EMOJI},
    "MESSAGE_REACTION_REMOVE": {"emoji": EMOJI},
    "MESSAGE_REACTION_REMOVE_ALL": {},
    "MESSAGE_REACTION_REMOVE_EMOJI": {"emoji": EMOJI},
    "INTERACTION_CREATE": {
        "member": MEMBER,
        "channel": f"{CHANNEL}|{THREAD}",
        "message": MESSAGE,
        "data.resolved.users.*": USER,
        "data.resolved.members.*": LONE_MEMBER,
        "data.resolved.roles.*": ROLE,
        "data.resolved.channels.*": f"{CHANNEL}|{THREAD}",
        "data.resolved.attachments.*": "AttachmentResponse",
        "data.resolved.messages.*": MESSAGE,
    },
}
"""Of each event the objects that REST has too, by where they are in it."""

Schema = dict[str, object]


class Operation(msgspec.Struct):
    """The part of a method's description that is looked up here."""

    responses: dict[str, Schema]


class PathItem(msgspec.Struct):
    """A path's methods."""

    get: Operation | None = None
    put: Operation | None = None
    post: Operation | None = None
    patch: Operation | None = None
    delete: Operation | None = None


class Description(msgspec.Struct):
    """The paths of the API."""

    paths: dict[str, PathItem]


class Contract:
    """Says what is wrong with what was sent; an empty list is praise.

    A validator is built when it is first needed, and a shape that was right once is not looked at again.
    """

    def __init__(self, text: bytes) -> None:
        self._items = msgspec.json.decode(text, type=Description).paths
        self._paths = {PARAMETER.sub("{}", template): template for template in self._items}
        # In a form's errors the codes are words; the description has the numbers of whole answers there.
        text = ITEMS_OF_ERRORS.sub(rb"\1" + ERROR_OF_A_FIELD, text)
        self._registry = jsonschema_rs.Registry([(ROOT, msgspec.json.decode(text, type=Schema))])
        self._validator = cache(self._build)
        self._right: set[tuple[str, bytes]] = set()

    def errors_of(self, record: RequestRecord) -> list[str]:
        """Judge a recorded request and its answer. What was refused need not have been right."""
        if record.status >= SERVER_ERRORS:
            return []
        found = self._answer_errors(record)
        if record.content and record.status < 300:
            found += self.sent_errors(record.method, record.template, record.content)
        return [f"{record.method} {record.template} {record.status}: {each}" for each in found]

    def sent_errors(self, method: str, template: str, content: bytes) -> list[str]:
        """Judge a body, and let pass as numbers what Discord takes so."""
        content = INDEX_OF_A_FILE.sub(rb'"\1"', ID_AS_NUMBER.sub(rb'"\1"', content))
        found = self.request_errors(method, template, content)
        return [error for error in found if not NUMBER_FOR_ID.search(error)]

    def request_errors(self, method: str, template: str, content: bytes) -> list[str]:
        where = ("requestBody", "content", "application/json", "schema")
        return self._errors(self._pointer(method, template, *where), content)

    def event_errors(self, name: str, content: bytes) -> list[str]:
        """Judge the objects within an event of the gateway. An event that is not known is wrong."""
        if name not in EVENTS:
            return [f"{name} is not among the events that are checked"]
        if not self._is_new(name, content):
            return []
        event = msgspec.json.decode(content)
        found = [
            f"{name} {path}: {error}"
            for path, schemas in EVENTS[name].items()
            for part in _parts(event, path.split(".") if path else [])
            for error in self._errors(schemas, msgspec.json.encode(part))
        ]
        return found or self._approve(name, content)

    def _answer_errors(self, record: RequestRecord) -> list[str]:
        item = self._items[self._known(record.template)]
        operation: Operation | None = getattr(item, record.method.lower())
        if operation is None:
            return ["the API has no such method"]
        status = str(record.status)
        key = status if status in operation.responses else f"{status[0]}XX"
        if key not in operation.responses:
            return ["the API does not answer so"]
        pointer = self._pointer(record.method, record.template, "responses", key)
        answer = operation.responses[key]
        if isinstance(reference := answer.get("$ref"), str):
            return self._errors(
                f"{reference[2:]}/content/{_escape('application/json')}/schema", record.response
            )
        if "content" not in answer:
            return ["there should be no body"] if record.response else []
        return self._errors(f"{pointer}/content/{_escape('application/json')}/schema", record.response)

    def _pointer(self, method: str, template: str, *where: str) -> str:
        steps = ("paths", self._known(template), method.lower(), *where)
        return "/".join(_escape(step) for step in steps)

    def _known(self, template: str) -> str:
        return self._paths[PARAMETER.sub("{}", template)]

    def _errors(self, pointer: str, content: bytes) -> list[str]:
        if not self._is_new(pointer, content):
            return []
        try:
            body = msgspec.json.decode(content)
        except msgspec.DecodeError as exc:
            return [str(exc)]
        found = [
            f"{'.'.join(map(str, ['$', *error.instance_path]))}: {error.message}"[:400]
            for error in self._validator(pointer).iter_errors(body)
        ]
        return found or self._approve(pointer, content)

    def _is_new(self, pointer: str, content: bytes) -> bool:
        return (pointer, VARIES.sub(b"1", content)) not in self._right

    def _approve(self, pointer: str, content: bytes) -> list[str]:
        self._right.add((pointer, VARIES.sub(b"1", content)))
        return []

    def _build(self, pointer: str) -> jsonschema_rs.Draft202012Validator:
        names = [pointer] if "/" in pointer else [f"components/schemas/{name}" for name in pointer.split("|")]
        schema: Schema = {"anyOf": [{"$ref": f"{ROOT}#/{name}"} for name in names]}
        if len(names) == 1:
            schema = {"$ref": f"{ROOT}#/{names[0]}"}
        return jsonschema_rs.Draft202012Validator(schema, registry=self._registry)


def _parts(value: object, path: list[str]) -> Iterator[object]:
    """Yield what is at a path, if anything is; `*` stands for every item."""
    if not path:
        yield value
        return
    step, *deeper = path
    for each in _inside(value, step):
        yield from _parts(each, deeper)


def _inside(value: object, step: str) -> Iterable[object]:
    if isinstance(value, dict):
        known = cast("Schema", value)
        return known.values() if step == "*" else [known[step]] if step in known else []
    return cast("list[object]", value) if isinstance(value, list) and step == "*" else []


def _escape(step: str) -> str:
    return quote(step.replace("~", "~0").replace("/", "~1"), safe="~")


@cache
def known_contract() -> Contract | None:
    """Read the description beside the repository, if it is there."""
    return Contract(DESCRIPTION.read_bytes()) if DESCRIPTION.exists() else None


def load_contract() -> Contract:
    """Read the description, or skip the test that asked for it."""
    contract = known_contract()
    if contract is None:
        pytest.skip(f"Discord's API description is not there: {DESCRIPTION}")
    return contract
