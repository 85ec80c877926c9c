"""The blocks of Discord's Markdown that CommonMark does not know, or reads differently."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.ruler import RuleOptionsType
    from markdown_it.rules_block import StateBlock

FENCE = "```"
HEADING = re.compile(r"(#{1,3}) +(\S.*)")
SUBTEXT = re.compile(r"-# +(\S.*)")
QUOTE = re.compile(r"> ?(.*)")
QUOTE_REST = ">>> "
LANGUAGE = re.compile(r"[\w+#.-]{1,20}")
IN_QUOTE = "in_quote"
ENDS_PARAGRAPH: RuleOptionsType = {"alt": ["paragraph", "list"]}


def use_blocks(md: MarkdownIt) -> None:
    """Replace what differs, and put the rest before CommonMark's own rules."""
    ruler = md.block.ruler
    ruler.at("heading", _heading, ENDS_PARAGRAPH)
    ruler.at("fence", _fence, ENDS_PARAGRAPH)
    ruler.at("blockquote", _quote, ENDS_PARAGRAPH)
    ruler.before("heading", "subtext", _subtext, ENDS_PARAGRAPH)
    ruler.before("paragraph", "no_laziness", _no_laziness, {"alt": ["paragraph"]})


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _text_block(state: StateBlock, line: int, tag: str, kind: str, content: str) -> None:
    state.line = line + 1
    state.push(f"{kind}_open", tag, 1)
    inline = state.push("inline", "", 0)
    inline.content = content
    inline.children = []
    state.push(f"{kind}_close", tag, -1)


def _heading(state: StateBlock, start: int, _end: int, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature, as below
    found = HEADING.match(_line(state, start))
    if found and not silent:
        _text_block(state, start, f"h{len(found[1])}", "heading", found[2].strip())
    return found is not None


def _subtext(state: StateBlock, start: int, _end: int, silent: bool) -> bool:  # noqa: FBT001
    found = SUBTEXT.match(_line(state, start))
    if found and not silent:
        _text_block(state, start, "small", "subtext", found[1].strip())
    return found is not None


def _quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Take the lines that each begin with `> `, or with `>>> ` all that follow. Quotes do not nest."""
    first = _line(state, start)
    if state.env.get(IN_QUOTE) or (not first.startswith(("> ", QUOTE_REST)) and first != ">"):
        return False
    if silent:
        return True
    if first.startswith(QUOTE_REST):
        lines = [first.removeprefix(QUOTE_REST), *(_line(state, line) for line in range(start + 1, end))]
    else:
        found = [QUOTE.match(_line(state, line)) for line in range(start, end)]
        found.append(None)
        lines = [each[1] for each in found[: found.index(None)] if each]
    state.line = start + len(lines)
    state.push("blockquote_open", "blockquote", 1)
    state.md.block.parse("\n".join(lines), state.md, {**state.env, IN_QUOTE: True}, state.tokens)
    state.push("blockquote_close", "blockquote", -1)
    return True


def _fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Take what stands between two fences; without a second one, or all on one line, it is plain text."""
    first = _line(state, start)
    last = _last_line(state, start, end) if first.startswith(FENCE) else None
    if last is None:
        return False
    if silent:
        return True
    label = first.removeprefix(FENCE)
    language = label if LANGUAGE.fullmatch(label) else ""
    head = [] if language or not label.strip() else [label]
    inside, _, tail = _line(state, last).partition(FENCE)
    body = state.getLines(start + 1, last, state.blkIndent, keepLastLF=False)
    lines = [*head, *([body] if last > start + 1 else []), *([inside] if inside.strip() else [])]
    token = state.push("fence", "code", 0)
    token.info = language
    token.content = "\n".join(lines)
    state.line = last + 1
    if tail.strip():
        state.md.block.parse(tail, state.md, state.env, state.tokens)
    return True


def _last_line(state: StateBlock, start: int, end: int) -> int | None:
    if FENCE in _line(state, start).removeprefix(FENCE):
        return None
    return next((line for line in range(start + 1, end) if FENCE in _line(state, line)), None)


def _no_laziness(state: StateBlock, start: int, _end: int, silent: bool) -> bool:  # noqa: FBT001
    """End a list item's paragraph at a line that is not indented: Discord knows no lazy continuation."""
    return silent and state.sCount[start] < state.blkIndent
