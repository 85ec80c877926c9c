from __future__ import annotations

from datetime import UTC, date, datetime

from bot.arena.ratings.bradley_terry import Rating
from bot.arena.ratings.ranks import is_ranked
from bot.arena.ratings.recaps import Move, champion_of, climber_of, movers_of, moves_of
from bot.arena.ratings.weeks import calendar_week, last_seven_days, to_post, week_number
from bot.config import BattleDefaults

NAMES = {1: "Zephyrine", 2: "Quillon", 3: "Marrowby"}


def moment(day: int, hour: int = 0, minute: int = 0) -> float:
    """Return a moment of January 2026, whose fifth was a Monday."""
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC).timestamp()


def test_a_rank_needs_enough_votes_in_enough_battles_and_the_first_is_the_champion() -> None:
    rows = [
        Rating(1, 1190, 20, votes=30, battles=9),
        Rating(2, 1300, 200, votes=2, battles=2),
        Rating(3, 1100, 20, votes=10, battles=3),
        Rating(4, 1400, 300, votes=90, battles=2),
    ]

    board = [row for row in rows if is_ranked(row, BattleDefaults())]

    assert board == [rows[0], rows[2]]
    assert champion_of(board, NAMES) == ("Zephyrine", rows[0])


def test_nobody_is_champion_whom_the_votes_do_not_tell_apart() -> None:
    board = [Rating(1, 1020, 20, votes=30), Rating(2, 1000, 20, votes=30), Rating(3, 900, 20, votes=30)]

    assert champion_of(board, NAMES) is None
    assert champion_of(board[2:], NAMES) is None


def test_without_a_ranked_model_there_is_no_champion() -> None:
    assert not is_ranked(Rating(1, 1000, 300), BattleDefaults(min_votes_ranked=0, min_battles_ranked=0))
    assert champion_of([], NAMES) is None


def test_a_model_moves_from_the_rating_it_had_earned_before() -> None:
    before = [Rating(1, 1000, 300), Rating(2, 1040, 50, votes=8)]
    board = [Rating(1, 1200, 90, votes=9), Rating(2, 1010, 40, votes=17)]

    moves = moves_of(before, board, NAMES)

    assert moves == [("Quillon", 1040, 1010)]


def test_the_climber_rose_most_and_not_only_to_the_top() -> None:
    moves = [Move("Zephyrine", 1150, 1160), Move("Quillon", 900, 980), Move("Marrowby", 1000, 920)]

    climber = climber_of(moves)

    assert climber == ("Quillon", 900, 980)


def test_nobody_climbs_by_less_than_a_point_that_shows() -> None:
    assert climber_of([Move("Zephyrine", 1000.6, 1001.4), Move("Quillon", 1000, 990)]) is None
    assert climber_of([]) is None


def test_the_movers_are_those_that_moved_most_in_the_order_of_the_board() -> None:
    board = [
        Move(f"Model {place}", 1000, 1000 + change) for place, change in enumerate([1, -9, *range(2, 9)])
    ]

    movers = movers_of(board)

    assert [move.change for move in movers] == [-9, 2, 3, 4, 5, 6, 7, 8]


def test_the_last_seven_days_end_with_today() -> None:
    week = last_seven_days(moment(8, 13))

    assert week.dates == (date(2026, 1, 2), date(2026, 1, 8))
    assert (week.since, week.until) == (moment(2), moment(9))


def test_a_calendar_week_goes_from_monday_to_sunday() -> None:
    week = calendar_week(week_number(moment(11, 23, 59)))

    assert week.dates == (date(2026, 1, 5), date(2026, 1, 11))
    assert week_number(moment(12)) == week_number(moment(11)) + 1


def test_a_week_is_posted_on_the_monday_after_it_from_nine() -> None:
    week = week_number(moment(5))

    assert to_post(moment(12, 8, 59)) is None
    assert to_post(moment(12, 9)) == week
    assert to_post(moment(12, 23, 59)) == week
    assert to_post(moment(13)) is None
    assert to_post(moment(11, 12)) is None
