"""Where a model is to be asked, as moderators enter it: a provider or a protocol, an address and a key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.arena.models.credentials import Credentials
from bot.backends.http.public_addresses import checked_address
from bot.backends.http.secret import Secret
from bot.backends.protocols.providers import PROVIDERS
from bot.config import OWN_PROTOCOLS
from bot.errors import ArenaError
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.arena.models.form import FormBasics, ModelForm

BY_ID = {provider.id: provider for provider in PROVIDERS}
ELSEWHERE = {f"at-{protocol}": protocol for protocol in OWN_PROTOCOLS}
"""What is chosen instead of a provider where the address is another one, with the protocol spoken there."""


@dataclass(frozen=True, slots=True)
class ModelSource:
    """An API that has models; `dropped` are the headers that did not follow to another address."""

    guild_id: int
    protocol: str
    base_url: str
    credentials: Credentials = field(repr=False)
    is_new: bool
    dropped: tuple[str, ...] = ()


def source_of(
    basics: FormBasics, before: ModelForm | None, guild_id: int, opened: Collection[str]
) -> ModelSource:
    """Check what was entered; an empty address is the provider's, and an empty key stays as it was.

    `opened` are the hosts that the operator allows although they are not on the public internet.
    """
    protocol, typed = _place(basics)
    base_url = checked_address(typed, opened)
    try:
        key = Secret(basics.key.strip()).reveal() if basics.key.strip() else None
    except ValueError as exc:
        raise ArenaError(N_("The API key holds a space or a character that no key has.")) from exc
    known = before.credentials if before else Credentials()
    moved = before is not None and before.settings.base_url != base_url
    if moved and known and key is None:
        raise ArenaError(
            N_("The address changed, so please enter the API key again: a key is sent only where it belongs.")
        )
    return ModelSource(
        guild_id,
        protocol,
        base_url,
        Credentials(key) if moved else Credentials(key or known.key, known.headers),
        is_new=before is None or before.model_id is None,
        dropped=tuple(known.headers) if moved else (),
    )


def _place(basics: FormBasics) -> tuple[str, str]:
    """Return the protocol and the address that were meant."""
    if provider := BY_ID.get(basics.provider):
        return provider.protocol, basics.base_url.strip() or provider.base_url
    if protocol := ELSEWHERE.get(basics.provider):
        if not basics.base_url.strip():
            raise ArenaError(
                N_("“Another address” needs one: please enter it, such as https://api.example.org/v1.")
            )
        return protocol, basics.base_url
    raise ArenaError(N_("Please choose a provider."))


def chosen_of(protocol: str, base_url: str) -> tuple[str, str]:
    """Return the provider that a form shows for a known place, and the address where there is none."""
    for provider in PROVIDERS:
        if (provider.protocol, provider.base_url) == (protocol, base_url.rstrip("/")):
            return provider.id, ""
    return f"at-{protocol}", base_url
