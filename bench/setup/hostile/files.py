"""Attacks with what members attach, and with where moderators' models live."""

from __future__ import annotations

import socket
from types import SimpleNamespace
from typing import TYPE_CHECKING
from unittest.mock import patch

from bot.backends.base import BackendError, Failure
from bot.backends.http import own_networks
from bot.backends.http.deadlines import ReplyDeadlines
from bot.backends.http.exchange import Endpoint
from bot.backends.http.sessions import open_guarded_session
from tests.backends.asking import limits
from tests.behaviour.place import place
from tests.competitors import competitor, images_shown
from tests.images import TOLD, noise, telling

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path


async def a_photo_that_tells_its_place(folder: Path, measured: AbstractContextManager[None]) -> str:
    """Ask about a photo with all metadata, then about one of 3.8 MB, which takes the longest."""
    competitors = [competitor(name, sees=True) for name in ("Zephyrine", "Quillon")]
    files = (("photo.jpg", telling("JPEG")), ("large.jpg", noise()))
    async with place(folder, competitors) as here:
        with measured:
            for name, content in files:
                await here.alice.slash(here.channel, "battle", prompt="What is this?", image=(name, content))
                await here.env.settle()
        shown = [await here.card.attachments[0].read()]
        shown += [
            image.content for one in competitors for said in images_shown(one) for image in said if image
        ]
    told = sum(any(word in content for word in TOLD) for content in shown)
    return f"{told} of {len(shown)} copies tell it" if told else "none"


async def a_model_beside_the_bot(_folder: Path, measured: AbstractContextManager[None]) -> str:
    """Let a moderator's model live at a public address that is the machine's own."""
    address = "93.184.216.34"
    own = SimpleNamespace(family=socket.AF_INET, address=address, netmask="255.255.255.0")
    with patch.object(own_networks.psutil, "net_if_addrs", lambda: {"eth0": [own]}):
        async with open_guarded_session() as session:
            endpoint = Endpoint(session, f"http://{address}:9/v1", {}, ())
            with measured:
                try:
                    async with endpoint.post(b"{}", ReplyDeadlines.start(limits(connect=2, total=3))):
                        return "connected to"
                except BackendError as exc:
                    return "none" if exc.failure is Failure.FORBIDDEN else "connected to"
