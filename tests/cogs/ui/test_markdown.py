import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.ui.markdown import close, cut, prefix
from tests.cogs.ui.markdown_texts import MARKDOWN, grapheme_ends
from tests.examples import examples


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("", ""),
        ("plain 文", "plain 文"),
        ("**bold", "**bold**"),
        ("*it **both", "*it **both***"),
        ("_snake_case", "_snake_case_"),
        ("||spoiler", "||spoiler||"),
        ("a || b", "a || b||"),
        ("`code", "`code`"),
        ("```py\nprint(1)", "```py\nprint(1)\n```"),
        ("```py\nprint(1)\n", "```py\nprint(1)\n```"),
        ("**a ```py\nx = '**'", "**a ```py\nx = '**'\n```**"),
        ("これは__下線", "これは__下線__"),
        ("```py\n", "```py\n\u200b\n```"),
        ("``a `", "``a `\u200b``"),
        ("**bold\\", "**bold\\\u200b**"),
        ("*word ", "*word \u200b*"),
    ],
)
def test_what_is_open_is_closed(text: str, closed: str) -> None:
    assert close(text) == closed


@pytest.mark.parametrize(
    "text",
    [
        "**bold** *it* __under__ ~~gone~~ ||hidden|| `code` ```block```",
        "***both*** and **a *b** c*",
        "* one\n* two",
        "2 * 3 = 6, 2*3 = 6, 2 ** 3 = 8",
        "snake_case_name, \\*literal, \\||",
        "it`s\nfine",
        "```\n** || ` ~~\n```",
        "`**` ``a ` b``",
        "it`s\nan \\``",
    ],
)
def test_what_is_closed_or_literal_stays_as_it_is(text: str) -> None:
    assert close(text) == text


@given(MARKDOWN)
@examples(1000)
def test_a_closed_text_leaves_nothing_open(text: str) -> None:
    closed = close(text)

    assert closed.startswith(text)
    assert close(closed) == closed


def test_a_text_that_fits_is_not_cut() -> None:
    assert cut("**Hello** 世界", 12) == "**Hello** 世界"


def test_a_text_that_fits_only_unclosed_is_cut() -> None:
    assert cut("a ||secret", 10) == "a ||sec||…"


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("The first part.\n\nThe second part.", 24, "The first part.…"),
        ("First line.\nSecond line. Third", 20, "First line.\nSecond…"),
        ("One two three. Four five six.", 18, "One two three.…"),
        ("今日はとても晴れ。明日は雨。", 12, "今日はとても晴れ。…"),
        ("Several words here", 15, "Several words…"),
        ("unbrokenunbroken", 10, "unbrokenu…"),
        ("👩‍👩‍👧👩‍👩‍👧", 8, "👩‍👩‍👧…"),
        ("a👩‍👩‍👧", 4, "a…"),
        ("Some **bold text that goes on", 20, "Some **bold text**…"),
        ("**bold text that goes on**", 20, "**bold text that**…"),
        ("x" * 50, 1, "…"),
    ],
)
def test_a_cut_falls_at_the_best_place(text: str, limit: int, shown: str) -> None:
    assert cut(text, limit) == shown


def test_a_cut_backs_up_a_little_to_where_nothing_is_open() -> None:
    text = "word " * 18 + "**bold words** at the end"

    assert cut(text, 102) == ("word " * 18).rstrip() + "…"


def test_a_cut_leaves_a_link_whole_or_out() -> None:
    text = "See [the manual](https://example.com/manual) for more"

    assert cut(text, 35) == "See…"


def test_a_cut_closes_its_fence() -> None:
    shown = cut("Intro\n```py\n" + "print('hello')\n" * 12 + "```\nOutro", 100)

    assert shown == "Intro\n```py\n" + "print('hello')\n" * 5 + "```…"


def test_a_cut_to_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="0 characters"):
        cut("text", 0)


@given(MARKDOWN, st.integers(1, 120))
@examples(1000)
def test_a_cut_fits_and_leaves_nothing_open(text: str, limit: int) -> None:
    shown = cut(text, limit)

    assert len(shown) <= limit
    assert close(shown) == shown
    assert shown == close(text) or shown.endswith("…")


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, ""),
        (1, "*\u200b*"),
        (5, "**ab**"),
        (6, "**ab**"),
        (8, "**ab**"),
        (9, "**ab👩‍👩‍👧**"),
        (99, "**ab👩‍👩‍👧c**"),
    ],
)
def test_a_prefix_ends_with_a_grapheme_and_is_closed(count: int, shown: str) -> None:
    assert prefix("**ab👩‍👩‍👧c**", count) == shown


@given(MARKDOWN, st.integers(0, 200))
@examples(500)
def test_a_prefix_is_the_longest_that_ends_with_a_grapheme(text: str, count: int) -> None:
    longest = max(end for end in grapheme_ends(text) if end <= count)

    assert prefix(text, count) == close(text[:longest])
