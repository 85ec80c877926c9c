"""Nothing in a text can act, on any page: judged by a small reader that follows Discord's own rules."""

import re
from dataclasses import dataclass, field

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cogs.ui.markdown import cut, prefix, split
from cogs.ui.sanitize import sanitize
from tests.examples import examples

LIVE = re.compile(
    r"@everyone|@here|<@[!&]?\d+>|<#\d+>|</[^<>\n]+:\d+>|<id:\w+>"
    r"|discord\.gg/\w|discord(?:app)?\.com/invite/\w|dsc\.gg/\w|discord\.me/\w",
    re.IGNORECASE,
)
LINK = re.compile(r"\[(?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*\]\(")
CODE = (
    re.compile(r"```(?:[a-z0-9_+\-.#]+?\n)?\n*[^\n].*?\n*```", re.DOTALL | re.IGNORECASE),
    re.compile(r"(`+).*?[^`]\1(?!`)", re.DOTALL),
)
URL = re.compile(r"https?://[^\s<]+[^<.,:;\"'\]\s]")
ESCAPE = re.compile(r"\\[^0-9A-Za-z\s]")
QUOTE = re.compile(r"> ([^\n]*(?:\n> [^\n]*)*)")
HEADING = re.compile(r"#{1,3} ([^\n]*)")
STYLES = (
    re.compile(r"\*\*((?:\\.|[^\\])+?)\*\*(?!\*)", re.DOTALL),
    re.compile(r"__((?:\\.|[^\\])+?)__(?!_)", re.DOTALL),
    re.compile(r"~~(.+?)~~", re.DOTALL),
    re.compile(r"\|\|(.+?)\|\|", re.DOTALL),
    re.compile(r"\*(?=\S)((?:\*\*|\s+(?:[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)", re.DOTALL),
    re.compile(r"_((?:__|\\.|[^\\_])+?)_\b", re.DOTALL),
)

SNIPPETS = [
    *"*_|~`[]()<>@#\\\n \t.:/a絵é",
    *("**", "__", "~~", "||", "``", "```", "```py\n", "\n```", "\n```\n", "> ", "# ", "- "),
    *("@everyone", "@here", "<@1>", "<@&2>", "<#3>", "</battle vote:4>", "<id:customize>"),
    *("[label](", "https://a.b/", "discord.gg/abc", "https://DISCORD.com/invite/x", "](http://x)"),
    *("👩‍👩‍👧", "🇯🇵", "か\u3099", "\u202e", "\x00", "\r\n", "word ", "`@here`", "文。"),
]
MARKDOWN = st.lists(st.sampled_from(SNIPPETS), max_size=60).map("".join)


@dataclass
class RenderedText:
    """What remains of a message when its code is taken out, and whether it has a masked link."""

    prose: list[str] = field(default_factory=list[str])
    links: list[str] = field(default_factory=list[str])

    def read(self, text: str) -> None:
        position = 0
        while position < len(text):
            position += self.step(text, position)

    def step(self, text: str, position: int) -> int:
        if link := LINK.match(text, position):
            self.links.append(link[0])
        at_line_start = position == 0 or text[position - 1] == "\n"
        blocks = (QUOTE, HEADING) if at_line_start else ()
        for pattern in (ESCAPE, URL):
            if found := pattern.match(text, position):
                self.prose.append(found[0])
                return len(found[0])
        for pattern in CODE:
            if found := pattern.match(text, position):
                self.prose.append("\0")
                return len(found[0])
        for pattern in (*blocks, *STYLES):
            if found := pattern.match(text, position):
                self.read(re.sub(r"(?m)^> ", "", found[1]) if pattern is QUOTE else found[1])
                return len(found[0])
        self.prose.append(text[position])
        return 1


def dangers(text: str) -> list[str]:
    reader = RenderedText()
    reader.read(text)
    return LIVE.findall("".join(reader.prose)) + reader.links


@pytest.mark.parametrize(
    "text",
    [
        "@everyone",
        "hey @here!",
        "<@123>",
        "<@!123>",
        "<@&123>",
        "<#123>",
        "</battle:123>",
        "</battle open:123>",
        "<id:customize>",
        "[label](https://evil.example)",
        "[a [nested] label](<https://evil.example>)",
        '[label](https://evil.example "title")',
        "[複数行\nの名前](https://evil.example)",
        "discord.gg/abc",
        "HTTPS://Discord.GG/abc",
        "http://www.discordapp.com/invite/abc",
        "ptb.discord.com/invite/abc",
        "dsc.gg/abc",
        "https://discord.me/abc",
        "@every\x00one",
    ],
)
def test_what_would_act_is_broken(text: str) -> None:
    broken = sanitize(text)

    assert dangers(text.replace("\x00", "")) != []
    assert dangers(broken) == []


