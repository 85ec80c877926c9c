from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Limits
from cogs.battles.replies.presented import presented
from tests.examples import examples
from tests.hostile.processor_time import MOST, seconds_of

LONGEST = Limits().max_reply_chars
TRIES = 3
PIECES = [
    "|",
    "-",
    "a",
    " ",
    "\n",
    "|-",
    "|a|b|\n|-|-|\n",
    "$",
    "$x^2$",
    "\\(",
    "\\)",
    "\\[",
    "\\frac{",
    "^{",
    "}",
]
MORE = ["`", "```\n", "日", "\\", "_", "|\n", "a|b\n-|-\n", "|a" * 12 + "\n" + "|-" * 12 + "\n"]

TABLE = """Look:
| Model | Size | Note |
|:--|--:|:-:|
| **Alpha** | 12 | 日本 |
| Beta | 1,200 | `ok` |

Done."""
DRAWN = """Look:
```
Model   Size  Note
-----  -----  ----
Alpha     12  日本
Beta   1,200   ok
```

Done."""


def test_a_table_becomes_aligned_code() -> None:
    assert presented(TABLE) == DRAWN


def test_a_wide_table_becomes_a_list_with_a_row_each() -> None:
    wide = "|Name|What it does|\n|-|-|\n|Alpha|" + "a long tale " * 5 + "|\n|Beta||"

    assert presented(wide) == "- Alpha · What it does: " + ("a long tale " * 5).strip() + "\n- Beta"


@pytest.mark.parametrize(
    "text", [f"```\n{TABLE}\n```", "a | b", "a | b\nc | d", "|a|b|\n|-|\n|c|d|", "- | -"]
)
def test_what_is_no_table_stays(text: str) -> None:
    assert presented(text) == text


def test_what_a_cell_says_can_not_leave_the_code() -> None:
    shown = presented("|a|b|\n|-|-|\n|```|@everyone|")

    assert shown.count("```") == 2


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("$E = mc^2$", "E = mc²"),
        (r"\(\alpha \leq \frac{1}{2}\)", "α ≤ 1/2"),
        (r"\[ \int_0^1 x\,dx = \frac{a+b}{2} \]", "∫₀¹ x dx = (a+b)/2"),
        (r"$$\sum_{i=1}^{n} x_i \to \infty$$", "∑ᵢ₌₁ⁿ xᵢ → ∞"),
        (r"$\sqrt{x+1} \in \mathbb{R}$", "√(x+1) ∈ ℝ"),
        (r"$\text{if } x > 0$", "if x > 0"),
        (r"$2^{x/y}$", "2^(x/y)"),
        ("the $n$th", "the nth"),
        ("値は$x$と$y_1$です", "値はxとy₁です"),
        (r"\(x\)", "x"),
    ],
)
def test_a_simple_formula_is_written_in_unicode(written: str, read: str) -> None:
    assert presented(f"So {written}, then.") == f"So {read}, then."


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5, or $6.",
        "From $5-$10 to $20.",
        r"\(\begin{pmatrix}a&b\end{pmatrix}\)",
        r"$\unknown{x}$",
        "`$x^2$`",
        "```\n$x^2$\n```",
        "$x_{Q}$",
        "a $ b $ c",
        r"C:\[new",
        "Add $HOME/bin:$PATH to it, as in PATH=$PATH:$HOME.",
        "export A=$B, then B=$A",
        "In PHP $a,$b and $my_var/$other",
        "A$AP, Ke$ha and $uicideboy$",
        "Set $my_var$ first.",
        "[here](https://a.example/$a$b)",
        r"This \(optional\) word, \[note\] and Windows \(C:\)",
        r"Group with \( and \) as needed.",
        "$" + "{" * 20 + "x" + "}" * 20 + "$",
    ],
)
def test_what_is_not_understood_stays_as_it_was_written(text: str) -> None:
    assert presented(text) == text


@examples(60)
@given(
    st.lists(st.sampled_from(PIECES + MORE), min_size=1, max_size=4).map("".join),
    st.sampled_from(PIECES + MORE),
)
def test_nothing_that_somebody_made_for_it_takes_long(repeated: str, first: str) -> None:
    text = (first + repeated * (LONGEST // len(repeated) + 1))[:LONGEST]

    assert any(seconds_of(lambda: presented(text)) < MOST for _ in range(TRIES)), text[:60]
