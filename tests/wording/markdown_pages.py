"""The Markdown documents: headings with their anchors, links, code and quotations."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
TWIN = ".ja.md"


class MarkdownPage:
    """One document of the repository."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def prose(self) -> str:
        """The text without blocks of code."""
        return re.sub(r"^```.*?^```", "", self.text, flags=re.MULTILINE | re.DOTALL)

    @property
    def headings(self) -> list[tuple[int, str]]:
        """Depth and words of each."""
        found = re.findall(r"^(#+) (.+)$", self.prose, re.MULTILINE)
        return [(len(marks), words) for marks, words in found]

    @property
    def anchors(self) -> set[str]:
        """What GitHub makes of the headings; none stands twice in a document here."""
        return {re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-") for _, words in self.headings}

    @property
    def links(self) -> list[str]:
        """Where it leads inside the repository."""
        found = re.findall(r"\]\(([^)\s]+)\)", self.prose)
        return [link for link in found if "://" not in link]

    @property
    def code(self) -> list[str]:
        """The code in its lines, and the lines of its blocks."""
        blocks = re.findall(r"^```\w*\n(.*?)^```", self.text, re.MULTILINE | re.DOTALL)
        return re.findall(r"`([^`\n]+)`", self.prose) + [
            line for each in blocks for line in each.splitlines()
        ]

    def quotes(self, opening: str, closing: str) -> list[str]:
        return re.findall(f"{opening}([^{opening}{closing}]+){closing}", self.prose)


def pages() -> list[MarkdownPage]:
    paths = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [MarkdownPage(path) for path in paths]
