"""What can answer here: model servers on this machine, and APIs whose keys are in the environment."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from bot.arena.models.factory import PROTOCOLS
from bot.backends.base import BackendError
from bot.backends.http.connections import operators_connections
from bot.backends.http.endpoint import Service
from bot.backends.http.model_list import ModelList
from bot.backends.http.secret import Secret
from bot.backends.http.sessions import HttpLimits, open_session

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.backends.protocols.protocol import ProtocolAdapter
    from bot.backends.protocols.providers import Provider

LOCAL_SECONDS = 1.0
"""A server on this machine that takes longer to say what it has is not waited for."""

HOSTED_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Offer:
    """The models of one API; `trouble` is why there is no list of them."""

    provider: Provider
    models: tuple[str, ...] = ()
    trouble: str = ""


def with_keys(providers: Sequence[Provider], environment: Mapping[str, str]) -> list[Provider]:
    """Return the hosted APIs whose usual variable holds a key that can be sent."""
    return [each for each in providers if each.key_env and _is_key(environment.get(each.key_env, ""))]


async def local_offers(providers: Sequence[Provider]) -> list[Offer]:
    """Ask the usual addresses of this machine, all at once; those where nothing answers are left out."""
    asked = [offer_of(each, None, LOCAL_SECONDS) for each in providers if each.is_local]
    return [offer for offer in await asyncio.gather(*asked) if not offer.trouble]


async def offer_of(provider: Provider, key: str | None, seconds: float = HOSTED_SECONDS) -> Offer:
    """Ask an API which models it has."""
    service = Service(provider.base_url, "", Secret(key.strip()) if key else None)
    limits = HttpLimits(seconds, seconds, seconds, max_reply_chars=0, stall_seconds=seconds)
    async with open_session() as session:
        try:
            listing = ModelList(
                session, service, limits, _adapter(provider.protocol), operators_connections()
            )
            return Offer(provider, await listing.read())
        except BackendError as error:
            return Offer(provider, trouble=error.detail)


def _is_key(value: str) -> bool:
    try:
        Secret(value.strip())
    except ValueError:
        return False
    return bool(value.strip())


def _adapter(protocol: str) -> type[ProtocolAdapter]:
    return next(
        adapter for kind, adapter in PROTOCOLS.items() if cast("str", kind.__struct_config__.tag) == protocol
    )
