"""The format `lmarena`: one row a vote, nested as in lmarena-ai/arena-human-preference-140k."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from bot.arena.models.prices import estimated_tokens
from bot.domain.battle import Side
from bot.exports.columns import CODE, FOLLOW_UP, INT32_LIMIT, LONG, WINNERS, Int32, counted, language
from bot.exports.markdown_counts import Bold, Headings, Lists, markup

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.domain.exported_battle import ExportedBattle
    from bot.exports.pseudonyms import Pseudonyms


class LmarenaPart(msgspec.Struct, frozen=True, rename="camel"):
    type: str
    text: str
    image: str | None = None
    mime_type: str | None = None


class LmarenaMessage(msgspec.Struct, frozen=True):
    role: str
    content: list[LmarenaPart]


class CountedMessage(msgspec.Struct, frozen=True):
    role: str
    content: list[LmarenaPart]
    num_tokens: Int32
    num_tokens_estimated: bool


class LmarenaTurn(msgspec.Struct, frozen=True):
    user: LmarenaMessage
    model_side_a: LmarenaMessage
    model_side_b: LmarenaMessage


class Metadata(msgspec.Struct, frozen=True):
    """The last five are ours: of which numbers of tokens a part was estimated."""

    sum_assistant_a_tokens: Int32
    header_count_a: Headings
    list_count_a: Lists
    bold_count_a: Bold
    context_a_tokens: Int32
    sum_assistant_b_tokens: Int32
    header_count_b: Headings
    list_count_b: Lists
    bold_count_b: Bold
    context_b_tokens: Int32
    sum_user_tokens: Int32
    turns: int
    sum_assistant_a_tokens_estimated: bool
    context_a_tokens_estimated: bool
    sum_assistant_b_tokens_estimated: bool
    context_b_tokens_estimated: bool
    sum_user_tokens_estimated: bool


class CreativeWriting(msgspec.Struct, frozen=True):
    creative_writing: bool = False
    score: str | None = None


class Criteria(msgspec.Struct, frozen=True):
    complexity: bool = False
    creativity: bool = False
    domain_knowledge: bool = False
    problem_solving: bool = False
    real_world: bool = False
    specificity: bool = False
    technical_accuracy: bool = False


class InstructionFollowing(msgspec.Struct, frozen=True):
    follows: bool = msgspec.field(name="if", default=False)
    score: int | None = None


class Mathematics(msgspec.Struct, frozen=True):
    math: bool = False


class OwnCategories(msgspec.Struct, frozen=True):
    long: bool
    follow_up: bool
    categories: list[str]


class CategoryTag(msgspec.Struct, frozen=True):
    """The first four are what a judge model says in the public set; they stand for tools that look there.

    Nobody judges here, so nothing is true and no score is there.
    """

    creative_writing: CreativeWriting = msgspec.field(name="creative_writing_v0.1")
    criteria: Criteria = msgspec.field(name="criteria_v0.1")
    instruction_following: InstructionFollowing = msgspec.field(name="if_v0.1")
    mathematics: Mathematics = msgspec.field(name="math_v0.1")
    own: OwnCategories = msgspec.field(name="arena_bot_v1")


class LmarenaRow(msgspec.Struct, frozen=True):
    id: str
    model_a: str
    model_b: str
    winner: str
    evaluation_session_id: str
    """Of the battle: the votes on one battle share it."""
    evaluation_order: Int32
    conversation_a: list[CountedMessage]
    conversation_b: list[CountedMessage]
    full_conversation: list[LmarenaTurn]
    conv_metadata: Metadata
    category_tag: CategoryTag
    language: str
    is_code: bool


def rows(battle: ExportedBattle, pseudonyms: Pseudonyms) -> Iterator[LmarenaRow]:
    """Yield a row for each vote; what is about the battle is built once."""
    turns, tokens = list(_turns(battle)), _tokens(battle)
    metadata, tag = _metadata(battle, tokens), _category_tag(battle.categories)
    conversation_a, conversation_b = (list(_conversation(turns, tokens, side)) for side in Side)
    session = pseudonyms.battle(battle.battle_id)
    for order, (vote_id, _, vote) in enumerate(counted(battle, pseudonyms), start=1):
        yield LmarenaRow(
            id=vote_id,
            model_a=battle.a.model,
            model_b=battle.b.model,
            winner=WINNERS[vote],
            evaluation_session_id=session,
            evaluation_order=order,
            conversation_a=conversation_a,
            conversation_b=conversation_b,
            full_conversation=turns,
            conv_metadata=metadata,
            category_tag=tag,
            language=language(battle.categories),
            is_code=CODE in battle.categories,
        )


def _prompts(battle: ExportedBattle) -> list[str]:
    return [battle.prompt, *(turn.prompt for turn in battle.turns)]


def _turns(battle: ExportedBattle) -> Iterator[LmarenaTurn]:
    for prompt, a, b in zip(_prompts(battle), battle.replies(Side.A), battle.replies(Side.B), strict=True):
        yield LmarenaTurn(_message("user", prompt), _message("assistant", a), _message("assistant", b))


def _message(role: str, text: str) -> LmarenaMessage:
    return LmarenaMessage(role, [LmarenaPart("text", text)])


def _conversation(turns: list[LmarenaTurn], tokens: _Tokens, side: Side) -> Iterator[CountedMessage]:
    for turn, asked, written in zip(turns, tokens.asked, tokens.written[side], strict=True):
        answer = turn.model_side_a if side is Side.A else turn.model_side_b
        for message, count in ((turn.user, asked), (answer, written)):
            yield CountedMessage(message.role, message.content, count.number, count.is_estimated)


def _metadata(battle: ExportedBattle, tokens: _Tokens) -> Metadata:
    a, b = (markup("\n".join(battle.replies(side))) for side in Side)
    asked = _sum(tokens.asked)
    written_a, written_b = (_sum(tokens.written[side]) for side in Side)
    context_a, context_b = (tokens.context[side] for side in Side)
    return Metadata(
        sum_assistant_a_tokens=written_a.number,
        header_count_a=a.headings,
        list_count_a=a.lists,
        bold_count_a=a.bold,
        context_a_tokens=context_a.number,
        sum_assistant_b_tokens=written_b.number,
        header_count_b=b.headings,
        list_count_b=b.lists,
        bold_count_b=b.bold,
        context_b_tokens=context_b.number,
        sum_user_tokens=asked.number,
        turns=1 + len(battle.turns),
        sum_assistant_a_tokens_estimated=written_a.is_estimated,
        context_a_tokens_estimated=context_a.is_estimated,
        sum_assistant_b_tokens_estimated=written_b.is_estimated,
        context_b_tokens_estimated=context_b.is_estimated,
        sum_user_tokens_estimated=asked.is_estimated,
    )


class _Count(NamedTuple):
    number: int
    is_estimated: bool


class _Tokens(NamedTuple):
    """Tokens of each prompt, of each side's replies, and of all that a side was sent for its last one."""

    asked: list[_Count]
    written: dict[Side, list[_Count]]
    context: dict[Side, _Count]


