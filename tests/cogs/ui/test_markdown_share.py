import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.ui.markdown import share


@pytest.mark.parametrize(
    ("lengths", "budget", "shares"),
    [
        ([], 10, []),
        ([3, 4], 10, [3, 4]),
        ([10, 500, 900], 600, [10, 295, 295]),
        ([900, 10, 500], 1000, [495, 10, 495]),
        ([5, 5, 5], 10, [3, 3, 3]),
        ([7, 0], 0, [0, 0]),
    ],
)
def test_short_texts_take_what_they_need_and_long_ones_equal_parts(
    lengths: list[int], budget: int, shares: list[int]
) -> None:
    assert share(lengths, budget) == shares


@given(st.lists(st.integers(0, 5000), max_size=8), st.integers(0, 20_000))
def test_shares_fit_waste_nothing_and_are_fair(lengths: list[int], budget: int) -> None:
    shares = share(lengths, budget)
    cut_short = [given for given, length in zip(shares, lengths, strict=True) if given < length]

    assert sum(shares) <= budget
    assert len(set(cut_short)) <= 1
    assert not cut_short or (cut_short[0] == max(shares) and budget - sum(shares) < len(cut_short))
