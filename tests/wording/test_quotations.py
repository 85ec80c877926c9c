"""What the documents quote of the bot, the bot says."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.wording.copy_texts import catalogue
from tests.wording.markdown_pages import ROOT, MarkdownPage

MARKS = {"en": ("“", "”"), "ja": ("「", "」")}
QUOTING = [(language, f"docs/{page}") for page in ("models", "troubleshooting") for language in MARKS]
NOT_THE_BOTS = {"The application did not respond", "アプリケーションが応答しませんでした", "…"}
"""Quotations of Discord, and what else stands in such marks."""

PERMISSIONS = re.compile(r"^(サーバー管理|メッセージの管理)$")

of_every_quoting_page = pytest.mark.parametrize(("language", "page"), QUOTING)


def read(language: str, page: str) -> MarkdownPage:
    return MarkdownPage(ROOT / f"{page}{'' if language == 'en' else '.ja'}.md")


@cache
def code_texts() -> tuple[str, ...]:
    """Return every text of the code, with … where something is put in."""
    return tuple(
        text
        for tree in ("bot", "cogs")
        for path in sorted((ROOT / tree).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (text := text_of(node))
    )


def text_of(node: ast.AST) -> str:
    match node:
        case ast.JoinedStr():
            return "".join(text_of(each) or "…" for each in node.values)
        case ast.Constant(value=str(text)):
            return text
        case _:
            return ""


def is_said(quotation: str, texts: tuple[str, ...]) -> bool:
    """Tell whether one text has all that stands between the gaps of a quotation, in this order."""
    pieces = [re.escape(piece.strip()) for piece in quotation.split("…") if piece.strip()]
    return any(map(re.compile(".*".join(pieces), re.DOTALL).search, texts))


@of_every_quoting_page
def test_what_is_quoted_of_messages_is_in_the_catalogue(language: str, page: str) -> None:
    quoted = [each for each in read(language, page).quotes(*MARKS[language]) if each not in NOT_THE_BOTS]
    texts = tuple(catalogue(language))

    assert quoted
    assert not [each for each in quoted if not is_said(each, texts) and not PERMISSIONS.match(each)]


@pytest.mark.parametrize("language", MARKS)
def test_what_is_quoted_of_the_log_is_in_the_code(language: str) -> None:
    page = read(language, "docs/troubleshooting")
    first_cells = re.findall(r"^\| `([^`]+)`", page.prose, re.MULTILINE)
    of_msgspec = {"Object contains unknown field …"}

    assert first_cells
    assert not [each for each in first_cells if each not in of_msgspec and not is_said(each, code_texts())]
