"""Bars of block characters: shares of a whole, told apart by their shade as well as by colour."""

from collections.abc import Sequence

from domain.values import value

DONE, HELD, OPEN, NONE = "█", "▓", "░", "·"
"""Gone, held for something, still free, and what nobody has given yet."""

_EIGHTHS = "▁▁▂▃▄▅▆▇█"
_COLOURS = {DONE: "green", HELD: "yellow", OPEN: "cyan", NONE: "dim"}


@value
class Part:
    """An amount, and the character that stands for it."""

    amount: int
    block: str


def bar(parts: Sequence[Part], whole: int, width: int) -> str:
    """Parts of a whole side by side, as Rich markup.

    Every edge is cut where the sum up to it lies, so that rounding never adds a block; what is
    more than nothing shows at least one, as long as there is room.
    """
    drawn, edge, total = "", 0, 0
    whole = max(whole, sum(part.amount for part in parts), 1)
    for part in parts:
        total += part.amount
        end = total * width // whole
        if part.amount and end == edge:
            end = min(edge + 1, width)
        end = max(end, edge)
        drawn += paint(part.block, end - edge)
        edge = end
    return drawn + paint(NONE, width - edge)


def share(done: int, of: int, width: int = 10) -> str:
    """How much of something is done, without a word about the rest."""
    return bar((Part(amount=done, block=DONE), Part(amount=of - done, block=OPEN)), of, width)


def paint(block: str, times: int = 1) -> str:
    """So many blocks in their colour."""
    return f"[{_COLOURS[block]}]{block * times}[/]" if times > 0 else ""


def spark(amounts: Sequence[int | None], top: int) -> str:
    """One character for each amount, as high as its share of `top`; None leaves a gap."""
    return "".join(
        " " if amount is None else _EIGHTHS[max(0, min(8, 8 * amount // max(top, 1)))]
        for amount in amounts
    )
