"""The models that an API says it has."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from bot.backends.base import BackendError, Failure
from bot.backends.http.deadlines import ReplyDeadlines
from bot.backends.http.exchange import Endpoint
from bot.backends.protocols.complaints import ServerComplaint
from bot.backends.protocols.json_values import UnreadableError, decode, fields

if TYPE_CHECKING:
    import aiohttp

    from bot.backends.http.endpoint import Service
    from bot.backends.http.exchange import HttpAnswer
    from bot.backends.http.sessions import HttpLimits
    from bot.backends.protocols.protocol import ProtocolAdapter

LIST_SECONDS = 10.0
MOST_BYTES = 4 << 20
"""Of one list: OpenRouter's several hundred models take less than one MiB."""
MOST_MODELS = 1000
MOST_NAME_CHARS = 200
"""As a config and a form take them."""
OTHER_TASKS = re.compile(
    r"embed|rerank|moderation|whisper|transcri|tts|speech|audio|realtime|dall-e|image|sora|ocr",
    re.IGNORECASE,
)
"""In the names of what is no model to talk to."""


async def listed_models(
    session: aiohttp.ClientSession,
    service: Service,
    protocol: type[ProtocolAdapter],
    limits: HttpLimits,
    seconds: float = LIST_SECONDS,
) -> list[str]:
    """Return what the API calls its models, by name; those come last that seem not to be for talking.

    The model that `service` names does not matter. Raises `BackendError` where there is no list.
    """
    wire = protocol(service)
    headers = {"Accept": "application/json", **wire.headers, **service.extra_headers}
    endpoint = Endpoint(session, wire.models_url, headers, service.secrets)
    clock = ReplyDeadlines.start(replace(limits, total_seconds=seconds))
    async with endpoint.fetch(clock) as answer:
        try:
            await answer.accept(Failure.BAD_ANSWER)
        except ServerComplaint as refused:
            said = endpoint.quote(refused.complaint.message)
            raise BackendError(refused.complaint.failure, f"HTTP {refused.status}: {said}") from None
        body = await _whole(answer)
    try:
        found = islice(wire.models(fields(decode(body))), MOST_MODELS)
    except UnreadableError as exc:
        raise BackendError(Failure.BAD_ANSWER, "the list of models is not JSON") from exc
    names = {
        name for each in found if (name := each.strip()).isprintable() and 0 < len(name) <= MOST_NAME_CHARS
    }
    return sorted(names, key=lambda name: (OTHER_TASKS.search(name) is not None, name.lower(), name))


async def _whole(answer: HttpAnswer) -> bytes:
    body = bytearray()
    while part := await answer.read():
        body += part
        if len(body) > MOST_BYTES:
            raise BackendError(Failure.TOO_LONG, f"a list of models of more than {MOST_BYTES >> 20} MiB")
    return bytes(body)
