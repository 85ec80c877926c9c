"""How well prompts are sorted, and how fast: `python -m bench.categories [--rounds N]`.

Recall and precision of each language over tests/arena/categories/prompts.toml, which the rules were made
with, so that it flatters them; then the time of a prompt, and of 4,000 characters of what is slowest to read.
"""

from __future__ import annotations

import argparse
import time
import tomllib
from collections import Counter
from pathlib import Path
from statistics import median

from bench.setup.table import print_setting, print_table
from bot.arena.categories.rules import CODE, categories_of, language_of_prompt

CORPUS = Path(__file__).parents[1] / "tests" / "arena" / "categories" / "prompts.toml"
ROUNDS = 20
LONGEST = 4000
HOSTILE = (
    "for a in b:",
    "a=1;",
    "The cat is here. 猫である。",
    "Ich habe. You are. ",
    "「a。b」",
    "git a b c d ",
    "if (",
    "select a from b ",
    '{ "a" ',
    "語",
    "a.b.",
)


def main(rounds: int) -> None:
    corpus = tomllib.loads(CORPUS.read_text(encoding="utf-8"))
    print_setting("Categories of prompts")
    started = time.perf_counter()
    language_of_prompt("Why is the sky blue?")
    print(f"first prompt, with the detector's loading: {time.perf_counter() - started:.3f} s\n")
    _print_languages(corpus["language"])
    _print_code(corpus["code"])
    _print_times([prompt for prompts in corpus["language"].values() for prompt in prompts], rounds)


def _print_languages(prompts: dict[str, list[str]]) -> None:
    answers = Counter(
        (language, language_of_prompt(prompt)) for language, each in prompts.items() for prompt in each
    )
    rows: list[list[str]] = []
    for language, each in prompts.items():
        right = answers[language, language]
        answered = sum(count for (_, answer), count in answers.items() if answer == language)
        rows.append([language, str(len(each)), _share(right, len(each)), _share(right, answered)])
    print_table(["language", "prompts", "recall", "precision"], rows)


def _print_code(prompts: dict[str, list[str]]) -> None:
    found = {
        answer: sum(CODE in categories_of(prompt) for prompt in each) for answer, each in prompts.items()
    }
    missed, wrong = len(prompts["yes"]) - found["yes"], found["no"]
    print_table(
        ["code", "prompts", "missed", "wrongly seen"],
        [["", str(len(prompts["yes"]) + len(prompts["no"])), str(missed), str(wrong)]],
    )


def _print_times(prompts: list[str], rounds: int) -> None:
    times = sorted(_milliseconds(prompt, rounds) for prompt in prompts)
    slowest = max(_milliseconds((text * LONGEST)[:LONGEST], rounds) for text in HOSTILE)
    print_table(
        ["", "median ms", "99 % ms", "slowest ms"],
        [
            [
                "prompts of the corpus",
                f"{median(times):.3f}",
                f"{times[len(times) * 99 // 100]:.3f}",
                f"{times[-1]:.3f}",
            ],
            [f"hostile, {LONGEST} characters", "", "", f"{slowest:.1f}"],
        ],
    )


def _milliseconds(prompt: str, rounds: int) -> float:
    """Return the median of the rounds."""
    took: list[float] = []
    for _ in range(rounds):
        started = time.perf_counter()
        categories_of(prompt)
        took.append((time.perf_counter() - started) * 1000)
    return median(took)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    main(parser.parse_args().rounds)
