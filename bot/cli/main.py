"""The command line. Each command imports what it needs, so that none waits for what another one needs."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.cli.arguments import parser_of
from bot.cli.output import say
from bot.errors import StartupError
from bot.exports.formats import Format

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from typing import Literal

T = TypeVar("T")


def main(arguments: Sequence[str]) -> None:
    """Do what the arguments say; those that say nothing that can be done end the process with status 2."""
    parser = parser_of(COMMANDS)
    if not arguments:
        parser.print_help()
        sys.exit(2)
    options = vars(parser.parse_args(arguments))
    command: Callable[..., None] = options.pop("command")
    command(**options)


def init(config_path: Path, lang: str, *, force: bool, yes: bool) -> None:
    """Write a first config.toml from a few questions and the models that are found on this machine."""
    from bot import logs
    from bot.backends.protocols.providers import PROVIDERS
    from bot.cli.first_config.command import InitOrder, Surroundings, write_first_config

    logs.configure(as_json=False, level="WARNING")
    here = Surroundings(PROVIDERS, os.environ, _run, sys.stdin.isatty())
    write_first_config(InitOrder(config_path, lang, force, yes), here)


def run(config_path: Path, *, log_json: bool) -> None:
    """Connect to Discord and hold battles until stopped. The token is read from DISCORD_TOKEN."""
    gc.disable()  # until the bot is connected: what a start loads stays
    from bot import config, logs, start
    from bot.arena.models.keyring import Keyring

    settings = config.load(config_path)
    token = os.environ.get("DISCORD_TOKEN", "").strip()
    if not token:
        raise StartupError(
            "DISCORD_TOKEN is not set: put the token of your bot (Discord's developer portal, Bot, Reset"
            " Token) into this environment variable"
        )
    keyring = Keyring.from_environment()
    logs.configure(as_json=log_json, secrets=[token, *keyring.keys, *config.api_keys(settings)])
    _run(start.run(settings, keyring, token))


def check_command(config_path: Path) -> None:
    """Say what works: config, database, token, and each model with one tiny request."""
    from bot import config, logs
    from bot.arena.models.keyring import Keyring
    from bot.cli import check

    settings = config.load(config_path)
    logs.configure(as_json=False)
    token = os.environ.get("DISCORD_TOKEN", "").strip()
    findings = _run(check.check(settings, Keyring.from_environment(), token))
    if not findings:
        sys.exit(2)


def health(config_path: Path) -> None:
    """Say whether the bot that runs is connected to Discord; fails where it is not."""
    from bot import config
    from bot.heartbeat import age_of_heartbeat

    age = age_of_heartbeat(Path(config.load(config_path).storage.path))
    say(f"connected to Discord {age:.0f} s ago")


def print_new_key() -> None:
    """Print a fresh key for ARENA_SECRET_KEYS, which encrypts the API keys of moderators' models."""
    from bot.arena.models.keyring import new_key

    say(new_key())


def rotate_keys_command(config_path: Path) -> None:
    """Encrypt all stored API keys anew with the first of ARENA_SECRET_KEYS; the bot must not run."""
    from bot import config, logs
    from bot.arena.models.keyring import Keyring
    from bot.cli import rotate_keys

    settings = config.load(config_path)
    logs.configure(as_json=False, level="WARNING")
    count = _run(rotate_keys.rotate(Path(settings.storage.path), Keyring.from_environment()))
    say(f"{count} models are sealed with the first key now")


def recompute_command(config_path: Path) -> None:
    """Count every stored sum anew from votes and draws, and repair those that differ; the bot may run."""
    from bot import config, logs

    settings = config.load(config_path)
    logs.configure(as_json=False, level="WARNING")
    repaired = _run(_report_differences(Path(settings.storage.path)))
    say(f"{repaired} sums were repaired" if repaired else "all sums equal the votes and draws")


def backup(config_path: Path, file: Path, *, force: bool) -> None:
    """Copy the database into a file and check the copy; the bot may run."""
    from bot import config
    from bot.storage import backups

    settings = config.load(config_path)
    size = backups.back_up(Path(settings.storage.path), file, force=force)
    say(f"{file}: {size:,} bytes, checked")


