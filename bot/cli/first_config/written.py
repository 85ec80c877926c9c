"""The text of a first `config.toml`, and its file."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from itertools import chain, count
from typing import TYPE_CHECKING

import tomli_w

from bot import config
from bot.domain.model import folded
from bot.errors import StartupError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from bot.backends.protocols.providers import Provider

MOST_NAME_CHARS = 60
"""Of 80, so that there is room to tell it from another."""

HEAD = """\
# Written by `arena-bot init`. config.example.toml shows every key, and `arena-bot check` tries what is here.
# Secrets are not in it: the bot's token is read from the environment variable DISCORD_TOKEN, a model's key
# from the variable that its api_key_env names.
"""
SERVERS = """
[discord]
# The ids of the servers that the bot works on; it leaves any other that it is invited to. With none, it works
# wherever it is invited, and whoever invites it spends what your models cost.
"""
BATTLE = """
[battle]
# How long members can vote, in seconds: 10 to 604800 (a week).
{voting_seconds}
# What is said in channels is in "en" or "ja"; "auto" takes the server's language, or that of who asks.
{language}
"""
MODELS = """
# A battle needs two models. The name is what a reveal and the leaderboard call one: votes belong to it, so
# change it now rather than later.
"""
NO_MODELS = """
# [[models]]
# name = "Llama 3.2 3B"
# protocol = "ollama"
# base_url = "http://localhost:11434"
# model = "llama3.2:3b"
"""


@dataclass(frozen=True, slots=True)
class PickedModel:
    """A model that the config is to have."""

    name: str
    provider: Provider
    model: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What the first config is to say."""

    servers: tuple[int, ...] = ()
    models: tuple[PickedModel, ...] = ()
    voting_seconds: int = 120
    language: str = "auto"


def named(provider: Provider, model: str, taken: Collection[str]) -> PickedModel:
    """Give a model a name that reads well and that no other has."""
    short = " ".join(model.rpartition("/")[2].removesuffix(":latest").removesuffix(".gguf").split()) or model
    short = short[:MOST_NAME_CHARS].rstrip()
    known = {folded(each) for each in taken}
    numbered = (f"{short} {number}" for number in count(2))
    names = chain((short, f"{short} ({provider.name})"), numbered)
    return PickedModel(next(each for each in names if folded(each) not in known), provider, model)


def text_of(answers: Answers) -> str:
    """Write the file; what it says is what the answers say."""
    parts = [
        HEAD,
        SERVERS,
        _line(servers=list(answers.servers)),
        BATTLE.format(
            voting_seconds=_line(voting_seconds=answers.voting_seconds).rstrip("\n"),
            language=_line(language=answers.language).rstrip("\n"),
        ),
        MODELS,
        *(_table(each) for each in answers.models),
        *([] if answers.models else [NO_MODELS]),
    ]
    return "".join(parts)


def put(path: Path, answers: Answers) -> None:
    """Write the file whole or not at all; what keeps it from being written is a `StartupError`."""
    text = text_of(answers)
    config.parse(text, source=str(path))
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as exc:
        raise StartupError(f"{path}: cannot be written: {exc.strerror or exc}") from exc
    finally:
        part.unlink(missing_ok=True)


def _table(chosen: PickedModel) -> str:
    return "\n[[models]]\n" + "".join(_fields(chosen))


def _fields(chosen: PickedModel) -> Iterator[str]:
    provider = chosen.provider
    yield _line(name=chosen.name)
    yield _line(protocol=provider.protocol)
    yield _line(base_url=provider.base_url)
    yield _line(model=chosen.model)
    if provider.key_env:
        yield _line(api_key_env=provider.key_env)


def _line(**value: str | int | Sequence[int]) -> str:
    return tomli_w.dumps(value)
