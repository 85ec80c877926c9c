"""What servers were seen to send becomes what it must become."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.backends.protocols.example import Example, outcome_of
from tests.backends.protocols.examples import examples

if TYPE_CHECKING:
    import aiohttp

    from tests.backends.fault_server import FaultServer


@pytest.mark.parametrize("example", list(examples()), ids=lambda example: example.name)
async def test_an_answer_becomes_what_it_must(
    session: aiohttp.ClientSession, server: FaultServer, example: Example
) -> None:
    assert await outcome_of(example, session, server) == example.becomes
