from __future__ import annotations

from bot.exports.markdown_counts import markup


def test_headings_are_counted_by_level() -> None:
    found = markup("# One\ntext # none\n### Three\n### Three\n#hashtag\n####### seven")

    assert (found.headings.h1, found.headings.h2, found.headings.h3) == (1, 0, 2)


def test_list_items_are_counted_by_kind() -> None:
    found = markup("1. one\n  2. two\n- a\n* b\n  + c\n-no\n3.no")

    assert (found.lists.ordered, found.lists.unordered) == (2, 3)


def test_bold_is_counted_by_its_mark() -> None:
    found = markup("**a** and **b** and __c__ and *d* and **not\nover lines**")

    assert (found.bold.stars, found.bold.underscores) == (2, 1)


def test_code_blocks_do_not_count() -> None:
    found = markup("```python\n# a comment\n- x\n**kwargs**\n```\n- y")

    assert (found.headings.h1, found.lists.unordered, found.bold.stars) == (0, 1, 0)
