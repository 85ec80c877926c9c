"""How well the leak detector does, and how fast: `python -m bench.leaks [--rounds N]`.

Precision and recall over tests/arena/anonymity/leaks.toml, for replies that give their model away and for
prompts that ask models who they are, in each of its two parts: the rules were made with the development part.
Then what was missed and what was a false alarm, and the time of a long reply, ordinary or hostile.
"""

from __future__ import annotations

import argparse
import time
from statistics import median
from typing import TYPE_CHECKING

from bench.setup.table import print_setting, print_table
from bot.arena.anonymity.leaks import find_leak
from tests.arena.anonymity.leaks import judge_prompts, judge_replies, read_corpus, score

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.arena.anonymity.leaks import Judged, LeakCorpus, LeakPart

LANGUAGES = {"English": ("en",), "Japanese": ("ja",), "all": ("en", "ja")}
SHOWN = 96
ROUNDS = 3
LENGTHS = (4_000, 20_000, 100_000)
ORDINARY = (
    "The river turns east here, and the old road follows it. 川はここで東に折れ、古い道がそれに沿う。\n"
)
HOSTILE = (
    "OpenAI ",
    "I am ",
    "I am a large ",
    "as an AI model made by ",
    "私は、Googleが",
    "私は",
    "AI, ",
    "a",
    "-",
    "GPT 4",
    "⟦",
)


def main(rounds: int) -> None:
    corpus = read_corpus()
    print_setting("Leaks")
    for title, part in (("Development", corpus.development), ("Held out", corpus.held_out)):
        _print_part(title, corpus, part)
    _print_times(corpus.names, rounds)


def _print_part(title: str, corpus: LeakCorpus, part: LeakPart) -> None:
    subjects = {
        "replies that leak": list(judge_replies(corpus, part)),
        "prompts that ask": list(judge_prompts(part)),
    }
    rows = [
        _row(f"{subject}, {language}", [one for one in judged if one.language in codes])
        for subject, judged in subjects.items()
        for language, codes in LANGUAGES.items()
    ]
    print_table([title, "examples", "of them", "precision", "recall"], rows)
    _print_mistakes(subjects)


def _row(title: str, judged: Sequence[Judged]) -> list[str]:
    found = score(judged)
    ones = found.found + len(found.missed)
    return [title, str(found.size), str(ones), f"{found.precision:.1%}", f"{found.recall:.1%}"]


def _print_mistakes(subjects: Mapping[str, Sequence[Judged]]) -> None:
    for subject, judged in subjects.items():
        found = score(judged)
        for kind, texts in (("missed", found.missed), ("false alarm", found.false_alarms)):
            for text in texts:
                print(f"{subject}, {kind}: {_shortened(text)}")
    print()


def _shortened(text: str) -> str:
    line = " / ".join(text.split("\n"))
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"


def _print_times(names: Sequence[str], rounds: int) -> None:
    rows = [
        [
            f"{length:,} characters",
            f"{_milliseconds(ORDINARY, length, names, rounds):.1f}",
            f"{max(_milliseconds(text, length, names, rounds) for text in HOSTILE):.1f}",
        ]
        for length in LENGTHS
    ]
    print_table(["a reply of", "ordinary, ms", "slowest hostile, ms"], rows)


def _milliseconds(text: str, length: int, names: Sequence[str], rounds: int) -> float:
    """Return the median of the rounds."""
    reply = (text * (length // len(text) + 1))[:length]
    took: list[float] = []
    for _ in range(rounds):
        started = time.perf_counter()
        find_leak(reply, "Tell me something.", names)
        took.append((time.perf_counter() - started) * 1000)
    return median(took)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    main(parser.parse_args().rounds)
