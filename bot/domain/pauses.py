"""How long the bot waits of its own accord before it goes on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pauses:
    """The waits of the process, in seconds; `bot/app.py` hands them to all that wait.

    What members are promised (how long a vote is open, how long a failing model rests) is no pause.
    """

    between_edits: float = 1.0
    """Between two edits of a message that shows progress. Discord lets a webhook make five requests in two
    seconds; the last edit of a card whose models have finished need not wait, and there is room for it."""

    before_cleanup: float = 1.0
    """A member who is still choosing is left alone so long: what was just put back is not taken away."""

    between_seeds: float = 1.0
    """Between two of its own reactions that the bot takes off a card whose result is in."""

    between_cards: float = 2.0
    """Between two cards from which deleted texts are taken, so that battles under way hardly notice."""

    between_matches: float = 20.0
    """Between a result of a tournament and its next match, to read and to talk."""

    before_rewriting: float = 1.0
    """Until votes that could not be written are tried again."""

    before_deciding_again: float = 5.0
    """Until a vote that could not be counted is counted again."""

    before_redraws: tuple[float, ...] = (5.0, 15.0, 60.0, 300.0, 900.0)
    """Until a card that Discord did not take is offered once more; the last of them again and again."""

    before_next_try: float = 60.0
    """Until a tournament whose next step cannot be taken looks whether it can."""

    before_cleaning_again: float = 3600.0
    """Until a card that Discord would not let be cleaned is tried again."""

    between_heartbeats: float = 15.0
    """Between two looks whether the bot is connected, of which `arena-bot health` tells."""

    between_analyses: float = 24 * 3600.0
    """Between two looks at how many rows the database has, by which its statements are planned."""


USUAL = Pauses()
