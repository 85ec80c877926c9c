"""Discord's Markdown on the page, and that nothing else becomes HTML."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.page.code import LANGUAGES, highlighted
from bot.playground.page.markdown import render

MIKA = "123456789012345678"
NAMES = {MIKA: "Mi<b>ka", "223456789012345678": "gen<eral"}
SPOILER = '<span class="spoiler" data-spoiler><span class="spoiler-text">'
A = "https://a.example"
LINK = 'target="_blank" rel="noopener noreferrer nofollow"'
CHIP = '<span class="chip">'
ALLOWED = {
    *("a", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "li", "ol", "p", "pre", "s", "small"),
    *("span", "strong", "time", "u", "ul"),
}
ATTRIBUTES = {
    *("href", "title", "target", "rel", "class", "tabindex", "start"),
    *("data-spoiler", "data-moment", "data-style", "data-channel", "data-message"),
}

CHANNEL, MESSAGE = "223456789012345678", "323456789012345678"
PLACE = f"https://discord.com/channels/{MIKA}/{CHANNEL}"
TO_CHANNEL = f'href="{PLACE}" title="{PLACE}"'
TO_MESSAGE = f'href="{PLACE}/{MESSAGE}" title="{PLACE}/{MESSAGE}"'
IDS = f'data-channel="{CHANNEL}" data-message="{MESSAGE}"'

SAME = [
    (
        f"see {PLACE}/{MESSAGE}.",
        f'<p>see <a {TO_MESSAGE} class="chip" {IDS} {LINK}>#gen&lt;eral\u00a0›\u00a0💬</a>.</p>',
    ),
    (
        PLACE,
        f'<p><a {TO_CHANNEL} class="chip" data-channel="{CHANNEL}" {LINK}>#gen&lt;eral</a></p>',
    ),
    (
        f"[there]({PLACE}/{MESSAGE})",
        f"<p><a {TO_MESSAGE} {IDS} {LINK}>there</a></p>",
    ),
    ("**b** *i* _j_", "<p><strong>b</strong> <em>i</em> <em>j</em></p>"),
    ("__u__ ~~s~~ `c`", "<p><u>u</u> <s>s</s> <code>c</code></p>"),
    ("# one\n## two\n### three\n#### four", "<h1>one</h1><h2>two</h2><h3>three</h3><p>#### four</p>"),
    ("a\nb", "<p>a<br>b</p>"),
    ("text\n-# small", "<p>text</p><small>small</small>"),
    ("- a\n- b\nout", "<ul><li>a</li><li>b</li></ul><p>out</p>"),
    ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
    ("> a\n> b\nout", "<blockquote><p>a<br>b</p></blockquote><p>out</p>"),
    (">>> a\nb", "<blockquote><p>a<br>b</p></blockquote>"),
    ("> > > a", "<blockquote><p>&gt; &gt; a</p></blockquote>"),
    (
        "||secret **b**||",
        f"<p>{SPOILER}secret <strong>b</strong></span></span></p>",
    ),
    ("||open", "<p>||open</p>"),
    ("```\na *b* <i>\n```", '<div class="code"><pre tabindex="0"><code>a *b* &lt;i&gt;</code></pre></div>'),
    ("```\nopen", "<p>```<br>open</p>"),
    ("| a | b |\n|---|---|", "<p>| a | b |<br>|---|---|</p>"),
    ("***\n---", "<p>***<br>---</p>"),
    ("&lt;b&gt;", "<p>&amp;lt;b&amp;gt;</p>"),
    ("[t](https://a.example)", f'<p><a href="{A}" title="{A}" {LINK}>t</a></p>'),
    ("[t](javascript:alert(1))", "<p>[t](javascript:alert(1))</p>"),
    ("[t](data:text/html,x)", "<p>[t](data:text/html,x)</p>"),
    ("see https://a.example/x.", f'<p>see <a href="https://a.example/x" {LINK}>https://a.example/x</a>.</p>'),
    ("![i](https://a.example)", f'<p>!<a href="{A}" title="{A}" {LINK}>i</a></p>'),
    ("[a]: https://a.example\n[a]", f'<p>[a]: <a href="{A}" {LINK}>{A}</a><br>[a]</p>'),
    (f"<@{MIKA}> @everyone", f"<p>{CHIP}@Mi&lt;b&gt;ka</span> {CHIP}@everyone</span></p>"),
    ("@\u200beveryone", "<p>@\u200beveryone</p>"),
    (
        "<t:1700000000:R>",
        '<p><time class="moment" data-moment="1700000000" data-style="R"></time></p>',
    ),
    ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
    ("<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"),
    ("**煎茶は80℃**ほど。", "<p><strong>煎茶は80℃</strong>ほど。</p>"),
    ("これは**「大事」**です", "<p>これは<strong>「大事」</strong>です</p>"),
    ("*（斜体）*の例", "<p><em>（斜体）</em>の例</p>"),
    ("5 * 3 * 2", "<p>5 * 3 * 2</p>"),
    ("snake_case_name and 2**3", "<p>snake_case_name and 2**3</p>"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "html"), SAME)
def test_markdown_renders_as_discord_renders_it(text: str, html: str) -> None:
    assert render(text, NAMES).replace("\n", "") == html


def test_code_is_coloured_by_classes_alone() -> None:
    html = render("```py\nx = 'a'  # <b>\n```", NAMES)

    assert '<span class="code-label">py</span>' in html
    assert '<span class="hl-comment"># &lt;b&gt;</span>' in html


@pytest.mark.parametrize(
    "text", [":" * 4000, "[:" * 2000, "```c\n" + "\n" * 3900 + "```", "```java\n" + " \n" * 1900 + "```"]
)
def test_a_model_that_has_lost_its_way_costs_next_to_nothing(text: str) -> None:
    assert render(text, NAMES)


def test_the_last_line_of_code_is_coloured_like_the_others() -> None:
    assert highlighted("- a\n+ b", "diff") == (
        '<span class="hl-deleted">- a</span>\n<span class="hl-inserted">+ b</span>'
    )


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_keeps_the_code_as_it_is(language: str) -> None:
    code = "if (a < b) { return '</script><b>'; } # é 日本 \"&amp;\"\n\tx"

    reader = TagReader()
    reader.feed(highlighted(code, language))

    assert reader.text == code
    assert reader.tags <= {"span"}


class TagReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _value in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


PIECES = st.sampled_from(
    [
        *(
            "<script>",
            "</script>",
            "<img src=x onerror=alert(1)>",
            '" onclick="x',
            "'",
            "](",
            "[x]",
            "\ufdd0",
        ),
        *(
            "javascript:alert(1)",
            "https://a.example/",
            "```",
            "```html\n",
            "`",
            "||",
            "**",
            "__",
            "> ",
            ">>> ",
        ),
        *("- ", "1. ", "# ", "-# ", "\n", " ", "\t", f"<@{MIKA}>", "<t:1:R>", "<t:99999999999:R>", "&lt;"),
        *("<a:b:123456789012345678>", "</x onclick=y:123456789012345678>", "@everyone", "\\", "(", ")", "\0"),
    ]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=30).map("".join))
def test_whatever_is_written_only_harmless_html_comes_out(text: str) -> None:
    reader = TagReader()

    reader.feed(render(text, {MIKA: '"><script>alert(1)</script>'}))

    assert reader.tags <= ALLOWED
    assert reader.attributes <= ATTRIBUTES
    assert all(link.startswith(("http://", "https://")) for link in reader.links)


@pytest.mark.parametrize(
    "piece",
    [
        ":",
        "\n\n> ",
        "[:",
        "```c\n\n\n\n```\n",
        "> ",
        "- ",
        "||",
        "**",
        "[",
        "```\n",
        "`",
        "1. ",
        "__*",
        "](https://a",
    ],
)
def test_the_longest_message_of_one_mark_is_rendered_at_once(piece: str) -> None:
    assert render(piece * (4000 // len(piece)), NAMES)
