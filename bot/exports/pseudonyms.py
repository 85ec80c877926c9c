"""Ids that tell rows apart and nobody who they are of."""

from __future__ import annotations

import hashlib
import hmac
import secrets

DIGITS = 32
SHORTEST_SALT = 16


class Pseudonyms:
    """Keyed hashes: the same for the same salt, and nothing without it.

    A salt must be as hard to guess as a key, for the ids that it hides are known: whoever has the salt can
    hash every member of a server and compare.
    """

    def __init__(self, salt: str) -> None:
        self._key = salt.encode()

    def asker(self, user_id: int) -> str:
        """Return a code that no vote has: a prompt is often known to be somebody's."""
        return self._hash(f"asker {user_id}")

    def voter(self, user_id: int) -> str:
        return self._hash(f"voter {user_id}")

    def secret_voter(self, battle_id: int, user_id: int) -> str:
        """Return a code that no other battle has, so that one vote which is known gives away no other."""
        return self._hash(f"voter {battle_id} {user_id}")

    def battle(self, battle_id: int) -> str:
        return self._hash(f"battle {battle_id}")

    def vote(self, battle_id: int, user_id: int) -> str:
        return self._hash(f"vote {battle_id} {user_id}")

    def _hash(self, text: str) -> str:
        return hmac.digest(self._key, text.encode(), hashlib.sha256).hex()[:DIGITS]


def fresh_salt() -> str:
    return secrets.token_hex(16)
