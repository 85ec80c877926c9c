# matplotlib's annotations leave out what its **kwargs may be.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from io import BytesIO
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.collections import PathCollection
from matplotlib.lines import Line2D
from matplotlib.text import Text
from PIL import Image

from bot.pictures.canvas import DPI, HEAD
from bot.pictures.colours import COLOURS
from bot.pictures.render import draw, paint
from bot.pictures.specs import (
    Bar,
    Bout,
    BracketPicture,
    BracketSeat,
    Cell,
    Dot,
    Fact,
    Imprint,
    MatrixPicture,
    Mover,
    RatingsPicture,
    RecapPicture,
    Round,
    Theme,
    TrendLine,
    TrendPicture,
    ValuePicture,
    percent,
)
from tests.pictures import samples
from tests.pictures.samples import (
    LONG_TITLE,
    bracket_picture,
    matrix_picture,
    ratings_picture,
    recap_picture,
    trend_picture,
    value_picture,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.transforms import Bbox
    from numpy.typing import NDArray

    from bot.pictures.canvas import Canvas
    from bot.pictures.specs import Picture

    Sample = Callable[[int, Theme], Picture]

SAMPLES = [ratings_picture, matrix_picture, value_picture, trend_picture, recap_picture, bracket_picture]
ROUNDING = 1.0
"""Pixels by which boxes of texts may overlap: their ends are rounded."""


def boxes(canvas: Canvas) -> list[tuple[str, Bbox]]:
    """Return what each visible text covers, in pixels."""
    canvas.png()
    surface: FigureCanvasAgg = canvas.figure.canvas  # pyright: ignore[reportAssignmentType] - the only kind
    renderer = surface.get_renderer()
    texts: list[Text] = canvas.figure.findobj(Text)  # pyright: ignore[reportAssignmentType] - no others
    hidden = unseen_ticks(canvas)
    shown = [text for text in texts if text.get_visible() and text.get_text().strip() and text not in hidden]
    # Of an annotation only the words: its line may cross others.
    return [(text.get_text(), Text.get_window_extent(text, renderer)) for text in shown]


def figures(canvas: Canvas) -> list[Bbox]:
    """Return what each character covers, in pixels, of those that are written many at once."""
    (written,) = (each for each in canvas.figure.artists if isinstance(each, PathCollection))
    replies_in_progress: list[tuple[float, float]] = (
        written.get_offset_transform().transform(written.get_offsets()).tolist()
    )
    outlines = (path.transformed(written.get_transform()) for path in written.get_paths())
    extents = (outline.get_extents() for outline in outlines)
    return [
        extent.translated(*reply_in_progress)
        for extent, reply_in_progress in zip(extents, replies_in_progress, strict=True)
    ]


def unseen_ticks(canvas: Canvas) -> list[Text]:
    """Return the labels of ticks beyond the ends of their axis, which are not drawn."""
    return [
        label
        for axes in canvas.figure.axes
        for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim()))
        for tick in axis.get_major_ticks()
        for label in (tick.label1, tick.label2)
        if not min(low, high) <= tick.get_loc() <= max(low, high)
    ]


def overlap(one: Bbox, other: Bbox) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    return across > ROUNDING and down > ROUNDING


@pytest.mark.parametrize("count", [1, 2, 10, 50])
@pytest.mark.parametrize("sample", [ratings_picture, value_picture])
def test_no_text_is_clipped_or_covers_another(sample: Sample, count: int) -> None:
    check(draw(sample(count, Theme.DARK)))


@pytest.mark.parametrize("count", [1, 2, 20])
def test_no_text_of_a_matrix_is_clipped_or_covers_another(count: int) -> None:
    check(draw(matrix_picture(count, Theme.LIGHT)))


@pytest.mark.parametrize("count", [1, 2, 3, 5, 10])
@pytest.mark.parametrize("sample", [trend_picture, recap_picture])
def test_no_text_of_a_trend_or_a_recap_is_clipped_or_covers_another(sample: Sample, count: int) -> None:
    check(draw(sample(count, Theme.DARK)))


