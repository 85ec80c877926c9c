"""Models that moderators are about to bring: what they entered, checked, and kept until it is decided."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, get_args
from urllib.parse import urlsplit

import msgspec
import tomli_w

from bot.arena.models.credentials import Credentials, read_settings
from bot.arena.models.source import chosen_of, source_of
from bot.backends.http.endpoint import Service
from bot.config import OWN_PROTOCOLS, OwnModel
from bot.config_mistakes.report import reason_of
from bot.errors import ArenaError
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.config import Limits
    from bot.domain.model import Model

KEPT = "***"
"""Stands for a value that is not shown again, and stays as it was."""

FROM_OTHER_FIELDS = frozenset(
    {
        *("name", "protocol", "base_url", "model", "enabled", "api_key_env", "family"),
        *("system_prompt", "temperature", "max_output_tokens", "price_in", "price_out"),
    }
)
TIME_LIMITS = ("connect_seconds", "first_token_seconds", "stall_seconds", "total_seconds")
NAME_LIMIT = 80
MORE_LIMIT = 3000
"""Characters of the further options: written anew they grow, and a form's field shows 4,000."""


@dataclass(frozen=True, slots=True)
class FormBasics:
    """The fields of the first form, as they were typed; `provider` is one's id, or a key of `ELSEWHERE`."""

    name: str
    provider: str
    base_url: str
    model: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FormOptions:
    """The fields of the second form, as they were typed; `more` is TOML."""

    system_prompt: str
    temperature: str
    max_output_tokens: str
    prices: str
    more: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ModelForm:
    """What a moderator entered and the checks passed; `model_id` where it changes a model that is there.

    `dropped` are the headers that did not follow to another address.
    """

    guild_id: int
    settings: OwnModel
    credentials: Credentials
    model_id: int | None = None
    dropped: tuple[str, ...] = ()


def enter(basics: FormBasics, before: ModelForm | None, guild_id: int, opened: Collection[str]) -> ModelForm:
    """Check the first form; what it does not ask for stays as it was.

    A model that got no name is called as its API calls it.
    """
    source = source_of(basics, before, guild_id, opened)
    model = basics.model.strip()
    settings = _settings(
        _written(before.settings if before else None)
        | {
            "name": " ".join(basics.name.split()) or " ".join(model.split())[:NAME_LIMIT].strip(),
            "protocol": source.protocol,
            "base_url": source.base_url,
            "model": model,
        }
    )
    model_id = before.model_id if before else None
    return ModelForm(guild_id, settings, source.credentials, model_id, source.dropped)


def moved_to(form: ModelForm, base_url: str) -> ModelForm:
    """Return a candidate at another address of the same host, which may be told its credentials."""
    return replace(form, settings=msgspec.structs.replace(form.settings, base_url=base_url))


def refine(form: ModelForm, options: FormOptions, limits: Limits) -> ModelForm:
    """Check the second form, which says anew all that it asks for."""
    price_in, price_out = _prices(options.prices)
    more = _more(options.more)
    headers = more.pop("extra_headers", {})
    values = {
        "system_prompt": options.system_prompt.strip() or None,
        "temperature": _number(options.temperature, N_("The temperature must be a number such as 0.7.")),
        "max_output_tokens": _tokens(options.max_output_tokens),
        "price_in": price_in,
        "price_out": price_out,
    }
    kept = {name: _written(form.settings)[name] for name in ("name", "protocol", "base_url", "model")}
    settings = _settings(kept | {name: value for name, value in (values | more).items() if value is not None})
    for name in TIME_LIMITS:
        most = getattr(limits, name)
        if (getattr(settings, name) or 0.0) > most:
            raise ArenaError(
                N_("{field} can be {most} s at most: the operator of this bot set that limit."),
                field=name,
                most=f"{most:g}",
            )
    credentials = Credentials(form.credentials.key, _headers(headers, form.credentials.headers))
    try:
        Service("", "", extra_headers=credentials.headers, extra_body=settings.extra_body)
    except ValueError as exc:
        raise ArenaError(N_("That cannot be used: {problem}"), problem=str(exc)) from exc
    return ModelForm(form.guild_id, settings, credentials, form.model_id)


