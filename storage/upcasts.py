"""Old forms of events: pure functions that lift a raw body from one schema version to the next.

When the form of an event changes, its class takes the new form, `CHAINS` gets the step from the
old one, and `tests/golden/` keeps a body of every form that was ever written.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, TypeAlias, get_args

from domain import streams

Body: TypeAlias = dict[str, Any]
Upcast: TypeAlias = Callable[[Body], Body]
Chains: TypeAlias = Mapping[str, Mapping[int, Upcast]]

KINDS: Final = frozenset(event.__name__ for event in get_args(streams.Event))


def _with(**added: object) -> Upcast:
    """A form that had no such fields: they said what they are given here."""
    return lambda body: {**body, **added}


def _each_with(**added: object) -> Upcast:
    """The same, of every case that the body lists."""
    return lambda body: {**body, "cases": [{**case, **added} for case in body["cases"]]}


def _cases_registered_from_1(body: Body) -> Body:
    """Nobody said what the land is used for, nor whether enough of it is left."""
    return {**_each_with(land="other")(body), "small": []}


def _stalled_from_1(body: Body) -> Body:
    """Before there were triggers a section stalled for one reason: nothing had moved."""
    return {**body, "reasons": [_silence(body["since"], body["working_days"])]}


def _raised_from_1(body: Body) -> Body:
    """The same; which days were skipped was not written down then, nor was the letter's text."""
    return {
        **body,
        "reasons": [_silence(body["stalled_since"], body["working_days"])],
        "skipped": [],
        "copies": [],
        "names": [],
        "proposes": [],
        "reminds": False,
        "text_vi": "",
        "text_en": "",
    }


def _silence(since: str, working_days: int) -> Body:
    return {
        "trigger": "no-progress",
        "about": "",
        "since": since,
        "until": since,
        "working_days": working_days,
        "count": 1,
    }


CHAINS: Chains = {
    "StepOpened": {1: _with(panel=None)},
    "CasesRegistered": {1: _cases_registered_from_1},
    "DonationsRecorded": {1: _with(basis=None, small_accepted=[])},
    "DonationWithdrawn": {1: _with(voided=0)},
    "InventoryRecorded": {1: _each_with(compensation=0)},
    "SiteHandedOver": {1: _with(cases=[])},
    "StallDetected": {1: _stalled_from_1},
    "EscalationRaised": {1: _raised_from_1},
}
"""By kind, then by the version a step starts from: `{"PaymentPaid": {1: _paid_from_1}}`.

A step takes a body apart and returns a new one; it asks neither clock nor database.
"""


class Unknown(Exception):
    """A kind, or a version of it, that this program has never heard of."""


class BrokenChain(Exception):
    """The chain of a kind does not lead from version 1 to its present one; found at import."""


def check(chains: Chains, kinds: Collection[str]) -> None:
    """Raise `BrokenChain` unless each chain is of a known kind and has no hole."""
    for kind, steps in chains.items():
        if kind not in kinds:
            raise BrokenChain(f"{kind}: there is no such kind of event")
        if sorted(steps) != list(range(1, len(steps) + 1)):
            raise BrokenChain(f"{kind}: steps start from {sorted(steps)}, not from 1, 2, 3 …")


def current(kind: str) -> int:
    """The version in which events of a kind are written now."""
    return len(CHAINS.get(kind, ())) + 1


def is_current(kind: str, version: int) -> bool:
    """Whether a body needs no lifting. Raises `Unknown` for what only a newer program can read."""
    if kind not in KINDS:
        raise Unknown("this program knows no such kind")
    newest = current(kind)
    if not 1 <= version <= newest:
        raise Unknown(f"this program reads versions 1 to {newest} of it")
    return version == newest


def lifted(kind: str, version: int, body: Body) -> Body:
    """A raw body of an older version as it would be written now."""
    for step in range(version, current(kind)):
        body = CHAINS[kind][step](body)
    return body


check(CHAINS, KINDS)