@pytest.mark.parametrize("rounds", [2, 3, 4])
def test_no_text_of_a_bracket_is_clipped_or_covers_another(rounds: int) -> None:
    check(draw(bracket_picture(rounds, Theme.LIGHT)))


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_long_title_stays_inside_the_picture(sample: Sample) -> None:
    check(draw(replace(sample(2, Theme.LIGHT), title=LONG_TITLE)))


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_picture_ends_with_a_whole_pixel(sample: Sample) -> None:
    width, height = draw(sample(1, Theme.DARK)).figure.bbox.size

    assert (width, height) == pytest.approx((round(width), round(height)))


def check(canvas: Canvas) -> None:
    found, inside = boxes(canvas), canvas.figure.bbox
    for text, box in found:
        assert box.x0 >= 0, text
        assert box.y0 >= 0, text
        assert box.x1 <= inside.x1, text
        assert box.y1 <= inside.y1, text
    for (text, box), (other, its) in combinations(found, 2):
        assert not overlap(box, its), (text, other)


@pytest.mark.parametrize("theme", Theme)
def test_each_theme_has_its_own_background(theme: Theme) -> None:
    shade = {Theme.DARK: 0x2B / 255, Theme.LIGHT: 1.0}[theme]
    for sample in SAMPLES:
        canvas = draw(sample(2, theme))
        red, *_ = canvas.figure.get_facecolor()
        assert red == pytest.approx(shade), sample


def test_models_that_never_met_leave_a_cell_empty() -> None:
    cells = ((None, Cell(0.25, 8)), (Cell(0.75, 8), None))
    picture = MatrixPicture("Title", "Legend", ("A", "B"), ("A", "B"), cells, Theme.DARK)

    assert len(figures(draw(picture))) == len("25%8" + "75%8")


