"""Bars of blocks: as wide as they should be, and never more than there is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.bars import DONE, HELD, NONE, OPEN, Part, bar, share, spark

AMOUNTS = st.integers(min_value=0, max_value=10**14)


def drawn(markup: str) -> str:
    return re.sub(r"\[[^\]]*\]", "", markup)


@given(done=AMOUNTS, held=AMOUNTS, left=AMOUNTS, more=AMOUNTS, width=st.integers(1, 120))
def test_a_bar_is_as_wide_as_it_should_be(
    done: int, held: int, left: int, more: int, width: int
) -> None:
    parts = (Part(amount=done, block=DONE), Part(amount=held, block=HELD))
    found = drawn(bar((*parts, Part(amount=left, block=OPEN)), done + held + left + more, width))

    assert len(found) == width
    assert found == "".join(sorted(found, key=[DONE, HELD, OPEN, NONE].index))


@pytest.mark.parametrize(
    ("done", "of", "shown"),
    [(0, 4, "░░░░"), (1, 4, "█░░░"), (4, 4, "████"), (1, 1000, "█░░░"), (999, 1000, "███░")],
)
def test_what_is_more_than_nothing_shows_and_what_is_not_all_is_not_full(
    done: int, of: int, shown: str
) -> None:
    assert drawn(share(done, of, 4)) == shown


def test_what_nobody_gave_is_dotted() -> None:
    assert drawn(bar((Part(amount=1, block=OPEN),), 2, 6)) == "░░░···"
    assert drawn(bar((), 0, 3)) == "···"


def test_a_spark_rises_with_its_amounts_and_leaves_gaps() -> None:
    assert spark([0, 4, 8, None, 9], 8) == "▁▄█ █"
