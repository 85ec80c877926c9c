"""Pictures of so many models, with names that are hard to draw."""

from __future__ import annotations

from random import Random

from bot.pictures.subjects import Bar, Cell, Dot, MatrixPicture, RatingsPicture, Theme, ValuePicture

HARD_NAMES = (
    "とても長い日本語のモデル名がここに入ります",
    "a-model-whose-name-goes-on-and-on-until-nobody-can-read-it-any-more-at-all-0123",
    "한국어 모델",
    "$5 a piece$",
    "🦊",
    "M",
)


def names(count: int) -> list[str]:
    return [*HARD_NAMES, *(f"model-{number}" for number in range(count))][:count]


def ratings_picture(count: int, theme: Theme) -> RatingsPicture:
    random = Random(count)
    bars = [
        Bar(
            name, f"{place}–{count}" if place < count else "", 1400.0 - 9 * place, random.randint(5, 90), note
        )
        for place, name in enumerate(names(count), 1)
        for note in ["引退" if place % 3 == 0 else ""]
    ]
    return RatingsPicture("リーダーボード", "Rating with its 95% interval", tuple(bars), theme)


def matrix_picture(count: int, theme: Theme) -> MatrixPicture:
    random, shown = Random(count), tuple(names(count))
    cells = tuple(
        tuple(None if row == column else Cell(random.random(), random.randint(1, 9999)) for column in shown)
        for row in shown
    )
    return MatrixPicture(
        "モデル同士の勝率", "行のモデルが列のモデルから得た票の割合", shown, shown, cells, theme
    )


def value_picture(count: int, theme: Theme) -> ValuePicture:
    random = Random(count)
    dots = [
        Dot(
            name, random.choice([0.0, 0.05, 0.6, 2.5, 30.0]), 900.0 + place, random.randint(5, 90), place == 1
        )
        for place, name in enumerate(names(count), 1)
    ]
    return ValuePicture("レーティングと価格", "US dollars", "無料", tuple(dots), theme)