def test_the_figures_of_a_cell_stay_inside_it() -> None:
    side = 16
    cells, names = ((Cell(1.0, 99_999),) * side,) * side, ("M",) * side
    canvas = draw(MatrixPicture("Title", "Legend", names, names, cells, Theme.DARK))
    (axes,) = canvas.figure.axes
    across, down = axes.bbox.width / side, axes.bbox.height / side

    replies_in_progress = Counter(
        ((x - axes.bbox.x0) // across, (y - axes.bbox.y0) // down)
        for box in figures(canvas)
        for x, y in (box.min, box.max)
    )
    assert replies_in_progress == dict.fromkeys(product(range(side), repeat=2), 2 * len("100%" + "99999"))


def test_a_provisional_model_has_a_hollow_dot() -> None:
    bars = (Bar("A", "1", 1010.0, 9.0), Bar("B", "", 1000.0, 9.0))
    canvas = draw(RatingsPicture("Title", "Points", bars, Theme.DARK))
    dots = [line for line in canvas.figure.findobj(Line2D) if line.get_marker() == "o"]
    filled = {line.get_markerfacecolor(): np.asarray(line.get_ydata()).tolist() for line in dots}

    assert filled == {COLOURS[Theme.DARK].accent: [0], COLOURS[Theme.DARK].background: [1]}


def test_a_heading_has_a_row_of_its_own_above_its_model() -> None:
    bars = (Bar("A", "1", 1010.0, 9.0, heading="Group 1"), Bar("B", "1", 1000.0, 9.0, heading="Group 2"))
    canvas = draw(RatingsPicture("Title", "Points", bars, Theme.DARK))
    places = {text: box.y0 for text, box in boxes(canvas)}
    dots = [line for line in canvas.figure.findobj(Line2D) if line.get_marker() == "o"]

    assert places["Group 1"] > places["A"] > places["Group 2"] > places["B"]
    assert [1, 3] in [np.asarray(line.get_ydata()).tolist() for line in dots]


def test_a_note_stays_whole_behind_a_name_that_is_cut() -> None:
    bar = Bar("あ" * 40, "1", 1000.0, 9.0, "引退, $5 $6")
    canvas = draw(RatingsPicture("Title", "Points", (bar,), Theme.DARK))
    (name,) = (text for text, _ in boxes(canvas) if text.startswith("あ"))

    assert name.endswith(r"あ… (引退, \$5 \$6)")


def strawberries(count: int) -> list[str]:
    return ["🍓"] * count


def short_names(count: int) -> list[str]:
    return [f"model-{number}" for number in range(count)]


def pixels(canvas: Canvas) -> NDArray[np.int64]:
    with Image.open(BytesIO(canvas.png())) as image:
        return np.asarray(image.convert("RGB")).astype(np.int64)


@pytest.mark.parametrize("sample", SAMPLES)
def test_emoji_of_names_are_drawn_in_their_colours(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    """A strawberry has a red that no theme has."""
    monkeypatch.setattr(samples, "names", strawberries)
    red = np.abs(pixels(draw(sample(4, Theme.DARK))) - (190, 25, 49)).sum(axis=2) < 9

    assert red.any()


def widest_gap(is_empty: NDArray[np.bool_]) -> float:
    """Return the longest stretch of emptiness as a share of the whole."""
    stretches = ("".join("01"[empty] for empty in is_empty.tolist())).split("0")
    return max(map(len, stretches)) / len(is_empty)


@pytest.mark.parametrize(
    ("sample", "count"),
    [
        *product((ratings_picture, value_picture), (2, 4, 10, 30, 50)),
        *product((matrix_picture,), (2, 4, 10, 20)),
        *product((trend_picture,), (2, 4, 10)),
    ],
)
def test_no_part_of_a_picture_is_empty(sample: Sample, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With short names, which leave most room."""
    monkeypatch.setattr(samples, "names", short_names)
    picture = pixels(draw(sample(count, Theme.DARK)))[round(HEAD * DPI) :]
    empty = (picture == picture[0, 0]).all(axis=2)

    assert widest_gap(empty.all(axis=0)) < 0.2
    assert widest_gap(empty.all(axis=1)) < 0.25


@given(st.integers(1, 999), st.data())
def test_what_two_models_won_of_each_other_adds_up_to_100_as_written(votes: int, data: st.DataObject) -> None:
    halves = data.draw(st.integers(0, 2 * votes))
    score = halves / 2

    assert percent(score / votes) + percent((votes - score) / votes) == 100
    assert abs(percent(score / votes) - 100 * score / votes) <= 0.5 + 1e-6


def test_lines_to_names_are_thin_and_grey() -> None:
    """Lest they are taken for ratings that go on."""
    canvas = draw(trend(9, *(TrendLine(f"{number}", (1000.0 + number,) * 9) for number in range(10))))
    lines = [line for line in canvas.figure.artists if isinstance(line, Line2D)]
    leaders = [line for line in lines if np.size(line.get_xdata()) == 2]

    assert len(leaders) == 10
    assert {line.get_color() for line in leaders} == {COLOURS[Theme.DARK].faint}
    assert max(line.get_linewidth() for line in leaders) < 0.8


@pytest.mark.parametrize("sample", [*SAMPLES[:5]])
def test_a_picture_says_where_it_is_from(sample: Sample) -> None:
    imprint = Imprint("Cats", "Nov 30, 2026", "This season · 3 battles")
    texts = [text for text, _ in boxes(draw(replace(sample(2, Theme.DARK), imprint=imprint)))]

    assert {"Cats", "Nov 30, 2026", "This season · 3 battles", "arena-bot"} <= set(texts)


@pytest.mark.parametrize("sample", [*SAMPLES[:5]])
def test_a_long_name_of_a_server_stays_inside_the_picture(sample: Sample) -> None:
    imprint = Imprint("とても長いサーバー🐈" * 9, "2026年11月30日", "今シーズン · 3件の対戦 " * 9)

    check(draw(replace(sample(2, Theme.DARK), imprint=imprint)))


def trend(days: int, *lines: TrendLine) -> TrendPicture:
    return TrendPicture("Title", "Points", tuple(f"day {day}" for day in range(days)), lines, Theme.DARK)


def test_a_line_is_named_only_if_it_has_a_point() -> None:
    canvas = draw(trend(2, TrendLine("known", (None, 1000.0)), TrendLine("unknown", (None, None))))
    texts = [text for text, _ in boxes(canvas)]

    assert "known" in texts
    assert "unknown" not in texts


@pytest.mark.parametrize("lines", [(), (TrendLine("unknown", (None, None)),)])
def test_a_trend_without_points_shows_its_days_alone(lines: tuple[TrendLine, ...]) -> None:
    canvas = draw(trend(2, *lines))

    assert sorted(text for text, _ in boxes(canvas)) == ["Points", "Title", "arena-bot", "day 0", "day 1"]


def test_of_many_days_the_last_one_and_some_others_are_written() -> None:
    canvas = draw(trend(60, TrendLine("known", (1000.0,) * 60)))
    texts = [text for text, _ in boxes(canvas) if text.startswith("day")]

    assert "day 59" in texts
    assert 3 < len(texts) < 20


def test_ten_lines_differ_in_markers_and_in_hue_or_dashes() -> None:
    canvas = draw(trend(9, *(TrendLine(f"{number}", (1000.0 + number,) * 9) for number in range(10))))
    drawn = [line for line in canvas.figure.findobj(Line2D) if np.size(line.get_xdata()) == 9]

    assert len({str(line.get_marker()) for line in drawn}) == 10
    assert len({(line.get_color(), line.get_linestyle()) for line in drawn}) == 10


def test_names_stand_in_the_order_of_the_last_ratings() -> None:
    lines = [
        TrendLine("low", (1300.0, 1000.0)),
        TrendLine("high", (1000.0, 1300.0)),
        TrendLine("second", (None, 1299.0)),
    ]
    canvas = draw(trend(2, *lines))
    heights = {text: box.y0 for text, box in boxes(canvas)}

    assert heights["low"] < heights["second"] < heights["high"]


@pytest.mark.parametrize("extreme", [0.0, 2000.0])
def test_names_stay_inside_where_most_lines_end_at_an_edge(extreme: float) -> None:
    lines = [
        TrendLine("middle", (1000.0,) * 2),
        *(TrendLine(f"{number}", (extreme,) * 2) for number in range(9)),
    ]

    check(draw(trend(2, *lines)))


def test_where_all_models_are_free_no_price_is_written() -> None:
    dot = Dot("A", 0.0, 1000.0, 9.0, best=True)
    texts = [text for text, _ in boxes(draw(ValuePicture("Title", "Dollars", "free", (dot,), Theme.DARK)))]

    assert "free" in texts
    assert not any("$" in text for text in texts)


def test_changes_are_signed_and_point_where_they_went() -> None:
    movers = (Mover("A", 1000.0, 1012.4), Mover("B", 1000.0, 999.0), Mover("C", 1000.0, 1000.4))
    canvas = draw(RecapPicture("Title", (Fact("1", "a"),) * 2, (), movers, Theme.DARK))
    texts = [text for text, _ in boxes(canvas)]
    tips = [line for line in canvas.figure.findobj(Line2D) if line.get_marker() in {"<", ">"}]

    assert {"+12", "\N{MINUS SIGN}1", "±0"} <= set(texts)
    assert [(tip.get_marker(), *np.asarray(tip.get_ydata()).tolist()) for tip in tips] == [(">", 0), ("<", 1)]


def test_a_bracket_marks_who_won_and_leaves_open_what_is_not_decided() -> None:
    won, lost = BracketSeat("1", "A", "3", is_out=False), BracketSeat("2", "B", "1", is_out=True)
    rounds = (
        Round("Semi", (Bout(won, lost), None)),
        Round("Final", (Bout(BracketSeat("1", "A"), BracketSeat()),)),
    )
    canvas = draw(BracketPicture("Title", "Sub", rounds, None, Theme.DARK))
    texts: list[Text] = canvas.figure.findobj(Text)  # pyright: ignore[reportAssignmentType] - no others
    named = [
        (text.get_text(), text.get_color(), text.get_fontweight())
        for text in texts
        if text.get_text() in "AB"
    ]
    colours = COLOURS[Theme.DARK]

    assert named == [
        ("A", colours.accent, "bold"),
        ("B", colours.faint, "normal"),
        ("A", colours.text, "normal"),
    ]


def test_a_picture_is_a_png_file() -> None:
    assert paint(ratings_picture(2, Theme.DARK)).startswith(b"\x89PNG\r\n")