def restore(config_path: Path, file: Path) -> None:
    """Put a backup in the place of the database, which is kept under another name; the bot must not run."""
    from bot import config
    from bot.storage import backups

    settings = config.load(config_path)
    kept = backups.restore(file, Path(settings.storage.path))
    say(f"{settings.storage.path} is what {file} holds now")
    if kept:
        say(f"what it replaces is kept: {kept}")


def export_command(config_path: Path, guild: int, format_: str, out: Path, salt: str, *, force: bool) -> None:
    """Write a server's votes into a file for researchers, with codes for members; the bot may run."""
    from bot import config, logs
    from bot.cli import export
    from bot.exports.pseudonyms import fresh_salt
    from bot.exports.service import Order

    settings = config.load(config_path)
    logs.configure(as_json=False, level="WARNING")
    order = Order(guild, Format(format_), salt or fresh_salt())
    destination = export.Destination(out, force)
    written = _run(export.export(Path(settings.storage.path), order, destination))
    say(f"{written.path}: {written.rows} rows from {written.battles} battles")
    if not salt:
        say(f"salt: {order.salt} (keep it secret; --salt gives the same ids in a later export)")


def import_command(
    config_path: Path,
    guild: int,
    format_: str,
    file: Path,
    season: str,
    models: Path | None,
    *,
    with_names: bool,
    dry_run: bool,
) -> None:
    """Bring votes that were cast elsewhere, as a season of a server that is over; the bot may run."""
    from bot import config, logs
    from bot.cli import importing
    from bot.imports.formats import ImportFormat
    from bot.imports.names import read_mapping
    from bot.imports.service import ImportOrder

    settings = config.load(config_path)
    logs.configure(as_json=False, level="WARNING")
    mapping = read_mapping(models) if models else {}
    name = " ".join(season.split())
    order = ImportOrder(guild, ImportFormat(format_), name, mapping, with_names=with_names)
    task = importing.ImportTask(order, file, dry_run)
    report = _run(importing.import_(Path(settings.storage.path), task))
    for line in importing.summary(report, dry_run=dry_run):
        say(line)


def member_data(config_path: Path, guild: int, member: int, out: Path, *, force: bool) -> None:
    """Write all that is kept of a member, for that member, as /privacy does; the bot may run."""
    from bot import config, logs
    from bot.cli import export
    from bot.domain.member_data import MemberKey

    settings = config.load(config_path)
    logs.configure(as_json=False, level="WARNING")
    destination = export.Destination(out, force)
    path = _run(export.member_data(Path(settings.storage.path), MemberKey(guild, member), destination))
    say(str(path))


def demo(
    host: str,
    port: int,
    lang: Literal["en", "ja"],
    data: Path | None,
    config_path: Path | None,
    *,
    toys: bool,
) -> None:
    """Try everything in a browser: a stand-in for Discord, the bot, and a small model; no token, no key."""
    from bot import config
    from bot.cli import demo as demonstration

    models = (config_path, config.load(config_path)) if config_path else None
    options = demonstration.DemoOptions(host, port, lang, data, models, toys)
    _run(demonstration.run(options))


async def _report_differences(path: Path) -> int:
    from contextlib import aclosing

    from bot.cli import recompute

    repaired = 0
    async with aclosing(recompute.recompute(path)) as differences:
        async for difference in differences:
            say(str(difference))
            repaired += 1
    return repaired


def _run(main: Coroutine[None, None, T]) -> T:
    """Run on uvloop where the platform has it."""
    if sys.platform == "win32":
        import asyncio

        return asyncio.run(main)
    import uvloop

    return uvloop.run(main)


COMMANDS: dict[str, Callable[..., None]] = {
    "init": init,
    "run": run,
    "check": check_command,
    "health": health,
    "new-key": print_new_key,
    "rotate-keys": rotate_keys_command,
    "recompute": recompute_command,
    "backup": backup,
    "restore": restore,
    "export": export_command,
    "import": import_command,
    "member-data": member_data,
    "demo": demo,
}
