"""The format `lmarena`: one row a vote, nested as in lmarena-ai/arena-human-preference-140k."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from bot.domain.battle import Side
from bot.exports.columns import CODE, FOLLOW_UP, LONG, counted, language
from bot.exports.markdown_counts import Bold, Headings, Lists, markup

if TYPE_CHECKING:
    from collections.abc import Iterator

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


class LmarenaTurn(msgspec.Struct, frozen=True):
    user: LmarenaMessage
    model_side_a: LmarenaMessage
    model_side_b: LmarenaMessage


class Metadata(msgspec.Struct, frozen=True):
    """Tokens are those that the models' servers counted, `None` where they do not."""

    sum_user_tokens: int | None
    sum_assistant_a_tokens: int | None
    sum_assistant_b_tokens: int | None
    context_a_tokens: int | None
    context_b_tokens: int | None
    turns: int
    header_count_a: Headings
    header_count_b: Headings
    list_count_a: Lists
    list_count_b: Lists
    bold_count_a: Bold
    bold_count_b: Bold


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
    evaluation_order: int
    conversation_a: list[LmarenaMessage]
    conversation_b: list[LmarenaMessage]
    full_conversation: list[LmarenaTurn]
    conv_metadata: Metadata
    category_tag: CategoryTag
    language: str
    is_code: bool


def rows(battle: ExportedBattle, pseudonyms: Pseudonyms) -> Iterator[LmarenaRow]:
    """Yield a row for each vote; what is about the battle is built once."""
    turns = list(_turns(battle))
    metadata, tag = _metadata(battle), _category_tag(battle.categories)
    session = pseudonyms.battle(battle.battle_id)
    for order, (vote_id, _, winner) in enumerate(counted(battle, pseudonyms), start=1):
        yield LmarenaRow(
            id=vote_id,
            model_a=battle.a.model,
            model_b=battle.b.model,
            winner=winner,
            evaluation_session_id=session,
            evaluation_order=order,
            conversation_a=[message for turn in turns for message in (turn.user, turn.model_side_a)],
            conversation_b=[message for turn in turns for message in (turn.user, turn.model_side_b)],
            full_conversation=turns,
            conv_metadata=metadata,
            category_tag=tag,
            language=language(battle.categories),
            is_code=CODE in battle.categories,
        )


def _turns(battle: ExportedBattle) -> Iterator[LmarenaTurn]:
    prompts = [battle.prompt, *(turn.prompt for turn in battle.turns)]
    for prompt, a, b in zip(prompts, battle.replies(Side.A), battle.replies(Side.B), strict=True):
        yield LmarenaTurn(_message("user", prompt), _message("assistant", a), _message("assistant", b))


def _message(role: str, text: str) -> LmarenaMessage:
    return LmarenaMessage(role, [LmarenaPart("text", text)])


def _metadata(battle: ExportedBattle) -> Metadata:
    first, second = _tokens(battle, Side.A), _tokens(battle, Side.B)
    a, b = (markup("\n".join(battle.replies(side))) for side in Side)
    asked = [tokens for each in (first, second) if (tokens := each.asked) is not None]
    return Metadata(
        # What a server counts includes its own framing of the prompt; the smaller count has less of it.
        sum_user_tokens=min(asked, default=None),
        sum_assistant_a_tokens=first.written,
        sum_assistant_b_tokens=second.written,
        context_a_tokens=first.context,
        context_b_tokens=second.context,
        turns=1 + len(battle.turns),
        header_count_a=a.headings,
        header_count_b=b.headings,
        list_count_a=a.lists,
        list_count_b=b.lists,
        bold_count_a=a.bold,
        bold_count_b=b.bold,
    )


class _Tokens(NamedTuple):
    asked: int | None
    written: int | None
    context: int | None


def _tokens(battle: ExportedBattle, side: Side) -> _Tokens:
    """Add one side's counts up; the last context holds all that was said before it."""
    seat = battle.a if side is Side.A else battle.b
    answers = [turn.answer(side) for turn in battle.turns]
    written = [seat.output_tokens, *(answer.output_tokens for answer in answers)]
    context = answers[-1].input_tokens if answers else seat.input_tokens
    earlier = _sum(written[:-1])
    asked = None if context is None or earlier is None else context - earlier
    return _Tokens(asked, _sum(written), context)


def _sum(counts: list[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _category_tag(categories: tuple[str, ...]) -> CategoryTag:
    return CategoryTag(
        CreativeWriting(),
        Criteria(),
        InstructionFollowing(),
        Mathematics(),
        OwnCategories(LONG in categories, FOLLOW_UP in categories, list(categories)),
    )
