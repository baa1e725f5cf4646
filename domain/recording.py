"""How commands reach the record, and what it answers."""

from datetime import datetime
from typing import Literal, TypeAlias

from domain.clock import Clock
from domain.policy import Policy
from domain.refusal import Rule
from domain.streams import Envelope, Fact, State
from domain.values import StreamId, value


@value
class Accepted:
    """The decision is on record: now, or since an earlier delivery of the same envelope."""

    decision_id: str
    version: int
    position: int
    kind: Literal["Accepted"] = "Accepted"


@value
class Denied:
    """The decision was refused; `rule` for machines, `because` for people."""

    decision_id: str
    rule: Rule
    because: str
    kind: Literal["Denied"] = "Denied"


Outcome: TypeAlias = Accepted | Denied


@value
class Ask:
    """One envelope; `keep_refusal` puts a refusal on record, for a sender who did not wait."""

    envelope: Envelope
    keep_refusal: bool = False


@value
class Batch:
    """Envelopes for one stream, in order, from someone who has seen it up to version `after`.

    `now` is what the programme clock shows, aware.
    """

    stream: StreamId
    after: int
    now: datetime
    asks: tuple[Ask, ...] = ()


@value
class Recorded:
    """An outcome per ask, every fact after the version the asker had seen, and messages owed.

    `version` is where the stream stands: below what the asker had seen if the record was restored
    to an earlier point.
    """

    outcomes: tuple[Outcome, ...]
    facts: tuple[Fact, ...]
    version: int
    notices: int


KNOWN_DECISIONS = 200
"""How many decision ids a case keeps in mind, so that its validator lets their repeats through."""


@value
class Opened:
    """A case as its workflow needs it to begin: state, version, the law it pinned, the clock.

    `decided` are the ids of its newest decisions: whoever repeats one is answered, not judged.
    """

    version: int
    state: State
    policy: Policy
    clock: Clock
    decided: tuple[str, ...] = ()
