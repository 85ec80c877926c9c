import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cogs.markdown import MINIMUM_LIMIT, Page, close, cut, prefix, split

SNIPPETS = [
    *"*_|~`[]()<>@#\\\n \t.a絵",
    *(
        "**",
        "__",
        "~~",
        "||",
        "``",
        "```",
        "```py\n",
        "\n```",
        "```c++\nint x;\n```\n",
        "`code`",
        "\n\n",
        "* ",
    ),
    *(
        "👩‍👩‍👧",
        "🇯🇵",
        "か\u3099",
        "e\u0301",
        "\r\n",
        "word ",
        "文。",
        "[label](http://x)",
        "<:a_b:1>",
        "a" * 30,
    ),
]
MARKDOWN = st.lists(st.sampled_from(SNIPPETS), max_size=80).map("".join)
LIMITS = st.integers(MINIMUM_LIMIT, 140)

PYTHON = "Intro\n```py\n" + "print('hello')\n" * 12 + "```\nOutro"


def grapheme_ends(text: str) -> set[int]:
    return {0} | {grapheme.end() for grapheme in regex.finditer(r"\X", text)}


def body_ends(pages: list[Page]) -> set[int]:
    return {sum(len(page.body) for page in pages[:count]) for count in range(len(pages) + 1)}


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
@settings(max_examples=1000)
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
    shown = cut(PYTHON, 100)

    assert shown == "Intro\n```py\n" + "print('hello')\n" * 5 + "```…"


def test_a_cut_to_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="0 characters"):
        cut("text", 0)


@given(MARKDOWN, st.integers(1, 120))
@settings(max_examples=1000)
def test_a_cut_fits_and_leaves_nothing_open(text: str, limit: int) -> None:
    shown = cut(text, limit)

    assert len(shown) <= limit
    assert close(shown) == shown
    assert shown == close(text) or shown.endswith("…")


def test_an_empty_text_is_one_empty_page() -> None:
    assert split("", MINIMUM_LIMIT) == [Page("", "", "")]


def test_pages_too_small_are_refused() -> None:
    with pytest.raises(ValueError, match="99"):
        split("text", MINIMUM_LIMIT - 1)


def test_a_fence_is_reopened_with_its_language() -> None:
    first, second, third = split(PYTHON, 100)

    assert first.text == "Intro\n```py\n" + "print('hello')\n" * 5 + "```"
    assert second.text == "```py\n" + "print('hello')\n" * 6 + "```"
    assert third.text == "```py\nprint('hello')\n```\nOutro"


def test_styles_are_reopened_in_their_order() -> None:
    first, second = split("**bold ||" + "hidden " * 14 + "|| text**", 100)

    assert first.closer == "||**"
    assert second.opener == "**||"


def test_a_delimiter_without_a_partner_troubles_its_own_page_only() -> None:
    pages = split("a || b\n" + "word " * 40, 100)

    assert [page.opener for page in pages] == ["", "", ""]
    assert pages[0].closer == "||"
    assert {page.closer for page in pages[1:]} == {""}


def test_pages_end_with_paragraphs_where_they_can() -> None:
    paragraph = "一つ目の文です。二つ目の文です。" * 4 + "\n\n"

    pages = split(paragraph * 3, 100)

    assert [page.body for page in pages] == [paragraph] * 3


def test_a_page_does_not_begin_inside_an_info_line() -> None:
    text = "word " * 18 + "```javascript\n" + "let x\n" * 20 + "```"

    pages = split(text, 100)

    assert pages[0].text == "word " * 18
    assert pages[1].text.startswith("```javascript\nlet x\n")


def test_a_grapheme_longer_than_a_page_is_cut_all_the_same() -> None:
    text = "a" + "\u0301" * 250

    pages = split(text, 100)

    assert [len(page.body) for page in pages] == [100, 100, 51]


@given(MARKDOWN, LIMITS)
@settings(max_examples=1000)
@example("``" + "` " * 200 + "``", 100)
@example("```py\n" + "\n" * 300 + "x```", 100)
@example("***__~~||" + "a " * 200 + "||~~__***", 100)
def test_pages_fit_and_join_to_the_text(text: str, limit: int) -> None:
    pages = split(text, limit)

    assert "".join(page.body for page in pages) == text
    assert max(len(page.text) for page in pages) <= limit
    assert all(page.body for page in pages) or text == ""


@given(MARKDOWN, LIMITS)
@settings(max_examples=1000)
def test_every_page_is_closed_and_ends_with_a_grapheme(text: str, limit: int) -> None:
    pages = split(text, limit)

    assert [close(page.text) for page in pages] == [page.text for page in pages]
    assert body_ends(pages) <= grapheme_ends(text)


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, ""),
        (1, "*\u200b*"),
        (5, "**ab**"),
        (6, "**ab**"),
        (7, "**ab👩‍👩‍👧**"[:0] + "**ab**"),
        (99, "**ab👩‍👩‍👧c**"),
    ],
)
def test_a_prefix_ends_with_a_grapheme_and_is_closed(count: int, shown: str) -> None:
    assert prefix("**ab👩‍👩‍👧c**", count) == shown


@given(MARKDOWN, st.integers(0, 200))
@settings(max_examples=500)
def test_a_prefix_is_the_longest_that_ends_with_a_grapheme(text: str, count: int) -> None:
    longest = max(end for end in grapheme_ends(text) if end <= count)

    assert prefix(text, count) == close(text[:longest])


@pytest.mark.parametrize(
    "unit", ["*", "`", "[", "](", "<", "|", "_", "\\``", "\n", "e\u0301", "[](", "` ` `` ", "**a"]
)
def test_a_long_hostile_text_is_split_and_cut(unit: str) -> None:
    text = unit * (200_000 // len(unit))

    pages = split(text, 2000)

    assert "".join(page.body for page in pages) == text
    assert len(pages) < 250
    assert len(cut(text, 2000)) <= 2000
