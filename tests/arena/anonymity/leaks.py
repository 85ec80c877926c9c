"""The labelled replies and prompts of leaks.toml, and how the rules judge them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bot.arena.anonymity.leaks import asks_identity, find_leak

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class LabelledReplies(msgspec.Struct, forbid_unknown_fields=True):
    language: str
    prompt: str = "Tell me something."
    names: list[str] | None = None
    leaks: list[str] = []
    harmless: list[str] = []


class Prompts(msgspec.Struct, forbid_unknown_fields=True):
    language: str
    asking: list[str] = []
    other: list[str] = []


class LeakPart(msgspec.Struct, forbid_unknown_fields=True):
    replies: list[LabelledReplies]
    prompts: list[Prompts]


class LeakCorpus(msgspec.Struct, forbid_unknown_fields=True):
    """`names` are those of a contestant of which nothing else is said."""

    names: list[str]
    development: LeakPart
    held_out: LeakPart


@dataclass(frozen=True, slots=True)
class Judged:
    """A reply or a prompt: what it is, and what the rules say that it is."""

    text: str
    language: str
    is_one: bool
    is_found: bool


@dataclass(frozen=True, slots=True)
class LeakScore:
    size: int
    found: int
    missed: tuple[str, ...]
    false_alarms: tuple[str, ...]

    @property
    def precision(self) -> float:
        alarms = self.found + len(self.false_alarms)
        return self.found / alarms if alarms else 1.0

    @property
    def recall(self) -> float:
        ones = self.found + len(self.missed)
        return self.found / ones if ones else 1.0


def read_corpus() -> LeakCorpus:
    text = Path(__file__).with_name("leaks.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), LeakCorpus)


def judge_replies(corpus: LeakCorpus, part: LeakPart) -> Iterator[Judged]:
    for group in part.replies:
        names = corpus.names if group.names is None else group.names
        for is_leak, replies in ((True, group.leaks), (False, group.harmless)):
            for reply in replies:
                found = find_leak(reply, group.prompt, names) is not None
                yield Judged(reply, group.language, is_leak, found)


def judge_prompts(part: LeakPart) -> Iterator[Judged]:
    for group in part.prompts:
        for is_asking, prompts in ((True, group.asking), (False, group.other)):
            for prompt in prompts:
                yield Judged(prompt, group.language, is_asking, asks_identity(prompt))


def score(judged: Iterable[Judged]) -> LeakScore:
    all_of_them = list(judged)
    return LeakScore(
        len(all_of_them),
        sum(one.is_one and one.is_found for one in all_of_them),
        tuple(one.text for one in all_of_them if one.is_one and not one.is_found),
        tuple(one.text for one in all_of_them if one.is_found and not one.is_one),
    )