@pytest.mark.parametrize(
    "text",
    [
        "Say `@everyone` or ``<@1> ` <@2>``.",
        "Before\n```py\nping('@everyone', handlers[0](x))\n```\nafter",
        "**Title**\n```md\n[label](https://example.com) discord.gg/abc\n```",
        "例：```@here```です。",
        "Look:```\n@here\n```",
        "**bold `@here`**",
        "```\n`a` ``b`` @everyone\n```",
    ],
)
def test_code_is_left_alone(text: str) -> None:
    assert sanitize(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "```py\n@everyone",
        "it`s @everyone",
        "\\`@everyone`",
        "> ```\n@everyone\n```",
        "> a ` b\n@everyone `",
        "# a ` b\n@everyone `",
        "*a ` b* @everyone `",
        "**a `b** @everyone` c",
        "||a `b|| @everyone` c",
        "*a **b* c**`d* @everyone`",
        "****``@everyone****``",
        "> *a\nb*`c* @everyone`",
        "https://example.com/` @everyone `",
        "[a`](http://x) `@everyone`",
        "[label `code](http://x)`",
        "```a` `x` @everyone `b`",
        "``a ` @everyone `b`",
        "``a ` @everyone `b`\nend",
        "2*3 `b* @everyone`",
        "2 ** 3 `b** @everyone`",
        "||a \\|| b||`c|| @everyone`",
        "```\n``` @everyone ```",
    ],
)
def test_what_only_looks_like_code_is_broken_all_the_same(text: str) -> None:
    assert dangers(sanitize(text)) == []
    assert sanitize(text) != text


def test_characters_that_break_out_of_the_line_are_removed() -> None:
    text = "a\x00b\x1bc\u202ed\u2066e\u2069f\r\ng\rh\ti\ud800"

    assert sanitize(text) == "abcdef\ng\nh\ti"


@pytest.mark.parametrize("text", ["👩‍👩‍👧 ❤️", "می‌خواهم", "🇯🇵 が", "{a: [1], (2)}", "</div> <b> a<b"])
def test_emoji_scripts_and_plain_brackets_are_kept(text: str) -> None:
    assert sanitize(text) == text


@given(MARKDOWN)
@examples(500)
def test_making_inert_twice_changes_nothing_more(text: str) -> None:
    once = sanitize(text)

    assert sanitize(once) == once


@given(MARKDOWN)
@examples(1000)
def test_an_inert_text_holds_no_danger(text: str) -> None:
    assert dangers(sanitize(text)) == []


@given(MARKDOWN.map(lambda text: text * 3), st.integers(100, 160))
@examples(1000)
@example("- a\n```\n" + "@everyone " * 30 + "\n```", 100)
@example("> x ```" + "@everyone " * 30 + "```", 100)
@example("a > b " * 20 + "```\n@everyone\n```", 100)
@example("`` @here ` " * 40 + "``", 100)
@example("`x" + "``@here" * 60 + "x`", 101)
@example("`[" + "``@here" * 60 + "](x)`", 101)
@example("*_discord.gg/abc*https://DISCORD.com/invite/xhttps://DISCORD.com/invite/x" * 3, 151)
def test_no_page_of_an_inert_text_holds_danger(text: str, limit: int) -> None:
    pages = split(sanitize(text), limit)

    assert [danger for page in pages for danger in dangers(page.text)] == []


@given(MARKDOWN, st.integers(1, 200))
@examples(1000)
def test_no_beginning_of_an_inert_text_holds_danger(text: str, limit: int) -> None:
    shown = sanitize(text)

    assert dangers(cut(shown, limit)) == []
    assert dangers(prefix(shown, limit)) == []


@pytest.mark.parametrize(
    "unit", ["*", "`", "[", "](", "<", "</", "|", "_", "\\``", ":/", "a ` b `` ", "[](", "*`a`"]
)
def test_a_long_hostile_text_is_made_inert(unit: str) -> None:
    text = unit * (200_000 // len(unit))

    assert len(sanitize(text)) >= len(text)
