"""The forms of the sentences with which rules refuse."""

from collections.abc import Iterator


def forms() -> Iterator[str]:
    yield from ()
