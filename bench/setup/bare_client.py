"""A client of discord.py alone, which bench.footprint puts beside the bot: takes both addresses."""

from __future__ import annotations

import os
import sys

import discord
import uvloop
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


async def main(api_url: str, gateway_url: str) -> None:
    Route.BASE = api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
    intents = discord.Intents.none()
    intents.guilds = intents.guild_messages = intents.guild_reactions = True
    async with discord.Client(intents=intents) as client:
        await client.start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:]))
