from __future__ import annotations

import os
import signal
import sys

from bot.cli import main as command_line
from bot.errors import StartupError
from bot.logs import visible

INTERRUPTED = 128 + signal.SIGINT


def main() -> None:
    """Run the command line; what the operator must mend is one line on stderr and exit status 2."""
    os.umask(0o077)  # what members wrote is for the operator's eyes alone, in whatever file it is
    try:
        command_line.main(sys.argv[1:])
    except StartupError as exc:
        print(f"arena-bot: {visible(str(exc))}", file=sys.stderr)  # noqa: T201 - the command line speaks here
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
