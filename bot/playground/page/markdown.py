"""Discord's Markdown as HTML. Whatever a member or a model writes, no tag or attribute of it gets through."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, cast

from markdown_it import MarkdownIt

from bot.playground.page.code import highlighted
from bot.playground.page.markdown_blocks import use_blocks
from bot.playground.page.markdown_inlines import MESSAGE_LINK, SLOT, use_inlines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token

RULES = ("newline", "escape", "backticks", "strikethrough", "emphasis", "link", "autolink", "list")
BLOCKS = ("heading", "fence", "blockquote")
KINDS = {"user_id": "@", "role_id": "@", "channel_id": "#"}


def render(text: str, names: Mapping[str, str]) -> str:
    """Render a text. `names` gives the names behind the ids of `<@id>`, `<@&id>` and `<#id>`."""
    return _with_names(_render(text), names)


@lru_cache(maxsize=1024)
def _render(text: str) -> str:
    return _MARKDOWN.render(text)


def _with_names(html: str, names: Mapping[str, str]) -> str:
    """Put the names in last, since they may change while the text does not."""
    pieces = html.split(SLOT)
    for index in range(1, len(pieces), 2):
        pieces[index] = escape(names.get(pieces[index], "?"))
    return "".join(pieces)


class _Renderer(MarkdownIt):
    def render(self, src: str, env: object = None) -> str:
        return cast("str", super().render(src.replace(SLOT, ""), cast("dict[str, object] | None", env)))


def _made() -> MarkdownIt:
    md = _Renderer("zero", {"html": False, "breaks": True, "linkify": False, "typographer": False})
    md.enable([*RULES, *BLOCKS])
    md.enable(["balance_pairs", "fragments_join"], ignoreInvalid=True)
    use_blocks(md)
    use_inlines(md)
    md.validateLink = _is_web_address
    for name, rule in _RULES.items():
        md.add_render_rule(name, rule)
    return md


def _is_web_address(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))


def _fence(_self: RendererHTML, tokens: Sequence[Token], index: int, *_rest: object) -> str:
    token = tokens[index]
    label = f'<span class="code-label">{escape(token.info)}</span>' if token.info else ""
    code = highlighted(token.content, token.info)
    return f'<div class="code">{label}<pre tabindex="0"><code>{code}</code></pre></div>'


def _link_open(_self: RendererHTML, tokens: Sequence[Token], index: int, *_rest: object) -> str:
    href = escape(str(tokens[index].attrs.get("href", "")))
    text = tokens[index + 1].content if index + 1 < len(tokens) else href
    title = f' title="{href}"' if text != href else ""
    leads = _to_message(href, is_chip=SLOT in text)
    return f'<a href="{href}"{title}{leads} target="_blank" rel="noopener noreferrer nofollow">'


def _to_message(href: str, *, is_chip: bool) -> str:
    """Return the attributes of a link to a channel or a message, which the page follows itself."""
    link = MESSAGE_LINK.fullmatch(href)
    if link is None:
        return ""
    ids = "".join(f' data-{name}="{found}"' for name, found in link.groupdict().items() if found)
    return f' class="chip"{ids}' if is_chip else ids


def _strong_open(_self: RendererHTML, tokens: Sequence[Token], index: int, *_rest: object) -> str:
    return "<u>" if tokens[index].markup == "__" else "<strong>"


def _strong_close(_self: RendererHTML, tokens: Sequence[Token], index: int, *_rest: object) -> str:
    return "</u>" if tokens[index].markup == "__" else "</strong>"


def _spoiler_open(*_all: object) -> str:
    return '<span class="spoiler" data-spoiler><span class="spoiler-text">'


def _spoiler_close(*_all: object) -> str:
    return "</span></span>"


def _reference(_self: RendererHTML, tokens: Sequence[Token], index: int, *_rest: object) -> str:
    meta = cast("Mapping[str, str]", tokens[index].meta)
    if moment := meta.get("moment"):
        return (
            f'<time class="moment" data-moment="{int(moment)}" data-style="{meta.get("style", "f")}"></time>'
        )
    if command := meta.get("command"):
        return f'<span class="chip">/{escape(command)}</span>'
    if emoji := meta.get("emoji"):
        return f'<span class="custom-emoji">:{escape(emoji)}:</span>'
    if everyone := meta.get("everyone"):
        return f'<span class="chip">@{everyone}</span>'
    kind = next(key for key in KINDS if key in meta)
    return f'<span class="chip">{KINDS[kind]}{SLOT}{meta[kind]}{SLOT}</span>'


_RULES = {
    "fence": _fence,
    "link_open": _link_open,
    "strong_open": _strong_open,
    "strong_close": _strong_close,
    "spoiler_open": _spoiler_open,
    "spoiler_close": _spoiler_close,
    "reference": _reference,
}
_MARKDOWN = _made()
