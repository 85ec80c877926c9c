"""Code in a prompt, and the prose that is left without it. Pure.

Only code that is there counts, as in the public arena sets: a request to write code holds none. What is not
fenced is recognised by what prose, mathematics and Markdown do not do: a bracket right after a name that is
known or has a dot, a semicolon at the end of an assignment, an option after a command. Whatever is unclear is
prose. The patterns look for one line at a time, so that the time they take grows with the longest line only.
"""

from __future__ import annotations

import re

_FENCED = re.compile(r"```.*?(?:```|\Z)|^[ \t]*~~~.*?(?:^[ \t]*~~~|\Z)", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"``?([^`\n]+)``?")
_OPERATORS = re.compile(r"[=(){}\[\];<>$]")

_TAGS = (
    "html|head|body|div|span|p|a|ul|ol|li|table|tr|td|th|img|script|style|button|input|form|label|h[1-6]|br|hr"
    "|section|nav|main|header|footer|svg|link|meta|title"
)
_COMMANDS = (
    "git|npm|npx|yarn|pnpm|pip3?|uv|docker|kubectl|cargo|brew|apt|apt-get|curl|wget|chmod|ssh|python3?"
)
_MATHEMATICS = "sin|cos|tan|log|ln|exp|sqrt|max|min|lim"
_FILES = "js|com|org|net|io|jp|py|md|txt"

_WHOLE_LINES = (
    r"(?:async )?def \w+\(.*:",
    r"class \w+(?:\(.*\))?:",
    r"(?:for \w.* in|while|if|elif|with|except) .*[\w)\]]:(?=\n[ \t]+[^\s*\d-])",
    r"(?:else|try|finally):",
    r"return\b.*[;()\[\]+*/=].*",
    r"import [\w.]+;?",
    r"(?:const|var) .*=.*",
    # An assignment or a call that a semicolon ends, and a property of CSS.
    r".*\w(?:\(|\s?[-+*/|:]?=\s?[\w\"'\[{(]|\s?(?:\+\+|--)).*;",
    r"[a-z-]+: ?[\w#%. -]+;",
    r"[\w.#: ()*,-]+ ?\{",
    r"\},?;?",
    rf"\w+ ?[-+*/]?= ?(?!(?:{_MATHEMATICS})\()\w{{2,}}[\w.]*\(.*",
    rf"[a-z_][\w.]*\.(?!(?:{_FILES})\()[a-z_]\w+\(.*",
    r"# ?(?:include ?[<\"]|define \w).*",
    r"#!/.*",
    r"\$ [a-z].*",
    r"(?:pip3?|npm) install .*",
    r"File \".*\", line \d+.*",
    r"SELECT .*\bFROM\b.*",
    r"(?i:select) .*?\b(?i:from) \w+ ?(?:;|(?i:where) \w+ ?(?:[=<>!]|(?i:like|in|is)\b)).*",
    r"(?i:insert into|create table|delete from|alter table) \w+.*[(;=].*",
)
_INSIDE = (
    r"\b(?:print|printf|println!?|console\.log|len|range|typeof|alert|malloc|require)\(",
    r"\bconsole\.log\b",
    r"\bimport [\w.]+ as \w",
    r"\bfrom [\w.]+ import [\w*(]",
    rf"(?<![\w./])[a-z_]\w*\.(?!(?:{_FILES})\()[a-z_]\w+\(",
    r"\bfunction ?\w*\([^()\n]*\) ?\{",
    r"\b(?:if|for|while|switch) ?\([^{}\n]*\) ?\{",
    r"\) ?=> ?[\w({\[]",
    r"\b(?:public|private|protected) (?:static|final|class|void|int|async) ",
    r"\b(?:void|int|double|float|char|bool) \w+\(",
    r"\b(?:fn|func|def) \w+\(",
    r"\bstd::\w",
    r"\{ ?\"[\w-]+\" ?: ?[\"\d{\[tfn]",
    rf"<(?:!DOCTYPE\b|/?(?:{_TAGS})\b)[^<>\n]*>",
    rf"(?<![\w-])(?:{_COMMANDS}) (?:[\w./:@-]+ ){{0,4}}--?[a-z]",
    r"Traceback \(most recent call last\)",
)
_CODE_LINE = re.compile(rf"^[ \t]*+(?:{'|'.join(_WHOLE_LINES)})[ \t]*$", re.MULTILINE)
_CODE_INSIDE = re.compile("|".join(_INSIDE))

_NO_PROSE = re.compile(
    r"https?://[!-~]+"
    r"|<(?:@[!&]?\d+|#\d+|a?:\w+:\d+|t:-?\d+(?::\w)?|id:\w+|/[^<>\n]{1,100}:\d+)>"  # as Discord writes them
    r"|¯\\_\(ツ\)_/¯"
)


def holds_code(prompt: str) -> bool:
    """Say whether a prompt holds code: fenced, quoted with its operators, or as it stands."""
    prompt = _NO_PROSE.sub(" ", prompt)
    if _FENCED.search(prompt) or any(map(_OPERATORS.search, _INLINE.findall(prompt))):
        return True
    return (_CODE_LINE.search(prompt) or _CODE_INSIDE.search(prompt)) is not None


def prose_of(prompt: str) -> str:
    """Leave out what is fenced or quoted as code, lines that are nothing but code, links, mentions, emoji."""
    unfenced = _INLINE.sub(" ", _FENCED.sub("\n", _NO_PROSE.sub(" ", prompt)))
    return _CODE_LINE.sub("", unfenced)
