"""What an audit can find."""

from typing import Literal

from domain.values import value

Wrong = Literal[
    "position", "version", "form", "hash", "undecided", "decided-twice", "lost",
    "signature", "replaced", "root", "cut", "contradiction", "restored", "told", "law",
    "unproved", "forged",
]  # fmt: skip


@value
class Break:
    """Where the log, or a checkpoint, is not what it should be.

    The first event concerned by position, stream and version, as far as there is one. What only a
    checkpoint shows lies somewhere from there to `until`.
    """

    wrong: Wrong
    position: int = 0
    stream: str = ""
    version: int = 0
    until: int = 0
    detail: str = ""
