from __future__ import annotations

from dataclasses import replace

from bot.arena.anonymity.leaks import judge, judge_turn
from bot.domain.battle import Answer, Battle, BattleState, Contestant, Side, Turn, UnratedReason

NAMES = {Side.A: ("Zephyr 7B",), Side.B: ("Quillon 2",)}


def fought(a: str, b: str, prompt: str = "Why?", *turns: tuple[str, str, str]) -> Battle:
    """Make a battle whose last turn is yet to be judged."""
    return Battle(
        battle_id=1,
        guild_id=10,
        channel_id=20,
        message_id=30,
        asker_id=40,
        prompt=prompt,
        locale="en-US",
        state=BattleState.GENERATING,
        opened_at=0.0,
        a=Contestant(Side.A, 1, "Zephyr 7B", a),
        b=Contestant(Side.B, 2, "Quillon 2", b),
        turns=tuple(
            Turn(number, asked, Answer(said_a), Answer(said_b))
            for number, (asked, said_a, said_b) in enumerate(turns, start=2)
        ),
    )


def test_a_reply_that_says_its_models_name_leaves_the_battle_unrated() -> None:
    judged = judge(fought("Zephyr 7B says no.", "Yes."), NAMES)

    assert judged.unrated is UnratedReason.LEAK
    assert (judged.a.leak, judged.b.leak) == ("Zephyr 7B", None)


def test_the_name_of_the_other_model_gives_nobody_away() -> None:
    judged = judge(fought("Ask Quillon 2 instead.", "Yes."), NAMES)

    assert judged.unrated is None
    assert judged.a.leak is None


def test_a_prompt_that_asks_who_they_are_leaves_the_battle_unrated() -> None:
    judged = judge(fought("A friend.", "Me.", "Who are you?"), NAMES)

    assert judged.unrated is UnratedReason.ASKED_IDENTITY


def test_a_turn_is_judged_as_the_first_was() -> None:
    judged = judge_turn(fought("No.", "Yes.", "Why?", ("And then?", "I am Zephyr 7B.", "Nothing.")), NAMES)
    asked = judge_turn(fought("No.", "Yes.", "Why?", ("Who made you?", "Friends.", "Nobody.")), NAMES)

    assert (judged.unrated, judged.a.leak) == (UnratedReason.LEAK, "Zephyr 7B")
    assert asked.unrated is UnratedReason.ASKED_IDENTITY


def test_what_an_earlier_prompt_names_may_be_named_in_a_later_turn() -> None:
    battle = fought("Fast.", "Slow.", "Is Zephyr 7B old?", ("And now?", "Zephyr 7B.", "?"))

    judged = judge_turn(battle, NAMES)

    assert judged.unrated is None


def test_the_first_leak_of_a_side_is_the_one_that_is_told() -> None:
    first = judge(fought("Zephyr 7B says no.", "Yes."), NAMES)
    turn = Turn(2, "And?", Answer("I am ChatGPT."), Answer("Yes."))

    judged = judge_turn(replace(first, turns=(turn,)), NAMES)

    assert judged.a.leak == "Zephyr 7B"
