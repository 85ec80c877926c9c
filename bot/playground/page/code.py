"""Code of a fenced block with its words classed, so that a stylesheet can colour them."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

from pygments.lexers import get_lexer_by_name  # pyright: ignore[reportUnknownVariableType] - half annotated

# Only languages whose lexers are well worn: what is lexed here was written by a member or a model.
LANGUAGES = frozenset(
    {"bash", "c", "cpp", "css", "diff", "go", "haskell", "html", "java", "javascript", "js"}
    | {"json", "kotlin", "lua", "php", "py", "python", "ruby", "rust", "sh", "sql", "swift", "toml"}
    | {"ts", "typescript", "xml", "yaml"}
)
CLASSES = {
    "Token.Comment": "comment",
    "Token.Generic.Deleted": "deleted",
    "Token.Generic.Inserted": "inserted",
    "Token.Keyword": "keyword",
    "Token.Literal.Number": "number",
    "Token.Literal.String": "string",
    "Token.Name.Builtin": "builtin",
    "Token.Name.Class": "name",
    "Token.Name.Decorator": "builtin",
    "Token.Name.Function": "name",
    "Token.Name.Tag": "keyword",
    "Token.Operator.Word": "keyword",
}
LONGEST = 4000
BLANK = re.compile(r"\s{200}")
"""What makes the lexers slow: a model that has lost its way writes nothing but line breaks."""


@lru_cache(maxsize=256)
def highlighted(code: str, language: str) -> str:
    """Escape the code as HTML, and class what the language knows."""
    if language.lower() not in LANGUAGES or len(code) > LONGEST or BLANK.search(code):
        return escape(code)
    lexer = get_lexer_by_name(language.lower(), stripnl=False, ensurenl=False)
    # Lexers know a line by its end, which the last one here has not.
    *tokens, (kind, text) = lexer.get_tokens(f"{code}\n")
    tokens.append((kind, text.removesuffix("\n")))
    return "".join(_span(str(kind), text) for kind, text in tokens)


def _span(kind: str, text: str) -> str:
    found = next((name for parent, name in CLASSES.items() if kind.startswith(parent)), None)
    return f'<span class="hl-{found}">{escape(text)}</span>' if found else escape(text)
