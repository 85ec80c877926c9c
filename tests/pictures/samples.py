"""Pictures of so many models, with names that are hard to draw."""

from __future__ import annotations

from itertools import accumulate
from random import Random

from bot.pictures.specs import (
    Bar,
    Bout,
    BracketPicture,
    BracketSeat,
    Cell,
    Dot,
    Fact,
    Highlight,
    MatrixPicture,
    Mover,
    RatingsPicture,
    RecapPicture,
    Round,
    Theme,
    TrendLine,
    TrendPicture,
    ValuePicture,
)

HARD_NAMES = (
    "とても長い日本語のモデル名がここに入ります",
    "a-model-whose-name-goes-on-and-on-until-nobody-can-read-it-any-more-at-all-0123",
    "한국어 모델",
    "$5 a piece$",
    "🦊",
    "👩🏽‍💻 🏴󠁧󠁢󠁥󠁮󠁧󠁿 مرحبا بالعالم",
    "M",
    "W" * 40,
)
LONG_TITLE = (
    "とても長いサーバーの名前 — a title that goes on and on, 한국어, $1 or $2, until nobody reads it any more"
)


def names(count: int) -> list[str]:
    return [*HARD_NAMES, *(f"model-{number}" for number in range(count))][:count]


def ratings_picture(count: int, theme: Theme) -> RatingsPicture:
    random = Random(count)
    bars = [
        Bar(
            name,
            f"{place}–{count}" if place < count else "",
            1400.0 - 9 * place,
            random.randint(5, 90),
            note,
            "グループ2（グループ1とは未対戦）" if place % 5 == 0 else "",
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
            name,
            random.choice([0.0, 0.05, 0.6, 2.5, 30.0]),
            900.0 + 7 * place,
            random.randint(5, 90),
            place % 9 == 1,
        )
        for place, name in enumerate(names(count), 1)
    ]
    return ValuePicture("レーティングと価格", "US dollars", "無料", tuple(dots), theme)


def trend_picture(count: int, theme: Theme) -> TrendPicture:
    """Show so many models, the first on the last day only and the third never, on six times as many days."""
    random, days = Random(count), 6 * count if count > 1 else 1
    lines: list[TrendLine] = []
    for index, name in enumerate(names(count)):
        steps = list(accumulate((random.gauss(0, 6) for _ in range(days)), initial=1000.0 + index))[1:]
        first = {0: days - 1, 2: days}.get(index, index * days // 30)
        lines.append(TrendLine(name, (*[None] * first, *steps[first:])))
    labels = tuple(f"{11 + day // 30}月{day % 30 + 1}日" for day in range(days))
    return TrendPicture("レーティングの推移", "レーティング（点）", labels, tuple(lines), theme)


def recap_picture(count: int, theme: Theme) -> RecapPicture:
    """Show as much of everything as a recap has, up to so many."""
    random = Random(count)
    facts = [
        Fact("1,234", "対戦"),
        Fact("98.7%", "votes by people"),
        Fact("12", "新しく加わったとても名前の長いモデルの数"),
        Fact("¥1,234,567,890", "a label that is far too long for its card, really"),
        Fact("🦊", "$5 or $6"),
        Fact("0", "한국어"),
    ]
    highlights = [
        Highlight("チャンピオン", "とても長い日本語のモデル名がここに入ります" * 4),
        Highlight("Climber of the week", "a-model-whose-name-goes-on-and-on (+123) " * 5),
        Highlight("いちばんの接戦", "$5 a piece$ 対 한국어 모델 — 12票対11票"),
        Highlight("Most divided " * 20, "🦊"),
    ]
    movers = [
        Mover("same", 987.0, 987.0),
        *(Mover(name, 1000.0 + random.randint(-90, 90), 1000.0) for name in names(count)),
    ]
    return RecapPicture(
        "今週のまとめ",
        tuple(facts[: max(2, count)]),
        tuple(highlights[: count - 1]),
        tuple(movers[: min(8, count - 1)]),
        theme,
    )


def bracket_picture(count: int, theme: Theme) -> BracketPicture:
    """Show two to four rounds; of three, the first has a bye, and there is no champion."""
    rounds = max(2, min(4, count))
    shown = names(2**rounds)
    seats = [
        (
            BracketSeat(str(seed), name, "9999", is_out=False),
            BracketSeat(str(seed + 1), other, "0", is_out=True),
        )
        for seed, (name, other) in enumerate(zip(shown[::2], shown[1::2], strict=True), 15)
    ]
    bouts = [Bout(*pair) for pair in seats]
    return BracketPicture(
        "トーナメント",
        "シードはレーティング順。右の数字は得票数",
        tuple(
            Round(
                f"round {number} " * number,
                tuple(
                    None if (rounds, number, slot) == (3, 0, 0) else bout
                    for slot, bout in enumerate(bouts[: 2 ** (rounds - number - 1)])
                ),
            )
            for number in range(rounds)
        ),
        None if rounds == 3 else Highlight("チャンピオン", shown[0] * 4),
        theme,
    )
