"""What each command of the command line takes."""

from __future__ import annotations

import os
from argparse import SUPPRESS, Action, ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.output import say
from bot.exports.formats import Format
from bot.imports.formats import ImportFormat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DEFAULT_CONFIG = Path("config.toml")
HIGHEST_PORT = 65_535


def parser_of(commands: Mapping[str, Callable[..., None]]) -> ArgumentParser:
    """Return what reads the arguments; beside those of a command, it returns the command."""
    parser = ArgumentParser(
        "arena-bot",
        description="A Discord bot for blind battles between language models.",
        epilog="`arena-bot COMMAND --help` says what a command takes.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--version", action=_Version, nargs=0, default=SUPPRESS, help="Print the version and exit."
    )
    parsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, command in commands.items():
        about = command.__doc__
        each = parsers.add_parser(name, help=about, description=about, allow_abbrev=False)
        each.set_defaults(command=command)
        ARGUMENTS[name](each)
    return parser


class _Version(Action):
    """Looks the version up when it is asked for, which takes longer than all else here."""

    def __call__(self, parser: ArgumentParser, *_given: object) -> None:
        from importlib.metadata import version  # noqa: PLC0415 - as above

        say(f"arena-bot {version('arena-bot')}")
        parser.exit()


def _add_nothing(_parser: ArgumentParser) -> None:
    pass


def _add_config(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--config",
        dest="config_path",
        type=Path,
        metavar="FILE",
        default=DEFAULT_CONFIG,
        help="The configuration file; config.toml where none is named.",
    )


def _add_for_run(parser: ArgumentParser) -> None:
    _add_config(parser)
    parser.add_argument("--log-json", action="store_true", help="Write the log as JSON lines.")


def _add_force(parser: ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="Replace a file that is there.")


def _add_for_backup(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="Where the copy is put.")
    _add_force(parser)
    _add_config(parser)


def _add_for_restore(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="What `backup` wrote.")
    _add_config(parser)


def _add_guild(parser: ArgumentParser) -> None:
    parser.add_argument("--guild", type=int, metavar="ID", required=True, help="The id of the server.")


def _add_out(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--out", type=Path, metavar="DIR", required=True, help="The folder where the file is put."
    )
    _add_force(parser)
    _add_config(parser)


def _add_for_export(parser: ArgumentParser) -> None:
    _add_guild(parser)
    formats = [each.value for each in Format]
    parser.add_argument(
        "--format", dest="format_", choices=formats, required=True, help="See docs/export.md."
    )
    parser.add_argument(
        "--salt",
        default=os.environ.get("ARENA_EXPORT_SALT", ""),
        help="Gives the same ids again; left out, that of ARENA_EXPORT_SALT, or a fresh one.",
    )
    _add_out(parser)


def _add_for_import(parser: ArgumentParser) -> None:
    _add_guild(parser)
    formats = [each.value for each in ImportFormat]
    parser.add_argument(
        "--format", dest="format_", choices=formats, required=True, help="See docs/import.md."
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV, JSON, JSON lines or Parquet.")
    parser.add_argument(
        "--season", metavar="NAME", required=True, help="The season that it becomes, which is over."
    )
    parser.add_argument(
        "--models", type=Path, metavar="FILE", help="TOML; each line says: their name = our name."
    )
    parser.add_argument(
        "--with-names", action="store_true", help="Take votes too that were cast with the names shown."
    )
    parser.add_argument("--dry-run", action="store_true", help="Say what it would do, and change nothing.")
    _add_config(parser)


def _add_for_member_data(parser: ArgumentParser) -> None:
    _add_guild(parser)
    parser.add_argument(
        "--member", type=int, metavar="ID", required=True, help="The Discord id of the member."
    )
    _add_out(parser)


def _add_for_demo(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--host", default="127.0.0.1", help="Where the page listens; others reach it unless loopback."
    )
    parser.add_argument("--port", type=_port, default=0, help="0, the default, takes a free one.")
    parser.add_argument("--lang", choices=["en", "ja"], default="en", help="The language of the page.")
    parser.add_argument("--data", type=Path, metavar="DIR", help="Keep everything in this folder.")
    models = parser.add_mutually_exclusive_group()
    models.add_argument(
        "--config",
        dest="config_path",
        type=Path,
        metavar="FILE",
        help="Let the models of this configuration file answer.",
    )
    models.add_argument("--toys", action="store_true", help="Let built-in toys answer; no download.")


def _add_for_init(parser: ArgumentParser) -> None:
    _add_config(parser)
    _add_force(parser)
    parser.add_argument(
        "--yes", action="store_true", help="Ask nothing: take what is found, and the defaults."
    )
    parser.add_argument("--lang", choices=["en", "ja"], default="en", help="The language of the questions.")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > HIGHEST_PORT:
        raise ArgumentTypeError(f"{text!r} is no number from 0 to {HIGHEST_PORT}")
    return int(text)


ARGUMENTS: dict[str, Callable[[ArgumentParser], None]] = {
    "init": _add_for_init,
    "run": _add_for_run,
    "check": _add_config,
    "health": _add_config,
    "new-key": _add_nothing,
    "rotate-keys": _add_config,
    "recompute": _add_config,
    "backup": _add_for_backup,
    "restore": _add_for_restore,
    "export": _add_for_export,
    "import": _add_for_import,
    "member-data": _add_for_member_data,
    "demo": _add_for_demo,
}
