import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cogs.ui.markdown import MINIMUM_LIMIT, TextPage, close, cut, split
from tests.cogs.ui.markdown_texts import MARKDOWN, grapheme_ends
from tests.examples import examples

LIMITS = st.integers(MINIMUM_LIMIT, 140)

PYTHON = "Intro\n```py\n" + "print('hello')\n" * 12 + "```\nOutro"


def body_ends(pages: list[TextPage]) -> set[int]:
    return {sum(len(page.body) for page in pages[:count]) for count in range(len(pages) + 1)}


def test_an_empty_text_is_one_empty_page() -> None:
    assert split("", MINIMUM_LIMIT) == [TextPage("", "", "")]


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


def test_a_page_does_not_end_with_an_info_line() -> None:
    text = "**" + "あ" * 60 + "\n```py\n" + "x" * 200 + "```**"

    pages = split(text, 100)

    assert pages[0].text == "**" + "あ" * 60 + "\n**"


def test_a_page_ends_with_the_fence_where_it_can() -> None:
    pages = split("```py\n" + "x = 1\n" * 15 + "```" + " after" * 20, 100)

    assert pages[0].body == "```py\n" + "x = 1\n" * 15 + "```"


def test_a_style_that_ends_with_its_sentence_ends_on_its_page() -> None:
    pages = split("**" + "一二三四五六七八。" * 10 + "**" + "続きの文" * 10, 100)

    assert [(page.opener, page.closer) for page in pages] == [("", ""), ("", "")]


def test_a_reopened_fence_is_never_empty() -> None:
    pages = split("```py\n" + "\n" * 300 + "```", 100)

    assert pages[-1].opener == "```py\n\u200b"


def test_an_escape_stays_on_its_page() -> None:
    first, second = split("x" * 99 + "\\*y*", 100)

    assert (first.body, second.body) == ("x" * 99, "\\*y*")


def test_a_grapheme_longer_than_a_page_is_cut_all_the_same() -> None:
    text = "a" + "\u0301" * 250

    pages = split(text, 100)

    assert [len(page.body) for page in pages] == [100, 100, 51]


@given(MARKDOWN, LIMITS)
@examples(1000)
@example("``" + "` " * 200 + "``", 100)
@example("```py\n" + "\n" * 300 + "x```", 100)
@example("***__~~||" + "a " * 200 + "||~~__***", 100)
def test_pages_fit_and_join_to_the_text(text: str, limit: int) -> None:
    pages = split(text, limit)

    assert "".join(page.body for page in pages) == text
    assert max(len(page.text) for page in pages) <= limit
    assert all(page.body for page in pages) or text == ""


@given(MARKDOWN, LIMITS)
@examples(1000)
def test_every_page_is_closed_and_ends_with_a_grapheme(text: str, limit: int) -> None:
    pages = split(text, limit)

    assert [close(page.text) for page in pages] == [page.text for page in pages]
    assert body_ends(pages) <= grapheme_ends(text)


@pytest.mark.parametrize(
    "unit", ["*", "`", "[", "](", "<", "|", "_", "\\``", "\n", "e\u0301", "[](", "` ` `` ", "**a"]
)
def test_a_long_hostile_text_is_split_and_cut(unit: str) -> None:
    text = unit * (200_000 // len(unit))

    pages = split(text, 2000)

    assert "".join(page.body for page in pages) == text
    assert len(pages) < 250
    assert len(cut(text, 2000)) <= 2000
