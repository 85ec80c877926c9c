"""How many random examples are tried: a fifth, and always the same, unless `--thorough` asks for all."""

from __future__ import annotations

from hypothesis import settings

FULL = 100
THOROUGH, ORDINARY = "thorough", "ordinary"


def register_profiles() -> None:
    """Make both known and take the ordinary one, until pytest is told otherwise.

    How long an example takes says more of what else the machine does than of our code; benchmarks measure
    that. What the ordinary run tries depends on the test alone, so it is green for all or for nobody.
    """
    settings.register_profile(THOROUGH, max_examples=FULL, deadline=None)
    settings.register_profile(
        ORDINARY, settings.get_profile(THOROUGH), max_examples=FULL // 5, derandomize=True
    )
    settings.load_profile(ORDINARY)


def examples(thorough: int) -> settings:
    """Try so many in a thorough run, and in the ordinary one the same share of them as everywhere."""
    return settings(max_examples=max(1, thorough * settings().max_examples // FULL))
