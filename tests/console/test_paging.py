"""When long output goes through a pager."""

import pytest

from console.paging import pager

SH = {"TERM": "xterm", "PAGER": "sh -e"}


def test_the_pager_is_what_the_environment_names() -> None:
    assert pager(SH) == ["sh", "-e"]


@pytest.mark.parametrize(
    "said",
    [
        {"NO_PAGER": "1"},
        {"TERM": "dumb"},
        {"PAGER": ""},
        {"PAGER": "cat"},
        {"PAGER": "no-such-pager"},
    ],
)
def test_nothing_is_paged_by_who_does_not_want_it_or_cannot(said: dict[str, str]) -> None:
    assert pager({**SH, **said}) is None
