"""The format `lmarena`: one row a vote, nested as in lmarena-ai/arena-human-preference-140k."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.exports.markup import Bold, Headings, Lists, markup
from bot.exports.words import CODE, FOLLOW_UP, LONG, counted, language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.exports.disguise import Disguise
    from bot.storage.exports import DecidedBattle


class Part(msgspec.Struct, frozen=True, rename="camel"):
    type: str
    text: str
    image: str | None = None
    mime_type: str | None = None


class Message(msgspec.Struct, frozen=True):
    role: str
    content: list[Part]


class Turn(msgspec.Struct, frozen=True):
    user: Message
    model_side_a: Message
    model_side_b: Message


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


class Row(msgspec.Struct, frozen=True):
    id: str
    model_a: str
    model_b: str
    winner: str
    evaluation_session_id: str
    """Of the battle: the votes on one battle share it."""
    evaluation_order: int
    conversation_a: list[Message]
    conversation_b: list[Message]
    full_conversation: list[Turn]
    conv_metadata: Metadata
    category_tag: CategoryTag
    language: str
    is_code: bool


def rows(battle: DecidedBattle, disguise: Disguise) -> Iterator[Row]:
    """Yield a row for each vote; what is about the battle is built once."""
    user = _message("user", battle.prompt)
    a, b = _message("assistant", battle.a.reply), _message("assistant", battle.b.reply)
    metadata, tag = _metadata(battle), _category_tag(battle.categories)
    session = disguise.battle(battle.battle_id)
    for order, (vote_id, _, winner) in enumerate(counted(battle, disguise), start=1):
        yield Row(
            id=vote_id,
            model_a=battle.a.model,
            model_b=battle.b.model,
            winner=winner,
            evaluation_session_id=session,
            evaluation_order=order,
            conversation_a=[user, a],
            conversation_b=[user, b],
            full_conversation=[Turn(user, a, b)],
            conv_metadata=metadata,
            category_tag=tag,
            language=language(battle.categories),
            is_code=CODE in battle.categories,
        )


def _message(role: str, text: str) -> Message:
    return Message(role, [Part("text", text)])


def _metadata(battle: DecidedBattle) -> Metadata:
    a, b = markup(battle.a.reply), markup(battle.b.reply)
    read = [tokens for seat in (battle.a, battle.b) if (tokens := seat.input_tokens) is not None]
    return Metadata(
        # What a server counts includes its own framing of the prompt; the smaller count has less of it.
        sum_user_tokens=min(read, default=None),
        sum_assistant_a_tokens=battle.a.output_tokens,
        sum_assistant_b_tokens=battle.b.output_tokens,
        context_a_tokens=battle.a.input_tokens,
        context_b_tokens=battle.b.input_tokens,
        turns=1,
        header_count_a=a.headings,
        header_count_b=b.headings,
        list_count_a=a.lists,
        list_count_b=b.lists,
        bold_count_a=a.bold,
        bold_count_b=b.bold,
    )


def _category_tag(categories: tuple[str, ...]) -> CategoryTag:
    return CategoryTag(
        CreativeWriting(),
        Criteria(),
        InstructionFollowing(),
        Mathematics(),
        OwnCategories(LONG in categories, FOLLOW_UP in categories, list(categories)),
    )
