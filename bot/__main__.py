from __future__ import annotations

import sys

from bot.cli.main import app
from bot.errors import StartupError


def main() -> None:
    """Run the command line; what the operator must mend is one line on stderr and exit status 2."""
    try:
        app()
    except StartupError as exc:
        print(f"arena-bot: {exc}", file=sys.stderr)  # noqa: T201 - the command line speaks here
        sys.exit(2)


if __name__ == "__main__":
    main()