def host_of(model: Model) -> str | None:
    """Return the protocol and host of a model that moderators brought, for moderators to see."""
    if not model.is_own:
        return None
    settings = read_settings(model)
    return f"{protocol_of(settings)}, {urlsplit(settings.base_url).netloc}, {settings.model}"


def protocol_of(settings: OwnModel) -> str:
    return OWN_PROTOCOLS[[type(settings) is each for each in get_args(OwnModel)].index(True)]


def basics_of(form: ModelForm) -> FormBasics:
    """Write the first form's fields as they are now, without the key."""
    settings = form.settings
    provider, address = chosen_of(protocol_of(settings), settings.base_url)
    return FormBasics(settings.name, provider, address, settings.model, "")


def options_of(form: ModelForm) -> FormOptions:
    """Write the second form's fields as they are now, header values left out."""
    settings = form.settings
    more = {
        name: value
        for name, value in _written(settings).items()
        if name not in FROM_OTHER_FIELDS and value != getattr(_defaults(settings), name)
    }
    if form.credentials.headers:
        more["extra_headers"] = dict.fromkeys(form.credentials.headers, KEPT)
    prices = (settings.price_in, settings.price_out)
    return FormOptions(
        system_prompt=settings.system_prompt or "",
        temperature="" if settings.temperature is None else f"{settings.temperature:g}",
        max_output_tokens=str(settings.max_output_tokens or ""),
        prices="" if prices == (None, None) else " / ".join(f"{price or 0:g}" for price in prices),
        more=tomli_w.dumps(more),
    )


def _settings(values: Mapping[str, object]) -> OwnModel:
    try:
        return msgspec.convert(values, OwnModel)
    except msgspec.ValidationError as exc:
        raise ArenaError(N_("That cannot be used: {problem}"), problem=reason_of(exc)) from exc


def _written(settings: OwnModel | None) -> dict[str, object]:
    return msgspec.to_builtins(settings) if settings else {}


def _defaults(settings: OwnModel) -> OwnModel:
    return type(settings)(name=settings.name, base_url=settings.base_url, model=settings.model)


def _more(text: str) -> dict[str, object]:
    if len(text) > MORE_LIMIT:
        raise ArenaError(N_("The further options are longer than {most} characters."), most=MORE_LIMIT)
    try:
        more = msgspec.toml.decode(text.encode(), type=dict[str, object])
    except (msgspec.DecodeError, UnicodeEncodeError) as exc:
        raise ArenaError(
            N_("Further options are lines such as total_seconds = 60. This is not: {problem}"),
            problem=str(exc),
        ) from exc
    if wrong := FROM_OTHER_FIELDS.intersection(more):
        raise ArenaError(
            N_("{field} has a field of its own, or is not for servers to set."), field=min(wrong)
        )
    return more


def _headers(entered: object, known: Mapping[str, str]) -> dict[str, str]:
    try:
        headers = msgspec.convert(entered, dict[str, str])
    except msgspec.ValidationError as exc:
        raise ArenaError(N_('extra_headers is written as {{ X-Name = "value" }}.')) from exc
    for name, value in headers.items():
        if value == KEPT and name not in known:
            raise ArenaError(N_("The header {name} has no value that could be kept."), name=name)
    return {name: known[name] if value == KEPT else value for name, value in headers.items()}


def _number(text: str, complaint: str) -> float | None:
    if not text.strip():
        return None
    try:
        number = float(text)
    except ValueError as exc:
        raise ArenaError(complaint) from exc
    if not math.isfinite(number):
        raise ArenaError(complaint)
    return number


def _tokens(text: str) -> int | None:
    number = text.strip()
    if number and not number.isdecimal():
        raise ArenaError(N_("The longest reply must be a whole number of tokens, such as 1000."))
    return int(number) if number else None


def _prices(text: str) -> tuple[float | None, float | None]:
    """Read `0.15 / 0.60`: US dollars for a million tokens in and out."""
    complaint = N_("Prices are written as 0.15 / 0.60: US dollars per million tokens, input / output.")
    parts = text.split("/")
    if not text.strip():
        return None, None
    if len(parts) != 2:  # noqa: PLR2004 - in and out
        raise ArenaError(complaint)
    return _number(parts[0], complaint), _number(parts[1], complaint)
