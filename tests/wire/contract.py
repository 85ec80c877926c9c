"""Discord's own description of its API, as a judge of what went over the wire."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

import jsonschema
import msgspec
import pytest
from referencing import Registry
from referencing.jsonschema import DRAFT202012, SchemaRegistry, SchemaResource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.playground import RequestRecord

DESCRIPTION = Path(__file__).parents[3] / "shared" / "discord-openapi.json"
ROOT = "urn:discord"
PARAMETER = re.compile(r"\{\w+\}")

Schema = dict[str, object]


class PathItem(msgspec.Struct):
    """The part of a path's description that is looked up here: its requests and answers by method."""

    get: Schema | None = None
    put: Schema | None = None
    post: Schema | None = None
    patch: Schema | None = None
    delete: Schema | None = None


class Description(msgspec.Struct):
    """The paths of the API."""

    paths: dict[str, PathItem]


class Finding(Protocol):
    """What a validator has to say of a place in a body."""

    json_path: str
    message: str


class Judge(Protocol):
    """The part of jsonschema's validators that is used; its stubs leave the findings untyped."""

    def iter_errors(self, instance: object) -> Iterator[Finding]: ...


class Contract:
    """Judges bodies by the route they were sent to. A validator is built when it is first needed."""

    def __init__(self, text: bytes) -> None:
        paths = msgspec.json.decode(text, type=Description).paths
        self._paths = {PARAMETER.sub("{}", template): template for template in paths}
        document = msgspec.json.decode(text, type=Schema)
        resource = SchemaResource(contents=document, specification=DRAFT202012)
        empty: SchemaRegistry = Registry()
        self._registry = empty.with_resource(ROOT, resource)
        self._validator = cache(self._build)

    def request_errors(self, method: str, template: str, body: object) -> list[str]:
        """Say what is wrong with a request's JSON body; an empty list is praise."""
        where = ("requestBody", "content", "application/json", "schema")
        return self._errors(method, template, where, body)

    def response_errors(self, method: str, template: str, status: int, body: object) -> list[str]:
        where = ("responses", str(status), "content", "application/json", "schema")
        return self._errors(method, template, where, body)

    def errors_of(self, record: RequestRecord) -> list[str]:
        """Say what is wrong with a recorded request or with the answer that it got."""
        method, template = record.method, record.template
        found: list[str] = []
        if record.body is not None:
            found += self.request_errors(method, template, record.body)
        if record.response:
            answer = msgspec.json.decode(record.response)
            found += self.response_errors(method, template, record.status, answer)
        return [f"{method} {template}: {each}" for each in found]

    def _errors(self, method: str, template: str, where: tuple[str, ...], body: object) -> list[str]:
        known = self._paths[PARAMETER.sub("{}", template)]
        pointer = "/".join(_escape(step) for step in ("paths", known, method.lower(), *where))
        return [f"{error.json_path}: {error.message}" for error in self._validator(pointer).iter_errors(body)]

    def _build(self, pointer: str) -> Judge:
        schema = {"$ref": f"{ROOT}#/{pointer}"}
        # The stubs want the type of JSON as they define it, privately.
        return jsonschema.Draft202012Validator(schema, registry=self._registry)  # pyright: ignore[reportReturnType]


def _escape(step: str) -> str:
    return quote(step.replace("~", "~0").replace("/", "~1"), safe="~")


def load_contract() -> Contract:
    """Read the description beside the repository, or skip the test that asked for it."""
    if not DESCRIPTION.exists():
        pytest.skip(f"Discord's API description is not there: {DESCRIPTION}")
    return Contract(DESCRIPTION.read_bytes())
