from bot.arena.guild_settings import GuildSettings, in_force
from bot.config import BattleDefaults


def test_a_server_that_set_nothing_has_the_operators_rules() -> None:
    defaults = BattleDefaults(voting_seconds=60, ballot="secret")

    assert in_force(defaults, GuildSettings()) == defaults


def test_what_a_server_set_goes_before_the_operators_rules_even_where_it_is_nothing() -> None:
    defaults = BattleDefaults(close_at_votes=5, asker_votes=True)

    rules = in_force(defaults, GuildSettings(close_at_votes=0, asker_votes=False, stream="off"))

    assert rules == BattleDefaults(close_at_votes=0, asker_votes=False, stream="off")