def _tokens(battle: ExportedBattle) -> _Tokens:
    counts = {side: _server_counts(battle, side) for side in Side}
    asked = [
        _asked([steps[number] for steps in map(_steps, counts.values())], prompt, battle, number)
        for number, prompt in enumerate(_prompts(battle))
    ]
    written = {
        side: [
            _count(count.output, estimated_tokens(reply))
            for count, reply in zip(counts[side], battle.replies(side), strict=True)
        ]
        for side in Side
    }
    context = {
        side: _count(counts[side][-1].input, _sum([*asked, *written[side][:-1]]).number) for side in Side
    }
    return _Tokens(asked, written, context)


class _ServerCounts(NamedTuple):
    input: int | None
    output: int | None


def _server_counts(battle: ExportedBattle, side: Side) -> list[_ServerCounts]:
    """Return what a model's server counted, turn by turn."""
    seat = battle.a if side is Side.A else battle.b
    answers = [seat, *(turn.answer(side) for turn in battle.turns)]
    return [_ServerCounts(answer.input_tokens, answer.output_tokens) for answer in answers]


def _steps(counts: Sequence[_ServerCounts]) -> list[int | None]:
    """Return how much each prompt added to the input, beside the reply before it."""
    return [counts[0].input, *(_step(before, now) for before, now in pairwise(counts))]


def _step(before: _ServerCounts, now: _ServerCounts) -> int | None:
    if now.input is None or before.input is None or before.output is None:
        return None
    return now.input - before.input - before.output


def _asked(steps: Iterable[int | None], prompt: str, battle: ExportedBattle, number: int) -> _Count:
    """Return the smaller of both counts, which has less of a server's own framing of the prompt.

    One below zero is none: the reply before was counted with thoughts that were not sent again.
    """
    known = [step for step in steps if step is not None and step > 0]
    return _count(min(known, default=None), estimated_tokens(prompt, int(battle.has_image and number == 0)))


def _count(counted: int | None, estimated: int) -> _Count:
    number = estimated if counted is None else counted
    return _Count(min(number, INT32_LIMIT - 1), counted is None)


def _sum(counts: Sequence[_Count]) -> _Count:
    total = sum(count.number for count in counts)
    return _Count(min(total, INT32_LIMIT - 1), any(count.is_estimated for count in counts))


def _category_tag(categories: tuple[str, ...]) -> CategoryTag:
    return CategoryTag(
        CreativeWriting(),
        Criteria(),
        InstructionFollowing(),
        Mathematics(),
        OwnCategories(LONG in categories, FOLLOW_UP in categories, list(categories)),
    )
