"""What goes over the gateway's wire."""

from enum import IntEnum

import msgspec
from msgspec import UNSET, UnsetType


class Op(IntEnum):
    """What a frame is for."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    VOICE_STATE = 4
    RESUME = 6
    RECONNECT = 7
    REQUEST_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Close(IntEnum):
    """Why Discord ends a connection. After 4000 and 4009 clients resume or identify anew."""

    NORMAL = 1000
    GOING_AWAY = 1001
    UNKNOWN_ERROR = 4000
    UNKNOWN_OP = 4001
    DECODE_ERROR = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    RATE_LIMITED = 4008
    INVALID_SHARD = 4010
    DISALLOWED_INTENTS = 4014


IGNORED = frozenset({Op.PRESENCE, Op.VOICE_STATE})
INTENTIONAL = frozenset({Close.NORMAL, Close.GOING_AWAY})


class Frame(msgspec.Struct):
    """What a client sends."""

    op: int
    d: msgspec.Raw = msgspec.Raw(b"null")


class Identify(msgspec.Struct):
    """How a session begins."""

    token: str
    intents: int
    shard: tuple[int, int] = (0, 1)


class Resume(msgspec.Struct):
    """How a session goes on over a new connection. A client that was never told of one knows neither."""

    token: str
    session_id: str | None
    seq: int | None


class RequestMembers(msgspec.Struct):
    """Which members a client wants to know."""

    guild_id: int | str
    query: str = ""
    limit: int = 0
    user_ids: int | str | list[int | str] | UnsetType = UNSET
    nonce: str | UnsetType = UNSET
