"""The command line. Each command imports what it needs, so that none waits for what another one needs."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import typer

from bot.errors import StartupError
from bot.exports.formats import Format  # noqa: TC001 - typer reads the annotations

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")

app = typer.Typer(
    name="arena-bot",
    help="A Discord bot for blind battles between language models.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

ConfigPath = Annotated[Path, typer.Option("--config", help="The configuration file.")]
LogJson = Annotated[bool, typer.Option("--log-json", help="Write the log as JSON lines.")]
DEFAULT_CONFIG = Path("config.toml")
HIGHEST_PORT = 65_535


@app.command()
def run(config_path: ConfigPath = DEFAULT_CONFIG, *, log_json: LogJson = False) -> None:
    """Connect to Discord and hold battles until stopped. The token is read from DISCORD_TOKEN."""
    gc.disable()  # until the bot is connected: what a start loads stays
    from bot import app as application
    from bot import config, logs
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
    _run(application.run(settings, keyring, token))


@app.command(name="check")
def check_command(config_path: ConfigPath = DEFAULT_CONFIG) -> None:
    """Say what works: config, database, token, and each model with one tiny request."""
    from bot import config, logs
    from bot.arena.models.keyring import Keyring
    from bot.cli import check

    settings = config.load(config_path)
    logs.configure(as_json=False)
    token = os.environ.get("DISCORD_TOKEN", "").strip()
    findings = _run(check.check(settings, Keyring.from_environment(), token))
    if not findings:
        raise typer.Exit(2)


@app.command()
def health(config_path: ConfigPath = DEFAULT_CONFIG) -> None:
    """Say whether the bot that runs is connected to Discord; fails where it is not."""
    from bot import config
    from bot.heartbeat import age_of_heartbeat

    age = age_of_heartbeat(Path(config.load(config_path).storage.path))
    typer.echo(f"connected to Discord {age:.0f} s ago")


@app.command(name="new-key")
def print_new_key() -> None:
    """Print a fresh key for ARENA_SECRET_KEYS, which encrypts the API keys of moderators' models."""
    from bot.arena.models.keyring import new_key

    typer.echo(new_key())


@app.command(name="rotate-keys")
def rotate_keys_command(config_path: ConfigPath = DEFAULT_CONFIG) -> None:
    """Encrypt all stored API keys anew with the first of ARENA_SECRET_KEYS; the bot must not run."""
    from bot import config, logs
    from bot.arena.models.keyring import Keyring
    from bot.cli import rotate_keys

    settings = config.load(config_path)
    logs.configure(as_json=False, level="WARNING")
    count = _run(rotate_keys.rotate(Path(settings.storage.path), Keyring.from_environment()))
    typer.echo(f"{count} models are sealed with the first key now")


@app.command(name="recompute")
def recompute_command(config_path: ConfigPath = DEFAULT_CONFIG) -> None:
    """Rebuild every running sum from votes and draws, and repair those that differ; the bot must not run."""
    from bot import config, logs

    settings = config.load(config_path)
    logs.configure(as_json=False, level="WARNING")
    repaired = _run(_report_differences(Path(settings.storage.path)))
    typer.echo(f"{repaired} sums were repaired" if repaired else "all sums equal the votes and draws")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where the copy is put.")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    config_path: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Copy the database into a file and check the copy; the bot may run."""
    from bot import config
    from bot.storage import backups

    settings = config.load(config_path)
    size = backups.back_up(Path(settings.storage.path), file, force=force)
    typer.echo(f"{file}: {size:,} bytes, checked")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `backup` wrote.")],
    config_path: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Put a backup in the place of the database, which is kept under another name; the bot must not run."""
    from bot import config
    from bot.storage import backups

    settings = config.load(config_path)
    kept = backups.restore(file, Path(settings.storage.path))
    typer.echo(f"{settings.storage.path} is what {file} holds now")
    if kept:
        typer.echo(f"what it replaces is kept: {kept}")


@app.command(name="export")
def export_command(
    *,
    guild: Annotated[int, typer.Option(help="The id of the server.")],
    format_: Annotated[Format, typer.Option("--format", help="See docs/export.md.")],
    out: Annotated[Path, typer.Option(help="The folder where the file is put.")],
    salt: Annotated[
        str, typer.Option(envvar="ARENA_EXPORT_SALT", help="Gives the same ids again; left out, a fresh one.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    config_path: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Write a server's votes into a file for researchers, with codes for members; the bot may run."""
    from bot import config, logs
    from bot.cli import export
    from bot.exports.pseudonyms import fresh_salt
    from bot.exports.service import Order

    settings = config.load(config_path)
    logs.configure(as_json=False, level="WARNING")
    order = Order(guild, format_, salt or fresh_salt())
    destination = export.Destination(out, force)
    written = _run(export.export(Path(settings.storage.path), order, destination))
    typer.echo(f"{written.path}: {written.rows} rows from {written.battles} battles")
    if not salt:
        typer.echo(f"salt: {order.salt} (keep it secret; --salt gives the same ids in a later export)")


@app.command(name="member-data")
def member_data(
    *,
    guild: Annotated[int, typer.Option(help="The id of the server.")],
    member: Annotated[int, typer.Option(help="The Discord id of the member.")],
    out: Annotated[Path, typer.Option(help="The folder where the file is put.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    config_path: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Write all that is kept of a member, for that member, as /privacy export does; the bot may run."""
    from bot import config, logs
    from bot.cli import export
    from bot.domain.member_data import MemberKey

    settings = config.load(config_path)
    logs.configure(as_json=False, level="WARNING")
    destination = export.Destination(out, force)
    path = _run(export.member_data(Path(settings.storage.path), MemberKey(guild, member), destination))
    typer.echo(str(path))


@app.command()
def demo(
    *,
    host: Annotated[str, typer.Option(help="Where the page listens; others reach it unless loopback.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(max=HIGHEST_PORT, min=0, help="0 takes a free one.")] = 0,
    lang: Annotated[Literal["en", "ja"], typer.Option(help="The language of the page.")] = "en",
    data: Annotated[Path | None, typer.Option(help="Keep everything in this folder.")] = None,
    config_path: Annotated[
        Path | None, typer.Option("--config", help="Let the models of this configuration file answer.")
    ] = None,
    toys: Annotated[bool, typer.Option("--toys", help="Let built-in toys answer; no download.")] = False,
) -> None:
    """Try everything in a browser: a stand-in for Discord, the bot, and a small model; no token, no key."""
    from bot import config
    from bot.cli import demo as demonstration

    if config_path and toys:
        raise typer.BadParameter("--config and --toys exclude each other")
    models = (config_path, config.load(config_path)) if config_path else None
    options = demonstration.DemoOptions(host, port, lang, data, models, toys)
    _run(demonstration.run(options))


async def _report_differences(path: Path) -> int:
    from contextlib import aclosing

    from bot.cli import recompute

    repaired = 0
    async with aclosing(recompute.recompute(path)) as differences:
        async for difference in differences:
            typer.echo(str(difference))
            repaired += 1
    return repaired


def _run(main: Coroutine[None, None, T]) -> T:
    """Run on uvloop where the platform has it."""
    if sys.platform == "win32":
        import asyncio

        return asyncio.run(main)
    import uvloop

    return uvloop.run(main)
