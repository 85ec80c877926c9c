"""Routes of the bot itself, its guilds, their channels and members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.errors import DiscordError, Refusal
from bot.playground.rest.dispatcher import Call, Route
from bot.playground.world import payloads, place_payloads
from bot.playground.world.access import Access

if TYPE_CHECKING:
    from bot.playground.wire import JsonObject
    from bot.playground.world.world import World

GATEWAY_INTENTS = 1 << 12 | 1 << 14 | 1 << 18
"""The application's flags that say it may use the privileged intents."""


class PlaceRoutes:
    """Reading who and where."""

    def __init__(self, world: World, gateway_url: str, shards: int, *, privileged: bool) -> None:
        self._world = world
        self._access = Access(world)
        self._gateway_url = gateway_url
        self._shards = shards
        self._privileged = privileged

    def routes(self) -> list[Route]:
        return [
            Route("GET", "/gateway", self._gateway, open_to_all=True),
            Route("GET", "/gateway/bot", self._gateway_bot),
            Route("GET", "/users/@me", self._me),
            Route("GET", "/users/{user_id}", self._user),
            Route("GET", "/applications/@me", self._application),
            Route("GET", "/oauth2/applications/@me", self._application),
            Route("GET", "/guilds/{guild_id}", self._guild),
            Route("GET", "/guilds/{guild_id}/channels", self._channels),
            Route("GET", "/guilds/{guild_id}/roles", self._roles),
            Route("GET", "/guilds/{guild_id}/members", self._members),
            Route("GET", "/guilds/{guild_id}/members/{user_id}", self._member),
            Route("GET", "/channels/{channel_id}", self._channel),
            Route("POST", "/channels/{channel_id}/typing", self._typing),
            Route("DELETE", "/users/@me/guilds/{guild_id}", self._leave),
        ]

    def _gateway(self, _: Call) -> JsonObject:
        return {"url": self._gateway_url}

    def _gateway_bot(self, _: Call) -> JsonObject:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        return {"url": self._gateway_url, "shards": self._shards, "session_start_limit": limit}

    def _me(self, _: Call) -> JsonObject:
        mine: JsonObject = {"verified": True, "email": None, "locale": "en-US", "mfa_enabled": False}
        return payloads.user(self._world.bot) | mine

    def _user(self, call: Call) -> JsonObject:
        return payloads.user(self._world.user(call.id("user_id")))

    def _application(self, _: Call) -> JsonObject:
        bot = self._world.bot
        return {
            "id": str(bot.id),
            "name": bot.name,
            "icon": None,
            "description": "",
            "summary": "",
            "type": None,
            "bot_public": True,
            "bot_require_code_grant": False,
            "bot": payloads.user(bot),
            "owner": payloads.user(self._world.operator),
            "team": None,
            "verify_key": "0" * 64,
            "flags": GATEWAY_INTENTS if self._privileged else 0,
            "flags_new": str(GATEWAY_INTENTS if self._privileged else 0),
            "redirect_uris": list[str](),
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "explicit_content_filter": 0,
            "eligible_oauth2_scopes": ["bot", "applications.commands"],
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "approximate_guild_count": len(self._world.guilds),
        }

    def _guild(self, call: Call) -> JsonObject:
        guild = self._access.guild(call.id("guild_id"))
        shape = place_payloads.guild(guild)
        if call.flag("with_counts"):
            shape |= {
                "approximate_member_count": len(guild.members),
                "approximate_presence_count": len(guild.members),
            }
        return shape

    def _channels(self, call: Call) -> list[JsonObject]:
        channels = self._access.guild(call.id("guild_id")).channels.values()
        return [place_payloads.channel(each) for each in channels if not each.is_thread]

    def _roles(self, call: Call) -> list[JsonObject]:
        return [payloads.role(each) for each in self._access.guild(call.id("guild_id")).roles.values()]

    def _members(self, call: Call) -> list[JsonObject]:
        if not self._privileged:
            raise DiscordError(Refusal.MISSING_ACCESS)
        members = self._access.guild(call.id("guild_id")).members
        limit = call.number("limit", 1, low=1, high=1000)
        after = call.snowflake("after") or 0
        ids = sorted(user_id for user_id in members if user_id > after)[:limit]
        return [payloads.member(members[user_id]) for user_id in ids]

    def _member(self, call: Call) -> JsonObject:
        return payloads.member(self._world.member(call.id("guild_id"), call.id("user_id")))

    def _channel(self, call: Call) -> JsonObject:
        channel = self._access.channel(call.id("channel_id"))
        return place_payloads.channel(channel, self._world.bot.id)

    def _typing(self, call: Call) -> None:
        self._access.writable(call.id("channel_id"), files=False)

    def _leave(self, call: Call) -> None:
        self._world.delete_guild(self._access.guild(call.id("guild_id")))
