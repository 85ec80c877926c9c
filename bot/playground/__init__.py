"""A stand-in for Discord on the loopback interface: REST and gateway, version 10, over one model.

A bot in this process or another connects to it unchanged:

    async with Playground(token="t", rate_limits=False) as playground:
        discord.http.Route.BASE = playground.api_url
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(playground.gateway_url)

        world, people = playground.world, playground.people
        guild = world.create_guild("Arena")                 # before or after the bot connects
        channel = world.create_channel(guild, "general")
        alice = world.create_member(guild, "alice", locale="ja")
        ...                                                 # start the bot
        await playground.ready()                            # every shard is connected
        await world.until(lambda: world.commands.find("battle", guild.id) is not None)

        asked = people.slash(alice, channel, "battle", prompt="Why is the sky blue?")
        await asked.answered()                              # acknowledged, perhaps only deferred
        await asked.finished()                              # no longer thinking
        asked.callback, asked.ephemeral, asked.message, asked.followups, asked.modal, asked.choices
        asked.message.text                                  # content, embeds and text displays

        people.react(alice, asked.message, "🅰️")            # with burst=True a super reaction
        people.unreact(alice, asked.message, "🅰️")
        pressed = people.press(alice, asked.message, "reveal")
        sent = people.submit_modal(alice, pressed, {"name": "gpt"})
        people.autocomplete(alice, channel, "models show", "name", name="g")
        people.use_on_message(alice, channel, "Report", asked.message)
        people.select(...); people.say(...); people.clear_reactions(...); people.delete_message(...)

`world` also has create_role, create_thread, create_emoji, set_overwrite, set_role_permissions,
set_member_roles, set_community, remove_member, archive_thread, lock_thread, delete_channel, delete_guild;
`world.threads.add(thread, member)` and `.remove`; `world.messages.find(id)`;
`await world.until(condition, timeout=5)`, which looks again after each change and each request.

It is as strict as Discord, and where sources differ as the stricter of them: `world.strict` has a switch for
each such point, all of them on. `world.filter` says what is blocked for its content: `harmful_hosts` (with
harmful.example in it), `explicit_images` (their bytes), `blocked_words`, or `every_link` and `every_image`.

What the bot cost: `playground.requests` iterates over records (method, template, path, status, limited,
body, files, at); `.matching("PUT", template)`, `.limited_since(number)`, `.total`, `.by_route`, `.by_status`.
`limited` is whether it counts under the fifty a second. `playground.requests.observers` (`on_request=` sets
them from the start) see each as it comes; `requests_kept=` says how many stay.

Trouble: `playground.faults.add("POST", "/channels/{channel_id}/messages", status=500, times=2)` (also
`code`, `delay`, `retry_after`, `drop`, `after`); `await playground.gateway.drop()` (the bot resumes),
`drop(forget=True)` (it must identify anew), `.reconnect()` (op 7), `.delay` (slow frames);
`playground.gateway.identified` and `.resumed` count. `clock=` ages tokens and messages.
`rate_limits=False` switches the waiting off; `shards=2` is what `/gateway/bot` recommends.

To survive a restart: `Playground(world=snapshot.load(path))` and a task of `snapshot.keep(world, path)`.

A simulated person who does what Discord would not let them raises DiscordError (missing permissions and
such) or PlaygroundError (no such command, button, option).
"""

from bot.playground.errors import DiscordError, PlaygroundError, Refusal, SnapshotError
from bot.playground.rest.ledger import RequestRecord
from bot.playground.server import Playground
from bot.playground.world.interactions.asking import Callback, InteractionRecord
from bot.playground.world.messages.uploads import Upload
from bot.playground.world.model import Channel, Guild, Member, Message, Role, User
from bot.playground.world.permissions import Permission
from bot.playground.world.world import World

__all__ = [
    "Callback",
    "Channel",
    "DiscordError",
    "Guild",
    "InteractionRecord",
    "Member",
    "Message",
    "Permission",
    "Playground",
    "PlaygroundError",
    "Refusal",
    "RequestRecord",
    "Role",
    "SnapshotError",
    "Upload",
    "User",
    "World",
]
