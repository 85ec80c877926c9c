"""What Discord reads within a line: spoilers, bare addresses, mentions and moments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from markdown_it.rules_inline.emphasis import tokenize as read_emphasis

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

BARS = "||"
SCHEME = re.compile(r"(?:^|[^a-zA-Z0-9.+-])(https?)$", re.IGNORECASE)
LONGEST_BEFORE = len("xhttps")
REST_OF_URL = re.compile(r"://[^\s<>\"|\u200b]+")
MESSAGE_LINK = re.compile(
    r"https?://(?:\w+\.)?discord(?:app)?\.com/channels/\d{15,20}/(?P<channel>\d{15,20})(?:/(?P<message>\d{15,20}))?/?"
)
SLOT = "\ufdd0"
"""What stands around an id for which a name is put in; Unicode keeps this character out of texts."""

MESSAGE_MARK = "\N{NO-BREAK SPACE}›\N{NO-BREAK SPACE}💬"
"""What stands behind the channel in a link to a message; it never begins a line."""

NOT_LAST_IN_URL = ".,:;!?'*_~"
REFERENCE = re.compile(
    r"<(?:(?P<user>@!?)(?P<user_id>\d{15,20})|@&(?P<role_id>\d{15,20})|#(?P<channel_id>\d{15,20})"
    r"|/(?P<command>[-_ \w]{1,100}):\d{15,20}|a?:(?P<emoji>\w{2,32}):\d{15,20}"
    r"|t:(?P<moment>-?\d{1,11})(?::(?P<style>[tTdDfFR]))?)>"
    r"|@(?P<everyone>everyone|here)\b"
)


def use_inlines(md: MarkdownIt) -> None:
    ruler = md.inline.ruler
    ruler.at("emphasis", _emphasis)
    ruler.before("emphasis", "spoiler", _spoiler)
    ruler.before("autolink", "reference", _reference)
    ruler.before("autolink", "bare_url", _bare_url)
    ruler.before("backticks", "inline_fence", _inline_fence)
    for character in "|<:@`":
        md.inline.add_terminator_char(character)


def _emphasis(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature, as below
    """Let stars stand between a sign and a letter, as in Japanese, where CommonMark asks for a space."""
    before, known = state.src[: state.pos][-1:], len(state.delimiters)
    if not read_emphasis(state, silent):
        return False
    after = state.src[state.pos : state.posMax][:1]
    for each in state.delimiters[known:]:
        if chr(each.marker) == "*":
            each.open = each.open or bool(after.strip())
            each.close = each.close or bool(before.strip())
    return True


def _spoiler(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    start = state.pos + len(BARS)
    if not state.src.startswith(BARS, state.pos):
        return False
    end = state.src.find(BARS, start + 1)
    if end < 0 or end + len(BARS) > state.posMax:
        return False
    if not silent:
        state.push("spoiler_open", "span", 1)
        whole, state.pos, state.posMax = state.posMax, start, end
        state.md.inline.tokenize(state)
        state.posMax = whole
        state.push("spoiler_close", "span", -1)
    state.pos = end + len(BARS)
    return True


def _reference(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    found = REFERENCE.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        token = state.push("reference", "", 0)
        token.meta = cast("dict[str, object]", {key: text for key, text in found.groupdict().items() if text})
        token.content = found[0]
    state.pos = found.end()
    return True


def _inline_fence(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """Read a run of backticks without its partner as text, whole."""
    return False if state.src[state.pos] != "`" else _lone_run(state, silent)


def _lone_run(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    end = state.pos
    while end < state.posMax and state.src[end] == "`":
        end += 1
    run = state.src[state.pos : end]
    if run in state.src[end : state.posMax]:
        return False
    if not silent:
        state.append_pending(run)
    state.pos = end
    return True


def _bare_url(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """Take an address from its colon on; its scheme is pending text already."""
    before = state.pending[-LONGEST_BEFORE:]
    scheme = SCHEME.search(before) if state.src[state.pos] == ":" and not state.linkLevel else None
    rest = REST_OF_URL.match(state.src, state.pos, state.posMax) if scheme else None
    if scheme is None or rest is None:
        return False
    url = scheme[1] + _trimmed(rest[0])
    if not silent:
        state.pending = state.pending[: -len(scheme[1])]
        state.push("link_open", "a", 1).attrs = {"href": state.md.normalizeLink(url)}
        state.push("text", "", 0).content = _shown(url)
        state.push("link_close", "a", -1)
    state.pos += len(url) - len(scheme[1])
    return True


def _shown(url: str) -> str:
    """Return what is read of an address: of one of a message, as on Discord, the channel."""
    link = MESSAGE_LINK.fullmatch(url)
    if link is None:
        return url
    return f"#{SLOT}{link['channel']}{SLOT}" + (MESSAGE_MARK if link["message"] else "")


def _trimmed(url: str) -> str:
    url = url.rstrip(NOT_LAST_IN_URL)
    while url.endswith(")") and url.count("(") < url.count(")"):
        url = url[:-1].rstrip(NOT_LAST_IN_URL)
    return url
