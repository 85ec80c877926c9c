"""Groups of models that never met: the votes tell nothing of who stands higher in two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.deferred import Deferred

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy as np

    from bot.arena.ratings.bradley_terry import Ratings
else:
    np = Deferred("numpy")


def islands(ratings: Ratings, ranked: Collection[int]) -> list[frozenset[int]]:
    """Group the models by whom they met, themselves or by way of others, provisional ones too.

    Groups without a ranked model are left out. The group of most ranked models comes first; of two alike, the
    one with more votes, then the one with the lower id.
    """
    left = np.array([model in ranked for model in ratings.models], dtype=np.bool_)
    found: list[frozenset[int]] = []
    while left.any():
        reached = np.zeros(len(left), np.bool_)
        wider = reached.copy()
        wider[left.argmax()] = True
        while (wider != reached).any():
            reached = wider
            wider = reached | ratings.met[reached].any(axis=0)
        found.append(frozenset(ratings.models[at] for at in np.flatnonzero(reached).tolist()))
        left &= ~reached
    votes = {row.model: row.votes for row in ratings.rows}
    return sorted(
        found,
        key=lambda group: (-len(group & set(ranked)), -sum(votes[model] for model in group), min(group)),
    )
