"""What becomes of what servers send: `python -m bench.dialects`, every example of the tests, over HTTP.

The examples are shaped like the answers in public bug reports of model servers, in each of the protocols.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

import structlog

from bench.setup.table import print_table
from bot.backends.http.sessions import open_session
from tests.backends.fault_server import serve
from tests.backends.protocols.dialects import ALL
from tests.backends.protocols.example import Example, outcome_of
from tests.backends.protocols.examples import examples

MOST_TITLE_CHARS = 70


async def became(example: Example) -> str:
    async with serve() as server, open_session() as session:
        found = await outcome_of(example, session, server)
    return found if found == example.becomes else f"{found} INSTEAD OF {example.becomes}"


async def table() -> dict[tuple[int, str], dict[str, str]]:
    """Return what became of each example, by protocol."""
    rows: dict[tuple[int, str], dict[str, str]] = {}
    for example in sorted(examples(), key=lambda each: each.point):
        row = rows.setdefault((example.point, example.title), {})
        row[example.protocol] = await became(example)
    return rows


def main() -> int:
    # What is learned of a server would be told for each of them.
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    rows = asyncio.run(table())
    print_table(
        ("", "sent", *ALL),
        [
            (str(point), title[:MOST_TITLE_CHARS], *(row.get(protocol, "") for protocol in ALL))
            for (point, title), row in rows.items()
        ],
    )
    found = [each for row in rows.values() for each in row.values()]
    wrong = sum("INSTEAD OF" in each for each in found)
    print(f"\n{len(found)} answers, {len(found) - wrong} as they must be")
    return min(wrong, 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args()
    sys.exit(main())
