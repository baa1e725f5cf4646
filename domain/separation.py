"""Duties that must be kept apart: whoever proposes does not approve, whoever approves does not pay.

They are kept apart by post and by person, whichever desk the person sits at and in whose name.
"""

from domain.refusal import Refused
from domain.values import Hand, OfficialId


def persons(*hands: Hand | None) -> tuple[OfficialId, ...]:
    """Everybody whose hand it was, or in whose name: they are barred from what needs another."""
    return tuple(sorted({one for hand in hands if hand for one in hand.persons}))


def are_one(one: Hand, other: Hand) -> bool:
    """Whether two hands are one: the same post, or the same person at two desks."""
    return one.post == other.post or bool(one.persons & other.persons)


def check_apart(hand: Hand, what: str, *others: Hand | None) -> None:
    """Raise `Refused` when a hand has acted before on what needs another one."""
    for other in others:
        if other is None:
            continue
        if hand.post == other.post:
            raise Refused("separation_of_duties", f"{hand.post} has already acted on {what}")
        both = sorted(hand.persons & other.persons)
        if both:
            raise Refused(
                "separation_of_duties",
                f"{both[0]} has already acted on {what}, for {other.post}: another person has to",
            )
