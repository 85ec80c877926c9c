"""The playground's page: Discord as a member sees it, in a browser, with a window into its engine room.

async with Playground(token="t") as playground:
seed_world(playground.world, language="en")
async with Page(playground, language="en", notices={"en": "..."}) as page:
print(page.url)                                  # with the key, without which nothing opens
...                                              # start the bot
"""

from bot.playground.page.seed import Seeded, seed_world
from bot.playground.page.server import PlaygroundPage

__all__ = ["PlaygroundPage", "Seeded", "seed_world"]
